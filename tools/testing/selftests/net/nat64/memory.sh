#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# Memory that an administrator has taken counts as that of the control group
# (memory controller, version 2) of who asked for it. No traffic.
#
# Environment: NAT64_TOOL   nat64, if it is neither in tools/nat64 nor installed

# shellcheck source=tool.sh
. "$(dirname "$(readlink -f "$0")")/tool.sh"
need unshare

# grouped COMMAND...: prints what the command does as the only member of a control
# group, whose figures it finds in the file $STAT, and their slab in the end. Nothing
# without a memory controller.
grouped() {
	mkdir -p "$WORK/groups"
	# shellcheck disable=SC2016
	STAT=$WORK/groups/nat64/memory.stat unshare --mount sh -ec '
		mount -t cgroup2 none "$0"
		grep -qw memory "$0/cgroup.controllers" || exit 0
		echo +memory >"$0/cgroup.subtree_control"
		mkdir -p "$0/nat64"
		(
			echo 0 >"$0/nat64/cgroup.procs"
			exec "$@"
		)
		sed -n "s/^slab //p" "$STAT"
		rmdir "$0/nat64"' "$WORK/groups" "$@"
}

# charged LEAST: what the commands of $WORK/batch take counts as the memory of
# the group of the process that does them
charged() {
	local got

	got=$(grouped "$NAT64_TOOL" -n "$(netns_name router)" -batch \
		"$WORK/batch")
	[ -n "$got" ] || skip "no memory controller"
	atleast "$got" "$1" "bytes of $(head -n 1 "$WORK/batch")"
}

imported() {
	nat64 bib flush dev nat64
	sessions 30000 session add dev nat64 >"$WORK/batch"
	charged $((30000 * 96))
}

static() {
	nat64 bib flush dev nat64
	sessions 30000 |
		sed 's/^/bib add dev nat64 static /; s/ 198.*//' >"$WORK/batch"
	charged $((30000 * 56))
}

# Each address has a map of its ports.
addresses() {
	local i

	nat64 bib flush dev nat64
	for ((i = 1; i < 250; i++)); do
		echo "bib add dev nat64 static udp $C6#$i 198.51.0.$i#80"
	done >"$WORK/batch"
	charged $((249 * 8192))
}

# made COUNT OPTIONS [COMMAND]: slab of the group for COUNT datagrams, each of a
# host of its own, through a device in a namespace of users
made() {
	grouped unshare -Urn "$PYTHON" -BEs -c '
import os, socket, subprocess, sys, time
def run(line):
    subprocess.run(line, shell=True, check=True)
def slab():
    time.sleep(2.5)  # the kernel gathers the figures every two seconds
    with open(os.environ["STAT"]) as stat:
        return [int(line[5:]) for line in stat if line[:5] == "slab "][0]
count, options, command = sys.argv[1:4]
run("ip link set lo up; echo 1 >/proc/sys/net/ipv4/ip_forward")
run("ip link add nat64 type nat64 pool6 64:ff9b::/96 " + options)
run("ip link set nat64 up; ip route add 64:ff9b::/96 dev nat64")
run("ip -6 route add local 2001:db8:1::/64 dev lo; " + command)
before = slab()
for i in range(int(count)):
    with socket.socket(socket.AF_INET6, socket.SOCK_DGRAM) as sock:
        sock.setsockopt(socket.IPPROTO_IPV6, 78, 1)
        sock.bind(("2001:db8:1::%x" % (i + 1), 0))
        sock.sendto(b"x", ("64:ff9b::198.51.100.1", 53))
print(slab() - before)' "$1" "$2" "${3-:}" | sed -n 1p
}

# What packets make counts for who made the device: a map of the ports of each
# address.
packets() {
	local got

	got=$(made 1000 "pool4 10.0.0.0/8")
	[ -n "$got" ] || skip "no memory controller"
	atleast "$got" $((1000 * 8192)) "bytes"
}

# Addresses of the host have two more maps, of claimed ports: one of the device
# and one of the namespace. On lo, the prefix of an address is local.
claims() {
	local got

	got=$(made 1000 "pool4 10.0.0.0/8" "ip addr add 10.0.0.1/8 dev lo")
	[ -n "$got" ] || skip "no memory controller"
	atleast "$got" $((1000 * 3 * 8192)) "bytes"
}

# An entry of pool4 takes 32 bytes of each configuration, and 128 of counters.
configurations() {
	local got i

	for ((i = 0; i < 20; i++)); do
		echo "pool4 replace dev d$i $WORK/pool4"
	done >"$WORK/batch"
	seq -f "203.0.113.%g ports 1024-1999" 0 127 >"$WORK/pool4"
	seq -f "203.0.113.%g ports 2000-2999" 0 127 >>"$WORK/pool4"
	# shellcheck disable=SC2016
	got=$(grouped unshare -Urn sh -c '
		slab() {
			sleep 2.5
			sed -n "s/^slab //p" "$STAT"
		}
		for i in $(seq 0 19); do
			ip link add d$i type nat64 pool6 64:ff9b::/96
		done
		before=$(slab)
		"$0" -batch "$1" 2>/dev/null
		echo $(($(slab) - before))' "$NAT64_TOOL" "$WORK/batch" |
		sed -n 1p)
	[ -n "$got" ] || skip "no memory controller"
	atleast "$got" $((20 * 256 * (32 + 128))) "bytes"
}

# R6888-R8-a: a port whose hold-down finds no memory is free, not lost. The group
# gets none once its sessions are there and it has no process: the first limit
# makes the kernel give back what it has charged in advance.
unheld() {
	local got

	sessions 300 session add dev nat64 >"$WORK/batch"
	# shellcheck disable=SC2016
	got=$(grouped unshare -Urn sh -ec '
		group=${STAT%/*}
		limit() {
			echo $(($(cat "$group/memory.current") - $1)) \
				>"$group/memory.max"
		}
		ip link add nat64 type nat64 pool6 64:ff9b::/96 pool4 203.0.113.1
		"$0" -batch "$1"
		"$0" pool4 show dev nat64
		echo 0 >"${group%/*}/cgroup.procs"
		limit 4096
		sleep 1
		limit 0
		"$0" bib flush dev nat64
		"$0" pool4 show dev nat64
		echo max >"$group/memory.max"
		"$0" -batch "$1"
		"$0" pool4 show dev nat64
		ip link del nat64' "$NAT64_TOOL" "$WORK/batch")
	[ -n "$got" ] || skip "no memory controller"
	echo "$got"
	[[ $got =~ \ used\ 300\ .*\ used\ 0\ held-down\ ([0-9]+)\ .*\ used\ 300\  ]]
	atmost "${BASH_REMATCH[1]}" 250 "ports that are held down"
}

# waiting SIZE: slab of the group for a thousand SYNs of that size that wait, and
# the machine's free memory that they take
waiting() {
	grouped unshare -Urn "$PYTHON" -BEs -c '
import os, socket, struct, subprocess, sys, time
def run(line):
    subprocess.run(line, shell=True, check=True)
def number(name, key):
    with open(name) as lines:
        return [int(line.split()[1]) for line in lines if line.startswith(key)][0]
run("ip link set lo up")
run("ip link add nat64 type nat64 pool6 2001:db8:64::/96 pool4 203.0.113.1"
    " maximum-simultaneous-opens 65535")
run("ip link set nat64 up; ip route add 203.0.113.1 dev nat64")
run("ip route add local 198.18.0.0/15 dev lo; ip addr add 198.51.100.1/32 dev lo")
sock = socket.socket(socket.AF_INET, socket.SOCK_RAW, socket.IPPROTO_RAW)
data = bytes(int(sys.argv[1]))
before = number(os.environ["STAT"], "slab "), number("/proc/meminfo", "MemFree:")
for i in range(1000):
    tcp = struct.pack(">HHIIBBHHH", 1024, 1000 + i % 16, 1, 0, 0x50, 2, 1000, 0, 0)
    sock.sendto(struct.pack(">BBHHHBBH4s4s", 0x45, 0, 40 + len(data), 0, 0, 64,
                            6, 0, struct.pack(">I", 0xc6120001 + i // 16),
                            socket.inet_aton("203.0.113.1")) + tcp + data,
                ("203.0.113.1", 0))
time.sleep(2.5)  # the kernel gathers the figures every two seconds
print(number(os.environ["STAT"], "slab ") - before[0],
      (before[1] - number("/proc/meminfo", "MemFree:")) * 1024)' "$1" |
		sed -n 1p
}

# A SYN that waits keeps its headers only, and counts for who made the device.
syns() {
	local size got

	for size in 0 60000; do
		got=$(waiting $size)
		[ -n "$got" ] || skip "no memory controller"
		# shellcheck disable=SC2086
		set -- $got
		atleast "$1" $((1000 * 600)) "bytes of the group"
		atmost "$1" $((1000 * 2500)) "bytes of the group"
		atmost "$2" $((1000 * 8000)) "bytes of the machine"
	done
}

# alone KIND: slab and per-CPU memory of the group for 100 devices, and the
# machine's, as far as /proc/meminfo tells
alone() {
	local i

	for ((i = 0; i < 100; i++)); do
		echo "link add d$i type $*"
	done >"$WORK/batch"
	# shellcheck disable=SC2016
	grouped unshare -Urn sh -c '
		figure() { sed -n "s/^$1[: ]*\([0-9]*\).*/\1/p" "$2"; }
		group() { echo $(($(figure slab "$STAT") + $(figure percpu "$STAT"))); }
		machine() {
			local sum=0 key
			for key in Slab Percpu VmallocUsed; do
				sum=$((sum + $(figure $key /proc/meminfo)))
			done
			echo $((sum * 1024))
		}
		group=$(group) machine=$(machine)
		ip -batch "$0"
		echo $(($(group) - group)) $(($(machine) - machine))' \
		"$WORK/batch" | sed -n 1p
}

# What a device takes beyond what any device takes counts for who made it.
devices() {
	local base kind

	base=$(alone dummy)
	[ -n "$base" ] || skip "no memory controller"
	# shellcheck disable=SC2086
	set -- $base
	for kind in "" "mode stateless"; do
		# shellcheck disable=SC2046,SC2086
		set -- $base $(alone nat64 pool6 64:ff9b::/96 $kind)
		echo "${kind:-stateful}: dummy $1 of $2, nat64 $3 of $4"
		# The machine's figures move a little by themselves.
		atleast $((($3 - $1) * 10)) $((($4 - $2) * 9)) \
			"bytes of the group ${kind:-mode stateful}"
	done
}

# lines PREFIX4 PREFIX6: 30000 mappings
lines() {
	awk -v v4="$1" -v v6="$2" 'BEGIN {
		for (i = 0; i < 30000; i++)
			printf "%s.%d.%d %s::%x\n", v4, int(i / 256), i % 256,
				v6, i
	}'
}

mappings() {
	ip_on router link add siit type nat64 pool6 64:ff9b::/96 mode stateless
	lines 198.18 2001:db8:99 | sed 's/^/eam add dev siit /' >"$WORK/batch"
	charged $((30000 * 64))
}

# The same, as a whole table.
replaced() {
	lines 198.19 2001:db8:98 >"$WORK/table"
	echo "eam replace dev siit $WORK/table" >"$WORK/batch"
	charged $((30000 * 64))
}

# What is staged counts before it is committed, the buckets of its hash tables too:
# a namespace of users could keep any number of them.
staged() {
	local got

	got=$(grouped unshare -Urn "$PYTHON" -BEs -c '
import os, sys, time
sys.path.insert(0, sys.argv[1])
from eam_netlink import many
from family import fresh, STATELESS
from netlink import Link
from replace_netlink import begin, stage
def slab():
    time.sleep(2.5)  # the kernel gathers the figures every two seconds
    with open(os.environ["STAT"]) as stat:
        return [int(line[5:]) for line in stat if line[:5] == "slab "][0]
parts = many(30000)
table = fresh(Link())
begin(table)
before = slab()
stage(table, parts)
staged = slab()
table.must("replace-commit")
print(staged - before, slab() - staged)' "$HERE" | sed -n 1p)
	[ -n "$got" ] || skip "no memory controller"
	# shellcheck disable=SC2086
	set -- $got
	# two tables of 65536 buckets of 8 bytes are among them
	atleast "$1" $((30000 * 64 + 2 * 65536 * 8)) "bytes staged"
	atmost "$2" $((65536 * 8)) "bytes at the commit"
}

# Before anything is made for nothing.
begin() {
	[ -n "$(grouped echo there)" ] || skip "no memory controller"
	add_netns router && fresh_nat64 "pool6 $POOL6 pool4 $T1 pool4 $T2"
}

given begin

# Whoever rules a container may make as many as its memory allows.
add_test "imported sessions" imported
add_test "static bindings" static
add_test "static bindings of as many addresses" addresses
add_test "explicit mappings" mappings
add_test "explicit mappings replaced" replaced
add_test "explicit mappings staged in a namespace of users" staged
add_test "devices in a namespace of users" devices
add_test "SYNs that wait in a namespace of users" syns
add_test "state created by packets in a user namespace" packets
add_test "claimed ports in a namespace of users" claims
add_test "configurations in a namespace of users" configurations
add_test "R6888-R8-a no memory for the hold-down of ports" unheld
run_tests
