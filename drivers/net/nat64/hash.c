// SPDX-License-Identifier: GPL-2.0-only
/*
 * nat64 - the keyed hash of our tables.
 */
#include <linux/init.h>
#include <linux/random.h>
#include <linux/siphash.h>

#include "hash.h"

/* Keys all hashes, so that nobody outside can make chains long. */
static hsiphash_key_t nat64_hash_key __ro_after_init;

/**
 * nat64_hash - hash a key of one of our tables
 * @key: key without padding
 * @len: its length
 * @seed: of the table, changes when it is rehashed
 */
u32 nat64_hash(const void *key, size_t len, u32 seed)
{
	hsiphash_key_t secret = nat64_hash_key;

	secret.key[0] ^= seed;
	return hsiphash(key, len, &secret);
}

void __init nat64_hash_init(void)
{
	get_random_bytes(&nat64_hash_key, sizeof(nat64_hash_key));
}
