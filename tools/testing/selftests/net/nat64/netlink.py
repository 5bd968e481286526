#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0
"""The kernel's own checks of IFLA_NAT64_*: what "ip" would never send.

Raw RTM_NEWLINK messages in a network namespace of its own. Every refused one
has to come with an extended message that names the attribute, and without
effect. KTAP on standard output.
"""
import ctypes
import os
import socket
import struct
import sys

CLONE_NEWNET = 0x40000000
NETLINK_ROUTE, SOL_NETLINK = 0, 270
NETLINK_CAP_ACK, NETLINK_EXT_ACK = 10, 11
RTM_NEWLINK, RTM_DELLINK, RTM_GETLINK = 16, 17, 18
NLM_F_REQUEST, NLM_F_ACK, NLM_F_EXCL, NLM_F_CREATE = 1, 4, 0x200, 0x400
NLMSG_ERROR = 2
IFLA_IFNAME, IFLA_LINKINFO, INFO_KIND, INFO_DATA = 3, 18, 1, 2
NESTED = 0x8000
NLMSGERR_ATTR_MSG = 1

MODE, POOL6, POOL4, UDP, TCP_EST, TCP_TRANS, ICMP = range(1, 8)
LOWEST_MTU, PLATEAUS, ZEROIZE, OVERRIDE_TOS, TOS, AMEND = range(8, 14)
RANDOMIZE, WKP_STRICT, HAIRPIN, RFC6791 = range(14, 18)
ENTRY = 1
PREFIX, LEN, PORT_MIN, PORT_MAX = range(1, 5)
EINVAL, ERANGE, E2BIG, EEXIST, EOPNOTSUPP = 22, 34, 7, 17, 95


def attr(kind, *parts):
    data = b"".join(parts)
    pad = bytes(-len(data) % 4)
    return struct.pack("=HH", len(data) + 4, kind) + data + pad


def u8(kind, value):
    return attr(kind, struct.pack("B", value))


def u16(kind, value):
    return attr(kind, struct.pack("=H", value))


def u32(kind, value):
    return attr(kind, struct.pack("=I", value))


def nest(kind, *parts):
    return attr(kind | NESTED, *parts)


def ip6(kind, text):
    return attr(kind, socket.inet_pton(socket.AF_INET6, text))


def ip4(kind, text):
    return attr(kind, socket.inet_aton(text))


def pool6(text="2001:db8:64::", length=96):
    return nest(POOL6, ip6(PREFIX, text), u8(LEN, length))


def entry(text="192.0.2.1", length=32, *more):
    return nest(ENTRY, ip4(PREFIX, text), u8(LEN, length), *more)


def cut_off():
    return struct.pack("=HH", 200, ENTRY | NESTED)


def plateaus(*numbers):
    return attr(PLATEAUS, struct.pack("=%dH" % len(numbers), *numbers))


def stateless(*data):
    return [pool6(), u8(MODE, 1), *data]


def ports(low, high):
    return u16(PORT_MIN, low) + u16(PORT_MAX, high)


def find(data, wanted):
    """The content of an attribute."""
    at = 0
    while at + 4 <= len(data):
        size, kind = struct.unpack_from("=HH", data, at)
        if kind & 0x3fff == wanted:
            return data[at + 4:at + size]
        at += (size + 3) & ~3
    return b""


class Link:
    """A raw rtnetlink socket and one device."""

    def __init__(self):
        self.sock = socket.socket(socket.AF_NETLINK, socket.SOCK_RAW,
                                  NETLINK_ROUTE)
        for option in NETLINK_CAP_ACK, NETLINK_EXT_ACK:
            self.sock.setsockopt(SOL_NETLINK, option, 1)
        self.sock.bind((0, 0))

    def request(self, kind, flags, name, *attrs):
        """(errno, extended message) of the answer."""
        body = struct.pack("=BxHiII", 0, 0, 0, 0, 0)
        body += attr(IFLA_IFNAME, name.encode() + b"\0") + b"".join(attrs)
        if kind != RTM_GETLINK:
            flags |= NLM_F_ACK
        self.sock.send(struct.pack("=IHHII", 16 + len(body), kind,
                                   flags | NLM_F_REQUEST, 1, 0) + body)
        answer = self.sock.recv(65536)
        length, got, flags = struct.unpack_from("=IHH", answer)
        if got != NLMSG_ERROR:
            return 0, answer[32:length]
        error = -struct.unpack_from("=i", answer, 16)[0]
        message, at = "", 36
        while error and flags & 0x200 and at + 4 <= length:
            size, kind = struct.unpack_from("=HH", answer, at)
            if kind & 0x3fff == NLMSGERR_ATTR_MSG:
                message = answer[at + 4:at + size].rstrip(b"\0").decode()
            at += (size + 3) & ~3
        return error, message

    def info(self, *data):
        return nest(IFLA_LINKINFO, attr(INFO_KIND, b"nat64\0"),
                    nest(INFO_DATA, *data))

    def add(self, *data):
        return self.request(RTM_NEWLINK, NLM_F_CREATE | NLM_F_EXCL, "n0",
                            self.info(*data))

    def set(self, *data):
        return self.request(RTM_NEWLINK, 0, "n0", self.info(*data))

    def delete(self):
        return self.request(RTM_DELLINK, 0, "n0")

    def show(self):
        """The bytes of the device's attributes, None if there is none."""
        error, data = self.request(RTM_GETLINK, 0, "n0")
        if error:
            return None
        for kind in IFLA_LINKINFO, INFO_DATA:
            data = find(data, kind)
        return data


# name, attributes, errors allowed, words of the message
REFUSED = [
    ("pool6 without its prefix", [nest(POOL6, u8(LEN, 96))], EINVAL,
     ["pool6"]),
    ("pool6 without its length", [nest(POOL6, ip6(PREFIX, "64:ff9b::"))],
     EINVAL, ["pool6"]),
    ("pool6 empty", [nest(POOL6)], EINVAL, ["pool6"]),
    ("pool6 prefix of 4 bytes",
     [nest(POOL6, ip4(PREFIX, "192.0.2.1"), u8(LEN, 96))], None, []),
    ("pool6 prefix of 17 bytes",
     [nest(POOL6, attr(PREFIX, bytes(17)), u8(LEN, 96))], None, []),
    ("pool6 not a nest", [attr(POOL6, b"abcd")], None, []),
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
    ("mode 2", [pool6(), u8(MODE, 2)], None, ["mode"]),
    ("mode 255", [pool6(), u8(MODE, 255)], None, ["mode"]),
    ("mode empty", [pool6(), attr(MODE)], None, []),
    ("pool4 without its prefix", [pool6(), nest(POOL4, nest(
        ENTRY, u8(LEN, 32)))], EINVAL, ["pool4"]),
    ("pool4 without its length", [pool6(), nest(POOL4, nest(
        ENTRY, ip4(PREFIX, "192.0.2.1")))], EINVAL, ["pool4"]),
    ("pool4 entry cut off", [pool6(), nest(POOL4, cut_off())], EINVAL,
     ["pool4"]),
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
     None, ["pool4"]),
    ("pool4 second entry wrong", [pool6(), nest(POOL4, entry(), entry(
        "240.0.0.1"))], EINVAL, ["pool4"]),
    ("udp-timeout 119", [pool6(), u32(UDP, 119)], None, ["udp-timeout"]),
    ("udp-timeout 0", [pool6(), u32(UDP, 0)], None, ["udp-timeout"]),
    ("udp-timeout too large", [pool6(), u32(UDP, 31536001)], None,
     ["udp-timeout"]),
    ("udp-timeout 2^32-1", [pool6(), u32(UDP, 0xffffffff)], None,
     ["udp-timeout"]),
    ("udp-timeout of 2 bytes", [pool6(), u16(UDP, 300)], None, []),
    ("R6146-4-a tcp-est-timeout 7199", [pool6(), u32(TCP_EST, 7199)], None,
     ["tcp-est-timeout"]),
    ("tcp-trans-timeout 0", [pool6(), u32(TCP_TRANS, 0)], None,
     ["tcp-trans-timeout"]),
    ("R6146-3.5.3-d icmp-timeout 59", [pool6(), u32(ICMP, 59)], None,
     ["icmp-timeout"]),
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
    ("eam-hairpin-mode 3", stateless(u8(HAIRPIN, 3)), EINVAL,
     ["eam-hairpin-mode"]),
    ("eam-hairpin-mode 255", stateless(u8(HAIRPIN, 255)), EINVAL,
     ["eam-hairpin-mode"]),
    ("eam-hairpin-mode empty", stateless(attr(HAIRPIN)), None, []),
    ("randomize-rfc6791-addresses 2", stateless(u8(RANDOMIZE, 2)), EINVAL,
     ["randomize-rfc6791-addresses"]),
    ("amend-udp-checksum-zero 2", stateless(u8(AMEND, 2)), EINVAL,
     ["amend-udp-checksum-zero"]),
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
        ENTRY, attr(PREFIX, bytes(3)), u8(LEN, 32)))), None, []),
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
    ("pool4 empty", [pool6(), nest(POOL4)]),
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


class Fail(Exception):
    pass


def refused(link, data, error, words):
    link.delete()
    for step in "add", "set":
        before = link.show()
        got, message = getattr(link, step)(*data)
        if step == "set" and not words and not got:
            continue
        if not got:
            raise Fail(step + ": accepted")
        if error and got != error:
            raise Fail("%s: error %d, expected %d" % (step, got, error))
        for word in words:
            if word not in message:
                raise Fail("%s: no '%s' in '%s'" % (step, word, message))
        if link.show() != before:
            raise Fail(step + ": it changed the device")
        if step == "add":
            link.add(pool6(), *(part for part in data if part == u8(MODE, 1)))
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
    got, message = link.add(pool6(), u8(MODE, 1), nest(POOL4, entry()))
    if not got or "pool4" not in message:
        raise Fail("add: %d, '%s'" % (got, message))


def mode_change(link):
    link.delete()
    link.add(pool6())
    before = link.show()
    got, message = link.set(u8(MODE, 1))
    if not got or "mode" not in message:
        raise Fail("set: %d, '%s'" % (got, message))
    if link.show() != before:
        raise Fail("it changed the device")


def no_pool6(link):
    link.delete()
    got, message = link.add(u32(UDP, 300))
    if got != EINVAL or "pool6" not in message:
        raise Fail("add: %d, '%s'" % (got, message))
    got, message = link.request(
        RTM_NEWLINK, NLM_F_CREATE | NLM_F_EXCL, "n0",
        nest(IFLA_LINKINFO, attr(INFO_KIND, b"nat64\0")))
    if got != EINVAL or "pool6" not in message:
        raise Fail("add: %d, '%s'" % (got, message))


def read_back(link):
    """What is shown is what was sent, in the same order."""
    link.delete()
    sent = nest(POOL4, entry("192.0.2.1", 32, ports(1, 65535)),
                entry("203.0.113.0", 24, ports(7, 9)))
    link.add(pool6(), sent, u32(UDP, 121))
    shown = link.show() or b""
    for part in (ip6(PREFIX, "2001:db8:64::"), u32(UDP, 121),
                 ip4(PREFIX, "203.0.113.0"), u16(PORT_MAX, 9)):
        if part not in shown:
            raise Fail("%s not in %s" % (part.hex(), shown.hex()))


def run_tests(tests):
    """Runs (name, function) and prints KTAP; the exit status."""
    print("TAP version 13\n1..%d" % len(tests), flush=True)
    failed = 0
    for number, (name, run) in enumerate(tests, 1):
        try:
            run()
        except Fail as why:
            failed += 1
            print("not ok %d %s\n# %s" % (number, name, why), flush=True)
        else:
            print("ok %d %s" % (number, name), flush=True)
    return 1 if failed else 0


def main():
    libc = ctypes.CDLL(None, use_errno=True)
    if libc.unshare(CLONE_NEWNET):
        sys.exit("unshare: " + os.strerror(ctypes.get_errno()))
    link = Link()
    tests = [("refused: " + name, lambda d=data, e=error, w=words:
              refused(link, d, e, w)) for name, data, error, words in REFUSED]
    tests += [("accepted: " + name, lambda d=data: accepted(link, d))
              for name, data in ACCEPTED]
    tests += [("refused: pool6 missing", lambda: no_pool6(link)),
              ("refused: pool4 of a stateless device",
               lambda: stateless_pool4(link)),
              ("refused: a change of mode", lambda: mode_change(link)),
              ("what is shown is what was sent", lambda: read_back(link))]

    sys.exit(run_tests(tests))


if __name__ == "__main__":
    main()
