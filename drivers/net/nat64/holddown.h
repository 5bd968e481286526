/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * nat64 - ports that rest before they are given out again, RFC 6888 section 3,
 * REQ-8.
 */
#ifndef _NAT64_HOLDDOWN_H
#define _NAT64_HOLDDOWN_H

#include <linux/types.h>

struct nat64_holddown_chunk;

/**
 * struct nat64_holddown - queue of resting ports
 * @oldest: holds the port that has rested longest
 * @newest: holds the last port that came
 * @count: number of ports
 * @gfp: how to allocate
 */
struct nat64_holddown {
	struct nat64_holddown_chunk *oldest;
	struct nat64_holddown_chunk *newest;
	u32 count;
	gfp_t gfp;
};

bool nat64_holddown_add(struct nat64_holddown *queue, u16 port, u32 now);
bool nat64_holddown_due(const struct nat64_holddown *queue, u32 now,
			u32 seconds);
u16 nat64_holddown_pop(struct nat64_holddown *queue);
bool nat64_holddown_remove(struct nat64_holddown *queue, u16 port);
u32 nat64_holddown_count(const struct nat64_holddown *queue, u16 min, u16 max);
void nat64_holddown_destroy(struct nat64_holddown *queue);

#endif /* _NAT64_HOLDDOWN_H */
