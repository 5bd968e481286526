/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * nat64 - IPv4 addresses embedded in IPv6 addresses, RFC 6052.
 */
#ifndef _NAT64_ADDR_H
#define _NAT64_ADDR_H

#include <linux/in6.h>
#include <linux/types.h>

bool nat64_pool6_len_ok(u8 len);
void nat64_embed(struct in6_addr *addr6, const struct in6_addr *prefix, u8 len,
		 __be32 addr4);
__be32 nat64_extract(const struct in6_addr *addr6, u8 len);
bool nat64_addr4_illegal(__be32 addr);
bool nat64_addr6_illegal(const struct in6_addr *addr);
bool nat64_addr4_global(__be32 addr);

#endif /* _NAT64_ADDR_H */
