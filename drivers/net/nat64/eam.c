// SPDX-License-Identifier: GPL-2.0-only
/*
 * nat64 - explicit address mappings, RFC 7757.
 */
#include <linux/bitmap.h>
#include <linux/rhashtable.h>
#include <linux/slab.h>
#include <net/ipv6.h>
#include <net/netlink.h>

#include "addr.h"
#include "eam.h"
#include "hash.h"
#include "nat64.h"
#include "table.h"

struct nat64_eam_key4 {
	__be32 prefix;
	u32 len;
};

struct nat64_eam_key6 {
	struct in6_addr prefix;
	u32 len;
};

static u32 nat64_eam_key4_hash(const void *data, u32 len, u32 seed)
{
	return nat64_hash(data, sizeof(struct nat64_eam_key4), seed);
}

static u32 nat64_eam_hash4(const void *data, u32 len, u32 seed)
{
	const struct nat64_eam *eam = data;
	struct nat64_eam_key4 key = {
		.prefix = eam->p.prefix4,
		.len = eam->p.len4,
	};

	return nat64_eam_key4_hash(&key, len, seed);
}

static int nat64_eam_cmp4(struct rhashtable_compare_arg *arg, const void *obj)
{
	const struct nat64_eam_key4 *key = arg->key;
	const struct nat64_eam *eam = obj;

	return eam->p.prefix4 != key->prefix || eam->p.len4 != key->len;
}

static u32 nat64_eam_key6_hash(const void *data, u32 len, u32 seed)
{
	return nat64_hash(data, sizeof(struct nat64_eam_key6), seed);
}

static u32 nat64_eam_hash6(const void *data, u32 len, u32 seed)
{
	const struct nat64_eam *eam = data;
	struct nat64_eam_key6 key = {
		.prefix = eam->p.prefix6,
		.len = eam->p.len6,
	};

	return nat64_eam_key6_hash(&key, len, seed);
}

static int nat64_eam_cmp6(struct rhashtable_compare_arg *arg, const void *obj)
{
	const struct nat64_eam_key6 *key = arg->key;
	const struct nat64_eam *eam = obj;

	return eam->p.len6 != key->len ||
	       !ipv6_addr_equal(&eam->p.prefix6, &key->prefix);
}

static const struct rhashtable_params nat64_eam_params4 = {
	.key_len = sizeof(struct nat64_eam_key4),
	.head_offset = offsetof(struct nat64_eam, node4),
	.hashfn = nat64_eam_key4_hash,
	.obj_hashfn = nat64_eam_hash4,
	.obj_cmpfn = nat64_eam_cmp4,
	.automatic_shrinking = true,
};

static const struct rhashtable_params nat64_eam_params6 = {
	.key_len = sizeof(struct nat64_eam_key6),
	.head_offset = offsetof(struct nat64_eam, node6),
	.hashfn = nat64_eam_key6_hash,
	.obj_hashfn = nat64_eam_hash6,
	.obj_cmpfn = nat64_eam_cmp6,
	.automatic_shrinking = true,
};

static void nat64_eam_changed(struct nat64_eam_table *table)
{
	if (!++table->generation)
		table->generation = 1;
}

/**
 * nat64_eam_table_alloc - allocate an empty table
 *
 * Context: process context.
 * Return: table, or ERR_PTR.
 */
struct nat64_eam_table *nat64_eam_table_alloc(void)
{
	struct nat64_eam_table *table;
	int err;

	table = kzalloc_obj(*table, GFP_KERNEL_ACCOUNT);
	if (!table)
		return ERR_PTR(-ENOMEM);

	err = rhashtable_init(&table->by4, &nat64_eam_params4);
	if (err)
		goto err_free;
	err = rhashtable_init(&table->by6, &nat64_eam_params6);
	if (err)
		goto err_by4;

	table->generation = 1;
	mutex_init(&table->lock);
	return table;

err_by4:
	rhashtable_destroy(&table->by4);
err_free:
	kfree(table);
	return ERR_PTR(err);
}

static void nat64_eam_free(void *ptr, void *arg)
{
	kfree(ptr);
}

/**
 * nat64_eam_table_free - free a table with its mappings
 * @table: table without readers
 *
 * Context: process context.
 */
void nat64_eam_table_free(struct nat64_eam_table *table)
{
	rhashtable_destroy(&table->by4);
	rhashtable_free_and_destroy(&table->by6, nat64_eam_free, NULL);
	mutex_destroy(&table->lock);
	kfree(table);
}

/**
 * nat64_eam_create - allocate the table of a device
 * @nat64: stateless device; its @eam is set
 *
 * Context: process context.
 * Return: 0, or a negative errno with nothing left allocated.
 */
int nat64_eam_create(struct nat64_dev *nat64)
{
	struct nat64_eam_table *table = nat64_eam_table_alloc();

	if (IS_ERR(table))
		return PTR_ERR(table);

	rcu_assign_pointer(nat64->eam, table);
	return 0;
}

/**
 * nat64_eam_destroy - free the table of a device with its mappings
 * @nat64: device that no longer handles packets; may be stateful
 *
 * Context: process context.
 */
void nat64_eam_destroy(struct nat64_dev *nat64)
{
	struct nat64_eam_table *table;

	table = rcu_replace_pointer(nat64->eam, NULL, true);
	if (table)
		nat64_eam_table_free(table);
}

/**
 * nat64_eam_replace - replace the table of a device
 * @nat64: stateless device, locked
 * @table: new table
 *
 * Return: the old table, which may still have readers.
 */
struct nat64_eam_table *nat64_eam_replace(struct nat64_dev *nat64,
					  struct nat64_eam_table *table)
{
	struct nat64_eam_table *old = nat64_locked_eam(nat64);

	/* A dump in progress detects the change. */
	table->generation = old->generation;
	nat64_eam_changed(table);
	rcu_assign_pointer(nat64->eam, table);
	return old;
}

static __be32 nat64_mask4(u8 len)
{
	return len ? htonl(~0U << (32 - len)) : 0;
}

/* Copy @count bits from bit @from of @src to bit @to of @dst, whose target bits
 * are zero. Bit 0 is the most significant bit of byte 0.
 */
static void nat64_copy_bits(u8 *dst, unsigned int to, const u8 *src,
			    unsigned int from, unsigned int count)
{
	for (; count; count--, from++, to++)
		if (src[from / 8] & (0x80 >> (from % 8)))
			dst[to / 8] |= 0x80 >> (to % 8);
}

/**
 * nat64_eam_find4 - map an IPv4 address
 * @table: mappings
 * @addr4: IPv4 address
 * @addr6: result, RFC 7757 section 3.3.1: the IPv6 prefix, the suffix of the
 *	IPv4 address, and zeros
 *
 * Context: RCU read-side section.
 * Return: false if no mapping covers it.
 */
bool nat64_eam_find4(struct nat64_eam_table *table, __be32 addr4,
		     struct in6_addr *addr6)
{
	const struct nat64_eam *eam;
	unsigned int len, above = 33;

	/* Many stateless devices have no mappings. */
	if (!READ_ONCE(table->count))
		return false;

	for (;; above = len) {
		struct nat64_eam_key4 key;

		len = find_last_bit(table->lens4, above);
		if (len == above)
			return false;
		key.prefix = addr4 & nat64_mask4(len);
		key.len = len;
		eam = rhashtable_lookup(&table->by4, &key, nat64_eam_params4);
		if (eam)
			break;
	}

	*addr6 = eam->p.prefix6;
	nat64_copy_bits(addr6->s6_addr, eam->p.len6, (const u8 *)&addr4,
			eam->p.len4, 32 - eam->p.len4);
	return true;
}

/**
 * nat64_eam_find6 - map an IPv6 address
 * @table: mappings
 * @addr6: IPv6 address
 * @addr4: result, RFC 7757 section 3.3.2: the IPv4 prefix and the leading bits
 *	of the IPv6 suffix, whose other bits are ignored
 *
 * Context: RCU read-side section.
 * Return: false if no mapping covers it.
 */
bool nat64_eam_find6(struct nat64_eam_table *table,
		     const struct in6_addr *addr6, __be32 *addr4)
{
	const struct nat64_eam *eam;
	unsigned int len, above = 129;

	if (!READ_ONCE(table->count))
		return false;

	for (;; above = len) {
		struct nat64_eam_key6 key;

		len = find_last_bit(table->lens6, above);
		if (len == above)
			return false;
		ipv6_addr_prefix(&key.prefix, addr6, len);
		key.len = len;
		eam = rhashtable_lookup(&table->by6, &key, nat64_eam_params6);
		if (eam)
			break;
	}

	*addr4 = eam->p.prefix4;
	nat64_copy_bits((u8 *)addr4, eam->p.len4, addr6->s6_addr, eam->p.len6,
			32 - eam->p.len4);
	return true;
}

/**
 * nat64_eam_check - can these prefixes be mapped?
 * @p: prefixes
 * @extack: netlink extended ack
 *
 * Return: 0 or -EINVAL.
 */
int nat64_eam_check(const struct nat64_eam_prefixes *p,
		    struct netlink_ext_ack *extack)
{
	struct in6_addr masked;

	if (p->len4 > 32) {
		NL_SET_ERR_MSG(extack, "len4 must be 0 to 32");
		return -EINVAL;
	}
	if (p->len6 > 128) {
		NL_SET_ERR_MSG(extack, "len6 must be 0 to 128");
		return -EINVAL;
	}
	/* RFC 7757 section 3.2 */
	if (32 - p->len4 > 128 - p->len6) {
		NL_SET_ERR_MSG(extack,
			       "prefix6 has fewer suffix bits than prefix4");
		return -EINVAL;
	}
	if (p->prefix4 & ~nat64_mask4(p->len4)) {
		NL_SET_ERR_MSG(extack,
			       "prefix4 has bits set beyond its length");
		return -EINVAL;
	}
	ipv6_addr_prefix(&masked, &p->prefix6, p->len6);
	if (!ipv6_addr_equal(&masked, &p->prefix6)) {
		NL_SET_ERR_MSG(extack,
			       "prefix6 has bits set beyond its length");
		return -EINVAL;
	}

	return 0;
}

/* Are all addresses of this prefix illegal in packets? */
static bool nat64_eam_illegal4(__be32 prefix, u8 len)
{
	/* 0/8, 127/8 and 169.254/16; multicast and class E are 224/3 */
	return (len >= 8 && nat64_addr4_illegal(prefix)) ||
	       (len >= 3 && ntohl(prefix) >> 29 == 7);
}

static bool nat64_eam_illegal6(const struct in6_addr *prefix, u8 len)
{
	if (!nat64_addr6_illegal(prefix))
		return false;
	if (ipv6_addr_is_multicast(prefix))
		return len >= 8;
	if (ipv6_addr_v4mapped(prefix))
		return len >= 96;

	/* link-local, or a single address */
	return len >= (ipv6_addr_type(prefix) & IPV6_ADDR_LINKLOCAL ? 10 : 128);
}

/**
 * nat64_eam_check_hosts - check that prefixes have addresses of hosts
 * @p: prefixes, nat64_eam_check()ed
 * @extack: netlink extended ack
 *
 * Prefixes that include other addresses as well, such as 0.0.0.0/0, are valid.
 *
 * Return: 0 or -EINVAL.
 */
int nat64_eam_check_hosts(const struct nat64_eam_prefixes *p,
			  struct netlink_ext_ack *extack)
{
	if (nat64_eam_illegal4(p->prefix4, p->len4)) {
		NL_SET_ERR_MSG(extack,
			       "prefix4 has no routable unicast addresses");
		return -EINVAL;
	}
	if (nat64_eam_illegal6(&p->prefix6, p->len6)) {
		NL_SET_ERR_MSG(extack,
			       "prefix6 has no routable unicast addresses");
		return -EINVAL;
	}

	return 0;
}

/* Update the prefix lengths in use after the removal of a mapping. */
static void nat64_eam_uncount(struct nat64_eam_table *table,
			      const struct nat64_eam_prefixes *p)
{
	table->count--;
	if (!--table->count4[p->len4])
		clear_bit(p->len4, table->lens4);
	if (!--table->count6[p->len6])
		clear_bit(p->len6, table->lens6);
}

/**
 * nat64_eam_add - add a mapping
 * @table: mappings, locked
 * @p: prefixes, nat64_eam_check()ed
 * @extack: netlink extended ack
 *
 * Prefixes may overlap, the longest match wins. Duplicates are rejected,
 * RFC 7757 section 5.
 *
 * Context: process context.
 * Return: 0, -EEXIST or -ENOMEM.
 */
int nat64_eam_add(struct nat64_eam_table *table,
		  const struct nat64_eam_prefixes *p,
		  struct netlink_ext_ack *extack)
{
	struct nat64_eam *eam;
	int err;

	lockdep_assert_held(&table->lock);

	eam = kzalloc_obj(*eam, GFP_KERNEL_ACCOUNT);
	if (!eam)
		return -ENOMEM;

	eam->p = *p;
	err = rhashtable_lookup_insert_key(&table->by4,
					   (&(struct nat64_eam_key4) {
						p->prefix4, p->len4 }),
					   &eam->node4, nat64_eam_params4);
	if (err) {
		if (err == -EEXIST)
			NL_SET_ERR_MSG(extack, "prefix4 already has a mapping");
		kfree(eam);
		return err;
	}
	err = rhashtable_lookup_insert_key(&table->by6,
					   (&(struct nat64_eam_key6) {
						p->prefix6, p->len6 }),
					   &eam->node6, nat64_eam_params6);
	if (err) {
		if (err == -EEXIST)
			NL_SET_ERR_MSG(extack, "prefix6 already has a mapping");
		rhashtable_remove_fast(&table->by4, &eam->node4,
				       nat64_eam_params4);
		kfree_rcu(eam, rcu);
		return err;
	}

	table->count++;
	if (!table->count4[p->len4]++)
		set_bit(p->len4, table->lens4);
	if (!table->count6[p->len6]++)
		set_bit(p->len6, table->lens6);
	nat64_eam_changed(table);
	return 0;
}

static void nat64_eam_remove(struct nat64_eam_table *table,
			     struct nat64_eam *eam)
{
	rhashtable_remove_fast(&table->by4, &eam->node4, nat64_eam_params4);
	rhashtable_remove_fast(&table->by6, &eam->node6, nat64_eam_params6);
	nat64_eam_uncount(table, &eam->p);
	kfree_rcu(eam, rcu);
}

/* Find the mapping with exactly these prefixes. */
static struct nat64_eam *nat64_eam_find(struct nat64_eam_table *table,
					const struct nat64_eam_prefixes *p)
{
	struct nat64_eam_key4 key = {
		.prefix = p->prefix4,
		.len = p->len4,
	};
	struct nat64_eam *eam;

	lockdep_assert_held(&table->lock);

	rcu_read_lock();
	eam = rhashtable_lookup(&table->by4, &key, nat64_eam_params4);
	rcu_read_unlock();
	if (eam && (eam->p.len6 != p->len6 ||
		    !ipv6_addr_equal(&eam->p.prefix6, &p->prefix6)))
		eam = NULL;

	return eam;
}

/**
 * nat64_eam_has - is there a mapping with exactly these prefixes?
 * @table: mappings, locked
 * @p: both prefixes
 *
 * Return: true if there is
 */
bool nat64_eam_has(struct nat64_eam_table *table,
		   const struct nat64_eam_prefixes *p)
{
	return nat64_eam_find(table, p);
}

/**
 * nat64_eam_del - remove a mapping
 * @table: mappings, locked
 * @p: both of its prefixes
 * @extack: netlink extended ack
 *
 * Context: process context.
 * Return: 0 or -ENOENT.
 */
int nat64_eam_del(struct nat64_eam_table *table,
		  const struct nat64_eam_prefixes *p,
		  struct netlink_ext_ack *extack)
{
	struct nat64_eam *eam = nat64_eam_find(table, p);

	if (!eam) {
		NL_SET_ERR_MSG(extack, "no such mapping of prefix4 and prefix6");
		return -ENOENT;
	}

	nat64_eam_remove(table, eam);
	nat64_eam_changed(table);
	return 0;
}

/**
 * nat64_eam_flush - remove all mappings
 * @table: mappings, locked
 *
 * Context: process context.
 */
void nat64_eam_flush(struct nat64_eam_table *table)
{
	struct rhashtable_iter iter;
	struct nat64_eam *eam;

	lockdep_assert_held(&table->lock);

	/* A resize may hide mappings from a walk: repeat it. */
	while (table->count) {
		rhashtable_walk_enter(&table->by4, &iter);
		rhashtable_walk_start(&iter);
		while ((eam = rhashtable_walk_next(&iter))) {
			if (IS_ERR(eam))
				continue;
			nat64_eam_remove(table, eam);
			if (need_resched()) {
				rhashtable_walk_stop(&iter);
				/* Older kernels may continue at it. */
				iter.p = NULL;
				cond_resched();
				rhashtable_walk_start(&iter);
			}
		}
		rhashtable_walk_stop(&iter);
		rhashtable_walk_exit(&iter);
	}
	nat64_eam_changed(table);
}
