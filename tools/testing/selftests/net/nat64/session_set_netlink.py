#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0
"""session-set: sessions that are set each by itself.

What the device refuses changes nothing and is counted by its reason; a malformed
request fails as a whole. The device and its pool4 change meanwhile. KTAP on
standard output.
"""
import ctypes
import os
import signal
import socket
import sys
import time

sys.dont_write_bytecode = True
from netlink import (attr, attrs, ip4, ip6, nest, number, u32, Fail, Link,
                     EINVAL, ENODEV, EOPNOTSUPP, EPERM, IFLA_NET_NS_PID,
                     NLM_F_ACK, NLM_F_CREATE, NLM_F_DUMP, NLM_F_REPLACE,
                     RTM_NEWLINK)
from ktap import alone, run_tests, unprivileged, CLONE_NEWNET
from family import name, numbers, ByName, CREATE, STATEFUL, STATELESS
from link_netlink import (entry, pool6, LIMITS, MAX_SESSIONS, MAX_TOTAL, MODE,
                          POOL4)
from state_netlink import (binding, session, EXPIRES, ICMP, SESSION, STATE, TCP,
                           UDP)

KEEP = numbers("NAT64_A_")["keep"]
RESULT = numbers("NAT64_A_")["set-result"]
RESULTS = {kind: text for text, kind in
           numbers("NAT64_A_SET_RESULT_").items()}
EST, TRANS = 3, 7
DEV = name(STATEFUL)


def state(value, expires=None):
    parts = [u32(STATE, value)] if value else []
    if expires is not None:
        parts.append(u32(EXPIRES, expires))
    return parts


class Table(ByName):
    def set(self, *parts, keep=False):
        """The results that are not 0."""
        found = self.must("session-set", DEV, *parts,
                          *([attr(KEEP)] if keep else []))
        if number(found[1]) != socket.if_nametoindex(STATEFUL):
            raise Fail("ifindex %d" % number(found[1]))
        results = attrs(found[RESULT])
        if set(results) != set(RESULTS):
            raise Fail("results %s" % sorted(results))
        return {RESULTS[kind]: number(data) for kind, data in results.items()
                if number(data)}

    def expect(self, wanted, *parts, keep=False):
        got = self.set(*parts, keep=keep)
        if got != wanted:
            raise Fail("%s, expected %s" % (got, wanted))

    def sessions(self):
        """By port of the host: state and lifetime."""
        found = {}
        for data in self.raw("session-get", STATEFUL):
            entry_ = attrs(attrs(data)[SESSION])
            found[int.from_bytes(entry_[3], "big")] = (
                number(entry_.get(STATE, b"")), number(entry_[EXPIRES]))
        return found

    def tables(self):
        return self.sessions(), self.raw("binding-get", STATEFUL)


def fresh(link, *more):
    link.delete()
    link.add(pool6(), nest(POOL4, entry("192.0.2.1"), entry("192.0.2.2")),
             *more)
    return Table(link)


def in_time(left, seconds, begun):
    """Is this what is left of a lifetime that was set after begun?"""
    return seconds - 1 - (time.monotonic() - begun) <= left <= seconds + 1


def ports(first, count, **kwargs):
    return [session(port6=i, port4=i, **kwargs)
            for i in range(first, first + count)]


def sets(link):
    """Every protocol and state, with the lifetime that is given."""
    table, begun = fresh(link), time.monotonic()
    table.expect({"added": 9},
                 *[session(port6=i, port4=i, more=state(i, 50 + i))
                   for i in range(1, 8)],
                 session(UDP, port6=8, port4=8, more=state(0, 58)),
                 session(ICMP, port6=9, port4=9, rport=None,
                         more=state(0, 59)))
    found = table.sessions()
    for i in range(1, 10):
        now, left = found[i]
        if now != (i if i < 8 else 0) or not in_time(left, 50 + i, begun):
            raise Fail("%d: state %d, %d s left" % (i, now, left))
    # the defaults, and no more than the timeout
    table.expect({"added": 2}, session(port6=20, port4=20),
                 session(port6=21, port4=21, more=state(TRANS, 9999)))
    if not in_time(table.sessions()[20][1], 7200, begun) or \
            not in_time(table.sessions()[21][1], 240, begun):
        raise Fail("lifetimes %s" % table.sessions())


def changes(link):
    """An existing session gets state and lifetime, or stays."""
    table = fresh(link)
    table.set(session(more=state(EST, 7000)))
    # a static binding outside pool4 has sessions too
    table.must("binding-add", DEV, binding(port6=81, addr4="203.0.113.1"),
               flags=CREATE)
    outside = session(port6=81, addr4="203.0.113.1")
    table.expect({"kept": 1, "added": 1}, session(more=state(TRANS, 100)),
                 outside, keep=True)
    if table.sessions()[80][0] != EST:
        raise Fail("keep: %s" % table.sessions())
    begun = time.monotonic()
    table.expect({"changed": 2}, session(more=state(TRANS, 100)), outside)
    now, left = table.sessions()[80]
    if now != TRANS or not in_time(left, 100, begun):
        raise Fail("state %d, %d s left" % (now, left))
    # twice in one message
    table.expect({"added": 1, "changed": 1}, *ports(90, 1), *ports(90, 1))


def refuses(link):
    """Each reason; the sessions before and behind it are set."""
    table = fresh(link)
    table.must("session-add", DEV, session(port6=7, port4=7), flags=CREATE)
    table.must("binding-add", DEV, binding(port6=9, port4=9), flags=CREATE)
    sock = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    os.system("ip link set lo up; ip addr add 192.0.2.2/32 dev lo")
    sock.bind(("192.0.2.2", 4711))
    for i, (reason, part) in enumerate((
            ("in-pool6", session(addr6="2001:db8:64::1")),
            ("not-in-pool4", session(addr4="203.0.113.1")),
            ("taken", session(port6=8, port4=7)),
            ("taken", session(port6=8, port4=9)),
            ("taken", session(UDP, port6=8, addr4="192.0.2.2", port4=4711)),
            ("other-binding", session(port6=7, port4=8)),
            ("other-binding", session(port6=7, port4=8, rport=99)),
            ("other-binding", session(port6=7, port4=7, addr4="192.0.2.2")),
            ("other-binding", session(port6=9, port4=8)))):
        before = table.tables()
        table.expect({reason: 1}, part)
        if table.tables() != before:
            raise Fail("%d, %s: it changed the tables" % (i, reason))
        table.expect({reason: 1, "added": 2}, *ports(100 + 2 * i, 1), part,
                     *ports(101 + 2 * i, 1))
    os.system("ip addr del 192.0.2.2/32 dev lo")
    sock.close()


def limits(link):
    """R6888-R4-a: of a subscriber, and of the device."""
    for kind, most in (MAX_SESSIONS, 3), (MAX_TOTAL, 4):
        table = fresh(link, nest(LIMITS, u32(kind, most)))
        table.expect({"added": most, "limit": 10 - most}, *ports(1, 10))
        if len(table.sessions()) != most or \
                len(table.raw("binding-get", STATEFUL)) != most:
            raise Fail("a session or binding that was refused is there")
        # an existing one is none more
        table.expect({"changed": 1}, *ports(1, 1))


def malformed(link):
    """It fails as a whole, and says why and where."""
    table = fresh(link)
    link.delete(STATELESS)
    link.add(pool6("2001:db8:65::"), u32(MODE, 1), name=STATELESS)
    table.set(*ports(7, 1))
    before, good = table.tables(), ports(100, 3)
    for what, parts, error, words in (
            ("nothing", [DEV], EINVAL, "session is required"),
            ("no device", good, EINVAL, "ifindex or ifname"),
            ("no such device", [name("n9"), *good], ENODEV, "no such device"),
            ("another kind", [name("lo"), *good], EOPNOTSUPP, "not a nat64"),
            ("stateless", [name(STATELESS), *good], EOPNOTSUPP, "stateless"),
            ("without addr4", [DEV, *good, session(addr4=None, port4=None)],
             EINVAL, "addr4 and port4 are required"),
            ("addr4 alone", [DEV, *good, session(port4=None)], EINVAL,
             "together"),
            ("port4 0", [DEV, *good, session(port4=0)], EINVAL, "must not"),
            ("multicast", [DEV, *good, session(addr6="ff0e::1")], EINVAL,
             "addr6"),
            ("remote4 127.0.0.1", [DEV, *good, session(remote="127.0.0.1")],
             EINVAL, "remote4"),
            ("state of UDP", [DEV, *good, session(UDP, more=state(EST))],
             EINVAL, "state is for TCP only"),
            ("state 0", [DEV, *good, session(more=[u32(STATE, 0)])], 0, ""),
            ("protocol", [DEV, *good, session(132)], EINVAL, "proto must"),
            ("keep of 4 bytes", [DEV, *good, u32(KEEP, 1)], 0, ""),
            ("keep twice", [DEV, *good, attr(KEEP), attr(KEEP)], EINVAL,
             "keep is given twice"),
            ("result", [DEV, *good, nest(RESULT)], 0, ""),
            ("noise", [DEV, *good, attr(SESSION | 0x8000, os.urandom(40))], 0,
             "")):
        table.no("session-set", *parts, error=error, words=words)
        if table.tables() != before:
            raise Fail(what + ": it changed the tables")
    for flags in NLM_F_CREATE, NLM_F_REPLACE, NLM_F_DUMP:
        got = table.request("session-set", DEV, *good,
                            flags=NLM_F_ACK | flags)[0]
        if not got or table.tables() != before:
            raise Fail("flags %x: %d" % (flags, got))
    link.delete(STATELESS)


def capability(link):
    table = fresh(link)

    def ask():
        table.must_refuse("session-set", [DEV, *ports(1, 1)], EPERM, "")

    if unprivileged(ask):
        raise Fail("a user without CAP_NET_ADMIN may set sessions")
    if table.sessions():
        raise Fail("a session is there")


def events(link):
    """Who sets sessions does not hear of it; others hear who it was."""
    table, other = fresh(link).listen("session"), Table(link)
    other.listen("session")
    table.set(*ports(1, 1))
    table.set(*ports(1, 1))
    event = other.receive()[0]
    if event.port != table.port or number(
            event.attrs[numbers("NAT64_A_")["portid"]]) != table.port:
        raise Fail("event of port %d, not %d" % (event.port, table.port))


def many(link):
    """More than a resize of the tables takes, and in order."""
    table = fresh(link)
    total = 0
    for first in range(1, 20001, 500):
        total += table.set(*ports(first, 500))["added"]
    if total != 20000 or len(table.sessions()) != total:
        raise Fail("%d of 20000" % total)


def setter(link, namespace=0):
    """A child that sets sessions until it gets a signal: its pid."""
    child = os.fork()
    if child:
        return child
    ctypes.CDLL(None).unshare(namespace)
    table, going = Table(link), [True]
    signal.signal(signal.SIGTERM, lambda *_: going.clear())
    status = 0
    while going:
        for keep in [], [attr(KEEP)]:
            got, text, _ = table.request("session-set", DEV, *ports(1, 400),
                                         *ports(9000, 50, addr4="192.0.2.2"),
                                         *keep)
            if got not in (0, ENODEV):
                print("# %d: %s" % (got, text), flush=True)
                status = 1
    os._exit(status)


def races(link):
    """The device goes and comes, moves away, gets another pool4, and loses its
    sessions, while they are set."""
    table = fresh(link)
    child = setter(link)
    # and where it moves to
    away = setter(link, CLONE_NEWNET)
    end = time.monotonic() + 8
    rounds = 0
    time.sleep(0.3)
    while rounds < 5 or time.monotonic() < end:
        rounds += 1
        link.set(nest(POOL4, entry("192.0.2.%d" % (1 + rounds % 2))))
        link.set(pool6("2001:db8:%d::" % rounds))
        table.request("session-flush", DEV)
        table.request("binding-flush", DEV)
        # The first one that moves away keeps the name there.
        if rounds % 3 or link.request(RTM_NEWLINK, 0, STATEFUL,
                                      u32(IFLA_NET_NS_PID, away))[0]:
            link.delete()
        link.add(pool6(), nest(POOL4, entry("192.0.2.1")))
        time.sleep(0.01 * (rounds % 4))
    status = 0
    for pid in child, away:
        os.kill(pid, signal.SIGTERM)
        status |= os.waitpid(pid, 0)[1]
    if status:
        raise Fail("status %d" % status)
    # what is left is of this pool4, and the table works
    table.set(*ports(1, 10))
    if any(data.find(socket.inet_aton("192.0.2.2")) >= 0
           for data in table.raw("binding-get", STATEFUL)):
        raise Fail("a binding outside pool4 is there")


def main():
    alone()
    link = Link()
    tests = [
        ("every protocol and state is set", sets),
        ("existing sessions change, or stay", changes),
        ("what is refused changes nothing, and is counted", refuses),
        ("R6888-R4-a limits of the subscriber and the device", limits),
        ("a malformed request fails as a whole", malformed),
        ("who may set sessions", capability),
        ("R8158-4.3-a events say who has set a session", events),
        ("many sessions", many),
        ("the device changes, moves and goes meanwhile", races),
    ]
    sys.exit(run_tests([(text, lambda run=run: run(link))
                        for text, run in tests]))


if __name__ == "__main__":
    main()
