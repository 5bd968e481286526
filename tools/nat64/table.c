// SPDX-License-Identifier: GPL-2.0
/*
 * nat64(8) - show and flush bindings or sessions.
 */
#include <linux/nat64_netlink.h>
#include <stdlib.h>
#include <string.h>

#include "flow.h"
#include "nl.h"
#include "tool.h"

static void parse_entry(const struct nlmsghdr *nlh, void *data)
{
	struct flows *flows = data;

	flows->flow = grow(flows->flow, flows->count, &flows->room,
			   sizeof(*flows->flow));
	if (flow_parse(&flows->flow[flows->count], nlh, flows->kind))
		flows->count++;
}

/**
 * table_read - read the bindings or sessions of a device
 * @answer: answer of the kernel
 * @dev: name of the device
 * @data: struct flows
 *
 * Return: false if the kernel cannot be reached, which has been reported.
 */
bool table_read(struct nl_answer *answer, const char *dev, void *data)
{
	char buf[1024] __attribute__((aligned(8)));
	struct flows *flows = data;
	struct nlmsghdr *nlh;

	nlh = genl_request(buf, flows->kind->get, NLM_F_DUMP, dev);
	filter_put(nlh, &flows->filter);
	return genl_dump(nlh, answer, parse_entry, flows, &flows->count);
}

/* Sort by IPv6 host, then by the keys of the table. */
static int compare(const void *a, const void *b)
{
	const struct flow *p = a, *q = b;
	int by;

	by = memcmp(&p->addr6, &q->addr6, sizeof(p->addr6));
	if (!by)
		by = p->proto - q->proto;
	if (!by)
		by = ntohs(p->port6) - ntohs(q->port6);
	if (!by)
		by = memcmp(&p->remote, &q->remote, sizeof(p->remote));
	return by ?: ntohs(p->rport) - ntohs(q->rport);
}

/* Sort flows, which the kernel's table does not. */
void table_sort(struct flows *flows)
{
	qsort(flows->flow, flows->count, sizeof(*flows->flow), compare);
}

/* A torn dump has duplicates. */
static void print_flows(const char *dev, void *data)
{
	struct flows *flows = data;
	const struct flow *flow;
	size_t i;

	table_sort(flows);
	for (i = 0; i < flows->count; i++) {
		flow = &flows->flow[i];
		if (i && !compare(flow - 1, flow))
			continue;
		out_entry_begin();
		out_string("dev", "dev %s", dev);
		flow_print(flow, flows->kind);
		out_entry_end();
	}
}

/**
 * table_show - the command "show"
 * @words: arguments
 * @kind: bindings or sessions
 */
bool table_show(char **words, const struct flow_kind *kind)
{
	const struct show show = {
		.what = kind->many,
		.partial = true,
		.read = table_read,
		.print = print_flows,
	};
	struct flows flows = { .kind = kind };
	const char *dev;
	bool ok;

	ok = filter_parse(&flows.filter, &dev, words, kind) &&
	     show_run(&show, dev, &flows);
	free(flows.flow);
	return ok;
}

/**
 * table_flush - the command "flush"
 * @words: arguments
 * @kind: bindings or sessions
 */
bool table_flush(char **words, const struct flow_kind *kind)
{
	char buf[1024] __attribute__((aligned(8)));
	struct filter filter;
	struct nlmsghdr *nlh;
	const char *dev;

	if (!filter_parse(&filter, &dev, words, kind) ||
	    !words_given(dev, "dev DEV") || !queue_ready())
		return false;

	nlh = genl_request(buf, kind->flush, NLM_F_ACK, dev);
	filter_put(nlh, &filter);
	return flush_send(nlh, dev);
}
