// SPDX-License-Identifier: GPL-2.0-only
/*
 * nat64 - free the ports of addresses that are no longer in use, and make
 * searches that skip full addresses aware of it.
 */
#include <linux/bitmap.h>
#include <linux/sched.h>
#include <linux/xarray.h>

#include "clock.h"
#include "config.h"
#include "nat64.h"
#include "pool4.h"
#include "ports.h"
#include "session.h"
#include "table.h"

/* Addresses of a protocol to check per tick, with RCU held. */
#define NAT64_POOL4_BATCH	256

/**
 * nat64_pool4_is_complete - do all addresses of an entry have ports?
 * @table: of the device
 * @config: of the device; bits set for another configuration are ignored
 * @l4: protocol
 * @index: index of the entry
 *
 * Return: true if they do
 */
bool nat64_pool4_is_complete(const struct nat64_table *table,
			     const struct nat64_config *config,
			     enum nat64_l4 l4, unsigned int index)
{
	/* Pairs with nat64_pool4_changed(), which clears the bits first. */
	return smp_load_acquire(&table->complete_of) == config &&
	       test_bit(index, table->complete[l4]);
}

/**
 * nat64_pool4_complete - note that all addresses of an entry have ports
 * @table: of the device
 * @config: of the device
 * @l4: protocol
 * @index: index of the entry
 * @erased: &nat64_table.erased before the first address was looked up, to
 *	detect that one was erased since
 *
 * Context: BH disabled.
 */
void nat64_pool4_complete(struct nat64_table *table,
			  const struct nat64_config *config, enum nat64_l4 l4,
			  unsigned int index, u32 erased)
{
	xa_lock(&table->ports[l4]);
	if (table->erased[l4] == erased && table->complete_of == config)
		set_bit(index, table->complete[l4]);
	xa_unlock(&table->ports[l4]);
}

/**
 * nat64_pool4_erase - remove and free the ports of an address
 * @table: of the device
 * @l4: protocol
 * @addr: address, host byte order
 * @ports: ports of the address, locked, without bindings
 */
void nat64_pool4_erase(struct nat64_table *table, enum nat64_l4 l4, u32 addr,
		       struct nat64_ports *ports)
{
	struct xarray *array = &table->ports[l4];

	lockdep_assert_held(&ports->lock);

	WRITE_ONCE(ports->gone, true);
	/* nat64_pool4_changed() will not find them, and the old configuration
	 * is freed.
	 */
	ports->config = NULL;
	xa_lock_bh(array);
	bitmap_zero(table->complete[l4], NAT64_POOL4_MAX);
	__xa_erase(array, addr);
	/* Readers that see the new count do not find the address. */
	smp_store_release(&table->erased[l4], table->erased[l4] + 1);
	xa_unlock_bh(array);
	call_rcu(&ports->rcu, nat64_ports_destroy_rcu);
}

/* Free the ports of an address if none has a binding, is held down or foreign.
 */
static void nat64_pool4_reclaim_one(struct nat64_table *table,
				    const struct nat64_config *config,
				    enum nat64_l4 l4, u32 addr,
				    struct nat64_ports *ports)
{
	spin_lock_bh(&ports->lock);
	if (ports->gone)
		goto unlock;
	if (ports->used) {
		xa_clear_mark(&table->ports[l4], addr, NAT64_POOL4_IDLE);
		goto unlock;
	}
	nat64_ports_unhold(ports, nat64_now(), config->hold_down);
	if (!ports->held.count && !ports->foreign.count)
		nat64_pool4_erase(table, l4, addr, ports);
unlock:
	spin_unlock_bh(&ports->lock);
}

/**
 * nat64_pool4_reclaim - free the ports of unused addresses
 * @table: of the device
 *
 * Checks a batch of addresses without bindings. Their ports are freed once none
 * is held down; packets create them again.
 *
 * Context: process context.
 * Return: true if there are addresses without bindings left.
 */
bool nat64_pool4_reclaim(struct nat64_table *table)
{
	const struct nat64_config *config;
	struct nat64_ports *ports;
	bool more = false;
	unsigned long addr;
	int i, left;

	for (i = 0; i < NAT64_L4_COUNT; i++) {
		left = NAT64_POOL4_BATCH;
		addr = table->reclaim[i];
		rcu_read_lock();
		config = rcu_dereference(table->nat64->config);
		ports = xa_find(&table->ports[i], &addr, U32_MAX,
				NAT64_POOL4_IDLE);
		while (ports && left--) {
			nat64_pool4_reclaim_one(table, config, i, addr, ports);
			ports = xa_find_after(&table->ports[i], &addr, U32_MAX,
					      NAT64_POOL4_IDLE);
		}
		table->reclaim[i] = ports ? addr : 0;
		rcu_read_unlock();
		more |= xa_marked(&table->ports[i], NAT64_POOL4_IDLE);
		cond_resched();
	}

	return more;
}
