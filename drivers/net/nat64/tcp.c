// SPDX-License-Identifier: GPL-2.0-only
/*
 * nat64 - TCP state machine, RFC 6146 section 3.5.2.
 */
#include <linux/tcp.h>

#include "bib.h"
#include "config.h"
#include "session.h"
#include "table.h"
#include "wheel.h"

/* Kinds of segments, columns of nat64_tcp_actions. */
enum nat64_tcp_event {
	NAT64_TCP_SYN,		/* without ACK: a new connection */
	NAT64_TCP_SYNACK,
	NAT64_TCP_FIN,
	NAT64_TCP_RST,
	NAT64_TCP_OTHER,
	NAT64_TCP_EVENTS,
};

/* Effect of a segment: the next state, and whether it refreshes the lifetime.
 */
struct nat64_tcp_action {
	u8 next;
	bool touch;
};

#define STAY(state)	{ NAT64_STATE_##state, true }
#define KEEP(state)	{ NAT64_STATE_##state, false }
#define GOTO(state)	{ NAT64_STATE_##state, true }

/* [state][from IPv6][event]. Extensions to RFC 6146: an RST for a half-closed
 * session ends it soon (RFC 7857 section 2.2) unless disabled by the user, and
 * a new SYN reopens a closing session. A SYN from IPv4 may be forged: on
 * simultaneous open, IPv4 has to answer the SYN from IPv6 before the session is
 * established.
 */
static const struct nat64_tcp_action
nat64_tcp_actions[NAT64_STATE_COUNT][2][NAT64_TCP_EVENTS] = {
	[NAT64_STATE_V6_INIT] = {
		{ GOTO(EST), GOTO(EST), KEEP(V6_INIT), KEEP(V6_INIT),
		  KEEP(V6_INIT) },
		{ STAY(V6_INIT), STAY(V6_INIT), KEEP(V6_INIT), KEEP(V6_INIT),
		  KEEP(V6_INIT) },
	},
	[NAT64_STATE_V4_INIT] = {
		{ KEEP(V4_INIT), KEEP(V4_INIT), KEEP(V4_INIT), KEEP(V4_INIT),
		  KEEP(V4_INIT) },
		{ GOTO(V6_INIT), GOTO(EST), KEEP(V4_INIT), KEEP(V4_INIT),
		  KEEP(V4_INIT) },
	},
	[NAT64_STATE_EST] = {
		{ STAY(EST), STAY(EST), KEEP(V4_FIN), GOTO(TRANS), STAY(EST) },
		{ STAY(EST), STAY(EST), KEEP(V6_FIN), GOTO(TRANS), STAY(EST) },
	},
	[NAT64_STATE_V6_FIN] = {
		{ STAY(V6_FIN), STAY(V6_FIN), GOTO(V46_FIN), GOTO(TRANS),
		  STAY(V6_FIN) },
		{ STAY(V6_FIN), STAY(V6_FIN), STAY(V6_FIN), GOTO(TRANS),
		  STAY(V6_FIN) },
	},
	[NAT64_STATE_V4_FIN] = {
		{ STAY(V4_FIN), STAY(V4_FIN), STAY(V4_FIN), GOTO(TRANS),
		  STAY(V4_FIN) },
		{ STAY(V4_FIN), STAY(V4_FIN), GOTO(V46_FIN), GOTO(TRANS),
		  STAY(V4_FIN) },
	},
	[NAT64_STATE_V46_FIN] = {
		{ GOTO(V4_INIT), KEEP(V46_FIN), KEEP(V46_FIN), KEEP(V46_FIN),
		  KEEP(V46_FIN) },
		{ GOTO(V6_INIT), KEEP(V46_FIN), KEEP(V46_FIN), KEEP(V46_FIN),
		  KEEP(V46_FIN) },
	},
	[NAT64_STATE_TRANS] = {
		{ GOTO(EST), GOTO(EST), GOTO(EST), KEEP(TRANS), GOTO(EST) },
		{ GOTO(V6_INIT), GOTO(EST), GOTO(EST), KEEP(TRANS),
		  GOTO(EST) },
	},
};

static enum nat64_tcp_event nat64_tcp_event(const struct tcphdr *th)
{
	if (th->rst)
		return NAT64_TCP_RST;
	if (th->syn)
		return th->ack ? NAT64_TCP_SYNACK : NAT64_TCP_SYN;
	if (th->fin)
		return NAT64_TCP_FIN;
	return NAT64_TCP_OTHER;
}

static struct nat64_tcp_action
nat64_tcp_action(const struct nat64_config *config, u8 state, bool from6,
		 enum nat64_tcp_event event)
{
	struct nat64_tcp_action action = nat64_tcp_actions[state][from6][event];

	if (event == NAT64_TCP_RST && !config->rst_during_fin &&
	    (state == NAT64_STATE_V6_FIN || state == NAT64_STATE_V4_FIN))
		action.next = state;
	/* RFC 4787 section 4.3: packets from IPv4 do not refresh the session.
	 */
	if (action.next == state && !from6 && !config->inbound_refresh)
		action.touch = false;

	return action;
}

/**
 * nat64_tcp_flags_ok - is the combination of flags valid?
 * @th: TCP header
 *
 * Return: true if it is
 */
bool nat64_tcp_flags_ok(const struct tcphdr *th)
{
	return !th->syn || (!th->fin && !th->rst);
}

/**
 * nat64_tcp_opens - does the segment open a connection?
 * @th: TCP header with valid flags
 *
 * Return: true if it does
 */
bool nat64_tcp_opens(const struct tcphdr *th)
{
	return th->syn && !th->ack;
}

/**
 * nat64_tcp_step - update a session for a segment
 * @table: of the device
 * @config: of the device
 * @s: session
 * @th: TCP header with valid flags
 * @from6: segment came from IPv6
 *
 * Context: RCU read-side section, no shard locked. Locks the shard only if the
 * state changes.
 */
void nat64_tcp_step(struct nat64_table *table,
		    const struct nat64_config *config, struct nat64_session *s,
		    const struct tcphdr *th, bool from6)
{
	enum nat64_tcp_event event = nat64_tcp_event(th);
	struct nat64_tcp_action action;
	u8 state = READ_ONCE(s->state);
	struct nat64_shard *shard;

	if (state == NAT64_STATE_DEAD)
		return;

	action = nat64_tcp_action(config, state, from6, event);
	if (likely(action.next == state)) {
		if (action.touch)
			nat64_session_touch(s);
		return;
	}

	shard = nat64_binding_shard(table, s->binding);
	spin_lock_bh(&shard->lock);
	if (s->state != NAT64_STATE_DEAD) {
		action = nat64_tcp_action(config, s->state, from6, event);
		if (action.next != s->state)
			s->reset = event == NAT64_TCP_RST;
		nat64_session_become(shard, s, action.next);
		if (action.touch)
			nat64_session_touch(s);
		/* The session may expire earlier now. */
		nat64_session_arm(table, config, shard, s);
	}
	spin_unlock_bh(&shard->lock);
}
