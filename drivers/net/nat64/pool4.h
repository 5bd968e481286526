/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * nat64 - allocation of IPv4 transport addresses, RFC 6146 section 3.5.1.1.
 */
#ifndef _NAT64_POOL4_H
#define _NAT64_POOL4_H

#include "config.h"
#include "key.h"
#include "reason.h"

struct nat64_pool4_pair;
struct nat64_table;

/* Set for addresses that may have a free port. */
#define NAT64_POOL4_OPEN	XA_MARK_0

/* Set for addresses that may have no bindings. */
#define NAT64_POOL4_IDLE	XA_MARK_1

/**
 * struct nat64_pool4_use - use of a pool4 address
 * @addr: address
 * @used: ports or query identifiers that have a binding
 * @held_down: ports or query identifiers held down
 */
struct nat64_pool4_use {
	__be32 addr;
	u32 used;
	u32 held_down;
};

static inline bool nat64_entry_proto(const struct nat64_pool4_entry *entry,
				     u8 proto)
{
	return !entry->proto || entry->proto == proto;
}

static inline bool nat64_entry_addr(const struct nat64_pool4_entry *entry,
				    u32 addr)
{
	return addr >= entry->addrs.first && addr <= entry->addrs.last;
}

static inline bool nat64_entry_port(const struct nat64_pool4_entry *entry,
				    u16 port)
{
	return port >= entry->port_min && port <= entry->port_max;
}

/* pool4.c */
void nat64_pool4_init(struct nat64_table *table);
void nat64_pool4_destroy(struct nat64_table *table);
bool nat64_pool4_has(const struct nat64_config *config, u8 proto, __be32 addr,
		     __be16 port);
bool nat64_pool4_allows(const struct nat64_dev *nat64,
			const struct nat64_config *config, u8 proto,
			__be32 addr, __be16 port);
bool nat64_pool4_has_addr(const struct nat64_config *config, u8 proto,
			  u32 addr);
struct nat64_ports *nat64_pool4_ports(struct nat64_table *table,
				      const struct nat64_config *config,
				      enum nat64_l4 l4, u32 addr, gfp_t gfp);
int nat64_pool4_alloc_exact(struct nat64_table *table,
			    const struct nat64_config *config,
			    const struct nat64_key4 *key, gfp_t gfp);
void nat64_pool4_free(struct nat64_table *table,
		      const struct nat64_config *config,
		      const struct nat64_key4 *key);
void nat64_pool4_release(struct nat64_table *table,
			 const struct nat64_config *config,
			 const struct nat64_key4 *key);
void nat64_pool4_changed(struct nat64_table *table,
			 const struct nat64_config *config);
void nat64_pool4_trim(struct nat64_table *table,
		      const struct nat64_config *config, u32 first, u32 last);
void nat64_pool4_adopt(struct nat64_table *table, const struct nat64_key4 *key);
void nat64_pool4_unclaim(struct nat64_table *table);
void nat64_pool4_unhold(struct nat64_table *table,
			const struct nat64_config *config, enum nat64_l4 l4,
			u32 first, u32 last);
const struct nat64_use *nat64_pool4_host(struct nat64_table *table,
					 enum nat64_l4 l4, u32 addr);
bool nat64_pool4_next_host(struct nat64_table *table,
			   const struct nat64_config *config, u32 *addr);
bool nat64_pool4_next(struct nat64_table *table,
		      const struct nat64_config *config, u8 proto, u32 from,
		      struct nat64_pool4_use *use);

/* pool4-alloc.c */
bool nat64_pool4_pair(const struct nat64_config *config,
		      struct nat64_pool4_pair *pair, u8 proto, u32 addr);
enum nat64_reason nat64_pool4_alloc(struct nat64_table *table,
				    const struct nat64_config *config,
				    struct nat64_pool4_pair *pair,
				    const struct nat64_key6 *key, u32 mark,
				    struct nat64_key4 *result);
enum nat64_reason nat64_pool4_alloc_on(struct nat64_table *table,
				       const struct nat64_config *config,
				       const struct nat64_pool4_entry *entries,
				       unsigned int count,
				       const struct nat64_key6 *key,
				       struct nat64_key4 *result);
enum nat64_reason nat64_pool4_alloc_host(struct nat64_dev *nat64,
					 const struct nat64_config *config,
					 const struct nat64_key6 *key,
					 __be32 remote, u32 mark,
					 struct nat64_key4 *result);

/* pool4-reclaim.c */
bool nat64_pool4_is_complete(const struct nat64_table *table,
			     const struct nat64_config *config,
			     enum nat64_l4 l4, unsigned int index);
void nat64_pool4_complete(struct nat64_table *table,
			  const struct nat64_config *config, enum nat64_l4 l4,
			  unsigned int index, u32 erased);
void nat64_pool4_erase(struct nat64_table *table, enum nat64_l4 l4, u32 addr,
		       struct nat64_ports *ports);
bool nat64_pool4_reclaim(struct nat64_table *table);

#endif /* _NAT64_POOL4_H */
