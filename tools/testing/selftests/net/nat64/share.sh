#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# A device that shares addresses of the host: its netfilter hooks and sysctls,
# and addresses that are added and removed. borrow.sh has the traffic tests.
#
#         router
#  +------------------+
#  |  nat64    own    |   own: a dummy device with the host's addresses
#  +------------------+
#
# Environment: NAT64_TOOL   nat64, if it is neither in tools/nat64 nor installed

# shellcheck source=tool.sh
. "$(dirname "$(readlink -f "$0")")/tool.sh"
need nft

# Kernel messages expected by no_hooks().
KMSG_HARMLESS+='|nat64: pool4: cannot register netfilter hooks'

readonly OWN4=192.0.2.2 VIP=203.0.113.9

# again [WORDS]: replace the device and set it up
again() {
	fresh_nat64 "pool6 64:ff9b::/96 $*"
	ip_on router link set nat64 up
}

# full_input: as many chains at the router's LOCAL_IN as the kernel allows
full_input() {
	local i=1015 chain="{ type filter hook input priority 5; }"

	{
		echo "add table ip full"
		seq -f "add chain ip full c%.0f $chain" $i
	} | router nft -f -
	while router nft "add chain ip full d$i $chain" 2>/dev/null; do
		i=$((i + 1))
		[ "$i" -lt 1100 ] || return
	done
}

# no_hook COMMAND...: fails in the router, with the reason
no_hook() {
	fails router "$@" 2>"$WORK/err"
	has "$(cat "$WORK/err")" \
		"pool4: cannot register netfilter hooks for addresses"
}

# Without hooks the device translates nothing from the host's addresses: what
# needs them is refused, and works when there is room for them.
no_hooks() {
	local before

	again "pool4 $VIP"
	full_input
	before=$(link_json nat64)
	no_hook ip link set nat64 type nat64 pool4 $OWN4
	no_hook ip link set nat64 type nat64 pool4 host
	no_hook "$NAT64_TOOL" pool4 add dev nat64 $OWN4
	echo $OWN4 >"$WORK/pool4"
	no_hook "$NAT64_TOOL" pool4 replace dev nat64 "$WORK/pool4"
	no_hook "$NAT64_TOOL" bib add dev nat64 static tcp "$C6#80" $VIP#8081
	equal "$(link_json nat64)" "$before" "configuration"
	equal "$(shown bib)" "" "bindings"
	ip_on router link set nat64 down
	ip_on router link set nat64 type nat64 pool4 host
	fails ip_on router link set nat64 up
	router nft delete table ip full
	ip_on router link set nat64 up
}

# sessions_of ADDRESS: how many there are on it
sessions_of() { shown session | grep -c "$1" || true; }

# VRRP: an address of pool4 leaves the host and comes back, and its sessions are
# still there. Those on the host's own addresses end.
vip() {
	again "pool4 $VIP ports 5000-5999"
	ip_on router addr add $VIP/32 dev own
	nat64 session add dev nat64 tcp "$C6#80" $VIP#5000 $S4#80 established
	# outside pool4
	nat64 bib add dev nat64 static tcp "$C6#81" $VIP#6000
	nat64 session add dev nat64 tcp "$C6#81" $VIP#6000 $S4#80 established
	equal "$(sessions_of $VIP)" 2 "sessions"
	ip_on router addr del $VIP/32 dev own
	equal "$(sessions_of $VIP#5000)" 1 "sessions in pool4"
	equal "$(sessions_of $VIP#6000)" 0 "sessions outside"
	ip_on router addr add $VIP/32 dev own
	equal "$(sessions_of $VIP#5000)" 1 "sessions when it is back"
	ip_on router link set nat64 type nat64 pool4 host
	equal "$(sessions_of $VIP#5000)" 0 "sessions without pool4"
	nat64 session add dev nat64 tcp "$C6#80" $VIP#61005 $S4#80 established
	equal "$(sessions_of $VIP)" 1 "sessions that share"
	ip_on router addr del $VIP/32 dev own
	equal "$(sessions_of $VIP)" 0 "sessions in the end"
}

# A static binding on an address of the host outside pool4 that is to be dynamic
# ends with its sessions, and nothing of it is left: neither the hooks nor the port.
loosened() {
	again "pool4 $VIP"
	ip_on router link add other type nat64 pool6 64:ff9b:1::/96 pool4 $VIP
	ip_on router link set other up
	nat64 bib add dev nat64 static tcp "$C6#80" $OWN4#8080
	nat64 session add dev nat64 tcp "$C6#80" $OWN4#8080 $S4#80 established
	fails nat64 bib add dev other static tcp "$C6#80" $OWN4#8080
	local_sources 1
	nat64 bib replace dev nat64 tcp "$C6#80" $OWN4#8080
	equal "$(shown bib)" "" "bindings"
	equal "$(count session)" 0 "sessions"
	local_sources 0
	nat64 bib add dev other static tcp "$C6#80" $OWN4#8080
	ip_on router link del other
	# within pool4 it stays
	nat64 bib add dev nat64 static tcp "$C6#80" $VIP#80
	nat64 session add dev nat64 tcp "$C6#80" $VIP#80 $S4#80 established
	nat64 bib replace dev nat64 tcp "$C6#80" $VIP#80
	equal "$(shown bib)" "tcp $C6#80 $VIP#80 sessions 1" "bindings"
	local_sources 0
}

# traced FUNCTIONS COMMAND...: run it, and print which of the FUNCTIONS of the
# kernel were called, in their order
traced() {
	local tracing=/sys/kernel/tracing

	[ -w $tracing/set_ftrace_filter ] || skip "no function tracer"
	echo "$1" >$tracing/set_ftrace_filter
	echo function >$tracing/current_tracer
	"${@:2}"
	CALLS=$(sed -n 's/.*: \([a-z0-9_]*\) <-.*/\1/p' $tracing/trace | uniq)
	CALLS=${CALLS//$'\n'/ }
	echo nop >$tracing/current_tracer
	echo >$tracing/set_ftrace_filter
}

# A packet that has chosen an address of the host may make its binding after the
# address has gone. So bindings are looked for once all packets that found the route
# have ended, which on one CPU nothing else shows.
in_flight() {
	local order="fib_inetaddr_event synchronize_net nat64_table_leave"

	again
	ip_on router addr add $VIP/32 dev own
	traced "$order" ip_on router addr del $VIP/32 dev own
	has "$CALLS" "$order"
}

# looks_up EXPECTED: what a datagram to a port of the host makes the device do; a
# socket takes it, so that no ICMP error follows
looks_up() {
	traced "nat64_borrow_input nat64_session_find4" \
		router "$PYTHON" -BEs -c 'import socket, sys
sock = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
sock.bind((sys.argv[1], 9))
sock.sendto(b"x", sock.getsockname())
sock.recv(10)' $OWN4
	equal "$CALLS" "$1" "calls"
}

# Packets to any port of the host are looked up while there is a static binding,
# for it may be on any. They are not before and after; nor do they pass a hook if
# pool4 has no address of the host.
lookups() {
	local hook="nat64_borrow_input" find="nat64_session_find4" pool4 idle

	for pool4 in host $VIP; do
		again "pool4 $pool4"
		[ $pool4 = host ] && idle=$hook || idle=''
		looks_up "$idle"
		nat64 bib add dev nat64 static tcp "$C6#80" $OWN4#8080
		looks_up "$hook $find"
		nat64 bib del dev nat64 tcp "$C6#80"
		looks_up "$idle"
	done
}

# objects: how many of 8 KiB there are, the size of a map of ports
objects() {
	awk '/^kmalloc(-cg)?-8k / { n += $2 } END { print n }' /proc/slabinfo
}

fewer() { [ "$(objects)" -lt "$1" ]; }

# The map of an address is freed after the hold-down of its last port.
idle() {
	local i before

	again "pool4 198.18.0.0/16 hold-down-timeout 1"
	for ((i = 0; i < 1000; i++)); do
		echo "session add dev nat64 udp $C6#$((i + 1))" \
			"198.18.$((i >> 8)).$((i & 255))#4000 $S4#53"
	done >"$WORK/batch"
	before=$(objects)
	nat64 -batch "$WORK/batch"
	atleast $(($(objects) - before)) 900 "maps"
	nat64 bib flush dev nat64
	wait_for fewer $((before + 100))
	nat64 -batch "$WORK/batch"
	equal "$(count session)" 1000 "sessions"
	atleast $(($(objects) - before)) 900 "maps again"
}

# local_sources 0|1: may the device's packets have addresses of the host as source?
local_sources() {
	equal "$(router sysctl -n net.ipv4.conf.nat64.accept_local)" "$1" \
		"accept_local"
}

# What a device sets for itself goes back when it shares no address any more.
settings() {
	again
	local_sources 1
	ip_on router link set nat64 type nat64 pool4 $VIP
	local_sources 0
	nat64 pool4 add dev nat64 $OWN4
	local_sources 1
	nat64 pool4 del dev nat64 $OWN4
	local_sources 0
	# A static binding may be on an address of the host.
	nat64 bib add dev nat64 static tcp "$C6#80" $VIP#8080
	nat64 bib add dev nat64 static tcp "$C6#81" $VIP#8081
	local_sources 1
	nat64 bib del dev nat64 tcp "$C6#80"
	local_sources 1
	nat64 bib del dev nat64 tcp "$C6#81"
	local_sources 0
	nat64 bib add dev nat64 static tcp "$C6#80" $VIP#8080
	fails nat64 bib add dev nat64 static tcp "$C6#80" $VIP#8081
	local_sources 1
	nat64 bib flush dev nat64
	local_sources 0
	nat64 session add dev nat64 tcp "$C6#80" $VIP#5000 $S4#80
	fails nat64 bib add dev nat64 static tcp "$C6#80" $VIP#5001
	local_sources 0
	# what the administrator has set stays
	router sysctl -qw net.ipv4.conf.nat64.accept_local=1
	ip_on router link set nat64 type nat64 pool4 host
	ip_on router link set nat64 type nat64 pool4 $VIP
	local_sources 1
}

add_host() {
	add_netns router && ip_on router -batch - <<-END
		link add own type dummy
		link set own up
		addr add $OWN4/24 dev own
	END
}

given add_host

add_test "an address of pool4 that leaves the host" vip
add_test "an address that leaves while packets use it" in_flight
add_test "a static binding outside pool4 that becomes dynamic" loosened
add_test "packets to the host are looked up for static bindings only" lookups
add_test "a map of ports that nothing uses" idle
add_test "sysctls for shared addresses are restored" settings
add_test "no hook is left for the host's addresses" no_hooks
run_tests
