#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0
"""The kernel's checks of IFLA_NAT64_*: requests that "ip" never sends.

Raw RTM_NEWLINK messages in a separate network namespace. Invalid ones fail
with an extended message and the offset of the attribute, and change nothing.
KTAP on standard output.
"""
import ctypes
import os
import socket
import struct
import sys

sys.dont_write_bytecode = True
from netlink import (attr, ip4, ip6, nest, string, u8, u16, u32, Fail, Link,
                     E2BIG, EEXIST, EINVAL, EOPNOTSUPP, ERANGE, IFLA_ADDRESS,
                     IFLA_IFNAME, IFLA_LINKINFO, IFLA_NET_NS_FD, INFO_DATA,
                     INFO_KIND, NESTED, NLM_F_CREATE, NLM_F_EXCL, RTM_NEWLINK)
from ktap import alone, run_tests, CLONE_NEWNET

# Numbers of the ABI, not read from the header, so that changes are detected.
MODE, POOL6, SOURCE, POOL4, SUMMARY, TIMEOUTS, LIMITS = range(1, 8)
LOWEST_MTU, PLATEAUS, ZEROIZE, OVERRIDE_TOS, TOS, AMEND = range(8, 14)
(WKP_STRICT, HAIRPIN, RFC6791, RANDOMIZE, ADDRESS_DEPENDENT, DROP_INFO,
 DROP_EXTERNAL, RST_DURING_FIN, BETTER_SOURCE, INBOUND_REFRESH, LOG_BIB,
 LOG_SESSION, POOLING, HOST_LOW, FAST_PATH) = range(14, 29)
LAST = FAST_PATH
UDP, TCP_EST, TCP_TRANS, TCP_OPEN, ICMP, HOLD_DOWN, DNS = range(1, 8)
(SUBSCRIBER_PREFIX, MAX_BINDINGS, MAX_SESSIONS, MAX_TOTAL, OPENS,
 HOLD_DOWN_PERCENT, POOL4_HIGH, POOL4_LOW) = range(1, 9)
HOST, NONE, ENTRIES = range(3)
ENTRY, SUMMARY_COUNT, SUMMARY_ENTRY = 1, 1, 2
PREFIX, LEN, PORT_MIN, PORT_MAX = range(1, 5)


def pool6(text="2001:db8:64::", length=96):
    return nest(POOL6, ip6(PREFIX, text), u8(LEN, length))


def entry(text="192.0.2.1", length=32, *more):
    return nest(ENTRY, ip4(PREFIX, text), u8(LEN, length), *more)


def cut_off():
    return struct.pack("=HH", 200, ENTRY | NESTED)


def plateaus(*numbers):
    return attr(PLATEAUS, struct.pack("=%dH" % len(numbers), *numbers))


def stateless(*data):
    return [pool6(), u32(MODE, 1), *data]


def timeout(kind, seconds):
    return nest(TIMEOUTS, u32(kind, seconds))


def ports(low, high):
    return u16(PORT_MIN, low) + u16(PORT_MAX, high)


# name, attribute of IFLA_INFO_DATA that it is in or None, attribute, least and
# greatest value, mode that has it or None
MOST = 0xffffffff
NUMBERS = [
    ("mode", None, MODE, 0, 1, None),
    ("pool4 source", None, SOURCE, 0, 2, 0),
    ("lowest-ipv6-mtu", None, LOWEST_MTU, 1280, 65535, None),
    ("zeroize-traffic-class", None, ZEROIZE, 0, 1, None),
    ("override-tos", None, OVERRIDE_TOS, 0, 1, None),
    ("tos", None, TOS, 0, 255, None),
    ("amend-udp-checksum-zero", None, AMEND, 0, 2, 1),
    ("wkp-strict", None, WKP_STRICT, 0, 1, None),
    ("eam-hairpin-mode", None, HAIRPIN, 0, 2, 1),
    ("randomize-rfc6791-addresses", None, RANDOMIZE, 0, 1, 1),
    ("address-dependent-filtering", None, ADDRESS_DEPENDENT, 0, 1, 0),
    ("drop-icmpv6-info", None, DROP_INFO, 0, 1, 0),
    ("drop-externally-initiated-tcp", None, DROP_EXTERNAL, 0, 1, 0),
    ("handle-rst-during-fin-rcv", None, RST_DURING_FIN, 0, 1, 0),
    ("source-icmpv6-errors-better", None, BETTER_SOURCE, 0, 1, 0),
    ("inbound-refresh", None, INBOUND_REFRESH, 0, 1, 0),
    ("logging-bib", None, LOG_BIB, 0, 1, 0),
    ("logging-session", None, LOG_SESSION, 0, 1, 0),
    ("paired-pooling", None, POOLING, 0, 1, 0),
    ("host-low-ports", None, HOST_LOW, 0, 1, 0),
    ("fast-path", None, FAST_PATH, 0, 1, None),
    ("udp-timeout", TIMEOUTS, UDP, 120, 31536000, 0),
    ("R6146-4-a tcp-est-timeout", TIMEOUTS, TCP_EST, 7200, 31536000, 0),
    ("tcp-trans-timeout", TIMEOUTS, TCP_TRANS, 1, 31536000, 0),
    ("tcp-open-timeout", TIMEOUTS, TCP_OPEN, 1, 31536000, 0),
    ("R6146-3.5.3-d icmp-timeout", TIMEOUTS, ICMP, 60, 31536000, 0),
    ("hold-down-timeout", TIMEOUTS, HOLD_DOWN, 0, 86400, 0),
    ("R4787-R5-a dns-timeout", TIMEOUTS, DNS, 1, 31536000, 0),
    ("subscriber-prefix", LIMITS, SUBSCRIBER_PREFIX, 1, 128, 0),
    ("max-bindings", LIMITS, MAX_BINDINGS, 0, MOST, 0),
    ("max-sessions", LIMITS, MAX_SESSIONS, 0, MOST, 0),
    ("max-total-sessions", LIMITS, MAX_TOTAL, 0, MOST, 0),
    ("maximum-simultaneous-opens", LIMITS, OPENS, 0, 65535, 0),
    ("hold-down-percent", LIMITS, HOLD_DOWN_PERCENT, 0, 100, 0),
    ("pool4-high-threshold", LIMITS, POOL4_HIGH, 0, 100, 0),
    ("pool4-low-threshold", LIMITS, POOL4_LOW, 0, 100, 0),
]


def number(within, mode, *parts):
    """A request with these attributes for a device of the given mode."""
    data = [nest(within, *parts)] if within else list(parts)
    return stateless(*data) if mode == 1 else [pool6(), *data]


def numbers_refused():
    """Invalid values of each number, like REFUSED."""
    for what, within, kind, least, most, mode in NUMBERS:
        def row(name, error, words, bad, *good, mode=mode, within=within):
            return (what + name, number(within, mode, *good, bad), error,
                    words, bad)

        key = "pool4" if kind == SOURCE and not within else what.split()[-1]
        for value in {least - 1, most + 1, MOST} - {-1, MOST + 1, most}:
            yield row(" %d" % value, ERANGE, [], u32(kind, value))
        yield row(" of 1 byte", EINVAL, ["length"], u8(kind, 1))
        yield row(" of 8 bytes", EINVAL, ["length"],
                  attr(kind, struct.pack("=II", least, 0)))
        yield row(" empty", EINVAL, ["length"], attr(kind))
        yield row(" as a nest", EINVAL, ["NLA_F_NESTED"],
                  u32(kind | NESTED, least))
        yield row(" twice", EINVAL, ["duplicate"], u32(kind, most),
                  u32(kind, least))
        if mode is not None:
            yield row(" of the other mode", EINVAL, [key, "devices only"],
                      u32(kind, most), mode=1 - mode)


def numbers_accepted():
    """Minimum and maximum of each, like ACCEPTED."""
    for what, within, kind, least, most, mode in NUMBERS:
        # entries are in no request without them; the mode stays
        if not within and kind in (MODE, SOURCE):
            most -= 1
        # nor is it above the other one
        if (within, kind) == (LIMITS, POOL4_LOW):
            most = 90
        for value in {least, most}:
            yield "%s %d" % (what, value), number(within, mode,
                                                  u32(kind, value))


# name, attributes, error, words of the message; the attribute that is wrong,
# where rtnetlink or the driver say which
REFUSED = [
    ("pool6 without its prefix", [nest(POOL6, u8(LEN, 96))], EINVAL,
     ["pool6"]),
    ("pool6 without its length", [nest(POOL6, ip6(PREFIX, "64:ff9b::"))],
     EINVAL, ["pool6"]),
    ("pool6 empty", [nest(POOL6)], EINVAL, ["pool6"]),
    ("pool6 prefix of 4 bytes",
     [nest(POOL6, ip4(PREFIX, "192.0.2.1"), u8(LEN, 96))], ERANGE, [],
     ip4(PREFIX, "192.0.2.1")),
    ("pool6 prefix of 17 bytes",
     [nest(POOL6, attr(PREFIX, bytes(17)), u8(LEN, 96))], ERANGE, [],
     attr(PREFIX, bytes(17))),
    ("pool6 length of 4 bytes", [nest(
        POOL6, ip6(PREFIX, "64:ff9b::"), u32(LEN, 96))], EINVAL, ["length"],
     u32(LEN, 96)),
    ("pool6 prefix twice", [nest(POOL6, ip6(PREFIX, "64:ff9b::"), u8(
        LEN, 96), ip6(PREFIX, "2001:db8::"))], EINVAL, ["pool6", "duplicate"],
     ip6(PREFIX, "2001:db8::")),
    ("pool6 unknown attribute", [nest(POOL6, ip6(
        PREFIX, "64:ff9b::"), u8(LEN, 96), u8(3, 1))], EINVAL, ["nknown"],
     u8(3, 1)),
    ("pool6 trailing bytes", [nest(POOL6, ip6(
        PREFIX, "64:ff9b::"), u8(LEN, 96), b"\1\0\0")], EINVAL, ["bytes"]),
    ("pool6 without NLA_F_NESTED", [attr(POOL6, pool6()[4:])], EINVAL,
     ["NLA_F_NESTED"], attr(POOL6, pool6()[4:])),
    ("pool6 twice", [pool6("64:ff9b::"), pool6()], EINVAL, ["duplicate"],
     pool6()),
    ("attribute 0", [pool6(), u32(0, 0)], EINVAL, ["unknown"], u32(0, 0)),
    ("an attribute of the future", [pool6(), u32(LAST + 1, 0)], EINVAL,
     ["unknown"], u32(LAST + 1, 0)),
    ("an attribute of the far future", [pool6(), u32(0x3fff, 0)], EINVAL,
     ["unknown"], u32(0x3fff, 0)),
    ("trailing bytes", [pool6(), b"\1\2\3"], EINVAL,
     ["IFLA_INFO_DATA", "trailing"]),
    ("an attribute that ends behind its message", [pool6(), cut_off()],
     EINVAL, ["IFLA_INFO_DATA", "trailing"]),
    ("timeouts without NLA_F_NESTED", [pool6(), attr(
        TIMEOUTS, u32(UDP, 300))], EINVAL, ["NLA_F_NESTED"],
     attr(TIMEOUTS, u32(UDP, 300))),
    ("timeouts twice", [pool6(), timeout(UDP, 300), timeout(ICMP, 60)],
     EINVAL, ["duplicate"], timeout(ICMP, 60)),
    ("timeouts unknown attribute", [pool6(), timeout(8, 300)], EINVAL,
     ["nknown"], u32(8, 300)),
    ("timeouts attribute 0", [pool6(), timeout(0, 300)], EINVAL,
     ["nknown"], u32(0, 300)),
    ("timeouts trailing bytes", [pool6(), nest(
        TIMEOUTS, u32(UDP, 300), b"\1\0\0")], EINVAL, ["bytes"]),
    ("limits without NLA_F_NESTED", [pool6(), attr(
        LIMITS, u32(OPENS, 1))], EINVAL, ["NLA_F_NESTED"],
     attr(LIMITS, u32(OPENS, 1))),
    ("limits twice", [pool6(), nest(LIMITS), nest(LIMITS, u32(OPENS, 1))],
     EINVAL, ["duplicate"], nest(LIMITS, u32(OPENS, 1))),
    ("limits unknown attribute", [pool6(), nest(LIMITS, u32(63, 1))], EINVAL,
     ["nknown"], u32(63, 1)),
    ("limits trailing bytes", [pool6(), nest(
        LIMITS, u32(OPENS, 1), b"\1\0\0")], EINVAL, ["bytes"]),
    ("pool6 length 0", [pool6("::", 0)], EINVAL, ["pool6"]),
    ("pool6 length 33", [pool6("2001:db8::", 33)], EINVAL, ["pool6"]),
    ("pool6 length 128", [pool6("2001:db8::", 128)], EINVAL, ["pool6"]),
    ("pool6 length 255", [pool6("2001:db8::", 255)], EINVAL, ["pool6"]),
    ("pool6 with bits beyond its length", [pool6("2001:db8::1", 96)],
     EINVAL, ["pool6"]),
    ("R6052-2.2-e pool6 with bits 64 to 71",
     [pool6("2001:db8:0:0:100::", 96)], EINVAL, ["pool6"]),
    ("R6052-2.1-a well-known prefix of length 64", [pool6("64:ff9b::", 64)],
     EINVAL, ["pool6"]),
    ("pool6 multicast", [pool6("ff02::", 96)], EINVAL, ["pool6"]),
    ("pool6 unspecified", [pool6("::", 96)], EINVAL, ["pool6"]),
    ("pool6 link-local", [pool6("fe80::", 64)], EINVAL, ["pool6"]),
    ("pool4 without its prefix", [pool6(), nest(POOL4, nest(
        ENTRY, u8(LEN, 32)))], EINVAL, ["pool4"]),
    ("pool4 without its length", [pool6(), nest(POOL4, nest(
        ENTRY, ip4(PREFIX, "192.0.2.1")))], EINVAL, ["pool4"]),
    ("pool4 entry cut off", [pool6(), nest(POOL4, cut_off())], EINVAL,
     ["pool4", "trailing"]),
    ("pool4 without NLA_F_NESTED", [pool6(), attr(POOL4, entry())], EINVAL,
     ["NLA_F_NESTED"], attr(POOL4, entry())),
    ("pool4 twice", [pool6(), nest(POOL4, entry()), nest(POOL4)], EINVAL,
     ["duplicate"], nest(POOL4)),
    ("pool4 empty", [pool6(), nest(POOL4)], EINVAL,
     ["pool4 is empty, use none or host"], nest(POOL4)),
    ("pool4 with source host", [pool6(), u32(SOURCE, HOST), nest(
        POOL4, entry())], EINVAL, ["pool4", "host"], nest(POOL4, entry())),
    ("pool4 with source none", [pool6(), nest(POOL4, entry()), u32(
        SOURCE, NONE)], EINVAL, ["pool4", "none"], nest(POOL4, entry())),
    ("pool4 source entries without entries", [pool6(), u32(
        SOURCE, ENTRIES)], EINVAL, ["pool4 has no entries"],
     u32(SOURCE, ENTRIES)),
    ("pool4 summary", [pool6(), nest(SUMMARY, u32(SUMMARY_COUNT, 1), nest(
        SUMMARY_ENTRY, entry()[4:]))], EINVAL, ["pool4", "read-only"]),
    ("pool4 summary empty", [pool6(), nest(SUMMARY)], EINVAL,
     ["pool4", "read-only"], nest(SUMMARY)),
    ("pool4 entry without NLA_F_NESTED", [pool6(), nest(POOL4, attr(
        ENTRY, entry()[4:]))], EINVAL, ["NLA_F_NESTED"],
     attr(ENTRY, entry()[4:])),
    ("pool4 prefix of 3 bytes", [pool6(), nest(POOL4, nest(
        ENTRY, attr(PREFIX, b"abc"), u8(LEN, 32)))], EINVAL, ["length"],
     attr(PREFIX, b"abc")),
    ("pool4 length of 4 bytes", [pool6(), nest(POOL4, nest(
        ENTRY, ip4(PREFIX, "192.0.2.1"), u32(LEN, 32)))], EINVAL, ["length"],
     u32(LEN, 32)),
    ("pool4 port of 4 bytes", [pool6(), nest(POOL4, entry(
        "192.0.2.1", 32, u32(PORT_MIN, 1)))], EINVAL, ["length"],
     u32(PORT_MIN, 1)),
    ("pool4 protocol SCTP", [pool6(), nest(POOL4, entry(
        "192.0.2.1", 32, u8(5, 132)))], EINVAL, ["pool4 proto"]),
    ("pool4 prefix repeated", [pool6(), nest(POOL4, entry(
        "192.0.2.1", 32, ip4(PREFIX, "192.0.2.2")))], EINVAL,
     ["pool4", "duplicate"], ip4(PREFIX, "192.0.2.2")),
    ("pool4 mark repeated", [pool6(), nest(POOL4, entry(
        "192.0.2.1", 32, u32(6, 1), u32(6, 2)))], EINVAL,
     ["pool4", "duplicate"], u32(6, 2)),
    ("pool4 unknown attribute", [pool6(), nest(POOL4, entry(
        "192.0.2.1", 32, u8(7, 1)))], EINVAL, ["nknown"], u8(7, 1)),
    ("pool4 empty entry", [pool6(), nest(POOL4, nest(ENTRY))], EINVAL,
     ["pool4"]),
    ("pool4 unknown entry", [pool6(), nest(POOL4, nest(
        9, ip4(PREFIX, "192.0.2.1"), u8(LEN, 32)))], EINVAL, ["pool4"]),
    ("pool4 length 0", [pool6(), nest(POOL4, entry("0.0.0.0", 0))], EINVAL,
     ["pool4"]),
    ("pool4 length 7", [pool6(), nest(POOL4, entry("128.0.0.0", 7))],
     EINVAL, ["pool4"]),
    ("pool4 length 33", [pool6(), nest(POOL4, entry("192.0.2.1", 33))],
     EINVAL, ["pool4"]),
    ("pool4 length 255", [pool6(), nest(POOL4, entry("192.0.2.1", 255))],
     EINVAL, ["pool4"]),
    ("pool4 with bits beyond its length",
     [pool6(), nest(POOL4, entry("192.0.2.1", 24))], EINVAL, ["pool4"]),
    ("pool4 127.0.0.1", [pool6(), nest(POOL4, entry("127.0.0.1"))], EINVAL,
     ["pool4"]),
    ("pool4 126.0.0.0/7 by length", [pool6(), nest(
        POOL4, entry("126.0.0.0", 7))], EINVAL, ["pool4"]),
    ("pool4 multicast", [pool6(), nest(POOL4, entry("224.0.0.1"))], EINVAL,
     ["pool4"]),
    ("pool4 broadcast", [pool6(), nest(POOL4, entry("255.255.255.255"))],
     EINVAL, ["pool4"]),
    ("pool4 port 0", [pool6(), nest(POOL4, entry(
        "192.0.2.1", 32, ports(0, 10)))], EINVAL, ["ports"]),
    ("pool4 ports backwards", [pool6(), nest(POOL4, entry(
        "192.0.2.1", 32, ports(10, 9)))], EINVAL, ["ports"]),
    ("pool4 overlap", [pool6(), nest(POOL4, entry(
        "192.0.2.0", 24), entry("192.0.2.9"))], EINVAL, ["pool4", "overlap"]),
    ("pool4 the same twice", [pool6(), nest(POOL4, entry(), entry())],
     EINVAL, ["pool4", "overlap"]),
    ("pool4 with 257 entries", [pool6(), nest(POOL4, *[
        entry("10.0.%d.%d" % (i >> 8, i & 255)) for i in range(257)])],
     E2BIG, ["pool4"]),
    ("pool4 second entry wrong", [pool6(), nest(POOL4, entry(), entry(
        "240.0.0.1"))], EINVAL, ["pool4"]),
    ("mtu-plateaus empty", [pool6(), attr(PLATEAUS)], EINVAL,
     ["mtu-plateaus"]),
    ("mtu-plateaus of 3 bytes", [pool6(), attr(PLATEAUS, bytes(3))], EINVAL,
     ["mtu-plateaus"]),
    ("mtu-plateaus with 17 numbers", [pool6(), plateaus(
        *range(1500, 1483, -1))], EINVAL, ["mtu-plateaus"]),
    ("mtu-plateaus with a number twice", [pool6(), plateaus(1500, 1500)],
     EINVAL, ["mtu-plateaus"]),
    ("mtu-plateaus ascending", [pool6(), plateaus(1280, 1500)], EINVAL,
     ["mtu-plateaus"]),
    ("mtu-plateaus with 0", [pool6(), plateaus(1500, 0)], EINVAL,
     ["mtu-plateaus"]),
    ("rfc6791-pool unknown entry", stateless(nest(RFC6791, nest(
        9, ip4(PREFIX, "192.0.2.1"), u8(LEN, 32)))), EINVAL,
     ["rfc6791-pool"]),
    ("rfc6791-pool entry cut off", stateless(nest(RFC6791, cut_off())), EINVAL,
     ["rfc6791-pool"]),
    ("rfc6791-pool without its prefix", stateless(nest(RFC6791, nest(
        ENTRY, u8(LEN, 32)))), EINVAL, ["rfc6791-pool"]),
    ("rfc6791-pool without its length", stateless(nest(RFC6791, nest(
        ENTRY, ip4(PREFIX, "192.0.2.1")))), EINVAL, ["rfc6791-pool"]),
    ("rfc6791-pool prefix of 3 bytes", stateless(nest(RFC6791, nest(
        ENTRY, attr(PREFIX, bytes(3)), u8(LEN, 32)))), EINVAL, ["length"],
     attr(PREFIX, bytes(3))),
    ("rfc6791-pool without NLA_F_NESTED", stateless(attr(
        RFC6791, entry())), EINVAL, ["NLA_F_NESTED"], attr(RFC6791, entry())),
    ("rfc6791-pool twice", stateless(nest(RFC6791, entry()), nest(RFC6791)),
     EINVAL, ["duplicate"], nest(RFC6791)),
    ("rfc6791-pool length repeated", stateless(nest(RFC6791, entry(
        "192.0.2.0", 32, u8(LEN, 24)))), EINVAL, ["rfc6791-pool", "duplicate"],
     u8(LEN, 24)),
    ("rfc6791-pool unknown attribute", stateless(nest(RFC6791, entry(
        "192.0.2.0", 32, u8(3, 1)))), EINVAL, ["nknown"], u8(3, 1)),
    ("rfc6791-pool length 7", stateless(nest(RFC6791, entry(
        "128.0.0.0", 7))), EINVAL, ["rfc6791-pool"]),
    ("rfc6791-pool length 33", stateless(nest(RFC6791, entry(
        "192.0.2.1", 33))), EINVAL, ["rfc6791-pool"]),
    ("rfc6791-pool with bits beyond its length", stateless(nest(
        RFC6791, entry("192.0.2.1", 24))), EINVAL, ["rfc6791-pool"]),
    ("rfc6791-pool multicast", stateless(nest(RFC6791, entry("224.0.0.1"))),
     EINVAL, ["rfc6791-pool"]),
    ("rfc6791-pool overlap", stateless(nest(RFC6791, entry(
        "192.0.2.0", 24), entry("192.0.2.9"))), EINVAL,
     ["rfc6791-pool", "overlap"]),
    ("rfc6791-pool with 17 entries", stateless(nest(RFC6791, *[
        entry("10.0.0.%d" % i) for i in range(17)])), E2BIG,
     ["rfc6791-pool"]),
    ("rfc6791-pool of a stateful device", [pool6(), nest(RFC6791, entry())],
     EINVAL, ["rfc6791-pool", "stateless"]),
]

ACCEPTED = [
    ("only pool6", [pool6()]),
    ("pool4 with source entries", [pool6(), u32(SOURCE, ENTRIES), nest(
        POOL4, entry())]),
    ("pool4 without ports", [pool6(), nest(POOL4, entry())]),
    ("pool4 with a least port alone",
     [pool6(), nest(POOL4, entry("192.0.2.1", 32, u16(PORT_MIN, 1024)))]),
    ("pool4 with a greatest port alone",
     [pool6(), nest(POOL4, entry("192.0.2.1", 32, u16(PORT_MAX, 1024)))]),
    ("pool4 with 256 entries", [pool6(), nest(POOL4, *[
        entry("10.0.0.%d" % i) for i in range(256)])]),
    ("pool4 of /8", [pool6(), nest(POOL4, entry("10.0.0.0", 8))]),
    ("stateless", stateless()),
    ("rfc6791-pool empty", stateless(nest(RFC6791))),
    ("rfc6791-pool with 16 entries", stateless(nest(RFC6791, *[
        entry("10.0.0.%d" % i) for i in range(16)]))),
    ("mtu-plateaus with 16 numbers", [pool6(), plateaus(
        *range(1500, 1484, -1))]),
]


def refused(link, data, error, words, bad=None):
    link.delete()
    for step in "add", "set":
        before = link.show()
        got, message = getattr(link, step)(*data)
        place = link.bad
        if got != error:
            raise Fail("%s: error %d, expected %d" % (step, got, error))
        if not message:
            raise Fail(step + ": no message")
        if bad and not (place or b"").startswith(bad):
            raise Fail("%s: wrong is said to be %s, not %s" % (
                step, place and place[:16].hex(), bad.hex()))
        for word in words:
            if word not in message:
                raise Fail("%s: no '%s' in '%s'" % (step, word, message))
        if link.show() != before:
            raise Fail(step + ": it changed the device")
        if step == "add":
            link.add(pool6(), *(part for part in data
                                if part == u32(MODE, 1)))
    link.delete()


def accepted(link, data):
    link.delete()
    for step in "add", "set":
        got, message = getattr(link, step)(*data)
        if got:
            raise Fail("%s: error %d, %s" % (step, got, message))
        if not link.show():
            raise Fail("no attributes shown")
    link.delete()


def stateless_pool4(link):
    link.delete()
    got, message = link.add(pool6(), u32(MODE, 1), nest(POOL4, entry()))
    if not got or "pool4" not in message:
        raise Fail("add: %d, '%s'" % (got, message))


def mode_change(link):
    link.delete()
    link.add(pool6())
    before = link.show()
    got, message = link.set(u32(MODE, 1))
    if not got or "mode" not in message:
        raise Fail("set: %d, '%s'" % (got, message))
    if link.show() != before:
        raise Fail("it changed the device")


def no_pool6(link):
    link.delete()
    got, message = link.add(timeout(UDP, 300))
    if got != EINVAL or "pool6" not in message:
        raise Fail("add: %d, '%s'" % (got, message))
    got, message = link.request(
        RTM_NEWLINK, NLM_F_CREATE | NLM_F_EXCL, "n0",
        nest(IFLA_LINKINFO, string(INFO_KIND, "nat64")))
    if got != EINVAL or "pool6" not in message:
        raise Fail("add: %d, '%s'" % (got, message))


def read_back(link):
    """The device reports the values as sent, in the same order."""
    link.delete()
    sent = nest(POOL4, entry("192.0.2.1", 32, ports(1, 65535)),
                entry("203.0.113.0", 24, ports(7, 9)))
    link.add(pool6(), sent, timeout(UDP, 121))
    shown = link.show() or b""
    for part in (ip6(PREFIX, "2001:db8:64::"), u32(UDP, 121),
                 ip4(PREFIX, "203.0.113.0"), u16(PORT_MAX, 9)):
        if part not in shown:
            raise Fail("%s not in %s" % (part.hex(), shown.hex()))


def linkinfo(link):
    """IFLA_INFO_DATA must occur exactly once."""
    link.delete()
    data = nest(INFO_DATA, pool6())
    for more, words in ([nest(INFO_DATA, timeout(UDP, 300))], "twice"), \
            ([nest(INFO_DATA)], "twice"):
        got, message = link.request(
            RTM_NEWLINK, NLM_F_CREATE | NLM_F_EXCL, "n0",
            nest(IFLA_LINKINFO, string(INFO_KIND, "nat64"), data, *more))
        if got != EINVAL or words not in message:
            raise Fail("add: %d, '%s'" % (got, message))
        if not (link.bad or b"").startswith(more[0]):
            raise Fail("the first one is said to be wrong")


# name of a device, error, words of the message
NAMES = [
    ("default", EINVAL, ["name", "reserved"]),
    ("all", EINVAL, ["name", "reserved"]),
    (".", EINVAL, ["name"]),
    ("..", EINVAL, ["name"]),
    ("a/b", EINVAL, ["name"]),
    ("a:b", EINVAL, ["name"]),
    ("a b", EINVAL, ["name"]),
    ("a%s", EINVAL, ["name", "%d"]),
    ("a%db%d", EINVAL, ["name", "%d"]),
]


def bad_name(link, name, error, words):
    attribute = string(IFLA_IFNAME, name)
    before = socket.if_nameindex()
    got, message = link.request(RTM_NEWLINK, NLM_F_CREATE | NLM_F_EXCL, name,
                                link.info(pool6()))
    if got != error:
        raise Fail("error %d, expected %d" % (got, error))
    for word in words:
        if word not in message:
            raise Fail("no '%s' in '%s'" % (word, message))
    if not (link.bad or b"").startswith(attribute):
        raise Fail("another attribute is said to be wrong")
    if socket.if_nameindex() != before:
        raise Fail("there is a device")


def address(link):
    link.delete()
    for step, flags in ("add", NLM_F_CREATE | NLM_F_EXCL), ("set", 0):
        mac = attr(IFLA_ADDRESS, bytes([2, 0, 0, 0, 0, 1]))
        got, message = link.request(RTM_NEWLINK, flags, "n0", mac,
                                    link.info(pool6()))
        if got != EOPNOTSUPP or "address" not in message:
            raise Fail("%s: %d, '%s'" % (step, got, message))
        if not (link.bad or b"").startswith(mac):
            raise Fail(step + ": another attribute is said to be wrong")
        link.add(pool6())


def taken(link):
    """The name is taken in another namespace, where the core checks since 6.15."""
    other = os.open("/proc/self/ns/net", os.O_RDONLY)
    libc = ctypes.CDLL(None, use_errno=True)
    libc.unshare(CLONE_NEWNET)
    near = Link()
    place = attr(IFLA_NET_NS_FD, struct.pack("=I", other))
    link.delete()
    link.add(pool6())
    got, message = near.request(RTM_NEWLINK, NLM_F_CREATE | NLM_F_EXCL, "n0",
                                place, near.info(pool6()))
    libc.setns(other, CLONE_NEWNET)
    os.close(other)
    release = tuple(map(int, os.uname().release.split(".")[:2]))
    if got != EEXIST or (release < (6, 15) and "name" not in message):
        raise Fail("%d, '%s'" % (got, message))


def main():
    alone()
    link = Link()
    tests = [("refused: " + row[0], lambda r=row: refused(link, *r[1:]))
             for row in [*REFUSED, *numbers_refused()]]
    tests += [("accepted: " + name, lambda d=data: accepted(link, d))
              for name, data in [*ACCEPTED, *numbers_accepted()]]
    tests += [("refused: name " + row[0], lambda r=row: bad_name(link, *r))
              for row in NAMES]
    tests += [("refused: pool6 missing", lambda: no_pool6(link)),
              ("refused: pool4 of a stateless device",
               lambda: stateless_pool4(link)),
              ("refused: IFLA_INFO_DATA twice", lambda: linkinfo(link)),
              ("refused: a link-layer address", lambda: address(link)),
              ("refused: a name of another device", lambda: taken(link)),
              ("refused: a change of mode", lambda: mode_change(link)),
              ("what is shown is what was sent", lambda: read_back(link))]

    sys.exit(run_tests(tests))


if __name__ == "__main__":
    main()
