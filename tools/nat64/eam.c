// SPDX-License-Identifier: GPL-2.0
/*
 * nat64(8) - explicit address mappings of stateless devices.
 */
#include <errno.h>
#include <linux/genetlink.h>
#include <linux/nat64_netlink.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "nl.h"
#include "tool.h"

/* Bytes of a mapping in a message: the nest and its four attributes. */
#define EAM_SIZE	(4 + 8 + 8 + 20 + 8)

/* Room for a mapping as text. */
#define EAM_TEXT	(PREFIX4_TEXT + 1 + PREFIX6_TEXT)

/* Times that a table is read again when it changed meanwhile. */
#define SHOW_TRIES	10

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
 * struct eams - mappings
 * @eam: each of them
 * @count: how many there are
 * @room: how many there is room for
 */
struct eams {
	struct eam *eam;
	size_t count;
	size_t room;
};

static struct eam *eams_add(struct eams *eams)
{
	if (eams->count == eams->room) {
		eams->room = 2 * eams->room + 64;
		eams->eam = allocate(eams->eam, eams->room,
				     sizeof(*eams->eam));
	}
	return &eams->eam[eams->count++];
}

/* @text has room for EAM_TEXT, and is returned. */
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

static void queue_eam(const struct eam *eam)
{
	char buf[NL_ENTRY_SIZE] __attribute__((aligned(8)));
	struct nlmsghdr *nlh = queue_entry(buf);
	char text[EAM_TEXT];

	put_eam(nlh, eam);
	queue_add(nlh, eam_text(eam, text));
}

/* PREFIX4 and the word behind it. */
static bool parse_pair(struct eams *eams, char **words)
{
	struct eam *eam;

	if (!words[1]) {
		wrong("\"%s\": the IPv6 prefix to go with it is missing",
		      *words);
		return false;
	}

	eam = eams_add(eams);
	return prefix4_parse(&eam->prefix4, words[0]) &&
	       prefix6_parse(&eam->prefix6, words[1]);
}

/* DEV and mappings, at least one. */
static bool parse_eams(struct eams *eams, const char **dev, char **words)
{
	eams->count = 0;
	for (*dev = NULL; *words; words += 2)
		if (strcmp(*words, "dev") ? !parse_pair(eams, words) :
					    !words_dev(dev, words))
			return false;

	if (!*dev)
		wrong("\"dev DEV\" is missing");
	else if (!eams->count)
		wrong("\"PREFIX4 PREFIX6\" is missing");
	return *dev && eams->count;
}

/* A command that changes mappings. */
static bool eam_change(uint8_t cmd, uint16_t flags, char **words)
{
	static struct eams eams;
	const char *dev;
	size_t i;

	if (!parse_eams(&eams, &dev, words) ||
	    !queue_begin(cmd, flags, dev, eams.count, EAM_SIZE))
		return false;

	for (i = 0; i < eams.count; i++)
		queue_eam(&eams.eam[i]);
	return queue_end();
}

static bool eam_add(char **words)
{
	return eam_change(NAT64_CMD_EAM_ADD, NLM_F_CREATE, words);
}

static bool eam_del(char **words)
{
	return eam_change(NAT64_CMD_EAM_DEL, 0, words);
}

/* What is in a file. */
static struct eams staged;

static bool staged_parse(char **words)
{
	if (!words)
		staged.count = 0;
	for (; words && *words; words += 2)
		if (!parse_pair(&staged, words))
			return false;

	return true;
}

static size_t staged_count(void)
{
	return staged.count;
}

static void staged_put(struct nlmsghdr *nlh, size_t i)
{
	put_eam(nlh, &staged.eam[i]);
}

static const char *staged_text(size_t i)
{
	static char text[EAM_TEXT];

	return eam_text(&staged.eam[i], text);
}

static bool eam_replace(char **words)
{
	static const struct replace_kind kind = {
		.table = NAT64_TABLES_EAM,
		.size = EAM_SIZE,
		.help = "nat64 eam help",
		.parse = staged_parse,
		.count = staged_count,
		.put = staged_put,
		.text = staged_text,
	};

	return replace_run(words, &kind);
}

static bool eam_flush(char **words)
{
	return genl_flush(NAT64_CMD_EAM_FLUSH, words, "nat64 eam help");
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

/* All mappings of a device. */
static bool read_eams(struct eams *eams, const char *dev,
		      struct nl_answer *answer)
{
	char buf[512] __attribute__((aligned(8)));
	struct nlmsghdr *nlh;
	int i;

	for (i = 0; i < SHOW_TRIES; i++) {
		eams->count = 0;
		nlh = genl_request(buf, NAT64_CMD_EAM_GET, NLM_F_DUMP);
		mnl_attr_put_strz(nlh, NAT64_A_IFNAME, dev);
		if (!genl_talk(nlh, answer, parse_eam, eams))
			return false;
		if (answer->error || !answer->torn)
			break;
	}

	return true;
}

static int compare(const void *a, const void *b)
{
	const struct prefix4 *p = &((const struct eam *)a)->prefix4;
	const struct prefix4 *q = &((const struct eam *)b)->prefix4;
	uint32_t x = ntohl(p->addr.s_addr), y = ntohl(q->addr.s_addr);

	return x < y ? -1 : x > y ? 1 : p->len - q->len;
}

/* Sorted, which the kernel's table is not. */
static void print_eams(struct eams *eams, const char *dev)
{
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

/* @listed: the device was in a list, and may have gone since. */
static bool show_dev(const char *dev, bool listed)
{
	static struct eams eams;
	struct nl_answer answer;

	if (!read_eams(&eams, dev, &answer))
		return false;
	if (listed && answer.error == ENODEV)
		return true;
	if (answer.error) {
		complain(STATUS_KERNEL, "dev %s: %s", dev, nl_reason(&answer));
		return false;
	}
	if (answer.torn) {
		complain(STATUS_KERNEL,
			 "dev %s: the mappings keep changing while they are read",
			 dev);
		return false;
	}

	print_eams(&eams, dev);
	return true;
}

static bool show_all(void)
{
	struct device *devices;
	size_t i, count;
	bool ok = true;

	if (!link_list(&devices, &count))
		return false;

	for (i = 0; i < count; i++)
		if (devices[i].stateless)
			ok &= show_dev(devices[i].name, true);
	free(devices);
	return ok;
}

static bool eam_show(char **words)
{
	const char *dev;
	bool ok;

	if (!words_only_dev(&dev, words, "nat64 eam help") ||
	    !queue_ready())
		return false;

	out_list_begin();
	ok = dev ? show_dev(dev, false) : show_all();
	out_list_end();
	return ok;
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
		      "nat64 eam help", words);
}
