// SPDX-License-Identifier: GPL-2.0-only
/*
 * nat64 - generic netlink: sessions.
 */
#include <net/netlink.h>

#include "addr.h"
#include "bib.h"
#include "clock.h"
#include "nat64.h"
#include "netlink-gen.h"
#include "netlink-put.h"
#include "netlink.h"
#include "pool4.h"
#include "session.h"
#include "table.h"
#include "wheel.h"

/**
 * nat64_nl_parse_remote - parse the remote address and port of a session
 * @proto: protocol of the session
 * @addr: set to the remote address
 * @port: set to the remote port, 0 for ICMP
 * @attr: nest that contains the session
 * @tb: attributes of the nest
 * @extack: netlink extended ack
 *
 * Return: 0 or -EINVAL.
 */
int nat64_nl_parse_remote(u8 proto, __be32 *addr, __be16 *port,
			  const struct nlattr *attr, struct nlattr *const *tb,
			  struct netlink_ext_ack *extack)
{
	const struct nlattr *rport = tb[NAT64_A_SESSION_REMOTE_PORT];
	const struct nlattr *remote = tb[NAT64_A_SESSION_REMOTE4];

	if (!remote) {
		NL_SET_ERR_MSG_ATTR(extack, attr, "remote4 is required");
		return -EINVAL;
	}
	*addr = nla_get_in_addr(remote);
	if (nat64_addr4_illegal(*addr)) {
		NL_SET_ERR_MSG_ATTR(extack, remote,
				    "remote4 is not a routable unicast address");
		return -EINVAL;
	}

	if (proto == IPPROTO_ICMP ? !!rport : !rport) {
		NL_SET_ERR_MSG_ATTR(extack, rport ?: attr,
				    "remote-port is required for TCP and UDP, and not allowed for ICMP");
		return -EINVAL;
	}
	*port = rport ? nla_get_be16(rport) : 0;
	if (rport && !*port) {
		NL_SET_ERR_MSG_ATTR(extack, rport,
				    "remote-port must not be 0");
		return -EINVAL;
	}

	return 0;
}

static int nat64_nl_parse_state(struct nat64_nl_session *session,
				const struct nlattr *attr,
				struct netlink_ext_ack *extack)
{
	switch (session->binding.key.proto) {
	case IPPROTO_TCP:
		session->state = NAT64_STATE_EST;
		break;
	case IPPROTO_UDP:
		session->state = NAT64_STATE_UDP;
		break;
	default:
		session->state = NAT64_STATE_ICMP;
	}
	if (!attr)
		return 0;

	if (session->state != NAT64_STATE_EST) {
		NL_SET_ERR_MSG_ATTR(extack, attr, "state is for TCP only");
		return -EINVAL;
	}
	session->has_state = true;
	session->state = 0;
	while (nat64_nl_state(session->state) != nla_get_u32(attr))
		session->state++;

	return 0;
}

/**
 * nat64_nl_parse_session - parse a session of a request
 * @item: struct nat64_nl_session, the result
 * @attr: nest that contains the session
 * @extack: netlink extended ack
 *
 * Return: 0 or a negative errno.
 */
int nat64_nl_parse_session(void *item, const struct nlattr *attr,
			   struct netlink_ext_ack *extack)
{
	struct nlattr *tb[NAT64_A_SESSION_MAX + 1];
	struct nat64_nl_session *session = item;
	int err;

	err = nla_parse_nested(tb, NAT64_A_SESSION_MAX, attr,
			       nat64_session_nl_policy, extack);
	if (!err)
		err = nat64_nl_parse_binding(&session->binding, attr, tb,
					     extack);
	if (!err)
		err = nat64_nl_parse_remote(session->binding.key.proto,
					    &session->remote, &session->rport,
					    attr, tb, extack);
	if (!err)
		err = nat64_nl_parse_state(session,
					   tb[NAT64_A_SESSION_STATE], extack);
	if (err)
		return err;

	session->expires = U32_MAX;
	if (tb[NAT64_A_SESSION_EXPIRES])
		session->expires = nla_get_u32(tb[NAT64_A_SESSION_EXPIRES]);
	return 0;
}

/**
 * nat64_nl_find_session - find the session of a request
 * @nat64: device
 * @session: session in the request
 *
 * Context: RCU read-side section.
 * Return: session or NULL.
 */
struct nat64_session *
nat64_nl_find_session(const struct nat64_dev *nat64,
		      const struct nat64_nl_session *session)
{
	struct nat64_skey6 key = {
		.addr = session->binding.key.addr,
		.port = session->binding.key.port,
		.rport = session->rport,
		.remote = session->remote,
		.proto = session->binding.key.proto,
	};
	struct nat64_binding *b;

	return nat64_session_find6(nat64->table, &key, &b);
}

/* Find the binding of a session, or add it. */
static struct nat64_binding *
nat64_nl_need_binding(const struct nat64_dev *nat64,
		      const struct nat64_config *config,
		      const struct nat64_nl_binding *binding,
		      const struct genl_info *info)
{
	struct nat64_binding *b;
	int err;

	do {
		b = nat64_nl_find_binding(nat64, binding, info->extack);
		if (b)
			return b;
		if (binding->addr4 &&
		    !nat64_pool4_allows(nat64, config, binding->key.proto,
					binding->addr4, binding->port4)) {
			NL_SET_ERR_MSG(info->extack,
				       "addr4 and port4 are not in pool4");
			return ERR_PTR(-EADDRNOTAVAIL);
		}
		err = nat64_binding_add(nat64->table, config, &binding->key,
					binding->addr4, binding->port4, false,
					info->snd_portid, info->extack);
		/* -EEXIST: a packet may have created it meanwhile. */
	} while (!err || err == -EEXIST);

	return ERR_PTR(err);
}

/* Convert a drop reason to an errno. */
static int nat64_nl_refused(enum nat64_reason reason,
			    struct netlink_ext_ack *extack)
{
	if (reason == NAT64_DROP_NO_MEMORY)
		return -ENOMEM;

	NL_SET_ERR_MSG(extack, "max-sessions or max-total-sessions is reached");
	return -EDQUOT;
}

/**
 * nat64_nl_set_session - set the state and the tick of the last packet
 * @table: of the device
 * @config: of the device
 * @s: session
 * @from: state that the session must have, U8_MAX for any
 * @state: new state
 * @dns: new enum nat64_dns
 * @used: new tick of the last packet
 *
 * Context: RCU read-side section.
 * Return: false if the session is dead or its state is not @from.
 */
bool nat64_nl_set_session(struct nat64_table *table,
			  const struct nat64_config *config,
			  struct nat64_session *s, u8 from, u8 state, u8 dns,
			  u32 used)
{
	struct nat64_shard *shard = nat64_binding_shard(table, s->binding);
	bool done;

	spin_lock_bh(&shard->lock);
	done = s->state != NAT64_STATE_DEAD &&
	       (from == U8_MAX || s->state == from);
	if (done) {
		nat64_session_become(shard, s, state);
		s->reset = false;
		WRITE_ONCE(s->dns, dns);
		WRITE_ONCE(s->used, used);
		nat64_session_arm(table, config, shard, s);
	}
	spin_unlock_bh(&shard->lock);

	return done;
}

/* Handle an add request for an existing session. Returns -EAGAIN if the session
 * died meanwhile.
 */
static int nat64_nl_alter_session(const struct nat64_dev *nat64,
				  struct nat64_nl_session *session,
				  struct nat64_session *s,
				  const struct genl_info *info)
{
	const struct nat64_config *config = nat64_locked_config(nat64);
	struct netlink_ext_ack *extack = info->extack;
	u16 flags = info->nlhdr->nlmsg_flags;
	struct nat64_binding *b;

	b = nat64_nl_find_binding(nat64, &session->binding, extack);
	if (IS_ERR(b))
		return PTR_ERR(b);
	if (flags & NLM_F_EXCL) {
		NL_SET_ERR_MSG(extack, "session already exists");
		return -EEXIST;
	}

	session->old_state = READ_ONCE(s->state);
	session->old_dns = READ_ONCE(s->dns);
	session->old_used = READ_ONCE(s->used);
	if (!(flags & NLM_F_REPLACE)) {
		if (!session->has_state || session->state == session->old_state)
			return 0;
		NL_SET_ERR_MSG(extack, "session exists in another state");
		return -EEXIST;
	}

	if (!nat64_nl_set_session(nat64->table, config, s, U8_MAX,
				  session->state,
				  nat64_dns_asked(s->binding->key6.proto,
						  s->rport),
				  nat64_tick() -
				  nat64_session_age_at(config, session->state,
						       session->expires)))
		return -EAGAIN;
	session->did = NAT64_NL_SESSION_CHANGED;
	return 0;
}

/**
 * nat64_nl_open_session - create a session of a request
 * @nat64: device, locked
 * @config: of the device
 * @session: session in the request
 * @b: binding
 * @portid: netlink port ID of the requester
 * @reason: set if NULL is returned, see nat64_session_create()
 *
 * Context: RCU read-side section.
 * Return: session or NULL.
 */
struct nat64_session *
nat64_nl_open_session(const struct nat64_dev *nat64,
		      const struct nat64_config *config,
		      const struct nat64_nl_session *session,
		      struct nat64_binding *b, u32 portid,
		      enum nat64_reason *reason)
{
	const struct nat64_flow flow = {
		.remote = session->remote,
		.rport = session->rport,
		.state = session->state,
		.origin = NAT64_FROM_USER,
		.age = nat64_session_age_at(config, session->state,
					    session->expires),
		.portid = portid,
	};

	return nat64_session_create(nat64->table, config, b, &flow, reason);
}

/* Returns -EAGAIN if the binding died before its shard was locked. */
static int nat64_nl_create_session(const struct nat64_dev *nat64,
				   struct nat64_nl_session *session,
				   const struct genl_info *info)
{
	const struct nat64_config *config = nat64_locked_config(nat64);
	enum nat64_reason reason;
	struct nat64_binding *b;

	b = nat64_nl_need_binding(nat64, config, &session->binding, info);
	if (IS_ERR(b))
		return PTR_ERR(b);
	if (!nat64_nl_open_session(nat64, config, session, b, info->snd_portid,
				   &reason))
		return reason ? nat64_nl_refused(reason, info->extack) : -EAGAIN;

	session->did = NAT64_NL_SESSION_ADDED;
	return 0;
}

static int nat64_nl_make_session(const struct nat64_dev *nat64,
				 struct nat64_nl_session *session,
				 const struct genl_info *info)
{
	struct nat64_session *s = nat64_nl_find_session(nat64, session);

	if (s)
		return nat64_nl_alter_session(nat64, session, s, info);
	if (info->nlhdr->nlmsg_flags & NLM_F_CREATE)
		return nat64_nl_create_session(nat64, session, info);

	NL_SET_ERR_MSG(info->extack, "no such session");
	return -ENOENT;
}

static int nat64_nl_add_session(const struct nat64_dev *nat64, void *item,
				const struct genl_info *info)
{
	struct nat64_nl_session *session = item;
	int err;

	err = nat64_nl_addr6_inside(nat64, &session->binding, info->extack);
	if (err)
		return err;

	session->did = NAT64_NL_SESSION_KEPT;
	rcu_read_lock();
	do
		err = nat64_nl_make_session(nat64, session, info);
	while (err == -EAGAIN);
	rcu_read_unlock();

	return err;
}

/* The session may have expired meanwhile. */
static int nat64_nl_del_session(const struct nat64_dev *nat64, void *item,
				const struct genl_info *info)
{
	const struct nat64_nl_session *session = item;
	const struct nat64_trigger trigger = {
		.cause = NAT64_CAUSE_DELETED,
		.portid = info->snd_portid,
	};
	struct nat64_session *s;

	rcu_read_lock();
	s = nat64_nl_find_session(nat64, session);
	if (s)
		nat64_session_end(nat64->table, s, &trigger);
	rcu_read_unlock();

	return 0;
}

/* Undo an add: restore the old state unless a packet changed it meanwhile. */
static int nat64_nl_unadd_session(const struct nat64_dev *nat64, void *item,
				  const struct genl_info *info)
{
	const struct nat64_nl_session *session = item;
	struct nat64_session *s;

	if (session->did == NAT64_NL_SESSION_ADDED)
		return nat64_nl_del_session(nat64, item, info);
	if (session->did == NAT64_NL_SESSION_KEPT)
		return 0;

	rcu_read_lock();
	s = nat64_nl_find_session(nat64, session);
	if (s)
		nat64_nl_set_session(nat64->table,
				     nat64_locked_config(nat64), s,
				     session->state, session->old_state,
				     session->old_dns, session->old_used);
	rcu_read_unlock();

	return 0;
}

static int nat64_nl_check_session(const struct nat64_dev *nat64, void *item,
				  const struct genl_info *info)
{
	const struct nat64_nl_session *session = item;
	const struct nat64_session *s;
	int err = 0;

	rcu_read_lock();
	s = nat64_nl_find_session(nat64, session);
	if (!s ||
	    IS_ERR(nat64_nl_find_binding(nat64, &session->binding, NULL))) {
		NL_SET_ERR_MSG(info->extack, "no such session");
		err = -ENOENT;
	}
	rcu_read_unlock();

	return err;
}

static const struct nat64_nl_kind nat64_nl_session_kind = {
	.attr = NAT64_A_SESSION,
	.size = sizeof(struct nat64_nl_session),
	.tables = NAT64_TABLES_POOL4,
	.parse = nat64_nl_parse_session,
};

int nat64_nl_session_add_doit(struct sk_buff *skb, struct genl_info *info)
{
	static const struct nat64_nl_ops ops = {
		.op = nat64_nl_add_session,
		.undo = nat64_nl_unadd_session,
	};

	return nat64_nl_change(info, &nat64_nl_session_kind, &ops);
}

int nat64_nl_session_del_doit(struct sk_buff *skb, struct genl_info *info)
{
	static const struct nat64_nl_ops ops = {
		.check = nat64_nl_check_session,
		.op = nat64_nl_del_session,
	};

	return nat64_nl_change(info, &nat64_nl_session_kind, &ops);
}

static void nat64_nl_flush_session(struct nat64_table *table, void *entry,
				   const void *arg)
{
	const struct nat64_nl_flush *flush = arg;

	if (nat64_filter_session(&flush->filter, entry))
		nat64_session_end(table, entry, &flush->trigger);
}

static void nat64_nl_flush_sessions(struct nat64_table *table,
				    const struct nat64_nl_flush *flush)
{
	nat64_sessions_walk(table, nat64_nl_flush_session, flush);
}

static struct rhashtable *nat64_nl_sessions(const struct nat64_dev *nat64)
{
	return &nat64->table->sessions;
}

static struct rhashtable *
nat64_nl_unhashed_sessions(const struct nat64_dev *nat64)
{
	return &nat64->table->bindings6;
}

static int nat64_nl_dump_session(struct sk_buff *skb,
				 struct netlink_callback *cb,
				 const struct nat64_dev *nat64,
				 const struct nat64_filter *filter,
				 const void *entry)
{
	const struct nat64_session *s = entry;
	void *hdr;

	if (!nat64_filter_session(filter, s))
		return 0;

	hdr = nat64_nl_dump_put(skb, cb, nat64, NAT64_CMD_SESSION_GET);
	if (!hdr)
		return -EMSGSIZE;
	if (nat64_nl_put_session(skb, nat64_locked_config(nat64), s)) {
		genlmsg_cancel(skb, hdr);
		return -EMSGSIZE;
	}

	genlmsg_end(skb, hdr);
	return 0;
}

/* Add all sessions of a binding that are not in the session table, or none: the
 * next message begins with a binding.
 */
static int nat64_nl_dump_unhashed(struct sk_buff *skb,
				  struct netlink_callback *cb,
				  const struct nat64_dev *nat64,
				  const struct nat64_filter *filter,
				  const void *entry)
{
	const void *mark = skb_tail_pointer(skb);
	const struct nat64_binding *b = entry;
	const struct nat64_session *s;
	int err;

	hlist_for_each_entry_rcu(s, &b->sessions, siblings) {
		if (nat64_session_is_hashed(s))
			break;
		err = nat64_nl_dump_session(skb, cb, nat64, filter, s);
		if (err) {
			nlmsg_trim(skb, mark);
			return err;
		}
	}

	return 0;
}

static const struct nat64_nl_dump_ops nat64_nl_hashed_session_dump = {
	.table = nat64_nl_sessions,
	.put = nat64_nl_dump_session,
};

static const struct nat64_nl_dump_ops nat64_nl_session_dump = {
	.tables = NAT64_TABLES_POOL4,
	.table = nat64_nl_unhashed_sessions,
	.filter = nat64_filter_parse_session,
	.put = nat64_nl_dump_unhashed,
	.next = &nat64_nl_hashed_session_dump,
};

int nat64_nl_session_flush_doit(struct sk_buff *skb, struct genl_info *info)
{
	return nat64_nl_flush(info, &nat64_nl_session_dump,
			      nat64_nl_flush_sessions);
}

int nat64_nl_session_get_dumpit(struct sk_buff *skb,
				struct netlink_callback *cb)
{
	return nat64_nl_dump(skb, cb, &nat64_nl_session_dump);
}

int nat64_nl_session_get_done(struct netlink_callback *cb)
{
	return nat64_nl_dump_done(cb);
}
