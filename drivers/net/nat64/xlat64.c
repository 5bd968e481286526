// SPDX-License-Identifier: GPL-2.0-only
/*
 * nat64 - translation of IPv6 to IPv4 headers, RFC 7915 section 5.
 */
#include <linux/icmp.h>
#include <linux/icmpv6.h>
#include <linux/ip.h>
#include <net/gso.h>
#include <net/ip.h>
#include <net/ipv6.h>

#include "csum.h"
#include "icmp.h"
#include "l4.h"
#include "push.h"
#include "xlat.h"

/* RFC 1812 section 4.3.2.3: maximum size of ICMPv4 errors. */
#define NAT64_ICMP4_MAX		576

/* Rewrite the transport header at @l4. */
static void nat64_xlat64_ports(u8 *l4, unsigned int avail,
			       const struct nat64_hdrs *h,
			       const struct nat64_tuple4 *t, bool partial)
{
	struct nat64_l4_change change = {
		.from = nat64_csum_addrs6(&h->t6),
		.to = nat64_csum_addrs4(t),
		.sport = t->sport,
		.dport = t->dport,
		.proto = h->proto,
		.partial = partial,
	};

	if (h->proto == IPPROTO_ICMPV6) {
		/* Only ICMPv6 has a pseudo-header. */
		change.from = nat64_csum_icmp6(&h->t6,
					       h->len - (h->l4_off - h->off));
		change.to = 0;
		change.icmp_type = l4[0] == ICMPV6_ECHO_REQUEST ?
				   ICMP_ECHO : ICMP_ECHOREPLY;
	}

	nat64_l4_rewrite(l4, avail, &change);
}

/* Translate an ICMP error and the packet that it quotes, RFC 7915 sections 5.2
 * and 5.3. Leaves skb->data at the ICMPv4 header.
 */
static enum nat64_reason nat64_xlat64_error(struct sk_buff *skb,
					    struct nat64_pkt *pkt,
					    const struct nat64_map4 *map)
{
	struct nat64_hdrs *q = &pkt->quoted;
	struct nat64_icmp_body body = {
		.l4_off = q->l4_off,
		.quote_len = pkt->quote_len,
		.hdr_len = sizeof(struct iphdr),
		.unit = 4,
		.room = NAT64_ICMP4_MAX - sizeof(struct iphdr) -
			sizeof(struct icmphdr),
	};
	u32 tot_len = q->len - (q->l4_off - q->off) + sizeof(struct iphdr);
	struct icmphdr *icmp, header;
	struct icmp6hdr icmp6;
	__sum16 residue;

	/* Check everything before the first write: tracing of drops shows the
	 * untranslated packet.
	 */
	if (tot_len > IP_MAX_MTU)
		return NAT64_DROP_ICMP_QUOTE;
	icmp6 = *(struct icmp6hdr *)(skb->data + pkt->h.l4_off);
	if (!nat64_icmp64_header(&icmp6, pkt, &header))
		return NAT64_DROP_ICMP_TYPE;
	residue = nat64_icmp_residue(skb, pkt, true);
	nat64_icmp_find_ext(skb, pkt, true, &body);
	if (nat64_icmp_fit(skb, &body))
		return NAT64_DROP_NO_MEMORY;

	__skb_pull(skb, q->l4_off);
	if (!q->frag_off && pkt->quote_len)
		nat64_xlat64_ports(skb->data, pkt->quote_len, q, &map->quoted,
				   false);
	nat64_push_ip4(skb, q, &map->quoted, tot_len,
		       tot_len > NAT64_DF_ABOVE, 0);
	if (body.length)
		header.un.reserved[1] = body.length;
	icmp = __skb_push(skb, sizeof(*icmp));
	*icmp = header;
	nat64_icmp_finish(&icmp->checksum, residue,
			  csum_partial(icmp, skb->len, 0));
	pkt->h.l4_off = 0;
	return NAT64_OK;
}

/**
 * nat64_xlat64_l4 - translate the transport header of an IPv6 packet
 * @skb: packet with enough headroom, skb->data at the IPv6 header; writable
 *	including the transport header, an ICMP error as a whole
 * @pkt: parsed headers; @pkt->h.l4_off changes for an ICMP error
 * @map: addresses and ports to write
 *
 * Return: NAT64_OK or the drop reason.
 */
enum nat64_reason nat64_xlat64_l4(struct sk_buff *skb, struct nat64_pkt *pkt,
				  const struct nat64_map4 *map)
{
	const struct nat64_hdrs *h = &pkt->h;

	if (pkt->icmp_error)
		return nat64_xlat64_error(skb, pkt, map);
	if (!h->frag_off)
		nat64_xlat64_ports(skb->data + h->l4_off,
				   skb_headlen(skb) - h->l4_off, h, &map->outer,
				   skb->ip_summed == CHECKSUM_PARTIAL);

	return NAT64_OK;
}

/**
 * nat64_xlat64_df - should the IPv4 packet have DF set?
 * @skb: packet with its network and transport headers set
 * @pkt: parsed headers
 *
 * RFC 7915 section 5.1: depends on the size of the IPv4 packet. For GSO
 * packets, the size of the segments counts.
 *
 * Return: true if it should
 */
bool nat64_xlat64_df(const struct sk_buff *skb, const struct nat64_pkt *pkt)
{
	const struct nat64_hdrs *h = &pkt->h;
	/* Length of an IPv6 packet that becomes NAT64_DF_ABOVE bytes in IPv4.
	 */
	u32 above = NAT64_DF_ABOVE - sizeof(struct iphdr) + h->l4_off;

	/* No DF in fragments and reassembled packets, whether reassembled by us
	 * or by the host, nor in errors, which are truncated to 576 bytes.
	 */
	if (h->frag || pkt->reassembled || pkt->icmp_error || skb->ignore_df)
		return false;
	if (skb_is_gso(skb))
		return !skb_gso_validate_network_len(skb, above);
	return h->len > above;
}

/**
 * nat64_xlat64_l3 - replace the IPv6 headers with an IPv4 header
 * @skb: packet, skb->data at the IPv6 header
 * @h: headers of the packet
 * @t: addresses to write
 * @df: set Don't Fragment
 * @id: identification, network byte order, unless there is a Fragment Header
 *
 * Copies the hop limit to the TTL; forwarding decrements it.
 */
void nat64_xlat64_l3(struct sk_buff *skb, const struct nat64_hdrs *h,
		     const struct nat64_tuple4 *t, bool df, __be16 id)
{
	__skb_pull(skb, h->l4_off);
	skb_reset_transport_header(skb);
	nat64_push_ip4(skb, h, t, skb->len + sizeof(struct iphdr), df, id);
	skb_reset_network_header(skb);
	skb->protocol = htons(ETH_P_IP);
}
