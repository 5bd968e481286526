// SPDX-License-Identifier: GPL-2.0
/*
 * LD_PRELOAD library between ip and the kernel: it records rtnetlink requests
 * and answers them itself.
 *
 * NAT64_SENT	file to which requests that make or change a device are
 *		appended; they are acknowledged
 * NAT64_LINK	file with the RTM_NEWLINK message that answers every request
 *		for devices; without the file there are no devices
 * NAT64_STATS	file with the RTM_NEWSTATS messages that answer requests for
 *		statistics
 */
#include <errno.h>
#include <fcntl.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <sys/socket.h>
#include <linux/netlink.h>
#include <linux/rtnetlink.h>

/* The answer that recvmsg() delivers next: one datagram. */
static char answer[65536];
static size_t answer_len;

/* Exit: otherwise ip waits forever, or the test proves nothing. */
static void fail(const char *what)
{
	ssize_t done;

	done = write(STDERR_FILENO, "shim: ", 6);
	done = write(STDERR_FILENO, what, strlen(what));
	done = write(STDERR_FILENO, "\n", 1);
	(void)done;
	_exit(99);
}

static struct nlmsghdr *append(int fd, const struct nlmsghdr *req,
			       const void *msg, size_t len)
{
	struct nlmsghdr *n = (struct nlmsghdr *)(answer + answer_len);
	struct sockaddr_nl self;
	socklen_t self_len = sizeof(self);

	if (answer_len + NLMSG_ALIGN(len) > sizeof(answer))
		fail("answer too long");
	memcpy(n, msg, len);
	answer_len += NLMSG_ALIGN(len);

	if (getsockname(fd, (struct sockaddr *)&self, &self_len))
		fail("no socket name");
	n->nlmsg_len = len;
	n->nlmsg_pid = self.nl_pid;
	n->nlmsg_seq = req->nlmsg_seq;
	return n;
}

static void answer_error(int fd, const struct nlmsghdr *req, int error)
{
	struct {
		struct nlmsghdr n;
		struct nlmsgerr e;
	} msg = {
		.n.nlmsg_type = NLMSG_ERROR,
		.e.error = -error,
		.e.msg = *req,
	};

	append(fd, req, &msg, sizeof(msg));
}

static void answer_dump_end(int fd, const struct nlmsghdr *req)
{
	struct {
		struct nlmsghdr n;
		int error;
	} msg = {
		.n.nlmsg_type = NLMSG_DONE,
		.n.nlmsg_flags = NLM_F_MULTI,
	};

	append(fd, req, &msg, sizeof(msg));
}

static void answer_link(int fd, const struct nlmsghdr *req)
{
	const char *path = getenv("NAT64_LINK");
	static char link[32768];
	struct nlmsghdr *n;
	ssize_t len;
	int file;

	if (!path) {
		answer_error(fd, req, ENODEV);
		return;
	}

	file = open(path, O_RDONLY);
	len = read(file, link, sizeof(link));
	if (len < (ssize_t)sizeof(*n))
		fail("cannot read NAT64_LINK");
	close(file);
	n = append(fd, req, link, len);
	if (req->nlmsg_flags & NLM_F_DUMP)
		n->nlmsg_flags |= NLM_F_MULTI;
}

static void answer_stats(int fd, const struct nlmsghdr *req)
{
	const char *path = getenv("NAT64_STATS");
	static char stats[32768];
	size_t done, len = 0;
	ssize_t got;
	int file;

	if (!path)
		fail("NAT64_STATS is not set");
	file = open(path, O_RDONLY);
	while ((got = read(file, stats + len, sizeof(stats) - len)) > 0)
		len += got;
	close(file);
	for (done = 0; done < len;) {
		const struct nlmsghdr *n = (const void *)(stats + done);

		append(fd, req, n, n->nlmsg_len);
		done += NLMSG_ALIGN(n->nlmsg_len);
	}
}

static void keep(const struct nlmsghdr *req)
{
	const char *path = getenv("NAT64_SENT");
	int file;

	if (!path)
		fail("NAT64_SENT is not set");
	file = open(path, O_WRONLY | O_CREAT | O_APPEND, 0600);
	if (write(file, req, req->nlmsg_len) != (ssize_t)req->nlmsg_len)
		fail("cannot write NAT64_SENT");
	close(file);
}

static void handle(int fd, const struct nlmsghdr *req)
{
	int dump = (req->nlmsg_flags & NLM_F_DUMP) == NLM_F_DUMP;

	answer_len = 0;
	switch (req->nlmsg_type) {
	case RTM_NEWLINK:
	case RTM_SETLINK:
		/* ip asks with an empty request whether netlink works. */
		if (req->nlmsg_len > NLMSG_SPACE(sizeof(struct ifinfomsg)))
			keep(req);
		answer_error(fd, req, 0);
		return;
	case RTM_GETLINK:
		if (dump && !getenv("NAT64_LINK"))
			break;
		answer_link(fd, req);
		break;
	case RTM_GETSTATS:
		answer_stats(fd, req);
		break;
	default:
		if (!dump)
			answer_error(fd, req, EOPNOTSUPP);
	}
	if (dump)
		answer_dump_end(fd, req);
}

ssize_t sendmsg(int fd, const struct msghdr *msg, int flags)
{
	static char request[65536] __attribute__((aligned(NLMSG_ALIGNTO)));
	size_t len = 0;
	size_t i;

	(void)flags;
	for (i = 0; i < msg->msg_iovlen; i++) {
		if (len + msg->msg_iov[i].iov_len > sizeof(request))
			fail("request too long");
		memcpy(request + len, msg->msg_iov[i].iov_base,
		       msg->msg_iov[i].iov_len);
		len += msg->msg_iov[i].iov_len;
	}
	if (((struct nlmsghdr *)request)->nlmsg_len > len)
		fail("a part of a message");
	handle(fd, (struct nlmsghdr *)request);
	return len;
}

ssize_t send(int fd, const void *buf, size_t len, int flags)
{
	struct iovec iov = { .iov_base = (void *)buf, .iov_len = len };
	struct msghdr msg = { .msg_iov = &iov, .msg_iovlen = 1 };

	return sendmsg(fd, &msg, flags);
}

ssize_t recvmsg(int fd, struct msghdr *msg, int flags)
{
	struct sockaddr_nl kernel = { .nl_family = AF_NETLINK };
	size_t len = answer_len;
	size_t room = msg->msg_iov[0].iov_len;

	(void)fd;
	if (!len)
		fail("nothing to receive");

	msg->msg_flags = 0;
	if (msg->msg_name)
		memcpy(msg->msg_name, &kernel, sizeof(kernel));
	msg->msg_namelen = sizeof(kernel);
	if (room > len)
		room = len;
	else if (room < len)
		msg->msg_flags |= MSG_TRUNC;
	if (room)
		memcpy(msg->msg_iov[0].iov_base, answer, room);

	if (!(flags & MSG_PEEK))
		answer_len = 0;
	return flags & MSG_TRUNC ? len : room;
}
