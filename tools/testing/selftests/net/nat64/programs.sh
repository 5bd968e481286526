#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# Protocols that translators are known to be hard on, through a stateful device:
# FTP, which tells addresses and ports, and tunnels. The topology is that of
# lib.sh.

# shellcheck source=lib.sh
. "$(dirname "$(readlink -f "$0")")/lib.sh"

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

	ip_on client link show wg0 >/dev/null 2>&1 || skip "no WireGuard"
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

setup || bail_out "no topology"
add_nat64 || bail_out "no device"

add_test "R4787-R10-a FTP in extended passive mode" ftp
add_test "a WireGuard tunnel is set up" add_tunnel
add_test "WireGuard carries both families, both ways" tunnel
run_tests
