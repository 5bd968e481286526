// SPDX-License-Identifier: GPL-2.0-only
/*
 * nat64 - allocation of IPv4 addresses and ports, RFC 6146 section 3.5.1.1:
 * the same address for the same host, a port of the same range and, for UDP,
 * the same parity, chosen so that nobody outside can foretell it (RFC 6056).
 */
#include <linux/bitmap.h>
#include <linux/in.h>
#include <linux/siphash.h>
#include <linux/slab.h>

#include "borrow.h"
#include "nat64.h"
#include "pool4.h"

/* Ports below are for privileged programs, those from it on for others. */
#define NAT64_PORT_USER		1024

#define NAT64_PORTS		65536

/* Bits of the ports with even and odd numbers. */
#define NAT64_EVEN		(~0UL / 3)
#define NAT64_ODD		(~NAT64_EVEN)
#define NAT64_ANY		(~0UL)

/**
 * struct nat64_ports - ports in use on one address, for one protocol
 * @table: of the device
 * @addr: the address
 * @proto: IPPROTO_TCP, IPPROTO_UDP or IPPROTO_ICMP
 * @shared: the address is one of the host's own, whose ports others use too
 * @puts: how often a port was given back, or pool4 changed
 * @full: 1 + @puts when no port was free, so that a full address costs no search
 * @used: bitmap
 */
struct nat64_ports {
	struct nat64_table *table;
	__be32 addr;
	u8 proto;
	bool shared;
	atomic_t puts;
	u32 full;
	DECLARE_BITMAP(used, NAT64_PORTS);
};

static struct xarray *nat64_pool4_array(struct nat64_table *table, u8 proto)
{
	switch (proto) {
	case IPPROTO_TCP:
		return &table->ports[NAT64_L4_TCP];
	case IPPROTO_UDP:
		return &table->ports[NAT64_L4_UDP];
	default:
		return &table->ports[NAT64_L4_ICMP];
	}
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
 * nat64_pool4_destroy - free all bitmaps
 * @table: of the device, no longer used by packets
 */
void nat64_pool4_destroy(struct nat64_table *table)
{
	struct nat64_ports *ports;
	unsigned long addr;
	int i;

	for (i = 0; i < NAT64_L4_COUNT; i++) {
		xa_for_each(&table->ports[i], addr, ports)
			kfree(ports);
		xa_destroy(&table->ports[i]);
	}
}

/**
 * nat64_pool4_has - is this transport address in pool4?
 * @config: of the device
 * @addr: address, network byte order
 * @port: port, network byte order
 */
bool nat64_pool4_has(const struct nat64_config *config, __be32 addr,
		     __be16 port)
{
	const struct nat64_pool4_entry *entry;
	u32 host = ntohl(addr);
	u16 p = ntohs(port);
	unsigned int i;

	for (i = 0; i < config->pool4_count; i++) {
		entry = &config->pool4[i];
		if (host >= entry->addrs.first && host <= entry->addrs.last &&
		    p >= entry->port_min && p <= entry->port_max)
			return true;
	}

	return false;
}

/**
 * nat64_pool4_has_addr - is this address in pool4?
 * @config: of the device
 * @addr: address, network byte order
 */
bool nat64_pool4_has_addr(const struct nat64_config *config, __be32 addr)
{
	const struct nat64_pool4_entry *entry;
	u32 host = ntohl(addr);
	unsigned int i;

	for (i = 0; i < config->pool4_count; i++) {
		entry = &config->pool4[i];
		if (host >= entry->addrs.first && host <= entry->addrs.last)
			return true;
	}

	return false;
}

/* Bitmap of an address; made when it is first used. */
static struct nat64_ports *nat64_pool4_ports(struct nat64_table *table,
					     u8 proto, u32 addr)
{
	bool shared = READ_ONCE(table->borrows) &&
		      nat64_borrow_is_local(table->nat64, htonl(addr));
	struct xarray *array = nat64_pool4_array(table, proto);
	struct nat64_ports *ports, *old;

	ports = xa_load(array, addr);
	if (ports) {
		WRITE_ONCE(ports->shared, shared);
		return ports;
	}

	ports = kzalloc(sizeof(*ports), GFP_ATOMIC | __GFP_NOWARN);
	if (!ports)
		return NULL;
	ports->table = table;
	ports->addr = htonl(addr);
	ports->proto = proto;
	ports->shared = shared;
	old = xa_cmpxchg_bh(array, addr, NULL, ports, GFP_ATOMIC);
	if (old) {
		kfree(ports);
		return xa_is_err(old) ? NULL : old;
	}

	return ports;
}

/* Take a port, unless it is in use here, or elsewhere on the host. */
static bool nat64_port_take(struct nat64_ports *ports, u16 port)
{
	if (test_and_set_bit(port, ports->used))
		return false;
	if (!ports->shared ||
	    nat64_borrow_claim(ports->table, ports->proto, ports->addr,
			       htons(port)))
		return true;

	clear_bit(port, ports->used);
	return false;
}

/* Take a free port of @min to @max with a bit in @pattern, looking from a place
 * within that @random tells. Returns 0 if there is none.
 */
static u16 nat64_ports_take(struct nat64_ports *ports, u32 min, u32 max,
			    unsigned long pattern, u32 random)
{
	unsigned int words, word, bit, i;
	unsigned long free;
	u32 start;

	if (min > max)
		return 0;

	start = min + reciprocal_scale(random, max - min + 1);
	words = BIT_WORD(max) - BIT_WORD(min) + 1;
	word = BIT_WORD(start);

	/* The word of the start comes twice: first what is behind the start. */
	for (i = 0; i <= words; i++) {
		free = ~READ_ONCE(ports->used[word]) & pattern;
		if (word == BIT_WORD(min))
			free &= BITMAP_FIRST_WORD_MASK(min);
		if (word == BIT_WORD(max))
			free &= BITMAP_LAST_WORD_MASK(max + 1);
		if (!i)
			free &= BITMAP_FIRST_WORD_MASK(start);
		while (free) {
			bit = __ffs(free);
			if (nat64_port_take(ports, word * BITS_PER_LONG + bit))
				return word * BITS_PER_LONG + bit;
			free &= ~BIT(bit);
		}
		if (++word > BIT_WORD(max))
			word = BIT_WORD(min);
	}

	return 0;
}

/* Take a port of one address out of the ranges that pool4 gives it. */
static u16 nat64_pool4_take(const struct nat64_pool4_entry *pool,
			    unsigned int count, struct nat64_ports *ports, u32 addr, u32 min,
			    u32 max, unsigned long pattern, u32 random)
{
	const struct nat64_pool4_entry *entry;
	unsigned int i;
	u16 port;

	for (i = 0; i < count; i++) {
		entry = &pool[i];
		if (addr < entry->addrs.first || addr > entry->addrs.last)
			continue;
		port = nat64_ports_take(ports, max_t(u32, min, entry->port_min),
					min_t(u32, max, entry->port_max),
					pattern, random);
		if (port)
			return port;
	}

	return 0;
}

/* Take a port of one address: range and parity first, then without. */
static u16 nat64_pool4_search(const struct nat64_pool4_entry *pool,
			      unsigned int count, struct nat64_ports *ports, u32 addr,
			      const struct nat64_key6 *key, u32 random)
{
	u16 wanted = ntohs(key->port);
	bool low = wanted < NAT64_PORT_USER;
	unsigned long pattern = NAT64_ANY;
	u32 min, max;
	u16 port;
	int i;

	/* Query identifiers have neither, RFC 6146 section 3.5.3. */
	if (key->proto == IPPROTO_ICMP)
		return nat64_pool4_take(pool, count, ports, addr, 1,
					NAT64_PORTS - 1, NAT64_ANY, random);
	if (key->proto == IPPROTO_UDP)
		pattern = wanted & 1 ? NAT64_ODD : NAT64_EVEN;

	for (i = 0; i < 2; i++, low = !low) {
		min = low ? 1 : NAT64_PORT_USER;
		max = low ? NAT64_PORT_USER - 1 : NAT64_PORTS - 1;
		port = nat64_pool4_take(pool, count, ports, addr, min, max, pattern,
					random);
		if (!port && pattern != NAT64_ANY)
			port = nat64_pool4_take(pool, count, ports, addr, min, max,
						NAT64_ANY, random);
		if (port)
			return port;
	}

	return 0;
}

/* The same, unless there was none and none has been given back since. */
static u16 nat64_pool4_port(const struct nat64_pool4_entry *pool,
			    unsigned int count, struct nat64_ports *ports, u32 addr,
			    const struct nat64_key6 *key, u32 random)
{
	u32 puts = atomic_read(&ports->puts);
	u16 port;

	if (READ_ONCE(ports->full) == puts + 1)
		return 0;

	port = nat64_pool4_search(pool, count, ports, addr, key, random);
	/* Nobody tells when the host has a free port again. */
	if (!port && !ports->shared)
		WRITE_ONCE(ports->full, puts + 1);
	return port;
}

/**
 * nat64_pool4_get - allocate an IPv4 transport address
 * @table: of the device
 * @config: of the device
 * @key: IPv6 transport address that it is for
 * @addr: result, network byte order
 * @port: result, network byte order
 *
 * Context: RCU read-side section, BH disabled.
 * Return: NAT64_OK, or why there is none.
 */
enum nat64_reason nat64_pool4_get(struct nat64_table *table,
				  const struct nat64_config *config,
				  const struct nat64_key6 *key, __be32 *addr,
				  __be16 *port)
{
	struct nat64_ports *ports;
	u64 host, index, tries;
	u16 p;

	if (!config->pool4_addrs)
		return NAT64_DROP_POOL4_EMPTY;

	host = siphash(&key->addr, sizeof(key->addr), &table->secret);
	div64_u64_rem(host, config->pool4_addrs, &index);
	for (tries = config->pool4_addrs; tries; tries--) {
		u32 addr4 = nat64_ranges_addr(&config->pool4->addrs,
					      sizeof(*config->pool4),
					      index);

		ports = nat64_pool4_ports(table, key->proto, addr4);
		if (!ports)
			return NAT64_DROP_NO_MEMORY;
		p = nat64_pool4_port(config->pool4, config->pool4_count, ports, addr4, key,
				     siphash(key, sizeof(*key),
					     &table->secret));
		if (p) {
			*addr = htonl(addr4);
			*port = htons(p);
			return NAT64_OK;
		}
		if (++index == config->pool4_addrs)
			index = 0;
	}

	return NAT64_DROP_POOL4_FULL;
}

/**
 * nat64_pool4_get_from - allocate a port of one address
 * @table: of the device
 * @entry: the address, and its ports
 * @key: IPv6 transport address that it is for
 * @port: result, network byte order
 *
 * Context: RCU read-side section, BH disabled.
 * Return: NAT64_OK, or why there is none.
 */
enum nat64_reason
nat64_pool4_get_from(struct nat64_table *table,
		     const struct nat64_pool4_entry *entry,
		     const struct nat64_key6 *key, __be16 *port)
{
	u32 addr = entry->addrs.first;
	struct nat64_ports *ports;

	ports = nat64_pool4_ports(table, key->proto, addr);
	if (!ports)
		return NAT64_DROP_NO_MEMORY;

	*port = htons(nat64_pool4_port(entry, 1, ports, addr, key,
				       siphash(key, sizeof(*key),
					       &table->secret)));
	return *port ? NAT64_OK : NAT64_DROP_POOL4_FULL;
}

/**
 * nat64_pool4_put - give a transport address back
 * @table: of the device
 * @proto: IPPROTO_TCP, IPPROTO_UDP or IPPROTO_ICMP
 * @addr: address, network byte order
 * @port: port, network byte order
 */
void nat64_pool4_put(struct nat64_table *table, u8 proto, __be32 addr,
		     __be16 port)
{
	struct nat64_ports *ports;

	ports = xa_load(nat64_pool4_array(table, proto), ntohl(addr));
	nat64_borrow_release(table, proto, addr, port);
	clear_bit(ntohs(port), ports->used);
	/* Who sees the new count finds the free bit. */
	smp_mb__after_atomic();
	atomic_inc(&ports->puts);
}

/**
 * nat64_pool4_changed - look at full addresses again, pool4 has changed
 * @table: of the device
 *
 * Context: process context.
 */
void nat64_pool4_changed(struct nat64_table *table)
{
	struct nat64_ports *ports;
	unsigned long addr;
	int i;

	for (i = 0; i < NAT64_L4_COUNT; i++)
		xa_for_each(&table->ports[i], addr, ports)
			atomic_inc(&ports->puts);
}
