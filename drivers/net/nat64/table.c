// SPDX-License-Identifier: GPL-2.0-only
/*
 * nat64 - tables of a stateful device: creation, destruction, and removal of
 * bindings that a change of pool4 or of addresses no longer allows.
 */
#include <linux/bitmap.h>
#include <linux/log2.h>
#include <linux/rcupdate.h>
#include <linux/sched.h>
#include <linux/slab.h>
#include <linux/xarray.h>

#include "bib.h"
#include "clock.h"
#include "events.h"
#include "expire.h"
#include "log.h"
#include "memcg.h"
#include "nat64.h"
#include "pool4.h"
#include "ports.h"
#include "remote.h"
#include "session.h"
#include "synstore.h"
#include "table.h"
#include "walk.h"

/* Sessions killed per locking of a shard, with BH disabled. */
#define NAT64_KILL_BATCH	64

/**
 * nat64_table_create - allocate empty tables
 * @nat64: stateful device; @nat64->table is set
 *
 * Context: process context.
 * Return: 0 or a negative errno.
 */
int nat64_table_create(struct nat64_dev *nat64)
{
	unsigned int shards = roundup_pow_of_two(4 * num_possible_cpus());
	struct nat64_table *table;
	unsigned int i;
	int err;

	table = kzalloc_obj(*table, GFP_KERNEL_ACCOUNT);
	if (!table)
		return -ENOMEM;

	err = -ENOMEM;
	shards = clamp(shards, 16U, 256U);
	table->shards = kvcalloc(shards, sizeof(*table->shards),
				 GFP_KERNEL_ACCOUNT);
	if (!table->shards)
		goto err_table;
	table->shard_mask = shards - 1;
	for (i = 0; i < shards; i++) {
		spin_lock_init(&table->shards[i].lock);
		table->shards[i].clock = nat64_tick();
	}

	err = nat64_sessions_init(table);
	if (err)
		goto err_shards;
	err = nat64_bindings_init(table);
	if (err)
		goto err_sessions;
	err = nat64_remotes_init(table);
	if (err)
		goto err_bindings;
	err = -ENOMEM;
	table->syns = nat64_syn_store_create(nat64);
	if (!table->syns)
		goto err_remotes;

	nat64_pool4_init(table);
	table->complete_of = rcu_access_pointer(nat64->config);
	nat64_log_init(table);
	INIT_DELAYED_WORK(&table->expire, nat64_expire_work);
	table->nat64 = nat64;
	nat64_memcg_clear(table);
	nat64->table = table;
	return 0;

err_remotes:
	nat64_remotes_destroy(table);
err_bindings:
	nat64_bindings_destroy(table);
err_sessions:
	nat64_sessions_destroy(table);
err_shards:
	kvfree(table->shards);
err_table:
	kfree(table);
	return err;
}

static void nat64_table_end_one(struct nat64_table *table, void *entry,
				const void *arg)
{
	nat64_binding_end(table, entry, arg);
}

/**
 * nat64_table_destroy - free the tables with their entries
 * @nat64: device that no longer handles packets; may be stateless
 *
 * Context: process context.
 */
void nat64_table_destroy(struct nat64_dev *nat64)
{
	static const struct nat64_trigger trigger = {
		.cause = NAT64_CAUSE_DEVICE_GONE,
	};
	struct nat64_table *table = nat64->table;

	if (!table)
		return;

	/* Report the end of bindings and sessions to listeners and logs. */
	if (nat64_events_wanted(table))
		nat64_walk(table, &table->bindings6, nat64_table_end_one,
			   &trigger);
	nat64->table = NULL;
	cancel_delayed_work_sync(&table->expire);
	nat64_syn_store_destroy(table->syns);
	nat64_log_stop(table);
	nat64_sessions_destroy(table);
	nat64_bindings_destroy(table);
	nat64_remotes_destroy(table);
	nat64_pool4_destroy(table);
	nat64_memcg_clear(table);
	kvfree(table->shards);
	kfree(table);
}

/* Kill the sessions of a binding, and the binding if it is dynamic or @end is
 * set. Unlock the shard between batches. The last batch is unlimited and kills
 * sessions added meanwhile, so that the loop ends.
 */
static bool nat64_binding_drain(struct nat64_table *table,
				struct nat64_binding *b, bool end,
				const struct nat64_trigger *trigger)
{
	u32 batches = nat64_binding_sessions(b) / NAT64_KILL_BATCH;
	struct nat64_shard *shard = nat64_binding_shard(table, b);
	struct nat64_session *s;
	bool lived = false;
	u32 left;

	do {
		left = batches ? NAT64_KILL_BATCH : U32_MAX;
		spin_lock_bh(&shard->lock);
		lived |= !b->dead;
		while (!b->dead && !hlist_empty(&b->sessions) && left--) {
			s = hlist_entry(b->sessions.first,
					struct nat64_session, siblings);
			nat64_session_kill(table, s, trigger);
		}
		if (!b->dead && hlist_empty(&b->sessions) && end)
			nat64_binding_kill(table, b, true, trigger);
		spin_unlock_bh(&shard->lock);
	} while (batches-- && !b->dead);

	return lived;
}

/**
 * nat64_binding_end - remove a static or dynamic binding with its sessions
 * @table: of the device
 * @b: binding
 * @trigger: cause
 *
 * Context: RCU read-side section, no shard locked.
 * Return: false if the binding was dead already.
 */
bool nat64_binding_end(struct nat64_table *table, struct nat64_binding *b,
		       const struct nat64_trigger *trigger)
{
	return nat64_binding_drain(table, b, true, trigger);
}

/* Find the next port from @port on that may have a binding. */
static u32 nat64_table_next_port(struct xarray *array, u32 addr, u32 port)
{
	struct nat64_ports *ports = xa_load(array, addr);
	u32 next = NAT64_PORTS;

	if (!ports || !READ_ONCE(ports->used))
		return NAT64_PORTS;

	spin_lock_bh(&ports->lock);
	if (ports->used)
		next = find_next_bit(ports->taken, NAT64_PORTS, port);
	spin_unlock_bh(&ports->lock);

	return next;
}

/**
 * nat64_table_walk_addr - call a function for every binding on an address
 * @table: of the device
 * @addr: address, network byte order
 * @visit: function to call; may miss bindings added meanwhile
 * @arg: argument of @visit
 *
 * Cheap if there are no bindings.
 *
 * Context: process context.
 */
void nat64_table_walk_addr(struct nat64_table *table, __be32 addr,
			   nat64_visit *visit, const void *arg)
{
	struct nat64_key4 key = { .addr = addr };
	struct nat64_binding *b;
	u32 port;
	int i;

	for (i = 0; i < NAT64_L4_COUNT; i++) {
		key.proto = nat64_l4_proto(i);
		for (port = 0; port < NAT64_PORTS; port++) {
			rcu_read_lock();
			port = nat64_table_next_port(&table->ports[i],
						     ntohl(addr), port);
			key.port = htons(port);
			b = port < NAT64_PORTS ?
				nat64_binding_find4(table, &key) : NULL;
			if (b)
				visit(table, b, arg);
			rcu_read_unlock();
			cond_resched();
		}
	}
}

/**
 * struct nat64_flush - argument of nat64_table_flush_one()
 * @config: configuration whose pool4 bindings are kept; NULL for none
 * @trigger: cause
 */
struct nat64_flush {
	const struct nat64_config *config;
	const struct nat64_trigger *trigger;
};

static void nat64_table_flush_one(struct nat64_table *table, void *entry,
				  const void *arg)
{
	const struct nat64_flush *flush = arg;
	const struct nat64_config *config = flush->config;
	struct nat64_binding *b = entry;

	if (!config ||
	    (!b->is_static &&
	     !nat64_pool4_allows(table->nat64, config, b->key6.proto, b->addr4,
				 b->port4)))
		nat64_binding_drain(table, b, false, flush->trigger);
}

/**
 * nat64_table_flush - remove bindings that a configuration no longer allows
 * @table: of the device
 * @config: configuration whose pool4 bindings are kept; NULL for none
 * @trigger: cause
 *
 * Static bindings are always kept, RFC 6146 section 3.1. Unless @config is NULL
 * they keep their sessions too, as they need not be in pool4.
 *
 * Context: process context; packets no longer use the old configuration.
 */
void nat64_table_flush(struct nat64_table *table,
		       const struct nat64_config *config,
		       const struct nat64_trigger *trigger)
{
	const struct nat64_flush flush = {
		.config = config,
		.trigger = trigger,
	};

	nat64_walk(table, &table->bindings6, nat64_table_flush_one, &flush);
	nat64_syn_flush(table, config);
}

static void nat64_table_leave_one(struct nat64_table *table, void *entry,
				  const void *arg)
{
	const struct nat64_config *config;
	struct nat64_binding *b = entry;

	config = rcu_dereference(table->nat64->config);
	if (!nat64_pool4_has(config, b->key6.proto, b->addr4, b->port4))
		nat64_binding_drain(table, b, !b->is_static, arg);
}

/**
 * nat64_table_leave - remove bindings on an address that the host lost
 * @table: of the device
 * @addr: address
 * @trigger: cause
 *
 * Removes the sessions on the address and dynamic bindings, even those without
 * sessions yet. Bindings in pool4 are kept: it need not be an address of the
 * host, and VRRP may move it back.
 *
 * Context: process context.
 */
void nat64_table_leave(struct nat64_table *table, __be32 addr,
		       const struct nat64_trigger *trigger)
{
	nat64_table_walk_addr(table, addr, nat64_table_leave_one, trigger);
}

/**
 * nat64_table_caches_create - create the slab caches
 *
 * Return: 0 or -ENOMEM.
 */
int nat64_table_caches_create(void)
{
	int err;

	err = nat64_binding_cache_create();
	if (err)
		return err;

	err = nat64_session_cache_create();
	if (err)
		nat64_binding_cache_destroy();
	return err;
}

/**
 * nat64_table_caches_destroy - destroy the slab caches after all devices
 */
void nat64_table_caches_destroy(void)
{
	/* Wait for our RCU callbacks that free sessions and bindings. */
	rcu_barrier();
	nat64_session_cache_destroy();
	nat64_binding_cache_destroy();
}
