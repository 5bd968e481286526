#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# A device that is watched, changed, taken down, moved and deleted while
# traffic runs through it.
#
#    client                    router                      server
#  +---------+         +----------------------+         +----------+
#  |    eth0 |---------| c0     nat64      s0 |---------| eth0     |
#  +---------+         +----------------------+         +----------+
#     iperf3          tcpdump, ip link set            iperf3 -s

# shellcheck source=lib.sh
. "$(dirname "$(readlink -f "$0")")/lib.sh"
need iperf3 tcpdump

# An emulated machine needs that long only to see that it has begun. As fast as
# it can it would do little else than send: a limit leaves the changes their
# turn.
SECONDS_EACH=$((NAT64_SLOW > 1 ? 5 : 2))
LIMIT=$((NAT64_SLOW > 1 ? 10 : 0))

# Both directions at once, in the background; sets IPERF. With a server of its
# own: one that has just finished may still be busy. A machine with much else to
# do may see the end before the beginning: longer then.
iperf_start() {
	local duration

	for duration in $SECONDS_EACH $((4 * SECONDS_EACH)); do
		restart_server
		client timeout $((30 * NAT64_SLOW)) iperf3 --bidir -J -t "$duration" \
			-b ${LIMIT}M -c $S6 >"$WORK/iperf" 2>&1 &
		IPERF=$!
		wait_for begun
		over || return 0
	done

	cat "$WORK/iperf"
	return 1
}

begun() { flowing || over; }

over() { ! kill -0 $IPERF 2>/dev/null; }

flowing() {
	[ "$(on client ss -Htn state established dport = :5201 | wc -l)" -ge 3 ]
}

# iperf3 has ended, and data arrived in both directions.
iperf_end() {
	local bytes

	if ! wait $IPERF; then
		cat "$WORK/iperf"
		return 1
	fi
	for bytes in sum_received sum_received_bidir_reverse; do
		atleast "$(jq ".end.$bytes.bytes" "$WORK/iperf")" 100000 "$bytes"
	done
}

running() { kill -0 $IPERF 2>/dev/null; }

# Until iperf3 ends; at least five times.
while_running() {
	local times=0

	while running || ((times < 5)); do
		"$@" $((times++))
	done
	echo "$times times: $*"
}

set_nat64() { ip_on router link set nat64 type nat64 "$@"; }

timeouts() {
	set_nat64 udp-timeout $((300 + $1 % 7)) icmp-timeout $((60 + $1 % 5)) \
		tcp-trans-timeout $((240 + $1 % 3))
}

change_timeouts() {
	iperf_start
	while_running timeouts
	iperf_end
}

# Entries that stay keep their bindings.
other_pool4() {
	if (($1 % 2)); then
		set_nat64 pool4 $T1 pool4 $T2
	else
		set_nat64 pool4 $T1 pool4 $T2 pool4 192.0.2.0/26
	fi
}

change_pool4() {
	iperf_start
	while_running other_pool4
	set_nat64 pool4 $T1 pool4 $T2
	iperf_end
}

# Bindings end with their pool4 address; new ones use the new address.
empty_pool4() {
	traffic udp client server $S6 $S4 10
	# the router's own
	set_nat64 pool4 host
	has "$(traffic udp client server $S6 $S4 10)" "10 $R4 "
	set_nat64 pool4 $T2
	has "$(traffic udp client server $S6 $S4 10)" "10 $T2 "
	set_nat64 pool4 $T1
	has "$(traffic udp client server $S6 $S4 10)" "10 $T1 "
	set_nat64 pool4 $T1 pool4 $T2
}

# Packets are lost during the change of the prefix, never mistranslated; TCP
# retransmits them.
other_pool6() {
	set_nat64 pool6 2001:db8:77::/96
	set_nat64 pool6 $POOL6
	sleep 0.1
}

change_pool6() {
	iperf_start
	while_running other_pool6
	iperf_end
}

moved_pool6() {
	set_nat64 pool6 2001:db8:77::/96
	ip_on router route add 2001:db8:77::/96 dev nat64
	pings client 2 2001:db8:77::c633:6405
	lost client 1 $S6
	traffic tcp client server 2001:db8:77::c633:6405 $S4 100000
	set_nat64 pool6 $POOL6
	pings client 2 $S6
}

add_routes() {
	ip_on router route add $POOL4 dev nat64
	ip_on router route add $POOL6 dev nat64
}

# The TCP connection survives only if its session does: segments of an
# established connection create none.
down_and_up() {
	ip_on router link set nat64 down
	ip_on router link set nat64 up
	add_routes
	sleep 0.2
}

up_and_down() {
	iperf_start
	while_running down_and_up
	iperf_end
}

# tcpdump makes clones of every packet in both families.
dumped() {
	ip netns exec "$(netns_name router)" tcpdump -i nat64 -s 100 \
		-w "$WORK/dump" 2>"$WORK/tcpdump" &
	wait_for grep -q listening "$WORK/tcpdump"
	iperf_start
	iperf_end
	kill %1
	wait %1 || true
	cat "$WORK/tcpdump"
	atleast "$(tcpdump -r "$WORK/dump" -n ip6 2>/dev/null | wc -l)" 10 "IPv6"
	atleast "$(tcpdump -r "$WORK/dump" -n ip 2>/dev/null | wc -l)" 10 "IPv4"
}

clones() {
	timeout "$(slow 30)" "$PYTHON" -BEs "$HERE/capture.py" $$
}

# iperf3 may fail, the kernel may not.
deleted() {
	iperf_start
	del_nat64
	kill $IPERF 2>/dev/null || true
	wait $IPERF || true
	add_nat64
	pings client 2 $S6
	traffic tcp client server $S6 $S4 100000
}

delete_and_add() {
	del_nat64
	add_nat64
}

# Not until iperf3 ends: it may wait in vain for the end of its connections.
deleted_often() {
	local times=0 end

	iperf_start
	end=$((SECONDS + 2 * SECONDS_EACH))
	until ((SECONDS >= end && times >= 5)); do
		delete_and_add
		times=$((times + 1))
	done
	kill $IPERF 2>/dev/null || true
	wait $IPERF || true
	pings client 2 $S6
}

# Moved to another namespace and back under traffic: no session stays.
moved() {
	iperf_start
	ip_on router link set nat64 netns "$(netns_name client)"
	ip_on client link set nat64 up
	ip_on client link set nat64 netns "$(netns_name router)"
	ip_on router link set nat64 up
	add_routes
	kill $IPERF 2>/dev/null || true
	wait $IPERF || true
	pings client 2 $S6
	traffic tcp client server $S6 $S4 100000
}

namespace_deleted() {
	iperf_start
	ip netns del "$(netns_name router)"
	# The namespace goes in the background, and its links with it.
	wait_for no_link client
	wait_for no_link server
	kill $IPERF 2>/dev/null || true
	wait $IPERF || true
}

# Not "none but lo": modules of tunnels leave a device in every namespace.
no_link() { ! ip_on "$1" link show eth0; }

# A client that vanished keeps iperf3 -s busy with its test.
restart_server() {
	local pids

	pids=$(ip netns pids "$(netns_name server)")
	[ -z "$pids" ] || kill -KILL $pids
	start_server
}

start_server() {
	server iperf3 -s -D >/dev/null
	wait_listen server 5201
}

given setup_nat64

add_test "tcpdump on the device" dumped
add_test "clones held by packet sockets stay as they were" clones
add_test "timeouts changed" change_timeouts
add_test "pool4 grows and shrinks" change_pool4
add_test "pool4 emptied and replaced" empty_pool4
add_test "pool6 changed and changed back" change_pool6
add_test "pool6 moved" moved_pool6
add_test "down and up, sessions kept" up_and_down
add_test "deleted" deleted
add_test "repeatedly deleted and created" deleted_often
add_test "moved to another namespace and back" moved
add_test "its namespace deleted" namespace_deleted
run_tests
