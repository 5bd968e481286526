/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * nat64 - routes of translated packets that are used again.
 */
#ifndef _NAT64_ROUTE_CACHE_H
#define _NAT64_ROUTE_CACHE_H

#include <linux/types.h>

struct nat64_dev;
struct sk_buff;

bool nat64_route4_cached(const struct nat64_dev *nat64, struct sk_buff *skb,
			 bool exempt);
void nat64_route6_cached(const struct nat64_dev *nat64, struct sk_buff *skb);
void nat64_routes_create(struct nat64_dev *nat64);
void nat64_routes_destroy(struct nat64_dev *nat64);
void nat64_routes_reset(struct nat64_dev *nat64);

#endif /* _NAT64_ROUTE_CACHE_H */
