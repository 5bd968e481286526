# shellcheck shell=bash disable=SC2034
# SPDX-License-Identifier: GPL-2.0-only
# Shared by vm/qemu and vm/uml: options, input and output of a guest. Each run
# has its own folder, the only place on this machine that a guest can write to:
#   command    the command to run
#   nat64.ko   the module to load first, if any
#   begun      exists once the guest has booted, before the module is loaded
#   console    console output of the kernel
#   dmesg      kernel log at the end
#   status     exit status of the command
#   trouble    problems that the guest found at the end
#   splats     patterns of kernel complaints
#   early      commands to run during the boot, for the selftest
# shellcheck source-path=SCRIPTDIR source=lib.sh
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

usage()
{
	cat >&2 <<-END
	usage: ${0##*/} [-k KERNEL] [-c CPUS] [-m MB] [-t SECONDS] [-b SECONDS]
	       [-e VAR=VALUE]... [-a WORD]... $1 [--] COMMAND...
	-t limits the command, -b the boot. -a adds to the kernel's command line.
	Runs COMMAND as root in a guest, in this folder, and exits with its
	status; 124: out of time; 125: the kernel complained. A guest that dies
	before COMMAND is started again, three times at most.
	Environment: NAT64_KO is the module to load; built if unset, none if
	empty. NAT64_CACHE is the folder of the kernels. NAT64_RESTARTS is a
	file that gets a line for each restart of a guest.
	END
	exit 2
}

# NAT64_SLOW: factor by which the guest is slower than native, for timeouts.
vm_slow=1
vm_kernel=
vm_cpus=1
vm_mem=1024
vm_time=1800
# A boot takes 2 to 10 seconds, ten times as long on a busy machine.
vm_boot=300
vm_retries=3
vm_env=()
vm_append=()
vm_flags=()

# Patterns of kernel complaints. Stalls are not included: the host may not
# schedule the guest.
vm_splats='BUG:|BUG |WARNING:|KASAN|UBSAN:|Oops|ODEBUG:|Kernel panic'
vm_splats+='|general protection fault|suspicious RCU|INFO: task .* blocked'
vm_splats+='|possible (recursive|circular) locking|inconsistent lock state'
vm_splats+='|possible irq lock inversion|[Ii]nvalid wait context'
vm_splats+='|refcount_t:|scheduling while atomic|bad: scheduling'
vm_splats+='|unreferenced object|new suspected memory leaks'
vm_splats+='|unregister_netdevice: waiting|Kernel mode fault|Segfault with no mm'

# vm_options FLAGS ARGUMENT...: parse options; FLAGS are the valid long ones.
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

# vm_prepare: build the kernel, the module and the plugin; make the run folder.
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
		# timeout(1) forwards the signal to the guest
		kill "$vm_pid" 2>/dev/null && wait "$vm_pid"
	fi
	[ -n "${NAT64_KEEP-}" ] || rm -rf "$vm_run"
}

# vm_once COMMAND...: boot the guest and wait until it ends. Sets vm_late to the
# phase that took too long, "boot" or "command".
vm_once()
{
	local end=$((SECONDS + vm_boot)) phase="boot"

	vm_late=
	rm -f "$vm_run"/{begun,status,trouble,dmesg}
	: >"$vm_run/console"
	# timeout(1) is the last resort, and kills all processes of the
	# emulator.
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

# vm_last_words COUNT: print COUNT lines of the output of a guest: from the
# first kernel complaint on, or the last ones.
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

# vm_start COMMAND...: boot the guest, and boot it again if it dies before the
# command begins, because that is unrelated to the test. The output goes through
# cat, so that the emulator cannot change the mode of a shared terminal or pipe.
vm_start()
{
	local retry

	# A pipe without writers, to sleep without a process.
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

# vm_finish: report the result of the run and exit.
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
			# the kernel log, unless the guest died before saving it
			if grep -qaE "$vm_splats" "$vm_run/dmesg" 2>/dev/null; then
				cat "$vm_run/dmesg"
			else
				cat "$vm_run/console"
			fi | tr -d '\r' | grep -aE -B2 -A60 "$vm_splats" | head -n 200
		} | sed '/^#/!s/^/# /' >&2
		# A kernel that is killed may complain.
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
