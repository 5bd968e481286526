// SPDX-License-Identifier: GPL-2.0
/*
 * addr - IPv4 addresses in IPv6 addresses (RFC 6052, RFC 7757). Based on the
 * RFCs only, shares no code with the driver.
 */
#include "fuzz.h"

/* Positions of the four octets, RFC 6052 section 2.2; byte 8 is skipped. */
static int octet_at(int prefix_len, int i)
{
	int at = prefix_len / 8 + i;

	return prefix_len < 96 && at >= 8 ? at + 1 : at;
}

void embed(const struct world *w, const unsigned char *a4, unsigned char *a6)
{
	int i;

	memcpy(a6, w->pool6, 16);
	for (i = 0; i < 4; i++)
		a6[octet_at(w->pool6_len, i)] = a4[i];
}

void extract(const struct world *w, const unsigned char *a6,
	     unsigned char *a4)
{
	int i;

	for (i = 0; i < 4; i++)
		a4[i] = a6[octet_at(w->pool6_len, i)];
}

static bool bit(const unsigned char *a, int i)
{
	return a[i / 8] >> (7 - i % 8) & 1;
}

static void set_bit(unsigned char *a, int i, bool v)
{
	unsigned char mask = 1 << (7 - i % 8);

	a[i / 8] = v ? a[i / 8] | mask : a[i / 8] & ~mask;
}

static bool prefix_equal(const unsigned char *a, const unsigned char *b,
			 int len)
{
	int i;

	for (i = 0; i < len; i++)
		if (bit(a, i) != bit(b, i))
			return false;
	return true;
}

bool in_pool6(const struct world *w, const unsigned char *a6)
{
	return !memcmp(a6, w->pool6, w->pool6_len / 8);
}

bool in_pool4(const struct world *w, const unsigned char *a4)
{
	return prefix_equal(a4, w->pool4, w->pool4_len);
}

bool eam46(const struct world *w, const unsigned char *a4, unsigned char *a6)
{
	const struct eam *e, *best = NULL;
	int i;

	for (e = w->eam; e < w->eam + w->eams; e++)
		if (prefix_equal(a4, e->v4, e->len4) &&
		    (!best || e->len4 > best->len4))
			best = e;
	if (!best)
		return false;
	memcpy(a6, best->v6, 16);
	for (i = best->len4; i < 32; i++)
		set_bit(a6, best->len6 + i - best->len4, bit(a4, i));
	return true;
}

bool eam64(const struct world *w, const unsigned char *a6, unsigned char *a4)
{
	const struct eam *e, *best = NULL;
	int i;

	for (e = w->eam; e < w->eam + w->eams; e++)
		if (prefix_equal(a6, e->v6, e->len6) &&
		    (!best || e->len6 > best->len6))
			best = e;
	if (!best)
		return false;
	memcpy(a4, best->v4, 4);
	for (i = best->len4; i < 32; i++)
		set_bit(a4, i, bit(a6, best->len6 + i - best->len4));
	return true;
}

bool illegal4(const unsigned char *a4)
{
	return !a4[0] || a4[0] == 127 || a4[0] >= 224 ||
	       (a4[0] == 169 && a4[1] == 254);
}

bool illegal6(const unsigned char *a6)
{
	static const unsigned char any[16];
	static const unsigned char mapped[12] = { [10] = 0xff, 0xff };

	/* ::, ::1, multicast, fe80::/10, ::ffff:0:0/96 */
	return (!memcmp(a6, any, 15) && a6[15] <= 1) || a6[0] == 0xff ||
	       (a6[0] == 0xfe && (a6[1] & 0xc0) == 0x80) ||
	       !memcmp(a6, mapped, 12);
}

/* The list of RFC 6052 section 3.1 but for the documentation prefixes. */
bool global4(const unsigned char *a)
{
	return !(!a[0] || a[0] == 10 || a[0] == 127 || a[0] >= 224 ||
		 (a[0] == 100 && (a[1] & 0xc0) == 64) ||
		 (a[0] == 169 && a[1] == 254) ||
		 (a[0] == 172 && (a[1] & 0xf0) == 16) ||
		 (a[0] == 192 && !a[1] && !a[2]) ||
		 (a[0] == 192 && a[1] == 88 && a[2] == 99) ||
		 (a[0] == 192 && a[1] == 168) ||
		 (a[0] == 198 && (a[1] & 0xfe) == 18));
}
