/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * nat64 - generic netlink: events.
 */
#ifndef _NAT64_NETLINK_NOTIFY_H
#define _NAT64_NETLINK_NOTIFY_H

#include <uapi/linux/nat64_netlink.h>

#include "reason.h"

struct in6_addr;
struct nat64_binding;
struct nat64_session;
struct nat64_table;
struct nat64_trigger;
struct sk_buff;

/**
 * struct nat64_ntf - event under construction
 * @table: of the device
 * @skb: message, NULL if out of memory
 * @hdr: generic netlink header in @skb
 * @group: multicast group, NAT64_NLGRP_*
 * @portid: socket whose request caused the event, 0 for none
 */
struct nat64_ntf {
	struct nat64_table *table;
	struct sk_buff *skb;
	void *hdr;
	unsigned int group;
	u32 portid;
};

bool nat64_ntf_begin(struct nat64_ntf *ntf, u8 cmd, enum nat64_event event);
void nat64_ntf_send(struct nat64_ntf *ntf, int err);
bool nat64_notify_listened(const struct nat64_table *table);
void nat64_notify_binding(struct nat64_table *table,
			  const struct nat64_binding *b,
			  const struct nat64_trigger *trigger);
void nat64_notify_session(struct nat64_table *table,
			  const struct nat64_session *s,
			  const struct nat64_trigger *trigger);
void nat64_notify_refused(struct nat64_table *table,
			  const struct in6_addr *addr, u8 proto,
			  enum nat64_reason reason);

/* netlink-threshold.c */
struct nat64_pool4_entry;
struct nat64_use;

bool nat64_notify_exhaustion_listened(const struct nat64_table *table);
void nat64_notify_threshold(struct nat64_table *table,
			    const struct nat64_pool4_entry *entry, u8 proto,
			    const struct nat64_use *use,
			    enum nat64_threshold threshold);

#endif /* _NAT64_NETLINK_NOTIFY_H */
