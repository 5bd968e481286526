// SPDX-License-Identifier: GPL-2.0-only
/*
 * nat64 - packets to the host's own addresses that belong to our bindings.
 *
 * LOCAL_IN takes them: the host has checked the source (rp_filter), conntrack
 * has undone the host's other NAT, and fragments are reassembled. Forwarded
 * packets do not pass this hook.
 */
#include <linux/icmp.h>
#include <linux/netdevice.h>
#include <net/ip.h>
#include <net/l3mdev.h>

#include "bib.h"
#include "borrow.h"
#include "config.h"
#include "host.h"
#include "icmp.h"
#include "nat64.h"
#include "packet.h"
#include "pool4.h"
#include "session.h"
#include "table.h"

/* Is this an echo reply of a session, or an error about one of its packets? */
static bool nat64_input_icmp(struct nat64_table *table, struct sk_buff *skb)
{
	const struct nat64_tuple4 *q;
	struct nat64_pkt pkt = {};
	struct nat64_skey4 key;

	if (nat64_parse4(skb, &pkt) || !nat64_is_whole(&pkt.h) ||
	    nat64_parse_l4(skb, &pkt, false))
		return false;

	if (!pkt.icmp_error) {
		key = (struct nat64_skey4) {
			.addr = pkt.h.t4.dst,
			.remote = pkt.h.t4.src,
			.port = pkt.h.t4.dport,
			.proto = IPPROTO_ICMP,
		};
		/* The host itself answers echo requests to its addresses. */
		return skb->data[pkt.h.l4_off] == ICMP_ECHOREPLY &&
		       nat64_session_find4(table, &key);
	}

	q = &pkt.quoted.t4;
	if (pkt.quoted.frag_off || pkt.quote_len < 8 || q->src != pkt.h.t4.dst)
		return false;
	key = (struct nat64_skey4) {
		.addr = q->src,
		.remote = q->dst,
		.port = q->sport,
		.rport = pkt.quoted.proto == IPPROTO_ICMP ? 0 : q->dport,
		.proto = pkt.quoted.proto,
	};
	return nat64_session_find4(table, &key);
}

/* Can this port have a binding? Avoids lookups for the host's own ports. */
static bool nat64_input_port(const struct nat64_dev *nat64, u8 proto,
			     __be32 addr, __be16 port)
{
	const struct nat64_config *config = rcu_dereference(nat64->config);

	if (READ_ONCE(nat64->table->statics))
		return true;
	if (config->pool4_host)
		return nat64_host_port(config, port);

	return nat64_pool4_has(config, proto, addr, port);
}

/* Is this a packet of a session, or a new flow to a binding? New flows go to
 * the host's own sockets first.
 */
static bool nat64_input_ports(struct nat64_dev *nat64,
			      const struct sk_buff *skb)
{
	const struct iphdr *iph = ip_hdr(skb);
	const __be16 *ports;
	__be16 _ports[2];
	struct nat64_skey4 skey = {
		.addr = iph->daddr,
		.remote = iph->saddr,
		.proto = iph->protocol,
	};
	struct nat64_key4 key = {
		.addr = iph->daddr,
		.proto = iph->protocol,
	};

	ports = skb_header_pointer(skb, ip_hdrlen(skb), sizeof(_ports), _ports);
	if (!ports || !nat64_input_port(nat64, iph->protocol, iph->daddr,
					ports[1]))
		return false;

	skey.rport = ports[0];
	skey.port = ports[1];
	if (nat64_session_find4(nat64->table, &skey))
		return true;

	key.port = ports[1];
	return nat64_binding_find4(nat64->table, &key) &&
	       !nat64_host_uses(dev_net(nat64->dev), iph->protocol,
				iph->daddr, ports[1]);
}

static bool nat64_input_ours(struct nat64_dev *nat64, struct sk_buff *skb)
{
	/* Addresses belong to one VRF. */
	if (skb->pkt_type != PACKET_HOST ||
	    l3mdev_master_ifindex_rcu(skb->dev) !=
	    l3mdev_master_ifindex_rcu(nat64->dev))
		return false;

	switch (ip_hdr(skb)->protocol) {
	case IPPROTO_TCP:
	case IPPROTO_UDP:
		return nat64_input_ports(nat64, skb);
	case IPPROTO_ICMP:
		return nat64_input_icmp(nat64->table, skb);
	default:
		return false;
	}
}

/* Output function of ip_do_fragment(). */
static int nat64_input_xmit(struct net *net, struct sock *sk,
			    struct sk_buff *skb)
{
	return dev_queue_xmit(skb);
}

/**
 * nat64_borrow_input - LOCAL_IN hook: send packets for bindings to the device
 * @priv: device
 * @skb: packet for local delivery
 * @state: hook state
 *
 * Context: RCU read-side section.
 * Return: NF_STOLEN or NF_ACCEPT.
 */
unsigned int nat64_borrow_input(void *priv, struct sk_buff *skb,
				const struct nf_hook_state *state)
{
	struct nat64_dev *nat64 = priv;

	if (!nat64_input_ours(nat64, skb))
		return NF_ACCEPT;

	/* Drop the socket of early demux. */
	skb_orphan(skb);
	/* As for forwarding: a qdisc would take it for a departure time. */
	skb_clear_tstamp(skb);
	skb->dev = nat64->dev;
	if (!IPCB(skb)->frag_max_size) {
		dev_queue_xmit(skb);
		return NF_STOLEN;
	}

	/* Fragment it again as received, so that the fragment size is known. */
	skb->ignore_df = 1;
	ip_do_fragment(state->net, NULL, skb, nat64_input_xmit);
	return NF_STOLEN;
}
