// SPDX-License-Identifier: GPL-2.0-only
/*
 * nat64 - packet parser: checks every length, stores offsets.
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

/* More than the largest headroom passed to nat64_make_writable(), rounded up as
 * pskb_expand_head() does.
 */
#define NAT64_HEADROOM_RESERVE	256U

/* Length of the transport header part that is read or written. */
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

/* Reject packets with an unexpired source route, RFC 7915 section 4.1. All
 * other options are ignored.
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

/* Parse the IPv4 header at @off. @end limits the bytes that may belong to the
 * packet.
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
 * section 5.1.1. As IPv4 protocols they are rejected, also in quoted packets:
 * an IPv6 host would parse the payload as a header chain that may end in any
 * protocol, including ICMPv6, without having been checked here.
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

/* Can skb->transport_header represent @off? It has 16 bits, is relative to
 * skb->head, and ~0 means unset. Expanding the head may add headroom.
 */
static bool nat64_is_within_reach(const struct sk_buff *skb, u32 off)
{
	u32 headroom = max(skb_headroom(skb), NAT64_HEADROOM_RESERVE);

	return headroom + off < U16_MAX;
}

/* Skip the extension headers from @off up to @end; RFC 7915 section 5.1 ignores
 * them. In quoted packets (@info is NULL), only truncated headers are rejected.
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
		/* RFC 8200 section 4.1: Hop-by-Hop Options only come first. */
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

	/* Jumbograms cannot be translated to IPv4. */
	if (!ip6h->payload_len && ip6h->nexthdr == NEXTHDR_HOP && info) {
		*info = IP_MAX_MTU;
		return NAT64_DROP_TOO_BIG;
	}

	/* The length in the header must not exceed the packet, unless it is
	 * quoted: quoted packets may be truncated. No error is sent about a
	 * truncated packet.
	 */
	if (end < off + h->len && info)
		return NAT64_DROP_MALFORMED;
	end = min(end, off + h->len);
	return nat64_skip_ext_hdrs(skb, off + sizeof(*ip6h), end,
				   ip6h->nexthdr, h, info);
}

/* Trim link-layer padding. */
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
 * nat64_parse4 - parse the IPv4 header of a packet
 * @skb: packet, skb->data at the IPv4 header
 * @pkt: result, without the transport layer
 *
 * May reallocate the packet's head.
 *
 * Return: NAT64_OK or the drop reason.
 */
enum nat64_reason nat64_parse4(struct sk_buff *skb, struct nat64_pkt *pkt)
{
	struct nat64_hdrs *h = &pkt->h;
	enum nat64_reason reason;

	reason = nat64_parse_ip4(skb, 0, skb->len, h);
	if (reason)
		return reason;
	/* Check the header checksum, as the IPv6 header has none. */
	if (h->bad_csum || (h->frag && !nat64_is_fragment_ok(h)))
		return NAT64_DROP_MALFORMED;
	reason = nat64_trim(skb, h);
	if (reason)
		return reason;

	return nat64_check_options(skb->data + sizeof(struct iphdr),
				   h->l4_off - sizeof(struct iphdr));
}

/**
 * nat64_parse6 - parse the IPv6 header and extension headers of a packet
 * @skb: packet, skb->data at the IPv6 header
 * @pkt: result, without the transport layer
 *
 * May reallocate the packet's head.
 *
 * Return: NAT64_OK or the drop reason; @pkt->info is set if the ICMP error for
 * it needs an MTU or a pointer.
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

/* Read the ports or the query identifier if the @avail bytes at @l4 contain
 * them. These bytes are linear.
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

/* Parse the packet quoted in an ICMP error, which is linear. RFC 7915 section
 * 4.3 allows only one level of quoting.
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

	/* Exclude the padding in front of an RFC 4884 extension. */
	pkt->quote_len = min(end - q->l4_off, q->off + q->len - q->l4_off);
	/* ICMP of the other family is not valid in this one. */
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
 * nat64_parse_l4 - parse the transport header of a packet
 * @skb: packet, skb->data at the IP header
 * @pkt: headers parsed by nat64_parse4() or nat64_parse6()
 * @v6: it is an IPv6 packet
 *
 * May reallocate the packet's head. Afterwards the transport header is linear;
 * an ICMP error is linear as a whole.
 *
 * Return: NAT64_OK or the drop reason.
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
		/* ICMP of the other family is not valid in this one. */
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
 * nat64_make_writable - make the headers of a packet private and writable
 * @skb: packet; its head may be reallocated
 * @pkt: parsed headers
 * @headroom: required headroom in bytes
 *
 * ICMP errors become writable as a whole, other packets up to the end of a TCP
 * header without options.
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
