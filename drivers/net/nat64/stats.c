// SPDX-License-Identifier: GPL-2.0-only
/*
 * nat64 - counters and their names.
 */
#include <linux/netdevice.h>

#include "nat64.h"
#include "stats.h"

const struct nat64_reason_info nat64_reasons[NAT64_REASON_COUNT] = {
#define NAT64_REASON_INFO(symbol, name, ...)				\
	[NAT64_DROP_##symbol] = { name, __VA_ARGS__ },
	NAT64_REASONS(NAT64_REASON_INFO)
#undef NAT64_REASON_INFO
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
