/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * nat64 - memcg accounting. State that an administrator creates is charged to
 * the memcg of the process (GFP_KERNEL_ACCOUNT). State that packets create is
 * not charged in network namespaces owned by the initial user namespace; in
 * others it is charged to the memcg of the process that created the device or
 * moved it there.
 */
#ifndef _NAT64_MEMCG_H
#define _NAT64_MEMCG_H

#include <linux/memcontrol.h>
#include <linux/sched/mm.h>

#include "table.h"

struct nat64_dev;
struct nat64_eam_table;
struct nat64_memcg_charge;

/* For state that an administrator may create without limit: charge the memcg of
 * the requesting process.
 */
#define NAT64_GFP_USER	(GFP_NOWAIT | __GFP_NOWARN | __GFP_ACCOUNT)

/* memcg.c */
void nat64_memcg_clear(struct nat64_table *table);
void nat64_memcg_set(struct nat64_table *table);
void nat64_memcg_charge_hashes(struct nat64_dev *nat64);
void nat64_memcg_charge_staged(struct nat64_memcg_charge *charge,
			       const struct net *net,
			       const struct nat64_eam_table *eam);
void nat64_memcg_uncharge(struct nat64_memcg_charge *charge);

/**
 * nat64_memcg_enter - charge allocations that use the gfp of the table
 * @table: of the device
 *
 * Context: BH disabled.
 * Return: previous memcg, to pass to nat64_memcg_leave().
 */
static inline struct mem_cgroup *
nat64_memcg_enter(const struct nat64_table *table)
{
	return unlikely(table->memcg) ? set_active_memcg(table->memcg) : NULL;
}

static inline void nat64_memcg_leave(const struct nat64_table *table,
				     struct mem_cgroup *old)
{
	if (unlikely(table->memcg))
		set_active_memcg(old);
}

#endif /* _NAT64_MEMCG_H */
