#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0
"""Hosts behind translators that open connections to each other.

	holepunch.py TEST ID

TEST is one of the functions below, ID is the suffix of the namespace names
(holepunch.sh). A test fails by an exception.
"""

import errno
import select
import socket
import sys
import time

from traffic import LONG, SLOW, socket_in

DGRAM, STREAM = socket.SOCK_DGRAM, socket.SOCK_STREAM
S4, T4 = "198.51.100.5", "203.0.113.1"
NEAR, FAR = "2001:db8:64::", "2001:db8:66::"
# name of the namespace: address, prefix of its translator
HOSTS = {
    "client": ("2001:db8:1::10", NEAR),
    "client2": ("2001:db8:2::20", NEAR),
    "peer": ("2001:db8:67::2", FAR),
}
NAMES = {}


def embed(address, prefix):
    """The IPv4-embedded IPv6 address, as the C library prints it."""
    packed = socket.inet_pton(socket.AF_INET6, prefix)[:12]
    return socket.inet_ntop(socket.AF_INET6,
                            packed + socket.inet_aton(address))


def same(got, expected, what):
    if got != expected:
        raise AssertionError("%s: got %s, expected %s" % (what, got, expected))


class Host:
    """A host and the local port of all its connections."""

    def __init__(self, name, port, kind=STREAM):
        self.name = name
        self.address, self.prefix = HOSTS[name]
        self.port = port
        self.kind = kind

    def socket(self):
        sock = socket_in(NAMES[self.name], self.kind, "",
                         family=socket.AF_INET6)
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)
        sock.bind((self.address, self.port))
        return sock

    def mapping(self, server):
        """The source that the server sees; the socket must stay open."""
        sock = self.socket()
        sock.connect((embed(S4, self.prefix), server.getsockname()[1]))
        if self.kind == DGRAM:
            sock.send(b"who am I")
            return server.recvfrom(100)[1], sock
        conn, seen = server.accept()
        conn.close()
        return seen, sock

    def begin(self, to):
        """Start to connect."""
        sock = self.socket()
        sock.setblocking(False)
        err = sock.connect_ex((embed(to[0], self.prefix), to[1]))
        same(err, errno.EINPROGRESS, "connect from " + self.name)
        return sock


def server(kind=STREAM):
    sock = socket_in(NAMES["server"], kind, S4, 7777)
    if kind == STREAM:
        sock.listen(8)
    return sock


def wait_open(sock, what):
    if not select.select([], [sock], [], LONG)[1]:
        raise AssertionError(what + ": nothing came")
    same(sock.getsockopt(socket.SOL_SOCKET, socket.SO_ERROR), 0, what)
    sock.settimeout(LONG)


def talk(one, other):
    for a, b in (one, other), (other, one):
        a.sendall(b"hello" * 100)
        got = b""
        while len(got) < 500:
            got += b.recv(500)
        same(got, b"hello" * 100, "data")


def open_both(one, two, seen_one, seen_two):
    """The second host connects while the SYN of the first one is stored."""
    a = one.begin(seen_two)
    time.sleep(0.3 * SLOW)
    b = two.begin(seen_one)
    wait_open(a, one.name)
    wait_open(b, two.name)
    same(a.getpeername()[:2], (embed(seen_two[0], one.prefix), seen_two[1]),
         "peer of " + one.name)
    same(b.getpeername()[:2], (embed(seen_one[0], two.prefix), seen_one[1]),
         "peer of " + two.name)
    talk(a, b)


def rendezvous(one=("client", 5000), two=("peer", 6000)):
    """Both hosts learn their mappings from a server and connect to each
    other's."""
    known = server()
    one, two = Host(*one), Host(*two)
    seen_one, keep_one = one.mapping(known)
    seen_two, keep_two = two.mapping(known)
    open_both(one, two, seen_one, seen_two)
    keep_one.close()
    keep_two.close()


def hairpin():
    rendezvous(two=("client2", 6000))


def rendezvous_listen():
    """Without filtering, a listener on the mapped port is reached."""
    known = server()
    one, two = Host("client", 5000), Host("peer", 6000)
    seen_two, keep = two.mapping(known)
    listener = two.socket()
    listener.listen(1)
    a = one.begin(seen_two)
    b, _ = listener.accept()
    b.settimeout(LONG)
    wait_open(a, one.name)
    talk(a, b)
    keep.close()


def udp():
    known = server(DGRAM)
    one, two = Host("client", 5000, DGRAM), Host("peer", 6000, DGRAM)
    seen_one, a = one.mapping(known)
    seen_two, b = two.mapping(known)
    a.connect((embed(seen_two[0], one.prefix), seen_two[1]))
    b.connect((embed(seen_one[0], two.prefix), seen_one[1]))
    # It opens the way back, and may itself arrive or be refused.
    a.send(b"first")
    for sender, receiver in (b, a), (a, b):
        sender.send(b"through")
        data = b""
        while data != b"through":
            try:
                data = receiver.recv(100)
            except PermissionError:
                pass


def connect4(timeout):
    """Connect from IPv4 to a port without binding; return error and
    duration."""
    sock = socket_in(NAMES["server"], STREAM, S4)
    sock.settimeout(timeout)
    start = time.monotonic()
    try:
        sock.connect((T4, 4000))
        raise AssertionError("connected")
    except TimeoutError:
        return None, time.monotonic() - start
    except OSError as e:
        return e.errno, time.monotonic() - start


def refused():
    err, after = connect4(LONG)
    same(err, errno.ECONNREFUSED, "error of connect")
    if after < 6:
        raise AssertionError("refused after %.2f s" % after)


def ignored():
    same(connect4(8)[0], None, "error of connect")


def leave_waiting():
    same(connect4(0.2 * SLOW)[0], None, "error of connect")


if __name__ == "__main__":
    for ns in list(HOSTS) + ["server"]:
        NAMES[ns] = "nat64-%s-%s" % (ns, sys.argv[2])
    globals()[sys.argv[1]]()
