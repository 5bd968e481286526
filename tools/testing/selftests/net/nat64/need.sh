# shellcheck shell=bash
# SPDX-License-Identifier: GPL-2.0
#
# Requirements of test scripts; without them the script is skipped, with the
# reason. Shared by lib.sh and packet.sh.

readonly KSFT_SKIP=4

# skip_all REASON: skip all tests of the script
skip_all() {
	echo "TAP version 13"
	echo "1..0 # SKIP $*"
	exit $KSFT_SKIP
}

# need PROGRAM...
need() {
	local tool

	for tool; do
		command -v "$tool" >/dev/null || skip_all "no $tool"
	done
}

# need_nat64: root, and support for the link type in ip and in the kernel. The
# name is invalid, so that no device is created.
need_nat64() {
	local out

	[ "$(id -u)" -eq 0 ] || skip_all "needs root"
	out=$(ip link add default type nat64 pool6 64:ff9b::/96 2>&1)
	case $out in
	*"Garbage instead of arguments"*) skip_all "no nat64 plugin of ip" ;;
	*"Unknown device type"* | *"Operation not supported"*)
		skip_all "no nat64 module"
		;;
	esac
}
