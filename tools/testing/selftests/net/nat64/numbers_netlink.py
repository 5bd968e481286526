#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0
"""Statistics over generic netlink: requests that nat64(8) never sends, and
attributes that it does not print.

Invalid requests fail with a message; the numbers of counters never change;
dumps read with small buffers are complete; an unprivileged socket gets only
data that does not identify anybody. KTAP on standard output.
"""
import os
import sys

sys.dont_write_bytecode = True
from netlink import (attr, attrs, ip6, nest, number, u8, u32, Fail,
                     Family, Link, EINVAL, ENODEV, ENOENT, EOPNOTSUPP, EPERM)
from ktap import alone, run_tests, unprivileged
from eam_netlink import index, name, Table, IFINDEX, IFNAME
from link_netlink import entry, pool6, ports, MODE, POOL4

POOL4_GET, POOL4_ADD = 13, 17
FILTER, POOL4_ENTRY = 7, 12
PREFIX6, SUB_LEN6 = 1, 2


def numbers():
    """Numbers of attributes and commands, from the header. Those of counters
    are listed below, because they must never change."""
    path = os.path.join(os.path.dirname(os.path.abspath(__file__)),
                        "../../../../../include/uapi/linux/nat64_netlink.h")
    found, value = {}, 0
    with open(path, encoding="ascii") as header:
        for line in header:
            words = line.split("=")
            key = words[0].strip().rstrip(",")
            if line.startswith("enum"):
                value = 0
            elif line.startswith("\tNAT64_") and not key.endswith("_MAX"):
                if len(words) > 1:
                    value = int(words[1].strip().rstrip(","))
                found[key] = value
                value += 1
    return found


A = numbers()
STATS_GET = A["NAT64_CMD_STATS_GET"]
TABLE_GET = A["NAT64_CMD_TABLE_GET"]
SUBSCRIBER_GET = A["NAT64_CMD_SUBSCRIBER_GET"]
ADDRESS_GET = A["NAT64_CMD_ADDRESS_GET"]
STATS, TABLE = A["NAT64_A_STATS"], A["NAT64_A_TABLE"]
SUBSCRIBER = A["NAT64_A_SUBSCRIBER"]
POOL4_USE = A["NAT64_A_POOL4_USE"]
MIN_BINDINGS = A["NAT64_A_FILTER_MIN_BINDINGS"]
MIN_SESSIONS = A["NAT64_A_FILTER_MIN_SESSIONS"]

# Never changed; new ones are appended.
COUNTERS = """
pad malformed no-memory backlog-full segmentation-failed reassembly-failed
illegal-source illegal-destination source-in-pool6 untranslatable-address
wkp-not-global source-route routing-header header-after-fragment
unsupported-protocol igmp too-big udp-zero-checksum icmp-type icmp-fragment
icmp-checksum icmp-quote icmp-error-no-session pool4-empty pool4-exhausted
address-exhausted max-bindings max-sessions max-total-sessions no-binding-udp
no-binding-tcp no-binding-icmp tcp-flags tcp-no-session tcp-syn-unanswered
tcp-syn-crossed tcp-syn-again tcp-syn-store-full tcp-external tcp-filtered
filtered icmpv6-info
ipv6-extension-protocol loop
""".split()


def one(text="192.0.2.1", length=32, *more):
    return nest(POOL4_ENTRY, entry(text, length, *more)[4:])


def subscriber(text="2001:db8::", length=None, *more):
    parts = [ip6(PREFIX6, text)]
    if length is not None:
        parts.append(u8(SUB_LEN6, length))
    return nest(SUBSCRIBER, *parts, *more)


def where(*parts):
    return nest(FILTER, *parts)


def add(link, device, *data):
    error, message = link.add(*data, name=device)
    if error:
        raise Fail("%s: %d, %s" % (device, error, message))


# The kernel makes messages as large as the largest buffer that was read by.
SMALL = 4096


def fresh(link, size=65536):
    link.delete()
    add(link, "n0", pool6(), nest(POOL4, entry("198.51.100.1")))
    return Numbers(size)


class Numbers(Family):
    """Dumps of all kinds, in the order of the reply."""
    flags = Table.flags


def answers(table, cmd, *parts):
    """(error, entries as attributes, interrupted)"""
    table.dump(*parts, cmd=cmd)
    table.rest()
    return table.done, table.entries, table.torn


def get(table, cmd, *parts):
    answer = table.must(cmd, *parts)
    if not answer:
        raise Fail("command %d: no answer" % cmd)
    return answer


# name, command, attributes, error, words of the message
REFUSED = [
    ("stats: no device", STATS_GET, [], EINVAL, "ifindex or ifname"),
    ("stats: two devices", STATS_GET, [name(), u32(IFINDEX, 1)], EINVAL,
     "ifindex or ifname"),
    ("stats: no such device", STATS_GET, [name("n1")], ENODEV,
     "no such device"),
    ("stats: no such index", STATS_GET, [u32(IFINDEX, 4711)], ENODEV,
     "no such device"),
    ("stats: device of another kind", STATS_GET, [name("lo")], EOPNOTSUPP,
     "not a nat64 device"),
    ("stats: ifname twice", STATS_GET, [name(), name()], EINVAL, "twice"),
    ("stats: unknown attribute", STATS_GET, [name(), u32(FILTER, 1)], EINVAL,
     ""),
    ("stats: attribute of the answer", STATS_GET, [name(), nest(STATS)],
     EINVAL, ""),
    ("table: no device", TABLE_GET, [], EINVAL, "ifindex or ifname"),
    ("table: device of another kind", TABLE_GET, [name("lo")], EOPNOTSUPP,
     "not a nat64 device"),
    ("table: ifindex of 2 bytes", TABLE_GET, [attr(IFINDEX, b"ab")], None,
     ""),
    ("subscriber: none", SUBSCRIBER_GET, [name()], EINVAL,
     "subscriber is required"),
    ("subscriber: without prefix6", SUBSCRIBER_GET, [name(), nest(
        SUBSCRIBER, u8(SUB_LEN6, 64))], EINVAL, "prefix6 is required"),
    ("subscriber: empty", SUBSCRIBER_GET, [name(), nest(SUBSCRIBER)], EINVAL,
     "prefix6 is required"),
    ("subscriber: not a nest", SUBSCRIBER_GET, [name(), attr(
        SUBSCRIBER, subscriber()[4:])], EINVAL, ""),
    ("subscriber: prefix6 of 15 bytes", SUBSCRIBER_GET, [name(), nest(
        SUBSCRIBER, attr(PREFIX6, bytes(15)))], None, ""),
    ("subscriber: len6 0", SUBSCRIBER_GET, [name(), subscriber("::", 0)],
     None, ""),
    ("subscriber: len6 129", SUBSCRIBER_GET, [name(), subscriber(
        "2001:db8::", 129)], None, ""),
    ("subscriber: bits beyond", SUBSCRIBER_GET, [name(), subscriber(
        "2001:db8::1", 64)], EINVAL, "beyond len6"),
    ("subscriber: twice", SUBSCRIBER_GET, [name(), subscriber(),
                                           subscriber()], EINVAL,
     "subscriber is given twice"),
    ("subscriber: prefix6 twice", SUBSCRIBER_GET, [name(), subscriber(
        "2001:db8::", 64, ip6(PREFIX6, "2001:db8::"))], EINVAL,
     "subscriber has a duplicate attribute"),
    ("subscriber: with bindings", SUBSCRIBER_GET, [name(), subscriber(
        "2001:db8::", 64, u32(4, 1))], EINVAL, "only prefix6 and len6"),
    ("subscriber: with a filter", SUBSCRIBER_GET, [
        name(), subscriber(), where(u32(MIN_BINDINGS, 1))], EINVAL, ""),
    ("subscriber: not there", SUBSCRIBER_GET, [name(), subscriber(
        "2001:db8::", 64)], ENOENT, "no such subscriber"),
    ("pool4: no entry", POOL4_GET, [name()], EINVAL,
     "pool4-entry is required"),
    ("pool4: two entries", POOL4_GET, [name(), one("198.51.100.1"), one(
        "198.51.100.1")], EINVAL, "pool4-entry is given twice"),
    ("pool4: entry without a length", POOL4_GET, [name(), nest(
        POOL4_ENTRY, entry("198.51.100.1")[4:12])], EINVAL, "length"),
    ("pool4: not there", POOL4_GET, [name(), one("198.51.100.2")], ENOENT,
     "no such entry"),
    ("pool4: a part of one", POOL4_GET, [name(), one(
        "198.51.100.1", 32, ports(1, 2))], ENOENT, "no such entry"),
    ("pool4: wrong length", POOL4_GET, [name(), one("198.51.100.1", 33)],
     EINVAL, "length"),
    ("address: no dump", ADDRESS_GET, [name()], EOPNOTSUPP, ""),
]

# The same for dumps
REFUSED_DUMPS = [
    ("stats: two devices", STATS_GET, [name(), u32(IFINDEX, 1)], EINVAL),
    ("stats: no such device", STATS_GET, [name("n1")], ENODEV),
    ("stats: device of another kind", STATS_GET, [name("lo")], EOPNOTSUPP),
    ("stats: unknown attribute", STATS_GET, [u32(FILTER, 1)], EINVAL),
    ("table: ifname twice", TABLE_GET, [name(), name()], EINVAL),
    ("subscriber: no device", SUBSCRIBER_GET, [], EINVAL),
    ("subscriber: a subscriber", SUBSCRIBER_GET, [name(), subscriber()],
     EINVAL),
    ("subscriber: filter by proto", SUBSCRIBER_GET, [name(), where(u8(
        1, 17))], EINVAL),
    ("subscriber: filter by addr4", SUBSCRIBER_GET, [name(), where(u32(
        5, 0))], EINVAL),
    ("subscriber: filter by state", SUBSCRIBER_GET, [name(), where(u32(
        11, 1))], EINVAL),
    ("subscriber: length without a prefix", SUBSCRIBER_GET, [name(), where(
        u8(3, 64))], EINVAL),
    ("subscriber: bits beyond", SUBSCRIBER_GET, [name(), where(
        ip6(2, "2001:db8::1"), u8(3, 64))], EINVAL),
    ("subscriber: min-bindings of 8 bytes", SUBSCRIBER_GET, [name(), where(
        attr(MIN_BINDINGS, bytes(8)))], None),
    ("binding: min-bindings", 7, [name(), where(u32(MIN_BINDINGS, 1))],
     EINVAL),
    ("session: min-sessions", 11, [name(), where(u32(MIN_SESSIONS, 1))],
     EINVAL),
    ("pool4: an entry", POOL4_GET, [name(), one()], EINVAL),
    ("pool4: no device", POOL4_GET, [], EINVAL),
    ("address: an entry", ADDRESS_GET, [name(), one()], EINVAL),
]


def refused(link, cmd, parts, error, words):
    fresh(link).must_refuse(cmd, parts, error, words)


def refused_dump(link, cmd, parts, error):
    got, entries, _ = answers(fresh(link), cmd, *parts)
    if not got or (error and got != error) or entries:
        raise Fail("error %d, %d entries" % (got, len(entries)))


def counter_numbers(link):
    stats = attrs(get(fresh(link), STATS_GET, name())[STATS])
    stats.pop(1, None)
    if sorted(stats) != list(range(2, len(COUNTERS) + 1)):
        raise Fail(str(sorted(stats)))
    if any(len(value) != 8 for value in stats.values()):
        raise Fail("not all are of 64 bits")
    for at, text in enumerate(COUNTERS, 1):
        key = "NAT64_A_COUNTER_" + text.replace("-", "_").upper()
        if A.get(key) != at:
            raise Fail("%s is %s, and was %d" % (key, A.get(key), at))


def by_index(link):
    table = fresh(link)
    by_name, same = get(table, STATS_GET, name()), get(table, STATS_GET,
                                                       index())
    if by_name != same or same[IFNAME] != b"n0\0":
        raise Fail("%s and %s" % (by_name, same))
    error, got, _ = answers(table, TABLE_GET, index())
    if error or len(got) != 1:
        raise Fail("dump of one: error %d, %d" % (error, len(got)))


def many_devices(link):
    """A dump with small buffers has every device once, ordered by ifindex."""
    fresh(link)
    names = ["d%d" % i for i in range(150)]
    try:
        for device in names:
            add(link, device, pool6(), *[u32(MODE, 1)][:len(device) % 2])
        for cmd in STATS_GET, TABLE_GET:
            for size in SMALL, 65536:
                error, got, torn = answers(Numbers(size), cmd)
                found = [attrs(one)[IFNAME][:-1].decode() for one in got]
                where_ = [number(attrs(one)[IFINDEX]) for one in got]
                if error or torn or found != ["n0"] + names or \
                        where_ != sorted(where_):
                    raise Fail("error %d, %d of them" % (error, len(found)))
    finally:
        for device in names:
            link.delete(device)


def devices_go(link):
    """Permanent devices appear once while others are deleted."""
    table = fresh(link, SMALL)
    names = ["d%d" % i for i in range(100)]
    for device in names:
        add(link, device, pool6())
    # a buffer that has room for few, so that the kernel waits for us
    table.dump(cmd=STATS_GET)
    table.read()
    for device in names[::2]:
        link.delete(device)
    table.rest()
    found = [attrs(data)[IFNAME][:-1].decode() for data in table.entries]
    for device in names[1::2]:
        link.delete(device)
    if len(set(found)) != len(found):
        raise Fail("twice: %s" % found)
    if set(["n0"] + names[1::2]) - set(found):
        raise Fail("missing: %s" % (set(names[1::2]) - set(found)))


def all_entries(link):
    """Dump 256 entries with small buffers, and get a single one."""
    table = fresh(link, SMALL)
    entries = [one("10.0.%d.0" % i, 24, ports(1 + i, 60000), u8(5, 17),
                   u32(6, 1 + i)) for i in range(255)]
    table.must(POOL4_ADD, name(), *entries)
    error, got, torn = answers(table, POOL4_GET, name())
    if error or torn or len(got) != 256:
        raise Fail("error %d, %d of them" % (error, len(got)))
    if [nest(POOL4_ENTRY, attrs(one_)[POOL4_ENTRY]) for one_ in got[1:]] != \
            entries:
        raise Fail("others, or in another order")
    answer = get(table, POOL4_GET, name(), entries[200])
    if answer != attrs(got[201]):
        raise Fail("%s is not %s" % (answer, attrs(got[201])))
    use = attrs(answer[POOL4_USE])
    total = A["NAT64_A_POOL4_USE_TOTAL"]
    if number(use[total]) != 256 * (60000 - 200):
        raise Fail("total %d" % number(use[total]))


def pool4_changes(link):
    """A change of pool4 interrupts a dump, other settings do not."""
    table = fresh(link, SMALL)
    table.must(POOL4_ADD, name(), *[one("10.0.%d.0" % i, 24)
                                    for i in range(255)])
    changes = [(True, lambda: Numbers().must(POOL4_ADD + 1, name(),
                                           one("10.0.0.0", 24))),
               (False, lambda: link.set(u32(A_LOWEST, 1300)))]
    for wanted, change in changes:
        table.dump(name(), cmd=POOL4_GET)
        table.read()
        change()
        table.rest()
        if table.torn != wanted:
            raise Fail("interrupted: %s, not %s" % (table.torn, wanted))


# IFLA_NAT64_LOWEST_IPV6_MTU
A_LOWEST = 6


def nobody(link):
    """An unprivileged socket gets only data that identifies nobody."""
    fresh(link)

    def run():
        table = Numbers()
        for cmd in STATS_GET, TABLE_GET:
            get(table, cmd, name())
            error, got, _ = answers(table, cmd)
            if error or len(got) != 1:
                raise Fail("dump: %d, %d" % (error, len(got)))
        for cmd, parts in ((SUBSCRIBER_GET, [subscriber()]),
                           (POOL4_GET, [one("198.51.100.1")]),
                           (POOL4_ADD, [one("198.51.100.9")])):
            table.must_refuse(cmd, [name(), *parts], EPERM, "")
        for cmd in SUBSCRIBER_GET, POOL4_GET, ADDRESS_GET:
            error, got, _ = answers(table, cmd, name())
            if error != EPERM or got:
                raise Fail("dump %d: %d" % (cmd, error))

    if unprivileged(run):
        raise Fail("see above")


def main():
    alone()
    link = Link()
    tests = [("refused: " + what, lambda c=cmd, p=parts, e=error, w=words:
              refused(link, c, p, e, w))
             for what, cmd, parts, error, words in REFUSED]
    tests += [("dump refused: " + what, lambda c=cmd, p=parts, e=error:
               refused_dump(link, c, p, e))
              for what, cmd, parts, error in REFUSED_DUMPS]
    tests += [("counters have the numbers that they always had",
               lambda: counter_numbers(link)),
              ("a device by name and by index", lambda: by_index(link)),
              ("151 devices", lambda: many_devices(link)),
              ("devices go while they are dumped", lambda: devices_go(link)),
              ("256 entries of pool4", lambda: all_entries(link)),
              ("pool4 changes while it is dumped",
               lambda: pool4_changes(link)),
              ("an unprivileged socket", lambda: nobody(link))]

    sys.exit(run_tests(tests))


if __name__ == "__main__":
    main()
