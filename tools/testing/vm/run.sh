# shellcheck shell=bash disable=SC2034
# SPDX-License-Identifier: GPL-2.0-only
# Shared by vm/qemu and vm/uml: options, what goes into a guest, what comes
# out. A run has a folder of its own, which is the only thing a guest can
# write on this machine:
#   command    what to run
#   nat64.ko   the module to load first, if any
#   console    what the kernel printed
#   dmesg      its log at the end
#   status     exit status of the command
#   trouble    what the guest found wrong at the end
# shellcheck source-path=SCRIPTDIR source=lib.sh
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

usage()
{
	cat >&2 <<-END
	usage: ${0##*/} [-k KERNEL] [-c CPUS] [-m MB] [-t SECONDS] [-e VAR=VALUE]...
	       [-a WORD]... $1 [--] COMMAND...
	-a adds to the kernel's command line.
	Runs COMMAND as root in a guest, in this folder, and exits with its
	status; 124: out of time; 125: the kernel complained.
	Environment: NAT64_KO is the module to load; built when unset, none when
	empty. NAT64_CACHE is where kernels are kept.
	END
	exit 2
}

# NAT64_SLOW: how much slower than native the guest is, for waits.
vm_slow=1
vm_kernel=
vm_cpus=1
vm_mem=1024
vm_time=1800
vm_env=()
vm_append=()
vm_flags=()

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
	: >"$vm_run/console"
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

# vm_start COMMAND...: boots. The output goes through cat so that the emulator
# cannot change the mode of a terminal or a pipe that others use, too.
vm_start()
{
	exec 8> >(exec cat)
	vm_cat=$!
	timeout -k 5 "$vm_time" "$@" </dev/null >&8 2>"$vm_run/emulator" 9>&- &
	vm_pid=$!
	exec 8>&-
	wait "$vm_pid" 2>/dev/null
	vm_rc=$?
	vm_pid=
	wait "$vm_cat"
}

# What a kernel prints when something is wrong with it. A stall is none: the
# guest's time is not its own.
vm_splats='BUG:|BUG |WARNING:|KASAN|UBSAN:|Oops|ODEBUG:|Kernel panic'
vm_splats+='|general protection fault|suspicious RCU|INFO: task .* blocked'
vm_splats+='|possible (recursive|circular) locking|inconsistent lock state'
vm_splats+='|possible irq lock inversion|[Ii]nvalid wait context'
vm_splats+='|refcount_t:|scheduling while atomic|bad: scheduling'
vm_splats+='|unreferenced object|new suspected memory leaks'
vm_splats+='|unregister_netdevice: waiting|Kernel mode fault|Segfault with no mm'

# vm_finish: judges the run, and exits.
vm_finish()
{
	local splats status timeout=

	# A kernel that is ended from outside may print what is no trouble of ours.
	# 124: terminated, 137: killed
	case $vm_rc in 124 | 137) timeout=1 ;; esac

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
		[ -n "$timeout" ] || exit 125
	fi
	if [ -n "$timeout" ]; then
		echo "# ${0##*/}: out of time after $vm_time s" >&2
		exit 124
	fi
	if ! status=$(cat "$vm_run/status" 2>/dev/null) || [ -z "$status" ]; then
		{
			echo "${0##*/}: the guest ended without a status"
			tail -n 30 "$vm_run/emulator" "$vm_run/console"
		} | sed 's/^/# /' >&2
		exit 125
	fi
	exit "$status"
}
