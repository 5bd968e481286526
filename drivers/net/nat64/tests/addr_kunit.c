// SPDX-License-Identifier: GPL-2.0-only
/*
 * nat64 - KUnit: IPv4-embedded IPv6 addresses, and which are translated.
 */
#include "../addr.h"
#include "helpers.h"

/* RFC 6052 section 2.4, table 1, also with another IPv4 address. */
struct addr_example {
	u8 len;
	const char *prefix;
	const char *addr4;
	const char *addr6;
};

static const struct addr_example addr_examples[] = {
	{ 32, "2001:db8::", "192.0.2.33", "2001:db8:c000:221::" },
	{ 40, "2001:db8:100::", "192.0.2.33", "2001:db8:1c0:2:21::" },
	{ 48, "2001:db8:122::", "192.0.2.33", "2001:db8:122:c000:2:2100::" },
	{ 56, "2001:db8:122:300::", "192.0.2.33",
	  "2001:db8:122:3c0:0:221::" },
	{ 64, "2001:db8:122:344::", "192.0.2.33",
	  "2001:db8:122:344:c0:2:2100::" },
	{ 96, "2001:db8:122:344::", "192.0.2.33",
	  "2001:db8:122:344::c000:221" },
	{ 32, "2001:db8::", "198.51.100.254", "2001:db8:c633:64fe::" },
	{ 40, "2001:db8:100::", "198.51.100.254", "2001:db8:1c6:3364:fe::" },
	{ 48, "2001:db8:122::", "198.51.100.254",
	  "2001:db8:122:c633:64:fe00::" },
	{ 56, "2001:db8:122:300::", "198.51.100.254",
	  "2001:db8:122:3c6:33:64fe::" },
	{ 64, "2001:db8:122:344::", "198.51.100.254",
	  "2001:db8:122:344:c6:3364:fe00::" },
	{ 96, "2001:db8:122:344::", "198.51.100.254",
	  "2001:db8:122:344::c633:64fe" },
	/* RFC 8215, and a checksum-neutral prefix */
	{ 48, "64:ff9b:1::", "192.0.2.33", "64:ff9b:1:c000:2:2100::" },
	{ 96, "64:ff9b:1:fffe::", "10.1.2.3", "64:ff9b:1:fffe::a01:203" },
	{ 96, "64:ff9b::", "8.8.8.8", "64:ff9b::808:808" },
};

static void addr_example_desc(const struct addr_example *e, char *desc)
{
	snprintf(desc, KUNIT_PARAM_DESC_SIZE, "%s/%u with %s", e->prefix,
		 e->len, e->addr4);
}

KUNIT_ARRAY_PARAM(addr_example, addr_examples, addr_example_desc);

static void addr_table(struct kunit *test)
{
	const struct addr_example *e = test->param_value;
	struct in6_addr prefix = nat64_test_addr6(e->prefix);
	struct in6_addr want = nat64_test_addr6(e->addr6);
	u32 addr4 = nat64_test_addr4(e->addr4);
	struct in6_addr got;

	memset(&got, 0xff, sizeof(got));
	nat64_embed(&got, &prefix, e->len, htonl(addr4));
	KUNIT_EXPECT_TRUE_MSG(test, !memcmp(&got, &want, sizeof(got)),
			      "%pI6c, want %pI6c", &got, &want);
	KUNIT_EXPECT_EQ(test, ntohl(nat64_extract(&want, e->len)), addr4);
}

static void addr_lengths(struct kunit *test)
{
	static const u8 legal[] = { 32, 40, 48, 56, 64, 96 };
	unsigned int len, i;

	for (len = 0; len < 256; len++) {
		bool want = false;

		for (i = 0; i < ARRAY_SIZE(legal); i++)
			want |= len == legal[i];
		KUNIT_EXPECT_EQ_MSG(test, nat64_pool6_len_ok(len), want,
				    "/%u", len);
	}
}

/* Offset of IPv4 octet @i, by the table of RFC 6052 section 2.2. */
static int addr_octet(u8 len, int i)
{
	static const struct {
		u8 len;
		u8 octet[4];
	} layout[] = {
		{ 32, { 4, 5, 6, 7 } },
		{ 40, { 5, 6, 7, 9 } },
		{ 48, { 6, 7, 9, 10 } },
		{ 56, { 7, 9, 10, 11 } },
		{ 64, { 9, 10, 11, 12 } },
		{ 96, { 12, 13, 14, 15 } },
	};
	int j;

	for (j = 0; layout[j].len != len; j++)
		;
	return layout[j].octet[i];
}

/* Fill the bytes outside the prefix and the IPv4 address. */
static void addr_fill_suffix(struct in6_addr *addr, u8 len,
			     const struct in6_addr *from)
{
	int byte, i;

	for (byte = len / 8; byte < 16; byte++) {
		for (i = 0; i < 4 && addr_octet(len, i) != byte; i++)
			;
		if (i == 4)
			addr->s6_addr[byte] = from->s6_addr[byte];
	}
}

static const u8 addr_lens[] = { 32, 40, 48, 56, 64, 96 };

static void addr_len_desc(const u8 *len, char *desc)
{
	snprintf(desc, KUNIT_PARAM_DESC_SIZE, "/%u", *len);
}

KUNIT_ARRAY_PARAM(addr_len, addr_lens, addr_len_desc);

/* Random prefixes and addresses: embedding sets the right octets and no others;
 * extraction ignores the u octet and the suffix.
 */
static void addr_round_trip(struct kunit *test)
{
	u8 len = *(const u8 *)test->param_value;
	struct in6_addr prefix, want, got, noise;
	struct rnd_state rnd;
	int i, n, bad = 0;
	u8 octets[4];
	__be32 addr4;

	prandom_seed_state(&rnd, 6052 + len);
	for (n = 0; n < 10000 && bad < 5; n++) {
		memset(&prefix, 0, sizeof(prefix));
		nat64_test_bytes(&rnd, &prefix, len / 8);
		prefix.s6_addr[8] = 0;
		nat64_test_bytes(&rnd, octets, sizeof(octets));
		memcpy(&addr4, octets, sizeof(addr4));

		want = prefix;
		for (i = 0; i < 4; i++)
			want.s6_addr[addr_octet(len, i)] = octets[i];
		nat64_embed(&got, &prefix, len, addr4);

		if (memcmp(&got, &want, sizeof(got)) ||
		    nat64_extract(&got, len) != addr4) {
			bad++;
			KUNIT_FAIL(test, "%pI4 in %pI6c/%u is %pI6c, want %pI6c",
				   &addr4, &prefix, len, &got, &want);
		}
		nat64_test_bytes(&rnd, &noise, sizeof(noise));
		addr_fill_suffix(&got, len, &noise);
		if (nat64_extract(&got, len) != addr4) {
			bad++;
			KUNIT_FAIL(test, "suffix of %pI6c/%u not ignored",
				   &got, len);
		}
	}
}

static void addr_ignores_suffix(struct kunit *test)
{
	/* R6052-2.2-g, D-6052-u */
	struct in6_addr suffix = nat64_test_addr6("2001:db8:1c6:3364:2:dead:beef:1");
	struct in6_addr u_octet = nat64_test_addr6("2001:db8:1c6:3364:ff02::");
	u32 want = nat64_test_addr4("198.51.100.2");

	KUNIT_EXPECT_EQ(test, ntohl(nat64_extract(&suffix, 40)), want);
	KUNIT_EXPECT_EQ(test, ntohl(nat64_extract(&u_octet, 40)), want);
}

/* Expected classification of an IPv4 prefix. */
struct addr_prefix4 {
	const char *prefix;
	u8 len;
	bool illegal;	/* R7915-4.1-l, -n, D-7915-dst, D-3927-2.7 */
	bool global;	/* R6052-3.1-a, D-6052-list */
};

static const struct addr_prefix4 addr_prefixes4[] = {
	{ "0.0.0.0", 8, true, false },
	{ "10.0.0.0", 8, false, false },
	{ "100.64.0.0", 10, false, false },
	{ "127.0.0.0", 8, true, false },
	{ "169.254.0.0", 16, true, false },
	{ "172.16.0.0", 12, false, false },
	{ "192.0.0.0", 24, false, false },
	{ "192.0.2.0", 24, false, true },
	{ "192.88.99.0", 24, false, false },
	{ "192.168.0.0", 16, false, false },
	{ "198.18.0.0", 15, false, false },
	{ "198.51.100.0", 24, false, true },
	{ "203.0.113.0", 24, false, true },
	{ "224.0.0.0", 4, true, false },
	{ "240.0.0.0", 4, true, false },
	{ "255.255.255.255", 32, true, false },
};

static u32 addr_prefix4_last(const struct addr_prefix4 *p)
{
	return nat64_test_addr4(p->prefix) | (u32)((1ULL << (32 - p->len)) - 1);
}

static bool addr_prefix4_has(const struct addr_prefix4 *p, u32 addr)
{
	return addr >= nat64_test_addr4(p->prefix) &&
	       addr <= addr_prefix4_last(p);
}

static void addr_check4(struct kunit *test, u32 addr)
{
	bool illegal = false, global = true;
	__be32 addr4 = htonl(addr);
	int i;

	for (i = 0; i < ARRAY_SIZE(addr_prefixes4); i++) {
		if (!addr_prefix4_has(&addr_prefixes4[i], addr))
			continue;
		illegal |= addr_prefixes4[i].illegal;
		global &= addr_prefixes4[i].global;
	}
	if (nat64_addr4_illegal(addr4) != illegal)
		KUNIT_FAIL(test, "%pI4: illegal is not %d", &addr4, illegal);
	if ((nat64_range4_illegal(addr, addr) != NAT64_ILLEGAL4_COUNT) !=
	    illegal)
		KUNIT_FAIL(test, "%pI4 as a range: illegal is not %d", &addr4,
			   illegal);
	if (nat64_addr4_global(addr4) != global)
		KUNIT_FAIL(test, "%pI4: global is not %d", &addr4, global);
}

static void addr_prefix4_desc(const struct addr_prefix4 *p, char *desc)
{
	snprintf(desc, KUNIT_PARAM_DESC_SIZE, "%s/%u", p->prefix, p->len);
}

KUNIT_ARRAY_PARAM(addr_prefix4, addr_prefixes4, addr_prefix4_desc);

static void addr_boundaries4(struct kunit *test)
{
	const struct addr_prefix4 *p = test->param_value;
	u32 first = nat64_test_addr4(p->prefix);
	u32 last = addr_prefix4_last(p);

	addr_check4(test, first - 1);
	addr_check4(test, first);
	addr_check4(test, first + (last - first) / 2);
	addr_check4(test, last);
	addr_check4(test, last + 1);
}

/* Ranges around a prefix overlap it, adjacent ranges do not. */
static void addr_ranges4(struct kunit *test)
{
	const struct addr_prefix4 *p = test->param_value;
	u32 first = nat64_test_addr4(p->prefix), last = addr_prefix4_last(p);
	enum nat64_illegal4 illegal = nat64_range4_illegal(first, last);

	KUNIT_EXPECT_EQ(test, illegal != NAT64_ILLEGAL4_COUNT, p->illegal);
	if (!p->illegal)
		return;

	KUNIT_EXPECT_EQ(test, nat64_range4_illegal(first, first), illegal);
	KUNIT_EXPECT_EQ(test, nat64_range4_illegal(last, last), illegal);
	if (first)
		KUNIT_EXPECT_LE(test, nat64_range4_illegal(first - 1, last),
				illegal);
	if (last != U32_MAX)
		KUNIT_EXPECT_EQ(test, nat64_range4_illegal(first, last + 1),
				illegal);
}

static void addr_random4(struct kunit *test)
{
	struct rnd_state rnd;
	int n;

	prandom_seed_state(&rnd, 5735);
	for (n = 0; n < 20000; n++)
		addr_check4(test, prandom_u32_state(&rnd));
}

static void addr_illegal6(struct kunit *test)
{
	/* R7915-5.1-j: first and last address of each range, and neighbours */
	static const struct {
		const char *addr;
		bool illegal;
	} rows[] = {
		{ "::", true },
		{ "::1", true },
		{ "::2", false },
		{ "::192.0.2.1", false },
		{ "::fffe:ffff:ffff", false },
		{ "::ffff:0:0", true },
		{ "::ffff:192.0.2.1", true },
		{ "::ffff:ffff:ffff", true },
		{ "::1:0:0:0", false },
		{ "64:ff9b::c000:221", false },
		{ "2001:db8::1", false },
		{ "fc00::1", false },
		{ "fe7f:ffff:ffff:ffff:ffff:ffff:ffff:ffff", false },
		{ "fe80::", true },
		{ "fe80::1", true },
		{ "febf:ffff:ffff:ffff:ffff:ffff:ffff:ffff", true },
		{ "fec0::", false },
		{ "feff:ffff:ffff:ffff:ffff:ffff:ffff:ffff", false },
		{ "ff00::", true },
		{ "ff02::1", true },
		{ "ff0e::1", true },
		{ "ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff", true },
	};
	struct in6_addr addr;
	int i;

	for (i = 0; i < ARRAY_SIZE(rows); i++) {
		addr = nat64_test_addr6(rows[i].addr);
		KUNIT_EXPECT_EQ_MSG(test, nat64_addr6_illegal(&addr),
				    rows[i].illegal, "%s", rows[i].addr);
	}
}

static struct kunit_case addr_cases[] = {
	KUNIT_CASE_PARAM(addr_table, addr_example_gen_params),
	KUNIT_CASE(addr_lengths),
	KUNIT_CASE_PARAM(addr_round_trip, addr_len_gen_params),
	KUNIT_CASE(addr_ignores_suffix),
	KUNIT_CASE_PARAM(addr_boundaries4, addr_prefix4_gen_params),
	KUNIT_CASE_PARAM(addr_ranges4, addr_prefix4_gen_params),
	KUNIT_CASE(addr_random4),
	KUNIT_CASE(addr_illegal6),
	{}
};

static struct kunit_suite addr_suite = {
	.name = "nat64_addr",
	.test_cases = addr_cases,
};

kunit_test_suite(addr_suite);
