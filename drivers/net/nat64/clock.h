/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * nat64 - the clock of the tables: seconds and ticks, of which the low bits are
 * kept.
 */
#ifndef _NAT64_CLOCK_H
#define _NAT64_CLOCK_H

#include <linux/bits.h>
#include <linux/math64.h>
#include <linux/timekeeping.h>
#include <linux/types.h>

/* Sessions live by ticks, several to the second: the part of a tick that is cut
 * off and the delay of the work that ends them stay below a second together.
 */
#define NAT64_TICKS	2

/* Seconds of a clock that never jumps; wraps after 136 years. */
static inline u32 nat64_now(void)
{
	return (u32)ktime_get_seconds();
}

/**
 * nat64_began - second of the clock of nat64_now() in which an entry was made
 * @began: what the entry has of it
 * @bits: how many bits that is
 */
static inline time64_t nat64_began(u32 began, unsigned int bits)
{
	time64_t now = ktime_get_seconds();

	return now - (((u32)now - began) & GENMASK(bits - 1, 0));
}

/* Ticks of the same clock. */
static inline u32 nat64_tick(void)
{
	return (u32)div_u64(ktime_get_coarse_ns(), NSEC_PER_SEC / NAT64_TICKS);
}

#endif /* _NAT64_CLOCK_H */
