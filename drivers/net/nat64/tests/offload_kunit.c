// SPDX-License-Identifier: GPL-2.0-only
/*
 * nat64 - KUnit: checksum and segmentation offload with all states of an
 * sk_buff, including those that user space cannot create.
 */
#include <linux/bitops.h>
#include <linux/netdevice.h>
#include <linux/tcp.h>
#include <linux/udp.h>
#include <net/checksum.h>
#include <net/gso.h>

#include "../offload.h"
#include "helpers.h"

struct offload_ctx {
	struct nat64_test_packet p;
	struct rnd_state rnd;
	u8 l4[NAT64_TEST_BUF];
	u8 in[NAT64_TEST_BUF];
	u8 out[NAT64_TEST_BUF];
	u32 len;
	u32 l4_off;
};

/* Create a random packet with @len bytes behind its IP header, and parse it. */
static struct sk_buff *offload_skb(struct kunit *test, u8 proto, u32 len,
				   bool v6, u32 linear, struct nat64_pkt *pkt)
{
	struct offload_ctx *ctx = test->priv;
	struct sk_buff *skb;

	nat64_test_random(&ctx->p, &ctx->rnd, proto, len, ctx->l4);
	ctx->len = nat64_test_build(&ctx->p, v6, ctx->in);
	ctx->l4_off = ctx->len - len;
	skb = nat64_test_skb(test, ctx->in, ctx->len, 64, linear);
	if (!skb)
		return NULL;
	memset(pkt, 0, sizeof(*pkt));
	if ((v6 ? nat64_parse6(skb, pkt) : nat64_parse4(skb, pkt))) {
		KUNIT_FAIL(test, "the packet is not understood");
		kfree_skb(skb);
		return NULL;
	}
	return skb;
}

static bool offload_segments(struct sk_buff *skb, struct nat64_pkt *pkt, bool v6)
{
	return nat64_offload_must_segment(skb, &pkt->h, v6);
}

/* Expect the packet to equal ctx->in. */
static void offload_unchanged(struct kunit *test, struct sk_buff *skb,
			      const char *what)
{
	struct offload_ctx *ctx = test->priv;

	KUNIT_ASSERT_EQ(test, skb->len, ctx->len);
	KUNIT_ASSERT_EQ(test, skb_copy_bits(skb, 0, ctx->out, ctx->len), 0);
	KUNIT_EXPECT_EQ_MSG(test, memcmp(ctx->in, ctx->out, ctx->len), 0,
			    "%s", what);
}

/* CHECKSUM_COMPLETE is reset, other states are kept. */
static void offload_summed(struct kunit *test)
{
	static const u8 states[][2] = {
		{ CHECKSUM_NONE, CHECKSUM_NONE },
		{ CHECKSUM_UNNECESSARY, CHECKSUM_UNNECESSARY },
		{ CHECKSUM_COMPLETE, CHECKSUM_NONE },
	};
	static const u8 protos[] = { IPPROTO_TCP, IPPROTO_UDP, IPPROTO_ICMP,
				     IPPROTO_SCTP };
	struct nat64_pkt pkt;
	struct sk_buff *skb;
	u32 s, p, v6;

	for (s = 0; s < ARRAY_SIZE(states); s++)
		for (p = 0; p < ARRAY_SIZE(protos); p++)
			for (v6 = 0; v6 < 2; v6++) {
				skb = offload_skb(test, protos[p], 200, v6,
						  100, &pkt);
				if (!skb)
					return;
				skb->ip_summed = states[s][0];
				skb->csum = skb_checksum(skb, 0, skb->len, 0);
				KUNIT_EXPECT_EQ(test,
						nat64_offload_csum(skb, &pkt.h),
						0);
				KUNIT_EXPECT_EQ(test, (u8)skb->ip_summed,
						states[s][1]);
				offload_unchanged(test, skb, "summed");
				kfree_skb(skb);
			}
}

/* Create a CHECKSUM_PARTIAL packet with csum_start @inner bytes behind its
 * transport header.
 */
static struct sk_buff *offload_partial(struct kunit *test, u8 proto, bool v6,
				       u32 linear, u32 inner,
				       struct nat64_pkt *pkt)
{
	struct offload_ctx *ctx = test->priv;
	struct sk_buff *skb;
	u16 at;

	skb = offload_skb(test, proto, 300, v6, linear, pkt);
	if (!skb)
		return NULL;
	at = proto == IPPROTO_TCP ? offsetof(struct tcphdr, check) :
				    offsetof(struct udphdr, check);
	skb->ip_summed = CHECKSUM_PARTIAL;
	skb->csum_start = skb_headroom(skb) + ctx->l4_off + inner;
	skb->csum_offset = at;
	return skb;
}

/* CHECKSUM_PARTIAL of the transport header stays offloaded. */
static void offload_partial_stays(struct kunit *test)
{
	struct nat64_pkt pkt;
	struct sk_buff *skb;
	u32 n;

	for (n = 0; n < 8; n++) {
		skb = offload_partial(test, n & 1 ? IPPROTO_UDP : IPPROTO_TCP,
				      n & 2, n & 4 ? 60 : 500, 0, &pkt);
		if (!skb)
			return;
		KUNIT_EXPECT_EQ(test, nat64_offload_csum(skb, &pkt.h), 0);
		KUNIT_EXPECT_EQ(test, (u8)skb->ip_summed, CHECKSUM_PARTIAL);
		offload_unchanged(test, skb, "partial");
		kfree_skb(skb);
	}
}

/* CHECKSUM_PARTIAL of an inner packet or of a protocol without checksum is
 * computed before the addresses change, at its place.
 */
static void offload_partial_inner(struct kunit *test)
{
	static const u8 protos[] = { IPPROTO_UDP, IPPROTO_TCP, IPPROTO_GRE };
	struct offload_ctx *ctx = test->priv;
	struct nat64_pkt pkt;
	struct sk_buff *skb;
	u32 n, start, at;
	u16 sum;

	for (n = 0; n < 12; n++) {
		skb = offload_partial(test, protos[n % 3], n & 1,
				      n & 2 ? 250 : 500, 50, &pkt);
		if (!skb)
			return;
		start = ctx->l4_off + 50;
		at = start + skb->csum_offset;
		KUNIT_EXPECT_EQ(test, nat64_offload_csum(skb, &pkt.h), 0);
		KUNIT_EXPECT_EQ(test, (u8)skb->ip_summed, CHECKSUM_NONE);
		/* by the definition of CHECKSUM_PARTIAL */
		sum = ~nat64_test_fold(nat64_test_sum(ctx->in + start,
						      ctx->len - start));
		nat64_test_put16(sum ?: 0xffff, ctx->in + at);
		offload_unchanged(test, skb, "inner");
		kfree_skb(skb);
	}
}

struct offload_type {
	const char *name;
	u32 type;
	bool segment;
};

static const struct offload_type offload_types[] = {
	{ "TCPV4", SKB_GSO_TCPV4, false },
	{ "TCPV6", SKB_GSO_TCPV6, false },
	{ "TCP, ECN", SKB_GSO_TCPV4 | SKB_GSO_TCP_ECN, false },
	{ "TCP, DODGY", SKB_GSO_TCPV6 | SKB_GSO_DODGY, false },
	{ "TCP, FIXEDID", SKB_GSO_TCPV4 | SKB_GSO_TCP_FIXEDID, false },
	{ "UDP_L4", SKB_GSO_UDP_L4, false },
	{ "SCTP", SKB_GSO_SCTP, false },
	{ "LRO: no type", 0, true },
	{ "UDP fragments", SKB_GSO_UDP, true },
	{ "a list", SKB_GSO_UDP_L4 | SKB_GSO_FRAGLIST, true },
	{ "a list of TCP", SKB_GSO_TCPV6 | SKB_GSO_FRAGLIST, true },
	{ "UDP tunnel", SKB_GSO_TCPV4 | SKB_GSO_UDP_TUNNEL, true },
	{ "UDP tunnel, sum", SKB_GSO_TCPV6 | SKB_GSO_UDP_TUNNEL_CSUM, true },
	{ "GRE", SKB_GSO_TCPV4 | SKB_GSO_GRE, true },
	{ "GRE, sum", SKB_GSO_TCPV4 | SKB_GSO_GRE_CSUM, true },
	{ "IP in IPv4", SKB_GSO_TCPV4 | SKB_GSO_IPXIP4, true },
	{ "IP in IPv6", SKB_GSO_TCPV4 | SKB_GSO_IPXIP6, true },
	{ "partial", SKB_GSO_TCPV4 | SKB_GSO_PARTIAL, true },
	{ "remote sum", SKB_GSO_TCPV4 | SKB_GSO_TUNNEL_REMCSUM, true },
	{ "ESP", SKB_GSO_TCPV4 | SKB_GSO_ESP, true },
};

KUNIT_ARRAY_PARAM(offload_type, offload_types, NULL);

/* GSO types to segment before translation, with DF so that the size is
 * irrelevant.
 */
static void offload_must_segment(struct kunit *test)
{
	const struct offload_type *t = test->param_value;
	struct nat64_pkt pkt;
	struct sk_buff *skb;
	u32 v6;

	for (v6 = 0; v6 < 2; v6++) {
		skb = offload_skb(test, IPPROTO_TCP, 3000, v6, 100, &pkt);
		if (!skb)
			return;
		pkt.h.df = true;
		skb_shinfo(skb)->gso_size = 1000;
		skb_shinfo(skb)->gso_type = t->type;
		KUNIT_EXPECT_EQ_MSG(test, offload_segments(skb, &pkt, v6),
				    t->segment, "%s", t->name);
		/* tunnels and fragments, any type */
		skb->encapsulation = 1;
		KUNIT_EXPECT_TRUE(test, offload_segments(skb, &pkt, v6));
		skb->encapsulation = 0;
		pkt.h.frag = true;
		KUNIT_EXPECT_TRUE(test, offload_segments(skb, &pkt, v6));
		kfree_skb(skb);
	}
}

/* Packets merged by LRO cannot be segmented. */
static void offload_lro(struct kunit *test)
{
	struct sk_buff *skb, *segs;
	struct nat64_pkt pkt;
	u32 v6;

	for (v6 = 0; v6 < 2; v6++) {
		skb = offload_skb(test, IPPROTO_TCP, 3000, v6, 100, &pkt);
		if (!skb)
			return;
		skb_reset_mac_header(skb);
		skb_shinfo(skb)->gso_size = 1000;
		skb->ip_summed = CHECKSUM_PARTIAL;
		skb->csum_start = skb_headroom(skb) + pkt.h.l4_off;
		skb->csum_offset = offsetof(struct tcphdr, check);
		KUNIT_EXPECT_TRUE(test, offload_segments(skb, &pkt, v6));
		segs = skb_gso_segment(skb, 0);
		KUNIT_EXPECT_TRUE(test, IS_ERR_OR_NULL(segs));
		if (!IS_ERR_OR_NULL(segs))
			kfree_skb_list(segs);
		kfree_skb(skb);
	}
}

/* IPv4 without DF: segment before translation if segments would be fragmented.
 * The transport header is neither set nor linear.
 */
static void offload_no_df(struct kunit *test)
{
	struct nat64_pkt pkt;
	struct sk_buff *skb;
	u32 mss, linear;

	for (linear = 40; linear <= 100; linear += 20)
		for (mss = 1218; mss <= 1222; mss++) {
			skb = offload_skb(test, IPPROTO_TCP, 3000, false,
					  linear, &pkt);
			if (!skb)
				return;
			pkt.h.df = false;
			skb_reset_transport_header(skb);
			skb_shinfo(skb)->gso_size = mss;
			skb_shinfo(skb)->gso_type = SKB_GSO_TCPV4;
			/* 40 bytes of IPv6 and 20 of TCP */
			KUNIT_EXPECT_EQ_MSG(test,
					    offload_segments(skb, &pkt, false),
					    mss + 60 > IPV6_MIN_MTU,
					    "mss %u, linear %u", mss, linear);
			kfree_skb(skb);
		}
}

/* BIG TCP: IPv6 packets that are too big for IPv4. */
static void offload_big(struct kunit *test)
{
	struct nat64_pkt pkt;
	struct sk_buff *skb;
	u32 n;

	for (n = 65510; n < 65520; n++) {
		skb = offload_skb(test, IPPROTO_TCP, 3000, true, 100, &pkt);
		if (!skb)
			return;
		skb_shinfo(skb)->gso_size = 1000;
		skb_shinfo(skb)->gso_type = SKB_GSO_TCPV6;
		pkt.h.len = pkt.h.l4_off + n;
		KUNIT_EXPECT_EQ_MSG(test, offload_segments(skb, &pkt, true),
				    n + 20 > 65535, "%u", n);
		kfree_skb(skb);
	}
}

/* The GSO type changes its family; gso_size and gso_segs stay. */
static void offload_family(struct kunit *test)
{
	static const u32 kept[] = { 0, SKB_GSO_TCP_ECN, SKB_GSO_DODGY };
	struct skb_shared_info *shinfo;
	struct nat64_pkt pkt;
	struct sk_buff *skb;
	u32 v6, n, from, to;

	for (n = 0; n < ARRAY_SIZE(kept); n++)
		for (v6 = 0; v6 < 2; v6++) {
			skb = offload_skb(test, IPPROTO_TCP, 3000, v6, 100,
					  &pkt);
			if (!skb)
				return;
			from = v6 ? SKB_GSO_TCPV6 : SKB_GSO_TCPV4;
			to = v6 ? SKB_GSO_TCPV4 : SKB_GSO_TCPV6;
			shinfo = skb_shinfo(skb);
			shinfo->gso_type = from | kept[n] | SKB_GSO_TCP_FIXEDID;
			/* not GSO without gso_size */
			nat64_offload_gso(skb, from, to);
			KUNIT_EXPECT_EQ(test, shinfo->gso_type,
					from | kept[n] | SKB_GSO_TCP_FIXEDID);
			shinfo->gso_size = 1000;
			shinfo->gso_segs = 3;
			nat64_offload_gso(skb, from, to);
			KUNIT_EXPECT_EQ(test, shinfo->gso_type, to | kept[n]);
			KUNIT_EXPECT_EQ(test, shinfo->gso_size, 1000);
			KUNIT_EXPECT_EQ(test, shinfo->gso_segs, 3);
			shinfo->gso_type = SKB_GSO_UDP_L4;
			nat64_offload_gso(skb, from, to);
			KUNIT_EXPECT_EQ(test, shinfo->gso_type, SKB_GSO_UDP_L4);
			kfree_skb(skb);
		}
}

static int offload_init(struct kunit *test)
{
	struct offload_ctx *ctx = kunit_kzalloc(test, sizeof(*ctx), GFP_KERNEL);

	if (!ctx)
		return -ENOMEM;
	prandom_seed_state(&ctx->rnd, 6146);
	test->priv = ctx;
	return 0;
}

static struct kunit_case offload_cases[] = {
	KUNIT_CASE(offload_summed),
	KUNIT_CASE(offload_partial_stays),
	KUNIT_CASE(offload_partial_inner),
	KUNIT_CASE_PARAM(offload_must_segment, offload_type_gen_params),
	KUNIT_CASE(offload_lro),
	KUNIT_CASE(offload_no_df),
	KUNIT_CASE(offload_big),
	KUNIT_CASE(offload_family),
	{}
};

static struct kunit_suite offload_suite = {
	.name = "nat64_offload",
	.init = offload_init,
	.test_cases = offload_cases,
};

kunit_test_suite(offload_suite);
