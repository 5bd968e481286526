// SPDX-License-Identifier: GPL-2.0-only
/*
 * nat64 - freeing bindings once nobody can read them. They wait together, because
 * an rcu_head in each would be an eighth of the memory of a flow.
 */
#include <linux/rcupdate.h>
#include <linux/sched.h>

#include "bib.h"
#include "reap.h"

/* Only those that had died before the grace period began are freed after it. */
static void nat64_reap_work(struct work_struct *work)
{
	struct nat64_reaper *reaper = container_of(work, struct nat64_reaper,
						   work);
	struct llist_node *dead = llist_del_all(&reaper->dead);
	struct nat64_binding *b, *next;

	synchronize_rcu();
	llist_for_each_entry_safe(b, next, dead, reap) {
		nat64_binding_free(b);
		cond_resched();
	}
}

/**
 * nat64_reaper_init - nothing has died yet
 * @reaper: of a table
 */
void nat64_reaper_init(struct nat64_reaper *reaper)
{
	init_llist_head(&reaper->dead);
	INIT_WORK(&reaper->work, nat64_reap_work);
}

/**
 * nat64_reaper_stop - free all that has died
 * @reaper: of a table in which nothing dies any more
 *
 * Context: process context.
 */
void nat64_reaper_stop(struct nat64_reaper *reaper)
{
	flush_work(&reaper->work);
}

/**
 * nat64_reap - free a binding later
 * @reaper: of its table
 * @b: binding, in no table any more; its subscriber is no longer known
 */
void nat64_reap(struct nat64_reaper *reaper, struct nat64_binding *b)
{
	/* With others, the work is on its way and has not looked yet. */
	if (llist_add(&b->reap, &reaper->dead))
		queue_work(system_power_efficient_wq, &reaper->work);
}
