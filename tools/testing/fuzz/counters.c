// SPDX-License-Identifier: GPL-2.0
/*
 * counters - counters of the namespace: SNMP counters, those of all devices and
 * of the drops of the device "nat64".
 */
#include <fcntl.h>
#include <stdlib.h>
#include <unistd.h>

#include "compare.h"

static struct number before[NUMBERS_MAX], now[NUMBERS_MAX];
static int befores, nows;
static const char *fault;

static void add(const char *section, const char *name, const char *value)
{
	struct number *n = &now[nows];
	char *end;

	if (nows == NUMBERS_MAX) {
		fault = "too many counters";
		return;
	}
	n->value = strtoull(value, &end, 10);
	if (end == value)
		return;
	if (snprintf(n->name, sizeof(n->name), "%s %s", section, name) >=
	    (int)sizeof(n->name))
		fault = "a counter has a long name";
	nows++;
}

static char *slurp(const char *path)
{
	static char text[65536];
	size_t have = 0;
	ssize_t n = -1;
	int f = open(path, O_RDONLY | O_CLOEXEC);

	while (f >= 0 && have < sizeof(text) - 1 &&
	       (n = read(f, text + have, sizeof(text) - 1 - have)) > 0)
		have += n;
	if (f < 0 || n < 0 || !have)
		fault = "a file of counters cannot be read";
	if (f >= 0)
		close(f);
	text[have] = 0;
	return text;
}

/* A line of names, and a line of values. */
static void read_pairs(const char *path)
{
	char *text = slurp(path), *names, *values, *n, *v, *n_save, *v_save;
	const char *section;

	while ((names = strsep(&text, "\n")) && *names) {
		values = strsep(&text, "\n");
		if (!values) {
			fault = "names without values";
			return;
		}
		section = strtok_r(names, " ", &n_save);
		strtok_r(values, " ", &v_save);
		while ((n = strtok_r(NULL, " ", &n_save)) &&
		       (v = strtok_r(NULL, " ", &v_save)))
			add(section, n, v);
	}
}

/* Lines of a name and a value. */
static void read_lines(const char *path, const char *section)
{
	char *text = slurp(path), *line, *name, *save;

	while ((line = strsep(&text, "\n")) && *line) {
		name = strtok_r(line, " \t", &save);
		line = strtok_r(NULL, " \t", &save);
		/* the index of the device */
		if (name && line && strcmp(name, "ifIndex"))
			add(section, name, line);
	}
}

static void read_devices(void)
{
	static const char *const columns[] = {
		"rx-bytes", "rx-packets", "rx-errs", "rx-drop", "rx-fifo",
		"rx-frame", "rx-compressed", "rx-multicast", "tx-bytes",
		"tx-packets", "tx-errs", "tx-drop", "tx-fifo", "tx-colls",
		"tx-carrier", "tx-compressed",
	};
	char *text = slurp("/proc/self/net/dev"), *line, *name, *value, *save;
	size_t i;

	strsep(&text, "\n");
	strsep(&text, "\n");
	while ((line = strsep(&text, "\n")) && *line) {
		name = strtok_r(line, " :", &save);
		for (i = 0; i < ARRAY_SIZE(columns); i++) {
			value = strtok_r(NULL, " ", &save);
			if (name && value)
				add(name, columns[i], value);
		}
	}
}

static void read_all(void)
{
	static const char *const devices[] = { "nat64", "four", "six", "soft" };
	char path[64], value[32];
	const char *name;
	uint64_t v;
	size_t i;
	int n;

	nows = 0;
	fault = NULL;
	read_pairs("/proc/self/net/snmp");
	read_pairs("/proc/self/net/netstat");
	read_lines("/proc/self/net/snmp6", "snmp6");
	for (i = 0; i < ARRAY_SIZE(devices); i++) {
		snprintf(path, sizeof(path), "/proc/self/net/dev_snmp6/%s",
			 devices[i]);
		read_lines(path, devices[i]);
	}
	read_devices();
	reason_read();
	for (n = 0; reason_nth(n, &name, &v); n++) {
		snprintf(value, sizeof(value), "%llu", (unsigned long long)v);
		if (name)
			add("drop", name, value);
	}
}

static int by_name(const void *a, const void *b)
{
	const struct number *x = a, *y = b;

	return strcmp(x->name, y->name);
}

void counters_begin(void)
{
	read_all();
	qsort(now, nows, sizeof(now[0]), by_name);
	memcpy(before, now, nows * sizeof(now[0]));
	befores = nows;
}

const char *counters_end(struct outcome *o)
{
	struct number *n, *old;

	read_all();
	qsort(now, nows, sizeof(now[0]), by_name);
	o->numbers = 0;
	for (n = now; n < now + nows; n++) {
		old = bsearch(n, before, befores, sizeof(*n), by_name);
		/* counters of ICMP types appear when they are counted */
		if (old)
			n->value -= old->value;
		if (n->value)
			o->number[o->numbers++] = *n;
	}
	return fault;
}
