// SPDX-License-Identifier: GPL-2.0
/*
 * net - sends packets to the device in several ways, and captures the packets
 * of all devices with the ring of a packet socket, which needs no system calls.
 */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/if_packet.h>
#include <linux/if_tun.h>
#include <net/ethernet.h>
#include <net/if.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/uio.h>
#include <unistd.h>

#include "fuzz.h"

/* A frame holds the largest possible packet. */
#define FRAME_SIZE	73728
#define BLOCK_SIZE	(1 << 20)
#define FRAMES_A_BLOCK	(BLOCK_SIZE / FRAME_SIZE)
#define RX_BLOCKS	40
#define TX_BLOCKS	1

struct ring {
	int fd;
	unsigned char *map;
	int frames;
	int next;
};

static struct ring rx, tx;
static int raw_fd = -1, hold_fd = -1;
static int tun_four = -1, tun_six = -1, tun_soft = -1;
static int index_nat64, index_four, index_six;

static unsigned char *frame(const struct ring *r)
{
	return r->map + r->next / FRAMES_A_BLOCK * BLOCK_SIZE +
	       r->next % FRAMES_A_BLOCK * FRAME_SIZE;
}

static void step(struct ring *r)
{
	r->next = (r->next + 1) % r->frames;
}

static bool ring_open(struct ring *r, int option, int blocks)
{
	struct tpacket_req req = {
		.tp_block_size = BLOCK_SIZE,
		.tp_block_nr = blocks,
		.tp_frame_size = FRAME_SIZE,
		.tp_frame_nr = blocks * FRAMES_A_BLOCK,
	};
	int version = TPACKET_V2, one = 1;

	r->fd = socket(AF_PACKET, SOCK_RAW | SOCK_CLOEXEC, 0);
	if (r->fd < 0 ||
	    setsockopt(r->fd, SOL_PACKET, PACKET_VERSION, &version,
		       sizeof(version)) ||
	    setsockopt(r->fd, SOL_PACKET, PACKET_VNET_HDR, &one,
		       sizeof(one)) ||
	    (option == PACKET_TX_RING &&
	     setsockopt(r->fd, SOL_PACKET, PACKET_LOSS, &one, sizeof(one))) ||
	    setsockopt(r->fd, SOL_PACKET, option, &req, sizeof(req)))
		return false;
	r->frames = req.tp_frame_nr;
	r->next = 0;
	r->map = mmap(NULL, (size_t)blocks * BLOCK_SIZE,
		      PROT_READ | PROT_WRITE, MAP_SHARED, r->fd, 0);
	/* Linux 7.3 in User Mode Linux loses count of the pages when a child
	 * that has them too ends or executes a program.
	 */
	return r->map != MAP_FAILED &&
	       !madvise(r->map, (size_t)blocks * BLOCK_SIZE, MADV_DONTFORK);
}

static bool listen_on(int fd, int index, int protocol)
{
	struct sockaddr_ll ll = {
		.sll_family = AF_PACKET,
		.sll_protocol = htons(protocol),
		.sll_ifindex = index,
	};

	return !bind(fd, (void *)&ll, sizeof(ll));
}

/* The tun devices opened by the packet test. */
static int find_tun(const char *name)
{
	struct ifreq ifr;
	int fd;

	for (fd = 3; fd < 256; fd++) {
		memset(&ifr, 0, sizeof(ifr));
		if (!ioctl(fd, TUNGETIFF, &ifr) && !strcmp(ifr.ifr_name, name))
			return fd;
	}
	return -1;
}

/* With NAPI, packets are received in softirq, like those of a network card. */
static bool soft_open(char *why, size_t why_len)
{
	struct ifreq ifr = {
		.ifr_name = "soft",
		.ifr_flags = IFF_TUN | IFF_NO_PI | IFF_VNET_HDR | IFF_NAPI,
	};

	tun_soft = open("/dev/net/tun", O_RDWR | O_NONBLOCK | O_CLOEXEC);
	if (tun_soft < 0 || ioctl(tun_soft, TUNSETIFF, &ifr) < 0) {
		snprintf(why, why_len, "tun soft: %s", strerror(errno));
		return false;
	}
	return world_exec("echo 0 >/proc/sys/net/ipv4/conf/soft/rp_filter;"
			  "echo 2 >/proc/sys/net/ipv4/ipfrag_time;"
			  "echo 2 >/proc/sys/net/netfilter/nf_conntrack_frag6_timeout;"
			  "echo 500000000 >/proc/sys/net/ipv4/ipfrag_high_thresh;"
			  "echo 500000000 >/proc/sys/net/netfilter/nf_conntrack_frag6_high_thresh;"
			  "ip link set soft multicast off mtu 65535 up",
			  why, why_len);
}

bool net_open(bool listen, char *why, size_t why_len)
{
	int one = 1, size = 8 << 20;

	tun_four = find_tun("four");
	tun_six = find_tun("six");
	index_four = if_nametoindex("four");
	index_six = if_nametoindex("six");
	if (!soft_open(why, why_len))
		return false;
	raw_fd = socket(AF_PACKET, SOCK_RAW | SOCK_CLOEXEC, 0);
	hold_fd = socket(AF_PACKET, SOCK_DGRAM | SOCK_NONBLOCK | SOCK_CLOEXEC,
			 0);
	if (raw_fd < 0 || hold_fd < 0 ||
	    setsockopt(raw_fd, SOL_PACKET, PACKET_VNET_HDR, &one,
		       sizeof(one)) ||
	    setsockopt(hold_fd, SOL_SOCKET, SO_RCVBUFFORCE, &size,
		       sizeof(size)) ||
	    setsockopt(raw_fd, SOL_SOCKET, SO_SNDBUFFORCE, &size,
		       sizeof(size)) ||
	    !ring_open(&tx, PACKET_TX_RING, TX_BLOCKS) ||
	    (listen && (!ring_open(&rx, PACKET_RX_RING, RX_BLOCKS) ||
			!listen_on(rx.fd, 0, ETH_P_ALL)))) {
		snprintf(why, why_len, "packet socket: %s", strerror(errno));
		return false;
	}
	return true;
}

void net_device(void)
{
	index_nat64 = if_nametoindex("nat64");
}

void net_hold(bool on)
{
	unsigned char c;

	/* protocol 0 keeps the old one; a deleted device is reported once */
	listen_on(hold_fd, index_nat64, on ? ETH_P_ALL : ETH_P_LOOPBACK);
	while (recv(hold_fd, &c, 1, 0) >= 0 || errno != EAGAIN)
		;
}

ssize_t net_held(unsigned char *data, size_t size, bool *out)
{
	struct sockaddr_ll from;
	socklen_t len = sizeof(from);
	ssize_t n = recvfrom(hold_fd, data, size, 0, (void *)&from, &len);

	*out = n >= 0 && from.sll_pkttype == PACKET_OUTGOING;
	return n;
}

/* ---- sending ---- */

static struct sockaddr_ll device(const struct shot *s)
{
	return (struct sockaddr_ll) {
		.sll_family = AF_PACKET,
		.sll_ifindex = index_nat64,
		.sll_protocol = htons(s->ethertype),
	};
}

static bool send_raw(const struct shot *s)
{
	struct sockaddr_ll to = device(s);
	struct iovec iov[2] = {
		{ (void *)&s->vnet, sizeof(s->vnet) },
		{ (void *)s->pkt.data, s->pkt.len },
	};
	struct msghdr m = {
		.msg_name = &to, .msg_namelen = sizeof(to),
		.msg_iov = iov, .msg_iovlen = 2,
	};

	return sendmsg(raw_fd, &m, MSG_DONTWAIT) >= 0;
}

/* Also checks that the kernel does not write to our pages. */
static bool send_ring(const struct shot *s)
{
	struct tpacket2_hdr *h = (void *)frame(&tx);
	struct sockaddr_ll to = device(s);
	unsigned char *data = (void *)h;
	int rc;

	if (h->tp_status != TP_STATUS_AVAILABLE)
		return false;
	data += TPACKET2_HDRLEN - sizeof(struct sockaddr_ll);
	memcpy(data, &s->vnet, sizeof(s->vnet));
	memcpy(data + sizeof(s->vnet), s->pkt.data, s->pkt.len);
	h->tp_len = sizeof(s->vnet) + s->pkt.len;
	__atomic_store_n(&h->tp_status, TP_STATUS_SEND_REQUEST,
			 __ATOMIC_RELEASE);
	rc = sendto(tx.fd, NULL, 0, MSG_DONTWAIT, (void *)&to, sizeof(to));
	if (h->tp_status == TP_STATUS_SEND_REQUEST)
		h->tp_status = TP_STATUS_AVAILABLE;
	else
		step(&tx);
	if (memcmp(data + sizeof(s->vnet), s->pkt.data, s->pkt.len))
		violation("the pages of a packet were written to", "", NULL,
			  0, s->pkt.data, s->pkt.len);
	return rc >= 0;
}

static bool send_tun(const struct shot *s)
{
	struct iovec iov[2] = {
		{ (void *)&s->vnet, sizeof(s->vnet) },
		{ (void *)s->pkt.data, s->pkt.len },
	};
	int fd = tun_soft;

	if (s->gate == PROCESS)
		fd = s->pkt.len && s->pkt.data[0] >> 4 == 6 ? tun_six :
							      tun_four;
	return writev(fd, iov, 2) >= 0;
}

bool net_send(const struct shot *s)
{
	if (s->gate == RAW)
		return send_raw(s);
	if (s->gate == RING)
		return send_ring(s);
	return send_tun(s);
}

/* ---- capturing ---- */

bool net_next(struct record *r)
{
	static struct tpacket2_hdr *held;
	const struct sockaddr_ll *ll;
	struct tpacket2_hdr *h;

	if (held) {
		__atomic_store_n(&held->tp_status, TP_STATUS_KERNEL,
				 __ATOMIC_RELEASE);
		held = NULL;
		step(&rx);
	}
	h = (void *)frame(&rx);
	if (!(__atomic_load_n(&h->tp_status, __ATOMIC_ACQUIRE) &
	      TP_STATUS_USER))
		return false;
	held = h;
	ll = (void *)((unsigned char *)h + TPACKET_ALIGN(sizeof(*h)));
	r->where = ll->sll_ifindex == index_nat64 ? NAT64 :
		   ll->sll_ifindex == index_four ||
		   ll->sll_ifindex == index_six ? SIDE : ELSEWHERE;
	r->out = ll->sll_pkttype == PACKET_OUTGOING;
	r->data = (unsigned char *)h + h->tp_mac;
	r->len = h->tp_snaplen;
	r->cut = h->tp_snaplen < h->tp_len;
	memcpy(&r->vnet, r->data - sizeof(r->vnet), sizeof(r->vnet));
	return true;
}

/* Packets dropped by the ring since the last call of each. */
static unsigned int lost, overrun;

static void count_lost(void)
{
	struct tpacket_stats stats = { 0 };
	socklen_t len = sizeof(stats);

	getsockopt(rx.fd, SOL_PACKET, PACKET_STATISTICS, &stats, &len);
	lost += stats.tp_drops;
	overrun += stats.tp_drops;
}

unsigned int net_lost(void)
{
	unsigned int n;

	count_lost();
	n = lost;
	lost = 0;
	return n;
}

unsigned int net_overrun(void)
{
	unsigned int n;

	count_lost();
	n = overrun;
	overrun = 0;
	return n;
}

void net_drain(void)
{
	static unsigned char buf[PACKET_MAX];

	while (read(tun_four, buf, sizeof(buf)) > 0 ||
	       read(tun_six, buf, sizeof(buf)) > 0 ||
	       read(tun_soft, buf, sizeof(buf)) > 0)
		;
}

/* Input packets that the device counted as dropped. */
uint64_t net_dropped(void)
{
	unsigned long long dropped = 0;
	FILE *f = fopen("/proc/self/net/dev", "r");
	char line[512];

	while (f && fgets(line, sizeof(line), f))
		if (sscanf(line, " nat64: %*u %*u %*u %*u %*u %*u %*u %*u %*u %*u %*u %llu",
			   &dropped) == 1)
			break;
	if (f)
		fclose(f);
	return dropped;
}
