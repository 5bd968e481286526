// SPDX-License-Identifier: GPL-2.0-only
/*
 * nat64 - the generic netlink family, by which tables are read and changed.
 *
 * RTNL is held wherever a device is looked up and used: it is what keeps the
 * device, its mode and its tables, and what RTM_NEWLINK changes them under. A
 * reference on the device would not do, because the tables go before the last
 * reference does; and one that a dump holds for a reader who has stopped
 * reading would keep the device from going.
 */
#include <linux/list.h>
#include <linux/rhashtable.h>
#include <linux/rtnetlink.h>
#include <linux/slab.h>
#include <net/genetlink.h>
#include <net/netlink.h>
#include <net/sock.h>

#include "eam.h"
#include "nat64.h"
#include "netlink-gen.h"
#include "netlink.h"

/**
 * struct nat64_nl_eam - a mapping of a request
 * @p: its prefixes
 * @attr: where in the message it is
 */
struct nat64_nl_eam {
	struct nat64_eam_prefixes p;
	const struct nlattr *attr;
};

/**
 * struct nat64_nl_eams - the mappings of a request
 * @count: how many there are
 * @eam: each of them
 */
struct nat64_nl_eams {
	unsigned int count;
	struct nat64_nl_eam eam[] __counted_by(count);
};

/**
 * struct nat64_nl_dump - a dump between two of its messages
 * @list: in nat64_nl_dumps while @nat64 is set
 * @nat64: whose table, NULL when the device has gone
 * @iter: where in the table it is, valid while @nat64 is set
 * @rewinds: how often the table was resized under it and it had to start over
 * @begun: entries have been sent
 */
struct nat64_nl_dump {
	struct list_head list;
	const struct nat64_dev *nat64;
	struct rhashtable_iter iter;
	u32 rewinds;
	bool begun;
};

/* What netlink_callback.ctx holds. */
struct nat64_nl_ctx {
	struct nat64_nl_dump *dump;
};

/* Dumps that walk a table. Under RTNL. */
static LIST_HEAD(nat64_nl_dumps);

static struct genl_family nat64_nl_family __ro_after_init = {
	.name = NAT64_FAMILY_NAME,
	.version = NAT64_FAMILY_VERSION,
	.netnsok = true,
	.parallel_ops = true,
	.module = THIS_MODULE,
	.split_ops = nat64_nl_ops,
	.n_split_ops = ARRAY_SIZE(nat64_nl_ops),
};

/* The stateless device that a request means. */
static const struct nat64_dev *
nat64_nl_stateless(struct net *net, struct nlattr *const *attrs,
		   struct netlink_ext_ack *extack)
{
	const struct nlattr *attr = attrs[NAT64_A_IFINDEX];
	const struct nat64_dev *nat64;
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

	nat64 = netdev_priv(dev);
	if (!nat64->eam) {
		NL_SET_ERR_MSG_ATTR(extack, attr,
				    "eam is for stateless devices only");
		return ERR_PTR(-EOPNOTSUPP);
	}

	return nat64;
}

static int nat64_nl_parse_eam(struct nat64_eam_prefixes *p,
			      const struct nlattr *attr,
			      struct netlink_ext_ack *extack)
{
	struct nlattr *tb[NAT64_A_EAM_MAX + 1];
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

	/* RFC 7757 section 3.2: without a length it is a single address. */
	p->prefix4 = nla_get_in_addr(tb[NAT64_A_EAM_PREFIX4]);
	p->len4 = 32;
	if (tb[NAT64_A_EAM_LEN4])
		p->len4 = nla_get_u8(tb[NAT64_A_EAM_LEN4]);
	p->prefix6 = nla_get_in6_addr(tb[NAT64_A_EAM_PREFIX6]);
	p->len6 = 128;
	if (tb[NAT64_A_EAM_LEN6])
		p->len6 = nla_get_u8(tb[NAT64_A_EAM_LEN6]);

	err = nat64_eam_check(p, extack);
	if (err)
		NL_SET_BAD_ATTR(extack, attr);
	return err;
}

/* All mappings of a request, every one of them checked; ERR_PTR otherwise. */
static struct nat64_nl_eams *nat64_nl_parse_eams(struct genl_info *info)
{
	unsigned int i = 0, count = 0;
	struct nat64_nl_eams *eams;
	const struct nlattr *attr;
	int rem, err;

	nlmsg_for_each_attr(attr, info->nlhdr, GENL_HDRLEN, rem)
		if (nla_type(attr) == NAT64_A_EAM)
			count++;
	if (!count) {
		NL_SET_ERR_MSG(info->extack, "eam is required");
		return ERR_PTR(-EINVAL);
	}

	eams = kvmalloc(struct_size(eams, eam, count), GFP_KERNEL);
	if (!eams)
		return ERR_PTR(-ENOMEM);

	eams->count = count;
	nlmsg_for_each_attr(attr, info->nlhdr, GENL_HDRLEN, rem) {
		if (nla_type(attr) != NAT64_A_EAM)
			continue;
		eams->eam[i].attr = attr;
		err = nat64_nl_parse_eam(&eams->eam[i++].p, attr,
					 info->extack);
		if (err) {
			kvfree(eams);
			return ERR_PTR(err);
		}
		cond_resched();
	}

	return eams;
}

typedef int nat64_nl_eam_op(struct nat64_eam_table *table,
			    const struct nat64_eam_prefixes *p,
			    struct netlink_ext_ack *extack);

/* Does @op to every mapping; or to none, what was done is undone. Only want of
 * memory can keep one that was removed from coming back.
 */
static int nat64_nl_do_eams(struct nat64_eam_table *table,
			    const struct nat64_nl_eams *eams,
			    nat64_nl_eam_op *op, nat64_nl_eam_op *undo,
			    struct netlink_ext_ack *extack)
{
	unsigned int i;
	int err;

	for (i = 0; i < eams->count; i++) {
		err = op(table, &eams->eam[i].p, extack);
		if (err)
			goto err_undo;
		cond_resched();
	}

	return 0;

err_undo:
	NL_SET_BAD_ATTR(extack, eams->eam[i].attr);
	while (i--) {
		undo(table, &eams->eam[i].p, NULL);
		cond_resched();
	}
	return err;
}

static int nat64_nl_change_eams(struct genl_info *info,
				nat64_nl_eam_op *op, nat64_nl_eam_op *undo)
{
	const struct nat64_dev *nat64;
	struct nat64_nl_eams *eams;
	int err;

	eams = nat64_nl_parse_eams(info);
	if (IS_ERR(eams))
		return PTR_ERR(eams);

	rtnl_lock();
	nat64 = nat64_nl_stateless(genl_info_net(info), info->attrs,
				   info->extack);
	err = PTR_ERR_OR_ZERO(nat64);
	if (!err) {
		mutex_lock(&nat64->eam->lock);
		err = nat64_nl_do_eams(nat64->eam, eams, op, undo,
				       info->extack);
		mutex_unlock(&nat64->eam->lock);
	}
	rtnl_unlock();

	kvfree(eams);
	return err;
}

int nat64_nl_eam_add_doit(struct sk_buff *skb, struct genl_info *info)
{
	return nat64_nl_change_eams(info, nat64_eam_add, nat64_eam_del);
}

int nat64_nl_eam_del_doit(struct sk_buff *skb, struct genl_info *info)
{
	return nat64_nl_change_eams(info, nat64_eam_del, nat64_eam_add);
}

int nat64_nl_eam_flush_doit(struct sk_buff *skb, struct genl_info *info)
{
	const struct nat64_dev *nat64;
	int err;

	rtnl_lock();
	nat64 = nat64_nl_stateless(genl_info_net(info), info->attrs,
				   info->extack);
	err = PTR_ERR_OR_ZERO(nat64);
	if (!err) {
		mutex_lock(&nat64->eam->lock);
		nat64_eam_flush(nat64->eam);
		mutex_unlock(&nat64->eam->lock);
	}
	rtnl_unlock();

	return err;
}

static void nat64_nl_dump_detach(struct nat64_nl_dump *dump)
{
	rhashtable_walk_exit(&dump->iter);
	list_del(&dump->list);
	dump->nat64 = NULL;
}

/**
 * nat64_netlink_dev_gone - end the dumps of a device's tables
 * @nat64: device, its tables are still there
 *
 * Context: RTNL held.
 */
void nat64_netlink_dev_gone(const struct nat64_dev *nat64)
{
	struct nat64_nl_dump *dump, *next;

	ASSERT_RTNL();

	list_for_each_entry_safe(dump, next, &nat64_nl_dumps, list)
		if (dump->nat64 == nat64)
			nat64_nl_dump_detach(dump);
}

/* Not in the callback "start", where older kernels have no extack. */
static int nat64_nl_dump_start(struct nat64_nl_ctx *ctx, struct sk_buff *skb,
			       struct netlink_callback *cb)
{
	const struct nat64_dev *nat64;
	struct nat64_nl_dump *dump;

	nat64 = nat64_nl_stateless(sock_net(skb->sk), genl_info_dump(cb)->attrs,
				   cb->extack);
	if (IS_ERR(nat64))
		return PTR_ERR(nat64);

	dump = kzalloc(sizeof(*dump), GFP_KERNEL);
	if (!dump)
		return -ENOMEM;

	dump->nat64 = nat64;
	list_add(&dump->list, &nat64_nl_dumps);
	rhashtable_walk_enter(&nat64->eam->by4, &dump->iter);
	ctx->dump = dump;
	return 0;
}

static int nat64_nl_put_eam(struct sk_buff *skb, struct netlink_callback *cb,
			    const struct nat64_dev *nat64,
			    const struct nat64_eam *eam)
{
	struct nlattr *nest;
	void *hdr;

	hdr = genlmsg_put(skb, NETLINK_CB(cb->skb).portid, cb->nlh->nlmsg_seq,
			  &nat64_nl_family, NLM_F_MULTI, NAT64_CMD_EAM_GET);
	if (!hdr)
		return -EMSGSIZE;
	genl_dump_check_consistent(cb, hdr);

	if (nla_put_u32(skb, NAT64_A_IFINDEX, nat64->dev->ifindex))
		goto err_cancel;
	nest = nla_nest_start(skb, NAT64_A_EAM);
	if (!nest ||
	    nla_put_in_addr(skb, NAT64_A_EAM_PREFIX4, eam->p.prefix4) ||
	    nla_put_u8(skb, NAT64_A_EAM_LEN4, eam->p.len4) ||
	    nla_put_in6_addr(skb, NAT64_A_EAM_PREFIX6, &eam->p.prefix6) ||
	    nla_put_u8(skb, NAT64_A_EAM_LEN6, eam->p.len6))
		goto err_cancel;
	nla_nest_end(skb, nest);

	genlmsg_end(skb, hdr);
	return 0;

err_cancel:
	genlmsg_cancel(skb, hdr);
	return -EMSGSIZE;
}

/* The walk starts over when the table was resized, so entries come twice. For
 * the reader this is the same as a change.
 */
static void nat64_nl_dump_rewound(struct nat64_nl_dump *dump,
				  struct netlink_callback *cb)
{
	if (!dump->begun)
		return;

	dump->rewinds++;
	cb->seq++;
}

/* As many entries as fit, from where the dump is. */
static int nat64_nl_dump_eams(struct nat64_nl_dump *dump, struct sk_buff *skb,
			      struct netlink_callback *cb)
{
	struct rhashtable_iter *iter = &dump->iter;
	struct nat64_eam *eam;
	int err = 0;

	cb->seq = dump->nat64->eam->generation + dump->rewinds;

	if (rhashtable_walk_start_check(iter))
		nat64_nl_dump_rewound(dump, cb);
	/* The one that did not fit before. */
	eam = rhashtable_walk_peek(iter);
	for (; eam; eam = rhashtable_walk_next(iter)) {
		if (IS_ERR(eam)) {
			nat64_nl_dump_rewound(dump, cb);
			continue;
		}
		err = nat64_nl_put_eam(skb, cb, dump->nat64, eam);
		if (err)
			break;
		dump->begun = true;
	}
	rhashtable_walk_stop(iter);

	return skb->len ?: err;
}

int nat64_nl_eam_get_dumpit(struct sk_buff *skb, struct netlink_callback *cb)
{
	struct nat64_nl_ctx *ctx = (struct nat64_nl_ctx *)cb->ctx;
	struct nat64_eam_table *table;
	int err = 0;

	rtnl_lock();
	if (!ctx->dump) {
		err = nat64_nl_dump_start(ctx, skb, cb);
		if (err)
			goto out_unlock;
	}
	if (!ctx->dump->nat64 ||
	    !net_eq(dev_net(ctx->dump->nat64->dev), sock_net(skb->sk))) {
		NL_SET_ERR_MSG(cb->extack, "the device has gone");
		err = -ENODEV;
		goto out_unlock;
	}

	/* The generation that the entries are told to be of. */
	table = ctx->dump->nat64->eam;
	mutex_lock(&table->lock);
	err = nat64_nl_dump_eams(ctx->dump, skb, cb);
	mutex_unlock(&table->lock);

out_unlock:
	rtnl_unlock();
	return err;
}

int nat64_nl_eam_get_done(struct netlink_callback *cb)
{
	struct nat64_nl_ctx *ctx = (struct nat64_nl_ctx *)cb->ctx;

	if (!ctx->dump)
		return 0;

	rtnl_lock();
	if (ctx->dump->nat64)
		nat64_nl_dump_detach(ctx->dump);
	rtnl_unlock();

	kfree(ctx->dump);
	return 0;
}

/**
 * nat64_netlink_init - let user space in
 *
 * Return: 0 or a negative errno.
 */
int __init nat64_netlink_init(void)
{
	BUILD_BUG_ON(sizeof(struct nat64_nl_ctx) >
		     sizeof_field(struct netlink_callback, ctx));

	return genl_register_family(&nat64_nl_family);
}

/**
 * nat64_netlink_exit - no request is being worked on when it returns
 */
void nat64_netlink_exit(void)
{
	genl_unregister_family(&nat64_nl_family);
}
