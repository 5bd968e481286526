// SPDX-License-Identifier: GPL-2.0-only
/*
 * nat64 - events of bindings, sessions and limits: to netlink listeners, and to
 * the kernel log if enabled. Only events of sessions name the remote host
 * (RFC 6888 section 4, REQ-12).
 */
#include <linux/jiffies.h>
#include <linux/netdevice.h>
#include <linux/rcupdate.h>
#include <linux/user_namespace.h>
#include <net/ipv6.h>

#include "config.h"
#include "events.h"
#include "log.h"
#include "nat64.h"
#include "netlink-notify.h"
#include "subscriber.h"
#include "table.h"

/**
 * nat64_events_wanted - are there listeners, or is logging enabled?
 * @table: tables of the device
 *
 * Return: true if there are, or it is
 */
bool nat64_events_wanted(const struct nat64_table *table)
{
	const struct nat64_config *config;
	bool wanted;

	if (nat64_notify_listened(table))
		return true;

	rcu_read_lock();
	config = rcu_dereference(table->nat64->config);
	wanted = nat64_may_log(table->nat64->dev) &&
		 (config->log_bib || config->log_session);
	rcu_read_unlock();

	return wanted;
}

/**
 * nat64_may_log - may a device write to the kernel log?
 * @dev: device
 *
 * Root of a non-initial user namespace cannot read the log but could flood it.
 *
 * Return: true if it may
 */
bool nat64_may_log(const struct net_device *dev)
{
	return dev_net(dev)->user_ns == &init_user_ns;
}

static bool nat64_logs(const struct nat64_table *table, bool session)
{
	const struct nat64_config *config;
	bool logs;

	if (!nat64_may_log(table->nat64->dev))
		return false;

	rcu_read_lock();
	config = rcu_dereference(table->nat64->config);
	logs = session ? config->log_session : config->log_bib;
	rcu_read_unlock();

	return logs;
}

/**
 * nat64_event_binding - report the creation or removal of a binding
 * @table: tables of the device
 * @b: binding
 * @trigger: cause and requester
 *
 * Context: shard of @b locked.
 */
void nat64_event_binding(struct nat64_table *table,
			 const struct nat64_binding *b,
			 const struct nat64_trigger *trigger)
{
	nat64_notify_binding(table, b, trigger);
	if (unlikely(nat64_logs(table, false)))
		nat64_log_binding(table, b, trigger->cause);
}

/**
 * nat64_event_session - report the creation or removal of a session
 * @table: tables of the device
 * @s: session
 * @trigger: cause and requester
 *
 * Context: shard of @s locked.
 */
void nat64_event_session(struct nat64_table *table,
			 const struct nat64_session *s,
			 const struct nat64_trigger *trigger)
{
	nat64_notify_session(table, s, trigger);
	if (unlikely(nat64_logs(table, true)))
		nat64_log_session(table, s, trigger->cause);
}

static bool nat64_is_limit(enum nat64_reason reason)
{
	switch (reason) {
	case NAT64_DROP_POOL4_FULL:
	case NAT64_DROP_ADDRESS_FULL:
	case NAT64_DROP_MAX_BINDINGS:
	case NAT64_DROP_MAX_SESSIONS:
	case NAT64_DROP_MAX_TOTAL:
		return true;
	default:
		return false;
	}
}

/**
 * nat64_refused - report that a limit was reached
 * @table: tables of the device
 * @config: configuration of the device
 * @key: IPv6 transport address of the refused flow
 * @reason: why it was refused; ignored unless it is a limit
 *
 * Logs at most once a second per device, RFC 8158 section 5.2. The subscriber's
 * refusals are counted in any case, as the caller counts the packet.
 *
 * Context: RCU read-side section, BH disabled.
 */
void nat64_refused(struct nat64_table *table,
		   const struct nat64_config *config,
		   const struct nat64_key6 *key, enum nat64_reason reason)
{
	unsigned long now = jiffies | 1, last = READ_ONCE(table->announced);
	struct nat64_subscriber *sub;
	struct in6_addr prefix;

	if (!nat64_is_limit(reason))
		return;

	/* A subscriber only exists while it has bindings. */
	sub = nat64_subscriber_lookup(table, &key->addr,
				      config->subscriber_len);
	if (sub)
		atomic_inc(&sub->refusals[nat64_l4_of(key->proto)]);
	if (!nat64_may_log(table->nat64->dev))
		return;

	if ((last && time_in_range(now, last - HZ, last + HZ)) ||
	    cmpxchg(&table->announced, last, now) != last) {
		atomic_inc(&table->unannounced);
		return;
	}

	ipv6_addr_prefix(&prefix, &key->addr, config->subscriber_len);
	nat64_log_refused(table, &prefix, config->subscriber_len, key->proto,
			  reason, atomic_xchg(&table->unannounced, 0));
}
