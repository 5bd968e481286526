#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# Packet filters and connection tracking of the router see every packet twice,
# once in each family, and what they decide on either side counts.
#
#    client                    router                      server
#  +---------+         +----------------------+         +----------+
#  |    eth0 |---------| c0     nat64      s0 |---------| eth0     |
#  +---------+         +----------------------+         +----------+
#      ip6 forward: oifname nat64 --> iifname nat64: ip forward
#      ip6 forward: iifname nat64 <-- oifname nat64: ip forward

# shellcheck source=lib.sh
. "$(dirname "$(readlink -f "$0")")/lib.sh"

# The nat64 command of this tree, when it has been built.
PATH=$HERE/../../../../nat64:$PATH
need nft conntrack nstat

flush() { router nft flush ruleset; }

# rules [RULE-FOR-IP6 [RULE-FOR-IP]]: in the forward chains, with counters
rules() {
	router nft -f - <<-EOF
		flush ruleset
		table ip6 t {
			chain f {
				type filter hook forward priority 0
				oifname nat64 counter comment "to"
				iifname nat64 counter comment "from"
				${1-}
				counter comment "rest"
			}
		}
		table ip t {
			chain f {
				type filter hook forward priority 0
				oifname nat64 counter comment "to"
				iifname nat64 counter comment "from"
				${2-}
				counter comment "rest"
			}
		}
	EOF
}

# counts IP6-TO IP6-FROM IP-TO IP-FROM
counts() {
	equal "$(nft_packets router ip6 t to)" "$1" "ip6 oifname nat64"
	equal "$(nft_packets router ip6 t from)" "$2" "ip6 iifname nat64"
	equal "$(nft_packets router ip t to)" "$3" "ip oifname nat64"
	equal "$(nft_packets router ip t from)" "$4" "ip iifname nat64"
}

accept() {
	rules "oifname nat64 accept" "iifname nat64 accept"
	pings client 5 $S6
	counts 5 5 5 5
	equal "$(nft_packets router ip6 t rest)" 5 "not accepted, ip6"
	equal "$(nft_packets router ip t rest)" 5 "not accepted, ip"
}

# drop_at IP6-RULE IP-RULE COUNT...: two pings, and how far they came
drop_at() {
	rules "$1" "$2"
	lost client 2 $S6
	counts "${@:3}"
}

# rejected IP6-RULE IP-RULE FROM TEXT: what the client is told by ping
rejected() {
	local out

	rules "$1" "$2"
	out=$(told client $S6)
	has "$out" "From $3 " "$4"
}

# A TCP reset ends the client's attempt, which does not wait for its timeout.
reset() {
	local out

	rules "$1" "$2"
	out=$(traffic tcp client server $S6 $S4 1 2>&1) && return 1
	has "$out" "onnection refused"
}

# Errors about what the server sent go to the server.
rejected_reply() {
	local before

	before=$(snmp server IcmpInDestUnreachs)
	rules "$1" "$2"
	lost client 1 $S6
	equal $(($(snmp server IcmpInDestUnreachs) - before)) 1 \
		"errors at the server"
}

stateful_rules() {
	router nft -f - <<-EOF
		flush ruleset
		table ip6 t {
			chain f {
				type filter hook forward priority 0; policy drop
				ct state established,related counter accept comment "old"
				iifname c0 oifname nat64 ct state new counter accept comment "new"
				counter comment "bad"
			}
		}
		table ip t {
			chain f {
				type filter hook forward priority 0; policy drop
				ct state established,related counter accept comment "old"
				iifname nat64 oifname s0 ct state new counter accept comment "new"
				counter comment "bad"
			}
		}
	EOF
}

conntrack_state() {
	local family

	stateful_rules
	pings client 3 $S6
	for family in ip6 ip; do
		equal "$(nft_packets router $family t new)" 1 "$family new"
		equal "$(nft_packets router $family t old)" 5 "$family old"
	done
	pings client 2 -s 4000 $S6
	traffic udp client server $S6 $S4 1 1452 8192
	traffic tcp client server $S6 $S4 1 1000000
	for family in ip6 ip; do
		equal "$(nft_packets router $family t bad)" 0 "$family dropped"
	done
}

# ICMP errors belong to their connection in either family.
conntrack_related() {
	local out

	stateful_rules
	out=$(traffic udp client server --connect-port 9 $S6 $S4 1 2>&1) &&
		return 1
	has "$out" "onnection refused"
	ip_on server link set eth0 mtu 1400
	ip_on router link set s0 mtu 1400
	out=$(told client -M "do" -s 1452 $S6)
	has "$out" "mtu=1420"
	ip_on client -6 route flush cache
	ip_on server link set eth0 mtu 1500
	ip_on router link set s0 mtu 1500
}

# What the translator would let in, filtering by state keeps out.
conntrack_new() {
	local before

	stateful_rules
	before=$(dev_stat router nat64 tx packets)
	mapping udp_filtered
	equal "$(nft_packets router ip t bad)" 1 "ip dropped"
	equal "$(nft_packets router ip6 t bad)" 0 "ip6 dropped"
	# What the client sent and nothing else.
	equal $(($(dev_stat router nat64 tx packets) - before)) 1 "packets"
}

conntrack_entries() {
	local out

	stateful_rules
	router conntrack -F 2>/dev/null
	has "$(traffic udp client server $S6 $S4 10)" "10 203.0.113."
	out=$(router conntrack -L -f ipv6 -p udp 2>/dev/null)
	has "$out" "src=$C6 dst=$S6 " "src=$S6 dst=$C6 " "dport=7777"
	has_not "$out" "UNREPLIED"
	out=$(router conntrack -L -f ipv4 -p udp 2>/dev/null)
	has "$out" "src=203.0.113." "dst=$S4 " "dport=7777"
	has_not "$out" "UNREPLIED"
	traffic tcp client server $S6 $S4 10
	has "$(router conntrack -L -f ipv6 -p tcp 2>/dev/null)" "src=$C6 dst=$S6"
	has "$(router conntrack -L -f ipv4 -p tcp 2>/dev/null)" "dst=$S4 "
}

# A mark given before the translation is there behind it.
marks() {
	router nft -f - <<-EOF
		flush ruleset
		table ip6 t {
			chain p {
				type filter hook prerouting priority -150
				iifname c0 meta mark set 0x64
			}
			chain f {
				type filter hook forward priority 0
				iifname nat64 meta mark 0x46 counter comment "hits"
			}
		}
		table ip t {
			chain p {
				type filter hook prerouting priority -150
				iifname s0 meta mark set 0x46
			}
			chain f {
				type filter hook forward priority 0
				iifname nat64 meta mark 0x64 counter comment "hits"
			}
		}
	EOF
	pings client 3 $S6
	equal "$(nft_packets router ip t hits)" 3 "marked, seen in IPv4"
	equal "$(nft_packets router ip6 t hits)" 3 "marked, seen in IPv6"
	pings client 1 -s 4000 $S6
	atleast "$(nft_packets router ip t hits)" 4 "marked fragments, IPv4"
	atleast "$(nft_packets router ip6 t hits)" 4 "marked fragments, IPv6"
}

# The policy routing of the family that comes out can use it.
mark_routes() {
	router nft -f - <<-EOF
		flush ruleset
		table ip6 t {
			chain p {
				type filter hook prerouting priority -150
				iifname c0 meta mark set 0x64
			}
		}
	EOF
	ip_on router rule add fwmark 0x64 blackhole
	lost client 1 $S6
	ip_on router rule del fwmark 0x64 blackhole
	pings client 1 $S6
}

# NAT of netfilter on top: the server's address is another one.
dnat() {
	router nft -f - <<-EOF
		flush ruleset
		table ip t {
			chain p {
				type nat hook prerouting priority -100
				iifname nat64 ip daddr 198.51.100.99 dnat to $S4
			}
			chain q {
				type nat hook postrouting priority 100
				oifname s0 masquerade
			}
		}
	EOF
	pings client 2 2001:db8:64::c633:6463
	has "$(traffic tcp client server 2001:db8:64::c633:6463 $S4 100000)" \
		"100000 $R4 "
}

given setup_nat64

NO="drop"
# --- what is left to routes and filters ---------------------------------

# bindings HOST: how many it has
bindings() {
	nat64 -n "$(netns_name router)" bib show dev nat64 addr6 "$1" | wc -l
}

# send SOURCE PORT...: a datagram to each port of the server
send() {
	client "$PYTHON" -c 'import socket, sys
sock = socket.socket(socket.AF_INET6, socket.SOCK_DGRAM)
sock.bind((sys.argv[1], 0))
for port in sys.argv[3:]:
    sock.sendto(b"x", (sys.argv[2], int(port)))' "$1" $S6 "${@:2}"
}

# R7269-9-a: a source that is not behind this link gets no binding.
forged() {
	local other=2001:db8:9::9

	command -v nat64 >/dev/null || skip "no nat64"
	# the question for the router's address would come from the other, too
	pings client 1 $S6
	router nft -f - <<-EOF
		flush ruleset
		table ip6 t {
			chain p {
				type filter hook prerouting priority -300
				fib saddr . iif oif missing counter drop comment "forged"
			}
		}
	EOF
	ip_on client addr add $other/128 dev eth0 nodad
	send $other 7777
	equal "$(nft_packets router ip6 t forged)" 1 "dropped"
	equal "$(bindings $other)" 0 "bindings"
	pings client 1 -I $C6 $S6
	flush
	send $other 7777
	equal "$(bindings $other)" 1 "bindings without the rule"
	ip_on client addr del $other/128 dev eth0
}

# R6888-R4-c: a host may begin so many flows in a while.
new_flows() {
	local other=2001:db8:1::11

	command -v nat64 >/dev/null || skip "no nat64"
	router nft -f - <<-EOF
		flush ruleset
		table ip6 t {
			set hosts {
				type ipv6_addr
				size 1000
				flags dynamic
			}
			chain f {
				type filter hook forward priority 0
				oifname nat64 ct state new update @hosts { ip6 saddr limit rate over 5/hour burst 5 packets } counter drop comment "over"
			}
		}
	EOF
	ip_on client addr add $other/64 dev eth0 nodad
	send $C6 {2001..2020}
	equal "$(nft_packets router ip6 t over)" 15 "dropped"
	send $other 2001
	equal "$(nft_packets router ip6 t over)" 15 "dropped of another host"
	equal "$(bindings $other)" 1 "its bindings"
	ip_on client addr del $other/64 dev eth0
	flush
}

# R6888-R6-a: by destination and port, natively to a server that has IPv6.
not_translated() {
	ip_on router addr add 2001:db8:5::1/64 dev s0 nodad
	ip_on server addr add 2001:db8:5::5/64 dev eth0 nodad
	ip_on server addr add $S6/128 dev eth0 nodad
	ip_on server -6 route add default via 2001:db8:5::1
	ip_on router -6 route add $S6 via 2001:db8:5::5 table 64
	ip_on router -6 rule add to $S6 ipproto tcp dport 443 lookup 64
	has "$(traffic tcp client server --port 443 $S6 $S6 1000)" "1000 $C6"
	has "$(traffic tcp client server --port 80 $S6 $S4 1000)" \
		"1000 203.0.113."
	has "$(traffic udp client server --port 443 $S6 $S4 1000)" \
		"1000 203.0.113."
	ip_on router -6 rule del to $S6 ipproto tcp dport 443 lookup 64
	has "$(traffic tcp client server --port 443 $S6 $S4 1000)" \
		"1000 203.0.113."
}

# mss LAN-MTU WAN-MTU SIZE: the segments that either side is told to send, when
# the rules fit them to the links of the router
mss() {
	local family

	router nft -f - <<-EOF
		flush ruleset
		table inet mss {
			chain forward {
				type filter hook forward priority mangle
				iifname nat64 tcp flags syn tcp option maxseg size set rt mtu
				oifname nat64 tcp flags syn tcp option maxseg size set rt mtu
			}
		}
		table ip6 t {
			chain p {
				type filter hook postrouting priority 0
				oifname c0 tcp flags syn tcp option maxseg size $3 counter comment "hits"
			}
		}
		table ip t {
			chain p {
				type filter hook postrouting priority 0
				oifname s0 tcp flags syn tcp option maxseg size $3 counter comment "hits"
			}
		}
	EOF
	ip_on router link set c0 mtu "$1"
	ip_on router link set s0 mtu "$2"
	traffic tcp client server $S6 $S4 100000
	ip_on router link set c0 mtu 1500
	ip_on router link set s0 mtu 1500
	for family in ip6 ip; do
		equal "$(nft_packets router $family t hits)" 1 "$family SYN"
	done
	flush
}

ADM6="reject with icmpv6 type admin-prohibited"
ADM4="reject with icmp type admin-prohibited"
RST="meta l4proto tcp reject with tcp reset"
PING6="ip6 nexthdr icmpv6 icmpv6 type echo-reply"
PING4="ip protocol icmp icmp type echo-reply"
PROHIBITED="Destination unreachable: Administratively prohibited"

add_test "accept on both sides, counted on both" accept
add_test "drop before translation to IPv4" \
	drop_at "oifname nat64 $NO" "" 2 0 0 0
add_test "drop after translation to IPv4" \
	drop_at "" "iifname nat64 $NO" 2 0 0 2
add_test "drop before translation to IPv6" \
	drop_at "" "oifname nat64 $NO" 2 0 2 2
add_test "drop after translation to IPv6" \
	drop_at "iifname nat64 $NO" "" 2 2 2 2
add_test "reject by ICMPv6 before translation" \
	rejected "oifname nat64 $ADM6" "" $R6 "$PROHIBITED"
add_test "R7915-4.2-i reject by ICMP after translation" \
	rejected "" "iifname nat64 $ADM4" $R64 "$PROHIBITED"
add_test "R7915-4.2-g reject by port unreachable after translation" \
	rejected "" "iifname nat64 reject with icmp type port-unreachable" \
	$R64 "Destination unreachable: Port unreachable"
add_test "reject by TCP reset before translation" \
	reset "oifname nat64 $RST" ""
add_test "reject by TCP reset after translation" \
	reset "" "iifname nat64 $RST"
add_test "reject of replies before translation to IPv6" \
	rejected_reply "" "oifname nat64 $PING4 $ADM4"
add_test "R7915-5.2 reject of replies after translation to IPv6" \
	rejected_reply "iifname nat64 $PING6 $ADM6" ""
add_test "no rules" flush
add_test "ct state, new only from the client" conntrack_state
add_test "ct state related: errors pass" conntrack_related
add_test "ct state new from the server is dropped" conntrack_new
add_test "conntrack lists both families" conntrack_entries
add_test "a mark set on one side is seen on the other" marks
add_test "a mark set in IPv6 routes in IPv4" mark_routes
add_test "DNAT and masquerade behind the translation" dnat
add_test "R7269-9-a forged sources get no binding" forged
add_test "R6888-R4-c new flows of a host, limited by a meter" new_flows
add_test "R6888-R6-a a route keeps a destination's port from the device" \
	not_translated
add_test "segments that fit the link to the IPv6 hosts" mss 1380 1500 1320
add_test "segments that fit the link to the IPv4 hosts" mss 1500 1400 1360
run_tests
