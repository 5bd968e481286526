// SPDX-License-Identifier: GPL-2.0-only
/*
 * nat64 - drop counters of a device in RTM_GETSTATS and ethtool.
 */
#include <linux/ethtool.h>
#include <linux/if_link.h>
#include <linux/netdevice.h>
#include <net/netlink.h>

#include "nat64.h"
#include "reason.h"

/* NAT64_OK has no counter. */
#define NAT64_REASON_FIRST	(NAT64_OK + 1)
#define NAT64_REASONS		(NAT64_REASON_COUNT - NAT64_REASON_FIRST)

/**
 * nat64_linkxstats_size - message size that nat64_linkxstats_fill() needs
 * @dev: device
 * @attr: IFLA_STATS_LINK_XSTATS
 *
 * Return: the size in bytes; 0 for another attribute
 */
size_t nat64_linkxstats_size(const struct net_device *dev, int attr)
{
	if (attr != IFLA_STATS_LINK_XSTATS)
		return 0;

	return nla_total_size(NAT64_REASONS *
			      nla_total_size_64bit(sizeof(u64)));
}

/**
 * nat64_linkxstats_fill - add the counters to an RTM_GETSTATS message
 * @skb: message
 * @dev: device
 * @prividx: reason to continue with, 0 to start; updated if @skb is full
 * @attr: IFLA_STATS_LINK_XSTATS
 *
 * Return: 0, or -EMSGSIZE if the dump continues in another message.
 */
int nat64_linkxstats_fill(struct sk_buff *skb, const struct net_device *dev,
			  int *prividx, int attr)
{
	const struct nat64_dev *nat64 = netdev_priv(dev);
	u64 drops[NAT64_REASON_COUNT];
	struct nlattr *nest;
	int i;

	if (attr != IFLA_STATS_LINK_XSTATS)
		return -EINVAL;

	nest = nla_nest_start(skb, LINK_XSTATS_TYPE_NAT64);
	if (!nest)
		return -EMSGSIZE;

	nat64_counters_sum(nat64, drops);
	for (i = max_t(int, *prividx, NAT64_REASON_FIRST);
	     i < NAT64_REASON_COUNT; i++) {
		if (nla_put_u64_64bit(skb, i + NAT64_REASON_COUNTER, drops[i],
				      NAT64_COUNTER_PAD)) {
			nla_nest_end(skb, nest);
			*prividx = i;
			return -EMSGSIZE;
		}
	}

	nla_nest_end(skb, nest);
	*prividx = 0;
	return 0;
}

static int nat64_ethtool_count(struct net_device *dev, int set)
{
	return set == ETH_SS_STATS ? NAT64_REASONS : -EOPNOTSUPP;
}

static void nat64_ethtool_strings(struct net_device *dev, u32 set, u8 *data)
{
	int i;

	if (set != ETH_SS_STATS)
		return;

	for (i = NAT64_REASON_FIRST; i < NAT64_REASON_COUNT; i++) {
		strscpy_pad((char *)data, nat64_reason_names[i],
			    ETH_GSTRING_LEN);
		data += ETH_GSTRING_LEN;
	}
}

static void nat64_ethtool_stats(struct net_device *dev,
				struct ethtool_stats *stats, u64 *data)
{
	u64 drops[NAT64_REASON_COUNT];

	nat64_counters_sum(netdev_priv(dev), drops);
	memcpy(data, &drops[NAT64_REASON_FIRST], NAT64_REASONS * sizeof(*data));
}

const struct ethtool_ops nat64_ethtool_ops = {
	.get_sset_count = nat64_ethtool_count,
	.get_strings = nat64_ethtool_strings,
	.get_ethtool_stats = nat64_ethtool_stats,
	.get_ts_info = ethtool_op_get_ts_info,
};
