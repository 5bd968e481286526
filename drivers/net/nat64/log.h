/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * nat64 - lines in the kernel log.
 */
#ifndef _NAT64_LOG_H
#define _NAT64_LOG_H

#include <linux/in6.h>
#include <linux/ratelimit_types.h>
#include <linux/spinlock_types.h>
#include <linux/types.h>
#include <linux/workqueue.h>

#include "reason.h"

struct nat64_binding;
struct nat64_session;
struct nat64_table;

/* Maximum number of lines about bindings and sessions per device and
 * NAT64_LOG_INTERVAL. Netlink events have no such limit.
 */
#define NAT64_LOG_BURST		50
#define NAT64_LOG_INTERVAL	(5 * HZ)

/* Size of the ring: a burst, and room for refusals, at most one a second. */
#define NAT64_LOG_LINES		64

/**
 * enum nat64_log_kind - subject of a line
 * @NAT64_LOG_BINDING: a binding
 * @NAT64_LOG_SESSION: a session
 * @NAT64_LOG_REFUSED: refused flows
 */
enum nat64_log_kind {
	NAT64_LOG_BINDING,
	NAT64_LOG_SESSION,
	NAT64_LOG_REFUSED,
};

/**
 * struct nat64_log_line - a line to be printed
 * @addr6: IPv6 host; prefix of a subscriber in @NAT64_LOG_REFUSED
 * @addr4: IPv4 address of the binding
 * @remote: remote IPv4 host
 * @port6: port of @addr6
 * @port4: port of @addr4
 * @rport: port of @remote
 * @kind: enum nat64_log_kind
 * @proto: IPPROTO_TCP, IPPROTO_UDP or IPPROTO_ICMP
 * @removed: the binding or session is removed; otherwise it is new
 * @len: length of a prefix in @addr6
 * @reason: enum nat64_reason, why a flow was refused
 * @count: number of flows refused before
 * @left_out: number of lines left out just before this one
 */
struct nat64_log_line {
	struct in6_addr addr6;
	__be32 addr4;
	__be32 remote;
	__be16 port6;
	__be16 port4;
	__be16 rport;
	u8 kind;
	u8 proto;
	bool removed;
	u8 len;
	u16 reason;
	u32 count;
	u32 left_out;
};

/**
 * struct nat64_log - lines of a device to be printed
 * @lock: protects the other fields, except @work
 * @limit: rate limit
 * @first: index of the oldest line in @line
 * @count: number of lines in @line
 * @left_out: number of lines left out since the newest one in @line
 * @since: jiffies when the first of those was left out
 * @line: ring of lines
 * @work: prints the lines
 */
struct nat64_log {
	spinlock_t lock;
	struct ratelimit_state limit;
	unsigned int first;
	unsigned int count;
	u32 left_out;
	unsigned long since;
	struct nat64_log_line line[NAT64_LOG_LINES];
	struct delayed_work work;
};

void nat64_log_init(struct nat64_table *table);
void nat64_log_stop(struct nat64_table *table);
void nat64_log_binding(struct nat64_table *table,
		       const struct nat64_binding *b, bool removed);
void nat64_log_session(struct nat64_table *table,
		       const struct nat64_session *s, bool removed);
void nat64_log_refused(struct nat64_table *table, const struct in6_addr *prefix,
		       u8 len, u8 proto, enum nat64_reason reason, u32 before);

#endif /* _NAT64_LOG_H */
