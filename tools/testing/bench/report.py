#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-only
"""report.py RESULTS [JSON]: tables from the results that bench collected.

Every line of RESULTS is "GUEST WHAT NAME VALUE...". Also writes the file JSON,
if given. Fails if there are no measurements.
"""

import json
import sys

from rows import plain_of

# title, measured case, reference case
ROWS = (
    ("stateful, 6 to 4", "nat64-6to4", "jool-6to4"),
    ("stateful, 4 to 6", "nat64-4to6", "jool-4to6"),
    ("stateful, every packet a new session", "nat64-new", "jool-new"),
    ("stateful, any of 50,000 sessions", "nat64-random-6to4",
     "jool-random-6to4"),
    ("stateless, 6 to 4", "nat64-stateless-6to4", "jool-siit-6to4"),
    ("stateless, 4 to 6", "nat64-stateless-4to6", "jool-siit-4to6"),
    ("100,010 mappings, 6 to 4", "nat64-eam-many-6to4", "jool-eam-6to4"),
    ("100,010 mappings, 4 to 6", "nat64-eam-many-4to6", "jool-eam-4to6"),
    ("host's own address, 6 to 4", "nat64-host-6to4", "jool-host-6to4"),
    ("host's own address, 4 to 6", "nat64-host-4to6", "jool-host-4to6"),
    ("unshared, stateful, 6 to 4", "nat64-unshared-6to4", "jool-unshared-6to4"),
    ("unshared, stateful, 4 to 6", "nat64-unshared-4to6", "jool-unshared-4to6"),
    ("unshared, stateless, 6 to 4", "nat64-unshared-stateless-6to4",
     "jool-unshared-siit-6to4"),
    ("unshared, stateless, 4 to 6", "nat64-unshared-stateless-4to6",
     "jool-unshared-siit-4to6"),
    ("unshared, ICMP echo request, 6 to 4", "nat64-icmp-6to4",
     "jool-icmp-6to4"),
    ("unshared, two fragments, 6 to 4", "nat64-fragments-6to4",
     "jool-fragments-6to4"),
    ("sent by the router itself, 6 to 4", "nat64-local-6to4", None),
)
# Explicit address mappings: title, cases without, with ten, with many
MAPPINGS = tuple(
    (title, f"nat64-stateless-{way}", f"nat64-eam-few-{way}",
     f"nat64-eam-many-{way}")
    for title, way in (("6 to 4", "6to4"), ("4 to 6", "4to6")))
PLAIN = ("plain-ipv6", "plain-ipv4")


def read(path):
    """The measurements as {guest: {what: {name: value}}}.

    Keep the best of repeated measurements: disturbances increase times and
    reduce throughput.
    """
    data = {"about": {}}
    with open(path, encoding="utf-8") as file:
        for line in file:
            guest, what, *rest = line.split()
            if guest == "about":
                data["about"][what] = " ".join(rest)
                continue
            *name, value = rest
            value = int(value)
            values = data.setdefault(guest, {}).setdefault(what, {})
            name = " ".join(name)
            best = max if what == "tcp" else min
            values[name] = best(value, values.get(name, value))
    return data


def number(value):
    return "-" if value is None else f"{value:,}"


def ratio(value):
    return "-" if value is None else f"{value:.2f}"


def table(rows):
    """Print columns, the first left-aligned, the others right-aligned."""
    widths = [max(map(len, column)) for column in zip(*rows)]
    for row in rows:
        line = row[0].ljust(widths[0])
        for cell, width in zip(row[1:], widths[1:]):
            line += "  " + cell.rjust(width)
        print("  " + line.rstrip())
    print()


def counted_once(guest):
    """The measurements with each string instruction counted once, if known."""
    repeated = guest.get("repeated", {})
    return {name: value - repeated[name]
            for name, value in guest.get("ns", {}).items() if name in repeated}


def packets(times, title):
    """Print the cost per packet; return the ratios of added cost."""
    rows = [("", "forwarding", "nat64", "Jool", "ratio")]
    ratios = {}
    for name, mine, rival in ROWS:
        costs = [times.get(row) for row in (plain_of(mine), mine, rival)]
        if costs[1:] == [None, None]:
            continue
        part = None
        if None not in costs:
            plain, ours, other = costs
            part = (ours - plain) / (other - plain)
            ratios[mine] = round(part, 3)
        rows.append((name, *map(number, costs), ratio(part)))
    print(f"{title} (64 bytes, sender included)\n")
    table(rows)
    return ratios


def flowtables(times):
    """Print what a flowtable makes of it; return the ratios to forwarding."""
    rows = [("", "forwarding", "nat64", "nat64/forwarding")]
    ratios = {}
    for way in ("6to4", "4to6"):
        name = f"nat64-flowtable-{way}"
        plain, mine = times.get(plain_of(name)), times.get(name)
        if None not in (plain, mine):
            ratios[name] = round(mine / plain, 3)
            rows.append((way.replace("to", " to "), number(plain), number(mine),
                         ratio(mine / plain)))
    if ratios:
        print("Instructions per packet, unshared: forwarding with connection"
              " tracking and one\nrule, nat64 with a flowtable over both"
              " interfaces and the device\n")
        table(rows)
    return ratios


def mappings(guest, unit, load_unit):
    """Print the cost of explicit address mappings; return the ratios."""
    times, load = guest.get("ns", {}), guest.get("load", {})
    rows = [("", "none", "10", "100,010", "100,010/10")]
    ratios = {}
    for title, *names in MAPPINGS:
        none, few, many = (times.get(name) for name in names)
        part = None
        if None not in (few, many):
            part = many / few
            ratios[names[2]] = round(part, 3)
        rows.append((title, number(none), number(few), number(many),
                     ratio(part)))
    if not ratios:
        return ratios
    print(f"Explicit address mappings: {unit}, by number of mappings\n")
    table(rows)
    if "nat64-eam" in load:
        print(f"  Adding 100,000 mappings in one batch: "
              f"{load['nat64-eam'] / 1e6:,.0f} {load_unit}\n")
    return ratios


def throughput(bits, unit, divisor):
    """Print TCP throughput; return the ratios to plain forwarding."""
    rows = [("", "nat64", "plain IPv6", "plain IPv4", "nat64/plain")]
    ratios = {}
    for direction in ("6to4", "4to6"):
        mine, six, four = (bits.get(f"{path} {direction}")
                           for path in ("nat64",) + PLAIN)
        part = None
        if None not in (mine, six, four):
            part = mine / ((six + four) / 2)
            ratios[direction] = round(part, 3)
        cells = ["-" if value is None else f"{value / divisor:.2f}"
                 for value in (mine, six, four)]
        rows.append((direction.replace("to", " to "), *cells, ratio(part)))
    print(f"TCP throughput, {unit}\n")
    table(rows)
    return ratios


def memory(counted):
    """Print the memory per session."""
    rows = [("", "bytes per session", "of these, entries")]
    for name, title in (("nat64", "nat64"), ("jool", "Jool")):
        if name not in counted.get("memory", {}):
            continue
        entries = [f"{entry.split()[1]} {size}"
                   for entry, size in counted.get("entry", {}).items()
                   if entry.split()[0] == name]
        rows.append((title, number(counted["memory"][name]),
                     ", ".join(entries)))
    if len(rows) > 1:
        print("Memory of a session with a binding of its own, and its share of"
              " the tables\n")
        table(rows)


def shares(memory):
    """Print the memory per session, by slab cache."""
    rows = [("bytes per session", "entries", "tables", "total", "of which")]
    cases = {}
    for name, value in memory.items():
        count, each, what = name.split()
        cases.setdefault((int(count), each), {})[what] = value / 100
    for (count, each), parts in cases.items():
        tables = parts.pop("tables")
        entries = sum(parts.values())
        rows.append((f"{count:,} sessions, {each} to a binding",
                     f"{entries:.1f}", f"{tables:.1f}",
                     f"{entries + tables:.1f}",
                     ", ".join(f"{what} {value:.1f}"
                               for what, value in parts.items())))
    print("Memory by slabs; tables are hash tables, with what their allocation"
          " rounds up,\nand bitmaps of ports. A thousand hosts\n")
    table(rows)


def main():
    data = read(sys.argv[1])
    about = data["about"]
    data["ratio"] = ratios = {}
    print(f"nat64 measured on Linux {about.get('kernel', '?')}"
          + (f", against Jool {about['jool']}" if "jool" in about else "")
          + "\n")
    if "instructions" in data:
        times = data["instructions"].get("ns", {})
        ratios["instructions"] = packets(times, "Instructions per packet")
        once = counted_once(data["instructions"])
        if once:
            ratios["instructions_once"] = packets(
                once, "Instructions per packet, string instructions counted"
                " once")
            print("The emulation counts each byte of rep stosb and rep movsb as"
                  " an instruction,\na processor does not.\n")
    if "nanoseconds" in data:
        ratios["nanoseconds"] = packets(
            data["nanoseconds"].get("ns", {}),
            "Nanoseconds per packet, native speed")
    print("ratio: (nat64 - forwarding) / (Jool - forwarding), where forwarding"
          " is that of\nthe family that comes in; below 1 nat64 is cheaper.\n")
    if "instructions" in data:
        ratios["flowtable"] = flowtables(times)
        ratios["eam_instructions"] = mappings(
            data["instructions"], "instructions per packet",
            "million instructions")
    if "nanoseconds" in data:
        ratios["eam_nanoseconds"] = mappings(
            data["nanoseconds"], "nanoseconds per packet, native speed", "ms")
    if "counted" in data:
        ratios["tcp_counted"] = throughput(
            data["counted"].get("tcp", {}),
            "bits per instruction (both ends included)", 1e9)
    if "native" in data:
        ratios["tcp_native"] = throughput(
            data["native"].get("tcp", {}),
            "Gbit/s, native speed (client, router, server on one CPU)", 1e9)
    if data.get("instructions", {}).get("memory"):
        memory(data["instructions"])
    if "memory" in data:
        shares(data["memory"].get("memory", {}))
    if len(sys.argv) > 2:
        with open(sys.argv[2], "w", encoding="utf-8") as file:
            json.dump(data, file, indent=2)
            file.write("\n")
    return 0 if data.get("instructions", {}).get("ns") else 1


sys.exit(main())
