// SPDX-License-Identifier: GPL-2.0
/*
 * nat64(8) - events that were lost. The kernel numbers those of each device and
 * group; what is missing has been lost, unless it comes a little later: events
 * of two processors may overtake each other.
 */
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "loss.h"
#include "tool.h"

/* Gaps of a stream that are waited for at the same time. */
#define GAPS	16

/* Seconds that they are waited for. */
#define LATE	1

/* A first event after so many is of another device. */
#define ANEW	64

/**
 * struct gap - numbers that have not come
 * @first: the first of them
 * @last: the last of them
 * @since: when that was seen
 */
struct gap {
	uint64_t first;
	uint64_t last;
	time_t since;
};

/**
 * struct stream - the events of a device and a group
 * @ifindex: device
 * @name: its name, as the last event tells
 * @group: group
 * @next: the number after the greatest that has come
 * @count: number of @gap
 * @gap: by age
 */
struct stream {
	uint32_t ifindex;
	char name[16];
	const char *group;
	uint64_t next;
	size_t count;
	struct gap gap[GAPS];
};

static struct stream *streams;
static size_t stream_count;

static time_t now(void)
{
	struct timespec time;

	clock_gettime(CLOCK_MONOTONIC, &time);
	return time.tv_sec;
}

static void gap_remove(struct stream *stream, size_t i)
{
	stream->count--;
	memmove(&stream->gap[i], &stream->gap[i + 1],
		(stream->count - i) * sizeof(stream->gap[0]));
}

/* Nobody waits any longer for the @count oldest gaps. */
static void give_up(struct stream *stream, size_t count, loss_tell *tell)
{
	uint64_t lost = 0;

	while (count--) {
		lost += stream->gap[0].last - stream->gap[0].first + 1;
		gap_remove(stream, 0);
	}
	if (lost)
		tell(stream->name, stream->group, lost);
}

static void gap_add(struct stream *stream, uint64_t first, uint64_t last,
		    time_t since, loss_tell *tell)
{
	if (stream->count == GAPS)
		give_up(stream, 1, tell);
	stream->gap[stream->count++] = (struct gap){
		.first = first,
		.last = last,
		.since = since,
	};
}

/* An event that comes late is not lost. */
static void gap_fill(struct stream *stream, uint64_t seq, loss_tell *tell)
{
	struct gap *gap, rest;
	size_t i;

	for (i = 0; i < stream->count; i++) {
		gap = &stream->gap[i];
		if (seq < gap->first || seq > gap->last)
			continue;
		rest = *gap;
		if (seq == gap->first && seq == gap->last) {
			gap_remove(stream, i);
		} else if (seq == gap->first) {
			gap->first++;
		} else {
			gap->last = seq - 1;
			if (seq < rest.last)
				gap_add(stream, seq + 1, rest.last, rest.since,
					tell);
		}
		return;
	}
}

static struct stream *find(uint32_t ifindex, const char *group)
{
	struct stream *stream;
	size_t i;

	for (i = 0; i < stream_count; i++)
		if (streams[i].ifindex == ifindex && streams[i].group == group)
			return &streams[i];

	streams = allocate(streams, stream_count + 1, sizeof(*streams));
	stream = &streams[stream_count++];
	memset(stream, 0, sizeof(*stream));
	stream->ifindex = ifindex;
	stream->group = group;
	return stream;
}

/**
 * loss_seen - an event has come
 * @ifindex: of its device
 * @name: of its device
 * @group: what its group is called; the same pointer for the same group
 * @seq: its number
 * @tell: is told what has been lost
 */
void loss_seen(uint32_t ifindex, const char *name, const char *group,
	       uint64_t seq, loss_tell *tell)
{
	struct stream *stream = find(ifindex, group);

	snprintf(stream->name, sizeof(stream->name), "%s", name);
	/* The first that we see, or the first of another device by the index. */
	if (!stream->next || (seq == 1 && stream->next > ANEW)) {
		give_up(stream, stream->count, tell);
		stream->next = seq;
	}

	if (seq < stream->next) {
		gap_fill(stream, seq, tell);
		return;
	}
	if (seq > stream->next)
		gap_add(stream, stream->next, seq - 1, now(), tell);
	stream->next = seq + 1;
}

/**
 * loss_check - tell what has been lost by now
 * @all: nothing comes late any more
 * @tell: is told
 */
void loss_check(bool all, loss_tell *tell)
{
	struct stream *stream;
	time_t time = now();
	size_t i, count;

	for (i = 0; i < stream_count; i++) {
		stream = &streams[i];
		for (count = 0; count < stream->count; count++)
			if (!all && time - stream->gap[count].since <= LATE)
				break;
		give_up(stream, count, tell);
	}
}

/* Whether there are events that may only be late. */
bool loss_pending(void)
{
	size_t i;

	for (i = 0; i < stream_count; i++)
		if (streams[i].count)
			return true;

	return false;
}
