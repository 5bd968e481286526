/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * nat64 - what is known of a packet once it has been looked at.
 *
 * Kept beside the packet and not in skb->cb, which the kernel's own
 * segmentation, reassembly and fragmentation use for themselves. Offsets, not
 * pointers, because the packet may be reallocated.
 */
#ifndef _NAT64_PACKET_H
#define _NAT64_PACKET_H

#include <linux/in6.h>
#include <linux/ipv6.h>
#include <linux/skbuff.h>
#include <linux/types.h>

#include "reason.h"

/**
 * struct nat64_tuple4 - IPv4 addresses and ports of a packet
 * @src: source address
 * @dst: destination address
 * @sport: source port, or identifier of an ICMP query
 * @dport: destination port, or the same identifier
 */
struct nat64_tuple4 {
	__be32 src;
	__be32 dst;
	__be16 sport;
	__be16 dport;
};

/**
 * struct nat64_tuple6 - IPv6 addresses and ports of a packet
 * @src: source address
 * @dst: destination address
 * @sport: source port, or identifier of an ICMP query
 * @dport: destination port, or the same identifier
 */
struct nat64_tuple6 {
	struct in6_addr src;
	struct in6_addr dst;
	__be16 sport;
	__be16 dport;
};

/**
 * struct nat64_hdrs - headers of a packet, or of one quoted in an ICMP error
 * @t4: addresses and ports of an IPv4 packet
 * @t6: addresses and ports of an IPv6 packet
 * @frag_id: identification of a fragment, host byte order
 * @len: length of the packet with its headers, as they say
 * @off: offset of the IP header from skb->data
 * @l4_off: offset of what follows the IP and extension headers
 * @frag_off: offset of a fragment in bytes
 * @proto: IP protocol of what is at @l4_off, in the packet's own family
 * @tos: TOS or traffic class
 * @hops: TTL or hop limit
 * @frag: there is a Fragment Header, or MF or an offset
 * @mf: more fragments follow
 * @df: the IPv4 header says Don't Fragment
 * @bad_csum: the checksum of the IPv4 header is wrong
 */
struct nat64_hdrs {
	union {
		struct nat64_tuple4 t4;
		struct nat64_tuple6 t6;
	};
	u32 frag_id;
	u32 len;
	u32 off;
	u32 l4_off;
	u16 frag_off;
	u8 proto;
	u8 tos;
	u8 hops;
	bool frag : 1;
	bool mf : 1;
	bool df : 1;
	bool bad_csum : 1;
};

/**
 * struct nat64_pkt - a packet
 * @h: its headers
 * @quoted: headers of the packet quoted in an ICMP error
 * @quote_len: bytes of the quoted packet from its transport header on, without
 *	padding and extensions
 * @info: goes into the error sent for the packet: an MTU or a pointer
 * @mtu_limit: what the links on both sides allow, for a path MTU in an error;
 *	in the family that the packet is translated to
 * @reassembled: size of the largest fragment that it was put together from,
 *	0 if it arrived whole
 * @icmp_error: it is an ICMP error, @quoted is filled in
 * @hairpin: both ends have explicit mappings: an IPv6 packet that goes back to
 *	IPv6 at once, or the IPv4 packet that it has become
 * @direct: it may be received in the context it was sent in
 * @returns: it has come out of this device
 */
struct nat64_pkt {
	struct nat64_hdrs h;
	struct nat64_hdrs quoted;
	u32 quote_len;
	u32 info;
	u32 mtu_limit;
	u16 reassembled;
	bool icmp_error;
	bool hairpin;
	bool direct;
	bool returns;
};

/**
 * struct nat64_map4 - what an IPv6 packet becomes
 * @outer: addresses and ports of the packet
 * @quoted: those of the packet quoted in an ICMP error
 */
struct nat64_map4 {
	struct nat64_tuple4 outer;
	struct nat64_tuple4 quoted;
};

/**
 * struct nat64_map6 - what an IPv4 packet becomes
 * @outer: addresses and ports of the packet
 * @quoted: those of the packet quoted in an ICMP error
 */
struct nat64_map6 {
	struct nat64_tuple6 outer;
	struct nat64_tuple6 quoted;
};

/**
 * nat64_is_whole - is this a complete datagram, an atomic fragment included?
 * @h: its headers
 */
static inline bool nat64_is_whole(const struct nat64_hdrs *h)
{
	return !h->mf && !h->frag_off;
}

/**
 * nat64_is_fragment_ok - can this be a fragment of a datagram?
 * @h: its headers
 *
 * All but the last are a multiple of 8 bytes, and none ends beyond 65535.
 */
static inline bool nat64_is_fragment_ok(const struct nat64_hdrs *h)
{
	u32 len = h->len - (h->l4_off - h->off);

	return h->frag_off + len <= U16_MAX && (!h->mf || (len && !(len % 8)));
}

enum nat64_reason nat64_parse4(struct sk_buff *skb, struct nat64_pkt *pkt);
enum nat64_reason nat64_parse6(struct sk_buff *skb, struct nat64_pkt *pkt);
enum nat64_reason nat64_parse_l4(struct sk_buff *skb, struct nat64_pkt *pkt,
				 bool v6);
int nat64_make_writable(struct sk_buff *skb, const struct nat64_pkt *pkt,
			unsigned int headroom);

#endif /* _NAT64_PACKET_H */
