// SPDX-License-Identifier: GPL-2.0-only
/*
 * nat64 - lines in the kernel log. Bindings and sessions change under the lock
 * of a shard with BH off, and consoles are slow: a work item prints the lines
 * from a ring of the device. They are rate-limited, and the log says how many
 * were left out. Documentation/networking/nat64-sessions.rst has their format.
 */
#include <linux/in.h>
#include <linux/printk.h>
#include <linux/ratelimit.h>
#include <net/ipv6.h>

#include "bib.h"
#include "log.h"
#include "nat64.h"
#include "session.h"
#include "table.h"

static const char *nat64_proto_name(u8 proto)
{
	switch (proto) {
	case IPPROTO_TCP:
		return "tcp";
	case IPPROTO_UDP:
		return "udp";
	default:
		return "icmp";
	}
}

static void nat64_log_left_out(const struct nat64_table *table, u32 count)
{
	pr_notice("nat64: %s: %u messages suppressed\n",
		  table->nat64->dev->name, count);
}

static void nat64_log_print(const struct nat64_table *table,
			    const struct nat64_log_line *line)
{
	const char *what = line->removed ? "removed" : "added";
	const char *proto = nat64_proto_name(line->proto);
	const char *name = table->nat64->dev->name;

	if (line->left_out)
		nat64_log_left_out(table, line->left_out);

	switch (line->kind) {
	case NAT64_LOG_BINDING:
		pr_info("nat64: %s: binding %s: %s %pI6c#%u %pI4#%u\n", name,
			what, proto, &line->addr6, ntohs(line->port6),
			&line->addr4, ntohs(line->port4));
		break;
	case NAT64_LOG_SESSION:
		pr_info("nat64: %s: session %s: %s %pI6c#%u %pI4#%u %pI4#%u\n",
			name, what, proto, &line->addr6, ntohs(line->port6),
			&line->addr4, ntohs(line->port4), &line->remote,
			ntohs(line->rport));
		break;
	case NAT64_LOG_REFUSED:
		pr_notice("nat64: %s: %s: refused a %s flow of %pI6c/%u, %u earlier ones not logged\n",
			  name, nat64_reason_names[line->reason], proto,
			  &line->addr6, line->len, line->count);
		break;
	}
}

static bool nat64_log_take(struct nat64_log *log, struct nat64_log_line *line)
{
	bool found;

	spin_lock_bh(&log->lock);
	found = log->count;
	if (found) {
		*line = log->line[log->first];
		log->first = (log->first + 1) % NAT64_LOG_LINES;
		log->count--;
	}
	spin_unlock_bh(&log->lock);

	return found;
}

/* Take the number of lines left out after the last one, if NAT64_LOG_INTERVAL
 * has passed or @now is set. Otherwise return 0 and try again later.
 */
static u32 nat64_log_take_left_out(struct nat64_log *log, bool now)
{
	unsigned long gone;
	u32 count = 0;

	spin_lock_bh(&log->lock);
	gone = jiffies - log->since;
	if (now || gone >= NAT64_LOG_INTERVAL)
		swap(count, log->left_out);
	else if (log->left_out)
		queue_delayed_work(system_power_efficient_wq, &log->work,
				   NAT64_LOG_INTERVAL - gone);
	spin_unlock_bh(&log->lock);

	return count;
}

static void nat64_log_drain(struct nat64_table *table, bool now)
{
	struct nat64_log_line line;
	u32 left_out;

	while (nat64_log_take(&table->log, &line))
		nat64_log_print(table, &line);
	left_out = nat64_log_take_left_out(&table->log, now);
	if (left_out)
		nat64_log_left_out(table, left_out);
}

static void nat64_log_work(struct work_struct *work)
{
	nat64_log_drain(container_of(work, struct nat64_table, log.work.work),
			false);
}

/**
 * nat64_log_init - initialize the log of a device
 * @table: tables of a new device
 */
void nat64_log_init(struct nat64_table *table)
{
	struct nat64_log *log = &table->log;

	spin_lock_init(&log->lock);
	INIT_DELAYED_WORK(&log->work, nat64_log_work);
	ratelimit_state_init(&log->limit, NAT64_LOG_INTERVAL, NAT64_LOG_BURST);
	/* nat64_log_left_out() reports instead of the ratelimit code. */
	ratelimit_set_flags(&log->limit, RATELIMIT_MSG_ON_RELEASE);
}

/**
 * nat64_log_stop - print the remaining lines
 * @table: tables of a device that no longer logs
 *
 * Context: process context.
 */
void nat64_log_stop(struct nat64_table *table)
{
	cancel_delayed_work_sync(&table->log.work);
	nat64_log_drain(table, true);
}

/* Queue a line if the rate limit allows it, else count it as left out. */
static void nat64_log_add(struct nat64_table *table,
			  struct nat64_log_line *line)
{
	struct nat64_log *log = &table->log;
	unsigned long delay = 0;

	spin_lock_bh(&log->lock);
	/* Refusals have a limit of their own. */
	if ((line->kind == NAT64_LOG_REFUSED || __ratelimit(&log->limit)) &&
	    log->count < NAT64_LOG_LINES) {
		line->left_out = log->left_out;
		log->left_out = 0;
		log->line[(log->first + log->count++) % NAT64_LOG_LINES] =
			*line;
	} else if (!log->left_out++) {
		log->since = jiffies;
		delay = NAT64_LOG_INTERVAL;
	} else {
		delay = ULONG_MAX;
	}
	spin_unlock_bh(&log->lock);

	if (!delay)
		mod_delayed_work(system_power_efficient_wq, &log->work, 0);
	else if (delay != ULONG_MAX)
		queue_delayed_work(system_power_efficient_wq, &log->work,
				   delay);
}

static void nat64_log_fill(struct nat64_log_line *line,
			   const struct nat64_binding *b)
{
	line->addr6 = b->key6.addr;
	line->port6 = b->key6.port;
	line->proto = b->key6.proto;
	line->addr4 = b->addr4;
	line->port4 = b->port4;
}

/**
 * nat64_log_binding - log a binding
 * @table: tables of the device
 * @b: binding
 * @removed: the binding is removed; otherwise it is new
 *
 * Context: shard of @b locked.
 */
void nat64_log_binding(struct nat64_table *table,
		       const struct nat64_binding *b, bool removed)
{
	struct nat64_log_line line = {
		.kind = NAT64_LOG_BINDING,
		.removed = removed,
	};

	nat64_log_fill(&line, b);
	nat64_log_add(table, &line);
}

/**
 * nat64_log_session - log a session
 * @table: tables of the device
 * @s: session
 * @removed: the session is removed; otherwise it is new
 *
 * Context: shard of @s locked.
 */
void nat64_log_session(struct nat64_table *table,
		       const struct nat64_session *s, bool removed)
{
	struct nat64_log_line line = {
		.kind = NAT64_LOG_SESSION,
		.remote = s->remote,
		.rport = s->rport,
		.removed = removed,
	};

	nat64_log_fill(&line, s->binding);
	nat64_log_add(table, &line);
}

/**
 * nat64_log_refused - log that a flow was refused
 * @table: tables of the device
 * @prefix: prefix of the subscriber
 * @len: length of @prefix
 * @proto: IPPROTO_TCP, IPPROTO_UDP or IPPROTO_ICMP
 * @reason: the limit that was reached
 * @before: number of flows refused since the last such line
 *
 * Context: BH disabled.
 */
void nat64_log_refused(struct nat64_table *table, const struct in6_addr *prefix,
		       u8 len, u8 proto, enum nat64_reason reason, u32 before)
{
	struct nat64_log_line line = {
		.kind = NAT64_LOG_REFUSED,
		.proto = proto,
		.addr6 = *prefix,
		.len = len,
		.reason = reason,
		.count = before,
	};

	nat64_log_add(table, &line);
}
