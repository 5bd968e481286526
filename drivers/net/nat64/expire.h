/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * nat64 - expiry of sessions.
 */
#ifndef _NAT64_EXPIRE_H
#define _NAT64_EXPIRE_H

struct nat64_table;
struct work_struct;

void nat64_expire_rearm(struct nat64_table *table);
void nat64_expire_work(struct work_struct *work);

#endif /* _NAT64_EXPIRE_H */
