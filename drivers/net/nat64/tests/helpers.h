/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * nat64 - helpers of the KUnit suites: parsing of addresses, reproducible
 * random numbers, and packets built in both families from one description. Only
 * nat64_test_try() calls the code under test.
 */
#ifndef _NAT64_TESTS_HELPERS_H
#define _NAT64_TESTS_HELPERS_H

#include <kunit/test.h>
#include <linux/in6.h>
#include <linux/prandom.h>
#include <linux/skbuff.h>
#include <linux/types.h>

#include "../reason.h"

/* Maximum size of a packet in the tests. */
#define NAT64_TEST_BUF		4096

/**
 * struct nat64_test_packet - description of a packet in both families
 * @src4: addresses and ports in IPv4, host byte order
 * @dst4: see @src4
 * @sport4: see @src4; identifier of an echo message
 * @dport4: see @src4
 * @src6: addresses and ports in IPv6
 * @dst6: see @src6
 * @sport6: see @src6
 * @dport6: see @src6
 * @proto: protocol, IPPROTO_ICMP in both families
 * @tos: TOS and traffic class
 * @hops: TTL and hop limit
 * @df: Don't Fragment in IPv4
 * @frag: the packet is a fragment
 * @mf: More Fragments
 * @icmp4: type of an ICMPv4 message
 * @icmp6: type of an ICMPv6 message
 * @no_check: UDP without checksum
 * @damage: value added to the right checksum
 * @id: identification
 * @frag_off: offset of the fragment in bytes
 * @len: length of transport header and payload, of the whole datagram
 * @cut: length of the part in this packet, from @frag_off on
 * @opt4: length of IPv4 options
 * @ext6: length of a Destination Options header
 * @l4: transport header and payload: template of @len bytes, in which ports,
 *	lengths and checksum are replaced
 */
struct nat64_test_packet {
	u32 src4;
	u32 dst4;
	u16 sport4;
	u16 dport4;
	struct in6_addr src6;
	struct in6_addr dst6;
	u16 sport6;
	u16 dport6;
	u8 proto;
	u8 tos;
	u8 hops;
	bool df;
	bool frag;
	bool mf;
	u8 icmp4;
	u8 icmp6;
	bool no_check;
	u16 damage;
	u32 id;
	u32 frag_off;
	u32 len;
	u32 cut;
	u32 opt4;
	u32 ext6;
	u8 *l4;
};

/**
 * struct nat64_test_error - an ICMP error about a packet, in both families
 * @outer: addresses and IP header fields of the error itself
 * @quoted: quoted packet, with its own source and destination
 * @header4: first eight bytes in ICMPv4, without checksum and length attribute
 * @header6: the same in ICMPv6
 * @quote: number of bytes quoted after the IP headers of the quoted packet
 * @pad4: zero bytes between quoted packet and extension, in IPv4
 * @pad6: the same in IPv6
 * @ext: length of the extension
 * @ext_data: the extension
 */
struct nat64_test_error {
	struct nat64_test_packet outer;
	struct nat64_test_packet quoted;
	u8 header4[8];
	u8 header6[8];
	u32 quote;
	u32 pad4;
	u32 pad6;
	u32 ext;
	const u8 *ext_data;
};

static inline u16 nat64_test_get16(const u8 *at)
{
	return at[0] << 8 | at[1];
}

static inline u32 nat64_test_get32(const u8 *at)
{
	return (u32)nat64_test_get16(at) << 16 | nat64_test_get16(at + 2);
}

static inline void nat64_test_put16(u16 value, u8 *at)
{
	at[0] = value >> 8;
	at[1] = value & 0xff;
}

static inline void nat64_test_put32(u32 value, u8 *at)
{
	nat64_test_put16(value >> 16, at);
	nat64_test_put16(value, at + 2);
}

u32 nat64_test_addr4(const char *text);
struct in6_addr nat64_test_addr6(const char *text);
void nat64_test_bytes(struct rnd_state *rnd, void *buf, u32 len);
u32 nat64_test_below(struct rnd_state *rnd, u32 limit);

u32 nat64_test_sum(const u8 *data, u32 len);
u16 nat64_test_fold(u32 sum);
u32 nat64_test_pseudo(const u8 *ip, u8 proto, u32 len);

u32 nat64_test_build(const struct nat64_test_packet *p, bool v6, u8 *buf);
u32 nat64_test_build_error(const struct nat64_test_error *e, bool v6, u8 *buf);
void nat64_test_random(struct nat64_test_packet *p, struct rnd_state *rnd,
		       u8 proto, u32 len, u8 *l4);

struct sk_buff *nat64_test_skb(struct kunit *test, const u8 *data, u32 len,
			       u32 headroom, u32 linear);
enum nat64_reason nat64_test_try(struct sk_buff *skb,
				 const struct nat64_test_packet *outer,
				 const struct nat64_test_packet *quoted,
				 bool v6);
struct sk_buff *nat64_test_xlat(struct kunit *test, struct sk_buff *skb,
				const struct nat64_test_packet *outer,
				const struct nat64_test_packet *quoted,
				bool v6);
bool nat64_test_same(struct kunit *test, struct sk_buff *skb, const u8 *want,
		     u32 len, const char *what);

#endif /* _NAT64_TESTS_HELPERS_H */
