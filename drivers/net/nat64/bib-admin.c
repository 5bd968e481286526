// SPDX-License-Identifier: GPL-2.0-only
/*
 * nat64 - bindings that an administrator adds and removes.
 */
#include <linux/netlink.h>

#include "addr.h"
#include "bib.h"
#include "borrow.h"
#include "nat64.h"
#include "pool4.h"
#include "session.h"
#include "subscriber.h"

/* A binding becomes static or dynamic, its shard is locked. */
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

/* Is this the binding that the administrator asks for? A dynamic one becomes
 * static.
 */
static int nat64_binding_pin(struct nat64_table *table,
			     struct nat64_binding *b,
			     const struct nat64_key4 *want, bool is_static)
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

/* Make the binding that the administrator asks for: no limit holds. */
static int nat64_binding_order(struct nat64_table *table,
			       const struct nat64_config *config,
			       const struct nat64_key6 *key,
			       const struct nat64_key4 *want, bool is_static,
			       u32 portid, struct netlink_ext_ack *extack)
{
	struct nat64_subscriber *sub;
	enum nat64_reason reason;
	struct nat64_binding *b;
	int err;

	if (want) {
		err = nat64_pool4_claim(table, config, want, NAT64_GFP_USER);
		if (err == -EADDRINUSE)
			NL_SET_ERR_MSG(extack,
				       "IPv4 address and port have a binding");
		if (err == -EBUSY)
			NL_SET_ERR_MSG(extack,
				       "a socket of the host or another device has this port");
		if (err)
			return err;
	}

	sub = nat64_subscriber_get(table, &key->addr, config->subscriber_len,
				   0, &reason);
	if (!sub) {
		if (want)
			nat64_pool4_release(table, config, want);
		return -ENOMEM;
	}

	b = nat64_binding_make(table, config, sub, key, want, 0,
			       NAT64_GFP_USER, is_static, portid, &reason);
	/* RTNL is held: no other request has made a static one. */
	if (b && b->is_static)
		return 0;
	/* Perhaps a packet was faster. */
	if (b)
		return nat64_binding_pin(table, b, want, is_static);
	if (reason == NAT64_DROP_NO_MEMORY)
		return -ENOMEM;

	if (reason == NAT64_DROP_POOL4_EMPTY)
		NL_SET_ERR_MSG(extack,
			       "pool4 is empty: addr4 and port4 are required");
	else
		NL_SET_ERR_MSG(extack, "no port of pool4 is free");
	return -EADDRNOTAVAIL;
}

/**
 * nat64_binding_add - make a binding without a packet
 * @table: of the device
 * @config: of the device
 * @key: IPv6 transport address
 * @addr4: IPv4 address, need not be in pool4; 0 to choose one
 * @port4: port on it; 0 to choose one
 * @is_static: it stays until nat64_binding_remove(). Otherwise the caller gives
 *	it a session, with which it goes.
 * @portid: socket whose request it is of
 * @extack: tells what is wrong
 *
 * A dynamic binding that is there already will do, if it has what is wanted.
 *
 * Context: process context, RTNL held.
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

	if (!addr4 != !port4) {
		NL_SET_ERR_MSG(extack, "IPv4 address and port go together");
		return -EINVAL;
	}
	if (addr4 && nat64_addr4_illegal(addr4)) {
		NL_SET_ERR_MSG(extack, "IPv4 address must be unicast");
		return -EINVAL;
	}
	if (is_static)
		nat64_borrow_static(table);

	do {
		rcu_read_lock();
		local_bh_disable();
		old = nat64_binding_find6(table, key);
		if (!old)
			err = nat64_binding_order(table, config, key,
						  addr4 ? &want : NULL,
						  is_static, portid, extack);
		else
			err = nat64_binding_pin(table, old,
						addr4 ? &want : NULL,
						is_static);
		local_bh_enable();
		rcu_read_unlock();
	} while (err == -EAGAIN);

	if (err == -EEXIST)
		NL_SET_ERR_MSG(extack,
			       "IPv6 address and port have a binding");
	return err;
}

/**
 * nat64_binding_unpin - a binding is static no longer
 * @table: of the device
 * @key: IPv6 transport address
 * @trigger: for its event, if it ends
 *
 * It goes if it has no session.
 *
 * Context: process context.
 */
void nat64_binding_unpin(struct nat64_table *table,
			 const struct nat64_key6 *key,
			 const struct nat64_trigger *trigger)
{
	struct nat64_shard *shard;
	struct nat64_binding *b;

	rcu_read_lock();
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
	}
	rcu_read_unlock();
}

/**
 * nat64_binding_remove - end a binding, static or not, with its sessions
 * @table: of the device
 * @key: IPv6 transport address
 * @trigger: why
 *
 * Context: process context.
 * Return: 0, or -ENOENT if there is none.
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
