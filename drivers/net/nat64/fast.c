// SPDX-License-Identifier: GPL-2.0-only
/*
 * nat64 - translation of common packets in one go: whole UDP datagrams, and
 * TCP segments of established sessions and of stateless devices, without IPv4
 * options and IPv6 extension headers.
 *
 * xmit.c translates all packets, and is the reference: for the packets taken
 * here, the result, the counters and the sessions are the same. All checks come
 * before the first change, and whatever fails one is left to xmit.c, which
 * finds the reason. Only the limits of new sessions come later.
 */
#include <linux/skbuff.h>
#include <linux/tcp.h>
#include <linux/udp.h>
#include <net/dsfield.h>
#include <net/ip.h>
#include <net/ipv6.h>

#include "addr.h"
#include "bib.h"
#include "config.h"
#include "csum.h"
#include "eam.h"
#include "fast.h"
#include "l4.h"
#include "map.h"
#include "nat64.h"
#include "output.h"
#include "push.h"
#include "session.h"
#include "wheel.h"
#include "xlat.h"

/**
 * enum nat64_fast_verdict - what becomes of a packet
 * @NAT64_FAST_NOT: xmit.c takes it, nothing has changed
 * @NAT64_FAST_MAPPED: it is translated
 * @NAT64_FAST_DROP: it is dropped
 */
enum nat64_fast_verdict {
	NAT64_FAST_NOT,
	NAT64_FAST_MAPPED,
	NAT64_FAST_DROP,
};

/* Far from the limit of skb->transport_header. */
#define NAT64_FAST_HEADROOM_MAX	4096

/* May the headers be written where they are, with nothing left to compute? */
static bool nat64_is_plain(const struct nat64_dev *nat64,
			   const struct sk_buff *skb)
{
	unsigned int headroom = skb_headroom(skb);

	return !skb_is_gso(skb) && skb->ip_summed != CHECKSUM_PARTIAL &&
	       !skb->ignore_df && !skb_cloned(skb) &&
	       skb->skb_iif != nat64->dev->ifindex &&
	       headroom >= NAT64_HEADROOM &&
	       headroom <= NAT64_FAST_HEADROOM_MAX;
}

/* Is the transport header at @off complete, valid and linear? Packets without
 * UDP checksum are left to xmit.c.
 */
static __always_inline bool nat64_is_plain_l4(const struct sk_buff *skb,
					      unsigned int off, u8 proto)
{
	unsigned int avail = skb->len - off, linear = skb_headlen(skb) - off;
	const struct tcphdr *th;
	const struct udphdr *uh;

	switch (proto) {
	case IPPROTO_UDP:
		if (linear < sizeof(*uh))
			return false;
		uh = (const struct udphdr *)(skb->data + off);
		return ntohs(uh->len) >= sizeof(*uh) &&
		       ntohs(uh->len) <= avail && uh->check;
	case IPPROTO_TCP:
		if (linear < sizeof(*th))
			return false;
		th = (const struct tcphdr *)(skb->data + off);
		return th->doff * 4 >= sizeof(*th) && th->doff * 4 <= avail;
	default:
		return false;
	}
}

/* Can a packet leave a session in its state? */
static bool nat64_is_steady(const u8 *l4, u8 proto)
{
	const struct tcphdr *th = (const struct tcphdr *)l4;

	return proto == IPPROTO_UDP ||
	       !(tcp_flag_word(th) &
		 (TCP_FLAG_SYN | TCP_FLAG_FIN | TCP_FLAG_RST));
}

/* Does such a packet leave this session in its state? */
static bool nat64_keeps_state(const struct nat64_session *s, u8 proto)
{
	return proto == IPPROTO_UDP || READ_ONCE(s->state) == NAT64_STATE_EST;
}

static bool nat64_wkp_allows(const struct nat64_config *config, __be32 addr4)
{
	return !config->wkp || !config->wkp_strict || nat64_addr4_global(addr4);
}

static __always_inline bool nat64_in_pool6(const struct nat64_config *config,
					   const struct in6_addr *addr6)
{
	const struct in6_addr *prefix = &config->pool6;

	if (likely(config->pool6_len == 96))
		return addr6->s6_addr32[0] == prefix->s6_addr32[0] &&
		       addr6->s6_addr32[1] == prefix->s6_addr32[1] &&
		       addr6->s6_addr32[2] == prefix->s6_addr32[2];
	return ipv6_prefix_equal(addr6, prefix, config->pool6_len);
}

/* Map an IPv6 address with pool6, if that is allowed. */
static __always_inline bool
nat64_fast_pool6(const struct nat64_config *config,
		 const struct in6_addr *addr6, __be32 *addr4)
{
	if (!nat64_in_pool6(config, addr6))
		return false;
	*addr4 = config->pool6_len == 96 ? addr6->s6_addr32[3] :
		 nat64_extract(addr6, config->pool6_len);
	return !nat64_addr4_illegal(*addr4) && nat64_wkp_allows(config, *addr4);
}

/* Are the addresses of the packet allowed? Most are in 2000::/3. */
static bool nat64_fast_addrs6(const struct ipv6hdr *ip6h)
{
	return ((ip6h->saddr.s6_addr[0] & 0xe0) == 0x20 ||
		!nat64_addr6_illegal(&ip6h->saddr)) &&
	       !ipv6_addr_is_multicast(&ip6h->daddr);
}

/* Map a packet of a stateful device from IPv6, and update its session. A UDP
 * packet may open one, and may be refused.
 */
static enum nat64_fast_verdict
nat64_fast_stateful6(struct nat64_dev *nat64, const struct nat64_config *config,
		     const struct sk_buff *skb, const struct ipv6hdr *ip6h,
		     const u8 *l4, struct nat64_tuple4 *t,
		     enum nat64_reason *reason)
{
	const __be16 *ports = (const __be16 *)l4;
	struct nat64_table *table = nat64->table;
	u8 proto = ip6h->nexthdr;
	struct nat64_skey6 key;
	struct nat64_binding *b;
	struct nat64_session *s;

	if (!nat64_is_steady(l4, proto) ||
	    nat64_in_pool6(config, &ip6h->saddr) ||
	    !nat64_fast_pool6(config, &ip6h->daddr, &t->dst))
		return NAT64_FAST_NOT;

	key.addr = ip6h->saddr;
	key.port = ports[0];
	key.rport = ports[1];
	key.remote = t->dst;
	key.proto = proto;
	s = nat64_session_find6(table, &key, &b);
	if (likely(s)) {
		if (!nat64_keeps_state(s, proto))
			return NAT64_FAST_NOT;
		if (proto == IPPROTO_UDP)
			nat64_session_asks(s);
		nat64_session_touch(s);
	} else {
		if (proto != IPPROTO_UDP)
			return NAT64_FAST_NOT;
		s = nat64_session_open6(table, config, &key, b, skb->mark,
					reason);
		if (!s)
			return NAT64_FAST_DROP;
	}

	t->src = s->binding->addr4;
	t->sport = s->binding->port4;
	t->dport = ports[1];
	return NAT64_FAST_MAPPED;
}

/* Map a packet of a stateless device from IPv6. */
static bool nat64_fast_stateless6(struct nat64_dev *nat64,
				  const struct nat64_config *config,
				  const struct ipv6hdr *ip6h, const u8 *l4,
				  struct nat64_tuple4 *t)
{
	const __be16 *ports = (const __be16 *)l4;
	struct nat64_map4 map;
	struct nat64_pkt pkt;

	if (!READ_ONCE(rcu_dereference(nat64->eam)->count)) {
		t->sport = ports[0];
		t->dport = ports[1];
		return nat64_fast_pool6(config, &ip6h->saddr, &t->src) &&
		       nat64_fast_pool6(config, &ip6h->daddr, &t->dst);
	}

	pkt.h.t6.src = ip6h->saddr;
	pkt.h.t6.dst = ip6h->daddr;
	pkt.h.t6.sport = ports[0];
	pkt.h.t6.dport = ports[1];
	pkt.icmp_error = false;
	pkt.came_back = false;
	if (nat64_stateless_map4(nat64, config, &pkt, &map) || pkt.hairpin)
		return false;

	*t = map.outer;
	return true;
}

static void nat64_fast_drop(struct nat64_dev *nat64, struct sk_buff *skb,
			    u8 proto, enum nat64_reason reason)
{
	struct nat64_pkt pkt = { .h.proto = proto };

	skb_reset_network_header(skb);
	skb_set_transport_header(skb, sizeof(struct ipv6hdr));
	nat64_drop(nat64, skb, &pkt, reason);
}

static void nat64_fast_receive(struct nat64_dev *nat64, struct sk_buff *skb,
			       __be16 protocol, bool direct, unsigned int len)
{
	if (likely(nat64_receive(nat64, skb, protocol, direct)))
		dev_sw_netstats_tx_add(nat64->dev, 1, len);
	else
		nat64_count(nat64, NAT64_DROP_BACKLOG);
}

/* Translate an IPv6 packet. */
static bool nat64_fast6(struct nat64_dev *nat64,
			const struct nat64_config *config,
			struct sk_buff *skb, bool direct)
{
	const struct ipv6hdr *ip6h = (const struct ipv6hdr *)skb->data;
	const unsigned int off = sizeof(*ip6h);
	enum nat64_fast_verdict verdict;
	unsigned int len = skb->len;
	enum nat64_reason reason;
	struct nat64_tuple4 t;
	struct nat64_hdrs h;
	__wsum from;
	__be16 id;
	bool df;
	u8 *l4;

	if (skb_headlen(skb) < off || len > U16_MAX ||
	    ntohs(ip6h->payload_len) != len - off ||
	    !nat64_is_plain_l4(skb, off, ip6h->nexthdr) ||
	    !nat64_fast_addrs6(ip6h))
		return false;

	l4 = skb->data + off;
	if (config->mode == NAT64_MODE_STATEFUL) {
		verdict = nat64_fast_stateful6(nat64, config, skb, ip6h, l4,
					       &t, &reason);
		if (unlikely(verdict == NAT64_FAST_DROP))
			nat64_fast_drop(nat64, skb, ip6h->nexthdr, reason);
		if (verdict != NAT64_FAST_MAPPED)
			return verdict == NAT64_FAST_DROP;
	} else if (!nat64_fast_stateless6(nat64, config, ip6h, l4, &t)) {
		return false;
	}

	h.proto = ip6h->nexthdr;
	h.tos = config->override_tos ? config->tos : ipv6_get_dsfield(ip6h);
	h.hops = ip6h->hop_limit;
	h.frag = false;
	df = len > NAT64_DF_ABOVE + NAT64_GROWTH_HDR;
	id = nat64_ip4_id(dev_net(nat64->dev), skb, &h, &t, df);

	from = nat64_csum_pair6(&ip6h->saddr, &ip6h->daddr);
	nat64_l4_rewrite_whole(l4, h.proto, from, nat64_csum_addrs4(&t),
			       t.sport, t.dport);

	skb_forward_csum(skb);
	__skb_pull(skb, off);
	skb_reset_transport_header(skb);
	nat64_push_ip4(skb, &h, &t, len - NAT64_GROWTH_HDR, df, id);
	nat64_fast_receive(nat64, skb, htons(ETH_P_IP), direct, len);
	return true;
}

/* Map a packet of a session from IPv4. The session is not touched yet. */
static struct nat64_session *
nat64_fast_session4(struct nat64_table *table,
		    const struct nat64_config *config, const struct iphdr *iph,
		    const u8 *l4, struct nat64_tuple6 *t)
{
	const __be16 *ports = (const __be16 *)l4;
	struct nat64_skey4 key;
	struct nat64_session *s;

	if (!nat64_is_steady(l4, iph->protocol) ||
	    !nat64_wkp_allows(config, iph->saddr))
		return NULL;

	key.addr = iph->daddr;
	key.port = ports[1];
	key.remote = iph->saddr;
	key.rport = ports[0];
	key.proto = iph->protocol;
	s = nat64_session_find4(table, &key);
	if (!s || !nat64_keeps_state(s, iph->protocol) ||
	    READ_ONCE(s->dns) == NAT64_DNS_ASKED)
		return NULL;

	nat64_embed(&t->src, &config->pool6, config->pool6_len, iph->saddr);
	t->dst = s->binding->key6.addr;
	t->sport = ports[0];
	t->dport = s->binding->key6.port;
	return s;
}

/* Map a packet of a stateless device from IPv4. */
static bool nat64_fast_stateless4(struct nat64_dev *nat64,
				  const struct nat64_config *config,
				  const struct iphdr *iph, const u8 *l4,
				  struct nat64_tuple6 *t)
{
	const __be16 *ports = (const __be16 *)l4;
	struct nat64_map6 map;
	struct nat64_pkt pkt;

	if (!READ_ONCE(rcu_dereference(nat64->eam)->count)) {
		t->sport = ports[0];
		t->dport = ports[1];
		nat64_embed(&t->src, &config->pool6, config->pool6_len,
			    iph->saddr);
		nat64_embed(&t->dst, &config->pool6, config->pool6_len,
			    iph->daddr);
		return nat64_wkp_allows(config, iph->saddr) &&
		       nat64_wkp_allows(config, iph->daddr);
	}

	pkt.h.t4.src = iph->saddr;
	pkt.h.t4.dst = iph->daddr;
	pkt.h.t4.sport = ports[0];
	pkt.h.t4.dport = ports[1];
	pkt.icmp_error = false;
	pkt.came_back = false;
	pkt.hairpin = false;
	if (nat64_stateless_map6(nat64, config, &pkt, &map))
		return false;

	*t = map.outer;
	return true;
}

/* Translate an IPv4 packet. */
static bool nat64_fast4(struct nat64_dev *nat64,
			const struct nat64_config *config,
			struct sk_buff *skb, bool direct)
{
	const struct iphdr *iph = (const struct iphdr *)skb->data;
	const unsigned int off = sizeof(*iph);
	struct nat64_session *s = NULL;
	unsigned int len = skb->len;
	struct nat64_tuple6 t;
	struct nat64_hdrs h;
	__wsum from;
	u8 *l4;

	if (skb_headlen(skb) < off || iph->ihl * 4 != off ||
	    ntohs(iph->tot_len) != len || ip_is_fragment(iph) ||
	    !nat64_is_plain_l4(skb, off, iph->protocol) ||
	    ip_fast_csum(iph, off / 4) || nat64_addr4_illegal(iph->saddr) ||
	    nat64_addr4_illegal(iph->daddr))
		return false;
	/* May have to be fragmented. */
	if (!(iph->frag_off & htons(IP_DF)) &&
	    len + NAT64_GROWTH_HDR > IPV6_MIN_MTU)
		return false;

	l4 = skb->data + off;
	if (config->mode == NAT64_MODE_STATEFUL) {
		s = nat64_fast_session4(nat64->table, config, iph, l4, &t);
		if (!s)
			return false;
		if (config->inbound_refresh)
			nat64_session_touch(s);
	} else if (!nat64_fast_stateless4(nat64, config, iph, l4, &t)) {
		return false;
	}

	h.proto = iph->protocol;
	h.tos = config->zeroize_traffic_class ? 0 : iph->tos;
	h.hops = iph->ttl;
	h.frag = false;

	from = csum_add((__force __wsum)iph->saddr,
			(__force __wsum)iph->daddr);
	nat64_l4_rewrite_whole(l4, h.proto, from, nat64_csum_addrs6(&t),
			       t.sport, t.dport);

	skb_forward_csum(skb);
	__skb_pull(skb, off);
	skb_reset_transport_header(skb);
	nat64_push_ip6(skb, &h, &t, len - off);
	nat64_fast_receive(nat64, skb, htons(ETH_P_IPV6), direct, len);
	return true;
}

/**
 * nat64_fast - translate a packet if it is a common one
 * @nat64: device
 * @config: of the device
 * @skb: packet, not shared, skb->data at its IP header; consumed if true is
 *	returned, else unchanged
 * @direct: may be received in the sender's context
 *
 * Context: RCU read-side section, BH disabled.
 * Return: true if it was one.
 */
bool nat64_fast(struct nat64_dev *nat64, const struct nat64_config *config,
		struct sk_buff *skb, bool direct)
{
	if (config->fast_path != NAT64_FAST_PATH_AUTO ||
	    !nat64_is_plain(nat64, skb) || !skb_headlen(skb))
		return false;

	switch (skb->data[0] >> 4) {
	case 4:
		return nat64_fast4(nat64, config, skb, direct);
	case 6:
		return nat64_fast6(nat64, config, skb, direct);
	default:
		return false;
	}
}
