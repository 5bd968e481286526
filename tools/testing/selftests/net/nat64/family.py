# SPDX-License-Identifier: GPL-2.0
"""Requests of the family nat64 by name, for a stateful and a stateless device
with entries in every table.
"""
import os
import re
import sys

sys.dont_write_bytecode = True
from netlink import (attrs, nest, string, u32, Family, NLM_F_ACK,
                     NLM_F_CREATE, NLM_F_EXCL, NLM_F_REPLACE)
from eam_netlink import eam, IFNAME
from link_netlink import entry, pool6, MODE, POOL4
from state_netlink import binding, session, EXPIRES, SESSION

CREATE = NLM_F_ACK | NLM_F_CREATE
EXCL = CREATE | NLM_F_EXCL
REPLACE = CREATE | NLM_F_REPLACE
STATEFUL, STATELESS = "n0", "n1"


def numbers(prefix):
    """Constants of the uapi header by name, in lower case and without their
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
    return string(IFNAME, text)


class ByName(Family):
    """Requests by name; all tables of both devices."""

    def __init__(self, link, port=0):
        self.link, self.cmd = link, numbers("NAT64_CMD_")
        super().__init__(port=port)

    def send(self, cmd, flags, *parts, reserved=0):
        super().send(self.cmd.get(cmd, cmd), flags, *parts, reserved=reserved)

    def no(self, op, *parts, error, words, flags=NLM_F_ACK, reserved=0):
        return self.must_refuse(op, parts, error, words, flags=flags,
                                reserved=reserved)

    def raw(self, op, dev):
        """Every entry of a dump, as received."""
        return sorted(self.whole(name(dev), cmd=op))

    def all(self):
        """All entries, without the time until sessions expire."""
        sessions = []
        for data in self.raw("session-get", STATEFUL):
            found = attrs(attrs(data)[SESSION])
            found.pop(EXPIRES)
            sessions.append(sorted(found.items()))
        return (sessions, self.raw("binding-get", STATEFUL),
                self.raw("eam-get", STATELESS), self.link.show())


def fresh(link):
    """Both devices, with entries in every table."""
    link.delete()
    link.delete(STATELESS)
    link.add(pool6(), nest(POOL4, entry("192.0.2.1"), entry("192.0.2.2")))
    link.add(pool6("2001:db8:65::"), u32(MODE, 1), name=STATELESS)
    table = ByName(link)
    table.must("session-add", name(STATEFUL), session(port6=7, port4=7),
              flags=CREATE)
    table.must("binding-add", name(STATEFUL), binding(port6=9, port4=9),
              flags=CREATE)
    table.must("eam-add", name(STATELESS), eam(), flags=CREATE)
    return table
