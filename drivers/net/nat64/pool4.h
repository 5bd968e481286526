/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * nat64 - allocation of IPv4 addresses and ports, RFC 6146 section 3.5.1.1.
 */
#ifndef _NAT64_POOL4_H
#define _NAT64_POOL4_H

#include "bib.h"
#include "config.h"
#include "stats.h"

void nat64_pool4_init(struct nat64_table *table);
void nat64_pool4_destroy(struct nat64_table *table);
bool nat64_pool4_has(const struct nat64_config *config, __be32 addr,
		     __be16 port);
enum nat64_reason nat64_pool4_get(struct nat64_table *table,
				  const struct nat64_config *config,
				  const struct nat64_key6 *key, __be32 *addr,
				  __be16 *port);
enum nat64_reason
nat64_pool4_get_from(struct nat64_table *table,
		     const struct nat64_pool4_entry *entry,
		     const struct nat64_key6 *key, __be16 *port);
bool nat64_pool4_has_addr(const struct nat64_config *config, __be32 addr);
void nat64_pool4_changed(struct nat64_table *table);
void nat64_pool4_put(struct nat64_table *table, u8 proto, __be32 addr,
		     __be16 port);

#endif /* _NAT64_POOL4_H */
