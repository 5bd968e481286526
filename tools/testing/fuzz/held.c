// SPDX-License-Identifier: GPL-2.0
/*
 * held - a second listener on the device, whose queue holds clones of the
 * input. The device must not change the data of clones.
 *
 * The ring is read at once, the clones later. Both are in the same order, but a
 * packet may arrive late, or between the two reads. So each packet is kept here
 * until both have been read.
 */
#define _GNU_SOURCE
#include "fuzz.h"

#define SEEN_MAX	64

/* Packets read from the ring but not yet from the listener, oldest first. */
static struct pkt seen[SEEN_MAX];
static int count;
static unsigned long checked;

static void forget(int n)
{
	int i;

	count -= n;
	for (i = 0; i < count; i++) {
		seen[i].len = seen[i + n].len;
		memcpy(seen[i].data, seen[i + n].data, seen[i].len);
	}
}

/* One of them may have missed packets: restart both. */
void held_begin(void)
{
	net_overrun();
	net_hold(true);
	count = 0;
}

void held_end(void)
{
	net_hold(false);
	count = 0;
}

/* Record an input of the device that the ring has shown. */
void held_expect(const struct record *r)
{
	if (count == SEEN_MAX || r->cut || r->len > PACKET_MAX) {
		held_begin();
		return;
	}
	seen[count].len = r->len;
	memcpy(seen[count++].data, r->data, r->len);
}

static int find(const unsigned char *data, size_t len)
{
	int i;

	for (i = 0; i < count; i++)
		if (seen[i].len == len && !memcmp(seen[i].data, data, len))
			return i;
	return -1;
}

void held_check(void)
{
	static unsigned char data[PACKET_MAX];
	ssize_t len;
	bool out;
	int i;

	if (net_overrun()) {
		held_begin();
		return;
	}
	while (count && (len = net_held(data, sizeof(data), &out)) >= 0) {
		if (!out)
			continue;
		/* earlier ones arrived before the listener existed */
		i = find(data, len);
		if (i < 0) {
			violation("a clone was written to", "design.md 3.1",
				  seen[0].data, seen[0].len, data, len);
			i = 0;
		}
		forget(i + 1);
		checked++;
	}
}

unsigned long held_checked(void)
{
	return checked;
}
