#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0
"""Tests of a translator that shares the IPv4 address of its router.

	borrow.py TEST ID [ARGUMENT]...

TEST is one of the functions below, ID is the suffix of the namespace names
(lib.sh). A test fails by an exception.
"""

import errno
import socket
import sys
import time

from mapping import (C6, DGRAM, IPV6_RECVERR, NAMES, PORT, S4, S4B, STREAM,
                     check, embed, listen, same, silent, tcp, udp)
from traffic import LONG, SLOW, exchange, socket_in

SO_RCVBUFFORCE = 33
OWN4, LAN4 = "192.0.2.2", "192.168.1.10"
WKP, OTHER = "64:ff9b::", "2001:db8:65::"


def ask(sock, server, prefix=WKP):
    """Send to the server, return the source address and port that it saw."""
    host, port = server.getsockname()
    if sock.family == socket.AF_INET6:
        host = embed(host, prefix)
    sock.sendto(b"who am I", (host, port))
    return server.recvfrom(100)[1]


def answer(server, peer, sock, word=b"answer"):
    """The server sends to the source that it saw; the socket receives it."""
    server.sendto(word, peer)
    same(sock.recv(100), word, "answer to %s" % (peer,))


def call(sock, listener, prefix=WKP):
    """Connect to the listener; return the accepted socket and the source it
    saw."""
    host, port = listener.getsockname()
    if sock.family == socket.AF_INET6:
        host = embed(host, prefix)
    sock.connect((host, port))
    return listener.accept()


def unreachable(sock, prefix=WKP):
    """An ICMPv6 error 1/3 arrives; Linux reports it as EHOSTUNREACH."""
    sock.setsockopt(socket.IPPROTO_IPV6, IPV6_RECVERR, 1)
    sock.sendto(b"x", (embed(S4, prefix), PORT))
    try:
        sock.recv(10)
    except OSError as error:
        same(error.strerror, "No route to host", "error")
        return
    raise AssertionError("no error came")


def ip(*words, netns="router"):
    # not imported where it is not needed: that takes long in a guest
    import subprocess

    subprocess.run(["ip", "-n", NAMES[netns], *words], check=True)


def endpoint_independent():
    """One mapping for all servers, which accepts packets from all."""
    servers = [udp("server", S4, PORT), udp("server", S4, PORT + 1),
               udp("server", S4B, PORT)]
    sock = udp("client", C6)
    seen = {ask(sock, server) for server in servers}
    same(len(seen), 1, "mappings of one socket: %s" % seen)
    peer = seen.pop()
    same(peer[0], OWN4, "address")
    check(peer[1] >= 61001, "port %d" % peer[1])
    answer(udp("server", S4B, 6001), peer, sock)

    listener = listen("server", S4, PORT)
    sock = tcp("client", C6, 5002)
    peer = call(sock, listener)[1]
    inside = listen("client", C6, 5002)
    out = tcp("server", S4B)
    out.connect(peer)
    far, _ = inside.accept()
    far.settimeout(LONG)
    exchange(out, far, 100000)


def hairpin():
    """Two sockets behind the router reach each other at its address."""
    server = udp("server", S4, PORT)
    one, two = udp("client", C6), udp("client", C6)
    first, second = ask(one, server), ask(two, server)
    one.sendto(b"x", (embed(second[0], WKP), second[1]))
    data, peer = two.recvfrom(10)
    same(peer[:2], (embed(first[0], WKP), first[1]), "source")
    two.sendto(data, peer)
    same(one.recv(10), data, "back")


# --- ports shared with the host -----------------------------------------

def host_ports():
    """pool4 has ports 50000 to 50003: ports bound by the host are not
    allocated."""
    taken = [listen("router", OWN4, 50001), udp("router", "0.0.0.0", 50002)]
    far = listen("server", S4, PORT)
    out = socket_in(NAMES["router"], STREAM, OWN4, 50003)
    call(out, far)
    tcps, udps = set(), set()
    keep = []
    server = udp("server", S4, PORT)
    for _ in range(2):
        sock = tcp("client", C6)
        end, peer = call(sock, far)
        exchange(sock, end, 1000)
        tcps.add(peer)
        keep.append(sock)
    for _ in range(3):
        sock = udp("client", C6)
        peer = ask(sock, server)
        answer(server, peer, sock)
        udps.add(peer)
        keep.append(sock)
    same(tcps, {(OWN4, 50000), (OWN4, 50002)}, "TCP")
    same(udps, {(OWN4, 50000), (OWN4, 50001), (OWN4, 50003)}, "UDP")
    unreachable(udp("client", C6))
    # What they have is theirs.
    exchange_host(taken[0], OWN4, 50001)
    stranger = udp("server", S4B, 6001)
    stranger.sendto(b"for the host", (OWN4, 50002))
    same(taken[1].recv(100), b"for the host", "the host's UDP port")


def greedy():
    """A host with 3000 sockets gets half of 4535 ports, another host gets
    one."""
    server = udp("server", S4, PORT)
    server.setsockopt(socket.SOL_SOCKET, SO_RCVBUFFORCE, 8 << 20)
    for i in range(3000):
        with udp("client", C6, 20000 + i) as sock:
            sock.sendto(b"mine", (embed(S4, WKP), PORT))
    seen = set()
    while len(seen) < 4535 // 2:
        seen.add(server.recvfrom(10)[1])
    server.settimeout(0.5 * SLOW)
    try:
        raise AssertionError("one more: %s" % (server.recvfrom(10)[1],))
    except TimeoutError:
        server.settimeout(LONG)
    ip("-6", "route", "add", "2001:db8:1:9::/64", "via", C6)
    ip("addr", "add", "2001:db8:1:9::1/64", "dev", "lo", "nodad",
       netns="client")
    sock = udp("client", "2001:db8:1:9::1")
    answer(server, ask(sock, server), sock)


def exchange_host(listener, address, port):
    sock = tcp("server", S4B)
    sock.connect((address, port))
    end, _ = listener.accept()
    end.settimeout(LONG)
    exchange(sock, end, 1000)


def host_later():
    """The host binds a port that already has a binding."""
    server = udp("server", S4, PORT)
    sock = udp("client", C6)
    peer = ask(sock, server)
    host = udp("router", OWN4, peer[1])
    answer(server, peer, sock)
    stranger = udp("server", S4B, 6001)
    stranger.sendto(b"for the host", peer)
    same(host.recv(100), b"for the host", "new to the port")
    silent(sock)
    host.sendto(b"from the host", ("198.51.100.9", 6001))
    same(stranger.recvfrom(100), (b"from the host", peer), "from the host")
    host.close()
    stranger.sendto(b"for the client", peer)
    same(sock.recv(100), b"for the client", "afterwards")


def host_same():
    """The host sends from the port of a binding to a remote host of that
    binding."""
    server = udp("server", S4, PORT)
    sock = udp("client", C6)
    peer = ask(sock, server)
    host = udp("router", OWN4, peer[1])
    same(ask(host, server), peer, "the host")
    answer(server, peer, sock)
    silent(host)
    # Until the device is gone.
    ip("link", "set", "nat64", "down")
    answer(server, peer, host)


def host_traffic():
    """The host's own services and connections work, also on ports of the
    range."""
    service = listen("router", "0.0.0.0", 61100)
    exchange_host(service, OWN4, 61100)
    far = listen("server", S4, PORT)
    for port in 0, 61200:
        sock = socket_in(NAMES["router"], STREAM, OWN4, port)
        end, peer = call(sock, far)
        end.settimeout(LONG)
        same(peer, sock.getsockname(), "the host's address")
        exchange(sock, end, 100000)
    server = udp("server", S4, PORT)
    for port in 0, 61300:
        sock = udp("router", OWN4, port)
        answer(server, ask(sock, server), sock)


def scan_port(kind, port):
    sock = socket_in(NAMES["server"], kind, S4)
    sock.settimeout(3 * SLOW)
    try:
        sock.connect((OWN4, port))
        if kind == STREAM:
            return "open"
        sock.send(b"scan")
        sock.recv(1)
    except TimeoutError:
        return "silent"
    except OSError as error:
        return errno.errorcode[error.errno]
    finally:
        sock.close()
    return "answered"


def scan():
    """Print how the router's ports answer; some of them are in use."""
    keep = [listen("router", "0.0.0.0", 61003), udp("router", OWN4, 61004)]
    for port in 22, 53, 1024, 40000, *range(61001, 61011), 65535:
        print("tcp", port, scan_port(STREAM, port))
        print("udp", port, scan_port(DGRAM, port))
    for sock in keep:
        sock.close()


# --- ports shared with other NAT ----------------------------------------

def masquerade():
    """A masqueraded and a translated flow with the same port and server: each
    gets its own replies."""
    server = udp("server", S4, PORT)
    first = udp("client", C6)
    peer = ask(first, server)
    other = udp("lan", LAN4, peer[1])
    other_peer = ask(other, server)
    check(other_peer != peer and other_peer[0] == OWN4,
          "%s for both" % (peer,))
    for _ in range(3):
        answer(server, peer, first, b"for IPv6")
        answer(server, other_peer, other, b"for IPv4")
        same(ask(first, server), peer, "again")
        same(ask(other, server), other_peer, "again")


def masquerade_first():
    """pool4 has port 50000 only, which a masqueraded flow already uses."""
    server, far = udp("server", S4, PORT), listen("server", S4, PORT)
    old = udp("lan", LAN4, 50000)
    same(ask(old, server), (OWN4, 50000), "masqueraded")
    new = udp("client", C6)
    peer = ask(new, server)
    check(peer != (OWN4, 50000) and peer[0] == OWN4, "%s for both" % (peer,))
    for _ in range(3):
        answer(server, (OWN4, 50000), old, b"for IPv4")
        answer(server, peer, new, b"for IPv6")

    old = tcp("lan", LAN4, 50000)
    old_end, old_peer = call(old, far)
    same(old_peer, (OWN4, 50000), "masqueraded")
    new = tcp("client", C6)
    new_end, peer = call(new, far)
    check(peer != old_peer, "%s for both" % (peer,))
    for near, end in (old, old_end), (new, new_end):
        end.settimeout(LONG)
        exchange(near, end, 100000)


# --- several devices ----------------------------------------------------

def two_devices():
    """Two devices share ports 50000 to 50009 of one address."""
    server = udp("server", S4, PORT)
    socks = []
    for i in range(10):
        sock = udp("client", C6)
        peer = ask(sock, server, OTHER if i % 2 else WKP)
        socks.append((peer, sock))
    seen = {peer for peer, _ in socks}
    same(seen, {(OWN4, port) for port in range(50000, 50010)}, "ports")
    for prefix in WKP, OTHER:
        unreachable(udp("client", C6), prefix)
    for peer, sock in socks:
        answer(server, peer, sock)
    # What one device had is for the other once it is gone, and asked for again.
    ip("link", "del", "other")
    time.sleep(1.1)
    fresh = [udp("client", C6) for _ in range(5)]
    seen = {ask(sock, server) for sock in fresh}
    same(seen, {peer for peer, _ in socks[1::2]}, "ports of the other")
    unreachable(udp("client", C6))
    for peer, sock in socks[::2]:
        answer(server, peer, sock)


# --- the address changes ------------------------------------------------

def change(new):
    """The address is replaced by another one, as by DHCP."""
    server, far = udp("server", S4, PORT), listen("server", S4, PORT)
    sock, old_tcp = udp("client", C6, 5000), tcp("client", C6)
    old = ask(sock, server)
    same(old[0], OWN4, "before")
    end = call(old_tcp, far)[0]
    ip("addr", "del", OWN4 + "/24", "dev", "s0")
    unreachable(sock)
    ip("addr", "add", new + "/24", "dev", "s0")
    ip("route", "add", "default", "via", "192.0.2.1")
    fresh = ask(sock, server)
    same(fresh[0], new, "afterwards")
    answer(server, fresh, sock)
    # The old connection does not go on from another address.
    old_tcp.send(b"x")
    end.settimeout(0.3 * SLOW)
    try:
        check(not end.recv(1), "the old connection goes on")
    except TimeoutError:
        pass


def second_address(new):
    """A binding keeps its address when the host gets a preferred one."""
    server = udp("server", S4, PORT)
    sock = udp("client", C6)
    old = ask(sock, server)
    ip("addr", "add", new + "/32", "dev", "s0")
    ip("route", "replace", "default", "via", "192.0.2.1", "src", new)
    same(ask(sock, server), old, "the old mapping")
    answer(server, old, sock)
    other = udp("client", C6)
    fresh = ask(other, server)
    same(fresh[0], new, "a new mapping")
    answer(server, fresh, other)
    ip("route", "replace", "default", "via", "192.0.2.1")
    ip("addr", "del", new + "/32", "dev", "s0")
    # Only what is on the address that has gone ends.
    same(ask(sock, server), old, "the old mapping afterwards")
    same(ask(other, server)[0], OWN4, "the other one afterwards")


# --- the device ---------------------------------------------------------

def down():
    """While the device is down, the host answers itself; bindings are kept."""
    server = udp("server", S4, PORT)
    sock = udp("client", C6)
    peer = ask(sock, server)
    answer(server, peer, sock)
    ip("link", "set", "nat64", "down")
    server.connect(peer)
    server.send(b"x")
    try:
        server.recv(1)
    except ConnectionRefusedError:
        pass
    else:
        raise AssertionError("the host was silent")
    silent(sock)
    ip("link", "set", "nat64", "up")
    ip("route", "add", "64:ff9b::/96", "dev", "nat64")
    server.send(b"again")
    same(sock.recv(10), b"again", "after it is up again")


def spoofed(strict):
    """The router's rp_filter drops spoofed sources."""
    server = udp("server", S4, PORT)
    sock = udp("client", C6)
    peer = ask(sock, server)
    fake = udp("lan", S4B, 6001)
    fake.sendto(b"x", peer)
    if strict == "1":
        silent(sock)
    else:
        same(sock.recv(1), b"x", "without rp_filter")
    real = udp("server", S4B, 6001)
    answer(real, peer, sock)


def main():
    for name in "client", "lan", "router", "server":
        NAMES[name] = "nat64-%s-%s" % (name, sys.argv[2])
    globals()[sys.argv[1]](*sys.argv[3:])


if __name__ == "__main__":
    main()
