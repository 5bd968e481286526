// SPDX-License-Identifier: GPL-2.0
/*
 * nat64(8) - the generic netlink family.
 */
#include <errno.h>
#include <linux/genetlink.h>
#include <linux/nat64_netlink.h>
#include <string.h>

#include "nl.h"
#include "tool.h"

static struct mnl_socket *sock;
static uint16_t family;

/**
 * struct group - multicast group to look up
 * @name: name
 * @id: number, -1 if there is none
 */
struct group {
	const char *name;
	int id;
};

static void parse_family(const struct nlmsghdr *nlh, void *data)
{
	const struct nlattr *id = nl_attr(nlh, GENL_HDRLEN,
					  CTRL_ATTR_FAMILY_ID);

	if (id && mnl_attr_validate(id, MNL_TYPE_U16) >= 0)
		family = mnl_attr_get_u16(id);
}

static void parse_groups(const struct nlmsghdr *nlh, void *data)
{
	const struct nlattr *list = nl_attr(nlh, GENL_HDRLEN,
					    CTRL_ATTR_MCAST_GROUPS);
	const struct nlattr *nest, *name, *id;
	struct group *group = data;

	if (!list)
		return;
	mnl_attr_for_each_nested(nest, list) {
		name = nl_nested_attr(nest, CTRL_ATTR_MCAST_GRP_NAME);
		id = nl_nested_attr(nest, CTRL_ATTR_MCAST_GRP_ID);
		if (name && id && !strcmp(mnl_attr_get_str(name), group->name))
			group->id = mnl_attr_get_u32(id);
	}
}

/* Look up the family. If it is not registered, the kernel tries to load the
 * module.
 */
static bool ask(struct nl_answer *answer, nl_entry *entry, void *data)
{
	struct genlmsghdr header = { .cmd = CTRL_CMD_GETFAMILY, .version = 1 };
	char buf[256] __attribute__((aligned(8)));
	struct nlmsghdr *nlh;

	nlh = nl_request(buf, GENL_ID_CTRL, NLM_F_ACK, &header,
			 sizeof(header));
	mnl_attr_put_strz(nlh, CTRL_ATTR_FAMILY_NAME, NAT64_FAMILY_NAME);
	return nl_talk(sock, nlh, answer, entry, data);
}

static bool find_family(void)
{
	struct nl_answer answer;

	if (!ask(&answer, parse_family, NULL))
		return false;
	if (family)
		return true;

	if (!answer.error || answer.error == ENOENT)
		complain(STATUS_USAGE,
			 "the nat64 module is not loaded");
	else
		complain(STATUS_USAGE, "cannot resolve netlink family nat64: %s",
			 nl_reason(&answer));
	return false;
}

/* Number of a multicast group, -1 if there is none. */
int genl_group(const char *name)
{
	struct group group = { .name = name, .id = -1 };
	struct nl_answer answer;

	ask(&answer, parse_groups, &group);
	return group.id;
}

/* Open the socket and look up the family, if not done yet. Return false on
 * error, which has been reported.
 */
bool genl_open(void)
{
	if (!sock)
		sock = nl_open(NETLINK_GENERIC);

	return sock && (family || find_family());
}

/**
 * genl_swap - use another socket, perhaps of another network namespace
 * @other: socket
 *
 * Return: the socket that was used before.
 */
struct mnl_socket *genl_swap(struct mnl_socket *other)
{
	struct mnl_socket *before = sock;

	sock = other;
	return before;
}

/* Check whether the family still has the same number, which changes when the
 * module is reloaded. Assume so if the kernel does not answer.
 */
bool genl_same(void)
{
	uint16_t before = family;
	struct nl_answer answer;

	family = 0;
	if (!ask(&answer, parse_family, NULL) ||
	    (answer.error && answer.error != ENOENT))
		family = before;
	return family == before;
}

/* A request to the family in @buf, about a device unless @dev is NULL. */
struct nlmsghdr *genl_request(void *buf, uint8_t cmd, uint16_t flags,
			      const char *dev)
{
	struct genlmsghdr header = {
		.cmd = cmd,
		.version = NAT64_FAMILY_VERSION,
	};
	struct nlmsghdr *nlh;

	nlh = nl_request(buf, family, flags, &header, sizeof(header));
	if (dev)
		mnl_attr_put_strz(nlh, NAT64_A_IFNAME, dev);
	return nlh;
}

/* See nl_talk(). */
bool genl_talk(struct nlmsghdr *nlh, struct nl_answer *answer,
	       nl_entry *entry, void *data)
{
	return nl_talk(sock, nlh, answer, entry, data);
}

/* See nl_dump(). */
bool genl_dump(struct nlmsghdr *nlh, struct nl_answer *answer,
	       nl_entry *entry, void *data, size_t *count)
{
	return nl_dump(sock, nlh, answer, entry, data, count);
}

/**
 * genl_ok - report why a request was refused, if it was
 * @answer: answer of the kernel
 * @dev: name of the device
 * @text: entry that the request is about, NULL if there is none
 *
 * The message names the entry if the kernel refused an attribute, the device
 * otherwise.
 *
 * Return: true if the request succeeded.
 */
bool genl_ok(const struct nl_answer *answer, const char *dev, const char *text)
{
	if (!answer->error)
		return true;

	if (text && answer->offset)
		complain(STATUS_KERNEL, "%s: %s", text, nl_reason(answer));
	else
		complain(STATUS_KERNEL, "dev %s: %s", dev, nl_reason(answer));
	return false;
}
