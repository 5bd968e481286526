#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# Every command and key of Documentation/howto/coming-from.rst works, and
# converts the files of other translators correctly.

# shellcheck source=howto.sh
. "$(dirname "$(readlink -f "$0")")/howto.sh"
use_howto coming-from.rst

B=2001:db8:1::10

# What the page has, each once.
MANUAL=$("$PYTHON" -BEs "$HERE/manual.py" "$HOWTO" | awk '!seen[$0]++')

# shell WORDS: run a shell command on the router, in $WORK
shell() {
	# shellcheck disable=SC2016 # that shell's
	PATH=${NAT64_TOOL%/*}:$PATH router timeout -s INT "$(slow 10)" \
		bash -o pipefail -c 'cd "$1" && eval "$2"' bash "$WORK" "$1"
}

# What Jool and TAYGA read.
files() {
	cat >"$WORK/jool.json" <<-EOF
		{
			"instance": "default", "framework": "netfilter",
			"global": { "pool6": "64:ff9b::/96" },
			"pool4": [
				{ "protocol": "TCP", "prefix": "203.0.113.1/32" },
				{ "protocol": "UDP", "prefix": "203.0.113.1/32",
				  "mark": 0, "port range": "80" },
				{ "protocol": "ICMP", "prefix": "203.0.113.0/30",
				  "mark": 7, "port range": "1000-2000" }
			],
			"bib": [
				{ "protocol": "TCP", "ipv6 address": "$B#80",
				  "ipv4 address": "203.0.113.1#61080" },
				{ "protocol": "UDP", "ipv6 address": "$B#81",
				  "ipv4 address": "203.0.113.1#80" }
			],
			"eamt": [
				{ "comment": "one", "ipv4 prefix": "203.0.113.1",
				  "ipv6 prefix": "$B/128" },
				{ "ipv4 prefix": "192.0.2.16/28",
				  "ipv6 prefix": "2001:db8:3::/124" }
			]
		}
	EOF
	echo "map 203.0.113.1 $B" >"$WORK/tayga.conf"
	echo "map 192.0.2.16/28 2001:db8:3::/124" >"$WORK/static.map"
}

# devices COMMAND: create the devices that it needs
devices() {
	local dev=nat64 words="pool6 $POOL6"

	case $1 in
	*"link add"*) dev="" ;;
	*" siit"*)
		dev=siit
		words+=" mode stateless"
		;;
	*" eam "*)
		words+=" mode stateless"
		echo "$T1 $B" >"$WORK/file"
		;;
	*"pool4 add"* | *"pool4 replace"*)
		echo "$T1/32 ports 1-9 proto tcp" >"$WORK/file"
		;;
	*"pool4 del"*) words+=" pool4 $T1 ports 1-9 proto tcp mark 2" ;;
	*)
		words+=" pool4 $POOL4"
		echo "bib add dev nat64 static udp $B#90 $T1#90" >"$WORK/file"
		;;
	esac
	ip_on router -force -batch - <<-EOF 2>/dev/null || true
		link del nat64
		link del siit
		${dev:+link add $dev type nat64 $words}
		${dev:+link set $dev up}
	EOF
	case $1 in
	*"eam del"*) nat64 eam add dev nat64 $T1 $B ;;
	*"bib del"* | *"bib flush"*)
		nat64 bib add dev nat64 static tcp $B#80 $T1#80
		;;
	"nat64 restore "*) nat64 save >"$WORK/file" ;;
	esac
}

# Each by itself, as its kind is used.
commands() {
	local kind text number=0

	files
	while IFS=$'\t' read -r kind text; do
		echo "$kind: $text"
		echo "$text" >>"$RAN"
		devices "$text"
		case $kind:$text in
		command:"nat64 monitor"*)
			# until it is ended
			timeout -s INT 1 ip netns exec "$(netns_name router)" \
				"$NAT64_TOOL" ${text#nat64 } || [ $? = 124 ]
			;;
		command:*) shell "$text" ;;
		line:bib*) echo "$text" | nat64 -batch - ;;
		line:*proto*) echo "$text" | nat64 pool4 replace dev nat64 - ;;
		line:*)
			devices "nat64 eam replace"
			echo "$text" | nat64 eam replace dev nat64 -
			;;
		key:*) key $text ;;
		esac </dev/null
		number=$((number + 1))
	done <<<"$MANUAL"
	atleast $number 50 "commands"
}

# key NAME [VALUE]: of either mode
key() {
	local mode

	for mode in stateful stateless; do
		fresh_nat64 "mode $mode pool6 $POOL6"
		if [[ $(link_json nat64) == *"\"${1//-/_}\":"* ]]; then
			[ $# -eq 1 ] ||
				ip_on router link set nat64 type nat64 "$@"
			return
		fi
	done
	echo "$1 is no key" >&2
	return 1
}

# example WORD...: the first command of the page in which these are
example() {
	local kind text word

	while IFS=$'\t' read -r kind text; do
		for word; do
			[[ $kind == command && $text == *"$word"* ]] || continue 2
		done
		echo "$text"
		return
	done <<<"$MANUAL"
	echo "no example with $*" >&2
	return 1
}

# gone COMMAND: the binding of B#80, and no other
gone() {
	[ -n "$1" ]
	devices "$1"
	nat64 bib add dev nat64 static udp $B#80 $T1#80
	nat64 bib add dev nat64 static tcp $B#81 $T1#81
	shell "$1"
	equal "$(shown bib | sort)" "tcp $B#81 $T1#81 static sessions 0
udp $B#80 $T1#80 static sessions 0" "bindings left"
}

bindings() {
	gone "$(example "bib del dev nat64 tcp $B#80")"
	gone "$(example "bib flush dev nat64 proto tcp addr4")"
}

json() {
	local text

	files
	text=$(example jq .pool4)
	devices "$text"
	shell "$text"
	equal "$(nat64 pool4 list dev nat64)" \
		"dev nat64 203.0.113.1/32 ports 61001-65535 proto tcp
dev nat64 203.0.113.1/32 ports 80-80 proto udp
dev nat64 203.0.113.0/30 ports 1000-2000 proto icmp mark 7" "pool4"
	shell "$(example jq .bib)"
	equal "$(shown bib)" "tcp $B#80 $T1#61080 static sessions 0
udp $B#81 $T1#80 static sessions 0" "bindings"
	text=$(example jq .eamt)
	devices "$text"
	shell "$text"
	equal "$(nat64 eam show dev siit)" \
		"dev siit 192.0.2.16/28 2001:db8:3::/124
dev siit 203.0.113.1/32 $B/128" "mappings"
}

map_file() {
	local text

	files
	text=$(example "static.map")
	devices "$text"
	nat64 eam add dev siit 192.0.2.1 2001:db8:4::1
	shell "$text"
	equal "$(nat64 eam show dev siit)" \
		"dev siit 192.0.2.16/28 2001:db8:3::/124
dev siit 203.0.113.1/32 $B/128" "mappings"
}

# The kernel takes the routes of a device that is down, and the page says so.
down() {
	local text

	ip_on router link del siit 2>/dev/null || true
	fresh_nat64 "pool6 $POOL6 pool4 $POOL4"
	ip_on router -batch - <<-EOF
		link set nat64 up
		route add $POOL6 via fe80::64 dev nat64
		route add $POOL4 dev nat64
	EOF
	nat64 bib add dev nat64 static tcp $B#80 $T1#80
	text=$(example "link set nat64 down")
	has "$text" "down"
	shell "$text"
	equal "$(ip_on router -6 route show $POOL6)$(ip_on router route show \
		$POOL4)" "" "routes"
	equal "$(count bib)" 1 "bindings"
}

given setup
add_test "every command and key" commands
add_test "every command of the page" howto_all_run
add_test "a binding by either side" bindings
add_test "Jool's JSON" json
add_test "TAYGA's map-file" map_file
add_test "manually-enabled" down
run_tests
