// SPDX-License-Identifier: GPL-2.0-only
/*
 * nat64 - expiry of sessions without a timer for each: every shard has a wheel
 * of ticks. A packet only stores the tick it came in; when a session's slot
 * comes up, it is either due or moved on to where it now belongs.
 */
#include <linux/skbuff.h>

#include "clock.h"
#include "events.h"
#include "memcg.h"
#include "pool4.h"
#include "probe.h"
#include "session.h"

/* Sessions looked at while a shard stays locked, with BH off. */
#define NAT64_EXPIRE_BATCH	64

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

/* Ticks that a session in @state lives on after a packet. */
static u32 nat64_state_ticks(const struct nat64_config *config, u8 state)
{
	return config->timeout[nat64_state_timeout[state]] * NAT64_TICKS;
}

/* Tick in which a session is due. Parts of ticks are cut off in @used and now,
 * so one more makes sure that it lives at least as long as promised.
 */
static u32 nat64_session_expiry(const struct nat64_config *config,
				const struct nat64_session *s)
{
	return READ_ONCE(s->used) + nat64_state_ticks(config, s->state) + 1;
}

/**
 * nat64_session_left - how long a session lives on, unless it is used
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

	left = READ_ONCE(s->used) + nat64_state_ticks(config, state) -
	       nat64_tick();
	return DIV_ROUND_UP(max(left, 0), NAT64_TICKS);
}

/**
 * nat64_session_age_at - how old is a session that lives on for so long?
 * @config: of the device
 * @state: of the session
 * @left: seconds; more than its timeout is its timeout
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
 * nat64_session_touch - a packet has come that prolongs a session's life
 * @s: session
 *
 * Writes at most once a tick, so that CPUs do not fight for the cache line.
 */
void nat64_session_touch(struct nat64_session *s)
{
	u32 now = nat64_tick();

	if (READ_ONCE(s->used) != now)
		WRITE_ONCE(s->used, now);
}

/**
 * nat64_session_arm - put a session where it will be looked at in time
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

	/* Overdue ones have wrapped; what is far away is looked at again. */
	if ((s32)ahead < 1)
		ahead = 1;
	ahead = min_t(u32, ahead, NAT64_WHEEL_SLOTS - 1);
	if (!hlist_unhashed(&s->due))
		hlist_del_init(&s->due);
	hlist_add_head(&s->due, &shard->slot[(shard->clock + ahead) %
					     NAT64_WHEEL_SLOTS]);
}

/* Why a session ends now that no packet has used it for long enough. */
static enum nat64_cause nat64_expire_cause(const struct nat64_session *s)
{
	if (s->reset)
		return NAT64_CAUSE_RESET;
	return s->state == NAT64_STATE_V46_FIN ? NAT64_CAUSE_CLOSED :
						 NAT64_CAUSE_EXPIRED;
}

/* A session is due. RFC 6146 section 3.5.2.2: an established connection is
 * asked first if it is still there, and has the time to tell.
 */
static void nat64_expire_session(struct nat64_table *table,
				 const struct nat64_config *config,
				 struct nat64_shard *shard,
				 struct nat64_session *s,
				 struct sk_buff_head *probes)
{
	struct nat64_trigger trigger = { };
	struct sk_buff *skb;

	if (s->state != NAT64_STATE_EST) {
		trigger.cause = nat64_expire_cause(s);
		nat64_session_kill(table, s, &trigger);
		return;
	}

	skb = nat64_probe_create(config, s);
	if (skb)
		__skb_queue_tail(probes, skb);
	nat64_session_become(shard, s, NAT64_STATE_TRANS);
	nat64_session_touch(s);
	nat64_session_arm(table, config, shard, s);
}

/* Work off the sessions that stood in one slot: end what is due, put the rest
 * where it belongs. They are on a list of their own meanwhile, so that none is
 * met twice; others may still take theirs from it under the lock. @probes is
 * what has to be sent once the lock is released, @batch how many have been
 * looked at since it was taken.
 */
static void nat64_expire_slot(struct nat64_table *table,
			      struct nat64_shard *shard, unsigned int slot,
			      struct sk_buff_head *probes, int *batch)
{
	const struct nat64_config *config;
	struct nat64_session *s;
	u32 now = nat64_tick();
	HLIST_HEAD(list);

	lockdep_assert_held(&shard->lock);

	hlist_move_list(&shard->slot[slot % NAT64_WHEEL_SLOTS], &list);
	while (!hlist_empty(&list)) {
		rcu_read_lock();
		config = rcu_dereference(table->nat64->config);
		s = hlist_entry(list.first, struct nat64_session, due);
		if ((s32)(nat64_session_expiry(config, s) - now) <= 0)
			nat64_expire_session(table, config, shard, s, probes);
		else
			nat64_session_arm(table, config, shard, s);
		rcu_read_unlock();

		if (++*batch == NAT64_EXPIRE_BATCH) {
			*batch = 0;
			spin_unlock_bh(&shard->lock);
			nat64_probe_send(table->nat64, probes);
			cond_resched();
			spin_lock_bh(&shard->lock);
		}
	}
}

static void nat64_expire_shard(struct nat64_table *table,
			       struct nat64_shard *shard, u32 now)
{
	struct sk_buff_head probes;
	int batch = 0;

	__skb_queue_head_init(&probes);
	spin_lock_bh(&shard->lock);
	/* One turn of the wheel shows every session. */
	if (now - shard->clock > NAT64_WHEEL_SLOTS)
		shard->clock = now - NAT64_WHEEL_SLOTS;
	while (shard->clock != now)
		nat64_expire_slot(table, shard, ++shard->clock, &probes,
				  &batch);
	spin_unlock_bh(&shard->lock);
	nat64_probe_send(table->nat64, &probes);
}

/* Jiffies until the next tick begins. */
static unsigned long nat64_expire_delay(void)
{
	u32 gone;

	div_u64_rem(ktime_get_ns(), NSEC_PER_SEC / NAT64_TICKS, &gone);
	return nsecs_to_jiffies(NSEC_PER_SEC / NAT64_TICKS - gone) + 1;
}

/**
 * nat64_expire_work - work off the wheels up to now, free unused port maps
 * @work: &nat64_table.expire
 */
void nat64_expire_work(struct work_struct *work)
{
	struct nat64_table *table = container_of(work, struct nat64_table,
						 expire.work);
	u32 now = nat64_tick();
	struct mem_cgroup *memcg;
	unsigned int i;

	for (i = 0; i <= table->shard_mask; i++) {
		nat64_expire_shard(table, &table->shards[i], now);
		cond_resched();
	}

	if (unlikely(table->memcg)) {
		memcg = nat64_memcg_enter(table);
		nat64_memcg_charge_hashes(table->nat64);
		nat64_memcg_leave(table, memcg);
	}

	if (nat64_pool4_reclaim(table) || atomic_read(&table->count))
		nat64_expire_start(table);
}

/**
 * nat64_expire_start - see to it that sessions and unused port maps go
 * @table: of the device, has sessions or port maps without bindings
 */
void nat64_expire_start(struct nat64_table *table)
{
	queue_delayed_work(system_power_efficient_wq, &table->expire,
			   nat64_expire_delay());
}

/**
 * nat64_expire_rearm - look at all sessions again, timeouts may be shorter now
 * @table: of the device
 *
 * Context: process context.
 */
void nat64_expire_rearm(struct nat64_table *table)
{
	struct sk_buff_head probes;
	struct nat64_shard *shard;
	unsigned int i, slot;
	int batch;

	__skb_queue_head_init(&probes);
	for (i = 0; i <= table->shard_mask; i++) {
		shard = &table->shards[i];
		batch = 0;
		spin_lock_bh(&shard->lock);
		for (slot = 0; slot < NAT64_WHEEL_SLOTS; slot++)
			nat64_expire_slot(table, shard, slot, &probes, &batch);
		spin_unlock_bh(&shard->lock);
		nat64_probe_send(table->nat64, &probes);
		cond_resched();
	}
}
