# shellcheck shell=bash
# SPDX-License-Identifier: GPL-2.0
#
# Completion of nat64-quick(8) for bash.

_nat64_quick()
{
	local cur=${COMP_WORDS[COMP_CWORD]} file

	COMPREPLY=()
	case $COMP_CWORD in
	1) mapfile -t COMPREPLY < <(compgen -W 'up down reload upgrade' -- "$cur") ;;
	2)
		[ "${COMP_WORDS[1]}" != upgrade ] || return
		for file in "${NAT64_QUICK_DIR:-/etc/nat64}"/*.conf; do
			[ -e "$file" ] || continue
			file=${file##*/}
			file=${file%.conf}
			# not by compgen -W, which expands names
			[[ $file != "$cur"* ]] || COMPREPLY+=("$file")
		done
		mapfile -t -O "${#COMPREPLY[@]}" COMPREPLY < <(
			compgen -f -X '!*.conf' -- "$cur")
		;;
	esac
}

complete -F _nat64_quick nat64-quick
