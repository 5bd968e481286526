// SPDX-License-Identifier: GPL-2.0-only
/*
 * nat64 - drop reasons: counters, names and ICMP errors.
 */
#include <linux/icmp.h>
#include <linux/icmpv6.h>
#include <linux/netdevice.h>

#include "nat64.h"
#include "reason.h"

#define CREATE_TRACE_POINTS
#include "trace.h"

#define NAT64_REASON_NAME(name, text)					\
	[NAT64_DROP_##name] = text,

const char * const nat64_reason_names[NAT64_REASON_COUNT] = {
	NAT64_COUNTERS(NAT64_REASON_NAME)
};

/* The uapi number of each counter must match its reason. */
#define NAT64_REASON_SAME(name, text)					\
	((int)NAT64_COUNTER_##name ==					\
	 (int)NAT64_DROP_##name + NAT64_REASON_COUNTER) +

static_assert(NAT64_COUNTERS(NAT64_REASON_SAME) NAT64_OK + 1 ==
	      NAT64_REASON_COUNT);

/* ICMP errors by drop reason. Others are dropped silently. */
const struct nat64_reason_info nat64_reasons[NAT64_REASON_COUNT] = {
	[NAT64_DROP_UNTRANSLATABLE] = {
		.type6 = ICMPV6_DEST_UNREACH,
		.code6 = ICMPV6_ADM_PROHIBITED,
		.quiet_icmp6 = true,
		.type4 = ICMP_DEST_UNREACH,
		.code4 = ICMP_PKT_FILTERED,
	},
	[NAT64_DROP_WKP_NONGLOBAL] = {
		.type6 = ICMPV6_DEST_UNREACH,
		.code6 = ICMPV6_ADM_PROHIBITED,
		.quiet_icmp6 = true,
		.type4 = ICMP_DEST_UNREACH,
		.code4 = ICMP_PKT_FILTERED,
	},
	[NAT64_DROP_SOURCE_ROUTE] = {
		.type4 = ICMP_DEST_UNREACH,
		.code4 = ICMP_SR_FAILED,
	},
	[NAT64_DROP_ROUTING_HEADER] = {
		.type6 = ICMPV6_PARAMPROB,
		.code6 = ICMPV6_HDR_FIELD,
	},
	[NAT64_DROP_FRAGMENT_CHAIN] = {
		.type6 = ICMPV6_DEST_UNREACH,
		.code6 = ICMPV6_ADM_PROHIBITED,
		.quiet_icmp6 = true,
	},
	[NAT64_DROP_PROTOCOL] = {
		.type6 = ICMPV6_DEST_UNREACH,
		.code6 = ICMPV6_PORT_UNREACH,
		.type4 = ICMP_DEST_UNREACH,
		.code4 = ICMP_PROT_UNREACH,
	},
	[NAT64_DROP_TOO_BIG] = {
		.type6 = ICMPV6_PKT_TOOBIG,
		.type4 = ICMP_DEST_UNREACH,
		.code4 = ICMP_FRAG_NEEDED,
	},
	[NAT64_DROP_UDP_ZERO] = {
		.type4 = ICMP_DEST_UNREACH,
		.code4 = ICMP_PKT_FILTERED,
	},
	[NAT64_DROP_POOL4_EMPTY] = {
		.type6 = ICMPV6_DEST_UNREACH,
		.code6 = ICMPV6_ADDR_UNREACH,
	},
	[NAT64_DROP_POOL4_FULL] = {
		.type6 = ICMPV6_DEST_UNREACH,
		.code6 = ICMPV6_ADDR_UNREACH,
	},
	[NAT64_DROP_ADDRESS_FULL] = {
		.type6 = ICMPV6_DEST_UNREACH,
		.code6 = ICMPV6_ADDR_UNREACH,
	},
	[NAT64_DROP_MAX_BINDINGS] = {
		.type6 = ICMPV6_DEST_UNREACH,
		.code6 = ICMPV6_ADDR_UNREACH,
	},
	[NAT64_DROP_MAX_SESSIONS] = {
		.type6 = ICMPV6_DEST_UNREACH,
		.code6 = ICMPV6_ADDR_UNREACH,
	},
	[NAT64_DROP_MAX_TOTAL] = {
		.type6 = ICMPV6_DEST_UNREACH,
		.code6 = ICMPV6_ADDR_UNREACH,
	},
	[NAT64_DROP_NO_BINDING_UDP] = {
		.type4 = ICMP_DEST_UNREACH,
		.code4 = ICMP_PORT_UNREACH,
	},
	[NAT64_DROP_SYN_UNANSWERED] = {
		.type4 = ICMP_DEST_UNREACH,
		.code4 = ICMP_PORT_UNREACH,
	},
	[NAT64_DROP_FILTERED] = {
		.type4 = ICMP_DEST_UNREACH,
		.code4 = ICMP_PKT_FILTERED,
	},
	[NAT64_DROP_EXT_HDR] = {
		.type4 = ICMP_DEST_UNREACH,
		.code4 = ICMP_PROT_UNREACH,
	},
	[NAT64_DROP_LOOP] = {
		.type6 = ICMPV6_DEST_UNREACH,
		.code6 = ICMPV6_ADDR_UNREACH,
		.type4 = ICMP_DEST_UNREACH,
		.code4 = ICMP_HOST_UNREACH,
	},
};

/* Nearest reasons of the core. Others have none. */
static const u16 nat64_core_reasons[NAT64_REASON_COUNT] = {
	[NAT64_DROP_MALFORMED] = SKB_DROP_REASON_IP_INHDR,
	[NAT64_DROP_NO_MEMORY] = SKB_DROP_REASON_NOMEM,
	[NAT64_DROP_BACKLOG] = SKB_DROP_REASON_CPU_BACKLOG,
	[NAT64_DROP_SEGMENT] = SKB_DROP_REASON_SKB_GSO_SEG,
	[NAT64_DROP_ILLEGAL_SRC] = SKB_DROP_REASON_IP_INADDRERRORS,
	[NAT64_DROP_ILLEGAL_DST] = SKB_DROP_REASON_IP_INADDRERRORS,
	[NAT64_DROP_SRC_IN_POOL6] = SKB_DROP_REASON_IP_INADDRERRORS,
	[NAT64_DROP_UNTRANSLATABLE] = SKB_DROP_REASON_IP_INADDRERRORS,
	[NAT64_DROP_WKP_NONGLOBAL] = SKB_DROP_REASON_IP_INADDRERRORS,
	[NAT64_DROP_SOURCE_ROUTE] = SKB_DROP_REASON_IP_INHDR,
	[NAT64_DROP_ROUTING_HEADER] = SKB_DROP_REASON_IP_INHDR,
	[NAT64_DROP_FRAGMENT_CHAIN] = SKB_DROP_REASON_IP_INHDR,
	[NAT64_DROP_PROTOCOL] = SKB_DROP_REASON_UNHANDLED_PROTO,
	[NAT64_DROP_IGMP] = SKB_DROP_REASON_UNHANDLED_PROTO,
	[NAT64_DROP_TOO_BIG] = SKB_DROP_REASON_PKT_TOO_BIG,
	[NAT64_DROP_UDP_ZERO] = SKB_DROP_REASON_UDP_CSUM,
	[NAT64_DROP_ICMP_CHECKSUM] = SKB_DROP_REASON_ICMP_CSUM,
	[NAT64_DROP_NO_BINDING_UDP] = SKB_DROP_REASON_NO_SOCKET,
	[NAT64_DROP_NO_BINDING_TCP] = SKB_DROP_REASON_NO_SOCKET,
	[NAT64_DROP_NO_BINDING_ICMP] = SKB_DROP_REASON_NO_SOCKET,
	[NAT64_DROP_TCP_FLAGS] = SKB_DROP_REASON_TCP_FLAGS,
	[NAT64_DROP_TCP_NO_SESSION] = SKB_DROP_REASON_NO_SOCKET,
	[NAT64_DROP_EXT_HDR] = SKB_DROP_REASON_UNHANDLED_PROTO,
};

/**
 * nat64_core_reason - convert to a drop reason of the core
 * @reason: drop reason
 *
 * Return: enum skb_drop_reason.
 */
enum skb_drop_reason nat64_core_reason(enum nat64_reason reason)
{
	return nat64_core_reasons[reason] ?: SKB_DROP_REASON_NOT_SPECIFIED;
}

/**
 * nat64_count - count a dropped packet
 * @nat64: device
 * @reason: drop reason, not NAT64_OK
 *
 * Context: BH disabled.
 */
void nat64_count(struct nat64_dev *nat64, enum nat64_reason reason)
{
	struct nat64_counters *counters = this_cpu_ptr(nat64->counters);

	u64_stats_update_begin(&counters->syncp);
	u64_stats_inc(&counters->drop[reason]);
	u64_stats_update_end(&counters->syncp);
}

/* Sum up counters of all CPUs: @count of them, the first one at @offset. */
static void nat64_sum(const struct nat64_dev *nat64, size_t offset,
		      unsigned int count, u64 *sum)
{
	const struct nat64_counters *counters;
	const u64_stats_t *counter;
	unsigned int i, start;
	u64 part;
	int cpu;

	memset(sum, 0, sizeof(*sum) * count);
	for_each_possible_cpu(cpu) {
		counters = per_cpu_ptr(nat64->counters, cpu);
		counter = (const void *)counters + offset;
		for (i = 0; i < count; i++) {
			do {
				start = u64_stats_fetch_begin(&counters->syncp);
				part = u64_stats_read(&counter[i]);
			} while (u64_stats_fetch_retry(&counters->syncp,
						       start));
			sum[i] += part;
		}
	}
}

/**
 * nat64_counters_sum - sum up the counters of all CPUs
 * @nat64: device
 * @sum: result, by enum nat64_reason
 */
void nat64_counters_sum(const struct nat64_dev *nat64,
			u64 sum[NAT64_REASON_COUNT])
{
	nat64_sum(nat64, offsetof(struct nat64_counters, drop),
		  NAT64_REASON_COUNT, sum);
}

/**
 * nat64_count_delivery - count a translated packet that was not handed over
 * @nat64: device
 * @delivery: how the stack gets it
 *
 * Context: BH disabled.
 */
void nat64_count_delivery(struct nat64_dev *nat64,
			  enum nat64_delivery delivery)
{
	struct nat64_counters *counters = this_cpu_ptr(nat64->counters);

	u64_stats_update_begin(&counters->syncp);
	u64_stats_inc(&counters->delivered[delivery]);
	u64_stats_update_end(&counters->syncp);
}

/**
 * nat64_delivered_sum - sum up the translated packets of all CPUs
 * @nat64: device
 * @sum: result, by enum nat64_delivery
 *
 * Packets that are handed over have no counter, which would be one more write
 * for each: they are the other ones that come out of the device.
 */
void nat64_delivered_sum(const struct nat64_dev *nat64,
			 u64 sum[NAT64_DELIVERY_COUNT])
{
	struct rtnl_link_stats64 stats = { };
	u64 others;

	nat64_sum(nat64, offsetof(struct nat64_counters, delivered),
		  NAT64_DELIVERY_HANDED_OVER, sum);
	dev_fetch_sw_netstats(&stats, nat64->dev->tstats);
	others = sum[NAT64_DELIVERY_RECEIVED] + sum[NAT64_DELIVERY_QUEUED];
	/* Other CPUs may be between the two counters of a packet. */
	sum[NAT64_DELIVERY_HANDED_OVER] =
		stats.rx_packets > others ? stats.rx_packets - others : 0;
}
