// SPDX-License-Identifier: GPL-2.0
/*
 * nat64(8) - bindings and sessions that are added, replaced or deleted. A line that
 * "show" prints is what they are asked for with.
 */
#include <linux/nat64_netlink.h>
#include <stdio.h>
#include <string.h>

#include "flow.h"
#include "nl.h"
#include "tool.h"

/* Seconds that a session may live; the kernel makes less of it. */
#define EXPIRES_MAX	31536000

/* Places of words that have no name. */
enum position {
	POSITION_PROTO,
	POSITION_ADDR6,
	POSITION_ADDR4,
	POSITION_REMOTE4,
	POSITION_STATE,
	POSITION_END,
};

static bool parse_number(uint32_t *value, char **words, uint32_t max)
{
	if (!words_value(words, "number"))
		return false;
	if (number_parse(value, words[1], max))
		return true;

	wrong("\"%s\": \"%s\" is no number from 0 to %u", words[0], words[1],
	      max);
	return false;
}

/* A word by its place. */
static bool parse_position(struct flow *flow, enum position *position,
			   const char *word, const struct flow_kind *kind)
{
	switch ((*position)++) {
	case POSITION_PROTO:
		return proto_parse(&flow->proto, word);
	case POSITION_ADDR6:
		return endpoint6_parse(&flow->addr6, &flow->port6, word);
	case POSITION_ADDR4:
		flow->has_pool = true;
		return endpoint4_parse(&flow->addr4, &flow->port4, word, true);
	case POSITION_REMOTE4:
		if (kind->sessions)
			return endpoint4_parse(&flow->remote, &flow->rport, word,
					       flow->proto != IPPROTO_ICMP);
		break;
	case POSITION_STATE:
		if (kind->sessions && state_parse(&flow->state, word))
			return true;
		break;
	case POSITION_END:
		break;
	}

	words_unexpected(word, kind->help);
	return false;
}

/* The words that have names. Returns how many there were, 0 if it is another,
 * -1 if they are wrong.
 */
static int parse_named(struct flow *flow, const char **dev, char **words,
		       const struct flow_kind *kind)
{
	if (!strcmp(*words, "dev"))
		return words_dev(dev, words) ? 2 : -1;
	if (kind->sessions) {
		if (strcmp(*words, "expires"))
			return 0;
		if (!words_once(*words, flow->has_expires))
			return -1;
		flow->has_expires = true;
		return parse_number(&flow->expires, words, EXPIRES_MAX) ? 2 :
									   -1;
	}
	if (!strcmp(*words, "static")) {
		if (!words_once(*words, flow->is_static))
			return -1;
		flow->is_static = true;
		return 1;
	}
	/* It is shown, so it may be said; it means nothing. */
	if (strcmp(*words, "sessions"))
		return 0;
	if (!words_once(*words, flow->has_sessions))
		return -1;
	flow->has_sessions = true;
	return parse_number(&flow->sessions, words, UINT32_MAX) ? 2 : -1;
}

static bool parse_flow(struct flow *flow, const char **dev, char **words,
		       const struct flow_kind *kind)
{
	enum position position = POSITION_PROTO;
	int used;

	memset(flow, 0, sizeof(*flow));
	for (*dev = NULL; *words; words += used) {
		used = parse_named(flow, dev, words, kind);
		if (!used && parse_position(flow, &position, *words, kind))
			used = 1;
		if (used <= 0)
			return false;
	}

	if (!*dev)
		wrong("\"dev DEV\" is missing");
	else if (position <= POSITION_PROTO)
		wrong("the protocol is missing, see \"%s\"", kind->help);
	else if (position <= POSITION_ADDR6)
		wrong("\"ADDR6#PORT\" is missing");
	else if (kind->sessions && position <= POSITION_ADDR4)
		wrong("\"ADDR4#PORT\" is missing");
	else if (kind->sessions && position <= POSITION_REMOTE4)
		wrong("\"REMOTE4#PORT\" is missing");
	else
		return true;

	return false;
}

static void put_flow(struct nlmsghdr *nlh, const struct flow *flow,
		     const struct flow_kind *kind)
{
	struct nlattr *nest = mnl_attr_nest_start(nlh, kind->attr);

	mnl_attr_put_u8(nlh, NAT64_A_SESSION_PROTO, flow->proto);
	mnl_attr_put(nlh, NAT64_A_SESSION_ADDR6, sizeof(flow->addr6),
		     &flow->addr6);
	mnl_attr_put_u16(nlh, NAT64_A_SESSION_PORT6, flow->port6);
	if (flow->has_pool) {
		mnl_attr_put_u32(nlh, NAT64_A_SESSION_ADDR4,
				 flow->addr4.s_addr);
		mnl_attr_put_u16(nlh, NAT64_A_SESSION_PORT4, flow->port4);
	}
	if (flow->is_static)
		mnl_attr_put(nlh, NAT64_A_BINDING_STATIC, 0, NULL);
	if (kind->sessions) {
		mnl_attr_put_u32(nlh, NAT64_A_SESSION_REMOTE4,
				 flow->remote.s_addr);
		if (flow->proto != IPPROTO_ICMP)
			mnl_attr_put_u16(nlh, NAT64_A_SESSION_REMOTE_PORT,
					 flow->rport);
		if (flow->state)
			mnl_attr_put_u32(nlh, NAT64_A_SESSION_STATE,
					 flow->state);
		if (flow->has_expires)
			mnl_attr_put_u32(nlh, NAT64_A_SESSION_EXPIRES,
					 flow->expires);
	}
	mnl_attr_nest_end(nlh, nest);
}

/**
 * change_run - the command "add", "replace" or "del"
 * @cmd: command of the family
 * @flags: of nlmsghdr
 * @words: those behind it
 * @kind: what is added, replaced or deleted
 */
bool change_run(uint8_t cmd, uint16_t flags, char **words,
		const struct flow_kind *kind)
{
	char buf[NL_ENTRY_SIZE] __attribute__((aligned(8)));
	char text[FLOW_TEXT];
	struct nlmsghdr *nlh;
	struct flow flow;
	const char *dev;

	if (!parse_flow(&flow, &dev, words, kind) ||
	    !queue_begin(cmd, flags, dev, 1, kind->size))
		return false;

	nlh = queue_entry(buf);
	put_flow(nlh, &flow, kind);
	queue_add(nlh, flow_text(&flow, text, kind));
	return queue_end();
}
