// SPDX-License-Identifier: GPL-2.0
/*
 * pieces - simple reassembly of the fragments that a stateful device receives.
 * It only reports cases in which reassembly is implementation-defined
 * (overlaps, duplicates, different headers).
 */
#include <stdlib.h>

#include "fuzz.h"

#define DATAGRAMS_MAX	8192
#define PIECES_MAX	64

struct piece {
	unsigned int off;
	unsigned int len;
	bool mf;
	unsigned char *data;
};

struct datagram {
	unsigned char key[44];
	unsigned long born;	/* iteration */
	bool odd;
	uint8_t tos;
	bool df;
	size_t largest;
	unsigned char *head;	/* headers of the first fragment */
	size_t head_len;
	int pieces;
	struct piece piece[PIECES_MAX];
};

static struct datagram *datagram[DATAGRAMS_MAX];
static bool overfull;

static void forget(struct datagram *d)
{
	while (d->pieces)
		free(d->piece[--d->pieces].data);
	free(d->head);
	d->head = NULL;
}

static void drop(int i)
{
	if (!datagram[i])
		return;
	forget(datagram[i]);
	free(datagram[i]);
	datagram[i] = NULL;
}

void pieces_reset(void)
{
	int i;

	for (i = 0; i < DATAGRAMS_MAX; i++)
		drop(i);
	overfull = false;
}

static unsigned char *copy(const unsigned char *p, size_t len)
{
	unsigned char *c = malloc(len + 1);

	if (!c)
		exit(1);
	memcpy(c, p, len);
	return c;
}

/* Where the datagram is, or is to be; -1 when the table is full. */
static int slot(const unsigned char key[44])
{
	uint32_t h = 2166136261u;
	int i, n;

	for (i = 0; i < 44; i++)
		h = (h ^ key[i]) * 16777619u;
	for (n = 0; n < 64; n++) {
		i = (h + n) % DATAGRAMS_MAX;
		if (!datagram[i] || !memcmp(datagram[i]->key, key, 44))
			return i;
	}
	return -1;
}

static void make_key(unsigned char key[44], const struct view *v)
{
	size_t n = v->family == 4 ? 4 : 16;

	memset(key, 0, 44);
	memcpy(key, v->src, n);
	memcpy(key + 16, v->dst, n);
	put32(key + 32, v->id);
	key[36] = v->family;
	/* IPv6 has only the addresses and the identification */
	if (v->family == 4)
		key[37] = v->proto;
}

static bool overlaps(const struct datagram *d, const struct piece *n)
{
	const struct piece *p;

	for (p = d->piece; p < d->piece + d->pieces; p++) {
		if (n->off < p->off + p->len && p->off < n->off + n->len)
			return true;
		/* two ends, or something beyond the end */
		if (!p->mf && (!n->mf || n->off >= p->off))
			return true;
		if (!n->mf && p->off >= n->off)
			return true;
		if (p->off == n->off)
			return true;
	}
	return false;
}

static size_t total(const struct datagram *d)
{
	size_t sum = 0;
	int i;

	for (i = 0; i < d->pieces; i++)
		sum += d->piece[i].len;
	for (i = 0; i < d->pieces; i++)
		if (!d->piece[i].mf &&
		    d->piece[i].off + d->piece[i].len == sum)
			return sum;
	return 0;
}

static void put_together(const struct datagram *d, size_t sum,
			 struct whole *whole)
{
	unsigned char *p = whole->data;
	int i;

	whole->largest = d->largest;
	whole->len = d->head_len + sum;
	if (whole->len > 65535 + 40) {
		whole->odd = true;
		whole->len = 0;
		return;
	}
	memcpy(p, d->head, d->head_len);
	for (i = 0; i < d->pieces; i++)
		memcpy(p + d->head_len + d->piece[i].off, d->piece[i].data,
		       d->piece[i].len);
	if (p[0] >> 4 == 4) {
		put16(p + 2, whole->len);
		put16(p + 6, get16(p + 6) & 0x4000);
		put16(p + 10, 0);
		put16(p + 10, sum_fold(sum_add(0, p, d->head_len)));
	} else {
		put16(p + 4, whole->len - 40);
	}
	if (whole->len > 65535)
		whole->odd = true;
}

/* The headers of an unfragmented packet, from its first fragment. */
static void take_head(struct datagram *d, const struct view *v,
		      const unsigned char *p)
{
	size_t at = 40;

	free(d->head);
	if (v->family == 4) {
		d->head = copy(p, v->l4);
		d->head_len = v->l4;
		return;
	}
	d->head = copy(p, v->fh);
	d->head_len = v->fh;
	/* the header before the Fragment Header names what follows it */
	if (v->fh == 40) {
		d->head[6] = v->proto;
		return;
	}
	while (at + (p[at + 1] + 1) * 8 < v->fh)
		at += (p[at + 1] + 1) * 8;
	d->head[at] = v->proto;
}

void pieces_add(const struct view *v, const unsigned char *p,
		unsigned long now, struct whole *whole)
{
	struct piece n = {
		.off = v->off, .len = v->len - v->l4, .mf = v->mf,
	};
	unsigned char key[44];
	struct datagram *d;
	size_t sum;
	int i;

	whole->len = 0;
	whole->odd = overfull;
	whole->old = false;
	make_key(key, v);
	i = slot(key);
	if (i < 0) {
		overfull = true;
		whole->odd = true;
		return;
	}
	d = datagram[i];
	if (!d) {
		d = calloc(1, sizeof(*d));
		if (!d)
			exit(1);
		memcpy(d->key, key, 44);
		d->born = now;
		d->tos = v->tos;
		d->df = v->df;
		datagram[i] = d;
	}
	/* the kernel does not take what is empty, not even as the end */
	if (v->odd || !n.len || d->pieces == PIECES_MAX || d->tos != v->tos ||
	    d->df != v->df || overlaps(d, &n))
		d->odd = true;
	if (d->odd) {
		whole->odd = true;
		return;
	}
	n.data = copy(p + v->l4, n.len);
	d->piece[d->pieces++] = n;
	if (v->len > d->largest)
		d->largest = v->len;
	if (!n.off)
		take_head(d, v, p);
	sum = total(d);
	if (!sum || !d->head)
		return;
	whole->old = d->born != now;
	put_together(d, sum, whole);
	if (!whole->old) {
		drop(i);
		return;
	}
	/* The kernel may have given up on some of it, and not have all. */
	forget(d);
	d->odd = true;
}
