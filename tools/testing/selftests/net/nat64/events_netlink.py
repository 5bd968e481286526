#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0
"""Events over generic netlink, field by field: what the records of RFC 8158
need, with the numbers that it gives to events and quotas.

Packets are given to a device that is alone in a network namespace. KTAP on
standard output.
"""
import socket
import struct
import subprocess
import sys
import time

sys.dont_write_bytecode = True
from netlink import (attrs, ip4, nest, number, u8, u32, Fail, Family, Link,
                     SLOW)
from ktap import alone, run_tests
from eam_netlink import name
from link_netlink import (pool6, ports, ENTRY, LEN, LIMITS, MAX_BINDINGS,
                          MAX_SESSIONS, MAX_TOTAL, NONE, POOL4, PREFIX, SOURCE)
from state_netlink import (session, State, ADDR4, ADDR6, BINDING, B_FLUSH,
                           EXPIRES, ICMP, PORT4, PORT6, PROTO, REMOTE4,
                           REMOTE6, RPORT, SESSION, STATE, S_ADD, TCP, UDP)

BINDING_NTF, SESSION_NTF, EXHAUSTED_NTF = 14, 15, 16
IFINDEX, IFNAME, EVENT, TIME, EXHAUSTED = 1, 2, 8, 9, 11
CAUSE, BEGAN, SEQ, PORTID = range(13, 17)
B_STATIC, B_SESSIONS = 6, 7
X_PROTO, X_ADDR6, X_QUOTA, X_COUNT = range(1, 5)
# natEvent, RFC 8158 section 4.3
ADDRESSES, PORTS, QUOTA = 3, 12, 13
SESSION_NEW, SESSION_END, BINDING_NEW, BINDING_END = 6, 7, 10, 11
# natQuotaExceededEvent, section 4.4
Q_SESSIONS, Q_SUBSCRIBER = 1, 3

HOST, HOST_B, PEER, PEER_B = ("2001:db8:1::10", "2001:db8:1::20",
                              "198.51.100.5", "198.51.100.9")
PEER6, PEER6_B = ("2001:db8:64::c633:6405", "2001:db8:64::c633:6409")
T, U = "192.0.2.1", "192.0.2.2"
PROTOS = [("UDP", UDP, 300), ("TCP", TCP, 240), ("ICMP", ICMP, 60)]


def v6(text):
    return socket.inet_pton(socket.AF_INET6, text)


def be16(number):
    return struct.pack(">H", number)


def host32(number):
    return struct.pack("=I", number)


def transport(proto, sport, dport, six):
    """A UDP, TCP SYN or ICMP echo request packet; checksums are not
    verified."""
    if proto == UDP:
        return struct.pack(">HHHH", sport, dport, 8, 1)
    if proto == TCP:
        return struct.pack(">HHIIBBHHH", sport, dport, 1, 0, 0x50, 2, 1000,
                           1, 0)
    return struct.pack(">BBHHH", 128 if six else 8, 0, 1, sport if six else
                       dport, 1)


def checksum(header):
    total = sum(struct.unpack(">10H", header))
    while total >> 16:
        total = (total & 0xffff) + (total >> 16)
    return ~total & 0xffff


def packet6(proto, src=HOST, sport=5000, dst=PEER6, dport=53):
    data = transport(proto, sport, dport, True)
    return struct.pack(">IHBB", 6 << 28, len(data),
                       58 if proto == ICMP else proto, 64) + v6(src) + \
        v6(dst) + data


def packet4(proto, dst, dport, src=PEER_B, sport=99):
    data = transport(proto, sport, dport, False)
    header = struct.pack(">BBHIBBH", 0x45, 0, 20 + len(data), 0, 64, proto,
                         0) + socket.inet_aton(src) + socket.inet_aton(dst)
    return header[:10] + be16(checksum(header)) + header[12:] + data


class Device:
    """n0, and a socket that listens to all groups. No event is lost."""

    def __init__(self, link, *data, pool=((T, 2000, 2000),)):
        link.delete()
        entries = [nest(ENTRY, ip4(PREFIX, addr), u8(LEN, 32),
                        ports(low, high)) for addr, low, high in pool]
        error, message = link.add(pool6(), nest(POOL4, *entries) if pool
                                  else u32(SOURCE, NONE), *data)
        if error:
            raise Fail("no device: %d %s" % (error, message))
        # thresholds are events of the group, too
        subprocess.run(["ip", "link", "set", "n0", "up", "type", "nat64",
                        "pool4-high-threshold", "0"], check=True)
        self.link, self.index = link, socket.if_nametoindex("n0")
        self.table = State()
        self.raw = socket.socket(socket.AF_PACKET, socket.SOCK_DGRAM)
        self.listener = Family().listen("binding", "session", "exhaustion")
        self.begin = time.time()
        self.seq = {}

    def send(self, packet):
        self.raw.sendto(packet, ("n0", 0x86dd if packet[0] >> 4 == 6 else
                                 0x0800))

    def event(self, cmd, code, kind):
        """The attributes of the next event, which must have these numbers."""
        self.listener.sock.settimeout(40 * SLOW)
        try:
            message = self.listener.receive()[0]
        except TimeoutError:
            raise Fail("no event %d" % code) from None
        top = message.attrs
        if message.cmd != cmd or top[EVENT] != host32(code):
            raise Fail("command %d, event %s, not %d, %d" %
                       (message.cmd, top[EVENT].hex(), cmd, code))
        if top[IFINDEX] != host32(self.index) or top[IFNAME] != b"n0\0":
            raise Fail("device %s" % top[IFNAME])
        when = number(top[TIME]) / 1000
        if not self.begin - 0.1 <= when <= time.time() + 0.1:
            raise Fail("time %f, now %f" % (when, time.time()))
        seq = self.seq.setdefault(cmd, number(top[SEQ]))
        if number(top[SEQ]) != seq:
            raise Fail("seq %d, not %d" % (number(top[SEQ]), seq))
        self.seq[cmd] += 1
        # the requester, in the header too
        self.portid = number(top.get(PORTID, b""))
        if message.port != self.portid:
            raise Fail("nlmsg_pid %d, portid %d" % (message.port,
                                                    self.portid))
        self.top = top
        self.life(code)
        return attrs(top[kind])

    def life(self, code):
        """Only end events have a cause, all but exhaustion events have a start
        time."""
        if (CAUSE in self.top) != (code in (SESSION_END, BINDING_END)):
            raise Fail("event %d, cause %s" % (code, self.top.get(CAUSE)))
        if (BEGAN in self.top) != (code in (SESSION_NEW, SESSION_END,
                                            BINDING_NEW, BINDING_END)):
            raise Fail("event %d, began %s" % (code, self.top.get(BEGAN)))
        if code in (SESSION_NEW, BINDING_NEW):
            age = number(self.top[TIME]) - number(self.top[BEGAN])
            if not 0 <= age < 1000 + 100 * SLOW:
                raise Fail("began %d ms before it was made" % age)

    def silence(self):
        self.listener.sock.setblocking(False)
        try:
            message = self.listener.receive()[0]
            raise Fail("another event: %s" % message.body.hex())
        except BlockingIOError:
            pass


def expect(what, fields, wanted, *absent):
    for kind, value in wanted.items():
        if fields.get(kind) != value:
            raise Fail("%s: field %d is %s, not %s" % (
                what, kind, fields.get(kind), value))
    for kind in absent:
        if kind in fields:
            raise Fail("%s: field %d" % (what, kind))


def flow(proto, remote=PEER, rport=53, remote6=PEER6):
    """The expected fields of the records of a session and of its binding."""
    common = {PROTO: bytes([proto]), ADDR6: v6(HOST), PORT6: be16(5000),
              ADDR4: socket.inet_aton(T), PORT4: be16(2000)}
    full = dict(common)
    full[REMOTE4] = socket.inet_aton(remote)
    full[REMOTE6] = v6(remote6)
    if proto != ICMP:
        full[RPORT] = be16(rport)
    return common, full


def lives(fields, least, most):
    left = struct.unpack("=I", fields[EXPIRES])[0]
    if not least <= left <= most:
        raise Fail("expires %d" % left)


def session_events(link, proto, timeout):
    """Flows started from IPv6 and from IPv4, and their end."""
    device = Device(link)
    common, full = flow(proto)
    device.send(packet6(proto))
    fields = device.event(BINDING_NTF, BINDING_NEW, BINDING)
    expect("binding", fields, {**common, B_SESSIONS: host32(0)}, B_STATIC)
    fields = device.event(SESSION_NTF, SESSION_NEW, SESSION)
    state = [RPORT, STATE] if proto == ICMP else [STATE]
    if proto == TCP:
        full[STATE] = fields.get(STATE)
        state = []
        if not full[STATE]:
            raise Fail("no state")
    expect("session", fields, full, *state)
    lives(fields, timeout - 1 - SLOW, timeout)
    # A repetition is no event.
    device.send(packet6(proto))
    device.send(packet4(proto, T, 2000, PEER, 53))
    device.silence()
    device.send(packet4(proto, T, 2000))
    second = flow(proto, PEER_B, 99, PEER6_B)[1]
    fields = device.event(SESSION_NTF, SESSION_NEW, SESSION)
    expect("session of IPv4", fields, second)
    device.silence()
    device.table.must(B_FLUSH, name())
    ends = [device.event(SESSION_NTF, SESSION_END, SESSION)
            for _ in range(2)]
    ends.sort(key=lambda fields: fields[REMOTE4])
    full.pop(STATE, None)
    expect("session's end", ends[0], full)
    expect("session's end", ends[1], second)
    expect("binding's end", device.event(BINDING_NTF, BINDING_END, BINDING),
           common)
    device.silence()


def expiry(link):
    """Events of entries that expire."""
    device = Device(link)
    device.table.must(S_ADD, name(), session(
        UDP, HOST, 5000, T, 2000, remote=PEER, rport=53,
        more=[u32(EXPIRES, 1)]))
    common, full = flow(UDP)
    device.event(BINDING_NTF, BINDING_NEW, BINDING)
    device.event(SESSION_NTF, SESSION_NEW, SESSION)
    fields = device.event(SESSION_NTF, SESSION_END, SESSION)
    expect("session's end", fields, full)
    lives(fields, 0, 0)
    expect("binding's end", device.event(BINDING_NTF, BINDING_END, BINDING),
           common)
    device.silence()


def made(device, count=1):
    """Events other than refusals."""
    for _ in range(count):
        device.event(BINDING_NTF, BINDING_NEW, BINDING)
        device.event(SESSION_NTF, SESSION_NEW, SESSION)


def refused(device, code, proto, host=HOST, quota=None, count=1):
    fields = device.event(EXHAUSTED_NTF, code, EXHAUSTED)
    wanted = {X_PROTO: bytes([proto]), X_ADDR6: v6(host),
              X_COUNT: host32(count)}
    if quota:
        expect("refusal", fields, {**wanted, X_QUOTA: host32(quota)})
    else:
        expect("refusal", fields, wanted, X_QUOTA)
    device.silence()


def full(link, proto):
    """Two addresses of one port each: the third host gets none. The device, and
    the time before that."""
    device = Device(link, pool=((T, 2000, 2000), (U, 2000, 2000)))
    for host in HOST, HOST_B:
        device.send(packet6(proto, host))
    made(device, 2)
    before = time.monotonic()
    device.send(packet6(proto, "2001:db8:1::30"))
    refused(device, ADDRESSES, proto, "2001:db8:1::30")
    return device, before


def addresses(link, proto):
    device, before = full(link, proto)
    if proto != UDP:
        return
    # Those of the same second are told of with the next. A busy machine may
    # have needed longer.
    device.send(packet6(proto, "2001:db8:1::30"))
    while time.monotonic() > before + 0.9:
        device, before = full(link, proto)
        device.send(packet6(proto, "2001:db8:1::30"))
    device.silence()
    time.sleep(1.1)
    device.send(packet6(proto, "2001:db8:1::40"))
    refused(device, ADDRESSES, proto, "2001:db8:1::40", count=2)


def no_pool(link, proto):
    """pool4 is empty and the host has no address."""
    device = Device(link, pool=())
    device.send(packet6(proto))
    refused(device, ADDRESSES, proto)


def address_full(link, proto):
    """The subscriber's address has no free port, another address has."""
    device = Device(link, pool=((T, 2000, 2000), (U, 2000, 2000)))
    device.send(packet6(proto))
    made(device)
    device.send(packet6(proto, sport=5001))
    refused(device, PORTS, proto)


def bindings(link, proto):
    device = Device(link, nest(LIMITS, u32(MAX_BINDINGS, 1)),
                    pool=((T, 2000, 2009),))
    device.send(packet6(proto))
    made(device)
    device.send(packet6(proto, sport=5001))
    refused(device, QUOTA, proto, quota=Q_SUBSCRIBER)


def sessions(link, proto):
    device = Device(link, nest(LIMITS, u32(MAX_SESSIONS, 1)))
    device.send(packet6(proto))
    made(device)
    device.send(packet6(proto, dst=PEER6_B))
    refused(device, QUOTA, proto, quota=Q_SUBSCRIBER)


def all_sessions(link, proto):
    """Sessions are refused to senders from IPv6 and to senders to a binding."""
    for six in True, False:
        device = Device(link, nest(LIMITS, u32(MAX_TOTAL, 1)))
        device.send(packet6(proto))
        made(device)
        device.send(packet6(proto, dst=PEER6_B) if six else
                    packet4(proto, T, 2000))
        refused(device, QUOTA, proto, quota=Q_SESSIONS)


def main():
    alone()
    link = Link()
    tests = [("R8158-4.3-a,R8158-4.6-a bindings and sessions, " + what,
              lambda p=proto, t=timeout: session_events(link, p, t))
             for what, proto, timeout in PROTOS]
    tests.append(("R8158-4.3-a,R8158-4.6-a a session's time is over",
                  lambda: expiry(link)))
    for what, run in (
            ("R8158-4.3-a,R8158-4.6-a addresses exhausted", addresses),
            ("R8158-4.3-a,R8158-4.6-a no address at all", no_pool),
            ("R8158-4.3-a,R8158-4.6-a ports exhausted", address_full),
            ("R8158-4.4-a,R8158-4.6-a bindings of a subscriber", bindings),
            ("R8158-4.4-a,R8158-4.6-a sessions of a subscriber", sessions),
            ("R8158-4.4-a,R8158-4.6-a sessions of the device",
             all_sessions)):
        tests += [("%s, %s" % (what, word),
                   lambda r=run, p=proto: r(link, p))
                  for word, proto, _ in PROTOS]

    sys.exit(run_tests(tests))


if __name__ == "__main__":
    main()
