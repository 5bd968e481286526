// SPDX-License-Identifier: GPL-2.0-only
/*
 * nat64 - address checks and translation with pool6.
 */
#include <net/ipv6.h>

#include "addr.h"
#include "config.h"
#include "map.h"

/* RFC 6052 section 3.1: the well-known prefix must not represent non-global
 * addresses. ICMP errors are exempt: routers send them from any address, and
 * path MTU discovery and traceroute depend on them.
 */
static bool nat64_wkp_refuses(const struct nat64_config *config,
			      const struct nat64_pkt *pkt, __be32 addr4)
{
	return config->wkp && config->wkp_strict && !pkt->icmp_error &&
	       !nat64_addr4_global(addr4);
}

/**
 * nat64_check_addrs4 - may these IPv4 addresses be translated?
 * @pkt: IPv4 packet
 *
 * RFC 7915 section 4.1. ICMP errors from illegal sources are translated.
 *
 * Return: NAT64_OK or the drop reason.
 */
enum nat64_reason nat64_check_addrs4(const struct nat64_pkt *pkt)
{
	if (nat64_addr4_illegal(pkt->h.t4.dst))
		return NAT64_DROP_ILLEGAL_DST;
	if (!pkt->icmp_error)
		return nat64_addr4_illegal(pkt->h.t4.src) ?
		       NAT64_DROP_ILLEGAL_SRC : NAT64_OK;

	/* No translated packet has such an address, so it cannot be quoted. */
	if (nat64_addr4_illegal(pkt->quoted.t4.src) ||
	    nat64_addr4_illegal(pkt->quoted.t4.dst))
		return NAT64_DROP_ICMP_QUOTE;

	return NAT64_OK;
}

/**
 * nat64_check_addrs6 - may these IPv6 addresses be translated?
 * @pkt: IPv6 packet
 *
 * RFC 7915 section 5.1.
 *
 * Return: NAT64_OK or the drop reason.
 */
enum nat64_reason nat64_check_addrs6(const struct nat64_pkt *pkt)
{
	if (nat64_addr6_illegal(&pkt->h.t6.src))
		return NAT64_DROP_ILLEGAL_SRC;
	if (ipv6_addr_is_multicast(&pkt->h.t6.dst))
		return NAT64_DROP_ILLEGAL_DST;

	return NAT64_OK;
}

/**
 * nat64_pool6_embed - translate an IPv4 address to IPv6 with pool6
 * @config: of the device
 * @pkt: IPv4 packet
 * @addr4: its source or destination
 * @addr6: result
 *
 * Return: NAT64_OK or the drop reason.
 */
enum nat64_reason nat64_pool6_embed(const struct nat64_config *config,
				    const struct nat64_pkt *pkt, __be32 addr4,
				    struct in6_addr *addr6)
{
	if (nat64_wkp_refuses(config, pkt, addr4))
		return NAT64_DROP_WKP_NONGLOBAL;

	nat64_embed(addr6, &config->pool6, config->pool6_len, addr4);
	return NAT64_OK;
}

/**
 * nat64_pool6_dst - translate an IPv6 destination to IPv4 with pool6
 * @config: of the device
 * @pkt: IPv6 packet
 * @addr6: its destination
 * @addr4: result
 *
 * Return: NAT64_OK or the drop reason.
 */
enum nat64_reason nat64_pool6_dst(const struct nat64_config *config,
				  const struct nat64_pkt *pkt,
				  const struct in6_addr *addr6, __be32 *addr4)
{
	if (!ipv6_prefix_equal(addr6, &config->pool6, config->pool6_len))
		return NAT64_DROP_UNTRANSLATABLE;

	*addr4 = nat64_extract(addr6, config->pool6_len);
	/* RFC 7915 does not say; the address could be one of this host. */
	if (nat64_addr4_illegal(*addr4))
		return NAT64_DROP_ILLEGAL_DST;
	if (nat64_wkp_refuses(config, pkt, *addr4))
		return NAT64_DROP_WKP_NONGLOBAL;

	return NAT64_OK;
}
