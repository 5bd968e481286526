/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * nat64 - device structures.
 */
#ifndef _NAT64_H
#define _NAT64_H

#include <linux/netdevice.h>
#include <linux/netfilter.h>
#include <net/rtnetlink.h>
#include <uapi/linux/nat64.h>

#include "reason.h"

struct nat64_config;
struct nat64_eam_table;
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

/**
 * struct nat64_dev - private part of the net_device
 * @dev: the device
 * @config: read under RCU by the packet path, replaced under RTNL
 * @counters: drop counters, per CPU
 * @table: bindings and sessions, NULL in stateless mode
 * @eam: explicit address mappings, NULL in stateful mode; read under RCU by the
 *	packet path, replaced under RTNL
 * @borrow: hooks for the host's own addresses, under RTNL
 * @vrf: hooks for VRFs, under RTNL
 * @charge: charge for the buckets of the hash tables; callers serialize changes
 */
struct nat64_dev {
	struct net_device *dev;
	struct nat64_config __rcu *config;
	struct nat64_counters __percpu *counters;
	struct nat64_table *table;
	struct nat64_eam_table __rcu *eam;
	struct nat64_borrow borrow;
	struct nat64_vrf vrf;
	struct nat64_memcg_charge charge;
};

/* device.c */
extern struct rtnl_link_ops nat64_link_ops;
int nat64_device_init(void);
void nat64_device_exit(void);

/* xmit.c */
netdev_tx_t nat64_xmit(struct sk_buff *skb, struct net_device *dev);

#endif /* _NAT64_H */
