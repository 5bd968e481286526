/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * nat64 - ICMP types, codes and fields; quoted packets and extensions.
 */
#ifndef _NAT64_ICMP_H
#define _NAT64_ICMP_H

#include <linux/icmp.h>
#include <linux/icmpv6.h>
#include <linux/skbuff.h>

struct nat64_config;
struct nat64_pkt;

/**
 * struct nat64_icmp_body - quoted packet and extension of an ICMP error
 * @l4_off: offset of the quoted transport header from skb->data
 * @quote_len: length of the quoted packet from @l4_off on
 * @ext_off: offset of an RFC 4884 extension from skb->data
 * @ext_len: length of the extension, 0 for none
 * @hdr_len: length of the quoted packet's new IP headers
 * @unit: unit of the length attribute, in bytes
 * @room: maximum length of quoted packet and extension together
 * @length: result, length attribute
 */
struct nat64_icmp_body {
	u32 l4_off;
	u32 quote_len;
	u32 ext_off;
	u32 ext_len;
	u32 hdr_len;
	u32 unit;
	u32 room;
	u8 length;
};

bool nat64_icmp_is_echo(u8 type, bool v6);
bool nat64_icmp_is_error(u8 type, bool v6);
u32 nat64_icmp_quote_end(const u8 *icmp, u32 len, bool v6);
void nat64_icmp_find_ext(const struct sk_buff *skb, const struct nat64_pkt *pkt,
			 bool v6, struct nat64_icmp_body *body);
int nat64_icmp_fit(struct sk_buff *skb, struct nat64_icmp_body *body);
__sum16 nat64_icmp_residue(const struct sk_buff *skb,
			   const struct nat64_pkt *pkt, bool v6);
void nat64_icmp_finish(__sum16 *field, __sum16 residue, __wsum sum);
bool nat64_icmp46_has_ext(const struct icmphdr *icmp);
bool nat64_icmp46_header(const struct icmphdr *icmp,
			 const struct nat64_pkt *pkt,
			 const struct nat64_config *config,
			 struct icmp6hdr *icmp6);
bool nat64_icmp64_header(const struct icmp6hdr *icmp6,
			 const struct nat64_pkt *pkt, struct icmphdr *icmp);

#endif /* _NAT64_ICMP_H */
