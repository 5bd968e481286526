#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# A home router with one IPv4 address, and a translator set up by three
# commands: the device shares the address of the router. nftables masquerades
# IPv4 hosts behind the same address, and the router uses it, too.
#
#    client                   router                 r4            server
#  +---------+           +---------------+        +-------+      +--------+
#  |    eth0 |-----------| c0  nat64  s0 |--------| u0 s0 |------| eth0   |
#  +---------+           |               |        +-------+      +--------+
#     only IPv6          |               |  192.0.2.2/24         198.51.100.5
#  +---------+           |               |  by DHCP              198.51.100.9
#  |    eth0 |-----------| d0            |
#  +---------+           +---------------+
#    lan  192.168.1.10
#
# Strict reverse path filters everywhere, set by lib.sh.
#
# Environment: NAT64_TOOL   nat64, if it is neither in tools/nat64 nor installed

# shellcheck source=lib.sh
. "$(dirname "$(readlink -f "$0")")/lib.sh"
need curl nft traceroute tcpdump ss nstat

[ -x "$HERE/../../../../nat64/nat64" ] &&
	: "${NAT64_TOOL:=$HERE/../../../../nat64/nat64}"
: "${NAT64_TOOL:=nat64}"

readonly OWN4=192.0.2.2 NEXT4=192.0.2.1 NEW4=192.0.2.77 LAN4=192.168.1.10
# IPv4 addresses in pool6.
W6=64:ff9b::c633:6405
OWN6=64:ff9b::c000:202

lan() { on lan "$@"; }

setup_home() {
	add_netns client lan router r4 server && make_router router r4 &&
		add_link client eth0 router c0 && add_link lan eth0 router d0 &&
		add_link router s0 r4 u0 && add_link r4 s0 server eth0 ||
		return
	ip_on lan -batch - <<-END || return
		addr add $LAN4/24 dev eth0
		route add default via 192.168.1.1
	END
	ip_on router -batch - <<-END || return
		addr add $R6/64 dev c0 nodad
		addr add 192.168.1.1/24 dev d0
		addr add $OWN4/24 dev s0
		route add default via $NEXT4
	END
	ip_on r4 -batch - <<-END || return
		addr add $NEXT4/24 dev u0
		addr add $R4/24 dev s0
	END
	set_ends
}

# The three commands of the documentation, unchanged. The tests below use a
# route without gateway, which works as well.
three_commands() {
	router ip link add nat64 type nat64 pool6 64:ff9b::/96
	router ip link set nat64 up
	router ip -6 route add 64:ff9b::/96 via fe80::64 dev nat64
}

# again [WORDS]: replace the device and remove all state of earlier tests
again() {
	router nft flush ruleset
	router sysctl -qw net.ipv4.conf.all.rp_filter=1
	ip_on router -batch - <<-END
		link del nat64
		link add nat64 type nat64 pool6 64:ff9b::/96 $*
		link set nat64 up
		route add 64:ff9b::/96 dev nat64
	END
}

# borrow [ARGUMENT]...: see borrow.py
borrow() {
	timeout $((30 * SLOW)) "$PYTHON" -BEsS "$HERE/borrow.py" "$1" "$$" \
		"${@:2}"
}

everyday() {
	pings client 3 $W6
	pings client 2 -s 4000 $W6
	has "$(traffic udp client server $W6 $S4 0 1 1452 4000 8192)" \
		"8192 $OWN4 "
	has "$(traffic tcp client server $W6 $S4 1 1000 1000000)" \
		"1000000 $OWN4 "
}

# Device counters include replies, and tcpdump on the device shows them.
counted() {
	local rx tx

	again
	rx=$(dev_stat router nat64 rx packets)
	tx=$(dev_stat router nat64 tx packets)
	router tcpdump -n -l -i nat64 icmp >"$WORK/dump" 2>"$WORK/err" &
	wait_for grep -q listening "$WORK/err"
	pings client 5 $W6
	equal $(($(dev_stat router nat64 rx packets) - rx)) 10 "rx packets"
	equal $(($(dev_stat router nat64 tx packets) - tx)) 10 "tx packets"
	wait_for grep -q "$S4 > $OWN4: ICMP echo reply.* seq 5" "$WORK/dump"
}

# All values of rp_filter.
filters() {
	local value

	for value in 0 2 1; do
		router sysctl -qw net.ipv4.conf.all.rp_filter=$value
		everyday
	done
	equal "$(router sysctl -n net.ipv4.conf.nat64.rp_filter)" 1 \
		"rp_filter of the device"
}

http() {
	again
	fetch client 1000000 $W6
}

refused() { closed_ports $W6; }

trace() {
	local got

	got=$(client traceroute -6 -n -q 1 -N 1 -w "$(slow 2)" -m 8 $W6 |
		awk 'NR > 1 { print $2 }')
	equal "$got" "$R6
$OWN6
64:ff9b::c000:201
$W6" "path"
}

# narrow MTU NS DEV NS DEV: set the MTU of a link, and flush cached path MTUs
narrow() {
	ip_on client link set eth0 mtu 1500
	ip_on server link set eth0 mtu 1500
	printf 'link set %s mtu 1500\n' c0 s0 | ip_on router -batch -
	printf 'link set %s mtu 1500\n' u0 s0 | ip_on r4 -batch -
	ip_on "$2" link set "$3" mtu "$1"
	ip_on "$4" link set "$5" mtu "$1"
	ip_on client -6 route flush cache
	ip_on server -4 route flush cache
}

# A narrow link behind another router, and at the router, whose errors go to
# itself.
pmtu_v4() {
	local links

	for links in "r4 s0 server eth0" "router s0 r4 u0"; do
		# shellcheck disable=SC2086
		narrow 1400 $links
		ip_on server route replace default via $R4 advmss 1460
		has "$(told client -M "do" -s 1452 $W6)" "mtu=1420"
		traffic tcp client server $W6 $S4 1000000
		traffic udp client server $W6 $S4 1000 4000
	done
	narrow 1500 r4 s0 server eth0
}

# The server gets the error of a narrow IPv6 link from the router's address.
pmtu_v6() {
	narrow 1400 client eth0 router c0
	ip_on client route replace default via $R6 advmss 1460
	traffic tcp client server $W6 $S4 1000000
	has "$(ip_on server route get $OWN4)" "mtu 1380"
	traffic udp client server $W6 $S4 1000 4000
	ip_on client route replace default via $R6
	narrow 1500 r4 s0 server eth0
}

# Datagrams reassembled by the host leave in fragments no larger than received,
# plus 28 bytes in IPv6; also after reassembly by conntrack.
fragments() {
	local rule

	narrow 1000 r4 s0 server eth0
	for rule in "" "ct state established accept"; do
		router nft -f - <<-END
			flush ruleset
			table ip t {
				chain p {
					type filter hook prerouting priority 0
					$rule
				}
			}
		END
		client nft -f - <<-END
			table netdev t {
				chain in {
					type filter hook ingress device eth0 priority 0
					ip6 nexthdr 44 counter comment "pieces"
					ip6 length > 988 counter comment "long"
				}
			}
		END
		traffic udp client server $W6 $S4 4000
		equal "$(nft_packets client netdev t pieces)" 5 "fragments"
		equal "$(nft_packets client netdev t long)" 0 "longer ones"
		client nft delete table netdev t
	done
	router nft flush ruleset
	narrow 1500 r4 s0 server eth0
}

# Input rules of the host's firewall do not apply to translated packets.
firewall() {
	again
	router nft -f - <<-END
		table ip t {
			chain in {
				type filter hook input priority 0; policy drop
				counter comment "input"
			}
		}
	END
	everyday
	refused
	equal "$(nft_packets router ip t input)" 0 "packets for the host"
	lost server 1 $OWN4
	router nft flush ruleset
}

# The router's IPv4 address, from an IPv6 host behind it.
to_router() {
	pings client 2 $OWN6
	has "$(traffic udp client router $OWN6 $OWN4 1 4000)" "4000 $OWN4 "
	has "$(traffic tcp client router $OWN6 $OWN4 100000)" "100000 $OWN4 "
}

pool() {
	again pool4 $OWN4 ports 50000-50003
	borrow host_ports
	again
}

# A host cannot use all ports of the only address; UDP does not exhaust the
# ports of TCP and ICMP.
greedy() {
	again
	borrow greedy
	equal "$(dropped max-bindings)" 733 "refused by the limit"
	traffic tcp client server $W6 $S4 1 >/dev/null
	pings client 1 $W6
	equal "$(dropped max-bindings)" 733 "refused by the limit afterwards"
}

# Sessions on the host's addresses can be reloaded.
loaded() {
	command -v "$NAT64_TOOL" >/dev/null || skip "no nat64"
	again
	pings client 1 $W6
	traffic udp client server $W6 $S4 1 >/dev/null
	router "$NAT64_TOOL" session show dev nat64 | sort >"$WORK/shown"
	equal "$(wc -l <"$WORK/shown")" 2 "sessions"
	again
	sed 's/^/session add /' "$WORK/shown" | router "$NAT64_TOOL" -batch -
	equal "$(router "$NAT64_TOOL" bib show dev nat64 | wc -l)" 2 "bindings"
	equal "$(router "$NAT64_TOOL" session show dev nat64 |
		sed 's/ expires.*//' | sort)" \
		"$(sed 's/ expires.*//' "$WORK/shown")" "sessions"
	fails router "$NAT64_TOOL" session add dev nat64 \
		udp "$C6#7" "$OWN4#1024" "$S4#7" 2>"$WORK/err"
	has "$(cat "$WORK/err")" "addr4 and port4 are not in pool4"
	fails router "$NAT64_TOOL" bib add dev nat64 static tcp "$C6#80" 2>"$WORK/err"
	has "$(cat "$WORK/err")" "pool4 is empty: addr4 and port4 are required"
}

# A static binding on an address outside of pool4 and of the host.
elsewhere() {
	command -v "$NAT64_TOOL" >/dev/null || skip "no nat64"
	again
	router "$NAT64_TOOL" bib add dev nat64 static tcp "$C6#80" 203.0.113.7#80
	router "$NAT64_TOOL" bib add dev nat64 static tcp "$C6#81" "$OWN4#81"
	equal "$(router "$NAT64_TOOL" pool4 addresses dev nat64 | sort)" \
		"dev nat64 $OWN4 tcp used 1 held-down 0 total 4535
dev nat64 203.0.113.7 tcp used 1 held-down 0 total 0" "use"
}

# Forward a port of the host to an IPv6 host, in pool4 or not.
forwarded() {
	local words listener

	command -v "$NAT64_TOOL" >/dev/null || skip "no nat64"
	for words in "pool4 host" "pool4 none" "pool4 203.0.113.7"; do
		# shellcheck disable=SC2086
		again $words
		router "$NAT64_TOOL" bib add dev nat64 static \
			tcp "$C6#8080" "$OWN4#8080"
		has "$(traffic tcp server client --port 8080 $OWN4 $C6 100000)" \
			"100000 64:ff9b::c633:6405 "
		router "$NAT64_TOOL" bib del dev nat64 tcp "$C6#8080"
		traffic tcp server client --port 8080 $OWN4 $C6 1 2>"$WORK/err" &&
			return 1
		has "$(cat "$WORK/err")" "onnection refused"
	done
	again
	router "$PYTHON" -c 'import socket
s = socket.create_server(("", 8080))
print("ready", flush=True)
s.accept()' >"$WORK/ready" &
	listener=$!
	wait_for grep -q ready "$WORK/ready"
	fails router "$NAT64_TOOL" bib add dev nat64 static \
		tcp "$C6#8080" "$OWN4#8080" 2>"$WORK/err"
	has "$(cat "$WORK/err")" \
		"port4 is in use by a socket of this host"
	kill $listener
	wait $listener || true
}

# forward add|del DEV [TO]: a static binding on an address that the host gets
# and loses
forward() {
	router "$NAT64_TOOL" bib "$1" dev "$2" ${3:+static} \
		tcp "$C6#80" ${3:+"$3"}
}

no_forward() {
	fails forward add "$@" 2>"$WORK/err"
	has "$(cat "$WORK/err")" \
		"port4 is in use by a socket of this host"
}

# Devices share an address as soon as the host gets it, with all their bindings;
# no device releases a port of another one.
adopted() {
	local to="203.0.113.9#8081"

	command -v "$NAT64_TOOL" >/dev/null || skip "no nat64"
	again
	router ip link add other type nat64 pool6 2001:db8:65::/96
	router ip link add third type nat64 pool6 2001:db8:66::/96
	forward add nat64 $to
	router ip addr add 203.0.113.9/32 dev s0
	no_forward other $to
	router ip addr del 203.0.113.9/32 dev s0
	# Both still have it when the address returns.
	forward add other $to
	router ip addr add 203.0.113.9/32 dev s0
	forward del other
	no_forward other $to
	no_forward third $to
	forward del nat64
	forward add third $to
	no_forward nat64 $to
	router ip addr del 203.0.113.9/32 dev s0
	router ip link del third
	router ip link del other
}

same_flow() {
	again
	borrow host_same
	again
	rules "oifname s0"
	borrow host_same
	again
}

# Replies to strangers are the same as without the device, and no counter grows.
scan() {
	local before

	again
	pings client 1 $W6
	before=$(counters router nat64)
	borrow scan >"$WORK/up"
	equal "$(counters router nat64)" "$before" "counters"
	router ip link set nat64 down
	borrow scan >"$WORK/down"
	cat "$WORK/up"
	has "$(cat "$WORK/up")" "tcp 22 ECONNREFUSED" "tcp 61003 open" \
		"udp 61001 ECONNREFUSED" "udp 61004 silent"
	diff "$WORK/up" "$WORK/down"
	again
}

# rules RULE: masquerade the LAN
rules() {
	router nft -f - <<-END
		table ip n {
			chain p {
				type nat hook postrouting priority 100
				$1 masquerade
			}
		}
	END
}

# masquerade RULE: NAT64 and masquerading share the address
masquerade() {
	local job

	again
	rules "$1"
	has "$(traffic tcp lan server $S4 $S4 100000)" "100000 $OWN4 "
	traffic tcp lan server --port 7778 $S4 $S4 3000000 &
	job=$!
	everyday
	refused
	wait $job
	borrow masquerade
	borrow host_traffic
	again pool4 $OWN4 ports 50000-50000
	rules "$1"
	borrow masquerade_first
	again
}

two_devices() {
	again pool4 $OWN4 ports 50000-50009
	router ip link add other type nat64 pool6 2001:db8:65::/96 \
		pool4 $OWN4 ports 50000-50009
	router ip link set other up
	router ip -6 route add 2001:db8:65::/96 dev other
	borrow two_devices
	again
}

change() {
	again
	borrow change $NEW4
	everyday_from $NEW4
	router ip addr del $NEW4/24 dev s0
	router ip addr add $OWN4/24 dev s0
	router ip route add default via $NEXT4
	everyday
}

everyday_from() {
	has "$(traffic tcp client server $W6 $S4 1000)" "1000 $1 "
}

spoofed() {
	again
	lan ip addr add $S4B/32 dev eth0
	borrow spoofed 1
	router sysctl -qw net.ipv4.conf.all.rp_filter=0 \
		net.ipv4.conf.d0.rp_filter=0
	borrow spoofed 0
	router sysctl -qw net.ipv4.conf.all.rp_filter=1 \
		net.ipv4.conf.d0.rp_filter=1
	lan ip addr del $S4B/32 dev eth0
}

# After the device is gone, the host has its address for itself again.
gone() {
	local ns

	add_netns away
	ns=$(netns_name away)
	again
	borrow endpoint_independent
	router ip link set nat64 netns "$ns"
	on away ip link set nat64 up
	pings server 1 $OWN4
	on away ip link set nat64 down
	on away ip link set nat64 netns "$(netns_name router)"
	router ip link set nat64 up
	router ip -6 route add 64:ff9b::/96 dev nat64
	everyday
	router ip link del nat64
	pings server 1 $OWN4
	three_commands
	everyday
}

# In another namespace the device has no effect before it is up; its ports of
# the old host are free, those of the new host are claimed.
moved() {
	local ns to="203.0.113.9#8081"

	command -v "$NAT64_TOOL" >/dev/null || skip "no nat64"
	add_netns away2
	ns=$(netns_name away2)
	ip_on away2 addr add 203.0.113.9/32 dev lo
	ip_on away2 link add other type nat64 pool6 2001:db8:65::/96
	again
	router ip link add other type nat64 pool6 2001:db8:65::/96
	traffic tcp client server $W6 $S4 1000
	forward add nat64 $to
	router "$NAT64_TOOL" bib add dev nat64 static tcp "$C6#81" "$OWN4#8081"
	no_forward other "$OWN4#8081"
	has "$(router "$NAT64_TOOL" session show dev nat64)" "$S4"
	router ip link set nat64 netns "$ns"
	equal "$(on away2 "$NAT64_TOOL" session show dev nat64)" "" "sessions"
	equal "$(on away2 "$NAT64_TOOL" bib show dev nat64 | grep -c static)" \
		2 "static bindings"
	forward add other "$OWN4#8081"
	fails on away2 "$NAT64_TOOL" bib add dev other static \
		tcp "$C6#80" "$to" 2>"$WORK/err"
	has "$(cat "$WORK/err")" \
		"port4 is in use by a socket of this host"
	router ip link del other
	ip netns del "$ns"
	three_commands
}

# Receive timestamps, set during a capture, must not be used as departure times
# by a queue of the device.
fair_queue() {
	local pid

	again
	router tc qdisc replace dev nat64 root fq 2>/dev/null || skip "no fq"
	ip netns exec "$(netns_name router)" tcpdump -i s0 -w /dev/null \
		2>"$WORK/tcpdump" &
	pid=$!
	wait_for grep -q listening "$WORK/tcpdump"
	everyday
	kill $pid
	wait $pid || true
	router tc qdisc del dev nat64 root
}

# In a VRF that has the address.
vrf() {
	again
	ip_on router link add blue type vrf table 10 || skip "no VRF"
	ip_on router -batch - <<-END
		link set blue up
		link set c0 master blue
		link set s0 master blue
		link set nat64 master blue
		addr replace $R6/64 dev c0 nodad
		route add default via $NEXT4 vrf blue
		route add 64:ff9b::/96 dev nat64 vrf blue
	END
	everyday
	refused
	has "$(client traceroute -6 -n -q 1 -N 1 -w "$(slow 2)" -m 8 $W6)" \
		"$OWN6" "$W6"
	pings server 1 $OWN4
	ip_on router link del blue
	ip_on router -batch - <<-END
		addr replace $R6/64 dev c0 nodad
		route replace default via $NEXT4
	END
	again
	everyday
}

shown() {
	again
	has "$(link_text nat64)" "pool4 host"
	equal "$(link_json nat64 | jq -c '[.pool4_source, .pool4]')" \
		'["host",[]]' "pool4 in JSON"
	router ip link set nat64 type nat64 udp-timeout 200
	everyday
}

# Only "pool4 host" uses the host's addresses: "none" ends the bindings on them
# and refuses new flows.
none() {
	local pid

	again
	everyday
	router ip link set nat64 type nat64 pool4 none
	told client $W6 | grep -q "Address unreachable"
	equal "$(dropped pool4-empty)" 1 "counted"
	# and packets to the host are not examined
	router "$PYTHON" -c 'import socket
s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
s.bind(("", 61001))
print("ready", flush=True)
s.sendto(*s.recvfrom(100))' >"$WORK/ready" &
	pid=$!
	wait_for grep -q ready "$WORK/ready"
	server "$PYTHON" -c "import socket
s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
s.settimeout($(slow 5))
s.sendto(b'x', ('$OWN4', 61001))
s.recv(9)"
	wait $pid
	router ip link set nat64 type nat64 pool4 host
	everyday
	equal "$(dropped pool4-empty)" 1 "counted"
}

begin() { setup_home && three_commands; }

given begin

add_test "three commands: ping, UDP, TCP" everyday
add_test "device counters and tcpdump show the traffic" counted
add_test "any net.ipv4.conf.all.rp_filter" filters
add_test "HTTP by curl" http
add_test "errors of closed ports" refused
add_test "traceroute shows the router as two hops" trace
add_test "path MTU of narrow IPv4 links" pmtu_v4
add_test "path MTU of a narrow IPv6 link" pmtu_v6
add_test "R6146-3.4-f fragments of the server's size" fragments
add_test "R6146-3.1-b, R6146-3.5.1-e one mapping, open to all" \
	borrow endpoint_independent
add_test "R6146-3.8-a hairpinning by the router's address" borrow hairpin
add_test "a packet filter for the host's own input" firewall
add_test "the client to the router's IPv4 address" to_router
add_test "D-6146-local, R6056-3.2-a ports of the host's sockets" pool
add_test "R6888-R4-a, R6888-R4-b a greedy host leaves half of the ports" greedy
add_test "R7269-4-a sessions are loaded again" loaded
add_test "pool4 addresses with the host's addresses" elsewhere
add_test "D-6146-local the host's services and connections" \
	borrow host_traffic
add_test "D-6146-local the host binds the port of a binding" \
	borrow host_later
add_test "D-6146-local the host has a session's port and peer" same_flow
add_test "D-6146-local a stranger sees no difference" scan
add_test "a static binding of a port of the host" forwarded
add_test "an address that comes to the host is shared" adopted
add_test "masquerading of all that leaves" masquerade "oifname s0"
add_test "masquerading of the LAN alone" \
	masquerade "ip saddr 192.168.1.0/24 oifname s0"
add_test "two devices never give out the same port" two_devices
add_test "a second address of the host" borrow second_address $NEW4
add_test "the address changes" change
add_test "rp_filter of the host's links holds" spoofed
add_test "device down and up" borrow down
add_test "device moved and deleted" gone
add_test "R6146-3.1-c its tables in another namespace" moved
add_test "a fair queue on the device, and a capture" fair_queue
add_test "in a VRF" vrf
add_test "shown, and changed while it runs" shown
add_test "pool4 none has no addresses" none
run_tests
