#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# The fast path: translated packets that nobody would see being received are not
# received, but handed over to their route, and packets that nobody would see
# being sent are not sent. Everything that looks at received or sent packets sees
# each of them, as soon as it is there; changes of routes and links
# apply to the next packet; counters of the stack do not differ. The topology is
# that of lib.sh.
#
# Five pings are ten packets that come out of the device, five of each family.

# shellcheck source=tool.sh
. "$(dirname "$(readlink -f "$0")")/tool.sh"
need nft tc tcpdump

given setup_nat64

# delivered: packets that were handed over, received and queued, in DELIVERED
delivered() {
	local stats number='([0-9]+)'

	stats=$(nat64 -j stats dev nat64)
	[[ $stats =~ '"handed-over":'$number',"received":'$number',"queued":'$number ]]
	DELIVERED=("${BASH_REMATCH[@]:1}")
}

# went "HANDED-OVER RECEIVED QUEUED" [OPTION]...: five pings did
went() {
	local before

	delivered
	before=("${DELIVERED[@]}")
	pings client 5 "${@:2}" $S6
	delivered
	equal "$((DELIVERED[0] - before[0])) $((DELIVERED[1] - before[1]))\
 $((DELIVERED[2] - before[2]))" "$1" "delivery"
}

readonly C6NET=2001:db8:1::/64
readonly FAST="10 0 0" WATCHED="0 10 0"

# both_ways: packets that went into the device and came out of it
both_ways() {
	echo "$(dev_stat router nat64 tx packets)" \
		"$(dev_stat router nat64 rx packets)"
}

# stream: pings in the background; streamed [lossy]: all are answered, once.
# While tc comes or goes, the core drops what is sent to the device, on another
# processor: then all that went into the device came out of it.
stream() {
	read -ra STREAMED < <(both_ways)
	client ping -q -n -i 0.01 -c 300 -W "$(slow 5)" $S6 >"$WORK/stream" &
	STREAM=$!
}

streamed() {
	local now

	wait "$STREAM"
	has_not "$(cat "$WORK/stream")" "duplicate"
	read -ra now < <(both_ways)
	equal $((now[1] - STREAMED[1])) $((now[0] - STREAMED[0])) "packets"
	[ "${1-}" = lossy ] ||
		has "$(cat "$WORK/stream")" \
			"300 packets transmitted, 300 received, 0%"
}

seen_are() { [ "$("$1_seen")" = "$2" ]; }

# watched KIND DELIVERY PACKETS [lossy]: five pings with the watcher, and without before
# and after; then it comes and goes while packets pass
watched() {
	local before i

	went "$FAST"
	"$1_on"
	before=$("$1_seen")
	if [ -n "$2" ]; then
		went "$2"
	else
		pings client 5 $S6
	fi
	wait_for seen_are "$1" $((before + $3))
	"$1_off"
	went "$FAST"

	stream
	for i in 1 2 3; do
		"$1_on"
		sleep 0.2
		"$1_off"
		sleep 0.2
	done
	streamed ${4-}
}

# --- watchers -----------------------------------------------------------

# tcpdump_on in|out OPTION...: until tcpdump_off
tcpdump_on() {
	: >"$WORK/err"
	router tcpdump -n -U -Q "$1" -w "$WORK/pcap" "${@:2}" 2>"$WORK/err" &
	TAP=$!
	wait_for grep -q "listening on" "$WORK/err"
}

tcpdump_off() {
	pkill -P "$TAP" tcpdump 2>/dev/null || kill "$TAP"
	wait "$TAP" || true
}

tcpdump_seen() { tcpdump -n -r "$WORK/pcap" 2>/dev/null | wc -l; }

tap_on() { tcpdump_on in -i nat64; }
tap_off() { tcpdump_off; }
tap_seen() { tcpdump_seen; }

# of all devices; what comes out of nat64 has these sources
tap_all_on() { tcpdump_on in -i any "src net $POOL4 or src net $POOL6"; }
tap_all_off() { tcpdump_off; }
tap_all_seen() { tcpdump_seen; }

# before they are translated
tap_out_on() { tcpdump_on out -i nat64; }
tap_out_off() { tcpdump_off; }
tap_out_seen() { tcpdump_seen; }

# a packet socket for IPv4 only, bound to the device
tap_ip_on() {
	router "$PYTHON" -BEs -c '
import socket
sock = socket.socket(socket.AF_PACKET, socket.SOCK_DGRAM, socket.htons(0x0800))
sock.bind(("nat64", 0x0800))
print("ready", flush=True)
while sock.recv(1):
    print("packet", flush=True)' >"$WORK/packets" &
	TAP=$!
	wait_for grep -q ready "$WORK/packets"
}

tap_ip_off() {
	pkill -P "$TAP" python 2>/dev/null || kill "$TAP"
	wait "$TAP" || true
}

tap_ip_seen() { grep -c packet "$WORK/packets" || true; }

tc_on() {
	router tc qdisc add dev nat64 clsact
	router tc filter add dev nat64 ingress matchall action pass
}

tc_off() { router tc qdisc del dev nat64 clsact; }

tc_seen() {
	router tc -s filter show dev nat64 ingress |
		sed -n 's/.*Sent [0-9]* bytes \([0-9]*\) pkt.*/\1/p'
}

tc_egress_on() {
	router tc qdisc add dev nat64 clsact
	router tc filter add dev nat64 egress matchall action pass
}

tc_egress_off() { router tc qdisc del dev nat64 clsact; }

tc_egress_seen() {
	router tc -s filter show dev nat64 egress |
		sed -n 's/.*Sent [0-9]* bytes \([0-9]*\) pkt.*/\1/p'
}

qdisc_on() { router tc qdisc add dev nat64 root pfifo; }
qdisc_off() { router tc qdisc del dev nat64 root; }

qdisc_seen() {
	router tc -s qdisc show dev nat64 |
		sed -n 's/.*Sent [0-9]* bytes \([0-9]*\) pkt.*/\1/p'
}

# chain_on FAMILY HOOK [MATCH]
chain_on() {
	router nft -f - <<-EOF
		table $1 w {
			chain c {
				type filter hook $2 priority 0
				${3-} counter comment "seen"
			}
		}
	EOF
}

chain_off() { router nft delete table "$1" w; }

ingress_on() { chain_on netdev "ingress device nat64"; }
ingress_off() { chain_off netdev; }
ingress_seen() { nft_packets router netdev w seen; }

egress_on() { chain_on netdev "egress device nat64"; }
egress_off() { chain_off netdev; }
egress_seen() { nft_packets router netdev w seen; }

readonly FROM_NAT64="iifname nat64"
prerouting_ip_on() { chain_on ip prerouting "$FROM_NAT64"; }
prerouting_ip_off() { chain_off ip; }
prerouting_ip_seen() { nft_packets router ip w seen; }
prerouting_ip6_on() { chain_on ip6 prerouting "$FROM_NAT64"; }
prerouting_ip6_off() { chain_off ip6; }
prerouting_ip6_seen() { nft_packets router ip6 w seen; }
prerouting_inet_on() { chain_on inet prerouting "$FROM_NAT64"; }
prerouting_inet_off() { chain_off inet; }
prerouting_inet_seen() { nft_packets router inet w seen; }

add_test "tap of the device" watched tap "$WATCHED" 10
add_test "tap of all devices" watched tap_all "$WATCHED" 10
add_test "tap of one protocol on the device" watched tap_ip "$WATCHED" 5
add_test "tap of the device, sent" watched tap_out "$WATCHED" 10
# with tcx, there is an ingress side, too
add_test "tc egress" watched tc_egress "" 10 lossy
add_test "netdev egress chain" watched egress "$FAST" 10
add_test "qdisc" watched qdisc "0 0 10" 10 lossy
add_test "tc ingress" watched tc "$WATCHED" 10 lossy
add_test "netdev ingress chain" watched ingress "$WATCHED" 10
add_test "prerouting chain of IPv4" watched prerouting_ip "5 5 0" 5
add_test "prerouting chain of IPv6" watched prerouting_ip6 "5 5 0" 5
add_test "prerouting chain of both" watched prerouting_inet "$WATCHED" 10

# A program that drops has seen the packet.
xdp() {
	"$PYTHON" -BEs "$HERE/sockets.py" load_xdp drop "$WORK/bpf" || {
		umount "$WORK/bpf"
		skip "no BPF"
	}
	went "$FAST"
	ip_on router link set nat64 xdpgeneric pinned "$WORK/bpf/drop" ||
		skip "no generic XDP"
	lost client 5 $S6
	ip_on router link set nat64 xdpgeneric off
	went "$FAST"
	umount "$WORK/bpf"
}
add_test "XDP" xdp

rps() {
	local cpus=/sys/class/net/nat64/queues/rx-0/rps_cpus

	router test -e $cpus || skip "no RPS"
	went "$FAST"
	router sh -c "echo 1 >$cpus"
	went "$WATCHED"
	stream
	router sh -c "echo 0 >$cpus"
	sleep 0.2
	router sh -c "echo 1 >$cpus"
	sleep 0.2
	router sh -c "echo 0 >$cpus"
	streamed
	went "$FAST"
}
add_test "RPS" rps

# The key receives every packet, whoever looks.
off() {
	went "$FAST"
	ip_on router link set nat64 type nat64 fast-path off
	went "$WATCHED"
	ip_on router link set nat64 type nat64 fast-path auto
	went "$FAST"
}
add_test "fast-path off" off

# --- the stack ----------------------------------------------------------

permanent() {
	local ns dev addr peer peer_dev

	while read -r ns dev addr peer peer_dev; do
		ip_on "$ns" neigh replace "$addr" dev "$dev" nud permanent \
			lladdr "$(on "$peer" cat /sys/class/net/$peer_dev/address)"
	done <<-EOF
		client eth0 $R6 router c0
		router c0 $C6 client eth0
		server eth0 $R4 router s0
		router s0 $S4 server eth0
	EOF
}

# stack: all counters of IP on the router, those of the device in IPv6, and what
# the device received
stack() {
	router nstat -as | sort
	router sed 's/^/nat64 /' /proc/net/dev_snmp6/nat64
	echo "packets $(dev_stat router nat64 rx packets)"
	echo "bytes $(dev_stat router nat64 rx bytes)"
}

# increments: what pings, fragments and datagrams add to the counters
increments() {
	stack >"$WORK/before"
	pings client 5 -Q 2 $S6
	pings client 5 -Q 3 -s 3000 $S6
	lost client 2 2001:db8:64::c633:64ff
	stack >"$WORK/after"
	# each line is a name and a number; nstat adds a third column
	awk '!/^#/ {
		name = $1 == "nat64" ? $1 " " $2 : $1
		value = $1 == "nat64" ? $3 : $2
		if (NR == FNR) was[name] = value
		else if (value != was[name]) print name, value - was[name]
	}' "$WORK/before" "$WORK/after"
}

# Neighbour discovery and MLD have timers of their own, so one of several rounds
# has to be the same.
counted() {
	local fast slow

	permanent
	increments >/dev/null
	for _ in 1 2 3 4 5; do
		fast=$(increments)
		has "$fast" "Ip6InReceives" "IpInReceives" "IpExtInECT0Pkts" \
			"IpExtInCEPkts"
		ip_on router link set nat64 type nat64 fast-path off
		slow=$(increments)
		ip_on router link set nat64 type nat64 fast-path auto
		[ "$fast" != "$slow" ] || return 0
	done
	equal "$fast" "$slow" "counters"
}
add_test "counters are those of received packets" counted

# The rest of the stack is behind the route: local delivery, IPsec policies.
local_sockets() {
	local before

	delivered
	before=("${DELIVERED[@]}")
	traffic udp client router $R64 $R4 1 1000
	traffic tcp client router $R64 $R4 100000
	delivered
	atleast $((DELIVERED[0] - before[0])) 3 "handed over"
	equal $((DELIVERED[1] - before[1])) 0 "received"
}
add_test "sockets of the router" local_sockets

# policy DIRECTION ADDRESS4 ADDRESS6
policy() {
	local words="src $POOL4 dst $2/32 dir $1"

	pings client 2 "$3"
	ip_on router xfrm policy add $words action block ||
		skip "no IPsec policies"
	lost client 2 "$3"
	ip_on router xfrm policy del $words
	pings client 2 "$3"
}
add_test "IPsec policy for forwarded packets" policy fwd $S4 $S6
add_test "IPsec policy for the router" policy in $R4 $R64

# --- changes ------------------------------------------------------------

# passing: packets pass, so that routes are used again, until passed
passing() {
	local before

	delivered
	before=${DELIVERED[0]}
	client ping -q -n -i 0.005 $S6 >/dev/null &
	STEADY=$!
	wait_for handed_over $((before + 20))
}

handed_over() {
	delivered
	((DELIVERED[0] >= $1))
}

passed() {
	pkill -P "$STEADY" ping 2>/dev/null || kill "$STEADY"
	wait "$STEADY" || true
}

# stops DEV COMMAND...: on the router, it stops the packets that leave by DEV
# with the next one. Neighbour discovery may go on.
stops() {
	local count

	# shellcheck disable=SC2016
	count=$(router bash -c '
		packets=/sys/class/net/$1/statistics/tx_packets
		shift
		"$@" >&2 || exit
		read -r before <"$packets"
		sleep 0.3
		read -r after <"$packets"
		echo $((after - before))' - "$@")
	atmost "$count" 2 "packets after $2"
}

# changed WORDS UNDO [DEV]: "ip WORDS" on the router stops traffic at once, with
# DEV while packets leave by it; UNDO lets it pass at once
changed() {
	went "$FAST"
	if [ -n "${3-}" ]; then
		passing
		stops "$3" ip $1
		passed
	else
		ip_on router $1
	fi
	lost client 3 $S6
	ip_on router $2
	went "$FAST"
}
add_test "IPv4 route" changed "route add unreachable $S4/32" \
	"route del unreachable $S4/32" s0
add_test "IPv6 route" changed "route add unreachable $C6/128" \
	"route del unreachable $C6/128" c0
add_test "IPv6 route removed" changed "route del $C6NET dev c0" \
	"route add $C6NET dev c0" c0
add_test "IPv4 rule" changed "rule add iif nat64 to $S4 unreachable" \
	"rule del iif nat64 to $S4 unreachable" s0
add_test "IPv6 rule" changed "-6 rule add iif nat64 to $C6 unreachable" \
	"-6 rule del iif nat64 to $C6 unreachable" c0

# ruled WORDS COMMAND...: the rule refuses what COMMAND sends, and nothing else
ruled() {
	ip_on router rule add iif nat64 $1 unreachable || skip "no such rule"
	passing
	pings client 3 $S6
	"${@:2}"
	pings client 3 $S6
	passed
	ip_on router rule del iif nat64 $1 unreachable
	went "$FAST"
}

# marked: pings with a mark from now on
marked() {
	stops s0 nft "add table ip6 m; add chain ip6 m c {
		type filter hook forward priority 0; };
		add rule ip6 m c meta mark set 7"
	lost client 3 $S6
	router nft delete table ip6 m
}

# rp_filter would drop the reply: the router answers instead of the server, with
# at most one error a second after the first five
refuses_tos() { wait_for unreachable_tos; }

unreachable_tos() { has "$(told client -Q 0x10 $S6)" "nreachable"; }

# to_port: datagrams to a closed port arrive, those to another one do not
to_port() {
	local before i

	before=$(snmp server UdpNoPorts)
	for i in 1 2 3 4; do
		client bash -c "echo >/dev/udp/$S6/98; echo >/dev/udp/$S6/99"
	done
	wait_for refused $((before + 4))
}

refused() { [ "$(snmp server UdpNoPorts)" = "$1" ]; }

add_test "rule for a mark" ruled "fwmark 7" marked
add_test "rule for a TOS" ruled "tos 0x10" refuses_tos
add_test "rule for a port" ruled "ipproto udp dport 99" to_port

# Ports choose among paths: flows between the same hosts go by both of them.
several_paths() {
	local before

	router sysctl -qw net.ipv4.fib_multipath_hash_policy=1
	ip_on router -batch - <<-EOF
		link add hole type dummy
		link set hole up
		route add $S4/32 nexthop dev s0 nexthop dev hole
	EOF
	before=$(snmp server UdpNoPorts)
	client bash -c "for ((i = 0; i < 64; i++)); do
		echo >/dev/udp/$S6/99; done"
	wait_for both_paths "$before" 64
	before=$(($(snmp server UdpNoPorts) - before))
	atleast "$before" 8 "datagrams by one path"
	atmost "$before" 56 "datagrams by one path"
	ip_on router link del hole
}

# both_paths BEFORE COUNT: so many datagrams went by either path
both_paths() {
	equal $(($(snmp server UdpNoPorts) - $1 +
		$(dev_stat router hole tx packets))) "$2" "datagrams"
}
add_test "several paths" several_paths

# A rule applies to the device as soon as it has the name.
renamed() {
	ip_on router rule add iif nat65 to $S4 unreachable
	passing
	router ip link set nat64 name nat65 2>/dev/null || {
		passed
		ip_on router rule del iif nat65 to $S4 unreachable
		skip "no new name while the device is up"
	}
	router ip link set nat65 name nat64
	stops s0 ip link set nat64 name nat65
	passed
	lost client 3 $S6
	ip_on router link set nat65 name nat64
	went "$FAST"
}
add_test "name of the device" renamed

add_test "neighbour" changed \
	"neigh replace $S4 dev s0 lladdr 02:00:00:00:00:99 nud permanent" \
	"neigh del $S4 dev s0"
add_test "link" changed "link set s0 down" "link set s0 up"

# As soon as the stack ignores a route because its link has no carrier, packets
# go by the other one.
carrier() {
	local host=2001:db8:9::9 pid sent left

	ip_on router -batch - <<-EOF
		link add one type dummy
		link add two type dummy
		link set one up
		link set two up
		route add $host dev one metric 10
		route add $host dev two metric 20
	EOF
	router sysctl -qw net.ipv6.conf.all.ignore_routes_with_linkdown=1 \
		net.ipv6.conf.one.ignore_routes_with_linkdown=1
	nat64 bib add dev nat64 static udp $host#9 $T1#9
	# not by a function, whose shell would be what is ended
	ip netns exec "$(netns_name server)" $PYTHON -c "
import socket, time
sock = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
while True:
    sock.sendto(b'x', ('$T1', 9))
    time.sleep(0.001)" &
	pid=$!
	wait_for sent_by one 50
	# shellcheck disable=SC2016
	read -r sent left < <(router bash -c '
		count() {
			read -r in <"/sys/class/net/nat64/statistics/rx_packets"
			read -r out <"/sys/class/net/two/statistics/tx_packets"
		}
		ip link set one carrier off
		for ((i = 0; i < 1000; i++)); do
			[[ $(ip -6 route show dev one) != *linkdown* ]] || break
		done
		count
		before=("$in" "$out")
		sleep 0.3
		count
		echo "$((in - before[0])) $((out - before[1]))"')
	kill $pid
	wait $pid || true
	atleast "$sent" 20 "datagrams without carrier"
	atleast "$left" $((sent - 2)) "those by the other link"
	ip_on router link del one
	ip_on router link del two
	# its hook would exempt packets from rp_filter
	nat64 bib del dev nat64 udp $host#9 $T1#9
	went "$FAST"
}

# sent_by DEV COUNT: so many packets left by it
sent_by() { atleast "$(dev_stat router "$1" tx packets)" "$2" "packets"; }
add_test "link without carrier" carrier

# The router answers itself while it has the address.
address() {
	local before

	went "$FAST"
	before=$(snmp server IcmpInEchos)
	ip_on router addr add $S4/32 dev lo
	pings client 3 $S6
	equal "$(snmp server IcmpInEchos)" "$before" "requests"
	ip_on router addr del $S4/32 dev lo
	went "$FAST"
	equal "$(snmp server IcmpInEchos)" $((before + 5)) "requests"
}
add_test "address" address

# Without a route back to the device, and counted once.
rp_filter() {
	local before

	went "$FAST"
	before=$(snmp router TcpExtIPReversePathFilter)
	ip_on router route del $POOL4
	lost client 3 $S6
	equal "$(snmp router TcpExtIPReversePathFilter)" $((before + 3)) \
		"rejected"
	router sysctl -qw net.ipv4.conf.all.rp_filter=0 \
		net.ipv4.conf.nat64.rp_filter=0
	passing
	stops s0 sysctl -qw net.ipv4.conf.nat64.rp_filter=1
	passed
	ip_on router route add $POOL4 dev nat64
	router sysctl -qw net.ipv4.conf.all.rp_filter=1
	went "$FAST"
}
add_test "rp_filter" rp_filter

# Replies have no DF, and come in two fragments each.
mtu() {
	went "15 0 0" -M "do" -s 1300
	ip_on router link set s0 mtu 1000
	has "$(told client -M "do" -s 1300 $S6)" "Packet too big"
	ip_on router link set s0 mtu 1500
	ip_on client -6 route flush cache
	went "15 0 0" -M "do" -s 1300
}
add_test "mtu" mtu

# No route outlives the device.
deleted() {
	local i pinger

	client ping -q -n -i 0.002 -c 1000 $S6 >/dev/null &
	pinger=$!
	for i in 1 2 3 4 5; do
		sleep 0.1
		del_nat64
		sleep 0.1
		add_nat64
	done
	wait $pinger || true
	went "$FAST"
}
add_test "device deleted under traffic" deleted

# --- addresses of the host, VRF -----------------------------------------

# The hook of a device that borrows addresses does not count, and its packets
# pass a strict rp_filter.
setup_host() { setup && add_nat64 "pool4 host"; }
given setup_host
add_test "addresses of the host" went "$FAST"

setup_vrf() {
	setup || return
	ip_on router link add blue type vrf table 10 || skip "no VRF"
	add_nat64 || return
	ip_on router -batch - <<-EOF
		link set blue up
		link set c0 master blue
		link set s0 master blue
		link set nat64 master blue
		addr add $R6/64 dev c0 nodad
		route add $POOL4 dev nat64 vrf blue
		route add $POOL6 dev nat64 vrf blue
	EOF
}
given setup_vrf
add_test "VRF" went "$WATCHED"

run_tests
