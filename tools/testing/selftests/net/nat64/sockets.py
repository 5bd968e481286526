#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0
"""Senders for sockets.sh, run in the namespace to send from.

	sockets.py TEST ARGUMENT...

TEST is one of the functions below. A test fails by an exception.
"""
import ctypes
import mmap
import os
import select
import socket
import struct
import sys

from traffic import SLOW

libc = ctypes.CDLL(None, use_errno=True)
# UDP to 198.51.100.2 by 2001:db8:100::/40
PACKET = bytes.fromhex("60000000000c114020010db801c00002002100000000000020010d"
                       "b801c63364000200000000000003e807d0000c9cd661626364")


def failed(what):
    raise OSError(ctypes.get_errno(), what)


def timestamp(address):
    """SO_TIMESTAMPING reports that a packet was sent."""
    timestamping, tx_software, software, tsonly = 37, 1 << 1, 1 << 4, 1 << 11
    sock = socket.socket(socket.AF_INET6, socket.SOCK_DGRAM)
    sock.setsockopt(socket.SOL_SOCKET, timestamping,
                    tx_software | software | tsonly)
    sock.sendto(b"x" * 20, (address, 53))
    poll = select.poll()
    poll.register(sock, select.POLLERR)
    if not poll.poll(3000 * SLOW):
        raise AssertionError("no timestamp")
    _, control, _, _ = sock.recvmsg(100, 1000, socket.MSG_ERRQUEUE)
    kinds = [(level, kind) for level, kind, _ in control]
    if (socket.SOL_SOCKET, timestamping) not in kinds:
        raise AssertionError("no timestamp, but %s" % kinds)


def xdp(device):
    """Send a packet by AF_XDP in copy mode."""
    family, level = 44, 283
    offsets, rx_ring, tx_ring, umem_reg, fill, completion = 1, 2, 3, 4, 5, 6
    del rx_ring
    sock = socket.socket(family, socket.SOCK_RAW, 0)
    fd = sock.fileno()

    def setopt(option, data):
        if libc.setsockopt(fd, level, option, data, len(data)):
            failed("setsockopt %d" % option)

    umem = mmap.mmap(-1, 4 * 4096)
    start = ctypes.addressof(ctypes.c_char.from_buffer(umem))
    setopt(umem_reg, struct.pack("QQIIII", start, 4 * 4096, 4096, 0, 0, 0))
    for option in (fill, completion, tx_ring):
        setopt(option, struct.pack("I", 4))
    buf, size = ctypes.create_string_buffer(128), ctypes.c_uint32(128)
    if libc.getsockopt(fd, level, offsets, buf, ctypes.byref(size)):
        failed("getsockopt")
    # of rx, tx, fill and completion: producer, consumer, descriptors, flags
    producer, _, descriptors, _ = struct.unpack("16Q", buf.raw)[4:8]
    ring = mmap.mmap(fd, descriptors + 4 * 16, offset=0x80000000)
    address = struct.pack("HHIII", family, 1 << 1,
                          socket.if_nametoindex(device), 0, 0)
    if libc.bind(fd, address, len(address)):
        failed("bind")
    umem[0:len(PACKET)] = PACKET
    struct.pack_into("QII", ring, descriptors, 0, len(PACKET), 0)
    struct.pack_into("I", ring, producer, 1)
    if libc.sendto(fd, None, 0, socket.MSG_DONTWAIT, None, 0) < 0:
        failed("sendto")


def flood(address):
    """Send ten datagrams of 20000 bytes that may be fragmented."""
    mtu_discover = 10
    sock = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    sock.setsockopt(socket.IPPROTO_IP, mtu_discover, 0)
    for _ in range(10):
        sock.sendto(b"x" * 20000, (address, 53))


def queues(source, address, size="20"):
    """Send flows that hash to all transmit queues."""
    v6 = ":" in source
    for port in range(5000, 5064):
        sock = socket.socket(socket.AF_INET6 if v6 else socket.AF_INET,
                             socket.SOCK_DGRAM)
        sock.bind((source, port))
        sock.sendto(b"x" * int(size), (address, 53))


# Code, registers, offset and immediate value of each instruction.
XDP = {
    # r0 = XDP_DROP; exit
    "drop": [(0xb7, 0, 0, 1), (0x95, 0, 0, 0)],
    # Drops what does not begin with an IP header:
    # r2 = data; r3 = data_end; r4 = r2 + 1; r0 = XDP_DROP;
    # if (r4 > r3) exit; r5 = *(u8 *)r2 >> 4;
    # if (r5 == 4 || r5 == 6) r0 = XDP_PASS; exit
    "ip": [(0x61, 0x12, 0, 0), (0x61, 0x13, 4, 0), (0xbf, 0x24, 0, 0),
           (0x07, 0x04, 0, 1), (0xb7, 0, 0, 1), (0x2d, 0x34, 5, 0),
           (0x71, 0x25, 0, 0), (0x77, 0x05, 0, 4), (0x15, 0x05, 1, 4),
           (0x55, 0x05, 1, 6), (0xb7, 0, 0, 2), (0x95, 0, 0, 0)],
}


def load_xdp(name, folder):
    """Pin an XDP program as FOLDER/NAME."""
    os.mkdir(folder)
    if libc.mount(b"bpf", folder.encode(), b"bpf", 0, None):
        failed("mount")
    code = ctypes.create_string_buffer(
        b"".join(struct.pack("=BBhi", *insn) for insn in XDP[name]))
    text = ctypes.create_string_buffer(b"GPL")
    attr = struct.pack("=IIQQIIQII16sI", 6, len(XDP[name]),
                       ctypes.addressof(code), ctypes.addressof(text), 0, 0, 0,
                       0, 0, name.encode(), 0)
    buf = ctypes.create_string_buffer(attr, 128)
    number = 321
    fd = libc.syscall(number, 5, buf, len(buf))
    if fd < 0:
        failed("BPF_PROG_LOAD")
    path = ctypes.create_string_buffer(os.path.join(folder, name).encode())
    pin = struct.pack("=QII", ctypes.addressof(path), fd, 0)
    if libc.syscall(number, 6, ctypes.create_string_buffer(pin, 16), 16) < 0:
        failed("BPF_OBJ_PIN")


if __name__ == "__main__":
    globals()[sys.argv[1]](*sys.argv[2:])
