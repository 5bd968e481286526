/* SPDX-License-Identifier: GPL-2.0 */
/*
 * nat64(8) - detect lost events.
 */
#ifndef _LOSS_H
#define _LOSS_H

#include <stdbool.h>
#include <stdint.h>

/* Called with the number of lost events of a device and group. */
typedef void loss_tell(const char *dev, const char *group, uint64_t count);

void loss_seen(uint32_t ifindex, const char *name, const char *group,
	       uint64_t seq, loss_tell *tell);
void loss_check(bool all, loss_tell *tell);
bool loss_pending(void);

#endif /* _LOSS_H */
