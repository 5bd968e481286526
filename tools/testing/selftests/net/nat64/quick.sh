#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# nat64-quick: devices, addresses, routes, rules and sysctls of a file, up, down
# and reloaded under traffic. The topology is that of lib.sh.
#
# Environment: NAT64_TOOL   nat64, if it is neither in tools/nat64 nor installed

# shellcheck source=tool.sh
. "$(dirname "$(readlink -f "$0")")/tool.sh"

[ -x "$HERE/../../../../nat64/nat64-quick" ] &&
	PATH=$(readlink -f "$HERE/../../../../nat64"):$PATH
need nat64-quick sysctl awk flock

# The file of a test is in its folder; so the state has a name of its own.
NAME=quick-$$
STATE=/run/nat64/$NAME

quick() { router nat64-quick "$1" "${2-$WORK/$NAME.conf}"; }

# Everything that a file changes, on the router
everything() {
	ip_on router -o -d link show | sed 's/^[0-9]*: //' | cut -d ' ' -f 1,2,3
	ip_on router -o addr show | sed 's/^[0-9]*: //; s/valid_lft.*//'
	ip_on router -4 route show table all
	ip_on router -6 route show table all | grep -v '^multicast'
	ip_on router -4 rule show
	ip_on router -6 rule show
	router sysctl net.ipv4.ip_forward net.ipv6.conf.all.forwarding \
		net.ipv4.icmp_ratelimit
}

# setup, but the router does not forward, and what it does not know goes to the
# server, which is what must not happen to packets for pool6
setup_quick() {
	setup
	router sysctl -qw net.ipv4.ip_forward=0 net.ipv6.conf.all.forwarding=0
	ip_on server addr add 2001:db8:5::5/64 dev eth0 nodad
	ip_on router addr add 2001:db8:5::1/64 dev s0 nodad
	ip_on router -6 route add default via 2001:db8:5::5
}

conf() {
	rm -f "$STATE"
	cat >"$WORK/$NAME.conf" <<-EOF
		# a router
		sysctl net.ipv4.ip_forward=1
		sysctl net.ipv6.conf.all.forwarding=1
		unreachable $POOL6	# while the device is away
		unreachable $POOL4

		link add dev nat64 type nat64 pool6 $POOL6
		pool4 add dev nat64 $T1
		bib add dev nat64 static tcp $C6#80 $T1#80
		route add $POOL6 \
			dev nat64
		route add $POOL4 dev nat64
		addr add 192.0.2.9/32 dev nat64
		rule add fwmark 77 table 99
		link set dev nat64 up
		end
	EOF
	chmod 644 "$WORK/$NAME.conf"
}

# --- tests --------------------------------------------------------------

up_and_down() {
	local before

	conf
	before=$(everything)
	quick up
	pings client 2 $S6
	has "$(everything)" "unreachable $POOL6" "unreachable $POOL4" \
		"fwmark 0x4d lookup 99" 192.0.2.9 "net.ipv4.ip_forward = 1"
	status 1 "$NAME is up already" quick up
	quick down
	equal "$(everything)" "$before" "after down"
	[ ! -e "$STATE" ]
	status 1 "$NAME is not up" quick down
	status 1 "$NAME is not up" quick reload

	# what up made is undone, whatever the file says meanwhile
	quick up
	echo end >"$WORK/$NAME.conf"
	quick down
	equal "$(everything)" "$before" "after down without statements"
}

# A file whose last step is wrong leaves nothing behind.
undone() {
	local before

	before=$(everything)
	conf
	sed -i "s/^rule.*/route add 192.0.2.0\/24 dev nothing/" \
		"$WORK/$NAME.conf"
	status 1 "$NAME.conf:13: \"route 192.0.2.0/24 dev nothing\" failed" \
		quick up
	equal "$(everything)" "$before" "a route"
	conf
	sed -i "s/^bib.*/bib add dev nat64 static tcp $C6#80 224.0.0.1#80/" \
		"$WORK/$NAME.conf"
	status 1 "nat64: $WORK/$NAME.conf:9: tcp $C6#80 224.0.0.1#80: addr4" \
		quick up
	equal "$(everything)" "$before" "a binding"
	conf
	sed -i '/^end/d' "$WORK/$NAME.conf"
	status 1 "\"end\" is missing" quick up
	equal "$(everything)" "$before" "not complete"
	conf
	ip_on router link add nat64 type dummy
	status 1 "device nat64 exists already" quick up
	ip_on router link del nat64
	equal "$(everything)" "$before" "a device that exists"
	[ ! -e "$STATE" ]
}

# words LINE TEXT: a statement of nat64-quick's own that is wrong
words() {
	conf
	sed -i "s|^rule.*|$1|" "$WORK/$NAME.conf"
	status 1 "$WORK/$NAME.conf:13: $2" quick up
	fails ip_on router link show nat64
	equal "$(router sysctl -n net.ipv4.ip_forward)" 0 "forwarding"
	[ ! -e "$STATE" ]
}

private() {
	conf
	chmod 664 "$WORK/$NAME.conf"
	status 1 "$NAME.conf can be written by others than root (mode 664)" \
		quick up
	chmod 646 "$WORK/$NAME.conf"
	status 1 "can be written by others than root (mode 646)" quick up
	chmod 600 "$WORK/$NAME.conf"
	chown 65534 "$WORK/$NAME.conf"
	status 1 "$NAME.conf is not owned by root, but by user 65534" quick up
	chown 0 "$WORK/$NAME.conf"
	ln -sf "$NAME.conf" "$WORK/link.conf"
	chmod 602 "$WORK/$NAME.conf"
	status 1 "mode 602" quick up "$WORK/link.conf"
	fails ip_on router link show nat64
	status 1 "neither a name nor the path" quick up ../x
	status 1 "Usage: nat64-quick" router nat64-quick start x
}

# What is checked is what is read: the file is another one after the check.
swapped() {
	conf
	mkdir -p "$WORK/bin"
	cat >"$WORK/bin/stat" <<-EOF
		#!/bin/sh
		$(type -P stat) "\$@"
		rm -f "$WORK/$NAME.conf"
		echo end >"$WORK/$NAME.conf"
	EOF
	chmod +x "$WORK/bin/stat"
	PATH=$WORK/bin:$PATH quick up
	rm "$WORK/bin/stat"
	ip_on router link show nat64
	quick down

	# where a link leads
	mkdir -p "$WORK/open"
	conf
	mv "$WORK/$NAME.conf" "$WORK/open/"
	ln -s "open/$NAME.conf" "$WORK/$NAME.conf"
	chmod 777 "$WORK/open"
	status 1 "$WORK/open can be written by others than root (mode 777)" \
		quick up
	chmod 755 "$WORK/open"
	quick up
	quick down
}

# The file of a name is in /etc/nat64, which must be as private.
folder() {
	conf
	mkdir -p "$WORK/etc/nat64"
	# awk is one
	cp -a /etc/alternatives "$WORK/etc/"
	cp "$WORK/$NAME.conf" "$WORK/etc/nat64/$NAME.conf"
	cat >"$WORK/in" <<-'EOF'
		mkdir -p /run/nat64 && mount --bind "$1" /etc && shift && "$@"
	EOF
	chmod 777 "$WORK/etc/nat64"
	status 1 "/etc/nat64 can be written by others than root (mode 777)" \
		router unshare -m sh "$WORK/in" "$WORK/etc" nat64-quick up "$NAME"
	chmod 755 "$WORK/etc/nat64"
	router unshare -m sh "$WORK/in" "$WORK/etc" nat64-quick up "$NAME"
	pings client 1 $S6
	router unshare -m sh "$WORK/in" "$WORK/etc" nat64-quick down "$NAME"
	status 1 "/etc/nat64/nothing.conf: no such file" router \
		unshare -m sh "$WORK/in" "$WORK/etc" nat64-quick up nothing
}

# Sessions live on, and datagrams are not lost.
reload() {
	local before i

	conf
	before=$(everything)
	quick up
	steady $C6
	wait_for session_there
	for i in 1 2; do
		quick reload
		sleep 0.2
	done
	sed -i -e "s/^pool4.*/pool4 add dev nat64 $T1 $T2/" \
		-e 's/ table 99/ table 98/' -e 's/^addr add 192.0.2.9/addr add 192.0.2.8/' \
		-e 's/^# a router/sysctl net.ipv4.icmp_ratelimit=20/' \
		"$WORK/$NAME.conf"
	quick reload
	has "$(everything)" "lookup 98" 192.0.2.8 "icmp_ratelimit = 20"
	has_not "$(everything)" "lookup 99" 192.0.2.9
	has "$(nat64 pool4 list)" $T2

	# a mistake: nothing changes
	everything >"$WORK/before"
	sed -i -e "s/^bib.*/bib add dev nat64 static tcp $C6#80 224.0.0.1#80/" \
		-e 's/ table 98/ table 97/' "$WORK/$NAME.conf"
	status 1 "nat64: $WORK/$NAME.conf:9: tcp $C6#80 224.0.0.1#80" \
		quick reload
	everything | diff "$WORK/before" -
	equal "$(count session)" 1 "sessions"
	steady_end $T1
	quick down
	equal "$(everything)" "$before" "after down"
}

session_there() { [ "$(count session)" = 1 ]; }

# Packets do not take the default route while the device is away, and reload
# brings it back.
away() {
	local before out

	conf
	before=$(everything)
	quick up
	pings client 1 $S6
	ip_on router link del nat64
	out=$(told client $S6)
	has "$out" "$R6"
	has "$(ip_on router route get $T1 2>&1 || true)" "No route to host"
	quick reload
	pings client 2 $S6
	has "$(everything)" 192.0.2.9
	quick down
	equal "$(everything)" "$before" "after down"
}

# Steps that have gone meanwhile are taken again, once, and if that fails,
# reload says so.
gone() {
	local before

	conf
	before=$(everything)
	ip_on router link add quick0 type dummy
	ip_on router link set quick0 up
	echo "route add 192.0.2.64/26 dev quick0" >>"$WORK/$NAME.conf"
	quick up
	ip_on router rule del fwmark 77 table 99
	ip_on router route del $POOL4 dev nat64
	ip_on router addr del 192.0.2.9/32 dev nat64
	quick reload
	quick reload
	has "$(everything)" "$POOL4 dev nat64" 192.0.2.9
	equal "$(ip_on router rule show fwmark 77 | wc -l)" 1 "rules"
	ip_on router link del quick0
	status 1 "\"route 192.0.2.64/26 dev quick0\" failed" quick reload
	quick down
	equal "$(everything)" "$before" "after down"
}

# A sysctl of a device waits for it.
sysctl_of_device() {
	conf
	sed -i "s/^# a router/sysctl net.ipv4.conf.nat64.rp_filter=2/" \
		"$WORK/$NAME.conf"
	quick up
	equal "$(router sysctl -n net.ipv4.conf.nat64.rp_filter)" 2 "up"
	ip_on router link del nat64
	quick reload
	equal "$(router sysctl -n net.ipv4.conf.nat64.rp_filter)" 2 "reload"
	quick down
}

last_line() {
	conf
	printf "addr add 192.0.2.7/32 dev nat64 \\" >>"$WORK/$NAME.conf"
	quick up
	has "$(everything)" 192.0.2.7
	quick down
}

# interrupted COMMAND: nat64-quick, when nat64 did its work and COMMAND follows
interrupted() {
	mkdir -p "$WORK/bin"
	cat >"$WORK/bin/nat64" <<-EOF
		#!/bin/sh
		$(type -P nat64) "\$@" || exit
		$1
	EOF
	chmod +x "$WORK/bin/nat64"
	PATH=$WORK/bin:$PATH router setsid -w nat64-quick "$2" \
		"$WORK/$NAME.conf"
}

# No signal makes it lose track of what it made, nor does the end of nat64.
signals() {
	local all='kill -TERM 0; kill -INT 0; kill -HUP 0' before

	conf
	before=$(everything)
	interrupted "$all" up
	interrupted "$all" reload
	has "$(everything)" "fwmark 0x4d lookup 99" 192.0.2.9
	quick down
	equal "$(everything)" "$before" "after signals"

	# shellcheck disable=SC2016 # of the shell that runs it
	fails interrupted 'kill -KILL $$' up
	equal "$(everything)" "$before" "after the end of nat64"
	[ ! -e "$STATE" ]
}

# A command waits for another one; a signal ends one that waits.
one_at_a_time() {
	local lock

	conf
	mkdir -p /run/nat64
	exec {lock}</run/nat64
	flock "$lock"
	status 124 "" router timeout 2 nat64-quick up "$WORK/$NAME.conf"
	[ ! -e "$STATE" ]
	flock -u "$lock"
	exec {lock}<&-
	quick up
	quick down
}

# --- all of them --------------------------------------------------------

given setup_quick

add_test "up and down" up_and_down
add_test "undone when a step fails" undone
add_test "refused: a statement that nobody knows" words "rules add fwmark 7" \
	'unknown statement "rules", see "nat64 restore help"'
add_test "refused: sysctl" words "sysctl kernel.panic=1" \
	'"sysctl kernel.panic=1": expected sysctl net.KEY=VALUE'
add_test "refused: unreachable" words "unreachable 64:ff9b::" \
	'"unreachable 64:ff9b::": expected unreachable PREFIX/LENGTH'
add_test "refused: route del" words "route del default" \
	'"route del default": expected route add ...'
add_test "refused: files that others can write" private
add_test "what is checked is what is read" swapped
add_test "the folder of the files" folder
add_test "reload under traffic" reload
add_test "unreachable while the device is away" away
add_test "what has gone comes back at reload" gone
add_test "a sysctl of a device" sysctl_of_device
add_test "a last line that ends with a backslash" last_line
add_test "signals" signals
add_test "one command at a time" one_at_a_time

run_tests
