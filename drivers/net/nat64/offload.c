// SPDX-License-Identifier: GPL-2.0-only
/*
 * nat64 - work on a packet that is left to others: what may stay with them, and
 * what has to be done before the packet is translated.
 */
#include <linux/tcp.h>
#include <linux/udp.h>
#include <net/ip.h>
#include <net/ipv6.h>

#include "offload.h"

/* Segmentation offloads whose packets we translate as they are. */
#define NAT64_GSO_TYPES							\
	(SKB_GSO_TCPV4 | SKB_GSO_TCPV6 | SKB_GSO_TCP_ECN |		\
	 SKB_GSO_TCP_FIXEDID | SKB_GSO_DODGY | SKB_GSO_UDP_L4 |		\
	 SKB_GSO_SCTP)

/**
 * nat64_offload_csum - compute a checksum unless it may stay with offload
 * @skb: packet, skb->data at the IP header
 * @h: its headers
 *
 * It may stay where we know what it covers: all from the transport header on.
 * A sum over the packet that came with it is forgotten.
 *
 * What is computed may be written anywhere behind the IP header, if a guest has
 * forged where: look at the transport header after that.
 *
 * Context: any that may allocate with GFP_ATOMIC; may reallocate the head.
 * Return: 0, or -ENOMEM, or -EINVAL when the packet does not hold what is to be
 * summed.
 */
int nat64_offload_csum(struct sk_buff *skb, const struct nat64_hdrs *h)
{
	unsigned int offset;

	skb_forward_csum(skb);
	if (skb->ip_summed != CHECKSUM_PARTIAL || skb->csum_not_inet)
		return 0;

	/* Forged: the IP header has been looked at, and is none of its business. */
	if (skb_checksum_start_offset(skb) < (int)h->l4_off)
		return -EINVAL;

	offset = h->proto == IPPROTO_TCP ? offsetof(struct tcphdr, check) :
					   offsetof(struct udphdr, check);
	if ((h->proto == IPPROTO_TCP || h->proto == IPPROTO_UDP) &&
	    !h->frag && skb_checksum_start_offset(skb) == h->l4_off &&
	    skb->csum_offset == offset)
		return 0;

	/* Forged: skb_checksum_help() would warn. */
	if (skb_is_gso(skb))
		return -EINVAL;

	return skb_checksum_help(skb);
}

/**
 * nat64_offload_gso - give a packet that is to be segmented its new family
 * @skb: packet
 * @from: SKB_GSO_TCPV4 or SKB_GSO_TCPV6
 * @to: the other one
 *
 * Context: any.
 */
void nat64_offload_gso(struct sk_buff *skb, u32 from, u32 to)
{
	struct skb_shared_info *shinfo = skb_shinfo(skb);

	if (!skb_is_gso(skb))
		return;
	if (shinfo->gso_type & from)
		shinfo->gso_type = (shinfo->gso_type & ~from) | to;
	/* Neither the payload nor gso_size has changed: gso_segs is right. */
	shinfo->gso_type &= ~SKB_GSO_TCP_FIXEDID;
}

/**
 * nat64_offload_must_segment - must a packet be segmented before translation?
 * @skb: packet with a gso_size, skb->data at the IP header
 * @h: its headers, but for the transport layer
 * @v6: it is an IPv6 packet
 *
 * Context: any that may allocate with GFP_ATOMIC; may reallocate the head.
 * Return: true for tunnels, lists, types that we do not know, fragments and
 * what segmentation is to refuse; and where the two families differ in size.
 */
bool nat64_offload_must_segment(struct sk_buff *skb, const struct nat64_hdrs *h,
				bool v6)
{
	u32 type = skb_shinfo(skb)->gso_type;

	/* Merged by a device's LRO, there is no type: nothing can undo that. */
	if (skb->encapsulation || !type || type & ~NAT64_GSO_TYPES || h->frag)
		return true;
	if (v6)
		return h->len - h->l4_off + sizeof(struct iphdr) > IP_MAX_MTU;
	if (h->df)
		return false;

	/* Each segment may have to be fragmented. Its size depends on the
	 * transport header, which nobody need have looked at.
	 */
	if (!pskb_may_pull(skb, h->l4_off + sizeof(struct tcphdr)))
		return true;
	skb_set_transport_header(skb, h->l4_off);
	return !skb_gso_validate_network_len(skb, IPV6_MIN_MTU + h->l4_off -
					     sizeof(struct ipv6hdr));
}
