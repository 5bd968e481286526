#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0
"""Mapping and filtering behaviour as endpoints see it, like a STUN client.

	mapping.py TEST ID

TEST is one of the functions below, ID is the suffix of the namespace names
(lib.sh). A test fails by an exception.
"""

import os
import socket
import struct
import sys

from traffic import (IP_MTU_DISCOVER, IP_PMTUDISC_DONT, LONG, SLOW, exchange,
                     socket_in)

NAMES = {}
C6, C6B = "2001:db8:1::10", "2001:db8:2::20"
S4, S4B = "198.51.100.5", "198.51.100.9"
PREFIX = "2001:db8:64::"
DGRAM, STREAM = socket.SOCK_DGRAM, socket.SOCK_STREAM
PORT = 7777
IPV6_RECVERR = 25


def embed(address, prefix=PREFIX):
    """The IPv4-embedded IPv6 address, as the C library prints it."""
    packed = socket.inet_pton(socket.AF_INET6, prefix)[:12]
    return socket.inet_ntop(socket.AF_INET6,
                            packed + socket.inet_aton(address))


S6, S6B = embed(S4), embed(S4B)


def same(got, expected, what):
    if got != expected:
        raise AssertionError("%s: got %s, expected %s" % (what, got, expected))


def check(condition, what):
    if not condition:
        raise AssertionError(what)


def udp(netns, address, port=0):
    sock = socket_in(NAMES[netns], DGRAM, address, port)
    if sock.family == socket.AF_INET:
        # With Don't Fragment, the first large one would be lost.
        sock.setsockopt(socket.IPPROTO_IP, IP_MTU_DISCOVER, IP_PMTUDISC_DONT)
    return sock


def tcp(netns, address, port=0):
    return socket_in(NAMES[netns], STREAM, address, port)


def listen(netns, address, port):
    sock = tcp(netns, address, port)
    sock.listen(8)
    return sock


def silent(sock):
    """Nothing arrives within the time that a packet needs."""
    sock.settimeout(0.2 * SLOW)
    try:
        data = sock.recv(65536)
    except TimeoutError:
        return
    finally:
        sock.settimeout(LONG)
    raise AssertionError("%d bytes where none were expected" % len(data))


def udp_mapping(sock, server, to=None):
    """Send to the server, return the source that it saw."""
    host, port = server.getsockname()
    sock.sendto(b"who am I", to or (embed(host), port))
    return server.recvfrom(100)[1]


# --- UDP ----------------------------------------------------------------

def udp_eim():
    sock = udp("client", C6, 5000)
    servers = [udp("server", S4, PORT), udp("server", S4, PORT + 1),
               udp("server", S4B, PORT)]
    seen = {udp_mapping(sock, server) for server in servers}
    same(len(seen), 1, "mappings of one socket: %s" % seen)


def udp_eif():
    sock = udp("client", C6)
    mapped = udp_mapping(sock, udp("server", S4, PORT))
    stranger = udp("server", S4B, 6001)
    for size in 10, 4000:
        stranger.sendto(bytes(size), mapped)
        data, peer = sock.recvfrom(65536)
        same((len(data), peer[:2]), (size, (S6B, 6001)), "arrived")
        sock.sendto(data, peer)
        data, peer = stranger.recvfrom(65536)
        same((len(data), peer), (size, mapped), "reply")


def udp_filtered():
    """A filter between device and server drops packets of unknown senders."""
    sock = udp("client", C6)
    mapped = udp_mapping(sock, udp("server", S4, PORT))
    udp("server", S4B, 6001).sendto(b"x", mapped)
    silent(sock)


def udp_unknown():
    """A packet without mapping is dropped or rejected, never delivered."""
    sock = udp("client", C6, 5000)
    host, port = udp_mapping(sock, udp("server", S4, PORT))
    stranger = udp("server", S4B, 6001)
    stranger.sendto(b"x", (host, port ^ 2))
    silent(sock)


def port_ranges():
    """RFC 6146 3.5.1.1: keep the port range and, for UDP, the parity."""
    server = udp("server", S4, PORT)
    for port in 500, 501, 5000, 5001, 1023, 1024, 65535:
        sock = udp("client", C6, port)
        mapped = udp_mapping(sock, server)[1]
        same(mapped < 1024, port < 1024, "%d -> %d, range" % (port, mapped))
        same(mapped % 2, port % 2, "%d -> %d, parity" % (port, mapped))
        check(mapped, "port 0")


def unique():
    """Two hosts with the same port get different mappings, both work."""
    server = udp("server", S4, PORT)
    one, two = udp("client", C6, 5001), udp("client2", C6B, 5001)
    seen = [udp_mapping(one, server), udp_mapping(two, server)]
    check(seen[0] != seen[1], "one mapping for two hosts: %s" % seen[0:1])
    for sock, peer, word in (one, seen[0], b"one"), (two, seen[1], b"two"):
        server.sendto(word, peer)
        same(sock.recv(10), word, "reply")


def paired():
    """All TCP and UDP mappings of a host have the same address."""
    server, listener = udp("server", S4, PORT), listen("server", S4, PORT)
    raw, icmp = icmp_pair()
    seen = set()
    for _ in range(20):
        sock = udp("client", C6)
        seen.add(udp_mapping(sock, server)[0])
        sock = tcp("client", C6)
        sock.connect((S6, PORT))
        seen.add(listener.accept()[1][0])
    seen.add(icmp_mapping(icmp, raw, S6)[0])
    same(len(seen), 1, "addresses of one host: %s" % seen)


def own_mapping():
    """A host reaches itself through its own mapping."""
    server = udp("server", S4, PORT)
    one, two = udp("client", C6), udp("client", C6)
    mapped = [udp_mapping(one, server), udp_mapping(two, server)]
    one.sendto(b"x", (embed(mapped[1][0]), mapped[1][1]))
    same(two.recvfrom(10)[1][:2], (embed(mapped[0][0]), mapped[0][1]),
         "source")


# --- TCP ----------------------------------------------------------------

def tcp_eim():
    listeners = [listen("server", S4, PORT), listen("server", S4, PORT + 1),
                 listen("server", S4B, PORT)]
    seen, socks = set(), []
    for listener in listeners:
        host, port = listener.getsockname()
        sock = tcp("client", C6, 5000)
        sock.connect((embed(host), port))
        seen.add(listener.accept()[1])
        socks.append(sock)
    same(len(seen), 1, "mappings of one port: %s" % seen)


def tcp_eif():
    """A connection from IPv4 to the mapping of another connection."""
    listener = listen("server", S4, PORT)
    out = tcp("client", C6, 5002)
    out.connect((S6, PORT))
    mapped = listener.accept()[1]
    inside = listen("client", C6, 5002)
    for size in 1, 300000:
        sock = tcp("server", S4B)
        sock.connect(mapped)
        far, peer = inside.accept()
        far.settimeout(LONG)
        same(peer[:2], (S6B, sock.getsockname()[1]), "peer")
        exchange(sock, far, size)


# --- ICMP ---------------------------------------------------------------

def icmp_pair():
    """A raw socket of the server and a ping socket of the client."""
    raw = socket_in(NAMES["server"], socket.SOCK_RAW, "0.0.0.0", 0,
                    socket.IPPROTO_ICMP)
    return raw, socket_in(NAMES["client"], DGRAM, C6, 4242,
                          socket.IPPROTO_ICMPV6)


def echo_id(packet):
    """Type and identifier of an ICMP message with its IPv4 header."""
    return packet[20], struct.unpack_from("!H", packet, 24)[0]


def icmp_mapping(sock, raw, to):
    sock.sendto(bytes([128, 0, 0, 0, 0, 0, 0, 1]) + b"echo", (to, 0))
    while True:
        packet, peer = raw.recvfrom(2000)
        kind, ident = echo_id(packet)
        if kind == 8:
            sock.recv(2000)
            return peer[0], ident


def checksum(data):
    total = sum(struct.unpack("!%dH" % (len(data) // 2), data))
    total = (total & 0xffff) + (total >> 16)
    return ~(total + (total >> 16)) & 0xffff


def icmp_eim():
    raw, sock = icmp_pair()
    seen = {icmp_mapping(sock, raw, S6), icmp_mapping(sock, raw, S6B)}
    same(len(seen), 1, "mappings of one identifier: %s" % seen)


def icmp_eif():
    """The client answers a ping from IPv4 to an identifier with a mapping."""
    raw, sock = icmp_pair()
    host, ident = icmp_mapping(sock, raw, S6)
    request = struct.pack("!BBHHH", 8, 0, 0, ident, 7) + b"ping"
    request = request[:2] + struct.pack("!H", checksum(request)) + request[4:]
    raw.sendto(request, (host, 0))
    while True:
        packet, peer = raw.recvfrom(2000)
        if packet[20] == 0 and peer[0] == host:
            break
    same(echo_id(packet)[1], ident, "identifier")
    same(packet[26:], request[6:], "content")


# --- other ends ---------------------------------------------------------

def dialogue(one, to, other, source):
    """A datagram and its reply, small ones and fragmented ones."""
    for size in 1, 4000:
        data = os.urandom(size)
        one.sendto(data, to)
        got, peer = other.recvfrom(65536)
        check(got == data, "%d bytes differ" % size)
        same(peer[:2], source, "source")
        other.sendto(data[::-1], peer)
        got, peer = one.recvfrom(65536)
        check(got == data[::-1], "%d bytes of the reply differ" % size)
        same(peer[:2], to, "source of the reply")


def from_router():
    """The router sends from its own IPv4 address to a mapping of the client."""
    sock = udp("client", C6)
    mapped = udp_mapping(sock, udp("server", S4, PORT))
    router = udp("router", "198.51.100.1")
    dialogue(router, mapped, sock,
             (embed("198.51.100.1"), router.getsockname()[1]))


def other_pool():
    """Packets leave through one device and return through another, for
    two.sh."""
    server = udp("server", S4, PORT)
    one, two = udp("client", C6), udp("client", C6)
    first = udp_mapping(one, server)
    second = udp_mapping(two, server,
                         (embed(S4, "2001:db8:65::"), PORT))
    dialogue(one, (embed(second[0]), second[1]), two,
             (embed(first[0], "2001:db8:65::"), first[1]))


# --- hairpin ------------------------------------------------------------

def hairpin_udp():
    server = udp("server", S4, PORT)
    one, two = udp("client", C6, 5000), udp("client2", C6B, 6000)
    first, second = udp_mapping(one, server), udp_mapping(two, server)
    for size in 0, 10, 1400, 4000, 8192:
        data = os.urandom(size)
        one.sendto(data, (embed(second[0]), second[1]))
        got, peer = two.recvfrom(65536)
        same(peer[:2], (embed(first[0]), first[1]), "source")
        check(got == data, "%d bytes differ" % size)
        two.sendto(data[::-1], peer)
        got, peer = one.recvfrom(65536)
        same(peer[:2], (embed(second[0]), second[1]), "source of the reply")
        check(got == data[::-1], "%d bytes of the reply differ" % size)


def hairpin_tcp():
    listener = listen("server", S4, PORT)
    for size, port in (1, 5000), (1000000, 5001):
        out = tcp("client2", C6B, port)
        out.connect((S6, PORT))
        second = listener.accept()[1]
        inside = listen("client2", C6B, port)
        out2 = tcp("client", C6, port)
        out2.connect((S6, PORT))
        first = listener.accept()[1]
        sock = tcp("client", C6, port)
        sock.connect((embed(second[0]), second[1]))
        far, peer = inside.accept()
        far.settimeout(LONG)
        same(peer[:2], (embed(first[0]), first[1]), "source")
        exchange(sock, far, size)


def hairpin_error():
    """The error of a closed port behind the other mapping reaches the
    sender."""
    server = udp("server", S4, PORT)
    one, two = udp("client", C6, 5003), udp("client2", C6B, 6003)
    udp_mapping(one, server)
    mapped = udp_mapping(two, server)
    two.close()
    one.connect((embed(mapped[0]), mapped[1]))
    one.send(b"x")
    try:
        one.recv(10)
    except ConnectionRefusedError:
        return
    raise AssertionError("no error came")


# --- allocation ---------------------------------------------------------

def unforeseen():
    """Ports of consecutive sockets are neither consecutive nor close to each
    other. Random ports exceed the bounds once in a million runs. Print them."""
    server = udp("server", S4, PORT)
    own = range(20000, 20256)
    socks = [udp("client", C6, port) for port in own]
    ports = [udp_mapping(sock, server)[1] for sock in socks]
    same(len(set(ports)), len(own), "different ports")
    steps = [after - before for before, after in zip(ports, ports[1:])]
    check(len(set(steps)) > 240, "steps: %s" % steps)
    rising = sum(step > 0 for step in steps)
    check(100 < rising < 155, "%d of 255 rise" % rising)
    parts = {(port - 1024) * 8 // (65536 - 1024) for port in ports}
    same(parts, set(range(8)), "eighths of the range")
    kept = sum(port == mine for port, mine in zip(ports, own))
    check(kept < 5, "%d ports kept" % kept)
    print(*ports)


# --- limits -------------------------------------------------------------

def unreachable(sock):
    """An ICMPv6 error 1/3 arrives; Linux reports it as EHOSTUNREACH."""
    sock.setsockopt(socket.IPPROTO_IPV6, IPV6_RECVERR, 1)
    sock.connect((S6, PORT))
    sock.send(b"x")
    try:
        sock.recv(10)
    except OSError as error:
        same(error.strerror, "No route to host", "error")
        return
    raise AssertionError("no error came")


def exhausted():
    """pool4 has ten ports: ten sockets work, the eleventh gets an error."""
    server = udp("server", S4, PORT)
    socks = [udp("client", C6, port) for port in range(5000, 5010)]
    seen = {udp_mapping(sock, server) for sock in socks}
    same(len(seen), 10, "mappings")
    check(all(2000 <= port <= 2009 for _, port in seen), "range: %s" % seen)
    unreachable(udp("client", C6, 5010))
    unreachable(udp("client2", C6B, 5000))
    again = {udp_mapping(sock, server) for sock in socks}
    same(again, seen, "mappings afterwards")


def no_pool():
    unreachable(udp("client", C6))


def hold():
    """Create a mapping, print it, and echo datagrams until killed."""
    sock = udp("client", C6)
    mapped = udp_mapping(sock, udp("server", S4, PORT))
    print(*mapped, flush=True)
    sock.settimeout(None)
    while True:
        data, peer = sock.recvfrom(65536)
        sock.sendto(data, peer)


def main():
    for name in "client", "client2", "router", "server":
        NAMES[name] = "nat64-%s-%s" % (name, sys.argv[2])
    globals()[sys.argv[1]]()


if __name__ == "__main__":
    main()
