#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# Very many sessions: made, dumped and ended while packets pass, and all of them
# expired in the same second. Every packet is answered meanwhile; how long that
# takes is printed, for there is no telling how busy the machine is. The topology is that of lib.sh,
# with more addresses in the pool.
#
# Environment: NAT64_MANY   how many, a million at most (110000)
#              NAT64_TOOL   nat64, if it is neither in tools/nat64 nor installed

# shellcheck source=lib.sh
. "$(dirname "$(readlink -f "$0")")/lib.sh"

[ -x "$HERE/../../../../nat64/nat64" ] &&
	: "${NAT64_TOOL:=$HERE/../../../../nat64/nat64}"
: "${NAT64_TOOL:=nat64}"
need "$NAT64_TOOL"

: "${NAT64_MANY:=110000}"
readonly POOL=203.0.113.0/27 HOSTS=2001:db8:5::/64

nat64() { "$NAT64_TOOL" -n "nat64-router-$$" "$@"; }

many() { "$PYTHON" -BEs "$HERE/many.py" "$@"; }

milliseconds() { echo $((${EPOCHREALTIME/./} / 1000)); }

ready() { grep -q ready "$WORK/delays"; }

# during WHAT COMMAND...: what packets take meanwhile; every one is answered
during() {
	local start ret=0 pid out

	rm -f "$WORK/delays"
	"$PYTHON" -BEs "$HERE/many.py" delays $$ >"$WORK/delays" &
	pid=$!
	wait_for ready
	start=$(milliseconds)
	"${@:2}" || ret=$?
	echo "# $1: $(($(milliseconds) - start)) ms" >&3
	kill -TERM $pid
	wait $pid
	out=$(tail -n 1 "$WORK/delays")
	echo "# packets meanwhile: $out" >&3
	has "$out" "lost 0 of"
	return $ret
}

load() { many lines "$NAT64_MANY" "$@" | nat64 -batch -; }

# How many of them there are, and those of the packets meanwhile.
in_use() {
	nat64 pool4 addresses dev nat64 |
		awk '{ for (i = 1; i < NF; i++) if ($i == "used") n += $(i + 1) }
		END { print n + 0 }'
}

quiet() { during "nothing" sleep 3; }

loaded() {
	during "$NAT64_MANY made" load
	atleast "$(in_use)" "$NAT64_MANY" "in use"
}

# What nat64 shows is what has been made, all of it, or it says that it is not.
show() { nat64 session show dev nat64 >"$WORK/shown" 2>"$WORK/stderr"; }

shown() {
	local ret i

	for ((i = 0; i < 5; i++)); do
		ret=0
		during "shown" show || ret=$?
		[ $ret -ne 0 ] || break
		cat "$WORK/stderr"
		has "$(cat "$WORK/stderr")" "kept changing"
	done
	equal $ret 0 "status"
	many lines "$NAT64_MANY" | sed 's/^session add //; s/ expires .*//' \
		>"$WORK/expected"
	grep '^dev nat64 udp 2001:db8:5:' "$WORK/shown" |
		sed 's/ expires .*//' | cmp - "$WORK/expected"
}

# The kernel's own words, which nat64 sorts: nothing twice.
raw() {
	router "$PYTHON" -BEs "$HERE/many.py" dump >"$WORK/raw"
}

dumped() {
	local count different torn i

	for ((i = 0; i < 5; i++)); do
		during "dumped to a slow reader" raw
		read -r count different torn <"$WORK/raw"
		echo "# entries: $count, different: $different $torn" >&3
		[ "$torn" ] || break
	done
	equal "$torn" "" "interrupted"
	equal "$different" "$count" "different entries"
	atleast "$count" "$NAT64_MANY" "entries"
}

flush() { nat64 session flush dev nat64 addr6 $HOSTS; }

flushed() {
	during "flushed" flush
	equal "$(nat64 session show dev nat64 addr6 $HOSTS)" "" "left"
}

# Until nearly all are gone, and how long that takes from the first.
gone() {
	local left first='' end=$((SECONDS + $(slow "$1")))

	while ((SECONDS < end)); do
		left=$(in_use)
		[ "$first" ] || ((left >= NAT64_MANY)) ||
			first=$(milliseconds)
		if ((left < NAT64_MANY / 50 + 600)); then
			echo "# from the first to the last:" \
				"$(($(milliseconds) - first)) ms" >&3
			return
		fi
		sleep 0.1
	done
	echo "$left are left" >&2
	return 1
}

# All within one second, after the last is made: with lifetimes that double until
# that is so, since there is no telling how busy the machine is.
expired() {
	local seconds=5 count=0

	while ((count < NAT64_MANY)); do
		seconds=$((2 * seconds))
		atmost "$seconds" $((640 * NAT64_SLOW)) "lifetime"
		# what is there already would keep its lifetime
		flush
		load "$seconds"
		count=$(in_use)
	done
	during "waited, and all expire" gone $((seconds + 60))
	equal "$(nat64 session show dev nat64 addr6 $HOSTS)" "" "left"
}

exec 3>&1

begin() {
	setup && add_nat64 pool4 $POOL udp-timeout 3600 &&
		ip_on router route replace $POOL dev nat64
}

begin_loaded() { begin && load; }

given begin
add_test "packets, and nothing else" quiet
add_test "sessions are made while packets pass" loaded
given begin_loaded
add_test "shown while packets pass, all of them" shown
add_test "dumped to a slow reader while packets pass, none twice" dumped
add_test "flushed while packets pass" flushed
given begin
add_test "expired in the same second while packets pass" expired
run_tests
