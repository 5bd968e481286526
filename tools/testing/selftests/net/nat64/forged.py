#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0
"""Packets with forged checksum offload, for forged.sh.

	forged.py NETNS DEV MAC SOURCE DESTINATION WHAT...

A packet socket of NETNS sends them over DEV to MAC; with DEV tap, a tap device
of that name that is made there, whose other side is the kernel. WHAT is START
OFFSET SUM [LENGTH], a datagram whose bytes from START on sum up to a checksum
of SUM, which is to be written at START + OFFSET (the UDP checksum field is 0);
or header or transport: for every protocol and checksum field, many a START
before, or from, the transport header, even and odd. Prints how many the kernel has taken.
Only a tap's may START in the Ethernet header: veth forgets the checksum then.
"""
import errno
import fcntl
import os
import socket
import struct
import subprocess
import sys
import time

from traffic import enter

TUNSETIFF = 0x400454CA
IFF_TAP, IFF_NO_PI, IFF_VNET_HDR = 0x0002, 0x1000, 0x4000
SOL_PACKET, PACKET_VNET_HDR = 263, 15
NEEDS_CSUM = 1
ETH_HLEN = 14
PORT, PEER = 5000, 9


def total(data):
    """The Internet checksum's sum, before it is complemented."""
    data = bytes(data) + b"\0" * (len(data) % 2)
    result = sum(struct.unpack("!%dH" % (len(data) // 2), data))
    while result >> 16:
        result = (result & 0xFFFF) + (result >> 16)
    return result


def ip(src, dst, proto, length):
    if ":" in src:
        return struct.pack("!IHBB16s16s", 6 << 28, length, proto, 64,
                           socket.inet_pton(socket.AF_INET6, src),
                           socket.inet_pton(socket.AF_INET6, dst))
    head = bytearray(struct.pack("!BBHHHBBH4s4s", 0x45, 0, 20 + length, 1234, 0,
                                 64, proto, 0, socket.inet_aton(src),
                                 socket.inet_aton(dst)))
    struct.pack_into("!H", head, 10, 0xFFFF - total(head))
    return bytes(head)


def transports(v6):
    """(protocol, header) of all; UDP with and without a checksum"""
    echo = 128 if v6 else 8
    yield 17, struct.pack("!HHHH", PORT, PEER, 40, 0x1234)
    yield 17, struct.pack("!HHHH", PORT, PEER, 40, 0)
    yield 6, struct.pack("!HHIIBBHHH", PORT, PEER, 1, 0, 0x50, 2, 100, 0, 0)
    yield 58 if v6 else 1, struct.pack("!BBHHH", echo, 0, 0, 7, 1)


class Wire:
    """An interface to write frames to, each after a virtio_net_hdr."""

    def __init__(self, netns, dev):
        enter("/run/netns/" + netns)
        self.tap = dev == "tap"
        if self.tap:
            self.fd = os.open("/dev/net/tun", os.O_RDWR)
            fcntl.ioctl(self.fd, TUNSETIFF, struct.pack(
                "16sH22x", b"tap", IFF_TAP | IFF_NO_PI | IFF_VNET_HDR))
            subprocess.run(["ip", "link", "set", "tap", "up", "address",
                            "02:00:00:00:00:99"], check=True)
            return
        self.sock = socket.socket(socket.AF_PACKET, socket.SOCK_RAW, 0)
        self.sock.setsockopt(SOL_PACKET, PACKET_VNET_HDR, 1)
        self.sock.bind((dev, 0))
        self.fd = self.sock.fileno()

    def send(self, frame, start, offset):
        """The kernel rejects checksum offsets outside of the packet."""
        head = struct.pack("=BBHHHH", NEEDS_CSUM, 0, 0, 0, start, offset)
        try:
            os.write(self.fd, head + frame)
        except OSError as error:
            if error.errno != errno.EINVAL:
                raise
            return 0
        return 1


def datagram(src, dst, ether, start, want, size):
    """A frame whose last bytes yield the wanted checksum from start on."""
    head = struct.pack("!HHHH", PORT, PEER, 8 + size, 0)
    frame = bytearray(ether + ip(src, dst, 17, 8 + size) + head + bytes(size))
    need = (0xFFFF - want - total(frame[start:])) % 0xFFFF
    struct.pack_into("!H", frame, len(frame) - 2, need)
    return bytes(frame)


def sweep(wire, src, dst, ether, before):
    v6 = ":" in src
    sent = 0
    for proto, head in transports(v6):
        head += bytes(range(40 - len(head)))
        frame = ether + ip(src, dst, proto, len(head)) + head
        l4 = len(frame) - len(head)
        first = 0 if wire.tap else ETH_HLEN
        starts = range(first, l4, 5) if before else \
            range(l4, len(frame) + 1, 5)
        for start in starts:
            for offset in (0, 2, 4, 6, 9, 16, 20):
                sent += wire.send(frame, start, offset)
        # No more than the backlog takes.
        time.sleep(0.001)
    return sent


def main():
    netns, dev, mac, src, dst, *what = sys.argv[1:]
    ether = bytes.fromhex(mac.replace(":", "")) + b"\2\0\0\0\0\1"
    ether += b"\x86\xdd" if ":" in src else b"\x08\0"
    wire = Wire(netns, dev)
    if what[0] in ("header", "transport"):
        print(sweep(wire, src, dst, ether, what[0] == "header"))
        return
    start, offset, want = int(what[0]), int(what[1]), int(what[2], 0)
    size = int(what[3]) if what[3:] else 100
    frame = datagram(src, dst, ether, start, want, size)
    print(wire.send(frame, start, offset))


if __name__ == "__main__":
    main()
