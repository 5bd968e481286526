// SPDX-License-Identifier: GPL-2.0
/*
 * reason - counters of the device, and the valid ones for a packet that must
 * not be translated.
 */
#include <linux/if_link.h>
#include <linux/rtnetlink.h>
#include <net/if.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

/* the packet test has its own */
#undef PREFIX_MAX

#include "../../../include/uapi/linux/nat64.h"
#include "fuzz.h"

#define NAME(name, text)						\
	[NAT64_COUNTER_##name] = text,

static const char * const names[NAT64_COUNTER_MAX + 1] = {
	NAT64_COUNTERS(NAME)
};

static uint64_t now[NAT64_COUNTER_MAX + 1], before[NAT64_COUNTER_MAX + 1];
static int fd = -1;

/* Prefixes of reasons of the model, and valid counters for each. If a packet
 * breaks several rules, the driver may check any of them first.
 */
static const struct {
	const char *why;
	const char *counters;
} reasons[] = {
	{ "R7915-4.1-i", "malformed" },
	{ "R7915-5.1-c", "malformed" },
	{ "R5508-R3-a: IPv4 header checksum", "malformed" },
	{ "R7915-4.1-o", "malformed source-route" },
	{ "R7915-4.1-p: route without", "malformed" },
	{ "R7915-4.1-p: unexpired", "source-route malformed" },
	{ "R7915-4.1-q", "malformed" },
	{ "R7915-5.1-h", "malformed" },
	{ "R7915-5.1.1-a", "malformed" },
	{ "R7915-5.1-i", "routing-header" },
	{ "R7915-5.1.1-d", "header-after-fragment malformed" },
	{ "D-7915-64k", "too-big" },
	{ "TCP header", "malformed" },
	{ "UDP header", "malformed" },
	{ "UDP length", "malformed" },
	{ "ICMP header", "malformed" },
	{ "R7915-1.2-b", "icmp-fragment malformed" },
	{ "R7915-4.2-d", "igmp" },
	{ "D-7915-ext: an", "ipv6-extension-protocol malformed" },
	{ "D-7915-ext: quoted", "icmp-quote" },
	{ "R6146-3.4-l", "unsupported-protocol malformed source-in-pool6" },
	{ "R7915-4.2-c", "icmp-type" },
	{ "R4884-4-d", "icmp-quote" },
	{ "R7915-4.3-d", "icmp-quote icmp-checksum" },
	{ "R6146-3.4-c", "icmp-quote icmp-checksum icmp-error-no-session" },
	{ "R6146-3.4-c", "source-in-pool6 untranslatable-address" },
	{ "R6146-3.4-c", "illegal-source" },
	{ "R6146-3.4-b", "icmp-error-no-session icmp-quote untranslatable-address" },
	{ "R5508-R3-a: ICMP", "icmp-checksum icmp-quote illegal-source" },
	{ "R7915-4.2-j", "icmp-type icmp-quote icmp-error-no-session" },
	{ "R7915-5.3-a", "untranslatable-address icmp-quote" },
	{ "R7915-4.5-c", "udp-zero-checksum malformed" },
	{ "R7915-4.1-n", "illegal-destination illegal-source" },
	{ "R7915-4.1-l", "illegal-source illegal-destination" },
	{ "R7915-5.1-j", "illegal-source" },
	{ "D-3927-2.7: quoted", "icmp-quote" },
	{ "D-7915-dst", "illegal-destination" },
	{ "R6052-3.1-a", "wkp-not-global illegal-destination" },
	{ "R7757-3.3-b", "untranslatable-address malformed" },
	{ "D-src6", "untranslatable-address illegal-destination" },
	{ "R6146-3.5-a", "source-in-pool6" },
	{ "R6146-3.5.2.2", "tcp-no-session" },
	{ "SYN with", "tcp-flags" },
	{ "R6146-3.5.1-c", "no-binding-udp no-binding-tcp no-binding-icmp" },
	{ "R6146-3.5.1-c", "tcp-syn-store-full" },
};

static struct rtattr *find(struct rtattr *a, int len, int type)
{
	for (; RTA_OK(a, len); a = RTA_NEXT(a, len))
		if ((a->rta_type & ~NLA_F_NESTED) == type)
			return a;
	return NULL;
}

static struct rtattr *inside(struct rtattr *nest, int type)
{
	return nest ? find(RTA_DATA(nest), RTA_PAYLOAD(nest), type) : NULL;
}

static bool ask(char *answer, size_t size, ssize_t *len)
{
	struct {
		struct nlmsghdr n;
		struct if_stats_msg s;
	} m = {
		.n = {
			.nlmsg_len = sizeof(m), .nlmsg_type = RTM_GETSTATS,
			.nlmsg_flags = NLM_F_REQUEST,
		},
		.s = {
			.ifindex = if_nametoindex("nat64"),
			.filter_mask =
				IFLA_STATS_FILTER_BIT(IFLA_STATS_LINK_XSTATS),
		},
	};

	if (fd < 0)
		fd = socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, NETLINK_ROUTE);
	if (fd < 0 || send(fd, &m, sizeof(m), 0) < 0)
		return false;
	*len = recv(fd, answer, size, 0);
	return *len > (ssize_t)sizeof(m) &&
	       ((struct nlmsghdr *)answer)->nlmsg_type == RTM_NEWSTATS;
}

void reason_read(void)
{
	static char answer[32768] __attribute__((aligned(8)));
	struct if_stats_msg *s = NLMSG_DATA((struct nlmsghdr *)answer);
	struct rtattr *a, *nest;
	ssize_t len;
	int left;

	memcpy(before, now, sizeof(before));
	if (!ask(answer, sizeof(answer), &len)) {
		perror("RTM_GETSTATS");
		exit(1);
	}
	a = (struct rtattr *)(s + 1);
	a = find(a, answer + len - (char *)a, IFLA_STATS_LINK_XSTATS);
	nest = inside(a, LINK_XSTATS_TYPE_NAT64);
	if (!nest) {
		fprintf(stderr, "RTM_GETSTATS has no counters\n");
		exit(1);
	}
	left = RTA_PAYLOAD(nest);
	for (a = RTA_DATA(nest); RTA_OK(a, left); a = RTA_NEXT(a, left))
		if (a->rta_type > NAT64_COUNTER_PAD &&
		    a->rta_type <= NAT64_COUNTER_MAX)
			memcpy(&now[a->rta_type], RTA_DATA(a), sizeof(now[0]));
}

uint64_t reason_counted(const char **name)
{
	uint64_t sum = 0;
	int i;

	*name = NULL;
	for (i = 0; i <= NAT64_COUNTER_MAX; i++) {
		if (now[i] == before[i])
			continue;
		sum += now[i] - before[i];
		*name = names[i];
	}
	return sum;
}

bool reason_nth(int n, const char **name, uint64_t *value)
{
	if (n > NAT64_COUNTER_MAX)
		return false;
	*name = names[n];
	*value = now[n];
	return true;
}

bool reason_fits(const char *why, const char *counter)
{
	const char *p;
	size_t i, n;

	for (i = 0; i < ARRAY_SIZE(reasons); i++) {
		n = strlen(reasons[i].why);
		if (strncmp(why, reasons[i].why, n))
			continue;
		n = strlen(counter);
		p = strstr(reasons[i].counters, counter);
		if (p && (p == reasons[i].counters || p[-1] == ' ') &&
		    (!p[n] || p[n] == ' '))
			return true;
	}
	return false;
}
