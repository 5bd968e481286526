// SPDX-License-Identifier: GPL-2.0-only
/*
 * nat64 - counters and their names.
 */
#include <linux/icmp.h>
#include <linux/icmpv6.h>
#include <linux/netdevice.h>

#include "nat64.h"
#include "stats.h"

#define CREATE_TRACE_POINTS
#include "trace.h"

const struct nat64_reason_info nat64_reasons[NAT64_REASON_COUNT] = {
	[NAT64_DROP_MALFORMED] = { "malformed" },
	[NAT64_DROP_NO_MEMORY] = { "no-memory" },
	[NAT64_DROP_BACKLOG] = { "backlog-full" },
	[NAT64_DROP_SEGMENT] = { "segmentation-failed" },
	[NAT64_DROP_REASSEMBLY] = { "reassembly-failed" },
	[NAT64_DROP_ILLEGAL_SRC] = { "illegal-source" },
	[NAT64_DROP_ILLEGAL_DST] = { "illegal-destination" },
	[NAT64_DROP_SRC_IN_POOL6] = { "source-in-pool6" },
	[NAT64_DROP_UNTRANSLATABLE] = {
		"untranslatable-address",
		.type6 = ICMPV6_DEST_UNREACH,
		.code6 = ICMPV6_ADM_PROHIBITED,
		.quiet_icmp6 = true,
		.type4 = ICMP_DEST_UNREACH,
		.code4 = ICMP_PKT_FILTERED,
	},
	[NAT64_DROP_WKP_NONGLOBAL] = {
		"wkp-not-global",
		.type6 = ICMPV6_DEST_UNREACH,
		.code6 = ICMPV6_ADM_PROHIBITED,
		.quiet_icmp6 = true,
		.type4 = ICMP_DEST_UNREACH,
		.code4 = ICMP_PKT_FILTERED,
	},
	[NAT64_DROP_SOURCE_ROUTE] = {
		"source-route",
		.type4 = ICMP_DEST_UNREACH,
		.code4 = ICMP_SR_FAILED,
	},
	[NAT64_DROP_ROUTING_HEADER] = {
		"routing-header",
		.type6 = ICMPV6_PARAMPROB,
		.code6 = ICMPV6_HDR_FIELD,
	},
	[NAT64_DROP_FRAGMENT_CHAIN] = {
		"header-after-fragment",
		.type6 = ICMPV6_DEST_UNREACH,
		.code6 = ICMPV6_ADM_PROHIBITED,
		.quiet_icmp6 = true,
	},
	[NAT64_DROP_PROTOCOL] = {
		"unsupported-protocol",
		.type6 = ICMPV6_DEST_UNREACH,
		.code6 = ICMPV6_PORT_UNREACH,
		.type4 = ICMP_DEST_UNREACH,
		.code4 = ICMP_PROT_UNREACH,
	},
	[NAT64_DROP_IGMP] = { "igmp" },
	[NAT64_DROP_TOO_BIG] = {
		"too-big",
		.type6 = ICMPV6_PKT_TOOBIG,
		.type4 = ICMP_DEST_UNREACH,
		.code4 = ICMP_FRAG_NEEDED,
	},
	[NAT64_DROP_UDP_ZERO] = {
		"udp-zero-checksum",
		.type4 = ICMP_DEST_UNREACH,
		.code4 = ICMP_PKT_FILTERED,
	},
	[NAT64_DROP_ICMP_TYPE] = { "icmp-type" },
	[NAT64_DROP_ICMP_FRAGMENT] = { "icmp-fragment" },
	[NAT64_DROP_ICMP_CHECKSUM] = { "icmp-checksum" },
	[NAT64_DROP_ICMP_QUOTE] = { "icmp-quote" },
	[NAT64_DROP_ICMP_SESSION] = { "icmp-error-no-session" },
	[NAT64_DROP_POOL4_EMPTY] = {
		"pool4-empty",
		.type6 = ICMPV6_DEST_UNREACH,
		.code6 = ICMPV6_ADDR_UNREACH,
	},
	[NAT64_DROP_POOL4_FULL] = {
		"pool4-exhausted",
		.type6 = ICMPV6_DEST_UNREACH,
		.code6 = ICMPV6_ADDR_UNREACH,
	},
	[NAT64_DROP_ADDRESS_FULL] = {
		"address-exhausted",
		.type6 = ICMPV6_DEST_UNREACH,
		.code6 = ICMPV6_ADDR_UNREACH,
	},
	[NAT64_DROP_MAX_BINDINGS] = {
		"max-bindings",
		.type6 = ICMPV6_DEST_UNREACH,
		.code6 = ICMPV6_ADDR_UNREACH,
	},
	[NAT64_DROP_MAX_SESSIONS] = {
		"max-sessions",
		.type6 = ICMPV6_DEST_UNREACH,
		.code6 = ICMPV6_ADDR_UNREACH,
	},
	[NAT64_DROP_MAX_TOTAL] = {
		"max-total-sessions",
		.type6 = ICMPV6_DEST_UNREACH,
		.code6 = ICMPV6_ADDR_UNREACH,
	},
	[NAT64_DROP_NO_BINDING_UDP] = {
		"no-binding-udp",
		.type4 = ICMP_DEST_UNREACH,
		.code4 = ICMP_PORT_UNREACH,
	},
	[NAT64_DROP_NO_BINDING_TCP] = { "no-binding-tcp" },
	[NAT64_DROP_NO_BINDING_ICMP] = { "no-binding-icmp" },
	[NAT64_DROP_TCP_FLAGS] = { "tcp-flags" },
	[NAT64_DROP_TCP_NO_SESSION] = { "tcp-no-session" },
	[NAT64_DROP_SYN_UNANSWERED] = {
		"tcp-syn-unanswered",
		.type4 = ICMP_DEST_UNREACH,
		.code4 = ICMP_PORT_UNREACH,
	},
	[NAT64_DROP_SYN_CROSSED] = { "tcp-syn-crossed" },
	[NAT64_DROP_SYN_AGAIN] = { "tcp-syn-again" },
	[NAT64_DROP_SYN_FULL] = { "tcp-syn-store-full" },
	[NAT64_DROP_TCP_EXTERNAL] = { "tcp-external" },
	[NAT64_DROP_TCP_FILTERED] = { "tcp-filtered" },
	[NAT64_DROP_FILTERED] = {
		"filtered",
		.type4 = ICMP_DEST_UNREACH,
		.code4 = ICMP_PKT_FILTERED,
	},
	[NAT64_DROP_ICMPV6_INFO] = { "icmpv6-info" },
	[NAT64_DROP_EXT_HDR] = {
		"ipv6-extension-protocol",
		.type4 = ICMP_DEST_UNREACH,
		.code4 = ICMP_PROT_UNREACH,
	},
};

/**
 * nat64_count - count a packet that was not translated
 * @nat64: device
 * @reason: why, not NAT64_OK
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

/**
 * nat64_counters_sum - add up the counters of all CPUs
 * @nat64: device
 * @sum: packets by enum nat64_reason, filled in
 */
void nat64_counters_sum(const struct nat64_dev *nat64,
			u64 sum[NAT64_REASON_COUNT])
{
	const struct nat64_counters *counters;
	u64 part[NAT64_REASON_COUNT];
	unsigned int start;
	int cpu, i;

	memset(sum, 0, sizeof(*sum) * NAT64_REASON_COUNT);
	for_each_possible_cpu(cpu) {
		counters = per_cpu_ptr(nat64->counters, cpu);
		do {
			start = u64_stats_fetch_begin(&counters->syncp);
			for (i = 0; i < NAT64_REASON_COUNT; i++)
				part[i] = u64_stats_read(&counters->drop[i]);
		} while (u64_stats_fetch_retry(&counters->syncp, start));

		for (i = 0; i < NAT64_REASON_COUNT; i++)
			sum[i] += part[i];
	}
}
