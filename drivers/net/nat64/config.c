// SPDX-License-Identifier: GPL-2.0-only
/*
 * nat64 - what a user sets on the link: from attributes and to attributes.
 */
#include <linux/overflow.h>
#include <linux/slab.h>
#include <net/ip.h>
#include <net/netlink.h>

#include "config.h"

const struct nla_policy nat64_link_policy[IFLA_NAT64_MAX + 1] = {
	[IFLA_NAT64_MODE] = { .type = NLA_U8 },
	[IFLA_NAT64_POOL6] = NLA_POLICY_NESTED(nat64_pool6_policy),
	[IFLA_NAT64_POOL4] = { .type = NLA_NESTED },
	[IFLA_NAT64_UDP_TIMEOUT] = { .type = NLA_U32 },
	[IFLA_NAT64_TCP_EST_TIMEOUT] = { .type = NLA_U32 },
	[IFLA_NAT64_TCP_TRANS_TIMEOUT] = { .type = NLA_U32 },
	[IFLA_NAT64_ICMP_TIMEOUT] = { .type = NLA_U32 },
	[IFLA_NAT64_LOWEST_IPV6_MTU] = { .type = NLA_U32 },
	[IFLA_NAT64_MTU_PLATEAUS] = { .type = NLA_BINARY },
	[IFLA_NAT64_ZEROIZE_TRAFFIC_CLASS] = { .type = NLA_U8 },
	[IFLA_NAT64_OVERRIDE_TOS] = { .type = NLA_U8 },
	[IFLA_NAT64_TOS] = { .type = NLA_U8 },
	[IFLA_NAT64_AMEND_UDP_CHECKSUM_ZERO] = { .type = NLA_U8 },
	[IFLA_NAT64_RANDOMIZE_RFC6791] = { .type = NLA_U8 },
	[IFLA_NAT64_WKP_STRICT] = { .type = NLA_U8 },
	[IFLA_NAT64_EAM_HAIRPIN_MODE] = { .type = NLA_U8 },
	[IFLA_NAT64_RFC6791_POOL] = { .type = NLA_NESTED },
	[IFLA_NAT64_TCP_OPEN_TIMEOUT] = { .type = NLA_U32 },
	[IFLA_NAT64_ADDRESS_DEPENDENT_FILTERING] = { .type = NLA_U8 },
	[IFLA_NAT64_DROP_ICMPV6_INFO] = { .type = NLA_U8 },
	[IFLA_NAT64_DROP_EXTERNALLY_INITIATED_TCP] = { .type = NLA_U8 },
	[IFLA_NAT64_HANDLE_RST_DURING_FIN_RCV] = { .type = NLA_U8 },
	[IFLA_NAT64_SOURCE_ICMPV6_ERRORS_BETTER] = { .type = NLA_U8 },
	[IFLA_NAT64_INBOUND_REFRESH] = { .type = NLA_U8 },
	[IFLA_NAT64_LOGGING_BIB] = { .type = NLA_U8 },
	[IFLA_NAT64_LOGGING_SESSION] = { .type = NLA_U8 },
	[IFLA_NAT64_PAIRED_POOLING] = { .type = NLA_U8 },
	[IFLA_NAT64_MAXIMUM_SIMULTANEOUS_OPENS] = { .type = NLA_U32 },
	[IFLA_NAT64_SUBSCRIBER_PREFIX] = { .type = NLA_U8 },
	[IFLA_NAT64_MAX_BINDINGS] = { .type = NLA_U32 },
	[IFLA_NAT64_MAX_SESSIONS] = { .type = NLA_U32 },
	[IFLA_NAT64_MAX_TOTAL_SESSIONS] = { .type = NLA_U32 },
	[IFLA_NAT64_HOLD_DOWN_TIMEOUT] = { .type = NLA_U32 },
	[IFLA_NAT64_HOLD_DOWN_PERCENT] = { .type = NLA_U8 },
};

/* RFC 1191 section 7. Those below the least IPv6 MTU can never be chosen, but
 * are what users know.
 */
static const u16 nat64_plateaus[] = {
	65535, 32000, 17914, 8166, 4352, 2002, 1492, 1006, 508, 296, 68,
};

/**
 * struct nat64_option - a number or a switch
 * @attr: attribute
 * @offset: of a u32 in struct nat64_config, or of a u8
 * @wide: it is a u32
 * @only: 1 + enum nat64_mode that has it, 0 for both
 * @initial: value of a new device
 * @min: least value
 * @max: greatest value
 * @range: message for a value beyond
 * @other_mode: message if a device of the other mode gets it
 */
struct nat64_option {
	u16 attr;
	u16 offset;
	bool wide;
	u8 only;
	u32 initial;
	u32 min;
	u32 max;
	const char *range;
	const char *other_mode;
};

#define ONLY_STATEFUL(key)						\
	.only = 1 + NAT64_MODE_STATEFUL,				\
	.other_mode = key " is for stateful devices only"

#define ONLY_STATELESS(key)						\
	.only = 1 + NAT64_MODE_STATELESS,				\
	.other_mode = key " is for stateless devices only"

#define TIMEOUT(key, name, value) {					\
	.attr = IFLA_NAT64_##name##_TIMEOUT,				\
	.offset = offsetof(struct nat64_config,				\
			   timeout[NAT64_TIMEOUT_##name]),		\
	.wide = true,							\
	.initial = value,						\
	.min = NAT64_##name##_TIMEOUT_MIN,				\
	.max = NAT64_TIMEOUT_MAX,					\
	.range = key " must be " __stringify(NAT64_##name##_TIMEOUT_MIN) \
		 " to " __stringify(NAT64_TIMEOUT_MAX) " seconds",	\
	ONLY_STATEFUL(key)						\
}

#define SWITCH(key, name, field, value, ...) {				\
	.attr = IFLA_NAT64_##name,					\
	.offset = offsetof(struct nat64_config, field),			\
	.initial = value,						\
	.max = 1,							\
	.range = key " must be 0 or 1",					\
	__VA_ARGS__							\
}

#define STATEFUL_SWITCH(key, name, field, value)			\
	SWITCH(key, name, field, value, ONLY_STATEFUL(key))

/* Any number, 0 for no limit. */
#define LIMIT(key, name, field, value) {				\
	.attr = IFLA_NAT64_##name,					\
	.offset = offsetof(struct nat64_config, field),			\
	.wide = true,							\
	.initial = value,						\
	.max = U32_MAX,							\
	ONLY_STATEFUL(key)						\
}

static const struct nat64_option nat64_options[] = {
	TIMEOUT("udp-timeout", UDP, 300),
	TIMEOUT("tcp-est-timeout", TCP_EST, 7200),
	TIMEOUT("tcp-trans-timeout", TCP_TRANS, 240),
	TIMEOUT("tcp-open-timeout", TCP_OPEN, 240),
	TIMEOUT("icmp-timeout", ICMP, 60),
	{
		.attr = IFLA_NAT64_LOWEST_IPV6_MTU,
		.offset = offsetof(struct nat64_config, lowest_ipv6_mtu),
		.wide = true,
		.initial = IPV6_MIN_MTU,
		.min = IPV6_MIN_MTU,
		.max = IP_MAX_MTU,
		.range = "lowest-ipv6-mtu must be 1280 to 65535",
	},
	SWITCH("zeroize-traffic-class", ZEROIZE_TRAFFIC_CLASS,
	       zeroize_traffic_class, 0),
	SWITCH("override-tos", OVERRIDE_TOS, override_tos, 0),
	{
		.attr = IFLA_NAT64_TOS,
		.offset = offsetof(struct nat64_config, tos),
		.max = U8_MAX,
	},
	SWITCH("amend-udp-checksum-zero", AMEND_UDP_CHECKSUM_ZERO,
	       amend_udp_zero, 0, ONLY_STATELESS("amend-udp-checksum-zero")),
	SWITCH("randomize-rfc6791-addresses", RANDOMIZE_RFC6791,
	       randomize_rfc6791, 1,
	       ONLY_STATELESS("randomize-rfc6791-addresses")),
	SWITCH("wkp-strict", WKP_STRICT, wkp_strict, 1),
	{
		.attr = IFLA_NAT64_EAM_HAIRPIN_MODE,
		.offset = offsetof(struct nat64_config, hairpin),
		.initial = NAT64_HAIRPIN_INTRINSIC,
		.max = NAT64_HAIRPIN_INTRINSIC,
		.range = "eam-hairpin-mode is neither off, simple nor intrinsic",
		ONLY_STATELESS("eam-hairpin-mode"),
	},
	STATEFUL_SWITCH("address-dependent-filtering",
			ADDRESS_DEPENDENT_FILTERING,
			address_dependent_filtering, 0),
	STATEFUL_SWITCH("drop-icmpv6-info", DROP_ICMPV6_INFO,
			drop_icmpv6_info, 0),
	STATEFUL_SWITCH("drop-externally-initiated-tcp",
			DROP_EXTERNALLY_INITIATED_TCP, drop_external_tcp, 0),
	STATEFUL_SWITCH("handle-rst-during-fin-rcv",
			HANDLE_RST_DURING_FIN_RCV, rst_during_fin, 1),
	STATEFUL_SWITCH("source-icmpv6-errors-better",
			SOURCE_ICMPV6_ERRORS_BETTER, better_icmp6_source, 1),
	STATEFUL_SWITCH("inbound-refresh", INBOUND_REFRESH, inbound_refresh,
			1),
	STATEFUL_SWITCH("logging-bib", LOGGING_BIB, log_bib, 0),
	STATEFUL_SWITCH("logging-session", LOGGING_SESSION, log_session, 0),
	{
		.attr = IFLA_NAT64_PAIRED_POOLING,
		.offset = offsetof(struct nat64_config, pooling),
		.initial = NAT64_POOLING_HARD,
		.max = NAT64_POOLING_SOFT,
		.range = "paired-pooling is neither hard nor soft",
		ONLY_STATEFUL("paired-pooling"),
	},
	{
		.attr = IFLA_NAT64_MAXIMUM_SIMULTANEOUS_OPENS,
		.offset = offsetof(struct nat64_config, max_opens),
		.wide = true,
		.initial = 64,
		.max = NAT64_SIMULTANEOUS_OPENS_MAX,
		.range = "maximum-simultaneous-opens must be 0 to "
			 __stringify(NAT64_SIMULTANEOUS_OPENS_MAX),
		ONLY_STATEFUL("maximum-simultaneous-opens"),
	},
	{
		.attr = IFLA_NAT64_SUBSCRIBER_PREFIX,
		.offset = offsetof(struct nat64_config, subscriber_len),
		.initial = 128,
		.min = 1,
		.max = 128,
		.range = "subscriber-prefix must be 1 to 128",
		ONLY_STATEFUL("subscriber-prefix"),
	},
	LIMIT("max-bindings", MAX_BINDINGS, max_bindings, 16384),
	LIMIT("max-sessions", MAX_SESSIONS, max_sessions, 65536),
	LIMIT("max-total-sessions", MAX_TOTAL_SESSIONS, max_total_sessions,
	      1048576),
	{
		.attr = IFLA_NAT64_HOLD_DOWN_TIMEOUT,
		.offset = offsetof(struct nat64_config, hold_down),
		.wide = true,
		.initial = 120,
		.max = NAT64_HOLD_DOWN_TIMEOUT_MAX,
		.range = "hold-down-timeout must be 0 to "
			 __stringify(NAT64_HOLD_DOWN_TIMEOUT_MAX) " seconds",
		ONLY_STATEFUL("hold-down-timeout"),
	},
	{
		.attr = IFLA_NAT64_HOLD_DOWN_PERCENT,
		.offset = offsetof(struct nat64_config, hold_down_percent),
		.initial = 12,
		.max = 100,
		.range = "hold-down-percent must be 0 to 100",
		ONLY_STATEFUL("hold-down-percent"),
	},
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

/* Does a device of this mode have the option? */
static bool nat64_option_applies(const struct nat64_config *config,
				 const struct nat64_option *option)
{
	return !option->only || option->only == 1 + config->mode;
}

static int nat64_error(struct netlink_ext_ack *extack,
		       const struct nlattr *attr, const char *msg)
{
	NL_SET_BAD_ATTR(extack, attr);
	if (extack)
		extack->_msg = msg;
	return -EINVAL;
}

static int nat64_parse_options(struct nat64_config *config,
			       struct nlattr *data[],
			       struct netlink_ext_ack *extack)
{
	const struct nat64_option *option;
	const struct nlattr *attr;
	unsigned int i;
	u32 value;

	for (i = 0; i < ARRAY_SIZE(nat64_options); i++) {
		option = &nat64_options[i];
		attr = data[option->attr];
		if (!attr)
			continue;
		if (!nat64_option_applies(config, option))
			return nat64_error(extack, attr, option->other_mode);
		value = option->wide ? nla_get_u32(attr) : nla_get_u8(attr);
		if (value < option->min || value > option->max)
			return nat64_error(extack, attr, option->range);
		nat64_option_set(config, option, value);
	}

	return 0;
}

static int nat64_parse_mode(struct nat64_config *config, bool change,
			    const struct nlattr *attr,
			    struct netlink_ext_ack *extack)
{
	u8 mode = nla_get_u8(attr);

	if (mode != NAT64_MODE_STATEFUL && mode != NAT64_MODE_STATELESS)
		return nat64_error(extack, attr,
				   "mode is neither stateful nor stateless");
	if (change && mode != config->mode) {
		NL_SET_ERR_MSG_ATTR(extack, attr,
				    "mode cannot change, make a new device");
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
		return nat64_error(extack, attr,
				   "mtu-plateaus must be 1 to "
				   __stringify(NAT64_MTU_PLATEAUS_MAX)
				   " numbers");
	for (i = 0; i < count; i++)
		if (!plateaus[i] || (i && plateaus[i] >= plateaus[i - 1]))
			return nat64_error(extack, attr,
					   "mtu-plateaus must descend to no less than 1");

	memcpy(config->plateaus, plateaus, nla_len(attr));
	config->plateau_count = count;
	return 0;
}

/* A configuration to change: a copy of @old with room for @count entries of
 * pool4, or the defaults.
 */
static struct nat64_config *nat64_config_alloc(const struct nat64_config *old,
					       int count)
{
	struct nat64_config *config;
	unsigned int i;

	config = kzalloc(struct_size(config, pool4, count), GFP_KERNEL);
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
 * nat64_config_copy - a copy of a configuration, to change its pool4
 * @old: configuration
 * @room: entries of pool4 that there is room for, no fewer than it has
 *
 * Context: process context.
 * Return: configuration, or NULL if memory is short.
 */
struct nat64_config *nat64_config_copy(const struct nat64_config *old,
				       unsigned int room)
{
	struct nat64_config *config = nat64_config_alloc(old, room);

	if (!config)
		return NULL;

	config->pool4_count = old->pool4_count;
	memcpy(config->pool4, old->pool4,
	       flex_array_size(config, pool4, old->pool4_count));
	return config;
}

/* Read the attributes into a configuration with room for them. */
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
	if (data[IFLA_NAT64_POOL6]) {
		err = nat64_pool6_parse(config, data[IFLA_NAT64_POOL6], extack);
		if (err)
			return err;
	}
	if (data[IFLA_NAT64_POOL4]) {
		if (config->mode != NAT64_MODE_STATEFUL)
			return nat64_error(extack, data[IFLA_NAT64_POOL4],
					   "pool4 is for stateful devices only");
		err = nat64_pool4_parse(config, data[IFLA_NAT64_POOL4],
					extack);
		if (err)
			return err;
	}
	if (data[IFLA_NAT64_RFC6791_POOL]) {
		if (config->mode != NAT64_MODE_STATELESS)
			return nat64_error(extack,
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

	return nat64_parse_options(config, data, extack);
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
	int err, count;

	if (!old && (!data || !data[IFLA_NAT64_POOL6])) {
		NL_SET_ERR_MSG(extack, "pool6 is required");
		return ERR_PTR(-EINVAL);
	}

	if (data && data[IFLA_NAT64_POOL4]) {
		count = nat64_pool4_count(data[IFLA_NAT64_POOL4], extack);
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
		kfree(config);
		return ERR_PTR(err);
	}

	return config;
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
	       nat64_pool4_size(config) +
	       nat64_rfc6791_size(config) +
	       nla_total_size(config->plateau_count * sizeof(u16)) +
	       ARRAY_SIZE(nat64_options) * nla_total_size(sizeof(u32));
}

static int nat64_fill_options(struct sk_buff *skb,
			      const struct nat64_config *config)
{
	const struct nat64_option *option;
	unsigned int i;
	u32 value;
	int err;

	for (i = 0; i < ARRAY_SIZE(nat64_options); i++) {
		option = &nat64_options[i];
		if (!nat64_option_applies(config, option))
			continue;
		value = nat64_option_value(config, option);
		err = option->wide ? nla_put_u32(skb, option->attr, value) :
				     nla_put_u8(skb, option->attr, value);
		if (err)
			return err;
	}

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
	int err;

	err = nla_put_u8(skb, IFLA_NAT64_MODE, config->mode);
	if (err)
		return err;
	err = nat64_pool6_fill(skb, config);
	if (err)
		return err;
	err = config->mode == NAT64_MODE_STATEFUL ?
	      nat64_pool4_fill(skb, config) : nat64_rfc6791_fill(skb, config);
	if (err)
		return err;
	err = nla_put(skb, IFLA_NAT64_MTU_PLATEAUS,
		      config->plateau_count * sizeof(u16), config->plateaus);
	if (err)
		return err;

	return nat64_fill_options(skb, config);
}
