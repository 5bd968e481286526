/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * nat64 - explicit address mappings, RFC 7757.
 */
#ifndef _NAT64_EAM_H
#define _NAT64_EAM_H

#include <linux/in6.h>
#include <linux/mutex.h>
#include <linux/rhashtable-types.h>
#include <linux/types.h>

struct nat64_dev;
struct netlink_ext_ack;

/**
 * struct nat64_eam_prefixes - prefixes of a mapping
 * @prefix4: IPv4 prefix, no bits set beyond its length
 * @prefix6: IPv6 prefix, no bits set beyond its length
 * @len4: length of @prefix4, 0 to 32
 * @len6: length of @prefix6, 0 to 128; its suffix is no shorter than that of
 *	@prefix4
 */
struct nat64_eam_prefixes {
	__be32 prefix4;
	struct in6_addr prefix6;
	u8 len4;
	u8 len6;
};

/**
 * struct nat64_eam - a mapping
 * @node4: node in nat64_eam_table.by4
 * @node6: node in nat64_eam_table.by6
 * @p: prefixes
 * @rcu: for kfree_rcu()
 */
struct nat64_eam {
	struct rhash_head node4;
	struct rhash_head node6;
	struct nat64_eam_prefixes p;
	struct rcu_head rcu;
};

/**
 * struct nat64_eam_table - mappings of one device
 * @by4: mappings by IPv4 prefix and length
 * @by6: mappings by IPv6 prefix and length
 * @lens4: bitmap of the IPv4 prefix lengths in use
 * @lens6: bitmap of the IPv6 prefix lengths in use
 * @count4: number of mappings by IPv4 prefix length
 * @count6: number of mappings by IPv6 prefix length
 * @count: number of mappings
 * @generation: changes with every change of the table, never 0
 * @lock: serializes changes
 *
 * A lookup tries the prefix lengths in use, longest first, so its time does not
 * depend on the number of mappings.
 */
struct nat64_eam_table {
	struct rhashtable by4;
	struct rhashtable by6;
	DECLARE_BITMAP(lens4, 33);
	DECLARE_BITMAP(lens6, 129);
	unsigned int count4[33];
	unsigned int count6[129];
	unsigned int count;
	u32 generation;
	struct mutex lock;
};

struct nat64_eam_table *nat64_eam_table_alloc(void);
void nat64_eam_table_free(struct nat64_eam_table *table);
int nat64_eam_create(struct nat64_dev *nat64);
void nat64_eam_destroy(struct nat64_dev *nat64);
struct nat64_eam_table *nat64_eam_replace(struct nat64_dev *nat64,
					  struct nat64_eam_table *table);
bool nat64_eam_find4(struct nat64_eam_table *table, __be32 addr4,
		     struct in6_addr *addr6);
bool nat64_eam_find6(struct nat64_eam_table *table,
		     const struct in6_addr *addr6, __be32 *addr4);
int nat64_eam_check(const struct nat64_eam_prefixes *p,
		    struct netlink_ext_ack *extack);
int nat64_eam_check_hosts(const struct nat64_eam_prefixes *p,
			  struct netlink_ext_ack *extack);
bool nat64_eam_has(struct nat64_eam_table *table,
		   const struct nat64_eam_prefixes *p);
int nat64_eam_add(struct nat64_eam_table *table,
		  const struct nat64_eam_prefixes *p,
		  struct netlink_ext_ack *extack);
int nat64_eam_del(struct nat64_eam_table *table,
		  const struct nat64_eam_prefixes *p,
		  struct netlink_ext_ack *extack);
void nat64_eam_flush(struct nat64_eam_table *table);

static inline unsigned int
nat64_eam_count(const struct nat64_eam_table *table)
{
	return READ_ONCE(table->count);
}

#endif /* _NAT64_EAM_H */
