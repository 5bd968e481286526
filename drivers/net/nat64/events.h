/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * nat64 - events of bindings, sessions and limits.
 */
#ifndef _NAT64_EVENTS_H
#define _NAT64_EVENTS_H

#include <linux/types.h>
#include <uapi/linux/nat64_netlink.h>

#include "reason.h"

struct in6_addr;
struct nat64_binding;
struct nat64_config;
struct nat64_key6;
struct nat64_session;
struct nat64_table;
struct net_device;

/**
 * struct nat64_trigger - why an entry is created or removed
 * @cause: why it is removed, 0 when it is created
 * @portid: netlink port ID of the requester, 0 for none
 */
struct nat64_trigger {
	enum nat64_cause cause;
	u32 portid;
};

bool nat64_may_log(const struct net_device *dev);
bool nat64_events_wanted(const struct nat64_table *table);
void nat64_event_binding(struct nat64_table *table,
			 const struct nat64_binding *b,
			 const struct nat64_trigger *trigger);
void nat64_event_session(struct nat64_table *table,
			 const struct nat64_session *s,
			 const struct nat64_trigger *trigger);
void nat64_refused(struct nat64_table *table,
		   const struct nat64_config *config,
		   const struct nat64_key6 *key, enum nat64_reason reason);

#endif /* _NAT64_EVENTS_H */
