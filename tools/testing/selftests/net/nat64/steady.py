#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0
"""Datagrams from one namespace to another, until standard input ends.

	steady.py FROM TO SOURCE ADDRESS LISTEN

FROM and TO are names of network namespaces. SOURCE in FROM sends to ADDRESS
what comes to LISTEN in TO. Prints how many were sent, how many came, each once,
and whom they came from.
"""
import os
import select
import socket
import struct
import sys
import threading
import time

sys.dont_write_bytecode = True
from traffic import socket_in, SLOW

PORT = 7001
SO_RCVBUFFORCE = 33

# More at once may be more than a queue on the way holds.
AT_ONCE = 20


def receive(sock, found):
    """Received numbers by source, until nothing arrives any more."""
    sock.settimeout(2 * SLOW)
    try:
        while True:
            data, peer = sock.recvfrom(64)
            number = struct.unpack("=Q", data)[0]
            found.setdefault(peer[0], []).append(number)
    except socket.timeout:
        pass


def main():
    source, target, bound, address, listen = sys.argv[1:]
    sink = socket_in(target, socket.SOCK_DGRAM, listen, PORT)
    sink.setsockopt(socket.SOL_SOCKET, SO_RCVBUFFORCE, 16 << 20)
    sock = socket_in(source, socket.SOCK_DGRAM, bound, PORT)
    found, sent = {}, 0
    thread = threading.Thread(target=receive, args=(sink, found))
    thread.start()
    os.set_blocking(0, False)
    while not (select.select([0], [], [], 0)[0] and not os.read(0, 1)):
        for _ in range(AT_ONCE):
            sock.sendto(struct.pack("=Q", sent), (address, PORT))
            sent += 1
        time.sleep(0.002)
    thread.join()
    got = [number for numbers in found.values() for number in numbers]
    print("sent %d got %d of %d from %s" % (
        sent, len(set(got)), len(got), " ".join(sorted(found))))


if __name__ == "__main__":
    main()
