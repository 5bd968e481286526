// SPDX-License-Identifier: GPL-2.0-only
/*
 * nat64 - addresses by algorithm alone, RFC 7915 section 6.
 */
#include <net/ipv6.h>

#include "addr.h"
#include "map.h"
#include "nat64.h"

static bool nat64_stateless_addr4(const struct nat64_config *config,
				  const struct in6_addr *addr6, __be32 *addr4)
{
	if (!ipv6_prefix_equal(addr6, &config->pool6, config->pool6_len))
		return false;
	*addr4 = nat64_extract(addr6, config->pool6_len);
	return true;
}

/* Both addresses of one packet, ports as they are. */
static bool nat64_stateless_tuple4(const struct nat64_config *config,
				   const struct nat64_tuple6 *from,
				   struct nat64_tuple4 *to)
{
	to->sport = from->sport;
	to->dport = from->dport;
	return nat64_stateless_addr4(config, &from->src, &to->src) &&
	       nat64_stateless_addr4(config, &from->dst, &to->dst);
}

static void nat64_stateless_tuple6(const struct nat64_config *config,
				   const struct nat64_tuple4 *from,
				   struct nat64_tuple6 *to)
{
	to->sport = from->sport;
	to->dport = from->dport;
	nat64_embed(&to->src, &config->pool6, config->pool6_len, from->src);
	nat64_embed(&to->dst, &config->pool6, config->pool6_len, from->dst);
}

/**
 * nat64_stateless_map4 - addresses of an IPv6 packet in IPv4
 * @config: of the device
 * @pkt: IPv6 packet, its addresses checked
 * @map: filled in
 *
 * Return: NAT64_OK, or why the packet cannot be translated.
 */
enum nat64_reason nat64_stateless_map4(const struct nat64_config *config,
				       const struct nat64_pkt *pkt,
				       struct nat64_map4 *map)
{
	if (!nat64_stateless_tuple4(config, &pkt->h.t6, &map->outer))
		return NAT64_DROP_UNTRANSLATABLE;
	if (nat64_addr4_illegal(map->outer.src) && !pkt->icmp_error)
		return NAT64_DROP_ILLEGAL_SRC;
	if (pkt->icmp_error &&
	    !nat64_stateless_tuple4(config, &pkt->quoted.t6, &map->quoted))
		return NAT64_DROP_ICMP_QUOTE;

	return NAT64_OK;
}

/**
 * nat64_stateless_map6 - addresses of an IPv4 packet in IPv6
 * @config: of the device
 * @pkt: IPv4 packet, its addresses checked
 * @map: filled in
 *
 * Return: NAT64_OK.
 */
enum nat64_reason nat64_stateless_map6(const struct nat64_config *config,
				       const struct nat64_pkt *pkt,
				       struct nat64_map6 *map)
{
	nat64_stateless_tuple6(config, &pkt->h.t4, &map->outer);
	if (pkt->icmp_error)
		nat64_stateless_tuple6(config, &pkt->quoted.t4, &map->quoted);

	return NAT64_OK;
}
