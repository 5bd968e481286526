/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * nat64 - subscribers: IPv6 prefixes that share limits and an IPv4 address.
 */
#ifndef _NAT64_SUBSCRIBER_H
#define _NAT64_SUBSCRIBER_H

#include <linux/atomic.h>
#include <linux/in6.h>
#include <linux/rhashtable-types.h>

#include "key.h"
#include "pool4-pair.h"
#include "reason.h"

struct nat64_table;

/**
 * struct nat64_subscriber_key - lookup key of a subscriber
 * @prefix: IPv6 prefix, bits beyond @len are 0
 * @len: prefix length, value of subscriber-prefix when it was created
 */
struct nat64_subscriber_key {
	struct in6_addr prefix;
	u32 len;
};

/**
 * struct nat64_subscriber - IPv6 prefix that limits apply to
 * @node: node in nat64_table.subscribers
 * @key: lookup key
 * @bindings: number of bindings; once 0, it stays 0
 * @by_proto: number of bindings by enum nat64_l4; max-bindings limits each
 * @sessions: number of sessions
 * @refusals: number of flows rejected by a limit, by enum nat64_l4
 * @pair: paired pool4 addresses
 * @rcu: for freeing
 */
struct nat64_subscriber {
	struct rhash_head node;
	struct nat64_subscriber_key key;
	atomic_t bindings;
	atomic_t by_proto[NAT64_L4_COUNT];
	atomic_t sessions;
	atomic_t refusals[NAT64_L4_COUNT];
	struct nat64_pool4_pair pair;
	struct rcu_head rcu;
};

int nat64_subscribers_init(struct nat64_table *table);
void nat64_subscribers_destroy(struct nat64_table *table);
struct nat64_subscriber *nat64_subscriber_get(struct nat64_table *table,
					      const struct nat64_key6 *key,
					      u8 len, u32 max,
					      enum nat64_reason *reason);
struct nat64_subscriber *
nat64_subscriber_lookup(struct nat64_table *table, const struct in6_addr *addr,
			u8 len);
void nat64_subscriber_put(struct nat64_table *table,
			  struct nat64_subscriber *sub, u8 proto);
bool nat64_count_up(atomic_t *count, u32 max);

#endif /* _NAT64_SUBSCRIBER_H */
