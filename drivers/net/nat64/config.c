// SPDX-License-Identifier: GPL-2.0-only
/*
 * nat64 - what a user sets on the link: from attributes and to attributes.
 */
#include <linux/overflow.h>
#include <linux/slab.h>
#include <net/ipv6.h>
#include <net/netlink.h>

#include "addr.h"
#include "nat64.h"

/* A prefix shorter than this is a slip of the pen. */
#define NAT64_POOL4_LEN_MIN	8

static const struct nla_policy
nat64_pool6_policy[IFLA_NAT64_POOL6_MAX + 1] = {
	[IFLA_NAT64_POOL6_PREFIX] =
		NLA_POLICY_EXACT_LEN(sizeof(struct in6_addr)),
	[IFLA_NAT64_POOL6_LEN] = { .type = NLA_U8 },
};

static const struct nla_policy
nat64_pool4_policy[IFLA_NAT64_POOL4_MAX + 1] = {
	[IFLA_NAT64_POOL4_PREFIX] = { .type = NLA_BE32 },
	[IFLA_NAT64_POOL4_LEN] = { .type = NLA_U8 },
	[IFLA_NAT64_POOL4_PORT_MIN] = { .type = NLA_U16 },
	[IFLA_NAT64_POOL4_PORT_MAX] = { .type = NLA_U16 },
};

const struct nla_policy nat64_link_policy[IFLA_NAT64_MAX + 1] = {
	[IFLA_NAT64_MODE] = { .type = NLA_U8 },
	[IFLA_NAT64_POOL6] = NLA_POLICY_NESTED(nat64_pool6_policy),
	[IFLA_NAT64_POOL4] = { .type = NLA_NESTED },
	[IFLA_NAT64_UDP_TIMEOUT] = { .type = NLA_U32 },
	[IFLA_NAT64_TCP_EST_TIMEOUT] = { .type = NLA_U32 },
	[IFLA_NAT64_TCP_TRANS_TIMEOUT] = { .type = NLA_U32 },
	[IFLA_NAT64_ICMP_TIMEOUT] = { .type = NLA_U32 },
};

#define NAT64_STR(x)	__stringify(x)

/* Timeouts by enum nat64_timeout. */
static const struct {
	u16 attr;
	u32 min;
	u32 initial;
	const char *error;
} nat64_timeouts[NAT64_TIMEOUT_COUNT] = {
#define NAT64_TIMEOUT_RANGE(key, min)					\
	key " must be " NAT64_STR(min) " to "				\
	NAT64_STR(NAT64_TIMEOUT_MAX) " seconds"
	[NAT64_TIMEOUT_UDP] = {
		IFLA_NAT64_UDP_TIMEOUT, NAT64_UDP_TIMEOUT_MIN, 300,
		NAT64_TIMEOUT_RANGE("udp-timeout", NAT64_UDP_TIMEOUT_MIN),
	},
	[NAT64_TIMEOUT_TCP_EST] = {
		IFLA_NAT64_TCP_EST_TIMEOUT, NAT64_TCP_EST_TIMEOUT_MIN, 7200,
		NAT64_TIMEOUT_RANGE("tcp-est-timeout",
				    NAT64_TCP_EST_TIMEOUT_MIN),
	},
	[NAT64_TIMEOUT_TCP_TRANS] = {
		IFLA_NAT64_TCP_TRANS_TIMEOUT, NAT64_TCP_TRANS_TIMEOUT_MIN, 240,
		NAT64_TIMEOUT_RANGE("tcp-trans-timeout",
				    NAT64_TCP_TRANS_TIMEOUT_MIN),
	},
	[NAT64_TIMEOUT_ICMP] = {
		IFLA_NAT64_ICMP_TIMEOUT, NAT64_ICMP_TIMEOUT_MIN, 60,
		NAT64_TIMEOUT_RANGE("icmp-timeout", NAT64_ICMP_TIMEOUT_MIN),
	},
#undef NAT64_TIMEOUT_RANGE
};

static int nat64_parse_mode(struct nat64_config *config, bool change,
			    struct nlattr *data[],
			    struct netlink_ext_ack *extack)
{
	u8 mode;

	if (!data[IFLA_NAT64_MODE])
		return 0;

	mode = nla_get_u8(data[IFLA_NAT64_MODE]);
	if (mode != NAT64_MODE_STATEFUL && mode != NAT64_MODE_STATELESS) {
		NL_SET_ERR_MSG_ATTR(extack, data[IFLA_NAT64_MODE],
				    "mode is neither stateful nor stateless");
		return -EINVAL;
	}
	if (change && mode != config->mode) {
		NL_SET_ERR_MSG_ATTR(extack, data[IFLA_NAT64_MODE],
				    "mode cannot change, make a new device");
		return -EOPNOTSUPP;
	}

	config->mode = mode;
	return 0;
}

static int nat64_parse_pool6(struct nat64_config *config,
			     struct nlattr *data[],
			     struct netlink_ext_ack *extack)
{
	static const struct in6_addr wkp = {
		.s6_addr = { 0x00, 0x64, 0xff, 0x9b },
	};
	struct nlattr *attr = data[IFLA_NAT64_POOL6];
	struct nlattr *tb[IFLA_NAT64_POOL6_MAX + 1];
	struct in6_addr prefix, masked;
	int err;
	u8 len;

	if (!attr)
		return 0;

	err = nla_parse_nested(tb, IFLA_NAT64_POOL6_MAX, attr,
			       nat64_pool6_policy, extack);
	if (err)
		return err;
	if (!tb[IFLA_NAT64_POOL6_PREFIX] || !tb[IFLA_NAT64_POOL6_LEN]) {
		NL_SET_ERR_MSG_ATTR(extack, attr,
				    "pool6 needs a prefix and a length");
		return -EINVAL;
	}

	prefix = nla_get_in6_addr(tb[IFLA_NAT64_POOL6_PREFIX]);
	len = nla_get_u8(tb[IFLA_NAT64_POOL6_LEN]);
	if (!nat64_pool6_len_ok(len)) {
		NL_SET_ERR_MSG_ATTR(extack, attr,
				    "pool6 length must be 32, 40, 48, 56, 64 or 96");
		return -EINVAL;
	}
	ipv6_addr_prefix(&masked, &prefix, len);
	if (!ipv6_addr_equal(&masked, &prefix)) {
		NL_SET_ERR_MSG_ATTR(extack, attr,
				    "pool6 has bits set beyond its length");
		return -EINVAL;
	}
	if (nat64_addr6_illegal(&prefix)) {
		NL_SET_ERR_MSG_ATTR(extack, attr,
				    "pool6 must be a global unicast prefix");
		return -EINVAL;
	}
	/* RFC 6052 section 2.2: bits 64 to 71 */
	if (prefix.s6_addr[8]) {
		NL_SET_ERR_MSG_ATTR(extack, attr,
				    "pool6 must have bits 64 to 71 zero");
		return -EINVAL;
	}
	/* RFC 6052 section 2.1: it exists as a /96 only. */
	if (len != 96 && ipv6_addr_equal(&prefix, &wkp)) {
		NL_SET_ERR_MSG_ATTR(extack, attr,
				    "pool6 64:ff9b:: must have length 96");
		return -EINVAL;
	}

	config->pool6 = prefix;
	config->pool6_len = len;
	config->wkp = ipv6_addr_equal(&prefix, &wkp);
	return 0;
}

static int nat64_parse_pool4_entry(struct nat64_pool4_entry *entry,
				   struct nlattr *attr,
				   struct netlink_ext_ack *extack)
{
	struct nlattr *tb[IFLA_NAT64_POOL4_MAX + 1];
	u32 mask;
	int err;
	u8 len;

	err = nla_parse_nested(tb, IFLA_NAT64_POOL4_MAX, attr,
			       nat64_pool4_policy, extack);
	if (err)
		return err;
	if (!tb[IFLA_NAT64_POOL4_PREFIX] || !tb[IFLA_NAT64_POOL4_LEN]) {
		NL_SET_ERR_MSG_ATTR(extack, attr,
				    "pool4 needs a prefix and a length");
		return -EINVAL;
	}

	len = nla_get_u8(tb[IFLA_NAT64_POOL4_LEN]);
	if (len < NAT64_POOL4_LEN_MIN || len > 32) {
		NL_SET_ERR_MSG_ATTR(extack, attr,
				    "pool4 length must be 8 to 32");
		return -EINVAL;
	}
	mask = ~0U << (32 - len);
	entry->first = ntohl(nla_get_be32(tb[IFLA_NAT64_POOL4_PREFIX]));
	entry->last = entry->first | ~mask;
	if (entry->first & ~mask) {
		NL_SET_ERR_MSG_ATTR(extack, attr,
				    "pool4 has bits set beyond its length");
		return -EINVAL;
	}
	if (nat64_addr4_illegal(htonl(entry->first)) ||
	    nat64_addr4_illegal(htonl(entry->last))) {
		NL_SET_ERR_MSG_ATTR(extack, attr,
				    "pool4 must be a unicast prefix");
		return -EINVAL;
	}

	entry->port_min = 1;
	if (tb[IFLA_NAT64_POOL4_PORT_MIN])
		entry->port_min = nla_get_u16(tb[IFLA_NAT64_POOL4_PORT_MIN]);
	entry->port_max = U16_MAX;
	if (tb[IFLA_NAT64_POOL4_PORT_MAX])
		entry->port_max = nla_get_u16(tb[IFLA_NAT64_POOL4_PORT_MAX]);
	if (!entry->port_min || entry->port_min > entry->port_max) {
		NL_SET_ERR_MSG_ATTR(extack, attr,
				    "pool4 ports must be a range within 1 to 65535");
		return -EINVAL;
	}

	return 0;
}

static bool nat64_pool4_overlap(const struct nat64_pool4_entry *a,
				const struct nat64_pool4_entry *b)
{
	return a->first <= b->last && b->first <= a->last &&
	       a->port_min <= b->port_max && b->port_min <= a->port_max;
}

static int nat64_parse_pool4(struct nat64_config *config, struct nlattr *list,
			     struct netlink_ext_ack *extack)
{
	struct nat64_pool4_entry *entry = config->pool4;
	struct nlattr *attr;
	unsigned int i;
	int rem, err;

	config->pool4_addrs = 0;
	nla_for_each_nested(attr, list, rem) {
		err = nat64_parse_pool4_entry(entry, attr, extack);
		if (err)
			return err;
		for (i = 0; &config->pool4[i] < entry; i++) {
			if (nat64_pool4_overlap(&config->pool4[i], entry)) {
				NL_SET_ERR_MSG_ATTR(extack, attr,
						    "pool4 entries overlap");
				return -EINVAL;
			}
		}
		config->pool4_addrs += (u64)entry->last - entry->first + 1;
		entry++;
	}

	if (config->pool4_count && config->mode == NAT64_MODE_STATELESS) {
		NL_SET_ERR_MSG_ATTR(extack, list,
				    "pool4 is for stateful devices only");
		return -EINVAL;
	}

	return 0;
}

static int nat64_parse_timeouts(struct nat64_config *config,
				struct nlattr *data[],
				struct netlink_ext_ack *extack)
{
	struct nlattr *attr;
	u32 value;
	int i;

	for (i = 0; i < NAT64_TIMEOUT_COUNT; i++) {
		attr = data[nat64_timeouts[i].attr];
		if (!attr)
			continue;
		value = nla_get_u32(attr);
		if (value < nat64_timeouts[i].min ||
		    value > NAT64_TIMEOUT_MAX) {
			NL_SET_BAD_ATTR(extack, attr);
			extack->_msg = nat64_timeouts[i].error;
			return -EINVAL;
		}
		config->timeout[i] = value;
	}

	return 0;
}

/* Number of entries in a new pool4 list, negative errno if it is no list. */
static int nat64_count_pool4(const struct nlattr *list,
			     struct netlink_ext_ack *extack)
{
	const struct nlattr *attr;
	int rem, count = 0;

	nla_for_each_nested(attr, list, rem) {
		if (nla_type(attr) != IFLA_NAT64_POOL4_ENTRY) {
			NL_SET_ERR_MSG_ATTR(extack, attr,
					    "pool4 has an unknown entry");
			return -EINVAL;
		}
		if (++count > NAT64_POOL4_MAX) {
			NL_SET_ERR_MSG_ATTR(extack, list,
					    "pool4 has more than "
					    NAT64_STR(NAT64_POOL4_MAX)
					    " entries");
			return -E2BIG;
		}
	}

	return count;
}

/* A configuration to change: a copy of @old with room for @count entries of
 * pool4, or the defaults.
 */
static struct nat64_config *nat64_config_alloc(const struct nat64_config *old,
					       int count)
{
	struct nat64_config *config;
	int i;

	config = kzalloc(struct_size(config, pool4, count), GFP_KERNEL);
	if (!config)
		return NULL;

	if (old) {
		memcpy(config, old, sizeof(*config));
	} else {
		for (i = 0; i < NAT64_TIMEOUT_COUNT; i++)
			config->timeout[i] = nat64_timeouts[i].initial;
	}
	config->pool4_count = count;
	return config;
}

/**
 * nat64_config_parse - make a configuration from attributes
 * @old: configuration that they change, NULL for a new device
 * @data: attributes, checked against nat64_link_policy; NULL for none
 * @extack: tells what is wrong
 *
 * Context: RTNL held.
 * Return: configuration, or an ERR_PTR.
 */
struct nat64_config *nat64_config_parse(const struct nat64_config *old,
					struct nlattr *data[],
					struct netlink_ext_ack *extack)
{
	struct nat64_config *config;
	int count, err;

	if (!old && (!data || !data[IFLA_NAT64_POOL6])) {
		NL_SET_ERR_MSG(extack, "pool6 is required");
		return ERR_PTR(-EINVAL);
	}

	if (data && data[IFLA_NAT64_POOL4])
		count = nat64_count_pool4(data[IFLA_NAT64_POOL4], extack);
	else
		count = old ? old->pool4_count : 0;
	if (count < 0)
		return ERR_PTR(count);

	config = nat64_config_alloc(old, count);
	if (!config)
		return ERR_PTR(-ENOMEM);
	if (!data)
		goto copy_pool4;

	err = nat64_parse_mode(config, old, data, extack);
	if (err)
		goto err_free;
	err = nat64_parse_pool6(config, data, extack);
	if (err)
		goto err_free;
	err = nat64_parse_timeouts(config, data, extack);
	if (err)
		goto err_free;
	if (data[IFLA_NAT64_POOL4]) {
		err = nat64_parse_pool4(config, data[IFLA_NAT64_POOL4],
					extack);
		if (err)
			goto err_free;
		return config;
	}

copy_pool4:
	if (old)
		memcpy(config->pool4, old->pool4,
		       flex_array_size(config, pool4, count));
	return config;

err_free:
	kfree(config);
	return ERR_PTR(err);
}

/**
 * nat64_config_size - room that nat64_config_fill() needs
 * @config: of the device
 */
size_t nat64_config_size(const struct nat64_config *config)
{
	return nla_total_size(sizeof(u8)) +			/* mode */
	       nla_total_size(nla_total_size(sizeof(struct in6_addr)) +
			      nla_total_size(sizeof(u8))) +	/* pool6 */
	       nla_total_size(config->pool4_count *
			      nla_total_size(nla_total_size(sizeof(u32)) +
					     nla_total_size(sizeof(u8)) +
					     2 * nla_total_size(sizeof(u16)))) +
	       NAT64_TIMEOUT_COUNT * nla_total_size(sizeof(u32));
}

static int nat64_fill_pool6(struct sk_buff *skb,
			    const struct nat64_config *config)
{
	struct nlattr *nest = nla_nest_start(skb, IFLA_NAT64_POOL6);

	if (!nest ||
	    nla_put_in6_addr(skb, IFLA_NAT64_POOL6_PREFIX, &config->pool6) ||
	    nla_put_u8(skb, IFLA_NAT64_POOL6_LEN, config->pool6_len))
		return -EMSGSIZE;

	nla_nest_end(skb, nest);
	return 0;
}

static int nat64_fill_pool4(struct sk_buff *skb,
			    const struct nat64_config *config)
{
	const struct nat64_pool4_entry *entry = config->pool4;
	struct nlattr *list, *nest;
	unsigned int i;

	list = nla_nest_start(skb, IFLA_NAT64_POOL4);
	if (!list)
		return -EMSGSIZE;

	for (i = 0; i < config->pool4_count; i++, entry++) {
		nest = nla_nest_start(skb, IFLA_NAT64_POOL4_ENTRY);
		if (!nest ||
		    nla_put_be32(skb, IFLA_NAT64_POOL4_PREFIX,
				 htonl(entry->first)) ||
		    nla_put_u8(skb, IFLA_NAT64_POOL4_LEN,
			       32 - fls(entry->first ^ entry->last)) ||
		    nla_put_u16(skb, IFLA_NAT64_POOL4_PORT_MIN,
				entry->port_min) ||
		    nla_put_u16(skb, IFLA_NAT64_POOL4_PORT_MAX,
				entry->port_max))
			return -EMSGSIZE;
		nla_nest_end(skb, nest);
	}

	nla_nest_end(skb, list);
	return 0;
}

/**
 * nat64_config_fill - put a configuration into a netlink message
 * @skb: message; what is put in when it does not fit is for the caller to cut
 * @config: configuration
 *
 * Return: 0 or -EMSGSIZE.
 */
int nat64_config_fill(struct sk_buff *skb, const struct nat64_config *config)
{
	int i;

	if (nla_put_u8(skb, IFLA_NAT64_MODE, config->mode) ||
	    nat64_fill_pool6(skb, config))
		return -EMSGSIZE;
	if (config->mode == NAT64_MODE_STATELESS)
		return 0;

	if (nat64_fill_pool4(skb, config))
		return -EMSGSIZE;
	for (i = 0; i < NAT64_TIMEOUT_COUNT; i++)
		if (nla_put_u32(skb, nat64_timeouts[i].attr,
				config->timeout[i]))
			return -EMSGSIZE;

	return 0;
}
