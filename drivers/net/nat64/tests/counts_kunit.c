// SPDX-License-Identifier: GPL-2.0-only
/*
 * nat64 - KUnit: the counters of bindings and sessions.
 */
#include <linux/rhashtable.h>
#include <linux/tcp.h>

#include "../counts.h"
#include "bib_hosts.h"

#define COUNTS_HOSTS	6
#define COUNTS_PORTS	4
#define COUNTS_KEYS	(COUNTS_HOSTS * COUNTS_PORTS * NAT64_L4_COUNT)
#define COUNTS_STEPS	20000

static const u8 counts_protos[NAT64_L4_COUNT] = {
	[NAT64_L4_TCP] = IPPROTO_TCP,
	[NAT64_L4_UDP] = IPPROTO_UDP,
	[NAT64_L4_ICMP] = IPPROTO_ICMP,
};

/* Transport address @n of COUNTS_KEYS. */
static struct nat64_key6 counts_key_of(u32 n)
{
	struct nat64_key6 key = {
		.addr = { .s6_addr = { 0x20, 0x01, 0x0d, 0xb8 } },
		.port = htons(1 + n / COUNTS_HOSTS % COUNTS_PORTS),
		.proto = counts_protos[n / COUNTS_HOSTS / COUNTS_PORTS],
	};

	key.addr.s6_addr[15] = 1 + n % COUNTS_HOSTS;
	return key;
}

static struct nat64_key6 counts_key(struct bib_ctx *ctx)
{
	return counts_key_of(nat64_test_below(&ctx->rnd, COUNTS_KEYS));
}

/* An initial state of a session of the protocol. */
static u8 counts_state(struct bib_ctx *ctx, u8 proto)
{
	if (proto == IPPROTO_UDP)
		return NAT64_STATE_UDP;
	if (proto == IPPROTO_ICMP)
		return NAT64_STATE_ICMP;
	return NAT64_STATE_V6_INIT +
	       nat64_test_below(&ctx->rnd,
				NAT64_STATE_COUNT - NAT64_STATE_V6_INIT);
}

static void counts_open(struct bib_ctx *ctx)
{
	struct nat64_table *table = ctx->nat64.table;
	struct nat64_key6 key = counts_key(ctx);
	struct nat64_flow flow = {
		.remote = htonl(1 + nat64_test_below(&ctx->rnd, 4)),
		.rport = key.proto == IPPROTO_ICMP ? 0 : htons(7),
		.state = counts_state(ctx, key.proto),
		.origin = nat64_test_below(&ctx->rnd, 3),
	};
	enum nat64_reason reason;
	struct nat64_binding *b;

	rcu_read_lock();
	local_bh_disable();
	b = nat64_binding_find6(table, &key);
	if (!b)
		b = nat64_binding_create(table, ctx->config, &key, NULL, 0,
					 &reason);
	if (b)
		nat64_session_create(table, ctx->config, b, &flow, &reason);
	local_bh_enable();
	rcu_read_unlock();
}

/* Handle a TCP segment of a random session, or end the session. */
static void counts_segment(struct bib_ctx *ctx, bool end)
{
	struct nat64_table *table = ctx->nat64.table;
	struct nat64_key6 key = counts_key(ctx);
	const struct nat64_binding *b;
	struct nat64_session *s;
	struct tcphdr th = {
		.syn = nat64_test_below(&ctx->rnd, 2),
	};

	if (!th.syn) {
		th.fin = nat64_test_below(&ctx->rnd, 2);
		th.rst = !nat64_test_below(&ctx->rnd, 4);
	}
	th.ack = nat64_test_below(&ctx->rnd, 2);

	rcu_read_lock();
	b = nat64_binding_find6(table, &key);
	s = !b ? NULL : nat64_session_find(table, b,
					   htonl(1 + nat64_test_below(&ctx->rnd, 4)),
					   key.proto == IPPROTO_ICMP ? 0 :
								       htons(7));
	if (s && end)
		nat64_session_end(table, s, &bib_deleted);
	else if (s && key.proto == IPPROTO_TCP)
		nat64_tcp_step(table, ctx->config, s, &th,
			       nat64_test_below(&ctx->rnd, 2));
	rcu_read_unlock();
}

static void counts_step(struct bib_ctx *ctx)
{
	struct nat64_table *table = ctx->nat64.table;
	struct nat64_key6 key = counts_key(ctx);

	switch (nat64_test_below(&ctx->rnd, 16)) {
	case 0 ... 6:
		counts_open(ctx);
		break;
	case 7 ... 10:
		counts_segment(ctx, false);
		break;
	case 11:
	case 12:
		counts_segment(ctx, true);
		break;
	case 13:
		nat64_binding_add(table, ctx->config, &key, 0, 0, true, 0,
				  NULL);
		break;
	case 14:
		nat64_binding_make_dynamic(table, &key, &bib_deleted);
		break;
	case 15:
		nat64_binding_remove(table, &key, &bib_deleted);
		break;
	}
	if (!nat64_test_below(&ctx->rnd, 500))
		nat64_table_flush(table, NULL, &bib_deleted);
}

/* Not nat64_walk(), which may visit entries twice. */
static void counts_walk(struct bib_ctx *ctx, struct nat64_counts *walked)
{
	const struct nat64_binding *b;
	const struct nat64_session *s;
	struct nat64_key6 key;
	u32 n;

	memset(walked, 0, sizeof(*walked));
	rcu_read_lock();
	for (n = 0; n < COUNTS_KEYS; n++) {
		key = counts_key_of(n);
		b = nat64_binding_find6(ctx->nat64.table, &key);
		if (!b)
			continue;
		walked->bindings[nat64_l4_of(key.proto)]++;
		walked->statics += b->is_static;
		hlist_for_each_entry_rcu(s, &b->sessions, siblings)
			walked->sessions[s->state]++;
	}
	rcu_read_unlock();
}

/* The counters match the entries after random changes. */
static void counts_walked(struct kunit *test)
{
	u32 seen[NAT64_STATE_COUNT] = {}, n, i, total;
	struct bib_ctx *ctx = test->priv;
	struct nat64_counts sum, walked;

	for (n = 0; n < COUNTS_STEPS; n++) {
		counts_step(ctx);
		if (n % 16)
			continue;

		counts_walk(ctx, &walked);
		nat64_counts_sum(ctx->nat64.table, &sum);
		KUNIT_ASSERT_EQ_MSG(test, memcmp(&sum, &walked, sizeof(sum)),
				    0, "step %u", n);
		for (i = 0, total = 0; i < NAT64_STATE_COUNT; i++) {
			seen[i] |= sum.sessions[i];
			total += sum.sessions[i];
		}
		KUNIT_ASSERT_EQ(test, total,
				atomic_read(&ctx->nat64.table->count));
	}
	for (i = 0; i < NAT64_STATE_COUNT; i++)
		KUNIT_EXPECT_NE_MSG(test, seen[i], 0, "state %u", i);
}

static int counts_init(struct kunit *test)
{
	int err = bib_init(test), i;
	struct nat64_config *config;

	if (err)
		return err;

	config = ((struct bib_ctx *)test->priv)->config;
	/* fewer ports than bindings are attempted */
	config->pool4[0].port_max = 2011;
	config->max_sessions = 20;
	config->max_total_sessions = 60;
	config->rst_during_fin = true;
	config->inbound_refresh = true;
	for (i = 0; i < NAT64_TIMEOUT_COUNT; i++)
		config->timeout[i] = 300;
	return 0;
}

static struct kunit_case counts_cases[] = {
	KUNIT_CASE(counts_walked),
	{}
};

static struct kunit_suite counts_suite = {
	.name = "nat64_counts",
	.suite_init = bib_suite_init,
	.suite_exit = bib_suite_exit,
	.init = counts_init,
	.exit = bib_exit,
	.test_cases = counts_cases,
};

kunit_test_suite(counts_suite);
