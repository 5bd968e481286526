#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0
"""One end of IPsec over UDP (RFC 3948) for ipsec.sh: the socket that an IKE
daemon would have. The kernel takes the ESP that comes to it; what is not ESP
has four zero bytes in front.

	encap.py answer ADDRESS PORT
	encap.py ask ADDRESS PORT SERVER

"answer" waits for a question, answers it, and prints from which address and
port it came: where the ESP has to go. "ask" asks until it is answered, and
prints what it heard. Both stay, with their sockets.
"""
import os
import signal
import socket
import sys

UDP_ENCAP, UDP_ENCAP_ESPINUDP = 100, 2
NON_ESP_MARKER = bytes(4)
SLOW = int(os.environ.get("NAT64_SLOW", "1"))


def encap_socket(address, port):
    family = socket.AF_INET6 if ":" in address else socket.AF_INET
    sock = socket.socket(family, socket.SOCK_DGRAM)
    sock.bind((address, int(port)))
    sock.setsockopt(socket.IPPROTO_UDP, UDP_ENCAP, UDP_ENCAP_ESPINUDP)
    return sock


def answer(sock):
    data, peer = sock.recvfrom(100)
    sock.sendto(data, peer)
    return "%s %d" % peer[:2]


def ask(sock, server):
    sock.settimeout(SLOW)
    for _ in range(40):
        sock.sendto(NON_ESP_MARKER + b"who am I", (server, 4500))
        try:
            return sock.recv(100)[4:].decode()
        except TimeoutError:
            pass
    raise SystemExit("no answer")


def main(kind, address, port, *server):
    sock = encap_socket(address, port)
    print({"answer": answer, "ask": ask}[kind](sock, *server), flush=True)
    signal.pause()


if __name__ == "__main__":
    main(*sys.argv[1:])
