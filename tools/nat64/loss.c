// SPDX-License-Identifier: GPL-2.0
/*
 * nat64(8) - detect lost events. The kernel numbers the events of each device
 * and group. A missing number is a lost event, unless it arrives a little
 * later: events from different CPUs can be reordered.
 */
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "loss.h"
#include "tool.h"

/* Maximum number of pending gaps of a stream. */
#define GAPS	16

/* Seconds until the events in a gap are considered lost. */
#define LATE	1

/* After this many events, number 1 means that a new device has the ifindex. */
#define ANEW	64

/**
 * struct gap - missing numbers
 * @first: first of them
 * @last: last of them
 * @since: time of detection
 */
struct gap {
	uint64_t first;
	uint64_t last;
	time_t since;
};

/**
 * struct stream - the events of a device and a group
 * @ifindex: device
 * @name: name in the last event
 * @group: group
 * @next: number after the highest received one
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

/* Report the @count oldest gaps as lost. */
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

/* A late event closes a gap, or splits it. */
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
 * loss_seen - count a received event
 * @ifindex: index of the device
 * @name: name of the device
 * @group: name of the group; the same pointer for the same group
 * @seq: number of the event
 * @tell: called with the number of lost events
 */
void loss_seen(uint32_t ifindex, const char *name, const char *group,
	       uint64_t seq, loss_tell *tell)
{
	struct stream *stream = find(ifindex, group);

	snprintf(stream->name, sizeof(stream->name), "%s", name);
	/* The first event, or the first one of a new device with this ifindex. */
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
 * loss_check - report lost events
 * @all: report recent gaps, too
 * @tell: called with the number of lost events
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

/* Check whether missing events may still arrive. */
bool loss_pending(void)
{
	size_t i;

	for (i = 0; i < stream_count; i++)
		if (streams[i].count)
			return true;

	return false;
}
