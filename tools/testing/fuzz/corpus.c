// SPDX-License-Identifier: GPL-2.0
/*
 * corpus - all packets that the vectors send, with the addresses of the current
 * world.
 */
#include <stdlib.h>

#include "fuzz.h"

/* Larger packets only slow down the test. */
#define ITEM_MAX	10000

static struct suite suite;
static struct item *item;
static size_t count, room;

void corpus_read(int files, char **path)
{
	while (files--)
		if (suite_read(&suite, *path++))
			exit(1);
}

size_t corpus_size(void)
{
	return count;
}

const struct item *corpus_pick(void)
{
	return count ? &item[rnd(count)] : NULL;
}

const struct item *corpus_item(size_t n)
{
	return n < count ? &item[n] : NULL;
}

/* Variables that a vector reads from output packets are ports of sessions. */
static void set_captured(const struct world *w, const char *text)
{
	const struct known *k = &known[strstr(text, "tcp") ? 8 :
				       strstr(text, "icmp") ? 16 : 0];
	static const char *const names[] = { "t", "u", "i", "a", "b", "c",
					     "v", "p", "q", "x", "y" };
	const struct binding *b;
	char port[16] = "5000";
	size_t i;

	b = binding6(k->proto, k->a6, k->port6);
	if (w->pool4_text && b)
		snprintf(port, sizeof(port), "%u", b->port4);
	for (i = 0; i < ARRAY_SIZE(names); i++)
		vars_set(names[i], port);
}

/* Text to bytes; unknown variables are numbers. */
static bool make(struct build *b, const char *text)
{
	char why[256], name[32];
	const char *done;
	int tries;

	for (tries = 0; tries < 8; tries++) {
		done = vars_expand(text, why, sizeof(why));
		if (done)
			return build_packet(b, done);
		if (sscanf(why, "$%31s is not set", name) != 1)
			return false;
		vars_set(name, "5000");
	}
	return false;
}

static void add(const unsigned char *data, size_t len)
{
	unsigned char *copy = malloc(len);

	if (count == room) {
		room = room ? room * 2 : 1024;
		item = realloc(item, room * sizeof(*item));
	}
	if (!copy || !item)
		exit(1);
	memcpy(copy, data, len);
	item[count++] = (struct item) { .len = len, .data = copy };
}

void corpus_build(const struct world *w)
{
	static struct build b;
	const struct test *t;
	const struct setting *s;
	int i;

	while (count)
		free((void *)item[--count].data);
	for (t = suite.test; t < suite.test + suite.count; t++) {
		world_vars(w);
		for (i = 0; i < t->settings.count; i++) {
			s = &t->settings.setting[i];
			if (s->kind == LET && !vars_get(s->key, strlen(s->key)))
				vars_set(s->key, s->value);
		}
		for (i = 0; i < t->steps; i++) {
			if (t->step[i].kind != IN)
				continue;
			set_captured(w, t->step[i].text);
			b.hops = 0;
			b.ttl = 64;
			if (make(&b, t->step[i].text) && b.len &&
			    b.len <= ITEM_MAX)
				add(b.data, b.len);
		}
	}
}
