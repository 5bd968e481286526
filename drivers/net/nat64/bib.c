// SPDX-License-Identifier: GPL-2.0-only
/*
 * nat64 - binding information base: which IPv4 transport address stands for
 * which IPv6 transport address, RFC 6146 section 3.1.
 */
#include <linux/hash.h>
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
 * @b: binding that nobody can read
 */
void nat64_binding_free(struct nat64_binding *b)
{
	kmem_cache_free(nat64_binding_cache, b);
}

/* Dead bindings wait together to be freed: an rcu_head in each would be an eighth
 * of the memory of a flow. Only those that had died before the grace period began
 * are freed after it.
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

/* Free all that has died, nothing dies any more. */
static void nat64_reaper_stop(struct nat64_reaper *reaper)
{
	flush_work(&reaper->work);
}

/* Free a binding later. It is in no table any more, its subscriber is no longer
 * known.
 */
static void nat64_reap(struct nat64_reaper *reaper, struct nat64_binding *b)
{
	/* With others, the work is on its way and has not looked yet. */
	if (llist_add(&b->reap, &reaper->dead))
		queue_work(system_power_efficient_wq, &reaper->work);
}

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
	nat64_binding_free(ptr);
}

/**
 * nat64_bindings_destroy - free all bindings
 * @table: of the device, no longer used by packets
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

/* Make the binding visible, or return the one that another CPU made
 * meanwhile. Both tables change under the lock, as in nat64_binding_kill().
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
 * nat64_binding_alloc - allocate a binding that is in no table
 * @table: of the device
 * @config: of the device
 * @sub: subscriber, which has been counted up for it
 * @key: IPv6 transport address
 * @want: IPv4 transport address that has been allocated for it, NULL to
 *	allocate one
 * @mark: of the packet
 * @gfp: how to allocate
 * @reason: set when NULL is returned
 *
 * Context: RCU read-side section, BH disabled, no shard locked.
 * Return: binding, or NULL; the caller still has @want and the count then.
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

	b = kmem_cache_zalloc(nat64_binding_cache, gfp);
	*reason = NAT64_DROP_NO_MEMORY;
	if (!b)
		return NULL;

	if (want) {
		got = *want;
		if (nat64_pool4_has_addr(config, got.proto, ntohl(got.addr)))
			nat64_pool4_pair(config, sub, got.proto,
					 ntohl(got.addr));
	} else {
		*reason =
			nat64_pool4_alloc(table, config, sub, key, mark, &got);
		if (*reason) {
			nat64_binding_free(b);
			return NULL;
		}
	}

	b->key6 = *key;
	b->addr4 = got.addr;
	b->port4 = got.port;
	b->began = nat64_now();
	b->subscriber = sub;
	return b;
}

/**
 * nat64_binding_make - make a binding, whatever the limits say
 * @table: of the device
 * @config: of the device
 * @sub: subscriber, which has been counted up for it
 * @key: IPv6 transport address
 * @want: IPv4 transport address that has been allocated for it, NULL to
 *	allocate one
 * @mark: of the packet
 * @gfp: how to allocate
 * @is_static: it stays without sessions
 * @portid: socket whose request it is of, 0 for a packet's
 * @reason: set when NULL is returned
 *
 * Without success @want is given back and @sub counted down.
 *
 * Context: RCU read-side section, BH disabled, no shard locked.
 * Return: binding, perhaps one that another CPU has just made, or NULL.
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
	/* Before it is visible: the event tells, too. */
	b->is_static = is_static;

	old = nat64_binding_insert(table, b, portid);
	if (!old)
		return b;

	nat64_binding_key4(b, &key4);
	nat64_pool4_release(table, config, &key4);
	if (IS_ERR(old)) {
		/* It could be seen for a moment. */
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

/* How many bindings of a protocol a subscriber may have, 0 for any number. With
 * the host's addresses, all share the ports that one of them has for a protocol:
 * no one takes more than half of these.
 */
static u32 nat64_binding_max(const struct nat64_config *config)
{
	if (!config->pool4_host || !config->max_bindings)
		return config->max_bindings;

	return min_t(u32, config->max_bindings, NAT64_HOST_PORTS / 2);
}

/**
 * nat64_binding_create - give an IPv6 transport address an IPv4 one
 * @table: of the device
 * @config: of the device
 * @key: IPv6 transport address
 * @want: IPv4 transport address that has been allocated for it, NULL to
 *	allocate one; given back when it is not used
 * @mark: of the packet
 * @reason: set when NULL is returned
 *
 * Context: RCU read-side section, BH disabled, no shard locked.
 * Return: binding, perhaps one that another CPU has just made, or NULL.
 */
struct nat64_binding *nat64_binding_create(struct nat64_table *table,
					   const struct nat64_config *config,
					   const struct nat64_key6 *key,
					   const struct nat64_key4 *want,
					   u32 mark, enum nat64_reason *reason)
{
	struct nat64_subscriber *sub;
	struct nat64_binding *b;

	/* It would have no session: nat64_session_create() keeps the count, but
	 * need not do so with a new binding each time.
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
 * nat64_binding_insert4 - let a binding be found from the IPv4 side only
 * @table: of the device
 * @b: binding; another one has its IPv6 side
 *
 * Context: its shard is locked.
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
 * nat64_binding_replace6 - let a binding be found in the place of another
 * @table: of the device
 * @old: binding that is found from the IPv6 side, to be killed next
 * @new: binding of the same IPv6 transport address
 *
 * Context: the shard of @old is locked.
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
 * @table: of the device
 * @b: binding, not dead yet
 * @rest: its port rests first
 * @trigger: why
 *
 * Context: its shard is locked.
 */
void nat64_binding_kill(struct nat64_table *table, struct nat64_binding *b,
			bool rest, const struct nat64_trigger *trigger)
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
	if (rest)
		nat64_pool4_free(table, config, &key);
	else
		nat64_pool4_release(table, config, &key);
	nat64_subscriber_put(table, b->subscriber, b->key6.proto);
	rcu_read_unlock();
	nat64_reap(&table->reaper, b);
	/* It frees the ports of the address when the last has rested. */
	if (!delayed_work_pending(&table->expire))
		nat64_expire_start(table);
}

int nat64_binding_cache_create(void)
{
	/* What is promised of memory: 128 bytes with a session. */
	BUILD_BUG_ON(sizeof(struct nat64_binding) > 64);

	nat64_binding_cache = KMEM_CACHE(nat64_binding, 0);
	return nat64_binding_cache ? 0 : -ENOMEM;
}

void nat64_binding_cache_destroy(void)
{
	kmem_cache_destroy(nat64_binding_cache);
}
