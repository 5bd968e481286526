#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0
"""Short flows of every kind through the translator, for soak.sh.

	soak.py SECONDS ID

ID is the suffix of the namespace names (lib.sh). Flows may fail at any moment,
because the device is deleted again and again. Prints the number of successful
flows of each kind.
"""

import collections
import os
import random
import select
import socket
import struct
import sys
import threading
import time

from mapping import C6, S4, S4B, S6, NAMES, tcp, udp

SLOW = int(os.environ.get("NAT64_SLOW", "1"))
T1, R4 = "203.0.113.1", "198.51.100.1"
PORT, INSIDE, CLOSED = 7777, 8080, 9
IPV6_UNICAST_HOPS = 16
RESET = struct.pack("ii", 1, 0)

DONE = collections.Counter()
# What the server has seen of late: addresses of the translator.
PEERS = collections.deque([(T1, 1024)], 64)
END = time.monotonic() + int(sys.argv[1])
# On a busy machine it takes longer until one flow of each kind succeeds.
LAST = END + 200 * SLOW
KINDS = "udp", "tcp", "udp-inbound"


def wait():
    """Seconds to wait for an answer: mostly few, so that there are many flows,
    sometimes enough for a busy machine."""
    return random.choice((0.1, 0.3, 0.3, 3)) * (1 + (SLOW - 1) / 4)


def udp_server(sock):
    """Answer datagrams; sometimes send from another address of the server."""
    data, peer = sock.recvfrom(65536)
    PEERS.append(peer)
    sock.sendto(data, peer)


def udp_flows(held):
    """Use a new port each time; some stay open so that others can reach
    them."""
    sock = udp("client", "::")
    held.append(sock)
    data = random.randbytes(random.choice((0, 1, 100, 1452, 3000, 8000)))
    sock.settimeout(wait())
    sock.sendto(data, (S6, PORT))
    if sock.recvfrom(65536)[0] == data:
        DONE["udp"] += 1
        DONE["fragments"] += len(data) > 1452


def tcp_server(listener):
    with listener.accept()[0] as sock:
        sock.settimeout(wait())
        while data := sock.recv(65536):
            sock.sendall(data)


def tcp_flow(sock, address, kind):
    data = random.randbytes(random.choice((1, 1000, 20000)))
    got = b""
    with sock:
        sock.settimeout(wait())
        sock.connect(address)
        if random.random() < 0.3:
            sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, RESET)
        sock.sendall(data)
        while len(got) < len(data):
            piece = sock.recv(65536)
            if not piece:
                return
            got += piece
        DONE[kind] += got == data


def tcp_flows():
    tcp_flow(tcp("client", "::"), (S6, PORT), "tcp")


def tcp_inbound():
    """Connect to a static binding, if there is one."""
    tcp_flow(tcp("server", S4B), (T1, INSIDE), "tcp-inbound")


def strangers():
    """Probe open and closed ports behind the translator."""
    with udp("server", S4B) as sock:
        sock.settimeout(wait())
        sock.connect(random.choice(PEERS))
        sock.send(random.randbytes(random.choice((10, 3000))))
        try:
            sock.recv(65536)
        except ConnectionRefusedError:
            DONE["inbound-refused"] += 1


def held_answers(held):
    """Packets of other hosts to ports that are still open."""
    ready = select.select(list(held), [], [], wait())[0]
    for sock in ready:
        sock.recvfrom(65536)
        DONE["udp-inbound"] += 1


def errors():
    """Trigger port unreachable and time exceeded errors."""
    with udp("client", "::") as sock:
        sock.settimeout(wait())
        sock.setsockopt(socket.IPPROTO_IPV6, IPV6_UNICAST_HOPS,
                        random.choice((1, 2, 3, 64, 64)))
        sock.connect((S6, CLOSED))
        sock.send(b"?")
        try:
            sock.recv(1)
        except ConnectionRefusedError:
            DONE["refused"] += 1


def ended():
    now = time.monotonic()
    return now > LAST or now > END and all(DONE[kind] for kind in KINDS)


def forever(work, *args):
    """Pause between runs to leave time for changes of the device."""
    while not ended():
        try:
            work(*args)
        except (OSError, ValueError):
            pass
        time.sleep(0.02)


def main():
    for name in ("client", "server"):
        NAMES[name] = "nat64-%s-%s" % (name, sys.argv[2])
    held = collections.deque((), 32)
    listeners = [tcp("server", S4, PORT), tcp("client", C6, INSIDE)]
    for sock in listeners:
        sock.listen(64)
        sock.settimeout(0.5)
    server = udp("server", S4, PORT)
    server.settimeout(0.5)
    work = [(udp_server, server), (udp_flows, held), (udp_flows, held),
            (tcp_flows,), (tcp_inbound,), (strangers,), (errors,),
            (held_answers, held)]
    work += [(tcp_server, sock) for sock in listeners]
    threads = [threading.Thread(target=forever, args=each) for each in work]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    for kind, count in sorted(DONE.items()):
        print(kind, count)


if __name__ == "__main__":
    main()
