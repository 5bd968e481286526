// SPDX-License-Identifier: GPL-2.0-only
/*
 * nat64 - routes of translated packets, as if received on the device.
 */
#include <linux/inetdevice.h>
#include <linux/netdevice.h>
#include <net/flow_dissector.h>
#include <net/ip.h>
#include <net/ip6_fib.h>
#include <net/ip6_route.h>
#include <net/ipv6.h>
#include <net/route.h>
#include <net/xfrm.h>

#include "icmp.h"
#include "nat64.h"
#include "route.h"

/* Is this an ICMP error of the host itself, translated back to IPv4? With a
 * CLAT and the provider's translator on one host, the host's error goes through
 * a stateless device and has a local IPv4 source.
 */
static noinline bool nat64_is_own_error(const struct nat64_dev *nat64,
					const struct sk_buff *skb)
{
	const struct iphdr *iph = ip_hdr(skb);
	u8 _type;
	const u8 *type;

	if (ip_is_fragment(iph))
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
 * nat64_route_is_exempt - is an IPv4 packet from the device exempt from
 *	rp_filter?
 * @nat64: device that borrows addresses of the host
 * @skb: translated packet
 *
 * The translated source is an address of the host, for which no reverse path
 * leads to the device. A stateless device needs this for the host's own ICMP
 * errors only: packets of its hosts remain subject to rp_filter.
 *
 * Context: RCU read-side section.
 * Return: true if it is
 */
bool nat64_route_is_exempt(const struct nat64_dev *nat64,
			   const struct sk_buff *skb)
{
	return nat64->table || (ip_hdr(skb)->protocol == IPPROTO_ICMP &&
				nat64_is_own_error(nat64, skb));
}

/**
 * nat64_route4 - find the route of an IPv4 packet
 * @skb: packet, as if received on the device, without a route
 * @exempt: from rp_filter
 *
 * No setting of the device overrides a strict net.ipv4.conf.all.rp_filter, but
 * a secpath does, as for packets from IPsec.
 *
 * Context: RCU read-side section.
 * Return: false if the stack rejects the packet, which has no route then.
 */
bool nat64_route4(struct sk_buff *skb, bool exempt)
{
	const struct iphdr *iph = ip_hdr(skb);
	bool excused = exempt && nat64_route_excuse(skb);
	bool rejected;

	rejected = ip_route_input_noref(skb, iph->daddr, iph->saddr,
					ip4h_dscp(iph), skb->dev);
	if (excused)
		secpath_reset(skb);

	return !rejected;
}

/**
 * nat64_route6 - find the route of an IPv6 packet, as ip6_route_input() does
 * @skb: packet, as if received on the device, without a route
 *
 * Older kernels do not export ip6_route_input().
 *
 * Context: RCU read-side section.
 */
void nat64_route6(struct sk_buff *skb)
{
	int flags = RT6_LOOKUP_F_HAS_SADDR | RT6_LOOKUP_F_DST_NOREF;
	const struct ipv6hdr *ip6h = ipv6_hdr(skb);
	struct net *net = dev_net(skb->dev);
	struct flow_keys keys;
	struct flowi6 fl = {
		.flowi6_iif = skb->dev->ifindex,
		.daddr = ip6h->daddr,
		.saddr = ip6h->saddr,
		.flowlabel = ip6_flowinfo(ip6h),
		.flowi6_mark = skb->mark,
		.flowi6_proto = ip6h->nexthdr,
	};

	/* Rules may match ports. */
	fib6_rules_early_flow_dissect(net, skb, &fl, &keys);
	skb_dst_set_noref(skb, ip6_route_input_lookup(net, skb->dev, &fl, skb,
						      flags));
}

/**
 * nat64_route_hook - PRE_ROUTING hook: route packets from the device
 * @priv: device
 * @skb: packet
 * @state: hook state
 *
 * If no route is found, the stack tries again and reports the error.
 *
 * Context: RCU read-side section.
 * Return: NF_ACCEPT.
 */
unsigned int nat64_route_hook(void *priv, struct sk_buff *skb,
			      const struct nf_hook_state *state)
{
	const struct nat64_dev *nat64 = priv;

	if (state->in == nat64->dev && !skb_dst(skb) &&
	    nat64_route_is_exempt(nat64, skb))
		nat64_route4(skb, true);
	return NF_ACCEPT;
}
