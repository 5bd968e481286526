/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * nat64 - loop detection for a stateless device in a VRF.
 */
#ifndef _NAT64_VRF_H
#define _NAT64_VRF_H

#include <linux/netdevice.h>

struct nat64_dev;

int nat64_vrf_change(struct nat64_dev *nat64,
		     const struct netdev_notifier_changeupper_info *info);

#endif /* _NAT64_VRF_H */
