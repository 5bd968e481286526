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

# What the core is told, for dropwatch: the nearest of its own reasons.
core_reasons() {
	local event=$INSTANCE/events/skb/kfree_skb text

	echo >"$INSTANCE/trace"
	echo 1 >"$event/enable"
	lost client 1 2001:db8:64::7f00:1
	lost server 1 $T1
	wait_for core_traced
	echo 0 >"$event/enable"
	text=$(grep -o 'kfree_skb: .*' "$INSTANCE/trace")
	has "$text" " reason: IP_INADDRERRORS" " reason: NO_SOCKET"
}

core_traced() { grep -q 'kfree_skb: .* reason: NO_SOCKET' "$INSTANCE/trace"; }

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

# quoting_from NS FAMILY DESTINATION TYPE CODE: an ICMP error from a raw socket
quoting_from() {
	local ns=$1

	shift
	on "$ns" python3 - "$@" <<-'EOF'
		import socket, struct, sys
		family, outer = int(sys.argv[1]), sys.argv[2]
		kind, code = int(sys.argv[3]), int(sys.argv[4])
		udp = struct.pack(">HHHH", 1, 2, 16, 0) + b"\xde\xad" * 4
		def summed(b):
		    s = sum(struct.unpack(">%dH" % (len(b) // 2), b))
		    while s >> 16:
		        s = (s & 0xffff) + (s >> 16)
		    return struct.pack(">H", s ^ 0xffff)
		if family == 4:
		    a = socket.inet_aton(outer)
		    h = struct.pack(">BBHIBBH", 0x45, 0, 36, 0, 64, 17, 0)
		    h += a + socket.inet_aton("198.51.100.5")
		    h = h[:10] + summed(h) + h[12:]
		    m = bytes([kind, code, 0, 0, 30, 0, 0, 0]) + h + udp
		    m = m[:2] + summed(m) + m[4:]
		    s = socket.socket(socket.AF_INET, socket.SOCK_RAW,
		                      socket.IPPROTO_ICMP)
		else:
		    a = socket.inet_pton(socket.AF_INET6, outer)
		    h = struct.pack(">IHBB", 6 << 28, 16, 17, 64) + a
		    h += socket.inet_pton(socket.AF_INET6, "2001:db8:46::cb00:7103")
		    m = bytes([kind, code, 0, 0, 0, 0, 0, 0]) + h + udp
		    s = socket.socket(socket.AF_INET6, socket.SOCK_RAW,
		                      socket.IPPROTO_ICMPV6)
		s.sendto(m, (outer, 0))
	EOF
}

# An ICMP error is refused before any of it is translated.
refused_error() {
	local text

	ip_on router link add siit type nat64 mode stateless \
		pool6 2001:db8:46::/96
	ip_on router link set siit up
	ip_on router route add 203.0.113.3 dev siit
	ip_on router route add 2001:db8:46::/96 dev siit
	begin
	quoting_from server 4 203.0.113.3 3 14
	quoting_from server 4 203.0.113.3 12 0
	quoting_from client 6 2001:db8:46::c633:6405 1 5
	text=$(drops 3)
	ip_on router link del siit
	equal "$(grep -c "len=64 reason=icmp-type src=::ffff:$S4 dst=::ffff:203.0.113.3$" <<<"$text")" \
		2 "ICMPv4 errors as they came in: $text"
	has "$text" "len=104 reason=icmp-type src=$C6 dst=2001:db8:46::c633:6405"
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
given setup_nat64

add_test "its fields" fields
add_test "a packet from IPv6: device, length, reason, addresses" from_ipv6
add_test "a packet from IPv4" from_ipv4
add_test "the reasons of the core" core_reasons
add_test "every packet that is counted" as_counted
add_test "a dropped ICMP error, untranslated" refused_error
add_test "a filter on the device" by_device
add_test "no translated packet, and none while disabled" nothing_else
(run_tests)
result=$?
rmdir "$INSTANCE"
exit $result
