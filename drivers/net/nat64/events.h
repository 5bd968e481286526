/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * nat64 - who is told that bindings and sessions come and go.
 */
#ifndef _NAT64_EVENTS_H
#define _NAT64_EVENTS_H

#include <linux/types.h>

struct nat64_binding;
struct nat64_session;
struct nat64_table;
struct net_device;

bool nat64_may_log(const struct net_device *dev);
bool nat64_events_wanted(const struct nat64_table *table);
void nat64_event_binding(const struct nat64_table *table,
			 const struct nat64_binding *b, bool created);
void nat64_event_session(const struct nat64_table *table,
			 const struct nat64_session *s, bool created);

#endif /* _NAT64_EVENTS_H */
