// SPDX-License-Identifier: GPL-2.0-only
/* mark TEXT: like echo, but the plugin counts the instructions of the kernel
 * while it writes. Writing "start" to pktgen's control file takes as long as
 * pktgen runs.
 * mark --row NAME: the plugin saves what was counted last under this name.
 */
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "mark.h"

int main(int argc, char **argv)
{
	char line[256];
	ssize_t done;
	int len;

	if (argc == 3 && !strcmp(argv[1], "--row")) {
		for (const char *c = argv[2]; *c; c++)
			mark(*c & 127);
		mark(MARK_END);
		return 0;
	}
	if (argc != 2) {
		fprintf(stderr, "usage: mark TEXT | --row NAME\n");
		return 2;
	}
	len = snprintf(line, sizeof(line), "%s\n", argv[1]);
	if (len >= (int)sizeof(line)) {
		fprintf(stderr, "mark: TEXT is too long\n");
		return 2;
	}
	mark(MARK_START);
	done = write(STDOUT_FILENO, line, len);
	mark(MARK_STOP);
	if (done != len) {
		perror("mark: write");
		return 1;
	}
	return 0;
}
