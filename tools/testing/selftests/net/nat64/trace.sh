#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# The tracepoint nat64:nat64_drop, by which perf, bpftrace and tracefs tell which
# packets were not translated. In a trace instance of its own, so that others
# who trace are not disturbed.

# shellcheck source=lib.sh
. "$(dirname "$(readlink -f "$0")")/lib.sh"

TRACEFS=/sys/kernel/tracing
[ -e $TRACEFS/trace ] || mount -t tracefs none $TRACEFS 2>/dev/null
INSTANCE=$TRACEFS/instances/nat64-$$
EVENT=$INSTANCE/events/nat64/nat64_drop

skip_all() {
	echo "TAP version 13"
	echo "1..0 # SKIP $*"
	exit $KSFT_SKIP
}

[ -d $TRACEFS/instances ] || skip_all "no tracefs, or without instances"
[ -d $TRACEFS/events/nat64/nat64_drop ] || skip_all "no event tracing"

begin() {
	echo >"$INSTANCE/trace"
	echo 1 >"$EVENT/enable"
}

# drops LEAST: what was traced since begin, when there are as many lines
drops() {
	wait_for traced "$1"
	echo 0 >"$EVENT/enable"
	grep -o 'nat64_drop: .*' "$INSTANCE/trace" || true
}

traced() { [ "$(grep -c nat64_drop: "$INSTANCE/trace")" -ge "$1" ]; }

# What it prints is documented, and programs read it.
fields() {
	local name

	for name in skbaddr len ifindex reason saddr daddr name why; do
		grep -qE "field:.* $name(\[[0-9A-Z]+\])?;" "$EVENT/format" || {
			echo "no field $name"
			cat "$EVENT/format"
			return 1
		}
	done
}

from_ipv6() {
	local text

	begin
	lost client 1 -s 100 2001:db8:64::7f00:1
	text=$(drops 1)
	equal "$(wc -l <<<"$text")" 1 "packets traced"
	has "$text" "dev=nat64 " " len=148 " " reason=illegal-destination " \
		" src=$C6 " "dst=2001:db8:64::7f00:1"
}

from_ipv4() {
	local text

	begin
	lost server 1 -s 100 $T1
	text=$(drops 1)
	equal "$(wc -l <<<"$text")" 1 "packets traced"
	has "$text" "dev=nat64 " " len=128 " " reason=no-binding-icmp " \
		" src=::ffff:$S4 " "dst=::ffff:$T1"
}

# Each packet is traced once, and as it is counted.
as_counted() {
	local before

	before=$(dropped no-binding-icmp)
	begin
	lost server 5 $T1
	equal "$(drops 5 | grep -c reason=no-binding-icmp)" 5 "packets traced"
	equal $(($(dropped no-binding-icmp) - before)) 5 no-binding-icmp
}

# A filter on the device, as where there are several.
by_device() {
	local text index

	ip_on router link add other type nat64 pool6 2001:db8:65::/96
	ip_on router link set other up
	ip_on router route add 2001:db8:65::/96 dev other
	index=$(ip_on router -j link show other | jq '.[0].ifindex')
	echo "ifindex == $index" >"$EVENT/filter"
	begin
	lost client 1 2001:db8:64::7f00:1
	lost client 1 2001:db8:65::7f00:1
	text=$(drops 1)
	echo 0 >"$EVENT/filter"
	ip_on router link del other
	equal "$(wc -l <<<"$text")" 1 "packets traced"
	has "$text" "dev=other " "dst=2001:db8:65::7f00:1"
}

nothing_else() {
	begin
	pings client 3 $S6
	lost client 1 2001:db8:64::7f00:1
	equal "$(drops 1 | wc -l)" 1 "packets traced"
	lost server 2 $T1
	sleep 0.2
	equal "$(grep -c nat64_drop: "$INSTANCE/trace")" 1 \
		"packets traced when it is off"
}

mkdir "$INSTANCE" || skip_all "no trace instance"
setup || bail_out "no topology"
add_nat64 || bail_out "no device"

add_test "its fields" fields
add_test "a packet from IPv6: device, length, reason, addresses" from_ipv6
add_test "a packet from IPv4" from_ipv4
add_test "every packet that is counted" as_counted
add_test "a filter on the device" by_device
add_test "no packet that is translated, and none when it is off" nothing_else
(run_tests)
result=$?
rmdir "$INSTANCE"
exit $result
