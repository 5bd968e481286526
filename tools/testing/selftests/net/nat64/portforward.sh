#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# Clients on the IPv6 Internet reach a thing on the LAN that has IPv4 only, and no
# default route: by its address in a prefix of the site, and by a port of the
# router, which runs the commands of Documentation/howto/port-forward.rst.
#
#   client (Internet)           router               thing
#  +---------+         +----------------------+    +--------+
#  |    eth0 |---------| wan    nat64     lan |----| eth0   |
#  +---------+         +----------------------+    +--------+
#  2001:db8:ffff::10   2001:db8:ffff::1            192.168.1.10
#  only IPv6           192.168.1.1                 192.168.1.11, not let out

# shellcheck source=howto.sh
. "$(dirname "$(readlink -f "$0")")/howto.sh"
use_howto port-forward.rst
need nft curl

INTERNET6=2001:db8:ffff::10 WAN6=2001:db8:ffff::1
PREFIX=2001:db8:2:64::
THING6=${PREFIX}c0a8:10a OTHER6=${PREFIX}c0a8:10b
thing() { on thing "$@"; }

begin() {
	add_netns client router thing || return
	add_link client eth0 router wan && add_link thing eth0 router lan ||
		return
	ip_on client -batch - <<-EOF || return
		addr add $INTERNET6/64 dev eth0 nodad
		route add default via $WAN6
	EOF
	ip_on router -batch - <<-EOF || return
		addr add $WAN6/64 dev wan nodad
		addr add 192.168.1.1/24 dev lan
	EOF
	howto_run router "The device" || return
	ip_on thing -batch - <<-EOF || return
		addr add 192.168.1.10/24 dev eth0
		addr add 192.168.1.11/24 dev eth0
	EOF
	rules
}

rules() {
	howto_block "The rules" table | router nft -f - &&
		router nft add rule ip6 things forward counter comment kept
}

# page HOST: gets what the thing serves
page() {
	client curl -g -sS -m "$(slow 10)" -o "$WORK/got" "http://$1/file" &&
		cmp "$WORK/www/file" "$WORK/got"
}

serve() {
	mkdir -p "$WORK/www"
	head -c 300000 /dev/urandom >"$WORK/www/file"
	# no shell between, which would be what end_jobs ends
	ip netns exec "$(netns_name thing)" "$PYTHON" -BEs "$HERE/web.py" \
		0.0.0.0 80 "$WORK/www" >/dev/null 2>"$WORK/log" &
	wait_listen thing 80
}

by_address() {
	serve
	page "[$THING6]"
	has "$(<"$WORK/log")" "192.168.1.1 - - "
}

by_port() {
	serve
	page "[$WAN6]:8080"
	has "$(<"$WORK/log")" "192.168.1.1 - - "
	has "$(howto_run router "What to look at")" \
		" tcp $INTERNET6#" " 192.168.1.1#" " 192.168.1.10#80 "
}

kept() { nft_packets router ip6 things kept; }

# Nothing else of the LAN, and nothing else of the thing, is let in.
nothing_else() {
	local before url

	serve
	for url in "[$OTHER6]" "[$THING6]:81" "[${PREFIX}c0a8:101]"; do
		before=$(kept)
		fails client curl -g -sS -m 1 "http://$url/file"
		atleast "$(kept)" $((before + 1)) "kept out, $url"
	done
	lost client 1 $OTHER6
}

given begin
add_test "a thing by its address in pool6" by_address
add_test "a thing by a port of the router" by_port
add_test "nothing else is open" nothing_else
add_test "every command of the page" howto_all_run
run_tests
