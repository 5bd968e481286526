// SPDX-License-Identifier: GPL-2.0
/*
 * nat64(8) - commands that list rows of a table: explicit address mappings or
 * entries of pool4.
 */
#include <stdlib.h>
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

/**
 * rows_add - keep a row
 * @rows: rows so far
 * @nlh: message with nothing but the attribute of the row
 * @text: the row as text
 *
 * The row is from the current line.
 */
void rows_add(struct rows *rows, const struct nlmsghdr *nlh, const char *text)
{
	size_t size = mnl_nlmsg_get_payload_len(nlh);
	struct row *row;

	rows->row = grow(rows->row, rows->count, &rows->room, sizeof(*row));
	row = &rows->row[rows->count++];
	row->line = place.line;
	row->size = size;
	row->data = allocate(NULL, size + strlen(text) + 1, 1);
	memcpy(row->data, mnl_nlmsg_get_payload(nlh), size);
	strcpy(row->data + size, text);
}

/**
 * rows_take - keep the rows that were parsed or loaded
 * @rows: rows so far
 * @kind: table; forgets them
 */
void rows_take(struct rows *rows, const struct row_kind *kind)
{
	char buf[NL_ENTRY_SIZE] __attribute__((aligned(8)));
	struct nlmsghdr *nlh;
	size_t i;

	for (i = 0; i < kind->count(); i++) {
		nlh = mnl_nlmsg_put_header(buf);
		kind->put(nlh, i);
		rows_add(rows, nlh, kind->text(i));
	}
	kind->clear();
}

const char *row_text(const struct row *row)
{
	return row->data + row->size;
}

void row_put(struct nlmsghdr *nlh, const struct row *row)
{
	memcpy(mnl_nlmsg_get_payload_tail(nlh), row->data, row->size);
	nlh->nlmsg_len += row->size;
}

/**
 * rows_ask - add as many rows as fit to a request, and send it
 * @rows: rows
 * @i: first row, updated to the next one, or to the refused one
 * @nlh: request, in a buffer of size NL_REQUEST_SIZE
 * @answer: answer of the kernel
 * @entry: called for the messages of the answer, may be NULL
 * @data: for @entry
 *
 * Return: false if the kernel cannot be reached, which has been reported.
 */
bool rows_ask(const struct rows *rows, size_t *i, struct nlmsghdr *nlh,
	      struct nl_answer *answer, nl_entry *entry, void *data)
{
	size_t end, begin = *i;
	uint32_t at = nlh->nlmsg_len;

	for (end = begin; end < rows->count; end++) {
		if (nlh->nlmsg_len + rows->row[end].size > NL_REQUEST_SIZE)
			break;
		row_put(nlh, &rows->row[end]);
	}
	*i = end;
	if (!genl_talk(nlh, answer, entry, data))
		return false;
	if (!answer->error)
		return true;

	for (*i = begin; *i < end - 1; (*i)++) {
		at += rows->row[*i].size;
		if (answer->offset < at)
			break;
	}
	return true;
}

/**
 * rows_send - send as many rows as fit into a message
 * @rows: rows
 * @i: first row, updated to the next one, or to the refused one
 * @cmd: command of the family
 * @flags: of nlmsghdr
 * @dev: name of the device, NULL if the command has none
 * @answer: answer of the kernel
 *
 * Return: false if the kernel cannot be reached, which has been reported.
 */
bool rows_send(const struct rows *rows, size_t *i, uint8_t cmd, uint16_t flags,
	       const char *dev, struct nl_answer *answer)
{
	static char buf[NL_REQUEST_SIZE] __attribute__((aligned(8)));

	return rows_ask(rows, i, genl_request(buf, cmd, NLM_F_ACK | flags, dev),
			answer, NULL, NULL);
}

void rows_free(struct rows *rows)
{
	while (rows->count)
		free(rows->row[--rows->count].data);
	free(rows->row);
	memset(rows, 0, sizeof(*rows));
}
