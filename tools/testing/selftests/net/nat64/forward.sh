#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# Packets that do not reach the device by routing: redirected by tc and nft on
# the ingress of an Ethernet device, with the Ethernet header, or sent by
# pktgen, as shared skbs. And routing loops.
#
#    client                    router                      server
#  +---------+         +----------------------+         +----------+
#  |    eth0 |---------| c0 ----> nat64    s0 |---------| eth0     |
#  +---------+         |   redirect           |         +----------+
#                      +----------------------+
#
# There is no route to pool6, so packets that arrive were redirected.

# shellcheck source=lib.sh
. "$(dirname "$(readlink -f "$0")")/lib.sh"
need tc nft nstat tcpdump

no_route() {
	setup_nat64
	ip_on router route replace unreachable $POOL6
}

# Small, large, fragmented and segmented packets.
traffic_passes() {
	local before

	before=$(dev_stat router nat64 tx packets)
	pings client 5 $S6
	equal $(($(dev_stat router nat64 tx packets) - before)) 10 "packets"
	traffic udp client server $S6 $S4 1 1000 4000 8192
	traffic tcp client server $S6 $S4 1 1000000
}

# One forwarding step fewer than routing has.
hop_limit() {
	lost client 1 -t 1 $S6
	pings client 1 -t 2 $S6
}

redirect_on() {
	router tc qdisc add dev c0 clsact
	router tc filter add dev c0 ingress protocol ipv6 "$@" \
		action mirred egress redirect dev nat64
}

redirect_off() { router tc qdisc del dev c0 clsact; }

by_tc() {
	redirect_on u32 match ip6 dst $POOL6
	traffic_passes
	hop_limit
	redirect_off
}

fwd_on() {
	router nft -f - <<-EOF
		table netdev f {
			chain in {
				type filter hook ingress device c0 priority 0
				ip6 daddr $POOL6 fwd to nat64
			}
		}
	EOF
}

by_nft() {
	fwd_on
	traffic_passes
	hop_limit
	router nft delete table netdev f
}

# Towards IPv6 too: what comes from the server, without IPv4 routes to pool4.
by_tc_4to6() {
	redirect_on u32 match ip6 dst $POOL6
	ip_on router route del $POOL4
	lost client 1 $S6
	router tc qdisc add dev s0 clsact
	router tc filter add dev s0 ingress protocol ip u32 \
		match ip dst $POOL4 action mirred egress redirect dev nat64
	# Strict reverse path filters want the route of the pool.
	router sysctl -qw net.ipv4.conf.all.rp_filter=0 \
		net.ipv4.conf.nat64.rp_filter=0
	traffic_passes
	router sysctl -qw net.ipv4.conf.all.rp_filter=1 \
		net.ipv4.conf.nat64.rp_filter=1
	router tc qdisc del dev s0 clsact
	ip_on router route add $POOL4 dev nat64
	redirect_off
}

# A copy is translated, the packet itself goes its own way.
mirror() {
	local before

	router tc qdisc add dev c0 clsact
	router tc filter add dev c0 ingress protocol ipv6 u32 \
		match ip6 dst $POOL6 action mirred egress mirror dev nat64
	before=$(snmp server IcmpInEchos)
	client ping -q -c 2 -i 0.05 -W "$(slow 5)" $S6
	equal $(($(snmp server IcmpInEchos) - before)) 4 "requests"
	traffic tcp client server $S6 $S4 100000
	redirect_off
}

# counted: all that the device counts, as text. The kernel may count its own
# drops as the device's.
counted() {
	ip_on router -s -j link show nat64 |
		jq -cS '.[0].stats64 | del(.tx.dropped)'
	counters router nat64
}

# into_down COMMAND: five pings go nowhere while the device is down, are
# no matter of the device, and a device that is up again has nothing of them.
into_down() {
	local before received

	before=$(counted)
	received=$(snmp server IpInReceives)
	ip_on router link set nat64 down
	lost client 5 $S6
	"$@"
	equal "$(counted)" "$before" "what the device counts"
	equal "$(snmp server IpInReceives)" "$received" "packets at the server"
	ip_on router link set nat64 up
	ip_on router route add $POOL4 dev nat64
	equal "$(snmp server IpInReceives)" "$received" "packets from before"
	pings client 2 $S6
}

# shot COUNT: by the action itself, which calls it so
shot() {
	has "$(router tc -s filter show dev c0 ingress)" " overlimits $1 "
}

down_tc() {
	redirect_on u32 match ip6 dst $POOL6
	into_down shot 5
	redirect_off
}

down_nft() {
	fwd_on
	into_down true
	router nft delete table netdev f
}

# The packet itself passes, its copy does not: nothing of that route is there
# then, so that the client is told.
down_mirror() {
	local out

	router tc qdisc add dev c0 clsact
	router tc filter add dev c0 ingress protocol ipv6 u32 \
		match ip6 dst $POOL6 action mirred egress mirror dev nat64
	ip_on router link set nat64 down
	out=$(told client $S6)
	has "$out" "Destination unreachable: No route"
	ip_on router link set nat64 up
	ip_on router route add $POOL4 dev nat64
	redirect_off
}

# Departure times, and the times of arrival that packets bear while somebody
# captures them, which are by another clock: fq would hold them for years.
fair_queue() {
	local dev pid

	router tc qdisc replace dev nat64 root fq 2>/dev/null || skip "no fq"
	for dev in c0 s0; do
		router tc qdisc replace dev $dev root fq
	done
	redirect_on u32 match ip6 dst $POOL6
	ip netns exec "$(netns_name router)" tcpdump -i nat64 -w /dev/null \
		2>"$WORK/tcpdump" &
	pid=$!
	wait_for grep -q listening "$WORK/tcpdump"
	traffic_passes
	redirect_off
	ip_on router route replace $POOL6 dev nat64
	pings client 3 $S6
	# and those that the router's own TCP gives them
	traffic tcp router server $S6 $S4 300000
	has_not "$(router tc -s qdisc show dev s0)" "horizon_drops"
	ip_on router route replace unreachable $POOL6
	kill $pid
	wait $pid || true
	for dev in nat64 c0 s0; do
		router tc qdisc del dev $dev root
	done
}

pgset() { router sh -c "echo '$2' >/proc/net/pktgen/$1"; }

arrived() { [ "$(nft_packets server ip t good)" -eq "$1" ]; }

# pktgen keeps a reference to the packet that it sends again and again: if the
# device wrote to it, all but the first would be IPv4 already.
shared() {
	local before mac

	router modprobe pktgen 2>/dev/null || true
	[ -e /proc/net/pktgen ] || router test -e /proc/net/pktgen ||
		skip "no pktgen"
	redirect_on u32 match ip6 dst $POOL6
	mac=$(ip_on router -j link show c0 | jq -r '.[0].address')
	pgset kpktgend_0 rem_device_all
	pgset kpktgend_0 "add_device c0"
	pgset c0 "xmit_mode netif_receive"
	pgset c0 "count 1000"
	pgset c0 "burst 10"
	pgset c0 "delay 0"
	pgset c0 "pkt_size 100"
	pgset c0 "dst6 $S6"
	pgset c0 "src6 $C6"
	pgset c0 "dst_mac $mac"
	pgset c0 "src_mac 02:00:00:00:00:01"
	pgset c0 "udp_dst_min 9"
	pgset c0 "udp_dst_max 9"
	server nft -f - <<-EOF
		table ip t {
			chain in {
				type filter hook input priority 0
				ip saddr $POOL4 udp dport 9 udp length 46 counter drop comment "good"
			}
		}
	EOF
	before=$(dev_stat router nat64 tx packets)
	pgset pgctrl start
	cat /proc/net/pktgen/c0 || true
	equal $(($(dev_stat router nat64 tx packets) - before)) 1000 "packets"
	wait_for arrived 1000
	pgset kpktgend_0 rem_device_all
	server nft delete table ip t
	redirect_off
}

# Both routes point at the device for an address that is nobody's.
with_loop() {
	setup_nat64
	# They would end it at the first pass.
	router sysctl -qw net.ipv4.conf.all.rp_filter=0 \
		net.ipv4.conf.default.rp_filter=0
	ip_on router link add loop type nat64 pool6 2001:db8:99::/96 \
		mode stateless
	ip_on router link set loop up
	ip_on router route add 2001:db8:99::/96 dev loop
	ip_on router route add 192.0.2.0/24 dev loop
}

# The packet comes out once, and the sender is told.
loop() {
	local before passes out

	before=$(dev_stat router loop rx packets)
	out=$(server ping -n -c 1 -t 64 -W "$(slow 3)" 192.0.2.1) || true
	echo "$out"
	passes=$(($(dev_stat router loop rx packets) - before))
	# the packet and the answer
	atmost "$passes" 2 "passes"
	atleast "$(dropped loop loop)" 1 "loops"
	pings client 1 $S6
}

# Many at once must not exhaust the stack or a queue for long.
loop_flood() {
	server ping -q -n -f -c 50 -t 255 -W 1 192.0.2.1 || true
	traffic udp client server $S6 $S4 1000
}

given no_route
add_test "without a route nothing passes" lost client 1 $S6
add_test "tc redirect from Ethernet" by_tc
add_test "nft fwd from Ethernet" by_nft
add_test "tc redirect, both families" by_tc_4to6
add_test "tc redirect into a device that is down" down_tc
add_test "nft fwd into a device that is down" down_nft
add_test "tc mirror into a device that is down" down_mirror
add_test "fq on all devices, and a capture" fair_queue
given setup_nat64
add_test "tc mirror: the copy and the packet itself" mirror
add_test "pktgen: packets with other references" shared
given with_loop
add_test "a routing loop ends" loop
add_test "many packets in a routing loop" loop_flood
run_tests
