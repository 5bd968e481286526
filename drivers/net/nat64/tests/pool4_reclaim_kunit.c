// SPDX-License-Identifier: GPL-2.0-only
/*
 * nat64 - KUnit: the ports of unused addresses are freed and created again.
 */
#include "../config.h"
#include "../nat64.h"
#include "../pool4-use.h"
#include "../table.h"
#include "bib_hosts.h"

/* Open and close sessions of @count hosts with @count ports in pool4. */
static void reclaim_fill(struct kunit *test, u32 count)
{
	struct bib_ctx *ctx = test->priv;
	u32 n;

	for (n = 0; n < count; n++)
		KUNIT_EXPECT_EQ(test, bib_open(ctx, n, 5000, 7), NAT64_OK);
	for (; n < 2 * count; n++)
		KUNIT_EXPECT_EQ(test, bib_open(ctx, n, 5000, 7),
				NAT64_DROP_POOL4_FULL);
	for (n = 0; n < count; n++)
		KUNIT_EXPECT_TRUE(test, bib_close(ctx, n, 5000, 7));
}

/* The ports of an address are freed when the last hold-down is over. They are
 * created again, even if all addresses were full before.
 */
static void reclaim_idle(struct kunit *test)
{
	struct bib_ctx *ctx = test->priv;
	struct nat64_table *table = ctx->nat64.table;
	struct xarray *ports = &table->ports[NAT64_L4_UDP];
	u32 addr = ctx->config->pool4[0].addrs.first;
	struct nat64_pool4_stat *stat;
	struct nat64_use *use;

	stat = kunit_kzalloc(test, sizeof(*stat), GFP_KERNEL);
	KUNIT_ASSERT_NOT_NULL(test, stat);
	stat->high = U32_MAX;
	use = &stat->use[NAT64_L4_UDP];
	ctx->config->pool4[0].stat = stat;
	ctx->config->hold_down = 120;
	ctx->config->hold_down_percent = 100;
	ctx->config->pool4[0].addrs.last = addr + 1;
	/* all are held down, then one gets a binding again */
	reclaim_fill(test, 20);
	KUNIT_EXPECT_TRUE(test, nat64_pool4_reclaim(table));
	KUNIT_EXPECT_NOT_NULL(test, xa_load(ports, addr));
	KUNIT_EXPECT_NOT_NULL(test, xa_load(ports, addr + 1));
	KUNIT_EXPECT_EQ(test, atomic_read(&use->held_down), 20);
	KUNIT_EXPECT_TRUE(test, nat64_pool4_is_complete(table, ctx->config,
							NAT64_L4_UDP, 0));
	KUNIT_EXPECT_EQ(test, bib_add(ctx, 1, 80, addr, 2000, true), 0);
	ctx->config->hold_down = 0;
	KUNIT_EXPECT_FALSE(test, nat64_pool4_reclaim(table));
	KUNIT_EXPECT_NOT_NULL(test, xa_load(ports, addr));
	KUNIT_EXPECT_NULL(test, xa_load(ports, addr + 1));
	KUNIT_EXPECT_EQ(test, atomic_read(&use->used), 1);
	/* an address in use keeps ports held down */
	KUNIT_EXPECT_EQ(test, atomic_read(&use->held_down), 9);
	KUNIT_EXPECT_FALSE(test, nat64_pool4_is_complete(table, ctx->config,
							 NAT64_L4_UDP, 0));
	KUNIT_EXPECT_EQ(test, bib_remove(ctx, 1, 80), 0);
	KUNIT_EXPECT_FALSE(test, nat64_pool4_reclaim(table));
	KUNIT_EXPECT_TRUE(test, xa_empty(ports));
	KUNIT_EXPECT_EQ(test, atomic_read(&use->used), 0);
	KUNIT_EXPECT_EQ(test, atomic_read(&use->held_down), 0);
	KUNIT_EXPECT_EQ(test, atomic_read(&use->peak), 20);

	/* bits of another configuration are ignored */
	ctx->config->hold_down = 120;
	reclaim_fill(test, 20);
	table->complete_of = NULL;
	KUNIT_EXPECT_FALSE(test, nat64_pool4_is_complete(table, ctx->config,
							 NAT64_L4_UDP, 0));
}

static struct kunit_case pool4_reclaim_cases[] = {
	KUNIT_CASE(reclaim_idle),
	{}
};

static struct kunit_suite pool4_reclaim_suite = {
	.name = "nat64_pool4_reclaim",
	.suite_init = bib_suite_init,
	.suite_exit = bib_suite_exit,
	.init = bib_init,
	.exit = bib_exit,
	.test_cases = pool4_reclaim_cases,
};

kunit_test_suite(pool4_reclaim_suite);
