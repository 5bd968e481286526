# shellcheck shell=bash
# SPDX-License-Identifier: GPL-2.0
#
# Completion of nat64(8) for bash. The functions share the variables of _nat64:
# words, cword, cur and prev as of bash-completion; first is where the words
# behind the command begin.

# The names of nat64 devices, in the network namespace of "-n NAME".
_nat64_devices()
{
	local netns=() i

	for ((i = 1; i < cword - 1; i++)); do
		case ${words[i]} in
		-n | -netns | --n | --netns) netns=(-n "${words[i + 1]}") ;;
		esac
	done
	ip "${netns[@]}" -br link show type nat64 2>/dev/null |
		awk '{ sub(/@.*/, "", $1); print $1 }'
}

# _nat64_unused WORD...: offer those that are not given yet
_nat64_unused()
{
	local used=" ${words[*]:first:cword - first} " word

	for word; do
		[[ $used == *" $word "* ]] || echo "$word"
	done
}

_nat64_states()
{
	echo v4-init v6-init established v4-fin-rcv v6-fin-rcv
	echo v4-v6-fin-rcv trans
}

# _nat64_filter OBJECT: words of a filter, or what the word before wants
_nat64_filter()
{
	case $prev in
	dev) _nat64_devices ;;
	proto) echo tcp udp icmp ;;
	state) _nat64_states ;;
	addr6 | addr4 | remote4) ;;
	*)
		_nat64_unused dev proto addr6 addr4
		[ "$(_nat64_unused static dynamic | wc -l)" = 1 ] ||
			echo static dynamic
		[ "$1" = bib ] || _nat64_unused remote4 state
		;;
	esac
}

# _nat64_change OBJECT COMMAND: words behind add, replace, del or get. Those that
# have no name go by their place: protocol, host, pool4 address, peer, state.
_nat64_change()
{
	local place=0 proto='' i

	for ((i = first; i < cword; i++)); do
		case ${words[i]} in
		dev | expires | sessions) i=$((i + 1)) ;;
		static) ;;
		*)
			proto=${proto:-${words[i]}}
			place=$((place + 1))
			;;
		esac
	done

	case $prev in
	dev) _nat64_devices ;;
	expires | sessions) ;;
	add | replace | del | get) echo dev ;;
	*)
		_nat64_unused dev
		((place > 0)) || echo tcp udp icmp
		case "$1 $2" in
		"bib add" | "bib replace") _nat64_unused static ;;
		esac
		case "$1 $2" in
		"session add" | "session replace") ((place > 3)) || return ;;
		*) return ;;
		esac
		[ "$place $proto" != "4 tcp" ] || _nat64_states
		_nat64_unused expires
		;;
	esac
}

# Words behind subscriber show
_nat64_least()
{
	case $prev in
	dev) _nat64_devices ;;
	addr6 | min-bindings | min-sessions) ;;
	*) _nat64_unused dev addr6 min-bindings min-sessions ;;
	esac
}

# Words behind pool4 add, del or get; what follows a prefix may be there again for
# the next one.
_nat64_entry()
{
	case $prev in
	dev) _nat64_devices ;;
	proto) echo tcp udp icmp ;;
	ports | mark) ;;
	add | del | get) echo dev ;;
	*)
		_nat64_unused dev
		echo ports proto mark
		;;
	esac
}

# Words behind eam or pool4 replace: the device and a file.
_nat64_replace()
{
	case $prev in
	dev) _nat64_devices ;;
	replace) echo dev ;;
	*) compgen -f -- "$cur" ;;
	esac
}

_nat64()
{
	local words=("${COMP_WORDS[@]}") cword=$COMP_CWORD cur prev
	local object='' command='' offers='' first=0 i

	# bash takes an IPv6 address for several words.
	if declare -F _get_comp_words_by_ref >/dev/null; then
		_get_comp_words_by_ref -n : cur prev words cword
	fi
	cur=${words[cword]} prev=${words[cword - 1]}

	COMPREPLY=()
	case $prev in
	-b | -batch | --b | --batch)
		mapfile -t COMPREPLY < <(compgen -f -- "$cur")
		return
		;;
	-n | -netns | --n | --netns)
		offers=$(ip netns list 2>/dev/null | awk '{ print $1 }')
		mapfile -t COMPREPLY < <(compgen -W "$offers" -- "$cur")
		return
		;;
	esac

	for ((i = 1; i < cword; i++)); do
		case ${words[i]} in
		-b | -batch | --b | --batch) i=$((i + 1)) ;;
		-n | -netns | --n | --netns) i=$((i + 1)) ;;
		-*) ;;
		*)
			if [ -z "$object" ]; then
				object=${words[i]}
			elif [ -z "$command" ]; then
				command=${words[i]}
				first=$((i + 1))
			fi
			;;
		esac
	done

	case $object:$command in
	:)
		offers='bib eam monitor pool4 restore save session stats'
		offers+=' subscriber table version help -json -pretty -netns'
		offers+=' -batch -force -Version -help'
		;;
	eam:) offers='add del replace show flush help' ;;
	bib: | session:) offers='add replace del get show flush help' ;;
	pool4:) offers='add addresses del get replace list show flush help' ;;
	subscriber:) offers='get show help' ;;
	version:) offers=help ;;
	save:) offers='sessions dev help' ;;
	save:*)
		first=$((first - 1))
		if [ "$prev" = dev ]; then
			offers=$(_nat64_devices)
		else
			offers=$(_nat64_unused sessions dev)
		fi
		;;
	restore:) offers="help $(compgen -f -- "$cur")" ;;
	stats: | table:) offers='dev show help' ;;
	stats:* | table:*)
		if [ "$prev" = dev ]; then
			offers=$(_nat64_devices)
		elif [ "$prev" = show ]; then
			offers=dev
		fi
		;;
	subscriber:show) offers=$(_nat64_least) ;;
	monitor:*)
		[ -z "$command" ] || first=$((first - 1))
		offers=$(_nat64_filter session)
		case $prev in
		dev | proto | state | addr6 | addr4 | remote4) ;;
		*) offers+=" $(_nat64_unused bib session exhaustion)" ;;
		esac
		;;
	bib:show | bib:flush | session:show | session:flush)
		offers=$(_nat64_filter "$object")
		;;
	bib:add | bib:replace | bib:del | bib:get | session:add | \
	session:replace | session:del | session:get)
		offers=$(_nat64_change "$object" "$command")
		;;
	pool4:add | pool4:del | pool4:get) offers=$(_nat64_entry) ;;
	eam:replace | pool4:replace) offers=$(_nat64_replace) ;;
	eam:add | eam:del | eam:show | eam:flush | pool4:list | pool4:show | \
	pool4:addresses | pool4:flush | subscriber:get)
		if [ "$prev" = dev ]; then
			offers=$(_nat64_devices)
		elif [ "$prev" = "$command" ]; then
			offers=dev
		fi
		;;
	esac
	mapfile -t COMPREPLY < <(compgen -W "$offers" -- "$cur")
}

complete -F _nat64 nat64
