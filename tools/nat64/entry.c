// SPDX-License-Identifier: GPL-2.0
/*
 * nat64(8) - the entries of pool4: as words, as attributes and as text.
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

struct entry *entries_add(struct entries *entries)
{
	struct entry *entry;

	if (entries->count == entries->room) {
		entries->room = 2 * entries->room + 64;
		entries->entry = allocate(entries->entry, entries->room,
					  sizeof(*entry));
	}

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
	wrong("\"ports\": \"%s\" is neither MIN-MAX nor one port, from 1 to 65535",
	      word);
	return false;
}

static bool entry_proto_parse(struct entry *entry, const char *word)
{
	return proto_parse(&entry->proto, word);
}

/* As ip reads it: hexadecimal with 0x. */
static bool mark_parse(struct entry *entry, const char *word)
{
	unsigned long long mark;
	char *end;

	errno = 0;
	mark = strtoull(word, &end, 0);
	if (!isdigit((unsigned char)*word) || *end || errno || !mark ||
	    mark > UINT32_MAX) {
		wrong("\"mark\": \"%s\" is no number from 1 to 0xffffffff",
		      word);
		return false;
	}

	entry->mark = mark;
	return true;
}

/* What may follow the prefix, each once. */
static const struct {
	const char *word;
	const char *value;
	bool (*parse)(struct entry *entry, const char *word);
} entry_words[] = {
	{ "ports", "range", ports_parse },
	{ "proto", "protocol", entry_proto_parse },
	{ "mark", "number", mark_parse },
};

/* The number of such a word, ARRAY_SIZE(entry_words) if it is another. */
static size_t find_word(const char *word)
{
	size_t i;

	for (i = 0; i < ARRAY_SIZE(entry_words); i++)
		if (!strcmp(word, entry_words[i].word))
			break;
	return i;
}

/* Such a word and the one behind it, for the last entry so far. */
static bool parse_word(struct entries *entries, size_t i, char **words)
{
	struct entry *entry;

	if (!entries->count) {
		wrong("\"%s\": the IPv4 prefix before it is missing", *words);
		return false;
	}
	entry = &entries->entry[entries->count - 1];
	if (entry->given & 1U << i) {
		wrong("\"%s\" is there twice", *words);
		return false;
	}

	entry->given |= 1U << i;
	return words_value(words, entry_words[i].value) &&
	       entry_words[i].parse(entry, words[1]);
}

/* A word of an entry, and the one behind it if it is a name. Returns how many,
 * or -1 if they are wrong.
 */
static int parse_entry_word(struct entries *entries, char **words)
{
	size_t i = find_word(*words);

	if (i < ARRAY_SIZE(entry_words))
		return parse_word(entries, i, words) ? 2 : -1;

	return prefix4_parse(&entries_add(entries)->prefix, *words) ? 1 : -1;
}

/* DEV and entries, at least one. */
bool entries_parse(struct entries *entries, const char **dev, char **words)
{
	int used;

	entries->count = 0;
	for (*dev = NULL; *words; words += used) {
		if (!strcmp(*words, "dev"))
			used = words_dev(dev, words) ? 2 : -1;
		else
			used = parse_entry_word(entries, words);
		if (used < 0)
			return false;
	}

	if (!*dev)
		wrong("\"dev DEV\" is missing");
	else if (!entries->count)
		wrong("\"PREFIX4\" is missing");
	return *dev && entries->count;
}

/* @text has room for ENTRY_TEXT, and is returned. */
const char *entry_text(const struct entry *entry, char *text)
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

/* The attribute for it. */
void entry_put(struct nlmsghdr *nlh, const struct entry *entry)
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

static void queue_entries(const struct entry *entry)
{
	char buf[NL_ENTRY_SIZE] __attribute__((aligned(8)));
	struct nlmsghdr *nlh = queue_entry(buf);
	char text[ENTRY_TEXT];

	entry_put(nlh, entry);
	queue_add(nlh, entry_text(entry, text));
}

/* What is in a file. */
static struct entries staged;

static bool staged_parse(char **words)
{
	int used;

	if (!words)
		staged.count = 0;
	/* What follows a prefix is on its line. */
	if (words && *words && find_word(*words) < ARRAY_SIZE(entry_words)) {
		wrong("\"%s\": the IPv4 prefix before it is missing", *words);
		return false;
	}
	for (; words && *words; words += used) {
		used = parse_entry_word(&staged, words);
		if (used < 0)
			return false;
	}

	return true;
}

static size_t staged_count(void)
{
	return staged.count;
}

static void staged_put(struct nlmsghdr *nlh, size_t i)
{
	entry_put(nlh, &staged.entry[i]);
}

static const char *staged_text(size_t i)
{
	static char text[ENTRY_TEXT];

	return entry_text(&staged.entry[i], text);
}

/* The command "replace". */
bool entry_replace(char **words)
{
	static const struct replace_kind kind = {
		.table = NAT64_TABLES_POOL4,
		.size = ENTRY_SIZE,
		.help = "nat64 pool4 help",
		.parse = staged_parse,
		.count = staged_count,
		.put = staged_put,
		.text = staged_text,
	};

	return replace_run(words, &kind);
}

/**
 * entry_change - a command that adds or removes entries
 * @cmd: command of the family
 * @flags: of nlmsghdr
 * @words: those behind it
 */
bool entry_change(uint8_t cmd, uint16_t flags, char **words)
{
	static struct entries entries;
	const char *dev;
	size_t i;

	if (!entries_parse(&entries, &dev, words) ||
	    !queue_begin(cmd, flags, dev, entries.count, ENTRY_SIZE))
		return false;

	for (i = 0; i < entries.count; i++)
		queue_entries(&entries.entry[i]);
	return queue_end();
}

/* False if it is no entry. */
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
