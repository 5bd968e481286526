// SPDX-License-Identifier: GPL-2.0
/*
 * fuzz - sends packets to a nat64 device and checks its output.
 *
 *     fuzz [--seed N] [--seconds N] [--world NAME] [--start N] [--count N]
 *          [--block N] [--ci] [--verbose] FILE...
 *     fuzz --lengths | --all-lengths [--world NAME] [--share N] FILE...
 *     fuzz --compare [OPTION]... FILE...
 *
 * The files are vectors of the packet test. Packets are mutations of those in
 * the vectors, or are generated from a grammar. The packets of an iteration
 * depend on seed, world and number only: each finding prints them, and --seed,
 * --world, --start and --count repeat it.
 *
 * Runs --block iterations in each world (see world.c), repeatedly until
 * --seconds have passed; with --count, that many iterations in each world,
 * once. --ci prints KTAP, and tests that the checker detects every changed bit.
 *
 * --lengths is not random: it truncates every packet of the vectors at every
 * length, and makes every length field too small and too large. The device has
 * to translate each packet correctly or to count the right reason. Prints KTAP.
 * Within payload it tries some of the lengths, --all-lengths all of them;
 * --share tries one in N packets, always the same ones.
 *
 * --compare sends packets to two devices, see compare.c. It has worlds of its
 * own, and an iteration is a batch of packets.
 */
#define _GNU_SOURCE
#include <getopt.h>
#include <linux/if_ether.h>
#include <sched.h>
#include <stdlib.h>
#include <time.h>

#include "compare.h"

/* Consecutive iterations with the same way of observing packets. */
#define SPAN	256

/* Worlds in which the first outputs are changed, bit by bit. */
#define DEEP	300

uint64_t rng_state;

static struct {
	uint64_t seed;
	double seconds;
	unsigned long start;
	unsigned long count;
	unsigned long block;
	const char *world;
	bool ci;
	bool compare;
	bool lengths;
	bool all_lengths;
	bool verbose;
} opt = { .seed = 1, .block = 16384 };

static struct {
	const struct world *world;
	unsigned long iteration;
	int shots;
	int at;			/* index of the packet sent last */
	bool hold;
	bool gso;
	bool prologue;
	unsigned long violations;
	uint64_t sent;
	uint64_t refused;
	double began;
	uint64_t overflows;
	uint64_t unsure;
	long taint;
} run;

/* Violations and their number. */
#define KINDS_MAX	200
#define SHOWN		3
#define SHOWN_BYTES	300

static struct {
	char text[160];
	unsigned long times;
} kind[KINDS_MAX];
static int kinds;

static double now(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return t.tv_sec + t.tv_nsec / 1e9;
}

static void show(const char *head, const unsigned char *p, size_t len)
{
	size_t i;

	print_decoded(head, p, len);
	printf("# in dev hex ");
	for (i = 0; i < len && i < SHOWN_BYTES; i++)
		printf("%02x", p[i]);
	printf(len > i ? "... (%zu bytes)\n" : "\n", len);
}

static void show_shots(void)
{
	static const char *const gates[] = { "raw", "ring", "soft", "process" };
	const struct virtio_net_hdr *v;
	int i;

	for (i = 0; i <= run.at && i < run.shots; i++) {
		v = &shot[i].vnet;
		printf("# packet %d of %d by %s, type %04x, head %u", i + 1,
		       run.shots, gates[shot[i].gate], shot[i].ethertype,
		       v->hdr_len);
		if (shot[i].offload)
			printf(", flags %u gso %u size %u sum %u+%u",
			       v->flags, v->gso_type, v->gso_size,
			       v->csum_start, v->csum_offset);
		printf("\n");
		if (run.shots > 1)
			show("     ", shot[i].pkt.data, shot[i].pkt.len);
	}
}

void violation(const char *what, const char *row, const unsigned char *in,
	       size_t in_len, const unsigned char *out, size_t out_len)
{
	char text[sizeof(kind[0].text)];
	int i;

	/* Missed records may be the expected output. */
	if (!out && in && net_lost())
		return;
	run.violations++;
	snprintf(text, sizeof(text), "%s (%s)", what, row);
	for (i = 0; i < kinds; i++)
		if (!strcmp(kind[i].text, text))
			break;
	if (i == KINDS_MAX)
		return;
	if (i == kinds) {
		kinds++;
		snprintf(kind[i].text, sizeof(kind[i].text), "%s", text);
	}
	if (++kind[i].times > SHOWN)
		return;
	printf("# %s: %s\n", run.world ? run.world->name : "-", text);
	if (!run.world)
		return;
	printf("# repeat with: --seed %llu --world %s --start %lu --count 1\n",
	       (unsigned long long)opt.seed, run.world->name, run.iteration);
	if (run.prologue)
		printf("# (in the world's first packets)\n");
	else
		show_shots();
	if (in)
		show("given", in, in_len);
	if (out)
		show("got  ", out, out_len);
	fflush(stdout);
}

unsigned long violations(void)
{
	return run.violations;
}

static long tainted(void)
{
	FILE *f = fopen("/proc/sys/kernel/tainted", "r");
	long value = 0;

	if (!f || fscanf(f, "%ld", &value) != 1)
		value = 0;
	if (f)
		fclose(f);
	return value;
}

/* ---- one packet ---- */

/* The ring does not capture packets with this offload. */
static bool is_hidden(const struct shot *s)
{
	return s->gate <= RING && s->vnet.gso_type &&
	       (s->vnet.gso_type & 0x7f) != VIRTIO_NET_HDR_GSO_TCPV4 &&
	       (s->vnet.gso_type & 0x7f) != VIRTIO_NET_HDR_GSO_TCPV6;
}

/* Process all records of the kernel. */
static void see(void)
{
	struct record r;

	while (net_next(&r)) {
		if (opt.verbose && r.where != ELSEWHERE)
			print_decoded(r.where == SIDE ?
				      r.out ? "side out" : "side in " :
				      r.out ? "dev  in " : "dev  out",
				      r.data, r.len);
		if (run.hold && r.where == NAT64 && r.out)
			held_expect(&r);
		check_record(&r);
	}
}

static uint64_t send_one(const struct shot *s)
{
	bool taken = net_send(s);

	run.sent++;
	run.refused += !taken;
	if (taken && is_hidden(s))
		check_given(s->pkt.data, s->pkt.len, &s->vnet);
	see();
	/* slow kernels defer work to ksoftirqd */
	if (check_waiting()) {
		world_flush(ROUNDS);
		world_drain();
		see();
	}
	if (run.hold)
		held_check();
	return check_end();
}

/* ---- a world ---- */

/* Create sessions for packets from IPv4. */
static void open_sessions(const struct world *w)
{
	struct shot *s = &shot[0];
	unsigned char *p = s->pkt.data;
	const struct known *k;

	run.prologue = true;
	known_init();
	for (k = known; k < known + KNOWN_MAX; k++) {
		memset(&s->vnet, 0, sizeof(s->vnet));
		s->offload = false;
		s->gate = RAW;
		s->ethertype = ETH_P_IPV6;
		make_plain(w, &s->pkt, 6, k->proto == ICMP4 ? ICMP6 : k->proto,
			   8);
		memcpy(p + 8, k->a6, 16);
		embed(w, k->z4, p + 24);
		if (k->proto == ICMP4) {
			p[40] = 128;
			p[41] = 0;
			put16(p + 44, k->port6);
		} else {
			put16(p + 40, k->port6);
			put16(p + 42, k->zport);
		}
		if (k->proto == TCP)
			p[53] = 2;
		fix_checksums(p, s->pkt.len);
		send_one(s);
	}
	run.prologue = false;
}

static uint64_t seed_of(const struct world *w, unsigned long iteration)
{
	uint64_t h = opt.seed;

	h = (h ^ (uint64_t)(w - worlds)) * 0x9e3779b97f4a7c15ull;
	h ^= h >> 31;
	h = (h ^ iteration) * 0xbf58476d1ce4e5b9ull;
	return h ^ h >> 29;
}

/* A stateless device translates or counts every packet. */
static void check_counters(uint64_t counted, uint64_t silent)
{
	bool right = counted >= silent &&
		     counted <= silent + tally.unsure - run.unsure;
	char text[128];

	run.unsure = tally.unsure;
	if (run.world->pool4_text || run.gso || right ||
	    tally.overflows != run.overflows || net_lost()) {
		run.overflows = tally.overflows;
		return;
	}
	snprintf(text, sizeof(text), "%llu packets without output, %llu counted",
		 (unsigned long long)silent, (unsigned long long)counted);
	violation(text, "each drop has a counter", NULL, 0, NULL, 0);
}

static void check_kernel(unsigned long from, unsigned long to)
{
	long taint = tainted();

	if (taint == run.taint)
		return;
	run.taint = taint;
	printf("# the kernel complained between %lu and %lu\n", from, to);
	violation("the kernel complained", "dmesg", NULL, 0, NULL, 0);
}

/*
 * Run the iterations from @from to @to of a span, which has a second listener,
 * or offloads, or neither.
 */
static void span(const struct world *w, unsigned long from, unsigned long to)
{
	bool each = opt.count && opt.count <= SPAN;
	unsigned long i, flavour = from / SPAN % 6;
	uint64_t counted, silent = 0;

	run.gso = flavour == 1 || flavour == 4;
	run.hold = flavour == 2 || flavour == 4;
	if (run.hold)
		held_begin();
	net_lost();
	counted = net_dropped();
	for (i = from; i < to; i++) {
		run.iteration = i;
		model_now = i;
		rng_state = seed_of(w, i);
		run.shots = scene(w, run.gso);
		for (run.at = 0; run.at < run.shots; run.at++)
			silent += send_one(&shot[run.at]);
		run.at = run.shots - 1;
		if (each || i == to - 1) {
			check_counters(net_dropped() - counted, silent);
			counted = net_dropped();
			silent = 0;
		}
	}
	if (run.hold)
		held_end();
	check_kernel(from, to);
}

static bool begin_world(struct world *w)
{
	struct record r;
	char why[512];

	run.world = w;
	if (!world_start(w, why, sizeof(why))) {
		printf("# %s: %s\n", w->name, why);
		return false;
	}
	net_device();
	net_drain();
	while (net_next(&r))
		;
	check_begin(w);
	if (w->pool4_text)
		open_sessions(w);
	corpus_build(w);
	return true;
}

static bool run_world(struct world *w, unsigned long from, unsigned long n,
		      double until)
{
	unsigned long i, to;

	if (!begin_world(w))
		return false;
	for (i = from; i < from + n; i = to) {
		to = (i / SPAN + 1) * SPAN;
		if (to > from + n)
			to = from + n;
		check_deep(opt.ci && i < DEEP);
		span(w, i, to);
		if (until && now() > until)
			break;
	}
	return true;
}

static bool is_wanted(const struct world *w)
{
	char why[256];

	if (opt.world && strcmp(opt.world, w->name))
		return false;
	if (!w->eam_text)
		return true;
	return world_exec("command -v nat64 >/dev/null", why, sizeof(why));
}

static void report(void);

/* ---- wrong lengths ---- */

/* The packet was translated, or counted once under a valid reason. */
static void check_reason(void)
{
	const struct expect *e;
	const char *counter;
	uint64_t counted;
	char text[128];
	bool came;

	reason_read();
	counted = reason_counted(&counter);
	e = check_only(&came);
	if (!e || e->ignored || !e->v.src || (run.world->pool4_text &&
					      e->v.frag))
		return;
	if (counted != !came) {
		snprintf(text, sizeof(text), "%s, but counted %llu times",
			 came ? "came out" : "did not come out",
			 (unsigned long long)counted);
		violation(text, e->why, e->in, e->in_len, NULL, 0);
	} else if (counted && e->fate == DROP &&
		   !reason_fits(e->why, counter)) {
		snprintf(text, sizeof(text), "counted as %s", counter);
		violation(text, e->why, e->in, e->in_len, NULL, 0);
	}
}

/* Linear, or in pages with an empty or small linear part. */
static void try_length(const struct pkt *k)
{
	struct shot *s = &shot[0];

	memset(&s->vnet, 0, sizeof(s->vnet));
	s->offload = false;
	s->gate = run.iteration % 2 ? RING : RAW;
	if (run.iteration % 4 == 3)
		s->vnet.hdr_len = k->len / 2;
	s->ethertype = k->len && k->data[0] >> 4 == 6 ? ETH_P_IPV6 : ETH_P_IP;
	s->pkt.len = k->len;
	memcpy(s->pkt.data, k->data, k->len);
	run.shots = 1;
	run.at = 0;
	model_now = ++run.iteration;
	send_one(s);
	check_reason();
}

static bool lengths_world(struct world *w)
{
	unsigned long before = run.violations;
	size_t n;

	if (!begin_world(w))
		return false;
	reason_read();
	for (n = 0; n < corpus_size(); n++)
		lengths_of(corpus_item(n), opt.all_lengths, try_length);
	check_kernel(0, run.iteration);
	return before == run.violations;
}

static int run_lengths(void)
{
	static const char *const names[] = { "stateless-40", "stateful-96" };
	int i, j, failed = 0, number = 0;
	uint64_t sent;
	bool ok;

	printf("TAP version 13\n1..%d\n",
	       opt.world ? 1 : (int)ARRAY_SIZE(names));
	for (i = 0; i < (int)ARRAY_SIZE(names); i++) {
		for (j = 0; j < world_count; j++)
			if (!strcmp(worlds[j].name, opt.world ?: names[i]))
				break;
		if (j == world_count)
			return 2;
		sent = run.sent;
		ok = lengths_world(&worlds[j]) && run.sent > sent + 10000;
		failed += !ok;
		printf("%sok %d wrong lengths, %s: %llu packets\n",
		       ok ? "" : "not ", ++number, worlds[j].name,
		       (unsigned long long)(run.sent - sent));
		if (opt.world)
			break;
	}
	report();
	return failed ? 1 : 0;
}

/* ---- all of it ---- */

static bool open_net(void)
{
	char why[512];

	if (!world_start(&worlds[0], why, sizeof(why)) ||
	    !net_open(true, why, sizeof(why))) {
		printf("Bail out! %s\n", why);
		return false;
	}
	return true;
}

static void report(void)
{
	double took = now() - run.began;
	int i;

	for (i = 0; i < kinds; i++)
		printf("# %lu times: %s\n", kind[i].times, kind[i].text);
	printf("# %llu packets sent, %llu of them refused by the kernel, in %.0f s: %.0f a second\n",
	       (unsigned long long)run.sent, (unsigned long long)run.refused,
	       took, run.sent / took);
	printf("# device input: %llu packets, %llu of them to translate, %llu to drop\n",
	       (unsigned long long)tally.given, (unsigned long long)tally.pass,
	       (unsigned long long)tally.drop);
	printf("# device output: %llu packets, %llu of them ICMP errors, %llu fragments; %llu errors of the router\n",
	       (unsigned long long)tally.came,
	       (unsigned long long)tally.quoted,
	       (unsigned long long)tally.pieces,
	       (unsigned long long)tally.answers);
	printf("# %lu clones checked\n", held_checked());
	if (tally.flips)
		printf("# %llu changed bits to test the checker\n",
		       (unsigned long long)tally.flips);
}

static int run_ci(void)
{
	unsigned long before;
	uint64_t sent;
	int i, number = 0, failed = 0;
	bool ok;

	printf("TAP version 13\n1..%d\n", world_count + 1);
	for (i = 0; i < world_count; i++) {
		if (!is_wanted(&worlds[i])) {
			printf("ok %d %s # SKIP\n", ++number, worlds[i].name);
			continue;
		}
		before = run.violations;
		sent = run.sent;
		ok = run_world(&worlds[i], opt.start, opt.count, 0) &&
		     before == run.violations;
		failed += !ok;
		printf("%sok %d %s: %llu packets\n", ok ? "" : "not ",
		       ++number, worlds[i].name,
		       (unsigned long long)(run.sent - sent));
	}
	report();
	ok = tally.flips > 1000 && tally.came > run.sent / 20 &&
	     tally.quoted && tally.pieces && tally.answers &&
	     held_checked() > run.sent / 10;
	failed += !ok;
	printf("%sok %d enough packets were checked\n", ok ? "" : "not ",
	       ++number);
	return failed ? 1 : 0;
}

static int run_time(void)
{
	double until = opt.seconds ? run.began + opt.seconds : 0;
	unsigned long from = opt.start, n = opt.count ?: opt.block;
	double told = run.began;
	int i;

	do {
		for (i = 0; i < world_count; i++) {
			if (!is_wanted(&worlds[i]))
				continue;
			if (!run_world(&worlds[i], from, n, until))
				return 1;
			if (until && now() > until)
				break;
			if (now() - told > 60) {
				told = now();
				printf("# %.0f s: %llu packets, %lu violations\n",
				       told - run.began,
				       (unsigned long long)run.sent,
				       run.violations);
			}
		}
		from += n;
	} while (until && now() < until);
	report();
	printf("%s\n", run.violations ? "FAILED" : "passed");
	return run.violations ? 1 : 0;
}

/*
 * Use one CPU and the lowest priority: when a system call returns, the kernel
 * has processed its packet.
 */
static void go_last(void)
{
	struct sched_param param = { 0 };
	cpu_set_t one;

	CPU_ZERO(&one);
	CPU_SET(0, &one);
	sched_setaffinity(0, sizeof(one), &one);
	sched_setscheduler(0, SCHED_IDLE, &param);
}

/* Large enough for a packet in the smallest fragments. */
static void widen_backlog(void)
{
	FILE *f = fopen("/proc/sys/net/core/netdev_max_backlog", "w");

	if (f) {
		fputs("5000", f);
		fclose(f);
	}
}

static int compare(void)
{
	const struct compare_options o = {
		.seed = opt.seed, .seconds = opt.seconds, .start = opt.start,
		.count = opt.count, .world = opt.world, .ci = opt.ci,
		.verbose = opt.verbose,
	};

	return compare_run(&o);
}

static int usage(void)
{
	fputs("usage: fuzz [--seed N] [--seconds N] [--world NAME] [--start N] [--count N] [--block N] [--ci] [--compare | --lengths | --all-lengths] [--verbose] FILE...\n",
	      stderr);
	return 2;
}

int main(int argc, char **argv)
{
	static const struct option options[] = {
		{ "seed", required_argument, NULL, 's' },
		{ "seconds", required_argument, NULL, 't' },
		{ "world", required_argument, NULL, 'w' },
		{ "start", required_argument, NULL, 'f' },
		{ "count", required_argument, NULL, 'n' },
		{ "block", required_argument, NULL, 'b' },
		{ "ci", no_argument, NULL, 'c' },
		{ "compare", no_argument, NULL, 'd' },
		{ "lengths", no_argument, NULL, 'l' },
		{ "all-lengths", no_argument, NULL, 'a' },
		{ "share", required_argument, NULL, 'h' },
		{ "verbose", no_argument, NULL, 'v' },
		{ NULL, 0, NULL, 0 },
	};
	int c;

	setvbuf(stdout, NULL, _IOLBF, 0);
	while ((c = getopt_long(argc, argv, "", options, NULL)) != -1) {
		if (c == 's')
			opt.seed = strtoull(optarg, NULL, 0);
		else if (c == 't')
			opt.seconds = atof(optarg);
		else if (c == 'w')
			opt.world = optarg;
		else if (c == 'f')
			opt.start = strtoul(optarg, NULL, 0);
		else if (c == 'n')
			opt.count = strtoul(optarg, NULL, 0);
		else if (c == 'b')
			opt.block = strtoul(optarg, NULL, 0);
		else if (c == 'c')
			opt.ci = true;
		else if (c == 'd')
			opt.compare = true;
		else if (c == 'h' && atoi(optarg) > 0)
			lengths_share(atoi(optarg));
		else if (c == 'l' || c == 'a')
			opt.lengths = true;
		else if (c == 'v')
			opt.verbose = true;
		else
			return usage();
		opt.all_lengths |= c == 'a';
	}
	if (optind == argc || (opt.ci && !opt.count) || !opt.block)
		return usage();
	worlds_init();
	corpus_read(argc - optind, argv + optind);
	go_last();
	widen_backlog();
	if (opt.compare)
		return compare();
	run.taint = tainted();
	run.began = now();
	if (!open_net())
		return 1;
	if (opt.lengths)
		return run_lengths();
	return opt.ci ? run_ci() : run_time();
}
