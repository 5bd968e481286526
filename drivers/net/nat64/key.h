/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * nat64 - what bindings are found by: transport addresses.
 */
#ifndef _NAT64_KEY_H
#define _NAT64_KEY_H

#include <linux/in.h>
#include <linux/in6.h>
#include <linux/types.h>

/* TCP, UDP and ICMP have tables of their own in RFC 6146 section 3.1. Here
 * the protocol is part of every key, but port bitmaps are separate.
 */
enum nat64_l4 {
	NAT64_L4_TCP,
	NAT64_L4_UDP,
	NAT64_L4_ICMP,
	NAT64_L4_COUNT,
};

static inline enum nat64_l4 nat64_l4_of(u8 proto)
{
	switch (proto) {
	case IPPROTO_TCP:
		return NAT64_L4_TCP;
	case IPPROTO_UDP:
		return NAT64_L4_UDP;
	default:
		return NAT64_L4_ICMP;
	}
}

static inline u8 nat64_l4_proto(enum nat64_l4 l4)
{
	switch (l4) {
	case NAT64_L4_TCP:
		return IPPROTO_TCP;
	case NAT64_L4_UDP:
		return IPPROTO_UDP;
	default:
		return IPPROTO_ICMP;
	}
}

/**
 * struct nat64_key6 - what a binding is found by from the IPv6 side
 * @addr: IPv6 address
 * @port: port or ICMP identifier
 * @proto: IPPROTO_TCP, IPPROTO_UDP or IPPROTO_ICMP
 */
struct nat64_key6 {
	struct in6_addr addr;
	__be16 port;
	u16 proto;
};

/**
 * struct nat64_key4 - what a binding is found by from the IPv4 side
 * @addr: pool4 address
 * @port: port or ICMP identifier
 * @proto: IPPROTO_TCP, IPPROTO_UDP or IPPROTO_ICMP
 */
struct nat64_key4 {
	__be32 addr;
	__be16 port;
	u16 proto;
};

#endif /* _NAT64_KEY_H */
