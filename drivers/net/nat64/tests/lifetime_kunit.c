// SPDX-License-Identifier: GPL-2.0-only
/*
 * nat64 - KUnit: no use of stale state after a device gets another
 * configuration or moves to another namespace.
 */
#include <linux/completion.h>
#include <linux/delay.h>
#include <linux/workqueue.h>

#include "../borrow.h"
#include "../config.h"
#include "../pool4.h"
#include "../remote.h"
#include "../table.h"
#include "../wheel.h"
#include "bib_hosts.h"

/* Long enough to detect a caller that does not wait. */
#define LIFETIME_WORK_MS	100

static DECLARE_COMPLETION(lifetime_begun);
static bool lifetime_done;

/* Replaces nat64_expire_work(), and still runs when the device leaves. */
static void lifetime_work(struct work_struct *work)
{
	complete(&lifetime_begun);
	msleep(LIFETIME_WORK_MS);
	WRITE_ONCE(lifetime_done, true);
}

/* The expiry work uses the memcg and the ports of the namespace: it must
 * neither run nor be pending once the device has left.
 */
static void lifetime_leave(struct kunit *test)
{
	struct bib_ctx *ctx = test->priv;
	struct nat64_table *table = ctx->nat64.table;

	KUNIT_ASSERT_FALSE(test, delayed_work_pending(&table->expire));
	lifetime_done = false;
	reinit_completion(&lifetime_begun);
	INIT_DELAYED_WORK(&table->expire, lifetime_work);
	nat64_expire_start(table);
	wait_for_completion(&lifetime_begun);
	/* Start the work as the removal of a binding does. */
	nat64_expire_start(table);
	nat64_borrow_leave(&ctx->nat64);
	KUNIT_EXPECT_TRUE(test, READ_ONCE(lifetime_done));
	KUNIT_EXPECT_FALSE(test, delayed_work_pending(&table->expire));
	KUNIT_EXPECT_EQ(test, work_busy(&table->expire.work), 0);
}

static void lifetime_complete(struct bib_ctx *ctx,
			      const struct nat64_config *config)
{
	struct nat64_table *table = ctx->nat64.table;

	local_bh_disable();
	nat64_pool4_complete(table, config, NAT64_L4_UDP, 0,
			     table->erased[NAT64_L4_UDP]);
	local_bh_enable();
}

static bool lifetime_is_complete(struct bib_ctx *ctx,
				 const struct nat64_config *config)
{
	return nat64_pool4_is_complete(ctx->nat64.table, config, NAT64_L4_UDP,
				       0);
}

/* The bit that all addresses of an entry have port maps must not apply to the
 * entry with the same index in the next configuration, whatever packets do.
 */
static void lifetime_config(struct kunit *test)
{
	struct bib_ctx *ctx = test->priv;
	struct nat64_config *old = ctx->config, *new;
	u32 addr = old->pool4[0].addrs.first, n;

	new = kunit_kzalloc(test, struct_size(new, pool4, 1), GFP_KERNEL);
	KUNIT_ASSERT_NOT_NULL(test, new);
	memcpy(new, old, struct_size(new, pool4, 1));
	new->pool4[0].addrs.last = addr + 1;

	for (n = 0; n < 10; n++)
		KUNIT_ASSERT_EQ(test, bib_open(ctx, n, 5000, 7), NAT64_OK);
	KUNIT_ASSERT_EQ(test, bib_open(ctx, n, 5000, 7),
			NAT64_DROP_POOL4_FULL);
	KUNIT_ASSERT_TRUE(test, lifetime_is_complete(ctx, old));

	/* Packets use it before nat64_pool4_changed() has cleared the bits. */
	ctx->config = new;
	rcu_assign_pointer(ctx->nat64.config, new);
	KUNIT_EXPECT_FALSE(test, lifetime_is_complete(ctx, new));
	lifetime_complete(ctx, new);
	KUNIT_EXPECT_FALSE(test, lifetime_is_complete(ctx, new));

	nat64_pool4_changed(ctx->nat64.table, new);
	KUNIT_EXPECT_FALSE(test, lifetime_is_complete(ctx, new));
	/* A packet that still uses the old configuration. */
	lifetime_complete(ctx, old);
	KUNIT_EXPECT_FALSE(test, lifetime_is_complete(ctx, old));
	KUNIT_EXPECT_FALSE(test, lifetime_is_complete(ctx, new));

	/* The new address is used. */
	for (; n < 20; n++)
		KUNIT_EXPECT_EQ(test, bib_open(ctx, n, 5000, 7), NAT64_OK);
	KUNIT_EXPECT_EQ(test, bib_open(ctx, n, 5000, 7),
			NAT64_DROP_POOL4_FULL);
	KUNIT_EXPECT_TRUE(test, lifetime_is_complete(ctx, new));
}

/* Make adding a remote host to the table fail, as without memory. */
static unsigned int lifetime_limit(struct bib_ctx *ctx, unsigned int elems)
{
	unsigned int old = ctx->nat64.table->remotes.max_elems;

	ctx->nat64.table->remotes.max_elems = elems;
	return old;
}

static u32 lifetime_remotes(const struct bib_ctx *ctx)
{
	return atomic_read(&ctx->nat64.table->remotes.nelems);
}

static u32 lifetime_sessions(const struct bib_ctx *ctx)
{
	return atomic_read(&ctx->nat64.table->count);
}

/* R6146-3.5.1-d: with address-dependent filtering, no session is created that
 * the filter does not know of, and nothing of it is left.
 */
static void lifetime_remote(struct kunit *test)
{
	struct bib_ctx *ctx = test->priv;
	unsigned int all;

	ctx->config->address_dependent_filtering = true;
	KUNIT_ASSERT_EQ(test, bib_open(ctx, 1, 5000, 7), NAT64_OK);
	KUNIT_EXPECT_EQ(test, lifetime_remotes(ctx), 1);
	all = lifetime_limit(ctx, 1);
	/* Another binding has an entry of its own for the same host. */
	KUNIT_EXPECT_EQ(test, bib_open(ctx, 2, 5000, 7), NAT64_DROP_NO_MEMORY);
	KUNIT_EXPECT_NULL(test, bib_find(ctx, 2, 5000));
	KUNIT_EXPECT_EQ(test, lifetime_sessions(ctx), 1);
	KUNIT_EXPECT_EQ(test, lifetime_remotes(ctx), 1);
	/* The first binding's host has an entry already. */
	KUNIT_EXPECT_EQ(test, bib_open(ctx, 1, 5000, 8), NAT64_OK);

	lifetime_limit(ctx, all);
	KUNIT_EXPECT_EQ(test, bib_open(ctx, 2, 5000, 7), NAT64_OK);
	KUNIT_EXPECT_EQ(test, lifetime_remotes(ctx), 2);
	/* An entry goes when its last session ends, not before. */
	KUNIT_EXPECT_TRUE(test, bib_close(ctx, 1, 5000, 7));
	KUNIT_EXPECT_EQ(test, lifetime_remotes(ctx), 2);
	KUNIT_EXPECT_TRUE(test, bib_close(ctx, 1, 5000, 8));
	KUNIT_EXPECT_EQ(test, lifetime_remotes(ctx), 1);
}

/* A session that a limit refuses is not known to the filter. */
static void lifetime_refused(struct kunit *test)
{
	struct bib_ctx *ctx = test->priv;

	ctx->config->address_dependent_filtering = true;
	ctx->config->max_sessions = 1;
	KUNIT_ASSERT_EQ(test, bib_open(ctx, 1, 5000, 7), NAT64_OK);
	KUNIT_EXPECT_EQ(test, bib_open(ctx, 1, 5000, 8),
			NAT64_DROP_MAX_SESSIONS);
	KUNIT_EXPECT_TRUE(test, bib_close(ctx, 1, 5000, 7));
	KUNIT_EXPECT_EQ(test, lifetime_remotes(ctx), 0);
}

/* Turning the filter on counts all sessions, or is refused. */
static void lifetime_filter(struct kunit *test)
{
	struct bib_ctx *ctx = test->priv;
	struct nat64_table *table = ctx->nat64.table;
	unsigned int all;

	KUNIT_ASSERT_EQ(test, bib_open(ctx, 1, 5000, 7), NAT64_OK);
	KUNIT_ASSERT_EQ(test, bib_open(ctx, 2, 5000, 7), NAT64_OK);
	KUNIT_EXPECT_EQ(test, lifetime_remotes(ctx), 0);
	all = lifetime_limit(ctx, 1);
	KUNIT_EXPECT_EQ(test, nat64_remotes_begin(table), -ENOMEM);
	/* New sessions are not counted while the filter is off. */
	lifetime_limit(ctx, all);
	KUNIT_ASSERT_EQ(test, bib_open(ctx, 3, 5000, 7), NAT64_OK);
	KUNIT_EXPECT_EQ(test, lifetime_remotes(ctx), 1);

	KUNIT_EXPECT_EQ(test, nat64_remotes_begin(table), 0);
	KUNIT_EXPECT_EQ(test, lifetime_remotes(ctx), 3);
	/* A packet that still uses the old configuration. */
	KUNIT_ASSERT_EQ(test, bib_open(ctx, 4, 5000, 7), NAT64_OK);
	KUNIT_EXPECT_EQ(test, lifetime_remotes(ctx), 4);
	nat64_remotes_end(table);
	KUNIT_ASSERT_EQ(test, bib_open(ctx, 5, 5000, 7), NAT64_OK);
	KUNIT_EXPECT_EQ(test, lifetime_remotes(ctx), 4);
}

static struct kunit_case lifetime_cases[] = {
	KUNIT_CASE(lifetime_leave),
	KUNIT_CASE(lifetime_config),
	KUNIT_CASE(lifetime_remote),
	KUNIT_CASE(lifetime_refused),
	KUNIT_CASE(lifetime_filter),
	{}
};

static struct kunit_suite lifetime_suite = {
	.name = "nat64_lifetime",
	.suite_init = bib_suite_init,
	.suite_exit = bib_suite_exit,
	.init = bib_init,
	.exit = bib_exit,
	.test_cases = lifetime_cases,
};

kunit_test_suite(lifetime_suite);
