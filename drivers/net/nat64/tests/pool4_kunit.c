// SPDX-License-Identifier: GPL-2.0-only
/*
 * nat64 - KUnit: allocation of IPv4 transport addresses, RFC 6146 section
 * 3.5.1.1.
 */
#include "../config.h"
#include "pool4_hosts.h"

KUNIT_ARRAY_PARAM(pool4_proto, pool4_protos, pool4_proto_desc);

/* R6146-3.5.1.1-b, -c: range and parity while such ports are free */
static void pool4_range_and_parity(struct kunit *test)
{
	u8 proto = *(const u8 *)test->param_value;
	struct pool4_ctx *ctx = test->priv;
	u16 port, port4;
	u32 n, addr4;

	pool4_add(ctx, "203.0.113.1", 1, 1, 65535);
	for (n = 0; n < 4000; n++) {
		port = n < 400 ? nat64_test_below(&ctx->rnd, 1024) :
				 prandom_u32_state(&ctx->rnd);
		/* the borders of the ranges */
		if (n < 8)
			port = n / 2 == 0 ? 0 : n / 2 == 1 ? 1023 :
			       n / 2 == 2 ? 1024 : 65535;
		if (!pool4_take(test, n, proto, port, &addr4, &port4))
			return;
		if (proto == IPPROTO_ICMP)
			continue;
		KUNIT_ASSERT_EQ_MSG(test, port < 1024, port4 < 1024,
				    "port %u: got %u", port, port4);
		if (proto == IPPROTO_UDP)
			KUNIT_ASSERT_EQ_MSG(test, port % 2, port4 % 2,
					    "port %u: got %u", port, port4);
	}
}

/* R6146-3.5.1.1-b: the whole range is used before the other, and parity is
 * preserved while possible
 */
static void pool4_order(struct kunit *test)
{
	struct pool4_ctx *ctx = test->priv;
	u32 n, addr4;
	u16 port4;

	pool4_add(ctx, "203.0.113.1", 1, 1000, 1047);
	for (n = 0; n < 48; n++) {
		if (!pool4_take(test, n, IPPROTO_UDP, 501, &addr4, &port4))
			return;
		if (n < 24)
			KUNIT_ASSERT_LT_MSG(test, port4, 1024, "number %u", n);
		else
			KUNIT_ASSERT_GE_MSG(test, port4, 1024, "number %u", n);
		/* 12 odd ports below 1024, and as many above */
		if (n % 24 < 12)
			KUNIT_ASSERT_EQ_MSG(test, port4 % 2, 1, "number %u", n);
	}
	KUNIT_EXPECT_EQ(test, pool4_get(ctx, n, IPPROTO_UDP, 501, &addr4,
					&port4), NAT64_DROP_POOL4_FULL);
}

/* R6146-3.5.1.1-d, -e: each port is allocated exactly once; freed ports can be
 * allocated again
 */
static void pool4_fill(struct kunit *test)
{
	u8 proto = *(const u8 *)test->param_value;
	struct pool4_ctx *ctx = test->priv;
	u32 n, addr4, free4, total;
	u16 port4, free;

	/* ranges that share words of the bitmap, addresses with several ranges
	 */
	pool4_add(ctx, "203.0.113.1", 3, 1000, 1100);
	pool4_add(ctx, "203.0.113.1", 1, 1101, 1101);
	pool4_add(ctx, "203.0.113.6", 2, 65500, 65535);
	total = 3 * 101 + 1 + 2 * 36;

	for (n = 0; n < total; n++) {
		if (!pool4_take(test, n * 7, proto, n * 13, &addr4, &port4))
			return;
		if (!nat64_pool4_has(ctx->config, proto, htonl(addr4),
				     htons(port4))) {
			KUNIT_FAIL(test, "%x:%u is not in pool4", addr4, port4);
			return;
		}
	}
	for (n = 0; n < 50; n++)
		KUNIT_EXPECT_EQ(test, pool4_get(ctx, n, proto, n * 13, &addr4,
						&port4),
				NAT64_DROP_POOL4_FULL);

	for (n = 0; n < 50; n++) {
		free4 = nat64_test_addr4("203.0.113.1") + n % 3;
		free = 1000 + 2 * n;
		pool4_put(ctx, proto, free4, free);
		KUNIT_EXPECT_EQ(test, pool4_get(ctx, n, proto, n * 13, &addr4,
						&port4), NAT64_OK);
		KUNIT_EXPECT_EQ(test, addr4, free4);
		KUNIT_EXPECT_EQ(test, port4, free);
	}
}

/* D-6146-port0: all ports but 0 */
static void pool4_all_ports(struct kunit *test)
{
	u8 proto = *(const u8 *)test->param_value;
	struct pool4_ctx *ctx = test->priv;
	u32 n, addr4;
	u16 port4;

	pool4_add(ctx, "203.0.113.1", 1, 1, 65535);
	for (n = 0; n < 65535; n++)
		if (!pool4_take(test, n, proto, n, &addr4, &port4))
			return;
	KUNIT_EXPECT_EQ(test, pool4_get(ctx, n, proto, n, &addr4, &port4),
			NAT64_DROP_POOL4_FULL);
}

/* R6146-3.1-a: protocols have separate ports */
static void pool4_protocols(struct kunit *test)
{
	struct pool4_ctx *ctx = test->priv;
	u32 n, i, addr4;
	u16 port4;

	pool4_add(ctx, "203.0.113.1", 1, 5000, 5009);
	for (i = 0; i < ARRAY_SIZE(pool4_protos); i++) {
		memset(ctx->taken, 0, sizeof(ctx->taken));
		for (n = 0; n < 10; n++)
			if (!pool4_take(test, n, pool4_protos[i], 5000, &addr4,
					&port4))
				return;
		KUNIT_EXPECT_EQ(test, pool4_get(ctx, n, pool4_protos[i], 5000,
						&addr4, &port4),
				NAT64_DROP_POOL4_FULL);
	}
	/* a freed port is free for its own protocol only */
	pool4_put(ctx, IPPROTO_TCP, nat64_test_addr4("203.0.113.1"), 5003);
	KUNIT_EXPECT_EQ(test, pool4_get(ctx, n, IPPROTO_UDP, 5003, &addr4,
					&port4), NAT64_DROP_POOL4_FULL);
	KUNIT_EXPECT_EQ(test, pool4_get(ctx, n, IPPROTO_TCP, 5003, &addr4,
					&port4), NAT64_OK);
	KUNIT_EXPECT_EQ(test, port4, 5003);
}

/* R6146-3.5.1.1-a: a host has one address in all protocols; hosts are
 * distributed over the addresses
 */
static void pool4_paired(struct kunit *test)
{
	struct pool4_ctx *ctx = test->priv;
	u32 host, n, addr4, first = 0;
	u32 hosts[8] = {};
	u16 port4;

	pool4_add(ctx, "203.0.113.0", 8, 1, 65535);
	for (host = 0; host < 400; host++) {
		for (n = 0; n < 12; n++) {
			KUNIT_ASSERT_EQ(test,
					pool4_get(ctx, host,
						  pool4_protos[n % 3],
						  prandom_u32_state(&ctx->rnd),
						  &addr4, &port4), NAT64_OK);
			if (!n)
				first = addr4;
			KUNIT_ASSERT_EQ(test, addr4, first);
		}
		hosts[first - nat64_test_addr4("203.0.113.0")]++;
	}
	/* expect 50 each, 5 standard deviations */
	for (n = 0; n < 8; n++) {
		KUNIT_EXPECT_GT_MSG(test, hosts[n], 17, "address %u", n);
		KUNIT_EXPECT_LT_MSG(test, hosts[n], 83, "address %u", n);
	}
}

/* No address is skipped, also after a change of pool4. */
static void pool4_many_addresses(struct kunit *test)
{
	struct pool4_ctx *ctx = test->priv;
	u32 n, addr4;
	u16 port4;

	ctx->config->pooling = NAT64_POOLING_SOFT;
	pool4_add(ctx, "203.0.113.0", POOL4_ADDRS, 4096, 4097);
	for (n = 0; n < 2 * POOL4_ADDRS; n++)
		if (!pool4_take(test, 1, IPPROTO_TCP, n, &addr4, &port4))
			return;
	KUNIT_EXPECT_EQ(test, pool4_get(ctx, 2, IPPROTO_TCP, 1, &addr4, &port4),
			NAT64_DROP_POOL4_FULL);

	/* add one port to each address */
	ctx->config->pool4[0].port_max++;
	nat64_pool4_changed(&ctx->table, ctx->config);
	for (n = 0; n < POOL4_ADDRS; n++)
		if (!pool4_take(test, 3, IPPROTO_TCP, n, &addr4, &port4))
			return;
}

/* R6056-4-a, R6056-3.3-a: the next port cannot be predicted */
static void pool4_unpredictable(struct kunit *test)
{
	struct pool4_ctx *ctx = test->priv;
	u32 n, addr4, close = 0, low = 0;
	u16 port4, last = 0;

	pool4_add(ctx, "203.0.113.1", 1, 1024, 65535);
	for (n = 0; n < 1000; n++) {
		/* consecutive ports of one host */
		if (!pool4_take(test, 1, IPPROTO_TCP, 40000 + n, &addr4,
				&port4))
			return;
		close += abs((int)port4 - last) < 64;
		low += port4 < 1024 + 64512 / 2;
		last = port4;
	}
	/* expected: 2 and 500 */
	KUNIT_EXPECT_LT(test, close, 20);
	KUNIT_EXPECT_GT(test, low, 400);
	KUNIT_EXPECT_LT(test, low, 600);
}

static void pool4_empty(struct kunit *test)
{
	struct pool4_ctx *ctx = test->priv;
	u32 addr4;
	u16 port4;

	KUNIT_EXPECT_EQ(test, pool4_get(ctx, 1, IPPROTO_UDP, 1, &addr4, &port4),
			NAT64_DROP_POOL4_EMPTY);
	KUNIT_EXPECT_FALSE(test, nat64_pool4_has(ctx->config, IPPROTO_UDP,
						 htonl(0x01020304), htons(80)));
}

/* First and last address and port of each entry, and adjacent ones */
static void pool4_has(struct kunit *test)
{
	static const struct {
		const char *addr;
		u16 port;
		bool has;
	} rows[] = {
		{ "203.0.113.0", 100, false },
		{ "203.0.113.1", 99, false },
		{ "203.0.113.1", 100, true },
		{ "203.0.113.1", 200, true },
		{ "203.0.113.1", 201, false },
		{ "203.0.113.4", 100, true },
		{ "203.0.113.5", 100, false },
		{ "203.0.113.2", 65535, true },
		{ "203.0.113.2", 65534, false },
		{ "203.0.113.3", 65535, false },
		{ "255.255.255.255", 1, true },
		{ "255.255.255.254", 1, false },
		{ "0.0.0.0", 1, false },
		{ "203.0.113.1", 0, false },
	};
	struct pool4_ctx *ctx = test->priv;
	u32 addr;
	int i;

	pool4_add(ctx, "203.0.113.1", 4, 100, 200);
	pool4_add(ctx, "203.0.113.2", 1, 65535, 65535);
	pool4_add(ctx, "255.255.255.255", 1, 1, 65535);
	for (i = 0; i < ARRAY_SIZE(rows); i++) {
		addr = nat64_test_addr4(rows[i].addr);
		KUNIT_EXPECT_EQ_MSG(test,
				    nat64_pool4_has(ctx->config, IPPROTO_TCP,
						    htonl(addr),
						    htons(rows[i].port)),
				    rows[i].has, "%s:%u", rows[i].addr,
				    rows[i].port);
	}
}

static struct kunit_case pool4_cases[] = {
	KUNIT_CASE_PARAM(pool4_range_and_parity, pool4_proto_gen_params),
	KUNIT_CASE(pool4_order),
	KUNIT_CASE_PARAM(pool4_fill, pool4_proto_gen_params),
	KUNIT_CASE_PARAM(pool4_all_ports, pool4_proto_gen_params),
	KUNIT_CASE(pool4_protocols),
	KUNIT_CASE(pool4_paired),
	KUNIT_CASE(pool4_many_addresses),
	KUNIT_CASE(pool4_unpredictable),
	KUNIT_CASE(pool4_empty),
	KUNIT_CASE(pool4_has),
	{}
};

static struct kunit_suite pool4_suite = {
	.name = "nat64_pool4",
	.init = pool4_init,
	.exit = pool4_exit,
	.test_cases = pool4_cases,
};

kunit_test_suite(pool4_suite);
