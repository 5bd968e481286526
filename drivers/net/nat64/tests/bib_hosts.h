/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * nat64 - helpers of the KUnit suites of bindings: hosts that open and close
 * sessions.
 */
#ifndef _NAT64_TESTS_BIB_HOSTS_H
#define _NAT64_TESTS_BIB_HOSTS_H

#include <linux/module.h>
#include <net/net_namespace.h>

#include "../config.h"
#include "../events.h"
#include "../nat64.h"
#include "../pool4.h"
#include "../session.h"
#include "../table.h"
#include "helpers.h"

/**
 * struct bib_ctx - context of a test
 * @nat64: device with the parts that bindings use
 * @config: configuration with one entry of pool4
 * @rnd: random number state
 */
struct bib_ctx {
	struct nat64_dev nat64;
	struct nat64_config *config;
	struct rnd_state rnd;
};

static const struct nat64_trigger bib_deleted = {
	.cause = NAT64_CAUSE_DELETED,
};

static inline struct nat64_key6 bib_key(u32 host, u16 port)
{
	struct nat64_key6 key = {
		.addr = { .s6_addr = { 0x20, 0x01, 0x0d, 0xb8 } },
		.port = htons(port),
		.proto = IPPROTO_UDP,
	};

	key.addr.s6_addr32[3] = htonl(host);
	return key;
}

/* Create binding and session like the first packet of a flow. */
static inline enum nat64_reason bib_open(struct bib_ctx *ctx, u32 host,
					 u16 port, u16 rport)
{
	struct nat64_table *table = ctx->nat64.table;
	struct nat64_key6 key = bib_key(host, port);
	struct nat64_flow flow = {
		.remote = htonl(1),
		.rport = htons(rport),
		.state = NAT64_STATE_UDP,
		.origin = NAT64_FROM_IPV6,
	};
	enum nat64_reason reason = NAT64_OK;
	struct nat64_session *s = NULL;
	struct nat64_binding *b;

	rcu_read_lock();
	local_bh_disable();
	b = nat64_binding_find6(table, &key);
	if (!b)
		b = nat64_binding_create(table, ctx->config, &key, NULL, 0,
					 &reason);
	if (b)
		s = nat64_session_create(table, ctx->config, b, &flow,
					 &reason);
	local_bh_enable();
	rcu_read_unlock();
	return s ? NAT64_OK : reason;
}

/* End a session of a binding. */
static inline bool bib_close(struct bib_ctx *ctx, u32 host, u16 port, u16 rport)
{
	struct nat64_table *table = ctx->nat64.table;
	struct nat64_skey6 key = {
		.addr = bib_key(host, 0).addr,
		.port = htons(port),
		.remote = htonl(1),
		.rport = htons(rport),
		.proto = IPPROTO_UDP,
	};
	struct nat64_binding *b;
	struct nat64_session *s;
	spinlock_t *lock;

	rcu_read_lock();
	s = nat64_session_find6(table, &key, &b);
	if (s) {
		lock = &nat64_binding_shard(table, s->binding)->lock;
		spin_lock_bh(lock);
		nat64_session_kill(table, s, &bib_deleted);
		spin_unlock_bh(lock);
	}
	rcu_read_unlock();
	return s;
}

static inline int bib_add(struct bib_ctx *ctx, u32 host, u16 port, u32 addr4,
			  u16 port4, bool is_static)
{
	struct nat64_key6 key = bib_key(host, port);

	return nat64_binding_add(ctx->nat64.table, ctx->config, &key,
				 htonl(addr4), htons(port4), is_static, 0, NULL);
}

static inline int bib_remove(struct bib_ctx *ctx, u32 host, u16 port)
{
	struct nat64_key6 key = bib_key(host, port);

	return nat64_binding_remove(ctx->nat64.table, &key, &bib_deleted);
}

static inline struct nat64_binding *bib_find(struct bib_ctx *ctx, u32 host,
					     u16 port)
{
	struct nat64_key6 key = bib_key(host, port);
	struct nat64_binding *b;

	rcu_read_lock();
	b = nat64_binding_find6(ctx->nat64.table, &key);
	rcu_read_unlock();
	return b;
}

/* Some kernels run suites before module init, which creates the caches. */
static inline bool bib_is_early(void)
{
	return THIS_MODULE->state == MODULE_STATE_COMING;
}

static inline int bib_suite_init(struct kunit_suite *suite)
{
	return bib_is_early() ? nat64_table_caches_create() : 0;
}

static inline void bib_suite_exit(struct kunit_suite *suite)
{
	if (bib_is_early())
		nat64_table_caches_destroy();
}

static inline int bib_init(struct kunit *test)
{
	struct bib_ctx *ctx = kunit_kzalloc(test, sizeof(*ctx), GFP_KERNEL);
	struct nat64_config *config;

	if (!ctx)
		return -ENOMEM;
	config = kunit_kzalloc(test, struct_size(config, pool4, 1), GFP_KERNEL);
	ctx->nat64.dev = kunit_kzalloc(test, sizeof(*ctx->nat64.dev),
				       GFP_KERNEL);
	if (!config || !ctx->nat64.dev)
		return -ENOMEM;

	dev_net_set(ctx->nat64.dev, &init_net);
	strscpy(ctx->nat64.dev->name, "kunit", sizeof(ctx->nat64.dev->name));
	config->pool4_count = 1;
	config->pool4[0].addrs.first = nat64_test_addr4("203.0.113.1");
	config->pool4[0].addrs.last = config->pool4[0].addrs.first;
	config->pool4[0].port_min = 2000;
	config->pool4[0].port_max = 2009;
	config->subscriber_len = 128;
	config->timeout[NAT64_TIMEOUT_UDP] = 300;
	ctx->config = config;
	RCU_INIT_POINTER(ctx->nat64.config, config);
	prandom_seed_state(&ctx->rnd, 6146);
	test->priv = ctx;
	return nat64_table_create(&ctx->nat64);
}

static inline void bib_exit(struct kunit *test)
{
	struct bib_ctx *ctx = test->priv;

	if (ctx)
		nat64_table_destroy(&ctx->nat64);
}

#endif /* _NAT64_TESTS_BIB_HOSTS_H */
