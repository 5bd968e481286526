/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * nat64 - the tables of a stateful device.
 */
#ifndef _NAT64_TABLE_H
#define _NAT64_TABLE_H

#include <linux/types.h>

#include "walk.h"

struct nat64_binding;
struct nat64_config;
struct nat64_dev;
struct nat64_table;
struct nat64_trigger;

bool nat64_binding_end(struct nat64_table *table, struct nat64_binding *b,
		       const struct nat64_trigger *trigger);
int nat64_table_create(struct nat64_dev *nat64);
void nat64_table_destroy(struct nat64_dev *nat64);
void nat64_table_flush(struct nat64_table *table,
		       const struct nat64_config *config,
		       const struct nat64_trigger *trigger);
void nat64_table_leave(struct nat64_table *table, __be32 addr,
		       const struct nat64_trigger *trigger);
int nat64_table_caches_create(void);
void nat64_table_caches_destroy(void);
void nat64_table_walk_addr(struct nat64_table *table, __be32 addr,
			   nat64_visit *visit, const void *arg);

#endif /* _NAT64_TABLE_H */
