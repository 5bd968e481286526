/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * nat64 - how large packets may be on either side.
 */
#ifndef _NAT64_PMTU_H
#define _NAT64_PMTU_H

#include <linux/in6.h>
#include <linux/types.h>

struct nat64_dev;

u32 nat64_path_mtu4(const struct nat64_dev *nat64, __be32 addr);
u32 nat64_path_mtu6(const struct nat64_dev *nat64, const struct in6_addr *addr);

#endif /* _NAT64_PMTU_H */
