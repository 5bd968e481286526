#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# Numbers that nat64(8) tells: counters, tables by protocol and state,
# subscribers, and how much of each entry of pool4 is in use. They equal what was
# sent. The topology is that of lib.sh.
#
# Environment: NAT64_TOOL   nat64, if it is neither in tools/nat64 nor installed
#
# numbers_netlink.py has what nat64 itself would never send.

# shellcheck source=tool.sh
. "$(dirname "$(readlink -f "$0")")/tool.sh"
need jq setpriv

NOBODY="setpriv --reuid=65534 --regid=65534 --clear-groups"

# table EXPRESSION: of the device's tables, by jq
table() { nat64 -j table show dev nat64 | jq -c ".[0] | $1"; }

# counter NAME; without jq, which takes longer than nat64
counter() {
	local stats

	stats=$(nat64 -j stats dev nat64)
	[[ $stats =~ \"$1\":([0-9]+) ]] && echo "${BASH_REMATCH[1]}"
}

# use ENTRY PROTOCOL: used, held-down and peak of an entry
use() {
	local entry number='([0-9]+)'

	entry=$(nat64 -j pool4 get dev nat64 $1)
	[[ $entry =~ \"$2\":'{"used":'$number',"held_down":'$number',"peak":'$number ]] &&
		echo "${BASH_REMATCH[*]:1}"
}

# send NS COUNT ADDRESS PORT: UDP packets, one after another, from one port
send() {
	"$1" $PYTHON -c '
import socket, sys
count, address, port = int(sys.argv[1]), sys.argv[2], int(sys.argv[3])
family = socket.AF_INET6 if ":" in address else socket.AF_INET
sock = socket.socket(family, socket.SOCK_DGRAM)
for i in range(count):
    sock.sendto(b"x", (address, port))' "$2" "$3" "$4"
}

# flows COUNT FIRST: UDP packets of as many ports of the client, from FIRST on
flows() {
	client $PYTHON -c '
import socket, sys
for i in range(int(sys.argv[1])):
    sock = socket.socket(socket.AF_INET6, socket.SOCK_DGRAM)
    sock.bind(("", int(sys.argv[2]) + i))
    sock.sendto(b"x", (sys.argv[3], 9))
    sock.close()' "$1" "$2" "$S6"
}

# fresh [SETTING]...: nothing in the tables, pool4 is T1
fresh() {
	nat64 bib flush dev nat64
	ip_on router link set nat64 type nat64 pool4 none max-bindings 16384 \
		subscriber-prefix 128 hold-down-timeout 120
	[ $# -eq 0 ] || ip_on router link set nat64 type nat64 "$@"
	nat64 pool4 add dev nat64 $T1
}

# --- counters -----------------------------------------------------------

counted() {
	local before after

	fresh
	before=$(nat64 -j stats dev nat64 | jq -c '.[0].stats')
	send server 7 $T1 4000
	lost client 3 2001:db8:64::7f00:1
	after=$(nat64 -j stats dev nat64 | jq -c '.[0].stats')
	equal "$(jq -cn "$after as \$a | $before as \$b | \$a | to_entries |
		map(select(.value != \$b[.key]) |
			{key, value: (.value - \$b[.key])}) | from_entries")" \
		'{"illegal-destination":3,"no-binding-udp":7}' "counted"
	equal "$(jq length <<<"$after")" 43 "counters"
	equal "$(nat64 stats | awk '$3 == "no-binding-udp" { print $4 }')" \
		"$(counter no-binding-udp)" "text"
	# what the link counts is their sum
	equal "$(jq 'add' <<<"$after")" "$(dev_stat router nat64 tx dropped)" \
		"sum"
	# the same for what came out
	equal "$(nat64 -j stats dev nat64 | jq '.[0].delivery | add')" \
		"$(dev_stat router nat64 rx packets)" "delivered"
	has "$(nat64 stats)" "dev nat64 delivery handed-over" \
		"dev nat64 delivery received" "dev nat64 delivery queued"
}

# --- tables -------------------------------------------------------------

STATES="v4-init v6-init established v4-fin-rcv v6-fin-rcv v4-v6-fin-rcv trans"

by_state() {
	local state n=0 i

	fresh
	equal "$(table '[.sessions, .bindings, .static_bindings, .subscribers,
		.waiting_syns, .tcp.sessions, .udp.bindings,
		(.tcp.states | add)]')" '[0,0,0,0,0,0,0,0]' "empty"
	{
		for state in $STATES; do
			n=$((n + 1))
			for ((i = 1; i <= n; i++)); do
				echo "session add dev nat64 tcp" \
					"$C6#$((100 * n)) $T1#$((100 * n))" \
					"$S4#$i $state"
			done
		done
		seq 5 | sed "s/.*/session add dev nat64 udp $C6#& $T1#& $S4#9/"
		seq 3 | sed "s/.*/session add dev nat64 icmp &/" |
			sed "s/\([0-9]\)$/2001:db8:1::2#\1 $T1#\1 $S4/"
		echo "bib add dev nat64 static tcp $C6#9 $T1#9"
	} >"$WORK/batch"
	nat64 -batch "$WORK/batch"
	equal "$(table '[.sessions, .bindings, .static_bindings,
		.subscribers]')" "[36,16,1,2]" "all"
	equal "$(table '[.tcp, .udp, .icmp] | map([.sessions, .bindings])')" \
		"[[28,8],[5,5],[3,3]]" "by protocol"
	equal "$(table ".tcp.states | [$(printf '."%s",' $STATES)0]")" \
		"[1,2,3,4,5,6,7,0]" "by state"
	has "$(nat64 table)" \
		"dev nat64 sessions 36 bindings 16 static 1 subscribers 2" \
		"dev nat64 tcp sessions 28 bindings 8 v4-init 1 v6-init 2" \
		"dev nat64 udp sessions 5 bindings 5"

	# each way to end them
	nat64 session flush dev nat64 state trans
	nat64 session del dev nat64 tcp $C6#300 $T1#300 $S4#1
	nat64 bib del dev nat64 udp $C6#2
	nat64 bib del dev nat64 tcp $C6#9
	equal "$(table ".tcp.states | [$(printf '."%s",' $STATES)0]")" \
		"[1,2,2,4,5,6,0,0]" "states left"
	equal "$(table '[.sessions, .bindings, .static_bindings]')" \
		"[27,13,0]" "left"
	nat64 bib flush dev nat64
	equal "$(table '[.sessions, .bindings, .subscribers, (.tcp.states | add)]')" \
		"[0,0,0,0]" "flushed"
}

# waits COUNT: so many SYNs do
waits() { [ "$(table .waiting_syns)" = "$1" ]; }

# What packets do is counted as well: a connection, and how it ends.
by_packets() {
	fresh
	$PYTHON - "$(netns_name client)" "$(netns_name server)" "$S6" \
		"$NAT64_TOOL" "$(netns_name router)" <<-'END'
		import json, os, socket, subprocess, sys, time

		client, server, address, tool, router = sys.argv[1:]

		def netns(name):
		    fd = os.open("/run/netns/" + name, os.O_RDONLY)
		    import ctypes
		    ctypes.CDLL(None).setns(fd, 0)
		    os.close(fd)

		def states():
		    out = subprocess.check_output([tool, "-n", router, "-j",
		                                   "table"])
		    tcp = json.loads(out)[0]["tcp"]["states"]
		    return {k: v for k, v in tcp.items() if v}

		def wait(wanted):
		    end = time.monotonic() + 10
		    while states() != wanted:
		        if time.monotonic() > end:
		            sys.exit("%s, not %s" % (states(), wanted))
		        time.sleep(0.05)

		netns(server)
		listener = socket.socket()
		listener.bind(("", 80))
		listener.listen(20)
		netns(client)
		conns = [socket.create_connection((address, 80))
		         for i in range(9)]
		peers = [listener.accept()[0] for i in range(9)]
		wait({"established": 9})
		for c in conns[:2]:
		    c.shutdown(socket.SHUT_WR)
		for p in peers[2:5]:
		    p.shutdown(socket.SHUT_WR)
		wait({"established": 4, "v6-fin-rcv": 2, "v4-fin-rcv": 3})
		peers[0].shutdown(socket.SHUT_WR)
		conns[5].setsockopt(socket.SOL_SOCKET, socket.SO_LINGER,
		                    b"\1\0\0\0\0\0\0\0")
		conns[5].close()
		wait({"established": 3, "v6-fin-rcv": 1, "v4-fin-rcv": 3,
		      "v4-v6-fin-rcv": 1, "trans": 1})
	END
	# a SYN that waits
	server $PYTHON -c "
import socket
s = socket.socket()
s.setblocking(False)
s.connect_ex(('$T1', 7))"
	wait_for waits 1
}

# --- who may ------------------------------------------------------------

anybody() {
	local words

	fresh
	flows 2 5000
	equal "$(router $NOBODY "$NAT64_TOOL" -j table | jq -c '.[0].sessions')" \
		2 "table"
	has "$(router $NOBODY "$NAT64_TOOL" stats dev nat64)" \
		"dev nat64 malformed 0"
	while read -r words; do
		# shellcheck disable=SC2086 # words are words
		status 2 "Operation not permitted" \
			router $NOBODY "$NAT64_TOOL" $words
	done <<-END
		subscriber show dev nat64
		subscriber get dev nat64 $C6
		pool4 show dev nat64
		pool4 get dev nat64 $T1
		pool4 addresses dev nat64
	END
}

# --- subscribers --------------------------------------------------------

subscribers() {
	fresh max-bindings 4 subscriber-prefix 64
	seq 4 | sed "s/.*/session add dev nat64 udp 2001:db8:1::&#7 $T1#& $S4#9/" |
		nat64 -batch -
	nat64 -batch - <<-END
		session add dev nat64 tcp 2001:db8:2::1#7 $T1#7 $S4#9
		session add dev nat64 tcp 2001:db8:2::1#7 $T1#7 $S4#8
		session add dev nat64 icmp 2001:db8:2::5#8 $T1#8 $S4
	END
	flows 6 5000
	equal "$(nat64 subscriber show)" \
"dev nat64 2001:db8:1::/64 udp $T1 bindings 4 sessions 4 refusals 6\
 proto udp bindings 4 refusals 6
dev nat64 2001:db8:2::/64 tcp $T1 icmp $T1 bindings 2 sessions 3 refusals 0\
 proto tcp bindings 1 refusals 0 proto icmp bindings 1 refusals 0" \
		"shown"
	equal "$(counter max-bindings)" 6 "counter"
	equal "$(nat64 subscriber show min-bindings 3 | wc -l)" 1 "bindings"
	equal "$(nat64 subscriber show min-sessions 3 | wc -l)" 2 "sessions"
	equal "$(nat64 subscriber show min-sessions 5)" "" "no one"
	equal "$(nat64 subscriber show addr6 2001:db8:2::5 | cut -d ' ' -f 3)" \
		2001:db8:2::/64 "of an address"
	equal "$(nat64 subscriber show addr6 2001:db8::/46 | wc -l)" 2 "within"
	equal "$(nat64 subscriber show addr6 2001:db8:8::/45)" "" "outside"
	equal "$(nat64 subscriber get dev nat64 2001:db8:1::77)" \
		"$(nat64 subscriber show addr6 2001:db8:1::/64)" "one"
	equal "$(nat64 subscriber get dev nat64 2001:db8:2::/64)" \
		"$(nat64 subscriber show addr6 2001:db8:2::/64)" "a prefix"
	status 2 "2001:db8:3::1/128: no such subscriber" \
		nat64 subscriber get dev nat64 2001:db8:3::1
	status 2 "2001:db8:1::/63: no such subscriber" \
		nat64 subscriber get dev nat64 2001:db8:1::/63
	# it goes with its last binding
	nat64 bib flush dev nat64 addr6 2001:db8:1::/64
	equal "$(nat64 subscriber show | wc -l)" 1 "gone"
	ip_on router link set nat64 type nat64 max-bindings 16384
}

# --- pool4 --------------------------------------------------------------

# Ports in use, held down, and in use again.
entry() {
	fresh
	equal "$(use $T1 udp)" "0 0 0" "unused"
	flows 10 5000
	equal "$(use $T1 udp) $(use $T1 tcp) $(use $T1 icmp)" \
		"10 0 10 0 0 0 0 0 0" "made"
	nat64 bib del dev nat64 udp $C6#5003
	nat64 bib del dev nat64 udp $C6#5004
	equal "$(use $T1 udp)" "8 2 10" "two ended"
	flows 1 6000
	equal "$(use $T1 udp)" "9 2 10" "one more"
	nat64 bib add dev nat64 static tcp $C6#80 $T1#80
	nat64 bib add dev nat64 static tcp $C6#81 198.18.0.1#81
	equal "$(use $T1 tcp)" "1 0 1" "static, one of them outside"
	nat64 bib flush dev nat64
	equal "$(use $T1 udp) $(use $T1 tcp)" "0 11 10 0 0 1" "ended"
	# without hold-down they are free at once
	ip_on router link set nat64 type nat64 hold-down-timeout 0
	sleep 1.1
	equal "$(use $T1 udp)" "0 0 10" "woken by who looks"
	ip_on router link set nat64 type nat64 hold-down-timeout 120
	equal "$(use $T1 udp)" "0 0 10" "other settings change"
	equal "$(nat64 -j pool4 show | jq -c '.[0].use.udp.total')" 65535 "total"
}

# Entries that stay keep their counters, new ones count what is there.
changed() {
	fresh
	seq 20 | sed "s/.*/session add dev nat64 udp $C6#& $T1#100& $S4#9/" |
		sed 's/#100\([0-9] \)/#1000\1/' | nat64 -batch -
	nat64 bib add dev nat64 static tcp $C6#7 $T2#50
	nat64 pool4 add dev nat64 $T2
	equal "$(use $T1 udp) $(use $T2 tcp)" "20 0 20 1 0 1" "one added"
	nat64 bib del dev nat64 udp $C6#20
	equal "$(use $T1 udp)" "19 1 20" "one ended"
	nat64 pool4 del dev nat64 $T2
	equal "$(use $T1 udp)" "19 1 20" "the other deleted"
	# in two, without an end to any
	ip_on router link set nat64 type nat64 pool4 $T1 ports 1-10010 \
		pool4 $T1 ports 10011-65535
	equal "$(use "$T1 ports 1-10010" udp)" "10 0 10" "first"
	equal "$(use "$T1 ports 10011-65535" udp)" "9 1 9" "second"
	nat64 bib flush dev nat64
	equal "$(use "$T1 ports 1-10010" udp)" "0 10 10" "first, ended"
	equal "$(use "$T1 ports 10011-65535" udp)" "0 10 9" "second, ended"
}

some_binding() { [ "$(table .udp.bindings)" != 0 ]; }

# While packets make bindings and they end, entries come and go.
under_traffic() {
	local i pid

	fresh
	# not by a function, whose shell would be what is ended
	ip netns exec "$(netns_name client)" $PYTHON -c "
import socket, time
while True:
    sock = socket.socket(socket.AF_INET6, socket.SOCK_DGRAM)
    sock.sendto(b'x', ('$S6', 9))
    sock.close()
    time.sleep(0.001)" &
	pid=$!
	wait_for some_binding
	for i in $(seq 5); do
		nat64 pool4 add dev nat64 $T2 ports $((1000 + i))-65000
		nat64 bib flush dev nat64 addr4 $T1
		nat64 pool4 del dev nat64 $T1
		nat64 pool4 add dev nat64 $T1
		nat64 bib flush dev nat64 addr4 $T2
		nat64 pool4 del dev nat64 $T2 ports $((1000 + i))-65000
	done
	wait_for some_binding
	kill $pid
	wait $pid || true
	nat64 pool4 add dev nat64 $T2
	sleep 0.2
	equal "$(nat64 -j pool4 show | jq '[.[].use.udp.used] | add')" \
		"$(table .udp.bindings)" "bindings"
	equal "$(nat64 -j pool4 show | jq '[.[].use.udp.used] | add')" \
		"$(nat64 -j pool4 addresses | jq '[.[] |
			select(.proto == "udp") | .used] | add')" "by address"
	equal "$(nat64 -j pool4 show | jq '[.[].use.udp.held_down] | add')" \
		"$(nat64 -j pool4 addresses | jq '[.[] |
			select(.proto == "udp") | .held_down] | add')" "held-down"
	nat64 bib flush dev nat64
	equal "$(nat64 -j pool4 show | jq '[.[].use.udp.used] | add')" 0 "ended"
}

# As many as there may be, in order, unused ones too.
most() {
	nat64 bib flush dev nat64
	ip_on router link set nat64 type nat64 pool4 none
	seq 256 | awk '{ printf "10.%d.0.0/24 ports %d-%d proto tcp mark %d\n",
		$1 - 1, 1024 + $1, 60000 - $1, $1 }' >"$WORK/entries"
	# shellcheck disable=SC2046 # words are words
	nat64 pool4 add dev nat64 $(cat "$WORK/entries")
	nat64 pool4 list dev nat64 | sed 's/^dev nat64 //' |
		cmp - "$WORK/entries"
	equal "$(nat64 -j pool4 show | jq -c '[length, (map(.mark) == [range(1; 257)]),
		([.[].use.tcp.total] | add)]')" \
		"[256,true,$((256 * (58977 * 256 - 256 * 257)))]" "shown"
}

# The host's own addresses, and what is in use of them.
borrowed() {
	ip_on router link add other type nat64 pool6 64:ff9b::/96
	ip_on router link set other up
	ip_on router route add 64:ff9b::/96 dev other
	equal "$(nat64 pool4 show dev other)" "" "unused"
	client ping -q -n -c 1 64:ff9b::c633:6405 >/dev/null || true
	nat64 bib add dev other static udp $C6#80 $R4#62000
	nat64 bib add dev other static udp $C6#81 $R4#80
	nat64 bib add dev other static udp $C6#82 198.18.0.1#62000
	nat64 bib add dev other static udp $C6#83 $R4#62003
	nat64 bib del dev other udp $C6#83
	equal "$(nat64 pool4 show dev other)" \
"dev other $R4/32 ports 61001-65535 host proto tcp used 0 held-down 0 peak 0 total 4535
dev other $R4/32 ports 61001-65535 host proto udp used 1 held-down 1 peak 2 total 4535
dev other $R4/32 ports 61001-65535 host proto icmp used $(borrowed_id) held-down 0 peak 1 total 4535" \
		"shown"
	equal "$(nat64 -j pool4 show dev other | jq -c '.[0].host')" true "JSON"
	equal "$(nat64 pool4 list dev other)" "" "listed"
	# entries, and the host's again
	nat64 pool4 add dev other $R4 ports 62000-62999
	equal "$(nat64 -j pool4 show dev other |
		jq -c '[.[0].host, (.[0].use.udp | [.used, .held_down])]')" \
		"[null,[1,1]]" "an entry"
	ip_on router link set other type nat64 pool4 host
	equal "$(nat64 -j pool4 show dev other |
		jq -c '[.[0].host, (.[0].use.udp | [.used, .held_down])]')" \
		"[true,[1,1]]" "the host's again"
	ip_on router link del other
}

# The binding of the ping, if it was answered or not
borrowed_id() {
	nat64 -j bib show dev other proto icmp | jq length
}

# --- thresholds ---------------------------------------------------------

# A bit set in the groups of a generic netlink socket, besides that of the
# families that come and go
# shellcheck disable=SC2016 # awk's own
listening() {
	router awk '$4 ~ /8...$/ { $4 = substr($4, 1, 4) substr($4, 6) }
		$2 == 16 && $4 ~ /[1-9a-f]/ { found = 1 }
		END { exit !found }' /proc/net/netlink
}

told() { [ "$(wc -l <"$WORK/events")" -ge "$1" ]; }

# pass COUNT: so many lines were told, and no more
pass() {
	wait_for told "$1"
	sleep 0.3
	equal "$(wc -l <"$WORK/events")" "$1" "events"
}

# R8158-4.5-a: told once when the high one is reached, and again only after it
# fell below the low one
thresholds() {
	local port entry="$T1 ports 2001-2100 proto udp"
	local line="threshold reached dev nat64"

	fresh pool4-high-threshold 50 pool4-low-threshold 20
	nat64 pool4 flush dev nat64
	nat64 pool4 add dev nat64 $entry
	spawned monitor exhaustion >"$WORK/events" 2>"$WORK/stderr" &
	wait_for listening
	flows 49 5000
	pass 0
	flows 1 6000
	pass 1
	has "$(cat "$WORK/events")" "Z $line high $T1/32 ports 2001-2100 proto udp used 50 held-down "
	flows 20 7000
	for port in $(seq 7000 7019) $(seq 5000 5029); do
		echo "bib del dev nat64 udp $C6#$port"
	done | nat64 -batch -
	equal "$(use "$entry" udp | cut -d ' ' -f 1)" 20 "used"
	pass 1
	# not within a second of the last one
	sleep 1.1
	nat64 bib del dev nat64 udp $C6#6000
	pass 2
	has "$(tail -n 1 "$WORK/events")" "$line low $T1/32 ports 2001-2100 proto udp used 19 held-down"
	flows 40 8000
	sleep 1.1
	flows 1 9000
	pass 3
	has "$(tail -n 1 "$WORK/events")" "$line high $T1/32"
	kill $!
	wait $! || true

	# who comes later learns of it, when it is still so
	nat64 bib flush dev nat64
	flows 60 5000
	spawned -j monitor exhaustion >"$WORK/events" 2>"$WORK/stderr" &
	wait_for listening
	# not within a second of when it would have been told first
	sleep 1.1
	flows 1 6000
	pass 1
	equal "$(jq -c '[.event, .dev, .threshold, .prefix, .proto, .used,
		.total]' "$WORK/events")" \
		"[\"threshold reached\",\"nat64\",\"high\",\"$T1/32\",\"udp\",61,100]" \
		"JSON"
	# others are told to nobody, and none when it is off
	ip_on router link set nat64 type nat64 pool4-high-threshold 0
	nat64 bib flush dev nat64
	sleep 1.1
	flows 80 5000
	pass 1
	status 2 "pool4-low-threshold must not be above pool4-high-threshold" \
		ip_on router link set nat64 type nat64 pool4-high-threshold 19
	kill $!
	wait $! || true
	ip_on router link set nat64 type nat64 pool4-high-threshold 90 \
		pool4-low-threshold 80
}

# --- devices ------------------------------------------------------------

devices() {
	local all

	fresh
	flows 1 5000
	ip_on router link add siit type nat64 pool6 64:ff9b::/96 mode stateless
	nat64 eam add dev siit 192.0.2.1 2001:db8::1 192.0.2.2 2001:db8::2
	equal "$(nat64 -j table | jq -c 'map([.dev, .sessions, .mappings])')" \
		'[["nat64",1,null],["siit",null,2]]' "tables"
	equal "$(nat64 table dev siit)" "dev siit mappings 2" "text"
	equal "$(nat64 -j stats | jq -c 'map(.dev)')" '["nat64","siit"]' "stats"
	status 2 "dev lo: not a nat64 device" nat64 stats dev lo
	status 2 "dev nothing: no such device" nat64 table dev nothing
	status 2 "dev siit: a stateless device has no bindings" \
		nat64 subscriber show dev siit
	status 2 "dev siit: a stateless device has no bindings" \
		nat64 pool4 show dev siit
	ip_on router link property add dev siit altname an-other-name
	equal "$(nat64 table dev an-other-name)" "dev siit mappings 2" "altname"
	ip_on router link del siit
	# in the order in which they were made
	all=$(seq 20 | sed 's/.*/link add n& type nat64 pool6 64:ff9b::\/96/')
	ip_on router -batch - <<<"$all"
	equal "$(nat64 -j stats | jq -c 'map(.dev) == ["nat64",
		(range(1; 21) | "n\(.)")]')" true "21 devices"
	sed 's/ type.*//; s/add/del/' <<<"$all" | ip_on router -batch -
}

# --- all of them --------------------------------------------------------

given setup_nat64

add_test "counters match the sent packets" counted
add_test "sessions by protocol and state" by_state
add_test "sessions of packets by state" by_packets
add_test "anybody may read numbers that name nobody" anybody
add_test "subscribers" subscribers
add_test "an entry of pool4 in use" entry
add_test "pool4 changes" changed
add_test "pool4 changes under traffic" under_traffic
add_test "256 entries" most
add_test "the host's addresses" borrowed
add_test "thresholds" thresholds
add_test "several devices" devices

run_tests
