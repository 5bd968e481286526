#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# Tests of lib.sh: each test gets its setup, whatever the previous test left
# behind. They run scripts whose tests fail, exit early, hang, or check the
# setup.

# shellcheck disable=SC2016 # what the inner script is to expand
# shellcheck source=lib.sh
. "$(dirname "$(readlink -f "$0")")/lib.sh"

# inner LINE...: results of a script with these lines, without diagnostics
inner() {
	{
		cat <<-EOF
			. "$HERE/lib.sh"
			base() { add_netns router && ip_on router link add \${1-base} type dummy; }
			there() { ip_on router link show "\$1"; }
			clean() {
				there base
				fails there left
				[ ! -e "\$WORK/left" ]
				[ -z "\$(ip netns pids "\$(netns_name router)")" ]
			}
			leave() {
				ip_on router link add left type dummy
				ip_on router link del base
				touch "\$WORK/left"
				ip netns exec "\$(netns_name router)" sleep 1000 &
				disown
			}
		EOF
		printf '%s\n' "$@" run_tests
	} >"$WORK/inner.sh"
	RET=0
	NAT64_FRESH='' bash "$WORK/inner.sh" >"$WORK/out" || RET=$?
	cat "$WORK/out"
	grep -v '^#' "$WORK/out" >"$WORK/results"
}

# results LINE...: exactly these results
results() {
	equal "$(cat "$WORK/results")" "$(printf '%s\n' "TAP version 13" \
		"1..$#" "$@")" "results"
}

failed() {
	inner 'fail() { leave; false; true; }' \
		'given base' \
		'add_test "fails" fail' \
		'add_test "begins" clean'
	results "not ok 1 fails" "ok 2 begins" "ok 3 no kernel warning"
	equal $RET 1 "status"
	has "$(cat "$WORK/out")" "line " ": false: 1"
}

skipped() {
	inner 'leave_out() { leave; skip "no luck"; }' \
		'given base' \
		'add_test "is skipped" leave_out' \
		'add_test "begins" clean'
	results "ok 1 is skipped # SKIP no luck" "ok 2 begins" \
		"ok 3 no kernel warning"
	equal $RET 0 "status"
}

# A killed test takes its child processes along, in any namespace.
endless() {
	NAT64_LIMIT=$(slow 10)
	export NAT64_LIMIT
	inner 'hang() { leave; (sleep 4321; true); }' \
		'given base' \
		'add_test "hangs" hang' \
		'add_test "begins" clean'
	results "not ok 1 hangs" "ok 2 begins" "ok 3 no kernel warning"
	has "$(cat "$WORK/out")" "out of time after $NAT64_LIMIT s"
	fails pgrep -f "sleep 4321"
}

# After a test that passes, the setup is not repeated.
passed() {
	inner 'mark() { touch "$WORK/mark"; }' \
		'marked() { there base; [ -e "$WORK/mark" ]; }' \
		'other() { there other; fails there base; [ ! -e "$WORK/mark" ]; }' \
		'given base' \
		'add_test "passes" mark' \
		'add_test "goes on" marked' \
		'given base other' \
		'add_test "has another" other'
	results "ok 1 passes" "ok 2 goes on" "ok 3 has another" \
		"ok 4 no kernel warning"
}

# A failed setup fails each of its tests.
unbuilt() {
	inner 'broken() { base; false; true; }' \
		'given broken' \
		'add_test "one" true' \
		'add_test "two" true' \
		'given base' \
		'add_test "three" clean'
	results "not ok 1 one" "not ok 2 two" "ok 3 three" \
		"ok 4 no kernel warning"
}

# The module is loaded again if a test has removed it.
module() {
	[ -n "${NAT64_KO-}" ] || skip "NAT64_KO does not name the module"
	inner 'unload() { rmmod nat64; false; true; }' \
		'given base' \
		'add_test "unloads" unload' \
		'add_test "has it again" fresh_nat64 "pool6 64:ff9b::/96"'
	results "not ok 1 unloads" "ok 2 has it again" "ok 3 no kernel warning"
}

# left_out REASON SCRIPT...: each script is skipped for this reason
left_out() {
	local script ret

	for script in "${@:2}"; do
		ret=0
		"$HERE/$script" >"$WORK/out" 2>&1 || ret=$?
		equal $ret $KSFT_SKIP "status of $script"
		equal "$(cat "$WORK/out")" "TAP version 13
1..0 # SKIP $1" "$script"
	done
}

no_plugin() {
	mkdir "$WORK/empty"
	IP_LIB_DIR=$WORK/empty left_out "no nat64 plugin of ip" basic.sh \
		bib.sh packet.sh
}

no_module() {
	[ -n "${NAT64_KO-}" ] || skip "NAT64_KO does not name the module"
	rmmod nat64
	left_out "no nat64 module" basic.sh packet.sh link_netlink.py \
		eam_netlink.py
	insmod "$NAT64_KO"
}

# An interrupted script cleans up.
interrupted() {
	local pid

	inner 'given base' \
		'add_test "hangs" router sleep 5432' >/dev/null &
	pid=$!
	wait_for pgrep -f "sleep 5432"
	kill "$(pgrep -P $pid -f inner.sh)"
	wait $pid
	wait_for fails pgrep -f "sleep 5432"
	equal "$(ls /run/netns)" "" "namespaces"
}

add_test "after a test that failed" failed
add_test "after a skipped test" skipped
add_test "after a test that hung" endless
add_test "after a test that passed" passed
add_test "after a failed setup" unbuilt
add_test "after a test that unloaded the module" module
given true
add_test "no plugin: skipped, with the reason" no_plugin
add_test "no module: skipped, with the reason" no_module
add_test "interrupted" interrupted
run_tests
