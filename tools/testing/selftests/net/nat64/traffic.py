#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0
"""Data from one namespace to another and back, checked by SHA-256.

	traffic.py KIND FROM TO [OPTION]... ADDRESS LISTEN SIZE...

FROM connects to ADDRESS, TO listens on LISTEN; both are names of network
namespaces. Both directions carry SIZE bytes, different ones. KIND is tcp, udp
or udp-gso (the first of which sends one large buffer that the kernel or the
device cuts into datagrams). Sockets are made in their namespaces by one
process, so nothing has to be waited for.

On success it prints one line for each size: what the listener saw as its peer.
"""
import argparse
import ctypes
import hashlib
import os
import random
import select
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
    """Bytes that repeat at no length that a packet has."""
    block = random.randbytes(min(size, 65537))
    return (block * (size // 65537 + 1))[:size]


def digest(data):
    return hashlib.sha256(data).hexdigest()


class Receiver(threading.Thread):
    """Reads a TCP stream to its end and keeps its size and hash."""

    def __init__(self, sock):
        super().__init__(daemon=True)
        self.sock = sock
        self.size = 0
        self.hash = hashlib.sha256()
        self.start()

    def run(self):
        while True:
            try:
                data = self.sock.recv(262144)
            except OSError as error:
                self.hash.update(str(error).encode())
                return
            if not data:
                return
            self.size += len(data)
            self.hash.update(data)


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
    """Both directions of a TCP connection at the same time."""
    up, down = payload(size), payload(size)
    receivers = [Receiver(other), Receiver(one)]
    senders = [Sender(one, up), Sender(other, down)]
    for thread in senders + receivers:
        thread.join(4 * LONG)
    for data, receiver, way in zip((up, down), receivers, ("up", "down")):
        if receiver.hash.hexdigest() != digest(data):
            sys.exit("tcp %s: %d of %d bytes arrived, or they differ" %
                     (way, receiver.size, size))


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
    if digest(data) != digest(up):
        sys.exit("udp up: %d bytes sent, %d differ" % (size, len(data)))
    far.sendto(down, peer)
    data = near.recv(65536)
    if digest(data) != digest(down):
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
        if digest(data) != digest(piece):
            sys.exit("udp-gso up: a datagram of %d differs" % len(data))
    far.sendmsg([down], option, 0, peer)
    for piece in cut(down, segment):
        if digest(near.recv(65536)) != digest(piece):
            sys.exit("udp-gso down: a datagram differs")
    near.close()
    far.close()
    return peer


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("kind", choices=("tcp", "udp", "udp-gso"))
    parser.add_argument("source")
    parser.add_argument("to")
    parser.add_argument("--bind", help="source address")
    parser.add_argument("--bind-port", type=int, default=0)
    parser.add_argument("--port", type=int, default=7777)
    parser.add_argument("--connect-port", type=int)
    parser.add_argument("address")
    parser.add_argument("listen")
    parser.add_argument("size", type=int, nargs="+")
    args = parser.parse_args()
    if args.bind is None:
        args.bind = "::" if ":" in args.address else "0.0.0.0"
    run = {"tcp": tcp, "udp": udp, "udp-gso": udp_gso}[args.kind]
    for size in args.size:
        try:
            host, port = run(args, size)[:2]
        except OSError as error:
            sys.exit("%s, %d bytes: %s" % (args.kind, size, error))
        print(size, host, port)


if __name__ == "__main__":
    main()
