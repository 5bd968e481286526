#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-only
"""rows.py ROW...: print the rows of plain forwarding to compare with."""

import sys

# rows whose packets come in another way, or are tracked, and the plain rows
KINDS = {
    "unshared": "unshared-",
    "icmp": "icmp-",
    "fragments": "fragments-",
    "local": "local-",
    "flowtable": "conntrack-",
}


def plain_of(row):
    """The row of plain forwarding of the family that comes in."""
    kind = next((plain for name, plain in KINDS.items() if f"-{name}-" in row),
                "")
    return f"plain-{kind}{'ipv4' if row.endswith('4to6') else 'ipv6'}"


if __name__ == "__main__":
    print(*sorted({plain_of(name) for name in sys.argv[1:]
                   if not name.startswith("plain-")}
                  - set(sys.argv[1:])))
