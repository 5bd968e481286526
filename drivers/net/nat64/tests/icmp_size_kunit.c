// SPDX-License-Identifier: GPL-2.0-only
/*
 * nat64 - KUnit: truncation of quoted packets and RFC 4884 extensions in ICMP
 * errors.
 */
#include "../icmp.h"
#include "../packet.h"
#include "helpers.h"

/* RFC 4884 section 4: minimum size of the quoted packet before an extension. */
#define FIT_QUOTE_MIN	128

/* Padding between quoted packet and extension in the input. */
#define FIT_PAD		0xdd

/**
 * struct fit_family - the sizes of one direction
 * @name: name of the direction
 * @l4_off: offset of the quoted transport header in the input
 * @hdr_len: length of the quoted IP headers in the result
 * @unit: unit of the length attribute in bytes
 * @room: maximum size of an error without its own headers
 */
struct fit_family {
	const char *name;
	u32 l4_off;
	u32 hdr_len;
	u32 unit;
	u32 room;
};

static const struct fit_family fit_families[] = {
	{ "4 to 6", 48, 40, 8, 1280 - 40 - 8 },
	{ "4 to 6, options", 128, 40, 8, 1280 - 40 - 8 },
	{ "4 to 6, fragment", 48, 48, 8, 1280 - 40 - 8 },
	{ "6 to 4", 88, 20, 4, 576 - 20 - 8 },
	{ "6 to 4, fragment", 96, 20, 4, 576 - 20 - 8 },
};

static void fit_family_desc(const struct fit_family *f, char *desc)
{
	strscpy(desc, f->name, KUNIT_PARAM_DESC_SIZE);
}

KUNIT_ARRAY_PARAM(fit_family, fit_families, fit_family_desc);

/* Byte @n of the quoted packet's transport part, and of the extension. */
static u8 fit_quote_byte(u32 n)
{
	return 1 + n % 101;
}

static u8 fit_ext_byte(u32 n)
{
	return 102 + n % 97;
}

static struct sk_buff *fit_build(struct kunit *test, const struct fit_family *f,
				 u32 quote, u32 pad, u32 ext)
{
	u8 *p = test->priv;
	u32 i;

	memset(p, 0xee, f->l4_off);
	p[0] = 0x45;
	p += f->l4_off;
	for (i = 0; i < quote; i++)
		*p++ = fit_quote_byte(i);
	memset(p, FIT_PAD, pad);
	p += pad;
	for (i = 0; i < ext; i++)
		*p++ = fit_ext_byte(i);
	i = f->l4_off + quote + pad + ext;
	return nat64_test_skb(test, test->priv, i, 0, i);
}

/* Check the content from the transport header on: @quote bytes, zeros up to
 * @padded, and @ext bytes of extension.
 */
static const char *fit_content(const u8 *p, u32 len, u32 quote, u32 padded,
			       u32 ext)
{
	u32 i;

	if (len != padded + ext)
		return "length";
	for (i = 0; i < quote; i++)
		if (p[i] != fit_quote_byte(i))
			return "quoted packet";
	for (; i < padded; i++)
		if (p[i])
			return "padding";
	for (i = 0; i < ext; i++)
		if (p[padded + i] != fit_ext_byte(i))
			return "extension";
	return NULL;
}

/* R7915-4.2-p, R7915-5.2-n, R7915-4.2-r, R7915-4.3-f, R7915-5.3-c */
static const char *fit_judge(const struct fit_family *f,
			     const struct nat64_icmp_body *body,
			     const struct sk_buff *skb, u32 quote, u32 ext)
{
	u32 whole = f->hdr_len + quote;
	const u8 *p = skb->data + f->l4_off;
	u32 len = skb->len - f->l4_off;
	u32 padded, kept;

	if (f->hdr_len + len > f->room)
		return "too large";
	if (!ext || ext + FIT_QUOTE_MIN > f->room) {
		if (body->length)
			return "length attribute without extension";
		kept = min(whole, f->room) - f->hdr_len;
		return fit_content(p, len, kept, kept, 0);
	}

	padded = body->length * f->unit;
	if (padded < FIT_QUOTE_MIN)
		return "quoted packet too small for an extension";
	if (padded > round_up(max_t(u32, whole, FIT_QUOTE_MIN), f->unit))
		return "too much padding";
	/* Less than a unit may be cut to avoid padding. */
	if (padded < round_down(min(whole, f->room - ext), f->unit))
		return "too much cut";
	kept = min(whole, padded) - f->hdr_len;
	return fit_content(p, len, kept, padded - f->hdr_len, ext);
}

static bool fit_one(struct kunit *test, const struct fit_family *f, u32 quote,
		    u32 pad, u32 ext)
{
	struct nat64_icmp_body body = {
		.l4_off = f->l4_off,
		.quote_len = quote,
		.ext_off = ext ? f->l4_off + quote + pad : 0,
		.ext_len = ext,
		.hdr_len = f->hdr_len,
		.unit = f->unit,
		.room = f->room,
		.length = 0xff,
	};
	const char *complaint;
	struct sk_buff *skb;

	skb = fit_build(test, f, quote, pad, ext);
	if (!skb)
		return false;
	if (nat64_icmp_fit(skb, &body))
		complaint = "no memory";
	else
		complaint = fit_judge(f, &body, skb, quote, ext);
	if (complaint)
		KUNIT_FAIL(test, "quote %u, padding %u, extension %u: %s, got %u with length %u",
			   quote, pad, ext, complaint, skb->len - f->l4_off,
			   body.length);
	kfree_skb(skb);
	return !complaint;
}

/* Without extension: every size from 0 to more than fits. */
static void fit_quote(struct kunit *test)
{
	const struct fit_family *f = test->param_value;
	u32 quote, pad;

	for (quote = 0; quote < 1600; quote++)
		for (pad = 0; pad < 12; pad += 4)
			if (!fit_one(test, f, quote, pad, 0))
				return;
}

/* Every size of the quoted packet, with extensions around every limit. */
static void fit_extension(struct kunit *test)
{
	const struct fit_family *f = test->param_value;
	u32 ext[32], n = 0, quote, i;

	for (i = 8; i <= 20; i += 4)
		ext[n++] = i;
	ext[n++] = 100;
	ext[n++] = f->room / 2;
	for (i = 0; i <= 8; i++)
		ext[n++] = f->room - FIT_QUOTE_MIN - 4 + i;
	ext[n++] = f->room - 8;
	ext[n++] = f->room;
	ext[n++] = f->room + 1;
	ext[n++] = 1105;

	for (quote = 0; quote < 1300; quote += quote < 150 ? 1 : 3)
		for (i = 0; i < n; i++)
			if (!fit_one(test, f, quote, quote % 3 * 4, ext[i]))
				return;
}

static void fit_random(struct kunit *test)
{
	const struct fit_family *f = test->param_value;
	struct rnd_state rnd;
	int n;

	prandom_seed_state(&rnd, 4884);
	for (n = 0; n < 5000; n++)
		if (!fit_one(test, f, nat64_test_below(&rnd, 1500),
			     nat64_test_below(&rnd, 160),
			     8 + nat64_test_below(&rnd, 1400)))
			return;
}

/* R4884-4-a, -b and R4884-5-a: where the extension is, if there is one */
static void fit_find(struct kunit *test)
{
	static const struct {
		bool v6;
		u8 type;
		u8 length;
		u32 len;	/* of the message */
		u32 off;	/* of the extension in the message */
		u32 ext;
	} rows[] = {
		{ false, 3, 32, 8 + 128 + 20, 136, 20 },
		{ false, 11, 32, 8 + 128 + 8, 136, 8 },
		{ false, 12, 33, 8 + 132 + 12, 140, 12 },
		/* shorter than a header and an object header */
		{ false, 11, 32, 8 + 128 + 7, 0, 0 },
		{ false, 11, 32, 8 + 128, 0, 0 },
		/* no length attribute: the quoted packet fills the message */
		{ false, 11, 0, 8 + 128 + 20, 0, 0 },
		{ true, 1, 16, 8 + 128 + 20, 136, 20 },
		{ true, 3, 19, 8 + 152 + 8, 160, 8 },
		{ true, 3, 16, 8 + 128 + 7, 0, 0 },
		{ true, 1, 0, 8 + 128 + 20, 0, 0 },
		/* byte 4 is not a length attribute */
		{ true, 2, 16, 8 + 128 + 20, 0, 0 },
		{ true, 4, 16, 8 + 128 + 20, 0, 0 },
	};
	struct nat64_icmp_body body;
	struct nat64_pkt pkt = {};
	struct sk_buff *skb;
	u8 *icmp;
	int i;

	for (i = 0; i < ARRAY_SIZE(rows); i++) {
		pkt.h.l4_off = rows[i].v6 ? 40 : 20;
		icmp = (u8 *)test->priv + pkt.h.l4_off;
		memset(test->priv, 0, NAT64_TEST_BUF);
		icmp[0] = rows[i].type;
		icmp[rows[i].v6 ? 4 : 5] = rows[i].length;
		skb = nat64_test_skb(test, test->priv,
				     pkt.h.l4_off + rows[i].len, 0,
				     NAT64_TEST_BUF);
		if (!skb)
			return;
		memset(&body, 0xff, sizeof(body));
		nat64_icmp_find_ext(skb, &pkt, rows[i].v6, &body);
		KUNIT_EXPECT_EQ_MSG(test, body.ext_len, rows[i].ext,
				    "case %d", i);
		if (rows[i].ext)
			KUNIT_EXPECT_EQ_MSG(test, body.ext_off,
					    pkt.h.l4_off + rows[i].off,
					    "case %d", i);
		kfree_skb(skb);
	}
}

static int fit_init(struct kunit *test)
{
	test->priv = kunit_kzalloc(test, NAT64_TEST_BUF, GFP_KERNEL);
	return test->priv ? 0 : -ENOMEM;
}

static struct kunit_case icmp_size_cases[] = {
	KUNIT_CASE_PARAM(fit_quote, fit_family_gen_params),
	KUNIT_CASE_PARAM(fit_extension, fit_family_gen_params),
	KUNIT_CASE_PARAM(fit_random, fit_family_gen_params),
	KUNIT_CASE(fit_find),
	{}
};

static struct kunit_suite icmp_size_suite = {
	.name = "nat64_icmp_fit",
	.init = fit_init,
	.test_cases = icmp_size_cases,
};

kunit_test_suite(icmp_size_suite);
