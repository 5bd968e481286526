/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * nat64 - whose memory it is that packets make a device use. In the namespaces
 * of the host's administrator it is nobody's; elsewhere it is that of the
 * control group that made the device, or moved it there.
 */
#ifndef _NAT64_CHARGE_H
#define _NAT64_CHARGE_H

#include <linux/gfp.h>
#include <linux/memcontrol.h>
#include <linux/sched/mm.h>
#include <linux/user_namespace.h>

#include "nat64.h"

static inline void nat64_charge_nobody(struct nat64_table *table)
{
	mem_cgroup_put(table->memcg);
	table->memcg = NULL;
	table->gfp = GFP_ATOMIC;
}

/* The device is new in its namespace. Context: process context, RTNL held; no
 * packet is in it. At the end, nat64_charge_nobody().
 */
static inline void nat64_charge_enter(struct nat64_table *table)
{
	nat64_charge_nobody(table);
	if (dev_net(table->nat64->dev)->user_ns == &init_user_ns)
		return;

	/* Not GFP_ATOMIC, which no limit holds. */
	table->gfp = GFP_NOWAIT | __GFP_ACCOUNT;
	table->memcg = get_mem_cgroup_from_mm(current->mm);
}

/**
 * nat64_charge - what is allocated with the table's gfp counts from here on
 * @table: of the device
 *
 * Context: BH disabled.
 * Return: for nat64_uncharge().
 */
static inline struct mem_cgroup *nat64_charge(const struct nat64_table *table)
{
	return unlikely(table->memcg) ? set_active_memcg(table->memcg) : NULL;
}

static inline void nat64_uncharge(const struct nat64_table *table,
				  struct mem_cgroup *old)
{
	if (unlikely(table->memcg))
		set_active_memcg(old);
}

#endif /* _NAT64_CHARGE_H */
