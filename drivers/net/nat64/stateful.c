// SPDX-License-Identifier: GPL-2.0-only
/*
 * nat64 - stateful mapping with bindings and sessions, RFC 6146 sections 3.4 to
 * 3.7.
 */
#include <linux/tcp.h>
#include <net/ipv6.h>

#include "addr.h"
#include "bib.h"
#include "config.h"
#include "events.h"
#include "map.h"
#include "memcg.h"
#include "nat64.h"
#include "netlink-notify.h"
#include "pool4.h"
#include "remote.h"
#include "session.h"
#include "subscriber.h"
#include "synstore.h"
#include "table.h"
#include "wheel.h"

/* Protocol number used in the tables. */
static u8 nat64_table_proto(u8 proto)
{
	return proto == IPPROTO_ICMPV6 ? IPPROTO_ICMP : proto;
}

static bool nat64_is_stateful_proto(u8 proto)
{
	return proto == IPPROTO_TCP || proto == IPPROTO_UDP ||
	       proto == IPPROTO_ICMP || proto == IPPROTO_ICMPV6;
}

static enum nat64_state nat64_first_state(u8 proto, bool from6)
{
	switch (proto) {
	case IPPROTO_TCP:
		return from6 ? NAT64_STATE_V6_INIT : NAT64_STATE_V4_INIT;
	case IPPROTO_UDP:
		return NAT64_STATE_UDP;
	default:
		return NAT64_STATE_ICMP;
	}
}

/* Can the quoted packet of an ICMP error be matched to a session? This needs
 * the first eight bytes of the transport header (RFC 6146 section 3.4) and a
 * valid checksum of the quoted IPv4 header (RFC 5508 REQ-3).
 */
static bool nat64_quote_ok(const struct nat64_pkt *pkt)
{
	return nat64_is_stateful_proto(pkt->quoted.proto) &&
	       !pkt->quoted.frag_off && !pkt->quoted.bad_csum &&
	       pkt->quote_len >= 8;
}

/* Set the session key of a packet from IPv6 to the IPv4 host @remote. */
static void nat64_skey6_set(struct nat64_skey6 *key,
			    const struct in6_addr *addr, __be16 port,
			    __be32 remote, __be16 rport, u8 proto)
{
	key->addr = *addr;
	key->port = port;
	key->remote = remote;
	key->proto = nat64_table_proto(proto);
	key->rport = key->proto == IPPROTO_ICMP ? 0 : rport;
}

static void nat64_skey4_set(struct nat64_skey4 *key, __be32 addr, __be16 port,
			    __be32 remote, __be16 rport, u8 proto)
{
	key->addr = addr;
	key->port = port;
	key->remote = remote;
	key->proto = proto;
	key->rport = proto == IPPROTO_ICMP ? 0 : rport;
}

/* Update state and lifetime of a session for a packet. */
static void nat64_session_seen(struct nat64_table *table,
			       const struct nat64_config *config,
			       const struct sk_buff *skb,
			       const struct nat64_pkt *pkt,
			       struct nat64_session *s, bool from6)
{
	if (pkt->h.proto == IPPROTO_TCP) {
		nat64_tcp_step(table, config, s, (const struct tcphdr *)
			       (skb->data + pkt->h.l4_off), from6);
		return;
	}

	if (from6)
		nat64_session_asks(s);
	else if (unlikely(READ_ONCE(s->dns) == NAT64_DNS_ASKED))
		nat64_session_answered(table, config, s);
	if (from6 || config->inbound_refresh)
		nat64_session_touch(s);
}

/* Create a binding with an address of pool4 or of the host. */
static struct nat64_binding *
nat64_binding_new(struct nat64_table *table, const struct nat64_config *config,
		  const struct nat64_key6 *key, __be32 remote, u32 mark,
		  enum nat64_reason *reason)
{
	struct nat64_key4 want;

	if (!config->pool4_host)
		return nat64_binding_create(table, config, key, NULL, mark,
					    reason);

	*reason = nat64_pool4_alloc_host(table->nat64, config, key, remote,
					 mark, &want);
	if (*reason) {
		nat64_refused(table, config, key, *reason);
		return NULL;
	}

	return nat64_binding_create(table, config, key, &want, mark, reason);
}

/* Create the binding for the first packet of a flow from IPv6, unless @b is it.
 * RFC 6146 section 3.5.2.2: discard a stored SYN from IPv4 for the same
 * connection. It may be forged, so it must not affect the port or the state.
 */
static struct nat64_binding *
nat64_binding_open6(struct nat64_table *table,
		    const struct nat64_config *config,
		    const struct nat64_skey6 *skey, struct nat64_binding *b,
		    u32 mark, enum nat64_reason *reason)
{
	struct nat64_key6 key = {
		.addr = skey->addr,
		.port = skey->port,
		.proto = skey->proto,
	};
	struct nat64_skey4 waits;

	if (!b)
		b = nat64_binding_new(table, config, &key, skey->remote, mark,
				      reason);
	if (b && skey->proto == IPPROTO_TCP) {
		nat64_skey4_set(&waits, b->addr4, b->port4, skey->remote,
				skey->rport, skey->proto);
		nat64_syn_forget(table, &waits);
	}

	return b;
}

/**
 * nat64_session_open6 - open a session for the first packet of a flow from IPv6
 * @table: of the device
 * @config: of the device
 * @key: of the session, which has not been found; addresses checked
 * @b: binding of the IPv6 transport address, NULL to create it
 * @mark: mark of the packet
 * @reason: set to the drop reason if NULL is returned
 *
 * Context: RCU read-side section, BH disabled.
 * Return: session, or NULL.
 */
struct nat64_session *nat64_session_open6(struct nat64_table *table,
					  const struct nat64_config *config,
					  const struct nat64_skey6 *key,
					  struct nat64_binding *b, u32 mark,
					  enum nat64_reason *reason)
{
	struct nat64_flow flow = {
		.remote = key->remote,
		.rport = key->rport,
		.state = nat64_first_state(key->proto, true),
		.origin = NAT64_FROM_IPV6,
	};
	struct nat64_session *s = NULL;
	struct mem_cgroup *memcg;

	memcg = nat64_memcg_enter(table);
	while (!s) {
		b = nat64_binding_open6(table, config, key, b, mark, reason);
		if (!b)
			break;
		s = nat64_session_create(table, config, b, &flow, reason);
		if (s || *reason)
			break;
		/* The binding died before its shard was locked. */
		s = nat64_session_find6(table, key, &b);
	}

	if (!s)
		nat64_notify_refused(table, &key->addr, key->proto, *reason);
	nat64_memcg_leave(table, memcg);
	return s;
}

static void nat64_map4_session(const struct nat64_session *s,
			       const struct nat64_binding *b,
			       struct nat64_tuple4 *t)
{
	t->src = b->addr4;
	t->sport = b->port4;
	t->dst = s->remote;
	t->dport = b->key6.proto == IPPROTO_ICMP ? b->port4 : s->rport;
}

/* ICMP error from IPv6 about a packet of a session, RFC 6146 sections 3.4 and
 * 3.7. The session's IPv6 host is the destination of the quoted packet. The
 * error does not change the session. Any router may send it, but only to the
 * source of the quoted packet: others do not communicate with the pool4
 * address.
 */
static enum nat64_reason
nat64_stateful_error4(struct nat64_table *table,
		      const struct nat64_config *config,
		      const struct nat64_pkt *pkt, struct nat64_map4 *map)
{
	const struct nat64_tuple6 *q = &pkt->quoted.t6;
	const struct nat64_session *s;
	struct nat64_skey6 key;
	struct nat64_binding *b;

	if (!nat64_quote_ok(pkt) ||
	    !ipv6_prefix_equal(&q->src, &config->pool6, config->pool6_len) ||
	    nat64_extract(&q->src, config->pool6_len) != map->outer.dst)
		return NAT64_DROP_ICMP_QUOTE;

	nat64_skey6_set(&key, &q->dst, q->dport,
			nat64_extract(&q->src, config->pool6_len), q->sport,
			pkt->quoted.proto);
	s = nat64_session_find6(table, &key, &b);
	if (!s)
		return NAT64_DROP_ICMP_SESSION;

	map->quoted.src = s->remote;
	map->quoted.sport = b->key6.proto == IPPROTO_ICMP ? b->port4 : s->rport;
	map->quoted.dst = b->addr4;
	map->quoted.dport = b->port4;
	map->outer.src = b->addr4;
	return NAT64_OK;
}

/**
 * nat64_stateful_map4 - map addresses and ports of an IPv6 packet to IPv4
 * @nat64: device
 * @config: of the device
 * @skb: packet, not a fragment
 * @pkt: parsed headers, addresses checked
 * @map: result
 *
 * Context: RCU read-side section, BH disabled.
 * Return: NAT64_OK or the drop reason.
 */
enum nat64_reason nat64_stateful_map4(struct nat64_dev *nat64,
				      const struct nat64_config *config,
				      const struct sk_buff *skb,
				      const struct nat64_pkt *pkt,
				      struct nat64_map4 *map)
{
	struct nat64_table *table = nat64->table;
	const struct nat64_hdrs *h = &pkt->h;
	enum nat64_reason reason;
	struct nat64_session *s;
	struct nat64_binding *b;
	struct nat64_skey6 key;
	const struct tcphdr *th;
	__be32 remote;

	/* Avoid loops, RFC 6146 section 3.5. */
	if (ipv6_prefix_equal(&h->t6.src, &config->pool6, config->pool6_len))
		return NAT64_DROP_SRC_IN_POOL6;
	if (!nat64_is_stateful_proto(h->proto))
		return NAT64_DROP_PROTOCOL;
	reason = nat64_pool6_dst(config, pkt, &h->t6.dst, &remote);
	if (reason)
		return reason;
	map->outer.dst = remote;
	if (pkt->icmp_error)
		return nat64_stateful_error4(table, config, pkt, map);

	if (h->proto == IPPROTO_ICMPV6 && config->drop_icmpv6_info)
		return NAT64_DROP_ICMPV6_INFO;

	th = (const struct tcphdr *)(skb->data + h->l4_off);
	if (h->proto == IPPROTO_TCP && !nat64_tcp_flags_ok(th))
		return NAT64_DROP_TCP_FLAGS;

	nat64_skey6_set(&key, &h->t6.src, h->t6.sport, remote, h->t6.dport,
			h->proto);
	s = nat64_session_find6(table, &key, &b);
	if (likely(s)) {
		nat64_session_seen(table, config, skb, pkt, s, true);
		nat64_map4_session(s, b, &map->outer);
		return NAT64_OK;
	}

	/* RFC 6146 section 3.5.2.2: only a SYN creates a session. Other
	 * segments use an existing binding without changing state.
	 */
	if (h->proto == IPPROTO_TCP && !nat64_tcp_opens(th)) {
		if (!b)
			return NAT64_DROP_TCP_NO_SESSION;
		map->outer.src = b->addr4;
		map->outer.sport = b->port4;
		map->outer.dst = key.remote;
		map->outer.dport = key.rport;
		return NAT64_OK;
	}

	s = nat64_session_open6(table, config, &key, b, skb->mark, &reason);
	if (!s)
		return reason;

	nat64_map4_session(s, s->binding, &map->outer);
	return NAT64_OK;
}

static void nat64_map6_binding(const struct nat64_binding *b,
			       const struct nat64_tuple4 *from,
			       struct nat64_tuple6 *t)
{
	t->dst = b->key6.addr;
	t->dport = b->key6.port;
	t->sport = b->key6.proto == IPPROTO_ICMP ? b->key6.port : from->sport;
}

/* ICMP error from IPv4 about a packet of a session, see
 * nat64_stateful_error4(). The outer source remains the router that sent the
 * error (RFC 5508 REQ-4), so that traceroute shows it, unless the user
 * configured the literal behaviour of RFC 6146 section 3.6.
 */
static enum nat64_reason
nat64_stateful_error6(struct nat64_table *table,
		      const struct nat64_config *config,
		      const struct nat64_pkt *pkt, struct nat64_map6 *map)
{
	const struct nat64_tuple4 *q = &pkt->quoted.t4;
	const struct nat64_binding *b;
	const struct nat64_session *s;
	struct nat64_skey4 key;

	if (!nat64_quote_ok(pkt) || q->src != pkt->h.t4.dst)
		return NAT64_DROP_ICMP_QUOTE;

	nat64_skey4_set(&key, q->src, q->sport, q->dst, q->dport,
			pkt->quoted.proto);
	s = nat64_session_find4(table, &key);
	if (!s)
		return NAT64_DROP_ICMP_SESSION;

	b = s->binding;
	map->quoted.src = b->key6.addr;
	map->quoted.sport = b->key6.port;
	nat64_embed(&map->quoted.dst, &config->pool6, config->pool6_len,
		    s->remote);
	map->quoted.dport = b->key6.proto == IPPROTO_ICMP ? b->key6.port :
							    s->rport;
	map->outer.dst = b->key6.addr;
	if (!config->better_icmp6_source)
		map->outer.src = map->quoted.dst;
	return NAT64_OK;
}

static enum nat64_reason nat64_no_binding(u8 proto)
{
	switch (proto) {
	case IPPROTO_TCP:
		return NAT64_DROP_NO_BINDING_TCP;
	case IPPROTO_UDP:
		return NAT64_DROP_NO_BINDING_UDP;
	default:
		return NAT64_DROP_NO_BINDING_ICMP;
	}
}

/* May an IPv4 packet without a session use a binding? With address-dependent
 * filtering, the binding needs a session with the same IPv4 host, at any port
 * (RFC 4787 section 5).
 */
static enum nat64_reason nat64_filter4(struct nat64_table *table,
				       const struct nat64_config *config,
				       const struct nat64_binding *b,
				       __be32 remote)
{
	if (!config->address_dependent_filtering ||
	    nat64_remote_known(table, b, remote))
		return NAT64_OK;

	return b->key6.proto == IPPROTO_TCP ? NAT64_DROP_TCP_FILTERED :
					      NAT64_DROP_FILTERED;
}

/* First packet of a flow from IPv4, RFC 6146 sections 3.5.1 to 3.5.3. A SYN
 * that may not pass is stored, in case IPv6 opens the same connection.
 */
static enum nat64_reason
nat64_session_open4(struct nat64_table *table,
		    const struct nat64_config *config, struct sk_buff *skb,
		    const struct nat64_pkt *pkt,
		    const struct nat64_skey4 *skey, struct nat64_map6 *map)
{
	bool tcp = skey->proto == IPPROTO_TCP;
	bool syn = tcp && nat64_tcp_opens((const struct tcphdr *)
					  (skb->data + pkt->h.l4_off));
	struct nat64_key4 key = {
		.addr = skey->addr,
		.port = skey->port,
		.proto = skey->proto,
	};
	struct nat64_flow flow = {
		.remote = skey->remote,
		.rport = skey->rport,
		.state = nat64_first_state(key.proto, false),
		.origin = NAT64_FROM_IPV4,
	};
	enum nat64_reason reason;
	struct nat64_session *s;
	struct nat64_binding *b;

	if (syn && config->drop_external_tcp)
		return NAT64_DROP_TCP_EXTERNAL;
	/* A binding created since the first SYN must not let a retransmission
	 * in.
	 */
	if (syn && nat64_syn_waits(table, skey))
		return NAT64_DROP_SYN_AGAIN;

	do {
		b = nat64_binding_find4(table, &key);
		reason = b ? nat64_filter4(table, config, b, skey->remote) :
			     nat64_no_binding(key.proto);
		if (reason)
			return syn ? nat64_syn_add(table, config, skb, skey) :
				     reason;
		/* RFC 6146 section 3.5.2.2: only a SYN creates a session. */
		if (tcp && !syn)
			break;

		s = nat64_session_create(table, config, b, &flow, &reason);
		if (!s && reason) {
			nat64_notify_refused(table, &b->key6.addr, key.proto,
					     reason);
			return reason;
		}
		if (s && !tcp && !config->inbound_refresh)
			nat64_session_age(table, config, s);
	} while (!s);

	nat64_map6_binding(b, &pkt->h.t4, &map->outer);
	return NAT64_OK;
}

/**
 * nat64_stateful_map6 - map addresses and ports of an IPv4 packet to IPv6
 * @nat64: device
 * @config: of the device
 * @skb: packet, not a fragment; consumed if NAT64_STORED is returned
 * @pkt: parsed headers, addresses checked
 * @map: result
 *
 * Context: RCU read-side section, BH disabled.
 * Return: NAT64_OK, NAT64_STORED or the drop reason.
 */
enum nat64_reason nat64_stateful_map6(struct nat64_dev *nat64,
				      const struct nat64_config *config,
				      struct sk_buff *skb,
				      const struct nat64_pkt *pkt,
				      struct nat64_map6 *map)
{
	struct nat64_table *table = nat64->table;
	const struct nat64_hdrs *h = &pkt->h;
	const struct tcphdr *th;
	enum nat64_reason reason;
	struct mem_cgroup *memcg;
	struct nat64_session *s;
	struct nat64_skey4 key;

	if (!nat64_is_stateful_proto(h->proto))
		return NAT64_DROP_PROTOCOL;
	reason = nat64_pool6_embed(config, pkt, h->t4.src, &map->outer.src);
	if (reason)
		return reason;
	if (pkt->icmp_error)
		return nat64_stateful_error6(table, config, pkt, map);
	if (h->proto == IPPROTO_ICMP && config->drop_icmpv6_info)
		return NAT64_DROP_ICMPV6_INFO;

	th = (const struct tcphdr *)(skb->data + h->l4_off);
	if (h->proto == IPPROTO_TCP && !nat64_tcp_flags_ok(th))
		return NAT64_DROP_TCP_FLAGS;

	nat64_skey4_set(&key, h->t4.dst, h->t4.dport, h->t4.src, h->t4.sport,
			h->proto);
	s = nat64_session_find4(table, &key);
	if (unlikely(!s)) {
		memcg = nat64_memcg_enter(table);
		reason = nat64_session_open4(table, config, skb, pkt, &key,
					     map);
		nat64_memcg_leave(table, memcg);
		return reason;
	}
	/* A SYN would reopen a closing connection from IPv4. */
	if (unlikely((s->state == NAT64_STATE_V46_FIN ||
		      s->state == NAT64_STATE_TRANS) && nat64_tcp_opens(th) &&
		     config->drop_external_tcp))
		return NAT64_DROP_TCP_EXTERNAL;

	nat64_session_seen(table, config, skb, pkt, s, false);
	nat64_map6_binding(s->binding, &h->t4, &map->outer);
	return NAT64_OK;
}
