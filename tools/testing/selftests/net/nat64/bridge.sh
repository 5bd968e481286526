#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# A host behind a bridge of the router, with br_netfilter and a conntrack rule:
# the router reassembles fragments before they reach the device. Docker,
# libvirt, Kubernetes and Proxmox have similar setups.
#
#    client                    router                      server
#  +---------+         +----------------------+         +----------+
#  |    eth0 |------ p0 in br0  nat64      s0 |---------| eth0     |
#  +---------+         +----------------------+         +----------+
#
# For packets from IPv4, s0 is in a bridge br1, and the device is stateless.

# shellcheck source=lib.sh
. "$(dirname "$(readlink -f "$0")")/lib.sh"
need nft

modprobe br_netfilter 2>/dev/null || true
[ -e /proc/sys/net/bridge/bridge-nf-call-iptables ] ||
	skip_all "no br_netfilter"

bridged() {
	add_netns client router server && make_router router || return
	ip_on router link add br0 type bridge || return
	add_link client eth0 router p0 && add_link server eth0 router s0 ||
		return
	ip_on router -batch - <<-EOF || return
		link set br0 up
		link set p0 master br0
		addr add $R6/64 dev br0 nodad
		addr add $R4/24 dev s0
	EOF
	set_ends
}

netfilter() {
	router sysctl -qw net.bridge.bridge-nf-call-ip6tables=1 \
		net.bridge.bridge-nf-call-iptables=1 2>/dev/null &&
		router nft -f - <<-EOF
			table inet f {
				chain forward {
					type filter hook forward priority filter;
					ct state established accept
				}
			}
		EOF
}

# Whole packets keep Don't Fragment: path MTU discovery goes on.
one_piece() {
	ip_on router link set s0 mtu 1400
	has "$(told client -M "do" -s 1432 $S6)" "mtu=1420"
	ip_on router link set s0 mtu 1500
	ip_on client -6 route flush cache
}

pieces() {
	pings client 2 -s 3000 $S6
	has "$(traffic udp client server $S6 $S4 1 3000)" "3000 203.0.113."
}

# to_bridge PORT BRIDGE: an IPv4 interface of the router becomes a port
to_bridge() {
	ip_on router -batch - <<-EOF
		link add $2 type bridge
		link set $2 up
		addr del $R4/24 dev $1
		addr add $R4/24 dev $2
		link set $1 master $2
	EOF
}

# The sender of the fragments could not obey an ICMP error about the datagram.
pieces4() {
	local before

	before=$(snmp client Ip6ReasmReqds)
	timeout "$(slow 30)" "$PYTHON" -BEs "$HERE/pieces.py" \
		"$(netns_name server)" "$(netns_name client)" $S4 $T1 $T1_6
	equal $(($(snmp client Ip6ReasmReqds) - before)) 3 "fragments"
}

# Whole packets keep Don't Fragment.
one_piece4() {
	ip_on router link set br0 mtu 1400
	has "$(told server -M "do" -s 1400 $T1)" "mtu = 1380"
	ip_on router link set br0 mtu 1500
	ip_on server route flush cache
}

begin4() {
	bridged && to_bridge s0 br1 && add_nat64 mode stateless && netfilter ||
		return
	ip_on router route add $T1_6/128 via $C6 dev br0
	# source of errors of the router's IPv6 side
	ip_on router route add 192.0.0.8/32 dev nat64
	ip_on client addr add $T1_6/128 dev eth0 nodad
	pings server 1 $T1
}

begin() {
	bridged && add_nat64 pool4 $T1 && netfilter && pings client 1 $S6
}

given begin

add_test "R7915-5.1-d fragments reassembled by the router" pieces
add_test "R7915-5.1-d an unfragmented packet" one_piece
given begin4
add_test "R7915-4.1-a DF fragments reassembled by the router" pieces4
add_test "R7915-4.1-e an unfragmented packet from IPv4" one_piece4
run_tests
