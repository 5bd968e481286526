/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * nat64 - lifetimes of sessions and the expiry wheel.
 */
#ifndef _NAT64_WHEEL_H
#define _NAT64_WHEEL_H

#include <linux/types.h>

#include "session.h"

struct nat64_config;
struct nat64_shard;
struct nat64_table;

void nat64_session_arm(struct nat64_table *table,
		       const struct nat64_config *config,
		       struct nat64_shard *shard, struct nat64_session *s);
u32 nat64_session_expiry(const struct nat64_config *config,
			 const struct nat64_session *s);
u32 nat64_session_left(const struct nat64_config *config,
		       const struct nat64_session *s);
u32 nat64_session_age_at(const struct nat64_config *config,
			 enum nat64_state state, u32 left);
void nat64_session_answered(struct nat64_table *table,
			    const struct nat64_config *config,
			    struct nat64_session *s);
void nat64_session_touch(struct nat64_session *s);
void nat64_expire_start(struct nat64_table *table);

#endif /* _NAT64_WHEEL_H */
