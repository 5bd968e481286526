// SPDX-License-Identifier: GPL-2.0-only
/*
 * nat64 - probes of idle TCP connections, RFC 6146 section 3.5.2.2: the host
 * answers with an ACK if it still has the connection, otherwise with an RST.
 */
#include <linux/skbuff.h>
#include <linux/tcp.h>
#include <net/ip6_checksum.h>
#include <net/ipv6.h>

#include "addr.h"
#include "config.h"
#include "nat64.h"
#include "output.h"
#include "probe.h"
#include "session.h"

#define NAT64_PROBE_LEN	(sizeof(struct ipv6hdr) + sizeof(struct tcphdr))

#define NAT64_PROBE_HOP_LIMIT	64

/**
 * nat64_probe_create - build the probe of a session, sent to its IPv6 host
 * @config: of the device
 * @s: TCP session
 *
 * Context: RCU read-side section.
 * Return: packet, NULL if out of memory.
 */
struct sk_buff *nat64_probe_create(const struct nat64_config *config,
				   const struct nat64_session *s)
{
	const struct nat64_key6 *host = &s->binding->key6;
	struct ipv6hdr *ip6h;
	struct sk_buff *skb;
	struct tcphdr *th;

	skb = alloc_skb(LL_MAX_HEADER + NAT64_PROBE_LEN,
			GFP_ATOMIC | __GFP_NOWARN);
	if (!skb)
		return NULL;
	skb_reserve(skb, LL_MAX_HEADER);

	ip6h = skb_put_zero(skb, sizeof(*ip6h));
	ip6_flow_hdr(ip6h, 0, 0);
	ip6h->payload_len = htons(sizeof(*th));
	ip6h->nexthdr = IPPROTO_TCP;
	ip6h->hop_limit = NAT64_PROBE_HOP_LIMIT;
	nat64_embed(&ip6h->saddr, &config->pool6, config->pool6_len,
		    s->remote);
	ip6h->daddr = host->addr;

	th = skb_put_zero(skb, sizeof(*th));
	th->source = s->rport;
	th->dest = host->port;
	th->doff = sizeof(*th) / 4;
	th->ack = 1;
	th->check = csum_ipv6_magic(&ip6h->saddr, &ip6h->daddr, sizeof(*th),
				    IPPROTO_TCP,
				    csum_partial(th, sizeof(*th), 0));

	return skb;
}

/**
 * nat64_probe_send - send probes as if the device had translated them
 * @nat64: device
 * @probes: packets of nat64_probe_create(); emptied
 *
 * Context: process context, no lock held.
 */
void nat64_probe_send(struct nat64_dev *nat64, struct sk_buff_head *probes)
{
	struct sk_buff *skb;

	while ((skb = __skb_dequeue(probes))) {
		local_bh_disable();
		rcu_read_lock();
		if (!netif_running(nat64->dev))
			kfree_skb(skb);
		else if (!nat64_receive(nat64, skb, htons(ETH_P_IPV6), false))
			nat64_count(nat64, NAT64_DROP_BACKLOG);
		rcu_read_unlock();
		local_bh_enable();
	}
}
