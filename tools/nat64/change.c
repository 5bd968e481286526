// SPDX-License-Identifier: GPL-2.0
/*
 * nat64(8) - add, replace and delete bindings and sessions. The arguments have
 * the format of a line that "show" prints.
 */
#include <linux/nat64_netlink.h>
#include <stdio.h>
#include <string.h>

#include "flow.h"
#include "nl.h"
#include "tool.h"

/* Maximum lifetime of a session in seconds; the kernel limits it further. */
#define EXPIRES_MAX	31536000

/* Positions of the arguments without a keyword. */
enum position {
	POSITION_PROTO,
	POSITION_ADDR6,
	POSITION_ADDR4,
	POSITION_REMOTE4,
	POSITION_STATE,
	POSITION_END,
};

/* Parse an argument by its position. */
static bool parse_position(struct flow *flow, enum position *position,
			   const char *word, const struct flow_kind *kind)
{
	switch ((*position)++) {
	case POSITION_PROTO:
		return proto_parse(&flow->proto, word);
	case POSITION_ADDR6:
		flow->has_host = true;
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

/* Parse a keyword and its value. Return the number of words, 0 if the word is
 * not a keyword, -1 on error.
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
		return words_number(&flow->expires, words, EXPIRES_MAX) ? 2 :
									  -1;
	}
	if (!strcmp(*words, "static")) {
		if (!words_once(*words, flow->is_static))
			return -1;
		flow->is_static = true;
		return 1;
	}
	/* "show" prints it, so accept it. It is ignored. */
	if (strcmp(*words, "sessions"))
		return 0;
	if (!words_once(*words, flow->has_sessions))
		return -1;
	flow->has_sessions = true;
	return words_number(&flow->sessions, words, UINT32_MAX) ? 2 : -1;
}

/**
 * change_parse - parse "dev DEV" and a binding or session
 * @flow: binding or session
 * @dev: name of the device
 * @words: arguments
 * @kind: which of both
 */
bool change_parse(struct flow *flow, const char **dev, char **words,
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

	if (!words_given(*dev, "dev DEV"))
		return false;
	if (position <= POSITION_PROTO) {
		wrong("the protocol is missing, see \"%s\"", kind->help);
		return false;
	}

	return words_given(position > POSITION_ADDR6, "ADDR6#PORT") &&
	       words_given(!kind->sessions || position > POSITION_ADDR4,
			   "ADDR4#PORT") &&
	       words_given(!kind->sessions || position > POSITION_REMOTE4,
			   "REMOTE4#PORT");
}

/**
 * change_run - the command "add", "replace" or "del"
 * @cmd: command of the family
 * @flags: of nlmsghdr
 * @words: arguments
 * @kind: bindings or sessions
 */
bool change_run(uint8_t cmd, uint16_t flags, char **words,
		const struct flow_kind *kind)
{
	char buf[NL_ENTRY_SIZE] __attribute__((aligned(8)));
	char text[FLOW_TEXT];
	struct nlmsghdr *nlh;
	struct flow flow;
	const char *dev;

	if (!change_parse(&flow, &dev, words, kind) ||
	    !queue_begin(cmd, flags, dev, 1, kind->size))
		return false;

	nlh = queue_entry(buf);
	flow_put(nlh, &flow, kind);
	queue_add(nlh, flow_text(&flow, text, kind));
	return queue_end();
}
