// SPDX-License-Identifier: GPL-2.0-only
/*
 * nat64 - a device gets another configuration.
 */
#include <linux/netdevice.h>
#include <linux/rtnetlink.h>

#include "borrow.h"
#include "config.h"
#include "events.h"
#include "expire.h"
#include "nat64.h"
#include "pool4-use.h"
#include "pool4.h"
#include "remote.h"
#include "table.h"

/**
 * nat64_configure - let a device work by another configuration
 * @nat64: device
 * @config: what it gets, and the old one is freed; freed itself if refused
 * @portid: socket of the family whose request it is of, 0 for none
 * @extack: tells what is wrong
 *
 * What the new one does not allow is ended: bindings on what is in pool4 no
 * longer, and nothing else.
 *
 * Context: process context, RTNL held.
 * Return: 0, or a negative errno if nothing has changed.
 */
int nat64_configure(struct nat64_dev *nat64, struct nat64_config *config,
		    u32 portid, struct netlink_ext_ack *extack)
{
	const struct nat64_trigger trigger = {
		.cause = NAT64_CAUSE_POOL4,
		.portid = portid,
	};
	struct nat64_config *old = rtnl_dereference(nat64->config);
	bool timeouts = memcmp(old->timeout, config->timeout,
			       sizeof(old->timeout));
	bool filters = old->address_dependent_filtering;
	int err;

	err = nat64_borrow_prepare(nat64, config, extack);
	if (err) {
		nat64_config_free(config);
		return err;
	}

	if (nat64_use_inherit(config, old) && nat64->table)
		nat64->table->pool4_changes++;
	nat64_use_thresholds(config);
	rcu_assign_pointer(nat64->config, config);
	/* From here on, no packet makes a binding by the old one. */
	synchronize_net();
	nat64_borrow_update(nat64, extack);
	if (nat64->table) {
		nat64_pool4_changed(nat64->table, config);
		nat64_table_flush(nat64->table, config, &trigger);
		nat64_pool4_trim(nat64->table, config, 0, U32_MAX);
		if (!filters)
			nat64_remotes_update(nat64->table, config);
		if (timeouts)
			nat64_expire_rearm(nat64->table);
	}
	nat64_config_free(old);

	return 0;
}
