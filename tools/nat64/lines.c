// SPDX-License-Identifier: GPL-2.0
/*
 * nat64(8) - read files with a command, or entries of a table, per line.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tool.h"

/* A # begins a comment only at the beginning of a word; within a word, a port
 * follows it.
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

/* Read a line and remove its comment. A backslash at its end joins it with the
 * next one. Return false at the end of the file.
 */
static bool read_line(struct lines *lines)
{
	size_t length = 0;
	ssize_t got;
	bool more;

	place.line = lines->number + 1;
	do {
		got = getline(&lines->part, &lines->part_size, lines->file);
		if (got < 0)
			return length > 0;
		lines->number++;
		cut_comment(lines->part);
		got = strlen(lines->part);
		more = got && lines->part[got - 1] == '\\';
		if (more)
			lines->part[--got] = '\0';
		if (length + got >= lines->size) {
			lines->size = 2 * (length + got + 1);
			lines->line = allocate(lines->line, lines->size, 1);
		}
		memcpy(lines->line + length, lines->part, got + 1);
		length += got;
	} while (more);

	return true;
}

/* Split a line into words, terminated by NULL. */
static void split(struct lines *lines)
{
	size_t count = 0;
	char *word;

	word = strtok(lines->line, " \t\r");
	do {
		lines->words = grow(lines->words, count, &lines->room,
				    sizeof(*lines->words));
		lines->words[count++] = word;
		if (word)
			word = strtok(NULL, " \t\r");
	} while (lines->words[count - 1]);
}

/**
 * lines_open - open a file; error messages name it until lines_close()
 * @lines: initialized
 * @name: name of the file, "-" for standard input
 *
 * Return: false on error, which has been reported.
 */
bool lines_open(struct lines *lines, const char *name)
{
	bool is_stdin = !strcmp(name, "-");

	memset(lines, 0, sizeof(*lines));
	lines->file = is_stdin ? stdin : fopen(name, "re");
	if (!lines->file) {
		wrong("cannot open %s: %s", name, strerror(errno));
		return false;
	}

	lines->before = place;
	place.file = is_stdin ? "stdin" : name;
	place.line = 0;
	return true;
}

/**
 * lines_next - read the next line that is not empty
 * @lines: file
 *
 * Return: its words, terminated by NULL; NULL at the end of the file.
 */
char **lines_next(struct lines *lines)
{
	while (read_line(lines)) {
		split(lines);
		if (lines->words[0])
			return lines->words;
	}

	return NULL;
}

/**
 * lines_close - close a file
 * @lines: file
 *
 * Return: false on a read error, which has been reported.
 */
bool lines_close(struct lines *lines)
{
	bool bad = ferror(lines->file);

	if (bad)
		wrong("cannot read: %s", strerror(errno));
	if (lines->file != stdin)
		fclose(lines->file);
	free(lines->words);
	free(lines->line);
	free(lines->part);
	place = lines->before;
	return !bad;
}
