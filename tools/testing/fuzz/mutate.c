// SPDX-License-Identifier: GPL-2.0
/*
 * mutate - changes bits, fields, lengths and headers of packets; truncates,
 * extends and splices them.
 */
#include <arpa/inet.h>

#include "fuzz.h"

static void host4(const char *net, unsigned char *a)
{
	inet_pton(AF_INET, net, a);
	a[3] = chance(50) ? 2 : rnd(256);
}

void make_addr(const struct world *w, int family, bool src, unsigned char *a)
{
	static const char *const odd4[] = {
		"0.0.0.0", "0.1.2.3", "127.0.0.1", "224.0.0.5", "240.0.0.1",
		"255.255.255.255", "10.1.2.3", "192.0.0.8", "198.51.100.1",
		"169.254.1.1", "100.64.0.1", "8.8.8.8", "203.0.113.1",
		"192.0.2.1", "192.0.2.24", "192.0.2.130", "198.51.100.77",
	};
	static const char *const odd6[] = {
		"::", "::1", "fe80::1", "ff02::1", "ff05::2",
		"::ffff:192.0.2.1", "2001:db8:1::1", "2001:db8:ffff::1",
		"64:ff9b::a01:203", "64:ff9b::808:808", "2001:db8:aaaa::",
		"2001:db8:bbbb::b", "2001:db8:cccc::8", "2001:db8:dddd::1",
		"3fff:96::7f00:1", "2002:c000:201::1",
	};
	/* "four" is where IPv4 hosts are */
	bool four = family == 4 ? src : !src;
	int kind = rnd(100);
	unsigned char a4[4];

	if (kind < 8 && family == 4) {
		inet_pton(AF_INET, odd4[rnd(ARRAY_SIZE(odd4))], a);
		return;
	}
	if (kind < 4 && family == 6) {
		inet_pton(AF_INET6, odd6[rnd(ARRAY_SIZE(odd6))], a);
		return;
	}
	if (kind < 8) {
		inet_pton(AF_INET, odd4[rnd(ARRAY_SIZE(odd4))], a4);
		embed(w, a4, a);
		return;
	}
	if (w->pool4_text && !four) {
		if (family == 4) {
			memcpy(a, w->pool4, 4);
			a[3] += chance(80) ? 0 : rnd(8);
		} else {
			inet_pton(AF_INET6, "2001:db8:1::10", a);
			a[15] += 16 * rnd(4);
		}
		return;
	}
	if (w->eams && family == 6 && chance(40)) {
		memcpy(a, w->eam[rnd(w->eams)].v6, 16);
		if (chance(30))
			a[15] += rnd(16);
		return;
	}
	host4(four ? "198.51.100.0" : "192.0.2.0", a4);
	if (family == 4) {
		memcpy(a, a4, 4);
		return;
	}
	embed(w, a4, a);
	/* suffix and u octet are ignored */
	if (kind < 12 && w->pool6_len < 96)
		a[chance(50) ? 8 : 15] = rnd(256);
}

static void flip(struct pkt *k)
{
	size_t most = chance(80) && k->len > 128 ? 128 : k->len;
	int n = 1 + (chance(30) ? rnd(8) : 0);

	while (n-- && most)
		k->data[rnd(most)] ^= 1 << rnd(8);
}

static void set_value(struct pkt *k)
{
	size_t most = chance(80) && k->len > 128 ? 128 : k->len, at;
	int v = make_value();

	if (most < 4)
		return;
	at = rnd(most - 3);
	switch (rnd(3)) {
	case 0:
		k->data[at] = v;
		break;
	case 1:
		put16(k->data + (at & ~1u), v);
		break;
	default:
		put32(k->data + (at & ~3u), chance(50) ? v : -v);
	}
}

/* A slightly different value, or any other. */
static unsigned int nudge(unsigned int v)
{
	static const int by[] = { 1, -1, 2, -2, 4, -4, 8, -8, 20, -20 };

	return chance(70) ? v + by[rnd(ARRAY_SIZE(by))] :
			    (unsigned int)make_value();
}

static void nudge8(unsigned char *p)
{
	*p = nudge(*p);
}

static void nudge16(unsigned char *p)
{
	put16(p, nudge(get16(p)));
}

static void wrong_length(unsigned char *p, size_t len, int depth)
{
	struct view v;
	size_t end;

	view_quote(&v, p, len, p[0] >> 4 == 6 ? 6 : 4);
	if (!v.src || v.l4 < 20 || v.l4 + 8 > len)
		return;
	end = v.l4;
	switch (rnd(6)) {
	case 0:
		nudge16(p + (v.family == 4 ? 2 : 4));
		break;
	case 1:
		if (v.family == 4)
			p[0] = 0x40 | (nudge(p[0]) & 15);
		else if (end > 48)
			nudge8(p + 41);
		break;
	case 2:
		if (v.proto == UDP || v.proto == UDPLITE)
			nudge16(p + end + 4);
		else if (v.proto == TCP && len >= end + 20)
			p[end + 12] = nudge(p[end + 12] >> 4) << 4;
		else if (is_icmp(&v))
			nudge8(p + end + (v.family == 4 ? 5 : 4));
		break;
	case 3:
		if (v.fh)
			nudge16(p + v.fh + 2);
		else if (v.family == 4)
			nudge16(p + 6);
		break;
	default:
		if (is_icmp(&v) && len > end + 8 && depth < 3)
			wrong_length(p + end + 8, len - end - 8, depth + 1);
		else
			nudge16(p + (v.family == 4 ? 2 : 4));
	}
}

static void cut(struct pkt *k)
{
	struct view v;

	view_packet(&v, k->data, k->len);
	/* prefer positions near the headers */
	if (chance(50) && k->len > 100)
		k->len = rnd(100);
	else if (chance(50) && v.l4 >= 20 && k->len > v.l4 + 24)
		k->len = v.l4 + rnd(24);
	else
		k->len = rnd(k->len + 1);
}

static void insert(struct pkt *k, size_t at, size_t n)
{
	if (at > k->len || k->len + n > 65000)
		return;
	memmove(k->data + at + n, k->data + at, k->len - at);
	memset(k->data + at, 0, n);
	k->len += n;
}

static void swap_headers(struct pkt *k)
{
	static const int protos[] = { 0, 1, 2, 4, 6, 17, 41, 43, 44, 47, 50,
				      51, 58, 59, 60, 132, 135, 136, 139, 140,
				      253, 255 };
	int proto = protos[rnd(ARRAY_SIZE(protos))];
	unsigned char *p = k->data;
	struct view v;
	int old;

	if (k->len < 48)
		return;
	view_packet(&v, p, k->len);
	if (p[0] >> 4 != 6) {
		if (chance(50) && k->len < 60000) {
			/* options */
			insert(k, 20, 4);
			p[20] = make_value();
			p[21] = rnd(8);
			p[22] = rnd(8);
			p[0] = 0x40 | ((p[0] + 1) & 15);
		} else {
			p[9] = proto;
		}
		return;
	}
	old = p[6];
	switch (rnd(3)) {
	case 0:
		p[v.l4 > 40 && chance(50) ? 40 : 6] = proto;
		break;
	case 1:
		insert(k, 40, 8);
		p[6] = chance(50) ? proto : FRAGMENT;
		p[40] = old;
		if (p[6] == FRAGMENT && chance(50)) {
			put16(p + 42, rnd(65536));
			put32(p + 44, rng());
		}
		break;
	default:
		if (v.l4 >= 48 && v.l4 <= k->len) {
			p[6] = p[40];
			memmove(p + 40, p + 48, k->len - 48);
			k->len -= 8;
		}
	}
}

static void splice(struct pkt *k)
{
	const struct item *other = corpus_pick();
	size_t at, from, n;

	if (!other || !other->len || !k->len)
		return;
	at = rnd(k->len < 200 ? k->len : 200);
	from = chance(50) ? at : rnd(other->len);
	if (from >= other->len)
		from = rnd(other->len);
	n = other->len - from;
	if (at + n > 65500)
		n = 65500 - at;
	memcpy(k->data + at, other->data + from, n);
	k->len = at + n;
}

static void fragment_fields(struct pkt *k)
{
	unsigned char *p = k->data;
	struct view v;

	view_packet(&v, p, k->len);
	if (v.family == 4 && v.src) {
		put16(p + 6, chance(50) ? rnd(65536) :
				  get16(p + 6) ^ (0x2000 << rnd(3)));
		if (chance(30))
			put16(p + 4, rnd(4));
	} else if (v.fh) {
		put16(p + v.fh + 2, chance(50) ? rnd(65536) :
						 get16(p + v.fh + 2) ^ 1);
		if (chance(30))
			put32(p + v.fh + 4, rnd(4));
	} else if (v.src && v.l4 == 40) {
		insert(k, 40, 8);
		p[40] = p[6];
		p[6] = FRAGMENT;
		p[43] = rnd(2);
		put32(p + 44, rng());
	}
}

static void addresses(const struct world *w, struct pkt *k)
{
	int family = k->len && k->data[0] >> 4 == 6 ? 6 : 4;
	size_t at = family == 4 ? 12 : 8, n = family == 4 ? 4 : 16;
	bool src = chance(50);

	if (k->len >= at + 2 * n)
		make_addr(w, family, src, k->data + at + (src ? 0 : n));
}

/* Turn a packet into an ICMP error about it. */
static void quote(const struct world *w, struct pkt *k)
{
	int family = k->len && k->data[0] >> 4 == 6 ? 6 : 4;
	static struct pkt outer;
	size_t n = k->len;

	if (n > 1400)
		n = 1400;
	make_plain(w, &outer, family, family == 4 ? ICMP4 : ICMP6, 0);
	outer.data[outer.len - 8] = family == 4 ? 3 : 1;
	outer.data[outer.len - 7] = rnd(5);
	put32(outer.data + outer.len - 4, 0);
	memmove(k->data + outer.len, k->data, n);
	memcpy(k->data, outer.data, outer.len);
	k->len = outer.len + n;
}

void mutate(const struct world *w, struct pkt *k)
{
	int n = chance(60) ? 1 : 1 + rnd(4), kind;

	while (n--) {
		kind = rnd(100);
		if (kind < 15)
			flip(k);
		else if (kind < 30)
			set_value(k);
		else if (kind < 45 && k->len >= 20)
			wrong_length(k->data, k->len, 0);
		else if (kind < 55)
			cut(k);
		else if (kind < 62)
			make_fill(k, chance(80) ? rnd(64) : rnd(2000));
		else if (kind < 74)
			swap_headers(k);
		else if (kind < 80)
			splice(k);
		else if (kind < 88)
			fragment_fields(k);
		else if (kind < 95)
			addresses(w, k);
		else
			quote(w, k);
	}
	if (chance(50))
		fix_lengths(k->data, k->len);
	if (chance(80))
		fix_checksums(k->data, k->len);
}
