/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * nat64 - helpers of the KUnit suites of pool4: allocate IPv4 transport
 * addresses for one host at a time.
 */
#ifndef _NAT64_TESTS_POOL4_HOSTS_H
#define _NAT64_TESTS_POOL4_HOSTS_H

#include <linux/rcupdate.h>
#include <linux/siphash.h>
#include <net/ipv6.h>

#include "../config.h"
#include "../nat64.h"
#include "../pool4.h"
#include "../subscriber.h"
#include "../table.h"
#include "helpers.h"

#define POOL4_ENTRIES	8
#define POOL4_PORTS	65536
#define POOL4_ADDRS	32

/**
 * struct pool4_ctx - test context
 * @table: table to allocate ports from
 * @config: configuration with room for POOL4_ENTRIES entries
 * @sub: subscriber (host) of the last allocation
 * @mark: mark of packets
 * @rnd: random number generator
 * @taken: allocated ports of the addresses from 203.0.113.0 on
 */
struct pool4_ctx {
	struct nat64_table table;
	struct nat64_config *config;
	struct nat64_subscriber sub;
	u32 mark;
	struct rnd_state rnd;
	DECLARE_BITMAP(taken[POOL4_ADDRS], POOL4_PORTS);
};

static inline struct nat64_pool4_entry *
pool4_add(struct pool4_ctx *ctx, const char *first, u32 count, u16 min,
	  u16 max)
{
	struct nat64_config *config = ctx->config;
	struct nat64_pool4_entry *entry = &config->pool4[config->pool4_count];

	config->pool4_count++;
	entry->addrs.first = nat64_test_addr4(first);
	entry->addrs.last = entry->addrs.first + count - 1;
	entry->port_min = min;
	entry->port_max = max;
	return entry;
}

/* Allocate for port @port of host number @host. A host that differs from the
 * last one has no address yet.
 */
static inline enum nat64_reason pool4_get(struct pool4_ctx *ctx, u32 host,
					  u8 proto, u16 port, u32 *addr4,
					  u16 *port4)
{
	struct nat64_key6 key = {
		.addr = { .s6_addr = { 0x20, 0x01, 0x0d, 0xb8 } },
		.port = htons(port),
		.proto = proto,
	};
	struct nat64_key4 got = {};
	enum nat64_reason reason;

	key.addr.s6_addr32[3] = htonl(host);
	if (!ipv6_addr_equal(&key.addr, &ctx->sub.key.prefix)) {
		memset(&ctx->sub, 0, sizeof(ctx->sub));
		ctx->sub.key.prefix = key.addr;
		ctx->sub.pair.hash = siphash(&ctx->sub.key,
					     sizeof(ctx->sub.key),
					     &ctx->table.secret);
	}
	rcu_read_lock_bh();
	reason = nat64_pool4_alloc(&ctx->table, ctx->config, &ctx->sub.pair,
				   &key, ctx->mark, &got);
	rcu_read_unlock_bh();
	*addr4 = ntohl(got.addr);
	*port4 = ntohs(got.port);
	return reason;
}

static inline void pool4_put(struct pool4_ctx *ctx, u8 proto, u32 addr4,
			     u16 port4)
{
	struct nat64_key4 key = {
		.addr = htonl(addr4),
		.port = htons(port4),
		.proto = proto,
	};

	nat64_pool4_free(&ctx->table, ctx->config, &key);
}

/* Allocate, and expect a port that was not allocated before. */
static inline bool pool4_take(struct kunit *test, u32 host, u8 proto, u16 port,
			      u32 *addr4, u16 *port4)
{
	struct pool4_ctx *ctx = test->priv;
	enum nat64_reason reason;
	u32 n;

	reason = pool4_get(ctx, host, proto, port, addr4, port4);
	if (reason) {
		KUNIT_FAIL(test, "host %u port %u: reason %d", host, port,
			   reason);
		return false;
	}
	n = *addr4 - nat64_test_addr4("203.0.113.0");
	/* D-6146-port0 */
	if (n >= ARRAY_SIZE(ctx->taken) || !*port4 ||
	    __test_and_set_bit(*port4, ctx->taken[n])) {
		KUNIT_FAIL(test, "host %u port %u: got %x:%u", host, port,
			   *addr4, *port4);
		return false;
	}
	return true;
}

static const u8 pool4_protos[] = { IPPROTO_TCP, IPPROTO_UDP, IPPROTO_ICMP };

static inline void pool4_proto_desc(const u8 *proto, char *desc)
{
	snprintf(desc, KUNIT_PARAM_DESC_SIZE, "protocol %u", *proto);
}

static inline int pool4_init(struct kunit *test)
{
	struct pool4_ctx *ctx = kunit_kzalloc(test, sizeof(*ctx), GFP_KERNEL);

	if (!ctx)
		return -ENOMEM;
	ctx->config = kunit_kzalloc(test, struct_size(ctx->config, pool4,
						      POOL4_ENTRIES),
				    GFP_KERNEL);
	if (!ctx->config)
		return -ENOMEM;
	prandom_seed_state(&ctx->rnd, 6056);
	nat64_pool4_init(&ctx->table);
	/* the same ports in every run */
	memset(&ctx->table.secret, 0x42, sizeof(ctx->table.secret));
	test->priv = ctx;
	return 0;
}

static inline void pool4_exit(struct kunit *test)
{
	struct pool4_ctx *ctx = test->priv;

	if (ctx)
		nat64_pool4_destroy(&ctx->table);
}

#endif /* _NAT64_TESTS_POOL4_HOSTS_H */
