// SPDX-License-Identifier: GPL-2.0
/*
 * nat64(8) - the generic netlink family.
 */
#include <errno.h>
#include <linux/genetlink.h>
#include <linux/nat64_netlink.h>
#include <stdlib.h>

#include "nl.h"
#include "tool.h"

static struct mnl_socket *sock;
static uint16_t family;

static void parse_family(const struct nlmsghdr *nlh, void *data)
{
	const struct nlattr *id = nl_attr(nlh, GENL_HDRLEN,
					  CTRL_ATTR_FAMILY_ID);
	uint16_t *result = data;

	if (id && mnl_attr_validate(id, MNL_TYPE_U16) >= 0)
		*result = mnl_attr_get_u16(id);
}

/* The kernel tries to load the module when it does not know the name. */
static bool find_family(void)
{
	struct genlmsghdr header = { .cmd = CTRL_CMD_GETFAMILY, .version = 1 };
	char buf[256] __attribute__((aligned(8)));
	struct nl_answer answer;
	struct nlmsghdr *nlh;

	nlh = nl_request(buf, GENL_ID_CTRL, NLM_F_ACK, &header,
			 sizeof(header));
	mnl_attr_put_strz(nlh, CTRL_ATTR_FAMILY_NAME, NAT64_FAMILY_NAME);
	if (!nl_talk(sock, nlh, &answer, parse_family, &family))
		return false;
	if (family)
		return true;

	if (!answer.error || answer.error == ENOENT)
		complain(STATUS_USAGE,
			 "the kernel knows no nat64: its module is not loaded");
	else
		complain(STATUS_USAGE, "cannot find the family nat64: %s",
			 nl_reason(&answer));
	return false;
}

/* Once, when it is needed first. False if it cannot, which has been told. */
bool genl_open(void)
{
	if (!sock)
		sock = nl_open(NETLINK_GENERIC);

	return sock && (family || find_family());
}

/* A request to the family, in a buffer of NL_REQUEST_SIZE. */
struct nlmsghdr *genl_request(void *buf, uint8_t cmd, uint16_t flags)
{
	struct genlmsghdr header = {
		.cmd = cmd,
		.version = NAT64_FAMILY_VERSION,
	};

	return nl_request(buf, family, flags, &header, sizeof(header));
}

/* See nl_talk(). */
bool genl_talk(struct nlmsghdr *nlh, struct nl_answer *answer,
	       nl_entry *entry, void *data)
{
	return nl_talk(sock, nlh, answer, entry, data);
}
