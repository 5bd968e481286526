// SPDX-License-Identifier: GPL-2.0-only
/*
 * nat64 - keyed hash function of the tables.
 */
#include <linux/cache.h>
#include <linux/init.h>
#include <linux/random.h>
#include <linux/siphash.h>

#include "hash.h"

/* Random, so that remote hosts cannot cause long hash chains. */
static hsiphash_key_t nat64_hash_key __ro_after_init;

/**
 * nat64_hash - hash a key of a table
 * @key: key without padding
 * @len: length of @key
 * @seed: seed of the table, which changes with a rehash
 *
 * Return: the hash
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
