// SPDX-License-Identifier: GPL-2.0
/*
 * lengths - packets truncated at every length, and with wrong length fields.
 */
#include <stdlib.h>

#include "fuzz.h"

#define FIELDS_MAX	32

/**
 * struct field - a length field of a header
 * @at: offset
 * @bits: 4 (the lower or, of @high, upper half of a byte), 8 or 16
 * @high: see @bits
 */
struct field {
	size_t at;
	int bits;
	bool high;
};

struct fields {
	struct field f[FIELDS_MAX];
	int n;
	size_t end;		/* of the last header */
};

/* ---- packets tried before ---- */

#define SEEN_SIZE	(1 << 22)	/* a power of two */

static uint64_t *seen;
static size_t seen_count;
static unsigned int share = 1;

void lengths_share(unsigned int n)
{
	share = n;
}

/* The packet is new and belongs to the selected share. */
static bool is_new(const struct pkt *k)
{
	uint64_t h = k->len * 0x9e3779b97f4a7c15ull + 1;
	size_t i;

	for (i = 0; i < k->len; i++) {
		h = (h ^ k->data[i]) * 0xbf58476d1ce4e5b9ull;
		h ^= h >> 31;
	}
	h |= 1ull << 63;
	if (!seen)
		seen = calloc(SEEN_SIZE, sizeof(*seen));
	if (!seen)
		exit(1);
	if (seen_count > SEEN_SIZE / 2) {
		memset(seen, 0, SEEN_SIZE * sizeof(*seen));
		seen_count = 0;
	}
	if (h % share)
		return false;
	h /= share;
	for (i = h % SEEN_SIZE; seen[i]; i = (i + 1) % SEEN_SIZE)
		if (seen[i] == h)
			return false;
	seen[i] = h;
	seen_count++;
	return true;
}

/* ---- positions of length fields ---- */

static void found(struct fields *f, size_t at, int bits, bool high)
{
	if (f->n < FIELDS_MAX)
		f->f[f->n++] = (struct field) { at, bits, high };
	if (at + 2 > f->end)
		f->end = at + 2;
}

static void find_options(struct fields *f, const unsigned char *p, size_t base,
			 size_t end)
{
	size_t i = 20;

	while (i + 2 <= end && p[i]) {
		if (p[i] == 1) {
			i++;
			continue;
		}
		found(f, base + i + 1, 8, false);
		if (p[i + 1] < 2)
			return;
		i += p[i + 1];
	}
}

static void find_chain(struct fields *f, const unsigned char *p, size_t base,
		       size_t len)
{
	size_t at = 40, size;
	int nh = p[6];

	while ((nh == HOPOPT || nh == ROUTING || nh == DSTOPT ||
		nh == FRAGMENT) && at + 8 <= len) {
		/* treat the fragment offset as a length */
		if (nh == FRAGMENT)
			found(f, base + at + 2, 16, false);
		else
			found(f, base + at + 1, 8, false);
		size = nh == FRAGMENT ? 8 : (p[at + 1] + 1) * 8;
		nh = p[at];
		at += size;
	}
}

static void find_fields(struct fields *f, const unsigned char *p, size_t base,
			size_t len, int depth)
{
	struct view v;

	p += base;
	len -= base;
	if (len < 20)
		return;
	view_quote(&v, p, len, p[0] >> 4 == 6 ? 6 : 4);
	if (!v.src)
		return;
	if (v.family == 4) {
		found(f, base, 4, false);
		found(f, base + 2, 16, false);
		found(f, base + 6, 16, false);
		find_options(f, p, base, v.l4 < len ? v.l4 : len);
	} else {
		found(f, base + 4, 16, false);
		find_chain(f, p, base, len);
	}
	if (v.l4 + 8 > len || v.l4 < 20 || v.off)
		return;
	if (v.proto == UDP || v.proto == UDPLITE)
		found(f, base + v.l4 + 4, 16, false);
	if (v.proto == TCP && v.l4 + 20 <= len)
		found(f, base + v.l4 + 12, 4, true);
	if (!is_icmp(&v) || !is_error(v.family, p[v.l4]))
		return;
	found(f, base + v.l4 + (v.family == 4 ? 5 : 4), 8, false);
	if (depth < 3)
		find_fields(f, p - base, base + v.l4 + 8, base + len,
			    depth + 1);
}

/* ---- values ---- */

static unsigned int get_field(const struct field *f, const unsigned char *p)
{
	if (f->bits == 16)
		return get16(p + f->at);
	if (f->bits == 8)
		return p[f->at];
	return f->high ? p[f->at] >> 4 : p[f->at] & 15;
}

static void set_field(const struct field *f, unsigned char *p, unsigned int v)
{
	if (f->bits == 16)
		put16(p + f->at, v);
	else if (f->bits == 8)
		p[f->at] = v;
	else if (f->high)
		p[f->at] = (p[f->at] & 15) | v << 4;
	else
		p[f->at] = (p[f->at] & 0xf0) | v;
}

/* Try a wrong value, with correct checksums. */
static void try_value(const struct item *i, const struct field *f, int value,
		      void (*try)(const struct pkt *k))
{
	static struct pkt k;

	if (value < 0 || value >= 1 << f->bits)
		return;
	k.len = i->len;
	memcpy(k.data, i->data, i->len);
	set_field(f, k.data, value);
	fix_checksums(k.data, k.len);
	if (is_new(&k))
		try(&k);
}

static void wrong_values(const struct item *i, const struct field *f, bool all,
			 void (*try)(const struct pkt *k))
{
	static const int by[] = { 1, 2, 3, 4, 7, 8, 9, 16, 20, 28, 40, 100,
				  1000 };
	static const int is[] = { 0, 1, 2, 3, 4, 5, 7, 8, 19, 20, 32, 39, 40,
				  127, 128, 255, 256, 1280, 32767, 32768,
				  65515, 65528, 65535 };
	int v = get_field(f, i->data);
	size_t n;

	if (f->bits == 4 || (all && f->bits == 8)) {
		for (n = 0; n < 1u << f->bits; n++)
			try_value(i, f, n, try);
		return;
	}
	for (n = 0; n < ARRAY_SIZE(by); n++) {
		try_value(i, f, v + by[n], try);
		try_value(i, f, v - by[n], try);
	}
	for (n = 0; n < ARRAY_SIZE(is); n++)
		try_value(i, f, is[n], try);
}

/* ---- truncation ---- */

enum fit { LIES, IP_LENGTH, ALL_LENGTHS };

/* Fix the checksum of the IPv4 header only. */
static void fix_header(unsigned char *p, size_t len)
{
	size_t head = (p[0] & 15) * 4;

	if (len < 20 || p[0] >> 4 != 4 || head < 20 || head > len)
		return;
	put16(p + 10, 0);
	put16(p + 10, sum_fold(sum_add(0, p, head)));
}

/* Truncate to @len bytes, with unchanged length fields, or with fixed ones of
 * the IP header, or also of UDP.
 */
static void cut_at(const struct item *i, size_t len, enum fit fit,
		   void (*try)(const struct pkt *k))
{
	static struct pkt k;

	k.len = len;
	memcpy(k.data, i->data, len);
	if (fit == ALL_LENGTHS) {
		fix_lengths(k.data, len);
	} else if (fit == IP_LENGTH) {
		if (len >= 20 && k.data[0] >> 4 == 4)
			put16(k.data + 2, len);
		else if (len >= 40 && k.data[0] >> 4 == 6)
			put16(k.data + 4, len - 40);
	}
	/* the checksum stays wrong if it was wrong before */
	if (fit != LIES && len % 2)
		fix_checksums(k.data, len);
	else if (fit != LIES)
		fix_header(k.data, len);
	if (is_new(&k))
		try(&k);
}

void lengths_of(const struct item *i, bool all, void (*try)(const struct pkt *k))
{
	struct fields f = { .n = 0 };
	size_t len, edge;
	int n;

	find_fields(&f, i->data, 0, i->len, 0);
	for (n = 0; n < f.n; n++)
		wrong_values(i, &f.f[n], all, try);
	edge = f.end + 24;
	for (len = 0; len < i->len; len++) {
		if (!all && len > edge && len + 10 < i->len &&
		    (len - edge) % 61)
			continue;
		cut_at(i, len, LIES, try);
		cut_at(i, len, IP_LENGTH, try);
		cut_at(i, len, ALL_LENGTHS, try);
	}
}
