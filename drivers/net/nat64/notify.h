/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * nat64 - what somebody may want to know when it happens.
 */
#ifndef _NAT64_NOTIFY_H
#define _NAT64_NOTIFY_H

#include "stats.h"

struct in6_addr;
struct nat64_binding;
struct nat64_session;
struct nat64_table;

bool nat64_notify_listened(const struct nat64_table *table);
void nat64_notify_binding(const struct nat64_table *table,
			  const struct nat64_binding *b, bool created);
void nat64_notify_session(const struct nat64_table *table,
			  const struct nat64_session *s, bool created);
void nat64_notify_refused(struct nat64_table *table,
			  const struct in6_addr *addr, u8 proto,
			  enum nat64_reason reason);

#endif /* _NAT64_NOTIFY_H */
