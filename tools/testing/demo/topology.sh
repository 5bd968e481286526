# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash disable=SC2034,SC2154
#
# The network of the demo, to be sourced: three namespaces, a web server, a name
# server. Whoever sources it sets `here`, this folder; `work`, one for what
# comes and goes; and `slow`, how much longer than usual to wait.

drawing() {
	cat <<'END'
  +-------------+         +---------------------------+         +-------------+
  |   client    |         |          router           |         |   server    |
  |  IPv6 only  |         |   nat64 device, unbound   |         |  IPv4 only  |
  |         eth0|---------|client               server|---------|eth0         |
  +-------------+         +---------------------------+         +-------------+
   2001:db8:1::2           2001:db8:1::1   198.51.100.1          198.51.100.2

  For the client, the server is 64:ff9b::198.51.100.2   (pool6 64:ff9b::/96).
  For the server, the client is 203.0.113.1             (pool4).
END
}

client6=2001:db8:1::2
router6=2001:db8:1::1
router4=198.51.100.1
server4=198.51.100.2
pool4=203.0.113.1
pool6=64:ff9b::/96
# how programs write 64:ff9b::198.51.100.2
server6=64:ff9b::c633:6402
name=v4only.example
prefix=nat64-demo

# on NODE COMMAND...
on() {
	ip netns exec "$prefix-$1" "${@:2}"
}

add_nodes() {
	local node

	for node in client router server; do
		ip netns add "$prefix-$node"
		ip -n "$prefix-$node" link set lo up
	done
	for node in client server; do
		ip -n "$prefix-router" link add "$node" type veth \
			peer name eth0 netns "$prefix-$node"
		ip -n "$prefix-router" link set "$node" up
		ip -n "$prefix-$node" link set eth0 up
	done
	ip -n "$prefix-client" addr add "$client6/64" dev eth0 nodad
	ip -n "$prefix-router" addr add "$router6/64" dev client nodad
	ip -n "$prefix-router" addr add "$router4/24" dev server
	ip -n "$prefix-server" addr add "$server4/24" dev eth0
	ip -n "$prefix-client" route add default via "$router6"
	ip -n "$prefix-server" route add default via "$router4"
	on router sysctl -qw net.ipv6.conf.all.forwarding=1 \
		net.ipv4.ip_forward=1
}

# ip-netns(8): files in /etc/netns/NAME show as /etc in the namespace
add_resolver_config() {
	local etc=/etc/netns/$prefix-client target

	mkdir -p "$etc"
	echo "nameserver $router6" > "$etc/resolv.conf"
	echo "hosts: files dns" > "$etc/nsswitch.conf"
	# a link to a file that only systemd would make cannot be covered
	target=$(readlink -m /etc/resolv.conf)
	[ -e "$target" ] || install -D /dev/null "$target"
}

# unbound knows one zone, of one name with an IPv4 address and no other
start_dns64() {
	cat > "$work/zone" <<END
@	3600 IN SOA ns.example. nobody.invalid. 1 3600 600 86400 60
@	3600 IN NS ns.example.
ns	3600 IN AAAA $router6
v4only	3600 IN A $server4
END
	cat > "$work/unbound.conf" <<END
server:
	interface: $router6
	access-control: ::/0 allow
	module-config: "dns64 validator iterator"
	dns64-prefix: $pool6
	chroot: ""
	username: ""
	directory: "$work"
	pidfile: ""
	use-syslog: no
	num-threads: 1
auth-zone:
	name: "example."
	zonefile: "$work/zone"
	for-upstream: yes
	for-downstream: no
	fallback-enabled: no
remote-control:
	control-enable: no
END
	# A copy has a path that AppArmor has no rules for.
	cp "$(command -v unbound)" "$work/unbound"
	start router "$work/unbound" -d -c "$work/unbound.conf"
	wait_for 30 on client dig +short +timeout=1 +tries=1 "$name" A
}

start_web_server() {
	start server "$here/page.py" "$server4" 80
	wait_for 30 on server curl -sf -o "$work/page" "http://$server4/"
}

# start NODE COMMAND...: in the background, until remove_network
start() {
	on "$@" > "$work/log" 2>&1 &
	started+=($!)
}

# wait_for SECONDS COMMAND...: until it succeeds
wait_for() {
	local end=$((SECONDS + $1 * slow))

	until "${@:2}" > /dev/null 2>&1; do
		[ $SECONDS -lt $end ] || return 1
		sleep 0.2
	done
}

add_network() {
	remove_network
	started=()
	add_nodes
	add_resolver_config
	start_web_server || { echo "the web server does not start"; return 1; }
	start_dns64 || { echo "unbound does not start"; return 1; }
}

remove_network() {
	local node

	[ ${#started[@]} = 0 ] || kill "${started[@]}" 2> /dev/null
	started=()
	for node in client router server; do
		[ ! -e "/run/netns/$prefix-$node" ] ||
			ip netns del "$prefix-$node"
	done
	rm -rf "/etc/netns/$prefix-client"
	rmdir /etc/netns 2> /dev/null || true
}
started=()
