#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0
"""Bindings and sessions over generic netlink: requests that nat64(8) never
sends.

Invalid requests fail with a message and the offset of the wrong attribute, and
change nothing. Dumps are read slowly, while the table or the device changes.
KTAP on standard output.
"""
import socket
import sys

sys.dont_write_bytecode = True
from netlink import (attr, attrs, be16, ip4, ip6, nest, number, u8, u32, Fail,
                     Family, Link, EADDRINUSE, EADDRNOTAVAIL, EEXIST, EINVAL,
                     ENODEV, ENOENT, EOPNOTSUPP, NLM_F_DUMP)
from ktap import alone, run_tests, unprivileged
from eam_netlink import abandoned, all_of, ended, name, Table
from link_netlink import pool6, ENTRY, LEN, MODE, POOL4, PREFIX

(B_ADD, B_DEL, B_GET, B_FLUSH, S_ADD, S_DEL, S_GET, S_FLUSH,
 P_GET) = range(5, 14)
BINDING, SESSION, POOL4_USE, FILTER = range(4, 8)
PROTO, ADDR6, PORT6, ADDR4, PORT4, STATIC, SESSIONS = range(1, 8)
REMOTE4, RPORT, REMOTE6, STATE, EXPIRES = range(6, 11)
(F_PROTO, F_ADDR6, F_LEN6, F_PORT6, F_ADDR4, F_LEN4, F_PORT4, F_REMOTE4,
 F_RLEN, F_RPORT, F_STATE, F_STATIC) = range(1, 13)
TCP, UDP, ICMP, SCTP = 6, 17, 1, 132

# Several messages of the largest dump buffer.
MANY = 3000


def common(proto=TCP, addr6="2001:db8::1", port6=80, addr4="192.0.2.1",
           port4=80):
    parts = [u8(PROTO, proto), ip6(ADDR6, addr6), be16(PORT6, port6)]
    if addr4:
        parts.append(ip4(ADDR4, addr4))
    if port4 is not None:
        parts.append(be16(PORT4, port4))
    return parts


def binding(*args, dynamic=False, **kwargs):
    parts = common(*args, **kwargs)
    if not dynamic:
        parts.append(attr(STATIC))
    return nest(BINDING, *parts)


def session(*args, remote="198.51.100.1", rport=443, more=(), **kwargs):
    parts = common(*args, **kwargs) + list(more)
    if remote:
        parts.append(ip4(REMOTE4, remote))
    if rport is not None:
        parts.append(be16(RPORT, rport))
    return nest(SESSION, *parts)


def sessions(count, base=0):
    return [session(port6=1024 + base + i, port4=1024 + base + i)
            for i in range(count)]


def match(*parts):
    return nest(FILTER, *parts)


class State(Table):
    """Dumps of bindings or sessions."""

    def dump(self, *parts, cmd=S_GET):
        super().dump(*parts, cmd=cmd)

    def entry(self, message):
        found = message.attrs
        found = attrs(found.get(SESSION) or found.get(BINDING))
        return tuple(found.get(kind) for kind in range(PROTO, STATE))

    def shown(self):
        """All sessions, then all bindings."""
        return [entry for cmd in (S_GET, B_GET)
                for entry in sorted(self.whole(cmd=cmd), key=repr)]


def refusals():
    """name, command, attributes, error, words of the message"""
    tests = [
        ("nothing to add, binding", B_ADD, [name()], EINVAL, "binding is"),
        ("nothing to delete, session", S_DEL, [name()], EINVAL, "session is"),
        ("no device", S_ADD, [session()], EINVAL, "ifindex or ifname"),
        ("no device, flush", B_FLUSH, [], EINVAL, "ifindex or ifname"),
        ("no such device", S_FLUSH, [name("n1")], ENODEV, "no such device"),
        ("device of another kind", B_ADD, [name("lo"), binding()],
         EOPNOTSUPP, "not a nat64"),
        ("binding empty", B_ADD, [name(), nest(BINDING)], EINVAL, "required"),
        ("binding is garbage", B_ADD, [name(), attr(
            BINDING | 0x8000, b"\xff" * 40)], None, ""),
        ("protocol 0", B_ADD, [name(), binding(0)], EINVAL, "proto must"),
        ("protocol SCTP", S_ADD, [name(), session(SCTP)], EINVAL,
         "proto must"),
        ("addr6 unspecified", B_ADD, [name(), binding(addr6="::")], EINVAL,
         "addr6"),
        ("addr6 loopback", B_ADD, [name(), binding(addr6="::1")], EINVAL,
         "addr6"),
        ("addr6 multicast", S_ADD, [name(), session(addr6="ff0e::1")],
         EINVAL, "addr6"),
        ("addr6 in pool6", S_ADD, [name(), session(addr6="2001:db8:64::1")],
         EINVAL, "pool6"),
        ("port6 0", B_ADD, [name(), binding(port6=0)], EINVAL, "port6"),
        ("port6 of 1 byte", B_ADD, [name(), nest(
            BINDING, u8(PROTO, TCP), ip6(ADDR6, "2001:db8::1"),
            u8(PORT6, 1))], None, ""),
        ("addr4 alone", B_ADD, [name(), binding(port4=None)], EINVAL,
         "together"),
        ("port4 alone", S_ADD, [name(), session(addr4=None)], EINVAL,
         "together"),
        ("addr4 0.0.0.0", B_ADD, [name(), binding(addr4="0.0.0.0")], EINVAL,
         "must not be 0"),
        ("port4 0", B_ADD, [name(), binding(port4=0)], EINVAL,
         "must not be 0"),
        ("addr4 multicast", B_ADD, [name(), binding(addr4="224.0.0.1")],
         EINVAL, "unicast"),
        ("session without remote4", S_ADD, [name(), session(remote=None)],
         EINVAL, "remote4"),
        ("remote4 0.0.0.0", S_ADD, [name(), session(remote="0.0.0.0")],
         EINVAL, "remote4"),
        ("remote4 127.0.0.1", S_ADD, [name(), session(remote="127.0.0.1")],
         EINVAL, "remote4"),
        ("TCP without remote-port", S_ADD, [name(), session(rport=None)],
         EINVAL, "remote-port"),
        ("ICMP with remote-port", S_ADD, [name(), session(ICMP)], EINVAL,
         "remote-port"),
        ("remote-port 0", S_ADD, [name(), session(rport=0)], EINVAL,
         "remote-port"),
        ("state of UDP", S_ADD, [name(), session(
            UDP, more=[u32(STATE, 3)])], EINVAL, "state"),
        ("state 0", S_ADD, [name(), session(more=[u32(STATE, 0)])], None,
         ""),
        ("state 8", S_ADD, [name(), session(more=[u32(STATE, 8)])], None,
         ""),
        ("session not of pool4", S_ADD, [name(), session(
            addr4="203.0.113.1")], EADDRNOTAVAIL, "pool4"),
        ("session there already", S_ADD, [name(), session(port6=7, port4=7)],
         EEXIST, "already exists"),
        ("unknown attribute of a session", S_ADD, [name(), session(
            more=[u8(20, 1)])], EINVAL, ""),
        ("session of a flush", S_FLUSH, [name(), session()], EINVAL, ""),
        ("del of another binding", B_DEL, [name(), binding(
            port6=7, port4=8)], ENOENT, "no such binding"),
        ("del of another session", S_DEL, [name(), session(
            port6=7, port4=7, rport=8)], ENOENT, "no such session"),
        ("get of no session", S_GET, [name()], EINVAL, "session is"),
        ("event as a request", 15, [name()], EOPNOTSUPP, ""),
    ]
    for what, parts, words in (
            ("protocol 5", [u8(F_PROTO, 5)], "proto"),
            ("len6 129", [ip6(F_ADDR6, "::"), u8(F_LEN6, 129)], ""),
            ("len6 alone", [u8(F_LEN6, 64)], "requires addr"),
            ("len4 alone", [u8(F_LEN4, 24)], "requires addr"),
            ("len4 33", [ip4(F_ADDR4, "0.0.0.0"), u8(F_LEN4, 33)], ""),
            ("bits beyond len6", [ip6(F_ADDR6, "2001:db8::1"),
                                  u8(F_LEN6, 64)], "beyond"),
            ("bits beyond len4", [ip4(F_ADDR4, "192.0.2.1"),
                                  u8(F_LEN4, 24)], "beyond"),
            ("static 2", [u8(F_STATIC, 2)], ""),
            ("unknown attribute", [u8(20, 1)], "")):
        for cmd in B_FLUSH, S_FLUSH:
            tests.append(("filter of %d: %s" % (cmd, what), cmd,
                          [name(), match(*parts)], None, words))
    tests += [
        ("filter: state of UDP", S_FLUSH, [name(), match(
            u8(F_PROTO, UDP), u32(F_STATE, 3))], EINVAL, "TCP only"),
        ("filter: state 8", S_FLUSH, [name(), match(u32(F_STATE, 8))], None,
         ""),
        ("filter: remote-len alone", S_FLUSH, [name(), match(u8(
            F_RLEN, 8))], EINVAL, "remote-len requires remote4"),
        ("filter: bits beyond the length of remote4", S_FLUSH, [name(), match(
            ip4(F_REMOTE4, "192.0.2.1"), u8(F_RLEN, 8))], EINVAL, "beyond"),
        ("filter: remote4 of bindings", B_FLUSH, [name(), match(
            ip4(F_REMOTE4, "192.0.2.1"))], EINVAL, "sessions only"),
        ("filter: remote-port of bindings", B_FLUSH, [name(), match(
            be16(F_RPORT, 80))], EINVAL, "sessions only"),
        ("filter: state of bindings", B_FLUSH, [name(), match(
            u32(F_STATE, 3))], EINVAL, "sessions only"),
    ]
    return tests


def fresh(link):
    link.delete()
    link.add(pool6(), nest(POOL4, nest(ENTRY, ip4(PREFIX, "192.0.2.1"),
                                       u8(LEN, 32))))
    return State()


def refused(link, cmd, parts, error, words):
    table = fresh(link)
    table.must(S_ADD, name(), session(port6=7, port4=7))
    table.must(B_ADD, name(), binding(port6=9, port4=9))
    before = table.shown()
    table.must_refuse(cmd, parts, error, words)
    if table.shown() != before:
        raise Fail("it changed the tables")


def dump_refused(link):
    """A dump reports errors in NLMSG_DONE."""
    table = fresh(link)
    for cmd in B_GET, S_GET:
        for parts, error, words in (
                ([], EINVAL, "ifindex or ifname"),
                ([name("n1")], ENODEV, "no such device"),
                ([name(), match(u8(F_LEN6, 1))], EINVAL, "len6"),
                ([name(), session()], EINVAL, "")):
            got, message, _ = table.request(cmd, *parts, flags=NLM_F_DUMP)
            if got != error or words not in message:
                raise Fail("%d, '%s', expected %d" % (got, message, error))


def stateless(link):
    link.delete()
    link.add(pool6(), u32(MODE, 1))
    table = State()
    for cmd, parts in ((B_ADD, [binding()]), (B_DEL, [binding()]),
                       (B_FLUSH, []), (S_ADD, [session()]),
                       (S_DEL, [session()]), (S_FLUSH, [])):
        got, message, _ = table.request(cmd, name(), *parts)
        if got != EOPNOTSUPP or "stateless" not in message:
            raise Fail("%d: %d, '%s'" % (cmd, got, message))
    for cmd in B_GET, S_GET, P_GET:
        got, message, _ = table.request(cmd, name(), flags=NLM_F_DUMP)
        if got != EOPNOTSUPP or "stateless" not in message:
            raise Fail("%d: %d, '%s'" % (cmd, got, message))


def all_or_nothing(link):
    """The invalid one of many is reported, and none is added."""
    table = fresh(link)
    table.must(S_ADD, name(), *sessions(2, 1000))
    table.must(B_ADD, name(), binding(port6=5, port4=5))
    before = table.shown()
    good = sessions(400)
    for what, wrong in (("there already", sessions(1, 1000)[0]),
                        ("wrong", session(rport=0)),
                        ("the one before", good[299]),
                        ("static", session(port6=5, port4=6))):
        parts = good[:300] + [wrong] + good[300:]
        got, message, offset = table.request(S_ADD, name(), *parts)
        start = 20 + len(name()) + 300 * len(good[0])
        if not got or not message:
            raise Fail("%s: %d, '%s'" % (what, got, message))
        if not start <= offset < start + len(wrong):
            raise Fail("%s: at %d, expected %d" % (what, offset, start))
        if table.shown() != before:
            raise Fail(what + ": a part of it was added")

    got, _, offset = table.request(
        S_DEL, name(), sessions(1, 1000)[0], good[0])
    if got != ENOENT or table.shown() != before:
        raise Fail("del: %d, or a part of it was deleted" % got)
    bindings = [binding(port6=100 + i, port4=100 + i) for i in range(50)]
    got, _, _ = table.request(B_ADD, name(), *bindings,
                              binding(port6=200, port4=5))
    if got not in (EADDRINUSE, EEXIST) or table.shown() != before:
        raise Fail("bindings: %d, or a part of it was added" % got)


def filled(link):
    table = fresh(link)
    for base in range(0, MANY, 500):
        table.must(S_ADD, name(), *sessions(500, base))
    table.shown()
    return table


def whole(link, cmd, size):
    """With receive buffers of any size."""
    filled(link)
    all_of(State(size), MANY, cmd=cmd)


def stays(link, change):
    """A dump during changes has all permanent entries, or is interrupted."""
    table, other = filled(link), State()
    kept = set(table.shown()[:MANY])
    table.dump()
    rounds = 0
    while table.done is None:
        table.read()
        change(other, rounds)
        rounds += 1
    if rounds < 3:
        raise Fail("only %d messages" % rounds)
    missing = kept - set(table.entries)
    if missing and not table.torn:
        raise Fail("%d are missing" % len(missing))


def come_and_go(table, step):
    table.request(S_DEL if step & 1 else S_ADD, name(),
                  *sessions(200, 10000))


def grow(table, step):
    if step < 40:
        table.must(S_ADD, name(), *sessions(700, 10000 + 700 * step))


def gone(link):
    """Sessions deleted during a dump may hide others: then the dump is
    reported as interrupted."""
    for step in range(8):
        table, other = filled(link), State()
        before = table.shown()[:MANY]
        table.dump()
        for _ in range(1 + step):
            table.read()
        drop = [part for i, part in enumerate(sessions(MANY)) if i % 2]
        for base in range(0, len(drop), 500):
            other.must(S_DEL, name(), *drop[base:base + 500])
        table.rest()
        left = set(other.shown()[:MANY // 2])
        if not left <= set(before):
            raise Fail("others than before")
        if left - set(table.entries) and not table.torn:
            raise Fail("%d are missing" % len(left - set(table.entries)))


def deleted(link):
    def fill():
        other = fresh(link)
        other.must(S_ADD, name(), session())
        return other

    ended(link, filled(link), fill)


def listeners(link):
    """Listening needs the same capability as reading the tables."""
    groups = Family().groups
    if sorted(groups) != ["binding", "exhaustion", "session"]:
        raise Fail("groups: %s" % sorted(groups))

    def refusals_seen():
        count = 0
        for group in groups:
            try:
                Family().listen(group)
            except PermissionError:
                count += 1
        return count

    if unprivileged(refusals_seen) != 3:
        raise Fail("a user without CAP_NET_ADMIN may listen")

    listener = Family().listen("session")
    table = fresh(link)
    table.must(S_ADD, name(), session())
    message = listener.receive()[0]
    event = message.attrs
    if message.cmd != 15 or number(event[8]) != 6:
        raise Fail("command %d, event %s" % (message.cmd, event[8].hex()))
    if attrs(event[SESSION])[REMOTE4] != socket.inet_aton("198.51.100.1"):
        raise Fail("another session")


def main():
    alone()
    link = Link()
    tests = [("refused: " + what, lambda c=cmd, p=parts, e=error, w=words:
              refused(link, c, p, e, w))
             for what, cmd, parts, error, words in refusals()]
    tests += [
        ("refused: all of a stateless device", lambda: stateless(link)),
        ("refused: dumps", lambda: dump_refused(link)),
        ("a message is all or nothing", lambda: all_or_nothing(link)),
        ("a dump of sessions is whole", lambda: whole(link, S_GET, 65536)),
        ("a dump of bindings is whole", lambda: whole(link, B_GET, 65536)),
        ("a dump is whole, small buffers", lambda: whole(link, S_GET, 8192)),
        ("sessions come and go during a dump",
         lambda: stays(link, come_and_go)),
        ("the table grows during a dump", lambda: stays(link, grow)),
        ("half of the sessions go during a dump", lambda: gone(link)),
        ("a device goes in the middle of its dump", lambda: deleted(link)),
        ("a dump is abandoned", lambda: abandoned(link, filled)),
        ("R8158-4.3-a who may listen, and what he hears",
         lambda: listeners(link)),
    ]

    sys.exit(run_tests(tests))


if __name__ == "__main__":
    main()
