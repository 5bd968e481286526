#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# Routes to the device with a gateway, which need not exist, and without one.
# Errors come right with either; with a gateway, the IPv6 servers of a route share
# one neighbour entry.
#
#  client        r6            router             r4           server
#  eth0 ------ c0  u0 ------ c0 nat64 s0 ------ u0  s0 ------ eth0
#      ::1::10  R6    2001:db8:3::/64   192.0.2.0/24   R4    .5

# shellcheck source=lib.sh
. "$(dirname "$(readlink -f "$0")")/lib.sh"
need nstat

NOWHERE4=198.18.0.1 NOWHERE6=2001:db8:64::c612:1
ROUTER46=2001:db8:64::c000:202 NEXT46=2001:db8:64::c000:201

carries() {
	pings client 3 $S6
	pings router 3 $S6
	traffic tcp client server $S6 $S4 1000000
	traffic udp client server $S6 $S4 1 1400 8000
}

# unreachable NS ADDRESS SENDER: what NS has no route to, as the client is told
unreachable() {
	ip_on "$1" route add unreachable $NOWHERE4
	has "$(told client $NOWHERE6)" "From $2 " "Destination unreachable: No route"
	ip_on "$1" route del unreachable $NOWHERE4
}

# A router behind the translation loses the route to the client.
reply_unreachable() {
	local before

	before=$(snmp server IcmpInDestUnreachs)
	ip_on r6 route add unreachable $C6/128
	lost client 1 $S6
	ip_on r6 route del unreachable $C6/128
	equal "$(snmp server IcmpInDestUnreachs)" $((before + 1)) \
		"errors at the server"
}

# One of the device itself, which looks for the way back by itself.
own_error() {
	ip_on router link set nat64 type nat64 pool4 none
	has "$(told client $S6)" "Destination unreachable: Address unreachable"
	ip_on router link set nat64 type nat64 pool4 $T1 pool4 $T2
}

# Packets sent by the router are not forwarded in IPv6: the route learns the
# MTU.
own_mtu() {
	ip_on router link set s0 mtu 1400
	ip_on r4 link set u0 mtu 1400
	has "$(told router -M "do" -s 1452 $S6)" "mtu=1420"
	has "$(ip_on router -6 route get $S6)" "mtu 1420"
	pings router 1 -M "do" -s 1372 $S6
	ip_on router -6 route flush cache
	ip_on router link set s0 mtu 1500
	ip_on r4 link set u0 mtu 1500
}

# The server's segments meet a narrow IPv6 link of the router.
server_mtu() {
	local seen

	ip_on router link set c0 mtu 1400
	ip_on r6 link set u0 mtu 1400
	ip_on client route replace default via $R6 advmss 1460
	seen=$(traffic tcp client server $S6 $S4 1000000 | cut -d ' ' -f 2)
	has "$(ip_on server route get "$seen")" "mtu 1380"
	ip_on client route replace default via $R6 advmss 1440
	ip_on server -4 route flush cache
	ip_on router link set c0 mtu 1500
	ip_on r6 link set u0 mtu 1500
}

# The third hop is IPv4 of the router, the fourth r4.
expires() {
	has "$(told client -t 3 $S6)" "From $ROUTER46 " "Time exceeded"
	has "$(told client -t 4 $S6)" "From $NEXT46 " "Time exceeded"
}

# To a binding: the third hop is IPv6 of the router, the fourth r6.
reply_expires() {
	local address port before ttl

	coproc mapping hold
	# shellcheck disable=SC2153 # coproc makes it
	read -r address port <&"${COPROC[0]}"
	for ttl in 3 4; do
		before=$(snmp server IcmpInTimeExcds)
		server "$PYTHON" -c 'import socket, sys
sock = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
sock.setsockopt(socket.IPPROTO_IP, socket.IP_TTL, int(sys.argv[3]))
sock.sendto(b"x", (sys.argv[1], int(sys.argv[2])))' "$address" "$port" $ttl
		wait_for eval "[ \$(snmp server IcmpInTimeExcds) = $((before + 1)) ]"
	done
}

# neighbours COUNT: entries that twenty servers make
neighbours() {
	local out

	client "$PYTHON" -c 'import socket, sys
sock = socket.socket(socket.AF_INET6, socket.SOCK_DGRAM)
for host in range(20):
    sock.sendto(b"x", ("2001:db8:64::c613:%x" % (1 + host), 9))'
	out=$(ip_on router -6 neigh show dev nat64 nud all)
	equal "$(grep -c '^2001:db8:64::c613:' <<<"$out" || true)" "$1" \
		"neighbours"
	# IPv4 has one for all on such a device
	atmost "$(ip_on router -4 neigh show dev nat64 nud all | wc -l)" 1 \
		"IPv4 neighbours"
}

# begin IPV6-GATEWAY IPV4-GATEWAY: the words of the route, if any
begin() {
	setup_long && ip_on router -batch - <<-EOF
		link add nat64 type nat64 pool6 $POOL6 pool4 $T1 pool4 $T2
		link set nat64 up
		route add $POOL6 $1 dev nat64
		route add $POOL4 $2 dev nat64
	EOF
}

# add_form NAME NEIGHBOURS: what every form of the IPv6 route has
add_form() {
	add_test "$1: R7915-4.2-e IPv4 of the router: unreachable" \
		unreachable router $ROUTER46
	add_test "$1: R7915-4.2-e an IPv4 router: unreachable" \
		unreachable r4 $NEXT46
	add_test "$1: the device itself: unreachable" own_error
	add_test "$1: R7915-4.2-t the router's own packets: too big" own_mtu
	add_test "$1: neighbours of twenty servers" neighbours "$2"
}

# add_all NAME: what uses the routes of both families
add_all() {
	add_test "$1: traffic of hosts and of the router" carries
	add_test "$1: R7915-5.2-d an IPv6 router: unreachable" \
		reply_unreachable
	add_test "$1: R7915-5.2-o an IPv6 link of 1400: too big" server_mtu
	add_test "$1: R7915-4.2-k IPv4: time exceeded" expires
	add_test "$1: R7915-5.2-i IPv6: time exceeded" reply_expires
}

given begin "via fe80::64" ""
add_form "gateway" 0
add_all "gateway"
given begin "via fe80::64" "via inet6 fe80::64"
add_all "gateways in both families"
# traceroute.sh and pmtu.sh have the others
given begin "" ""
add_form "no gateway" 20
run_tests
