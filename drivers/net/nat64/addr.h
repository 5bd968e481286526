/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * nat64 - IPv4-embedded IPv6 addresses, RFC 6052.
 */
#ifndef _NAT64_ADDR_H
#define _NAT64_ADDR_H

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
bool nat64_addr4_illegal(__be32 addr);
enum nat64_illegal4 nat64_range4_illegal(u32 first, u32 last);
bool nat64_addr6_illegal(const struct in6_addr *addr);
bool nat64_addr4_global(__be32 addr);

#endif /* _NAT64_ADDR_H */
