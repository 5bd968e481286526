// SPDX-License-Identifier: GPL-2.0
/*
 * nat64(8) - make devices what the statements of a file say, all or nothing:
 * the file is read as a whole, then the kernel makes such devices in an empty
 * network namespace, as a rehearsal, and then the devices themselves change. If
 * that fails nevertheless, they get their configuration back.
 */
#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "conf.h"
#include "nl.h"
#include "tool.h"

#define NETNS	"/proc/self/ns/net"

/* Read the configuration of devices that exist. */
static bool read_before(struct confs *before, const struct confs *confs)
{
	const struct conf *conf, *now;
	size_t i;

	for (i = 0; i < confs->count; i++) {
		conf = &confs->conf[i];
		place.line = conf->line;
		if (!conf_read(before, conf->name))
			return false;
		now = conf_find(before, conf->name);
		if (now && keys_stateless(now) != keys_stateless(conf)) {
			place.line = conf->value_line[0] ?: conf->line;
			complain(STATUS_KERNEL,
				 "\"mode\": dev %s is %s, which cannot be changed; delete it first",
				 conf->name, keys_stateless(now) ?
				 "stateless" : "stateful");
			return false;
		}
	}

	for (i = 0; i < before->count; i++)
		if (!conf_read_tables(&before->conf[i]))
			return false;
	return true;
}

/* Create the devices in this network namespace, to see whether the kernel takes
 * all of it. They are never up.
 */
static bool rehearse_here(struct confs *confs)
{
	struct conf *conf;
	enum conf_state state;
	bool ok = true;
	size_t i;

	for (i = 0; ok && i < confs->count; i++) {
		conf = &confs->conf[i];
		state = conf->state;
		conf->state = CONF_STATE_ANY;
		ok = apply(conf, NULL, true);
		conf->state = state;
	}
	return ok;
}

/* Without the capability for a new network namespace, there is no rehearsal.
 * The namespace, and the devices, are gone when nothing uses it.
 */
static bool rehearse(struct confs *confs)
{
	int home = open(NETNS, O_RDONLY | O_CLOEXEC);
	struct mnl_socket *before;
	bool ok;

	if (home < 0 || unshare(CLONE_NEWNET)) {
		if (home >= 0)
			close(home);
		return true;
	}

	before = genl_swap(NULL);
	ok = genl_open() && rehearse_here(confs);
	before = genl_swap(before);
	if (before)
		mnl_socket_close(before);
	if (setns(home, CLONE_NEWNET)) {
		complain(STATUS_USAGE,
			 "cannot return to the network namespace: %s",
			 strerror(errno));
		ok = false;
	}
	close(home);
	return ok;
}

/* Give a device its configuration back, which another program may have changed
 * or deleted meanwhile.
 */
static void undo_change(struct conf *old)
{
	struct confs now = { };

	if (!conf_read(&now, old->name) || !now.count ||
	    !conf_read_tables(&now.conf[0]) ||
	    !apply(old, &now.conf[0], true))
		complain(STATUS_KERNEL,
			 "dev %s: cannot undo the changes that were made",
			 old->name);
	conf_free(&now);
}

static bool change(struct confs *confs, struct confs *before)
{
	struct conf *old;
	size_t i, end;

	for (end = 0; end < confs->count; end++) {
		old = conf_find(before, confs->conf[end].name);
		if (!apply(&confs->conf[end], old, false))
			break;
	}
	if (end == confs->count)
		return true;

	/* The last one first: it may have what one before it had. */
	for (i = end + 1; i-- > 0;) {
		old = conf_find(before, confs->conf[i].name);
		if (old)
			undo_change(old);
		else if (i < end)
			link_delete(confs->conf[i].name);
	}
	return false;
}

static bool restore(struct lines *lines)
{
	struct confs confs = { }, before = { };
	bool ok;

	ok = statements_read(&confs, lines) && read_before(&before, &confs) &&
	     rehearse(&confs) && change(&confs, &before);
	conf_free(&before);
	conf_free(&confs);
	return ok;
}

/* The command "restore". */
bool restore_run(char **words)
{
	struct lines lines;
	bool ok;

	if (*words && !strcmp(*words, "help")) {
		puts("Usage: nat64 restore { FILE | - }");
		return true;
	}
	if (!words_given(*words, "FILE"))
		return false;
	if (words[1]) {
		words_unexpected(words[1], "nat64 restore help");
		return false;
	}
	if (!replace_file(*words) || !queue_ready() ||
	    !lines_open(&lines, *words))
		return false;

	ok = restore(&lines);
	return lines_close(&lines) && ok;
}
