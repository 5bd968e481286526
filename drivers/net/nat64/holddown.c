// SPDX-License-Identifier: GPL-2.0-only
/*
 * nat64 - ports that rest before they are given out again, RFC 6888 section 3,
 * REQ-8: a queue of four bytes a port, without a timer. Who looks at it tells
 * the time.
 */
#include <linux/slab.h>

#include "holddown.h"

/* Makes a chunk 512 bytes. */
#define NAT64_HOLDDOWN_CHUNK	124

/**
 * struct nat64_holddown_entry - a resting port
 * @port: the port, 0 when it rests no more
 * @later: seconds after &nat64_holddown_chunk.start that it came
 */
struct nat64_holddown_entry {
	u16 port;
	u16 later;
};

/**
 * struct nat64_holddown_chunk - a part of the queue
 * @next: newer chunk
 * @start: second that the first port came in
 * @first: index of the oldest port
 * @end: index behind the newest one; never @first, such chunks are freed
 * @entry: the ports
 */
struct nat64_holddown_chunk {
	struct nat64_holddown_chunk *next;
	u32 start;
	u16 first;
	u16 end;
	struct nat64_holddown_entry entry[NAT64_HOLDDOWN_CHUNK];
};

/* Free oldest ports that rest no more, until one that does is the oldest. */
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
 * nat64_holddown_add - let a port rest
 * @queue: queue
 * @port: port, not 0, not in the queue
 * @now: second it is
 *
 * Return: false if memory is short.
 */
bool nat64_holddown_add(struct nat64_holddown *queue, u16 port, u32 now)
{
	struct nat64_holddown_chunk *chunk = queue->newest;
	struct nat64_holddown_entry *entry;

	if (!chunk || chunk->end == NAT64_HOLDDOWN_CHUNK ||
	    now - chunk->start > U16_MAX) {
		chunk = kmalloc(sizeof(*chunk), queue->gfp | __GFP_NOWARN);
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
 * nat64_holddown_due - has the oldest port rested long enough?
 * @queue: queue
 * @now: second it is
 * @seconds: to rest
 *
 * Seconds are cut off in @now, then as well as before: one more makes sure that
 * it rests at least as long as promised.
 */
bool nat64_holddown_due(const struct nat64_holddown *queue, u32 now,
			u32 seconds)
{
	const struct nat64_holddown_chunk *chunk = queue->oldest;
	s32 rested;

	if (!chunk)
		return false;

	/* Another CPU may have read a later clock, and put it here first. */
	rested = now - chunk->start - chunk->entry[chunk->first].later;
	return rested > (s32)seconds;
}

/**
 * nat64_holddown_pop - take out the port that has rested longest
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
 * nat64_holddown_remove - take out a certain port
 * @queue: queue
 * @port: port, not 0
 *
 * Looks at all of them: not for packets.
 *
 * Return: was it in?
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
 * nat64_holddown_count - how many ports of a range rest?
 * @queue: queue
 * @min: least port, not 0
 * @max: greatest one
 *
 * Looks at all of them: not for packets.
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
 * nat64_holddown_destroy - forget all ports
 * @queue: queue
 */
void nat64_holddown_destroy(struct nat64_holddown *queue)
{
	while (nat64_holddown_pop(queue))
		;
}
