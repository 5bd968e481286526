// SPDX-License-Identifier: GPL-2.0-only
/*
 * nat64 - generic netlink: subscribers.
 */
#include <linux/in.h>
#include <net/ipv6.h>

#include "config.h"
#include "nat64.h"
#include "netlink-gen.h"
#include "netlink.h"
#include "subscriber.h"
#include "table.h"

static const u8 nat64_nl_l4_protos[NAT64_L4_COUNT] = {
	[NAT64_L4_TCP] = IPPROTO_TCP,
	[NAT64_L4_UDP] = IPPROTO_UDP,
	[NAT64_L4_ICMP] = IPPROTO_ICMP,
};

static int nat64_nl_put_address(struct sk_buff *skb, u8 proto, u32 addr4)
{
	struct nlattr *nest = nla_nest_start(skb, NAT64_A_SUBSCRIBER_ADDRESS);

	if (!nest ||
	    nla_put_u8(skb, NAT64_A_SUB_ADDRESS_PROTO, proto) ||
	    nla_put_in_addr(skb, NAT64_A_SUB_ADDRESS_ADDR4,
			    htonl(addr4)))
		return -EMSGSIZE;
	nla_nest_end(skb, nest);

	return 0;
}

static int nat64_nl_put_sub_use(struct sk_buff *skb,
				const struct nat64_subscriber *sub,
				enum nat64_l4 l4)
{
	struct nlattr *nest = nla_nest_start(skb, NAT64_A_SUBSCRIBER_USE);

	if (!nest ||
	    nla_put_u8(skb, NAT64_A_SUB_USE_PROTO, nat64_nl_l4_protos[l4]) ||
	    nla_put_u32(skb, NAT64_A_SUB_USE_BINDINGS,
			atomic_read(&sub->by_proto[l4])) ||
	    nla_put_u32(skb, NAT64_A_SUB_USE_REFUSALS,
			atomic_read(&sub->refusals[l4])))
		return -EMSGSIZE;
	nla_nest_end(skb, nest);

	return 0;
}

/* Context: RCU read-side section. */
static int nat64_nl_put_subscriber(struct sk_buff *skb,
				   const struct nat64_subscriber *sub)
{
	u32 addr4, refusals = 0;
	struct nlattr *nest;
	int i;

	nest = nla_nest_start(skb, NAT64_A_SUBSCRIBER);
	if (!nest ||
	    nla_put_in6_addr(skb, NAT64_A_SUBSCRIBER_PREFIX6,
			     &sub->key.prefix) ||
	    nla_put_u8(skb, NAT64_A_SUBSCRIBER_LEN6, sub->key.len))
		return -EMSGSIZE;
	for (i = 0; i < NAT64_L4_COUNT; i++) {
		addr4 = READ_ONCE(sub->pair.addr4[i]);
		if (addr4 && nat64_nl_put_address(skb, nat64_nl_l4_protos[i],
						  addr4))
			return -EMSGSIZE;
		refusals += atomic_read(&sub->refusals[i]);
	}
	if (nla_put_u32(skb, NAT64_A_SUBSCRIBER_BINDINGS,
			atomic_read(&sub->bindings)) ||
	    nla_put_u32(skb, NAT64_A_SUBSCRIBER_SESSIONS,
			atomic_read(&sub->sessions)) ||
	    nla_put_u32(skb, NAT64_A_SUBSCRIBER_REFUSALS, refusals))
		return -EMSGSIZE;
	for (i = 0; i < NAT64_L4_COUNT; i++)
		if (nat64_nl_put_sub_use(skb, sub, i))
			return -EMSGSIZE;
	nla_nest_end(skb, nest);

	return 0;
}

static struct rhashtable *nat64_nl_subscribers(const struct nat64_dev *nat64)
{
	return &nat64->table->subscribers;
}

static int nat64_nl_dump_subscriber(struct sk_buff *skb,
				    struct netlink_callback *cb,
				    const struct nat64_dev *nat64,
				    const struct nat64_filter *filter,
				    const void *entry)
{
	void *hdr;

	if (!nat64_filter_subscriber(filter, entry))
		return 0;

	hdr = nat64_nl_dump_put(skb, cb, nat64, NAT64_CMD_SUBSCRIBER_GET);
	if (!hdr)
		return -EMSGSIZE;
	if (nat64_nl_put_subscriber(skb, entry)) {
		genlmsg_cancel(skb, hdr);
		return -EMSGSIZE;
	}

	genlmsg_end(skb, hdr);
	return 0;
}

static const struct nat64_nl_dump_ops nat64_nl_subscriber_dump = {
	.tables = NAT64_TABLES_POOL4,
	.table = nat64_nl_subscribers,
	.filter = nat64_filter_parse_subscriber,
	.put = nat64_nl_dump_subscriber,
};

int nat64_nl_subscriber_get_dumpit(struct sk_buff *skb,
				   struct netlink_callback *cb)
{
	return nat64_nl_dump(skb, cb, &nat64_nl_subscriber_dump);
}

int nat64_nl_subscriber_get_done(struct netlink_callback *cb)
{
	return nat64_nl_dump_done(cb);
}

/* Parse the prefix of a request. key->len is 0 if the request has no length. */
static int nat64_nl_parse_subscriber(struct nat64_subscriber_key *key,
				     struct genl_info *info)
{
	const struct nlattr *attr = info->attrs[NAT64_A_SUBSCRIBER], *other;
	struct nlattr *tb[NAT64_A_SUBSCRIBER_MAX + 1];
	struct in6_addr prefix;
	int err;

	if (!attr) {
		NL_SET_ERR_MSG(info->extack, "subscriber is required");
		return -EINVAL;
	}
	err = nla_parse_nested(tb, NAT64_A_SUBSCRIBER_MAX, attr,
			       nat64_subscriber_nl_policy, info->extack);
	if (err)
		return err;
	if (!tb[NAT64_A_SUBSCRIBER_PREFIX6]) {
		NL_SET_ERR_MSG_ATTR(info->extack, attr, "prefix6 is required");
		return -EINVAL;
	}

	other = tb[NAT64_A_SUBSCRIBER_ADDRESS] ?:
		tb[NAT64_A_SUBSCRIBER_BINDINGS] ?:
		tb[NAT64_A_SUBSCRIBER_SESSIONS] ?:
		tb[NAT64_A_SUBSCRIBER_REFUSALS] ?:
		tb[NAT64_A_SUBSCRIBER_USE];
	if (other) {
		NL_SET_ERR_MSG_ATTR(info->extack, other,
				    "only prefix6 and len6 can be used to look up a subscriber");
		return -EINVAL;
	}

	key->prefix = nla_get_in6_addr(tb[NAT64_A_SUBSCRIBER_PREFIX6]);
	key->len = 0;
	if (!tb[NAT64_A_SUBSCRIBER_LEN6])
		return 0;

	key->len = nla_get_u8(tb[NAT64_A_SUBSCRIBER_LEN6]);
	ipv6_addr_prefix(&prefix, &key->prefix, key->len);
	if (!ipv6_addr_equal(&prefix, &key->prefix)) {
		NL_SET_ERR_MSG_ATTR(info->extack,
				    tb[NAT64_A_SUBSCRIBER_PREFIX6],
				    "prefix6 has bits set beyond len6");
		return -EINVAL;
	}

	return 0;
}

/* Context: RCU read-side section. */
static int nat64_nl_get_subscriber(struct sk_buff *skb, struct genl_info *info,
				   const struct nat64_subscriber_key *key)
{
	const struct nat64_subscriber *sub;
	const struct nat64_config *config;
	const struct nat64_dev *nat64;
	void *hdr;
	int err;

	nat64 = nat64_nl_find(genl_info_net(info), info->attrs,
			      NAT64_TABLES_POOL4, info->extack);
	if (IS_ERR(nat64))
		return PTR_ERR(nat64);
	hdr = genlmsg_put_reply(skb, info, &nat64_nl_family, 0,
				NAT64_CMD_SUBSCRIBER_GET);
	if (!hdr || nla_put_u32(skb, NAT64_A_IFINDEX, nat64->dev->ifindex))
		return -EMSGSIZE;

	config = rcu_dereference(nat64->config);
	sub = nat64_subscriber_lookup(nat64->table, &key->prefix,
				      key->len ?: config->subscriber_len);
	err = sub ? nat64_nl_put_subscriber(skb, sub) : -ENOENT;
	if (err == -ENOENT)
		NL_SET_ERR_MSG_ATTR(info->extack,
				    info->attrs[NAT64_A_SUBSCRIBER],
				    "no such subscriber");
	if (!err)
		genlmsg_end(skb, hdr);

	return err;
}

int nat64_nl_subscriber_get_doit(struct sk_buff *skb, struct genl_info *info)
{
	struct nat64_subscriber_key key;
	struct sk_buff *reply;
	int err;

	err = nat64_nl_parse_subscriber(&key, info);
	if (err)
		return err;
	reply = genlmsg_new(GENLMSG_DEFAULT_SIZE, GFP_KERNEL);
	if (!reply)
		return -ENOMEM;

	rcu_read_lock();
	err = nat64_nl_get_subscriber(reply, info, &key);
	rcu_read_unlock();
	if (err) {
		nlmsg_free(reply);
		return err;
	}

	return genlmsg_reply(reply, info);
}
