// SPDX-License-Identifier: GPL-2.0
/*
 * nat64(8) - tables of bindings or sessions: show and flush.
 */
#include <errno.h>
#include <linux/nat64_netlink.h>
#include <stdlib.h>
#include <string.h>

#include "flow.h"
#include "nl.h"
#include "tool.h"

/* Times that a table is read again when it changed meanwhile. */
#define SHOW_TRIES	10

/**
 * struct flows - bindings or sessions of a device
 * @kind: which of both
 * @flow: each of them
 * @count: how many there are
 * @room: how many there is room for
 */
struct flows {
	const struct flow_kind *kind;
	struct flow *flow;
	size_t count;
	size_t room;
};

static void parse_entry(const struct nlmsghdr *nlh, void *data)
{
	struct flows *flows = data;

	if (flows->count == flows->room) {
		flows->room = 2 * flows->room + 64;
		flows->flow = allocate(flows->flow, flows->room,
				       sizeof(*flows->flow));
	}
	if (flow_parse(&flows->flow[flows->count], nlh, flows->kind))
		flows->count++;
}

/* All that match. A table that changes all the time is torn at last. */
static bool read_flows(struct flows *flows, const char *dev,
		       const struct filter *filter, struct nl_answer *answer)
{
	char buf[1024] __attribute__((aligned(8)));
	struct nlmsghdr *nlh;
	int i;

	for (i = 0; i < SHOW_TRIES; i++) {
		flows->count = 0;
		nlh = genl_request(buf, flows->kind->get, NLM_F_DUMP);
		mnl_attr_put_strz(nlh, NAT64_A_IFNAME, dev);
		filter_put(nlh, filter);
		if (!genl_talk(nlh, answer, parse_entry, flows))
			return false;
		if (answer->error || !answer->torn)
			break;
	}

	return true;
}

/* By host, then as the table knows them; 0 for the same one. */
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

/* Sorted, which the kernel's table is not; in a torn one some come twice. */
static void print_flows(struct flows *flows, const char *dev)
{
	const struct flow *flow;
	size_t i;

	qsort(flows->flow, flows->count, sizeof(*flows->flow), compare);
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

/* @listed: the device was in a list, and may have gone since. */
static bool show_dev(const char *dev, bool listed, const struct filter *filter,
		     const struct flow_kind *kind)
{
	struct flows flows = { .kind = kind };
	struct nl_answer answer;
	bool ok;

	ok = read_flows(&flows, dev, filter, &answer);
	if (ok && answer.error) {
		ok = listed && answer.error == ENODEV;
		if (!ok)
			complain(STATUS_KERNEL, "dev %s: %s", dev,
				 nl_reason(&answer));
	} else if (ok) {
		print_flows(&flows, dev);
		ok = !answer.torn;
		if (!ok)
			complain(STATUS_KERNEL,
				 "dev %s: the %s keep changing while they are read, some may be missing",
				 dev, kind->many);
	}

	free(flows.flow);
	return ok;
}

static bool show_all(const struct filter *filter, const struct flow_kind *kind)
{
	struct device *devices;
	size_t i, count;
	bool ok = true;

	if (!link_list(&devices, &count))
		return false;

	for (i = 0; i < count; i++)
		if (!devices[i].stateless)
			ok &= show_dev(devices[i].name, true, filter, kind);
	free(devices);
	return ok;
}

/**
 * table_show - the command "show"
 * @words: those behind it
 * @kind: what is shown
 */
bool table_show(char **words, const struct flow_kind *kind)
{
	struct filter filter;
	const char *dev;
	bool ok;

	if (!filter_parse(&filter, &dev, words, kind) || !queue_ready())
		return false;

	out_list_begin();
	ok = dev ? show_dev(dev, false, &filter, kind) :
		   show_all(&filter, kind);
	out_list_end();
	return ok;
}

/**
 * table_flush - the command "flush"
 * @words: those behind it
 * @kind: what is removed
 */
bool table_flush(char **words, const struct flow_kind *kind)
{
	char buf[1024] __attribute__((aligned(8)));
	struct nl_answer answer;
	struct filter filter;
	struct nlmsghdr *nlh;
	const char *dev;

	if (!filter_parse(&filter, &dev, words, kind))
		return false;
	if (!dev) {
		wrong("\"dev DEV\" is missing");
		return false;
	}
	if (!queue_ready())
		return false;

	nlh = genl_request(buf, kind->flush, NLM_F_ACK);
	mnl_attr_put_strz(nlh, NAT64_A_IFNAME, dev);
	filter_put(nlh, &filter);
	if (!genl_talk(nlh, &answer, NULL, NULL))
		return false;
	if (answer.error)
		complain(STATUS_KERNEL, "dev %s: %s", dev, nl_reason(&answer));

	return !answer.error;
}
