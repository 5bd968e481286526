// SPDX-License-Identifier: GPL-2.0-only
/*
 * nat64 - binding information base: which IPv4 transport address stands for
 * which IPv6 transport address, RFC 6146 section 3.1.
 */
#include <linux/hash.h>
#include <linux/rhashtable.h>
#include <linux/siphash.h>
#include <linux/slab.h>

#include "bib.h"
#include "nat64.h"
#include "pool4.h"

/* Keys all hashes, so that nobody outside can make chains long. */
static hsiphash_key_t nat64_hash_key __read_mostly;

static struct kmem_cache *nat64_binding_cache __ro_after_init;

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

static u32 nat64_key6_hash(const void *data, u32 len, u32 seed)
{
	return nat64_hash(data, sizeof(struct nat64_key6), seed);
}

static u32 nat64_binding_hash6(const void *data, u32 len, u32 seed)
{
	const struct nat64_binding *b = data;

	return nat64_key6_hash(&b->key6, len, seed);
}

static int nat64_binding_cmp6(struct rhashtable_compare_arg *arg,
			      const void *obj)
{
	const struct nat64_binding *b = obj;

	return memcmp(&b->key6, arg->key, sizeof(b->key6));
}

static u32 nat64_key4_hash(const void *data, u32 len, u32 seed)
{
	return nat64_hash(data, sizeof(struct nat64_key4), seed);
}

static void nat64_binding_key4(const struct nat64_binding *b,
			       struct nat64_key4 *key)
{
	key->addr = b->addr4;
	key->port = b->port4;
	key->proto = b->key6.proto;
}

static u32 nat64_binding_hash4(const void *data, u32 len, u32 seed)
{
	struct nat64_key4 key;

	nat64_binding_key4(data, &key);
	return nat64_key4_hash(&key, len, seed);
}

static int nat64_binding_cmp4(struct rhashtable_compare_arg *arg,
			      const void *obj)
{
	struct nat64_key4 key;

	nat64_binding_key4(obj, &key);
	return memcmp(&key, arg->key, sizeof(key));
}

static const struct rhashtable_params nat64_bindings6_params = {
	.key_len = sizeof(struct nat64_key6),
	.head_offset = offsetof(struct nat64_binding, node6),
	.hashfn = nat64_key6_hash,
	.obj_hashfn = nat64_binding_hash6,
	.obj_cmpfn = nat64_binding_cmp6,
	.automatic_shrinking = true,
};

static const struct rhashtable_params nat64_bindings4_params = {
	.key_len = sizeof(struct nat64_key4),
	.head_offset = offsetof(struct nat64_binding, node4),
	.hashfn = nat64_key4_hash,
	.obj_hashfn = nat64_binding_hash4,
	.obj_cmpfn = nat64_binding_cmp4,
	.automatic_shrinking = true,
};

/**
 * nat64_bindings_init - make empty tables of bindings
 * @table: of the device
 *
 * Return: 0 or a negative errno, nothing is left behind then.
 */
int nat64_bindings_init(struct nat64_table *table)
{
	int err;

	err = rhashtable_init(&table->bindings6, &nat64_bindings6_params);
	if (err)
		return err;

	err = rhashtable_init(&table->bindings4, &nat64_bindings4_params);
	if (err)
		rhashtable_destroy(&table->bindings6);

	return err;
}

static void nat64_binding_free(void *ptr, void *arg)
{
	kmem_cache_free(nat64_binding_cache, ptr);
}

/**
 * nat64_bindings_destroy - free all bindings
 * @table: of the device, no longer used by packets
 */
void nat64_bindings_destroy(struct nat64_table *table)
{
	rhashtable_destroy(&table->bindings4);
	rhashtable_free_and_destroy(&table->bindings6, nat64_binding_free,
				    NULL);
}

/**
 * nat64_binding_shard - shard that a binding and its sessions belong to
 * @table: of the device
 * @b: binding
 */
struct nat64_shard *nat64_binding_shard(const struct nat64_table *table,
					const struct nat64_binding *b)
{
	return &table->shards[hash_ptr(b, 32) & table->shard_mask];
}

/**
 * nat64_binding_find6 - find a binding from the IPv6 side
 * @table: of the device
 * @key: what to look for
 *
 * Context: RCU read-side section.
 */
struct nat64_binding *nat64_binding_find6(struct nat64_table *table,
					  const struct nat64_key6 *key)
{
	return rhashtable_lookup(&table->bindings6, key,
				 nat64_bindings6_params);
}

/**
 * nat64_binding_find4 - find a binding from the IPv4 side
 * @table: of the device
 * @key: what to look for
 *
 * Context: RCU read-side section.
 */
struct nat64_binding *nat64_binding_find4(struct nat64_table *table,
					  const struct nat64_key4 *key)
{
	return rhashtable_lookup(&table->bindings4, key,
				 nat64_bindings4_params);
}

/* Make the binding visible, or return the one that another CPU made
 * meanwhile. Both tables change under the lock, as in nat64_binding_kill().
 */
static struct nat64_binding *nat64_binding_insert(struct nat64_table *table,
						  struct nat64_binding *b)
{
	struct nat64_shard *shard = nat64_binding_shard(table, b);
	struct nat64_binding *old;
	int err;

	spin_lock_bh(&shard->lock);
	old = rhashtable_lookup_get_insert_key(&table->bindings6, &b->key6,
					       &b->node6,
					       nat64_bindings6_params);
	if (!old) {
		err = rhashtable_insert_fast(&table->bindings4, &b->node4,
					     nat64_bindings4_params);
		if (err) {
			rhashtable_remove_fast(&table->bindings6, &b->node6,
					       nat64_bindings6_params);
			b->dead = true;
			old = ERR_PTR(err);
		}
	}
	spin_unlock_bh(&shard->lock);

	return old;
}

static void nat64_binding_free_rcu(struct rcu_head *rcu)
{
	kmem_cache_free(nat64_binding_cache,
			container_of(rcu, struct nat64_binding, rcu));
}

/**
 * nat64_binding_create - give an IPv6 transport address an IPv4 one
 * @table: of the device
 * @config: of the device
 * @key: IPv6 transport address
 * @want: IPv4 transport address that has been allocated for it, NULL to
 *	allocate one
 * @reason: set when NULL is returned
 *
 * Context: RCU read-side section, no shard locked.
 * Return: binding, perhaps one that another CPU has just made, or NULL.
 */
struct nat64_binding *nat64_binding_create(struct nat64_table *table,
					   const struct nat64_config *config,
					   const struct nat64_key6 *key,
					   const struct nat64_key4 *want,
					   enum nat64_reason *reason)
{
	struct nat64_binding *b, *old;

	b = kmem_cache_zalloc(nat64_binding_cache, GFP_ATOMIC);
	if (!b) {
		if (want)
			nat64_pool4_put(table, want->proto, want->addr,
					want->port);
		*reason = NAT64_DROP_NO_MEMORY;
		return NULL;
	}

	b->key6 = *key;
	*reason = NAT64_OK;
	if (want) {
		b->addr4 = want->addr;
		b->port4 = want->port;
	} else {
		*reason = nat64_pool4_get(table, config, key, &b->addr4,
					  &b->port4);
	}
	if (*reason)
		goto err_free;

	old = nat64_binding_insert(table, b);
	if (!old)
		return b;

	nat64_pool4_put(table, key->proto, b->addr4, b->port4);
	if (!IS_ERR(old)) {
		kmem_cache_free(nat64_binding_cache, b);
		return old;
	}

	/* It could be seen for a moment. */
	call_rcu(&b->rcu, nat64_binding_free_rcu);
	*reason = NAT64_DROP_NO_MEMORY;
	return NULL;

err_free:
	kmem_cache_free(nat64_binding_cache, b);
	return NULL;
}

/**
 * nat64_binding_kill - remove a binding without sessions
 * @table: of the device
 * @b: binding, not dead yet
 *
 * Context: its shard is locked.
 */
void nat64_binding_kill(struct nat64_table *table, struct nat64_binding *b)
{
	lockdep_assert_held(&nat64_binding_shard(table, b)->lock);

	b->dead = true;
	rhashtable_remove_fast(&table->bindings6, &b->node6,
			       nat64_bindings6_params);
	rhashtable_remove_fast(&table->bindings4, &b->node4,
			       nat64_bindings4_params);
	nat64_pool4_put(table, b->key6.proto, b->addr4, b->port4);
	call_rcu(&b->rcu, nat64_binding_free_rcu);
}

int __init nat64_binding_cache_create(void)
{
	get_random_bytes(&nat64_hash_key, sizeof(nat64_hash_key));
	nat64_binding_cache = KMEM_CACHE(nat64_binding, 0);
	return nat64_binding_cache ? 0 : -ENOMEM;
}

void nat64_binding_cache_destroy(void)
{
	kmem_cache_destroy(nat64_binding_cache);
}
