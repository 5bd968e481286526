/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * nat64 - IPv4-embedded IPv6 addresses, RFC 6052.
 */
#ifndef _NAT64_ADDR_H
#define _NAT64_ADDR_H

#include <linux/in.h>
#include <linux/in6.h>
#include <linux/types.h>

/**
 * enum nat64_illegal4 - IPv4 prefixes that are never translated
 * @NAT64_ILLEGAL4_THIS_NETWORK: 0.0.0.0/8
 * @NAT64_ILLEGAL4_LOOPBACK: 127.0.0.0/8
 * @NAT64_ILLEGAL4_LINK_LOCAL: 169.254.0.0/16
 * @NAT64_ILLEGAL4_MULTICAST: 224.0.0.0/4
 * @NAT64_ILLEGAL4_CLASS_E: 240.0.0.0/4
 * @NAT64_ILLEGAL4_COUNT: number of prefixes
 */
enum nat64_illegal4 {
	NAT64_ILLEGAL4_THIS_NETWORK,
	NAT64_ILLEGAL4_LOOPBACK,
	NAT64_ILLEGAL4_LINK_LOCAL,
	NAT64_ILLEGAL4_MULTICAST,
	NAT64_ILLEGAL4_CLASS_E,
	NAT64_ILLEGAL4_COUNT,
};

bool nat64_pool6_len_ok(u8 len);
void nat64_embed(struct in6_addr *addr6, const struct in6_addr *prefix, u8 len,
		 __be32 addr4);
__be32 nat64_extract(const struct in6_addr *addr6, u8 len);
enum nat64_illegal4 nat64_range4_illegal(u32 first, u32 last);
bool nat64_addr6_illegal(const struct in6_addr *addr);
bool nat64_addr4_global(__be32 addr);

/**
 * nat64_addr4_illegal - must packets with this address be dropped?
 * @addr: IPv4 address, network byte order
 *
 * RFC 7915 section 4.1 requires it for sources. Destinations could otherwise
 * reach loopback services of the router. RFC 3927 section 2.7 requires it for
 * link-local addresses.
 *
 * Return: true for 0/8, 127/8, 169.254/16, 224/4 and 240/4.
 */
static inline bool nat64_addr4_illegal(__be32 addr)
{
	u8 octet = ntohl(addr) >> 24;

	return !octet || octet == 127 || octet >= 224 ||
	       ipv4_is_linklocal_169(addr);
}

#endif /* _NAT64_ADDR_H */
