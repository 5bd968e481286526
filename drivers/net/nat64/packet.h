/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * nat64 - parsed packets.
 *
 * Not stored in skb->cb, which segmentation, reassembly and fragmentation use.
 * Offsets instead of pointers, because the head of the packet may be
 * reallocated.
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
 * @len: length of the packet with its headers, according to the IP header
 * @off: offset of the IP header from skb->data
 * @l4_off: offset of the transport header from skb->data
 * @frag_off: fragment offset in bytes
 * @proto: protocol at @l4_off, as numbered in the packet's own family
 * @tos: TOS or traffic class
 * @hops: TTL or hop limit
 * @frag: the IPv6 packet has a Fragment Header, or the IPv4 packet is a
 *	fragment
 * @mf: more fragments follow
 * @df: Don't Fragment is set in the IPv4 header
 * @bad_csum: the IPv4 header checksum is wrong
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
 * struct nat64_pkt - parsed packet
 * @h: headers of the packet
 * @quoted: headers of the packet quoted in an ICMP error
 * @quote_len: bytes of the quoted packet from its transport header on, without
 *	padding and RFC 4884 extensions
 * @info: MTU or pointer for the ICMP error sent about the packet
 * @mtu_limit: upper limit for the MTU in an ICMP error, from the path MTUs on
 *	both sides; size in the family that the packet is translated to
 * @reassembled: size of the largest fragment that the packet was reassembled
 *	from, 0 if it arrived whole
 * @icmp_error: ICMP error, @quoted is valid
 * @hairpin: EAM hairpinning: an IPv6 packet to translate back to IPv6 at once,
 *	or the IPv4 packet that it was translated to
 * @direct: may be received in the sender's context
 * @came_back: came out of this device before
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
	bool came_back;
};

/**
 * struct nat64_map4 - translated addresses and ports of an IPv6 packet
 * @outer: addresses and ports for the packet
 * @quoted: addresses and ports for the packet quoted in an ICMP error
 */
struct nat64_map4 {
	struct nat64_tuple4 outer;
	struct nat64_tuple4 quoted;
};

/**
 * struct nat64_map6 - translated addresses and ports of an IPv4 packet
 * @outer: addresses and ports for the packet
 * @quoted: addresses and ports for the packet quoted in an ICMP error
 */
struct nat64_map6 {
	struct nat64_tuple6 outer;
	struct nat64_tuple6 quoted;
};

/**
 * nat64_is_whole - is this a complete datagram? Atomic fragments are.
 * @h: headers of the packet
 *
 * Return: true if it is
 */
static inline bool nat64_is_whole(const struct nat64_hdrs *h)
{
	return !h->mf && !h->frag_off;
}

/**
 * nat64_is_fragment_ok - are length and offset of a fragment valid?
 * @h: headers of the packet
 *
 * All fragments but the last are a multiple of 8 bytes, and none ends beyond
 * 65535.
 *
 * Return: true if both are
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
