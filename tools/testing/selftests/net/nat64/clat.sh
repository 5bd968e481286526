#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# 464XLAT (RFC 6877): a laptop on an IPv6-only network, whose IPv4 programs
# reach IPv4 servers. Its own device is the CLAT, the provider's the PLAT; the
# phone is tethered to the laptop by IPv4.
#
#     phone             client (laptop)            router            server
#  +---------+      +---------------------+    +-------------+    +--------+
#  |    eth0 |------| t0    clat     eth0 |----| c0       s0 |----| eth0   |
#  +---------+      |     stateless       |    |    nat64    |    +--------+
#  192.168.43.2     | 192.0.0.1 and       |    |  stateful   |
#                   | 2001:db8:1::464     |    +-------------+
#                   +---------------------+
#
# Environment: NAT64_TOOL   nat64, if it is neither in tools/nat64 nor installed

# shellcheck source=lib.sh
. "$(dirname "$(readlink -f "$0")")/lib.sh"

[ -x "$HERE/../../../../nat64/nat64" ] &&
	: "${NAT64_TOOL:=$HERE/../../../../nat64/nat64}"
: "${NAT64_TOOL:=nat64}"
need "$NAT64_TOOL" nft curl tcpdump

CLAT6=2001:db8:1::464
phone() { on phone "$@"; }

# The laptop answers for one more address of its network, and routes it into
# the device. IPv4 packets are as large as the uplink takes them translated, and
# in fragments.
add_clat() {
	client sysctl -qw net.ipv4.ip_forward=1 \
		net.ipv6.conf.all.forwarding=1 \
		net.ipv6.conf.eth0.proxy_ndp=1
	ip_on client -batch - <<-EOF
		link add clat type nat64 pool6 $POOL6 mode stateless lowest-ipv6-mtu 1500
		link set clat mtu 1472 up
		addr add 192.0.0.1/32 dev clat
		neigh add proxy $CLAT6 dev eth0
		route add $CLAT6/128 dev clat
		route add default dev clat src 192.0.0.1
	EOF
	"$NAT64_TOOL" -n "$(netns_name client)" eam add dev clat \
		192.0.0.1/32 $CLAT6/128
}

add_phone() {
	add_netns phone && add_link phone eth0 client t0
	ip_on phone -batch - <<-EOF
		addr add 192.168.43.2/24 dev eth0
		route add default via 192.168.43.1
	EOF
	ip_on client addr add 192.168.43.1/24 dev t0
	client nft -f - <<-EOF
		table ip tether {
			chain post {
				type nat hook postrouting priority srcnat
				oifname clat ip saddr 192.168.43.0/24 masquerade
			}
		}
	EOF
}

# What leaves the laptop is IPv6 only, R7335-4-a.
no_ipv4_on_uplink() {
	router nft -f - <<-EOF
		table netdev uplink {
			chain in {
				type filter hook ingress device c0 priority 0
				meta protocol { ip, arp } counter comment "4"
				ip6 saddr $CLAT6 counter comment "6"
			}
		}
	EOF
	pings client 3 $S4
	has "$(traffic udp client server $S4 $S4 1 4000)" "4000 203.0.113."
	equal "$(nft_packets router netdev uplink 4)" 0 "IPv4 on the uplink"
	atleast "$(nft_packets router netdev uplink 6)" 5 "from the CLAT"
}

sends() { has "$(traffic "$1" "$2" server $S4 $S4 "${@:3}")" " 203.0.113."; }

fetch() {
	mkdir -p "$WORK/www"
	head -c 300000 /dev/urandom >"$WORK/www/file"
	web server $S4
	"$1" curl -4 -sS -m "$(slow 10)" -o "$WORK/got" "http://$S4/file"
	cmp "$WORK/www/file" "$WORK/got"
}

# D-clat-mtu: what the program's own fragments become fits the uplink, so no
# device on the way divides it again.
fragments() {
	local before

	before=$(snmp router Ip6FragCreates)
	sends udp client 4000 8000
	equal "$(snmp client Ip6FragCreates)" 0 "fragments made in IPv6"
	equal "$(snmp router Ip6FragCreates)" "$before" "pieces of pieces"
}

# D-clat-src: IPv6 traffic to the address that does not come from IPv4.
native_is_refused() {
	local name='.[0].counters["untranslatable-address"]' before

	before=$(counters client clat | jq "$name")
	lost router 2 $CLAT6
	equal "$(counters client clat | jq "$name - $before")" 2 \
		"untranslatable-address"
}

# A prefix routed to the laptop: each host behind it has an address of its own.
add_prefix() {
	client nft delete table ip tether
	ip_on router route add 2001:db8:2:3::/64 via $C6
	ip_on client route add 2001:db8:2:3::/64 dev clat
	"$NAT64_TOOL" -n "$(netns_name client)" eam add dev clat \
		192.168.43.0/24 2001:db8:2:3:464::/120
	pings phone 3 $S4
	sends tcp phone 5000
	has "$("$NAT64_TOOL" -n "$(netns_name router)" session show)" \
		" 2001:db8:2:3:464::2#"
}

# R6877-6.3-b: the provider's prefix changes, the device stays.
renumber() {
	ip_on router link set nat64 type nat64 pool6 2001:db8:65::/96
	ip_on router route add 2001:db8:65::/96 dev nat64
	lost client 2 $S4
	ip_on client link set clat type nat64 pool6 2001:db8:65::/96
	pings client 3 $S4
	sends tcp client 5000
}

# As Documentation/howto/clat.rst has it: nothing is left of the old address.
other_network() {
	local CLAT6B=2001:db8:1::5464 tool=("$NAT64_TOOL" -n
		"$(netns_name client)")

	ip_on client neigh del proxy $CLAT6 dev eth0
	ip_on client -6 route del $CLAT6 dev clat
	ip_on client link set clat type nat64 pool6 $POOL6
	"${tool[@]}" eam flush dev clat
	"${tool[@]}" eam add dev clat 192.0.0.1 $CLAT6B
	ip_on client neigh add proxy $CLAT6B dev eth0
	ip_on client -6 route add $CLAT6B dev clat
	ip_on router link set nat64 type nat64 pool6 $POOL6
	pings client 3 $S4
	has "$("$NAT64_TOOL" -n "$(netns_name router)" session show)" " $CLAT6B#"
	has_not "$(ip_on client -6 neigh show proxy
		ip_on client -6 route show)" "$CLAT6 "
}

begin() { setup_nat64 && add_clat && add_phone; }

given begin

add_test "R6877-2-a ping an IPv4 server" pings client 3 $S4
add_test "R6877-2-a UDP, 1 to 1400 bytes" sends udp client 1 500 1400
add_test "R6877-2-a TCP, 1 byte to 300 kB" sends tcp client 1 300000
add_test "R6877-2-a a page by an IPv4-only program" fetch client
add_test "R7335-4-a no IPv4 leaves the laptop" no_ipv4_on_uplink
add_test "D-clat-mtu fragments of the laptop are not divided again" fragments
add_test "D-clat-src native IPv6 to the address is not translated" \
	native_is_refused
add_test "R6877-6.3-a a tethered phone behind NAT44: ping" pings phone 3 $S4
add_test "R6877-6.3-a a page for the tethered phone behind NAT44" fetch phone
add_test "R6877-6.3-a a prefix for translation, without NAT44" add_prefix
add_test "R6877-6.3-b the provider's prefix changes" renumber
add_test "R6877-6.3-b another network, another address" other_network
run_tests
