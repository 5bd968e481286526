// SPDX-License-Identifier: GPL-2.0
/*
 * nat64(8) - look up a binding or session by the addresses of either side.
 */
#include <linux/nat64_netlink.h>
#include <string.h>

#include "flow.h"
#include "nl.h"
#include "tool.h"

/* Maximum number of addresses of a command. */
#define MOST_SIDES	3

/**
 * struct sides - arguments of a lookup
 * @dev: device
 * @proto: protocol, NULL if missing
 * @word: addresses and ports
 * @count: number of @word
 */
struct sides {
	const char *dev;
	const char *proto;
	const char *word[MOST_SIDES];
	size_t count;
};

static bool parse_words(struct sides *sides, char **words,
			const struct flow_kind *kind)
{
	size_t most = kind->sessions ? 3 : 2;

	memset(sides, 0, sizeof(*sides));
	for (; *words; words++) {
		if (!strcmp(*words, "dev")) {
			if (!words_dev(&sides->dev, words))
				return false;
			words++;
		} else if (!sides->proto) {
			sides->proto = *words;
		} else if (sides->count < most) {
			sides->word[sides->count++] = *words;
		} else {
			words_unexpected(*words, kind->help);
			return false;
		}
	}

	if (!words_given(sides->dev, "dev DEV"))
		return false;
	if (!sides->proto)
		wrong("the protocol is missing, see \"%s\"", kind->help);
	else if (!sides->count)
		wrong("\"ADDR6#PORT\" or \"ADDR4#PORT\" is missing");
	else
		return words_given(!kind->sessions || sides->count > 1,
				   "REMOTE4#PORT");

	return false;
}

/* The order is IPv6 host, pool4 address, IPv4 host. */
static bool parse_sides(struct flow *flow, const struct sides *sides,
			const struct flow_kind *kind)
{
	size_t i = 0, end = sides->count;

	memset(flow, 0, sizeof(*flow));
	if (!proto_parse(&flow->proto, sides->proto))
		return false;
	if (kind->sessions &&
	    !endpoint4_parse(&flow->remote, &flow->rport, sides->word[--end],
			     flow->proto != IPPROTO_ICMP))
		return false;

	flow->has_host = end == 2 || strchr(sides->word[0], ':');
	if (flow->has_host && !endpoint6_parse(&flow->addr6, &flow->port6,
					       sides->word[i++]))
		return false;
	flow->has_pool = i < end;
	return i == end || endpoint4_parse(&flow->addr4, &flow->port4,
					   sides->word[i], true);
}

/**
 * struct result - answer of the kernel
 * @flow: binding or session
 * @kind: which of both
 * @found: the answer contains one
 */
struct result {
	struct flow flow;
	const struct flow_kind *kind;
	bool found;
};

static void parse_answer(const struct nlmsghdr *nlh, void *data)
{
	struct result *result = data;

	result->found = flow_parse(&result->flow, nlh, result->kind);
}

/**
 * get_run - the command "get"
 * @words: arguments
 * @kind: bindings or sessions
 */
bool get_run(char **words, const struct flow_kind *kind)
{
	char buf[NL_ENTRY_SIZE + 256] __attribute__((aligned(8)));
	struct result result = { .kind = kind };
	struct nl_answer answer;
	struct nlmsghdr *nlh;
	struct sides sides;
	struct flow flow;

	if (!parse_words(&sides, words, kind) ||
	    !parse_sides(&flow, &sides, kind) || !queue_ready())
		return false;

	nlh = genl_request(buf, kind->get, NLM_F_ACK, sides.dev);
	flow_put(nlh, &flow, kind);
	if (!genl_talk(nlh, &answer, parse_answer, &result))
		return false;

	out_list_begin();
	if (!answer.error && result.found) {
		out_entry_begin();
		out_string("dev", "dev %s", sides.dev);
		flow_print(&result.flow, kind);
		out_entry_end();
	}
	out_list_end();
	return genl_ok(&answer, sides.dev, NULL);
}
