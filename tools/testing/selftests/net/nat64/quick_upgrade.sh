#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# nat64-quick upgrade: another module is loaded under traffic, and everything is
# there afterwards. The topology is that of lib.sh. The modules are in a folder of
# the test: NAT64_KO, and copies of it with another version or for another kernel.
#
# Environment: NAT64_TOOL   nat64, if it is neither in tools/nat64 nor installed
#              NAT64_KO     the module

# shellcheck source=tool.sh
. "$(dirname "$(readlink -f "$0")")/tool.sh"

[ -x "$HERE/../../../../nat64/nat64-quick" ] &&
	PATH=$(readlink -f "$HERE/../../../../nat64"):$PATH
need nat64-quick sysctl awk flock nft tc depmod modprobe unshare
[ -f "${NAT64_KO-}" ] || skip_all "NAT64_KO does not name the module"

# Two files, and devices: nat64 and siit, shared, and one made by hand, other.
NAME=upgrade-$$
exec {OUT}>&1
readonly SHARED6=2001:db8:66::/96 SHARED_S6=2001:db8:66::c633:6405
readonly SAVED=/run/nat64/.upgrade KEPT=/run/nat64/.module
DEVICES=(nat64 siit shared other)
VERSION=$(modinfo -F version "$NAT64_KO")
readonly NEWER=${VERSION/#?/9}

# A program that does what HOOK-NAME says first, if there is one
fake() {
	cat >"$WORK/bin/$1" <<-END
		#!/bin/bash
		[ ! -e "$WORK/hook-$1" ] || . "$WORK/hook-$1"
		exec $(type -P "$1") $2 "\$@"
	END
	chmod +x "$WORK/bin/$1"
}

# setup; the router does not know where the server is in IPv6, and would send
# there what is for pool6
setup_upgrade() {
	setup
	ip_on server addr add 2001:db8:5::5/64 dev eth0 nodad
	ip_on router addr add 2001:db8:5::1/64 dev s0 nodad
	ip_on router -6 route add default via 2001:db8:5::5
	ip_on router link add red type vrf table 10
	ip_on router link set red up
	mkdir -p "$WORK/bin" "$WORK/lib/modules/$(uname -r)"
	fake modprobe "-d $WORK"
	fake modinfo "-b $WORK"
	fake rmmod
	fake nat64
	sed "s/\(version=\)${VERSION//./\\.}/\1$NEWER/; s/srcversion=./srcversion=Z/" \
		"$NAT64_KO" >"$WORK/newer.ko"
	sed 's/\(vermagic=\)./\10/' "$WORK/newer.ko" >"$WORK/broken.ko"
}

# nat64-quick, with the modules of this test
quick() { PATH=$WORK/bin:$PATH router nat64-quick "$@"; }

# provide FILE: the module that modprobe loads
provide() {
	cp "$1" "$WORK/lib/modules/$(uname -r)/nat64.ko"
	depmod -b "$WORK" 2>/dev/null
}

version_is() { equal "$(cat /sys/module/nat64/version)" "$1" "version"; }

# fresh: everything as before the first test, and then all devices
fresh() {
	local device conf

	rm -rf $SAVED $KEPT "$WORK"/hook-*
	for conf in a b; do
		quick down "$WORK/$NAME-$conf.conf" 2>/dev/null || true
	done
	for device in "${DEVICES[@]}"; do
		ip_on router link del "$device" 2>/dev/null || true
	done
	ip_on router -6 route flush 2001:db8:69::/64
	provide "$NAT64_KO"
	[ ! -e /sys/module/nat64 ] || rmmod nat64
	insmod "$NAT64_KO"

	cat >"$WORK/$NAME-a.conf" <<-EOF
		link add dev nat64 type nat64 pool6 $POOL6
		pool4 add dev nat64 $T1 $T2
		bib add dev nat64 static tcp $C6#80 $T1#80
		link set dev nat64 up
		link add dev siit type nat64 mode stateless pool6 2001:db8:65::/96
		end
		sysctl net.ipv4.conf.siit.rp_filter=2
		unreachable $POOL6
		route add $POOL6 via fe80::64 dev nat64
		route add $POOL4 dev nat64
		addr add 192.0.2.9/32 dev nat64
		rule add iif nat64 table 99
	EOF
	cat >"$WORK/$NAME-b.conf" <<-EOF
		link add dev shared type nat64 pool6 $SHARED6
		link set dev shared up
		end
		route add $SHARED6 dev shared
	EOF
	for conf in a b; do
		quick up "$WORK/$NAME-$conf.conf"
	done
	by_hand
}

# A device with everything that "nat64 save" does not have
by_hand() {
	ip_on router -batch - <<-EOF
		link add other type nat64 pool6 2001:db8:67::/96 pool4 192.0.2.64/28
		link set other group 7 txqueuelen 77 master red
		link property add dev other altname second altname third
		link set other up
		addr add 192.0.2.65 peer 192.0.2.66 dev other
		addr add 192.0.2.67/28 brd + dev other label other:x
		addr add 192.0.2.68/28 dev other valid_lft 9000 preferred_lft 8000
		addr add 2001:db8:68::1/64 dev other noprefixroute
		route add 192.0.2.64/28 dev other table 10 metric 5 mtu 1400
		route add 192.0.2.80/28 nexthop dev nat64 weight 1 nexthop via $S4 weight 2
		route add 198.18.7.0/24 via 192.0.2.66 dev other table 10 proto static
		route add 2001:db8:67::/96 dev other table 10 expires 9000
		route add 2001:db8:69::/64 nexthop via fe80::1 dev nat64 nexthop via 2001:db8:5::5
		nexthop add id 5 via fe80::64 dev nat64
		route add 2001:db8:70::/64 nhid 5
	EOF
	ip_on router link set other alias "made by hand # 1"
	router sysctl -qw net.ipv4.conf.other.rp_filter=0 \
		net.ipv6.conf.other.hop_limit=33 net.ipv4.neigh.other.ucast_solicit=7
}

# What an upgrade must not change, as text. The next hop of a route is written
# into it.
everything() {
	ip_on router -o link show
	ip_on router -o addr show | sed 's/valid_lft [1-9].*//'
	{
		ip_on router -o -4 route show table all
		ip_on router -o -6 route show table all
	} | sed 's/ expires.*//; s/ nhid 5//' | sort
	ip_on router -4 rule show
	ip_on router -6 rule show
	for device in "${DEVICES[@]}"; do
		# two old names make the kernel complain
		router sh -c "find /proc/sys/net/*/*/$device ! -name stable_secret \
			! -name base_reachable_time ! -name retrans_time -type f \
			-exec grep -H . {} +"
	done
	nat64 save
	router nft list ruleset
	head -n 99 /run/nat64/"$NAME"-?
}

same() { everything | diff "$WORK/before" - && [ ! -e $SAVED/pending ]; }

# Twenty connections through nat64, twenty through shared
connections() {
	everything >"$WORK/before"
	rm -f "$WORK/fifo"
	mkfifo "$WORK/fifo"
	"$PYTHON" -BEs "$HERE/connections.py" "$(netns_name client)" \
		"$(netns_name server)" 20 7002 $S4 $S6 $SHARED_S6 \
		<"$WORK/fifo" >"$WORK/connections" &
	CONNECTIONS=$!
	exec 4>"$WORK/fifo"
	wait_for grep -q established "$WORK/connections"
	sleep 0.5
}

# live: all of them do, with the bindings that they had
live() {
	sleep 0.5
	equal "$(nat64 session show | grep -c ' tcp .*#7002 established ')" 40 \
		"sessions"
	exec 4>&-
	wait "$CONNECTIONS" || { cat "$WORK/connections"; return 1; }
	has "$(cat "$WORK/connections")" "connections 40 pause "
}

# --- tests --------------------------------------------------------------

newer() {
	fresh
	provide "$WORK/newer.ko"
	connections
	# what happens meanwhile
	cat >"$WORK/hook-modprobe" <<-EOF
		{
			ip -6 route get $S6
			ip -6 route get 2001:db8:67::1 vrf red
			ip -4 route get $T1
			ip -4 route get 192.0.2.69 vrf red
		} >"$WORK/routes" 2>&1
		stat -c %a $SAVED $SAVED/* | sort -u >"$WORK/modes"
	EOF
	quick upgrade 2>&1 | tee "$WORK/out"
	equal "$(sed 's/: [0-9]*\.[0-9]* s$//' "$WORK/out")" \
		"nat64-quick: module $VERSION replaced by $NEWER; devices: 4, sessions: 40, without translation" \
		"output"
	sed 's/^/# /' "$WORK/out" >&"$OUT"
	version_is "$NEWER"
	live
	same
	equal "$(cat "$WORK/modes")" $'600\n700' "modes"
	equal "$(grep -c 'Invalid argument' "$WORK/routes")" 4 "dropped"
	[ ! -e $SAVED ]
	# the module that is loaded now is what the next one can go back to
	equal "$(modinfo -F version $KEPT/nat64.ko)" "$NEWER" "kept"
	has "$(quick upgrade)" "module $NEWER loaded again, which is the installed one"
	same
	quick down "$WORK/$NAME-a.conf"
	quick down "$WORK/$NAME-b.conf"
	has_not "$(ip_on router link show)" nat64: siit: shared:
}

# no_upgrade TEXT...: the command fails and says so
no_upgrade() {
	local out ret=0

	out=$(quick upgrade 2>&1) || ret=$?
	echo "$out"
	equal "$ret" 1 "status"
	has "$out" "$@"
}

# back TEXT: an upgrade fails, and everything is as before
back() {
	connections
	no_upgrade "$1" "module $NEWER cannot be used: going back to $VERSION" \
		"module $VERSION loaded again; devices: 4, sessions: 40," \
		"no upgrade: $SAVED/conf is what was saved"
	version_is "$VERSION"
	live
	same
	grep -q "^session add dev nat64 tcp " $SAVED/conf
}

not_loaded() {
	fresh
	provide "$WORK/broken.ko"
	back "could not insert 'nat64'"
}

not_restored() {
	fresh
	provide "$WORK/newer.ko"
	cat >"$WORK/hook-nat64" <<-EOF
		if [ "\$1" = restore ] && grep -q "$NEWER" /sys/module/nat64/version; then
			echo "nat64: not like this" >&2
			exit 2
		fi
	EOF
	back "nat64: not like this"
}

not_removed() {
	fresh
	echo "exit 1" >"$WORK/hook-rmmod"
	connections
	no_upgrade "no upgrade: module $VERSION is still loaded, and everything is back"
	live
	same
}

# Nothing loads any more, until somebody mends it.
lost() {
	fresh
	connections
	rm -rf $KEPT
	provide "$WORK/broken.ko"
	no_upgrade "warning: there is no copy of the loaded module" \
		"there is no translation, and $SAVED/conf has the devices"
	[ ! -e /sys/module/nat64 ]
	status 1 "an upgrade did not finish" quick down "$WORK/$NAME-a.conf"
	status 1 "an upgrade did not finish" quick up "$WORK/$NAME-a.conf"
	provide "$WORK/newer.ko"
	quick upgrade
	version_is "$NEWER"
	live
	same
}

# killed WHERE: the same command again does what is left to do.
killed() {
	fresh
	connections
	provide "$WORK/newer.ko"
	cat >"$WORK/hook-$1"
	fails quick upgrade
	rm "$WORK/hook-$1"
	[ -e $SAVED/pending ]
	has "$(quick upgrade 2>&1)" \
		"an upgrade did not finish: everything is put back first" \
		"everything is back, with module "
	version_is "$NEWER"
	live
	same
}

# shellcheck disable=SC2016 # of the shell that runs it
killed_before() {
	killed nat64 <<<'[ "$*" != "save sessions" ] || kill -KILL $PPID'
}

# shellcheck disable=SC2016 # of the shell that runs it
killed_between() { killed modprobe <<<'kill -KILL $PPID'; }

# shellcheck disable=SC2016 # of the shell that runs it
killed_after() {
	killed nat64 <<<'[ "$1" != restore ] || kill -KILL $PPID'
}

# refused TEXT: nothing changes, not even for a moment
refused() {
	everything >"$WORK/before"
	ip -n "$(netns_name router)" monitor link route address \
		>"$WORK/monitor" &
	sleep 0.5
	no_upgrade "$1" "no upgrade: "
	sleep 0.5
	kill $!
	wait $! || true
	equal "$(cat "$WORK/monitor")" "" "changes"
	same
}

elsewhere() {
	local pid

	fresh
	add_netns away
	ip_on away link add far type nat64 pool6 64:ff9b::/96
	refused "device far is in network namespace $(netns_name away)"
	ip netns del "$(netns_name away)"

	unshare -n sh -c "ip link add far type nat64 pool6 64:ff9b::/96; exec sleep 9999" &
	pid=$!
	wait_for nsenter -t $pid -n ip link show far
	refused "device far is in a network namespace of process $pid, sleep"
	# its process ends, but it is still open
	exec 5<"/proc/$pid/ns/net"
	kill $pid
	wait $pid || true
	refused "device far is in a network namespace of process "
	exec 5<&-
	# or mounted
	touch "$WORK/mounted"
	unshare --net="$WORK/mounted" \
		ip link add far type nat64 pool6 64:ff9b::/96
	refused "device far is in a network namespace of process "
	umount "$WORK/mounted"
	quick upgrade
}

in_use() {
	local reader

	fresh
	sessions 1000 session add dev nat64 | nat64 -batch -
	ip netns exec "$(netns_name router)" "$PYTHON" -Bs -c '
import sys, time
sys.path.insert(0, sys.argv[1])
from eam_netlink import name
from state_netlink import State, S_GET
table = State()
table.dump(name("nat64"), cmd=S_GET)
print("asked", flush=True)
time.sleep(6000)' "$HERE" >"$WORK/asked" &
	reader=$!
	wait_for grep -q asked "$WORK/asked"
	refused "the module is in use"
	kill $reader
	wait $reader || true
	quick upgrade
	equal "$(count session)" 1000 "sessions"
}

# Without nft, the host's own address would not be safe; without connections of
# it, nft is not needed.
without_nft() {
	fresh
	fake nft
	echo "exit 127" >"$WORK/hook-nft"
	quick upgrade
	connections
	refused "this host would reset connections of $R4: install nftables"
	live
	rm "$WORK/bin/nft"
}

other_reasons() {
	fresh
	ip_on router link del other
	router tc qdisc add dev siit root pfifo
	has "$(quick upgrade 2>&1)" \
		"warning: dev siit: its qdiscs and filters are not put back" \
		"devices: 3, sessions: 0"
	rm "$WORK/lib/modules/$(uname -r)/nat64.ko"
	depmod -b "$WORK" 2>/dev/null
	status 1 "no module nat64 for kernel" quick upgrade
	rmmod nat64
	status 1 "module nat64 is not loaded: there is nothing to upgrade" \
		quick upgrade
	insmod "$NAT64_KO"
	status 1 "\"home\": upgrade is for all devices" quick upgrade home
	status 1 "must be run as root" router setpriv --reuid 65534 \
		--clear-groups "$(type -P nat64-quick)" upgrade
}

# Routes and addresses that cannot come back are named, and the others are there.
named() {
	fresh
	everything >"$WORK/before"
	cat >"$WORK/hook-modprobe" <<-EOF
		sed -i '1i route append 2001:db8:99::/64 dev nat64 mtu x' $SAVED/routes-6
		sed -i '1i route append 192.0.2.0/24 via 192.0.2.99 dev nat64' $SAVED/routes-4
		sed -i '1i addr add 192.0.2.256 dev nat64' $SAVED/links
	EOF
	no_upgrade "mtu x\" failed: Error: argument \"x\" is wrong" \
		"\"route append 192.0.2.0/24 via 192.0.2.99 dev nat64\" failed: " \
		"\"addr add 192.0.2.256 dev nat64\" failed: " \
		"not everything is back: $SAVED has what there was"
	same
	[ -e $SAVED/conf ]
}

KMSG_HARMLESS+='|nat64: version magic '
given setup_upgrade

add_test "a newer module under traffic" newer
add_test "a module that does not load: back to the one before" not_loaded
add_test "a restore that fails: back to the one before" not_restored
add_test "a module that cannot be removed" not_removed
add_test "no module loads: continued when one does" lost
add_test "killed before the module is removed" killed_before
add_test "killed before the module is loaded" killed_between
add_test "killed when the devices are there" killed_after
add_test "refused: devices of other namespaces" elsewhere
add_test "refused: a reader holds the module" in_use
add_test "refused: no nft for the host's own address" without_nft
add_test "refused: other reasons" other_reasons
add_test "what cannot come back is named" named

run_tests
