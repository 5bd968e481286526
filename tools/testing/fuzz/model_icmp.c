// SPDX-License-Identifier: GPL-2.0
/*
 * model_icmp - expected translation of ICMP errors, by rfc.md sections 2.3 to
 * 2.5, 3.4 to 3.6, 4 and 5.
 */
#include "fuzz.h"

/* RFC 4443 section 2.4c, RFC 1812 section 4.3.2.3 */
static size_t largest_error(int family)
{
	return family == 6 ? 1280 : 576;
}

/* The length attribute of RFC 4884 in bytes, for types that may have it. */
static size_t attribute(int family, const unsigned char *icmp)
{
	if (family == 4)
		return icmp[5] * 4;
	return icmp[0] == 1 || icmp[0] == 3 ? icmp[4] * 8 : 0;
}

/* Types that may carry an extension, RFC 4884 section 4. */
static bool may_extend(int family, const unsigned char *icmp)
{
	if (family == 4)
		return icmp[0] == 3 || icmp[0] == 11 || icmp[0] == 12;
	return icmp[0] == 1 || icmp[0] == 3;
}

void view_error(const struct world *w, struct expect *e)
{
	const unsigned char *icmp = e->in + e->v.l4;
	size_t len = e->v.len - e->v.l4, end = len;
	size_t attr = attribute(e->v.family, icmp);
	struct view *q = &e->q;

	if (attr > len - 8) {
		never(e, "R4884-4-d: length attribute");
		return;
	}
	if (attr) {
		end = 8 + attr;
		e->ext = e->v.l4 + end;
		e->ext_len = len - end < 8 ? 0 : len - end;
	}
	view_quote(q, icmp + 8, end - 8, e->v.family);
	if (q->bad && (e->v.family == 6 || !q->src || w->pool4_text)) {
		never(e, "R6146-3.4-c: the quoted packet's header");
		return;
	}
	if (q->proto == (e->v.family == 4 ? ICMP6 : ICMP4))
		unknown(e, "quoted ICMP of the other family");
	if (is_extension(q->proto)) {
		never(e, "D-7915-ext: quoted");
		return;
	}
	e->quote_len = (q->len < q->have ? q->len : q->have) - q->l4;
	e->quote_more = q->have > q->len ? q->have - q->len : 0;
	if (is_icmp(q) && !q->off) {
		if (!e->quote_len)
			unknown(e, "no byte of the quoted ICMP message");
		else if (!is_echo(q->family, icmp[8 + q->l4]))
			never(e, "R7915-4.3-d, 5.3-a: error about an error");
	}
	if (!w->pool4_text)
		return;
	if (q->off || e->quote_len < 8 ||
	    (q->proto != TCP && q->proto != UDP && !is_icmp(q)))
		never(e, "R6146-3.4-c, -e: no ports in the quote");
	if (!e->sum_ok)
		never(e, "R5508-R3-a: ICMP checksum");
}

/* rfc.md sections 2.3 and 2.4; false if there is no counterpart. */
static bool header46(const unsigned char *icmp, unsigned char *to)
{
	static const int unreach[] = {
		0x100, 0x100, 0x401, 0x104, 0x200, 0x100, 0x100, 0x100,
		0x100, 0x101, 0x101, 0x100, 0x100, 0x101, -1, 0x101,
	};
	static const int pointer[] = {
		0, 1, 4, 4, -1, -1, -1, -1, 7, 6, -1, -1, 8, 8, 8, 8,
		24, 24, 24, 24,
	};

	if (icmp[0] == 11) {
		to[0] = 3;
		to[1] = icmp[1];
	} else if (icmp[0] == 12) {
		if ((icmp[1] != 0 && icmp[1] != 2) || icmp[4] >= 20 ||
		    pointer[icmp[4]] < 0)
			return false;
		to[0] = 4;
		to[7] = pointer[icmp[4]];
	} else {
		if (icmp[1] > 15 || unreach[icmp[1]] < 0)
			return false;
		put16(to, unreach[icmp[1]]);
		if (icmp[1] == 2)
			to[7] = 6;
	}
	return true;
}

/* rfc.md sections 3.4 and 3.5 */
static bool header64(const unsigned char *icmp, unsigned char *to)
{
	static const int unreach[] = { 1, 10, 1, 1, 3 };
	static const int pointer[] = { 0, 1, -1, -1, 2, 2, 9, 8 };
	uint32_t at = get32(icmp + 4);

	switch (icmp[0]) {
	case 1:
		if (icmp[1] > 4)
			return false;
		put16(to, 0x300 | unreach[icmp[1]]);
		return true;
	case 2:
		put16(to, 0x304);
		return true;
	case 3:
		put16(to, 0xb00 | icmp[1]);
		return true;
	}
	if (icmp[1] == 1) {
		put16(to, 0x302);
		return true;
	}
	if (icmp[1] || at >= 40 || (at < 8 && pointer[at] < 0))
		return false;
	to[0] = 12;
	if (at < 8)
		to[4] = pointer[at];
	else
		to[4] = at < 24 ? 12 : 16;
	return true;
}

/* rfc.md section 5; the MTUs of the links may reduce it further. */
static uint32_t largest_mtu(const struct expect *e, const unsigned char *icmp)
{
	static const int plateau[] = { 65535, 32000, 17914, 8166, 4352, 2002,
				       1492 };
	uint32_t mtu;
	size_t i;

	if (e->v.family == 6) {
		mtu = get32(icmp + 4);
		if (mtu < 1280)
			mtu = 1280;
		mtu -= e->q.fh ? 28 : 20;
		return mtu < 65535 ? mtu : 65535;
	}
	mtu = get16(icmp + 6);
	for (i = 0; !mtu && i < ARRAY_SIZE(plateau); i++)
		if ((size_t)plateau[i] < e->q.len)
			mtu = plateau[i];
	return mtu + 20 > 1280 ? mtu + 20 : 1280;
}

/* Addresses and ports of the translated quoted packet. */
struct quoted {
	unsigned char src[16];
	unsigned char dst[16];
	int sport;
	int dport;
};

static bool addr64(const struct world *w, const unsigned char *a6,
		   unsigned char *a4, bool *by_pool6)
{
	*by_pool6 = !eam64(w, a6, a4);
	if (*by_pool6 && !in_pool6(w, a6))
		return false;
	if (*by_pool6)
		extract(w, a6, a4);
	return true;
}

static const char *stateless_quote(const struct world *w, struct expect *e,
				   struct quoted *t)
{
	const struct view *q = &e->q;
	unsigned char a6[16];
	bool by_pool6, other;

	if (q->family == 4) {
		if (illegal4(q->src) || illegal4(q->dst))
			return "D-3927-2.7: quoted address";
		if (!eam46(w, q->src, t->src))
			embed(w, q->src, t->src);
		if (!hairpin_eam(w) || !eam46(w, q->dst, t->dst))
			embed(w, q->dst, t->dst);
		return NULL;
	}
	if (!addr64(w, q->src, t->src, &by_pool6) ||
	    !addr64(w, q->dst, t->dst, &other))
		return "R7915-5.3-a: quoted address outside pool6";
	if (illegal4(t->src) || illegal4(t->dst))
		return "D-3927-2.7: quoted address";
	/* translated twice, with the smaller MTU in between */
	if (w->hairpin == INTRINSIC && by_pool6 && eam46(w, t->src, a6)) {
		e->loose = true;
		unknown(e, "R7757-4.2.2-a: an error that turns back");
	}
	return NULL;
}

static const char *stateful_quote(const struct world *w, struct expect *e,
				  struct quoted *t)
{
	const struct view *q = &e->q;
	bool query = is_icmp(q);
	const struct binding *b;
	unsigned char z4[4];

	if (q->family == 4) {
		if (memcmp(q->src, e->v.dst, 4))
			return "R6146-3.4-b: not to the quoted source";
		b = binding4(q->proto, q->src, t->sport);
		if (!b || !session_seen(b, q->dst, t->dport))
			return "R6146-3.4-b: no session";
		memcpy(e->dst, b->a6, 16);
		memcpy(t->src, b->a6, 16);
		embed(w, q->dst, t->dst);
		t->sport = b->port6;
		if (query)
			t->dport = b->port6;
		return NULL;
	}
	if (!in_pool6(w, q->src))
		return "R6146-3.4-b: quoted source outside pool6";
	extract(w, q->src, z4);
	if (memcmp(z4, e->dst, 4))
		return "R6146-3.4-b: not to the quoted source";
	b = binding6(q->proto, q->dst, t->dport);
	if (!b || !session_seen(b, z4, t->sport))
		return "R6146-3.4-b: no session";
	memcpy(e->src, b->a4, 4);
	memcpy(t->src, z4, 4);
	memcpy(t->dst, b->a4, 4);
	t->dport = b->port4;
	if (query)
		t->sport = b->port4;
	return NULL;
}

void model_error(const struct world *w, struct expect *e)
{
	const unsigned char *icmp = e->in + e->v.l4;
	const unsigned char *l4 = icmp + 8 + e->q.l4;
	struct quoted t = { .sport = 0 };
	const struct view *q = &e->q;
	struct view to = {
		.family = 10 - q->family, .src = t.src, .dst = t.dst,
	};
	size_t payload = q->len - q->l4;
	const char *why;

	memset(e->data, 0, 8);
	if (!(q->family == 4 ? header46(icmp, e->data) :
			       header64(icmp, e->data))) {
		never(e, "R7915-4.2-j, -l, 5.2-g, -j: no counterpart");
		return;
	}
	e->mtu_max = largest_mtu(e, icmp);
	e->ext_ok = may_extend(to.family, e->data) &&
		    may_extend(q->family, icmp);
	if (!q->off && e->quote_len >= 8) {
		if (is_icmp(q)) {
			t.sport = get16(l4 + 4);
			t.dport = t.sport;
		} else if (q->proto == TCP || q->proto == UDP) {
			t.sport = get16(l4);
			t.dport = get16(l4 + 2);
		}
	}
	why = w->pool4_text ? stateful_quote(w, e, &t) :
			      stateless_quote(w, e, &t);
	if (why) {
		never(e, why);
		return;
	}
	if (q->family == 6 && payload + 20 > 65535) {
		unknown(e, "D-7915-64k: of a quoted packet");
		payload = 65535 - 20;
	}
	e->quote_l4 = 8 + put_header(w, e->data + 8, q, t.src, t.dst,
				     payload);
	memcpy(e->data + e->quote_l4, l4, e->quote_len);
	/* too short for ports: only the type of a query changes */
	if (e->quote_len < 8) {
		if (!is_icmp(q) && e->quote_len >= 4) {
			t.sport = get16(l4);
			t.dport = get16(l4 + 2);
		} else if (is_icmp(q) && e->quote_len >= 6) {
			t.sport = get16(l4 + 4);
			t.dport = t.sport;
		}
	}
	if (!q->off)
		rewrite_l4(e->data + e->quote_l4, e->quote_len, q, &to,
			   t.sport, t.dport);
	e->len = e->quote_l4 + e->quote_len;
}

/* Compares @n bytes of the quoted transport header and payload. */
static const char *check_quoted(const struct expect *e,
				const unsigned char *p, size_t n)
{
	const unsigned char *want = e->data + e->quote_l4;
	int at = csum_offset(e->q.proto);
	uint16_t a, b;

	if (e->q.off || at < 0 || n < (size_t)at + 2)
		return memcmp(p, want, n) ? "quoted payload" : NULL;
	a = get16(p + at);
	b = get16(want + at);
	if (!same_sum(a, b) || (e->q.proto == UDP && !a != !b))
		return "quoted checksum, R7915-4.3-c";
	if (memcmp(p, want, at) || memcmp(p + at + 2, want + at + 2,
					  n - at - 2))
		return "quoted payload";
	return NULL;
}

/* @p is what follows the ICMP header, @n bytes, with an extension at @area. */
static const char *check_extension(const struct expect *e,
				   const unsigned char *p, size_t n,
				   size_t area, size_t unit, size_t room)
{
	size_t inner = e->quote_l4 - 8 + e->quote_len;
	size_t want = (inner + unit - 1) / unit * unit;
	size_t i, quote;

	if (!e->ext_ok || !e->ext_len)
		return "R4884-4-c: length attribute without extension";
	if (area < 128)
		return "R7915-4.2-p: less than 128 bytes before an extension";
	if (area > n || n - area != e->ext_len ||
	    memcmp(p + area, e->in + e->ext, e->ext_len))
		return "R7915-4.2-s: the extension is not the same";
	if (want < 128)
		want = 128;
	if (area > want || (area < want && n + unit <= room))
		return "R7915-4.2-p: length attribute";
	quote = inner < area ? inner : area;
	for (i = quote; i < area; i++)
		if (p[i])
			return "R7915-4.2-p: padding";
	return check_quoted(e, p + e->quote_l4 - 8,
			    quote - (e->quote_l4 - 8));
}

const char *check_error(const struct world *w, const struct expect *e,
			const unsigned char *p, size_t len)
{
	int family = 10 - e->v.family;
	size_t hdr = family == 6 ? 40 : 20, n = len - hdr - 8, full;
	size_t attr_at = family == 6 ? 4 : 5, unit = family == 6 ? 8 : 4;
	size_t cap = largest_error(family), area = 0;
	const unsigned char *icmp = p + hdr;
	unsigned char want[48], head[8];
	struct view v;
	uint32_t mtu;

	if (len < hdr + 8 || len > cap)
		return "R7915-4.3-f, 5.3-c: size of an error";
	put_header(w, want, &e->v, e->src, e->dst, len - hdr);
	if (family == 4 && !e->v.fh)
		memcpy(want + 4, p + 4, 2);
	if (family == 4)
		memcpy(want + 10, p + 10, 2);
	if (memcmp(want, p, hdr))
		return "outer header";
	memcpy(head, icmp, 8);
	if (may_extend(family, head)) {
		area = head[attr_at] * unit;
		head[attr_at] = 0;
	}
	put16(head + 2, 0);
	if (get16(e->data) == (family == 6 ? 0x200 : 0x304)) {
		mtu = get32(icmp + 4);
		if (mtu > e->mtu_max || mtu < (family == 6 ? 1280 : 68))
			return "R7915-4.2-t, 5.2-o: MTU";
		put32(head + 4, 0);
	}
	if (memcmp(head, e->data, 8))
		return "R7915-4.2, 5.2: ICMP header";
	view_packet(&v, p, len);
	if (l4_sum_ok(&v, p) != e->sum_ok)
		return e->sum_ok ? "R7915-4.3-e: ICMP checksum" :
				   "R7915-4.5-a: a wrong checksum was repaired";
	if (n < e->quote_l4 - 8 ||
	    memcmp(icmp + 8, e->data + 8, e->quote_l4 - 8))
		return "quoted header";
	if (area)
		return check_extension(e, icmp + 8, n, area, unit,
				       cap - hdr - 8);
	if (e->ext_ok && e->ext_len && e->ext_len + 128 <= cap - hdr - 8)
		return "R7915-4.2-r: the extension is gone";
	full = e->quote_l4 - 8 + e->quote_len;
	if (n > full + e->quote_more)
		return "more than the quoted packet";
	if (n < full && len < cap)
		return "less than the quoted packet";
	return check_quoted(e, icmp + e->quote_l4,
			    (n < full ? n : full) - (e->quote_l4 - 8));
}
