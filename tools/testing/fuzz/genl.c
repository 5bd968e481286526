// SPDX-License-Identifier: GPL-2.0
/*
 * genl - bindings, sessions and deliveries of the device "nat64", over generic
 * netlink.
 */
#include <errno.h>
#include <linux/genetlink.h>
#include <linux/rtnetlink.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

/* the packet test has its own */
#undef PREFIX_MAX

#include "../../../include/uapi/linux/nat64_netlink.h"
#include "compare.h"

static int fd = -1;
static uint16_t family;

static union {
	struct nlmsghdr n;
	char bytes[16384];
} request;

static union {
	struct nlmsghdr n;
	char bytes[65536];
} answer;

static void put(int type, const void *data, size_t len)
{
	char *end = request.bytes + NLMSG_ALIGN(request.n.nlmsg_len);
	struct rtattr *a = (void *)end;

	a->rta_type = type;
	a->rta_len = RTA_LENGTH(len);
	memset(RTA_DATA(a), 0, RTA_ALIGN(len));
	memcpy(RTA_DATA(a), data, len);
	request.n.nlmsg_len = NLMSG_ALIGN(request.n.nlmsg_len) +
			      RTA_SPACE(len);
}

static void put_number16(int type, uint16_t v)
{
	v = v >> 8 | v << 8;
	put(type, &v, sizeof(v));
}

static void put_number32(int type, uint32_t v)
{
	put(type, &v, sizeof(v));
}

static struct rtattr *nest_begin(int type)
{
	struct rtattr *a = (void *)(request.bytes +
				    NLMSG_ALIGN(request.n.nlmsg_len));

	put(type | NLA_F_NESTED, NULL, 0);
	return a;
}

static void nest_end(struct rtattr *nest)
{
	nest->rta_len = request.bytes + request.n.nlmsg_len - (char *)nest;
}

static void begin(uint16_t type, uint8_t cmd, uint16_t flags)
{
	struct genlmsghdr *g = NLMSG_DATA(&request.n);

	memset(&request, 0, NLMSG_LENGTH(sizeof(*g)));
	request.n.nlmsg_type = type;
	request.n.nlmsg_flags = NLM_F_REQUEST | flags;
	request.n.nlmsg_len = NLMSG_LENGTH(sizeof(*g));
	g->cmd = cmd;
	g->version = 1;
	if (type == family)
		put(NAT64_A_IFNAME, "nat64", 6);
}

static struct rtattr *find(void *from, int len, int type)
{
	struct rtattr *a = from;

	for (; RTA_OK(a, len); a = RTA_NEXT(a, len))
		if ((a->rta_type & NLA_TYPE_MASK) == type)
			return a;
	return NULL;
}

static struct rtattr *find_top(struct nlmsghdr *n, int type)
{
	return find((char *)NLMSG_DATA(n) + GENL_HDRLEN,
		    n->nlmsg_len - NLMSG_LENGTH(GENL_HDRLEN), type);
}

static struct rtattr *find_in(struct rtattr *nest, int type)
{
	return find(RTA_DATA(nest), RTA_PAYLOAD(nest), type);
}

/* Send the request; call @each for each message of the answer. */
static bool talk(bool (*each)(struct nlmsghdr *n, void *data), void *data)
{
	bool dump = (request.n.nlmsg_flags & NLM_F_DUMP) == NLM_F_DUMP;
	struct nlmsghdr *n;
	ssize_t len;
	int error;

	if (send(fd, &request, request.n.nlmsg_len, 0) < 0)
		return false;
	for (;;) {
		len = recv(fd, &answer, sizeof(answer), 0);
		if (len < 0)
			return false;
		for (n = &answer.n; NLMSG_OK(n, len); n = NLMSG_NEXT(n, len)) {
			if (n->nlmsg_type == NLMSG_ERROR ||
			    n->nlmsg_type == NLMSG_DONE) {
				memcpy(&error, NLMSG_DATA(n), sizeof(error));
				errno = -error;
				return !error;
			}
			if (each && !each(n, data)) {
				errno = EPROTO;
				return false;
			}
			if (dump && n->nlmsg_flags & NLM_F_DUMP_INTR) {
				errno = EINTR;
				return false;
			}
		}
	}
}

static bool take_family(struct nlmsghdr *n, void *data)
{
	struct rtattr *a = find_top(n, CTRL_ATTR_FAMILY_ID);

	(void)data;
	if (a)
		memcpy(&family, RTA_DATA(a), sizeof(family));
	return a;
}

bool genl_open(void)
{
	if (fd >= 0)
		close(fd);
	fd = socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, NETLINK_GENERIC);
	if (fd < 0)
		return false;
	begin(GENL_ID_CTRL, CTRL_CMD_GETFAMILY, NLM_F_ACK);
	put(CTRL_ATTR_FAMILY_NAME, NAT64_FAMILY_NAME,
	    sizeof(NAT64_FAMILY_NAME));
	return talk(take_family, NULL) && family;
}

/* ---- sessions ---- */

static bool take_result(struct nlmsghdr *n, void *data)
{
	struct rtattr *nest = find_top(n, NAT64_A_SET_RESULT), *a;

	a = nest ? find_in(nest, NAT64_A_SET_RESULT_ADDED) : NULL;
	if (a)
		memcpy(data, RTA_DATA(a), sizeof(uint32_t));
	return true;
}

bool genl_reset(const struct config *c, const struct stage *s)
{
	const struct known *k;
	struct rtattr *nest;
	uint32_t added = 0;
	uint8_t proto;
	int i;

	if (!c->world.pool4_text)
		return true;
	begin(family, NAT64_CMD_SESSION_FLUSH, NLM_F_ACK);
	if (!talk(NULL, NULL))
		return false;
	begin(family, NAT64_CMD_SESSION_SET, NLM_F_ACK);
	for (i = 0; i < KNOWN_MAX; i++) {
		k = &known[i];
		proto = k->proto;
		nest = nest_begin(NAT64_A_SESSION);
		put(NAT64_A_SESSION_PROTO, &proto, 1);
		put(NAT64_A_SESSION_ADDR6, k->a6, 16);
		put_number16(NAT64_A_SESSION_PORT6, k->port6);
		put(NAT64_A_SESSION_ADDR4, c->world.pool4, 4);
		put_number16(NAT64_A_SESSION_PORT4, c->port4 + i % 8);
		put(NAT64_A_SESSION_REMOTE4, k->z4, 4);
		if (k->proto != ICMP4)
			put_number16(NAT64_A_SESSION_REMOTE_PORT, k->zport);
		if (s->state[i])
			put_number32(NAT64_A_SESSION_STATE, s->state[i]);
		put_number32(NAT64_A_SESSION_EXPIRES, s->expires[i]);
		nest_end(nest);
	}
	return talk(take_result, &added) && added == KNOWN_MAX;
}

static bool take_row(struct nlmsghdr *n, void *data)
{
	struct outcome *o = data;
	struct row *r = &o->row[o->rows];
	struct rtattr *nest, *a;
	int type, len;

	nest = find_top(n, NAT64_A_SESSION) ?: find_top(n, NAT64_A_BINDING);
	if (!nest || o->rows == ROWS_MAX)
		return false;
	type = nest->rta_type & NLA_TYPE_MASK;
	len = RTA_PAYLOAD(nest);
	memset(r, 0, sizeof(*r));
	r->data[0] = type;
	r->len = 1;
	for (a = RTA_DATA(nest); RTA_OK(a, len); a = RTA_NEXT(a, len)) {
		if (type == NAT64_A_SESSION &&
		    a->rta_type == NAT64_A_SESSION_EXPIRES) {
			memcpy(&r->expires, RTA_DATA(a), sizeof(r->expires));
			continue;
		}
		if (r->len + 1 + RTA_PAYLOAD(a) > sizeof(r->data))
			return false;
		r->data[r->len++] = a->rta_type;
		memcpy(r->data + r->len, RTA_DATA(a), RTA_PAYLOAD(a));
		r->len += RTA_PAYLOAD(a);
	}
	o->rows++;
	return true;
}

static int by_data(const void *a, const void *b)
{
	const struct row *x = a, *y = b;

	return memcmp(x->data, y->data, sizeof(x->data));
}

bool genl_rows(struct outcome *o)
{
	static const int cmds[] = { NAT64_CMD_BINDING_GET,
				    NAT64_CMD_SESSION_GET };
	int i, tries;
	bool done;

	/* A dump is interrupted while the table grows or shrinks. */
	for (tries = 0; tries < 1000; tries++) {
		o->rows = 0;
		done = true;
		for (i = 0; i < 2 && done; i++) {
			begin(family, cmds[i], NLM_F_DUMP);
			done = talk(take_row, o);
		}
		if (done)
			break;
		usleep(1000);
		genl_open();
	}
	qsort(o->row, o->rows, sizeof(o->row[0]), by_data);
	return done;
}

static bool take_delivered(struct nlmsghdr *n, void *data)
{
	struct rtattr *nest = find_top(n, NAT64_A_DELIVERY), *a;
	struct outcome *o = data;
	int i;

	for (i = HANDED_OVER; nest && i < DELIVERIES; i++) {
		a = find_in(nest, i);
		if (a)
			memcpy(&o->delivered[i], RTA_DATA(a),
			       sizeof(o->delivered[i]));
	}
	return nest;
}

bool genl_delivered(struct outcome *o)
{
	begin(family, NAT64_CMD_STATS_GET, NLM_F_ACK);
	return talk(take_delivered, o);
}
