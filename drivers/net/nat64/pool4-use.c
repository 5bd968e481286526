// SPDX-License-Identifier: GPL-2.0-only
/*
 * nat64 - use of pool4 entries. Ports are counted when they are taken and
 * freed, for the entries of the configuration that the ports of an address
 * refer to. A change of pool4 moves the ports of each address to the new
 * configuration under their lock, and counts existing use for new entries. So
 * each port counts for exactly one configuration at any time.
 */
#include <linux/bitmap.h>
#include <linux/jiffies.h>
#include <linux/math64.h>
#include <linux/slab.h>

#include "config.h"
#include "host.h"
#include "netlink-notify.h"
#include "pool4-use.h"
#include "pool4.h"
#include "ports.h"

/**
 * nat64_use_create - allocate counters for a new entry
 * @entry: new entry
 *
 * Context: process context.
 * Return: counters, to release with nat64_use_release(); NULL if out of memory.
 */
struct nat64_pool4_stat *
nat64_use_create(const struct nat64_pool4_entry *entry)
{
	struct nat64_pool4_stat *stat;

	stat = kzalloc_obj(*stat, GFP_KERNEL_ACCOUNT);
	if (!stat)
		return NULL;

	refcount_set(&stat->refs, 1);
	stat->high = U32_MAX;
	stat->total = ((u64)entry->addrs.last - entry->addrs.first + 1) *
		      (entry->port_max - entry->port_min + 1);
	return stat;
}

/**
 * nat64_use_release - drop the reference of a configuration to counters
 * @stat: counters of the entry, or NULL
 */
void nat64_use_release(struct nat64_pool4_stat *stat)
{
	if (stat && refcount_dec_and_test(&stat->refs))
		kfree(stat);
}

/**
 * nat64_pool4_same - are two entries the same?
 * @a: first entry
 * @b: second entry
 *
 * Return: true if they are
 */
bool nat64_pool4_same(const struct nat64_pool4_entry *a,
		      const struct nat64_pool4_entry *b)
{
	return a->addrs.first == b->addrs.first &&
	       a->addrs.last == b->addrs.last &&
	       a->port_min == b->port_min && a->port_max == b->port_max &&
	       a->proto == b->proto && a->mark == b->mark;
}

/* Find the same entry in another configuration. */
static const struct nat64_pool4_entry *
nat64_use_find(const struct nat64_config *config,
	       const struct nat64_pool4_entry *entry, unsigned int guess)
{
	unsigned int i;

	if (guess < config->pool4_count &&
	    nat64_pool4_same(&config->pool4[guess], entry))
		return &config->pool4[guess];
	for (i = 0; i < config->pool4_count; i++)
		if (nat64_pool4_same(&config->pool4[i], entry))
			return &config->pool4[i];

	return NULL;
}

/**
 * nat64_use_inherit - keep the counters of entries that stay
 * @config: new configuration, not visible to packets yet
 * @old: configuration to replace
 *
 * Context: RTNL held.
 * Return: true if pool4 or the order of its entries changed.
 */
bool nat64_use_inherit(struct nat64_config *config,
		       const struct nat64_config *old)
{
	bool changed = config->pool4_count != old->pool4_count ||
		       config->pool4_host != old->pool4_host;
	const struct nat64_pool4_entry *before;
	struct nat64_pool4_entry *entry;
	unsigned int i;

	for (i = 0; i < config->pool4_count; i++) {
		entry = &config->pool4[i];
		before = nat64_use_find(old, entry, i);
		if (before && before->stat != entry->stat) {
			nat64_use_release(entry->stat);
			refcount_inc(&before->stat->refs);
			entry->stat = before->stat;
		}
		entry->stat->fresh = !before;
		changed = changed || entry->stat != old->pool4[i].stat;
	}

	return changed;
}

/* Percentage of the ports of an entry, rounded up. */
static u32 nat64_use_percent(const struct nat64_pool4_stat *stat, u8 percent)
{
	return min_t(u64, DIV_ROUND_UP_ULL(stat->total * percent, 100),
		     U32_MAX);
}

/**
 * nat64_use_thresholds - apply the thresholds of a configuration
 * @config: configuration
 *
 * Context: RTNL held.
 */
void nat64_use_thresholds(const struct nat64_config *config)
{
	struct nat64_pool4_stat *stat;
	u32 high, low;
	unsigned int i;

	for (i = 0; i < config->pool4_count; i++) {
		stat = config->pool4[i].stat;
		high = U32_MAX;
		low = 0;
		if (config->pool4_high) {
			high = nat64_use_percent(stat, config->pool4_high);
			low = nat64_use_percent(stat, config->pool4_low ?:
						config->pool4_high);
		}
		WRITE_ONCE(stat->high, high);
		WRITE_ONCE(stat->low, low);
	}
}

/**
 * nat64_use_fresh - are there entries whose ports were not counted yet?
 * @config: configuration
 *
 * Context: RTNL held.
 * Return: true if there are
 */
bool nat64_use_fresh(const struct nat64_config *config)
{
	unsigned int i;

	for (i = 0; i < config->pool4_count; i++)
		if (config->pool4[i].stat && config->pool4[i].stat->fresh)
			return true;

	return false;
}

static bool nat64_use_has(const struct nat64_ports *ports,
			  const struct nat64_pool4_entry *entry)
{
	return nat64_entry_addr(entry, ports->addr) &&
	       nat64_entry_proto(entry, nat64_l4_proto(ports->l4));
}

static bool nat64_use_is(const struct nat64_ports *ports,
			 const struct nat64_pool4_entry *entry, u16 port)
{
	return nat64_entry_port(entry, port) && nat64_use_has(ports, entry);
}

/* Find the entry that contains a port. Entries do not overlap. Try the last one
 * found first.
 */
static const struct nat64_pool4_entry *
nat64_use_entry(struct nat64_ports *ports, u16 port)
{
	const struct nat64_config *config = ports->config;
	unsigned int i = ports->entry;

	if (unlikely(i >= config->pool4_count ||
		     !nat64_use_is(ports, &config->pool4[i], port))) {
		for (i = 0; i < config->pool4_count; i++)
			if (nat64_use_is(ports, &config->pool4[i], port))
				break;
		if (i == config->pool4_count)
			return NULL;
		ports->entry = i;
	}

	return config->pool4[i].stat ? &config->pool4[i] : NULL;
}

/* Get the counters for a port, and its entry if there is one. */
static struct nat64_use *nat64_use_of(struct nat64_ports *ports, u16 port,
				      const struct nat64_pool4_entry **entry)
{
	const struct nat64_config *config = ports->config;

	*entry = NULL;
	if (!config)
		return NULL;
	if (nat64_use_by_host(config))
		return port >= NAT64_HOST_PORT_MIN ? &ports->host : NULL;

	*entry = nat64_use_entry(ports, port);
	return *entry ? &(*entry)->stat->use[ports->l4] : NULL;
}

/* The use of an entry passed a threshold. Without listeners no event is sent;
 * later listeners get the event of the high threshold when the next port is
 * taken. Rate-limited events are sent when one of the next ports is taken or
 * freed.
 */
static void nat64_use_cross(struct nat64_table *table,
			    const struct nat64_pool4_entry *entry,
			    enum nat64_l4 l4, u32 above)
{
	struct nat64_alarm *alarm = &entry->stat->alarm[l4];
	unsigned long now = jiffies | 1, last = READ_ONCE(alarm->notified);
	bool listened = nat64_notify_exhaustion_listened(table);

	if (!listened && !above)
		return;
	if (listened && last && time_in_range(now, last - HZ, last + HZ))
		return;
	if (cmpxchg(&alarm->above, above, !above) != above || !listened)
		return;

	WRITE_ONCE(alarm->notified, now);
	nat64_notify_threshold(table, entry, nat64_l4_proto(l4),
			       &entry->stat->use[l4],
			       above ? NAT64_THRESHOLD_ADDRESS_POOL_LOW :
				       NAT64_THRESHOLD_ADDRESS_POOL_HIGH);
}

static void nat64_use_alarm(struct nat64_table *table,
			    const struct nat64_pool4_entry *entry,
			    enum nat64_l4 l4, u32 used)
{
	const struct nat64_pool4_stat *stat = entry->stat;
	u32 above = READ_ONCE(stat->alarm[l4].above);

	if (unlikely(above ? used < READ_ONCE(stat->low) :
			     used >= READ_ONCE(stat->high)))
		nat64_use_cross(table, entry, l4, above);
}

static void nat64_use_raise(struct nat64_use *use, int used)
{
	int peak = atomic_read(&use->peak);

	while (used > peak)
		if (atomic_try_cmpxchg(&use->peak, &peak, used))
			break;
}

/**
 * nat64_use_take - count a port that got a binding
 * @table: of the device
 * @ports: ports of the address, locked
 * @port: port
 */
void nat64_use_take(struct nat64_table *table, struct nat64_ports *ports,
		    u16 port)
{
	const struct nat64_pool4_entry *entry;
	struct nat64_use *use = nat64_use_of(ports, port, &entry);
	int used;

	if (!use)
		return;

	used = atomic_inc_return(&use->used);
	nat64_use_raise(use, used);
	if (entry)
		nat64_use_alarm(table, entry, ports->l4, used);
}

/**
 * nat64_use_put - uncount a port whose binding ended
 * @table: of the device
 * @ports: ports of the address, locked
 * @port: port
 */
void nat64_use_put(struct nat64_table *table, struct nat64_ports *ports,
		   u16 port)
{
	const struct nat64_pool4_entry *entry;
	struct nat64_use *use = nat64_use_of(ports, port, &entry);
	int used;

	if (!use)
		return;

	used = atomic_dec_return(&use->used);
	if (entry)
		nat64_use_alarm(table, entry, ports->l4, used);
}

/**
 * nat64_use_hold - count or uncount a port that is held down
 * @ports: ports of the address, locked
 * @port: port
 * @change: 1 or -1
 */
void nat64_use_hold(struct nat64_ports *ports, u16 port, int change)
{
	const struct nat64_pool4_entry *entry;
	struct nat64_use *use = nat64_use_of(ports, port, &entry);

	if (use)
		atomic_add(change, &use->held_down);
}

/**
 * nat64_use_begin - initialize the counting of a new address
 * @ports: ports of the address, none in use
 * @config: of the device
 * @l4: protocol
 * @addr: address, host byte order
 */
void nat64_use_begin(struct nat64_ports *ports,
		     const struct nat64_config *config, enum nat64_l4 l4,
		     u32 addr)
{
	ports->config = config;
	ports->addr = addr;
	ports->l4 = l4;
}

/* Number of bits set from @min to @max. */
static u32 nat64_use_weight(const unsigned long *map, u32 min, u32 max)
{
	unsigned int word, last = BIT_WORD(max);
	unsigned long bits;
	u32 weight = 0;

	for (word = BIT_WORD(min); word <= last; word++) {
		bits = map[word];
		if (word == BIT_WORD(min))
			bits &= BITMAP_FIRST_WORD_MASK(min);
		if (word == last)
			bits &= BITMAP_LAST_WORD_MASK(max + 1);
		weight += hweight_long(bits);
	}

	return weight;
}

/* Count existing use from @min to @max. */
static void nat64_use_count(const struct nat64_ports *ports,
			    struct nat64_use *use, u32 min, u32 max)
{
	u32 held_down = nat64_holddown_count(&ports->held, min, max);
	u32 used = nat64_use_weight(ports->taken, min, max) - held_down -
		   nat64_holddown_count(&ports->foreign, min, max);

	atomic_add(held_down, &use->held_down);
	nat64_use_raise(use, atomic_add_return(used, &use->used));
}

/**
 * nat64_use_move - count the ports of an address for a new configuration
 * @ports: ports of the address, locked
 * @config: of the device
 * @count: result of nat64_use_fresh()
 *
 * Entries in both configurations keep their counters. Counters of removed
 * entries are freed with the old configuration.
 *
 * Context: RTNL held; packets no longer use the old configuration.
 */
void nat64_use_move(struct nat64_ports *ports,
		    const struct nat64_config *config, bool count)
{
	bool by_host = ports->config && nat64_use_by_host(ports->config);
	const struct nat64_pool4_entry *entry;
	unsigned int i;

	/* A packet created the ports with the new configuration. */
	if (ports->config == config)
		return;

	ports->config = config;
	ports->entry = 0;
	if (nat64_use_by_host(config) && !by_host) {
		memset(&ports->host, 0, sizeof(ports->host));
		nat64_use_count(ports, &ports->host, NAT64_HOST_PORT_MIN,
				NAT64_HOST_PORT_MAX);
	}
	for (i = 0; count && i < config->pool4_count; i++) {
		entry = &config->pool4[i];
		if (entry->stat && entry->stat->fresh &&
		    nat64_use_has(ports, entry))
			nat64_use_count(ports, &entry->stat->use[ports->l4],
					entry->port_min, entry->port_max);
	}
}
