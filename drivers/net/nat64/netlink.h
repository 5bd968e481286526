/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * nat64 - generic netlink family to read and change the tables.
 */
#ifndef _NAT64_NETLINK_H
#define _NAT64_NETLINK_H

#include <net/genetlink.h>
#include <uapi/linux/nat64_netlink.h>

#include "events.h"
#include "key.h"
#include "netlink-filter.h"
#include "netlink-put.h"
#include "walk.h"

struct nat64_binding;
struct nat64_config;
struct nat64_dev;
struct nat64_session;

/* netlink.c */
const struct nat64_dev *nat64_nl_find(struct net *net,
				      struct nlattr *const *attrs, u32 tables,
				      struct netlink_ext_ack *extack);
int nat64_nl_present(const struct nat64_dev *nat64, const struct net *net,
		     struct netlink_ext_ack *extack);
const struct nat64_dev *nat64_nl_lock_held(const struct nat64_dev *nat64,
					   const struct net *net,
					   netdevice_tracker *tracker,
					   struct netlink_ext_ack *extack);
const struct nat64_dev *nat64_nl_lock(struct net *net,
				      struct nlattr *const *attrs, u32 tables,
				      netdevice_tracker *tracker,
				      struct netlink_ext_ack *extack);
void nat64_nl_unlock(const struct nat64_dev *nat64, netdevice_tracker *tracker);

/* netlink-check.c */
int nat64_nl_check(const struct nlmsghdr *nlh, struct netlink_ext_ack *extack);

/* netlink-batch.c */

/**
 * struct nat64_nl_kind - kind of entries in a request
 * @attr: attribute that contains an entry
 * @size: size of a parsed entry
 * @tables: table of the device, NAT64_TABLES_*
 * @parse: parses and checks an entry
 */
struct nat64_nl_kind {
	int attr;
	size_t size;
	u32 tables;
	int (*parse)(void *item, const struct nlattr *attr,
		     struct netlink_ext_ack *extack);
};

/**
 * struct nat64_nl_item - entry of a request
 * @attr: attribute in the message
 * @data: parsed entry
 */
struct nat64_nl_item {
	const struct nlattr *attr;
	char data[] __aligned(8);
};

/**
 * struct nat64_nl_items - entries of a request
 * @count: number of entries
 * @stride: size of an entry with its header, in bytes
 * @item: first entry
 */
struct nat64_nl_items {
	unsigned int count;
	size_t stride;
	char item[] __aligned(8);
};

/* Operation on an entry. The device is locked. */
typedef int nat64_nl_op(const struct nat64_dev *nat64, void *item,
			const struct genl_info *info);

/**
 * struct nat64_nl_ops - operations on the entries of a request, all or nothing
 * @check: checks that @op will succeed; NULL if @op can be undone
 * @op: changes an entry
 * @undo: reverts @op; NULL if @check ensures that @op succeeds
 * @commit: completes @op once it succeeded for all; cannot fail, may be NULL
 * @statics: @op may add a static binding
 */
struct nat64_nl_ops {
	nat64_nl_op *check;
	nat64_nl_op *op;
	nat64_nl_op *undo;
	nat64_nl_op *commit;
	bool statics;
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

/* netlink-dump.c */
struct nat64_nl_dump;

/**
 * struct nat64_nl_dump_ops - dump operations
 * @tables: tables that the device must have, NAT64_TABLES_*
 * @table: gets the hash table of the device
 * @generation: gets the generation of the table, NULL if it has none
 * @filter: parses the filter, NULL if not supported
 * @put: adds an entry to a message if it matches the filter; 0 or -EMSGSIZE
 * @next: what the dump goes on with at the end of the table, or NULL; its
 *	@tables and @filter are not used
 *
 * All but @filter are called with the device locked.
 */
struct nat64_nl_dump_ops {
	u32 tables;
	struct rhashtable *(*table)(const struct nat64_dev *nat64);
	u32 (*generation)(const struct nat64_dev *nat64);
	nat64_filter_parse *filter;
	int (*put)(struct sk_buff *skb, struct netlink_callback *cb,
		   const struct nat64_dev *nat64,
		   const struct nat64_filter *filter, const void *entry);
	const struct nat64_nl_dump_ops *next;
};

int nat64_nl_dump(struct sk_buff *skb, struct netlink_callback *cb,
		  const struct nat64_nl_dump_ops *ops);
int nat64_nl_dump_done(struct netlink_callback *cb);
int nat64_nl_dump_pool4(struct sk_buff *skb, struct netlink_callback *cb,
			int (*fill)(struct sk_buff *skb,
				    struct netlink_callback *cb,
				    const struct nat64_dev *nat64));
void nat64_nl_dump_replaced(const struct nat64_dev *nat64);
void *nat64_nl_dump_put(struct sk_buff *skb, struct netlink_callback *cb,
			const struct nat64_dev *nat64, u8 cmd);

/**
 * struct nat64_nl_flush - flush request
 * @filter: entries to remove
 * @trigger: cause to report in events
 */
struct nat64_nl_flush {
	struct nat64_filter filter;
	struct nat64_trigger trigger;
};

int nat64_nl_flush(struct genl_info *info, const struct nat64_nl_dump_ops *ops,
		   void (*flush_all)(struct nat64_table *table,
				     const struct nat64_nl_flush *flush));

/* netlink-binding.c, netlink-session.c */
/**
 * struct nat64_nl_binding - binding in a request
 * @key: IPv6 transport address
 * @addr4: pool4 address, 0 if the request has none
 * @port4: port on @addr4, 0 if @addr4 is 0
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
/**
 * struct nat64_nl_session - session in a request
 * @binding: binding of the session
 * @remote: IPv4 host
 * @rport: port of the IPv4 host, 0 for ICMP
 * @state: enum nat64_state
 * @has_state: the request has a state
 * @expires: remaining lifetime in seconds, U32_MAX for the full timeout
 * @did: what adding the session changed
 * @old_state: previous state, if changed
 * @old_dns: previous enum nat64_dns, if changed
 * @old_used: previous tick of the last packet, if changed
 */
struct nat64_nl_session {
	struct nat64_nl_binding binding;
	__be32 remote;
	__be16 rport;
	u8 state;
	bool has_state;
	u32 expires;
	enum {
		NAT64_NL_SESSION_KEPT,
		NAT64_NL_SESSION_ADDED,
		NAT64_NL_SESSION_CHANGED,
	} did;
	u8 old_state;
	u8 old_dns;
	u32 old_used;
};

int nat64_nl_parse_session(void *item, const struct nlattr *attr,
			   struct netlink_ext_ack *extack);
struct nat64_session *
nat64_nl_find_session(const struct nat64_dev *nat64,
		      const struct nat64_nl_session *session);
struct nat64_session *
nat64_nl_open_session(const struct nat64_dev *nat64,
		      const struct nat64_config *config,
		      const struct nat64_nl_session *session,
		      struct nat64_binding *b, u32 portid,
		      enum nat64_reason *reason);
bool nat64_nl_set_session(struct nat64_table *table,
			  const struct nat64_config *config,
			  struct nat64_session *s, u8 from, u8 state, u8 dns,
			  u32 used);
int nat64_nl_parse_remote(u8 proto, __be32 *addr, __be16 *port,
			  const struct nlattr *attr, struct nlattr *const *tb,
			  struct netlink_ext_ack *extack);

int nat64_netlink_init(void);
void nat64_netlink_exit(void);
void nat64_netlink_dev_gone(const struct nat64_dev *nat64);

#endif /* _NAT64_NETLINK_H */
