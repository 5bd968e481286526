// SPDX-License-Identifier: GPL-2.0
/*
 * nat64(8) - explicit address mappings of stateless devices.
 */
#include <linux/genetlink.h>
#include <linux/nat64_netlink.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "nl.h"
#include "tool.h"

static const char help[] = "nat64 eam help";

/* Bytes of a mapping in a message: the nest and its four attributes. */
#define EAM_SIZE	(4 + 8 + 8 + 20 + 8)

/* Room for a mapping as text. */
#define EAM_TEXT	(PREFIX4_TEXT + 1 + PREFIX6_TEXT)

/**
 * struct eam - a mapping
 * @prefix4: IPv4 prefix
 * @prefix6: IPv6 prefix
 */
struct eam {
	struct prefix4 prefix4;
	struct prefix6 prefix6;
};

/**
 * struct eams - array of mappings
 * @eam: mappings
 * @count: number of mappings
 * @room: number of mappings that fit
 */
struct eams {
	struct eam *eam;
	size_t count;
	size_t room;
};

static struct eam *eams_add(struct eams *eams)
{
	eams->eam = grow(eams->eam, eams->count, &eams->room,
			 sizeof(*eams->eam));
	return &eams->eam[eams->count++];
}

/* Format a mapping into @text, of size EAM_TEXT. */
static const char *eam_text(const struct eam *eam, char *text)
{
	char text6[PREFIX6_TEXT];

	prefix4_text(&eam->prefix4, text);
	strcat(text, " ");
	return strcat(text, prefix6_text(&eam->prefix6, text6));
}

static void put_eam(struct nlmsghdr *nlh, const struct eam *eam)
{
	struct nlattr *nest = mnl_attr_nest_start(nlh, NAT64_A_EAM);

	mnl_attr_put_u32(nlh, NAT64_A_EAM_PREFIX4, eam->prefix4.addr.s_addr);
	mnl_attr_put_u8(nlh, NAT64_A_EAM_LEN4, eam->prefix4.len);
	mnl_attr_put(nlh, NAT64_A_EAM_PREFIX6, sizeof(eam->prefix6.addr),
		     &eam->prefix6.addr);
	mnl_attr_put_u8(nlh, NAT64_A_EAM_LEN6, eam->prefix6.len);
	mnl_attr_nest_end(nlh, nest);
}

/* The mappings of a command or a file. */
static struct eams parsed;

static void rows_clear(void)
{
	parsed.count = 0;
}

static int rows_parse_pair(char **words, bool first)
{
	struct eam *eam;

	if (!words[1]) {
		wrong("\"%s\": the IPv6 prefix is missing",
		      *words);
		return -1;
	}

	eam = eams_add(&parsed);
	return prefix4_parse(&eam->prefix4, words[0]) &&
	       prefix6_parse(&eam->prefix6, words[1]) ? 2 : -1;
}

static size_t rows_count(void)
{
	return parsed.count;
}

static void rows_put(struct nlmsghdr *nlh, size_t i)
{
	put_eam(nlh, &parsed.eam[i]);
}

static const char *rows_text(size_t i)
{
	static char text[EAM_TEXT];

	return eam_text(&parsed.eam[i], text);
}

static bool rows_load(struct nl_answer *answer, const char *dev);

const struct row_kind eam_rows = {
	.table = NAT64_TABLES_EAM,
	.size = EAM_SIZE,
	.form = "PREFIX4 PREFIX6",
	.help = help,
	.clear = rows_clear,
	.parse = rows_parse_pair,
	.count = rows_count,
	.put = rows_put,
	.text = rows_text,
	.load = rows_load,
};

static bool eam_add(char **words)
{
	return rows_change(NAT64_CMD_EAM_ADD, NLM_F_CREATE, words, &eam_rows);
}

static bool eam_del(char **words)
{
	return rows_change(NAT64_CMD_EAM_DEL, 0, words, &eam_rows);
}

static bool eam_replace(char **words)
{
	return replace_run(words, &eam_rows);
}

static bool eam_flush(char **words)
{
	return flush_run(NAT64_CMD_EAM_FLUSH, words, help);
}

static void parse_eam(const struct nlmsghdr *nlh, void *data)
{
	const struct nlattr *nest = nl_attr(nlh, GENL_HDRLEN, NAT64_A_EAM);
	const struct nlattr *addr4, *addr6, *len4, *len6;
	struct eam *eam;

	if (!nest)
		return;
	addr4 = nl_nested_attr(nest, NAT64_A_EAM_PREFIX4);
	addr6 = nl_nested_attr(nest, NAT64_A_EAM_PREFIX6);
	len4 = nl_nested_attr(nest, NAT64_A_EAM_LEN4);
	len6 = nl_nested_attr(nest, NAT64_A_EAM_LEN6);
	if (!addr4 || !addr6 || !len4 || !len6 ||
	    mnl_attr_get_payload_len(addr6) != sizeof(eam->prefix6.addr))
		return;

	eam = eams_add(data);
	eam->prefix4.addr.s_addr = mnl_attr_get_u32(addr4);
	eam->prefix4.len = mnl_attr_get_u8(len4);
	memcpy(&eam->prefix6.addr, mnl_attr_get_payload(addr6),
	       sizeof(eam->prefix6.addr));
	eam->prefix6.len = mnl_attr_get_u8(len6);
}

static bool read_eams(struct nl_answer *answer, const char *dev, void *data)
{
	char buf[512] __attribute__((aligned(8)));
	struct eams *eams = data;

	return genl_dump(genl_request(buf, NAT64_CMD_EAM_GET, NLM_F_DUMP, dev),
			 answer, parse_eam, eams, &eams->count);
}

static int compare(const void *a, const void *b)
{
	const struct prefix4 *p = &((const struct eam *)a)->prefix4;
	const struct prefix4 *q = &((const struct eam *)b)->prefix4;
	uint32_t x = ntohl(p->addr.s_addr), y = ntohl(q->addr.s_addr);

	return x < y ? -1 : x > y ? 1 : p->len - q->len;
}

/* Sorted, which the kernel's table is not. */
static bool rows_load(struct nl_answer *answer, const char *dev)
{
	if (!read_eams(answer, dev, &parsed))
		return false;

	qsort(parsed.eam, parsed.count, sizeof(*parsed.eam), compare);
	return true;
}

static void print_eams(const char *dev, void *data)
{
	struct eams *eams = data;
	char text[PREFIX6_TEXT];
	size_t i;

	qsort(eams->eam, eams->count, sizeof(*eams->eam), compare);
	for (i = 0; i < eams->count; i++) {
		out_entry_begin();
		out_string("dev", "dev %s", dev);
		out_string("prefix4", "%s",
			   prefix4_text(&eams->eam[i].prefix4, text));
		out_string("prefix6", "%s",
			   prefix6_text(&eams->eam[i].prefix6, text));
		out_entry_end();
	}
}

static bool eam_show(char **words)
{
	static const struct show show = {
		.what = "mappings",
		.stateless = true,
		.read = read_eams,
		.print = print_eams,
	};
	static struct eams eams;

	return show_words(&show, words, &eams, help);
}

static bool eam_help(char **words)
{
	puts("Usage: nat64 eam { add | del } dev DEV PREFIX4 PREFIX6 [ PREFIX4 PREFIX6 ]...\n"
	     "       nat64 eam replace dev DEV { FILE | - }\n"
	     "       nat64 eam show [ dev DEV ]\n"
	     "       nat64 eam flush dev DEV\n"
	     "PREFIX4 := IPV4_ADDRESS[/LENGTH]\n"
	     "PREFIX6 := IPV6_ADDRESS[/LENGTH]");
	return true;
}

/* The object "eam". */
bool eam_run(char **words)
{
	static const struct command commands[] = {
		{ "add", eam_add },
		{ "del", eam_del },
		{ "replace", eam_replace },
		{ "show", eam_show },
		{ "flush", eam_flush },
		{ "help", eam_help },
	};

	return choose(commands, ARRAY_SIZE(commands), "command",
		      help, words);
}
