// SPDX-License-Identifier: GPL-2.0-only
/*
 * nat64 - helpers of the KUnit suites.
 */
#include <linux/if_ether.h>
#include <linux/inet.h>

#include "../config.h"
#include "../packet.h"
#include "../xlat.h"
#include "helpers.h"

/**
 * nat64_test_addr4 - parse an IPv4 address
 * @text: valid address
 *
 * Return: host byte order.
 */
u32 nat64_test_addr4(const char *text)
{
	u8 addr[4];

	if (WARN_ON(!in4_pton(text, -1, addr, -1, NULL)))
		return 0;
	return nat64_test_get32(addr);
}

/**
 * nat64_test_addr6 - parse an IPv6 address
 * @text: valid address
 *
 * Return: the address
 */
struct in6_addr nat64_test_addr6(const char *text)
{
	struct in6_addr addr = {};

	WARN_ON(!in6_pton(text, -1, addr.s6_addr, -1, NULL));
	return addr;
}

/**
 * nat64_test_bytes - fill a buffer with random bytes
 * @rnd: random number state
 * @buf: buffer
 * @len: length of @buf
 */
void nat64_test_bytes(struct rnd_state *rnd, void *buf, u32 len)
{
	prandom_bytes_state(rnd, buf, len);
}

/**
 * nat64_test_below - return a random number below a limit
 * @rnd: random number state
 * @limit: limit, exclusive
 *
 * Return: the number
 */
u32 nat64_test_below(struct rnd_state *rnd, u32 limit)
{
	return prandom_u32_state(rnd) % limit;
}

/**
 * nat64_test_sum - add up 16-bit words, RFC 1071
 * @data: bytes, at most 64 KiB
 * @len: length of @data
 *
 * Return: the sum
 */
u32 nat64_test_sum(const u8 *data, u32 len)
{
	u32 i, sum = 0;

	for (i = 0; i + 1 < len; i += 2)
		sum += nat64_test_get16(data + i);
	if (len % 2)
		sum += data[len - 1] << 8;
	return sum;
}

/**
 * nat64_test_fold - fold a sum to 16-bit one's complement
 * @sum: sum of words
 *
 * Return: the folded sum
 */
u16 nat64_test_fold(u32 sum)
{
	while (sum >> 16)
		sum = (sum & 0xffff) + (sum >> 16);
	return sum;
}

/**
 * nat64_test_pseudo - sum of the pseudo-header of a packet
 * @ip: IP header
 * @proto: protocol of the transport header
 * @len: length of transport header and payload
 *
 * Return: the sum
 */
u32 nat64_test_pseudo(const u8 *ip, u8 proto, u32 len)
{
	if (proto == IPPROTO_ICMP)
		return 0;
	if (ip[0] >> 4 == 4)
		return nat64_test_sum(ip + 12, 8) + proto + len;
	return nat64_test_sum(ip + 8, 32) + proto + len;
}

/* Offset of the checksum in a transport header, 0 for unknown protocols. */
static u32 nat64_test_check_offset(u8 proto)
{
	switch (proto) {
	case IPPROTO_TCP:
		return 16;
	case IPPROTO_UDP:
	case IPPROTO_UDPLITE:
		return 6;
	case IPPROTO_ICMP:
		return 2;
	default:
		return 0;
	}
}

/* Write the fields of a transport header that differ between the families, and
 * its checksum.
 */
static void nat64_test_l4(const struct nat64_test_packet *p, bool v6,
			  const u8 *ip, u8 *l4)
{
	bool udp = p->proto == IPPROTO_UDP || p->proto == IPPROTO_UDPLITE;
	u32 offset = nat64_test_check_offset(p->proto);
	u8 proto = p->proto;
	u16 check;

	if (!offset)
		return;
	if (proto == IPPROTO_TCP || proto == IPPROTO_UDP) {
		nat64_test_put16(v6 ? p->sport6 : p->sport4, l4);
		nat64_test_put16(v6 ? p->dport6 : p->dport4, l4 + 2);
	}
	if (udp)
		nat64_test_put16(p->len, l4 + 4);
	if (proto == IPPROTO_ICMP) {
		l4[0] = v6 ? p->icmp6 : p->icmp4;
		/* echo messages have an identifier */
		if (p->icmp4 == 0 || p->icmp4 == 8)
			nat64_test_put16(v6 ? p->sport6 : p->sport4, l4 + 4);
		if (v6)
			proto = IPPROTO_ICMPV6;
	}

	nat64_test_put16(0, l4 + offset);
	check = ~nat64_test_fold(nat64_test_pseudo(ip, proto, p->len) +
				 nat64_test_sum(l4, p->len));
	if (!check && udp)
		check = 0xffff;
	check = nat64_test_fold(check + p->damage);
	if (check == 0xffff && !udp)
		check = 0;
	nat64_test_put16(p->no_check ? 0 : check, l4 + offset);
}

static u32 nat64_test_ip4(const struct nat64_test_packet *p, u8 *buf)
{
	u32 hdr = 20 + p->opt4;
	u16 frag = p->df ? 0x4000 : 0;

	if (p->frag)
		frag |= (p->mf ? 0x2000 : 0) | p->frag_off / 8;

	buf[0] = 0x40 | hdr / 4;
	buf[1] = p->tos;
	nat64_test_put16(hdr + p->cut, buf + 2);
	nat64_test_put16(p->id, buf + 4);
	nat64_test_put16(frag, buf + 6);
	buf[8] = p->hops;
	buf[9] = p->proto;
	nat64_test_put16(0, buf + 10);
	nat64_test_put32(p->src4, buf + 12);
	nat64_test_put32(p->dst4, buf + 16);
	/* No Operation */
	memset(buf + 20, 1, p->opt4);
	nat64_test_put16(~nat64_test_fold(nat64_test_sum(buf, hdr)), buf + 10);
	return hdr;
}

static u32 nat64_test_ip6(const struct nat64_test_packet *p, u8 *buf)
{
	u8 proto = p->proto == IPPROTO_ICMP ? 58 : p->proto;
	u8 *next = buf + 6;
	u32 hdr = 40;

	nat64_test_put32(0x60000000 | p->tos << 20, buf);
	buf[7] = p->hops;
	memcpy(buf + 8, &p->src6, 16);
	memcpy(buf + 24, &p->dst6, 16);

	if (p->ext6) {
		/* Destination Options with one PadN option */
		*next = 60;
		next = buf + hdr;
		memset(next, 0, p->ext6);
		next[1] = p->ext6 / 8 - 1;
		next[2] = 1;
		next[3] = p->ext6 - 4;
		hdr += p->ext6;
	}
	if (p->frag) {
		*next = 44;
		next = buf + hdr;
		next[1] = 0;
		nat64_test_put16(p->frag_off | p->mf, next + 2);
		nat64_test_put32(p->id, next + 4);
		hdr += 8;
	}
	*next = proto;

	nat64_test_put16(hdr - 40 + p->cut, buf + 4);
	return hdr;
}

/**
 * nat64_test_build - build a packet
 * @p: description
 * @v6: IPv6 instead of IPv4
 * @buf: result, NAT64_TEST_BUF bytes
 *
 * Return: length of the packet.
 */
u32 nat64_test_build(const struct nat64_test_packet *p, bool v6, u8 *buf)
{
	u32 hdr = v6 ? nat64_test_ip6(p, buf) : nat64_test_ip4(p, buf);

	memmove(buf + hdr, p->l4, p->len);
	nat64_test_l4(p, v6, buf, buf + hdr);
	/* otherwise the template is the fragment itself */
	if (p->frag_off && p->frag_off < p->len)
		memmove(buf + hdr, buf + hdr + p->frag_off, p->cut);
	return hdr + p->cut;
}

/**
 * nat64_test_build_error - build an ICMP error
 * @e: description
 * @v6: IPv6 instead of IPv4
 * @buf: result, NAT64_TEST_BUF bytes
 *
 * Return: length of the packet.
 */
u32 nat64_test_build_error(const struct nat64_test_error *e, bool v6, u8 *buf)
{
	struct nat64_test_packet outer = e->outer;
	u32 hdr = v6 ? 40 + outer.ext6 : 20 + outer.opt4;
	u32 pad = v6 ? e->pad6 : e->pad4;
	u8 *icmp = buf + hdr;
	u32 len;

	len = nat64_test_build(&e->quoted, v6, icmp + 8);
	len -= e->quoted.cut - e->quote;
	memset(icmp + 8 + len, 0, pad);
	len += pad;
	memcpy(icmp, v6 ? e->header6 : e->header4, 8);
	if (e->ext) {
		icmp[v6 ? 4 : 5] = v6 ? len / 8 : len / 4;
		memcpy(icmp + 8 + len, e->ext_data, e->ext);
		len += e->ext;
	}

	outer.proto = IPPROTO_ICMP;
	outer.icmp4 = e->header4[0];
	outer.icmp6 = e->header6[0];
	outer.l4 = icmp;
	outer.len = 8 + len;
	outer.cut = outer.len;
	return nat64_test_build(&outer, v6, buf);
}

/**
 * nat64_test_random - describe a random packet
 * @p: filled in
 * @rnd: random number state
 * @proto: protocol; IPPROTO_ICMP for echo messages
 * @len: length of transport header and payload
 * @l4: buffer for transport header and payload
 *
 * DF is set as after a translation from IPv6.
 */
void nat64_test_random(struct nat64_test_packet *p, struct rnd_state *rnd,
		       u8 proto, u32 len, u8 *l4)
{
	u8 reply = nat64_test_below(rnd, 2);

	memset(p, 0, sizeof(*p));
	nat64_test_bytes(rnd, &p->src4, sizeof(p->src4));
	nat64_test_bytes(rnd, &p->dst4, sizeof(p->dst4));
	nat64_test_bytes(rnd, &p->src6, sizeof(p->src6));
	nat64_test_bytes(rnd, &p->dst6, sizeof(p->dst6));
	p->sport4 = prandom_u32_state(rnd);
	p->dport4 = prandom_u32_state(rnd);
	p->sport6 = prandom_u32_state(rnd);
	p->dport6 = prandom_u32_state(rnd);
	p->proto = proto;
	p->tos = prandom_u32_state(rnd);
	p->hops = prandom_u32_state(rnd);
	p->id = prandom_u32_state(rnd) & 0xffff;
	p->df = len + 20 > 1260;
	p->icmp4 = reply ? 0 : 8;
	p->icmp6 = reply ? 129 : 128;
	p->len = len;
	p->cut = len;
	p->l4 = l4;
	nat64_test_bytes(rnd, l4, len);
	if (proto == IPPROTO_TCP)
		l4[12] = 0x50;
}

/**
 * nat64_test_skb - allocate an skb
 * @test: fails if there is no memory
 * @data: packet
 * @len: length of @data
 * @headroom: headroom in bytes
 * @linear: length of the linear part; the other bytes are in a page
 *
 * Return: skb or NULL.
 */
struct sk_buff *nat64_test_skb(struct kunit *test, const u8 *data, u32 len,
			       u32 headroom, u32 linear)
{
	struct sk_buff *skb;
	struct page *page;

	linear = min(linear, len);
	skb = alloc_skb(headroom + linear, GFP_KERNEL);
	if (!skb)
		goto err;
	skb_reserve(skb, headroom);
	skb_put_data(skb, data, linear);
	skb_reset_network_header(skb);
	skb->protocol = htons(data[0] >> 4 == 6 ? ETH_P_IPV6 : ETH_P_IP);

	if (linear < len) {
		page = alloc_page(GFP_KERNEL);
		if (!page)
			goto err;
		memcpy(page_address(page), data + linear, len - linear);
		skb_add_rx_frag(skb, 0, page, 0, len - linear, PAGE_SIZE);
	}
	return skb;

err:
	KUNIT_FAIL(test, "no memory");
	kfree_skb(skb);
	return NULL;
}

static void nat64_test_map4(const struct nat64_test_packet *p,
			    struct nat64_tuple4 *t)
{
	t->src = htonl(p->src4);
	t->dst = htonl(p->dst4);
	t->sport = htons(p->sport4);
	t->dport = htons(p->dport4);
}

static void nat64_test_map6(const struct nat64_test_packet *p,
			    struct nat64_tuple6 *t)
{
	t->src = p->src6;
	t->dst = p->dst6;
	t->sport = htons(p->sport6);
	t->dport = htons(p->dport6);
}

static enum nat64_reason nat64_test_xlat46(struct sk_buff *skb,
					   struct nat64_pkt *pkt,
					   const struct nat64_test_packet *o,
					   const struct nat64_test_packet *q)
{
	static const struct nat64_config config = {
		.lowest_ipv6_mtu = 1280,
		.plateau_count = 1,
		.plateaus = { 1492 },
	};
	struct nat64_map6 map = {};
	enum nat64_reason reason;

	nat64_test_map6(o, &map.outer);
	if (q)
		nat64_test_map6(q, &map.quoted);

	reason = nat64_parse4(skb, pkt);
	if (!reason)
		reason = nat64_parse_l4(skb, pkt, false);
	if (!reason)
		reason = nat64_xlat46_l4(skb, pkt, &map, &config);
	if (!reason)
		nat64_xlat46_l3(skb, &pkt->h, &map.outer);
	return reason;
}

static enum nat64_reason nat64_test_xlat64(struct sk_buff *skb,
					   struct nat64_pkt *pkt,
					   const struct nat64_test_packet *o,
					   const struct nat64_test_packet *q)
{
	struct nat64_map4 map = {};
	enum nat64_reason reason;
	bool df;

	nat64_test_map4(o, &map.outer);
	if (q)
		nat64_test_map4(q, &map.quoted);

	reason = nat64_parse6(skb, pkt);
	if (!reason)
		reason = nat64_parse_l4(skb, pkt, true);
	if (reason)
		return reason;

	df = nat64_xlat64_df(skb, pkt);
	reason = nat64_xlat64_l4(skb, pkt, &map);
	if (!reason)
		nat64_xlat64_l3(skb, &pkt->h, &map.outer, df, htons(o->id));
	return reason;
}

/**
 * nat64_test_try - translate a packet
 * @skb: packet
 * @outer: new addresses, ports and identification
 * @quoted: those of a quoted packet, or NULL
 * @v6: from IPv6 instead of from IPv4
 *
 * Return: NAT64_OK, or the reason to drop it.
 */
enum nat64_reason nat64_test_try(struct sk_buff *skb,
				 const struct nat64_test_packet *outer,
				 const struct nat64_test_packet *quoted,
				 bool v6)
{
	struct nat64_pkt pkt = { .mtu_limit = U32_MAX };

	return v6 ? nat64_test_xlat64(skb, &pkt, outer, quoted) :
		    nat64_test_xlat46(skb, &pkt, outer, quoted);
}

/**
 * nat64_test_xlat - translate a packet
 * @test: fails if the packet cannot be translated
 * @skb: packet, may be NULL; consumed
 * @outer: new addresses, ports and identification
 * @quoted: those of a quoted packet, or NULL
 * @v6: from IPv6 instead of from IPv4
 *
 * Return: the translated packet, or NULL.
 */
struct sk_buff *nat64_test_xlat(struct kunit *test, struct sk_buff *skb,
				const struct nat64_test_packet *outer,
				const struct nat64_test_packet *quoted,
				bool v6)
{
	enum nat64_reason reason;

	if (!skb)
		return NULL;

	reason = nat64_test_try(skb, outer, quoted, v6);
	if (!reason && skb->data >= skb->head)
		return skb;

	KUNIT_FAIL(test, "not translated, reason %d, headroom %ld", reason,
		   (long)(skb->data - skb->head));
	kfree_skb(skb);
	return NULL;
}

/**
 * nat64_test_same - compare a packet with the expected one
 * @test: fails if they differ
 * @skb: packet, may be NULL; consumed
 * @want: expected packet
 * @len: length of @want
 * @what: name of the case
 *
 * Return: true if they are equal.
 */
bool nat64_test_same(struct kunit *test, struct sk_buff *skb, const u8 *want,
		     u32 len, const char *what)
{
	bool same = false;
	u32 i, n;

	if (!skb || skb_linearize(skb))
		goto out;

	for (i = 0; i < min(len, skb->len); i++)
		if (skb->data[i] != want[i])
			break;
	same = i == len && skb->len == len;
	if (same)
		goto out;
	KUNIT_FAIL(test, "%s: length %u, want %u", what, skb->len, len);
	/* show several: a checksum may differ due to later bytes */
	for (n = 0; i < min(len, skb->len) && n < 4; i++) {
		if (skb->data[i] == want[i])
			continue;
		KUNIT_FAIL(test, "%s: from byte %u on %*ph, want %*ph", what, i,
			   (int)min(skb->len - i, 16U), skb->data + i,
			   (int)min(len - i, 16U), want + i);
		i += 15;
		n++;
	}
out:
	kfree_skb(skb);
	return same;
}
