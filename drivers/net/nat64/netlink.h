/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * nat64 - the generic netlink family, by which tables are read and changed.
 */
#ifndef _NAT64_NETLINK_H
#define _NAT64_NETLINK_H

struct nat64_dev;

int nat64_netlink_init(void);
void nat64_netlink_exit(void);
void nat64_netlink_dev_gone(const struct nat64_dev *nat64);

#endif /* _NAT64_NETLINK_H */
