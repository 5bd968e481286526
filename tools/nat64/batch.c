// SPDX-License-Identifier: GPL-2.0
/*
 * nat64(8) - batch mode.
 */
#include "tool.h"

/**
 * run_batch - run the commands in a file
 * @name: name of the file, "-" for standard input
 * @run: runs a command line
 */
void run_batch(const char *name, bool (*run)(char **words))
{
	struct lines lines;
	char **words;

	if (!lines_open(&lines, name))
		return;

	while ((words = lines_next(&lines)))
		if (!run(words) && !options.force)
			break;
	queue_finish();
	lines_close(&lines);
}
