#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# The commands of pages in Documentation/howto that have no script of their own,
# and of every page that some script runs its commands.
#
#     client                    router                      server
#  +---------+         +----------------------+         +----------+
#  |    eth0 |---------| lan              wan |---------| eth0     |
#  +---------+         +----------------------+         +----------+
#                      names and addresses as on the page
#
# Environment: NAT64_TOOL   nat64, if it is neither in tools/nat64 nor installed

# shellcheck source=howto.sh
. "$(dirname "$(readlink -f "$0")")/howto.sh"
use_howto isp.rst
need nft conntrack curl tcpdump unbound-checkconf radvd dnsmasq ethtool nstat

readonly W4=64:ff9b::198.51.100.5

# in_page PAGE COMMAND...: run it for that page
in_page() {
	use_howto "$1"
	"${@:2}"
}

# network LAN CLIENT6 ROUTER6: with this name of the link to the client
network() {
	add_netns client router server && add_link client eth0 router "$1" &&
		add_link router wan server eth0 || return
	ip_on client -batch - <<-EOF || return
		addr add $2/64 dev eth0 nodad
		route add default via $3
	EOF
	ip_on router -batch - <<-EOF || return
		addr add $3/64 dev $1 nodad
		addr add $R4/24 dev wan
		addr add 2001:db8:5::1/64 dev wan nodad
	EOF
	ip_on server -batch - <<-EOF || return
		addr add $S4/24 dev eth0
		addr add $S4B/24 dev eth0
		addr add 2001:db8:5::5/64 dev eth0 nodad
		route add default via $R4
	EOF
	private_dirs router && mkdir "$WORK/www" && echo hello >"$WORK/www/index.html"
}

# serve NS PORT: a page, until the test ends
serve() {
	ip netns exec "$(netns_name "$1")" "$PYTHON" -BEs "$HERE/web.py" \
		:: "$2" "$WORK/www" >/dev/null 2>&1 &
	wait_listen "$1" "$2"
}

# users NS TITLE PATTERN WORD...: the commands for users that match, and what they
# print
users() {
	has "$(howto_users "$2" "$3" | howto_shell "$1")" "${@:4}"
}

# --- campus-dns64.rst ---------------------------------------------------

# ifupdown, which may not be installed: ifup|ifdown DEV
ifup_stub() {
	howto_stub ifup <<-'EOF'
		#!/bin/bash
		set -e
		sed -nE "s/^ *(pre-up|up) //p" "/etc/network/interfaces.d/$1" |
			bash -ex
	EOF
}

campus() {
	network lan $C6 $R6 && ifup_stub
}

campus_device() {
	howto_script "The device" | howto_shell router
	users client "The device" ping " 0% packet loss"
	howto_run router "Limits"
	has "$(howto_run router "Monitoring")" "ports 1-65535 proto icmp used 1 " \
		"malformed"
	howto_run router "Without the device"
	ip_on router link del nat64
	has "$(told client $W4)" "$R6"
}

campus_proxies() {
	howto_script "The device" | howto_shell router
	howto_run router "Addresses of the uplink's own network"
	pings client 3 $W4
	has "$(nat64 bib show dev nat64)" " 198.51.100.4"
}

campus_services() {
	howto_files <"$HOWTO" | howto_shell router
	howto_run router "DNS64"
	pref64 || sed -i '/nat64prefix/d' "$WORK/router/etc/radvd.conf"
	howto_run router "IPv6-mostly" "^radvd|^dnsmasq"
	howto_tcpdump client "IPv6-mostly"
	"$PYTHON" -BEsS "$HERE/advert.py" send "$(netns_name router)" lan 64:ff9b::
	wait_for grep -q "0708 0064 ff9b 0000 0000 0000 0000" "$WORK/dump"
}

# --- datacentre-stateless.rst -------------------------------------------

datacentre() {
	network dc 2001:db8:10::10 2001:db8:10::1 &&
		howto_run router "The device"
}

datacentre_mapping() {
	local title="A server with the address that it has"

	serve client 80
	howto_run router "$title" "203.0.113.10 |show$"
	users server "$title" curl hello
	pings server 2 203.0.113.10
	howto_run router "$title" "flush|/29|siit.eam"
	ip_on client addr add 2001:db8:10::4b/64 dev eth0 nodad
	pings server 2 203.0.113.11
	lost server 1 203.0.113.10
	ip_on client addr del 2001:db8:10::4b/64 dev eth0
	howto_hooks "At every boot" down post-down | howto_shell router
	equal "$(ip_on router link show type nat64)" "" "device"
	howto_hooks "At every boot" pre-up up | howto_shell router
	equal "$(nat64 eam show)" \
		"dev siit 203.0.113.8/29 2001:db8:10::48/125" "at boot"
}

datacentre_address() {
	local title="A server with an address for the purpose"

	nat64 eam flush dev siit
	howto_run router "$title" "dev dc$"
	howto_run client "$title" "eth0$|via"
	pings server 2 203.0.113.11
	howto_block "Firewall" table | router nft -f -
	serve client 80
	equal "$(server curl -sS -m "$(slow 10)" http://203.0.113.11/)" hello
}

# --- home-router.rst ----------------------------------------------------

home() {
	network lan $C6 $R6 || return
	ip_on router -batch - <<-EOF || return
		addr flush dev wan
		addr add 192.0.2.2/24 dev wan
		addr add 192.168.1.1/24 dev lan
		route add default via 192.0.2.1
	EOF
	ip_on server addr add 192.0.2.1/24 dev eth0
}

home_server() {
	howto_run router "The device"
	users client "The device" ping " 0% packet loss"
	howto_block "The firewall" table | router nft -f -
	serve client 8080
	howto_run router "A server inside"
	users server "A server inside" curl hello
	howto_run router "The firewall"
	has "$(router nft list chain inet router forward)" \
		'iifname "nat64" oifname "lan" accept'
	howto_run router "IPv4 hosts at home"
	howto_run router "Ports"
	pings client 2 $W4
	has "$(nat64 pool4 list)" " 192.0.2.2/32 ports 40000-65535"
}

# --- isp.rst ------------------------------------------------------------

isp() { network lan $C6 $R6; }

# keep COMMAND...: run it for limits of all namespaces, which return
keep() {
	local old

	old=$(sysctl -a 2>/dev/null | grep -E \
		'^net.ipv6.neigh.default.gc_thresh|^net.netfilter.nf_conntrack_(max|buckets) ')
	"$@"
	sysctl -qp - <<<"$old"
}

global() { howto_commands "What the kernel needs" "^sysctl" | bash -ex; }

isp_router() {
	router sysctl -qw net.ipv4.ip_forward=1 net.ipv6.conf.all.forwarding=1
	howto_run router "The device"
	pings client 2 $W4
	has "$(howto_run router "How many addresses")" " icmp used 1 "
	howto_block "What the kernel needs" table | router nft -f -
	pings client 2 $W4
	keep global
	ip_on router link set nat64 type nat64 max-bindings 1
	traffic udp client server $W4 $S4 1 >/dev/null
	has "$(howto_run router "Looking after it" "^ip ")" "{"
	has "$(howto_run router "Looking after it" "bib show")" " udp $C6#"
}

# The monitor runs until it is ended.
isp_refused() {
	local command

	command=$(howto_commands "Looking after it" monitor)
	ip netns exec "$(netns_name router)" "$NAT64_TOOL" ${command#nat64 } \
		>"$WORK/events" &
	wait_for refused_one
	has "$(<"$WORK/events")" "quota exceeded dev nat64 udp $C6 "
}

refused_one() {
	client "$PYTHON" -c 'import socket
sock = [socket.socket(socket.AF_INET6, socket.SOCK_DGRAM) for i in range(3)]
for each in sock:
    each.sendto(b"x", ("64:ff9b::c633:6405", 7))'
	[ -s "$WORK/events" ]
}

# User Mode Linux has one processor; on others basic.sh sets all of the bits.
isp_queues() {
	router test -e /sys/class/net/wan/queues/rx-0/rps_cpus || {
		howto_commands "What the kernel needs" "^echo"
		skip "no RPS"
	}
	howto_run router "What the kernel needs" "^echo"
}

# --- nftables.rst -------------------------------------------------------

rules() {
	network lan $C6 $R6 || return
	router sysctl -qw net.ipv4.ip_forward=1 net.ipv6.conf.all.forwarding=1
	ip_on router -batch - <<-EOF
		link add nat64 type nat64 pool6 64:ff9b::/96 pool4 203.0.113.0/28
		link set nat64 up
		route add 64:ff9b::/96 via fe80::64 dev nat64
		route add 203.0.113.0/28 dev nat64
	EOF
}

# Titles of the sections with rules
titles() {
	awk '/^=+$/ && length() == length(last) { title = last }
		/^  table / && title != done { print done = title }
		{ last = $0 }' "$HOWTO"
}

can_log() {
	router nft -f - <<-EOF
		table ip probe {
			chain f {
				log
			}
		}
		delete table ip probe
	EOF
}

# All but the last together.
all_rules() {
	local title count=0

	while read -r title; do
		echo "$title"
		case $title in
		"Less to track" | "A flow table") continue ;;
		"A record of flows") can_log || continue ;;
		esac
		howto_block "$title" table | router nft -f -
		count=$((count + 1))
	done < <(titles)
	atleast $count 6 "sections"
	serve server 80
	pings client 2 $W4
	equal "$(client curl -g -sS "http://[$W4]/")" hello "page"
	has "$(howto_users "Hosts may open flows, nobody else" |
		howto_shell client || true)" "Administratively prohibited"
	has "$(howto_run router "Hosts may open flows, nobody else")" \
		"counter packets 1 bytes 84 reject" " TIME_WAIT src=203.0.113."
	howto_run router "Destinations that are not translated"
	router nft flush ruleset
	howto_block "Less to track" table | router nft -f -
	pings client 2 $W4
}

flow_table() {
	howto_script "A flow table" | howto_shell router
	howto_shell router <<<"nft -f /etc/nat64-fast.nft" ||
		skip "no flow tables"
	pings client 2 $W4
}

# --- all ----------------------------------------------------------------

# Each page has a script that runs all of its commands.
every_page() {
	local page programs users count=0

	mapfile -t programs < <(make -s --no-print-directory -C "$HERE" \
		list-programs | grep '\.sh$')
	cd "$HERE"
	for page in "$HOWTOS"/*.rst; do
		page=${page##*/}
		echo "$page"
		count=$((count + 1))
		grep -q "^add_test .* in_page $page howto_all_run$" recipes.sh &&
			continue
		mapfile -t users < <(grep -lx "use_howto $page" "${programs[@]}")
		grep -l "^add_test .* howto_all_run$" "${users[@]}"
	done
	atleast $count 9 "pages"
}

given campus
add_test "campus: device, limits, monitoring" in_page campus-dns64.rst campus_device
add_test "campus: proxy entries" in_page campus-dns64.rst campus_proxies
add_test "campus: DNS64, announcements" in_page campus-dns64.rst campus_services
add_test "campus: every command" in_page campus-dns64.rst howto_all_run
given in_page datacentre-stateless.rst datacentre
add_test "datacentre: mappings" in_page datacentre-stateless.rst datacentre_mapping
add_test "datacentre: address" in_page datacentre-stateless.rst datacentre_address
add_test "datacentre: every command" in_page datacentre-stateless.rst howto_all_run
given home
add_test "home: device, server, ports" in_page home-router.rst home_server
add_test "home: every command" in_page home-router.rst howto_all_run
given isp
add_test "provider: device, kernel" in_page isp.rst isp_router
add_test "provider: a customer who has too many" in_page isp.rst isp_refused
add_test "provider: queues" in_page isp.rst isp_queues
add_test "provider: every command" in_page isp.rst howto_all_run
given rules
add_test "nftables: all rules" in_page nftables.rst all_rules
add_test "nftables: a flow table" in_page nftables.rst flow_table
add_test "nftables: every command" in_page nftables.rst howto_all_run
add_test "every page has a script" every_page
run_tests
