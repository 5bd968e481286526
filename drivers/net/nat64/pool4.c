// SPDX-License-Identifier: GPL-2.0-only
/*
 * nat64 - IPv4 transport addresses of pool4 and their use. pool4-alloc.c
 * chooses among them.
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
#include "ports.h"
#include "table.h"

static struct xarray *nat64_pool4_array(struct nat64_table *table, u8 proto)
{
	return &table->ports[nat64_l4_of(proto)];
}

/**
 * nat64_pool4_init - initialize with all ports free
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
 * @table: of a device that no longer handles packets
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
 *
 * Return: true if it is
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
 * nat64_pool4_allows - may a dynamic binding have this transport address?
 * @nat64: device
 * @config: of the device
 * @proto: IPPROTO_TCP, IPPROTO_UDP or IPPROTO_ICMP
 * @addr: address, network byte order
 * @port: port, network byte order
 *
 * Context: RCU read-side section, or RTNL held.
 * Return: true if it is in pool4, or one of the host's that the device uses.
 */
bool nat64_pool4_allows(const struct nat64_dev *nat64,
			const struct nat64_config *config, u8 proto,
			__be32 addr, __be16 port)
{
	return nat64_pool4_has(config, proto, addr, port) ||
	       nat64_host_has(nat64, config, addr, port);
}

/**
 * nat64_pool4_has_addr - is this address in pool4?
 * @config: of the device
 * @proto: IPPROTO_TCP, IPPROTO_UDP or IPPROTO_ICMP
 * @addr: address, host byte order
 *
 * Return: true if it is
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

/* Number of pool4 ports on an address. */
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
 * nat64_pool4_ports - get the ports of an address, allocate them on first use
 * @table: of the device
 * @config: of the device
 * @l4: protocol
 * @addr: address, host byte order
 * @gfp: allocation flags
 *
 * Context: RCU read-side section.
 * Return: ports, NULL if out of memory.
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

/* Let searches consider an address again: a port was freed or pool4 changed. */
static void nat64_pool4_open(struct xarray *array, struct nat64_ports *ports,
			     u32 addr)
{
	if (ports->open)
		return;

	WRITE_ONCE(ports->open, true);
	xa_set_mark(array, addr, NAT64_POOL4_OPEN);
}

/* Free the ports of an address if it has no bindings and packets cannot use it
 * any more. Otherwise let searches consider it again.
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

/* Take a specific port. Returns -EAGAIN if @ports was just removed, -EBUSY if a
 * socket of the host or another device has the port.
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
 * nat64_pool4_alloc_exact - allocate a specific transport address
 * @table: of the device
 * @config: of the device
 * @key: transport address; need not be in pool4, may be held down
 * @gfp: allocation flags
 *
 * Context: RCU read-side section.
 * Return: 0, -EADDRINUSE if it has a binding, -EBUSY if a socket of the host or
 * another device has it or claiming it failed for lack of memory, or -ENOMEM.
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
 * nat64_pool4_free - free a transport address whose binding ended
 * @table: of the device
 * @config: of the device
 * @key: transport address
 *
 * The port is held down, so that the next binding does not receive packets for
 * this one: RFC 6888 section 3, REQ-8. TCP ports are not, because of the TCP
 * state machine.
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
 * nat64_pool4_release - free a transport address that was never used
 * @table: of the device
 * @config: of the device
 * @key: transport address
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
 * nat64_pool4_changed - update all ports after a change of pool4
 * @table: of the device
 * @config: new configuration of the device
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
	/* From here on, packets set bits for the new configuration. */
	smp_store_release(&table->complete_of, config);
}

/**
 * nat64_pool4_trim - free the ports of addresses that are no longer in pool4
 * @table: of the device
 * @config: of the device
 * @first: first address, host byte order
 * @last: last address, host byte order
 *
 * Addresses with bindings keep their ports until these end.
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
 * nat64_pool4_adopt - claim a port after its address was added to the host
 * @table: of the device
 * @key: IPv4 transport address of a binding
 *
 * From now on other devices cannot take the port. A device that has taken it
 * already keeps it, too.
 *
 * Context: the shard of the binding is locked.
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
 * nat64_pool4_unclaim - release all ports claimed against other devices
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
 * nat64_pool4_unhold - free ports whose hold-down is over
 * @table: of the device
 * @config: of the device
 * @l4: protocol
 * @first: first address, host byte order
 * @last: last address, host byte order
 *
 * Packets do this when they search for a port. Callers that read counters do it
 * first.
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
 * nat64_pool4_host - use of an address of the host
 * @table: of a device that borrows the host's addresses
 * @l4: protocol
 * @addr: address, host byte order
 *
 * Context: RCU read-side section.
 * Return: use, NULL if the address was never used.
 */
const struct nat64_use *nat64_pool4_host(struct nat64_table *table,
					 enum nat64_l4 l4, u32 addr)
{
	const struct nat64_ports *ports = xa_load(&table->ports[l4], addr);

	return ports ? &ports->host : NULL;
}

/**
 * nat64_pool4_next_host - find the next address of the host that is in use
 * @table: of a device that borrows the host's addresses
 * @config: of the device
 * @addr: address to start at, set to the address found; host byte order
 *
 * Skips other addresses, which static bindings may use.
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
			       atomic_read(&ports->host.held_down);
			spin_unlock_bh(&ports->lock);
			if (!used || !nat64_host_is_local(table->nat64,
							  htonl(a)))
				continue;
			/* Other protocols are searched only up to this address.
			 */
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
 * nat64_pool4_next - find the next address that is in use
 * @table: of the device
 * @config: of the device
 * @proto: IPPROTO_TCP, IPPROTO_UDP or IPPROTO_ICMP
 * @from: address to start at, host byte order
 * @use: result
 *
 * To list all addresses, start at 0 and continue behind the last address found.
 * Includes addresses of static bindings outside of pool4.
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
		use->held_down = ports->held.count;
		spin_unlock_bh(&ports->lock);
		if (use->used || use->held_down)
			return true;
	}

	return false;
}
