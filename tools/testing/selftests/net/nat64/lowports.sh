#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# host-low-ports: what a home router with one IPv4 address gives to hosts that
# send from a privileged port, and an NFS server that asks for one. The topology
# is that of lib.sh, the device that of Documentation/howto/home-router.rst.
#
# Environment: NAT64_TOOL   nat64, if it is neither in tools/nat64 nor installed

# shellcheck source=tool.sh
. "$(dirname "$(readlink -f "$0")")/tool.sh"

# Log messages of an NFS server without daemons, and of one that refuses a port.
KMSG_HARMLESS+='|NFSD: |nfsd: request from insecure port'

W6=64:ff9b::c633:6405
RESERVED=net.ipv4.ip_local_reserved_ports

again() {
	fresh_nat64 "pool6 64:ff9b::/96 $*"
	ip_on router link set nat64 up
	ip_on router route replace 64:ff9b::/96 dev nat64
}

# low TEST: see lowports.py
low() {
	timeout "$(slow 30)" "$PYTHON" -BEs "$HERE/lowports.py" "$1" "$$"
}

# used PROTO: ports below 1024 with a binding
used() {
	shown bib proto "$1" | sed -n "s/.* $R4#\([0-9]*\)\( .*\)\?$/\1/p" |
		awk '$1 < 1024' | wc -l
}

usual() {
	again
	low off
	equal "$(used tcp) $(used udp)" "0 0" "ports below 1024"
}

given_low() {
	again host-low-ports on
	low on
	equal "$(used tcp) $(used udp)" "4 4" "ports below 1024"
	# pings have identifiers, whatever their number
	client ping -c 1 -W "$(slow 5)" -e 700 $W6
	equal "$(used icmp)" 0 "identifiers below 1024"
	has "$(nat64 pool4 addresses dev nat64)" \
		"$R4 tcp used 6 held-down 0 total 4959" \
		"$R4 icmp used 1 held-down 0 total 4535"
}

left() {
	router sysctl -qw $RESERVED=600-1021
	again host-low-ports on
	low left
	router sysctl -qw $RESERVED=
}

# The ports of an entry are reserved to keep the host's sockets out of them.
entry() {
	router sysctl -qw $RESERVED=700-799
	again pool4 $R4 ports 700-799
	low entry
	router sysctl -qw $RESERVED=
}

# What the switch has given ends with it, and the port is the host's.
switched() {
	again host-low-ports on
	low on
	ip_on router link set nat64 type nat64 host-low-ports off
	equal "$(used tcp) $(used udp)" "0 0" "ports below 1024"
	equal "$(count bib)" 4 "bindings of others"
	low off
}

privileged() {
	again host-low-ports on
	low refused
}

# --- an NFS server ------------------------------------------------------

# nfs_server FOLDER: start the kernel's NFS server, which requires a port below 1024
# for exports that are not "insecure". There is no mountd: fill the caches of the
# client's address and of exports. The flags are fsid, no_subtree_check and ro.
# The server ends with the mount of nfsd, so not in the mount namespace of "ip
# netns exec".
nfs_server() {
	# shellcheck disable=SC2016 # expanded by the other shell
	nsenter "--net=/run/netns/$(netns_name server)" sh -ec '
		mount -t nfsd nfsd "$3"
		until=$(($(date +%s) + 36000))
		echo "-3 +4 +4.1" >"$3/versions"
		echo "nfsd $2 $until lan" >/proc/net/rpc/auth.unix.ip/channel
		echo "lan $1 $until 9217 65534 65534 0" \
			>/proc/net/rpc/nfsd.export/channel
		echo "lan 1 \\x00000000 $until $1" \
			>/proc/net/rpc/nfsd.fh/channel
		echo "tcp 2049" >"$3/portlist"
		echo 1 >"$3/threads"' sh "$1" "$R4" "$WORK/nfsd"
}

# nfs_mount: print the files of the export. mount.nfs is not needed, as it only
# resolves the addresses.
nfs_mount() {
	# shellcheck disable=SC2016 # expanded by the other shell
	client sh -ec '
		mount -i -t nfs4 -o "$1" "[$2]:/" /mnt
		ls /mnt
		umount /mnt' sh \
		"vers=4.1,proto=tcp6,addr=$W6,clientaddr=$C6,soft,retrans=2" $W6
}

nfs() {
	modprobe -a nfsd nfsv4 2>/dev/null || skip "no NFS in this kernel"
	mkdir "$WORK/export" "$WORK/nfsd"
	# An overlay, as the root of a guest may be, cannot be exported.
	mount -t tmpfs nat64 "$WORK/export"
	trap 'umount -q "$WORK/nfsd"; umount -l "$WORK/export"; end_jobs' EXIT
	touch "$WORK/export/a-file"
	nfs_server "$WORK/export"
	again
	fails nfs_mount 2>"$WORK/err"
	has "$(cat "$WORK/err")" "permission denied"
	ip_on router link set nat64 type nat64 host-low-ports on
	equal "$(nfs_mount)" "a-file" "mounted"
	equal "$(used tcp)" 1 "ports below 1024"
}

begin() { setup && add_client2; }

given begin

add_test "off: ports of the usual range" usual
add_test "R6146-3.5.1.1-b, R6146-3.5.1.1-c on: ports 600 to 1023 for privileged ones" given_low
add_test "D-6146-local neither reserved ports nor those of sockets" left
add_test "reserved low ports of a pool4 entry" entry
add_test "switched off: its bindings end" switched
add_test "a server that asks for a privileged port" privileged
add_test "an NFS mount" nfs
run_tests
