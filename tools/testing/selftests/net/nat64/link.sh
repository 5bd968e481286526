#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# The configuration of a device by "ip link": what is accepted and how it is
# shown, and what is refused and with which words.
#
#        router
#  +----------------+
#  | nat64     ...  |   no links: nothing is sent
#  +----------------+
#
# link_netlink.py has what "ip" itself would never send.

# shellcheck source=lib.sh
. "$(dirname "$(readlink -f "$0")")/lib.sh"

P6="pool6 $POOL6"
# Defaults of every device, in the order of the output.
TIMES="udp-timeout 300 tcp-est-timeout 7200 tcp-trans-timeout 240 icmp-timeout 60"
REST="lowest-ipv6-mtu 1280 tos 0"
DEFAULTS="$TIMES $REST"
STATELESS="$REST eam-hairpin-mode intrinsic rfc6791-pool none"

# The device that "set" is tried on.
BASE="mode stateful $P6 pool4 203.0.113.0/24 ports 1-65535 $DEFAULTS"

BASE_STATELESS="mode stateless $P6"

# What ends the output of each command of run.
MARK="1: lo: "

# run COMMAND...: by "ip -batch" on the router, which goes on after an error,
# unless "ip" exits because of it. The array SAID has what each command printed,
# with FAILED at the end if it failed.
run() {
	local out

	SAID=()
	while [ $# -gt 0 ]; do
		out=$(printf '%s\nlink show lo\n' "$@" |
			ip -n "nat64-router-$$" -d -o -force -batch - 2>&1)$'\n' || true
		while [[ $out == *"$MARK"* ]]; do
			SAID+=("${out%%"$MARK"*}")
			SAID[-1]=${SAID[-1]/%Command failed -:*/FAILED}
			out=${out#*"$MARK"*$'\n'}
			shift
		done
		if [ $# -gt 0 ]; then
			SAID+=("${out}FAILED")
			shift
		fi
	done
}

# done_all COMMAND...: all succeed and have nothing to say, but "show"
done_all() {
	local i

	run "$@"
	for ((i = 0; i < $#; i++)); do
		[[ ${*:i+1:1} == "link show "* ]] ||
			equal "${SAID[i]}" "" "${*:i+1:1}"
	done
}

DEL="link del nat64"
ADD="link add nat64 type nat64"
SET="link set nat64 type nat64"
SHOW="link show nat64"
# every nat64 device there is, with all that is shown of it
EVERYTHING="link show type nat64"

# shows NUMBER TEXT WHAT: the attributes of the device in SAID
shows() {
	local text

	[[ ${SAID[$1]} =~ ' nat64 '(mode .*)' addrgenmode' ]]
	text=${BASH_REMATCH[1]}
	equal "${text%"${text##*[! ]}"}" "$2" "$3"
}

# accepted WORDS TEXT: by "add", and the text is what is shown; given back to
# "ip" it makes the same device again.
accepted() {
	done_all "$DEL" "$ADD $1" "$SHOW" "$DEL" "$ADD $2" "$SHOW"
	shows 2 "$2" "shown"
	shows 5 "$2" "shown the second time"
}

# changed WORDS TEXT: by "set"
changed() {
	done_all "$DEL" "$ADD $BASE" "$SET $1" "$SHOW"
	shows 3 "$2" "shown"
}

# stateless_key WORDS JSON: said to a stateless device, it is shown in text and
# as JSON, and what is shown makes the same device again; so it is when the
# device is up.
stateless_key() {
	local key=${1%% *} text

	fresh_nat64 "$BASE_STATELESS $1"
	text=$(link_text nat64)
	text=${text#nat64 }
	has "$text " " $1 "
	equal "$(link_json nat64 | jq -c ".${key//-/_}")" "$2" "as JSON"
	done_all "$DEL" "$ADD $text" "$SHOW" \
		"$DEL" "$ADD $BASE_STATELESS" "link set nat64 up" "$SET $1" \
		"$SHOW"
	shows 2 "$text" "shown the second time"
	shows 7 "$text" "set"
}

# refusal WORDS...: what "ip" says when it or the kernel refuses
refusal() {
	local out

	if out=$(ip_on router "$@" 2>&1); then
		echo "accepted: $*" >&2
		return 1
	fi
	echo "$out"
}

# no_change TEXT... -- COMMAND...: the commands are refused with a message that
# has every text, and no device comes, goes or changes
no_change() {
	local texts=() i

	while [ "$1" != -- ]; do
		texts+=("$1")
		shift
	done
	shift
	run "$EVERYTHING" "$@" "$EVERYTHING"
	for ((i = 1; i <= $#; i++)); do
		echo "${SAID[i]}"
		has "${SAID[i]}" "${texts[@]}" FAILED
	done
	equal "${SAID[i]}" "${SAID[0]}" "after a refused request"
}

# refused_add WORDS TEXT...: nothing comes to be
refused_add() {
	no_change "${@:2}" -- "link add refused type nat64 $1"
}

# refused_set DEVICE WORDS TEXT...: the device stays as it was
refused_set() {
	done_all "$DEL" "$ADD $1"
	no_change "${@:3}" -- "$SET $2"
}

# refused WORDS TEXT...: neither can a device be made so, nor changed; the
# words come after a pool6 if they do not begin with one.
refused() {
	local words=$1

	[[ $1 == pool6* ]] || words="$P6 $1"
	no_change "${@:2}" -- "link add refused type nat64 $words" "$SET $1"
}

# warning WORDS...: what "ip" says when it succeeds
warning() {
	{ ip_on router link "$@" >/dev/null; } 2>&1
}

# warns WORDS SETTING TEXT: a device of both is made, one of WORDS is changed by
# SETTING, and both times "ip" prints a warning with the text. Without TEXT, it
# prints nothing.
warns() {
	run "$DEL" "$ADD $1 $2" "$SHOW" \
		"$DEL" "$ADD $P6 $1" "$SET $2" "$SHOW" \
		"$SET lowest-ipv6-mtu 1400"
	has_not "${SAID[*]}" FAILED
	equal "${SAID[1]%%,*}" "${3:+Warning: $3}" "by add"
	has "${SAID[2]}" "${2##* }"
	equal "${SAID[5]%%,*}" "${3:+Warning: $3}" "by set"
	has "${SAID[6]}" "${2##* }"
	equal "${SAID[7]}" "" "by set of something else"
}

# pool4 of another device is warned of, but for addresses of the host, whose
# ports the devices share.
shared_pool4() {
	local text="Warning: pool4 overlaps pool4 of another device"

	fresh_nat64 "$P6 pool4 203.0.113.0/28"
	has "$(warning add other type nat64 $P6 pool4 203.0.113.8/29)" "$text"
	equal "$(warning set other type nat64 pool4 203.0.113.16/28)" ""
	has "$(warning set other type nat64 pool4 203.0.113.0/24)" "$text"
	equal "$(warning set other type nat64 udp-timeout 200)" ""
	ip_on router addr add 203.0.113.9/32 dev lo
	equal "$(warning set other type nat64 pool4 203.0.113.9)" ""
	ip_on router addr del 203.0.113.9/32 dev lo
	ip_on router link del other
}

json() {
	fresh_nat64 "$P6 pool4 203.0.113.0/24 pool4 192.0.2.1 ports 1024-2047 \
		udp-timeout 301 tcp-est-timeout 7201 tcp-trans-timeout 1 \
		icmp-timeout 61 mtu-plateaus 1500,1280 tos 16 override-tos on"
	equal "$(link_json nat64)" "$(jq -cS . <<-EOF
		{
			"mode": "stateful", "pool6": "$POOL6",
			"pool4_source": "entries", "pool4_count": 2,
			"pool4": [
				{ "prefix": "203.0.113.0/24",
				  "port_min": 1, "port_max": 65535 },
				{ "prefix": "192.0.2.1/32",
				  "port_min": 1024, "port_max": 2047 }
			],
			"udp_timeout": 301, "tcp_est_timeout": 7201,
			"tcp_trans_timeout": 1, "icmp_timeout": 61,
			"lowest_ipv6_mtu": 1280, "mtu_plateaus": [ 1500, 1280 ],
			"zeroize_traffic_class": false, "override_tos": true,
			"tos": 16, "wkp_strict": true,
			"tcp_open_timeout": 240, "dns_timeout": 10,
			"address_dependent_filtering": false,
			"drop_icmpv6_info": false,
			"drop_externally_initiated_tcp": false,
			"handle_rst_during_fin_rcv": true,
			"source_icmpv6_errors_better": true,
			"inbound_refresh": true,
			"logging_bib": false, "logging_session": false,
			"paired_pooling": "hard", "host_low_ports": false,
			"fast_path": "auto",
			"maximum_simultaneous_opens": 64,
			"subscriber_prefix": 128,
			"max_bindings": 16384, "max_sessions": 65536,
			"max_total_sessions": 1048576,
			"hold_down_timeout": 120, "hold_down_percent": 12,
			"pool4_high_threshold": 90, "pool4_low_threshold": 80
		}
	EOF
	)" "stateful"
	fresh_nat64 "$P6 mode stateless rfc6791-pool 192.0.2.0/30"
	equal "$(link_json nat64)" "$(jq -cS . <<-EOF
		{
			"mode": "stateless", "pool6": "$POOL6",
			"lowest_ipv6_mtu": 1280, "mtu_plateaus": [ 65535,
				32000, 17914, 8166, 4352, 2002, 1492, 1006, 508,
				296, 68 ],
			"zeroize_traffic_class": false, "override_tos": false,
			"tos": 0, "amend_udp_checksum_zero": "off",
			"randomize_rfc6791_addresses": true,
			"wkp_strict": true, "eam_hairpin_mode": "intrinsic",
			"rfc6791_pool": [ "192.0.2.0/30" ],
			"fast_path": "auto"
		}
	EOF
	)" "stateless"
	fresh_nat64 "$P6"
	equal "$(link_json nat64 |
		jq -c '[.pool4_source, .pool4_count, .pool4]')" \
		'["host",0,[]]' "pool4"
	equal "$(ip_on router -d -j link show nat64 |
		jq -r '.[0].linkinfo.info_kind')" nat64 "kind"
}

# The names of the counters, in the order of their numbers: those of the header.
counter_names() {
	sed -n 's/^\tFN(.*, "\(.*\)").*/\1/p' \
		"$HERE/../../../../../include/uapi/linux/nat64.h"
}

# Every counter by name, in both forms and by ethtool, all at zero but one.
counting() {
	local text

	fresh_nat64 "$P6 pool4 none"
	ip_on router -batch - <<-EOF
		link set nat64 up
		addr add 2001:db8:1::1/128 dev lo nodad
		route add $POOL6 dev nat64
	EOF
	told router $S6 || true
	text=$(ip_on router link xstats type nat64 dev nat64)
	equal "$(head -n 1 <<<"$text")" "nat64:" "the device"
	equal "$(sed 1d <<<"$text" | xargs -n 2)" \
		"$(counter_names | sed 's/$/ 0/; s/^pool4-empty 0/pool4-empty 1/')" \
		"counters as text"
	equal "$(counters router nat64 | jq -r '.[0].ifname, (.[0].counters |
		to_entries[] | "\(.key) \(.value)")')" "nat64
$(xargs -n 2 <<<"${text#nat64:}")" "counters as JSON"
	command -v ethtool >/dev/null || skip "no ethtool"
	equal "$(router ethtool -S nat64 | sed 1d | sed 's/: / /' | xargs -n 2)" \
		"$(sed 1d <<<"$text" | xargs -n 2)" "counters by ethtool"
	equal "$(dev_stat router nat64 tx dropped)" 1 "dropped"
}

# Every device's, and nobody else's, even if they need more than one message.
many_counting() {
	local i

	{
		for ((i = 0; i < 200; i++)); do
			echo "link add many$i type nat64 $P6"
		done
		echo "link add bridge0 type bridge"
	} | ip_on router -batch -
	equal "$(ip_on router -j link xstats type nat64 | jq -c '
		[.[] | select(.ifname | startswith("many"))] |
		group_by(.ifname) | map(map(.counters | length) | add) |
		unique, length')" "[$(counter_names | wc -l)]
200" "counters of many devices"
	has "$(refusal link xstats type nat64 dev bridge0)" \
		'"bridge0" is not a nat64 device'
	for ((i = 0; i < 200; i++)); do
		echo "link del many$i"
	done | ip_on router -batch -
	ip_on router link del bridge0
}

# The help names every key that the devices of both modes show, and no other.
help_text() {
	local shown

	fresh_nat64 "$P6"
	shown=$(link_json nat64)
	fresh_nat64 "$BASE_STATELESS"
	shown+=$(link_json nat64)
	shown=$(jq -r 'keys[]' <<<"$shown" | tr _ - |
		grep -v '^pool4-\(source\|count\)$')
	equal "$(ip link help nat64 2>&1 |
		grep -oE '(nat64|\[) [a-z][a-z0-9-]+ ' | awk '{ print $2 }' |
		sort -u)" "$(printf '%s\n' ports proto mark $shown | sort -u)" \
		"keys"
}

# An attribute that is not named keeps its value.
set_keeps() {
	fresh_nat64 "$P6 pool4 192.0.2.1 ports 10-20 udp-timeout 400"
	ip_on router link set nat64 type nat64 icmp-timeout 61
	equal "$(link_text nat64)" "nat64 mode stateful $P6 pool4 192.0.2.1/32 ports\
 10-20 udp-timeout 400 tcp-est-timeout 7200 tcp-trans-timeout 240\
 icmp-timeout 61 $REST" "after one"
	ip_on router link set nat64 type nat64 pool4 192.0.2.2
	equal "$(link_text nat64)" "nat64 mode stateful $P6 pool4 192.0.2.2/32 ports\
 1-65535 udp-timeout 400 tcp-est-timeout 7200 tcp-trans-timeout 240\
 icmp-timeout 61 $REST" "after another"
	ip_on router link set nat64 up
	ip_on router link set nat64 type nat64 pool6 64:ff9b::/96
	has "$(link_text nat64)" "pool6 64:ff9b::/96 pool4 192.0.2.2/32 "
}

# A refused request changes nothing.
atomic() {
	local before

	fresh_nat64 "$P6 pool4 192.0.2.1"
	before=$(link_json nat64)
	fails ip_on router link set nat64 type nat64 udp-timeout 500 \
		pool6 64:ff9b::/96 pool4 192.0.2.2 icmp-timeout 59
	equal "$(link_json nat64)" "$before" "after a refused set"
}

# With more entries than are shown, the output is not a valid command.
many_pool4() {
	local words="" i text

	for ((i = 0; i < 16; i++)); do
		words+=" pool4 192.0.2.$i ports $((i + 1))-$((i + 1000))"
	done
	fresh_nat64 "$P6 $words"
	equal "$(link_json nat64 | jq -c '[.pool4_source, .pool4_count,
		(.pool4 | length), .pool4[7].prefix]')" \
		'["entries",16,8,"192.0.2.7/32"]' "entries"
	text=$(link_text nat64)
	has "$text" "pool4 192.0.2.7/32 ports 8-1007 pool4-more 8 udp-timeout"
	has "$(refusal link set nat64 type nat64 ${text#nat64 })" pool4-more \
		"omits entries"
	equal "$(link_text nat64)" "$text" "after it"
}

ok() { add_test "accepted: $1" accepted "$1" "$2"; }
stateless_ok() { add_test "stateless: $1" stateless_key "$1" "$2"; }
set_ok() { add_test "accepted by set: $1" changed "$1" "$2"; }
no() { add_test "refused: $1" refused "$@"; }
no_add() { add_test "refused: $1" refused_add "$@"; }
no_set() { add_test "refused by set: $2" refused_set "$@"; }

# with WORDS: the device that there is
with() { add_netns router && fresh_nat64 "$1"; }

given with "$P6"

F="mode stateful"
ok "$P6" "$F $P6 pool4 host $DEFAULTS"
ok "pool6 64:ff9b::/96" "$F pool6 64:ff9b::/96 pool4 host $DEFAULTS"
ok "mode stateful $P6" "$F $P6 pool4 host $DEFAULTS"
ok "$P6 pool4 host" "$F $P6 pool4 host $DEFAULTS"
ok "pool4 none $P6" "$F $P6 pool4 none $DEFAULTS"
ok "$P6 pool4 203.0.113.5" \
	"$F $P6 pool4 203.0.113.5/32 ports 1-65535 $DEFAULTS"
ok "$P6 pool4 10.0.0.0/8" "$F $P6 pool4 10.0.0.0/8 ports 1-65535 $DEFAULTS"
ok "pool4 192.0.2.0/24 ports 61001-65535 $P6" \
	"$F $P6 pool4 192.0.2.0/24 ports 61001-65535 $DEFAULTS"
ok "$P6 pool4 192.0.2.1 ports 80" \
	"$F $P6 pool4 192.0.2.1/32 ports 80-80 $DEFAULTS"
ok "$P6 pool4 192.0.2.1 ports 1-99 pool4 192.0.2.1 ports 100-199" \
	"$F $P6 pool4 192.0.2.1/32 ports 1-99 pool4 192.0.2.1/32 ports\
 100-199 $DEFAULTS"
MIN="udp-timeout 120 tcp-est-timeout 7200 tcp-trans-timeout 1 icmp-timeout 60"
MAX="udp-timeout 31536000 tcp-est-timeout 31536000 tcp-trans-timeout 31536000"
MAX+=" icmp-timeout 31536000"
ok "$P6 $MIN" "$F $P6 pool4 host $MIN $REST"
ok "$P6 $MAX" "$F $P6 pool4 host $MAX $REST"
for prefix in 2001:db8::/32 2001:db8:100::/40 2001:db8:122::/48 \
	2001:db8:122:300::/56 2001:db8:122:344::/64 64:ff9b:1::/48 \
	64:ff9b:1:fffe::/96; do
	ok "pool6 $prefix mode stateless" "mode stateless pool6 $prefix\
 $STATELESS"
done
# R6052-2.2-e: byte 9 may be anything, byte 8 may not.
ok "pool6 2001:db8:0:0:1::/96" \
	"$F pool6 2001:db8:0:0:1::/96 pool4 host $DEFAULTS"

A="$F $P6 pool4 203.0.113.0/24 ports 1-65535"
set_ok "udp-timeout 121" "$A ${DEFAULTS/300/121}"
set_ok "tcp-est-timeout 7201" "$A ${DEFAULTS/7200/7201}"
set_ok "tcp-trans-timeout 2" "$A ${DEFAULTS/240/2}"
set_ok "icmp-timeout 61" "$A ${TIMES% 60} 61 $REST"
set_ok "pool4 none" "$F $P6 pool4 none $DEFAULTS"
set_ok "pool4 host" "$F $P6 pool4 host $DEFAULTS"
set_ok "pool4 192.0.2.9 ports 5-6" \
	"$F $P6 pool4 192.0.2.9/32 ports 5-6 $DEFAULTS"
set_ok "pool6 2001:db8::/32" \
	"$F pool6 2001:db8::/32 pool4 203.0.113.0/24 ports 1-65535 $DEFAULTS"
set_ok "mode stateful" "$A $DEFAULTS"
set_ok "lowest-ipv6-mtu 65535" "$A ${DEFAULTS/1280/65535}"
set_ok "tos 255 override-tos on" \
	"$A $TIMES lowest-ipv6-mtu 1280 override-tos on tos 255"
set_ok "zeroize-traffic-class on wkp-strict off mtu-plateaus 1500" \
	"$A $TIMES lowest-ipv6-mtu 1280 mtu-plateaus 1500\
 zeroize-traffic-class on tos 0 wkp-strict off"

set_ok "tcp-open-timeout 1" "$A ${DEFAULTS/ icmp-/ tcp-open-timeout 1 icmp-}"
set_ok "dns-timeout 1" "$A ${DEFAULTS/ lowest-/ dns-timeout 1 lowest-}"
set_ok "dns-timeout 31536000" \
	"$A ${DEFAULTS/ lowest-/ dns-timeout 31536000 lowest-}"
for words in "address-dependent-filtering on" "drop-icmpv6-info on" \
	"drop-externally-initiated-tcp on" "handle-rst-during-fin-rcv off" \
	"source-icmpv6-errors-better off" "inbound-refresh off" \
	"logging-bib on" "logging-session on" "paired-pooling soft" \
	"host-low-ports on" "fast-path off" "maximum-simultaneous-opens 0" "maximum-simultaneous-opens 65535" \
	"subscriber-prefix 1" "subscriber-prefix 64" \
	"max-bindings 0" "max-bindings 4294967295" "max-sessions 0" \
	"max-total-sessions 4294967295" "hold-down-timeout 0" \
	"hold-down-timeout 86400" "hold-down-percent 0" \
	"hold-down-percent 100"; do
	set_ok "$words" "$A $DEFAULTS $words"
done
set_ok "max-sessions 65536 subscriber-prefix 128" "$A $DEFAULTS"
set_ok "pool4 192.0.2.1 ports 80-90 proto tcp mark 0x10" \
	"$F $P6 pool4 192.0.2.1/32 ports 80-90 proto tcp mark 16 $DEFAULTS"
set_ok "pool4 192.0.2.1 proto udp pool4 192.0.2.1 proto icmp" \
	"$F $P6 pool4 192.0.2.1/32 ports 1-65535 proto udp\
 pool4 192.0.2.1/32 ports 1-65535 proto icmp $DEFAULTS"

S="lowest-ipv6-mtu 1280 tos 0 amend-udp-checksum-zero forward"
S+=" randomize-rfc6791-addresses off eam-hairpin-mode simple"
S+=" rfc6791-pool 192.0.2.0/30 rfc6791-pool 198.51.100.7/32"
ok "$BASE_STATELESS $S" "$BASE_STATELESS $S"
stateless_ok "amend-udp-checksum-zero on" '"on"'
stateless_ok "amend-udp-checksum-zero forward" '"forward"'
stateless_ok "randomize-rfc6791-addresses off" false
stateless_ok "eam-hairpin-mode off" '"off"'
stateless_ok "eam-hairpin-mode simple" '"simple"'
stateless_ok "eam-hairpin-mode intrinsic" '"intrinsic"'
stateless_ok "rfc6791-pool 192.0.2.0/30 rfc6791-pool 198.51.100.7/32" \
	'["192.0.2.0/30","198.51.100.7/32"]'
stateless_ok "rfc6791-pool none" '[]'

given with "$BASE"
no_add "" pool6
no_add "pool4 192.0.2.1" pool6
no "pool6" "not complete"
no "$P6 $P6" pool6
no "pool6 garbage" pool6
no "pool6 192.0.2.0/24" pool6
no "pool6 64:ff9b::" pool6
for length in 0 31 33 63 72 95 97 127 128 129; do
	no "pool6 2001:db8::/$length" pool6
done
no "pool6 64:ff9b::/64" pool6 96
no "pool6 2001:db8:100::1/40" pool6 "beyond its length"
no "pool6 2001:db8:0:0:100::/96" pool6 "64 to 71"
for prefix in ff02::/96 ::/96 ::ffff:0:0/96 fe80::/64; do
	no "pool6 $prefix" pool6
done

no "pool4" "not complete"
for prefix in garbage 2001:db8::/32 192.0.2.0/33 0.0.0.0/0 128.0.0.0/7 \
	127.0.0.1 0.0.0.0/8 224.0.0.0/24 240.0.0.1 255.255.255.255; do
	no "pool4 $prefix" pool4
done
for prefix in 169.0.0.0/8 169.252.0.0/14 169.254.7.7; do
	no "pool4 192.0.2.1 pool4 $prefix" "pool4 overlaps 169.254.0.0/16"
done
no "pool4 192.0.2.1/24" pool4 "beyond its length"
no "pool4 192.0.2.0/24 pool4 192.0.2.7" pool4 overlap
no "pool4 192.0.2.7 ports 1-10 pool4 192.0.2.7 ports 10-20" pool4 overlap
for word in none host; do
	no "pool4 $word pool4 192.0.2.7" pool4
	no "pool4 192.0.2.7 pool4 $word" pool4
	no "pool4 $word pool4 none" pool4
done
no "pool4 entries" pool4
no "ports 1-10" ports
no "pool4 192.0.2.1 ports" "not complete"
for ports in 0-10 10-9 1-65536 x 1-2-3 -5; do
	no "pool4 192.0.2.1 ports $ports" ports
done
no "pool4 192.0.2.1 proto sctp" proto
no "pool4 192.0.2.1 mark 0" mark
no "pool4 192.0.2.1 proto tcp proto udp" proto
no "pool4 192.0.2.1 proto udp pool4 192.0.2.1 ports 5" pool4 overlap
no "pool4 192.0.2.1 mark 1 pool4 192.0.2.1 mark 2" pool4 overlap

for words in "udp-timeout 119" "tcp-est-timeout 7199" "tcp-trans-timeout 0" \
	"icmp-timeout 59" "udp-timeout 31536001" "tcp-est-timeout 31536001" \
	"tcp-trans-timeout 31536001" "icmp-timeout 4294967295" \
	"udp-timeout 4294967296" "udp-timeout -1" "icmp-timeout x" \
	"udp-timeout 200 udp-timeout 200" "mode garbage" \
	"mode stateful mode stateful" "lowest-ipv6-mtu 1279" \
	"lowest-ipv6-mtu 65536" "tos 256" "override-tos 1" \
	"mtu-plateaus 68,1500" "wkp-strict maybe" "garbage" \
	"tcp-open-timeout 0" "dns-timeout 0" "dns-timeout 31536001" \
	"tcp-open-timeout 31536001" "address-dependent-filtering 1" \
	"drop-icmpv6-info x" "paired-pooling firm" "host-low-ports 600" "fast-path on" \
	"maximum-simultaneous-opens 65536" "subscriber-prefix 0" \
	"subscriber-prefix 129" "subscriber-prefix 256" "max-bindings -1" \
	"max-sessions 4294967296" "hold-down-timeout 86401" \
	"hold-down-percent 101" "logging-bib on logging-bib on"; do
	no "$words" "${words%% *}"
done
for words in "amend-udp-checksum-zero on" "amend-udp-checksum-zero off" \
	"amend-udp-checksum-zero forward" \
	"randomize-rfc6791-addresses off" "rfc6791-pool 192.0.2.1" \
	"rfc6791-pool none" "eam-hairpin-mode off"; do
	no "$words" "${words%% *} is for stateless devices only"
done
no "udp-timeout" "not complete"
no "mode" "not complete"
no_set "$BASE" "mode stateless" mode
no_add "$P6 mode stateless pool4 192.0.2.1" pool4 stateful
no_set "mode stateless $P6 $STATELESS" "pool4 192.0.2.1" pool4 stateful
no_set "mode stateless $P6 $STATELESS" "mode stateful" mode
for word in host none; do
	no_add "$P6 mode stateless pool4 $word" pool4 stateful
	no_set "mode stateless $P6 $STATELESS" "pool4 $word" pool4 stateful
done
for words in 127.0.0.1 224.0.0.0/24 192.0.2.1/24 10.0.0.0/7 garbage \
	"192.0.2.0/24 rfc6791-pool 192.0.2.7" \
	"none rfc6791-pool 192.0.2.7"; do
	no_set "$BASE_STATELESS" "rfc6791-pool $words" rfc6791-pool
done
for words in "amend-udp-checksum-zero 1" \
	"amend-udp-checksum-zero fwd" "randomize-rfc6791-addresses x" \
	"eam-hairpin-mode on"; do
	no_set "$BASE_STATELESS" "$words" "${words%% *}"
done
for words in "udp-timeout 300" "tcp-open-timeout 240" "dns-timeout 10" \
	"logging-bib on" \
	"address-dependent-filtering off" "max-bindings 5" \
	"paired-pooling hard" "host-low-ports on" "subscriber-prefix 64" \
	"hold-down-percent 1"; do
	no_set "mode stateless $P6 $STATELESS" "$words" "${words%% *}"
done

WKP="pool6 64:ff9b::/96"
add_test "warning: pool4 of another device" shared_pool4
add_test "recreate a device" fresh_nat64 "$P6"
add_test "R6052-3.1-b warning: stateless $WKP" \
	warns "mode stateless" "$WKP" "$WKP is not for addresses of IPv6 hosts"
add_test "no warning: stateful $WKP" warns "" "$WKP" ""
for pool in 10.0.0.1 100.64.0.0/10 172.0.0.0/8 172.31.255.255 192.168.0.0/16 \
	"192.0.2.1/32 rfc6791-pool 192.168.9.0/24"; do
	add_test "R6791-3.1-a warning: rfc6791-pool $pool" \
		warns "mode stateless" "$P6 rfc6791-pool $pool" \
		"rfc6791-pool has private addresses"
done
for pool in 100.128.0.0/9 172.32.0.0/11 192.0.0.8 192.0.2.0/24; do
	add_test "no warning: rfc6791-pool $pool" \
		warns "mode stateless" "$P6 rfc6791-pool $pool" ""
done

add_test "JSON" json
add_test "ip link help nat64" help_text
add_test "counters by name" counting
add_test "counters of many devices" many_counting
add_test "set changes only the given attributes" set_keeps
add_test "a refused set changes nothing" atomic
add_test "sixteen pool4 entries" many_pool4
run_tests
