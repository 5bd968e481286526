/* SPDX-License-Identifier: GPL-2.0 */
/*
 * nat64(8) - bindings and sessions.
 */
#ifndef _FLOW_H
#define _FLOW_H

#include <libmnl/libmnl.h>
#include <netinet/in.h>
#include <stdbool.h>
#include <stdint.h>

#include "tool.h"

/**
 * struct flow - a binding or a session; ports in network byte order
 * @addr6: IPv6 host
 * @remote6: IPv6 form of @remote
 * @addr4: address of the host in pool4
 * @remote: IPv4 host, of a session
 * @port6: port of @addr6
 * @port4: port on @addr4
 * @rport: port of @remote
 * @proto: protocol
 * @state: enum nat64_tcp_state, 0 if it has none
 * @is_static: static binding
 * @has_host: the command gives @addr6 and @port6
 * @has_pool: the command gives @addr4 and @port4
 * @has_expires: the command gives @expires
 * @has_sessions: the command gives @sessions
 * @sessions: number of sessions of a binding
 * @expires: seconds until a session expires
 */
struct flow {
	struct in6_addr addr6;
	struct in6_addr remote6;
	struct in_addr addr4;
	struct in_addr remote;
	uint16_t port6;
	uint16_t port4;
	uint16_t rport;
	uint8_t proto;
	uint8_t state;
	bool is_static;
	bool has_host;
	bool has_pool;
	bool has_expires;
	bool has_sessions;
	uint32_t sessions;
	uint32_t expires;
};

/**
 * struct flow_kind - differences between bindings and sessions
 * @attr: attribute
 * @get: command to dump them
 * @flush: command to remove them
 * @size: maximum size in a request
 * @sessions: true for sessions
 * @many: name in the plural
 * @help: help command of the object
 */
struct flow_kind {
	uint16_t attr;
	uint8_t get;
	uint8_t flush;
	uint8_t size;
	bool sessions;
	const char *many;
	const char *help;
};

/* endpoint.c */
const char *proto_text(uint8_t proto);
bool proto_parse(uint8_t *proto, const char *word);
bool endpoint6_parse(struct in6_addr *addr, uint16_t *port, const char *word);
bool endpoint4_parse(struct in_addr *addr, uint16_t *port, const char *word,
		     bool with_port);
bool target6_parse(struct prefix6 *prefix, uint16_t *port, bool *has_port,
		   const char *word);
bool target4_parse(struct prefix4 *prefix, uint16_t *port, bool *has_port,
		   const char *word);

/* bib.c, session.c */
extern const struct flow_kind bib_kind;
extern const struct flow_kind session_kind;

/* flow.c */

/* Size of the addresses of a flow as text. */
#define FLOW_TEXT	160

const char *state_text(uint8_t state);
bool state_parse(uint8_t *state, const char *word);
bool flow_parse(struct flow *flow, const struct nlmsghdr *nlh,
		const struct flow_kind *kind);
void flow_put(struct nlmsghdr *nlh, const struct flow *flow,
	      const struct flow_kind *kind);
const char *flow_text(const struct flow *flow, char *text,
		      const struct flow_kind *kind);
void flow_print(const struct flow *flow, const struct flow_kind *kind);

/* filter.c */

/**
 * struct filter - filter of bindings and sessions, as struct nat64_filter
 */
struct filter {
	struct prefix6 addr6;
	struct prefix4 addr4;
	struct prefix4 remote4;
	uint16_t port6;
	uint16_t port4;
	uint16_t rport;
	uint8_t proto;
	uint8_t state;
	bool by_addr6;
	bool by_addr4;
	bool by_remote4;
	bool by_port6;
	bool by_port4;
	bool by_rport;
	bool by_static;
	bool is_static;
};

bool filter_parse(struct filter *filter, const char **dev, char **words,
		  const struct flow_kind *kind);
int filter_word(struct filter *filter, const char **dev, char **words,
		bool sessions);
bool filter_match(const struct filter *filter, const struct flow *flow);
void filter_put(struct nlmsghdr *nlh, const struct filter *filter);

/* change.c */
bool change_parse(struct flow *flow, const char **dev, char **words,
		  const struct flow_kind *kind);
bool change_run(uint8_t cmd, uint16_t flags, char **words,
		const struct flow_kind *kind);

/* get.c */
bool get_run(char **words, const struct flow_kind *kind);

/* table.c */

/**
 * struct flows - bindings or sessions of a device
 * @kind: which of both
 * @filter: filter
 * @flow: bindings or sessions
 * @count: number of @flow
 * @room: number of @flow that fit
 */
struct flows {
	const struct flow_kind *kind;
	struct filter filter;
	struct flow *flow;
	size_t count;
	size_t room;
};

bool table_read(struct nl_answer *answer, const char *dev, void *data);
void table_sort(struct flows *flows);
bool table_show(char **words, const struct flow_kind *kind);
bool table_flush(char **words, const struct flow_kind *kind);

#endif /* _FLOW_H */
