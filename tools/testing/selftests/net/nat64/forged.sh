#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# Packets with forged checksum offload: the virtio_net_hdr of packet sockets and
# tap devices can place the checksum anywhere, even in headers that have been
# parsed.
#
#    client                    router                      server
#  +---------+         +----------------------+         +----------+
#  |    eth0 |---------| c0     nat64      s0 |---------| eth0     |
#  +---------+         |  tap                 |         +----------+
#   packet socket      +----------------------+         packet socket
#
# HOST does not exist: its packets get no reply.

# shellcheck source=lib.sh
. "$(dirname "$(readlink -f "$0")")/lib.sh"

HOST=198.51.100.77 HOST6=2001:db8:1::77
[ -x "$HERE/../../../../nat64/nat64" ] &&
	: "${NAT64_TOOL:=$HERE/../../../../nat64/nat64}"
: "${NAT64_TOOL:=nat64}"

# The stateless device's, in both families.
WIDE=2001:db8:122:344::
H4=192.0.2.33 H6=${WIDE}192.0.2.33
TAP=198.18.0.9 TAP6=${WIDE}198.18.0.9

mac() { ip_on router -j link show "$1" | jq -r '.[0].address'; }

add_hosts() {
	ip_on router -batch - <<-EOF
		neigh add $HOST lladdr 02:00:00:00:00:77 dev s0 nud permanent
		neigh add $HOST6 lladdr 02:00:00:00:00:77 dev c0 nud permanent
		neigh add $H6 lladdr 02:00:00:00:00:77 dev c0 nud permanent
		route add $H6/128 dev c0
	EOF
}

stateful() {
	del_nat64 2>/dev/null || true
	add_nat64
}

stateless() {
	del_nat64 2>/dev/null || true
	ip_on router -batch - <<-EOF
		link add nat64 type nat64 pool6 $WIDE/96 mode stateless
		link set nat64 up
		route add $H4 dev nat64
		route add $WIDE/96 dev nat64
	EOF
}

# forged NS DEV MAC SOURCE DESTINATION WHAT...: see forged.py
forged() {
	timeout "$(slow 60)" "$PYTHON" -BEs "$HERE/forged.py" \
		"nat64-$1-$$" "${@:2}"
}

# Number of translated packets, and of drops other than malformed.
accounted() {
	local all

	all=$(counters router nat64 | jq '.[0].counters | add')
	all=$((all + $(dev_stat router nat64 rx packets)))
	equal "$all" "$1" "packets translated or counted"
}

# all_malformed NS ...: every one of them. Newer kernels refuse some of them.
all_malformed() {
	local sent before

	before=$(dropped malformed)
	sent=$(forged "$@")
	echo "$sent sent"
	[ "$sent" != 0 ] || skip "refused by the packet socket"
	wait_for more_malformed $((before + sent))
	equal "$(dropped malformed)" $((before + sent)) "malformed"
	equal "$(dropped no-memory)" 0 "no-memory"
}

more_malformed() { atleast "$(dropped malformed)" "$1" "malformed"; }

# none_lost NS ...: on a device that has seen none; some are what they claim
none_lost() {
	local sent

	sent=$(forged "$@" transport)
	echo "$sent sent"
	atleast "$sent" 100 "packets that the kernel has taken"
	wait_for accounted "$sent"
	equal "$(dropped no-memory)" 0 "no-memory"
	atleast "$(dev_stat router nat64 rx packets)" 10 "translated"
}

from4() { "$1" server eth0 "$(mac s0)" $HOST "${@:2}"; }
from6() { "$1" client eth0 "$(mac c0)" "${@:2}"; }

# The field that says how far the checksum goes becomes 4095, behind the end.
length_field() {
	stateful
	from4 all_malformed $T1 34 4 0x0fff
	from6 all_malformed $HOST6 ${POOL6%/96}$HOST 54 4 0x0fff
}

# An IP header without length, of a packet that needs fragments.
ip_header() {
	stateless
	from4 all_malformed $H4 14 0 0x4000 1400
	from6 all_malformed $H6 $WIDE$HOST 14 0 0x6000 1400
	from6 all_malformed $H6 $WIDE$HOST 14 4 0xffff 1400
}

# Each from a client's binding, where there is one.
sweep_stateful() {
	stateful
	from6 all_malformed $HOST6 ${POOL6%/96}$HOST header
	from4 all_malformed $T1 header
	stateful
	from6 none_lost $HOST6 ${POOL6%/96}$HOST
}

sweep_bindings() {
	command -v "$NAT64_TOOL" >/dev/null || skip "no nat64"
	stateful
	"$NAT64_TOOL" -n "$(netns_name router)" -b - <<-EOF
		bib add dev nat64 static udp $HOST6#9 $T1#9
		bib add dev nat64 static tcp $HOST6#9 $T1#9
		bib add dev nat64 static icmp $HOST6#7 $T1#7
	EOF
	from4 none_lost $T1
}

sweep_stateless() {
	stateless
	from4 all_malformed $H4 header
	from6 all_malformed $H6 $WIDE$HOST header
	stateless
	from4 none_lost $H4
	stateless
	from6 none_lost $H6 $WIDE$HOST
}

# A guest writes the Ethernet header too.
tap() {
	[ -c /dev/net/tun ] || skip "no /dev/net/tun"
	router sysctl -qw net.ipv4.conf.all.rp_filter=0 \
		net.ipv4.conf.default.rp_filter=0
	stateless
	all_malformed router tap 02:00:00:00:00:99 $TAP $H4 2 20 0
	all_malformed router tap 02:00:00:00:00:99 $TAP $H4 header
	all_malformed router tap 02:00:00:00:00:99 $TAP6 $WIDE$HOST header
	stateless
	none_lost router tap 02:00:00:00:00:99 $TAP $H4
	stateless
	none_lost router tap 02:00:00:00:00:99 $TAP6 $WIDE$HOST
}

still_works() {
	stateful
	pings client 2 $S6
	has "$(traffic tcp client server $S6 $S4 100000)" " 203.0.113."
}

begin() { setup && add_hosts; }

given begin

add_test "D-7915-partial a checksum over the length of a datagram" length_field
add_test "D-7915-partial a checksum over the IP header" ip_header
add_test "D-7915-partial checksums anywhere, stateful" sweep_stateful
add_test "D-7915-partial checksums anywhere, stateful, from IPv4" sweep_bindings
add_test "D-7915-partial checksums anywhere, stateless" sweep_stateless
add_test "D-7915-partial checksums anywhere, from a tap" tap
add_test "the translator still works" still_works
run_tests
