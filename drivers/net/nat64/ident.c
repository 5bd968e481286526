// SPDX-License-Identifier: GPL-2.0-only
/*
 * nat64 - identifications of IPv4 packets, from the counters that the stack has
 * for its own packets with the same addresses and protocol. For flows, each CPU
 * reserves a few at once.
 */
#include <linux/hash.h>
#include <linux/ip.h>
#include <linux/jiffies.h>
#include <linux/local_lock.h>
#include <linux/percpu.h>
#include <linux/skbuff.h>
#include <net/ip.h>

#include "xlat.h"

/* Identifications to reserve. A flow that others displace loses what is left. */
#define NAT64_IDENTS_RESERVED	8

/* Reserved identifications are used so soon that the counter has not wrapped. */
#define NAT64_IDENTS_JIFFIES	(HZ / 10)

#define NAT64_IDENTS_BITS	5

/**
 * struct nat64_ident - last packet with certain hash, and reserved
 *	identifications for the next ones like it
 * @net: namespace, only compared
 * @saddr: source address
 * @daddr: destination address
 * @since: jiffies of the reservation
 * @next: identification
 * @left: number of identifications
 * @proto: protocol
 */
struct nat64_ident {
	const struct net *net;
	__be32 saddr;
	__be32 daddr;
	u32 since;
	u16 next;
	u8 left;
	u8 proto;
};

struct nat64_idents {
	local_lock_t lock;
	struct nat64_ident slots[1 << NAT64_IDENTS_BITS];
};

static DEFINE_PER_CPU(struct nat64_idents, nat64_idents) = {
	.lock = INIT_LOCAL_LOCK(lock),
};

static noinline __be16 nat64_reserve_ids(struct net *net,
					 const struct nat64_tuple4 *t,
					 u8 proto, int count)
{
	struct iphdr iph = {
		.saddr = t->src,
		.daddr = t->dst,
		.protocol = proto,
	};

	__ip_select_ident(net, &iph, count);
	return iph.id;
}

/* One more like the last? Then more may follow. */
static u16 nat64_next_id(struct net *net, const struct nat64_tuple4 *t,
			 u8 proto)
{
	u32 hash = hash_32((__force u32)t->src + (__force u32)t->dst + proto,
			   NAT64_IDENTS_BITS);
	u32 now = (u32)jiffies;
	struct nat64_ident *i;
	u8 count = 1;
	u16 id;

	local_lock_nested_bh(&nat64_idents.lock);
	i = &this_cpu_ptr(&nat64_idents)->slots[hash];
	if (likely(i->daddr == t->dst && i->saddr == t->src &&
		   i->proto == proto && i->net == net)) {
		if (i->left && now - i->since <= NAT64_IDENTS_JIFFIES)
			goto found;
		count = NAT64_IDENTS_RESERVED;
	}

	i->net = net;
	i->saddr = t->src;
	i->daddr = t->dst;
	i->proto = proto;
	i->since = now;
	i->next = ntohs(nat64_reserve_ids(net, t, proto, count));
	i->left = count;
found:
	id = i->next++;
	i->left--;
	local_unlock_nested_bh(&nat64_idents.lock);

	return id;
}

/**
 * nat64_ip4_id - identification of an IPv4 packet without Fragment Header
 * @net: namespace of the device
 * @skb: packet
 * @h: its IPv6 headers
 * @t: IPv4 addresses
 * @df: the packet has Don't Fragment set
 *
 * Only packets that may be fragmented need a unique one, RFC 6864 section 4.
 *
 * Context: BH disabled.
 * Return: identification.
 */
__be16 nat64_ip4_id(struct net *net, const struct sk_buff *skb,
		    const struct nat64_hdrs *h, const struct nat64_tuple4 *t,
		    bool df)
{
	if (df || h->frag)
		return 0;
	if (unlikely(skb_shinfo(skb)->gso_segs > 1))
		return nat64_reserve_ids(net, t, h->proto,
					 skb_shinfo(skb)->gso_segs);
	return htons(nat64_next_id(net, t, h->proto));
}
