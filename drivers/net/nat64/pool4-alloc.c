// SPDX-License-Identifier: GPL-2.0-only
/*
 * nat64 - allocation of an IPv4 transport address, RFC 6146 section 3.5.1.1:
 * same address for the same subscriber, port in the same range and, for UDP, of
 * the same parity; otherwise unpredictable (RFC 6056).
 */
#include <linux/math64.h>
#include <linux/siphash.h>
#include <net/ip_fib.h>
#include <net/l3mdev.h>
#include <net/route.h>
#include <net/sock.h>

#include "addr.h"
#include "bib.h"
#include "clock.h"
#include "config.h"
#include "host.h"
#include "nat64.h"
#include "pool4-pair.h"
#include "pool4-use.h"
#include "pool4.h"
#include "ports.h"
#include "table.h"

/* First unprivileged port. */
#define NAT64_PORT_USER		1024

/* Ports in use by the host that are tried for a packet before giving up. The
 * next packet tries others.
 */
#define NAT64_SHARE_TRIES	128

/**
 * struct nat64_pool4_req - allocation request
 * @table: of the device
 * @config: of the device
 * @pool4: entries to allocate from, those of @config or one address of the host
 * @count: number of entries in @pool4
 * @key: IPv6 transport address to allocate for
 * @array: addresses in use for the protocol
 * @l4: protocol
 * @mark: mark of the pool4 entries to use
 * @random: random number that determines the first port to try
 * @now: current time in seconds
 */
struct nat64_pool4_req {
	struct nat64_table *table;
	const struct nat64_config *config;
	const struct nat64_pool4_entry *pool4;
	unsigned int count;
	const struct nat64_key6 *key;
	struct xarray *array;
	enum nat64_l4 l4;
	u32 mark;
	u32 random;
	u32 now;
};

/* Entries with the mark of the packet if there are any, otherwise those without
 * a mark.
 */
static u32 nat64_pool4_mark(const struct nat64_config *config, u8 proto,
			    u32 mark)
{
	unsigned int i;

	for (i = 0; mark && i < config->pool4_count; i++)
		if (nat64_entry_proto(&config->pool4[i], proto) &&
		    config->pool4[i].mark == mark)
			return mark;

	return 0;
}

static bool nat64_req_entry(const struct nat64_pool4_req *req,
			    const struct nat64_pool4_entry *entry)
{
	return nat64_entry_proto(entry, req->key->proto) &&
	       entry->mark == req->mark;
}

/* Is the address in an entry that matches the request? */
static bool nat64_req_addr(const struct nat64_pool4_req *req, u32 addr)
{
	const struct nat64_pool4_entry *entry;
	unsigned int i;

	for (i = 0; i < req->count; i++) {
		entry = &req->pool4[i];
		if (nat64_req_entry(req, entry) &&
		    nat64_entry_addr(entry, addr))
			return true;
	}

	return false;
}

/* Number of addresses in the entries that match the request. */
static u64 nat64_req_addrs(const struct nat64_pool4_req *req)
{
	const struct nat64_pool4_entry *entry;
	unsigned int i;
	u64 addrs = 0;

	for (i = 0; i < req->count; i++) {
		entry = &req->pool4[i];
		if (nat64_req_entry(req, entry))
			addrs += (u64)entry->addrs.last - entry->addrs.first + 1;
	}

	return addrs;
}

/* Find a free port from @min to @max in the matching entries that contain the
 * address.
 */
static u16 nat64_req_pass(const struct nat64_pool4_req *req,
			  const struct nat64_ports *ports, u32 addr, u32 min,
			  u32 max, enum nat64_parity parity)
{
	const struct nat64_pool4_entry *entry;
	unsigned int i;
	u16 port;

	for (i = 0; i < req->count; i++) {
		entry = &req->pool4[i];
		if (!nat64_req_entry(req, entry) ||
		    !nat64_entry_addr(entry, addr))
			continue;
		port = nat64_ports_find(ports, max_t(u32, min, entry->port_min),
					min_t(u32, max, entry->port_max),
					parity, req->random);
		if (port)
			return port;
	}

	return 0;
}

/* Find a free port of an address. Prefer the same range and parity. */
static u16 nat64_req_search(const struct nat64_pool4_req *req,
			    const struct nat64_ports *ports, u32 addr)
{
	u16 wanted = ntohs(req->key->port);
	bool low = wanted < NAT64_PORT_USER;
	enum nat64_parity parity = NAT64_PARITY_ANY;
	u32 min, max;
	u16 port;
	int i;

	/* RFC 6146 section 3.5.3: range and parity do not apply to identifiers.
	 */
	if (req->key->proto == IPPROTO_ICMP)
		return nat64_req_pass(req, ports, addr, 1, NAT64_PORTS - 1,
				      parity);
	if (req->key->proto == IPPROTO_UDP)
		parity = wanted & 1 ? NAT64_PARITY_ODD : NAT64_PARITY_EVEN;

	for (i = 0; i < 2; i++, low = !low) {
		min = low ? 1 : NAT64_PORT_USER;
		max = low ? NAT64_PORT_USER - 1 : NAT64_PORTS - 1;
		port = nat64_req_pass(req, ports, addr, min, max, parity);
		if (!port && parity != NAT64_PARITY_ANY)
			port = nat64_req_pass(req, ports, addr, min, max,
					      NAT64_PARITY_ANY);
		if (port)
			return port;
	}

	return 0;
}

/* Free ports held down, the oldest first, and then foreign ports until one
 * matches the request: neither may exhaust an address.
 */
static u16 nat64_req_unhold(const struct nat64_pool4_req *req,
			    struct nat64_ports *ports, u32 addr)
{
	const struct nat64_pool4_entry *entry;
	unsigned int i;
	u16 port;

	while ((port = nat64_ports_unhold_oldest(ports) ?:
		       nat64_ports_ask(ports, req->now))) {
		for (i = 0; i < req->count; i++) {
			entry = &req->pool4[i];
			if (nat64_req_entry(req, entry) &&
			    nat64_entry_addr(entry, addr) &&
			    nat64_entry_port(entry, port))
				return port;
		}
	}

	return 0;
}

/* Skip the address in searches until a port is freed, unless packets with other
 * marks may find a port.
 */
static void nat64_req_close(const struct nat64_pool4_req *req,
			    struct nat64_ports *ports, u32 addr)
{
	const struct nat64_pool4_entry *entry;
	unsigned int i;

	for (i = 0; i < req->count; i++) {
		entry = &req->pool4[i];
		if (nat64_entry_proto(entry, req->key->proto) &&
		    nat64_entry_addr(entry, addr) &&
		    nat64_ports_find(ports, entry->port_min, entry->port_max,
				     NAT64_PARITY_ANY, 0))
			return;
	}

	WRITE_ONCE(ports->open, false);
	xa_clear_mark(req->array, addr, NAT64_POOL4_OPEN);
}

/* Take a port of an address of the host. Returns 0 if there is none. */
static u16 nat64_req_share(const struct nat64_pool4_req *req,
			   struct nat64_ports *ports, u32 addr)
{
	struct nat64_key4 key = {
		.addr = htonl(addr),
		.proto = req->key->proto,
	};
	bool low = req->config->pool4_host && req->config->host_low_ports;
	int tries = NAT64_SHARE_TRIES;
	u16 port;

	/* Fall back to other ports if no low port is left. */
	if (low)
		tries += NAT64_HOST_LOW_PORTS;
	for (; tries; tries--) {
		port = nat64_req_search(req, ports, addr);
		if (!port)
			port = nat64_req_unhold(req, ports, addr);
		if (!port)
			return 0;

		nat64_ports_take(ports, port);
		key.port = htons(port);
		if (!(low && nat64_host_is_reserved(req->table, port)) &&
		    nat64_host_take(req->table, ports, &key))
			return port;
		nat64_ports_foreign(ports, port, req->now);
	}

	return 0;
}

/* Take a port of an address. Returns 0 if there is none. */
static u16 nat64_req_take(const struct nat64_pool4_req *req,
			  struct nat64_ports *ports, u32 addr)
{
	bool shared = READ_ONCE(req->table->borrows) &&
		      nat64_host_is_local(req->table->nat64, htonl(addr));
	u16 port = 0;

	if (!READ_ONCE(ports->open))
		return 0;

	spin_lock_bh(&ports->lock);
	/* The address was unused and reclaimed, or removed from pool4. */
	if (ports->gone)
		goto unlock;
	nat64_ports_unhold(ports, req->now, req->config->hold_down);
	if (shared) {
		/* The host does not notify of freed ports, so never close the
		 * address.
		 */
		port = nat64_req_share(req, ports, addr);
		goto unlock;
	}

	port = nat64_req_search(req, ports, addr);
	if (!port)
		port = nat64_req_unhold(req, ports, addr);
	if (port)
		nat64_ports_take(ports, port);
	else if (ports->open)
		nat64_req_close(req, ports, addr);
unlock:
	if (port)
		nat64_use_take(req->table, ports, port);
	spin_unlock_bh(&ports->lock);

	return port;
}

/* Same, but create the ports of the address if necessary. */
static enum nat64_reason nat64_req_take_on(const struct nat64_pool4_req *req,
					   u32 addr, struct nat64_key4 *result)
{
	struct nat64_ports *ports;
	u16 port;

	do {
		ports = nat64_pool4_ports(req->table, req->config, req->l4,
					  addr, req->table->gfp);
		if (!ports)
			return NAT64_DROP_NO_MEMORY;
		port = nat64_req_take(req, ports, addr);
		/* Retry if the ports were just reclaimed as unused. */
	} while (!port && READ_ONCE(ports->gone));

	if (!port)
		return NAT64_DROP_ADDRESS_FULL;
	result->addr = htonl(addr);
	result->port = htons(port);
	return NAT64_OK;
}

/* Take a port of a pool4 entry, on @addr or a later address. */
static enum nat64_reason nat64_req_entry_take(const struct nat64_pool4_req *req,
					      unsigned int index, u32 addr,
					      struct nat64_key4 *result)
{
	const struct nat64_pool4_entry *entry = &req->pool4[index];
	u32 *erased = &req->table->erased[req->l4], before;
	bool whole = addr == entry->addrs.first;
	enum nat64_reason reason;
	unsigned long a;

again:
	/* Pairs with nat64_pool4_erase(). */
	before = smp_load_acquire(erased);
	a = addr;
	/* Full addresses are skipped once all addresses of the entry exist. */
	while (!nat64_pool4_is_complete(req->table, req->config, req->l4,
					index) ||
	       xa_find(req->array, &a, entry->addrs.last, NAT64_POOL4_OPEN)) {
		reason = nat64_req_take_on(req, a, result);
		if (reason != NAT64_DROP_ADDRESS_FULL)
			return reason;
		if (a == entry->addrs.last) {
			if (whole)
				nat64_pool4_complete(req->table, req->config,
						     req->l4, index, before);
			break;
		}
		a++;
	}
	/* Erased addresses are free, but the search skipped them. */
	if (unlikely(READ_ONCE(*erased) != before))
		goto again;

	return NAT64_DROP_POOL4_FULL;
}

/* Take a port on any address, starting at one chosen by the hash of the
 * subscriber. @addrs is the number of addresses.
 */
static enum nat64_reason nat64_req_walk(const struct nat64_pool4_req *req,
					const struct nat64_pool4_pair *pair,
					u64 addrs, struct nat64_key4 *result)
{
	unsigned int count = req->count, i, start = count;
	const struct nat64_pool4_entry *entry;
	enum nat64_reason reason;
	u64 skip, size;
	u32 addr;

	div64_u64_rem(pair->hash, addrs, &skip);
	/* The first entry is searched again at the end, from its first address
	 * on.
	 */
	for (i = 0; i <= start + count; i++) {
		entry = &req->pool4[i % count];
		if (!nat64_req_entry(req, entry))
			continue;
		addr = entry->addrs.first;
		if (start == count) {
			size = (u64)entry->addrs.last - entry->addrs.first + 1;
			if (skip >= size) {
				skip -= size;
				continue;
			}
			addr += skip;
			start = i;
		}
		reason = nat64_req_entry_take(req, i % count, addr, result);
		if (reason != NAT64_DROP_POOL4_FULL)
			return reason;
	}

	return NAT64_DROP_POOL4_FULL;
}

/* Address that the subscriber is paired with in this or another protocol, 0 for
 * none.
 */
static u32 nat64_req_paired(const struct nat64_pool4_req *req,
			    const struct nat64_pool4_pair *pair)
{
	u32 addr = READ_ONCE(pair->addr4[req->l4]);
	int i;

	if (addr && nat64_req_addr(req, addr))
		return addr;

	for (i = 0; i < NAT64_L4_COUNT; i++) {
		addr = READ_ONCE(pair->addr4[i]);
		if (addr && nat64_req_addr(req, addr))
			return addr;
	}

	return 0;
}

/**
 * nat64_pool4_pair - pair a subscriber with an address unless it has one
 * @config: of the device
 * @pair: addresses of the subscriber
 * @proto: IPPROTO_TCP, IPPROTO_UDP or IPPROTO_ICMP
 * @addr: address, host byte order
 *
 * Return: false if another CPU has just set a different address.
 */
bool nat64_pool4_pair(const struct nat64_config *config,
		      struct nat64_pool4_pair *pair, u8 proto, u32 addr)
{
	u32 *place = &pair->addr4[nat64_l4_of(proto)];
	u32 old = READ_ONCE(*place), now;

	/* Keep the address that it has for another mark. */
	if (old && nat64_pool4_has_addr(config, proto, old))
		return true;

	now = cmpxchg(place, old, addr);
	return now == old || now == addr;
}

/**
 * nat64_pool4_alloc - allocate an IPv4 transport address
 * @table: of the device
 * @config: of the device
 * @pair: addresses of the subscriber to allocate for; its address is set
 * @key: IPv6 transport address to allocate for
 * @mark: mark of the packet
 * @result: allocated address and port
 *
 * Context: RCU read-side section, BH disabled.
 * Return: NAT64_OK or the drop reason.
 */
enum nat64_reason nat64_pool4_alloc(struct nat64_table *table,
				    const struct nat64_config *config,
				    struct nat64_pool4_pair *pair,
				    const struct nat64_key6 *key, u32 mark,
				    struct nat64_key4 *result)
{
	struct nat64_pool4_req req = {
		.table = table,
		.config = config,
		.pool4 = config->pool4,
		.count = config->pool4_count,
		.key = key,
		.l4 = nat64_l4_of(key->proto),
		.array = &table->ports[nat64_l4_of(key->proto)],
		.mark = nat64_pool4_mark(config, key->proto, mark),
		.random = siphash(key, sizeof(*key), &table->secret),
		.now = nat64_now(),
	};
	u64 addrs = nat64_req_addrs(&req);
	enum nat64_reason reason;
	u32 paired;

	result->proto = key->proto;
	if (!addrs)
		return NAT64_DROP_POOL4_EMPTY;

	for (;;) {
		paired = nat64_req_paired(&req, pair);
		if (paired) {
			reason = nat64_req_take_on(&req, paired, result);
			/* RFC 7857 section 4: with hard pooling, do not fall
			 * back to another address.
			 */
			if (reason != NAT64_DROP_ADDRESS_FULL)
				return reason;
			if (addrs == 1)
				return NAT64_DROP_POOL4_FULL;
			if (config->pooling == NAT64_POOLING_HARD)
				return reason;
		}

		reason = nat64_req_walk(&req, pair, addrs, result);
		if (reason || paired ||
		    nat64_pool4_pair(config, pair, key->proto,
				     ntohl(result->addr)))
			return reason;
		nat64_pool4_release(table, config, result);
	}
}

/**
 * nat64_pool4_alloc_on - allocate a port on one IPv4 address
 * @table: of the device
 * @config: of the device
 * @entries: address and port ranges, not part of @config
 * @count: number of @entries
 * @key: IPv6 transport address to allocate for
 * @result: allocated address and port
 *
 * Context: RCU read-side section, BH disabled.
 * Return: NAT64_OK or the drop reason.
 */
enum nat64_reason nat64_pool4_alloc_on(struct nat64_table *table,
				       const struct nat64_config *config,
				       const struct nat64_pool4_entry *entries,
				       unsigned int count,
				       const struct nat64_key6 *key,
				       struct nat64_key4 *result)
{
	struct nat64_pool4_req req = {
		.table = table,
		.config = config,
		.pool4 = entries,
		.count = count,
		.key = key,
		.l4 = nat64_l4_of(key->proto),
		.array = &table->ports[nat64_l4_of(key->proto)],
		.random = siphash(key, sizeof(*key), &table->secret),
		.now = nat64_now(),
	};
	enum nat64_reason reason;

	result->proto = key->proto;
	reason = nat64_req_take_on(&req, entries->addrs.first, result);
	return reason == NAT64_DROP_ADDRESS_FULL ? NAT64_DROP_POOL4_FULL :
						   reason;
}

/* Source address that the host itself would use for @remote, 0 for none. */
static __be32 nat64_pool4_host_source(const struct nat64_dev *nat64,
				      __be32 remote, u32 mark)
{
	struct net_device *dev = nat64->dev;
	struct net *net = dev_net(dev);
	struct flowi4 fl4 = {
		.daddr = remote,
		.flowi4_oif = l3mdev_master_ifindex_rcu(dev),
		.flowi4_mark = mark,
		.flowi4_uid = sock_net_uid(net, NULL),
	};
	struct rtable *rt;
	bool ok;

	rt = ip_route_output_key(net, &fl4);
	if (IS_ERR(rt))
		return 0;
	ok = (rt->rt_type == RTN_UNICAST || rt->rt_type == RTN_LOCAL) &&
	     rt->dst.dev != dev;
	ip_rt_put(rt);

	return ok && !nat64_addr4_illegal(fl4.saddr) &&
	       nat64_host_is_local(nat64, fl4.saddr) ? fl4.saddr : 0;
}

/**
 * nat64_pool4_alloc_host - allocate a transport address of the host
 * @nat64: device that uses the host's addresses as pool4
 * @config: of the device
 * @key: IPv6 transport address to allocate for
 * @remote: destination of the first packet
 * @mark: mark of the first packet
 * @result: allocated address and port
 *
 * Context: RCU read-side section, BH disabled.
 * Return: NAT64_OK or the drop reason.
 */
enum nat64_reason nat64_pool4_alloc_host(struct nat64_dev *nat64,
					 const struct nat64_config *config,
					 const struct nat64_key6 *key,
					 __be32 remote, u32 mark,
					 struct nat64_key4 *result)
{
	struct nat64_pool4_entry entries[] = {
		{
			.port_min = NAT64_HOST_PORT_MIN,
			.port_max = NAT64_HOST_PORT_MAX,
		},
		{
			.port_min = NAT64_HOST_LOW_MIN,
			.port_max = NAT64_HOST_LOW_MAX,
		},
	};
	__be32 addr = nat64_pool4_host_source(nat64, remote, mark);
	unsigned int i, count = 1;

	if (!addr)
		return NAT64_DROP_POOL4_EMPTY;

	/* Identifiers have no ranges, and hosts that use a high port need no
	 * low one.
	 */
	if (config->host_low_ports && key->proto != IPPROTO_ICMP &&
	    ntohs(key->port) <= NAT64_HOST_LOW_MAX)
		count++;
	for (i = 0; i < count; i++) {
		entries[i].addrs.first = ntohl(addr);
		entries[i].addrs.last = ntohl(addr);
	}
	return nat64_pool4_alloc_on(nat64->table, config, entries, count, key,
				    result);
}
