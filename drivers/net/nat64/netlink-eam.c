// SPDX-License-Identifier: GPL-2.0-only
/*
 * nat64 - generic netlink: explicit address mappings.
 */
#include "memcg.h"
#include "nat64.h"
#include "netlink-eam.h"
#include "netlink-gen.h"
#include "netlink.h"
#include "table.h"

static int nat64_nl_parse_eam(void *item, const struct nlattr *attr,
			      struct netlink_ext_ack *extack)
{
	struct nlattr *tb[NAT64_A_EAM_MAX + 1];
	struct nat64_eam_prefixes *p = &((struct nat64_nl_eam *)item)->p;
	int err;

	err = nla_parse_nested(tb, NAT64_A_EAM_MAX, attr, nat64_eam_nl_policy,
			       extack);
	if (err)
		return err;
	if (!tb[NAT64_A_EAM_PREFIX4]) {
		NL_SET_ERR_MSG_ATTR(extack, attr, "eam has no prefix4");
		return -EINVAL;
	}
	if (!tb[NAT64_A_EAM_PREFIX6]) {
		NL_SET_ERR_MSG_ATTR(extack, attr, "eam has no prefix6");
		return -EINVAL;
	}

	/* RFC 7757 section 3.2: without a length, a single address. */
	p->prefix4 = nla_get_in_addr(tb[NAT64_A_EAM_PREFIX4]);
	p->len4 = 32;
	if (tb[NAT64_A_EAM_LEN4])
		p->len4 = nla_get_u8(tb[NAT64_A_EAM_LEN4]);
	p->prefix6 = nla_get_in6_addr(tb[NAT64_A_EAM_PREFIX6]);
	p->len6 = 128;
	if (tb[NAT64_A_EAM_LEN6])
		p->len6 = nla_get_u8(tb[NAT64_A_EAM_LEN6]);

	err = nat64_eam_check(p, extack) ?: nat64_eam_check_hosts(p, extack);
	if (err)
		NL_SET_BAD_ATTR(extack, attr);
	return err;
}

const struct nat64_nl_kind nat64_nl_eams = {
	.attr = NAT64_A_EAM,
	.size = sizeof(struct nat64_nl_eam),
	.tables = NAT64_TABLES_EAM,
	.parse = nat64_nl_parse_eam,
};

/* Check NLM_F_CREATE and NLM_F_EXCL. */
static int nat64_nl_may_add_eam(bool there, u16 flags,
				struct netlink_ext_ack *extack)
{
	if (there && flags & NLM_F_EXCL) {
		NL_SET_ERR_MSG(extack,
			       "mapping of prefix4 and prefix6 already exists");
		return -EEXIST;
	}
	if (!there && !(flags & NLM_F_CREATE)) {
		NL_SET_ERR_MSG(extack, "no such mapping of prefix4 and prefix6");
		return -ENOENT;
	}

	return 0;
}

static int nat64_nl_enter_eam(const struct nat64_dev *nat64,
			      struct nat64_nl_eam *eam, u16 flags,
			      struct netlink_ext_ack *extack)
{
	struct nat64_eam_table *table = nat64_locked_eam(nat64);
	int err;

	mutex_lock(&table->lock);
	eam->kept = nat64_eam_has(table, &eam->p);
	err = nat64_nl_may_add_eam(eam->kept, flags, extack);
	if (!err && !eam->kept)
		err = nat64_eam_add(table, &eam->p, extack);
	mutex_unlock(&table->lock);
	if (!err)
		nat64_memcg_charge_hashes(netdev_priv(nat64->dev));

	return err;
}

static int nat64_nl_add_eam(const struct nat64_dev *nat64, void *item,
			    const struct genl_info *info)
{
	return nat64_nl_enter_eam(nat64, item, info->nlhdr->nlmsg_flags,
				  info->extack);
}

static int nat64_nl_del_eam(const struct nat64_dev *nat64, void *item,
			    const struct genl_info *info)
{
	struct nat64_eam_table *table = nat64_locked_eam(nat64);
	struct nat64_nl_eam *eam = item;
	int err;

	mutex_lock(&table->lock);
	err = nat64_eam_del(table, &eam->p, info->extack);
	mutex_unlock(&table->lock);

	return err;
}

static int nat64_nl_unadd_eam(const struct nat64_dev *nat64, void *item,
			      const struct genl_info *info)
{
	const struct nat64_nl_eam *eam = item;

	return eam->kept ? 0 : nat64_nl_del_eam(nat64, item, info);
}

/* Restoring a removed mapping can only fail with -ENOMEM. */
static int nat64_nl_undel_eam(const struct nat64_dev *nat64, void *item,
			      const struct genl_info *info)
{
	return nat64_nl_enter_eam(nat64, item, NLM_F_CREATE, info->extack);
}

int nat64_nl_eam_add_doit(struct sk_buff *skb, struct genl_info *info)
{
	static const struct nat64_nl_ops ops = {
		.op = nat64_nl_add_eam,
		.undo = nat64_nl_unadd_eam,
	};

	return nat64_nl_change(info, &nat64_nl_eams, &ops);
}

int nat64_nl_eam_del_doit(struct sk_buff *skb, struct genl_info *info)
{
	static const struct nat64_nl_ops ops = {
		.op = nat64_nl_del_eam,
		.undo = nat64_nl_undel_eam,
	};

	return nat64_nl_change(info, &nat64_nl_eams, &ops);
}

int nat64_nl_eam_flush_doit(struct sk_buff *skb, struct genl_info *info)
{
	const struct nat64_dev *nat64;
	struct nat64_eam_table *table;
	netdevice_tracker tracker;

	nat64 = nat64_nl_lock(genl_info_net(info), info->attrs,
			      NAT64_TABLES_EAM, &tracker, info->extack);
	if (IS_ERR(nat64))
		return PTR_ERR(nat64);

	table = nat64_locked_eam(nat64);
	mutex_lock(&table->lock);
	nat64_eam_flush(table);
	mutex_unlock(&table->lock);
	nat64_nl_unlock(nat64, &tracker);

	return 0;
}

static struct rhashtable *nat64_nl_eam_table(const struct nat64_dev *nat64)
{
	return &nat64_locked_eam(nat64)->by4;
}

static u32 nat64_nl_eam_generation(const struct nat64_dev *nat64)
{
	return nat64_locked_eam(nat64)->generation;
}

static int nat64_nl_dump_eam(struct sk_buff *skb, struct netlink_callback *cb,
			     const struct nat64_dev *nat64,
			     const struct nat64_filter *filter,
			     const void *entry)
{
	const struct nat64_eam *eam = entry;
	struct nlattr *nest;
	void *hdr;

	hdr = nat64_nl_dump_put(skb, cb, nat64, NAT64_CMD_EAM_GET);
	if (!hdr)
		return -EMSGSIZE;

	nest = nla_nest_start(skb, NAT64_A_EAM);
	if (!nest ||
	    nla_put_in_addr(skb, NAT64_A_EAM_PREFIX4, eam->p.prefix4) ||
	    nla_put_u8(skb, NAT64_A_EAM_LEN4, eam->p.len4) ||
	    nla_put_in6_addr(skb, NAT64_A_EAM_PREFIX6, &eam->p.prefix6) ||
	    nla_put_u8(skb, NAT64_A_EAM_LEN6, eam->p.len6)) {
		genlmsg_cancel(skb, hdr);
		return -EMSGSIZE;
	}
	nla_nest_end(skb, nest);

	genlmsg_end(skb, hdr);
	return 0;
}

static const struct nat64_nl_dump_ops nat64_nl_eam_dump = {
	.tables = NAT64_TABLES_EAM,
	.table = nat64_nl_eam_table,
	.generation = nat64_nl_eam_generation,
	.put = nat64_nl_dump_eam,
};

int nat64_nl_eam_get_dumpit(struct sk_buff *skb, struct netlink_callback *cb)
{
	return nat64_nl_dump(skb, cb, &nat64_nl_eam_dump);
}

int nat64_nl_eam_get_done(struct netlink_callback *cb)
{
	return nat64_nl_dump_done(cb);
}
