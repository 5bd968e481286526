/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * nat64 - ports, identifiers and checksums of transport headers.
 */
#ifndef _NAT64_L4_H
#define _NAT64_L4_H

#include <linux/skbuff.h>
#include <linux/tcp.h>
#include <linux/types.h>
#include <linux/udp.h>

#include "csum.h"

/**
 * struct nat64_l4_change - changes of a transport header
 * @from: sum of the old addresses or pseudo-header
 * @to: sum of the new addresses or pseudo-header
 * @sport: new source port or query identifier
 * @dport: new destination port
 * @proto: IP protocol of the old header
 * @icmp_type: new type of an echo message
 * @partial: the checksum field holds the seed of CHECKSUM_PARTIAL
 */
struct nat64_l4_change {
	__wsum from;
	__wsum to;
	__be16 sport;
	__be16 dport;
	u8 proto;
	u8 icmp_type;
	bool partial;
};

void nat64_l4_rewrite(u8 *l4, unsigned int avail,
		      const struct nat64_l4_change *change);

/**
 * nat64_l4_rewrite_whole - the same for a TCP or UDP header that is complete and
 *	has a checksum
 * @l4: transport header, writable
 * @proto: IPPROTO_TCP or IPPROTO_UDP
 * @from: sum of the old addresses
 * @to: sum of the new addresses
 * @sport: new source port
 * @dport: new destination port
 */
static inline void nat64_l4_rewrite_whole(u8 *l4, u8 proto, __wsum from,
					  __wsum to, __be16 sport,
					  __be16 dport)
{
	bool udp = proto == IPPROTO_UDP;
	__sum16 *check = (__sum16 *)(l4 + (udp ? offsetof(struct udphdr, check) :
						 offsetof(struct tcphdr, check)));
	__be16 *ports = (__be16 *)l4;

	from = csum_add(from, (__force __wsum)*(__be32 *)ports);
	ports[0] = sport;
	ports[1] = dport;
	to = csum_add(to, (__force __wsum)*(__be32 *)ports);
	nat64_csum_replace(check, from, to);
	if (udp && !*check)
		*check = CSUM_MANGLED_0;
}

#endif /* _NAT64_L4_H */
