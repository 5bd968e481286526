// SPDX-License-Identifier: GPL-2.0-only
/*
 * nat64 - transmit path: parse a packet, map its addresses, translate it, and
 * receive it on the same device.
 */
#include <linux/skbuff.h>
#include <linux/udp.h>
#include <net/gso.h>
#include <net/ip.h>
#include <net/ip6_checksum.h>
#include <net/ipv6.h>

#include "config.h"
#include "fast.h"
#include "frag.h"
#include "icmp.h"
#include "map.h"
#include "nat64.h"
#include "offload.h"
#include "output.h"
#include "packet.h"
#include "pmtu.h"
#include "xlat.h"

static void nat64_xmit_one(struct nat64_dev *nat64,
			   const struct nat64_config *config,
			   struct sk_buff *skb, bool direct, bool hairpin);

/* Receive a translated packet. Consumes the packet in any case. */
static enum nat64_reason nat64_xmit_receive(struct nat64_dev *nat64,
					    struct sk_buff *skb,
					    __be16 protocol, bool direct)
{
	if (likely(nat64_receive(nat64, skb, protocol, direct)))
		return NAT64_OK;

	nat64_count(nat64, NAT64_DROP_BACKLOG);
	return NAT64_STORED;
}

/* Compute the missing checksum of an IPv4 UDP datagram, RFC 7915 section 4.5
 * and RFC 6146 section 3.4, so that it is translated like others. The header is
 * writable. No later check drops the packet.
 */
static void nat64_udp_amend(struct sk_buff *skb, const struct nat64_hdrs *h)
{
	struct udphdr *uh = (struct udphdr *)(skb->data + h->l4_off);
	unsigned int len = ntohs(uh->len);

	uh->check = csum_tcpudp_magic(h->t4.src, h->t4.dst, len, IPPROTO_UDP,
				      skb_checksum(skb, h->l4_off, len, 0)) ?:
		    CSUM_MANGLED_0;
}

static bool nat64_is_udp_zero(const struct sk_buff *skb,
			      const struct nat64_hdrs *h)
{
	return h->proto == IPPROTO_UDP && !h->frag_off &&
	       skb->ip_summed != CHECKSUM_PARTIAL &&
	       !((const struct udphdr *)(skb->data + h->l4_off))->check;
}

/* Does the device drop IPv4 UDP packets without checksum? A stateful device has
 * reassembled the packet and computes the checksum.
 */
static bool nat64_refuses_udp_zero(const struct nat64_config *config,
				   const struct nat64_hdrs *h)
{
	if (config->mode != NAT64_MODE_STATELESS)
		return false;
	return config->amend_udp_zero == NAT64_AMEND_OFF ||
	       (h->frag && config->amend_udp_zero != NAT64_AMEND_FORWARD);
}

/* Compute checksums that cannot stay offloaded. Call before parsing the
 * transport header.
 */
static enum nat64_reason nat64_finish_csum(struct sk_buff *skb,
					   const struct nat64_hdrs *h)
{
	int err = nat64_offload_csum(skb, h);

	if (likely(!err))
		return NAT64_OK;
	return err == -ENOMEM ? NAT64_DROP_NO_MEMORY : NAT64_DROP_MALFORMED;
}

/* Translate an IPv4 packet. NAT64_OK and NAT64_STORED consume it. */
static enum nat64_reason nat64_xmit4(struct nat64_dev *nat64,
				     const struct nat64_config *config,
				     struct sk_buff *skb, struct nat64_pkt *pkt)
{
	const struct nat64_hdrs *h = &pkt->h;
	enum nat64_reason reason;
	struct nat64_map6 map;
	bool udp_zero;
	u16 size;

	reason = nat64_finish_csum(skb, h);
	if (!reason)
		reason = nat64_parse_l4(skb, pkt, false);
	if (reason)
		return reason;
	if (h->proto == IPPROTO_IGMP)
		return NAT64_DROP_IGMP;
	reason = nat64_check_addrs4(pkt);
	if (reason)
		return reason;
	udp_zero = nat64_is_udp_zero(skb, h);
	if (unlikely(udp_zero && nat64_refuses_udp_zero(config, h)))
		return NAT64_DROP_UDP_ZERO;

	if (config->mode == NAT64_MODE_STATELESS)
		reason = nat64_stateless_map6(nat64, config, pkt, &map);
	else if (pkt->icmp_error && nat64_icmp_residue(skb, pkt, false))
		reason = NAT64_DROP_ICMP_CHECKSUM;
	else
		reason = nat64_stateful_map6(nat64, config, skb, pkt, &map);
	if (reason)
		return reason;

	if (nat64_make_writable(skb, pkt, pkt->icmp_error ?
				NAT64_HEADROOM_ERROR : NAT64_HEADROOM))
		return NAT64_DROP_NO_MEMORY;
	if (config->zeroize_traffic_class) {
		pkt->h.tos = 0;
		pkt->quoted.tos = 0;
	}
	if (pkt->icmp_error)
		pkt->mtu_limit = nat64_mtu_limit6(nat64, skb, pkt, &map);
	/* The checksum cannot be computed from a single fragment. */
	if (unlikely(udp_zero && !h->frag))
		nat64_udp_amend(skb, h);
	reason = nat64_xlat46_l4(skb, pkt, &map, config);
	if (reason)
		return reason;

	size = nat64_fragment_size(nat64, config, skb, pkt, &map.outer.dst);
	if (unlikely(size))
		return nat64_fragment46(nat64, skb, pkt, &map.outer, size);

	nat64_offload_gso(skb, SKB_GSO_TCPV4, SKB_GSO_TCPV6);
	nat64_xlat46_l3(skb, h, &map.outer);
	return nat64_xmit_receive(nat64, skb, htons(ETH_P_IPV6), pkt->direct);
}

/* Translate an IPv6 packet. NAT64_OK and NAT64_STORED consume it. */
static enum nat64_reason nat64_xmit6(struct nat64_dev *nat64,
				     const struct nat64_config *config,
				     struct sk_buff *skb, struct nat64_pkt *pkt)
{
	const struct nat64_hdrs *h = &pkt->h;
	enum nat64_reason reason;
	struct nat64_map4 map;
	__be16 id;
	bool df;

	reason = nat64_finish_csum(skb, h);
	if (!reason)
		reason = nat64_parse_l4(skb, pkt, true);
	if (reason)
		return reason;
	reason = nat64_check_addrs6(pkt);
	if (reason)
		return reason;
	if (h->len - h->l4_off + sizeof(struct iphdr) > IP_MAX_MTU) {
		pkt->info = IP_MAX_MTU;
		return NAT64_DROP_TOO_BIG;
	}

	if (config->mode == NAT64_MODE_STATELESS)
		reason = nat64_stateless_map4(nat64, config, pkt, &map);
	else if (pkt->icmp_error && nat64_icmp_residue(skb, pkt, true))
		reason = NAT64_DROP_ICMP_CHECKSUM;
	else
		reason = nat64_stateful_map4(nat64, config, skb, pkt, &map);
	if (reason)
		return reason;

	/* IPv4 fragments have no DF, so routers would not report the MTU. */
	if (unlikely(h->frag && h->len > IPV6_MIN_MTU && !pkt->icmp_error)) {
		u32 mtu = nat64_path_mtu4(nat64, map.outer.dst);

		if (h->len - h->l4_off + sizeof(struct iphdr) > mtu) {
			pkt->info = max_t(u32, mtu + NAT64_GROWTH_HDR,
					  IPV6_MIN_MTU);
			return NAT64_DROP_TOO_BIG;
		}
	}
	if (nat64_make_writable(skb, pkt, 0))
		return NAT64_DROP_NO_MEMORY;
	df = nat64_xlat64_df(skb, pkt);
	if (config->override_tos) {
		pkt->h.tos = config->tos;
		pkt->quoted.tos = config->tos;
	}
	if (pkt->icmp_error)
		pkt->mtu_limit = nat64_mtu_limit4(nat64, skb, pkt, &map);
	reason = nat64_xlat64_l4(skb, pkt, &map);
	if (reason)
		return reason;

	id = nat64_ip4_id(dev_net(nat64->dev), skb, h, &map.outer, df);
	nat64_offload_gso(skb, SKB_GSO_TCPV6, SKB_GSO_TCPV4);
	nat64_xlat64_l3(skb, h, &map.outer, df, id);

	if (unlikely(pkt->hairpin)) {
		/* The route of the IPv6 packet must not be used for ICMPv4
		 * errors.
		 */
		skb_dst_drop(skb);
		nat64_xmit_one(nat64, config, skb, pkt->direct, true);
		return NAT64_STORED;
	}
	if (unlikely(pkt->reassembled)) {
		u16 size = nat64_reassembled_size(pkt);

		if (size < skb->len)
			return nat64_fragment64(nat64, skb, pkt, size);
	}

	return nat64_xmit_receive(nat64, skb, htons(ETH_P_IP), pkt->direct);
}

/* Link-local multicast (ND and MLD from this host) is never translated; drop it
 * silently.
 */
static bool nat64_is_link_scope(const struct nat64_hdrs *h)
{
	return ipv6_addr_is_multicast(&h->t6.dst) &&
	       IPV6_ADDR_MC_SCOPE(&h->t6.dst) <= IPV6_ADDR_SCOPE_LINKLOCAL;
}

/* Parse the IP header. Stateful devices reassemble fragments: returns NAT64_OK
 * with *@skb NULL if fragments are missing, NAT64_STORED if the packet was
 * dropped and counted.
 */
static enum nat64_reason nat64_prepare(struct nat64_dev *nat64,
				       const struct nat64_config *config,
				       struct sk_buff **skb,
				       struct nat64_pkt *pkt, bool v6)
{
	enum nat64_reason reason;
	int err;

	reason = v6 ? nat64_parse6(*skb, pkt) : nat64_parse4(*skb, pkt);
	if (reason || config->mode == NAT64_MODE_STATELESS ||
	    nat64_is_whole(&pkt->h))
		return reason;

	/* Reassembly and fragmentation write to the headers. */
	if (skb_unclone(*skb, GFP_ATOMIC))
		return NAT64_DROP_NO_MEMORY;
	err = v6 ? nat64_reassemble6(nat64, *skb, pkt) :
		   nat64_reassemble4(nat64, *skb, pkt);
	if (err) {
		*skb = NULL;
		if (err == -EINPROGRESS)
			return NAT64_OK;
		nat64_count(nat64, NAT64_DROP_REASSEMBLY);
		return NAT64_STORED;
	}

	reason = v6 ? nat64_parse6(*skb, pkt) : nat64_parse4(*skb, pkt);
	if (!reason && !nat64_is_whole(&pkt->h))
		return NAT64_DROP_REASSEMBLY;
	return reason;
}

static enum nat64_reason nat64_segment(struct nat64_dev *nat64,
				       const struct nat64_config *config,
				       struct sk_buff *skb,
				       const struct nat64_pkt *pkt)
{
	struct sk_buff *segs, *next;

	segs = skb_gso_segment(skb, nat64->dev->features & ~NETIF_F_GSO_MASK);
	if (IS_ERR_OR_NULL(segs))
		return NAT64_DROP_SEGMENT;
	consume_skb(skb);

	skb_list_walk_safe(segs, skb, next) {
		skb_mark_not_on_list(skb);
		nat64_xmit_one(nat64, config, skb, pkt->direct, pkt->hairpin);
	}

	return NAT64_STORED;
}

/* Translate one packet with skb->data at its IP header, and count it as sent or
 * dropped. @hairpin: an IPv6 packet that was translated to IPv4 and goes back
 * to IPv6.
 */
static void nat64_xmit_one(struct nat64_dev *nat64,
			   const struct nat64_config *config,
			   struct sk_buff *skb, bool direct, bool hairpin)
{
	struct nat64_pkt pkt = {
		.direct = direct,
		.hairpin = hairpin,
		.came_back = skb->skb_iif == nat64->dev->ifindex,
	};
	unsigned int len = skb->len;
	enum nat64_reason reason;
	bool v6;

	skb_reset_network_header(skb);
	if (!pskb_may_pull(skb, sizeof(struct iphdr))) {
		nat64_count(nat64, NAT64_DROP_MALFORMED);
		kfree_skb_reason(skb, nat64_core_reason(NAT64_DROP_MALFORMED));
		return;
	}

	v6 = ip_hdr(skb)->version == 6;
	reason = nat64_prepare(nat64, config, &skb, &pkt, v6);
	if (!reason && skb) {
		/* Reassembled by the host, e.g. for conntrack on a bridge: it
		 * may be fragmented again.
		 */
		if (unlikely(skb->ignore_df))
			pkt.h.df = false;
		if (v6 && nat64_is_link_scope(&pkt.h))
			consume_skb(skb);
		else if (skb_is_gso(skb) &&
			 nat64_offload_must_segment(skb, &pkt.h, v6))
			reason = nat64_segment(nat64, config, skb, &pkt);
		else
			reason = v6 ? nat64_xmit6(nat64, config, skb, &pkt) :
				      nat64_xmit4(nat64, config, skb, &pkt);
	}

	if (likely(!reason))
		dev_sw_netstats_tx_add(nat64->dev, 1, len);
	else if (reason != NAT64_STORED)
		nat64_drop(nat64, skb, &pkt, reason);
}

/**
 * nat64_xmit - ndo_start_xmit: translate a packet
 * @skb: packet; consumed
 * @dev: device
 *
 * Context: BH disabled, no nat64 lock held.
 * Return: NETDEV_TX_OK.
 */
netdev_tx_t nat64_xmit(struct sk_buff *skb, struct net_device *dev)
{
	struct nat64_dev *nat64 = netdev_priv(dev);
	int mac_len = skb_network_offset(skb);
	const struct nat64_config *config;
	bool direct;

	skb = skb_share_check(skb, GFP_ATOMIC);
	if (unlikely(!skb)) {
		nat64_count(nat64, NAT64_DROP_NO_MEMORY);
		return NETDEV_TX_OK;
	}
	/* Pull the MAC header of redirected packets. AF_XDP does not set the
	 * network header, so that its offset is negative.
	 */
	if (unlikely(mac_len > 0 && !pskb_pull(skb, mac_len))) {
		nat64_count(nat64, NAT64_DROP_MALFORMED);
		kfree_skb_reason(skb, nat64_core_reason(NAT64_DROP_MALFORMED));
		return NETDEV_TX_OK;
	}

	direct = nat64_may_receive(skb, dev);
	/* Report the timestamp before skb_orphan(). */
	skb_tx_timestamp(skb);
	/* Sockets may set ignore_df to let the host fragment. Ignore it: local
	 * senders get path MTU errors like senders of forwarded packets.
	 */
	if (skb->sk)
		skb->ignore_df = 0;
	skb_orphan(skb);

	rcu_read_lock();
	config = rcu_dereference(nat64->config);
	if (!nat64_fast(nat64, config, skb, direct))
		nat64_xmit_one(nat64, config, skb, direct, false);
	rcu_read_unlock();

	return NETDEV_TX_OK;
}

/**
 * nat64_xmit_direct - translate a packet of a neighbour, if it is a common one
 * @skb: packet, not shared, skb->data at its IP header, may be received in this
 *	context; consumed if true is returned, else unchanged
 * @dev: device
 *
 * Context: RCU read-side section, BH disabled, no nat64 lock held.
 * Return: true if it was one.
 */
bool nat64_xmit_direct(struct sk_buff *skb, struct net_device *dev)
{
	struct nat64_dev *nat64 = netdev_priv(dev);

	return nat64_fast(nat64, rcu_dereference(nat64->config), skb, true);
}
