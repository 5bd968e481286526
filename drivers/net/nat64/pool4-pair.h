/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * nat64 - pool4 addresses that a subscriber is paired with.
 */
#ifndef _NAT64_POOL4_PAIR_H
#define _NAT64_POOL4_PAIR_H

#include <linux/types.h>

#include "key.h"

/**
 * struct nat64_pool4_pair - addresses that a subscriber is paired with
 * @hash: keyed hash of the subscriber, where the search for an address starts
 * @addr4: address, host byte order, 0 for none yet; by enum nat64_l4, which
 *	differ only if pool4 has no common address
 */
struct nat64_pool4_pair {
	u32 hash;
	u32 addr4[NAT64_L4_COUNT];
};

#endif /* _NAT64_POOL4_PAIR_H */
