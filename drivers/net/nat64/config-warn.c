// SPDX-License-Identifier: GPL-2.0-only
/*
 * nat64 - warnings about valid configurations that are likely mistakes.
 */
#include <linux/inetdevice.h>
#include <linux/netdevice.h>
#include <linux/rtnetlink.h>
#include <net/arp.h>
#include <net/l3mdev.h>

#include "config.h"
#include "events.h"
#include "host.h"
#include "nat64.h"

static bool nat64_rfc6791_private(const struct nat64_config *config)
{
	/* RFC 1918, and 100.64/10 of RFC 6598 */
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

/* Does pool4 overlap that of another device in this routing domain? Addresses
 * of the host do not count, as devices share their ports.
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

/* Maximum number of addresses to check per subnet. */
#define NAT64_ARP_TRIES		256

/* Do neighbours on this link use ARP to find addresses of its subnets, with no
 * proxy_arp to answer for them?
 */
static bool nat64_asks_arp(const struct nat64_dev *nat64,
			   struct in_device *in_dev)
{
	struct net_device *dev = in_dev->dev;

	return !(dev->flags & (IFF_NOARP | IFF_LOOPBACK)) &&
	       !IN_DEV_PROXY_ARP(in_dev) &&
	       l3mdev_master_ifindex(dev) ==
	       l3mdev_master_ifindex(nat64->dev);
}

/* Does the host answer ARP requests for an address, as it is its own or by "ip
 * neigh add proxy"?
 */
static bool nat64_answers_arp(const struct nat64_dev *nat64, __be32 addr,
			      struct net_device *dev)
{
	bool answers;

	rcu_read_lock();
	answers = nat64_host_is_local(nat64, addr) ||
		  pneigh_lookup(&arp_tbl, dev_net(dev), &addr, dev);
	rcu_read_unlock();

	return answers;
}

/* Find an address of a range that is on the subnet of @ifa and for which the
 * host does not answer ARP. Returns it in host byte order, or 0.
 */
static u32 nat64_range4_unanswered(const struct nat64_dev *nat64,
				   const struct nat64_range4 *range,
				   const struct in_ifaddr *ifa)
{
	struct net_device *dev = ifa->ifa_dev->dev;
	u32 mask = ntohl(ifa->ifa_mask);
	u32 first = ntohl(ifa->ifa_address) & mask, last = first | ~mask;
	int tries = NAT64_ARP_TRIES;
	u32 addr;

	if (ifa->ifa_prefixlen == 32)
		return 0;
	/* Skip the network and broadcast addresses. */
	if (ifa->ifa_prefixlen < 31) {
		first++;
		last--;
	}

	for (addr = max(first, range->first);
	     addr <= min(last, range->last) && tries; addr++, tries--)
		if (!nat64_answers_arp(nat64, htonl(addr), dev))
			return addr;

	return 0;
}

static u32 nat64_pool4_unanswered(const struct nat64_dev *nat64,
				  const struct nat64_config *config,
				  const struct in_ifaddr *ifa)
{
	unsigned int i;
	u32 addr = 0;

	for (i = 0; i < config->pool4_count && !addr; i++)
		addr = nat64_range4_unanswered(nat64, &config->pool4[i].addrs,
					       ifa);
	return addr;
}

/* Does pool4 have an address on a link's subnet without ARP replies? */
static bool nat64_pool4_onlink(const struct nat64_dev *nat64,
			       const struct nat64_config *config)
{
	const struct in_ifaddr *ifa;
	struct in_device *in_dev;
	struct net_device *dev;

	for_each_netdev(dev_net(nat64->dev), dev) {
		in_dev = __in_dev_get_rtnl(dev);
		if (!in_dev || !nat64_asks_arp(nat64, in_dev))
			continue;
		in_dev_for_each_ifa_rtnl(ifa, in_dev)
			if (nat64_pool4_unanswered(nat64, config, ifa))
				return true;
	}

	return false;
}

/* A new address of an interface may put pool4 on its subnet. There is no
 * request to answer: warn in the log.
 */
static int nat64_warn_event(struct notifier_block *nb, unsigned long event,
			    void *ptr)
{
	const struct in_ifaddr *ifa = ptr;
	struct in_device *in_dev = ifa->ifa_dev;
	const struct nat64_config *config;
	const struct nat64_dev *nat64;
	struct net_device *dev;
	__be32 addr;

	if (event != NETDEV_UP)
		return NOTIFY_DONE;

	for_each_netdev(dev_net(in_dev->dev), dev) {
		if (dev->rtnl_link_ops != &nat64_link_ops)
			continue;
		nat64 = netdev_priv(dev);
		if (!nat64_may_log(dev) || !nat64_asks_arp(nat64, in_dev))
			continue;
		config = rtnl_dereference(nat64->config);
		addr = htonl(nat64_pool4_unanswered(nat64, config, ifa));
		if (addr)
			netdev_notice(dev,
				      "pool4 %pI4 is on the subnet of %s and needs proxy ARP: ip neigh add proxy %pI4 dev %s\n",
				      &addr, in_dev->dev->name, &addr,
				      in_dev->dev->name);
	}

	return NOTIFY_DONE;
}

static struct notifier_block nat64_warn_notifier = {
	.notifier_call = nat64_warn_event,
};

int __init nat64_warn_init(void)
{
	return register_inetaddr_notifier(&nat64_warn_notifier);
}

void nat64_warn_exit(void)
{
	unregister_inetaddr_notifier(&nat64_warn_notifier);
}

/**
 * nat64_warn_pool4 - warn if packets to pool4 will not reach the device
 * @nat64: device
 * @config: its configuration
 * @extack: netlink extended ack for the warning
 *
 * Context: RTNL held.
 */
void nat64_warn_pool4(const struct nat64_dev *nat64,
		      const struct nat64_config *config,
		      struct netlink_ext_ack *extack)
{
	if (nat64_warn_pool4_overlaps(nat64, config))
		NL_SET_ERR_MSG(extack,
			       "pool4 overlaps pool4 of another device, return traffic reaches only one of them");
	else if (nat64_pool4_onlink(nat64, config))
		NL_SET_ERR_MSG(extack,
			       "pool4 is on the subnet of a link and needs proxy ARP: ip neigh add proxy ADDRESS dev LINK");
}

/**
 * nat64_warn - warn about a valid configuration that is likely a mistake
 * @nat64: device
 * @config: configuration parsed from @data
 * @data: attributes of the request
 * @extack: netlink extended ack for at most one warning
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
			       "logging-bib and logging-session have no effect in this user namespace, use netlink events");
	if (config->mode != NAT64_MODE_STATELESS)
		return;

	/* RFC 6052 section 3.1; RFC 6791 section 3.1 */
	if (data[IFLA_NAT64_POOL6] && config->wkp)
		NL_SET_ERR_MSG(extack,
			       "pool6 64:ff9b::/96 is not for addresses of IPv6 hosts, add explicit mappings for them");
	if (data[IFLA_NAT64_RFC6791_POOL] && nat64_rfc6791_private(config))
		NL_SET_ERR_MSG(extack,
			       "rfc6791-pool has private addresses, ICMP errors from them may be dropped");
}
