#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# Mappings as hosts see them (RFC 6146, RFC 4787): endpoint-independent, unique,
# paired, from a range; and what happens when there is none to give.
#
#    client                    router                      server
#  +---------+         +----------------------+         +----------+
#  |    eth0 |---------| c0                   |         |          |
#  +---------+         |        nat64      s0 |---------| eth0     |
#  |    eth0 |---------| d0                   |         |          |
#  +---------+         +----------------------+         +----------+
#    client2  2001:db8:2::20

# shellcheck source=lib.sh
. "$(dirname "$(readlink -f "$0")")/lib.sh"

again() {
	del_nat64
	add_nat64 "$@"
}

exhausted() {
	again pool4 $T1 ports 2000-2009
	mapping exhausted
	equal "$(dropped pool4-exhausted)" 2 "counted"
}

# The router has no IPv4 address to lend either.
no_pool() {
	again pool4 host
	ip_on router addr del $R4/24 dev s0
	mapping no_pool
	equal "$(dropped pool4-empty)" 1 "counted"
	ip_on router addr add $R4/24 dev s0
	ip_on router link set nat64 type nat64 pool4 none
	mapping no_pool
	equal "$(dropped pool4-empty)" 2 "counted with pool4 none"
}

# R6146-3.5-a: nobody may pose as an IPv4 host, and the server sees nothing.
spoofed() {
	local before

	again pool4 $T1
	ip_on client addr add $S6B/128 dev eth0 nodad
	ip_on router route add $S6B/128 via $C6 dev c0
	before=$(snmp server IpInReceives)
	lost client 2 -I $S6B $S6
	equal "$(snmp server IpInReceives)" "$before" "packets at the server"
	equal "$(dropped source-in-pool6)" 2 "counted"
	ip_on router route del $S6B/128
	ip_on client addr del $S6B/128 dev eth0
	pings client 1 $S6
}

# R6056-3.3-a: from a secret, which the next device has not.
unforeseen() {
	local first second out i kept=0

	out=$(mapping unforeseen)
	read -ra first <<<"$out"
	again pool4 $T1
	out=$(mapping unforeseen)
	read -ra second <<<"$out"
	for i in "${!first[@]}"; do
		((first[i] != second[i])) || kept=$((kept + 1))
	done
	equal ${#second[@]} 256 "ports"
	atmost $kept 4 "ports that were the same before"
}

begin() { setup_nat64 && add_client2; }

given begin

add_test "R6146-3.1-b UDP: one mapping for all servers" mapping udp_eim
add_test "R6146-3.1-b TCP: one mapping for all servers" mapping tcp_eim
add_test "R6146-3.5.3-c ICMP: one mapping for all servers" mapping icmp_eim
add_test "R6146-3.5.1-e UDP from another server is let in" mapping udp_eif
add_test "R6146-3.5.2.2-d TCP from another server is let in" mapping tcp_eif
add_test "R6146-3.5.3-g echo request from the server" mapping icmp_eif
add_test "R6146-3.5.1-c UDP without a mapping is not" mapping udp_unknown
add_test "R6146-3.5.1.1-b, c port range and parity" mapping port_ranges
add_test "R6056-3.2-a,R6056-3.3-a,R6056-4-a,R7857-9-a ports that nobody foresees" unforeseen
add_test "R6146-3.1-a two hosts, one port, two mappings" mapping unique
add_test "R6146-3.5.1.1-a one address for one host" mapping paired
add_test "R6146-3.8-a a host's own mapping" mapping own_mapping
add_test "R6146-3.5.1.1-e the pool is used up: 1/3" exhausted
add_test "R6146-3-a no pool, no address of the router: 1/3" no_pool
add_test "R6146-3.5-a source address in pool6: dropped" spoofed
run_tests
