#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# traceroute through the translator: every router of either family shows, the
# one that translates as two hops, one for each family.
#
#  client        r6            router             r4           server
#  eth0 ------ c0  u0 ------ c0 nat64 s0 ------ u0  s0 ------ eth0
#      ::1::10  R6    2001:db8:3::/64   192.0.2.0/24   R4    .5
#
# R4 is 192.0.2.1 on the router's link.

# shellcheck source=lib.sh
. "$(dirname "$(readlink -f "$0")")/lib.sh"
need traceroute

DUMMY4=192.0.0.8
ROUTER6=2001:db8:3::1
ROUTER4=192.0.2.2 ROUTER46=2001:db8:64::c000:202
NEXT46=2001:db8:64::c000:201

# One line for each hop: number and address.
hops() {
	"$@" -n -q 1 -N 1 -w "$(slow 2)" -m 8 | sed 1d | awk '{ print $1, $2 }'
}

# path COMMAND... -- HOP...
path() {
	local command=() expected="" got number=0

	while [ "$1" != -- ]; do
		command+=("$1")
		shift
	done
	shift
	for hop; do
		expected+="$((++number)) $hop"$'\n'
	done
	got=$(hops "${command[@]}")
	equal "$got" "${expected%$'\n'}" "path"
}

from_client() {
	path client traceroute -6 "$@" -- \
		$R6 $ROUTER6 $ROUTER46 $NEXT46 $S6
}

# A host is one hop: what it sends itself no IPv6 forwarding step sees.
from_router() {
	path router traceroute -6 "$@" -- $ROUTER46 $NEXT46 $S6
}

# Towards a mapping of the client, whose socket answers. The IPv6 routers have
# no IPv4 address, so they show as the address of the mapping.
from_server() {
	local address port

	coproc mapping hold
	# shellcheck disable=SC2153 # coproc makes it
	read -r address port <&"${COPROC[0]}"
	equal "${address%.*}" 203.0.113 "address of the mapping"
	path server traceroute -U -p "$port" "$address" -- \
		$R4 $ROUTER4 "$address" "$address" "$address"
}

# Hop limits are those of one network: no hop is lost or counted twice.
hop_limit() {
	lost client 1 -t 4 $S6
	pings client 1 -t 5 $S6
	has "$(told client -t 2 $S6)" \
		"From $ROUTER6 " "Time exceeded: Hop limit"
	has "$(told client -t 3 $S6)" \
		"From $ROUTER46 " "Time exceeded: Hop limit"
}

# The reply's hop limit: 64 less the five forwarding steps.
reply_hop_limit() {
	has "$(client ping -n -c 1 -W "$(slow 5)" $S6)" "ttl=60 "
}

stateless() {
	setup_long
	add_nat64 mode stateless
	# What stands for IPv6 routers has to pass the reverse path filter.
	ip_on router route add $DUMMY4 dev nat64
	ip_on client addr add $T1_6/128 dev eth0 nodad
	ip_on client route replace default via $R6 src $T1_6
	ip_on r6 route add $T1_6/128 via $C6 dev c0
	ip_on router route add $T1_6/128 via 2001:db8:3::6
}

# The IPv6 routers have no IPv4 address, so another stands for them.
from_server_stateless() {
	path server traceroute "$@" -- $R4 $ROUTER4 $DUMMY4 $DUMMY4 $T1
}

begin() { setup_long && add_nat64; }

given begin
add_test "R7915-4.2-k UDP from the client" from_client $S6
add_test "R7915-4.2-k ICMP from the client" from_client -I $S6
add_test "R7915-4.2-k TCP from the client" from_client -T -p 9 $S6
add_test "UDP from the router" from_router $S6
add_test "ICMP from the router" from_router -I $S6
add_test "R6146-3.7-e UDP from the server to a mapping" from_server
add_test "hop limits at the edge" hop_limit
add_test "hop limit of replies" reply_hop_limit
given stateless
add_test "stateless: UDP from the client" from_client $S6
add_test "stateless: ICMP from the client" from_client -I $S6
add_test "R6791-3.2-a stateless: UDP from the server" from_server_stateless $T1
add_test "R6791-3.2-a stateless: ICMP from the server" from_server_stateless -I $T1
run_tests
