// SPDX-License-Identifier: GPL-2.0
/*
 * twin - two processes with a namespace and a device each. They do the same,
 * one after the other, at the request of their parent.
 */
#define _GNU_SOURCE
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "compare.h"

static struct stage *stage;
static struct {
	pid_t pid;
	int fd;
} twin[2];

static double now(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return t.tv_sec + t.tv_nsec / 1e9;
}

/* ---- in the twin ---- */

/* Incomplete datagrams stay until the end: the twins are not simultaneous. */
static bool wait_for_fragments(char *why, size_t why_len)
{
	return world_exec("echo 86400 >/proc/sys/net/ipv4/ipfrag_time;"
			  "echo 86400 >/proc/sys/net/ipv6/ip6frag_time;"
			  "echo 86400 >/proc/sys/net/netfilter/nf_conntrack_frag6_timeout",
			  why, why_len);
}

static bool begin(struct config *c, struct outcome *o)
{
	static bool opened;

	if (!world_start(&c->world, o->why, sizeof(o->why)))
		return false;
	if (!opened && (!net_open(false, o->why, sizeof(o->why)) ||
			!wait_for_fragments(o->why, sizeof(o->why))))
		return false;
	opened = true;
	net_device();
	near_bind(c);
	if (genl_open())
		return true;
	snprintf(o->why, sizeof(o->why), "netlink: %m");
	return false;
}

static bool take_outputs(struct outcome *o)
{
	struct output *out;
	struct packet *p;
	int side;

	for (side = 0; side < DEV; side++) {
		while ((p = world_read(side, false))) {
			if (o->outputs == OUTPUTS_MAX ||
			    o->bytes_used + p->len > OUTPUT_BYTES) {
				snprintf(o->why, sizeof(o->why),
					 "too many packets came out");
				return false;
			}
			out = &o->output[o->outputs++];
			out->side = side;
			out->offload = p->offload;
			out->at = o->bytes_used;
			out->len = p->len;
			memcpy(o->bytes + o->bytes_used, p->data, p->len);
			o->bytes_used += p->len;
			free(p);
		}
	}
	return true;
}

static bool send_all(const struct config *c, const struct order *order,
		     struct outcome *o)
{
	static double since;
	const char *why;
	int i;

	net_drain();
	world_drain();
	if (order->reset) {
		since = now();
		if (!genl_reset(c, stage)) {
			snprintf(o->why, sizeof(o->why),
				 "the sessions cannot be set: %m");
			return false;
		}
	}
	counters_begin();
	for (i = order->first; i < order->first + order->count; i++)
		net_send(&stage->shot[i]);
	world_flush(ROUNDS);
	if (!take_outputs(o))
		return false;
	why = counters_end(o);
	if (why) {
		snprintf(o->why, sizeof(o->why), "%s", why);
		return false;
	}
	o->took = now() - since;
	if ((c->world.pool4_text && !genl_rows(o)) || !genl_delivered(o)) {
		snprintf(o->why, sizeof(o->why),
			 "the tables cannot be read: %m");
		return false;
	}
	o->violations = violations();
	return true;
}

static void serve(int number, int fd)
{
	struct outcome *o = &stage->outcome[number];
	static struct config *c;
	struct order order;
	char done = 0;

	/* the second one only has the general path */
	general = number == 1;
	while (read(fd, &order, sizeof(order)) == sizeof(order)) {
		memset(o, 0, offsetof(struct outcome, output));
		o->ok = true;
		if (order.config) {
			c = order.config;
			o->ok = begin(c, o);
		}
		if (o->ok && order.count)
			o->ok = send_all(c, &order, o);
		if (write(fd, &done, 1) != 1)
			break;
	}
	world_close();
}

/* ---- in the parent ---- */

struct stage *twins_start(void)
{
	int i, pair[2];

	stage = mmap(NULL, sizeof(*stage), PROT_READ | PROT_WRITE,
		     MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	if (stage == MAP_FAILED)
		return NULL;
	for (i = 0; i < 2; i++) {
		if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, pair))
			return NULL;
		fflush(stdout);
		twin[i].pid = fork();
		if (twin[i].pid < 0)
			return NULL;
		if (!twin[i].pid) {
			if (i)
				close(twin[0].fd);
			close(pair[0]);
			serve(i, pair[1]);
			exit(0);
		}
		close(pair[1]);
		twin[i].fd = pair[0];
	}
	return stage;
}

void twin_do(int number, const struct order *o)
{
	struct outcome *out = &stage->outcome[number];
	char done;

	if (write(twin[number].fd, o, sizeof(*o)) == sizeof(*o) &&
	    read(twin[number].fd, &done, 1) == 1)
		return;
	out->ok = false;
	snprintf(out->why, sizeof(out->why), "a twin has ended");
}

void twins_stop(void)
{
	int i;

	for (i = 0; i < 2; i++) {
		close(twin[i].fd);
		waitpid(twin[i].pid, NULL, 0);
	}
}
