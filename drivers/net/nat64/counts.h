/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * nat64 - numbers of bindings and sessions of a stateful device.
 */
#ifndef _NAT64_COUNTS_H
#define _NAT64_COUNTS_H

struct nat64_counts;
struct nat64_table;

void nat64_counts_sum(const struct nat64_table *table,
		      struct nat64_counts *sum);

#endif /* _NAT64_COUNTS_H */
