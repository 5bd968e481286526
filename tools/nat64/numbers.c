// SPDX-License-Identifier: GPL-2.0
/*
 * nat64(8) - counters of devices and sizes of their tables, which require no
 * capability.
 */
#include <linux/genetlink.h>
#include <linux/nat64.h>
#include <linux/nat64_netlink.h>
#include <stdio.h>
#include <string.h>

#include "flow.h"
#include "nl.h"
#include "tool.h"

#define COUNTER_NAME(name, text)					\
	[NAT64_COUNTER_##name] = text,

static const char *const counters[] = {
	NAT64_COUNTERS(COUNTER_NAME)
};

static const char *counter_name(uint16_t type, char *text, size_t size)
{
	if (type < ARRAY_SIZE(counters) && counters[type])
		return counters[type];

	/* a newer kernel */
	snprintf(text, size, "counter-%u", type);
	return text;
}

static void print_counter(const char *dev, const struct nlattr *attr)
{
	char text[32];
	const char *name = counter_name(mnl_attr_get_type(attr), text,
					sizeof(text));

	if (mnl_attr_validate(attr, MNL_TYPE_U64) < 0)
		return;
	if (options.json) {
		out_uint(name, "%llu", mnl_attr_get_u64(attr));
		return;
	}

	out_entry_begin();
	out_string("dev", "dev %s", dev);
	out_string("counter", "%s", name);
	out_uint("packets", "%llu", mnl_attr_get_u64(attr));
	out_entry_end();
}

/* Packets that were translated; older kernels do not count them. */
static void print_delivery(const char *dev, const struct nlattr *nest)
{
	static const char *const names[] = {
		[NAT64_A_DELIVERY_HANDED_OVER] = "handed-over",
		[NAT64_A_DELIVERY_RECEIVED] = "received",
		[NAT64_A_DELIVERY_QUEUED] = "queued",
	};
	const struct nlattr *attr;
	uint16_t type;

	if (!nest)
		return;
	out_object_begin("delivery");
	for (type = NAT64_A_DELIVERY_PAD + 1; type < ARRAY_SIZE(names); type++) {
		attr = nl_nested_attr(nest, type);
		if (!attr || mnl_attr_validate(attr, MNL_TYPE_U64) < 0)
			continue;
		if (options.json) {
			out_uint(names[type], "%llu", mnl_attr_get_u64(attr));
			continue;
		}
		out_entry_begin();
		out_string("dev", "dev %s", dev);
		out_string("delivery", "delivery %s", names[type]);
		out_uint("packets", "%llu", mnl_attr_get_u64(attr));
		out_entry_end();
	}
	out_object_end();
}

/* Sorted by number, as in the documentation. */
static void print_stats(const char *dev, const struct nlattr *nest,
			const struct nlmsghdr *nlh)
{
	const struct nlattr *attr;
	uint16_t type, last = 0;

	mnl_attr_for_each_nested(attr, nest)
		if (mnl_attr_get_type(attr) > last)
			last = mnl_attr_get_type(attr);

	if (options.json) {
		out_entry_begin();
		out_string("dev", "dev %s", dev);
		out_object_begin("stats");
	}
	for (type = NAT64_A_COUNTER_PAD + 1; type <= last; type++) {
		attr = nl_nested_attr(nest, type);
		if (attr)
			print_counter(dev, attr);
	}
	if (options.json)
		out_object_end();
	print_delivery(dev, nl_attr(nlh, GENL_HDRLEN, NAT64_A_DELIVERY));
	if (options.json)
		out_entry_end();
}

/* The names of states are safe as a format: they have no "%". */
static void print_state(const struct nlattr *nest)
{
	uint32_t state, sessions;
	char format[64];
	const char *name;

	if (!nl_nested_u32(nest, NAT64_A_TABLE_STATE_STATE, &state) ||
	    !nl_nested_u32(nest, NAT64_A_TABLE_STATE_SESSIONS, &sessions))
		return;

	name = state_text(state);
	snprintf(format, sizeof(format), "%s %%llu", name);
	out_uint(name, format, sessions);
}

static void print_protocol(const struct nlattr *nest)
{
	const struct nlattr *attr;

	show_u32(nest, NAT64_A_TABLE_PROTOCOL_SESSIONS, "sessions",
		 "sessions %llu");
	show_u32(nest, NAT64_A_TABLE_PROTOCOL_BINDINGS, "bindings",
		 "bindings %llu");
	if (!nl_nested_attr(nest, NAT64_A_TABLE_PROTOCOL_STATE))
		return;
	out_object_begin("states");
	mnl_attr_for_each_nested(attr, nest)
		if (mnl_attr_get_type(attr) == NAT64_A_TABLE_PROTOCOL_STATE)
			print_state(attr);
	out_object_end();
}

static void print_table(const char *dev, const struct nlattr *nest,
			const struct nlmsghdr *nlh)
{
	const struct nlattr *attr, *proto;

	out_entry_begin();
	out_string("dev", "dev %s", dev);
	show_u32(nest, NAT64_A_TABLE_SESSIONS, "sessions",
		 "sessions %llu");
	show_u32(nest, NAT64_A_TABLE_BINDINGS, "bindings",
		 "bindings %llu");
	show_u32(nest, NAT64_A_TABLE_STATIC_BINDINGS, "static_bindings",
		 "static %llu");
	show_u32(nest, NAT64_A_TABLE_SUBSCRIBERS, "subscribers",
		 "subscribers %llu");
	show_u32(nest, NAT64_A_TABLE_WAITING_SYNS, "waiting_syns",
		 "waiting-syns %llu");
	show_u32(nest, NAT64_A_TABLE_MAPPINGS, "mappings",
		 "mappings %llu");
	if (!options.json)
		out_entry_end();

	mnl_attr_for_each_nested(attr, nest) {
		if (mnl_attr_get_type(attr) != NAT64_A_TABLE_PROTOCOL)
			continue;
		proto = nl_nested_attr(attr, NAT64_A_TABLE_PROTOCOL_PROTO);
		if (!proto)
			continue;
		if (!options.json) {
			out_entry_begin();
			out_string("dev", "dev %s", dev);
			out_string("proto", "%s",
				   proto_text(mnl_attr_get_u8(proto)));
		}
		out_object_begin(proto_text(mnl_attr_get_u8(proto)));
		print_protocol(attr);
		out_object_end();
		if (!options.json)
			out_entry_end();
	}
	if (options.json)
		out_entry_end();
}

/**
 * struct numbers - kind of numbers
 * @cmd: command of the family
 * @attr: attribute that contains them
 * @print: prints them
 * @usage: usage of the command
 * @help: help command that prints @usage
 */
struct numbers {
	uint8_t cmd;
	uint16_t attr;
	void (*print)(const char *dev, const struct nlattr *nest,
		      const struct nlmsghdr *nlh);
	const char *usage;
	const char *help;
};

static void parse_numbers(const struct nlmsghdr *nlh, void *data)
{
	const struct nlattr *name = nl_attr(nlh, GENL_HDRLEN, NAT64_A_IFNAME);
	const struct numbers *numbers = data;
	const struct nlattr *nest = nl_attr(nlh, GENL_HDRLEN, numbers->attr);

	if (name && mnl_attr_validate(name, MNL_TYPE_NUL_STRING) >= 0 && nest)
		numbers->print(mnl_attr_get_str(name), nest, nlh);
}

static bool numbers_show(const struct numbers *numbers, const char *dev)
{
	char buf[512] __attribute__((aligned(8)));
	struct nl_answer answer;
	struct nlmsghdr *nlh;

	nlh = genl_request(buf, numbers->cmd, dev ? NLM_F_ACK : NLM_F_DUMP,
			   dev);
	if (!genl_talk(nlh, &answer, parse_numbers, (void *)numbers))
		return false;
	if (dev)
		return genl_ok(&answer, dev, NULL);

	if (answer.error)
		complain(STATUS_KERNEL, "%s", nl_reason(&answer));
	return !answer.error;
}

static bool numbers_run(const struct numbers *numbers, char **words)
{
	const char *dev;
	bool ok;

	if (*words && !strcmp(*words, "help")) {
		printf("Usage: %s\n", numbers->usage);
		return true;
	}
	if (*words && !strcmp(*words, "show"))
		words++;
	if (!words_only_dev(&dev, words, numbers->help) || !queue_ready())
		return false;

	out_list_begin();
	ok = numbers_show(numbers, dev);
	out_list_end();
	return ok;
}

/* The object "stats". */
bool stats_run(char **words)
{
	static const struct numbers numbers = {
		.cmd = NAT64_CMD_STATS_GET,
		.attr = NAT64_A_STATS,
		.print = print_stats,
		.usage = "nat64 stats [ show ] [ dev DEV ]",
		.help = "nat64 stats help",
	};

	return numbers_run(&numbers, words);
}

/* The object "table". */
bool table_run(char **words)
{
	static const struct numbers numbers = {
		.cmd = NAT64_CMD_TABLE_GET,
		.attr = NAT64_A_TABLE,
		.print = print_table,
		.usage = "nat64 table [ show ] [ dev DEV ]",
		.help = "nat64 table help",
	};

	return numbers_run(&numbers, words);
}
