// SPDX-License-Identifier: GPL-2.0-only
/*
 * nat64 - binding information base, RFC 6146 section 3.1: the mapping between
 * IPv6 and IPv4 transport addresses.
 */
#include <linux/hash.h>
#include <linux/jhash.h>
#include <linux/rcupdate.h>
#include <linux/rhashtable.h>
#include <linux/sched.h>
#include <linux/slab.h>
#include <net/ipv6.h>

#include "bib.h"
#include "clock.h"
#include "config.h"
#include "events.h"
#include "hash.h"
#include "host.h"
#include "nat64.h"
#include "pool4.h"
#include "session.h"
#include "subscriber.h"
#include "table.h"
#include "wheel.h"

static struct kmem_cache *nat64_binding_cache __ro_after_init;

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
	const struct nat64_key6 *key = arg->key;
	const struct nat64_binding *b = obj;

	return b->key6.port != key->port || b->key6.proto != key->proto ||
	       !ipv6_addr_equal(&b->key6.addr, &key->addr);
}

/* Nobody outside selects the addresses and ports of many bindings, so that a
 * weaker hash function does.
 */
static u32 nat64_key4_hash(const void *data, u32 len, u32 seed)
{
	const struct nat64_key4 *key = data;

	return jhash_2words((__force u32)key->addr,
			    (__force u32)key->port << 16 | key->proto, seed);
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
	const struct nat64_key4 *key = arg->key;
	const struct nat64_binding *b = obj;

	return b->port4 != key->port || b->addr4 != key->addr ||
	       b->key6.proto != key->proto;
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
 * nat64_binding_free - free a binding
 * @b: binding without readers
 */
void nat64_binding_free(struct nat64_binding *b)
{
	kmem_cache_free(nat64_binding_cache, b);
}

/* Dead bindings share a grace period: an rcu_head in each would take an eighth
 * of the memory of a flow. Bindings that die after its start wait for the next.
 */
static void nat64_reap_work(struct work_struct *work)
{
	struct nat64_reaper *reaper = container_of(work, struct nat64_reaper,
						   work);
	struct llist_node *dead = llist_del_all(&reaper->dead);
	struct nat64_binding *b, *next;

	synchronize_rcu();
	llist_for_each_entry_safe(b, next, dead, reap) {
		nat64_binding_free(b);
		cond_resched();
	}
}

static void nat64_reaper_init(struct nat64_reaper *reaper)
{
	init_llist_head(&reaper->dead);
	INIT_WORK(&reaper->work, nat64_reap_work);
}

/* Free the remaining dead bindings. No new ones are queued. */
static void nat64_reaper_stop(struct nat64_reaper *reaper)
{
	flush_work(&reaper->work);
}

/* Free a binding after a grace period. It is no longer in any table. Overwrites
 * its subscriber, which is in a union with the list node.
 */
static void nat64_reap(struct nat64_reaper *reaper, struct nat64_binding *b)
{
	/* If the list is not empty, the work is already queued. */
	if (llist_add(&b->reap, &reaper->dead))
		queue_work(system_power_efficient_wq, &reaper->work);
}

/**
 * nat64_bindings_init - initialize the tables of bindings
 * @table: tables of the device
 *
 * Return: 0, or a negative errno with nothing left allocated.
 */
int nat64_bindings_init(struct nat64_table *table)
{
	int err;

	err = rhashtable_init(&table->bindings6, &nat64_bindings6_params);
	if (err)
		return err;

	err = rhashtable_init(&table->bindings4, &nat64_bindings4_params);
	if (err)
		goto err_bindings6;
	err = nat64_subscribers_init(table);
	if (err)
		goto err_bindings4;

	nat64_reaper_init(&table->reaper);
	return 0;

err_bindings4:
	rhashtable_destroy(&table->bindings4);
err_bindings6:
	rhashtable_destroy(&table->bindings6);
	return err;
}

static void nat64_binding_destroy(void *ptr, void *arg)
{
	nat64_sessions_free_unhashed(ptr);
	nat64_binding_free(ptr);
}

/**
 * nat64_bindings_destroy - free all bindings, and their sessions that are not in
 *	the session table
 * @table: tables of the device, no longer used by packets
 */
void nat64_bindings_destroy(struct nat64_table *table)
{
	rhashtable_destroy(&table->bindings4);
	rhashtable_free_and_destroy(&table->bindings6, nat64_binding_destroy,
				    NULL);
	nat64_reaper_stop(&table->reaper);
	nat64_subscribers_destroy(table);
}

/**
 * nat64_binding_shard - shard that a binding and its sessions belong to
 * @table: tables of the device
 * @b: binding
 *
 * Return: the shard
 */
struct nat64_shard *nat64_binding_shard(const struct nat64_table *table,
					const struct nat64_binding *b)
{
	return &table->shards[hash_ptr(b, 32) & table->shard_mask];
}

/**
 * nat64_binding_find6 - find a binding by its IPv6 transport address
 * @table: tables of the device
 * @key: what to look for
 *
 * Context: RCU read-side section.
 * Return: the binding, or NULL
 */
struct nat64_binding *nat64_binding_find6(struct nat64_table *table,
					  const struct nat64_key6 *key)
{
	return rhashtable_lookup(&table->bindings6, key,
				 nat64_bindings6_params);
}

/**
 * nat64_binding_find4 - find a binding by its IPv4 transport address
 * @table: tables of the device
 * @key: what to look for
 *
 * Context: RCU read-side section.
 * Return: the binding, or NULL
 */
struct nat64_binding *nat64_binding_find4(struct nat64_table *table,
					  const struct nat64_key4 *key)
{
	return rhashtable_lookup(&table->bindings4, key,
				 nat64_bindings4_params);
}

static u32 *nat64_binding_counter(struct nat64_shard *shard,
				  const struct nat64_binding *b)
{
	return &shard->counts.bindings[nat64_l4_of(b->key6.proto)];
}

static void nat64_binding_count(struct nat64_shard *shard,
				const struct nat64_binding *b)
{
	nat64_count_one(nat64_binding_counter(shard, b));
	if (b->is_static)
		nat64_count_one(&shard->counts.statics);
}

/* Insert a binding. Both tables change under the lock, as they do in
 * nat64_binding_kill(). Returns NULL, the binding that another CPU has inserted
 * first, or an ERR_PTR.
 */
static struct nat64_binding *nat64_binding_insert(struct nat64_table *table,
						  struct nat64_binding *b,
						  u32 portid)
{
	const struct nat64_trigger trigger = { .portid = portid };
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
		} else {
			nat64_binding_count(shard, b);
			nat64_event_binding(table, b, &trigger);
		}
	}
	spin_unlock_bh(&shard->lock);

	return old;
}

/**
 * nat64_binding_alloc - allocate a binding without inserting it
 * @table: tables of the device
 * @config: configuration of the device
 * @sub: subscriber, whose count includes the binding already
 * @key: IPv6 transport address
 * @want: IPv4 transport address already allocated for the binding, or NULL to
 *	allocate one
 * @mark: mark of the packet
 * @gfp: allocation flags
 * @reason: set when NULL is returned
 *
 * Context: RCU read-side section, BH disabled, no shard locked.
 * Return: binding, or NULL; then the caller still owns @want and the count.
 */
struct nat64_binding *nat64_binding_alloc(struct nat64_table *table,
					  const struct nat64_config *config,
					  struct nat64_subscriber *sub,
					  const struct nat64_key6 *key,
					  const struct nat64_key4 *want,
					  u32 mark, gfp_t gfp,
					  enum nat64_reason *reason)
{
	struct nat64_key4 got;
	struct nat64_binding *b;

	b = kmem_cache_alloc(nat64_binding_cache, gfp);
	*reason = NAT64_DROP_NO_MEMORY;
	if (!b)
		return NULL;

	if (want) {
		got = *want;
		if (nat64_pool4_has_addr(config, got.proto, ntohl(got.addr)))
			nat64_pool4_pair(config, &sub->pair, got.proto,
					 ntohl(got.addr));
	} else {
		*reason = nat64_pool4_alloc(table, config, &sub->pair, key,
					    mark, &got);
		if (*reason) {
			nat64_binding_free(b);
			return NULL;
		}
	}

	*b = (struct nat64_binding) {
		.key6 = *key,
		.addr4 = got.addr,
		.port4 = got.port,
		.began = nat64_now(),
		.subscriber = sub,
	};
	return b;
}

/**
 * nat64_binding_make - create a binding regardless of limits
 * @table: tables of the device
 * @config: configuration of the device
 * @sub: subscriber, whose count includes the binding already
 * @key: IPv6 transport address
 * @want: IPv4 transport address already allocated for the binding, or NULL to
 *	allocate one
 * @mark: mark of the packet
 * @gfp: allocation flags
 * @is_static: keep the binding when it has no sessions
 * @portid: netlink port ID of the requester, 0 for a packet
 * @reason: set when NULL is returned
 *
 * Unless the binding is new, @want is released and @sub's count decremented.
 *
 * Context: RCU read-side section, BH disabled, no shard locked.
 * Return: binding, possibly one that another CPU has just created, or NULL.
 */
struct nat64_binding *nat64_binding_make(struct nat64_table *table,
					 const struct nat64_config *config,
					 struct nat64_subscriber *sub,
					 const struct nat64_key6 *key,
					 const struct nat64_key4 *want,
					 u32 mark, gfp_t gfp, bool is_static,
					 u32 portid,
					 enum nat64_reason *reason)
{
	struct nat64_binding *b, *old = NULL;
	struct nat64_key4 key4;

	b = nat64_binding_alloc(table, config, sub, key, want, mark, gfp,
				reason);
	if (!b) {
		if (want)
			nat64_pool4_release(table, config, want);
		goto err_count;
	}
	/* Set before the insertion, which sends the event. */
	b->is_static = is_static;

	old = nat64_binding_insert(table, b, portid);
	if (!old)
		return b;

	nat64_binding_key4(b, &key4);
	nat64_pool4_release(table, config, &key4);
	if (IS_ERR(old)) {
		/* Readers may have found it: wait for a grace period. */
		nat64_reap(&table->reaper, b);
		*reason = NAT64_DROP_NO_MEMORY;
		old = NULL;
	} else {
		nat64_binding_free(b);
	}

err_count:
	nat64_subscriber_put(table, sub, key->proto);
	return old;
}

/* Maximum number of bindings per subscriber and protocol, 0 for no limit. With
 * the host's addresses as pool4, all subscribers share the few ports of an
 * address: none may have more than half of NAT64_HOST_PORTS.
 */
static u32 nat64_binding_max(const struct nat64_config *config)
{
	if (!config->pool4_host || !config->max_bindings)
		return config->max_bindings;

	return min_t(u32, config->max_bindings, NAT64_HOST_PORTS / 2);
}

/**
 * nat64_binding_create - create a dynamic binding for a packet
 * @table: tables of the device
 * @config: configuration of the device
 * @key: IPv6 transport address
 * @want: IPv4 transport address already allocated for the binding, or NULL to
 *	allocate one; released if it is not used
 * @mark: mark of the packet
 * @reason: set when NULL is returned
 *
 * Context: RCU read-side section, BH disabled, no shard locked.
 * Return: binding, possibly one that another CPU has just created, or NULL.
 */
struct nat64_binding *nat64_binding_create(struct nat64_table *table,
					   const struct nat64_config *config,
					   const struct nat64_key6 *key,
					   const struct nat64_key4 *want,
					   u32 mark, enum nat64_reason *reason)
{
	struct nat64_subscriber *sub;
	struct nat64_binding *b;

	/* nat64_session_create() enforces the limit. Checking it here as well
	 * avoids creating a binding for each refused session.
	 */
	if (config->max_total_sessions &&
	    (u32)atomic_read(&table->count) >= config->max_total_sessions) {
		*reason = NAT64_DROP_MAX_TOTAL;
		goto err_want;
	}
	sub = nat64_subscriber_get(table, key, config->subscriber_len,
				   nat64_binding_max(config), reason);
	if (!sub)
		goto err_want;
	if (config->max_sessions &&
	    (u32)atomic_read(&sub->sessions) >= config->max_sessions) {
		*reason = NAT64_DROP_MAX_SESSIONS;
		goto err_subscriber;
	}

	b = nat64_binding_make(table, config, sub, key, want, mark, table->gfp,
			       false, 0, reason);
	if (!b)
		nat64_refused(table, config, key, *reason);
	return b;

err_subscriber:
	nat64_subscriber_put(table, sub, key->proto);
err_want:
	if (want)
		nat64_pool4_release(table, config, want);
	nat64_refused(table, config, key, *reason);
	return NULL;
}

/**
 * nat64_binding_insert4 - insert a binding by its IPv4 transport address only
 * @table: tables of the device
 * @b: binding; bindings6 has another one with its IPv6 transport address
 *
 * Context: shard of @b locked.
 * Return: 0 or a negative errno.
 */
int nat64_binding_insert4(struct nat64_table *table, struct nat64_binding *b)
{
	struct nat64_shard *shard = nat64_binding_shard(table, b);
	int err;

	lockdep_assert_held(&shard->lock);

	err = rhashtable_insert_fast(&table->bindings4, &b->node4,
				     nat64_bindings4_params);
	if (!err)
		nat64_binding_count(shard, b);
	return err;
}

/**
 * nat64_binding_replace6 - replace a binding in bindings6
 * @table: tables of the device
 * @old: binding in bindings6, to be killed next
 * @new: binding with the same IPv6 transport address
 *
 * Context: shard of @old locked.
 */
void nat64_binding_replace6(struct nat64_table *table,
			    struct nat64_binding *old,
			    struct nat64_binding *new)
{
	lockdep_assert_held(&nat64_binding_shard(table, old)->lock);

	WARN_ON(rhashtable_replace_fast(&table->bindings6, &old->node6,
					&new->node6, nat64_bindings6_params));
}

/**
 * nat64_binding_kill - remove a binding without sessions
 * @table: tables of the device
 * @b: binding, not dead yet
 * @hold_down: hold its port down before reuse, unless it is a TCP port
 * @trigger: cause and requester
 *
 * Context: shard of @b locked.
 */
void nat64_binding_kill(struct nat64_table *table, struct nat64_binding *b,
			bool hold_down, const struct nat64_trigger *trigger)
{
	struct nat64_shard *shard = nat64_binding_shard(table, b);
	const struct nat64_config *config;
	struct nat64_key4 key;

	lockdep_assert_held(&shard->lock);

	nat64_event_binding(table, b, trigger);
	nat64_count_down(nat64_binding_counter(shard, b));
	if (b->is_static)
		nat64_count_down(&shard->counts.statics);
	b->dead = true;
	rhashtable_remove_fast(&table->bindings6, &b->node6,
			       nat64_bindings6_params);
	rhashtable_remove_fast(&table->bindings4, &b->node4,
			       nat64_bindings4_params);
	nat64_binding_key4(b, &key);
	rcu_read_lock();
	config = rcu_dereference(table->nat64->config);
	if (hold_down)
		nat64_pool4_free(table, config, &key);
	else
		nat64_pool4_release(table, config, &key);
	nat64_subscriber_put(table, b->subscriber, b->key6.proto);
	rcu_read_unlock();
	nat64_reap(&table->reaper, b);
	/* The expiry work frees the address's port map after the hold-down. */
	if (!delayed_work_pending(&table->expire))
		nat64_expire_start(table);
}

int nat64_binding_cache_create(void)
{
	/* A binding and a session take 128 bytes. */
	BUILD_BUG_ON(sizeof(struct nat64_binding) > 64);

	nat64_binding_cache = KMEM_CACHE(nat64_binding, 0);
	return nat64_binding_cache ? 0 : -ENOMEM;
}

void nat64_binding_cache_destroy(void)
{
	kmem_cache_destroy(nat64_binding_cache);
}
