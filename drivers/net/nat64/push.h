/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * nat64 - new IP headers. Inline, because most packets have no fragment.
 */
#ifndef _NAT64_PUSH_H
#define _NAT64_PUSH_H

#include <linux/ip.h>
#include <linux/skbuff.h>
#include <net/ip.h>
#include <net/ipv6.h>

#include "packet.h"

/**
 * nat64_nexthdr - next header for an IPv4 protocol
 * @protocol: IPv4 protocol
 *
 * Return: the next header
 */
static inline u8 nat64_nexthdr(u8 protocol)
{
	return protocol == IPPROTO_ICMP ? IPPROTO_ICMPV6 : protocol;
}

/**
 * nat64_push_ip6 - push an IPv6 header
 * @skb: packet with enough headroom, skb->data at the transport header
 * @h: IPv4 headers to replace; a fragment gets a Fragment Header
 * @t: addresses
 * @payload_len: bytes of transport header and payload
 */
static inline void nat64_push_ip6(struct sk_buff *skb,
				  const struct nat64_hdrs *h,
				  const struct nat64_tuple6 *t,
				  u32 payload_len)
{
	u8 nexthdr = nat64_nexthdr(h->proto);
	struct ipv6hdr *ip6h;
	struct frag_hdr *fh;

	/* RFC 7915 section 4: no Fragment Header unless it is a fragment. */
	if (h->frag) {
		fh = __skb_push(skb, sizeof(*fh));
		fh->nexthdr = nexthdr;
		fh->reserved = 0;
		fh->frag_off = htons(h->frag_off | (h->mf ? IP6_MF : 0));
		fh->identification = htonl(h->frag_id);
		nexthdr = NEXTHDR_FRAGMENT;
		payload_len += sizeof(*fh);
	}

	ip6h = __skb_push(skb, sizeof(*ip6h));
	ip6_flow_hdr(ip6h, h->tos, 0);
	ip6h->payload_len = htons(payload_len);
	ip6h->nexthdr = nexthdr;
	ip6h->hop_limit = h->hops;
	ip6h->saddr = t->src;
	ip6h->daddr = t->dst;
}

/**
 * nat64_push_ip4 - push an IPv4 header
 * @skb: packet with enough headroom, skb->data at the transport header
 * @h: IPv6 headers to replace
 * @t: addresses
 * @tot_len: length of the IPv4 packet
 * @df: set Don't Fragment
 * @id: identification, network byte order, unless there is a Fragment Header
 */
static inline void nat64_push_ip4(struct sk_buff *skb,
				  const struct nat64_hdrs *h,
				  const struct nat64_tuple4 *t, u32 tot_len,
				  bool df, __be16 id)
{
	struct iphdr *iph = __skb_push(skb, sizeof(*iph));
	u16 frag_off = df ? IP_DF : 0;

	/* RFC 7915 section 5.1.1 */
	if (h->frag) {
		frag_off = (h->frag_off / 8) | (h->mf ? IP_MF : 0);
		id = htons(h->frag_id & 0xffff);
	}

	iph->version = 4;
	iph->ihl = sizeof(*iph) / 4;
	iph->tos = h->tos;
	iph->tot_len = htons(tot_len);
	iph->id = id;
	iph->frag_off = htons(frag_off);
	iph->ttl = h->hops;
	iph->protocol = h->proto == IPPROTO_ICMPV6 ? IPPROTO_ICMP : h->proto;
	iph->saddr = t->src;
	iph->daddr = t->dst;
	ip_send_check(iph);
}

#endif /* _NAT64_PUSH_H */
