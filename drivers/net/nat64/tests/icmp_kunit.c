// SPDX-License-Identifier: GPL-2.0-only
/*
 * nat64 - KUnit: all ICMP types, codes, pointers and path MTUs. The tables are
 * those of RFC 7915 sections 4.2 and 5.2.
 */
#include "../config.h"
#include "../icmp.h"
#include "../packet.h"
#include "helpers.h"

#define SAME	-1

/* An error that is translated; all others are dropped. */
struct icmp_row {
	u8 type;
	u8 first;	/* codes */
	u8 last;
	u8 to_type;
	s16 to_code;
};

static const struct icmp_row icmp_rows46[] = {
	{ 3, 0, 1, 1, 0 },
	{ 3, 2, 2, 4, 1 },
	{ 3, 3, 3, 1, 4 },
	{ 3, 4, 4, 2, 0 },
	{ 3, 5, 8, 1, 0 },
	{ 3, 9, 10, 1, 1 },
	{ 3, 11, 12, 1, 0 },
	{ 3, 13, 13, 1, 1 },
	{ 3, 15, 15, 1, 1 },
	{ 11, 0, 255, 3, SAME },
	{ 12, 0, 0, 4, 0 },
	{ 12, 2, 2, 4, 0 },
	{}
};

static const struct icmp_row icmp_rows64[] = {
	{ 1, 0, 0, 3, 1 },
	{ 1, 1, 1, 3, 10 },
	{ 1, 2, 3, 3, 1 },
	{ 1, 4, 4, 3, 3 },
	{ 2, 0, 255, 3, 4 },
	{ 3, 0, 255, 11, SAME },
	{ 4, 0, 0, 12, 0 },
	{ 4, 1, 1, 3, 2 },
	{}
};

/* RFC 1191 table 7-1 */
static const struct nat64_config icmp_config = {
	.lowest_ipv6_mtu = 1280,
	.plateau_count = 11,
	.plateaus = {
		65535, 32000, 17914, 8166, 4352, 2002, 1492, 1006, 508, 296, 68,
	},
};

/* Translate the eight bytes of a header. */
static bool icmp_header(const u8 in[8], u8 out[8], bool v6,
			const struct nat64_pkt *pkt)
{
	struct icmp6hdr icmp6;
	struct icmphdr icmp4;
	bool ok;

	memset(out, 0xee, 8);
	if (v6) {
		memcpy(&icmp6, in, 8);
		memcpy(&icmp4, out, 8);
		ok = nat64_icmp64_header(&icmp6, pkt, &icmp4);
		memcpy(out, &icmp4, 8);
	} else {
		memcpy(&icmp4, in, 8);
		memcpy(&icmp6, out, 8);
		ok = nat64_icmp46_header(&icmp4, pkt, &icmp_config, &icmp6);
		memcpy(out, &icmp6, 8);
	}
	return ok;
}

static const struct icmp_row *icmp_find(bool v6, u8 type, u8 code)
{
	const struct icmp_row *row = v6 ? icmp_rows64 : icmp_rows46;

	for (; row->type; row++)
		if (row->type == type && code >= row->first &&
		    code <= row->last)
			return row;
	return NULL;
}

/* Expected bytes 4 to 7 for the input below. */
static u32 icmp_rest(bool v6, const struct icmp_row *row)
{
	if (v6)
		return row->to_type == 3 && row->to_code == 4 ? 1380 :
		       row->to_type == 12 ? 12 << 24 : 0;
	return row->to_type == 2 ? 1420 :
	       row->to_type == 4 ? (row->to_code ? 6 : 8) : 0;
}

static void icmp_check_type(struct kunit *test, bool v6, u8 type, u8 code)
{
	const struct icmp_row *row = icmp_find(v6, type, code);
	struct nat64_pkt pkt = { .mtu_limit = U32_MAX };
	u8 in[8], out[8];
	u32 want;

	/* Fill unused bytes, which must not be copied. */
	memset(in, 0xa5, sizeof(in));
	in[0] = type;
	in[1] = code;
	if (!v6 && type == 12)
		in[4] = 12;	/* source address */
	if (!v6 && type == 3 && code == 4)
		nat64_test_put16(1400, in + 6);
	if (v6 && type == 2)
		nat64_test_put32(1400, in + 4);
	if (v6 && type == 4)
		nat64_test_put32(8, in + 4);

	if (icmp_header(in, out, v6, &pkt) != !!row) {
		KUNIT_FAIL(test, "%u/%u: %s", type, code,
			   row ? "dropped" : "not dropped");
		return;
	}
	if (!row)
		return;

	want = row->to_code == SAME ? code : row->to_code;
	if (out[0] != row->to_type || out[1] != want)
		KUNIT_FAIL(test, "%u/%u: %u/%u, want %u/%u", type, code, out[0],
			   out[1], row->to_type, want);
	want = icmp_rest(v6, row);
	if (nat64_test_get32(out + 4) != want)
		KUNIT_FAIL(test, "%u/%u: rest %*ph, want %08x", type, code, 4,
			   out + 4, want);
}

/* R7915-4.2-c to -o and R7915-5.2-c to -m */
static void icmp_types46(struct kunit *test)
{
	u32 n;

	for (n = 0; n < 65536; n++)
		icmp_check_type(test, false, n >> 8, n & 0xff);
}

static void icmp_types64(struct kunit *test)
{
	u32 n;

	for (n = 0; n < 65536; n++)
		icmp_check_type(test, true, n >> 8, n & 0xff);
}

/* R7915-4.2-a, -b, R7915-5.2-a, -b, and which types are errors */
static void icmp_kinds(struct kunit *test)
{
	u32 type;

	for (type = 0; type < 256; type++) {
		KUNIT_EXPECT_EQ_MSG(test, nat64_icmp_is_echo(type, false),
				    type == 0 || type == 8, "type %u", type);
		KUNIT_EXPECT_EQ_MSG(test, nat64_icmp_is_echo(type, true),
				    type == 128 || type == 129, "type %u", type);
		KUNIT_EXPECT_EQ_MSG(test, nat64_icmp_is_error(type, false),
				    type == 3 || type == 11 || type == 12,
				    "type %u", type);
		KUNIT_EXPECT_EQ_MSG(test, nat64_icmp_is_error(type, true),
				    type >= 1 && type <= 4, "type %u", type);
	}
}

/* R4884-4-b, R4884-4-c: where the result may have an extension */
static void icmp_extension_types(struct kunit *test)
{
	const struct icmp_row *row;
	struct icmphdr icmp = {};
	u32 n;

	for (n = 0; n < 65536; n++) {
		row = icmp_find(false, n >> 8, n & 0xff);
		if (!row)
			continue;
		icmp.type = n >> 8;
		icmp.code = n & 0xff;
		KUNIT_EXPECT_EQ_MSG(test, nat64_icmp46_has_ext(&icmp),
				    row->to_type == 1 || row->to_type == 3,
				    "%u/%u", icmp.type, icmp.code);
	}
}

static void icmp_check_pointer(struct kunit *test, bool v6, u8 code,
			       u32 pointer, int want)
{
	struct nat64_pkt pkt = { .mtu_limit = U32_MAX };
	u8 in[8] = { v6 ? 4 : 12, code };
	u8 out[8];
	bool drop = want < 0;
	bool ok;

	if (v6)
		nat64_test_put32(pointer, in + 4);
	else
		in[4] = pointer;
	ok = icmp_header(in, out, v6, &pkt);
	if (ok == drop) {
		KUNIT_FAIL(test, "code %u pointer %u: %s", code, pointer,
			   ok ? "not dropped" : "dropped");
		return;
	}
	if (ok && nat64_test_get32(out + 4) != (v6 ? want << 24 : want))
		KUNIT_FAIL(test, "code %u pointer %u: %*ph, want %d", code,
			   pointer, 4, out + 4, want);
}

/* R7915-4.2-l, -n: figure 3 */
static void icmp_pointers46(struct kunit *test)
{
	static const struct {
		u8 first;
		u8 last;
		u8 to;
	} map[] = {
		{ 0, 0, 0 },	/* Version, IHL */
		{ 1, 1, 1 },	/* Type of Service */
		{ 2, 3, 4 },	/* Total Length */
		{ 8, 8, 7 },	/* Time to Live */
		{ 9, 9, 6 },	/* Protocol */
		{ 12, 15, 8 },	/* Source Address */
		{ 16, 19, 24 },	/* Destination Address */
	};
	int pointer, want, i;

	for (pointer = 0; pointer < 256; pointer++) {
		want = -1;
		for (i = 0; i < ARRAY_SIZE(map); i++)
			if (pointer >= map[i].first && pointer <= map[i].last)
				want = map[i].to;
		icmp_check_pointer(test, false, 0, pointer, want);
		icmp_check_pointer(test, false, 1, pointer, -1);
		icmp_check_pointer(test, false, 2, pointer, want);
		icmp_check_pointer(test, false, 3, pointer, -1);
	}
}

/* R7915-5.2-j to -l: figure 6 */
static void icmp_pointers64(struct kunit *test)
{
	static const struct {
		u32 first;
		u32 last;
		u8 to;
	} map[] = {
		{ 0, 0, 0 },	/* Version, Traffic Class */
		{ 1, 1, 1 },	/* Traffic Class, Flow Label */
		{ 4, 5, 2 },	/* Payload Length */
		{ 6, 6, 9 },	/* Next Header */
		{ 7, 7, 8 },	/* Hop Limit */
		{ 8, 23, 12 },	/* Source Address */
		{ 24, 39, 16 },	/* Destination Address */
	};
	static const u32 large[] = {
		0x100, 0x106, 0x108, 0x10000, 0x10008, 0x7fffffff, 0x80000000,
		0x80000008, 0xffff0000, 0xfffffff0, 0xfffffffe, 0xffffffff,
		0x01000000, 0x06000000, 0x07000000,
	};
	int want, i;
	u32 n;

	for (n = 0; n < 256; n++) {
		want = -1;
		for (i = 0; i < ARRAY_SIZE(map); i++)
			if (n >= map[i].first && n <= map[i].last)
				want = map[i].to;
		icmp_check_pointer(test, true, 0, n, want);
		/* 3/2 has no pointer */
		icmp_check_pointer(test, true, 1, n, 0);
		icmp_check_pointer(test, true, 2, n, -1);
		icmp_check_pointer(test, true, 3, n, -1);
	}
	for (i = 0; i < ARRAY_SIZE(large); i++) {
		icmp_check_pointer(test, true, 0, large[i], -1);
		icmp_check_pointer(test, true, 1, large[i], 0);
	}
}

static u32 icmp_mtu(u32 mtu, bool v6, const struct nat64_pkt *pkt)
{
	u8 in[8] = { 3, 4 };
	u8 out[8];

	if (v6) {
		in[0] = 2;
		in[1] = 0;
		nat64_test_put32(mtu, in + 4);
	} else {
		/* length attribute of an extension, not part of the MTU */
		in[5] = 32;
		nat64_test_put16(mtu, in + 6);
	}
	return icmp_header(in, out, v6, pkt) ? nat64_test_get32(out + 4) : 0;
}

static const u32 icmp_limits[] = {
	0, 68, 1000, 1260, 1279, 1280, 1281, 1400, 1500, 1520, 9000, 65535,
	65536, U32_MAX - 20, U32_MAX,
};

/* R7915-4.2-t: max(1280, min(MTU + 20, limit of the links)) */
static void icmp_mtu46(struct kunit *test)
{
	struct nat64_pkt pkt = { .quoted.len = 65535 };
	u32 mtu, want, got;
	int i;

	for (i = 0; i < ARRAY_SIZE(icmp_limits); i++) {
		pkt.mtu_limit = icmp_limits[i];
		for (mtu = 1; mtu < 65536; mtu++) {
			want = max(1280U, min(mtu + 20, icmp_limits[i]));
			got = icmp_mtu(mtu, false, &pkt);
			if (got == want)
				continue;
			KUNIT_FAIL(test, "%u, limit %u: %u, want %u", mtu,
				   icmp_limits[i], got, want);
			return;
		}
	}
}

/* R7915-4.2-u: no MTU reported; plateaus of RFC 1191. */
static void icmp_plateaus(struct kunit *test)
{
	static const struct {
		u32 len;
		u32 limit;
		u32 want;
	} rows[] = {
		{ 4000, 9000, 2022 },
		{ 1500, 9000, 1512 },
		{ 1480, 9000, 1280 },
		{ 4000, 1520, 1520 },
		{ 65535, U32_MAX, 32020 },
		{ 65535, 1500, 1500 },
		{ 32001, U32_MAX, 32020 },
		{ 32000, U32_MAX, 17934 },
		{ 17914, U32_MAX, 8186 },
		{ 8166, U32_MAX, 4372 },
		{ 4352, U32_MAX, 2022 },
		{ 2003, U32_MAX, 2022 },
		{ 2002, U32_MAX, 1512 },
		{ 1493, U32_MAX, 1512 },
		{ 1492, U32_MAX, 1280 },
		{ 68, U32_MAX, 1280 },
		{ 20, U32_MAX, 1280 },
		{ 0, U32_MAX, 1280 },
	};
	struct nat64_pkt pkt = {};
	int i;

	for (i = 0; i < ARRAY_SIZE(rows); i++) {
		pkt.quoted.len = rows[i].len;
		pkt.mtu_limit = rows[i].limit;
		KUNIT_EXPECT_EQ_MSG(test, icmp_mtu(0, false, &pkt),
				    rows[i].want, "length %u", rows[i].len);
	}
}

/* R7915-5.2-o, D-ptb-clamp, D-ptb-low */
static void icmp_mtu64(struct kunit *test)
{
	static const u32 large[] = {
		65555, 65556, 65563, 65564, 0x10000 + 1280, 0x20000,
		0x7fffffff, 0x80000000, 0xfffffff0, 0xffffffff,
	};
	struct nat64_pkt pkt = {};
	u32 n, mtu, want, got;
	int i;

	for (i = 0; i < 2 * ARRAY_SIZE(icmp_limits); i++) {
		pkt.mtu_limit = icmp_limits[i / 2];
		pkt.quoted.frag = i % 2;
		for (n = 0; n < 65600 + ARRAY_SIZE(large); n++) {
			mtu = n < 65600 ? n : large[n - 65600];
			want = max(mtu, 1280U) - (pkt.quoted.frag ? 28 : 20);
			want = min3(want, pkt.mtu_limit, 65535U);
			got = icmp_mtu(mtu, true, &pkt);
			if (got == want)
				continue;
			KUNIT_FAIL(test, "%u, limit %u: %u, want %u", mtu,
				   pkt.mtu_limit, got, want);
			return;
		}
	}
}

/* R4884-4-a, -b, -d: where the quoted packet ends */
static void icmp_check_length(struct kunit *test, bool v6, u8 type, u32 length)
{
	static const u32 more[] = { 0, 1, 7, 8, 100 };
	bool known = v6 ? type == 1 || type == 3 :
			  type == 3 || type == 11 || type == 12;
	u32 want, len, i, bytes = length * (v6 ? 8 : 4);
	u8 icmp[8] = { type };

	icmp[v6 ? 4 : 5] = length;
	for (i = 0; i < 2 * ARRAY_SIZE(more); i++) {
		/* too short and long enough */
		len = 8 + bytes;
		if (i % 2)
			len += more[i / 2];
		else if (more[i / 2] <= bytes)
			len -= more[i / 2];
		want = !known || !length ? len : len < 8 + bytes ? 0 : 8 + bytes;
		KUNIT_EXPECT_EQ_MSG(test, nat64_icmp_quote_end(icmp, len, v6),
				    want, "v6 %d, type %u, length %u, of %u",
				    v6, type, length, len);
	}
}

static void icmp_lengths(struct kunit *test)
{
	static const u8 types4[] = { 3, 11, 12 };
	u32 length, i;

	for (length = 0; length < 256; length++) {
		for (i = 0; i < ARRAY_SIZE(types4); i++)
			icmp_check_length(test, false, types4[i], length);
		for (i = 1; i <= 4; i++)
			icmp_check_length(test, true, i, length);
	}
}

static struct kunit_case icmp_cases[] = {
	KUNIT_CASE(icmp_types46),
	KUNIT_CASE(icmp_types64),
	KUNIT_CASE(icmp_kinds),
	KUNIT_CASE(icmp_extension_types),
	KUNIT_CASE(icmp_pointers46),
	KUNIT_CASE(icmp_pointers64),
	KUNIT_CASE(icmp_mtu46),
	KUNIT_CASE(icmp_plateaus),
	KUNIT_CASE(icmp_mtu64),
	KUNIT_CASE(icmp_lengths),
	{}
};

static struct kunit_suite icmp_suite = {
	.name = "nat64_icmp",
	.test_cases = icmp_cases,
};

kunit_test_suite(icmp_suite);
