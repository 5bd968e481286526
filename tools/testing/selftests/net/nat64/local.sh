#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# The router's own traffic: its programs use IPv6 towards IPv4 hosts, and are
# reached from either side through the device.
#
#    client                    router                      server
#  +---------+         +----------------------+         +----------+
#  |    eth0 |---------| c0     nat64      s0 |---------| eth0     |
#  +---------+         +----------------------+         +----------+
#                        ping, curl, sockets

# shellcheck source=lib.sh
. "$(dirname "$(readlink -f "$0")")/lib.sh"
need curl nft

ping_server() {
	pings router 3 $S6
	# The MTU of the device is 65535: those of the links must be learnt.
	has "$(told router -s 4000 $S6)" "Packet too big: mtu=1520"
	pings router 2 -s 4000 $S6
}

# The router's sockets are told of the path's MTU by the first that is too long.
learn_mtu() { told router -s 4000 $S6 || true; }

to_server() {
	learn_mtu
	has "$(traffic udp router server $S6 $S4 0 1 1452 4000 8192)" \
		"8192 203.0.113."
	has "$(traffic tcp router server $S6 $S4 1 1000 2000000)" \
		"2000000 203.0.113."
	traffic udp-gso router server $S6 $S4 60000
}

# The router's IPv4 address, from an IPv6 host behind it.
to_router() {
	pings client 3 $R64
	pings client 2 -s 4000 $R64
	has "$(traffic udp client router $R64 $R4 1 4000)" "4000 203.0.113."
	has "$(traffic tcp client router $R64 $R4 1 500000)" \
		"500000 203.0.113."
}

# Both ends are sockets of the router: what one sends is received by the other
# before the call returns, if nothing comes between.
to_itself() {
	pings router 3 $R64
	traffic udp router router $R64 $R4 1 4000
	traffic tcp router router $R64 $R4 1 2000000
}

# OUTPUT and INPUT see both families on the device.
hooks() {
	router nft -f - <<-EOF
		table ip6 own {
			chain out {
				type filter hook output priority 0
				oifname nat64 icmpv6 type echo-request counter comment "out"
			}
			chain in {
				type filter hook input priority 0
				iifname nat64 icmpv6 type echo-reply counter comment "in"
			}
		}
		table ip own {
			chain forwarded {
				type filter hook forward priority 0
				iifname nat64 oifname s0 counter comment "forwarded"
			}
		}
	EOF
	pings router 3 $S6
	equal "$(nft_packets router ip6 own out)" 3 "IPv6 output"
	equal "$(nft_packets router ip6 own in)" 3 "IPv6 input"
	equal "$(nft_packets router ip own forwarded)" 3 "IPv4 forward"
	router nft delete table ip6 own
	router nft delete table ip own
}

# Errors find the router's own socket.
errors() {
	local out

	out=$(traffic udp router server --connect-port 9 $S6 $S4 1 2>&1) &&
		return 1
	has "$out" "onnection refused"
	out=$(traffic tcp router server --connect-port 9 $S6 $S4 1 2>&1) &&
		return 1
	has "$out" "onnection refused"
}

# A narrow link behind it is learnt by the router's own TCP.
narrow() {
	ip_on router link set s0 mtu 1400
	ip_on server link set eth0 mtu 1400
	ip_on server route replace default via $R4 advmss 1460
	traffic tcp router server $S6 $S4 500000
	has "$(ip_on router route get $S6)" "mtu 1420"
	ip_on router link set s0 mtu 1500
	ip_on server link set eth0 mtu 1500
}

# A buffer is segmented before the device; the backlog has room for two packets
# and is processed only after the last segment.
backlog() {
	local before old rc=0

	before=$(dropped backlog-full)
	old=$(sysctl -n net.core.netdev_max_backlog)
	router ethtool -K nat64 gso off tx-udp-segmentation off
	# of the whole machine, so it must not stay, see begin
	sysctl -qw net.core.netdev_max_backlog=1
	router "$PYTHON" -BEsc "import socket, struct
s = socket.socket(socket.AF_INET6, socket.SOCK_DGRAM)
s.sendmsg([bytes(12000)], [(17, 103, struct.pack('H', 1200))], 0,
	  ('$S6', 9))" || rc=$?
	sysctl -qw net.core.netdev_max_backlog="$old"
	equal "$rc" 0 "sending"
	atleast $(($(dropped backlog-full) - before)) 1 backlog-full
	before=$(dropped backlog-full)
	to_server
	router ethtool -K nat64 gso on tx-udp-segmentation on
	equal "$(dropped backlog-full)" "$before" "backlog-full afterwards"
}

begin() {
	sysctl -qw net.core.netdev_max_backlog=1000
	setup_nat64
}

given begin

add_test "ping, both sizes" ping_server
add_test "UDP and TCP to the server" to_server
add_test "more packets at once than the backlog takes" backlog
add_test "HTTP by curl" fetch router 300000 $S6
add_test "netfilter sees it on both sides" hooks
add_test "errors reach the socket" errors
add_test "path MTU of a narrow link" narrow
add_test "the client to the router's IPv4 address" to_router
add_test "the router to its own IPv4 address" to_itself
add_test "the router's IPv4 to the client's mapping" mapping from_router
run_tests
