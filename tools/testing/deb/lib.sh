# shellcheck shell=bash disable=SC2034
# SPDX-License-Identifier: GPL-2.0-only
# Shared by the scripts that build and try packages. Source it.
# shellcheck source-path=SCRIPTDIR source=../vm/lib.sh
. "$(dirname "${BASH_SOURCE[0]}")/../vm/lib.sh"
deb_dir=$top/tools/testing/deb

# The newest version of debian/changelog in the sources at $1.
deb_version()
{
	sed -n '1s/.*(\(.*\)).*/\1/p' "$1/debian/changelog"
}

# Those of the sources that are packed: with git, what it tracks or would.
deb_files()
{
	{
		git ls-files -co --exclude-standard 2>/dev/null ||
			find . \( -name .git -o -path ./deb \) -prune -o \
				-type f -printf '%P\n'
	} | while read -r file; do
		[ ! -f "$file" ] || echo "$file"
	done | LC_ALL=C sort
}

# copy_sources FROM TO: as they are packed; who has them when makes no difference
copy_sources()
(
	umask 022
	date=$(sed -n '/^ -- /{s/.*>  //p;q}' "$1/debian/changelog")
	mkdir -p "$2"
	(cd "$1" && deb_files | tar -cf - -T - --mtime="$date" \
		--owner=0 --group=0 --mode=u+rw,go+r,go-w) | tar -C "$2" -xpf -
)

# mount_root ROOT: shows ROOT in /mnt/root, with memory over it. In a mount
# namespace of the caller's, which takes it all off when it ends.
mount_root()
{
	mount -t tmpfs -o size=90% tmpfs /mnt &&
		mkdir /mnt/upper /mnt/work /mnt/root || return
	# A root that is an overlay itself has no room for another.
	mount -t overlay -o "lowerdir=$1,upperdir=/mnt/upper,workdir=/mnt/work" \
		overlay /mnt/root 2>/dev/null ||
		cp -a "$1/." /mnt/root/ || return
	mount -t proc proc /mnt/root/proc &&
		mount --rbind /dev /mnt/root/dev &&
		mount -t tmpfs tmpfs /mnt/root/run
}
