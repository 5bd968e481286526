// SPDX-License-Identifier: GPL-2.0-only
/*
 * nat64 - generic netlink family to read and change the tables.
 *
 * RTNL is held while a device is looked up and used: it keeps the device, its
 * mode and its tables, and serializes with RTM_NEWLINK. A reference on the
 * device is not enough, because the tables are freed before the last reference
 * is dropped. A reference held by a dump whose reader stopped reading would
 * also block the deletion of the device.
 */
#include <linux/rtnetlink.h>

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

/* Find the device of a request, and the attribute that names it. */
static const struct nat64_dev *
nat64_nl_find(struct net *net, struct nlattr *const *attrs,
	      const struct nlattr **name, struct netlink_ext_ack *extack)
{
	const struct nlattr *attr = attrs[NAT64_A_IFINDEX];
	struct net_device *dev;

	ASSERT_RTNL();

	if (!attr == !attrs[NAT64_A_IFNAME]) {
		NL_SET_ERR_MSG(extack,
			       "either ifindex or ifname is required");
		return ERR_PTR(-EINVAL);
	}

	if (attr) {
		dev = __dev_get_by_index(net, nla_get_u32(attr));
	} else {
		attr = attrs[NAT64_A_IFNAME];
		dev = __dev_get_by_name(net, nla_data(attr));
	}
	if (!dev) {
		NL_SET_ERR_MSG_ATTR(extack, attr, "no such device");
		return ERR_PTR(-ENODEV);
	}
	if (dev->rtnl_link_ops != &nat64_link_ops) {
		NL_SET_ERR_MSG_ATTR(extack, attr, "not a nat64 device");
		return ERR_PTR(-EOPNOTSUPP);
	}

	*name = attr;
	return netdev_priv(dev);
}

/**
 * nat64_nl_stateless - find the stateless device of a request
 * @net: namespace of the socket
 * @attrs: attributes of the request
 * @extack: netlink extended ack
 *
 * Context: RTNL held.
 * Return: device or ERR_PTR.
 */
const struct nat64_dev *nat64_nl_stateless(struct net *net,
					   struct nlattr *const *attrs,
					   struct netlink_ext_ack *extack)
{
	const struct nat64_dev *nat64;
	const struct nlattr *name;

	nat64 = nat64_nl_find(net, attrs, &name, extack);
	if (!IS_ERR(nat64) && !rcu_access_pointer(nat64->eam)) {
		NL_SET_ERR_MSG_ATTR(extack, name,
				    "eam is for stateless devices only");
		return ERR_PTR(-EOPNOTSUPP);
	}

	return nat64;
}

/**
 * nat64_nl_stateful - find the stateful device of a request
 * @net: namespace of the socket
 * @attrs: attributes of the request
 * @extack: netlink extended ack
 *
 * Context: RTNL held.
 * Return: device or ERR_PTR.
 */
const struct nat64_dev *nat64_nl_stateful(struct net *net,
					  struct nlattr *const *attrs,
					  struct netlink_ext_ack *extack)
{
	const struct nat64_dev *nat64;
	const struct nlattr *name;

	nat64 = nat64_nl_find(net, attrs, &name, extack);
	if (!IS_ERR(nat64) && !nat64->table) {
		NL_SET_ERR_MSG_ATTR(extack, name,
				    "a stateless device has no bindings, sessions or pool4");
		return ERR_PTR(-EOPNOTSUPP);
	}

	return nat64;
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
