#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0
"""Dumps of links by different readers, for getlink.sh.

  getlink.py size DEV     bytes of the RTM_GETLINK message of a device
  getlink.py dump BYTES   the links that a reader with so large a buffer and
                          without IFLA_EXT_MASK finds
  getlink.py getifaddrs   those that getifaddrs() of libc finds
  getlink.py nameindex    those that if_nameindex() of libc finds

Names are printed one a line, sorted.
"""
import ctypes
import os
import socket
import sys

sys.dont_write_bytecode = True
from netlink import (find, messages, string, Socket, IFLA_IFNAME,
                     NETLINK_ROUTE, NLM_F_DUMP, NLM_F_REQUEST, NLMSG_ERROR,
                     RTM_GETLINK)


def ask(flags, *attrs):
    sock = Socket(NETLINK_ROUTE)
    sock.write(RTM_GETLINK, NLM_F_REQUEST | flags,
               bytes(16) + b"".join(attrs))
    return sock


def size(dev):
    answer = ask(0, string(IFLA_IFNAME, dev)).receive()[0]
    if answer.kind == NLMSG_ERROR:
        sys.exit("RTM_GETLINK failed")
    print(answer.size)


def dump(room):
    sock = ask(NLM_F_DUMP)
    while True:
        for message in messages(sock.sock.recv(int(room))):
            if message.last:
                if message.kind == NLMSG_ERROR or message.error:
                    sys.exit("the dump ends with " +
                             os.strerror(message.error))
                return
            name = find(message.body[16:], IFLA_IFNAME)
            yield name.rstrip(b"\0").decode() or sys.exit("a link without name")


class Address(ctypes.Structure):
    """struct ifaddrs; what follows does not matter"""


Address._fields_ = [("next", ctypes.POINTER(Address)),
                    ("name", ctypes.c_char_p)]


def getifaddrs():
    libc = ctypes.CDLL("libc.so.6", use_errno=True)
    first = ctypes.POINTER(Address)()
    if libc.getifaddrs(ctypes.byref(first)):
        sys.exit("getifaddrs: " + os.strerror(ctypes.get_errno()))
    while first:
        yield first.contents.name.decode()
        first = first.contents.next


def main():
    what, words = sys.argv[1], sys.argv[2:]
    if what == "size":
        size(*words)
        return
    names = {"dump": dump, "getifaddrs": getifaddrs,
             "nameindex": lambda: [i[1] for i in socket.if_nameindex()]}
    print("\n".join(sorted(set(names[what](*words)))))


if __name__ == "__main__":
    main()
