// SPDX-License-Identifier: GPL-2.0-only
/*
 * nat64 - the net_device and its rtnl_link_ops.
 */
#include <linux/if_arp.h>
#include <linux/inetdevice.h>
#include <linux/module.h>
#include <net/addrconf.h>
#include <net/ip.h>
#include <net/ip_tunnels.h>
#include <net/netlink.h>
#include <net/rtnetlink.h>

#include "borrow.h"
#include "config.h"
#include "eam.h"
#include "events.h"
#include "memcg.h"
#include "nat64.h"
#include "neigh.h"
#include "netlink.h"
#include "pool4-use.h"
#include "route-cache.h"
#include "synstore.h"
#include "table.h"
#include "vrf.h"
#include "xlat.h"

/* Maximum: the MTUs of real links apply, and their errors are translated. */
#define NAT64_MTU	IP_MAX_MTU

#define NAT64_FEATURES	(NETIF_F_SG | NETIF_F_FRAGLIST | NETIF_F_HW_CSUM | \
			 NETIF_F_HIGHDMA | NETIF_F_GSO_SOFTWARE |	   \
			 NETIF_F_GSO_UDP_L4)

static int nat64_dev_init(struct net_device *dev)
{
	struct nat64_dev *nat64 = netdev_priv(dev);
	const struct nat64_config *config;
	int err = -ENOMEM;

	dev->tstats = __netdev_alloc_pcpu_stats(struct pcpu_sw_netstats,
						GFP_KERNEL_ACCOUNT);
	if (!dev->tstats)
		return err;
	nat64->counters = __netdev_alloc_pcpu_stats(struct nat64_counters,
						    GFP_KERNEL_ACCOUNT);
	if (!nat64->counters)
		goto err_tstats;

	config = rtnl_dereference(nat64->config);
	err = config->mode == NAT64_MODE_STATEFUL ? nat64_table_create(nat64) :
						    nat64_eam_create(nat64);
	if (err)
		goto err_counters;

	return 0;

err_counters:
	free_percpu(nat64->counters);
err_tstats:
	free_percpu(dev->tstats);
	dev->tstats = NULL;
	return err;
}

static void nat64_dev_uninit(struct net_device *dev)
{
	struct nat64_dev *nat64 = netdev_priv(dev);

	nat64_netlink_dev_gone(nat64);
	nat64_table_destroy(nat64);
	nat64_eam_destroy(nat64);
	nat64_memcg_uncharge(&nat64->charge);
	free_percpu(nat64->counters);
	free_percpu(dev->tstats);
	dev->tstats = NULL;
}

static int nat64_dev_open(struct net_device *dev)
{
	struct in_device *in_dev = __in_dev_get_rtnl(dev);
	struct inet6_dev *in6_dev = __in6_dev_get(dev);
	struct nat64_dev *nat64 = netdev_priv(dev);

	/* Hairpinned packets leave by the interface they came in, and need no
	 * redirect. The setting is the OR of "all" and the device's own, so
	 * clear both; other devices keep their own.
	 */
	if (in_dev) {
		IN_DEV_CONF_SET(in_dev, SEND_REDIRECTS, false);
		IPV4_DEVCONF_ALL(dev_net(dev), SEND_REDIRECTS) = false;
	}
	if (in6_dev)
		in6_dev->cnf.addr_gen_mode = IN6_ADDR_GEN_MODE_NONE;

	return nat64_borrow_update(nat64, NULL);
}

static int nat64_dev_stop(struct net_device *dev)
{
	struct nat64_dev *nat64 = netdev_priv(dev);

	nat64_borrow_stop(nat64);
	/* Bindings and sessions stay; stored SYN packets are dropped. */
	if (nat64->table)
		nat64_syn_flush(nat64->table, NULL);
	return 0;
}

static void nat64_dev_get_stats64(struct net_device *dev,
				  struct rtnl_link_stats64 *stats)
{
	const struct nat64_dev *nat64 = netdev_priv(dev);
	u64 drops[NAT64_REASON_COUNT];
	int i;

	dev_fetch_sw_netstats(stats, dev->tstats);
	nat64_counters_sum(nat64, drops);
	for (i = NAT64_OK + 1; i < NAT64_REASON_COUNT; i++)
		stats->tx_dropped += drops[i];
	stats->tx_errors = drops[NAT64_DROP_MALFORMED];
}

static const struct net_device_ops nat64_netdev_ops = {
	.ndo_init = nat64_dev_init,
	.ndo_uninit = nat64_dev_uninit,
	.ndo_open = nat64_dev_open,
	.ndo_stop = nat64_dev_stop,
	.ndo_start_xmit = nat64_xmit,
	.ndo_get_stats64 = nat64_dev_get_stats64,
	.ndo_neigh_construct = nat64_neigh_construct,
};

static const struct device_type nat64_device_type = { .name = "nat64" };

static void nat64_setup(struct net_device *dev)
{
	struct nat64_dev *nat64 = netdev_priv(dev);

	dev->netdev_ops = &nat64_netdev_ops;
	dev->ethtool_ops = &nat64_ethtool_ops;
	dev->header_ops = &ip_tunnel_header_ops;
	dev->type = ARPHRD_NONE;
	dev->flags = IFF_POINTOPOINT | IFF_NOARP;
	dev->priv_flags |= IFF_NO_QUEUE | IFF_LIVE_ADDR_CHANGE;
	dev->needed_headroom = NAT64_HEADROOM;
	dev->features |= NAT64_FEATURES;
	dev->hw_features |= NAT64_FEATURES;
	/* Redirected packets may have a VLAN tag: keep it out of the data. */
	dev->vlan_features |= NAT64_FEATURES;
	dev->features |= NETIF_F_HW_VLAN_CTAG_TX | NETIF_F_HW_VLAN_STAG_TX;
	dev->mtu = NAT64_MTU;
	dev->min_mtu = IPV6_MIN_MTU;
	dev->max_mtu = NAT64_MTU;
	dev->needs_free_netdev = true;
	dev->lltx = true;
	SET_NETDEV_DEVTYPE(dev, &nat64_device_type);

	/* ICMP errors use the route of the packet. */
	netif_keep_dst(dev);

	nat64->dev = dev;
	mutex_init(&nat64->lock);
}

/* Set after registration, so that a failing register_netdevice() does not call
 * it.
 */
static void nat64_destruct(struct net_device *dev)
{
	struct nat64_dev *nat64 = netdev_priv(dev);

	nat64_config_free(rcu_dereference_protected(nat64->config, true));
	mutex_destroy(&nat64->lock);
}

static int nat64_validate(struct nlattr *tb[], struct nlattr *data[],
			  struct netlink_ext_ack *extack)
{
	if (tb[IFLA_ADDRESS]) {
		NL_SET_ERR_MSG_ATTR(extack, tb[IFLA_ADDRESS],
				    "address is not supported, the device has no link layer");
		return -EOPNOTSUPP;
	}

	return nat64_validate_info(tb[IFLA_LINKINFO], extack);
}

/* The core rejects these names without an extack message. */
static int nat64_check_name(const struct net_device *dev,
			    const struct nlattr *attr,
			    struct netlink_ext_ack *extack)
{
	if (!sysctl_dev_name_is_allowed(dev->name))
		return nat64_attr_error(extack, attr,
					"names default and all are reserved for sysctl");
	if (!dev_valid_name(dev->name))
		return nat64_attr_error(extack, attr,
					"name must not contain spaces, / or :, or be . or ..");

	return 0;
}

/* register_netdevice() has no extack messages: explain its error. */
static void nat64_register_error(const struct net_device *dev, int err,
				 const struct nlattr *name,
				 struct netlink_ext_ack *extack)
{
	switch (err) {
	case -EINVAL:
		if (strchr(dev->name, '%'))
			NL_SET_ERR_MSG_ATTR(extack, name,
					    "name may contain %d once, and no other %");
		break;
	case -EEXIST:
		NL_SET_ERR_MSG_ATTR(extack, name,
				    "name is in use by another device");
		break;
	case -ENFILE:
		NL_SET_ERR_MSG_ATTR(extack, name,
				    "name has no free number for %d");
		break;
	case -EBUSY:
		NL_SET_ERR_MSG(extack, "index is in use by another device");
		break;
	}
}

static int nat64_newlink(struct net_device *dev,
			 struct rtnl_newlink_params *params,
			 struct netlink_ext_ack *extack)
{
	struct nat64_dev *nat64 = netdev_priv(dev);
	struct nat64_config *config;
	int err;

	err = nat64_check_name(dev, params->tb[IFLA_IFNAME], extack);
	if (err)
		return err;
	config = nat64_config_parse(NULL, params->data, extack);
	if (IS_ERR(config))
		return PTR_ERR(config);

	nat64_use_thresholds(config);
	rcu_assign_pointer(nat64->config, config);
	err = register_netdevice(dev);
	if (err) {
		nat64_register_error(dev, err, params->tb[IFLA_IFNAME],
				     extack);
		nat64_config_free(config);
		return err;
	}

	dev->priv_destructor = nat64_destruct;
	nat64_warn(nat64, config, params->data, extack);
	return 0;
}

static int nat64_changelink(struct net_device *dev, struct nlattr *tb[],
			    struct nlattr *data[],
			    struct netlink_ext_ack *extack)
{
	struct nat64_dev *nat64 = netdev_priv(dev);
	struct nat64_config *config;
	int err;

	config = nat64_config_parse(rtnl_dereference(nat64->config), data,
				    extack);
	if (IS_ERR(config))
		return PTR_ERR(config);

	err = nat64_configure(nat64, config, 0, extack);
	if (err)
		return err;
	if (data)
		nat64_warn(nat64, config, data, extack);

	return 0;
}

static size_t nat64_get_size(const struct net_device *dev)
{
	const struct nat64_dev *nat64 = netdev_priv(dev);

	/* Dumps of links may hold RCU only. */
	return nat64_config_size(rcu_dereference_rtnl(nat64->config));
}

static int nat64_fill_info(struct sk_buff *skb, const struct net_device *dev)
{
	const struct nat64_dev *nat64 = netdev_priv(dev);

	return nat64_config_fill(skb, rcu_dereference_rtnl(nat64->config));
}

struct rtnl_link_ops nat64_link_ops __read_mostly = {
	.kind = "nat64",
	.priv_size = sizeof(struct nat64_dev),
	.setup = nat64_setup,
	.maxtype = IFLA_NAT64_MAX,
	.policy = nat64_link_policy,
	.validate = nat64_validate,
	.newlink = nat64_newlink,
	.changelink = nat64_changelink,
	.get_size = nat64_get_size,
	.fill_info = nat64_fill_info,
	.get_linkxstats_size = nat64_linkxstats_size,
	.fill_linkxstats = nat64_linkxstats_fill,
};

/* Requests use a device while it is present. Those that it has end before this
 * returns.
 */
static void nat64_set_present(struct nat64_dev *nat64, bool present)
{
	mutex_lock(&nat64->lock);
	nat64->present = present;
	mutex_unlock(&nat64->lock);
}

static void nat64_enter_net(struct nat64_dev *nat64)
{
	mutex_lock(&nat64->lock);
	nat64_memcg_charge_hashes(nat64);
	mutex_unlock(&nat64->lock);
	nat64_routes_create(nat64);
	if (nat64->table)
		nat64_borrow_enter(nat64);
	nat64_set_present(nat64, true);
}

/* Also called when the device is deleted. */
static void nat64_leave_net(struct nat64_dev *nat64)
{
	static const struct nat64_trigger moved = {
		.cause = NAT64_CAUSE_DEVICE_MOVED,
	};

	nat64_set_present(nat64, false);
	nat64_routes_destroy(nat64);
	nat64_nl_stage_dev_gone(nat64);
	if (!nat64->table || nat64->dev->reg_state != NETREG_REGISTERED)
		return;

	nat64_table_flush(nat64->table, NULL, &moved);
	nat64_borrow_leave(nat64);
}

/* A device enters or leaves a network namespace, or joins or leaves a VRF. When
 * it changes namespaces it is down and unlisted. Its sessions are removed, as
 * they belong to hosts of the old namespace.
 */
static int nat64_device_event(struct notifier_block *nb, unsigned long event,
			      void *ptr)
{
	struct net_device *dev = netdev_notifier_info_to_dev(ptr);
	struct nat64_dev *nat64;

	if (dev->rtnl_link_ops != &nat64_link_ops)
		return NOTIFY_DONE;
	nat64 = netdev_priv(dev);
	switch (event) {
	case NETDEV_CHANGEUPPER:
		return notifier_from_errno(nat64_vrf_change(nat64, ptr));
	case NETDEV_CHANGENAME:
		/* Rules for the old name no longer apply. */
		nat64_routes_reset(nat64);
		break;
	case NETDEV_REGISTER:
		nat64_enter_net(nat64);
		break;
	case NETDEV_UNREGISTER:
		nat64_leave_net(nat64);
		break;
	}

	return NOTIFY_DONE;
}

static struct notifier_block nat64_device_notifier = {
	.notifier_call = nat64_device_event,
};

/**
 * nat64_device_init - register the link type
 *
 * Return: 0 or a negative errno.
 */
int __init nat64_device_init(void)
{
	int err;

	err = register_netdevice_notifier(&nat64_device_notifier);
	if (err)
		return err;

	err = rtnl_link_register(&nat64_link_ops);
	if (err)
		unregister_netdevice_notifier(&nat64_device_notifier);
	return err;
}

/**
 * nat64_device_exit - unregister the link type and delete all devices
 */
void nat64_device_exit(void)
{
	rtnl_link_unregister(&nat64_link_ops);
	unregister_netdevice_notifier(&nat64_device_notifier);
}
