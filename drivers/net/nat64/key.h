/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * nat64 - lookup keys of bindings: transport addresses.
 */
#ifndef _NAT64_KEY_H
#define _NAT64_KEY_H

#include <linux/in.h>
#include <linux/in6.h>
#include <linux/types.h>

/* RFC 6146 section 3.1 has separate tables for TCP, UDP and ICMP. Here the
 * protocol is part of the keys; only the port bitmaps are separate.
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
 * struct nat64_key6 - IPv6 lookup key of a binding
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
 * struct nat64_key4 - IPv4 lookup key of a binding
 * @addr: IPv4 address of the binding
 * @port: port or ICMP identifier
 * @proto: IPPROTO_TCP, IPPROTO_UDP or IPPROTO_ICMP
 */
struct nat64_key4 {
	__be32 addr;
	__be16 port;
	u16 proto;
};

#endif /* _NAT64_KEY_H */
