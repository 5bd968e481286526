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
static struct genl_ops *nat64_genl_add(u8 *n_ops, u8 cmd)
{
	int i;

	for (i = 0; i < *n_ops; i++)
		if (nat64_genl_ops[i].cmd == cmd)
			return &nat64_genl_ops[i];

	++*n_ops;
	return &nat64_genl_ops[i];
}

/**
 * nat64_compat_genl_register - genl_register_family() for older kernels
 * @family: the family
 *
 * Return: 0 or a negative errno.
 */
int nat64_compat_genl_register(struct nat64_compat_genl_family *family)
{
	const struct genl_split_ops *op;
	struct genl_ops *both;
	u8 n_ops = 0;
	int i, type;

	for (i = 0; i < family->n_split_ops; i++) {
		op = &family->split_ops[i];
		for (type = 1; op->policy && type <= op->maxattr; type++)
			if (op->policy[type].type)
				memcpy(&nat64_genl_policy[type],
				       &op->policy[type],
				       sizeof(op->policy[type]));

		both = nat64_genl_add(&n_ops, op->cmd);
		both->cmd = op->cmd;
		both->flags |= op->flags;
		if (op->doit)
			both->doit = nat64_genl_doit;
		if (op->dumpit) {
			both->dumpit = nat64_genl_dumpit;
			both->done = op->done;
		}
	}

	strscpy(family->core.name, family->name, sizeof(family->core.name));
	family->core.version = family->version;
	family->core.netnsok = family->netnsok;
	family->core.parallel_ops = family->parallel_ops;
	family->core.resv_start_op = family->resv_start_op;
	family->core.mcgrps = family->mcgrps;
	family->core.n_mcgrps = family->n_mcgrps;
	family->core.module = family->module;
	family->core.ops = nat64_genl_ops;
	family->core.n_ops = n_ops;
	family->core.policy = nat64_genl_policy;
	family->core.maxattr = NAT64_A_MAX;
	return (genl_register_family)(&family->core);
}
