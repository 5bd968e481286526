// SPDX-License-Identifier: GPL-2.0-only
/*
 * nat64 - translation of IPv4 to IPv6 headers, RFC 7915 section 4.
 */
#include <linux/icmp.h>
#include <linux/icmpv6.h>
#include <linux/ip.h>
#include <net/ip.h>
#include <net/ipv6.h>

#include "csum.h"
#include "icmp.h"
#include "l4.h"
#include "push.h"
#include "xlat.h"

/* Rewrite the transport header at @l4. */
static void nat64_xlat46_ports(u8 *l4, unsigned int avail,
			       const struct nat64_hdrs *h,
			       const struct nat64_tuple6 *t, bool partial)
{
	struct nat64_l4_change change = {
		.from = nat64_csum_addrs4(&h->t4),
		.to = nat64_csum_addrs6(t),
		.sport = t->sport,
		.dport = t->dport,
		.proto = h->proto,
		.partial = partial,
	};

	if (h->proto == IPPROTO_ICMP) {
		/* Only ICMPv6 has a pseudo-header. */
		change.from = 0;
		change.to = nat64_csum_icmp6(t, h->len - (h->l4_off - h->off));
		change.icmp_type = l4[0] == ICMP_ECHO ? ICMPV6_ECHO_REQUEST :
							ICMPV6_ECHO_REPLY;
	}

	nat64_l4_rewrite(l4, avail, &change);
}

/* Translate an ICMP error and the packet that it quotes, RFC 7915 sections 4.2
 * and 4.3. Leaves skb->data at the ICMPv6 header.
 */
static enum nat64_reason nat64_xlat46_error(struct sk_buff *skb,
					    struct nat64_pkt *pkt,
					    const struct nat64_map6 *map,
					    const struct nat64_config *config)
{
	struct nat64_hdrs *q = &pkt->quoted;
	struct nat64_icmp_body body = {
		.l4_off = q->l4_off,
		.quote_len = pkt->quote_len,
		.hdr_len = sizeof(struct ipv6hdr) +
			   (q->frag ? sizeof(struct frag_hdr) : 0),
		.unit = 8,
		.room = IPV6_MIN_MTU - sizeof(struct ipv6hdr) -
			sizeof(struct icmp6hdr),
	};
	struct icmp6hdr *icmp6, header;
	struct icmphdr icmp;
	__sum16 residue;

	/* Check everything before the first write: tracing of drops shows the
	 * untranslated packet.
	 */
	icmp = *(struct icmphdr *)(skb->data + pkt->h.l4_off);
	if (!nat64_icmp46_header(&icmp, pkt, config, &header))
		return NAT64_DROP_ICMP_TYPE;
	residue = nat64_icmp_residue(skb, pkt, false);
	nat64_icmp_find_ext(skb, pkt, false, &body);
	if (!nat64_icmp46_has_ext(&icmp))
		body.ext_len = 0;
	if (nat64_icmp_fit(skb, &body))
		return NAT64_DROP_NO_MEMORY;

	__skb_pull(skb, q->l4_off);
	if (!q->frag_off && pkt->quote_len)
		nat64_xlat46_ports(skb->data, pkt->quote_len, q, &map->quoted,
				   false);
	nat64_push_ip6(skb, q, &map->quoted,
		       q->len - (q->l4_off - q->off));
	if (body.length)
		header.icmp6_datagram_len = body.length;
	icmp6 = __skb_push(skb, sizeof(*icmp6));
	*icmp6 = header;
	nat64_icmp_finish(&icmp6->icmp6_cksum, residue,
			  csum_add(nat64_csum_icmp6(&map->outer, skb->len),
				   csum_partial(icmp6, skb->len, 0)));
	pkt->h.l4_off = 0;
	return NAT64_OK;
}

/**
 * nat64_xlat46_l4 - translate the transport header of an IPv4 packet
 * @skb: packet with enough headroom, skb->data at the IPv4 header; writable
 *	including the transport header, an ICMP error as a whole
 * @pkt: parsed headers; @pkt->h.l4_off changes for an ICMP error
 * @map: addresses and ports to write
 * @config: of the device
 *
 * Keeps the IPv4 header, so that the packet can still be fragmented.
 *
 * Return: NAT64_OK or the drop reason.
 */
enum nat64_reason nat64_xlat46_l4(struct sk_buff *skb, struct nat64_pkt *pkt,
				  const struct nat64_map6 *map,
				  const struct nat64_config *config)
{
	const struct nat64_hdrs *h = &pkt->h;

	if (pkt->icmp_error)
		return nat64_xlat46_error(skb, pkt, map, config);
	if (!h->frag_off)
		nat64_xlat46_ports(skb->data + h->l4_off,
				   skb_headlen(skb) - h->l4_off, h, &map->outer,
				   skb->ip_summed == CHECKSUM_PARTIAL);

	return NAT64_OK;
}

/**
 * nat64_xlat46_l3 - replace the IPv4 header with an IPv6 header
 * @skb: packet, skb->data at the IPv4 header
 * @h: headers of the packet
 * @t: addresses to write
 *
 * Copies the TTL to the hop limit; forwarding decrements it.
 */
void nat64_xlat46_l3(struct sk_buff *skb, const struct nat64_hdrs *h,
		     const struct nat64_tuple6 *t)
{
	__skb_pull(skb, h->l4_off);
	skb_reset_transport_header(skb);
	nat64_push_ip6(skb, h, t, skb->len);
	skb_reset_network_header(skb);
	skb->protocol = htons(ETH_P_IPV6);
}
