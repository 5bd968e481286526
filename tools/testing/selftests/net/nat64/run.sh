#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# Run all tests of this folder, or the named ones, one after another. Prints
# nested KTAP with the script in front of each name.
#
#	run.sh [TEST]...
#
# Exits with 0 if nothing failed, with 1 otherwise.

cd "$(dirname "$(readlink -f "$0")")" || exit 1

# The list is in the Makefile.
programs() {
	make -s --no-print-directory list-programs
}

declare -i number=0 failed=0

# Prefix each name with the script, and drop the version line of the script.
nest() {
	sed -u -E -e '/^TAP version 13$/d' \
		-e "s/^((not )?ok [0-9]+) (- )?/\\1 $1: /" \
		-e 's/^/  /'
}

run() {
	local test=$1 start=$SECONDS result

	echo "# $test"
	number+=1
	"./$test" | nest "$test"
	result=${PIPESTATUS[0]}
	case $result in
	0) echo "ok $number $test # time=$((SECONDS - start))s" ;;
	4) echo "ok $number $test # SKIP" ;;
	*)
		failed+=1
		echo "not ok $number $test # exit=$result" \
			"time=$((SECONDS - start))s"
		;;
	esac
}

[ $# -gt 0 ] || mapfile -t programs < <(programs)
set -- "${@:-"${programs[@]}"}"

echo "TAP version 13"
echo "1..$#"
for test; do
	run "$test"
done
exit $((failed > 0))
