// SPDX-License-Identifier: GPL-2.0-only
/*
 * nat64 - packets that leave the device: translated ones are received, others
 * are dropped and answered with an ICMP error.
 */
#include <linux/icmpv6.h>
#include <linux/netdevice.h>
#include <linux/percpu.h>
#include <linux/skbuff.h>
#include <net/dst_metadata.h>
#include <net/icmp.h>
#include <net/route.h>
#include <net/sch_generic.h>

#include "config.h"
#include "handover.h"
#include "nat64.h"
#include "output.h"
#include "packet.h"
#include "reason.h"
#include "scrub.h"
#include "trace.h"

static DEFINE_PER_CPU(unsigned int, nat64_depth);

/* Was the packet routed to the device, or taken by nat64_borrow_input()? */
static bool nat64_is_routed(const struct sk_buff *skb,
			    const struct net_device *dev)
{
	if (!skb_valid_dst(skb))
		return false;
	if (skb_dst(skb)->dev == dev)
		return true;

	return skb->protocol == htons(ETH_P_IP) &&
	       skb_rtable(skb)->rt_flags & RTCF_LOCAL;
}

/* Did the packet arrive on another device? Locally generated packets have no
 * skb_iif, but a copy mirrored by tc may have the index of the device that it
 * was sent on.
 */
static bool nat64_is_foreign(const struct sk_buff *skb,
			     const struct net_device *dev)
{
	return skb->skb_iif && skb->skb_iif != LOOPBACK_IFINDEX &&
	       skb->skb_iif != dev->ifindex && !skb->sk &&
	       !skb_is_redirected(skb) && nat64_is_routed(skb, dev);
}

/* Does the packet come out of a qdisc? A sender may have to dequeue packets of
 * others. The queue mapping may be that of another device.
 */
static bool nat64_is_queued(const struct sk_buff *skb, struct net_device *dev)
{
	u16 index = skb_get_queue_mapping(skb);

	if (index >= dev->real_num_tx_queues)
		index = 0;
	return rcu_dereference_bh(netdev_get_tx_queue(dev, index)->qdisc)->enqueue;
}

/**
 * nat64_may_receive - may a packet be received in the sender's context?
 * @skb: untranslated packet
 * @dev: device
 *
 * For locally generated or redirected packets, a socket or qdisc lock may be
 * held that the receive path takes as well. Recursion must be limited.
 *
 * Context: BH disabled.
 * Return: true if it may
 */
bool nat64_may_receive(const struct sk_buff *skb, struct net_device *dev)
{
	return nat64_is_foreign(skb, dev) && !nat64_is_queued(skb, dev) &&
	       !this_cpu_read(nat64_depth);
}

/* Receive a packet in this context, or hand it over to its route. */
static void nat64_receive_now(struct nat64_dev *nat64, struct sk_buff *skb)
{
	const struct nat64_config *config = rcu_dereference(nat64->config);

	this_cpu_inc(nat64_depth);
	if (config->fast_path != NAT64_FAST_PATH_AUTO ||
	    !nat64_hand_over(nat64, skb)) {
		netif_receive_skb(skb);
		nat64_count_delivery(nat64, NAT64_DELIVERY_RECEIVED);
	}
	this_cpu_dec(nat64_depth);
}

/**
 * nat64_receive - receive a translated packet on the device
 * @nat64: device
 * @skb: packet, skb->data at the new IP header; consumed
 * @protocol: new EtherType
 * @direct: receive it in this context instead of queueing it to the backlog
 *
 * Context: RCU read-side section, BH disabled.
 * Return: false if the backlog is full; the caller counts the drop.
 */
bool nat64_receive(struct nat64_dev *nat64, struct sk_buff *skb,
		   __be16 protocol, bool direct)
{
	struct net_device *dev = nat64->dev;
	unsigned int len = skb->len;

	nat64_scrub(skb);
	skb->protocol = protocol;
	skb->dev = dev;

	if (direct) {
		nat64_receive_now(nat64, skb);
	} else {
		if (netif_rx(skb) == NET_RX_DROP)
			return false;
		nat64_count_delivery(nat64, NAT64_DELIVERY_QUEUED);
	}
	dev_sw_netstats_rx_add(dev, len);
	return true;
}

/**
 * nat64_drop - drop and count a packet, and send an ICMP error if required
 * @nat64: device
 * @skb: untranslated packet; consumed
 * @pkt: parsed headers
 * @reason: drop reason, also determines the ICMP error
 *
 * Context: RCU read-side section, BH disabled.
 */
void nat64_drop(struct nat64_dev *nat64, struct sk_buff *skb,
		const struct nat64_pkt *pkt, enum nat64_reason reason)
{
	const struct nat64_reason_info *r = &nat64_reasons[reason];
	bool v6 = ip_hdr(skb)->version == 6;

	nat64_count(nat64, reason);
	trace_nat64_drop(skb, nat64->dev, reason);
	/* Redirected packets may have no route, or one to another device. */
	if (v6 && r->type6 && !(r->quiet_icmp6 && pkt->h.proto == IPPROTO_ICMPV6))
		icmpv6_ndo_send(skb, r->type6, r->code6, pkt->info);
	else if (!v6 && r->type4 && skb_valid_dst(skb))
		icmp_ndo_send(skb, r->type4, r->code4, htonl(pkt->info));
	kfree_skb_reason(skb, nat64_core_reason(reason));
}
