#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# The configuration of devices as text: nat64 save and nat64 restore. The
# topology is that of lib.sh.
#
# Environment: NAT64_TOOL   nat64, if it is neither in tools/nat64 nor installed
#
# Statements that no kernel needs to refuse are among the tests of tools/nat64.

# shellcheck source=tool.sh
. "$(dirname "$(readlink -f "$0")")/tool.sh"

save() { nat64 save "$@"; }

# The statements alone
statements() { save "$@" | grep -v '^#\|^$'; }

restore() { nat64 restore "$@"; }

# Everything that is configured, to see that nothing has changed
everything() {
	save
	ip_on router -d -j link show type nat64 | jq -cS 'map(del(.stats64))'
	shown bib | sed 's/ sessions [0-9]*$//'
	shown session | ageless
}

# restored_onto_nothing FILE: the device is created; saved again it is the same
restored_onto_nothing() {
	ip_on router link del nat64
	restore "$1"
	save >"$WORK/again"
	diff "$1" "$WORK/again"
}

# --- keys ---------------------------------------------------------------

# A new device needs no statement for its keys: save knows the defaults.
defaults() {
	fresh_nat64 "pool6 64:ff9b::/96"
	equal "$(statements)" "link add dev nat64 type nat64 mode stateful pool6 64:ff9b::/96
link set dev nat64 down
end" "stateful"
	fresh_nat64 "mode stateless pool6 $POOL6"
	equal "$(statements dev nat64)" "link add dev nat64 type nat64 mode stateless pool6 $POOL6
link set dev nat64 down
end" "stateless"
}

# Values of all keys that the devices of a mode show, none of them the default
VALUES='lowest-ipv6-mtu 1400|mtu-plateaus 9000,1500,1300'
VALUES+='|zeroize-traffic-class on|override-tos on|tos 32|wkp-strict off|fast-path off'
STATELESS_VALUES='amend-udp-checksum-zero forward|eam-hairpin-mode simple'
STATELESS_VALUES+='|randomize-rfc6791-addresses off|rfc6791-pool 192.0.2.0/28'
STATEFUL_VALUES='address-dependent-filtering on|drop-icmpv6-info on'
STATEFUL_VALUES+='|drop-externally-initiated-tcp on'
STATEFUL_VALUES+='|handle-rst-during-fin-rcv off'
STATEFUL_VALUES+='|source-icmpv6-errors-better off|inbound-refresh off'
STATEFUL_VALUES+='|logging-bib on|logging-session on|paired-pooling soft'
STATEFUL_VALUES+='|host-low-ports on|udp-timeout 301|tcp-est-timeout 7201'
STATEFUL_VALUES+='|tcp-trans-timeout 239|tcp-open-timeout 241|icmp-timeout 61'
STATEFUL_VALUES+='|dns-timeout 11|hold-down-timeout 119'
STATEFUL_VALUES+='|maximum-simultaneous-opens 63|subscriber-prefix 64'
STATEFUL_VALUES+='|max-bindings 16383|max-sessions 65535'
STATEFUL_VALUES+='|max-total-sessions 4294967295|hold-down-percent 13'
STATEFUL_VALUES+='|pool4-high-threshold 91|pool4-low-threshold 79'

# keys MODE VALUES: each key that the device shows is saved, and restored
keys() {
	local values

	values=$(tr '|' '\n' <<<"$2")
	fresh_nat64 "mode $1 pool6 $POOL6 $(xargs <<<"$values")"
	save >"$WORK/saved"
	sed -n 's/^link set dev nat64 type nat64 //p' "$WORK/saved" |
		sort | diff <(sort <<<"$values") -
	link_json nat64 >"$WORK/link"
	jq -r 'keys[]' "$WORK/link" | tr _ - |
		grep -vx 'mode\|pool6\|pool4\|pool4-source\|pool4-count' |
		diff <(cut -d ' ' -f 1 <<<"$values" | sort -u) -
	restored_onto_nothing "$WORK/saved"
	link_json nat64 | diff "$WORK/link" -

	# onto a device with other values, and back to the defaults
	fresh_nat64 "mode $1 pool6 64:ff9b::/96"
	save >"$WORK/plain"
	restore "$WORK/saved"
	link_json nat64 | diff "$WORK/link" -
	restore - <"$WORK/plain"
	save | diff "$WORK/plain" -
}

# The MTU, and whether the device is up, are the link's own.
own() {
	fresh_nat64 "pool6 $POOL6"
	ip_on router link set nat64 mtu 1500 up
	save >"$WORK/saved"
	has "$(cat "$WORK/saved")" "link set dev nat64 mtu 1500" \
		"link set dev nat64 up"
	restored_onto_nothing "$WORK/saved"
	has "$(ip_on router link show nat64)" ",UP" "mtu 1500"
	# without a word about it, it stays as it is
	grep -v ' up$' "$WORK/saved" >"$WORK/edited"
	restore "$WORK/edited"
	has "$(ip_on router link show nat64)" ",UP"
	sed 's/ up$/ down/' "$WORK/saved" >"$WORK/edited"
	restore "$WORK/edited"
	has_not "$(ip_on router link show nat64)" ",UP"
}

# --- tables -------------------------------------------------------------

stateful_tables() {
	fresh_nat64 "pool6 $POOL6"
	{
		seq 0 199 | sed 's:.*:pool4 add dev nat64 10.0.&.0/24 ports 5-7:'
		echo pool4 add dev nat64 192.0.2.1 proto tcp mark 0x10
		seq 1 3000 | sed 's:.*:bib add dev nat64 static udp 2001\:db8\:\:&#7 198.18.0.1#&:'
		echo bib add dev nat64 static icmp 2001:db8::9#7 198.18.0.1#5
	} | nat64 -batch -
	save >"$WORK/saved"
	equal "$(grep -c '^pool4 add' "$WORK/saved")" 201 "entries"
	equal "$(grep -c '^bib add' "$WORK/saved")" 3001 "bindings"
	has "$(cat "$WORK/saved")" \
		"pool4 add dev nat64 192.0.2.1/32 ports 1-65535 proto tcp mark 16" \
		"bib add dev nat64 static icmp 2001:db8::9#7 198.18.0.1#5"
	restored_onto_nothing "$WORK/saved"
	# the words of ip in place of those of nat64
	restore - <<-EOF
		link add nat64 type nat64 pool6 $POOL6 pool4 192.0.2.0/30 \
			ports 7-9 proto udp pool4 192.0.2.4
		end
	EOF
	equal "$(nat64 pool4 list)" "dev nat64 192.0.2.0/30 ports 7-9 proto udp
dev nat64 192.0.2.4/32 ports 1-65535" "entries"
	equal "$(shown bib)" "" "bindings"
	echo "link add nat64 type nat64 pool6 $POOL6 pool4 none
end" | restore -
	save >"$WORK/saved"
	has "$(cat "$WORK/saved")" "type nat64 pool4 none"
	restored_onto_nothing "$WORK/saved"
}

stateless_tables() {
	fresh_nat64 "mode stateless pool6 $POOL6"
	{
		seq 0 254 | sed 's:.*:eam add dev nat64 10.0.0.& 2001\:db8\:\:&:'
		echo eam add dev nat64 192.0.2.16/28 2001:db8:cccc::/124
	} | nat64 -batch -
	save >"$WORK/saved"
	equal "$(grep -c '^eam add' "$WORK/saved")" 256 "mappings"
	restored_onto_nothing "$WORK/saved"
	# one line less, one changed, one more
	sed -e '/10.0.0.7\/32/d' -e 's:10.0.0.8/32 .*:10.0.0.8 2001\:db8\:\:f:' \
		-e 's:\(.*\) 10.0.0.15/32.*:\1 10.0.1.1 2001\:db8\:\:1\:1:' \
		"$WORK/saved" >"$WORK/edited"
	restore "$WORK/edited"
	has "$(nat64 eam show)" "10.0.0.8/32 2001:db8::f/128" \
		"10.0.1.1/32 2001:db8::1:1/128"
	has_not "$(nat64 eam show)" "10.0.0.7/32" "10.0.0.15/32"
}

# All devices of a namespace, or one; another namespace has its own.
devices() {
	fresh_nat64 "pool6 $POOL6 pool4 192.0.2.1"
	ip_on router link add siit type nat64 mode stateless pool6 64:ff9b::/96
	nat64 eam add dev siit 10.0.0.1 2001:db8::1
	ip_on client link add nat64 type nat64 pool6 2001:db8:99::/96
	save >"$WORK/saved"
	equal "$(grep -c '^link add' "$WORK/saved")" 2 "devices"
	has_not "$(save dev siit)" "dev nat64 "
	ip_on router link del siit
	restored_onto_nothing "$WORK/saved"
	has "$("$NAT64_TOOL" -n "$(netns_name client)" save)" \
		"pool6 2001:db8:99::/96"

	# all or nothing of both: the second cannot be what the file says
	sed 's/10.0.0.1\/32/10.0.0.2\/32/; s/dev nat64 192.0.2.1/dev nat64 192.0.2.9/' \
		"$WORK/saved" >"$WORK/edited"
	restore "$WORK/edited"
	has "$(save)" 10.0.0.2/32 192.0.2.9/32
	ip_on router link del siit
	ip_on router link add siit type nat64 pool6 64:ff9b::/96
	save >"$WORK/before"
	status 2 '"mode": dev siit is stateful, which cannot be changed' \
		restore "$WORK/saved"
	save | diff "$WORK/before" -
	ip_on router link del siit
	ip_on client link del nat64
	restore "$WORK/saved"
	ip_on router link del siit
}

# --- sessions -----------------------------------------------------------

# Sessions that the new configuration covers live on, whatever else changes, and
# a file whose last statement is wrong changes nothing.
sessions_survive() {
	local i before

	fresh_nat64 "pool6 $POOL6 pool4 $T1"
	ip_on router link set nat64 up
	ip_on router -batch - <<-EOF
		route replace $POOL4 dev nat64
		route replace $POOL6 dev nat64
	EOF
	nat64 bib add dev nat64 static tcp $C6#80 $T1#80
	save >"$WORK/saved"
	sed -e "s: $T1/32 .*: $POOL4 ports 1-65535:" -e "s/ $T1#80/ $T2#81/" \
		-e "s/^end/link set dev nat64 type nat64 udp-timeout 500\n&/" \
		"$WORK/saved" >"$WORK/other"
	{
		grep -v '^end' "$WORK/other"
		echo "bib add dev nat64 static tcp ${C6}1#80 224.0.0.1#80"
		echo end
	} >"$WORK/wrong"
	steady $C6
	wait_for session_there
	before=$(shown session | ageless)
	for i in other saved; do
		restore "$WORK/$i"
		everything >"$WORK/before"
		status 2 "$WORK/wrong:$(grep -n 224.0.0.1 "$WORK/wrong" |
			cut -d : -f 1): tcp ${C6}1#80 224.0.0.1#80: addr4 is not" \
			restore "$WORK/wrong"
		everything | diff "$WORK/before" -
		sleep 0.2
	done
	equal "$(shown session | ageless)" "$before" "sessions"
	save | diff "$WORK/saved" -
	steady_end $T1
}

session_there() { [ "$(count session)" = 1 ]; }

# A static binding that the file does not have lives on as a dynamic one while
# it has sessions; ports change hands between hosts.
statics() {
	fresh_nat64 "pool6 $POOL6 pool4 $T1"
	nat64 bib add dev nat64 static tcp 2001:db8::1#1 $T1#1
	nat64 bib add dev nat64 static tcp 2001:db8::2#2 $T1#2
	nat64 bib add dev nat64 static tcp 2001:db8::3#3 $T1#3
	nat64 bib add dev nat64 static tcp 2001:db8::4#4 198.18.0.1#4
	nat64 session add dev nat64 tcp 2001:db8::1#1 $T1#1 $S4#80
	nat64 session add dev nat64 tcp 2001:db8::2#2 $T1#2 $S4#80
	nat64 session add dev nat64 tcp 2001:db8::4#4 198.18.0.1#4 $S4#80
	nat64 session add dev nat64 tcp 2001:db8::7#7 $T1#7 $S4#80
	nat64 session add dev nat64 tcp 2001:db8::8#8 $T1#8 $S4#80
	save >"$WORK/saved"
	{
		grep -v '^bib\|^end' "$WORK/saved"
		echo "bib add dev nat64 static tcp 2001:db8::2#2 $T1#2"
		echo "bib add dev nat64 static tcp 2001:db8::9#9 $T1#7"
		echo "bib add dev nat64 static tcp 2001:db8::8#8 $T1#8"
		echo end
	} >"$WORK/edited"
	restore "$WORK/edited"
	equal "$(shown bib)" "tcp 2001:db8::1#1 $T1#1 sessions 1
tcp 2001:db8::2#2 $T1#2 static sessions 1
tcp 2001:db8::8#8 $T1#8 static sessions 1
tcp 2001:db8::9#9 $T1#7 static sessions 0" "bindings"
	equal "$(count session)" 3 "sessions"

	# two hosts swap their ports
	sed -i -e "s/$T1#2/X/; s/$T1#7/$T1#2/; s/X/$T1#7/" "$WORK/edited"
	restore "$WORK/edited"
	has "$(shown bib)" "2001:db8::2#2 $T1#7 static sessions 0" \
		"2001:db8::9#9 $T1#2 static sessions 0"
	restore "$WORK/saved"
	save | diff "$WORK/saved" -

	# a host in what was pool6 before
	sed "s|$POOL6|64:ff9b::/96|; s|::9#9|:64::9#9|" "$WORK/edited" \
		>"$WORK/moved"
	restore "$WORK/moved"
	has "$(shown bib)" "2001:db8:64::9#9 $T1#2 static sessions 0"
}

# What only the real device can refuse, after the rehearsal: a port of the
# host's that a socket has. Everything is as before, sessions too.
undone() {
	fresh_nat64 "pool6 $POOL6 pool4 $T1 logging-bib on"
	ip_on router link set nat64 up
	nat64 bib add dev nat64 static tcp 2001:db8::1#1 $T1#1
	nat64 session add dev nat64 tcp 2001:db8::1#1 $T1#1 $S4#80
	everything >"$WORK/before"
	ip netns exec "$(netns_name router)" "$PYTHON" -m http.server \
		--bind $R4 8080 >/dev/null 2>&1 &
	wait_listen router 8080
	{
		echo "link add nat64 type nat64 pool6 64:ff9b::/96"
		echo "bib add dev nat64 static tcp 2001:db8::1#1 $R4#81"
		echo "bib add dev nat64 static tcp 2001:db8::2#1 $R4#8080"
		echo end
	} >"$WORK/file"
	status 2 "$WORK/file:3: tcp 2001:db8::2#1 $R4#8080: port4 is in use by a socket" \
		restore "$WORK/file"
	equal "$(shown bib | sed 's/ sessions.*//')" \
		"tcp 2001:db8::1#1 $T1#1 static" "bindings"
	save | diff <(sed '/^\[/,$d' "$WORK/before") -

	# a device that was not there is not there afterwards
	sed -i 's/nat64 type/siit type/; s/dev nat64/dev siit/' "$WORK/file"
	status 2 "$WORK/file:3: tcp 2001:db8::2#1 $R4#8080: port4 is in use" \
		restore "$WORK/file"
	fails ip_on router link show siit
}

# --- mistakes -----------------------------------------------------------

# refused STATUS TEXT STATEMENT: as the last but one of a file that is right
# otherwise, and would change much
refused() {
	setup_refused
	everything >"$WORK/before"
	{
		echo "link add dev nat64 type nat64 pool6 64:ff9b::/96"
		echo "pool4 add dev nat64 192.0.2.0/24"
		echo "link add dev other type nat64 pool6 64:ff9b::/96 mode stateless"
		echo "eam add dev other 10.0.0.1 2001:db8::1"
		echo "$3"
		echo end
	} >"$WORK/file"
	status "$1" "$WORK/file:5: $2" restore "$WORK/file"
	everything | diff "$WORK/before" -
	fails ip_on router link show other
}

setup_refused() {
	ip_on router link show siit >/dev/null 2>&1 &&
		ip_on router link del siit
	fresh_nat64 "pool6 $POOL6 pool4 $T1"
	ip_on router link set nat64 up
	nat64 bib add dev nat64 static tcp 2001:db8::1#1 $T1#1
	nat64 session add dev nat64 tcp 2001:db8::1#1 $T1#1 $S4#80
}

# Cut anywhere, a file changes nothing.
truncated() {
	local size cut

	setup_refused
	everything >"$WORK/before"
	{
		save | sed 's/ 1-65535/ 1-5/; /^end/d'
		echo "pool4 add dev nat64 192.0.2.0/24"
		echo end
	} >"$WORK/whole"
	size=$(stat -c %s "$WORK/whole")
	for ((cut = 0; cut < size - 4; cut += 1 + cut / 4)); do
		head -c $cut "$WORK/whole" >"$WORK/cut"
		fails restore "$WORK/cut"
	done
	head -c $((size - 4)) "$WORK/whole" >"$WORK/cut"
	status 1 '"end" is missing: the file is not complete' \
		restore "$WORK/cut"
	everything | diff "$WORK/before" -
	restore "$WORK/whole"
	has "$(save)" 192.0.2.0/24
}

not_nat64() {
	setup_refused
	ip_on router link add dummy0 type dummy
	status 2 "dev dummy0: not a nat64 device" save dev dummy0
	status 2 "dev nothing: no such device" save dev nothing
	echo "link add dummy0 type nat64 pool6 64:ff9b::/96
end" >"$WORK/file"
	status 2 "$WORK/file:1: dev dummy0: not a nat64 device" \
		restore "$WORK/file"
	ip_on router link del dummy0
}

# Without CAP_SYS_ADMIN there is no rehearsal, but the same result; a device that
# is gone in the meantime is created.
unprivileged() {
	setup_refused
	save >"$WORK/saved"
	status 2 "Operation not permitted" on router setpriv \
		--bounding-set=-net_admin --inh-caps=-net_admin \
		--reuid 65534 --clear-groups "$NAT64_TOOL" save
	sed 's/ 1-65535/ 1-9/' "$WORK/saved" >"$WORK/edited"
	chmod a+rx "$WORK"
	on router setpriv --bounding-set=-all,+net_admin \
		--inh-caps=-all "$NAT64_TOOL" restore - <"$WORK/edited"
	save | diff "$WORK/edited" -
	restore "$WORK/saved"
}

# --- all of them --------------------------------------------------------

given setup_nat64

add_test "the defaults are not saved" defaults
add_test "every key of a stateful device" keys stateful \
	"$VALUES|$STATEFUL_VALUES"
add_test "every key of a stateless device" keys stateless \
	"$VALUES|$STATELESS_VALUES"
add_test "MTU and state of the link" own
add_test "pool4 and static bindings" stateful_tables
add_test "explicit address mappings" stateless_tables
add_test "several devices, and namespaces" devices
add_test "sessions survive, and mistakes change nothing" sessions_survive
add_test "static bindings come, go and move" statics
add_test "undone: a port that a socket has" undone
add_test "refused: a word" refused 1 \
	'"udp-timeout": "5" is not a number from 120 to 31536000' \
	"link set dev nat64 type nat64 udp-timeout 5"
add_test "refused: a key of the other mode" refused 2 \
	"dev other: udp-timeout is for stateful devices only" \
	"link set dev other type nat64 udp-timeout 500"
add_test "refused: two keys that do not agree" refused 2 \
	"dev nat64: pool4-low-threshold must not be above pool4-high-threshold" \
	"link set dev nat64 type nat64 pool4-low-threshold 95"
add_test "refused: entries that overlap" refused 2 \
	"dev nat64: pool4 entries overlap" "pool4 add dev nat64 192.0.2.7"
add_test "refused: mappings that conflict" refused 2 \
	"10.0.0.1/32 2001:db8::2/128: " "eam add dev other 10.0.0.1 2001:db8::2"
add_test "refused: a binding" refused 2 "tcp 2001:db8::2#1 224.0.0.1#1: addr4 is not" \
	"bib add dev nat64 static tcp 2001:db8::2#1 224.0.0.1#1"
add_test "refused: a file cut anywhere" truncated
add_test "refused: devices of another kind, or missing" not_nat64
add_test "users without CAP_NET_ADMIN, or without CAP_SYS_ADMIN" unprivileged

run_tests
