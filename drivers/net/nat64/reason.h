/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * nat64 - drop reasons, each with a counter.
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
 * enum nat64_reason - reasons to drop a packet
 * @NAT64_OK: translated, queued for reassembly, or ignored
 * @NAT64_DROP_MALFORMED: invalid lengths or header fields
 * @NAT64_DROP_NO_MEMORY: no memory for the packet or a table entry
 * @NAT64_DROP_BACKLOG: CPU backlog full (net.core.netdev_max_backlog)
 * @NAT64_DROP_SEGMENT: segmentation of a GSO packet failed
 * @NAT64_DROP_REASSEMBLY: reassembly of fragments failed
 * @NAT64_DROP_ILLEGAL_SRC: illegal source address
 * @NAT64_DROP_ILLEGAL_DST: illegal destination address
 * @NAT64_DROP_SRC_IN_POOL6: IPv6 source within pool6, RFC 6146 section 3.5
 * @NAT64_DROP_UNTRANSLATABLE: IPv6 address outside pool6
 * @NAT64_DROP_WKP_NONGLOBAL: 64:ff9b::/96 with a non-global IPv4 address, RFC
 *	6052 section 3.1
 * @NAT64_DROP_SOURCE_ROUTE: unexpired IPv4 source route
 * @NAT64_DROP_ROUTING_HEADER: IPv6 Routing header with segments left
 * @NAT64_DROP_FRAGMENT_CHAIN: extension header behind a Fragment Header
 * @NAT64_DROP_PROTOCOL: protocol not translated in this mode
 * @NAT64_DROP_IGMP: IGMP, which is link-local
 * @NAT64_DROP_TOO_BIG: too big for IPv4 (65535 bytes), or IPv6 fragment larger
 *	than the IPv4 path MTU
 * @NAT64_DROP_UDP_ZERO: IPv4 UDP without checksum, stateless
 * @NAT64_DROP_ICMP_TYPE: ICMP type or code without counterpart in the other
 *	family
 * @NAT64_DROP_ICMP_FRAGMENT: fragment of an ICMP message, stateless
 * @NAT64_DROP_ICMP_CHECKSUM: ICMP error with a wrong checksum, stateful
 * @NAT64_DROP_ICMP_QUOTE: ICMP error that quotes a truncated or untranslatable
 *	packet, or another error
 * @NAT64_DROP_ICMP_SESSION: ICMP error that matches no session
 * @NAT64_DROP_POOL4_EMPTY: no pool4 address for a new flow
 * @NAT64_DROP_POOL4_FULL: no free port for a new flow
 * @NAT64_DROP_ADDRESS_FULL: no free port for a new flow on the subscriber's
 *	address
 * @NAT64_DROP_MAX_BINDINGS: subscriber reached max-bindings
 * @NAT64_DROP_MAX_SESSIONS: subscriber reached max-sessions
 * @NAT64_DROP_MAX_TOTAL: device reached max-total-sessions
 * @NAT64_DROP_NO_BINDING_UDP: UDP from IPv4 to a port without binding
 * @NAT64_DROP_NO_BINDING_TCP: TCP from IPv4 to a port without binding
 * @NAT64_DROP_NO_BINDING_ICMP: ICMP query from IPv4 without binding
 * @NAT64_DROP_TCP_FLAGS: TCP segment with SYN and FIN or RST
 * @NAT64_DROP_TCP_NO_SESSION: TCP segment other than SYN from IPv6 without
 *	binding
 * @NAT64_DROP_SYN_UNANSWERED: stored TCP SYN from IPv4 timed out without a SYN
 *	from IPv6, RFC 6146 section 3.5.2.2
 * @NAT64_DROP_SYN_CROSSED: stored TCP SYN from IPv4 discarded: simultaneous
 *	open
 * @NAT64_DROP_SYN_AGAIN: retransmission of a stored SYN
 * @NAT64_DROP_SYN_FULL: limit of stored SYNs reached
 * @NAT64_DROP_TCP_EXTERNAL: TCP SYN from IPv4 with
 *	drop-externally-initiated-tcp
 * @NAT64_DROP_TCP_FILTERED: address-dependent filtering: TCP from an IPv4 host
 *	that the IPv6 host has no session with
 * @NAT64_DROP_FILTERED: the same for UDP and ICMP queries
 * @NAT64_DROP_ICMPV6_INFO: ICMP query with drop-icmpv6-info
 * @NAT64_DROP_EXT_HDR: IPv4 protocol that is an extension header in IPv6
 * @NAT64_DROP_LOOP: routing loop through pool6, stateless
 * @NAT64_REASON_COUNT: number of reasons
 * @NAT64_STORED: not a reason: the packet was consumed and must not be counted
 *	as sent, because it was stored or already counted
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
 * struct nat64_reason_info - ICMP errors sent for a drop reason
 * @type6: ICMPv6 type, 0 for none
 * @code6: ICMPv6 code
 * @quiet_icmp6: no error about ICMPv6 packets, RFC 7915 section 5.4
 * @type4: ICMPv4 type, 0 for none
 * @code4: ICMPv4 code
 */
struct nat64_reason_info {
	u8 type6;
	u8 code6;
	bool quiet_icmp6;
	u8 type4;
	u8 code4;
};

/* Offset from enum nat64_reason to the uapi number of its counter. */
#define NAT64_REASON_COUNTER	1

extern const char * const nat64_reason_names[NAT64_REASON_COUNT];
extern const struct nat64_reason_info nat64_reasons[NAT64_REASON_COUNT];

/**
 * enum nat64_delivery - how the stack gets a translated packet
 * @NAT64_DELIVERY_RECEIVED: received in the sender's context
 * @NAT64_DELIVERY_QUEUED: received from the backlog of the CPU
 * @NAT64_DELIVERY_HANDED_OVER: handed over to its route; not counted
 * @NAT64_DELIVERY_COUNT: number of ways
 */
enum nat64_delivery {
	NAT64_DELIVERY_RECEIVED,
	NAT64_DELIVERY_QUEUED,
	NAT64_DELIVERY_HANDED_OVER,
	NAT64_DELIVERY_COUNT,
};

/**
 * struct nat64_counters - counters of one CPU
 * @syncp: for consistent 64-bit reads on 32-bit machines
 * @drop: dropped packets, by enum nat64_reason
 * @delivered: translated packets, by enum nat64_delivery
 */
struct nat64_counters {
	struct u64_stats_sync syncp;
	u64_stats_t drop[NAT64_REASON_COUNT];
	u64_stats_t delivered[NAT64_DELIVERY_HANDED_OVER];
};

enum skb_drop_reason nat64_core_reason(enum nat64_reason reason);
void nat64_count(struct nat64_dev *nat64, enum nat64_reason reason);
void nat64_counters_sum(const struct nat64_dev *nat64,
			u64 sum[NAT64_REASON_COUNT]);
void nat64_count_delivery(struct nat64_dev *nat64,
			  enum nat64_delivery delivery);
void nat64_delivered_sum(const struct nat64_dev *nat64,
			 u64 sum[NAT64_DELIVERY_COUNT]);

/* linkstats.c */
extern const struct ethtool_ops nat64_ethtool_ops;
size_t nat64_linkxstats_size(const struct net_device *dev, int attr);
int nat64_linkxstats_fill(struct sk_buff *skb, const struct net_device *dev,
			  int *prividx, int attr);

#endif /* _NAT64_REASON_H */
