// SPDX-License-Identifier: GPL-2.0-only
/*
 * nat64 - stateless mapping: explicit mappings (RFC 7757) first, then pool6
 * (RFC 7915 section 6).
 */
#include <linux/math64.h>
#include <linux/random.h>
#include <net/ipv6.h>

#include "addr.h"
#include "config.h"
#include "eam.h"
#include "hash.h"
#include "map.h"
#include "nat64.h"

/* IPv4 dummy address (RFC 7600), source of ICMP errors from nodes without an
 * IPv4 address if there is no RFC 6791 pool.
 */
#define NAT64_DUMMY4	htonl(0xc0000008)

/* Map an address of an IPv6 packet to IPv4. *@by_pool6 is false if an explicit
 * mapping was used.
 */
static bool nat64_addr64(struct nat64_eam_table *eam,
			 const struct nat64_config *config,
			 const struct in6_addr *addr6, __be32 *addr4,
			 bool *by_pool6)
{
	*by_pool6 = false;
	if (nat64_eam_find6(eam, addr6, addr4))
		return true;
	if (!ipv6_prefix_equal(addr6, &config->pool6, config->pool6_len))
		return false;

	*by_pool6 = true;
	*addr4 = nat64_extract(addr6, config->pool6_len);
	return true;
}

/* Address number @index of the pool, counted over all ranges. */
static u32 nat64_rfc6791_pick(const struct nat64_config *config, u64 index)
{
	const struct nat64_range4 *range = config->rfc6791;

	while (index >= nat64_range4_addrs(range))
		index -= nat64_range4_addrs(range++);

	return range->first + index;
}

/* Source of an ICMPv6 error from a node without an IPv4 address, RFC 6791. */
static __be32 nat64_rfc6791_addr(const struct nat64_config *config,
				 const struct in6_addr *node)
{
	u64 index;
	u32 pick;

	if (!config->rfc6791_addrs)
		return NAT64_DUMMY4;

	pick = config->randomize_rfc6791 ? get_random_u32() :
					   nat64_hash(node, sizeof(*node), 0);
	div64_u64_rem(pick, config->rfc6791_addrs, &index);
	return htonl(nat64_rfc6791_pick(config, index));
}

static enum nat64_reason nat64_stateless_src4(struct nat64_eam_table *eam,
					      const struct nat64_config *config,
					      const struct nat64_pkt *pkt,
					      __be32 *src)
{
	enum nat64_reason reason = NAT64_OK;
	bool by_pool6;

	if (!nat64_addr64(eam, config, &pkt->h.t6.src, src, &by_pool6))
		reason = NAT64_DROP_UNTRANSLATABLE;
	else if (nat64_addr4_illegal(*src))
		reason = NAT64_DROP_ILLEGAL_SRC;
	else if (!pkt->icmp_error && by_pool6 && config->wkp &&
		 config->wkp_strict && !nat64_addr4_global(*src))
		return NAT64_DROP_WKP_NONGLOBAL;

	/* Path MTU discovery depends on errors from any source. */
	if (reason && pkt->icmp_error) {
		*src = nat64_rfc6791_addr(config, &pkt->h.t6.src);
		reason = NAT64_OK;
	}

	return reason;
}

static enum nat64_reason nat64_stateless_dst4(struct nat64_eam_table *eam,
					      const struct nat64_config *config,
					      const struct nat64_pkt *pkt,
					      __be32 *dst, bool *by_pool6)
{
	*by_pool6 = !nat64_eam_find6(eam, &pkt->h.t6.dst, dst);
	if (*by_pool6)
		return nat64_pool6_dst(config, pkt, &pkt->h.t6.dst, dst);

	return nat64_addr4_illegal(*dst) ? NAT64_DROP_ILLEGAL_DST : NAT64_OK;
}

static bool nat64_eam_has4(struct nat64_eam_table *eam, __be32 addr4)
{
	struct in6_addr addr6;

	return nat64_eam_find4(eam, addr4, &addr6);
}

/**
 * nat64_stateless_map4 - map addresses of an IPv6 packet to IPv4
 * @nat64: device
 * @config: of the device
 * @pkt: IPv6 packet, addresses checked; @pkt->hairpin is set if it must be
 *	translated back to IPv6, RFC 7757 section 4.2.2
 * @map: result
 *
 * Context: RCU read-side section.
 * Return: NAT64_OK or the drop reason.
 */
enum nat64_reason nat64_stateless_map4(struct nat64_dev *nat64,
				       const struct nat64_config *config,
				       struct nat64_pkt *pkt,
				       struct nat64_map4 *map)
{
	struct nat64_eam_table *eam = rcu_dereference(nat64->eam);
	const struct nat64_tuple6 *q = &pkt->quoted.t6;
	bool dst_by_pool6, by_pool6, quoted_dst_by_pool6;
	enum nat64_reason reason;
	__be32 mapped;

	reason = nat64_stateless_dst4(eam, config, pkt, &map->outer.dst,
				      &dst_by_pool6);
	if (reason)
		return reason;
	by_pool6 = dst_by_pool6;
	reason = nat64_stateless_src4(eam, config, pkt, &map->outer.src);
	if (reason)
		return reason;
	map->outer.sport = pkt->h.t6.sport;
	map->outer.dport = pkt->h.t6.dport;
	mapped = map->outer.dst;

	if (pkt->icmp_error) {
		if (!nat64_addr64(eam, config, &q->dst, &map->quoted.dst,
				  &quoted_dst_by_pool6) ||
		    !nat64_addr64(eam, config, &q->src, &map->quoted.src,
				  &by_pool6) ||
		    nat64_addr4_illegal(map->quoted.dst) ||
		    nat64_addr4_illegal(map->quoted.src))
			return NAT64_DROP_ICMP_QUOTE;
		map->quoted.sport = q->sport;
		map->quoted.dport = q->dport;
		mapped = map->quoted.src;
	}

	pkt->hairpin = config->hairpin == NAT64_HAIRPIN_INTRINSIC &&
		       by_pool6 && nat64_eam_has4(eam, mapped);
	/* The packet was translated to this address already and routed back. */
	if (unlikely(pkt->came_back) && dst_by_pool6 && !pkt->hairpin)
		return NAT64_DROP_LOOP;

	return NAT64_OK;
}

/* Map an address of an IPv4 packet to IPv6. @map: explicit mappings may be
 * used.
 */
static enum nat64_reason nat64_addr46(struct nat64_eam_table *eam,
				      const struct nat64_config *config,
				      const struct nat64_pkt *pkt,
				      __be32 addr4, bool map,
				      struct in6_addr *addr6)
{
	if (map && nat64_eam_find4(eam, addr4, addr6))
		return NAT64_OK;
	return nat64_pool6_embed(config, pkt, addr4, addr6);
}

/**
 * nat64_stateless_map6 - map addresses of an IPv4 packet to IPv6
 * @nat64: device
 * @config: of the device
 * @pkt: IPv4 packet, addresses checked
 * @map: result
 *
 * Context: RCU read-side section.
 * Return: NAT64_OK or the drop reason.
 */
enum nat64_reason nat64_stateless_map6(struct nat64_dev *nat64,
				       const struct nat64_config *config,
				       const struct nat64_pkt *pkt,
				       struct nat64_map6 *map)
{
	struct nat64_eam_table *eam = rcu_dereference(nat64->eam);
	const struct nat64_tuple4 *t = &pkt->h.t4;
	const struct nat64_tuple4 *q = &pkt->quoted.t4;
	enum nat64_reason reason;
	bool source;

	/* RFC 7757 section 4.2.1: with simple hairpinning, and for hairpinned
	 * packets, do not use a mapping for the source, so that replies return
	 * through the device.
	 */
	source = config->hairpin != NAT64_HAIRPIN_SIMPLE && !pkt->hairpin;

	map->outer.sport = t->sport;
	map->outer.dport = t->dport;
	reason = nat64_addr46(eam, config, pkt, t->dst, true,
			      &map->outer.dst);
	if (reason)
		return reason;
	/* A looping packet, unless a mapping gives it another destination. */
	if (unlikely(pkt->came_back) && !nat64_eam_has4(eam, t->dst))
		return NAT64_DROP_LOOP;
	if (!pkt->icmp_error)
		return nat64_addr46(eam, config, pkt, t->src, source,
				    &map->outer.src);

	map->quoted.sport = q->sport;
	map->quoted.dport = q->dport;
	reason = nat64_addr46(eam, config, pkt, q->src, true,
			      &map->quoted.src);
	if (reason)
		return reason;
	reason = nat64_addr46(eam, config, pkt, q->dst, source,
			      &map->quoted.dst);
	if (reason)
		return reason;

	/* Use mappings for a router, which is not an endpoint of the flow. */
	return nat64_addr46(eam, config, pkt, t->src,
			    source || t->src != q->dst, &map->outer.src);
}
