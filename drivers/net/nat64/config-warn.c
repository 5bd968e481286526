// SPDX-License-Identifier: GPL-2.0-only
/*
 * nat64 - what is allowed and seldom wise: warnings to who configures.
 */
#include <linux/netdevice.h>
#include <linux/rtnetlink.h>
#include <net/l3mdev.h>

#include "config.h"
#include "events.h"
#include "host.h"
#include "nat64.h"

static bool nat64_rfc6791_private(const struct nat64_config *config)
{
	/* RFC 1918, and RFC 6598's for carrier-grade NAT */
	static const struct nat64_range4 private[] = {
		{ 0x0a000000, 0x0affffff },
		{ 0x64400000, 0x647fffff },
		{ 0xac100000, 0xac1fffff },
		{ 0xc0a80000, 0xc0a8ffff },
	};
	unsigned int i, j;

	for (i = 0; i < config->rfc6791_count; i++)
		for (j = 0; j < ARRAY_SIZE(private); j++)
			if (nat64_range4_overlap(&config->rfc6791[i],
						 &private[j]))
				return true;

	return false;
}

/* Has another device of this routing domain the same addresses in pool4? Those
 * of the host are shared port by port.
 */
static bool nat64_warn_pool4_overlap(const struct nat64_dev *nat64,
				     const struct nat64_config *config,
				     const struct nat64_config *other)
{
	const struct nat64_range4 *a, *b;
	unsigned int i, j;

	for (i = 0; i < config->pool4_count; i++) {
		a = &config->pool4[i].addrs;
		if (a->first == a->last &&
		    nat64_host_is_local(nat64, htonl(a->first)))
			continue;
		for (j = 0; j < other->pool4_count; j++) {
			b = &other->pool4[j].addrs;
			if (nat64_range4_overlap(a, b))
				return true;
		}
	}

	return false;
}

static bool nat64_warn_pool4_overlaps(const struct nat64_dev *nat64,
				      const struct nat64_config *config)
{
	struct net_device *dev = nat64->dev;
	const struct nat64_dev *other;
	struct net_device *i;

	for_each_netdev(dev_net(dev), i) {
		if (i == dev || i->rtnl_link_ops != &nat64_link_ops ||
		    l3mdev_master_ifindex(i) != l3mdev_master_ifindex(dev))
			continue;
		other = netdev_priv(i);
		if (nat64_warn_pool4_overlap(nat64, config,
					     rtnl_dereference(other->config)))
			return true;
	}

	return false;
}

/**
 * nat64_warn_pool4 - tell if another device has the same addresses
 * @nat64: device
 * @config: its configuration
 * @extack: gets the warning
 *
 * Context: RTNL held.
 */
void nat64_warn_pool4(const struct nat64_dev *nat64,
		      const struct nat64_config *config,
		      struct netlink_ext_ack *extack)
{
	if (nat64_warn_pool4_overlaps(nat64, config))
		NL_SET_ERR_MSG(extack,
			       "pool4 overlaps that of another device, answers reach one of them only");
}

/**
 * nat64_warn - tell what is allowed and seldom wise
 * @nat64: device
 * @config: what was made of @data
 * @data: attributes
 * @extack: gets one warning at most
 *
 * Context: RTNL held.
 */
void nat64_warn(const struct nat64_dev *nat64,
		const struct nat64_config *config, struct nlattr *data[],
		struct netlink_ext_ack *extack)
{
	if (data[IFLA_NAT64_POOL4])
		nat64_warn_pool4(nat64, config, extack);
	if ((data[IFLA_NAT64_LOGGING_BIB] || data[IFLA_NAT64_LOGGING_SESSION]) &&
	    (config->log_bib || config->log_session) &&
	    !nat64_may_log(nat64->dev))
		NL_SET_ERR_MSG(extack,
			       "the log is not for this user namespace, listen to events instead");
	if (config->mode != NAT64_MODE_STATELESS)
		return;

	/* RFC 6052 section 3.1; RFC 6791 section 3.1 */
	if (data[IFLA_NAT64_POOL6] && config->wkp)
		NL_SET_ERR_MSG(extack,
			       "pool6 64:ff9b::/96 is not for addresses of hosts, give them explicit mappings");
	if (data[IFLA_NAT64_RFC6791_POOL] && nat64_rfc6791_private(config))
		NL_SET_ERR_MSG(extack,
			       "rfc6791-pool has private addresses, errors from them may be lost");
}
