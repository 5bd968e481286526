#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0
"""Explicit mappings over generic netlink: requests that nat64(8) never sends.

Invalid requests fail with a message and the offset of the wrong attribute, and
change nothing. Dumps are read slowly, while the table or the device changes.
KTAP on standard output.
"""
import ctypes
import os
import signal
import socket
import struct
import sys

sys.dont_write_bytecode = True
from netlink import (attr, attrs, ip4, ip6, nest, string, u8, u32, Fail,
                     Family, Link, EEXIST, EINVAL, ENODEV, ENOENT, EOPNOTSUPP,
                     IFLA_NET_NS_PID, NLM_F_ACK, NLM_F_CREATE, NLM_F_DUMP,
                     NLM_F_EXCL, RTM_NEWLINK)
from ktap import alone, run_tests, CLONE_NEWNET
from link_netlink import pool6, MODE

IFLA_ALT_IFNAME, RTM_NEWLINKPROP, IFLA_PROP_LIST = 53, 108, 52

ADD, DEL, GET, FLUSH = range(1, 5)
# All commands that add: of mappings, bindings, sessions, entries of pool4
ADDS = (1, 5, 9, 17)
IFINDEX, IFNAME, EAM = range(1, 4)
PREFIX4, LEN4, PREFIX6, LEN6 = range(1, 5)

# Ten messages of the largest dump buffer.
MANY = 4000


def name(text="n0"):
    return string(IFNAME, text)


def index(text="n0"):
    return u32(IFINDEX, socket.if_nametoindex(text))


def eam(addr4="192.0.2.1", addr6="2001:db8::1", len4=None, len6=None):
    parts = [ip4(PREFIX4, addr4), ip6(PREFIX6, addr6)]
    if len4 is not None:
        parts.append(u8(LEN4, len4))
    if len6 is not None:
        parts.append(u8(LEN6, len6))
    return nest(EAM, *parts)


def many(count, base=0):
    return [eam(socket.inet_ntoa(struct.pack(">I", 0x0a000000 + base + i)),
                "2001:db8:0:1::%x" % (base + i)) for i in range(count)]


class Table(Family):
    """Requests about tables, and dumps of mappings. By default, requests that
    add have NLM_F_CREATE and NLM_F_EXCL."""

    def flags(self, cmd):
        if cmd in ADDS:
            return NLM_F_ACK | NLM_F_CREATE | NLM_F_EXCL
        return NLM_F_ACK

    def dump(self, *parts, cmd=GET):
        super().dump(*(parts or [name()]), cmd=cmd)

    def entry(self, message):
        entry = attrs(message.attrs[EAM])
        return (entry[PREFIX4] + entry[LEN4] + entry[PREFIX6] + entry[LEN6])

    def shown(self):
        """All mappings."""
        return sorted(self.whole(cmd=GET))


# name, command, attributes, error, words of the message
REFUSED = [
    ("no device", ADD, [eam()], EINVAL, "ifindex or ifname"),
    ("no device, del", DEL, [eam()], EINVAL, "ifindex or ifname"),
    ("no device, flush", FLUSH, [], EINVAL, "ifindex or ifname"),
    ("two devices", ADD, [name(), u32(IFINDEX, 1), eam()], EINVAL,
     "ifindex or ifname"),
    ("ifindex 0", ADD, [u32(IFINDEX, 0), eam()], None, ""),
    ("ifindex of nothing", ADD, [u32(IFINDEX, 4711), eam()], ENODEV,
     "no such device"),
    ("ifindex of 2 bytes", ADD, [attr(IFINDEX, b"ab"), eam()], None, ""),
    ("ifname of nothing", ADD, [name("n1"), eam()], ENODEV,
     "no such device"),
    ("ifname of nothing, flush", FLUSH, [name("n1")], ENODEV,
     "no such device"),
    ("ifname of 128 bytes", ADD, [name("x" * 128), eam()], None, ""),
    ("ifname without its end", ADD, [attr(IFNAME, b"n0"), eam()], None, ""),
    ("ifname empty", ADD, [name(""), eam()], ENODEV, "no such device"),
    ("device of another kind", ADD, [name("lo"), eam()], EOPNOTSUPP,
     "not a nat64 device"),
    ("device of another kind, flush", FLUSH, [name("lo")], EOPNOTSUPP,
     "not a nat64 device"),
    ("nothing to add", ADD, [name()], EINVAL, "eam is required"),
    ("nothing to delete", DEL, [name()], EINVAL, "eam is required"),
    ("eam empty", ADD, [name(), nest(EAM)], EINVAL, "prefix4"),
    ("eam not a nest", ADD, [name(), attr(EAM, eam()[4:])], None, ""),
    ("eam is garbage", ADD, [name(), attr(EAM | 0x8000, b"\xff" * 40)], None,
     ""),
    ("eam without prefix4", ADD,
     [name(), nest(EAM, ip6(PREFIX6, "2001:db8::1"))], EINVAL, "prefix4"),
    ("eam without prefix6", ADD,
     [name(), nest(EAM, ip4(PREFIX4, "192.0.2.1"))], EINVAL, "prefix6"),
    ("prefix4 of 3 bytes", ADD,
     [name(), nest(EAM, attr(PREFIX4, b"abc"),
                   ip6(PREFIX6, "2001:db8::1"))], None, ""),
    ("prefix6 of 15 bytes", ADD,
     [name(), nest(EAM, ip4(PREFIX4, "192.0.2.1"),
                   attr(PREFIX6, bytes(15)))], None, ""),
    ("prefix6 of 17 bytes", ADD,
     [name(), nest(EAM, ip4(PREFIX4, "192.0.2.1"),
                   attr(PREFIX6, bytes(17)))], None, ""),
    ("len4 33", ADD, [name(), eam(len4=33)], None, ""),
    ("len4 255", ADD, [name(), eam(len4=255)], None, ""),
    ("len6 129", ADD, [name(), eam(len6=129)], None, ""),
    ("len6 255", DEL, [name(), eam(len6=255)], None, ""),
    ("prefix4 with bits beyond its length", ADD,
     [name(), eam("192.0.2.1", "2001:db8::", 24, 64)], EINVAL, "prefix4"),
    ("prefix6 with bits beyond its length", ADD,
     [name(), eam("192.0.2.0", "2001:db8::1", 24, 64)], EINVAL, "prefix6"),
    ("R7757-3.2-b more bits behind prefix4", ADD,
     [name(), eam("10.0.0.0", "2001:db8::", 8, 112)], EINVAL, "prefix6"),
    ("R7757-3.2-b one bit more", ADD,
     [name(), eam("10.0.0.0", "2001:db8::", 8, 105)], EINVAL, "prefix6"),
    ("unknown attribute of eam", ADD,
     [name(), nest(EAM, eam()[4:], u8(9, 1))], EINVAL, ""),
    ("unknown attribute", ADD, [name(), eam(), u8(9, 1)], EINVAL, ""),
    ("eam of a flush", FLUSH, [name(), eam()], EINVAL, ""),
    ("del of what is not there", DEL, [name(), eam("192.0.2.9")], ENOENT,
     "no such mapping"),
    ("command 0", 0, [name()], EOPNOTSUPP, ""),
    ("command 99", 99, [name()], EOPNOTSUPP, ""),
    ("get without a dump", GET, [name()], EOPNOTSUPP, ""),
]

ACCEPTED = [
    ("R7757-3.2-a no lengths", eam()),
    ("R7757-3.2-a len4 alone", eam(len4=32)),
    ("R7757-3.2-a len6 alone", eam(len6=128)),
    ("R7757-3.2-b just as many bits", eam("10.0.0.0", "2001:db8::", 8, 104)),
    ("everything to /96", eam("0.0.0.0", "64:ff9b::", 0, 96)),
    ("everything to everything", eam("0.0.0.0", "::", 0, 0)),
    ("a host in a short prefix", eam("192.0.2.1", "2000::", 32, 3)),
]


def fresh(link, mode=1):
    link.delete()
    link.add(pool6(), u32(MODE, mode))
    return Table()


def refused(link, cmd, parts, error, words):
    table = fresh(link)
    table.must(ADD, name(), eam("198.51.100.1", "2001:db8:1::1"))
    before = table.shown()
    table.must_refuse(cmd, parts, error, words)
    if table.shown() != before:
        raise Fail("it changed the table")


def accepted(link, part):
    table = fresh(link)
    table.must(ADD, index(), part)
    if len(table.shown()) != 1:
        raise Fail("not shown")
    table.must(DEL, name(), part)
    if table.shown():
        raise Fail("still there")


def stateful(link):
    table = fresh(link, 0)
    for cmd, parts in (ADD, [eam()]), (DEL, [eam()]), (FLUSH, []):
        got, message, _ = table.request(cmd, name(), *parts)
        if got != EOPNOTSUPP or "stateless" not in message:
            raise Fail("%d: %d, '%s'" % (cmd, got, message))
    got, message, _ = table.request(GET, name(), flags=NLM_F_DUMP)
    if got != EOPNOTSUPP or "stateless" not in message:
        raise Fail("get: %d, '%s'" % (got, message))


def dump_refused(link):
    """A dump reports errors in NLMSG_DONE."""
    table = fresh(link)
    for parts, error, words in (
            ([], EINVAL, "ifindex or ifname"),
            ([name("n1")], ENODEV, "no such device"),
            ([name("lo")], EOPNOTSUPP, "not a nat64 device"),
            ([name(), eam()], EINVAL, "")):
        got, message, _ = table.request(GET, *parts, flags=NLM_F_DUMP)
        if got != error or words not in message:
            raise Fail("%d, '%s', expected %d" % (got, message, error))


def alternative_name(link):
    table = fresh(link)
    link.request(RTM_NEWLINKPROP, 0x600, "n0",
                 nest(IFLA_PROP_LIST, string(IFLA_ALT_IFNAME, "other")))
    table.must(ADD, name("other"), eam())
    if len(table.shown()) != 1:
        raise Fail("not added")


def all_or_nothing(link):
    """The invalid one of many is reported, and none is added."""
    table = fresh(link)
    table.must(ADD, name(), *many(2, 500))
    before = table.shown()
    good = many(1000)
    for what, wrong, error in (
            ("there already", eam("10.0.1.244", "2001:db8:9::"), EEXIST),
            ("prefix6 there already", eam("11.0.0.1", "2001:db8:0:1::1f4"),
             EEXIST),
            ("wrong", eam(len4=1), EINVAL),
            ("the same as the one before", many(1, 399)[0], EEXIST)):
        parts = good[:400] + [wrong] + good[600:]
        got, message, offset = table.request(ADD, name(), *parts)
        if got != error or not message:
            raise Fail("%s: %d, '%s'" % (what, got, message))
        start = 20 + len(name()) + 400 * len(good[0])
        if offset != start:
            raise Fail("%s: at %d, expected %d" % (what, offset, start))
        if table.shown() != before:
            raise Fail(what + ": a part of it was added")

    table.must(ADD, name(), *good[:400])
    before = table.shown()
    got, message, offset = table.request(
        DEL, name(), *good[:200], eam("11.1.1.1"), *good[200:400])
    if got != ENOENT or offset != 20 + len(name()) + 200 * len(good[0]):
        raise Fail("del: %d, '%s', at %d" % (got, message, offset))
    if table.shown() != before:
        raise Fail("a part of it was deleted")


def filled(link):
    table = fresh(link)
    for base in range(0, MANY, 1000):
        table.must(ADD, name(), *many(1000, base))
    table.shown()
    return table


def all_of(table, count, **kwargs):
    """A dump has every entry exactly once."""
    table.dump(index(), **kwargs)
    table.rest()
    if table.torn or table.done:
        raise Fail("torn %d, error %d" % (table.torn, table.done))
    if len(table.entries) != count or len(set(table.entries)) != count:
        raise Fail("%d entries, %d different" % (
            len(table.entries), len(set(table.entries))))


def whole(link, size=65536):
    """With receive buffers of any size."""
    filled(link)
    all_of(Table(size), MANY)


def torn(link, change):
    """A change during a dump is reported as an interruption. A dump without
    interruption has all entries that exist throughout."""
    table, other = filled(link), Table()
    table.dump()
    table.read()
    change(other)
    table.rest()
    if table.done:
        raise Fail("error %d" % table.done)
    if not table.torn:
        raise Fail("not told, %d entries" % len(table.entries))
    table.shown()


def refused_change(link):
    """A rejected request does not interrupt a dump. One that was rolled back
    may."""
    table, other = filled(link), Table()
    table.dump()
    table.read()
    other.request(ADD, name(), *many(1))
    other.request(DEL, name(), eam("11.1.1.1"))
    table.rest()
    if table.torn or len(table.entries) != MANY:
        raise Fail("torn %d, %d entries" % (table.torn, len(table.entries)))


def two_at_once(link):
    tables = [filled(link), Table()]
    for table in tables:
        table.dump()
    while any(table.done is None for table in tables):
        for table in tables:
            if table.done is None:
                table.read()
    for table in tables:
        if table.torn or len(set(table.entries)) != MANY:
            raise Fail("%d entries" % len(table.entries))


def ended(link, table, fill):
    """A stalled reader does not block the deletion of the device; fill()
    creates it again, and returns a socket."""
    table.dump()
    table.read()
    link.delete()
    other = fill()
    before = other.shown()
    table.rest()
    if table.done != ENODEV:
        raise Fail("%s, %d entries" % (table.done, len(table.entries)))
    if not before or other.shown() != before:
        raise Fail("the new device's")


def deleted(link):
    def fill():
        other = fresh(link)
        other.must(ADD, name(), eam())
        return other

    ended(link, filled(link), fill)


def abandoned(link, fill=None):
    for last in False, True:
        table = (fill or filled)(link)
        table.dump()
        table.read()
        if last:
            link.delete()
        table.sock.close()
    link.delete()


def moved(link):
    """The dump of a device that is moved to another namespace ends."""
    table = filled(link)
    ready, tell = os.pipe()
    child = os.fork()
    if not child:
        ctypes.CDLL(None).unshare(CLONE_NEWNET)
        os.write(tell, b"x")
        signal.pause()
        os._exit(0)
    try:
        os.read(ready, 1)
        table.dump()
        table.read()
        error, message = link.request(RTM_NEWLINK, 0, "n0",
                                      u32(IFLA_NET_NS_PID, child))
        if error:
            raise Fail("move: %d, %s" % (error, message))
        table.rest()
        if table.done != ENODEV:
            raise Fail("%s, %d entries" % (table.done, len(table.entries)))
        if table.request(FLUSH, name())[0] != ENODEV:
            raise Fail("still here")
    finally:
        os.kill(child, signal.SIGKILL)
        os.waitpid(child, 0)
        os.close(ready)
        os.close(tell)


def main():
    alone()
    link = Link()
    tests = [("refused: " + what, lambda c=cmd, p=parts, e=error, w=words:
              refused(link, c, p, e, w))
             for what, cmd, parts, error, words in REFUSED]
    tests += [("accepted: " + what, lambda p=part: accepted(link, p))
              for what, part in ACCEPTED]
    tests += [
        ("refused: all of a stateful device", lambda: stateful(link)),
        ("refused: dumps", lambda: dump_refused(link)),
        ("accepted: an alternative name", lambda: alternative_name(link)),
        ("a message is all or nothing", lambda: all_or_nothing(link)),
        ("a dump is whole", lambda: whole(link)),
        ("a dump is whole, small buffers", lambda: whole(link, 8192)),
        ("a dump tells of an addition",
         lambda: torn(link, lambda t: t.must(ADD, name(), eam()))),
        ("a dump tells of a deletion",
         lambda: torn(link, lambda t: t.must(DEL, name(), many(1)[0]))),
        ("a dump tells of many deletions",
         lambda: torn(link, lambda t: t.must(DEL, name(), *many(1000)))),
        ("a dump tells of growth",
         lambda: torn(link, lambda t: t.must(ADD, name(),
                                             *many(2000, MANY)))),
        ("a dump tells of a flush",
         lambda: torn(link, lambda t: t.must(FLUSH, name()))),
        ("a dump is not torn by what was refused",
         lambda: refused_change(link)),
        ("two dumps at once", lambda: two_at_once(link)),
        ("a device goes in the middle of its dump", lambda: deleted(link)),
        ("a dump is abandoned", lambda: abandoned(link)),
        ("a device moves in the middle of its dump", lambda: moved(link)),
    ]

    sys.exit(run_tests(tests))


if __name__ == "__main__":
    main()
