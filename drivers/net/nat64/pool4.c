// SPDX-License-Identifier: GPL-2.0-only
/*
 * nat64 - the IPv4 transport addresses of pool4: which there are, which are
 * taken, and what happens when one is given back. pool4-alloc.c chooses among
 * them.
 */
#include <linux/bitmap.h>
#include <linux/random.h>
#include <linux/rcupdate_wait.h>
#include <linux/sched.h>
#include <linux/xarray.h>

#include "clock.h"
#include "config.h"
#include "host.h"
#include "memcg.h"
#include "nat64.h"
#include "pool4-use.h"
#include "pool4.h"
#include "table.h"

static struct xarray *nat64_pool4_array(struct nat64_table *table, u8 proto)
{
	return &table->ports[nat64_l4_of(proto)];
}

/**
 * nat64_pool4_init - start with all ports free
 * @table: of the device
 */
void nat64_pool4_init(struct nat64_table *table)
{
	int i;

	for (i = 0; i < NAT64_L4_COUNT; i++)
		xa_init(&table->ports[i]);
	get_random_bytes(&table->secret, sizeof(table->secret));
}

/**
 * nat64_pool4_destroy - free all ports
 * @table: of the device, no longer used by packets
 */
void nat64_pool4_destroy(struct nat64_table *table)
{
	struct nat64_ports *ports;
	unsigned long addr;
	int i;

	nat64_pool4_unclaim(table);
	for (i = 0; i < NAT64_L4_COUNT; i++) {
		xa_for_each(&table->ports[i], addr, ports)
			nat64_ports_destroy(ports);
		xa_destroy(&table->ports[i]);
	}
}

/**
 * nat64_pool4_has - is this transport address in pool4?
 * @config: of the device
 * @proto: IPPROTO_TCP, IPPROTO_UDP or IPPROTO_ICMP
 * @addr: address, network byte order
 * @port: port, network byte order
 */
bool nat64_pool4_has(const struct nat64_config *config, u8 proto, __be32 addr,
		     __be16 port)
{
	const struct nat64_pool4_entry *entry;
	unsigned int i;

	for (i = 0; i < config->pool4_count; i++) {
		entry = &config->pool4[i];
		if (nat64_entry_proto(entry, proto) &&
		    nat64_entry_addr(entry, ntohl(addr)) &&
		    nat64_entry_port(entry, ntohs(port)))
			return true;
	}

	return false;
}

/**
 * nat64_pool4_has_addr - is this address in pool4?
 * @config: of the device
 * @proto: IPPROTO_TCP, IPPROTO_UDP or IPPROTO_ICMP
 * @addr: address, host byte order
 */
bool nat64_pool4_has_addr(const struct nat64_config *config, u8 proto,
			  u32 addr)
{
	const struct nat64_pool4_entry *entry;
	unsigned int i;

	for (i = 0; i < config->pool4_count; i++) {
		entry = &config->pool4[i];
		if (nat64_entry_proto(entry, proto) &&
		    nat64_entry_addr(entry, addr))
			return true;
	}

	return false;
}

/* How many ports pool4 has on an address. */
static u32 nat64_pool4_usable(const struct nat64_config *config, u8 proto,
			      u32 addr)
{
	const struct nat64_pool4_entry *entry;
	unsigned int i;
	u32 usable = 0;

	if (config->pool4_host)
		return nat64_host_ports(config, proto);

	for (i = 0; i < config->pool4_count; i++) {
		entry = &config->pool4[i];
		if (nat64_entry_proto(entry, proto) &&
		    nat64_entry_addr(entry, addr))
			usable += entry->port_max - entry->port_min + 1;
	}

	return usable;
}

/**
 * nat64_pool4_ports - ports of an address; made when it is first used
 * @table: of the device
 * @config: of the device
 * @l4: protocol
 * @addr: address, host byte order
 * @gfp: how to allocate
 *
 * Context: RCU read-side section.
 * Return: ports, or NULL if memory is short.
 */
struct nat64_ports *nat64_pool4_ports(struct nat64_table *table,
				      const struct nat64_config *config,
				      enum nat64_l4 l4, u32 addr, gfp_t gfp)
{
	struct xarray *array = &table->ports[l4];
	struct nat64_ports *ports, *old;

	ports = xa_load(array, addr);
	if (ports)
		return ports;

	ports = nat64_ports_create(gfp);
	if (!ports)
		return NULL;

	nat64_use_begin(ports, config, l4, addr);
	xa_lock_bh(array);
	old = __xa_cmpxchg(array, addr, NULL, ports, gfp | __GFP_NOWARN);
	if (!old) {
		__xa_set_mark(array, addr, NAT64_POOL4_OPEN);
		__xa_set_mark(array, addr, NAT64_POOL4_IDLE);
	}
	xa_unlock_bh(array);
	if (old) {
		nat64_ports_destroy(ports);
		return xa_is_err(old) ? NULL : old;
	}

	return ports;
}

/* The opposite: a port has been given back, or pool4 has changed. */
static void nat64_pool4_open(struct xarray *array, struct nat64_ports *ports,
			     u32 addr)
{
	if (ports->open)
		return;

	WRITE_ONCE(ports->open, true);
	xa_set_mark(array, addr, NAT64_POOL4_OPEN);
}

/* The last binding has gone from an address that packets cannot get any more:
 * free what is known of it. Otherwise others may have its ports.
 */
static void nat64_pool4_free_if_unused(struct nat64_table *table,
				       const struct nat64_config *config,
				       u8 proto, u32 addr,
				       struct nat64_ports *ports)
{
	struct xarray *array = nat64_pool4_array(table, proto);

	lockdep_assert_held(&ports->lock);

	if (ports->used || ports->gone ||
	    nat64_pool4_has_addr(config, proto, addr) ||
	    nat64_host_has(table->nat64, config, htonl(addr),
			   htons(NAT64_HOST_PORT_MIN))) {
		nat64_pool4_open(array, ports, addr);
		if (!ports->used && !ports->gone &&
		    !xa_get_mark(array, addr, NAT64_POOL4_IDLE))
			xa_set_mark(array, addr, NAT64_POOL4_IDLE);
		return;
	}

	nat64_pool4_erase(table, nat64_l4_of(proto), addr, ports);
}

/* Take a certain port; -EAGAIN if they have just been freed, -EBUSY if somebody
 * else of the host has it.
 */
static int nat64_pool4_try_exact(struct nat64_table *table,
				 struct nat64_ports *ports,
				 const struct nat64_key4 *key)
{
	if (ports->gone)
		return -EAGAIN;
	if (!nat64_ports_take(ports, ntohs(key->port)))
		return -EADDRINUSE;
	if (READ_ONCE(table->borrows) &&
	    nat64_host_is_local(table->nat64, key->addr) &&
	    !nat64_host_take(table, ports, key)) {
		nat64_ports_free(ports, ntohs(key->port));
		return -EBUSY;
	}

	nat64_use_take(table, ports, ntohs(key->port));
	return 0;
}

/**
 * nat64_pool4_alloc_exact - take a certain transport address, in pool4 or not
 * @table: of the device
 * @config: of the device
 * @key: the address; may rest
 * @gfp: how to allocate
 *
 * Context: RCU read-side section.
 * Return: 0, or -EADDRINUSE if it has a binding, or -EBUSY if a socket of the
 * host or another device has it, or it cannot be claimed without memory, or
 * -ENOMEM.
 */
int nat64_pool4_alloc_exact(struct nat64_table *table,
			    const struct nat64_config *config,
			    const struct nat64_key4 *key, gfp_t gfp)
{
	enum nat64_l4 l4 = nat64_l4_of(key->proto);
	struct nat64_ports *ports;
	int err;

	do {
		ports = nat64_pool4_ports(table, config, l4, ntohl(key->addr),
					  gfp);
		if (!ports)
			return -ENOMEM;

		spin_lock_bh(&ports->lock);
		err = nat64_pool4_try_exact(table, ports, key);
		spin_unlock_bh(&ports->lock);
	} while (err == -EAGAIN);

	return err;
}

/**
 * nat64_pool4_free - give a transport address back, its binding has ended
 * @table: of the device
 * @config: of the device
 * @key: the address
 *
 * The next binding must not get what was meant for the last one: it rests, RFC
 * 6888 section 3, REQ-8. TCP has its states for that.
 */
void nat64_pool4_free(struct nat64_table *table,
		      const struct nat64_config *config,
		      const struct nat64_key4 *key)
{
	struct xarray *array = nat64_pool4_array(table, key->proto);
	u16 port = ntohs(key->port);
	u32 addr = ntohl(key->addr);
	struct mem_cgroup *memcg;
	struct nat64_ports *ports;
	u32 now = nat64_now();

	ports = xa_load(array, addr);
	spin_lock_bh(&ports->lock);
	memcg = nat64_memcg_enter(table);
	nat64_host_release(table, ports, key);
	nat64_use_put(table, ports, port);
	nat64_ports_unhold(ports, now, config->hold_down);
	if (key->proto == IPPROTO_TCP || !config->hold_down) {
		nat64_ports_free(ports, port);
	} else {
		if (ports->usable == NAT64_USABLE_UNKNOWN)
			ports->usable = nat64_pool4_usable(config, key->proto,
							   addr);
		nat64_ports_hold(ports, port, now, ports->usable *
				 config->hold_down_percent / 100);
	}
	nat64_pool4_free_if_unused(table, config, key->proto, addr, ports);
	nat64_memcg_leave(table, memcg);
	spin_unlock_bh(&ports->lock);
}

/**
 * nat64_pool4_release - give a transport address back that nobody has seen
 * @table: of the device
 * @config: of the device
 * @key: the address
 */
void nat64_pool4_release(struct nat64_table *table,
			 const struct nat64_config *config,
			 const struct nat64_key4 *key)
{
	struct xarray *array = nat64_pool4_array(table, key->proto);
	u16 port = ntohs(key->port);
	u32 addr = ntohl(key->addr);
	struct nat64_ports *ports;

	ports = xa_load(array, addr);
	spin_lock_bh(&ports->lock);
	nat64_host_release(table, ports, key);
	nat64_use_put(table, ports, port);
	nat64_ports_free(ports, port);
	nat64_pool4_free_if_unused(table, config, key->proto, addr, ports);
	spin_unlock_bh(&ports->lock);
}

/**
 * nat64_pool4_changed - look at everything again, pool4 has changed
 * @table: of the device
 * @config: of the device, in whose entries ports count from now on
 *
 * Context: process context; packets no longer use the old configuration.
 */
void nat64_pool4_changed(struct nat64_table *table,
			 const struct nat64_config *config)
{
	bool count = nat64_use_fresh(config);
	struct nat64_ports *ports;
	unsigned long addr;
	int i;

	for (i = 0; i < NAT64_L4_COUNT; i++) {
		xa_lock_bh(&table->ports[i]);
		bitmap_zero(table->complete[i], NAT64_POOL4_MAX);
		xa_unlock_bh(&table->ports[i]);
		rcu_read_lock();
		xa_for_each(&table->ports[i], addr, ports) {
			spin_lock_bh(&ports->lock);
			ports->usable = NAT64_USABLE_UNKNOWN;
			nat64_use_move(ports, config, count);
			nat64_pool4_open(&table->ports[i], ports, addr);
			spin_unlock_bh(&ports->lock);
			cond_resched_rcu();
		}
		rcu_read_unlock();
	}
	/* Packets set bits of this one from here on. */
	smp_store_release(&table->complete_of, config);
}

/**
 * nat64_pool4_trim - free what is known of addresses that are ours no longer
 * @table: of the device
 * @config: of the device
 * @first: first address to look at, host byte order
 * @last: last one
 *
 * Those that have bindings stay until these end.
 *
 * Context: process context, RTNL held.
 */
void nat64_pool4_trim(struct nat64_table *table,
		      const struct nat64_config *config, u32 first, u32 last)
{
	struct nat64_ports *ports;
	unsigned long addr;
	int i;

	for (i = 0; i < NAT64_L4_COUNT; i++) {
		rcu_read_lock();
		xa_for_each_range(&table->ports[i], addr, ports, first, last) {
			spin_lock_bh(&ports->lock);
			nat64_pool4_free_if_unused(table, config,
						   nat64_l4_proto(i), addr,
						   ports);
			spin_unlock_bh(&ports->lock);
			cond_resched_rcu();
		}
		rcu_read_unlock();
	}
}

/**
 * nat64_pool4_adopt - the address of a binding has become one of the host's
 * @table: of the device
 * @key: transport address that the binding has
 *
 * From now on no other device may take it; who has taken it keeps it, too.
 *
 * Context: the binding's shard is locked.
 */
void nat64_pool4_adopt(struct nat64_table *table, const struct nat64_key4 *key)
{
	struct xarray *array = nat64_pool4_array(table, key->proto);
	struct nat64_ports *ports = xa_load(array, ntohl(key->addr));

	spin_lock_bh(&ports->lock);
	nat64_host_claim(table, ports, key);
	spin_unlock_bh(&ports->lock);
}

/**
 * nat64_pool4_unclaim - leave to others what they were told of
 * @table: of the device
 */
void nat64_pool4_unclaim(struct nat64_table *table)
{
	struct nat64_ports *ports;
	unsigned long addr;
	u32 port;
	int i;

	for (i = 0; i < NAT64_L4_COUNT; i++) {
		rcu_read_lock();
		xa_for_each(&table->ports[i], addr, ports) {
			spin_lock_bh(&ports->lock);
			if (ports->claimed)
				for_each_set_bit(port, ports->claimed,
						 NAT64_PORTS)
					nat64_unclaim(table->claims,
						      nat64_l4_proto(i),
						      htonl(addr), htons(port));
			kfree(ports->claimed);
			ports->claimed = NULL;
			spin_unlock_bh(&ports->lock);
			cond_resched_rcu();
		}
		rcu_read_unlock();
	}
}

/**
 * nat64_pool4_unhold - free what has rested long enough
 * @table: of the device
 * @config: of the device
 * @l4: protocol
 * @first: first address to look at, host byte order
 * @last: last one
 *
 * Packets do so when they look for a port; who reads counters, before.
 *
 * Context: process context.
 */
void nat64_pool4_unhold(struct nat64_table *table,
			const struct nat64_config *config, enum nat64_l4 l4,
			u32 first, u32 last)
{
	struct nat64_ports *ports;
	u32 now = nat64_now();
	unsigned long addr;

	rcu_read_lock();
	xa_for_each_range(&table->ports[l4], addr, ports, first, last) {
		spin_lock_bh(&ports->lock);
		nat64_ports_unhold(ports, now, config->hold_down);
		spin_unlock_bh(&ports->lock);
		cond_resched_rcu();
	}
	rcu_read_unlock();
}

/**
 * nat64_pool4_host - how much of an address of the host is in use
 * @table: of a device that borrows them
 * @l4: protocol
 * @addr: address, host byte order
 *
 * Context: RCU read-side section.
 * Return: NULL if it has never been used.
 */
const struct nat64_use *nat64_pool4_host(struct nat64_table *table,
					 enum nat64_l4 l4, u32 addr)
{
	const struct nat64_ports *ports = xa_load(&table->ports[l4], addr);

	return ports ? &ports->host : NULL;
}

/**
 * nat64_pool4_next_host - which address of the host is in use
 * @table: of a device that borrows them
 * @config: of the device
 * @addr: address to begin at, becomes the next one; host byte order
 *
 * Static bindings may be on other addresses.
 *
 * Context: process context.
 * Return: false if there are no more.
 */
bool nat64_pool4_next_host(struct nat64_table *table,
			   const struct nat64_config *config, u32 *addr)
{
	u32 from = *addr, last = U32_MAX;
	struct nat64_ports *ports;
	bool found = false, used;
	unsigned long a;
	int i;

	rcu_read_lock();
	for (i = 0; i < NAT64_L4_COUNT; i++) {
		xa_for_each_range(&table->ports[i], a, ports, from, last) {
			spin_lock_bh(&ports->lock);
			nat64_ports_unhold(ports, nat64_now(),
					   config->hold_down);
			used = atomic_read(&ports->host.used) ||
			       atomic_read(&ports->host.resting);
			spin_unlock_bh(&ports->lock);
			if (!used || !nat64_host_is_local(table->nat64,
							  htonl(a)))
				continue;
			/* No protocol has one before it, or it comes next. */
			*addr = a;
			last = a;
			found = true;
			break;
		}
	}
	rcu_read_unlock();

	return found;
}

/**
 * nat64_pool4_next - how much of the next address is in use
 * @table: of the device
 * @config: of the device
 * @proto: IPPROTO_TCP, IPPROTO_UDP or IPPROTO_ICMP
 * @from: address to begin at, host byte order
 * @use: filled in
 *
 * To list them, begin at 0 and go on at the address after the last one.
 * Addresses of static bindings are listed even if they are not in pool4.
 *
 * Context: RCU read-side section.
 * Return: false if no more address is in use.
 */
bool nat64_pool4_next(struct nat64_table *table,
		      const struct nat64_config *config, u8 proto, u32 from,
		      struct nat64_pool4_use *use)
{
	struct xarray *array = nat64_pool4_array(table, proto);
	struct nat64_ports *ports;
	unsigned long addr = from;

	for (ports = xa_find(array, &addr, U32_MAX, XA_PRESENT); ports;
	     ports = xa_find_after(array, &addr, U32_MAX, XA_PRESENT)) {
		spin_lock_bh(&ports->lock);
		nat64_ports_unhold(ports, nat64_now(), config->hold_down);
		use->addr = htonl(addr);
		use->used = ports->used;
		use->resting = ports->held.count;
		spin_unlock_bh(&ports->lock);
		if (use->used || use->resting)
			return true;
	}

	return false;
}
