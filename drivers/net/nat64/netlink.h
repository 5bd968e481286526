/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * nat64 - the generic netlink family, by which tables are read and changed.
 */
#ifndef _NAT64_NETLINK_H
#define _NAT64_NETLINK_H

#include <net/genetlink.h>
#include <uapi/linux/nat64_netlink.h>

#include "bib.h"
#include "eam.h"
#include "events.h"
#include "netlink-filter.h"
#include "walk.h"

struct nat64_config;
struct nat64_dev;

extern struct genl_family nat64_nl_family;

/* The device that a request means, if it is of the right kind. */
const struct nat64_dev *nat64_nl_stateless(struct net *net,
					   struct nlattr *const *attrs,
					   struct netlink_ext_ack *extack);
const struct nat64_dev *nat64_nl_stateful(struct net *net,
					  struct nlattr *const *attrs,
					  struct netlink_ext_ack *extack);

/* netlink-check.c */
int nat64_nl_check(const struct nlmsghdr *nlh, struct netlink_ext_ack *extack);

/* netlink-batch.c */

/**
 * struct nat64_nl_kind - what a request has many of
 * @attr: attribute that holds one of them
 * @size: of one that was parsed
 * @device: finds the device
 * @parse: parses and checks one of them
 */
struct nat64_nl_kind {
	int attr;
	size_t size;
	const struct nat64_dev *(*device)(struct net *net,
					  struct nlattr *const *attrs,
					  struct netlink_ext_ack *extack);
	int (*parse)(void *item, const struct nlattr *attr,
		     struct netlink_ext_ack *extack);
};

/**
 * struct nat64_nl_item - one of the entries of a request
 * @attr: where in the message it is
 * @data: what was parsed
 */
struct nat64_nl_item {
	const struct nlattr *attr;
	char data[] __aligned(8);
};

/**
 * struct nat64_nl_items - the entries of a request
 * @count: how many there are
 * @stride: bytes of each
 * @item: the first of them
 */
struct nat64_nl_items {
	unsigned int count;
	size_t stride;
	char item[] __aligned(8);
};

/* Does something with one of them, under RTNL. */
typedef int nat64_nl_op(const struct nat64_dev *nat64, void *item,
			const struct genl_info *info);

/**
 * struct nat64_nl_ops - what is done to all entries of a request or to none
 * @check: could @op be done? NULL if it can be undone
 * @op: what is done to each entry
 * @undo: makes it as if that had not been; NULL if @check makes sure
 * @commit: the rest, which cannot fail, once @op succeeded for all; may be NULL
 */
struct nat64_nl_ops {
	nat64_nl_op *check;
	nat64_nl_op *op;
	nat64_nl_op *undo;
	nat64_nl_op *commit;
};

struct nat64_nl_item *nat64_nl_item(struct nat64_nl_items *items,
				    unsigned int i);
struct nat64_nl_items *nat64_nl_parse_items(struct genl_info *info,
					    const struct nat64_nl_kind *kind);
int nat64_nl_change(struct genl_info *info, const struct nat64_nl_kind *kind,
		    const struct nat64_nl_ops *ops);

/* netlink-pool4.c */
int nat64_nl_pool4_replace(const struct genl_info *info,
			   const struct nat64_dev *nat64,
			   const struct nat64_config *from);

/* netlink-stage.c */
void nat64_nl_stage_dev_gone(const struct nat64_dev *nat64);
int nat64_nl_stage_init(void);
void nat64_nl_stage_exit(void);

/* netlink-eam.c */

/**
 * struct nat64_nl_eam - a mapping of a request
 * @p: its prefixes
 * @kept: it was there before it was to be added
 */
struct nat64_nl_eam {
	struct nat64_eam_prefixes p;
	bool kept;
};

extern const struct nat64_nl_kind nat64_nl_eams;

/* netlink-dump.c */
struct nat64_nl_dump;

/**
 * struct nat64_nl_dump_ops - what is dumped
 * @device: finds the device
 * @table: of the device
 * @generation: of that table, NULL if it has none
 * @filter: what a filter may have, NULL if there is none
 * @put: adds an entry to a message if it matches the filter; 0 or -EMSGSIZE
 */
struct nat64_nl_dump_ops {
	const struct nat64_dev *(*device)(struct net *net,
					  struct nlattr *const *attrs,
					  struct netlink_ext_ack *extack);
	struct rhashtable *(*table)(const struct nat64_dev *nat64);
	u32 (*generation)(const struct nat64_dev *nat64);
	nat64_filter_parse *filter;
	int (*put)(struct sk_buff *skb, struct netlink_callback *cb,
		   const struct nat64_dev *nat64,
		   const struct nat64_filter *filter, const void *entry);
};

int nat64_nl_dump(struct sk_buff *skb, struct netlink_callback *cb,
		  const struct nat64_nl_dump_ops *ops);
int nat64_nl_dump_done(struct netlink_callback *cb);
void nat64_nl_dump_replaced(const struct nat64_dev *nat64);
void *nat64_nl_dump_put(struct sk_buff *skb, struct netlink_callback *cb,
			const struct nat64_dev *nat64, u8 cmd);

/**
 * struct nat64_nl_flush - what a request to flush removes
 * @filter: those that match it
 * @trigger: for their events
 */
struct nat64_nl_flush {
	struct nat64_filter filter;
	struct nat64_trigger trigger;
};

int nat64_nl_flush(struct genl_info *info, const struct nat64_nl_dump_ops *ops,
		   nat64_visit *visit);

/* netlink-binding.c, netlink-session.c */
/**
 * struct nat64_nl_binding - a binding of a request
 * @key: IPv6 transport address
 * @addr4: address of pool4, 0 if it does not tell
 * @port4: port on it, 0 with @addr4
 */
struct nat64_nl_binding {
	struct nat64_key6 key;
	__be32 addr4;
	__be16 port4;
};

int nat64_nl_parse_binding(struct nat64_nl_binding *binding,
			   const struct nlattr *attr, struct nlattr *const *tb,
			   struct netlink_ext_ack *extack);
struct nat64_binding *
nat64_nl_find_binding(const struct nat64_dev *nat64,
		      const struct nat64_nl_binding *binding,
		      struct netlink_ext_ack *extack);
int nat64_nl_addr6_inside(const struct nat64_dev *nat64,
			  const struct nat64_nl_binding *binding,
			  struct netlink_ext_ack *extack);
int nat64_nl_parse_remote(u8 proto, __be32 *addr, __be16 *port,
			  const struct nlattr *attr, struct nlattr *const *tb,
			  struct netlink_ext_ack *extack);

int nat64_netlink_init(void);
void nat64_netlink_exit(void);
void nat64_netlink_dev_gone(const struct nat64_dev *nat64);

#endif /* _NAT64_NETLINK_H */
