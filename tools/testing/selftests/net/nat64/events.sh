#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# "nat64 monitor": events of created and deleted bindings and sessions, and of
# refused flows. The topology is that of lib.sh.

# shellcheck source=tool.sh
. "$(dirname "$(readlink -f "$0")")/tool.sh"

# listen [GROUP]...: monitor in the background, output to $WORK/events
listen() {
	spawned monitor "$@" >"$WORK/events" 2>"$WORK/stderr" &
	MONITOR=$!
	wait_for listening
}

# A bit set in the groups of a generic netlink socket, besides that of the
# families that come and go
# shellcheck disable=SC2016 # awk's own
listening() {
	router awk '$4 ~ /8...$/ { $4 = substr($4, 1, 4) substr($4, 6) }
		$2 == 16 && $4 ~ /[1-9a-f]/ { found = 1 }
		END { exit !found }' /proc/net/netlink
}

# events: without times, lifetimes and requesters
events() {
	sed -E -e 's/^[^ ]* //' -e 's/ portid [0-9]+$//' -e 's/ age [0-9]+$//' \
		-e 's/ expires [0-9]+//' "$WORK/events"
}

told() { [ "$(wc -l <"$WORK/events")" -ge "$1" ]; }

# R8158-4.3-a: creation and deletion of bindings and sessions
events_told() {
	empty
	listen
	nat64 session add dev nat64 tcp $C6#80 $T1#80 $S4#1000
	nat64 session add dev nat64 icmp $C6#80 $T1#80 $S4
	nat64 bib del dev nat64 tcp $C6#80
	nat64 session flush dev nat64 proto icmp
	wait_for told 8
	equal "$(events)" "bib add dev nat64 tcp $C6#80 $T1#80 sessions 0
session add dev nat64 tcp $C6#80 $T1#80 $S4#1000 established
bib add dev nat64 icmp $C6#80 $T1#80 sessions 0
session add dev nat64 icmp $C6#80 $T1#80 $S4
session del dev nat64 tcp $C6#80 $T1#80 $S4#1000 established cause deleted
bib del dev nat64 tcp $C6#80 $T1#80 sessions 0 cause deleted
session del dev nat64 icmp $C6#80 $T1#80 $S4 cause flushed
bib del dev nat64 icmp $C6#80 $T1#80 sessions 0 cause flushed" "events"
	# a program each
	equal "$(grep -o 'portid [0-9]*$' "$WORK/events" | uniq | wc -l)" 4 \
		"programs"
	# the time of day, in UTC
	equal "$(date -u +%FT -d "$(cut -d ' ' -f 1 "$WORK/events" |
		tail -n 1)")" "$(date -u +%FT)" "date"
}

# Events of entries added by the administrator name the requester, both when
# they are created and when they are deleted.
events_static() {
	empty
	listen bib
	nat64 bib add dev nat64 static tcp $C6#80 $T1#80
	nat64 bib del dev nat64 tcp $C6#80
	nat64 session add dev nat64 udp $C6#80 $T1#80 $S4#1000
	wait_for told 3
	equal "$(events)" "bib add dev nat64 tcp $C6#80 $T1#80 static sessions 0
bib del dev nat64 tcp $C6#80 $T1#80 static sessions 0 cause deleted
bib add dev nat64 udp $C6#80 $T1#80 sessions 0" "events"
}

# The event of an imported session has its lifetime.
event_lifetime() {
	empty
	listen session
	nat64 session add dev nat64 udp $C6#80 $T1#80 $S4#1000 expires 200
	wait_for told 1
	has "$(cat "$WORK/events")" "$S4#1000 expires "
	# Two ticks of the clock may lie between: on a busy machine it may be less.
	lives "$(sed 's/.* expires //; s/ .*//' "$WORK/events")"
	lives "$(shown session | sed 's/.* expires //')"
}

lives() { atleast "$1" 100 "expires" && atmost "$1" 200 "expires"; }

# Entries created by packets have no requester; their cause is why they ended.
events_packets() {
	empty
	ip_on router link set nat64 type nat64 tcp-trans-timeout 1
	listen session proto tcp
	traffic tcp client server $S6 $S4 10 >/dev/null
	wait_for told 2
	ip_on router link set nat64 type nat64 tcp-trans-timeout 240
	has "$(sed -n 2p "$WORK/events")" "session del dev nat64 tcp $C6#" \
		" v4-v6-fin-rcv expires 0 cause closed age "
	has_not "$(cat "$WORK/events")" portid
	atmost "$(sed -n '2s/.* age //p' "$WORK/events")" "$(slow 10)" "age"
}

# filtered COUNT WORD...: events of two hosts and protocols that match the words,
# so many
filtered() {
	empty
	listen "${@:2}"
	nat64 session add dev nat64 tcp $C6#80 $T1#80 $S4#1000
	nat64 session add dev nat64 udp $C6#81 $T1#81 $S4#1001
	nat64 bib add dev nat64 static udp 2001:db8:1::99#82 $T1#82
	nat64 session add dev nat64 icmp 2001:db8:1::99#83 $T1#83 $S4
	wait_for told "$1"
	sleep 0.2
	kill $MONITOR
	events | sed 's/ sessions 0$//; s/ established$//'
}

events_filtered() {
	equal "$(filtered 3 proto udp)" "bib add dev nat64 udp $C6#81 $T1#81
session add dev nat64 udp $C6#81 $T1#81 $S4#1001
bib add dev nat64 udp 2001:db8:1::99#82 $T1#82 static" "by protocol"
	equal "$(filtered 1 session addr6 2001:db8:1::98/127)" \
		"session add dev nat64 icmp 2001:db8:1::99#83 $T1#83 $S4" \
		"by prefix"
	equal "$(filtered 1 static dev nat64)" \
		"bib add dev nat64 udp 2001:db8:1::99#82 $T1#82 static" "static"
	equal "$(filtered 1 remote4 $S4#1000)" \
		"session add dev nat64 tcp $C6#80 $T1#80 $S4#1000" "by peer"
}

# RFC 8158 section 4.6: the address that is full
ports_exhausted() {
	empty
	ip_on router link set nat64 type nat64 pool4 $T1 ports 1025-1026 \
		pool4 $T2 ports 1025-1026 hold-down-timeout 0 \
		pool4-high-threshold 0
	listen exhaustion
	# shellcheck disable=SC2016 # $i is that shell's
	client bash -c 'for ((i = 2000; i < 2003; i++)); do
		echo >"/dev/udp/$0/$i"
	done' "$S6" 2>/dev/null || true
	wait_for told 1
	ip_on router link set nat64 type nat64 pool4 $T1 pool4 $T2 \
		hold-down-timeout 120 pool4-high-threshold 90
	has "$(head -n 1 "$WORK/events")" \
		"ports exhausted dev nat64 udp $C6 203.0.113." "refused 1"
}

# One group only, JSON, and what packets make.
events_json() {
	empty
	spawned -j monitor bib >"$WORK/events" 2>/dev/null &
	wait_for listening
	pings client 1 $S6
	wait_for told 1
	equal "$(jq -c '[.event, .dev, .proto, .addr6]' "$WORK/events")" \
		"[\"bib add\",\"nat64\",\"icmp\",\"$C6\"]" "event"
	equal "$(jq '(.time | length == 24) and (.addr4 | test("203.0.113")) and
		.port6 >= 0 and .port4 >= 0' "$WORK/events")" true "fields"
}

# R8158-5.2-a: at most one event per second, however many flows are refused
exhaustion() {
	local start

	ip_on router link set nat64 type nat64 pool4 $T1 ports 1025-1026 \
		hold-down-timeout 0 pool4-high-threshold 0
	start=$SECONDS
	listen exhaustion
	# shellcheck disable=SC2016 # $i is that shell's
	client bash -c 'for ((i = 2000; i < 2600; i++)); do
		echo >"/dev/udp/$0/$i"
	done' "$S6" 2>/dev/null || true
	ip_on router link set nat64 type nat64 pool4 $T1 pool4 $T2 \
		hold-down-timeout 120 pool4-high-threshold 90
	wait_for told 1
	cat "$WORK/events"
	has "$(head -n 1 "$WORK/events")" "exhausted dev nat64 udp $C6" \
		"refused 1"
	atmost "$(wc -l <"$WORK/events")" $((2 + SECONDS - start)) "events"
}

# quotas: by the numbers of RFC 8158 section 4.4, which nat64 has words for
quotas() {
	empty
	listen exhaustion
	ip_on router link set nat64 type nat64 max-bindings 1
	pings client 1 $S6
	lost client 1 $S6
	wait_for told 1
	ip_on router link set nat64 type nat64 max-bindings 0 \
		max-total-sessions 1
	sleep 1.1
	lost client 1 $S6
	wait_for told 2
	ip_on router link set nat64 type nat64 max-bindings 16384 \
		max-total-sessions 1048576
	equal "$(events)" "quota exceeded dev nat64 icmp $C6 quota subscriber refused 1
quota exceeded dev nat64 icmp $C6 quota sessions refused 1" "events"
}

# A slow reader is told how many events were lost; nothing waits for it.
events_lost() {
	local seen lost

	PINGS=0
	empty
	listen session
	kill -STOP $MONITOR
	sessions 20000 session add dev nat64 | nat64 -batch - || true
	nat64 bib flush dev nat64 || true
	kill -CONT $MONITOR
	wait_for grep -q "events lost\$" "$WORK/events"
	# and goes on listening, once what waited has been read
	wait_for ping_told
	wait_for grep -q "events lost dev nat64 session lost" "$WORK/events"
	kill $MONITOR
	# 20000 that came and went; pings may have been lost as well
	seen=$(grep -c "session \(add\|del\) dev nat64 " "$WORK/events")
	lost=$(sed -n 's/.* events lost dev nat64 session lost //p' \
		"$WORK/events" | awk '{ sum += $1 } END { print sum }')
	seen=$((seen - $(grep -c " icmp " "$WORK/events")))
	atleast $((seen + lost)) 40000 "events seen and lost"
	atmost $((seen + lost)) $((40000 + 2 * PINGS)) "events seen and lost"
}

# The module is reloaded, which ends the socket. The monitor must be restarted.
module_again() {
	rmmod nat64
	insmod "$NAT64_KO"
	add_nat64
}

monitor_ended() {
	local ret=0

	wait_for fails kill -0 $MONITOR
	wait $MONITOR || ret=$?
	equal "$ret" 1 "status of monitor"
	equal "$(cat "$WORK/stderr")" \
		"nat64: no more events: the nat64 module was removed" "stderr"
}

events_end() {
	[ -n "$NAT64_KO" ] || skip "NAT64_KO does not name the module"
	empty
	listen
	module_again
	monitor_ended
	listen bib
	pings client 1 $S6
	wait_for told 1
}

# A slow reader may have missed the notification of its end.
events_end_lost() {
	[ -n "$NAT64_KO" ] || skip "NAT64_KO does not name the module"
	empty
	listen
	kill -STOP $MONITOR
	sessions 20000 session add dev nat64 | nat64 -batch - || true
	module_again
	kill -CONT $MONITOR
	monitor_ended
	grep -q "events lost" "$WORK/events"
}

ping_told() {
	PINGS=$((PINGS + 1))
	nat64 session flush dev nat64 proto icmp
	pings client 1 $S6
	sleep 0.1
	grep -q " session add dev nat64 icmp" "$WORK/events"
}

given setup_nat64

add_test "R8158-4.3-a events of bindings and sessions" events_told
add_test "events of static bindings" events_static
add_test "the lifetime of an imported session is reported" event_lifetime
add_test "events caused by packets" events_packets
add_test "events are filtered" events_filtered
add_test "R8158-4.6-a events name the address without free ports" \
	ports_exhausted
add_test "R8158-4.6-a,R8158-4.6.1-a events of one group, in JSON" events_json
add_test "R8158-4.4-a which limit refused a flow" quotas
add_test "R8158-5.2-a at most one exhaustion event per second" exhaustion
add_test "lost events are reported" events_lost
add_test "events end with the module" events_end
add_test "events end with the module, unread" events_end_lost
run_tests
