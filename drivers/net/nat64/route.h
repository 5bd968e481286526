/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * nat64 - routes of translated packets, as if received on the device.
 */
#ifndef _NAT64_ROUTE_H
#define _NAT64_ROUTE_H

#include <linux/netfilter.h>

struct nat64_dev;

bool nat64_route_is_exempt(const struct nat64_dev *nat64,
			   const struct sk_buff *skb);
bool nat64_route4(struct sk_buff *skb, bool exempt);
void nat64_route6(struct sk_buff *skb);
unsigned int nat64_route_hook(void *priv, struct sk_buff *skb,
			      const struct nf_hook_state *state);

#endif /* _NAT64_ROUTE_H */
