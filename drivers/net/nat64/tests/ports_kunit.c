// SPDX-License-Identifier: GPL-2.0-only
/*
 * nat64 - KUnit: ports of one address, and their hold-down.
 */
#include <linux/bitmap.h>

#include "../ports.h"
#include "helpers.h"

/**
 * struct ports_ctx - test context
 * @ports: ports under test
 * @model: bitmap of expected ports in use
 * @rnd: random number generator
 */
struct ports_ctx {
	struct nat64_ports *ports;
	DECLARE_BITMAP(model, NAT64_PORTS);
	struct rnd_state rnd;
};

static bool ports_fits(const struct ports_ctx *ctx, u32 port,
		       enum nat64_parity parity)
{
	return !test_bit(port, ctx->model) &&
	       (parity == NAT64_PARITY_ANY ||
		(port & 1) == (parity == NAT64_PARITY_ODD));
}

/* A search must find a port in its range if the model has one. */
static void ports_check(struct kunit *test, u32 min, u32 max,
			enum nat64_parity parity)
{
	struct ports_ctx *ctx = test->priv;
	bool any = false;
	u32 p, port;

	port = nat64_ports_find(ctx->ports, min, max, parity,
				prandom_u32_state(&ctx->rnd));
	if (port) {
		KUNIT_EXPECT_TRUE_MSG(test, port >= min && port <= max &&
				      ports_fits(ctx, port, parity),
				      "%u to %u: found %u", min, max, port);
		return;
	}
	for (p = min; p <= max && !any; p++)
		any = ports_fits(ctx, p, parity);
	KUNIT_EXPECT_FALSE_MSG(test, any, "%u to %u, parity %u: missed %u",
			       min, max, parity, p - 1);
}

/* Ranges of a few words with every parity, while ports are taken and freed. */
static void ports_ranges(struct kunit *test)
{
	struct ports_ctx *ctx = test->priv;
	u32 n, port, min, max;

	for (n = 0; n < 30000; n++) {
		/* mostly full at the end */
		port = 1 + nat64_test_below(&ctx->rnd, 400);
		if (!test_bit(port, ctx->model)) {
			KUNIT_ASSERT_TRUE(test, nat64_ports_take(ctx->ports,
								 port));
			__set_bit(port, ctx->model);
		} else if (nat64_test_below(&ctx->rnd, 30) == 0) {
			nat64_ports_free(ctx->ports, port);
			__clear_bit(port, ctx->model);
		} else {
			KUNIT_ASSERT_FALSE(test, nat64_ports_take(ctx->ports,
								  port));
		}
		min = 1 + nat64_test_below(&ctx->rnd, 400);
		max = min + nat64_test_below(&ctx->rnd, 401 - min);
		ports_check(test, min, max, n % NAT64_PARITY_COUNT);
	}
	KUNIT_EXPECT_EQ(test, ctx->ports->used,
			bitmap_weight(ctx->model, NAT64_PORTS));
}

/* Exhaustive: a single free port is found by every search that includes it. */
static void ports_last(struct kunit *test)
{
	struct ports_ctx *ctx = test->priv;
	u32 port, min, max;
	int parity;

	for (port = 1; port < NAT64_PORTS; port++)
		nat64_ports_take(ctx->ports, port);
	for (port = 1; port < NAT64_PORTS; port++) {
		nat64_ports_free(ctx->ports, port);
		min = 1 + nat64_test_below(&ctx->rnd, port);
		max = port + nat64_test_below(&ctx->rnd, NAT64_PORTS - port);
		for (parity = 0; parity < NAT64_PARITY_COUNT; parity++) {
			u16 want = parity == NAT64_PARITY_ANY ||
				   parity == (port & 1) ? port : 0;

			KUNIT_ASSERT_EQ(test, nat64_ports_find(ctx->ports, min,
							       max, parity,
							       port * 40503),
					want);
		}
		KUNIT_ASSERT_EQ(test, nat64_ports_find(ctx->ports, 1, port - 1,
						       NAT64_PARITY_ANY, port),
				0);
		KUNIT_ASSERT_EQ(test, nat64_ports_find(ctx->ports, port + 1,
						       NAT64_PORTS - 1,
						       NAT64_PARITY_ANY, port),
				0);
		nat64_ports_take(ctx->ports, port);
	}
}

/* R6888-R8-a: duration of the hold-down, to the second */
static void ports_rest_time(struct kunit *test)
{
	struct ports_ctx *ctx = test->priv;
	struct nat64_ports *ports = ctx->ports;
	/* the clock wraps */
	u32 now = U32_MAX - 1000, n, second;

	for (n = 1; n <= 3000; n++)
		nat64_ports_take(ports, n);
	/* three ports each second, so that chunks are only partially due */
	for (second = 0; second < 1000; second++) {
		for (n = 1; n <= 3; n++)
			nat64_ports_hold(ports, 3 * second + n, now + second,
					 60000);
		nat64_ports_unhold(ports, now + second, 120);
		KUNIT_ASSERT_EQ(test, ports->held.count,
				3 * min(second + 1, 121U));
		/* with one second less, the oldest would be due */
		if (second >= 120)
			KUNIT_ASSERT_TRUE(test, nat64_holddown_due(&ports->held,
								   now + second,
								   119));
	}
	KUNIT_EXPECT_EQ(test, ports->used, 0);
	for (n = 1; n <= 3000; n++)
		KUNIT_ASSERT_EQ(test, test_bit(n, ports->taken), n > 3000 - 363);

	/* a pause that exceeds the range of a chunk */
	now += 70000 + second;
	nat64_ports_take(ports, 5000);
	nat64_ports_hold(ports, 5000, now, 60000);
	nat64_ports_unhold(ports, now, 86400);
	KUNIT_EXPECT_EQ(test, ports->held.count, 364);
	nat64_ports_unhold(ports, now + 86400, 86400);
	KUNIT_EXPECT_EQ(test, ports->held.count, 1);
	nat64_ports_unhold(ports, now + 86401, 86400);
	KUNIT_EXPECT_EQ(test, ports->held.count, 0);
	KUNIT_EXPECT_NULL(test, ports->held.oldest);
}

/* Hold-down is first in, first out, up to a limit; any port can be taken. */
static void ports_rest_order(struct kunit *test)
{
	struct ports_ctx *ctx = test->priv;
	struct nat64_ports *ports = ctx->ports;
	u32 n;

	for (n = 1; n <= 1000; n++)
		nat64_ports_take(ports, n);
	for (n = 1; n <= 1000; n++) {
		nat64_ports_hold(ports, n, 7, 500);
		KUNIT_ASSERT_EQ(test, ports->held.count, min(n, 500U));
		KUNIT_ASSERT_EQ(test, ports->used, 1000 - n);
	}
	/* 501 to 1000 are left; take the first, the last, and whole chunks */
	for (n = 501; n <= 1000; n++) {
		if (n % 5 && (n < 600 || n > 900))
			continue;
		KUNIT_ASSERT_TRUE(test, nat64_ports_take(ports, n));
		KUNIT_ASSERT_FALSE(test, nat64_ports_take(ports, n));
	}
	for (n = 501; n < 1000; n++) {
		if (n % 5 == 0 || (n >= 600 && n <= 900))
			continue;
		KUNIT_ASSERT_EQ(test, nat64_ports_unhold_oldest(ports), n);
		KUNIT_ASSERT_FALSE(test, test_bit(n, ports->taken));
	}
	KUNIT_EXPECT_EQ(test, nat64_ports_unhold_oldest(ports), 0);
	KUNIT_EXPECT_EQ(test, ports->held.count, 0);

	/* limit 0: free at once */
	nat64_ports_hold(ports, 700, 7, 0);
	KUNIT_EXPECT_FALSE(test, test_bit(700, ports->taken));
	/* the limit was lowered */
	for (n = 701; n <= 720; n++)
		nat64_ports_hold(ports, n, 7, 100);
	nat64_ports_hold(ports, 721, 7, 5);
	KUNIT_EXPECT_EQ(test, ports->held.count, 5);
	KUNIT_EXPECT_EQ(test, nat64_ports_unhold_oldest(ports), 717);
}

/* A hold-down of 0 seconds frees ports within the same second. Foreign ports
 * are still tried once a second.
 */
static void ports_rest_none(struct kunit *test)
{
	struct ports_ctx *ctx = test->priv;
	struct nat64_ports *ports = ctx->ports;
	u32 n;

	for (n = 1; n <= 300; n++) {
		nat64_ports_take(ports, n);
		nat64_ports_hold(ports, n, 7, 1000);
	}
	nat64_ports_take(ports, 400);
	nat64_ports_foreign(ports, 400, 7);
	nat64_ports_unhold(ports, 7, 1);
	KUNIT_EXPECT_EQ(test, ports->held.count, 300);
	nat64_ports_unhold(ports, 7, 0);
	KUNIT_EXPECT_EQ(test, ports->held.count, 0);
	KUNIT_EXPECT_EQ(test, ports->foreign.count, 1);
	KUNIT_EXPECT_EQ(test, bitmap_weight(ports->taken, NAT64_PORTS), 1);
	nat64_ports_unhold(ports, 8, 0);
	KUNIT_EXPECT_EQ(test, ports->foreign.count, 0);
}

/* Foreign ports are tried once a second, in first in, first out order. They
 * expire like ports held down.
 */
static void ports_foreign(struct kunit *test)
{
	struct ports_ctx *ctx = test->priv;
	struct nat64_ports *ports = ctx->ports;
	u32 now = U32_MAX - 1, n;

	for (n = 1; n <= 1000; n++) {
		nat64_ports_take(ports, n);
		nat64_ports_foreign(ports, n, now);
	}
	KUNIT_EXPECT_EQ(test, ports->used, 0);
	KUNIT_EXPECT_EQ(test, ports->held.count, 0);
	KUNIT_EXPECT_EQ(test, nat64_ports_unhold_oldest(ports), 0);
	KUNIT_EXPECT_EQ(test, nat64_ports_ask(ports, now), 0);
	now++;
	for (n = 1; n <= 1000; n++) {
		KUNIT_ASSERT_EQ(test, nat64_ports_ask(ports, now), n);
		KUNIT_ASSERT_FALSE(test, test_bit(n, ports->taken));
		nat64_ports_take(ports, n);
		nat64_ports_foreign(ports, n, now);
	}
	KUNIT_EXPECT_EQ(test, nat64_ports_ask(ports, now), 0);

	/* a foreign port can be taken */
	KUNIT_EXPECT_TRUE(test, nat64_ports_take(ports, 700));
	KUNIT_EXPECT_FALSE(test, nat64_ports_take(ports, 700));
	nat64_ports_unhold(ports, now + 120, 120);
	KUNIT_EXPECT_EQ(test, ports->foreign.count, 999);
	nat64_ports_unhold(ports, now + 121, 120);
	KUNIT_EXPECT_EQ(test, ports->foreign.count, 0);
	KUNIT_EXPECT_EQ(test, bitmap_weight(ports->taken, NAT64_PORTS), 1);
}

static int ports_init(struct kunit *test)
{
	struct ports_ctx *ctx = kunit_kzalloc(test, sizeof(*ctx), GFP_KERNEL);

	if (!ctx)
		return -ENOMEM;
	ctx->ports = nat64_ports_create(GFP_KERNEL);
	if (!ctx->ports)
		return -ENOMEM;
	prandom_seed_state(&ctx->rnd, 6888);
	test->priv = ctx;
	return 0;
}

static void ports_exit(struct kunit *test)
{
	struct ports_ctx *ctx = test->priv;

	if (ctx)
		nat64_ports_destroy(ctx->ports);
}

static struct kunit_case ports_cases[] = {
	KUNIT_CASE(ports_ranges),
	KUNIT_CASE(ports_last),
	KUNIT_CASE(ports_rest_time),
	KUNIT_CASE(ports_rest_order),
	KUNIT_CASE(ports_rest_none),
	KUNIT_CASE(ports_foreign),
	{}
};

static struct kunit_suite ports_suite = {
	.name = "nat64_ports",
	.init = ports_init,
	.exit = ports_exit,
	.test_cases = ports_cases,
};

kunit_test_suite(ports_suite);
