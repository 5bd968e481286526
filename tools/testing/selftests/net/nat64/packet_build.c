// SPDX-License-Identifier: GPL-2.0
/*
 * packet_build - builds packets from their description (see vectors/README).
 *
 * A packet is a row of layers. Each layer function appends its header, lets
 * next() append the rest, and then fills in lengths and checksums. It shares no
 * code with the module under test.
 */
#include <linux/virtio_net.h>
#include <stdlib.h>
#include <string.h>

#include "packet_build.h"

static bool next(struct ctx *c, const struct ip *ip);

static const struct {
	const char *name;
	int number;
} protocols[] = {
	{ "hbh", 0 }, { "icmp4", 1 }, { "ip4", 4 }, { "tcp", 6 },
	{ "udp", 17 }, { "ip6", 41 }, { "rh", 43 }, { "fh", 44 },
	{ "ah", 51 }, { "icmp6", 58 }, { "dst", 60 }, { "udplite", 136 },
};

/* The protocol number of the next layer. */
static int following(struct ctx *c)
{
	const char *name;
	size_t i;
	int j;

	for (j = c->i; j < c->tokens; j++) {
		if (!strcmp(c->tok[j], "]"))
			return 59;
		if (!strcmp(c->tok[j], "/"))
			break;
	}
	if (j + 1 >= c->tokens)
		return 59;
	name = c->tok[j + 1];
	if (!strcmp(name, "exthdr"))
		return j + 2 < c->tokens ? atoi(c->tok[j + 2]) : 59;
	for (i = 0; i < ARRAY_SIZE(protocols); i++)
		if (!strcmp(name, protocols[i].name))
			return protocols[i].number;
	return -1;
}

static int upper(struct ctx *c, int given)
{
	int proto = given >= 0 ? given : following(c);

	if (proto < 0) {
		bad(c, "the protocol number of '%s' is not known here",
		    c->tok[c->tokens - 1]);
		proto = 59;
	}
	return proto;
}

/* Keep only bytes @from to @from + @len of the part after @start. */
static void slice(struct ctx *c, size_t start, size_t from, size_t len)
{
	struct build *b = c->b;
	size_t have = b->len - start;
	struct hole *h;

	if (from > have)
		from = have;
	if (len > have - from)
		len = have - from;
	memmove(b->data + start, b->data + start + from, len);
	b->len = start + len;
	for (h = b->hole; h < b->hole + b->holes; h++) {
		if (h->off < start)
			continue;
		if (h->off < start + from || h->off + h->size > b->len + from)
			h->size = 0;
		h->off -= from;
	}
}

/* "OFFSET+LENGTH"; true if more fragments follow (MF or M). */
static bool slice_text(struct ctx *c, size_t start, const char *text,
		       unsigned int *offset)
{
	size_t whole = c->b->len - start;
	size_t from, len;

	if (sscanf(text, "%zu+%zu", &from, &len) != 2) {
		bad(c, "slice wants OFFSET+LENGTH, not '%s'", text);
		return false;
	}
	slice(c, start, from, len);
	*offset = from;
	return from + len < whole;
}

static void layer_ip4(struct ctx *c)
{
	int tos = 0, ihl = -1, len = -1, proto = -1, version = 4, mf = -1;
	const char *csum = NULL, *cut = NULL, *key_value;
	bool quoted = c->depth > 0, id_given = false;
	unsigned int df = 0, rf = 0, off = 0, id = 0;
	int ttl = quoted ? 64 : c->b->ttl;
	size_t at = c->b->len, start;
	struct ip ip = { .family = 4 };
	unsigned char *h;
	uint32_t sum;
	bool more;
	char *key;

	append(c, 20);
	address(c, 4, ip.src, at + 12);
	address(c, 4, ip.dst, at + 16);
	while (option(c, &key, &key_value)) {
		if (!strcmp(key, "tos")) {
			tos = number(c, key_value, at + 1, 1);
		} else if (!strcmp(key, "ttl")) {
			ttl = number(c, key_value, at + 8, 1);
		} else if (!strcmp(key, "id")) {
			id = number(c, key_value, at + 4, 2);
			id_given = true;
		} else if (!strcmp(key, "df")) {
			df = plain(c, key_value);
		} else if (!strcmp(key, "mf")) {
			mf = plain(c, key_value);
		} else if (!strcmp(key, "rf")) {
			rf = plain(c, key_value);
		} else if (!strcmp(key, "off")) {
			off = plain(c, key_value);
		} else if (!strcmp(key, "opts")) {
			hex(c, key_value);
		} else if (!strcmp(key, "ihl")) {
			ihl = plain(c, key_value);
		} else if (!strcmp(key, "len")) {
			len = number(c, key_value, at + 2, 2);
		} else if (!strcmp(key, "proto")) {
			proto = plain(c, key_value);
		} else if (!strcmp(key, "ver")) {
			version = plain(c, key_value);
		} else if (!strcmp(key, "csum")) {
			csum = key_value;
		} else if (!strcmp(key, "slice")) {
			cut = key_value;
		} else {
			bad(c, "ip4 does not know '%s'", key);
		}
	}
	if (!quoted && !id_given && c->b->result) {
		const unsigned char *v = hole(c, "", at + 4, 2);

		id = v[0] << 8 | v[1];
	}
	while ((c->b->len - at) % 4)
		append(c, 1);
	proto = upper(c, proto);
	start = c->b->len;
	next(c, &ip);
	if (cut) {
		more = slice_text(c, start, cut, &off);
		if (mf < 0)
			mf = more;
	}
	if (mf < 0)
		mf = 0;
	h = c->b->data + at;
	h[0] = version << 4 | (ihl >= 0 ? ihl : (int)(start - at) / 4);
	h[1] = tos;
	put16(h + 2, len >= 0 ? len : (int)(c->b->len - at));
	put16(h + 4, id);
	put16(h + 6, rf << 15 | df << 14 | mf << 13 | off / 8);
	h[8] = ttl;
	h[9] = proto;
	memcpy(h + 12, ip.src, 4);
	memcpy(h + 16, ip.dst, 4);
	sum = sum_add(0, h, start - at);
	if (!csum)
		put16(h + 10, sum_fold(sum));
	else if (!strcmp(csum, "bad"))
		put16(h + 10, sum_fold(sum) ^ 0x0100);
	else
		put16(h + 10, number(c, csum, at + 10, 2));
}

static void layer_ip6(struct ctx *c)
{
	int tc = 0, len = -1, nh = -1, version = 6;
	bool quoted = c->depth > 0;
	int hl = quoted ? 64 : c->b->ttl;
	size_t at = c->b->len, start;
	struct ip ip = { .family = 6 };
	const char *value;
	unsigned char *h;
	uint32_t flow = 0;
	char *key;

	append(c, 40);
	address(c, 6, ip.src, at + 8);
	address(c, 6, ip.dst, at + 24);
	while (option(c, &key, &value)) {
		if (!strcmp(key, "tc"))
			tc = plain(c, value);
		else if (!strcmp(key, "hl"))
			hl = number(c, value, at + 7, 1);
		else if (!strcmp(key, "flow"))
			flow = plain(c, value);
		else if (!strcmp(key, "len"))
			len = number(c, value, at + 4, 2);
		else if (!strcmp(key, "nh"))
			nh = plain(c, value);
		else if (!strcmp(key, "ver"))
			version = plain(c, value);
		else
			bad(c, "ip6 does not know '%s'", key);
	}
	nh = upper(c, nh);
	start = c->b->len;
	next(c, &ip);
	h = c->b->data + at;
	put32(h, (uint32_t)version << 28 | tc << 20 | flow);
	put16(h + 4, len >= 0 ? len : (int)(c->b->len - start));
	h[6] = nh;
	h[7] = hl;
	memcpy(h + 8, ip.src, 16);
	memcpy(h + 24, ip.dst, 16);
}

/* hbh, dst, rh, exthdr: next header, length in units of 8, and padding. */
static void layer_ext(struct ctx *c, const struct ip *ip, const char *name)
{
	unsigned int size = 8, type = 0, left = 0;
	bool rh = !strcmp(name, "rh");
	size_t at = c->b->len;
	int nh = -1, len = -1;
	const char *value;
	unsigned char *h;
	char *key;

	if (!strcmp(name, "exthdr"))
		plain(c, arg(c, "number"));
	append(c, 2);
	while (option(c, &key, &value)) {
		if (!strcmp(key, "size"))
			size = plain(c, value);
		else if (!strcmp(key, "hex"))
			hex(c, value);
		else if (!strcmp(key, "nh"))
			nh = plain(c, value);
		else if (!strcmp(key, "len"))
			len = plain(c, value);
		else if (!strcmp(key, "type") && rh)
			type = plain(c, value);
		else if (!strcmp(key, "left") && rh)
			left = plain(c, value);
		else
			bad(c, "%s does not know '%s'", name, key);
	}
	if (c->b->len == at + 2 && size > 2) {
		append(c, size - 2);
		h = c->b->data + at;
		if (rh) {
			h[2] = type;
			h[3] = left;
		} else {
			/* PadN, at most 7 bytes in Linux, or an unknown
			 * option that receivers skip
			 */
			h[2] = size > 8 ? 0x1e : 1;
			h[3] = size - 4;
		}
	}
	nh = upper(c, nh);
	size = c->b->len - at;
	next(c, ip);
	h = c->b->data + at;
	h[0] = nh;
	/* RFC 4302: AH alone counts words of four, less two */
	if (len >= 0)
		h[1] = len;
	else
		h[1] = strcmp(name, "ah") ? size / 8 - 1 : size / 4 - 2;
}

static void layer_fh(struct ctx *c, const struct ip *ip)
{
	const char *cut = NULL, *value;
	size_t at = c->b->len, start;
	unsigned int off = 0, res = 0;
	int nh = -1, m = -1;
	unsigned char *h;
	uint32_t id = 0;
	bool more;
	char *key;

	append(c, 8);
	while (option(c, &key, &value)) {
		if (!strcmp(key, "id"))
			id = number(c, value, at + 4, 4);
		else if (!strcmp(key, "off"))
			off = plain(c, value);
		else if (!strcmp(key, "m"))
			m = plain(c, value);
		else if (!strcmp(key, "res"))
			res = plain(c, value);
		else if (!strcmp(key, "nh"))
			nh = plain(c, value);
		else if (!strcmp(key, "slice"))
			cut = value;
		else
			bad(c, "fh does not know '%s'", key);
	}
	nh = upper(c, nh);
	start = c->b->len;
	next(c, ip);
	if (cut) {
		more = slice_text(c, start, cut, &off);
		if (m < 0)
			m = more;
	}
	h = c->b->data + at;
	h[0] = nh;
	h[1] = res >> 8;
	put16(h + 2, (off & ~7u) | (res & 3) << 1 | (m > 0));
	put32(h + 4, id);
}

static uint32_t pseudo(const struct ip *ip, int proto, size_t len)
{
	uint32_t sum;
	size_t n;

	if (!ip)
		return 0;
	n = ip->family == 4 ? 4 : 16;
	sum = sum_add(0, ip->src, n);
	sum = sum_add(sum, ip->dst, n);
	return sum + proto + (len >> 16) + (len & 0xffff);
}

/* Store the checksum of everything from @at on at @at + @off. */
static void checksum(struct ctx *c, size_t at, size_t off, uint32_t sum,
		     const char *text, bool never_zero)
{
	unsigned char *p = c->b->data + at + off;
	uint16_t v;

	put16(p, 0);
	if (text && !strcmp(text, "partial")) {
		c->b->offload.partial = true;
		c->b->offload.csum_start = at;
		c->b->offload.csum_offset = off;
		put16(p, ~sum_fold(sum));
		return;
	}
	sum = sum_add(sum, c->b->data + at, c->b->len - at);
	v = sum_fold(sum);
	/* An error of one in one's complement persists through any update. */
	if (text && !strcmp(text, "bad"))
		v = (uint16_t)~sum_fold((uint32_t)v + 1);
	else if (text)
		v = number(c, text, at + off, 2);
	if (!v && never_zero && !text)
		v = 0xffff;
	put16(p, v);
}

/* The headers end here; the rest is segmented. */
static void segments(struct ctx *c, const struct ip *ip, int proto,
		     const char *size)
{
	struct offload *o = &c->b->offload;

	o->gso_size = plain(c, size);
	o->head = c->b->len;
	if (proto == 17)
		o->gso_type = 5; /* VIRTIO_NET_HDR_GSO_UDP_L4, since 6.2 */
	else if (ip && ip->family == 4)
		o->gso_type = VIRTIO_NET_HDR_GSO_TCPV4;
	else
		o->gso_type = VIRTIO_NET_HDR_GSO_TCPV6;
}

static void layer_udp(struct ctx *c, const struct ip *ip, int proto)
{
	const char *csum = NULL, *gso = NULL, *value;
	size_t at = c->b->len, covered;
	unsigned char *h;
	int len = -1;
	char *key;

	append(c, 8);
	put16(c->b->data + at, number(c, arg(c, "port"), at, 2));
	put16(c->b->data + at + 2, number(c, arg(c, "port"), at + 2, 2));
	while (option(c, &key, &value)) {
		if (!strcmp(key, "len"))
			len = plain(c, value);
		else if (!strcmp(key, "csum"))
			csum = value;
		else if (!strcmp(key, "gso"))
			gso = value;
		else
			bad(c, "udp does not know '%s'", key);
	}
	if (gso)
		segments(c, ip, proto, gso);
	next(c, ip);
	h = c->b->data + at;
	covered = c->b->len - at;
	put16(h + 4, len >= 0 ? len : (int)covered);
	if (len >= 0)
		covered = len;
	checksum(c, at, 6, pseudo(ip, proto, covered), csum, true);
}

static void layer_tcp(struct ctx *c, const struct ip *ip)
{
	static const char letters[] = "FSRPAUEC";
	const char *csum = NULL, *gso = NULL, *value;
	size_t at = c->b->len;
	int flags = 0x10, doff = -1;
	unsigned char *h;
	char *key;

	append(c, 20);
	put16(c->b->data + at, number(c, arg(c, "port"), at, 2));
	put16(c->b->data + at + 2, number(c, arg(c, "port"), at + 2, 2));
	put16(c->b->data + at + 14, 1000);
	while (option(c, &key, &value)) {
		h = c->b->data + at;
		if (!strcmp(key, "seq")) {
			put32(h + 4, number(c, value, at + 4, 4));
		} else if (!strcmp(key, "ack")) {
			put32(h + 8, number(c, value, at + 8, 4));
		} else if (!strcmp(key, "win")) {
			put16(h + 14, number(c, value, at + 14, 2));
		} else if (!strcmp(key, "urg")) {
			put16(h + 18, plain(c, value));
		} else if (!strcmp(key, "doff")) {
			doff = plain(c, value);
		} else if (!strcmp(key, "opts")) {
			hex(c, value);
		} else if (!strcmp(key, "csum")) {
			csum = value;
		} else if (!strcmp(key, "gso")) {
			gso = value;
		} else if (!strcmp(key, "flags")) {
			for (flags = 0; *value && strchr(letters, *value);
			     value++)
				flags |= 1 << (strchr(letters, *value) -
					       letters);
			if (*value && *value != '-')
				bad(c, "tcp does not know flag '%c'", *value);
		} else {
			bad(c, "tcp does not know '%s'", key);
		}
	}
	while ((c->b->len - at) % 4)
		append(c, 1);
	h = c->b->data + at;
	h[12] = (doff >= 0 ? doff : (int)(c->b->len - at) / 4) << 4;
	h[13] = flags;
	if (gso)
		segments(c, ip, 6, gso);
	next(c, ip);
	checksum(c, at, 16, pseudo(ip, 6, c->b->len - at), csum, false);
}

static void layer_icmp(struct ctx *c, const struct ip *ip, int version)
{
	const char *csum = NULL, *value;
	size_t at = c->b->len;
	unsigned char *h;
	char *key;

	append(c, 8);
	c->b->data[at] = number(c, arg(c, "type"), at, 1);
	c->b->data[at + 1] = number(c, arg(c, "code"), at + 1, 1);
	while (option(c, &key, &value)) {
		h = c->b->data + at;
		if (!strcmp(key, "id"))
			put16(h + 4, number(c, value, at + 4, 2));
		else if (!strcmp(key, "seq"))
			put16(h + 6, number(c, value, at + 6, 2));
		else if (!strcmp(key, "rest"))
			put32(h + 4, number(c, value, at + 4, 4));
		else if (!strcmp(key, "mtu") && version == 4)
			put16(h + 6, number(c, value, at + 6, 2));
		else if (!strcmp(key, "mtu"))
			put32(h + 4, number(c, value, at + 4, 4));
		else if (!strcmp(key, "ptr") && version == 4)
			h[4] = number(c, value, at + 4, 1);
		else if (!strcmp(key, "ptr"))
			put32(h + 4, number(c, value, at + 4, 4));
		else if (!strcmp(key, "len"))
			h[version == 4 ? 5 : 4] = plain(c, value);
		else if (!strcmp(key, "csum"))
			csum = value;
		else
			bad(c, "icmp%d does not know '%s'", version, key);
	}
	next(c, ip);
	checksum(c, at, 2, version == 4 ? 0 : pseudo(ip, 58, c->b->len - at),
		 csum, false);
}

/* RFC 4884 section 7: an extension structure of version 2. */
static void layer_objects(struct ctx *c, const struct ip *ip)
{
	const char *csum = NULL, *value;
	size_t at = c->b->len;
	char *key;

	append(c, 4)[0] = 0x20;
	while (option(c, &key, &value)) {
		if (!strcmp(key, "csum"))
			csum = value;
		else if (!strcmp(key, "fill"))
			memset(append(c, plain(c, value)), 0x5a,
			       plain(c, value));
		else
			hex(c, key);
	}
	checksum(c, at, 2, 0, csum, false);
	next(c, ip);
}

static void layer_payload(struct ctx *c, const char *name)
{
	unsigned int len, from = 0, i;
	unsigned char *p;

	if (!strcmp(name, "hex")) {
		while (!at_end(c))
			hex(c, c->tok[c->i++]);
	} else if (sscanf(arg(c, "length"), "%u@%u", &len, &from) < 1) {
		bad(c, "%s wants LENGTH or LENGTH@OFFSET", name);
	} else {
		p = append(c, len);
		/* The pattern shows the offset of a fragment. */
		for (i = from; !strcmp(name, "fill") && i < from + len; i++)
			*p++ = i + (i >> 8);
	}
}

static void layer_quote(struct ctx *c, const struct ip *ip)
{
	size_t at = c->b->len, len;
	const char *value;
	char *key;

	c->depth++;
	c->i--;		/* next() looks for what stands before a layer */
	c->tok[c->i] = "/";
	next(c, NULL);
	c->depth--;
	if (!token(c) || strcmp(token(c), "]")) {
		bad(c, "']' is missing");
		return;
	}
	c->i++;
	while (option(c, &key, &value)) {
		len = plain(c, value);
		if (!strcmp(key, "cut"))
			slice(c, at, 0, len);
		else if (!strcmp(key, "pad") && len > c->b->len - at)
			append(c, len - (c->b->len - at));
		else if (strcmp(key, "pad"))
			bad(c, "a quote does not know '%s'", key);
	}
	next(c, ip);
}

/* Build the layer after a '/', if there is one. */
static bool next(struct ctx *c, const struct ip *ip)
{
	const char *name;

	if (c->b->err[0] || !token(c) || strcmp(token(c), "/"))
		return false;
	c->i++;
	name = arg(c, "layer");
	if (!strcmp(name, "ip4")) {
		layer_ip4(c);
	} else if (!strcmp(name, "ip6")) {
		layer_ip6(c);
	} else if (!strcmp(name, "udp")) {
		layer_udp(c, ip, 17);
	} else if (!strcmp(name, "udplite")) {
		layer_udp(c, ip, 136);
	} else if (!strcmp(name, "tcp")) {
		layer_tcp(c, ip);
	} else if (!strcmp(name, "icmp4")) {
		layer_icmp(c, ip, 4);
	} else if (!strcmp(name, "icmp6")) {
		layer_icmp(c, ip, 6);
	} else if (!strcmp(name, "fh")) {
		layer_fh(c, ip);
	} else if (!strcmp(name, "hbh") || !strcmp(name, "dst") ||
		   !strcmp(name, "rh") || !strcmp(name, "ah") ||
		   !strcmp(name, "exthdr")) {
		layer_ext(c, ip, name);
	} else if (!strcmp(name, "[")) {
		layer_quote(c, ip);
	} else if (!strcmp(name, "objects")) {
		layer_objects(c, ip);
	} else if (!strcmp(name, "hex") || !strcmp(name, "fill") ||
		   !strcmp(name, "zeros")) {
		layer_payload(c, name);
		next(c, ip);
	} else {
		bad(c, "no layer is called '%s'", name);
	}
	return true;
}

/* Packets of rfc.md are after one forwarding step; paths may have more. */
static void golden(struct ctx *c)
{
	unsigned char *p = c->b->data;

	if (p[0] >> 4 == 6 && c->b->len >= 40) {
		p[7] += 1 - c->b->hops;
	} else if (p[0] >> 4 == 4 && c->b->len >= 20) {
		p[8] += 1 - c->b->hops;
		put16(p + 10, 0);
		put16(p + 10, sum_fold(sum_add(0, p, (p[0] & 15) * 4)));
	}
}

bool build_packet(struct build *b, const char *text)
{
	struct ctx c = { .b = b };
	static char copy[PACKET_MAX * 2];
	char *save;
	char *t;

	b->len = 0;
	b->holes = 0;
	b->err[0] = 0;
	memset(&b->offload, 0, sizeof(b->offload));
	snprintf(copy, sizeof(copy), "%s", text);
	c.tok[c.tokens++] = "/";
	for (t = strtok_r(copy, " \t", &save); t && c.tokens < TOKENS_MAX;
	     t = strtok_r(NULL, " \t", &save))
		c.tok[c.tokens++] = t;
	if (c.tokens > 1 && !strcmp(c.tok[1], "golden")) {
		c.tok[1] = "hex";
		next(&c, NULL);
		if (b->result)
			golden(&c);
	} else {
		next(&c, NULL);
	}
	if (c.i < c.tokens)
		bad(&c, "'%s' is not expected here", c.tok[c.i]);
	return !b->err[0];
}
