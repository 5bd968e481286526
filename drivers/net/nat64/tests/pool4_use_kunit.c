// SPDX-License-Identifier: GPL-2.0-only
/*
 * nat64 - KUnit: use of pool4 entries while ports are allocated and freed and
 * pool4 changes.
 */
#include "../config.h"
#include "../holddown.h"
#include "../pool4-use.h"
#include "../ports.h"
#include "../table.h"
#include "pool4_hosts.h"

#define USE_STEPS	30000
#define USE_TAKEN	400

/* Entries to combine in pool4. Some share addresses. */
static const struct {
	const char *first;
	u32 count;
	u16 min;
	u16 max;
	u8 proto;
} use_entries[] = {
	{ "203.0.113.0", 1, 1, 65535, 0 },
	{ "203.0.113.1", 1, 1000, 1019, 0 },
	{ "203.0.113.1", 1, 1020, 1039, IPPROTO_UDP },
	{ "203.0.113.1", 1, 1020, 1100, IPPROTO_TCP },
	{ "203.0.113.1", 1, 63, 64, 0 },
	{ "203.0.113.4", 4, 2000, 2006, 0 },
	{ "203.0.113.8", 8, 2000, 2001, IPPROTO_ICMP },
	{ "203.0.113.8", 8, 65534, 65535, IPPROTO_UDP },
};

/**
 * struct use_taken - allocated port
 * @addr: address
 * @port: port
 * @proto: protocol
 */
struct use_taken {
	u32 addr;
	u16 port;
	u8 proto;
};

/**
 * struct use_model - expected result
 * @taken: ports that have a binding
 * @count: number of @taken
 * @has: bitmap of use_entries in pool4
 * @peak: highest use, by entry and protocol
 */
struct use_model {
	struct use_taken taken[USE_TAKEN];
	u32 count;
	u32 has;
	u32 peak[ARRAY_SIZE(use_entries)][NAT64_L4_COUNT];
};

static bool use_is_in(u32 i, const struct use_taken *t)
{
	u32 first = nat64_test_addr4(use_entries[i].first);

	return t->addr >= first && t->addr - first < use_entries[i].count &&
	       t->port >= use_entries[i].min && t->port <= use_entries[i].max &&
	       (!use_entries[i].proto || use_entries[i].proto == t->proto);
}

static u32 use_count(const struct use_model *model, u32 i, u8 proto)
{
	u32 n, used = 0;

	for (n = 0; n < model->count; n++)
		used += model->taken[n].proto == proto &&
			use_is_in(i, &model->taken[n]);
	return used;
}

/* Number of ports of an entry held down. */
static u32 use_held_down(struct pool4_ctx *ctx, u32 i, u8 proto)
{
	u32 first = nat64_test_addr4(use_entries[i].first), n, held_down = 0;
	struct nat64_ports *ports;

	if (use_entries[i].proto && use_entries[i].proto != proto)
		return 0;
	for (n = 0; n < use_entries[i].count; n++) {
		ports = xa_load(&ctx->table.ports[nat64_l4_of(proto)],
				first + n);
		if (ports)
			held_down += nat64_holddown_count(&ports->held,
							use_entries[i].min,
							use_entries[i].max);
	}
	return held_down;
}

/* Record an allocated port and update the peaks. */
static void use_taken(struct use_model *model, const struct use_taken *t)
{
	u32 i, l4 = nat64_l4_of(t->proto);

	model->taken[model->count++] = *t;
	for (i = 0; i < ARRAY_SIZE(use_entries); i++)
		if (model->has & BIT(i))
			model->peak[i][l4] = max(model->peak[i][l4],
						 use_count(model, i, t->proto));
}

static void use_get(struct pool4_ctx *ctx, struct use_model *model)
{
	struct use_taken t = {};

	t.proto = pool4_protos[nat64_test_below(&ctx->rnd, 3)];
	if (model->count == USE_TAKEN ||
	    pool4_get(ctx, prandom_u32_state(&ctx->rnd), t.proto,
		      prandom_u32_state(&ctx->rnd), &t.addr, &t.port))
		return;
	use_taken(model, &t);
}

/* Allocate a specific port, in pool4 or not, as for a static binding. */
static void use_claim(struct pool4_ctx *ctx, struct use_model *model)
{
	struct use_taken t = {
		.addr = nat64_test_addr4("203.0.113.0") +
			nat64_test_below(&ctx->rnd, 16),
		.port = nat64_test_below(&ctx->rnd, 2) ?
			1000 + nat64_test_below(&ctx->rnd, 1100) : 65534,
		.proto = pool4_protos[nat64_test_below(&ctx->rnd, 3)],
	};
	struct nat64_key4 key = {
		.addr = htonl(t.addr),
		.port = htons(t.port),
		.proto = t.proto,
	};
	int err;

	if (model->count == USE_TAKEN)
		return;
	rcu_read_lock();
	err = nat64_pool4_alloc_exact(&ctx->table, ctx->config, &key,
				      GFP_ATOMIC);
	rcu_read_unlock();
	if (!err)
		use_taken(model, &t);
}

static void use_put(struct pool4_ctx *ctx, struct use_model *model)
{
	struct use_taken *t;

	if (!model->count)
		return;
	t = &model->taken[nat64_test_below(&ctx->rnd, model->count)];
	pool4_put(ctx, t->proto, t->addr, t->port);
	*t = model->taken[--model->count];
}

/* Change pool4. Entries that stay move to another index. */
static void use_change(struct kunit *test, struct use_model *model)
{
	struct pool4_ctx *ctx = test->priv;
	struct nat64_config *old = ctx->config;
	struct nat64_pool4_entry *entry;
	u32 has, i, l4, n;

	/* at least one: an empty pool4 means the host's addresses */
	has = 1 + nat64_test_below(&ctx->rnd, BIT(ARRAY_SIZE(use_entries)) - 1);

	ctx->config = kzalloc(struct_size(old, pool4, POOL4_ENTRIES),
			      GFP_KERNEL);
	KUNIT_ASSERT_NOT_NULL(test, ctx->config);
	ctx->config->hold_down = old->hold_down;
	ctx->config->hold_down_percent = old->hold_down_percent;
	for (n = 0, i = model->has; n < ARRAY_SIZE(use_entries); n++) {
		i = (i + 1) % ARRAY_SIZE(use_entries);
		if (!(has & BIT(i)))
			continue;
		entry = pool4_add(ctx, use_entries[i].first,
				  use_entries[i].count, use_entries[i].min,
				  use_entries[i].max);
		entry->proto = use_entries[i].proto;
		entry->mark = i;
		entry->stat = nat64_use_create(entry);
		KUNIT_ASSERT_NOT_NULL(test, entry->stat);
	}
	nat64_use_inherit(ctx->config, old);
	nat64_pool4_changed(&ctx->table, ctx->config);
	nat64_pool4_trim(&ctx->table, ctx->config, 0, U32_MAX);
	nat64_config_free(old);

	for (i = 0; i < ARRAY_SIZE(use_entries); i++)
		for (l4 = 0; l4 < NAT64_L4_COUNT && has & ~model->has & BIT(i);
		     l4++)
			model->peak[i][nat64_l4_of(pool4_protos[l4])] =
				use_count(model, i, pool4_protos[l4]);
	model->has = has;
}

static void use_check(struct kunit *test, const struct use_model *model, u32 n)
{
	struct pool4_ctx *ctx = test->priv;
	const struct nat64_pool4_entry *entry;
	const struct nat64_use *use;
	u32 i, p, l4, index;

	for (i = 0; i < ctx->config->pool4_count; i++) {
		entry = &ctx->config->pool4[i];
		index = entry->mark;
		for (p = 0; p < ARRAY_SIZE(pool4_protos); p++) {
			l4 = nat64_l4_of(pool4_protos[p]);
			use = &entry->stat->use[l4];
			KUNIT_ASSERT_EQ_MSG(test, atomic_read(&use->used),
					    use_count(model, index,
						      pool4_protos[p]),
					    "step %u, entry %u", n, index);
			KUNIT_ASSERT_EQ_MSG(test, atomic_read(&use->held_down),
					    use_held_down(ctx, index,
							  pool4_protos[p]),
					    "step %u, entry %u", n, index);
			KUNIT_ASSERT_EQ_MSG(test, atomic_read(&use->peak),
					    model->peak[index][l4],
					    "step %u, entry %u", n, index);
		}
	}
}

/* Each entry has exact counters, whatever is allocated, freed or held down, and
 * whatever entries pool4 has.
 */
static void use_exact(struct kunit *test)
{
	struct pool4_ctx *ctx = test->priv;
	struct nat64_config *config;
	struct use_model *model;
	u32 n;

	model = kunit_kzalloc(test, sizeof(*model), GFP_KERNEL);
	config = kzalloc_obj(*config, GFP_KERNEL);
	KUNIT_ASSERT_NOT_NULL(test, model);
	KUNIT_ASSERT_NOT_NULL(test, config);
	config->hold_down = 120;
	config->hold_down_percent = 20;
	ctx->config = config;
	for (n = 0; n < USE_STEPS; n++) {
		if (n % 300 == 0)
			use_change(test, model);
		ctx->mark = nat64_test_below(&ctx->rnd,
					     ARRAY_SIZE(use_entries));
		switch (nat64_test_below(&ctx->rnd, 8)) {
		case 0 ... 3:
			use_get(ctx, model);
			break;
		case 4:
			use_claim(ctx, model);
			break;
		default:
			use_put(ctx, model);
			break;
		}
		if (n % 10 == 0 || n % 300 < 3)
			use_check(test, model, n);
	}
	nat64_config_free(ctx->config);
}

static void use_total(struct kunit *test)
{
	static const struct nat64_pool4_entry entry = {
		.addrs = { 0x0a000000, 0x0affffff },
		.port_min = 1,
		.port_max = 65535,
	};
	struct nat64_pool4_stat *stat = nat64_use_create(&entry);

	KUNIT_ASSERT_NOT_NULL(test, stat);
	KUNIT_EXPECT_EQ(test, stat->total, 0xffffULL << 24);
	nat64_use_release(stat);
}

static struct kunit_case pool4_use_cases[] = {
	KUNIT_CASE(use_exact),
	KUNIT_CASE(use_total),
	{}
};

static struct kunit_suite pool4_use_suite = {
	.name = "nat64_pool4_use",
	.init = pool4_init,
	.exit = pool4_exit,
	.test_cases = pool4_use_cases,
};

kunit_test_suite(pool4_use_suite);
