// SPDX-License-Identifier: GPL-2.0-only
/*
 * nat64 - generic netlink family to read and change the tables.
 *
 * A request for a single entry reads it under RCU. Others hold the device and
 * lock it: the reference alone is not enough, because the tables are freed
 * before the last reference is dropped. Neither is kept from one message of a
 * dump to the next: a reader that stopped reading would block the deletion of
 * the device. The order of locks is in nat64.h.
 */
#include <linux/netdevice.h>

#include "nat64.h"
#include "netlink-gen.h"
#include "netlink.h"

/* Events disclose the same data as the tables. */
static const struct genl_multicast_group nat64_nl_groups[] = {
	[NAT64_NLGRP_BINDING] = {
		.name = NAT64_MCGRP_BINDING,
		.flags = GENL_MCAST_CAP_NET_ADMIN,
	},
	[NAT64_NLGRP_SESSION] = {
		.name = NAT64_MCGRP_SESSION,
		.flags = GENL_MCAST_CAP_NET_ADMIN,
	},
	[NAT64_NLGRP_EXHAUSTION] = {
		.name = NAT64_MCGRP_EXHAUSTION,
		.flags = GENL_MCAST_CAP_NET_ADMIN,
	},
};

struct genl_family nat64_nl_family __ro_after_init = {
	.name = NAT64_FAMILY_NAME,
	.version = NAT64_FAMILY_VERSION,
	.netnsok = true,
	.parallel_ops = true,
	.module = THIS_MODULE,
	/* Below this the core does not check nlmsg_flags, which "add" commands
	 * use; nat64_nl_check() does.
	 */
	.resv_start_op = NAT64_CMD_POOL4_ADD + 1,
	.split_ops = nat64_nl_ops,
	.n_split_ops = ARRAY_SIZE(nat64_nl_ops),
	.mcgrps = nat64_nl_groups,
	.n_mcgrps = ARRAY_SIZE(nat64_nl_groups),
};

/* Does the device have the tables of the request? A stateful device has pool4, a
 * stateless one has EAM.
 */
static int nat64_nl_has(const struct nat64_dev *nat64, u32 tables,
			const struct nlattr *name,
			struct netlink_ext_ack *extack)
{
	if (tables & NAT64_TABLES_POOL4 && !nat64->table) {
		NL_SET_ERR_MSG_ATTR(extack, name,
				    "a stateless device has no bindings, sessions or pool4");
		return -EOPNOTSUPP;
	}
	if (tables & NAT64_TABLES_EAM && !rcu_access_pointer(nat64->eam)) {
		NL_SET_ERR_MSG_ATTR(extack, name,
				    "eam is for stateless devices only");
		return -EOPNOTSUPP;
	}

	return 0;
}

/**
 * nat64_nl_find - find the device of a request
 * @net: namespace of the socket
 * @attrs: attributes of the request
 * @tables: tables that it must have, NAT64_TABLES_*
 * @extack: netlink extended ack
 *
 * The tables of a device are freed a grace period after it is unlisted.
 *
 * Context: RCU read-side section.
 * Return: device or ERR_PTR.
 */
const struct nat64_dev *nat64_nl_find(struct net *net,
				      struct nlattr *const *attrs, u32 tables,
				      struct netlink_ext_ack *extack)
{
	const struct nlattr *attr = attrs[NAT64_A_IFINDEX];
	const struct nat64_dev *nat64;
	struct net_device *dev;
	int err;

	if (!attr == !attrs[NAT64_A_IFNAME]) {
		NL_SET_ERR_MSG(extack,
			       "either ifindex or ifname is required");
		return ERR_PTR(-EINVAL);
	}

	if (attr) {
		dev = dev_get_by_index_rcu(net, nla_get_u32(attr));
	} else {
		attr = attrs[NAT64_A_IFNAME];
		dev = dev_get_by_name_rcu(net, nla_data(attr));
	}
	if (!dev) {
		NL_SET_ERR_MSG_ATTR(extack, attr, "no such device");
		return ERR_PTR(-ENODEV);
	}
	if (dev->rtnl_link_ops != &nat64_link_ops) {
		NL_SET_ERR_MSG_ATTR(extack, attr, "not a nat64 device");
		return ERR_PTR(-EOPNOTSUPP);
	}

	nat64 = netdev_priv(dev);
	err = nat64_nl_has(nat64, tables, attr, extack);
	return err ? ERR_PTR(err) : nat64;
}

/**
 * nat64_nl_present - is a device that the caller holds still there?
 * @nat64: device, held
 * @net: namespace of the socket
 * @extack: netlink extended ack
 *
 * Context: device locked, or RTNL held.
 * Return: 0, or -ENODEV if it was deleted or moved.
 */
int nat64_nl_present(const struct nat64_dev *nat64, const struct net *net,
		     struct netlink_ext_ack *extack)
{
	if (nat64->present && net_eq(dev_net(nat64->dev), net))
		return 0;

	NL_SET_ERR_MSG(extack,
		       "device was deleted or moved to another namespace");
	return -ENODEV;
}

/**
 * nat64_nl_lock_held - lock a device that the caller holds
 * @nat64: device, held; the reference is dropped on error
 * @net: namespace of the socket
 * @tracker: tracker of the reference
 * @extack: netlink extended ack
 *
 * Context: process context.
 * Return: device to nat64_nl_unlock(), or ERR_PTR.
 */
const struct nat64_dev *nat64_nl_lock_held(const struct nat64_dev *nat64,
					   const struct net *net,
					   netdevice_tracker *tracker,
					   struct netlink_ext_ack *extack)
{
	struct nat64_dev *locked = netdev_priv(nat64->dev);
	int err;

	mutex_lock(&locked->lock);
	err = nat64_nl_present(locked, net, extack);
	if (!err)
		return locked;

	nat64_nl_unlock(locked, tracker);
	return ERR_PTR(err);
}

/**
 * nat64_nl_lock - find, hold and lock the device of a request
 * @net: namespace of the socket
 * @attrs: attributes of the request
 * @tables: tables that the device must have, NAT64_TABLES_*
 * @tracker: tracker of the reference
 * @extack: netlink extended ack
 *
 * Its tables, its configuration and its namespace stay until it is unlocked.
 *
 * Context: process context.
 * Return: device to nat64_nl_unlock(), or ERR_PTR.
 */
const struct nat64_dev *nat64_nl_lock(struct net *net,
				      struct nlattr *const *attrs, u32 tables,
				      netdevice_tracker *tracker,
				      struct netlink_ext_ack *extack)
{
	const struct nat64_dev *nat64;

	rcu_read_lock();
	nat64 = nat64_nl_find(net, attrs, tables, extack);
	if (!IS_ERR(nat64))
		netdev_hold(nat64->dev, tracker, GFP_ATOMIC);
	rcu_read_unlock();

	return IS_ERR(nat64) ? nat64 : nat64_nl_lock_held(nat64, net, tracker,
							  extack);
}

/**
 * nat64_nl_unlock - unlock and put the device of a request
 * @nat64: device
 * @tracker: tracker of the reference
 */
void nat64_nl_unlock(const struct nat64_dev *nat64, netdevice_tracker *tracker)
{
	struct nat64_dev *locked = netdev_priv(nat64->dev);

	mutex_unlock(&locked->lock);
	netdev_put(locked->dev, tracker);
}

/**
 * nat64_netlink_init - register the generic netlink family
 *
 * Return: 0 or a negative errno.
 */
int __init nat64_netlink_init(void)
{
	int err;

	err = nat64_nl_stage_init();
	if (err)
		return err;

	err = genl_register_family(&nat64_nl_family);
	if (err)
		nat64_nl_stage_exit();
	return err;
}

/**
 * nat64_netlink_exit - unregister the family and wait for requests to complete
 */
void nat64_netlink_exit(void)
{
	genl_unregister_family(&nat64_nl_family);
	nat64_nl_stage_exit();
}
