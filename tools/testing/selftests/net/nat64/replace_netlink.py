#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0
"""Whole tables replaced over generic netlink (replace-begin, -add, -commit).

Staged entries belong to a socket and to a device: they are freed when the
socket is closed, or when the device is deleted or moved. Invalid entries are
reported, and their message is discarded. KTAP on standard output. Packets
while 100,000 mappings are replaced are in eam.sh.
"""
import ctypes
import os
import signal
import socket
import sys
import time

sys.dont_write_bytecode = True
from netlink import (attr, attrs, u32, Fail, Link, E2BIG, EEXIST, EINVAL,
                     ENODEV, ENOENT, EOPNOTSUPP, EPERM, IFLA_NET_NS_PID,
                     RTM_NEWLINK, SLOW)
from ktap import alone, run_tests, unprivileged, CLONE_NEWNET
from eam_netlink import eam, many, EAM
from family import fresh, name, numbers, ByName, CREATE, STATEFUL, STATELESS
from link_netlink import PREFIX
from pool4_netlink import (count, entries, many as many_entries, one,
                           POOL4_ENTRY)
from state_netlink import session

TABLES, IN_POOL4, IN_EAM = numbers("NAT64_A_")["tables"], 1, 2
EBUSY = 16

# As many as take some MiB.
STAGED = 30000


def begin(table, tables=IN_EAM, dev=STATELESS):
    table.must("replace-begin", name(dev), u32(TABLES, tables))


def stage(table, parts, step=1000):
    for at in range(0, len(parts), step):
        table.must("replace-add", *parts[at:at + step])


def mappings(table):
    return [attrs(data)[EAM] for data in table.raw("eam-get", STATELESS)]


def refused(link):
    """Invalid requests do not change the staged entries."""
    table = fresh(link)
    before = table.all()
    dev = name(STATELESS)
    for op, parts, error, words in (
            ("replace-begin", [dev], EINVAL, "tables is required"),
            ("replace-begin", [dev, u32(TABLES, 0)], EINVAL,
             "tables must not be 0"),
            ("replace-begin", [dev, u32(TABLES, 4)], None, ""),
            ("replace-begin", [dev, u32(TABLES, IN_EAM | 1 << 31)], None, ""),
            ("replace-begin", [dev, attr(TABLES, b"\2")], None, ""),
            ("replace-begin", [u32(TABLES, IN_EAM)], EINVAL,
             "ifindex or ifname"),
            ("replace-begin", [name("n9"), u32(TABLES, IN_EAM)], ENODEV,
             "no such device"),
            ("replace-begin", [name("lo"), u32(TABLES, IN_EAM)], EOPNOTSUPP,
             "not a nat64 device"),
            ("replace-begin", [dev, u32(TABLES, IN_POOL4)], EOPNOTSUPP,
             "stateless device has no bindings"),
            ("replace-begin", [dev, u32(TABLES, IN_POOL4 | IN_EAM)],
             EOPNOTSUPP, "stateless"),
            ("replace-begin", [name(STATEFUL), u32(TABLES, IN_EAM)],
             EOPNOTSUPP, "eam is for stateless"),
            ("replace-begin", [name(STATEFUL), u32(TABLES, 3)], EOPNOTSUPP,
             "eam is for stateless"),
            ("replace-begin", [dev, u32(TABLES, IN_EAM), eam()], EINVAL, ""),
            ("replace-add", [eam()], ENOENT, "use replace-begin"),
            ("replace-add", [one()], ENOENT, "use replace-begin"),
            ("replace-commit", [], ENOENT, "use replace-begin"),
            ("replace-abort", [], ENOENT, "use replace-begin"),
            ("replace-commit", [dev], EINVAL, ""),
            ("replace-abort", [dev], EINVAL, "")):
        table.no(op, *parts, error=error, words=words)
    begin(table)
    for op, parts, error, words in (
            ("replace-begin", [dev, u32(TABLES, IN_EAM)], EBUSY,
             "replace-commit or replace-abort"),
            ("replace-begin", [name(STATEFUL), u32(TABLES, IN_POOL4)], EBUSY,
             "replace-commit or replace-abort"),
            ("replace-add", [], EINVAL, "eam or pool4-entry is required"),
            ("replace-add", [dev, eam()], EINVAL, ""),
            ("replace-add", [one()], EINVAL, "pool4 is not in"),
            ("replace-add", [eam(), one()], EINVAL, "pool4 is not in"),
            ("replace-add", [eam(len4=33)], None, ""),
            ("replace-add", [eam("192.0.2.1", "2001:db8::", 24, 64)], EINVAL,
             "prefix4 has bits"),
            ("replace-add", [eam("127.0.0.1")], EINVAL, "prefix4 has no"),
            ("replace-commit", [u32(TABLES, IN_EAM)], EINVAL, "")):
        table.no(op, *parts, error=error, words=words)
    table.must("replace-abort")
    begin(table, IN_POOL4, STATEFUL)
    for parts, words in (
            ([eam()], "mappings are not"), ([one("192.0.2.1", 33)], "length"),
            ([one("224.0.0.1")], "overlaps"),
            ([one("192.0.2.1", 24)], "bits")):
        table.no("replace-add", *parts, error=EINVAL, words=words)
    table.must("replace-abort")
    if table.all() != before:
        raise Fail("it changed something")


def replaced(link):
    table = fresh(link)
    begin(table)
    good = many(3000)
    stage(table, good)
    if len(mappings(table)) != 1:
        raise Fail("seen before its commit")
    table.must("replace-commit")
    other = ByName(link)
    if len(mappings(table)) != 3000 or len(mappings(other)) != 3000:
        raise Fail("%d mappings" % len(mappings(table)))
    # the old ones are gone, and the table is one like any other
    table.must("eam-add", name(STATELESS), eam(), flags=CREATE)
    table.must("eam-del", name(STATELESS), *good[:1000])
    if len(mappings(table)) != 2001:
        raise Fail("%d mappings" % len(mappings(table)))
    # what is there may be in the new one; in another order
    begin(table)
    stage(table, good[::-1])
    table.must("replace-commit")
    if len(mappings(table)) != 3000:
        raise Fail("%d mappings" % len(mappings(table)))


def emptied(link):
    table = fresh(link)
    begin(table)
    table.must("replace-commit")
    if mappings(table):
        raise Fail("mappings are left")
    begin(table, IN_POOL4, STATEFUL)
    table.must("replace-commit")
    if entries(link):
        raise Fail("pool4 is left: %s" % entries(link))
    if len(table.raw("binding-get", STATEFUL)) != 1:
        raise Fail("not only the static binding is left")
    table.no("replace-commit", error=ENOENT, words="replace-begin")


def pool4_replaced(link):
    table = fresh(link)
    table.must("session-add", name(STATEFUL), session(
        port6=8, port4=8, addr4="192.0.2.2"), flags=CREATE)
    before = table.all()
    begin(table, IN_POOL4, STATEFUL)
    table.must("replace-add", one("192.0.2.2"), *many_entries(100))
    table.must("replace-add", *many_entries(155, 100))
    if table.all() != before:
        raise Fail("seen before its commit")
    table.must("replace-commit")
    # all of them, of which the link shows eight
    have = [attrs(attrs(data)[POOL4_ENTRY])[PREFIX]
            for data in table.raw("pool4-get", STATEFUL)]
    if sorted(have) != sorted(socket.inet_aton(addr) for addr in [
            "192.0.2.2"] + ["10.0.0.%d" % i for i in range(255)]):
        raise Fail("%d entries" % len(have))
    # what is within the new one stays, and what is static
    left = table.all()
    if len(left[0]) != 1 or len(left[1]) != 2:
        raise Fail("%d sessions, %d bindings" % (len(left[0]), len(left[1])))


def aborted(link):
    table = fresh(link)
    before = table.all()
    for tables, dev, parts in ((IN_EAM, STATELESS, many(100)),
                               (IN_POOL4, STATEFUL, many_entries(100))):
        begin(table, tables, dev)
        stage(table, parts)
        table.must("replace-abort")
        for op in "replace-commit", "replace-abort":
            table.no(op, error=ENOENT, words="replace-begin")
    if table.all() != before:
        raise Fail("it changed something")
    begin(table)
    table.must("replace-add", *many(7))
    table.must("replace-commit")
    if len(mappings(table)) != 7:
        raise Fail("%d mappings" % len(mappings(table)))


def all_or_nothing(link):
    """The invalid one of many is reported; its message is discarded, earlier
    messages are kept."""
    table = fresh(link)
    begin(table)
    good = many(1500)
    table.must("replace-add", *good[:500])
    for what, wrong, error in (
            ("there already", good[7], EEXIST),
            ("prefix6 there already", eam("11.0.0.1", "2001:db8:0:1::7"),
             EEXIST),
            ("wrong", eam(len4=1), EINVAL),
            ("the one before", good[999], EEXIST)):
        parts = good[500:1000] + [wrong] + good[1000:]
        offset = table.no("replace-add", *parts, error=error, words="prefix")
        if offset != 20 + 500 * len(good[0]):
            raise Fail("%s: at %d" % (what, offset))
    table.must("replace-add", *good[500:])
    table.must("replace-commit")
    if len(mappings(table)) != 1500:
        raise Fail("%d mappings" % len(mappings(table)))

    begin(table, IN_POOL4, STATEFUL)
    table.must("replace-add", *many_entries(200))
    for parts, error, at in (
            (many_entries(10, 200) + [one("10.0.0.7")], EEXIST, 10),
            ([one("11.0.0.0", 24), one("11.0.0.9")], EEXIST, 1),
            (many_entries(57, 200), E2BIG, 56)):
        offset = table.no("replace-add", *parts, error=error, words="pool4")
        if offset != 20 + at * len(parts[0]):
            raise Fail("pool4: at %d, expected entry %d" % (offset, at))
    table.must("replace-add", *many_entries(56, 200))
    table.must("replace-commit")
    if count(link) != 256:
        raise Fail("%d entries" % count(link))


def two_sockets(link):
    """Each socket has its own stage; the last commit wins."""
    one_, other = fresh(link), ByName(link)
    begin(one_)
    begin(other)
    stage(one_, many(10))
    stage(other, many(20))
    other.must("replace-commit")
    if len(mappings(one_)) != 20:
        raise Fail("%d mappings" % len(mappings(one_)))
    one_.must("replace-commit")
    if len(mappings(one_)) != 10:
        raise Fail("%d mappings" % len(mappings(one_)))


def torn(link):
    """A dump in progress is interrupted, and ends."""
    table, other = fresh(link), ByName(link)
    dev = name(STATELESS)
    for count in 4000, 0:
        begin(other)
        stage(other, many(4000))
        other.must("replace-commit")
        begin(other)
        stage(other, many(count, 20000))
        table.dump(dev, cmd="eam-get")
        table.read()
        other.must("replace-commit")
        table.rest()
        if not table.torn:
            raise Fail("not told, %d entries" % len(table.entries))
        if len(mappings(table)) != count:
            raise Fail("%d mappings" % len(mappings(table)))


def gone(link, how):
    """The device is removed between two messages, or before the commit."""
    for at_commit in False, True:
        table = fresh(link)
        before = mappings(table)
        begin(table)
        stage(table, many(2000))
        back = how(link)
        if not at_commit:
            table.no("replace-add", *many(1, 5000), error=ENODEV,
                     words="device was deleted")
        table.no("replace-commit", error=ENODEV, words="device was deleted")
        # a new device of this name is another one
        back()
        table.no("replace-commit", error=ENODEV, words="device was deleted")
        if mappings(table) != before:
            raise Fail("it changed something")
        begin(table)
        stage(table, many(5))
        table.must("replace-commit")
        if len(mappings(table)) != 5:
            raise Fail("%d mappings" % len(mappings(table)))


def deleted(link):
    link.delete(STATELESS)

    def back():
        table = fresh(link)
        table.sock.close()
    return back


def moved(link):
    """The device is moved to the namespace of a child, which moves it back."""
    ready, tell = os.pipe()
    parent = os.getpid()
    child = os.fork()
    if not child:
        ctypes.CDLL(None).unshare(CLONE_NEWNET)
        os.write(tell, b"x")
        signal.signal(signal.SIGUSR1, lambda *_: None)
        signal.pause()
        got, _ = Link().request(RTM_NEWLINK, 0, STATELESS,
                                u32(IFLA_NET_NS_PID, parent))
        os._exit(got)
    os.read(ready, 1)
    time.sleep(0.2)
    error, message = link.request(RTM_NEWLINK, 0, STATELESS,
                                  u32(IFLA_NET_NS_PID, child))
    if error:
        raise Fail("move: %d, %s" % (error, message))

    def back():
        os.kill(child, signal.SIGUSR1)
        if os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]):
            raise Fail("it did not come back")
    return back


def renamed(link):
    """A renamed device keeps its stage."""
    table = fresh(link)
    begin(table)
    table.must("replace-add", *many(10))
    index = u32(1, socket.if_nametoindex(STATELESS))
    os.system("ip link set %s name other" % STATELESS)
    try:
        table.must("replace-add", *many(10, 10))
        table.must("replace-commit")
        table.must("eam-add", index, eam("11.0.0.1", "2001:db8:9::"),
                  flags=CREATE)
    finally:
        os.system("ip link set other name " + STATELESS)
    if len(mappings(table)) != 21:
        raise Fail("%d mappings" % len(mappings(table)))


def objects():
    """Objects in use in all slab caches that mappings may use. KASAN keeps
    freed objects until the cache is shrunk."""
    for cache in "kmalloc-64", "kmalloc-cg-64":
        path = "/sys/kernel/slab/%s/shrink" % cache
        if os.path.exists(path):
            with open(path, "w", encoding="ascii") as file:
                file.write("1")
    with open("/proc/slabinfo", encoding="ascii") as file:
        return sum(int(line.split()[1]) for line in file
                   if line.startswith(("kmalloc-64 ", "kmalloc-cg-64 ",
                                       "kmalloc-rcl-64 ")))


def memory_back(link, how):
    """Staged entries are freed with their socket, with the device, or on
    request."""
    table = fresh(link)
    before = objects()
    begin(table)
    stage(table, many(STAGED))
    # what others free meanwhile is less than a tenth
    if objects() - before < STAGED * 9 // 10:
        raise Fail("%d objects for %d mappings" % (objects() - before,
                                                   STAGED))
    how(link, table)
    end = time.monotonic() + 20 * SLOW
    while objects() - before > STAGED // 10:
        if time.monotonic() > end:
            raise Fail("%d objects are left" % (objects() - before))
        time.sleep(0.1)


def killed(link, table):
    """The process is killed, which closes its socket."""
    table.must("replace-abort")
    child = os.fork()
    if not child:
        other = ByName(link)
        begin(other)
        stage(other, many(STAGED))
        os.kill(os.getpid(), signal.SIGKILL)
    os.waitpid(child, 0)


def who_may(link):
    table = fresh(link)
    begin(table)

    def bad():
        other, count = ByName(link), 0
        for op, parts in (("replace-begin", [name(STATELESS),
                                             u32(TABLES, IN_EAM)]),
                          ("replace-add", [eam()]), ("replace-commit", []),
                          ("replace-abort", [])):
            count += other.ask(op, *parts)[0] != EPERM
            # nor by a socket of somebody who may
            count += table.ask(op, *parts)[0] != EPERM
        return count

    if unprivileged(bad):
        raise Fail("a user without CAP_NET_ADMIN may")


def other_namespace(link):
    """A socket of another namespace with the same port id is unrelated."""
    table = fresh(link)
    port = table.port
    begin(table)
    stage(table, many(10))
    child = os.fork()
    if not child:
        ctypes.CDLL(None).unshare(CLONE_NEWNET)
        sys.stdout = open(os.devnull, "w", encoding="ascii")
        other = ByName(Link(), port)
        os._exit(other.ask("replace-commit")[0] != ENOENT)
    if os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]):
        raise Fail("the other has what this one began")
    table.must("replace-commit")
    if len(mappings(table)) != 10:
        raise Fail("%d mappings" % len(mappings(table)))


def at_once(link):
    """Many sockets begin, add, commit and close concurrently."""
    fresh(link)
    children = []
    for number in range(6):
        child = os.fork()
        if not child:
            for step in range(20):
                table = ByName(link)
                begin(table)
                stage(table, many(500 + number), 100)
                if step % 3 == 0:
                    table.must("replace-commit")
                table.sock.close()
            os._exit(0)
        children.append(child)
    for child in children:
        if os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]):
            raise Fail("one failed")
    count = len(mappings(ByName(link)))
    if not 500 <= count < 506:
        raise Fail("%d mappings" % count)


def main():
    alone()
    link = Link()
    tests = [
        ("refused", lambda: refused(link)),
        ("mappings are replaced", lambda: replaced(link)),
        ("an empty commit empties", lambda: emptied(link)),
        ("pool4 is replaced", lambda: pool4_replaced(link)),
        ("aborted", lambda: aborted(link)),
        ("a message is all or nothing", lambda: all_or_nothing(link)),
        ("two sockets", lambda: two_sockets(link)),
        ("a dump is told", lambda: torn(link)),
        ("the device is deleted", lambda: gone(link, deleted)),
        ("the device is moved, and comes back", lambda: gone(link, moved)),
        ("the device is renamed", lambda: renamed(link)),
        ("memory: the socket is closed", lambda: memory_back(
            link, lambda _, table: table.sock.close())),
        ("memory: the process is killed", lambda: memory_back(link, killed)),
        ("memory: aborted", lambda: memory_back(
            link, lambda _, table: table.must("replace-abort"))),
        ("memory: the device is deleted", lambda: memory_back(
            link, lambda link, _: link.delete(STATELESS))),
        ("memory: committed, and replaced again", lambda: memory_back(
            link, lambda link, table: (table.must("replace-commit"),
                                       begin(table),
                                       table.must("replace-commit")))),
        ("refused: users without CAP_NET_ADMIN", lambda: who_may(link)),
        ("a socket of another namespace", lambda: other_namespace(link)),
        ("many at once", lambda: at_once(link)),
    ]

    sys.exit(run_tests(tests))


if __name__ == "__main__":
    main()
