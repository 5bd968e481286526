/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * nat64 - tables of a stateful device.
 */
#ifndef _NAT64_TABLE_H
#define _NAT64_TABLE_H

#include <linux/llist.h>
#include <linux/rhashtable-types.h>
#include <linux/siphash.h>
#include <linux/spinlock.h>
#include <linux/types.h>
#include <linux/workqueue.h>
#include <linux/xarray.h>
#include <uapi/linux/nat64.h>

#include "key.h"
#include "log.h"
#include "walk.h"

struct mem_cgroup;
struct nat64_binding;
struct nat64_claims;
struct nat64_config;
struct nat64_dev;
struct nat64_syn_store;
struct nat64_trigger;

/* Slots of the expiry wheel, one per tick. Sessions that expire later are armed
 * again when their slot is due.
 */
#define NAT64_WHEEL_SLOTS	256

/**
 * enum nat64_state - state of a session
 * @NAT64_STATE_UDP: a UDP session
 * @NAT64_STATE_ICMP: an ICMP query session
 * @NAT64_STATE_V6_INIT: TCP, IPv6 has sent a SYN
 * @NAT64_STATE_V4_INIT: TCP, IPv4 has sent a SYN
 * @NAT64_STATE_EST: TCP, established
 * @NAT64_STATE_V6_FIN: TCP, IPv6 has sent a FIN
 * @NAT64_STATE_V4_FIN: TCP, IPv4 has sent a FIN
 * @NAT64_STATE_V46_FIN: TCP, both sides have sent a FIN
 * @NAT64_STATE_TRANS: TCP, reset or about to expire
 * @NAT64_STATE_COUNT: number of states
 * @NAT64_STATE_DEAD: removed, read-only
 */
enum nat64_state {
	NAT64_STATE_UDP,
	NAT64_STATE_ICMP,
	NAT64_STATE_V6_INIT,
	NAT64_STATE_V4_INIT,
	NAT64_STATE_EST,
	NAT64_STATE_V6_FIN,
	NAT64_STATE_V4_FIN,
	NAT64_STATE_V46_FIN,
	NAT64_STATE_TRANS,
	NAT64_STATE_COUNT,
	NAT64_STATE_DEAD = NAT64_STATE_COUNT,
};

/**
 * struct nat64_counts - number of entries of the tables, or of a shard
 * @sessions: sessions by enum nat64_state
 * @bindings: bindings by enum nat64_l4
 * @statics: static bindings
 */
struct nat64_counts {
	u32 sessions[NAT64_STATE_COUNT];
	u32 bindings[NAT64_L4_COUNT];
	u32 statics;
};

/* Counters of a shard change under its lock and are read locklessly. */
static inline void nat64_count_one(u32 *count)
{
	WRITE_ONCE(*count, *count + 1);
}

static inline void nat64_count_down(u32 *count)
{
	WRITE_ONCE(*count, *count - 1);
}

/**
 * struct nat64_shard - part of the bindings and sessions with a lock of its own
 * @lock: protects the fields below, and for bindings of this shard their
 *	session lists and the state changes of their sessions. Taken with BH
 *	disabled.
 * @clock: tick up to which @slot was processed
 * @counts: number of entries in the shard, read without the lock
 * @slot: sessions by the tick of their next check, modulo the size
 */
struct nat64_shard {
	spinlock_t lock;
	u32 clock;
	struct nat64_counts counts;
	struct hlist_head slot[NAT64_WHEEL_SLOTS];
} ____cacheline_aligned_in_smp;

/* Rate-limit slots, indexed by event modulo NAT64_REFUSALS. */
#define NAT64_REFUSALS		4

/* Number of multicast groups, NAT64_NLGRP_*. */
#define NAT64_EVENT_GROUPS	3

/**
 * struct nat64_refusals - rate limit of exhaustion events
 * @notified: time of the last event in jiffies, 0 for never
 * @count: refusals since the last event
 */
struct nat64_refusals {
	unsigned long notified;
	atomic_t count;
};

/**
 * struct nat64_reaper - dead bindings to free
 * @dead: bindings that died since @work last ran
 * @work: frees the bindings
 */
struct nat64_reaper {
	struct llist_head dead;
	struct work_struct work;
};

/**
 * struct nat64_table - tables of a stateful device
 * @sessions: sessions by (IPv6 host, remote IPv4 host), but the first
 *	NAT64_SESSIONS_UNHASHED of each binding
 * @bindings6: bindings by IPv6 transport address
 * @bindings4: bindings by pool4 transport address
 * @remotes: IPv4 hosts that bindings have sessions with, for address-dependent
 *	filtering
 * @counts_remotes: filtering is being turned on, see nat64_remotes_begin()
 * @reaper: dead bindings
 * @shards: array of @shard_mask + 1
 * @shard_mask: mask to select a shard by hash
 * @count: number of sessions
 * @expire: processes the wheels every tick while there are sessions
 * @nat64: device
 * @subscribers: subscribers by prefix
 * @announced: time of the last logged refusal in jiffies, 0 for never
 * @unannounced: number of refusals since @announced
 * @ports: struct nat64_ports by IPv4 address in host byte order, one array per
 *	protocol
 * @complete: bitmaps of pool4 entries whose addresses are all in @ports;
 *	changed under the lock of the array
 * @complete_of: configuration that @complete refers to
 * @erased: number of addresses removed from @ports, under the lock of the array
 * @reclaim: address to continue the search for unused addresses at
 * @pool4_changes: number of changes of pool4, under RTNL and nat64_dev.lock
 * @secret: hash key that makes port allocation unpredictable
 * @syns: stored TCP SYNs from IPv4
 * @refusals: rate limits of exhaustion events
 * @seq: sequence number of the last event, by multicast group
 * @claims: ports of the host's addresses that devices of the namespace have
 *	claimed; changes when the device moves to another namespace
 * @log: log lines to print
 * @borrows: bindings may use addresses of the host
 * @statics: there may be static bindings, which need not be in pool4; changed
 *	under RTNL and nat64_dev.lock
 * @gfp: allocation flags of the packet path
 * @memcg: memcg charged for allocations with @gfp, NULL for none
 */
struct nat64_table {
	struct rhashtable sessions;
	struct rhashtable bindings6;
	struct rhashtable bindings4;
	struct rhashtable remotes;
	bool counts_remotes;
	struct nat64_reaper reaper;
	struct nat64_shard *shards;
	unsigned int shard_mask;
	atomic_t count;
	struct delayed_work expire;
	struct nat64_dev *nat64;
	struct rhashtable subscribers;
	unsigned long announced;
	atomic_t unannounced;
	struct xarray ports[NAT64_L4_COUNT];
	DECLARE_BITMAP(complete[NAT64_L4_COUNT], NAT64_POOL4_MAX);
	const struct nat64_config *complete_of;
	u32 erased[NAT64_L4_COUNT];
	u32 reclaim[NAT64_L4_COUNT];
	u32 pool4_changes;
	siphash_key_t secret;
	struct nat64_syn_store *syns;
	struct nat64_refusals refusals[NAT64_REFUSALS];
	atomic64_t seq[NAT64_EVENT_GROUPS];
	struct nat64_claims *claims;
	struct nat64_log log;
	bool borrows;
	bool statics;
	gfp_t gfp;
	struct mem_cgroup *memcg;
};

/* table.c */
bool nat64_binding_end(struct nat64_table *table, struct nat64_binding *b,
		       const struct nat64_trigger *trigger);
int nat64_table_create(struct nat64_dev *nat64);
void nat64_table_destroy(struct nat64_dev *nat64);
void nat64_table_flush(struct nat64_table *table,
		       const struct nat64_config *config,
		       const struct nat64_trigger *trigger);
void nat64_table_leave(struct nat64_table *table, __be32 addr,
		       const struct nat64_trigger *trigger);
int nat64_table_caches_create(void);
void nat64_table_caches_destroy(void);
void nat64_table_walk_addr(struct nat64_table *table, __be32 addr,
			   nat64_visit *visit, const void *arg);

#endif /* _NAT64_TABLE_H */
