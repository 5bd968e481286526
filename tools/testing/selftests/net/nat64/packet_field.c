// SPDX-License-Identifier: GPL-2.0
/*
 * packet_field - parses words of a packet description: numbers, addresses,
 * bytes, and open fields.
 */
#include <arpa/inet.h>
#include <stdlib.h>
#include <string.h>

#include "packet_build.h"

static struct {
	unsigned char prefix[16];
	int len;
} pool6 = { .len = -1 };

void bad(struct ctx *c, const char *fmt, ...)
{
	va_list ap;

	if (c->b->err[0])
		return;
	va_start(ap, fmt);
	vsnprintf(c->b->err, sizeof(c->b->err), fmt, ap);
	va_end(ap);
}

uint32_t sum_add(uint32_t sum, const void *data, size_t len)
{
	const unsigned char *p = data;
	size_t i;

	for (i = 0; i < len; i++)
		sum += i & 1 ? p[i] : p[i] << 8;
	while (sum >> 16)
		sum = (sum & 0xffff) + (sum >> 16);
	return sum;
}

uint16_t sum_fold(uint32_t sum)
{
	while (sum >> 16)
		sum = (sum & 0xffff) + (sum >> 16);
	return ~sum & 0xffff;
}

void put16(unsigned char *p, unsigned int v)
{
	p[0] = v >> 8;
	p[1] = v;
}

void put32(unsigned char *p, uint32_t v)
{
	put16(p, v >> 16);
	put16(p + 2, v & 0xffff);
}

unsigned char *append(struct ctx *c, size_t len)
{
	struct build *b = c->b;
	unsigned char *p;

	if (b->len + len > sizeof(b->data)) {
		bad(c, "packet too long");
		b->len = 0;
		len = len > sizeof(b->data) ? sizeof(b->data) : len;
	}
	p = b->data + b->len;
	memset(p, 0, len);
	b->len += len;
	return p;
}

/* RFC 6052 section 2.2: the octets of the IPv4 address follow the prefix and
 * skip octet 8.
 */
static void embed(unsigned char *v6, const unsigned char *prefix, int len,
		  const unsigned char *v4)
{
	int at = len / 8;
	int i;

	memset(v6, 0, 16);
	memcpy(v6, prefix, at);
	for (i = 0; i < 4; i++) {
		if (at == 8)
			at++;
		v6[at++] = v4[i];
	}
}

static bool parse_prefix(const char *text, unsigned char *prefix, int *len)
{
	char buf[64];
	char *slash;

	snprintf(buf, sizeof(buf), "%s", text);
	slash = strchr(buf, '/');
	if (!slash)
		return false;
	*slash = 0;
	*len = atoi(slash + 1);
	return inet_pton(AF_INET6, buf, prefix) == 1;
}

void build_pool6(const char *prefix)
{
	if (!prefix || !parse_prefix(prefix, pool6.prefix, &pool6.len))
		pool6.len = -1;
}

const unsigned char *hole(struct ctx *c, const char *name, size_t off,
			  int size)
{
	static const unsigned char nothing[16];
	struct build *b = c->b;
	struct hole *h;

	if (c->hole >= HOLES_MAX) {
		bad(c, "too many open fields");
		return nothing;
	}
	h = &b->hole[c->hole];
	h->off = off;
	h->size = size;
	snprintf(h->name, sizeof(h->name), "%s", name);
	b->holes = ++c->hole;
	return b->fill ? b->fill[c->hole - 1] : nothing;
}

uint32_t number(struct ctx *c, const char *text, size_t off, int size)
{
	const unsigned char *v;
	unsigned long long n;
	uint32_t r = 0;
	char *end;
	int i;

	if (text[0] == '?') {
		v = hole(c, text + 1, off, size);
		for (i = 0; i < size; i++)
			r = r << 8 | v[i];
		return r;
	}
	n = strtoull(text, &end, 0);
	if (end == text || *end)
		bad(c, "'%s' is not a number", text);
	else if (size < 4 && n >> (8 * size))
		bad(c, "%s does not fit its field", text);
	return n;
}

uint32_t plain(struct ctx *c, const char *text)
{
	if (text[0] == '?') {
		bad(c, "this field cannot be left open");
		return 0;
	}
	return number(c, text, 0, 4);
}

char *token(struct ctx *c)
{
	return c->i < c->tokens ? c->tok[c->i] : NULL;
}

bool at_end(struct ctx *c)
{
	char *t = token(c);

	return !t || !strcmp(t, "/") || !strcmp(t, "]");
}

const char *arg(struct ctx *c, const char *what)
{
	if (at_end(c)) {
		bad(c, "%s is missing", what);
		return "0";
	}
	return c->tok[c->i++];
}

bool option(struct ctx *c, char **key, const char **value)
{
	static char copy[64];
	char *eq;

	if (at_end(c))
		return false;
	eq = strchr(c->tok[c->i], '=');
	if (eq && eq - c->tok[c->i] < (long)sizeof(copy)) {
		snprintf(copy, sizeof(copy), "%.*s",
			 (int)(eq - c->tok[c->i]), c->tok[c->i]);
		*key = copy;
		*value = eq + 1;
	} else {
		*key = c->tok[c->i];
		*value = "1";
	}
	c->i++;
	return true;
}

void address(struct ctx *c, int family, unsigned char *out, size_t off)
{
	const char *text = arg(c, "address");
	unsigned char prefix[16];
	unsigned char v4[4];
	char buf[64];
	char *plus;
	int len;

	if (text[0] == '?') {
		memcpy(out, hole(c, text + 1, off, family == 4 ? 4 : 16),
		       family == 4 ? 4 : 16);
		return;
	}
	if (family == 4) {
		if (inet_pton(AF_INET, text, out) != 1)
			bad(c, "'%s' is not an IPv4 address", text);
		return;
	}
	snprintf(buf, sizeof(buf), "%s", text);
	if (!strncmp(buf, "P(", 2)) {
		buf[strcspn(buf, ")")] = 0;
		if (pool6.len < 0 || inet_pton(AF_INET, buf + 2, v4) != 1)
			bad(c, "bad %s", text);
		else
			embed(out, pool6.prefix, pool6.len, v4);
		return;
	}
	plus = strchr(buf, '+');
	if (plus) {
		*plus = 0;
		if (!parse_prefix(buf, prefix, &len) ||
		    inet_pton(AF_INET, plus + 1, v4) != 1)
			bad(c, "bad %s", text);
		else
			embed(out, prefix, len, v4);
		return;
	}
	if (inet_pton(AF_INET6, buf, out) != 1)
		bad(c, "'%s' is not an IPv6 address", text);
}

void hex(struct ctx *c, const char *text)
{
	unsigned int byte;

	for (; *text; text += 2) {
		if (sscanf(text, "%2x", &byte) != 1 || !text[1]) {
			bad(c, "bad hex '%s'", text);
			return;
		}
		*append(c, 1) = byte;
	}
}
