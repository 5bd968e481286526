// SPDX-License-Identifier: GPL-2.0-only
/*
 * nat64 - KUnit: sharing of ports of the host's addresses between the devices
 * of a namespace.
 */
#include <kunit/test.h>
#include <linux/in.h>

#include "../host.h"
#include "helpers.h"

#define PORT(p)		cpu_to_be16(p)

static bool claim(struct nat64_claims *claims, u8 proto, __be32 addr, u16 port)
{
	bool free;

	local_bh_disable();
	free = nat64_claim(claims, proto, addr, PORT(port));
	local_bh_enable();
	return free;
}

/* D-6146-local: a port can be claimed only once. */
static void claim_once(struct kunit *test)
{
	__be32 addr = htonl(nat64_test_addr4("192.0.2.1"));
	__be32 other = htonl(nat64_test_addr4("192.0.2.2"));
	struct nat64_claims *claims = test->priv;

	KUNIT_EXPECT_TRUE(test, claim(claims, IPPROTO_TCP, addr, 50000));
	KUNIT_EXPECT_FALSE(test, claim(claims, IPPROTO_TCP, addr, 50000));

	KUNIT_EXPECT_TRUE(test, claim(claims, IPPROTO_UDP, addr, 50000));
	KUNIT_EXPECT_TRUE(test, claim(claims, IPPROTO_ICMP, addr, 50000));
	KUNIT_EXPECT_TRUE(test, claim(claims, IPPROTO_TCP, addr, 50001));
	KUNIT_EXPECT_TRUE(test, claim(claims, IPPROTO_TCP, other, 50000));

	nat64_unclaim(claims, IPPROTO_TCP, addr, PORT(50000));
	KUNIT_EXPECT_TRUE(test, claim(claims, IPPROTO_TCP, addr, 50000));
	KUNIT_EXPECT_FALSE(test, claim(claims, IPPROTO_TCP, addr, 50001));
}

/* Claim and release every port of an address. */
static void claim_all(struct kunit *test)
{
	__be32 addr = htonl(nat64_test_addr4("192.0.2.1"));
	struct nat64_claims *claims = test->priv;
	unsigned int port, got;
	int round;

	for (round = 0; round < 2; round++) {
		got = 0;
		for (port = 0; port <= U16_MAX; port++)
			got += claim(claims, IPPROTO_UDP, addr, port);
		KUNIT_EXPECT_EQ(test, got, U16_MAX + 1);
		for (port = 0; port <= U16_MAX; port++)
			nat64_unclaim(claims, IPPROTO_UDP, addr, PORT(port));
	}
}

/* Releasing unclaimed ports has no effect. */
static void claim_none(struct kunit *test)
{
	__be32 addr = htonl(nat64_test_addr4("192.0.2.1"));
	struct nat64_claims *claims = test->priv;

	nat64_unclaim(claims, IPPROTO_TCP, addr, PORT(1));
	KUNIT_EXPECT_TRUE(test, claim(claims, IPPROTO_TCP, addr, 2));
	nat64_unclaim(claims, IPPROTO_TCP, addr, PORT(1));
	nat64_unclaim(claims, IPPROTO_UDP, addr, PORT(2));
	KUNIT_EXPECT_FALSE(test, claim(claims, IPPROTO_TCP, addr, 2));
}

static int claim_init(struct kunit *test)
{
	struct nat64_claims *claims;

	claims = kunit_kzalloc(test, sizeof(*claims), GFP_KERNEL);
	if (!claims)
		return -ENOMEM;

	nat64_claims_init(claims, false);
	test->priv = claims;
	return 0;
}

/* Frees remaining claims as well. */
static void claim_exit(struct kunit *test)
{
	if (test->priv)
		nat64_claims_destroy(test->priv);
}

static struct kunit_case host_cases[] = {
	KUNIT_CASE(claim_once),
	KUNIT_CASE(claim_all),
	KUNIT_CASE(claim_none),
	{}
};

static struct kunit_suite host_suite = {
	.name = "nat64_host",
	.init = claim_init,
	.exit = claim_exit,
	.test_cases = host_cases,
};

kunit_test_suite(host_suite);
