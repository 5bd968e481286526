/* SPDX-License-Identifier: GPL-2.0 */
/*
 * nat64(8) - the configuration of a device, for save and restore.
 */
#ifndef _CONF_H
#define _CONF_H

#include <libmnl/libmnl.h>
#include <linux/nat64.h>
#include <net/if.h>
#include <stdbool.h>
#include <stdint.h>

#include "tool.h"

/* More than there are keys. */
#define CONF_KEYS	64

/**
 * enum conf_state - state of a device
 * @CONF_STATE_ANY: the file does not say
 * @CONF_STATE_DOWN: down
 * @CONF_STATE_UP: up
 */
enum conf_state {
	CONF_STATE_ANY,
	CONF_STATE_DOWN,
	CONF_STATE_UP,
};

/**
 * struct conf - configuration of a device
 * @name: its name
 * @ifindex: its index, 0 if it does not exist
 * @line: line of the file that adds it
 * @state: up or down
 * @state_line: line of @state, 0 if the file has none
 * @mtu: its MTU
 * @mtu_line: line of @mtu
 * @value: values of the keys that are numbers or words, by link_keys
 * @value_line: lines of @value
 * @pool6: key pool6
 * @pool6_line: line of @pool6
 * @plateau: key mtu-plateaus
 * @plateaus: number of @plateau
 * @plateau_line: line of @plateau
 * @pool4_source: enum nat64_pool4_source
 * @pool4_line: line of @pool4_source
 * @pool4: entries of pool4
 * @rfc6791: key rfc6791-pool; the text is the prefix
 * @eam: explicit address mappings
 * @statics: static bindings
 * @sessions: sessions
 */
struct conf {
	char name[IFNAMSIZ];
	unsigned int ifindex;
	unsigned int line;
	enum conf_state state;
	unsigned int state_line;
	uint32_t mtu;
	unsigned int mtu_line;
	uint32_t value[CONF_KEYS];
	unsigned int value_line[CONF_KEYS];
	struct prefix6 pool6;
	unsigned int pool6_line;
	uint16_t plateau[NAT64_MTU_PLATEAUS_MAX];
	unsigned int plateaus;
	unsigned int plateau_line;
	uint32_t pool4_source;
	unsigned int pool4_line;
	struct rows pool4;
	struct rows rfc6791;
	struct rows eam;
	struct rows statics;
	struct rows sessions;
};

/**
 * struct confs - configurations of devices
 * @conf: configurations
 * @count: number of @conf
 * @room: number of @conf that fit
 */
struct confs {
	struct conf *conf;
	size_t count;
	size_t room;
};

/* Default MTU of a device. */
#define CONF_MTU	65535

/* Flags of the modes that have a key. */
#define KEY_STATEFUL	(1U << NAT64_MODE_STATEFUL)
#define KEY_STATELESS	(1U << NAT64_MODE_STATELESS)
#define KEY_BOTH	(KEY_STATEFUL | KEY_STATELESS)

/**
 * struct link_key - a key of "ip link" whose value is a number or word
 * @name: its name
 * @nest: attribute of IFLA_INFO_DATA that @attr is in, 0 for none
 * @attr: attribute
 * @modes: modes that have it
 * @words: words that the values stand for, NULL for a number
 * @min: minimum
 * @max: maximum
 * @initial: default of a new device
 */
struct link_key {
	const char *name;
	uint16_t nest;
	uint16_t attr;
	unsigned int modes;
	const char *const *words;
	uint32_t min;
	uint32_t max;
	uint32_t initial;
};

/* keys.c */
extern const struct link_key link_keys[];
extern const size_t link_keys_count;
void keys_defaults(struct conf *conf);
bool keys_stateless(const struct conf *conf);
bool keys_have(const struct conf *conf, const struct link_key *key);
int keys_parse(struct conf *conf, char **words);
void keys_read(struct conf *conf, const struct nlattr *data);
void keys_print(const struct conf *conf);

/* conf.c */
struct conf *conf_find(struct confs *confs, const char *name);
struct conf *conf_add(struct confs *confs, const char *name);
void conf_free(struct confs *confs);
bool conf_read(struct confs *confs, const char *name);
bool conf_read_tables(struct conf *conf);

/* statement.c */
bool statements_read(struct confs *confs, struct lines *lines);

/* linkput.c */
bool link_send(const struct conf *conf, bool create, bool quiet);
bool link_set_state(const struct conf *conf);
bool link_delete(const char *name);

/* sessions.c */
bool sessions_read(struct conf *conf);
bool sessions_set(const struct conf *conf, bool quiet);

/* apply.c */
bool apply(struct conf *conf, const struct conf *before, bool quiet);

#endif /* _CONF_H */
