#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# Path MTU discovery through the translator, with one narrow link on either
# side, next to it or a router away, and strict reverse path filters.
#
#  client        r6            router             r4           server
#  eth0 ------ c0  u0 ------ c0 nat64 s0 ------ u0  s0 ------ eth0
#      ::1::10  R6    2001:db8:3::/64   192.0.2.0/24   R4    .5
#
# rfc.md 5.1 and 5.2 have the arithmetic: an IPv6 packet is 20 bytes longer.

# shellcheck source=lib.sh
. "$(dirname "$(readlink -f "$0")")/lib.sh"
need nft nstat

# Whatever the test before left behind.
wide() {
	ip_on client link set eth0 mtu 1500
	ip_on server link set eth0 mtu 1500
	printf 'link set %s mtu 1500\n' c0 u0 | ip_on r6 -batch -
	printf 'link set %s mtu 1500\n' c0 s0 | ip_on router -batch -
	printf 'link set %s mtu 1500\n' u0 s0 | ip_on r4 -batch -
}

# narrow MTU NS DEV NS DEV: one link, and nobody remembers the one before
narrow() {
	wide
	ip_on "$2" link set "$3" mtu "$1"
	ip_on "$4" link set "$5" mtu "$1"
	ip_on client -6 route flush cache
	ip_on server -4 route flush cache
}

learnt() {
	ip_on "$1" route get "$2" | sed -n 's/.* mtu \([0-9]*\).*/\1/p'
}

# ping_mtu NS SIZE TO MTU: the size is too much, what is reported fits
ping_mtu() {
	local out header=48

	[[ $3 == *:* ]] || header=28
	out=$(told "$1" -M "do" -s $(($2 - header)) "$3")
	echo "$out"
	[[ $out =~ mtu\ ?=\ ?([0-9]+) ]]
	equal "${BASH_REMATCH[1]}" "$4" "reported MTU"
	pings "$1" 1 -M "do" -s $(($4 - header)) "$3"
}

# The client's packets meet a narrow IPv4 link.
v4_side() {
	local mtu=$1 expected=$2

	shift 2
	narrow "$mtu" "$@"
	ping_mtu client 1500 $S6 "$expected"
	traffic tcp client server $S6 $S4 1000000
	traffic udp client server $S6 $S4 1000 1400 4000
	equal "$(learnt client $S6)" "$expected" "MTU learnt by the client"
}

# The server's packets meet a narrow IPv6 link; TCP shows it in the stateful
# case, where the server can not begin.
v6_side() {
	local mtu=$1 expected=$2 seen

	shift 2
	narrow "$mtu" "$@"
	# Segments that fill an IPv4 packet.
	ip_on client route replace default via $R6 advmss 1460
	seen=$(traffic tcp client server $S6 $S4 1000000 | cut -d ' ' -f 2)
	equal "$(learnt server "$seen")" "$expected" "MTU learnt by the server"
	traffic udp client server $S6 $S4 1000 1400 4000
}

v6_side_stateless() {
	local mtu=$1 expected=$2

	shift 2
	narrow "$mtu" "$@"
	ping_mtu server $((expected + 20)) $T1 "$expected"
	traffic tcp server client $T1 $T1_6 1000000
	equal "$(learnt server $T1)" "$expected" "MTU learnt by the server"
}

# A narrow IPv4 link below what IPv6 allows: the client keeps to 1280, without
# DF, and IPv4 routers fragment.
below_1280() {
	local before

	narrow 1000 $SERVER_LINK
	before=$(snmp server IpReasmOKs)
	traffic tcp client server $S6 $S4 100000
	traffic udp client server $S6 $S4 1000 1400
	atleast "$(snmp server IpReasmOKs)" $((before + 10)) "reassembled"
	equal "$(learnt client $S6)" 1280 "MTU learnt by the client"
}

count_long() {
	client nft -f - <<-EOF
		table netdev t {
			chain in {
				type filter hook ingress device eth0 priority 0
				ip6 nexthdr 44 counter comment "pieces"
				ip6 length > 1240 counter comment "long"
			}
		}
	EOF
}

# 1260 bytes of IPv4 become 1280 of IPv6, the last that needs no fragments.
without_df() {
	narrow 1500 $SERVER_LINK
	traffic udp client server $S6 $S4 10
	count_long
	traffic udp client server $S6 $S4 1232
	equal "$(nft_packets client netdev t pieces)" 0 "fragments of 1260"
	traffic udp client server $S6 $S4 1233
	equal "$(nft_packets client netdev t pieces)" 2 "fragments of 1261"
	traffic udp client server $S6 $S4 1472
	equal "$(nft_packets client netdev t pieces)" 4 "fragments of 1500"
	equal "$(nft_packets client netdev t long)" 0 "packets above 1280"
	client nft delete table netdev t
}

# Nothing of the above may have worked because a filter was off.
strict() {
	local dev

	for dev in all default c0 s0 nat64; do
		equal "$(router sysctl -n net.ipv4.conf.$dev.rp_filter)" 1 \
			"rp_filter of $dev"
	done
	atmost "$(router nstat -asz TcpExtIPReversePathFilter |
		awk '/TcpExtIPRev/ { print $2 }')" 0 "dropped by it"
}

# The same client, now as the IPv6 form of 203.0.113.1.
stateless() {
	setup_long
	add_nat64 mode stateless
	# What stands for IPv6 routers has to pass the reverse path filter.
	ip_on router route add $DUMMY4 dev nat64
	ip_on client addr add $T1_6/128 dev eth0 nodad
	ip_on client route replace default via $R6 src $T1_6 advmss 1440
	ip_on r6 route add $T1_6/128 via $C6 dev c0
	ip_on router route add $T1_6/128 via 2001:db8:3::6
}

DUMMY4=192.0.0.8
CLIENT_LINK="client eth0 r6 c0"
UP6_LINK="r6 u0 router c0"
UP4_LINK="router s0 r4 u0"
SERVER_LINK="r4 s0 server eth0"

# add_both MODE V6-SIDE-FUNCTION: the four links
add_links() {
	{
		add_test "$1: R7915-4.2-t IPv4 link of 1400 at the server" \
			v4_side 1400 1420 $SERVER_LINK
		add_test "$1: R7915-4.2-t IPv4 link of 1400 at the router" \
			v4_side 1400 1420 $UP4_LINK
		add_test "$1: R7915-5.2-o IPv6 link of 1400 at the client" \
			"$2" 1400 1380 $CLIENT_LINK
		add_test "$1: R7915-5.2-o IPv6 link of 1400 at the router" \
			"$2" 1400 1380 $UP6_LINK
		add_test "$1: R7915-4.1-e links of 1500, IPv6 does not fit" \
			"$2" 1500 1480 $UP6_LINK
	}
	add_test "$1: R7915-4.2-t IPv4 link of 1000" below_1280
	add_test "$1: R7915-4.1-a IPv4 without DF, fragments of 1280" without_df
	add_test "$1: strict reverse path filters dropped nothing" strict
}

begin() { setup_long && add_nat64; }

given begin
add_links stateful v6_side
given stateless
add_links stateless v6_side_stateless
run_tests
