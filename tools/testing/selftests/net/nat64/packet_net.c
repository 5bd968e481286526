// SPDX-License-Identifier: GPL-2.0
/*
 * packet_net - the namespace of a vector:
 *
 *     tun "six"  <- IPv6 ->  router with nat64  <- IPv4 ->  tun "four"
 *
 * The test sends and receives packets of the hosts behind the tun devices.
 * "dev" is a packet socket on the nat64 device itself.
 */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/if_ether.h>
#include <linux/if_packet.h>
#include <linux/if_tun.h>
#include <linux/virtio_net.h>
#include <net/if.h>
#include <poll.h>
#include <sched.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <sys/uio.h>
#include <unistd.h>

#include "packet.h"

#define SCRIPT_MAX (256 * 1024)

const char *const side_name[SIDES] = { "four", "six", "dev" };
bool general;
double slow = 1;

static int fd[SIDES] = { -1, -1, -1 };
static int echo_fd = -1;		/* UDP socket on lo, sends to itself */
static int inject_fd = -1;		/* packet socket on the nat64 device */
static int device_index;
static bool have_device;
static char *world_key, *device_key;
static struct packet *queue[SIDES], **queue_end[SIDES];

/* ---- building the namespace ---- */

static void sysctl_write(const char *name, const char *value)
{
	char path[256] = "/proc/sys/";
	char *p = path + strlen(path);
	ssize_t n = -1;
	int f;

	snprintf(p, sizeof(path) - strlen(path), "%s", name);
	for (; *p; p++)
		if (*p == '.')
			*p = '/';
	f = open(path, O_WRONLY);
	if (f >= 0) {
		n = write(f, value, strlen(value));
		close(f);
	}
	if (n < 0)
		printf("# cannot set %s=%s: %s\n", name, value,
		       strerror(errno));
}

static void quiet_router(void)
{
	static const char *const values[][2] = {
		{ "net.ipv6.conf.default.addr_gen_mode", "1" },
		{ "net.ipv6.conf.default.accept_ra", "0" },
		{ "net.ipv6.conf.all.forwarding", "1" },
		{ "net.ipv6.auto_flowlabels", "0" },
		{ "net.ipv6.icmp.ratelimit", "0" },
		{ "net.ipv6.icmp.ratemask", "255" },
		{ "net.ipv4.ip_forward", "1" },
		{ "net.ipv4.icmp_ratelimit", "0" },
		{ "net.ipv4.icmp_ratemask", "0" },
		{ "net.ipv4.conf.all.send_redirects", "0" },
		{ "net.ipv4.conf.default.send_redirects", "0" },
		/* strict, so that tests fail if translation needs loose mode */
		{ "net.ipv4.conf.all.rp_filter", "1" },
		{ "net.ipv4.conf.default.rp_filter", "1" },
	};
	size_t i;

	for (i = 0; i < ARRAY_SIZE(values); i++)
		sysctl_write(values[i][0], values[i][1]);
}

static int tun_open(const char *name)
{
	struct ifreq ifr = {
		.ifr_flags = IFF_TUN | IFF_NO_PI | IFF_VNET_HDR,
	};
	int f = open("/dev/net/tun", O_RDWR | O_NONBLOCK | O_CLOEXEC);

	snprintf(ifr.ifr_name, sizeof(ifr.ifr_name), "%s", name);
	if (f >= 0 && ioctl(f, TUNSETIFF, &ifr) < 0) {
		close(f);
		return -1;
	}
	return f;
}

#ifndef TUN_F_USO4
#define TUN_F_USO4 0x20
#define TUN_F_USO6 0x40
#endif

/* Accept all offloads, so that the kernel passes packets unchanged. */
static bool take_offloads(int f)
{
	unsigned int most = TUN_F_CSUM | TUN_F_TSO4 | TUN_F_TSO6;

	return !ioctl(f, TUNSETOFFLOAD, most | TUN_F_USO4 | TUN_F_USO6) ||
	       !ioctl(f, TUNSETOFFLOAD, most);
}

bool world_knows_uso(void)
{
	int f = tun_open("uso");
	bool r;

	r = f >= 0 && !ioctl(f, TUNSETOFFLOAD,
			     TUN_F_CSUM | TUN_F_USO4 | TUN_F_USO6);
	if (f >= 0)
		close(f);
	return r;
}

static bool open_sides(char *why, size_t why_len)
{
	struct timeval patience = { .tv_sec = 10 * slow };
	struct sockaddr_in self = {
		.sin_family = AF_INET,
		.sin_addr.s_addr = htonl(INADDR_LOOPBACK),
	};
	socklen_t len = sizeof(self);

	fd[FOUR] = tun_open("four");
	fd[SIX] = tun_open("six");
	if (fd[FOUR] < 0 || fd[SIX] < 0) {
		snprintf(why, why_len, "tun: %s", strerror(errno));
		return false;
	}
	if (!ip_batch("link set lo up\n", why, why_len))
		return false;
	echo_fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	if (echo_fd < 0 || bind(echo_fd, (void *)&self, sizeof(self)) ||
	    getsockname(echo_fd, (void *)&self, &len) ||
	    connect(echo_fd, (void *)&self, sizeof(self))) {
		snprintf(why, why_len, "lo: %s", strerror(errno));
		return false;
	}
	setsockopt(echo_fd, SOL_SOCKET, SO_RCVTIMEO, &patience,
		   sizeof(patience));
	/* protocol 0: send only */
	inject_fd = socket(AF_PACKET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	return inject_fd >= 0;
}

static bool is_device_route(const struct setting *s)
{
	return s->kind == WORLD && !strcmp(s->key, "route") &&
	       strstr(s->value, " nat64");
}

struct script {
	char *text;
	size_t len;
};

static void add_line(struct script *s, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	s->len += vsnprintf(s->text + s->len, SCRIPT_MAX - s->len, fmt, ap);
	va_end(ap);
	if (s->len >= SCRIPT_MAX)
		s->len = SCRIPT_MAX - 1;
}

/* "PREFIX DEV MORE..." or "ADDRESS DEV" */
static void add_route(struct script *s, const char *value)
{
	char prefix[64], dev[16];
	int n = 0;

	if (sscanf(value, "%63s %15s %n", prefix, dev, &n) >= 2)
		add_line(s, "route add %s dev %s %s\n", prefix, dev,
			 value + n);
}

static void world_script(struct script *s, const struct fixture *f)
{
	const struct setting *w;
	char address[64], dev[16];
	int mtu4 = 1500, mtu6 = 1500;

	for (w = f->setting; w < f->setting + f->count; w++) {
		if (w->kind == WORLD && !strcmp(w->key, "mtu4"))
			mtu4 = atoi(w->value);
		if (w->kind == WORLD && !strcmp(w->key, "mtu6"))
			mtu6 = atoi(w->value);
	}
	add_line(s, "link set four multicast off mtu %d up\n", mtu4);
	add_line(s, "link set six multicast off mtu %d up\n", mtu6);
	for (w = f->setting; w < f->setting + f->count; w++)
		if (w->kind == WORLD && !strcmp(w->key, "addr") &&
		    sscanf(w->value, "%63s %15s", address, dev) == 2)
			add_line(s, "addr add %s dev %s %s\n", address, dev,
				 strchr(address, ':') ? "nodad" : "");
	for (w = f->setting; w < f->setting + f->count; w++)
		if (w->kind == WORLD && !strcmp(w->key, "route") &&
		    !is_device_route(w))
			add_route(s, w->value);
}

/* Does a later setting replace this one? */
static bool replaced(const struct fixture *f, const struct setting *s)
{
	const struct setting *later;

	for (later = s + 1; later < f->setting + f->count; later++)
		if ((later->kind == SET || later->kind == UNSET) &&
		    !strcmp(later->key, s->key))
			return true;
	return false;
}

static void device_script(struct script *s, const struct fixture *f)
{
	const struct setting *w, *end = f->setting + f->count;
	bool any = false;

	for (w = f->setting; w < end; w++)
		any |= w->kind == SET || w->kind == ADD;
	if (!any)
		return;
	add_line(s, "link add nat64 type nat64");
	for (w = f->setting; w < end; w++)
		if ((w->kind == SET || w->kind == ADD) && !replaced(f, w))
			add_line(s, " %s %s", w->key, w->value);
	add_line(s, "%s\nlink set nat64 up\n",
		 general ? " fast-path off" : "");
	for (w = f->setting; w < end; w++) {
		if (is_device_route(w))
			add_route(s, w->value);
		/* not for ip, but part of the device settings */
		if (w->kind == RUN)
			add_line(s, "# %s\n", w->value);
	}
}

static void device_close(void)
{
	free(device_key);
	device_key = NULL;
	have_device = false;
	if (fd[DEV] >= 0)
		close(fd[DEV]);
	fd[DEV] = -1;
}

void world_close(void)
{
	int i;

	device_close();
	ip_stop();
	for (i = 0; i < SIDES; i++) {
		if (fd[i] >= 0)
			close(fd[i]);
		fd[i] = -1;
	}
	if (echo_fd >= 0)
		close(echo_fd);
	echo_fd = -1;
	if (inject_fd >= 0)
		close(inject_fd);
	inject_fd = -1;
	free(world_key);
	world_key = NULL;
}

static bool world_make(const struct fixture *f, const char *script, char *why,
		       size_t why_len)
{
	const struct setting *w;
	char name[128];
	int n;

	world_close();
	if (unshare(CLONE_NEWNET)) {
		snprintf(why, why_len, "unshare: %s", strerror(errno));
		return false;
	}
	quiet_router();
	if (!open_sides(why, why_len) || !ip_batch(script, why, why_len))
		return false;
	for (w = f->setting; w < f->setting + f->count; w++)
		if (w->kind == WORLD && !strcmp(w->key, "sysctl") &&
		    sscanf(w->value, "%127s %n", name, &n) == 1)
			sysctl_write(name, w->value + n);
	for (w = f->setting; w < f->setting + f->count; w++)
		if (w->kind == WORLD && !strcmp(w->key, "offload") &&
		    !(take_offloads(fd[FOUR]) && take_offloads(fd[SIX]))) {
			snprintf(why, why_len, "tun: no offloads");
			return false;
		}
	world_key = strdup(script);
	return true;
}

static bool tap_open(char *why, size_t why_len)
{
	struct sockaddr_ll ll = {
		.sll_family = AF_PACKET,
		.sll_protocol = htons(ETH_P_ALL),
		.sll_ifindex = device_index,
	};
	int size = 64 << 20;

	fd[DEV] = socket(AF_PACKET, SOCK_DGRAM | SOCK_NONBLOCK | SOCK_CLOEXEC,
			 0);
	if (fd[DEV] < 0 || bind(fd[DEV], (void *)&ll, sizeof(ll))) {
		snprintf(why, why_len, "packet socket: %s", strerror(errno));
		return false;
	}
	setsockopt(fd[DEV], SOL_SOCKET, SO_RCVBUFFORCE, &size, sizeof(size));
	return true;
}

static bool is_stateless(const struct fixture *f)
{
	const struct setting *w;
	bool r = false;

	for (w = f->setting; w < f->setting + f->count; w++)
		if (w->kind == SET && !strcmp(w->key, "mode"))
			r = !strcmp(w->value, "stateless");
	return r;
}

void device_spoilt(void)
{
	free(device_key);
	device_key = NULL;
}

static bool device_make(const struct fixture *f, const char *script, char *why,
			size_t why_len)
{
	static char whole[SCRIPT_MAX + 64];
	const struct setting *w;

	snprintf(whole, sizeof(whole), "%s%s",
		 have_device ? "link del nat64\n" : "", script);
	device_close();
	if (*whole && !ip_batch(whole, why, why_len)) {
		have_device = if_nametoindex("nat64") > 0;
		return false;
	}
	device_index = if_nametoindex("nat64");
	have_device = *script;
	if (!have_device)
		return true;
	for (w = f->setting; w < f->setting + f->count; w++)
		if (w->kind == RUN && !world_exec(w->value, why, why_len))
			return false;
	device_key = strdup(script);
	return true;
}

bool world_open(const struct fixture *f, bool fresh, bool tap, char *why,
		size_t why_len)
{
	static char text[2][SCRIPT_MAX];
	struct script world = { .text = text[0] };
	struct script device = { .text = text[1] };
	const struct setting *w;

	text[0][0] = 0;
	text[1][0] = 0;
	world_script(&world, f);
	device_script(&device, f);
	for (w = f->setting; w < f->setting + f->count; w++) {
		if (w->kind != WORLD)
			continue;
		fresh |= !strcmp(w->key, "fresh");
		/* not for ip, but part of the namespace settings */
		if (!strcmp(w->key, "sysctl") || !strcmp(w->key, "offload"))
			add_line(&world, "# %s %s\n", w->key, w->value);
	}
	if ((fresh || !world_key || strcmp(world_key, text[0])) &&
	    !world_make(f, text[0], why, why_len))
		return false;
	/* Deleting the device deletes sessions and bindings. */
	if ((!device_key || strcmp(device_key, text[1]) || !is_stateless(f)) &&
	    !device_make(f, text[1], why, why_len))
		return false;
	if (tap && fd[DEV] < 0 && have_device)
		return tap_open(why, why_len);
	if (!tap && fd[DEV] >= 0) {
		close(fd[DEV]);
		fd[DEV] = -1;
	}
	return true;
}

/* ---- packets ---- */

static void enqueue(enum side side, const unsigned char *data, size_t len,
		    const struct virtio_net_hdr *head)
{
	struct packet *p = malloc(sizeof(*p) + len);

	if (!p)
		exit(1);
	p->next = NULL;
	p->len = len;
	p->offload = (struct offload) {
		.partial = head->flags & VIRTIO_NET_HDR_F_NEEDS_CSUM,
		.gso_type = head->gso_type,
		.gso_size = head->gso_size,
		.head = head->hdr_len,
		.csum_start = head->csum_start,
		.csum_offset = head->csum_offset,
	};
	memcpy(p->data, data, len);
	if (!queue[side])
		queue_end[side] = &queue[side];
	*queue_end[side] = p;
	queue_end[side] = &p->next;
}

/* Multicast of the router: MLD reports, neighbour solicitations. */
static bool is_noise(const unsigned char *p, size_t len)
{
	static const unsigned char zero[8];

	return len >= 40 && p[0] >> 4 == 6 && p[24] == 0xff &&
	       (p[7] == 1 || p[7] == 255) &&
	       (!memcmp(p + 8, zero, 8) || p[8] == 0xfe);
}

static void pump(void)
{
	static const struct virtio_net_hdr none;
	static unsigned char buf[PACKET_MAX];
	const size_t head = sizeof(none);
	struct virtio_net_hdr vnet;
	struct sockaddr_ll from;
	socklen_t from_len;
	ssize_t n;
	int i;

	for (i = 0; i < DEV; i++) {
		while (fd[i] >= 0 && (n = read(fd[i], buf, sizeof(buf))) > 0) {
			memcpy(&vnet, buf, head);
			if ((size_t)n > head && !is_noise(buf + head, n - head))
				enqueue(i, buf + head, n - head, &vnet);
		}
	}
	while (fd[DEV] >= 0) {
		from_len = sizeof(from);
		n = recvfrom(fd[DEV], buf, sizeof(buf), 0, (void *)&from,
			     &from_len);
		if (n < 0)
			break;
		if (from.sll_pkttype != PACKET_OUTGOING)
			enqueue(DEV, buf, n, &none);
	}
}

struct packet *world_read(enum side side, bool wait)
{
	struct pollfd poll_fd = { .fd = fd[side], .events = POLLIN };
	struct packet *p;

	pump();
	if (!queue[side] && wait && fd[side] >= 0) {
		poll(&poll_fd, 1, 200 * slow);
		pump();
	}
	p = queue[side];
	if (p)
		queue[side] = p->next;
	return p;
}

void world_drain(void)
{
	struct packet *p;
	int i;

	for (i = 0; i < SIDES; i++)
		while ((p = world_read(i, false)))
			free(p);
}

/*
 * The kernel processes a packet before write() returns, except for packets that
 * a device queues in the backlog of this CPU (the test is bound to one).
 * Loopback uses the same backlog, which is a FIFO: when a datagram returns over
 * lo, all packets queued before it have been processed. They may have queued
 * more packets: translated packets, errors, translated errors, twice that for
 * hairpins. So several rounds are needed.
 */
void world_flush(int rounds)
{
	char c = 0;

	while (rounds--)
		if (send(echo_fd, &c, 1, 0) != 1 || recv(echo_fd, &c, 1, 0) != 1)
			printf("# flush: %s\n", strerror(errno));
	pump();
}

static bool device_write(const void *data, size_t len)
{
	struct sockaddr_ll to = {
		.sll_family = AF_PACKET,
		.sll_ifindex = device_index,
	};
	const unsigned char *p = data;
	ssize_t n;

	to.sll_protocol = htons(len && p[0] >> 4 == 4 ? ETH_P_IP : ETH_P_IPV6);
	n = sendto(inject_fd, data, len, 0, (void *)&to, sizeof(to));
	/* Ignore errors: a device may refuse a packet. */
	return n == (ssize_t)len || errno == ENOBUFS || errno == EINVAL;
}

bool world_write(enum side side, const void *data, size_t len,
		 const struct offload *o)
{
	struct virtio_net_hdr head = {
		.flags = o && o->partial ? VIRTIO_NET_HDR_F_NEEDS_CSUM : 0,
		.gso_type = o ? o->gso_type : 0,
		.gso_size = o ? o->gso_size : 0,
		.hdr_len = o ? o->head : 0,
		.csum_start = o && o->partial ? o->csum_start : 0,
		.csum_offset = o && o->partial ? o->csum_offset : 0,
	};
	struct iovec iov[2] = {
		{ .iov_base = &head, .iov_len = sizeof(head) },
		{ .iov_base = (void *)data, .iov_len = len },
	};

	if (side == DEV)
		return device_write(data, len);
	return writev(fd[side], iov, 2) == (ssize_t)(sizeof(head) + len);
}
