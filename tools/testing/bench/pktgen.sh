# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
#
# Functions for pktgen, to be sourced: inject packets into the receive path of
# one dummy device; all must leave through another.
#
# MARK: the program mark, if a plugin of the emulation counts instructions

pgset() {
	local file=$1 write=echo

	shift
	[ "$*" != start ] || write=${MARK:-echo}
	if ! "$write" "$*" > "/proc/net/pktgen/$file"; then
		echo "pktgen: $file refuses: $*" >&2
		return 1
	fi
}

tx_packets() {
	cat "/sys/class/net/$1/statistics/tx_packets"
}

# pktgen_run IN OUT COUNT KEY-VALUE... - send COUNT packets and print the
# nanoseconds per packet; fails unless all of them leave.
#
# UDPCSUM: without a UDP checksum in IPv4, translators would have to compute it.
pktgen_run() {
	local in=$1 out=$2 count=$3
	local result before after word

	shift 3
	pgset kpktgend_0 rem_device_all || return
	pgset kpktgend_0 add_device "$in" || return
	for word in "xmit_mode netif_receive" "count $count" "delay 0" \
		    "pkt_size 64" "flag UDPCSUM" \
		    "dst_mac $(cat "/sys/class/net/$in/address")" \
		    "udp_dst_min 9" "udp_dst_max 9" "$@"; do
		pgset "$in" "$word" || return
	done

	before=$(tx_packets "$out")
	pgset pgctrl start || return
	# packets may still be queued
	for _ in $(seq 20); do
		after=$(tx_packets "$out")
		[ $((after - before)) -lt "$count" ] || break
		sleep 0.05
	done

	result=$(cat "/proc/net/pktgen/$in")
	pgset kpktgend_0 rem_device_all
	if [ $((after - before)) -ne "$count" ]; then
		echo "$in to $out: only $((after - before)) of $count packets forwarded" >&2
		return 1
	fi
	echo "$result" | awk -v n="$count" '
		/^Result: OK:/ { printf "%.0f\n", $3 * 1000 / n; ok = 1 }
		END { exit !ok }'
}
