/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * nat64 - compatibility with older kernels, included before everything else.
 * The driver itself is written for the newest kernel.
 */
#ifndef _NAT64_COMPAT_H
#define _NAT64_COMPAT_H

#include <linux/netdevice.h>
/* Before 6.11, it needs other headers before it. */
#include <linux/local_lock.h>
#include <linux/rhashtable.h>
#include <linux/slab.h>
#include <net/arp.h>
#include <net/genetlink.h>
#include <net/ip.h>
#include <net/rtnetlink.h>
#include <net/udp.h>

/* Since 6.6; before that, only tc can be there. */
#ifndef NAT64_HAVE_TCX
#define tcx_ingress	miniq_ingress
#define tcx_egress	miniq_egress
#ifdef CONFIG_NET_CLS_ACT
#define CONFIG_NET_XGRESS
#endif
#endif

/* Since 6.8. */
#ifndef NAT64_HAVE_COUNTED_BY
#define __counted_by(member)
#endif

/* Since 7.0. */
#ifndef kzalloc_obj
#define kmalloc_obj(obj, gfp)	kmalloc(sizeof(obj), gfp)
#define kzalloc_obj(obj, gfp)	kzalloc(sizeof(obj), gfp)
#endif

/* Since 6.2; before that, "do" and "dump" of a command are one operation. */
#ifndef NAT64_HAVE_GENL_SPLIT_OPS
#include "genl.h"
#endif

/* Since 6.6; the driver only uses "attrs" of the result. */
#ifndef NAT64_HAVE_GENL_INFO_DUMP
static inline const struct genl_dumpit_info *
genl_info_dump(struct netlink_callback *cb)
{
	return genl_dumpit_info(cb);
}
#endif

/* One table per network namespace since 6.2, before that one for all. */
#ifndef NAT64_HAVE_NETNS_UDP_TABLE
#define udp_hashslot(table, net, num)	udp_hashslot(&udp_table, net, num)
#endif

/* ip_route_input_noref() takes a DSCP since 6.13, a TOS before. */
#ifdef NAT64_ROUTE_BY_TOS
#define ip4h_dscp(iph)	((iph)->tos)
#endif

/* After a resize of the table, a walk starts over. Without "rhashtable: clear
 * stale iter->p on table restart" (CVE-2026-64563) rhashtable_walk_peek() still
 * returns the entry of the old position, which may have been freed.
 */
static inline int nat64_compat_walk_start_check(struct rhashtable_iter *iter)
{
	int err = rhashtable_walk_start_check(iter);

	if (err)
		iter->p = NULL;
	return err;
}

#define rhashtable_walk_start_check(iter)	nat64_compat_walk_start_check(iter)

/* Since 6.17 without the argument that creates an entry, and not exported to
 * modules, for which there is no entry then.
 */
static inline const struct pneigh_entry *
nat64_compat_pneigh_lookup(struct neigh_table *tbl, struct net *net,
			   const void *key, struct net_device *dev)
{
#ifdef NAT64_HAVE_PNEIGH_LOOKUP
	return pneigh_lookup(tbl, net, key, dev, 0);
#else
	return NULL;
#endif
}

#define pneigh_lookup(tbl, net, key, dev) \
	nat64_compat_pneigh_lookup(tbl, net, key, dev)

/* Since 6.12; before that a feature flag. The driver sets needs_free_netdev,
 * too.
 */
#ifndef NAT64_HAVE_LLTX
#define lltx	needs_free_netdev

static inline int nat64_compat_register_netdevice(struct net_device *dev)
{
	dev->features |= NETIF_F_LLTX;
	return register_netdevice(dev);
}

#define register_netdevice(dev)	nat64_compat_register_netdevice(dev)
#endif

/* Since 6.15; before that separate arguments. The driver's definition of
 * nat64_newlink(), a name with parentheses, expands to nat64_compat_newlink(),
 * and the operation is the function below. The variable takes its "static".
 */
#ifndef NAT64_HAVE_NEWLINK_PARAMS
struct rtnl_newlink_params {
	struct net *src_net;
	struct nlattr **tb;
	struct nlattr **data;
};

int nat64_compat_newlink(struct net_device *dev,
			 struct rtnl_newlink_params *params,
			 struct netlink_ext_ack *extack);

static inline int nat64_newlink(struct net *src_net, struct net_device *dev,
				struct nlattr *tb[], struct nlattr *data[],
				struct netlink_ext_ack *extack)
{
	struct rtnl_newlink_params params = {
		.src_net = src_net,
		.tb = tb,
		.data = data,
	};

	return nat64_compat_newlink(dev, &params, extack);
}

#define nat64_newlink(dev, params, extack)	\
nat64_compat_static __maybe_unused;		\
int nat64_compat_newlink(dev, params, extack)
#endif

/* Since 6.11; before that, disabling BH always excludes other tasks. */
#ifndef local_lock_nested_bh
#define local_lock_nested_bh(lock)	local_lock(lock)
#define local_unlock_nested_bh(lock)	local_unlock(lock)
#endif

#endif /* _NAT64_COMPAT_H */
