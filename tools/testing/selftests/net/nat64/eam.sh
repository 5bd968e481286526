#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# Explicit address mappings (RFC 7757) by nat64(8): the command and its table,
# and traffic through the mappings of the RFC's figure 1.
#
#    client                    router                      server
#  +---------+         +----------------------+         +----------+
#  |    eth0 |---------| c0                s0 |---------| eth0     |
#  +---------+         |        nat64         |         +----------+
#  +---------+         |      stateless       |         198.51.100.5
#  |    eth0 |---------| d0                   |
#  +---------+         +----------------------+
#    client2     hosts of the IPv6 prefixes are on client and client2
#
# Environment: NAT64_MANY   mappings of the largest tables, an even number (100000)
#              NAT64_TOOL   nat64, if it is neither in tools/nat64 nor installed
#
# eam_netlink.py has requests that nat64 never sends; tools/nat64 has tests of
# invalid commands.

# shellcheck source=tool.sh
. "$(dirname "$(readlink -f "$0")")/tool.sh"
need setpriv unshare

: "${NAT64_MANY:=100000}"

# RFC 7757 section 3.2, figure 1, with its entry 6; shown sorted
FIGURE1="192.0.2.1/32 2001:db8:aaaa::/128
192.0.2.2/32 2001:db8:bbbb::b/128
192.0.2.16/28 2001:db8:cccc::/124
192.0.2.128/26 2001:db8:dddd::/64
192.0.2.192/29 2001:db8:eeee:8::/62
192.0.2.224/31 64:ff9b::/127"

eam() { nat64 eam "$@"; }

# What is shown of the device, without its name.
shown() { eam show dev nat64 | sed "s/^dev nat64 //"; }

# fresh [PREFIX4 PREFIX6]...: a new stateless device with these mappings
fresh() {
	local add="link add nat64 type nat64 pool6 $POOL6 mode stateless"

	printf '%s\n' "link del nat64" "$add" |
		ip_on router -batch - 2>/dev/null || ip_on router $add
	[ $# -eq 0 ] || eam add dev nat64 "$@"
}

# lines COUNT [WORD]...: commands for a batch, each for one address
lines() {
	awk -v n="$1" -v words="${*:2}" 'BEGIN {
		for (i = 0; i < n; i++)
			printf "%s10.%d.%d.%d 2001:db8:1::%x:%x\n",
				words == "" ? "" : words " ", int(i / 65536),
				int(i / 256) % 256, i % 256,
				1 + int(i / 65536), i % 65536
	}'
}

# --- the table ----------------------------------------------------------

accepted() {
	local words=$1 expected=$2

	fresh
	eam add dev nat64 $words
	equal "$(shown)" "$expected" "shown"
	# Shown lines are commands.
	eam show | sed 's/^/eam del /' | nat64 -batch -
	equal "$(shown)" "" "all deleted"
	# The device may be named anywhere.
	eam add $words dev nat64
	equal "$(shown)" "$expected" "shown the second time"
}

# refused TEXT WORDS: "add" fails after a valid mapping; the table has a mapping
# of 192.0.2.99 and 2001:db8:99::99
refused() {
	fresh 192.0.2.99 2001:db8:99::99
	status 2 "$1" eam add dev nat64 192.0.2.100 2001:db8:99::100 $2
	equal "$(shown)" "192.0.2.99/32 2001:db8:99::99/128" "table"
}

figure1() {
	fresh $FIGURE1
	equal "$(shown)" "$FIGURE1" "shown"
}

json() {
	fresh 192.0.2.16/28 2001:db8:cccc::/124 192.0.2.1 2001:db8:aaaa::
	equal "$(nat64 -j eam show dev nat64)" "$(jq -cn --arg dev nat64 '
		[ { $dev, prefix4: "192.0.2.1/32",
		    prefix6: "2001:db8:aaaa::/128" },
		  { $dev, prefix4: "192.0.2.16/28",
		    prefix6: "2001:db8:cccc::/124" } ]')" "JSON"
	equal "$(nat64 -j -p eam show dev nat64 | jq -c .)" \
		"$(nat64 -json eam show)" "pretty JSON"
	atleast "$(nat64 -json -pretty eam show | wc -l)" 12 "lines"
	fresh
	equal "$(nat64 -j eam show)" "[]" "empty"
	equal "$(nat64 eam show)" "" "empty"
}

deleted() {
	fresh $FIGURE1
	eam del dev nat64 192.0.2.16/28 2001:db8:cccc::/124 \
		192.0.2.1 2001:db8:aaaa::
	equal "$(shown)" "$(sed '1d; 3d' <<<"$FIGURE1")" "shown"
	status 2 "192.0.2.1/32 2001:db8:aaaa::/128: no such mapping" \
		eam del dev nat64 192.0.2.1 2001:db8:aaaa::
	# only one of the prefixes
	status 2 "no such mapping" \
		eam del dev nat64 192.0.2.2 2001:db8:bbbb::c
	status 2 "no such mapping" \
		eam del dev nat64 192.0.2.128/26 2001:db8:dddd::/65
	# the second of two, and neither is deleted
	status 2 "192.0.2.9/32 2001:db8::9/128: no such mapping" \
		eam del dev nat64 192.0.2.2 2001:db8:bbbb::b \
		192.0.2.9 2001:db8::9
	equal "$(shown)" "$(sed '1d; 3d' <<<"$FIGURE1")" "shown after errors"
}

flushed() {
	fresh $FIGURE1
	eam flush dev nat64
	equal "$(shown)" "" "shown"
	eam flush dev nat64
	eam add dev nat64 $FIGURE1
	equal "$(shown)" "$FIGURE1" "shown again"
}

# The last of many is invalid: none is added.
all_or_nothing() {
	local mappings

	mappings=$(lines 1000)
	fresh 192.0.2.1 2001:db8::1
	status 2 "192.0.2.7/32 2001:db8::1/128: prefix6 already has a mapping" \
		eam add dev nat64 $mappings 192.0.2.7 2001:db8::1
	equal "$(shown)" "192.0.2.1/32 2001:db8::1/128" "table"
}

devices() {
	fresh 192.0.2.1 2001:db8:aaaa::
	ip_on router -batch - <<-EOF
		link add other type nat64 pool6 64:ff9b::/96 mode stateless
		link add third type nat64 pool6 64:ff9b::/96
		link add dummy0 type dummy
	EOF
	eam add dev other 192.0.2.1 2001:db8:bbbb::
	equal "$(eam show)" "$(printf '%s\n' \
		"dev nat64 192.0.2.1/32 2001:db8:aaaa::/128" \
		"dev other 192.0.2.1/32 2001:db8:bbbb::/128")" "all devices"
	equal "$(nat64 -j eam show | jq -c '[.[].dev]')" '["nat64","other"]' \
		"all devices, JSON"
	status 2 "dev third: eam is for stateless devices only" \
		eam add dev third 192.0.2.1 2001:db8::1
	status 2 "dev third: eam is for stateless" eam show dev third
	status 2 "dev third: eam is for stateless" eam flush dev third
	status 2 "dev dummy0: not a nat64 device" \
		eam add dev dummy0 192.0.2.1 2001:db8::1
	status 2 "dev dummy0: not a nat64 device" eam show dev dummy0
	status 2 "dev nothing: no such device" \
		eam del dev nothing 192.0.2.1 2001:db8::1
	status 2 "dev nothing: no such device" eam show dev nothing
	ip_on router link del other
	ip_on router link del third
	ip_on router link del dummy0
	equal "$(eam show)" "dev nat64 192.0.2.1/32 2001:db8:aaaa::/128" "left"
}

# Mappings are configuration: they stay when the device is down or moved, and
# are deleted with it.
life() {
	fresh $FIGURE1
	ip_on router link set nat64 up
	ip_on router link set nat64 down
	equal "$(shown)" "$FIGURE1" "down"
	ip_on router link set nat64 netns "$(netns_name client)"
	status 2 "no such device" eam show dev nat64
	equal "$("$NAT64_TOOL" -n "$(netns_name client)" eam show |
		sed 's/^dev nat64 //')" "$FIGURE1" "moved"
	ip_on client link set nat64 netns "$(netns_name router)"
	equal "$(shown)" "$FIGURE1" "moved back"
	fresh
	equal "$(shown)" "" "of a new device"
}

# --- batches ------------------------------------------------------------

batch() {
	fresh
	nat64 -batch - <<-'EOF' >"$WORK/out"
		# a comment, and an empty line

		eam add dev nat64 192.0.2.1 2001:db8::1	# more of it
		  eam   add dev nat64	192.0.2.2 2001:db8::2 \
			192.0.2.3 2001:db8::3
		eam show dev nat64
		eam del dev nat64 192.0.2.2 2001:db8::2
		eam add dev nat64 192.0.2.2 2001:db8::22
		eam show
		eam flush dev nat64
		eam show
		eam add dev nat64 192.0.2.4 2001:db8::4
	EOF
	equal "$(cat "$WORK/out")" "$(printf 'dev nat64 %s\n' \
		"192.0.2.1/32 2001:db8::1/128" "192.0.2.2/32 2001:db8::2/128" \
		"192.0.2.3/32 2001:db8::3/128" "192.0.2.1/32 2001:db8::1/128" \
		"192.0.2.2/32 2001:db8::22/128" \
		"192.0.2.3/32 2001:db8::3/128")" "shown on the way"
	equal "$(shown)" "192.0.2.4/32 2001:db8::4/128" "in the end"
}

# batch_error STATUS TEXT LINE: after 1,500 good lines, with more behind
batch_error() {
	local expected=$1 text=$2 line=$3

	fresh 192.0.2.99 2001:db8:99::99
	{
		lines 1500 eam add dev nat64
		printf '%s\n' "$line" \
			"eam add dev nat64 192.0.2.5 2001:db8::5"
	} >"$WORK/batch"
	status "$expected" "nat64: $WORK/batch:1501: $text" \
		nat64 -batch "$WORK/batch"
	equal "$(shown | wc -l)" 1501 "mappings"
	has_not "$(shown)" 192.0.2.5/32

	fresh 192.0.2.99 2001:db8:99::99
	status "$expected" "nat64: $WORK/batch:1501: $text" \
		nat64 -force -batch "$WORK/batch"
	equal "$(shown | wc -l)" 1502 "mappings with -force"
}

# Every third line is wrong, for either of two reasons.
batch_errors() {
	local wrong

	fresh
	awk 'BEGIN {
		for (i = 1; i <= 3000; i++)
			printf "eam add dev nat64 10.1.%d.%d 2001:db8::%x\n",
				i % 3 ? i / 250 : 0, i % 3 ? i % 250 : 0, i
		print "eam add dev nat64 192.0.2.1/33 ::"
	}' >"$WORK/batch"
	wrong=$(nat64 -force -batch "$WORK/batch" 2>&1) && return 1
	equal "$(sed -n 's/.*batch:\([0-9]*\): .*/\1/p' <<<"$wrong")" \
		"$(seq 6 3 3000; echo 3001)" "lines"
	equal "$(shown | wc -l)" 2001 "mappings"
	# a second time, those that are wrong; the others are there
	equal "$(nat64 -force -batch "$WORK/batch" 2>&1 |
		grep -c 'already has a mapping')" 999 "complaints"
	equal "$(shown | wc -l)" 2001 "mappings"
}

# One line that is applied completely or not at all, among others.
batch_line() {
	fresh
	{
		lines 10 eam add dev nat64
		echo "eam add dev nat64 192.0.2.1 2001:db8::1" \
			"192.0.2.2 2001:db8::2 192.0.2.3 2001:db8::1"
	} >"$WORK/batch"
	status 2 "batch:11: 192.0.2.3/32 2001:db8::1/128: prefix6 already" \
		nat64 -b "$WORK/batch"
	equal "$(shown | wc -l)" 10 "mappings"
}

milliseconds() { echo $((${EPOCHREALTIME/./} / 1000)); }

# 100,000 take half a second in a kernel without checkers on an idle machine.
large() {
	local start

	fresh
	lines "$NAT64_MANY" eam add dev nat64 >"$WORK/batch"
	start=$(milliseconds)
	nat64 -batch "$WORK/batch"
	echo "# loaded in $(($(milliseconds) - start)) ms" >&3

	# sorted by the tool as the input is
	shown >"$WORK/shown"
	lines "$NAT64_MANY" | sed 's: :/32 :; s:$:/128:' >"$WORK/expected"
	cmp "$WORK/shown" "$WORK/expected"
	equal "$(nat64 -j eam show dev nat64 | jq length)" "$NAT64_MANY" "JSON"

	sed 's/ add / del /; n; d' "$WORK/batch" | nat64 -batch -
	equal "$(shown | wc -l)" $((NAT64_MANY / 2)) "half of them deleted"
	eam flush dev nat64
	equal "$(shown)" "" "flushed"
	nat64 -batch "$WORK/batch"
	ip_on router link del nat64
}

# --- the table replaced -------------------------------------------------

replaced() {
	fresh 192.0.2.1 2001:db8::1
	{
		echo "# as \"eam show\" prints it, and not"
		echo "dev nat64 192.0.2.2/32 2001:db8::1/128"
		echo "192.0.2.16/28 2001:db8:cccc::/124 dev nat64 # in any order"
		echo "192.0.2.3 2001:db8::3 192.0.2.4 2001:db8::4"
	} >"$WORK/table"
	eam replace dev nat64 "$WORK/table"
	equal "$(shown)" "192.0.2.2/32 2001:db8::1/128
192.0.2.3/32 2001:db8::3/128
192.0.2.4/32 2001:db8::4/128
192.0.2.16/28 2001:db8:cccc::/124" "table"
	eam show dev nat64 >"$WORK/shown"
	eam replace dev nat64 - <"$WORK/shown"
	equal "$(eam show)" "$(cat "$WORK/shown")" "the same again"
	echo "eam replace dev nat64 $WORK/table" >"$WORK/batch"
	eam flush dev nat64
	nat64 -batch "$WORK/batch"
	equal "$(eam show)" "$(cat "$WORK/shown")" "in a batch"
	eam replace dev nat64 /dev/null
	equal "$(shown)" "" "empty"
}

# not_replaced STATUS TEXT LINE: an invalid line after 3,000 valid ones
not_replaced() {
	fresh 192.0.2.99 2001:db8:99::99
	{
		lines 3000 dev nat64
		printf '%s\n' "$3" "dev nat64 192.0.2.5 2001:db8::5"
	} >"$WORK/table"
	status "$1" "nat64: $WORK/table:3001: $2" \
		nat64 eam replace dev nat64 "$WORK/table"
	equal "$(shown)" "192.0.2.99/32 2001:db8:99::99/128" "table"
	# and nothing is left of it
	lines 10 dev nat64 | eam replace dev nat64 -
	equal "$(shown | wc -l)" 10 "mappings"
}

# Very many mappings, back and forth while packets run: each packet is
# translated by one table or the other, and none is lost.
replaced_under_traffic() {
	local i start took

	{
		lines "$NAT64_MANY" dev nat64
		echo dev nat64 192.0.2.1 2001:db8:aaaa::
		echo dev nat64 192.0.2.16/28 2001:db8:cccc::/124
	} >"$WORK/old"
	{
		lines "$NAT64_MANY" dev nat64 | sed 's/ 10\./ 11./'
		echo dev nat64 192.0.2.100 2001:db8:aaaa::
		echo dev nat64 192.0.2.16/28 2001:db8:cccc::/124
	} >"$WORK/new"
	eam replace dev nat64 "$WORK/old"
	steady 2001:db8:aaaa::
	for i in new old new old; do
		start=$(milliseconds)
		eam replace dev nat64 "$WORK/$i"
		took=$(($(milliseconds) - start))
		echo "replaced in $took ms"
		atmost $took "$(slow 20000)" "milliseconds"
		pings server 3 192.0.2.24
		pings client 3 -I 2001:db8:cccc::8 $S6
	done
	equal "$(shown | wc -l)" $((NAT64_MANY + 2)) "mappings"
	steady_end 192.0.2.1 192.0.2.100
	eam replace dev nat64 - <<<"$FIGURE1"
}

# A dump during changes has all permanent entries exactly once, or fails with an
# error.
concurrent() {
	local i out ret whole=0

	fresh
	lines 600 eam add dev nat64 | nat64 -batch -
	lines 300 dev nat64 | sed 's/ 10/ 11/; s/8:1/8:2/' >"$WORK/other"
	while :; do
		sed 's/^/eam add /' "$WORK/other"
		sed 's/^/eam del /' "$WORK/other"
	done 2>/dev/null | nat64 -batch - &
	for ((i = 0; i < 5; i++)); do
		ret=0
		out=$(shown 2>"$WORK/stderr") || ret=$?
		if grep -q 'kept changing' "$WORK/stderr"; then
			continue
		fi
		cat "$WORK/stderr"
		equal "$ret" 0 "status"
		equal "$(grep -c '^10\.' <<<"$out")" 600 "of those that stay"
		equal "$(sort <<<"$out" | uniq -d)" "" "twice"
		whole=$((whole + 1))
	done
	kill %%
	wait || true
	echo "$whole of 5 whole"
	equal "$(shown | grep -c '^10\.')" 600 "in the end"
}

# --- who may ------------------------------------------------------------

NOBODY="setpriv --reuid=65534 --regid=65534 --clear-groups"

unprivileged() {
	fresh 192.0.2.1 2001:db8::1
	status 2 "dev nat64: Operation not permitted" \
		router $NOBODY "$NAT64_TOOL" eam add dev nat64 192.0.2.2 ::2
	status 2 "dev nat64: Operation not permitted" \
		router $NOBODY "$NAT64_TOOL" eam del dev nat64 \
		192.0.2.1 2001:db8::1
	status 2 "dev nat64: Operation not permitted" \
		router $NOBODY "$NAT64_TOOL" eam flush dev nat64
	status 2 "dev nat64: Operation not permitted" \
		router $NOBODY "$NAT64_TOOL" eam show dev nat64
	equal "$(shown)" "192.0.2.1/32 2001:db8::1/128" "table"
}

# Root of a user namespace is permitted in its network namespaces.
user_namespace() {
	$NOBODY unshare -Urn true 2>/dev/null || skip "no user namespaces"
	# shellcheck disable=SC2016
	equal "$($NOBODY unshare -Urn sh -ec '
		ip link add n0 type nat64 pool6 64:ff9b::/96 mode stateless
		"$0" eam add dev n0 192.0.2.1 2001:db8::1
		"$0" eam show
		"$0" eam flush dev n0
		"$0" eam show' "$NAT64_TOOL")" \
		"dev n0 192.0.2.1/32 2001:db8::1/128" "shown"
}

# --- traffic ------------------------------------------------------------

# PREFIX4 and the IPv6 address of a host in each mapping
HOSTS="192.0.2.1    2001:db8:aaaa::
192.0.2.16   2001:db8:cccc::
192.0.2.24   2001:db8:cccc::8
192.0.2.31   2001:db8:cccc::f
192.0.2.128  2001:db8:dddd::
192.0.2.152  2001:db8:dddd:0:6000::
192.0.2.183  2001:db8:dddd:0:dc00::
192.0.2.191  2001:db8:dddd:0:fc00::
192.0.2.195  2001:db8:eeee:9:8000::
192.0.2.225  64:ff9b::1"

# The same IPv4 hosts as the IPv6 side sees them by pool6.
by_pool6() { printf '2001:db8:64::c000:2%02x' "${1##*.}"; }

figure1_routes() {
	local v4 v6

	fresh $FIGURE1
	ip_on router -batch - <<-EOF
		link set nat64 up
		route add 192.0.2.0/24 dev nat64
		route add $POOL6 dev nat64
		route add 2001:db8:bbbb::b via 2001:db8:2::20 dev d0
	EOF
	ip_on client2 addr add 2001:db8:bbbb::b/128 dev eth0 nodad
	while read -r v4 v6; do
		add_host "$v6"
	done <<<"$HOSTS"
}

# add_host ADDRESS: another one of the client
add_host() {
	ip_on client addr add "$1/128" dev eth0 nodad
	ip_on router route add "$1/128" via $C6 dev c0
}

# Connections from either side; the other side sees the mapped address.
host() {
	local v4=$1 v6=$2

	has "$(traffic udp client server --bind "$v6" $S6 $S4 0 100 8192)" \
		"100 $v4 " "8192 $v4 "
	has "$(traffic udp server client "$v4" "$v6" 0 100 8192)" \
		"100 $S6 " "8192 $S6 "
}

# Checksums change with the address: mappings are not neutral.
host_tcp() {
	pings client 2 -I 2001:db8:cccc::8 $S6
	pings server 2 192.0.2.24
	has "$(traffic tcp client server --bind 2001:db8:cccc::8 $S6 $S4 \
		1 100000)" "1 192.0.2.24 " "100000 192.0.2.24 "
	has "$(traffic tcp server client 192.0.2.24 2001:db8:cccc::8 \
		1 100000)" "1 $S6 " "100000 $S6 "
}

# Addresses without a mapping are translated by pool6.
not_mapped() {
	add_host "$(by_pool6 192.0.2.248)"
	host 192.0.2.248 "$(by_pool6 192.0.2.248)"
}

# Bits after the mapped ones are ignored, and zero in replies.
surplus() {
	local asked answered

	add_host 2001:db8:dddd:0:6000::1
	asked=$(snmp server IcmpInEchos)
	answered=$(snmp client Icmp6InEchoReplies)
	lost client 2 -I 2001:db8:dddd:0:6000::1 $S6
	equal $(($(snmp server IcmpInEchos) - asked)) 2 "at the server"
	equal $(($(snmp client Icmp6InEchoReplies) - answered)) 2 \
		"back at 2001:db8:dddd:0:6000::"
}

hairpin() {
	local v6=2001:db8:aaaa::

	pings client 2 -I $v6 "$(by_pool6 192.0.2.2)"
	pings client2 2 -I 2001:db8:bbbb::b "$(by_pool6 192.0.2.1)"
	has "$(traffic udp client client2 --bind $v6 "$(by_pool6 192.0.2.2)" \
		2001:db8:bbbb::b 100)" "100 $(by_pool6 192.0.2.1) "
	has "$(traffic tcp client2 client --bind 2001:db8:bbbb::b \
		"$(by_pool6 192.0.2.1)" $v6 100000)" \
		"100000 $(by_pool6 192.0.2.2) "
}

# Changes apply from the next packet on.
at_once() {
	eam del dev nat64 192.0.2.1 2001:db8:aaaa::
	lost server 1 192.0.2.1
	eam add dev nat64 192.0.2.1 2001:db8:cccc::8
	has "$(traffic udp server client 192.0.2.1 2001:db8:cccc::8 100)" \
		"100 $S6 "
	eam del dev nat64 192.0.2.1 2001:db8:cccc::8
	eam add dev nat64 192.0.2.1 2001:db8:aaaa::
	pings server 1 192.0.2.1
}

among_many() {
	lines $((NAT64_MANY / 5)) eam add dev nat64 | nat64 -batch -
	host 192.0.2.24 2001:db8:cccc::8
	eam show dev nat64 | grep ' 10\.' | sed 's/^/eam del /' |
		nat64 -batch -
	equal "$(shown)" "$FIGURE1" "left"
}

# --- all of them --------------------------------------------------------

add_traffic_tests() {
	local v4 v6

	add_test "routes for RFC 7757 figure 1" figure1_routes
	while read -r v4 v6; do
		add_test "R7757-3.3.1-a R7757-3.3.2-a $v6 is $v4" \
			host "$v4" "$v6"
	done <<<"$HOSTS"
	add_test "R7757-6-a TCP and ping both ways" host_tcp
	add_test "R7757-3.3-b addresses without a mapping use pool6" not_mapped
	add_test "R7757-3.3.2-a surplus bits are ignored" surplus
	add_test "R7757-4.2-a hosts of two mappings talk, UDP and TCP" hairpin
	add_test "changed under traffic" at_once
	add_test "found among many" among_many
	add_test "very many replaced under traffic" replaced_under_traffic
}

exec 3>&1

begin() { setup && add_client2; }

given begin

add_test "figure 1 of RFC 7757, as text" figure1
add_test "JSON" json

add_test "R7757-3.2-a accepted: no length" accepted \
	"192.0.2.1 2001:db8::1" "192.0.2.1/32 2001:db8::1/128"
add_test "R7757-3.2-b accepted: /8 to /104" accepted \
	"10.0.0.0/8 2001:db8::/104" "10.0.0.0/8 2001:db8::/104"
add_test "accepted: everything, and a part of it" accepted \
	"0.0.0.0/0 ::/0 10.0.0.0/8 2001:db8::/32" \
	"0.0.0.0/0 ::/0
10.0.0.0/8 2001:db8::/32"
add_test "R7757-5-a accepted: overlaps" accepted \
	"0.0.0.0/0 2001:db8:ff00::/40 198.51.100.64 2001:db8::abcd" \
	"0.0.0.0/0 2001:db8:ff00::/40
198.51.100.64/32 2001:db8::abcd/128"
add_test "accepted: the same address, other lengths" accepted \
	"192.0.2.0/24 2001:db8::/120 192.0.2.0/25 2001:db8::/121" \
	"192.0.2.0/24 2001:db8::/120
192.0.2.0/25 2001:db8::/121"

add_test "R7757-5-b refused: prefix4 twice" refused \
	"192.0.2.99/32 2001:db8::1/128: prefix4 already has a mapping" \
	"192.0.2.99 2001:db8::1"
add_test "R7757-5-b refused: prefix6 twice" refused \
	"192.0.2.1/32 2001:db8:99::99/128: prefix6 already has a mapping" \
	"192.0.2.1 2001:db8:99::99"
add_test "R7757-5-b refused: twice in a command" refused \
	"192.0.2.1/32 2001:db8::2/128: prefix4 already has a mapping" \
	"192.0.2.1 2001:db8::1 192.0.2.1 2001:db8::2"
add_test "R7757-3.2-b refused: more bits behind prefix4" refused \
	"10.0.0.0/8 2001:db8::/112: prefix6 has fewer suffix bits" \
	"10.0.0.0/8 2001:db8::/112"
add_test "refused: bits beyond the length of prefix4" refused \
	"192.0.2.1/24 2001:db8::/64: prefix4 has bits set" \
	"192.0.2.1/24 2001:db8::/64"
add_test "refused: bits beyond the length of prefix6" refused \
	"192.0.2.0/24 2001:db8::1/64: prefix6 has bits set" \
	"192.0.2.0/24 2001:db8::1/64"
for words in 127.0.0.1 0.0.0.0/8 224.0.0.0/4 240.0.0.1; do
	add_test "refused: $words" refused \
		"prefix4 has no routable unicast addresses" \
		"$words 2001:db8:ff::/64"
done
for words in ::/128 ::1 ff02::1 ff00::/64 fe80::/64 ::ffff:0:0/96; do
	add_test "refused: $words" refused \
		"prefix6 has no routable unicast addresses" \
		"192.0.2.1 $words"
done
add_test "all or nothing" all_or_nothing
add_test "deleted" deleted
add_test "flushed" flushed
add_test "several devices, and devices without the table" devices
add_test "a device's life" life

add_test "batch: comments, continued lines, show on the way" batch
add_test "batch: a mapping is refused" batch_error 2 \
	"192.0.2.99/32 2001:db8::1/128: prefix4 already has a mapping" \
	"eam add dev nat64 192.0.2.99 2001:db8::1"
add_test "batch: a command is wrong" batch_error 1 \
	'"192.0.2.300" is not a valid IPv4 prefix' \
	"eam add dev nat64 192.0.2.300 ::1"
add_test "batch: a device is missing" batch_error 2 \
	"dev nothing: no such device" "eam add dev nothing 192.0.2.4 ::4"
add_test "batch: an object is unknown" batch_error 1 \
	'unknown object "eat"' "eat add dev nat64 192.0.2.4 ::4"
add_test "batch: many refused, with -force" batch_errors
add_test "batch: a line is all or nothing" batch_line
add_test "very many loaded, shown, deleted" large
add_test "shown while it changes" concurrent
add_test "replaced by a file" replaced
add_test "not replaced: a word is wrong" not_replaced 1 \
	'"192.0.2.300" is not a valid IPv4 prefix' "192.0.2.300 ::1"
add_test "not replaced: a word is missing" not_replaced 1 \
	'"192.0.2.7": the IPv6 prefix is missing' "dev nat64 192.0.2.7"
add_test "not replaced: another device" not_replaced 1 \
	'"dev other": expected "dev nat64"' "dev other 192.0.2.7 ::7"
add_test "not replaced: no entry" not_replaced 1 \
	'"dev nat64": the entry is missing' "dev nat64"
add_test "R7757-5-b not replaced: a prefix twice" not_replaced 2 \
	"10.0.0.7/32 2001:db8:7::/128: prefix4 already has a mapping" \
	"10.0.0.7 2001:db8:7::"
add_test "not replaced: a mapping that is refused" not_replaced 2 \
	"127.0.0.1/32 2001:db8:7::/128: prefix4 has no routable unicast addresses" \
	"127.0.0.1 2001:db8:7::"

add_test "refused: users without CAP_NET_ADMIN" unprivileged
add_test "users with CAP_NET_ADMIN in a namespace of their own" \
	user_namespace

add_traffic_tests
run_tests
