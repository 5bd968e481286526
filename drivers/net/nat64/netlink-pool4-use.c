// SPDX-License-Identifier: GPL-2.0-only
/*
 * nat64 - generic netlink: use of pool4 by entry.
 */
#include <net/sock.h>

#include "config.h"
#include "host.h"
#include "nat64.h"
#include "netlink-gen.h"
#include "netlink-put.h"
#include "netlink.h"
#include "pool4-use.h"
#include "pool4.h"
#include "table.h"

/**
 * struct nat64_nl_entry_ctx - dump state between two messages
 * @next: index of the next entry, or next address of the host in host byte
 *	order
 * @done: the dump is complete
 */
struct nat64_nl_entry_ctx {
	u32 next;
	bool done;
};

/* In the order of the reply. */
static const struct {
	enum nat64_l4 l4;
	u8 proto;
} nat64_nl_use_protos[] = {
	{ NAT64_L4_TCP, IPPROTO_TCP },
	{ NAT64_L4_UDP, IPPROTO_UDP },
	{ NAT64_L4_ICMP, IPPROTO_ICMP },
};

/* Add a pool4 entry and its use for each protocol. */
static int nat64_nl_put_pool4(struct sk_buff *skb,
			      const struct nat64_dev *nat64,
			      const struct nat64_config *config,
			      const struct nat64_pool4_entry *entry)
{
	const struct nat64_use *use;
	enum nat64_l4 l4;
	unsigned int i;

	if (nat64_nl_put_entry(skb, NAT64_A_POOL4_ENTRY, entry))
		return -EMSGSIZE;
	for (i = 0; i < ARRAY_SIZE(nat64_nl_use_protos); i++) {
		if (!nat64_entry_proto(entry, nat64_nl_use_protos[i].proto))
			continue;
		l4 = nat64_nl_use_protos[i].l4;
		use = &entry->stat->use[l4];
		if (atomic_read(&use->held_down))
			nat64_pool4_unhold(nat64->table, config, l4,
					   entry->addrs.first,
					   entry->addrs.last);
		if (nat64_nl_put_use(skb, NAT64_A_POOL4_USE,
				     nat64_nl_use_protos[i].proto,
				     entry->stat->total, use))
			return -EMSGSIZE;
	}

	return 0;
}

/* Add an address of the host and its use for each protocol. */
static int nat64_nl_put_host(struct sk_buff *skb, struct nat64_table *table,
			     const struct nat64_config *config, u32 addr)
{
	const struct nat64_pool4_entry entry = {
		.addrs = { addr, addr },
		.port_min = NAT64_HOST_PORT_MIN,
		.port_max = NAT64_HOST_PORT_MAX,
	};
	enum nat64_l4 l4;
	unsigned int i;
	int err;

	if (nla_put_flag(skb, NAT64_A_HOST) ||
	    nat64_nl_put_entry(skb, NAT64_A_POOL4_ENTRY, &entry))
		return -EMSGSIZE;
	for (i = 0; i < ARRAY_SIZE(nat64_nl_use_protos); i++) {
		l4 = nat64_nl_use_protos[i].l4;
		nat64_pool4_unhold(table, config, l4, addr, addr);
		rcu_read_lock();
		err = nat64_nl_put_use(skb, NAT64_A_POOL4_USE,
				       nat64_nl_use_protos[i].proto,
				       NAT64_HOST_PORTS,
				       nat64_pool4_host(table, l4, addr));
		rcu_read_unlock();
		if (err)
			return err;
	}

	return 0;
}

static int nat64_nl_dump_entries(struct sk_buff *skb,
				 struct netlink_callback *cb,
				 const struct nat64_dev *nat64,
				 const struct nat64_config *config)
{
	struct nat64_nl_entry_ctx *ctx = (void *)cb->ctx;
	void *hdr;

	for (; ctx->next < config->pool4_count; ctx->next++) {
		hdr = nat64_nl_dump_put(skb, cb, nat64, NAT64_CMD_POOL4_GET);
		if (!hdr)
			return -EMSGSIZE;
		if (nat64_nl_put_pool4(skb, nat64, config,
				       &config->pool4[ctx->next])) {
			genlmsg_cancel(skb, hdr);
			return -EMSGSIZE;
		}
		genlmsg_end(skb, hdr);
		cond_resched();
	}

	return 0;
}

static int nat64_nl_dump_hosts(struct sk_buff *skb, struct netlink_callback *cb,
			       const struct nat64_dev *nat64,
			       const struct nat64_config *config)
{
	struct nat64_nl_entry_ctx *ctx = (void *)cb->ctx;
	u32 addr;
	void *hdr;

	for (;;) {
		addr = ctx->next;
		if (!nat64_pool4_next_host(nat64->table, config, &addr))
			return 0;
		hdr = nat64_nl_dump_put(skb, cb, nat64, NAT64_CMD_POOL4_GET);
		if (!hdr)
			return -EMSGSIZE;
		if (nat64_nl_put_host(skb, nat64->table, config, addr)) {
			genlmsg_cancel(skb, hdr);
			return -EMSGSIZE;
		}
		genlmsg_end(skb, hdr);
		ctx->next = addr + 1;
		cond_resched();
	}
}

static int nat64_nl_dump_uses(struct sk_buff *skb, struct netlink_callback *cb,
			      const struct nat64_dev *nat64)
{
	const struct nat64_config *config = nat64_locked_config(nat64);
	struct nat64_nl_entry_ctx *ctx = (void *)cb->ctx;
	int err;

	cb->seq = 1 + nat64->table->pool4_changes;
	err = nat64_use_by_host(config) ?
	      nat64_nl_dump_hosts(skb, cb, nat64, config) :
	      nat64_nl_dump_entries(skb, cb, nat64, config);
	ctx->done = !err;

	return err;
}

int nat64_nl_pool4_get_dumpit(struct sk_buff *skb, struct netlink_callback *cb)
{
	struct nat64_nl_entry_ctx *ctx = (void *)cb->ctx;

	BUILD_BUG_ON(sizeof(*ctx) > sizeof(cb->ctx));

	return ctx->done ? 0 : nat64_nl_dump_pool4(skb, cb, nat64_nl_dump_uses);
}

/* Add the entry that the request names to the reply. */
static int nat64_nl_get_pool4(struct sk_buff *skb, struct genl_info *info,
			      const struct nat64_dev *nat64)
{
	const struct nat64_config *config = nat64_locked_config(nat64);
	const struct nlattr *attr = info->attrs[NAT64_A_POOL4_ENTRY];
	int index;
	void *hdr;

	if (!attr) {
		NL_SET_ERR_MSG(info->extack, "pool4-entry is required");
		return -EINVAL;
	}

	index = nat64_config_pool4_find(config, attr, info->extack);
	if (index == -ENOENT)
		NL_SET_ERR_MSG_ATTR(info->extack, attr,
				    "pool4 has no such entry");
	if (index < 0)
		return index;

	hdr = genlmsg_put_reply(skb, info, &nat64_nl_family, 0,
				NAT64_CMD_POOL4_GET);
	if (!hdr || nla_put_u32(skb, NAT64_A_IFINDEX, nat64->dev->ifindex) ||
	    nat64_nl_put_pool4(skb, nat64, config, &config->pool4[index]))
		return -EMSGSIZE;
	genlmsg_end(skb, hdr);

	return 0;
}

int nat64_nl_pool4_get_doit(struct sk_buff *skb, struct genl_info *info)
{
	struct sk_buff *reply = genlmsg_new(GENLMSG_DEFAULT_SIZE, GFP_KERNEL);
	const struct nat64_dev *nat64;
	netdevice_tracker tracker;
	int err;

	if (!reply)
		return -ENOMEM;

	/* Freeing ports whose hold-down is over may sleep. */
	nat64 = nat64_nl_lock(genl_info_net(info), info->attrs,
			      NAT64_TABLES_POOL4, &tracker, info->extack);
	err = PTR_ERR_OR_ZERO(nat64);
	if (!err) {
		err = nat64_nl_get_pool4(reply, info, nat64);
		nat64_nl_unlock(nat64, &tracker);
	}
	if (err) {
		nlmsg_free(reply);
		return err;
	}

	return genlmsg_reply(reply, info);
}
