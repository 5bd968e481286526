// SPDX-License-Identifier: GPL-2.0-only
/*
 * nat64 - IPv4 hosts that a binding has sessions with, at any remote port.
 * Maintained only for address-dependent filtering (RFC 4787 section 5).
 */
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

/**
 * nat64_remote_add - count a session if filtering requires it
 * @table: of the device
 * @config: of the device
 * @s: session
 *
 * If out of memory, the session is not counted. Its remote host can then only
 * send from the port of this session.
 *
 * Context: RCU read-side section, the shard is locked.
 */
void nat64_remote_add(struct nat64_table *table,
		      const struct nat64_config *config,
		      struct nat64_session *s)
{
	struct nat64_remote *r;

	if (likely(!config->address_dependent_filtering) || s->counted)
		return;

	r = nat64_remote_find(table, s->binding, s->remote);
	if (!r) {
		r = kzalloc_obj(*r, table->gfp | __GFP_NOWARN);
		if (!r)
			return;
		r->key.binding = s->binding;
		r->key.remote = s->remote;
		if (rhashtable_insert_fast(&table->remotes, &r->node,
					   nat64_remotes_params)) {
			kfree(r);
			return;
		}
	}

	r->sessions++;
	s->counted = true;
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
 */
bool nat64_remote_known(struct nat64_table *table,
			const struct nat64_binding *b, __be32 remote)
{
	return nat64_remote_find(table, b, remote);
}

static void nat64_remotes_update_one(struct nat64_table *table, void *entry,
				     const void *arg)
{
	struct nat64_session *s = entry;
	struct nat64_shard *shard = nat64_binding_shard(table, s->binding);

	spin_lock_bh(&shard->lock);
	if (s->state != NAT64_STATE_DEAD)
		nat64_remote_add(table, arg, s);
	spin_unlock_bh(&shard->lock);
}

/**
 * nat64_remotes_update - count existing sessions if filtering requires it
 * @table: of the device
 * @config: new configuration of the device
 *
 * Context: process context; packets no longer use the old configuration.
 */
void nat64_remotes_update(struct nat64_table *table,
			  const struct nat64_config *config)
{
	if (config->address_dependent_filtering)
		nat64_walk(table, &table->sessions, nat64_remotes_update_one,
			   config);
}
