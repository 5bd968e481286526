#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0
"""Packet sockets on the router keep clones of packets that are translated.

	capture.py ID

A packet socket without a ring keeps a clone, which shares its bytes with the
packet that goes on. They are read only after all packets have arrived, so a
translator that writes to what it does not own shows: the clone taken before it
would be of the other family, or a mixture of both. ID is as for mapping.py.
"""

import random
import socket
import sys

from mapping import C6, NAMES, PORT, S4, S6, check, same, tcp, udp
from traffic import LONG, exchange, socket_in

ETH_P_ALL = 3
ETH_P_ARP = 0x0806
OUTGOING = 4
COUNT = 20


def tap(dev):
    sock = socket_in(NAMES["router"], socket.SOCK_DGRAM, None, 0,
                     socket.htons(ETH_P_ALL), socket.AF_PACKET)
    sock.setsockopt(socket.SOL_SOCKET, 33, 16 << 20)  # SO_RCVBUFFORCE
    sock.bind((dev, ETH_P_ALL))
    sock.setblocking(False)
    return sock


def held(sock, protocol):
    """(direction, family, packet) of all captured packets of the protocol."""
    found = []
    while True:
        try:
            data, where = sock.recvfrom(1 << 17)
        except BlockingIOError:
            return found
        if where[1] == ETH_P_ARP:
            continue
        version = data[0] >> 4
        if version not in (4, 6):
            raise AssertionError("version %d on %s" % (version, where[0]))
        same(where[1], 0x0800 if version == 4 else 0x86dd,
             "protocol of version %d" % version)
        if data[9 if version == 4 else 6] == protocol:
            way = "out" if where[2] == OUTGOING else "in"
            found.append((way, version, data))


def addresses(version, data):
    if version == 6:
        return [socket.inet_ntop(socket.AF_INET6, data[at:at + 16])
                for at in (8, 24)]
    return [socket.inet_ntoa(data[at:at + 4]) for at in (12, 16)]


def payload_of(version, data):
    return data[(40 if version == 6 else 20) + 8:]


def check_way(packets, way, version, source, to, payloads):
    got = [data for w, v, data in packets if (w, v) == (way, version)]
    same(len(got), len(payloads), "IPv%d packets %s" % (version, way))
    for data, expected in zip(got, payloads):
        seen = addresses(version, data)
        for address, wanted in zip(seen, (source, to)):
            check(address.startswith(wanted), "IPv%d %s: %s" %
                  (version, way, seen))
        check(payload_of(version, data) == expected, "payload changed")


def udp_clones():
    taps = [tap(dev) for dev in ("c0", "nat64", "s0")]
    one, two = udp("client", C6), udp("server", S4, PORT)
    ups, downs = [], []
    for _ in range(COUNT):
        ups.append(random.randbytes(1000))
        downs.append(random.randbytes(1000))
        one.sendto(ups[-1], (S6, PORT))
        data, peer = two.recvfrom(2000)
        same(data, ups[-1], "request")
        two.sendto(downs[-1], peer)
        same(one.recv(2000), downs[-1], "reply")
    c0, nat64, s0 = (held(sock, socket.IPPROTO_UDP) for sock in taps)
    check_way(c0, "in", 6, C6, S6, ups)
    check_way(nat64, "out", 6, C6, S6, ups)
    check_way(nat64, "in", 4, "203.0.113.", S4, ups)
    check_way(s0, "out", 4, "203.0.113.", S4, ups)
    check_way(s0, "in", 4, S4, "203.0.113.", downs)
    check_way(nat64, "out", 4, S4, "203.0.113.", downs)
    check_way(nat64, "in", 6, S6, C6, downs)
    check_way(c0, "out", 6, S6, C6, downs)
    same(len(nat64), 4 * COUNT, "packets on the device")


def tcp_clones():
    """Large TCP segments: every clone is a complete packet of its own
    family."""
    taps = [tap(dev) for dev in ("c0", "nat64", "s0")]
    listener = tcp("server", S4, PORT)
    listener.listen(1)
    sock = tcp("client", C6)
    sock.connect((S6, PORT))
    far, _ = listener.accept()
    far.settimeout(LONG)
    exchange(sock, far, 500000)
    c0, nat64, s0 = (held(sock, socket.IPPROTO_TCP) for sock in taps)
    check({v for _, v, _ in c0} == {6}, "IPv4 on c0")
    check({v for _, v, _ in s0} == {4}, "IPv6 on s0")
    same({(w, v) for w, v, _ in nat64},
         {("in", 4), ("out", 4), ("in", 6), ("out", 6)}, "on the device")
    for packets in c0, nat64, s0:
        for _, version, data in packets:
            pair = addresses(version, data)
            check(C6 in pair and S6 in pair if version == 6 else S4 in pair,
                  "addresses %s" % pair)


def main():
    for name in "client", "router", "server":
        NAMES[name] = "nat64-%s-%s" % (name, sys.argv[1])
    udp_clones()
    tcp_clones()


if __name__ == "__main__":
    main()
