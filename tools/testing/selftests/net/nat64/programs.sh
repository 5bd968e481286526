#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# Protocols that translators are known to be hard on, through a stateful device:
# FTP, which tells addresses and ports, and tunnels. The topology is that of
# lib.sh. ssh.sh has OpenSSH.

# shellcheck source=lib.sh
. "$(dirname "$(readlink -f "$0")")/lib.sh"
# shellcheck source=ipsec.sh
. "$HERE/ipsec.sh"

# The nat64 command of this tree, when it has been built.
PATH=$HERE/../../../../nat64:$PATH
need nat64

# FTP's data connections go to ports that the server chooses. No gateway is
# needed in extended passive mode.
ftp() {
	server "$PYTHON" -BEs "$HERE/ftp.py" serve $S4 21 &
	wait_listen server 21
	client timeout "$(slow 30)" "$PYTHON" -BEs "$HERE/ftp.py" transfer \
		$S6 21 2000000
}

# IPv6 to the translator on one side, IPv4 on the other; both inside.
add_tunnel() {
	ip_on client link add wg0 type wireguard 2>/dev/null ||
		skip "no WireGuard"
	ip_on server link add wg0 type wireguard
	server "$PYTHON" -BEs "$HERE/wireguard.py" wg0 0 51820
	client "$PYTHON" -BEs "$HERE/wireguard.py" wg0 1 0 $S6 51820
	ip_on client -batch - <<-EOF
		addr add 10.99.0.1/24 dev wg0
		addr add fd99::1/64 dev wg0 nodad
		link set wg0 up
	EOF
	ip_on server -batch - <<-EOF
		addr add 10.99.0.2/24 dev wg0
		addr add fd99::2/64 dev wg0 nodad
		link set wg0 up
	EOF
}

tunnel() {
	local before

	before=$(dev_stat router nat64 rx packets)
	pings client 3 10.99.0.2
	pings client 3 fd99::2
	# both ways now, and as large as the tunnel has it
	pings server 3 10.99.0.1
	pings client 3 -M "do" -s 1392 10.99.0.2
	has "$(traffic tcp client server fd99::2 fd99::2 1000000)" \
		"1000000 fd99::1"
	has "$(traffic tcp server client 10.99.0.1 10.99.0.1 1000000)" \
		"1000000 10.99.0.2"
	atleast "$(dev_stat router nat64 rx packets)" $((before + 100)) \
		"packets through the translator"
}

# From IPv4 the kernel sends UDP without checksum: all that comes out in IPv6
# has one.
ipsec() {
	local before sessions

	before=$(dev_stat router nat64 rx packets)
	pings client 3 10.98.0.2
	pings client 3 fd98::2
	pings server 3 10.98.0.1
	pings server 3 fd98::1
	# in pieces, after the first ones have found out how long these may be
	pings client 3 -s 3000 10.98.0.2
	wait_for server ping -q -n -c 1 -W 1 -s 3000 fd98::1
	pings server 3 -s 3000 fd98::1
	has "$(traffic tcp client server fd98::2 fd98::2 1000000)" \
		"1000000 fd98::1"
	has "$(traffic tcp server client 10.98.0.1 10.98.0.1 1000000)" \
		"1000000 10.98.0.2"
	atleast "$(dev_stat router nat64 rx packets)" $((before + 100)) \
		"packets through the translator"
	# all of that is one flow
	sessions=$(nat64 -n "$(netns_name router)" session show dev nat64 \
		addr6 $C6#4500)
	equal "$(wc -l <<<"$sessions")" 1 "sessions"
	has "$sessions" "udp $C6#4500 $(tr ' ' '#' <"$WORK/answered") $S4#4500"
}

with_tunnel() { setup_nat64 && add_tunnel; }
with_ipsec() { setup_nat64 && add_ipsec $C6 $S6; }

given setup_nat64

add_test "FTP in extended passive mode" ftp
given with_tunnel
add_test "WireGuard carries both families, both ways" tunnel
given with_ipsec
add_test "D-ipsec,R6146-3.4-k IPsec in UDP carries both families, both ways" \
	ipsec
run_tests
