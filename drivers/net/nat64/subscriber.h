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
#include "reason.h"

struct nat64_table;

/**
 * struct nat64_subscriber_key - what a subscriber is found by
 * @prefix: IPv6 prefix, bits beyond @len are 0
 * @len: its length, as subscriber-prefix was when it was made
 */
struct nat64_subscriber_key {
	struct in6_addr prefix;
	u32 len;
};

/**
 * struct nat64_subscriber - who the limits are for
 * @node: in subscribers
 * @key: who it is
 * @bindings: number of bindings; never rises again once it is 0
 * @by_proto: the same by enum nat64_l4; each has the whole of max-bindings
 * @sessions: number of sessions of these bindings
 * @refusals: number of flows that a limit has refused, by enum nat64_l4
 * @addr4: pool4 address that it was given, host byte order, 0 for none yet;
 *	by enum nat64_l4: they differ only if pool4 leaves no choice
 * @rcu: frees it
 */
struct nat64_subscriber {
	struct rhash_head node;
	struct nat64_subscriber_key key;
	atomic_t bindings;
	atomic_t by_proto[NAT64_L4_COUNT];
	atomic_t sessions;
	atomic_t refusals[NAT64_L4_COUNT];
	u32 addr4[NAT64_L4_COUNT];
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
