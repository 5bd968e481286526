/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * nat64 - ports, identifiers and checksums of transport headers.
 */
#ifndef _NAT64_L4_H
#define _NAT64_L4_H

#include <linux/skbuff.h>
#include <linux/types.h>

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

#endif /* _NAT64_L4_H */
