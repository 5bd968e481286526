// SPDX-License-Identifier: GPL-2.0-only
/*
 * nat64 - routes of translated packets, as if received on the device.
 */
#include <linux/inetdevice.h>
#include <linux/netdevice.h>
#include <net/ip.h>
#include <net/route.h>
#include <net/xfrm.h>

#include "icmp.h"
#include "nat64.h"
#include "route.h"

/* Is this an ICMP error of the host itself, translated back to IPv4? With a
 * CLAT and the provider's translator on one host, the host's error goes through
 * a stateless device and has a local IPv4 source.
 */
static bool nat64_is_own_error(const struct nat64_dev *nat64,
			       const struct sk_buff *skb)
{
	const struct iphdr *iph = ip_hdr(skb);
	u8 _type;
	const u8 *type;

	if (iph->protocol != IPPROTO_ICMP || ip_is_fragment(iph))
		return false;
	type = skb_header_pointer(skb, ip_hdrlen(skb), sizeof(_type), &_type);
	return type && nat64_icmp_is_error(*type, false) &&
	       inet_addr_type_dev_table(dev_net(nat64->dev), nat64->dev,
					iph->saddr) == RTN_LOCAL;
}

/* Exempt a packet from rp_filter with a secpath, as after IPsec. Returns false
 * if there is no need or no memory.
 */
static bool nat64_route_excuse(struct sk_buff *skb)
{
	struct in_device *in_dev = __in_dev_get_rcu(skb->dev);

	return IS_ENABLED(CONFIG_XFRM) && in_dev && IN_DEV_RPFILTER(in_dev) &&
	       !secpath_exists(skb) && secpath_set(skb);
}

/**
 * nat64_route_hook - PRE_ROUTING hook: route packets from the device
 * @priv: device
 * @skb: packet
 * @state: hook state
 *
 * The translated source is an address of the host, for which no reverse path
 * leads to the device. No setting of the device overrides a strict
 * net.ipv4.conf.all.rp_filter, but a secpath does, as for packets from IPsec.
 * If no route is found, the stack tries again and reports the error.
 *
 * A stateless device does this for the host's own ICMP errors only: packets of
 * its hosts remain subject to rp_filter.
 *
 * Context: RCU read-side section.
 * Return: NF_ACCEPT.
 */
unsigned int nat64_route_hook(void *priv, struct sk_buff *skb,
			      const struct nf_hook_state *state)
{
	const struct nat64_dev *nat64 = priv;
	const struct iphdr *iph = ip_hdr(skb);
	bool excused;

	if (state->in != nat64->dev || skb_dst(skb) ||
	    (!nat64->table && !nat64_is_own_error(nat64, skb)))
		return NF_ACCEPT;

	excused = nat64_route_excuse(skb);
	ip_route_input_noref(skb, iph->daddr, iph->saddr, ip4h_dscp(iph),
			     skb->dev);
	if (excused)
		secpath_reset(skb);
	return NF_ACCEPT;
}
