/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * nat64 - ports of the host's own addresses, which it and others use as well.
 */
#ifndef _NAT64_CLAIM_H
#define _NAT64_CLAIM_H

#include <linux/types.h>

struct nat64_claims;
struct net;

struct nat64_claims *nat64_claims_get(struct net *net);
void nat64_claims_put(struct nat64_claims *claims);
bool nat64_claim(struct nat64_claims *claims, u8 proto, __be32 addr,
		 __be16 port);
void nat64_unclaim(struct nat64_claims *claims, u8 proto, __be32 addr,
		   __be16 port);
bool nat64_host_uses(struct net *net, u8 proto, __be32 addr, __be16 port);

#endif /* _NAT64_CLAIM_H */
