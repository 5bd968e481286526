#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# tc at the device: queues, and packets that it redirects.
#
#    client                    router                      server
#  +---------+         +----------------------+         +----------+
#  |    eth0 |---------| c0     nat64      s0 |---------| eth0     |
#  |     v5  |         |      root qdisc      |         |          |
#  +---------+         +----------------------+         +----------+
#    VLAN 5              sockets

# shellcheck source=lib.sh
. "$(dirname "$(readlink -f "$0")")/lib.sh"
need tc

V6=2001:db8:1::77

# try_tc ARGUMENTS: skips the test when the kernel has no such thing
try_tc() {
	local out

	out=$(router tc "$@" 2>&1) && return
	echo "$out"
	[[ $out != *[Uu]nknown* && $out != *"No such file"* &&
		$out != *"not found"* && $out != *"not supported"* ]] ||
		skip "tc $1 $2: ${out//$'\n'/ }"
	return 1
}

no_qdisc() { router tc qdisc del dev nat64 "$1" 2>/dev/null || true; }

# queued WORDS: sockets of the router and hosts behind it at the same time
queued() {
	no_qdisc root
	try_tc qdisc add dev nat64 root $1
	traffic tcp client server $S6B $S4B 1000000 &
	has "$(traffic tcp router server $S6 $S4 1000000)" " 203.0.113."
	wait $!
	has "$(traffic udp router server $S6 $S4 1 1400)" "1400 203.0.113."
	pings router 3 $S6
	no_qdisc root
}

# Ends without a link to the server. The bucket holds a packet of the MTU.
timer() {
	no_qdisc root
	ip_on router link set nat64 mtu 1500
	try_tc qdisc add dev nat64 root tbf rate 1gbit burst 50000 limit 100000
	no_qdisc root
	timeout "$(slow 30)" "$PYTHON" -BEs "$HERE/qdisc.py" "$$"
}

add_vlan() {
	local mac

	mac=$(ip_on router -j link show c0 | jq -r '.[0].address')
	ip_on client link add link eth0 name v5 type vlan id 5 ||
		skip "no VLANs"
	ip_on client -batch - <<-EOF
		link set v5 up
		addr add $V6/128 dev v5 nodad
		neigh add fe80::1 lladdr $mac dev v5 nud permanent
		route add ${POOL6%/96}$S4B/128 via fe80::1 dev v5 src $V6 onlink
	EOF
	ip_on router route add $V6/128 via $C6 dev c0
}

# The tag is no part of the packet; answers come without.
vlan() {
	local tx

	add_vlan
	try_tc qdisc add dev c0 clsact
	try_tc filter add dev c0 ingress protocol 802.1q flower \
		vlan_ethtype ipv6 action mirred egress redirect dev nat64
	tx=$(dev_stat router nat64 tx packets)
	pings client 3 -I $V6 ${POOL6%/96}$S4B
	has "$(traffic udp client server ${POOL6%/96}$S4B $S4B 1 1400)" \
		"1400 203.0.113."
	atleast "$(dev_stat router nat64 tx packets)" $((tx + 4)) "packets"
	equal "$(dropped malformed)" 0 "malformed"
	router tc qdisc del dev c0 clsact
}

begin() { setup_nat64 && pings client 1 $S6; }

given begin

add_test "a token bucket" queued "tbf rate 100mbit burst 100000 limit 1000000"
add_test "fq_codel" queued fq_codel
add_test "packets with a VLAN tag, redirected" vlan
add_test "a socket's timer empties the queue" timer
run_tests
