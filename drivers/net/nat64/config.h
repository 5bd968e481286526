/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * nat64 - configuration of a device.
 */
#ifndef _NAT64_CONFIG_H
#define _NAT64_CONFIG_H

#include <linux/in6.h>
#include <linux/types.h>
#include <net/netlink.h>
#include <uapi/linux/nat64.h>

struct nat64_dev;
struct nat64_pool4_stat;
struct netlink_ext_ack;
struct sk_buff;

/* Session timeouts. Sessions store their last use and state rather than a
 * deadline, so a changed timeout applies to existing sessions.
 */
enum nat64_timeout {
	NAT64_TIMEOUT_UDP,
	NAT64_TIMEOUT_TCP_EST,
	NAT64_TIMEOUT_TCP_TRANS,
	NAT64_TIMEOUT_TCP_OPEN,
	NAT64_TIMEOUT_ICMP,
	NAT64_TIMEOUT_DNS,
	NAT64_TIMEOUT_COUNT,
};

/**
 * struct nat64_range4 - a range of IPv4 addresses
 * @first: first address, host byte order
 * @last: last address, host byte order
 */
struct nat64_range4 {
	u32 first;
	u32 last;
};

static inline bool nat64_range4_overlap(const struct nat64_range4 *a,
					const struct nat64_range4 *b)
{
	return a->first <= b->last && b->first <= a->last;
}

static inline u64 nat64_range4_addrs(const struct nat64_range4 *range)
{
	return (u64)range->last - range->first + 1;
}

/**
 * struct nat64_pool4_entry - a range of IPv4 transport addresses
 * @addrs: addresses
 * @port_min: lowest port or ICMP identifier, never 0
 * @port_max: highest port or ICMP identifier
 * @proto: IPPROTO_TCP, IPPROTO_UDP or IPPROTO_ICMP, 0 for all
 * @mark: mark of the packets that use the entry; 0 for packets whose mark no
 *	other entry has
 * @stat: usage counters; NULL unless the entry is in a configuration
 */
struct nat64_pool4_entry {
	struct nat64_range4 addrs;
	u16 port_min;
	u16 port_max;
	u8 proto;
	u32 mark;
	struct nat64_pool4_stat *stat;
};

/**
 * struct nat64_config - configuration of a device, replaced as a whole by RCU
 * @pool6: prefix in which IPv4 addresses are embedded
 * @pool6_len: its length in bits
 * @wkp: @pool6 is the well-known prefix, to which RFC 6052 section 3.1 applies
 * @mode: enum nat64_mode, never changes
 * @tos: TOS of translated IPv6 packets, if @override_tos
 * @hairpin: enum nat64_hairpin
 * @zeroize_traffic_class: translated IPv4 packets get traffic class 0
 * @override_tos: translated IPv6 packets get @tos
 * @amend_udp_zero: enum nat64_amend, for stateless devices
 * @fast_path: enum nat64_fast_path
 * @randomize_rfc6791: choose addresses of @rfc6791 at random
 * @wkp_strict: enforce RFC 6052 section 3.1
 * @address_dependent_filtering: accept packets from IPv4 only from addresses
 *	that the IPv6 host has sent to
 * @drop_icmpv6_info: do not translate pings
 * @drop_external_tcp: drop TCP connections initiated from IPv4
 * @rst_during_fin: a RST in a half-closed session shortens its lifetime
 * @better_icmp6_source: the source of an ICMP error is its sender's address
 * @inbound_refresh: packets from IPv4 refresh sessions
 * @log_bib: log bindings
 * @log_session: log sessions
 * @pooling: enum nat64_pooling
 * @subscriber_len: prefix length of a subscriber
 * @hold_down_percent: percentage of an address's ports that may be held down
 * @pool4_high: usage of a pool4 entry, in percent, that is notified; 0 for no
 *	notifications
 * @pool4_low: usage in percent below which the end is notified
 * @lowest_ipv6_mtu: maximum size of IPv6 packets translated from IPv4 packets
 *	without DF
 * @max_opens: maximum number of stored SYN packets
 * @max_bindings: limit per subscriber and protocol, 0 for none
 * @max_sessions: limit per subscriber, 0 for none
 * @max_total_sessions: limit of the device, 0 for none
 * @hold_down: seconds before a port can be reused
 * @timeout: session timeouts in seconds, by enum nat64_timeout
 * @plateau_count: number of @plateaus
 * @plateaus: path MTU estimates, descending
 * @rfc6791_count: number of entries of @rfc6791
 * @rfc6791_addrs: number of addresses in all of them
 * @rfc6791: sources of ICMP errors from nodes without an IPv4 address
 * @pool4_host: use the addresses of the host; excludes entries of @pool4
 * @host_low_ports: with @pool4_host, map source ports below 1024 to such ports
 * @pool4_count: number of entries of @pool4
 * @pool4: IPv4 transport addresses of a stateful device
 */
struct nat64_config {
	struct in6_addr pool6;
	u8 pool6_len;
	bool wkp;
	u8 mode;
	u8 tos;
	u8 hairpin;
	bool zeroize_traffic_class;
	bool override_tos;
	u8 amend_udp_zero;
	u8 fast_path;
	bool randomize_rfc6791;
	bool wkp_strict;
	bool address_dependent_filtering;
	bool drop_icmpv6_info;
	bool drop_external_tcp;
	bool rst_during_fin;
	bool better_icmp6_source;
	bool inbound_refresh;
	bool log_bib;
	bool log_session;
	u8 pooling;
	u8 subscriber_len;
	u8 hold_down_percent;
	u8 pool4_high;
	u8 pool4_low;
	u32 lowest_ipv6_mtu;
	u32 max_opens;
	u32 max_bindings;
	u32 max_sessions;
	u32 max_total_sessions;
	u32 hold_down;
	u32 timeout[NAT64_TIMEOUT_COUNT];
	unsigned int plateau_count;
	u16 plateaus[NAT64_MTU_PLATEAUS_MAX];
	unsigned int rfc6791_count;
	u64 rfc6791_addrs;
	struct nat64_range4 rfc6791[NAT64_RFC6791_POOL_MAX];
	bool pool4_host;
	bool host_low_ports;
	unsigned int pool4_count;
	struct nat64_pool4_entry pool4[] __counted_by(pool4_count);
};

/* config.c */
extern const struct nla_policy nat64_link_policy[];
int nat64_attr_error(struct netlink_ext_ack *extack, const struct nlattr *attr,
		     const char *msg);
struct nat64_config *nat64_config_parse(const struct nat64_config *old,
					struct nlattr *data[],
					struct netlink_ext_ack *extack);
struct nat64_config *nat64_config_copy(const struct nat64_config *old,
				       unsigned int room);
void nat64_config_free(struct nat64_config *config);
size_t nat64_config_size(const struct nat64_config *config);
int nat64_config_fill(struct sk_buff *skb, const struct nat64_config *config);

/* config-apply.c */
int nat64_configure(struct nat64_dev *nat64, struct nat64_config *config,
		    u32 portid, struct netlink_ext_ack *extack);

/* config-pools.c */
extern const struct nla_policy nat64_pool6_policy[IFLA_NAT64_POOL6_MAX + 1];
int nat64_pool6_parse(struct nat64_config *config, struct nlattr *attr,
		      struct netlink_ext_ack *extack);
int nat64_pool6_fill(struct sk_buff *skb, const struct nat64_config *config);
int nat64_config_pool4_count(const struct nlattr *list,
			     struct netlink_ext_ack *extack);
int nat64_config_pool4_add(struct nat64_config *config,
			   const struct nlattr *attr,
			   struct netlink_ext_ack *extack);
int nat64_config_pool4_find(const struct nat64_config *config,
			    const struct nlattr *attr,
			    struct netlink_ext_ack *extack);
int nat64_config_pool4_del(struct nat64_config *config,
			   const struct nlattr *attr,
			   struct netlink_ext_ack *extack);
void nat64_config_pool4_truncate(struct nat64_config *config,
				 unsigned int count);
int nat64_config_pool4_parse(struct nat64_config *config,
			     const struct nlattr *source,
			     const struct nlattr *list,
			     struct netlink_ext_ack *extack);
size_t nat64_config_pool4_size(const struct nat64_config *config);
int nat64_config_pool4_fill(struct sk_buff *skb,
			    const struct nat64_config *config);
int nat64_rfc6791_parse(struct nat64_config *config, struct nlattr *list,
			struct netlink_ext_ack *extack);
size_t nat64_rfc6791_size(const struct nat64_config *config);
int nat64_rfc6791_fill(struct sk_buff *skb, const struct nat64_config *config);

/* config-validate.c */
int nat64_validate_once(const struct nlattr *nest, const char *msg,
			struct netlink_ext_ack *extack);
int nat64_validate_info(const struct nlattr *linkinfo,
			struct netlink_ext_ack *extack);

/* config-warn.c */
void nat64_warn_pool4(const struct nat64_dev *nat64,
		      const struct nat64_config *config,
		      struct netlink_ext_ack *extack);
void nat64_warn(const struct nat64_dev *nat64,
		const struct nat64_config *config, struct nlattr *data[],
		struct netlink_ext_ack *extack);
int nat64_warn_init(void);
void nat64_warn_exit(void);

#endif /* _NAT64_CONFIG_H */
