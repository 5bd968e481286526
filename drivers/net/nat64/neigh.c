// SPDX-License-Identifier: GPL-2.0-only
/*
 * nat64 - neighbours of the device, which need no link address. Forwarded
 * packets go from the neighbour to the translation, without the transmit path
 * of the stack, while nobody looks at packets there or queues them.
 *
 * Packet sockets, tc and the egress hook of netfilter look at transmitted
 * packets. What else the transmit path does is for other devices: it selects a
 * queue, splits packets and computes checksums. Its tracepoints do not see the
 * packets.
 */
#include <linux/netdevice.h>
#include <linux/preempt.h>
#include <linux/skbuff.h>
#include <net/neighbour.h>

#include "nat64.h"
#include "neigh.h"
#include "output.h"

static bool nat64_has_egress(struct net_device *dev)
{
#ifdef CONFIG_NET_XGRESS
	if (rcu_access_pointer(dev->tcx_egress))
		return true;
#endif
#ifdef CONFIG_NETFILTER_EGRESS
	if (rcu_access_pointer(dev->nf_hooks_egress))
		return true;
#endif
	return dev_nit_active(dev);
}

/* The stack calls it in an RCU read-side section. */
static int nat64_neigh_output(struct neighbour *neigh, struct sk_buff *skb)
{
	struct net_device *dev = neigh->dev;

	if (likely(in_softirq() && netif_running(dev) && !skb_shared(skb) &&
		   !skb_network_offset(skb) && !nat64_has_egress(dev) &&
		   nat64_may_receive(skb, dev) && nat64_xmit_direct(skb, dev)))
		return NET_XMIT_SUCCESS;

	return dev_queue_xmit(skb);
}

/**
 * nat64_neigh_construct - ndo_neigh_construct: set the output function
 * @dev: device
 * @neigh: new neighbour
 *
 * Context: BH disabled.
 * Return: 0.
 */
int nat64_neigh_construct(struct net_device *dev, struct neighbour *neigh)
{
	neigh->output = nat64_neigh_output;
	return 0;
}
