// SPDX-License-Identifier: GPL-2.0-only
/*
 * nat64 - checks of requests that the core's attribute parser does not make.
 *
 * The parser uses the last of several attributes of the same type. In
 * IFLA_INFO_DATA it ignores unknown attributes and trailing bytes.
 */
#include <linux/bitmap.h>
#include <linux/if_link.h>

#include "config.h"

/* Upper bound of the attribute types of a nest, with room for new ones. */
#define NAT64_TYPES	64

static_assert(IFLA_NAT64_MAX < NAT64_TYPES);

/**
 * nat64_validate_once - reject a nest with duplicate attributes
 * @nest: nest whose attribute types are below NAT64_TYPES
 * @msg: error message
 * @extack: netlink extended ack
 *
 * Return: 0 or -EINVAL.
 */
int nat64_validate_once(const struct nlattr *nest, const char *msg,
			struct netlink_ext_ack *extack)
{
	DECLARE_BITMAP(seen, NAT64_TYPES) = { };
	const struct nlattr *attr;
	int rem;

	nla_for_each_nested(attr, nest, rem)
		if (__test_and_set_bit(nla_type(attr), seen))
			return nat64_attr_error(extack, attr, msg);

	return 0;
}

/* Reject duplicates in nests, and IFLA_NAT64_POOL4_SUMMARY: with NLA_REJECT,
 * the core would report its NLA_F_NESTED instead.
 */
static int nat64_validate_nest(const struct nlattr *attr,
			       struct netlink_ext_ack *extack)
{
	switch (nla_type(attr)) {
	case IFLA_NAT64_POOL6:
		return nat64_validate_once(attr,
					   "pool6 has a duplicate attribute",
					   extack);
	case IFLA_NAT64_POOL4_SUMMARY:
		return nat64_attr_error(extack, attr,
					"pool4-summary is read-only");
	case IFLA_NAT64_TIMEOUTS:
		return nat64_validate_once(attr,
					   "timeouts has a duplicate attribute",
					   extack);
	case IFLA_NAT64_LIMITS:
		return nat64_validate_once(attr,
					   "limits has a duplicate attribute",
					   extack);
	default:
		return 0;
	}
}

static int nat64_validate_data(const struct nlattr *data,
			       struct netlink_ext_ack *extack)
{
	const struct nlattr *attr;
	int rem, err;

	nla_for_each_nested(attr, data, rem) {
		if (!nla_type(attr) || nla_type(attr) > IFLA_NAT64_MAX)
			return nat64_attr_error(extack, attr,
						"IFLA_INFO_DATA has an unknown attribute");
		err = nat64_validate_nest(attr, extack);
		if (err)
			return err;
	}
	if (rem)
		return nat64_attr_error(extack, data,
					"IFLA_INFO_DATA has trailing bytes");

	return nat64_validate_once(data,
				   "IFLA_INFO_DATA has a duplicate attribute",
				   extack);
}

/**
 * nat64_validate_info - validate the attributes of a request for a device
 * @linkinfo: IFLA_LINKINFO
 * @extack: netlink extended ack
 *
 * Return: 0 or -EINVAL.
 */
int nat64_validate_info(const struct nlattr *linkinfo,
			struct netlink_ext_ack *extack)
{
	const struct nlattr *attr, *data = NULL;
	int rem;

	nla_for_each_nested(attr, linkinfo, rem) {
		if (nla_type(attr) != IFLA_INFO_DATA)
			continue;
		if (data)
			return nat64_attr_error(extack, attr,
						"IFLA_INFO_DATA is given twice");
		data = attr;
	}

	return data ? nat64_validate_data(data, extack) : 0;
}
