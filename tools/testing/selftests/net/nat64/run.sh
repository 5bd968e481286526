#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# Runs the tests of this folder one after another, or those named, and prints
# their results as nested KTAP, each name led by its script.
#
#	run.sh [TEST]...
#
# Exits with 0 if nothing failed, with 1 otherwise.

cd "$(dirname "$(readlink -f "$0")")" || exit 1

# The list is the Makefile's, so that there is only one.
programs() {
	make -s --no-print-directory list-programs
}

declare -i number=0 failed=0

# Names get the script in front, so that a line says where it comes from; the
# script's own version line is of no use in the middle.
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
