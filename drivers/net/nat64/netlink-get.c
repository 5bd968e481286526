// SPDX-License-Identifier: GPL-2.0-only
/*
 * nat64 - generic netlink: look up a binding or session by the addresses and
 * ports of either side.
 */
#include <linux/rtnetlink.h>
#include <net/netlink.h>

#include "bib.h"
#include "nat64.h"
#include "netlink-gen.h"
#include "netlink-put.h"
#include "netlink.h"
#include "session.h"

/**
 * struct nat64_nl_key - lookup key of a binding or session
 * @proto: IPPROTO_TCP, IPPROTO_UDP or IPPROTO_ICMP
 * @by6: @key6 is set
 * @by4: @key4 is set
 * @key6: IPv6 side of the binding
 * @key4: IPv4 side of the binding
 * @remote: IPv4 host of the session
 * @rport: port of the IPv4 host, 0 for ICMP
 */
struct nat64_nl_key {
	u8 proto;
	bool by6;
	bool by4;
	struct nat64_key6 key6;
	struct nat64_key4 key4;
	__be32 remote;
	__be16 rport;
};

/* An address and its port are optional, but only together. */
static int nat64_nl_parse_pair(const struct nlattr *addr,
			       const struct nlattr *port, bool *given,
			       struct netlink_ext_ack *extack)
{
	if (!addr != !port) {
		NL_SET_ERR_MSG_ATTR(extack, addr ?: port,
				    "addr6 and port6, or addr4 and port4, must be given together");
		return -EINVAL;
	}

	*given = addr;
	return 0;
}

/* Parse the attributes that bindings and sessions share. */
static int nat64_nl_parse_sides(struct nat64_nl_key *key,
				const struct nlattr *nest,
				struct nlattr *const *tb,
				struct netlink_ext_ack *extack)
{
	const struct nlattr *addr6 = tb[NAT64_A_BINDING_ADDR6];
	const struct nlattr *port6 = tb[NAT64_A_BINDING_PORT6];
	const struct nlattr *addr4 = tb[NAT64_A_BINDING_ADDR4];
	const struct nlattr *port4 = tb[NAT64_A_BINDING_PORT4];
	const struct nlattr *proto = tb[NAT64_A_BINDING_PROTO];
	int err;

	if (!proto) {
		NL_SET_ERR_MSG_ATTR(extack, nest, "proto is required");
		return -EINVAL;
	}
	key->proto = nla_get_u8(proto);
	if (!nat64_nl_is_proto(key->proto)) {
		NL_SET_ERR_MSG_ATTR(extack, proto,
				    "proto must be TCP, UDP or ICMP");
		return -EINVAL;
	}

	err = nat64_nl_parse_pair(addr6, port6, &key->by6, extack);
	if (!err)
		err = nat64_nl_parse_pair(addr4, port4, &key->by4, extack);
	if (err)
		return err;
	if (!key->by6 && !key->by4) {
		NL_SET_ERR_MSG_ATTR(extack, nest,
				    "addr6 and port6, or addr4 and port4, are required");
		return -EINVAL;
	}

	if (key->by6) {
		key->key6.addr = nla_get_in6_addr(addr6);
		key->key6.port = nla_get_be16(port6);
		key->key6.proto = key->proto;
	}
	if (key->by4) {
		key->key4.addr = nla_get_in_addr(addr4);
		key->key4.port = nla_get_be16(port4);
		key->key4.proto = key->proto;
	}

	return 0;
}

static int nat64_nl_parse_binding_key(struct nat64_nl_key *key,
				      const struct nlattr *nest,
				      struct netlink_ext_ack *extack)
{
	struct nlattr *tb[NAT64_A_BINDING_MAX + 1];
	const struct nlattr *attr;
	int err;

	if (!nest) {
		NL_SET_ERR_MSG(extack, "binding is required");
		return -EINVAL;
	}
	err = nla_parse_nested(tb, NAT64_A_BINDING_MAX, nest,
			       nat64_binding_nl_policy, extack);
	if (err)
		return err;

	attr = tb[NAT64_A_BINDING_STATIC] ?: tb[NAT64_A_BINDING_SESSIONS];
	if (attr) {
		NL_SET_ERR_MSG_ATTR(extack, attr,
				    "static and sessions cannot be used to look up a binding");
		return -EINVAL;
	}

	return nat64_nl_parse_sides(key, nest, tb, extack);
}

static int nat64_nl_parse_session_key(struct nat64_nl_key *key,
				      const struct nlattr *nest,
				      struct netlink_ext_ack *extack)
{
	struct nlattr *tb[NAT64_A_SESSION_MAX + 1];
	const struct nlattr *attr;
	int err;

	if (!nest) {
		NL_SET_ERR_MSG(extack, "session is required");
		return -EINVAL;
	}
	err = nla_parse_nested(tb, NAT64_A_SESSION_MAX, nest,
			       nat64_session_nl_policy, extack);
	if (err)
		return err;

	attr = tb[NAT64_A_SESSION_REMOTE6] ?: tb[NAT64_A_SESSION_STATE] ?:
	       tb[NAT64_A_SESSION_EXPIRES];
	if (attr) {
		NL_SET_ERR_MSG_ATTR(extack, attr,
				    "remote6, state and expires cannot be used to look up a session");
		return -EINVAL;
	}
	err = nat64_nl_parse_sides(key, nest, tb, extack);
	if (err)
		return err;

	return nat64_nl_parse_remote(key->proto, &key->remote, &key->rport,
				     nest, tb, extack);
}

/* Find the binding that matches all sides in @key. Caller holds RCU. */
static const struct nat64_binding *
nat64_nl_lookup_binding(const struct nat64_dev *nat64,
			const struct nat64_nl_key *key)
{
	const struct nat64_binding *b;

	if (!key->by6)
		return nat64_binding_find4(nat64->table, &key->key4);

	b = nat64_binding_find6(nat64->table, &key->key6);
	if (b && key->by4 && (b->addr4 != key->key4.addr ||
			      b->port4 != key->key4.port))
		return NULL;

	return b;
}

/* Start a reply with the index of the device. */
static void *nat64_nl_reply(struct sk_buff *skb, struct genl_info *info,
			    const struct nat64_dev *nat64)
{
	void *hdr;

	hdr = genlmsg_put_reply(skb, info, &nat64_nl_family, 0,
				info->genlhdr->cmd);
	if (!hdr || nla_put_u32(skb, NAT64_A_IFINDEX, nat64->dev->ifindex))
		return NULL;

	return hdr;
}

static int nat64_nl_get_binding(struct sk_buff *skb, struct genl_info *info,
				const struct nat64_dev *nat64,
				const struct nat64_nl_key *key)
{
	void *hdr = nat64_nl_reply(skb, info, nat64);
	const struct nat64_binding *b;
	int err = -EMSGSIZE;

	if (!hdr)
		return err;

	b = nat64_nl_lookup_binding(nat64, key);
	if (b) {
		err = nat64_nl_put_binding(skb, b);
	} else {
		NL_SET_ERR_MSG_ATTR(info->extack, info->attrs[NAT64_A_BINDING],
				    "no such binding");
		err = -ENOENT;
	}
	genlmsg_end(skb, hdr);

	return err;
}

static int nat64_nl_get_session(struct sk_buff *skb, struct genl_info *info,
				const struct nat64_dev *nat64,
				const struct nat64_nl_key *key)
{
	void *hdr = nat64_nl_reply(skb, info, nat64);
	const struct nat64_session *s = NULL;
	const struct nat64_binding *b;
	int err = -EMSGSIZE;

	if (!hdr)
		return err;

	b = nat64_nl_lookup_binding(nat64, key);
	if (b)
		s = nat64_session_find(nat64->table, b, key->remote,
				       key->rport);
	if (s) {
		err = nat64_nl_put_session(skb, rcu_dereference(nat64->config),
					   s);
	} else {
		NL_SET_ERR_MSG_ATTR(info->extack, info->attrs[NAT64_A_SESSION],
				    "no such session");
		err = -ENOENT;
	}
	genlmsg_end(skb, hdr);

	return err;
}

/* Find an entry and add it to the reply. Called under RCU. */
typedef int nat64_nl_get(struct sk_buff *skb, struct genl_info *info,
			 const struct nat64_dev *nat64,
			 const struct nat64_nl_key *key);

static int nat64_nl_answer(struct genl_info *info,
			   const struct nat64_nl_key *key, nat64_nl_get *get)
{
	const struct nat64_dev *nat64;
	struct sk_buff *skb;
	int err;

	skb = genlmsg_new(GENLMSG_DEFAULT_SIZE, GFP_KERNEL);
	if (!skb)
		return -ENOMEM;

	rcu_read_lock();
	nat64 = nat64_nl_find(genl_info_net(info), info->attrs,
			      NAT64_TABLES_POOL4, info->extack);
	err = PTR_ERR_OR_ZERO(nat64);
	if (!err)
		err = get(skb, info, nat64, key);
	rcu_read_unlock();
	if (!err)
		return genlmsg_reply(skb, info);

	nlmsg_free(skb);
	return err;
}

int nat64_nl_binding_get_doit(struct sk_buff *skb, struct genl_info *info)
{
	struct nat64_nl_key key = { };
	int err;

	err = nat64_nl_parse_binding_key(&key, info->attrs[NAT64_A_BINDING],
					 info->extack);
	return err ?: nat64_nl_answer(info, &key, nat64_nl_get_binding);
}

int nat64_nl_session_get_doit(struct sk_buff *skb, struct genl_info *info)
{
	struct nat64_nl_key key = { };
	int err;

	err = nat64_nl_parse_session_key(&key, info->attrs[NAT64_A_SESSION],
					 info->extack);
	return err ?: nat64_nl_answer(info, &key, nat64_nl_get_session);
}
