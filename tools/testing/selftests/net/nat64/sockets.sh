#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# Kinds of socket that a plain connection does not show: transmit timestamps,
# AF_XDP, packets sent faster than the CPU receives them; and what a user without
# rights can do in a namespace of its own.

# shellcheck source=lib.sh
. "$(dirname "$(readlink -f "$0")")/lib.sh"

# from NS TEST ARGUMENT...: see sockets.py
from() {
	on "$1" timeout "$(slow 30)" "$PYTHON" -BEs "$HERE/sockets.py" "${@:2}"
}

# The translated packet is sent by the device first.
timestamp() {
	from router timestamp "$1"
}

# A device of queues of its own, and no header in front of packets.
af_xdp() {
	local rx

	ip_on router link add siit type nat64 mode stateless \
		pool6 2001:db8:100::/40
	ip_on router link set siit up
	rx=$(dev_stat router siit rx packets)
	from router xdp siit || {
		ip_on router link del siit
		skip "no AF_XDP"
	}
	wait_for grown siit "$rx"
	equal "$(dropped malformed siit)" 0 malformed
	ip_on router link del siit
}

grown() { [ "$(dev_stat router "$1" rx packets)" -gt "$2" ]; }

# Ten datagrams, each in seventeen pieces, to a CPU that takes one piece.
backlog() {
	local old link

	old=$(</proc/sys/net/core/netdev_max_backlog)
	ip_on router link add siit type nat64 mode stateless \
		pool6 2001:db8:46::/96
	ip_on router link set siit up
	ip_on router route add 192.0.2.0/24 dev siit src $R4
	echo 0 >/proc/sys/net/core/netdev_max_backlog
	from router flood 192.0.2.5
	echo "$old" >/proc/sys/net/core/netdev_max_backlog
	link=$(ip_on router -s -j link show siit)
	equal "$(dropped backlog-full siit)" 10 "backlog-full"
	ip_on router link del siit
	equal "$(jq '.[0].stats64 | .tx.packets + .tx.dropped' <<<"$link")" \
		10 "packets sent or dropped"
	equal "$(jq '.[0].stats64.tx.dropped' <<<"$link")" 10 "dropped"
	# the kernel counts in rx_dropped what it does not take
	atmost "$(jq '.[0].stats64.rx.packets' <<<"$link")" 10 "received"
}

# Programs ask whether there are any before they rely on them.
timestamping() {
	command -v ethtool >/dev/null || skip "no ethtool"
	has "$(router ethtool -T nat64)" software-transmit software-receive
}

# Counted as sent if it was, else as dropped.
counted() {
	local tx drops

	tx=$(dev_stat router nat64 tx packets)
	drops=$(dev_stat router nat64 tx dropped)
	lost client 3 2001:db8:64::7f00:1
	equal $(($(dev_stat router nat64 tx packets) - tx)) 0 "sent"
	equal $(($(dev_stat router nat64 tx dropped) - drops)) 3 "dropped"
	pings client 3 $S6
	equal $(($(dev_stat router nat64 tx packets) - tx)) 6 "sent"
	equal $(($(dev_stat router nat64 tx dropped) - drops)) 3 "dropped"
}

nobody() {
	setpriv --reuid 65534 --regid 65534 --clear-groups unshare -Urn "$@"
}

# A transmit queue number is none of a receive queue: with RPS on, on any device
# of the host, the kernel would warn. The last test reads the log.
unprivileged() {
	local rps=/sys/class/net/lo/queues/rx-0/rps_cpus

	command -v setpriv >/dev/null || skip "no setpriv"
	nobody true || skip "no user namespaces"
	[ ! -w $rps ] || echo 1 >$rps
	nobody bash -e <<-EOF
		export PATH=$PATH IP_LIB_DIR=${IP_LIB_DIR-}
		ip link set lo up
		ip link add nat64 numtxqueues 8 numrxqueues 2 type nat64 pool6 $POOL6 pool4 $T1
		ip link set nat64 up
		ip -6 route add $POOL6 dev nat64
		ip addr add $C6/128 dev lo
		"$PYTHON" -BEs "$HERE/sockets.py" queues $C6 $S6
		ip -s -j link show nat64 | jq -e '.[0].stats64.rx.packets == 64'
	EOF
	[ ! -w $rps ] || echo 0 >$rps
}

# What mirred has redirected into the device is seen by XDP when it comes out.
generic_xdp() {
	command -v tc >/dev/null || skip "no tc"
	pings client 1 $S6
	"$PYTHON" -BEs "$HERE/sockets.py" load_xdp_drop "$WORK/bpf" || skip "no BPF"
	router tc qdisc add dev c0 clsact || skip "no clsact"
	router tc filter add dev c0 ingress protocol ipv6 flower \
		ip_proto icmpv6 dst_ip $S6 \
		action mirred egress redirect dev nat64 || skip "no flower"
	pings client 1 $S6
	ip_on router link set nat64 xdpgeneric pinned "$WORK/bpf/drop" ||
		skip "no generic XDP"
	lost client 3 $S6
	ip_on router link set nat64 xdpgeneric off
	router tc qdisc del dev c0 clsact
	umount "$WORK/bpf"
	pings client 1 $S6
}

begin() { setup_nat64 && pings client 1 $S6; }

given begin

add_test "transmit timestamps, 6 to 4" timestamp $S6
add_test "transmit timestamps are announced" timestamping
add_test "AF_XDP" af_xdp
add_test "a full backlog: each packet is counted once" backlog
add_test "packets are counted as sent or as dropped" counted
add_test "a user without rights, several queues, RPS" unprivileged
add_test "generic XDP sees redirected packets" generic_xdp
run_tests
