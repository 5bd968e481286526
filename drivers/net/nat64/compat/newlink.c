// SPDX-License-Identifier: GPL-2.0-only
/*
 * nat64 - rtnl_link_ops.newlink of kernels before rtnl_newlink_params.
 */
#include "../nat64.h"

int nat64_newlink_op(struct net *src_net, struct net_device *dev,
		     struct nlattr *tb[], struct nlattr *data[],
		     struct netlink_ext_ack *extack)
{
	struct rtnl_newlink_params params = {
		.src_net = src_net,
		.tb = tb,
		.data = data,
	};

	return nat64_newlink(dev, &params, extack);
}
