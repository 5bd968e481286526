#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-only
"""guard.py [--accept] COST RELEASE: compare figures with those of a file.

Reads the output of packets-guest. The figures are what each row adds to plain
forwarding of the family that comes in. COST has lines "RELEASE ROW FIGURE".
Prints KTAP; a figure that is more than 3 % above the one in COST is a failure.
A release that COST does not have fails nothing. --accept: put the figures into
COST, in place of those of the same release.
"""

import sys

from rows import plain_of

# per cent
TOLERANCE = 3


def added(lines):
    """Return what each row adds to plain forwarding, at its best."""
    cost = {}
    for line in lines:
        word = line.split()
        if word[:2] == ["bench:", "ns"]:
            cost[word[2]] = min(int(word[3]), cost.get(word[2], int(word[3])))
    figures = {}
    for row, value in cost.items():
        if not row.startswith("plain-"):
            figures[row] = value - cost[plain_of(row)]
    return figures


def read(path):
    """Return the comments of COST, and {release: {row: figure}}."""
    head, accepted = [], {}
    with open(path, encoding="utf-8") as file:
        for line in file:
            if line.startswith("#"):
                head.append(line)
            else:
                release, row, figure = line.split()
                accepted.setdefault(release, {})[row] = int(figure)
    return head, accepted


def accept(path, release, figures):
    head, accepted = read(path)
    accepted[release] = figures
    with open(path, "w", encoding="utf-8") as file:
        file.writelines(head)
        for name in sorted(accepted):
            for row, figure in accepted[name].items():
                file.write(f"{name} {row} {figure}\n")


def compare(accepted, release, figures):
    """Print a result for each row; return whether all are good."""
    if release not in accepted:
        print(f"# no figures for kernel {release}")
    known = accepted.get(release, {})
    rows = list(dict.fromkeys([*figures, *known]))
    print(f"TAP version 13\n1..{len(rows)}")
    good = True
    for number, row in enumerate(rows, 1):
        ok = True
        if row not in figures:
            ok, text = False, "not measured"
        elif row not in known:
            text = f"{figures[row]:,} instructions, not compared"
        else:
            more = figures[row] / known[row] - 1
            ok = figures[row] * 100 <= known[row] * (100 + TOLERANCE)
            text = (f"{figures[row]:,} instructions, {more:+.1%} to"
                    f" {known[row]:,}")
        good &= ok
        print(f"{'ok' if ok else 'not ok'} {number} {row}: {text}")
    return good


def main():
    args = sys.argv[1:]
    write = args[0] == "--accept"
    path, release = args[write:]
    figures = added(sys.stdin)
    if not figures:
        print("no figures were measured")
        return 1
    if write:
        accept(path, release, figures)
        for row, figure in figures.items():
            print(f"{release} {row} {figure}")
        return 0
    return 0 if compare(read(path)[1], release, figures) else 1


if __name__ == "__main__":
    sys.exit(main())
