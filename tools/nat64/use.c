// SPDX-License-Identifier: GPL-2.0
/*
 * nat64(8) - the entries of pool4 that a device has, and how much of each is in
 * use.
 */
#include <errno.h>
#include <linux/genetlink.h>
#include <linux/nat64_netlink.h>
#include <string.h>

#include "entry.h"
#include "flow.h"
#include "nl.h"
#include "tool.h"

/* Times that entries are read again when they changed meanwhile. */
#define SHOW_TRIES	10

/* How much of it is in use; false if there is no room or no sense. */
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
		case NAT64_A_POOL4_USE_RESTING:
			use->resting = mnl_attr_get_u64(attr);
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

/* All of a device, or what it has of @wanted. False if they cannot be read,
 * which has been told.
 */
static bool read_entries(struct entries *entries, const char *dev, bool listed,
			 const struct entry *wanted)
{
	char buf[512] __attribute__((aligned(8))), text[ENTRY_TEXT];
	struct nl_answer answer;
	struct nlmsghdr *nlh;
	int i;

	for (i = 0; i < SHOW_TRIES; i++) {
		entries->count = 0;
		nlh = genl_request(buf, NAT64_CMD_POOL4_GET,
				   wanted ? NLM_F_ACK : NLM_F_DUMP);
		mnl_attr_put_strz(nlh, NAT64_A_IFNAME, dev);
		if (wanted)
			entry_put(nlh, wanted);
		if (!genl_talk(nlh, &answer, parse_entry, entries))
			return false;
		if (answer.error || !answer.torn)
			break;
	}
	if (listed && answer.error == ENODEV)
		entries->count = 0;
	else if (answer.error && wanted && answer.offset)
		complain(STATUS_KERNEL, "%s: %s", entry_text(wanted, text),
			 nl_reason(&answer));
	else if (answer.error)
		complain(STATUS_KERNEL, "dev %s: %s", dev, nl_reason(&answer));
	else if (answer.torn)
		complain(STATUS_KERNEL,
			 "dev %s: pool4 keeps changing while it is read", dev);
	else
		return true;

	return listed && answer.error == ENODEV;
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
	out_uint("resting", "resting %llu", use->resting);
	out_uint("peak", "peak %llu", use->peak);
	out_uint("total", "total %llu", use->total);
}

/* An object with those of all protocols. */
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

/* A line for each protocol. */
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
 * threshold_parse - what a filter may match of a threshold
 * @flow: gets protocol and, of one address, this address
 * @nest: attribute that has them
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
 * threshold_print - print which threshold of an entry was passed
 * @nest: attribute that has it
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

/**
 * use_show - print the entries of a device with what is in use of them
 * @dev: name of the device
 * @listed: it was in a list, and may have gone since
 */
bool use_show(const char *dev, bool listed)
{
	static struct entries entries;
	size_t i;

	if (!read_entries(&entries, dev, listed, NULL))
		return false;
	for (i = 0; i < entries.count; i++)
		print_entry(&entries.entry[i], dev);

	return true;
}

/**
 * use_list - print the entries of a device as they are added
 * @dev: name of the device
 * @listed: it was in a list, and may have gone since
 */
bool use_list(const char *dev, bool listed)
{
	static struct entries entries;
	const struct entry *entry;
	size_t i;

	if (!read_entries(&entries, dev, listed, NULL))
		return false;

	for (i = 0; i < entries.count; i++) {
		entry = &entries.entry[i];
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

	return true;
}

/**
 * use_get - print one or more entries with what is in use of them
 * @words: device and entries
 */
bool use_get(char **words)
{
	static struct entries wanted, entries;
	bool ok = true;
	const char *dev;
	size_t i, j;

	if (!entries_parse(&wanted, &dev, words) || !queue_ready())
		return false;

	out_list_begin();
	for (i = 0; ok && i < wanted.count; i++) {
		ok = read_entries(&entries, dev, false, &wanted.entry[i]);
		for (j = 0; ok && j < entries.count; j++)
			print_entry(&entries.entry[j], dev);
	}
	out_list_end();
	return ok;
}
