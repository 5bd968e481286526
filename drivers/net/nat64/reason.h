/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * nat64 - counters: one for every reason that a packet is not translated.
 */
#ifndef _NAT64_REASON_H
#define _NAT64_REASON_H

#include <linux/ethtool.h>
#include <linux/skbuff.h>
#include <linux/u64_stats_sync.h>
#include <uapi/linux/nat64.h>

struct net_device;
struct nat64_dev;

/**
 * enum nat64_reason - why a packet was not translated
 * @NAT64_OK: it was, or it is being reassembled, or is none of ours
 * @NAT64_DROP_MALFORMED: lengths or header fields contradict each other
 * @NAT64_DROP_NO_MEMORY: memory for packet or tables is short
 * @NAT64_DROP_BACKLOG: the backlog of the CPU is full
 *	(net.core.netdev_max_backlog)
 * @NAT64_DROP_SEGMENT: an offloaded packet could not be segmented
 * @NAT64_DROP_REASSEMBLY: fragments could not be put together
 * @NAT64_DROP_ILLEGAL_SRC: source that no packet may have
 * @NAT64_DROP_ILLEGAL_DST: destination that no packet may have
 * @NAT64_DROP_SRC_IN_POOL6: IPv6 source within pool6, RFC 6146 section 3.5
 * @NAT64_DROP_UNTRANSLATABLE: IPv6 address outside pool6
 * @NAT64_DROP_WKP_NONGLOBAL: 64:ff9b::/96 with an IPv4 address that is not
 *	global, RFC 6052 section 3.1
 * @NAT64_DROP_SOURCE_ROUTE: IPv4 source route that has not come to its end
 * @NAT64_DROP_ROUTING_HEADER: IPv6 Routing header with segments left
 * @NAT64_DROP_FRAGMENT_CHAIN: extension header behind a Fragment Header
 * @NAT64_DROP_PROTOCOL: protocol that this mode does not translate
 * @NAT64_DROP_IGMP: IGMP, which has no meaning beyond a link
 * @NAT64_DROP_TOO_BIG: has no form of at most 65535 bytes in IPv4
 * @NAT64_DROP_UDP_ZERO: IPv4 UDP without checksum, stateless
 * @NAT64_DROP_ICMP_TYPE: ICMP type or code without counterpart
 * @NAT64_DROP_ICMP_FRAGMENT: fragment of an ICMP message, stateless
 * @NAT64_DROP_ICMP_CHECKSUM: ICMP error with a wrong checksum, stateful
 * @NAT64_DROP_ICMP_QUOTE: ICMP error whose quoted packet tells too little, or
 *	is an error itself
 * @NAT64_DROP_ICMP_SESSION: ICMP error about no session
 * @NAT64_DROP_POOL4_EMPTY: a new flow, and pool4 has no address for it
 * @NAT64_DROP_POOL4_FULL: a new flow, and no port is free
 * @NAT64_DROP_ADDRESS_FULL: a new flow, and no port is free on the address that
 *	its subscriber has
 * @NAT64_DROP_MAX_BINDINGS: a new flow of a subscriber that has max-bindings
 * @NAT64_DROP_MAX_SESSIONS: a new flow of a subscriber that has max-sessions
 * @NAT64_DROP_MAX_TOTAL: a new flow, and the device has max-total-sessions
 * @NAT64_DROP_NO_BINDING_UDP: UDP from IPv4 to a port without binding
 * @NAT64_DROP_NO_BINDING_TCP: TCP from IPv4 to a port without binding
 * @NAT64_DROP_NO_BINDING_ICMP: ICMP query from IPv4 without binding
 * @NAT64_DROP_TCP_FLAGS: TCP segment with SYN and FIN or RST
 * @NAT64_DROP_TCP_NO_SESSION: TCP segment other than SYN from IPv6 without
 *	binding
 * @NAT64_DROP_SYN_UNANSWERED: TCP SYN from IPv4 that has waited for one from
 *	IPv6 in vain, RFC 6146 section 3.5.2.2
 * @NAT64_DROP_SYN_CROSSED: one that has not: both sides opened at once
 * @NAT64_DROP_SYN_AGAIN: the same SYN again while it waits
 * @NAT64_DROP_SYN_FULL: as many SYNs wait as may
 * @NAT64_DROP_TCP_EXTERNAL: TCP connection that begins in IPv4, when none may
 * @NAT64_DROP_TCP_FILTERED: TCP from an IPv4 host that the IPv6 host has not
 *	sent to, with address-dependent filtering
 * @NAT64_DROP_FILTERED: the same for UDP and ICMP queries
 * @NAT64_DROP_ICMPV6_INFO: ICMP query, when none may pass
 * @NAT64_DROP_EXT_HDR: IPv4 protocol that is an extension header in IPv6
 * @NAT64_DROP_LOOP: it would come back by pool6 again and again, stateless
 * @NAT64_REASON_COUNT: number of reasons
 * @NAT64_STORED: no reason: the packet is no longer the caller's and not to be
 *	counted as sent: it is kept, or it has been counted already
 */
enum nat64_reason {
	NAT64_OK,
	NAT64_DROP_MALFORMED,
	NAT64_DROP_NO_MEMORY,
	NAT64_DROP_BACKLOG,
	NAT64_DROP_SEGMENT,
	NAT64_DROP_REASSEMBLY,
	NAT64_DROP_ILLEGAL_SRC,
	NAT64_DROP_ILLEGAL_DST,
	NAT64_DROP_SRC_IN_POOL6,
	NAT64_DROP_UNTRANSLATABLE,
	NAT64_DROP_WKP_NONGLOBAL,
	NAT64_DROP_SOURCE_ROUTE,
	NAT64_DROP_ROUTING_HEADER,
	NAT64_DROP_FRAGMENT_CHAIN,
	NAT64_DROP_PROTOCOL,
	NAT64_DROP_IGMP,
	NAT64_DROP_TOO_BIG,
	NAT64_DROP_UDP_ZERO,
	NAT64_DROP_ICMP_TYPE,
	NAT64_DROP_ICMP_FRAGMENT,
	NAT64_DROP_ICMP_CHECKSUM,
	NAT64_DROP_ICMP_QUOTE,
	NAT64_DROP_ICMP_SESSION,
	NAT64_DROP_POOL4_EMPTY,
	NAT64_DROP_POOL4_FULL,
	NAT64_DROP_ADDRESS_FULL,
	NAT64_DROP_MAX_BINDINGS,
	NAT64_DROP_MAX_SESSIONS,
	NAT64_DROP_MAX_TOTAL,
	NAT64_DROP_NO_BINDING_UDP,
	NAT64_DROP_NO_BINDING_TCP,
	NAT64_DROP_NO_BINDING_ICMP,
	NAT64_DROP_TCP_FLAGS,
	NAT64_DROP_TCP_NO_SESSION,
	NAT64_DROP_SYN_UNANSWERED,
	NAT64_DROP_SYN_CROSSED,
	NAT64_DROP_SYN_AGAIN,
	NAT64_DROP_SYN_FULL,
	NAT64_DROP_TCP_EXTERNAL,
	NAT64_DROP_TCP_FILTERED,
	NAT64_DROP_FILTERED,
	NAT64_DROP_ICMPV6_INFO,
	NAT64_DROP_EXT_HDR,
	NAT64_DROP_LOOP,
	NAT64_REASON_COUNT,
	NAT64_STORED = NAT64_REASON_COUNT,
};

/**
 * struct nat64_reason_info - how a packet is answered that was not translated
 * @type6: type of the ICMPv6 error to answer with, 0 for none
 * @code6: its code
 * @quiet_icmp6: no answer to an ICMPv6 packet, RFC 7915 section 5.4
 * @type4: type of the ICMPv4 error to answer with, 0 for none
 * @code4: its code
 */
struct nat64_reason_info {
	u8 type6;
	u8 code6;
	bool quiet_icmp6;
	u8 type4;
	u8 code4;
};

/* The number of a reason's counter, less its own. */
#define NAT64_REASON_COUNTER	1

extern const char * const nat64_reason_names[NAT64_REASON_COUNT];
extern const struct nat64_reason_info nat64_reasons[NAT64_REASON_COUNT];

/**
 * struct nat64_counters - counters of one CPU
 * @syncp: makes 64-bit reads whole on 32-bit machines
 * @drop: packets, by enum nat64_reason
 */
struct nat64_counters {
	struct u64_stats_sync syncp;
	u64_stats_t drop[NAT64_REASON_COUNT];
};

enum skb_drop_reason nat64_core_reason(enum nat64_reason reason);
void nat64_count(struct nat64_dev *nat64, enum nat64_reason reason);
void nat64_counters_sum(const struct nat64_dev *nat64,
			u64 sum[NAT64_REASON_COUNT]);

/* linkstats.c */
extern const struct ethtool_ops nat64_ethtool_ops;
size_t nat64_linkxstats_size(const struct net_device *dev, int attr);
int nat64_linkxstats_fill(struct sk_buff *skb, const struct net_device *dev,
			  int *prividx, int attr);

#endif /* _NAT64_REASON_H */
