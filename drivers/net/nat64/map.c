// SPDX-License-Identifier: GPL-2.0-only
/*
 * nat64 - which packets have addresses that may be translated at all.
 */
#include <net/ipv6.h>

#include "addr.h"
#include "map.h"
#include "nat64.h"

/**
 * nat64_check_addrs4 - may these IPv4 addresses be translated?
 * @config: of the device
 * @pkt: IPv4 packet
 *
 * Return: NAT64_OK, or why not.
 */
enum nat64_reason nat64_check_addrs4(const struct nat64_config *config,
				     const struct nat64_pkt *pkt)
{
	const struct nat64_tuple4 *t = &pkt->h.t4;

	if (nat64_addr4_illegal(t->dst))
		return NAT64_DROP_ILLEGAL_DST;

	/* Routers may send errors from any address; without them, path MTU
	 * discovery and traceroute break. RFC 7915 section 4.1.
	 */
	if (pkt->icmp_error)
		return NAT64_OK;

	if (nat64_addr4_illegal(t->src))
		return NAT64_DROP_ILLEGAL_SRC;
	if (config->wkp && !nat64_addr4_global(t->src))
		return NAT64_DROP_WKP_NONGLOBAL;

	return NAT64_OK;
}

/**
 * nat64_check_addrs6 - may these IPv6 addresses be translated?
 * @config: of the device
 * @pkt: IPv6 packet
 *
 * Return: NAT64_OK, or why not.
 */
enum nat64_reason nat64_check_addrs6(const struct nat64_config *config,
				     const struct nat64_pkt *pkt)
{
	const struct nat64_tuple6 *t = &pkt->h.t6;
	__be32 dst;

	if (nat64_addr6_illegal(&t->src))
		return NAT64_DROP_ILLEGAL_SRC;
	if (ipv6_addr_is_multicast(&t->dst))
		return NAT64_DROP_ILLEGAL_DST;
	if (!ipv6_prefix_equal(&t->dst, &config->pool6, config->pool6_len))
		return NAT64_DROP_UNTRANSLATABLE;

	dst = nat64_extract(&t->dst, config->pool6_len);
	if (nat64_addr4_illegal(dst))
		return NAT64_DROP_ILLEGAL_DST;
	if (config->wkp && !pkt->icmp_error && !nat64_addr4_global(dst))
		return NAT64_DROP_WKP_NONGLOBAL;

	return NAT64_OK;
}
