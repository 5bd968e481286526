#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# Functions for the tests of Documentation/howto, besides lib.sh: run the
# commands that a page contains.
#
# Environment: NAT64_TOOL   nat64, if it is neither in tools/nat64 nor installed

# shellcheck source=tool.sh
. "$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")/tool.sh"

HOWTO=$HERE/../../../../../Documentation/howto

# use_howto PAGE: set the page for the functions below
use_howto() {
	HOWTO+=/$1
	[ -r "$HOWTO" ] && return
	echo "TAP version 13"
	echo "1..0 # SKIP no Documentation/howto/$1"
	exit $KSFT_SKIP
}

# howto_section TITLE: lines up to the next title of any level
howto_section() {
	awk -v title="$1" '
		/^(=+|-+|~+)$/ && length() == length(last) { on = last == title }
		on && NR > 1 { print last }
		{ last = $0 }
		END { if (on) print last }' "$HOWTO"
}

# howto_commands TITLE: commands for root, in the order of the page
howto_commands() {
	howto_section "$1" | sed -n 's/^  # //p'
}

# howto_hooks TITLE WORD...: commands of ifupdown options with these names
howto_hooks() {
	local word section

	section=$(howto_section "$1")
	for word in "${@:2}"; do
		sed -n "s/^ *$word //p" <<<"$section"
	done
}

# howto_block TITLE WORD: the literal block whose first line begins with WORD
howto_block() {
	howto_section "$1" | awk -v word="$2" '
		/^ / && $1 == word && !on { on = 1 }
		/^[^ ]/ { if (on) exit }
		on { print substr($0, 3) }'
}

# Run in a namespace, with the nat64 command under test.
howto_shell() {
	on "$1" env PATH="$(dirname "$(command -v "$NAT64_TOOL")"):$PATH" \
		bash -ex
}

# howto_run NS TITLE: run every command of the section in the namespace; fails
# if there is none.
howto_run() {
	local commands

	commands=$(howto_commands "$2")
	has "$commands" " "
	howto_shell "$1" <<<"$commands"
}
