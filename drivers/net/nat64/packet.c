// SPDX-License-Identifier: GPL-2.0-only
/*
 * nat64 - look at a packet once, check every length, keep the offsets.
 */
#include <linux/icmp.h>
#include <linux/icmpv6.h>
#include <linux/tcp.h>
#include <linux/udp.h>
#include <net/dsfield.h>
#include <net/ip.h>
#include <net/ipv6.h>

#include "icmp.h"
#include "packet.h"

/* More than nat64_make_writable() is ever asked to leave in front, rounded up
 * as the kernel does.
 */
#define NAT64_HEADROOM_RESERVE	256U

/* Bytes of the transport header that are read or written. */
static unsigned int nat64_l4_hdr_len(u8 proto)
{
	switch (proto) {
	case IPPROTO_TCP:
		return sizeof(struct tcphdr);
	case IPPROTO_UDP:
	case IPPROTO_UDPLITE:
		return sizeof(struct udphdr);
	case IPPROTO_ICMP:
	case IPPROTO_ICMPV6:
		return sizeof(struct icmphdr);
	default:
		return 0;
	}
}

/* Refuse a packet that still has to visit addresses of a source route, RFC
 * 7915 section 4.1; all other options are ignored.
 */
static enum nat64_reason nat64_check_options(const u8 *opt, unsigned int len)
{
	unsigned int optlen;

	while (len) {
		if (opt[0] == IPOPT_END)
			break;
		if (opt[0] == IPOPT_NOP) {
			opt++;
			len--;
			continue;
		}

		if (len < 2)
			return NAT64_DROP_MALFORMED;
		optlen = opt[1];
		if (optlen < 2 || optlen > len)
			return NAT64_DROP_MALFORMED;
		if (opt[0] == IPOPT_LSRR || opt[0] == IPOPT_SSRR) {
			if (optlen < 3)
				return NAT64_DROP_MALFORMED;
			if (opt[2] <= optlen)
				return NAT64_DROP_SOURCE_ROUTE;
		}

		opt += optlen;
		len -= optlen;
	}

	return NAT64_OK;
}

/* Parse the IPv4 header at @off; @end is where the bytes end that may belong
 * to it.
 */
static enum nat64_reason nat64_parse_ip4(struct sk_buff *skb, u32 off, u32 end,
					 struct nat64_hdrs *h)
{
	const struct iphdr *iph;
	unsigned int ihl;

	if (end < off + sizeof(*iph) ||
	    !pskb_may_pull(skb, off + sizeof(*iph)))
		return NAT64_DROP_MALFORMED;
	iph = (const struct iphdr *)(skb->data + off);
	ihl = iph->ihl * 4;
	if (iph->version != 4 || ihl < sizeof(*iph) || end < off + ihl ||
	    !pskb_may_pull(skb, off + ihl))
		return NAT64_DROP_MALFORMED;

	iph = (const struct iphdr *)(skb->data + off);
	h->off = off;
	h->l4_off = off + ihl;
	h->len = ntohs(iph->tot_len);
	h->t4.src = iph->saddr;
	h->t4.dst = iph->daddr;
	h->t4.sport = 0;
	h->t4.dport = 0;
	h->proto = iph->protocol;
	h->tos = iph->tos;
	h->hops = iph->ttl;
	h->df = !!(iph->frag_off & htons(IP_DF));
	h->mf = !!(iph->frag_off & htons(IP_MF));
	h->bad_csum = !!ip_fast_csum(iph, iph->ihl);
	h->frag_off = (ntohs(iph->frag_off) & IP_OFFSET) * 8;
	h->frag = !nat64_is_whole(h);
	h->frag_id = ntohs(iph->id);

	return h->len < ihl ? NAT64_DROP_MALFORMED : NAT64_OK;
}

/* IPv6 extension headers. They must not follow a Fragment Header, RFC 7915
 * section 5.1.1. As IPv4 protocols they are refused, and so are packets that
 * quote them: an IPv6 host would parse the payload as a chain of headers with
 * any protocol behind it, ICMPv6 too, that no check of ours has seen.
 */
static bool nat64_is_ext_hdr(u8 nexthdr)
{
	switch (nexthdr) {
	case NEXTHDR_HOP:
	case NEXTHDR_ROUTING:
	case NEXTHDR_FRAGMENT:
	case NEXTHDR_AUTH:
	case NEXTHDR_DEST:
	case NEXTHDR_MOBILITY:
	case 139:	/* Host Identity Protocol */
	case 140:	/* Shim6 */
		return true;
	default:
		return false;
	}
}

/* May a transport header be at @off? The packet's own offsets of headers have
 * 16 bits, count from skb->head, and ~0 is none. Making room in front of
 * the packet may add to its headroom.
 */
static bool nat64_is_within_reach(const struct sk_buff *skb, u32 off)
{
	u32 headroom = max(skb_headroom(skb), NAT64_HEADROOM_RESERVE);

	return headroom + off < U16_MAX;
}

/* Skip the extension headers from @off on, up to @end; RFC 7915 section 5.1
 * has them ignored. In a quoted packet (@info is NULL) nothing is refused.
 */
static enum nat64_reason nat64_skip_ext_hdrs(struct sk_buff *skb, u32 off,
					     u32 end, u8 nexthdr,
					     struct nat64_hdrs *h, u32 *info)
{
	const struct ipv6_rt_hdr *opt;
	struct ipv6_rt_hdr _opt;
	struct frag_hdr _fh;
	const struct frag_hdr *fh;

	while (nexthdr == NEXTHDR_HOP || nexthdr == NEXTHDR_DEST ||
	       nexthdr == NEXTHDR_ROUTING) {
		if (end < off + 8)
			return NAT64_DROP_MALFORMED;
		opt = skb_header_pointer(skb, off, sizeof(_opt), &_opt);
		if (!opt)
			return NAT64_DROP_MALFORMED;
		if (nexthdr == NEXTHDR_ROUTING && opt->segments_left && info) {
			*info = off - h->off +
				offsetof(struct ipv6_rt_hdr, segments_left);
			return NAT64_DROP_ROUTING_HEADER;
		}
		nexthdr = opt->nexthdr;
		/* RFC 8200 section 4.1: it comes first or not at all. */
		if (nexthdr == NEXTHDR_HOP && info)
			return NAT64_DROP_MALFORMED;
		off += (opt->hdrlen + 1) * 8;
		if (off > end)
			return NAT64_DROP_MALFORMED;
	}

	if (nexthdr == NEXTHDR_FRAGMENT) {
		if (end < off + sizeof(*fh))
			return NAT64_DROP_MALFORMED;
		fh = skb_header_pointer(skb, off, sizeof(_fh), &_fh);
		if (!fh)
			return NAT64_DROP_MALFORMED;
		h->frag = true;
		h->mf = !!(fh->frag_off & htons(IP6_MF));
		h->frag_off = ntohs(fh->frag_off) & IP6_OFFSET;
		h->frag_id = ntohl(fh->identification);
		nexthdr = fh->nexthdr;
		off += sizeof(*fh);
		if (nat64_is_ext_hdr(nexthdr) && info)
			return NAT64_DROP_FRAGMENT_CHAIN;
	}

	if (!nat64_is_within_reach(skb, off))
		return NAT64_DROP_MALFORMED;

	h->proto = nexthdr;
	h->l4_off = off;
	return NAT64_OK;
}

/* Parse the IPv6 header and its extension headers at @off. */
static enum nat64_reason nat64_parse_ip6(struct sk_buff *skb, u32 off, u32 end,
					 struct nat64_hdrs *h, u32 *info)
{
	const struct ipv6hdr *ip6h;

	if (end < off + sizeof(*ip6h) ||
	    !pskb_may_pull(skb, off + sizeof(*ip6h)))
		return NAT64_DROP_MALFORMED;
	ip6h = (const struct ipv6hdr *)(skb->data + off);
	if (ip6h->version != 6)
		return NAT64_DROP_MALFORMED;

	h->off = off;
	h->len = sizeof(*ip6h) + ntohs(ip6h->payload_len);
	h->t6.src = ip6h->saddr;
	h->t6.dst = ip6h->daddr;
	h->t6.sport = 0;
	h->t6.dport = 0;
	h->tos = ipv6_get_dsfield(ip6h);
	h->hops = ip6h->hop_limit;
	h->frag = false;
	h->mf = false;
	h->df = false;
	h->bad_csum = false;
	h->frag_off = 0;
	h->frag_id = 0;

	/* A jumbogram has no IPv4 form. */
	if (!ip6h->payload_len && ip6h->nexthdr == NEXTHDR_HOP && info) {
		*info = IP_MAX_MTU;
		return NAT64_DROP_TOO_BIG;
	}

	/* What the header says ends the packet; a quoted one may be cut. No
	 * error is sent about one that is not all there.
	 */
	if (end < off + h->len && info)
		return NAT64_DROP_MALFORMED;
	end = min(end, off + h->len);
	return nat64_skip_ext_hdrs(skb, off + sizeof(*ip6h), end,
				   ip6h->nexthdr, h, info);
}

/* Cut link-layer padding; a packet shorter than it says is malformed. */
static enum nat64_reason nat64_trim(struct sk_buff *skb,
				    const struct nat64_hdrs *h)
{
	if (skb->len < h->len)
		return NAT64_DROP_MALFORMED;
	if (pskb_trim_rcsum(skb, h->len))
		return NAT64_DROP_NO_MEMORY;
	return NAT64_OK;
}

/**
 * nat64_parse4 - look at the IPv4 header of a packet
 * @skb: packet, skb->data at the IPv4 header
 * @pkt: filled in, but for the transport layer
 *
 * May reallocate the packet's head.
 *
 * Return: NAT64_OK, or why the packet cannot be translated.
 */
enum nat64_reason nat64_parse4(struct sk_buff *skb, struct nat64_pkt *pkt)
{
	struct nat64_hdrs *h = &pkt->h;
	enum nat64_reason reason;

	reason = nat64_parse_ip4(skb, 0, skb->len, h);
	if (reason)
		return reason;
	/* The header goes away, and with it its checksum. */
	if (h->bad_csum || (h->frag && !nat64_is_fragment_ok(h)))
		return NAT64_DROP_MALFORMED;
	reason = nat64_trim(skb, h);
	if (reason)
		return reason;

	return nat64_check_options(skb->data + sizeof(struct iphdr),
				   h->l4_off - sizeof(struct iphdr));
}

/**
 * nat64_parse6 - look at the IPv6 header and extension headers of a packet
 * @skb: packet, skb->data at the IPv6 header
 * @pkt: filled in, but for the transport layer
 *
 * May reallocate the packet's head.
 *
 * Return: NAT64_OK, or why the packet cannot be translated; @pkt->info is then
 * what an error about it has to tell.
 */
enum nat64_reason nat64_parse6(struct sk_buff *skb, struct nat64_pkt *pkt)
{
	enum nat64_reason reason;

	reason = nat64_parse_ip6(skb, 0, skb->len, &pkt->h, &pkt->info);
	if (reason)
		return reason;
	if (pkt->h.frag && !nat64_is_fragment_ok(&pkt->h))
		return NAT64_DROP_MALFORMED;

	return nat64_trim(skb, &pkt->h);
}

/* Read ports or the query identifier, if they are within the @avail bytes,
 * which are linear.
 */
static void nat64_read_ports(const u8 *l4, u32 avail, u8 proto, __be16 *sport,
			     __be16 *dport)
{
	switch (proto) {
	case IPPROTO_TCP:
	case IPPROTO_UDP:
		if (avail < 4)
			break;
		*sport = ((const __be16 *)l4)[0];
		*dport = ((const __be16 *)l4)[1];
		break;
	case IPPROTO_ICMP:
	case IPPROTO_ICMPV6:
		if (avail < offsetofend(struct icmphdr, un.echo.id))
			break;
		*sport = ((const struct icmphdr *)l4)->un.echo.id;
		*dport = *sport;
		break;
	}
}

/* Look at the packet quoted in an ICMP error, which is linear. RFC 7915
 * section 4.3 allows one level of quoting.
 */
static enum nat64_reason nat64_parse_quoted(struct sk_buff *skb,
					    struct nat64_pkt *pkt, bool v6)
{
	struct nat64_hdrs *q = &pkt->quoted;
	enum nat64_reason reason;
	u32 end;
	u8 *l4;

	end = nat64_icmp_quote_end(skb->data + pkt->h.l4_off,
				   pkt->h.len - pkt->h.l4_off, v6);
	if (!end)
		return NAT64_DROP_ICMP_QUOTE;
	end += pkt->h.l4_off;

	reason = v6 ? nat64_parse_ip6(skb, pkt->h.l4_off + sizeof(struct icmphdr),
				      end, q, NULL) :
		      nat64_parse_ip4(skb, pkt->h.l4_off + sizeof(struct icmphdr),
				      end, q);
	if (reason)
		return NAT64_DROP_ICMP_QUOTE;

	/* Padding in front of an RFC 4884 extension is no payload. */
	pkt->quote_len = min(end - q->l4_off, q->off + q->len - q->l4_off);
	/* The other family's ICMP is no protocol of this one. */
	if (q->proto == (v6 ? IPPROTO_ICMP : IPPROTO_ICMPV6) ||
	    nat64_is_ext_hdr(q->proto))
		return NAT64_DROP_ICMP_QUOTE;
	if (q->frag_off)
		return NAT64_OK;

	l4 = skb->data + q->l4_off;
	if (q->proto == (v6 ? IPPROTO_ICMPV6 : IPPROTO_ICMP) &&
	    (!pkt->quote_len || !nat64_icmp_is_echo(l4[0], v6)))
		return NAT64_DROP_ICMP_QUOTE;
	if (v6)
		nat64_read_ports(l4, pkt->quote_len, q->proto, &q->t6.sport,
				 &q->t6.dport);
	else
		nat64_read_ports(l4, pkt->quote_len, q->proto, &q->t4.sport,
				 &q->t4.dport);

	return NAT64_OK;
}

/**
 * nat64_parse_l4 - look at the transport header of a packet
 * @skb: packet, skb->data at the IP header
 * @pkt: filled in by nat64_parse4() or nat64_parse6() already
 * @v6: it is an IPv6 packet
 *
 * May reallocate the packet's head. Afterwards the transport header is linear,
 * and all of an ICMP error.
 *
 * Return: NAT64_OK, or why the packet cannot be translated.
 */
enum nat64_reason nat64_parse_l4(struct sk_buff *skb, struct nat64_pkt *pkt,
				 bool v6)
{
	struct nat64_hdrs *h = &pkt->h;
	unsigned int need = nat64_l4_hdr_len(h->proto);
	unsigned int avail = h->len - h->l4_off;
	const struct tcphdr *th;
	const struct udphdr *uh;
	const u8 *l4;

	pkt->icmp_error = false;
	skb_set_transport_header(skb, h->l4_off);

	if (h->proto == (v6 ? IPPROTO_ICMPV6 : IPPROTO_ICMP)) {
		if (!nat64_is_whole(h))
			return NAT64_DROP_ICMP_FRAGMENT;
	} else if (h->proto == (v6 ? IPPROTO_ICMP : IPPROTO_ICMPV6)) {
		/* The other family's ICMP is no protocol of this one. */
		return NAT64_DROP_PROTOCOL;
	} else if (!v6 && nat64_is_ext_hdr(h->proto)) {
		return NAT64_DROP_EXT_HDR;
	}
	if (h->frag_off)
		return NAT64_OK;

	if (avail < need || !pskb_may_pull(skb, h->l4_off + need))
		return NAT64_DROP_MALFORMED;
	l4 = skb->data + h->l4_off;

	switch (h->proto) {
	case IPPROTO_TCP:
		th = (const struct tcphdr *)l4;
		if (th->doff * 4 < need || (!h->mf && th->doff * 4 > avail))
			return NAT64_DROP_MALFORMED;
		break;
	case IPPROTO_UDP:
		uh = (const struct udphdr *)l4;
		if (ntohs(uh->len) < need ||
		    (!h->mf && ntohs(uh->len) > avail))
			return NAT64_DROP_MALFORMED;
		break;
	case IPPROTO_ICMP:
	case IPPROTO_ICMPV6:
		if (nat64_icmp_is_echo(l4[0], v6))
			break;
		if (!nat64_icmp_is_error(l4[0], v6))
			return NAT64_DROP_ICMP_TYPE;
		if (skb_linearize(skb))
			return NAT64_DROP_NO_MEMORY;
		pkt->icmp_error = true;
		return nat64_parse_quoted(skb, pkt, v6);
	default:
		return NAT64_OK;
	}

	if (v6)
		nat64_read_ports(l4, avail, h->proto, &h->t6.sport,
				 &h->t6.dport);
	else
		nat64_read_ports(l4, avail, h->proto, &h->t4.sport,
				 &h->t4.dport);

	return NAT64_OK;
}

/**
 * nat64_make_writable - make the headers ours to write
 * @skb: packet; its data may move
 * @pkt: what is known of it
 * @headroom: bytes that are to be free in front
 *
 * An ICMP error may be written to as a whole, another packet up to the end of
 * the largest transport header without options.
 *
 * Return: 0 or -ENOMEM.
 */
int nat64_make_writable(struct sk_buff *skb, const struct nat64_pkt *pkt,
			unsigned int headroom)
{
	unsigned int len = pkt->icmp_error ? skb->len :
			   min_t(unsigned int, skb->len,
				 pkt->h.l4_off + sizeof(struct tcphdr));
	int err;

	err = skb_ensure_writable(skb, len);
	if (err)
		return err;

	return skb_cow_head(skb, headroom);
}
