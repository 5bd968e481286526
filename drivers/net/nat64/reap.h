/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * nat64 - freeing bindings once nobody can read them.
 */
#ifndef _NAT64_REAP_H
#define _NAT64_REAP_H

#include <linux/llist.h>
#include <linux/workqueue.h>

struct nat64_binding;

/**
 * struct nat64_reaper - bindings that have died
 * @dead: since @work last looked
 * @work: frees them
 */
struct nat64_reaper {
	struct llist_head dead;
	struct work_struct work;
};

void nat64_reaper_init(struct nat64_reaper *reaper);
void nat64_reaper_stop(struct nat64_reaper *reaper);
void nat64_reap(struct nat64_reaper *reaper, struct nat64_binding *b);

#endif /* _NAT64_REAP_H */
