// SPDX-License-Identifier: GPL-2.0
/*
 * nat64(8) - entries of pool4: parse arguments and attributes, format as text.
 */
#include <arpa/inet.h>
#include <ctype.h>
#include <errno.h>
#include <linux/nat64_netlink.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "entry.h"
#include "flow.h"
#include "nl.h"
#include "tool.h"

/* Bytes of an entry in a message: the nest and its six attributes. */
#define ENTRY_SIZE	(4 + 6 * 8)

/* Room for an entry as text. */
#define ENTRY_TEXT	(PREFIX4_TEXT + 64)

struct entry *entries_add(struct entries *entries)
{
	struct entry *entry;

	entries->entry = grow(entries->entry, entries->count, &entries->room,
			      sizeof(*entry));
	entry = &entries->entry[entries->count++];
	memset(entry, 0, sizeof(*entry));
	entry->min = 1;
	entry->max = UINT16_MAX;
	return entry;
}

/* MIN-MAX or PORT */
static bool ports_parse(struct entry *entry, const char *word)
{
	size_t size = strcspn(word, "-");
	uint32_t min, max;
	char text[16];

	if (size >= sizeof(text))
		goto no_ports;
	memcpy(text, word, size);
	text[size] = '\0';
	if (!number_parse(&min, text, UINT16_MAX))
		goto no_ports;
	max = min;
	if (word[size] && !number_parse(&max, word + size + 1, UINT16_MAX))
		goto no_ports;
	if (!min || min > max)
		goto no_ports;

	entry->min = min;
	entry->max = max;
	return true;

no_ports:
	wrong("\"ports\": \"%s\" is not MIN-MAX or a port, from 1 to 65535",
	      word);
	return false;
}

static bool entry_proto_parse(struct entry *entry, const char *word)
{
	return proto_parse(&entry->proto, word);
}

/* The same format as in ip: hexadecimal with 0x. */
static bool mark_parse(struct entry *entry, const char *word)
{
	unsigned long long mark;
	char *end;

	errno = 0;
	mark = strtoull(word, &end, 0);
	if (!isdigit((unsigned char)*word) || *end || errno || !mark ||
	    mark > UINT32_MAX) {
		wrong("\"mark\": \"%s\" is not a number from 1 to 0xffffffff",
		      word);
		return false;
	}

	entry->mark = mark;
	return true;
}

/* Keywords that may follow the prefix, each once. */
static const struct {
	const char *word;
	const char *value;
	bool (*parse)(struct entry *entry, const char *word);
} entry_words[] = {
	{ "ports", "range", ports_parse },
	{ "proto", "protocol", entry_proto_parse },
	{ "mark", "number", mark_parse },
};

/* Index of a keyword, ARRAY_SIZE(entry_words) for another word. */
static size_t find_word(const char *word)
{
	size_t i;

	for (i = 0; i < ARRAY_SIZE(entry_words); i++)
		if (!strcmp(word, entry_words[i].word))
			break;
	return i;
}

/* Does a word follow a prefix, with a value? */
bool entry_is_word(const char *word)
{
	return find_word(word) < ARRAY_SIZE(entry_words);
}

/* The entries of a command or a file. */
static struct entries parsed;

/* Parse a keyword and its value, for the last entry so far. */
static bool parse_word(size_t i, char **words, bool first)
{
	struct entry *entry;

	if (first) {
		wrong("\"%s\": the IPv4 prefix before it is missing", *words);
		return false;
	}
	entry = &parsed.entry[parsed.count - 1];
	if (!words_once(*words, entry->given & 1U << i))
		return false;

	entry->given |= 1U << i;
	return words_value(words, entry_words[i].value) &&
	       entry_words[i].parse(entry, words[1]);
}

static int rows_parse_word(char **words, bool first)
{
	size_t i = find_word(*words);

	if (i < ARRAY_SIZE(entry_words))
		return parse_word(i, words, first) ? 2 : -1;

	return prefix4_parse(&entries_add(&parsed)->prefix, *words) ? 1 : -1;
}

/* Format an entry into @text, of size ENTRY_TEXT. */
static const char *entry_text(const struct entry *entry, char *text)
{
	char *end;

	prefix4_text(&entry->prefix, text);
	end = text + strlen(text);
	end += sprintf(end, " ports %u-%u", entry->min, entry->max);
	if (entry->proto)
		end += sprintf(end, " proto %s", proto_text(entry->proto));
	if (entry->mark)
		sprintf(end, " mark %u", entry->mark);
	return text;
}

/* Add the attribute of an entry. */
static void entry_put(struct nlmsghdr *nlh, const struct entry *entry)
{
	struct nlattr *nest = mnl_attr_nest_start(nlh, NAT64_A_POOL4_ENTRY);

	mnl_attr_put_u32(nlh, NAT64_A_POOL4_ENTRY_PREFIX,
			 entry->prefix.addr.s_addr);
	mnl_attr_put_u8(nlh, NAT64_A_POOL4_ENTRY_LEN, entry->prefix.len);
	mnl_attr_put_u16(nlh, NAT64_A_POOL4_ENTRY_PORT_MIN, entry->min);
	mnl_attr_put_u16(nlh, NAT64_A_POOL4_ENTRY_PORT_MAX, entry->max);
	if (entry->proto)
		mnl_attr_put_u8(nlh, NAT64_A_POOL4_ENTRY_PROTO, entry->proto);
	if (entry->mark)
		mnl_attr_put_u32(nlh, NAT64_A_POOL4_ENTRY_MARK, entry->mark);
	mnl_attr_nest_end(nlh, nest);
}

static void rows_clear(void)
{
	parsed.count = 0;
}

static size_t rows_count(void)
{
	return parsed.count;
}

static void rows_put(struct nlmsghdr *nlh, size_t i)
{
	entry_put(nlh, &parsed.entry[i]);
}

static const char *rows_text(size_t i)
{
	static char text[ENTRY_TEXT];

	return entry_text(&parsed.entry[i], text);
}

/* Without the addresses of the host, which are not in the list. */
static bool rows_load(struct nl_answer *answer, const char *dev)
{
	size_t i, kept = 0;

	if (!use_read_entries(answer, dev, &parsed))
		return false;

	for (i = 0; i < parsed.count; i++)
		if (!parsed.entry[i].host)
			parsed.entry[kept++] = parsed.entry[i];
	parsed.count = kept;
	return true;
}

const struct row_kind entry_rows = {
	.table = NAT64_TABLES_POOL4,
	.size = ENTRY_SIZE,
	.form = "PREFIX4",
	.help = "nat64 pool4 help",
	.clear = rows_clear,
	.parse = rows_parse_word,
	.count = rows_count,
	.put = rows_put,
	.text = rows_text,
	.load = rows_load,
};

/* Parse the attribute of an entry. Return false if it has no prefix. */
bool entry_read(struct entry *entry, const struct nlattr *nest)
{
	const struct nlattr *attr;
	bool has_prefix = false;

	mnl_attr_for_each_nested(attr, nest) {
		switch (mnl_attr_get_type(attr)) {
		case NAT64_A_POOL4_ENTRY_PREFIX:
			entry->prefix.addr.s_addr = mnl_attr_get_u32(attr);
			has_prefix = true;
			break;
		case NAT64_A_POOL4_ENTRY_LEN:
			entry->prefix.len = mnl_attr_get_u8(attr);
			break;
		case NAT64_A_POOL4_ENTRY_PORT_MIN:
			entry->min = mnl_attr_get_u16(attr);
			break;
		case NAT64_A_POOL4_ENTRY_PORT_MAX:
			entry->max = mnl_attr_get_u16(attr);
			break;
		case NAT64_A_POOL4_ENTRY_PROTO:
			entry->proto = mnl_attr_get_u8(attr);
			break;
		case NAT64_A_POOL4_ENTRY_MARK:
			entry->mark = mnl_attr_get_u32(attr);
			break;
		}
	}

	return has_prefix;
}
