#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0
"""IPv4 prefixes of pool4 and rfc6791-pool that overlap addresses which are never
translated: refused with the entry and the prefix that it overlaps. KTAP on
standard output.
"""
import sys

sys.dont_write_bytecode = True
from netlink import nest, Link, EINVAL
from ktap import alone, run_tests
from link_netlink import (accepted, entry, pool6, refused, stateless, POOL4,
                          RFC6791)

# A prefix that is never translated, and what overlaps it: prefixes around it,
# itself and parts of it.
NEVER = [
    ("0.0.0.0/8", ["0.0.0.0/8", "0.0.0.1/32", "0.255.255.255/32"]),
    ("127.0.0.0/8", ["127.0.0.0/8", "127.0.0.1/32", "127.128.0.0/9"]),
    ("169.254.0.0/16", ["169.0.0.0/8", "169.128.0.0/9", "169.192.0.0/10",
                        "169.240.0.0/12", "169.252.0.0/14",
                        "169.254.0.0/15", "169.254.0.0/16",
                        "169.254.7.0/24", "169.254.255.255/32"]),
    ("224.0.0.0/4", ["224.0.0.0/8", "224.0.0.1/32", "239.255.255.255/32"]),
    ("240.0.0.0/4", ["240.0.0.0/8", "240.0.0.1/32", "255.255.255.255/32"]),
]

# Adjacent prefixes.
BESIDE = ["1.0.0.0/8", "126.0.0.0/8", "128.0.0.0/8", "169.0.0.0/9",
          "169.252.0.0/15", "169.255.0.0/16", "223.0.0.0/8"]


def parsed(prefix):
    text, length = prefix.split("/")
    return entry(text, int(length))


def lists(*entries):
    """Both lists with these entries: name, attributes."""
    return (("pool4", [pool6(), nest(POOL4, *entries)]),
            ("rfc6791-pool", stateless(nest(RFC6791, *entries))))


def refusals(link):
    for never, prefixes in NEVER:
        for bad in prefixes:
            for key, data in lists(entry(), parsed(bad)):
                words = ["%s overlaps %s" % (key, never)]
                yield ("D-7915-dst D-3927-2.7 refused: %s %s" % (key, bad),
                       lambda d=data, w=words, b=bad: refused(
                           link, d, EINVAL, w, parsed(b)))


def main():
    alone()
    link = Link()
    tests = list(refusals(link))
    tests += [("accepted: %s beside them" % key,
               lambda d=data: accepted(link, d))
              for key, data in lists(*map(parsed, BESIDE))]
    sys.exit(run_tests(tests))


if __name__ == "__main__":
    main()
