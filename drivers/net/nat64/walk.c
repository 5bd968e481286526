// SPDX-License-Identifier: GPL-2.0-only
/*
 * nat64 - walk a hash table while it is in use.
 */
#include <linux/rhashtable.h>
#include <linux/sched.h>

#include "table.h"
#include "walk.h"

/* Reschedule. The iterator resumes at the same entry if it still exists,
 * otherwise it may skip entries behind it: set *@lost. Returns the entry to
 * continue with.
 */
static void *nat64_walk_pause(struct rhashtable_iter *iter, void *entry,
			      bool *lost)
{
	bool rewound;
	void *next;

	rhashtable_walk_stop(iter);
	cond_resched();
	rewound = rhashtable_walk_start_check(iter);
	next = rhashtable_walk_peek(iter);
	if (next != entry && !rewound)
		*lost = true;

	return next;
}

static bool nat64_walk_once(struct nat64_table *table, struct rhashtable *ht,
			    nat64_visit *visit, const void *arg)
{
	struct rhashtable_iter iter;
	bool lost = false;
	void *entry;

	rhashtable_walk_enter(ht, &iter);
	rhashtable_walk_start(&iter);
	entry = rhashtable_walk_next(&iter);
	while (entry) {
		if (!IS_ERR(entry) && need_resched()) {
			entry = nat64_walk_pause(&iter, entry, &lost);
			continue;
		}
		/* -EAGAIN: the table was resized; moved entries come later. */
		if (!IS_ERR(entry))
			visit(table, entry, arg);
		entry = rhashtable_walk_next(&iter);
	}
	rhashtable_walk_stop(&iter);
	rhashtable_walk_exit(&iter);

	return !lost;
}

/**
 * nat64_walk - call a function for every entry of a table
 * @table: of the device
 * @ht: one of its hash tables
 * @visit: function to call; may be called repeatedly for an entry, and may miss
 *	entries added meanwhile
 * @arg: argument of @visit
 *
 * Context: process context.
 */
void nat64_walk(struct nat64_table *table, struct rhashtable *ht,
		nat64_visit *visit, const void *arg)
{
	while (!nat64_walk_once(table, ht, visit, arg))
		;
}
