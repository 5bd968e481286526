// SPDX-License-Identifier: GPL-2.0
/*
 * nat64(8) - files of lines of words: commands, or entries of a table.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tool.h"

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

/* Cuts a line into words, the last of which NULL follows. */
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
 * lines_open - begin with a file; complaints have its name until lines_close()
 * @lines: for the other functions
 * @name: name of the file, "-" for standard input
 *
 * Return: false if it cannot be opened, which has been told.
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
 * lines_next - the words of the next line that has some
 * @lines: file
 *
 * Return: words, the last followed by NULL; NULL at the end.
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
 * lines_close - end with a file
 * @lines: file
 *
 * Return: false if not all of it could be read, which has been told.
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
