# shellcheck shell=bash disable=SC2034
# SPDX-License-Identifier: GPL-2.0-only
# Shared by vm/qemu and vm/uml: options, what goes into a guest, what comes
# out. A run has a folder of its own, which is the only thing a guest can
# write on this machine:
#   command    what to run
#   nat64.ko   the module to load first, if any
#   begun      there when the guest has booted well, before the module is loaded
#   console    what the kernel printed
#   dmesg      its log at the end
#   status     exit status of the command
#   trouble    what the guest found wrong at the end
#   splats     what a kernel prints when it is unwell
#   early      what the guest runs first of all, for the selftest
# shellcheck source-path=SCRIPTDIR source=lib.sh
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

usage()
{
	cat >&2 <<-END
	usage: ${0##*/} [-k KERNEL] [-c CPUS] [-m MB] [-t SECONDS] [-b SECONDS]
	       [-e VAR=VALUE]... [-a WORD]... $1 [--] COMMAND...
	-t limits the command, -b the boot. -a adds to the kernel's command line.
	Runs COMMAND as root in a guest, in this folder, and exits with its
	status; 124: out of time; 125: the kernel complained. A guest that does
	not come as far as COMMAND is started again, three times at most.
	Environment: NAT64_KO is the module to load; built when unset, none when
	empty. NAT64_CACHE is where kernels are kept. NAT64_RESTARTS is a file
	that gets a line for each guest that is started again.
	END
	exit 2
}

# NAT64_SLOW: how much slower than native the guest is, for waits.
vm_slow=1
vm_kernel=
vm_cpus=1
vm_mem=1024
vm_time=1800
# A boot takes two seconds or ten, and on a busy machine ten times that.
vm_boot=300
vm_retries=3
vm_env=()
vm_append=()
vm_flags=()

# What a kernel prints when something is wrong with it. A stall is none: the
# guest's time is not its own.
vm_splats='BUG:|BUG |WARNING:|KASAN|UBSAN:|Oops|ODEBUG:|Kernel panic'
vm_splats+='|general protection fault|suspicious RCU|INFO: task .* blocked'
vm_splats+='|possible (recursive|circular) locking|inconsistent lock state'
vm_splats+='|possible irq lock inversion|[Ii]nvalid wait context'
vm_splats+='|refcount_t:|scheduling while atomic|bad: scheduling'
vm_splats+='|unreferenced object|new suspected memory leaks'
vm_splats+='|unregister_netdevice: waiting|Kernel mode fault|Segfault with no mm'

# vm_options FLAGS ARGUMENT...: FLAGS are the long options there are.
vm_options()
{
	local flags=$1

	shift
	while [ $# -gt 0 ]; do
		case $1 in
		-k) vm_kernel=${2-} ;;
		-c) vm_cpus=${2-} ;;
		-m) vm_mem=${2-} ;;
		-t) vm_time=${2-} ;;
		-b) vm_boot=${2-} ;;
		-e) vm_env+=("${2-}") ;;
		-a) vm_append+=("${2-}") ;;
		--) shift; break ;;
		--*)
			[[ " $flags " == *" $1 "* ]] || usage "[$flags]"
			vm_flags+=("$1")
			shift
			continue
			;;
		-*) usage "[$flags]" ;;
		*) break ;;
		esac
		[ $# -ge 2 ] || usage "[$flags]"
		shift 2
	done
	[ $# -gt 0 ] || usage "[$flags]"
	vm_command=("$@")
}

vm_flag()
{
	[[ " ${vm_flags[*]-} " == *" $1 "* ]]
}

# vm_prepare: the kernel, the module, the plugin and the run's folder.
vm_prepare()
{
	local ko=${NAT64_KO-} plugin=$top/iproute2-ip-link var

	read -ra pkgs <<<"$(vm_guest_packages)"
	need_packages busybox-static "${pkgs[@]}"
	"$vm_dir/kernel" "$vm_kernel" || exit 1
	vm_kdir=$cache/kernels/$vm_kernel

	if [ -z "${NAT64_KO+set}" ]; then
		ko=$("$vm_dir/build" "$vm_kernel") || exit 1
		if [ -e "$plugin/Makefile" ]; then
			with_lock plugin make -s -C "$plugin" >&2 || exit 1
		fi
	fi

	mkdir -p "$cache/run"
	vm_run=$(mktemp -d "$cache/run/XXXXXX")
	trap vm_cleanup EXIT
	trap 'exit 130' INT TERM HUP
	[ -z "$ko" ] || cp "$ko" "$vm_run/nat64.ko"
	echo "$vm_splats" >"$vm_run/splats"
	[ -z "${NAT64_EARLY-}" ] || echo "$NAT64_EARLY" >"$vm_run/early"
	{
		echo "export HOME=/root LANG=C.UTF-8"
		echo "export PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"
		printf 'export %q\n' "NAT64_SLOW=$vm_slow" "IP_LIB_DIR=$plugin"
		[ -z "$ko" ] || echo "export NAT64_KO=/run/nat64-vm/nat64.ko"
		for var in ${vm_env[@]+"${vm_env[@]}"}; do
			printf 'export %q\n' "$var"
		done
		printf 'cd %q || exit\n' "$PWD"
		printf '%q ' exec "${vm_command[@]}"
		echo
	} >"$vm_run/command"
}

vm_cleanup()
{
	if [ -n "${vm_pid-}" ]; then
		# timeout(1) passes it on to the guest
		kill "$vm_pid" 2>/dev/null && wait "$vm_pid"
	fi
	[ -n "${NAT64_KEEP-}" ] || rm -rf "$vm_run"
}

# vm_once COMMAND...: boots, and waits for the end. Sets vm_late to what took too
# long, "boot" or "command".
vm_once()
{
	local end=$((SECONDS + vm_boot)) phase="boot"

	vm_late=
	rm -f "$vm_run"/{begun,status,trouble,dmesg}
	: >"$vm_run/console"
	# timeout(1) would be the last to end it, and ends all of its processes.
	timeout -k 5 $((vm_boot + vm_time + 60)) "$@" </dev/null >&8 \
		2>"$vm_run/emulator" 8>&- 9>&- {vm_nap}>&- &
	vm_pid=$!
	while kill -0 "$vm_pid" 2>/dev/null; do
		if [ "$phase" = boot ] && [ -e "$vm_run/begun" ]; then
			phase="command"
			end=$((SECONDS + vm_time))
		fi
		if ((SECONDS >= end)); then
			vm_late=$phase
			kill "$vm_pid"
			break
		fi
		read -rt 0.1 -u "$vm_nap"
	done
	wait "$vm_pid" 2>/dev/null
	vm_pid=
}

# vm_last_words COUNT: lines of what was heard of a guest: the complaint of its
# kernel, or the last.
vm_last_words()
{
	local text

	text=$(cat "$vm_run/emulator" "$vm_run/console" "$vm_run/trouble" \
		2>/dev/null | tr -d '\r\0')
	{
		grep -aE -m 1 -A "$1" "$vm_splats" <<<"$text" ||
			tail -n "$1" <<<"$text"
	} | sed 's/^/# /'
}

# vm_start COMMAND...: boots, and again if the guest dies on the way: that is no
# matter of what is tested. The output goes through cat so that the emulator
# cannot change the mode of a terminal or a pipe that others use, too.
vm_start()
{
	local retry

	# A pipe in which nothing ever comes, to wait without a process.
	exec {vm_nap}<> <(:) 8> >(exec cat)
	vm_cat=$!
	for ((retry = 1; ; retry++)); do
		vm_once "$@"
		[ ! -e "$vm_run/begun" ] || break
		[ $retry -le $vm_retries ] || break
		{
			echo "# ${0##*/}: the guest died before its command began," \
				"starting it again ($retry of $vm_retries)"
			[ -z "$vm_late" ] || echo "# (after $vm_boot s)"
			vm_last_words 5
		} >&2
		[ -z "${NAT64_RESTARTS-}" ] ||
			echo "${0##*/} $vm_kernel" >>"$NAT64_RESTARTS"
	done
	exec 8>&-
	wait "$vm_cat"
}

# vm_finish: judges the run, and exits.
vm_finish()
{
	local splats status

	if [ ! -e "$vm_run/begun" ]; then
		{
			echo "# ${0##*/}: the guest died before its command began," \
				"$((vm_retries + 1)) times"
			vm_last_words 30
		} >&2
		exit 125
	fi
	splats=$(cat "$vm_run/console" "$vm_run/dmesg" 2>/dev/null |
		grep -aE "$vm_splats" | head -n 5)
	if [ -n "$splats" ] || [ -s "$vm_run/trouble" ]; then
		{
			echo "# ${0##*/}: trouble in kernel $vm_kernel:"
			cat "$vm_run/trouble" 2>/dev/null
			# whichever of the two saw more of it
			if grep -qaE "$vm_splats" "$vm_run/dmesg" 2>/dev/null; then
				cat "$vm_run/dmesg"
			else
				cat "$vm_run/console"
			fi | tr -d '\r' | grep -aE -B2 -A60 "$vm_splats" | head -n 200
		} | sed '/^#/!s/^/# /' >&2
		# A kernel that is ended from outside may print what is no
		# trouble of ours.
		[ -n "$vm_late" ] || exit 125
	fi
	if [ -n "$vm_late" ]; then
		echo "# ${0##*/}: out of time after $vm_time s" >&2
		exit 124
	fi
	if ! status=$(cat "$vm_run/status" 2>/dev/null) || [ -z "$status" ]; then
		{
			echo "# ${0##*/}: the guest ended without a status"
			vm_last_words 30
		} >&2
		exit 125
	fi
	exit "$status"
}
