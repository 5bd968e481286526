/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * nat64 - hand translated packets over to their route.
 */
#ifndef _NAT64_HANDOVER_H
#define _NAT64_HANDOVER_H

#include <linux/types.h>

struct nat64_dev;
struct sk_buff;

bool nat64_hand_over(const struct nat64_dev *nat64, struct sk_buff *skb);

#endif /* _NAT64_HANDOVER_H */
