/* SPDX-License-Identifier: ((GPL-2.0 WITH Linux-syscall-note) OR BSD-3-Clause) */
/* Do not edit directly, auto-generated from: */
/*	Documentation/netlink/specs/nat64.yaml */
/* YNL-GEN uapi header */

#ifndef _UAPI_LINUX_NAT64_NETLINK_H
#define _UAPI_LINUX_NAT64_NETLINK_H

#define NAT64_FAMILY_NAME	"nat64"
#define NAT64_FAMILY_VERSION	1

enum {
	NAT64_A_IFINDEX = 1,
	NAT64_A_IFNAME,
	NAT64_A_EAM,

	__NAT64_A_MAX,
	NAT64_A_MAX = (__NAT64_A_MAX - 1)
};

enum {
	NAT64_A_EAM_PREFIX4 = 1,
	NAT64_A_EAM_LEN4,
	NAT64_A_EAM_PREFIX6,
	NAT64_A_EAM_LEN6,

	__NAT64_A_EAM_MAX,
	NAT64_A_EAM_MAX = (__NAT64_A_EAM_MAX - 1)
};

enum {
	NAT64_CMD_EAM_ADD = 1,
	NAT64_CMD_EAM_DEL,
	NAT64_CMD_EAM_GET,
	NAT64_CMD_EAM_FLUSH,

	__NAT64_CMD_MAX,
	NAT64_CMD_MAX = (__NAT64_CMD_MAX - 1)
};

#endif /* _UAPI_LINUX_NAT64_NETLINK_H */
