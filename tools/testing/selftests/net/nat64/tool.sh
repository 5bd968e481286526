#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# What the tests of nat64(8) share, besides lib.sh: the command at work on the
# router's device.
#
# Environment: NAT64_TOOL   nat64, if it is neither in tools/nat64 nor installed

# shellcheck source=lib.sh
. "$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")/lib.sh"

[ -x "$HERE/../../../../nat64/nat64" ] &&
	: "${NAT64_TOOL:=$HERE/../../../../nat64/nat64}"
: "${NAT64_TOOL:=nat64}"
need "$NAT64_TOOL"

# The tool at work in the router's namespace.
nat64() { "$NAT64_TOOL" -n "$(netns_name router)" "$@"; }

# The same in the background: $! is the program itself, which can be killed.
spawned() {
	exec "$NAT64_TOOL" -n "$(netns_name router)" "$@"
}

# shown bib|session [FILTER]...: without the name of the device
shown() { nat64 "$1" show dev nat64 "${@:2}" | sed "s/^dev nat64 //"; }

count() { shown "$@" | wc -l; }

# Nothing in the tables; the device stays. Resting ports do not matter here.
empty() {
	nat64 bib flush dev nat64
	equal "$(shown bib)$(shown session)" "" "tables"
}

# status EXPECTED TEXT COMMAND...: exit status and what is said on stderr
status() {
	local expected=$1 text=$2 out ret=0

	shift 2
	out=$("$@" 2>&1) || ret=$?
	echo "$out"
	equal "$ret" "$expected" "status of $*"
	has "$out" "$text"
}

# What ages is left out.
ageless() { sed 's/ expires [0-9]*$//'; }
