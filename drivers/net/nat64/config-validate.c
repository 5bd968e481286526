// SPDX-License-Identifier: GPL-2.0-only
/*
 * nat64 - checks of requests that the core's parser does not make.
 *
 * It takes the last one of attributes of the same type, and rtnetlink has it
 * skip unknown attributes of IFLA_INFO_DATA, and what follows the last one.
 */
#include <linux/bitmap.h>
#include <linux/if_link.h>

#include "config.h"

/* Types that the attributes of a nest may have, and room for newer ones. */
#define NAT64_TYPES	64

static_assert(IFLA_NAT64_MAX < NAT64_TYPES);

/**
 * nat64_validate_once - refuse a nest that has an attribute more than once
 * @nest: its attributes have types of less than NAT64_TYPES
 * @msg: message then
 * @extack: gets it
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

/* Nests of which every attribute may be there once, and one that is refused; with
 * NLA_REJECT, the core would complain of its NLA_F_NESTED.
 */
static int nat64_validate_nest(const struct nlattr *attr,
			       struct netlink_ext_ack *extack)
{
	switch (nla_type(attr)) {
	case IFLA_NAT64_POOL6:
		return nat64_validate_once(attr, "pool6 has an attribute twice",
					   extack);
	case IFLA_NAT64_POOL4_SUMMARY:
		return nat64_attr_error(extack, attr,
					"pool4 summary is in answers only");
	case IFLA_NAT64_TIMEOUTS:
		return nat64_validate_once(attr,
					   "the timeouts have an attribute twice",
					   extack);
	case IFLA_NAT64_LIMITS:
		return nat64_validate_once(attr,
					   "the limits have an attribute twice",
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
				   "IFLA_INFO_DATA has an attribute twice",
				   extack);
}

/**
 * nat64_validate_info - check the attributes of a device as they were sent
 * @linkinfo: IFLA_LINKINFO
 * @extack: tells what is wrong
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
						"IFLA_INFO_DATA is there twice");
		data = attr;
	}

	return data ? nat64_validate_data(data, extack) : 0;
}
