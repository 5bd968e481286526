/* SPDX-License-Identifier: GPL-2.0 */
/*
 * nat64(8) - entries of pool4.
 */
#ifndef _ENTRY_H
#define _ENTRY_H

#include <libmnl/libmnl.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "tool.h"

struct flow;

/* Maximum number of protocols of an entry. */
#define USES_MAX	3

/**
 * struct use - usage of an entry by a protocol
 * @proto: protocol
 * @total: number of ports
 * @used: number of ports with a binding
 * @held_down: number of ports in hold-down
 * @peak: highest number of used ports
 */
struct use {
	uint8_t proto;
	uint64_t total;
	uint64_t used;
	uint64_t held_down;
	uint64_t peak;
};

/**
 * struct entry - an entry of pool4
 * @prefix: its addresses
 * @min: first port
 * @max: last port
 * @mark: mark of the packets that use it, 0 for unmatched marks
 * @proto: protocol that uses it, 0 for all
 * @given: keywords that were given, a bitmask of indices in entry_words
 * @host: borrowed address of the host
 * @uses: number of @use
 * @use: usage by protocol
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
 * struct entries - array of entries
 * @entry: entries
 * @count: number of entries
 * @room: number of entries that fit
 */
struct entries {
	struct entry *entry;
	size_t count;
	size_t room;
};

/* entry.c */
struct entry *entries_add(struct entries *entries);
bool entry_is_word(const char *word);
extern const struct row_kind entry_rows;
bool entry_read(struct entry *entry, const struct nlattr *nest);

/* use.c */
bool use_read_entries(struct nl_answer *answer, const char *dev, void *data);
bool use_show(char **words);
bool use_list(char **words);
bool use_get(char **words);
void threshold_parse(struct flow *flow, const struct nlattr *nest);
void threshold_print(const struct nlattr *nest);

#endif /* _ENTRY_H */
