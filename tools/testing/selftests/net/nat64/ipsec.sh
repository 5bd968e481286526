#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# IPsec over UDP (RFC 3948) between the client and the server, for scripts that
# have sourced lib.sh: a tunnel from 10.98.0.1 and fd98::1 to 10.98.0.2 and
# fd98::2.

# encap NS NAME ARGUMENT...: see encap.py; it stays when the test ends
encap() {
	ip netns exec "$(netns_name "$1")" "$PYTHON" -BEs "$HERE/encap.py" \
		"${@:3}" >"$WORK/$2" 2>"$WORK/$2.err" &
	disown
}

heard() { [ -s "$WORK/$1" ]; }

# sa NS SRC DST SPI SPORT DPORT: one direction, for both families inside
sa() {
	ip_on "$1" xfrm state add src "$2" dst "$3" proto esp spi "$4" reqid 1 \
		mode tunnel flag af-unspec replay-window 64 \
		aead "rfc4106(gcm(aes))" \
		0x00112233445566778899aabbccddeeff01020304 128 \
		encap espinudp "$5" "$6" 0.0.0.0
}

# policies NS OWN PEER [DEV]: the outer addresses, and where the inner ones are
# routed to; END and FAR are the last digits of the inner ones
policies() {
	local inner dev=${4:-eth0} nodad

	for inner in 10.98.0.%s/32 fd98::%s/128; do
		# shellcheck disable=SC2059
		set -- "$1" "$2" "$3" "$(printf "$inner" "$END")" \
			"$(printf "$inner" "$FAR")"
		# no source of a route as long as it is tentative
		nodad=
		[[ $inner != *:* ]] || nodad=nodad
		ip_on "$1" -batch - <<-EOF
			xfrm policy add src $4 dst $5 dir out tmpl src $2 dst $3 proto esp reqid 1 mode tunnel
			xfrm policy add src $5 dst $4 dir in tmpl src $3 dst $2 proto esp reqid 1 mode tunnel
			addr add $4 dev lo $nodad
			route add $5 dev $dev src ${4%/*}
		EOF
	done
}

# add_ipsec OWN PEER [DEV]: the client's address, the server's as the client sees
# it, and the client's device. As an IKE daemon does: the one inside asks first,
# and where that comes from is where the ESP has to go.
add_ipsec() {
	local seen port

	ip_on client xfrm state 2>/dev/null || skip "no XFRM"
	encap server answered answer $S4 4500
	encap client asked ask "$1" 4500 "$2"
	wait_for heard asked
	equal "$(cat "$WORK/asked")" "who am I" "answer"
	seen=$(cat "$WORK/answered")
	port=${seen#* }
	has "$seen" "203.0.113."
	sa client "$1" "$2" 0x1001 4500 4500
	sa client "$2" "$1" 0x1002 4500 4500
	sa server "${seen% *}" $S4 0x1001 "$port" 4500
	sa server $S4 "${seen% *}" 0x1002 4500 "$port"
	END=1 FAR=2 policies client "$@"
	END=2 FAR=1 policies server $S4 "${seen% *}"
}
