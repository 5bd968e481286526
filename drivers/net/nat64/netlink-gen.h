/* SPDX-License-Identifier: ((GPL-2.0 WITH Linux-syscall-note) OR BSD-3-Clause) */
/* Do not edit directly, auto-generated from: */
/*	Documentation/netlink/specs/nat64.yaml */
/* YNL-GEN kernel header */

#ifndef _LINUX_NAT64_GEN_H
#define _LINUX_NAT64_GEN_H

#include <net/netlink.h>
#include <net/genetlink.h>

#include <uapi/linux/nat64_netlink.h>

/* Common nested types */
extern const struct nla_policy nat64_binding_nl_policy[NAT64_A_BINDING_SESSIONS + 1];
extern const struct nla_policy nat64_eam_nl_policy[NAT64_A_EAM_LEN6 + 1];
extern const struct nla_policy nat64_filter_nl_policy[NAT64_A_FILTER_MIN_SESSIONS + 1];
extern const struct nla_policy nat64_pool4_entry_nl_policy[NAT64_A_POOL4_ENTRY_MARK + 1];
extern const struct nla_policy nat64_session_nl_policy[NAT64_A_SESSION_EXPIRES + 1];
extern const struct nla_policy nat64_sub_address_nl_policy[NAT64_A_SUB_ADDRESS_ADDR4 + 1];
extern const struct nla_policy nat64_sub_use_nl_policy[NAT64_A_SUB_USE_REFUSALS + 1];
extern const struct nla_policy nat64_subscriber_nl_policy[NAT64_A_SUBSCRIBER_USE + 1];

/* Ops table for nat64 */
extern const struct genl_split_ops nat64_nl_ops[31];

int nat64_nl_pre_doit(const struct genl_split_ops *ops, struct sk_buff *skb,
		      struct genl_info *info);
int nat64_nl_eam_get_done(struct netlink_callback *cb);
int nat64_nl_binding_get_done(struct netlink_callback *cb);
int nat64_nl_session_get_done(struct netlink_callback *cb);
int nat64_nl_subscriber_get_done(struct netlink_callback *cb);

int nat64_nl_eam_add_doit(struct sk_buff *skb, struct genl_info *info);
int nat64_nl_eam_del_doit(struct sk_buff *skb, struct genl_info *info);
int nat64_nl_eam_get_dumpit(struct sk_buff *skb, struct netlink_callback *cb);
int nat64_nl_eam_flush_doit(struct sk_buff *skb, struct genl_info *info);
int nat64_nl_binding_add_doit(struct sk_buff *skb, struct genl_info *info);
int nat64_nl_binding_del_doit(struct sk_buff *skb, struct genl_info *info);
int nat64_nl_binding_get_doit(struct sk_buff *skb, struct genl_info *info);
int nat64_nl_binding_get_dumpit(struct sk_buff *skb,
				struct netlink_callback *cb);
int nat64_nl_binding_flush_doit(struct sk_buff *skb, struct genl_info *info);
int nat64_nl_session_add_doit(struct sk_buff *skb, struct genl_info *info);
int nat64_nl_session_del_doit(struct sk_buff *skb, struct genl_info *info);
int nat64_nl_session_get_doit(struct sk_buff *skb, struct genl_info *info);
int nat64_nl_session_get_dumpit(struct sk_buff *skb,
				struct netlink_callback *cb);
int nat64_nl_session_flush_doit(struct sk_buff *skb, struct genl_info *info);
int nat64_nl_pool4_get_doit(struct sk_buff *skb, struct genl_info *info);
int nat64_nl_pool4_get_dumpit(struct sk_buff *skb, struct netlink_callback *cb);
int nat64_nl_pool4_add_doit(struct sk_buff *skb, struct genl_info *info);
int nat64_nl_pool4_del_doit(struct sk_buff *skb, struct genl_info *info);
int nat64_nl_pool4_flush_doit(struct sk_buff *skb, struct genl_info *info);
int nat64_nl_stats_get_doit(struct sk_buff *skb, struct genl_info *info);
int nat64_nl_stats_get_dumpit(struct sk_buff *skb, struct netlink_callback *cb);
int nat64_nl_table_get_doit(struct sk_buff *skb, struct genl_info *info);
int nat64_nl_table_get_dumpit(struct sk_buff *skb, struct netlink_callback *cb);
int nat64_nl_subscriber_get_doit(struct sk_buff *skb, struct genl_info *info);
int nat64_nl_subscriber_get_dumpit(struct sk_buff *skb,
				   struct netlink_callback *cb);
int nat64_nl_address_get_dumpit(struct sk_buff *skb,
				struct netlink_callback *cb);
int nat64_nl_replace_begin_doit(struct sk_buff *skb, struct genl_info *info);
int nat64_nl_replace_add_doit(struct sk_buff *skb, struct genl_info *info);
int nat64_nl_replace_commit_doit(struct sk_buff *skb, struct genl_info *info);
int nat64_nl_replace_abort_doit(struct sk_buff *skb, struct genl_info *info);
int nat64_nl_session_set_doit(struct sk_buff *skb, struct genl_info *info);

enum {
	NAT64_NLGRP_BINDING,
	NAT64_NLGRP_SESSION,
	NAT64_NLGRP_EXHAUSTION,
};

#endif /* _LINUX_NAT64_GEN_H */
