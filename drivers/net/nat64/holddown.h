/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * nat64 - ports that rest before they are given out again, RFC 6888 section 3,
 * REQ-8.
 */
#ifndef _NAT64_HOLDDOWN_H
#define _NAT64_HOLDDOWN_H

#include <linux/types.h>

struct nat64_rest_chunk;

/**
 * struct nat64_rest - queue of resting ports
 * @oldest: holds the port that has rested longest
 * @newest: holds the last port that came
 * @count: number of ports
 * @gfp: how to allocate
 */
struct nat64_rest {
	struct nat64_rest_chunk *oldest;
	struct nat64_rest_chunk *newest;
	u32 count;
	gfp_t gfp;
};

bool nat64_rest_add(struct nat64_rest *rest, u16 port, u32 now);
bool nat64_rest_due(const struct nat64_rest *rest, u32 now, u32 seconds);
u16 nat64_rest_pop(struct nat64_rest *rest);
bool nat64_rest_remove(struct nat64_rest *rest, u16 port);
u32 nat64_rest_count(const struct nat64_rest *rest, u16 min, u16 max);
void nat64_rest_destroy(struct nat64_rest *rest);

#endif /* _NAT64_HOLDDOWN_H */
