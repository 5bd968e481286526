#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# Two hosts, each behind a translator of its own or both behind one, that open a
# TCP connection to each other at the same time (RFC 5382 REQ-2 and REQ-4, RFC
# 6146 section 3.5.2.2), with a server that tells them how the other is seen.
#
#    client            router                 far             peer
#  +---------+      +----------+          +----------+      +-------+
#  |    eth0 |------| c0    f0 |----------| u0    c0 |------| eth0  |
#  +---------+      |  nat64   |   IPv4   |   back   |      +-------+
#    client2 -------| d0    s0 |          +----------+
#                   +-----+----+
#                         |
#                       server
#
#  nat64: pool6 2001:db8:64::/96, pool4 203.0.113.1
#  back:  pool6 2001:db8:66::/96, pool4 192.0.2.1

# shellcheck source=lib.sh
. "$(dirname "$(readlink -f "$0")")/lib.sh"

add_far() {
	add_netns far peer && make_router far &&
		add_link far c0 peer eth0 && add_link router f0 far u0 ||
		return
	ip_on router -batch - <<-EOF || return
		addr add 198.18.0.1/30 dev f0
		route add 192.0.2.1 via 198.18.0.2
	EOF
	ip_on far -batch - <<-EOF || return
		addr add 198.18.0.2/30 dev u0
		addr add 2001:db8:67::1/64 dev c0 nodad
		route add default via 198.18.0.1
	EOF
	ip_on peer -batch - <<-EOF
		addr add 2001:db8:67::2/64 dev eth0 nodad
		route add default via 2001:db8:67::1
	EOF
}

# translators FILTER PORTS: with address-dependent filtering or not, and with
# these ports on the far side
translators() {
	ip_on router link del nat64 2>/dev/null || true
	ip_on far link del back 2>/dev/null || true
	add_nat64 pool4 $T1 address-dependent-filtering "$1"
	ip_on far -batch - <<-EOF
		link add back type nat64 pool6 2001:db8:66::/96 pool4 192.0.2.1 $2 address-dependent-filtering $1
		link set back up
		route add 192.0.2.1 dev back
		route add 2001:db8:66::/96 dev back
	EOF
}

# punch TEST: see holepunch.py
punch() {
	timeout "$(slow 40)" "$PYTHON" -BEs "$HERE/holepunch.py" "$1" "$$"
}

filtered_open() {
	translators on ""
	punch rendezvous
	equal "$(counters far back | jq '.[0].counters["tcp-syn-crossed"]')" 1 \
		"SYNs that waited at the far translator"
}

unfiltered_open() {
	translators off ""
	punch rendezvous_listen
}

hairpin_open() {
	translators on ""
	punch hairpin
	equal "$(dropped tcp-syn-crossed)" 1 "SYNs that waited"
}

udp() {
	translators "$1" ""
	punch udp
}

nobody() {
	translators off ""
	punch refused
	equal "$(dropped tcp-syn-unanswered)" 1 "SYNs that waited in vain"
}

no_store() {
	translators off ""
	ip_on router link set nat64 type nat64 maximum-simultaneous-opens 0
	punch ignored
	equal "$(dropped tcp-syn-unanswered)" 0 "SYNs that waited in vain"
}

# With a connection waiting for its answer: nothing may stay behind.
deleted() {
	translators off ""
	punch leave_waiting
	ip_on router link del nat64
}

begin() { setup && add_client2 && add_far; }

given begin

add_test "R5382-R2-a,R5382-R4-a,D-6146-match both filter: simultaneous open" filtered_open
add_test "R5382-R2-a neither filters: one side listens" unfiltered_open
add_test "R6146-3.8-a simultaneous open of two hosts behind one" hairpin_open
add_test "R4787-R8-a UDP, both filter" udp on
add_test "R4787-R8-a UDP, neither filters" udp off
add_test "R6146-3.5.2.2-b nobody opens: refused after six seconds" nobody
add_test "R5382-R4-b nothing may wait: silence" no_store
add_test "R6146-3.5.2.2-b the device is deleted while a SYN waits" deleted
run_tests
