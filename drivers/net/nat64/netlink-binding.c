// SPDX-License-Identifier: GPL-2.0-only
/*
 * nat64 - generic netlink: bindings.
 */
#include <net/ipv6.h>
#include <net/netlink.h>

#include "addr.h"
#include "bib.h"
#include "config.h"
#include "nat64.h"
#include "netlink-gen.h"
#include "netlink-put.h"
#include "netlink.h"
#include "session.h"
#include "table.h"

/* Attributes that bindings and sessions share have the same number, so that one
 * function can parse both.
 */
#define NAT64_NL_SAME(name) \
	static_assert((int)NAT64_A_BINDING_##name == \
		      (int)NAT64_A_SESSION_##name)

NAT64_NL_SAME(PROTO);
NAT64_NL_SAME(ADDR6);
NAT64_NL_SAME(PORT6);
NAT64_NL_SAME(ADDR4);
NAT64_NL_SAME(PORT4);

/* addr4 and port4 are optional, but only together. */
static int nat64_nl_parse_pool(struct nat64_nl_binding *binding,
			       struct nlattr *const *tb,
			       struct netlink_ext_ack *extack)
{
	const struct nlattr *addr4 = tb[NAT64_A_BINDING_ADDR4];
	const struct nlattr *port4 = tb[NAT64_A_BINDING_PORT4];

	if (!addr4 != !port4) {
		NL_SET_ERR_MSG_ATTR(extack, addr4 ?: port4,
				    "addr4 and port4 must be given together");
		return -EINVAL;
	}
	if (!addr4)
		return 0;

	binding->addr4 = nla_get_in_addr(addr4);
	binding->port4 = nla_get_be16(port4);
	if (!binding->addr4 || !binding->port4) {
		NL_SET_ERR_MSG_ATTR(extack, binding->addr4 ? port4 : addr4,
				    "addr4 and port4 must not be 0");
		return -EINVAL;
	}

	return 0;
}

/**
 * nat64_nl_parse_binding - parse attributes that bindings and sessions share
 * @binding: result
 * @attr: nest that contains them
 * @tb: attributes of the nest
 * @extack: netlink extended ack
 *
 * Return: 0 or a negative errno.
 */
int nat64_nl_parse_binding(struct nat64_nl_binding *binding,
			   const struct nlattr *attr, struct nlattr *const *tb,
			   struct netlink_ext_ack *extack)
{
	const struct nlattr *proto = tb[NAT64_A_BINDING_PROTO];
	const struct nlattr *addr6 = tb[NAT64_A_BINDING_ADDR6];
	const struct nlattr *port6 = tb[NAT64_A_BINDING_PORT6];
	struct nat64_key6 *key = &binding->key;

	if (!proto || !addr6 || !port6) {
		NL_SET_ERR_MSG_ATTR(extack, attr,
				    "proto, addr6 and port6 are required");
		return -EINVAL;
	}

	key->proto = nla_get_u8(proto);
	if (!nat64_nl_is_proto(key->proto)) {
		NL_SET_ERR_MSG_ATTR(extack, proto,
				    "proto must be TCP, UDP or ICMP");
		return -EINVAL;
	}
	key->addr = nla_get_in6_addr(addr6);
	if (nat64_addr6_illegal(&key->addr)) {
		NL_SET_ERR_MSG_ATTR(extack, addr6,
				    "addr6 is not a routable unicast address");
		return -EINVAL;
	}
	key->port = nla_get_be16(port6);
	if (!key->port && key->proto != IPPROTO_ICMP) {
		NL_SET_ERR_MSG_ATTR(extack, port6, "port6 must not be 0");
		return -EINVAL;
	}

	return nat64_nl_parse_pool(binding, tb, extack);
}

/**
 * struct nat64_nl_binding_item - binding in a request
 * @binding: the binding
 * @is_static: the static flag is present
 * @change: change in progress
 */
struct nat64_nl_binding_item {
	struct nat64_nl_binding binding;
	bool is_static;
	struct nat64_binding_change change;
};

static int nat64_nl_parse_one(void *data, const struct nlattr *attr,
			      struct netlink_ext_ack *extack)
{
	struct nlattr *tb[NAT64_A_BINDING_MAX + 1];
	struct nat64_nl_binding_item *item = data;
	int err;

	err = nla_parse_nested(tb, NAT64_A_BINDING_MAX, attr,
			       nat64_binding_nl_policy, extack);
	if (err)
		return err;

	item->is_static = nla_get_flag(tb[NAT64_A_BINDING_STATIC]);
	return nat64_nl_parse_binding(&item->binding, attr, tb, extack);
}

/* Does the request have the IPv4 transport address of the binding, or none? */
static bool nat64_nl_is_pool(const struct nat64_nl_binding *binding,
			     const struct nat64_binding *b)
{
	return !binding->addr4 || (binding->addr4 == b->addr4 &&
				   binding->port4 == b->port4);
}

/**
 * nat64_nl_find_binding - find the binding of a request
 * @nat64: device
 * @binding: binding in the request
 * @extack: netlink extended ack
 *
 * Context: RCU read-side section.
 * Return: binding, NULL if there is none, or ERR_PTR(-EEXIST) if its IPv4
 * transport address differs.
 */
struct nat64_binding *
nat64_nl_find_binding(const struct nat64_dev *nat64,
		      const struct nat64_nl_binding *binding,
		      struct netlink_ext_ack *extack)
{
	struct nat64_binding *b;

	b = nat64_binding_find6(nat64->table, &binding->key);
	if (b && !nat64_nl_is_pool(binding, b)) {
		NL_SET_ERR_MSG(extack,
			       "binding of addr6 and port6 has another addr4 and port4");
		return ERR_PTR(-EEXIST);
	}

	return b;
}

/**
 * nat64_nl_addr6_inside - check that the IPv6 host of a request is not in pool6
 * @nat64: device, locked
 * @binding: binding in the request
 * @extack: netlink extended ack
 *
 * Context: process context.
 * Return: 0 or -EINVAL.
 */
int nat64_nl_addr6_inside(const struct nat64_dev *nat64,
			  const struct nat64_nl_binding *binding,
			  struct netlink_ext_ack *extack)
{
	const struct nat64_config *config = nat64_locked_config(nat64);

	/* RFC 6146 section 3.5: packets from pool6 are dropped as well. */
	if (ipv6_prefix_equal(&binding->key.addr, &config->pool6,
			      config->pool6_len)) {
		NL_SET_ERR_MSG(extack, "addr6 must not be in pool6");
		return -EINVAL;
	}

	return 0;
}

static int nat64_nl_add_binding(const struct nat64_dev *nat64, void *data,
				const struct genl_info *info)
{
	struct nat64_nl_binding_item *item = data;
	const struct nat64_nl_binding *binding = &item->binding;
	u16 flags = info->nlhdr->nlmsg_flags;
	int err;

	err = nat64_nl_addr6_inside(nat64, binding, info->extack);
	if (err)
		return err;

	item->change = (struct nat64_binding_change) {
		.key = binding->key,
		.addr4 = binding->addr4,
		.port4 = binding->port4,
		.is_static = item->is_static,
		.create = flags & NLM_F_CREATE,
		.excl = flags & NLM_F_EXCL,
		.replace = flags & NLM_F_REPLACE,
		.portid = info->snd_portid,
	};
	return nat64_binding_change(nat64->table,
				    nat64_locked_config(nat64),
				    &item->change, info->extack);
}

static int nat64_nl_unadd_binding(const struct nat64_dev *nat64, void *data,
				  const struct genl_info *info)
{
	const struct nat64_nl_binding_item *item = data;

	nat64_binding_change_undo(nat64->table, &item->change);
	return 0;
}

static int nat64_nl_commit_binding(const struct nat64_dev *nat64, void *data,
				   const struct genl_info *info)
{
	const struct nat64_nl_binding_item *item = data;

	nat64_binding_change_commit(nat64->table, &item->change);
	return 0;
}

static int nat64_nl_check_binding(const struct nat64_dev *nat64, void *data,
				  const struct genl_info *info)
{
	const struct nat64_nl_binding_item *item = data;
	const struct nat64_nl_binding *binding = &item->binding;
	const struct nat64_binding *b;

	rcu_read_lock();
	b = nat64_binding_find6(nat64->table, &binding->key);
	if (b && !nat64_nl_is_pool(binding, b))
		b = NULL;
	rcu_read_unlock();
	if (!b) {
		NL_SET_ERR_MSG(info->extack, "no such binding");
		return -ENOENT;
	}

	return 0;
}

/* The binding may have expired since nat64_nl_check_binding(). */
static int nat64_nl_del_binding(const struct nat64_dev *nat64, void *data,
				const struct genl_info *info)
{
	const struct nat64_nl_binding_item *item = data;
	const struct nat64_trigger trigger = {
		.cause = NAT64_CAUSE_DELETED,
		.portid = info->snd_portid,
	};

	nat64_binding_remove(nat64->table, &item->binding.key, &trigger);
	return 0;
}

static const struct nat64_nl_kind nat64_nl_binding_kind = {
	.attr = NAT64_A_BINDING,
	.size = sizeof(struct nat64_nl_binding_item),
	.tables = NAT64_TABLES_POOL4,
	.parse = nat64_nl_parse_one,
};

int nat64_nl_binding_add_doit(struct sk_buff *skb, struct genl_info *info)
{
	static const struct nat64_nl_ops ops = {
		.op = nat64_nl_add_binding,
		.undo = nat64_nl_unadd_binding,
		.commit = nat64_nl_commit_binding,
		.statics = true,
	};

	return nat64_nl_change(info, &nat64_nl_binding_kind, &ops);
}

int nat64_nl_binding_del_doit(struct sk_buff *skb, struct genl_info *info)
{
	static const struct nat64_nl_ops ops = {
		.check = nat64_nl_check_binding,
		.op = nat64_nl_del_binding,
	};

	return nat64_nl_change(info, &nat64_nl_binding_kind, &ops);
}

static void nat64_nl_flush_binding(struct nat64_table *table, void *entry,
				   const void *arg)
{
	const struct nat64_nl_flush *flush = arg;

	if (nat64_filter_binding(&flush->filter, entry))
		nat64_binding_end(table, entry, &flush->trigger);
}

static void nat64_nl_flush_bindings(struct nat64_table *table,
				    const struct nat64_nl_flush *flush)
{
	nat64_walk(table, &table->bindings6, nat64_nl_flush_binding, flush);
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
	.tables = NAT64_TABLES_POOL4,
	.table = nat64_nl_bindings,
	.filter = nat64_filter_parse_binding,
	.put = nat64_nl_dump_binding,
};

int nat64_nl_binding_flush_doit(struct sk_buff *skb, struct genl_info *info)
{
	return nat64_nl_flush(info, &nat64_nl_binding_dump,
			      nat64_nl_flush_bindings);
}

int nat64_nl_binding_get_dumpit(struct sk_buff *skb,
				struct netlink_callback *cb)
{
	return nat64_nl_dump(skb, cb, &nat64_nl_binding_dump);
}

int nat64_nl_binding_get_done(struct netlink_callback *cb)
{
	return nat64_nl_dump_done(cb);
}
