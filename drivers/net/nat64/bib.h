/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * nat64 - bindings, RFC 6146 section 3.1.
 */
#ifndef _NAT64_BIB_H
#define _NAT64_BIB_H

#include <linux/list.h>
#include <linux/llist.h>
#include <linux/rhashtable-types.h>

#include "key.h"
#include "reason.h"

struct netlink_ext_ack;
struct nat64_config;
struct nat64_shard;
struct nat64_subscriber;
struct nat64_table;
struct nat64_trigger;

/* A binding's age wraps after 34 years. */
#define NAT64_BINDING_BEGAN_BITS	30

/* session_count stops at this value, and stays there until the last session is
 * removed.
 */
#define NAT64_SESSIONS_MANY	U16_MAX

/**
 * struct nat64_binding - (IPv6 address, port) <-> (pool4 address, port)
 * @node6: node in bindings6
 * @node4: node in bindings4
 * @key6: IPv6 transport address
 * @addr4: IPv4 address; that of a static binding need not be in pool4
 * @port4: port of @addr4
 * @session_count: number of @sessions, under the shard's lock; see
 *	nat64_binding_sessions()
 * @began: second of creation, see nat64_began(); never changes
 * @dead: removed from the tables, may only be read; under the shard's lock
 * @is_static: kept without sessions; under the shard's lock
 * @sessions: list of sessions, changed under the shard's lock, read under RCU;
 *	a dynamic binding is removed with the last one
 * @subscriber: subscriber that it counts for; invalid once @dead is set
 * @reap: node in the list of dead bindings to be freed
 */
struct nat64_binding {
	struct rhash_head node6;
	struct rhash_head node4;
	struct nat64_key6 key6;
	__be32 addr4;
	__be16 port4;
	u16 session_count;
	u32 began : NAT64_BINDING_BEGAN_BITS;
	u32 dead : 1;
	u32 is_static : 1;
	struct hlist_head sessions;
	union {
		struct nat64_subscriber *subscriber;
		struct llist_node reap;
	};
};

int nat64_bindings_init(struct nat64_table *table);
void nat64_bindings_destroy(struct nat64_table *table);
struct nat64_shard *nat64_binding_shard(const struct nat64_table *table,
					const struct nat64_binding *b);
struct nat64_binding *nat64_binding_find6(struct nat64_table *table,
					  const struct nat64_key6 *key);
struct nat64_binding *nat64_binding_find4(struct nat64_table *table,
					  const struct nat64_key4 *key);
struct nat64_binding *nat64_binding_create(struct nat64_table *table,
					   const struct nat64_config *config,
					   const struct nat64_key6 *key,
					   const struct nat64_key4 *want,
					   u32 mark, enum nat64_reason *reason);
struct nat64_binding *nat64_binding_alloc(struct nat64_table *table,
					  const struct nat64_config *config,
					  struct nat64_subscriber *sub,
					  const struct nat64_key6 *key,
					  const struct nat64_key4 *want,
					  u32 mark, gfp_t gfp,
					  enum nat64_reason *reason);
int nat64_binding_insert4(struct nat64_table *table, struct nat64_binding *b);
void nat64_binding_replace6(struct nat64_table *table,
			    struct nat64_binding *old,
			    struct nat64_binding *new);
struct nat64_binding *nat64_binding_make(struct nat64_table *table,
					 const struct nat64_config *config,
					 struct nat64_subscriber *sub,
					 const struct nat64_key6 *key,
					 const struct nat64_key4 *want,
					 u32 mark, gfp_t gfp, bool is_static,
					 u32 portid,
					 enum nat64_reason *reason);
void nat64_binding_kill(struct nat64_table *table, struct nat64_binding *b,
			bool hold_down, const struct nat64_trigger *trigger);
void nat64_binding_free(struct nat64_binding *b);
int nat64_binding_cache_create(void);
void nat64_binding_cache_destroy(void);

/* bib-admin.c */

/**
 * enum nat64_binding_did - what nat64_binding_change() has done
 * @NAT64_BINDING_KEPT: nothing, the binding is as requested
 * @NAT64_BINDING_ADDED: created the binding
 * @NAT64_BINDING_MADE_STATIC: made a dynamic binding static
 * @NAT64_BINDING_MADE_DYNAMIC: nothing yet; the commit makes it dynamic
 * @NAT64_BINDING_MOVED: created the replacement, which has another port
 */
enum nat64_binding_did {
	NAT64_BINDING_KEPT,
	NAT64_BINDING_ADDED,
	NAT64_BINDING_MADE_STATIC,
	NAT64_BINDING_MADE_DYNAMIC,
	NAT64_BINDING_MOVED,
};

/**
 * struct nat64_binding_change - requested change of a binding
 * @key: IPv6 transport address
 * @addr4: IPv4 address, 0 to keep or allocate one
 * @port4: port of @addr4, 0 if that is 0
 * @is_static: keep the binding when it has no sessions
 * @create: NLM_F_CREATE: the binding may be created
 * @excl: NLM_F_EXCL: the binding must not exist
 * @replace: NLM_F_REPLACE: the binding may be changed
 * @portid: netlink port ID of the requester
 * @was_static: the binding was static before nat64_binding_change()
 * @did: enum nat64_binding_did
 * @next: replacement of the binding, for NAT64_BINDING_MOVED
 */
struct nat64_binding_change {
	struct nat64_key6 key;
	__be32 addr4;
	__be16 port4;
	bool is_static;
	bool create;
	bool excl;
	bool replace;
	bool was_static;
	u8 did;
	u32 portid;
	struct nat64_binding *next;
};

int nat64_binding_change(struct nat64_table *table,
			 const struct nat64_config *config,
			 struct nat64_binding_change *change,
			 struct netlink_ext_ack *extack);
void nat64_binding_change_undo(struct nat64_table *table,
			       const struct nat64_binding_change *change);
void nat64_binding_change_commit(struct nat64_table *table,
				 const struct nat64_binding_change *change);
int nat64_binding_add(struct nat64_table *table,
		      const struct nat64_config *config,
		      const struct nat64_key6 *key, __be32 addr4, __be16 port4,
		      bool is_static, u32 portid,
		      struct netlink_ext_ack *extack);
void nat64_binding_make_dynamic(struct nat64_table *table,
				const struct nat64_key6 *key,
				const struct nat64_trigger *trigger);
int nat64_binding_remove(struct nat64_table *table,
			 const struct nat64_key6 *key,
			 const struct nat64_trigger *trigger);

#endif /* _NAT64_BIB_H */
