// SPDX-License-Identifier: GPL-2.0-only
/*
 * nat64 - the host's own IPv4 addresses as pool4: hooks, and notifiers for
 * address changes.
 */
#include <linux/inetdevice.h>
#include <linux/netfilter_ipv4.h>
#include <linux/rtnetlink.h>

#include "bib.h"
#include "borrow.h"
#include "config.h"
#include "counts.h"
#include "events.h"
#include "host.h"
#include "memcg.h"
#include "nat64.h"
#include "pool4.h"
#include "route.h"
#include "session.h"
#include "table.h"
#include "walk.h"
#include "wheel.h"

static bool nat64_borrow_may_have(const struct nat64_config *config,
				  __be32 addr)
{
	unsigned int i;

	for (i = 0; i < config->pool4_count; i++)
		if (nat64_entry_addr(&config->pool4[i], ntohl(addr)))
			return true;

	return false;
}

/* Is one of the host's addresses in pool4? */
static bool nat64_borrow_in_pool4(const struct nat64_dev *nat64,
				  const struct nat64_config *config)
{
	const struct in_device *in_dev;
	const struct in_ifaddr *ifa;
	struct net_device *dev;

	for_each_netdev(dev_net(nat64->dev), dev) {
		in_dev = __in_dev_get_rtnl(dev);
		if (!in_dev)
			continue;
		in_dev_for_each_ifa_rtnl(ifa, in_dev)
			if (nat64_borrow_may_have(config, ifa->ifa_local))
				return true;
	}

	return false;
}

/* A stateless device needs the PRE_ROUTING hook only, for the host's own ICMP
 * errors. No packet to the host's addresses is for it.
 */
static unsigned int nat64_borrow_hooks(const struct nat64_dev *nat64)
{
	return nat64->table ? ARRAY_SIZE(nat64->borrow.ops) : 1;
}

/* Accept local sources: translated packets may have one. */
static void nat64_borrow_accept(struct nat64_dev *nat64)
{
	struct in_device *in_dev = __in_dev_get_rtnl(nat64->dev);

	if (!in_dev || IN_DEV_CONF_GET(in_dev, ACCEPT_LOCAL))
		return;

	IN_DEV_CONF_SET(in_dev, ACCEPT_LOCAL, true);
	nat64->borrow.accept_local = true;
}

/* Restore the setting. */
static void nat64_borrow_unaccept(struct nat64_dev *nat64)
{
	struct in_device *in_dev = __in_dev_get_rtnl(nat64->dev);

	if (in_dev && nat64->borrow.accept_local)
		IN_DEV_CONF_SET(in_dev, ACCEPT_LOCAL, false);
	nat64->borrow.accept_local = false;
}

static int nat64_borrow_start(struct nat64_dev *nat64,
			      struct netlink_ext_ack *extack)
{
	struct nf_hook_ops *ops = nat64->borrow.ops;
	struct net *net = dev_net(nat64->dev);
	int err;

	nat64_borrow_accept(nat64);

	ops[0] = (struct nf_hook_ops) {
		.hook = nat64_route_hook,
		.pf = NFPROTO_IPV4,
		.hooknum = NF_INET_PRE_ROUTING,
		/* After all changes of mark and destination. */
		.priority = NF_IP_PRI_LAST,
	};
	ops[1] = (struct nf_hook_ops) {
		.hook = nat64_borrow_input,
		.pf = NFPROTO_IPV4,
		.hooknum = NF_INET_LOCAL_IN,
		/* Before filters, which are for the host's own packets. */
		.priority = NF_IP_PRI_FIRST,
	};
	ops[0].priv = nat64;
	ops[1].priv = nat64;
	err = nf_register_net_hooks(net, ops, nat64_borrow_hooks(nat64));
	if (err) {
		nat64_borrow_unaccept(nat64);
		NL_SET_ERR_MSG(extack,
			       "pool4: cannot register netfilter hooks for addresses of this host");
		/* Without a request, only the log can report it. */
		if (!extack && nat64_may_log(nat64->dev))
			netdev_err(nat64->dev,
				   "pool4: cannot register netfilter hooks for addresses of this host: %d\n",
				   err);
		return err;
	}

	nat64->borrow.net = net;
	return 0;
}

/**
 * nat64_borrow_stop - unregister the hooks
 * @nat64: device
 *
 * Context: RTNL held.
 */
void nat64_borrow_stop(struct nat64_dev *nat64)
{
	if (!nat64->borrow.net)
		return;

	nf_unregister_net_hooks(nat64->borrow.net, nat64->borrow.ops,
				nat64_borrow_hooks(nat64));
	nat64->borrow.net = NULL;
	nat64_borrow_unaccept(nat64);
}

static bool nat64_borrow_needed(const struct nat64_dev *nat64,
				const struct nat64_config *config)
{
	return config->pool4_host || nat64->table->statics ||
	       nat64_borrow_in_pool4(nat64, config);
}

/**
 * nat64_borrow_prepare - register the hooks if a new configuration needs them
 * @nat64: device
 * @config: its next configuration
 * @extack: netlink extended ack
 *
 * Context: RTNL held.
 * Return: 0, and nat64_borrow_update() cannot fail with @config; or a negative
 * errno.
 */
int nat64_borrow_prepare(struct nat64_dev *nat64,
			 const struct nat64_config *config,
			 struct netlink_ext_ack *extack)
{
	if (!nat64->table || !netif_running(nat64->dev) || nat64->borrow.net ||
	    !nat64_borrow_needed(nat64, config))
		return 0;

	return nat64_borrow_start(nat64, extack);
}

/**
 * nat64_borrow_update - register or unregister the hooks as needed
 * @nat64: device
 * @extack: netlink extended ack; NULL to log errors
 *
 * Context: RTNL held.
 * Return: 0 or a negative errno.
 */
int nat64_borrow_update(struct nat64_dev *nat64,
			struct netlink_ext_ack *extack)
{
	const struct nat64_config *config = rtnl_dereference(nat64->config);
	bool borrows = true;

	if (nat64->table) {
		borrows = nat64_borrow_needed(nat64, config);
		WRITE_ONCE(nat64->table->borrows, borrows);
	}
	if (borrows && netif_running(nat64->dev) && !nat64->borrow.net)
		return nat64_borrow_start(nat64, extack);
	if (!borrows)
		nat64_borrow_stop(nat64);
	return 0;
}

/**
 * nat64_borrow_static_first - must hooks be registered before a static binding?
 * @table: tables of the device
 *
 * If so, call nat64_borrow_static().
 *
 * Context: device locked.
 */
bool nat64_borrow_static_first(const struct nat64_table *table)
{
	return !table->statics && table->claims;
}

/**
 * nat64_borrow_static - prepare for static bindings on addresses of the host
 * @table: tables of the device
 * @extack: netlink extended ack
 *
 * Context: RTNL held, device locked.
 * Return: 0 or a negative errno.
 */
int nat64_borrow_static(struct nat64_table *table,
			struct netlink_ext_ack *extack)
{
	int err;

	if (!nat64_borrow_static_first(table))
		return 0;

	WRITE_ONCE(table->statics, true);
	err = nat64_borrow_update(table->nat64, extack);
	if (err)
		WRITE_ONCE(table->statics, false);
	return err;
}

/**
 * nat64_borrow_static_last - was the last static binding removed?
 * @table: tables of the device
 *
 * If so, call nat64_borrow_static_gone().
 *
 * Context: device locked.
 */
bool nat64_borrow_static_last(const struct nat64_table *table)
{
	struct nat64_counts sum;

	if (!table->statics)
		return false;

	nat64_counts_sum(table, &sum);
	return !sum.statics;
}

/**
 * nat64_borrow_static_gone - update the hooks after a static binding is removed
 * @table: tables of the device
 *
 * Context: RTNL held, device locked.
 */
void nat64_borrow_static_gone(struct nat64_table *table)
{
	if (!nat64_borrow_static_last(table))
		return;

	WRITE_ONCE(table->statics, false);
	nat64_borrow_update(table->nat64, NULL);
}

/* Claim the port of a binding if its address is now one of the host's. */
static void nat64_borrow_adopt(struct nat64_table *table, void *entry,
			       const void *arg)
{
	const struct nat64_binding *b = entry;
	struct nat64_shard *shard = nat64_binding_shard(table, b);
	struct nat64_key4 key = {
		.addr = b->addr4,
		.port = b->port4,
		.proto = b->key6.proto,
	};

	spin_lock_bh(&shard->lock);
	if (!b->dead && nat64_host_is_local(table->nat64, b->addr4))
		nat64_pool4_adopt(table, &key);
	spin_unlock_bh(&shard->lock);
}

/**
 * nat64_borrow_enter - set up a device in its network namespace
 * @nat64: stateful device, new in its namespace and down
 *
 * The device keeps static bindings when it moves between namespaces.
 *
 * Context: RTNL held.
 */
void nat64_borrow_enter(struct nat64_dev *nat64)
{
	nat64_memcg_set(nat64->table);
	nat64->table->claims = nat64_claims_of(dev_net(nat64->dev));
	/* The device is down: no hook is needed yet. */
	nat64_borrow_update(nat64, NULL);
	nat64_walk(nat64->table, &nat64->table->bindings6, nat64_borrow_adopt,
		   NULL);
	nat64_expire_start(nat64->table);
}

/**
 * nat64_borrow_leave - release what a device uses of its network namespace
 * @nat64: stateful device, down, with no bindings but static ones
 *
 * Context: RTNL held.
 */
void nat64_borrow_leave(struct nat64_dev *nat64)
{
	/* The work uses the memcg that nat64_borrow_enter() changes. */
	cancel_delayed_work_sync(&nat64->table->expire);
	nat64_pool4_unclaim(nat64->table);
}

/* An address was added or deleted. Its routes are deleted before it. */
static void nat64_borrow_change(struct nat64_dev *nat64, __be32 addr,
				bool added)
{
	static const struct nat64_trigger trigger = {
		.cause = NAT64_CAUSE_ADDRESS_GONE,
	};
	const struct nat64_config *config = rtnl_dereference(nat64->config);

	/* Other addresses do not affect the hooks. */
	if (nat64_borrow_may_have(config, addr))
		nat64_borrow_update(nat64, NULL);

	if (added) {
		nat64_table_walk_addr(nat64->table, addr, nat64_borrow_adopt,
				      NULL);
	} else if (!nat64_host_is_local(nat64, addr)) {
		nat64_table_leave(nat64->table, addr, &trigger);
		nat64_pool4_trim(nat64->table, config, ntohl(addr),
				 ntohl(addr));
	}
}

/* Does a device in this namespace use all addresses of the host? */
static bool nat64_borrow_any(struct net *net)
{
	const struct nat64_dev *nat64;
	struct net_device *dev;

	for_each_netdev(net, dev) {
		if (dev->rtnl_link_ops != &nat64_link_ops)
			continue;
		nat64 = netdev_priv(dev);
		if (rtnl_dereference(nat64->config)->pool4_host)
			return true;
	}

	return false;
}

static int nat64_borrow_event(struct notifier_block *nb, unsigned long event,
			      void *ptr)
{
	const struct in_ifaddr *ifa = ptr;
	struct nat64_dev *nat64;
	struct net_device *dev;

	/* Wait for packets that still see the address: a binding that they
	 * create on it would stay.
	 */
	if (event == NETDEV_DOWN &&
	    nat64_borrow_any(dev_net(ifa->ifa_dev->dev)))
		synchronize_net();

	for_each_netdev(dev_net(ifa->ifa_dev->dev), dev) {
		if (dev->rtnl_link_ops != &nat64_link_ops)
			continue;
		nat64 = netdev_priv(dev);
		if (nat64->table)
			nat64_borrow_change(nat64, ifa->ifa_local,
					    event == NETDEV_UP);
	}

	return NOTIFY_DONE;
}

static struct notifier_block nat64_borrow_notifier = {
	.notifier_call = nat64_borrow_event,
};

int __init nat64_borrow_init(void)
{
	return register_inetaddr_notifier(&nat64_borrow_notifier);
}

void nat64_borrow_exit(void)
{
	unregister_inetaddr_notifier(&nat64_borrow_notifier);
}
