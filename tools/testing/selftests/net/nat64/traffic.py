#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0
"""Data from one namespace to another and back, compared.

	traffic.py KIND FROM TO [OPTION]... ADDRESS LISTEN SIZE...

FROM connects to ADDRESS, TO listens on LISTEN; both are names of network
namespaces. Both directions carry SIZE bytes, different ones. KIND is tcp, udp
or udp-gso (the first of which sends one large buffer that the kernel or the
device cuts into datagrams). Sockets are made in their namespaces by one
process, so nothing has to be waited for.

On success it prints one line for each size: what the listener saw as its peer.
"""
import ctypes
import os
import select
import signal
import socket
import struct
import sys
import threading

CLONE_NEWNET = 0x40000000
IP_MTU_DISCOVER = 10
IP_PMTUDISC_DONT = 0
SOL_UDP = 17
UDP_SEGMENT = 103

SLOW = int(os.environ.get("NAT64_SLOW", "1"))
# Seconds that pass only where something is wrong, however busy the machine.
LONG = 40 * SLOW
LIMIT = 240 * SLOW
LIBC = ctypes.CDLL(None, use_errno=True)


def enter(path):
    fd = os.open(path, os.O_RDONLY | os.O_CLOEXEC)
    try:
        if LIBC.setns(fd, CLONE_NEWNET):
            raise OSError(ctypes.get_errno(), "setns " + path)
    finally:
        os.close(fd)


def socket_in(netns, kind, address, port=0, protocol=0, family=None):
    """A socket of the namespace, bound if there is an address."""
    home = "/proc/self/task/%d/ns/net" % threading.get_native_id()
    fd = os.open(home, os.O_RDONLY | os.O_CLOEXEC)
    if family is None:
        family = socket.AF_INET6 if ":" in address else socket.AF_INET
    try:
        enter("/run/netns/" + netns)
        sock = socket.socket(family, kind, protocol)
    finally:
        LIBC.setns(fd, CLONE_NEWNET)
        os.close(fd)
    sock.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    sock.settimeout(LONG)
    if address:
        sock.bind((address, port))
    return sock


def payload(size):
    """Bytes whose period differs from all packet lengths."""
    block = os.urandom(min(size, 65537))
    return (block * (size // 65537 + 1))[:size]


class Receiver(threading.Thread):
    """Read a TCP stream to its end."""

    def __init__(self, sock):
        super().__init__(daemon=True)
        self.sock = sock
        self.data = bytearray()
        self.start()

    def run(self):
        while True:
            try:
                data = self.sock.recv(262144)
            except OSError as error:
                print("receive:", error, file=sys.stderr)
                self.data.clear()
                return
            if not data:
                return
            self.data += data


class Sender(threading.Thread):
    def __init__(self, sock, data):
        super().__init__(daemon=True)
        self.sock = sock
        self.data = data
        self.start()

    def run(self):
        try:
            self.sock.sendall(self.data)
            self.sock.shutdown(socket.SHUT_WR)
        except OSError as error:
            print("send:", error, file=sys.stderr)


def exchange(one, other, size):
    """Exchange data in both directions of a TCP connection at the same time."""
    up, down = payload(size), payload(size)
    receivers = [Receiver(other), Receiver(one)]
    senders = [Sender(one, up), Sender(other, down)]
    for thread in senders + receivers:
        thread.join(4 * LONG)
    for data, receiver, way in zip((up, down), receivers, ("up", "down")):
        if receiver.data != data:
            sys.exit("tcp %s: %d of %d bytes arrived, or they differ" %
                     (way, len(receiver.data), size))


def tcp(args, size):
    listener = socket_in(args.to, socket.SOCK_STREAM, args.listen, args.port)
    listener.listen(1)
    near = socket_in(args.source, socket.SOCK_STREAM, args.bind,
                     args.bind_port)
    near.connect((args.address, args.connect_port or args.port))
    far, peer = listener.accept()
    far.settimeout(LONG)
    exchange(near, far, size)
    for sock in near, far, listener:
        sock.close()
    return peer


def udp_pair(args):
    far = socket_in(args.to, socket.SOCK_DGRAM, args.listen, args.port)
    near = socket_in(args.source, socket.SOCK_DGRAM, args.bind,
                     args.bind_port)
    for sock in near, far:
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4 << 20)
        # With Don't Fragment, what only just fits in IPv4 would be lost once.
        if sock.family == socket.AF_INET:
            sock.setsockopt(socket.IPPROTO_IP, IP_MTU_DISCOVER,
                            IP_PMTUDISC_DONT)
    near.connect((args.address, args.connect_port or args.port))
    return near, far


def udp(args, size):
    near, far = udp_pair(args)
    up, down = payload(size), payload(size)
    near.send(up)
    # An ICMP error comes back to the sender, and there is nothing to wait for.
    if near in select.select([near, far], [], [], LONG)[0]:
        near.recv(1)
    data, peer = far.recvfrom(65536)
    if data != up:
        sys.exit("udp up: %d bytes sent, %d differ" % (size, len(data)))
    far.sendto(down, peer)
    data = near.recv(65536)
    if data != down:
        sys.exit("udp down: %d bytes sent, %d differ" % (size, len(data)))
    near.close()
    far.close()
    return peer


def cut(data, length):
    return [data[i:i + length] for i in range(0, len(data), length)]


def udp_gso(args, size):
    near, far = udp_pair(args)
    segment = 1200
    option = [(SOL_UDP, UDP_SEGMENT, struct.pack("H", segment))]
    up, down = payload(size), payload(size)

    near.sendmsg([up], option)
    for piece in cut(up, segment):
        data, peer = far.recvfrom(65536)
        if data != piece:
            sys.exit("udp-gso up: a datagram of %d differs" % len(data))
    far.sendmsg([down], option, 0, peer)
    for piece in cut(down, segment):
        if near.recv(65536) != piece:
            sys.exit("udp-gso down: a datagram differs")
    near.close()
    far.close()
    return peer


class Arguments:
    """Arguments of the command line. Importing argparse would take longer than
    most calls."""
    bind, bind_port, port, connect_port = None, 0, 7777, None

    def __init__(self, words):
        rest = []
        words = iter(words)
        for word in words:
            name = word[2:].replace("-", "_")
            if not word.startswith("--"):
                rest.append(word)
            elif name == "bind":
                self.bind = next(words)
            elif name in ("bind_port", "port", "connect_port"):
                setattr(self, name, int(next(words)))
            else:
                sys.exit("traffic.py: unknown option " + word)
        if len(rest) < 6:
            sys.exit("traffic.py: %d arguments are too few" % len(rest))
        self.kind, self.source, self.to, self.address, self.listen = rest[:5]
        self.size = [int(word) for word in rest[5:]]
        if self.bind is None:
            self.bind = "::" if ":" in self.address else "0.0.0.0"


def main():
    args = Arguments(sys.argv[1:])
    signal.alarm(LIMIT)
    run = {"tcp": tcp, "udp": udp, "udp-gso": udp_gso}[args.kind]
    for size in args.size:
        try:
            host, port = run(args, size)[:2]
        except OSError as error:
            sys.exit("%s, %d bytes: %s" % (args.kind, size, error))
        print(size, host, port)


if __name__ == "__main__":
    main()
