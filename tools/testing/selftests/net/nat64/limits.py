#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0
"""Small or exhausted pools, and hosts that use all of them, for limits.sh.

	limits.py TEST ID

TEST is one of the functions below, ID is the suffix of the namespace names
(lib.sh). A test fails by an exception.
"""

import socket
import struct
import subprocess
import sys
import threading

from mapping import (C6, C6B, NAMES, PORT, S4, S6, check, listen, same, tcp,
                     udp, udp_mapping, unreachable)
from traffic import LONG, SLOW

POOL = "203.0.113."
# limits.sh routes it to the client, where all of it is local.
MANY = "2001:db8:1:1::%x"
IPV6_RECVPKTINFO = 49
IPV6_PKTINFO = 50
IPV6_FREEBIND = 78


def big(sock):
    sock.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4 << 20)
    return sock


def set_pool4(*words):
    subprocess.run(["ip", "-n", NAMES["router"], "link", "set", "nat64",
                    "type", "nat64", *words], check=True)


def arrived(server, least=0):
    """The senders of received packets: wait for the minimum, then for
    silence."""
    peers = set()
    try:
        while True:
            server.settimeout(LONG if len(peers) < least else 0.3 * SLOW)
            peers.add(server.recvfrom(100)[1])
    except TimeoutError:
        server.settimeout(LONG)
        return peers


def hog():
    """One host has 300 sockets and gets 100 bindings; another host gets one."""
    server, listener = big(udp("server", S4, PORT)), listen("server", S4, PORT)
    socks = [udp("client", C6, 20000 + i) for i in range(300)]
    for sock in socks:
        sock.sendto(b"mine", (S6, PORT))
    peers = arrived(server, 100)
    same(len(peers), 100, "bindings")
    other = tcp("client2", C6B)
    other.connect((S6, PORT))
    same(listener.accept()[1][0][:len(POOL)], POOL, "the other host's address")
    udp_mapping(udp("client2", C6B), server)
    unreachable(udp("client", C6, 5000))
    # Those that there are work as before, and are the same.
    for sock in socks:
        sock.sendto(b"mine", (S6, PORT))
    same(arrived(server, 100), peers, "bindings afterwards")


def everything():
    """Without max-bindings, a host gets all ports of its address only."""
    server = big(udp("server", S4, PORT))
    socks = [udp("client", C6, 20000 + i) for i in range(150)]
    for sock in socks:
        sock.sendto(b"mine", (S6, PORT))
    peers = arrived(server, 100)
    same(len(peers), 100, "bindings")
    mine = {host for host, _ in peers}
    same(len(mine), 1, "addresses of one host")
    host, _ = udp_mapping(udp("client2", C6B), server)
    check(host not in mine, "the other host has the full address")


class Crowd:
    """Hosts of the client, each with one address and one socket."""

    def __init__(self):
        self.server = big(udp("server", S4, PORT))
        self.sock = big(udp("client", "::", 5000))
        for option in IPV6_RECVPKTINFO, IPV6_FREEBIND:
            self.sock.setsockopt(socket.IPPROTO_IPV6, option, 1)

    def send(self, number, port=PORT):
        info = socket.inet_pton(socket.AF_INET6, MANY % number) + bytes(4)
        self.sock.sendmsg([struct.pack("!I", number)],
                          [(socket.IPPROTO_IPV6, IPV6_PKTINFO, info)], 0,
                          (S6, port))

    def mappings(self, first, end, server=None):
        """Mappings by number of the host; fail if a host has none."""
        server = server or self.server
        seen = {}
        for number in range(first, end):
            self.send(number, server.getsockname()[1])
            data, peer = server.recvfrom(100)
            same(struct.unpack("!I", data)[0], number, "host")
            seen[number] = peer
        return seen

    def reached(self, mappings):
        """A reply to each mapping reaches its host."""
        for number, peer in mappings.items():
            self.server.sendto(b"answer", peer)
            info = self.sock.recvmsg(100, 200)[1][0][2][:16]
            same(socket.inet_ntop(socket.AF_INET6, info), MANY % number,
                 "host of %s" % (peer,))


def crowd():
    """256 addresses with 10 ports each: at 1 %, 99 % and 100 %."""
    hosts = Crowd()
    other = udp("server", S4, PORT + 1)
    seen = hosts.mappings(1, 26)
    some = dict(seen)
    seen.update(hosts.mappings(26, 2535))
    same(len(set(seen.values())), 2534, "mappings at 99 %")
    # Still the same for every destination, R4787-R11-a.
    for number, peer in hosts.mappings(2500, 2535, other).items():
        same(peer, seen[number], "mapping for another server")
    seen.update(hosts.mappings(2535, 2561))
    same(len(set(seen.values())), 2560, "mappings at 100 %")
    check(all(host.startswith(POOL) and 2000 <= port <= 2009
              for host, port in seen.values()), "in the pool")
    for number in range(2561, 2611):
        hosts.send(number)
    same(arrived(hosts.server), set(), "more")
    hosts.reached(seen)
    same(hosts.mappings(1, 26), some, "the first mappings")


class Dialogue(threading.Thread):
    """Exchange datagrams between a host and the server until stopped."""

    def __init__(self, sock, server):
        super().__init__(daemon=True)
        self.sock, self.server = sock, server
        self.peer = udp_mapping(sock, server)
        self.count, self.error, self.end = 0, None, False
        self.start()

    def run(self):
        try:
            while not self.end:
                self.sock.sendto(b"question", (S6, self.server.getsockname()[1]))
                same(self.server.recvfrom(100)[1], self.peer, "mapping")
                self.server.sendto(b"answer", self.peer)
                self.sock.recv(100)
                self.count += 1
        except (AssertionError, OSError) as error:
            self.error = error

    def goes_on(self):
        """Wait for twenty more rounds."""
        want = self.count + 20
        while self.count < want and not self.error:
            self.join(0.01)
        check(not self.error, "the one that stays: %s" % self.error)


def removed():
    """A pool4 entry is removed while both hosts send; one of them uses it."""
    talk = Dialogue(udp("client", C6, 5000), udp("server", S4, PORT + 1))
    server = udp("server", S4, PORT)
    other = udp("client2", C6B, 5000)
    gone = udp_mapping(other, server)
    stays = ["pool4", talk.peer[0], "ports", "%d-%d" % (talk.peer[1:] * 2)]
    for last in ([], ["pool4", POOL + "2", "ports", "4000-4000"]):
        talk.goes_on()
        set_pool4(*stays, *last)
        talk.goes_on()
        if not last:
            unreachable(udp("client2", C6B, 5002))
            server.sendto(b"x", gone)
            other.settimeout(0.2 * SLOW)
            try:
                other.recv(10)
                raise AssertionError("a removed mapping lets in")
            except TimeoutError:
                pass
    same(udp_mapping(other, server), (POOL + "2", 4000), "new mapping")
    talk.goes_on()
    talk.end = True
    talk.join(LONG)


def chosen():
    """pool4 entries for a mark, which packets of client2 have, and for TCP."""
    server, listener = udp("server", S4, PORT), listen("server", S4, PORT)
    for netns, address, last in ("client", C6, "1"), ("client2", C6B, "2"):
        same(udp_mapping(udp(netns, address), server)[0], POOL + last,
             "%s, UDP" % netns)
        sock = tcp(netns, address)
        sock.connect((S6, PORT))
        peer = listener.accept()[1]
        same(peer[0], POOL + last, "%s, TCP" % netns)
        same(peer[1] // 1000, 3, "%s, range of TCP ports" % netns)


def main():
    for name in "client", "client2", "router", "server":
        NAMES[name] = "nat64-%s-%s" % (name, sys.argv[2])
    globals()[sys.argv[1]]()


if __name__ == "__main__":
    main()
