// SPDX-License-Identifier: GPL-2.0
/*
 * nat64(8) - commands from a file.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tool.h"

static unsigned int lines;

/* A comment begins with a # at the beginning of a word; in a word it is what
 * comes before a port.
 */
static void cut_comment(char *line)
{
	char *hash = line;

	line[strcspn(line, "\n")] = '\0';
	while ((hash = strchr(hash, '#'))) {
		if (hash == line || strchr(" \t\r", hash[-1])) {
			*hash = '\0';
			break;
		}
		hash++;
	}
}

/* The next line, without a comment; a backslash at its end joins it with the
 * one that follows. False at the end of the file.
 */
static bool read_line(FILE *file, char **line, size_t *size)
{
	static char *part;
	static size_t room;
	size_t length = 0;
	ssize_t got;
	bool more;

	place.line = lines + 1;
	do {
		got = getline(&part, &room, file);
		if (got < 0)
			return length > 0;
		lines++;
		cut_comment(part);
		got = strlen(part);
		more = got && part[got - 1] == '\\';
		if (more)
			part[--got] = '\0';
		if (length + got >= *size) {
			*size = 2 * (length + got + 1);
			*line = allocate(*line, *size, 1);
		}
		memcpy(*line + length, part, got + 1);
		length += got;
	} while (more);

	return true;
}

/* Cuts a line into words, the last of which NULL follows. */
static void split(char *line, char ***words, size_t *room)
{
	size_t count = 0;
	char *word;

	for (word = strtok(line, " \t\r"); ; word = strtok(NULL, " \t\r")) {
		if (count == *room) {
			*room = 2 * *room + 16;
			*words = allocate(*words, *room, sizeof(**words));
		}
		(*words)[count++] = word;
		if (!word)
			break;
	}
}

static void run_lines(FILE *file)
{
	char **words = NULL, *line = NULL;
	size_t room = 0, size = 0;

	while (read_line(file, &line, &size)) {
		split(line, &words, &room);
		if (words[0] && !run_command(words) && !options.force)
			break;
	}
	if (ferror(file))
		wrong("cannot read: %s", strerror(errno));

	queue_finish();
	free(words);
	free(line);
}

/**
 * run_batch - run the commands in a file
 * @name: its name, "-" for standard input
 */
void run_batch(const char *name)
{
	bool is_stdin = !strcmp(name, "-");
	FILE *file = is_stdin ? stdin : fopen(name, "re");

	if (!file) {
		wrong("cannot open %s: %s", name, strerror(errno));
		return;
	}

	place.file = is_stdin ? "stdin" : name;
	run_lines(file);
	if (!is_stdin)
		fclose(file);
}
