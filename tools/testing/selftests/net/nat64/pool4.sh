#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# Entries of pool4 by nat64(8): added, deleted, flushed and listed, while traffic
# runs through others. The topology is that of lib.sh.
#
# Environment: NAT64_TOOL   nat64, if it is neither in tools/nat64 nor installed
#
# pool4_netlink.py has what nat64 itself would never send; commands that are
# wrong are among the tests of tools/nat64.

# shellcheck source=tool.sh
. "$(dirname "$(readlink -f "$0")")/tool.sh"
need setpriv unshare

pool4() { nat64 pool4 "$@"; }

# The entries of the device, without its name; without ports that are all
listed() {
	pool4 list dev nat64 | sed 's/^dev nat64 //; s/ ports 1-65535//'
}

# fresh [ENTRY]...: no bindings, and these entries
fresh() {
	nat64 bib flush dev nat64
	pool4 flush dev nat64
	[ $# -eq 0 ] || pool4 add dev nat64 "$@"
}

# What ages is left out.
ageless() { sed 's/ expires [0-9]*$//'; }

# --- the list -----------------------------------------------------------

words() {
	fresh 203.0.113.0/30 ports 1024-65535 192.0.2.1 mark 0x10 proto tcp \
		192.0.2.1 ports 7 proto udp
	pool4 add dev nat64 192.0.2.2/32 proto icmp
	equal "$(listed)" "203.0.113.0/30 ports 1024-65535
192.0.2.1/32 proto tcp mark 16
192.0.2.1/32 ports 7-7 proto udp
192.0.2.2/32 proto icmp" "entries"
	# what ip shows, and sets
	has "$(link_text nat64)" "pool4 203.0.113.0/30 ports 1024-65535" \
		"pool4 192.0.2.1/32 ports 7-7 proto udp"
	equal "$(nat64 -j pool4 list | jq -cS 'map(del(.dev))')" \
		"$(link_json nat64 | jq -cS .pool4)" "JSON"
	equal "$(nat64 -j pool4 list | jq -r '.[0].dev')" nat64 "JSON: device"
	pool4 del dev nat64 192.0.2.1/32 ports 7-7 proto udp 203.0.113.0/30 \
		ports 1024-65535
	equal "$(listed)" "192.0.2.1/32 proto tcp mark 16
192.0.2.2/32 proto icmp" "entries left"
}

# What is listed, added again, is the same.
lines() {
	local before=$WORK/entries

	fresh 203.0.113.0/30 ports 1024-65535 mark 4294967295 192.0.2.1 \
		proto tcp 192.0.2.1 proto udp ports 5-6
	pool4 list >"$before"
	pool4 flush dev nat64
	equal "$(pool4 list)" "" "flushed"
	sed 's/^/pool4 add /' "$before" | nat64 -batch -
	equal "$(pool4 list)" "$(cat "$before")" "added again"
	sed 's/^/pool4 del /' "$before" | nat64 -batch -
	equal "$(pool4 list)" "" "deleted"
}

# refused TEXT WORDS: nothing changes
refused() {
	local before

	fresh 203.0.113.0/30 192.0.2.1 ports 7-9 proto udp mark 5
	before=$(pool4 list)
	# shellcheck disable=SC2086 # words are words
	status 2 "$1" nat64 pool4 $2
	equal "$(pool4 list)" "$before" "entries"
}

batch() {
	fresh
	{
		seq 100 | sed 's/.*/pool4 add dev nat64 192.0.2.&/'
		echo pool4 add dev nat64 192.0.2.128/25 192.0.2.7 ports 7
		echo pool4 add dev nat64 198.18.0.1
	} >"$WORK/batch"
	status 2 "batch:101: 192.0.2.7/32 ports 7-7: pool4 entries overlap" \
		nat64 -batch "$WORK/batch"
	equal "$(listed | wc -l)" 100 "entries"
	fresh
	status 2 "batch:101: " nat64 -force -batch "$WORK/batch"
	equal "$(listed | wc -l) $(listed | tail -n 1)" "101 198.18.0.1/32" \
		"with -force"
}

replaced() {
	fresh $T1 192.0.2.1 ports 7-9
	nat64 -batch - <<-END
		session add dev nat64 udp $C6#1 $T1#1 $S4#1
		session add dev nat64 udp $C6#2 192.0.2.1#7 $S4#1
	END
	{
		echo "dev nat64 198.18.0.0/24 ports 1-9 proto tcp mark 7"
		echo "$T2 $T1 dev nat64"
	} >"$WORK/table"
	pool4 replace dev nat64 "$WORK/table"
	equal "$(listed)" "198.18.0.0/24 ports 1-9 proto tcp mark 7
$T2/32
$T1/32" "entries"
	equal "$(shown session | ageless)" "udp $C6#1 $T1#1 $S4#1" "sessions"
	pool4 list >"$WORK/shown"
	pool4 replace dev nat64 - <"$WORK/shown"
	equal "$(pool4 list)" "$(cat "$WORK/shown")" "the same again"
	pings client 2 $S6
	pool4 replace dev nat64 /dev/null
	equal "$(listed)" "" "empty"
}

# not_replaced STATUS TEXT LINE: after 100 good ones
not_replaced() {
	local before

	fresh $T1
	before=$(pool4 list)
	{
		seq 100 | sed 's/.*/dev nat64 192.0.2.&/'
		printf '%s\n' "$3" "dev nat64 198.18.0.1"
	} >"$WORK/table"
	status "$1" "nat64: $WORK/table:101: $2" \
		nat64 pool4 replace dev nat64 "$WORK/table"
	equal "$(pool4 list)" "$before" "entries"
}

# As many as a device may have: more than ip has room for in its request.
most() {
	local all=$WORK/entries

	seq 256 | awk '{ printf "10.%d.0.0/24 ports %d-%d proto tcp mark %d\n",
		$1 - 1, 1024 + $1, 60000 - $1, $1 }' >"$all"
	fresh
	sed 's/^/pool4 add dev nat64 /' "$all" | nat64 -batch -
	listed | cmp - "$all"
	equal "$(nat64 -j pool4 list | jq length)" 256 "JSON"
	status 2 "10.99.7.0/32 ports 1-65535: pool4 has more than 256 entries" \
		nat64 pool4 add dev nat64 10.99.7.0
	status 2 "10.99.0.0/32 ports 2000-2000: pool4 entries overlap" \
		nat64 pool4 add dev nat64 10.99.0.0 ports 2000
	equal "$(listed | wc -l)" 256 "entries"

	fresh
	# shellcheck disable=SC2046 # words are words
	pool4 add dev nat64 $(cat "$all")
	listed | cmp - "$all"
	# ip shows how many there are, and another setting leaves them
	ip_on router link set nat64 type nat64 udp-timeout 301
	equal "$(link_json nat64 | jq -c '[.pool4_count, (.pool4 | length)]')" \
		'[256,8]' "by ip"
	has "$(link_text nat64)" "pool4-more 248"
	ip_on router link set nat64 type nat64 udp-timeout 300
	sed -n '1~2s/^/pool4 del dev nat64 /p' "$all" | nat64 -batch -
	listed | cmp - <(sed -n '2~2p' "$all")
}

# --- bindings -----------------------------------------------------------

# The bindings of what goes, and no others, static ones neither.
its_own() {
	fresh $T1 ports 1-9999 $T1 ports 10000-65535 $T2 proto udp \
		$T2 proto tcp
	nat64 -batch - <<-END
		session add dev nat64 udp $C6#1 $T1#9999 $S4#1
		session add dev nat64 udp $C6#2 $T1#10000 $S4#1
		session add dev nat64 tcp $C6#3 $T1#65535 $S4#1
		session add dev nat64 icmp $C6#4 $T1#10001 $S4
		session add dev nat64 udp $C6#5 $T2#1 $S4#1
		session add dev nat64 tcp $C6#6 $T2#1 $S4#1 trans
		bib add dev nat64 static tcp $C6#7 $T1#20000
		session add dev nat64 tcp $C6#7 $T1#20000 $S4#1
	END
	pool4 add dev nat64 192.0.2.1
	equal "$(shown session | wc -l)" 7 "sessions, one added"
	pool4 del dev nat64 $T1 ports 10000-65535
	equal "$(shown bib)" "tcp $C6#6 $T2#1 sessions 1
tcp $C6#7 $T1#20000 static sessions 1
udp $C6#1 $T1#9999 sessions 1
udp $C6#5 $T2#1 sessions 1" "one deleted"
	pool4 del dev nat64 $T2 proto tcp 192.0.2.1
	equal "$(shown session | ageless)" \
		"tcp $C6#7 $T1#20000 $S4#1 established
udp $C6#1 $T1#9999 $S4#1
udp $C6#5 $T2#1 $S4#1" "two deleted"
	# none is left but what an administrator made
	pool4 flush dev nat64
	equal "$(shown bib)" "tcp $C6#7 $T1#20000 static sessions 1" "flushed"
	nat64 bib flush dev nat64
}

# "host" becomes a list with its first entry; without its last one, it is "none".
borrowed() {
	fresh
	has "$(link_text nat64)" "pool4 none"
	lost client 2 $S6
	ip_on router link set nat64 type nat64 pool4 host
	pings client 2 $S6
	has "$(shown bib)" " $R4#"
	pool4 add dev nat64 $T1
	equal "$(shown bib)" "" "no longer borrowed"
	pings client 2 $S6
	has "$(shown bib)" " $T1#"
	pool4 del dev nat64 $T1
	equal "$(shown bib)" "" "deleted"
	has "$(link_text nat64)" "pool4 none"
	told client $S6 | grep -q "Address unreachable"
	equal "$(shown bib)" "" "bindings without addresses"
	status 2 "pool4 has no such entry" nat64 pool4 del dev nat64 $T1
	ip_on router link set nat64 type nat64 pool4 host
	status 2 "pool4 has no such entry" nat64 pool4 del dev nat64 $T1
	has "$(link_text nat64)" "pool4 host"
	pool4 flush dev nat64
	has "$(link_text nat64)" "pool4 none"
}

# churn: other entries come and go until the test ends
churn() {
	while :; do
		pool4 add dev nat64 $T2 192.0.2.0/25 198.18.0.0/16
		pool4 del dev nat64 192.0.2.0/25
		pool4 del dev nat64 198.18.0.0/16 $T2
		echo >>"$WORK/rounds"
	done
}

rounds() { [ "$(wc -l <"$WORK/rounds")" -ge "$1" ]; }

# A connection goes on, and new ones open, while others' entries come and go.
live() {
	fresh $T1
	nat64 session add dev nat64 tcp $C6#3 $T1#3 $S4#1 expires 7000
	: >"$WORK/rounds"
	churn &
	wait_for rounds 1
	traffic tcp client server $S6 $S4 2000000 >/dev/null
	traffic udp client server $S6 $S4 1000 >/dev/null
	pings client 10 $S6
	wait_for rounds 10
	has "$(shown session)" "tcp $C6#3 $T1#3 $S4#1 established expires"
	equal "$(shown bib addr4 $T2)" "" "bindings on others"
}

# The list is one of those that somebody wrote, whoever is at work besides.
with_link_set() {
	local i have

	fresh $T1
	: >"$WORK/rounds"
	while :; do
		ip_on router link set nat64 type nat64 pool4 $T1
		ip_on router link set nat64 type nat64 pool4 $T1 pool4 $T2
		echo >>"$WORK/rounds"
	done &
	for ((i = 0; i < 8 || $(wc -l <"$WORK/rounds") < 3; i++)); do
		pool4 add dev nat64 192.0.2.1 192.0.2.2
		have=$(listed | xargs)
		[[ $have =~ ^$T1/32( $T2/32)?( 192.0.2.1/32 192.0.2.2/32)?$ ]]
		# it may have been replaced
		pool4 del dev nat64 192.0.2.1 192.0.2.2 2>/dev/null || true
		pings client 1 $S6
	done
	atleast "$(wc -l <"$WORK/rounds")" 3 "rounds"
}

# A device that is down has a list too.
down() {
	fresh $T1
	ip_on router link set nat64 down
	pool4 add dev nat64 $T2
	pool4 del dev nat64 $T1
	equal "$(listed)" "$T2/32" "entries"
	ip_on router -batch - <<-EOF
		link set nat64 up
		route replace $POOL4 dev nat64
		route replace $POOL6 dev nat64
	EOF
	pings client 2 $S6
	has "$(shown bib)" " $T2#"
}

# --- devices, and who may -----------------------------------------------

devices() {
	fresh $T1
	ip_on router link add siit type nat64 pool6 64:ff9b::/96 mode stateless
	ip_on router link add other type nat64 pool6 64:ff9b:1::/96
	ip_on router link property add dev other altname an-other-name-for-it
	status 2 "dev siit: a stateless device has no bindings" \
		nat64 pool4 flush dev siit
	status 2 "dev siit: a stateless device" \
		nat64 pool4 add dev siit 192.0.2.1
	status 2 "dev siit: a stateless device has no bindings" \
		nat64 pool4 list dev siit
	status 2 "dev lo: not a nat64 device" nat64 pool4 list dev lo
	status 2 "dev lo: not a nat64 device" nat64 pool4 flush dev lo
	status 2 "dev nothing: no such device" nat64 pool4 list dev nothing
	status 2 "dev nothing: no such device" \
		nat64 pool4 del dev nothing 192.0.2.1
	pool4 add dev an-other-name-for-it 192.0.2.1
	equal "$(pool4 list)" "dev nat64 $T1/32 ports 1-65535
dev other 192.0.2.1/32 ports 1-65535" "both"
	equal "$(pool4 list dev an-other-name-for-it)" \
		"dev an-other-name-for-it 192.0.2.1/32 ports 1-65535" "altname"
	status 0 "warning: pool4 overlaps pool4 of another device" \
		nat64 pool4 add dev other $T1
	equal "$(pool4 del dev other $T1 2>&1)" "" "no warning"
	ip_on router link del other
	ip_on router link del siit
}

NOBODY="setpriv --reuid=65534 --regid=65534 --clear-groups"

unprivileged() {
	local words

	fresh $T1
	while read -r words; do
		# shellcheck disable=SC2086 # words are words
		status 2 "Operation not permitted" \
			router $NOBODY "$NAT64_TOOL" pool4 $words
	done <<-END
		add dev nat64 $T2
		del dev nat64 $T1
		flush dev nat64
		list dev nat64
		show dev nat64
		addresses dev nat64
		get dev nat64 $T1
	END
	equal "$(listed)" "$T1/32" "entries"
}

# Whoever has a user namespace of his own may, in its network namespaces.
user_namespace() {
	$NOBODY unshare -Urn true 2>/dev/null || skip "no user namespaces"
	# shellcheck disable=SC2016
	equal "$($NOBODY unshare -Urn sh -ec '
		ip link add n0 type nat64 pool6 64:ff9b::/96
		"$0" pool4 add dev n0 203.0.113.1 203.0.113.2
		"$0" pool4 del dev n0 203.0.113.1
		"$0" pool4 list' "$NAT64_TOOL")" \
		"dev n0 203.0.113.2/32 ports 1-65535" "listed"
}

# --- all of them --------------------------------------------------------

given setup_nat64

add_test "words, and what ip shows" words
add_test "lines that are listed are commands" lines
add_test "refused: an existing entry, other ports" refused \
	"203.0.113.0/30 ports 1-65534: pool4 entries overlap" \
	"add dev nat64 198.18.0.1 203.0.113.0/30 ports 1-65534"
add_test "refused: part of an existing entry" refused \
	"192.0.2.0/24 ports 8-8: pool4 entries overlap" \
	"add dev nat64 192.0.2.0/24 ports 8"
add_test "refused: a length" refused "8.0.0.0/7 ports 1-65535: pool4 length" \
	"add dev nat64 8.0.0.0/7"
add_test "refused: bits beyond the length" refused \
	"pool4 has bits set beyond its length" "add dev nat64 192.0.3.1/24"
add_test "refused: loopback" refused \
	"127.0.0.1/32 ports 1-65535: pool4 overlaps 127.0.0.0/8" \
	"add dev nat64 198.18.0.1 127.0.0.1"
add_test "D-3927-2.7 refused: with link-local addresses in it" refused \
	"169.0.0.0/8 ports 1-65535: pool4 overlaps 169.254.0.0/16" \
	"add dev nat64 198.18.0.1 169.0.0.0/8"
add_test "refused: a missing entry" refused \
	"203.0.113.0/31 ports 1-65535: pool4 has no such entry" \
	"del dev nat64 203.0.113.0/30 203.0.113.0/31"
add_test "refused: an existing entry with other ports" refused \
	"192.0.2.1/32 ports 7-8 proto udp mark 5: pool4 has no such entry" \
	"del dev nat64 203.0.113.0/30 192.0.2.1 ports 7-8 proto udp mark 5"
add_test "refused: an existing entry with another mark" refused \
	"192.0.2.1/32 ports 7-9 proto udp: pool4 has no such entry" \
	"del dev nat64 192.0.2.1 ports 7-9 proto udp"
add_test "batch: an entry is refused" batch
add_test "replaced by a file" replaced
add_test "not replaced: a word is wrong" not_replaced 1 \
	'"ports": "9-8" is not MIN-MAX' "dev nat64 198.18.0.7 ports 9-8"
add_test "not replaced: a prefix is missing" not_replaced 1 \
	'"mark": the IPv4 prefix before it is missing' "dev nat64 mark 7"
add_test "not replaced: entries that overlap" not_replaced 2 \
	"192.0.2.0/29 ports 1-65535: pool4 entries overlap" 192.0.2.0/29
add_test "not replaced: an entry that is refused" not_replaced 2 \
	"224.0.0.1/32 ports 1-65535: pool4 overlaps 224.0.0.0/4" 224.0.0.1
add_test "256 entries" most
add_test "only bindings of deleted entries end" its_own
add_test "from the host's addresses to entries, then to none" borrowed
add_test "entries come and go beside live traffic" live
add_test "entries come and go beside ip link set" with_link_set
add_test "a device that is down" down
add_test "other devices" devices
add_test "refused: users without CAP_NET_ADMIN" unprivileged
add_test "users with CAP_NET_ADMIN in a namespace of their own" user_namespace

run_tests
