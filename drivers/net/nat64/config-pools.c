// SPDX-License-Identifier: GPL-2.0-only
/*
 * nat64 - parse and dump pool6, pool4 and the RFC 6791 pool.
 */
#include <net/ipv6.h>
#include <net/netlink.h>

#include "addr.h"
#include "bib.h"
#include "config.h"
#include "pool4-use.h"

/* A shorter prefix is most likely a typing error. */
#define NAT64_LEN4_MIN	8

#define NAT64_POOL4_FULL						\
	"pool4 has more than " __stringify(NAT64_POOL4_MAX) " entries"

const struct nla_policy nat64_pool6_policy[IFLA_NAT64_POOL6_MAX + 1] = {
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
	[IFLA_NAT64_POOL4_PROTO] = { .type = NLA_U8 },
	[IFLA_NAT64_POOL4_MARK] = { .type = NLA_U32 },
};

static const struct nla_policy
nat64_rfc6791_policy[IFLA_NAT64_RFC6791_MAX + 1] = {
	[IFLA_NAT64_RFC6791_PREFIX] = { .type = NLA_BE32 },
	[IFLA_NAT64_RFC6791_LEN] = { .type = NLA_U8 },
};

/**
 * nat64_pool6_parse - parse IFLA_NAT64_POOL6
 * @config: its pool6 is set
 * @attr: the attribute
 * @extack: netlink extended ack
 *
 * Return: 0 or a negative errno.
 */
int nat64_pool6_parse(struct nat64_config *config, struct nlattr *attr,
		      struct netlink_ext_ack *extack)
{
	static const struct in6_addr wkp = {
		.s6_addr = { 0x00, 0x64, 0xff, 0x9b },
	};
	struct nlattr *tb[IFLA_NAT64_POOL6_MAX + 1];
	struct in6_addr prefix, masked;
	int err;
	u8 len;

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
				    "pool6 bits 64 to 71 must be zero");
		return -EINVAL;
	}
	/* RFC 6052 section 2.1: the well-known prefix is a /96. */
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

/**
 * nat64_pool6_fill - add IFLA_NAT64_POOL6 to a message
 * @skb: message
 * @config: configuration of the device
 *
 * Return: 0 or -EMSGSIZE.
 */
int nat64_pool6_fill(struct sk_buff *skb, const struct nat64_config *config)
{
	struct nlattr *nest = nla_nest_start(skb, IFLA_NAT64_POOL6);

	if (!nest ||
	    nla_put_in6_addr(skb, IFLA_NAT64_POOL6_PREFIX, &config->pool6) ||
	    nla_put_u8(skb, IFLA_NAT64_POOL6_LEN, config->pool6_len))
		return -EMSGSIZE;

	nla_nest_end(skb, nest);
	return 0;
}

/* Error messages about an IPv4 prefix, which name its list. */
struct nat64_prefix4_errors {
	const char *missing;
	const char *length;
	const char *host_bits;
	const char *illegal[NAT64_ILLEGAL4_COUNT];
};

#define NAT64_PREFIX4_ILLEGAL(key, prefix)				\
	key " overlaps " prefix ", which is never translated"

#define NAT64_PREFIX4_ERRORS(key) {					\
	.missing = key " needs a prefix and a length",			\
	.length = key " length must be 8 to 32",			\
	.host_bits = key " has bits set beyond its length",		\
	.illegal = {							\
		NAT64_PREFIX4_ILLEGAL(key, "0.0.0.0/8"),		\
		NAT64_PREFIX4_ILLEGAL(key, "127.0.0.0/8"),		\
		NAT64_PREFIX4_ILLEGAL(key, "169.254.0.0/16"),		\
		NAT64_PREFIX4_ILLEGAL(key, "224.0.0.0/4"),		\
		NAT64_PREFIX4_ILLEGAL(key, "240.0.0.0/4"),		\
	},								\
}

/* Parse an IPv4 prefix into a range. */
static int nat64_prefix4_parse(struct nat64_range4 *range,
			       const struct nlattr *attr,
			       const struct nlattr *prefix,
			       const struct nlattr *length,
			       const struct nat64_prefix4_errors *errors,
			       struct netlink_ext_ack *extack)
{
	enum nat64_illegal4 illegal;
	u32 mask;
	u8 len;

	if (!prefix || !length)
		return nat64_attr_error(extack, attr, errors->missing);

	len = nla_get_u8(length);
	if (len < NAT64_LEN4_MIN || len > 32)
		return nat64_attr_error(extack, attr, errors->length);

	mask = ~0U << (32 - len);
	range->first = ntohl(nla_get_be32(prefix));
	range->last = range->first | ~mask;
	if (range->first & ~mask)
		return nat64_attr_error(extack, attr, errors->host_bits);

	illegal = nat64_range4_illegal(range->first, range->last);
	return illegal == NAT64_ILLEGAL4_COUNT ? 0 :
	       nat64_attr_error(extack, attr, errors->illegal[illegal]);
}

/* Prefix length of a range that was parsed from a prefix. */
static u8 nat64_range4_len(const struct nat64_range4 *range)
{
	return 32 - fls(range->first ^ range->last);
}

/**
 * nat64_config_pool4_count - count the entries of IFLA_NAT64_POOL4
 * @list: the attribute
 * @extack: netlink extended ack
 *
 * Return: number of entries, or a negative errno if the list is invalid.
 */
int nat64_config_pool4_count(const struct nlattr *list,
			     struct netlink_ext_ack *extack)
{
	const struct nlattr *attr;
	int rem, count = 0;

	nla_for_each_nested(attr, list, rem) {
		if (nla_type(attr) != IFLA_NAT64_POOL4_ENTRY) {
			NL_SET_ERR_MSG_ATTR(extack, attr,
					    "pool4 has an unknown attribute");
			return -EINVAL;
		}
		if (++count > NAT64_POOL4_MAX) {
			NL_SET_ERR_MSG_ATTR(extack, list, NAT64_POOL4_FULL);
			return -E2BIG;
		}
	}
	if (rem) {
		NL_SET_ERR_MSG_ATTR(extack, list, "pool4 has trailing bytes");
		return -EINVAL;
	}

	return count;
}

static int nat64_pool4_parse_entry(struct nat64_pool4_entry *entry,
				   const struct nlattr *attr,
				   struct netlink_ext_ack *extack)
{
	static const struct nat64_prefix4_errors errors =
		NAT64_PREFIX4_ERRORS("pool4");
	struct nlattr *tb[IFLA_NAT64_POOL4_MAX + 1];
	int err;

	err = nla_parse_nested(tb, IFLA_NAT64_POOL4_MAX, attr,
			       nat64_pool4_policy, extack);
	if (err)
		return err;
	err = nat64_validate_once(attr, "pool4 has a duplicate attribute",
				  extack);
	if (err)
		return err;
	err = nat64_prefix4_parse(&entry->addrs, attr,
				  tb[IFLA_NAT64_POOL4_PREFIX],
				  tb[IFLA_NAT64_POOL4_LEN], &errors, extack);
	if (err)
		return err;

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

	if (tb[IFLA_NAT64_POOL4_MARK])
		entry->mark = nla_get_u32(tb[IFLA_NAT64_POOL4_MARK]);
	if (tb[IFLA_NAT64_POOL4_PROTO])
		entry->proto = nla_get_u8(tb[IFLA_NAT64_POOL4_PROTO]);
	switch (entry->proto) {
	case 0:
	case IPPROTO_TCP:
	case IPPROTO_UDP:
	case IPPROTO_ICMP:
		return 0;
	default:
		NL_SET_ERR_MSG_ATTR(extack, attr,
				    "pool4 proto must be tcp, udp or icmp");
		return -EINVAL;
	}
}

/* Can a transport address belong to both entries? Marks do not matter: packets
 * from IPv4 are looked up without one.
 */
static bool nat64_pool4_overlap(const struct nat64_pool4_entry *a,
				const struct nat64_pool4_entry *b)
{
	return nat64_range4_overlap(&a->addrs, &b->addrs) &&
	       (!a->proto || !b->proto || a->proto == b->proto) &&
	       a->port_min <= b->port_max && b->port_min <= a->port_max;
}

/**
 * nat64_config_pool4_add - add an entry to pool4
 * @config: configuration with room for the entry
 * @attr: the entry, a nest of IFLA_NAT64_POOL4_*
 * @extack: netlink extended ack
 *
 * Return: 0, -EEXIST if it overlaps another entry, or a negative errno.
 */
int nat64_config_pool4_add(struct nat64_config *config,
			   const struct nlattr *attr,
			   struct netlink_ext_ack *extack)
{
	struct nat64_pool4_entry entry = { };
	unsigned int i;
	int err;

	err = nat64_pool4_parse_entry(&entry, attr, extack);
	if (err)
		return err;
	for (i = 0; i < config->pool4_count; i++) {
		if (nat64_pool4_overlap(&config->pool4[i], &entry)) {
			NL_SET_ERR_MSG_ATTR(extack, attr,
					    "pool4 entries overlap");
			return -EEXIST;
		}
	}
	if (config->pool4_count == NAT64_POOL4_MAX) {
		NL_SET_ERR_MSG_ATTR(extack, attr, NAT64_POOL4_FULL);
		return -E2BIG;
	}

	entry.stat = nat64_use_create(&entry);
	if (!entry.stat)
		return -ENOMEM;

	config->pool4_host = false;
	config->pool4_count++;
	config->pool4[config->pool4_count - 1] = entry;
	return 0;
}

/**
 * nat64_config_pool4_find - find an entry of pool4
 * @config: configuration of the device
 * @attr: the entry, a nest of IFLA_NAT64_POOL4_*
 * @extack: netlink extended ack
 *
 * Return: its index, -ENOENT if no entry is equal, or another negative errno if
 *	@attr is invalid.
 */
int nat64_config_pool4_find(const struct nat64_config *config,
			    const struct nlattr *attr,
			    struct netlink_ext_ack *extack)
{
	struct nat64_pool4_entry entry = { };
	unsigned int i;
	int err;

	err = nat64_pool4_parse_entry(&entry, attr, extack);
	if (err)
		return err;
	for (i = 0; i < config->pool4_count; i++)
		if (nat64_pool4_same(&config->pool4[i], &entry))
			return i;

	return -ENOENT;
}

/**
 * nat64_config_pool4_del - remove an entry from pool4
 * @config: configuration to change
 * @attr: the entry, a nest of IFLA_NAT64_POOL4_*
 * @extack: netlink extended ack
 *
 * Return: 0, -ENOENT if no entry is equal, or a negative errno.
 */
int nat64_config_pool4_del(struct nat64_config *config,
			   const struct nlattr *attr,
			   struct netlink_ext_ack *extack)
{
	int i = nat64_config_pool4_find(config, attr, extack);

	if (i == -ENOENT)
		NL_SET_ERR_MSG_ATTR(extack, attr, "pool4 has no such entry");
	if (i < 0)
		return i;

	nat64_use_release(config->pool4[i].stat);
	for (; i < config->pool4_count - 1; i++)
		config->pool4[i] = config->pool4[i + 1];
	config->pool4_count--;
	return 0;
}

/**
 * nat64_config_pool4_truncate - remove the last entries from pool4
 * @config: configuration to change
 * @count: number of entries to keep
 */
void nat64_config_pool4_truncate(struct nat64_config *config,
				 unsigned int count)
{
	while (config->pool4_count > count)
		nat64_use_release(config->pool4[--config->pool4_count].stat);
}

static int nat64_pool4_parse_list(struct nat64_config *config,
				  const struct nlattr *list,
				  struct netlink_ext_ack *extack)
{
	const struct nlattr *attr;
	int rem, err;

	config->pool4_count = 0;
	nla_for_each_nested(attr, list, rem) {
		err = nat64_config_pool4_add(config, attr, extack);
		/* A new list that overlaps itself is invalid. */
		if (err)
			return err == -EEXIST ? -EINVAL : err;
	}
	if (!config->pool4_count)
		return nat64_attr_error(extack, list,
					"pool4 is empty, use none or host");

	return 0;
}

static int nat64_pool4_parse_source(struct nat64_config *config,
				    const struct nlattr *source,
				    const struct nlattr *list,
				    struct netlink_ext_ack *extack)
{
	u32 value = nla_get_u32(source);

	if (value == NAT64_POOL4_ENTRIES) {
		if (!config->pool4_count)
			return nat64_attr_error(extack, source,
						"pool4 has no entries");
		return 0;
	}
	if (list)
		return nat64_attr_error(extack, list,
					"pool4 entries cannot be combined with none or host");

	config->pool4_host = value == NAT64_POOL4_HOST;
	nat64_config_pool4_truncate(config, 0);
	return 0;
}

/**
 * nat64_config_pool4_parse - parse IFLA_NAT64_POOL4_SOURCE and IFLA_NAT64_POOL4
 * @config: configuration to change, with room for the entries
 * @source: IFLA_NAT64_POOL4_SOURCE, or NULL
 * @list: IFLA_NAT64_POOL4, checked by nat64_config_pool4_count(), or NULL
 * @extack: netlink extended ack
 *
 * Return: 0 or a negative errno.
 */
int nat64_config_pool4_parse(struct nat64_config *config,
			     const struct nlattr *source,
			     const struct nlattr *list,
			     struct netlink_ext_ack *extack)
{
	int err;

	if (!source && !list)
		return 0;
	if (config->mode != NAT64_MODE_STATEFUL)
		return nat64_attr_error(extack, list ?: source,
					"pool4 is for stateful devices only");

	if (list) {
		err = nat64_pool4_parse_list(config, list, extack);
		if (err)
			return err;
	}

	return source ? nat64_pool4_parse_source(config, source, list,
						 extack) : 0;
}

static unsigned int nat64_pool4_shown(const struct nat64_config *config)
{
	return min_t(unsigned int, config->pool4_count, NAT64_POOL4_SHOWN);
}

/**
 * nat64_config_pool4_size - message size that nat64_config_pool4_fill() needs
 * @config: configuration of the device
 *
 * Return: the size in bytes
 */
size_t nat64_config_pool4_size(const struct nat64_config *config)
{
	size_t entry = nla_total_size(nla_total_size(sizeof(u32)) +
				      2 * nla_total_size(sizeof(u8)) +
				      2 * nla_total_size(sizeof(u16)) +
				      nla_total_size(sizeof(u32)));

	return nla_total_size(sizeof(u32)) +			/* source */
	       nla_total_size(nla_total_size(sizeof(u32)) +	/* count */
			      nat64_pool4_shown(config) * entry);
}

static int nat64_pool4_fill_entry(struct sk_buff *skb,
				  const struct nat64_pool4_entry *entry)
{
	struct nlattr *nest;

	nest = nla_nest_start(skb, IFLA_NAT64_POOL4_SUMMARY_ENTRY);
	if (!nest ||
	    nla_put_be32(skb, IFLA_NAT64_POOL4_PREFIX,
			 htonl(entry->addrs.first)) ||
	    nla_put_u8(skb, IFLA_NAT64_POOL4_LEN,
		       nat64_range4_len(&entry->addrs)) ||
	    nla_put_u16(skb, IFLA_NAT64_POOL4_PORT_MIN, entry->port_min) ||
	    nla_put_u16(skb, IFLA_NAT64_POOL4_PORT_MAX, entry->port_max) ||
	    (entry->proto && nla_put_u8(skb, IFLA_NAT64_POOL4_PROTO,
					entry->proto)) ||
	    (entry->mark && nla_put_u32(skb, IFLA_NAT64_POOL4_MARK,
					entry->mark)))
		return -EMSGSIZE;

	nla_nest_end(skb, nest);
	return 0;
}

static enum nat64_pool4_source
nat64_pool4_source(const struct nat64_config *config)
{
	if (config->pool4_host)
		return NAT64_POOL4_HOST;

	return config->pool4_count ? NAT64_POOL4_ENTRIES : NAT64_POOL4_NONE;
}

/**
 * nat64_config_pool4_fill - add the first entries of pool4 to a message
 * @skb: message
 * @config: configuration of the device
 *
 * The number of entries is limited: if a link does not fit into the buffer of
 * an RTM_GETLINK reader, the reader loses all later links.
 *
 * Return: 0 or -EMSGSIZE.
 */
int nat64_config_pool4_fill(struct sk_buff *skb,
			    const struct nat64_config *config)
{
	struct nlattr *summary;
	unsigned int i;
	int err;

	if (nla_put_u32(skb, IFLA_NAT64_POOL4_SOURCE,
			nat64_pool4_source(config)))
		return -EMSGSIZE;
	summary = nla_nest_start(skb, IFLA_NAT64_POOL4_SUMMARY);
	if (!summary || nla_put_u32(skb, IFLA_NAT64_POOL4_SUMMARY_COUNT,
				    config->pool4_count))
		return -EMSGSIZE;

	for (i = 0; i < nat64_pool4_shown(config); i++) {
		err = nat64_pool4_fill_entry(skb, &config->pool4[i]);
		if (err)
			return err;
	}

	nla_nest_end(skb, summary);
	return 0;
}

/**
 * nat64_rfc6791_parse - parse IFLA_NAT64_RFC6791_POOL
 * @config: its RFC 6791 pool is set
 * @list: the attribute
 * @extack: netlink extended ack
 *
 * Return: 0 or a negative errno.
 */
int nat64_rfc6791_parse(struct nat64_config *config, struct nlattr *list,
			struct netlink_ext_ack *extack)
{
	static const struct nat64_prefix4_errors errors =
		NAT64_PREFIX4_ERRORS("rfc6791-pool");
	struct nlattr *tb[IFLA_NAT64_RFC6791_MAX + 1];
	struct nat64_range4 *range;
	struct nlattr *attr;
	unsigned int i;
	int rem, err;

	config->rfc6791_count = 0;
	config->rfc6791_addrs = 0;
	nla_for_each_nested(attr, list, rem) {
		if (nla_type(attr) != IFLA_NAT64_RFC6791_ENTRY) {
			NL_SET_ERR_MSG_ATTR(extack, attr,
					    "rfc6791-pool has an unknown attribute");
			return -EINVAL;
		}
		if (config->rfc6791_count == NAT64_RFC6791_POOL_MAX) {
			NL_SET_ERR_MSG_ATTR(extack, list,
					    "rfc6791-pool has more than "
					    __stringify(NAT64_RFC6791_POOL_MAX)
					    " entries");
			return -E2BIG;
		}

		err = nla_parse_nested(tb, IFLA_NAT64_RFC6791_MAX, attr,
				       nat64_rfc6791_policy, extack);
		if (err)
			return err;
		err = nat64_validate_once(attr,
					  "rfc6791-pool has a duplicate attribute",
					  extack);
		if (err)
			return err;
		range = &config->rfc6791[config->rfc6791_count++];
		err = nat64_prefix4_parse(range, attr,
					  tb[IFLA_NAT64_RFC6791_PREFIX],
					  tb[IFLA_NAT64_RFC6791_LEN], &errors,
					  extack);
		if (err)
			return err;
		for (i = 0; i < config->rfc6791_count - 1; i++) {
			if (nat64_range4_overlap(&config->rfc6791[i], range)) {
				NL_SET_ERR_MSG_ATTR(extack, attr,
						    "rfc6791-pool entries overlap");
				return -EINVAL;
			}
		}
		config->rfc6791_addrs += nat64_range4_addrs(range);
	}
	if (rem) {
		NL_SET_ERR_MSG_ATTR(extack, list, "rfc6791-pool has trailing bytes");
		return -EINVAL;
	}

	return 0;
}

/**
 * nat64_rfc6791_size - message size that nat64_rfc6791_fill() needs
 * @config: configuration of the device
 *
 * Return: the size in bytes
 */
size_t nat64_rfc6791_size(const struct nat64_config *config)
{
	return nla_total_size(config->rfc6791_count *
			      nla_total_size(nla_total_size(sizeof(u32)) +
					     nla_total_size(sizeof(u8))));
}

/**
 * nat64_rfc6791_fill - add IFLA_NAT64_RFC6791_POOL to a message
 * @skb: message
 * @config: configuration of the device
 *
 * Return: 0 or -EMSGSIZE.
 */
int nat64_rfc6791_fill(struct sk_buff *skb, const struct nat64_config *config)
{
	const struct nat64_range4 *range = config->rfc6791;
	struct nlattr *list, *nest;
	unsigned int i;

	list = nla_nest_start(skb, IFLA_NAT64_RFC6791_POOL);
	if (!list)
		return -EMSGSIZE;

	for (i = 0; i < config->rfc6791_count; i++, range++) {
		nest = nla_nest_start(skb, IFLA_NAT64_RFC6791_ENTRY);
		if (!nest ||
		    nla_put_be32(skb, IFLA_NAT64_RFC6791_PREFIX,
				 htonl(range->first)) ||
		    nla_put_u8(skb, IFLA_NAT64_RFC6791_LEN,
			       nat64_range4_len(range)))
			return -EMSGSIZE;
		nla_nest_end(skb, nest);
	}

	nla_nest_end(skb, list);
	return 0;
}
