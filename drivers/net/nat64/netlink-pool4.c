// SPDX-License-Identifier: GPL-2.0-only
/*
 * nat64 - generic netlink: add and remove pool4 entries. They take RTNL because
 * pool4 is a link attribute, too: RTM_NEWLINK replaces and reports it.
 */
#include <linux/build_bug.h>
#include <linux/rtnetlink.h>
#include <linux/slab.h>

#include "config.h"
#include "nat64.h"
#include "netlink-gen.h"
#include "netlink.h"
#include "pool4-use.h"

/* Add or remove an entry. @flags is nlmsg_flags of the request. */
typedef int nat64_nl_pool4_op(struct nat64_config *config,
			      const struct nlattr *attr, u16 flags,
			      struct netlink_ext_ack *extack);

/* Allows the parser of IFLA_NAT64_POOL4 to parse NAT64_A_POOL4_ENTRY as well.
 */
#define NAT64_NL_POOL4_SAME(name)					\
	static_assert((int)NAT64_A_POOL4_ENTRY_##name ==		\
		      (int)IFLA_NAT64_POOL4_##name)
NAT64_NL_POOL4_SAME(PREFIX);
NAT64_NL_POOL4_SAME(LEN);
NAT64_NL_POOL4_SAME(PORT_MIN);
NAT64_NL_POOL4_SAME(PORT_MAX);
NAT64_NL_POOL4_SAME(PROTO);
NAT64_NL_POOL4_SAME(MARK);

/* Find the device of a request and copy its configuration, with room for @more
 * pool4 entries.
 */
static struct nat64_config *nat64_nl_pool4_begin(struct genl_info *info,
						 unsigned int more,
						 struct nat64_dev **nat64)
{
	const struct nat64_config *old;
	const struct nat64_dev *found;
	struct nat64_config *config;

	/* RTNL keeps it. */
	rcu_read_lock();
	found = nat64_nl_find(genl_info_net(info), info->attrs,
			      NAT64_TABLES_POOL4, info->extack);
	rcu_read_unlock();
	if (IS_ERR(found))
		return ERR_CAST(found);

	*nat64 = netdev_priv(found->dev);
	old = rtnl_dereference(found->config);
	config = nat64_config_copy(old, min_t(unsigned int, NAT64_POOL4_MAX,
					      old->pool4_count + more));
	return config ?: ERR_PTR(-ENOMEM);
}

/* Apply the configuration and send RTM_NEWLINK, like "ip link set" does. */
static int nat64_nl_pool4_commit(const struct genl_info *info,
				 struct nat64_dev *nat64,
				 struct nat64_config *config)
{
	int err = nat64_configure(nat64, config, info->snd_portid,
				  info->extack);

	if (!err)
		netdev_state_change(nat64->dev);
	return err;
}

/**
 * nat64_nl_pool4_replace - replace pool4 of a device
 * @info: request
 * @nat64: stateful device
 * @from: configuration to take pool4 from
 *
 * Context: process context, RTNL held.
 * Return: 0 or a negative errno.
 */
int nat64_nl_pool4_replace(const struct genl_info *info,
			   const struct nat64_dev *nat64,
			   const struct nat64_config *from)
{
	const struct nat64_config *old = rtnl_dereference(nat64->config);
	struct nat64_config *config;
	unsigned int i;
	int err;

	config = nat64_config_copy(old, max(old->pool4_count,
					    from->pool4_count));
	if (!config)
		return -ENOMEM;

	nat64_config_pool4_truncate(config, 0);
	config->pool4_host = false;
	config->pool4_count = from->pool4_count;
	memcpy(config->pool4, from->pool4,
	       flex_array_size(config, pool4, from->pool4_count));
	for (i = 0; i < config->pool4_count; i++)
		refcount_inc(&config->pool4[i].stat->refs);
	err = nat64_nl_pool4_commit(info, netdev_priv(nat64->dev), config);
	if (!err)
		nat64_warn_pool4(nat64, config, info->extack);
	return err;
}

/* Apply @op to all entries of a request. @config is not visible to others yet,
 * so the caller just frees it on error.
 */
static int nat64_nl_pool4_do_entries(struct genl_info *info,
				     struct nat64_config *config,
				     nat64_nl_pool4_op *op)
{
	const struct nlattr *attr;
	int rem, err;

	nlmsg_for_each_attr(attr, info->nlhdr, GENL_HDRLEN, rem) {
		if (nla_type(attr) != NAT64_A_POOL4_ENTRY)
			continue;
		err = op(config, attr, info->nlhdr->nlmsg_flags, info->extack);
		if (err)
			return err;
	}

	return 0;
}

static int nat64_nl_pool4_change(struct genl_info *info, unsigned int more,
				 nat64_nl_pool4_op *op)
{
	struct nat64_config *config;
	struct nat64_dev *nat64;
	unsigned int before;
	int err;

	config = nat64_nl_pool4_begin(info, more, &nat64);
	if (IS_ERR(config))
		return PTR_ERR(config);

	before = config->pool4_count;
	err = nat64_nl_pool4_do_entries(info, config, op);
	/* Nothing to commit if all entries existed already. */
	if (err || config->pool4_count == before) {
		nat64_config_free(config);
		return err;
	}

	err = nat64_nl_pool4_commit(info, nat64, config);
	if (!err && more)
		nat64_warn_pool4(nat64, config, info->extack);
	return err;
}

/* Number of entries in a request, or -EINVAL if there are none. */
static int nat64_nl_pool4_count(struct genl_info *info)
{
	const struct nlattr *attr;
	int rem, count = 0;

	nlmsg_for_each_attr(attr, info->nlhdr, GENL_HDRLEN, rem)
		if (nla_type(attr) == NAT64_A_POOL4_ENTRY)
			count++;
	if (count)
		return count;

	NL_SET_ERR_MSG(info->extack, "pool4-entry is required");
	return -EINVAL;
}

static int nat64_nl_pool4_add(struct nat64_config *config,
			      const struct nlattr *attr, u16 flags,
			      struct netlink_ext_ack *extack)
{
	int found = nat64_config_pool4_find(config, attr, extack);

	if (found >= 0) {
		if (!(flags & NLM_F_EXCL))
			return 0;
		NL_SET_ERR_MSG_ATTR(extack, attr,
				    "pool4 already has this entry");
		return -EEXIST;
	}
	if (found != -ENOENT)
		return found;
	if (!(flags & NLM_F_CREATE)) {
		NL_SET_ERR_MSG_ATTR(extack, attr, "pool4 has no such entry");
		return -ENOENT;
	}

	return nat64_config_pool4_add(config, attr, extack);
}

static int nat64_nl_pool4_del(struct nat64_config *config,
			      const struct nlattr *attr, u16 flags,
			      struct netlink_ext_ack *extack)
{
	return nat64_config_pool4_del(config, attr, extack);
}

int nat64_nl_pool4_add_doit(struct sk_buff *skb, struct genl_info *info)
{
	int err, count = nat64_nl_pool4_count(info);

	if (count < 0)
		return count;

	rtnl_lock();
	err = nat64_nl_pool4_change(info, count, nat64_nl_pool4_add);
	rtnl_unlock();

	return err;
}

int nat64_nl_pool4_del_doit(struct sk_buff *skb, struct genl_info *info)
{
	int err, count = nat64_nl_pool4_count(info);

	if (count < 0)
		return count;

	rtnl_lock();
	err = nat64_nl_pool4_change(info, 0, nat64_nl_pool4_del);
	rtnl_unlock();

	return err;
}

int nat64_nl_pool4_flush_doit(struct sk_buff *skb, struct genl_info *info)
{
	struct nat64_config *config;
	struct nat64_dev *nat64;
	int err;

	rtnl_lock();
	config = nat64_nl_pool4_begin(info, 0, &nat64);
	err = PTR_ERR_OR_ZERO(config);
	if (!err) {
		config->pool4_host = false;
		nat64_config_pool4_truncate(config, 0);
		err = nat64_nl_pool4_commit(info, nat64, config);
	}
	rtnl_unlock();

	return err;
}
