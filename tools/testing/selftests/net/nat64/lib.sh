#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# Functions for the namespace tests of nat64: namespaces, device, waiting, and
# KTAP output. Source it, name the setup function with given, add tests with
# add_test, and end with run_tests.
#
# A test that passes must restore its setup, for the next test with the same
# given. After a failed test, everything is removed and set up again.
#
# The topology of setup; 2001:db8:64::/96, 203.0.113.1 and .2 belong to the
# translator and are on no link:
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
#              NAT64_FRESH  repeat the setup for every test
#              NAT64_LIMIT  seconds after which a test is killed
# shellcheck disable=SC2034 # the variables are for the scripts

: "${NAT64_SLOW:=1}"
# Longer than all other timeouts, for tests that hang.
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
# The same IPv4 addresses in pool6.
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

# ip -n is faster than ip netns exec, and works for all objects of ip.
ip_on() {
	local ns=$1

	shift
	ip -n "nat64-$ns-$$" "$@"
}

# Set the defaults before any device is created. Disable duplicate address
# detection, which only delays tests.
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

# Addresses of client and server, and their routes to the router.
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

# A longer topology, for path MTU and traceroute:
#
#  client        r6            router             r4           server
#  eth0 ------ c0  u0 ------ c0 nat64 s0 ------ u0  s0 ------ eth0
#      ::1::10  R6    2001:db8:3::/64   192.0.2.0/24   R4    .5
#
# Both ends announce the same MSS on every link, so that TCP has to discover the
# path MTU.
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

# add_nat64 [ATTRIBUTE]...: create the device and its routes on the router
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

# The setup of most tests.
setup_nat64() { setup && add_nat64; }

del_nat64() { ip_on router link del nat64; }

# fresh_nat64 WORDS: replace the device by a new one, without routes
fresh_nat64() {
	ip_on router link del nat64 2>/dev/null || true
	ip_on router link add nat64 type nat64 $1
}

# link_text DEV: attributes of the nat64 device as text
link_text() {
	local text

	text=$(ip_on router -d link show "$1")
	if [[ $text =~ 'nat64 mode '[^$'\n']* ]]; then
		text=${BASH_REMATCH[0]%% addrgenmode *}
		echo "${text%"${text##*[! ]}"}"
	fi
}

link_json() {
	ip_on router -d -j link show "$1" |
		jq -cS '.[0].linkinfo.info_data'
}

# Kill the processes in a namespace, then delete it. Tests create namespaces in
# subshells, so they are found by name.
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
	rm -f "$WORK".*
}

# --- waiting and asserting ----------------------------------------------

# slow N: timeout in seconds, where N is enough on an idle machine; eight other
# jobs may be running. What is called often multiplies by SLOW itself: each
# process costs a lot in a guest.
readonly SLOW=$((8 * NAT64_SLOW))
slow() { echo $(($1 * SLOW)); }

# a pipe without writers, to sleep without a process
exec {NAP}<> <(:)

# wait_for COMMAND...: repeat until it succeeds, for at most 80 slow seconds
wait_for() {
	local end=$((SECONDS + 80 * NAT64_SLOW))

	until "$@" >/dev/null 2>&1; do
		if ((SECONDS >= end)); then
			echo "waited in vain for: $*" >&2
			return 1
		fi
		read -rt 0.05 -u "$NAP" || true
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

# has TEXT WORD...: the text contains every word
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

# has_not TEXT WORD...: the text contains no word
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

# dev_stat NS DEV rx|tx packets|bytes|dropped|errors; called often, so it parses
# the output without another process
dev_stat() {
	local stats

	stats=$(ip_on "$1" -s -j link show "$2")
	[[ $stats =~ \"$3\":\{[^}]*\"$4\":([0-9]+) ]] &&
		echo "${BASH_REMATCH[1]}"
}

# counters NS DEV: all nat64 counters of a device, as JSON
counters() { ip_on "$1" -j link xstats type nat64 dev "$2"; }

# dropped NAME [DEV]: a nat64 counter of the router
dropped() {
	local stats

	stats=$(counters router "${2-nat64}")
	[[ $stats =~ \"$1\":([0-9]+) ]] && echo "${BASH_REMATCH[1]}"
}

# snmp NS NAME: a counter of the IP stack, such as "snmp server IpReasmOKs"
snmp() {
	local stats

	stats=$(on "$1" nstat -asz "$2")
	[[ $stats =~ $'\n'"$2"' '+([0-9]+) ]] && echo "${BASH_REMATCH[1]}"
}

# nft_packets NS FAMILY TABLE COMMENT: packet counter of the rule with COMMENT
nft_packets() {
	local counter=$'counter packets ([0-9]+) [^\n]*comment ' rules

	rules=$(on "$1" nft list table "$2" "$3")
	[[ $rules =~ $counter"\"$4\"" ]] &&
		echo "${BASH_REMATCH[1]}"
}

# --- traffic ------------------------------------------------------------

# Debian's python, not another one in PATH.
PYTHON=/usr/bin/python3
[ -x $PYTHON ] || PYTHON=python3

# pings NS COUNT [OPTION]... ADDRESS: all are answered. No -w: with it, ping
# sends more than COUNT if replies are late.
pings() {
	local out

	out=$("$1" ping -q -n -i 0.05 -W $((5 * SLOW)) -c "${@:2}") || true
	has "$out" "$2 packets transmitted, $2 received, 0%"
}

# lost NS COUNT [OPTION]... ADDRESS: none is answered within 0.2 s
lost() {
	local out tenths=$((2 * NAT64_SLOW))

	out=$("$1" ping -q -n -i 0.05 -W $((tenths / 10)).$((tenths % 10)) \
		-c "${@:2}") || true
	has "$out" "$2 packets transmitted, 0 received"
}

# told NS [OPTION]... ADDRESS: the only answer is an ICMP error, which is
# printed
told() {
	fails "$1" ping -n -W $((5 * SLOW)) -c 1 "${@:2}"
}

# traffic KIND FROM TO ...: see traffic.py
traffic() {
	"$PYTHON" -BEsS "$HERE/traffic.py" "$1" "nat64-$2-$$" "nat64-$3-$$" \
		"${@:4}"
}

# web NS ADDRESS: serve the folder $WORK/www on port 80 until the test ends. No
# function, because end_jobs would kill only its shell.
web() {
	ip netns exec "$(netns_name "$1")" "$PYTHON" -BEs "$HERE/web.py" \
		"$2" 80 "$WORK/www" >/dev/null 2>&1 &
	wait_listen "$1" 80
}

# fetch NS BYTES ADDRESS: get a file from the server by HTTP
fetch() {
	mkdir "$WORK/www"
	head -c "$2" /dev/urandom >"$WORK/www/file"
	web server $S4
	"$1" curl -sS -g -m "$(slow 10)" -o "$WORK/got" \
		-w '%{http_code} %{remote_ip}\n' "http://[$3]/file" >"$WORK/out"
	equal "$(cat "$WORK/out")" "200 $3" "curl"
	cmp "$WORK/www/file" "$WORK/got"
}

# closed_ports ADDRESS: the client gets the errors of closed ports of the server
closed_ports() {
	local kind out

	for kind in tcp udp; do
		out=$(traffic $kind client server --connect-port 9 "$1" $S4 1 \
			2>&1) && return 1
		has "$out" "onnection refused"
	done
}

# sessions COUNT [WORD]...: lines for the nat64 command, one session per
# binding, in the order of "show"
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
	timeout $((30 * SLOW)) "$PYTHON" -BEsS "$HERE/mapping.py" "$1" "$$"
}

# --- running ------------------------------------------------------------

# given FUNCTION [ARGUMENT]...: setup for the tests added next
given() { printf -v GIVEN ' %q' "$@"; }

# add_test NAME FUNCTION [ARGUMENT]...: NAME begins with the requirement that
# the test checks, if any
add_test() {
	local words

	printf -v words ' %q' "${@:2}"
	TESTS+=("$1" "$words" "$GIVEN")
}

# end_jobs [PID]: PID is the last job from before the test. If it still is, there
# is no need for "jobs", which takes a process.
end_jobs() {
	local pids

	trap - ERR
	[ "${!-}" != "${1-}" ] || return 0
	pids=$(jobs -p)
	# ignore jobs that have ended
	[ -z "$pids" ] || kill $pids 2>/dev/null || true
	wait
}

# kill_tree PID: kill a process and its descendants, stopping them first
kill_tree() {
	local child

	kill -STOP "$1" || return
	for child in $(pgrep -P "$1"); do
		kill_tree "$child"
	done
	kill -KILL "$1"
} 2>/dev/null

# Watchdog: reads the PID of each test, and an empty line when the test has
# ended.
watch_tests() {
	local pid

	while read -r pid; do
		read -rt "$NAT64_LIMIT" && continue
		echo "out of time after $NAT64_LIMIT s"
		kill_tree "$pid"
		read -r
	done
}

# attempt WORDS [TEST]: run in a process that exits at the first failing
# command, as with set -e, or after the time limit; a test has its own jobs
attempt() {
	local ret

	(
		exec {WATCH}>&-
		set -eE -o pipefail
		trap 'ret=$?; echo "line $LINENO: $BASH_COMMAND: $ret" >&2' ERR
		# shellcheck disable=SC2064
		[ $# -eq 1 ] || trap "end_jobs '${!-}'" EXIT
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

# build WORDS: run the setup of a test, unless it exists
build() {
	[ -n "${NAT64_FRESH-}" ] || [ "$1" != "$BUILT" ] || return 0
	clear_all
	mkdir "$WORK"
	BUILT=$1
	# a test may have removed it before it failed
	[ -z "${NAT64_KO-}" ] || [ -d /sys/module/nat64 ] || insmod "$NAT64_KO"
	attempt "$1"
}

# Print the output of a failed test.
run_test() {
	local name=$1 words=$2 given=$3 ret why

	: >"$LOG"
	# set -e has no effect in a && list
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

# Kernel messages since kmsg_mark of level warning or higher, and messages of
# checkers at lower levels.
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

# Messages of slow machines, and of reloading the module.
KMSG_HARMLESS='^$|nat64: loading out-of-tree|module verification failed'
KMSG_HARMLESS+='|hrtimer: interrupt took|interrupt took too long'
KMSG_HARMLESS+='|clocksource: |clock-skew|sched: RT throttling'

# Delete the namespaces before the last check of the kernel log, to include
# messages about their removal.
run_tests() {
	local i

	TEST_NUMBER=0 FAILED=0
	# no >(): wait in a test would wait for it
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
