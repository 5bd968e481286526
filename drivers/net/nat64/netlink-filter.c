// SPDX-License-Identifier: GPL-2.0-only
/*
 * nat64 - generic netlink: filters of dump and flush requests.
 */
#include <linux/inetdevice.h>
#include <net/ipv6.h>
#include <net/netlink.h>

#include "bib.h"
#include "netlink-filter.h"
#include "netlink-gen.h"
#include "netlink-put.h"
#include "netlink.h"
#include "session.h"
#include "subscriber.h"

/* Reject attributes that this kind of filter does not support. */
static int nat64_filter_refuse(struct nlattr *const *tb, const u8 *types,
			       size_t count, const char *msg,
			       struct netlink_ext_ack *extack)
{
	size_t i;

	for (i = 0; i < count; i++) {
		if (!tb[types[i]])
			continue;
		NL_SET_BAD_ATTR(extack, tb[types[i]]);
		if (extack)
			extack->_msg = msg;
		return -EINVAL;
	}

	return 0;
}

/* Reject attributes that only subscriber filters support. */
static int nat64_filter_no_least(struct nlattr *const *tb,
				 struct netlink_ext_ack *extack)
{
	static const u8 types[] = {
		NAT64_A_FILTER_MIN_BINDINGS, NAT64_A_FILTER_MIN_SESSIONS,
	};

	return nat64_filter_refuse(tb, types, ARRAY_SIZE(types),
				   "filter: min-bindings and min-sessions are for subscribers only",
				   extack);
}

/* The attributes of an IPv4 prefix, and the errors that name them. */
struct nat64_filter_attrs4 {
	u8 addr;
	u8 len;
	const char *no_addr;
	const char *host_bits;
};

static const struct nat64_filter_attrs4 nat64_filter_addr4 = {
	.addr = NAT64_A_FILTER_ADDR4,
	.len = NAT64_A_FILTER_LEN4,
	.no_addr = "filter: len4 requires addr4",
	.host_bits = "filter: addr4 has bits set beyond len4",
};

static const struct nat64_filter_attrs4 nat64_filter_remote4 = {
	.addr = NAT64_A_FILTER_REMOTE4,
	.len = NAT64_A_FILTER_REMOTE_LEN,
	.no_addr = "filter: remote-len requires remote4",
	.host_bits = "filter: remote4 has bits set beyond remote-len",
};

/* Parse an IPv4 prefix from an address and a length attribute. */
static int nat64_filter_prefix4(struct nlattr *const *tb,
				const struct nat64_filter_attrs4 *attrs,
				__be32 *prefix, __be32 *mask,
				struct netlink_ext_ack *extack)
{
	const struct nlattr *addr = tb[attrs->addr];
	const struct nlattr *len = tb[attrs->len];

	if (!addr)
		return nat64_filter_refuse(tb, &attrs->len, 1, attrs->no_addr,
					   extack);

	*prefix = nla_get_in_addr(addr);
	*mask = inet_make_mask(len ? nla_get_u8(len) : 32);
	if (*prefix & ~*mask)
		return nat64_filter_refuse(tb, &attrs->addr, 1,
					   attrs->host_bits, extack);

	return 0;
}

static int nat64_filter_prefix6(struct nlattr *const *tb,
				struct nat64_filter *filter,
				struct netlink_ext_ack *extack)
{
	const struct nlattr *addr = tb[NAT64_A_FILTER_ADDR6];
	const struct nlattr *len = tb[NAT64_A_FILTER_LEN6];
	struct in6_addr prefix;

	if (!addr) {
		if (!len)
			return 0;
		NL_SET_ERR_MSG_ATTR(extack, len, "filter: len6 requires addr6");
		return -EINVAL;
	}

	filter->addr6 = nla_get_in6_addr(addr);
	filter->len6 = len ? nla_get_u8(len) : 128;
	ipv6_addr_prefix(&prefix, &filter->addr6, filter->len6);
	if (!ipv6_addr_equal(&prefix, &filter->addr6)) {
		NL_SET_ERR_MSG_ATTR(extack, addr,
				    "filter: addr6 has bits set beyond len6");
		return -EINVAL;
	}

	return 0;
}

static void nat64_filter_port(const struct nlattr *attr, __be16 *port,
			      bool *by_port)
{
	if (!attr)
		return;

	*port = nla_get_be16(attr);
	*by_port = true;
}

/* Parse the attributes that binding and session filters share. */
static int nat64_filter_common(struct nlattr *const *tb,
			       struct nat64_filter *filter,
			       struct netlink_ext_ack *extack)
{
	int err;

	err = nat64_filter_no_least(tb, extack);
	if (err)
		return err;

	if (tb[NAT64_A_FILTER_PROTO]) {
		filter->proto = nla_get_u8(tb[NAT64_A_FILTER_PROTO]);
		if (!nat64_nl_is_proto(filter->proto)) {
			NL_SET_ERR_MSG_ATTR(extack, tb[NAT64_A_FILTER_PROTO],
					    "filter: proto must be TCP, UDP or ICMP");
			return -EINVAL;
		}
	}

	err = nat64_filter_prefix6(tb, filter, extack);
	if (err)
		return err;
	err = nat64_filter_prefix4(tb, &nat64_filter_addr4, &filter->addr4,
				   &filter->mask4, extack);
	if (err)
		return err;

	nat64_filter_port(tb[NAT64_A_FILTER_PORT6], &filter->port6,
			  &filter->by_port6);
	nat64_filter_port(tb[NAT64_A_FILTER_PORT4], &filter->port4,
			  &filter->by_port4);
	if (tb[NAT64_A_FILTER_STATIC]) {
		filter->by_static = true;
		filter->is_static = nla_get_u8(tb[NAT64_A_FILTER_STATIC]);
	}

	return 0;
}

/**
 * nat64_filter_parse_binding - parse a filter of bindings
 * @filter: result
 * @attr: NAT64_A_FILTER, or NULL
 * @extack: netlink extended ack
 *
 * Return: 0 or a negative errno.
 */
int nat64_filter_parse_binding(struct nat64_filter *filter,
			       const struct nlattr *attr,
			       struct netlink_ext_ack *extack)
{
	static const u8 not_of_bindings[] = {
		NAT64_A_FILTER_REMOTE4, NAT64_A_FILTER_REMOTE_LEN,
		NAT64_A_FILTER_REMOTE_PORT, NAT64_A_FILTER_STATE,
	};
	struct nlattr *tb[NAT64_A_FILTER_MAX + 1];
	int err;

	if (!attr)
		return 0;

	err = nla_parse_nested(tb, NAT64_A_FILTER_MAX, attr,
			       nat64_filter_nl_policy, extack);
	if (err)
		return err;
	err = nat64_filter_refuse(tb, not_of_bindings,
				  ARRAY_SIZE(not_of_bindings),
				  "filter: remote4, remote-len, remote-port and state are for sessions only",
				  extack);
	if (err)
		return err;

	return nat64_filter_common(tb, filter, extack);
}

/**
 * nat64_filter_parse_session - parse a filter of sessions
 * @filter: result
 * @attr: NAT64_A_FILTER, or NULL
 * @extack: netlink extended ack
 *
 * Return: 0 or a negative errno.
 */
int nat64_filter_parse_session(struct nat64_filter *filter,
			       const struct nlattr *attr,
			       struct netlink_ext_ack *extack)
{
	struct nlattr *tb[NAT64_A_FILTER_MAX + 1];
	int err;

	if (!attr)
		return 0;

	err = nla_parse_nested(tb, NAT64_A_FILTER_MAX, attr,
			       nat64_filter_nl_policy, extack);
	if (err)
		return err;
	err = nat64_filter_common(tb, filter, extack);
	if (err)
		return err;
	err = nat64_filter_prefix4(tb, &nat64_filter_remote4, &filter->remote,
				   &filter->remote_mask, extack);
	if (err)
		return err;

	nat64_filter_port(tb[NAT64_A_FILTER_REMOTE_PORT], &filter->rport,
			  &filter->by_rport);
	if (tb[NAT64_A_FILTER_STATE]) {
		filter->state = nla_get_u32(tb[NAT64_A_FILTER_STATE]);
		if (filter->proto && filter->proto != IPPROTO_TCP) {
			NL_SET_ERR_MSG_ATTR(extack, tb[NAT64_A_FILTER_STATE],
					    "filter: state is for TCP only");
			return -EINVAL;
		}
	}

	return 0;
}

/**
 * nat64_filter_parse_subscriber - parse a filter of subscribers
 * @filter: result
 * @attr: NAT64_A_FILTER, or NULL
 * @extack: netlink extended ack
 *
 * Return: 0 or a negative errno.
 */
int nat64_filter_parse_subscriber(struct nat64_filter *filter,
				  const struct nlattr *attr,
				  struct netlink_ext_ack *extack)
{
	static const u8 not_of_subscribers[] = {
		NAT64_A_FILTER_PROTO, NAT64_A_FILTER_PORT6,
		NAT64_A_FILTER_ADDR4, NAT64_A_FILTER_LEN4,
		NAT64_A_FILTER_PORT4, NAT64_A_FILTER_REMOTE4,
		NAT64_A_FILTER_REMOTE_LEN, NAT64_A_FILTER_REMOTE_PORT,
		NAT64_A_FILTER_STATE, NAT64_A_FILTER_STATIC,
	};
	struct nlattr *tb[NAT64_A_FILTER_MAX + 1];
	int err;

	if (!attr)
		return 0;

	err = nla_parse_nested(tb, NAT64_A_FILTER_MAX, attr,
			       nat64_filter_nl_policy, extack);
	if (err)
		return err;
	err = nat64_filter_refuse(tb, not_of_subscribers,
				  ARRAY_SIZE(not_of_subscribers),
				  "filter: subscribers support only addr6, len6, min-bindings and min-sessions",
				  extack);
	if (err)
		return err;

	if (tb[NAT64_A_FILTER_MIN_BINDINGS])
		filter->min_bindings =
			nla_get_u32(tb[NAT64_A_FILTER_MIN_BINDINGS]);
	if (tb[NAT64_A_FILTER_MIN_SESSIONS])
		filter->min_sessions =
			nla_get_u32(tb[NAT64_A_FILTER_MIN_SESSIONS]);
	return nat64_filter_prefix6(tb, filter, extack);
}

/**
 * nat64_filter_binding - does a binding match?
 * @filter: filter
 * @b: binding
 *
 * Return: true if it does
 */
bool nat64_filter_binding(const struct nat64_filter *filter,
			  const struct nat64_binding *b)
{
	return (!filter->proto || b->key6.proto == filter->proto) &&
	       (!filter->by_port6 || b->key6.port == filter->port6) &&
	       (!filter->by_port4 || b->port4 == filter->port4) &&
	       (!filter->by_static || b->is_static == filter->is_static) &&
	       !((b->addr4 ^ filter->addr4) & filter->mask4) &&
	       ipv6_prefix_equal(&b->key6.addr, &filter->addr6, filter->len6);
}

/**
 * nat64_filter_session - does a session match?
 * @filter: filter
 * @s: session
 *
 * Context: RCU read-side section.
 * Return: true if it does
 */
bool nat64_filter_session(const struct nat64_filter *filter,
			  const struct nat64_session *s)
{
	/* Compare fields of the session first: the binding is in another cache
	 * line.
	 */
	return !((s->remote ^ filter->remote) & filter->remote_mask) &&
	       (!filter->by_rport || s->rport == filter->rport) &&
	       (!filter->state ||
		nat64_nl_state(READ_ONCE(s->state)) == filter->state) &&
	       nat64_filter_binding(filter, s->binding);
}

/**
 * nat64_filter_subscriber - does a subscriber match?
 * @filter: filter
 * @sub: subscriber
 *
 * A subscriber without bindings is about to be freed and never matches.
 *
 * Return: true if it does
 */
bool nat64_filter_subscriber(const struct nat64_filter *filter,
			     const struct nat64_subscriber *sub)
{
	u32 bindings = atomic_read(&sub->bindings);

	return bindings && bindings >= filter->min_bindings &&
	       (u32)atomic_read(&sub->sessions) >= filter->min_sessions &&
	       ipv6_prefix_equal(&sub->key.prefix, &filter->addr6,
				 min_t(u32, sub->key.len, filter->len6));
}
