#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0
"""Very many sessions: see many.sh.

	many.py lines COUNT [SECONDS]
			what "nat64 -batch" makes them of, each with a binding
			of its own; with SECONDS, all end that long after now
	many.py dump	the sessions of nat64, in this namespace: prints how many
			entries of the kernel, how many different ones, and
			"torn" if it said so
	many.py delays ID
			a datagram and its answer every two milliseconds until
			SIGTERM; now and then a new flow. Prints what it took.

ID is what ends the names of the namespaces (lib.sh).
"""
import itertools
import os
import signal
import statistics
import struct
import sys
import time

# Hosts, and ports of an address of pool4, in their order.
EACH = 60000
INTERVAL, NEW_FLOW = 0.002, 25


def lines(count, seconds=None):
    end = time.monotonic() + int(seconds) if seconds else None
    left = 3500
    for i in range(int(count)):
        part, number = divmod(i, EACH)
        if end and not i % 500:
            # how far into its second does not matter
            left = max(1, int(end - time.monotonic()))
        print("session add dev nat64 udp 2001:db8:5::%x:%x#7 203.0.113.%d#%d "
              "198.51.100.5#%d expires %d" %
              (1 + part, 4096 + number, 1 + part, 1024 + number,
               1024 + number, left))


def dump():
    from eam_netlink import name
    from state_netlink import State, S_GET

    table = State()
    table.dump(name("nat64"), cmd=S_GET)
    table.rest()
    if table.done:
        raise OSError(table.done, "dump")
    print(len(table.entries), len(set(table.entries)),
          "torn" if table.torn else "")


def patient(sock):
    """An answer that is late is not lost."""
    sock.settimeout(60 * int(os.environ.get("NAT64_SLOW", "1")))
    return sock


class Delays:
    """Delays count from when a datagram was due, so that a stall counts for
    all that it kept back. One process has both ends, and comes first."""

    def __init__(self, ident):
        from mapping import C6, NAMES, PORT, S4, S6, udp

        for name in ("client", "server"):
            NAMES[name] = "nat64-%s-%s" % (name, ident)
        # those made by "lines" have no such ports
        ports = itertools.cycle(range(256, 768))
        self.client = lambda: patient(udp("client", C6, next(ports)))
        self.server = patient(udp("server", S4, PORT))
        self.to = S6, PORT
        self.stop = False
        self.took = []
        self.lost = 0

    def end(self, *_):
        self.stop = True

    def one(self, sock, data):
        sock.sendto(data, self.to)
        data, peer = self.server.recvfrom(100)
        self.server.sendto(data, peer)
        return sock.recv(100) == data

    def run(self):
        signal.signal(signal.SIGTERM, self.end)
        signal.signal(signal.SIGALRM, self.end)
        try:
            os.sched_setscheduler(0, os.SCHED_FIFO, os.sched_param(1))
        except OSError:
            pass
        sock = self.client()
        print("ready", flush=True)
        count, due = 0, time.monotonic()
        while not self.stop:
            if not count % NEW_FLOW:
                sock.close()
                sock = self.client()
            time.sleep(max(0, due - time.monotonic()))
            try:
                good = self.one(sock, struct.pack("I", count))
            except TimeoutError:
                good = False
            self.lost += not good
            self.took.append(time.monotonic() - due)
            count += 1
            due += INTERVAL
        self.report()

    def report(self):
        took = sorted(self.took)
        print("median %d us, 99.9 %% %d us, most %d us, lost %d of %d" %
              (statistics.median(took) * 1e6,
               took[len(took) * 999 // 1000] * 1e6, took[-1] * 1e6,
               self.lost, len(took)))


def delays(ident):
    Delays(ident).run()


if __name__ == "__main__":
    sys.dont_write_bytecode = True
    {"lines": lines, "dump": dump, "delays": delays}[sys.argv[1]](*sys.argv[2:])
