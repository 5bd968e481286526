#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-only
"""Print source address and port of the first IPv4 UDP packet that leaves DEV.

Says "ready" first, when no packet can be missed any more.
"""

import socket
import sys

ETH_P_ALL = 3
ETH_HLEN = 14


def main():
    sock = socket.socket(socket.AF_PACKET, socket.SOCK_RAW,
                         socket.htons(ETH_P_ALL))
    sock.bind((sys.argv[1], ETH_P_ALL))
    sock.settimeout(120)
    print("ready", flush=True)
    while True:
        data, (_, proto, kind, _, _) = sock.recvfrom(2048)
        if kind != socket.PACKET_OUTGOING or proto != 0x0800:
            continue
        packet = data[ETH_HLEN:]
        header = (packet[0] & 15) * 4
        if packet[9] != socket.IPPROTO_UDP:
            continue
        print(socket.inet_ntoa(packet[12:16]),
              int.from_bytes(packet[header:header + 2], "big"), flush=True)
        return


main()
