/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * nat64 - keyed hash function of the tables.
 */
#ifndef _NAT64_HASH_H
#define _NAT64_HASH_H

#include <linux/types.h>

void nat64_hash_init(void);
u32 nat64_hash(const void *key, size_t len, u32 seed);

#endif /* _NAT64_HASH_H */
