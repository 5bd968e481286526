// SPDX-License-Identifier: GPL-2.0
/*
 * check - compares the output of a device with its input. A packet socket shows
 * both in order: each output belongs to one of the inputs since the test last
 * sent something.
 */
#include <stdlib.h>

#include "fuzz.h"

#define PENDING_MAX	160

struct pending {
	struct expect e;
	int outputs;
	size_t covered;		/* bytes of payload found in fragments so far */
	uint32_t piece_id;
	bool lost;		/* part of it was missed */
};

struct tally tally;

static const struct world *world;
static struct pending *pending[PENDING_MAX];
static int count, last_count;
static bool overflow;		/* too many inputs: do not check */
static bool deep;

void check_begin(const struct world *w)
{
	world = w;
	count = 0;
	state_reset();
	pieces_reset();
}

void check_deep(bool on)
{
	deep = on;
}

static const char *alone4(const struct view *v, const unsigned char *p,
			  size_t len)
{
	bool error = p[9] == ICMP4 && is_whole(v) && len > v->l4 &&
		     is_error(4, p[v->l4]);

	if (v->l4 != 20)
		return "R7915-5.1-a: IPv4 options";
	if (p[6] & 0x80)
		return "reserved IPv4 flag";
	if (illegal4(v->dst))
		return "D-7915-dst: illegal destination";
	if (illegal4(v->src) && !error)
		return "R7915-4.1-l: illegal source";
	return NULL;
}

static const char *alone6(const struct view *v, const unsigned char *p)
{
	if (get32(p) & 0xfffff)
		return "R7915-4.1-g: flow label";
	if (illegal6(v->src) || illegal6(v->dst))
		return "R7915-5.1-j: illegal address";
	return NULL;
}

const char *check_alone(const unsigned char *p, size_t len,
			const struct virtio_net_hdr *vnet)
{
	const char *why;
	struct view v;

	if (len < 20 || (p[0] >> 4 != 4 && p[0] >> 4 != 6))
		return "neither IPv4 nor IPv6";
	view_packet(&v, p, len);
	if (!v.src || v.len != len)
		return "R7915-4.1-i, 5.1-c: lengths";
	if (v.family == 4 && sum_fold(sum_add(0, p, v.l4)))
		return "R7915-5.1-a: IPv4 header checksum";
	why = v.family == 4 ? alone4(&v, p, len) : alone6(&v, p);
	if (why)
		return why;
	if (!vnet)
		return NULL;
	if (vnet->flags & VIRTIO_NET_HDR_F_NEEDS_CSUM &&
	    (vnet->csum_start != v.l4 ||
	     vnet->csum_offset != csum_offset(v.proto) ||
	     vnet->csum_start + vnet->csum_offset + 2u > len))
		return "D-7915-partial: what is left of the checksum";
	switch (vnet->gso_type & ~VIRTIO_NET_HDR_GSO_ECN) {
	case VIRTIO_NET_HDR_GSO_NONE:
		return NULL;
	case VIRTIO_NET_HDR_GSO_TCPV4:
	case VIRTIO_NET_HDR_GSO_TCPV6:
		if ((vnet->gso_type & ~VIRTIO_NET_HDR_GSO_ECN) !=
		    (v.family == 4 ? VIRTIO_NET_HDR_GSO_TCPV4 :
				     VIRTIO_NET_HDR_GSO_TCPV6))
			return "D-7915-partial: segmentation of the other family";
		return vnet->gso_size ? NULL : "segments of no size";
	default:
		return "an offload that the device does not have";
	}
}

/* ---- one output against the expectation ---- */

/* An offloaded checksum is compared as if it had been computed. */
static const unsigned char *completed(const unsigned char *p, size_t len,
				      const struct virtio_net_hdr *vnet)
{
	static unsigned char copy[PACKET_MAX];
	size_t at = vnet->csum_start + vnet->csum_offset;
	uint16_t sum;

	if (!(vnet->flags & VIRTIO_NET_HDR_F_NEEDS_CSUM) || at + 2 > len)
		return p;
	memcpy(copy, p, len);
	sum = sum_fold(sum_add(0, copy + vnet->csum_start,
			       len - vnet->csum_start));
	put16(copy + at, sum ?: 0xffff);
	return copy;
}

/* Transport header and payload, from byte @from on. */
static const char *same_payload(const struct expect *e, size_t from,
				const unsigned char *p, size_t n)
{
	const unsigned char *want = e->data + e->hdr + from;
	size_t at = e->csum - e->hdr - from;
	uint16_t a, b;

	if (!e->csum || e->csum < e->hdr + from || at + 2 > n)
		return memcmp(p, want, n) ? "payload" : NULL;
	a = get16(p + at);
	b = get16(want + at);
	if (!same_sum(a, b) || (e->v.proto == UDP && !a != !b))
		return "R7915-4.5-a, 5.5-a: transport checksum";
	if (memcmp(p, want, at) ||
	    memcmp(p + at + 2, want + at + 2, n - at - 2))
		return "transport header or payload";
	return NULL;
}

static const char *compare_whole(const struct expect *e,
				 const unsigned char *p, size_t len)
{
	unsigned char head[48];

	if (e->limit)
		return "R7915-4.1-a, D-6146-refrag: should be in pieces";
	if (len != e->len)
		return "R7915-4.1-i, 5.1-c: length";
	memcpy(head, e->data, e->hdr);
	if (e->id_open)
		memcpy(head + 4, p + 4, 2);
	if (p[0] >> 4 == 4)
		memcpy(head + 10, p + 10, 2);
	if (memcmp(head, p, e->hdr))
		return "R7915-4.1, 5.1: IP header";
	return same_payload(e, 0, p + e->hdr, len - e->hdr);
}

/* Compare a fragment, which may have any part of the payload. */
static const char *compare_piece(const struct pending *d,
				 const unsigned char *p, size_t len)
{
	const struct expect *e = &d->e;
	size_t total = e->len - e->hdr, n;
	unsigned char head[48];
	bool four = p[0] >> 4 == 4, last;
	struct view v;

	view_packet(&v, p, len);
	if (!v.frag || (!four && v.fh != 40))
		return "R7915-4.1-a: not a piece";
	if (!four && (p[41] || p[43] & 6))
		return "R7915-4.1-q: reserved bits";
	n = len - v.l4;
	last = d->covered + n == total;
	if (len > e->limit)
		return "R7915-4.1-a, D-6146-refrag: a piece is too large";
	if (v.off != e->v.off + d->covered || d->covered + n > total)
		return "R7915-4.1-r: offset of a piece";
	if (v.mf != (!last || e->v.mf) || (!last && n % 8))
		return "R7915-4.1-r: more fragments";
	if (d->covered ? v.id != d->piece_id :
			 !e->largest && !e->hairpin &&
			 v.id != (e->v.id & 0xffff))
		return "R7915-4.1-s: identification";
	memcpy(head, e->data, 40);
	if (four) {
		memcpy(head + 2, p + 2, 6);
		memcpy(head + 10, p + 10, 2);
		if (v.df)
			return "D-6146-refrag: DF in a piece";
		if (memcmp(head, p, 20))
			return "R7915-5.1: IP header of a piece";
	} else {
		memcpy(head + 4, p + 4, 2);
		if (p[40] != (e->hdr == 48 ? e->data[40] : head[6]))
			return "R7915-4.1-q: next header of a piece";
		head[6] = FRAGMENT;
		if (memcmp(head, p, 40))
			return "R7915-4.1: IP header of a piece";
	}
	return same_payload(e, d->covered, p + v.l4, n);
}

/* Remember the IPv4 source that the translator has chosen. */
static const char *take_binding(struct pending *d, const unsigned char *p)
{
	struct expect *e = &d->e;
	unsigned char *l4 = e->data + e->hdr;
	bool icmp = is_icmp(&e->v);
	size_t at = icmp ? 4 : 0;
	struct view v, to;
	const char *why;
	int old_port, port;

	if (p[0] >> 4 != 4 || (get16(p + 6) & 0x1fff))
		return NULL;
	if (!in_pool4(world, p + 12))
		return "R6146-3.5.1.1-d: source outside pool4";
	old_port = get16(e->in + e->v.l4 + at);
	port = get16(p + 20 + at);
	why = binding_add(e->v.proto, e->v.src, old_port, p + 12, port);
	if (why)
		return why;
	memcpy(e->data + 12, p + 12, 4);
	memcpy(l4, e->in + e->v.l4, e->v.len - e->v.l4);
	v = e->v;
	to = (struct view) {
		.family = 4, .src = e->data + 12, .dst = e->data + 16,
	};
	rewrite_l4(l4, e->v.len - e->v.l4, &v, &to, port,
		   icmp ? port : (int)get16(l4 + 2));
	e->new_binding = false;
	return NULL;
}

/* A packet that no binding is known for came out: had one been made, out of
 * sight? If so, it is known from here on.
 */
static bool by_late_binding(struct expect *e, const unsigned char *p,
			    size_t len)
{
	const unsigned char *a6, *a4, *l4 = e->in + e->v.l4;
	int port6, port4;
	struct view v;
	size_t at;

	view_packet(&v, p, len);
	if (!e->unbound || v.bad || v.off || v.family == e->v.family ||
	    v.len < v.l4 + 8)
		return false;
	at = is_icmp(&v) ? 4 : v.family == 6 ? 2 : 0;
	a6 = v.family == 6 ? v.dst : e->v.src;
	a4 = v.family == 6 ? e->v.dst : v.src;
	port6 = get16((v.family == 6 ? p + v.l4 : l4) + at);
	port4 = get16((v.family == 6 ? l4 : p + v.l4) + at);
	if (!maybe_bound(v.proto, a6, port6, a4, port4) ||
	    binding_add(v.proto, a6, port6, a4, port4))
		return false;
	e->fate = EITHER;
	e->loose = true;
	return true;
}

static const char *compare(struct pending *d, const unsigned char *p,
			   size_t len, const struct virtio_net_hdr *vnet)
{
	struct expect *e = &d->e;
	const char *why;
	struct view v;

	why = check_alone(p, len, vnet);
	if (why)
		return why;
	if (e->ignored)
		return "a packet of the link itself came out";
	if (e->fate == DROP && !by_late_binding(e, p, len))
		return "came out, but should not";
	if (e->loose)
		return NULL;
	if (p[0] >> 4 != (e->hairpin ? e->v.family : 10 - e->v.family))
		return "the wrong IP version came out";
	if (e->error)
		return check_error(world, e, p, len);
	if (e->new_binding)
		why = take_binding(d, p);
	if (why)
		return why;
	p = completed(p, len, vnet);
	if (e->gso && !vnet->gso_type) {
		view_packet(&v, p, len);
		if (v.proto == TCP && is_whole(&v) && e->sum_ok &&
		    !l4_sum_ok(&v, p))
			return "D-7915-partial: checksum of a segment";
		return NULL;
	}
	if (vnet->gso_type && vnet->gso_size != e->vnet.gso_size)
		return "D-7915-partial: size of segments";
	if (e->limit)
		return compare_piece(d, p, len);
	return compare_whole(e, p, len);
}

/* ---- all of them ---- */

/* The output shows its session, even if the model could not predict the output.
 */
static void remember_output(const struct expect *e, const unsigned char *p,
			    size_t len)
{
	const unsigned char *l4 = e->in + e->v.l4;
	const struct binding *b;
	unsigned char z4[4];
	struct view v;
	int at;

	view_packet(&v, p, len);
	if (v.bad || v.off || v.l4 + 14 > v.len ||
	    (is_icmp(&v) && !is_echo(v.family, p[v.l4])) ||
	    (v.proto == TCP && (p[v.l4 + 13] & 0x12) != 2))
		return;
	at = is_icmp(&v) ? 4 : 0;
	if (v.family == 4) {
		b = binding4(v.proto, v.src, get16(p + v.l4 + at));
		if (!b && e->gso && e->v.family == 6 && !e->v.bad &&
		    e->v.proto == v.proto && !is_icmp(&v) &&
		    !binding_add(v.proto, e->v.src, get16(l4), v.src,
				 get16(p + v.l4)))
			b = binding4(v.proto, v.src, get16(p + v.l4));
		if (!b)
			maybe4_add(v.proto, v.src, get16(p + v.l4 + at));
		memcpy(z4, v.dst, 4);
		at += at ? 0 : 2;
	} else {
		b = binding6(v.proto, v.dst, get16(p + v.l4 + (at ?: 2)));
		extract(world, v.src, z4);
	}
	if (b)
		session_add(b, z4, get16(p + v.l4 + at));
}

static void remember_session(const struct expect *e, const struct record *r)
{
	const unsigned char *l4 = e->in + e->v.l4;
	const struct view *v = &e->v;
	const struct binding *b;
	unsigned char z4[4];
	int sport, dport;

	if (!world->pool4_text || e->error)
		return;
	if (e->loose) {
		remember_output(e, r->data, r->len);
		return;
	}
	sport = get16(is_icmp(v) ? l4 + 4 : l4);
	dport = get16(is_icmp(v) ? l4 + 4 : l4 + 2);
	if (v->proto == TCP && (l4[13] & 0x12) != 2)
		return;
	if (v->family == 6) {
		b = binding6(v->proto, v->src, sport);
		extract(world, v->dst, z4);
		if (b)
			session_add(b, z4, dport);
	} else {
		b = binding4(v->proto, v->dst, dport);
		if (b)
			session_add(b, v->src, sport);
	}
}

/* The translator chooses the identification of reassembled packets, and no IPv6
 * checksum covers it.
 */
static bool is_open(const struct pending *d, size_t at)
{
	const struct expect *e = &d->e;

	return e->limit && (e->largest || e->hairpin) && !d->covered &&
	       (e->hairpin ? e->v.family == 6 : e->v.family == 4) &&
	       at >= 44 && at < 48;
}

static void flip_bits(struct pending *d, const unsigned char *p, size_t len,
		      const struct virtio_net_hdr *vnet)
{
	static unsigned char copy[PACKET_MAX];
	size_t i, bits = (len < 128 ? len : 128) * 8;
	const struct expect *e = &d->e;
	char what[64];

	/* A wrong checksum would hide the changed bit. */
	if (e->loose || e->gso || vnet->flags || (e->error && !e->sum_ok))
		return;
	memcpy(copy, p, len);
	for (i = 0; i < bits; i++) {
		if (is_open(d, i / 8))
			continue;
		copy[i / 8] ^= 1 << i % 8;
		if (!compare(d, copy, len, vnet)) {
			snprintf(what, sizeof(what),
				 "the checker does not see a change of bit %zu",
				 i);
			violation(what, e->why, e->in, e->in_len, copy, len);
		}
		copy[i / 8] ^= 1 << i % 8;
		tally.flips++;
	}
}

static void commit(struct pending *d, const struct record *r)
{
	struct expect *e = &d->e;
	struct view v;

	if (deep)
		flip_bits(d, r->data, r->len, &r->vnet);
	d->outputs++;
	tally.came++;
	if (e->error)
		tally.quoted++;
	if (e->limit && !e->loose && !e->error && !e->gso) {
		view_packet(&v, r->data, r->len);
		d->piece_id = v.id;
		d->covered += r->len - v.l4;
		tally.pieces++;
	} else if (d->outputs > 1 && !e->loose && !e->gso) {
		violation("came out twice", e->why, e->in, e->in_len,
			  r->data, r->len);
	}
	remember_session(e, r);
}

static void came_out(const struct record *r)
{
	const char *why = NULL, *first = NULL;
	int i;

	if (r->cut || overflow)
		return;
	/* latest first: older inputs may be complete */
	for (i = count - 1; i >= 0; i--) {
		why = compare(pending[i], r->data, r->len, &r->vnet);
		if (!why) {
			commit(pending[i], r);
			return;
		}
		if (!first)
			first = why;
	}
	if (!count) {
		/* sent by the router itself before the test */
		return;
	}
	pending[count - 1]->outputs++;
	violation(first, pending[count - 1]->e.why,
		  pending[count - 1]->e.in, pending[count - 1]->e.in_len,
		  r->data, r->len);
}

/* Headers of the outputs of this iteration, to recognize them when they return.
 */
#define RETURNS_MAX 1024
static struct {
	unsigned char addrs[32];
	int family;
	uint8_t ttl;
} out[RETURNS_MAX];
static int outs;

static void remember(const struct record *r)
{
	struct view v;

	view_packet(&v, r->data, r->len);
	if (!v.src || outs == RETURNS_MAX)
		return;
	memcpy(out[outs].addrs, v.src, v.family == 4 ? 8 : 32);
	out[outs].family = v.family;
	out[outs++].ttl = v.ttl;
}

static bool returns(const unsigned char *p, size_t len)
{
	struct view v;
	int i;

	view_packet(&v, p, len);
	for (i = 0; i < outs && v.src; i++)
		if (out[i].family == v.family && out[i].ttl == v.ttl + 1 &&
		    !memcmp(out[i].addrs, v.src, v.family == 4 ? 8 : 32))
			return true;
	return false;
}

void check_given(const unsigned char *p, size_t len,
		 const struct virtio_net_hdr *vnet)
{
	struct pending *d;

	if (count == PENDING_MAX || len > PACKET_MAX) {
		overflow = true;
		return;
	}
	if (!pending[count])
		pending[count] = malloc(sizeof(*d));
	d = pending[count];
	if (!d)
		exit(1);
	count++;
	d->outputs = 0;
	d->covered = 0;
	d->lost = false;
	tally.given++;
	model_returns = returns(p, len);
	model(world, &d->e, p, len, vnet);
	tally.pass += d->e.fate == PASS;
	tally.drop += d->e.fate == DROP;
}

/*
 * An ICMP error of the router about an input of the device: it quotes the
 * unchanged packet, and the packet may trigger errors.
 */
static void answered(const struct record *r)
{
	static const unsigned char router4[4] = { 198, 51, 100, 1 };
	static const unsigned char router6[16] = {
		0x20, 1, 0x0d, 0xb8, 0, 1, [15] = 1
	};
	const unsigned char *p = r->data, *quote;
	const char *why = NULL;
	const struct expect *e;
	struct view v, q;
	size_t n, skip;
	int i;

	view_packet(&v, p, r->len);
	if (v.bad || !is_icmp(&v) || v.len < v.l4 + 8 ||
	    !is_error(v.family, p[v.l4]) ||
	    memcmp(v.src, v.family == 4 ? router4 : router6,
		   v.family == 4 ? 4 : 16))
		return;
	/* reassembly timeout */
	if (p[v.l4] == (v.family == 6 ? 3 : 11) && p[v.l4 + 1] == 1)
		return;
	quote = p + v.l4 + 8;
	n = v.len - v.l4 - 8;
	view_quote(&q, quote, n, v.family);
	for (i = count - 1; i >= 0 && q.src; i--) {
		e = &pending[i]->e;
		/* otherwise the error is about the translated packet */
		if (e->v.family == q.family && e->v.src &&
		    e->v.ttl == q.ttl &&
		    !memcmp(e->v.src, q.src, q.family == 4 ? 8 : 32))
			break;
	}
	if (i < 0 || !q.src)
		return;
	tally.answers++;
	/* offloaded or reassembled packets are quoted with changes */
	if (e->vnet.flags || e->vnet.gso_type || e->largest || e->loose ||
	    e->v.bad)
		return;
	if (v.len > (v.family == 6 ? 1280 : 576))
		why = "R1812-4.3.2.3-a, R4443-2.4c-a: size of an error";
	else if (e->error)
		why = "R1812-4.3.2.7-a, R4443-2.4e-a: error about an error";
	else if (q.family == 4 && q.off)
		why = "R1812-4.3.2.7-a: error about a later fragment";
	skip = csum_offset(e->v.proto) < 0 || e->v.off ? 0 :
	       e->v.l4 + csum_offset(e->v.proto);
	if (n > e->in_len)
		n = e->in_len;
	for (i = 0; i < (int)n && !why; i++)
		if (quote[i] != e->in[i] &&
		    !(skip && (i == (int)skip || i == (int)skip + 1)))
			why = "design.md 3.9: the quoted packet is changed";
	if (why)
		violation(why, e->why, e->in, e->in_len, p, r->len);
}

void check_record(const struct record *r)
{
	if (r->where == SIDE && r->out && !r->cut)
		answered(r);
	if (r->where != NAT64)
		return;
	if (r->out && !r->cut) {
		check_given(r->data, r->len, &r->vnet);
	} else if (!r->out) {
		remember(r);
		came_out(r);
	}
}

bool check_waiting(void)
{
	const struct pending *d;
	const struct expect *e;
	int i;

	for (i = 0; i < count; i++) {
		d = pending[i];
		e = &d->e;
		if (e->fate == DROP || e->ignored)
			continue;
		if (!d->outputs || e->gso || e->loose ||
		    (e->limit && d->covered != e->len - e->hdr))
			return true;
	}
	return overflow;
}

const struct expect *check_only(bool *came)
{
	if (last_count != 1)
		return NULL;
	*came = pending[0]->outputs;
	return &pending[0]->e;
}

uint64_t check_end(void)
{
	const struct expect *e;
	uint64_t silent = 0;
	struct pending *d;
	int i;

	for (i = 0; i < count; i++) {
		d = pending[i];
		e = &d->e;
		silent += !d->outputs && !e->ignored;
		tally.unsure += e->ignored && e->v.odd;
		if (e->new_binding && !d->outputs)
			maybe6_add(e->v.proto, e->v.src,
				   get16(e->in + e->v.l4 +
					 (is_icmp(&e->v) ? 4 : 0)));
		if (overflow)
			continue;
		if (e->fate == PASS && !d->outputs && !e->ignored)
			violation("did not come out", e->why, e->in,
				  e->in_len, NULL, 0);
		else if (e->limit && d->outputs && !e->loose && !e->error &&
			 !e->gso && d->covered != e->len - e->hdr)
			violation("R7915-4.1-a: pieces are missing", e->why,
				  e->in, e->in_len, NULL, 0);
	}
	last_count = overflow ? 0 : count;
	count = 0;
	outs = 0;
	tally.overflows += overflow;
	overflow = false;
	tally.silent += silent;
	return silent;
}
