#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# pool4 of the network of the uplink, which nobody routes to the router: the server
# asks for the addresses by ARP, and the router answers. It is a part of
# Documentation/howto/campus-dns64.rst.
#
#    client                    router                      server
#  +---------+         +----------------------+         +----------+
#  |    eth0 |---------| c0     nat64      s0 |---------| eth0     |
#  +---------+         +----------------------+         +----------+
#                      198.51.100.1/24                  198.51.100.5/24
#                      198.51.100.48/31: pool4

# shellcheck source=lib.sh
. "$(dirname "$(readlink -f "$0")")/lib.sh"

ONLINK=198.51.100.48/31
A1=198.51.100.48 A2=198.51.100.49

# Both are in the server's network, so its default route does not help.
begin() {
	setup || return
	ip_on router -batch - <<-EOF
		link add nat64 type nat64 pool6 $POOL6 pool4 $ONLINK
		link set nat64 up
		route add $POOL6 via fe80::64 dev nat64
		route add $ONLINK dev nat64
	EOF
}

forget() { ip_on server neigh flush dev eth0; }

# Nobody answers: what the client sends arrives, and no answer comes back.
unanswered() {
	local before

	before=$(snmp server IcmpInEchos)
	forget
	lost client 1 $S6
	equal "$(snmp server IcmpInEchos)" $((before + 1)) "requests"
}

proxies() {
	local word=$1 address

	for address in $A1 $A2; do
		ip_on router neigh "$word" proxy $address dev s0
	done
}

answered() {
	forget
	pings client 3 $S6
	has "$(traffic tcp client server $S6 $S4 1000000)" "1000000 198.51.100.4"
}

by_address() {
	unanswered
	proxies add
	answered
	# the router answers for no address that it does not lead away
	lost server 1 198.51.100.77
	proxies del
}

# For all that it has a route for on another link.
by_setting() {
	unanswered
	router sysctl -qw net.ipv4.conf.s0.proxy_arp=1
	answered
	router sysctl -qw net.ipv4.conf.s0.proxy_arp=0
}

given begin
add_test "an entry for each address" by_address
add_test "proxy_arp of the link" by_setting
run_tests
