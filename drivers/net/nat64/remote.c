// SPDX-License-Identifier: GPL-2.0-only
/*
 * nat64 - which IPv4 hosts the port of an IPv6 host has sessions with, at any
 * port of theirs. Only address-dependent filtering asks (RFC 4787 section 5),
 * so this is kept only for it.
 */
#include <linux/rhashtable.h>
#include <linux/slab.h>

#include "remote.h"
#include "session.h"
#include "walk.h"

/**
 * struct nat64_peer_key - what a peer is found by
 * @binding: lives as long as any of its sessions
 * @remote: IPv4 host
 * @zero: no padding
 */
struct nat64_peer_key {
	const struct nat64_binding *binding;
	__be32 remote;
	u32 zero;
};

/**
 * struct nat64_peer - an IPv4 host that a binding has sessions with
 * @node: in the table
 * @key: who it is
 * @sessions: how many are counted, under the binding's shard's lock
 * @rcu: frees it
 */
struct nat64_peer {
	struct rhash_head node;
	struct nat64_peer_key key;
	u32 sessions;
	struct rcu_head rcu;
};

static u32 nat64_peer_key_hash(const void *data, u32 len, u32 seed)
{
	return nat64_hash(data, sizeof(struct nat64_peer_key), seed);
}

static const struct rhashtable_params nat64_peers_params = {
	.key_len = sizeof(struct nat64_peer_key),
	.key_offset = offsetof(struct nat64_peer, key),
	.head_offset = offsetof(struct nat64_peer, node),
	.hashfn = nat64_peer_key_hash,
	.automatic_shrinking = true,
};

/**
 * nat64_peers_init - make an empty table
 * @table: of the device
 *
 * Return: 0 or a negative errno.
 */
int nat64_peers_init(struct nat64_table *table)
{
	return rhashtable_init(&table->peers, &nat64_peers_params);
}

static void nat64_peer_free(void *ptr, void *arg)
{
	kfree(ptr);
}

/**
 * nat64_peers_destroy - free the table with all that is in it
 * @table: of the device, no longer used by packets
 */
void nat64_peers_destroy(struct nat64_table *table)
{
	rhashtable_free_and_destroy(&table->peers, nat64_peer_free, NULL);
}

static struct nat64_peer *nat64_peer_find(struct nat64_table *table,
					  const struct nat64_binding *b,
					  __be32 remote)
{
	const struct nat64_peer_key key = { .binding = b, .remote = remote };

	return rhashtable_lookup(&table->peers, &key, nat64_peers_params);
}

/**
 * nat64_peer_add - count a session, if somebody wants to know
 * @table: of the device
 * @config: of the device
 * @s: session
 *
 * Without memory it is not counted: its peer may use this port alone.
 *
 * Context: RCU read-side section, its shard is locked.
 */
void nat64_peer_add(struct nat64_table *table,
		    const struct nat64_config *config, struct nat64_session *s)
{
	struct nat64_peer *peer;

	if (likely(!config->address_dependent_filtering) || s->counted)
		return;

	peer = nat64_peer_find(table, s->binding, s->remote);
	if (!peer) {
		peer = kzalloc(sizeof(*peer), table->gfp | __GFP_NOWARN);
		if (!peer)
			return;
		peer->key.binding = s->binding;
		peer->key.remote = s->remote;
		if (rhashtable_insert_fast(&table->peers, &peer->node,
					   nat64_peers_params)) {
			kfree(peer);
			return;
		}
	}

	peer->sessions++;
	s->counted = true;
}

/**
 * nat64_peer_del - a session goes
 * @table: of the device
 * @s: session
 *
 * Context: its shard is locked.
 */
void nat64_peer_del(struct nat64_table *table, struct nat64_session *s)
{
	struct nat64_peer *peer;

	if (likely(!s->counted))
		return;

	s->counted = false;
	rcu_read_lock();
	peer = nat64_peer_find(table, s->binding, s->remote);
	if (!--peer->sessions) {
		rhashtable_remove_fast(&table->peers, &peer->node,
				       nat64_peers_params);
		kfree_rcu(peer, rcu);
	}
	rcu_read_unlock();
}

/**
 * nat64_peer_known - has a binding a session with this IPv4 host?
 * @table: of the device
 * @b: binding
 * @remote: IPv4 host
 *
 * Context: RCU read-side section.
 */
bool nat64_peer_known(struct nat64_table *table, const struct nat64_binding *b,
		      __be32 remote)
{
	return nat64_peer_find(table, b, remote);
}

static void nat64_peers_update_one(struct nat64_table *table, void *entry,
				   const void *arg)
{
	struct nat64_session *s = entry;
	struct nat64_shard *shard = nat64_binding_shard(table, s->binding);

	spin_lock_bh(&shard->lock);
	if (s->state != NAT64_STATE_DEAD)
		nat64_peer_add(table, arg, s);
	spin_unlock_bh(&shard->lock);
}

/**
 * nat64_peers_update - count the sessions that there are already
 * @table: of the device
 * @config: of the device, perhaps the first that wants to know
 *
 * Context: process context; packets no longer use the old configuration.
 */
void nat64_peers_update(struct nat64_table *table,
			const struct nat64_config *config)
{
	if (config->address_dependent_filtering)
		nat64_walk(table, &table->sessions, nat64_peers_update_one,
			   config);
}
