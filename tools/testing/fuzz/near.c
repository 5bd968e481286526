// SPDX-License-Identifier: GPL-2.0
/*
 * near - packets that the fast path takes, and those that differ from them in
 * one or two respects.
 */
#include <linux/if_ether.h>

#include "compare.h"

void near_bind(const struct config *c)
{
	struct known *k;
	int i;

	state_reset();
	known_init();
	for (i = 0; i < KNOWN_MAX; i++) {
		k = &known[i];
		/* not all of them to DNS, whose sessions differ */
		if (k->proto == UDP && i % 4 > 1)
			k->zport = 4500 + i;
		if (c->world.pool4_text)
			binding_add(k->proto, k->a6, k->port6, c->world.pool4,
				    c->port4 + i % 8);
	}
}

/* Mostly established, long ago. */
static void sessions(struct stage *s)
{
	int i;

	for (i = 0; i < KNOWN_MAX; i++) {
		s->expires[i] = 600 + rnd(600);
		s->state[i] = 0;
		if (known[i].proto == TCP)
			s->state[i] = chance(75) ? 3 : 1 + rnd(7);
	}
}

/* Payload of a packet with @hdr bytes of headers. */
static size_t payload(size_t hdr)
{
	static const int near[] = { 1240, 1260, 1280, 1300, 1320, 1480, 1500 };
	int total;

	if (chance(60))
		return rnd(64);
	if (chance(10))
		return rnd(3000);
	total = near[rnd(ARRAY_SIZE(near))] + rnd(7) - 3;
	return total - hdr;
}

static uint32_t sum_of(const unsigned char *p, size_t len)
{
	uint32_t sum = 0;
	size_t i;

	for (i = 0; i + 1 < len; i += 2)
		sum += get16(p + i);
	return sum;
}

/* Sums of the addresses and of the port that changes, after the translation of
 * a packet without options and extension headers. Returns false if they are not
 * known.
 */
static bool sum_after(const struct world *w, const unsigned char *p,
		      int proto, uint32_t *sum)
{
	bool six = p[0] >> 4 == 6;
	const unsigned char *src = p + (six ? 8 : 12), *l4 = p + (six ? 40 : 20);
	const unsigned char *dst = src + (six ? 16 : 4);
	const struct binding *b;
	unsigned char s[16], d[16];

	if (w->pool4_text && six) {
		b = binding6(proto, src, get16(l4));
		if (!b || !in_pool6(w, dst))
			return false;
		extract(w, dst, d);
		*sum = sum_of(b->a4, 4) + sum_of(d, 4) + b->port4 +
		       get16(l4 + 2);
	} else if (w->pool4_text) {
		b = binding4(proto, dst, get16(l4 + 2));
		if (!b)
			return false;
		embed(w, src, s);
		*sum = sum_of(s, 16) + sum_of(b->a6, 16) + get16(l4) +
		       b->port6;
	} else if (six) {
		if (!eam64(w, src, s))
			extract(w, src, s);
		if (!eam64(w, dst, d))
			extract(w, dst, d);
		*sum = sum_of(s, 4) + sum_of(d, 4) + sum_of(l4, 4);
	} else {
		if (!eam46(w, src, s))
			embed(w, src, s);
		if (!eam46(w, dst, d))
			embed(w, dst, d);
		*sum = sum_of(s, 16) + sum_of(d, 16) + sum_of(l4, 4);
	}
	return true;
}

/* Let the checksum of the translated packet be 0 or 0xffff, which are the same
 * sum, or next to it.
 */
static void zero_sum(const struct world *w, struct pkt *k, int proto)
{
	bool six = k->data[0] >> 4 == 6;
	size_t l4 = six ? 40 : 20, hdr = proto == UDP ? 8 : 20;
	unsigned char *p = k->data, *csum = p + l4 + csum_offset(proto);
	uint32_t before, after, want, now;

	if (k->len < l4 + hdr + 2 || !sum_after(w, p, proto, &after))
		return;
	before = sum_of(p + (six ? 8 : 12), six ? 32 : 8) + sum_of(p + l4, 4);
	/* ~want + after - before is 0 modulo 65535 */
	want = (before % 65535 + 65535 - after % 65535) % 65535;
	want = 65535 - want;
	if (chance(30))
		want += rnd(3) - 1;
	want &= 0xffff;
	/* make it right with the first word of the payload */
	if (proto == UDP || p[l4 + 12] >> 4 == 5) {
		put16(p + l4 + hdr, 0);
		fix_checksums(p, k->len);
		now = get16(csum);
		put16(p + l4 + hdr, (now % 65535 + 65535 - want % 65535) %
				    65535);
	}
	put16(csum, want);
}

static void set_hops(struct pkt *k)
{
	static const int hops[] = { 0, 1, 2, 3, 64, 255 };

	k->data[k->data[0] >> 4 == 6 ? 7 : 8] = hops[rnd(ARRAY_SIZE(hops))];
}

static void set_tos(struct pkt *k)
{
	unsigned char *p = k->data;

	if (p[0] >> 4 == 6)
		put32(p, 0x60000000u | rnd(1 << 28));
	else
		p[1] = rnd(256);
}

/* Bytes behind the end of the packet, or too few. */
static void set_length(struct pkt *k)
{
	unsigned char *p = k->data;

	switch (rnd(4)) {
	case 0:
		make_fill(k, 1 + rnd(40));
		break;
	case 1:
		k->len -= rnd(k->len < 40 ? k->len : 40);
		break;
	case 2:
		k->len = rnd(k->len + 1);
		break;
	default:
		put16(p + (p[0] >> 4 == 6 ? 4 : 2), chance(50) ? make_value() :
		      get16(p + (p[0] >> 4 == 6 ? 4 : 2)) + rnd(17) - 8);
		if (p[0] >> 4 == 4)
			fix_checksums(p, 20);
	}
}

/* The length in the transport header. */
static void set_l4_length(struct pkt *k, unsigned char *l4, int proto)
{
	if (proto == TCP)
		l4[12] = chance(50) ? rnd(256) : l4[12] + 16 * (rnd(3) - 1);
	else
		put16(l4 + 4, chance(50) ? make_value() :
		      get16(l4 + 4) + rnd(17) - 8);
	if (chance(50))
		fix_checksums(k->data, k->len);
}

static void set_ports(struct pkt *k, unsigned char *l4)
{
	static const int ports[] = { 0, 1, 53, 80, 700, 1023, 1024, 5000, 7000,
				     65535 };
	int at = chance(50) ? 0 : 2;

	put16(l4 + at, chance(70) ? ports[rnd(ARRAY_SIZE(ports))] :
				    (int)rnd(65536));
	fix_checksums(k->data, k->len);
}

static void set_addresses(const struct world *w, struct pkt *k)
{
	int family = k->data[0] >> 4 == 6 ? 6 : 4;
	size_t n = family == 6 ? 16 : 4;
	bool src = chance(50);

	make_addr(w, family, src,
		  k->data + (family == 6 ? 8 : 12) + (src ? 0 : n));
	/* between hosts of one side */
	if (chance(10))
		make_addr(w, family, !src, k->data + (family == 6 ? 8 : 12));
	fix_checksums(k->data, k->len);
}

static void set_fragment(struct pkt *k)
{
	unsigned char *p = k->data;
	size_t len = k->len;

	if (p[0] >> 4 == 4) {
		put16(p + 4, chance(30) ? 0 : rnd(65536));
		p[6] ^= chance(70) ? 0x40 : 0x20 << rnd(3);
		if (chance(10))
			p[7] = rnd(256);
		fix_checksums(p, k->len);
		return;
	}
	/* an extension header */
	memmove(p + 48, p + 40, len - 40);
	memset(p + 40, 0, 8);
	p[40] = p[6];
	p[6] = chance(50) ? FRAGMENT : chance(50) ? DSTOPT : HOPOPT;
	p[42] = p[6] == FRAGMENT ? 0 : 1;
	p[43] = p[6] == FRAGMENT ? rnd(2) : 4;
	put16(p + 4, len - 32);
	k->len += 8;
}

static void tweak(const struct world *w, struct pkt *k, int proto)
{
	unsigned char *l4 = k->data + (k->data[0] >> 4 == 6 ? 40 : 20);

	switch (rnd(13)) {
	case 0:
	case 1:
		set_hops(k);
		break;
	case 2:
		set_length(k);
		return;
	case 3:
		set_l4_length(k, l4, proto);
		return;
	case 4:
		set_ports(k, l4);
		break;
	case 5:
		set_addresses(w, k);
		break;
	case 6:
	case 7:
		set_fragment(k);
		return;
	case 8:
		put16(l4 + csum_offset(proto), chance(50) ? 0 : rnd(65536));
		break;
	case 9:
	case 10:
		zero_sum(w, k, proto);
		break;
	case 11:
		if (proto == TCP)
			l4[13] = rnd(256);
		break;
	default:
		mutate(w, k);
		return;
	}
	/* only the header */
	if (k->data[0] >> 4 == 4 && chance(95))
		fix_checksums(k->data, 20);
}

/* Does any field not have the position that tweak() expects? */
static bool is_changed(const struct pkt *k, int family, int proto)
{
	const unsigned char *p = k->data;

	if (k->len < 80 - (family == 4 ? 20 : 0) - (proto == UDP ? 12 : 0))
		return true;
	return family == 4 ? p[0] != 0x45 || p[9] != proto :
			     p[0] >> 4 != 6 || p[6] != proto;
}

static void near_packet(const struct world *w, struct pkt *k)
{
	int family = chance(50) ? 4 : 6, proto = chance(65) ? UDP : TCP, n;
	size_t l4 = family == 4 ? 20 : 40;

	make_plain(w, k, family, proto, payload(l4 + (proto == UDP ? 8 : 20)));
	if (family == 4 && chance(60))
		k->data[6] = 0x40;
	if (proto == TCP && chance(85))
		k->data[l4 + 13] = chance(50) ? 0x10 : 0x18;
	if (chance(50))
		set_tos(k);
	if (chance(10))
		make_fill(k, 12);
	fix_lengths(k->data, k->len);
	fix_checksums(k->data, k->len);
	for (n = chance(55) ? 0 : chance(70) ? 1 : 2; n; n--)
		if (!is_changed(k, family, proto))
			tweak(w, k, proto);
}

static void aim(struct shot *s)
{
	int kind = rnd(100);

	memset(&s->vnet, 0, sizeof(s->vnet));
	s->offload = false;
	s->gate = kind < 60 ? PROCESS : kind < 90 ? SOFT :
		  kind < 95 ? RAW : RING;
	s->ethertype = s->pkt.len && s->pkt.data[0] >> 4 == 6 ? ETH_P_IPV6 :
							       ETH_P_IP;
	/* the rest is in pages */
	if (chance(50))
		s->vnet.hdr_len = rnd(s->pkt.len < 120 ? s->pkt.len + 1 : 120);
}

static void take(struct shot *to, const struct shot *from)
{
	memcpy(to, from, offsetof(struct shot, pkt.data));
	memcpy(to->pkt.data, from->pkt.data, from->pkt.len);
}

void near_batch(const struct config *c, struct stage *s)
{
	struct shot *to = s->shot;
	int i, n;

	sessions(s);
	while (to < s->shot + BATCH) {
		if (chance(85)) {
			near_packet(&c->world, &to->pkt);
			aim(to++);
			continue;
		}
		n = scene(&c->world, chance(30));
		for (i = 0; i < n && to < s->shot + BATCH; i++)
			take(to++, &shot[i]);
	}
}
