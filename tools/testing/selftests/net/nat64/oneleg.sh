#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# A translator with one leg, on a LAN whose router has a firewall that drops what
# its connection tracking calls invalid. Everybody runs the commands of
# Documentation/howto/one-leg.rst.
#
#    client ----+---- lan: router, wan ---- server
#               |
#              box: nat64

# shellcheck source=howto.sh
. "$(dirname "$(readlink -f "$0")")/howto.sh"
use_howto one-leg.rst
need nft curl conntrack

readonly W4=64:ff9b::198.51.100.5 W6=64:ff9b::c633:6405

box() { on box "$@"; }

# add_port NS DEV: a link to the switch, a namespace of its own
add_port() {
	add_link "$1" "$2" lan "$1" && ip_on lan link set "$1" master br0
}

# The WAN is narrower than the LAN, so that errors have to find their way too.
topology() {
	add_netns client lan box router server && make_router router || return
	ip_on lan link add br0 type bridge && ip_on lan link set br0 up &&
		add_port client eth0 && add_port box eth0 &&
		add_port router lan && add_link router wan server eth0 ||
		return
	ip_on client -batch - <<-EOF || return
		addr add $C6/64 dev eth0 nodad
		route add default via $R6 advmss 1440
	EOF
	ip_on box -batch - <<-EOF || return
		addr add 2001:db8:1::5/64 dev eth0 nodad
		addr add 192.168.1.5/24 dev eth0
		route add default via $R6
		route add default via 192.168.1.1
	EOF
	ip_on router -batch - <<-EOF || return
		addr add $R6/64 dev lan nodad
		addr add 192.168.1.1/24 dev lan
		addr add $R4/24 dev wan
		link set wan mtu 1400
	EOF
	ip_on server -batch - <<-EOF || return
		link set eth0 mtu 1400
		addr add $S4/24 dev eth0
		route add default via $R4 advmss 1460
	EOF
	router nft -f - <<-EOF
		table inet router {
			chain forward {
				type filter hook forward priority filter; policy drop
				ct state established,related accept
				ct state invalid counter drop comment "invalid"
				iifname lan accept
			}
		}
		table ip masquerading {
			chain postrouting {
				type nat hook postrouting priority srcnat
				oifname wan masquerade
			}
		}
	EOF
}

invalid() { nft_packets router inet router invalid; }

tcp() {
	has "$(traffic tcp client server $W4 $S4 1 300000)" "300000 $R4"
}

# What the page says of the symptom, and how one sees the cause.
hangs() {
	local before out

	pings client 3 $W4
	has "$(traffic udp client server $W4 $S4 500)" "500 $R4"
	mkdir -p "$WORK/www"
	echo hello >"$WORK/www/file"
	web server $S4
	before=$(invalid)
	out=$(client curl -g -sS -v -m $((3 * NAT64_SLOW)) \
		"http://[$W4]/file" 2>&1) && return 1
	has "$out" "Connected to" "0 bytes received"
	atleast "$(invalid)" $((before + 1)) "invalid packets"
	out=$(howto_run router "Why TCP hangs" 2>/dev/null)
	has "$(grep "dst=$W6 .*dport=80 " <<<"$out")" SYN_SENT "[UNREPLIED]"
}

# The router drops nothing.
works() {
	pings client 3 $W4
	tcp
	equal "$(invalid)" 0 "invalid packets"
}

# And back: nothing is left of it.
at_boot() {
	howto_hooks "At every boot" pre-up up | howto_shell box
	works
	howto_hooks "At every boot" down post-down | howto_shell box
	equal "$(ip_on box -6 route show table 64)" "" "table 64"
	equal "$(ip_on box -6 rule show iif nat64)" "" "rule"
	equal "$(ip_on box link show type nat64)" "" "device"
}

with_route() { topology && howto_run router "The route"; }
begin() { with_route && howto_run box "The device"; }

# with_cure NS SECTION
with_cure() { begin && howto_run "$1" "$2"; }

with_sysctl() {
	with_route && howto_block "At every boot" net.ipv4.ip_forward |
		box sysctl -qp -
}

given begin
add_test "ping works, TCP does not" hangs
given with_cure box "Answers by way of the router"
add_test "answers by way of the router" works
given with_cure client "Hosts send to the box"
add_test "hosts send to the box" works
given with_cure router "The router lets it pass"
add_test "the router lets it pass" works
given with_sysctl
add_test "the commands at every boot, and back" at_boot
add_test "every command of the page" howto_all_run
run_tests
