/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * nat64 - mapping of the addresses and ports of a packet.
 */
#ifndef _NAT64_MAP_H
#define _NAT64_MAP_H

#include "packet.h"

struct nat64_binding;
struct nat64_config;
struct nat64_dev;
struct nat64_session;
struct nat64_skey6;
struct nat64_table;

/* map.c */
enum nat64_reason nat64_check_addrs4(const struct nat64_pkt *pkt);
enum nat64_reason nat64_check_addrs6(const struct nat64_pkt *pkt);
enum nat64_reason nat64_pool6_embed(const struct nat64_config *config,
				    const struct nat64_pkt *pkt, __be32 addr4,
				    struct in6_addr *addr6);
enum nat64_reason nat64_pool6_dst(const struct nat64_config *config,
				  const struct nat64_pkt *pkt,
				  const struct in6_addr *addr6, __be32 *addr4);

/* stateless.c */
enum nat64_reason nat64_stateless_map4(struct nat64_dev *nat64,
				       const struct nat64_config *config,
				       struct nat64_pkt *pkt,
				       struct nat64_map4 *map);
enum nat64_reason nat64_stateless_map6(struct nat64_dev *nat64,
				       const struct nat64_config *config,
				       const struct nat64_pkt *pkt,
				       struct nat64_map6 *map);

/* stateful.c */
struct nat64_session *nat64_session_open6(struct nat64_table *table,
					  const struct nat64_config *config,
					  const struct nat64_skey6 *key,
					  struct nat64_binding *b, u32 mark,
					  enum nat64_reason *reason);
enum nat64_reason nat64_stateful_map4(struct nat64_dev *nat64,
				      const struct nat64_config *config,
				      const struct sk_buff *skb,
				      const struct nat64_pkt *pkt,
				      struct nat64_map4 *map);
enum nat64_reason nat64_stateful_map6(struct nat64_dev *nat64,
				      const struct nat64_config *config,
				      struct sk_buff *skb,
				      const struct nat64_pkt *pkt,
				      struct nat64_map6 *map);

#endif /* _NAT64_MAP_H */
