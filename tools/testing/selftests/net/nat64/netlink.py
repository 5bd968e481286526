# SPDX-License-Identifier: GPL-2.0
"""Netlink messages: attributes, requests and answers, of rtnetlink and of
generic netlink families. Tests share this module; it needs no other.
"""
import os
import socket
import struct
import sys
import time

NETLINK_ROUTE, NETLINK_GENERIC, SOL_NETLINK = 0, 16, 270
NETLINK_ADD_MEMBERSHIP, NETLINK_CAP_ACK, NETLINK_EXT_ACK = 1, 10, 11
NLMSG_ERROR, NLMSG_DONE = 2, 3
NLM_F_REQUEST, NLM_F_ACK, NLM_F_DUMP, NLM_F_DUMP_INTR = 1, 4, 0x300, 0x10
NLM_F_REPLACE, NLM_F_EXCL, NLM_F_CREATE = 0x100, 0x200, 0x400
NLM_F_ACK_TLVS = 0x200
NLMSGERR_ATTR_MSG, NLMSGERR_ATTR_OFFS = 1, 2
NESTED, TYPE_MASK = 0x8000, 0x3fff

RTM_NEWLINK, RTM_DELLINK, RTM_GETLINK = 16, 17, 18
IFLA_ADDRESS, IFLA_IFNAME, IFLA_LINKINFO = 1, 3, 18
IFLA_NET_NS_PID, IFLA_NET_NS_FD, INFO_KIND, INFO_DATA = 19, 28, 1, 2

GENL_ID_CTRL, CTRL_CMD_GETFAMILY = 16, 3
CTRL_ATTR_FAMILY_ID, CTRL_ATTR_FAMILY_NAME, CTRL_ATTR_MCAST_GROUPS = 1, 2, 7
GRP_NAME, GRP_ID = 1, 2

EPERM, ENOENT, E2BIG, EEXIST, ENODEV, EINVAL, ERANGE = 1, 2, 7, 17, 19, 22, 34
EOPNOTSUPP, EADDRINUSE, EADDRNOTAVAIL = 95, 98, 99

SLOW = int(os.environ.get("NAT64_SLOW", "1"))


class Fail(Exception):
    """A failed test, with the reason."""


def attr(kind, *parts):
    data = b"".join(parts)
    pad = bytes(-len(data) % 4)
    return struct.pack("=HH", len(data) + 4, kind) + data + pad


def nest(kind, *parts):
    return attr(kind | NESTED, *parts)


def u8(kind, value):
    return attr(kind, struct.pack("B", value))


def u16(kind, value):
    return attr(kind, struct.pack("=H", value))


def u32(kind, value):
    return attr(kind, struct.pack("=I", value))


def be16(kind, value):
    return attr(kind, struct.pack(">H", value))


def string(kind, text):
    return attr(kind, text.encode() + b"\0")


def ip4(kind, text):
    return attr(kind, socket.inet_aton(text))


def ip6(kind, text):
    return attr(kind, socket.inet_pton(socket.AF_INET6, text))


def number(data):
    """The value of an integer attribute."""
    return int.from_bytes(data, sys.byteorder)


def attributes(data):
    """Type and value of each attribute, in order."""
    at = 0
    while at + 4 <= len(data):
        size, kind = struct.unpack_from("=HH", data, at)
        yield kind & TYPE_MASK, data[at + 4:at + size]
        at += (size + 3) & ~3


def attrs(data):
    """Values by type; the last of each type."""
    return dict(attributes(data))


def find(data, wanted):
    """The value of the first attribute of a type, b"" if there is none."""
    return next((value for kind, value in attributes(data) if kind == wanted),
                b"")


class Message:
    """A message from the kernel: header and body."""

    def __init__(self, data):
        length, self.kind, self.flags, _, self.port = struct.unpack_from(
            "=IHHII", data)
        self.body = data[16:length]

    @property
    def size(self):
        return 16 + len(self.body)

    @property
    def last(self):
        return self.kind in (NLMSG_ERROR, NLMSG_DONE)

    @property
    def error(self):
        """The errno of an NLMSG_ERROR or NLMSG_DONE message."""
        return -struct.unpack_from("=i", self.body)[0]

    @property
    def reason(self):
        """Text and offset of the extended acknowledgement, offset 0 if it has
        none."""
        more = {}
        if self.flags & NLM_F_ACK_TLVS:
            more = attrs(self.body[20 if self.kind == NLMSG_ERROR else 4:])
        return (more.get(NLMSGERR_ATTR_MSG, b"").decode().rstrip("\0"),
                number(more.get(NLMSGERR_ATTR_OFFS, b"")))

    @property
    def cmd(self):
        """The command of a generic netlink message."""
        return self.body[0]

    @property
    def attrs(self):
        """The attributes of a generic netlink message."""
        return attrs(self.body[4:])


def messages(data):
    """The messages of a datagram."""
    at = 0
    while at + 16 <= len(data):
        message = Message(data[at:])
        yield message
        at += (message.size + 3) & ~3


class Socket:
    """A netlink socket with extended acknowledgements."""

    def __init__(self, protocol, size=65536, port=0):
        self.size = size
        self.sock = socket.socket(socket.AF_NETLINK, socket.SOCK_RAW, protocol)
        for option in NETLINK_CAP_ACK, NETLINK_EXT_ACK:
            self.sock.setsockopt(SOL_NETLINK, option, 1)
        self.sock.bind((port, 0))
        self.sock.settimeout(480 * SLOW)

    def join(self, group):
        self.sock.setsockopt(SOL_NETLINK, NETLINK_ADD_MEMBERSHIP, group)

    def write(self, kind, flags, body):
        """Send a request and return it."""
        request = struct.pack("=IHHII", 16 + len(body), kind, flags, 1,
                              0) + body
        self.sock.send(request)
        return request

    def receive(self):
        """The messages of one datagram."""
        return list(messages(self.sock.recv(self.size)))

    @property
    def port(self):
        return self.sock.getsockname()[0]


class Link(Socket):
    """Requests of rtnetlink about a nat64 device, n0 unless named."""

    def __init__(self):
        super().__init__(NETLINK_ROUTE)
        self.bad = None

    def request(self, kind, flags, name, *parts):
        """(errno, extended message) of the answer. self.bad is the request
        from the wrong attribute on. Without an error, a request of information
        returns the attributes."""
        body = struct.pack("=BxHiII", 0, 0, 0, 0, 0) + b"".join(parts)
        if name is not None:
            body = body[:16] + string(IFLA_IFNAME, name) + body[16:]
        if kind != RTM_GETLINK:
            flags |= NLM_F_ACK
        request = self.write(kind, flags | NLM_F_REQUEST, body)
        answer, self.bad = self.receive()[0], None
        if answer.kind != NLMSG_ERROR:
            return 0, answer.body[16:]
        text, offset = answer.reason
        if offset:
            self.bad = request[offset:]
        return answer.error, text

    def info(self, *data):
        return nest(IFLA_LINKINFO, string(INFO_KIND, "nat64"),
                    nest(INFO_DATA, *data))

    def add(self, *data, name="n0"):
        return self.request(RTM_NEWLINK, NLM_F_CREATE | NLM_F_EXCL, name,
                            self.info(*data))

    def set(self, *data):
        return self.request(RTM_NEWLINK, 0, "n0", self.info(*data))

    def delete(self, name="n0"):
        return self.request(RTM_DELLINK, 0, name)

    def show(self):
        """The attributes of the device as bytes, None if there is no device."""
        error, data = self.request(RTM_GETLINK, 0, "n0")
        if error:
            return None
        for kind in IFLA_LINKINFO, INFO_DATA:
            data = find(data, kind)
        return data


class Family(Socket):
    """A socket to a generic netlink family and the state of a dump on it: its
    entries, whether it was interrupted, and its final errno.
    """

    def __init__(self, size=65536, name="nat64", port=0):
        super().__init__(NETLINK_GENERIC, size, port)
        self.entries, self.torn, self.done = [], False, None
        self.family = GENL_ID_CTRL
        self.send(CTRL_CMD_GETFAMILY, NLM_F_REQUEST,
                  string(CTRL_ATTR_FAMILY_NAME, name))
        answer = self.receive()[0]
        if answer.kind != GENL_ID_CTRL:
            sys.exit("no family " + name)
        self.family = number(answer.attrs[CTRL_ATTR_FAMILY_ID])
        # of the multicast groups, by name
        self.groups = {}
        for _, data in attributes(answer.attrs.get(CTRL_ATTR_MCAST_GROUPS,
                                                   b"")):
            group = attrs(data)
            self.groups[group[GRP_NAME].rstrip(b"\0").decode()] = number(
                group[GRP_ID])

    def send(self, cmd, flags, *parts, reserved=0):
        self.write(self.family, flags, struct.pack(
            "=BBH", cmd, 1, reserved) + b"".join(parts))

    def listen(self, *groups):
        for group in groups:
            self.join(self.groups[group])
        return self

    def flags(self, _cmd):
        """Default flags of a request."""
        return NLM_F_ACK

    def ask(self, cmd, *parts, flags=None, reserved=0):
        """(errno, text, offset of the wrong attribute, attributes of the
        answer or None)"""
        if flags is None:
            flags = self.flags(cmd)
        self.send(cmd, NLM_F_REQUEST | flags, *parts, reserved=reserved)
        found = None
        while True:
            for message in self.receive():
                if message.last:
                    return message.error, *message.reason, found
                found = message.attrs

    def request(self, cmd, *parts, flags=None):
        """(errno, text, offset of the wrong attribute)"""
        return self.ask(cmd, *parts, flags=flags)[:3]

    def must(self, cmd, *parts, flags=None):
        """The attributes of the answer, if there is one."""
        error, text, _, found = self.ask(cmd, *parts, flags=flags)
        if error:
            raise Fail("command %s: error %d: %s" % (cmd, error, text))
        return found

    def must_refuse(self, cmd, parts, error, words, flags=None, reserved=0):
        """The request fails with this error (0: any) and a message with these
        words. Returns the offset of the wrong attribute."""
        got, text, offset, _ = self.ask(cmd, *parts, flags=flags,
                                        reserved=reserved)
        if not got:
            raise Fail("command %s: accepted" % cmd)
        if error and got != error:
            raise Fail("command %s: error %d, '%s', expected %d" % (
                cmd, got, text, error))
        if words not in text:
            raise Fail("command %s: no '%s' in '%s'" % (cmd, words, text))
        return offset

    def dump(self, *parts, cmd):
        """Start a dump."""
        self.entries, self.torn, self.done = [], False, None
        self.send(cmd, NLM_F_REQUEST | NLM_F_DUMP, *parts)

    def entry(self, message):
        """Representation of an entry; the default is its bytes."""
        return message.body[4:]

    def read(self):
        """One datagram of a dump."""
        for message in self.receive():
            self.torn |= bool(message.flags & NLM_F_DUMP_INTR)
            if message.last:
                self.done = message.error
            else:
                self.entries.append(self.entry(message))

    def rest(self):
        while self.done is None:
            self.read()

    def whole(self, *parts, cmd):
        """All entries. Repeats an interrupted dump, because the kernel may
        still be resizing the table after a change."""
        end = time.monotonic() + 80 * SLOW
        while time.monotonic() < end:
            self.dump(*parts, cmd=cmd)
            self.rest()
            if self.done:
                raise Fail("dump: error %d" % self.done)
            if not self.torn:
                return self.entries
            time.sleep(0.02)
        raise Fail("every dump is torn")
