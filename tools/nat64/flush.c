// SPDX-License-Identifier: GPL-2.0
/*
 * nat64(8) - remove all entries of a table, or those that match.
 */
#include <libmnl/libmnl.h>

#include "nl.h"
#include "tool.h"

/**
 * flush_send - send a request to flush a table
 * @nlh: request
 * @dev: name of the device
 */
bool flush_send(struct nlmsghdr *nlh, const char *dev)
{
	struct nl_answer answer;

	return genl_talk(nlh, &answer, NULL, NULL) &&
	       genl_ok(&answer, dev, NULL);
}

/**
 * flush_run - the command "flush" of a table without filters
 * @cmd: command of the family
 * @words: arguments
 * @help: help command that explains them
 */
bool flush_run(uint8_t cmd, char **words, const char *help)
{
	char buf[512] __attribute__((aligned(8)));
	const char *dev;

	return words_only_dev(&dev, words, help) &&
	       words_given(dev, "dev DEV") && queue_ready() &&
	       flush_send(genl_request(buf, cmd, NLM_F_ACK, dev), dev);
}
