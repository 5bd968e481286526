/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * nat64 - generic netlink: attributes of table entries, for replies and events.
 */
#ifndef _NAT64_NETLINK_PUT_H
#define _NAT64_NETLINK_PUT_H

#include <linux/types.h>

struct genl_family;
struct nat64_binding;
struct nat64_config;
struct nat64_pool4_entry;
struct nat64_session;
struct nat64_use;
struct sk_buff;

/* netlink.c */
extern struct genl_family nat64_nl_family;

/* netlink-put.c */
bool nat64_nl_is_proto(u8 proto);
int nat64_nl_put_binding(struct sk_buff *skb, const struct nat64_binding *b);
u8 nat64_nl_state(u8 state);
int nat64_nl_put_session(struct sk_buff *skb,
			 const struct nat64_config *config,
			 const struct nat64_session *s);
int nat64_nl_put_entry(struct sk_buff *skb, int type,
		       const struct nat64_pool4_entry *entry);
int nat64_nl_put_use(struct sk_buff *skb, int type, u8 proto, u64 total,
		     const struct nat64_use *use);

#endif /* _NAT64_NETLINK_PUT_H */
