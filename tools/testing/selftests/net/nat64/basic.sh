#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# Everyday traffic through a stateful translator: ping, UDP, TCP, HTTP.
#
#    client                    router                      server
#  +---------+         +----------------------+         +----------+
#  |    eth0 |---------| c0     nat64      s0 |---------| eth0     |
#  +---------+         +----------------------+         +----------+
#  only IPv6                                            only IPv4
#
# Addresses as in lib.sh.

# shellcheck source=lib.sh
. "$(dirname "$(readlink -f "$0")")/lib.sh"
need curl nstat ethtool

ping_small() {
	local rx tx

	rx=$(dev_stat router nat64 rx packets)
	tx=$(dev_stat router nat64 tx packets)
	pings client 5 $S6
	equal $(($(dev_stat router nat64 rx packets) - rx)) 10 "rx packets"
	equal $(($(dev_stat router nat64 tx packets) - tx)) 10 "tx packets"
}

# Three fragments each way in either family.
ping_large() {
	local in4 in6

	in4=$(snmp server IpReasmOKs)
	in6=$(snmp client Ip6ReasmOKs)
	pings client 3 -s 4000 $S6
	equal $(($(snmp server IpReasmOKs) - in4)) 3 "reassembled by the server"
	equal $(($(snmp client Ip6ReasmOKs) - in6)) 3 "reassembled by the client"
}

# 1452 and 1472 bytes are the last that fit into one packet of 1500.
udp_sizes() {
	local seen

	seen=$(traffic udp client server $S6 $S4 \
		0 1 2 512 1232 1233 1452 1453 1472 1473 2904 4000 8191 8192)
	echo "$seen"
	equal "$(grep -c " 203\.0\.113\.[12] " <<<"$seen")" 14 "peers in pool4"
}

tcp_size() {
	has "$(traffic tcp client server $S6 $S4 "$@")" " 203.0.113."
}

second_server() {
	has "$(traffic tcp client server $S6B $S4B 1000)" " 203.0.113."
	has "$(traffic udp client server $S6B $S4B 1000)" " 203.0.113."
}

nobody_home() {
	local out

	router sysctl -qw net.ipv4.neigh.s0.retrans_time_ms=200
	out=$(told client 2001:db8:64::c633:64fe)
	has "$out" "From $R64 " "Destination unreachable: No route"
}

# No packet of the other family is on either link.
no_leak() {
	server nft -f - <<-EOF
		table netdev t {
			chain in {
				type filter hook ingress device eth0 priority 0
				ether type ip6 ip6 saddr 2001:db8::/32 counter drop
			}
		}
	EOF
	pings client 1 $S6
	has "$(server nft list table netdev t)" "counter packets 0 "
	server nft delete table netdev t
}

# A flow on each of two CPUs, where there are two; a flow is received by one of
# them, not always by that which sends. Bursts reach the router packet by packet.
order() {
	local ns dev cpus

	cpus=$(printf %x $(((1 << $(nproc)) - 1)))
	for dev in c0 s0; do
		router sh -c "echo $cpus >/sys/class/net/$dev/queues/rx-0/rps_cpus" ||
			true
	done
	for ns in client server; do
		"$ns" ethtool -K eth0 tx-udp-segmentation off
	done
	timeout "$(slow 30)" "$PYTHON" -BEs "$HERE/order.py" $$
	for ns in client server; do
		"$ns" ethtool -K eth0 tx-udp-segmentation on
	done
}

given setup_nat64

add_test "ping of 56 bytes, every packet counted once" ping_small
add_test "R6146-3.4-f ping of 4000 bytes, fragments both ways" ping_large
add_test "R6146-3.4-f UDP, 0 to 8192 bytes both ways" udp_sizes
add_test "TCP, 1 byte both ways" tcp_size 1
add_test "TCP, 1440, 65536 and 300000 bytes both ways" \
	tcp_size 1440 65536 300000
add_test "TCP, 10 MB both ways" tcp_size 10000000
add_test "TCP and UDP to a second server" second_server
add_test "HTTP by curl" fetch client 1000000 $S6
add_test "errors of closed ports" closed_ports $S6
add_test "R7915-4.2 a host that is not there is reported as 1/0" nobody_home
add_test "R7915-4-b,R7915-5-a two flows of two CPUs stay in order" order
add_test "no IPv6 on the IPv4 side" no_leak
run_tests
