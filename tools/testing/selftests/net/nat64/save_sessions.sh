#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# Sessions that outlive their device: nat64 save sessions, then nat64 restore.
# The topology is that of lib.sh.
#
# Environment: NAT64_TOOL   nat64, if it is neither in tools/nat64 nor installed
#              NAT64_KO     the module, to unload and load it

# shellcheck source=tool.sh
. "$(dirname "$(readlink -f "$0")")/tool.sh"

need iperf3

save() { nat64 save sessions "$@"; }
restore() { nat64 restore "$@"; }

# Both tables, as far as they do not change with time
tables() {
	shown bib
	shown session | ageless
}

# fill: sessions of every protocol and state, and one of a static binding that is
# outside pool4
fill() {
	local i=0 state

	fresh_nat64 "pool6 $POOL6 pool4 $T1"
	{
		echo "bib add dev nat64 static tcp $C6#80 198.18.0.1#80"
		echo "session add dev nat64 tcp $C6#80 198.18.0.1#80 $S4#4"
		for state in v4-init v6-init established v4-fin-rcv \
			v6-fin-rcv v4-v6-fin-rcv trans; do
			i=$((i + 1))
			echo "session add dev nat64 tcp $C6#$i $T1#$((i + 9)) $S4#80 $state expires $((i + 100))"
		done
		echo "session add dev nat64 udp $C6#1 $T1#11 $S4#53 expires 77"
		echo "session add dev nat64 udp $C6#1 $T1#11 $S4B#443 expires 200"
		echo "session add dev nat64 icmp $C6#7 $T1#17 $S4 expires 55"
	} | nat64 -batch -
	equal "$(count session)" 11 "sessions"
}

# What save prints is what restore makes, and a second save prints it again.
round_trip() {
	local left begun=$SECONDS

	fill
	tables >"$WORK/before"
	save >"$WORK/saved"
	equal "$(grep -c '^session add dev nat64 ' "$WORK/saved")" 11 "lines"
	diff <(grep -v '^session' "$WORK/saved") <(nat64 save)
	ip_on router link del nat64
	restore "$WORK/saved" 2>&1 | diff /dev/null -
	tables | diff "$WORK/before" -
	save | ageless | diff <(ageless <"$WORK/saved") -
	left=$(shown session proto icmp | sed 's/.* expires //')
	atleast "$left" $((54 - SECONDS + begun)) "seconds left"
	atmost "$left" 55 "seconds left"
	equal "$(save dev nat64 | wc -l)" "$(wc -l <"$WORK/saved")" "lines"
}

# Of 5000 sessions, in several messages
many() {
	fresh_nat64 "pool6 $POOL6 pool4 $T1"
	sessions 5000 session add dev nat64 | nat64 -batch -
	tables >"$WORK/before"
	save >"$WORK/saved"
	ip_on router link del nat64
	restore "$WORK/saved" 2>&1 | diff /dev/null -
	tables | diff "$WORK/before" -
}

# The sum of what iperf3 has received in both directions from second $1 on
received() {
	jq --argjson from "$1" '[ .intervals[] |
		select(.sum.start >= $from) |
		.sum.bytes, .sum_bidir_reverse.bytes ] | min' "$WORK/iperf"
}

# connected COMMAND...: two connections of iperf3, one each way, and its control
# connection live through COMMAND, with the addresses and ports that they had.
connected() {
	local seconds=$((8 + 4 * SLOW)) before

	server iperf3 -s -1 -D >/dev/null
	wait_listen server 5201
	client timeout "$(slow 60)" iperf3 -J --bidir -b 4M -t $seconds \
		-c $S6 >"$WORK/iperf" &
	wait_for three
	before=$(shown session proto tcp state established | ageless)
	"$@"
	ip_on router -batch - <<-EOF
		route replace $POOL4 dev nat64
		route replace $POOL6 dev nat64
	EOF
	equal "$(shown session proto tcp state established | ageless)" \
		"$before" "sessions"
	wait $!
	jq -e 'has("error") | not' "$WORK/iperf"
	# the end, when lost segments have been sent again
	atleast "$(received $((seconds - 1)))" 10000 "bytes each way"
}

three() { [ "$(count session proto tcp state established)" = 3 ]; }

device_again() {
	save >"$WORK/saved"
	ip_on router link del nat64
	read -rt 1 -u "$NAP" || true
	restore "$WORK/saved"
}

module_again() {
	save >"$WORK/saved"
	ip_on router link del nat64
	rmmod nat64
	insmod "$NAT64_KO"
	restore "$WORK/saved"
}

tcp_lives() {
	ip_on router link del nat64 2>/dev/null || true
	add_nat64
	connected "$@"
}

tcp_lives_reload() {
	[ -n "$NAT64_KO" ] || skip "NAT64_KO does not name the module"
	tcp_lives module_again
}

# Sessions that are there have been used since: they stay.
kept() {
	fill
	save >"$WORK/saved"
	nat64 session replace dev nat64 tcp $C6#3 $T1#12 $S4#80 trans expires 99
	nat64 session del dev nat64 tcp $C6#1 $T1#10 $S4#80
	restore "$WORK/saved" 2>&1 | diff /dev/null -
	has "$(shown session)" "$C6#3 $T1#12 $S4#80 trans" \
		"$C6#1 $T1#10 $S4#80 v4-init"
	equal "$(count session)" 11 "sessions"
}

# Those that the new configuration does not allow are counted by reason; the
# others come back.
refused() {
	fill
	save >"$WORK/saved"
	ip_on router link del nat64
	sed -e "s: $T1/32 .*: $T1 ports 10-14:" \
		-e "s/^session.* tcp $C6#1 .*/&\nsession add dev nat64 tcp 2001:db8::9#9 $T1#10 $S4#80/" \
		-e "s/^session.* tcp $C6#2 .*/&\nsession add dev nat64 tcp $C6#2 $T1#14 $S4#81/" \
		-e "s/^session.* tcp $C6#3 .*/&\nsession add dev nat64 tcp 2001:db8:64::1#9 $T1#13 $S4#80/" \
		-e "/^link set.* down/ilink set dev nat64 type nat64 max-sessions 6" \
		"$WORK/saved" >"$WORK/edited"
	restore "$WORK/edited" >"$WORK/out" 2>&1
	cat "$WORK/out"
	has "$(cat "$WORK/out")" \
		"warning: dev nat64: " " of 14 sessions are not restored: in-pool6 1, not-in-pool4 3, taken 1, other-binding 1, limit "
	equal "$(count session)" 6 "sessions"
	equal "$(wc -l <"$WORK/out")" 1 "lines"
}

# A session that no device can have is a mistake in the file: nothing changes.
malformed() {
	fill
	save >"$WORK/saved"
	tables >"$WORK/before"
	sed "/^end/isession add dev nat64 tcp $C6#99 $T1#99 127.0.0.1#80" \
		"$WORK/saved" | sed 's/ ports 1-65535/ ports 1-99/' \
		>"$WORK/edited"
	status 2 "$WORK/edited:$(grep -n 127.0.0.1 "$WORK/edited" |
		cut -d : -f 1): tcp $C6#99 $T1#99 127.0.0.1#80: remote4 is not" \
		restore "$WORK/edited"
	tables | diff "$WORK/before" -
	# without a rehearsal too
	status 2 "127.0.0.1#80: remote4 is not" on router setpriv \
		--bounding-set=-all,+net_admin --inh-caps=-all \
		"$NAT64_TOOL" restore - <"$WORK/edited"
	tables | diff "$WORK/before" -
	has "$(nat64 save)" "ports 1-65535"
	# and a device that was not there is not there afterwards
	ip_on router link del nat64
	status 2 "127.0.0.1#80: remote4 is not" restore "$WORK/edited"
	fails ip_on router link show nat64
}

# The sessions of each stateful device; a stateless one has none.
devices() {
	fill
	ip_on router link add siit type nat64 mode stateless \
		pool6 2001:db8:65::/96
	ip_on router link add other type nat64 pool6 2001:db8:66::/96 \
		pool4 192.0.2.1
	nat64 session add dev other udp $C6#5 192.0.2.1#5 $S4#5
	save >"$WORK/saved"
	equal "$(grep -c '^session add dev other ' "$WORK/saved")" 1 "sessions"
	has_not "$(save dev siit)" session
	ip_on router link del nat64
	ip_on router link del other
	restore "$WORK/saved"
	equal "$(count session)" 11 "sessions"
	has "$(nat64 session show dev other)" "$C6#5 192.0.2.1#5 $S4#5"
	ip_on router link del siit
	ip_on router link del other
}

given setup_nat64

add_test "saved and restored: every protocol and state" round_trip
add_test "saved and restored: 5000 sessions" many
add_test "TCP lives when its device is made again" tcp_lives device_again
add_test "TCP lives when the module is loaded again" tcp_lives_reload
add_test "sessions that are there stay as they are" kept
add_test "sessions that the device refuses are counted" refused
add_test "a malformed session changes nothing" malformed
add_test "several devices" devices

run_tests
