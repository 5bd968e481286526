#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0
"""One end of a WireGuard tunnel between the two ends of a test, without wg(8).

	wireguard.py DEVICE 0|1 PORT [ENDPOINT PORT]

The device is in this namespace and has the key of end 0 or 1. The other end is
its peer, with any address allowed.
"""
import socket
import struct
import sys

from netlink import attr, nest, string, u8, u16, u32, Family

SET_DEVICE = 1
DEV_IFNAME, DEV_PRIVATE, DEV_FLAGS, DEV_PORT, DEV_PEERS = 2, 3, 5, 6, 8
PEER_PUBLIC, PEER_ENDPOINT, PEER_ALLOWED = 1, 4, 9
ALLOWED_FAMILY, ALLOWED_ADDR, ALLOWED_LEN = 1, 2, 3

# Made for this test: private and public.
KEYS = [
    ("60e1bdb80c3974f1a374a64fe0aa1d495d89d696e19faf9138ec426f8707f057",
     "0c3bf646ef17c2242290823170c47cb45dad08a17882fb065ddca072bdc2e274"),
    ("d80bf666a62cca4a1138448128f4dba8f812b8a75f45371206c80a27cfe3f56b",
     "cc38b9bac810aab52b6ee51725e54ac5fb46dd85bcf6da70397f781f76fbb053"),
]


def allowed(family, zero):
    return nest(0, u16(ALLOWED_FAMILY, family), attr(ALLOWED_ADDR, zero),
                u8(ALLOWED_LEN, 0))


def sockaddr(address, port):
    """A struct sockaddr; the family is in host byte order."""
    port = struct.pack("!H", int(port))
    if ":" in address:
        return (struct.pack("=H", socket.AF_INET6) + port + bytes(4) +
                socket.inet_pton(socket.AF_INET6, address) + bytes(4))
    return (struct.pack("=H", socket.AF_INET) + port +
            socket.inet_aton(address) + bytes(8))


def main(device, end, port, endpoint=None, endpoint_port=None):
    end = int(end)
    peer = [attr(PEER_PUBLIC, bytes.fromhex(KEYS[1 - end][1]))]
    if endpoint:
        peer.append(attr(PEER_ENDPOINT, sockaddr(endpoint, endpoint_port)))
    peer.append(nest(PEER_ALLOWED, allowed(socket.AF_INET, bytes(4)),
                     allowed(socket.AF_INET6, bytes(16))))
    Family(name="wireguard").must(
        SET_DEVICE, string(DEV_IFNAME, device),
        attr(DEV_PRIVATE, bytes.fromhex(KEYS[end][0])), u32(DEV_FLAGS, 1),
        u16(DEV_PORT, int(port)), nest(DEV_PEERS, nest(0, *peer)))


if __name__ == "__main__":
    main(*sys.argv[1:])
