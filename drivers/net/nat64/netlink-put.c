// SPDX-License-Identifier: GPL-2.0-only
/*
 * nat64 - generic netlink: attributes of table entries, for replies and events.
 */
#include <net/ipv6.h>
#include <net/netlink.h>
#include <uapi/linux/nat64_netlink.h>

#include "addr.h"
#include "bib.h"
#include "config.h"
#include "netlink-put.h"
#include "pool4-use.h"
#include "session.h"
#include "table.h"
#include "wheel.h"

/**
 * nat64_nl_is_proto - is this a protocol that bindings can have?
 * @proto: IPv4 protocol number
 *
 * Return: true if it is
 */
bool nat64_nl_is_proto(u8 proto)
{
	return proto == IPPROTO_TCP || proto == IPPROTO_UDP ||
	       proto == IPPROTO_ICMP;
}

/**
 * nat64_nl_put_binding - add a binding to a message
 * @skb: message
 * @b: binding
 *
 * Context: RCU read-side section, or the binding's shard is locked.
 * Return: 0, or -EMSGSIZE with a partial nest left in the message.
 */
int nat64_nl_put_binding(struct sk_buff *skb, const struct nat64_binding *b)
{
	struct nlattr *nest;

	nest = nla_nest_start(skb, NAT64_A_BINDING);
	if (!nest ||
	    nla_put_u8(skb, NAT64_A_BINDING_PROTO, b->key6.proto) ||
	    nla_put_in6_addr(skb, NAT64_A_BINDING_ADDR6, &b->key6.addr) ||
	    nla_put_be16(skb, NAT64_A_BINDING_PORT6, b->key6.port) ||
	    nla_put_in_addr(skb, NAT64_A_BINDING_ADDR4, b->addr4) ||
	    nla_put_be16(skb, NAT64_A_BINDING_PORT4, b->port4) ||
	    (b->is_static &&
	     nla_put_flag(skb, NAT64_A_BINDING_STATIC)) ||
	    nla_put_u32(skb, NAT64_A_BINDING_SESSIONS,
			nat64_binding_sessions(b)))
		return -EMSGSIZE;
	nla_nest_end(skb, nest);

	return 0;
}

static const u8 nat64_nl_states[NAT64_STATE_COUNT] = {
	[NAT64_STATE_V6_INIT] = NAT64_TCP_STATE_V6_INIT,
	[NAT64_STATE_V4_INIT] = NAT64_TCP_STATE_V4_INIT,
	[NAT64_STATE_EST] = NAT64_TCP_STATE_ESTABLISHED,
	[NAT64_STATE_V6_FIN] = NAT64_TCP_STATE_V6_FIN_RCV,
	[NAT64_STATE_V4_FIN] = NAT64_TCP_STATE_V4_FIN_RCV,
	[NAT64_STATE_V46_FIN] = NAT64_TCP_STATE_V4_V6_FIN_RCV,
	[NAT64_STATE_TRANS] = NAT64_TCP_STATE_TRANS,
};

/**
 * nat64_nl_state - convert a session state to its uapi value
 * @state: enum nat64_state
 *
 * Return: enum nat64_tcp_state, 0 if the session is not TCP or is dead.
 */
u8 nat64_nl_state(u8 state)
{
	return state < NAT64_STATE_COUNT ? nat64_nl_states[state] : 0;
}

/**
 * nat64_nl_put_session - add a session to a message
 * @skb: message
 * @config: of the device
 * @s: session
 *
 * Context: RCU read-side section.
 * Return: 0, or -EMSGSIZE with a partial nest left in the message.
 */
int nat64_nl_put_session(struct sk_buff *skb,
			 const struct nat64_config *config,
			 const struct nat64_session *s)
{
	u8 state = nat64_nl_state(READ_ONCE(s->state));
	const struct nat64_binding *b = s->binding;
	struct in6_addr remote6;
	struct nlattr *nest;

	nat64_embed(&remote6, &config->pool6, config->pool6_len, s->remote);
	nest = nla_nest_start(skb, NAT64_A_SESSION);
	if (!nest ||
	    nla_put_u8(skb, NAT64_A_SESSION_PROTO, b->key6.proto) ||
	    nla_put_in6_addr(skb, NAT64_A_SESSION_ADDR6, &b->key6.addr) ||
	    nla_put_be16(skb, NAT64_A_SESSION_PORT6, b->key6.port) ||
	    nla_put_in_addr(skb, NAT64_A_SESSION_ADDR4, b->addr4) ||
	    nla_put_be16(skb, NAT64_A_SESSION_PORT4, b->port4) ||
	    nla_put_in_addr(skb, NAT64_A_SESSION_REMOTE4, s->remote) ||
	    (b->key6.proto != IPPROTO_ICMP &&
	     nla_put_be16(skb, NAT64_A_SESSION_REMOTE_PORT, s->rport)) ||
	    nla_put_in6_addr(skb, NAT64_A_SESSION_REMOTE6, &remote6) ||
	    (state && nla_put_u32(skb, NAT64_A_SESSION_STATE, state)) ||
	    nla_put_u32(skb, NAT64_A_SESSION_EXPIRES,
			nat64_session_left(config, s)))
		return -EMSGSIZE;
	nla_nest_end(skb, nest);

	return 0;
}

/**
 * nat64_nl_put_entry - add a pool4 entry to a message
 * @skb: message
 * @type: attribute
 * @entry: pool4 entry
 *
 * Return: 0, or -EMSGSIZE with a partial nest left in the message.
 */
int nat64_nl_put_entry(struct sk_buff *skb, int type,
		       const struct nat64_pool4_entry *entry)
{
	u8 len = 32 - fls(entry->addrs.first ^ entry->addrs.last);
	struct nlattr *nest = nla_nest_start(skb, type);

	if (!nest ||
	    nla_put_in_addr(skb, NAT64_A_POOL4_ENTRY_PREFIX,
			    htonl(entry->addrs.first)) ||
	    nla_put_u8(skb, NAT64_A_POOL4_ENTRY_LEN, len) ||
	    nla_put_u16(skb, NAT64_A_POOL4_ENTRY_PORT_MIN, entry->port_min) ||
	    nla_put_u16(skb, NAT64_A_POOL4_ENTRY_PORT_MAX, entry->port_max) ||
	    (entry->proto && nla_put_u8(skb, NAT64_A_POOL4_ENTRY_PROTO,
					entry->proto)) ||
	    (entry->mark && nla_put_u32(skb, NAT64_A_POOL4_ENTRY_MARK,
					entry->mark)))
		return -EMSGSIZE;
	nla_nest_end(skb, nest);

	return 0;
}

/**
 * nat64_nl_put_use - add the use of a pool4 entry to a message
 * @skb: message
 * @type: attribute
 * @proto: IPPROTO_TCP, IPPROTO_UDP or IPPROTO_ICMP
 * @total: ports of the entry
 * @use: use for @proto, NULL if there is none
 *
 * Return: 0, or -EMSGSIZE with a partial nest left in the message.
 */
int nat64_nl_put_use(struct sk_buff *skb, int type, u8 proto, u64 total,
		     const struct nat64_use *use)
{
	u32 used = 0, held_down = 0, peak = 0;
	struct nlattr *nest;

	if (use) {
		used = atomic_read(&use->used);
		held_down = atomic_read(&use->held_down);
		peak = atomic_read(&use->peak);
	}
	nest = nla_nest_start(skb, type);
	if (!nest ||
	    nla_put_u8(skb, NAT64_A_POOL4_USE_PROTO, proto) ||
	    nla_put_u64_64bit(skb, NAT64_A_POOL4_USE_TOTAL, total,
			      NAT64_A_POOL4_USE_PAD) ||
	    nla_put_u64_64bit(skb, NAT64_A_POOL4_USE_USED, used,
			      NAT64_A_POOL4_USE_PAD) ||
	    nla_put_u64_64bit(skb, NAT64_A_POOL4_USE_HELD_DOWN, held_down,
			      NAT64_A_POOL4_USE_PAD) ||
	    nla_put_u64_64bit(skb, NAT64_A_POOL4_USE_PEAK, peak,
			      NAT64_A_POOL4_USE_PAD))
		return -EMSGSIZE;
	nla_nest_end(skb, nest);

	return 0;
}
