// SPDX-License-Identifier: GPL-2.0-only
/*
 * nat64 - session expiry without a timer per session: each shard has a wheel of
 * ticks. A packet only stores its tick in the session. When a session's slot
 * comes up, the session either expires or moves to a later slot.
 */
#include <linux/skbuff.h>

#include "clock.h"
#include "events.h"
#include "expire.h"
#include "memcg.h"
#include "nat64.h"
#include "pool4.h"
#include "probe.h"
#include "session.h"
#include "table.h"
#include "wheel.h"

/* Maximum number of sessions to process per lock hold, with BH off. */
#define NAT64_EXPIRE_BATCH	64

/* Cause of removal of a session whose timeout has passed. */
static enum nat64_cause nat64_expire_cause(const struct nat64_session *s)
{
	if (s->reset)
		return NAT64_CAUSE_RESET;
	return s->state == NAT64_STATE_V46_FIN ? NAT64_CAUSE_CLOSED :
						 NAT64_CAUSE_EXPIRED;
}

/* The timeout of a session has passed. RFC 6146 section 3.5.2.2: probe an
 * established TCP session, and give it the transitory timeout to answer.
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

/* Process the sessions of one slot: expire those that are due, move the others
 * to their slots. A private list ensures that none is processed twice; other
 * CPUs may still unlink sessions from it under the lock. @probes are sent when
 * the lock is released, @batch counts sessions processed since it was taken.
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
	/* One turn of the wheel visits every session. */
	if (now - shard->clock > NAT64_WHEEL_SLOTS)
		shard->clock = now - NAT64_WHEEL_SLOTS;
	while (shard->clock != now)
		nat64_expire_slot(table, shard, ++shard->clock, &probes,
				  &batch);
	spin_unlock_bh(&shard->lock);
	nat64_probe_send(table->nat64, &probes);
}

/**
 * nat64_expire_work - advance the wheels to now, free unused port maps
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
 * nat64_expire_rearm - process all sessions after a change of timeouts
 * @table: tables of the device
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
