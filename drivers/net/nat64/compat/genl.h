/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * nat64 - struct genl_family with split_ops for kernels that do not have it. The
 * driver fills in and uses this structure; the core gets the family in it.
 */
#ifndef _NAT64_COMPAT_GENL_H
#define _NAT64_COMPAT_GENL_H

#include <net/genetlink.h>

struct genl_split_ops {
	int (*pre_doit)(const struct genl_split_ops *ops, struct sk_buff *skb,
			struct genl_info *info);
	int (*doit)(struct sk_buff *skb, struct genl_info *info);
	int (*dumpit)(struct sk_buff *skb, struct netlink_callback *cb);
	int (*done)(struct netlink_callback *cb);
	const struct nla_policy *policy;
	unsigned int maxattr;
	u8 cmd;
	u8 flags;
};

/**
 * struct nat64_compat_genl_family - a family as the driver describes it
 * @core: the family that is registered
 * @name: copied to @core, as all that follow but @split_ops and @n_split_ops
 * @version: version
 * @netnsok: all network namespaces have the family
 * @parallel_ops: the core does not serialize requests
 * @n_split_ops: number of @split_ops
 * @n_mcgrps: number of @mcgrps
 * @resv_start_op: first command for which the core checks reserved fields
 * @split_ops: operations, each "do" or "dump"
 * @mcgrps: multicast groups
 * @module: owner
 */
struct nat64_compat_genl_family {
	struct genl_family core;
	char name[GENL_NAMSIZ];
	unsigned int version;
	bool netnsok;
	bool parallel_ops;
	u8 n_split_ops;
	u8 n_mcgrps;
	u8 resv_start_op;
	const struct genl_split_ops *split_ops;
	const struct genl_multicast_group *mcgrps;
	struct module *module;
};

int nat64_compat_genl_register(struct nat64_compat_genl_family *family);

/* KUnit tests send events before the family is registered, for which the core
 * wants to know the number of groups.
 */
static inline struct genl_family *
nat64_compat_genl_core(struct nat64_compat_genl_family *family)
{
	if (family->core.n_mcgrps != family->n_mcgrps)
		family->core.n_mcgrps = family->n_mcgrps;
	return &family->core;
}

/* A macro does not expand its own name again: these call the core's. */
#define genl_family	nat64_compat_genl_family
#define mcgrp_offset	core.mcgrp_offset
#define genl_register_family(family)	nat64_compat_genl_register(family)
#define genl_unregister_family(family)	genl_unregister_family(&(family)->core)
#define genl_has_listeners(family, net, group) \
	genl_has_listeners(nat64_compat_genl_core(family), net, group)
#define genl_set_err(family, net, portid, group, code) \
	genl_set_err(nat64_compat_genl_core(family), net, portid, group, code)
#define genlmsg_put(skb, portid, seq, family, flags, cmd) \
	genlmsg_put(skb, portid, seq, &(family)->core, flags, cmd)
#define genlmsg_put_reply(skb, info, family, flags, cmd) \
	genlmsg_put_reply(skb, info, &(family)->core, flags, cmd)
#define genlmsg_multicast_netns(family, net, skb, portid, group, flags) \
	genlmsg_multicast_netns(nat64_compat_genl_core(family), net, skb, \
				portid, group, flags)

#endif /* _NAT64_COMPAT_GENL_H */
