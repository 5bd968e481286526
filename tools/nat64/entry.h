/* SPDX-License-Identifier: GPL-2.0 */
/*
 * nat64(8) - the entries of pool4.
 */
#ifndef _ENTRY_H
#define _ENTRY_H

#include <libmnl/libmnl.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "tool.h"

struct flow;

/* Protocols that an entry is used for. */
#define USES_MAX	3

/**
 * struct use - how much of an entry is in use, of a protocol
 * @proto: the protocol
 * @total: ports that there are
 * @used: those that have a binding
 * @resting: those that are held down
 * @peak: most that have had a binding
 */
struct use {
	uint8_t proto;
	uint64_t total;
	uint64_t used;
	uint64_t resting;
	uint64_t peak;
};

/**
 * struct entry - an entry of pool4
 * @prefix: its addresses
 * @min: least port
 * @max: greatest port
 * @mark: packets that it is for, 0 for those that none is for
 * @proto: protocol that it is for, 0 for all
 * @given: words that were there, by their number in entry_words
 * @host: it is an address of the host that is borrowed
 * @uses: number of @use
 * @use: how much of it is in use
 */
struct entry {
	struct prefix4 prefix;
	uint16_t min;
	uint16_t max;
	uint32_t mark;
	uint8_t proto;
	unsigned int given;
	bool host;
	unsigned int uses;
	struct use use[USES_MAX];
};

/**
 * struct entries - those of a command
 * @entry: each of them
 * @count: how many there are
 * @room: how many there is room for
 */
struct entries {
	struct entry *entry;
	size_t count;
	size_t room;
};

/* entry.c */
struct entry *entries_add(struct entries *entries);
extern const struct row_kind entry_rows;
bool entry_read(struct entry *entry, const struct nlattr *nest);

/* use.c */
bool use_show(char **words);
bool use_list(char **words);
bool use_get(char **words);
void threshold_parse(struct flow *flow, const struct nlattr *nest);
void threshold_print(const struct nlattr *nest);

#endif /* _ENTRY_H */
