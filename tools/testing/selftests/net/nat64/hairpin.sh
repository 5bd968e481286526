#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# Two IPv6 hosts talk through the IPv4 address that each has on the translator
# (RFC 6146 section 3.8): the packet goes through the device twice, by routes.
#
#    client                    router                      server
#  +---------+         +----------------------+         +----------+
#  |    eth0 |---------| c0                   |         |          |
#  +---------+         |        nat64      s0 |---------| eth0     |
#  |    eth0 |---------| d0                   |         |          |
#  +---------+         +----------------------+         +----------+
#    client2  2001:db8:2::20                   tells who it sees

# shellcheck source=lib.sh
. "$(dirname "$(readlink -f "$0")")/lib.sh"

# Neither the packets nor redirects about them reach the server.
stays_inside() {
	local before after

	before=$(snmp server IpInReceives)
	mapping hairpin_udp
	after=$(snmp server IpInReceives)
	# Each host asks the server once for its mapping.
	equal $((after - before)) 2 "packets at the server"
}

# Each way is two translations: in IPv6 and out, in IPv4 and out.
counted() {
	local tx rx

	tx=$(dev_stat router nat64 tx packets)
	rx=$(dev_stat router nat64 rx packets)
	mapping hairpin_error
	# Two questions to the server, the datagram twice, the error twice.
	equal $(($(dev_stat router nat64 tx packets) - tx)) 6 "tx packets"
	equal $(($(dev_stat router nat64 rx packets) - rx)) 6 "rx packets"
}

# Packets leave by the device on which they arrived, for which the router would
# send redirects to the IPv4 source.
begin() {
	setup && add_client2 && add_nat64 "$@" &&
		router sysctl -qw net.ipv4.conf.all.send_redirects=0
}

given begin
add_test "R4787-R9-a UDP both ways, 0 to 8192 bytes" mapping hairpin_udp
add_test "R6146-3.8-a TCP both ways, 1 byte and 1 MB" mapping hairpin_tcp
add_test "R5508-R7-a error about a hairpinned packet" mapping hairpin_error
add_test "nothing leaves the router" stays_inside
add_test "every pass counted once" counted
# both hosts behind one
given begin pool4 $T2
add_test "one address: UDP both ways" mapping hairpin_udp
add_test "one address: TCP both ways" mapping hairpin_tcp
run_tests
