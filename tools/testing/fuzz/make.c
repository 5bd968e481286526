// SPDX-License-Identifier: GPL-2.0
/*
 * make - generates packets from a grammar: mostly valid, some parts invalid.
 */
#include "fuzz.h"

static void put_addr(const struct world *w, struct pkt *k, int family,
		     bool src)
{
	make_addr(w, family, src, k->data + k->len);
	k->len += family == 4 ? 4 : 16;
}

static unsigned char *grow(struct pkt *k, size_t n)
{
	unsigned char *p = k->data + k->len;

	if (k->len + n > PACKET_MAX)
		n = PACKET_MAX - k->len;
	memset(p, 0, n);
	k->len += n;
	return p;
}

/* Payload whose bytes show their offset. */
void make_fill(struct pkt *k, size_t len)
{
	unsigned int from = rng(), i;
	unsigned char *p;

	if (k->len + len > 65535)
		len = k->len < 65535 ? 65535 - k->len : 0;
	p = grow(k, len);
	for (i = from; i < from + len; i++)
		*p++ = i + (i >> 8);
}

/* Values at boundaries. */
int make_value(void)
{
	static const int value[] = {
		0, 1, 2, 3, 4, 5, 7, 8, 9, 15, 16, 20, 28, 39, 40, 41, 48, 59,
		60, 68, 127, 128, 129, 255, 256, 511, 512, 576, 1232, 1252,
		1260, 1261, 1280, 1281, 1480, 1500, 32767, 32768, 65515,
		65528, 65534, 65535,
	};

	return chance(80) ? value[rnd(ARRAY_SIZE(value))] : (int)rnd(65536);
}

/* Payload lengths for packets near relevant sizes. */
static size_t size(void)
{
	static const int near[] = { 528, 1184, 1204, 1212, 1224, 1232, 1252,
				    1360, 1440, 1452, 1472 };
	int kind = rnd(100);

	if (kind < 55)
		return rnd(40);
	if (kind < 75)
		return rnd(600);
	if (kind < 93)
		return near[rnd(ARRAY_SIZE(near))] + rnd(25) - 12;
	if (kind < 99)
		return rnd(4000);
	return chance(50) ? rnd(65536) : 65400 + rnd(136);
}

static unsigned int tos(void)
{
	return chance(60) ? 0 : rnd(256);
}

static unsigned int ttl(void)
{
	return chance(80) ? 64 : chance(50) ? rnd(4) : rnd(256);
}

/* ---- IP headers ---- */

static void options4(struct pkt *k)
{
	static const int types[] = { 1, 7, 68, 130, 131, 136, 137, 148, 0 };
	size_t from = k->len, most = rnd(11) * 4;
	unsigned char *p;
	int len;

	while (k->len - from + 3 < most) {
		p = grow(k, 1);
		*p = types[rnd(ARRAY_SIZE(types))];
		if (*p < 2)
			continue;
		len = 3 + rnd(most - (k->len - from) - 1);
		grow(k, len - 1);
		p[1] = chance(95) ? len : make_value();
		/* expired, or not */
		p[2] = chance(60) ? len + 1 : rnd(len + 4);
	}
	grow(k, most - (k->len - from));
}

static void header4(const struct world *w, struct pkt *k, int proto)
{
	unsigned char *p = grow(k, 12);

	put_addr(w, k, 4, true);
	put_addr(w, k, 4, false);
	p[1] = tos();
	put16(p + 4, chance(20) ? 0 : rnd(65536));
	if (chance(50))
		p[6] = 0x40;
	if (chance(10)) {
		put16(p + 6, get16(p + 6) | rnd(200));
		if (chance(50))
			p[6] |= 0x20;
	}
	p[8] = ttl();
	p[9] = proto;
	if (chance(12))
		options4(k);
	p[0] = 0x40 | (k->len / 4 & 15);
}

static void extension(struct pkt *k, int type, unsigned char **nh)
{
	size_t len = chance(97) ? 8 << rnd(3) : 8 * (1 + rnd(256));
	unsigned char *p;

	if (k->len + len > 20000)
		return;
	**nh = type;
	p = grow(k, type == FRAGMENT ? 8 : len);
	*nh = p;
	if (type == FRAGMENT) {
		put32(p + 4, rng());
		if (chance(70))
			put16(p + 2, rnd(4) ? rnd(200) * 8 : 0);
		p[3] |= rnd(2);
		return;
	}
	p[1] = len / 8 - 1;
	if (type == AH)
		p[1] = len / 4 - 2;
	if (type == ROUTING) {
		p[2] = rnd(5);
		p[3] = chance(30) ? rnd(3) : 0;
		return;
	}
	/* valid padding */
	p[2] = len > 8 ? 0x1e : 1;
	p[3] = len > 8 ? (len > 260 ? 255 : len - 4) : 4;
}

static void header6(const struct world *w, struct pkt *k, int proto)
{
	static const int types[] = { DSTOPT, DSTOPT, ROUTING, ROUTING,
				     FRAGMENT, FRAGMENT, HOPOPT, AH,
				     MOBILITY };
	unsigned char *p = grow(k, 8), *nh = p + 6;
	int n;

	put_addr(w, k, 6, true);
	put_addr(w, k, 6, false);
	put32(p, 0x60000000u | tos() << 20 | (chance(20) ? rnd(1 << 20) : 0));
	p[7] = ttl();
	if (chance(30)) {
		if (chance(30))
			extension(k, HOPOPT, &nh);
		for (n = rnd(4); n > 0; n--)
			extension(k, types[rnd(ARRAY_SIZE(types))], &nh);
		if (chance(25))
			extension(k, FRAGMENT, &nh);
	}
	*nh = proto;
}

/* ---- transport headers ---- */

static void put_ports(const struct world *w, struct pkt *k, int family,
		      int proto, unsigned char *p)
{
	const struct binding *b;
	const struct known *s;
	unsigned char *ip = k->data;

	put16(p, chance(80) ? 1024 + rnd(64) : rnd(65536));
	put16(p + 2, chance(80) ? 53 : rnd(65536));
	if (!w->pool4_text || chance(15))
		return;
	/* of an existing session */
	s = &known[(proto == UDP ? 0 : proto == TCP ? 8 : 16) + rnd(8)];
	b = binding6(s->proto, s->a6, s->port6);
	if (!b)
		return;
	if (family == 6) {
		memcpy(ip + 8, s->a6, 16);
		put16(p, s->port6);
		if (chance(70)) {
			embed(w, s->z4, ip + 24);
			put16(p + 2, s->zport);
		}
	} else {
		memcpy(ip + 16, b->a4, 4);
		put16(p + 2, b->port4);
		if (chance(70)) {
			memcpy(ip + 12, s->z4, 4);
			put16(p, s->zport);
		}
	}
	if (s->proto == ICMP4)
		put16(p, family == 6 ? s->port6 : b->port4);
}

static void tcp(const struct world *w, struct pkt *k, int family)
{
	static const int flags[] = { 2, 2, 0x12, 0x10, 0x18, 0x11, 4, 0x14 };
	unsigned char *p = grow(k, 20);

	put_ports(w, k, family, TCP, p);
	put32(p + 4, rng());
	put32(p + 8, rng());
	p[13] = chance(90) ? flags[rnd(ARRAY_SIZE(flags))] : rnd(256);
	put16(p + 14, rnd(65536));
	if (chance(20))
		make_fill(k, rnd(11) * 4);
	p[12] = ((k->len - (p - k->data)) / 4) << 4;
}

static void echo(const struct world *w, struct pkt *k, int family)
{
	unsigned char *p = grow(k, 8);

	put_ports(w, k, family, ICMP4, p + 4);
	put16(p + 6, rnd(65536));
	p[0] = family == 4 ? (chance(50) ? 8 : 0) : 128 + rnd(2);
	p[1] = chance(95) ? 0 : rnd(256);
}

static void objects(struct pkt *k)
{
	unsigned char *p = grow(k, 4), *o;
	size_t from = k->len - 4, len;
	int n = 1 + rnd(3);

	p[0] = 0x20;
	while (n--) {
		len = 4 + rnd(6) * 4;
		if (chance(3))
			len = 4 + rnd(300) * 4;
		o = grow(k, 4);
		put16(o, chance(95) ? len : rnd(65536));
		o[2] = rnd(256);
		o[3] = rnd(256);
		make_fill(k, len - 4);
	}
	put16(p + 2, sum_fold(sum_add(0, p, k->len - from)));
}

static void make(const struct world *w, struct pkt *k, int family, int depth);

/* An ICMP error quotes a packet of the other direction. */
static void swap_ends(struct pkt *k, int family)
{
	size_t n = family == 4 ? 4 : 16, at = family == 4 ? 12 : 8;
	unsigned char tmp[16];
	struct view v;

	memcpy(tmp, k->data + at, n);
	memcpy(k->data + at, k->data + at + n, n);
	memcpy(k->data + at + n, tmp, n);
	view_quote(&v, k->data, k->len, family);
	if (v.l4 >= 20 && k->len >= v.l4 + 4 && !v.off &&
	    (v.proto == TCP || v.proto == UDP)) {
		memcpy(tmp, k->data + v.l4, 2);
		memcpy(k->data + v.l4, k->data + v.l4 + 2, 2);
		memcpy(k->data + v.l4 + 2, tmp, 2);
	}
}

static void error(const struct world *w, struct pkt *k, int family, int depth)
{
	static const int types4[] = { 3, 3, 3, 11, 12, 5, 4, 13 };
	static const int types6[] = { 1, 2, 3, 4, 1, 2, 137, 5 };
	static struct pkt quote[3];
	struct pkt *q = &quote[depth];
	size_t attr = 0, unit = family == 4 ? 4 : 8, cut;
	unsigned char *p = grow(k, 8);

	p[0] = chance(95) ? (family == 4 ? types4 : types6)[rnd(6)] :
			    (family == 4 ? types4 : types6)[rnd(8)];
	p[1] = chance(90) ? rnd(6) : rnd(20);
	if (chance(60))
		put32(p + 4, make_value());
	else if (chance(50))
		put32(p + 4, rng());
	if (p[0] == 12 || p[0] == 4)
		p[family == 4 ? 4 : 7] = rnd(44);
	q->len = 0;
	make(w, q, family, depth + 1);
	swap_ends(q, family);
	fix_checksums(q->data, q->len);
	cut = chance(60) ? q->len : rnd(q->len + 1);
	if (chance(20))
		cut = 20 + rnd(60);
	if (cut > q->len)
		cut = q->len;
	if (cut > 1500)
		cut = 1500;
	memcpy(grow(k, cut), q->data, cut);
	if (chance(30)) {
		attr = (cut + unit - 1) / unit * unit;
		if (attr < 128)
			attr = 128;
		if (chance(10))
			attr += unit * rnd(10);
		grow(k, attr - cut);
		objects(k);
		attr /= unit;
		if (chance(10))
			attr = make_value();
	}
	if (family == 4)
		p[5] = chance(95) ? attr : rnd(256);
	else if (p[0] == 1 || p[0] == 3)
		p[4] = chance(95) ? attr : rnd(256);
}

static void make(const struct world *w, struct pkt *k, int family, int depth)
{
	static const int others[] = { IGMP, 4, 33, 41, 47, ESP, AH, 132,
				      UDPLITE, UDPLITE, 253, NONXT, ICMP6,
				      ICMP4, HOPOPT, FRAGMENT };
	int kind = rnd(100), proto, quick = depth ? 12 : 0;
	unsigned char *p;

	if (kind < 35)
		proto = UDP;
	else if (kind < 60)
		proto = TCP;
	else if (kind < 90 + quick / 2)
		proto = family == 4 ? ICMP4 : ICMP6;
	else
		proto = others[rnd(ARRAY_SIZE(others))];
	if (family == 4)
		header4(w, k, proto);
	else
		header6(w, k, proto);
	if (proto == UDP || proto == UDPLITE) {
		p = grow(k, 8);
		put_ports(w, k, family, UDP, p);
		make_fill(k, size());
		put16(p + 4, k->len - (p - k->data));
	} else if (proto == TCP) {
		tcp(w, k, family);
		make_fill(k, size());
	} else if (kind < 72 + quick && kind >= 60) {
		echo(w, k, family);
		make_fill(k, size());
	} else if (kind < 90 + quick / 2 && depth < 2) {
		error(w, k, family, depth);
	} else {
		make_fill(k, size());
	}
	fix_lengths(k->data, k->len);
	fix_checksums(k->data, k->len);
	if (proto == UDP && chance(5))
		put16(p + 6, 0);
}

void make_packet(const struct world *w, struct pkt *k, int family)
{
	k->len = 0;
	make(w, k, family, 0);
}

/* A valid packet, except perhaps for its addresses. */
void make_plain(const struct world *w, struct pkt *k, int family, int proto,
		size_t payload)
{
	unsigned char *p;

	k->len = 0;
	p = grow(k, family == 4 ? 12 : 8);
	put_addr(w, k, family, true);
	put_addr(w, k, family, false);
	if (family == 4) {
		p[0] = 0x45;
		put16(p + 4, rnd(65536));
		p[8] = 64;
		p[9] = proto;
	} else {
		p[0] = 0x60;
		p[6] = proto;
		p[7] = 64;
	}
	if (proto == TCP) {
		tcp(w, k, family);
	} else if (proto == UDP) {
		p = grow(k, 8);
		put_ports(w, k, family, UDP, p);
	} else {
		echo(w, k, family);
	}
	make_fill(k, payload);
	fix_lengths(k->data, k->len);
	fix_checksums(k->data, k->len);
}
