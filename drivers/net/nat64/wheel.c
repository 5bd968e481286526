// SPDX-License-Identifier: GPL-2.0-only
/*
 * nat64 - lifetimes of sessions and their slots in the wheel of their shard.
 * expire.c processes the wheels.
 */
#include <linux/workqueue.h>

#include "clock.h"
#include "config.h"
#include "session.h"
#include "table.h"
#include "wheel.h"

static const u8 nat64_state_timeout[NAT64_STATE_COUNT] = {
	[NAT64_STATE_UDP] = NAT64_TIMEOUT_UDP,
	[NAT64_STATE_ICMP] = NAT64_TIMEOUT_ICMP,
	[NAT64_STATE_V6_INIT] = NAT64_TIMEOUT_TCP_OPEN,
	[NAT64_STATE_V4_INIT] = NAT64_TIMEOUT_TCP_OPEN,
	[NAT64_STATE_EST] = NAT64_TIMEOUT_TCP_EST,
	[NAT64_STATE_V6_FIN] = NAT64_TIMEOUT_TCP_EST,
	[NAT64_STATE_V4_FIN] = NAT64_TIMEOUT_TCP_EST,
	[NAT64_STATE_V46_FIN] = NAT64_TIMEOUT_TCP_TRANS,
	[NAT64_STATE_TRANS] = NAT64_TIMEOUT_TCP_TRANS,
};

/* Lifetime in ticks of a session in @state after a packet. */
static u32 nat64_state_ticks(const struct nat64_config *config, u8 state)
{
	return config->timeout[nat64_state_timeout[state]] * NAT64_TICKS;
}

/* Same, but at most dns-timeout for an answered DNS session. */
static u32 nat64_session_ticks(const struct nat64_config *config,
			       const struct nat64_session *s, u8 state)
{
	u32 ticks = nat64_state_ticks(config, state);

	if (READ_ONCE(s->dns) != NAT64_DNS_ANSWERED)
		return ticks;
	return min(ticks, config->timeout[NAT64_TIMEOUT_DNS] * NAT64_TICKS);
}

/**
 * nat64_session_expiry - tick in which a session expires
 * @config: of the device
 * @s: session, not dead
 *
 * The last use and the current time are both rounded down to ticks. One tick is
 * added to never expire a session before its timeout.
 *
 * Context: the shard is locked.
 * Return: the tick
 */
u32 nat64_session_expiry(const struct nat64_config *config,
			 const struct nat64_session *s)
{
	return READ_ONCE(s->used) + nat64_session_ticks(config, s, s->state) +
	       1;
}

/**
 * nat64_session_left - remaining lifetime of a session
 * @config: of the device
 * @s: session
 *
 * Return: seconds, rounded up.
 */
u32 nat64_session_left(const struct nat64_config *config,
		       const struct nat64_session *s)
{
	u8 state = READ_ONCE(s->state);
	s32 left;

	if (state == NAT64_STATE_DEAD)
		return 0;

	left = READ_ONCE(s->used) + nat64_session_ticks(config, s, state) -
	       nat64_tick();
	return DIV_ROUND_UP(max(left, 0), NAT64_TICKS);
}

/**
 * nat64_session_age_at - age of a session with a given remaining lifetime
 * @config: of the device
 * @state: of the session
 * @left: remaining lifetime in seconds, capped to the timeout
 *
 * Return: ticks since its last packet.
 */
u32 nat64_session_age_at(const struct nat64_config *config,
			 enum nat64_state state, u32 left)
{
	u32 life = nat64_state_ticks(config, state);

	return life - min(life, min_t(u32, left, NAT64_TIMEOUT_MAX) *
			  NAT64_TICKS);
}

/**
 * nat64_session_touch - refresh the lifetime of a session
 * @s: session
 *
 * Writes at most once per tick to avoid bouncing the cache line between CPUs.
 */
void nat64_session_touch(struct nat64_session *s)
{
	u32 now = nat64_tick();

	if (READ_ONCE(s->used) != now)
		WRITE_ONCE(s->used, now);
}

/**
 * nat64_session_arm - put a session into the wheel slot of its expiry
 * @table: of the device
 * @config: of the device
 * @shard: of the session, locked
 * @s: session, not dead
 */
void nat64_session_arm(struct nat64_table *table,
		       const struct nat64_config *config,
		       struct nat64_shard *shard, struct nat64_session *s)
{
	u32 ahead = nat64_session_expiry(config, s) - shard->clock;

	lockdep_assert_held(&shard->lock);

	/* Overdue sessions wrap. Those beyond the wheel are armed again later.
	 */
	if ((s32)ahead < 1)
		ahead = 1;
	ahead = min_t(u32, ahead, NAT64_WHEEL_SLOTS - 1);
	if (!hlist_unhashed(&s->due))
		hlist_del_init(&s->due);
	hlist_add_head(&s->due, &shard->slot[(shard->clock + ahead) %
					     NAT64_WHEEL_SLOTS]);
}

/**
 * nat64_session_answered - switch a DNS session to dns-timeout after an answer
 * @table: of the device
 * @config: of the device
 * @s: session in NAT64_DNS_ASKED
 *
 * RFC 4787 section 4.3 (REQ-5) allows shorter lifetimes for well-known
 * destination ports. The session expires dns-timeout from now, but no later
 * than it would have without the answer. The caller decides whether the answer
 * refreshes it.
 *
 * Context: RCU read-side section, no shard locked.
 */
void nat64_session_answered(struct nat64_table *table,
			    const struct nat64_config *config,
			    struct nat64_session *s)
{
	struct nat64_shard *shard = nat64_binding_shard(table, s->binding);
	u32 used, less;
	s32 idle;

	spin_lock_bh(&shard->lock);
	if (s->state != NAT64_STATE_DEAD && s->dns == NAT64_DNS_ASKED) {
		less = nat64_session_ticks(config, s, s->state);
		WRITE_ONCE(s->dns, NAT64_DNS_ANSWERED);
		less -= nat64_session_ticks(config, s, s->state);
		used = READ_ONCE(s->used);
		/* The tick of another CPU may be ahead. */
		idle = max_t(s32, nat64_tick() - used, 0);
		WRITE_ONCE(s->used, used + min_t(u32, idle, less));
		/* The session expires earlier now. */
		nat64_session_arm(table, config, shard, s);
	}
	spin_unlock_bh(&shard->lock);
}

/**
 * nat64_expire_start - schedule the expiry of sessions and unused ports
 * @table: of the device, with sessions or addresses without bindings
 */
void nat64_expire_start(struct nat64_table *table)
{
	queue_delayed_work(system_power_efficient_wq, &table->expire,
			   nat64_tick_left());
}
