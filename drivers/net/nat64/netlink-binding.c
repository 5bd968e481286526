// SPDX-License-Identifier: GPL-2.0-only
/*
 * nat64 - bindings over generic netlink.
 */
#include <net/netlink.h>

#include "bib.h"
#include "nat64.h"
#include "netlink-gen.h"
#include "netlink.h"

/**
 * nat64_nl_is_proto - is it a protocol that bindings are of?
 * @proto: protocol of IPv4
 */
bool nat64_nl_is_proto(u8 proto)
{
	return proto == IPPROTO_TCP || proto == IPPROTO_UDP ||
	       proto == IPPROTO_ICMP;
}

/**
 * nat64_nl_put_binding - add a binding to a message
 * @skb: message
 * @b: binding
 *
 * Context: RCU read-side section, or the binding's shard is locked.
 * Return: 0 or -EMSGSIZE, the message is not cut then.
 */
int nat64_nl_put_binding(struct sk_buff *skb, const struct nat64_binding *b)
{
	struct nlattr *nest;

	nest = nla_nest_start(skb, NAT64_A_BINDING);
	if (!nest ||
	    nla_put_u8(skb, NAT64_A_BINDING_PROTO, b->key6.proto) ||
	    nla_put_in6_addr(skb, NAT64_A_BINDING_ADDR6, &b->key6.addr) ||
	    nla_put_be16(skb, NAT64_A_BINDING_PORT6, b->key6.port) ||
	    nla_put_in_addr(skb, NAT64_A_BINDING_ADDR4, b->addr4) ||
	    nla_put_be16(skb, NAT64_A_BINDING_PORT4, b->port4))
		return -EMSGSIZE;
	nla_nest_end(skb, nest);

	return 0;
}

static struct rhashtable *nat64_nl_bindings(const struct nat64_dev *nat64)
{
	return &nat64->table->bindings6;
}

static int nat64_nl_dump_binding(struct sk_buff *skb,
				 struct netlink_callback *cb,
				 const struct nat64_dev *nat64,
				 const struct nat64_filter *filter,
				 const void *entry)
{
	const struct nat64_binding *b = entry;
	void *hdr;

	if (!nat64_filter_binding(filter, b))
		return 0;

	hdr = nat64_nl_dump_put(skb, cb, nat64, NAT64_CMD_BINDING_GET);
	if (!hdr)
		return -EMSGSIZE;
	if (nat64_nl_put_binding(skb, b)) {
		genlmsg_cancel(skb, hdr);
		return -EMSGSIZE;
	}

	genlmsg_end(skb, hdr);
	return 0;
}

static const struct nat64_nl_dump_ops nat64_nl_binding_dump = {
	.device = nat64_nl_stateful,
	.table = nat64_nl_bindings,
	.filter = nat64_filter_parse_binding,
	.put = nat64_nl_dump_binding,
};

int nat64_nl_binding_get_dumpit(struct sk_buff *skb,
				struct netlink_callback *cb)
{
	return nat64_nl_dump(skb, cb, &nat64_nl_binding_dump);
}

int nat64_nl_binding_get_done(struct netlink_callback *cb)
{
	return nat64_nl_dump_done(cb);
}
