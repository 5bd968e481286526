/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * nat64 - sessions, RFC 6146 section 3.2.
 */
#ifndef _NAT64_SESSION_H
#define _NAT64_SESSION_H

#include "bib.h"
#include "reason.h"
#include "table.h"
#include "walk.h"

struct nat64_config;
struct nat64_trigger;
struct tcphdr;

/**
 * enum nat64_origin - who creates a session
 * @NAT64_FROM_IPV6: a packet from IPv6
 * @NAT64_FROM_IPV4: a packet from IPv4
 * @NAT64_FROM_USER: the administrator
 */
enum nat64_origin {
	NAT64_FROM_IPV6,
	NAT64_FROM_IPV4,
	NAT64_FROM_USER,
};

/* Destination port of DNS over UDP. */
#define NAT64_DNS_PORT		53

/**
 * enum nat64_dns - progress of a DNS session
 * @NAT64_DNS_NONE: not UDP to NAT64_DNS_PORT, or no packet from IPv6 yet
 * @NAT64_DNS_ASKED: the last packet came from IPv6
 * @NAT64_DNS_ANSWERED: IPv4 has answered, the session uses dns-timeout
 */
enum nat64_dns {
	NAT64_DNS_NONE,
	NAT64_DNS_ASKED,
	NAT64_DNS_ANSWERED,
};

/* So many sessions of a binding are found by its list, and are not in
 * nat64_table.sessions. They come first in the list.
 */
#define NAT64_SESSIONS_UNHASHED		4

/* The age of a session wraps after 17 years. */
#define NAT64_SESSION_BEGAN_BITS	29

/**
 * struct nat64_session - flow through a binding
 * @node: node in nat64_table.sessions, if @hashed
 * @binding: binding of the session
 * @remote: remote IPv4 host
 * @rport: port of the remote host, 0 for ICMP
 * @state: enum nat64_state, changes under the shard's lock
 * @dns: enum nat64_dns, becomes NAT64_DNS_ANSWERED under the shard's lock
 * @used: tick of the last packet that refreshed the session
 * @began: second in which the session was created, see nat64_began(); constant
 * @counted: counted in nat64_table.remotes, under the shard's lock
 * @reset: an RST took it to NAT64_STATE_TRANS, under the shard's lock
 * @hashed: in nat64_table.sessions; constant
 * @siblings: node in the list of the binding, changed under the shard's lock
 * @due: node in a slot of the shard's wheel, under the shard's lock
 * @rcu: for freeing
 *
 * Fits into one cache line. The binding has the protocol.
 */
struct nat64_session {
	struct rhash_head node;
	struct nat64_binding *binding;
	__be32 remote;
	__be16 rport;
	u8 state;
	u8 dns;
	u32 used;
	u32 began : NAT64_SESSION_BEGAN_BITS;
	u32 counted : 1;
	u32 reset : 1;
	u32 hashed : 1;
	struct hlist_node siblings;
	union {
		struct hlist_node due;
		struct rcu_head rcu;
	};
};

/**
 * struct nat64_flow - parameters of a session to create
 * @remote: remote IPv4 host
 * @rport: port of the remote host, 0 for ICMP
 * @state: initial state
 * @origin: who creates it
 * @age: ticks since its last packet
 * @portid: socket of the request, 0 for a packet
 */
struct nat64_flow {
	__be32 remote;
	__be16 rport;
	enum nat64_state state;
	enum nat64_origin origin;
	u32 age;
	u32 portid;
};

/**
 * struct nat64_skey6 - lookup key of a session from the IPv6 side
 * @addr: IPv6 host
 * @port: port or query identifier of the IPv6 host
 * @rport: port of the remote host, 0 for ICMP
 * @remote: remote IPv4 host
 * @proto: IPPROTO_TCP, IPPROTO_UDP or IPPROTO_ICMP
 */
struct nat64_skey6 {
	struct in6_addr addr;
	__be16 port;
	__be16 rport;
	__be32 remote;
	u32 proto;
};

/**
 * struct nat64_skey4 - lookup key of a session from the IPv4 side
 * @addr: pool4 address
 * @remote: remote IPv4 host
 * @port: port or query identifier on @addr
 * @rport: port of the remote host, 0 for ICMP
 * @proto: IPPROTO_TCP, IPPROTO_UDP or IPPROTO_ICMP
 */
struct nat64_skey4 {
	__be32 addr;
	__be32 remote;
	__be16 port;
	__be16 rport;
	u32 proto;
};

/**
 * nat64_session_become - change the state of a session
 * @shard: of the session, locked
 * @s: session, not dead
 * @state: new state
 */
static inline void nat64_session_become(struct nat64_shard *shard,
					struct nat64_session *s, u8 state)
{
	nat64_count_down(&shard->counts.sessions[s->state]);
	if (state != NAT64_STATE_DEAD)
		nat64_count_one(&shard->counts.sessions[state]);
	WRITE_ONCE(s->state, state);
}

/**
 * nat64_dns_asked - initial enum nat64_dns of a session with a packet from IPv6
 * @proto: protocol of the session
 * @rport: port of the remote host
 *
 * Return: enum nat64_dns
 */
static inline u8 nat64_dns_asked(u8 proto, __be16 rport)
{
	return proto == IPPROTO_UDP && rport == htons(NAT64_DNS_PORT) ?
	       NAT64_DNS_ASKED : NAT64_DNS_NONE;
}

/**
 * nat64_session_asks - update the DNS state for a non-TCP packet from IPv6
 * @s: session
 *
 * This only prolongs the lifetime, so the session need not be armed again.
 */
static inline void nat64_session_asks(struct nat64_session *s)
{
	/* ICMP sessions have port 0. */
	if (unlikely(s->rport == htons(NAT64_DNS_PORT)) &&
	    READ_ONCE(s->dns) != NAT64_DNS_ASKED)
		WRITE_ONCE(s->dns, NAT64_DNS_ASKED);
}

/**
 * nat64_session_is_hashed - is a session in nat64_table.sessions?
 * @s: session
 *
 * Return: true if it is; then so are all that follow it in the list of the
 * binding
 */
static inline bool nat64_session_is_hashed(const struct nat64_session *s)
{
	/* Never changes, but other bits of the word do. */
	return data_race(!!s->hashed);
}

/* session.c */
struct nat64_session *nat64_session_find6(struct nat64_table *table,
					  const struct nat64_skey6 *key,
					  struct nat64_binding **binding);
struct nat64_session *nat64_session_find(struct nat64_table *table,
					 const struct nat64_binding *b,
					 __be32 remote, __be16 rport);
struct nat64_session *nat64_session_find4(struct nat64_table *table,
					  const struct nat64_skey4 *key);
struct nat64_session *nat64_session_create(struct nat64_table *table,
					   const struct nat64_config *config,
					   struct nat64_binding *b,
					   const struct nat64_flow *flow,
					   enum nat64_reason *reason);
void nat64_session_age(struct nat64_table *table,
		       const struct nat64_config *config,
		       struct nat64_session *s);
void nat64_session_kill(struct nat64_table *table, struct nat64_session *s,
			const struct nat64_trigger *trigger);
void nat64_session_end(struct nat64_table *table, struct nat64_session *s,
		       const struct nat64_trigger *trigger);
void nat64_sessions_walk(struct nat64_table *table, nat64_visit *visit,
			 const void *arg);
int nat64_sessions_init(struct nat64_table *table);
void nat64_sessions_free_unhashed(struct nat64_binding *b);
void nat64_sessions_destroy(struct nat64_table *table);
int nat64_session_cache_create(void);
void nat64_session_cache_destroy(void);
u32 nat64_binding_sessions(const struct nat64_binding *b);

/* tcp.c */
bool nat64_tcp_flags_ok(const struct tcphdr *th);
bool nat64_tcp_opens(const struct tcphdr *th);
void nat64_tcp_step(struct nat64_table *table,
		    const struct nat64_config *config, struct nat64_session *s,
		    const struct tcphdr *th, bool from6);

#endif /* _NAT64_SESSION_H */
