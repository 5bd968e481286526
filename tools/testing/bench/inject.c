// SPDX-License-Identifier: GPL-2.0-only
/* inject IN OUT udp|icmp|fragments SOURCE DESTINATION SOURCE-PORT PORT COUNT: send
 * COUNT packets of 64 bytes into the receive path of the tap device IN, check that they
 * leave through the tap device OUT, and print the nanoseconds per packet.
 *
 * Nobody else has a reference to these packets, as with those of a network card,
 * and unlike those of pktgen, which the stack must copy. Where IN is "-", a
 * socket of this host sends UDP packets, from any port.
 *
 * The ports of icmp are identifier and sequence number of an echo request.
 * "fragments" are UDP datagrams over IPv6, each in two fragments. If the
 * environment variable MARK is set, the plugin count.so counts.
 */
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/filter.h>
#include <linux/if.h>
#include <linux/if_tun.h>
#include <netinet/in.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include "mark.h"

#define FRAME_LEN 64
#define FRAME_MAX 128
#define ETH_LEN 14
#define IP4_LEN 20
#define IP6_LEN 40
#define FRAG_LEN 8
#define UDP_LEN 8
#define ICMP4_ECHO 8
#define ICMP6_ECHO 128

/**
 * struct packet - what is sent again and again
 * @frame: one or two frames
 * @len: their lengths, 0: not there
 */
struct packet {
	uint8_t frame[2][FRAME_MAX];
	size_t len[2];
};

static void fail(const char *what)
{
	fprintf(stderr, "inject: %s: %s\n", what, strerror(errno));
	exit(1);
}

static void refuse(const char *what, const char *word)
{
	fprintf(stderr, "inject: %s: %s\n", what, word);
	exit(2);
}

static void put16(uint8_t *at, uint16_t value)
{
	at[0] = value >> 8;
	at[1] = value;
}

static uint32_t sum(const uint8_t *data, size_t len)
{
	uint32_t total = 0;

	for (size_t i = 0; i + 1 < len; i += 2)
		total += data[i] << 8 | data[i + 1];
	return total;
}

static uint16_t fold(uint32_t total)
{
	while (total >> 16)
		total = (total & 0xffff) + (total >> 16);
	return ~total;
}

/* Write the addresses and the header; return where its payload begins. */
static uint8_t *put_ip(uint8_t *eth, uint8_t proto, const char *src,
		       const char *dst, bool *is6)
{
	uint8_t *ip = eth + ETH_LEN;

	*is6 = strchr(src, ':');
	put16(eth + 12, *is6 ? 0x86dd : 0x0800);
	if (*is6) {
		ip[0] = 0x60;
		put16(ip + 4, FRAME_LEN - ETH_LEN - IP6_LEN);
		ip[6] = proto;
		ip[7] = 64;
		if (inet_pton(AF_INET6, src, ip + 8) != 1)
			refuse("SOURCE", src);
		if (inet_pton(AF_INET6, dst, ip + 24) != 1)
			refuse("DESTINATION", dst);
		return ip + IP6_LEN;
	}
	ip[0] = 0x45;
	put16(ip + 2, FRAME_LEN - ETH_LEN);
	ip[8] = 64;
	ip[9] = proto;
	if (inet_pton(AF_INET, src, ip + 12) != 1)
		refuse("SOURCE", src);
	if (inet_pton(AF_INET, dst, ip + 16) != 1)
		refuse("DESTINATION", dst);
	put16(ip + 10, fold(sum(ip, IP4_LEN)));
	return ip + IP4_LEN;
}

/* Split a datagram of 40 bytes, zeroes behind the header, into 24 and 16.
 * argv: SOURCE DESTINATION SOURCE-PORT PORT
 */
static void put_fragments(struct packet *p, char **argv)
{
	uint16_t part[2] = { 24, 16 }, len = part[0] + part[1], offset = 0;
	uint8_t *frag, *udp, *addrs;
	bool is6;

	for (int i = 0; i < 2; i++) {
		frag = put_ip(p->frame[i], IPPROTO_FRAGMENT, argv[0], argv[1],
			      &is6);
		if (!is6)
			refuse("SOURCE", argv[0]);
		put16(frag - IP6_LEN + 4, FRAG_LEN + part[i]);
		frag[0] = IPPROTO_UDP;
		/* in bytes, and whether more follow */
		put16(frag + 2, offset | !i);
		p->len[i] = ETH_LEN + IP6_LEN + FRAG_LEN + part[i];
		offset += part[i];
	}
	addrs = p->frame[0] + ETH_LEN + 8;
	udp = p->frame[0] + ETH_LEN + IP6_LEN + FRAG_LEN;
	put16(udp, atoi(argv[2]));
	put16(udp + 2, atoi(argv[3]));
	put16(udp + 4, len);
	put16(udp + 6, fold(sum(addrs, 32) + IPPROTO_UDP + len +
			    sum(udp, UDP_LEN)));
}

/* each datagram has an identification of its own */
static void number_fragments(struct packet *p, uint32_t id)
{
	for (int i = 0; i < 2; i++)
		memcpy(p->frame[i] + ETH_LEN + IP6_LEN + 4, &id, sizeof(id));
}

/* argv: PROTOCOL SOURCE DESTINATION SOURCE-PORT PORT */
static void put_frame(uint8_t *eth, char **argv)
{
	bool icmp = !strcmp(argv[0], "icmp");
	uint8_t *l4, *addrs;
	uint32_t total;
	uint8_t proto;
	size_t len;
	bool is6;

	if (!icmp && strcmp(argv[0], "udp"))
		refuse("PROTOCOL", argv[0]);
	is6 = strchr(argv[1], ':');
	proto = !icmp ? IPPROTO_UDP : is6 ? IPPROTO_ICMPV6 : IPPROTO_ICMP;
	l4 = put_ip(eth, proto, argv[1], argv[2], &is6);
	len = eth + FRAME_LEN - l4;
	addrs = eth + ETH_LEN + (is6 ? 8 : 12);

	/* both protocols have eight bytes of header */
	total = sum(addrs, l4 - addrs) + proto + len;
	if (icmp) {
		l4[0] = is6 ? ICMP6_ECHO : ICMP4_ECHO;
		put16(l4 + 4, atoi(argv[3]));
		put16(l4 + 6, atoi(argv[4]));
		/* ICMP in IPv4 has no pseudo header */
		if (!is6)
			total = 0;
		put16(l4 + 2, fold(total + sum(l4, len)));
	} else {
		put16(l4, atoi(argv[3]));
		put16(l4 + 2, atoi(argv[4]));
		put16(l4 + 4, len);
		put16(l4 + 6, fold(total + sum(l4, len)));
	}
}

/* Open a tap device. What it would send is dropped, and counted as that. */
static int open_tap(const char *dev, uint8_t *eth)
{
	struct sock_filter nothing = BPF_STMT(BPF_RET | BPF_K, 0);
	struct sock_fprog filter = { .len = 1, .filter = &nothing };
	struct ifreq ifr = { .ifr_flags = IFF_TAP | IFF_NO_PI };
	int fd = open("/dev/net/tun", O_RDWR | O_NONBLOCK);

	if (fd < 0)
		fail("/dev/net/tun");
	strncpy(ifr.ifr_name, dev, sizeof(ifr.ifr_name) - 1);
	if (ioctl(fd, TUNSETIFF, &ifr))
		fail(dev);
	if (ioctl(fd, TUNATTACHFILTER, &filter))
		fail("TUNATTACHFILTER");
	if (ioctl(fd, SIOCGIFHWADDR, &ifr))
		fail("SIOCGIFHWADDR");
	memcpy(eth, ifr.ifr_hwaddr.sa_data, 6);
	/* the other end, a locally administered address */
	memcpy(eth + 6, "\2\0\0\0\0\2", 6);
	return fd;
}

/* argv: SOURCE DESTINATION SOURCE-PORT PORT */
static int open_socket(char **argv)
{
	bool is6 = strchr(argv[0], ':');
	struct sockaddr_in6 six = { .sin6_family = AF_INET6 };
	struct sockaddr_in four = { .sin_family = AF_INET };
	struct sockaddr *addr = is6 ? (void *)&six : (void *)&four;
	void *where = is6 ? (void *)&six.sin6_addr : (void *)&four.sin_addr;
	socklen_t len = is6 ? sizeof(six) : sizeof(four);
	int fd = socket(addr->sa_family, SOCK_DGRAM, 0);

	if (fd < 0)
		fail("socket");
	if (inet_pton(addr->sa_family, argv[0], where) != 1)
		refuse("SOURCE", argv[0]);
	if (bind(fd, addr, len))
		fail(argv[0]);
	if (inet_pton(addr->sa_family, argv[1], where) != 1)
		refuse("DESTINATION", argv[1]);
	six.sin6_port = htons(atoi(argv[3]));
	four.sin_port = htons(atoi(argv[3]));
	if (connect(fd, addr, len))
		fail(argv[1]);
	return fd;
}

static long left(const char *dev)
{
	char path[128];
	FILE *file;
	long value;

	snprintf(path, sizeof(path), "/sys/class/net/%s/statistics/tx_dropped",
		 dev);
	file = fopen(path, "r");
	if (!file || fscanf(file, "%ld", &value) != 1)
		fail(path);
	fclose(file);
	return value;
}

static uint64_t now(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return ts.tv_sec * 1000000000ull + ts.tv_nsec;
}

static void send_all(int fd, struct packet *p, long count)
{
	while (count--) {
		if (p->len[1])
			number_fragments(p, count);
		for (int i = 0; i < 2 && p->len[i]; i++)
			if (write(fd, p->frame[i], p->len[i]) !=
			    (ssize_t)p->len[i])
				fail("write");
	}
}

int main(int argc, char **argv)
{
	bool marked = getenv("MARK") && *getenv("MARK");
	struct packet p = { .len = { FRAME_LEN } };
	uint8_t other[FRAME_MAX];
	uint64_t begin, end;
	long count, before;
	int fd;

	if (argc != 9) {
		fprintf(stderr, "usage: inject IN|- OUT udp|icmp|fragments SOURCE DESTINATION SOURCE-PORT PORT COUNT\n");
		return 2;
	}
	count = atol(argv[8]);
	if (count <= 0)
		refuse("COUNT", argv[8]);
	if (!strcmp(argv[3], "fragments"))
		put_fragments(&p, argv + 4);
	else
		put_frame(p.frame[0], argv + 3);
	open_tap(argv[2], other);
	if (strcmp(argv[1], "-")) {
		fd = open_tap(argv[1], p.frame[0]);
		memcpy(p.frame[1], p.frame[0], 12);
	} else {
		fd = open_socket(argv + 4);
		p.len[0] = FRAME_LEN - ETH_LEN - IP6_LEN - UDP_LEN;
	}
	/* the kernel notices a carrier within a second */
	sleep(2);

	before = left(argv[2]);
	if (marked)
		mark(MARK_START);
	begin = now();
	send_all(fd, &p, count);
	end = now();
	if (marked)
		mark(MARK_STOP);
	/* the router may have sent packets of its own, too */
	if (left(argv[2]) - before < count) {
		fprintf(stderr, "inject: only %ld of %ld packets left through %s\n",
			left(argv[2]) - before, count, argv[2]);
		return 1;
	}
	printf("%llu\n", (unsigned long long)((end - begin) / count));
	return 0;
}
