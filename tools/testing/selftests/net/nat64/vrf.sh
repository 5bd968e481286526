#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# A device in a VRF, stateful and stateless: every route lookup has to use the
# tables of the VRF, because the others have no routes.
#
#    client                    router                      server
#  +---------+         +----------------------+         +----------+
#  |    eth0 |---------| c0     nat64      s0 |---------| eth0     |
#  +---------+         +----------------------+         +----------+
#                       all three in VRF blue

# shellcheck source=lib.sh
. "$(dirname "$(readlink -f "$0")")/lib.sh"
need traceroute

# The host of a stateless device.
H4=203.0.113.10
H6=2001:db8:64::cb00:710a

add_vrf() {
	ip_on router link add blue type vrf table 10 || skip "no VRF"
	ip_on router -batch - <<-EOF
		link set blue up
		link set c0 master blue
		link set s0 master blue
		addr replace $R6/64 dev c0 nodad
		route add unreachable default
		route add unreachable default vrf blue metric 4278198272
		route add unreachable ::/0 metric 1
		route add unreachable ::/0 vrf blue metric 4278198272
	EOF
}

# into_vrf ATTRIBUTES: the device and its routes, none in the main table
into_vrf() {
	ip_on router link del nat64 2>/dev/null || true
	ip_on router -batch - <<-EOF
		link add nat64 type nat64 pool6 $POOL6 $1
		link set nat64 master blue
		link set nat64 up
		route add 203.0.113.0/24 dev nat64 vrf blue
		route add $POOL6 dev nat64 vrf blue
	EOF
}

stateful() {
	setup
	add_vrf
	into_vrf "pool4 $T1 pool4 $T2"
}

main_table() {
	equal "$(ip_on router route show table main dev nat64)" "" "main table"
}

# carries ADDRESS: what the server sees begins with it
carries() {
	pings client 3 $S6
	has "$(traffic udp client server $S6 $S4 1 4000)" "4000 $1"
	has "$(traffic tcp client server $S6 $S4 1 300000)" "300000 $1"
}

# Closed ports and hop limits, of either side.
errors() {
	local out

	out=$(traffic udp client server --connect-port 9 $S6 $S4 1 2>&1) &&
		return 1
	has "$out" "onnection refused"
	out=$(client traceroute -6 -n -q 1 -N 1 -w "$(slow 2)" -m 8 $S6)
	has "$out" "$R6" "$R64" "$S6"
}

# What the device itself has to tell finds its way: protocols that it does not
# translate, and a pool that is full.
told_by_device() {
	local out

	into_vrf "pool4 $T1 ports 2000-2000"
	pings client 1 $S6
	out=$(told client $S6)
	has "$out" "From $R6 " "Destination unreachable: Address unreachable"
	out=$(server "$PYTHON" -c 'import socket, sys
sock = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
sock.settimeout(float(sys.argv[2]))
sock.connect((sys.argv[1], 9))
sock.send(b"x")
sock.recv(1)' $T1 "$(slow 5)" 2>&1) && return 1
	has "$out" "ConnectionRefusedError"
	into_vrf "pool4 $T1 pool4 $T2"
}

# narrow ARGUMENT...: a narrow link on the IPv4 side, of which the client is told,
# and one on the IPv6 side, of which the server is. Both ends offer segments as
# for any link.
narrow() {
	ip_on router link set s0 mtu 1400
	ip_on server link set eth0 mtu 1400
	ip_on server route replace default via $R4 advmss 1460
	has "$(told client -M "do" -s 1452 $S6)" "mtu=1420"
	ip_on client -6 route flush cache
	traffic tcp client server $S6 $S4 300000
	ip_on client -6 route flush cache
	ip_on router link set s0 mtu 1500
	ip_on server link set eth0 mtu 1500

	ip_on router link set c0 mtu 1400
	ip_on client link set eth0 mtu 1400
	ip_on client route replace default via $R6 src "${*: -1}" advmss 1440
	traffic tcp server client "$@" 300000
	has "$(ip_on server route get "${*: -2:1}")" "mtu 1380"
	ip_on server route flush cache
	ip_on router link set c0 mtu 1500
	ip_on client link set eth0 mtu 1500
}

narrow_stateful() {
	command -v nat64 >/dev/null || skip "no nat64"
	nat64 -n "$(netns_name router)" bib add dev nat64 static \
		tcp "$C6#8080" $T1#80
	narrow --port 8080 --connect-port 80 $T1 $C6
}

stateless() {
	setup
	add_vrf
	into_vrf "mode stateless"
	# of errors of the router, which has no IPv4 address behind the prefix
	ip_on router route add 192.0.0.8/32 dev nat64 vrf blue
	ip_on client addr add $H6/128 dev eth0 nodad
	ip_on client route replace default via $R6 src $H6
	ip_on router route add $H6/128 via $C6 dev c0 vrf blue
}

both_ways() {
	carries $H4
	pings server 2 $H4
	traffic udp server client $H4 $H6 1 4000
	traffic tcp server client $H4 $H6 300000
}

# A host without IPv4 address is told by the device.
stateless_told() {
	local out

	out=$(traffic udp client server --bind $C6 $S6 $S4 1 2>&1) && return 1
	has "$out" "ermission denied"
}

# loops_once NS ADDRESS: no mapping has the address, and both routes lead to the
# device: one pass, and the answer, which is translated too
loops_once() {
	local before sent

	before=$(dropped loop) sent=$(dev_stat router nat64 tx packets)
	has "$(told "$1" "$2")" "Destination "
	equal $(($(dropped loop) - before)) 1 "loop"
	equal $(($(dev_stat router nat64 tx packets) - sent)) 2 "sent"
}

loops() {
	loops_once client 2001:db8:64::cb00:714d
	loops_once server 203.0.113.77
}

# Another VRF, none, and one again: it is known wherever the device is.
loops_elsewhere() {
	ip_on router -batch - <<-EOF
		link add red type vrf table 20
		link set red up
		link set nat64 master red
		link set nat64 nomaster
		link set nat64 master blue
		link del red
		route add 203.0.113.0/24 dev nat64 vrf blue
		route add $POOL6 dev nat64 vrf blue
		route add 192.0.0.8/32 dev nat64 vrf blue
	EOF
	loops
}

PATH=$HERE/../../../../nat64:$PATH

given stateful
add_test "stateful: no route of its own in the main table" main_table
add_test "stateful: ping, UDP, TCP" carries 203.0.113.
add_test "stateful: fragments of pings" pings client 2 -s 4000 $S6
add_test "stateful: errors, traceroute" errors
add_test "stateful: narrow links" narrow_stateful
add_test "stateful: errors sent by the device" told_by_device
given stateless
add_test "stateless: ping, UDP, TCP, both ways" both_ways
add_test "stateless: errors, traceroute" errors
add_test "stateless: narrow links" narrow $H4 $H6
add_test "stateless: errors sent by the device" stateless_told
add_test "D-7915-loop stateless: a packet that returns is dropped" loops
add_test "D-7915-loop stateless: after another VRF" loops_elsewhere
run_tests
