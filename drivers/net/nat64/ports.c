// SPDX-License-Identifier: GPL-2.0-only
/*
 * nat64 - ports of one pool4 address and protocol: a bitmap, and a summary
 * bitmap of full words. However many ports are free, a search reads two words
 * at the edges of its range, one in between, and a few words of the summary.
 */
#include <linux/bitmap.h>
#include <linux/kernel.h>
#include <linux/slab.h>

#include "ports.h"

/* Bits of even ports in a word. */
#define NAT64_EVEN	(~0UL / 3)

static const unsigned long nat64_parity_bits[NAT64_PARITY_COUNT] = {
	[NAT64_PARITY_EVEN] = NAT64_EVEN,
	[NAT64_PARITY_ODD] = ~NAT64_EVEN,
	[NAT64_PARITY_ANY] = ~0UL,
};

/**
 * nat64_ports_create - allocate the ports of an address, all free
 * @gfp: allocation flags
 *
 * Return: ports, NULL if out of memory.
 */
struct nat64_ports *nat64_ports_create(gfp_t gfp)
{
	struct nat64_ports *ports;

	ports = kzalloc_obj(*ports, gfp | __GFP_NOWARN);
	if (!ports)
		return NULL;

	/* Allocated separately: embedded, the struct would take 16 KiB from the
	 * allocator instead of 8.
	 */
	ports->taken = kcalloc(NAT64_PORT_WORDS, sizeof(long),
			       gfp | __GFP_NOWARN);
	if (!ports->taken) {
		kfree(ports);
		return NULL;
	}

	spin_lock_init(&ports->lock);
	ports->open = true;
	ports->usable = NAT64_USABLE_UNKNOWN;
	ports->held.gfp = gfp;
	ports->foreign.gfp = gfp;
	return ports;
}

/**
 * nat64_ports_destroy - free the ports of an address
 * @ports: ports, no longer in use
 */
void nat64_ports_destroy(struct nat64_ports *ports)
{
	nat64_holddown_destroy(&ports->held);
	nat64_holddown_destroy(&ports->foreign);
	kfree(ports->claimed);
	kfree(ports->taken);
	kfree(ports);
}

/**
 * nat64_ports_destroy_rcu - RCU callback to free the ports of an address
 * @rcu: of the ports
 */
void nat64_ports_destroy_rcu(struct rcu_head *rcu)
{
	nat64_ports_destroy(container_of(rcu, struct nat64_ports, rcu));
}

/* Find a free port from @start to @max in one word, 0 if there is none. */
static u16 nat64_ports_in_word(const struct nat64_ports *ports,
			       unsigned int word, u32 start, u32 max,
			       enum nat64_parity parity)
{
	unsigned long free = ~ports->taken[word] & nat64_parity_bits[parity];

	if (word == BIT_WORD(start))
		free &= BITMAP_FIRST_WORD_MASK(start);
	if (word == BIT_WORD(max))
		free &= BITMAP_LAST_WORD_MASK(max + 1);

	return free ? word * BITS_PER_LONG + __ffs(free) : 0;
}

/* Find the first free port from @start to @max, 0 if there is none. */
static u16 nat64_ports_from(const struct nat64_ports *ports, u32 start,
			    u32 max, enum nat64_parity parity)
{
	unsigned int word = BIT_WORD(start), last = BIT_WORD(max);
	u16 port;

	/* Words at the edges may have free ports only outside the range. */
	port = nat64_ports_in_word(ports, word, start, max, parity);
	if (port || word == last)
		return port;

	word = find_next_zero_bit(ports->full[parity], last, word + 1);
	return nat64_ports_in_word(ports, word, start, max, parity);
}

/**
 * nat64_ports_find - look for a free port
 * @ports: locked
 * @min: lowest port, not 0
 * @max: highest port; the range is empty if less than @min
 * @parity: required parity
 * @random: random number that determines where to start
 *
 * Return: port, not taken yet, or 0 if there is none.
 */
u16 nat64_ports_find(const struct nat64_ports *ports, u32 min, u32 max,
		     enum nat64_parity parity, u32 random)
{
	u32 start;
	u16 port;

	if (min > max)
		return 0;

	start = min + reciprocal_scale(random, max - min + 1);
	port = nat64_ports_from(ports, start, max, parity);
	if (!port && start > min)
		port = nat64_ports_from(ports, min, start - 1, parity);
	return port;
}

static void nat64_ports_summarise(struct nat64_ports *ports, unsigned int word)
{
	unsigned long free = ~ports->taken[word];
	int i;

	for (i = 0; i < NAT64_PARITY_COUNT; i++)
		__assign_bit(word, ports->full[i],
			     !(free & nat64_parity_bits[i]));
}

/**
 * nat64_ports_take - take a specific port
 * @ports: locked
 * @port: port, may be held down or foreign
 *
 * Return: false if the port has a binding.
 */
bool nat64_ports_take(struct nat64_ports *ports, u16 port)
{
	if (__test_and_set_bit(port, ports->taken)) {
		if (nat64_holddown_remove(&ports->held, port))
			nat64_use_hold(ports, port, -1);
		else if (!nat64_holddown_remove(&ports->foreign, port))
			return false;
	}

	nat64_ports_summarise(ports, BIT_WORD(port));
	ports->used++;
	return true;
}

static void nat64_ports_clear(struct nat64_ports *ports, u16 port)
{
	__clear_bit(port, ports->taken);
	nat64_ports_summarise(ports, BIT_WORD(port));
}

/**
 * nat64_ports_free - free a port whose binding ended
 * @ports: locked
 * @port: the port
 */
void nat64_ports_free(struct nat64_ports *ports, u16 port)
{
	ports->used--;
	nat64_ports_clear(ports, port);
}

/**
 * nat64_ports_hold - hold down a port whose binding ended
 * @ports: locked
 * @port: the port
 * @now: current time in seconds
 * @limit: maximum number of ports held down; the oldest is freed to make room
 */
void nat64_ports_hold(struct nat64_ports *ports, u16 port, u32 now, u32 limit)
{
	while (ports->held.count && ports->held.count >= limit)
		nat64_ports_unhold_oldest(ports);

	if (!limit || !nat64_holddown_add(&ports->held, port, now)) {
		nat64_ports_free(ports, port);
	} else {
		nat64_use_hold(ports, port, 1);
		ports->used--;
	}
}

/**
 * nat64_ports_unhold - free ports whose hold-down is over
 * @ports: locked
 * @now: current time in seconds
 * @seconds: hold-down time; 0 frees all, even within the same second
 */
void nat64_ports_unhold(struct nat64_ports *ports, u32 now, u32 seconds)
{
	while (ports->held.count &&
	       (!seconds || nat64_holddown_due(&ports->held, now, seconds)))
		nat64_ports_unhold_oldest(ports);
	/* The host does not notify of freed ports, so foreign ports expire as
	 * well: after @seconds, but never within the same second.
	 */
	while (nat64_holddown_due(&ports->foreign, now, seconds))
		nat64_ports_clear(ports, nat64_holddown_pop(&ports->foreign));
}

/**
 * nat64_ports_unhold_oldest - free the port that was held down longest
 * @ports: locked
 *
 * Return: port, or 0 if none is held down.
 */
u16 nat64_ports_unhold_oldest(struct nat64_ports *ports)
{
	u16 port = nat64_holddown_pop(&ports->held);

	if (port) {
		nat64_use_hold(ports, port, -1);
		nat64_ports_clear(ports, port);
	}
	return port;
}

/**
 * nat64_ports_foreign - mark a port as used by others, to try again later
 * @ports: locked
 * @port: port that could not be claimed
 * @now: current time in seconds
 */
void nat64_ports_foreign(struct nat64_ports *ports, u16 port, u32 now)
{
	ports->used--;
	if (!nat64_holddown_add(&ports->foreign, port, now))
		nat64_ports_clear(ports, port);
}

/**
 * nat64_ports_ask - free a foreign port to try to claim it again
 * @ports: locked
 * @now: current time in seconds
 *
 * There is no notification when others free a port. Each one is tried once a
 * second at most, otherwise every packet would try all of them.
 *
 * Return: port, or 0 if there is none to try.
 */
u16 nat64_ports_ask(struct nat64_ports *ports, u32 now)
{
	u16 port;

	if (!nat64_holddown_due(&ports->foreign, now, 0))
		return 0;

	port = nat64_holddown_pop(&ports->foreign);
	nat64_ports_clear(ports, port);
	return port;
}
