#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0
"""Two flows of numbered datagrams at once, each sent by its own CPU: the
datagrams of a flow arrive in order.

	order.py ID

ID is the suffix of the namespace names (lib.sh). First from IPv6 to IPv4, then
back. Some datagrams may be lost, but most must arrive.
"""

import os
import select
import socket
import struct
import sys

from mapping import C6, NAMES, PORT, S4, S6, check, same, udp, udp_mapping
from traffic import SLOW, SOL_UDP, UDP_SEGMENT

COUNT, BURST = 1000, 8
SO_RCVBUFFORCE = 33


def datagram(number):
    """All datagrams of a burst have the same length."""
    return struct.pack("!I", number) + bytes(number // BURST * 37 % 1201)


def send(sock, to, cpu):
    """Send in a separate process. Every other time, send a burst of eight.
    Lengths are even and odd, short and long."""
    pid = os.fork()
    if pid:
        return pid
    os.sched_setaffinity(0, {cpu})
    for first in range(0, COUNT, BURST):
        burst = [datagram(first + i) for i in range(BURST)]
        if first // BURST % 2:
            option = (SOL_UDP, UDP_SEGMENT, struct.pack("H", len(burst[0])))
            sock.sendmsg([b"".join(burst)], [option], 0, to)
        else:
            for data in burst:
                sock.sendto(data, to)
    os._exit(0)


def arrivals(socks, pids):
    """The numbers that each receiver gets, until both have all of them, or
    until the senders have ended and nothing arrives any more."""
    seen = {sock: [] for sock in socks}
    while any(len(numbers) < COUNT for numbers in seen.values()):
        ended = not pids
        ready = select.select(socks, [], [], 0.5 * SLOW)[0]
        if not ready and ended:
            break
        for pid in pids[:]:
            done, status = os.waitpid(pid, os.WNOHANG)
            if done:
                same(status, 0, "sender's status")
                pids.remove(pid)
        for sock in ready:
            data = sock.recv(2000)
            number = struct.unpack_from("!I", data)[0]
            check(data == datagram(number), "%d is another" % number)
            seen[sock].append(number)
    return list(seen.values())


def ordered(senders, receivers, way):
    cpus = sorted(os.sched_getaffinity(0))
    pids = [send(sock, to, cpus[i % len(cpus)])
            for i, (sock, to) in enumerate(senders)]
    flows = arrivals(receivers, pids)
    for pid in pids:
        same(os.waitpid(pid, 0)[1], 0, "sender's status")
    for numbers in flows:
        late = [(a, b) for a, b in zip(numbers, numbers[1:]) if b <= a]
        check(not late, "%s: out of order: %s" % (way, late[:5]))
        print("%s: %d of %d, in order" % (way, len(numbers), COUNT))
        check(len(numbers) > COUNT / 2, "%s: too many lost" % way)


def main():
    for name in "client", "server":
        NAMES[name] = "nat64-%s-%s" % (name, sys.argv[1])
    inside = [udp("client", C6, 20000 + i) for i in range(2)]
    outside = [udp("server", S4, PORT + i) for i in range(2)]
    for sock in inside + outside:
        sock.setsockopt(socket.SOL_SOCKET, SO_RCVBUFFORCE, 16 << 20)
    mapped = [udp_mapping(*pair) for pair in zip(inside, outside)]
    ordered([(sock, (S6, PORT + i)) for i, sock in enumerate(inside)],
            outside, "6 to 4")
    ordered(list(zip(outside, mapped)), inside, "4 to 6")


if __name__ == "__main__":
    main()
