// SPDX-License-Identifier: GPL-2.0-only
/*
 * nat64 - loop detection for a stateless device in a VRF.
 *
 * The device drops packets that are routed back to it without a mapping. It
 * recognizes them by its own index in skb_iif, which a VRF overwrites with its
 * index. Up to the FORWARD hooks, the IP control block still has the index of
 * the receiving device; dev_queue_xmit() overwrites it.
 */
#include <linux/netfilter_ipv4.h>
#include <linux/netfilter_ipv6.h>
#include <net/ip.h>
#include <net/ipv6.h>
#include <net/l3mdev.h>

#include "nat64.h"
#include "vrf.h"

static void nat64_vrf_restore(const struct nat64_dev *nat64,
			      struct sk_buff *skb,
			      const struct nf_hook_state *state, int iif)
{
	if (state->out == nat64->dev && iif == nat64->dev->ifindex)
		skb->skb_iif = iif;
}

static unsigned int nat64_vrf_forward4(void *priv, struct sk_buff *skb,
				       const struct nf_hook_state *state)
{
	nat64_vrf_restore(priv, skb, state, IPCB(skb)->iif);
	return NF_ACCEPT;
}

static unsigned int nat64_vrf_forward6(void *priv, struct sk_buff *skb,
				       const struct nf_hook_state *state)
{
	nat64_vrf_restore(priv, skb, state, IP6CB(skb)->iif);
	return NF_ACCEPT;
}

static int nat64_vrf_start(struct nat64_dev *nat64,
			   struct netlink_ext_ack *extack)
{
	struct net *net = dev_net(nat64->dev);
	struct nf_hook_ops *ops = nat64->vrf.ops;
	int err;

	ops[0] = (struct nf_hook_ops) {
		.hook = nat64_vrf_forward4,
		.pf = NFPROTO_IPV4,
		.hooknum = NF_INET_FORWARD,
		.priority = NF_IP_PRI_LAST,
		.priv = nat64,
	};
	ops[1] = (struct nf_hook_ops) {
		.hook = nat64_vrf_forward6,
		.pf = NFPROTO_IPV6,
		.hooknum = NF_INET_FORWARD,
		.priority = NF_IP6_PRI_LAST,
		.priv = nat64,
	};
	err = nf_register_net_hooks(net, ops, ARRAY_SIZE(nat64->vrf.ops));
	if (err) {
		NL_SET_ERR_MSG(extack,
			       "master: cannot register netfilter hooks to detect loops in the VRF");
		return err;
	}

	nat64->vrf.net = net;
	return 0;
}

static void nat64_vrf_stop(struct nat64_dev *nat64)
{
	if (!nat64->vrf.net)
		return;

	nf_unregister_net_hooks(nat64->vrf.net, nat64->vrf.ops,
				ARRAY_SIZE(nat64->vrf.ops));
	nat64->vrf.net = NULL;
}

/**
 * nat64_vrf_change - handle NETDEV_CHANGEUPPER of a device
 * @nat64: device
 * @info: notifier info with the upper device
 *
 * Only a stateless device detects loops. A device leaves its VRF before it is
 * deleted or moved to another namespace.
 *
 * Context: RTNL held.
 * Return: 0, or a negative errno if the device cannot join.
 */
int nat64_vrf_change(struct nat64_dev *nat64,
		     const struct netdev_notifier_changeupper_info *info)
{
	if (nat64->table || !netif_is_l3_master(info->upper_dev))
		return 0;
	if (info->linking)
		return nat64_vrf_start(nat64,
				       netdev_notifier_info_to_extack(&info->info));

	nat64_vrf_stop(nat64);
	return 0;
}
