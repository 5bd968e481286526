// SPDX-License-Identifier: GPL-2.0
/*
 * nat64(8) - commands that list rows of a table: explicit address mappings or
 * entries of pool4.
 */
#include <string.h>

#include "nl.h"
#include "tool.h"

/**
 * rows_parse - parse "dev DEV" and rows, at least one
 * @dev: name of the device
 * @words: arguments
 * @kind: table
 */
bool rows_parse(const char **dev, char **words, const struct row_kind *kind)
{
	int used;

	kind->clear();
	for (*dev = NULL; *words; words += used) {
		if (!strcmp(*words, "dev"))
			used = words_dev(dev, words) ? 2 : -1;
		else
			used = kind->parse(words, !kind->count());
		if (used < 0)
			return false;
	}

	return words_given(*dev, "dev DEV") &&
	       words_given(kind->count(), kind->form);
}

/**
 * rows_change - the command "add" or "del"
 * @cmd: command of the family
 * @flags: of nlmsghdr
 * @words: arguments
 * @kind: table
 */
bool rows_change(uint8_t cmd, uint16_t flags, char **words,
		 const struct row_kind *kind)
{
	char buf[NL_ENTRY_SIZE] __attribute__((aligned(8)));
	struct nlmsghdr *nlh;
	const char *dev;
	size_t i;

	if (!rows_parse(&dev, words, kind) ||
	    !queue_begin(cmd, flags, dev, kind->count(), kind->size))
		return false;

	for (i = 0; i < kind->count(); i++) {
		nlh = queue_entry(buf);
		kind->put(nlh, i);
		queue_add(nlh, kind->text(i));
	}
	return queue_end();
}
