#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0
"""A UDP datagram in IPv4 fragments with Don't Fragment, for bridge.sh.

	pieces.py FROM TO SOURCE DESTINATION LISTEN

FROM and TO are network namespaces. A raw socket of FROM sends the fragments
from SOURCE to DESTINATION; the IPv6 address LISTEN of TO must receive the
datagram.
"""
import socket
import struct
import sys

from forged import ip, total
from mapping import same
from traffic import payload, socket_in

PORT, SIZE, PIECE = 5000, 3000, 1400
DF, MF = 0x4000, 0x2000


def datagram(source, destination):
    head = struct.pack("!HHHH", PORT, PORT, 8 + SIZE, 0)
    data = payload(SIZE)
    pseudo = socket.inet_aton(source) + socket.inet_aton(destination) + \
        struct.pack("!HH", socket.IPPROTO_UDP, 8 + SIZE)
    check = 0xFFFF - total(pseudo + head + data) or 0xFFFF
    return head[:6] + struct.pack("!H", check) + data


def main(near, far, source, destination, listen):
    sock = socket_in(far, socket.SOCK_DGRAM, listen, PORT)
    raw = socket_in(near, socket.SOCK_RAW, None, 0, socket.IPPROTO_RAW,
                    socket.AF_INET)
    data = datagram(source, destination)
    for offset in range(0, len(data), PIECE):
        piece = data[offset:offset + PIECE]
        head = bytearray(ip(source, destination, socket.IPPROTO_UDP,
                            len(piece)))
        more = MF if offset + PIECE < len(data) else 0
        struct.pack_into("!H", head, 6, DF | more | offset // 8)
        raw.sendto(head + piece, (destination, 0))
    same(sock.recv(65536), data[8:], "data")


if __name__ == "__main__":
    main(*sys.argv[1:])
