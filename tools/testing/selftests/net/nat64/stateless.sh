#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# Stateless mode: every address of one family is one of the other, so either
# side may begin. The client has the IPv6 form of 192.0.2.33, the server is
# 198.51.100.254; RFC 6052 section 2.4 and rfc.md 1.1 print both for every
# prefix length.
#
#    client                    router                      server
#  +---------+         +----------------------+         +----------+
#  |    eth0 |---------| c0     nat64      s0 |---------| eth0     |
#  +---------+         +----------------------+         +----------+
#  192.0.2.33 in IPv6                                   198.51.100.254

# shellcheck source=lib.sh
. "$(dirname "$(readlink -f "$0")")/lib.sh"
need curl nstat

H4=192.0.2.33
V4=198.51.100.254

# prefix, client, server
TABLE="
2001:db8::/32          2001:db8:c000:221::          2001:db8:c633:64fe::
2001:db8:100::/40      2001:db8:1c0:2:21::          2001:db8:1c6:3364:fe::
2001:db8:122::/48      2001:db8:122:c000:2:2100::   2001:db8:122:c633:64:fe00::
2001:db8:122:300::/56  2001:db8:122:3c0:0:221::     2001:db8:122:3c6:33:64fe::
2001:db8:122:344::/64  2001:db8:122:344:c0:2:2100:0 2001:db8:122:344:c6:3364:fe00:0
2001:db8:122:344::/96  2001:db8:122:344::c000:221   2001:db8:122:344::c633:64fe
"

# The more specific route keeps the client's own address off the device.
add_stateless() {
	ip_on router -batch - <<-EOF
		link add nat64 type nat64 pool6 $1 mode stateless
		link set nat64 up
		route add $H4 dev nat64
		route add $1 dev nat64
		route add $2/128 via $C6 dev c0
	EOF
	ip_on client addr add "$2/128" dev eth0 nodad
	ip_on client route replace default via $R6 src "$2"
}

del_stateless() {
	ip_on router link del nat64
	ip_on router route del "$1/128"
	ip_on client addr del "$1/128" dev eth0
}

# The peers' addresses are compared as text, in the form the C library prints.
length() {
	local prefix=$1 host=$2 peer=$3 out

	add_stateless "$prefix" "$host"
	pings client 2 "$peer"
	pings server 2 $H4
	out=$(traffic udp client server "$peer" $V4 100)
	has "$out" "100 $H4 "
	out=$(traffic udp server client $H4 "$host" 100)
	has "$out" "100 $peer "
	del_stateless "$host"
}

both_begin_udp() {
	has "$(traffic udp client server "$P6" $V4 0 1 1452 1453 8192)" \
		"0 $H4 " "8192 $H4 "
	has "$(traffic udp server client $H4 "$H6" 0 1 1452 1453 8192)" \
		"0 $P6 " "8192 $P6 "
}

both_begin_tcp() {
	has "$(traffic tcp client server "$P6" $V4 1 1000 "$1")" "$1 $H4 "
	has "$(traffic tcp server client $H4 "$H6" 1 1000 "$1")" "$1 $P6 "
}

# Ports stay what they are: there is no table to change them.
ports_kept() {
	has "$(traffic udp client server --bind-port 500 "$P6" $V4 10)" \
		"10 $H4 500"
	has "$(traffic udp server client --bind-port 501 $H4 "$H6" 10)" \
		"10 $P6 501"
}

# Whole datagrams pass although no fragment is put together on the way.
no_reassembly() {
	local before

	before=$(snmp router IpReasmReqds)
	traffic udp client server "$P6" $V4 8192
	equal "$(snmp router IpReasmReqds)" "$before" "fragments of the router"
}

fragmented_ping() {
	lost client 1 -s 3000 "$P6"
	lost server 1 -s 3000 $H4
	equal "$(dropped icmp-fragment)" 6 "counted"
	pings client 1 "$P6"
}

http() {
	mkdir "$WORK/www"
	head -c 300000 /dev/urandom >"$WORK/www/file"
	web client "$H6"
	server curl -sS -m "$(slow 10)" -o "$WORK/got" "http://$H4/file"
	cmp "$WORK/www/file" "$WORK/got"
}

closed_ports() {
	local out

	out=$(traffic udp client server --connect-port 9 "$P6" $V4 1 2>&1) &&
		return 1
	has "$out" "onnection refused"
	out=$(traffic udp server client --connect-port 9 $H4 "$H6" 1 2>&1) &&
		return 1
	has "$out" "onnection refused"
	out=$(traffic tcp server client --connect-port 9 $H4 "$H6" 1 2>&1) &&
		return 1
	has "$out" "onnection refused"
}

add_lengths() {
	local prefix host peer

	while read -r prefix host peer; do
		[ -n "$prefix" ] || continue
		add_test "R6052-2.2-c pool6 $prefix, ping and UDP both ways" \
			length "$prefix" "$host" "$peer"
		H6=$host P6=$peer LAST=$prefix
	done <<<"$TABLE"
}

begin() {
	setup
	ip_on server -batch - <<-EOF
		addr flush dev eth0
		addr add $V4/24 dev eth0
		route add default via $R4
	EOF
	[ $# -eq 0 ] || add_stateless "$@"
}

given begin
add_lengths
# The rest uses the last prefix of the table.
given begin "$LAST" "$H6"
add_test "UDP both ways, 0 to 8192 bytes" both_begin_udp
add_test "TCP both ways, 1 byte to 1 MB" both_begin_tcp 1000000
add_test "R7915-1 ports are kept" ports_kept
add_test "R7915-1 fragments are translated one by one" no_reassembly
add_test "R7915-1.2 fragmented ICMP is dropped" fragmented_ping
add_test "HTTP from the IPv4 side" http
add_test "closed ports answer on both sides" closed_ports
run_tests
