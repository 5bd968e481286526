# shellcheck shell=bash disable=SC2034
# SPDX-License-Identifier: GPL-2.0-only
# Functions for the scripts that run guests. Sourcing this file only sets:
#   vm_dir	this folder
#   top		the folder of the project
#   cache	downloads and builds, outside the repository; may be deleted

vm_dir=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd -P)
top=$(cd "$vm_dir/../../.." && pwd -P)
cache=${NAT64_CACHE:-${XDG_CACHE_HOME:-$HOME/.cache}/nat64}

die()
{
	echo "${0##*/}: $*" >&2
	exit 1
}

say()
{
	echo "# $*" >&2
}

# with_lock NAME COMMAND...: run COMMAND while holding lock NAME of the cache.
with_lock()
{
	local name=$1

	shift
	mkdir -p "$cache/lock"
	(
		flock 9
		# Background children must not keep the lock.
		"$@" 9>&-
	) 9>"$cache/lock/$name"
}

vm_apt_get()
{
	local log=$cache/apt.log

	mkdir -p "$cache"
	DEBIAN_FRONTEND=noninteractive NEEDRESTART_MODE=l apt-get -qq \
		-o DPkg::Lock::Timeout=600 -o APT::Sandbox::User=root \
		"$@" </dev/null >>"$log" 2>&1
}

vm_missing_packages()
{
	local pkg

	for pkg; do
		dpkg-query -W -f '${db:Status-Status}' "$pkg" 2>/dev/null |
			grep -qx installed || echo "$pkg"
	done
}

# policy-rc.d prevents packages from starting daemons on this machine; it exists
# only while apt runs.
vm_install_packages()
{
	local policy=/usr/sbin/policy-rc.d mine='' rc=0
	local missing

	mapfile -t missing < <(vm_missing_packages "$@")
	[ "${#missing[@]}" -gt 0 ] || return 0
	[ "$(id -u)" = 0 ] || die "as root, please: apt-get install ${missing[*]}"
	say "installing ${missing[*]}"
	if [ ! -e "$policy" ]; then
		mine=1
		printf '#!/bin/sh\nexit 101\n' >"$policy"
		chmod +x "$policy"
	fi
	# Update the package lists only if they are out of date.
	vm_apt_get install --no-install-recommends "${missing[@]}" || {
		vm_apt_get update &&
		vm_apt_get install --no-install-recommends "${missing[@]}"
	} || rc=$?
	[ -z "$mine" ] || rm -f "$policy"
	[ "$rc" = 0 ] || die "cannot install ${missing[*]}, see $cache/apt.log"
}

# need_packages PACKAGE...: install the missing ones.
need_packages()
{
	[ -z "$(vm_missing_packages "$@")" ] ||
		with_lock apt vm_install_packages "$@"
}

# Packages for guests, from the file packages.
vm_guest_packages()
{
	sed 's/#.*//' "$vm_dir/packages" | xargs
}

# URI of the Debian archive in the apt sources of this machine.
debian_mirror()
{
	local codename

	codename=$(sed -n 's/^VERSION_CODENAME=//p' /etc/os-release)
	# shellcheck disable=SC2016
	apt-get indextargets --format '$(CODENAME) $(COMPONENT) $(REPO_URI)' \
		'Created-By: Packages' |
		awk -v name="$codename" '$1 == name && $2 == "main" { print $3; exit }'
}

# only_apt FOLDER ...: apt with FOLDER/sources.list as its only source, and
# nothing of this machine's state.
only_apt()
{
	local folder=$1

	shift
	(cd "$folder" && vm_apt_get -o Dir::Etc::sourcelist="$folder/sources.list" \
		-o Dir::Etc::sourceparts=/dev/null \
		-o Dir::State::lists="$folder/lists" \
		-o Dir::Cache="$folder/cache" "$@")
}

# vm_fetch_source SUITE FOLDER [PATH...]: unpack the kernel's source, as a suite
# of Debian has it, or only some of its folders. Prints its version.
vm_fetch_source()
{
	local suite=$1 folder=$2 work=$2.new url name path sought=()

	shift 2
	need_packages debian-archive-keyring xz-utils
	url=$(debian_mirror)
	[ -n "$url" ] || die "apt's sources name no Debian archive"
	rm -rf "$work" "$folder"
	mkdir -p "$work/lists/partial" "$work/cache/archives/partial" \
		"$work/deb" "$folder"
	printf 'deb [signed-by=%s] %s %s main\n' \
		/usr/share/keyrings/debian-archive-keyring.gpg "$url" "$suite" \
		>"$work/sources.list"
	# The package linux-source depends on the one of the suite's kernel.
	{ only_apt "$work" update && only_apt "$work" download linux-source; } ||
		die "cannot fetch linux-source, see $cache/apt.log"
	name=$(dpkg-deb -f "$work"/linux-source_*.deb Depends | sed 's/[ ,].*//')
	only_apt "$work" download "$name" ||
		die "cannot fetch $name, see $cache/apt.log"
	dpkg-deb -x "$work/$name"_*.deb "$work/deb"
	for path; do
		sought+=("$name/$path")
	done
	tar -xf "$work/deb/usr/src/$name.tar.xz" -C "$folder" \
		--strip-components=1 "${sought[@]}"
	dpkg-deb -f "$work/$name"_*.deb Version
	rm -rf "$work"
}

# The release (uname -r) of the Debian kernel whose headers are installed.
vm_headers_release()
{
	dpkg-query -W -f '${Depends}' linux-headers-amd64 |
		sed -n 's/.*linux-headers-\([^ ,]*\).*/\1/p'
}
