// SPDX-License-Identifier: GPL-2.0
/*
 * nat64(8) - a whole table replaced by what is in a file, at once. The kernel
 * collects it for our socket, and forgets it when we end.
 */
#include <linux/nat64_netlink.h>
#include <stdlib.h>
#include <string.h>

#include "nl.h"
#include "tool.h"

/* The lines that entries are from. */
static unsigned int *entry_lines;
static size_t entry_room;

static bool parse_words(const char **dev, const char **file, char **words,
			const char *help)
{
	*dev = NULL;
	*file = NULL;
	for (; *words; words++) {
		if (!strcmp(*words, "dev")) {
			if (!words_dev(dev, words))
				return false;
			words++;
		} else if (*file) {
			words_unexpected(*words, help);
			return false;
		} else {
			*file = *words;
		}
	}

	if (!*dev)
		wrong("\"dev DEV\" is missing");
	else if (!*file)
		wrong("the name of a file is missing, see \"%s\"", help);
	else if (!strcmp(*file, "-") && place.file &&
		 !strcmp(place.file, "stdin"))
		wrong("\"-\": the commands are in standard input");
	else
		return true;

	return false;
}

/* Takes the device out of a line, which a line that is shown has. */
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
			wrong("\"dev %s\": the table is that of %s", found, dev);
			return false;
		}
	}

	*to = NULL;
	if (to == first)
		wrong("\"dev %s\": the entry behind it is missing", dev);
	return to > first;
}

static void note_line(size_t count, size_t before)
{
	if (count > entry_room) {
		entry_room = 2 * count + 64;
		entry_lines = allocate(entry_lines, entry_room,
				       sizeof(*entry_lines));
	}
	while (before < count)
		entry_lines[before++] = place.line;
}

static bool read_table(struct lines *lines, const char *dev,
		       const struct replace_kind *kind)
{
	size_t before;
	char **words;

	kind->parse(NULL);
	while ((words = lines_next(lines))) {
		before = kind->count();
		if (!cut_dev(words, dev) || !kind->parse(words))
			return false;
		note_line(kind->count(), before);
	}

	return true;
}

/* A request that has no entries. */
static bool ask(uint8_t cmd, const char *dev, uint32_t table,
		struct nl_answer *answer)
{
	char buf[512] __attribute__((aligned(8)));
	struct nlmsghdr *nlh;

	nlh = genl_request(buf, cmd, NLM_F_ACK);
	if (dev) {
		mnl_attr_put_strz(nlh, NAT64_A_IFNAME, dev);
		mnl_attr_put_u32(nlh, NAT64_A_TABLES, table);
	}
	return genl_talk(nlh, answer, NULL, NULL);
}

/* One message of entries from @i on. Becomes the number of the next one, or of
 * the one that is refused.
 */
static bool send_some(size_t *i, struct nl_answer *answer,
		      const struct replace_kind *kind)
{
	static char buf[NL_REQUEST_SIZE] __attribute__((aligned(8)));
	size_t begin = *i, end = begin + (NL_REQUEST_SIZE - 256) / kind->size;
	struct nlmsghdr *nlh;
	uint32_t at;

	if (end > kind->count())
		end = kind->count();
	nlh = genl_request(buf, NAT64_CMD_REPLACE_ADD, NLM_F_ACK);
	while (*i < end)
		kind->put(nlh, (*i)++);
	if (!genl_talk(nlh, answer, NULL, NULL))
		return false;
	if (!answer->error)
		return true;

	/* All are built again to see where they begin. */
	nlh = genl_request(buf, NAT64_CMD_REPLACE_ADD, NLM_F_ACK);
	for (*i = begin; *i < end - 1; (*i)++) {
		at = nlh->nlmsg_len;
		kind->put(nlh, *i);
		if (answer->offset >= at && answer->offset < nlh->nlmsg_len)
			break;
	}
	return true;
}

/* @command: place of the command, which is complained of when no entry is */
static bool send_table(const char *dev, const struct place *command,
		       const struct replace_kind *kind)
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
		complain(STATUS_KERNEL, "%s: %s", kind->text(i),
			 nl_reason(&answer));
	} else {
		place = *command;
		complain(STATUS_KERNEL, "dev %s: %s", dev, nl_reason(&answer));
	}
	ask(NAT64_CMD_REPLACE_ABORT, NULL, 0, &answer);
	return false;
}

/**
 * replace_run - the command "replace" of a table
 * @words: those behind it
 * @kind: table
 */
bool replace_run(char **words, const struct replace_kind *kind)
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
