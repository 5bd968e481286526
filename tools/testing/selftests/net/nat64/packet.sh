#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# The packet test: build packet*.c and run the vectors.
#
#	packet.sh [OPTION]... [FILE]...
#
# Options are packet's (see packet.c); files are those of vectors/ unless
# given. Environment: NAT64_SLOW, IP_LIB_DIR as in lib.sh; NAT64_PACKET
# a prebuilt packet, unless kselftest has built it. Tests that wait for hours
# need simulated time (User Mode Linux with time-travel).

here=$(dirname "$(readlink -f "$0")")
# The nat64 command of this tree, if it has been built.
export LC_ALL=C PATH=$here/../../../../nat64:$PATH:/usr/sbin:/sbin

# shellcheck source=need.sh
. "$here/need.sh"

options=()
files=()
while [ $# -gt 0 ]; do
	case $1 in
	-f)
		options+=("$1" "$2")
		shift
		;;
	-*) options+=("$1") ;;
	*) files+=("$1") ;;
	esac
	shift
done
[ ${#files[@]} -gt 0 ] || files=("$here"/vectors/*.vec)

case " ${options[*]} " in
*" --lint "* | *" --selftest "*) ;; # these need no device
*)
	need ip
	need_nat64
	[ -c /dev/net/tun ] || skip_all "no /dev/net/tun"
	;;
esac

if grep -q time-travel= /proc/cmdline; then
	export NAT64_TIME_TRAVEL=1
fi

packet=${NAT64_PACKET-}
[ -n "$packet" ] || [ ! -x "$here/packet" ] || packet=$here/packet
if [ -z "$packet" ]; then
	work=$(mktemp -d "${TMPDIR:-/tmp}/nat64-packet-XXXXXX") || exit 1
	trap 'rm -rf "$work"' EXIT
	packet=$work/packet
	command -v "${CC:-cc}" >/dev/null || skip_all "no C compiler"
	"${CC:-cc}" -O1 -Wall -Wextra -Werror -o "$packet" \
		"$here"/packet*.c || exit 1
fi

"$packet" "${options[@]}" "${files[@]}"
