// SPDX-License-Identifier: GPL-2.0-only
/*
 * nat64 - path MTU on either side, sizes of fragments.
 */
#include <linux/icmp.h>
#include <linux/icmpv6.h>
#include <net/ip.h>
#include <net/ip6_route.h>
#include <net/ipv6.h>
#include <net/l3mdev.h>
#include <net/route.h>

#include "config.h"
#include "nat64.h"
#include "packet.h"
#include "pmtu.h"
#include "xlat.h"

/* Size that an IPv4 fragment grows by when translated to IPv6. */
#define NAT64_GROWTH_FRAG						\
	(sizeof(struct ipv6hdr) + sizeof(struct frag_hdr) -		\
	 sizeof(struct iphdr))

/**
 * nat64_path_mtu4 - path MTU to an IPv4 address
 * @nat64: device
 * @addr: destination
 *
 * Context: RCU read-side section.
 * Return: bytes, U32_MAX if there is no route.
 */
u32 nat64_path_mtu4(const struct nat64_dev *nat64, __be32 addr)
{
	struct flowi4 fl = {
		.daddr = addr,
		.flowi4_oif = l3mdev_master_ifindex_rcu(nat64->dev),
	};
	struct rtable *rt = ip_route_output_key(dev_net(nat64->dev), &fl);
	u32 mtu;

	if (IS_ERR(rt))
		return U32_MAX;

	mtu = dst_mtu(&rt->dst);
	ip_rt_put(rt);
	return mtu;
}

/* Path MTU to an IPv6 address. */
static u32 nat64_path_mtu6(const struct nat64_dev *nat64,
			   const struct in6_addr *addr)
{
	struct flowi6 fl = {
		.daddr = *addr,
		.flowi6_oif = l3mdev_master_ifindex_rcu(nat64->dev),
	};
	struct dst_entry *dst = ip6_route_output(dev_net(nat64->dev), NULL,
						 &fl);
	u32 mtu = dst->error ? U32_MAX : dst_mtu(dst);

	dst_release(dst);
	return mtu;
}

/**
 * nat64_reassembled_size - size of IPv4 fragments of a reassembled packet
 * @pkt: packet
 *
 * Fragments leave no larger than they arrived, measured in either family, but
 * not smaller than the minimum MTU (RFC 791).
 *
 * Return: the size in bytes
 */
u32 nat64_reassembled_size(const struct nat64_pkt *pkt)
{
	return max_t(u32, pkt->reassembled, IPV4_MIN_MTU + NAT64_GROWTH_FRAG) -
	       NAT64_GROWTH_FRAG;
}

/* Same from IPv4 to IPv6, including IPv4 options, which count in every fragment
 * until its header is translated. Fragments carry no more payload than the ones
 * received. They are not more than were received either, as long as each fits
 * into the IPv6 minimum MTU.
 */
static u32 nat64_reassembled_size46(const struct nat64_pkt *pkt)
{
	const struct nat64_hdrs *h = &pkt->h;
	u32 least = round_down(max_t(u32, IPV4_MIN_MTU, h->l4_off + 8) -
			       h->l4_off, 8);
	u32 came = max_t(u32, pkt->reassembled, h->l4_off + 8) - h->l4_off;
	u32 fits = nat64_reassembled_size(pkt) - sizeof(struct iphdr);
	u32 total = h->len - h->l4_off;
	u32 payload;

	came = round_down(came, 8);
	payload = max(min(came, round_down(fits, 8)), least);
	if (payload < came && came + NAT64_GROWTH_FRAG +
	    sizeof(struct iphdr) <= IPV6_MIN_MTU &&
	    DIV_ROUND_UP(total, payload) > DIV_ROUND_UP(total, came))
		payload = came;

	return h->l4_off + payload;
}

/* Size up to which packets without DF are not fragmented. IPv6 routers cannot
 * fragment them, so limit it to the path MTU if the user allows more than the
 * IPv6 minimum MTU.
 */
static u32 nat64_lowest_mtu(const struct nat64_dev *nat64,
			    const struct nat64_config *config,
			    const struct in6_addr *dst)
{
	if (config->lowest_ipv6_mtu == IPV6_MIN_MTU)
		return IPV6_MIN_MTU;

	return clamp_t(u32, nat64_path_mtu6(nat64, dst), IPV6_MIN_MTU,
		       config->lowest_ipv6_mtu);
}

/**
 * nat64_fragment_size - size of IPv4 fragments to split a packet into
 * @nat64: device
 * @config: of the device
 * @skb: IPv4 packet
 * @pkt: parsed headers
 * @dst: IPv6 destination
 *
 * RFC 7915 section 4.1 for packets without DF. Fragments of a packet that we
 * reassembled are no larger than the ones received.
 *
 * Context: RCU read-side section.
 * Return: bytes, 0 if the packet need not be fragmented.
 */
u16 nat64_fragment_size(const struct nat64_dev *nat64,
			const struct nat64_config *config,
			const struct sk_buff *skb, const struct nat64_pkt *pkt,
			const struct in6_addr *dst)
{
	const struct nat64_hdrs *h = &pkt->h;
	u32 options = h->l4_off - sizeof(struct iphdr);
	u32 len6 = h->len - h->l4_off + sizeof(struct ipv6hdr) +
		   (h->frag ? sizeof(struct frag_hdr) : 0);
	u32 size = IP_MAX_MTU;

	if (pkt->icmp_error || skb_is_gso(skb))
		return 0;
	if (!h->df && len6 > IPV6_MIN_MTU) {
		u32 limit = nat64_lowest_mtu(nat64, config, dst);

		if (len6 > limit)
			size = limit - NAT64_GROWTH_FRAG + options;
	}
	if (pkt->reassembled &&
	    len6 > nat64_reassembled_size(pkt) + NAT64_GROWTH_FRAG)
		size = min_t(u32, size, nat64_reassembled_size46(pkt));

	return size < h->len ? size : 0;
}

/**
 * nat64_mtu_limit6 - limit for the MTU in an ICMPv6 error, RFC 7915 section 4.2
 * @nat64: device
 * @skb: ICMPv4 error to translate
 * @pkt: parsed headers
 * @map: its translated addresses
 *
 * Only looks up routes for errors that report a path MTU.
 *
 * Context: RCU read-side section.
 * Return: IPv6 packet size in bytes, U32_MAX for no limit.
 */
u32 nat64_mtu_limit6(const struct nat64_dev *nat64, const struct sk_buff *skb,
		     const struct nat64_pkt *pkt, const struct nat64_map6 *map)
{
	const struct icmphdr *icmp = (struct icmphdr *)(skb->data +
							pkt->h.l4_off);
	u32 mtu4;

	if (icmp->type != ICMP_DEST_UNREACH || icmp->code != ICMP_FRAG_NEEDED)
		return U32_MAX;

	mtu4 = nat64_path_mtu4(nat64, pkt->quoted.t4.dst);
	return min(nat64_path_mtu6(nat64, &map->outer.dst),
		   mtu4 == U32_MAX ? mtu4 : mtu4 + (u32)NAT64_GROWTH_HDR);
}

/**
 * nat64_mtu_limit4 - limit for the MTU in an ICMPv4 error, RFC 7915 section 5.2
 * @nat64: device
 * @skb: ICMPv6 error to translate
 * @pkt: parsed headers
 * @map: its translated addresses
 *
 * Context: RCU read-side section.
 * Return: IPv4 packet size in bytes, at least U32_MAX - 20 for no limit.
 */
u32 nat64_mtu_limit4(const struct nat64_dev *nat64, const struct sk_buff *skb,
		     const struct nat64_pkt *pkt, const struct nat64_map4 *map)
{
	const struct icmp6hdr *icmp6 = (struct icmp6hdr *)(skb->data +
							   pkt->h.l4_off);

	if (icmp6->icmp6_type != ICMPV6_PKT_TOOBIG)
		return U32_MAX;

	return min(nat64_path_mtu4(nat64, map->outer.dst),
		   nat64_path_mtu6(nat64, &pkt->quoted.t6.dst) -
		   (u32)NAT64_GROWTH_HDR);
}
