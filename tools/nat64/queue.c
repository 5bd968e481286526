// SPDX-License-Identifier: GPL-2.0
/*
 * nat64(8) - queue of changes to a table. A batch combines changes of the same
 * kind into one message, which is ten times faster than one message each. A
 * message succeeds or fails as a whole. Only one message is sent at a time, so
 * that no line after a failed one is executed.
 */
#include <linux/nat64_netlink.h>
#include <stdio.h>
#include <string.h>

#include "nl.h"
#include "tool.h"

/* Maximum size of an entry in a message, and of its text. */
#define ITEM_SIZE	96
#define ITEM_TEXT	160

/**
 * struct item - a queued entry
 * @line: line of the batch
 * @end: offset of its end in the message
 * @size: size of @attr
 * @attr: attribute
 * @text: entry as text, for error messages
 */
struct item {
	unsigned int line;
	uint32_t end;
	uint32_t size;
	char attr[ITEM_SIZE];
	char text[ITEM_TEXT];
};

/* @flags: of nlmsghdr
 * @max: maximum number of entries in a message
 */
static struct {
	uint8_t cmd;
	uint16_t flags;
	char dev[NAME_SIZE];
	struct item *item;
	size_t count;
	size_t room;
	size_t max;
} queue;

/* First item of the line of item @i, and end of the line. */
static size_t line_begin(size_t i)
{
	const struct item *item = queue.item;

	while (i && item[i - 1].line == item[i].line)
		i--;
	return i;
}

static size_t line_end(size_t i)
{
	const struct item *item = queue.item;
	unsigned int line = item[i].line;

	while (i < queue.count && item[i].line == line)
		i++;
	return i;
}

/* End of a message that begins with item @begin and should contain @count
 * items. Lines are not split, unless one is too long for a message.
 */
static size_t message_end(size_t begin, size_t count)
{
	size_t end = begin + count;

	if (end >= queue.count)
		return queue.count;
	if (line_begin(end) > begin)
		return line_begin(end);

	end = line_end(begin);
	return end - begin > queue.max ? begin + queue.max : end;
}

static void complain_of_line(size_t i, const struct nl_answer *answer,
			     bool of_item)
{
	const struct item *item = &queue.item[i];
	unsigned int line = place.line;

	place.line = item->line;
	genl_ok(answer, queue.dev, of_item ? item->text : NULL);
	place.line = line;
}

/* Item with the invalid attribute, @end if unknown. */
static size_t refused_item(const struct nl_answer *answer, size_t begin,
			   size_t end)
{
	const struct item *item = queue.item;
	size_t i;

	if (answer->offset < item[begin].end - item[begin].size)
		return end;
	for (i = begin; i < end; i++)
		if (answer->offset < item[i].end)
			return i;

	return end;
}

static struct nlmsghdr *build(void *buf, size_t begin, size_t end)
{
	struct nlmsghdr *nlh;
	struct item *item;

	nlh = genl_request(buf, queue.cmd, NLM_F_ACK | queue.flags, queue.dev);
	for (item = &queue.item[begin]; item < &queue.item[end]; item++) {
		memcpy(mnl_nlmsg_get_payload_tail(nlh), item->attr,
		       item->size);
		nlh->nlmsg_len += item->size;
		item->end = nlh->nlmsg_len;
	}

	return nlh;
}

/**
 * send_queue - send one message
 * @begin: first item, updated to that of the next message
 * @count: number of items that a message should contain, adapted
 *
 * After an error, the message is sent again without the failed line and the
 * lines after it. The failed line is then the first one, and skipped.
 *
 * Return: false if a line was skipped, or nothing can be sent.
 */
static bool send_queue(size_t *begin, size_t *count)
{
	static char buf[NL_REQUEST_SIZE] __attribute__((aligned(8)));
	size_t bad, end = message_end(*begin, *count);
	struct nl_answer answer;

	if (!genl_talk(build(buf, *begin, end), &answer, NULL, NULL)) {
		*begin = queue.count;
		return false;
	}

	if (!answer.error) {
		if (answer.text[0])
			complain(STATUS_OK, "warning: %s", answer.text);
		*begin = end;
		*count = *count > queue.max / 2 ? queue.max : 2 * *count;
		return true;
	}

	bad = refused_item(&answer, *begin, end);
	if (bad == end && line_end(*begin) < end) {
		/* The item is unknown; send the first line alone. */
		*count = 1;
		return true;
	}
	if (bad < end && line_begin(bad) > *begin) {
		*count = line_begin(bad) - *begin;
		return true;
	}

	complain_of_line(bad < end ? bad : *begin, &answer, bad < end);
	*begin = line_end(*begin);
	*count = 1;
	return false;
}

/**
 * queue_finish - send all queued changes
 *
 * Return: false if one failed; without -force, those after it are not sent.
 */
bool queue_finish(void)
{
	size_t begin = 0, count = queue.max;
	bool ok = true;

	if (queue.count && !genl_open()) {
		queue.count = 0;
		return false;
	}

	while (begin < queue.count && (ok || options.force))
		ok &= send_queue(&begin, &count);
	queue.count = 0;
	return ok;
}

/**
 * queue_begin - begin the changes of a line
 * @cmd: command of the family
 * @flags: of nlmsghdr, such as NLM_F_CREATE
 * @dev: name of the device
 * @count: number of entries
 * @size: maximum size of an entry
 *
 * Return: false if an earlier line failed and this one must not be executed.
 */
bool queue_begin(uint8_t cmd, uint16_t flags, const char *dev, size_t count,
		 size_t size)
{
	/* leaves room for the headers and the device name */
	size_t max = (NL_REQUEST_SIZE - 256) / size;

	if (queue.cmd == cmd && queue.flags == flags &&
	    !strcmp(queue.dev, dev) && queue.count + count <= max)
		return true;

	if (!queue_finish() && !options.force)
		return false;
	queue.cmd = cmd;
	queue.flags = flags;
	queue.max = max;
	strcpy(queue.dev, dev);
	return true;
}

/**
 * queue_entry - begin an entry
 * @buf: buffer of size NL_ENTRY_SIZE
 *
 * Return: message to which the attribute of the entry is added.
 */
struct nlmsghdr *queue_entry(void *buf)
{
	return mnl_nlmsg_put_header(buf);
}

/**
 * queue_add - add the entry to the queue
 * @nlh: message from queue_entry()
 * @text: entry as text, for error messages
 */
void queue_add(const struct nlmsghdr *nlh, const char *text)
{
	struct item *item;

	queue.item = grow(queue.item, queue.count, &queue.room,
			  sizeof(*queue.item));
	item = &queue.item[queue.count++];
	item->line = place.line;
	item->size = mnl_nlmsg_get_payload_len(nlh);
	memcpy(item->attr, mnl_nlmsg_get_payload(nlh), item->size);
	snprintf(item->text, sizeof(item->text), "%s", text);
}

/**
 * queue_end - end the changes of a line; send them unless this is a batch
 *
 * Return: false if a change failed.
 */
bool queue_end(void)
{
	return place.file || queue_finish();
}

/**
 * queue_ready - prepare for a command that is not queued
 *
 * Return: false if an earlier line failed, or the family does not exist.
 */
bool queue_ready(void)
{
	return (queue_finish() || options.force) && genl_open();
}
