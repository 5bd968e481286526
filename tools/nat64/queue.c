// SPDX-License-Identifier: GPL-2.0
/*
 * nat64(8) - changes of entries of a table. In a batch they wait for more of
 * their kind: a message for each would take ten times as long. A message is all
 * or nothing; so that nothing is done of what follows a line that fails, there
 * is only one at a time on its way.
 */
#include <linux/nat64_netlink.h>
#include <stdio.h>
#include <string.h>

#include "nl.h"
#include "tool.h"

/* Bytes that an entry may have in a message, and its text. */
#define ITEM_SIZE	96
#define ITEM_TEXT	160

/**
 * struct item - an entry
 * @line: where in the batch it was asked for
 * @end: where in the message it ends
 * @size: of @attr
 * @attr: as it is in the message
 * @text: what it is called in complaints
 */
struct item {
	unsigned int line;
	uint32_t end;
	uint32_t size;
	char attr[ITEM_SIZE];
	char text[ITEM_TEXT];
};

/* @flags: of nlmsghdr
 * @max: entries that a message holds
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

/* Where the line of item @i begins in the queue, and where it ends. */
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

/* Where a message ends that begins with item @begin and should hold @count:
 * with whole lines, unless one is too long for a message.
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

/* The item that the kernel refuses a message for, or @end. */
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
 * send_queue - one message of what is in the queue
 * @begin: item it begins with; becomes that of the next message
 * @count: items that should be in a message; adapts
 *
 * A refused message is sent again without the line that is to blame and what
 * follows that; then that line is the first, and skipped.
 *
 * Return: false if it was skipped, or nothing can be sent at all.
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
		/* Not told which; ask for the first line alone. */
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
 * queue_finish - carry out the changes that wait
 *
 * Return: false if one failed; without -force nothing that comes after it is
 * done.
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
 * queue_begin - begin with the changes that a line asks for
 * @cmd: command of the family
 * @flags: of nlmsghdr, such as NLM_F_CREATE
 * @dev: name of the device
 * @count: number of entries
 * @size: most bytes that one has
 *
 * Return: false if what waited has failed, and this is not to be done.
 */
bool queue_begin(uint8_t cmd, uint16_t flags, const char *dev, size_t count,
		 size_t size)
{
	/* with room for the headers and the device */
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
 * queue_entry - begin with an entry
 * @buf: room for it, NL_ENTRY_SIZE
 *
 * Return: message for its attribute, and nothing else.
 */
struct nlmsghdr *queue_entry(void *buf)
{
	return mnl_nlmsg_put_header(buf);
}

/**
 * queue_add - end with it
 * @nlh: what queue_entry() returned
 * @text: what it is called in complaints
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
 * queue_end - end with the line; in a batch it waits for more
 *
 * Return: false if it failed.
 */
bool queue_end(void)
{
	return place.file || queue_finish();
}

/**
 * queue_ready - be ready for a command that does not wait
 *
 * Return: false if what waited has failed, or there is no family.
 */
bool queue_ready(void)
{
	return (queue_finish() || options.force) && genl_open();
}
