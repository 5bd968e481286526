/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * nat64 - packets that leave the device.
 */
#ifndef _NAT64_OUTPUT_H
#define _NAT64_OUTPUT_H

#include <linux/types.h>

#include "reason.h"

struct nat64_dev;
struct nat64_pkt;
struct net_device;
struct sk_buff;

bool nat64_may_receive(const struct sk_buff *skb, struct net_device *dev);
bool nat64_receive(struct nat64_dev *nat64, struct sk_buff *skb,
		   __be16 protocol, bool direct);
void nat64_drop(struct nat64_dev *nat64, struct sk_buff *skb,
		const struct nat64_pkt *pkt, enum nat64_reason reason);

#endif /* _NAT64_OUTPUT_H */
