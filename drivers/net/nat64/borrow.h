/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * nat64 - the host's own IPv4 addresses as pool4.
 */
#ifndef _NAT64_BORROW_H
#define _NAT64_BORROW_H

#include <linux/netfilter.h>

struct nat64_config;
struct nat64_dev;
struct nat64_table;
struct netlink_ext_ack;
struct sk_buff;

/* borrow.c */
void nat64_borrow_enter(struct nat64_dev *nat64);
void nat64_borrow_leave(struct nat64_dev *nat64);
bool nat64_borrow_static_first(const struct nat64_table *table);
int nat64_borrow_static(struct nat64_table *table,
			struct netlink_ext_ack *extack);
bool nat64_borrow_static_last(const struct nat64_table *table);
void nat64_borrow_static_gone(struct nat64_table *table);
int nat64_borrow_prepare(struct nat64_dev *nat64,
			 const struct nat64_config *config,
			 struct netlink_ext_ack *extack);
int nat64_borrow_update(struct nat64_dev *nat64,
			struct netlink_ext_ack *extack);
void nat64_borrow_stop(struct nat64_dev *nat64);
int nat64_borrow_init(void);
void nat64_borrow_exit(void);

/* borrow-input.c */
unsigned int nat64_borrow_input(void *priv, struct sk_buff *skb,
				const struct nf_hook_state *state);

#endif /* _NAT64_BORROW_H */
