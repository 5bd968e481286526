#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0
"""TCP of the router itself through a queue of the device, for qdisc.sh.

	qdisc.py ID

Packets of the other side wait in the queue until the timer of the receiving
socket, which holds the lock of the socket, sends a packet. ID is as for
mapping.py.
"""
import socket
import subprocess
import sys

from mapping import NAMES, S4, S6
from traffic import LONG, socket_in

R6 = "2001:db8:1::1"
SIZE = 1300
TCP_KEEPIDLE, TCP_KEEPINTVL = 4, 5


def run(netns, *command):
    subprocess.run(("ip", "netns", "exec", NAMES[netns], *command), check=True)


def read(sock, size):
    data = b""
    while len(data) < size:
        part = sock.recv(size - len(data))
        if not part:
            raise EOFError("%d bytes of %d" % (len(data), size))
        data += part
    return data


def queue(verb, rate, burst):
    run("router", "tc", "qdisc", verb, "dev", "nat64", "root", "tbf",
        "rate", rate, "burst", burst, "limit", "100000")


def timer():
    listener = socket_in(NAMES["server"], socket.SOCK_STREAM, S4, 8000)
    listener.listen()
    sock = socket_in(NAMES["router"], socket.SOCK_STREAM, R6)
    sock.settimeout(LONG)
    sock.connect((S6, 8000))
    peer, _ = listener.accept()
    peer.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)

    # One packet passes, the others would have to wait for minutes.
    queue("add", "80bit", "2000")
    data = bytes(range(256)) * (4 * SIZE // 256)
    for i in range(4):
        peer.send(data[i * SIZE:(i + 1) * SIZE])
    # Nothing but the timer is to come from now on.
    run("server", "ip", "link", "set", "eth0", "down")
    queue("change", "1gbit", "50000")
    sock.setsockopt(socket.IPPROTO_TCP, TCP_KEEPINTVL, 1)
    sock.setsockopt(socket.IPPROTO_TCP, TCP_KEEPIDLE, 1)
    sock.setsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE, 1)
    assert read(sock, len(data)) == data


def main():
    for name in ("router", "server"):
        NAMES[name] = "nat64-%s-%s" % (name, sys.argv[1])
    timer()


if __name__ == "__main__":
    main()
