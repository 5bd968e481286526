/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * nat64 - ports of the host's own addresses, which it and others use as well.
 */
#ifndef _NAT64_HOST_H
#define _NAT64_HOST_H

#include <linux/spinlock.h>
#include <linux/types.h>
#include <linux/xarray.h>

#include "nat64.h"

struct net;

/**
 * struct nat64_claims - what the devices of a namespace have given away
 * @lock: covers @addrs; taken with BH off, nothing is locked inside
 * @gfp: how to allocate
 * @addrs: struct nat64_claimed by address in host byte order, one array a
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

#endif /* _NAT64_HOST_H */
