#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0
"""What readers of links see, for getlink.sh.

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
import struct
import sys

sys.dont_write_bytecode = True
from netlink import (attr, IFLA_IFNAME, NETLINK_ROUTE, NLM_F_REQUEST,
                     NLMSG_ERROR, RTM_GETLINK)

NLM_F_DUMP, NLMSG_DONE = 0x300, 3


def ask(flags, *attrs):
    sock = socket.socket(socket.AF_NETLINK, socket.SOCK_RAW, NETLINK_ROUTE)
    body = struct.pack("=BxHiII", 0, 0, 0, 0, 0) + b"".join(attrs)
    sock.send(struct.pack("=IHHII", 16 + len(body), RTM_GETLINK,
                          NLM_F_REQUEST | flags, 1, 0) + body)
    return sock


def size(dev):
    answer = ask(0, attr(IFLA_IFNAME, dev.encode() + b"\0")).recv(65536)
    length, kind = struct.unpack_from("=IH", answer)
    if kind == NLMSG_ERROR:
        sys.exit("RTM_GETLINK failed")
    print(length)


def name(message):
    at = 32
    while at + 4 <= len(message):
        length, kind = struct.unpack_from("=HH", message, at)
        if kind == IFLA_IFNAME:
            return message[at + 4:at + length].rstrip(b"\0").decode()
        at += (length + 3) & ~3
    sys.exit("a link without name")


def dump(room):
    sock = ask(NLM_F_DUMP)
    sock.settimeout(30)
    while True:
        got = sock.recv(int(room))
        while got:
            length, kind = struct.unpack_from("=IH", got)
            error = struct.unpack_from("=i", got, 16)[0]
            if kind == NLMSG_DONE and not error:
                return
            if kind in (NLMSG_DONE, NLMSG_ERROR):
                sys.exit("the dump ends with " + os.strerror(-error))
            yield name(got[:length])
            got = got[(length + 3) & ~3:]


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
