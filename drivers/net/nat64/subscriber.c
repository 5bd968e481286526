// SPDX-License-Identifier: GPL-2.0-only
/*
 * nat64 - subscribers: IPv6 prefixes that share limits and an IPv4 address, RFC
 * 6888 section 3, REQ-2 and REQ-4. A subscriber exists while it has bindings.
 */
#include <linux/rhashtable.h>
#include <linux/siphash.h>
#include <linux/slab.h>
#include <net/ipv6.h>

#include "hash.h"
#include "subscriber.h"
#include "table.h"

static u32 nat64_subscriber_hash(const void *data, u32 len, u32 seed)
{
	return nat64_hash(data, sizeof(struct nat64_subscriber_key), seed);
}

static u32 nat64_subscriber_obj_hash(const void *data, u32 len, u32 seed)
{
	const struct nat64_subscriber *sub = data;

	return nat64_subscriber_hash(&sub->key, len, seed);
}

static int nat64_subscriber_cmp(struct rhashtable_compare_arg *arg,
				const void *obj)
{
	const struct nat64_subscriber *sub = obj;

	return memcmp(&sub->key, arg->key, sizeof(sub->key));
}

static const struct rhashtable_params nat64_subscribers_params = {
	.key_len = sizeof(struct nat64_subscriber_key),
	.head_offset = offsetof(struct nat64_subscriber, node),
	.hashfn = nat64_subscriber_hash,
	.obj_hashfn = nat64_subscriber_obj_hash,
	.obj_cmpfn = nat64_subscriber_cmp,
	.automatic_shrinking = true,
};

/**
 * nat64_subscribers_init - initialize the table of subscribers
 * @table: of the device
 *
 * Return: 0 or a negative errno.
 */
int nat64_subscribers_init(struct nat64_table *table)
{
	/* Memory use documented in Documentation/networking/nat64-limits.rst.
	 */
	BUILD_BUG_ON(sizeof(struct nat64_subscriber) > 96);

	return rhashtable_init(&table->subscribers, &nat64_subscribers_params);
}

static void nat64_subscriber_free(void *ptr, void *arg)
{
	kfree(ptr);
}

/**
 * nat64_subscribers_destroy - free all subscribers
 * @table: of a device that no longer handles packets
 */
void nat64_subscribers_destroy(struct nat64_table *table)
{
	rhashtable_free_and_destroy(&table->subscribers, nat64_subscriber_free,
				    NULL);
}

/**
 * nat64_count_up - increment a counter unless it reached its limit
 * @count: counter
 * @max: limit, 0 for none
 *
 * Return: false if the limit is reached.
 */
bool nat64_count_up(atomic_t *count, u32 max)
{
	int old = atomic_read(count);

	do {
		if (max && (u32)old >= max)
			return false;
	} while (!atomic_try_cmpxchg(count, &old, old + 1));

	return true;
}

/* Uncount a binding. Frees the subscriber with its last binding. */
static void nat64_subscriber_leave(struct nat64_table *table,
				   struct nat64_subscriber *sub)
{
	if (!atomic_dec_and_test(&sub->bindings))
		return;

	rhashtable_remove_fast(&table->subscribers, &sub->node,
			       nat64_subscribers_params);
	kfree_rcu(sub, rcu);
}

/* Count a binding of an existing subscriber. Returns -ESRCH if its last binding
 * was just removed. The limit applies to each protocol separately (RFC 6888
 * section 3, REQ-4), so that one protocol cannot exhaust the share of others.
 */
static int nat64_subscriber_join(struct nat64_table *table,
				 struct nat64_subscriber *sub, u8 proto,
				 u32 max)
{
	if (!atomic_inc_not_zero(&sub->bindings))
		return -ESRCH;
	if (nat64_count_up(&sub->by_proto[nat64_l4_of(proto)], max))
		return 0;

	nat64_subscriber_leave(table, sub);
	return -EDQUOT;
}

/* Find a subscriber, or create it with one binding and set *@made. */
static struct nat64_subscriber *
nat64_subscriber_find(struct nat64_table *table,
		      const struct nat64_subscriber_key *key, u8 proto,
		      bool *made)
{
	struct nat64_subscriber *sub, *old;

	*made = false;
	sub = rhashtable_lookup(&table->subscribers, key,
				nat64_subscribers_params);
	if (sub)
		return sub;

	sub = kzalloc_obj(*sub, table->gfp | __GFP_NOWARN);
	if (!sub)
		return ERR_PTR(-ENOMEM);

	sub->key = *key;
	sub->pair.hash = siphash(key, sizeof(*key), &table->secret);
	atomic_set(&sub->bindings, 1);
	atomic_set(&sub->by_proto[nat64_l4_of(proto)], 1);
	old = rhashtable_lookup_get_insert_key(&table->subscribers, &sub->key,
					       &sub->node,
					       nat64_subscribers_params);
	if (old) {
		kfree(sub);
		return old;
	}

	*made = true;
	return sub;
}

/**
 * nat64_subscriber_lookup - find a subscriber that has bindings
 * @table: of the device
 * @addr: IPv6 host
 * @len: prefix length of subscribers
 *
 * Context: RCU read-side section.
 * Return: the subscriber, or NULL
 */
struct nat64_subscriber *
nat64_subscriber_lookup(struct nat64_table *table, const struct in6_addr *addr,
			u8 len)
{
	struct nat64_subscriber_key key = { .len = len };

	ipv6_addr_prefix(&key.prefix, addr, len);
	return rhashtable_lookup(&table->subscribers, &key,
				 nat64_subscribers_params);
}

/**
 * nat64_subscriber_get - find or create a subscriber, and count a binding
 * @table: of the device
 * @key6: IPv6 transport address of the binding
 * @len: prefix length of subscribers
 * @max: limit of bindings of the protocol, 0 for none
 * @reason: set if NULL is returned
 *
 * Context: RCU read-side section.
 * Return: subscriber, to release with nat64_subscriber_put(), or NULL.
 */
struct nat64_subscriber *nat64_subscriber_get(struct nat64_table *table,
					      const struct nat64_key6 *key6,
					      u8 len, u32 max,
					      enum nat64_reason *reason)
{
	struct nat64_subscriber_key key = { .len = len };
	struct nat64_subscriber *sub;
	bool made;

	ipv6_addr_prefix(&key.prefix, &key6->addr, len);
	for (;;) {
		sub = nat64_subscriber_find(table, &key, key6->proto, &made);
		if (IS_ERR(sub)) {
			*reason = NAT64_DROP_NO_MEMORY;
			return NULL;
		}
		if (made)
			return sub;

		switch (nat64_subscriber_join(table, sub, key6->proto, max)) {
		case 0:
			return sub;
		case -EDQUOT:
			*reason = NAT64_DROP_MAX_BINDINGS;
			return NULL;
		}

		/* -ESRCH: unhash the dead subscriber unless that was done
		 * already.
		 */
		rhashtable_remove_fast(&table->subscribers, &sub->node,
				       nat64_subscribers_params);
	}
}

/**
 * nat64_subscriber_put - uncount a binding, free the subscriber with the last
 * @table: of the device
 * @sub: subscriber
 * @proto: IPPROTO_TCP, IPPROTO_UDP or IPPROTO_ICMP
 *
 * Context: RCU read-side section, or the shard of the binding is locked.
 */
void nat64_subscriber_put(struct nat64_table *table,
			  struct nat64_subscriber *sub, u8 proto)
{
	atomic_dec(&sub->by_proto[nat64_l4_of(proto)]);
	nat64_subscriber_leave(table, sub);
}
