// SPDX-License-Identifier: GPL-2.0
/*
 * nat64(8) - show the entries of pool4 and their usage.
 */
#include <linux/genetlink.h>
#include <linux/nat64_netlink.h>
#include <string.h>

#include "entry.h"
#include "flow.h"
#include "nl.h"
#include "tool.h"

/* Parse the usage of an entry. Return false if it has too many. */
static bool use_read(struct entry *entry, const struct nlattr *nest)
{
	const struct nlattr *attr;
	struct use *use;

	if (entry->uses == USES_MAX)
		return false;

	use = &entry->use[entry->uses];
	memset(use, 0, sizeof(*use));
	mnl_attr_for_each_nested(attr, nest) {
		uint16_t type = mnl_attr_get_type(attr);

		if (type == NAT64_A_POOL4_USE_PROTO)
			use->proto = mnl_attr_get_u8(attr);
		if (mnl_attr_validate(attr, MNL_TYPE_U64) < 0)
			continue;
		switch (type) {
		case NAT64_A_POOL4_USE_TOTAL:
			use->total = mnl_attr_get_u64(attr);
			break;
		case NAT64_A_POOL4_USE_USED:
			use->used = mnl_attr_get_u64(attr);
			break;
		case NAT64_A_POOL4_USE_HELD_DOWN:
			use->held_down = mnl_attr_get_u64(attr);
			break;
		case NAT64_A_POOL4_USE_PEAK:
			use->peak = mnl_attr_get_u64(attr);
			break;
		}
	}
	entry->uses++;
	return true;
}

static void parse_entry(const struct nlmsghdr *nlh, void *data)
{
	struct entries *entries = data;
	struct entry *entry = entries_add(entries);
	const struct nlattr *attr;
	bool ok = false;

	mnl_attr_for_each(attr, nlh, GENL_HDRLEN) {
		switch (mnl_attr_get_type(attr)) {
		case NAT64_A_POOL4_ENTRY:
			ok = entry_read(entry, attr);
			break;
		case NAT64_A_POOL4_USE:
			use_read(entry, attr);
			break;
		case NAT64_A_HOST:
			entry->host = true;
			break;
		}
	}
	if (!ok)
		entries->count--;
}

/**
 * use_read_entries - read the entries of pool4 and their usage
 * @answer: answer of the kernel
 * @dev: name of the device
 * @data: struct entries
 *
 * Return: false if the kernel cannot be reached, which has been reported.
 */
bool use_read_entries(struct nl_answer *answer, const char *dev, void *data)
{
	char buf[512] __attribute__((aligned(8)));
	struct entries *entries = data;

	return genl_dump(genl_request(buf, NAT64_CMD_POOL4_GET, NLM_F_DUMP,
				      dev), answer, parse_entry, entries,
			 &entries->count);
}

static void print_prefix(const struct entry *entry, const char *dev)
{
	char text[PREFIX4_TEXT];

	out_string("dev", "dev %s", dev);
	out_string("prefix", "%s", prefix4_text(&entry->prefix, text));
	out_ports("port_min", "port_max", entry->min, entry->max);
}

static void print_mark(const struct entry *entry)
{
	if (entry->mark)
		out_uint("mark", "mark %llu", entry->mark);
}

static void print_use(const struct use *use)
{
	out_uint("used", "used %llu", use->used);
	out_uint("held_down", "held-down %llu", use->held_down);
	out_uint("peak", "peak %llu", use->peak);
	out_uint("total", "total %llu", use->total);
}

/* An object with the usage by all protocols. */
static void print_json(const struct entry *entry, const char *dev)
{
	unsigned int i;

	out_entry_begin();
	print_prefix(entry, dev);
	if (entry->proto)
		out_string("proto", "%s", proto_text(entry->proto));
	print_mark(entry);
	if (entry->host)
		out_bool("host", "host", true);
	out_object_begin("use");
	for (i = 0; i < entry->uses; i++) {
		out_object_begin(proto_text(entry->use[i].proto));
		print_use(&entry->use[i]);
		out_object_end();
	}
	out_object_end();
	out_entry_end();
}

/* One line per protocol. */
static void print_lines(const struct entry *entry, const char *dev)
{
	unsigned int i;

	for (i = 0; i < entry->uses; i++) {
		out_entry_begin();
		print_prefix(entry, dev);
		print_mark(entry);
		out_bool("host", "host", entry->host);
		out_string("proto", "proto %s",
			   proto_text(entry->use[i].proto));
		print_use(&entry->use[i]);
		out_entry_end();
	}
}

static void print_entry(const struct entry *entry, const char *dev)
{
	if (options.json)
		print_json(entry, dev);
	else
		print_lines(entry, dev);
}

/**
 * threshold_parse - get the fields of a threshold event that filters match
 * @flow: filled in: protocol, and address if the entry is a single one
 * @nest: attribute of the event
 */
void threshold_parse(struct flow *flow, const struct nlattr *nest)
{
	const struct nlattr *attr;
	struct entry entry = { };

	memset(flow, 0, sizeof(*flow));
	mnl_attr_for_each_nested(attr, nest) {
		if (mnl_attr_get_type(attr) == NAT64_A_THRESHOLD_POOL4_ENTRY)
			entry_read(&entry, attr);
		if (mnl_attr_get_type(attr) == NAT64_A_THRESHOLD_POOL4_USE)
			use_read(&entry, attr);
	}
	if (entry.uses)
		flow->proto = entry.use[0].proto;
	if (entry.prefix.len == 32)
		flow->addr4 = entry.prefix.addr;
}

/**
 * threshold_print - print the threshold that the usage of an entry crossed
 * @nest: attribute of the event
 */
void threshold_print(const struct nlattr *nest)
{
	static struct entries entries;
	const struct nlattr *attr;
	char text[PREFIX4_TEXT];
	struct entry *entry;
	const char *name;

	entries.count = 0;
	entry = entries_add(&entries);
	mnl_attr_for_each_nested(attr, nest) {
		switch (mnl_attr_get_type(attr)) {
		case NAT64_A_THRESHOLD_THRESHOLD:
			name = mnl_attr_get_u32(attr) ==
			       NAT64_THRESHOLD_ADDRESS_POOL_HIGH ? "high" :
			       mnl_attr_get_u32(attr) ==
			       NAT64_THRESHOLD_ADDRESS_POOL_LOW ? "low" :
								  "unknown";
			out_string("threshold", "%s", name);
			break;
		case NAT64_A_THRESHOLD_POOL4_ENTRY:
			entry_read(entry, attr);
			break;
		case NAT64_A_THRESHOLD_POOL4_USE:
			use_read(entry, attr);
			break;
		}
	}

	out_string("prefix", "%s", prefix4_text(&entry->prefix, text));
	out_ports("port_min", "port_max", entry->min, entry->max);
	print_mark(entry);
	if (!entry->uses)
		return;
	out_string("proto", "proto %s", proto_text(entry->use[0].proto));
	print_use(&entry->use[0]);
}

static void print_uses(const char *dev, void *data)
{
	const struct entries *entries = data;
	size_t i;

	for (i = 0; i < entries->count; i++)
		print_entry(&entries->entry[i], dev);
}

/* The entries in the form that "add" takes. */
static void print_list(const char *dev, void *data)
{
	const struct entries *entries = data;
	const struct entry *entry;
	size_t i;

	for (i = 0; i < entries->count; i++) {
		entry = &entries->entry[i];
		if (entry->host)
			continue;
		out_entry_begin();
		print_prefix(entry, dev);
		if (entry->proto)
			out_string("proto", "proto %s",
				   proto_text(entry->proto));
		print_mark(entry);
		out_entry_end();
	}
}

static bool show(char **words, void (*print)(const char *dev, void *data))
{
	const struct show show = {
		.what = "pool4",
		.read = use_read_entries,
		.print = print,
	};
	static struct entries entries;

	return show_words(&show, words, &entries, entry_rows.help);
}

/**
 * use_show - the command "show": entries of pool4 with their use
 * @words: arguments
 */
bool use_show(char **words)
{
	return show(words, print_uses);
}

/**
 * use_list - the command "list": entries of pool4 in the form that "add" takes
 * @words: arguments
 */
bool use_list(char **words)
{
	return show(words, print_list);
}

/* Show the use of one of the entries that the command lists. */
static bool get_entry(size_t i, const char *dev)
{
	char buf[512] __attribute__((aligned(8)));
	static struct entries entries;
	struct nl_answer answer;
	struct nlmsghdr *nlh;

	entries.count = 0;
	nlh = genl_request(buf, NAT64_CMD_POOL4_GET, NLM_F_ACK, dev);
	entry_rows.put(nlh, i);
	if (!genl_talk(nlh, &answer, parse_entry, &entries) ||
	    !genl_ok(&answer, dev, entry_rows.text(i)))
		return false;

	print_uses(dev, &entries);
	return true;
}

/**
 * use_get - the command "get": one or more entries of pool4 with their use
 * @words: arguments
 */
bool use_get(char **words)
{
	bool ok = true;
	const char *dev;
	size_t i;

	if (!rows_parse(&dev, words, &entry_rows) || !queue_ready())
		return false;

	out_list_begin();
	for (i = 0; ok && i < entry_rows.count(); i++)
		ok = get_entry(i, dev);
	out_list_end();
	return ok;
}
