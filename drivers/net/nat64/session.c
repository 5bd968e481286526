// SPDX-License-Identifier: GPL-2.0-only
/*
 * nat64 - session table, RFC 6146 section 3.2. Packets look up sessions under
 * RCU without a lock; creation and removal lock the shard of the binding.
 */
#include <linux/rhashtable.h>
#include <linux/slab.h>
#include <net/ipv6.h>

#include "bib.h"
#include "clock.h"
#include "config.h"
#include "events.h"
#include "hash.h"
#include "memcg.h"
#include "remote.h"
#include "session.h"
#include "subscriber.h"
#include "table.h"
#include "wheel.h"

/* Siblings to compare a new IPv4-initiated session with. Bounded, because
 * anybody in IPv4 can create siblings up to the limits.
 */
#define NAT64_AGE_SIBLINGS	64

static struct kmem_cache *nat64_session_cache __ro_after_init;

static u32 nat64_skey_hash(const void *data, u32 len, u32 seed)
{
	return nat64_hash(data, sizeof(struct nat64_skey6), seed);
}

static void nat64_skey6_of(const struct nat64_binding *b, __be32 remote,
			   __be16 rport, struct nat64_skey6 *key)
{
	key->addr = b->key6.addr;
	key->port = b->key6.port;
	key->rport = rport;
	key->remote = remote;
	key->proto = b->key6.proto;
}

static u32 nat64_session_hash(const void *data, u32 len, u32 seed)
{
	const struct nat64_session *s = data;
	struct nat64_skey6 key;

	nat64_skey6_of(s->binding, s->remote, s->rport, &key);
	return nat64_skey_hash(&key, len, seed);
}

static int nat64_session_cmp(struct rhashtable_compare_arg *arg,
			     const void *obj)
{
	const struct nat64_skey6 *key = arg->key;
	const struct nat64_session *s = obj;

	/* Compare fields of the session first: the binding is in another cache
	 * line.
	 */
	return s->remote != key->remote || s->rport != key->rport ||
	       s->binding->key6.port != key->port ||
	       s->binding->key6.proto != key->proto ||
	       !ipv6_addr_equal(&s->binding->key6.addr, &key->addr);
}

static const struct rhashtable_params nat64_sessions_params = {
	.key_len = sizeof(struct nat64_skey6),
	.head_offset = offsetof(struct nat64_session, node),
	.hashfn = nat64_skey_hash,
	.obj_hashfn = nat64_session_hash,
	.obj_cmpfn = nat64_session_cmp,
	.automatic_shrinking = true,
};

/**
 * nat64_session_find - find a session of a binding
 * @table: of the device
 * @b: binding
 * @remote: remote IPv4 host
 * @rport: port of the remote host, 0 for ICMP
 *
 * Most bindings have so few sessions that the list is enough.
 *
 * Context: RCU read-side section, or the shard is locked.
 * Return: the session, or NULL
 */
struct nat64_session *nat64_session_find(struct nat64_table *table,
					 const struct nat64_binding *b,
					 __be32 remote, __be16 rport)
{
	struct nat64_session *s;
	struct nat64_skey6 key;

	hlist_for_each_entry_rcu(s, &b->sessions, siblings, true) {
		if (s->remote == remote && s->rport == rport)
			return s;
		if (nat64_session_is_hashed(s)) {
			nat64_skey6_of(b, remote, rport, &key);
			return rhashtable_lookup_fast(&table->sessions, &key,
						      nat64_sessions_params);
		}
	}

	return NULL;
}

/**
 * nat64_session_find6 - find a session from the IPv6 side
 * @table: of the device
 * @key: lookup key
 * @binding: set to the binding of the IPv6 transport address, NULL if there is
 *	none
 *
 * Context: RCU read-side section.
 * Return: the session, or NULL
 */
struct nat64_session *nat64_session_find6(struct nat64_table *table,
					  const struct nat64_skey6 *key,
					  struct nat64_binding **binding)
{
	struct nat64_key6 key6 = {
		.addr = key->addr,
		.port = key->port,
		.proto = key->proto,
	};
	struct nat64_binding *b = nat64_binding_find6(table, &key6);

	*binding = b;
	return b ? nat64_session_find(table, b, key->remote, key->rport) : NULL;
}

/**
 * nat64_session_find4 - find a session from the IPv4 side
 * @table: of the device
 * @key: lookup key
 *
 * Context: RCU read-side section.
 * Return: the session, or NULL
 */
struct nat64_session *nat64_session_find4(struct nat64_table *table,
					  const struct nat64_skey4 *key)
{
	struct nat64_key4 key4 = {
		.addr = key->addr,
		.port = key->port,
		.proto = key->proto,
	};
	const struct nat64_binding *b = nat64_binding_find4(table, &key4);

	return b ? nat64_session_find(table, b, key->remote, key->rport) : NULL;
}

static void nat64_session_free_rcu(struct rcu_head *rcu)
{
	kmem_cache_free(nat64_session_cache,
			container_of(rcu, struct nat64_session, rcu));
}

/* Count a session unless a limit is reached. IPv4-initiated sessions may use
 * three quarters of each limit.
 */
static enum nat64_reason nat64_session_count(struct nat64_table *table,
					     const struct nat64_config *config,
					     struct nat64_subscriber *sub,
					     enum nat64_origin origin)
{
	u32 total = config->max_total_sessions, max = config->max_sessions;

	if (origin == NAT64_FROM_IPV4) {
		total -= total / 4;
		max -= max / 4;
	}
	if (!nat64_count_up(&table->count, total))
		return NAT64_DROP_MAX_TOTAL;
	if (!nat64_count_up(&sub->sessions, max)) {
		atomic_dec(&table->count);
		return NAT64_DROP_MAX_SESSIONS;
	}

	return NAT64_OK;
}

static void nat64_session_uncount(struct nat64_table *table,
				  struct nat64_subscriber *sub)
{
	atomic_dec(&sub->sessions);
	atomic_dec(&table->count);
}

/* Insert a session into the list of its binding, and into the table if the list
 * begins with NAT64_SESSIONS_UNHASHED others.
 */
static int nat64_session_link(struct nat64_table *table,
			      struct nat64_session *s)
{
	struct nat64_session *sibling, *last = NULL;
	struct nat64_binding *b = s->binding;
	int err, left = NAT64_SESSIONS_UNHASHED;

	hlist_for_each_entry(sibling, &b->sessions, siblings) {
		if (nat64_session_is_hashed(sibling))
			break;
		last = sibling;
		left--;
	}
	if (left) {
		hlist_add_head_rcu(&s->siblings, &b->sessions);
		return 0;
	}

	s->hashed = true;
	err = rhashtable_insert_fast(&table->sessions, &s->node,
				     nat64_sessions_params);
	if (!err)
		hlist_add_behind_rcu(&s->siblings, &last->siblings);
	return err;
}

/* Count a session and add it to its binding. Returns NULL on success, the same
 * session if another CPU added it, or ERR_PTR.
 */
static struct nat64_session *nat64_session_enter(struct nat64_table *table,
						 const struct nat64_config *config,
						 struct nat64_session *s,
						 enum nat64_origin origin,
						 enum nat64_reason *reason)
{
	struct nat64_subscriber *sub = s->binding->subscriber;
	struct nat64_session *old;

	old = nat64_session_find(table, s->binding, s->remote, s->rport);
	if (old)
		return old;
	*reason = nat64_session_count(table, config, sub, origin);
	if (*reason)
		return ERR_PTR(-EDQUOT);
	if (!nat64_session_link(table, s))
		return NULL;

	nat64_session_uncount(table, sub);
	*reason = NAT64_DROP_NO_MEMORY;
	return ERR_PTR(-ENOMEM);
}

/* Free a dynamic binding once it has no sessions. If @used, hold down its port.
 */
static void nat64_binding_release(struct nat64_table *table,
				  struct nat64_binding *b, bool used,
				  const struct nat64_trigger *trigger)
{
	if (hlist_empty(&b->sessions) && !b->is_static)
		nat64_binding_kill(table, b, used, trigger);
}

/**
 * nat64_session_create - add a session to a binding
 * @table: of the device
 * @config: of the device
 * @b: binding
 * @flow: session to create
 * @reason: set if NULL is returned; NAT64_OK means that the binding has just
 *	died, so the caller has to look it up again
 *
 * Context: RCU read-side section, no shard locked.
 * Return: session, possibly one that another CPU just created, or NULL.
 */
struct nat64_session *nat64_session_create(struct nat64_table *table,
					   const struct nat64_config *config,
					   struct nat64_binding *b,
					   const struct nat64_flow *flow,
					   enum nat64_reason *reason)
{
	struct nat64_shard *shard = nat64_binding_shard(table, b);
	struct nat64_trigger trigger = { .portid = flow->portid };
	struct nat64_session *s, *old = NULL;

	s = kmem_cache_alloc(nat64_session_cache,
			     flow->origin == NAT64_FROM_USER ?
			     NAT64_GFP_USER : table->gfp);
	if (s)
		*s = (struct nat64_session) {
			.binding = b,
			.remote = flow->remote,
			.rport = flow->rport,
			.state = flow->state,
			.dns = flow->origin == NAT64_FROM_IPV4 ? NAT64_DNS_NONE :
			       nat64_dns_asked(b->key6.proto, flow->rport),
			.used = nat64_tick() - flow->age,
			.began = nat64_now(),
		};

	spin_lock_bh(&shard->lock);
	if (b->dead) {
		*reason = NAT64_OK;
		goto err_unlock;
	}
	*reason = NAT64_DROP_NO_MEMORY;
	if (!s || !nat64_remote_add(table, config, s))
		goto err_empty;
	old = nat64_session_enter(table, config, s, flow->origin, reason);
	if (IS_ERR(old))
		goto err_empty;
	if (old)
		goto err_unlock;

	if (b->session_count < NAT64_SESSIONS_MANY)
		b->session_count++;
	nat64_count_one(&shard->counts.sessions[s->state]);
	nat64_event_session(table, s, &trigger);
	nat64_session_arm(table, config, shard, s);
	spin_unlock_bh(&shard->lock);

	if (!delayed_work_pending(&table->expire))
		nat64_expire_start(table);
	return s;

err_empty:
	nat64_refused(table, config, &b->key6, *reason);
	old = NULL;
	trigger.cause = NAT64_CAUSE_REFUSED;
	nat64_binding_release(table, b, false, &trigger);
err_unlock:
	if (s)
		nat64_remote_del(table, s);
	spin_unlock_bh(&shard->lock);
	if (s)
		kmem_cache_free(nat64_session_cache, s);
	return old;
}

/**
 * nat64_session_age - limit the lifetime of an IPv4-initiated session
 * @table: of the device
 * @config: of the device
 * @s: new session
 *
 * The session must not prolong its binding: unless IPv6 uses it, it expires no
 * later than its longest-lived sibling. It may expire earlier if there are more
 * than NAT64_AGE_SIBLINGS.
 *
 * Context: RCU read-side section, no shard locked.
 */
void nat64_session_age(struct nat64_table *table,
		       const struct nat64_config *config,
		       struct nat64_session *s)
{
	struct nat64_shard *shard = nat64_binding_shard(table, s->binding);
	const struct nat64_session *sibling;
	int left = NAT64_AGE_SIBLINGS;
	u32 age = U32_MAX, mine, its;

	spin_lock_bh(&shard->lock);
	if (s->state != NAT64_STATE_DEAD) {
		mine = nat64_session_expiry(config, s);
		hlist_for_each_entry(sibling, &s->binding->sessions, siblings) {
			its = nat64_session_expiry(config, sibling);
			if (sibling != s)
				age = min(age, mine - its);
			if (!--left)
				break;
		}
		if (age != U32_MAX)
			s->used -= age;
		nat64_session_arm(table, config, shard, s);
	}
	spin_unlock_bh(&shard->lock);
}

/**
 * nat64_session_kill - remove a session, and a dynamic binding if unused
 * @table: of the device
 * @s: session, not dead yet
 * @trigger: cause
 *
 * Context: the shard is locked.
 */
void nat64_session_kill(struct nat64_table *table, struct nat64_session *s,
			const struct nat64_trigger *trigger)
{
	struct nat64_binding *b = s->binding;
	struct nat64_shard *shard = nat64_binding_shard(table, b);

	lockdep_assert_held(&shard->lock);

	nat64_event_session(table, s, trigger);
	nat64_remote_del(table, s);
	nat64_session_become(shard, s, NAT64_STATE_DEAD);
	if (nat64_session_is_hashed(s))
		rhashtable_remove_fast(&table->sessions, &s->node,
				       nat64_sessions_params);
	hlist_del_rcu(&s->siblings);
	if (hlist_empty(&b->sessions))
		b->session_count = 0;
	else if (b->session_count < NAT64_SESSIONS_MANY)
		b->session_count--;
	nat64_session_uncount(table, b->subscriber);
	if (!hlist_unhashed(&s->due))
		hlist_del_init(&s->due);
	nat64_binding_release(table, b, true, trigger);
	call_rcu(&s->rcu, nat64_session_free_rcu);
}

/**
 * nat64_session_end - remove a session unless it is dead already
 * @table: of the device
 * @s: session
 * @trigger: cause
 *
 * Context: RCU read-side section, no shard locked.
 */
void nat64_session_end(struct nat64_table *table, struct nat64_session *s,
		       const struct nat64_trigger *trigger)
{
	struct nat64_shard *shard = nat64_binding_shard(table, s->binding);

	spin_lock_bh(&shard->lock);
	if (s->state != NAT64_STATE_DEAD)
		nat64_session_kill(table, s, trigger);
	spin_unlock_bh(&shard->lock);
}

/**
 * nat64_binding_sessions - number of sessions of a binding
 * @b: binding
 *
 * Walks the list if the counter is saturated.
 *
 * Context: RCU read-side section, or the shard is locked.
 * Return: the number of sessions
 */
u32 nat64_binding_sessions(const struct nat64_binding *b)
{
	u32 count = READ_ONCE(b->session_count);
	const struct nat64_session *s;

	if (likely(count < NAT64_SESSIONS_MANY))
		return count;

	count = 0;
	hlist_for_each_entry_rcu(s, &b->sessions, siblings, true)
		count++;
	return count;
}

/**
 * struct nat64_sessions_visit - what to call for each session
 * @visit: function
 * @arg: its argument
 */
struct nat64_sessions_visit {
	nat64_visit *visit;
	const void *arg;
};

static void nat64_sessions_visit_unhashed(struct nat64_table *table,
					  void *entry, const void *arg)
{
	const struct nat64_sessions_visit *sessions = arg;
	const struct nat64_binding *b = entry;
	struct nat64_session *s;

	hlist_for_each_entry_rcu(s, &b->sessions, siblings) {
		if (nat64_session_is_hashed(s))
			break;
		sessions->visit(table, s, sessions->arg);
	}
}

/**
 * nat64_sessions_walk - call a function for every session
 * @table: of the device
 * @visit: function to call, see nat64_walk()
 * @arg: argument of @visit
 *
 * Context: process context.
 */
void nat64_sessions_walk(struct nat64_table *table, nat64_visit *visit,
			 const void *arg)
{
	const struct nat64_sessions_visit sessions = {
		.visit = visit,
		.arg = arg,
	};

	nat64_walk(table, &table->bindings6, nat64_sessions_visit_unhashed,
		   &sessions);
	nat64_walk(table, &table->sessions, visit, arg);
}

/**
 * nat64_sessions_init - initialize the session table
 * @table: of the device
 *
 * Return: 0 or a negative errno.
 */
int nat64_sessions_init(struct nat64_table *table)
{
	return rhashtable_init(&table->sessions, &nat64_sessions_params);
}

static void nat64_session_free(void *ptr, void *arg)
{
	struct nat64_session *s = ptr;

	hlist_del(&s->siblings);
	kmem_cache_free(nat64_session_cache, s);
}

/**
 * nat64_sessions_free_unhashed - free the sessions of a binding that are not in
 *	the table
 * @b: binding of a device that no longer handles packets, to be freed
 *
 * After nat64_sessions_destroy(), which frees the others.
 */
void nat64_sessions_free_unhashed(struct nat64_binding *b)
{
	struct nat64_session *s;
	struct hlist_node *next;

	hlist_for_each_entry_safe(s, next, &b->sessions, siblings)
		nat64_session_free(s, NULL);
}

/**
 * nat64_sessions_destroy - free the session table with its sessions
 * @table: of a device that no longer handles packets; still has its bindings,
 *	which resizing the table reads
 */
void nat64_sessions_destroy(struct nat64_table *table)
{
	rhashtable_free_and_destroy(&table->sessions, nat64_session_free, NULL);
}

int nat64_session_cache_create(void)
{
	/* Documented memory use: 128 bytes for a session with its binding. */
	BUILD_BUG_ON(sizeof(struct nat64_session) > 64);

	nat64_session_cache = KMEM_CACHE(nat64_session, 0);
	return nat64_session_cache ? 0 : -ENOMEM;
}

void nat64_session_cache_destroy(void)
{
	kmem_cache_destroy(nat64_session_cache);
}
