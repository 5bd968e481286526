// SPDX-License-Identifier: GPL-2.0-only
/*
 * nat64 - apply a new configuration to a device.
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
 * nat64_configure - replace the configuration of a device
 * @nat64: device
 * @config: new configuration, consumed: freed on error, else the old one is
 * @portid: netlink port ID of the requester, 0 for none
 * @extack: netlink extended ack
 *
 * Removes the dynamic bindings that are no longer in pool4, and their sessions.
 * All others are kept.
 *
 * Context: process context, RTNL held. The device is locked.
 * Return: 0, or a negative errno with nothing changed.
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
	bool filters = nat64->table && !old->address_dependent_filtering &&
		       config->address_dependent_filtering;
	int err;

	if (filters) {
		err = nat64_remotes_begin(nat64->table);
		if (err) {
			NL_SET_ERR_MSG(extack,
				       "address-dependent-filtering: no memory for the remote hosts of all sessions");
			goto err_free;
		}
	}
	err = nat64_borrow_prepare(nat64, config, extack);
	if (err)
		goto err_remotes;

	mutex_lock(&nat64->lock);
	if (nat64_use_inherit(config, old) && nat64->table)
		nat64->table->pool4_changes++;
	nat64_use_thresholds(config);
	rcu_assign_pointer(nat64->config, config);
	/* From here on, no packet creates a binding with the old one. */
	synchronize_net();
	nat64_borrow_update(nat64, extack);
	if (nat64->table) {
		nat64_pool4_changed(nat64->table, config);
		nat64_table_flush(nat64->table, config, &trigger);
		nat64_pool4_trim(nat64->table, config, 0, U32_MAX);
		if (filters)
			nat64_remotes_end(nat64->table);
		if (timeouts)
			nat64_expire_rearm(nat64->table);
	}
	mutex_unlock(&nat64->lock);
	nat64_config_free(old);

	return 0;

err_remotes:
	if (filters)
		nat64_remotes_end(nat64->table);
err_free:
	nat64_config_free(config);
	return err;
}
