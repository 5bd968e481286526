#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# pool4 on the subnet of a link, whose hosts ask for its addresses by ARP: nobody
# answers unless the administrator sees to it, and a warning tells how. The
# topology is that of lib.sh.
#
# Environment: NAT64_TOOL   nat64, if it is neither in tools/nat64 nor installed

# shellcheck source=tool.sh
. "$(dirname "$(readlink -f "$0")")/tool.sh"

# Addresses of the server's link that nobody has.
readonly ONLINK=198.51.100.77 NEXT=198.51.100.78
WARNING="pool4 is on the subnet of a link and needs proxy ARP: "
WARNING+="ip neigh add proxy ADDRESS dev LINK"

# says_set WORDS: what "ip" says when it changes the device
says_set() {
	{ ip_on router link set nat64 type nat64 "$@" >/dev/null; } 2>&1
}

# The warning, and that what it says helps.
warned() {
	has "$(fresh_nat64 "pool6 $POOL6 pool4 $ONLINK" 2>&1)" \
		"Warning: $WARNING"
	ip_on router link set nat64 up
	ip_on router -batch - <<-END
		route add $POOL6 dev nat64
		route add $ONLINK dev nat64
	END
	lost client 1 $S6
	ip_on router neigh add proxy $ONLINK dev s0
	pings client 1 $S6
	# Later kernels do not let a module see it.
	if grep -q ' __pneigh_lookup$' /proc/kallsyms; then
		equal "$(says_set pool4 $ONLINK)" "" "answered"
	fi
	has "$(says_set pool4 198.51.100.76/30)" "$WARNING"
	ip_on router neigh del proxy $ONLINK dev s0
}

# By nat64(8), too; not when something else is set.
by_tool() {
	fresh_nat64 "pool6 $POOL6 pool4 $T1"
	status 0 "warning: $WARNING" nat64 pool4 add dev nat64 $NEXT
	equal "$(says_set udp-timeout 200)" "" "of something else"
	equal "$(nat64 pool4 del dev nat64 $T1 2>&1)" "" "of an end"
}

# Nothing is wrong with these.
quiet() {
	local pool

	ip_on router -batch - <<-END
		link add noarp type dummy
		link set noarp up
		addr add 192.0.2.1/24 dev noarp
	END
	fresh_nat64 "pool6 $POOL6 pool4 $T1"
	for pool in 203.0.113.0/24 $R4 198.51.100.0 198.51.100.255 192.0.2.7; do
		equal "$(says_set pool4 $pool)" "" "$pool"
	done
	router sysctl -qw net.ipv4.conf.s0.proxy_arp=1
	equal "$(says_set pool4 $ONLINK)" "" "proxy_arp"
	router sysctl -qw net.ipv4.conf.s0.proxy_arp=0
	has "$(says_set pool4 $ONLINK)" "$WARNING"
	ip_on router link del noarp
}

# said: what the log has of ARP
said() {
	dmesg | sed "1,/nat64 selftest $SELF $$\$/d" |
		sed -n 's/.*nat64: \(pool4 .* ARP.*\)/\1/p'
}

# The link gets its address later: only the log can tell.
later() {
	fresh_nat64 "pool6 $POOL6 pool4 192.0.2.7"
	ip_on router addr add 192.0.2.1/24 dev s0
	ip_on router addr add 192.0.3.1/24 dev s0
	equal "$(said)" "pool4 192.0.2.7 is on the subnet of s0 and needs\
 proxy ARP: ip neigh add proxy 192.0.2.7 dev s0" "log"
	ip_on router addr del 192.0.2.1/24 dev s0
	ip_on router addr del 192.0.3.1/24 dev s0
}

given setup

add_test "a warning, and its advice works" warned
add_test "the warning by nat64(8)" by_tool
add_test "no warning" quiet
add_test "a notice when the link gets its address later" later
run_tests
