// SPDX-License-Identifier: GPL-2.0
/*
 * packet_diff - prints packets in hex and in the language of the vectors, and
 * checks that translated packets are well-formed.
 */
#include <arpa/inet.h>
#include <string.h>

#include "packet.h"

struct text {
	char *p;
	size_t left;
};

static unsigned int get16(const unsigned char *p)
{
	return p[0] << 8 | p[1];
}

static uint32_t get32(const unsigned char *p)
{
	return (uint32_t)get16(p) << 16 | get16(p + 2);
}

static void say(struct text *t, const char *fmt, ...)
{
	va_list ap;
	int n;

	va_start(ap, fmt);
	n = vsnprintf(t->p, t->left, fmt, ap);
	va_end(ap);
	if (n < 0 || (size_t)n >= t->left)
		n = t->left ? t->left - 1 : 0;
	t->p += n;
	t->left -= n;
}

static void decode(struct text *t, const unsigned char *p, size_t len,
		   bool quoted);

static void bytes(struct text *t, const unsigned char *p, size_t len)
{
	size_t i;

	if (!len)
		return;
	say(t, " / hex ");
	for (i = 0; i < len && i < 32; i++)
		say(t, "%02x", p[i]);
	if (len > i)
		say(t, "... (%zu bytes)", len);
}

/* One's complement sum of the pseudo-header and payload. */
static bool sum_ok(const unsigned char *ip, int family, int proto,
		   const unsigned char *p, size_t len)
{
	uint32_t sum = sum_add(0, p, len);

	if (family == 4 && proto != 1)
		sum = sum_add(sum, ip + 12, 8) + proto + len;
	if (family == 6)
		sum = sum_add(sum, ip + 8, 32) + proto + len;
	return !sum_fold(sum);
}

static void decode_icmp(struct text *t, const unsigned char *p, size_t len,
			int family)
{
	bool echo = family == 4 ? p[0] == 8 || !p[0] : p[0] / 2 == 64;
	bool error = family == 4 ? p[0] == 3 || p[0] == 11 || p[0] == 12
				 : p[0] < 128;

	say(t, " / icmp%d %u %u", family, p[0], p[1]);
	if (echo)
		say(t, " id=%u seq=%u", get16(p + 4), get16(p + 6));
	else
		say(t, " rest=0x%08x", get32(p + 4));
	if (error && len > 8) {
		say(t, " / [");
		decode(t, p + 8, len - 8, true);
		say(t, " ]");
	} else {
		bytes(t, p + 8, len - 8);
	}
}

static void decode_upper(struct text *t, const unsigned char *ip, int family,
			 int proto, const unsigned char *p, size_t len,
			 bool whole)
{
	static const char letters[] = "FSRPAUEC";
	const char *csum = "";
	size_t head;
	int i;

	if (whole && (proto == 6 || proto == 17 || proto == 1 || proto == 58))
		csum = sum_ok(ip, family, proto, p, len) ? "" : " (bad sum)";
	if (proto == 17 && len >= 8) {
		say(t, " / udp %u %u len=%u csum=0x%04x%s", get16(p),
		    get16(p + 2), get16(p + 4), get16(p + 6),
		    get16(p + 6) ? csum : "");
		bytes(t, p + 8, len - 8);
	} else if (proto == 6 && len >= 20) {
		say(t, " / tcp %u %u seq=%u ack=%u flags=", get16(p),
		    get16(p + 2), get32(p + 4), get32(p + 8));
		for (i = 0; i < 8; i++)
			if (p[13] >> i & 1)
				say(t, "%c", letters[i]);
		say(t, " win=%u csum=0x%04x%s", get16(p + 14), get16(p + 16),
		    csum);
		head = (p[12] >> 4) * 4;
		if (head < 20 || head > len)
			head = 20;
		bytes(t, p + head, len - head);
	} else if ((proto == 1 || proto == 58) && len >= 8) {
		decode_icmp(t, p, len, proto == 1 ? 4 : 6);
		say(t, "%s", csum);
	} else {
		bytes(t, p, len);
	}
}

static void decode4(struct text *t, const unsigned char *p, size_t len,
		    bool quoted)
{
	char src[INET_ADDRSTRLEN], dst[INET_ADDRSTRLEN];
	unsigned int frag = get16(p + 6);
	size_t head = (p[0] & 15) * 4;

	inet_ntop(AF_INET, p + 12, src, sizeof(src));
	inet_ntop(AF_INET, p + 16, dst, sizeof(dst));
	say(t, " ip4 %s %s tos=0x%02x len=%u id=%u ttl=%u proto=%u", src, dst,
	    p[1], get16(p + 2), get16(p + 4), p[8], p[9]);
	if (frag & 0x4000)
		say(t, " df");
	if (frag & 0x2000)
		say(t, " mf");
	if (frag & 0x1fff)
		say(t, " off=%u", (frag & 0x1fff) * 8);
	if (head < 20 || head > len) {
		say(t, " (bad ihl)");
		return;
	}
	if (sum_fold(sum_add(0, p, head)))
		say(t, " (bad sum 0x%04x)", get16(p + 10));
	if (frag & 0x1fff)
		bytes(t, p + head, len - head);
	else
		decode_upper(t, p, 4, p[9], p + head, len - head,
			     !quoted && !(frag & 0x2000));
}

static void decode6(struct text *t, const unsigned char *p, size_t len,
		    bool quoted)
{
	char src[INET6_ADDRSTRLEN], dst[INET6_ADDRSTRLEN];
	bool whole = !quoted, later = false;
	size_t at = 40, size;
	int nh = p[6];

	inet_ntop(AF_INET6, p + 8, src, sizeof(src));
	inet_ntop(AF_INET6, p + 24, dst, sizeof(dst));
	say(t, " ip6 %s %s tc=0x%02x flow=0x%x len=%u hl=%u", src, dst,
	    get32(p) >> 20 & 0xff, get32(p) & 0xfffff, get16(p + 4), p[7]);
	while (at + 8 <= len && (nh == 0 || nh == 43 || nh == 44 ||
				 nh == 60)) {
		if (nh == 44) {
			whole = false;
			later = get16(p + at + 2) & 0xfff8;
			say(t, " / fh off=%u m=%u id=0x%x",
			    get16(p + at + 2) & 0xfff8, p[at + 3] & 1,
			    get32(p + at + 4));
			size = 8;
		} else {
			say(t, " / exthdr %d size=%u", nh,
			    (p[at + 1] + 1) * 8);
			size = (p[at + 1] + 1) * 8;
		}
		nh = p[at];
		at += size;
		if (later)
			break;
	}
	if (at > len) {
		say(t, " (cut)");
		return;
	}
	say(t, " nh=%d", nh);
	if (later)
		bytes(t, p + at, len - at);
	else
		decode_upper(t, p, 6, nh, p + at, len - at, whole);
}

static void decode(struct text *t, const unsigned char *p, size_t len,
		   bool quoted)
{
	if (len >= 20 && p[0] >> 4 == 4)
		decode4(t, p, len, quoted);
	else if (len >= 40 && p[0] >> 4 == 6)
		decode6(t, p, len, quoted);
	else
		bytes(t, p, len);
}

void print_hex(const char *head, const void *data, size_t len)
{
	const unsigned char *p = data;
	size_t i;

	printf("# %s", head);
	for (i = 0; i < len; i++)
		printf("%s%02x", i % 40 || !i ? "" : "\n#          ", p[i]);
	printf("\n");
}

void print_decoded(const char *head, const void *data, size_t len)
{
	char buf[2048];
	struct text t = { .p = buf, .left = sizeof(buf) };

	buf[0] = 0;
	decode(&t, data, len, false);
	printf("# %s%s\n", head, buf);
}

/* Print only the relevant part of long packets. */
static void print_near(const char *head, const unsigned char *p, size_t len,
		       size_t at)
{
	size_t from = at > 60 && len > 240 ? (at - 40) / 20 * 20 : 0;

	if (from > len)
		from = len;
	if (len <= 240) {
		print_hex(head, p, len);
		return;
	}
	print_hex(head, p + from, len - from > 120 ? 120 : len - from);
	printf("#          (%zu bytes, from byte %zu)\n", len, from);
}

void print_difference(const void *want, size_t want_len, const void *got,
		      size_t got_len)
{
	const unsigned char *a = want, *b = got;
	size_t i;

	for (i = 0; i < want_len && i < got_len && a[i] == b[i];)
		i++;
	print_near("expected ", want, want_len, i);
	print_decoded("        ", want, want_len);
	print_near("got      ", got, got_len, i);
	print_decoded("        ", got, got_len);
	if (i < want_len && i < got_len)
		printf("# byte %zu is %02x, expected %02x\n", i, b[i], a[i]);
	else
		printf("# %zu bytes, expected %zu\n", got_len, want_len);
}

const char *packet_fault(const void *data, size_t len)
{
	const unsigned char *p = data;
	size_t head;

	if (len >= 20 && p[0] >> 4 == 4) {
		head = (p[0] & 15) * 4;
		if (head < 20 || head > len)
			return "IPv4 header length";
		if (sum_fold(sum_add(0, p, head)))
			return "IPv4 header checksum";
		if (get16(p + 2) != len)
			return "IPv4 total length";
		if (p[12] == 127 || p[12] >= 224 || p[16] == 127 ||
		    p[16] >= 224 || get16(p + 12) == 0xa9fe ||
		    get16(p + 16) == 0xa9fe)
			return "IPv4 address that is never translated";
		return NULL;
	}
	if (len >= 40 && p[0] >> 4 == 6) {
		if (get16(p + 4) + 40 != len)
			return "IPv6 payload length";
		if (get32(p) & 0xfffff)
			return "IPv6 flow label";
		return NULL;
	}
	return "neither IPv4 nor IPv6";
}
