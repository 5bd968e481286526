#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0
"""The whole family: invalid requests, and the semantics of flags.

Invalid requests that policies do not catch: duplicate attributes, flags,
headers, and missing attributes of lookups and replacements. Each fails with an
errno and a message, and changes nothing. Then NLM_F_CREATE, EXCL and REPLACE,
lookups, and dumps whose entries are sent back. KTAP on standard
output. Replacements of whole tables are in replace_netlink.py.
"""
import struct
import sys
import time

sys.dont_write_bytecode = True
from netlink import (attr, attrs, be16, ip4, ip6, nest, u8, u16, u32, Fail,
                     Link, EADDRINUSE, EADDRNOTAVAIL, EEXIST, EINVAL, ENODEV,
                     ENOENT, EOPNOTSUPP, NLM_F_ACK, NLM_F_CREATE, NLM_F_DUMP,
                     NLM_F_EXCL, NLM_F_REPLACE, SLOW)
from ktap import alone, run_tests
from eam_netlink import eam, EAM, IFINDEX, LEN4, LEN6, PREFIX4, PREFIX6
from family import (fresh, name, numbers, CREATE, EXCL, REPLACE, STATEFUL,
                    STATELESS)
from pool4_netlink import one, POOL4_ENTRY
from state_netlink import (binding, match, session, ADDR4, ADDR6, BINDING,
                           EXPIRES, FILTER, ICMP, PORT4, PORT6, PROTO,
                           REMOTE4, REMOTE6, RPORT, SESSION, SESSIONS, STATE,
                           STATIC, TCP, UDP)

NLM_F_APPEND, NLM_F_ECHO, NLM_F_NONREC, NLM_F_BULK = 0x800, 8, 0x100, 0x200
NLM_F_UNKNOWN = 0x2000
TABLES, IN_POOL4 = numbers("NAT64_A_")["tables"], 1
SUBSCRIBER = numbers("NAT64_A_")["subscriber"]
SUBSCRIBER_PREFIX6 = numbers("NAT64_A_SUBSCRIBER_")["prefix6"]


def twice_in_nests():
    """Every attribute of every nest twice, with different values."""
    nests = {
        "eam": ("eam-add", STATELESS, EAM, [
            ip4(PREFIX4, "192.0.2.9"), u8(LEN4, 32),
            ip6(PREFIX6, "2001:db8::9"), u8(LEN6, 128)]),
        "binding": ("binding-add", STATEFUL, BINDING, [
            u8(PROTO, TCP), ip6(ADDR6, "2001:db8::9"), be16(PORT6, 1),
            ip4(ADDR4, "192.0.2.1"), be16(PORT4, 1), attr(STATIC),
            u32(SESSIONS, 0)]),
        "session": ("session-add", STATEFUL, SESSION, [
            u8(PROTO, TCP), ip6(ADDR6, "2001:db8::9"), be16(PORT6, 1),
            ip4(ADDR4, "192.0.2.1"), be16(PORT4, 1),
            ip4(REMOTE4, "198.51.100.1"), be16(RPORT, 1),
            ip6(REMOTE6, "2001:db8:64::1"), u32(STATE, 3),
            u32(EXPIRES, 60)]),
        "filter": ("session-flush", STATEFUL, FILTER, [
            u8(1, TCP), ip6(2, "2001:db8::9"), u8(3, 128), be16(4, 1),
            ip4(5, "192.0.2.1"), u8(6, 32), be16(7, 1),
            ip4(8, "198.51.100.1"), u8(9, 32), be16(10, 1), u32(11, 3),
            u8(12, 0)]),
        "pool4-entry": ("pool4-add", STATEFUL, POOL4_ENTRY, [
            ip4(1, "192.0.2.9"), u8(2, 32), u16(3, 1), u16(4, 9), u8(5, TCP),
            u32(6, 1)]),
    }
    for what, (op, dev, kind, parts) in nests.items():
        for i, part in enumerate(parts):
            yield ("%s: attribute %d twice" % (what, i + 1), op,
                   [name(dev), nest(kind, *parts, part)], EINVAL,
                   what + " has a duplicate attribute",
                   CREATE if op.endswith("add") else NLM_F_ACK)


# Operations on a device, with attributes that make them valid.
DEVICE_OPS = {
    "eam-add": (STATELESS, eam("192.0.2.9", "2001:db8::9")),
    "eam-del": (STATELESS, eam()),
    "eam-flush": (STATELESS,),
    "binding-add": (STATEFUL, binding(port6=5, port4=5)),
    "binding-del": (STATEFUL, binding(port6=9, port4=9)),
    "binding-flush": (STATEFUL,),
    "session-add": (STATEFUL, session(port6=5, port4=5)),
    "session-del": (STATEFUL, session(port6=7, port4=7)),
    "session-flush": (STATEFUL,),
    "session-set": (STATEFUL, session(port6=5, port4=5)),
    "pool4-add": (STATEFUL, one("192.0.2.9")),
    "pool4-del": (STATEFUL, one("192.0.2.1")),
    "pool4-flush": (STATEFUL,),
    "replace-begin": (STATEFUL, u32(TABLES, IN_POOL4)),
}
GETS = {
    "binding-get": (STATEFUL, nest(BINDING, u8(PROTO, TCP),
                                   ip6(ADDR6, "2001:db8::1"), be16(PORT6, 9))),
    "session-get": (STATEFUL, nest(
        SESSION, u8(PROTO, TCP), ip6(ADDR6, "2001:db8::1"), be16(PORT6, 7),
        ip4(REMOTE4, "198.51.100.1"), be16(RPORT, 443))),
    "pool4-get": (STATEFUL, one("192.0.2.1")),
    "subscriber-get": (STATEFUL, nest(
        SUBSCRIBER, ip6(SUBSCRIBER_PREFIX6, "2001:db8::1"))),
    "stats-get": (STATEFUL,),
    "table-get": (STATEFUL,),
}
DUMPS = {"eam-get": STATELESS, "binding-get": STATEFUL,
         "session-get": STATEFUL, "pool4-get": STATEFUL,
         "subscriber-get": STATEFUL, "address-get": STATEFUL,
         "stats-get": STATEFUL, "table-get": STATELESS}


def twice_on_top():
    for op, (dev, *parts) in {**DEVICE_OPS, **GETS}.items():
        flags = CREATE if op.endswith("add") else NLM_F_ACK
        yield (op + ": ifname twice", op, [name(dev), name(dev), *parts],
               EINVAL, "ifname is given twice", flags)
    yield ("ifindex twice", "eam-flush", [u32(IFINDEX, 1), u32(IFINDEX, 2)],
           EINVAL, "ifindex is given twice", NLM_F_ACK)
    for op in "binding-flush", "session-flush":
        yield (op + ": filter twice", op,
               [name(STATEFUL), match(u8(1, TCP)), match(u8(1, UDP))], EINVAL,
               "filter is given twice", NLM_F_ACK)
    for op, what in ("binding-get", "binding"), ("session-get", "session"):
        yield ("%s: %s twice" % (op, what), op,
               [name(STATEFUL), GETS[op][1], GETS[op][1]], EINVAL,
               what + " is given twice", NLM_F_ACK)
    yield ("tables twice", "replace-begin",
           [name(STATEFUL), u32(TABLES, 1), u32(TABLES, 1)], EINVAL,
           "tables is given twice", NLM_F_ACK)


def flags():
    for op, (dev, *parts) in {**DEVICE_OPS, **GETS}.items():
        adds = op in ("eam-add", "binding-add", "session-add", "pool4-add")
        good = CREATE if adds else NLM_F_ACK
        for what, flag in (("APPEND", NLM_F_APPEND), ("ECHO", NLM_F_ECHO),
                           ("unknown", NLM_F_UNKNOWN)):
            yield ("%s: flag %s" % (op, what), op, [name(dev), *parts],
                   EINVAL, "nlmsg_flags", good | flag)
        if not adds:
            for what, flag in (("NONREC", NLM_F_NONREC), ("BULK", NLM_F_BULK),
                               ("CREATE", NLM_F_CREATE)):
                yield ("%s: flag %s" % (op, what), op, [name(dev), *parts],
                       EINVAL, "nlmsg_flags", good | flag)
    for op in "eam-add", "pool4-add":
        dev, part = DEVICE_OPS[op]
        yield (op + ": flag REPLACE", op, [name(dev), part], EOPNOTSUPP,
               "NLM_F_REPLACE is supported for bindings", REPLACE)
    for op in "replace-commit", "replace-abort":
        yield (op + ": flag CREATE", op, [], EINVAL, "nlmsg_flags", CREATE)


def additions():
    """Existing and missing entries with each combination of flags."""
    dev = name(STATEFUL)
    there = {
        "eam-add": [name(STATELESS), eam()],
        "binding-add": [dev, binding(port6=9, port4=9)],
        "session-add": [dev, session(port6=7, port4=7)],
        "pool4-add": [dev, one("192.0.2.1")],
    }
    for op, parts in there.items():
        yield (op + ": EXCL of what is there", op, parts, EEXIST, "", EXCL)
        yield (op + ": EXCL alone", op, parts, EEXIST, "",
               NLM_F_ACK | NLM_F_EXCL)
        new = DEVICE_OPS[op]
        yield (op + ": without CREATE", op, [name(new[0]), new[1]], ENOENT,
               "no such", NLM_F_ACK)
    yield ("binding-add: new without STATIC", "binding-add",
           [dev, binding(port6=5, port4=5, dynamic=True)], EINVAL,
           "static is required", CREATE)
    yield ("binding-add: REPLACE without STATIC, new", "binding-add",
           [dev, binding(port6=5, port4=5, dynamic=True)], EINVAL,
           "static is required", REPLACE)
    yield ("binding-add: static, is dynamic", "binding-add",
           [dev, binding(port6=7, port4=7)], EEXIST, "is dynamic", CREATE)
    yield ("binding-add: dynamic, is static", "binding-add",
           [dev, binding(port6=9, port4=9, dynamic=True)], EEXIST,
           "is static", CREATE)
    yield ("binding-add: another port", "binding-add",
           [dev, binding(port6=9, port4=10)], EEXIST, "already have a binding",
           CREATE)
    yield ("binding-add: REPLACE, dynamic without sessions", "binding-add",
           [dev, binding(port6=9, port4=9, dynamic=True)], EINVAL,
           "static is required", REPLACE)
    yield ("binding-add: REPLACE, dynamic on another port", "binding-add",
           [dev, binding(port6=7, port4=8, dynamic=True)], EINVAL,
           "static is required", REPLACE)
    yield ("binding-add: REPLACE, port of another", "binding-add",
           [dev, binding(port6=9, port4=7)], EADDRINUSE,
           "already have a binding", REPLACE)
    yield ("binding-add: REPLACE, multicast", "binding-add",
           [dev, binding(port6=9, addr4="224.0.0.1")], EINVAL, "unicast",
           REPLACE)
    yield ("session-add: another state", "session-add",
           [dev, session(port6=7, port4=7, more=[u32(STATE, 7)])], EEXIST,
           "another state", CREATE)
    yield ("session-add: REPLACE, another binding", "session-add",
           [dev, session(port6=7, port4=8)], EEXIST, "another addr4", REPLACE)
    yield ("session-add: REPLACE, not of pool4", "session-add",
           [dev, session(port6=5, port4=5, addr4="203.0.113.1")],
           EADDRNOTAVAIL, "not in pool4", REPLACE)
    yield ("eam-add: prefix4 mapped otherwise", "eam-add",
           [name(STATELESS), eam(addr6="2001:db8::2")], EEXIST,
           "prefix4 already has", CREATE)
    yield ("pool4-add: overlap", "pool4-add", [dev, one("192.0.2.0", 24)],
           EEXIST, "overlap", CREATE)


def lookups():
    dev = name(STATEFUL)
    six = [ip6(ADDR6, "2001:db8::1"), be16(PORT6, 7)]
    four = [ip4(ADDR4, "192.0.2.1"), be16(PORT4, 7)]
    remote = [ip4(REMOTE4, "198.51.100.1"), be16(RPORT, 443)]
    for what, op, kind, parts, error, words in (
            ("nothing", "binding-get", None, [], EINVAL, "binding is"),
            ("nothing", "session-get", None, [], EINVAL, "session is"),
            ("empty", "binding-get", BINDING, [], EINVAL, "proto is"),
            ("no proto", "binding-get", BINDING, six, EINVAL, "proto is"),
            ("proto 5", "binding-get", BINDING, [u8(PROTO, 5), *six], EINVAL,
             "proto must be"),
            ("no side", "binding-get", BINDING, [u8(PROTO, TCP)], EINVAL,
             "are required"),
            ("addr6 alone", "binding-get", BINDING, [u8(PROTO, TCP), six[0]],
             EINVAL, "given together"),
            ("port4 alone", "session-get", SESSION,
             [u8(PROTO, TCP), four[1], *remote], EINVAL, "given together"),
            ("static", "binding-get", BINDING,
             [u8(PROTO, TCP), *six, attr(STATIC)], EINVAL, "static"),
            ("state", "session-get", SESSION,
             [u8(PROTO, TCP), *six, *remote, u32(STATE, 3)], EINVAL, "state"),
            ("no remote", "session-get", SESSION, [u8(PROTO, TCP), *six],
             EINVAL, "remote4"),
            ("no remote-port", "session-get", SESSION,
             [u8(PROTO, TCP), *six, remote[0]], EINVAL, "remote-port"),
            ("remote-port of ICMP", "session-get", SESSION,
             [u8(PROTO, ICMP), *six, *remote], EINVAL, "remote-port"),
            ("not there", "binding-get", BINDING, [u8(PROTO, UDP), *six],
             ENOENT, "no such binding"),
            ("not there by addr4", "binding-get", BINDING,
             [u8(PROTO, UDP), *four], ENOENT, "no such binding"),
            ("sides of two", "binding-get", BINDING,
             [u8(PROTO, TCP), *six, four[0], be16(PORT4, 9)], ENOENT,
             "no such binding"),
            ("not there", "session-get", SESSION,
             [u8(PROTO, TCP), *six, remote[0], be16(RPORT, 1)], ENOENT,
             "no such session")):
        yield ("%s: %s" % (op, what), op,
               [dev, *([nest(kind, *parts)] if kind else [])], error, words,
               NLM_F_ACK)
    for op in "binding-get", "session-get":
        yield (op + ": of a stateless device", op,
               [name(STATELESS), GETS[op][1]], EOPNOTSUPP, "stateless",
               NLM_F_ACK)
        yield (op + ": filter", op, [dev, match(u8(1, TCP))], EINVAL, "",
               NLM_F_ACK)
        yield (op + ": no such device", op, [name("n9"), GETS[op][1]],
               ENODEV, "no such device", NLM_F_ACK)


def refusals():
    yield from twice_on_top()
    yield from twice_in_nests()
    yield from flags()
    yield from additions()
    yield from lookups()


class Devices:
    """Recreated only after a change."""
    table = before = None

    @classmethod
    def get(cls, link):
        if not cls.table or cls.table.all() != cls.before:
            cls.table = fresh(link)
            cls.before = cls.table.all()
        return cls.table


def refused(link, op, parts, error, words, flag):
    table = Devices.get(link)
    table.no(op, *parts, error=error, words=words, flags=flag)
    if table.all() != Devices.before:
        raise Fail("it changed something")


def reserved(link):
    """The reserved field of genlmsghdr must be 0."""
    table = Devices.get(link)
    for op, (dev, *parts) in {**DEVICE_OPS, **GETS}.items():
        table.no(op, name(dev), *parts, error=EINVAL, words="reserved",
                 reserved=1, flags=CREATE if op in (
                     "eam-add", "binding-add", "session-add",
                     "pool4-add") else NLM_F_ACK)
    if table.all() != Devices.before:
        raise Fail("it changed something")


def dumps(link):
    """The same for dumps, which report errors in NLMSG_DONE."""
    table = Devices.get(link)
    for op, dev in DUMPS.items():
        table.no(op, name(dev), name(dev), error=EINVAL, flags=NLM_F_DUMP,
                 words="ifname is given twice")
        table.no(op, name(dev), error=EINVAL, words="nlmsg_flags",
                 flags=NLM_F_DUMP | NLM_F_CREATE)
        table.no(op, name(dev), error=EINVAL, words="reserved", reserved=7,
                 flags=NLM_F_DUMP)
    for op in "binding-get", "session-get":
        table.no(op, name(STATEFUL), match(u8(1, TCP)), match(u8(1, TCP)),
                 error=EINVAL, words="filter is given twice", flags=NLM_F_DUMP)
        table.no(op, name(STATEFUL), match(u8(1, TCP), u8(1, UDP)),
                 error=EINVAL, words="filter has a duplicate attribute",
                 flags=NLM_F_DUMP)
        table.no(op, name(STATEFUL), GETS[op][1], error=EINVAL, words="",
                 flags=NLM_F_DUMP)


def covered(_):
    """Every operation of the header is in the tables above."""
    known = set(DEVICE_OPS) | set(GETS) | set(DUMPS)
    known |= {"replace-add", "replace-commit", "replace-abort"}
    missing = {op for op in numbers("NAT64_CMD_") if not op.endswith("-ntf")} - known
    if missing:
        raise Fail("not tested: " + ", ".join(sorted(missing)))


def sent_back(link, flag):
    """Sending every entry of a dump as a request changes nothing."""
    table = fresh(link)
    for i in range(3):
        table.must("session-add", name(STATEFUL), session(
            UDP, port6=100 + i, port4=100 + i), flags=CREATE)
        table.must("session-add", name(STATEFUL), session(
            ICMP, port6=100 + i, port4=100 + i, rport=None), flags=CREATE)
        table.must("session-add", name(STATEFUL), session(
            port6=100 + i, port4=100 + i, more=[u32(STATE, 1 + i)]),
            flags=CREATE)
        table.must("eam-add", name(STATELESS), eam(
            "10.%d.0.0" % i, "2001:db8:%d::" % i, 16, 64), flags=CREATE)
    before, bindings = table.all(), table.raw("binding-get", STATEFUL)
    for get, add, dev, kind in (
            ("binding-get", "binding-add", STATEFUL, BINDING),
            ("session-get", "session-add", STATEFUL, SESSION),
            ("eam-get", "eam-add", STATELESS, EAM)):
        if flag & NLM_F_REPLACE and kind == EAM:
            continue
        found = table.raw(get, dev)
        for data in found:
            table.must(add, data, flags=flag)
        if kind != SESSION and table.raw(get, dev) != found:
            raise Fail(add + ": it changed something")
    if table.all() != before:
        raise Fail("it changed something")
    # bindings are still dynamic: they end with their last session
    table.must("session-flush", name(STATEFUL))
    left = table.raw("binding-get", STATEFUL)
    if len(left) != 1 or left[0] not in bindings:
        raise Fail("%d bindings are left" % len(left))


def pool4_sent_back(link):
    table = fresh(link)
    table.must("pool4-add", name(STATEFUL), one("192.0.2.64", 28, u16(3, 7),
                                               u16(4, 9), u8(5, UDP),
                                               u32(6, 3)), flags=CREATE)
    before = link.show()
    for part in (one("192.0.2.1"), one("192.0.2.2"),
                 one("192.0.2.64", 28, u16(3, 7), u16(4, 9), u8(5, UDP),
                     u32(6, 3))):
        table.must("pool4-add", name(STATEFUL), part, flags=CREATE)
        table.must("pool4-add", name(STATEFUL), part)
    if link.show() != before:
        raise Fail("it changed something")


def lives(table, **kwargs):
    """Seconds until a session expires, and its state."""
    want = dict(port6=7, port4=7)
    want.update(kwargs)
    parts = [u8(PROTO, TCP), ip6(ADDR6, "2001:db8::1"),
             be16(PORT6, want["port6"]), ip4(REMOTE4, "198.51.100.1"),
             be16(RPORT, 443)]
    found = attrs(table.must("session-get", name(STATEFUL),
                            nest(SESSION, *parts))[SESSION])
    return (struct.unpack("=I", found[EXPIRES])[0],
            struct.unpack("=I", found[STATE])[0])


def session_replaced(link):
    table = fresh(link)
    dev = name(STATEFUL)
    for more, seconds, state in (
            ([u32(STATE, 7), u32(EXPIRES, 100)], 100, 7),
            ([u32(STATE, 3), u32(EXPIRES, 7000)], 7000, 3),
            ([], 7200, 3), ([u32(STATE, 2)], 240, 2)):
        table.must("session-add", dev, session(port6=7, port4=7, more=more),
                  flags=REPLACE)
        got = lives(table)
        if got[1] != state or not seconds - 2 <= got[0] <= seconds:
            raise Fail("%s, expected %d seconds, state %d" % (
                got, seconds, state))
    # without REPLACE, a different lifetime is ignored
    table.must("session-add", dev, session(
        port6=7, port4=7, more=[u32(STATE, 2), u32(EXPIRES, 5)]),
        flags=CREATE)
    table.must("session-add", dev, session(port6=7, port4=7))
    if lives(table)[0] < 200:
        raise Fail("it was changed: %s" % (lives(table),))
    # and it ends after the new timeout
    table.must("session-add", dev, session(
        port6=7, port4=7, more=[u32(STATE, 7), u32(EXPIRES, 1)]),
        flags=REPLACE)
    end = time.monotonic() + 10 * SLOW
    while table.raw("session-get", STATEFUL):
        if time.monotonic() > end:
            raise Fail("it does not end")
        time.sleep(0.1)


def session_undone(link):
    """The last item of a message is invalid: nothing changes."""
    table = fresh(link)
    dev = name(STATEFUL)
    table.must("session-add", dev, session(
        port6=7, port4=7, more=[u32(STATE, 7), u32(EXPIRES, 200)]),
        flags=REPLACE)
    before = table.all()
    offset = table.no(
        "session-add", dev, session(port6=20, port4=20),
        session(port6=7, port4=7, more=[u32(STATE, 3)]),
        session(port6=21, port4=21, addr4="203.0.113.1"),
        flags=REPLACE, error=EADDRNOTAVAIL, words="not in pool4")
    if not offset or table.all() != before:
        raise Fail("at %d, or a part of it is left" % offset)
    if not 195 <= lives(table)[0] <= 200:
        raise Fail("it lives on for %d s" % lives(table)[0])


def found_bindings(table):
    """(protocol, port6, addr4, port4, static, sessions) of each"""
    found = []
    for data in table.raw("binding-get", STATEFUL):
        have = attrs(attrs(data)[BINDING])
        found.append((have[PROTO][0], struct.unpack(">H", have[PORT6][:2])[0],
                      have[ADDR4][3], struct.unpack(">H", have[PORT4][:2])[0],
                      STATIC in have,
                      struct.unpack("=I", have[SESSIONS])[0]))
    return sorted(found)


def binding_replaced(link):
    table = fresh(link)
    dev = name(STATEFUL)
    start = [(TCP, 7, 1, 7, False, 1), (TCP, 9, 1, 9, True, 0)]
    if found_bindings(table) != start:
        raise Fail(str(found_bindings(table)))
    # dynamic to static, and back
    table.must("binding-add", dev, binding(port6=7, port4=7), flags=REPLACE)
    if found_bindings(table)[0] != (TCP, 7, 1, 7, True, 1):
        raise Fail("static: " + str(found_bindings(table)))
    table.must("binding-add", dev, binding(port6=7, port4=7, dynamic=True),
              flags=REPLACE)
    if found_bindings(table) != start:
        raise Fail("dynamic: " + str(found_bindings(table)))
    # another address: its sessions end
    table.must("binding-add", dev, binding(port6=7, port4=70,
                                          addr4="192.0.2.2"), flags=REPLACE)
    if found_bindings(table)[0] != (TCP, 7, 2, 70, True, 0):
        raise Fail("moved: " + str(found_bindings(table)))
    if table.raw("session-get", STATEFUL):
        raise Fail("a session is left")
    for port, there in (7, False), (70, True):
        error = table.ask("binding-get", dev, nest(
            BINDING, u8(PROTO, TCP), be16(PORT4, port),
            ip4(ADDR4, "192.0.2.2" if there else "192.0.2.1")))[0]
        if error != (0 if there else ENOENT):
            raise Fail("port %d: %d" % (port, error))
    # its old address is free
    table.must("binding-add", dev, binding(port6=11, port4=7), flags=CREATE)
    # without an address any binding matches
    table.must("binding-add", dev, binding(port6=7, addr4=None, port4=None),
              flags=REPLACE)
    if found_bindings(table)[0] != (TCP, 7, 2, 70, True, 0):
        raise Fail("kept: " + str(found_bindings(table)))


def many_moved(link):
    """With thousands of sessions, and back and forth."""
    table = fresh(link)
    dev = name(STATEFUL)
    for step in range(6):
        addr4 = "192.0.2.%d" % (1 + step % 2)
        for base in range(0, 2000, 500):
            table.must("session-add", dev, *[session(
                port6=9, port4=None, addr4=None, rport=1 + base + i)
                for i in range(500)], flags=CREATE)
        table.must("binding-add", dev, binding(port6=9, port4=900 + step,
                                              addr4=addr4), flags=REPLACE)
        have = [b for b in found_bindings(table) if b[1] == 9]
        if have != [(TCP, 9, 1 + step % 2, 900 + step, True, 0)]:
            raise Fail(str(have))
    if len(table.raw("session-get", STATEFUL)) != 1:
        raise Fail("sessions are left")


def binding_undone(link):
    """The last item of a message is invalid: nothing changes, not even
    sessions."""
    table = fresh(link)
    dev = name(STATEFUL)
    before = table.all()
    for bad, error, flag in (
            (binding(port6=30, port4=9), EADDRINUSE, REPLACE),
            (binding(port6=9, port4=31, dynamic=True), EINVAL, REPLACE),
            (binding(port6=30, port4=1, addr4="224.0.0.1"), EINVAL,
             REPLACE)):
        parts = [binding(port6=7, port4=8), binding(port6=20, port4=20),
                 binding(port6=9, port4=19, addr4="192.0.2.2"), bad,
                 binding(port6=21, port4=21)]
        offset = table.no("binding-add", dev, *parts, error=error, words="",
                          flags=flag)
        start = 20 + len(dev) + sum(map(len, parts[:3]))
        if offset != start:
            raise Fail("at %d, expected %d" % (offset, start))
        if table.all() != before:
            raise Fail("a part of it is left")
        # the dynamic one is still dynamic
    table.must("session-flush", dev)
    if found_bindings(table) != [(TCP, 9, 1, 9, True, 0)]:
        raise Fail("left: " + str(found_bindings(table)))


def contradictory(link):
    """Two contradictory items for one binding: one or none takes effect."""
    table = fresh(link)
    dev = name(STATEFUL)
    for first, second in (
            (dict(port4=50), dict(port4=51)),
            (dict(port4=7, dynamic=True), dict(port4=52)),
            (dict(port4=53), dict(port4=7, dynamic=True))):
        table.must("session-add", dev, session(port6=7, port4=None, addr4=None,
                                              rport=9), flags=CREATE)
        table.ask("binding-add", dev, binding(port6=7, **first),
                  binding(port6=7, **second), flags=REPLACE)
        have = [b for b in found_bindings(table) if b[1] == 7]
        if len(have) > 1:
            raise Fail(str(have))
        table.ask("binding-del", dev, binding(port6=7, addr4=None,
                                              port4=None))
    table.must("binding-flush", dev)
    if found_bindings(table):
        raise Fail("left: " + str(found_bindings(table)))


def looked_up(link):
    """By either side, the same as in the dump."""
    table = fresh(link)
    dev = name(STATEFUL)
    table.must("session-add", dev, session(
        ICMP, port6=5, port4=6, rport=None, more=[u32(EXPIRES, 50)]),
        flags=CREATE)
    for data in table.raw("binding-get", STATEFUL):
        have = attrs(attrs(data)[BINDING])
        proto = u8(PROTO, have[PROTO][0])
        six = [attr(ADDR6, have[ADDR6]), attr(PORT6, have[PORT6][:2])]
        four = [attr(ADDR4, have[ADDR4]), attr(PORT4, have[PORT4][:2])]
        for parts in six, four, six + four:
            got = table.must("binding-get", dev, nest(BINDING, proto, *parts))
            if got != attrs(data):
                raise Fail("another binding than in the dump")
    for data in table.raw("session-get", STATEFUL):
        have = attrs(attrs(data)[SESSION])
        proto = u8(PROTO, have[PROTO][0])
        remote = [attr(REMOTE4, have[REMOTE4])]
        if RPORT in have:
            remote.append(attr(RPORT, have[RPORT][:2]))
        six = [attr(ADDR6, have[ADDR6]), attr(PORT6, have[PORT6][:2])]
        four = [attr(ADDR4, have[ADDR4]), attr(PORT4, have[PORT4][:2])]
        for parts in six, four, six + four:
            got = attrs(table.must("session-get", dev, nest(
                SESSION, proto, *parts, *remote))[SESSION])
            if set(got) != set(have) or any(
                    got[kind] != have[kind] for kind in got
                    if kind != EXPIRES):
                raise Fail("another session than in the dump")


def main():
    alone()
    link = Link()
    tests = [("refused: " + what, lambda o=op, p=parts, e=error, w=words,
              f=flag: refused(link, o, p, e, w, f))
             for what, op, parts, error, words, flag in refusals()]
    tests += [
        ("every operation is tested", lambda: covered(link)),
        ("refused: reserved bits of the header", lambda: reserved(link)),
        ("refused: dumps", lambda: dumps(link)),
        ("a dump sent back changes nothing", lambda: sent_back(link, CREATE)),
        ("the same without CREATE", lambda: sent_back(link, NLM_F_ACK)),
        ("the same with REPLACE", lambda: sent_back(link, REPLACE)),
        ("entries of pool4 sent back", lambda: pool4_sent_back(link)),
        ("a session is replaced", lambda: session_replaced(link)),
        ("replaced sessions are undone", lambda: session_undone(link)),
        ("a binding is replaced", lambda: binding_replaced(link)),
        ("a binding with many sessions is replaced",
         lambda: many_moved(link)),
        ("replaced bindings are undone", lambda: binding_undone(link)),
        ("two wishes for one binding", lambda: contradictory(link)),
        ("looked up by either side", lambda: looked_up(link)),
    ]

    sys.exit(run_tests(tests))


if __name__ == "__main__":
    main()
