/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * nat64 - checksum and segmentation offload.
 */
#ifndef _NAT64_OFFLOAD_H
#define _NAT64_OFFLOAD_H

#include <linux/skbuff.h>
#include <linux/types.h>

#include "packet.h"

int nat64_offload_csum(struct sk_buff *skb, const struct nat64_hdrs *h);
void nat64_offload_gso(struct sk_buff *skb, u32 from, u32 to);
bool nat64_offload_must_segment(struct sk_buff *skb, const struct nat64_hdrs *h,
				bool v6);

#endif /* _NAT64_OFFLOAD_H */
