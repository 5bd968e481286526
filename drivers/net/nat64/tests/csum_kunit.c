// SPDX-License-Identifier: GPL-2.0-only
/*
 * nat64 - KUnit: incremental checksum updates equal full computations.
 */
#include "../csum.h"
#include "../l4.h"
#include "helpers.h"

#define CSUM_MAX	1500

/**
 * struct csum_ctx - context of a test
 * @rnd: random number state
 * @p: packet
 * @l4: template of its transport header and payload
 * @v4: IPv4 form
 * @v6: IPv6 form
 */
struct csum_ctx {
	struct rnd_state rnd;
	struct nat64_test_packet p;
	u8 l4[NAT64_TEST_BUF];
	u8 v4[NAT64_TEST_BUF];
	u8 v6[NAT64_TEST_BUF];
};

static const u8 csum_protos[] = {
	IPPROTO_TCP, IPPROTO_UDP, IPPROTO_UDPLITE, IPPROTO_ICMP,
};

static void csum_proto_desc(const u8 *proto, char *desc)
{
	snprintf(desc, KUNIT_PARAM_DESC_SIZE, "protocol %u", *proto);
}

KUNIT_ARRAY_PARAM(csum_proto, csum_protos, csum_proto_desc);

static u32 csum_hdr_len(u8 proto)
{
	return proto == IPPROTO_TCP ? 20 : 8;
}

/* Changes that translate a transport header. */
static struct nat64_l4_change csum_change(const struct nat64_test_packet *p,
					  bool from6, u32 len)
{
	struct nat64_tuple4 t4 = {
		.src = htonl(p->src4),
		.dst = htonl(p->dst4),
	};
	struct nat64_tuple6 t6 = {
		.src = p->src6,
		.dst = p->dst6,
	};
	struct nat64_l4_change change = {
		.from = from6 ? nat64_csum_addrs6(&t6) : nat64_csum_addrs4(&t4),
		.to = from6 ? nat64_csum_addrs4(&t4) : nat64_csum_addrs6(&t6),
		.sport = htons(from6 ? p->sport4 : p->sport6),
		.dport = htons(from6 ? p->dport4 : p->dport6),
		.proto = p->proto,
		.icmp_type = from6 ? p->icmp4 : p->icmp6,
	};

	if (p->proto == IPPROTO_ICMP) {
		change.proto = from6 ? IPPROTO_ICMPV6 : IPPROTO_ICMP;
		change.from = from6 ? nat64_csum_icmp6(&t6, len) : 0;
		change.to = from6 ? 0 : nat64_csum_icmp6(&t6, len);
	}
	return change;
}

/* Build both forms, translate each into the other, and compare. */
static bool csum_both_ways(struct kunit *test, const char *what)
{
	struct csum_ctx *ctx = test->priv;
	struct nat64_test_packet *p = &ctx->p;
	struct nat64_l4_change change;
	u8 *got;

	nat64_test_build(p, false, ctx->v4);
	nat64_test_build(p, true, ctx->v6);
	got = ctx->v4 + 20;
	change = csum_change(p, false, p->len);
	nat64_l4_rewrite(got, p->len, &change);
	if (memcmp(got, ctx->v6 + 40, p->len)) {
		KUNIT_FAIL(test, "%s, length %u, 4 to 6: %*ph, want %*ph", what,
			   p->len, 20, got, 20, ctx->v6 + 40);
		return false;
	}

	nat64_test_build(p, false, ctx->v4);
	got = ctx->v6 + 40;
	change = csum_change(p, true, p->len);
	nat64_l4_rewrite(got, p->len, &change);
	if (memcmp(got, ctx->v4 + 20, p->len)) {
		KUNIT_FAIL(test, "%s, length %u, 6 to 4: %*ph, want %*ph", what,
			   p->len, 20, got, 20, ctx->v4 + 20);
		return false;
	}
	return true;
}

/* R7915-4.5-a, R7915-5.5-a */
static void csum_delta(struct kunit *test)
{
	u8 proto = *(const u8 *)test->param_value;
	struct csum_ctx *ctx = test->priv;
	u32 len, n;

	for (n = 0; n < 4000; n++) {
		len = csum_hdr_len(proto);
		len += n < 200 ? n : nat64_test_below(&ctx->rnd,
						      CSUM_MAX - len);
		nat64_test_random(&ctx->p, &ctx->rnd, proto, len, ctx->l4);
		if (!csum_both_ways(test, "right"))
			return;
	}
}

static void csum_wrong_stays_wrong(struct kunit *test)
{
	u8 proto = *(const u8 *)test->param_value;
	struct csum_ctx *ctx = test->priv;
	u32 len, n;

	for (n = 0; n < 4000; n++) {
		len = csum_hdr_len(proto) + nat64_test_below(&ctx->rnd, 99);
		nat64_test_random(&ctx->p, &ctx->rnd, proto, len, ctx->l4);
		/* adding 0xffff changes nothing */
		ctx->p.damage = n < 4 ? n + 1 :
				1 + nat64_test_below(&ctx->rnd, 0xfffe);
		if (!csum_both_ways(test, "damaged"))
			return;
	}
}

/* D-7915-u0, and in quoted packets R7915-4.3-c */
static void csum_udp_none(struct kunit *test)
{
	struct csum_ctx *ctx = test->priv;
	u32 n;

	for (n = 0; n < 100; n++) {
		nat64_test_random(&ctx->p, &ctx->rnd, IPPROTO_UDP, 8 + n,
				  ctx->l4);
		ctx->p.no_check = true;
		if (!csum_both_ways(test, "none"))
			return;
	}
}

/* R7915-4.5-b: the payload makes the checksum of the result 0. */
static void csum_udp_mangled(struct kunit *test)
{
	struct csum_ctx *ctx = test->priv;
	u8 *word = ctx->l4 + 8;
	bool v6;
	u8 *l4;
	u32 n;

	for (n = 0; n < 1000; n++) {
		v6 = n % 2;
		nat64_test_random(&ctx->p, &ctx->rnd, IPPROTO_UDP, 10 + n % 5,
				  ctx->l4);
		nat64_test_build(&ctx->p, v6, ctx->v4);
		l4 = ctx->v4 + (v6 ? 40 : 20);
		nat64_test_put16(nat64_test_fold(nat64_test_get16(word) +
						 nat64_test_get16(l4 + 6)),
				 word);
		nat64_test_build(&ctx->p, v6, ctx->v4);
		if (nat64_test_get16(l4 + 6) != 0xffff) {
			KUNIT_FAIL(test, "the test itself is wrong");
			return;
		}
		if (!csum_both_ways(test, "mangled"))
			return;
	}
}

/* R7915-4.3-c: only available bytes are written. */
static void csum_truncated(struct kunit *test)
{
	u8 proto = *(const u8 *)test->param_value;
	u32 check = proto == IPPROTO_TCP ? 16 : proto == IPPROTO_ICMP ? 2 : 6;
	struct csum_ctx *ctx = test->priv;
	struct nat64_l4_change change;
	u8 *got = ctx->v4 + 20;
	u32 avail;

	for (avail = 0; avail <= 24; avail++) {
		nat64_test_random(&ctx->p, &ctx->rnd, proto, 40, ctx->l4);
		nat64_test_build(&ctx->p, false, ctx->v4);
		nat64_test_build(&ctx->p, true, ctx->v6);
		memcpy(ctx->l4, got, 40);
		change = csum_change(&ctx->p, false, 40);
		nat64_l4_rewrite(got, avail, &change);
		KUNIT_EXPECT_TRUE_MSG(test, !memcmp(got + avail,
						    ctx->l4 + avail,
						    40 - avail),
				      "%u bytes: wrote behind them", avail);
		/* no update with a part of the identifier only */
		if (proto == IPPROTO_ICMP && avail >= 2 && avail < 6)
			continue;
		/* a partial checksum and partial ports stay */
		if (avail == check + 1)
			ctx->v6[40 + check] = ctx->l4[check];
		if (proto != IPPROTO_ICMP && avail < 4)
			memcpy(ctx->v6 + 40, ctx->l4, 4);
		KUNIT_EXPECT_TRUE_MSG(test, !memcmp(got, ctx->v6 + 40, avail),
				      "%u bytes: %*ph, want %*ph", avail, avail,
				      got, avail, ctx->v6 + 40);
	}
}

/* Canonical representation modulo 65535. */
static u16 csum_canonical(u16 sum)
{
	return sum == 0xffff ? 0 : sum;
}

/* CHECKSUM_PARTIAL: the sum of one pseudo-header in the field becomes that of
 * the other.
 */
static void csum_seed(struct kunit *test)
{
	struct csum_ctx *ctx = test->priv;
	struct nat64_test_packet *p = &ctx->p;
	struct nat64_l4_change change;
	bool v6, tcp;
	u16 got, want;
	u8 *l4;
	u32 n;

	for (n = 0; n < 4000; n++) {
		v6 = n & 1;
		tcp = n & 2;
		nat64_test_random(p, &ctx->rnd, tcp ? IPPROTO_TCP : IPPROTO_UDP,
				  20 + n % 99, ctx->l4);
		nat64_test_build(p, false, ctx->v4);
		nat64_test_build(p, true, ctx->v6);
		l4 = v6 ? ctx->v6 + 40 : ctx->v4 + 20;
		want = nat64_test_fold(nat64_test_pseudo(v6 ? ctx->v4 : ctx->v6,
							 p->proto, p->len));
		got = nat64_test_fold(nat64_test_pseudo(v6 ? ctx->v6 : ctx->v4,
							p->proto, p->len));
		nat64_test_put16(got, l4 + (tcp ? 16 : 6));
		change = csum_change(p, v6, p->len);
		change.partial = true;
		nat64_l4_rewrite(l4, p->len, &change);
		got = nat64_test_get16(l4 + (tcp ? 16 : 6));
		KUNIT_ASSERT_EQ(test, csum_canonical(got),
				csum_canonical(want));
		KUNIT_ASSERT_EQ(test, nat64_test_get16(l4),
				v6 ? p->sport4 : p->sport6);
		KUNIT_ASSERT_EQ(test, nat64_test_get16(l4 + 2),
				v6 ? p->dport4 : p->dport6);
	}
}

/* Replace words for every possible checksum. */
static void csum_any_words(struct kunit *test)
{
	static const u32 words[] = {
		0, 1, 0x8000, 0xfffe, 0xffff, 0x10000, 0x1ffff, 0x7fffffff,
		0x80000000, 0xffff0000, 0xfffffffe, 0xffffffff, 0xc0000221,
	};
	u32 field, from, to, n, want, got;
	__sum16 check;
	__be16 bytes;

	for (n = 0; n < ARRAY_SIZE(words) * ARRAY_SIZE(words); n++) {
		from = words[n / ARRAY_SIZE(words)];
		to = words[n % ARRAY_SIZE(words)];
		for (field = 0; field < 0x10000; field += 0x33) {
			bytes = htons(field);
			memcpy(&check, &bytes, sizeof(check));
			nat64_csum_replace(&check,
					   (__force __wsum)htonl(from),
					   (__force __wsum)htonl(to));
			memcpy(&bytes, &check, sizeof(check));
			got = (u16)~ntohs(bytes) % 0xffff;
			want = ((u16)~field + 0xffff - from % 0xffff +
				to % 0xffff) % 0xffff;
			if (got != want) {
				KUNIT_FAIL(test, "%04x - %x + %x", field, from,
					   to);
				return;
			}
		}
	}
}

/* R6052-4.1-a: a checksum-neutral prefix changes no checksum. */
static void csum_neutral(struct kunit *test)
{
	struct in6_addr pool6 = nat64_test_addr6("64:ff9b:1:fffe::");
	struct csum_ctx *ctx = test->priv;
	struct nat64_test_packet *p = &ctx->p;
	struct nat64_l4_change change;
	u32 n;

	for (n = 0; n < 1000; n++) {
		nat64_test_random(p, &ctx->rnd, IPPROTO_TCP, 20 + n % 50,
				  ctx->l4);
		p->src6 = pool6;
		p->dst6 = pool6;
		p->src6.s6_addr32[3] = htonl(p->src4);
		p->dst6.s6_addr32[3] = htonl(p->dst4);
		p->sport6 = p->sport4;
		p->dport6 = p->dport4;
		nat64_test_build(p, false, ctx->v4);
		memcpy(ctx->v6, ctx->v4 + 20, p->len);
		change = csum_change(p, false, p->len);
		nat64_l4_rewrite(ctx->v4 + 20, p->len, &change);
		KUNIT_ASSERT_TRUE(test, !memcmp(ctx->v6, ctx->v4 + 20, p->len));
	}
}

static int csum_init(struct kunit *test)
{
	struct csum_ctx *ctx = kunit_kzalloc(test, sizeof(*ctx), GFP_KERNEL);

	if (!ctx)
		return -ENOMEM;
	prandom_seed_state(&ctx->rnd, 1624);
	test->priv = ctx;
	return 0;
}

static struct kunit_case csum_cases[] = {
	KUNIT_CASE_PARAM(csum_delta, csum_proto_gen_params),
	KUNIT_CASE_PARAM(csum_wrong_stays_wrong, csum_proto_gen_params),
	KUNIT_CASE(csum_udp_none),
	KUNIT_CASE(csum_udp_mangled),
	KUNIT_CASE_PARAM(csum_truncated, csum_proto_gen_params),
	KUNIT_CASE(csum_seed),
	KUNIT_CASE(csum_any_words),
	KUNIT_CASE(csum_neutral),
	{}
};

static struct kunit_suite csum_suite = {
	.name = "nat64_csum",
	.init = csum_init,
	.test_cases = csum_cases,
};

kunit_test_suite(csum_suite);
