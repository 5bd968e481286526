// SPDX-License-Identifier: GPL-2.0
/*
 * nat64(8) - reads and changes the tables of nat64 devices.
 */
#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "tool.h"

#define NETNS_DIR	"/var/run/netns"

struct options options;
struct place place;

/* The greatest of all that went wrong. */
static enum status failure;

/* To standard error, with the place if it is in a batch. */
static void vcomplain(enum status status, const char *format, va_list args)
{
	if (status > failure)
		failure = status;

	fflush(stdout);
	fputs("nat64: ", stderr);
	if (place.file)
		fprintf(stderr, "%s:%u: ", place.file, place.line);
	vfprintf(stderr, format, args);
	fputc('\n', stderr);
}

/**
 * complain - tell of something that failed
 * @status: of which kind it is, for the exit status
 * @format: what to say
 */
void complain(enum status status, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	vcomplain(status, format, args);
	va_end(args);
}

/**
 * wrong - tell of a command that is wrong
 * @format: what to say
 *
 * What waits of the lines before it comes first. If that fails, nobody gets
 * as far as the wrong one.
 */
void wrong(const char *format, ...)
{
	va_list args;

	if (!queue_finish() && !options.force)
		exit(failure);

	va_start(args, format);
	vcomplain(STATUS_USAGE, format, args);
	va_end(args);
}

/* realloc() of an array that always succeeds. */
void *allocate(void *old, size_t count, size_t size)
{
	void *new = reallocarray(old, count, size);

	if (!new) {
		complain(STATUS_USAGE, "out of memory");
		exit(STATUS_USAGE);
	}
	return new;
}

/**
 * choose - run the command that a word names
 * @commands: those that there are
 * @count: how many there are
 * @what: what the word is called
 * @help: where they are explained
 * @words: the word and those for the command
 */
bool choose(const struct command *commands, size_t count, const char *what,
	    const char *help, char **words)
{
	size_t i;

	if (!words[0]) {
		wrong("the %s is missing, see \"%s\"", what, help);
		return false;
	}
	for (i = 0; i < count; i++)
		if (!strcmp(words[0], commands[i].word))
			return commands[i].run(words + 1);

	wrong("\"%s\" is no %s, see \"%s\"", words[0], what, help);
	return false;
}

static bool help_run(char **words)
{
	puts("Usage: nat64 [ OPTIONS ] OBJECT { COMMAND | help }\n"
	     "       nat64 [ OPTIONS ] -batch FILE\n"
	     "OBJECT  := { bib | eam | monitor | pool4 | session | stats | subscriber |\n"
	     "             table | help }\n"
	     "OPTIONS := { -j[son] | -p[retty] | -n[etns] NAME |\n"
	     "             -b[atch] FILE | -force | -V[ersion] | -h[elp] }");
	return true;
}

/* The words of a command line, or of a line in a batch. */
bool run_command(char **words)
{
	static const struct command objects[] = {
		{ "bib", bib_run },
		{ "eam", eam_run },
		{ "monitor", monitor_run },
		{ "pool4", pool4_run },
		{ "session", session_run },
		{ "stats", stats_run },
		{ "subscriber", subscriber_run },
		{ "table", table_run },
		{ "help", help_run },
	};

	return choose(objects, ARRAY_SIZE(objects), "object", "nat64 help",
		      words);
}

/* As ip does: a name, or a path if it has a slash. */
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

/* Options that take no value and do not end the program. */
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
			puts("nat64 utility, nat64-" VERSION);
			return;
		}
		if (is_option(*words, "h", "help")) {
			help_run(NULL);
			return;
		}
		if (set_option(*words))
			continue;
		if (!is_batch && !is_option(*words, "n", "netns")) {
			wrong("\"%s\" is no option, see \"nat64 help\"", *words);
			return;
		}
		if (!words[1]) {
			wrong("\"%s\": its value is missing", *words);
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
		wrong("\"%s\": the commands are in %s", *words, batch);
	else
		run_batch(batch);
}

int main(int argc, char **argv)
{
	/* A batch may complain often. */
	setvbuf(stderr, NULL, _IOLBF, 0);

	run(argv + 1);
	place.file = NULL;
	out_finish();
	return failure;
}
