// SPDX-License-Identifier: GPL-2.0
/*
 * nat64(8) - print events.
 */
#include <arpa/inet.h>
#include <errno.h>
#include <linux/genetlink.h>
#include <linux/nat64_netlink.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "entry.h"
#include "flow.h"
#include "loss.h"
#include "nl.h"
#include "tool.h"

/* Size of the receive buffer. */
#define BUFFER_SIZE	(8 << 20)

/* Milliseconds without events after which no late event is expected. */
#define LATE		1000

/**
 * enum groups - multicast groups
 */
enum groups {
	BIB,
	SESSION,
	EXHAUSTION,
};

static const struct {
	const char *object;
	const char *group;
} groups[] = {
	[BIB] = { "bib", NAT64_MCGRP_BINDING },
	[SESSION] = { "session", NAT64_MCGRP_SESSION },
	[EXHAUSTION] = { "exhaustion", NAT64_MCGRP_EXHAUSTION },
};

static const struct flow_kind kinds[] = {
	[BIB] = { .attr = NAT64_A_BINDING },
	[SESSION] = { .attr = NAT64_A_SESSION, .sessions = true },
};

/* Filter; all devices match if @dev is NULL. */
static struct {
	const char *dev;
	struct filter filter;
} wanted;

static const char *const causes[] = {
	[NAT64_CAUSE_EXPIRED] = "expired",
	[NAT64_CAUSE_CLOSED] = "closed",
	[NAT64_CAUSE_RESET] = "reset",
	[NAT64_CAUSE_DELETED] = "deleted",
	[NAT64_CAUSE_FLUSHED] = "flushed",
	[NAT64_CAUSE_REPLACED] = "replaced",
	[NAT64_CAUSE_REFUSED] = "refused",
	[NAT64_CAUSE_POOL4] = "pool4",
	[NAT64_CAUSE_ADDRESS_GONE] = "address-gone",
	[NAT64_CAUSE_DEVICE_GONE] = "device-gone",
	[NAT64_CAUSE_DEVICE_MOVED] = "device-moved",
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
	case NAT64_EVENT_THRESHOLD_REACHED:
		return "threshold reached";
	default:
		return "unknown";
	}
}

static void print_time(const char *key, uint64_t ms)
{
	time_t seconds = ms / 1000;
	char text[32], whole[48];
	struct tm tm;

	gmtime_r(&seconds, &tm);
	strftime(text, sizeof(text), "%Y-%m-%dT%H:%M:%S", &tm);
	snprintf(whole, sizeof(whole), "%s.%03uZ", text,
		 (unsigned int)(ms % 1000));
	out_string(key, "%s", whole);
}

/* Refused flow of an exhaustion event; addresses are 0 if missing. */
static void parse_exhausted(struct flow *flow, const struct nlattr *nest)
{
	const struct nlattr *addr6, *addr4, *proto;

	memset(flow, 0, sizeof(*flow));
	proto = nl_nested_attr(nest, NAT64_A_EXHAUSTED_PROTO);
	addr6 = nl_nested_attr(nest, NAT64_A_EXHAUSTED_ADDR6);
	addr4 = nl_nested_attr(nest, NAT64_A_EXHAUSTED_ADDR4);
	if (proto)
		flow->proto = mnl_attr_get_u8(proto);
	if (addr6 && mnl_attr_get_payload_len(addr6) == sizeof(flow->addr6))
		memcpy(&flow->addr6, mnl_attr_get_payload(addr6),
		       sizeof(flow->addr6));
	if (addr4 && mnl_attr_get_payload_len(addr4) == sizeof(flow->addr4))
		memcpy(&flow->addr4, mnl_attr_get_payload(addr4),
		       sizeof(flow->addr4));
}

static void print_exhausted(const struct flow *flow, const struct nlattr *nest)
{
	const struct nlattr *quota, *count;
	char text[INET6_ADDRSTRLEN];
	uint32_t limit;

	quota = nl_nested_attr(nest, NAT64_A_EXHAUSTED_QUOTA);
	count = nl_nested_attr(nest, NAT64_A_EXHAUSTED_COUNT);
	if (flow->proto)
		out_string("proto", "%s", proto_text(flow->proto));
	if (!IN6_IS_ADDR_UNSPECIFIED(&flow->addr6)) {
		inet_ntop(AF_INET6, &flow->addr6, text, sizeof(text));
		out_string("addr6", "%s", text);
	}
	if (flow->addr4.s_addr) {
		inet_ntop(AF_INET, &flow->addr4, text, sizeof(text));
		out_string("addr4", "%s", text);
	}
	limit = quota ? mnl_attr_get_u32(quota) : 0;
	if (limit && limit < ARRAY_SIZE(quotas))
		out_string("quota", "quota %s", quotas[limit]);
	if (count)
		out_uint("refused", "refused %llu", mnl_attr_get_u32(count));
}

/* Print cause, lifetime and requester of an event. */
static void print_life(const struct nlmsghdr *nlh, uint64_t when)
{
	const struct nlattr *attr = nl_attr(nlh, GENL_HDRLEN, NAT64_A_CAUSE);
	uint32_t cause = attr ? mnl_attr_get_u32(attr) : 0;
	uint64_t began;

	if (attr)
		out_string("cause", "cause %s", cause < ARRAY_SIZE(causes) &&
			   causes[cause] ? causes[cause] : "unknown");
	attr = nl_attr(nlh, GENL_HDRLEN, NAT64_A_BEGAN);
	began = attr ? mnl_attr_get_u64(attr) : 0;
	if (attr && options.json)
		print_time("began", began);
	else if (attr && cause)
		out_uint("age", "age %llu",
			 when > began ? (when - began) / 1000 : 0);
	attr = nl_attr(nlh, GENL_HDRLEN, NAT64_A_PORTID);
	if (attr)
		out_uint("portid", "portid %llu", mnl_attr_get_u32(attr));
}

/* Report lost events. @dev is NULL as long as the number is not known. */
static void print_loss(const char *dev, const char *group, uint64_t count)
{
	struct timespec now;

	clock_gettime(CLOCK_REALTIME, &now);
	out_record_begin();
	print_time("time", now.tv_sec * 1000ULL + now.tv_nsec / 1000000);
	out_string("event", "%s", "events lost");
	if (dev) {
		out_string("dev", "dev %s", dev);
		out_string("group", "%s", group);
		out_uint("lost", "lost %llu", count);
	}
	out_record_end();
}

/* Detect missing events by the event number. */
static void count_event(const struct nlmsghdr *nlh, const char *dev,
			enum groups group)
{
	const struct nlattr *ifindex, *seq;

	ifindex = nl_attr(nlh, GENL_HDRLEN, NAT64_A_IFINDEX);
	seq = nl_attr(nlh, GENL_HDRLEN, NAT64_A_SEQ);
	if (ifindex && seq)
		loss_seen(mnl_attr_get_u32(ifindex), dev,
			  groups[group].object, mnl_attr_get_u64(seq),
			  print_loss);
}

/* Get the group of an event. Return false for other messages. */
static bool parse_group(const struct nlmsghdr *nlh, enum groups *group)
{
	const struct genlmsghdr *header = mnl_nlmsg_get_payload(nlh);

	switch (header->cmd) {
	case NAT64_CMD_BINDING_NTF:
		*group = BIB;
		return true;
	case NAT64_CMD_SESSION_NTF:
		*group = SESSION;
		return true;
	case NAT64_CMD_EXHAUSTED_NTF:
	case NAT64_CMD_THRESHOLD_NTF:
		*group = EXHAUSTION;
		return true;
	default:
		return false;
	}
}

/* Parse the subject of an event. Return false if attributes are missing. */
static bool parse_event(struct flow *flow, const struct nlmsghdr *nlh,
			enum groups group)
{
	const struct nlattr *exhausted, *threshold;

	if (group != EXHAUSTION)
		return flow_parse(flow, nlh, &kinds[group]);

	exhausted = nl_attr(nlh, GENL_HDRLEN, NAT64_A_EXHAUSTED);
	threshold = nl_attr(nlh, GENL_HDRLEN, NAT64_A_THRESHOLD);
	if (exhausted)
		parse_exhausted(flow, exhausted);
	else if (threshold)
		threshold_parse(flow, threshold);
	return exhausted || threshold;
}

static void print_event(const struct nlmsghdr *nlh)
{
	const struct nlattr *event, *name, *when, *threshold;
	enum groups group;
	struct flow flow;

	event = nl_attr(nlh, GENL_HDRLEN, NAT64_A_EVENT);
	name = nl_attr(nlh, GENL_HDRLEN, NAT64_A_IFNAME);
	when = nl_attr(nlh, GENL_HDRLEN, NAT64_A_TIME);
	if (!event || !name || !when || !parse_group(nlh, &group) ||
	    (wanted.dev && strcmp(wanted.dev, mnl_attr_get_str(name))))
		return;

	count_event(nlh, mnl_attr_get_str(name), group);
	if (!parse_event(&flow, nlh, group) ||
	    !filter_match(&wanted.filter, &flow))
		return;

	out_record_begin();
	print_time("time", mnl_attr_get_u64(when));
	out_string("event", "%s", event_text(mnl_attr_get_u32(event)));
	out_string("dev", "dev %s", mnl_attr_get_str(name));
	threshold = nl_attr(nlh, GENL_HDRLEN, NAT64_A_THRESHOLD);
	if (threshold) {
		threshold_print(threshold);
	} else if (group == EXHAUSTION) {
		print_exhausted(&flow, nl_attr(nlh, GENL_HDRLEN,
					       NAT64_A_EXHAUSTED));
	} else {
		flow_print(&flow, &kinds[group]);
		print_life(nlh, mnl_attr_get_u64(when));
	}
	out_record_end();
}

/* Removing the module removes the family and its multicast groups. The socket
 * receives no events even if the module is loaded again.
 */
static bool family_gone(void)
{
	loss_check(true, print_loss);
	complain(STATUS_USAGE,
		 "no more events: the nat64 module was removed");
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

/* Print the events of a datagram. Return false to stop. */
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

/* Check that nothing arrives within a timeout in milliseconds. */
static bool is_silent(struct mnl_socket *sock, int timeout)
{
	struct pollfd fd = {
		.fd = mnl_socket_get_fd(sock),
		.events = POLLIN,
	};

	return !poll(&fd, 1, timeout);
}

/* Report missing events once they cannot just be late. */
static bool check_loss(struct mnl_socket *sock)
{
	if (!loss_pending())
		return true;

	loss_check(is_silent(sock, LATE), print_loss);
	return !fflush(stdout);
}

/* Print events until the socket fails or the module is removed. */
static bool listen_to(struct mnl_socket *sock)
{
	static char buf[NL_ANSWER_SIZE] __attribute__((aligned(8)));
	bool lost = false;
	int size;

	for (;;) {
		/* The removal of the family may be among the lost messages.
		 * Check once the receive buffer is empty.
		 */
		if (lost && is_silent(sock, 0)) {
			if (!genl_same())
				return family_gone();
			lost = false;
		}
		if (!check_loss(sock))
			return false;
		size = mnl_socket_recvfrom(sock, buf, sizeof(buf));
		if (size < 0 && errno == EINTR)
			continue;
		if (size < 0 && (errno == ENOBUFS || errno == ENOSPC)) {
			print_loss(NULL, NULL, 0);
			lost = true;
			if (fflush(stdout))
				return false;
			continue;
		}
		if (size <= 0) {
			complain(STATUS_USAGE, "cannot receive events: %s",
				 size ? strerror(errno) : "closed");
			return false;
		}
		if (!print_events(buf, size))
			return false;
	}
}

/* Join the group that reports removed families; its number is fixed. */
static bool join_control(struct mnl_socket *sock)
{
	int id = GENL_ID_CTRL;

	if (!mnl_socket_setsockopt(sock, NETLINK_ADD_MEMBERSHIP, &id,
				   sizeof(id)))
		return true;

	complain(STATUS_KERNEL, "cannot listen to netlink family events: %s",
		 strerror(errno));
	return false;
}

static bool join(struct mnl_socket *sock, const char *group)
{
	int id = genl_group(group);

	if (id >= 0 && !mnl_socket_setsockopt(sock, NETLINK_ADD_MEMBERSHIP, &id,
					      sizeof(id)))
		return true;

	complain(STATUS_KERNEL, "cannot join multicast group %s: %s", group,
		 id < 0 ? "no such group" : strerror(errno));
	return false;
}

static bool monitor_help(void)
{
	puts("Usage: nat64 monitor [ bib ] [ session ] [ exhaustion ] [ FILTER ]\n"
	     "FILTER := [ dev DEV ] [ proto { tcp | udp | icmp } ]\n"
	     "          [ addr6 PREFIX[#PORT] ] [ addr4 PREFIX[#PORT] ]\n"
	     "          [ { static | dynamic } ]\n"
	     "          [ remote4 PREFIX[#PORT] ] [ state STATE ]");
	return true;
}

/* Check whether events of a group have the fields of a filter. */
static bool filter_fits(const struct filter *filter, enum groups group)
{
	if ((filter->by_remote4 || filter->state) && group != SESSION)
		return false;
	if (filter->by_static && group != BIB)
		return false;
	return group != EXHAUSTION || !(filter->by_port6 || filter->by_port4);
}

/* Parse the arguments: groups and a filter. */
static bool monitor_parse(bool *listened, char **words)
{
	bool some = false, all = true;
	size_t i;
	int used;

	for (; *words; words += used) {
		used = 1;
		for (i = 0; i < ARRAY_SIZE(groups); i++)
			if (!strcmp(*words, groups[i].object))
				break;
		if (i < ARRAY_SIZE(groups)) {
			listened[i] = true;
			all = false;
			continue;
		}
		used = filter_word(&wanted.filter, &wanted.dev, words, true);
		if (!used)
			words_unexpected(*words, "nat64 monitor help");
		if (used <= 0)
			return false;
	}

	for (i = 0; i < ARRAY_SIZE(groups); i++) {
		listened[i] = (all || listened[i]) &&
			      filter_fits(&wanted.filter, i);
		some |= listened[i];
	}
	if (!some)
		wrong("the filter cannot match any of these events");
	return some;
}

/* The object "monitor". */
bool monitor_run(char **words)
{
	bool listened[ARRAY_SIZE(groups)] = { }, ok;
	struct mnl_socket *sock;
	size_t i;

	if (*words && !strcmp(*words, "help"))
		return monitor_help();
	memset(&wanted, 0, sizeof(wanted));
	if (!monitor_parse(listened, words))
		return false;

	sock = nl_open(NETLINK_GENERIC);
	if (!sock)
		return false;
	nl_room(sock, BUFFER_SIZE);
	/* Join first: the family may be removed at any time. */
	ok = join_control(sock) && queue_ready();
	for (i = 0; ok && i < ARRAY_SIZE(groups); i++)
		if (listened[i])
			ok = join(sock, groups[i].group);
	ok = ok && listen_to(sock);
	mnl_socket_close(sock);
	return ok;
}
