/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * nat64 - hold-down of ports before their reuse, RFC 6888 section 3, REQ-8.
 */
#ifndef _NAT64_HOLDDOWN_H
#define _NAT64_HOLDDOWN_H

#include <linux/types.h>

struct nat64_holddown_chunk;

/**
 * struct nat64_holddown - queue of ports in hold-down
 * @oldest: chunk with the oldest port
 * @newest: chunk with the newest port
 * @count: number of ports
 * @gfp: allocation flags
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
