#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# Requests of the generic netlink family do not wait for RTNL, and run while
# devices are changed, moved and deleted. No traffic: the namespace "router" has
# the devices, one of each mode.
#
# Environment: NAT64_TOOL   nat64, if it is neither in tools/nat64 nor installed

# shellcheck source=tool.sh
. "$(dirname "$(readlink -f "$0")")/tool.sh"

STATIC="udp 2001:db8:1::1#7 $T1#1007"
DYNAMIC="udp 2001:db8:1::2#7 $T1#1008"

make_device() {
	ip_on router link add nat64 type nat64 pool6 $POOL6 pool4 $T1
}

make_siit() {
	ip_on router link add siit type nat64 pool6 $POOL6 mode stateless
}

setup_devices() {
	add_netns router client
	make_device
	make_siit
	nat64 bib add dev nat64 static $STATIC
	nat64 session add dev nat64 $DYNAMIC $S4#9
	nat64 eam add dev siit 192.0.2.1 2001:db8::1
}

# Hold RTNL: the kernel holds it while it waits for /sbin/bridge-stp, which is
# run when the spanning tree protocol of a bridge is enabled. The folder gets
# that program from a read-only overlay.
hold() {
	ip link add "br$$" type bridge || skip "no bridge"
	mkdir "$WORK/sbin"
	mkfifo "$WORK/fifo"
	cat >"$WORK/sbin/bridge-stp" <<-EOF
		#!/bin/sh
		[ "\$*" = "br$$ start" ] || exit 0
		: >"$WORK/held"
		read -r _ <"$WORK/fifo"
	EOF
	chmod +x "$WORK/sbin/bridge-stp"
	mount -t overlay -o "lowerdir=$WORK/sbin:$(realpath /sbin)" overlay \
		/sbin || skip "no overlay"
	ip link set "br$$" type bridge stp_state 1 &
	wait_for test -e "$WORK/held"
}

# Also after half of hold.
let_go() {
	[ ! -e "$WORK/held" ] || echo >"$WORK/fifo"
	wait
	ip link del "br$$"
	[ ! -e /sbin/bridge-stp ] || umount /sbin
	rm -rf "$WORK/sbin" "$WORK/fifo" "$WORK/held"
}

# at_once COMMANDS: a batch ends while someone else holds RTNL
at_once() {
	local ended=''

	[ ! -e /sbin/bridge-stp ] || skip "there is a /sbin/bridge-stp"
	trap let_go EXIT
	hold
	(nat64 -batch - <<<"$1" && : >"$WORK/ended") &
	! wait_for test -e "$WORK/ended" || ended=yes
	trap end_jobs EXIT
	let_go
	equal "$ended" yes "ended before RTNL was free"
	rm "$WORK/ended"
}

reads() {
	at_once "bib show dev nat64
		bib get dev nat64 $STATIC
		session show dev nat64
		session get dev nat64 udp 2001:db8:1::2#7 $S4#9
		subscriber show dev nat64
		subscriber get dev nat64 2001:db8:1::1
		pool4 show dev nat64
		pool4 get dev nat64 $T1
		pool4 addresses dev nat64
		eam show dev siit
		stats dev nat64
		table dev nat64"
}

# The first static binding of a device and the last one change hooks and
# sysctls, for which RTNL is taken.
changes() {
	echo 192.0.2.1 2001:db8::1 >"$WORK/eam"
	at_once "eam add dev siit 192.0.2.2 2001:db8::2
		eam del dev siit 192.0.2.2 2001:db8::2
		eam replace dev siit $WORK/eam
		eam flush dev siit
		eam add dev siit 192.0.2.1 2001:db8::1
		bib add dev nat64 static udp 2001:db8:1::3#7 $T1#1009
		bib del dev nat64 udp 2001:db8:1::3#7
		bib flush dev nat64 dynamic
		session add dev nat64 $DYNAMIC $S4#9
		session del dev nat64 $DYNAMIC $S4#9
		session add dev nat64 $DYNAMIC $S4#9
		session flush dev nat64
		session add dev nat64 $DYNAMIC $S4#9"
}

# --- devices that come and go -------------------------------------------

# What others did meanwhile
readonly MEANWHILE='no such|device was deleted or moved|interrupted|already|kept changing'

# again COMMAND...: as long as "go" is there
again() {
	local out times=0

	while [ -e "$WORK/go" ]; do
		times=$((times + 1))
		out=$("$@" 2>&1 >/dev/null) && continue
		grep -qvE "$MEANWHILE|^Command failed" <<<"$out" || continue
		echo "$*: $out" >&2
		return 1
	done
	echo "$times times: $*"
	atleast $times 3 "$*"
}

# Dumps of many messages, and requests of many entries.
lines() {
	awk -v n="$1" 'BEGIN {
		for (i = 0; i < n; i++)
			printf "10.0.%d.%d 2001:db8:1::%x\n", int(i / 256),
				i % 256, i + 1
	}'
}

fill_eam() {
	nat64 eam replace dev siit "$WORK/eam"
}

add_eam() {
	# shellcheck disable=SC2046 # words
	nat64 eam add dev siit $(head -n 200 "$WORK/eam")
	nat64 eam flush dev siit
}

fill_bib() {
	nat64 -force -batch "$WORK/bib"
}

start_readers_and_writers() {
	local command

	lines 2000 >"$WORK/eam"
	{
		sessions 300 session add dev nat64
		echo bib add dev nat64 static $STATIC
		echo bib del dev nat64 udp 2001:db8:1::1#7
		echo session flush dev nat64
	} >"$WORK/bib"
	: >"$WORK/go"
	WORKERS=()
	for command in "nat64 bib show dev nat64" "nat64 session show dev nat64" \
		"nat64 subscriber show dev nat64" "nat64 pool4 show dev nat64" \
		"nat64 pool4 addresses dev nat64" "nat64 eam show dev siit" \
		"nat64 stats" fill_eam add_eam fill_bib; do
		again $command &
		WORKERS+=($!)
	done
}

end_readers_and_writers() {
	local worker

	rm "$WORK/go"
	for worker in "${WORKERS[@]}"; do
		wait $worker
	done
}

# under COMMAND...: with readers and writers at work
under() {
	local end=$((SECONDS + 3 * (NAT64_SLOW > 1 ? 4 : 1))) times=0

	start_readers_and_writers
	until ((SECONDS >= end && times >= 5)); do
		"$@" $((times++))
	done
	end_readers_and_writers
	echo "$times times: $*"
}

deleted() {
	ip_on router link del nat64
	make_device
	ip_on router link del siit
	make_siit
}

moved() {
	local dev

	for dev in nat64 siit; do
		ip_on router link set $dev netns "$(netns_name client)"
		ip_on client link set $dev netns "$(netns_name router)"
	done
}

reconfigured() {
	ip_on router link set nat64 type nat64 pool4 $T1 \
		pool4 $T2/$((32 - $1 % 2)) udp-timeout $((300 + $1 % 7))
	ip_on router link set siit type nat64 lowest-ipv6-mtu $((1280 + $1 % 9))
	nat64 pool4 add dev nat64 203.0.113.4/30
	nat64 pool4 del dev nat64 203.0.113.4/30
	ip_on router link set nat64 up
	ip_on router link set nat64 down
}

given setup_devices

add_test "RTNL held: reads do not wait" reads
add_test "RTNL held: changes do not wait" changes
add_test "reconfigured while tables are read and changed" under reconfigured
add_test "moved while tables are read and changed" under moved
add_test "deleted while tables are read and changed" under deleted
run_tests
