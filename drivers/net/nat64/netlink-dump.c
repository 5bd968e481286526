// SPDX-License-Identifier: GPL-2.0-only
/*
 * nat64 - generic netlink: dumps of tables. No lock is held between two
 * messages, so the table may change meanwhile. An entry that exists during the
 * whole dump is reported exactly once, unless NLM_F_DUMP_INTR is set.
 */
#include <linux/list.h>
#include <linux/rhashtable.h>
#include <linux/slab.h>
#include <linux/spinlock.h>
#include <net/sock.h>

#include "nat64.h"
#include "netlink.h"
#include "table.h"

/* Entries visited before device and CPU are released: a filter may match only
 * a few out of millions.
 */
#define NAT64_NL_DUMP_BATCH	4096

/**
 * struct nat64_nl_dump - dump state between two messages
 * @list: in nat64_nl_dumps while @nat64 is set
 * @nat64: device, NULL once it has been deleted; under nat64_nl_dumps_lock
 * @ops: operations of the table that is dumped
 * @iter: position in the table, valid while @nat64 is set
 * @next: entry to continue with; only compared, never dereferenced
 * @rewinds: how often the walk lost its position
 * @begun: at least one entry of the table was visited
 * @filter: filter of the request
 *
 * A message is filled with the device locked, which protects @iter, too.
 */
struct nat64_nl_dump {
	struct list_head list;
	const struct nat64_dev *nat64;
	const struct nat64_nl_dump_ops *ops;
	struct rhashtable_iter iter;
	const void *next;
	u32 rewinds;
	bool begun;
	struct nat64_filter filter;
};

struct nat64_nl_ctx {
	struct nat64_nl_dump *dump;
};

/* Protects nat64_nl_dumps. */
static DEFINE_SPINLOCK(nat64_nl_dumps_lock);
/* Dumps in progress. */
static LIST_HEAD(nat64_nl_dumps);

static struct nat64_nl_ctx *nat64_nl_ctx(struct netlink_callback *cb)
{
	BUILD_BUG_ON(sizeof(struct nat64_nl_ctx) > sizeof(cb->ctx));

	return (struct nat64_nl_ctx *)cb->ctx;
}

static void nat64_nl_dump_detach(struct nat64_nl_dump *dump)
{
	lockdep_assert_held(&nat64_nl_dumps_lock);

	rhashtable_walk_exit(&dump->iter);
	list_del(&dump->list);
	dump->nat64 = NULL;
}

/**
 * nat64_netlink_dev_gone - abort dumps and replacements of a device's tables
 * @nat64: device that still has its tables, no longer present
 *
 * Context: RTNL held.
 */
void nat64_netlink_dev_gone(const struct nat64_dev *nat64)
{
	struct nat64_nl_dump *dump, *next;

	spin_lock(&nat64_nl_dumps_lock);
	list_for_each_entry_safe(dump, next, &nat64_nl_dumps, list)
		if (dump->nat64 == nat64)
			nat64_nl_dump_detach(dump);
	spin_unlock(&nat64_nl_dumps_lock);
	nat64_nl_stage_dev_gone(nat64);
}

/**
 * nat64_nl_dump_replaced - move dumps of a device to its new table
 * @nat64: device, locked; the new table has a different generation
 *
 * The dumps restart with the new table and set NLM_F_DUMP_INTR.
 *
 * Context: process context, the old table not freed yet.
 */
void nat64_nl_dump_replaced(const struct nat64_dev *nat64)
{
	struct nat64_nl_dump *dump;

	lockdep_assert_held(&nat64->lock);

	spin_lock(&nat64_nl_dumps_lock);
	list_for_each_entry(dump, &nat64_nl_dumps, list) {
		if (dump->nat64 != nat64)
			continue;
		rhashtable_walk_exit(&dump->iter);
		rhashtable_walk_enter(dump->ops->table(nat64), &dump->iter);
		dump->next = NULL;
	}
	spin_unlock(&nat64_nl_dumps_lock);
}

/* Not done in netlink_callback.start, which has no extack in older kernels. */
static int nat64_nl_dump_start(struct netlink_callback *cb,
			       const struct nat64_dev *nat64,
			       const struct nat64_nl_dump_ops *ops)
{
	struct nlattr *const *attrs = genl_info_dump(cb)->attrs;
	struct nat64_nl_dump *dump;
	int err = 0;

	dump = kzalloc_obj(*dump, GFP_KERNEL_ACCOUNT);
	if (!dump)
		return -ENOMEM;

	if (ops->filter)
		err = ops->filter(&dump->filter, attrs[NAT64_A_FILTER],
				  cb->extack);
	if (err) {
		kfree(dump);
		return err;
	}

	dump->ops = ops;
	dump->nat64 = nat64;
	rhashtable_walk_enter(ops->table(nat64), &dump->iter);
	spin_lock(&nat64_nl_dumps_lock);
	list_add(&dump->list, &nat64_nl_dumps);
	spin_unlock(&nat64_nl_dumps_lock);
	nat64_nl_ctx(cb)->dump = dump;
	return 0;
}

/* The table was resized, so the walk restarts and repeats entries; or the
 * current entry was removed, so the walk may skip its neighbours. Either way,
 * set NLM_F_DUMP_INTR.
 */
static void nat64_nl_dump_lost(struct nat64_nl_dump *dump,
			       struct netlink_callback *cb)
{
	if (!dump->begun)
		return;

	dump->rewinds++;
	cb->seq++;
}

/* Go on with another table. */
static void nat64_nl_dump_next(struct nat64_nl_dump *dump,
			       const struct nat64_dev *nat64)
{
	spin_lock(&nat64_nl_dumps_lock);
	rhashtable_walk_exit(&dump->iter);
	dump->ops = dump->ops->next;
	rhashtable_walk_enter(dump->ops->table(nat64), &dump->iter);
	dump->begun = false;
	spin_unlock(&nat64_nl_dumps_lock);
}

/* Dump up to NAT64_NL_DUMP_BATCH entries. Returns 0 at the end of the last table,
 * 1 if there may be more entries, -EMSGSIZE if the message is full.
 */
static int nat64_nl_dump_some(struct nat64_nl_dump *dump,
			      const struct nat64_dev *nat64,
			      struct sk_buff *skb, struct netlink_callback *cb)
{
	const struct nat64_nl_dump_ops *ops = dump->ops;
	struct rhashtable_iter *iter = &dump->iter;
	int err = 0, left = NAT64_NL_DUMP_BATCH;
	void *entry;

	cb->seq = 1 + dump->rewinds;
	if (ops->generation)
		cb->seq += ops->generation(nat64);

	if (rhashtable_walk_start_check(iter))
		nat64_nl_dump_lost(dump, cb);
	entry = rhashtable_walk_peek(iter);
	if (dump->next && entry != dump->next)
		nat64_nl_dump_lost(dump, cb);

	for (; entry; entry = rhashtable_walk_next(iter)) {
		if (IS_ERR(entry)) {
			nat64_nl_dump_lost(dump, cb);
			continue;
		}
		err = 1;
		if (left--)
			err = ops->put(skb, cb, nat64, &dump->filter, entry);
		if (err)
			break;
		dump->begun = true;
	}
	dump->next = entry;
	rhashtable_walk_stop(iter);

	if (!entry && ops->next) {
		nat64_nl_dump_next(dump, nat64);
		return 1;
	}
	return err;
}

/* Lock the device of a dump in progress. */
static const struct nat64_dev *
nat64_nl_dump_lock(const struct nat64_nl_dump *dump, const struct net *net,
		   netdevice_tracker *tracker, struct netlink_ext_ack *extack)
{
	const struct nat64_dev *nat64;

	spin_lock(&nat64_nl_dumps_lock);
	nat64 = dump->nat64;
	if (nat64)
		netdev_hold(nat64->dev, tracker, GFP_ATOMIC);
	spin_unlock(&nat64_nl_dumps_lock);
	if (nat64)
		return nat64_nl_lock_held(nat64, net, tracker, extack);

	NL_SET_ERR_MSG(extack,
		       "device was deleted or moved to another namespace");
	return ERR_PTR(-ENODEV);
}

static int nat64_nl_dump_step(struct sk_buff *skb, struct netlink_callback *cb,
			      const struct nat64_nl_dump_ops *ops)
{
	struct nat64_nl_ctx *ctx = nat64_nl_ctx(cb);
	struct net *net = sock_net(skb->sk);
	const struct nat64_dev *nat64;
	netdevice_tracker tracker;
	int err = 0;

	if (ctx->dump)
		nat64 = nat64_nl_dump_lock(ctx->dump, net, &tracker,
					   cb->extack);
	else
		nat64 = nat64_nl_lock(net, genl_info_dump(cb)->attrs,
				      ops->tables, &tracker, cb->extack);
	if (IS_ERR(nat64))
		return PTR_ERR(nat64);

	if (!ctx->dump)
		err = nat64_nl_dump_start(cb, nat64, ops);
	if (!err)
		err = nat64_nl_dump_some(ctx->dump, nat64, skb, cb);
	nat64_nl_unlock(nat64, &tracker);

	return err;
}

/**
 * nat64_nl_dump - fill one message of a dump
 * @skb: message
 * @cb: dump
 * @ops: dump operations
 *
 * Context: process context. The device is locked.
 * Return: as for netlink_callback.dump.
 */
int nat64_nl_dump(struct sk_buff *skb, struct netlink_callback *cb,
		  const struct nat64_nl_dump_ops *ops)
{
	int err = 0;

	if (!nat64_nl_ctx(cb)->dump)
		err = nat64_nl_check(cb->nlh, cb->extack);
	if (err)
		return err;

	do {
		err = nat64_nl_dump_step(skb, cb, ops);
		cond_resched();
	} while (err > 0);

	if (err && err != -EMSGSIZE)
		return err;
	return skb->len ?: err;
}

/**
 * nat64_nl_dump_pool4 - fill one message of a dump about pool4
 * @skb: message
 * @cb: dump
 * @fill: adds what the message has room for, and keeps the position in @cb->ctx
 *
 * Context: process context. The device is locked.
 * Return: as for netlink_callback.dump.
 */
int nat64_nl_dump_pool4(struct sk_buff *skb, struct netlink_callback *cb,
			int (*fill)(struct sk_buff *skb,
				    struct netlink_callback *cb,
				    const struct nat64_dev *nat64))
{
	const struct nat64_dev *nat64;
	netdevice_tracker tracker;
	int err;

	err = nat64_nl_check(cb->nlh, cb->extack);
	if (err)
		return err;

	nat64 = nat64_nl_lock(sock_net(skb->sk), genl_info_dump(cb)->attrs,
			      NAT64_TABLES_POOL4, &tracker, cb->extack);
	if (IS_ERR(nat64))
		return PTR_ERR(nat64);
	err = fill(skb, cb, nat64);
	nat64_nl_unlock(nat64, &tracker);

	if (err && err != -EMSGSIZE)
		return err;
	return skb->len ?: err;
}

/**
 * nat64_nl_dump_done - release the state of a dump
 * @cb: dump
 *
 * Return: 0.
 */
int nat64_nl_dump_done(struct netlink_callback *cb)
{
	struct nat64_nl_dump *dump = nat64_nl_ctx(cb)->dump;

	if (!dump)
		return 0;

	spin_lock(&nat64_nl_dumps_lock);
	if (dump->nat64)
		nat64_nl_dump_detach(dump);
	spin_unlock(&nat64_nl_dumps_lock);

	kfree(dump);
	return 0;
}

/**
 * nat64_nl_dump_put - start an entry of a dump
 * @skb: message
 * @cb: dump
 * @nat64: device
 * @cmd: command of the entry
 *
 * Return: header for genlmsg_end() or genlmsg_cancel(), NULL if the message is
 * full.
 */
void *nat64_nl_dump_put(struct sk_buff *skb, struct netlink_callback *cb,
			const struct nat64_dev *nat64, u8 cmd)
{
	void *hdr;

	hdr = genlmsg_put(skb, NETLINK_CB(cb->skb).portid, cb->nlh->nlmsg_seq,
			  &nat64_nl_family, NLM_F_MULTI, cmd);
	if (!hdr)
		return NULL;
	genl_dump_check_consistent(cb, hdr);

	if (nla_put_u32(skb, NAT64_A_IFINDEX, nat64->dev->ifindex)) {
		genlmsg_cancel(skb, hdr);
		return NULL;
	}

	return hdr;
}
