// SPDX-License-Identifier: GPL-2.0-only
/*
 * nat64 - generic netlink: checks of all requests beyond the policies. The core
 * accepts repeated attributes (the last one wins) and flags that an operation
 * does not support.
 */
#include <linux/bitmap.h>
#include <net/netlink.h>

#include "netlink-gen.h"
#include "netlink.h"

/* Flags that the netlink core handles. */
#define NAT64_NL_FLAGS		(NLM_F_REQUEST | NLM_F_ACK)
#define NAT64_NL_FLAGS_ADD	(NLM_F_CREATE | NLM_F_EXCL)

/* Larger than the highest attribute number of any set. */
#define NAT64_NL_TYPES		64

/* Attributes that may occur more than once in a request. */
static bool nat64_nl_is_multi(u8 cmd, int type)
{
	switch (cmd) {
	case NAT64_CMD_EAM_ADD:
	case NAT64_CMD_EAM_DEL:
		return type == NAT64_A_EAM;
	case NAT64_CMD_BINDING_ADD:
	case NAT64_CMD_BINDING_DEL:
		return type == NAT64_A_BINDING;
	case NAT64_CMD_SESSION_ADD:
	case NAT64_CMD_SESSION_DEL:
	case NAT64_CMD_SESSION_SET:
		return type == NAT64_A_SESSION;
	case NAT64_CMD_POOL4_ADD:
	case NAT64_CMD_POOL4_DEL:
		return type == NAT64_A_POOL4_ENTRY;
	case NAT64_CMD_REPLACE_ADD:
		return type == NAT64_A_EAM || type == NAT64_A_POOL4_ENTRY;
	default:
		return false;
	}
}

static const char * const nat64_nl_twice_names[NAT64_A_MAX + 1] = {
	[NAT64_A_IFINDEX] = "ifindex is given twice",
	[NAT64_A_IFNAME] = "ifname is given twice",
	[NAT64_A_EAM] = "eam is given twice",
	[NAT64_A_BINDING] = "binding is given twice",
	[NAT64_A_SESSION] = "session is given twice",
	[NAT64_A_FILTER] = "filter is given twice",
	[NAT64_A_POOL4_ENTRY] = "pool4-entry is given twice",
	[NAT64_A_SUBSCRIBER] = "subscriber is given twice",
	[NAT64_A_TABLES] = "tables is given twice",
	[NAT64_A_KEEP] = "keep is given twice",
};

static const char * const nat64_nl_twice_in_names[NAT64_A_MAX + 1] = {
	[NAT64_A_EAM] = "eam has a duplicate attribute",
	[NAT64_A_BINDING] = "binding has a duplicate attribute",
	[NAT64_A_SESSION] = "session has a duplicate attribute",
	[NAT64_A_FILTER] = "filter has a duplicate attribute",
	[NAT64_A_POOL4_ENTRY] = "pool4-entry has a duplicate attribute",
	[NAT64_A_SUBSCRIBER] = "subscriber has a duplicate attribute",
};

static int nat64_nl_twice(const char * const *names, int type,
			  const struct nlattr *attr,
			  struct netlink_ext_ack *extack)
{
	NL_SET_BAD_ATTR(extack, attr);
	if (extack)
		extack->_msg = type <= NAT64_A_MAX && names[type] ?
			       names[type] : "duplicate attribute";
	return -EINVAL;
}

/* Nests do not contain other nests. */
static int nat64_nl_check_nest(const struct nlattr *nest,
			       struct netlink_ext_ack *extack)
{
	DECLARE_BITMAP(seen, NAT64_NL_TYPES) = { };
	const struct nlattr *attr;
	int rem;

	nla_for_each_nested(attr, nest, rem)
		if (nla_type(attr) < NAT64_NL_TYPES &&
		    __test_and_set_bit(nla_type(attr), seen))
			return nat64_nl_twice(nat64_nl_twice_in_names,
					      nla_type(nest), attr, extack);

	return 0;
}

static int nat64_nl_check_attrs(const struct nlmsghdr *nlh, u8 cmd,
				struct netlink_ext_ack *extack)
{
	DECLARE_BITMAP(seen, NAT64_NL_TYPES) = { };
	const struct nlattr *attr;
	int rem, type, err;

	nlmsg_for_each_attr(attr, nlh, GENL_HDRLEN, rem) {
		type = nla_type(attr);
		if (type < NAT64_NL_TYPES && __test_and_set_bit(type, seen) &&
		    !nat64_nl_is_multi(cmd, type))
			return nat64_nl_twice(nat64_nl_twice_names, type, attr,
					      extack);
		/* The policies reject nests without NLA_F_NESTED. */
		if (attr->nla_type & NLA_F_NESTED) {
			err = nat64_nl_check_nest(attr, extack);
			if (err)
				return err;
		}
	}

	return 0;
}

static int nat64_nl_check_flags(u16 flags, u8 cmd,
				struct netlink_ext_ack *extack)
{
	u16 known = NAT64_NL_FLAGS;

	if ((flags & NLM_F_DUMP) == NLM_F_DUMP) {
		known |= NLM_F_DUMP;
	} else {
		switch (cmd) {
		case NAT64_CMD_BINDING_ADD:
		case NAT64_CMD_SESSION_ADD:
			known |= NLM_F_REPLACE;
			fallthrough;
		case NAT64_CMD_EAM_ADD:
		case NAT64_CMD_POOL4_ADD:
			known |= NAT64_NL_FLAGS_ADD;
		}
	}
	if (!(flags & ~known))
		return 0;

	if (known & NLM_F_CREATE && flags & NLM_F_REPLACE) {
		NL_SET_ERR_MSG(extack,
			       "nlmsg_flags: NLM_F_REPLACE is supported for bindings and sessions only");
		return -EOPNOTSUPP;
	}
	NL_SET_ERR_MSG(extack,
		       "nlmsg_flags: flag is not supported by this operation");
	return -EINVAL;
}

/**
 * nat64_nl_check - check what policies cannot
 * @nlh: request, already validated against its policy
 * @extack: netlink extended ack
 *
 * Return: 0 or a negative errno.
 */
int nat64_nl_check(const struct nlmsghdr *nlh, struct netlink_ext_ack *extack)
{
	const struct genlmsghdr *header = nlmsg_data(nlh);
	int err;

	/* The core does not check this for commands below resv_start_op. */
	if (header->reserved) {
		NL_SET_ERR_MSG(extack, "genlmsghdr: reserved must be 0");
		return -EINVAL;
	}
	err = nat64_nl_check_flags(nlh->nlmsg_flags, header->cmd, extack);
	if (err)
		return err;

	return nat64_nl_check_attrs(nlh, header->cmd, extack);
}

/**
 * nat64_nl_pre_doit - check a doit request
 * @ops: operation
 * @skb: request
 * @info: request
 *
 * Return: 0 or a negative errno.
 */
int nat64_nl_pre_doit(const struct genl_split_ops *ops, struct sk_buff *skb,
		      struct genl_info *info)
{
	return nat64_nl_check(info->nlhdr, info->extack);
}
