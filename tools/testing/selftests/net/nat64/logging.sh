#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# Kernel log of bindings and sessions (RFC 6888 section 4): each message, and
# none while it is off. Only messages of sessions have the remote address. The
# topology is that of lib.sh.

# shellcheck source=lib.sh
. "$(dirname "$(readlink -f "$0")")/lib.sh"

# Messages of the device since the last "mark", without time and name.
mark() { echo "nat64 logging $$ $1" >/dev/kmsg; }

logged() {
	dmesg --raw | sed "1,/nat64 logging $$ $1\$/d" |
		sed -n 's/^<[0-9]*>\(\[[^]]*\] *\)\?nat64: nat64: //p'
}

# lines MARK COUNT: wait for COUNT messages since the mark, which are printed
# with a delay
lines() {
	wait_for has_lines "$1" "$2" && logged "$1"
}

has_lines() { [ "$(logged "$1" | wc -l)" -ge "$2" ]; }

# One UDP flow, one TCP connection and one ping of the client.
flows() {
	traffic udp client server $S6 $S4 10 >/dev/null
	traffic tcp client server $S6 $S4 10 >/dev/null
	pings client 1 $S6
}

fresh() {
	ip_on router link del nat64 2>/dev/null || true
	add_nat64 pool4 $T1 "$@"
}

silent() {
	fresh
	mark off
	flows
	del_nat64
	equal "$(logged off)" "" "lines"
}

# matches TEXT COUNT PATTERN: so many lines are exactly of that form
matches() {
	equal "$(grep -cxE "$3" <<<"$1")" "$2" "lines like $3"
}

C6_PORT="2001:db8:1::10#[0-9]+"
T1_PORT="203\.0\.113\.1#[0-9]+"
S4_PORT="198\.51\.100\.5#[0-9]+"

bindings() {
	local lines proto

	fresh logging-bib on
	mark bib
	flows
	lines=$(lines bib 3)
	for proto in udp tcp icmp; do
		matches "$lines" 1 "binding added: $proto $C6_PORT $T1_PORT"
	done
	matches "$lines" 3 ".*"
	# nothing of whom the client talks to
	has_not "$lines" "$S4" "$S6"
	del_nat64
	lines=$(logged bib)
	for proto in udp tcp icmp; do
		matches "$lines" 1 "binding removed: $proto $C6_PORT $T1_PORT"
	done
	matches "$lines" 6 ".*"
}

logged_sessions() {
	local lines proto

	fresh logging-session on
	mark session
	flows
	lines=$(lines session 3)
	for proto in udp tcp; do
		matches "$lines" 1 \
			"session added: $proto $C6_PORT $T1_PORT $S4_PORT"
	done
	matches "$lines" 1 \
		"session added: icmp $C6_PORT $T1_PORT 198\.51\.100\.5#0"
	matches "$lines" 3 ".*"
	ip_on router link set nat64 type nat64 pool4 $T2
	lines=$(lines session 6)
	matches "$lines" 3 "session removed: .*"
	matches "$lines" 6 ".*"
}

# What is removed has the same fields as what was added.
same_fields() {
	local lines

	fresh logging-bib on logging-session on
	mark both
	flows
	del_nat64
	lines=$(logged both)
	matches "$lines" 12 ".*"
	equal "$(sed -n 's/ added:/:/p' <<<"$lines" | sort)" \
		"$(sed -n 's/ removed:/:/p' <<<"$lines" | sort)" "fields"
}

switched() {
	fresh logging-bib on
	ip_on router link set nat64 type nat64 logging-bib off
	mark switched
	flows
	ip_on router link set nat64 type nat64 logging-bib on
	traffic udp client server $S6 $S4 10 >/dev/null
	matches "$(lines switched 1)" 1 "binding added: udp .*"
	matches "$(logged switched)" 1 ".*"
}

# Who rules a namespace of users, and no more, has no part in the log.
foreign() {
	mark foreign
	# shellcheck disable=SC2016
	router unshare -Urn sh -ec '
		ip link set lo up
		echo 1 >/proc/sys/net/ipv4/ip_forward
		ip link add nat64 type nat64 pool6 64:ff9b::/96 \
			pool4 203.0.113.1 max-bindings 1 logging-bib on 2>&1
		ip link set nat64 up
		ip route add 64:ff9b::/96 dev nat64
		ip -6 addr add 2001:db8:1::1/128 dev lo
		ping -c 1 -W 1 64:ff9b::198.51.100.1 || true
		ping -c 1 -W 1 64:ff9b::198.51.100.1 || true
		ip link xstats type nat64 dev nat64' >"$WORK/out"
	has "$(cat "$WORK/out")" "have no effect in this user namespace"
	# one flow was translated, the other one refused
	grep -qE 'max-bindings +1 ' "$WORK/out"
	equal "$(logged foreign)" "" "lines"
}

# flood COUNT: UDP flows of the client, of a port each
flood() {
	# shellcheck disable=SC2016 # $i is that shell's
	client bash -c 'for ((i = 1; i <= $1; i++)); do
		echo >"/dev/udp/$0/$((5000 + i))"
	done' "$S6" "$1" 2>/dev/null || true
}

# suppressed MARK: how many messages the device has suppressed since a mark
suppressed() {
	logged "$1" | awk '/^[0-9]+ messages suppressed$/ { sum += $1 }
		END { print sum + 0 }'
}

reports_suppressed() { [ "$(suppressed "$1")" -ge "$2" ]; }

# The rate limit, and the message about suppressed ones: after a while, and when
# the device is deleted.
flooded() {
	local start=$SECONDS added removed lost

	fresh logging-session on
	mark flood
	flood 300
	wait_for reports_suppressed flood 1
	# and until the last of them are reported
	sleep 6
	added=$(logged flood | grep -c "^session added: udp ")
	lost=$(suppressed flood)
	equal $((added + lost)) 300 "lines logged and suppressed"
	atleast "$added" 50 "lines logged"
	atmost "$added" $((100 + 10 * (SECONDS - start))) "lines logged"

	mark end
	del_nat64
	removed=$(logged end | grep -c "^session removed: udp ")
	lost=$(suppressed end)
	equal $((removed + lost)) 300 "lines logged and suppressed at the end"
	atmost "$removed" 150 "lines logged at the end"
	matches "$(logged end | tail -n 1)" 1 "[0-9]+ messages suppressed"
}

# Messages are not printed under a lock that packets wait for. A flood of
# refusals causes one message a second, independent of the session log.
refused() {
	fresh logging-bib on max-bindings 1
	mark refused
	flood 100
	lines refused 2 >"$WORK/lines"
	cat "$WORK/lines"
	matches "$(head -n 1 "$WORK/lines")" 1 "binding added: udp .*"
	matches "$(sed -n 2p "$WORK/lines")" 1 \
		"max-bindings: refused a udp flow of 2001:db8:1::10/128, 0 earlier ones not logged"
}

given setup

add_test "off: no messages" silent
add_test "R6888-R12-a,R6888-4-a logging-bib: bindings without destinations" \
	bindings
add_test "logging-session: sessions with remote addresses" logged_sessions
add_test "end messages match begin messages" same_fields
add_test "switched on and off" switched
add_test "a flood is limited, and suppressed messages are counted" flooded
add_test "refusals are logged beside the limit" refused
add_test "no messages from user namespaces" foreign
run_tests
