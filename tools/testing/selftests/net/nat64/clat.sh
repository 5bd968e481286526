#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# 464XLAT (RFC 6877): a laptop on an IPv6-only network, whose IPv4 programs
# reach IPv4 servers. Its own device is the CLAT, the provider's the PLAT; the
# phone is tethered to the laptop by IPv4. The laptop runs the commands of
# Documentation/howto/clat.rst.
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

# shellcheck source=howto.sh
. "$(dirname "$(readlink -f "$0")")/howto.sh"
# shellcheck source=ipsec.sh
. "$HERE/ipsec.sh"
use_howto clat.rst
need nft curl tcpdump ethtool

CLAT6=2001:db8:1::464
phone() { on phone "$@"; }

# The nat64 command in the laptop's namespace.
laptop64() { "$NAT64_TOOL" -n "$(netns_name client)" "$@"; }

settled() { ! ip_on client addr show dev eth0 | grep -q tentative; }

add_clat() {
	client sysctl -qw net.ipv6.conf.all.accept_dad=1 \
		net.ipv6.conf.eth0.accept_dad=1
	howto_run client "The device"
	wait_for settled
}

add_phone() {
	add_netns phone && add_link phone eth0 client t0
	ip_on phone -batch - <<-EOF
		addr add 192.168.43.2/24 dev eth0
		route add default via 192.168.43.1
	EOF
	howto_run client "A phone behind the laptop"
	howto_block "A phone behind the laptop" table | client nft -f -
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

# D-clat-mtu: translated fragments of the program fit the uplink and are not
# fragmented again.
fragments() {
	local before

	before=$(snmp router Ip6FragCreates)
	sends udp client 4000 8000
	equal "$(snmp client Ip6FragCreates)" 0 "fragments made in IPv6"
	equal "$(snmp router Ip6FragCreates)" "$before" "pieces of pieces"
}

untranslatable() {
	counters client clat | jq '.[0].counters["untranslatable-address"]'
}

refused() { equal "$(untranslatable)" "$1" "untranslatable-address"; }

# D-clat-src: IPv6 traffic to the address that does not come from IPv4.
native_is_refused() {
	local before

	before=$(untranslatable)
	lost router 2 $CLAT6
	# the router may still be resolving the address
	wait_for refused $((before + 2))
}

# A prefix routed to the laptop: each host behind it has an address of its own.
add_prefix() {
	client nft delete table ip tether
	ip_on router route add 2001:db8:2:3::/64 via $C6
	laptop64 eam flush dev clat
	howto_run client "A prefix for translation"
	pings client 3 $S4
	pings phone 3 $S4
	sends tcp phone 5000
	has "$(nat64 session show)" " 2001:db8:2:3::1#" " 2001:db8:2:3:464::2#"
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

# The same with the commands of the page: the old address is removed.
other_network() {
	ip_on router link set nat64 type nat64 pool6 2001:db8:65::/96
	ip_on router route replace 2001:db8:65::/96 dev nat64
	ip_on router addr add 2001:db8:5::1/64 dev c0
	howto_run client "Another network"
	wait_for settled
	pings client 3 $S4
	has "$(nat64 session show)" " 2001:db8:5::464#"
	has_not "$(ip_on client -6 neigh show proxy
		ip_on client -6 addr show
		ip_on client -6 route show table all)" "$CLAT6"
	advertises 2001:db8:5::464
}

# What the page tells to look at.
looked_at() {
	howto_tcpdump client "Does it work?"
	pings client 1 $S4
	wait_for grep -q "^IP $S4 > 192.0.0.1: ICMP echo reply" "$WORK/dump"
	has "$(<"$WORK/dump")" "IP 192.0.0.1 > $S4: ICMP echo request" \
		"IP6 $CLAT6 > $S6: ICMP6, echo request" \
		"IP6 $S6 > $CLAT6: ICMP6, echo reply"
	howto_tcpdump client "The provider's prefix"
	"$PYTHON" -BEsS "$HERE/advert.py" send "$(netns_name router)" c0 64:ff9b::
	wait_for grep -q "0708 0064 ff9b 0000 0000 0000 0000" "$WORK/dump"
	has "$(<"$WORK/dump")" "unknown option (38), length 16 (2)"
}

# The commands that ifupdown runs undo everything.
at_boot() {
	local what=("At every boot")

	howto_hooks "${what[@]}" pre-up up | howto_shell client
	wait_for settled
	pings client 3 $S4
	howto_hooks "${what[@]}" down post-down | howto_shell client
	has_not "$(ip_on client link
		ip_on client -6 neigh show proxy
		ip_on client -6 addr show
		ip_on client -6 route show table all)" clat "$CLAT6"
}

# --- neighbour discovery -------------------------------------------------

# advertises ADDRESS: see solicit.py; the router asks nothing of its own
advertises() {
	ip_on router -6 neigh flush dev c0
	timeout "$(slow 30)" "$PYTHON" -BEs "$HERE/solicit.py" \
		"$(netns_name router)" c0 "$1"
}

state() { ip_on router -6 neigh show $CLAT6 dev c0; }
probed() { fails has "$(state)" PROBE; }

# Neighbour unreachability detection of the router is answered, so that no
# packet waits for a new resolution.
reachable() {
	local _

	pings client 1 $S4
	for _ in 1 2 3; do
		ip_on router neigh change $CLAT6 dev c0 nud probe
		wait_for probed
		has "$(state)" REACHABLE
		pings client 1 $S4
	done
}

# The laptop solicits from the CLAT's address, when a packet of it is the first.
resolves() {
	ip_on client neigh flush dev eth0
	pings client 3 $S4
	ip_on client neigh flush dev eth0
	sends udp client 500
}

no_carrier() { ip_on client link show eth0 | grep NO-CARRIER; }
# The router gets a new link-local address.
carrier() {
	fails no_carrier &&
		ip_on router addr show dev c0 scope link | grep fe80
}

# The uplink loses carrier for a while: the configuration stays.
signal_lost() {
	router sysctl -qw net.ipv6.conf.c0.keep_addr_on_down=1
	ip_on router link set c0 down
	wait_for no_carrier
	ip_on router link set c0 up
	wait_for carrier
	advertises $CLAT6
	pings client 3 $S4
}

# Errors of the laptop's own IPv6 side have the same address as source.
own_errors() {
	has "$(told client -t 1 $S4)" "Time to live exceeded"
	ip_on client route add $POOL6 via $R6 mtu 1400
	has "$(told client -M "do" -s 1430 $S4)" "mtu = 1380"
	ip_on client route del $POOL6 via $R6
}

# --- IPsec in UDP --------------------------------------------------------

amend() { ip_on client link set clat type nat64 amend-udp-checksum-zero "$1"; }

# ESP in UDP has no checksum when the kernel sends it by IPv4. Of a fragment none
# can be computed, and the stateful translator needs none.
ipsec() {
	local before

	pings client 3 10.98.0.2
	before=$(snmp client IpFragCreates)
	pings client 3 -s 3000 10.98.0.2
	atleast "$(snmp client IpFragCreates)" $((before + 9)) "fragments"
	pings server 3 -s 3000 10.98.0.1
	wait_for client ping -q -n -c 1 -W 1 -s 3000 fd98::2
	pings client 3 -s 3000 fd98::2
	has "$(traffic tcp client server 10.98.0.2 10.98.0.2 1000000)" \
		"1000000 10.98.0.1"
	has "$(traffic tcp server client 10.98.0.1 10.98.0.1 1000000)" \
		"1000000 10.98.0.2"
}

# The other values of the key do not work.
ipsec_lost() {
	amend on
	pings client 3 10.98.0.2
	lost client 2 -s 3000 10.98.0.2
	amend off
	lost client 2 10.98.0.2
	amend forward
}

begin() { setup_nat64 && add_clat && add_phone; }
with_ipsec() { setup_nat64 && add_clat && add_ipsec 192.0.0.1 $S4 clat; }

given begin

add_test "R6877-2-a ping an IPv4 server" pings client 3 $S4
add_test "R6877-2-a UDP, 1 to 1400 bytes" sends udp client 1 500 1400
add_test "R6877-2-a TCP, 1 byte to 300 kB" sends tcp client 1 300000
add_test "R6877-2-a a page by an IPv4-only program" fetch client
add_test "what tcpdump shows" looked_at
add_test "R7335-4-a no IPv4 leaves the laptop" no_ipv4_on_uplink
add_test "D-clat-mtu fragments of the laptop are not fragmented again" fragments
add_test "R6877-6.3-a solicitations of both kinds are answered from the address" \
	advertises $CLAT6
add_test "R6877-6.3-a the router finds the address reachable" reachable
add_test "R6877-6.3-a the laptop finds the router" resolves
add_test "R6877-6.3-a again after the uplink has lost its signal" signal_lost
add_test "errors of the laptop's own IPv6 side arrive" own_errors
add_test "D-clat-src native IPv6 to the address is not translated" \
	native_is_refused
add_test "R6877-6.3-a a tethered phone behind NAT44: ping" pings phone 3 $S4
add_test "R6877-6.3-a a page for the tethered phone behind NAT44" fetch phone
add_test "R6877-6.3-a a prefix for translation, without NAT44" add_prefix
add_test "R6877-6.3-b the provider's prefix changes" renumber
add_test "R6877-6.3-b another network, another address" other_network
given with_ipsec
add_test "R7915-1.2-a,D-ipsec IPsec in UDP, 3000 bytes both ways" ipsec
add_test "R7915-1.2-a,R7915-4.5-d IPsec in UDP is lost with other values" \
	ipsec_lost
given setup_nat64
add_test "R6877-6.3-a the commands at every boot, and back" at_boot
add_test "every command of the page" howto_all_run
run_tests
