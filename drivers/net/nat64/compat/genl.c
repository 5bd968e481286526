// SPDX-License-Identifier: GPL-2.0-only
/*
 * nat64 - generic netlink operations for kernels before genl_split_ops, where
 * "do" and "dump" of a command share a policy. All operations get a policy with
 * every attribute of the family, and attributes that an operation does not have
 * are rejected here.
 */
#include <net/netlink.h>

#include "../netlink-gen.h"

static struct genl_ops nat64_genl_ops[ARRAY_SIZE(nat64_nl_ops)] __ro_after_init;
static struct nla_policy nat64_genl_policy[NAT64_A_MAX + 1] __ro_after_init;

static const struct genl_split_ops *nat64_genl_find(u8 cmd, u8 flag)
{
	int i;

	for (i = 0; i < ARRAY_SIZE(nat64_nl_ops); i++)
		if (nat64_nl_ops[i].cmd == cmd && nat64_nl_ops[i].flags & flag)
			return &nat64_nl_ops[i];

	return NULL;
}

static int nat64_genl_check(const struct genl_split_ops *op,
			    struct nlattr *const *attrs,
			    struct netlink_ext_ack *extack)
{
	int i;

	for (i = 1; i <= NAT64_A_MAX; i++) {
		if (attrs[i] && (i > op->maxattr || !op->policy[i].type)) {
			NL_SET_ERR_MSG_ATTR(extack, attrs[i],
					    "Unknown attribute type");
			return -EINVAL;
		}
	}

	return 0;
}

static int nat64_genl_doit(struct sk_buff *skb, struct genl_info *info)
{
	const struct genl_split_ops *op =
		nat64_genl_find(info->genlhdr->cmd, GENL_CMD_CAP_DO);
	int err;

	err = nat64_genl_check(op, info->attrs, info->extack);
	if (!err && op->pre_doit)
		err = op->pre_doit(op, skb, info);

	return err ?: op->doit(skb, info);
}

static int nat64_genl_dumpit(struct sk_buff *skb, struct netlink_callback *cb)
{
	const struct genl_dumpit_info *info = genl_dumpit_info(cb);
	const struct genl_split_ops *op =
		nat64_genl_find(info->op.cmd, GENL_CMD_CAP_DUMP);

	return nat64_genl_check(op, info->attrs, cb->extack) ?:
	       op->dumpit(skb, cb);
}

/* Find the operation of a command, or add it. */
static struct genl_ops *nat64_genl_add(struct genl_family *family, u8 cmd)
{
	int i;

	for (i = 0; i < family->n_ops; i++)
		if (nat64_genl_ops[i].cmd == cmd)
			return &nat64_genl_ops[i];

	family->n_ops++;
	return &nat64_genl_ops[i];
}

/**
 * nat64_genl_register - register the family with operations for older kernels
 * @family: the family
 *
 * Return: 0 or a negative errno.
 */
int __init nat64_genl_register(struct genl_family *family)
{
	const struct genl_split_ops *op;
	struct genl_ops *both;
	int i, type;

	for (i = 0; i < ARRAY_SIZE(nat64_nl_ops); i++) {
		op = &nat64_nl_ops[i];
		for (type = 1; op->policy && type <= op->maxattr; type++)
			if (op->policy[type].type)
				memcpy(&nat64_genl_policy[type],
				       &op->policy[type],
				       sizeof(op->policy[type]));

		both = nat64_genl_add(family, op->cmd);
		both->cmd = op->cmd;
		both->flags |= op->flags;
		if (op->doit)
			both->doit = nat64_genl_doit;
		if (op->dumpit) {
			both->dumpit = nat64_genl_dumpit;
			both->done = op->done;
		}
	}

	family->ops = nat64_genl_ops;
	family->policy = nat64_genl_policy;
	family->maxattr = NAT64_A_MAX;
	return genl_register_family(family);
}
