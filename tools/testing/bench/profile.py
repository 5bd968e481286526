#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-only
"""profile.py [--top N] COUNTS OUTPUT: instructions by function.

COUNTS is what the plugin count.so wrote, OUTPUT has the lines "symbol: ..." of
packets-guest. For each row, print the instructions per packet, and the
functions with the largest difference to plain forwarding of the family that
comes in.
"""

import bisect
import collections
import sys

from rows import plain_of

UNKNOWN = "(unknown)"


def symbols(lines):
    """Return the functions' addresses and names, sorted by address.

    The names of a module's functions end with " [MODULE]". Of several names of
    an address, the first counts.
    """
    names = {}
    for line in lines:
        if line.startswith("symbol: "):
            addr, _, name = line[len("symbol: "):].rstrip("\n").split(None, 2)
            names.setdefault(int(addr, 16), " ".join(name.split()))
    addrs = sorted(names)
    return addrs, [names[addr] for addr in addrs]


def read(lines):
    """Yield (row, packets, [(address, executed, repeated)...])."""
    row = None
    for line in lines:
        word = line.split()
        if word[0] == "row":
            if row:
                yield row
            row = (word[1], int(word[2]), [])
            continue
        insns, times, repeated = map(int, word[1:])
        row[2].append((int(word[0], 16), insns * times, repeated))
    if row:
        yield row


def by_function(blocks, table):
    """Return the instructions of each function of the symbol table."""
    addrs, names = table
    counter = collections.Counter()
    for addr, executed, _ in blocks:
        i = bisect.bisect_right(addrs, addr) - 1
        counter[names[i] if i >= 0 else UNKNOWN] += executed
    return counter


def largest(title, more, all_of, top):
    """Print those of a group of functions that make the most difference."""
    if not more:
        return
    print(f"  {title}: {sum(more.values()):+,.0f}")
    order = sorted(more, key=lambda name: (-abs(more[name]), name))
    for name in order[:top]:
        if round(more[name]):
            print(f"{more[name]:+8,.0f} of {all_of[name]:6,.0f}  {name}")


def show(row, rows, top):
    functions, once = rows[row]
    total = sum(functions.values())
    head = (f"{row}: {total:,.0f} instructions per packet"
            f" ({once:,.0f} with string instructions counted once)")
    plain = plain_of(row)
    if row.startswith("plain-") or plain not in rows:
        print(head)
        largest("functions", functions, functions, top)
        print()
        return
    base = rows[plain][0]
    more = {name: functions[name] - base[name]
            for name in set(functions) | set(base)}
    print(f"{head},\n  {sum(more.values()):+,.0f} to {plain}")
    inside = {name: n for name, n in more.items() if name.endswith("]")
              and (" [nat64]" in name or " [jool" in name)}
    outside = {name: n for name, n in more.items() if name not in inside}
    largest("in the translator's module", inside, functions, top)
    largest("outside", outside, functions, top)
    print()


def main():
    args = sys.argv[1:]
    top = 25
    if args[0] == "--top":
        top = int(args[1])
        args = args[2:]
    with open(args[1], encoding="utf-8", errors="replace") as file:
        table = symbols(file)
    rows = {}
    with open(args[0], encoding="utf-8") as file:
        for row, packets, blocks in read(file):
            functions = by_function(blocks, table)
            for name in functions:
                functions[name] /= packets
            repeated = sum(block[2] for block in blocks) / packets
            rows[row] = (functions, sum(functions.values()) - repeated)
    for row in rows:
        show(row, rows, top)
    return 0 if rows else 1


if __name__ == "__main__":
    sys.exit(main())
