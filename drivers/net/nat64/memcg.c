// SPDX-License-Identifier: GPL-2.0-only
/*
 * nat64 - memcg accounting of device state.
 */
#include <linux/gfp.h>
#include <linux/rhashtable.h>
#include <linux/slab.h>
#include <linux/user_namespace.h>
#include <net/net_namespace.h>

#include "eam.h"
#include "memcg.h"
#include "nat64.h"
#include "table.h"

/* The xarray accounts its nodes by XA_FLAGS_ACCOUNT, not by the gfp passed in.
 */
static void nat64_memcg_arrays(struct nat64_table *table, bool charged)
{
	struct xarray *array;
	int i;

	for (i = 0; i < NAT64_L4_COUNT; i++) {
		array = &table->ports[i];
		xa_lock_bh(array);
		if (charged)
			array->xa_flags |= XA_FLAGS_ACCOUNT;
		else
			array->xa_flags &= ~XA_FLAGS_ACCOUNT;
		xa_unlock_bh(array);
	}
}

/**
 * nat64_memcg_clear - stop charging state that packets create
 * @table: of a device that handles no packets
 *
 * Context: process context.
 */
void nat64_memcg_clear(struct nat64_table *table)
{
	mem_cgroup_put(table->memcg);
	table->memcg = NULL;
	table->gfp = GFP_ATOMIC;
	nat64_memcg_arrays(table, false);
}

/* Can users other than root of the initial namespace create devices there? */
static bool nat64_memcg_wanted(const struct net *net)
{
	return net->user_ns != &init_user_ns;
}

/**
 * nat64_memcg_set - set accounting for a device that enters a namespace
 * @table: of the device, which handles no packets yet
 *
 * Undone by nat64_memcg_clear().
 *
 * Context: process context, RTNL held.
 */
void nat64_memcg_set(struct nat64_table *table)
{
	nat64_memcg_clear(table);
	if (!nat64_memcg_wanted(dev_net(table->nat64->dev)))
		return;

	/* GFP_ATOMIC allocations may exceed the limit of the memcg. */
	table->gfp = GFP_NOWAIT | __GFP_ACCOUNT;
	table->memcg = get_mem_cgroup_from_mm(current->mm);
	nat64_memcg_arrays(table, true);
}

/* Size of the bucket tables in bytes; during a resize, of all of them. */
static size_t nat64_memcg_size(const struct rhashtable *ht)
{
	const struct bucket_table *tbl;
	size_t size = 0;

	rcu_read_lock();
	for (tbl = rcu_dereference(ht->tbl); tbl;
	     tbl = rcu_dereference(tbl->future_tbl))
		size += sizeof(*tbl) + tbl->size * sizeof(tbl->buckets[0]);
	rcu_read_unlock();

	return size;
}

static size_t nat64_memcg_eam_size(const struct nat64_eam_table *eam)
{
	return nat64_memcg_size(&eam->by4) + nat64_memcg_size(&eam->by6);
}

static size_t nat64_memcg_sum(const struct nat64_dev *nat64)
{
	const struct nat64_table *table = nat64->table;

	if (table)
		return nat64_memcg_size(&table->sessions) +
		       nat64_memcg_size(&table->bindings6) +
		       nat64_memcg_size(&table->bindings4) +
		       nat64_memcg_size(&table->remotes) +
		       nat64_memcg_size(&table->subscribers);

	return nat64_memcg_eam_size(nat64_locked_eam(nat64));
}

/* Charge about @size bytes. */
static void nat64_memcg_resize(struct nat64_memcg_charge *charge, size_t size)
{
	void *mem;

	if (size <= charge->size && size >= charge->size / 2)
		return;

	/* Fail rather than invoke the OOM killer. */
	mem = kvmalloc(size, GFP_KERNEL_ACCOUNT | __GFP_NORETRY | __GFP_NOWARN);
	if (!mem)
		return;

	kvfree(charge->mem);
	charge->mem = mem;
	charge->size = size;
}

/**
 * nat64_memcg_charge_hashes - charge the buckets of the hash tables
 * @nat64: device
 *
 * rhashtables allocate without __GFP_ACCOUNT, and modules have no way to charge
 * existing memory. So charge an unused allocation of the same size instead, in
 * namespaces of other users only. If this fails, the tables can hardly grow any
 * further, because their entries are charged as well.
 *
 * Context: process context; between nat64_memcg_enter() and
 * nat64_memcg_leave(), or in the request of the user to charge with the device
 * locked (stateless devices).
 */
void nat64_memcg_charge_hashes(struct nat64_dev *nat64)
{
	if (nat64_memcg_wanted(dev_net(nat64->dev)))
		nat64_memcg_resize(&nat64->charge, nat64_memcg_sum(nat64));
	else
		nat64_memcg_uncharge(&nat64->charge);
}

/**
 * nat64_memcg_charge_staged - charge the buckets of a staged table
 * @charge: charge of the table
 * @net: namespace of the device that the table is for
 * @eam: the table, not visible to others yet
 *
 * Context: process context, in the request of the user to charge.
 */
void nat64_memcg_charge_staged(struct nat64_memcg_charge *charge,
			       const struct net *net,
			       const struct nat64_eam_table *eam)
{
	if (nat64_memcg_wanted(net))
		nat64_memcg_resize(charge, nat64_memcg_eam_size(eam));
}

/**
 * nat64_memcg_uncharge - release the charge for hash tables
 * @charge: charge of a device or of a staged table
 *
 * Context: process context.
 */
void nat64_memcg_uncharge(struct nat64_memcg_charge *charge)
{
	kvfree(charge->mem);
	charge->mem = NULL;
	charge->size = 0;
}
