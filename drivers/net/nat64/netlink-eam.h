/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * nat64 - generic netlink: explicit address mappings in requests.
 */
#ifndef _NAT64_NETLINK_EAM_H
#define _NAT64_NETLINK_EAM_H

#include "eam.h"

struct nat64_nl_kind;

/**
 * struct nat64_nl_eam - mapping in a request
 * @p: prefixes
 * @kept: the mapping existed before the request
 */
struct nat64_nl_eam {
	struct nat64_eam_prefixes p;
	bool kept;
};

extern const struct nat64_nl_kind nat64_nl_eams;

#endif /* _NAT64_NETLINK_EAM_H */
