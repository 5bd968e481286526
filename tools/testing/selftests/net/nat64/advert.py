#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0
"""Router advertisements.

	advert.py get NETNS DEV		ask for one, and print its options
	advert.py send NETNS DEV PREFIX	send one with PREFIX/96 as PREF64 (RFC 8781)

A line for each option:

	prefix 2001:db8:1::/64
	rdnss 2001:db8:1::1
	pref64 64:ff9b::/96 lifetime 1800
"""
import ipaddress
import socket
import struct
import sys
import time

from traffic import LONG, socket_in

SOLICITATION, ADVERTISEMENT = 133, 134
PREFIX_INFO, RDNSS, PREF64 = 3, 25, 38
# RFC 8781 section 4: lengths by the prefix length code
LENGTHS = (96, 64, 56, 48, 40, 32)
ICMP6_FILTER = 1
ALL_NODES, ALL_ROUTERS = "ff02::1", "ff02::2"


def address(data):
    return str(ipaddress.IPv6Address(data.ljust(16, b"\0")))


def show(kind, data):
    if kind == PREFIX_INFO:
        print("prefix %s/%d" % (address(data[16:32]), data[2]))
    elif kind == RDNSS:
        for start in range(8, len(data), 16):
            print("rdnss", address(data[start:start + 16]))
    elif kind == PREF64:
        word, = struct.unpack("!H", data[2:4])
        print("pref64 %s/%d lifetime %d" %
              (address(data[4:16]), LENGTHS[word & 7], word & ~7))


def icmp(netns, dev):
    sock = socket_in(netns, socket.SOCK_RAW, "::", 0, socket.IPPROTO_ICMPV6)
    sock.setsockopt(socket.SOL_SOCKET, socket.SO_BINDTODEVICE, dev.encode())
    sock.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_MULTICAST_HOPS, 255)
    return sock


def get(netns, dev):
    sock = icmp(netns, dev)
    end = time.monotonic() + LONG
    while time.monotonic() < end:
        sock.sendto(struct.pack("!BBHI", SOLICITATION, 0, 0, 0),
                    (ALL_ROUTERS, 0))
        sock.settimeout(1)
        try:
            message = sock.recv(2000)
            while message[0] != ADVERTISEMENT:
                message = sock.recv(2000)
        except TimeoutError:
            continue
        message = message[16:]
        while message:
            size = message[1] * 8
            show(message[0], message[:size])
            message = message[size:]
        return
    sys.exit("no router advertisement")


def send(netns, dev, prefix):
    option = struct.pack("!BBH", PREF64, 2, 1800) + \
        ipaddress.IPv6Address(prefix).packed[:12]
    icmp(netns, dev).sendto(struct.pack("!BBHBBHII", ADVERTISEMENT, 0, 0, 64,
                                        0, 1800, 0, 0) + option,
                            (ALL_NODES, 0))


if __name__ == "__main__":
    {"get": get, "send": send}[sys.argv[1]](*sys.argv[2:])
