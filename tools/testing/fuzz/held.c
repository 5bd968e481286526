// SPDX-License-Identifier: GPL-2.0
/*
 * held - a second listener on the device, whose queue holds clones of what the
 * device was given: they have to be what they were, whatever the device has
 * done to the packets since.
 *
 * The ring shows packets at once, the listener's clones are looked at later.
 * Both get them in the same order, but one may come late, in a later iteration,
 * or between looking at the ring and at the listener. So each stays here until
 * it has been seen in both.
 */
#define _GNU_SOURCE
#include "fuzz.h"

#define SEEN_MAX	64

/* What the ring has shown, and not yet the listener: the oldest first. */
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

/* Something may be missing in one of them: both begin anew. */
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

/* The device was given this, says the ring. */
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
		/* those in front of it came when there was no listener */
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
