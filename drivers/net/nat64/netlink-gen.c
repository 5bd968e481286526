// SPDX-License-Identifier: ((GPL-2.0 WITH Linux-syscall-note) OR BSD-3-Clause)
/* Do not edit directly, auto-generated from: */
/*	Documentation/netlink/specs/nat64.yaml */
/* YNL-GEN kernel source */

#include <net/netlink.h>
#include <net/genetlink.h>

#include "netlink-gen.h"

#include <uapi/linux/nat64_netlink.h>

/* Common nested types */
const struct nla_policy nat64_binding_nl_policy[NAT64_A_BINDING_SESSIONS + 1] = {
	[NAT64_A_BINDING_PROTO] = { .type = NLA_U8, },
	[NAT64_A_BINDING_ADDR6] = NLA_POLICY_EXACT_LEN(16),
	[NAT64_A_BINDING_PORT6] = { .type = NLA_U16, },
	[NAT64_A_BINDING_ADDR4] = { .type = NLA_U32, },
	[NAT64_A_BINDING_PORT4] = { .type = NLA_U16, },
	[NAT64_A_BINDING_STATIC] = { .type = NLA_FLAG, },
	[NAT64_A_BINDING_SESSIONS] = { .type = NLA_U32, },
};

const struct nla_policy nat64_eam_nl_policy[NAT64_A_EAM_LEN6 + 1] = {
	[NAT64_A_EAM_PREFIX4] = { .type = NLA_U32, },
	[NAT64_A_EAM_LEN4] = NLA_POLICY_MAX(NLA_U8, 32),
	[NAT64_A_EAM_PREFIX6] = NLA_POLICY_EXACT_LEN(16),
	[NAT64_A_EAM_LEN6] = NLA_POLICY_MAX(NLA_U8, 128),
};

const struct nla_policy nat64_filter_nl_policy[NAT64_A_FILTER_MIN_SESSIONS + 1] = {
	[NAT64_A_FILTER_PROTO] = { .type = NLA_U8, },
	[NAT64_A_FILTER_ADDR6] = NLA_POLICY_EXACT_LEN(16),
	[NAT64_A_FILTER_LEN6] = NLA_POLICY_MAX(NLA_U8, 128),
	[NAT64_A_FILTER_PORT6] = { .type = NLA_U16, },
	[NAT64_A_FILTER_ADDR4] = { .type = NLA_U32, },
	[NAT64_A_FILTER_LEN4] = NLA_POLICY_MAX(NLA_U8, 32),
	[NAT64_A_FILTER_PORT4] = { .type = NLA_U16, },
	[NAT64_A_FILTER_REMOTE4] = { .type = NLA_U32, },
	[NAT64_A_FILTER_REMOTE_LEN] = NLA_POLICY_MAX(NLA_U8, 32),
	[NAT64_A_FILTER_REMOTE_PORT] = { .type = NLA_U16, },
	[NAT64_A_FILTER_STATE] = NLA_POLICY_RANGE(NLA_U32, 1, 7),
	[NAT64_A_FILTER_STATIC] = NLA_POLICY_MAX(NLA_U8, 1),
	[NAT64_A_FILTER_MIN_BINDINGS] = { .type = NLA_U32, },
	[NAT64_A_FILTER_MIN_SESSIONS] = { .type = NLA_U32, },
};

const struct nla_policy nat64_pool4_entry_nl_policy[NAT64_A_POOL4_ENTRY_MARK + 1] = {
	[NAT64_A_POOL4_ENTRY_PREFIX] = { .type = NLA_U32, },
	[NAT64_A_POOL4_ENTRY_LEN] = { .type = NLA_U8, },
	[NAT64_A_POOL4_ENTRY_PORT_MIN] = { .type = NLA_U16, },
	[NAT64_A_POOL4_ENTRY_PORT_MAX] = { .type = NLA_U16, },
	[NAT64_A_POOL4_ENTRY_PROTO] = { .type = NLA_U8, },
	[NAT64_A_POOL4_ENTRY_MARK] = { .type = NLA_U32, },
};

const struct nla_policy nat64_session_nl_policy[NAT64_A_SESSION_EXPIRES + 1] = {
	[NAT64_A_SESSION_PROTO] = { .type = NLA_U8, },
	[NAT64_A_SESSION_ADDR6] = NLA_POLICY_EXACT_LEN(16),
	[NAT64_A_SESSION_PORT6] = { .type = NLA_U16, },
	[NAT64_A_SESSION_ADDR4] = { .type = NLA_U32, },
	[NAT64_A_SESSION_PORT4] = { .type = NLA_U16, },
	[NAT64_A_SESSION_REMOTE4] = { .type = NLA_U32, },
	[NAT64_A_SESSION_REMOTE_PORT] = { .type = NLA_U16, },
	[NAT64_A_SESSION_REMOTE6] = NLA_POLICY_EXACT_LEN(16),
	[NAT64_A_SESSION_STATE] = NLA_POLICY_RANGE(NLA_U32, 1, 7),
	[NAT64_A_SESSION_EXPIRES] = { .type = NLA_U32, },
};

const struct nla_policy nat64_sub_address_nl_policy[NAT64_A_SUB_ADDRESS_ADDR4 + 1] = {
	[NAT64_A_SUB_ADDRESS_PROTO] = { .type = NLA_U8, },
	[NAT64_A_SUB_ADDRESS_ADDR4] = { .type = NLA_U32, },
};

const struct nla_policy nat64_sub_use_nl_policy[NAT64_A_SUB_USE_REFUSALS + 1] = {
	[NAT64_A_SUB_USE_PROTO] = { .type = NLA_U8, },
	[NAT64_A_SUB_USE_BINDINGS] = { .type = NLA_U32, },
	[NAT64_A_SUB_USE_REFUSALS] = { .type = NLA_U32, },
};

const struct nla_policy nat64_subscriber_nl_policy[NAT64_A_SUBSCRIBER_USE + 1] = {
	[NAT64_A_SUBSCRIBER_PREFIX6] = NLA_POLICY_EXACT_LEN(16),
	[NAT64_A_SUBSCRIBER_LEN6] = NLA_POLICY_RANGE(NLA_U8, 1, 128),
	[NAT64_A_SUBSCRIBER_ADDRESS] = NLA_POLICY_NESTED(nat64_sub_address_nl_policy),
	[NAT64_A_SUBSCRIBER_BINDINGS] = { .type = NLA_U32, },
	[NAT64_A_SUBSCRIBER_SESSIONS] = { .type = NLA_U32, },
	[NAT64_A_SUBSCRIBER_REFUSALS] = { .type = NLA_U32, },
	[NAT64_A_SUBSCRIBER_USE] = NLA_POLICY_NESTED(nat64_sub_use_nl_policy),
};

/* NAT64_CMD_EAM_ADD - do */
static const struct nla_policy nat64_eam_add_nl_policy[NAT64_A_EAM + 1] = {
	[NAT64_A_IFINDEX] = NLA_POLICY_MIN(NLA_U32, 1),
	[NAT64_A_IFNAME] = { .type = NLA_NUL_STRING, .len = 127, },
	[NAT64_A_EAM] = NLA_POLICY_NESTED(nat64_eam_nl_policy),
};

/* NAT64_CMD_EAM_DEL - do */
static const struct nla_policy nat64_eam_del_nl_policy[NAT64_A_EAM + 1] = {
	[NAT64_A_IFINDEX] = NLA_POLICY_MIN(NLA_U32, 1),
	[NAT64_A_IFNAME] = { .type = NLA_NUL_STRING, .len = 127, },
	[NAT64_A_EAM] = NLA_POLICY_NESTED(nat64_eam_nl_policy),
};

/* NAT64_CMD_EAM_GET - dump */
static const struct nla_policy nat64_eam_get_nl_policy[NAT64_A_IFNAME + 1] = {
	[NAT64_A_IFINDEX] = NLA_POLICY_MIN(NLA_U32, 1),
	[NAT64_A_IFNAME] = { .type = NLA_NUL_STRING, .len = 127, },
};

/* NAT64_CMD_EAM_FLUSH - do */
static const struct nla_policy nat64_eam_flush_nl_policy[NAT64_A_IFNAME + 1] = {
	[NAT64_A_IFINDEX] = NLA_POLICY_MIN(NLA_U32, 1),
	[NAT64_A_IFNAME] = { .type = NLA_NUL_STRING, .len = 127, },
};

/* NAT64_CMD_BINDING_ADD - do */
static const struct nla_policy nat64_binding_add_nl_policy[NAT64_A_BINDING + 1] = {
	[NAT64_A_IFINDEX] = NLA_POLICY_MIN(NLA_U32, 1),
	[NAT64_A_IFNAME] = { .type = NLA_NUL_STRING, .len = 127, },
	[NAT64_A_BINDING] = NLA_POLICY_NESTED(nat64_binding_nl_policy),
};

/* NAT64_CMD_BINDING_DEL - do */
static const struct nla_policy nat64_binding_del_nl_policy[NAT64_A_BINDING + 1] = {
	[NAT64_A_IFINDEX] = NLA_POLICY_MIN(NLA_U32, 1),
	[NAT64_A_IFNAME] = { .type = NLA_NUL_STRING, .len = 127, },
	[NAT64_A_BINDING] = NLA_POLICY_NESTED(nat64_binding_nl_policy),
};

/* NAT64_CMD_BINDING_GET - do */
static const struct nla_policy nat64_binding_get_do_nl_policy[NAT64_A_BINDING + 1] = {
	[NAT64_A_IFINDEX] = NLA_POLICY_MIN(NLA_U32, 1),
	[NAT64_A_IFNAME] = { .type = NLA_NUL_STRING, .len = 127, },
	[NAT64_A_BINDING] = NLA_POLICY_NESTED(nat64_binding_nl_policy),
};

/* NAT64_CMD_BINDING_GET - dump */
static const struct nla_policy nat64_binding_get_dump_nl_policy[NAT64_A_FILTER + 1] = {
	[NAT64_A_IFINDEX] = NLA_POLICY_MIN(NLA_U32, 1),
	[NAT64_A_IFNAME] = { .type = NLA_NUL_STRING, .len = 127, },
	[NAT64_A_FILTER] = NLA_POLICY_NESTED(nat64_filter_nl_policy),
};

/* NAT64_CMD_BINDING_FLUSH - do */
static const struct nla_policy nat64_binding_flush_nl_policy[NAT64_A_FILTER + 1] = {
	[NAT64_A_IFINDEX] = NLA_POLICY_MIN(NLA_U32, 1),
	[NAT64_A_IFNAME] = { .type = NLA_NUL_STRING, .len = 127, },
	[NAT64_A_FILTER] = NLA_POLICY_NESTED(nat64_filter_nl_policy),
};

/* NAT64_CMD_SESSION_ADD - do */
static const struct nla_policy nat64_session_add_nl_policy[NAT64_A_SESSION + 1] = {
	[NAT64_A_IFINDEX] = NLA_POLICY_MIN(NLA_U32, 1),
	[NAT64_A_IFNAME] = { .type = NLA_NUL_STRING, .len = 127, },
	[NAT64_A_SESSION] = NLA_POLICY_NESTED(nat64_session_nl_policy),
};

/* NAT64_CMD_SESSION_DEL - do */
static const struct nla_policy nat64_session_del_nl_policy[NAT64_A_SESSION + 1] = {
	[NAT64_A_IFINDEX] = NLA_POLICY_MIN(NLA_U32, 1),
	[NAT64_A_IFNAME] = { .type = NLA_NUL_STRING, .len = 127, },
	[NAT64_A_SESSION] = NLA_POLICY_NESTED(nat64_session_nl_policy),
};

/* NAT64_CMD_SESSION_GET - do */
static const struct nla_policy nat64_session_get_do_nl_policy[NAT64_A_SESSION + 1] = {
	[NAT64_A_IFINDEX] = NLA_POLICY_MIN(NLA_U32, 1),
	[NAT64_A_IFNAME] = { .type = NLA_NUL_STRING, .len = 127, },
	[NAT64_A_SESSION] = NLA_POLICY_NESTED(nat64_session_nl_policy),
};

/* NAT64_CMD_SESSION_GET - dump */
static const struct nla_policy nat64_session_get_dump_nl_policy[NAT64_A_FILTER + 1] = {
	[NAT64_A_IFINDEX] = NLA_POLICY_MIN(NLA_U32, 1),
	[NAT64_A_IFNAME] = { .type = NLA_NUL_STRING, .len = 127, },
	[NAT64_A_FILTER] = NLA_POLICY_NESTED(nat64_filter_nl_policy),
};

/* NAT64_CMD_SESSION_FLUSH - do */
static const struct nla_policy nat64_session_flush_nl_policy[NAT64_A_FILTER + 1] = {
	[NAT64_A_IFINDEX] = NLA_POLICY_MIN(NLA_U32, 1),
	[NAT64_A_IFNAME] = { .type = NLA_NUL_STRING, .len = 127, },
	[NAT64_A_FILTER] = NLA_POLICY_NESTED(nat64_filter_nl_policy),
};

/* NAT64_CMD_POOL4_GET - do */
static const struct nla_policy nat64_pool4_get_do_nl_policy[NAT64_A_POOL4_ENTRY + 1] = {
	[NAT64_A_IFINDEX] = NLA_POLICY_MIN(NLA_U32, 1),
	[NAT64_A_IFNAME] = { .type = NLA_NUL_STRING, .len = 127, },
	[NAT64_A_POOL4_ENTRY] = NLA_POLICY_NESTED(nat64_pool4_entry_nl_policy),
};

/* NAT64_CMD_POOL4_GET - dump */
static const struct nla_policy nat64_pool4_get_dump_nl_policy[NAT64_A_IFNAME + 1] = {
	[NAT64_A_IFINDEX] = NLA_POLICY_MIN(NLA_U32, 1),
	[NAT64_A_IFNAME] = { .type = NLA_NUL_STRING, .len = 127, },
};

/* NAT64_CMD_POOL4_ADD - do */
static const struct nla_policy nat64_pool4_add_nl_policy[NAT64_A_POOL4_ENTRY + 1] = {
	[NAT64_A_IFINDEX] = NLA_POLICY_MIN(NLA_U32, 1),
	[NAT64_A_IFNAME] = { .type = NLA_NUL_STRING, .len = 127, },
	[NAT64_A_POOL4_ENTRY] = NLA_POLICY_NESTED(nat64_pool4_entry_nl_policy),
};

/* NAT64_CMD_POOL4_DEL - do */
static const struct nla_policy nat64_pool4_del_nl_policy[NAT64_A_POOL4_ENTRY + 1] = {
	[NAT64_A_IFINDEX] = NLA_POLICY_MIN(NLA_U32, 1),
	[NAT64_A_IFNAME] = { .type = NLA_NUL_STRING, .len = 127, },
	[NAT64_A_POOL4_ENTRY] = NLA_POLICY_NESTED(nat64_pool4_entry_nl_policy),
};

/* NAT64_CMD_POOL4_FLUSH - do */
static const struct nla_policy nat64_pool4_flush_nl_policy[NAT64_A_IFNAME + 1] = {
	[NAT64_A_IFINDEX] = NLA_POLICY_MIN(NLA_U32, 1),
	[NAT64_A_IFNAME] = { .type = NLA_NUL_STRING, .len = 127, },
};

/* NAT64_CMD_STATS_GET - do */
static const struct nla_policy nat64_stats_get_do_nl_policy[NAT64_A_IFNAME + 1] = {
	[NAT64_A_IFINDEX] = NLA_POLICY_MIN(NLA_U32, 1),
	[NAT64_A_IFNAME] = { .type = NLA_NUL_STRING, .len = 127, },
};

/* NAT64_CMD_STATS_GET - dump */
static const struct nla_policy nat64_stats_get_dump_nl_policy[NAT64_A_IFNAME + 1] = {
	[NAT64_A_IFINDEX] = NLA_POLICY_MIN(NLA_U32, 1),
	[NAT64_A_IFNAME] = { .type = NLA_NUL_STRING, .len = 127, },
};

/* NAT64_CMD_TABLE_GET - do */
static const struct nla_policy nat64_table_get_do_nl_policy[NAT64_A_IFNAME + 1] = {
	[NAT64_A_IFINDEX] = NLA_POLICY_MIN(NLA_U32, 1),
	[NAT64_A_IFNAME] = { .type = NLA_NUL_STRING, .len = 127, },
};

/* NAT64_CMD_TABLE_GET - dump */
static const struct nla_policy nat64_table_get_dump_nl_policy[NAT64_A_IFNAME + 1] = {
	[NAT64_A_IFINDEX] = NLA_POLICY_MIN(NLA_U32, 1),
	[NAT64_A_IFNAME] = { .type = NLA_NUL_STRING, .len = 127, },
};

/* NAT64_CMD_SUBSCRIBER_GET - do */
static const struct nla_policy nat64_subscriber_get_do_nl_policy[NAT64_A_SUBSCRIBER + 1] = {
	[NAT64_A_IFINDEX] = NLA_POLICY_MIN(NLA_U32, 1),
	[NAT64_A_IFNAME] = { .type = NLA_NUL_STRING, .len = 127, },
	[NAT64_A_SUBSCRIBER] = NLA_POLICY_NESTED(nat64_subscriber_nl_policy),
};

/* NAT64_CMD_SUBSCRIBER_GET - dump */
static const struct nla_policy nat64_subscriber_get_dump_nl_policy[NAT64_A_FILTER + 1] = {
	[NAT64_A_IFINDEX] = NLA_POLICY_MIN(NLA_U32, 1),
	[NAT64_A_IFNAME] = { .type = NLA_NUL_STRING, .len = 127, },
	[NAT64_A_FILTER] = NLA_POLICY_NESTED(nat64_filter_nl_policy),
};

/* NAT64_CMD_ADDRESS_GET - dump */
static const struct nla_policy nat64_address_get_nl_policy[NAT64_A_IFNAME + 1] = {
	[NAT64_A_IFINDEX] = NLA_POLICY_MIN(NLA_U32, 1),
	[NAT64_A_IFNAME] = { .type = NLA_NUL_STRING, .len = 127, },
};

/* NAT64_CMD_REPLACE_BEGIN - do */
static const struct nla_policy nat64_replace_begin_nl_policy[NAT64_A_TABLES + 1] = {
	[NAT64_A_IFINDEX] = NLA_POLICY_MIN(NLA_U32, 1),
	[NAT64_A_IFNAME] = { .type = NLA_NUL_STRING, .len = 127, },
	[NAT64_A_TABLES] = NLA_POLICY_MASK(NLA_U32, 0x3),
};

/* NAT64_CMD_REPLACE_ADD - do */
static const struct nla_policy nat64_replace_add_nl_policy[NAT64_A_POOL4_ENTRY + 1] = {
	[NAT64_A_EAM] = NLA_POLICY_NESTED(nat64_eam_nl_policy),
	[NAT64_A_POOL4_ENTRY] = NLA_POLICY_NESTED(nat64_pool4_entry_nl_policy),
};

/* NAT64_CMD_SESSION_SET - do */
static const struct nla_policy nat64_session_set_nl_policy[NAT64_A_KEEP + 1] = {
	[NAT64_A_IFINDEX] = NLA_POLICY_MIN(NLA_U32, 1),
	[NAT64_A_IFNAME] = { .type = NLA_NUL_STRING, .len = 127, },
	[NAT64_A_SESSION] = NLA_POLICY_NESTED(nat64_session_nl_policy),
	[NAT64_A_KEEP] = { .type = NLA_FLAG, },
};

/* Ops table for nat64 */
const struct genl_split_ops nat64_nl_ops[31] = {
	{
		.cmd		= NAT64_CMD_EAM_ADD,
		.pre_doit	= nat64_nl_pre_doit,
		.doit		= nat64_nl_eam_add_doit,
		.policy		= nat64_eam_add_nl_policy,
		.maxattr	= NAT64_A_EAM,
		.flags		= GENL_UNS_ADMIN_PERM | GENL_CMD_CAP_DO,
	},
	{
		.cmd		= NAT64_CMD_EAM_DEL,
		.pre_doit	= nat64_nl_pre_doit,
		.doit		= nat64_nl_eam_del_doit,
		.policy		= nat64_eam_del_nl_policy,
		.maxattr	= NAT64_A_EAM,
		.flags		= GENL_UNS_ADMIN_PERM | GENL_CMD_CAP_DO,
	},
	{
		.cmd		= NAT64_CMD_EAM_GET,
		.dumpit		= nat64_nl_eam_get_dumpit,
		.done		= nat64_nl_eam_get_done,
		.policy		= nat64_eam_get_nl_policy,
		.maxattr	= NAT64_A_IFNAME,
		.flags		= GENL_UNS_ADMIN_PERM | GENL_CMD_CAP_DUMP,
	},
	{
		.cmd		= NAT64_CMD_EAM_FLUSH,
		.pre_doit	= nat64_nl_pre_doit,
		.doit		= nat64_nl_eam_flush_doit,
		.policy		= nat64_eam_flush_nl_policy,
		.maxattr	= NAT64_A_IFNAME,
		.flags		= GENL_UNS_ADMIN_PERM | GENL_CMD_CAP_DO,
	},
	{
		.cmd		= NAT64_CMD_BINDING_ADD,
		.pre_doit	= nat64_nl_pre_doit,
		.doit		= nat64_nl_binding_add_doit,
		.policy		= nat64_binding_add_nl_policy,
		.maxattr	= NAT64_A_BINDING,
		.flags		= GENL_UNS_ADMIN_PERM | GENL_CMD_CAP_DO,
	},
	{
		.cmd		= NAT64_CMD_BINDING_DEL,
		.pre_doit	= nat64_nl_pre_doit,
		.doit		= nat64_nl_binding_del_doit,
		.policy		= nat64_binding_del_nl_policy,
		.maxattr	= NAT64_A_BINDING,
		.flags		= GENL_UNS_ADMIN_PERM | GENL_CMD_CAP_DO,
	},
	{
		.cmd		= NAT64_CMD_BINDING_GET,
		.pre_doit	= nat64_nl_pre_doit,
		.doit		= nat64_nl_binding_get_doit,
		.policy		= nat64_binding_get_do_nl_policy,
		.maxattr	= NAT64_A_BINDING,
		.flags		= GENL_UNS_ADMIN_PERM | GENL_CMD_CAP_DO,
	},
	{
		.cmd		= NAT64_CMD_BINDING_GET,
		.dumpit		= nat64_nl_binding_get_dumpit,
		.done		= nat64_nl_binding_get_done,
		.policy		= nat64_binding_get_dump_nl_policy,
		.maxattr	= NAT64_A_FILTER,
		.flags		= GENL_UNS_ADMIN_PERM | GENL_CMD_CAP_DUMP,
	},
	{
		.cmd		= NAT64_CMD_BINDING_FLUSH,
		.pre_doit	= nat64_nl_pre_doit,
		.doit		= nat64_nl_binding_flush_doit,
		.policy		= nat64_binding_flush_nl_policy,
		.maxattr	= NAT64_A_FILTER,
		.flags		= GENL_UNS_ADMIN_PERM | GENL_CMD_CAP_DO,
	},
	{
		.cmd		= NAT64_CMD_SESSION_ADD,
		.pre_doit	= nat64_nl_pre_doit,
		.doit		= nat64_nl_session_add_doit,
		.policy		= nat64_session_add_nl_policy,
		.maxattr	= NAT64_A_SESSION,
		.flags		= GENL_UNS_ADMIN_PERM | GENL_CMD_CAP_DO,
	},
	{
		.cmd		= NAT64_CMD_SESSION_DEL,
		.pre_doit	= nat64_nl_pre_doit,
		.doit		= nat64_nl_session_del_doit,
		.policy		= nat64_session_del_nl_policy,
		.maxattr	= NAT64_A_SESSION,
		.flags		= GENL_UNS_ADMIN_PERM | GENL_CMD_CAP_DO,
	},
	{
		.cmd		= NAT64_CMD_SESSION_GET,
		.pre_doit	= nat64_nl_pre_doit,
		.doit		= nat64_nl_session_get_doit,
		.policy		= nat64_session_get_do_nl_policy,
		.maxattr	= NAT64_A_SESSION,
		.flags		= GENL_UNS_ADMIN_PERM | GENL_CMD_CAP_DO,
	},
	{
		.cmd		= NAT64_CMD_SESSION_GET,
		.dumpit		= nat64_nl_session_get_dumpit,
		.done		= nat64_nl_session_get_done,
		.policy		= nat64_session_get_dump_nl_policy,
		.maxattr	= NAT64_A_FILTER,
		.flags		= GENL_UNS_ADMIN_PERM | GENL_CMD_CAP_DUMP,
	},
	{
		.cmd		= NAT64_CMD_SESSION_FLUSH,
		.pre_doit	= nat64_nl_pre_doit,
		.doit		= nat64_nl_session_flush_doit,
		.policy		= nat64_session_flush_nl_policy,
		.maxattr	= NAT64_A_FILTER,
		.flags		= GENL_UNS_ADMIN_PERM | GENL_CMD_CAP_DO,
	},
	{
		.cmd		= NAT64_CMD_POOL4_GET,
		.pre_doit	= nat64_nl_pre_doit,
		.doit		= nat64_nl_pool4_get_doit,
		.policy		= nat64_pool4_get_do_nl_policy,
		.maxattr	= NAT64_A_POOL4_ENTRY,
		.flags		= GENL_UNS_ADMIN_PERM | GENL_CMD_CAP_DO,
	},
	{
		.cmd		= NAT64_CMD_POOL4_GET,
		.dumpit		= nat64_nl_pool4_get_dumpit,
		.policy		= nat64_pool4_get_dump_nl_policy,
		.maxattr	= NAT64_A_IFNAME,
		.flags		= GENL_UNS_ADMIN_PERM | GENL_CMD_CAP_DUMP,
	},
	{
		.cmd		= NAT64_CMD_POOL4_ADD,
		.pre_doit	= nat64_nl_pre_doit,
		.doit		= nat64_nl_pool4_add_doit,
		.policy		= nat64_pool4_add_nl_policy,
		.maxattr	= NAT64_A_POOL4_ENTRY,
		.flags		= GENL_UNS_ADMIN_PERM | GENL_CMD_CAP_DO,
	},
	{
		.cmd		= NAT64_CMD_POOL4_DEL,
		.pre_doit	= nat64_nl_pre_doit,
		.doit		= nat64_nl_pool4_del_doit,
		.policy		= nat64_pool4_del_nl_policy,
		.maxattr	= NAT64_A_POOL4_ENTRY,
		.flags		= GENL_UNS_ADMIN_PERM | GENL_CMD_CAP_DO,
	},
	{
		.cmd		= NAT64_CMD_POOL4_FLUSH,
		.pre_doit	= nat64_nl_pre_doit,
		.doit		= nat64_nl_pool4_flush_doit,
		.policy		= nat64_pool4_flush_nl_policy,
		.maxattr	= NAT64_A_IFNAME,
		.flags		= GENL_UNS_ADMIN_PERM | GENL_CMD_CAP_DO,
	},
	{
		.cmd		= NAT64_CMD_STATS_GET,
		.pre_doit	= nat64_nl_pre_doit,
		.doit		= nat64_nl_stats_get_doit,
		.policy		= nat64_stats_get_do_nl_policy,
		.maxattr	= NAT64_A_IFNAME,
		.flags		= GENL_CMD_CAP_DO,
	},
	{
		.cmd		= NAT64_CMD_STATS_GET,
		.dumpit		= nat64_nl_stats_get_dumpit,
		.policy		= nat64_stats_get_dump_nl_policy,
		.maxattr	= NAT64_A_IFNAME,
		.flags		= GENL_CMD_CAP_DUMP,
	},
	{
		.cmd		= NAT64_CMD_TABLE_GET,
		.pre_doit	= nat64_nl_pre_doit,
		.doit		= nat64_nl_table_get_doit,
		.policy		= nat64_table_get_do_nl_policy,
		.maxattr	= NAT64_A_IFNAME,
		.flags		= GENL_CMD_CAP_DO,
	},
	{
		.cmd		= NAT64_CMD_TABLE_GET,
		.dumpit		= nat64_nl_table_get_dumpit,
		.policy		= nat64_table_get_dump_nl_policy,
		.maxattr	= NAT64_A_IFNAME,
		.flags		= GENL_CMD_CAP_DUMP,
	},
	{
		.cmd		= NAT64_CMD_SUBSCRIBER_GET,
		.pre_doit	= nat64_nl_pre_doit,
		.doit		= nat64_nl_subscriber_get_doit,
		.policy		= nat64_subscriber_get_do_nl_policy,
		.maxattr	= NAT64_A_SUBSCRIBER,
		.flags		= GENL_UNS_ADMIN_PERM | GENL_CMD_CAP_DO,
	},
	{
		.cmd		= NAT64_CMD_SUBSCRIBER_GET,
		.dumpit		= nat64_nl_subscriber_get_dumpit,
		.done		= nat64_nl_subscriber_get_done,
		.policy		= nat64_subscriber_get_dump_nl_policy,
		.maxattr	= NAT64_A_FILTER,
		.flags		= GENL_UNS_ADMIN_PERM | GENL_CMD_CAP_DUMP,
	},
	{
		.cmd		= NAT64_CMD_ADDRESS_GET,
		.dumpit		= nat64_nl_address_get_dumpit,
		.policy		= nat64_address_get_nl_policy,
		.maxattr	= NAT64_A_IFNAME,
		.flags		= GENL_UNS_ADMIN_PERM | GENL_CMD_CAP_DUMP,
	},
	{
		.cmd		= NAT64_CMD_REPLACE_BEGIN,
		.pre_doit	= nat64_nl_pre_doit,
		.doit		= nat64_nl_replace_begin_doit,
		.policy		= nat64_replace_begin_nl_policy,
		.maxattr	= NAT64_A_TABLES,
		.flags		= GENL_UNS_ADMIN_PERM | GENL_CMD_CAP_DO,
	},
	{
		.cmd		= NAT64_CMD_REPLACE_ADD,
		.pre_doit	= nat64_nl_pre_doit,
		.doit		= nat64_nl_replace_add_doit,
		.policy		= nat64_replace_add_nl_policy,
		.maxattr	= NAT64_A_POOL4_ENTRY,
		.flags		= GENL_UNS_ADMIN_PERM | GENL_CMD_CAP_DO,
	},
	{
		.cmd		= NAT64_CMD_REPLACE_COMMIT,
		.pre_doit	= nat64_nl_pre_doit,
		.doit		= nat64_nl_replace_commit_doit,
		.flags		= GENL_UNS_ADMIN_PERM | GENL_CMD_CAP_DO,
	},
	{
		.cmd		= NAT64_CMD_REPLACE_ABORT,
		.pre_doit	= nat64_nl_pre_doit,
		.doit		= nat64_nl_replace_abort_doit,
		.flags		= GENL_UNS_ADMIN_PERM | GENL_CMD_CAP_DO,
	},
	{
		.cmd		= NAT64_CMD_SESSION_SET,
		.pre_doit	= nat64_nl_pre_doit,
		.doit		= nat64_nl_session_set_doit,
		.policy		= nat64_session_set_nl_policy,
		.maxattr	= NAT64_A_KEEP,
		.flags		= GENL_UNS_ADMIN_PERM | GENL_CMD_CAP_DO,
	},
};

