/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * nat64 - ports of one pool4 address, for one protocol.
 */
#ifndef _NAT64_PORTS_H
#define _NAT64_PORTS_H

#include <linux/bitops.h>
#include <linux/spinlock.h>
#include <linux/types.h>

#include "holddown.h"
#include "pool4-use.h"

struct nat64_config;

#define NAT64_PORTS		65536
#define NAT64_PORT_WORDS	BITS_TO_LONGS(NAT64_PORTS)

/**
 * enum nat64_parity - which ports will do
 * @NAT64_PARITY_EVEN: those with even numbers
 * @NAT64_PARITY_ODD: those with odd numbers
 * @NAT64_PARITY_ANY: all
 * @NAT64_PARITY_COUNT: number of them
 */
enum nat64_parity {
	NAT64_PARITY_EVEN,
	NAT64_PARITY_ODD,
	NAT64_PARITY_ANY,
	NAT64_PARITY_COUNT,
};

/* What &nat64_ports.usable is before somebody has counted. */
#define NAT64_USABLE_UNKNOWN	U32_MAX

/**
 * struct nat64_ports - ports of one address, for one protocol
 * @lock: covers all below
 * @open: a packet may find a port here; mirrors NAT64_POOL4_OPEN
 * @gone: no longer that of its address, may only be looked at
 * @used: number of ports with a binding
 * @usable: number of ports that pool4 has here
 * @addr: the address, host byte order
 * @l4: the protocol, enum nat64_l4
 * @entry: index of the entry of pool4 that counted a port last
 * @config: its entries of pool4 count the ports, see pool4-use.c; NULL for none
 * @host: counts them while the device borrows the addresses of the host
 * @held: ports without a binding, not to be given out yet
 * @foreign: ports that somebody else in the host had when they were asked for
 * @taken: bitmap of ports that have a binding, rest or are foreign
 * @full: words of @taken in which no port of a parity is free, by
 *	enum nat64_parity: what makes the search as fast when few are free
 * @claimed: bitmap of ports that other devices were told of, see host.c; NULL
 *	unless the host has the address
 * @rcu: frees it
 */
struct nat64_ports {
	spinlock_t lock;
	bool open;
	bool gone;
	u32 used;
	u32 usable;
	u32 addr;
	u16 l4;
	u16 entry;
	const struct nat64_config *config;
	struct nat64_use host;
	struct nat64_holddown held;
	struct nat64_holddown foreign;
	unsigned long *taken;
	unsigned long full[NAT64_PARITY_COUNT][BITS_TO_LONGS(NAT64_PORT_WORDS)];
	unsigned long *claimed;
	struct rcu_head rcu;
};

struct nat64_ports *nat64_ports_create(gfp_t gfp);
void nat64_ports_destroy(struct nat64_ports *ports);
void nat64_ports_destroy_rcu(struct rcu_head *rcu);
u16 nat64_ports_find(const struct nat64_ports *ports, u32 min, u32 max,
		     enum nat64_parity parity, u32 random);
bool nat64_ports_take(struct nat64_ports *ports, u16 port);
void nat64_ports_free(struct nat64_ports *ports, u16 port);
void nat64_ports_hold(struct nat64_ports *ports, u16 port, u32 now,
		      u32 limit);
void nat64_ports_unhold(struct nat64_ports *ports, u32 now, u32 seconds);
u16 nat64_ports_unhold_oldest(struct nat64_ports *ports);
void nat64_ports_foreign(struct nat64_ports *ports, u16 port, u32 now);
u16 nat64_ports_ask(struct nat64_ports *ports, u32 now);

#endif /* _NAT64_PORTS_H */
