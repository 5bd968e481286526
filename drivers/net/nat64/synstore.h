/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * nat64 - store of SYNs from IPv4, RFC 6146 section 3.5.2.2.
 */
#ifndef _NAT64_SYNSTORE_H
#define _NAT64_SYNSTORE_H

#include <linux/types.h>

#include "reason.h"

struct nat64_config;
struct nat64_dev;
struct nat64_skey4;
struct nat64_syn_store;
struct nat64_table;
struct sk_buff;

struct nat64_syn_store *nat64_syn_store_create(struct nat64_dev *nat64);
void nat64_syn_store_destroy(struct nat64_syn_store *store);
void nat64_syn_flush(struct nat64_table *table,
		     const struct nat64_config *config);
unsigned int nat64_syn_count(const struct nat64_table *table);
bool nat64_syn_waits(const struct nat64_table *table,
		     const struct nat64_skey4 *key);
enum nat64_reason nat64_syn_add(struct nat64_table *table,
				const struct nat64_config *config,
				struct sk_buff *skb,
				const struct nat64_skey4 *key);
void nat64_syn_forget(struct nat64_table *table,
		      const struct nat64_skey4 *key);

#endif /* _NAT64_SYNSTORE_H */
