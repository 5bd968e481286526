#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0
"""Source ports below 1024 through a translator that shares its router's address.

	lowports.py TEST ID

TEST is one of the functions below, ID is the suffix of the namespace names
(lib.sh). A test fails by an exception.
"""

import sys

from borrow import answer, ask, call
from mapping import C6, C6B, NAMES, PORT, S4, check, listen, same, tcp, udp
from traffic import exchange

HOST4 = "198.51.100.1"


def seen(port, netns="client", address=C6):
    """The ports that the server sees for a TCP and a UDP port; replies
    arrive."""
    server, listener = udp("server", S4, PORT), listen("server", S4, PORT)
    sock = udp(netns, address, port)
    datagrams = ask(sock, server)
    answer(server, datagrams, sock)
    sock = tcp(netns, address, port)
    end, stream = call(sock, listener)
    exchange(sock, end, 1000)
    same((datagrams[0], stream[0]), (HOST4, HOST4), "addresses")
    return stream[1], datagrams[1]


def off():
    """All source ports are mapped to the default range."""
    for port in 700, 5000:
        check(min(seen(port)) >= 61001, "port %d" % port)


def on():
    """Source ports below 1024 are mapped to 600-1023, UDP keeps the parity."""
    for port in 1, 600, 701, 1023:
        stream, datagrams = seen(port)
        for got in stream, datagrams:
            check(600 <= got <= 1023, "%d -> %d" % (port, got))
        same(datagrams % 2, port % 2, "parity of %d" % datagrams)
    for port in 1024, 5000:
        check(min(seen(port)) >= 61001, "port %d" % port)


def left():
    """Only 1022 and 1023 are not reserved, and a socket uses 1022: 1023 is
    allocated once, then ports of the default range are."""
    bound = [listen("router", HOST4, 1022), udp("router", "0.0.0.0", 1022)]
    same(seen(700), (1023, 1023), "the last one")
    check(min(seen(700, "client2", C6B)) >= 61001, "another host")
    for sock in bound:
        sock.close()


def entry():
    """A pool4 entry with ports 700 to 799."""
    for got in seen(700):
        check(700 <= got <= 799, "700 -> %d" % got)


def refused():
    """A server rejects source ports that are not privileged, as NFS does."""
    listener = listen("server", S4, PORT)
    answers = []
    for port in 800, 5000:
        sock = tcp("client", C6, port)
        end, peer = call(sock, listener)
        end.sendall(b"welcome" if peer[1] < 1024 else b"refused")
        answers.append(sock.recv(100))
    same(answers, [b"welcome", b"refused"], "answers")


def main():
    for name in "client", "client2", "router", "server":
        NAMES[name] = "nat64-%s-%s" % (name, sys.argv[2])
    globals()[sys.argv[1]]()


if __name__ == "__main__":
    main()
