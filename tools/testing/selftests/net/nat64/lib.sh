#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# What the namespace tests of nat64 share: the namespaces, the device, waiting,
# and KTAP output. Source it, say with given what builds what the tests need,
# name them with add_test, end with run_tests.
#
# A test that passes leaves what it was given as it found it, for the next with
# the same given. After one that does not, whatever it left behind, everything
# is taken away and built again.
#
# The topology that setup builds; 2001:db8:64::/96 and 203.0.113.1, .2 belong
# to the translator and exist on no link:
#
#    client                    router                      server
#  +---------+         +----------------------+         +----------+
#  |    eth0 |---------| c0     nat64      s0 |---------| eth0     |
#  +---------+         +----------------------+         +----------+
#  2001:db8:1::10/64   2001:db8:1::1   198.51.100.1/24  198.51.100.5/24
#  only IPv6                                            198.51.100.9/24
#                                                       only IPv4
#
# Environment: NAT64_SLOW   factor for every wait (10 in an emulated machine)
#              IP_LIB_DIR   where ip finds link_nat64.so, if not installed
#              NAT64_FRESH  build everything again for every test
#              NAT64_LIMIT  seconds after which a test is ended
# shellcheck disable=SC2034 # the variables are for the scripts

: "${NAT64_SLOW:=1}"
# Only for one that never ends: longer than every other wait.
: "${NAT64_LIMIT:=$((600 + 240 * NAT64_SLOW))}"
export LC_ALL=C NAT64_SLOW PATH=$PATH:/usr/sbin:/sbin

HERE=$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")
SELF=$(basename "$0")
readonly KSFT_PASS=0 KSFT_FAIL=1
# shellcheck source=need.sh
. "$HERE/need.sh"

readonly POOL6=2001:db8:64::/96
readonly POOL4=203.0.113.0/30
readonly T1=203.0.113.1 T2=203.0.113.2
readonly C6=2001:db8:1::10 R6=2001:db8:1::1
readonly S4=198.51.100.5 S4B=198.51.100.9 R4=198.51.100.1
# The same IPv4 addresses as the IPv6 side sees them.
readonly S6=2001:db8:64::c633:6405 S6B=2001:db8:64::c633:6409
readonly R64=2001:db8:64::c633:6401
readonly T1_6=2001:db8:64::cb00:7101 T2_6=2001:db8:64::cb00:7102

TESTS=() GIVEN='' BUILT='' TEST_PID=''
WORK=$(mktemp -d "/tmp/nat64-${SELF%.sh}-XXXXXX") || exit $KSFT_FAIL
LOG=$WORK.log

# --- namespaces ---------------------------------------------------------

netns_name() { echo "nat64-$1-$$"; }

on() {
	local ns=$1

	shift
	ip netns exec "nat64-$ns-$$" "$@"
}

client() { on client "$@"; }
client2() { on client2 "$@"; }
router() { on router "$@"; }
server() { on server "$@"; }

# Without a namespace change: quicker, and works for every object of ip.
ip_on() {
	local ns=$1

	shift
	ip -n "nat64-$ns-$$" "$@"
}

# Settings first, so that they hold for every device made later. Duplicate
# address detection would only make every test wait.
add_netns() {
	local ns

	for ns; do
		ip netns add "nat64-$ns-$$" || return
		ip -n "nat64-$ns-$$" link set lo up || return
		on "$ns" sysctl -qw \
			net.ipv6.conf.all.accept_dad=0 \
			net.ipv6.conf.default.accept_dad=0 \
			net.ipv6.conf.default.router_solicitations=0 \
			net.ipv4.conf.all.rp_filter=1 \
			net.ipv4.conf.default.rp_filter=1 \
			net.ipv4.ping_group_range="0 0" || return
	done
}

make_router() {
	local ns

	for ns; do
		on "$ns" sysctl -qw net.ipv4.ip_forward=1 \
			net.ipv6.conf.all.forwarding=1 \
			net.ipv6.conf.default.forwarding=1 \
			net.ipv4.icmp_ratelimit=0 \
			net.ipv6.icmp.ratelimit=0 || return
	done
}

# add_link NS DEV NS DEV
add_link() {
	ip link add "$2" netns "nat64-$1-$$" type veth \
		peer name "$4" netns "nat64-$3-$$" || return
	ip_on "$1" link set "$2" up && ip_on "$3" link set "$4" up
}

# The addresses of client and server, and their routes to the router's.
set_ends() {
	ip_on client -batch - <<-EOF || return
		addr add $C6/64 dev eth0 nodad
		route add default via $R6
	EOF
	ip_on server -batch - <<-EOF
		addr add $S4/24 dev eth0
		addr add $S4B/24 dev eth0
		route add default via $R4
	EOF
}

setup() {
	add_netns client router server && make_router router || return
	add_link client eth0 router c0 && add_link server eth0 router s0 ||
		return
	ip_on router -batch - <<-EOF || return
		addr add $R6/64 dev c0 nodad
		addr add $R4/24 dev s0
	EOF
	set_ends
}

# A second IPv6 host on a link of its own: d0 of the router.
add_client2() {
	add_netns client2 && add_link client2 eth0 router d0 || return
	ip_on client2 -batch - <<-EOF || return
		addr add 2001:db8:2::20/64 dev eth0 nodad
		route add default via 2001:db8:2::1
	EOF
	ip_on router addr add 2001:db8:2::1/64 dev d0 nodad
}

# A longer one, for path MTU and traceroute:
#
#  client        r6            router             r4           server
#  eth0 ------ c0  u0 ------ c0 nat64 s0 ------ u0  s0 ------ eth0
#      ::1::10  R6    2001:db8:3::/64   192.0.2.0/24   R4    .5
#
# Both ends offer the same segments over any link, so that TCP meets a narrow
# one and is not told of it by the handshake.
setup_long() {
	add_netns client r6 router r4 server && make_router r6 router r4 &&
		add_link client eth0 r6 c0 && add_link r6 u0 router c0 &&
		add_link router s0 r4 u0 && add_link r4 s0 server eth0 ||
		return
	ip_on client -batch - <<-EOF || return
		addr add $C6/64 dev eth0 nodad
		route add default via $R6 advmss 1440
	EOF
	ip_on r6 -batch - <<-EOF || return
		addr add $R6/64 dev c0 nodad
		addr add 2001:db8:3::6/64 dev u0 nodad
		route add default via 2001:db8:3::1
	EOF
	ip_on router -batch - <<-EOF || return
		addr add 2001:db8:3::1/64 dev c0 nodad
		route add 2001:db8:1::/64 via 2001:db8:3::6
		addr add 192.0.2.2/24 dev s0
		route add default via 192.0.2.1
	EOF
	ip_on r4 -batch - <<-EOF || return
		addr add 192.0.2.1/24 dev u0
		addr add $R4/24 dev s0
		route add default via 192.0.2.2
	EOF
	ip_on server -batch - <<-EOF
		addr add $S4/24 dev eth0
		route add default via $R4 advmss 1460
	EOF
}

# add_nat64 [ATTRIBUTE]...: the device and its routes on the router
add_nat64() {
	if [ $# -eq 0 ]; then
		set -- pool4 $T1 pool4 $T2
	fi
	ip_on router -batch - <<-EOF
		link add nat64 type nat64 pool6 $POOL6 $*
		link set nat64 up
		route add $POOL4 dev nat64
		route add $POOL6 dev nat64
	EOF
}

# What most tests begin with.
setup_nat64() { setup && add_nat64; }

del_nat64() { ip_on router link del nat64; }

# fresh_nat64 WORDS: a device of these, whatever was there, without routes
fresh_nat64() {
	ip_on router link del nat64 2>/dev/null || true
	ip_on router link add nat64 type nat64 $1
}

# link_text DEV: the device's own attributes as text
link_text() {
	local line

	while read -r line; do
		if [[ $line == "nat64 mode "* ]]; then
			line=${line%% addrgenmode *}
			echo "${line%"${line##*[! ]}"}"
		fi
	done < <(ip_on router -d link show "$1")
}

link_json() {
	ip_on router -d -j link show "$1" |
		jq -cS '.[0].linkinfo.info_data'
}

# Ends what a test left running in a namespace, then the namespace. Tests make
# some in their subshell, so that only their names tell.
clear_all() {
	local ns pids

	for ns in /run/netns/nat64-*-"$$"; do
		[ -e "$ns" ] || continue
		ns=${ns##*/}
		pids=$(ip netns pids "$ns")
		[ -z "$pids" ] || kill -KILL $pids
		ip netns del "$ns"
	done 2>/dev/null
	rm -rf "$WORK"
}

cleanup() {
	trap - EXIT
	[ -z "$TEST_PID" ] || kill_tree "$TEST_PID"
	clear_all
	rm -f "$LOG"
}

# --- waiting and asserting ----------------------------------------------

# slow N: seconds that pass only where something is wrong, if N are plenty on an
# idle machine: eight others may be at work beside this one.
slow() { echo $(($1 * 8 * NAT64_SLOW)); }

# wait_for COMMAND...: until it succeeds, or eighty slow seconds
wait_for() {
	local end=$((SECONDS + 80 * NAT64_SLOW))

	until "$@" >/dev/null 2>&1; do
		if ((SECONDS >= end)); then
			echo "waited in vain for: $*" >&2
			return 1
		fi
		sleep 0.05
	done
}

listens() {
	[ -n "$(on "$1" ss -Hltn "sport = :$2")" ]
}

wait_listen() { wait_for listens "$1" "$2"; }

equal() {
	[ "$1" = "$2" ] && return
	echo "$3: got '$1', expected '$2'" >&2
	return 1
}

# atleast VALUE LEAST WHAT, atmost VALUE MOST WHAT
atleast() {
	((${1:--1} >= $2)) && return
	echo "$3: got '$1', expected at least $2" >&2
	return 1
}

atmost() {
	[ -n "$1" ] && (($1 <= $2)) && return
	echo "$3: got '$1', expected at most $2" >&2
	return 1
}

# has TEXT WORD...: every word is in the text
has() {
	local text=$1 word

	shift
	for word; do
		if [[ $text != *"$word"* ]]; then
			printf "no '%s' in:\n%s\n" "$word" "$text" >&2
			return 1
		fi
	done
}

# has_not TEXT WORD...: no word is in the text
has_not() {
	local text=$1 word

	shift
	for word; do
		if [[ $text == *"$word"* ]]; then
			printf "'%s' should not be in:\n%s\n" "$word" \
				"$text" >&2
			return 1
		fi
	done
}

# Succeeds if the command fails.
fails() {
	if "$@"; then
		echo "should have failed: $*" >&2
		return 1
	fi
}

skip() {
	echo "SKIP $*" >&2
	exit $KSFT_SKIP
}

# --- counters -----------------------------------------------------------

# dev_stat NS DEV rx|tx packets|bytes|dropped|errors; called often, so without
# another process to read the answer
dev_stat() {
	local stats

	stats=$(ip_on "$1" -s -j link show "$2")
	[[ $stats =~ \"$3\":\{[^}]*\"$4\":([0-9]+) ]] &&
		echo "${BASH_REMATCH[1]}"
}

# counters NS DEV: all of a device's own, as JSON
counters() { ip_on "$1" -j link xstats type nat64 dev "$2"; }

# dropped NAME [DEV]: a counter of the router's device of its own
dropped() {
	local stats

	stats=$(counters router "${2-nat64}")
	[[ $stats =~ \"$1\":([0-9]+) ]] && echo "${BASH_REMATCH[1]}"
}

# snmp NS NAME: a counter of the stack, "snmp server IpReasmOKs"
snmp() {
	on "$1" nstat -asz "$2" | awk -v name="$2" '$1 == name { print $2 }'
}

# nft_packets NS FAMILY TABLE COMMENT: of the rule that has it
nft_packets() {
	on "$1" nft list table "$2" "$3" |
		sed -n "s/.*counter packets \([0-9]*\) .*comment \"$4\"/\1/p"
}

# --- traffic ------------------------------------------------------------

# Debian's python, not one that a user put in front of it.
PYTHON=/usr/bin/python3
[ -x $PYTHON ] || PYTHON=python3

# pings NS COUNT [OPTION]... ADDRESS: every one is answered. Never -w, with which
# ping sends more than COUNT when answers are late.
pings() {
	local out

	out=$("$1" ping -q -n -i 0.05 -W "$(slow 5)" -c "${@:2}") || true
	has "$out" "$2 packets transmitted, $2 received, 0%"
}

# lost NS COUNT [OPTION]... ADDRESS: none is answered, in a fifth of a second
lost() {
	local out tenths=$((2 * NAT64_SLOW))

	out=$("$1" ping -q -n -i 0.05 -W $((tenths / 10)).$((tenths % 10)) \
		-c "${@:2}") || true
	has "$out" "$2 packets transmitted, 0 received"
}

# told NS [OPTION]... ADDRESS: answered by nothing but an error, which it prints
told() {
	fails "$1" ping -n -W "$(slow 5)" -c 1 "${@:2}"
}

# traffic KIND FROM TO ...: see traffic.py
traffic() {
	timeout "$(slow 30)" "$PYTHON" -BEs "$HERE/traffic.py" "$1" \
		"nat64-$2-$$" "nat64-$3-$$" "${@:4}"
}

# web NS ADDRESS: serves the folder $WORK/www on port 80 until the test ends.
# Not by a function, whose shell would be what end_jobs ends.
web() {
	ip netns exec "$(netns_name "$1")" "$PYTHON" -BEs "$HERE/web.py" \
		"$2" 80 "$WORK/www" >/dev/null 2>&1 &
	wait_listen "$1" 80
}

# fetch NS BYTES ADDRESS: a file of the server by HTTP
fetch() {
	mkdir "$WORK/www"
	head -c "$2" /dev/urandom >"$WORK/www/file"
	web server $S4
	"$1" curl -sS -g -m "$(slow 10)" -o "$WORK/got" \
		-w '%{http_code} %{remote_ip}\n' "http://[$3]/file" >"$WORK/out"
	equal "$(cat "$WORK/out")" "200 $3" "curl"
	cmp "$WORK/www/file" "$WORK/got"
}

# closed_ports ADDRESS: of the server; they answer, and the client is told.
closed_ports() {
	local kind out

	for kind in tcp udp; do
		out=$(traffic $kind client server --connect-port 9 "$1" $S4 1 \
			2>&1) && return 1
		has "$out" "onnection refused"
	done
}

# sessions COUNT [WORD]...: lines for the nat64 command, each session with
# a binding of its own, in the order in which they are shown
sessions() {
	awk -v n="$1" -v words="${*:2}" 'BEGIN {
		for (i = 0; i < n; i++)
			printf "%sudp 2001:db8:1::%x:%x#7 203.0.113.%d#%d %s expires 299\n",
				words == "" ? "" : words " ",
				1 + int(i / 60000), 4096 + i % 60000,
				1 + int(i / 60000), 1024 + i % 60000,
				"198.51.100.5#" 1024 + i % 60000
	}'
}

# mapping TEST: see mapping.py
mapping() {
	timeout "$(slow 30)" "$PYTHON" -BEs "$HERE/mapping.py" "$1" "$$"
}

# --- running ------------------------------------------------------------

# given FUNCTION [ARGUMENT]...: what builds what the tests added next begin with
given() { printf -v GIVEN ' %q' "$@"; }

# add_test NAME FUNCTION [ARGUMENT]...: the name first says which requirement
# of an RFC it checks, where there is one
add_test() {
	local words

	printf -v words ' %q' "${@:2}"
	TESTS+=("$1" "$words" "$GIVEN")
}

end_jobs() {
	local pids

	trap - ERR
	pids=$(jobs -p)
	# one that has ended by itself is no failure
	[ -z "$pids" ] || kill $pids 2>/dev/null || true
	wait
}

# kill_tree PID: with all that it started, which stand still meanwhile
kill_tree() {
	local child

	kill -STOP "$1" || return
	for child in $(pgrep -P "$1"); do
		kill_tree "$child"
	done
	kill -KILL "$1"
} 2>/dev/null

# Gets a line with the process of each test, and an empty one when it has ended.
watch_tests() {
	local pid

	while read -r pid; do
		read -rt "$NAT64_LIMIT" && continue
		echo "out of time after $NAT64_LIMIT s"
		kill_tree "$pid"
		read -r
	done
}

# attempt WORDS [TEST]: in a process that ends at the first failing command, like
# a script under set -e, or when it has had its time; a test with its own jobs
attempt() {
	local ret

	(
		exec {WATCH}>&-
		set -eE -o pipefail
		trap 'ret=$?; echo "line $LINENO: $BASH_COMMAND: $ret" >&2' ERR
		[ $# -eq 1 ] || trap end_jobs EXIT
		eval "$1"
	) </dev/null &
	TEST_PID=$!
	echo $TEST_PID >&"$WATCH"
	wait $TEST_PID
	ret=$?
	TEST_PID=
	echo >&"$WATCH"
	return $ret
}

# build WORDS: what a test begins with, unless the one before left it there
build() {
	[ -n "${NAT64_FRESH-}" ] || [ "$1" != "$BUILT" ] || return 0
	clear_all
	mkdir "$WORK"
	BUILT=$1
	# a test may have ended when it had taken it away
	[ -z "${NAT64_KO-}" ] || [ -d /sys/module/nat64 ] || insmod "$NAT64_KO"
	attempt "$1"
}

# What a test printed is shown when it failed.
run_test() {
	local name=$1 words=$2 given=$3 ret why

	: >"$LOG"
	# not joined by &&, where set -e has no effect
	build "$given" >>"$LOG" 2>&1
	ret=$?
	if [ $ret = "$KSFT_PASS" ]; then
		attempt "$words" test >>"$LOG" 2>&1
		ret=$?
	fi
	[ $ret = "$KSFT_PASS" ] || BUILT=failed
	case $ret in
	"$KSFT_PASS")
		echo "ok $((++TEST_NUMBER)) $name"
		;;
	"$KSFT_SKIP")
		why=$(sed -n 's/^SKIP //p' "$LOG" | tail -n 1)
		echo "ok $((++TEST_NUMBER)) $name # SKIP $why"
		;;
	*)
		echo "not ok $((++TEST_NUMBER)) $name"
		sed 's/^/# /' "$LOG"
		FAILED=$((FAILED + 1))
		;;
	esac
}

kmsg_mark() { echo "nat64 selftest $SELF $$" >/dev/kmsg; }

# Everything the kernel said since kmsg_mark at level warning or worse, and
# what its checkers print below that level.
kmsg_clean() {
	local all bad

	all=$(dmesg --raw | sed "1,/nat64 selftest $SELF $$\$/d")
	bad=$(grep -E -e '^<[0-4]>' \
		-e 'WARNING|BUG:|Oops|KASAN|UBSAN|KCSAN|ODEBUG' \
		-e 'INFO: .*(detected|lock)|suspicious RCU|Call Trace' \
		-e 'refcount_t|waiting for .* to become free' <<<"$all" |
		grep -v -E "$KMSG_HARMLESS") || return 0
	echo "$bad"
	return 1
}

# What a slow machine says of itself, and the second load of the module.
KMSG_HARMLESS='^$|nat64: loading out-of-tree|module verification failed'
KMSG_HARMLESS+='|hrtimer: interrupt took|interrupt took too long'
KMSG_HARMLESS+='|clocksource: |clock-skew|sched: RT throttling'

# The namespaces are gone when the last check looks at the kernel's log, so
# that it sees what their end brings to light.
run_tests() {
	local i

	TEST_NUMBER=0 FAILED=0
	# not by >(), for which a test's wait would wait
	mkfifo "$LOG.watch"
	watch_tests <"$LOG.watch" >>"$LOG" 2>&1 &
	disown
	exec {WATCH}>"$LOG.watch"
	rm "$LOG.watch"
	echo "TAP version 13"
	echo "1..$((${#TESTS[@]} / 3 + 1))"
	for ((i = 0; i < ${#TESTS[@]}; i += 3)); do
		run_test "${TESTS[@]:i:3}"
	done
	run_test "no kernel warning" kmsg_clean ""
	cleanup
	[ "$FAILED" -eq 0 ]
	exit
}

trap cleanup EXIT
need ip jq "$PYTHON" dmesg ping pgrep
need_nat64
kmsg_mark
