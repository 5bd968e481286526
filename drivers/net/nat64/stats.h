/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * nat64 - counters: one for every reason that a packet is not translated.
 */
#ifndef _NAT64_STATS_H
#define _NAT64_STATS_H

#include <linux/icmp.h>
#include <linux/icmpv6.h>
#include <linux/u64_stats_sync.h>

struct nat64_dev;

#define NAT64_SILENT	-1, 0

/* X(symbol, name, ICMPv6 type and code, ICMPv4 type and code): the name is
 * shown to users and explained in Documentation/networking/nat64.rst; the
 * answer goes to the sender of a packet of that family.
 */
#define NAT64_REASONS(X)						\
	X(MALFORMED, "malformed", NAT64_SILENT, NAT64_SILENT)		\
	X(NO_MEMORY, "no-memory", NAT64_SILENT, NAT64_SILENT)		\
	X(BACKLOG, "backlog-full", NAT64_SILENT, NAT64_SILENT)		\
	X(SEGMENT, "segmentation-failed", NAT64_SILENT, NAT64_SILENT)	\
	X(REASSEMBLY, "reassembly-failed", NAT64_SILENT, NAT64_SILENT)	\
	X(ILLEGAL_SRC, "illegal-source", NAT64_SILENT, NAT64_SILENT)	\
	X(ILLEGAL_DST, "illegal-destination", NAT64_SILENT,		\
	  NAT64_SILENT)							\
	X(SRC_IN_POOL6, "source-in-pool6", NAT64_SILENT, NAT64_SILENT)	\
	X(UNTRANSLATABLE, "untranslatable-address",			\
	  ICMPV6_DEST_UNREACH, ICMPV6_ADM_PROHIBITED,			\
	  ICMP_DEST_UNREACH, ICMP_PKT_FILTERED)				\
	X(WKP_NONGLOBAL, "wkp-not-global",				\
	  ICMPV6_DEST_UNREACH, ICMPV6_ADM_PROHIBITED,			\
	  ICMP_DEST_UNREACH, ICMP_PKT_FILTERED)				\
	X(SOURCE_ROUTE, "source-route", NAT64_SILENT,			\
	  ICMP_DEST_UNREACH, ICMP_SR_FAILED)				\
	X(ROUTING_HEADER, "routing-header",				\
	  ICMPV6_PARAMPROB, ICMPV6_HDR_FIELD, NAT64_SILENT)		\
	X(FRAGMENT_CHAIN, "header-after-fragment",			\
	  ICMPV6_DEST_UNREACH, ICMPV6_ADM_PROHIBITED, NAT64_SILENT)	\
	X(PROTOCOL, "unsupported-protocol",				\
	  ICMPV6_DEST_UNREACH, ICMPV6_PORT_UNREACH,			\
	  ICMP_DEST_UNREACH, ICMP_PROT_UNREACH)				\
	X(IGMP, "igmp", NAT64_SILENT, NAT64_SILENT)			\
	X(TOO_BIG, "too-big", ICMPV6_PKT_TOOBIG, 0,			\
	  ICMP_DEST_UNREACH, ICMP_FRAG_NEEDED)				\
	X(UDP_ZERO, "udp-zero-checksum", NAT64_SILENT,			\
	  ICMP_DEST_UNREACH, ICMP_PKT_FILTERED)				\
	X(ICMP_TYPE, "icmp-type", NAT64_SILENT, NAT64_SILENT)		\
	X(ICMP_FRAGMENT, "icmp-fragment", NAT64_SILENT, NAT64_SILENT)	\
	X(ICMP_CHECKSUM, "icmp-checksum", NAT64_SILENT, NAT64_SILENT)	\
	X(ICMP_QUOTE, "icmp-quote", NAT64_SILENT, NAT64_SILENT)		\
	X(ICMP_SESSION, "icmp-error-no-session", NAT64_SILENT,		\
	  NAT64_SILENT)							\
	X(POOL4_EMPTY, "pool4-empty",					\
	  ICMPV6_DEST_UNREACH, ICMPV6_ADDR_UNREACH, NAT64_SILENT)	\
	X(POOL4_FULL, "pool4-exhausted",				\
	  ICMPV6_DEST_UNREACH, ICMPV6_ADDR_UNREACH, NAT64_SILENT)	\
	X(TABLE_FULL, "table-full",					\
	  ICMPV6_DEST_UNREACH, ICMPV6_ADDR_UNREACH, NAT64_SILENT)	\
	X(NO_BINDING_UDP, "no-binding-udp", NAT64_SILENT,		\
	  ICMP_DEST_UNREACH, ICMP_PORT_UNREACH)				\
	X(NO_BINDING_TCP, "no-binding-tcp", NAT64_SILENT, NAT64_SILENT)	\
	X(NO_BINDING_ICMP, "no-binding-icmp", NAT64_SILENT,		\
	  NAT64_SILENT)							\
	X(TCP_FLAGS, "tcp-flags", NAT64_SILENT, NAT64_SILENT)		\
	X(TCP_NO_SESSION, "tcp-no-session", NAT64_SILENT, NAT64_SILENT)

/**
 * enum nat64_reason - why a packet was not translated
 * @NAT64_OK: it was, or it is being reassembled, or is none of ours
 */
enum nat64_reason {
	NAT64_OK,
#define NAT64_REASON_ENUM(symbol, name, ...) NAT64_DROP_##symbol,
	NAT64_REASONS(NAT64_REASON_ENUM)
#undef NAT64_REASON_ENUM
	NAT64_REASON_COUNT,
};

/**
 * struct nat64_reason_info - what goes with a reason
 * @name: for users
 * @type6: type of the ICMPv6 error to answer with, -1 for none
 * @code6: its code
 * @type4: type of the ICMPv4 error to answer with, -1 for none
 * @code4: its code
 */
struct nat64_reason_info {
	const char *name;
	s16 type6;
	u8 code6;
	s16 type4;
	u8 code4;
};

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

void nat64_count(struct nat64_dev *nat64, enum nat64_reason reason);
void nat64_counters_sum(const struct nat64_dev *nat64,
			u64 sum[NAT64_REASON_COUNT]);

#endif /* _NAT64_STATS_H */
