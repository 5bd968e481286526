// SPDX-License-Identifier: GPL-2.0
/*
 * view - parses packets, and checks the rules that forbid translation
 * regardless of addresses. Based on rfc.md, shares no code with the driver.
 */
#include "fuzz.h"

bool is_echo(int family, int type)
{
	return family == 4 ? type == 0 || type == 8 :
			     type == 128 || type == 129;
}

bool is_error(int family, int type)
{
	return family == 4 ? type == 3 || type == 11 || type == 12 :
			     type >= 1 && type <= 4;
}

bool is_whole(const struct view *v)
{
	return !v->mf && !v->off;
}

bool is_icmp(const struct view *v)
{
	return v->proto == (v->family == 4 ? ICMP4 : ICMP6);
}

static void bad(struct view *v, const char *why)
{
	if (!v->bad)
		v->bad = why;
}

static void odd(struct view *v, const char *why)
{
	if (!v->odd)
		v->odd = why;
}

static void look_options(struct view *v, const unsigned char *p)
{
	size_t i = 20;

	while (i < v->l4 && p[i] != 0) {
		if (p[i] == 1) {
			i++;
			continue;
		}
		if (i + 2 > v->l4 || p[i + 1] < 2 || i + p[i + 1] > v->l4) {
			bad(v, "R7915-4.1-o: an option's length is wrong");
			return;
		}
		if (p[i] == 131 || p[i] == 137) {
			if (p[i + 1] < 3)
				bad(v, "R7915-4.1-p: route without pointer");
			else if (p[i + 2] <= p[i + 1])
				bad(v, "R7915-4.1-p: unexpired source route");
		}
		i += p[i + 1];
	}
}

/* Only the last fragment may have any length, and none ends beyond 65535. */
static void look_fragment(struct view *v)
{
	size_t len = v->len - v->l4;

	if (!v->frag)
		return;
	if ((v->mf && len % 8) || v->off + len > 65535)
		bad(v, "R7915-4.1-q: not a fragment of anything");
	else if ((v->mf && !len) || v->off + len > 65515)
		odd(v, "a fragment without bytes, or at the very end");
}

static void look4(struct view *v, const unsigned char *p, bool quoted)
{
	unsigned int frag;

	v->family = 4;
	if (v->have < 20 || p[0] >> 4 != 4) {
		bad(v, "R7915-4.1-i: no IPv4 header");
		return;
	}
	v->l4 = (p[0] & 15) * 4;
	v->len = get16(p + 2);
	if (v->l4 < 20 || v->l4 > v->have || v->len < v->l4 ||
	    (!quoted && v->len > v->have)) {
		bad(v, "R7915-4.1-i: lengths");
		return;
	}
	if (sum_fold(sum_add(0, p, v->l4)))
		bad(v, "R5508-R3-a: IPv4 header checksum");
	v->tos = p[1];
	v->ttl = p[8];
	v->proto = p[9];
	v->src = p + 12;
	v->dst = p + 16;
	v->id = get16(p + 4);
	frag = get16(p + 6);
	v->df = frag & 0x4000;
	v->mf = frag & 0x2000;
	v->off = (frag & 0x1fff) * 8;
	v->frag = v->mf || v->off;
	if (quoted)
		return;
	look_options(v, p);
	look_fragment(v);
}

/* RFC 7915 section 5.1.1: not allowed after a Fragment Header. */
bool is_extension(int nh)
{
	return nh == HOPOPT || nh == ROUTING || nh == FRAGMENT || nh == AH ||
	       nh == DSTOPT || nh == MOBILITY || nh == HIP || nh == SHIM6;
}

static void look_chain(struct view *v, const unsigned char *p, bool quoted)
{
	size_t end = v->len < v->have ? v->len : v->have;
	size_t at = 40;
	int nh = p[6];

	while (nh == HOPOPT || nh == ROUTING || nh == DSTOPT) {
		if (at + 8 > end) {
			bad(v, "R7915-5.1-h: a header is cut");
			return;
		}
		if (nh == HOPOPT && at > 40)
			odd(v, "hop-by-hop options not in the first place");
		if (nh == ROUTING && p[at + 3] && !quoted)
			bad(v, "R7915-5.1-i: segments left");
		nh = p[at];
		at += (p[at + 1] + 1) * 8;
		if (at > end) {
			bad(v, "R7915-5.1-h: a header is longer than all");
			return;
		}
	}
	if (nh == FRAGMENT) {
		if (at + 8 > end) {
			bad(v, "R7915-5.1.1-a: the Fragment Header is cut");
			return;
		}
		v->fh = at;
		v->frag = true;
		v->off = get16(p + at + 2) & 0xfff8;
		v->mf = p[at + 3] & 1;
		v->id = get32(p + at + 4);
		nh = p[at];
		at += 8;
		if (is_extension(nh) && !quoted)
			bad(v, "R7915-5.1.1-d: header behind Fragment Header");
	}
	v->proto = nh;
	v->l4 = at;
	/* the kernel's offsets have 16 bits and include the headroom */
	if (at > 60000)
		odd(v, "a chain of headers too long for the kernel");
}

static void look6(struct view *v, const unsigned char *p, bool quoted)
{
	v->family = 6;
	if (v->have < 40 || p[0] >> 4 != 6) {
		bad(v, "R7915-5.1-c: no IPv6 header");
		return;
	}
	v->len = 40 + get16(p + 4);
	v->tos = get32(p) >> 20;
	v->ttl = p[7];
	v->src = p + 8;
	v->dst = p + 24;
	if (!quoted && v->len > v->have) {
		bad(v, "R7915-5.1-c: lengths");
		return;
	}
	if (!quoted && v->len == 40 && p[6] == HOPOPT)
		bad(v, "D-7915-64k: jumbogram");
	look_chain(v, p, quoted);
	if (!v->bad && !quoted)
		look_fragment(v);
}

void view_packet(struct view *v, const unsigned char *p, size_t len)
{
	*v = (struct view) { .have = len };
	if (len && p[0] >> 4 == 6)
		look6(v, p, false);
	else
		look4(v, p, false);
}

void view_quote(struct view *v, const unsigned char *p, size_t len, int family)
{
	*v = (struct view) { .have = len };
	if (family == 6)
		look6(v, p, true);
	else
		look4(v, p, true);
}

static void look_tcp(struct view *v, const unsigned char *l4, size_t have)
{
	unsigned int head;

	if (have < 20) {
		if (v->mf)
			odd(v, "R6146-3.4-i: tiny fragment");
		else
			bad(v, "TCP header is cut");
		return;
	}
	head = (l4[12] >> 4) * 4;
	if (head < 20 || (!v->mf && head > have))
		bad(v, "TCP header length");
}

static void look_udp(struct view *v, const unsigned char *l4, size_t have)
{
	if (have < 8) {
		if (v->mf)
			odd(v, "tiny fragment");
		else
			bad(v, "UDP header is cut");
	} else if (get16(l4 + 4) < 8 || (!v->mf && get16(l4 + 4) > have)) {
		bad(v, "UDP length");
	}
}

void view_l4(struct view *v, const unsigned char *p, bool stateful)
{
	size_t have = v->len - v->l4;
	const unsigned char *l4 = p + v->l4;

	if (v->bad)
		return;
	if (is_icmp(v) && !is_whole(v)) {
		bad(v, "R7915-1.2-b: fragment of ICMP");
		return;
	}
	if (v->family == 4 && v->proto == IGMP)
		bad(v, "R7915-4.2-d: IGMP");
	if (v->family == 4 && is_extension(v->proto))
		bad(v, "D-7915-ext: an extension header in IPv6");
	if (stateful && v->proto != TCP && v->proto != UDP && !is_icmp(v))
		bad(v, "R6146-3.4-l, -m: protocol");
	/* ICMP of the other family: RFC 7915 copies it, and the result has
	 * another meaning.
	 */
	if (v->proto == (v->family == 4 ? ICMP6 : ICMP4))
		odd(v, "ICMP of the other family");
	if (v->off)
		return;
	if (v->proto == TCP) {
		look_tcp(v, l4, have);
	} else if (v->proto == UDP) {
		look_udp(v, l4, have);
	} else if (v->proto == UDPLITE && have < 8) {
		odd(v, "UDP-Lite header is cut");
	} else if (is_icmp(v)) {
		if (have < 8)
			bad(v, "ICMP header is cut");
		else if (!is_echo(v->family, l4[0]) &&
			 !is_error(v->family, l4[0]))
			bad(v, "R7915-4.2-c, 5.2-c, 5.2-m: ICMP type");
	}
}

int csum_offset(int proto)
{
	switch (proto) {
	case TCP:
		return 16;
	case UDP:
	case UDPLITE:
		return 6;
	case ICMP4:
	case ICMP6:
		return 2;
	default:
		return -1;
	}
}

uint32_t pseudo_sum(const struct view *v, size_t len, int proto)
{
	size_t n = v->family == 4 ? 4 : 16;
	uint32_t sum;

	if (proto == ICMP4)
		return 0;
	sum = sum_add(0, v->src, n);
	sum = sum_add(sum, v->dst, n);
	return sum + proto + (len >> 16) + (len & 0xffff);
}

/* Bytes covered by the checksum; UDP has its own length field. */
static size_t covered(const struct view *v, const unsigned char *p)
{
	size_t len = v->len - v->l4;

	if ((v->proto == UDP || v->proto == UDPLITE) && len >= 8) {
		unsigned int own = get16(p + v->l4 + 4);

		if (v->proto == UDP && own >= 8 && own <= len)
			return own;
	}
	return len;
}

bool l4_sum_ok(const struct view *v, const unsigned char *p)
{
	size_t len = v->len - v->l4;
	size_t sum_len = covered(v, p);
	const unsigned char *l4 = p + v->l4;
	int at = csum_offset(v->proto);

	if (at < 0 || len < (size_t)at + 2 || v->proto == UDPLITE)
		return false;
	if (v->proto == UDP && !get16(l4 + 6))
		return v->family == 4;
	return !sum_fold(sum_add(pseudo_sum(v, sum_len, v->proto), l4,
				 sum_len));
}

static void fix(unsigned char *p, size_t len, int family, bool sums)
{
	struct view v;
	size_t end;
	int at;

	if (family == 6)
		view_quote(&v, p, len, 6);
	else
		view_quote(&v, p, len, 4);
	if (!v.src || v.l4 < 20 || v.l4 > len)
		return;
	end = v.len < len ? v.len : len;
	if (sums && v.off == 0 && end >= v.l4 + 8 && is_icmp(&v) &&
	    is_error(family, p[v.l4]))
		fix(p + v.l4 + 8, end - v.l4 - 8, family, sums);
	if (sums && family == 4) {
		put16(p + 10, 0);
		put16(p + 10, sum_fold(sum_add(0, p, v.l4)));
	}
	at = csum_offset(v.proto);
	if (!sums || at < 0 || !is_whole(&v) || v.len > len ||
	    v.len < v.l4 + at + 2)
		return;
	put16(p + v.l4 + at, 0);
	len = covered(&v, p);
	at = sum_fold(sum_add(pseudo_sum(&v, len, v.proto), p + v.l4, len));
	if (!at && v.proto == UDP)
		at = 0xffff;
	put16(p + v.l4 + csum_offset(v.proto), at);
}

void fix_lengths(unsigned char *p, size_t len)
{
	struct view v;

	if (len >= 20 && p[0] >> 4 == 4)
		put16(p + 2, len < 65536 ? len : 65535);
	else if (len >= 40 && p[0] >> 4 == 6)
		put16(p + 4, len - 40 < 65536 ? len - 40 : 65535);
	else
		return;
	view_packet(&v, p, len);
	if (v.src && v.l4 >= 20 && v.proto == UDP && is_whole(&v) &&
	    v.len >= v.l4 + 8)
		put16(p + v.l4 + 4, v.len - v.l4 < 65536 ? v.len - v.l4 : 0);
}

void fix_checksums(unsigned char *p, size_t len)
{
	if (len)
		fix(p, len, p[0] >> 4 == 6 ? 6 : 4, true);
}
