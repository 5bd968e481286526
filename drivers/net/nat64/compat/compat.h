/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * nat64 - what older kernels lack, included before everything else. The
 * driver itself is written for the newest kernel.
 */
#ifndef _NAT64_COMPAT_H
#define _NAT64_COMPAT_H

#include <linux/netdevice.h>
#include <net/rtnetlink.h>

/* Since 6.6; in linux/netdevice.h and linux/skbuff.h before. */
#ifdef NAT64_HAVE_GSO_H
#include <net/gso.h>
#endif

/* Since 6.8. */
#ifndef NAT64_HAVE_COUNTED_BY
#define __counted_by(member)
#endif

/* Since 6.12; a feature flag before. */
static inline void nat64_set_lltx(struct net_device *dev)
{
#ifdef NAT64_HAVE_LLTX
	dev->lltx = true;
#else
	dev->features |= NETIF_F_LLTX;
#endif
}

/* Since 6.15; single arguments before, see newlink.c. */
#ifdef NAT64_HAVE_NEWLINK_PARAMS
#define nat64_newlink_op nat64_newlink
#else
struct rtnl_newlink_params {
	struct net *src_net;
	struct nlattr **tb;
	struct nlattr **data;
};

int nat64_newlink_op(struct net *src_net, struct net_device *dev,
		     struct nlattr *tb[], struct nlattr *data[],
		     struct netlink_ext_ack *extack);
#endif

#endif /* _NAT64_COMPAT_H */
