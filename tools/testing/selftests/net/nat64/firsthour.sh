#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# Documentation/howto/first-hour.rst: the router runs the commands of the page,
# with the files that it shows, and at the end a laptop loads a page by name.
#
#     client                    router                      server
#  +---------+         +----------------------+         +----------+
#  |    eth0 |---------| lan    nat64     wan |---------| eth0     |
#  +---------+         +----------------------+         +----------+
#   no address         2001:db8:1::1  198.51.100.1    198.51.100.5, its DNS
#                                                     2001:db8:5::5
#
# Environment: NAT64_TOOL   nat64, if it is neither in tools/nat64 nor installed

# shellcheck source=howto.sh
. "$(dirname "$(readlink -f "$0")")/howto.sh"
use_howto first-hour.rst
need nft unbound unbound-checkconf radvd dig curl flock nstat

readonly W4=64:ff9b::198.51.100.5
UNITS=/lib/systemd/system
[ -e $UNITS/unbound.service ] || skip_all "no units of Debian"
QUICK=$HERE/../../../../nat64/nat64@.service.in
[ -e "$QUICK" ] || QUICK=$UNITS/nat64@.service

# --- the router of the page ---------------------------------------------

# What systemd does for a unit, by what the unit says.
systemctl_stub() {
	mkdir -p "$WORK/units"
	cp $UNITS/{nftables,radvd,unbound}.service "$WORK/units/"
	sed "s|@SBINDIR@/||" "$QUICK" >"$WORK/units/nat64@.service"
	{
		echo "#!/bin/bash"
		echo "units=$WORK/units"
		cat <<-'EOF'
			says() {
				sed -n "s|^$1=||p" "$units/$unit.service" |
					sed "s|%i|$instance|g; s|\$DAEMON_OPTS||"
			}
			start() {
				case $(says Type) in
				notify)
					$(says ExecStart) >"$units/log" 2>&1 &
					echo $! >"$pid"
					;;
				*) $(says ExecStart) ;;
				esac
			}
			stop() {
				if [ -n "$(says ExecStop)" ]; then
					$(says ExecStop)
				elif [ -e "$pid" ]; then
					daemon=$(<"$pid")
					kill "$daemon"
					while [ -e "/proc/$daemon" ]; do
						sleep 0.05
					done
				fi
			}
			unit=${!#} instance=${!##*@}
			[[ $unit != *@* ]] || unit=${unit%@*}@
			pid=$(says PIDFile)
			: "${pid:=$units/$unit.pid}"
			case $* in
			"enable --now "*) start ;;
			"disable --now "* | "stop "*) stop ;;
			"restart "*) stop && start ;;
			"enable "*) says WantedBy | grep target ;;
			*) echo "unknown: $*" >&2 && exit 1 ;;
			esac
		EOF
	} | howto_stub systemctl
}

# What the Internet has: one name of one server.
internet() {
	mkdir "$WORK/www"
	echo hello >"$WORK/www/index.html"
	ip netns exec "$(netns_name server)" "$PYTHON" -BEs "$HERE/web.py" \
		:: 80 "$WORK/www" >/dev/null 2>&1 &
	wait_listen server 80
	cat >"$WORK/dns.conf" <<-EOF
		server:
		    interface: $S4
		    access-control: 0.0.0.0/0 allow
		    chroot: ""
		    username: ""
		    directory: "$WORK"
		    pidfile: ""
		    use-syslog: no
		    num-threads: 1
		    local-zone: "org." static
		    local-data: "v4only.example.org. A $S4"
		    local-zone: "100.51.198.in-addr.arpa." static
		    local-data-ptr: "$S4 v4only.example.org"
		    local-zone: "arpa." static
		    local-data: "ipv4only.arpa. A 192.0.0.170"
		remote-control:
		    control-enable: no
	EOF
	ip netns exec "$(netns_name server)" unbound -d -c "$WORK/dns.conf" \
		>/dev/null 2>&1 &
	wait_for resolves server @$S4 v4only.example.org A
}

# resolves NS [@SERVER] NAME TYPE
resolves() { [ -n "$(on "$1" dig +short +time=1 +tries=1 "${@:2}")" ]; }

network() {
	add_netns client router server &&
		add_link client eth0 router lan &&
		add_link router wan server eth0 || return
	ip_on router -batch - <<-EOF || return
		addr add $R6/64 dev lan nodad
		addr add $R4/24 dev wan
		addr add 2001:db8:5::1/64 dev wan nodad
	EOF
	ip_on server -batch - <<-EOF || return
		addr add $S4/24 dev eth0
		addr add 2001:db8:5::5/64 dev eth0 nodad
		route add 2001:db8::/32 via 2001:db8:5::1
		route add 64:ff9b::/96 via 2001:db8:5::1
	EOF
	private_dirs router && private_dirs client && systemctl_stub && internet ||
		return
	# the provider's name server; by default nobody is asked about TEST-NET-2
	cat >"$WORK/router/etc/unbound/unbound.conf.d/uplink.conf" <<-EOF || return
		server:
		    local-zone: "100.51.198.in-addr.arpa." nodefault
		forward-zone:
		    name: "."
		    forward-addr: $S4
	EOF
	howto_shell router <<<"systemctl restart unbound" &&
		everything >"$WORK/before"
}

# Everything that the page may change
everything() {
	local pid

	ip_on router -o link show | sed 's/^[0-9]*: //'
	ip_on router -o addr show | sed 's/^[0-9]*: //'
	ip_on router -4 route show table all
	ip_on router -6 route show table all | grep -v '^multicast'
	ip_on router -4 rule show
	ip_on router -6 rule show
	router nft list ruleset
	router sysctl -a -r '^net\.ipv[46]\.(conf|ip_forward)' |
		grep -v stable_secret
	for pid in $(ip netns pids "$(netns_name router)"); do
		cat "/proc/$pid/comm"
	done | sort
	(cd "$WORK/router" && find etc -type f -exec sha256sum {} + | sort)
	find "$WORK/router/run" -type f
}

# section TITLE: run it, without the line that the page tells to leave out
section() {
	if pref64; then
		howto_script "$1"
	else
		howto_script "$1" | sed '/nat64prefix/d'
	fi | howto_shell router
}

configured() {
	[[ $(ip_on client -6 addr show scope global) == *" 2001:db8:1:"* ]] &&
		[[ $(ip_on client -6 route show default) == *"via fe80:"* ]]
}

advertised() {
	timeout "$(slow 30)" "$PYTHON" -BEsS "$HERE/advert.py" get \
		"$(netns_name client)" eth0
}

hour() {
	network || return
	section "At every boot" && section "Firewall" && section "DNS64" &&
		section "What hosts learn" && wait_for configured || return
	advertised >"$WORK/advert" || return
	sed -n "s/^rdnss/nameserver/p" "$WORK/advert" \
		>"$WORK/client/etc/resolv.conf"
	wait_for resolves client @$R6 v4only.example.org AAAA
}

# --- tests --------------------------------------------------------------

unchanged() { everything | diff "$WORK/before" -; }

by_hand() {
	local out

	has "$(howto_run router "Install")" "command" "module"
	out=$(howto_run router "By hand")
	has "$out" "64 bytes from 64:ff9b::c633:6405: icmp_seq=1 ttl=64" \
		"dev nat64 icmp $R6#"
	unchanged
}

laptop() {
	local out

	out=$(howto_users "The laptop" | howto_shell client)
	has "$out" hello \
		"64 bytes from v4only.example.org (64:ff9b::c633:6405): icmp_seq=1 ttl=63"
	# what a CLAT asks for, RFC 7050
	has "$(client dig +short @$R6 ipv4only.arpa AAAA)" 64:ff9b::c000:aa
	out=$(howto_run router "When it does not work")
	has "$out" "dev nat64 tcp 2001:db8:1:" "RX:" "delivery received"
}

# page NS SECONDS HOST: what its server on port 80, or another, says
page() { "$1" curl -g -sS -m "$2" "http://$3/"; }

# serve NS: a page on port 80, until the test ends
serve() {
	ip netns exec "$(netns_name "$1")" "$PYTHON" -BEs "$HERE/web.py" \
		:: 80 "$WORK/www" >/dev/null 2>&1 &
	wait_listen "$1" 80
}

# closed NS HOST: it does not answer; opened: it does
closed() { fails page "$1" "$NAT64_SLOW" "$2"; }
opened() { equal "$(page "$1" "$(slow 5)" "$2")" hello "$2 for $1"; }

# The same with and without the rules: what the page says is closed, and nothing
# but the rules closes it. A port in use is one of a static binding here.
firewall() {
	local address verb

	address=$(ip_on client -j -6 addr show dev eth0 scope global |
		jq -r '.[0].addr_info[0].local')
	serve client
	serve router
	nat64 bib add dev nat64 static tcp "$address#80" $R4#8080
	for verb in closed opened; do
		[ $verb = closed ] || router nft flush ruleset
		$verb server $R4:8080
		$verb server "[$address]"
		$verb server "[$W4]"
		$verb server $R4
		$verb client "[64:ff9b::198.51.100.1]"
	done
	router nft -f - <"$WORK/router/etc/nftables.conf"
	opened client "[$W4]"
	opened client "[$R6]"
	opened client "[2001:db8:5::5]"
	opened router $S4
	nat64 bib del dev nat64 tcp "$address#80"
}

announced() {
	has "$(<"$WORK/advert")" "prefix 2001:db8:1::/64" "rdnss $R6"
	pref64 || skip "radvd has no nat64prefix"
	has "$(<"$WORK/advert")" "pref64 64:ff9b::/96 lifetime "
}

undo() {
	section "Undo"
	unchanged
}

given network
add_test "by hand, and back" by_hand
given hour
add_test "the laptop loads a page by name" laptop
add_test "the firewall is as the page says" firewall
add_test "prefix, name server and PREF64 are announced" announced
add_test "undo leaves nothing" undo
add_test "every command of the page" howto_all_run
run_tests
