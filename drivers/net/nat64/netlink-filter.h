/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * nat64 - which bindings or sessions somebody wants to see, or to be rid of.
 */
#ifndef _NAT64_NETLINK_FILTER_H
#define _NAT64_NETLINK_FILTER_H

#include <linux/in6.h>
#include <linux/types.h>

struct nat64_binding;
struct nat64_session;
struct nat64_subscriber;
struct netlink_ext_ack;
struct nlattr;

/**
 * struct nat64_filter - what has to match
 * @addr6: prefix of the IPv6 host
 * @len6: its length, 0 for all hosts
 * @addr4: prefix of the pool4 address
 * @mask4: its mask
 * @remote: prefix of the IPv4 host
 * @remote_mask: its mask
 * @min_bindings: least number of bindings, of a subscriber
 * @min_sessions: least number of sessions, of a subscriber
 * @port6: port of the IPv6 host, if @by_port6
 * @port4: port on the pool4 address, if @by_port4
 * @rport: port of the IPv4 host, if @by_rport
 * @proto: protocol, 0 for all
 * @state: enum nat64_tcp_state, 0 for all
 * @by_port6: @port6 counts
 * @by_port4: @port4 counts
 * @by_rport: @rport counts
 * @by_static: @is_static counts
 * @is_static: static bindings, or the others
 */
struct nat64_filter {
	struct in6_addr addr6;
	u8 len6;
	__be32 addr4;
	__be32 mask4;
	__be32 remote;
	__be32 remote_mask;
	u32 min_bindings;
	u32 min_sessions;
	__be16 port6;
	__be16 port4;
	__be16 rport;
	u8 proto;
	u8 state;
	bool by_port6;
	bool by_port4;
	bool by_rport;
	bool by_static;
	bool is_static;
};

/* Parses and checks NAT64_A_FILTER; without one, everything matches. */
typedef int nat64_filter_parse(struct nat64_filter *filter,
			       const struct nlattr *attr,
			       struct netlink_ext_ack *extack);

nat64_filter_parse nat64_filter_parse_binding;
nat64_filter_parse nat64_filter_parse_session;
nat64_filter_parse nat64_filter_parse_subscriber;
bool nat64_filter_binding(const struct nat64_filter *filter,
			  const struct nat64_binding *b);
bool nat64_filter_session(const struct nat64_filter *filter,
			  const struct nat64_session *s);
bool nat64_filter_subscriber(const struct nat64_filter *filter,
			     const struct nat64_subscriber *sub);

#endif /* _NAT64_NETLINK_FILTER_H */
