#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# The life cycle of a device: created, moved, renamed, and deleted, also with
# its namespace or module.
#
#        router               other
#  +----------------+   +----------------+
#  |     nat64   ---+---+-->  nat64      |   no links: nothing is sent
#  +----------------+   +----------------+

# shellcheck source=lib.sh
. "$(dirname "$(readlink -f "$0")")/lib.sh"
need modprobe modinfo

P6="pool6 $POOL6"

device() {
	local out

	fresh_nat64 "$P6"
	ip_on router link set nat64 up
	out=$(ip_on router -d link show nat64)
	has "$out" "POINTOPOINT" "NOARP" "UP" "mtu 65535" "link/none" \
		"minmtu 1280" "maxmtu 65535" "qdisc noqueue"
	has_not "$out" "BROADCAST"
	# The device has no link-local address and no neighbour.
	equal "$(ip_on router addr show dev nat64 | grep -c inet)" 0 "addresses"
	equal "$(dev_stat router nat64 tx errors)" 0 "errors"
	equal "$(dev_stat router nat64 tx dropped)" 0 "dropped"
}

mtu() {
	fresh_nat64 "$P6"
	ip_on router link set nat64 mtu 1280
	ip_on router link set nat64 mtu 9000
	fails ip_on router link set nat64 mtu 1279
	fails ip_on router link set nat64 mtu 65536
	has "$(ip_on router link show nat64)" "mtu 9000 "
	ip_on router link add other mtu 1400 type nat64 $P6
	has "$(ip_on router link show other)" "mtu 1400 "
	ip_on router link del other
}

no_address() {
	local out

	out=$(ip_on router link add other address 02:00:00:00:00:01 \
		type nat64 $P6 2>&1) && return 1
	has "$out" "address"
}

# The names of settings for all devices; ip itself would take them.
reserved() {
	local name out

	for name in default all; do
		out=$(ip_on router link add $name type nat64 $P6 2>&1) &&
			return 1
		has "$out" "names default and all are reserved for sysctl"
		fails ip_on router link show $name
	done
}

exists() {
	local out

	fresh_nat64 "$P6"
	out=$(ip_on router link add nat64 type nat64 $P6 2>&1) && return 1
	has "$out" "File exists"
}

renamed() {
	fresh_nat64 "$P6"
	ip_on router link set nat64 name sixfour
	has "$(link_text sixfour)" "$P6"
	ip_on router link set sixfour name nat64
}

# Moved to another namespace and back, it keeps its configuration and works.
moved() {
	local before

	add_netns other
	fresh_nat64 "$P6 pool4 $T1"
	before=$(link_json nat64)
	ip_on router link set nat64 netns "$(netns_name other)"
	fails ip_on router link show nat64
	ip_on other link set nat64 up
	ip_on other link set nat64 type nat64 udp-timeout 200
	ip_on other link set nat64 type nat64 udp-timeout 300
	ip_on other link set nat64 netns "$(netns_name router)"
	fails ip_on other link show nat64
	equal "$(link_json nat64)" "$before" "after coming back"
	ip_on router link set nat64 up
	ip netns del "$(netns_name other)"
}

# The deletion of a namespace deletes its devices.
netns_end() {
	add_netns other
	ip_on other link add nat64 type nat64 $P6 pool4 $T1
	ip_on other link set nat64 up
	ip netns del "$(netns_name other)"
}

made_there() {
	add_netns other
	ip_on router link add nat64b netns "$(netns_name other)" type nat64 $P6
	has "$(ip_on other -d link show nat64b)" "$P6"
	ip netns del "$(netns_name other)"
}

loop() {
	local i

	ip_on router link del nat64 2>/dev/null || true
	for ((i = 0; i < 50; i++)); do
		echo "link add nat64 type nat64 $P6 pool4 203.0.113.0/24"
		echo "link set nat64 up"
		echo "link set nat64 type nat64 udp-timeout $((300 + i))"
		echo "link del nat64"
	done | ip_on router -batch -
	fails ip_on router link show nat64
}

many() {
	local i

	for ((i = 0; i < 50; i++)); do
		echo "link add many$i type nat64 pool6 2001:db8:$i::/96"
		echo "link set many$i up"
	done | ip_on router -batch -
	equal "$(ip_on router -br link show type nat64 | grep -c many)" 50 \
		"devices"
	for ((i = 0; i < 50; i++)); do
		echo "link del many$i"
	done | ip_on router -batch -
}

# The removal of the module deletes the devices and frees the tables staged by a
# socket that is closed later.
module_unload() {
	[ -n "$NAT64_KO" ] || skip "NAT64_KO does not name the module"
	fresh_nat64 "$P6 pool4 $T1"
	ip_on router link set nat64 up
	ip netns exec "$(netns_name router)" "$PYTHON" -Bs -c '
import sys, time
sys.path.insert(0, sys.argv[1])
from family import ByName, name, numbers
from netlink import Link, u32
table = ByName(Link())
table.must("replace-begin", name("nat64"),
          u32(numbers("NAT64_A_")["tables"], 1))
print("begun", flush=True)
time.sleep(600)' "$HERE" >"$WORK/staged" &
	wait_for grep -q begun "$WORK/staged"
	rmmod nat64
	kill $!
	fails ip_on router link show nat64
	insmod "$NAT64_KO"
	fresh_nat64 "$P6"
}

# The alias makes "ip link add" load it.
module_alias() {
	[ -n "$NAT64_KO" ] || skip "NAT64_KO does not name the module"
	modinfo -F alias "$NAT64_KO" | grep -qx rtnl-link-nat64
	equal "$(modinfo -F license "$NAT64_KO")" GPL "license"
}

given add_netns router

add_test "flags, MTU, no addresses" device
add_test "MTU 1280 to 65535" mtu
add_test "no link-layer address" no_address
add_test "a name that exists" exists
add_test "a reserved name" reserved
add_test "renamed" renamed
add_test "moved to another namespace and back" moved
add_test "made in another namespace" made_there
add_test "its namespace ends" netns_end
add_test "made and deleted fifty times" loop
add_test "fifty devices" many
add_test "module alias" module_alias
add_test "module unloaded and loaded" module_unload
run_tests
