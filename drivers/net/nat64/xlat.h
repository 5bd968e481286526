/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * nat64 - header translation, independent of devices and tables.
 */
#ifndef _NAT64_XLAT_H
#define _NAT64_XLAT_H

#include <linux/ip.h>
#include <net/ipv6.h>

#include "packet.h"

struct nat64_config;

/* RFC 7915 section 5.1: set DF in larger IPv4 packets. */
#define NAT64_DF_ABOVE		1260

/* Headroom for translation. An ICMPv4 error grows by 20 + 28 bytes if the
 * quoted packet is a fragment; NAT64_HEADROOM_ERROR is an upper bound.
 */
#define NAT64_GROWTH_HDR	(sizeof(struct ipv6hdr) - sizeof(struct iphdr))
#define NAT64_HEADROOM		(NAT64_GROWTH_HDR + sizeof(struct frag_hdr))
#define NAT64_HEADROOM_ERROR	(NAT64_HEADROOM + NAT64_HEADROOM)

/* xlat46.c */
enum nat64_reason nat64_xlat46_l4(struct sk_buff *skb, struct nat64_pkt *pkt,
				  const struct nat64_map6 *map,
				  const struct nat64_config *config);
void nat64_xlat46_l3(struct sk_buff *skb, const struct nat64_hdrs *h,
		     const struct nat64_tuple6 *t);

/* ident.c */
__be16 nat64_ip4_id(struct net *net, const struct sk_buff *skb,
		    const struct nat64_hdrs *h, const struct nat64_tuple4 *t,
		    bool df);

/* xlat64.c */
enum nat64_reason nat64_xlat64_l4(struct sk_buff *skb, struct nat64_pkt *pkt,
				  const struct nat64_map4 *map);
bool nat64_xlat64_df(const struct sk_buff *skb, const struct nat64_pkt *pkt);
void nat64_xlat64_l3(struct sk_buff *skb, const struct nat64_hdrs *h,
		     const struct nat64_tuple4 *t, bool df, __be16 id);

#endif /* _NAT64_XLAT_H */
