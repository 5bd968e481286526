// SPDX-License-Identifier: GPL-2.0
/*
 * nat64(8) - list the nat64 devices of the network namespace.
 */
#include <errno.h>
#include <linux/if_link.h>
#include <linux/nat64.h>
#include <linux/rtnetlink.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "nl.h"
#include "tool.h"

struct list {
	struct device *devices;
	size_t count;
};

/* Configuration of a nat64 device, NULL for other devices. */
const struct nlattr *link_settings(const struct nlmsghdr *nlh)
{
	const struct nlattr *info, *kind;

	info = nl_attr(nlh, sizeof(struct ifinfomsg), IFLA_LINKINFO);
	if (!info)
		return NULL;
	kind = nl_nested_attr(info, IFLA_INFO_KIND);
	if (!kind || strcmp(mnl_attr_get_str(kind), "nat64"))
		return NULL;

	return nl_nested_attr(info, IFLA_INFO_DATA);
}

static bool is_stateless(const struct nlattr *settings)
{
	const struct nlattr *mode = nl_nested_attr(settings, IFLA_NAT64_MODE);

	return mode && mnl_attr_get_u32(mode) == NAT64_MODE_STATELESS;
}

static void parse_link(const struct nlmsghdr *nlh, void *data)
{
	const struct ifinfomsg *header = mnl_nlmsg_get_payload(nlh);
	const struct nlattr *name = nl_attr(nlh, sizeof(*header), IFLA_IFNAME);
	const struct nlattr *settings = link_settings(nlh);
	struct list *list = data;
	struct device *device;

	if (!settings || !name)
		return;

	list->devices = allocate(list->devices, list->count + 1,
				 sizeof(*device));
	device = &list->devices[list->count++];
	device->ifindex = header->ifi_index;
	snprintf(device->name, sizeof(device->name), "%s",
		 mnl_attr_get_str(name));
	device->stateless = is_stateless(settings);
}

/* List all nat64 devices. The caller frees the array. Return false on error,
 * which has been reported.
 */
bool link_list(struct device **devices, size_t *count)
{
	struct ifinfomsg header = { .ifi_family = AF_UNSPEC };
	char buf[256] __attribute__((aligned(8)));
	struct nl_answer answer;
	struct list list = { };
	struct mnl_socket *sock;
	struct nlattr *nest;
	struct nlmsghdr *nlh;
	bool ok;

	sock = nl_open(NETLINK_ROUTE);
	if (!sock)
		return false;

	nlh = nl_request(buf, RTM_GETLINK, NLM_F_DUMP, &header, sizeof(header));
	/* Without IFLA_EXT_MASK, a message holds only a short pool4. */
	mnl_attr_put_u32(nlh, IFLA_EXT_MASK, RTEXT_FILTER_SKIP_STATS);
	nest = mnl_attr_nest_start(nlh, IFLA_LINKINFO);
	mnl_attr_put_strz(nlh, IFLA_INFO_KIND, "nat64");
	mnl_attr_nest_end(nlh, nest);
	ok = nl_dump(sock, nlh, &answer, parse_link, &list, &list.count);
	mnl_socket_close(sock);

	if (ok && (answer.error || answer.torn)) {
		complain(STATUS_USAGE, "cannot list the devices: %s", answer.torn ?
			 "they kept changing during the dump" : nl_reason(&answer));
		ok = false;
	}
	if (!ok) {
		free(list.devices);
		return false;
	}

	*devices = list.devices;
	*count = list.count;
	return true;
}
