// SPDX-License-Identifier: GPL-2.0-only
/*
 * nat64 - a network device that translates between IPv6 and IPv4.
 */
#include <linux/genetlink.h>
#include <linux/module.h>
#include <uapi/linux/nat64_netlink.h>

#include "borrow.h"
#include "config.h"
#include "hash.h"
#include "host.h"
#include "nat64.h"
#include "netlink.h"
#include "table.h"
#include "version.h"

static int __init nat64_init(void)
{
	int err;

	nat64_hash_init();
	err = nat64_table_caches_create();
	if (err)
		return err;

	err = nat64_claims_register();
	if (err)
		goto err_caches;

	err = nat64_device_init();
	if (err)
		goto err_claims;

	err = nat64_borrow_init();
	if (err)
		goto err_device;

	err = nat64_warn_init();
	if (err)
		goto err_borrow;

	err = nat64_netlink_init();
	if (err)
		goto err_warn;

	return 0;

err_warn:
	nat64_warn_exit();
err_borrow:
	nat64_borrow_exit();
err_device:
	nat64_device_exit();
err_claims:
	nat64_claims_unregister();
err_caches:
	nat64_table_caches_destroy();
	return err;
}

static void __exit nat64_exit(void)
{
	/* Delete devices first, so that delete events are still sent. */
	nat64_device_exit();
	nat64_netlink_exit();
	nat64_warn_exit();
	nat64_borrow_exit();
	nat64_claims_unregister();
	nat64_table_caches_destroy();
}

module_init(nat64_init);
module_exit(nat64_exit);
MODULE_LICENSE("GPL");
MODULE_AUTHOR("Seed 205dd0f0 maintainers <maintainers@users.noreply.h-seed-205dd0f0.example>");
MODULE_VERSION(NAT64_VERSION);
MODULE_DESCRIPTION("IPv6/IPv4 translation device (NAT64, SIIT)");
MODULE_ALIAS_RTNL_LINK("nat64");
MODULE_ALIAS_GENL_FAMILY(NAT64_FAMILY_NAME);
