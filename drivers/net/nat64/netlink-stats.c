// SPDX-License-Identifier: GPL-2.0-only
/*
 * nat64 - generic netlink: drop counters and table sizes. They identify nobody,
 * so unprivileged users may read them. Therefore no lock is taken that changes
 * wait for: a device is read under RCU.
 */
#include <linux/in.h>
#include <linux/netdevice.h>
#include <net/sock.h>

#include "counts.h"
#include "eam.h"
#include "nat64.h"
#include "netlink-gen.h"
#include "netlink-put.h"
#include "netlink.h"
#include "session.h"
#include "synstore.h"
#include "table.h"

/* Add the numbers to a message; 0 or -EMSGSIZE. Called under RCU. */
typedef int nat64_nl_numbers(struct sk_buff *skb,
			     const struct nat64_dev *nat64);

/**
 * struct nat64_nl_numbers_ctx - dump state between two messages
 * @last: index of the last device dumped
 * @done: the dump is complete
 */
struct nat64_nl_numbers_ctx {
	u32 last;
	bool done;
};

/* Counter attributes have the numbers of enum values in linux/nat64.h, and are
 * named after the texts there.
 */
#define NAT64_NL_SAME(name, attr)					\
	static_assert((int)NAT64_COUNTER_##name ==			\
		      (int)NAT64_A_COUNTER_##attr)

NAT64_NL_SAME(MALFORMED, MALFORMED);
NAT64_NL_SAME(NO_MEMORY, NO_MEMORY);
NAT64_NL_SAME(BACKLOG, BACKLOG_FULL);
NAT64_NL_SAME(SEGMENT, SEGMENTATION_FAILED);
NAT64_NL_SAME(REASSEMBLY, REASSEMBLY_FAILED);
NAT64_NL_SAME(ILLEGAL_SRC, ILLEGAL_SOURCE);
NAT64_NL_SAME(ILLEGAL_DST, ILLEGAL_DESTINATION);
NAT64_NL_SAME(SRC_IN_POOL6, SOURCE_IN_POOL6);
NAT64_NL_SAME(UNTRANSLATABLE, UNTRANSLATABLE_ADDRESS);
NAT64_NL_SAME(WKP_NONGLOBAL, WKP_NOT_GLOBAL);
NAT64_NL_SAME(SOURCE_ROUTE, SOURCE_ROUTE);
NAT64_NL_SAME(ROUTING_HEADER, ROUTING_HEADER);
NAT64_NL_SAME(FRAGMENT_CHAIN, HEADER_AFTER_FRAGMENT);
NAT64_NL_SAME(PROTOCOL, UNSUPPORTED_PROTOCOL);
NAT64_NL_SAME(IGMP, IGMP);
NAT64_NL_SAME(TOO_BIG, TOO_BIG);
NAT64_NL_SAME(UDP_ZERO, UDP_ZERO_CHECKSUM);
NAT64_NL_SAME(ICMP_TYPE, ICMP_TYPE);
NAT64_NL_SAME(ICMP_FRAGMENT, ICMP_FRAGMENT);
NAT64_NL_SAME(ICMP_CHECKSUM, ICMP_CHECKSUM);
NAT64_NL_SAME(ICMP_QUOTE, ICMP_QUOTE);
NAT64_NL_SAME(ICMP_SESSION, ICMP_ERROR_NO_SESSION);
NAT64_NL_SAME(POOL4_EMPTY, POOL4_EMPTY);
NAT64_NL_SAME(POOL4_FULL, POOL4_EXHAUSTED);
NAT64_NL_SAME(ADDRESS_FULL, ADDRESS_EXHAUSTED);
NAT64_NL_SAME(MAX_BINDINGS, MAX_BINDINGS);
NAT64_NL_SAME(MAX_SESSIONS, MAX_SESSIONS);
NAT64_NL_SAME(MAX_TOTAL, MAX_TOTAL_SESSIONS);
NAT64_NL_SAME(NO_BINDING_UDP, NO_BINDING_UDP);
NAT64_NL_SAME(NO_BINDING_TCP, NO_BINDING_TCP);
NAT64_NL_SAME(NO_BINDING_ICMP, NO_BINDING_ICMP);
NAT64_NL_SAME(TCP_FLAGS, TCP_FLAGS);
NAT64_NL_SAME(TCP_NO_SESSION, TCP_NO_SESSION);
NAT64_NL_SAME(SYN_UNANSWERED, TCP_SYN_UNANSWERED);
NAT64_NL_SAME(SYN_CROSSED, TCP_SYN_CROSSED);
NAT64_NL_SAME(SYN_AGAIN, TCP_SYN_AGAIN);
NAT64_NL_SAME(SYN_FULL, TCP_SYN_STORE_FULL);
NAT64_NL_SAME(TCP_EXTERNAL, TCP_EXTERNAL);
NAT64_NL_SAME(TCP_FILTERED, TCP_FILTERED);
NAT64_NL_SAME(FILTERED, FILTERED);
NAT64_NL_SAME(ICMPV6_INFO, ICMPV6_INFO);
NAT64_NL_SAME(EXT_HDR, IPV6_EXTENSION_PROTOCOL);
NAT64_NL_SAME(LOOP, LOOP);
static_assert((int)NAT64_COUNTER_PAD == (int)NAT64_A_COUNTER_PAD);
static_assert((int)NAT64_COUNTER_MAX == (int)NAT64_A_COUNTER_MAX);

static int nat64_nl_put_delivery(struct sk_buff *skb,
				 const struct nat64_dev *nat64)
{
	u64 sum[NAT64_DELIVERY_COUNT];
	struct nlattr *nest;

	nest = nla_nest_start(skb, NAT64_A_DELIVERY);
	if (!nest)
		return -EMSGSIZE;

	nat64_delivered_sum(nat64, sum);
	if (nla_put_u64_64bit(skb, NAT64_A_DELIVERY_HANDED_OVER,
			      sum[NAT64_DELIVERY_HANDED_OVER],
			      NAT64_A_DELIVERY_PAD) ||
	    nla_put_u64_64bit(skb, NAT64_A_DELIVERY_RECEIVED,
			      sum[NAT64_DELIVERY_RECEIVED],
			      NAT64_A_DELIVERY_PAD) ||
	    nla_put_u64_64bit(skb, NAT64_A_DELIVERY_QUEUED,
			      sum[NAT64_DELIVERY_QUEUED],
			      NAT64_A_DELIVERY_PAD))
		return -EMSGSIZE;
	nla_nest_end(skb, nest);

	return 0;
}

static int nat64_nl_put_stats(struct sk_buff *skb,
			      const struct nat64_dev *nat64)
{
	u64 drops[NAT64_REASON_COUNT];
	struct nlattr *nest;
	int i;

	nest = nla_nest_start(skb, NAT64_A_STATS);
	if (!nest)
		return -EMSGSIZE;

	nat64_counters_sum(nat64, drops);
	for (i = NAT64_OK + 1; i < NAT64_REASON_COUNT; i++)
		if (nla_put_u64_64bit(skb, i + NAT64_REASON_COUNTER, drops[i],
				      NAT64_A_COUNTER_PAD))
			return -EMSGSIZE;
	nla_nest_end(skb, nest);

	return nat64_nl_put_delivery(skb, nat64);
}

static const struct {
	u8 proto;
	enum nat64_l4 l4;
	u8 first;
	u8 last;
} nat64_nl_tables[] = {
	{ IPPROTO_TCP, NAT64_L4_TCP, NAT64_STATE_V6_INIT, NAT64_STATE_TRANS },
	{ IPPROTO_UDP, NAT64_L4_UDP, NAT64_STATE_UDP, NAT64_STATE_UDP },
	{ IPPROTO_ICMP, NAT64_L4_ICMP, NAT64_STATE_ICMP, NAT64_STATE_ICMP },
};

static int nat64_nl_put_state(struct sk_buff *skb, u8 state, u32 sessions)
{
	struct nlattr *nest = nla_nest_start(skb, NAT64_A_TABLE_PROTOCOL_STATE);

	if (!nest ||
	    nla_put_u32(skb, NAT64_A_TABLE_STATE_STATE, state) ||
	    nla_put_u32(skb, NAT64_A_TABLE_STATE_SESSIONS, sessions))
		return -EMSGSIZE;
	nla_nest_end(skb, nest);

	return 0;
}

static int nat64_nl_put_protocol(struct sk_buff *skb,
				 const struct nat64_counts *sum,
				 unsigned int index)
{
	u8 first = nat64_nl_tables[index].first, state, order;
	u8 last = nat64_nl_tables[index].last;
	struct nlattr *nest;
	u32 sessions = 0;

	for (state = first; state <= last; state++)
		sessions += sum->sessions[state];
	nest = nla_nest_start(skb, NAT64_A_TABLE_PROTOCOL);
	if (!nest ||
	    nla_put_u8(skb, NAT64_A_TABLE_PROTOCOL_PROTO,
		       nat64_nl_tables[index].proto) ||
	    nla_put_u32(skb, NAT64_A_TABLE_PROTOCOL_SESSIONS, sessions) ||
	    nla_put_u32(skb, NAT64_A_TABLE_PROTOCOL_BINDINGS,
			sum->bindings[nat64_nl_tables[index].l4]))
		return -EMSGSIZE;
	/* In the order of enum nat64_tcp_state. */
	for (order = 1; order <= NAT64_TCP_STATE_TRANS; order++)
		for (state = first; first != last && state <= last; state++)
			if (nat64_nl_state(state) == order &&
			    nat64_nl_put_state(skb, order,
					       sum->sessions[state]))
				return -EMSGSIZE;
	nla_nest_end(skb, nest);

	return 0;
}

static int nat64_nl_put_stateful(struct sk_buff *skb,
				 const struct nat64_table *table)
{
	u32 sessions = 0, bindings = 0;
	struct nat64_counts sum;
	unsigned int i;

	nat64_counts_sum(table, &sum);
	for (i = 0; i < NAT64_STATE_COUNT; i++)
		sessions += sum.sessions[i];
	for (i = 0; i < NAT64_L4_COUNT; i++)
		bindings += sum.bindings[i];
	if (nla_put_u32(skb, NAT64_A_TABLE_SESSIONS, sessions) ||
	    nla_put_u32(skb, NAT64_A_TABLE_BINDINGS, bindings) ||
	    nla_put_u32(skb, NAT64_A_TABLE_STATIC_BINDINGS, sum.statics) ||
	    nla_put_u32(skb, NAT64_A_TABLE_SUBSCRIBERS,
			atomic_read(&table->subscribers.nelems)) ||
	    nla_put_u32(skb, NAT64_A_TABLE_WAITING_SYNS,
			nat64_syn_count(table)))
		return -EMSGSIZE;
	for (i = 0; i < ARRAY_SIZE(nat64_nl_tables); i++)
		if (nat64_nl_put_protocol(skb, &sum, i))
			return -EMSGSIZE;

	return 0;
}

static int nat64_nl_put_table(struct sk_buff *skb,
			      const struct nat64_dev *nat64)
{
	struct nlattr *nest;
	int err;

	nest = nla_nest_start(skb, NAT64_A_TABLE);
	if (!nest)
		return -EMSGSIZE;
	if (nat64->table)
		err = nat64_nl_put_stateful(skb, nat64->table);
	else
		err = nla_put_u32(skb, NAT64_A_TABLE_MAPPINGS,
				  nat64_eam_count(rcu_dereference(nat64->eam)));
	if (err)
		return err;
	nla_nest_end(skb, nest);

	return 0;
}

/* Add the attributes that all replies have, then the numbers. */
static int nat64_nl_put_numbers(struct sk_buff *skb, void *hdr,
				const struct nat64_dev *nat64,
				nat64_nl_numbers *put)
{
	char name[IFNAMSIZ];

	/* The name may change meanwhile. */
	strscpy(name, nat64->dev->name, sizeof(name));
	if (!hdr ||
	    nla_put_u32(skb, NAT64_A_IFINDEX, nat64->dev->ifindex) ||
	    nla_put_string(skb, NAT64_A_IFNAME, name) ||
	    put(skb, nat64))
		return -EMSGSIZE;

	genlmsg_end(skb, hdr);
	return 0;
}

static int nat64_nl_do_numbers(struct genl_info *info, nat64_nl_numbers *put)
{
	const struct nat64_dev *nat64;
	struct sk_buff *skb;
	void *hdr;
	int err;

	skb = genlmsg_new(GENLMSG_DEFAULT_SIZE, GFP_KERNEL);
	if (!skb)
		return -ENOMEM;

	hdr = genlmsg_put_reply(skb, info, &nat64_nl_family, 0,
				info->genlhdr->cmd);
	rcu_read_lock();
	nat64 = nat64_nl_find(genl_info_net(info), info->attrs, 0,
			      info->extack);
	err = PTR_ERR_OR_ZERO(nat64);
	if (!err)
		err = nat64_nl_put_numbers(skb, hdr, nat64, put);
	rcu_read_unlock();
	if (err) {
		nlmsg_free(skb);
		return err;
	}

	return genlmsg_reply(skb, info);
}

/* Find the next device by index. Ordering by index ensures that a dump has each
 * device that exists all the time exactly once, even if others come and go.
 */
static const struct nat64_dev *nat64_nl_next_rcu(struct net *net, u32 last)
{
	struct net_device *dev, *next = NULL;

	for_each_netdev_rcu(net, dev)
		if (dev->rtnl_link_ops == &nat64_link_ops &&
		    dev->ifindex > last &&
		    (!next || dev->ifindex < next->ifindex))
			next = dev;

	return next ? netdev_priv(next) : NULL;
}

/* Returns 1 at the end of the dump. */
static int nat64_nl_dump_next(struct sk_buff *skb, struct netlink_callback *cb,
			      u8 cmd, nat64_nl_numbers *put)
{
	struct nat64_nl_numbers_ctx *ctx = (void *)cb->ctx;
	struct nlattr *const *attrs = genl_info_dump(cb)->attrs;
	bool one = attrs[NAT64_A_IFINDEX] || attrs[NAT64_A_IFNAME];
	struct net *net = sock_net(skb->sk);
	const struct nat64_dev *nat64;
	void *hdr;
	int err;

	nat64 = one ? nat64_nl_find(net, attrs, 0, cb->extack) :
		      nat64_nl_next_rcu(net, ctx->last);
	if (!nat64)
		return 1;
	if (IS_ERR(nat64))
		return PTR_ERR(nat64);

	hdr = genlmsg_put(skb, NETLINK_CB(cb->skb).portid, cb->nlh->nlmsg_seq,
			  &nat64_nl_family, NLM_F_MULTI, cmd);
	if (!hdr)
		return -EMSGSIZE;
	err = nat64_nl_put_numbers(skb, hdr, nat64, put);
	if (err) {
		genlmsg_cancel(skb, hdr);
		return err;
	}

	ctx->last = nat64->dev->ifindex;
	return one;
}

static int nat64_nl_dump_numbers(struct sk_buff *skb,
				 struct netlink_callback *cb, u8 cmd,
				 nat64_nl_numbers *put)
{
	struct nat64_nl_numbers_ctx *ctx = (void *)cb->ctx;
	int err = 0;

	BUILD_BUG_ON(sizeof(*ctx) > sizeof(cb->ctx));

	if (ctx->done)
		return 0;
	if (!ctx->last)
		err = nat64_nl_check(cb->nlh, cb->extack);

	while (!err) {
		rcu_read_lock();
		err = nat64_nl_dump_next(skb, cb, cmd, put);
		rcu_read_unlock();
		cond_resched();
	}
	ctx->done = err > 0;
	if (err < 0 && err != -EMSGSIZE)
		return err;

	return skb->len ?: min(err, 0);
}

int nat64_nl_stats_get_doit(struct sk_buff *skb, struct genl_info *info)
{
	return nat64_nl_do_numbers(info, nat64_nl_put_stats);
}

int nat64_nl_stats_get_dumpit(struct sk_buff *skb, struct netlink_callback *cb)
{
	return nat64_nl_dump_numbers(skb, cb, NAT64_CMD_STATS_GET,
				     nat64_nl_put_stats);
}

int nat64_nl_table_get_doit(struct sk_buff *skb, struct genl_info *info)
{
	return nat64_nl_do_numbers(info, nat64_nl_put_table);
}

int nat64_nl_table_get_dumpit(struct sk_buff *skb, struct netlink_callback *cb)
{
	return nat64_nl_dump_numbers(skb, cb, NAT64_CMD_TABLE_GET,
				     nat64_nl_put_table);
}
