// SPDX-License-Identifier: GPL-2.0-only
/*
 * nat64 - ICMP types, codes and fields (RFC 7915 sections 4.2 and 5.2), and the
 * size of quoted packets and extensions (RFC 4884).
 */
#include <linux/ip.h>
#include <linux/ipv6.h>
#include <net/checksum.h>
#include <net/ipv6.h>

#include "config.h"
#include "csum.h"
#include "icmp.h"
#include "packet.h"

/* RFC 4884 section 4: minimum size of the quoted packet before an extension. */
#define NAT64_ICMP_QUOTE_MIN	128

/* RFC 4884 section 4.5: header and one object header. */
#define NAT64_ICMP_EXT_MIN	8

/* RFC 7915 figure 3: IPv6 pointer by IPv4 pointer, -1 if not translated. */
static const s8 nat64_pointer46[] = {
	0, 1, 4, 4, -1, -1, -1, -1, 7, 6, -1, -1, 8, 8, 8, 8, 24, 24, 24, 24,
};

/**
 * nat64_icmp_is_echo - is this an echo request or reply?
 * @type: ICMP type
 * @v6: ICMPv6 instead of ICMPv4
 *
 * Return: true if it is
 */
bool nat64_icmp_is_echo(u8 type, bool v6)
{
	return v6 ? type == ICMPV6_ECHO_REQUEST || type == ICMPV6_ECHO_REPLY :
		    type == ICMP_ECHO || type == ICMP_ECHOREPLY;
}

/**
 * nat64_icmp_is_error - is this an error that can be translated?
 * @type: ICMP type
 * @v6: ICMPv6 instead of ICMPv4
 *
 * Return: true if it is
 */
bool nat64_icmp_is_error(u8 type, bool v6)
{
	return v6 ? type >= ICMPV6_DEST_UNREACH && type <= ICMPV6_PARAMPROB :
		    type == ICMP_DEST_UNREACH || type == ICMP_TIME_EXCEEDED ||
		    type == ICMP_PARAMETERPROB;
}

/* Length attribute of RFC 4884 in bytes, 0 if the message or type has none. */
static u32 nat64_icmp_length(const u8 *icmp, bool v6)
{
	if (!v6)
		return icmp[5] * 4;
	if (icmp[0] == ICMPV6_DEST_UNREACH || icmp[0] == ICMPV6_TIME_EXCEED)
		return icmp[4] * 8;
	return 0;
}

/**
 * nat64_icmp_quote_end - find the end of the quoted packet
 * @icmp: ICMP error
 * @len: length of the message, at least that of the header
 * @v6: ICMPv6 instead of ICMPv4
 *
 * Return: offset from @icmp, or 0 if the message is malformed.
 */
u32 nat64_icmp_quote_end(const u8 *icmp, u32 len, bool v6)
{
	u32 quote = nat64_icmp_length(icmp, v6);

	if (!quote)
		return len;
	if (quote > len - sizeof(struct icmphdr))
		return 0;
	return sizeof(struct icmphdr) + quote;
}

/**
 * nat64_icmp_find_ext - find the extension of an ICMP error
 * @skb: packet, linear
 * @pkt: parsed packet
 * @v6: IPv6 instead of IPv4
 * @body: @body->ext_off and @body->ext_len are filled in
 */
void nat64_icmp_find_ext(const struct sk_buff *skb, const struct nat64_pkt *pkt,
			 bool v6, struct nat64_icmp_body *body)
{
	u32 length = nat64_icmp_length(skb->data + pkt->h.l4_off, v6);

	body->ext_len = 0;
	if (!length)
		return;
	body->ext_off = pkt->h.l4_off + sizeof(struct icmphdr) + length;
	if (skb->len >= body->ext_off + NAT64_ICMP_EXT_MIN)
		body->ext_len = skb->len - body->ext_off;
}

/**
 * nat64_icmp_fit - pad or truncate the quoted packet and its extension
 * @skb: packet, linear and writable; skb->len changes
 * @body: layout of the message; @body->length is filled in
 *
 * Truncates the quoted packet rather than dropping the extension. The extension
 * is kept or dropped as a whole, as its checksum covers all of it.
 *
 * Return: 0 or -ENOMEM.
 */
int nat64_icmp_fit(struct sk_buff *skb, struct nat64_icmp_body *body)
{
	u32 quote = body->hdr_len + body->quote_len;
	u32 padded, end, pad;
	int err;

	body->length = 0;
	if (!body->ext_len || body->ext_len + NAT64_ICMP_QUOTE_MIN > body->room) {
		quote = min(quote, body->room);
		skb_trim(skb, body->l4_off + quote - body->hdr_len);
		return 0;
	}

	padded = max_t(u32, round_up(quote, body->unit), NAT64_ICMP_QUOTE_MIN);
	padded = min(padded, round_down(body->room - body->ext_len,
					body->unit));
	quote = min(quote, padded);
	pad = body->l4_off + padded - body->hdr_len;
	end = pad + body->ext_len;
	if (end > skb->len) {
		u32 more = end - skb->len;

		if (more > skb_tailroom(skb)) {
			err = pskb_expand_head(skb, 0, more, GFP_ATOMIC);
			if (err)
				return err;
		}
		__skb_put(skb, more);
	}

	memmove(skb->data + pad, skb->data + body->ext_off, body->ext_len);
	memset(skb->data + body->l4_off + quote - body->hdr_len, 0,
	       padded - quote);
	skb_trim(skb, end);
	body->length = padded / body->unit;
	return 0;
}

/**
 * nat64_icmp_residue - compute how far the checksum of an ICMP error is off
 * @skb: packet
 * @pkt: parsed packet
 * @v6: IPv6 instead of IPv4
 *
 * Return: folded sum of the message, 0 if its checksum is right.
 */
__sum16 nat64_icmp_residue(const struct sk_buff *skb,
			   const struct nat64_pkt *pkt, bool v6)
{
	u32 len = pkt->h.len - pkt->h.l4_off;
	__wsum sum = v6 ? nat64_csum_icmp6(&pkt->h.t6, len) : 0;

	return csum_fold(skb_checksum(skb, pkt->h.l4_off, len, sum));
}

/**
 * nat64_icmp_finish - write the checksum of a translated error
 * @field: checksum field, which is 0
 * @residue: nat64_icmp_residue() of the received message
 * @sum: sum of the new message
 *
 * A wrong checksum stays wrong by the same amount.
 */
void nat64_icmp_finish(__sum16 *field, __sum16 residue, __wsum sum)
{
	*field = csum_fold(sum);
	if (residue)
		*field = ~csum_fold(csum_add(csum_unfold(*field),
					     csum_unfold(~residue)));
}

/* Path MTU for IPv6, RFC 7915 section 4.2. Estimated if a router reports 0. */
static u32 nat64_icmp46_mtu(u16 mtu, const struct nat64_pkt *pkt,
			    const struct nat64_config *config)
{
	unsigned int i;
	u32 mtu6;

	for (i = 0; !mtu && i < config->plateau_count; i++)
		if (config->plateaus[i] < pkt->quoted.len)
			mtu = config->plateaus[i];

	mtu6 = mtu + sizeof(struct ipv6hdr) - sizeof(struct iphdr);
	return max_t(u32, min(mtu6, pkt->mtu_limit), IPV6_MIN_MTU);
}

static bool nat64_icmp46_unreach(const struct icmphdr *icmp,
				 const struct nat64_pkt *pkt,
				 const struct nat64_config *config,
				 struct icmp6hdr *icmp6)
{
	icmp6->icmp6_type = ICMPV6_DEST_UNREACH;
	switch (icmp->code) {
	case ICMP_NET_UNREACH:
	case ICMP_HOST_UNREACH:
	case ICMP_SR_FAILED:
	case ICMP_NET_UNKNOWN:
	case ICMP_HOST_UNKNOWN:
	case ICMP_HOST_ISOLATED:
	case ICMP_NET_UNR_TOS:
	case ICMP_HOST_UNR_TOS:
		icmp6->icmp6_code = ICMPV6_NOROUTE;
		return true;
	case ICMP_PROT_UNREACH:
		icmp6->icmp6_type = ICMPV6_PARAMPROB;
		icmp6->icmp6_code = ICMPV6_UNK_NEXTHDR;
		icmp6->icmp6_pointer = htonl(offsetof(struct ipv6hdr, nexthdr));
		return true;
	case ICMP_PORT_UNREACH:
		icmp6->icmp6_code = ICMPV6_PORT_UNREACH;
		return true;
	case ICMP_FRAG_NEEDED:
		icmp6->icmp6_type = ICMPV6_PKT_TOOBIG;
		icmp6->icmp6_code = 0;
		icmp6->icmp6_mtu =
			htonl(nat64_icmp46_mtu(ntohs(icmp->un.frag.mtu), pkt,
					       config));
		return true;
	case ICMP_NET_ANO:
	case ICMP_HOST_ANO:
	case ICMP_PKT_FILTERED:
	case ICMP_PREC_CUTOFF:
		icmp6->icmp6_code = ICMPV6_ADM_PROHIBITED;
		return true;
	default:
		return false;
	}
}

/**
 * nat64_icmp46_has_ext - may a translated error have an extension in ICMPv6?
 * @icmp: ICMPv4 header of the error
 *
 * RFC 4884 section 4: not Packet Too Big and Parameter Problem.
 *
 * Return: true if it may
 */
bool nat64_icmp46_has_ext(const struct icmphdr *icmp)
{
	return icmp->type == ICMP_TIME_EXCEEDED ||
	       (icmp->type == ICMP_DEST_UNREACH &&
		icmp->code != ICMP_PROT_UNREACH &&
		icmp->code != ICMP_FRAG_NEEDED);
}

/**
 * nat64_icmp46_header - translate the header of an ICMPv4 error
 * @icmp: ICMPv4 header
 * @pkt: parsed packet
 * @config: configuration of the device
 * @icmp6: ICMPv6 header, filled in except for checksum and length attribute
 *
 * Return: false if RFC 7915 section 4.2 requires dropping this type and code.
 */
bool nat64_icmp46_header(const struct icmphdr *icmp,
			 const struct nat64_pkt *pkt,
			 const struct nat64_config *config,
			 struct icmp6hdr *icmp6)
{
	u8 pointer = ((const u8 *)&icmp->un)[0];

	memset(icmp6, 0, sizeof(*icmp6));
	switch (icmp->type) {
	case ICMP_DEST_UNREACH:
		return nat64_icmp46_unreach(icmp, pkt, config, icmp6);
	case ICMP_TIME_EXCEEDED:
		icmp6->icmp6_type = ICMPV6_TIME_EXCEED;
		icmp6->icmp6_code = icmp->code;
		return true;
	case ICMP_PARAMETERPROB:
		/* Pointer and Bad Length; options are not translated. */
		if ((icmp->code != 0 && icmp->code != 2) ||
		    pointer >= ARRAY_SIZE(nat64_pointer46) ||
		    nat64_pointer46[pointer] < 0)
			return false;
		icmp6->icmp6_type = ICMPV6_PARAMPROB;
		icmp6->icmp6_code = ICMPV6_HDR_FIELD;
		icmp6->icmp6_pointer = htonl(nat64_pointer46[pointer]);
		return true;
	default:
		return false;
	}
}

/* RFC 7915 figure 6: IPv4 pointer of an IPv6 pointer, -1 if not translated. */
static int nat64_pointer64(u32 pointer)
{
	static const s8 fixed[] = { 0, 1, -1, -1, 2, 2, 9, 8 };

	if (pointer < ARRAY_SIZE(fixed))
		return fixed[pointer];
	if (pointer < offsetof(struct ipv6hdr, daddr))
		return offsetof(struct iphdr, saddr);
	if (pointer < sizeof(struct ipv6hdr))
		return offsetof(struct iphdr, daddr);
	return -1;
}

/* Path MTU for IPv4, RFC 7915 section 5.2: less the difference of the IP
 * headers, and the Fragment Header of the quoted packet. IPv6 has no MTU below
 * 1280.
 */
static __be16 nat64_icmp64_mtu(u32 mtu, const struct nat64_pkt *pkt)
{
	mtu = max_t(u32, mtu, IPV6_MIN_MTU);
	mtu -= sizeof(struct ipv6hdr) - sizeof(struct iphdr);
	if (pkt->quoted.frag)
		mtu -= sizeof(struct frag_hdr);
	return htons(min3(mtu, pkt->mtu_limit, (u32)U16_MAX));
}

static bool nat64_icmp64_unreach(const struct icmp6hdr *icmp6,
				 struct icmphdr *icmp)
{
	icmp->type = ICMP_DEST_UNREACH;
	switch (icmp6->icmp6_code) {
	case ICMPV6_NOROUTE:
	case ICMPV6_NOT_NEIGHBOUR:
	case ICMPV6_ADDR_UNREACH:
		icmp->code = ICMP_HOST_UNREACH;
		return true;
	case ICMPV6_ADM_PROHIBITED:
		icmp->code = ICMP_HOST_ANO;
		return true;
	case ICMPV6_PORT_UNREACH:
		icmp->code = ICMP_PORT_UNREACH;
		return true;
	default:
		return false;
	}
}

/**
 * nat64_icmp64_header - translate the header of an ICMPv6 error
 * @icmp6: ICMPv6 header
 * @pkt: parsed packet
 * @icmp: ICMPv4 header, filled in except for checksum and length attribute
 *
 * Return: false if RFC 7915 section 5.2 requires dropping this type and code.
 */
bool nat64_icmp64_header(const struct icmp6hdr *icmp6,
			 const struct nat64_pkt *pkt, struct icmphdr *icmp)
{
	int pointer;

	memset(icmp, 0, sizeof(*icmp));
	switch (icmp6->icmp6_type) {
	case ICMPV6_DEST_UNREACH:
		return nat64_icmp64_unreach(icmp6, icmp);
	case ICMPV6_PKT_TOOBIG:
		icmp->type = ICMP_DEST_UNREACH;
		icmp->code = ICMP_FRAG_NEEDED;
		icmp->un.frag.mtu =
			nat64_icmp64_mtu(ntohl(icmp6->icmp6_mtu), pkt);
		return true;
	case ICMPV6_TIME_EXCEED:
		icmp->type = ICMP_TIME_EXCEEDED;
		icmp->code = icmp6->icmp6_code;
		return true;
	case ICMPV6_PARAMPROB:
		if (icmp6->icmp6_code == ICMPV6_UNK_NEXTHDR) {
			icmp->type = ICMP_DEST_UNREACH;
			icmp->code = ICMP_PROT_UNREACH;
			return true;
		}
		pointer = nat64_pointer64(ntohl(icmp6->icmp6_pointer));
		if (icmp6->icmp6_code != ICMPV6_HDR_FIELD || pointer < 0)
			return false;
		icmp->type = ICMP_PARAMETERPROB;
		icmp->code = 0;
		icmp->un.reserved[0] = pointer;
		return true;
	default:
		return false;
	}
}
