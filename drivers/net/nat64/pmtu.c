// SPDX-License-Identifier: GPL-2.0-only
/*
 * nat64 - how large packets may be on either side.
 */
#include <net/ip6_route.h>
#include <net/l3mdev.h>
#include <net/route.h>

#include "nat64.h"
#include "pmtu.h"

/**
 * nat64_path_mtu4 - path MTU to an IPv4 address
 * @nat64: device
 * @addr: destination
 *
 * Context: RCU read-side section.
 * Return: bytes, U32_MAX if there is no route.
 */
u32 nat64_path_mtu4(const struct nat64_dev *nat64, __be32 addr)
{
	struct flowi4 fl = {
		.daddr = addr,
		.flowi4_oif = l3mdev_master_ifindex_rcu(nat64->dev),
	};
	struct rtable *rt = ip_route_output_key(dev_net(nat64->dev), &fl);
	u32 mtu;

	if (IS_ERR(rt))
		return U32_MAX;

	mtu = dst_mtu(&rt->dst);
	ip_rt_put(rt);
	return mtu;
}

/**
 * nat64_path_mtu6 - path MTU to an IPv6 address
 * @nat64: device
 * @addr: destination
 *
 * Context: RCU read-side section.
 * Return: bytes, U32_MAX if there is no route.
 */
u32 nat64_path_mtu6(const struct nat64_dev *nat64, const struct in6_addr *addr)
{
	struct flowi6 fl = {
		.daddr = *addr,
		.flowi6_oif = l3mdev_master_ifindex_rcu(nat64->dev),
	};
	struct dst_entry *dst = ip6_route_output(dev_net(nat64->dev), NULL,
						 &fl);
	u32 mtu = dst->error ? U32_MAX : dst_mtu(dst);

	dst_release(dst);
	return mtu;
}
