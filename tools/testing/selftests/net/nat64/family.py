# SPDX-License-Identifier: GPL-2.0
"""Requests of the family nat64 by name, for a stateful and a stateless device
that have something in every table.
"""
import os
import re
import struct
import sys
import time

sys.dont_write_bytecode = True
from netlink import (attr, entry, nest, pool6, u32, Fail, MODE, NLM_F_ACK,
                     NLM_F_REQUEST, POOL4, RTM_DELLINK, RTM_NEWLINK)
from eam_netlink import (attrs, eam, EAM, IFNAME, NLM_F_CREATE, NLM_F_DUMP,
                         NLM_F_EXCL, NLM_F_REPLACE)
from state_netlink import (binding, session, State, BINDING, EXPIRES, SESSION)

NLMSG_ERROR, NLMSG_DONE = 2, 3
CREATE = NLM_F_ACK | NLM_F_CREATE
EXCL = CREATE | NLM_F_EXCL
REPLACE = CREATE | NLM_F_REPLACE
STATEFUL, STATELESS = "n0", "n1"


def numbers(prefix):
    """Constants of the kernel's header by name, in lower case without the
    prefix: NAT64_CMD_, or that of attributes."""
    here = os.path.dirname(os.path.abspath(__file__))
    path = os.path.join(here, "../../../../../include/uapi/linux",
                        "nat64_netlink.h")
    found, number = {}, 0
    with open(path, encoding="ascii") as header:
        for line in header:
            word = line.strip().rstrip(",").split(" = ")
            if found and word[0].startswith("}"):
                break
            if not re.match(prefix + "[A-Z0-9_]*$", word[0]) or \
                    word[0] == prefix + "MAX":
                continue
            number = int(word[1]) if len(word) > 1 else number + 1
            found[word[0][len(prefix):].lower().replace("_", "-")] = number
    return found


def name(text):
    return attr(IFNAME, text.encode() + b"\0")


class Family(State):
    """Requests by name; all tables of both devices."""

    def __init__(self, link):
        super().__init__()
        self.link, self.cmd = link, numbers("NAT64_CMD_")

    def ask(self, op, *parts, flags=NLM_F_ACK, reserved=0):
        """(errno, message, offset of the wrong attribute, answer)"""
        body = struct.pack("=BBH", self.cmd[op], 1, reserved)
        body += b"".join(parts)
        self.sock.send(struct.pack("=IHHII", 16 + len(body), self.family,
                                   NLM_F_REQUEST | flags, 1, 0) + body)
        answer, data = None, b""
        while True:
            data = self.sock.recv(self.size)
            length, kind, got = struct.unpack_from("=IHH", data)
            if kind in (NLMSG_ERROR, NLMSG_DONE):
                break
            answer = attrs(data[20:length])
        more = {}
        if got & 0x200:
            more = attrs(data[36 if kind == NLMSG_ERROR else 20:length])
        offset = more.get(2)
        return (-struct.unpack_from("=i", data, 16)[0],
                more.get(1, b"").decode().rstrip("\0"),
                struct.unpack("=I", offset)[0] if offset else 0, answer)

    def yes(self, op, *parts, flags=NLM_F_ACK):
        error, message, _, answer = self.ask(op, *parts, flags=flags)
        if error:
            raise Fail("%s: error %d, %s" % (op, error, message))
        return answer

    def no(self, op, *parts, error, words, flags=NLM_F_ACK, reserved=0):
        got, message, offset, _ = self.ask(op, *parts, flags=flags,
                                           reserved=reserved)
        if not got:
            raise Fail(op + ": accepted")
        if error and got != error:
            raise Fail("%s: error %d, '%s', expected %d" % (
                op, got, message, error))
        if words not in message:
            raise Fail("%s: no '%s' in '%s'" % (op, words, message))
        return offset

    def raw(self, op, dev, kind):
        """Every entry of a dump, as it came; read again if it is torn."""
        for _ in range(50):
            found, torn = [], False
            self.send(self.cmd[op], NLM_F_REQUEST | NLM_F_DUMP, name(dev))
            done = False
            while not done:
                data, at = self.sock.recv(self.size), 0
                while at + 16 <= len(data):
                    length, what, flags = struct.unpack_from("=IHH", data, at)
                    torn |= bool(flags & 0x10)
                    if what in (NLMSG_DONE, NLMSG_ERROR):
                        done = True
                    else:
                        found.append(data[at + 20:at + length])
                    at += (length + 3) & ~3
            if not torn:
                return sorted(found)
            time.sleep(0.05)
        raise Fail("every dump is torn")

    def all(self):
        """What there is; how long sessions live on is left out."""
        sessions = []
        for data in self.raw("session-get", STATEFUL, SESSION):
            found = attrs(attrs(data)[SESSION])
            found.pop(EXPIRES)
            sessions.append(sorted(found.items()))
        return (sessions, self.raw("binding-get", STATEFUL, BINDING),
                self.raw("eam-get", STATELESS, EAM), self.link.show())


def fresh(link):
    """Both devices, with something in every table."""
    link.delete()
    link.request(RTM_DELLINK, 0, STATELESS)
    link.add(pool6(), nest(POOL4, entry("192.0.2.1"), entry("192.0.2.2")))
    link.request(RTM_NEWLINK, 0x600, STATELESS,
                 link.info(pool6("2001:db8:65::"), u32(MODE, 1)))
    table = Family(link)
    table.yes("session-add", name(STATEFUL), session(port6=7, port4=7),
              flags=CREATE)
    table.yes("binding-add", name(STATEFUL), binding(port6=9, port4=9),
              flags=CREATE)
    table.yes("eam-add", name(STATELESS), eam(), flags=CREATE)
    return table
