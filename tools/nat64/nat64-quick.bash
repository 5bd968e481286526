# shellcheck shell=bash
# SPDX-License-Identifier: GPL-2.0
#
# Completion of nat64-quick(8) for bash.

_nat64_quick()
{
	local cur=${COMP_WORDS[COMP_CWORD]} names=() file

	COMPREPLY=()
	case $COMP_CWORD in
	1) mapfile -t COMPREPLY < <(compgen -W 'up down reload' -- "$cur") ;;
	2)
		for file in "${NAT64_QUICK_DIR:-/etc/nat64}"/*.conf; do
			[ -e "$file" ] || continue
			file=${file##*/}
			names+=("${file%.conf}")
		done
		mapfile -t COMPREPLY < <(compgen -W "${names[*]}" -- "$cur"
			compgen -f -X '!*.conf' -- "$cur")
		;;
	esac
}

complete -F _nat64_quick nat64-quick
