// SPDX-License-Identifier: GPL-2.0
/*
 * nat64(8) - filters for bindings and sessions. The kernel applies them to
 * tables; events are filtered here.
 */
#include <arpa/inet.h>
#include <linux/nat64_netlink.h>
#include <string.h>

#include "flow.h"
#include "tool.h"

/* "addr4" or "remote4" and its value. Return 2, -1 if it is wrong. */
static int parse_target4(struct prefix4 *prefix, uint16_t *port, bool *by,
			 bool *by_port, char **words)
{
	if (!words_once(*words, *by))
		return -1;
	*by = true;
	return words_value(words, "IPv4 prefix") &&
	       target4_parse(prefix, port, by_port, words[1]) ? 2 : -1;
}

/* A word that only sessions have. Return the number of words, 0 if it is
 * another word, -1 if it is wrong.
 */
static int parse_session_word(struct filter *filter, char **words)
{
	if (!strcmp(*words, "remote4"))
		return parse_target4(&filter->remote4, &filter->rport,
				     &filter->by_remote4, &filter->by_rport,
				     words);
	if (!strcmp(*words, "state")) {
		if (!words_once(*words, filter->state) ||
		    !words_value(words, "TCP state"))
			return -1;
		if (state_parse(&filter->state, words[1]))
			return 2;
		wrong("\"%s\" is not a TCP state", words[1]);
		return -1;
	}

	return 0;
}

/* "static" or "dynamic"; a filter without either matches both. */
static bool parse_kind(struct filter *filter, const char *word)
{
	bool is_static = !strcmp(word, "static");

	if (filter->by_static && filter->is_static != is_static) {
		wrong("\"static\" and \"dynamic\" exclude each other");
		return false;
	}
	if (!words_once(word, filter->by_static))
		return false;

	filter->by_static = true;
	filter->is_static = is_static;
	return true;
}

/* The same for words that bindings and sessions have. */
static int parse_word(struct filter *filter, char **words)
{
	if (!strcmp(*words, "addr6")) {
		if (!words_once(*words, filter->by_addr6))
			return -1;
		filter->by_addr6 = true;
		return words_value(words, "IPv6 prefix") &&
		       target6_parse(&filter->addr6, &filter->port6,
				     &filter->by_port6, words[1]) ? 2 : -1;
	}
	if (!strcmp(*words, "addr4"))
		return parse_target4(&filter->addr4, &filter->port4,
				     &filter->by_addr4, &filter->by_port4,
				     words);
	if (!strcmp(*words, "proto"))
		return words_once(*words, filter->proto) &&
		       words_value(words, "protocol") &&
		       proto_parse(&filter->proto, words[1]) ? 2 : -1;
	if (!strcmp(*words, "static") || !strcmp(*words, "dynamic"))
		return parse_kind(filter, *words) ? 1 : -1;

	return 0;
}

/**
 * filter_word - parse a keyword of a filter and its value
 * @filter: filled in
 * @dev: name of the device or NULL
 * @words: keyword and the words that follow
 * @sessions: accept keywords of sessions
 *
 * Return: number of words, 0 if it is not a keyword, -1 on error.
 */
int filter_word(struct filter *filter, const char **dev, char **words,
		bool sessions)
{
	int used;

	if (!strcmp(*words, "dev"))
		return words_dev(dev, words) ? 2 : -1;

	used = parse_word(filter, words);
	if (!used && sessions)
		used = parse_session_word(filter, words);
	return used;
}

/**
 * filter_parse - parse the arguments of "show" or "flush"
 * @filter: filled in
 * @dev: name of the device or NULL
 * @words: arguments
 * @kind: bindings or sessions
 */
bool filter_parse(struct filter *filter, const char **dev, char **words,
		  const struct flow_kind *kind)
{
	int used;

	memset(filter, 0, sizeof(*filter));
	for (*dev = NULL; *words; words += used) {
		used = filter_word(filter, dev, words, kind->sessions);
		if (!used)
			words_unexpected(*words, kind->help);
		if (used <= 0)
			return false;
	}

	return true;
}

static bool in_prefix6(const struct in6_addr *addr,
		       const struct prefix6 *prefix)
{
	unsigned int bytes = prefix->len / 8, bits = prefix->len % 8;

	return !memcmp(addr, &prefix->addr, bytes) &&
	       (!bits || !((addr->s6_addr[bytes] ^
			    prefix->addr.s6_addr[bytes]) >> (8 - bits)));
}

static bool in_prefix4(const struct in_addr *addr,
		       const struct prefix4 *prefix)
{
	uint32_t differ = ntohl(addr->s_addr ^ prefix->addr.s_addr);

	return !prefix->len || !(differ >> (32 - prefix->len));
}

/**
 * filter_match - check whether a binding or session matches
 * @filter: filter
 * @flow: binding or session, with all fields that @filter uses
 */
bool filter_match(const struct filter *filter, const struct flow *flow)
{
	return (!filter->proto || filter->proto == flow->proto) &&
	       (!filter->state || filter->state == flow->state) &&
	       (!filter->by_addr6 ||
		in_prefix6(&flow->addr6, &filter->addr6)) &&
	       (!filter->by_addr4 ||
		in_prefix4(&flow->addr4, &filter->addr4)) &&
	       (!filter->by_remote4 ||
		in_prefix4(&flow->remote, &filter->remote4)) &&
	       (!filter->by_port6 || filter->port6 == flow->port6) &&
	       (!filter->by_port4 || filter->port4 == flow->port4) &&
	       (!filter->by_rport || filter->rport == flow->rport) &&
	       (!filter->by_static || filter->is_static == flow->is_static);
}

static void put_port(struct nlmsghdr *nlh, uint16_t attr, bool by, uint16_t port)
{
	if (by)
		mnl_attr_put_u16(nlh, attr, port);
}

static void put_prefix4(struct nlmsghdr *nlh, uint16_t attr, uint16_t attr_len,
			const struct prefix4 *prefix)
{
	mnl_attr_put_u32(nlh, attr, prefix->addr.s_addr);
	mnl_attr_put_u8(nlh, attr_len, prefix->len);
}

/* Add the attribute of a filter. */
void filter_put(struct nlmsghdr *nlh, const struct filter *filter)
{
	struct nlattr *nest = mnl_attr_nest_start(nlh, NAT64_A_FILTER);

	if (filter->proto)
		mnl_attr_put_u8(nlh, NAT64_A_FILTER_PROTO, filter->proto);
	if (filter->by_addr6) {
		mnl_attr_put(nlh, NAT64_A_FILTER_ADDR6,
			     sizeof(filter->addr6.addr), &filter->addr6.addr);
		mnl_attr_put_u8(nlh, NAT64_A_FILTER_LEN6, filter->addr6.len);
	}
	if (filter->by_addr4)
		put_prefix4(nlh, NAT64_A_FILTER_ADDR4, NAT64_A_FILTER_LEN4,
			    &filter->addr4);
	if (filter->by_remote4)
		put_prefix4(nlh, NAT64_A_FILTER_REMOTE4,
			    NAT64_A_FILTER_REMOTE_LEN, &filter->remote4);
	put_port(nlh, NAT64_A_FILTER_PORT6, filter->by_port6, filter->port6);
	put_port(nlh, NAT64_A_FILTER_PORT4, filter->by_port4, filter->port4);
	put_port(nlh, NAT64_A_FILTER_REMOTE_PORT, filter->by_rport,
		 filter->rport);
	if (filter->state)
		mnl_attr_put_u32(nlh, NAT64_A_FILTER_STATE, filter->state);
	if (filter->by_static)
		mnl_attr_put_u8(nlh, NAT64_A_FILTER_STATIC, filter->is_static);
	mnl_attr_nest_end(nlh, nest);
}
