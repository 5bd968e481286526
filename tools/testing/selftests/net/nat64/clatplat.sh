#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# A stateless and a stateful device on one router, whose IPv4 link has the
# smallest MTU: IPv4 hosts of the LAN use both. Errors of the router's IPv4 side
# leave the stateless device with the address of the router.
#
#     old               router                        server
#  +-------+     +---------------------+           +----------+
#  |  eth0 |-----| p0  clat  nat64  s0 |-----------| eth0     |
#  +-------+     +---------------------+ MTU 1492  +----------+

# shellcheck source=tool.sh
. "$(dirname "$(readlink -f "$0")")/tool.sh"

old() { on old "$@"; }

topology() {
	setup && add_netns old && add_link old eth0 router p0 || return
	ip_on router addr add 192.168.1.1/24 dev p0
	ip_on old -batch - <<-EOF || return
		addr add 192.168.1.2/24 dev eth0
		route add default via 192.168.1.1
	EOF
	ip_on router -batch - <<-EOF || return
		link add nat64 type nat64 pool6 $POOL6
		link set nat64 up
		link add clat type nat64 mode stateless pool6 $POOL6 lowest-ipv6-mtu 1500
		link set clat up
		route add $POOL6 dev nat64
		route add 2001:db8:c::/120 dev clat
		route add default dev clat table 46
		rule add iif p0 table 46 pref 100
		rule add to 192.168.1.0/24 table main pref 90
		link set s0 mtu 1492
	EOF
	nat64 eam add dev clat 192.168.1.0/24 2001:db8:c::/120
}

# told_mtu RP_FILTER [SOURCE]: what the server sees, the router if left out
told_mtu() {
	router sysctl -qw net.ipv4.conf.all.rp_filter="$1" \
		net.ipv4.conf.clat.rp_filter="$1"
	ip_on old route flush cache
	has "$(old ping -n -c 3 -i 0.3 -W "$(slow 2)" -M "do" -s 1472 \
		$S4 2>&1)" "mtu = 1492"
	has "$(traffic tcp old server $S4 $S4 1000000)" " ${2-$R4}"
}

begin() { topology && pings old 1 $S4; }

# The stateful device has an address of its own instead of the router's.
with_pool4() {
	topology && ip_on router link set nat64 type nat64 pool4 $T1 &&
		ip_on router route add $POOL4 dev nat64 && pings old 1 $S4
}

given begin

add_test "rp_filter 0" told_mtu 0
add_test "rp_filter 1" told_mtu 1
add_test "rp_filter 2" told_mtu 2
given with_pool4
add_test "pool4 of its own, rp_filter 0" told_mtu 0 $T1
add_test "pool4 of its own, rp_filter 1" told_mtu 1 $T1
add_test "pool4 of its own, rp_filter 2" told_mtu 2 $T1
run_tests
