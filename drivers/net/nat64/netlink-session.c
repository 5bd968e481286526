// SPDX-License-Identifier: GPL-2.0-only
/*
 * nat64 - sessions over generic netlink.
 */
#include <linux/rtnetlink.h>
#include <net/netlink.h>

#include "addr.h"
#include "nat64.h"
#include "netlink-gen.h"
#include "netlink.h"
#include "session.h"

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
 * nat64_nl_state - what user space calls a state
 * @state: enum nat64_state
 *
 * Return: enum nat64_tcp_state; 0 for what is not TCP, or dead.
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
 * Return: 0 or -EMSGSIZE, the message is not cut then.
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
	    nla_put_u8(skb, NAT64_A_SESSION_PROTO, s->proto) ||
	    nla_put_in6_addr(skb, NAT64_A_SESSION_ADDR6, &b->key6.addr) ||
	    nla_put_be16(skb, NAT64_A_SESSION_PORT6, b->key6.port) ||
	    nla_put_in_addr(skb, NAT64_A_SESSION_ADDR4, b->addr4) ||
	    nla_put_be16(skb, NAT64_A_SESSION_PORT4, b->port4) ||
	    nla_put_in_addr(skb, NAT64_A_SESSION_REMOTE4, s->remote) ||
	    (s->proto != IPPROTO_ICMP &&
	     nla_put_be16(skb, NAT64_A_SESSION_REMOTE_PORT, s->rport)) ||
	    nla_put_in6_addr(skb, NAT64_A_SESSION_REMOTE6, &remote6) ||
	    (state && nla_put_u32(skb, NAT64_A_SESSION_STATE, state)) ||
	    nla_put_u32(skb, NAT64_A_SESSION_EXPIRES,
			nat64_session_left(config, s)))
		return -EMSGSIZE;
	nla_nest_end(skb, nest);

	return 0;
}

static struct rhashtable *nat64_nl_sessions(const struct nat64_dev *nat64)
{
	return &nat64->table->sessions6;
}

static int nat64_nl_dump_session(struct sk_buff *skb,
				 struct netlink_callback *cb,
				 const struct nat64_dev *nat64,
				 const struct nat64_filter *filter,
				 const void *entry)
{
	const struct nat64_session *s = entry;
	void *hdr;

	if (!nat64_filter_session(filter, s))
		return 0;

	hdr = nat64_nl_dump_put(skb, cb, nat64, NAT64_CMD_SESSION_GET);
	if (!hdr)
		return -EMSGSIZE;
	if (nat64_nl_put_session(skb, rtnl_dereference(nat64->config), s)) {
		genlmsg_cancel(skb, hdr);
		return -EMSGSIZE;
	}

	genlmsg_end(skb, hdr);
	return 0;
}

static const struct nat64_nl_dump_ops nat64_nl_session_dump = {
	.device = nat64_nl_stateful,
	.table = nat64_nl_sessions,
	.filter = nat64_filter_parse_session,
	.put = nat64_nl_dump_session,
};

int nat64_nl_session_get_dumpit(struct sk_buff *skb,
				struct netlink_callback *cb)
{
	return nat64_nl_dump(skb, cb, &nat64_nl_session_dump);
}

int nat64_nl_session_get_done(struct netlink_callback *cb)
{
	return nat64_nl_dump_done(cb);
}
