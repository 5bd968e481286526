/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * nat64 - use of pool4 entries.
 */
#ifndef _NAT64_POOL4_USE_H
#define _NAT64_POOL4_USE_H

#include <linux/atomic.h>
#include <linux/refcount.h>
#include <linux/types.h>

#include "config.h"
#include "key.h"

struct nat64_ports;
struct nat64_table;

/**
 * struct nat64_use - use of a pool4 entry for one protocol
 * @used: ports or query identifiers that have a binding
 * @held_down: ports or query identifiers held down
 * @peak: highest value of @used
 */
struct nat64_use {
	atomic_t used;
	atomic_t held_down;
	atomic_t peak;
};

/**
 * struct nat64_alarm - state of threshold events for an entry
 * @above: the last event reported that the high threshold was reached
 * @notified: time of the last event in jiffies, 0 for never
 */
struct nat64_alarm {
	u32 above;
	unsigned long notified;
};

/**
 * struct nat64_pool4_stat - counters of a pool4 entry
 * @refs: number of configurations that contain the entry
 * @fresh: the last change of pool4 added the entry; under RTNL
 * @total: number of ports for each protocol
 * @high: high threshold, in ports in use
 * @low: low threshold, in ports in use
 * @use: use, by enum nat64_l4
 * @alarm: threshold events, by enum nat64_l4
 *
 * Shared by consecutive configurations that contain the entry.
 */
struct nat64_pool4_stat {
	refcount_t refs;
	bool fresh;
	u64 total;
	u32 high;
	u32 low;
	struct nat64_use use[NAT64_L4_COUNT];
	struct nat64_alarm alarm[NAT64_L4_COUNT];
};

static inline bool nat64_use_by_host(const struct nat64_config *config)
{
	return config->pool4_host;
}

bool nat64_pool4_same(const struct nat64_pool4_entry *a,
		      const struct nat64_pool4_entry *b);
struct nat64_pool4_stat *
nat64_use_create(const struct nat64_pool4_entry *entry);
void nat64_use_release(struct nat64_pool4_stat *stat);
bool nat64_use_inherit(struct nat64_config *config,
		       const struct nat64_config *old);
void nat64_use_thresholds(const struct nat64_config *config);
bool nat64_use_fresh(const struct nat64_config *config);
void nat64_use_begin(struct nat64_ports *ports,
		     const struct nat64_config *config, enum nat64_l4 l4,
		     u32 addr);
void nat64_use_move(struct nat64_ports *ports,
		    const struct nat64_config *config, bool count);
void nat64_use_take(struct nat64_table *table, struct nat64_ports *ports,
		    u16 port);
void nat64_use_put(struct nat64_table *table, struct nat64_ports *ports,
		   u16 port);
void nat64_use_hold(struct nat64_ports *ports, u16 port, int change);

#endif /* _NAT64_POOL4_USE_H */
