// SPDX-License-Identifier: GPL-2.0-only
/*
 * nat64 - KUnit: TCP state machine of RFC 6146 section 3.5.2.2, every state
 * with every combination of flags from both sides.
 */
#include <linux/tcp.h>

#include "../clock.h"
#include "../config.h"
#include "../session.h"
#include "../table.h"
#include "../wheel.h"
#include "helpers.h"

/* Distinct lifetimes in seconds that fit into the wheel. */
#define TCP_EST		100
#define TCP_TRANS	40
#define TCP_OPEN	25

/* Seconds since the last use of the session, before the segment under test. */
#define TCP_IDLE	10

/* Kinds of segments. Precedence of flags (D-6146-prec): RST, then SYN with and
 * without ACK, then FIN. SYN with FIN or RST is invalid.
 */
enum tcp_segment {
	SEG_SYN,
	SEG_SYNACK,
	SEG_FIN,
	SEG_RST,
	SEG_OTHER,
	SEG_COUNT,
};

/* Expected lifetime. */
enum tcp_life {
	KEEP,		/* not prolonged */
	EST,		/* TCP_EST from now on */
	TRANS,		/* TCP_TRANS from now on */
	OPEN,		/* TCP_OPEN from now on */
};

struct tcp_cell {
	u8 state;
	u8 life;
};

#define S(state)	NAT64_STATE_##state

/* rfc.md section 8.5: by state, side and segment. Deviations from RFC 6146 are
 * marked with the decision.
 */
struct tcp_row {
	const char *name;
	u8 state;
	struct tcp_cell v6[SEG_COUNT];
	struct tcp_cell v4[SEG_COUNT];
};

static const struct tcp_row tcp_rows[] = {
	{
		"V6_INIT", S(V6_INIT),
		{ [SEG_SYN] = { S(V6_INIT), OPEN },
		  [SEG_SYNACK] = { S(V6_INIT), OPEN },
		  [SEG_FIN] = { S(V6_INIT), KEEP },
		  [SEG_RST] = { S(V6_INIT), KEEP },
		  [SEG_OTHER] = { S(V6_INIT), KEEP } },
		{ [SEG_SYN] = { S(EST), EST },
		  [SEG_SYNACK] = { S(EST), EST },
		  [SEG_FIN] = { S(V6_INIT), KEEP },
		  [SEG_RST] = { S(V6_INIT), KEEP },
		  [SEG_OTHER] = { S(V6_INIT), KEEP } },
	}, {
		"V4_INIT", S(V4_INIT),
		{ [SEG_SYN] = { S(V6_INIT), OPEN },	/* D-6146-match */
		  [SEG_SYNACK] = { S(EST), EST },
		  [SEG_FIN] = { S(V4_INIT), KEEP },
		  [SEG_RST] = { S(V4_INIT), KEEP },
		  [SEG_OTHER] = { S(V4_INIT), KEEP } },
		{ [SEG_SYN] = { S(V4_INIT), KEEP },
		  [SEG_SYNACK] = { S(V4_INIT), KEEP },
		  [SEG_FIN] = { S(V4_INIT), KEEP },
		  [SEG_RST] = { S(V4_INIT), KEEP },
		  [SEG_OTHER] = { S(V4_INIT), KEEP } },
	}, {
		"EST", S(EST),
		{ [SEG_SYN] = { S(EST), EST },
		  [SEG_SYNACK] = { S(EST), EST },
		  [SEG_FIN] = { S(V6_FIN), KEEP },
		  [SEG_RST] = { S(TRANS), TRANS },
		  [SEG_OTHER] = { S(EST), EST } },
		{ [SEG_SYN] = { S(EST), EST },
		  [SEG_SYNACK] = { S(EST), EST },
		  [SEG_FIN] = { S(V4_FIN), KEEP },
		  [SEG_RST] = { S(TRANS), TRANS },
		  [SEG_OTHER] = { S(EST), EST } },
	}, {
		"V4_FIN", S(V4_FIN),
		{ [SEG_SYN] = { S(V4_FIN), EST },
		  [SEG_SYNACK] = { S(V4_FIN), EST },
		  [SEG_FIN] = { S(V46_FIN), TRANS },
		  [SEG_RST] = { S(TRANS), TRANS },	/* D-7857-rst */
		  [SEG_OTHER] = { S(V4_FIN), EST } },
		{ [SEG_SYN] = { S(V4_FIN), EST },
		  [SEG_SYNACK] = { S(V4_FIN), EST },
		  [SEG_FIN] = { S(V4_FIN), EST },
		  [SEG_RST] = { S(TRANS), TRANS },	/* D-7857-rst */
		  [SEG_OTHER] = { S(V4_FIN), EST } },
	}, {
		"V6_FIN", S(V6_FIN),
		{ [SEG_SYN] = { S(V6_FIN), EST },
		  [SEG_SYNACK] = { S(V6_FIN), EST },
		  [SEG_FIN] = { S(V6_FIN), EST },
		  [SEG_RST] = { S(TRANS), TRANS },	/* D-7857-rst */
		  [SEG_OTHER] = { S(V6_FIN), EST } },
		{ [SEG_SYN] = { S(V6_FIN), EST },
		  [SEG_SYNACK] = { S(V6_FIN), EST },
		  [SEG_FIN] = { S(V46_FIN), TRANS },
		  [SEG_RST] = { S(TRANS), TRANS },	/* D-7857-rst */
		  [SEG_OTHER] = { S(V6_FIN), EST } },
	}, {
		"V4+V6_FIN", S(V46_FIN),
		{ [SEG_SYN] = { S(V6_INIT), OPEN },	/* D-6146-reuse */
		  [SEG_SYNACK] = { S(V46_FIN), KEEP },
		  [SEG_FIN] = { S(V46_FIN), KEEP },
		  [SEG_RST] = { S(V46_FIN), KEEP },
		  [SEG_OTHER] = { S(V46_FIN), KEEP } },
		{ [SEG_SYN] = { S(V4_INIT), OPEN },	/* D-6146-reuse */
		  [SEG_SYNACK] = { S(V46_FIN), KEEP },
		  [SEG_FIN] = { S(V46_FIN), KEEP },
		  [SEG_RST] = { S(V46_FIN), KEEP },
		  [SEG_OTHER] = { S(V46_FIN), KEEP } },
	}, {
		"TRANS", S(TRANS),
		{ [SEG_SYN] = { S(V6_INIT), OPEN },	/* D-6146-trans-syn */
		  [SEG_SYNACK] = { S(EST), EST },
		  [SEG_FIN] = { S(EST), EST },
		  [SEG_RST] = { S(TRANS), KEEP },
		  [SEG_OTHER] = { S(EST), EST } },
		{ [SEG_SYN] = { S(EST), EST },
		  [SEG_SYNACK] = { S(EST), EST },
		  [SEG_FIN] = { S(EST), EST },
		  [SEG_RST] = { S(TRANS), KEEP },
		  [SEG_OTHER] = { S(EST), EST } },
	},
};

static void tcp_row_desc(const struct tcp_row *row, char *desc)
{
	strscpy(desc, row->name, KUNIT_PARAM_DESC_SIZE);
}

KUNIT_ARRAY_PARAM(tcp_row, tcp_rows, tcp_row_desc);

/**
 * struct tcp_ctx - test context
 * @table: table with one shard
 * @shard: the shard
 * @config: timeouts
 * @binding: binding of the session
 * @s: session
 */
struct tcp_ctx {
	struct nat64_table table;
	struct nat64_shard shard;
	struct nat64_config config;
	struct nat64_binding binding;
	struct nat64_session s;
};

/* Start with a session in @state, last used TCP_IDLE seconds ago. */
static void tcp_start(struct tcp_ctx *ctx, u8 state)
{
	struct nat64_session *s = &ctx->s;

	ctx->shard.clock = nat64_tick();
	s->binding = &ctx->binding;
	ctx->binding.key6.proto = IPPROTO_TCP;
	s->state = state;
	s->reset = state == NAT64_STATE_TRANS;
	s->used = ctx->shard.clock - TCP_IDLE * NAT64_TICKS;
	spin_lock_bh(&ctx->shard.lock);
	nat64_session_arm(&ctx->table, &ctx->config, &ctx->shard, s);
	spin_unlock_bh(&ctx->shard.lock);
}

/* Ticks until the slot of the session is due. */
static u32 tcp_slot(struct tcp_ctx *ctx)
{
	u32 ahead;

	for (ahead = 0; ahead < NAT64_WHEEL_SLOTS; ahead++)
		if (ctx->shard.slot[(ctx->shard.clock + ahead) %
				    NAT64_WHEEL_SLOTS].first == &ctx->s.due)
			return ahead;
	return U32_MAX;
}

/* Ticks until the session expires. Its slot must be due by then. */
static u32 tcp_life_left(struct kunit *test)
{
	struct tcp_ctx *ctx = test->priv;
	u32 slot = tcp_slot(ctx);
	u32 left;

	spin_lock_bh(&ctx->shard.lock);
	nat64_session_arm(&ctx->table, &ctx->config, &ctx->shard, &ctx->s);
	spin_unlock_bh(&ctx->shard.lock);
	left = tcp_slot(ctx);
	if (slot > left)
		KUNIT_FAIL(test, "state %u is looked at in %u ticks, ends in %u",
			   ctx->s.state, slot, left);
	return left;
}

/* Is @left ticks equal to @least seconds? Allow one tick for rounding and one
 * second for the test.
 */
static bool tcp_life_fits(u32 left, u32 least)
{
	least *= NAT64_TICKS;
	return left >= least && left <= least + 1 + NAT64_TICKS;
}

/* Timeout of a state in seconds. */
static u32 tcp_timeout(u8 state)
{
	switch (state) {
	case S(EST):
	case S(V6_FIN):
	case S(V4_FIN):
		return TCP_EST;
	case S(V6_INIT):
	case S(V4_INIT):
		return TCP_OPEN;
	default:
		return TCP_TRANS;
	}
}

static struct tcphdr tcp_flags(u8 flags)
{
	struct tcphdr th = { .doff = 5 };

	((u8 *)&th)[13] = flags;
	return th;
}

static void tcp_segment(struct tcp_ctx *ctx, u8 flags, bool from6)
{
	struct tcphdr th = tcp_flags(flags);

	rcu_read_lock();
	nat64_tcp_step(&ctx->table, &ctx->config, &ctx->s, &th, from6);
	rcu_read_unlock();
}

#define TCP_FIN	0x01
#define TCP_SYN	0x02
#define TCP_RST	0x04
#define TCP_ACK	0x10

static bool tcp_possible(u8 flags)
{
	return !(flags & TCP_SYN) || !(flags & (TCP_FIN | TCP_RST));
}

static enum tcp_segment tcp_kind(u8 flags)
{
	if (flags & TCP_RST)
		return SEG_RST;
	if (flags & TCP_SYN)
		return flags & TCP_ACK ? SEG_SYNACK : SEG_SYN;
	return flags & TCP_FIN ? SEG_FIN : SEG_OTHER;
}

/* Cell of the table, adjusted to the configuration. */
static struct tcp_cell tcp_want(const struct nat64_config *config,
				const struct tcp_row *row, bool from6, u8 flags)
{
	enum tcp_segment kind = tcp_kind(flags);
	struct tcp_cell want = (from6 ? row->v6 : row->v4)[kind];

	if (!config->rst_during_fin && kind == SEG_RST &&
	    (row->state == S(V6_FIN) || row->state == S(V4_FIN))) {
		want.state = row->state;
		want.life = EST;
	}
	if (!config->inbound_refresh && !from6 && want.state == row->state)
		want.life = KEEP;

	return want;
}

static u32 tcp_least(const struct tcp_cell *want)
{
	switch (want->life) {
	case EST:
		return TCP_EST;
	case TRANS:
		return TCP_TRANS;
	case OPEN:
		return TCP_OPEN;
	default:
		/* from the last use on */
		return tcp_timeout(want->state) - TCP_IDLE;
	}
}

static void tcp_check_cell(struct kunit *test, const struct tcp_row *row,
			   bool from6, u8 flags)
{
	struct tcp_ctx *ctx = test->priv;
	struct tcp_cell want = tcp_want(&ctx->config, row, from6, flags);
	u32 left, least;
	bool reset;

	tcp_start(ctx, row->state);
	tcp_segment(ctx, flags, from6);
	left = tcp_life_left(test);

	least = tcp_least(&want);
	if (ctx->s.state != want.state || !tcp_life_fits(left, least))
		KUNIT_FAIL(test, "%s, flags %02x from IPv%d: state %u for %u ticks; want %u, %u s",
			   row->name, flags, from6 ? 6 : 4, ctx->s.state, left,
			   want.state, least);
	/* Only an RST leads to TRANS. */
	reset = want.state == S(TRANS);
	if (ctx->s.reset != reset)
		KUNIT_FAIL(test, "%s, flags %02x from IPv%d: reset %u",
			   row->name, flags, from6 ? 6 : 4, ctx->s.reset);
}

static void tcp_check_row(struct kunit *test, const struct tcp_row *row)
{
	u32 flags;

	for (flags = 0; flags < 256; flags++) {
		if (!tcp_possible(flags))
			continue;
		tcp_check_cell(test, row, true, flags);
		tcp_check_cell(test, row, false, flags);
	}
}

static void tcp_state(struct kunit *test)
{
	tcp_check_row(test, test->param_value);
}

/* handle-rst-during-fin-rcv off: literal RFC 6146 */
static void tcp_state_literal(struct kunit *test)
{
	struct tcp_ctx *ctx = test->priv;

	ctx->config.rst_during_fin = false;
	tcp_check_row(test, test->param_value);
}

/* inbound-refresh off: IPv4 does not refresh a state, but may change it */
static void tcp_state_outbound(struct kunit *test)
{
	struct tcp_ctx *ctx = test->priv;

	ctx->config.inbound_refresh = false;
	tcp_check_row(test, test->param_value);
}

/* D-6146-prec */
static void tcp_invalid_flags(struct kunit *test)
{
	struct tcphdr th;
	u32 flags;

	for (flags = 0; flags < 256; flags++) {
		th = tcp_flags(flags);
		KUNIT_EXPECT_EQ_MSG(test, nat64_tcp_flags_ok(&th),
				    tcp_possible(flags), "flags %02x", flags);
		KUNIT_EXPECT_EQ_MSG(test, nat64_tcp_opens(&th),
				    (flags & (TCP_SYN | TCP_ACK)) == TCP_SYN,
				    "flags %02x", flags);
	}
}

/* Dead sessions do not change. */
static void tcp_dead(struct kunit *test)
{
	struct tcp_ctx *ctx = test->priv;
	u32 flags, used;

	tcp_start(ctx, S(EST));
	hlist_del_init(&ctx->s.due);
	ctx->s.state = NAT64_STATE_DEAD;
	used = ctx->s.used;
	for (flags = 0; flags < 256; flags++) {
		tcp_segment(ctx, flags, flags % 2);
		KUNIT_EXPECT_EQ(test, ctx->s.state, NAT64_STATE_DEAD);
		KUNIT_EXPECT_EQ(test, ctx->s.used, used);
		KUNIT_EXPECT_TRUE(test, hlist_unhashed(&ctx->s.due));
	}
}

/* Scripts of rfc.md section 8.5: flags from each side. */
struct tcp_script {
	const char *name;
	u8 start;
	struct {
		u8 flags;
		bool from6;
	} step[6];
	u8 state;
	u32 least;
};

static const struct tcp_script tcp_scripts[] = {
	{ "T1 handshake", S(V6_INIT),
	  { { TCP_SYN | TCP_ACK, false }, { TCP_ACK, true } },
	  S(EST), TCP_EST },
	{ "T2 simultaneous open", S(V6_INIT), { { TCP_SYN, false } },
	  S(EST), TCP_EST },
	{ "T3 reset while opening", S(V6_INIT),
	  { { TCP_RST, false }, { TCP_RST | TCP_ACK, true } },
	  S(V6_INIT), TCP_OPEN - TCP_IDLE },
	{ "T4 half closed", S(EST), { { TCP_FIN | TCP_ACK, true } },
	  S(V6_FIN), TCP_EST - TCP_IDLE },
	{ "T4 closed", S(EST),
	  { { TCP_FIN | TCP_ACK, true }, { TCP_FIN | TCP_ACK, false },
	    { TCP_ACK, true }, { TCP_FIN | TCP_ACK, false } },
	  S(V46_FIN), TCP_TRANS },
	{ "T4 closed by IPv4 first", S(EST),
	  { { TCP_FIN | TCP_ACK, false }, { TCP_FIN | TCP_ACK, true } },
	  S(V46_FIN), TCP_TRANS },
	{ "T5 reset, then data", S(EST),
	  { { TCP_RST, false }, { TCP_ACK, true } }, S(EST), TCP_EST },
	{ "T5 reset twice", S(EST),
	  { { TCP_RST, false }, { TCP_RST, true } }, S(TRANS), TCP_TRANS },
	{ "port used again after both FIN", S(V46_FIN),
	  { { TCP_SYN, true }, { TCP_SYN | TCP_ACK, false } },
	  S(EST), TCP_EST },
	{ "the same from IPv4", S(V46_FIN),
	  { { TCP_SYN, false }, { TCP_SYN | TCP_ACK, true } },
	  S(EST), TCP_EST },
	{ "IPv4 opens", S(V4_INIT),
	  { { TCP_SYN | TCP_ACK, true }, { TCP_ACK, false } },
	  S(EST), TCP_EST },
	{ "both open, IPv4 does not answer", S(V4_INIT),
	  { { TCP_SYN, true }, { TCP_ACK, false }, { TCP_SYN, true } },
	  S(V6_INIT), TCP_OPEN },
	{ "both open, IPv4 answers", S(V4_INIT),
	  { { TCP_SYN, true }, { TCP_SYN | TCP_ACK, false } },
	  S(EST), TCP_EST },
};

static void tcp_script_desc(const struct tcp_script *script, char *desc)
{
	strscpy(desc, script->name, KUNIT_PARAM_DESC_SIZE);
}

KUNIT_ARRAY_PARAM(tcp_script, tcp_scripts, tcp_script_desc);

static void tcp_run_script(struct kunit *test)
{
	const struct tcp_script *script = test->param_value;
	struct tcp_ctx *ctx = test->priv;
	u32 left;
	int i;

	tcp_start(ctx, script->start);
	for (i = 0; i < ARRAY_SIZE(script->step) && script->step[i].flags; i++)
		tcp_segment(ctx, script->step[i].flags, script->step[i].from6);
	left = tcp_life_left(test);
	KUNIT_EXPECT_EQ(test, ctx->s.state, script->state);
	KUNIT_EXPECT_TRUE_MSG(test, tcp_life_fits(left, script->least),
			      "%u ticks left, want %u s", left, script->least);
}

static int tcp_setup(struct kunit *test)
{
	struct tcp_ctx *ctx = kunit_kzalloc(test, sizeof(*ctx), GFP_KERNEL);

	if (!ctx)
		return -ENOMEM;
	spin_lock_init(&ctx->shard.lock);
	ctx->table.shards = &ctx->shard;
	ctx->config.timeout[NAT64_TIMEOUT_UDP] = 3;
	ctx->config.timeout[NAT64_TIMEOUT_ICMP] = 5;
	ctx->config.timeout[NAT64_TIMEOUT_TCP_EST] = TCP_EST;
	ctx->config.timeout[NAT64_TIMEOUT_TCP_TRANS] = TCP_TRANS;
	ctx->config.timeout[NAT64_TIMEOUT_TCP_OPEN] = TCP_OPEN;
	ctx->config.rst_during_fin = true;
	ctx->config.inbound_refresh = true;
	test->priv = ctx;
	return 0;
}

static struct kunit_case tcp_cases[] = {
	KUNIT_CASE_PARAM(tcp_state, tcp_row_gen_params),
	KUNIT_CASE_PARAM(tcp_state_literal, tcp_row_gen_params),
	KUNIT_CASE_PARAM(tcp_state_outbound, tcp_row_gen_params),
	KUNIT_CASE(tcp_invalid_flags),
	KUNIT_CASE(tcp_dead),
	KUNIT_CASE_PARAM(tcp_run_script, tcp_script_gen_params),
	{}
};

static struct kunit_suite tcp_suite = {
	.name = "nat64_tcp",
	.init = tcp_setup,
	.test_cases = tcp_cases,
};

kunit_test_suite(tcp_suite);
