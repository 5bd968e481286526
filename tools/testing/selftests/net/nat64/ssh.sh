#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# OpenSSH through a stateful device: from IPv6 to a server in IPv4, and from IPv4
# to one in IPv6 that has a static binding. Keys, accounts and configurations are
# the test's own. The topology is that of lib.sh.

# shellcheck disable=SC2016 # what the other side's shell is to expand
# shellcheck source=lib.sh
. "$(dirname "$(readlink -f "$0")")/lib.sh"

# The nat64 command of this tree, when it has been built.
PATH=$HERE/../../../../nat64:$PATH
need nat64 ssh scp sftp sshd ssh-keygen

SSHD=$(command -v sshd)
readonly SSHD SSH=$WORK/ssh

# The machine's accounts may be locked, and its folders are none of ours.
make_accounts() {
	mkdir -p "$SSH/home" "$SSH/run" || return
	echo "root:x:0:0::$SSH/home:/bin/sh" >"$SSH/passwd"
	echo "sshd:x:65533:65534::/run/sshd:/bin/false" >>"$SSH/passwd"
	printf '%s:*:19000:0:99999:7:::\n' root sshd >"$SSH/shadow"
	chmod 600 "$SSH/shadow"
	ssh-keygen -q -t ed25519 -N '' -f "$SSH/host_key" &&
		ssh-keygen -q -t ed25519 -N '' -f "$SSH/id" || return
	cat >"$SSH/sshd_config" <<-END
		HostKey $SSH/host_key
		AuthorizedKeysFile $SSH/id.pub
		StrictModes no
		UsePAM no
		PermitRootLogin prohibit-password
		PasswordAuthentication no
		PidFile none
		UseDNS no
		LoginGraceTime $(slow 30)
		Subsystem sftp internal-sftp
	END
	cat >"$SSH/ssh_config" <<-END
		User root
		IdentityFile $SSH/id
		IdentitiesOnly yes
		BatchMode yes
		GlobalKnownHostsFile none
		UserKnownHostsFile $SSH/known_hosts
		StrictHostKeyChecking yes
		LogLevel ERROR
		ConnectTimeout $(slow 10)
	END
	echo "* $(cat "$SSH/host_key.pub")" >"$SSH/known_hosts"
}

# serve NS ADDRESS: ip gives it mounts of its own, where it gets what it needs
serve() {
	ip netns exec "$(netns_name "$1")" sh -ec '
		mount --bind "$1/passwd" /etc/passwd
		mount --bind "$1/shadow" /etc/shadow
		mkdir -p "$1/run/sshd"
		mount --bind "$1/run" /run
		exec "$2" -D -e -f "$1/sshd_config" -o "ListenAddress=$3"' \
		- "$SSH" "$SSHD" "$2" 2>"$SSH/log" &
	wait_listen "$1" 22 || {
		cat "$SSH/log"
		return 1
	}
}

# ssh_from NS COMMAND ARGUMENT...
ssh_from() {
	timeout "$(slow 60)" ip netns exec "$(netns_name "$1")" "$2" \
		-F "$SSH/ssh_config" "${@:3}"
}

# What a command prints and how it ends, and what the server saw of the client.
commands() {
	local ret=0

	serve server $S4
	equal "$(ssh_from client ssh $S6 'echo $((6 * 7))')" 42 "output"
	ssh_from client ssh $S6 'exit 7' || ret=$?
	equal $ret 7 "status"
	has "$(ssh_from client ssh $S6 'echo $SSH_CONNECTION')" \
		"203.0.113." " $S4 22"
	equal "$(head -c 300000 "$SSH/random" | ssh_from client ssh $S6 sha256sum)" \
		"$(head -c 300000 "$SSH/random" | sha256sum)" "by a pipe"
}

# same FILE: as what was sent
same() { cmp "$1" "$SSH/random"; }

# Both ways, while keys are exchanged anew now and then.
files() {
	serve server $S4
	ssh_from client scp -q -o RekeyLimit=1M "$SSH/random" \
		"[$S6]:$SSH/put"
	same "$SSH/put"
	ssh_from client scp -q "[$S6]:$SSH/put" "$SSH/got"
	same "$SSH/got"
	printf '%s\n' "put $SSH/random $SSH/sftp-put" \
		"get $SSH/sftp-put $SSH/sftp-got" |
		ssh_from client sftp -q -b - "[$S6]" >/dev/null
	same "$SSH/sftp-put"
	same "$SSH/sftp-got"
}

# The server is in IPv6, and known by an address of pool4.
from_ipv4() {
	nat64 -n "$(netns_name router)" bib add dev nat64 static tcp \
		$C6#22 $T1#22
	serve client $C6
	has "$(ssh_from server ssh $T1 'echo $SSH_CONNECTION')" \
		"2001:db8:64::c633:6405 " " $C6 22"
	ssh_from server scp -q "$SSH/random" "$T1:$SSH/inward"
	same "$SSH/inward"
	ssh_from server scp -q "$T1:$SSH/inward" "$SSH/outward"
	same "$SSH/outward"
}

begin() {
	setup_nat64 && make_accounts &&
		head -c 3000000 /dev/urandom >"$SSH/random"
}

given begin

add_test "ssh: commands" commands
add_test "ssh: files by scp and sftp" files
add_test "R6146-3.1-c ssh from IPv4, by a static binding" from_ipv4
run_tests
