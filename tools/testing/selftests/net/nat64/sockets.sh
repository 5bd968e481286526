#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# Kinds of socket that a plain connection does not show: transmit timestamps,
# AF_XDP, packets sent faster than the CPU receives them; and what a user without
# rights can do in a namespace of its own.

#
# Environment: NAT64_TOOL   nat64, if it is neither in tools/nat64 nor installed

# shellcheck source=tool.sh
. "$(dirname "$(readlink -f "$0")")/tool.sh"

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

# as_nobody SENT DEVICE COMMAND...: a user without rights, in a namespace of its
# own with devices of several queues; the last one must receive SENT packets.
#
# A transmit queue number is none of a receive queue: with RPS on, on any device
# of the host, the kernel would warn. The last test reads the log.
as_nobody() {
	local rps=/sys/class/net/lo/queues/rx-0/rps_cpus
	local queues="mtu 1500 numtxqueues 8 numrxqueues 2"

	command -v setpriv >/dev/null || skip "no setpriv"
	nobody true || skip "no user namespaces"
	[ ! -w $rps ] || echo 1 >$rps
	nobody bash -eE <<-EOF
		export PATH=$PATH IP_LIB_DIR=${IP_LIB_DIR-} SLOW=$SLOW
		ip -batch - <<-END
			link set lo up
			addr add $C6/128 dev lo
			addr add $T2/32 dev lo
			link add nat64 $queues type nat64 pool6 $POOL6 pool4 $T1
			link add siit $queues type nat64 pool6 2001:db8:46::/96 mode stateless
			link set nat64 up
			link set siit up
			route add $POOL6 dev nat64
			route add $S4/32 dev siit src $T2
		END
		received() {
			ip -s -j link show $2 | jq .[0].stats64.rx.packets
		}
		${@:3}
		for ((i = 0; i < 10 * SLOW; i++)); do
			[ \$(received) != $1 ] || break
			sleep 0.1
		done
		echo "received \$(received), expected $1" >&2
		[ \$(received) = $1 ]
	EOF
	[ ! -w $rps ] || echo 0 >$rps
}

python() { echo "$PYTHON" -BEs "$HERE/$1" "${@:2}"; }

unprivileged() {
	as_nobody 64 nat64 "$(python sockets.py queues $C6 $S6)"
}

# Three fragments each. From IPv4, those of 1500 bytes become two.
unprivileged_fragments() {
	as_nobody $((64 * 3)) nat64 "$(python sockets.py queues $C6 $S6 3000)"
	as_nobody $((64 * 5)) siit "$(python sockets.py queues $T2 $S4 3000)"
}

# probed SESSIONS: lines for the nat64 command, sessions that are soon probed
probed() {
	local i

	for ((i = 0; i < $1; i++)); do
		echo "session add dev nat64 tcp $C6#$((2000 + i))" \
			"$T1#$((3000 + i)) $S4#80 established expires 1"
	done
}

# The host answers each probe with an RST.
unprivileged_probes() {
	probed 8 >"$WORK/batch"
	chmod a+rx "$WORK"
	as_nobody 16 nat64 "$NAT64_TOOL -batch $WORK/batch"
}

resets() { [ "$(snmp client TcpOutRsts)" -ge "$1" ]; }

# RPS of the device itself, and a program that sees what is received: each packet
# begins with its IP header.
rps() {
	local cpus="/sys/class/net/nat64/queues/rx-*/rps_cpus" before

	router sh -c "ls $cpus" >/dev/null || skip "no RPS"
	"$PYTHON" -BEs "$HERE/sockets.py" load_xdp ip "$WORK/rps" || {
		umount "$WORK/rps"
		skip "no BPF"
	}
	del_nat64
	ip_on router -batch - <<-EOF
		link add nat64 numtxqueues 8 numrxqueues 2 type nat64 pool6 $POOL6 pool4 $T1
		link set nat64 up
		link set nat64 xdpgeneric pinned $WORK/rps/ip
		route add $POOL4 dev nat64
		route add $POOL6 dev nat64
	EOF
	router sh -c "for file in $cpus; do echo 3 >\$file; done"
	pings client 2 $S6
	pings client 2 -s 3000 $S6
	traffic udp client server $S6 $S4 1000 3000 8000
	traffic tcp client server $S6 $S4 100000
	before=$(snmp client TcpOutRsts)
	probed 8 | nat64 -batch -
	wait_for resets $((before + 8))
	umount "$WORK/rps"
	del_nat64
	add_nat64
	pings client 1 $S6
}

# What mirred has redirected into the device is seen by XDP when it comes out.
generic_xdp() {
	command -v tc >/dev/null || skip "no tc"
	pings client 1 $S6
	"$PYTHON" -BEs "$HERE/sockets.py" load_xdp drop "$WORK/bpf" || skip "no BPF"
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
add_test "fragments of a user without rights, several queues, RPS" \
	unprivileged_fragments
add_test "probes for a user without rights, several queues, RPS" \
	unprivileged_probes
add_test "fragments and probes, several queues, RPS of the device" rps
add_test "generic XDP sees redirected packets" generic_xdp
run_tests
