// SPDX-License-Identifier: GPL-2.0
/*
 * nat64(8) - events, as they happen.
 */
#include <arpa/inet.h>
#include <errno.h>
#include <linux/genetlink.h>
#include <linux/nat64_netlink.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "flow.h"
#include "nl.h"
#include "tool.h"

/* Bytes of events that wait while we are busy. */
#define BUFFER_SIZE	(8 << 20)

static const struct {
	const char *object;
	const char *group;
} groups[] = {
	{ "bib", NAT64_MCGRP_BINDING },
	{ "session", NAT64_MCGRP_SESSION },
	{ "exhaustion", NAT64_MCGRP_EXHAUSTION },
};

static const struct flow_kind binding = { .attr = NAT64_A_BINDING };
static const struct flow_kind session = {
	.attr = NAT64_A_SESSION,
	.sessions = true,
};

static const char *const quotas[] = {
	[NAT64_QUOTA_SESSIONS] = "sessions",
	[NAT64_QUOTA_BINDINGS] = "bindings",
	[NAT64_QUOTA_SUBSCRIBER] = "subscriber",
};

static const char *event_text(uint32_t event)
{
	switch (event) {
	case NAT64_EVENT_SESSION_CREATE:
		return "session add";
	case NAT64_EVENT_SESSION_DELETE:
		return "session del";
	case NAT64_EVENT_BINDING_CREATE:
		return "bib add";
	case NAT64_EVENT_BINDING_DELETE:
		return "bib del";
	case NAT64_EVENT_ADDRESSES_EXHAUSTED:
		return "addresses exhausted";
	case NAT64_EVENT_PORTS_EXHAUSTED:
		return "ports exhausted";
	case NAT64_EVENT_QUOTA_EXCEEDED:
		return "quota exceeded";
	default:
		return "unknown";
	}
}

static void print_time(uint64_t ms)
{
	time_t seconds = ms / 1000;
	char text[32], whole[48];
	struct tm tm;

	gmtime_r(&seconds, &tm);
	strftime(text, sizeof(text), "%Y-%m-%dT%H:%M:%S", &tm);
	snprintf(whole, sizeof(whole), "%s.%03uZ", text,
		 (unsigned int)(ms % 1000));
	out_string("time", "%s", whole);
}

static void print_exhausted(const struct nlattr *nest)
{
	const struct nlattr *addr6, *addr4, *proto, *quota, *count;
	char text[INET6_ADDRSTRLEN];
	uint32_t limit;

	proto = nl_nested_attr(nest, NAT64_A_EXHAUSTED_PROTO);
	addr6 = nl_nested_attr(nest, NAT64_A_EXHAUSTED_ADDR6);
	addr4 = nl_nested_attr(nest, NAT64_A_EXHAUSTED_ADDR4);
	quota = nl_nested_attr(nest, NAT64_A_EXHAUSTED_QUOTA);
	count = nl_nested_attr(nest, NAT64_A_EXHAUSTED_COUNT);
	if (proto)
		out_string("proto", "%s",
			   proto_text(mnl_attr_get_u8(proto)));
	if (addr6 && mnl_attr_get_payload_len(addr6) ==
		     sizeof(struct in6_addr)) {
		inet_ntop(AF_INET6, mnl_attr_get_payload(addr6), text,
			  sizeof(text));
		out_string("addr6", "%s", text);
	}
	if (addr4 && mnl_attr_get_payload_len(addr4) ==
		     sizeof(struct in_addr)) {
		inet_ntop(AF_INET, mnl_attr_get_payload(addr4), text,
			  sizeof(text));
		out_string("addr4", "%s", text);
	}
	limit = quota ? mnl_attr_get_u32(quota) : 0;
	if (limit && limit < ARRAY_SIZE(quotas))
		out_string("quota", "quota %s", quotas[limit]);
	if (count)
		out_uint("refused", "refused %llu", mnl_attr_get_u32(count));
}

static void print_event(const struct nlmsghdr *nlh)
{
	const struct nlattr *event, *name, *when, *exhausted;
	struct flow flow;

	event = nl_attr(nlh, GENL_HDRLEN, NAT64_A_EVENT);
	name = nl_attr(nlh, GENL_HDRLEN, NAT64_A_IFNAME);
	when = nl_attr(nlh, GENL_HDRLEN, NAT64_A_TIME);
	exhausted = nl_attr(nlh, GENL_HDRLEN, NAT64_A_EXHAUSTED);
	if (!event || !name || !when)
		return;

	out_record_begin();
	print_time(mnl_attr_get_u64(when));
	out_string("event", "%s", event_text(mnl_attr_get_u32(event)));
	out_string("dev", "dev %s", mnl_attr_get_str(name));
	if (exhausted)
		print_exhausted(exhausted);
	else if (flow_parse(&flow, nlh, &binding))
		flow_print(&flow, &binding);
	else if (flow_parse(&flow, nlh, &session))
		flow_print(&flow, &session);
	out_record_end();
}

static void print_lost(void)
{
	out_record_begin();
	out_string("event", "%s", "events lost");
	out_record_end();
}

/* The family goes with the module, and with it all that was joined: if the
 * module is loaded again, nothing tells that socket.
 */
static bool family_gone(void)
{
	complain(STATUS_USAGE,
		 "no more events: the module nat64 has been removed");
	return false;
}

static bool is_our_end(const struct nlmsghdr *nlh)
{
	const struct genlmsghdr *header = mnl_nlmsg_get_payload(nlh);
	const struct nlattr *name = nl_attr(nlh, GENL_HDRLEN,
					    CTRL_ATTR_FAMILY_NAME);

	return header->cmd == CTRL_CMD_DELFAMILY && name &&
	       mnl_attr_validate(name, MNL_TYPE_NUL_STRING) >= 0 &&
	       !strcmp(mnl_attr_get_str(name), NAT64_FAMILY_NAME);
}

/* What a call of recvmsg() brought. Returns false if it is the last. */
static bool print_events(const void *buf, int size)
{
	const struct nlmsghdr *nlh;

	for (nlh = buf; mnl_nlmsg_ok(nlh, size);
	     nlh = mnl_nlmsg_next(nlh, &size)) {
		if (nlh->nlmsg_type == GENL_ID_CTRL) {
			if (is_our_end(nlh))
				return family_gone();
		} else if (nlh->nlmsg_type >= NLMSG_MIN_TYPE) {
			print_event(nlh);
		}
	}

	return !fflush(stdout);
}

/* Nothing is waiting, so the kernel drops no events any more. */
static bool has_read_all(struct mnl_socket *sock)
{
	struct pollfd fd = {
		.fd = mnl_socket_get_fd(sock),
		.events = POLLIN,
	};

	return !poll(&fd, 1, 0);
}

/* Until the socket breaks or the module goes. */
static bool listen_to(struct mnl_socket *sock)
{
	static char buf[NL_ANSWER_SIZE] __attribute__((aligned(8)));
	bool lost = false;
	int size;

	for (;;) {
		/* The end of the family may be among what was lost. */
		if (lost && has_read_all(sock)) {
			if (!genl_same())
				return family_gone();
			lost = false;
		}
		size = mnl_socket_recvfrom(sock, buf, sizeof(buf));
		if (size < 0 && errno == EINTR)
			continue;
		if (size < 0 && errno == ENOBUFS) {
			print_lost();
			lost = true;
			continue;
		}
		if (size <= 0) {
			complain(STATUS_USAGE, "no events of the kernel: %s",
				 size ? strerror(errno) : "closed");
			return false;
		}
		if (!print_events(buf, size))
			return false;
	}
}

/* The group of the families that come and go; its number is fixed. */
static bool join_control(struct mnl_socket *sock)
{
	int id = GENL_ID_CTRL;

	if (!mnl_socket_setsockopt(sock, NETLINK_ADD_MEMBERSHIP, &id,
				   sizeof(id)))
		return true;

	complain(STATUS_KERNEL, "cannot listen to the kernel's families: %s",
		 strerror(errno));
	return false;
}

static bool join(struct mnl_socket *sock, const char *group)
{
	int id = genl_group(group);

	if (id >= 0 && !mnl_socket_setsockopt(sock, NETLINK_ADD_MEMBERSHIP, &id,
					      sizeof(id)))
		return true;

	complain(STATUS_KERNEL, "cannot listen to the events of %s: %s", group,
		 id < 0 ? "the kernel has none" : strerror(errno));
	return false;
}

static bool monitor_help(void)
{
	puts("Usage: nat64 monitor [ bib ] [ session ] [ exhaustion ]");
	return true;
}

/* The object "monitor". */
bool monitor_run(char **words)
{
	bool wanted[ARRAY_SIZE(groups)] = { }, all = !*words, ok;
	struct mnl_socket *sock;
	size_t i;

	if (*words && !strcmp(*words, "help"))
		return monitor_help();
	for (; *words; words++) {
		for (i = 0; i < ARRAY_SIZE(groups); i++)
			if (!strcmp(*words, groups[i].object))
				break;
		if (i == ARRAY_SIZE(groups)) {
			words_unexpected(*words, "nat64 monitor help");
			return false;
		}
		wanted[i] = true;
	}

	sock = nl_open(NETLINK_GENERIC);
	if (!sock)
		return false;
	nl_room(sock, BUFFER_SIZE);
	/* Before the family is looked for: it may go at any time. */
	ok = join_control(sock) && queue_ready();
	for (i = 0; ok && i < ARRAY_SIZE(groups); i++)
		if (all || wanted[i])
			ok = join(sock, groups[i].group);
	ok = ok && listen_to(sock);
	mnl_socket_close(sock);
	return ok;
}
