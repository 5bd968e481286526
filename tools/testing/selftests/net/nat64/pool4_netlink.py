#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0
"""Entries of pool4 over generic netlink: requests that nat64(8) never sends.

Entries that are invalid in IFLA_NAT64_POOL4 fail here as well, with the same
message and the offset of the entry, and change nothing. Messages of two sockets
about the same list are atomic. KTAP on standard output.
"""
import socket
import struct
import subprocess
import sys
import threading

sys.dont_write_bytecode = True
from netlink import (attr, attributes, attrs, find, nest, number, u8, u16, u32,
                     Fail, Link, Socket, E2BIG, EEXIST, EINVAL, ENODEV, ENOENT,
                     EOPNOTSUPP, EPERM, NETLINK_ROUTE, NLM_F_DUMP, RTM_NEWLINK)
from ktap import alone, run_tests, unprivileged
from eam_netlink import index, name, Table, IFINDEX
from link_netlink import (entry, pool6, ports, timeout, ENTRIES, HOST, LEN,
                          MODE, NONE, POOL4, PREFIX, REFUSED, SOURCE, SUMMARY,
                          SUMMARY_COUNT, SUMMARY_ENTRY, UDP)

ADD, DEL, FLUSH = 17, 18, 19
POOL4_ENTRY = 12
PROTO, MARK = 5, 6
RTNLGRP_LINK = 1
MOST = 256


def one(text="192.0.2.1", length=32, *more):
    """The same entry as in link_netlink.py, for the family."""
    return nest(POOL4_ENTRY, entry(text, length, *more)[4:])


def many(count, base=0):
    return [one(socket.inet_ntoa(struct.pack(">I", 0x0a000000 + base + i)))
            for i in range(count)]


def entries(link):
    """The first entries of the device: (address, length, ports, protocol,
    mark)."""
    found = []
    for kind, part in attributes(find(link.show(), SUMMARY)):
        if kind != SUMMARY_ENTRY:
            continue
        have = attrs(part)
        found.append((socket.inet_ntoa(have[PREFIX]), have[LEN][0],
                      *struct.unpack("=HH", have[3][:2] + have[4][:2]),
                      have[PROTO][0] if PROTO in have else 0,
                      number(have.get(MARK, b""))))
    return found


def count(link):
    """Number of entries of the device."""
    return number(find(find(link.show(), SUMMARY), SUMMARY_COUNT))


def addresses(link):
    return [have[0] for have in entries(link)]


def fresh(link, *more):
    link.delete()
    link.add(pool6(), nest(POOL4, entry("198.51.100.1"),
                           entry("198.51.100.2", 32, ports(7, 9),
                                 u8(PROTO, 17), u32(MARK, 5))), *more)
    return Table()


def place(good, bad):
    """Offset of the wrong entry in a request."""
    return 20 + len(name()) + sum(map(len, good)), len(bad)


def same_as_link():
    """Invalid entries of link_netlink.py, for the family."""
    for what, data, error, words, *_ in REFUSED:
        # a list with one invalid entry
        if len(data) != 2 or data[1][2:4] != nest(POOL4)[2:4] or \
                what in ("pool4 empty", "pool4 entry cut off",
                         "pool4 unknown entry",
                         "pool4 entry without NLA_F_NESTED"):
            continue
        found = [nest(POOL4_ENTRY, part)
                 for _, part in attributes(data[1][4:])]
        if "overlap" in words or "twice" in what:
            error = EEXIST
        yield what, ADD, [name(), *found], error, words[0]


def refusals():
    """name, command, attributes, error, words of the message"""
    tests = list(same_as_link())
    tests += [
        ("nothing to add", ADD, [name()], EINVAL, "pool4-entry is required"),
        ("nothing to delete", DEL, [name()], EINVAL,
         "pool4-entry is required"),
        ("no such device", DEL, [name("n1"), one("198.51.100.1")], ENODEV,
         "no such device"),
        ("device of another kind", FLUSH, [name("lo")], EOPNOTSUPP,
         "not a nat64 device"),
        ("ifname and ifindex", FLUSH, [name(), u32(IFINDEX, 1)], EINVAL,
         "ifindex or ifname"),
        ("entry cut off", ADD, [name(), attr(POOL4_ENTRY | 0x8000,
                                             struct.pack("=HH", 200, 1))],
         None, ""),
        ("entry not a nest", ADD, [name(), attr(POOL4_ENTRY, one()[4:])],
         None, ""),
        ("garbage", ADD, [name(), attr(POOL4_ENTRY | 0x8000, b"\xff" * 40)],
         None, ""),
        ("prefix of 3 bytes", ADD, [name(), nest(
            POOL4_ENTRY, attr(PREFIX, b"abc"), u8(LEN, 32))], None, ""),
        ("port of 4 bytes", ADD, [name(), one("192.0.2.1", 32, u32(3, 1))],
         None, ""),
        ("unknown attribute", ADD, [name(), one("192.0.2.1", 32, u8(7, 1))],
         EINVAL, ""),
        ("protocol SCTP", ADD, [name(), one("192.0.2.1", 32, u8(
            PROTO, 132))], EINVAL, "proto must be"),
        ("entry of a flush", FLUSH, [name(), one("198.51.100.1")], EINVAL,
         ""),
        ("add what is there", ADD, [name(), one("198.51.100.1")], EEXIST,
         "already has this entry"),
        ("add a part of what is there", ADD, [name(), one(
            "198.51.100.1", 32, ports(80, 80), u8(PROTO, 6))], EEXIST,
         "overlap"),
        ("add what is there with another mark", ADD, [name(), one(
            "198.51.100.1", 32, u32(MARK, 7))], EEXIST, "overlap"),
        ("add what has what is there", ADD, [name(), one(
            "198.51.100.0", 24)], EEXIST, "overlap"),
        ("delete what is not there", DEL, [name(), one("192.0.2.1")], ENOENT,
         "no such entry"),
        ("delete a part of an entry", DEL, [name(), one(
            "198.51.100.1", 32, ports(80, 80))], ENOENT, "no such entry"),
        ("delete more than an entry", DEL, [name(), one(
            "198.51.100.0", 30)], ENOENT, "no such entry"),
        ("delete without its ports", DEL, [name(), one(
            "198.51.100.2", 32, u8(PROTO, 17), u32(MARK, 5))], ENOENT,
         "no such entry"),
        ("delete without its protocol", DEL, [name(), one(
            "198.51.100.2", 32, ports(7, 9), u32(MARK, 5))], ENOENT,
         "no such entry"),
        ("delete with another mark", DEL, [name(), one(
            "198.51.100.2", 32, ports(7, 9), u8(PROTO, 17), u32(MARK, 6))],
         ENOENT, "no such entry"),
        ("delete with a wrong length", DEL, [name(), one(
            "198.51.100.1", 33)], EINVAL, "length"),
    ]
    return tests


def refused(link, cmd, parts, error, words):
    table = fresh(link)
    before = link.show()
    table.must_refuse(cmd, parts, error, words)
    if link.show() != before:
        raise Fail("it changed the device")


def stateless(link):
    link.delete()
    link.add(pool6(), u32(MODE, 1))
    for cmd, parts in (ADD, [one()]), (DEL, [one()]), (FLUSH, []):
        got, message, _ = Table().request(cmd, name(), *parts)
        if got != EOPNOTSUPP or "stateless" not in message:
            raise Fail("%d: %d, '%s'" % (cmd, got, message))


def no_dump(link):
    table = fresh(link)
    for cmd in ADD, DEL, FLUSH:
        got, _, _ = table.request(cmd, name(), one(), flags=NLM_F_DUMP)
        if got != EOPNOTSUPP:
            raise Fail("%d: %d" % (cmd, got))


def in_order(link):
    """New entries are appended, and removals keep the order. The rest of the
    configuration is not changed."""
    table = fresh(link, timeout(UDP, 121))
    table.must(ADD, name(), one("192.0.2.0", 28), one(
        "192.0.2.16", 28, ports(1024, 2047), u8(PROTO, 6), u32(MARK, 7)))
    table.must(ADD, index(), one("192.0.2.32", 32, u16(4, 99)))
    table.must(DEL, name(), one("198.51.100.1"), one("192.0.2.0", 28))
    wanted = [("198.51.100.2", 32, 7, 9, 17, 5),
              ("192.0.2.16", 28, 1024, 2047, 6, 7),
              ("192.0.2.32", 32, 1, 99, 0, 0)]
    if entries(link) != wanted:
        raise Fail(str(entries(link)))
    if u32(UDP, 121) not in link.show():
        raise Fail("udp-timeout changed")
    table.must(DEL, name(), one("192.0.2.32", 32, ports(1, 99)), one(
        "192.0.2.16", 28, ports(1024, 2047), u8(PROTO, 6), u32(MARK, 7)))
    if entries(link) != wanted[:1]:
        raise Fail(str(entries(link)))
    # where one was, another may be
    table.must(ADD, name(), one("192.0.2.0", 24))
    table.must(FLUSH, name())
    table.must(FLUSH, name())
    if entries(link):
        raise Fail("left: " + str(entries(link)))


def source(link, wanted):
    if u32(SOURCE, wanted) not in link.show():
        raise Fail("source is not %d: %s" % (wanted, link.show().hex()))


def sources(link):
    """Without its last entry, a device has no addresses. It does not use those
    of the host, which only rtnetlink can set."""
    table = fresh(link)
    source(link, ENTRIES)
    table.must(DEL, name(), one("198.51.100.1"), one(
        "198.51.100.2", 32, ports(7, 9), u8(PROTO, 17), u32(MARK, 5)))
    source(link, NONE)
    table.must(ADD, name(), one())
    source(link, ENTRIES)
    table.must(FLUSH, name())
    source(link, NONE)
    link.set(u32(SOURCE, HOST))
    source(link, HOST)
    table.must_refuse(DEL, [name(), one()], ENOENT, "no such entry")
    source(link, HOST)
    table.must(ADD, name(), one())
    source(link, ENTRIES)
    link.set(u32(SOURCE, HOST))
    table.must(FLUSH, name())
    source(link, NONE)


def all_or_nothing(link):
    """The invalid one of many is reported, and none is added."""
    table = fresh(link)
    before = link.show()
    good = many(200)
    for what, cmd, wrong, error in (
            ("there already", ADD, one("198.51.100.1"), EEXIST),
            ("the one before", ADD, good[99], EEXIST),
            ("wrong", ADD, one("192.0.2.1", 24), EINVAL),
            ("multicast", ADD, one("224.0.0.1"), EINVAL)):
        got, message, offset = table.request(cmd, name(), *good[:100], wrong,
                                             *good[100:])
        start, size = place(good[:100], wrong)
        if got != error or not message:
            raise Fail("%s: %d, '%s'" % (what, got, message))
        if not start <= offset < start + size:
            raise Fail("%s: at %d, expected %d" % (what, offset, start))
        if link.show() != before:
            raise Fail(what + ": a part of it was added")

    table.must(ADD, name(), *good)
    before = link.show()
    # what is not there, and what is there once and to be deleted twice
    for wrong in one("11.1.1.1"), good[50]:
        got, message, offset = table.request(DEL, name(), *good[:100], wrong,
                                             *good[100:])
        start, size = place(good[:100], wrong)
        if got != ENOENT or not start <= offset < start + size:
            raise Fail("del: %d, '%s', at %d" % (got, message, offset))
        if link.show() != before:
            raise Fail("a part of it was deleted")


def full(link):
    """The same maximum as IFLA_NAT64_POOL4, in one message or one by one."""
    table = fresh(link)
    good = many(MOST)
    got, message, offset = table.request(ADD, name(), *good)
    start, size = place(good[:MOST - 2], good[0])
    if got != E2BIG or not start <= offset < start + size:
        raise Fail("%d, '%s', at %d" % (got, message, offset))
    if count(link) != 2:
        raise Fail("a part of it was added")
    # as many as fit in any message
    got, message, _ = table.request(ADD, name(), *many(2500))
    if got != E2BIG or count(link) != 2:
        raise Fail("%d, '%s'" % (got, message))

    table.must(ADD, name(), *good[:MOST - 2])
    got, message, _ = table.request(ADD, name(), one("11.0.0.1"))
    if got != E2BIG or "256" not in message:
        raise Fail("one more: %d, '%s'" % (got, message))
    table.must(DEL, name(), one("198.51.100.1"))
    table.must(ADD, name(), one("11.0.0.1"))
    if count(link) != MOST:
        raise Fail("%d entries" % count(link))

    table.must(FLUSH, name())
    for part in good:
        table.must(ADD, name(), part)
    if addresses(link) != ["10.0.0.%d" % i for i in range(8)] or \
            count(link) != MOST:
        raise Fail("one by one: %d entries" % count(link))
    table.must(DEL, name(), *reversed(good))
    if entries(link):
        raise Fail("left: " + str(entries(link)))


def repeatedly(count, errors, run):
    """Run run(step) in a thread; exceptions are added to errors."""
    def loop():
        try:
            for step in range(count):
                run(step)
        except Fail as why:
            errors.append(why)
    thread = threading.Thread(target=loop)
    thread.start()
    return thread


def concurrent(link):
    """Two sockets add and remove groups of entries while a third one changes
    another setting: groups are complete at any time, no change is lost."""
    fresh(link)
    errors = []
    groups = [many(20, 1000 * i) for i in range(2)]
    tables = [Table() for _ in groups]

    def change(which, step):
        tables[which].must(DEL if step & 1 else ADD, name(), *groups[which])

    other = Link()

    def retime(step):
        got, message = other.set(timeout(UDP, 120 + step))
        if got:
            raise Fail("link set: %d, '%s'" % (got, message))

    threads = [repeatedly(101, errors, lambda step, i=i: change(i, step))
               for i in range(2)]
    threads.append(repeatedly(101, errors, retime))
    while any(thread.is_alive() for thread in threads):
        have = addresses(link)
        if count(link) not in (2, 22, 42):
            errors.append(Fail("%d entries" % count(link)))
        if have[:2] != ["198.51.100.1", "198.51.100.2"]:
            errors.append(Fail("gone: " + str(have[:2])))
        if errors:
            break
    for thread in threads:
        thread.join()
    if errors:
        raise errors[0]
    if count(link) != 42 or u32(UDP, 220) not in link.show():
        raise Fail("a change was lost")


def announced(link):
    """Link notifications are sent, as for changes by rtnetlink."""
    table = fresh(link)
    subprocess.run(["ip", "link", "set", "n0", "up"], check=True)
    listener = Socket(NETLINK_ROUTE)
    listener.join(RTNLGRP_LINK)
    listener.sock.setblocking(False)
    for cmd, parts in (ADD, [one()]), (DEL, [one()]), (FLUSH, []):
        try:
            while True:
                listener.receive()
        except BlockingIOError:
            pass
        table.must(cmd, name(), *parts)
        try:
            kind = listener.receive()[0].kind
        except BlockingIOError:
            raise Fail("command %d: nothing was told" % cmd) from None
        if kind != RTM_NEWLINK:
            raise Fail("command %d: message %d" % (cmd, kind))


def who_may(link):
    table = fresh(link)
    before = link.show()

    def bad():
        other, count = Table(), 0
        for cmd, parts in ((ADD, [one()]), (DEL, [one("198.51.100.1")]),
                           (FLUSH, [])):
            count += other.request(cmd, name(), *parts)[0] != EPERM
        return count

    if unprivileged(bad):
        raise Fail("a user without CAP_NET_ADMIN may")
    if link.show() != before:
        raise Fail("it changed the device")
    table.must(FLUSH, name())


def main():
    alone()
    link = Link()
    tests = [("refused: " + what, lambda c=cmd, p=parts, e=error, w=words:
              refused(link, c, p, e, w))
             for what, cmd, parts, error, words in refusals()]
    tests += [
        ("refused: a stateless device", lambda: stateless(link)),
        ("refused: dumps", lambda: no_dump(link)),
        ("refused: users without CAP_NET_ADMIN", lambda: who_may(link)),
        ("added, deleted, flushed", lambda: in_order(link)),
        ("none after the last one", lambda: sources(link)),
        ("a message is all or nothing", lambda: all_or_nothing(link)),
        ("256 entries", lambda: full(link)),
        ("changes at the same time", lambda: concurrent(link)),
        ("who watches links is told", lambda: announced(link)),
    ]

    sys.exit(run_tests(tests))


if __name__ == "__main__":
    main()
