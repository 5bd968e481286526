// SPDX-License-Identifier: GPL-2.0
/*
 * model - expected translation of packets, by rfc.md sections 1 to 4, 8 and 9.
 * A second translator that shares no code with the driver. Where the RFCs leave
 * a choice, the expectation is open.
 */
#include "fuzz.h"

static struct whole whole;
static bool second_pass;		/* of a hairpin */

unsigned long model_now;
bool model_returns;

/* ---- headers ---- */

static uint8_t new_tos(const struct world *w, const struct view *v)
{
	if (v->family == 4)
		return w->zeroize ? 0 : v->tos;
	return w->tos >= 0 ? w->tos : v->tos;
}

static int new_proto(const struct view *v)
{
	if (!is_icmp(v))
		return v->proto;
	return v->family == 4 ? ICMP6 : ICMP4;
}

/* RFC 7915 sections 4.1 and 5.1. Returns the length of the headers. */
size_t put_header(const struct world *w, unsigned char *to,
		  const struct view *v, const unsigned char *src,
		  const unsigned char *dst, size_t payload)
{
	size_t n;

	if (v->family == 4) {
		n = v->frag ? 48 : 40;
		memset(to, 0, n);
		put32(to, 0x60000000u | new_tos(w, v) << 20);
		put16(to + 4, payload + n - 40);
		to[6] = v->frag ? FRAGMENT : new_proto(v);
		to[7] = v->ttl;
		memcpy(to + 8, src, 16);
		memcpy(to + 24, dst, 16);
		if (v->frag) {
			to[40] = new_proto(v);
			put16(to + 42, v->off | v->mf);
			put32(to + 44, v->id & 0xffff);
		}
		return n;
	}
	n = payload + 20;
	memset(to, 0, 20);
	to[0] = 0x45;
	to[1] = new_tos(w, v);
	put16(to + 2, n);
	if (v->fh) {
		put16(to + 4, v->id);
		put16(to + 6, v->off / 8 | (v->mf ? 0x2000 : 0));
	} else if (n > 1260) {
		put16(to + 6, 0x4000);
	}
	to[8] = v->ttl;
	to[9] = new_proto(v);
	memcpy(to + 12, src, 4);
	memcpy(to + 16, dst, 4);
	put16(to + 10, sum_fold(sum_add(0, to, 20)));
	return 20;
}

/* Update a checksum: replace @from by @to. */
static uint16_t change_sum(uint16_t sum, uint32_t from, uint32_t to)
{
	uint32_t s = sum + from % 65535 + 65535 - to % 65535;

	return s % 65535;
}

/*
 * Update the transport header of packet @v, of which @have bytes are available,
 * for new addresses and ports. @to is the view of the new packet.
 */
void rewrite_l4(unsigned char *l4, size_t have, const struct view *v,
		const struct view *to, int sport, int dport)
{
	size_t len = v->len - v->l4;
	uint32_t old_sum, new_sum;
	int at = csum_offset(v->proto);
	uint16_t sum, port;

	if (at < 0 || v->off)
		return;
	old_sum = pseudo_sum(v, len, v->proto);
	new_sum = pseudo_sum(to, len, new_proto(v));
	if (is_icmp(v)) {
		if (!have)
			return;
		old_sum += l4[0] << 8;
		if (v->family == 4)
			l4[0] = l4[0] ? 128 : 129;
		else
			l4[0] = l4[0] == 128 ? 8 : 0;
		new_sum += l4[0] << 8;
		if (have >= 6) {
			port = get16(l4 + 4);
			old_sum += port;
			put16(l4 + 4, v->family == 4 ? dport : sport);
			new_sum += get16(l4 + 4);
		}
	} else if (v->proto != UDPLITE && have >= 4) {
		old_sum += get16(l4) + get16(l4 + 2);
		put16(l4, sport);
		put16(l4 + 2, dport);
		new_sum += get16(l4) + get16(l4 + 2);
	}
	if (have < (size_t)at + 2)
		return;
	sum = get16(l4 + at);
	if (!sum && v->proto == UDP)
		return;
	sum = change_sum(sum, old_sum, new_sum);
	if (!sum && (v->proto == UDP || v->proto == UDPLITE))
		sum = 0xffff;
	put16(l4 + at, sum);
}

/* ---- addresses; return the row that forbids an address, or NULL ---- */

/* @eam: explicit mappings may be used. */
static const char *addr46(const struct world *w, const unsigned char *a4,
			  bool error, bool eam, unsigned char *a6)
{
	if (eam && eam46(w, a4, a6))
		return NULL;
	if (w->wkp && !error && !global4(a4))
		return "R6052-3.1-a: well-known prefix";
	embed(w, a4, a6);
	return NULL;
}

static const char *dst64(const struct world *w, const unsigned char *a6,
			 bool error, unsigned char *a4, bool *by_pool6)
{
	*by_pool6 = !eam64(w, a6, a4);
	if (*by_pool6) {
		if (!in_pool6(w, a6))
			return "R7757-3.3-b: destination outside pool6";
		extract(w, a6, a4);
	}
	if (illegal4(a4))
		return "D-7915-dst: illegal destination";
	if (*by_pool6 && w->wkp && !error && !global4(a4))
		return "R6052-3.1-a: well-known prefix";
	return NULL;
}

static const char *src64(const struct world *w, const unsigned char *a6,
			 bool error, unsigned char *a4)
{
	static const unsigned char dummy[4] = { 192, 0, 0, 8 };
	bool by_pool6 = !eam64(w, a6, a4);

	if (by_pool6) {
		if (!in_pool6(w, a6)) {
			memcpy(a4, dummy, 4);
			return error ? NULL : "D-src6: source outside pool6";
		}
		extract(w, a6, a4);
	}
	if (illegal4(a4)) {
		memcpy(a4, dummy, 4);
		return error ? NULL : "R7915-5.1-j: illegal source";
	}
	if (by_pool6 && w->wkp && !error && !global4(a4))
		return "R6052-3.1-a: well-known prefix";
	return NULL;
}

/* RFC 7757 section 4.2.1: does a hairpin use explicit mappings? With "simple",
 * not for the source, so that replies pass the translator, too.
 */
bool hairpin_eam(const struct world *w)
{
	return w->hairpin != SIMPLE && !second_pass;
}

/* The output has addresses @to, ports @sport and @dport. */
struct tuple {
	unsigned char src[16];
	unsigned char dst[16];
	int sport;
	int dport;
};

static const char *stateless_tuple(const struct world *w, struct expect *e,
				   struct tuple *t)
{
	const struct view *v = &e->v;
	bool by_pool6, eam;
	unsigned char a6[16];
	const char *why;

	if (v->family == 4) {
		eam = hairpin_eam(w) ||
		      (e->error && memcmp(v->src, e->q.dst, 4));
		if (model_returns && !second_pass && !eam46(w, v->dst, a6))
			unknown(e, "D-7915-loop");
		why = addr46(w, v->dst, e->error, true, t->dst);
		if (!why)
			why = addr46(w, v->src, e->error, eam, t->src);
		return why;
	}
	why = dst64(w, v->dst, e->error, t->dst, &by_pool6);
	if (!why)
		why = src64(w, v->src, e->error, t->src);
	if (!why && w->hairpin == INTRINSIC && !e->error && by_pool6)
		e->hairpin = eam46(w, t->dst, a6);
	if (model_returns && by_pool6)
		unknown(e, "D-7915-loop");
	return why;
}

/* The first packet of a flow from IPv6 creates a binding. */
static const char *stateful_tuple6(const struct world *w, struct expect *e,
				   struct tuple *t)
{
	const struct view *v = &e->v;
	const unsigned char *l4 = e->in + v->l4;
	const struct binding *b;
	const char *why;
	bool by_pool6;

	if (in_pool6(w, v->src))
		return "R6146-3.5-a: source within pool6";
	why = dst64(w, v->dst, e->error, t->dst, &by_pool6);
	if (why || e->error)
		return why;
	if (v->proto == TCP && l4[13] & 2 && l4[13] & 5) {
		/* segments have only a part of it */
		e->loose = e->gso;
		return e->gso ? NULL : "SYN with FIN or RST";
	}
	b = binding6(v->proto, v->src, t->sport);
	if (v->proto == TCP && !b && (l4[13] & 0x12) != 2) {
		e->unbound = true;
		return "R6146-3.5.2.2: not a SYN, and no binding";
	}
	if (!b) {
		e->new_binding = true;
		return NULL;
	}
	memcpy(t->src, b->a4, 4);
	t->sport = b->port4;
	return NULL;
}

static const char *stateful_tuple4(const struct world *w, struct expect *e,
				   struct tuple *t)
{
	const struct view *v = &e->v;
	const unsigned char *l4 = e->in + v->l4;
	const struct binding *b;
	const char *why;

	why = addr46(w, v->src, e->error, false, t->src);
	if (why || e->error)
		return why;
	if (v->proto == TCP && l4[13] & 2 && l4[13] & 5) {
		/* segments have only a part of it */
		e->loose = e->gso;
		return e->gso ? NULL : "SYN with FIN or RST";
	}
	b = binding4(v->proto, v->dst, t->dport);
	if (!b) {
		e->unbound = true;
		return "R6146-3.5.1-c: no binding";
	}
	memcpy(t->dst, b->a6, 16);
	t->dport = b->port6;
	return NULL;
}

/* ---- whole packets ---- */

void never(struct expect *e, const char *why)
{
	e->fate = DROP;
	e->why = why;
}

void unknown(struct expect *e, const char *why)
{
	if (e->fate == PASS) {
		e->fate = EITHER;
		e->why = why;
	}
}

static void read_ports(const struct view *v, const unsigned char *l4,
		       struct tuple *t)
{
	t->sport = 0;
	t->dport = 0;
	if (v->off)
		return;
	if (v->proto == TCP || v->proto == UDP) {
		t->sport = get16(l4);
		t->dport = get16(l4 + 2);
	} else if (is_icmp(v)) {
		t->sport = get16(l4 + 4);
		t->dport = t->sport;
	}
}

/* UDP without checksum from IPv4: dropped, or the checksum is computed, or
 * stays 0 in fragments, for which it cannot be computed.
 */
static void udp_zero(const struct world *w, struct expect *e)
{
	const struct view *v = &e->v;
	unsigned char *l4 = e->in + v->l4;
	size_t len = get16(l4 + 4);
	uint16_t sum;

	if (v->family == 6 || v->proto != UDP || v->off || get16(l4 + 6) ||
	    e->partial)
		return;
	if (!w->pool4_text && (!w->amend || (v->frag && !w->forward))) {
		never(e, "R7915-4.5-c, -d: UDP without checksum");
		return;
	}
	/* R7915-1.2-a */
	if (!w->pool4_text && v->frag)
		return;
	sum = sum_fold(sum_add(pseudo_sum(v, len, UDP), l4, len));
	put16(l4 + 6, sum ?: 0xffff);
}

/* Maximum size of IPv6 packets for a reassembled IPv4 datagram: no more payload
 * than the largest IPv4 fragment, and no more fragments than before if these
 * have up to 1280 bytes (D-6146-refrag).
 */
static size_t largest_piece46(const struct expect *e)
{
	const struct view *v = &e->v;
	size_t total = v->len - v->l4;
	size_t came = e->largest > v->l4 + 8 ? (e->largest - v->l4) & ~7 : 8;
	size_t same = e->largest > 96 ? (e->largest - 48) & ~7 : 48;
	size_t least = v->l4 < 60 ? (68 - v->l4) & ~7 : 8;
	size_t payload = came < same ? came : same;

	if (payload < least)
		payload = least;
	if (payload < came && came + 48 <= 1280 &&
	    (total + payload - 1) / payload > (total + came - 1) / came)
		payload = came;
	return payload + 48;
}

static void set_limits(const struct world *w, struct expect *e)
{
	const struct view *v = &e->v;
	size_t most;

	/* With segmentation offload, the size of the segments counts. */
	if (e->gso) {
		most = e->hdr + e->vnet.gso_size;
		if (v->proto == TCP)
			most += (e->in[v->l4 + 12] >> 4) * 4;
		if (v->family == 6 && !v->fh && most <= 1260)
			e->data[6] = 0;
		return;
	}
	if (v->family == 4 && !v->df && e->len > (size_t)w->lowest)
		e->limit = w->lowest;
	if (e->largest) {
		/* No larger than before (D-6146-refrag), but at least 68
		 * bytes, the minimum IPv4 MTU.
		 */
		most = e->largest < 96 ? 96 : e->largest;
		if (v->family == 6)
			most -= 28;
		if (e->len <= most)
			return;
		if (v->family == 4)
			most = largest_piece46(e);
		if (e->len > most && (!e->limit || e->limit > most))
			e->limit = most;
	}
	/* no error is sent if another link follows */
	if (v->family == 6 && v->frag && !e->largest && v->len > 1280 &&
	    e->len > 1500)
		unknown(e, "D-7915-bigfrag");
}

static void build(const struct world *w, struct expect *e,
		  const struct tuple *t)
{
	const struct view *v = &e->v;
	size_t payload = v->len - v->l4;
	struct view to = {
		.family = 10 - v->family, .src = t->src, .dst = t->dst,
	};

	if (v->family == 6 && payload + 20 > 65535) {
		never(e, "D-7915-64k");
		return;
	}
	e->hdr = put_header(w, e->data, v, t->src, t->dst, payload);
	memcpy(e->data + e->hdr, e->in + v->l4, payload);
	e->len = e->hdr + payload;
	e->id_open = v->family == 6 && !v->fh;
	if (!v->off)
		rewrite_l4(e->data + e->hdr, payload, v, &to, t->sport,
			   t->dport);
	if (!v->off && csum_offset(v->proto) >= 0 &&
	    payload >= (size_t)csum_offset(v->proto) + 2)
		e->csum = e->hdr + csum_offset(v->proto);
	/* A reassembled packet gets a new identification. */
	if (e->largest && v->family == 6) {
		put16(e->data + 6, 0);
		e->id_open = true;
	}
}

/* RFC 7757 section 4.2.2: translate back to IPv6 at once. */
static void turn_back(const struct world *w, struct expect *e)
{
	struct virtio_net_hdr segments = {
		.gso_type = e->vnet.gso_type, .gso_size = e->vnet.gso_size,
	};
	static struct expect second;

	put16(e->data + 10, 0);
	put16(e->data + 10, sum_fold(sum_add(0, e->data, 20)));
	second_pass = true;
	model(w, &second, e->data, e->len, &segments);
	second_pass = false;
	if (second.fate != PASS) {
		e->fate = second.fate;
		e->why = second.why;
	}
	memcpy(e->data, second.data, second.len);
	e->len = second.len;
	e->hdr = second.hdr;
	e->csum = second.csum;
	e->limit = second.limit;
	e->id_open = false;
}

static void translate(const struct world *w, struct expect *e)
{
	const struct view *v = &e->v;
	const char *why = NULL;
	struct tuple t = { 0 };

	if (v->family == 4 ? illegal4(v->dst) : v->dst[0] == 0xff)
		why = "R7915-4.1-n, 5.1-k: illegal destination";
	else if (v->family == 4 ? illegal4(v->src) && !e->error :
				  illegal6(v->src))
		why = "R7915-4.1-l, 5.1-j: illegal source";
	if (why) {
		never(e, why);
		return;
	}
	udp_zero(w, e);
	if (e->fate == DROP)
		return;
	read_ports(v, e->in + v->l4, &t);
	if (!w->pool4_text)
		why = stateless_tuple(w, e, &t);
	else if (v->family == 6)
		why = stateful_tuple6(w, e, &t);
	else
		why = stateful_tuple4(w, e, &t);
	if (why) {
		never(e, why);
		return;
	}
	if (w->pool4_text && v->proto == TCP && v->family == 4)
		unknown(e, "TCP state");
	if (e->error) {
		memcpy(e->src, t.src, 16);
		memcpy(e->dst, t.dst, 16);
		model_error(w, e);
		return;
	}
	build(w, e, &t);
	if (e->fate == DROP)
		return;
	set_limits(w, e);
	if (e->hairpin)
		turn_back(w, e);
}

/* An offloaded checksum of the transport layer counts as a correct one. Others
 * are not modelled.
 */
static void complete_sum(struct expect *e)
{
	const struct virtio_net_hdr *n = &e->vnet;
	const struct view *v = &e->v;
	int at = csum_offset(v->proto);
	uint16_t sum;

	if (!(n->flags & VIRTIO_NET_HDR_F_NEEDS_CSUM))
		return;
	if (v->bad || v->frag || (v->proto != TCP && v->proto != UDP) ||
	    n->csum_start != v->l4 || n->csum_offset != at ||
	    v->len != e->in_len || v->len < v->l4 + at + 2) {
		e->loose = true;
		unknown(e, "a checksum in a strange place");
		return;
	}
	sum = sum_fold(sum_add(0, e->in + v->l4, v->len - v->l4));
	put16(e->in + v->l4 + at, sum ?: 0xffff);
	e->partial = true;
}

static void reassemble(struct expect *e)
{
	struct view *v = &e->v;

	if (!v->off && v->len - v->l4 < 20)
		v->odd = "R6146-3.4-i: tiny fragment";
	pieces_add(v, e->in, model_now, &whole);
	if (whole.odd) {
		e->loose = true;
		unknown(e, "reassembly has a choice");
		return;
	}
	if (!whole.len) {
		never(e, "R6146-3.4-f: the datagram is not complete");
		return;
	}
	if (whole.old)
		unknown(e, "some of the fragments are old");
	e->largest = whole.largest;
	memcpy(e->in, whole.data, whole.len);
	e->in_len = whole.len;
	view_packet(v, e->in, e->in_len);
}

void model(const struct world *w, struct expect *e, const unsigned char *p,
	   size_t len, const struct virtio_net_hdr *vnet)
{
	struct view *v = &e->v;

	memset(e, 0, offsetof(struct expect, in));
	e->fate = PASS;
	e->why = "R7915-4.1, 5.1";
	if (vnet)
		e->vnet = *vnet;
	memcpy(e->in, p, len);
	e->in_len = len;
	view_packet(v, e->in, len);
	if (!v->bad && v->family == 6 && v->dst[0] == 0xff &&
	    (v->dst[1] & 15) <= 2)
		e->ignored = true;
	if (!v->bad && w->pool4_text && !is_whole(v))
		reassemble(e);
	if (e->fate == DROP || e->loose)
		return;
	view_l4(v, e->in, w->pool4_text);
	complete_sum(e);
	if (v->bad) {
		never(e, v->bad);
		return;
	}
	if (e->loose)
		return;
	if (v->odd)
		unknown(e, v->odd);
	if (e->vnet.gso_type) {
		/* segments may be handled differently */
		e->gso = true;
		unknown(e, "offloaded segmentation");
	}
	e->error = is_icmp(v) && is_whole(v) &&
		   is_error(v->family, e->in[v->l4]);
	e->sum_ok = l4_sum_ok(v, e->in);
	if (e->error) {
		view_error(w, e);
		if (e->fate == DROP)
			return;
	}
	translate(w, e);
}
