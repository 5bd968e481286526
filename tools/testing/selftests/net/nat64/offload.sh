#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# Segmentation and checksum offloads: packets as large as 64 KiB go through the
# translator in one piece, and everything works without offloads too.
#
#    client                    router                      server
#  +---------+         +----------------------+         +----------+
#  |    eth0 |---------| c0     nat64      s0 |---------| eth0     |
#  +---------+         +----------------------+         +----------+
#   TSO, GSO    GRO, TSO                  TSO, GRO         TSO, GSO

# shellcheck source=lib.sh
. "$(dirname "$(readlink -f "$0")")/lib.sh"
need iperf3 ethtool nft nstat

# How much goes through in each direction that is tried.
AMOUNT=4M

# offloads on|off: at every hop, but that the ends do not merge: a link to who
# does has a queue that loses packets without a word
offloads() {
	local word="tso $1 gso $1 tx-udp-segmentation $1"

	client ethtool -K eth0 $word gro off
	server ethtool -K eth0 $word gro off
	router ethtool -K c0 $word gro "$1"
	router ethtool -K s0 $word gro "$1"
}

# summed COUNTER...: of all hosts together
summed() {
	local ns

	for ns in client router server; do
		on $ns nstat -asz "$@"
	done | awk '/^[A-Z]/ { n += $2 } END { print n + 0 }'
}

# Packets that did not fit into a queue on their first link or on a processor.
# What gets lost behind the translator for another reason is not among them.
queue_drops() {
	local dropped count

	count=$(($(dev_stat client eth0 tx dropped) +
		$(dev_stat server eth0 tx dropped)))
	while read -r _ dropped _; do
		count=$((count + 16#$dropped))
	done </proc/net/softnet_stat
	echo $count
}

# payload NS DIRECTION HEADERS: bytes of TCP's payload that went over the link of
# an end. Merged or sent again, they count once for each time.
payload() {
	local bytes packets

	bytes=$(dev_stat "$1" eth0 "$2" bytes)
	packets=$(dev_stat "$1" eth0 "$2" packets)
	echo $((bytes - packets * $3))
}

# Ethernet, IPv6 or IPv4, and TCP with timestamps
readonly HEADERS6=$((14 + 40 + 32)) HEADERS4=$((14 + 20 + 32))

# payloads DIRECTION: of both ends
payloads() {
	echo $(($(payload client "$1" $HEADERS6) +
		$(payload server "$1" $HEADERS4)))
}

# What no busy machine has: packets whose checksum or length is wrong.
wrong() {
	summed TcpInErrs TcpInCsumErrors IpInHdrErrors Ip6InHdrErrors \
		IpExtInCsumErrors IpExtInTruncatedPkts Ip6InTruncatedPkts
}

# So much by TCP; sets AVERAGE to how long the average packet was that the
# translator got, in both directions together. Translators that hand on a
# merged packet with the wrong offload state lose it, or it arrives with errors.
# What a busy machine makes TCP send again leaves one end and reaches the other.
# A packet that the device has dropped may have been as long as BIG, see big.
iperf() {
	local bytes packets sent lost drops errors broken

	bytes=$(dev_stat router nat64 tx bytes)
	packets=$(dev_stat router nat64 tx packets)
	sent=$(payloads tx)
	lost=$((sent - $(payloads rx)))
	drops=$(queue_drops)
	errors=$(wrong)
	broken=$(dev_stat router nat64 tx dropped)
	if ! client timeout "$(slow 60)" iperf3 -J -n $AMOUNT -c $S6 "$@" \
		>"$WORK/iperf"; then
		cat "$WORK/iperf"
		return 1
	fi
	bytes=$(($(dev_stat router nat64 tx bytes) - bytes))
	packets=$(($(dev_stat router nat64 tx packets) - packets))
	AVERAGE=$((bytes / packets))
	lost=$(($(payloads tx) - $(payloads rx) - lost))
	sent=$(($(payloads tx) - sent))
	drops=$(($(queue_drops) - drops))
	broken=$(($(dev_stat router nat64 tx dropped) - broken))
	echo "$packets packets of $AVERAGE bytes; $lost of $sent bytes lost," \
		"$drops packets dropped by queues, $broken by the device"
	[ -z "${BIG-}" ] || lost=$((lost - broken * BIG))
	equal "$(wrong)" "$errors" "packets with errors"
	atmost $((lost - drops * AVERAGE)) $((sent / 100)) \
		"bytes of $sent lost outside of queues"
}

# Half of all packets are acknowledgements, so an average above one link's MTU
# means that segments passed unsplit.
large() {
	iperf "$@"
	atleast "$AVERAGE" 3000 "average length"
}

small() {
	iperf "$@"
	atmost "$AVERAGE" 1500 "average length"
}

tcp_all_on() {
	offloads on
	large "$@"
}

# Segments leave the client one by one and are merged in the router.
tcp_merged() {
	offloads on
	client ethtool -K eth0 tso off gso off
	server ethtool -K eth0 tso off gso off
	large
	large -R
}

tcp_merged_list() {
	offloads on
	router ethtool -K c0 rx-gro-list on
	router ethtool -K s0 rx-gro-list on
	client ethtool -K eth0 tso off gso off
	server ethtool -K eth0 tso off gso off
	iperf
	iperf -R
	traffic tcp client server $S6 $S4 1000000
	router ethtool -K c0 rx-gro-list off
	router ethtool -K s0 rx-gro-list off
}

tcp_all_off() {
	offloads off
	small "$@"
}

# The core splits what the device says it cannot take.
tcp_device_off() {
	offloads on
	router ethtool -K nat64 tso off gso off
	small
	small -R
	router ethtool -K nat64 tso on gso on
	large
}

checksum_off() {
	offloads on
	client ethtool -K eth0 tx off
	server ethtool -K eth0 tx off
	traffic tcp client server $S6 $S4 100000
	traffic udp client server $S6 $S4 1 1000 8192
	client ethtool -K eth0 tx on
	server ethtool -K eth0 tx on
	router ethtool -K s0 tx off
	router ethtool -K c0 tx off
	traffic tcp client server $S6 $S4 100000
	traffic udp client server $S6 $S4 1 1000 8192
	router ethtool -K s0 tx on
	router ethtool -K c0 tx on
	router ethtool -K nat64 tx off
	traffic tcp client server $S6 $S4 100000
	traffic udp client server $S6 $S4 1 1000 8192
	router ethtool -K nat64 tx on
}

# Fifty datagrams in one buffer; the count of packets tells whether they stayed
# together up to the translator.
udp_gso() {
	local packets

	offloads on
	packets=$(dev_stat router nat64 tx packets)
	traffic udp-gso client server $S6 $S4 60000
	packets=$(($(dev_stat router nat64 tx packets) - packets))
	atmost "$packets" 10 "packets for a hundred datagrams"
}

count_skbs() {
	router nft -f - <<-EOF
		table ip6 skbs {
			chain in {
				type filter hook forward priority 0
				oifname nat64 meta l4proto udp counter comment "in"
			}
		}
	EOF
}

# Merged in the router as a list of packets, which has to be taken apart again:
# the addresses of all but the first would stay IPv6.
udp_merged() {
	local skbs

	offloads on
	client ethtool -K eth0 tx-udp-segmentation off gso off
	server ethtool -K eth0 tx-udp-segmentation off gso off
	router ethtool -K c0 "$@" || skip "no $1"
	router ethtool -K s0 "$@"
	count_skbs
	traffic udp-gso client server $S6 $S4 60000
	skbs=$(nft_packets router ip6 skbs in)
	router nft delete table ip6 skbs
	router ethtool -K c0 "$1" off
	router ethtool -K s0 "$1" off
	atmost "$skbs" 25 "packets after merging fifty"
}

# BIG TCP: packets of more than 64 KiB, which no IP header can tell the length
# of. The core takes them apart in front of a device that does not announce it.
# Older kernels expect an Ethernet header in front of the IPv6 one then, and write
# over the TCP header. They drop the packet, or the device drops each segment.
big() {
	local pipe=$1 from=$2 to=$3 packets BIG=180000
	shift 3

	offloads on
	$from ip link set eth0 "$pipe" $BIG 2>/dev/null || skip "no $pipe"
	router ip link set "$to" "${pipe/gso/gro}" $BIG 2>/dev/null ||
		skip "no ${pipe/gso/gro}"
	router nft -f - <<-EOF
		table inet big {
			chain in {
				type filter hook forward priority 0
				oifname nat64 meta length > 65575 counter comment "big"
			}
		}
	EOF
	iperf "$@"
	traffic tcp client server $S6 $S4 3000000
	packets=$(nft_packets router inet big big)
	router nft delete table inet big
	$from ip link set eth0 "$pipe" 65536
	router ip link set "$to" "${pipe/gso/gro}" 65536
	atleast "$packets" 1 "packets of more than 64 KiB"
	equal "$(dropped too-big)" 0 too-big
}

begin() {
	setup_nat64
	server iperf3 -s -D >/dev/null
	wait_listen server 5201
}

given begin
add_test "TCP to the server, everything on, large packets" tcp_all_on
add_test "TCP to the client, everything on, large packets" tcp_all_on -R
add_test "TCP both ways, merged by the router's GRO" tcp_merged
add_test "TCP both ways, merged as lists" tcp_merged_list
add_test "TCP to the server, everything off" tcp_all_off
add_test "TCP to the client, everything off" tcp_all_off -R
add_test "TCP both ways, off on the device alone" tcp_device_off
add_test "no checksum offload at either end" checksum_off
add_test "UDP segmentation offload, large packets" udp_gso
add_test "UDP merged as lists" udp_merged rx-gro-list on
add_test "UDP merged for forwarding" udp_merged rx-udp-gro-forwarding on
add_test "BIG TCP to the server" big gso_max_size client c0
add_test "BIG TCP to the client" big gso_ipv4_max_size server s0 -R
run_tests
