// SPDX-License-Identifier: GPL-2.0
/*
 * nat64(8) - make a device what a configuration says. What may fail for reasons
 * outside the configuration comes first: ports of static bindings that a socket
 * of the host has. The steps that end sessions come last.
 */
#include <linux/nat64_netlink.h>
#include <stdlib.h>
#include <string.h>

#include "conf.h"
#include "flow.h"
#include "nl.h"
#include "tool.h"

static int by_text(const void *a, const void *b)
{
	return strcmp(row_text(a), row_text(b));
}

static void add_row(struct rows *rows, const struct row *row)
{
	rows->row = grow(rows->row, rows->count, &rows->room, sizeof(*row));
	rows->row[rows->count++] = *row;
}

/* Sorted copy of an array of rows, which shares their data. */
static struct rows sorted(const struct rows *rows)
{
	struct rows copy = { };
	size_t i;

	for (i = 0; i < rows->count; i++)
		add_row(&copy, &rows->row[i]);
	if (copy.count)
		qsort(copy.row, copy.count, sizeof(*copy.row), by_text);
	return copy;
}

/* The rows of @from that @without does not have; both are sorted. */
static struct rows difference(const struct rows *from,
			      const struct rows *without)
{
	struct rows rows = { };
	size_t i, j = 0;
	int by;

	for (i = 0; i < from->count; i++) {
		do
			by = j < without->count ?
			     by_text(&without->row[j], &from->row[i]) : 1;
		while (by < 0 && ++j);
		if (by)
			add_row(&rows, &from->row[i]);
	}

	return rows;
}

/**
 * struct statics - changes of static bindings
 * @old: sorted bindings before
 * @new: sorted bindings after
 * @gone: those of @old that are not in @new
 * @added: those of @new that are not in @old
 */
struct statics {
	struct rows old;
	struct rows new;
	struct rows gone;
	struct rows added;
};

static void statics_compare(struct statics *statics, const struct rows *before,
			    const struct rows *after)
{
	static const struct rows none;

	statics->old = sorted(before ?: &none);
	statics->new = sorted(after);
	statics->gone = difference(&statics->old, &statics->new);
	statics->added = difference(&statics->new, &statics->old);
}

static void statics_free(struct statics *statics)
{
	free(statics->old.row);
	free(statics->new.row);
	free(statics->gone.row);
	free(statics->added.row);
}

/* The binding of a row, from its text. */
static bool row_flow(struct flow *flow, const struct row *row, const char *dev)
{
	char text[FLOW_TEXT], *words[6] = { }, *next = text;
	size_t i;

	strcpy(text, row_text(row));
	for (i = 0; i < 3; i++)
		words[i] = strsep(&next, " ");
	words[3] = "dev";
	words[4] = (char *)dev;
	return change_parse(flow, &dev, words, &bib_kind);
}

static void keep_flow(const struct nlmsghdr *nlh, void *data)
{
	flow_parse(data, nlh, &bib_kind);
}

static bool send_flow(const struct flow *flow, uint8_t cmd, uint16_t flags,
		      const char *dev, struct nl_answer *answer,
		      struct flow *found)
{
	char buf[NL_ENTRY_SIZE + 256] __attribute__((aligned(8)));
	struct nlmsghdr *nlh;

	nlh = genl_request(buf, cmd, NLM_F_ACK | flags, dev);
	flow_put(nlh, flow, &bib_kind);
	return genl_talk(nlh, answer, keep_flow, found);
}

/* Another host's binding may have the address and port of a new one. */
static bool make_room(const struct row *row, const char *dev)
{
	struct flow flow, found = { };
	struct nl_answer answer;

	if (!row_flow(&flow, row, dev))
		return false;
	flow.has_host = false;
	if (!send_flow(&flow, NAT64_CMD_BINDING_GET, 0, dev, &answer, &found))
		return false;
	if (answer.error || (!memcmp(&found.addr6, &flow.addr6,
				     sizeof(flow.addr6)) &&
			     found.port6 == flow.port6))
		return true;

	found.has_host = true;
	return send_flow(&found, NAT64_CMD_BINDING_DEL, 0, dev, &answer, NULL);
}

static bool add_statics(const struct statics *statics, const char *dev,
			unsigned int line, bool exists)
{
	const struct rows *added = &statics->added;
	uint16_t flags = NLM_F_CREATE |
			 (exists ? NLM_F_REPLACE : NLM_F_EXCL);
	struct nl_answer answer;
	size_t i;

	for (i = 0; exists && i < added->count; i++)
		if (!make_room(&added->row[i], dev))
			return false;

	for (i = 0; i < added->count;) {
		if (!rows_send(added, &i, NAT64_CMD_BINDING_ADD, flags, dev,
			       &answer))
			return false;
		if (!answer.error)
			continue;
		/* Without an offset, it may be any row of the message. */
		place.line = answer.offset ? added->row[i].line : line;
		return genl_ok(&answer, dev, row_text(&added->row[i]));
	}

	return true;
}

/* The host of a binding has another one now, which replaced it. */
static bool is_replaced(const struct row *row, const struct rows *added)
{
	const char *text = row_text(row);
	size_t i, size = strcspn(strchr(text, ' ') + 1, " ") + 1;
	size_t low = 0, high = added->count;
	int by;

	size += strchr(text, ' ') + 1 - text;
	while (low < high) {
		i = low + (high - low) / 2;
		by = strncmp(row_text(&added->row[i]), text, size);
		if (!by)
			return true;
		if (by < 0)
			low = i + 1;
		else
			high = i;
	}

	return false;
}

/* A binding that is not static any more becomes a dynamic one, which lives on
 * while it has sessions and is in pool4. Without sessions, it cannot.
 */
static bool loosen(const struct row *row, const char *dev)
{
	struct nl_answer answer;
	struct flow flow;

	if (!row_flow(&flow, row, dev) ||
	    !send_flow(&flow, NAT64_CMD_BINDING_ADD,
		       NLM_F_CREATE | NLM_F_REPLACE, dev, &answer, NULL))
		return false;
	if (!answer.error)
		return true;

	/* It may be gone already, which does not matter. */
	return send_flow(&flow, NAT64_CMD_BINDING_DEL, 0, dev, &answer, NULL);
}

static bool loosen_all(const struct statics *statics, const char *dev)
{
	size_t i;

	for (i = 0; i < statics->gone.count; i++)
		if (!is_replaced(&statics->gone.row[i], &statics->added) &&
		    !loosen(&statics->gone.row[i], dev))
			return false;

	return true;
}

/* The host of a new binding may be in the old pool6, where it is refused. */
static bool is_moved(const struct conf *conf, const struct conf *before)
{
	return before->pool6.len != conf->pool6.len ||
	       memcmp(&before->pool6.addr, &conf->pool6.addr,
		      sizeof(conf->pool6.addr));
}

static bool apply_stateful(struct conf *conf, const struct conf *before,
			   bool quiet)
{
	bool moved = before && is_moved(conf, before);
	struct statics statics;
	bool ok;

	statics_compare(&statics, before ? &before->statics : NULL,
			&conf->statics);
	ok = (!moved || link_send(conf, false, quiet)) &&
	     add_statics(&statics, conf->name, conf->line, before) &&
	     (!before || moved || link_send(conf, false, quiet)) &&
	     loosen_all(&statics, conf->name);
	statics_free(&statics);
	return ok;
}

static bool stage_eam(const struct conf *conf)
{
	struct nl_answer answer;
	size_t i = 0;

	place.line = conf->line;
	if (!replace_ask(NAT64_CMD_REPLACE_BEGIN, conf->name, NAT64_TABLES_EAM,
			 &answer) || !genl_ok(&answer, conf->name, NULL))
		return false;
	while (!answer.error && i < conf->eam.count)
		if (!rows_send(&conf->eam, &i, NAT64_CMD_REPLACE_ADD, 0, NULL,
			       &answer))
			return false;
	if (!answer.error)
		return true;

	/* Without an offset, it may be any row of the message. */
	if (answer.offset)
		place.line = conf->eam.row[i].line;
	return genl_ok(&answer, conf->name, row_text(&conf->eam.row[i]));
}

/* The kernel has checked the mappings before anything changes. */
static bool apply_stateless(struct conf *conf, const struct conf *before,
			    bool quiet)
{
	struct nl_answer answer;
	bool ok;

	ok = stage_eam(conf) && (!before || link_send(conf, false, quiet));
	if (!replace_ask(ok ? NAT64_CMD_REPLACE_COMMIT :
			      NAT64_CMD_REPLACE_ABORT, NULL, 0, &answer) || !ok)
		return false;

	place.line = conf->line;
	return genl_ok(&answer, conf->name, NULL);
}

/**
 * apply - create or change a device
 * @conf: configuration
 * @before: configuration of the device, NULL if it does not exist
 * @quiet: for a rehearsal: no log and no warnings
 *
 * Return: false on error, which has been reported; then an existing device may
 *	have some of the changes, and a new one is deleted.
 */
bool apply(struct conf *conf, const struct conf *before, bool quiet)
{
	bool ok;

	if (!before && !link_send(conf, true, quiet))
		return false;

	ok = keys_stateless(conf) ? apply_stateless(conf, before, quiet) :
				    apply_stateful(conf, before, quiet);
	/* Before the device is up: packets of a session that is not there yet
	 * would make another one, or be dropped.
	 */
	ok = ok && sessions_set(conf, quiet) && link_set_state(conf);
	if (!ok && !before)
		link_delete(conf->name);
	return ok;
}
