#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# What a STUN client says of the translator (RFC 3489, which calls it a cone):
# Debian's stun-client, and stun-server with its two addresses. The client knows
# only IPv4: a stateless device of its own host, as in 464XLAT, makes that IPv6,
# one to one, so that the stateful device is what it sees.
#
#       client                    router               server
#  +--------------------+     +-------------+     +--------------+
#  | stun   clat   eth0 |-----| c0       s0 |-----| eth0   stund |
#  +--------------------+     |    nat64    |     +--------------+
#    192.0.0.1 and            +-------------+     198.51.100.5, .9
#    2001:db8:1::464

# shellcheck source=lib.sh
. "$(dirname "$(readlink -f "$0")")/lib.sh"

# The nat64 command of this tree, when it has been built.
PATH=$HERE/../../../../nat64:$PATH
need nat64 stun stund ss

readonly CLAT6=2001:db8:1::464

add_clat() {
	client sysctl -qw net.ipv4.ip_forward=1 \
		net.ipv6.conf.all.forwarding=1 || return
	ip_on client -batch - <<-EOF || return
		link add clat type nat64 pool6 $POOL6 mode stateless
		link set clat up
		addr add 192.0.0.1/32 dev clat
		route add $CLAT6/128 dev clat
		route add default dev clat src 192.0.0.1
	EOF
	ip_on router route add $CLAT6/128 via $C6 || return
	nat64 -n "$(netns_name client)" eam add dev clat 192.0.0.1/32 $CLAT6/128
}

# It answers from either address and either port, as it is asked to.
add_stund() {
	ip netns exec "$(netns_name server)" stund -h $S4 -a $S4B \
		>"$WORK/stund" 2>&1 &
	wait_for stund_listens
}

stund_listens() {
	[ "$(server ss -Hlun "sport = :3478 or sport = :3479" | wc -l)" -ge 4 ]
}

# judged TEXT...: the verdict has all of it. The client is quiet while it waits
# for answers that are not to come; its status is the verdict in bits.
judged() {
	local out

	add_stund
	out=$(timeout "$(slow 40)" ip netns exec "$(netns_name client)" \
		stun $S4 2>&1) || true
	printf '# %s\n' "${out//$'\n'/$'\n# '}" >&3
	has "$out" "$@"
}

# Hairpins also show the outer source, or the client would not take them.
default() { judged "Independent Mapping, Independent Filter" "will hairpin"; }

filtered() {
	ip_on router link set nat64 type nat64 address-dependent-filtering on
	judged "Independent Mapping, Address Dependent Filter"
}

open_again() {
	ip_on router link set nat64 type nat64 address-dependent-filtering off
	judged "Independent Mapping, Independent Filter"
}

# The router's own address, which its own ports share.
borrowed() {
	ip_on router link set nat64 type nat64 pool4 host \
		address-dependent-filtering "$1"
	judged "Independent Mapping, $2 Filter"
}

# What the client printed is a diagnostic of the test, passed or not.
exec 3>&1

begin() { setup_nat64 && add_clat; }

given begin

add_test "the server answers through both devices" pings client 2 $S4
add_test "R4787-R1-a, R4787-R8-a STUN: independent mapping and filtering" default
add_test "R4787-R8-a STUN: address-dependent-filtering" filtered
add_test "STUN: independent filtering again" open_again
add_test "STUN: the router's own address" borrowed off Independent
add_test "STUN: the router's own address, address-dependent-filtering" \
	borrowed on "Address Dependent"
run_tests
