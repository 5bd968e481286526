// SPDX-License-Identifier: GPL-2.0-only
/*
 * nat64 - generic netlink: set many sessions, each by itself.
 *
 * This takes neither RTNL nor a reference on the device. Each session is set in
 * an RCU read-side section of its own, in which the device is looked up and its
 * configuration is read, as for a packet. Deleting or moving a device and changing
 * its configuration wait for such sections before they clean the tables.
 */
#include <net/ipv6.h>
#include <net/netlink.h>

#include "bib.h"
#include "clock.h"
#include "config.h"
#include "nat64.h"
#include "netlink-gen.h"
#include "netlink.h"
#include "pool4.h"
#include "session.h"
#include "table.h"
#include "wheel.h"

/**
 * struct nat64_nl_set - request to set sessions
 * @info: request
 * @ifindex: device
 * @keep: leave existing sessions as they are
 * @results: number of sessions by NAT64_A_SET_RESULT_*
 */
struct nat64_nl_set {
	struct genl_info *info;
	int ifindex;
	bool keep;
	u32 results[NAT64_A_SET_RESULT_MAX + 1];
};

static int nat64_nl_parse_set(void *item, const struct nlattr *attr,
			      struct netlink_ext_ack *extack)
{
	const struct nat64_nl_session *session = item;
	int err;

	err = nat64_nl_parse_session(item, attr, extack);
	if (err)
		return err;
	if (!session->binding.addr4) {
		NL_SET_ERR_MSG_ATTR(extack, attr,
				    "addr4 and port4 are required");
		return -EINVAL;
	}

	return 0;
}

/* Find the binding of a session, or add it. Returns 0, or why the device refuses
 * the session.
 */
static int nat64_nl_set_binding(const struct nat64_dev *nat64,
				const struct nat64_config *config,
				const struct nat64_nl_binding *binding,
				u32 portid, struct nat64_binding **b)
{
	int err;

	do {
		*b = nat64_nl_find_binding(nat64, binding, NULL);
		if (IS_ERR(*b))
			return NAT64_A_SET_RESULT_OTHER_BINDING;
		if (*b)
			return 0;
		if (!nat64_pool4_allows(nat64, config, binding->key.proto,
					binding->addr4, binding->port4))
			return NAT64_A_SET_RESULT_NOT_IN_POOL4;
		err = nat64_binding_add(nat64->table, config, &binding->key,
					binding->addr4, binding->port4, false,
					portid, NULL);
		/* -EEXIST: a packet may have created it meanwhile. */
	} while (!err || err == -EEXIST);

	return err == -ENOMEM ? NAT64_A_SET_RESULT_NO_MEMORY :
				NAT64_A_SET_RESULT_TAKEN;
}

/* Returns 0 if the binding died before its shard was locked. */
static int nat64_nl_set_new(const struct nat64_dev *nat64,
			    const struct nat64_config *config,
			    const struct nat64_nl_session *session, u32 portid)
{
	enum nat64_reason reason;
	struct nat64_binding *b;
	int result;

	result = nat64_nl_set_binding(nat64, config, &session->binding, portid,
				      &b);
	if (result)
		return result;
	if (nat64_nl_open_session(nat64, config, session, b, portid, &reason))
		return NAT64_A_SET_RESULT_ADDED;

	switch (reason) {
	case NAT64_OK:
		return 0;
	case NAT64_DROP_NO_MEMORY:
		return NAT64_A_SET_RESULT_NO_MEMORY;
	default:
		return NAT64_A_SET_RESULT_LIMIT;
	}
}

/* Returns 0 if the session died meanwhile. */
static int nat64_nl_set_old(const struct nat64_dev *nat64,
			    const struct nat64_config *config,
			    const struct nat64_nl_session *session,
			    struct nat64_session *s, bool keep)
{
	const struct nat64_binding *b = s->binding;
	u32 used;

	if (b->addr4 != session->binding.addr4 ||
	    b->port4 != session->binding.port4)
		return NAT64_A_SET_RESULT_OTHER_BINDING;
	if (keep)
		return NAT64_A_SET_RESULT_KEPT;

	used = nat64_tick() - nat64_session_age_at(config, session->state,
						   session->expires);
	return nat64_nl_set_session(nat64->table, config, s, U8_MAX,
				    session->state,
				    nat64_dns_asked(b->key6.proto, s->rport),
				    used) ?
	       NAT64_A_SET_RESULT_CHANGED : 0;
}

/* Add or change a session. Returns what became of it. */
static int nat64_nl_set_one(const struct nat64_dev *nat64,
			    const struct nat64_nl_set *set,
			    const struct nat64_nl_session *session)
{
	const struct nat64_config *config = rcu_dereference(nat64->config);
	struct nat64_session *s;
	int result;

	if (ipv6_prefix_equal(&session->binding.key.addr, &config->pool6,
			      config->pool6_len))
		return NAT64_A_SET_RESULT_IN_POOL6;

	do {
		s = nat64_nl_find_session(nat64, session);
		if (s)
			result = nat64_nl_set_old(nat64, config, session, s,
						  set->keep);
		else
			result = nat64_nl_set_new(nat64, config, session,
						  set->info->snd_portid);
	} while (!result);

	return result;
}

static int nat64_nl_set_all(struct nat64_nl_set *set,
			    struct nat64_nl_items *items)
{
	struct genl_info *info = set->info;
	const struct nat64_dev *nat64;
	netdevice_tracker tracker;
	unsigned int i;
	int result;

	nat64 = nat64_nl_lock(genl_info_net(info), info->attrs,
			      NAT64_TABLES_POOL4, &tracker, info->extack);
	if (IS_ERR(nat64))
		return PTR_ERR(nat64);

	set->ifindex = nat64->dev->ifindex;
	for (i = 0; i < items->count; i++) {
		rcu_read_lock();
		result = nat64_nl_set_one(nat64, set,
					  (void *)nat64_nl_item(items, i)->data);
		rcu_read_unlock();
		set->results[result]++;
		cond_resched();
	}
	nat64_nl_unlock(nat64, &tracker);

	return 0;
}

static int nat64_nl_put_set(struct sk_buff *skb, const struct nat64_nl_set *set)
{
	struct nlattr *nest;
	void *hdr;
	int i;

	hdr = genlmsg_put_reply(skb, set->info, &nat64_nl_family, 0,
				NAT64_CMD_SESSION_SET);
	if (!hdr || nla_put_u32(skb, NAT64_A_IFINDEX, set->ifindex))
		return -EMSGSIZE;
	nest = nla_nest_start(skb, NAT64_A_SET_RESULT);
	if (!nest)
		return -EMSGSIZE;
	for (i = 1; i <= NAT64_A_SET_RESULT_MAX; i++)
		if (nla_put_u32(skb, i, set->results[i]))
			return -EMSGSIZE;

	nla_nest_end(skb, nest);
	genlmsg_end(skb, hdr);
	return 0;
}

int nat64_nl_session_set_doit(struct sk_buff *skb, struct genl_info *info)
{
	static const struct nat64_nl_kind kind = {
		.attr = NAT64_A_SESSION,
		.size = sizeof(struct nat64_nl_session),
		.parse = nat64_nl_parse_set,
	};
	struct nat64_nl_set set = {
		.info = info,
		.keep = nla_get_flag(info->attrs[NAT64_A_KEEP]),
	};
	struct nat64_nl_items *items;
	struct sk_buff *answer;
	int err;

	items = nat64_nl_parse_items(info, &kind);
	if (IS_ERR(items))
		return PTR_ERR(items);

	/* Allocated first: sessions that are set cannot be undone. */
	err = -ENOMEM;
	answer = genlmsg_new(GENLMSG_DEFAULT_SIZE, GFP_KERNEL);
	if (!answer)
		goto out;
	err = nat64_nl_set_all(&set, items);
	if (!err)
		err = nat64_nl_put_set(answer, &set);
	if (!err)
		err = genlmsg_reply(answer, info);
	else
		nlmsg_free(answer);
out:
	kvfree(items);
	return err;
}
