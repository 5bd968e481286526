// SPDX-License-Identifier: GPL-2.0-only
/*
 * nat64 - generic netlink: atomic requests that change many table entries.
 */
#include <linux/rtnetlink.h>
#include <linux/slab.h>

#include "borrow.h"
#include "nat64.h"
#include "netlink.h"
#include "table.h"

/**
 * nat64_nl_item - get an entry of a request
 * @items: entries of the request
 * @i: index of the entry
 *
 * Return: the entry
 */
struct nat64_nl_item *nat64_nl_item(struct nat64_nl_items *items,
				    unsigned int i)
{
	return (struct nat64_nl_item *)(items->item + i * items->stride);
}

static void nat64_nl_missing(int attr, struct netlink_ext_ack *extack)
{
	switch (attr) {
	case NAT64_A_EAM:
		NL_SET_ERR_MSG(extack, "eam is required");
		break;
	case NAT64_A_BINDING:
		NL_SET_ERR_MSG(extack, "binding is required");
		break;
	case NAT64_A_SESSION:
		NL_SET_ERR_MSG(extack, "session is required");
		break;
	}
}

/**
 * nat64_nl_parse_items - parse and check all entries of a request
 * @info: request
 * @kind: kind of entries
 *
 * Context: process context.
 * Return: entries, to free with kvfree(), or ERR_PTR.
 */
struct nat64_nl_items *nat64_nl_parse_items(struct genl_info *info,
					    const struct nat64_nl_kind *kind)
{
	size_t stride = ALIGN(sizeof(struct nat64_nl_item) + kind->size, 8);
	unsigned int i = 0, count = 0;
	struct nat64_nl_items *items;
	struct nat64_nl_item *item;
	const struct nlattr *attr;
	int rem, err;

	nlmsg_for_each_attr(attr, info->nlhdr, GENL_HDRLEN, rem)
		if (nla_type(attr) == kind->attr)
			count++;
	if (!count) {
		nat64_nl_missing(kind->attr, info->extack);
		return ERR_PTR(-EINVAL);
	}

	items = kvzalloc(sizeof(*items) + count * stride, GFP_KERNEL);
	if (!items)
		return ERR_PTR(-ENOMEM);

	items->count = count;
	items->stride = stride;
	nlmsg_for_each_attr(attr, info->nlhdr, GENL_HDRLEN, rem) {
		if (nla_type(attr) != kind->attr)
			continue;
		item = nat64_nl_item(items, i++);
		item->attr = attr;
		err = kind->parse(item->data, attr, info->extack);
		if (err) {
			kvfree(items);
			return ERR_PTR(err);
		}
		cond_resched();
	}

	return items;
}

/* Apply @op to each entry and report the bad attribute on failure. Returns the
 * number of entries that it succeeded for.
 */
static unsigned int nat64_nl_for_items(const struct nat64_dev *nat64,
				       struct nat64_nl_items *items,
				       nat64_nl_op *op, int *err,
				       const struct genl_info *info)
{
	struct nat64_nl_item *item;
	unsigned int i;

	for (i = 0; i < items->count; i++) {
		item = nat64_nl_item(items, i);
		*err = op(nat64, item->data, info);
		if (*err) {
			NL_SET_BAD_ATTR(info->extack, item->attr);
			break;
		}
		cond_resched();
	}

	return i;
}

static int nat64_nl_do_items(const struct nat64_dev *nat64,
			     struct nat64_nl_items *items,
			     const struct nat64_nl_ops *ops,
			     const struct genl_info *info)
{
	/* Undo and commit must not overwrite the extack message of @op. */
	struct genl_info quiet = *info;
	unsigned int i;
	int err = 0;

	quiet.extack = NULL;

	if (ops->check)
		nat64_nl_for_items(nat64, items, ops->check, &err, info);
	if (err)
		return err;

	i = nat64_nl_for_items(nat64, items, ops->op, &err, info);
	while (err && ops->undo && i--) {
		ops->undo(nat64, nat64_nl_item(items, i)->data, &quiet);
		cond_resched();
	}
	if (!err && ops->commit)
		nat64_nl_for_items(nat64, items, ops->commit, &err, &quiet);

	return err;
}

/* Register the hooks that static bindings need, which RTNL protects. */
static int nat64_nl_first_static(struct genl_info *info,
				 const struct nat64_nl_kind *kind)
{
	const struct nat64_dev *nat64;
	netdevice_tracker tracker;
	int err;

	rtnl_lock();
	nat64 = nat64_nl_lock(genl_info_net(info), info->attrs, kind->tables,
			      &tracker, info->extack);
	err = PTR_ERR_OR_ZERO(nat64);
	if (!err) {
		err = nat64_borrow_static(nat64->table, info->extack);
		nat64_nl_unlock(nat64, &tracker);
	}
	rtnl_unlock();

	return err;
}

/* Lock the device for a change. */
static const struct nat64_dev *
nat64_nl_change_begin(struct genl_info *info, const struct nat64_nl_kind *kind,
		      const struct nat64_nl_ops *ops,
		      netdevice_tracker *tracker)
{
	const struct nat64_dev *nat64;
	int err;

	for (;;) {
		nat64 = nat64_nl_lock(genl_info_net(info), info->attrs,
				      kind->tables, tracker, info->extack);
		if (IS_ERR(nat64) || !ops->statics ||
		    !nat64_borrow_static_first(nat64->table))
			return nat64;

		/* RTNL nests outside. */
		nat64_nl_unlock(nat64, tracker);
		err = nat64_nl_first_static(info, kind);
		if (err)
			return ERR_PTR(err);
	}
}

/* Unlock the device after a change. Without static bindings their hooks, which
 * RTNL protects, are no longer needed.
 */
static void nat64_nl_change_end(const struct nat64_dev *nat64,
				netdevice_tracker *tracker)
{
	struct nat64_dev *held = netdev_priv(nat64->dev);

	if (!held->table || !nat64_borrow_static_last(held->table)) {
		nat64_nl_unlock(held, tracker);
		return;
	}

	/* RTNL nests outside. */
	mutex_unlock(&held->lock);
	rtnl_lock();
	mutex_lock(&held->lock);
	if (held->table)
		nat64_borrow_static_gone(held->table);
	nat64_nl_unlock(held, tracker);
	rtnl_unlock();
}

/**
 * nat64_nl_change - apply a request to all of its entries or to none
 * @info: request
 * @kind: kind of entries
 * @ops: operations on an entry
 *
 * Context: process context. The device is locked; RTNL is taken for the first
 * and after the last static binding.
 * Return: 0 or a negative errno.
 */
int nat64_nl_change(struct genl_info *info, const struct nat64_nl_kind *kind,
		    const struct nat64_nl_ops *ops)
{
	const struct nat64_dev *nat64;
	struct nat64_nl_items *items;
	netdevice_tracker tracker;
	int err;

	items = nat64_nl_parse_items(info, kind);
	if (IS_ERR(items))
		return PTR_ERR(items);

	nat64 = nat64_nl_change_begin(info, kind, ops, &tracker);
	err = PTR_ERR_OR_ZERO(nat64);
	if (!err) {
		err = nat64_nl_do_items(nat64, items, ops, info);
		nat64_nl_change_end(nat64, &tracker);
	}

	kvfree(items);
	return err;
}

/**
 * nat64_nl_flush - remove the entries of a table that match a filter
 * @info: request
 * @ops: dump operations of the table
 * @flush_all: removes the matching entries
 *
 * Context: process context. The device is locked; RTNL is taken after the last
 * static binding.
 * Return: 0 or a negative errno.
 */
int nat64_nl_flush(struct genl_info *info, const struct nat64_nl_dump_ops *ops,
		   void (*flush_all)(struct nat64_table *table,
				     const struct nat64_nl_flush *flush))
{
	struct nat64_nl_flush flush = {
		.trigger.cause = NAT64_CAUSE_FLUSHED,
		.trigger.portid = info->snd_portid,
	};
	const struct nat64_dev *nat64;
	netdevice_tracker tracker;
	int err;

	err = ops->filter(&flush.filter, info->attrs[NAT64_A_FILTER], info->extack);
	if (err)
		return err;

	nat64 = nat64_nl_lock(genl_info_net(info), info->attrs, ops->tables,
			      &tracker, info->extack);
	if (IS_ERR(nat64))
		return PTR_ERR(nat64);

	flush_all(nat64->table, &flush);
	nat64_nl_change_end(nat64, &tracker);
	return 0;
}
