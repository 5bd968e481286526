// SPDX-License-Identifier: GPL-2.0-only
/*
 * nat64 - KUnit: explicit address mappings, RFC 7757. rfc7757[] has the table
 * of its figure 1.
 */
#include <linux/rcupdate.h>

#include "../eam.h"
#include "../nat64.h"
#include "../table.h"
#include "helpers.h"

/* A mapping as text, and the expected result of adding it. */
struct eam_text {
	const char *prefix4;
	u8 len4;
	const char *prefix6;
	u8 len6;
	int err;
};

static const struct eam_text rfc7757[] = {
	{ "192.0.2.1", 32, "2001:db8:aaaa::", 128 },
	{ "192.0.2.2", 32, "2001:db8:bbbb::b", 128 },
	{ "192.0.2.16", 28, "2001:db8:cccc::", 124 },
	{ "192.0.2.128", 26, "2001:db8:dddd::", 64 },
	{ "192.0.2.192", 29, "2001:db8:eeee:8::", 62 },
	{ "192.0.2.224", 31, "64:ff9b::", 127 },
};

/* No test replaces the table concurrently. */
static struct nat64_eam_table *eam_table(const struct nat64_dev *nat64)
{
	return rcu_dereference_protected(nat64->eam, true);
}

static struct nat64_eam_prefixes eam_prefixes(const struct eam_text *text)
{
	struct nat64_eam_prefixes p = {
		.prefix4 = htonl(nat64_test_addr4(text->prefix4)),
		.prefix6 = nat64_test_addr6(text->prefix6),
		.len4 = text->len4,
		.len6 = text->len6,
	};

	return p;
}

static int eam_add(struct nat64_eam_table *table,
		   const struct nat64_eam_prefixes *p)
{
	int err = nat64_eam_check(p, NULL);

	if (err)
		return err;
	mutex_lock(&table->lock);
	err = nat64_eam_add(table, p, NULL);
	mutex_unlock(&table->lock);
	return err;
}

static int eam_del(struct nat64_eam_table *table,
		   const struct nat64_eam_prefixes *p)
{
	int err;

	mutex_lock(&table->lock);
	err = nat64_eam_del(table, p, NULL);
	mutex_unlock(&table->lock);
	return err;
}

static int eam_add_text(struct nat64_eam_table *table,
			const struct eam_text *text)
{
	struct nat64_eam_prefixes p = eam_prefixes(text);

	return eam_add(table, &p);
}

static bool eam_find4(struct nat64_eam_table *table, u32 addr4,
		      struct in6_addr *addr6)
{
	bool found;

	rcu_read_lock();
	found = nat64_eam_find4(table, htonl(addr4), addr6);
	rcu_read_unlock();
	return found;
}

static bool eam_find6(struct nat64_eam_table *table,
		      const struct in6_addr *addr6, u32 *addr4)
{
	__be32 found4;
	bool found;

	rcu_read_lock();
	found = nat64_eam_find6(table, addr6, &found4);
	rcu_read_unlock();
	if (found)
		*addr4 = ntohl(found4);
	return found;
}

/* Expect a mapping of an address, or none if NULL. */
static void eam_expect4(struct kunit *test, const char *addr4,
			const char *addr6)
{
	struct nat64_dev *nat64 = test->priv;
	struct in6_addr want, got = {};
	bool found;

	found = eam_find4(eam_table(nat64), nat64_test_addr4(addr4), &got);
	KUNIT_EXPECT_EQ_MSG(test, found, !!addr6, "%s", addr4);
	if (!found || !addr6)
		return;
	want = nat64_test_addr6(addr6);
	KUNIT_EXPECT_TRUE_MSG(test, !memcmp(&got, &want, sizeof(got)),
			      "%s is %pI6c, want %s", addr4, &got, addr6);
}

static void eam_expect6(struct kunit *test, const char *addr6,
			const char *addr4)
{
	struct in6_addr addr = nat64_test_addr6(addr6);
	struct nat64_dev *nat64 = test->priv;
	u32 got = 0;
	bool found;

	found = eam_find6(eam_table(nat64), &addr, &got);
	KUNIT_EXPECT_EQ_MSG(test, found, !!addr4, "%s", addr6);
	if (found && addr4)
		KUNIT_EXPECT_EQ_MSG(test, got, nat64_test_addr4(addr4), "%s",
				    addr6);
}

static void eam_fill(struct kunit *test)
{
	struct nat64_dev *nat64 = test->priv;
	int i;

	for (i = 0; i < ARRAY_SIZE(rfc7757); i++)
		KUNIT_EXPECT_EQ(test, eam_add_text(eam_table(nat64), &rfc7757[i]), 0);
	KUNIT_EXPECT_EQ(test, eam_table(nat64)->count, ARRAY_SIZE(rfc7757));
}

/* R7757-3.3.1-a, R7757-3.3.2-a */
static void eam_vectors(struct kunit *test)
{
	static const struct {
		const char *addr4;
		const char *addr6;
	} pairs[] = {
		{ "192.0.2.1", "2001:db8:aaaa::" },
		{ "192.0.2.2", "2001:db8:bbbb::b" },
		{ "192.0.2.16", "2001:db8:cccc::" },
		{ "192.0.2.24", "2001:db8:cccc::8" },
		{ "192.0.2.31", "2001:db8:cccc::f" },
		{ "192.0.2.128", "2001:db8:dddd::" },
		{ "192.0.2.152", "2001:db8:dddd:0:6000::" },
		{ "192.0.2.183", "2001:db8:dddd:0:dc00::" },
		{ "192.0.2.191", "2001:db8:dddd:0:fc00::" },
		{ "192.0.2.192", "2001:db8:eeee:8::" },
		{ "192.0.2.195", "2001:db8:eeee:9:8000::" },
		{ "192.0.2.199", "2001:db8:eeee:b:8000::" },
		{ "192.0.2.224", "64:ff9b::" },
		{ "192.0.2.225", "64:ff9b::1" },
	};
	static const char * const missing4[] = {
		"192.0.2.0", "192.0.2.3", "192.0.2.15", "192.0.2.32",
		"192.0.2.127", "192.0.2.200", "192.0.2.223", "192.0.2.226",
		"192.0.2.248", "192.0.1.255", "192.0.3.0", "0.0.0.0",
		"255.255.255.255",
	};
	static const char * const missing6[] = {
		"2001:db8:aaaa::1", "2001:db8:bbbb::", "2001:db8:bbbb::a",
		"2001:db8:cccc::10", "2001:db8:dddc:ffff::",
		"2001:db8:dddd:1::", "2001:db8:eeee:7::", "2001:db8:eeee:c::",
		"64:ff9b::2", "::", "ffff::",
	};
	int i;

	eam_fill(test);
	for (i = 0; i < ARRAY_SIZE(pairs); i++) {
		eam_expect4(test, pairs[i].addr4, pairs[i].addr6);
		eam_expect6(test, pairs[i].addr6, pairs[i].addr4);
	}
	for (i = 0; i < ARRAY_SIZE(missing4); i++)
		eam_expect4(test, missing4[i], NULL);
	for (i = 0; i < ARRAY_SIZE(missing6); i++)
		eam_expect6(test, missing6[i], NULL);
}

static void eam_surplus_bits(struct kunit *test)
{
	eam_fill(test);
	eam_expect6(test, "2001:db8:dddd:0:6000::1", "192.0.2.152");
	eam_expect6(test, "2001:db8:dddd:0:63ff:ffff:ffff:ffff",
		    "192.0.2.152");
	eam_expect6(test, "2001:db8:dddd:0:6400::", "192.0.2.153");
	eam_expect6(test, "2001:db8:eeee:9:ffff:ffff:ffff:ffff",
		    "192.0.2.195");
}

/* R7757-5-a */
static void eam_asymmetry(struct kunit *test)
{
	static const struct eam_text overlap[] = {
		{ "0.0.0.0", 0, "2001:db8:ff00::", 40 },
		{ "198.51.100.64", 32, "2001:db8::abcd", 128 },
	};
	struct nat64_dev *nat64 = test->priv;
	int i;

	for (i = 0; i < ARRAY_SIZE(overlap); i++)
		KUNIT_EXPECT_EQ(test, eam_add_text(eam_table(nat64), &overlap[i]), 0);
	eam_expect6(test, "2001:db8:ffc6:3364:4000::", "198.51.100.64");
	eam_expect4(test, "198.51.100.64", "2001:db8::abcd");
	eam_expect6(test, "2001:db8::abcd", "198.51.100.64");
	eam_expect4(test, "198.51.100.65", "2001:db8:ffc6:3364:4100::");
	eam_expect4(test, "0.0.0.0", "2001:db8:ff00::");
	eam_expect4(test, "255.255.255.255", "2001:db8:ffff:ffff:ff00::");
}

/* The longest prefix wins, independently in each direction. */
static void eam_longest(struct kunit *test)
{
	static const struct eam_text nested[] = {
		{ "10.0.0.0", 8, "2001:db8:1::", 96 },
		{ "10.1.0.0", 16, "2001:db8:2::", 96 },
		{ "10.1.2.0", 24, "2001:db8:2::100:0", 104 },
		{ "10.1.2.3", 32, "2001:db8:4::4", 128 },
	};
	struct nat64_dev *nat64 = test->priv;
	struct nat64_eam_prefixes p;
	int i;

	for (i = ARRAY_SIZE(nested) - 1; i >= 0; i--)
		KUNIT_EXPECT_EQ(test, eam_add_text(eam_table(nat64), &nested[i]), 0);
	eam_expect4(test, "10.2.0.1", "2001:db8:1::200:100");
	eam_expect4(test, "10.1.0.1", "2001:db8:2::1:0");
	eam_expect4(test, "10.1.2.4", "2001:db8:2::104:0");
	eam_expect4(test, "10.1.2.3", "2001:db8:4::4");
	eam_expect6(test, "2001:db8:2::1:0", "10.1.0.1");
	eam_expect6(test, "2001:db8:2::104:0", "10.1.2.4");
	eam_expect6(test, "2001:db8:2::4:0", "10.1.0.4");

	/* shorter prefixes match again */
	p = eam_prefixes(&nested[3]);
	KUNIT_EXPECT_EQ(test, eam_del(eam_table(nat64), &p), 0);
	eam_expect4(test, "10.1.2.3", "2001:db8:2::103:0");
	p = eam_prefixes(&nested[2]);
	KUNIT_EXPECT_EQ(test, eam_del(eam_table(nat64), &p), 0);
	eam_expect4(test, "10.1.2.3", "2001:db8:2::203:0");
}

/* R7757-3.2-b, and invalid prefixes */
static const struct eam_text eam_checks[] = {
	{ "10.0.0.0", 8, "2001:db8::", 112, -EINVAL },
	{ "10.0.0.0", 8, "2001:db8::", 105, -EINVAL },
	{ "10.0.0.0", 8, "2001:db8::", 104, 0 },
	{ "0.0.0.0", 0, "::", 0, 0 },
	{ "0.0.0.0", 0, "2001:db8::", 96, 0 },
	{ "0.0.0.0", 0, "2001:db8::", 97, -EINVAL },
	{ "192.0.2.1", 32, "::", 0, 0 },
	{ "192.0.2.1", 32, "2001:db8::1", 128, 0 },
	{ "192.0.2.0", 31, "2001:db8::1", 128, -EINVAL },
	{ "192.0.2.1", 31, "2001:db8::", 64, -EINVAL },
	{ "10.0.0.1", 0, "2001:db8::", 64, -EINVAL },
	{ "10.0.0.0", 8, "2001:db8::1", 64, -EINVAL },
	{ "10.0.0.0", 8, "2001:db8:0:1::", 63, -EINVAL },
	{ "10.0.0.0", 8, "8000::", 0, -EINVAL },
	{ "10.0.0.0", 33, "2001:db8::", 64, -EINVAL },
	{ "10.0.0.0", 255, "2001:db8::", 64, -EINVAL },
	{ "10.0.0.1", 32, "2001:db8::", 129, -EINVAL },
	{ "10.0.0.1", 32, "2001:db8::", 255, -EINVAL },
};

static void eam_text_desc(const struct eam_text *text, char *desc)
{
	snprintf(desc, KUNIT_PARAM_DESC_SIZE, "%s/%u %s/%u", text->prefix4,
		 text->len4, text->prefix6, text->len6);
}

KUNIT_ARRAY_PARAM(eam_check, eam_checks, eam_text_desc);

static void eam_refuses(struct kunit *test)
{
	const struct eam_text *text = test->param_value;
	struct nat64_eam_prefixes p = eam_prefixes(text);

	KUNIT_EXPECT_EQ(test, nat64_eam_check(&p, NULL), text->err);
}

/* R7757-5-b, and removal of unknown mappings */
static void eam_duplicates(struct kunit *test)
{
	static const struct eam_text steps[] = {
		{ "192.0.2.1", 32, "2001:db8::1", 128, 0 },
		{ "192.0.2.1", 32, "2001:db8::1", 128, -EEXIST },
		{ "192.0.2.2", 32, "2001:db8::1", 128, -EEXIST },
		{ "192.0.2.1", 32, "2001:db8::2", 128, -EEXIST },
		{ "192.0.2.2", 32, "2001:db8::2", 128, 0 },
		{ "192.0.2.0", 24, "2001:db8::", 120, 0 },
		{ "192.0.2.0", 25, "2001:db8::", 120, -EEXIST },
		{ "192.0.2.0", 24, "2001:db8::", 119, -EEXIST },
		{ "192.0.2.0", 25, "2001:db8::", 119, 0 },
	};
	static const struct eam_text wrong = {
		"192.0.2.1", 32, "2001:db8::2", 128,
	};
	struct nat64_dev *nat64 = test->priv;
	struct nat64_eam_prefixes p;
	u32 generation;
	int i;

	for (i = 0; i < ARRAY_SIZE(steps); i++) {
		generation = eam_table(nat64)->generation;
		KUNIT_EXPECT_EQ_MSG(test, eam_add_text(eam_table(nat64), &steps[i]),
				    steps[i].err, "step %d", i);
		KUNIT_EXPECT_EQ_MSG(test, eam_table(nat64)->generation != generation,
				    !steps[i].err, "step %d", i);
	}
	KUNIT_EXPECT_EQ(test, eam_table(nat64)->count, 4);

	p = eam_prefixes(&wrong);
	KUNIT_EXPECT_EQ(test, eam_del(eam_table(nat64), &p), -ENOENT);
	p = eam_prefixes(&steps[0]);
	KUNIT_EXPECT_EQ(test, eam_del(eam_table(nat64), &p), 0);
	KUNIT_EXPECT_EQ(test, eam_del(eam_table(nat64), &p), -ENOENT);
	KUNIT_EXPECT_EQ(test, eam_add_text(eam_table(nat64), &steps[0]), 0);
	eam_expect4(test, "192.0.2.1", "2001:db8::1");
}

static void eam_flush(struct kunit *test)
{
	struct nat64_dev *nat64 = test->priv;

	eam_fill(test);
	mutex_lock(&eam_table(nat64)->lock);
	nat64_eam_flush(eam_table(nat64));
	mutex_unlock(&eam_table(nat64)->lock);
	KUNIT_EXPECT_EQ(test, eam_table(nat64)->count, 0);
	eam_expect4(test, "192.0.2.1", NULL);
	eam_expect6(test, "2001:db8:aaaa::", NULL);
	eam_fill(test);
	eam_expect4(test, "192.0.2.1", "2001:db8:aaaa::");
}

/* Prefixes of minimum and maximum length. */
static void eam_extremes(struct kunit *test)
{
	static const struct eam_text all = { "0.0.0.0", 0, "::", 0 };
	static const struct eam_text one = {
		"255.255.255.255", 32, "ffff:ffff::", 0,
	};
	struct nat64_dev *nat64 = test->priv;
	struct nat64_eam_prefixes p = eam_prefixes(&one);

	KUNIT_EXPECT_EQ(test, eam_add_text(eam_table(nat64), &all), 0);
	eam_expect4(test, "192.0.2.33", "c000:221::");
	eam_expect4(test, "0.0.0.0", "::");
	eam_expect6(test, "c000:221:1234::5", "192.0.2.33");
	eam_expect6(test, "::1", "0.0.0.0");
	eam_expect6(test, "ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff",
		    "255.255.255.255");

	p.len6 = 128;
	KUNIT_EXPECT_EQ(test, eam_add(eam_table(nat64), &p), 0);
	eam_expect6(test, "ffff:ffff::", "255.255.255.255");
	eam_expect4(test, "255.255.255.255", "ffff:ffff::");

	/* all IPv6 addresses map to one IPv4 address */
	mutex_lock(&eam_table(nat64)->lock);
	nat64_eam_flush(eam_table(nat64));
	mutex_unlock(&eam_table(nat64)->lock);
	p.len6 = 0;
	p.prefix6 = nat64_test_addr6("::");
	KUNIT_EXPECT_EQ(test, eam_add(eam_table(nat64), &p), 0);
	eam_expect6(test, "2001:db8::1", "255.255.255.255");
	eam_expect4(test, "255.255.255.255", "::");
	eam_expect4(test, "255.255.255.254", NULL);
}

/* A simple reference implementation: linear search, bit by bit. */
#define EAM_NAIVE_MAX	400

struct eam_naive {
	unsigned int count;
	struct nat64_eam_prefixes p[EAM_NAIVE_MAX];
};

static bool eam_bit(const void *addr, unsigned int n)
{
	return ((const u8 *)addr)[n / 8] >> (7 - n % 8) & 1;
}

static bool eam_matches(const void *addr, const void *prefix, unsigned int len)
{
	unsigned int n;

	for (n = 0; n < len; n++)
		if (eam_bit(addr, n) != eam_bit(prefix, n))
			return false;
	return true;
}

static void eam_naive_map(const void *addr, unsigned int skip,
			  const void *prefix, unsigned int len, u8 *result,
			  unsigned int bits)
{
	unsigned int n;
	bool bit;

	memset(result, 0, bits / 8);
	for (n = 0; n < bits; n++) {
		if (n < len)
			bit = eam_bit(prefix, n);
		else
			bit = n - len + skip < (bits == 32 ? 128 : 32) &&
			      eam_bit(addr, n - len + skip);
		result[n / 8] |= bit << (7 - n % 8);
	}
}

/* Map @addr to the other family. */
static bool eam_naive_find(const struct eam_naive *naive, bool v6,
			   const void *addr, void *result)
{
	const struct nat64_eam_prefixes *p, *best = NULL;
	unsigned int i, len, longest = 0;

	for (i = 0; i < naive->count; i++) {
		p = &naive->p[i];
		len = v6 ? p->len6 : p->len4;
		if ((best && len <= longest) ||
		    !eam_matches(addr, v6 ? (const void *)&p->prefix6 :
					    &p->prefix4, len))
			continue;
		best = p;
		longest = len;
	}
	if (!best)
		return false;
	if (v6)
		eam_naive_map(addr, best->len6, &best->prefix4, best->len4,
			      result, 32);
	else
		eam_naive_map(addr, best->len4, &best->prefix6, best->len6,
			      result, 128);
	return true;
}

static bool eam_naive_has(const struct eam_naive *naive,
			  const struct nat64_eam_prefixes *p)
{
	const struct nat64_eam_prefixes *q;
	unsigned int i;

	for (i = 0; i < naive->count; i++) {
		q = &naive->p[i];
		if ((q->len4 == p->len4 && q->prefix4 == p->prefix4) ||
		    (q->len6 == p->len6 &&
		     !memcmp(&q->prefix6, &p->prefix6, sizeof(p->prefix6))))
			return true;
	}
	return false;
}

/* Few distinct byte values, so that prefixes nest and collide. */
static void eam_random_bytes(struct rnd_state *rnd, u8 *bytes, unsigned int n)
{
	static const u8 values[] = { 0x00, 0xff, 0x80, 0x01 };

	while (n--)
		*bytes++ = values[nat64_test_below(rnd, ARRAY_SIZE(values))];
}

static void eam_mask(u8 *bytes, unsigned int len, unsigned int bits)
{
	for (; len < bits; len++)
		bytes[len / 8] &= ~(0x80 >> len % 8);
}

static void eam_random(struct rnd_state *rnd, struct nat64_eam_prefixes *p)
{
	memset(p, 0, sizeof(*p));
	p->len4 = nat64_test_below(rnd, 33);
	p->len6 = nat64_test_below(rnd, 128 - (32 - p->len4) + 1);
	eam_random_bytes(rnd, (u8 *)&p->prefix4, 4);
	eam_random_bytes(rnd, p->prefix6.s6_addr, 16);
	eam_mask((u8 *)&p->prefix4, p->len4, 32);
	eam_mask(p->prefix6.s6_addr, p->len6, 128);
}

/* Compare the results of both tables. */
static bool eam_compare(struct kunit *test, const struct eam_naive *naive,
			const struct in6_addr *addr6, __be32 addr4)
{
	struct nat64_dev *nat64 = test->priv;
	struct in6_addr want6 = {}, got6 = {};
	__be32 want4 = 0;
	u32 got4 = 0;
	bool found;

	found = eam_naive_find(naive, false, &addr4, &want6);
	if (eam_find4(eam_table(nat64), ntohl(addr4), &got6) != found ||
	    (found && memcmp(&got6, &want6, sizeof(got6)))) {
		KUNIT_FAIL(test, "%pI4 is %pI6c, found %d, want %pI6c", &addr4,
			   &got6, found, &want6);
		return false;
	}
	found = eam_naive_find(naive, true, addr6, &want4);
	if (eam_find6(eam_table(nat64), addr6, &got4) != found ||
	    (found && got4 != ntohl(want4))) {
		KUNIT_FAIL(test, "%pI6c is %x, found %d, want %pI4", addr6,
			   got4, found, &want4);
		return false;
	}
	return true;
}

/* Random additions and removals, compared with the reference implementation. */
static void eam_property(struct kunit *test)
{
	struct nat64_dev *nat64 = test->priv;
	struct nat64_eam_prefixes p;
	struct eam_naive *naive;
	struct in6_addr addr6;
	struct rnd_state rnd;
	int n, i, want;
	__be32 addr4;

	naive = kunit_kzalloc(test, sizeof(*naive), GFP_KERNEL);
	KUNIT_ASSERT_NOT_NULL(test, naive);
	prandom_seed_state(&rnd, 7757);

	for (n = 0; n < 2000; n++) {
		if (naive->count == EAM_NAIVE_MAX ||
		    (naive->count && !nat64_test_below(&rnd, 4))) {
			i = nat64_test_below(&rnd, naive->count);
			want = eam_del(eam_table(nat64), &naive->p[i]);
			KUNIT_ASSERT_EQ(test, want, 0);
			naive->p[i] = naive->p[--naive->count];
		} else {
			eam_random(&rnd, &p);
			want = eam_naive_has(naive, &p) ? -EEXIST : 0;
			KUNIT_ASSERT_EQ(test, eam_add(eam_table(nat64), &p), want);
			if (!want)
				naive->p[naive->count++] = p;
		}
		KUNIT_ASSERT_EQ(test, eam_table(nat64)->count, naive->count);
		for (i = 0; i < 4; i++) {
			eam_random_bytes(&rnd, (u8 *)&addr4, 4);
			eam_random_bytes(&rnd, addr6.s6_addr, 16);
			if (!eam_compare(test, naive, &addr6, addr4))
				return;
		}
	}
}

/* Enough mappings for the hash tables to grow and shrink again. */
static void eam_many(struct kunit *test)
{
	struct nat64_dev *nat64 = test->priv;
	struct nat64_eam_prefixes p = {
		.len4 = 32,
		.len6 = 128,
	};
	struct in6_addr got6;
	u32 i, n = 20000;

	for (i = 0; i < n; i++) {
		p.prefix4 = htonl(0x0a000000 + i);
		p.prefix6.s6_addr32[3] = htonl(i);
		KUNIT_ASSERT_EQ(test, eam_add(eam_table(nat64), &p), 0);
	}
	for (i = 0; i < n; i++) {
		KUNIT_ASSERT_TRUE(test, eam_find4(eam_table(nat64), 0x0a000000 + i,
						  &got6));
		KUNIT_ASSERT_EQ(test, ntohl(got6.s6_addr32[3]), i);
	}
	KUNIT_EXPECT_FALSE(test, eam_find4(eam_table(nat64), 0x0a000000 + n, &got6));
	for (i = 0; i < n; i += 2) {
		p.prefix4 = htonl(0x0a000000 + i);
		p.prefix6.s6_addr32[3] = htonl(i);
		KUNIT_ASSERT_EQ(test, eam_del(eam_table(nat64), &p), 0);
	}
	for (i = 0; i < n; i++)
		KUNIT_ASSERT_EQ(test, eam_find4(eam_table(nat64), 0x0a000000 + i,
						&got6), i % 2);
}

static int eam_init(struct kunit *test)
{
	struct nat64_dev *nat64;

	nat64 = kunit_kzalloc(test, sizeof(*nat64), GFP_KERNEL);
	if (!nat64)
		return -ENOMEM;
	test->priv = nat64;
	return nat64_eam_create(nat64);
}

static void eam_exit(struct kunit *test)
{
	if (test->priv)
		nat64_eam_destroy(test->priv);
}

static struct kunit_case eam_cases[] = {
	KUNIT_CASE(eam_vectors),
	KUNIT_CASE(eam_surplus_bits),
	KUNIT_CASE(eam_asymmetry),
	KUNIT_CASE(eam_longest),
	KUNIT_CASE_PARAM(eam_refuses, eam_check_gen_params),
	KUNIT_CASE(eam_duplicates),
	KUNIT_CASE(eam_flush),
	KUNIT_CASE(eam_extremes),
	KUNIT_CASE(eam_property),
	KUNIT_CASE(eam_many),
	{}
};

static struct kunit_suite eam_suite = {
	.name = "nat64_eam",
	.init = eam_init,
	.exit = eam_exit,
	.test_cases = eam_cases,
};

kunit_test_suite(eam_suite);
