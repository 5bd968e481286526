// SPDX-License-Identifier: GPL-2.0-only
/*
 * nat64 - KUnit: expiry of sessions, and probes of established TCP sessions
 * (RFC 6146 section 3.5.2.2).
 */
#include <linux/ipv6.h>
#include <linux/skbuff.h>
#include <linux/tcp.h>

#include "../clock.h"
#include "../config.h"
#include "../probe.h"
#include "../session.h"
#include "../table.h"
#include "../wheel.h"
#include "helpers.h"

/**
 * struct expire_ctx - context of a test
 * @table: table with one shard
 * @shard: the shard
 * @config: timeouts and pool6
 * @binding: binding of the session
 * @s: session
 */
struct expire_ctx {
	struct nat64_table table;
	struct nat64_shard shard;
	struct nat64_config config;
	struct nat64_binding binding;
	struct nat64_session s;
};

/* Number of ticks until the slot of the session. */
static u32 expire_ahead(struct expire_ctx *ctx)
{
	u32 ahead;

	for (ahead = 0; ahead < NAT64_WHEEL_SLOTS; ahead++)
		if (ctx->shard.slot[(ctx->shard.clock + ahead) %
				    NAT64_WHEEL_SLOTS].first == &ctx->s.due)
			break;
	return ahead;
}

/* Arm the session, and return the number of ticks until its slot. */
static u32 expire_slot(struct expire_ctx *ctx)
{
	spin_lock_bh(&ctx->shard.lock);
	nat64_session_arm(&ctx->table, &ctx->config, &ctx->shard, &ctx->s);
	spin_unlock_bh(&ctx->shard.lock);
	return expire_ahead(ctx);
}

/* Sessions expire one tick late and never early. Timeouts longer than a turn of
 * the wheel are rescheduled in between.
 */
static void expire_due(struct kunit *test)
{
	static const u32 timeouts[] = {
		1, 2, 60, 126, 127, 128, 240, 254, 255, 256, 300, 7200, 31536000,
	};
	struct expire_ctx *ctx = test->priv;
	u32 i;

	for (i = 0; i < ARRAY_SIZE(timeouts); i++) {
		ctx->config.timeout[NAT64_TIMEOUT_TCP_EST] = timeouts[i];
		KUNIT_EXPECT_EQ_MSG(test, expire_slot(ctx),
				    min_t(u32, timeouts[i] * NAT64_TICKS + 1,
					  NAT64_WHEEL_SLOTS - 1),
				    "timeout %u", timeouts[i]);
	}
}

/* A session that is overdue, as after a shorter timeout: in the next tick. */
static void expire_overdue(struct kunit *test)
{
	static const u32 late[] = { 0, 1, 100, 255, 256, 100000 };
	struct expire_ctx *ctx = test->priv;
	u32 i;

	ctx->config.timeout[NAT64_TIMEOUT_TCP_EST] = 10;
	for (i = 0; i < ARRAY_SIZE(late); i++) {
		ctx->s.used = ctx->shard.clock - 10 * NAT64_TICKS - late[i];
		KUNIT_EXPECT_EQ_MSG(test, expire_slot(ctx), 1, "%u late",
				    late[i]);
	}
}

/* Lifetimes across a wrap of the clock. */
static void expire_wrap(struct kunit *test)
{
	struct expire_ctx *ctx = test->priv;
	u32 i;

	ctx->config.timeout[NAT64_TIMEOUT_TCP_EST] = 100;
	for (i = 0; i < 200; i++) {
		ctx->shard.clock = i - 100;
		ctx->s.used = ctx->shard.clock - 20;
		KUNIT_EXPECT_EQ(test, expire_slot(ctx), 100 * NAT64_TICKS - 19);
	}
}

/* A DNS session with an unanswered query, last used @idle ticks ago. */
static void expire_ask(struct expire_ctx *ctx, u32 idle)
{
	ctx->config.timeout[NAT64_TIMEOUT_UDP] = 120;
	ctx->config.timeout[NAT64_TIMEOUT_DNS] = 10;
	ctx->binding.key6.proto = IPPROTO_UDP;
	ctx->s.state = NAT64_STATE_UDP;
	ctx->s.rport = htons(NAT64_DNS_PORT);
	ctx->s.dns = NAT64_DNS_NONE;
	nat64_session_asks(&ctx->s);
	ctx->shard.clock = nat64_tick();
	ctx->s.used = ctx->shard.clock - idle;
	expire_slot(ctx);
}

/* Expect a remaining lifetime, give or take a tick that may have passed. */
static void expire_lives(struct kunit *test, u32 ticks)
{
	struct expire_ctx *ctx = test->priv;
	u32 ahead = expire_ahead(ctx);

	KUNIT_EXPECT_GE(test, ahead, ticks + 1);
	KUNIT_EXPECT_LE(test, ahead, ticks + 2);
	KUNIT_EXPECT_LE(test, nat64_session_left(&ctx->config, &ctx->s),
			ticks / NAT64_TICKS + 1);
}

/* RFC 4787 REQ-5: a DNS session expires dns-timeout after the reply, and is in
 * the slot of that tick.
 */
static void expire_answered(struct kunit *test)
{
	struct expire_ctx *ctx = test->priv;

	expire_ask(ctx, 0);
	KUNIT_EXPECT_EQ(test, expire_ahead(ctx), 120 * NAT64_TICKS + 1);
	nat64_session_answered(&ctx->table, &ctx->config, &ctx->s);
	KUNIT_EXPECT_EQ(test, ctx->s.dns, NAT64_DNS_ANSWERED);
	expire_lives(test, 10 * NAT64_TICKS);

	/* dns-timeout starts at a late reply, but extends no lifetime */
	expire_ask(ctx, 50 * NAT64_TICKS);
	nat64_session_answered(&ctx->table, &ctx->config, &ctx->s);
	expire_lives(test, 10 * NAT64_TICKS);
	expire_ask(ctx, 115 * NAT64_TICKS);
	nat64_session_answered(&ctx->table, &ctx->config, &ctx->s);
	KUNIT_EXPECT_EQ(test, expire_ahead(ctx), 5 * NAT64_TICKS + 1);

	/* another CPU with a later tick does not extend it either */
	expire_ask(ctx, -1);
	nat64_session_answered(&ctx->table, &ctx->config, &ctx->s);
	expire_lives(test, 10 * NAT64_TICKS);
}

/* A second reply changes nothing, a new query restores the full timeout. */
static void expire_asked_again(struct kunit *test)
{
	struct expire_ctx *ctx = test->priv;

	expire_ask(ctx, 0);
	nat64_session_answered(&ctx->table, &ctx->config, &ctx->s);
	ctx->s.used -= 3;
	expire_slot(ctx);
	nat64_session_answered(&ctx->table, &ctx->config, &ctx->s);
	KUNIT_EXPECT_LE(test, expire_ahead(ctx), 10 * NAT64_TICKS - 1);

	nat64_session_asks(&ctx->s);
	KUNIT_EXPECT_EQ(test, ctx->s.dns, NAT64_DNS_ASKED);
	nat64_session_touch(&ctx->s);
	expire_slot(ctx);
	expire_lives(test, 120 * NAT64_TICKS);
}

/* Unless dns-timeout is shorter, a reply is like any other packet. */
static void expire_dns_long(struct kunit *test)
{
	static const u32 timeouts[] = { 120, 121, 300, 31536000 };
	struct expire_ctx *ctx = test->priv;
	u32 i;

	for (i = 0; i < ARRAY_SIZE(timeouts); i++) {
		expire_ask(ctx, 20);
		ctx->config.timeout[NAT64_TIMEOUT_DNS] = timeouts[i];
		nat64_session_answered(&ctx->table, &ctx->config, &ctx->s);
		KUNIT_EXPECT_EQ_MSG(test, expire_ahead(ctx),
				    120 * NAT64_TICKS + 1 - 20, "timeout %u",
				    timeouts[i]);
	}
}

/* Other ports and protocols, and dead sessions, are not affected. */
static void expire_no_dns(struct kunit *test)
{
	struct expire_ctx *ctx = test->priv;

	KUNIT_EXPECT_EQ(test, nat64_dns_asked(IPPROTO_UDP, htons(53)),
			NAT64_DNS_ASKED);
	KUNIT_EXPECT_EQ(test, nat64_dns_asked(IPPROTO_TCP, htons(53)),
			NAT64_DNS_NONE);
	KUNIT_EXPECT_EQ(test, nat64_dns_asked(IPPROTO_UDP, htons(54)),
			NAT64_DNS_NONE);
	KUNIT_EXPECT_EQ(test, nat64_dns_asked(IPPROTO_ICMP, 0), NAT64_DNS_NONE);

	expire_ask(ctx, 0);
	ctx->s.dns = NAT64_DNS_NONE;
	ctx->s.rport = htons(80);
	nat64_session_asks(&ctx->s);
	KUNIT_EXPECT_EQ(test, ctx->s.dns, NAT64_DNS_NONE);
	nat64_session_answered(&ctx->table, &ctx->config, &ctx->s);
	KUNIT_EXPECT_EQ(test, ctx->s.dns, NAT64_DNS_NONE);
	KUNIT_EXPECT_EQ(test, expire_ahead(ctx), 120 * NAT64_TICKS + 1);

	expire_ask(ctx, 0);
	ctx->s.state = NAT64_STATE_DEAD;
	nat64_session_answered(&ctx->table, &ctx->config, &ctx->s);
	KUNIT_EXPECT_EQ(test, ctx->s.dns, NAT64_DNS_ASKED);
	KUNIT_EXPECT_EQ(test, nat64_session_left(&ctx->config, &ctx->s), 0);
}

static void expire_probe(struct kunit *test)
{
	struct expire_ctx *ctx = test->priv;
	struct in6_addr peer = nat64_test_addr6("2001:db8:64::c633:6405");
	const struct ipv6hdr *ip6h;
	const struct tcphdr *th;
	struct sk_buff *skb;
	u32 sum;

	skb = nat64_probe_create(&ctx->config, &ctx->s);
	KUNIT_ASSERT_NOT_NULL(test, skb);
	KUNIT_ASSERT_EQ(test, skb->len, 60);
	KUNIT_ASSERT_FALSE(test, skb_is_nonlinear(skb));

	ip6h = (const struct ipv6hdr *)skb->data;
	KUNIT_EXPECT_EQ(test, ntohl(*(const __be32 *)ip6h), 0x60000000);
	KUNIT_EXPECT_EQ(test, ntohs(ip6h->payload_len), 20);
	KUNIT_EXPECT_EQ(test, ip6h->nexthdr, IPPROTO_TCP);
	KUNIT_EXPECT_EQ(test, ip6h->hop_limit, 64);
	KUNIT_EXPECT_EQ(test, memcmp(&ip6h->saddr, &peer, sizeof(peer)), 0);
	KUNIT_EXPECT_EQ(test, memcmp(&ip6h->daddr, &ctx->binding.key6.addr,
				     sizeof(ip6h->daddr)), 0);

	th = (const struct tcphdr *)(ip6h + 1);
	KUNIT_EXPECT_EQ(test, ntohs(th->source), 80);
	KUNIT_EXPECT_EQ(test, ntohs(th->dest), 5000);
	KUNIT_EXPECT_EQ(test, ntohl(th->seq), 0);
	KUNIT_EXPECT_EQ(test, ntohl(th->ack_seq), 0);
	/* data offset 5, flags ACK alone */
	KUNIT_EXPECT_EQ(test, ntohs(((const __be16 *)th)[6]), 0x5010);
	KUNIT_EXPECT_EQ(test, ntohs(th->urg_ptr), 0);

	sum = nat64_test_pseudo(skb->data, IPPROTO_TCP, 20) +
	      nat64_test_sum((const u8 *)th, 20);
	KUNIT_EXPECT_EQ(test, nat64_test_fold(sum), 0xffff);
	kfree_skb(skb);
}

static int expire_setup(struct kunit *test)
{
	struct expire_ctx *ctx = kunit_kzalloc(test, sizeof(*ctx), GFP_KERNEL);

	if (!ctx)
		return -ENOMEM;
	spin_lock_init(&ctx->shard.lock);
	ctx->table.shards = &ctx->shard;
	ctx->shard.clock = nat64_tick();
	ctx->config.pool6 = nat64_test_addr6("2001:db8:64::");
	ctx->config.pool6_len = 96;
	ctx->binding.key6.addr = nat64_test_addr6("2001:db8:1::10");
	ctx->binding.key6.port = htons(5000);
	ctx->binding.key6.proto = IPPROTO_TCP;
	ctx->s.binding = &ctx->binding;
	ctx->s.state = NAT64_STATE_EST;
	ctx->s.remote = htonl(0xc6336405);
	ctx->s.rport = htons(80);
	ctx->s.used = ctx->shard.clock;
	test->priv = ctx;
	return 0;
}

static struct kunit_case expire_cases[] = {
	KUNIT_CASE(expire_due),
	KUNIT_CASE(expire_overdue),
	KUNIT_CASE(expire_wrap),
	KUNIT_CASE(expire_answered),
	KUNIT_CASE(expire_asked_again),
	KUNIT_CASE(expire_dns_long),
	KUNIT_CASE(expire_no_dns),
	KUNIT_CASE(expire_probe),
	{}
};

static struct kunit_suite expire_suite = {
	.name = "nat64_expire",
	.init = expire_setup,
	.test_cases = expire_cases,
};

kunit_test_suite(expire_suite);
