/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * nat64 - which addresses and ports a packet gets.
 */
#ifndef _NAT64_MAP_H
#define _NAT64_MAP_H

#include "packet.h"

struct nat64_config;
struct nat64_dev;

/* map.c */
enum nat64_reason nat64_check_addrs4(const struct nat64_config *config,
				     const struct nat64_pkt *pkt);
enum nat64_reason nat64_check_addrs6(const struct nat64_config *config,
				     const struct nat64_pkt *pkt);

/* stateless.c */
enum nat64_reason nat64_stateless_map4(const struct nat64_config *config,
				       const struct nat64_pkt *pkt,
				       struct nat64_map4 *map);
enum nat64_reason nat64_stateless_map6(const struct nat64_config *config,
				       const struct nat64_pkt *pkt,
				       struct nat64_map6 *map);

/* stateful.c */
enum nat64_reason nat64_stateful_map4(struct nat64_dev *nat64,
				      const struct nat64_config *config,
				      const struct sk_buff *skb,
				      const struct nat64_pkt *pkt,
				      struct nat64_map4 *map);
enum nat64_reason nat64_stateful_map6(struct nat64_dev *nat64,
				      const struct nat64_config *config,
				      const struct sk_buff *skb,
				      const struct nat64_pkt *pkt,
				      struct nat64_map6 *map);

#endif /* _NAT64_MAP_H */
