/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * nat64 - device structures.
 */
#ifndef _NAT64_H
#define _NAT64_H

#include <linux/mutex.h>
#include <linux/netdevice.h>
#include <linux/netfilter.h>
#include <net/rtnetlink.h>
#include <uapi/linux/nat64.h>

#include "reason.h"

struct nat64_config;
struct nat64_eam_table;
struct nat64_routes;
struct nat64_table;

/**
 * struct nat64_borrow - hooks on traffic to the host's own addresses
 * @net: namespace that @ops are registered in, NULL if they are not
 * @ops: netfilter hooks
 * @accept_local: accept_local of the device was off before borrowing started
 */
struct nat64_borrow {
	struct net *net;
	struct nf_hook_ops ops[2];
	bool accept_local;
};

/**
 * struct nat64_vrf - hooks that restore skb_iif in a VRF
 * @net: namespace that @ops are registered in, NULL if they are not
 * @ops: netfilter hooks, one for each family
 */
struct nat64_vrf {
	struct net *net;
	struct nf_hook_ops ops[2];
};

/**
 * struct nat64_memcg_charge - charge for memory that cannot be accounted itself
 * @mem: charged allocation of the same size, never used; NULL for none
 * @size: bytes in @mem
 */
struct nat64_memcg_charge {
	void *mem;
	size_t size;
};

/* Locks of requests, the outermost first. Packets take none of them: they read
 * under RCU, and lock single entries (see table.h).
 *
 *  RTNL			existence, namespace, link attributes and hooks
 *				of the device, addresses of the host
 *  nat64_dev.lock		tables, mappings and configuration of the device
 *  nat64_stage_lock		staged tables (netlink-stage.c)
 *  nat64_eam_table.lock	a table of mappings, in use or staged
 *  nat64_nl_dumps_lock		dumps in progress, a spinlock (netlink-dump.c)
 *
 * A request refers to its device with netdev_hold() and locks it, see
 * nat64_nl_lock(). It takes RTNL, too, only if it changes what RTNL protects:
 * pool4, which is a link attribute, and the hooks for static bindings.
 */

/**
 * struct nat64_dev - private part of the net_device
 * @dev: the device
 * @lock: serializes requests; see above
 * @present: requests may use the device: it is registered and in a network
 *	namespace; changed under RTNL and @lock
 * @config: read under RCU by the packet path, replaced under RTNL and @lock
 * @counters: drop counters, per CPU
 * @table: bindings and sessions, NULL in stateless mode
 * @eam: explicit address mappings, NULL in stateful mode; read under RCU by the
 *	packet path, replaced under @lock
 * @borrow: hooks for the host's own addresses, under RTNL
 * @vrf: hooks for VRFs, under RTNL
 * @routes: stored routes of packets, NULL if there was no memory for them;
 *	changed under RTNL while the device is in no namespace
 * @charge: charge for the buckets of the hash tables; callers serialize changes
 */
struct nat64_dev {
	struct net_device *dev;
	struct mutex lock;
	bool present;
	struct nat64_config __rcu *config;
	struct nat64_counters __percpu *counters;
	struct nat64_table *table;
	struct nat64_eam_table __rcu *eam;
	struct nat64_borrow borrow;
	struct nat64_vrf vrf;
	struct nat64_routes *routes;
	struct nat64_memcg_charge charge;
};

static inline struct nat64_config *
nat64_locked_config(const struct nat64_dev *nat64)
{
	return rcu_dereference_protected(nat64->config,
					 lockdep_is_held(&nat64->lock));
}

static inline struct nat64_eam_table *
nat64_locked_eam(const struct nat64_dev *nat64)
{
	return rcu_dereference_protected(nat64->eam,
					 lockdep_is_held(&nat64->lock));
}

/* device.c */
extern struct rtnl_link_ops nat64_link_ops;
int nat64_device_init(void);
void nat64_device_exit(void);

/* xmit.c */
netdev_tx_t nat64_xmit(struct sk_buff *skb, struct net_device *dev);
bool nat64_xmit_direct(struct sk_buff *skb, struct net_device *dev);

#endif /* _NAT64_H */
