// SPDX-License-Identifier: GPL-2.0-only
/*
 * nat64 - checksum and segmentation offload: what may stay offloaded and what
 * has to be done before translation.
 */
#include <linux/tcp.h>
#include <linux/udp.h>
#include <net/gso.h>
#include <net/ip.h>
#include <net/ipv6.h>

#include "offload.h"

/* GSO types that are translated without segmentation. */
#define NAT64_GSO_TYPES							\
	(SKB_GSO_TCPV4 | SKB_GSO_TCPV6 | SKB_GSO_TCP_ECN |		\
	 SKB_GSO_TCP_FIXEDID | SKB_GSO_DODGY | SKB_GSO_UDP_L4 |		\
	 SKB_GSO_SCTP)

/**
 * nat64_offload_csum - compute a checksum unless it may stay offloaded
 * @skb: packet, skb->data at the IP header
 * @h: headers of the packet
 *
 * CHECKSUM_PARTIAL may stay for TCP and UDP if the checksum covers everything
 * from the transport header on. CHECKSUM_COMPLETE is reset.
 *
 * A guest can forge csum_start and csum_offset, so the checksum may be written
 * anywhere behind the IP header: parse the transport header afterwards.
 *
 * Context: any that may allocate with GFP_ATOMIC; may reallocate the head.
 * Return: 0, -ENOMEM, or -EINVAL if csum_start or csum_offset is invalid or the
 * checksum of a GSO packet cannot stay offloaded.
 */
int nat64_offload_csum(struct sk_buff *skb, const struct nat64_hdrs *h)
{
	unsigned int offset;

	skb_forward_csum(skb);
	if (skb->ip_summed != CHECKSUM_PARTIAL || skb_csum_is_sctp(skb))
		return 0;

	/* Forged: the IP header has been parsed and must not change. */
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
 * nat64_offload_gso - change the GSO type of a packet to the other family
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
	/* Payload length and gso_size did not change, so gso_segs is still
	 * valid.
	 */
	shinfo->gso_type &= ~SKB_GSO_TCP_FIXEDID;
}

/**
 * nat64_offload_must_segment - must a packet be segmented before translation?
 * @skb: packet with a gso_size, skb->data at the IP header
 * @h: headers of the packet, without the transport layer
 * @v6: it is an IPv6 packet
 *
 * Context: any that may allocate with GFP_ATOMIC; may reallocate the head.
 * Return: true for tunnels, fraglists, unknown GSO types, fragments and packets
 * that segmentation will reject; and if the translated packet would be too big
 * for IPv4, or its segments would have to be fragmented for IPv6.
 */
bool nat64_offload_must_segment(struct sk_buff *skb, const struct nat64_hdrs *h,
				bool v6)
{
	u32 type = skb_shinfo(skb)->gso_type;

	/* Packets merged by LRO have no GSO type and cannot be segmented. */
	if (skb->encapsulation || !type || type & ~NAT64_GSO_TYPES || h->frag)
		return true;
	if (v6)
		return h->len - h->l4_off + sizeof(struct iphdr) > IP_MAX_MTU;
	if (h->df)
		return false;

	/* Segments may need fragmentation. Their size depends on the transport
	 * header, which may not be parsed yet.
	 */
	if (!pskb_may_pull(skb, h->l4_off + sizeof(struct tcphdr)))
		return true;
	skb_set_transport_header(skb, h->l4_off);
	return !skb_gso_validate_network_len(skb, IPV6_MIN_MTU + h->l4_off -
					     sizeof(struct ipv6hdr));
}
