// SPDX-License-Identifier: GPL-2.0-only
/*
 * nat64 - IPv4-embedded IPv6 addresses, RFC 6052, and checks of which
 * addresses can be translated.
 */
#include <linux/in.h>
#include <linux/string.h>
#include <net/ipv6.h>

#include "addr.h"

/* Byte 8 (bits 64 to 71, the u octet) is skipped, RFC 6052 section 2.2. */
#define NAT64_U_OCTET	8

/**
 * nat64_pool6_len_ok - is this a prefix length of RFC 6052 section 2.2?
 * @len: prefix length in bits
 *
 * Return: true if it is
 */
bool nat64_pool6_len_ok(u8 len)
{
	return len == 32 || len == 40 || len == 48 || len == 56 || len == 64 ||
	       len == 96;
}

/**
 * nat64_embed - embed an IPv4 address in an IPv6 prefix
 * @addr6: result, with a zero suffix
 * @prefix: prefix, with no bits set beyond @len or in the u octet
 * @len: prefix length, valid by nat64_pool6_len_ok()
 * @addr4: IPv4 address, network byte order
 */
void nat64_embed(struct in6_addr *addr6, const struct in6_addr *prefix, u8 len,
		 __be32 addr4)
{
	const u8 *octet = (const u8 *)&addr4;
	unsigned int pos = len / 8;
	int i;

	*addr6 = *prefix;
	if (len == 96) {
		addr6->s6_addr32[3] = addr4;
		return;
	}

	for (i = 0; i < 4; i++) {
		if (pos == NAT64_U_OCTET)
			pos++;
		addr6->s6_addr[pos++] = octet[i];
	}
}

/**
 * nat64_extract - extract the embedded IPv4 address from an IPv6 address
 * @addr6: address; u octet and suffix are ignored
 * @len: prefix length, valid by nat64_pool6_len_ok()
 *
 * Return: IPv4 address, network byte order.
 */
__be32 nat64_extract(const struct in6_addr *addr6, u8 len)
{
	unsigned int pos = len / 8;
	__be32 addr4;
	int i;

	if (len == 96)
		return addr6->s6_addr32[3];

	for (i = 0; i < 4; i++) {
		if (pos == NAT64_U_OCTET)
			pos++;
		((u8 *)&addr4)[i] = addr6->s6_addr[pos++];
	}

	return addr4;
}

/**
 * nat64_range4_illegal - find an untranslatable prefix that a range overlaps
 * @first: first address of the range, host byte order
 * @last: last address of the range, host byte order
 *
 * Return: first prefix of nat64_addr4_illegal() that the range overlaps, or
 * NAT64_ILLEGAL4_COUNT if it overlaps none.
 */
enum nat64_illegal4 nat64_range4_illegal(u32 first, u32 last)
{
	static const struct {
		u32 first;
		u32 last;
	} prefixes[NAT64_ILLEGAL4_COUNT] = {
		[NAT64_ILLEGAL4_THIS_NETWORK] = { 0x00000000, 0x00ffffff },
		[NAT64_ILLEGAL4_LOOPBACK] = { 0x7f000000, 0x7fffffff },
		[NAT64_ILLEGAL4_LINK_LOCAL] = { 0xa9fe0000, 0xa9feffff },
		[NAT64_ILLEGAL4_MULTICAST] = { 0xe0000000, 0xefffffff },
		[NAT64_ILLEGAL4_CLASS_E] = { 0xf0000000, 0xffffffff },
	};
	int i;

	for (i = 0; i < NAT64_ILLEGAL4_COUNT; i++)
		if (first <= prefixes[i].last && prefixes[i].first <= last)
			break;

	return i;
}

/**
 * nat64_addr6_illegal - must packets with this address be dropped?
 * @addr: IPv6 address
 *
 * RFC 7915 section 5.1, and addresses that are only valid on a link or a host.
 *
 * Return: true for ::, ::1, multicast, link-local and IPv4-mapped addresses.
 */
bool nat64_addr6_illegal(const struct in6_addr *addr)
{
	return ipv6_addr_any(addr) || ipv6_addr_loopback(addr) ||
	       ipv6_addr_is_multicast(addr) || ipv6_addr_v4mapped(addr) ||
	       (ipv6_addr_type(addr) & IPV6_ADDR_LINKLOCAL);
}

/**
 * nat64_addr4_global - may this address be embedded in the well-known prefix?
 * @addr: IPv4 address, network byte order
 *
 * RFC 6052 section 3.1 forbids non-global addresses: those of RFC 5735, and
 * 100.64/10 of RFC 6890. Documentation prefixes are allowed, so that published
 * examples work.
 *
 * Return: true if it is
 */
bool nat64_addr4_global(__be32 addr)
{
	u32 host = ntohl(addr);

	switch (host >> 24) {
	case 0:			/* this network */
	case 10:		/* private use */
	case 127:		/* loopback */
	case 224 ... 255:	/* multicast and class E */
		return false;
	case 100:		/* carrier-grade NAT */
		return host >> 22 != 0x64400000 >> 22;
	case 169:		/* link-local */
		return host >> 16 != 0xa9fe;
	case 172:		/* private use */
		return host >> 20 != 0xac1;
	case 192:		/* IETF protocol assignments, 6to4 relay, private use */
		return host >> 8 != 0xc00000 && host >> 8 != 0xc05863 &&
		       host >> 16 != 0xc0a8;
	case 198:		/* benchmarking */
		return host >> 17 != 0xc6120000 >> 17;
	default:
		return true;
	}
}
