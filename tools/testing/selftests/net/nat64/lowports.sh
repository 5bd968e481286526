#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# host-low-ports: what a home router with one IPv4 address gives to hosts that
# send from a privileged port. The topology is that of lib.sh, the device that of
# Documentation/howto/home-router.rst.
#
# Environment: NAT64_TOOL   nat64, if it is neither in tools/nat64 nor installed

# shellcheck source=tool.sh
. "$(dirname "$(readlink -f "$0")")/tool.sh"

W6=64:ff9b::c633:6405
RESERVED=net.ipv4.ip_local_reserved_ports

again() {
	fresh_nat64 "pool6 64:ff9b::/96 $*"
	ip_on router link set nat64 up
	ip_on router route replace 64:ff9b::/96 dev nat64
}

# low TEST: see lowports.py
low() {
	timeout "$(slow 30)" "$PYTHON" -BEs "$HERE/lowports.py" "$1" "$$"
}

# used PROTO: ports below 1024 with a binding
used() {
	shown bib proto "$1" | sed -n "s/.* $R4#\([0-9]*\)\( .*\)\?$/\1/p" |
		awk '$1 < 1024' | wc -l
}

usual() {
	again
	low off
	equal "$(used tcp) $(used udp)" "0 0" "ports below 1024"
}

given_low() {
	again host-low-ports on
	low on
	equal "$(used tcp) $(used udp)" "4 4" "ports below 1024"
	# pings have identifiers, whatever their number
	client ping -c 1 -W "$(slow 5)" -e 700 $W6
	equal "$(used icmp)" 0 "identifiers below 1024"
	has "$(nat64 pool4 addresses dev nat64)" \
		"$R4 tcp used 6 resting 0 total 4959" \
		"$R4 icmp used 1 resting 0 total 4535"
}

left() {
	router sysctl -qw $RESERVED=600-1021
	again host-low-ports on
	low left
	router sysctl -qw $RESERVED=
}

# What the switch has given ends with it, and the port is the host's.
switched() {
	again host-low-ports on
	low on
	ip_on router link set nat64 type nat64 host-low-ports off
	equal "$(used tcp) $(used udp)" "0 0" "ports below 1024"
	equal "$(count bib)" 4 "bindings of others"
	low off
}

privileged() {
	again host-low-ports on
	low refused
}

begin() { setup && add_client2; }

given begin

add_test "off: ports of the usual range" usual
add_test "R6146-3.5.1.1-b, R6146-3.5.1.1-c on: ports 600 to 1023 for privileged ones" given_low
add_test "D-6146-local neither reserved ports nor those of sockets" left
add_test "switched off: its bindings end" switched
add_test "a server that asks for a privileged port" privileged
run_tests
