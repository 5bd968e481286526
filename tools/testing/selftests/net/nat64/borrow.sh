#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# A home router with one IPv4 address, which three commands make a translator:
# the device borrows the router's own address. At the same time nftables
# masquerades IPv4 hosts behind that address, and the router uses it itself.
#
#    client                   router                 r4            server
#  +---------+           +---------------+        +-------+      +--------+
#  |    eth0 |-----------| c0  nat64  s0 |--------| u0 s0 |------| eth0   |
#  +---------+           |               |        +-------+      +--------+
#     only IPv6          |               |  192.0.2.2/24         198.51.100.5
#  +---------+           |               |  by DHCP              198.51.100.9
#  |    eth0 |-----------| d0            |
#  +---------+           +---------------+
#    lan  192.168.1.10
#
# Strict reverse path filters everywhere, as lib.sh sets them.

# shellcheck source=lib.sh
. "$(dirname "$(readlink -f "$0")")/lib.sh"
need curl nft traceroute tcpdump ss nstat

readonly OWN4=192.0.2.2 NEXT4=192.0.2.1 NEW4=192.0.2.77 LAN4=192.168.1.10
# IPv4 addresses as the client sees them.
W6=64:ff9b::c633:6405
OWN6=64:ff9b::c000:202

lan() { on lan "$@"; }

setup_home() {
	trap cleanup EXIT
	add_netns client lan router r4 server && make_router router r4 &&
		add_link client eth0 router c0 && add_link lan eth0 router d0 &&
		add_link router s0 r4 u0 && add_link r4 s0 server eth0 ||
		return
	ip_on client -batch - <<-END || return
		addr add $C6/64 dev eth0 nodad
		route add default via $R6
	END
	ip_on lan -batch - <<-END || return
		addr add $LAN4/24 dev eth0
		route add default via 192.168.1.1
	END
	ip_on router -batch - <<-END || return
		addr add $R6/64 dev c0 nodad
		addr add 192.168.1.1/24 dev d0
		addr add $OWN4/24 dev s0
		route add default via $NEXT4
	END
	ip_on r4 -batch - <<-END || return
		addr add $NEXT4/24 dev u0
		addr add $R4/24 dev s0
	END
	ip_on server -batch - <<-END
		addr add $S4/24 dev eth0
		addr add $S4B/24 dev eth0
		route add default via $R4
	END
}

# The first-run promise, letter by letter.
three_commands() {
	router ip link add nat64 type nat64 pool6 64:ff9b::/96
	router ip link set nat64 up
	router ip -6 route add 64:ff9b::/96 dev nat64
}

everyday() {
	pings client 3 $W6
	pings client 2 -s 4000 $W6
	has "$(traffic udp client server $W6 $S4 0 1 1452 4000 8192)" \
		"8192 $OWN4 "
	has "$(traffic tcp client server $W6 $S4 1 1000 1000000)" \
		"1000000 $OWN4 "
}

setup_home || bail_out "no topology"
three_commands || bail_out "no device"

add_test "three commands: ping, UDP, TCP" everyday
run_tests
