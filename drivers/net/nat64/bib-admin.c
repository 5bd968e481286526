// SPDX-License-Identifier: GPL-2.0-only
/*
 * nat64 - bindings that an administrator adds, changes and removes.
 */
#include <linux/netlink.h>

#include "addr.h"
#include "bib.h"
#include "config.h"
#include "events.h"
#include "memcg.h"
#include "nat64.h"
#include "pool4.h"
#include "session.h"
#include "subscriber.h"
#include "table.h"

/* Maximum number of sessions to kill per lock hold, with BH off. */
#define NAT64_CHANGE_BATCH	64

#define NAT64_BINDING_DYNAMIC						\
	"static is required, only sessions create dynamic bindings (see session-add)"

/* Update is_static and its counter. Called with the shard locked. */
static void nat64_binding_fix(struct nat64_shard *shard,
			      struct nat64_binding *b, bool is_static)
{
	if (b->is_static == is_static)
		return;

	if (is_static)
		nat64_count_one(&shard->counts.statics);
	else
		nat64_count_down(&shard->counts.statics);
	b->is_static = is_static;
}

/* Allocate the requested IPv4 transport address. */
static int nat64_binding_take_port(struct nat64_table *table,
				   const struct nat64_config *config,
				   const struct nat64_key4 *want,
				   struct netlink_ext_ack *extack)
{
	int err = nat64_pool4_alloc_exact(table, config, want, NAT64_GFP_USER);

	if (err == -EADDRINUSE)
		NL_SET_ERR_MSG(extack,
			       "addr4 and port4 already have a binding");
	else if (err == -EBUSY)
		NL_SET_ERR_MSG(extack,
			       "port4 is in use by a socket of this host or by another nat64 device");
	return err;
}

static int nat64_binding_check4(__be32 addr4, __be16 port4,
				struct netlink_ext_ack *extack)
{
	if (!addr4 != !port4) {
		NL_SET_ERR_MSG(extack,
			       "addr4 and port4 must be given together");
		return -EINVAL;
	}
	if (addr4 && nat64_addr4_illegal(addr4)) {
		NL_SET_ERR_MSG(extack,
			       "addr4 is not a routable unicast address");
		return -EINVAL;
	}

	return 0;
}

/* Reuse a dynamic binding if it has the requested IPv4 transport address, or if
 * none is requested, and make it static if asked to. Returns -EEXIST if it
 * cannot be reused, or -EAGAIN if it was removed meanwhile.
 */
static int nat64_binding_make_static(struct nat64_table *table,
				     struct nat64_binding *b,
				     const struct nat64_key4 *want,
				     bool is_static)
{
	struct nat64_shard *shard = nat64_binding_shard(table, b);
	int err = -EEXIST;

	spin_lock_bh(&shard->lock);
	if (b->dead)
		err = -EAGAIN;
	else if (!b->is_static &&
		 (!want || (want->addr == b->addr4 && want->port == b->port4)))
		err = 0;
	if (!err)
		nat64_binding_fix(shard, b, is_static);
	spin_unlock_bh(&shard->lock);

	return err;
}

/* Create the requested binding. Limits do not apply. */
static int nat64_binding_add_exact(struct nat64_table *table,
				   const struct nat64_config *config,
				   const struct nat64_key6 *key,
				   const struct nat64_key4 *want,
				   bool is_static, u32 portid,
				   struct netlink_ext_ack *extack)
{
	struct nat64_subscriber *sub;
	enum nat64_reason reason;
	struct nat64_binding *b;
	int err;

	if (want) {
		err = nat64_binding_take_port(table, config, want, extack);
		if (err)
			return err;
	}

	sub = nat64_subscriber_get(table, key, config->subscriber_len, 0,
				   &reason);
	if (!sub) {
		if (want)
			nat64_pool4_release(table, config, want);
		return -ENOMEM;
	}

	b = nat64_binding_make(table, config, sub, key, want, 0,
			       NAT64_GFP_USER, is_static, portid, &reason);
	/* The device is locked: no other request can have made it static. */
	if (b && b->is_static)
		return 0;
	/* A packet may have created the binding meanwhile. */
	if (b)
		return nat64_binding_make_static(table, b, want, is_static);
	if (reason == NAT64_DROP_NO_MEMORY)
		return -ENOMEM;

	if (reason == NAT64_DROP_POOL4_EMPTY)
		NL_SET_ERR_MSG(extack,
			       "pool4 is empty: addr4 and port4 are required");
	else
		NL_SET_ERR_MSG(extack, "pool4 has no free port");
	return -EADDRNOTAVAIL;
}

/**
 * nat64_binding_add - create a binding on request
 * @table: tables of the device
 * @config: configuration of the device
 * @key: IPv6 transport address
 * @addr4: IPv4 address, need not be in pool4; 0 to allocate one
 * @port4: its port; 0 to allocate one
 * @is_static: keep the binding until nat64_binding_remove(). Otherwise the
 *	caller adds a session, and the binding is removed with its last one.
 * @portid: netlink port ID of the requester
 * @extack: netlink extended ack
 *
 * An existing dynamic binding is reused if it has the requested IPv4 transport
 * address.
 *
 * Context: process context, device locked.
 * Return: 0 or a negative errno.
 */
int nat64_binding_add(struct nat64_table *table,
		      const struct nat64_config *config,
		      const struct nat64_key6 *key, __be32 addr4, __be16 port4,
		      bool is_static, u32 portid,
		      struct netlink_ext_ack *extack)
{
	struct nat64_key4 want = {
		.addr = addr4,
		.port = port4,
		.proto = key->proto,
	};
	struct nat64_binding *old;
	int err;

	err = nat64_binding_check4(addr4, port4, extack);
	if (err)
		return err;

	do {
		rcu_read_lock();
		local_bh_disable();
		old = nat64_binding_find6(table, key);
		if (!old)
			err = nat64_binding_add_exact(table, config, key,
						      addr4 ? &want : NULL,
						      is_static, portid,
						      extack);
		else
			err = nat64_binding_make_static(table, old,
							addr4 ? &want : NULL,
							is_static);
		local_bh_enable();
		rcu_read_unlock();
	} while (err == -EAGAIN);

	if (err == -EEXIST)
		NL_SET_ERR_MSG(extack,
			       "addr6 and port6 already have a binding");
	return err;
}

/**
 * nat64_binding_make_dynamic - make a static binding dynamic
 * @table: tables of the device
 * @key: IPv6 transport address
 * @trigger: cause and requester, for the event if the binding is removed
 *
 * A binding without sessions is removed. A binding outside pool4 is removed
 * with its sessions, as after a change of pool4: only a static binding reserves
 * an address there.
 *
 * Context: process context.
 */
void nat64_binding_make_dynamic(struct nat64_table *table,
				const struct nat64_key6 *key,
				const struct nat64_trigger *trigger)
{
	const struct nat64_config *config;
	struct nat64_shard *shard;
	struct nat64_binding *b;

	rcu_read_lock();
	config = rcu_dereference(table->nat64->config);
	b = nat64_binding_find6(table, key);
	if (b) {
		shard = nat64_binding_shard(table, b);
		spin_lock_bh(&shard->lock);
		if (!b->dead) {
			nat64_binding_fix(shard, b, false);
			if (hlist_empty(&b->sessions))
				nat64_binding_kill(table, b, false, trigger);
		}
		spin_unlock_bh(&shard->lock);
		if (!nat64_pool4_allows(table->nat64, config, b->key6.proto,
					b->addr4, b->port4))
			nat64_binding_end(table, b, trigger);
	}
	rcu_read_unlock();
}

/**
 * nat64_binding_remove - remove a binding, static or dynamic, and its sessions
 * @table: tables of the device
 * @key: IPv6 transport address
 * @trigger: cause and requester
 *
 * Context: process context, device locked.
 * Return: 0, or -ENOENT if there is no such binding.
 */
int nat64_binding_remove(struct nat64_table *table,
			 const struct nat64_key6 *key,
			 const struct nat64_trigger *trigger)
{
	struct nat64_binding *b;
	int err = -ENOENT;

	rcu_read_lock();
	b = nat64_binding_find6(table, key);
	if (b && nat64_binding_end(table, b, trigger))
		err = 0;
	rcu_read_unlock();

	return err;
}

/* Make a binding static or dynamic. Returns -EAGAIN if it was removed. */
static int nat64_binding_set_static(struct nat64_table *table,
				    struct nat64_binding *b, bool is_static)
{
	struct nat64_shard *shard = nat64_binding_shard(table, b);
	int err = 0;

	spin_lock_bh(&shard->lock);
	if (b->dead)
		err = -EAGAIN;
	else
		nat64_binding_fix(shard, b, is_static);
	spin_unlock_bh(&shard->lock);

	return err;
}

/* Create the binding that will replace another one: all steps that can fail.
 * Until the replacement, IPv4 hosts reach the IPv6 host through both bindings.
 */
static int nat64_binding_succeed(struct nat64_table *table,
				 const struct nat64_config *config,
				 struct nat64_binding_change *change,
				 struct netlink_ext_ack *extack)
{
	const struct nat64_trigger trigger = { .portid = change->portid };
	struct nat64_key4 want = {
		.addr = change->addr4,
		.port = change->port4,
		.proto = change->key.proto,
	};
	struct nat64_subscriber *sub;
	enum nat64_reason reason;
	struct nat64_shard *shard;
	struct nat64_binding *b;
	int err;

	err = nat64_binding_take_port(table, config, &want, extack);
	if (err)
		return err;

	err = -ENOMEM;
	sub = nat64_subscriber_get(table, &change->key,
				   config->subscriber_len, 0, &reason);
	if (!sub)
		goto err_port;
	b = nat64_binding_alloc(table, config, sub, &change->key, &want, 0,
				NAT64_GFP_USER, &reason);
	if (!b)
		goto err_subscriber;
	b->is_static = true;

	shard = nat64_binding_shard(table, b);
	spin_lock_bh(&shard->lock);
	err = nat64_binding_insert4(table, b);
	if (!err)
		nat64_event_binding(table, b, &trigger);
	spin_unlock_bh(&shard->lock);
	if (err)
		goto err_binding;

	change->next = b;
	return 0;

err_binding:
	nat64_binding_free(b);
err_subscriber:
	nat64_subscriber_put(table, sub, change->key.proto);
err_port:
	nat64_pool4_release(table, config, &want);
	return err;
}

/* Change an existing binding. Returns -EAGAIN if it was removed meanwhile. */
static int nat64_binding_alter(struct nat64_table *table,
			       const struct nat64_config *config,
			       struct nat64_binding *b,
			       struct nat64_binding_change *change,
			       struct netlink_ext_ack *extack)
{
	const struct nat64_trigger trigger = {
		.cause = NAT64_CAUSE_DELETED,
		.portid = change->portid,
	};
	bool same = !change->addr4 || (change->addr4 == b->addr4 &&
				       change->port4 == b->port4);
	int err;

	change->was_static = b->is_static;
	if (change->excl || (!same && !change->replace)) {
		NL_SET_ERR_MSG(extack,
			       "addr6 and port6 already have a binding");
		return -EEXIST;
	}
	if (same && change->was_static == change->is_static)
		return 0;
	if (!change->replace) {
		if (change->was_static)
			NL_SET_ERR_MSG(extack, "binding exists and is static");
		else
			NL_SET_ERR_MSG(extack, "binding exists and is dynamic");
		return -EEXIST;
	}

	if (!change->is_static) {
		if (!same || hlist_empty(&b->sessions)) {
			NL_SET_ERR_MSG(extack, NAT64_BINDING_DYNAMIC);
			return -EINVAL;
		}
		change->did = NAT64_BINDING_MADE_DYNAMIC;
		return 0;
	}

	/* Keep a binding that is to be replaced until the replacement. */
	err = nat64_binding_set_static(table, b, true);
	if (err)
		return err;
	change->did = NAT64_BINDING_MADE_STATIC;
	if (same)
		return 0;

	local_bh_disable();
	err = nat64_binding_succeed(table, config, change, extack);
	local_bh_enable();
	if (!err)
		change->did = NAT64_BINDING_MOVED;
	else if (!change->was_static)
		nat64_binding_make_dynamic(table, &change->key, &trigger);
	return err;
}

static int nat64_binding_add_static(struct nat64_table *table,
				    const struct nat64_config *config,
				    struct nat64_binding_change *change,
				    struct netlink_ext_ack *extack)
{
	int err;

	if (!change->create) {
		NL_SET_ERR_MSG(extack, "no such binding");
		return -ENOENT;
	}
	if (!change->is_static) {
		NL_SET_ERR_MSG(extack, NAT64_BINDING_DYNAMIC);
		return -EINVAL;
	}

	err = nat64_binding_add(table, config, &change->key, change->addr4,
				change->port4, true, change->portid, extack);
	if (!err)
		change->did = NAT64_BINDING_ADDED;
	/* Retry if a packet has created the binding, with another port. */
	return err == -EEXIST && change->replace ? -EAGAIN : err;
}

/**
 * nat64_binding_change - create or change a binding on request
 * @table: tables of the device
 * @config: configuration of the device
 * @change: requested change
 * @extack: netlink extended ack
 *
 * Performs all steps that can fail, and none that cannot be undone. The caller
 * then calls nat64_binding_change_undo() or nat64_binding_change_commit().
 *
 * Context: process context, device locked.
 * Return: 0, or a negative errno with nothing to undo.
 */
int nat64_binding_change(struct nat64_table *table,
			 const struct nat64_config *config,
			 struct nat64_binding_change *change,
			 struct netlink_ext_ack *extack)
{
	struct nat64_binding *b;
	int err;

	err = nat64_binding_check4(change->addr4, change->port4, extack);
	if (err)
		return err;

	do {
		change->did = NAT64_BINDING_KEPT;
		rcu_read_lock();
		b = nat64_binding_find6(table, &change->key);
		if (b)
			err = nat64_binding_alter(table, config, b, change,
						  extack);
		rcu_read_unlock();
		if (!b)
			err = nat64_binding_add_static(table, config,
						       change, extack);
	} while (err == -EAGAIN);

	return err;
}

/**
 * nat64_binding_change_undo - undo nat64_binding_change()
 * @table: tables of the device
 * @change: change to undo
 *
 * Context: process context, device locked since nat64_binding_change().
 */
void nat64_binding_change_undo(struct nat64_table *table,
			       const struct nat64_binding_change *change)
{
	const struct nat64_trigger trigger = {
		.cause = NAT64_CAUSE_DELETED,
		.portid = change->portid,
	};

	switch (change->did) {
	case NAT64_BINDING_ADDED:
	case NAT64_BINDING_MADE_STATIC:
		nat64_binding_make_dynamic(table, &change->key, &trigger);
		break;
	case NAT64_BINDING_MOVED:
		rcu_read_lock();
		nat64_binding_end(table, change->next, &trigger);
		rcu_read_unlock();
		if (!change->was_static)
			nat64_binding_make_dynamic(table, &change->key,
						   &trigger);
		break;
	}
}

/* Kill up to @left sessions of @old, then replace it by @new if none is left.
 * Returns false if sessions are left.
 */
static bool nat64_binding_swap(struct nat64_table *table,
			       struct nat64_binding *old,
			       struct nat64_binding *new, u32 left,
			       const struct nat64_trigger *trigger)
{
	struct nat64_shard *shard = nat64_binding_shard(table, old);
	bool empty;

	spin_lock_bh(&shard->lock);
	while (!hlist_empty(&old->sessions) && left--)
		nat64_session_kill(table, hlist_entry(old->sessions.first,
						      struct nat64_session,
						      siblings), trigger);
	empty = hlist_empty(&old->sessions);
	if (empty) {
		nat64_binding_replace6(table, old, new);
		nat64_binding_kill(table, old, true, trigger);
	}
	spin_unlock_bh(&shard->lock);

	return empty;
}

/**
 * nat64_binding_change_commit - perform the steps that cannot be undone
 * @table: tables of the device
 * @change: change by nat64_binding_change()
 *
 * Context: process context, device locked since nat64_binding_change().
 */
void nat64_binding_change_commit(struct nat64_table *table,
				 const struct nat64_binding_change *change)
{
	const struct nat64_trigger deleted = {
		.cause = NAT64_CAUSE_DELETED,
		.portid = change->portid,
	};
	const struct nat64_trigger trigger = {
		.cause = NAT64_CAUSE_REPLACED,
		.portid = change->portid,
	};
	struct nat64_binding *old;
	u32 batches;

	if (change->did == NAT64_BINDING_MADE_DYNAMIC)
		nat64_binding_make_dynamic(table, &change->key, &deleted);
	if (change->did != NAT64_BINDING_MOVED)
		return;

	rcu_read_lock();
	old = nat64_binding_find6(table, &change->key);
	/* It is still static, unless the request changes it twice. */
	if (!old || nat64_binding_set_static(table, old, true)) {
		nat64_binding_end(table, change->next, &trigger);
		goto out;
	}
	batches = nat64_binding_sessions(old) / NAT64_CHANGE_BATCH;
	/* Packets may add sessions meanwhile: the last round kills all. */
	while (!nat64_binding_swap(table, old, change->next,
				   batches ? NAT64_CHANGE_BATCH : U32_MAX,
				   &trigger))
		batches -= !!batches;
out:
	rcu_read_unlock();
}
