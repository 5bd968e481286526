// SPDX-License-Identifier: GPL-2.0
/*
 * nat64(8) - the sessions of a device, which save prints and restore sets.
 */
#include <linux/genetlink.h>
#include <linux/nat64_netlink.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "conf.h"
#include "flow.h"
#include "nl.h"
#include "tool.h"

/* Why the kernel has refused sessions, in the words of the specification. */
static const char *const reasons[] = {
	[NAT64_A_SET_RESULT_IN_POOL6] = "in-pool6",
	[NAT64_A_SET_RESULT_NOT_IN_POOL4] = "not-in-pool4",
	[NAT64_A_SET_RESULT_TAKEN] = "taken",
	[NAT64_A_SET_RESULT_OTHER_BINDING] = "other-binding",
	[NAT64_A_SET_RESULT_LIMIT] = "limit",
	[NAT64_A_SET_RESULT_NO_MEMORY] = "no-memory",
};

/* As a statement has it, in the format of "session show". */
static void take_session(struct rows *rows, struct flow *flow)
{
	char buf[NL_ENTRY_SIZE] __attribute__((aligned(8)));
	struct nlmsghdr *nlh = mnl_nlmsg_put_header(buf);
	char text[FLOW_TEXT + 64];
	size_t at;

	flow->has_host = true;
	flow->has_pool = true;
	flow->has_expires = true;
	flow_put(nlh, flow, &session_kind);
	flow_text(flow, text, &session_kind);
	at = strlen(text);
	if (flow->state)
		at += sprintf(text + at, " %s", state_text(flow->state));
	sprintf(text + at, " expires %u", flow->expires);
	rows_add(rows, nlh, text);
}

/**
 * sessions_read - read the sessions of a device
 * @conf: its configuration, which gets them
 *
 * Sessions come and go during the dump: those that it may have missed are worth
 * a warning only.
 *
 * Return: false on error, which has been reported.
 */
bool sessions_read(struct conf *conf)
{
	struct flows flows = { .kind = &session_kind };
	struct nl_answer answer;
	bool ok;
	size_t i;

	if (keys_stateless(conf))
		return true;

	ok = table_read(&answer, conf->name, &flows) &&
	     genl_ok(&answer, conf->name, NULL);
	if (ok && answer.torn)
		complain(STATUS_OK,
			 "warning: dev %s: sessions kept changing during the dump, some may be missing",
			 conf->name);
	table_sort(&flows);
	for (i = 0; ok && i < flows.count; i++)
		take_session(&conf->sessions, &flows.flow[i]);
	free(flows.flow);
	return ok;
}

static void add_refusals(const struct nlmsghdr *nlh, void *data)
{
	const struct nlattr *nest = nl_attr(nlh, GENL_HDRLEN,
					    NAT64_A_SET_RESULT);
	unsigned long long *refused = data;
	uint32_t count;
	size_t i;

	for (i = 0; nest && i < ARRAY_SIZE(reasons); i++)
		if (reasons[i] && nl_nested_u32(nest, i, &count))
			refused[i] += count;
}

static void warn(const struct conf *conf, const unsigned long long *refused)
{
	char text[256];
	unsigned long long sum = 0;
	size_t i, at = 0;

	for (i = 0; i < ARRAY_SIZE(reasons); i++) {
		if (!refused[i])
			continue;
		at += sprintf(text + at, "%s %s %llu", sum ? "," : "",
			      reasons[i], refused[i]);
		sum += refused[i];
	}
	if (!sum)
		return;

	place.line = conf->sessions.row[0].line;
	complain(STATUS_OK,
		 "warning: dev %s: %llu of %zu sessions are not restored:%s",
		 conf->name, sum, conf->sessions.count, text);
}

/**
 * sessions_set - give a device sessions
 * @conf: its configuration
 * @quiet: no warnings
 *
 * Sessions that it has already stay as they are: packets have used them since.
 *
 * Return: false on error, which has been reported. That the device refuses a
 *	session is none.
 */
bool sessions_set(const struct conf *conf, bool quiet)
{
	static char buf[NL_REQUEST_SIZE] __attribute__((aligned(8)));
	unsigned long long refused[ARRAY_SIZE(reasons)] = { };
	const struct rows *rows = &conf->sessions;
	struct nl_answer answer;
	struct nlmsghdr *nlh;
	size_t i = 0;

	while (i < rows->count) {
		nlh = genl_request(buf, NAT64_CMD_SESSION_SET, NLM_F_ACK,
				   conf->name);
		mnl_attr_put(nlh, NAT64_A_KEEP, 0, NULL);
		if (!rows_ask(rows, &i, nlh, &answer, add_refusals, refused))
			return false;
		if (!answer.error)
			continue;
		/* Without an offset, it may be any row of the message. */
		place.line = answer.offset ? rows->row[i].line : conf->line;
		return genl_ok(&answer, conf->name, row_text(&rows->row[i]));
	}

	if (!quiet)
		warn(conf, refused);
	return true;
}
