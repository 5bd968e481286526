// SPDX-License-Identifier: GPL-2.0
/*
 * nat64(8) - show and change the tables of nat64 devices.
 */
#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "../../drivers/net/nat64/version.h"
#include "tool.h"

#define NETNS_DIR	"/var/run/netns"

static bool help_run(char **words)
{
	puts("Usage: nat64 [ OPTIONS ] OBJECT { COMMAND | help }\n"
	     "       nat64 [ OPTIONS ] -batch FILE\n"
	     "       nat64 [ OPTIONS ] save [ dev DEV ]\n"
	     "       nat64 [ OPTIONS ] restore { FILE | - }\n"
	     "OBJECT  := { bib | eam | monitor | pool4 | session | stats | subscriber |\n"
	     "             table | version | help }\n"
	     "OPTIONS := { -j[son] | -p[retty] | -n[etns] NAME |\n"
	     "             -b[atch] FILE | -force | -V[ersion] | -h[elp] }");
	return true;
}

/* Run a command line, or a line of a batch. */
static bool run_command(char **words)
{
	static const struct command objects[] = {
		{ "bib", bib_run },
		{ "eam", eam_run },
		{ "monitor", monitor_run },
		{ "pool4", pool4_run },
		{ "restore", restore_run },
		{ "save", save_run },
		{ "session", session_run },
		{ "stats", stats_run },
		{ "subscriber", subscriber_run },
		{ "table", table_run },
		{ "version", version_run },
		{ "help", help_run },
	};

	return choose(objects, ARRAY_SIZE(objects), "object", "nat64 help",
		      words);
}

/* The same as in ip: a name, or a path if it contains a slash. */
static bool enter_netns(const char *name)
{
	const char *dir = strchr(name, '/') ? "" : NETNS_DIR "/";
	char *path;
	int fd;

	if (asprintf(&path, "%s%s", dir, name) < 0)
		return false;
	fd = open(path, O_RDONLY | O_CLOEXEC);
	free(path);
	if (fd < 0 || setns(fd, CLONE_NEWNET)) {
		wrong("cannot enter network namespace \"%s\": %s", name,
		      strerror(errno));
		if (fd >= 0)
			close(fd);
		return false;
	}

	close(fd);
	return true;
}

static bool is_option(const char *word, const char *brief, const char *name)
{
	word += word[1] == '-' ? 2 : 1;
	return (brief && !strcmp(word, brief)) || !strcmp(word, name);
}

/* Options without an argument that do not end the program. */
static bool set_option(const char *word)
{
	if (is_option(word, "j", "json"))
		options.json = true;
	else if (is_option(word, "p", "pretty"))
		options.pretty = true;
	else if (is_option(word, NULL, "force"))
		options.force = true;
	else
		return false;

	return true;
}

static void run(char **words)
{
	const char *batch = NULL, *netns = NULL;

	for (; *words && **words == '-' && words[0][1]; words++) {
		bool is_batch = is_option(*words, "b", "batch");

		if (is_option(*words, "V", "Version")) {
			puts("nat64 utility, nat64-" NAT64_VERSION);
			return;
		}
		if (is_option(*words, "h", "help")) {
			help_run(NULL);
			return;
		}
		if (set_option(*words))
			continue;
		if (!is_batch && !is_option(*words, "n", "netns")) {
			wrong("unknown option \"%s\", see \"nat64 help\"", *words);
			return;
		}
		if (!words[1]) {
			wrong("option \"%s\" requires an argument", *words);
			return;
		}
		*(is_batch ? &batch : &netns) = words[1];
		words++;
	}

	if (netns && !enter_netns(netns))
		return;
	if (!batch)
		run_command(words);
	else if (*words)
		wrong("\"%s\" is not expected here, the commands are in %s", *words, batch);
	else
		run_batch(batch, run_command);
}

int main(int argc, char **argv)
{
	/* A batch may print many error messages. */
	setvbuf(stderr, NULL, _IOLBF, 0);

	run(argv + 1);
	place.file = NULL;
	out_finish();
	return report_status();
}
