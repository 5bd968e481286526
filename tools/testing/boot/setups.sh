# shellcheck shell=bash disable=SC2034,SC2154
# SPDX-License-Identifier: GPL-2.0-only
# How the network is configured: for each setup the section of the page that says
# what nat64 needs, the configuration of the router's other interfaces, and the
# commands that configure the network again. configure_SETUP is called in the
# machine that makes the root, again_SETUP in the guest.

# setup_names: all of them
setup_names()
{
	sed -n 's/^\([^#:]*\):.*/\1/p' \
		"$(dirname "${BASH_SOURCE[0]}")/packages" | grep -vx all
}

title_ifupdown="ifupdown"
# nat64-quick is called by ifup
no_unit=ifupdown

configure_ifupdown()
{
	write etc/network/interfaces <<-END
	source /etc/network/interfaces.d/*
	auto lo lan0 wan0
	iface lo inet loopback
	iface lan0 inet6 static
	    address 2001:db8:1::1/64
	iface wan0 inet static
	    address 198.51.100.1/24
	END
}

again_ifupdown()
{
	cat <<-END
	ifdown nat64 && ifup nat64
	ifdown wan0 && ifup wan0
	systemctl restart networking
	END
}

title_ifupdown2="ifupdown2"

configure_ifupdown2()
{
	write etc/network/interfaces <<-END
	auto lo
	iface lo inet loopback
	auto lan0
	iface lan0
	    address 2001:db8:1::1/64
	auto wan0
	iface wan0
	    address 198.51.100.1/24
	END
}

again_ifupdown2()
{
	cat <<-END
	ifreload -a
	systemctl restart networking
	END
}

title_networkd="systemd-networkd, netplan"

configure_networkd()
{
	write etc/systemd/network/lan.network <<-END
	[Match]
	Name=lan0
	[Network]
	Address=2001:db8:1::1/64
	END
	write etc/systemd/network/wan.network <<-END
	[Match]
	Name=wan0
	[Network]
	Address=198.51.100.1/24
	END
	# and one that would take the device
	write etc/systemd/network/zz-any.network <<-END
	[Match]
	Type=!loopback
	[Network]
	DHCP=yes
	END
	in_root systemctl enable systemd-networkd
}

again_networkd()
{
	cat <<-END
	systemctl restart systemd-networkd
	networkctl reload && networkctl reconfigure lan0 wan0
	END
}

title_netplan=$title_networkd

configure_netplan()
{
	write etc/netplan/router.yaml <<-END
	network:
	  version: 2
	  ethernets:
	    lan0:
	      addresses: ["2001:db8:1::1/64"]
	    wan0:
	      addresses: ["198.51.100.1/24"]
	END
	chmod 600 "$root/etc/netplan/router.yaml"
	in_root systemctl enable systemd-networkd
}

again_netplan()
{
	cat <<-END
	netplan apply
	systemctl restart systemd-networkd
	END
}

title_NetworkManager="NetworkManager"

configure_NetworkManager()
{
	local connections=etc/NetworkManager/system-connections

	write $connections/lan.nmconnection <<-END
	[connection]
	id=lan
	type=ethernet
	interface-name=lan0
	[ipv4]
	method=disabled
	[ipv6]
	method=manual
	address1=2001:db8:1::1/64
	END
	write $connections/wan.nmconnection <<-END
	[connection]
	id=wan
	type=ethernet
	interface-name=wan0
	[ipv4]
	method=manual
	address1=198.51.100.1/24
	[ipv6]
	method=disabled
	END
	chmod 600 "$root/$connections"/*
}

again_NetworkManager()
{
	cat <<-END
	nmcli -w 600 connection up lan && nmcli -w 600 connection up wan
	nmcli -w 600 connection down lan && nmcli -w 600 connection up lan
	nmcli networking off && nmcli networking on
	systemctl restart NetworkManager
	END
}
