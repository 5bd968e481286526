# shellcheck shell=bash
# SPDX-License-Identifier: GPL-2.0
#
# Completion of nat64(8) for bash.

# The names of nat64 devices, in the network namespace of "-n NAME".
_nat64_devices()
{
	local netns=() i

	for ((i = 1; i < COMP_CWORD - 1; i++)); do
		case ${COMP_WORDS[i]} in
		-n | -netns) netns=(-n "${COMP_WORDS[i + 1]}") ;;
		esac
	done
	ip "${netns[@]}" -br link show type nat64 2>/dev/null |
		awk '{ sub(/@.*/, "", $1); print $1 }'
}

# _nat64_filter OBJECT: words of a filter, or what the word before wants
_nat64_filter()
{
	case ${COMP_WORDS[COMP_CWORD - 1]} in
	dev) _nat64_devices ;;
	proto) echo tcp udp icmp ;;
	state)
		echo v4-init v6-init established v4-fin-rcv v6-fin-rcv
		echo v4-v6-fin-rcv trans
		;;
	addr6 | addr4 | remote4) ;;
	*)
		echo dev proto addr6 addr4 static dynamic
		[ "$1" = bib ] || echo remote4 state
		;;
	esac
}

# _nat64_change OBJECT: words behind add or del
_nat64_change()
{
	case ${COMP_WORDS[COMP_CWORD - 1]} in
	dev) _nat64_devices ;;
	expires) ;;
	add | del) echo dev ;;
	*)
		echo tcp udp icmp
		[ "$1" = bib ] && echo static || echo expires
		;;
	esac
}

# words behind pool4 add or del
_nat64_entry()
{
	case ${COMP_WORDS[COMP_CWORD - 1]} in
	dev) _nat64_devices ;;
	proto) echo tcp udp icmp ;;
	ports | mark) ;;
	add | del) echo dev ;;
	*) echo dev ports proto mark ;;
	esac
}

_nat64()
{
	local cur=${COMP_WORDS[COMP_CWORD]} object='' command='' words='' i

	COMPREPLY=()
	case ${COMP_WORDS[COMP_CWORD - 1]} in
	-b | -batch)
		mapfile -t COMPREPLY < <(compgen -f -- "$cur")
		return
		;;
	-n | -netns)
		words=$(ip netns list 2>/dev/null | awk '{ print $1 }')
		mapfile -t COMPREPLY < <(compgen -W "$words" -- "$cur")
		return
		;;
	esac

	for ((i = 1; i < COMP_CWORD; i++)); do
		case ${COMP_WORDS[i]} in
		-b | -batch | -n | -netns) i=$((i + 1)) ;;
		-*) ;;
		*)
			if [ -z "$object" ]; then
				object=${COMP_WORDS[i]}
			elif [ -z "$command" ]; then
				command=${COMP_WORDS[i]}
			fi
			;;
		esac
	done

	case $object:$command in
	:)
		words='bib eam monitor pool4 session help -json -pretty -netns'
		words+=' -batch -force -Version -help'
		;;
	eam: | bib: | session:) words='add del show flush help' ;;
	pool4:) words='add del list show flush help' ;;
	monitor:*) words='bib session exhaustion' ;;
	bib:show | bib:flush | session:show | session:flush)
		words=$(_nat64_filter "$object")
		;;
	bib:add | bib:del | session:add | session:del)
		words=$(_nat64_change "$object")
		;;
	pool4:add | pool4:del) words=$(_nat64_entry) ;;
	eam:add | eam:del | eam:show | eam:flush | pool4:list | pool4:show | \
	pool4:flush)
		if [ "${COMP_WORDS[COMP_CWORD - 1]}" = dev ]; then
			words=$(_nat64_devices)
		elif [ "${COMP_WORDS[COMP_CWORD - 1]}" = "$command" ]; then
			words=dev
		fi
		;;
	esac
	mapfile -t COMPREPLY < <(compgen -W "$words" -- "$cur")
}

complete -F _nat64 nat64
