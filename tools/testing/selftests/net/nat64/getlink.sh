#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# Programs that read links, with empty and full devices: a reader whose buffer
# is too small for one link misses the following ones.
#
#        router
#  +------------------+
#  | nat64  behind    |   no links: nothing is sent
#  +------------------+

# shellcheck source=tool.sh
. "$(dirname "$(readlink -f "$0")")/tool.sh"
need timeout

# Maximum size: the kernel has 3776 bytes for a link if the request has no
# IFLA_EXT_MASK.
readonly MOST=3000

P6="pool6 $POOL6"
# The longest things that a link may have
ALIAS=$(printf 'a%.0s' {1..255})
PLATEAUS=$(seq -s , 65535 -1 65520)

getlink() {
	router timeout "$(slow 20)" "$PYTHON" -BEs "$HERE/getlink.py" "$@"
}

# entries COUNT: so many in pool4, with all that an entry may have
entries() {
	nat64 pool4 flush dev nat64
	seq "$1" | awk '{ printf "pool4 add dev nat64 10.%d.0.0/24 ports %d-%d " \
		"proto tcp mark %d\n", $1 - 1, 1024 + $1, 60000 - $1, $1
	}' | nat64 -batch -
}

# with_entries COUNT COMMAND...: what the command prints are all links
with_entries() {
	local got

	case $2 in
	by_*) command -v "${2#by_}" >/dev/null || skip "no ${2#by_}" ;;
	esac
	if [ "$2" = by_networkctl ]; then
		command -v dbus-daemon >/dev/null || skip "no dbus-daemon"
		rm -f "$WORK/bus"
		dbus-daemon --session --nofork --nopidfile \
			--address="unix:path=$WORK/bus" >/dev/null &
		wait_for [ -S "$WORK/bus" ]
	fi
	entries "$1"
	got=$("${@:2}") || {
		echo "${*:2} failed: $got" >&2
		return 1
	}
	equal "$(sort <<<"$got" | xargs)" "behind lo nat64" "links"
}

small() {
	local size

	size=$(getlink size nat64)
	# a diagnostic of the whole script
	echo "# $1: $size bytes" >&3
	atmost "$size" $MOST "bytes"
}

size() {
	entries "$1"
	small "stateful, $1 entries of pool4"
}

stateless_size() {
	fresh_nat64 "$P6 mode stateless mtu-plateaus $PLATEAUS
		$(seq -f 'rfc6791-pool 192.0.2.%.0f' -s ' ' 0 15)"
	ip_on router link set nat64 alias "$ALIAS"
	small "stateless, 16 entries of rfc6791-pool, 16 of mtu-plateaus"
}

# Their output, as names
by_busybox() {
	router timeout "$(slow 20)" busybox ip link |
		sed -n 's/^[0-9]*: \([^:@]*\).*/\1/p'
}

# It does not ask for links on the bus, but does not run without one.
by_networkctl() {
	router env DBUS_SYSTEM_BUS_ADDRESS="unix:path=$WORK/bus" \
		timeout "$(slow 20)" networkctl list --no-pager --no-legend |
		awk '{ print $2 }'
}

begin() {
	add_netns router
	fresh_nat64 "$P6 mtu-plateaus $PLATEAUS"
	# getifaddrs() finds those that have addresses
	ip_on router -batch - <<-END
		link set nat64 alias $ALIAS
		link set nat64 up
		addr add 203.0.113.1/32 dev nat64
		link add behind type dummy
		link set behind up
		addr add 198.51.100.1/24 dev behind
	END
}

given begin

LIBC="glibc $(getconf GNU_LIBC_VERSION | cut -d ' ' -f 2)"
for count in 0 20 256; do
	add_test "$count entries: below $MOST bytes" size $count
	add_test "$count entries: a reader with 4096 bytes" \
		with_entries $count getlink dump 4096
	add_test "$count entries: a reader with 32768 bytes" \
		with_entries $count getlink dump 32768
	add_test "$count entries: getifaddrs() of $LIBC" \
		with_entries $count getlink getifaddrs
	add_test "$count entries: if_nameindex() of $LIBC" \
		with_entries $count getlink nameindex
	add_test "$count entries: busybox ip link" \
		with_entries $count by_busybox
	add_test "$count entries: networkctl" with_entries $count by_networkctl
done
add_test "stateless: below $MOST bytes" stateless_size
exec 3>&1
run_tests
