// SPDX-License-Identifier: GPL-2.0
/*
 * nat64(8) - print the configuration of devices as statements that "restore"
 * reads.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "conf.h"
#include "nl.h"
#include "tool.h"

static void print_rows(const struct conf *conf, const char *command,
		       const char *type, const struct rows *rows)
{
	size_t i;

	for (i = 0; i < rows->count; i++)
		printf("%s dev %s %s%s\n", command, conf->name, type,
		       row_text(&rows->row[i]));
}

static void print_conf(const struct conf *conf)
{
	puts("");
	keys_print(conf);
	if (conf->mtu != CONF_MTU)
		printf("link set dev %s mtu %u\n", conf->name, conf->mtu);
	printf("link set dev %s %s\n", conf->name,
	       conf->state == CONF_STATE_UP ? "up" : "down");
	print_rows(conf, "pool4 add", "", &conf->pool4);
	print_rows(conf, "eam add", "", &conf->eam);
	print_rows(conf, "bib add", "static ", &conf->statics);
	print_rows(conf, "session add", "", &conf->sessions);
}

/* The device must exist. */
static bool read_one(struct confs *confs, const char *name)
{
	if (!conf_read(confs, name))
		return false;
	if (confs->count)
		return true;

	complain(STATUS_KERNEL, "dev %s: no such device", name);
	return false;
}

/* A device may be gone since it was listed. */
static bool read_all(struct confs *confs)
{
	struct device *devices;
	size_t i, count;
	bool ok = true;

	if (!link_list(&devices, &count))
		return false;

	for (i = 0; ok && i < count; i++)
		ok = conf_read(confs, devices[i].name);
	free(devices);
	return ok;
}

/* Nothing is printed unless everything could be read. */
static bool save(struct confs *confs, const char *dev, bool sessions)
{
	size_t i;

	if (dev ? !read_one(confs, dev) : !read_all(confs))
		return false;
	for (i = 0; i < confs->count; i++)
		if (!conf_read_tables(&confs->conf[i]) ||
		    (sessions && !sessions_read(&confs->conf[i])))
			return false;

	puts("# Configuration of nat64 devices, for \"nat64 restore\". Lines may be changed,\n"
	     "# added and removed, in any order behind \"link add\"; \"end\" is the last one.");
	for (i = 0; i < confs->count; i++)
		print_conf(&confs->conf[i]);
	puts("\nend");
	return true;
}

/* [ sessions ] [ dev DEV ], in any order */
static bool parse(bool *sessions, const char **dev, char **words)
{
	*dev = NULL;
	for (*sessions = false; *words; words++) {
		if (!strcmp(*words, "sessions")) {
			if (!words_once(*words, *sessions))
				return false;
			*sessions = true;
		} else if (!strcmp(*words, "dev")) {
			if (!words_dev(dev, words++))
				return false;
		} else {
			words_unexpected(*words, "nat64 save help");
			return false;
		}
	}

	return true;
}

/* The command "save". */
bool save_run(char **words)
{
	struct confs confs = { };
	bool sessions, ok;
	const char *dev;

	if (*words && !strcmp(*words, "help")) {
		puts("Usage: nat64 save [ sessions ] [ dev DEV ]");
		return true;
	}
	if (!parse(&sessions, &dev, words))
		return false;
	if (dev && strlen(dev) >= IFNAMSIZ) {
		wrong("\"%s\" is not a valid device name", dev);
		return false;
	}
	if (options.json) {
		wrong("\"save\" has no JSON output");
		return false;
	}
	if (!queue_ready())
		return false;

	ok = save(&confs, dev, sessions);
	conf_free(&confs);
	return ok;
}
