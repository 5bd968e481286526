// SPDX-License-Identifier: GPL-2.0
/*
 * Stands in for libmnl's sockets and the kernel behind them (LD_PRELOAD), to
 * answer nat64 as a kernel seldom does.
 *
 * FAKE_LOG	file to which every request is added: the command, how many
 *		mappings, bindings, sessions or entries of pool4 it has, and
 *		"replace" if NLM_F_REPLACE is set
 * FAKE_ABSENT	the kernel does not know the family
 * FAKE_REFUSE	IPv4 address; a request with an entry of it is refused
 * FAKE_MUTE	and the kernel does not say where in the request it is
 * FAKE_WARN	what is added comes with a warning
 * FAKE_TORN	number of dumps during which the table changes; in each of them
 *		there is an entry more, and sessions come twice
 * FAKE_BAD	"yes": answers that no kernel gives
 * FAKE_HOST	the second entry of pool4 is an address of the host
 * FAKE_EVENTS	what a listener gets: "GROUP@IFINDEX:SEQ:NUMBER" is an event of
 *		that group (bib, session or exhaustion) and device, what ends
 *		for cause NUMBER; "overrun" is ENOBUFS, "wait" is silence,
 *		"end" the end of the family
 * FAKE_MODULE	the version of the loaded module, "none" if it does not say
 * FAKE_LINK	what a link is, instead of a stateful device with two entries of
 *		pool4: "stateless", "dummy", or "bare", which says nothing
 */
#include <arpa/inet.h>
#include <dlfcn.h>
#include <errno.h>
#include <linux/genetlink.h>
#include <linux/if_link.h>
#include <linux/nat64.h>
#include <linux/nat64_netlink.h>
#include <linux/rtnetlink.h>
#include <libmnl/libmnl.h>
#include <netinet/in.h>
#include <poll.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define MODULE	"/sys/module/nat64"

#define FAMILY	0x20
#define GROUP	0x30

struct mnl_socket {
	int unused;
};

static struct mnl_socket fake;
static char answer[8192] __attribute__((aligned(8)));
static size_t answer_len;

struct mnl_socket *mnl_socket_open(int bus)
{
	return &fake;
}

int mnl_socket_bind(struct mnl_socket *nl, unsigned int groups, pid_t pid)
{
	return 0;
}

int mnl_socket_setsockopt(const struct mnl_socket *nl, int type, void *buf,
			  socklen_t len)
{
	return 0;
}

int mnl_socket_close(struct mnl_socket *nl)
{
	return 0;
}

int access(const char *path, int mode)
{
	int (*real)(const char *path, int mode) = dlsym(RTLD_NEXT, "access");

	if (strcmp(path, MODULE))
		return real(path, mode);
	errno = ENOENT;
	return getenv("FAKE_MODULE") ? 0 : -1;
}

FILE *fopen(const char *path, const char *mode)
{
	FILE *(*real)(const char *path, const char *mode) =
		dlsym(RTLD_NEXT, "fopen");
	char *version = getenv("FAKE_MODULE");

	if (strcmp(path, MODULE "/version"))
		return real(path, mode);
	errno = ENOENT;
	return version && strcmp(version, "none") ?
	       fmemopen(version, strlen(version), "r") : NULL;
}

static struct nlmsghdr *begin(const struct nlmsghdr *request, uint16_t type)
{
	struct nlmsghdr *nlh = mnl_nlmsg_put_header(answer + answer_len);

	nlh->nlmsg_type = type;
	nlh->nlmsg_seq = request->nlmsg_seq;
	return nlh;
}

static void end(const struct nlmsghdr *nlh)
{
	answer_len += MNL_ALIGN(nlh->nlmsg_len);
}

static void answer_error(const struct nlmsghdr *request, int error,
			 const char *text, size_t offset)
{
	struct nlmsghdr *nlh = begin(request, NLMSG_ERROR);
	struct nlmsgerr *err;

	err = mnl_nlmsg_put_extra_header(nlh, sizeof(*err));
	err->error = -error;
	err->msg = *request;
	nlh->nlmsg_flags = NLM_F_CAPPED;
	if (text) {
		nlh->nlmsg_flags |= NLM_F_ACK_TLVS;
		mnl_attr_put_strz(nlh, NLMSGERR_ATTR_MSG, text);
		if (offset)
			mnl_attr_put_u32(nlh, NLMSGERR_ATTR_OFFS, offset);
	}
	end(nlh);
}

static void put_groups(struct nlmsghdr *nlh)
{
	static const char *const names[] = {
		NAT64_MCGRP_BINDING, NAT64_MCGRP_SESSION,
		NAT64_MCGRP_EXHAUSTION,
	};
	struct nlattr *list, *nest;
	int i;

	list = mnl_attr_nest_start(nlh, CTRL_ATTR_MCAST_GROUPS);
	for (i = 0; i < 3; i++) {
		nest = mnl_attr_nest_start(nlh, i + 1);
		mnl_attr_put_u32(nlh, CTRL_ATTR_MCAST_GRP_ID, GROUP + i);
		mnl_attr_put_strz(nlh, CTRL_ATTR_MCAST_GRP_NAME, names[i]);
		mnl_attr_nest_end(nlh, nest);
	}
	mnl_attr_nest_end(nlh, list);
}

static void answer_family(const struct nlmsghdr *request)
{
	struct genlmsghdr header = { .cmd = CTRL_CMD_NEWFAMILY };
	struct nlmsghdr *nlh;

	if (getenv("FAKE_ABSENT")) {
		answer_error(request, ENOENT, NULL, 0);
		return;
	}
	nlh = begin(request, GENL_ID_CTRL);
	memcpy(mnl_nlmsg_put_extra_header(nlh, sizeof(header)), &header,
	       sizeof(header));
	mnl_attr_put_u16(nlh, CTRL_ATTR_FAMILY_ID, FAMILY);
	put_groups(nlh);
	end(nlh);
	answer_error(request, 0, NULL, 0);
}

/* The devices that there are: a stateful one. */
static void answer_link(const struct nlmsghdr *request)
{
	struct nlmsghdr *nlh = begin(request, RTM_NEWLINK);
	struct nlattr *info, *data;

	memset(mnl_nlmsg_put_extra_header(nlh, sizeof(struct ifinfomsg)), 0,
	       sizeof(struct ifinfomsg));
	mnl_attr_put_strz(nlh, IFLA_IFNAME, "nat64");
	info = mnl_attr_nest_start(nlh, IFLA_LINKINFO);
	mnl_attr_put_strz(nlh, IFLA_INFO_KIND, "nat64");
	data = mnl_attr_nest_start(nlh, IFLA_INFO_DATA);
	mnl_attr_put_u32(nlh, IFLA_NAT64_MODE, NAT64_MODE_STATEFUL);
	mnl_attr_nest_end(nlh, data);
	mnl_attr_nest_end(nlh, info);
	end(nlh);
	answer_error(request, 0, NULL, 0);
}

static struct nlmsghdr *begin_family(const struct nlmsghdr *request,
				     uint16_t flags)
{
	const struct genlmsghdr *asked = mnl_nlmsg_get_payload(request);
	struct genlmsghdr header = { .cmd = asked->cmd };
	struct nlmsghdr *nlh = begin(request, FAMILY);

	nlh->nlmsg_flags = flags;
	memcpy(mnl_nlmsg_put_extra_header(nlh, sizeof(header)), &header,
	       sizeof(header));
	return nlh;
}

static void answer_eam(const struct nlmsghdr *request, uint16_t flags,
		       unsigned int number)
{
	struct nlmsghdr *nlh = begin_family(request, NLM_F_MULTI | flags);
	uint8_t addr6[16] = { 0x20, 0x01, 0x0d, 0xb8 };
	struct nlattr *nest;

	if (getenv("FAKE_BAD")) {
		mnl_attr_put_u32(nlh, NAT64_A_IFINDEX, 1);
		end(nlh);
		nlh = begin_family(request, NLM_F_MULTI | flags);
	}
	nest = mnl_attr_nest_start(nlh, NAT64_A_EAM);
	mnl_attr_put_u32(nlh, NAT64_A_EAM_PREFIX4, htonl(0xc0000200 + number));
	mnl_attr_put_u8(nlh, NAT64_A_EAM_LEN4, 32);
	addr6[15] = number;
	mnl_attr_put(nlh, NAT64_A_EAM_PREFIX6, getenv("FAKE_BAD") ? 15 : 16,
		     addr6);
	mnl_attr_put_u8(nlh, NAT64_A_EAM_LEN6, 128);
	mnl_attr_nest_end(nlh, nest);
	end(nlh);
}

static void answer_session(const struct nlmsghdr *request, uint16_t flags,
			   unsigned int number)
{
	struct nlmsghdr *nlh = begin_family(request, NLM_F_MULTI | flags);
	uint8_t addr6[16] = { 0x20, 0x01, 0x0d, 0xb8 };
	struct nlattr *nest;

	nest = mnl_attr_nest_start(nlh, NAT64_A_SESSION);
	mnl_attr_put_u8(nlh, NAT64_A_SESSION_PROTO, IPPROTO_TCP);
	addr6[15] = number;
	mnl_attr_put(nlh, NAT64_A_SESSION_ADDR6, 16, addr6);
	mnl_attr_put_u16(nlh, NAT64_A_SESSION_PORT6, htons(80));
	mnl_attr_put_u32(nlh, NAT64_A_SESSION_ADDR4, htonl(0xcb007101));
	if (getenv("FAKE_BAD"))
		mnl_attr_put_u8(nlh, NAT64_A_SESSION_PORT4, 1);
	else
		mnl_attr_put_u16(nlh, NAT64_A_SESSION_PORT4, htons(number));
	mnl_attr_put_u32(nlh, NAT64_A_SESSION_REMOTE4, htonl(0xc6336405));
	mnl_attr_put_u16(nlh, NAT64_A_SESSION_REMOTE_PORT, htons(443));
	/* one that this program does not know yet */
	mnl_attr_put_u32(nlh, NAT64_A_SESSION_STATE, number == 1 ? 99 :
			 NAT64_TCP_STATE_ESTABLISHED);
	mnl_attr_put_u32(nlh, NAT64_A_SESSION_EXPIRES, 100 + number);
	mnl_attr_nest_end(nlh, nest);
	end(nlh);
}

static void put_use(struct nlmsghdr *nlh, uint8_t proto, uint64_t used)
{
	struct nlattr *nest = mnl_attr_nest_start(nlh, NAT64_A_POOL4_USE);

	mnl_attr_put_u8(nlh, NAT64_A_POOL4_USE_PROTO, proto);
	if (getenv("FAKE_BAD"))
		mnl_attr_put_u32(nlh, NAT64_A_POOL4_USE_TOTAL, 9);
	else
		mnl_attr_put_u64(nlh, NAT64_A_POOL4_USE_TOTAL, 1ULL << 40);
	mnl_attr_put_u64(nlh, NAT64_A_POOL4_USE_USED, used);
	mnl_attr_put_u64(nlh, NAT64_A_POOL4_USE_HELD_DOWN, used + 1);
	mnl_attr_put_u64(nlh, NAT64_A_POOL4_USE_PEAK, used + 2);
	/* one that this program does not know yet */
	mnl_attr_put_u64(nlh, NAT64_A_POOL4_USE_MAX + 1, 7);
	mnl_attr_nest_end(nlh, nest);
}

/* Two entries of pool4. */
static void answer_pool4(const struct nlmsghdr *request, uint16_t flags)
{
	struct nlmsghdr *nlh = begin_family(request, flags);
	struct nlattr *nest;

	nest = mnl_attr_nest_start(nlh, NAT64_A_POOL4_ENTRY);
	mnl_attr_put_u32(nlh, NAT64_A_POOL4_ENTRY_PREFIX, htonl(0xcb007110));
	mnl_attr_put_u8(nlh, NAT64_A_POOL4_ENTRY_LEN, 28);
	mnl_attr_put_u16(nlh, NAT64_A_POOL4_ENTRY_PORT_MIN, 1024);
	mnl_attr_put_u16(nlh, NAT64_A_POOL4_ENTRY_PORT_MAX, 2047);
	mnl_attr_put_u8(nlh, NAT64_A_POOL4_ENTRY_PROTO, IPPROTO_UDP);
	mnl_attr_put_u32(nlh, NAT64_A_POOL4_ENTRY_MARK, 0xffffffff);
	mnl_attr_nest_end(nlh, nest);
	put_use(nlh, IPPROTO_UDP, 5);
	end(nlh);

	nlh = begin_family(request, flags);
	nest = mnl_attr_nest_start(nlh, NAT64_A_POOL4_ENTRY);
	mnl_attr_put_u8(nlh, NAT64_A_POOL4_ENTRY_LEN, 32);
	if (!getenv("FAKE_BAD"))
		mnl_attr_put_u32(nlh, NAT64_A_POOL4_ENTRY_PREFIX,
				 htonl(0xcb007101));
	mnl_attr_nest_end(nlh, nest);
	put_use(nlh, IPPROTO_TCP, 0);
	put_use(nlh, IPPROTO_UDP, 1);
	put_use(nlh, IPPROTO_ICMP, 2);
	/* more than there are protocols */
	put_use(nlh, IPPROTO_TCP, 3);
	if (getenv("FAKE_HOST"))
		mnl_attr_put(nlh, NAT64_A_HOST, 0, NULL);
	end(nlh);
}

static void answer_stats(const struct nlmsghdr *request, uint16_t flags,
			 unsigned int number)
{
	struct nlmsghdr *nlh = begin_family(request, flags);
	struct nlattr *nest;
	char name[16];
	int i;

	sprintf(name, "nat%u", number);
	mnl_attr_put_u32(nlh, NAT64_A_IFINDEX, number);
	if (!getenv("FAKE_BAD"))
		mnl_attr_put_strz(nlh, NAT64_A_IFNAME, name);
	nest = mnl_attr_nest_start(nlh, NAT64_A_STATS);
	/* not sorted, and one that this program does not know yet */
	for (i = NAT64_A_COUNTER_MAX + 1; i > NAT64_A_COUNTER_PAD; i--)
		mnl_attr_put_u64(nlh, i, i == NAT64_A_COUNTER_MALFORMED ?
				 1ULL << 33 : number);
	mnl_attr_put_u32(nlh, NAT64_A_COUNTER_MAX + 2, 9);
	mnl_attr_nest_end(nlh, nest);
	if (!getenv("FAKE_NEW")) {
		end(nlh);
		return;
	}
	nest = mnl_attr_nest_start(nlh, NAT64_A_DELIVERY);
	mnl_attr_put_u64(nlh, NAT64_A_DELIVERY_HANDED_OVER, 1ULL << 34);
	mnl_attr_put_u64(nlh, NAT64_A_DELIVERY_RECEIVED, 2);
	mnl_attr_put_u32(nlh, NAT64_A_DELIVERY_QUEUED, 3);
	mnl_attr_put_u64(nlh, NAT64_A_DELIVERY_MAX + 1, 4);
	mnl_attr_nest_end(nlh, nest);
	end(nlh);
}

static void put_protocol(struct nlmsghdr *nlh, uint8_t proto, int states)
{
	struct nlattr *nest = mnl_attr_nest_start(nlh, NAT64_A_TABLE_PROTOCOL);
	struct nlattr *state;
	int i;

	mnl_attr_put_u8(nlh, NAT64_A_TABLE_PROTOCOL_PROTO, proto);
	mnl_attr_put_u32(nlh, NAT64_A_TABLE_PROTOCOL_SESSIONS, 100 + proto);
	mnl_attr_put_u32(nlh, NAT64_A_TABLE_PROTOCOL_BINDINGS, proto);
	for (i = 1; i <= states; i++) {
		state = mnl_attr_nest_start(nlh, NAT64_A_TABLE_PROTOCOL_STATE);
		mnl_attr_put_u32(nlh, NAT64_A_TABLE_STATE_STATE, i);
		if (!getenv("FAKE_BAD"))
			mnl_attr_put_u32(nlh, NAT64_A_TABLE_STATE_SESSIONS,
					 10 * i);
		mnl_attr_nest_end(nlh, state);
	}
	mnl_attr_nest_end(nlh, nest);
}

static void answer_table(const struct nlmsghdr *request, uint16_t flags)
{
	struct nlmsghdr *nlh = begin_family(request, flags);
	struct nlattr *nest;

	mnl_attr_put_strz(nlh, NAT64_A_IFNAME, "nat64");
	nest = mnl_attr_nest_start(nlh, NAT64_A_TABLE);
	mnl_attr_put_u32(nlh, NAT64_A_TABLE_SESSIONS, 324);
	mnl_attr_put_u32(nlh, NAT64_A_TABLE_BINDINGS, 24);
	mnl_attr_put_u32(nlh, NAT64_A_TABLE_STATIC_BINDINGS, 3);
	mnl_attr_put_u32(nlh, NAT64_A_TABLE_SUBSCRIBERS, 2);
	mnl_attr_put_u32(nlh, NAT64_A_TABLE_WAITING_SYNS, 1);
	put_protocol(nlh, IPPROTO_TCP, NAT64_TCP_STATE_TRANS + 1);
	put_protocol(nlh, IPPROTO_UDP, 0);
	mnl_attr_nest_end(nlh, nest);
	end(nlh);

	nlh = begin_family(request, flags);
	mnl_attr_put_strz(nlh, NAT64_A_IFNAME, "siit");
	nest = mnl_attr_nest_start(nlh, NAT64_A_TABLE);
	mnl_attr_put_u32(nlh, NAT64_A_TABLE_MAPPINGS, 7);
	mnl_attr_nest_end(nlh, nest);
	end(nlh);
}

static void answer_subscriber(const struct nlmsghdr *request, uint16_t flags,
			      unsigned int number)
{
	uint8_t prefix6[16] = { 0x20, 0x01, 0x0d, 0xb8, 0, number };
	struct nlmsghdr *nlh = begin_family(request, flags);
	struct nlattr *nest, *address, *use;
	unsigned int i;

	nest = mnl_attr_nest_start(nlh, NAT64_A_SUBSCRIBER);
	mnl_attr_put(nlh, NAT64_A_SUBSCRIBER_PREFIX6,
		     getenv("FAKE_BAD") ? 15 : 16, prefix6);
	mnl_attr_put_u8(nlh, NAT64_A_SUBSCRIBER_LEN6, 64);
	for (i = 0; i < number; i++) {
		address = mnl_attr_nest_start(nlh, NAT64_A_SUBSCRIBER_ADDRESS);
		mnl_attr_put_u8(nlh, NAT64_A_SUB_ADDRESS_PROTO,
				i % 2 ? IPPROTO_UDP : IPPROTO_TCP);
		mnl_attr_put_u32(nlh, NAT64_A_SUB_ADDRESS_ADDR4,
				 htonl(0xcb007101 + i));
		mnl_attr_nest_end(nlh, address);
	}
	mnl_attr_put_u32(nlh, NAT64_A_SUBSCRIBER_BINDINGS, number);
	mnl_attr_put_u32(nlh, NAT64_A_SUBSCRIBER_SESSIONS, 2 * number);
	mnl_attr_put_u32(nlh, NAT64_A_SUBSCRIBER_REFUSALS, 3 * number);
	for (i = 0; i < 2; i++) {
		use = mnl_attr_nest_start(nlh, NAT64_A_SUBSCRIBER_USE);
		mnl_attr_put_u8(nlh, NAT64_A_SUB_USE_PROTO,
				i ? IPPROTO_UDP : IPPROTO_TCP);
		mnl_attr_put_u32(nlh, NAT64_A_SUB_USE_BINDINGS,
				 i ? number - 1 : 1);
		mnl_attr_put_u32(nlh, NAT64_A_SUB_USE_REFUSALS,
				 i ? 0 : 3 * number);
		mnl_attr_nest_end(nlh, use);
	}
	mnl_attr_nest_end(nlh, nest);
	end(nlh);
}

/* One of those that are not in a loop; false if it is another. */
static bool answer_numbers(const struct nlmsghdr *request, uint16_t flags)
{
	const struct genlmsghdr *header = mnl_nlmsg_get_payload(request);

	switch (header->cmd) {
	case NAT64_CMD_POOL4_GET:
		answer_pool4(request, flags);
		return true;
	case NAT64_CMD_STATS_GET:
		answer_stats(request, flags, 1);
		if (flags & NLM_F_MULTI)
			answer_stats(request, flags, 2);
		return true;
	case NAT64_CMD_TABLE_GET:
		answer_table(request, flags);
		return true;
	case NAT64_CMD_SUBSCRIBER_GET:
		answer_subscriber(request, flags, 2);
		if (flags & NLM_F_MULTI)
			answer_subscriber(request, flags, 1);
		return true;
	default:
		return false;
	}
}

static void answer_done(const struct nlmsghdr *request)
{
	struct nlmsghdr *nlh = begin(request, NLMSG_DONE);
	int zero = 0;

	nlh->nlmsg_flags = NLM_F_MULTI;
	memcpy(mnl_nlmsg_put_extra_header(nlh, sizeof(zero)), &zero,
	       sizeof(zero));
	end(nlh);
}

static void answer_dump(const struct nlmsghdr *request)
{
	const struct genlmsghdr *header = mnl_nlmsg_get_payload(request);
	int torn = atoi(getenv("FAKE_TORN") ?: "0");
	bool sessions = header->cmd == NAT64_CMD_SESSION_GET;
	static unsigned int count;
	unsigned int i;

	count++;
	if (answer_numbers(request, NLM_F_MULTI | ((int)count <= torn ?
						   NLM_F_DUMP_INTR : 0))) {
		answer_done(request);
		return;
	}
	/* not sorted */
	for (i = count + 1; i; i--) {
		uint16_t flags = i == 2 && (int)count <= torn ?
				 NLM_F_DUMP_INTR : 0;

		if (!sessions) {
			answer_eam(request, flags, i);
			continue;
		}
		answer_session(request, flags, i);
		if ((int)count <= torn)
			answer_session(request, 0, i);
	}
	answer_done(request);
}

static void answer_change(const struct nlmsghdr *request)
{
	const char *refuse = getenv("FAKE_REFUSE"), *log = getenv("FAKE_LOG");
	const struct genlmsghdr *header = mnl_nlmsg_get_payload(request);
	const struct nlattr *attr, *field, *bad = NULL;
	unsigned int count = 0;
	FILE *file;

	mnl_attr_for_each(attr, request, sizeof(*header)) {
		if (mnl_attr_get_type(attr) != NAT64_A_EAM &&
		    mnl_attr_get_type(attr) != NAT64_A_BINDING &&
		    mnl_attr_get_type(attr) != NAT64_A_SESSION &&
		    mnl_attr_get_type(attr) != NAT64_A_POOL4_ENTRY)
			continue;
		count++;
		mnl_attr_for_each_nested(field, attr)
			if (refuse && mnl_attr_get_payload_len(field) == 4 &&
			    mnl_attr_get_u32(field) == inet_addr(refuse))
				bad = attr;
	}

	file = log ? fopen(log, "a") : NULL;
	if (file) {
		fprintf(file, "%u %u%s\n", header->cmd, count,
			request->nlmsg_flags & NLM_F_REPLACE ? " replace" : "");
		fclose(file);
	}
	if (!bad && header->cmd == NAT64_CMD_SESSION_GET)
		answer_session(request, 0, 2);
	if (!bad)
		answer_error(request, 0, getenv("FAKE_WARN"), 0);
	else if (getenv("FAKE_MUTE"))
		answer_error(request, EEXIST, NULL, 0);
	else
		answer_error(request, EEXIST, "it is refused",
			     (const char *)bad - (const char *)request);
}

ssize_t mnl_socket_sendto(const struct mnl_socket *nl, const void *buf,
			  size_t len)
{
	const struct nlmsghdr *request = buf;

	if (!mnl_nlmsg_ok(request, len) || request->nlmsg_len != len)
		abort();
	answer_len = 0;
	if (request->nlmsg_type == GENL_ID_CTRL)
		answer_family(request);
	else if (request->nlmsg_type == RTM_GETLINK)
		answer_link(request);
	else if ((request->nlmsg_flags & NLM_F_DUMP) == NLM_F_DUMP)
		answer_dump(request);
	else if (!getenv("FAKE_REFUSE") && answer_numbers(request, 0))
		answer_error(request, 0, NULL, 0);
	else
		answer_change(request);
	return len;
}

/* What comes next to a listener; the one after that the next time, if @take. */
static const char *next_event(bool take)
{
	static char event[64];
	static const char *rest;
	size_t size;

	if (!rest)
		rest = getenv("FAKE_EVENTS") ?: "";
	size = strcspn(rest, " ");
	if (!size || size >= sizeof(event))
		abort();
	memcpy(event, rest, size);
	event[size] = '\0';
	if (take)
		rest += size + strspn(rest + size, " ");
	return event;
}

/* Time passes when the listener waits for nothing. */
int poll(struct pollfd *fds, nfds_t count, int timeout)
{
	if (strcmp(next_event(false), "wait"))
		return 1;
	if (timeout)
		next_event(true);
	return 0;
}

int mnl_socket_get_fd(const struct mnl_socket *nl)
{
	return -1;
}

static void put_flow(struct nlmsghdr *nlh, unsigned int number, bool session)
{
	uint8_t addr6[16] = { 0x20, 0x01, 0x0d, 0xb8, [15] = number };

	mnl_attr_put_u8(nlh, NAT64_A_SESSION_PROTO,
			number % 2 ? IPPROTO_UDP : IPPROTO_TCP);
	mnl_attr_put(nlh, NAT64_A_SESSION_ADDR6, 16, addr6);
	mnl_attr_put_u16(nlh, NAT64_A_SESSION_PORT6, htons(80));
	mnl_attr_put_u32(nlh, NAT64_A_SESSION_ADDR4, htonl(0xcb007101));
	mnl_attr_put_u16(nlh, NAT64_A_SESSION_PORT4, htons(number));
	if (!session) {
		if (number == 7)
			mnl_attr_put(nlh, NAT64_A_BINDING_STATIC, 0, NULL);
		mnl_attr_put_u32(nlh, NAT64_A_BINDING_SESSIONS, 0);
		return;
	}
	mnl_attr_put_u32(nlh, NAT64_A_SESSION_REMOTE4,
			 htonl(0xc6336400 + number));
	mnl_attr_put_u16(nlh, NAT64_A_SESSION_REMOTE_PORT, htons(443));
	if (number % 2 == 0)
		mnl_attr_put_u32(nlh, NAT64_A_SESSION_STATE,
				 NAT64_TCP_STATE_TRANS);
	mnl_attr_put_u32(nlh, NAT64_A_SESSION_EXPIRES, 0);
}

/* An event with a number of its own. */
static void put_event(const char *group, unsigned int ifindex, uint64_t seq,
		      unsigned int number)
{
	bool session = !strcmp(group, "session"), bib = !strcmp(group, "bib");
	struct genlmsghdr header = {
		.cmd = session ? NAT64_CMD_SESSION_NTF :
		       bib ? NAT64_CMD_BINDING_NTF : NAT64_CMD_EXHAUSTED_NTF,
	};
	struct nlmsghdr *nlh = mnl_nlmsg_put_header(answer);
	uint8_t addr6[16] = { 0x20, 0x01, 0x0d, 0xb8, [15] = number };
	struct nlattr *nest;
	char name[16];

	nlh->nlmsg_type = FAMILY;
	memcpy(mnl_nlmsg_put_extra_header(nlh, sizeof(header)), &header,
	       sizeof(header));
	mnl_attr_put_u32(nlh, NAT64_A_IFINDEX, ifindex);
	snprintf(name, sizeof(name), "nat%u", ifindex);
	mnl_attr_put_strz(nlh, NAT64_A_IFNAME, name);
	mnl_attr_put_u32(nlh, NAT64_A_EVENT,
			 session ? NAT64_EVENT_SESSION_DELETE :
			 bib ? NAT64_EVENT_BINDING_DELETE :
			       NAT64_EVENT_ADDRESSES_EXHAUSTED);
	mnl_attr_put_u64(nlh, NAT64_A_TIME, 1700000000500);
	mnl_attr_put_u64(nlh, NAT64_A_SEQ, seq);
	if (session || bib) {
		nest = mnl_attr_nest_start(nlh, session ? NAT64_A_SESSION :
							  NAT64_A_BINDING);
		put_flow(nlh, number, session);
		mnl_attr_nest_end(nlh, nest);
		mnl_attr_put_u32(nlh, NAT64_A_CAUSE, number);
		mnl_attr_put_u64(nlh, NAT64_A_BEGAN, 1699999900000);
		if (number == 4)
			mnl_attr_put_u32(nlh, NAT64_A_PORTID, 4711);
	} else {
		nest = mnl_attr_nest_start(nlh, NAT64_A_EXHAUSTED);
		mnl_attr_put_u8(nlh, NAT64_A_EXHAUSTED_PROTO, IPPROTO_UDP);
		mnl_attr_put(nlh, NAT64_A_EXHAUSTED_ADDR6, 16, addr6);
		mnl_attr_put_u32(nlh, NAT64_A_EXHAUSTED_COUNT, number);
		mnl_attr_nest_end(nlh, nest);
	}
	end(nlh);
}

static void put_end(void)
{
	struct genlmsghdr header = { .cmd = CTRL_CMD_DELFAMILY };
	struct nlmsghdr *nlh = mnl_nlmsg_put_header(answer);

	nlh->nlmsg_type = GENL_ID_CTRL;
	memcpy(mnl_nlmsg_put_extra_header(nlh, sizeof(header)), &header,
	       sizeof(header));
	mnl_attr_put_strz(nlh, CTRL_ATTR_FAMILY_NAME, NAT64_FAMILY_NAME);
	end(nlh);
}

/* False if there is an error instead. */
static bool take_event(void)
{
	unsigned int ifindex, number;
	unsigned long long seq;
	const char *event;
	char group[16];

	do
		event = next_event(true);
	while (!strcmp(event, "wait"));
	if (!strcmp(event, "overrun")) {
		errno = ENOBUFS;
		return false;
	}
	if (!strcmp(event, "end"))
		put_end();
	else if (sscanf(event, "%15[a-z]@%u:%llu:%u", group, &ifindex, &seq,
			&number) == 4)
		put_event(group, ifindex, seq, number);
	else
		abort();
	return true;
}

ssize_t mnl_socket_recvfrom(const struct mnl_socket *nl, void *buf,
			    size_t size)
{
	size_t len;

	if (!answer_len && getenv("FAKE_EVENTS") && !take_event())
		return -1;
	len = answer_len;
	/* nat64 waits for what does not come */
	if (!len || len > size)
		abort();
	memcpy(buf, answer, len);
	answer_len = 0;
	return len;
}
