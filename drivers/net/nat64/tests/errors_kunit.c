// SPDX-License-Identifier: GPL-2.0-only
/*
 * nat64 - KUnit: ICMP errors with quoted packets, RFC 7915 sections 4.3 and
 * 5.3, and extensions, RFC 4884.
 */
#include <linux/ip.h>
#include <net/ipv6.h>

#include "../packet.h"
#include "../xlat.h"
#include "helpers.h"

/**
 * struct errors_ctx - context of a test
 * @rnd: random number state
 * @e: error
 * @l4: template of the quoted transport header and payload
 * @ext: extension
 * @in: packet to translate
 * @want: expected result
 */
struct errors_ctx {
	struct rnd_state rnd;
	struct nat64_test_error e;
	u8 l4[NAT64_TEST_BUF];
	u8 ext[NAT64_TEST_BUF];
	u8 in[NAT64_TEST_BUF];
	u8 want[NAT64_TEST_BUF];
};

/* An error in both families. */
struct errors_kind {
	const char *name;
	u8 header4[8];
	u8 header6[8];
	bool ext;
};

static const struct errors_kind errors_kinds[] = {
	{ "host unreachable", { 3, 1 }, { 1, 0 }, true },
	{ "port unreachable", { 3, 3 }, { 1, 4 }, true },
	{ "prohibited", { 3, 10 }, { 1, 1 }, true },
	{ "time exceeded", { 11, 0 }, { 3, 0 }, true },
	{ "reassembly time exceeded", { 11, 1 }, { 3, 1 }, true },
	{ "too big", { 3, 4, [6] = 5, [7] = 120 },
	  { 2, 0, [6] = 5, [7] = 140 } },
	{ "bad protocol", { 12, 0, [4] = 9 }, { 4, 0, [7] = 6 } },
	{ "bad source", { 12, 0, [4] = 12 }, { 4, 0, [7] = 8 } },
	{ "protocol unreachable", { 3, 2 }, { 4, 1, [7] = 6 } },
};

static void errors_kind_desc(const struct errors_kind *kind, char *desc)
{
	strscpy(desc, kind->name, KUNIT_PARAM_DESC_SIZE);
}

KUNIT_ARRAY_PARAM(errors_kind, errors_kinds, errors_kind_desc);

/* Make an error of @kind that quotes the first @quote of @len bytes after the
 * IP header of a random packet.
 */
static struct nat64_test_error *errors_new(struct kunit *test,
					   const struct errors_kind *kind,
					   u8 proto, u32 len, u32 quote)
{
	struct errors_ctx *ctx = test->priv;
	struct nat64_test_error *e = &ctx->e;

	memset(e, 0, sizeof(*e));
	nat64_test_random(&e->outer, &ctx->rnd, IPPROTO_ICMP, 8, ctx->l4);
	nat64_test_random(&e->quoted, &ctx->rnd, proto, len, ctx->l4);
	memcpy(e->header4, kind->header4, sizeof(e->header4));
	memcpy(e->header6, kind->header6, sizeof(e->header6));
	e->quote = quote;
	e->ext_data = ctx->ext;
	nat64_test_bytes(&ctx->rnd, ctx->ext, sizeof(ctx->ext));
	/* R7915-5.3-b */
	e->quoted.id = 0;
	return e;
}

static u32 errors_pad(u32 quote, u32 unit)
{
	return round_up(max(quote, 128U), unit) - quote;
}

/* Pad the quoted packet as required before an extension. */
static void errors_set_pads(struct nat64_test_error *e)
{
	u32 hdr6 = 40 + e->quoted.ext6 + (e->quoted.frag ? 8 : 0);
	u32 hdr4 = 20 + e->quoted.opt4;

	if (!e->ext)
		return;
	e->pad4 = errors_pad(hdr4 + e->quote, 4);
	e->pad6 = errors_pad(hdr6 + e->quote, 8);
}

/* Translate @in, and compare it with @want in the other family. */
static bool errors_compare(struct kunit *test,
			   const struct nat64_test_error *in,
			   const struct nat64_test_error *want, bool v6,
			   const char *what)
{
	struct errors_ctx *ctx = test->priv;
	struct sk_buff *skb;
	u32 len;

	len = nat64_test_build_error(in, v6, ctx->in);
	skb = nat64_test_skb(test, ctx->in, len, v6 ? 0 : NAT64_HEADROOM_ERROR,
			     len);
	skb = nat64_test_xlat(test, skb, &in->outer, &in->quoted, v6);
	len = nat64_test_build_error(want, !v6, ctx->want);
	return nat64_test_same(test, skb, ctx->want, len, what);
}

/* A translated error has neither options nor extension headers, and its size
 * determines DF.
 */
static bool errors_one(struct kunit *test, bool v6, const char *what)
{
	struct errors_ctx *ctx = test->priv;
	struct nat64_test_error plain;
	u32 len;

	errors_set_pads(&ctx->e);
	plain = ctx->e;
	plain.outer.opt4 = 0;
	plain.outer.ext6 = 0;
	plain.quoted.opt4 = 0;
	plain.quoted.ext6 = 0;
	len = 20 + plain.quoted.cut;
	if (v6)
		plain.quoted.df = len > 1260 && !plain.quoted.frag;
	errors_set_pads(&plain);
	return errors_compare(test, &ctx->e, &plain, v6, what);
}

static bool errors_both(struct kunit *test, const char *what)
{
	return errors_one(test, false, what) && errors_one(test, true, what);
}

static u8 errors_proto(struct rnd_state *rnd)
{
	static const u8 protos[] = {
		IPPROTO_TCP, IPPROTO_UDP, IPPROTO_ICMP, IPPROTO_UDPLITE, 50,
	};

	return protos[nat64_test_below(rnd, ARRAY_SIZE(protos))];
}

/* Random length of the quote, up to the maximum of IPv4. Not with a part of a
 * checksum, which would stay unchanged.
 */
static u32 errors_quote(struct rnd_state *rnd, u32 len, u32 most)
{
	u32 quote = 8 + nat64_test_below(rnd, most - 8);

	quote = min(quote, len);
	return quote == 17 ? 18 : quote;
}

/* R7915-4.3-a, -b, -c, -e and R7915-5.3-a, -b */
static void errors_quoted(struct kunit *test)
{
	const struct errors_kind *kind = test->param_value;
	struct errors_ctx *ctx = test->priv;
	u32 n, len, quote;

	for (n = 0; n < 500; n++) {
		len = 20 + nat64_test_below(&ctx->rnd, 1980);
		quote = errors_quote(&ctx->rnd, len, 400);
		errors_new(test, kind, errors_proto(&ctx->rnd), len, quote);
		if (n % 8 == 1)
			ctx->e.outer.damage =
				1 + nat64_test_below(&ctx->rnd, 0xfffe);
		if (n % 8 == 2)
			ctx->e.quoted.damage =
				1 + nat64_test_below(&ctx->rnd, 0xfffe);
		if (!errors_both(test, "quote"))
			return;
	}
}

/* R7915-4.3-h, R7915-5.1-h in quoted packets */
static void errors_options(struct kunit *test)
{
	const struct errors_kind *kind = test->param_value;
	struct errors_ctx *ctx = test->priv;
	u32 n, quote;
	bool ext;

	for (n = 0; n < 100; n++) {
		/* Padding is recognized by the end of the packet only. */
		ext = kind->ext && n % 2;
		quote = max(errors_quote(&ctx->rnd, 500, 300), 20U);
		errors_new(test, kind, errors_proto(&ctx->rnd),
			   ext ? quote : 500, quote);
		ctx->e.outer.opt4 = 4 * nat64_test_below(&ctx->rnd, 11);
		ctx->e.quoted.opt4 = 4 * nat64_test_below(&ctx->rnd, 11);
		ctx->e.outer.ext6 = 8 * nat64_test_below(&ctx->rnd, 11);
		ctx->e.quoted.ext6 = 8 * nat64_test_below(&ctx->rnd, 11);
		ctx->e.ext = ext ? 20 : 0;
		if (!errors_both(test, "options"))
			return;
	}
}

/* R7915-4.2-p, -q, -s and R7915-5.2-n */
static void errors_extension(struct kunit *test)
{
	const struct errors_kind *kind = test->param_value;
	struct errors_ctx *ctx = test->priv;
	u32 n, quote;

	for (n = 0; kind->ext && n < 300; n++) {
		/* a whole packet with padding, or a part of one without */
		quote = max(errors_quote(&ctx->rnd, 900, 300), 20U);
		if (n % 2)
			quote = round_down(max(quote, 128U), 8);
		errors_new(test, kind, errors_proto(&ctx->rnd),
			   n % 2 ? 900 : quote, quote);
		ctx->e.ext = 8 + 4 * nat64_test_below(&ctx->rnd, 40);
		if (!errors_both(test, "extension"))
			return;
	}
}

/* R7915-4.3-g: a quoted fragment */
static void errors_fragment(struct kunit *test)
{
	const struct errors_kind *kind = test->param_value;
	struct errors_ctx *ctx = test->priv;
	struct nat64_test_packet *q = &ctx->e.quoted;
	u32 n;

	for (n = 0; n < 200; n++) {
		errors_new(test, kind, n % 2 ? IPPROTO_TCP : IPPROTO_UDP, 1600,
			   0);
		q->frag = true;
		/* non-first fragments start after the transport header */
		q->frag_off = n & 2 ? 24 + 8 * nat64_test_below(&ctx->rnd, 90) :
				      0;
		q->cut = 8 * (50 + nat64_test_below(&ctx->rnd, 40));
		q->mf = true;
		q->df = false;
		q->id = n * 77;
		ctx->e.quote = errors_quote(&ctx->rnd, q->cut, 300);
		if (!errors_one(test, false, "fragment"))
			return;
		/* R7915-5.2-o: minus the Fragment Header */
		q->id |= 0x12340000;
		if (kind->header6[0] == 2)
			ctx->e.header4[7] -= 8;
		if (!errors_one(test, true, "fragment"))
			return;
	}
}

/* R7915-4.3-f, R7915-5.3-c: all sizes around the maximum of 1280 and 576 bytes,
 * without padding.
 */
static void errors_cut(struct kunit *test)
{
	const struct errors_kind *kind = test->param_value;
	struct errors_ctx *ctx = test->priv;
	struct nat64_test_error want;
	u32 quote, room;
	bool v6;
	int n;

	for (n = 0; n < 300; n++) {
		v6 = n % 2;
		room = v6 ? 576 - 20 - 8 - 20 : 1280 - 40 - 8 - 40;
		quote = n < 40 ? room - 10 + n / 2 :
				 room + nat64_test_below(&ctx->rnd, 900);
		errors_new(test, kind, errors_proto(&ctx->rnd), 2200, quote);
		want = ctx->e;
		want.quoted.df = true;
		want.quote = min(quote, room);
		if (!errors_compare(test, &ctx->e, &want, v6, "cut"))
			return;
	}
}

/* R7915-4.2-r: the quoted packet is truncated to keep the extension, which is
 * otherwise dropped as a whole.
 */
static void errors_extension_cut(struct kunit *test)
{
	static const struct {
		bool v6;
		u32 quote;	/* with the IP header, in the input */
		u32 ext;
		u32 want;	/* with the IP header, in the result */
		u32 want_ext;
	} rows[] = {
		/* 992 + 28 bytes, 1105 more */
		{ false, 1020, 1105, 1040, 0 },
		{ false, 1020, 1104, 128, 1104 },
		{ false, 1020, 232, 1000, 232 },
		{ false, 1020, 8, 1040, 8 },
		{ true, 800, 421, 548, 0 },
		{ true, 800, 420, 128, 420 },
		{ true, 800, 300, 248, 300 },
		{ true, 400, 8, 380, 8 },
	};
	struct errors_ctx *ctx = test->priv;
	struct nat64_test_error want;
	int i;

	for (i = 0; i < ARRAY_SIZE(rows); i++) {
		errors_new(test, &errors_kinds[3], IPPROTO_UDP, 1600,
			   rows[i].quote - (rows[i].v6 ? 40 : 20));
		ctx->e.ext = rows[i].ext;
		want = ctx->e;
		want.quoted.df = true;
		want.quote = rows[i].want - (rows[i].v6 ? 20 : 40);
		want.ext = rows[i].want_ext;
		errors_compare(test, &ctx->e, &want, rows[i].v6, "cut");
	}
}

/* The examples of rfc.md: lengths 32 and 19, 16 and 32. */
static void errors_padding(struct kunit *test)
{
	static const struct {
		bool v6;
		u32 quote;
		u8 length;
		u8 want;
	} rows[] = {
		{ false, 126, 32, 19 },
		{ true, 122, 16, 32 },
	};
	struct errors_ctx *ctx = test->priv;
	struct nat64_test_error *e;
	int i;

	for (i = 0; i < ARRAY_SIZE(rows); i++) {
		u32 hdr = rows[i].v6 ? 40 : 20;

		/* the error quotes the whole packet */
		e = errors_new(test, &errors_kinds[0], IPPROTO_UDP,
			       rows[i].quote - hdr, rows[i].quote - hdr);
		e->ext = 20;
		errors_one(test, rows[i].v6, "padding");
		KUNIT_EXPECT_EQ(test, ctx->in[rows[i].v6 ? 44 : 25],
				rows[i].length);
		KUNIT_EXPECT_EQ(test, ctx->want[rows[i].v6 ? 25 : 44],
				rows[i].want);
	}
}

/* R4884-4-c: no extension in the result, and the length attribute does not end
 * up in MTU or pointer. Only ICMPv4 has it in such errors.
 */
static void errors_no_extension(struct kunit *test)
{
	const struct errors_kind *kind = test->param_value;
	struct errors_ctx *ctx = test->priv;
	struct nat64_test_error want;

	if (kind->ext)
		return;
	errors_new(test, kind, IPPROTO_UDP, 200, 108);
	ctx->e.ext = 20;
	want = ctx->e;
	want.ext = 0;
	errors_compare(test, &ctx->e, &want, false, "no extension");
}

static void errors_old_style(struct kunit *test)
{
	/* R4884-5-a: 128 bytes and more, all of the quoted packet */
	errors_new(test, &errors_kinds[0], IPPROTO_UDP, 600, 148 - 20);
	errors_both(test, "length 0");
}

static enum nat64_reason errors_try(struct kunit *test, u32 len, bool v6)
{
	struct errors_ctx *ctx = test->priv;
	enum nat64_reason reason;
	struct sk_buff *skb;

	skb = nat64_test_skb(test, ctx->in, len, v6 ? 0 : NAT64_HEADROOM_ERROR,
			     len);
	if (!skb)
		return NAT64_OK;
	reason = nat64_test_try(skb, &ctx->e.outer, &ctx->e.quoted, v6);
	if (!reason && (skb->data < skb->head || skb->len > (v6 ? 576 : 1280)))
		KUNIT_FAIL(test, "%u bytes out of %u", skb->len, len);
	kfree_skb(skb);
	return reason;
}

/* R4884-4-d: a length attribute beyond the message, or within the headers */
static void errors_bad_length(struct kunit *test)
{
	struct errors_ctx *ctx = test->priv;
	u32 len, length, quote;
	bool v6, bad;
	int n;

	for (n = 0; n < 512; n++) {
		v6 = n & 1;
		length = n / 2;
		quote = v6 ? length * 8 : length * 4;
		errors_new(test, &errors_kinds[0], IPPROTO_UDP, 300, 100);
		len = nat64_test_build_error(&ctx->e, v6, ctx->in);
		ctx->in[v6 ? 44 : 25] = length;
		bad = length && (quote > 100 + (v6 ? 40 : 20) ||
				 quote < (v6 ? 40 : 20));
		KUNIT_EXPECT_EQ_MSG(test, errors_try(test, len, v6),
				    bad ? NAT64_DROP_ICMP_QUOTE : NAT64_OK,
				    "v6 %d, length %u", v6, length);
	}
}

/* R7915-4.3-d, R7915-5.3-a: one level of quoting */
static void errors_nested(struct kunit *test)
{
	struct errors_ctx *ctx = test->priv;
	struct nat64_test_packet *q = &ctx->e.quoted;
	int type, n;
	bool echo;
	u32 len;
	bool v6;

	for (n = 0; n < 512; n++) {
		v6 = n & 1;
		type = n / 2;
		errors_new(test, &errors_kinds[0], IPPROTO_ICMP, 50, 50);
		/* quoted messages of every type: only echo is translated */
		q->icmp4 = type;
		q->icmp6 = type;
		len = nat64_test_build_error(&ctx->e, v6, ctx->in);
		echo = v6 ? type == 128 || type == 129 :
			    type == 0 || type == 8;
		KUNIT_EXPECT_EQ_MSG(test, errors_try(test, len, v6),
				    echo ? NAT64_OK : NAT64_DROP_ICMP_QUOTE,
				    "v6 %d, quoted type %d", v6, type);
	}
}

/* Every truncation, with right and with wrong outer length: no access is out of
 * bounds (KASAN reports it), and no result is too large.
 */
static void errors_truncated(struct kunit *test)
{
	struct errors_ctx *ctx = test->priv;
	u32 whole, len;
	bool v6;
	int n;

	for (n = 0; n < 20; n++) {
		v6 = n & 1;
		errors_new(test, &errors_kinds[3], errors_proto(&ctx->rnd), 200,
			   n & 2 ? 160 : 20);
		ctx->e.ext = n & 4 ? 20 : 0;
		ctx->e.quoted.frag = n & 8;
		errors_set_pads(&ctx->e);
		whole = nat64_test_build_error(&ctx->e, v6, ctx->in);
		for (len = v6 ? 40 : 20; len <= whole; len++) {
			errors_try(test, len, v6);
			if (v6) {
				nat64_test_put16(len - 40, ctx->in + 4);
			} else {
				nat64_test_put16(len, ctx->in + 2);
				nat64_test_put16(0, ctx->in + 10);
				nat64_test_put16(~nat64_test_fold(nat64_test_sum(ctx->in, 20)),
						 ctx->in + 10);
			}
			errors_try(test, len, v6);
		}
	}
}

static int errors_init(struct kunit *test)
{
	struct errors_ctx *ctx = kunit_kzalloc(test, sizeof(*ctx), GFP_KERNEL);

	if (!ctx)
		return -ENOMEM;
	prandom_seed_state(&ctx->rnd, 792);
	test->priv = ctx;
	return 0;
}

static struct kunit_case errors_cases[] = {
	KUNIT_CASE_PARAM(errors_quoted, errors_kind_gen_params),
	KUNIT_CASE_PARAM(errors_options, errors_kind_gen_params),
	KUNIT_CASE_PARAM(errors_extension, errors_kind_gen_params),
	KUNIT_CASE_PARAM(errors_fragment, errors_kind_gen_params),
	KUNIT_CASE_PARAM(errors_cut, errors_kind_gen_params),
	KUNIT_CASE(errors_extension_cut),
	KUNIT_CASE(errors_padding),
	KUNIT_CASE_PARAM(errors_no_extension, errors_kind_gen_params),
	KUNIT_CASE(errors_old_style),
	KUNIT_CASE(errors_bad_length),
	KUNIT_CASE(errors_nested),
	KUNIT_CASE(errors_truncated),
	{}
};

static struct kunit_suite errors_suite = {
	.name = "nat64_icmp_errors",
	.init = errors_init,
	.test_cases = errors_cases,
};

kunit_test_suite(errors_suite);
