/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * nat64 - generic netlink: filters of dump and flush requests.
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
 * struct nat64_filter - filter for bindings, sessions or subscribers
 * @addr6: prefix of the IPv6 host
 * @len6: length of @addr6, 0 for all hosts
 * @addr4: prefix of the pool4 address
 * @mask4: mask of @addr4
 * @remote: prefix of the IPv4 host
 * @remote_mask: mask of @remote
 * @min_bindings: minimum number of bindings of a subscriber
 * @min_sessions: minimum number of sessions of a subscriber
 * @port6: port of the IPv6 host, if @by_port6
 * @port4: port on the pool4 address, if @by_port4
 * @rport: port of the IPv4 host, if @by_rport
 * @proto: protocol, 0 for all
 * @state: enum nat64_tcp_state, 0 for all
 * @by_port6: match @port6
 * @by_port4: match @port4
 * @by_rport: match @rport
 * @by_static: match @is_static
 * @is_static: match static bindings, otherwise dynamic ones
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

/* Parse and check NAT64_A_FILTER. Without the attribute everything matches. */
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
