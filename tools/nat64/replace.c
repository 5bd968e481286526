// SPDX-License-Identifier: GPL-2.0
/*
 * nat64(8) - atomically replace a table with the contents of a file. The
 * kernel stages the entries for the socket, and drops them when it is closed.
 */
#include <linux/nat64_netlink.h>
#include <stdlib.h>
#include <string.h>

#include "nl.h"
#include "tool.h"

/* Line of each entry. */
static unsigned int *entry_lines;
static size_t entry_room;

static bool parse_words(const char **dev, const char **file, char **words,
			const char *help)
{
	if (!words_dev_and(dev, file, words, help))
		return false;
	if (!*file)
		wrong("the name of a file is missing, see \"%s\"", help);
	else if (!strcmp(*file, "-") && place.file &&
		 !strcmp(place.file, "stdin"))
		wrong("\"-\": standard input is in use by -batch");
	else
		return true;

	return false;
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
	size_t before = kind->count();
	bool first = true;
	int used;

	for (; *words; words += used) {
		used = kind->parse(words, first);
		if (used < 0)
			return false;
		first = false;
	}
	for (; before < kind->count(); before++) {
		entry_lines = grow(entry_lines, before, &entry_room,
				   sizeof(*entry_lines));
		entry_lines[before] = place.line;
	}

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

/* Send a request without entries. */
static bool ask(uint8_t cmd, const char *dev, uint32_t table,
		struct nl_answer *answer)
{
	char buf[512] __attribute__((aligned(8)));
	struct nlmsghdr *nlh;

	nlh = genl_request(buf, cmd, NLM_F_ACK, dev);
	if (table)
		mnl_attr_put_u32(nlh, NAT64_A_TABLES, table);
	return genl_talk(nlh, answer, NULL, NULL);
}

/* Send one message with entries from @i on. @i is updated to the next entry,
 * or to the refused one.
 */
static bool send_some(size_t *i, struct nl_answer *answer,
		      const struct row_kind *kind)
{
	static char buf[NL_REQUEST_SIZE] __attribute__((aligned(8)));
	size_t begin = *i, end = begin + (NL_REQUEST_SIZE - 256) / kind->size;
	struct nlmsghdr *nlh;
	uint32_t at;

	if (end > kind->count())
		end = kind->count();
	nlh = genl_request(buf, NAT64_CMD_REPLACE_ADD, NLM_F_ACK, NULL);
	while (*i < end)
		kind->put(nlh, (*i)++);
	if (!genl_talk(nlh, answer, NULL, NULL))
		return false;
	if (!answer->error)
		return true;

	/* Build the message again to find the entry at the offset. */
	nlh = genl_request(buf, NAT64_CMD_REPLACE_ADD, NLM_F_ACK, NULL);
	for (*i = begin; *i < end - 1; (*i)++) {
		at = nlh->nlmsg_len;
		kind->put(nlh, *i);
		if (answer->offset >= at && answer->offset < nlh->nlmsg_len)
			break;
	}
	return true;
}

/* @command: place for error messages that are not about an entry. */
static bool send_table(const char *dev, const struct place *command,
		       const struct row_kind *kind)
{
	struct nl_answer answer;
	size_t i = 0;

	if (!ask(NAT64_CMD_REPLACE_BEGIN, dev, kind->table, &answer))
		return false;
	while (!answer.error && i < kind->count())
		if (!send_some(&i, &answer, kind))
			return false;
	if (!answer.error &&
	    !ask(NAT64_CMD_REPLACE_COMMIT, NULL, 0, &answer))
		return false;
	if (!answer.error) {
		if (answer.text[0])
			complain(STATUS_OK, "warning: %s", answer.text);
		return true;
	}

	if (answer.offset && i < kind->count()) {
		place.line = entry_lines[i];
		genl_ok(&answer, dev, kind->text(i));
	} else {
		place = *command;
		genl_ok(&answer, dev, NULL);
	}
	ask(NAT64_CMD_REPLACE_ABORT, NULL, 0, &answer);
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
	return lines_close(&lines) && ok;
}
