/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * nat64 - walk a hash table while it is in use.
 */
#ifndef _NAT64_WALK_H
#define _NAT64_WALK_H

struct nat64_table;
struct rhashtable;

/* Called under RCU without locks. May remove the entry. */
typedef void nat64_visit(struct nat64_table *table, void *entry,
			 const void *arg);

void nat64_walk(struct nat64_table *table, struct rhashtable *ht,
		nat64_visit *visit, const void *arg);

#endif /* _NAT64_WALK_H */
