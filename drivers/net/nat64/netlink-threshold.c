// SPDX-License-Identifier: GPL-2.0-only
/*
 * nat64 - generic netlink: events when the use of a pool4 entry passes a
 * threshold, RFC 8158 section 4.5.
 */
#include <net/genetlink.h>

#include "config.h"
#include "nat64.h"
#include "netlink-gen.h"
#include "netlink-notify.h"
#include "netlink-put.h"
#include "pool4-use.h"
#include "table.h"

/**
 * nat64_notify_exhaustion_listened - are there listeners to exhaustion events?
 * @table: of the device
 *
 * Return: true if there are
 */
bool nat64_notify_exhaustion_listened(const struct nat64_table *table)
{
	return genl_has_listeners(&nat64_nl_family,
				  dev_net(table->nat64->dev),
				  NAT64_NLGRP_EXHAUSTION);
}

static int nat64_ntf_put_threshold(struct sk_buff *skb,
				   const struct nat64_pool4_entry *entry,
				   u8 proto, const struct nat64_use *use,
				   enum nat64_threshold threshold)
{
	struct nlattr *nest;

	nest = nla_nest_start(skb, NAT64_A_THRESHOLD);
	if (!nest ||
	    nla_put_u32(skb, NAT64_A_THRESHOLD_THRESHOLD, threshold) ||
	    nat64_nl_put_entry(skb, NAT64_A_THRESHOLD_POOL4_ENTRY, entry) ||
	    nat64_nl_put_use(skb, NAT64_A_THRESHOLD_POOL4_USE, proto,
			     entry->stat->total, use))
		return -EMSGSIZE;
	nla_nest_end(skb, nest);

	return 0;
}

/**
 * nat64_notify_threshold - report that the use of an entry passed a threshold
 * @table: of the device
 * @entry: pool4 entry
 * @proto: IPPROTO_TCP, IPPROTO_UDP or IPPROTO_ICMP
 * @use: use of the entry for @proto
 * @threshold: threshold that was passed
 *
 * Context: BH disabled.
 */
void nat64_notify_threshold(struct nat64_table *table,
			    const struct nat64_pool4_entry *entry, u8 proto,
			    const struct nat64_use *use,
			    enum nat64_threshold threshold)
{
	struct nat64_ntf ntf = {
		.table = table,
		.group = NAT64_NLGRP_EXHAUSTION,
	};
	int err = 0;

	if (nat64_ntf_begin(&ntf, NAT64_CMD_THRESHOLD_NTF,
			    NAT64_EVENT_THRESHOLD_REACHED))
		err = nat64_ntf_put_threshold(ntf.skb, entry, proto, use,
					      threshold);
	nat64_ntf_send(&ntf, err);
}
