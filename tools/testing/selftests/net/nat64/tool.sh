#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# Functions for the tests of nat64(8), besides lib.sh: the command is run on the
# router.
#
# Environment: NAT64_TOOL   nat64, if it is neither in tools/nat64 nor installed

# shellcheck source=lib.sh
. "$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")/lib.sh"

[ -x "$HERE/../../../../nat64/nat64" ] &&
	: "${NAT64_TOOL:=$HERE/../../../../nat64/nat64}"
# a path, as there is a function of this name below
: "${NAT64_TOOL:=$(type -P nat64 || echo nat64)}"
need "$NAT64_TOOL"

# Run the command in the router's namespace.
nat64() { "$NAT64_TOOL" -n "nat64-router-$$" "$@"; }

# For the background: $! is the program itself, not a shell.
spawned() {
	exec "$NAT64_TOOL" -n "$(netns_name router)" "$@"
}

# shown bib|session [FILTER]...: without the name of the device
shown() { nat64 "$1" show dev nat64 "${@:2}" | sed "s/^dev nat64 //"; }

count() { shown "$@" | wc -l; }

# Flush the tables. Ports in hold-down do not matter here.
empty() {
	equal "$(nat64 -batch - <<-EOF
		bib flush dev nat64
		bib show dev nat64
		session show dev nat64
	EOF
	)" "" "tables"
}

# status EXPECTED TEXT COMMAND...: compare exit status and error message
status() {
	local expected=$1 text=$2 out ret=0

	shift 2
	out=$("$@" 2>&1) || ret=$?
	echo "$out"
	equal "$ret" "$expected" "status of $*"
	has "$out" "$text"
}

# Remove the fields that change with time.
ageless() { sed 's/ expires [0-9]*$//'; }

# steady SOURCE: datagrams from the client's address SOURCE to the server until
# steady_end; fd 4 stops them
steady() {
	mkfifo "$WORK/fifo"
	"$PYTHON" -BEs "$HERE/steady.py" "$(netns_name client)" \
		"$(netns_name server)" "$1" $S6 $S4 \
		<"$WORK/fifo" >"$WORK/steady" &
	STEADY=$!
	exec 4>"$WORK/fifo"
}

# steady_end ADDRESS...: every datagram came, once, from one of these addresses
steady_end() {
	local out

	exec 4>&-
	wait "$STEADY"
	out=$(cat "$WORK/steady")
	echo "$out"
	[[ $out =~ ^sent\ ([0-9]+)\ got\ ([0-9]+)\ of\ ([0-9]+)\ from\ (.*)$ ]]
	equal "${BASH_REMATCH[2]} ${BASH_REMATCH[3]}" \
		"${BASH_REMATCH[1]} ${BASH_REMATCH[1]}" "datagrams"
	atleast "${BASH_REMATCH[1]}" 200 "datagrams"
	equal "${BASH_REMATCH[4]}" "$*" "sources"
}
