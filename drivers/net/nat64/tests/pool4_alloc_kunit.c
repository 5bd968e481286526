// SPDX-License-Identifier: GPL-2.0-only
/*
 * nat64 - KUnit: choice of a pool4 address by subscriber, protocol and mark;
 * hold-down of ports (RFC 6888, RFC 7857).
 */
#include <linux/delay.h>
#include <linux/ktime.h>
#include <net/net_namespace.h>

#include "../config.h"
#include "../host.h"
#include "../table.h"
#include "pool4_hosts.h"

KUNIT_ARRAY_PARAM(pool4_proto, pool4_protos, pool4_proto_desc);

/* R7857-4-a: soft and hard pooling when a subscriber's address is full */
static void choose_overflow(struct kunit *test)
{
	struct pool4_ctx *ctx = test->priv;
	u32 n, addr4, first = 0;
	u16 port4;

	pool4_add(ctx, "203.0.113.0", 8, 2000, 2009);
	for (n = 0; n < 80; n++) {
		if (n == 10) {
			/* hard pooling: no other address */
			KUNIT_EXPECT_EQ(test, pool4_get(ctx, 1, IPPROTO_TCP, 5,
							&addr4, &port4),
					NAT64_DROP_ADDRESS_FULL);
			ctx->config->pooling = NAT64_POOLING_SOFT;
		}
		if (!pool4_take(test, 1, IPPROTO_TCP, 3000 + n, &addr4, &port4))
			return;
		if (!n)
			first = addr4;
		KUNIT_EXPECT_EQ_MSG(test, addr4 == first, n < 10, "number %u",
				    n);
	}
	KUNIT_EXPECT_EQ(test, pool4_get(ctx, 1, IPPROTO_TCP, 5, &addr4, &port4),
			NAT64_DROP_POOL4_FULL);
	/* other protocols still use the first address */
	KUNIT_EXPECT_EQ(test, pool4_get(ctx, 1, IPPROTO_UDP, 5, &addr4, &port4),
			NAT64_OK);
	KUNIT_EXPECT_EQ(test, addr4, first);
}

/* R6146-3.5.1.1-a: pairing ends when the address leaves pool4 */
static void choose_moved(struct kunit *test)
{
	struct pool4_ctx *ctx = test->priv;
	u32 addr4, first;
	u16 port4;

	pool4_add(ctx, "203.0.113.0", 4, 1, 65535);
	if (!pool4_take(test, 1, IPPROTO_UDP, 3000, &first, &port4))
		return;
	ctx->config->pool4[0].addrs.first = nat64_test_addr4("203.0.113.16");
	ctx->config->pool4[0].addrs.last = nat64_test_addr4("203.0.113.19");
	nat64_pool4_changed(&ctx->table, ctx->config);
	if (!pool4_take(test, 1, IPPROTO_UDP, 3001, &first, &port4))
		return;
	KUNIT_EXPECT_GE(test, first, nat64_test_addr4("203.0.113.16"));

	/* with more addresses, the hash changes, but the pairing stays */
	ctx->config->pool4[0].addrs.last = nat64_test_addr4("203.0.113.31");
	nat64_pool4_changed(&ctx->table, ctx->config);
	if (!pool4_take(test, 1, IPPROTO_TCP, 3002, &addr4, &port4))
		return;
	KUNIT_EXPECT_EQ(test, addr4, first);
}

/* R6888-R3-a: entries for one protocol are not used by others */
static void choose_entry_proto(struct kunit *test)
{
	struct pool4_ctx *ctx = test->priv;
	u32 addr4, i, n;
	u16 port4;

	for (i = 0; i < ARRAY_SIZE(pool4_protos); i++)
		pool4_add(ctx, "203.0.113.1", 1, 2000 + 10 * i,
			  2009 + 10 * i)->proto = pool4_protos[i];
	for (i = 0; i < ARRAY_SIZE(pool4_protos); i++) {
		for (n = 0; n < 10; n++) {
			if (!pool4_take(test, n, pool4_protos[i], 5000, &addr4,
					&port4))
				return;
			KUNIT_EXPECT_EQ(test, (port4 - 2000) / 10, i);
		}
		KUNIT_EXPECT_EQ(test, pool4_get(ctx, n, pool4_protos[i], 5000,
						&addr4, &port4),
				NAT64_DROP_POOL4_FULL);
		for (n = 0; n < 3; n++)
			KUNIT_EXPECT_EQ(test,
					nat64_pool4_has(ctx->config,
							pool4_protos[n],
							htonl(addr4 ?: 0xcb007101),
							htons(2005 + 10 * i)),
					n == i);
	}
	ctx->config->pool4_count = 1;
	KUNIT_EXPECT_EQ(test, pool4_get(ctx, 1, IPPROTO_UDP, 1, &addr4, &port4),
			NAT64_DROP_POOL4_EMPTY);
}

/* A packet uses the entries with its mark, or if there are none, those without
 * a mark; never others, even if all are full.
 */
static void choose_marks(struct kunit *test)
{
	static const struct {
		u32 mark;
		u8 proto;
		u16 min;
	} rows[] = {
		{ 0, IPPROTO_UDP, 2000 },
		{ 7, IPPROTO_UDP, 2010 },
		{ 8, IPPROTO_UDP, 2020 },
		/* mark without entries */
		{ 9, IPPROTO_UDP, 2000 },
		/* mark without entries for this protocol */
		{ 8, IPPROTO_TCP, 2000 },
		{ 7, IPPROTO_TCP, 2010 },
	};
	struct pool4_ctx *ctx = test->priv;
	struct nat64_pool4_entry *entry;
	u32 addr4, i, n;
	u16 port4;

	pool4_add(ctx, "203.0.113.1", 1, 2000, 2009);
	pool4_add(ctx, "203.0.113.1", 1, 2010, 2019)->mark = 7;
	entry = pool4_add(ctx, "203.0.113.1", 1, 2020, 2029);
	entry->mark = 8;
	entry->proto = IPPROTO_UDP;
	for (i = 0; i < ARRAY_SIZE(rows); i++) {
		ctx->mark = rows[i].mark;
		for (n = 0; n < 10; n++) {
			KUNIT_ASSERT_EQ_MSG(test,
					    pool4_get(ctx, n, rows[i].proto,
						      4000, &addr4, &port4),
					    NAT64_OK, "row %u", i);
			KUNIT_EXPECT_GE_MSG(test, port4, rows[i].min, "row %u",
					    i);
			KUNIT_EXPECT_LT_MSG(test, port4, rows[i].min + 10,
					    "row %u", i);
		}
		KUNIT_EXPECT_EQ(test, pool4_get(ctx, n, rows[i].proto, 4000,
						&addr4, &port4),
				NAT64_DROP_POOL4_FULL);
		for (n = 0; n < 10; n++)
			pool4_put(ctx, rows[i].proto,
				  nat64_test_addr4("203.0.113.1"),
				  rows[i].min + n);
	}
}

/* R6888-R8-a: freed ports are held down, except for TCP. The oldest is freed at
 * the limit, or if no other port is free.
 */
static void choose_hold_down(struct kunit *test)
{
	u8 proto = *(const u8 *)test->param_value;
	struct pool4_ctx *ctx = test->priv;
	struct nat64_pool4_use use;
	u16 port4, first, freed[12];
	u32 n, addr4;

	ctx->config->hold_down = 120;
	ctx->config->hold_down_percent = 12;
	/* limit of 12 out of 100 ports, in two entries of one address */
	pool4_add(ctx, "203.0.113.1", 1, 3000, 3049);
	pool4_add(ctx, "203.0.113.1", 1, 3050, 3099);
	for (n = 0; n < 12; n++) {
		KUNIT_ASSERT_EQ(test, pool4_get(ctx, 1, proto, 5000, &addr4,
						&freed[n]), NAT64_OK);
		pool4_put(ctx, proto, addr4, freed[n]);
		if (proto == IPPROTO_TCP)
			KUNIT_EXPECT_EQ(test, freed[n], freed[0]);
		else if (n)
			KUNIT_EXPECT_NE(test, freed[n], freed[0]);
	}
	KUNIT_EXPECT_EQ(test, nat64_pool4_next(&ctx->table, ctx->config, proto,
					       0, &use),
			proto != IPPROTO_TCP);
	if (proto == IPPROTO_TCP)
		return;
	KUNIT_EXPECT_EQ(test, ntohl(use.addr), 0xcb007101);
	KUNIT_EXPECT_EQ(test, use.used, 0);
	KUNIT_EXPECT_EQ(test, use.held_down, 12);
	KUNIT_EXPECT_FALSE(test, nat64_pool4_next(&ctx->table, ctx->config,
						  proto, 0xcb007102, &use));

	/* take 88 others; freeing one of them also frees the oldest */
	for (n = 0; n < 88; n++)
		if (!pool4_take(test, n, proto, 5000, &addr4, &port4))
			return;
	for (n = 0; n < 12; n++)
		KUNIT_EXPECT_FALSE(test, test_bit(freed[n], ctx->taken[1]));
	pool4_put(ctx, proto, addr4, port4);
	__clear_bit(port4, ctx->taken[1]);
	if (!pool4_take(test, 99, proto, 5001, &addr4, &first))
		return;
	KUNIT_EXPECT_EQ(test, first, freed[0]);

	/* no other is free: ports held down are taken, the oldest first */
	for (n = 1; n < 12; n++) {
		if (!pool4_take(test, n, proto, 5000, &addr4, &first))
			return;
		KUNIT_EXPECT_EQ(test, first, freed[n]);
	}
	if (!pool4_take(test, n, proto, 5000, &addr4, &first))
		return;
	KUNIT_EXPECT_EQ(test, first, port4);
	KUNIT_EXPECT_EQ(test, pool4_get(ctx, 1, proto, 1, &addr4, &port4),
			NAT64_DROP_POOL4_FULL);

	/* no hold-down with 0 seconds or 0 percent */
	ctx->config->hold_down = 0;
	pool4_put(ctx, proto, nat64_test_addr4("203.0.113.1"), first);
	ctx->config->hold_down = 120;
	ctx->config->hold_down_percent = 0;
	pool4_put(ctx, proto, nat64_test_addr4("203.0.113.1"), freed[3]);
	KUNIT_EXPECT_TRUE(test, nat64_pool4_next(&ctx->table, ctx->config,
						 proto, 0, &use));
	KUNIT_EXPECT_EQ(test, use.used, 98);
	KUNIT_EXPECT_EQ(test, use.held_down, 0);
}

/* A static binding can have any port without binding. */
static void choose_claim(struct kunit *test)
{
	struct nat64_key4 key = {
		.addr = htonl(0xcb007101),
		.port = htons(3003),
		.proto = IPPROTO_UDP,
	};
	struct pool4_ctx *ctx = test->priv;
	u32 n, addr4;
	u16 port4;

	ctx->config->hold_down = 120;
	ctx->config->hold_down_percent = 100;
	pool4_add(ctx, "203.0.113.1", 1, 3000, 3009);
	KUNIT_EXPECT_EQ(test,
			nat64_pool4_alloc_exact(&ctx->table, ctx->config, &key,
						GFP_ATOMIC),
			0);
	KUNIT_EXPECT_EQ(test,
			nat64_pool4_alloc_exact(&ctx->table, ctx->config, &key,
						GFP_ATOMIC),
			-EADDRINUSE);
	nat64_pool4_free(&ctx->table, ctx->config, &key);
	/* ports held down are allowed */
	KUNIT_EXPECT_EQ(test,
			nat64_pool4_alloc_exact(&ctx->table, ctx->config, &key,
						GFP_ATOMIC),
			0);
	__set_bit(3003, ctx->taken[1]);
	for (n = 0; n < 9; n++)
		if (!pool4_take(test, n, IPPROTO_UDP, 5000, &addr4, &port4))
			return;
	KUNIT_EXPECT_EQ(test, pool4_get(ctx, n, IPPROTO_UDP, 1, &addr4, &port4),
			NAT64_DROP_POOL4_FULL);
	/* outside of pool4 */
	key.port = htons(80);
	KUNIT_EXPECT_EQ(test,
			nat64_pool4_alloc_exact(&ctx->table, ctx->config, &key,
						GFP_ATOMIC),
			0);
	nat64_pool4_release(&ctx->table, ctx->config, &key);
	KUNIT_EXPECT_EQ(test, pool4_get(ctx, n, IPPROTO_UDP, 1, &addr4, &port4),
			NAT64_DROP_POOL4_FULL);
}

/* Nanoseconds for an allocation, after freeing one of @ports if not NULL. */
static u64 choose_time(struct pool4_ctx *ctx, const u16 *ports, u32 count)
{
	u64 start, best = U64_MAX;
	u32 batch, n, addr4;
	u16 port4;

	for (batch = 0; batch < 50; batch++) {
		start = ktime_get_ns();
		for (n = 0; n < 200; n++) {
			if (ports)
				pool4_put(ctx, IPPROTO_UDP, 0xcb007101,
					  ports[(batch * 200 + n) % count]);
			if (pool4_get(ctx, 1, IPPROTO_UDP, batch * 200 + n,
				      &addr4, &port4) && ports)
				return U64_MAX;
		}
		best = min(best, ktime_get_ns() - start);
	}
	return best / 200;
}

/* An allocation takes as long with 99 % of the ports in use as with 1 %, and
 * with none free.
 */
static void choose_cost(struct kunit *test)
{
	struct pool4_ctx *ctx = test->priv;
	u16 *ports = kunit_kcalloc(test, 65536, sizeof(*ports), GFP_KERNEL);
	u64 few, many, none;
	u32 n = 0, addr4;

	KUNIT_ASSERT_NOT_NULL(test, ports);
	/* @ports are freed in the order of their allocation */
	pool4_add(ctx, "203.0.113.1", 1, 1, 65535);
	for (; n < 655 + 10000; n++)
		pool4_get(ctx, 1, IPPROTO_UDP, n, &addr4, &ports[n]);
	few = choose_time(ctx, ports, 10000);
	for (; n < 64880; n++)
		pool4_get(ctx, 1, IPPROTO_UDP, n, &addr4, &ports[n]);
	many = choose_time(ctx, ports + 20000, 10000);
	while (!pool4_get(ctx, 1, IPPROTO_UDP, n, &addr4, ports))
		n++;
	none = choose_time(ctx, NULL, 0);
	kunit_info(test, "ns: %llu of many free ports, %llu of few, %llu of none",
		   few, many, none);
	KUNIT_EXPECT_NE(test, few, U64_MAX);
	KUNIT_EXPECT_LT(test, many, 3 * few);
	KUNIT_EXPECT_LT(test, none, 3 * few);
}

/* Another device claimed all ports of an address of the host: failing is cheap,
 * and a released port is found. Uses the address of a real interface, so that
 * it is an address of the host.
 */
static void choose_shared(struct kunit *test)
{
	struct nat64_dev nat64 = { .dev = init_net.loopback_dev };
	__be32 addr = htonl(nat64_test_addr4("127.0.0.1"));
	struct pool4_ctx *ctx = test->priv;
	struct nat64_claims *claims;
	u32 n, addr4, last = 0;
	u64 some, none;
	u16 port4;

	if (!nat64_host_is_local(&nat64, addr))
		kunit_skip(test, "lo is down");
	claims = kunit_kzalloc(test, sizeof(*claims), GFP_KERNEL);
	KUNIT_ASSERT_NOT_NULL(test, claims);
	nat64_claims_init(claims, false);
	ctx->config->hold_down = 120;
	ctx->table.nat64 = &nat64;
	ctx->table.claims = claims;
	ctx->table.borrows = true;
	pool4_add(ctx, "127.0.0.1", 1, 30000, 49999);
	some = choose_time(ctx, NULL, 0);
	for (n = 30000; n < 50000; n++) {
		local_bh_disable();
		if (nat64_claim(claims, IPPROTO_UDP, addr, htons(n)))
			last = n;
		local_bh_enable();
	}
	while (!pool4_get(ctx, 1, IPPROTO_UDP, 1, &addr4, &port4))
		;
	none = choose_time(ctx, NULL, 0);
	kunit_info(test, "ns: %llu of those that nobody has, %llu of none",
		   some, none);
	KUNIT_EXPECT_LT(test, none, 3 * some);

	nat64_unclaim(claims, IPPROTO_UDP, addr, htons(last));
	for (n = 0; n < 250; n++) {
		if (!pool4_get(ctx, 1, IPPROTO_UDP, 1, &addr4, &port4))
			break;
		msleep(20);
	}
	KUNIT_EXPECT_EQ(test, port4, last);
	KUNIT_EXPECT_EQ(test, addr4, ntohl(addr));

	nat64_pool4_unclaim(&ctx->table);
	nat64_claims_destroy(claims);
}

static struct kunit_case pool4_alloc_cases[] = {
	KUNIT_CASE(choose_overflow),
	KUNIT_CASE(choose_moved),
	KUNIT_CASE(choose_entry_proto),
	KUNIT_CASE(choose_marks),
	KUNIT_CASE_PARAM(choose_hold_down, pool4_proto_gen_params),
	KUNIT_CASE(choose_claim),
	KUNIT_CASE(choose_cost),
	KUNIT_CASE(choose_shared),
	{}
};

static struct kunit_suite pool4_alloc_suite = {
	.name = "nat64_pool4_alloc",
	.init = pool4_init,
	.exit = pool4_exit,
	.test_cases = pool4_alloc_cases,
};

kunit_test_suite(pool4_alloc_suite);
