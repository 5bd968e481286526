/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * nat64 - checksums by difference, RFC 1624: what was wrong stays wrong, and
 * the payload is not read.
 */
#ifndef _NAT64_CSUM_H
#define _NAT64_CSUM_H

#include <net/checksum.h>

#include "packet.h"

/**
 * nat64_csum_replace - take words out of a checksum and put others in
 * @field: checksum in the packet
 * @from: sum of what it covered
 * @to: sum of what it shall cover instead
 */
static inline void nat64_csum_replace(__sum16 *field, __wsum from, __wsum to)
{
	*field = csum_fold(csum_add(csum_sub(~csum_unfold(*field), from), to));
}

/**
 * nat64_csum_replace_seed - the same for CHECKSUM_PARTIAL
 * @field: sum of the pseudo-header, not complemented
 * @from: sum of the old addresses
 * @to: sum of the new ones
 */
static inline void nat64_csum_replace_seed(__sum16 *field, __wsum from,
					   __wsum to)
{
	*field = ~csum_fold(csum_add(csum_sub(csum_unfold(*field), from), to));
}

/**
 * nat64_csum_addrs4 - sum of both addresses
 * @t: IPv4 tuple
 */
static inline __wsum nat64_csum_addrs4(const struct nat64_tuple4 *t)
{
	return csum_add((__force __wsum)t->src, (__force __wsum)t->dst);
}

/**
 * nat64_csum_addrs6 - sum of both addresses
 * @t: IPv6 tuple, src and dst adjoin
 */
static inline __wsum nat64_csum_addrs6(const struct nat64_tuple6 *t)
{
	return csum_partial(&t->src, 2 * sizeof(struct in6_addr), 0);
}

/**
 * nat64_csum_icmp6 - sum of the pseudo-header of ICMPv6
 * @t: IPv6 tuple
 * @len: length of the ICMPv6 message
 */
static inline __wsum nat64_csum_icmp6(const struct nat64_tuple6 *t, u32 len)
{
	return csum_add(nat64_csum_addrs6(t),
			csum_add((__force __wsum)htonl(len),
				 (__force __wsum)htonl(IPPROTO_ICMPV6)));
}

#endif /* _NAT64_CSUM_H */
