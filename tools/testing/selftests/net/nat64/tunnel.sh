#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# Tunnels through a stateless device: one end is an IPv6 host, the other an IPv4
# host, and neither knows. What the ends hand over is segmented inside of what
# is translated, so it has to be taken apart or kept right. Behind a tunnel,
# packets come with other checksum states than from a wire.
#
#    client                    router                      server
#  +---------+         +----------------------+         +----------+
#  |    eth0 |---------| c0     nat64      s0 |---------| eth0     |
#  |    tun0 |         +----------------------+         | tun0     |
#  +---------+                                          +----------+
#  203.0.113.10 in IPv6;                                198.51.100.5;
#  10.9.0.1, fd09::1                                    10.9.0.2, fd09::2

# shellcheck source=lib.sh
. "$(dirname "$(readlink -f "$0")")/lib.sh"
need ethtool

H4=203.0.113.10
H6=2001:db8:64::cb00:710a

add_stateless() {
	ip_on router -batch - <<-EOF
		link add nat64 type nat64 pool6 $POOL6 mode stateless lowest-ipv6-mtu 1500
		link set nat64 up
		route add $H4 dev nat64
		route add $POOL6 dev nat64
		route add $H6/128 via $C6 dev c0
	EOF
	ip_on client addr add $H6/128 dev eth0 nodad
	ip_on client route replace default via $R6 src $H6
}

# ends CLIENT-WORDS SERVER-WORDS: a tunnel device at each end
ends() {
	ip_on client link del tun0 2>/dev/null || true
	ip_on server link del tun0 2>/dev/null || true
	ip_on client link add tun0 mtu 1380 type $1 || skip "no ${1%% *}"
	ip_on server link add tun0 mtu 1380 type $2 || skip "no ${2%% *}"
	ip_on client link set tun0 up
	ip_on server link set tun0 up
}

inner4() {
	ip_on client addr add 10.9.0.1/24 dev tun0
	ip_on server addr add 10.9.0.2/24 dev tun0
}

inner6() {
	ip_on client addr add fd09::1/64 dev tun0 nodad
	ip_on server addr add fd09::2/64 dev tun0 nodad
}

# average NS DEV: sets AVERAGE from here to the next call
average() {
	local bytes packets

	bytes=$(dev_stat "$1" "$2" rx bytes)
	packets=$(dev_stat "$1" "$2" rx packets)
	AVERAGE=$(((bytes - BYTES) / (packets > PACKETS ? packets - PACKETS : 1)))
	BYTES=$bytes PACKETS=$packets
}
BYTES=0 PACKETS=0

# carries CLIENT SERVER: large buffers and small, both ways. What arrives at the
# router has to be whole, or nothing is tested; not even an emulated machine
# sends all in pieces.
carries() {
	average router c0
	traffic tcp client server "$2" "$2" 1 1000000
	average router c0
	atleast "$AVERAGE" 1600 "average of what arrived"
	traffic tcp server client "$1" "$1" 300000
	traffic udp client server "$2" "$2" 1 1000 8000
	traffic udp server client "$1" "$1" 1 1000 8000
}

carries4() { carries 10.9.0.1 10.9.0.2; }
carries6() { carries fd09::1 fd09::2; }

vxlan() {
	ends "vxlan id 7 local $H6 remote $S6 dstport 4789 dev eth0" \
		"vxlan id 7 local $S4 remote $H4 dstport 4789 dev eth0 udpcsum"
	inner4 && inner6
	carries4
	carries6
}

geneve() {
	ends "geneve id 7 remote $S6" "geneve id 7 remote $H4 udpcsum"
	inner4
	carries4
}

# The IPv6 side adds a destination option, which goes away on the way.
gretap() {
	ends "ip6gretap local $H6 remote $S6 $1" "gretap local $S4 remote $H4"
	inner4
	carries4
}

ipip() {
	ends "ip6tnl mode ipip6 local $H6 remote $S6 encaplimit none" \
		"ipip local $S4 remote $H4"
	inner4
	carries4
}

ip6ip6() {
	ends "ip6tnl mode ip6ip6 local $H6 remote $S6 encaplimit none" \
		"sit local $S4 remote $H4"
	inner6
	carries6
}

fou() {
	local both="encap fou encap-sport 5555 encap-dport 5555"

	modprobe -a fou fou6 2>/dev/null || true
	ip_on client fou add port 5555 ipproto 4 -6 || skip "no fou"
	ip_on server fou add port 5555 ipproto 4 || skip "no fou"
	ends "ip6tnl mode ipip6 local $H6 remote $S6 encaplimit none $both encap-udp6-csum" \
		"ipip local $S4 remote $H4 $both encap-csum"
	inner4
	carries4
}

# No UDP checksum in IPv4: refused, or computed, D-7915-u0 the other way.
no_checksum() {
	local before

	ends "vxlan id 7 local $H6 remote $S6 dstport 4789 dev eth0" \
		"vxlan id 7 local $S4 remote $H4 dstport 4789 dev eth0 noudpcsum"
	inner4
	before=$(dropped udp-zero-checksum)
	lost server 2 10.9.0.1
	# of one ARP request or more
	atleast $(($(dropped udp-zero-checksum) - before)) 1 udp-zero-checksum
	ip_on router link set nat64 type nat64 amend-udp-checksum-zero on
	carries4
	ip_on router link set nat64 type nat64 amend-udp-checksum-zero off
}

# large NS PEER: through the tunnel, in fragments
large() { pings "$1" 2 -s 3000 "$2"; }

# Fragments of what has no UDP checksum: refused, or forwarded to who takes them.
no_checksum_fragments() {
	local before

	ends "vxlan id 7 local $H6 remote $S6 dstport 4789 udp6zerocsumtx udp6zerocsumrx" \
		"vxlan id 7 local $S4 remote $H4 dstport 4789 noudpcsum"
	inner4
	ip_on client link set tun0 mtu 4000
	ip_on server link set tun0 mtu 4000
	ip_on router link set nat64 type nat64 amend-udp-checksum-zero on
	pings server 1 10.9.0.1
	before=$(dropped udp-zero-checksum)
	lost server 2 -s 3000 10.9.0.1
	atleast $(($(dropped udp-zero-checksum) - before)) 1 udp-zero-checksum
	before=$(dropped udp-zero-checksum)
	ip_on router link set nat64 type nat64 amend-udp-checksum-zero forward
	large server 10.9.0.1
	large client 10.9.0.2
	equal "$(dropped udp-zero-checksum)" "$before" udp-zero-checksum
	ip_on router link set nat64 type nat64 amend-udp-checksum-zero off
}

# The last hop to the router is a tunnel: with its checksum verified, the sum of
# what it carries is known when it comes out (CHECKSUM_COMPLETE); without, there
# is none (CHECKSUM_NONE).
behind() {
	ip_on client link del v0 2>/dev/null || true
	ip_on router link del v0 2>/dev/null || true
	ip_on client link add v0 type vxlan id 9 local $C6 remote $R6 \
		dstport 4790 dev eth0 $1 || skip "no vxlan"
	ip_on router link add v0 type vxlan id 9 local $R6 remote $C6 \
		dstport 4790 dev c0 $1
	ip_on client -batch - <<-EOF
		addr add 2001:db8:9::10/64 dev v0 nodad
		link set v0 mtu 1400 up
		route replace $S6 via 2001:db8:9::1 dev v0 src $H6 mtu 1400
	EOF
	ip_on router -batch - <<-EOF
		addr add 2001:db8:9::1/64 dev v0 nodad
		link set v0 mtu 1400 up
		route replace $H6/128 via 2001:db8:9::10 dev v0
	EOF
	traffic tcp client server $S6 $S4 1 1000000
	traffic tcp server client $H4 $H6 300000
	traffic udp client server $S6 $S4 1 1000 1300
	traffic udp server client $H4 $H6 1 1000 1300
	pings client 3 -s 1000 $S6
	pings server 3 -s 1000 $H4
}

behind_without_offloads() {
	router ethtool -K c0 gro off tx off
	router ethtool -K s0 gro off tx off
	client ethtool -K eth0 tx off
	behind ""
	router ethtool -K c0 gro on tx on
	router ethtool -K s0 gro on tx on
	client ethtool -K eth0 tx on
}

begin() { setup && add_stateless; }

given begin

add_test "D-7915-partial VXLAN from IPv6 to IPv4" vxlan
add_test "D-7915-partial GENEVE from IPv6 to IPv4" geneve
add_test "D-7915-partial,R7915-5.5-b Ethernet in GRE" gretap "encaplimit none"
add_test "D-7915-partial,R7915-5.1-h Ethernet in GRE after a destination option" \
	gretap ""
add_test "D-7915-partial,R7915-5.5-b IPv4 in IP" ipip
add_test "D-7915-partial,R7915-5.5-b IPv6 in IP" ip6ip6
add_test "D-7915-partial FOU from IPv6 to IPv4" fou
add_test "R7915-4.5-c VXLAN without UDP checksum" no_checksum
add_test "R7915-1.2-a fragments of VXLAN without UDP checksum" \
	no_checksum_fragments
add_test "D-7915-partial out of a tunnel, sum known" behind ""
add_test "D-7915-partial out of a tunnel, sum unknown" \
	behind "udp6zerocsumtx udp6zerocsumrx"
add_test "D-7915-partial out of a tunnel, no offloads" behind_without_offloads
run_tests
