#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# More than one translator: two devices on one router, and two routers with one
# each, with the other family between them.
#
#    client                    router                      server
#  +---------+         +----------------------+         +----------+
#  |    eth0 |---------| c0   nat64      s0   |---------| eth0     |
#  +---------+         |      other           |         +----------+
#                      +----------------------+
#  other: pool6 2001:db8:65::/96, pool4 192.0.2.128/28
#
#    client            router                 far            server6
#  +---------+      +----------+          +----------+      +-------+
#  |    eth0 |------| c0    f0 |----------| u0    c0 |------| eth0  |
#  +---------+      |  nat64   |          |   back   |      +-------+
#  IPv6             +----------+   IPv4   +----------+      IPv6

# shellcheck source=lib.sh
. "$(dirname "$(readlink -f "$0")")/lib.sh"

OTHER6=2001:db8:65::c633:6405

add_other() {
	ip_on router -batch - <<-EOF
		link add other type nat64 pool6 2001:db8:65::/96 pool4 192.0.2.128/28
		link set other up
		route add 192.0.2.128/28 dev other
		route add 2001:db8:65::/96 dev other
	EOF
}

# Each has its own counters and its own pool.
side_by_side() {
	local rx

	has "$(traffic udp client server $S6 $S4 1 4000)" "4000 203.0.113."
	rx=$(dev_stat router nat64 rx packets)
	equal "$(dev_stat router other rx packets)" 0 "packets of the other"
	has "$(traffic udp client server $OTHER6 $S4 1 4000)" "4000 192.0.2."
	equal "$(dev_stat router nat64 rx packets)" "$rx" "packets of the first"
	atleast "$(dev_stat router other rx packets)" 4 "packets of the other"
	has "$(traffic tcp client server $S6 $S4 300000)" " 203.0.113."
	has "$(traffic tcp client server $OTHER6 $S4 300000)" " 192.0.2."
	pings client 3 $OTHER6
}

# From one pool into the other: the first translates to IPv4 and the second
# back to IPv6, for a mapping that the client made there.
through_both() {
	mapping other_pool
}

del_other() {
	ip_on router link del other
	pings client 1 $S6
	fails "ip_on" router route get 192.0.2.129 from $S4 iif s0
}

# A pool that two devices claim: the routes decide.
same_pool() {
	ip_on router link add other type nat64 pool6 $POOL6 pool4 $T1
	ip_on router link set other up
	pings client 2 $S6
	equal "$(dev_stat router other rx packets)" 0 "packets of the other"
	ip_on router link del other
}

# --- two routers --------------------------------------------------------

FAR6=2001:db8:66::/96
SERVER6=2001:db8:66::c000:263 # 192.0.2.99
HOST4=192.0.2.50

# The far router is stateless: 192.0.2.99 is the IPv6 host behind it.
add_far() {
	add_netns far server6
	make_router far
	add_link far c0 server6 eth0
	add_link router f0 far u0
	ip_on router -batch - <<-EOF
		addr add 198.18.0.1/30 dev f0
		route add 192.0.2.99 via 198.18.0.2
	EOF
	ip_on far -batch - <<-EOF
		addr add 198.18.0.2/30 dev u0
		addr add 2001:db8:67::1/64 dev c0 nodad
		link add back type nat64 pool6 $FAR6 mode stateless
		link set back up
		route add 192.0.2.99 dev back
		route add $FAR6 dev back
		route add $SERVER6/128 via 2001:db8:67::2 dev c0
		route add $POOL4 via 198.18.0.1
	EOF
	ip_on server6 -batch - <<-EOF
		addr add 2001:db8:67::2/64 dev eth0 nodad
		addr add $SERVER6/128 dev eth0 nodad
		route add default via 2001:db8:67::1 src $SERVER6
	EOF
}

# What the client asks for is 192.0.2.99, what the server sees is the pool4
# address in the far prefix.
six_four_six() {
	local to=2001:db8:64::c000:263

	pings client 3 $to
	pings client 1 -s 1400 $to
	has "$(traffic udp client server6 $to $SERVER6 1 1000 4000)" \
		"4000 2001:db8:66::cb00:710"
	has "$(traffic tcp client server6 $to $SERVER6 1 1000000)" \
		"1000000 2001:db8:66::cb00:710"
}

six_four_six_error() {
	local out

	out=$(traffic udp client server6 --connect-port 9 \
		2001:db8:64::c000:263 $SERVER6 1 2>&1) && return 1
	has "$out" "onnection refused"
}

# An IPv4 host behind a translator of its own, and IPv6 between the two: both
# are stateless and share a prefix.
#
#   host --IPv4-- clat --IPv6-- router (siit) --IPv4-- server
add_clat() {
	local host6=2001:db8:69::c000:232

	add_netns clat host
	make_router clat
	add_link host eth0 clat h0
	add_link clat u0 router d0
	ip_on host -batch - <<-EOF
		addr add $HOST4/24 dev eth0
		route add default via 192.0.2.1
	EOF
	ip_on clat -batch - <<-EOF
		addr add 192.0.2.1/24 dev h0
		addr add 2001:db8:68::2/64 dev u0 nodad
		route add default via 2001:db8:68::1
		link add clat type nat64 mode stateless pool6 2001:db8:69::/96
		link set clat up
		route add default dev clat
		route add $host6/128 dev clat
	EOF
	ip_on router -batch - <<-EOF
		addr add 2001:db8:68::1/64 dev d0 nodad
		link add siit type nat64 mode stateless pool6 2001:db8:69::/96
		link set siit up
		route add $HOST4 dev siit
		route add 192.0.0.8 dev siit
		route add 2001:db8:69::/96 dev siit
		route add $host6/128 via 2001:db8:68::2
	EOF
}

four_six_four() {
	pings server 3 $HOST4
	# Without DF, a longer answer would arrive in fragments at the second
	# translator, which are not for ICMP: R7915-1.2-b.
	pings server 1 -s 1200 $HOST4
	has "$(traffic udp host server $S4 $S4 1 1000)" "1000 $HOST4 "
	has "$(traffic udp server host $HOST4 $HOST4 1 1000)" "1000 $S4 "
	has "$(traffic tcp host server $S4 $S4 1 1000000)" "1000000 $HOST4 "
	has "$(traffic tcp server host $HOST4 $HOST4 1 1000)" "1000 $S4 "
}

# with FUNCTION: what it adds, besides the usual
with() { setup_nat64 && "$1"; }

given with add_other
add_test "both carry traffic, each its own" side_by_side
add_test "out through one and in through the other" through_both
add_test "one deleted, the other unaffected" del_other
given setup_nat64
add_test "two devices with the same pools: routes decide" same_pool
given with add_far
add_test "IPv6, IPv4, IPv6" six_four_six
add_test "IPv6, IPv4, IPv6: errors" six_four_six_error
given with add_clat
add_test "IPv4, IPv6, IPv4" four_six_four
run_tests
