// SPDX-License-Identifier: GPL-2.0-only
/*
 * nat64 - KUnit: static and dynamic bindings, and their counters.
 */
#include <linux/interrupt.h>
#include <linux/ktime.h>
#include <linux/module.h>
#include <linux/rhashtable.h>
#include <net/net_namespace.h>

#include "../clock.h"
#include "../config.h"
#include "../events.h"
#include "../nat64.h"
#include "../pool4.h"
#include "../session.h"
#include "../subscriber.h"
#include "../table.h"
#include "bib_hosts.h"

#define BIB_HOSTS	6

static const struct nat64_trigger bib_pool4 = {
	.cause = NAT64_CAUSE_POOL4,
};

static const struct nat64_trigger bib_gone = {
	.cause = NAT64_CAUSE_ADDRESS_GONE,
};

static u32 bib_used(struct bib_ctx *ctx)
{
	struct nat64_pool4_use use = {};

	rcu_read_lock();
	nat64_pool4_next(ctx->nat64.table, ctx->config, IPPROTO_UDP, 0, &use);
	rcu_read_unlock();
	return use.used;
}

/* R6146-3.1-c: static bindings survive without sessions, and pool4 changes. */
static void bib_static(struct kunit *test)
{
	u32 addr = nat64_test_addr4("203.0.113.1");
	struct bib_ctx *ctx = test->priv;
	struct nat64_binding *b;

	KUNIT_EXPECT_EQ(test, bib_add(ctx, 1, 80, addr, 2000, true), 0);
	/* not in pool4 */
	KUNIT_EXPECT_EQ(test, bib_add(ctx, 1, 81, addr, 80, true), 0);
	KUNIT_EXPECT_EQ(test, bib_open(ctx, 1, 80, 7), NAT64_OK);
	KUNIT_EXPECT_EQ(test, bib_open(ctx, 1, 5000, 7), NAT64_OK);
	KUNIT_EXPECT_TRUE(test, bib_close(ctx, 1, 80, 7));
	KUNIT_EXPECT_EQ(test, bib_open(ctx, 1, 80, 7), NAT64_OK);
	KUNIT_EXPECT_TRUE(test, bib_close(ctx, 1, 5000, 7));
	KUNIT_EXPECT_NULL(test, bib_find(ctx, 1, 5000));
	b = bib_find(ctx, 1, 80);
	KUNIT_ASSERT_NOT_NULL(test, b);
	KUNIT_EXPECT_EQ(test, ntohs(b->port4), 2000);

	KUNIT_EXPECT_EQ(test, bib_open(ctx, 1, 5000, 7), NAT64_OK);
	ctx->config->pool4[0].port_min = 3000;
	ctx->config->pool4[0].port_max = 3009;
	nat64_pool4_changed(ctx->nat64.table, ctx->config);
	nat64_table_flush(ctx->nat64.table, ctx->config, &bib_pool4);
	KUNIT_EXPECT_PTR_EQ(test, bib_find(ctx, 1, 80), b);
	KUNIT_EXPECT_NULL(test, bib_find(ctx, 1, 5000));
	KUNIT_EXPECT_EQ(test, atomic_read(&ctx->nat64.table->count), 1);
	nat64_table_flush(ctx->nat64.table, NULL, &bib_pool4);
	KUNIT_EXPECT_PTR_EQ(test, bib_find(ctx, 1, 80), b);
	KUNIT_EXPECT_EQ(test, atomic_read(&ctx->nat64.table->count), 0);

	KUNIT_EXPECT_EQ(test, bib_open(ctx, 1, 80, 7), NAT64_OK);
	KUNIT_EXPECT_EQ(test, bib_remove(ctx, 1, 80), 0);
	KUNIT_EXPECT_EQ(test, bib_remove(ctx, 1, 80), -ENOENT);
	KUNIT_EXPECT_EQ(test, bib_remove(ctx, 1, 81), 0);
	KUNIT_EXPECT_NULL(test, bib_find(ctx, 1, 80));
	KUNIT_EXPECT_EQ(test, atomic_read(&ctx->nat64.table->count), 0);
	KUNIT_EXPECT_EQ(test, bib_used(ctx), 0);
}

/* Existing bindings, invalid requests and port allocation. */
static void bib_add_rules(struct kunit *test)
{
	u32 addr = nat64_test_addr4("203.0.113.1");
	struct bib_ctx *ctx = test->priv;
	struct nat64_binding *b;

	KUNIT_EXPECT_EQ(test, bib_add(ctx, 1, 80, addr, 0, true), -EINVAL);
	KUNIT_EXPECT_EQ(test, bib_add(ctx, 1, 80, 0, 2000, true), -EINVAL);
	KUNIT_EXPECT_EQ(test, bib_add(ctx, 1, 80,
				      nat64_test_addr4("224.0.0.1"), 80, true),
			-EINVAL);
	KUNIT_EXPECT_EQ(test, bib_add(ctx, 1, 80, addr, 2000, true), 0);
	KUNIT_EXPECT_EQ(test, bib_add(ctx, 1, 80, addr, 2000, true), -EEXIST);
	KUNIT_EXPECT_EQ(test, bib_add(ctx, 1, 80, addr, 2001, true), -EEXIST);
	KUNIT_EXPECT_EQ(test, bib_add(ctx, 2, 80, addr, 2000, true),
			-EADDRINUSE);
	KUNIT_EXPECT_EQ(test, bib_used(ctx), 1);

	/* a dynamic binding becomes static if it has the requested port */
	KUNIT_EXPECT_EQ(test, bib_open(ctx, 2, 5000, 7), NAT64_OK);
	b = bib_find(ctx, 2, 5000);
	KUNIT_ASSERT_NOT_NULL(test, b);
	KUNIT_EXPECT_EQ(test, bib_add(ctx, 2, 5000, addr,
				      ntohs(b->port4) ^ 1, true), -EEXIST);
	KUNIT_EXPECT_FALSE(test, b->is_static);
	KUNIT_EXPECT_EQ(test, bib_add(ctx, 2, 5000, addr, ntohs(b->port4),
				      true), 0);
	KUNIT_EXPECT_TRUE(test, bib_close(ctx, 2, 5000, 7));
	KUNIT_EXPECT_PTR_EQ(test, bib_find(ctx, 2, 5000), b);

	/* an imported binding is removed with its session */
	KUNIT_EXPECT_EQ(test, bib_add(ctx, 3, 5000, addr, 2005, false), 0);
	KUNIT_EXPECT_EQ(test, bib_open(ctx, 3, 5000, 7), NAT64_OK);
	KUNIT_EXPECT_TRUE(test, bib_close(ctx, 3, 5000, 7));
	KUNIT_EXPECT_NULL(test, bib_find(ctx, 3, 5000));

	/* any port of the pool until it is exhausted, despite limits */
	ctx->config->max_bindings = 1;
	while (bib_used(ctx) < 10)
		KUNIT_ASSERT_EQ(test, bib_add(ctx, 4, 6000 + bib_used(ctx), 0,
					      0, true), 0);
	KUNIT_EXPECT_EQ(test, bib_add(ctx, 4, 5999, 0, 0, true),
			-EADDRNOTAVAIL);
	KUNIT_EXPECT_EQ(test, bib_open(ctx, 5, 1, 1), NAT64_DROP_POOL4_FULL);
	KUNIT_EXPECT_EQ(test, bib_open(ctx, 4, 1, 1), NAT64_DROP_MAX_BINDINGS);
}

/* R6888-R2-a: a static binding pairs its subscriber with the address. */
static void bib_static_pairs(struct kunit *test)
{
	struct bib_ctx *ctx = test->priv;
	struct nat64_binding *b;
	u32 host;

	ctx->config->pool4[0].addrs.last = nat64_test_addr4("203.0.113.200");
	for (host = 1; host < 100; host++) {
		u32 addr = nat64_test_addr4("203.0.113.0") + host;

		KUNIT_ASSERT_EQ(test, bib_add(ctx, host, 80, addr, 2000, true),
				0);
		KUNIT_ASSERT_EQ(test, bib_open(ctx, host, 5000, 7), NAT64_OK);
		b = bib_find(ctx, host, 5000);
		KUNIT_ASSERT_NOT_NULL(test, b);
		KUNIT_ASSERT_EQ(test, ntohl(b->addr4), addr);
	}
}

/* R6888-R4-a, R6888-R5-a: the counters match the entries after random changes,
 * and subscribers without entries are freed.
 */
static void bib_counts(struct kunit *test)
{
	u32 model[BIB_HOSTS] = {}, sessions[BIB_HOSTS][4] = {}, n, i, total = 0;
	struct bib_ctx *ctx = test->priv;
	enum nat64_reason want, got;

	ctx->config->pool4[0].port_max = 2999;
	ctx->config->max_bindings = 3;
	ctx->config->max_sessions = 5;
	ctx->config->max_total_sessions = 18;
	for (n = 0; n < 20000; n++) {
		u32 host = nat64_test_below(&ctx->rnd, BIB_HOSTS);
		u32 port = nat64_test_below(&ctx->rnd, 4);
		u32 rport = nat64_test_below(&ctx->rnd, 4);
		u32 bindings = 0;

		if (sessions[host][port] & BIT(rport)) {
			KUNIT_ASSERT_TRUE(test, bib_close(ctx, host, port + 1,
							  rport + 1));
			sessions[host][port] ^= BIT(rport);
			model[host]--;
			total--;
			continue;
		}

		for (i = 0; i < 4; i++)
			bindings += !!sessions[host][i];
		want = NAT64_OK;
		if (total == 18)
			want = NAT64_DROP_MAX_TOTAL;
		else if (!sessions[host][port] && bindings == 3)
			want = NAT64_DROP_MAX_BINDINGS;
		else if (model[host] == 5)
			want = NAT64_DROP_MAX_SESSIONS;
		got = bib_open(ctx, host, port + 1, rport + 1);
		KUNIT_ASSERT_EQ_MSG(test, got, want, "step %u", n);
		if (want)
			continue;
		sessions[host][port] |= BIT(rport);
		model[host]++;
		total++;
	}
	KUNIT_EXPECT_EQ(test, atomic_read(&ctx->nat64.table->count), total);
	nat64_table_flush(ctx->nat64.table, NULL, &bib_pool4);
	KUNIT_EXPECT_EQ(test, atomic_read(&ctx->nat64.table->count), 0);
	KUNIT_EXPECT_EQ(test,
			atomic_read(&ctx->nat64.table->subscribers.nelems), 0);
	KUNIT_EXPECT_EQ(test, bib_used(ctx), 0);
}

/* Port maps stay for addresses in pool4, and for others while they have a
 * binding.
 */
static void bib_ports(struct kunit *test)
{
	u32 addr = nat64_test_addr4("203.0.113.1"), other = 0xc6336407;
	struct bib_ctx *ctx = test->priv;
	struct nat64_table *table = ctx->nat64.table;
	struct xarray *ports = &table->ports[NAT64_L4_UDP];

	ctx->config->hold_down = 120;
	ctx->config->hold_down_percent = 100;
	/* not in pool4 */
	KUNIT_EXPECT_EQ(test, bib_add(ctx, 1, 80, other, 80, true), 0);
	KUNIT_EXPECT_EQ(test, bib_add(ctx, 1, 81, other, 81, true), 0);
	KUNIT_EXPECT_EQ(test, bib_remove(ctx, 1, 80), 0);
	nat64_pool4_trim(table, ctx->config, 0, U32_MAX);
	KUNIT_EXPECT_NOT_NULL(test, xa_load(ports, other));
	KUNIT_EXPECT_EQ(test, bib_remove(ctx, 1, 81), 0);
	KUNIT_EXPECT_NULL(test, xa_load(ports, other));
	KUNIT_EXPECT_EQ(test, bib_add(ctx, 1, 80, other, 80, true), 0);

	/* in pool4 with a port in hold-down, and then removed from pool4 */
	KUNIT_EXPECT_EQ(test, bib_open(ctx, 2, 5000, 7), NAT64_OK);
	KUNIT_EXPECT_EQ(test, bib_open(ctx, 3, 5000, 7), NAT64_OK);
	KUNIT_EXPECT_TRUE(test, bib_close(ctx, 2, 5000, 7));
	KUNIT_EXPECT_TRUE(test, bib_close(ctx, 3, 5000, 7));
	nat64_pool4_trim(table, ctx->config, 0, U32_MAX);
	KUNIT_EXPECT_NOT_NULL(test, xa_load(ports, addr));
	ctx->config->pool4[0].addrs.first = addr + 1;
	ctx->config->pool4[0].addrs.last = addr + 1;
	nat64_pool4_changed(table, ctx->config);
	nat64_pool4_trim(table, ctx->config, addr + 1, U32_MAX);
	KUNIT_EXPECT_NOT_NULL(test, xa_load(ports, addr));
	nat64_pool4_trim(table, ctx->config, addr, addr);
	KUNIT_EXPECT_NULL(test, xa_load(ports, addr));
	KUNIT_EXPECT_NOT_NULL(test, xa_load(ports, other));
}

/* Records how many sessions are left when softirqs first run. */
struct bib_seen {
	struct tasklet_struct tasklet;
	const struct nat64_table *table;
	int left;
};

static void bib_see(struct tasklet_struct *t)
{
	struct bib_seen *seen = from_tasklet(seen, t, tasklet);

	seen->left = atomic_read(&seen->table->count);
}

/* The sessions of a binding are removed in batches. */
static void bib_batches(struct kunit *test)
{
	struct bib_ctx *ctx = test->priv;
	struct bib_seen seen = { .table = ctx->nat64.table };
	u32 round, n;

	tasklet_setup(&seen.tasklet, bib_see);
	for (round = 0; round < 2; round++) {
		for (n = 1; n <= 5000; n++)
			KUNIT_ASSERT_EQ(test, bib_open(ctx, 1, 80, n),
					NAT64_OK);
		tasklet_schedule(&seen.tasklet);
		if (round)
			bib_remove(ctx, 1, 80);
		else
			nat64_table_flush(ctx->nat64.table, NULL, &bib_pool4);
		tasklet_kill(&seen.tasklet);
		KUNIT_EXPECT_GT(test, seen.left, 4000);
		KUNIT_EXPECT_NULL(test, bib_find(ctx, 1, 80));
		KUNIT_EXPECT_EQ(test, atomic_read(&ctx->nat64.table->count), 0);
	}

	/* a flush does not remove a static binding */
	for (n = 1; n <= 200; n++)
		KUNIT_ASSERT_EQ(test, bib_open(ctx, 1, 80, n), NAT64_OK);
	KUNIT_EXPECT_EQ(test, bib_add(ctx, 1, 80, 0, 0, true), 0);
	nat64_table_flush(ctx->nat64.table, NULL, &bib_pool4);
	KUNIT_EXPECT_NOT_NULL(test, bib_find(ctx, 1, 80));
	KUNIT_EXPECT_EQ(test, atomic_read(&ctx->nat64.table->count), 0);
	for (n = 1; n <= 200; n++)
		KUNIT_ASSERT_EQ(test, bib_open(ctx, 1, 80, n), NAT64_OK);
	KUNIT_EXPECT_EQ(test, bib_remove(ctx, 1, 80), 0);
	KUNIT_EXPECT_EQ(test, bib_remove(ctx, 1, 80), -ENOENT);
	KUNIT_EXPECT_EQ(test, atomic_read(&ctx->nat64.table->count), 0);
}

/* Is a session of a binding found from both sides? */
static bool bib_found(struct bib_ctx *ctx, const struct nat64_binding *b,
		      u32 remote, u16 rport)
{
	struct nat64_skey6 key6 = {
		.addr = b->key6.addr,
		.port = b->key6.port,
		.remote = htonl(remote),
		.rport = htons(rport),
		.proto = b->key6.proto,
	};
	struct nat64_skey4 key4 = {
		.addr = b->addr4,
		.port = b->port4,
		.remote = htonl(remote),
		.rport = htons(rport),
		.proto = b->key6.proto,
	};
	const struct nat64_session *s;
	struct nat64_binding *its;
	bool found;

	rcu_read_lock();
	s = nat64_session_find6(ctx->nat64.table, &key6, &its);
	found = s && its == b && s->binding == b && s->remote == htonl(remote) &&
		s->rport == htons(rport);
	if (s != nat64_session_find4(ctx->nat64.table, &key4))
		found = !found;
	rcu_read_unlock();
	return found;
}

/* Lookups use the list of a binding with few sessions, else the hash table. */
static void bib_sessions(struct kunit *test)
{
	struct bib_ctx *ctx = test->priv;
	struct nat64_binding *b;
	u32 open = 0, n, i;

	KUNIT_ASSERT_EQ(test, bib_add(ctx, 1, 80, 0, 0, true), 0);
	KUNIT_ASSERT_EQ(test, bib_open(ctx, 2, 80, 3), NAT64_OK);
	b = bib_find(ctx, 1, 80);
	KUNIT_ASSERT_NOT_NULL(test, b);
	for (n = 0; n < 500; n++) {
		i = prandom_u32_state(&ctx->rnd) % 12;
		/* few, then many, then few */
		if (open & BIT(i))
			KUNIT_ASSERT_TRUE(test, bib_close(ctx, 1, 80, 1 + i));
		else
			KUNIT_ASSERT_EQ(test, bib_open(ctx, 1, 80, 1 + i),
					NAT64_OK);
		open ^= BIT(i);
		for (i = 0; i < 12; i++)
			KUNIT_ASSERT_EQ(test, bib_found(ctx, b, 1, 1 + i),
					!!(open & BIT(i)));
		KUNIT_ASSERT_EQ(test, b->session_count, hweight32(open));
		KUNIT_ASSERT_FALSE(test, bib_found(ctx, b, 2, 1));
	}
}

/* More sessions than session_count can hold. */
static void bib_many(struct kunit *test)
{
	struct bib_ctx *ctx = test->priv;
	struct nat64_binding *b;
	u32 n;

	for (n = 0; n <= U16_MAX; n++) {
		KUNIT_ASSERT_EQ(test, bib_open(ctx, 1, 80, n), NAT64_OK);
		b = bib_find(ctx, 1, 80);
		if (n >= U16_MAX - 2)
			KUNIT_EXPECT_EQ(test, nat64_binding_sessions(b), n + 1);
	}
	KUNIT_EXPECT_EQ(test, b->session_count, NAT64_SESSIONS_MANY);
	for (n = 0; n < 5; n++) {
		KUNIT_ASSERT_TRUE(test, bib_close(ctx, 1, 80, n));
		KUNIT_EXPECT_EQ(test, nat64_binding_sessions(b), U16_MAX - n);
	}
	nat64_table_flush(ctx->nat64.table, NULL, &bib_pool4);
	KUNIT_EXPECT_EQ(test, atomic_read(&ctx->nat64.table->count), 0);

	/* A static binding counts again once it has no sessions. */
	KUNIT_ASSERT_EQ(test, bib_add(ctx, 1, 80, 0, 0, true), 0);
	KUNIT_ASSERT_EQ(test, bib_open(ctx, 1, 80, 1), NAT64_OK);
	KUNIT_ASSERT_EQ(test, bib_open(ctx, 1, 80, 2), NAT64_OK);
	b = bib_find(ctx, 1, 80);
	b->session_count = NAT64_SESSIONS_MANY;
	KUNIT_ASSERT_TRUE(test, bib_close(ctx, 1, 80, 1));
	KUNIT_EXPECT_EQ(test, b->session_count, NAT64_SESSIONS_MANY);
	KUNIT_EXPECT_EQ(test, nat64_binding_sessions(b), 1);
	KUNIT_ASSERT_TRUE(test, bib_close(ctx, 1, 80, 2));
	KUNIT_EXPECT_EQ(test, b->session_count, 0);
}

/* Entries store their creation time in fewer bits than the clock has. */
static void bib_began(struct kunit *test)
{
	time64_t now = ktime_get_seconds(), began;
	struct bib_ctx *ctx = test->priv;
	const struct nat64_session *s;
	const struct nat64_binding *b;
	u32 bits, age;

	for (bits = 2; bits < 32; bits++) {
		age = BIT(bits) - 2;
		began = nat64_began((now - age) & GENMASK(bits - 1, 0), bits);
		KUNIT_EXPECT_EQ(test, began, now - age);
		began = nat64_began(now & GENMASK(bits - 1, 0), bits);
		KUNIT_EXPECT_EQ(test, began, now);
	}

	KUNIT_ASSERT_EQ(test, bib_open(ctx, 1, 80, 7), NAT64_OK);
	b = bib_find(ctx, 1, 80);
	s = hlist_entry(b->sessions.first, struct nat64_session, siblings);
	began = nat64_began(b->began, NAT64_BINDING_BEGAN_BITS);
	KUNIT_EXPECT_GE(test, began, now);
	KUNIT_EXPECT_LE(test, began, ktime_get_seconds());
	began = nat64_began(s->began, NAT64_SESSION_BEGAN_BITS);
	KUNIT_EXPECT_GE(test, began, now);
	KUNIT_EXPECT_LE(test, began, ktime_get_seconds());
}

/* Time in nanoseconds to remove an address without bindings. */
static u64 bib_leave_time(struct bib_ctx *ctx)
{
	__be32 addr = htonl(nat64_test_addr4("203.0.113.9"));
	u64 start, best = U64_MAX;
	int n;

	for (n = 0; n < 20; n++) {
		start = ktime_get_ns();
		nat64_table_leave(ctx->nat64.table, addr, &bib_gone);
		best = min(best, ktime_get_ns() - start);
	}
	return best;
}

/* Removing an address walks and removes only its bindings outside pool4. */
static void bib_leave(struct kunit *test)
{
	u32 addr = nat64_test_addr4("203.0.113.1");
	struct nat64_key6 key = bib_key(5, 80);
	struct bib_ctx *ctx = test->priv;
	enum nat64_reason reason;
	u64 few, many;
	u32 n;

	ctx->config->pool4[0].port_max = 65535;
	KUNIT_EXPECT_EQ(test, bib_add(ctx, 1, 80, addr + 1, 80, true), 0);
	KUNIT_EXPECT_EQ(test, bib_open(ctx, 1, 80, 7), NAT64_OK);
	few = bib_leave_time(ctx);
	for (n = 0; n < 20000; n++)
		KUNIT_ASSERT_EQ(test, bib_open(ctx, 2 + n / 10000,
					       1024 + n % 10000, 7), NAT64_OK);
	many = bib_leave_time(ctx);
	kunit_info(test, "ns: %llu with few bindings, %llu with many", few,
		   many);
	KUNIT_EXPECT_LT(test, many, 20 * max_t(u64, few, NSEC_PER_USEC));

	/* bindings in pool4 stay */
	nat64_table_leave(ctx->nat64.table, htonl(addr), &bib_gone);
	KUNIT_EXPECT_EQ(test, atomic_read(&ctx->nat64.table->count), 20001);
	/* a binding whose packet has not yet created the session */
	rcu_read_lock();
	local_bh_disable();
	KUNIT_EXPECT_NOT_NULL(test,
			      nat64_binding_create(ctx->nat64.table,
						   ctx->config, &key, NULL, 0,
						   &reason));
	local_bh_enable();
	rcu_read_unlock();
	ctx->config->pool4_count = 0;
	nat64_table_leave(ctx->nat64.table, htonl(addr), &bib_gone);
	KUNIT_EXPECT_NULL(test, bib_find(ctx, 5, 80));
	KUNIT_EXPECT_EQ(test, atomic_read(&ctx->nat64.table->count), 1);
	KUNIT_EXPECT_EQ(test, atomic_read(&ctx->nat64.table->bindings6.nelems),
			1);
	nat64_table_leave(ctx->nat64.table, htonl(addr + 1), &bib_gone);
	KUNIT_EXPECT_EQ(test, atomic_read(&ctx->nat64.table->count), 0);
	KUNIT_EXPECT_NOT_NULL(test, bib_find(ctx, 1, 80));
}

/* Some kernels run suites before module init, which creates the caches. */
static struct kunit_case bib_cases[] = {
	KUNIT_CASE(bib_static),
	KUNIT_CASE(bib_add_rules),
	KUNIT_CASE(bib_static_pairs),
	KUNIT_CASE(bib_counts),
	KUNIT_CASE(bib_ports),
	KUNIT_CASE(bib_batches),
	KUNIT_CASE(bib_sessions),
	KUNIT_CASE(bib_many),
	KUNIT_CASE(bib_began),
	KUNIT_CASE(bib_leave),
	{}
};

static struct kunit_suite bib_suite = {
	.name = "nat64_bib",
	.suite_init = bib_suite_init,
	.suite_exit = bib_suite_exit,
	.init = bib_init,
	.exit = bib_exit,
	.test_cases = bib_cases,
};

kunit_test_suite(bib_suite);
