/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * nat64 - the device.
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
 * struct nat64_borrow - taking part in what comes to the host's own addresses
 * @net: namespace that @ops are registered in, NULL if they are not
 * @ops: its hooks
 * @accept_local: the setting of the device was off before
 */
struct nat64_borrow {
	struct net *net;
	struct nf_hook_ops ops[2];
	bool accept_local;
};

/**
 * struct nat64_vrf - restoring skb_iif in a VRF
 * @net: namespace that @ops are registered in, NULL if they are not
 * @ops: hooks, one for each family
 */
struct nat64_vrf {
	struct net *net;
	struct nf_hook_ops ops[2];
};

/**
 * struct nat64_memcg_charge - stands for memory that cannot be charged itself
 * @mem: as much memory, charged; never used. NULL for none.
 * @size: its bytes
 */
struct nat64_memcg_charge {
	void *mem;
	size_t size;
};

/**
 * struct nat64_dev - private part of the net_device
 * @dev: the device
 * @config: read under RCU by packets, replaced under RTNL
 * @counters: per CPU
 * @table: bindings and sessions, NULL in stateless mode
 * @eam: explicit mappings, NULL in stateful mode; read under RCU by packets,
 *	replaced under RTNL
 * @borrow: under RTNL
 * @vrf: under RTNL
 * @charge: for the buckets of the hash tables; changed by one at a time
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
int nat64_newlink(struct net_device *dev, struct rtnl_newlink_params *params,
		  struct netlink_ext_ack *extack);
int nat64_device_init(void);
void nat64_device_exit(void);

/* xmit.c */
netdev_tx_t nat64_xmit(struct sk_buff *skb, struct net_device *dev);

#endif /* _NAT64_H */
