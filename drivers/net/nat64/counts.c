// SPDX-License-Identifier: GPL-2.0-only
/*
 * nat64 - numbers of bindings and sessions of a stateful device, counted per
 * shard.
 */
#include "counts.h"
#include "table.h"

/**
 * nat64_counts_sum - add up the counters of all shards
 * @table: tables of the device
 * @sum: result
 *
 * Sessions that change state meanwhile may be counted in both states or in
 * neither.
 */
void nat64_counts_sum(const struct nat64_table *table, struct nat64_counts *sum)
{
	const struct nat64_counts *part;
	unsigned int shard, i;

	memset(sum, 0, sizeof(*sum));
	for (shard = 0; shard <= table->shard_mask; shard++) {
		part = &table->shards[shard].counts;
		for (i = 0; i < NAT64_STATE_COUNT; i++)
			sum->sessions[i] += READ_ONCE(part->sessions[i]);
		for (i = 0; i < NAT64_L4_COUNT; i++)
			sum->bindings[i] += READ_ONCE(part->bindings[i]);
		sum->statics += READ_ONCE(part->statics);
	}
}
