// SPDX-License-Identifier: GPL-2.0
/*
 * packet - sends packets to a router with a nat64 device and compares the
 * result byte for byte. The tests are the files in vectors/, vectors/README
 * documents their language.
 *
 *     packet [-v] [-f FILTER] [--tap] [--general]
 *            [--lint | --selftest | --truncate] FILE...
 *
 * -f FILTER: only tests whose "FILE ROWS TITLE" contains this text. --tap keeps
 * a packet socket open on the device, so that it gets clones. --general turns
 * the fast path of the device off: all packets take the general path. --lint only
 * builds every packet of every test. --selftest only runs the tests of the
 * builder, which need no device. --truncate also sends every input truncated at
 * every length, and checks that the output, if any, is well-formed.
 */
#define _GNU_SOURCE
#include <getopt.h>
#include <sched.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "packet.h"

#define COUNTERS_MAX 16

static struct {
	bool verbose;
	bool tap;
	bool lint;
	bool selftest;
	bool truncate;
	const char *filter;
} opt;

/* State of the running test. */
static struct {
	const struct test *test;
	char why[1024];
	int hops;
	uint64_t counter[COUNTERS_MAX];
	unsigned long tried;
} run;

static bool fail(const struct step *s, const char *fmt, ...)
{
	va_list ap;

	printf("# %s:%d: ", run.test->file, s ? s->line : run.test->line);
	va_start(ap, fmt);
	vprintf(fmt, ap);
	va_end(ap);
	printf("\n");
	return false;
}

static bool build(struct build *b, const struct step *s, const char *text)
{
	bool out = s->kind == OUT;

	text = vars_expand(text, run.why, sizeof(run.why));
	if (!text)
		return fail(s, "%s", run.why);
	b->hops = s->dev ? 0 : run.hops;
	b->ttl = out ? 64 - b->hops : 64;
	b->result = out;
	if (!build_packet(b, text))
		return fail(s, "%s", b->err);
	return true;
}

static enum side side_of(const struct step *s, const struct build *b)
{
	if (s->dev)
		return DEV;
	return b->len && b->data[0] >> 4 == 4 ? FOUR : SIX;
}

static void take_hole(const struct hole *h, const unsigned char *value)
{
	char text[64];
	char *p = text;
	uint32_t n = 0;
	int i;

	if (h->size == 16) {
		for (i = 0; i < 16; i += 2)
			p += sprintf(p, "%s%x", i ? ":" : "",
				     value[i] << 8 | value[i + 1]);
	} else if (h->name[0] >= 'A' && h->name[0] <= 'Z') {
		/* capital letters are IPv4 addresses */
		sprintf(text, "%u.%u.%u.%u", value[0], value[1], value[2],
			value[3]);
	} else {
		for (i = 0; i < h->size; i++)
			n = n << 8 | value[i];
		sprintf(text, "%u", n);
	}
	vars_set(h->name, text);
}

static bool same_offload(const struct offload *a, const struct offload *b)
{
	return a->partial == b->partial && a->gso_type == b->gso_type &&
	       a->gso_size == b->gso_size &&
	       (!a->partial || (a->csum_start == b->csum_start &&
				a->csum_offset == b->csum_offset));
}

static void print_offload(const char *head, const struct offload *o)
{
	printf("# %s partial=%d gso=%u type=%u csum at %u + %u\n", head,
	       o->partial, o->gso_size, o->gso_type, o->csum_start,
	       o->csum_offset);
}

/* Compare a packet with an expectation that may have open fields. Build the
 * expectation again with the received values, so that its checksums cover them.
 */
static bool matches(struct build *b, const struct step *s,
		    const struct packet *p)
{
	unsigned char fill[HOLES_MAX][16] = { 0 };
	const struct hole *h;
	bool same;
	int i;

	for (i = 0; i < b->holes; i++) {
		h = &b->hole[i];
		if (h->size && h->off + h->size <= p->len)
			memcpy(fill[i], p->data + h->off, h->size);
	}
	b->fill = (const unsigned char (*)[16])fill;
	same = build(b, s, s->text) && b->len == p->len &&
	       !memcmp(b->data, p->data, p->len);
	b->fill = NULL;
	for (i = 0; i < b->holes; i++)
		if (b->hole[i].size && b->hole[i].name[0])
			take_hole(&b->hole[i], fill[i]);
	return same;
}

static bool step_out(const struct step *s)
{
	static struct build b;
	struct packet *p;
	bool same;

	if (!build(&b, s, s->text))
		return false;
	p = world_read(side_of(s, &b), true);
	if (!p) {
		fail(s, "nothing came out of %s", side_name[side_of(s, &b)]);
		print_hex("expected ", b.data, b.len);
		print_decoded("        ", b.data, b.len);
		return false;
	}
	same = matches(&b, s, p);
	if (!same) {
		fail(s, "not the packet expected");
		print_difference(b.data, b.len, p->data, p->len);
	} else if (!same_offload(&b.offload, &p->offload)) {
		same = fail(s, "right bytes, but other offloads");
		print_offload("expected ", &b.offload);
		print_offload("got      ", &p->offload);
	} else if (opt.verbose) {
		print_decoded(" out", p->data, p->len);
	}
	free(p);
	return same;
}

/* No packet may be left. A step on the device checks the device only, because
 * the router may forward or drop its packets.
 */
static bool nothing_left(const struct step *s, bool dev)
{
	struct packet *p;
	bool ok = true;
	int i;

	for (i = dev ? DEV : 0; i < (dev ? SIDES : DEV); i++) {
		while ((p = world_read(i, false))) {
			if (ok)
				fail(s, "too much came out of %s",
				     side_name[i]);
			print_hex("got      ", p->data, p->len);
			print_decoded("        ", p->data, p->len);
			free(p);
			ok = false;
		}
	}
	return ok;
}

/* ---- truncation: only checks that output is well-formed ---- */

static bool outputs_well_formed(const struct step *s, const unsigned char *in,
				size_t len)
{
	struct packet *p;
	bool ok = true;
	const char *fault;

	world_flush(1);
	while ((p = world_read(DEV, false))) {
		fault = packet_fault(p->data, p->len);
		if (!fault && p->len > len + 20 + 8 + 20)
			fault = "longer than what went in";
		if (fault) {
			ok = fail(s, "truncated to %zu: %s", len, fault);
			print_hex("in       ", in, len);
			print_hex("out      ", p->data, p->len);
		}
		free(p);
	}
	world_drain();
	return ok;
}

static void fix_length(unsigned char *p, size_t len)
{
	if (len >= 20 && p[0] >> 4 == 4) {
		size_t head = (p[0] & 15) * 4;

		p[2] = len >> 8;
		p[3] = len;
		p[10] = 0;
		p[11] = 0;
		if (head >= 20 && head <= len) {
			uint16_t sum = sum_fold(sum_add(0, p, head));

			p[10] = sum >> 8;
			p[11] = sum;
		}
	} else if (len >= 40 && p[0] >> 4 == 6) {
		p[4] = (len - 40) >> 8;
		p[5] = len - 40;
	}
}

static bool truncations_of(const struct step *s, const struct build *b)
{
	/* Cuts within 96 bytes of either end, and some in between. */
	size_t step = b->len > 400 ? b->len / 64 : 1;
	unsigned char *copy;
	bool ok = true;
	size_t len;
	int fixed;

	for (len = 1; len < b->len; len++) {
		if (len > 300 && b->len - len > 96 && len % step)
			continue;
		for (fixed = 0; fixed < 2; fixed++) {
			/* exact size, so that checkers detect reads beyond it
			 */
			copy = malloc(len);
			if (!copy)
				exit(1);
			memcpy(copy, b->data, len);
			if (fixed)
				fix_length(copy, len);
			world_write(DEV, copy, len, NULL);
			ok &= outputs_well_formed(s, copy, len);
			run.tried++;
			free(copy);
		}
	}
	return ok;
}

/* After the test, so that its sessions exist. */
static bool truncations(const struct test *t)
{
	static struct build b;
	bool ok = true;
	int i;

	world_flush(ROUNDS);
	world_drain();
	for (i = 0; i < t->steps; i++)
		if (t->step[i].kind == IN)
			ok &= build(&b, &t->step[i], t->step[i].text) &&
			      truncations_of(&t->step[i], &b);
	return ok;
}

/* ---- steps ---- */

static bool step_in(const struct step *s)
{
	static struct build b;

	if (!build(&b, s, s->text))
		return false;
	if (opt.verbose)
		print_decoded(" in ", b.data, b.len);
	if (!world_write(side_of(s, &b), b.data, b.len, &b.offload))
		return fail(s, "the kernel did not take the packet");
	return true;
}

static bool step_counter(const struct step *s, int index)
{
	unsigned long long add;
	char name[64];
	uint64_t now;

	if (sscanf(s->text, "%63s +%llu", name, &add) != 2)
		return fail(s, "counter wants NAME +N");
	if (index >= COUNTERS_MAX || !world_counter(name, &now))
		return fail(s, "no counter is called '%s'", name);
	if (now - run.counter[index] != add)
		return fail(s, "%s grew by %llu, expected %llu", name,
			    (unsigned long long)now - run.counter[index], add);
	return true;
}

static bool step_build(const struct step *s)
{
	const char *eq = strstr(s->text, " = ");
	static struct build want, got;
	char *left;

	if (!eq)
		return fail(s, "build wants PACKET = PACKET");
	left = strndup(s->text, eq - s->text);
	if (!left || !build(&want, s, left) || !build(&got, s, eq + 3))
		return false;
	free(left);
	if (want.len == got.len && !memcmp(want.data, got.data, got.len))
		return true;
	print_difference(want.data, want.len, got.data, got.len);
	return fail(s, "the builder is wrong");
}

static bool do_step(const struct step *s, int counter)
{
	const char *text;

	switch (s->kind) {
	case IN:
		return step_in(s);
	case OUT:
		return step_out(s);
	case NONE:
		return nothing_left(s, s->dev);
	case WAIT:
		sleep(atoi(s->text));
		return true;
	case COUNTER:
		return step_counter(s, counter);
	case CHECK:
		return vars_check(s->text, run.why, sizeof(run.why)) ||
		       fail(s, "%s", run.why);
	case BUILD:
		return step_build(s);
	case CHANGE:
	case EXEC:
		text = vars_expand(s->text, run.why, sizeof(run.why));
		if (text && s->kind == CHANGE &&
		    device_change(text, run.why, sizeof(run.why)))
			return true;
		if (text && s->kind == EXEC &&
		    world_exec(text, run.why, sizeof(run.why)))
			return true;
		return fail(s, "%s", run.why);
	case REFUSED:
		break;
	}
	return true;
}

static bool do_steps(const struct test *t)
{
	bool dev = false, wrote = false, flushed = true;
	const struct step *s = NULL;
	char name[64];
	int i, n = 0;

	for (i = 0; i < t->steps; i++)
		if (t->step[i].kind == COUNTER && n < COUNTERS_MAX &&
		    sscanf(t->step[i].text, "%63s", name) == 1)
			world_counter(name, &run.counter[n++]);
	n = 0;
	for (i = 0; i < t->steps; i++) {
		s = &t->step[i];
		/* A new input after results: no more results may follow. */
		if (s->kind == IN && wrote && flushed && !nothing_left(s, dev))
			return false;
		if (s->kind != IN && !flushed) {
			world_flush(ROUNDS);
			flushed = true;
		}
		if (s->kind == IN) {
			dev = s->dev;
			if (flushed)
				world_drain();
			wrote = true;
			flushed = false;
		}
		if (!do_step(s, n))
			return false;
		n += s->kind == COUNTER;
	}
	if (!flushed)
		return fail(s, "the test says nothing about its last packet");
	return !wrote || nothing_left(s, dev);
}

/* ---- tests ---- */

static const char *unmet_need(const struct test *t)
{
	static char line[128];
	const struct setting *s;
	int i;

	for (i = 0; i < t->settings.count; i++) {
		s = &t->settings.setting[i];
		if (s->kind != NEED)
			continue;
		snprintf(line, sizeof(line), "needs %s", s->key);
		if (!strcmp(s->key, "time-travel")) {
			if (!getenv("NAT64_TIME_TRAVEL"))
				return line;
		} else if (!strcmp(s->key, "uso")) {
			if (!world_knows_uso())
				return line;
		} else if (!strcmp(s->key, "command")) {
			snprintf(line, sizeof(line), "needs %s", s->value);
			if (!in_path(s->value))
				return line;
		} else if (!help_knows(s->key)) {
			return line;
		}
	}
	return NULL;
}

static bool has_step(const struct test *t, enum step_kind kind)
{
	int i;

	for (i = 0; i < t->steps; i++)
		if (t->step[i].kind == kind)
			return true;
	return false;
}

static const char *refused_text(const struct test *t)
{
	int i;

	for (i = 0; i < t->steps; i++)
		if (t->step[i].kind == REFUSED)
			return t->step[i].text;
	return NULL;
}

/* Parameters for building packets of the test. */
static void begin(const struct test *t)
{
	const struct setting *s;
	const char *pool6 = NULL;
	int i;

	run.test = t;
	run.hops = 2;
	vars_reset();
	for (i = 0; i < t->settings.count; i++) {
		s = &t->settings.setting[i];
		if (s->kind == LET)
			vars_set(s->key, s->value);
		if (s->kind == SET && !strcmp(s->key, "pool6"))
			pool6 = s->value;
		if (s->kind == STEPS)
			run.hops = atoi(s->value);
	}
	build_pool6(pool6);
}

static bool lint_test(const struct test *t)
{
	static const unsigned char one[16] = { 1, 1, 1, 1 };
	static struct build b;
	const struct step *s;
	bool ok = true;
	int i, j;

	begin(t);
	for (i = 0; i < t->steps; i++) {
		s = &t->step[i];
		if (s->kind == BUILD)
			ok &= do_step(s, 0);
		if (s->kind != IN && s->kind != OUT)
			continue;
		ok &= build(&b, s, s->text);
		for (j = 0; j < b.holes; j++)
			if (b.hole[j].name[0])
				take_hole(&b.hole[j], one);
	}
	if (!t->steps)
		ok = fail(NULL, "no steps");
	return ok;
}

static bool run_test(const struct test *t)
{
	const char *refused = refused_text(t);
	bool tap = opt.tap || opt.truncate;
	bool opened, ok;
	int i;

	begin(t);
	if (has_step(t, BUILD))
		return do_steps(t);
	for (i = 0; i < t->steps; i++)
		tap |= t->step[i].dev;
	opened = world_open(&t->settings, false, tap, run.why,
			    sizeof(run.why));
	if (refused) {
		if (opened)
			return fail(NULL, "ip accepted it");
		if (!strstr(run.why, refused))
			return fail(NULL, "ip says '%s', expected '%s'",
				    run.why, refused);
		return true;
	}
	if (!opened)
		return fail(NULL, "%s", run.why);
	world_drain();
	ok = do_steps(t) && (!opt.truncate || truncations(t));
	if (!ok || has_step(t, EXEC) || has_step(t, CHANGE))
		device_spoilt();
	return ok;
}

static bool wanted(const struct test *t)
{
	char name[4096];

	if (has_step(t, BUILD) != opt.selftest)
		return false;
	if (opt.truncate && !has_step(t, IN))
		return false;
	snprintf(name, sizeof(name), "%s %s %s", t->file, t->rows, t->title);
	return !opt.filter || strstr(name, opt.filter);
}

/* Use one CPU; see world_flush(). */
static void bind_cpu(void)
{
	cpu_set_t all, one;
	int i;

	if (sched_getaffinity(0, sizeof(all), &all))
		return;
	for (i = 0; i < CPU_SETSIZE && !CPU_ISSET(i, &all);)
		i++;
	CPU_ZERO(&one);
	CPU_SET(i, &one);
	sched_setaffinity(0, sizeof(one), &one);
}

static int run_suite(const struct suite *s)
{
	int i, n = 0, planned = 0, failed = 0;
	const char *need;
	bool ok;

	for (i = 0; i < s->count; i++)
		planned += wanted(&s->test[i]);
	printf("TAP version 13\n1..%d\n", planned);
	for (i = 0; i < s->count; i++) {
		const struct test *t = &s->test[i];

		if (!wanted(t))
			continue;
		n++;
		need = unmet_need(t);
		if (need) {
			printf("ok %d %s %s # SKIP %s\n", n, t->rows,
			       t->title, need);
			continue;
		}
		ok = run_test(t);
		failed += !ok;
		printf("%sok %d %s %s\n", ok ? "" : "not ", n, t->rows,
		       t->title);
		fflush(stdout);
	}
	if (opt.truncate)
		printf("# %lu packets tried\n", run.tried);
	world_close();
	return failed ? 1 : 0;
}

static int usage(void)
{
	fputs("usage: packet [-v] [-f FILTER] [--tap] [--general]\n"
	      "              [--lint | --selftest | --truncate] FILE...\n",
	      stderr);
	return 2;
}

int main(int argc, char **argv)
{
	static const struct option options[] = {
		{ "tap", no_argument, NULL, 't' },
		{ "general", no_argument, NULL, 'g' },
		{ "lint", no_argument, NULL, 'l' },
		{ "selftest", no_argument, NULL, 's' },
		{ "truncate", no_argument, NULL, 'T' },
		{ NULL, 0, NULL, 0 },
	};
	struct suite suite = { 0 };
	int c, i, errors = 0;

	setvbuf(stdout, NULL, _IOLBF, 0);
	signal(SIGPIPE, SIG_IGN);
	while ((c = getopt_long(argc, argv, "vf:", options, NULL)) != -1) {
		if (c == 'v')
			opt.verbose = true;
		else if (c == 'f')
			opt.filter = optarg;
		else if (c == 't')
			opt.tap = true;
		else if (c == 'g')
			general = true;
		else if (c == 'l')
			opt.lint = true;
		else if (c == 's')
			opt.selftest = true;
		else if (c == 'T')
			opt.truncate = true;
		else
			return usage();
	}
	if (optind == argc)
		return usage();
	if (getenv("NAT64_SLOW") && atof(getenv("NAT64_SLOW")) > slow)
		slow = atof(getenv("NAT64_SLOW"));
	for (i = optind; i < argc; i++)
		errors |= suite_read(&suite, argv[i]);
	if (errors)
		return 1;
	for (i = 0; i < suite.count && opt.lint; i++)
		errors |= !lint_test(&suite.test[i]);
	if (opt.lint)
		return errors;
	bind_cpu();
	return run_suite(&suite);
}
