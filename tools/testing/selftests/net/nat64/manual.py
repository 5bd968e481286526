#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0
"""What a page of the documentation tells to type: manual.py FILE

Prints a line for each command of the page:

	KIND TAB TEXT

KIND is command, or from the last column of tables key, for a key of "ip link" and
its value, or line, for what is in a file of nat64(8). The variables of the tables
become addresses of the tests.
"""
import re
import sys

VARIABLES = {
    "X": "nat64", "DEV": "nat64", "FILE": "file",
    "P": "2001:db8:64::/96", "P6": "2001:db8:64::/96", "P4": "203.0.113.0/30",
    "A": "203.0.113.1", "B": "2001:db8:1::10",
}
COMMANDS = ("ip ", "nat64 ", "sysctl ", "jq ", "cat ")
LINES = ("bib ", "A ", "A/")
KEY = re.compile(r"[a-z0-9]+(-[a-z0-9]+)+( (on|off|soft|hard))?")


def put(text):
    """With the values of the variables."""
    return re.sub(r"(?<![\w.:-])(%s)(?=$|[ #/])" % "|".join(VARIABLES),
                  lambda match: VARIABLES[match[1]], text)


def literals(lines, in_table):
    for text in re.findall("``(.*?)``", " ".join(lines)):
        text = " ".join(text.split())
        if "KEY" in text.split():
            continue
        if text.startswith(COMMANDS):
            print("command\t" + put(text))
        elif in_table and (text.startswith(LINES) or text == "A B"):
            print("line\t" + put(text))
        elif in_table and KEY.fullmatch(text):
            print("key\t" + text)


def main():
    column, text = 0, []
    with open(sys.argv[1], encoding="utf-8") as page:
        for line in page:
            line = line.rstrip()
            border = re.fullmatch("(=+ +)=+", line)
            if border or not line or (column and line[0] != " "):
                literals(text, column)
                text = []
            if border:
                column = len(border[1])
            elif not line:
                column = 0
            elif line.startswith("  # "):
                print("command\t" + put(line[4:]))
            else:
                text.append(line[column:])
    literals(text, column)


if __name__ == "__main__":
    main()
