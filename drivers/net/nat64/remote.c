// SPDX-License-Identifier: GPL-2.0-only
/*
 * nat64 - IPv4 hosts that a binding has sessions with, at any remote port.
 * Maintained only for address-dependent filtering (RFC 4787 section 5).
 */
#include <linux/netdevice.h>
#include <linux/rhashtable.h>
#include <linux/slab.h>

#include "bib.h"
#include "config.h"
#include "hash.h"
#include "remote.h"
#include "session.h"
#include "table.h"
#include "walk.h"

/**
 * struct nat64_remote_key - lookup key of a remote host
 * @binding: binding, outlives its sessions
 * @remote: IPv4 host
 * @zero: explicit padding, always 0
 */
struct nat64_remote_key {
	const struct nat64_binding *binding;
	__be32 remote;
	u32 zero;
};

/**
 * struct nat64_remote - an IPv4 host that a binding has sessions with
 * @node: node in nat64_table.remotes
 * @key: lookup key
 * @sessions: number of counted sessions, under the lock of the binding's shard
 * @rcu: for freeing
 */
struct nat64_remote {
	struct rhash_head node;
	struct nat64_remote_key key;
	u32 sessions;
	struct rcu_head rcu;
};

static u32 nat64_remote_key_hash(const void *data, u32 len, u32 seed)
{
	return nat64_hash(data, sizeof(struct nat64_remote_key), seed);
}

static const struct rhashtable_params nat64_remotes_params = {
	.key_len = sizeof(struct nat64_remote_key),
	.key_offset = offsetof(struct nat64_remote, key),
	.head_offset = offsetof(struct nat64_remote, node),
	.hashfn = nat64_remote_key_hash,
	.automatic_shrinking = true,
};

/**
 * nat64_remotes_init - initialize the table of remote hosts
 * @table: of the device
 *
 * Return: 0 or a negative errno.
 */
int nat64_remotes_init(struct nat64_table *table)
{
	return rhashtable_init(&table->remotes, &nat64_remotes_params);
}

static void nat64_remote_free(void *ptr, void *arg)
{
	kfree(ptr);
}

/**
 * nat64_remotes_destroy - free the table of remote hosts with its entries
 * @table: of a device that no longer handles packets
 */
void nat64_remotes_destroy(struct nat64_table *table)
{
	rhashtable_free_and_destroy(&table->remotes, nat64_remote_free, NULL);
}

static struct nat64_remote *nat64_remote_find(struct nat64_table *table,
					      const struct nat64_binding *b,
					      __be32 remote)
{
	const struct nat64_remote_key key = { .binding = b, .remote = remote };

	return rhashtable_lookup(&table->remotes, &key, nat64_remotes_params);
}

static bool nat64_remote_count(struct nat64_table *table,
			       struct nat64_session *s)
{
	struct nat64_remote *r;

	if (s->counted)
		return true;

	r = nat64_remote_find(table, s->binding, s->remote);
	if (!r) {
		r = kzalloc_obj(*r, table->gfp | __GFP_NOWARN);
		if (!r)
			return false;
		r->key.binding = s->binding;
		r->key.remote = s->remote;
		if (rhashtable_insert_fast(&table->remotes, &r->node,
					   nat64_remotes_params)) {
			kfree(r);
			return false;
		}
	}

	r->sessions++;
	s->counted = true;
	return true;
}

/**
 * nat64_remote_add - count a new session if filtering requires it
 * @table: of the device
 * @config: of the device
 * @s: session, not in the table yet
 *
 * Context: RCU read-side section, the shard is locked.
 * Return: false if out of memory.
 */
bool nat64_remote_add(struct nat64_table *table,
		      const struct nat64_config *config,
		      struct nat64_session *s)
{
	if (likely(!config->address_dependent_filtering &&
		   !READ_ONCE(table->counts_remotes)))
		return true;

	return nat64_remote_count(table, s);
}

/**
 * nat64_remote_del - uncount a session
 * @table: of the device
 * @s: session
 *
 * Context: the shard is locked.
 */
void nat64_remote_del(struct nat64_table *table, struct nat64_session *s)
{
	struct nat64_remote *r;

	if (likely(!s->counted))
		return;

	s->counted = false;
	rcu_read_lock();
	r = nat64_remote_find(table, s->binding, s->remote);
	if (!--r->sessions) {
		rhashtable_remove_fast(&table->remotes, &r->node,
				       nat64_remotes_params);
		kfree_rcu(r, rcu);
	}
	rcu_read_unlock();
}

/**
 * nat64_remote_known - does a binding have a session with an IPv4 host?
 * @table: of the device
 * @b: binding
 * @remote: IPv4 host
 *
 * Context: RCU read-side section.
 * Return: true if it does
 */
bool nat64_remote_known(struct nat64_table *table,
			const struct nat64_binding *b, __be32 remote)
{
	return nat64_remote_find(table, b, remote);
}

/**
 * struct nat64_remotes_visit - state of nat64_remotes_begin()
 * @failed: a session could not be counted
 */
struct nat64_remotes_visit {
	bool *failed;
};

static void nat64_remotes_visit_one(struct nat64_table *table, void *entry,
				    const void *arg)
{
	const struct nat64_remotes_visit *visit = arg;
	struct nat64_session *s = entry;
	struct nat64_shard *shard = nat64_binding_shard(table, s->binding);

	spin_lock_bh(&shard->lock);
	if (s->state != NAT64_STATE_DEAD && !nat64_remote_count(table, s))
		*visit->failed = true;
	spin_unlock_bh(&shard->lock);
}

/**
 * nat64_remotes_begin - count all sessions, before filtering is turned on
 * @table: of the device
 *
 * From here on to nat64_remotes_end(), new sessions are counted, too.
 *
 * Context: process context, RTNL held.
 * Return: 0, or -ENOMEM if a session could not be counted.
 */
int nat64_remotes_begin(struct nat64_table *table)
{
	bool failed = false;
	const struct nat64_remotes_visit visit = { .failed = &failed };

	WRITE_ONCE(table->counts_remotes, true);
	/* Packets before it may have created sessions without counting them. */
	synchronize_net();
	nat64_sessions_walk(table, nat64_remotes_visit_one, &visit);
	if (!failed)
		return 0;

	nat64_remotes_end(table);
	return -ENOMEM;
}

/**
 * nat64_remotes_end - let the configuration say whether sessions are counted
 * @table: of the device
 *
 * Context: process context, RTNL held; packets use the new configuration.
 */
void nat64_remotes_end(struct nat64_table *table)
{
	WRITE_ONCE(table->counts_remotes, false);
}
