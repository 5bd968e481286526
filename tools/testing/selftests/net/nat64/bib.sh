#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# Bindings and sessions with nat64(8): show, filter, add and import. The
# topology is that of lib.sh; pool4 is 203.0.113.0/30, of which .1 and .2 are
# used.
#
# state_netlink.py has requests that nat64 never sends, events.sh has events.

# shellcheck source=tool.sh
. "$(dirname "$(readlink -f "$0")")/tool.sh"

need setpriv unshare

# --- state created by traffic -------------------------------------------

ping_shown() {
	local id

	empty
	pings client 2 $S6
	id=$(shown session)
	[[ $id =~ ^icmp\ $C6#([0-9]+)\ (203.0.113.[12])#([0-9]+)\ $S4\ expires\ ([1-5]?[0-9]|60)$ ]]
	equal "$(shown bib)" \
		"icmp $C6#${BASH_REMATCH[1]} ${BASH_REMATCH[2]}#${BASH_REMATCH[3]} sessions 1" \
		"binding"
	equal "$(nat64 -j session show | jq -c '.[0] | [.dev, .proto, .addr6,
		.port6, .addr4, .port4, .remote4, .remote_port, .remote6, .state]')" \
		"[\"nat64\",\"icmp\",\"$C6\",${BASH_REMATCH[1]},\"${BASH_REMATCH[2]}\",${BASH_REMATCH[3]},\"$S4\",null,\"$S6\",null]" \
		"JSON"
	equal "$(nat64 -j bib show | jq -c '.[0] | [.static, .sessions]')" \
		"[false,1]" "JSON of the binding"
}

# R6146-3.5.2.2: session states of a connection that is opened and closed.
tcp_shown() {
	empty
	traffic tcp client server $S6 $S4 1000 >/dev/null
	has "$(shown session proto tcp)" "$S4#" "v4-v6-fin-rcv expires 2"
	equal "$(count session state v4-v6-fin-rcv)" 1 "closed"
	equal "$(count session state established)" 0 "established"
}

# --- static bindings ----------------------------------------------------

# R6146-3.1-c: an IPv6 service reachable from IPv4.
static_service() {
	empty
	nat64 bib add dev nat64 static tcp "$C6#8080" $T1#80
	equal "$(shown bib)" "tcp $C6#8080 $T1#80 static sessions 0" "binding"
	traffic tcp server client --port 8080 --connect-port 80 $T1 $C6 1000
	equal "$(shown bib)" "tcp $C6#8080 $T1#80 static sessions 1" "used"
	nat64 session flush dev nat64
	equal "$(shown bib)" "tcp $C6#8080 $T1#80 static sessions 0" "left"
	ip_on router link set nat64 down
	ip_on router link set nat64 up
	ip_on router -batch - <<-EOF
		route replace $POOL4 dev nat64
		route replace $POOL6 dev nat64
	EOF
	traffic tcp server client --port 8080 --connect-port 80 $T1 $C6 1000
}

# send: a datagram from the server to the client through a binding
send() { server bash -c "echo x >/dev/udp/$T1/5001"; }

# Deleting a binding ends its flows.
deleted() {
	local before

	empty
	nat64 bib add dev nat64 static udp $C6#5000 $T1#5001
	before=$(dropped no-binding-udp)
	send
	wait_for equal "$(count session)" 1 "session"
	nat64 bib del dev nat64 udp $C6#5000 $T1#5001
	equal "$(shown bib)$(shown session)" "" "tables"
	equal "$(dropped no-binding-udp)" "$before" "dropped before"
	send
	equal "$(dropped no-binding-udp)" $((before + 1)) "dropped"
	status 2 "udp $C6#5000: no such binding" \
		nat64 bib del dev nat64 udp $C6#5000
}

# The device chooses the port; a dynamic binding becomes static.
chosen() {
	local line

	empty
	nat64 bib add dev nat64 static tcp $C6#80
	line=$(shown bib)
	[[ $line =~ ^tcp\ $C6#80\ 203.0.113.[12]#([0-9]+)\ static\ sessions\ 0$ ]]
	atmost "${BASH_REMATCH[1]}" 1023 "port of a server"

	empty
	pings client 1 $S6
	line=$(shown bib)
	status 2 "binding exists and is dynamic" \
		nat64 bib add dev nat64 static ${line/ sessions*/}
	shown bib | sed 's/ sessions.*//; s/^/bib replace dev nat64 static /' |
		nat64 -batch -
	equal "$(shown bib)" "${line/ sessions/ static sessions}" "pinned"
	nat64 session flush dev nat64
	equal "$(count bib)" 1 "bindings"
}

# Adding a shown line again changes nothing; "replace" does.
replaced() {
	local line

	empty
	nat64 session add dev nat64 tcp $C6#80 $T1#80 $S4#1000
	for line in add replace; do
		# shellcheck disable=SC2046 # words are words
		nat64 bib $line $(nat64 bib show)
		# shellcheck disable=SC2046
		nat64 session $line $(nat64 session show)
		equal "$(shown bib)" "tcp $C6#80 $T1#80 sessions 1" "$line"
	done
	status 2 "session exists in another state" nat64 session add dev nat64 \
		tcp $C6#80 $T1#80 $S4#1000 trans
	nat64 session replace dev nat64 tcp $C6#80 $T1#80 $S4#1000 trans \
		expires 100
	[[ $(shown session) =~ ^tcp\ $C6#80\ $T1#80\ $S4#1000\ trans\ expires\ (100|9[0-9])$ ]]
	status 2 "addr6 and port6 already have a binding" \
		nat64 bib add dev nat64 static tcp $C6#80 $T2#8080
	nat64 bib replace dev nat64 static tcp $C6#80 $T2#8080
	equal "$(shown bib)" "tcp $C6#80 $T2#8080 static sessions 0" "moved"
	equal "$(shown session)" "" "sessions"
	status 2 "static is required" \
		nat64 bib add dev nat64 tcp $C6#81 $T2#8081
	status 2 "static is required" \
		nat64 bib replace dev nat64 tcp $C6#80 $T2#8080
	# and packets use it
	traffic tcp server client --port 80 --connect-port 8080 $T2 $C6 1000
}

# Look up one entry by either side.
got() {
	local side

	filter_table
	for side in $C6#80 $T1#80; do
		equal "$(nat64 bib get dev nat64 tcp $side)" \
			"dev nat64 tcp $C6#80 $T1#80 static sessions 2" "$side"
		equal "$(nat64 session get dev nat64 tcp $side $S4#1000 |
			ageless)" \
			"dev nat64 tcp $C6#80 $T1#80 $S4#1000 established" \
			"session $side"
		equal "$(nat64 session get dev nat64 icmp $side $S4 |
			ageless)" "dev nat64 icmp $C6#80 $T1#80 $S4" "ICMP"
	done
	equal "$(nat64 -j bib get dev nat64 udp $T2#54)" \
		"$(nat64 -j bib show addr4 $T2#54)" "JSON"
	nat64 session get dev nat64 tcp $C6#80 $T1#80 $S4#1000 >/dev/null
	status 2 "dev nat64: no such binding" \
		nat64 bib get dev nat64 udp $T2#55
	status 2 "dev nat64: no such binding" \
		nat64 bib get dev nat64 tcp $C6#80 $T1#81
	status 2 "dev nat64: no such session" \
		nat64 session get dev nat64 tcp $C6#80 $S4#1001
	equal "$(nat64 -j session get dev nat64 udp $T2#54 $S4#1 2>/dev/null)" \
		"[]" "JSON of none"
}

# refused TEXT WORDS: the command fails with TEXT, nothing changes
refused() {
	local before

	empty
	nat64 bib add dev nat64 static udp $C6#53 $T1#53
	nat64 session add dev nat64 tcp $C6#80 $T1#80 $S4#1000
	before=$(shown bib; shown session | ageless)
	status 2 "$1" nat64 $2
	equal "$(shown bib; shown session | ageless)" "$before" "tables"
}

# --- import -------------------------------------------------------------

# R7269-4-a: import the state of another device.
imported() {
	empty
	cat >"$WORK/table" <<-EOF
		tcp $C6#80 $T1#80 $S4#1000 established expires 7000
		tcp $C6#80 $T1#80 $S4#1001 v4-init expires 200
		tcp $C6#80 $T1#80 $S4B#1000 v6-init expires 199
		tcp $C6#81 $T1#81 $S4#1000 v4-fin-rcv expires 6999
		tcp $C6#82 $T1#82 $S4#1000 v6-fin-rcv expires 6998
		tcp $C6#83 $T1#83 $S4#1000 v4-v6-fin-rcv expires 150
		tcp $C6#84 $T1#84 $S4#1000 trans expires 149
		udp $C6#80 $T2#80 $S4#1000 expires 250
		udp 2001:db8:1::11#80 $T1#80 $S4#1000 expires 249
		icmp $C6#80 $T1#80 $S4 expires 50
	EOF
	sed 's/^/session add dev nat64 /' "$WORK/table" | nat64 -batch -
	nat64 session show | sort >"$WORK/first"
	equal "$(sed 's/^dev nat64 //' "$WORK/first" | ageless)" \
		"$(sort "$WORK/table" | ageless)" "imported"
	# expiry times, less the time that this took
	equal "$(nat64 -j session show | jq '[.[].expires] | add as $sum |
		22244 - $sum | . >= 0 and . <= 400')" true "lifetimes"
	equal "$(count bib)" 8 "bindings"
	equal "$(shown bib addr6 ::/0#80 proto tcp)" \
		"tcp $C6#80 $T1#80 sessions 3" "binding"

	nat64 session flush dev nat64
	equal "$(shown bib)" "" "flushed"
	sed 's/^/session add /' "$WORK/first" | nat64 -batch -
	equal "$(nat64 session show | sort | ageless)" \
		"$(ageless <"$WORK/first")" "loaded again"
	sed 's/^/session del /' "$WORK/first" | nat64 -batch -
	equal "$(shown bib)$(shown session)" "" "deleted"
}

# Save and restore both tables as in nat64(8): dynamic bindings stay dynamic.
saved() {
	local before

	empty
	nat64 bib add dev nat64 static tcp $C6#8080 192.0.2.9#80
	pings client 1 $S6
	traffic udp client server $S6 $S4 10 >/dev/null
	before=$(shown bib; shown session | ageless)
	nat64 bib show dev nat64 static | sed 's/^/bib add /' >"$WORK/tables"
	nat64 session show dev nat64 | sed 's/^/session add /' >>"$WORK/tables"
	empty
	nat64 -force -batch "$WORK/tables"
	equal "$(shown bib; shown session | ageless)" "$before" "loaded again"
	nat64 session flush dev nat64
	equal "$(shown bib)" "tcp $C6#8080 192.0.2.9#80 static sessions 0" "left"
}

# Write the sessions added since the start of from_log() to $WORK/log
read_log() {
	dmesg --raw | sed "1,/nat64 bib $$\$/d" |
		sed -n 's/.*session added:/session add dev nat64/p' >"$WORK/log"
	[ "$(wc -l <"$WORK/log")" -ge 2 ]
}

# The kernel log is valid input of "session add", including port 0 of ICMP.
from_log() {
	local before

	empty
	ip_on router link set nat64 type nat64 logging-session on
	echo "nat64 bib $$" >/dev/kmsg
	pings client 1 $S6
	traffic udp client server $S6 $S4 10 >/dev/null
	before=$(shown session | ageless)
	ip_on router link set nat64 type nat64 logging-session off
	empty
	wait_for read_log
	equal "$(wc -l <"$WORK/log")" 2 "lines"
	nat64 -batch "$WORK/log"
	equal "$(shown session | ageless)" "$before" "from the log"
}

# Imported sessions carry traffic and expire.
import_lives() {
	empty
	nat64 session add dev nat64 udp $C6#5000 $T1#5001 $S4#5002 expires 60
	traffic udp server client --bind $S4 --bind-port 5002 --port 5000 \
		--connect-port 5001 $T1 $C6 100
	equal "$(count session)" 1 "sessions"
	atleast "$(nat64 -j session show | jq '.[0].expires')" 200 "refreshed"

	empty
	nat64 session add dev nat64 udp $C6#5000 $T1#5001 $S4#5002 expires 1
	wait_for equal_gone
	equal "$(shown bib)" "" "binding"
	# longer times are limited to the timeout
	nat64 session add dev nat64 udp $C6#5000 $T1#5001 $S4#5002 expires 9999
	atmost "$(nat64 -j session show | jq '.[0].expires')" 300 "expires"
}

equal_gone() { [ -z "$(shown session)" ]; }

all_or_nothing() {
	empty
	{
		sessions 300 session add dev nat64
		echo "session add dev nat64 udp $C6#7 192.0.2.1#7 $S4#7"
		sessions 301 session add dev nat64 | tail -n 1
	} >"$WORK/batch"
	status 2 "batch:301: udp $C6#7 192.0.2.1#7 $S4#7: addr4 and port4 are not in pool4" \
		nat64 -batch "$WORK/batch"
	equal "$(count session)" 300 "sessions"
	empty
	status 2 "batch:301: " nat64 -force -batch "$WORK/batch"
	equal "$(count session)" 301 "sessions with -force"
}

# --- filters ------------------------------------------------------------

filter_table() {
	empty
	nat64 bib add dev nat64 static tcp $C6#80 $T1#80
	nat64 -batch - <<-EOF
		session add dev nat64 tcp $C6#80 $T1#80 $S4#1000
		session add dev nat64 tcp $C6#80 $T1#80 198.51.101.5#1000 trans
		session add dev nat64 tcp 2001:db8:1::11#80 $T2#80 $S4#1001
		session add dev nat64 udp $C6#80 $T1#80 $S4#1000
		session add dev nat64 udp 2001:db8:2::10#53 $T2#54 $S4B#53
		session add dev nat64 icmp $C6#80 $T1#80 $S4
	EOF
}

# filtered OBJECT COUNT FILTER...: number of matching entries of the table above
filtered() { equal "$(count "$1" "${@:3}")" "$2" "shown"; }

# flushed OBJECT COUNT FILTER...: deletes only COUNT matching entries
flushed() {
	local all

	filter_table
	all=$(count "$1")
	nat64 "$1" flush dev nat64 "${@:3}"
	equal "$(count "$1")" $((all - $2)) "left"
	equal "$(count "$1" "${@:3}")" 0 "shown after flush"
}

# --- pool4 --------------------------------------------------------------

# used PROTO ADDRESS: "used USED held-down HELD_DOWN total TOTAL"
used() {
	nat64 pool4 addresses | sed -n "s/^dev nat64 $2 $1 //p"
}

pool4_use() {
	empty
	# no ports in hold-down from earlier tests
	ip_on router link set nat64 type nat64 hold-down-timeout 0
	sessions 100 session add dev nat64 | nat64 -batch -
	equal "$(used udp $T1)" "used 100 held-down 0 total 65535" "use"
	equal "$(nat64 -j pool4 addresses dev nat64 | jq -c '[.[] |
		select(.proto == "udp" and .used > 0)] |
		.[0] | [.addr4, .used, .total]')" "[\"$T1\",100,65535]" "JSON"
	empty
	equal "$(used udp $T1)" "" "nothing in use"
	ip_on router link set nat64 type nat64 hold-down-timeout 120
	sessions 100 session add dev nat64 | nat64 -batch -
	empty
	equal "$(used udp $T1)" "used 0 held-down 100 total 65535" "held-down"
}

# --- a million would do, but not in a slow machine ----------------------

# Sessions of a table that changes while it is dumped.
SOME=20000
[ "${NAT64_MANY:-$SOME}" -ge $SOME ] || SOME=5000

milliseconds() { echo $((${EPOCHREALTIME/./} / 1000)); }

# timed WHAT COMMAND...: print the duration, without a limit
timed() {
	local start

	start=$(milliseconds)
	"${@:2}"
	echo "# $1: $(($(milliseconds) - start)) ms" >&3
}

# NAT64_MANY: number of sessions, above 5000; slow in kernels with checkers. 4096
# of them are of addresses in the prefix, and one of each 60000 has the port.
large() {
	local many=${NAT64_MANY:-110000}

	empty
	sessions "$many" session add dev nat64 >"$WORK/batch"
	timed load nat64 -batch "$WORK/batch"
	timed show shown session addr6 2001:db8:1::/96 \
		remote4 $S4 >"$WORK/shown"
	ageless <"$WORK/shown" >"$WORK/got"
	sessions "$many" | ageless >"$WORK/expected"
	cmp "$WORK/got" "$WORK/expected"
	# few entries of many match
	timed "filter" shown session remote4 $S4#1024 >"$WORK/shown"
	equal "$(grep -c '^udp' "$WORK/shown")" $(((many + 59999) / 60000)) \
		"filtered"
	equal "$(nat64 -j bib show dev nat64 | jq length)" "$many" "JSON"
	timed "flush some" nat64 session flush dev nat64 \
		addr6 2001:db8:1::1:1000/116
	equal "$(count session)" $((many - 4096)) "left"
	timed "flush all" nat64 bib flush dev nat64
	equal "$(shown session)$(shown bib)" "" "left"
}

# During changes, a dump has all permanent entries exactly once or reports that
# some may be missing; packets still pass.
concurrent() {
	local i ret whole=0

	empty
	sessions $SOME session add dev nat64 | nat64 -batch -
	sessions $SOME | ageless >"$WORK/expected"
	sessions $((2 * SOME)) session add dev nat64 |
		tail -n $SOME >"$WORK/other"
	while :; do
		cat "$WORK/other"
		sed 's/ add / del /' "$WORK/other"
	done 2>/dev/null | nat64 -force -batch - >/dev/null 2>&1 &
	for ((i = 0; i < 5; i++)); do
		ret=0
		shown session addr6 2001:db8:1::/64 >"$WORK/shown" \
			2>"$WORK/stderr" || ret=$?
		# the first one in the order of the dump
		ageless <"$WORK/shown" | sort | uniq -d >"$WORK/twice"
		equal "$(cat "$WORK/twice")" "" "shown twice"
		if grep -q 'kept changing' "$WORK/stderr"; then
			continue
		fi
		whole=$((whole + 1))
		ageless <"$WORK/shown" | sort |
			comm -13 - <(sort "$WORK/expected") >"$WORK/missing"
		equal "$(head "$WORK/missing")" "" "missing"
		pings client 2 $S6
	done
	echo "$whole of 5 were whole"
	atleast $whole 1 "whole"
}

# Delete the device during a dump.
device_goes() {
	local i

	for i in 1 2 3; do
		empty
		sessions $SOME session add dev nat64 | nat64 -batch -
		while nat64 session show dev nat64; do
			:
		done >"$WORK/shown" 2>"$WORK/stderr" &
		spawned monitor >/dev/null 2>&1 &
		sleep 0.1
		ip_on router link del nat64
		wait_for grep -q "no such device\|device was deleted" "$WORK/stderr"
		kill $!
		add_nat64
	done
}

# --- permissions --------------------------------------------------------

NOBODY="setpriv --reuid=65534 --regid=65534 --clear-groups"

unprivileged() {
	local words

	empty
	nat64 session add dev nat64 tcp $C6#80 $T1#80 $S4#1000
	while read -r words; do
		status 2 "Operation not permitted" \
			router $NOBODY "$NAT64_TOOL" $words
	done <<-EOF
		bib show dev nat64
		session show dev nat64
		pool4 addresses dev nat64
		bib add dev nat64 static tcp $C6#81
		bib del dev nat64 tcp $C6#80
		bib flush dev nat64
		session add dev nat64 tcp $C6#81 $T1#81 $S4#1000
		session del dev nat64 tcp $C6#80 $T1#80 $S4#1000
		session flush dev nat64
		monitor
	EOF
	equal "$(count session)$(count bib)" 11 "tables"
}

# Root of a user namespace is permitted in its network namespaces.
user_namespace() {
	$NOBODY unshare -Urn true 2>/dev/null || skip "no user namespaces"
	# shellcheck disable=SC2016
	equal "$($NOBODY unshare -Urn sh -ec '
		ip link add n0 type nat64 pool6 64:ff9b::/96 pool4 203.0.113.1
		"$0" session add dev n0 tcp 2001:db8::1#80 203.0.113.1#80 \
			198.51.100.1#1000 trans
		"$0" bib show
		"$0" bib flush dev n0
		"$0" session show
		timeout 0.1 "$0" monitor 2>&1 || test $? = 124' "$NAT64_TOOL")" \
		"dev n0 tcp 2001:db8::1#80 203.0.113.1#80 sessions 1" "shown"
}

other_devices() {
	ip_on router link add siit type nat64 pool6 64:ff9b::/96 mode stateless
	status 2 "dev siit: a stateless device has no bindings" \
		nat64 session show dev siit
	status 2 "dev siit: a stateless device" nat64 pool4 addresses dev siit
	status 2 "dev siit: a stateless device" nat64 bib flush dev siit
	ip_on router link add other type nat64 pool6 64:ff9b:1::/96 pool4 $T1
	empty
	nat64 bib add dev nat64 static udp $C6#1 $T1#1
	nat64 bib add dev other static udp $C6#2 $T1#1
	equal "$(nat64 bib show)" "$(printf '%s\n' \
		"dev nat64 udp $C6#1 $T1#1 static sessions 0" \
		"dev other udp $C6#2 $T1#1 static sessions 0")" "both"
	ip_on router link del other
	ip_on router link del siit
	status 2 "no such device" nat64 session show dev other
}

# --- list of tests ------------------------------------------------------

add_refused_tests() {
	local pool=$T1

	add_test "refused: IPv6 side has another binding" refused \
		"udp $C6#53 $T2#53: addr6 and port6 already have a binding" \
		"bib add dev nat64 static udp $C6#53 $T2#53"
	add_test "refused: IPv4 side has a binding" refused \
		"udp $C6#54 $T1#53: addr4 and port4 already have a binding" \
		"bib add dev nat64 static udp $C6#54 $T1#53"
	add_test "refused: link-local host" refused \
		"addr6 is not a routable unicast address" \
		"bib add dev nat64 static tcp fe80::1#53 $T2#55"
	add_test "refused: multicast host" refused \
		"addr6 is not a routable unicast address" \
		"bib add dev nat64 static udp ff02::1#53"
	add_test "R6146-3.5-a refused: host in pool6" refused \
		"addr6 must not be in pool6" \
		"bib add dev nat64 static udp 2001:db8:64::1#53"
	add_test "refused: loopback as pool4 address" refused \
		"addr4 is not a routable unicast address" \
		"bib add dev nat64 static udp $C6#54 127.0.0.1#53"
	add_test "refused: del of another binding" refused \
		"no such binding" "bib del dev nat64 udp $C6#53 $T1#54"
	add_test "refused: the same session in another state" refused \
		"session exists in another state" \
		"session add dev nat64 tcp $C6#80 $T1#80 $S4#1000 trans"
	add_test "refused: session with another pool4 address" refused \
		"binding of addr6 and port6 has another addr4 and port4" \
		"session add dev nat64 tcp $C6#80 $T2#80 $S4#1001"
	add_test "refused: session out of pool4" refused \
		"addr4 and port4 are not in pool4" \
		"session add dev nat64 tcp $C6#81 192.0.2.1#81 $S4#1000"
	add_test "refused: session of a port that another has" refused \
		"addr4 and port4 already have a binding" \
		"session add dev nat64 tcp $C6#81 $pool#80 $S4#1000"
	add_test "refused: multicast peer" refused \
		"remote4 is not a routable unicast address" \
		"session add dev nat64 tcp $C6#80 $T1#80 224.0.0.1#1000"
	add_test "refused: del of another session" refused \
		"no such session" \
		"session del dev nat64 tcp $C6#80 $T1#80 $S4#1001"
}

with_table() { setup_nat64 && filter_table; }

add_filter_tests() {
	given with_table
	add_test "filter: none" filtered session 6
	add_test "filter: protocol" filtered session 3 proto tcp
	add_test "filter: host" filtered session 4 addr6 $C6
	add_test "filter: IPv6 prefix" filtered session 5 addr6 2001:db8:1::/64
	add_test "filter: IPv6 prefix and port" filtered session 1 \
		addr6 ::/0#53
	add_test "filter: pool4 address" filtered session 4 addr4 $T1
	add_test "filter: pool4 prefix and port" filtered session 5 \
		addr4 203.0.113.0/24#80
	add_test "filter: peer" filtered session 4 remote4 $S4
	add_test "filter: prefix of the peer" filtered session 6 \
		remote4 198.51.100.0/23
	add_test "filter: port of the peer" filtered session 3 \
		remote4 0.0.0.0/0#1000
	add_test "filter: state" filtered session 1 state trans
	add_test "filter: sessions of static bindings" filtered session 2 static
	add_test "filter: several" filtered session 1 proto tcp \
		addr6 2001:db8:1::/64#80 addr4 $T1 remote4 198.51.100.0/24 \
		state established
	add_test "filter: nothing matches" filtered session 0 proto udp \
		addr6 2001:db8:3::/48
	add_test "filter: bindings, protocol" filtered bib 2 proto udp
	add_test "filter: bindings, host and port" filtered bib 3 addr6 $C6#80
	add_test "filter: bindings, pool4" filtered bib 2 addr4 $T2
	add_test "filter: static bindings" filtered bib 1 static
	add_test "filter: dynamic bindings" filtered bib 4 dynamic
	given setup_nat64
	add_test "flush: host and state" flushed session 1 addr6 $C6 state trans
	add_test "flush: peer and protocol" flushed session 1 \
		remote4 198.51.100.0/24 proto icmp
	add_test "flush: nothing matches" flushed session 0 proto udp \
		addr4 192.0.2.0/24
	add_test "flush: dynamic bindings" flushed bib 4 dynamic
}

exec 3>&1

given setup_nat64

add_test "a ping's binding and session" ping_shown
add_test "R6146-3.5.2.2 a connection's session" tcp_shown
add_test "R6146-3.1-c a static binding lets IPv4 in, and stays" static_service
add_test "a deleted binding ends its flows" deleted
add_test "R6888-R9-a the device chooses the port; a dynamic binding becomes static" \
	chosen
add_refused_tests
add_test "repeated, and replaced" replaced
add_test "looked up by either side" got
add_test "R7269-4-a bindings and sessions are imported, shown and reloaded" \
	imported
add_test "R7269-4-a imported sessions carry traffic and expire" import_lives
add_test "both tables are saved and reloaded" saved
add_test "sessions imported from the kernel log" from_log
add_test "batch: one is refused" all_or_nothing
add_filter_tests
add_test "pool4: how much is in use" pool4_use
add_test "refused: users without CAP_NET_ADMIN" unprivileged
add_test "users with CAP_NET_ADMIN in a namespace of their own" \
	user_namespace
add_test "several devices, and devices without the table" other_devices
add_test "very many loaded, shown, filtered, flushed" large
add_test "dumped while sessions change" concurrent
add_test "the device is deleted during a dump" device_goes
run_tests
