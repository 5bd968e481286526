// SPDX-License-Identifier: GPL-2.0
/*
 * nat64(8) - netlink requests and answers.
 */
#include <errno.h>
#include <linux/netlink.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>

#include "nl.h"
#include "tool.h"

/* How often a table is read that changes during the dump. */
#define DUMP_TRIES	10

/* Open a socket with extended acknowledgments. Return NULL on error, which has
 * been reported.
 */
struct mnl_socket *nl_open(int protocol)
{
	struct mnl_socket *sock;
	int one = 1;

	sock = mnl_socket_open(protocol);
	if (!sock || mnl_socket_bind(sock, 0, MNL_SOCKET_AUTOPID) < 0) {
		complain(STATUS_USAGE, "cannot open a netlink socket: %s",
			 strerror(errno));
		if (sock)
			mnl_socket_close(sock);
		return NULL;
	}

	/* Not essential: without them, error messages are less detailed. */
	mnl_socket_setsockopt(sock, NETLINK_EXT_ACK, &one, sizeof(one));
	mnl_socket_setsockopt(sock, NETLINK_CAP_ACK, &one, sizeof(one));
	return sock;
}

/* Set the size of the receive buffer. Exceeding the system limit requires
 * CAP_NET_ADMIN.
 */
void nl_room(struct mnl_socket *sock, int size)
{
	int fd = mnl_socket_get_fd(sock);

	if (setsockopt(fd, SOL_SOCKET, SO_RCVBUFFORCE, &size, sizeof(size)))
		setsockopt(fd, SOL_SOCKET, SO_RCVBUF, &size, sizeof(size));
}

/* Begin a request in @buf. */
struct nlmsghdr *nl_request(void *buf, uint16_t type, uint16_t flags,
			    const void *header, size_t size)
{
	struct nlmsghdr *nlh = mnl_nlmsg_put_header(buf);

	nlh->nlmsg_type = type;
	nlh->nlmsg_flags = NLM_F_REQUEST | flags;
	memcpy(mnl_nlmsg_put_extra_header(nlh, size), header, size);
	return nlh;
}

/* First attribute of a type after a header of @size, NULL if there is none. */
const struct nlattr *nl_attr(const struct nlmsghdr *nlh, size_t size,
			     uint16_t type)
{
	const struct nlattr *attr;

	mnl_attr_for_each(attr, nlh, size)
		if (mnl_attr_get_type(attr) == type)
			return attr;

	return NULL;
}

/* The same for a nested attribute. */
const struct nlattr *nl_nested_attr(const struct nlattr *nest, uint16_t type)
{
	const struct nlattr *attr;

	mnl_attr_for_each_nested(attr, nest)
		if (mnl_attr_get_type(attr) == type)
			return attr;

	return NULL;
}

/* A nested u32. Return false if it is missing or has another size. */
bool nl_nested_u32(const struct nlattr *nest, uint16_t type, uint32_t *value)
{
	const struct nlattr *attr = nl_nested_attr(nest, type);

	if (!attr || mnl_attr_validate(attr, MNL_TYPE_U32) < 0)
		return false;

	*value = mnl_attr_get_u32(attr);
	return true;
}

static void parse_reason(struct nl_answer *answer, const struct nlmsghdr *nlh,
			 size_t offset)
{
	const struct nlattr *attr;

	if (!(nlh->nlmsg_flags & NLM_F_ACK_TLVS))
		return;

	mnl_attr_for_each(attr, nlh, offset) {
		switch (mnl_attr_get_type(attr)) {
		case NLMSGERR_ATTR_MSG:
			snprintf(answer->text, sizeof(answer->text), "%.*s",
				 (int)mnl_attr_get_payload_len(attr),
				 mnl_attr_get_str(attr));
			break;
		case NLMSGERR_ATTR_OFFS:
			answer->offset = mnl_attr_get_u32(attr);
			break;
		}
	}
}

static void parse_error(struct nl_answer *answer, const struct nlmsghdr *nlh)
{
	const struct nlmsgerr *err = mnl_nlmsg_get_payload(nlh);
	size_t size = sizeof(*err);

	if (mnl_nlmsg_get_payload_len(nlh) < size) {
		answer->error = EBADMSG;
		return;
	}

	answer->error = -err->error;
	/* Errors contain the whole request, successes its header. */
	if (err->error && !(nlh->nlmsg_flags & NLM_F_CAPPED))
		size += err->msg.nlmsg_len - sizeof(err->msg);
	parse_reason(answer, nlh, size);
}

static void parse_done(struct nl_answer *answer, const struct nlmsghdr *nlh)
{
	const int *error = mnl_nlmsg_get_payload(nlh);

	if (mnl_nlmsg_get_payload_len(nlh) < sizeof(*error) || *error >= 0)
		return;

	answer->error = -*error;
	parse_reason(answer, nlh, sizeof(*error));
}

/* Parse a datagram. Return false after the last message of the answer. */
static bool parse(struct nl_answer *answer, const void *buf, int size,
		  const struct nlmsghdr *request, nl_entry *entry, void *data)
{
	const struct nlmsghdr *nlh;

	for (nlh = buf; mnl_nlmsg_ok(nlh, size);
	     nlh = mnl_nlmsg_next(nlh, &size)) {
		/* answer of an earlier request */
		if (nlh->nlmsg_seq != request->nlmsg_seq)
			continue;
		if (nlh->nlmsg_flags & NLM_F_DUMP_INTR)
			answer->torn = true;
		switch (nlh->nlmsg_type) {
		case NLMSG_ERROR:
			parse_error(answer, nlh);
			return false;
		case NLMSG_DONE:
			parse_done(answer, nlh);
			return false;
		}
		if (nlh->nlmsg_type >= NLMSG_MIN_TYPE && entry)
			entry(nlh, data);
	}

	return true;
}

/**
 * nl_talk - send a request and read the whole answer
 * @sock: socket
 * @nlh: request, with NLM_F_DUMP or NLM_F_ACK
 * @answer: answer of the kernel
 * @entry: called for every message except acknowledgments, may be NULL
 * @data: for @entry
 *
 * Return: false if the kernel cannot be reached, which has been reported.
 */
bool nl_talk(struct mnl_socket *sock, struct nlmsghdr *nlh,
	     struct nl_answer *answer, nl_entry *entry, void *data)
{
	static char buf[NL_ANSWER_SIZE] __attribute__((aligned(8)));
	static uint32_t sequence;
	int size;

	memset(answer, 0, sizeof(*answer));
	nlh->nlmsg_seq = ++sequence;
	if (mnl_socket_sendto(sock, nlh, nlh->nlmsg_len) < 0) {
		complain(STATUS_USAGE, "cannot send to the kernel: %s",
			 strerror(errno));
		return false;
	}

	do {
		do
			size = mnl_socket_recvfrom(sock, buf, sizeof(buf));
		while (size < 0 && errno == EINTR);
		if (size <= 0) {
			complain(STATUS_USAGE, "no answer from the kernel: %s",
				 size ? strerror(errno) : "closed");
			return false;
		}
	} while (parse(answer, buf, size, nlh, entry, data));

	return true;
}

/**
 * nl_dump - read all entries of a table
 * @sock: socket
 * @nlh: request, with NLM_F_DUMP
 * @answer: answer of the kernel; torn if the table changed during every dump
 * @entry: called for every entry, stores it
 * @data: for @entry
 * @count: number of stored entries, reset before each dump
 *
 * Return: false if the kernel cannot be reached, which has been reported.
 */
bool nl_dump(struct mnl_socket *sock, struct nlmsghdr *nlh,
	     struct nl_answer *answer, nl_entry *entry, void *data,
	     size_t *count)
{
	int i;

	for (i = 0; i < DUMP_TRIES; i++) {
		*count = 0;
		if (!nl_talk(sock, nlh, answer, entry, data))
			return false;
		if (answer->error || !answer->torn)
			break;
	}

	return true;
}

/* Why a request was refused. */
const char *nl_reason(const struct nl_answer *answer)
{
	return answer->text[0] ? answer->text : strerror(answer->error);
}
