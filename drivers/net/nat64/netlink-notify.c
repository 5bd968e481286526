// SPDX-License-Identifier: GPL-2.0-only
/*
 * nat64 - generic netlink: events of RFC 8158 on multicast groups. Nothing is
 * built without listeners. A listener that reads too slowly loses events:
 * recv() fails with ENOBUFS, and the sequence numbers of the group have a gap.
 */
#include <linux/build_bug.h>
#include <linux/jiffies.h>
#include <linux/timekeeping.h>
#include <net/genetlink.h>

#include "bib.h"
#include "clock.h"
#include "config.h"
#include "events.h"
#include "nat64.h"
#include "netlink-gen.h"
#include "netlink-notify.h"
#include "netlink-put.h"
#include "pool4.h"
#include "session.h"
#include "subscriber.h"
#include "table.h"

/* Large enough for a session, the largest event. */
#define NAT64_EVENT_SIZE	(GENL_HDRLEN + 256)

static_assert(NAT64_NLGRP_EXHAUSTION < NAT64_EVENT_GROUPS);

static bool nat64_notify_wanted(const struct nat64_table *table,
				unsigned int group)
{
	return genl_has_listeners(&nat64_nl_family,
				  dev_net(table->nat64->dev), group);
}

/**
 * nat64_notify_listened - are there listeners to bindings or sessions?
 * @table: of the device
 *
 * Return: true if there are
 */
bool nat64_notify_listened(const struct nat64_table *table)
{
	return nat64_notify_wanted(table, NAT64_NLGRP_BINDING) ||
	       nat64_notify_wanted(table, NAT64_NLGRP_SESSION);
}

/**
 * nat64_ntf_begin - start an event with the common attributes
 * @ntf: event with @table, @group and @portid set; the rest is filled in
 * @cmd: command of the message
 * @event: kind of event
 *
 * Takes the next sequence number of the group even if there is no memory for
 * the message: the gap tells listeners how many events they missed.
 *
 * Return: false if out of memory; the caller may only call nat64_ntf_send()
 * then.
 */
bool nat64_ntf_begin(struct nat64_ntf *ntf, u8 cmd, enum nat64_event event)
{
	const struct net_device *dev = ntf->table->nat64->dev;
	u64 seq = atomic64_inc_return(&ntf->table->seq[ntf->group]);
	struct sk_buff *skb;

	skb = genlmsg_new(NAT64_EVENT_SIZE, GFP_ATOMIC | __GFP_NOWARN);
	ntf->skb = skb;
	if (!skb)
		return false;

	ntf->hdr = genlmsg_put(skb, ntf->portid, 0, &nat64_nl_family, 0, cmd);
	if (!ntf->hdr ||
	    nla_put_u32(skb, NAT64_A_IFINDEX, dev->ifindex) ||
	    nla_put_string(skb, NAT64_A_IFNAME, dev->name) ||
	    nla_put_u32(skb, NAT64_A_EVENT, event) ||
	    nla_put_u64_64bit(skb, NAT64_A_TIME,
			      ktime_to_ms(ktime_get_real()), NAT64_A_PAD) ||
	    nla_put_u64_64bit(skb, NAT64_A_SEQ, seq, NAT64_A_PAD) ||
	    (ntf->portid && nla_put_u32(skb, NAT64_A_PORTID, ntf->portid))) {
		nlmsg_free(skb);
		ntf->skb = NULL;
	}

	return ntf->skb;
}

/**
 * nat64_ntf_send - send an event to the listeners
 * @ntf: event started by nat64_ntf_begin()
 * @err: 0, or the error of adding attributes
 *
 * If there is no message, listeners get ENOBUFS instead. The socket that
 * requested the change does not receive its event.
 *
 * Context: BH disabled.
 */
void nat64_ntf_send(struct nat64_ntf *ntf, int err)
{
	struct net *net = dev_net(ntf->table->nat64->dev);

	if (err)
		nlmsg_free(ntf->skb);
	if (err || !ntf->skb) {
		genl_set_err(&nat64_nl_family, net, ntf->portid, ntf->group,
			     -ENOBUFS);
		return;
	}

	genlmsg_end(ntf->skb, ntf->hdr);
	genlmsg_multicast_netns(&nat64_nl_family, net, ntf->skb, ntf->portid,
				ntf->group, GFP_ATOMIC);
}

/* Add the start time of an entry and, if it ended, the cause. The clock offset
 * is applied to whole seconds, so the result does not depend on when it is
 * computed.
 */
static int nat64_ntf_put_life(struct sk_buff *skb, time64_t began,
			      const struct nat64_trigger *trigger)
{
	ktime_t since = ktime_mono_to_real(ktime_set(began, 0));

	if (trigger->cause &&
	    nla_put_u32(skb, NAT64_A_CAUSE, trigger->cause))
		return -EMSGSIZE;

	return nla_put_u64_64bit(skb, NAT64_A_BEGAN, ktime_to_ms(since),
				 NAT64_A_PAD);
}

/**
 * nat64_notify_binding - report the creation or removal of a binding
 * @table: of the device
 * @b: binding
 * @trigger: cause of the event
 *
 * Context: the shard is locked.
 */
void nat64_notify_binding(struct nat64_table *table,
			  const struct nat64_binding *b,
			  const struct nat64_trigger *trigger)
{
	struct nat64_ntf ntf = {
		.table = table,
		.group = NAT64_NLGRP_BINDING,
		.portid = trigger->portid,
	};
	int err = 0;

	if (!nat64_notify_wanted(table, ntf.group))
		return;

	if (nat64_ntf_begin(&ntf, NAT64_CMD_BINDING_NTF,
			    trigger->cause ? NAT64_EVENT_BINDING_DELETE :
					     NAT64_EVENT_BINDING_CREATE))
		err = nat64_nl_put_binding(ntf.skb, b) ?:
		      nat64_ntf_put_life(ntf.skb,
					 nat64_began(b->began,
						     NAT64_BINDING_BEGAN_BITS),
					 trigger);
	nat64_ntf_send(&ntf, err);
}

/**
 * nat64_notify_session - report the creation or removal of a session
 * @table: of the device
 * @s: session, not dead yet
 * @trigger: cause of the event
 *
 * Context: the shard is locked.
 */
void nat64_notify_session(struct nat64_table *table,
			  const struct nat64_session *s,
			  const struct nat64_trigger *trigger)
{
	struct nat64_ntf ntf = {
		.table = table,
		.group = NAT64_NLGRP_SESSION,
		.portid = trigger->portid,
	};
	const struct nat64_config *config;
	int err = 0;

	if (!nat64_notify_wanted(table, ntf.group))
		return;

	config = rcu_dereference_bh(table->nat64->config);
	if (nat64_ntf_begin(&ntf, NAT64_CMD_SESSION_NTF,
			    trigger->cause ? NAT64_EVENT_SESSION_DELETE :
					     NAT64_EVENT_SESSION_CREATE))
		err = nat64_nl_put_session(ntf.skb, config, s) ?:
		      nat64_ntf_put_life(ntf.skb,
					 nat64_began(s->began,
						     NAT64_SESSION_BEGAN_BITS),
					 trigger);
	nat64_ntf_send(&ntf, err);
}

/* RFC 8158 event for a drop reason, 0 if the reason is not an exhaustion. */
static enum nat64_event nat64_event_of(enum nat64_reason reason,
				       enum nat64_quota *quota)
{
	switch (reason) {
	case NAT64_DROP_POOL4_EMPTY:
	case NAT64_DROP_POOL4_FULL:
		return NAT64_EVENT_ADDRESSES_EXHAUSTED;
	case NAT64_DROP_ADDRESS_FULL:
		return NAT64_EVENT_PORTS_EXHAUSTED;
	case NAT64_DROP_MAX_BINDINGS:
	case NAT64_DROP_MAX_SESSIONS:
		*quota = NAT64_QUOTA_SUBSCRIBER;
		return NAT64_EVENT_QUOTA_EXCEEDED;
	case NAT64_DROP_MAX_TOTAL:
		*quota = NAT64_QUOTA_SESSIONS;
		return NAT64_EVENT_QUOTA_EXCEEDED;
	default:
		return 0;
	}
}

/* RFC 8158 section 5.2: at most one event per second. All CPUs get here when a
 * pool is exhausted. Returns the number of refusals to report, including this
 * one, or 0 if rate-limited.
 */
static u32 nat64_event_count(struct nat64_refusals *refusals)
{
	unsigned long now = jiffies | 1, last = READ_ONCE(refusals->notified);

	atomic_inc(&refusals->count);
	if (last && time_in_range(now, last - HZ, last + HZ))
		return 0;
	if (cmpxchg(&refusals->notified, last, now) != last)
		return 0;

	return atomic_xchg(&refusals->count, 0);
}

/* RFC 8158 section 4.6: address without a free port. Falls back to the
 * subscriber's address in another protocol. 0 if the subscriber has been freed.
 */
static __be32 nat64_event_addr4(struct nat64_table *table,
				const struct in6_addr *addr, u8 proto)
{
	const struct nat64_config *config;
	const struct nat64_subscriber *sub;
	u32 addr4;
	int i;

	config = rcu_dereference_bh(table->nat64->config);
	sub = nat64_subscriber_lookup(table, addr, config->subscriber_len);
	if (!sub)
		return 0;

	addr4 = READ_ONCE(sub->pair.addr4[nat64_l4_of(proto)]);
	for (i = 0; i < NAT64_L4_COUNT && !addr4; i++)
		addr4 = READ_ONCE(sub->pair.addr4[i]);
	return htonl(addr4);
}

static int nat64_event_put_refused(struct sk_buff *skb,
				   const struct in6_addr *addr, u8 proto,
				   __be32 addr4, enum nat64_quota quota,
				   u32 count)
{
	struct nlattr *nest;

	nest = nla_nest_start(skb, NAT64_A_EXHAUSTED);
	if (!nest ||
	    nla_put_u8(skb, NAT64_A_EXHAUSTED_PROTO, proto) ||
	    nla_put_in6_addr(skb, NAT64_A_EXHAUSTED_ADDR6, addr) ||
	    (addr4 && nla_put_in_addr(skb, NAT64_A_EXHAUSTED_ADDR4, addr4)) ||
	    (quota && nla_put_u32(skb, NAT64_A_EXHAUSTED_QUOTA, quota)) ||
	    nla_put_u32(skb, NAT64_A_EXHAUSTED_COUNT, count))
		return -EMSGSIZE;
	nla_nest_end(skb, nest);

	return 0;
}

/**
 * nat64_notify_refused - report that a packet got no binding or session
 * @table: of the device
 * @addr: IPv6 host of the flow
 * @proto: IPPROTO_TCP, IPPROTO_UDP or IPPROTO_ICMP
 * @reason: drop reason
 *
 * Context: BH disabled.
 */
void nat64_notify_refused(struct nat64_table *table,
			  const struct in6_addr *addr, u8 proto,
			  enum nat64_reason reason)
{
	enum nat64_quota quota = 0;
	enum nat64_event event = nat64_event_of(reason, &quota);
	struct nat64_ntf ntf = {
		.table = table,
		.group = NAT64_NLGRP_EXHAUSTION,
	};
	__be32 addr4 = 0;
	int err = 0;
	u32 count;

	if (!event || !nat64_notify_wanted(table, ntf.group))
		return;
	count = nat64_event_count(&table->refusals[event % NAT64_REFUSALS]);
	if (!count)
		return;

	if (event == NAT64_EVENT_PORTS_EXHAUSTED)
		addr4 = nat64_event_addr4(table, addr, proto);
	if (nat64_ntf_begin(&ntf, NAT64_CMD_EXHAUSTED_NTF, event))
		err = nat64_event_put_refused(ntf.skb, addr, proto, addr4,
					      quota, count);
	nat64_ntf_send(&ntf, err);
}
