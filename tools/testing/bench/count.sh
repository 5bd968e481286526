# shellcheck shell=bash
# SPDX-License-Identifier: GPL-2.0-only
# A function to count the instructions of bench rows in the emulation, to be
# sourced.
# shellcheck source-path=SCRIPTDIR source=../vm/lib.sh
. "$(dirname "$(realpath "${BASH_SOURCE[0]}")")/../vm/lib.sh"
bench=$top/tools/testing/bench

# build_count: the plugin, and the programs of the guest
build_count()
{
	need_packages gcc libc6-dev qemu-system-x86
	mkdir -p "$cache/build"
	with_lock count compile_count
}

compile_count()
{
	local flags=(-O2 -Wall -Wextra -Werror -Wno-unused-parameter) program

	gcc "${flags[@]}" -shared -fPIC -o "$cache/build/count.so.new" \
		"$bench/count.c" &&
		mv "$cache/build/count.so.new" "$cache/build/count.so" || return
	for program in mark inject; do
		gcc "${flags[@]}" -static -o "$cache/build/$program.new" \
			"$bench/$program.c" &&
			mv "$cache/build/$program.new" "$cache/build/$program" ||
			return
	done
}

# emulate JOOL [ROW]...: run packets-guest, one instruction per nanosecond. With
# ROWs, only these and their plain forwarding. PACKETS, SESSIONS, REPEAT, PARTS
# and SYMBOLS go into the guest.
emulate()
{
	local jool=$1 var env=(-e "MARK=${mark-}" -e "INJECT=$cache/build/inject")

	shift
	# shellcheck disable=SC2046 # names of our own, without spaces
	[ $# = 0 ] || set -- $("$bench/rows.py" "$@") "$@"
	for var in PACKETS SESSIONS REPEAT PARTS SYMBOLS; do
		env+=(-e "$var=${!var-}")
	done
	build_count || return
	cd "$bench" || return
	# nokaslr: the same addresses in each run
	"$vm_dir/qemu" -k debian12 --icount -a nokaslr -t "${limit:-1800}" \
		"${env[@]}" -e "ROWS=$*" ./packets-guest "$jool"
}

# count FOLDER JOOL [ROW]...: the same, and write FOLDER/counts
count()
{
	local folder=$1 mark=$cache/build/mark

	shift
	NAT64_PLUGIN=$cache/build/count.so,out=$folder/counts emulate "$@"
}

# repeated FOLDER: lines "repeated NAME VALUE", the rounds of string
# instructions per packet that a processor would not count
repeated()
{
	awk '$1 == "row" { row = $2; packets = $3; next }
		{ sum[row] += $4 / packets }
		END { for (row in sum) printf "repeated %s %.0f\n", row, sum[row] }
	' "$1/counts"
}
