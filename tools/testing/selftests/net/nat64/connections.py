#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0
"""Established TCP connections, with data in both directions all the time.

	connections.py CLIENT SERVER COUNT PORT LISTEN ADDRESS...

CLIENT and SERVER are network namespaces. CLIENT makes COUNT connections to PORT
of each ADDRESS, SERVER listens on LISTEN. Prints "established" when all are
there, and ends when standard input does: then everything that one end of a
connection has sent must arrive at the other. Prints their number, and the longest
time in milliseconds in which none of them received anything.
"""
import select
import socket
import sys
import time

sys.dont_write_bytecode = True
from traffic import LONG, SLOW, socket_in

# Seconds between two messages
PAUSE = 0.1 * SLOW
MESSAGE = 16


class End:
    """One end of a connection. Messages are consecutive numbers."""

    def __init__(self, sock):
        sock.settimeout(LONG)
        self.sock = sock
        self.sent = self.got = 0
        self.rest = b""

    def fileno(self):
        return self.sock.fileno()

    def send(self):
        self.sock.sendall(b"%*d" % (MESSAGE, self.sent))
        self.sent += 1

    def receive(self):
        data = self.sock.recv(65536)
        if not data:
            raise EOFError("a connection has ended")
        self.rest += data
        while len(self.rest) >= MESSAGE:
            if int(self.rest[:MESSAGE]) != self.got:
                raise ValueError("message %r instead of %d" %
                                 (self.rest[:MESSAGE], self.got))
            self.got += 1
            self.rest = self.rest[MESSAGE:]


def connect(client, server, count, port, listen, addresses):
    """Pairs of ends"""
    listener = socket_in(server, socket.SOCK_STREAM, listen, port)
    listener.listen(count)
    pairs = []
    for address in addresses * count:
        sock = socket_in(client, socket.SOCK_STREAM, "", 0,
                         family=socket.AF_INET6)
        sock.connect((address, port))
        pairs.append((End(sock), End(listener.accept()[0])))
    return pairs


def receive(ends, until):
    """Read what comes; the time when something came last"""
    last = 0
    while time.monotonic() < until:
        left = max(0, until - time.monotonic())
        ready = select.select(ends, [], [], left)[0]
        for end in ready:
            end.receive()
            last = time.monotonic()
    return last


def main():
    client, server, count, port, listen = sys.argv[1:6]
    pairs = connect(client, server, int(count), int(port), listen,
                    sys.argv[6:])
    ends = [end for pair in pairs for end in pair]
    print("established", flush=True)

    longest = 0
    last = time.monotonic()
    while not select.select([0], [], [], 0)[0]:
        for end in ends:
            end.send()
        came = receive(ends, time.monotonic() + PAUSE)
        if came:
            longest = max(longest, came - last)
            last = came

    limit = time.monotonic() + LONG
    while any(a.sent != b.got or b.sent != a.got for a, b in pairs):
        if time.monotonic() > limit:
            raise TimeoutError("messages are missing")
        receive(ends, time.monotonic() + PAUSE)
    print("connections %d pause %d" % (len(pairs), longest * 1000))


if __name__ == "__main__":
    try:
        main()
    except Exception as error:
        print(type(error).__name__, error)
        sys.exit(1)
