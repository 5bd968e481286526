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

title_networkd="systemd-networkd"

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
