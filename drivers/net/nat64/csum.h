/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * nat64 - incremental checksum updates, RFC 1624: a wrong checksum stays wrong,
 * and the payload is not read.
 */
#ifndef _NAT64_CSUM_H
#define _NAT64_CSUM_H

#include <linux/bitops.h>
#include <net/checksum.h>

#include "packet.h"

/**
 * nat64_csum_replace - update a checksum for replaced words
 * @field: checksum in the packet
 * @from: sum of the old words
 * @to: sum of the new words
 */
static inline void nat64_csum_replace(__sum16 *field, __wsum from, __wsum to)
{
	*field = csum_fold(csum_add(csum_sub(~csum_unfold(*field), from), to));
}

/**
 * nat64_csum_replace_seed - update the checksum field of CHECKSUM_PARTIAL
 * @field: sum of the pseudo-header, not complemented
 * @from: sum of the old addresses
 * @to: sum of the new addresses
 */
static inline void nat64_csum_replace_seed(__sum16 *field, __wsum from,
					   __wsum to)
{
	*field = ~csum_fold(csum_add(csum_sub(csum_unfold(*field), from), to));
}

/**
 * nat64_csum_addrs4 - sum of source and destination address
 * @t: IPv4 tuple
 *
 * Return: the sum
 */
static inline __wsum nat64_csum_addrs4(const struct nat64_tuple4 *t)
{
	return csum_add((__force __wsum)t->src, (__force __wsum)t->dst);
}

/* Sum of the words of an address. */
static inline u64 nat64_csum_words(const struct in6_addr *addr)
{
	return (__force u64)addr->s6_addr32[0] +
	       (__force u64)addr->s6_addr32[1] +
	       (__force u64)addr->s6_addr32[2] +
	       (__force u64)addr->s6_addr32[3];
}

/**
 * nat64_csum_pair6 - sum of two addresses
 * @src: IPv6 address
 * @dst: IPv6 address
 *
 * csum_partial() is for longer data.
 *
 * Return: the sum
 */
static inline __wsum nat64_csum_pair6(const struct in6_addr *src,
				      const struct in6_addr *dst)
{
	u64 sum = nat64_csum_words(src) + nat64_csum_words(dst);

	return csum_add((__force __wsum)(u32)sum,
			(__force __wsum)(u32)(sum >> 32));
}

/**
 * nat64_csum_addrs6 - sum of source and destination address
 * @t: IPv6 tuple
 *
 * Return: the sum
 */
static inline __wsum nat64_csum_addrs6(const struct nat64_tuple6 *t)
{
	return nat64_csum_pair6(&t->src, &t->dst);
}

/**
 * nat64_csum_icmp6 - sum of the ICMPv6 pseudo-header
 * @t: IPv6 tuple
 * @len: length of the ICMPv6 message
 *
 * Return: the sum
 */
static inline __wsum nat64_csum_icmp6(const struct nat64_tuple6 *t, u32 len)
{
	return csum_add(nat64_csum_addrs6(t),
			csum_add((__force __wsum)htonl(len),
				 (__force __wsum)htonl(IPPROTO_ICMPV6)));
}

#endif /* _NAT64_CSUM_H */
