/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * nat64 - the host's own IPv4 addresses as pool4.
 */
#ifndef _NAT64_BORROW_H
#define _NAT64_BORROW_H

#include <linux/netfilter.h>

#include "bib.h"
#include "reason.h"

struct nat64_config;
struct nat64_dev;
struct nat64_ports;
struct netlink_ext_ack;
struct sk_buff;

/* Ports of the host's addresses as pool4: beyond those that the kernel gives to
 * the host's own sockets (net.ipv4.ip_local_port_range).
 */
#define NAT64_HOST_PORT_MIN	61001
#define NAT64_HOST_PORT_MAX	65535
#define NAT64_HOST_PORTS	(NAT64_HOST_PORT_MAX - \
				 NAT64_HOST_PORT_MIN + 1)

/* borrow.c */
bool nat64_host_is_local(const struct nat64_dev *nat64, __be32 addr);
bool nat64_host_has(const struct nat64_dev *nat64,
		    const struct nat64_config *config, __be32 addr,
		    __be16 port);
bool nat64_host_claim(const struct nat64_table *table,
		      struct nat64_ports *ports,
		      const struct nat64_key4 *key);
bool nat64_host_take(const struct nat64_table *table,
		     struct nat64_ports *ports,
		     const struct nat64_key4 *key);
void nat64_host_release(const struct nat64_table *table,
			struct nat64_ports *ports,
			const struct nat64_key4 *key);
enum nat64_reason nat64_pool4_alloc_host(struct nat64_dev *nat64,
					 const struct nat64_config *config,
					 const struct nat64_key6 *key,
					 __be32 remote, u32 mark,
					 struct nat64_key4 *result);
void nat64_borrow_enter(struct nat64_dev *nat64);
void nat64_borrow_leave(struct nat64_dev *nat64);
int nat64_borrow_static(struct nat64_table *table,
			struct netlink_ext_ack *extack);
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
unsigned int nat64_borrow_route(void *priv, struct sk_buff *skb,
				const struct nf_hook_state *state);

#endif /* _NAT64_BORROW_H */
