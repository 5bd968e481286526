// SPDX-License-Identifier: GPL-2.0-only
/*
 * nat64 - hold-down of ports before their reuse, RFC 6888 section 3, REQ-8: a
 * queue with four bytes per port. No timer: callers pass the current time.
 */
#include <linux/slab.h>

#include "holddown.h"

/* Entries of a chunk of 512 bytes. */
#define NAT64_HOLDDOWN_CHUNK	124

/**
 * struct nat64_holddown_entry - a port in hold-down
 * @port: port, 0 once removed
 * @later: time of its addition, in seconds after &nat64_holddown_chunk.start
 */
struct nat64_holddown_entry {
	u16 port;
	u16 later;
};

/**
 * struct nat64_holddown_chunk - a part of the queue
 * @next: newer chunk
 * @start: second in which the first port was added
 * @first: index of the oldest port
 * @end: index after the newest port; a chunk is freed when @first reaches it
 * @entry: ports in order of addition
 */
struct nat64_holddown_chunk {
	struct nat64_holddown_chunk *next;
	u32 start;
	u16 first;
	u16 end;
	struct nat64_holddown_entry entry[NAT64_HOLDDOWN_CHUNK];
};

/* Drop the oldest entries that are already removed. */
static void nat64_holddown_trim(struct nat64_holddown *queue)
{
	struct nat64_holddown_chunk *chunk;

	while ((chunk = queue->oldest)) {
		while (chunk->first < chunk->end) {
			if (chunk->entry[chunk->first].port)
				return;
			chunk->first++;
		}
		queue->oldest = chunk->next;
		if (!queue->oldest)
			queue->newest = NULL;
		kfree(chunk);
	}
}

/**
 * nat64_holddown_add - add a port
 * @queue: queue
 * @port: port, not 0, not in the queue
 * @now: current second
 *
 * Return: false if memory is short.
 */
bool nat64_holddown_add(struct nat64_holddown *queue, u16 port, u32 now)
{
	struct nat64_holddown_chunk *chunk = queue->newest;
	struct nat64_holddown_entry *entry;

	if (!chunk || chunk->end == NAT64_HOLDDOWN_CHUNK ||
	    now - chunk->start > U16_MAX) {
		chunk = kmalloc_obj(*chunk, queue->gfp | __GFP_NOWARN);
		if (!chunk)
			return false;
		chunk->next = NULL;
		chunk->start = now;
		chunk->first = 0;
		chunk->end = 0;
		if (queue->newest)
			queue->newest->next = chunk;
		else
			queue->oldest = chunk;
		queue->newest = chunk;
	}

	entry = &chunk->entry[chunk->end++];
	entry->port = port;
	entry->later = now - chunk->start;
	queue->count++;
	return true;
}

/**
 * nat64_holddown_due - has the hold-down of the oldest port ended?
 * @queue: queue
 * @now: current second
 * @seconds: duration of the hold-down
 *
 * Times are rounded down to seconds: wait for one more, so that the hold-down
 * is not shorter than configured.
 *
 * Return: true if it has
 */
bool nat64_holddown_due(const struct nat64_holddown *queue, u32 now,
			u32 seconds)
{
	const struct nat64_holddown_chunk *chunk = queue->oldest;
	s32 rested;

	if (!chunk)
		return false;

	/* Negative if another CPU has added it with a later clock. */
	rested = now - chunk->start - chunk->entry[chunk->first].later;
	return rested > (s32)seconds;
}

/**
 * nat64_holddown_pop - remove the oldest port
 * @queue: queue
 *
 * Return: port, 0 if there is none.
 */
u16 nat64_holddown_pop(struct nat64_holddown *queue)
{
	struct nat64_holddown_chunk *chunk = queue->oldest;
	u16 port;

	if (!chunk)
		return 0;

	port = chunk->entry[chunk->first++].port;
	queue->count--;
	nat64_holddown_trim(queue);
	return port;
}

/**
 * nat64_holddown_remove - remove a port
 * @queue: queue
 * @port: port, not 0
 *
 * Walks the whole queue: not for the packet path.
 *
 * Return: true if the port was in the queue.
 */
bool nat64_holddown_remove(struct nat64_holddown *queue, u16 port)
{
	struct nat64_holddown_chunk *chunk;
	unsigned int i;

	for (chunk = queue->oldest; chunk; chunk = chunk->next) {
		for (i = chunk->first; i < chunk->end; i++) {
			if (chunk->entry[i].port != port)
				continue;
			chunk->entry[i].port = 0;
			queue->count--;
			nat64_holddown_trim(queue);
			return true;
		}
	}

	return false;
}

/**
 * nat64_holddown_count - count the ports of a range that are in hold-down
 * @queue: queue
 * @min: lowest port, not 0
 * @max: highest port
 *
 * Walks the whole queue: not for the packet path.
 *
 * Return: the number of these ports
 */
u32 nat64_holddown_count(const struct nat64_holddown *queue, u16 min, u16 max)
{
	const struct nat64_holddown_chunk *chunk;
	unsigned int i;
	u32 count = 0;

	for (chunk = queue->oldest; chunk; chunk = chunk->next)
		for (i = chunk->first; i < chunk->end; i++)
			count += chunk->entry[i].port >= min &&
				 chunk->entry[i].port <= max;

	return count;
}

/**
 * nat64_holddown_destroy - remove all ports
 * @queue: queue
 */
void nat64_holddown_destroy(struct nat64_holddown *queue)
{
	while (nat64_holddown_pop(queue))
		;
}
