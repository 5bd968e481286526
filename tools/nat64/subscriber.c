// SPDX-License-Identifier: GPL-2.0
/*
 * nat64(8) - subscribers of stateful devices.
 */
#include <arpa/inet.h>
#include <linux/genetlink.h>
#include <linux/nat64_netlink.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "flow.h"
#include "nl.h"
#include "tool.h"

static const char help[] = "nat64 subscriber help";

/**
 * struct sub_use - bindings and refusals of a subscriber by protocol
 * @proto: protocol
 * @bindings: number of bindings
 * @refusals: number of refused flows
 */
struct sub_use {
	uint8_t proto;
	uint32_t bindings;
	uint32_t refusals;
};

/**
 * struct subscriber - a subscriber
 * @prefix: IPv6 prefix
 * @addresses: number of @addr4 and @proto
 * @addr4: its addresses in pool4
 * @proto: protocol of each address
 * @bindings: number of bindings
 * @sessions: number of sessions
 * @refusals: number of refused flows
 * @uses: number of @use
 * @use: bindings and refusals by protocol
 */
struct subscriber {
	struct prefix6 prefix;
	unsigned int addresses;
	struct in_addr addr4[3];
	uint8_t proto[3];
	uint32_t bindings;
	uint32_t sessions;
	uint32_t refusals;
	unsigned int uses;
	struct sub_use use[3];
};

/**
 * struct least - filter
 * @prefix: overlaps the prefix of the subscriber
 * @bindings: minimum number of bindings
 * @sessions: minimum number of sessions
 * @by_prefix: @prefix is used
 * @by_bindings: @bindings is used
 * @by_sessions: @sessions is used
 */
struct least {
	struct prefix6 prefix;
	uint32_t bindings;
	uint32_t sessions;
	bool by_prefix;
	bool by_bindings;
	bool by_sessions;
};

/**
 * struct subscribers - subscribers of a device
 * @least: filter
 * @subscriber: subscribers
 * @count: number of subscribers
 * @room: number of subscribers that fit
 */
struct subscribers {
	struct least least;
	struct subscriber *subscriber;
	size_t count;
	size_t room;
};

static void parse_address(struct subscriber *subscriber,
			  const struct nlattr *nest)
{
	unsigned int i = subscriber->addresses;
	const struct nlattr *proto;
	uint32_t addr4;

	proto = nl_nested_attr(nest, NAT64_A_SUB_ADDRESS_PROTO);
	if (!proto || i == ARRAY_SIZE(subscriber->addr4) ||
	    !nl_nested_u32(nest, NAT64_A_SUB_ADDRESS_ADDR4, &addr4))
		return;

	subscriber->proto[i] = mnl_attr_get_u8(proto);
	subscriber->addr4[i].s_addr = addr4;
	subscriber->addresses++;
}

static void parse_sub_use(struct subscriber *subscriber,
			  const struct nlattr *nest)
{
	const struct nlattr *proto = nl_nested_attr(nest, NAT64_A_SUB_USE_PROTO);
	struct sub_use *use = &subscriber->use[subscriber->uses];

	if (!proto || subscriber->uses == ARRAY_SIZE(subscriber->use))
		return;

	use->proto = mnl_attr_get_u8(proto);
	nl_nested_u32(nest, NAT64_A_SUB_USE_BINDINGS, &use->bindings);
	nl_nested_u32(nest, NAT64_A_SUB_USE_REFUSALS, &use->refusals);
	subscriber->uses++;
}

static void parse_subscriber(const struct nlmsghdr *nlh, void *data)
{
	const struct nlattr *nest, *prefix6, *len6, *attr;
	struct subscribers *subscribers = data;
	struct subscriber *subscriber;

	nest = nl_attr(nlh, GENL_HDRLEN, NAT64_A_SUBSCRIBER);
	if (!nest)
		return;
	prefix6 = nl_nested_attr(nest, NAT64_A_SUBSCRIBER_PREFIX6);
	len6 = nl_nested_attr(nest, NAT64_A_SUBSCRIBER_LEN6);
	if (!prefix6 || !len6 ||
	    mnl_attr_get_payload_len(prefix6) != sizeof(struct in6_addr))
		return;

	subscribers->subscriber = grow(subscribers->subscriber,
				       subscribers->count, &subscribers->room,
				       sizeof(*subscriber));
	subscriber = &subscribers->subscriber[subscribers->count++];
	memset(subscriber, 0, sizeof(*subscriber));
	memcpy(&subscriber->prefix.addr, mnl_attr_get_payload(prefix6),
	       sizeof(subscriber->prefix.addr));
	subscriber->prefix.len = mnl_attr_get_u8(len6);
	mnl_attr_for_each_nested(attr, nest)
		if (mnl_attr_get_type(attr) == NAT64_A_SUBSCRIBER_ADDRESS)
			parse_address(subscriber, attr);
		else if (mnl_attr_get_type(attr) == NAT64_A_SUBSCRIBER_USE)
			parse_sub_use(subscriber, attr);
	nl_nested_u32(nest, NAT64_A_SUBSCRIBER_BINDINGS, &subscriber->bindings);
	nl_nested_u32(nest, NAT64_A_SUBSCRIBER_SESSIONS, &subscriber->sessions);
	nl_nested_u32(nest, NAT64_A_SUBSCRIBER_REFUSALS, &subscriber->refusals);
}

static void put_least(struct nlmsghdr *nlh, const struct least *least)
{
	struct nlattr *nest = mnl_attr_nest_start(nlh, NAT64_A_FILTER);

	if (least->by_prefix) {
		mnl_attr_put(nlh, NAT64_A_FILTER_ADDR6,
			     sizeof(least->prefix.addr), &least->prefix.addr);
		mnl_attr_put_u8(nlh, NAT64_A_FILTER_LEN6, least->prefix.len);
	}
	if (least->by_bindings)
		mnl_attr_put_u32(nlh, NAT64_A_FILTER_MIN_BINDINGS,
				 least->bindings);
	if (least->by_sessions)
		mnl_attr_put_u32(nlh, NAT64_A_FILTER_MIN_SESSIONS,
				 least->sessions);
	mnl_attr_nest_end(nlh, nest);
}

static int compare(const void *a, const void *b)
{
	const struct prefix6 *p = &((const struct subscriber *)a)->prefix;
	const struct prefix6 *q = &((const struct subscriber *)b)->prefix;

	return memcmp(&p->addr, &q->addr, sizeof(p->addr)) ?: p->len - q->len;
}

/* Print by protocol; text omits protocols without bindings and refusals. */
static void print_uses(const struct subscriber *subscriber)
{
	const struct sub_use *use = subscriber->use;
	unsigned int i;

	out_object_begin("use");
	for (i = 0; i < subscriber->uses; i++, use++) {
		if (!options.json) {
			if (!use->bindings && !use->refusals)
				continue;
			out_string("proto", "proto %s", proto_text(use->proto));
		}
		out_object_begin(proto_text(use->proto));
		out_uint("bindings", "bindings %llu", use->bindings);
		out_uint("refusals", "refusals %llu", use->refusals);
		out_object_end();
	}
	out_object_end();
}

static void print_subscriber(const struct subscriber *subscriber,
			     const char *dev)
{
	char text[PREFIX6_TEXT], format[32];
	unsigned int i;

	out_entry_begin();
	out_string("dev", "dev %s", dev);
	out_string("prefix6", "%s", prefix6_text(&subscriber->prefix, text));
	out_object_begin("addresses");
	for (i = 0; i < subscriber->addresses; i++) {
		inet_ntop(AF_INET, &subscriber->addr4[i], text, sizeof(text));
		snprintf(format, sizeof(format), "%s %%s",
			 proto_text(subscriber->proto[i]));
		out_string(proto_text(subscriber->proto[i]), format, text);
	}
	out_object_end();
	out_uint("bindings", "bindings %llu", subscriber->bindings);
	out_uint("sessions", "sessions %llu", subscriber->sessions);
	out_uint("refusals", "refusals %llu", subscriber->refusals);
	print_uses(subscriber);
	out_entry_end();
}

/* Sorted, which the kernel's table is not. A torn dump has duplicates. */
static void print_subscribers(const char *dev, void *data)
{
	struct subscribers *subscribers = data;
	const struct subscriber *subscriber = subscribers->subscriber;
	size_t i;

	qsort(subscribers->subscriber, subscribers->count, sizeof(*subscriber),
	      compare);
	for (i = 0; i < subscribers->count; i++, subscriber++)
		if (!i || compare(subscriber - 1, subscriber))
			print_subscriber(subscriber, dev);
}

static bool read_subscribers(struct nl_answer *answer, const char *dev,
			     void *data)
{
	char buf[512] __attribute__((aligned(8)));
	struct subscribers *subscribers = data;
	struct nlmsghdr *nlh;

	nlh = genl_request(buf, NAT64_CMD_SUBSCRIBER_GET, NLM_F_DUMP, dev);
	put_least(nlh, &subscribers->least);
	return genl_dump(nlh, answer, parse_subscriber, subscribers,
			 &subscribers->count);
}

static bool parse_count(uint32_t *count, bool *by, char **words)
{
	if (!words_once(*words, *by))
		return false;

	*by = true;
	return words_number(count, words, UINT32_MAX);
}

static bool parse_prefix(struct least *least, char **words)
{
	if (!words_once(*words, least->by_prefix) ||
	    !words_value(words, "IPv6 prefix"))
		return false;

	least->by_prefix = true;
	return prefix6_parse(&least->prefix, words[1]);
}

static bool parse_least(struct least *least, const char **dev, char **words)
{
	bool ok;

	memset(least, 0, sizeof(*least));
	for (*dev = NULL; *words; words += 2) {
		if (!strcmp(*words, "dev")) {
			ok = words_dev(dev, words);
		} else if (!strcmp(*words, "addr6")) {
			ok = parse_prefix(least, words);
		} else if (!strcmp(*words, "min-bindings")) {
			ok = parse_count(&least->bindings, &least->by_bindings,
					 words);
		} else if (!strcmp(*words, "min-sessions")) {
			ok = parse_count(&least->sessions, &least->by_sessions,
					 words);
		} else {
			words_unexpected(*words, help);
			ok = false;
		}
		if (!ok)
			return false;
	}

	return true;
}

static bool subscriber_show(char **words)
{
	static const struct show show = {
		.what = "subscribers",
		.partial = true,
		.read = read_subscribers,
		.print = print_subscribers,
	};
	static struct subscribers subscribers;
	const char *dev;

	return parse_least(&subscribers.least, &dev, words) &&
	       show_run(&show, dev, &subscribers);
}

/* "dev DEV" and a prefix or address. */
static bool parse_one(struct prefix6 *prefix, bool *whole, const char **dev,
		      char **words)
{
	const char *word;

	if (!words_dev_and(dev, &word, words, help) ||
	    !words_given(word, "PREFIX6"))
		return false;

	/* An address stands for the subscriber that it belongs to. */
	*whole = strchr(word, '/');
	return prefix6_parse(prefix, word);
}

static bool subscriber_get(char **words)
{
	char buf[512] __attribute__((aligned(8))), text[PREFIX6_TEXT];
	static struct subscribers subscribers;
	struct nl_answer answer;
	struct prefix6 prefix;
	struct nlmsghdr *nlh;
	struct nlattr *nest;
	const char *dev;
	bool whole;

	if (!parse_one(&prefix, &whole, &dev, words) || !queue_ready())
		return false;

	subscribers.count = 0;
	nlh = genl_request(buf, NAT64_CMD_SUBSCRIBER_GET, NLM_F_ACK, dev);
	nest = mnl_attr_nest_start(nlh, NAT64_A_SUBSCRIBER);
	mnl_attr_put(nlh, NAT64_A_SUBSCRIBER_PREFIX6, sizeof(prefix.addr),
		     &prefix.addr);
	if (whole)
		mnl_attr_put_u8(nlh, NAT64_A_SUBSCRIBER_LEN6, prefix.len);
	mnl_attr_nest_end(nlh, nest);
	if (!genl_talk(nlh, &answer, parse_subscriber, &subscribers))
		return false;

	out_list_begin();
	print_subscribers(dev, &subscribers);
	out_list_end();
	return genl_ok(&answer, dev, prefix6_text(&prefix, text));
}

static bool subscriber_help(char **words)
{
	puts("Usage: nat64 subscriber show [ dev DEV ] [ addr6 PREFIX6 ]\n"
	     "                             [ min-bindings NUMBER ] [ min-sessions NUMBER ]\n"
	     "       nat64 subscriber get dev DEV PREFIX6\n"
	     "PREFIX6 := IPV6_ADDRESS[/LENGTH]");
	return true;
}

/* The object "subscriber". */
bool subscriber_run(char **words)
{
	static const struct command commands[] = {
		{ "get", subscriber_get },
		{ "show", subscriber_show },
		{ "help", subscriber_help },
	};

	return choose(commands, ARRAY_SIZE(commands), "command", help, words);
}
