// SPDX-License-Identifier: GPL-2.0
/*
 * compare - sends the same packets to two devices, one without the fast path,
 * and compares what comes out, all counters of the namespaces, and bindings and
 * sessions with their lifetimes.
 *
 * Packets are sent in batches. The sessions are set before each batch, so that
 * it does not depend on earlier ones. After a difference, the batch is sent
 * again, packet by packet, to find the first packet that makes one.
 */
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

#include "compare.h"

/* Differences of a batch that are printed, and batches with differences. */
#define SHOWN		6
#define SHOWN_BATCHES	5
#define SHOWN_BYTES	300

/* At least this percentage of the packets that are translated must be handed
 * over to their route.
 */
#define HANDED_MIN	60

/* All ports of the first entry have bindings. Each other entry has one port, so
 * that the choice of a port for a new binding does not depend on random numbers.
 */
#define POOL4								\
	"203.0.113.1 ports 61016-61023 "				\
	"pool4 203.0.113.1 ports 7000 pool4 203.0.113.1 ports 7001 "	\
	"pool4 203.0.113.1 ports 700 pool4 203.0.113.1 ports 701 "	\
	"pool4 203.0.113.1 ports 7002"

#define STATEFUL(name_, pool6_, keys_)					\
	.port4 = 61016, .world = {					\
		.name = name_, .pool6_text = pool6_,			\
		.pool4_text = "203.0.113.1", .pool4_entries = POOL4,	\
		.dns_timeout = "40000",					\
		.keys = "hold-down-timeout 0 " keys_,			\
	}

#define STATELESS(name_, pool6_, keys_)					\
	.world = {							\
		.name = name_, .pool6_text = pool6_, .keys = keys_,	\
	}

#define EAMS								\
	"192.0.2.1/32 2001:db8:aaaa::/128 "				\
	"192.0.2.2/32 2001:db8:bbbb::b/128 "				\
	"192.0.2.16/28 2001:db8:cccc::/124 "				\
	"192.0.2.128/26 2001:db8:dddd::/64 "				\
	"192.0.2.24/32 2001:db8:1::24/128"

#define TOS "zeroize-traffic-class on override-tos on tos 7"

#define EAM(name_, keys_)						\
	.world = {							\
		.name = name_, .pool6_text = "3fff:96::/96",		\
		.keys = keys_, .eam_text = EAMS,			\
	}

static struct config configs[] = {
	{ STATEFUL("two-stateful-96", "3fff:96::/96", "") },
	{ STATEFUL("two-stateful-40", "3fff:40::/40", "inbound-refresh off") },
	{
		STATEFUL("two-stateful-64", "3fff:64::/64",
			 "address-dependent-filtering on " TOS)
	},
	{
		STATEFUL("two-stateful-wkp", "64:ff9b::/96",
			 "drop-externally-initiated-tcp on")
	},
	{
		STATEFUL("two-stateful-wkp-loose", "64:ff9b::/96",
			 "wkp-strict off drop-icmpv6-info on handle-rst-during-fin-rcv off")
	},
	{
		STATEFUL("two-stateful-limits", "3fff:96::/96",
			 "max-sessions 8 max-bindings 3 max-total-sessions 30")
	},
	{
		/* no more sessions than those that are set: ports are random */
		.port4 = 61016, .world = {
			.name = "two-stateful-host",
			.pool6_text = "3fff:96::/96",
			.pool4_text = "198.51.100.1", .pool4_entries = "host",
			.dns_timeout = "40000",
			.keys = "hold-down-timeout 0 max-total-sessions 24",
		}
	},
	{ STATELESS("two-stateless-96", "3fff:96::/96", NULL) },
	{
		STATELESS("two-stateless-64", "3fff:64::/64",
			  TOS " lowest-ipv6-mtu 1400")
	},
	{
		STATELESS("two-stateless-40", "3fff:40::/40",
			  "amend-udp-checksum-zero on")
	},
	{ STATELESS("two-stateless-wkp", "64:ff9b::/96", NULL) },
	{ STATELESS("two-stateless-wkp-loose", "64:ff9b::/96", "wkp-strict off") },
	{ EAM("two-eam", NULL) },
	{ EAM("two-eam-simple", "eam-hairpin-mode simple") },
	{ EAM("two-eam-off", "eam-hairpin-mode off") },
};

static struct compare_options opt;
static struct stage *stage;
static struct config *config;
static unsigned long batch;

static struct {
	uint64_t packets;
	uint64_t outputs;
	uint64_t translated;
	uint64_t handed_over;
	uint64_t received;
	uint64_t queued;
	unsigned long batches;
	unsigned long noisy;		/* batches without their counters */
	unsigned long differences;	/* batches with one */
	double began;
} sum;

static double now(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return t.tv_sec + t.tv_nsec / 1e9;
}

/* ---- comparing ---- */

static int found;
static bool again;		/* the packets have been counted */

/* Is this difference to be printed? */
static bool differs(void)
{
	return ++found <= SHOWN;
}

static const unsigned char *bytes(int twin, const struct output *o)
{
	return stage->outcome[twin].bytes + o->at;
}

/* Set both identifications to 0 if the translator or the stack chose both, and
 * the checksums that cover them. They come from counters of the namespace. Sets
 * *@wraps if only one is 0, which happens when its counter wraps.
 */
static void hide_ids(unsigned char *a, unsigned char *b, size_t len,
		     bool *wraps)
{
	size_t hdr;
	uint16_t x, y;

	/* of an IPv4 packet that was translated back to IPv6, in fragments */
	if (len >= 48 && a[0] >> 4 == 6 && b[0] >> 4 == 6 &&
	    a[6] == FRAGMENT && b[6] == FRAGMENT && get32(a + 44) &&
	    get32(b + 44) && !get16(a + 44) && !get16(b + 44)) {
		put16(a + 46, 0);
		put16(b + 46, 0);
	}
	if (len < 20 || a[0] >> 4 != 4 || b[0] != a[0])
		return;
	hdr = (a[0] & 15) * 4;
	x = get16(a + 4);
	y = get16(b + 4);
	if (x == y || hdr < 20 || len < hdr || sum_fold(sum_add(0, a, hdr)) ||
	    sum_fold(sum_add(0, b, hdr)))
		return;
	if (!x || !y) {
		/* 0 with DF */
		if ((a[6] | b[6]) & 0x40)
			return;
		*wraps = true;
	}
	put16(a + 4, 0);
	put16(b + 4, 0);
	put16(a + 10, 0);
	put16(b + 10, 0);
	/* an error of the router that quotes the packet */
	if (a[9] == ICMP4 && len >= hdr + 28 &&
	    is_error(4, a[hdr]) && !sum_fold(sum_add(0, a + hdr, len - hdr)) &&
	    !sum_fold(sum_add(0, b + hdr, len - hdr))) {
		hide_ids(a + hdr + 8, b + hdr + 8, len - hdr - 8, wraps);
		put16(a + hdr + 2, 0);
		put16(b + hdr + 2, 0);
	}
}

static bool same_packet(const struct output *x, const struct output *y,
			bool *wraps)
{
	static unsigned char a[PACKET_MAX], b[PACKET_MAX];

	if (x->side != y->side || x->len != y->len ||
	    memcmp(&x->offload, &y->offload, sizeof(x->offload)))
		return false;
	if (!memcmp(bytes(0, x), bytes(1, y), x->len))
		return true;
	memcpy(a, bytes(0, x), x->len);
	memcpy(b, bytes(1, y), x->len);
	hide_ids(a, b, x->len, wraps);
	return !memcmp(a, b, x->len);
}

static void print_outputs(const struct outcome *o, int i, int twin)
{
	static const char *const head[] = { "fast   ", "general" };

	if (i < o->outputs)
		print_decoded(head[twin], bytes(twin, &o->output[i]),
			      o->output[i].len);
	else
		printf("# %s: no packet\n", head[twin]);
}

static void compare_outputs(void)
{
	const struct outcome *a = &stage->outcome[0], *b = &stage->outcome[1];
	bool wraps = false, wrapped;
	int i, datagrams = 0;

	for (i = 0; i < a->outputs || i < b->outputs; i++) {
		wrapped = wraps;
		wraps = false;
		if (i < a->outputs && i < b->outputs &&
		    same_packet(&a->output[i], &b->output[i], &wraps)) {
			/* fragments of a datagram have the same one */
			datagrams += wraps && !wrapped;
			if (datagrams < 2)
				continue;
		}
		if (differs()) {
			printf("# output %d differs\n", i + 1);
			print_outputs(a, i, 0);
			print_outputs(b, i, 1);
			if (i < a->outputs && i < b->outputs)
				print_difference(bytes(1, &b->output[i]),
						 b->output[i].len,
						 bytes(0, &a->output[i]),
						 a->output[i].len);
		}
		/* the others may only be one later */
		break;
	}
}

/* Has a twin sent a multicast report, as it does for a while after a device has
 * been set up?
 */
static bool is_noisy(void)
{
	const struct outcome *o;
	int i;

	for (o = stage->outcome; o < stage->outcome + 2; o++)
		for (i = 0; i < o->numbers; i++)
			if (strstr(o->number[i].name, "MLDv2Reports"))
				return true;
	return false;
}

static void compare_numbers(void)
{
	const struct outcome *a = &stage->outcome[0], *b = &stage->outcome[1];
	const struct number *x, *y, *n;
	int i = 0, j = 0, order;

	while (i < a->numbers || j < b->numbers) {
		x = &a->number[i];
		y = &b->number[j];
		order = i == a->numbers ? 1 : j == b->numbers ? -1 :
			strcmp(x->name, y->name);
		n = order > 0 ? y : x;
		if ((order || x->value != y->value) && differs())
			printf("# counter %s: fast +%llu, general +%llu\n",
			       n->name,
			       order > 0 ? 0 : (unsigned long long)x->value,
			       order < 0 ? 0 : (unsigned long long)y->value);
		i += order <= 0;
		j += order >= 0;
	}
}

static void print_row(const char *head, const struct row *r)
{
	unsigned int i;

	printf("# %s: ", head);
	for (i = 0; i < r->len; i++)
		printf("%02x", r->data[i]);
	printf(" expires in %u\n", r->expires);
}

/* Bindings, and sessions with their state. Lifetimes may differ by the time
 * that the twins took, and by rounding.
 */
static void compare_rows(void)
{
	const struct outcome *a = &stage->outcome[0], *b = &stage->outcome[1];
	double took = a->took > b->took ? a->took : b->took, gap;
	int i = 0, j = 0, order;

	while (i < a->rows || j < b->rows) {
		order = i == a->rows ? 1 : j == b->rows ? -1 :
			memcmp(a->row[i].data, b->row[j].data,
			       sizeof(a->row[i].data));
		if (order < 0 && differs())
			print_row("entry only in fast", &a->row[i]);
		if (order > 0 && differs())
			print_row("entry only in general", &b->row[j]);
		if (!order) {
			gap = (double)a->row[i].expires - b->row[j].expires;
			if ((gap > took + 2 || -gap > took + 2) && differs()) {
				print_row("fast   ", &a->row[i]);
				print_row("general", &b->row[j]);
			}
		}
		i += order <= 0;
		j += order >= 0;
	}
}

/* Packets of the device that are not handed over are received. */
static void compare_delivered(const uint64_t before[2][DELIVERIES])
{
	uint64_t d[2][DELIVERIES];
	int twin, i;

	for (twin = 0; twin < 2; twin++)
		for (i = 0; i < DELIVERIES; i++)
			d[twin][i] = stage->outcome[twin].delivered[i] -
				     before[twin][i];
	if ((d[1][HANDED_OVER] || d[0][QUEUED] != d[1][QUEUED] ||
	     d[0][HANDED_OVER] + d[0][RECEIVED] != d[1][RECEIVED]) &&
	    differs())
		printf("# handed over, received, queued: fast %llu %llu %llu, general %llu %llu %llu\n",
		       (unsigned long long)d[0][HANDED_OVER],
		       (unsigned long long)d[0][RECEIVED],
		       (unsigned long long)d[0][QUEUED],
		       (unsigned long long)d[1][HANDED_OVER],
		       (unsigned long long)d[1][RECEIVED],
		       (unsigned long long)d[1][QUEUED]);
	if (again)
		return;
	sum.handed_over += d[0][HANDED_OVER];
	sum.received += d[0][RECEIVED];
	sum.queued += d[0][QUEUED];
}

/* Let both twins do it, and compare. Returns the number of differences. */
static int try(const struct order *o)
{
	uint64_t before[2][DELIVERIES];
	struct outcome *out;
	int i;

	found = 0;
	for (i = 0; i < 2; i++) {
		out = &stage->outcome[i];
		memcpy(before[i], out->delivered, sizeof(before[i]));
		twin_do(i, o);
		if (!out->ok && differs())
			printf("# %s: %s\n", i ? "general" : "fast", out->why);
		if (out->violations && differs())
			printf("# violations, see above\n");
	}
	if (found)
		return found;
	compare_outputs();
	if (!is_noisy())
		compare_numbers();
	compare_rows();
	compare_delivered(before);
	return found;
}

/* ---- batches ---- */

static void show_packet(int i)
{
	static const char *const gates[] = { "raw", "ring", "soft", "process" };
	const struct shot *s = &stage->shot[i];
	size_t n;

	printf("# packet %d by %s, type %04x, head %u", i + 1, gates[s->gate],
	       s->ethertype, s->vnet.hdr_len);
	if (s->offload)
		printf(", flags %u gso %u size %u sum %u+%u", s->vnet.flags,
		       s->vnet.gso_type, s->vnet.gso_size, s->vnet.csum_start,
		       s->vnet.csum_offset);
	printf("\n");
	print_decoded("given  ", s->pkt.data, s->pkt.len);
	printf("# hex ");
	for (n = 0; n < s->pkt.len && n < SHOWN_BYTES; n++)
		printf("%02x", s->pkt.data[n]);
	printf(s->pkt.len > n ? "... (%zu bytes)\n" : "\n", s->pkt.len);
}

/* Find the first packet of the batch that makes a difference. */
static void search(void)
{
	struct order o = { .reset = true, .count = 1 };

	again = true;
	for (o.first = 0; o.first < BATCH; o.first++) {
		if (try(&o)) {
			printf("# that was\n");
			show_packet(o.first);
			break;
		}
		o.reset = false;
	}
	if (o.first == BATCH)
		printf("# no difference when sent one by one\n");
	again = false;
}

static void make_batch(void)
{
	uint64_t h = opt.seed;

	h = (h ^ (uint64_t)(config - configs + 100)) * 0x9e3779b97f4a7c15ull;
	h ^= h >> 31;
	h = (h ^ batch) * 0xbf58476d1ce4e5b9ull;
	rng_state = h ^ h >> 29;
	near_batch(config, stage);
}

/* Returns false if a twin cannot go on. */
static bool run_batch(void)
{
	struct order o = { .reset = true, .count = BATCH };
	int i, differences;

	make_batch();
	if (opt.verbose)
		for (i = 0; i < BATCH; i++)
			show_packet(i);
	differences = try(&o);
	sum.batches++;
	sum.packets += BATCH;
	sum.outputs += stage->outcome[0].outputs;
	sum.noisy += is_noisy();
	if (!differences)
		return true;
	sum.differences++;
	printf("# the batch differs; repeat with: --compare --seed %llu --world %s --start %lu --count 1\n",
	       (unsigned long long)opt.seed, config->world.name, batch);
	if (!stage->outcome[0].ok || !stage->outcome[1].ok)
		return false;
	if (sum.differences <= SHOWN_BATCHES)
		search();
	fflush(stdout);
	return true;
}

static bool begin(struct config *c)
{
	struct order o = { .config = c };
	static bool waited;
	int i;

	config = c;
	for (i = 0; i < 2; i++) {
		twin_do(i, &o);
		if (stage->outcome[i].ok)
			continue;
		printf("# %s: %s\n", c->world.name, stage->outcome[i].why);
		return false;
	}
	/* for the first multicast reports */
	if (!waited)
		sleep(3);
	waited = true;
	near_bind(c);
	rng_state = opt.seed;
	corpus_build(&c->world);
	return true;
}

static bool run_world(struct config *c, unsigned long from, unsigned long n,
		      double until)
{
	unsigned long before = sum.differences;

	if (!begin(c))
		return false;
	for (batch = from; batch < from + n; batch++) {
		if (!run_batch())
			return false;
		if (until && now() > until)
			break;
	}
	return before == sum.differences;
}

static bool is_wanted(const struct config *c)
{
	return !opt.world || !strcmp(opt.world, c->world.name);
}

static int handed_percent(void)
{
	uint64_t all = sum.handed_over + sum.received + sum.queued;

	return all ? sum.handed_over * 100 / all : 0;
}

static void report(void)
{
	double took = now() - sum.began;

	printf("# %llu packets compared in %.0f s, %.0f a second; %llu came out\n",
	       (unsigned long long)sum.packets, took, sum.packets / took,
	       (unsigned long long)sum.outputs);
	printf("# of those translated, %llu were handed over, %llu received, %llu queued: %d %% handed over\n",
	       (unsigned long long)sum.handed_over,
	       (unsigned long long)sum.received,
	       (unsigned long long)sum.queued, handed_percent());
	printf("# %lu of %lu batches differ; of %lu of them, counters were not compared\n",
	       sum.differences, sum.batches, sum.noisy);
}

static int run_ci(void)
{
	int i, number = 0, failed = 0;
	uint64_t packets;
	bool ok;

	printf("TAP version 13\n1..%d\n",
	       opt.world ? 2 : (int)ARRAY_SIZE(configs) + 1);
	for (i = 0; i < (int)ARRAY_SIZE(configs); i++) {
		if (!is_wanted(&configs[i]))
			continue;
		packets = sum.packets;
		ok = run_world(&configs[i], opt.start, opt.count, 0);
		failed += !ok;
		printf("%sok %d %s: %llu packets\n", ok ? "" : "not ",
		       ++number, configs[i].world.name,
		       (unsigned long long)(sum.packets - packets));
	}
	report();
	ok = handed_percent() >= HANDED_MIN &&
	     sum.outputs > sum.packets / 2 && sum.noisy * 20 <= sum.batches;
	failed += !ok;
	printf("%sok %d enough packets were handed over\n", ok ? "" : "not ",
	       ++number);
	return failed ? 1 : 0;
}

static int run_time(void)
{
	double until = opt.seconds ? sum.began + opt.seconds : 0;
	unsigned long from = opt.start, n = opt.count ?: 8;
	bool ok = true;
	int i;

	do {
		for (i = 0; i < (int)ARRAY_SIZE(configs); i++) {
			if (!is_wanted(&configs[i]))
				continue;
			ok &= run_world(&configs[i], from, n, until);
			if (until && now() > until)
				break;
		}
		from += n;
	} while (until && now() < until);
	report();
	printf("%s\n", ok && sum.batches ? "passed" : "FAILED");
	return ok && sum.batches ? 0 : 1;
}

int compare_run(const struct compare_options *o)
{
	int i, rc;

	opt = *o;
	for (i = 0; i < (int)ARRAY_SIZE(configs); i++)
		world_parse(&configs[i].world);
	sum.began = now();
	stage = twins_start();
	if (!stage) {
		printf("Bail out! twins: %m\n");
		return 1;
	}
	rc = opt.ci ? run_ci() : run_time();
	twins_stop();
	return rc;
}
