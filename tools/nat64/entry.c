// SPDX-License-Identifier: GPL-2.0
/*
 * nat64(8) - the entries of pool4: as words, as attributes and as text.
 */
#include <arpa/inet.h>
#include <ctype.h>
#include <errno.h>
#include <linux/nat64.h>
#include <linux/nat64_netlink.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "flow.h"
#include "nl.h"
#include "tool.h"

/* Bytes of an entry in a message: the nest and its six attributes. */
#define ENTRY_SIZE	(4 + 6 * 8)

/* Room for an entry as text. */
#define ENTRY_TEXT	(PREFIX4_TEXT + 64)

/**
 * struct entry - an entry of pool4
 * @prefix: its addresses
 * @min: least port
 * @max: greatest port
 * @mark: packets that it is for, 0 for those that none is for
 * @proto: protocol that it is for, 0 for all
 * @given: words that were there, by their number in entry_words
 */
struct entry {
	struct prefix4 prefix;
	uint16_t min;
	uint16_t max;
	uint32_t mark;
	uint8_t proto;
	unsigned int given;
};

/**
 * struct entries - those of a command
 * @entry: each of them
 * @count: how many there are
 * @room: how many there is room for
 */
struct entries {
	struct entry *entry;
	size_t count;
	size_t room;
};

static struct entry *entries_add(struct entries *entries)
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

/* DEV and entries, at least one. */
static bool parse_entries(struct entries *entries, const char **dev,
			  char **words)
{
	size_t i;

	entries->count = 0;
	for (*dev = NULL; *words; words++) {
		i = find_word(*words);
		if (!strcmp(*words, "dev")) {
			if (!words_dev(dev, words))
				return false;
			words++;
		} else if (i < ARRAY_SIZE(entry_words)) {
			if (!parse_word(entries, i, words))
				return false;
			words++;
		} else if (!prefix4_parse(&entries_add(entries)->prefix,
					  *words)) {
			return false;
		}
	}

	if (!*dev)
		wrong("\"dev DEV\" is missing");
	else if (!entries->count)
		wrong("\"PREFIX4\" is missing");
	return *dev && entries->count;
}

/* @text has room for ENTRY_TEXT, and is returned. */
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

static void queue_entries(const struct entry *entry)
{
	char buf[NL_ENTRY_SIZE] __attribute__((aligned(8)));
	struct nlmsghdr *nlh = queue_entry(buf);
	char text[ENTRY_TEXT];
	struct nlattr *nest;

	nest = mnl_attr_nest_start(nlh, NAT64_A_POOL4_ENTRY);
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

	queue_add(nlh, entry_text(entry, text));
}

/**
 * entry_change - a command that adds or removes entries
 * @cmd: command of the family
 * @words: those behind it
 */
bool entry_change(uint8_t cmd, char **words)
{
	static struct entries entries;
	const char *dev;
	size_t i;

	if (!parse_entries(&entries, &dev, words) ||
	    !queue_begin(cmd, dev, entries.count, ENTRY_SIZE))
		return false;

	for (i = 0; i < entries.count; i++)
		queue_entries(&entries.entry[i]);
	return queue_end();
}

/* False if it is no entry. */
static bool entry_read(struct entry *entry, const struct nlattr *nest)
{
	const struct nlattr *attr;
	bool has_prefix = false;

	mnl_attr_for_each_nested(attr, nest) {
		switch (mnl_attr_get_type(attr)) {
		case IFLA_NAT64_POOL4_PREFIX:
			entry->prefix.addr.s_addr = mnl_attr_get_u32(attr);
			has_prefix = true;
			break;
		case IFLA_NAT64_POOL4_LEN:
			entry->prefix.len = mnl_attr_get_u8(attr);
			break;
		case IFLA_NAT64_POOL4_PORT_MIN:
			entry->min = mnl_attr_get_u16(attr);
			break;
		case IFLA_NAT64_POOL4_PORT_MAX:
			entry->max = mnl_attr_get_u16(attr);
			break;
		case IFLA_NAT64_POOL4_PROTO:
			entry->proto = mnl_attr_get_u8(attr);
			break;
		case IFLA_NAT64_POOL4_MARK:
			entry->mark = mnl_attr_get_u32(attr);
			break;
		}
	}

	return has_prefix;
}

static void read_link(const struct nlattr *settings, void *data)
{
	struct entries *entries = data;
	const struct nlattr *pool4, *nest;

	pool4 = nl_nested_attr(settings, IFLA_NAT64_POOL4);
	if (!pool4)
		return;
	mnl_attr_for_each_nested(nest, pool4)
		if (!entry_read(entries_add(entries), nest))
			entries->count--;
}

/**
 * entry_list - print the entries of a device, in their order
 * @dev: name of the device
 * @listed: it was in a list, and may have gone since
 */
bool entry_list(const char *dev, bool listed)
{
	static struct entries entries;
	const struct entry *entry;
	char text[PREFIX4_TEXT];

	entries.count = 0;
	if (!link_read(dev, listed, read_link, &entries))
		return false;

	for (entry = entries.entry; entry < entries.entry + entries.count;
	     entry++) {
		out_entry_begin();
		out_string("dev", "dev %s", dev);
		out_string("prefix", "%s", prefix4_text(&entry->prefix, text));
		out_ports("port_min", "port_max", entry->min, entry->max);
		if (entry->proto)
			out_string("proto", "proto %s",
				   proto_text(entry->proto));
		if (entry->mark)
			out_uint("mark", "mark %llu", entry->mark);
		out_entry_end();
	}

	return true;
}
