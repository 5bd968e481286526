#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# All kinds of flows through a device that is changed, flushed, monitored, set
# down, moved, deleted and created at the same time. Packet loss does not
# matter, but no object may leak, and the device has to work afterwards.
#
#    client                    router                      server
#  +---------+         +----------------------+         +----------+
#  |    eth0 |---------| c0     nat64      s0 |---------| eth0     |
#  +---------+         +----------------------+         +----------+
#    soak.py               |           |                  soak.py
#                        away      passing (comes and goes)
#
# Environment: NAT64_SOAK   for how many seconds (30)
#              NAT64_KO     the module, to load it again

# shellcheck source=lib.sh
. "$(dirname "$(readlink -f "$0")")/lib.sh"

# The nat64 command of this tree, when it has been built.
PATH=$HERE/../../../../nat64:$PATH
need nat64 timeout

: "${NAT64_SOAK:=30}"
readonly MOVED4=198.51.100.77

nat64_on() { nat64 -n "$(netns_name "$1")" "${@:2}"; }

set_nat64() { ip_on router link set nat64 type nat64 "$@"; }

add_routes() {
	ip_on router route replace $POOL4 dev nat64
	ip_on router route replace $POOL6 dev nat64
}

# undo COMMAND...: takes back what would leave flows no chance. Somebody else may
# have the device just now, so it is tried until it works.
undo() {
	local i

	for ((i = 0; i < 50; i++)); do
		! "$@" || return 0
		sleep 0.1
	done
	return 1
}

# --- what is done to it: each function once for the count $1 ----------------

pools() {
	case $(($1 % 6)) in
	0) set_nat64 pool4 $T1 pool4 $T2 ;;
	1) set_nat64 pool4 $T1 ports 1024-1033 ;;
	2) set_nat64 pool4 $T2 proto udp pool4 $T1 proto tcp pool4 $T1 proto icmp ;;
	3) set_nat64 pool4 "$(shuf -n 1 -e host none)" ;;
	4) set_nat64 pool4 $T1 pool4 192.0.2.0/26 ;;
	5) set_nat64 pool4 $R4 ports 50000-50099 pool4 $T1 ;;
	esac
	sleep 0.3
}

# Beside the lists that pools() sets.
entries() {
	local words=(192.0.2.128/26 192.0.2.192 ports 1-99 mark 7) failed=0

	# what could not be deleted the last time
	nat64_on router pool4 del dev nat64 "${words[@]}"
	undo nat64_on router pool4 add dev nat64 "${words[@]}" || failed=1
	nat64_on router pool4 list
	sleep 0.2
	nat64_on router pool4 del dev nat64 "${words[@]}"
	(($1 % 4)) || nat64_on router pool4 flush dev nat64
	return $failed
}

timeouts() {
	set_nat64 udp-timeout $((120 + $1 % 200)) icmp-timeout $((60 + $1 % 5)) \
		tcp-trans-timeout $((1 + $1 % 3)) \
		tcp-est-timeout $((7200 + $1 % 100)) \
		hold-down-timeout $(($1 % 3 * 5))
	sleep 0.1
}

limits() {
	local lengths=(128 64 56)

	set_nat64 subscriber-prefix "${lengths[$1 % 3]}" \
		max-bindings $(($1 % 4 * 20)) max-sessions $(($1 % 5 * 30))
	undo set_nat64 max-bindings 0 max-sessions 0
	sleep 0.2
}

filtering() {
	local words=(off on)

	set_nat64 address-dependent-filtering "${words[$1 % 2]}" \
		drop-externally-initiated-tcp "${words[$1 / 2 % 2]}" \
		drop-icmpv6-info "${words[$1 / 4 % 2]}" \
		inbound-refresh "${words[$1 / 8 % 2]}"
	undo set_nat64 drop-icmpv6-info off drop-externally-initiated-tcp off
	sleep 0.2
}

prefixes() {
	set_nat64 pool6 2001:db8:77::/96
	undo set_nat64 pool6 $POOL6
	sleep 1
}

down_and_up() {
	ip_on router link set nat64 down
	undo ip_on router link set nat64 up
	add_routes
	sleep 1
}

recreate() {
	ip_on router link del nat64
	if (($1 % 3)); then
		add_nat64
	else
		add_nat64 subscriber-prefix 64
	fi
	add_routes
	sleep 2
}

move() {
	# what could not come back the last time
	ip_on away link del nat64
	ip_on router link set nat64 netns "$(netns_name away)"
	ip_on away link set nat64 up
	nat64_on away session show
	ip_on away link set nat64 netns "$(netns_name router)"
	ip_on router link set nat64 up
	add_routes
	sleep 1.5
}

# It ends with the namespace that it is in.
pass_away() {
	ip netns add "$(netns_name passing)"
	ip_on router link set nat64 netns "$(netns_name passing)"
	ip_on passing link set nat64 up
	ip netns del "$(netns_name passing)"
	add_nat64
	sleep 4
}

dump() {
	nat64_on router bib show dev nat64
	nat64_on router -j session show dev nat64 proto tcp
	nat64_on router pool4 addresses dev nat64
	nat64_on router session show
	ip_on router -d -s link show nat64
	counters router nat64
}

flush() {
	nat64_on router session flush dev nat64 proto udp
	sleep 0.5
	nat64_on router bib flush dev nat64
	sleep 0.5
}

by_hand() {
	local failed=0

	nat64_on router bib add dev nat64 static tcp "$C6#8080" $T1#8080 ||
		failed=1
	nat64_on router session add dev nat64 udp "$C6#$((1 + $1 % 1000))" \
		"$T1#$((2000 + $1 % 1000))" "$S4#1000"
	sleep 0.5
	(($1 % 4)) || nat64_on router bib del dev nat64 tcp "$C6#8080"
	return $failed
}

watch() {
	timeout 2 nat64 -n "$(netns_name router)" monitor
	[ $? -eq 124 ]
}

# The address that is borrowed with an empty pool.
addresses() {
	ip_on router addr add $MOVED4/24 dev s0
	ip_on router addr del $R4/24 dev s0
	ip_on router addr replace $MOVED4/24 dev s0
	sleep 0.3
	ip_on router addr add $R4/24 dev s0
	ip_on router addr del $MOVED4/24 dev s0
	ip_on router addr replace $R4/24 dev s0
	sleep 2
}

echoes() {
	server ping -q -n -c 5 -i 0.02 -W 1 -s $(($1 % 3 * 1500)) $T1
	client ping -q -n -c 20 -i 0.02 -W 1 -s $(($1 % 3 * 1500)) $S6
}

# --- all of it --------------------------------------------------------------

# While there are flows; what others have just deleted cannot succeed.
loop() {
	local times=0 good=0

	set +eE
	trap - ERR
	while [ -e "$WORK/flowing" ]; do
		! "$@" $times || good=$((good + 1))
		times=$((times + 1))
	done >/dev/null 2>&1
	echo "$1 $times $good" >>"$WORK/loops"
}

# What everything prints when nothing has failed, too: how often each kind of
# flow and each loop came to its end.
exec 3>&1

LOOPS=(pools entries timeouts limits filtering prefixes down_and_up recreate
	move pass_away dump flush by_hand watch addresses echoes)

everything() {
	local what kind count

	touch "$WORK/flowing"
	for what in "${LOOPS[@]}"; do
		loop "$what" &
	done
	timeout $((NAT64_SOAK + $(slow 30))) "$PYTHON" -BEs "$HERE/soak.py" \
		"$NAT64_SOAK" $$ >"$WORK/flows"
	rm "$WORK/flowing"
	wait
	sed 's/^/# /' "$WORK/flows" "$WORK/loops" >&3
	equal "$(wc -l <"$WORK/loops")" ${#LOOPS[@]} "loops"
	# whether pings come back in the few moments is a matter of luck
	equal "$(awk '$2 == 0 || $1 != "echoes" && $2 > 4 && $3 == 0' \
		"$WORK/loops")" "" \
		"loops that did nothing"
	for kind in udp tcp udp-inbound; do
		count=$(sed -n "s/^$kind //p" "$WORK/flows")
		atleast "$count" 1 "$kind"
	done
}

# As it was, whatever the loops have left.
restore() {
	local ns

	for ns in router away; do
		ip_on "$ns" link del nat64 2>/dev/null || true
	done
	ip netns del "$(netns_name passing)" 2>/dev/null || true
	ip_on router addr flush dev s0
	ip_on router addr add $R4/24 dev s0
	add_nat64 "$@"
}

works() {
	restore "$@"
	pings client 5 $S6
	pings client 2 -s 4000 $S6
	traffic udp client server $S6 $S4 1 1452 4000
	traffic tcp client server $S6 $S4 1 300000
}

# objects CACHE: how many there are; what CPUs keep for later is no object
objects() {
	echo 1 >"/sys/kernel/slab/$1/shrink"
	sed 's/ .*//' "/sys/kernel/slab/$1/objects"
}

# Where others have theirs in the same slabs, nobody can tell.
alone() {
	[ -w "/sys/kernel/slab/$1/shrink" ] &&
		[ -r "/sys/kernel/slab/$1/objects" ] &&
		[ "$(cat "/sys/kernel/slab/$1/aliases" 2>/dev/null ||
			echo 0)" = 0 ]
}

none_left() { [ "$(objects "$1")" = 0 ]; }

# freed CACHE: no object is left after the device has been deleted
freed() {
	alone "$1" || skip "$1 shares its slabs (slab_nomerge helps)"
	restore
	pings client 1 $S6
	atleast "$(objects "$1")" 1 "$1"
	del_nat64
	wait_for none_left "$1" || {
		objects "$1"
		return 1
	}
}

KMEMLEAK=/sys/kernel/debug/kmemleak

# Objects younger than five seconds are never reported, and what one scan
# finds may be on its way from one owner to another.
leaks() {
	[ -w $KMEMLEAK ] || skip "no kmemleak"
	ip_on router link del nat64 2>/dev/null || true
	sleep 6
	echo scan >$KMEMLEAK
	sleep 1
	echo scan >$KMEMLEAK
	equal "$(cat $KMEMLEAK)" "" "leaks"
}

reload() {
	[ -f "${NAT64_KO-}" ] || skip "NAT64_KO does not name the module"
	ip_on router link del nat64 2>/dev/null || true
	rmmod nat64
	fails [ -e /sys/module/nat64 ]
	insmod "$NAT64_KO"
	add_nat64
	pings client 2 $S6
}

begin() { setup_nat64 && add_netns away; }

given begin

add_test "everything at once for $NAT64_SOAK seconds" everything
add_test "traffic afterwards" works
add_test "traffic afterwards, with the router's own address" works pool4 host
for cache in nat64_session nat64_binding; do
	add_test "$cache: freed" freed $cache
done
add_test "no leaks" leaks
add_test "the module goes and comes back" reload
run_tests
