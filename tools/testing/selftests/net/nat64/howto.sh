#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# Functions for the tests of Documentation/howto, besides lib.sh: run the
# commands that a page contains.
#
# Environment: NAT64_TOOL   nat64, if it is neither in tools/nat64 nor installed

# shellcheck source=tool.sh
. "$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")/tool.sh"

HOWTOS=$HERE/../../../../../Documentation/howto

# use_howto PAGE: set the page for the functions below, and the file with those
# of its commands that the script has run, a line each
use_howto() {
	HOWTO=$HOWTOS/$1
	RAN=$WORK.$1
	[ -r "$HOWTO" ] && return
	echo "TAP version 13"
	echo "1..0 # SKIP no Documentation/howto/$1"
	exit $KSFT_SKIP
}

# Commands that no guest runs: "make check PART=deb" builds, installs and removes
# packages; guests have no systemd, which the log as a unit needs; lowports.sh
# mounts from an NFS server in its own way.
ELSEWHERE='make deb|apt .*|systemctl enable --now nat64-log|journalctl .*'
ELSEWHERE+='|mount -t nfs4 .*'

# howto_section TITLE: lines up to the next title of any level
howto_section() {
	awk -v title="$1" '
		/^(=+|-+|~+)$/ && length() == length(last) { on = last == title }
		on && NR > 1 { print last }
		{ last = $0 }
		END { if (on) print last }' "$HOWTO"
}

# howto_prompt PROMPT: the commands in the text after this prompt; a line that
# ends with a backslash continues in the next one
howto_prompt() {
	awk -v prompt="  $1 " '
		more { sub(/^ +/, "") }
		!more && index($0, prompt) == 1 { $0 = substr($0, 5); more = 1 }
		more { more = sub(/\\$/, ""); printf "%s%s", $0, more ? "" : "\n" }'
}

# howto_commands TITLE [PATTERN]: commands for root, in the order of the page; only
# those that match
howto_commands() {
	howto_section "$1" | howto_prompt "#" | runs_here | grep -E -e "${2-.}" |
		tee -a "$RAN"
}

# without those that run elsewhere
runs_here() { sed -E "/^($ELSEWHERE)\$/d"; }

# howto_users TITLE [PATTERN]: commands for users
howto_users() {
	howto_section "$1" | howto_prompt "\$" | grep -E -e "${2-.}"
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

# howto_script TITLE: a shell script that writes the files of the section and runs
# its commands, in the order of the page; for howto_shell, after private_dirs
howto_script() {
	howto_commands "$1" >/dev/null
	howto_section "$1" | howto_files 1 | runs_here
}

# howto_files [COMMANDS]: a shell script that writes the files in the text
howto_files() {
	awk -v commands="$1" '
		function end() {
			if (on)
				print "End-of-file"
			on = 0
		}
		/^[^ ]/ {
			end()
			path = ""
			if (match($0, /``\/[^`]*``::$/))
				path = substr($0, RSTART + 2, RLENGTH - 6)
		}
		/^ / && path && !on {
			print "mkdir -p \"$(dirname " path ")\""
			print "cat >" path " <<\"End-of-file\""
			on = 1
		}
		on { print substr($0, 3); next }
		commands && (more || /^  # /) {
			print substr($0, more ? 3 : 5)
			more = /\\$/
		}
		END { end() }'
}

# private_dirs NS: /etc and /run of howto_shell are folders of the test
private_dirs() {
	local dir=$WORK/$1 name

	mkdir -p "$dir/etc/nat64" "$dir/run"
	for name in alternatives group nftables.conf nsswitch.conf passwd \
			protocols services unbound; do
		[ ! -e "/etc/$name" ] || cp -a "/etc/$name" "$dir/etc/"
	done
	# no root of DNS here, and so no key of it
	rm -f "$dir"/etc/unbound/unbound.conf.d/root-*.conf
}

# howto_stub NAME: a program for howto_shell, from standard input
howto_stub() {
	mkdir -p "$WORK/bin"
	cat >"$WORK/bin/$1"
	chmod +x "$WORK/bin/$1"
}

# howto_shell NS: run a shell script in a namespace, with the nat64 command under
# test. "ip netns exec" has mounts of its own.
howto_shell() {
	# shellcheck disable=SC2016 # of the other shell
	on "$1" env PATH="$WORK/bin:$(dirname "$(command -v "$NAT64_TOOL")"):$PATH" \
		bash -ec '
			for name in etc run; do
				[ ! -d "$1/$name" ] ||
					mount --bind "$1/$name" "/$name"
			done
			exec bash -ex' bash "$WORK/$1"
}

# howto_run NS TITLE [PATTERN]: run the commands of the section, or those that
# match, in the namespace; fails if there is none
howto_run() {
	local commands

	commands=$(howto_commands "${@:2}") || return
	howto_shell "$1" <<<"$commands"
}

# howto_tcpdump NS TITLE: run the tcpdump of the section until the test ends; it
# writes to $WORK/dump
howto_tcpdump() {
	local command

	command=$(howto_commands "$2" "^tcpdump ")
	rm -f "$WORK/dump" "$WORK/listening"
	ip netns exec "$(netns_name "$1")" \
		bash -c "exec ${command/tcpdump/tcpdump -l}" \
		>"$WORK/dump" 2>"$WORK/listening" &
	wait_for grep -q "listening on" "$WORK/listening"
}

# pref64: radvd announces it; that of Debian 12 does not
pref64() {
	echo "interface lan { nat64prefix 64:ff9b::/96 { }; };" >"$WORK/pref64"
	radvd -c -C "$WORK/pref64" >/dev/null 2>&1
}

# The last test of a page: the script has run every command for root.
howto_all_run() {
	local command missed=0

	touch "$RAN"
	while read -r command; do
		grep -qxF -e "$command" "$RAN" && continue
		echo "not run: $command"
		missed=$((missed + 1))
	done < <(howto_prompt "#" <"$HOWTO" | runs_here)
	equal $missed 0 "commands that were not run"
}
