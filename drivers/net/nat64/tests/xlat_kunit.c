// SPDX-License-Identifier: GPL-2.0-only
/*
 * nat64 - KUnit: a translated packet equals the same packet built in the other
 * family, in both directions.
 */
#include <linux/if_ether.h>
#include <linux/ip.h>
#include <net/ipv6.h>

#include "../packet.h"
#include "../push.h"
#include "../xlat.h"
#include "helpers.h"

/**
 * struct xlat_ctx - test context
 * @rnd: random number generator
 * @p: description of the packet
 * @l4: transport header and payload
 * @in: packet to translate
 * @want: expected result
 */
struct xlat_ctx {
	struct rnd_state rnd;
	struct nat64_test_packet p;
	u8 l4[NAT64_TEST_BUF];
	u8 in[NAT64_TEST_BUF];
	u8 want[NAT64_TEST_BUF];
};

/* Translate a packet and compare it with the one built in the other family,
 * without options and extension headers. Provides only the guaranteed headroom;
 * @linear bytes are linear.
 */
static bool xlat_one(struct kunit *test, bool v6, u32 linear, const char *what)
{
	struct xlat_ctx *ctx = test->priv;
	struct nat64_test_packet *p = &ctx->p;
	struct nat64_test_packet plain = *p;
	struct sk_buff *skb;
	u32 len;

	plain.opt4 = 0;
	plain.ext6 = 0;
	len = nat64_test_build(p, v6, ctx->in);
	skb = nat64_test_skb(test, ctx->in, len, v6 ? 0 : NAT64_HEADROOM,
			     linear);
	skb = nat64_test_xlat(test, skb, p, NULL, v6);
	if (skb) {
		KUNIT_EXPECT_EQ(test, ntohs(skb->protocol),
				v6 ? ETH_P_IP : ETH_P_IPV6);
		KUNIT_EXPECT_EQ(test, skb_network_offset(skb), 0);
		KUNIT_EXPECT_EQ(test, skb_transport_offset(skb),
				v6 ? 20 : 40 + (p->frag ? 8 : 0));
	}
	len = nat64_test_build(&plain, !v6, ctx->want);
	return nat64_test_same(test, skb, ctx->want, len, what);
}

static bool xlat_both(struct kunit *test, const char *what)
{
	return xlat_one(test, false, NAT64_TEST_BUF, what) &&
	       xlat_one(test, true, NAT64_TEST_BUF, what);
}

static const u8 xlat_protos[] = {
	IPPROTO_TCP, IPPROTO_UDP, IPPROTO_UDPLITE, IPPROTO_ICMP,
	/* GRE, ESP, SCTP and an experiment: R7915-4.5-e, R7915-5.5-b */
	47, 50, 132, 253,
};

static void xlat_proto_desc(const u8 *proto, char *desc)
{
	snprintf(desc, KUNIT_PARAM_DESC_SIZE, "protocol %u", *proto);
}

KUNIT_ARRAY_PARAM(xlat_proto, xlat_protos, xlat_proto_desc);

/* R7915-1.2-b: ICMP fragments are not translated */
static const u8 xlat_frag_protos[] = {
	IPPROTO_TCP, IPPROTO_UDP, IPPROTO_UDPLITE, 50, 253,
};

KUNIT_ARRAY_PARAM(xlat_frag_proto, xlat_frag_protos, xlat_proto_desc);

static void xlat_round_trip(struct kunit *test)
{
	u8 proto = *(const u8 *)test->param_value;
	struct xlat_ctx *ctx = test->priv;
	u32 len, n;

	for (n = 0; n < 1000; n++) {
		len = 20 + (n < 100 ? n : nat64_test_below(&ctx->rnd, 2000));
		nat64_test_random(&ctx->p, &ctx->rnd, proto, len, ctx->l4);
		if (n % 8 == 1)
			ctx->p.damage = 1 + nat64_test_below(&ctx->rnd, 0xfffe);
		if (!xlat_both(test, "whole"))
			return;
	}
}

/* At most the headers are linear. */
static void xlat_nonlinear(struct kunit *test)
{
	u8 proto = *(const u8 *)test->param_value;
	struct xlat_ctx *ctx = test->priv;
	u32 n;

	for (n = 1; n <= 80; n++) {
		nat64_test_random(&ctx->p, &ctx->rnd, proto, 500 + n, ctx->l4);
		if (!xlat_one(test, false, n, "in pages") ||
		    !xlat_one(test, true, n, "in pages"))
			return;
	}
}

/* R7915-4.1-i, R7915-4.1-o: options are removed */
static void xlat_options(struct kunit *test)
{
	struct xlat_ctx *ctx = test->priv;
	u32 opt4;

	for (opt4 = 0; opt4 <= 40; opt4 += 4) {
		nat64_test_random(&ctx->p, &ctx->rnd, IPPROTO_UDP, 20, ctx->l4);
		ctx->p.opt4 = opt4;
		if (!xlat_one(test, false, NAT64_TEST_BUF, "options"))
			return;
	}
}

/* R7915-5.1-c, R7915-5.1-h: extension headers are removed */
static void xlat_ext_hdrs(struct kunit *test)
{
	struct xlat_ctx *ctx = test->priv;
	u32 ext6;

	for (ext6 = 8; ext6 <= 256; ext6 += 8) {
		nat64_test_random(&ctx->p, &ctx->rnd, IPPROTO_TCP, 20, ctx->l4);
		ctx->p.ext6 = ext6;
		if (!xlat_one(test, true, NAT64_TEST_BUF, "options"))
			return;
		/* in front of a Fragment Header */
		ctx->p.frag = true;
		ctx->p.mf = true;
		ctx->p.df = false;
		ctx->p.cut = 24;
		ctx->p.len = 400;
		if (!xlat_one(test, true, NAT64_TEST_BUF, "options, fragment"))
			return;
	}
}

/* R7915-4.1-h, R7915-4.1-k, R7915-5.1-b: TOS and hop limit are copied;
 * forwarding decrements the latter. R7915-4.1-g: no flow label.
 */
static void xlat_copied_fields(struct kunit *test)
{
	struct xlat_ctx *ctx = test->priv;
	struct nat64_test_packet *p = &ctx->p;
	u32 n;

	for (n = 0; n < 256; n++) {
		nat64_test_random(p, &ctx->rnd, IPPROTO_UDP, 8, ctx->l4);
		p->tos = n;
		p->hops = 255 - n;
		if (!xlat_both(test, "fields"))
			return;
	}
}

/* A flow label is ignored. */
static void xlat_flow_label(struct kunit *test)
{
	struct xlat_ctx *ctx = test->priv;
	struct sk_buff *skb;
	u32 len;

	nat64_test_random(&ctx->p, &ctx->rnd, IPPROTO_UDP, 30, ctx->l4);
	len = nat64_test_build(&ctx->p, true, ctx->in);
	ctx->in[1] |= 0x0f;
	ctx->in[2] = 0xff;
	ctx->in[3] = 0xff;
	skb = nat64_test_skb(test, ctx->in, len, 0, len);
	skb = nat64_test_xlat(test, skb, &ctx->p, NULL, true);
	len = nat64_test_build(&ctx->p, false, ctx->want);
	nat64_test_same(test, skb, ctx->want, len, "flow label");
}

/* R7915-4.1-j, R7915-5.1-g */
static void xlat_protocols(struct kunit *test)
{
	struct xlat_ctx *ctx = test->priv;
	u32 proto;

	for (proto = 0; proto < 256; proto++) {
		/* ICMP of the other family is not translated */
		if (proto == IPPROTO_ICMPV6)
			continue;
		nat64_test_random(&ctx->p, &ctx->rnd, proto, 24, ctx->l4);
		/* D-7915-ext: IPv6 extension headers. Those that are parsed are
		 * not valid protocols in IPv6 either.
		 */
		if (proto == 0 || proto == 43 || proto == 44 || proto == 60)
			continue;
		if (proto != 51 && proto != 135 && proto != 139 &&
		    proto != 140 &&
		    !xlat_one(test, false, NAT64_TEST_BUF, "protocol"))
			return;
		if (!xlat_one(test, true, NAT64_TEST_BUF, "protocol"))
			return;
	}
	KUNIT_EXPECT_EQ(test, nat64_nexthdr(1), 58);
}

/* Fragments of a datagram: R7915-4.1-q, R7915-5.1.1-a to -e, D-7915-l4 */
static void xlat_fragments(struct kunit *test)
{
	u8 proto = *(const u8 *)test->param_value;
	struct xlat_ctx *ctx = test->priv;
	struct nat64_test_packet *p = &ctx->p;
	u32 n;

	for (n = 0; n < 500; n++) {
		nat64_test_random(p, &ctx->rnd, proto, 3000, ctx->l4);
		p->frag = true;
		p->frag_off = n % 4 ? 8 * (3 + nat64_test_below(&ctx->rnd, 370)) :
				      0;
		p->cut = 24 + nat64_test_below(&ctx->rnd,
					       p->len - p->frag_off - 23);
		p->mf = !p->frag_off || p->frag_off + p->cut < p->len;
		if (p->mf)
			p->cut = round_down(p->cut, 8);
		/* any size, with and without DF in IPv4 */
		p->df = n & 8;
		if (!xlat_one(test, false, NAT64_TEST_BUF, "fragment"))
			return;
		p->df = false;
		p->id |= prandom_u32_state(&ctx->rnd) << 16;
		if (!xlat_one(test, true, NAT64_TEST_BUF, "fragment"))
			return;
	}
}

/* Every valid fragment offset. */
static void xlat_fragment_offsets(struct kunit *test)
{
	struct xlat_ctx *ctx = test->priv;
	struct nat64_test_packet *p = &ctx->p;
	u32 off;

	for (off = 8; off <= 65520; off += 8) {
		nat64_test_random(p, &ctx->rnd, 253, 8, ctx->l4);
		p->frag = true;
		p->frag_off = off;
		p->mf = off & 8;
		if (!xlat_both(test, "offset"))
			return;
	}
}

/* R6946-4-a: atomic fragments are translated like complete packets */
static void xlat_atomic_fragment(struct kunit *test)
{
	u8 proto = *(const u8 *)test->param_value;
	struct xlat_ctx *ctx = test->priv;
	u32 n;

	for (n = 0; n < 50; n++) {
		nat64_test_random(&ctx->p, &ctx->rnd, proto, 20 + 40 * n,
				  ctx->l4);
		ctx->p.frag = true;
		ctx->p.df = false;
		ctx->p.id |= 0xabcd0000;
		if (!xlat_one(test, true, NAT64_TEST_BUF, "atomic"))
			return;
	}
}

/* R7915-4-a, R7915-4.1-f: no Fragment Header for IPv4 packets without DF */
static void xlat_no_fragment_header(struct kunit *test)
{
	struct xlat_ctx *ctx = test->priv;
	u32 n;

	for (n = 0; n < 100; n++) {
		nat64_test_random(&ctx->p, &ctx->rnd, IPPROTO_UDP, 8 + 13 * n,
				  ctx->l4);
		ctx->p.df = n % 2;
		if (!xlat_one(test, false, NAT64_TEST_BUF, "DF"))
			return;
	}
}

/* R7915-5.1-d: L6 1280 and 1281, with extension headers, with Fragment Header */
static void xlat_df_threshold(struct kunit *test)
{
	static const struct {
		u32 len6;
		u32 ext6;
		bool frag;
		bool df;
	} rows[] = {
		{ 60, 0, false, false },
		{ 1279, 0, false, false },
		{ 1280, 0, false, false },
		{ 1281, 0, false, true },
		{ 1500, 0, false, true },
		{ 1288, 8, false, false },
		{ 1289, 8, false, true },
		{ 1408, 128, false, false },
		{ 1409, 128, false, true },
		{ 1281, 0, true, false },
		{ 1500, 0, true, false },
	};
	struct xlat_ctx *ctx = test->priv;
	struct nat64_test_packet *p = &ctx->p;
	int i;

	for (i = 0; i < ARRAY_SIZE(rows); i++) {
		u32 hdr = 40 + rows[i].ext6 + (rows[i].frag ? 8 : 0);

		nat64_test_random(p, &ctx->rnd, IPPROTO_TCP,
				  rows[i].len6 - hdr, ctx->l4);
		p->ext6 = rows[i].ext6;
		p->frag = rows[i].frag;
		p->df = rows[i].df;
		xlat_one(test, true, NAT64_TEST_BUF, "threshold");
	}
}

/* For GSO packets, the size of segments decides on DF. */
static void xlat_df_gso(struct kunit *test)
{
	struct xlat_ctx *ctx = test->priv;
	struct nat64_pkt pkt = {};
	struct sk_buff *skb;
	u32 mss, len;

	for (mss = 1218; mss <= 1222; mss++) {
		nat64_test_random(&ctx->p, &ctx->rnd, IPPROTO_TCP, 3000,
				  ctx->l4);
		len = nat64_test_build(&ctx->p, true, ctx->in);
		skb = nat64_test_skb(test, ctx->in, len, 0, len);
		if (!skb)
			return;
		skb_shinfo(skb)->gso_type = SKB_GSO_TCPV6;
		skb_shinfo(skb)->gso_size = mss;
		KUNIT_EXPECT_EQ(test, nat64_parse6(skb, &pkt), NAT64_OK);
		KUNIT_EXPECT_EQ(test, nat64_parse_l4(skb, &pkt, true), NAT64_OK);
		/* 20 bytes of IPv4 and 20 of TCP */
		KUNIT_EXPECT_EQ_MSG(test, nat64_xlat64_df(skb, &pkt),
				    mss + 40 > 1260, "mss %u", mss);
		kfree_skb(skb);
	}
}

/* CHECKSUM_PARTIAL: the checksum field has the new pseudo-header sum. */
static void xlat_partial(struct kunit *test)
{
	struct xlat_ctx *ctx = test->priv;
	struct nat64_test_packet *p = &ctx->p;
	struct sk_buff *skb;
	u32 len, n, seed;
	bool v6;
	u8 *l4;

	for (n = 0; n < 200; n++) {
		v6 = n % 2;
		nat64_test_random(p, &ctx->rnd, IPPROTO_TCP, 20 + n, ctx->l4);
		len = nat64_test_build(p, v6, ctx->in);
		l4 = ctx->in + len - p->len;
		seed = nat64_test_pseudo(ctx->in, p->proto, p->len);
		nat64_test_put16(nat64_test_fold(seed), l4 + 16);
		skb = nat64_test_skb(test, ctx->in, len,
				     v6 ? 0 : NAT64_HEADROOM, len);
		if (!skb)
			return;
		skb->ip_summed = CHECKSUM_PARTIAL;
		skb->csum_start = skb_headroom(skb) + len - p->len;
		skb->csum_offset = 16;
		skb = nat64_test_xlat(test, skb, p, NULL, v6);
		if (!skb)
			return;

		/* as the hardware does */
		KUNIT_EXPECT_TRUE(test, skb->ip_summed == CHECKSUM_PARTIAL);
		KUNIT_EXPECT_EQ(test, skb_checksum_start_offset(skb),
				v6 ? 20 : 40);
		KUNIT_EXPECT_EQ(test, skb_checksum_help(skb), 0);
		len = nat64_test_build(p, !v6, ctx->want);
		if (!nat64_test_same(test, skb, ctx->want, len, "partial"))
			return;
	}
}

static int xlat_init(struct kunit *test)
{
	struct xlat_ctx *ctx = kunit_kzalloc(test, sizeof(*ctx), GFP_KERNEL);

	if (!ctx)
		return -ENOMEM;
	prandom_seed_state(&ctx->rnd, 7915);
	test->priv = ctx;
	return 0;
}

static struct kunit_case xlat_cases[] = {
	KUNIT_CASE_PARAM(xlat_round_trip, xlat_proto_gen_params),
	KUNIT_CASE_PARAM(xlat_nonlinear, xlat_proto_gen_params),
	KUNIT_CASE(xlat_options),
	KUNIT_CASE(xlat_ext_hdrs),
	KUNIT_CASE(xlat_copied_fields),
	KUNIT_CASE(xlat_flow_label),
	KUNIT_CASE(xlat_protocols),
	KUNIT_CASE_PARAM(xlat_fragments, xlat_frag_proto_gen_params),
	KUNIT_CASE(xlat_fragment_offsets),
	KUNIT_CASE_PARAM(xlat_atomic_fragment, xlat_proto_gen_params),
	KUNIT_CASE(xlat_no_fragment_header),
	KUNIT_CASE(xlat_df_threshold),
	KUNIT_CASE(xlat_df_gso),
	KUNIT_CASE(xlat_partial),
	{}
};

static struct kunit_suite xlat_suite = {
	.name = "nat64_xlat",
	.init = xlat_init,
	.test_cases = xlat_cases,
};

kunit_test_suite(xlat_suite);
