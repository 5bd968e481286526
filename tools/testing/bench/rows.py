#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-only
"""rows.py ROW...: print the rows of plain forwarding to compare with."""

import sys


def plain_of(row):
    """The row of plain forwarding of the family that comes in."""
    return "plain-ipv4" if row.endswith("4to6") else "plain-ipv6"


if __name__ == "__main__":
    print(*sorted({plain_of(name) for name in sys.argv[1:]
                   if not name.startswith("plain-")}
                  - set(sys.argv[1:])))
