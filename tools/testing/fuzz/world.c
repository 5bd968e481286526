// SPDX-License-Identifier: GPL-2.0
/*
 * world - configurations of the device. The router is always the same: IPv6
 * hosts behind tun "six", IPv4 hosts behind tun "four".
 */
#include <arpa/inet.h>
#include <stdio.h>
#include <stdlib.h>

#include "fuzz.h"

struct world worlds[] = {
	{ .name = "stateless-96", .pool6_text = "3fff:96::/96" },
	{ .name = "stateless-64", .pool6_text = "3fff:64::/64" },
	{ .name = "stateless-56", .pool6_text = "3fff:56::/56" },
	{ .name = "stateless-48", .pool6_text = "3fff:48::/48" },
	{ .name = "stateless-40", .pool6_text = "3fff:40::/40" },
	{ .name = "stateless-32", .pool6_text = "3fff:32::/32" },
	{ .name = "stateless-wkp", .pool6_text = "64:ff9b::/96" },
	{
		.name = "stateless-keys",
		.pool6_text = "3fff:40::/40",
		.keys = "amend-udp-checksum-zero on lowest-ipv6-mtu 1400 zeroize-traffic-class on override-tos on tos 7",
		.amend = true, .lowest = 1400, .zeroize = true, .tos = 7,
	},
	{
		.name = "stateless-forward",
		.pool6_text = "3fff:48::/48",
		.keys = "amend-udp-checksum-zero forward",
		.amend = true, .forward = true,
	},
	{
		.name = "eam",
		.pool6_text = "3fff:96::/96",
		.eam_text = "192.0.2.1/32 2001:db8:aaaa::/128 192.0.2.2/32 2001:db8:bbbb::b/128 192.0.2.16/28 2001:db8:cccc::/124 192.0.2.128/26 2001:db8:dddd::/64 192.0.2.192/29 2001:db8:eeee:8::/62 192.0.2.24/32 2001:db8:1::24/128",
	},
	{
		.name = "eam-simple",
		.pool6_text = "3fff:56::/56",
		.keys = "eam-hairpin-mode simple",
		.eam_text = "192.0.2.0/25 2001:db8:cccc::/96 198.51.100.77/32 2001:db8:bbbb::b/128",
		.hairpin = SIMPLE,
	},
	{
		.name = "stateful-96",
		.pool6_text = "3fff:96::/96",
		.pool4_text = "203.0.113.1",
	},
	{
		.name = "stateful-40",
		.pool6_text = "3fff:40::/40",
		.pool4_text = "203.0.113.0/29",
	},
	{
		.name = "stateful-wkp",
		.pool6_text = "64:ff9b::/96",
		.pool4_text = "203.0.113.1",
	},
};

const int world_count = ARRAY_SIZE(worlds);

static struct fixture fixture;

static void put(enum setting_kind kind, const char *key, const char *fmt, ...)
{
	struct setting *s;
	char value[512];
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(value, sizeof(value), fmt, ap);
	va_end(ap);
	fixture.setting = realloc(fixture.setting, (fixture.count + 1) *
				  sizeof(*fixture.setting));
	if (!fixture.setting)
		exit(1);
	s = &fixture.setting[fixture.count++];
	*s = (struct setting) {
		.kind = kind, .key = strdup(key), .value = strdup(value)
	};
}

static void clear(void)
{
	int i;

	for (i = 0; i < fixture.count; i++) {
		free(fixture.setting[i].key);
		free(fixture.setting[i].value);
	}
	fixture.count = 0;
}

/* "PREFIX/LENGTH" */
static int parse_prefix(const char *text, int family, unsigned char *a)
{
	char copy[64];
	char *slash;

	snprintf(copy, sizeof(copy), "%s", text);
	slash = strchr(copy, '/');
	if (slash)
		*slash++ = 0;
	if (inet_pton(family, copy, a) != 1)
		exit(1);
	if (slash)
		return atoi(slash);
	return family == AF_INET ? 32 : 128;
}

static void parse_eam(struct world *w)
{
	char copy[512];
	struct eam *e;
	char *v4;

	if (!w->eam_text)
		return;
	snprintf(copy, sizeof(copy), "%s", w->eam_text);
	for (v4 = strtok(copy, " "); v4; v4 = strtok(NULL, " ")) {
		e = &w->eam[w->eams++];
		e->len4 = parse_prefix(v4, AF_INET, e->v4);
		e->len6 = parse_prefix(strtok(NULL, " "), AF_INET6, e->v6);
	}
}

void world_parse(struct world *w)
{
	static const unsigned char wkp[12] = { 0, 0x64, 0xff, 0x9b };

	w->pool6_len = parse_prefix(w->pool6_text, AF_INET6, w->pool6);
	w->wkp = !memcmp(w->pool6, wkp, sizeof(wkp));
	if (w->pool4_text)
		w->pool4_len = parse_prefix(w->pool4_text, AF_INET, w->pool4);
	if (!w->lowest)
		w->lowest = 1280;
	if (!strstr(w->keys ?: "", "override-tos"))
		w->tos = -1;
	parse_eam(w);
}

void worlds_init(void)
{
	struct world *w;

	for (w = worlds; w < worlds + world_count; w++)
		world_parse(w);
}

static const char *text4(const unsigned char *a)
{
	static char text[INET_ADDRSTRLEN];

	return inet_ntop(AF_INET, a, text, sizeof(text));
}

static const char *text6(const unsigned char *a)
{
	static char text[INET6_ADDRSTRLEN];

	return inet_ntop(AF_INET6, a, text, sizeof(text));
}

/* The IPv6 hosts of stateless worlds have the IPv4 addresses 192.0.2.0/24, with
 * a more specific route within pool6.
 */
static void put_hosts(const struct world *w)
{
	static const unsigned char net[4] = { 192, 0, 2 };
	int len = w->pool6_len + 24;
	unsigned char a[16];

	embed(w, net, a);
	if (w->pool6_len < 96 && len > 64)
		len += 8;
	put(WORLD, "route", "%s/%d six", text6(a), len);
}

static void put_world(void)
{
	static const char *const devices[] = { "four", "six", "all" };
	int i;

	put(WORLD, "addr", "2001:db8:1::1/64 six");
	put(WORLD, "addr", "198.51.100.1/24 four");
	put(WORLD, "route", "::/0 six");
	put(WORLD, "route", "0.0.0.0/0 four");
	/* other worlds share pool6 with one of these */
	for (i = 0; i < world_count; i++)
		if (!worlds[i].pool4_text && !worlds[i].keys &&
		    !worlds[i].eam_text)
			put_hosts(&worlds[i]);
	/* packets also arrive from a third interface */
	for (i = 0; i < (int)ARRAY_SIZE(devices); i++)
		put(WORLD, "sysctl", "net.ipv4.conf.%s.rp_filter 0",
		    devices[i]);
}

bool world_start(struct world *w, char *why, size_t why_len)
{
	clear();
	put_world();
	put(SET, "mode", w->pool4_text ? "stateful" : "stateless");
	put(SET, "pool6", "%s", w->pool6_text);
	if (w->pool4_text) {
		put(SET, "pool4", "%s", w->pool4_entries ?: w->pool4_text);
		/* A waiting SYN is counted later, or affects the next port. */
		put(SET, "maximum-simultaneous-opens", "0");
		/* no timeout during the test, however slow it is */
		put(SET, "udp-timeout", "86400");
		put(SET, "icmp-timeout", "86400");
		put(SET, "dns-timeout", "%s", w->dns_timeout ?: "86400");
		put(SET, "tcp-trans-timeout", "86400");
		put(SET, "tcp-open-timeout", "86400");
	}
	if (w->keys)
		put(SET, "", "%s", w->keys);
	put(WORLD, "route", "%s nat64", w->pool6_text);
	put(WORLD, "route", "192.0.2.0/24 nat64");
	put(WORLD, "route", "192.0.0.8/32 nat64");
	if (w->pool4_text)
		put(WORLD, "route", "203.0.113.0/24 nat64");
	if (w->eam_text)
		put(RUN, "run", "nat64 eam add dev nat64 %s", w->eam_text);
	return world_open(&fixture, false, false, why, why_len);
}

static void var4(const char *name, const char *name6, const char *a,
		 const struct world *w)
{
	unsigned char a4[4], a6[16];

	inet_pton(AF_INET, a, a4);
	vars_set(name, text4(a4));
	if (!name6)
		return;
	embed(w, a4, a6);
	vars_set(name6, text6(a6));
}

/* Variables of the stateless and of the stateful vectors. */
void world_vars(const struct world *w)
{
	vars_reset();
	build_pool6(w->pool6_text);
	var4("H4", "H46", "198.51.100.2", w);
	var4("X4", "X46", "198.51.100.77", w);
	var4("R4", NULL, "198.51.100.1", w);
	vars_set("R6", "2001:db8:1::1");
	if (w->pool4_text) {
		vars_set("H6", "2001:db8:1::10");
		vars_set("X6", "2001:db8:1::20");
		var4("H64", NULL, "203.0.113.1", w);
		var4("X64", NULL, "203.0.113.1", w);
	} else {
		var4("H64", "H6", "192.0.2.33", w);
		var4("X64", "X6", "192.0.2.99", w);
	}
	vars_set("C6", vars_get("H6", 2));
	vars_set("C6b", vars_get("X6", 2));
	vars_set("S4", vars_get("H4", 2));
	vars_set("S4b", vars_get("X4", 2));
	vars_set("T", vars_get("H64", 3));
	vars_set("C4", vars_get("H64", 3));
	vars_set("CLAT", vars_get("H6", 2));
}
