#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# A flow table of nftables over the links of the router and the device: of a flow
# that is established, both families go past the routing of their own side. It is
# the one of Documentation/howto/nftables.rst.
#
#    client                    router                      server
#  +---------+         +----------------------+         +----------+
#  |    eth0 |---------| c0     nat64      s0 |---------| eth0     |
#  +---------+         +----------------------+         +----------+
#      c0 -- flow of IPv6 -- nat64 -- flow of IPv4 -- s0

# shellcheck source=lib.sh
. "$(dirname "$(readlink -f "$0")")/lib.sh"
need nft conntrack

# Packets that are not offloaded pass the chain and are counted there. Loading
# it again replaces it.
flows() {
	router nft -f - <<-EOF
		table inet fast
		delete table inet fast
		table inet fast {
			flowtable f {
				hook ingress priority filter
				devices = { c0, nat64, s0 }
				counter
			}

			chain forward {
				type filter hook forward priority filter + 10

				ct state established flow add @f
				counter comment "slow"
			}
		}
	EOF
}

# add_device POOL4
add_device() {
	ip_on router -batch - <<-EOF
		link add nat64 type nat64 pool6 $POOL6 pool4 $1
		link set nat64 up
		route add $POOL6 via fe80::64 dev nat64
		route add $POOL4 dev nat64
	EOF
}

begin() {
	setup && add_device "$1" || return
	router sysctl -qw net.netfilter.nf_conntrack_acct=1 || return
	if ! flows; then
		skip "no flow tables"
	fi
}

# fresh: remove all flows and their conntrack entries
fresh() {
	flows
	router conntrack -F 2>/dev/null
}

# tracked FAMILY PROTO: the entry of the only flow
tracked() { router conntrack -L -f "$1" -p "$2" 2>/dev/null; }

# sums FAMILY PROTO packets|bytes: of the entry, of both directions
sums() {
	tracked "$1" "$2" | grep -o " $3=[0-9]*" | cut -d = -f 2 | xargs
}

in_chain() { nft_packets router inet fast slow; }

# repeat COUNT WORD
repeat() { printf "$2 %.0s" $(seq "$1"); }

# udp SOURCE: the address that the server sees.
# No datagram is lost or counted twice: by the hosts, by the device or by
# connection tracking of either family. All but the first pass no chain.
udp() {
	local source=$1 count=200 size=400 sizes rx tx up down

	fresh
	rx=$(dev_stat router nat64 rx packets)
	tx=$(dev_stat router nat64 tx packets)
	up=$(snmp server UdpInDatagrams)
	down=$(snmp client Udp6InDatagrams)
	sizes=$(repeat $count $size)
	traffic udp client server --bind-port 4000 $S6 $S4 $sizes >/dev/null
	has "$(tracked ipv6 udp)" "[OFFLOAD]" "src=$C6 dst=$S6"
	has "$(tracked ipv4 udp)" "[OFFLOAD]" "src=$S4 dst=$source"
	equal "$(sums ipv6 udp packets)" "$count $count" "packets, IPv6"
	equal "$(sums ipv4 udp packets)" "$count $count" "packets, IPv4"
	equal "$(sums ipv6 udp bytes)" \
		"$((count * (size + 48))) $((count * (size + 48)))" \
		"bytes, IPv6"
	equal "$(sums ipv4 udp bytes)" \
		"$((count * (size + 28))) $((count * (size + 28)))" \
		"bytes, IPv4"
	equal $(($(snmp server UdpInDatagrams) - up)) $count "at the server"
	equal $(($(snmp client Udp6InDatagrams) - down)) $count "at the client"
	equal $(($(dev_stat router nat64 tx packets) - tx)) $((2 * count)) \
		"into the device"
	equal $(($(dev_stat router nat64 rx packets) - rx)) $((2 * count)) \
		"out of the device"
	# a ping or an error may be among them
	atmost "$(in_chain)" 20 "packets in the chain"
}

# Each packet, of many segments or one, is 20 bytes less in IPv4. How many pass the
# chain depends on when the first FIN comes, which ends the offload.
tcp() {
	local six4 packets bytes6 bytes4 tx

	fresh
	tx=$(dev_stat router nat64 tx packets)
	traffic tcp client server $S6 $S4 3000000
	read -ra packets <<<"$(sums ipv6 tcp packets)"
	read -ra bytes6 <<<"$(sums ipv6 tcp bytes)"
	read -ra bytes4 <<<"$(sums ipv4 tcp bytes)"
	equal "$(sums ipv4 tcp packets)" "${packets[*]}" "packets, IPv4"
	for six4 in 0 1; do
		atleast "${bytes4[six4]}" 3000000 "bytes, IPv4"
		equal $((bytes6[six4] - bytes4[six4])) $((20 * packets[six4])) \
			"bytes more in IPv6"
	done
	equal $(($(dev_stat router nat64 tx packets) - tx)) \
		$((packets[0] + packets[1])) "into the device"
}

# Packets larger than the MTU of the next link pass the router's IPv4 stack,
# which replies.
too_big() {
	fresh
	ip_on router link set s0 mtu 1400
	ip_on server link set eth0 mtu 1400
	ip_on client route replace default via $R6 advmss 1440
	ip_on server route replace default via $R4 advmss 1460
	ip_on server route add $R4 dev eth0 advmss 1460
	traffic tcp client server $S6 $S4 1000000
	has "$(ip_on client -6 route get $S6)" "mtu 1420"
	ip_on client route replace default via $R6
	ip_on server route del $R4 dev eth0
	ip_on server route replace default via $R4
	ip_on client -6 route flush cache
	ip_on server link set eth0 mtu 1500
	ip_on router link set s0 mtu 1500
}

# Hop limits are decremented twice, as without the flow table.
hops() {
	fresh
	traffic udp client server --bind-port 4001 $S6 $S4 400 400 400 >/dev/null
	client nft -f - <<-EOF
		table netdev t {
			chain in {
				type filter hook ingress device eth0 priority 0
				udp sport 7777 ip6 hoplimit 62 counter comment "two"
				udp sport 7777 ip6 hoplimit != 62 counter comment "other"
			}
		}
	EOF
	traffic udp client server --bind-port 4001 $S6 $S4 400 400 400 >/dev/null
	equal "$(nft_packets client netdev t two)" 3 "answers with 62"
	equal "$(nft_packets client netdev t other)" 0 "answers with others"
	client nft delete table netdev t
}

# A device that was made anew is not in the flow table, though conntrack shows the
# flows as offloaded: what comes out of it passes the chain, until the rules are
# loaded again. Newer kernels put devices back in, by name.
anew() {
	local sizes passed

	sizes=$(repeat 50 400)
	ip_on router link del nat64
	add_device $T1
	router conntrack -F 2>/dev/null
	traffic udp client server --bind-port 4002 $S6 $S4 $sizes >/dev/null
	passed=$(in_chain)
	[ "$passed" -le 20 ] || atleast "$passed" 100 "packets in the chain"
	fresh
	traffic udp client server --bind-port 4003 $S6 $S4 $sizes >/dev/null
	atmost "$(in_chain)" 20 "packets in the chain, loaded again"
}

given begin $T1
add_test "UDP: offloaded in both families, nothing lost or counted twice" \
	udp $T1
add_test "TCP: conntrack of both families agrees" tcp
add_test "R7915-4.2-t a path MTU" too_big
add_test "R7915-4.1-k hop limits" hops
add_test "a device made anew" anew
given begin host
add_test "the host's own address: UDP" udp $R4
add_test "the host's own address: TCP" tcp
add_test "the host's own address: R7915-4.2-t a path MTU" too_big
run_tests
