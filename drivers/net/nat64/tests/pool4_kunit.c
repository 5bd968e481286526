// SPDX-License-Identifier: GPL-2.0-only
/*
 * nat64 - KUnit: allocation of IPv4 transport addresses, RFC 6146 section
 * 3.5.1.1.
 */
#include <linux/ktime.h>
#include <linux/rcupdate.h>
#include <net/ipv6.h>

#include "../config.h"
#include "../nat64.h"
#include "../pool4.h"
#include "../subscriber.h"
#include "helpers.h"

#define POOL4_ENTRIES	8
#define POOL4_PORTS	65536
#define POOL4_ADDRS	32

/**
 * struct pool4_ctx - what a test works with
 * @table: whose ports are allocated
 * @config: with room for POOL4_ENTRIES entries
 * @sub: host of the last allocation, each is a subscriber
 * @mark: of the packets
 * @rnd: random numbers
 * @taken: ports that were allocated, for the first addresses of 203.0.113.0
 */
struct pool4_ctx {
	struct nat64_table table;
	struct nat64_config *config;
	struct nat64_subscriber sub;
	u32 mark;
	struct rnd_state rnd;
	DECLARE_BITMAP(taken[POOL4_ADDRS], POOL4_PORTS);
};

static struct nat64_pool4_entry *pool4_add(struct pool4_ctx *ctx,
					   const char *first, u32 count,
					   u16 min, u16 max)
{
	struct nat64_config *config = ctx->config;
	struct nat64_pool4_entry *entry = &config->pool4[config->pool4_count];

	config->pool4_count++;
	entry->addrs.first = nat64_test_addr4(first);
	entry->addrs.last = entry->addrs.first + count - 1;
	entry->port_min = min;
	entry->port_max = max;
	config->pool4_addrs += count;
	return entry;
}

/* Allocate for port @port of host number @host, who has no address yet if the
 * last one was another.
 */
static enum nat64_reason pool4_get(struct pool4_ctx *ctx, u32 host, u8 proto,
				   u16 port, u32 *addr4, u16 *port4)
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
	}
	rcu_read_lock_bh();
	reason = nat64_pool4_get(&ctx->table, ctx->config, &ctx->sub, &key,
				 ctx->mark, &got);
	rcu_read_unlock_bh();
	*addr4 = ntohl(got.addr);
	*port4 = ntohs(got.port);
	return reason;
}

static void pool4_put(struct pool4_ctx *ctx, u8 proto, u32 addr4, u16 port4)
{
	struct nat64_key4 key = {
		.addr = htonl(addr4),
		.port = htons(port4),
		.proto = proto,
	};

	nat64_pool4_put(&ctx->table, ctx->config, &key);
}

/* Allocate, and expect it to work and to be new. */
static bool pool4_take(struct kunit *test, u32 host, u8 proto, u16 port,
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

static void pool4_proto_desc(const u8 *proto, char *desc)
{
	snprintf(desc, KUNIT_PARAM_DESC_SIZE, "protocol %u", *proto);
}

KUNIT_ARRAY_PARAM(pool4_proto, pool4_protos, pool4_proto_desc);

/* R6146-3.5.1.1-b, -c: as long as there are such ports */
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
		/* the borders, and an identifier of any kind */
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

/* All of the least range are taken before another, and parity is kept until
 * no port has it: R6146-3.5.1.1-b.
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
		/* 12 odd ones below 1024, and as many above */
		if (n % 24 < 12)
			KUNIT_ASSERT_EQ_MSG(test, port4 % 2, 1, "number %u", n);
	}
	KUNIT_EXPECT_EQ(test, pool4_get(ctx, n, IPPROTO_UDP, 501, &addr4,
					&port4), NAT64_DROP_POOL4_FULL);
}

/* R6146-3.5.1.1-d, -e: each is given out once, all are, then there is none;
 * what is given back can be had again.
 */
static void pool4_fill(struct kunit *test)
{
	u8 proto = *(const u8 *)test->param_value;
	struct pool4_ctx *ctx = test->priv;
	u32 n, addr4, free4, total;
	u16 port4, free;

	/* words of the bitmap are begun and shared, addresses have several */
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

/* D-6146-port0: never 0, and all others. */
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

/* One protocol's ports are not another's: R6146-3.1-a. */
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
	/* one that is given back is free for its own protocol only */
	pool4_put(ctx, IPPROTO_TCP, nat64_test_addr4("203.0.113.1"), 5003);
	KUNIT_EXPECT_EQ(test, pool4_get(ctx, n, IPPROTO_UDP, 5003, &addr4,
					&port4), NAT64_DROP_POOL4_FULL);
	KUNIT_EXPECT_EQ(test, pool4_get(ctx, n, IPPROTO_TCP, 5003, &addr4,
					&port4), NAT64_OK);
	KUNIT_EXPECT_EQ(test, port4, 5003);
}

/* R6146-3.5.1.1-a: a host has one address, in all protocols; hosts share out
 * the addresses.
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
	/* 50 each on average; 5 standard deviations */
	for (n = 0; n < 8; n++) {
		KUNIT_EXPECT_GT_MSG(test, hosts[n], 17, "address %u", n);
		KUNIT_EXPECT_LT_MSG(test, hosts[n], 83, "address %u", n);
	}
}

/* R7857-4-a: when a host's address is full, it gets another one, or none. */
static void pool4_overflow(struct kunit *test)
{
	struct pool4_ctx *ctx = test->priv;
	u32 n, addr4, first = 0;
	u16 port4;

	pool4_add(ctx, "203.0.113.0", 8, 2000, 2009);
	for (n = 0; n < 80; n++) {
		if (n == 10) {
			/* no protocol gets another */
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
	/* the other protocols are not full: still the first address */
	KUNIT_EXPECT_EQ(test, pool4_get(ctx, 1, IPPROTO_UDP, 5, &addr4, &port4),
			NAT64_OK);
	KUNIT_EXPECT_EQ(test, addr4, first);
}

/* R6146-3.5.1.1-a: an address that pool4 no longer has is given up. */
static void pool4_moved(struct kunit *test)
{
	struct pool4_ctx *ctx = test->priv;
	u32 addr4, first;
	u16 port4;

	pool4_add(ctx, "203.0.113.0", 4, 1, 65535);
	if (!pool4_take(test, 1, IPPROTO_UDP, 3000, &first, &port4))
		return;
	ctx->config->pool4[0].addrs.first = nat64_test_addr4("203.0.113.16");
	ctx->config->pool4[0].addrs.last = nat64_test_addr4("203.0.113.19");
	nat64_pool4_changed(&ctx->table);
	if (!pool4_take(test, 1, IPPROTO_UDP, 3001, &first, &port4))
		return;
	KUNIT_EXPECT_GE(test, first, nat64_test_addr4("203.0.113.16"));

	/* more addresses, the hash tells another: it stays */
	ctx->config->pool4[0].addrs.last = nat64_test_addr4("203.0.113.31");
	nat64_pool4_changed(&ctx->table);
	if (!pool4_take(test, 1, IPPROTO_TCP, 3002, &addr4, &port4))
		return;
	KUNIT_EXPECT_EQ(test, addr4, first);
}

/* Entries for one protocol are for no other, R6888-R3-a. */
static void pool4_entry_proto(struct kunit *test)
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

/* A packet uses the entries with its mark, or those without one; never the
 * others, not even when its own are full.
 */
static void pool4_marks(struct kunit *test)
{
	static const struct {
		u32 mark;
		u8 proto;
		u16 min;
	} rows[] = {
		{ 0, IPPROTO_UDP, 2000 },
		{ 7, IPPROTO_UDP, 2010 },
		{ 8, IPPROTO_UDP, 2020 },
		/* no entry has it */
		{ 9, IPPROTO_UDP, 2000 },
		/* none for this protocol */
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

/* R6888-R8-a: what was freed rests, unless TCP had it; so many may rest, and
 * then the oldest goes; nobody is refused because of those that do.
 */
static void pool4_hold_down(struct kunit *test)
{
	u8 proto = *(const u8 *)test->param_value;
	struct pool4_ctx *ctx = test->priv;
	struct nat64_pool4_use use;
	u16 port4, first, freed[12];
	u32 n, addr4;

	ctx->config->hold_down = 120;
	ctx->config->hold_down_percent = 12;
	/* 12 of 100 may rest, on an address that has two entries */
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
	KUNIT_EXPECT_EQ(test, use.addr, htonl(0xcb007101));
	KUNIT_EXPECT_EQ(test, use.used, 0);
	KUNIT_EXPECT_EQ(test, use.resting, 12);
	KUNIT_EXPECT_FALSE(test, nat64_pool4_next(&ctx->table, ctx->config,
						  proto, 0xcb007102, &use));

	/* 88 others, one of which pushes out the oldest, that is then had */
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

	/* no other is free: those that rest, the oldest first, are taken */
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

	/* none rests any more: at once, with 0 seconds, and with 0 percent */
	ctx->config->hold_down = 0;
	pool4_put(ctx, proto, nat64_test_addr4("203.0.113.1"), first);
	ctx->config->hold_down = 120;
	ctx->config->hold_down_percent = 0;
	pool4_put(ctx, proto, nat64_test_addr4("203.0.113.1"), freed[3]);
	KUNIT_EXPECT_TRUE(test, nat64_pool4_next(&ctx->table, ctx->config,
						 proto, 0, &use));
	KUNIT_EXPECT_EQ(test, use.used, 98);
	KUNIT_EXPECT_EQ(test, use.resting, 0);
}

/* A static binding may have any port that no other has. */
static void pool4_claim(struct kunit *test)
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
	KUNIT_EXPECT_EQ(test, nat64_pool4_claim(&ctx->table, &key), 0);
	KUNIT_EXPECT_EQ(test, nat64_pool4_claim(&ctx->table, &key),
			-EADDRINUSE);
	nat64_pool4_put(&ctx->table, ctx->config, &key);
	/* it rests, which does not keep the administrator from it */
	KUNIT_EXPECT_EQ(test, nat64_pool4_claim(&ctx->table, &key), 0);
	__set_bit(3003, ctx->taken[1]);
	for (n = 0; n < 9; n++)
		if (!pool4_take(test, n, IPPROTO_UDP, 5000, &addr4, &port4))
			return;
	KUNIT_EXPECT_EQ(test, pool4_get(ctx, n, IPPROTO_UDP, 1, &addr4, &port4),
			NAT64_DROP_POOL4_FULL);
	/* outside */
	key.port = htons(80);
	KUNIT_EXPECT_EQ(test, nat64_pool4_claim(&ctx->table, &key), 0);
	nat64_pool4_release(&ctx->table, &key);
	KUNIT_EXPECT_EQ(test, pool4_get(ctx, n, IPPROTO_UDP, 1, &addr4, &port4),
			NAT64_DROP_POOL4_FULL);
}

/* Nanoseconds that an allocation takes, one given back before each. */
static u64 pool4_time(struct pool4_ctx *ctx, const u16 *ports, u32 count)
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

/* As fast at 99 % as at 1 %, and no slower when there is none. */
static void pool4_cost(struct kunit *test)
{
	struct pool4_ctx *ctx = test->priv;
	u16 *ports = kunit_kcalloc(test, 65536, sizeof(*ports), GFP_KERNEL);
	u64 few, many, none;
	u32 n = 0, addr4;

	KUNIT_ASSERT_NOT_NULL(test, ports);
	/* those in @ports come back in the order they went: oldest first */
	pool4_add(ctx, "203.0.113.1", 1, 1, 65535);
	for (; n < 655 + 10000; n++)
		pool4_get(ctx, 1, IPPROTO_UDP, n, &addr4, &ports[n]);
	few = pool4_time(ctx, ports, 10000);
	for (; n < 64880; n++)
		pool4_get(ctx, 1, IPPROTO_UDP, n, &addr4, &ports[n]);
	many = pool4_time(ctx, ports + 20000, 10000);
	while (!pool4_get(ctx, 1, IPPROTO_UDP, n, &addr4, ports))
		n++;
	none = pool4_time(ctx, NULL, 0);
	kunit_info(test, "ns: %llu of many free ports, %llu of few, %llu of none",
		   few, many, none);
	KUNIT_EXPECT_NE(test, few, U64_MAX);
	KUNIT_EXPECT_LT(test, many, 3 * few);
	KUNIT_EXPECT_LT(test, none, 3 * few);
}

/* However many addresses there are, none is passed over. */
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

	/* one more port on each */
	ctx->config->pool4[0].port_max++;
	nat64_pool4_changed(&ctx->table);
	for (n = 0; n < POOL4_ADDRS; n++)
		if (!pool4_take(test, 3, IPPROTO_TCP, n, &addr4, &port4))
			return;
}

/* R6056-4-a, R6056-3.3-a: nobody sees one port and knows the next. */
static void pool4_unpredictable(struct kunit *test)
{
	struct pool4_ctx *ctx = test->priv;
	u32 n, addr4, close = 0, low = 0;
	u16 port4, last = 0;

	pool4_add(ctx, "203.0.113.1", 1, 1024, 65535);
	for (n = 0; n < 1000; n++) {
		/* the ports of one host, one after the other */
		if (!pool4_take(test, 1, IPPROTO_TCP, 40000 + n, &addr4,
				&port4))
			return;
		close += abs((int)port4 - last) < 64;
		low += port4 < 1024 + 64512 / 2;
		last = port4;
	}
	/* 2 and 500 are to be expected */
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

/* First and last address and port of each entry, and their neighbours */
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

static int pool4_init(struct kunit *test)
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

static void pool4_exit(struct kunit *test)
{
	struct pool4_ctx *ctx = test->priv;

	if (ctx)
		nat64_pool4_destroy(&ctx->table);
}

static struct kunit_case pool4_cases[] = {
	KUNIT_CASE_PARAM(pool4_range_and_parity, pool4_proto_gen_params),
	KUNIT_CASE(pool4_order),
	KUNIT_CASE_PARAM(pool4_fill, pool4_proto_gen_params),
	KUNIT_CASE_PARAM(pool4_all_ports, pool4_proto_gen_params),
	KUNIT_CASE(pool4_protocols),
	KUNIT_CASE(pool4_paired),
	KUNIT_CASE(pool4_overflow),
	KUNIT_CASE(pool4_moved),
	KUNIT_CASE(pool4_entry_proto),
	KUNIT_CASE(pool4_marks),
	KUNIT_CASE_PARAM(pool4_hold_down, pool4_proto_gen_params),
	KUNIT_CASE(pool4_claim),
	KUNIT_CASE(pool4_cost),
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
