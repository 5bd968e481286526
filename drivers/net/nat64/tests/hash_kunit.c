// SPDX-License-Identifier: GPL-2.0-only
/*
 * nat64 - KUnit: hash function of the tables.
 */
#include <linux/bitops.h>
#include <linux/module.h>

#include "../hash.h"
#include "../session.h"
#include "helpers.h"

#define HASH_KEYS	65536
#define HASH_BUCKETS	65536

/* Typical keys of a busy host: sequential ports and remote hosts. */
static struct nat64_skey6 hash_key(u32 n)
{
	struct nat64_skey6 key = {
		.addr = { .s6_addr = { 0x20, 0x01, 0x0d, 0xb8 } },
		.port = htons(1024 + n % 256),
		.rport = htons(443),
		.remote = htonl(0xc6336400 + n / 256),
		.proto = IPPROTO_TCP,
	};

	return key;
}

/* With a random function, fewer than one in ten tables have a bucket with nine
 * or more keys, and practically none has one with more than twelve.
 */
static void hash_spread(struct kunit *test)
{
	u8 *count = kunit_kzalloc(test, HASH_BUCKETS, GFP_KERNEL);
	struct nat64_skey6 key;
	u32 n, used = 0, most = 0;

	KUNIT_ASSERT_NOT_NULL(test, count);
	for (n = 0; n < HASH_KEYS; n++) {
		u8 *c;

		key = hash_key(n);
		c = &count[nat64_hash(&key, sizeof(key), 0) % HASH_BUCKETS];
		used += !*c;
		most = max_t(u32, most, ++*c);
	}
	/* 1 - 1/e of the buckets, within a few percent */
	KUNIT_EXPECT_GT(test, used, HASH_BUCKETS * 62 / 100);
	KUNIT_EXPECT_LT(test, used, HASH_BUCKETS * 65 / 100);
	KUNIT_EXPECT_LE(test, most, 12U);
}

/* Another seed results in other hashes. */
static void hash_seed(struct kunit *test)
{
	struct nat64_skey6 key;
	u32 n, bits = 0, same = 0;

	for (n = 0; n < 1000; n++) {
		u32 a, b;

		key = hash_key(n);
		a = nat64_hash(&key, sizeof(key), n);
		b = nat64_hash(&key, sizeof(key), n + 1);
		same += a == b;
		bits += hweight32(a ^ b);
		KUNIT_EXPECT_EQ(test, nat64_hash(&key, sizeof(key), n), a);
	}
	KUNIT_EXPECT_LE(test, same, 1U);
	/* half of 32 */
	KUNIT_EXPECT_GT(test, bits, 15500U);
	KUNIT_EXPECT_LT(test, bits, 16500U);
}

/* Every bit of a key changes the hash. */
static void hash_bits(struct kunit *test)
{
	struct nat64_skey6 key = hash_key(1);
	u32 hash = nat64_hash(&key, sizeof(key), 7);
	u8 *bytes = (u8 *)&key;
	u32 i;

	for (i = 0; i < sizeof(key) * 8; i++) {
		bytes[i / 8] ^= BIT(i % 8);
		KUNIT_EXPECT_NE(test, nat64_hash(&key, sizeof(key), 7), hash);
		bytes[i / 8] ^= BIT(i % 8);
	}
	KUNIT_EXPECT_EQ(test, nat64_hash(&key, sizeof(key), 7), hash);
}

static struct kunit_case hash_cases[] = {
	KUNIT_CASE(hash_spread),
	KUNIT_CASE(hash_seed),
	KUNIT_CASE(hash_bits),
	{}
};

static struct kunit_suite hash_suite = {
	.name = "nat64_hash",
	.test_cases = hash_cases,
};

kunit_test_suite(hash_suite);
