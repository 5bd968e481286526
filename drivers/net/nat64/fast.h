/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * nat64 - translation of common packets in one go.
 */
#ifndef _NAT64_FAST_H
#define _NAT64_FAST_H

#include <linux/types.h>

struct nat64_config;
struct nat64_dev;
struct sk_buff;

bool nat64_fast(struct nat64_dev *nat64, const struct nat64_config *config,
		struct sk_buff *skb, bool direct);

#endif /* _NAT64_FAST_H */
