// SPDX-License-Identifier: GPL-2.0-only
/*
 * nat64 - hand translated packets over to their route, without receiving them,
 * while nobody looks at packets received on the device.
 *
 * Packet sockets, tc, XDP, the ingress hook of netfilter, an rx_handler, RPS, a
 * VRF and PRE_ROUTING hooks of the namespace look at received packets. Packet
 * sockets for one protocol on all devices do so as well, but older kernels do
 * not let a module know of them.
 *
 * The device does the rest of the receive path, except for checks of the header
 * that it has just built, and early demultiplexing, which saves a lookup and lets
 * LOCAL_IN hooks see the socket. What is left is behind the route: FORWARD and
 * LOCAL_IN hooks, IPsec policies, TTL, MTU and sockets.
 */
#include <linux/netdevice.h>
#include <linux/netfilter.h>
#include <linux/skbuff.h>
#include <net/addrconf.h>
#include <net/inet_ecn.h>
#include <net/ip.h>
#include <net/ipv6.h>
#include <net/l3mdev.h>
#include <net/netdev_rx_queue.h>
#include <net/route.h>
#include <net/rps.h>

#include "config.h"
#include "handover.h"
#include "nat64.h"
#include "route.h"
#include "route-cache.h"

static bool nat64_has_rps(const struct net_device *dev)
{
#ifdef CONFIG_RPS
	/* Packets of the device have no queue recorded. */
	const struct netdev_rx_queue *queue = dev->_rx;

	return static_branch_unlikely(&rps_needed) &&
	       (rcu_access_pointer(queue->rps_map) ||
		READ_ONCE(queue->rps_flow_table));
#else
	return false;
#endif
}

static bool nat64_has_ingress(const struct net_device *dev)
{
#ifdef CONFIG_NET_XGRESS
	if (rcu_access_pointer(dev->tcx_ingress))
		return true;
#endif
#ifdef CONFIG_NETFILTER_INGRESS
	if (rcu_access_pointer(dev->nf_hooks_ingress))
		return true;
#endif
	return rcu_access_pointer(dev->xdp_prog);
}

/* Does anything look at packets of both families received on the device? */
static bool nat64_is_watched(struct net_device *dev)
{
	return dev_nit_active(dev) || !list_empty(&dev->ptype_specific) ||
	       rcu_access_pointer(dev->rx_handler) || nat64_has_ingress(dev) ||
	       nat64_has_rps(dev) || netif_is_l3_slave(dev);
}

/* Are there hooks other than nat64_route_hook()? Those of other devices do not
 * touch packets of this one. Sets *@borrows if one is of this device.
 */
static bool nat64_is_hooked(const struct nf_hook_entries *hooks,
			    const struct nat64_dev *nat64, bool *borrows)
{
	unsigned int i;

	*borrows = false;
	for (i = 0; hooks && i < hooks->num_hook_entries; i++) {
		if (hooks->hooks[i].hook != nat64_route_hook)
			return true;
		if (hooks->hooks[i].priv == nat64)
			*borrows = true;
	}

	return false;
}

static unsigned int nat64_segments(const struct sk_buff *skb)
{
	return max_t(unsigned int, skb_shinfo(skb)->gso_segs, 1);
}

/* Does the receive path account for this route? */
static bool nat64_is_accounted(const struct rtable *rt)
{
#ifdef CONFIG_IP_ROUTE_CLASSID
	if (rt->dst.tclassid)
		return true;
#endif
	return rt->rt_type == RTN_MULTICAST || rt->rt_type == RTN_BROADCAST;
}

/* Route an IPv4 packet as ip_rcv() does. Rejected packets have to be received,
 * so that the stack looks for their route again, and reports and counts them.
 */
static bool nat64_input4(const struct nat64_dev *nat64, struct sk_buff *skb)
{
	struct net *net = dev_net(skb->dev);
	bool borrows;

	if (nat64_is_hooked(rcu_dereference(net->nf.hooks_ipv4[NF_INET_PRE_ROUTING]),
			    nat64, &borrows))
		return false;

	memset(IPCB(skb), 0, sizeof(*IPCB(skb)));
	IPCB(skb)->iif = skb->skb_iif;
	if (!nat64_route4_cached(nat64, skb,
				 borrows && nat64_route_is_exempt(nat64, skb)))
		return false;
	if (unlikely(nat64_is_accounted(skb_rtable(skb)))) {
		skb_dst_drop(skb);
		return false;
	}

	__IP_UPD_PO_STATS(net, IPSTATS_MIB_IN, skb->len);
	__IP_ADD_STATS(net, IPSTATS_MIB_NOECTPKTS +
		       (ip_hdr(skb)->tos & INET_ECN_MASK),
		       nat64_segments(skb));
	return true;
}

/* Would ip6_rcv_core() drop a packet with these addresses? */
static bool nat64_is_odd6(const struct ipv6hdr *ip6h)
{
	return ipv6_addr_is_multicast(&ip6h->daddr) ||
	       ipv6_addr_is_multicast(&ip6h->saddr) ||
	       ipv6_addr_loopback(&ip6h->daddr) ||
	       ipv6_addr_loopback(&ip6h->saddr);
}

/* Route an IPv6 packet as ipv6_rcv() does. */
static bool nat64_input6(const struct nat64_dev *nat64, struct sk_buff *skb)
{
	struct inet6_dev *idev = __in6_dev_get(skb->dev);
	const struct ipv6hdr *ip6h = ipv6_hdr(skb);
	struct net *net = dev_net(skb->dev);
	bool borrows;

	if (nat64_is_hooked(rcu_dereference(net->nf.hooks_ipv6[NF_INET_PRE_ROUTING]),
			    nat64, &borrows) ||
	    !idev || READ_ONCE(idev->cnf.disable_ipv6) || nat64_is_odd6(ip6h))
		return false;

	memset(IP6CB(skb), 0, sizeof(*IP6CB(skb)));
	IP6CB(skb)->iif = skb->skb_iif;
	IP6CB(skb)->nhoff = offsetof(struct ipv6hdr, nexthdr);
	skb_set_transport_header(skb, sizeof(*ip6h));
	nat64_route6_cached(nat64, skb);

	__IP6_UPD_PO_STATS(net, idev, IPSTATS_MIB_IN, skb->len);
	__IP6_ADD_STATS(net, idev, IPSTATS_MIB_NOECTPKTS +
			(ipv6_get_dsfield(ipv6_hdr(skb)) & INET_ECN_MASK),
			nat64_segments(skb));
	return true;
}

/**
 * nat64_hand_over - pass a packet to the input function of its route
 * @nat64: device
 * @skb: scrubbed packet with its device and protocol set; consumed if true is
 *	returned
 *
 * Context: RCU read-side section, BH disabled, a context in which the packet may
 * be received.
 * Return: false if the packet must be received.
 */
bool nat64_hand_over(const struct nat64_dev *nat64, struct sk_buff *skb)
{
	if (nat64_is_watched(skb->dev))
		return false;
	/* The receive path copies the memory of others, and reserves packets
	 * from emergency memory for certain sockets.
	 */
	if (unlikely(skb_zcopy(skb) || skb_pfmemalloc(skb)))
		return false;

	skb->skb_iif = skb->dev->ifindex;
	if (skb->protocol == htons(ETH_P_IP) ? !nat64_input4(nat64, skb) :
					       !nat64_input6(nat64, skb))
		return false;

	if (static_branch_unlikely(&netstamp_needed_key))
		__net_timestamp(skb);
	dst_input(skb);
	return true;
}
