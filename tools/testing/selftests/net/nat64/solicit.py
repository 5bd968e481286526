#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0
"""Neighbour solicitations for one address, and their answers.

	solicit.py NETNS DEV TARGET

Sends them from DEV of the namespace NETNS: to the solicited-node address and to
TARGET itself, from the link-local and from a global address of DEV, and as
duplicate address detection does. Each has to be answered once, by an
advertisement from TARGET about TARGET (RFC 4861 sections 7.1.2 and 7.2.4).
Frames are made here, so that the neighbour tables of NETNS do not matter.
"""
import ipaddress
import json
import socket
import struct
import subprocess
import sys

from mapping import check, checksum, same
from traffic import LONG, socket_in

ETH_P_IPV6 = 0x86dd
SOLICITATION, ADVERTISEMENT = 135, 136
SOURCE_LLADDR, TARGET_LLADDR = 1, 2
ROUTER, SOLICITED, OVERRIDE = 0x80, 0x40, 0x20
ANY = bytes(16)
ALL_NODES = socket.inet_pton(socket.AF_INET6, "ff02::1")


def text(address):
    return socket.inet_ntop(socket.AF_INET6, address)


def icmp_sum(source, to, message):
    return checksum(source + to + struct.pack("!II", len(message), 58) +
                    message)


def solicitation(mac, source, to, target):
    message = struct.pack("!BBHI", SOLICITATION, 0, 0, 0) + target
    if source != ANY:
        message += bytes([SOURCE_LLADDR, 1]) + mac
    message = message[:2] + \
        struct.pack("!H", icmp_sum(source, to, message)) + message[4:]
    return struct.pack("!IHBB", 6 << 28, len(message), 58, 255) + source + \
        to + message


def solicited_node(target):
    return socket.inet_pton(socket.AF_INET6, "ff02::1:ff00:0")[:13] + \
        target[13:]


def advertisement(sock, target):
    """The next advertisement about target: (source of the frame, packet)."""
    while True:
        frame, where = sock.recvfrom(2000)
        packet = frame[14:]
        if where[2] != socket.PACKET_OUTGOING and len(packet) >= 64 and \
                packet[6] == 58 and packet[40] == ADVERTISEMENT and \
                packet[48:64] == target:
            return frame[6:12], packet


def ask(sock, mac, host, source, to, target):
    """host is the link-layer address of the target, or None."""
    if to[0] == 0xff:
        at = b"\x33\x33" + to[12:]
    else:
        at = host
    sock.send(at + mac + struct.pack("!H", ETH_P_IPV6) +
              solicitation(mac, source, to, target))
    what = "%s to %s" % (text(source), text(to))
    try:
        seen, packet = advertisement(sock, target)
    except TimeoutError:
        raise SystemExit("%s: not answered" % what)
    same(text(packet[8:24]), text(target), what + ": source")
    same(text(packet[24:40]), text(ALL_NODES if source == ANY else source),
         what + ": destination")
    same(packet[7], 255, what + ": hop limit")
    same(icmp_sum(packet[8:24], packet[24:40],
                  packet[40:40 + struct.unpack("!H", packet[4:6])[0]]), 0,
         what + ": checksum")
    flags = packet[44] & ~ROUTER
    option = packet[64:72]
    if source == ANY:
        same(flags, OVERRIDE, what + ": flags")
    elif to[0] == 0xff:
        same(flags, SOLICITED | OVERRIDE, what + ": flags")
    else:
        same(flags, SOLICITED, what + ": flags")
    if option or to[0] == 0xff:
        same(option, bytes([TARGET_LLADDR, 1]) + seen, what + ": option")
    return seen


def main(netns, dev, target):
    link = json.loads(subprocess.check_output(
        ["ip", "-n", netns, "-j", "addr", "show", "dev", dev]))[0]
    mac = bytes.fromhex(link["address"].replace(":", ""))
    target = ipaddress.ip_address(target).packed
    sources = [socket.inet_pton(socket.AF_INET6, a["local"])
               for a in link["addr_info"] if a["family"] == "inet6"]
    check(any(s[:2] == b"\xfe\x80" for s in sources) and
          any(s[:2] != b"\xfe\x80" for s in sources), "addresses of " + dev)
    sock = socket_in(netns, socket.SOCK_RAW, None, 0, socket.htons(ETH_P_IPV6),
                     socket.AF_PACKET)
    sock.bind((dev, ETH_P_IPV6))
    sock.settimeout(LONG)
    group = solicited_node(target)
    host = ask(sock, mac, None, ANY, group, target)
    for source in sources:
        same(ask(sock, mac, host, source, group, target), host, "MAC")
        same(ask(sock, mac, host, source, target, target), host, "MAC")


if __name__ == "__main__":
    main(*sys.argv[1:])
