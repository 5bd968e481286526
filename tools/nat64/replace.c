// SPDX-License-Identifier: GPL-2.0
/*
 * nat64(8) - atomically replace a table with the contents of a file. The
 * kernel stages the entries for the socket, and drops them when it is closed.
 */
#include <linux/nat64_netlink.h>
#include <string.h>

#include "nl.h"
#include "tool.h"

/* Entries of the file. */
static struct rows entries;

/**
 * replace_file - check the name of a file that a command reads
 * @file: "-" for standard input
 */
bool replace_file(const char *file)
{
	if (strcmp(file, "-") || !place.file || strcmp(place.file, "stdin"))
		return true;

	wrong("\"-\": standard input is in use by -batch");
	return false;
}

static bool parse_words(const char **dev, const char **file, char **words,
			const char *help)
{
	if (!words_dev_and(dev, file, words, help))
		return false;
	if (!*file)
		wrong("the name of a file is missing, see \"%s\"", help);
	return *file && replace_file(*file);
}

/* Remove "dev DEV" from a line in the format of "show". */
static bool cut_dev(char **words, const char *dev)
{
	const char *found = NULL;
	char **first = words;
	char **to = words;

	for (; *words; words++) {
		if (strcmp(*words, "dev")) {
			*to++ = *words;
			continue;
		}
		if (!words_dev(&found, words))
			return false;
		words++;
		if (strcmp(found, dev)) {
			wrong("\"dev %s\": expected \"dev %s\"", found, dev);
			return false;
		}
	}

	*to = NULL;
	if (to == first)
		wrong("\"dev %s\": the entry is missing", dev);
	return to > first;
}

static bool read_line(char **words, const struct row_kind *kind)
{
	bool first = true;
	int used;

	for (; *words; words += used) {
		used = kind->parse(words, first);
		if (used < 0)
			return false;
		first = false;
	}
	rows_take(&entries, kind);
	return true;
}

static bool read_table(struct lines *lines, const char *dev,
		       const struct row_kind *kind)
{
	char **words;

	kind->clear();
	while ((words = lines_next(lines)))
		if (!cut_dev(words, dev) || !read_line(words, kind))
			return false;

	return true;
}

/**
 * replace_ask - send a request without entries
 * @cmd: command of the family
 * @dev: name of the device, NULL if the command has none
 * @table: flag of the table, 0 if the command has none
 * @answer: answer of the kernel
 *
 * Return: false if the kernel cannot be reached, which has been reported.
 */
bool replace_ask(uint8_t cmd, const char *dev, uint32_t table,
		 struct nl_answer *answer)
{
	char buf[512] __attribute__((aligned(8)));
	struct nlmsghdr *nlh;

	nlh = genl_request(buf, cmd, NLM_F_ACK, dev);
	if (table)
		mnl_attr_put_u32(nlh, NAT64_A_TABLES, table);
	return genl_talk(nlh, answer, NULL, NULL);
}

/* @command: place for error messages that are not about an entry. */
static bool send_table(const char *dev, const struct place *command,
		       const struct row_kind *kind)
{
	struct nl_answer answer;
	size_t i = 0;

	if (!replace_ask(NAT64_CMD_REPLACE_BEGIN, dev, kind->table, &answer))
		return false;
	while (!answer.error && i < entries.count)
		if (!rows_send(&entries, &i, NAT64_CMD_REPLACE_ADD, 0, NULL,
			       &answer))
			return false;
	if (!answer.error &&
	    !replace_ask(NAT64_CMD_REPLACE_COMMIT, NULL, 0, &answer))
		return false;
	if (!answer.error) {
		if (answer.text[0])
			complain(STATUS_OK, "warning: %s", answer.text);
		return true;
	}

	if (answer.offset && i < entries.count) {
		place.line = entries.row[i].line;
		genl_ok(&answer, dev, row_text(&entries.row[i]));
	} else {
		place = *command;
		genl_ok(&answer, dev, NULL);
	}
	replace_ask(NAT64_CMD_REPLACE_ABORT, NULL, 0, &answer);
	return false;
}

/**
 * replace_run - the command "replace" of a table
 * @words: arguments
 * @kind: table
 */
bool replace_run(char **words, const struct row_kind *kind)
{
	const char *dev, *file;
	struct lines lines;
	bool ok;

	if (!parse_words(&dev, &file, words, kind->help) || !queue_ready() ||
	    !lines_open(&lines, file))
		return false;

	ok = read_table(&lines, dev, kind) && !ferror(lines.file) &&
	     send_table(dev, &lines.before, kind);
	rows_free(&entries);
	return lines_close(&lines) && ok;
}
