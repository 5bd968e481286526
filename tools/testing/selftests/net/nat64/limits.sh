#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# Small and exhausted pools, hosts that use all of them, changes of pool4 under
# traffic, and entries for a protocol or a mark (RFC 6888, RFC 7857).
#
#    client                    router                      server
#  +---------+         +----------------------+         +----------+
#  |    eth0 |---------| c0                   |         |          |
#  +---------+         |        nat64      s0 |---------| eth0     |
#  |    eth0 |---------| d0                   |         |          |
#  +---------+         +----------------------+         +----------+
#    client2  2001:db8:2::20

# shellcheck source=lib.sh
. "$(dirname "$(readlink -f "$0")")/lib.sh"

# limits TEST: see limits.py
limits() {
	timeout "$(slow 60)" "$PYTHON" -BEs "$HERE/limits.py" "$1" "$$"
}

again() {
	ip_on router link del nat64 2>/dev/null || true
	add_nat64 "$@"
	ip_on router route replace 203.0.113.0/24 dev nat64
}

# said TEXT: number of kernel messages with TEXT since the script began
said() {
	dmesg | sed "1,/nat64 selftest $SELF $$\$/d" | grep -c "$1" || true
}

is_said() { [ "$(said "$1")" -gt 0 ]; }

# R6888-R4-a, R6888-R11-a, -b, R8158-5.2-a
hog() {
	local before=$SECONDS

	again pool4 $T1 ports 2000-2999 max-bindings 100
	limits hog
	equal "$(dropped max-bindings)" 401 "counted"
	equal "$(dropped pool4-exhausted)" 0 "counted as no port"
	wait_for is_said "max-bindings: refused a udp flow of $C6/128"
	atmost "$(said "max-bindings: refused")" $((SECONDS - before + 1)) \
		"said, once a second"
}

# R7857-4-a
everything() {
	again pool4 $T1 ports 2000-2099 pool4 $T2 ports 2000-2099
	limits everything
	equal "$(dropped address-exhausted)" 50 "counted"
	wait_for is_said "address-exhausted: refused a udp flow of $C6/128"
}

crowd() {
	ip_on client route replace local 2001:db8:1:1::/64 dev lo
	ip_on router route replace 2001:db8:1:1::/64 via $C6
	again pool4 203.0.113.0/24 ports 2000-2009
	limits crowd
	equal "$(dropped pool4-exhausted)" 50 "counted"
}

# R6888-R3-a: removing an entry ends its bindings and no other.
removed() {
	again pool4 $T1 ports 2000-2000 pool4 $T1 ports 3000-3000
	limits removed
	equal "$(dropped pool4-exhausted)" 1 "counted"
}

chosen() {
	command -v nft >/dev/null || skip "no nft"
	on router nft -f - <<-EOF
		table ip6 marks {
			chain pre {
				type filter hook prerouting priority mangle
				iifname d0 meta mark set 7
			}
		}
	EOF
	again pool4 $T1 ports 2000-2999 proto udp \
		pool4 $T1 ports 3000-3999 proto tcp \
		pool4 $T2 ports 2000-2999 proto udp mark 7 \
		pool4 $T2 ports 3000-3999 proto tcp mark 7
	limits chosen
	on router nft delete table ip6 marks
}

begin() { setup && add_client2; }

given begin

add_test "R6888-R4-a, R6888-R11-a, R8158-5.2-a a greedy host, another's one flow" \
	hog
add_test "R7857-4-a a greedy host without a limit exhausts only its address" \
	everything
add_test "R6146-3.5.1.1-d, e R4787-R11-a 256 addresses, 99 % and 100 % full" \
	crowd
add_test "R6888-R3-a pool4 loses an entry under traffic" removed
add_test "R6888-R3-a entries by mark and protocol" chosen
run_tests
