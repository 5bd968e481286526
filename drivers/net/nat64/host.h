/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * nat64 - ports of the host's own addresses, shared with its sockets and other
 * devices.
 */
#ifndef _NAT64_HOST_H
#define _NAT64_HOST_H

#include <linux/spinlock.h>
#include <linux/types.h>
#include <linux/xarray.h>

#include "key.h"

struct nat64_config;
struct nat64_dev;
struct nat64_ports;
struct nat64_table;
struct net;

/* Ports of the host's addresses as pool4: above the default ephemeral ports of
 * the host's own sockets (net.ipv4.ip_local_port_range).
 */
#define NAT64_HOST_PORT_MIN	61001
#define NAT64_HOST_PORT_MAX	65535
#define NAT64_HOST_PORTS	(NAT64_HOST_PORT_MAX - \
				 NAT64_HOST_PORT_MIN + 1)

/* Ports for clients whose server requires a privileged port: the range of
 * bindresvport(), in which hardly any service listens.
 */
#define NAT64_HOST_LOW_MIN	600
#define NAT64_HOST_LOW_MAX	1023
#define NAT64_HOST_LOW_PORTS	(NAT64_HOST_LOW_MAX - \
				 NAT64_HOST_LOW_MIN + 1)

/**
 * struct nat64_claims - ports that the devices of a namespace have claimed
 * @lock: protects @addrs; taken with BH off, innermost lock
 * @gfp: allocation flags
 * @addrs: struct nat64_claimed by address in host byte order, one array per
 *	protocol
 */
struct nat64_claims {
	spinlock_t lock;
	gfp_t gfp;
	struct xarray addrs[NAT64_L4_COUNT];
};

void nat64_claims_init(struct nat64_claims *claims, bool charged);
void nat64_claims_destroy(struct nat64_claims *claims);
struct nat64_claims *nat64_claims_of(struct net *net);
int nat64_claims_register(void);
void nat64_claims_unregister(void);
bool nat64_claim(struct nat64_claims *claims, u8 proto, __be32 addr,
		 __be16 port);
void nat64_unclaim(struct nat64_claims *claims, u8 proto, __be32 addr,
		   __be16 port);
bool nat64_host_uses(struct net *net, u8 proto, __be32 addr, __be16 port);
u32 nat64_host_ports(const struct nat64_config *config, u8 proto);
bool nat64_host_port(const struct nat64_config *config, __be16 port);
bool nat64_host_is_reserved(const struct nat64_table *table, u16 port);
bool nat64_host_is_local(const struct nat64_dev *nat64, __be32 addr);
bool nat64_host_has(const struct nat64_dev *nat64,
		    const struct nat64_config *config, __be32 addr,
		    __be16 port);
bool nat64_host_claim(const struct nat64_table *table,
		      struct nat64_ports *ports,
		      const struct nat64_key4 *key);
bool nat64_host_take(const struct nat64_table *table,
		     struct nat64_ports *ports,
		     const struct nat64_key4 *key);
void nat64_host_release(const struct nat64_table *table,
			struct nat64_ports *ports,
			const struct nat64_key4 *key);

#endif /* _NAT64_HOST_H */
