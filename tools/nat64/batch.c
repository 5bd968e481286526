// SPDX-License-Identifier: GPL-2.0
/*
 * nat64(8) - commands from a file.
 */
#include "tool.h"

/**
 * run_batch - run the commands in a file
 * @name: its name, "-" for standard input
 */
void run_batch(const char *name)
{
	struct lines lines;
	char **words;

	if (!lines_open(&lines, name))
		return;

	while ((words = lines_next(&lines)))
		if (!run_command(words) && !options.force)
			break;
	queue_finish();
	lines_close(&lines);
}
