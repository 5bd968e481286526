// SPDX-License-Identifier: GPL-2.0-only
/*
 * nat64 - parse and dump the configuration of a device.
 */
#include <linux/overflow.h>
#include <linux/slab.h>
#include <net/ip.h>
#include <net/netlink.h>

#include "config.h"
#include "pool4-use.h"

/* For bounds that do not fit into the s16 of NLA_POLICY_RANGE(). */
#define NAT64_RANGE(least, most)					\
	NLA_POLICY_FULL_RANGE(NLA_U32,					\
		(&(struct netlink_range_validation)			\
			{ .min = (least), .max = (most) }))

#define NAT64_SWITCH NLA_POLICY_MAX(NLA_U32, 1)

static const struct nla_policy
nat64_timeouts_policy[IFLA_NAT64_TIMEOUT_MAX + 1] = {
	[IFLA_NAT64_TIMEOUT_UDP] =
		NAT64_RANGE(NAT64_UDP_TIMEOUT_MIN, NAT64_TIMEOUT_MAX),
	[IFLA_NAT64_TIMEOUT_TCP_EST] =
		NAT64_RANGE(NAT64_TCP_EST_TIMEOUT_MIN, NAT64_TIMEOUT_MAX),
	[IFLA_NAT64_TIMEOUT_TCP_TRANS] =
		NAT64_RANGE(NAT64_TCP_TRANS_TIMEOUT_MIN, NAT64_TIMEOUT_MAX),
	[IFLA_NAT64_TIMEOUT_TCP_OPEN] =
		NAT64_RANGE(NAT64_TCP_OPEN_TIMEOUT_MIN, NAT64_TIMEOUT_MAX),
	[IFLA_NAT64_TIMEOUT_ICMP] =
		NAT64_RANGE(NAT64_ICMP_TIMEOUT_MIN, NAT64_TIMEOUT_MAX),
	[IFLA_NAT64_TIMEOUT_HOLD_DOWN] =
		NAT64_RANGE(0, NAT64_HOLD_DOWN_TIMEOUT_MAX),
	[IFLA_NAT64_TIMEOUT_DNS] =
		NAT64_RANGE(NAT64_DNS_TIMEOUT_MIN, NAT64_TIMEOUT_MAX),
};

static const struct nla_policy
nat64_limits_policy[IFLA_NAT64_LIMIT_MAX + 1] = {
	[IFLA_NAT64_LIMIT_SUBSCRIBER_PREFIX] =
		NLA_POLICY_RANGE(NLA_U32, NAT64_SUBSCRIBER_PREFIX_MIN,
				 NAT64_SUBSCRIBER_PREFIX_MAX),
	[IFLA_NAT64_LIMIT_MAX_BINDINGS] = { .type = NLA_U32 },
	[IFLA_NAT64_LIMIT_MAX_SESSIONS] = { .type = NLA_U32 },
	[IFLA_NAT64_LIMIT_MAX_TOTAL_SESSIONS] = { .type = NLA_U32 },
	[IFLA_NAT64_LIMIT_SIMULTANEOUS_OPENS] =
		NAT64_RANGE(0, NAT64_SIMULTANEOUS_OPENS_MAX),
	[IFLA_NAT64_LIMIT_HOLD_DOWN_PERCENT] =
		NLA_POLICY_MAX(NLA_U32, NAT64_HOLD_DOWN_PERCENT_MAX),
	[IFLA_NAT64_LIMIT_POOL4_HIGH] =
		NLA_POLICY_MAX(NLA_U32, NAT64_POOL4_THRESHOLD_MAX),
	[IFLA_NAT64_LIMIT_POOL4_LOW] =
		NLA_POLICY_MAX(NLA_U32, NAT64_POOL4_THRESHOLD_MAX),
};

/* rtnetlink validates liberally by default: be strict from the first attribute
 * on. nat64_validate_info() checks what the core does not.
 */
const struct nla_policy nat64_link_policy[IFLA_NAT64_MAX + 1] = {
	[IFLA_NAT64_UNSPEC] = { .strict_start_type = IFLA_NAT64_UNSPEC + 1 },
	[IFLA_NAT64_MODE] = NLA_POLICY_MAX(NLA_U32, NAT64_MODE_STATELESS),
	[IFLA_NAT64_POOL6] = NLA_POLICY_NESTED(nat64_pool6_policy),
	[IFLA_NAT64_POOL4_SOURCE] =
		NLA_POLICY_MAX(NLA_U32, NAT64_POOL4_ENTRIES),
	[IFLA_NAT64_POOL4] = { .type = NLA_NESTED },
	[IFLA_NAT64_POOL4_SUMMARY] = { .type = NLA_NESTED },
	[IFLA_NAT64_TIMEOUTS] = NLA_POLICY_NESTED(nat64_timeouts_policy),
	[IFLA_NAT64_LIMITS] = NLA_POLICY_NESTED(nat64_limits_policy),
	[IFLA_NAT64_LOWEST_IPV6_MTU] =
		NAT64_RANGE(NAT64_LOWEST_IPV6_MTU_MIN,
			    NAT64_LOWEST_IPV6_MTU_MAX),
	[IFLA_NAT64_MTU_PLATEAUS] = { .type = NLA_BINARY },
	[IFLA_NAT64_ZEROIZE_TRAFFIC_CLASS] = NAT64_SWITCH,
	[IFLA_NAT64_OVERRIDE_TOS] = NAT64_SWITCH,
	[IFLA_NAT64_TOS] = NLA_POLICY_MAX(NLA_U32, NAT64_TOS_MAX),
	[IFLA_NAT64_AMEND_UDP_CHECKSUM_ZERO] =
		NLA_POLICY_MAX(NLA_U32, NAT64_AMEND_FORWARD),
	[IFLA_NAT64_WKP_STRICT] = NAT64_SWITCH,
	[IFLA_NAT64_EAM_HAIRPIN_MODE] =
		NLA_POLICY_MAX(NLA_U32, NAT64_HAIRPIN_INTRINSIC),
	[IFLA_NAT64_RFC6791_POOL] = { .type = NLA_NESTED },
	[IFLA_NAT64_RANDOMIZE_RFC6791] = NAT64_SWITCH,
	[IFLA_NAT64_ADDRESS_DEPENDENT_FILTERING] = NAT64_SWITCH,
	[IFLA_NAT64_DROP_ICMPV6_INFO] = NAT64_SWITCH,
	[IFLA_NAT64_DROP_EXTERNALLY_INITIATED_TCP] = NAT64_SWITCH,
	[IFLA_NAT64_HANDLE_RST_DURING_FIN_RCV] = NAT64_SWITCH,
	[IFLA_NAT64_SOURCE_ICMPV6_ERRORS_BETTER] = NAT64_SWITCH,
	[IFLA_NAT64_INBOUND_REFRESH] = NAT64_SWITCH,
	[IFLA_NAT64_LOGGING_BIB] = NAT64_SWITCH,
	[IFLA_NAT64_LOGGING_SESSION] = NAT64_SWITCH,
	[IFLA_NAT64_PAIRED_POOLING] =
		NLA_POLICY_MAX(NLA_U32, NAT64_POOLING_SOFT),
	[IFLA_NAT64_HOST_LOW_PORTS] = NAT64_SWITCH,
	[IFLA_NAT64_FAST_PATH] = NLA_POLICY_MAX(NLA_U32, NAT64_FAST_PATH_OFF),
};

/* RFC 1191 section 7. Values below the minimum IPv6 MTU have no effect, but
 * users expect the complete table.
 */
static const u16 nat64_plateaus[] = {
	65535, 32000, 17914, 8166, 4352, 2002, 1492, 1006, 508, 296, 68,
};

/**
 * struct nat64_option - numeric option or switch; the policies limit its range
 * @nest: attribute of IFLA_INFO_DATA that @attr is in, 0 for none
 * @attr: attribute
 * @offset: offset of the field in struct nat64_config
 * @wide: the field is a u32, otherwise a u8
 * @only: 1 + the enum nat64_mode that has the option, 0 for both
 * @initial: default of a new device
 * @other_mode: error message for a device of the other mode
 */
struct nat64_option {
	u16 nest;
	u16 attr;
	u16 offset;
	bool wide;
	u8 only;
	u32 initial;
	const char *other_mode;
};

#define ONLY_STATEFUL(key)						\
	.only = 1 + NAT64_MODE_STATEFUL,				\
	.other_mode = key " is for stateful devices only"

#define ONLY_STATELESS(key)						\
	.only = 1 + NAT64_MODE_STATELESS,				\
	.other_mode = key " is for stateless devices only"

#define OPTION(name, field, value, ...) {				\
	.attr = IFLA_NAT64_##name,					\
	.offset = offsetof(struct nat64_config, field),			\
	.wide = sizeof_field(struct nat64_config, field) == sizeof(u32),\
	.initial = value,						\
	__VA_ARGS__							\
}

#define STATEFUL(key, name, field, value)				\
	OPTION(name, field, value, ONLY_STATEFUL(key))

#define STATELESS(key, name, field, value)				\
	OPTION(name, field, value, ONLY_STATELESS(key))

#define TIMEOUT(key, name, field, value)				\
	OPTION(TIMEOUT_##name, field, value,				\
	       .nest = IFLA_NAT64_TIMEOUTS, ONLY_STATEFUL(key))

#define LIMIT(key, name, field, value)					\
	OPTION(LIMIT_##name, field, value,				\
	       .nest = IFLA_NAT64_LIMITS, ONLY_STATEFUL(key))

/* Options of a nest are adjacent: nat64_fill_options() opens each nest once. */
static const struct nat64_option nat64_options[] = {
	OPTION(LOWEST_IPV6_MTU, lowest_ipv6_mtu, IPV6_MIN_MTU),
	OPTION(ZEROIZE_TRAFFIC_CLASS, zeroize_traffic_class, 0),
	OPTION(OVERRIDE_TOS, override_tos, 0),
	OPTION(TOS, tos, 0),
	STATELESS("amend-udp-checksum-zero", AMEND_UDP_CHECKSUM_ZERO,
		  amend_udp_zero, NAT64_AMEND_OFF),
	OPTION(WKP_STRICT, wkp_strict, 1),
	OPTION(FAST_PATH, fast_path, NAT64_FAST_PATH_AUTO),
	STATELESS("eam-hairpin-mode", EAM_HAIRPIN_MODE, hairpin,
		  NAT64_HAIRPIN_INTRINSIC),
	STATELESS("randomize-rfc6791-addresses", RANDOMIZE_RFC6791,
		  randomize_rfc6791, 1),
	STATEFUL("address-dependent-filtering", ADDRESS_DEPENDENT_FILTERING,
		 address_dependent_filtering, 0),
	STATEFUL("drop-icmpv6-info", DROP_ICMPV6_INFO, drop_icmpv6_info, 0),
	STATEFUL("drop-externally-initiated-tcp",
		 DROP_EXTERNALLY_INITIATED_TCP, drop_external_tcp, 0),
	STATEFUL("handle-rst-during-fin-rcv", HANDLE_RST_DURING_FIN_RCV,
		 rst_during_fin, 1),
	STATEFUL("source-icmpv6-errors-better", SOURCE_ICMPV6_ERRORS_BETTER,
		 better_icmp6_source, 1),
	STATEFUL("inbound-refresh", INBOUND_REFRESH, inbound_refresh, 1),
	STATEFUL("logging-bib", LOGGING_BIB, log_bib, 0),
	STATEFUL("logging-session", LOGGING_SESSION, log_session, 0),
	STATEFUL("paired-pooling", PAIRED_POOLING, pooling,
		 NAT64_POOLING_HARD),
	STATEFUL("host-low-ports", HOST_LOW_PORTS, host_low_ports, 0),

	TIMEOUT("udp-timeout", UDP, timeout[NAT64_TIMEOUT_UDP], 300),
	TIMEOUT("tcp-est-timeout", TCP_EST, timeout[NAT64_TIMEOUT_TCP_EST],
		7200),
	TIMEOUT("tcp-trans-timeout", TCP_TRANS,
		timeout[NAT64_TIMEOUT_TCP_TRANS], 240),
	TIMEOUT("tcp-open-timeout", TCP_OPEN, timeout[NAT64_TIMEOUT_TCP_OPEN],
		240),
	TIMEOUT("icmp-timeout", ICMP, timeout[NAT64_TIMEOUT_ICMP], 60),
	TIMEOUT("hold-down-timeout", HOLD_DOWN, hold_down, 120),
	TIMEOUT("dns-timeout", DNS, timeout[NAT64_TIMEOUT_DNS], 10),

	LIMIT("subscriber-prefix", SUBSCRIBER_PREFIX, subscriber_len, 128),
	LIMIT("max-bindings", MAX_BINDINGS, max_bindings, 16384),
	LIMIT("max-sessions", MAX_SESSIONS, max_sessions, 65536),
	LIMIT("max-total-sessions", MAX_TOTAL_SESSIONS, max_total_sessions,
	      1048576),
	LIMIT("maximum-simultaneous-opens", SIMULTANEOUS_OPENS, max_opens, 64),
	LIMIT("hold-down-percent", HOLD_DOWN_PERCENT, hold_down_percent, 12),
	LIMIT("pool4-high-threshold", POOL4_HIGH, pool4_high, 90),
	LIMIT("pool4-low-threshold", POOL4_LOW, pool4_low, 80),
};

static void nat64_option_set(struct nat64_config *config,
			     const struct nat64_option *option, u32 value)
{
	void *field = (void *)config + option->offset;

	if (option->wide)
		*(u32 *)field = value;
	else
		*(u8 *)field = value;
}

static u32 nat64_option_value(const struct nat64_config *config,
			      const struct nat64_option *option)
{
	const void *field = (const void *)config + option->offset;

	return option->wide ? *(const u32 *)field : *(const u8 *)field;
}

static bool nat64_option_applies(const struct nat64_config *config,
				 const struct nat64_option *option)
{
	return !option->only || option->only == 1 + config->mode;
}

/**
 * nat64_attr_error - reject an attribute
 * @extack: netlink extended ack
 * @attr: the attribute
 * @msg: error message with static lifetime
 *
 * Return: -EINVAL.
 */
int nat64_attr_error(struct netlink_ext_ack *extack, const struct nlattr *attr,
		     const char *msg)
{
	NL_SET_BAD_ATTR(extack, attr);
	if (extack)
		extack->_msg = msg;
	return -EINVAL;
}

/* Parse the options of a nest, or those outside any nest if @nest is 0. */
static int nat64_parse_options(struct nat64_config *config, int nest,
			       struct nlattr *tb[],
			       struct netlink_ext_ack *extack)
{
	const struct nat64_option *option;
	const struct nlattr *attr;
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(nat64_options); i++) {
		option = &nat64_options[i];
		if (option->nest != nest)
			continue;
		attr = tb[option->attr];
		if (!attr)
			continue;
		if (!nat64_option_applies(config, option))
			return nat64_attr_error(extack, attr,
						option->other_mode);
		nat64_option_set(config, option, nla_get_u32(attr));
	}

	return 0;
}

static int nat64_parse_timeouts(struct nat64_config *config,
				const struct nlattr *attr,
				struct netlink_ext_ack *extack)
{
	struct nlattr *tb[IFLA_NAT64_TIMEOUT_MAX + 1];
	int err;

	err = nla_parse_nested(tb, IFLA_NAT64_TIMEOUT_MAX, attr,
			       nat64_timeouts_policy, extack);
	return err ?: nat64_parse_options(config, IFLA_NAT64_TIMEOUTS, tb,
					  extack);
}

static int nat64_parse_limits(struct nat64_config *config,
			      const struct nlattr *attr,
			      struct netlink_ext_ack *extack)
{
	struct nlattr *tb[IFLA_NAT64_LIMIT_MAX + 1];
	int err;

	err = nla_parse_nested(tb, IFLA_NAT64_LIMIT_MAX, attr,
			       nat64_limits_policy, extack);
	if (!err)
		err = nat64_parse_options(config, IFLA_NAT64_LIMITS, tb,
					  extack);
	if (!err && config->pool4_high &&
	    config->pool4_low > config->pool4_high)
		err = nat64_attr_error(extack,
				       tb[IFLA_NAT64_LIMIT_POOL4_LOW] ?:
				       tb[IFLA_NAT64_LIMIT_POOL4_HIGH] ?: attr,
				       "pool4-low-threshold must not be above pool4-high-threshold");

	return err;
}

static int nat64_parse_mode(struct nat64_config *config, bool change,
			    const struct nlattr *attr,
			    struct netlink_ext_ack *extack)
{
	u32 mode = nla_get_u32(attr);

	if (change && mode != config->mode) {
		NL_SET_ERR_MSG_ATTR(extack, attr,
				    "mode cannot be changed, create a new device");
		return -EOPNOTSUPP;
	}

	config->mode = mode;
	return 0;
}

static int nat64_parse_plateaus(struct nat64_config *config,
				const struct nlattr *attr,
				struct netlink_ext_ack *extack)
{
	unsigned int count = nla_len(attr) / sizeof(u16);
	const u16 *plateaus = nla_data(attr);
	unsigned int i;

	if (!count || count > NAT64_MTU_PLATEAUS_MAX ||
	    nla_len(attr) % sizeof(u16))
		return nat64_attr_error(extack, attr,
					"mtu-plateaus must be 1 to "
					__stringify(NAT64_MTU_PLATEAUS_MAX)
					" numbers");
	for (i = 0; i < count; i++)
		if (!plateaus[i] || (i && plateaus[i] >= plateaus[i - 1]))
			return nat64_attr_error(extack, attr,
						"mtu-plateaus must be strictly descending and not 0");

	memcpy(config->plateaus, plateaus, nla_len(attr));
	config->plateau_count = count;
	return 0;
}

/* Allocate a configuration with room for @count entries of pool4: a copy of
 * @old without its entries, or the defaults if @old is NULL.
 */
static struct nat64_config *nat64_config_alloc(const struct nat64_config *old,
					       int count)
{
	struct nat64_config *config;
	unsigned int i;

	config = kzalloc(struct_size(config, pool4, count),
			 GFP_KERNEL_ACCOUNT);
	if (!config)
		return NULL;

	if (old) {
		memcpy(config, old, sizeof(*config));
	} else {
		for (i = 0; i < ARRAY_SIZE(nat64_options); i++)
			nat64_option_set(config, &nat64_options[i],
					 nat64_options[i].initial);
		memcpy(config->plateaus, nat64_plateaus,
		       sizeof(nat64_plateaus));
		config->plateau_count = ARRAY_SIZE(nat64_plateaus);
	}
	config->pool4_count = count;
	return config;
}

/**
 * nat64_config_copy - copy a configuration in order to change its pool4
 * @old: configuration
 * @room: number of pool4 entries to allocate, at least as many as @old has
 *
 * Context: process context.
 * Return: configuration, or NULL if memory is short.
 */
struct nat64_config *nat64_config_copy(const struct nat64_config *old,
				       unsigned int room)
{
	struct nat64_config *config = nat64_config_alloc(old, room);
	unsigned int i;

	if (!config)
		return NULL;

	config->pool4_count = old->pool4_count;
	memcpy(config->pool4, old->pool4,
	       flex_array_size(config, pool4, old->pool4_count));
	for (i = 0; i < config->pool4_count; i++)
		refcount_inc(&config->pool4[i].stat->refs);
	return config;
}

/**
 * nat64_config_free - free a configuration
 * @config: unused configuration, or NULL
 */
void nat64_config_free(struct nat64_config *config)
{
	if (!config)
		return;

	nat64_config_pool4_truncate(config, 0);
	kfree(config);
}

/* Parse attributes into a configuration with room for their pool4. */
static int nat64_config_read(struct nat64_config *config,
			     const struct nat64_config *old,
			     struct nlattr *data[],
			     struct netlink_ext_ack *extack)
{
	int err;

	if (data[IFLA_NAT64_MODE]) {
		err = nat64_parse_mode(config, old, data[IFLA_NAT64_MODE],
				       extack);
		if (err)
			return err;
	}
	if (!old)
		config->pool4_host = config->mode == NAT64_MODE_STATEFUL;
	if (data[IFLA_NAT64_POOL6]) {
		err = nat64_pool6_parse(config, data[IFLA_NAT64_POOL6], extack);
		if (err)
			return err;
	}
	err = nat64_config_pool4_parse(config, data[IFLA_NAT64_POOL4_SOURCE],
				       data[IFLA_NAT64_POOL4], extack);
	if (err)
		return err;
	if (data[IFLA_NAT64_RFC6791_POOL]) {
		if (config->mode != NAT64_MODE_STATELESS)
			return nat64_attr_error(extack,
						data[IFLA_NAT64_RFC6791_POOL],
						"rfc6791-pool is for stateless devices only");
		err = nat64_rfc6791_parse(config, data[IFLA_NAT64_RFC6791_POOL],
					  extack);
		if (err)
			return err;
	}
	if (data[IFLA_NAT64_MTU_PLATEAUS]) {
		err = nat64_parse_plateaus(config,
					   data[IFLA_NAT64_MTU_PLATEAUS],
					   extack);
		if (err)
			return err;
	}
	if (data[IFLA_NAT64_TIMEOUTS]) {
		err = nat64_parse_timeouts(config, data[IFLA_NAT64_TIMEOUTS],
					   extack);
		if (err)
			return err;
	}
	if (data[IFLA_NAT64_LIMITS]) {
		err = nat64_parse_limits(config, data[IFLA_NAT64_LIMITS],
					 extack);
		if (err)
			return err;
	}

	return nat64_parse_options(config, 0, data, extack);
}

/**
 * nat64_config_parse - create a configuration from attributes
 * @old: configuration to start from, NULL for a new device
 * @data: attributes, validated by nat64_link_policy; NULL for none
 * @extack: netlink extended ack
 *
 * Context: RTNL held.
 * Return: configuration, or an ERR_PTR.
 */
struct nat64_config *nat64_config_parse(const struct nat64_config *old,
					struct nlattr *data[],
					struct netlink_ext_ack *extack)
{
	struct nat64_config *config;
	int err, count;

	if (!old && (!data || !data[IFLA_NAT64_POOL6])) {
		NL_SET_ERR_MSG(extack, "pool6 is required");
		return ERR_PTR(-EINVAL);
	}

	if (data && data[IFLA_NAT64_POOL4]) {
		count = nat64_config_pool4_count(data[IFLA_NAT64_POOL4],
						 extack);
		if (count < 0)
			return ERR_PTR(count);
		config = nat64_config_alloc(old, count);
	} else if (old) {
		config = nat64_config_copy(old, old->pool4_count);
	} else {
		config = nat64_config_alloc(NULL, 0);
	}
	if (!config)
		return ERR_PTR(-ENOMEM);

	err = data ? nat64_config_read(config, old, data, extack) : 0;
	if (err) {
		nat64_config_free(config);
		return ERR_PTR(err);
	}

	return config;
}

/**
 * nat64_config_size - message size that nat64_config_fill() needs
 * @config: configuration of the device
 *
 * Return: the size in bytes
 */
size_t nat64_config_size(const struct nat64_config *config)
{
	return nla_total_size(sizeof(u32)) +			/* mode */
	       nla_total_size(nla_total_size(sizeof(struct in6_addr)) +
			      nla_total_size(sizeof(u8))) +	/* pool6 */
	       nat64_config_pool4_size(config) +
	       nat64_rfc6791_size(config) +
	       nla_total_size(config->plateau_count * sizeof(u16)) +
	       2 * nla_total_size(0) +				/* nests */
	       ARRAY_SIZE(nat64_options) * nla_total_size(sizeof(u32));
}

static int nat64_fill_options(struct sk_buff *skb,
			      const struct nat64_config *config)
{
	const struct nat64_option *option;
	struct nlattr *nest = NULL;
	unsigned int i;
	int in = 0;

	for (i = 0; i < ARRAY_SIZE(nat64_options); i++) {
		option = &nat64_options[i];
		if (!nat64_option_applies(config, option))
			continue;
		if (option->nest != in) {
			if (nest)
				nla_nest_end(skb, nest);
			in = option->nest;
			nest = nla_nest_start(skb, in);
			if (!nest)
				return -EMSGSIZE;
		}
		if (nla_put_u32(skb, option->attr,
				nat64_option_value(config, option)))
			return -EMSGSIZE;
	}
	if (nest)
		nla_nest_end(skb, nest);

	return 0;
}

/**
 * nat64_config_fill - add a configuration to a netlink message
 * @skb: message; on error, the caller trims it
 * @config: configuration
 *
 * Return: 0 or -EMSGSIZE.
 */
int nat64_config_fill(struct sk_buff *skb, const struct nat64_config *config)
{
	int err;

	err = nla_put_u32(skb, IFLA_NAT64_MODE, config->mode);
	if (err)
		return err;
	err = nat64_pool6_fill(skb, config);
	if (err)
		return err;
	err = config->mode == NAT64_MODE_STATEFUL ?
		      nat64_config_pool4_fill(skb, config) :
		      nat64_rfc6791_fill(skb, config);
	if (err)
		return err;
	err = nla_put(skb, IFLA_NAT64_MTU_PLATEAUS,
		      config->plateau_count * sizeof(u16), config->plateaus);
	if (err)
		return err;

	return nat64_fill_options(skb, config);
}
