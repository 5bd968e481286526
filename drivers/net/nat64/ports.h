/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * nat64 - ports of one pool4 address and protocol.
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
 * enum nat64_parity - required parity of a port
 * @NAT64_PARITY_EVEN: even ports
 * @NAT64_PARITY_ODD: odd ports
 * @NAT64_PARITY_ANY: all ports
 * @NAT64_PARITY_COUNT: number of values
 */
enum nat64_parity {
	NAT64_PARITY_EVEN,
	NAT64_PARITY_ODD,
	NAT64_PARITY_ANY,
	NAT64_PARITY_COUNT,
};

/* &nat64_ports.usable has not been computed yet. */
#define NAT64_USABLE_UNKNOWN	U32_MAX

/**
 * struct nat64_ports - ports of one address and protocol
 * @lock: protects the fields below
 * @open: there may be a free port; mirrors NAT64_POOL4_OPEN
 * @gone: removed from the table, read-only
 * @used: number of ports with a binding
 * @usable: number of ports of the address in pool4
 * @addr: IPv4 address, host byte order
 * @l4: protocol, enum nat64_l4
 * @entry: index of the pool4 entry that counted a port last
 * @config: configuration whose pool4 entries count the ports, see pool4-use.c;
 *	NULL for none
 * @host: counts the ports while the device borrows the addresses of the host
 * @held: ports held down after their binding ended
 * @foreign: ports that a socket or another device had when last tried
 * @taken: bitmap of ports that have a binding, are held down or foreign
 * @full: bitmaps of words of @taken without a free port, by enum nat64_parity;
 *	keeps searches fast when few ports are free
 * @claimed: bitmap of ports claimed against other devices, see host.c; NULL if
 *	there are none
 * @rcu: for freeing
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
