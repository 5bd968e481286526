/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * nat64 - clocks of the tables: low bits of seconds and ticks.
 */
#ifndef _NAT64_CLOCK_H
#define _NAT64_CLOCK_H

#include <linux/bits.h>
#include <linux/build_bug.h>
#include <linux/jiffies.h>
#include <linux/math64.h>
#include <linux/timekeeping.h>
#include <linux/types.h>

/* Ticks per second. Session lifetimes are in ticks, so that rounding and the
 * delay of the expiry work together stay below a second.
 */
#define NAT64_TICKS	2

/* Seconds of the monotonic clock; wraps after 136 years. */
static inline u32 nat64_now(void)
{
	return (u32)ktime_get_seconds();
}

/**
 * nat64_began - creation time of an entry, in seconds of nat64_now()'s clock
 * @began: low bits of it that the entry stores
 * @bits: number of those bits
 *
 * Return: the time in full
 */
static inline time64_t nat64_began(u32 began, unsigned int bits)
{
	time64_t now = ktime_get_seconds();

	return now - (((u32)now - began) & GENMASK(bits - 1, 0));
}

/* Ticks, counted by jiffies: every packet reads this clock, and the timer that
 * advances the wheels runs by jiffies, too.
 */
static_assert(HZ % NAT64_TICKS == 0);

static inline u32 nat64_tick(void)
{
	return (u32)div_u64(get_jiffies_64(), HZ / NAT64_TICKS);
}

/* Jiffies until the next tick begins. */
static inline unsigned long nat64_tick_left(void)
{
	u32 gone;

	div_u64_rem(get_jiffies_64(), HZ / NAT64_TICKS, &gone);
	return HZ / NAT64_TICKS - gone;
}

#endif /* _NAT64_CLOCK_H */
