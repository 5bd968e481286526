/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * nat64 - IPv4 hosts that a binding has sessions with.
 */
#ifndef _NAT64_REMOTE_H
#define _NAT64_REMOTE_H

#include <linux/types.h>

struct nat64_binding;
struct nat64_config;
struct nat64_session;
struct nat64_table;

int nat64_remotes_init(struct nat64_table *table);
void nat64_remotes_destroy(struct nat64_table *table);
bool nat64_remote_add(struct nat64_table *table,
		      const struct nat64_config *config,
		      struct nat64_session *s);
void nat64_remote_del(struct nat64_table *table, struct nat64_session *s);
bool nat64_remote_known(struct nat64_table *table,
			const struct nat64_binding *b, __be32 remote);
int nat64_remotes_begin(struct nat64_table *table);
void nat64_remotes_end(struct nat64_table *table);

#endif /* _NAT64_REMOTE_H */
