/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * nat64 - path MTU on either side.
 */
#ifndef _NAT64_PMTU_H
#define _NAT64_PMTU_H

#include <linux/types.h>

struct in6_addr;
struct nat64_config;
struct nat64_dev;
struct nat64_map4;
struct nat64_map6;
struct nat64_pkt;
struct sk_buff;

u32 nat64_path_mtu4(const struct nat64_dev *nat64, __be32 addr);
u32 nat64_reassembled_size(const struct nat64_pkt *pkt);
u16 nat64_fragment_size(const struct nat64_dev *nat64,
			const struct nat64_config *config,
			const struct sk_buff *skb, const struct nat64_pkt *pkt,
			const struct in6_addr *dst);
u32 nat64_mtu_limit6(const struct nat64_dev *nat64, const struct sk_buff *skb,
		     const struct nat64_pkt *pkt, const struct nat64_map6 *map);
u32 nat64_mtu_limit4(const struct nat64_dev *nat64, const struct sk_buff *skb,
		     const struct nat64_pkt *pkt, const struct nat64_map4 *map);

#endif /* _NAT64_PMTU_H */
