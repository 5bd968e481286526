// SPDX-License-Identifier: GPL-2.0-only
/*
 * nat64 - reassembly and fragmentation with the functions of the core, whose
 * limits on memory and time and whose rules on overlaps apply.
 *
 * Packets are always fragmented as IPv4, before translation to IPv6 or after
 * translation to IPv4. So a fragment can be fragmented further, and IPv6
 * fragments get the identification of the IPv4 packet, as RFC 7915 section 4.1
 * requires.
 */
#include <net/ip.h>
#include <net/ipv6.h>
#include <net/ipv6_frag.h>
#include <net/netfilter/ipv6/nf_defrag_ipv6.h>

#include "frag.h"
#include "nat64.h"
#include "output.h"
#include "xlat.h"

/* User of our fragment queues, combined with the ifindex so that devices do not
 * share queues. The core's users (enum ip_defrag_users) are far below.
 */
#define NAT64_DEFRAG_USER	0x80000000U

/**
 * struct nat64_frag_out - context of the output function of ip_do_fragment()
 * @rt: pseudo route of the fragments, for the headroom and to find this context
 * @nat64: device
 * @pkt: original packet
 * @t: IPv6 addresses, NULL if the fragments stay IPv4
 */
struct nat64_frag_out {
	struct rtable rt;
	struct nat64_dev *nat64;
	const struct nat64_pkt *pkt;
	const struct nat64_tuple6 *t;
};

static u32 nat64_defrag_user(const struct nat64_dev *nat64)
{
	return NAT64_DEFRAG_USER | nat64->dev->ifindex;
}

/**
 * nat64_reassemble4 - reassemble an IPv4 packet
 * @nat64: device
 * @skb: fragment, skb->data at the IPv4 header; its control block is reset
 * @pkt: @pkt->reassembled is set when the packet is complete
 *
 * Context: BH disabled.
 * Return: 0 with the complete packet in @skb; otherwise @skb is consumed, and
 * -EINPROGRESS means that fragments are missing.
 */
int nat64_reassemble4(struct nat64_dev *nat64, struct sk_buff *skb,
		      struct nat64_pkt *pkt)
{
	int err;

	memset(IPCB(skb), 0, sizeof(*IPCB(skb)));
	err = ip_defrag(dev_net(nat64->dev), skb, nat64_defrag_user(nat64));
	if (!err)
		pkt->reassembled = IPCB(skb)->frag_max_size;

	return err;
}

/**
 * nat64_reassemble6 - reassemble an IPv6 packet
 * @nat64: device
 * @skb: fragment, skb->data at the IPv6 header; its control block is reset
 * @pkt: @pkt->reassembled is set when the packet is complete
 *
 * Context: BH disabled.
 * Return: 0 with the complete packet in @skb, or with an unchanged @skb if it
 * cannot be parsed; otherwise @skb is consumed, and -EINPROGRESS means that
 * fragments are missing.
 */
int nat64_reassemble6(struct nat64_dev *nat64, struct sk_buff *skb,
		      struct nat64_pkt *pkt)
{
	int err;

	memset(IP6CB(skb), 0, sizeof(*IP6CB(skb)));
	err = nf_ct_frag6_gather(dev_net(nat64->dev), skb,
				 nat64_defrag_user(nat64));
	if (!err)
		pkt->reassembled = IP6CB(skb)->frag_max_size;
	else if (err != -EINPROGRESS)
		kfree_skb(skb);

	return err;
}

/* Output function of ip_do_fragment(), which stops at an error. */
static int nat64_frag_output(struct net *net, struct sock *sk,
			     struct sk_buff *skb)
{
	const struct nat64_frag_out *out = container_of(skb_rtable(skb),
							struct nat64_frag_out,
							rt);
	const struct iphdr *iph = ip_hdr(skb);
	struct nat64_hdrs h = out->pkt->h;

	skb_dst_drop(skb);
	if (!out->t)
		return nat64_receive(out->nat64, skb, htons(ETH_P_IP),
				     out->pkt->direct) ? 0 : -ENOBUFS;

	h.l4_off = iph->ihl * 4;
	h.frag = true;
	h.frag_id = ntohs(iph->id);
	h.frag_off = (ntohs(iph->frag_off) & IP_OFFSET) * 8;
	h.mf = !!(iph->frag_off & htons(IP_MF));
	nat64_xlat46_l3(skb, &h, out->t);
	return nat64_receive(out->nat64, skb, htons(ETH_P_IPV6),
			     out->pkt->direct) ? 0 : -ENOBUFS;
}

static enum nat64_reason
nat64_fragment(struct nat64_dev *nat64, struct sk_buff *skb,
	       const struct nat64_pkt *pkt, const struct nat64_tuple6 *t,
	       u16 size)
{
	struct nat64_frag_out out = {
		.nat64 = nat64,
		.pkt = pkt,
		.t = t,
	};
	int err;

	dst_init_metrics(&out.rt.dst, dst_default_metrics.metrics, true);
	out.rt.dst.dev = nat64->dev;

	memset(IPCB(skb), 0, sizeof(*IPCB(skb)));
	IPCB(skb)->frag_max_size = size;
	skb_dst_drop(skb);
	skb_dst_set_noref(skb, &out.rt.dst);
	err = ip_do_fragment(dev_net(nat64->dev), NULL, skb, nat64_frag_output);
	if (likely(!err))
		return NAT64_OK;

	/* Count the packet once, not each fragment. */
	nat64_count(nat64, err == -ENOBUFS ? NAT64_DROP_BACKLOG :
					     NAT64_DROP_NO_MEMORY);
	return NAT64_STORED;
}

/**
 * nat64_fragment46 - fragment an IPv4 packet and send it as IPv6 fragments
 * @nat64: device
 * @skb: packet, skb->data at the IPv4 header, its transport header translated;
 *	consumed
 * @pkt: parsed packet
 * @t: IPv6 addresses
 * @size: largest IPv4 fragment
 *
 * Context: RCU read-side section, BH disabled.
 * Return: NAT64_OK, or NAT64_STORED if the packet was dropped and counted.
 */
enum nat64_reason nat64_fragment46(struct nat64_dev *nat64, struct sk_buff *skb,
				   const struct nat64_pkt *pkt,
				   const struct nat64_tuple6 *t, u16 size)
{
	return nat64_fragment(nat64, skb, pkt, t, size);
}

/**
 * nat64_fragment64 - fragment a translated packet that arrived in fragments
 * @nat64: device
 * @skb: translated IPv4 packet; consumed
 * @pkt: original packet
 * @size: largest IPv4 fragment
 *
 * Context: RCU read-side section, BH disabled.
 * Return: NAT64_OK, or NAT64_STORED if the packet was dropped and counted.
 */
enum nat64_reason nat64_fragment64(struct nat64_dev *nat64, struct sk_buff *skb,
				   const struct nat64_pkt *pkt, u16 size)
{
	return nat64_fragment(nat64, skb, pkt, NULL, size);
}
