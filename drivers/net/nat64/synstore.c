// SPDX-License-Identifier: GPL-2.0-only
/*
 * nat64 - store of SYNs from IPv4, RFC 6146 section 3.5.2.2. A SYN that may not
 * pass is kept for six seconds. If a SYN from IPv6 with the same addresses and
 * ports arrives, it is a simultaneous open (RFC 5382 REQ-4), and the stored SYN
 * is discarded. Otherwise an ICMP error is sent after the six seconds. RFC 6146
 * does not say what a SYN to a port without binding matches; here it matches
 * nothing. Otherwise anybody in IPv4 could choose the port of the next
 * connection (RFC 6056).
 */
#include <linux/hashtable.h>
#include <linux/jiffies.h>
#include <linux/rculist.h>
#include <linux/skbuff.h>
#include <linux/slab.h>
#include <linux/spinlock.h>
#include <linux/workqueue.h>
#include <net/dst.h>
#include <net/ip.h>

#include "config.h"
#include "hash.h"
#include "nat64.h"
#include "output.h"
#include "packet.h"
#include "pool4.h"
#include "session.h"
#include "synstore.h"
#include "table.h"

/* TCP_INCOMING_SYN of RFC 6146 section 4, plus the current partial jiffy. */
#define NAT64_SYN_LIFETIME	(6 * HZ + 1)

/* Maximum of stored SYNs from one remote address and port, to different pool4
 * ports. These share a hash chain.
 */
#define NAT64_SYN_REMOTE_MAX	16

#define NAT64_SYN_HASH_BITS	8

/* Stored bytes of a SYN. An ICMP error has at most 576 bytes and quotes less.
 */
#define NAT64_SYN_KEPT		576U

/**
 * struct nat64_syn - stored SYN
 * @node: node in a bucket, by remote address and port; read under RCU
 * @age: node in nat64_syn_store.age
 * @key: connection
 * @due: time of the ICMP error, in jiffies
 * @skb: start of the untranslated packet
 * @rcu: for freeing
 */
struct nat64_syn {
	struct hlist_node node;
	struct list_head age;
	struct nat64_skey4 key;
	unsigned long due;
	struct sk_buff *skb;
	struct rcu_head rcu;
};

/**
 * struct nat64_syn_store - stored SYNs of a device
 * @lock: protects the fields below; not nested inside other spinlocks. Taken
 *	with BH disabled.
 * @count: number of SYNs, also read without the lock
 * @age: list of SYNs, oldest first
 * @work: sends ICMP errors for expired SYNs
 * @nat64: device
 * @bucket: hash table of SYNs
 */
struct nat64_syn_store {
	spinlock_t lock;
	unsigned int count;
	struct list_head age;
	struct delayed_work work;
	struct nat64_dev *nat64;
	DECLARE_HASHTABLE(bucket, NAT64_SYN_HASH_BITS);
};

static struct hlist_head *nat64_syn_bucket(struct nat64_syn_store *store,
					   __be32 remote, __be16 rport)
{
	__be32 peer[2] = { remote, (__force __be32)rport };

	return &store->bucket[nat64_hash(peer, sizeof(peer), 0) %
			      HASH_SIZE(store->bucket)];
}

static bool nat64_syn_is_from(const struct nat64_syn *syn, __be32 remote,
			      __be16 rport)
{
	return syn->key.remote == remote && syn->key.rport == rport;
}

static bool nat64_syn_is(const struct nat64_syn *syn,
			 const struct nat64_skey4 *key)
{
	return nat64_syn_is_from(syn, key->remote, key->rport) &&
	       syn->key.addr == key->addr && syn->key.port == key->port;
}

static void nat64_syn_unlink(struct nat64_syn_store *store,
			     struct nat64_syn *syn)
{
	lockdep_assert_held(&store->lock);

	hlist_del_rcu(&syn->node);
	list_del(&syn->age);
	WRITE_ONCE(store->count, store->count - 1);
}

/* Free a SYN without an ICMP error. */
static void nat64_syn_free(struct nat64_syn *syn)
{
	consume_skb(syn->skb);
	kfree_rcu(syn, rcu);
}

/* Unlink the oldest SYN if it is due, otherwise schedule the work for it. */
static struct nat64_syn *nat64_syn_due(struct nat64_syn_store *store)
{
	struct nat64_syn *syn;

	spin_lock_bh(&store->lock);
	syn = list_first_entry_or_null(&store->age, struct nat64_syn, age);
	if (syn && time_before(jiffies, syn->due)) {
		queue_delayed_work(system_power_efficient_wq, &store->work,
				   syn->due - jiffies);
		syn = NULL;
	}
	if (syn)
		nat64_syn_unlink(store, syn);
	spin_unlock_bh(&store->lock);

	return syn;
}

/* Send ICMP errors for expired SYNs, unless the device is down: it may be
 * moving to another namespace, which waits for this RCU section.
 */
static void nat64_syn_work(struct work_struct *work)
{
	struct nat64_syn_store *store = container_of(to_delayed_work(work),
						     struct nat64_syn_store,
						     work);
	static const struct nat64_pkt pkt;
	struct nat64_syn *syn;

	while ((syn = nat64_syn_due(store))) {
		local_bh_disable();
		rcu_read_lock();
		if (netif_running(store->nat64->dev))
			nat64_drop(store->nat64, syn->skb, &pkt,
				   NAT64_DROP_SYN_UNANSWERED);
		else
			kfree_skb(syn->skb);
		rcu_read_unlock();
		local_bh_enable();
		kfree_rcu(syn, rcu);
		cond_resched();
	}
}

/**
 * nat64_syn_store_create - allocate an empty store
 * @nat64: device
 *
 * Context: process context.
 * Return: the store, or NULL
 */
struct nat64_syn_store *nat64_syn_store_create(struct nat64_dev *nat64)
{
	struct nat64_syn_store *store;

	store = kzalloc_obj(*store, GFP_KERNEL_ACCOUNT);
	if (!store)
		return NULL;

	spin_lock_init(&store->lock);
	INIT_LIST_HEAD(&store->age);
	INIT_DELAYED_WORK(&store->work, nat64_syn_work);
	store->nat64 = nat64;
	return store;
}

/**
 * nat64_syn_flush - discard SYNs to ports that a configuration does not contain
 * @table: of the device
 * @config: configuration with pool4 or the host's addresses; NULL to discard
 *	all
 *
 * Context: process context, RTNL held.
 */
void nat64_syn_flush(struct nat64_table *table,
		     const struct nat64_config *config)
{
	struct nat64_syn_store *store = table->syns;
	struct nat64_syn *syn, *next;

	spin_lock_bh(&store->lock);
	list_for_each_entry_safe(syn, next, &store->age, age) {
		if (config &&
		    nat64_pool4_allows(store->nat64, config, syn->key.proto,
				       syn->key.addr, syn->key.port))
			continue;
		nat64_syn_unlink(store, syn);
		nat64_syn_free(syn);
	}
	spin_unlock_bh(&store->lock);
}

/**
 * nat64_syn_store_destroy - free a store with its SYNs
 * @store: store of a device that no longer handles packets
 *
 * Context: process context.
 */
void nat64_syn_store_destroy(struct nat64_syn_store *store)
{
	struct nat64_syn *syn, *next;

	cancel_delayed_work_sync(&store->work);
	list_for_each_entry_safe(syn, next, &store->age, age)
		nat64_syn_free(syn);
	kfree(store);
}

/**
 * nat64_syn_count - number of stored SYNs
 * @table: of the device
 *
 * Return: the number of SYNs
 */
unsigned int nat64_syn_count(const struct nat64_table *table)
{
	return READ_ONCE(table->syns->count);
}

/**
 * nat64_syn_waits - is there a stored SYN of this connection?
 * @table: of the device
 * @key: connection
 *
 * Context: RCU read-side section.
 * Return: true if there is
 */
bool nat64_syn_waits(const struct nat64_table *table,
		     const struct nat64_skey4 *key)
{
	const struct hlist_head *bucket;
	const struct nat64_syn *syn;

	if (!READ_ONCE(table->syns->count))
		return false;

	bucket = nat64_syn_bucket(table->syns, key->remote, key->rport);
	hlist_for_each_entry_rcu(syn, bucket, node)
		if (nat64_syn_is(syn, key))
			return true;
	return false;
}

/* Check the limits, and that another CPU has not stored the same SYN. */
static enum nat64_reason nat64_syn_room(const struct nat64_syn_store *store,
					const struct nat64_config *config,
					const struct hlist_head *bucket,
					const struct nat64_skey4 *key)
{
	const struct nat64_syn *syn;
	int peer = 0;

	if (store->count >= config->max_opens)
		return NAT64_DROP_SYN_FULL;

	hlist_for_each_entry(syn, bucket, node) {
		if (nat64_syn_is(syn, key))
			return NAT64_DROP_SYN_AGAIN;
		peer += nat64_syn_is_from(syn, key->remote, key->rport);
	}

	return peer < NAT64_SYN_REMOTE_MAX ? NAT64_OK : NAT64_DROP_SYN_FULL;
}

/* Copy the start of a packet with the metadata that an ICMP error needs: route,
 * mark and conntrack entry.
 */
static struct sk_buff *nat64_syn_copy(struct sk_buff *skb, gfp_t gfp)
{
	unsigned int len = min(skb->len, NAT64_SYN_KEPT);
	struct sk_buff *copy;

	copy = alloc_skb(len, gfp | __GFP_NOWARN);
	if (!copy)
		return NULL;
	if (skb_copy_bits(skb, 0, skb_put(copy, len), len)) {
		kfree_skb(copy);
		return NULL;
	}

	/* Take a reference on the route, which is used after the RCU section.
	 */
	skb_dst_force(skb);
	skb_copy_header(copy, skb);
	skb_gso_reset(copy);
	copy->ip_summed = CHECKSUM_NONE;
	skb_reset_mac_header(copy);
	skb_reset_mac_len(copy);
	skb_reset_network_header(copy);
	skb_set_transport_header(copy, ip_hdrlen(copy));
	return copy;
}

/**
 * nat64_syn_add - store a SYN
 * @table: of the device
 * @config: of the device
 * @skb: untranslated packet; consumed if NAT64_STORED is returned
 * @key: connection
 *
 * Stores only the start of the packet, charged to the memcg of the device, see
 * memcg.h.
 *
 * Context: RCU read-side section, BH disabled.
 * Return: NAT64_STORED or the drop reason.
 */
enum nat64_reason nat64_syn_add(struct nat64_table *table,
				const struct nat64_config *config,
				struct sk_buff *skb,
				const struct nat64_skey4 *key)
{
	struct nat64_syn_store *store = table->syns;
	enum nat64_reason reason;
	struct hlist_head *bucket;
	struct nat64_syn *syn;

	if (READ_ONCE(store->count) >= config->max_opens)
		return NAT64_DROP_SYN_FULL;
	syn = kmalloc_obj(*syn, table->gfp | __GFP_NOWARN);
	if (!syn)
		return NAT64_DROP_NO_MEMORY;
	syn->skb = nat64_syn_copy(skb, table->gfp);
	if (!syn->skb) {
		kfree(syn);
		return NAT64_DROP_NO_MEMORY;
	}

	syn->key = *key;
	syn->due = jiffies + NAT64_SYN_LIFETIME;
	bucket = nat64_syn_bucket(store, key->remote, key->rport);

	spin_lock_bh(&store->lock);
	reason = nat64_syn_room(store, config, bucket, key);
	if (reason)
		goto err_unlock;
	if (list_empty(&store->age))
		queue_delayed_work(system_power_efficient_wq, &store->work,
				   NAT64_SYN_LIFETIME);
	list_add_tail(&syn->age, &store->age);
	hlist_add_head_rcu(&syn->node, bucket);
	WRITE_ONCE(store->count, store->count + 1);
	spin_unlock_bh(&store->lock);

	consume_skb(skb);
	return NAT64_STORED;

err_unlock:
	spin_unlock_bh(&store->lock);
	consume_skb(syn->skb);
	kfree(syn);
	return reason;
}

/**
 * nat64_syn_forget - discard a stored SYN because IPv6 opens the connection
 * @table: of the device
 * @key: connection
 *
 * Context: RCU read-side section, BH disabled.
 */
void nat64_syn_forget(struct nat64_table *table, const struct nat64_skey4 *key)
{
	struct nat64_syn_store *store = table->syns;
	struct nat64_syn *syn, *found = NULL;

	if (!nat64_syn_waits(table, key))
		return;

	spin_lock_bh(&store->lock);
	hlist_for_each_entry(syn, nat64_syn_bucket(store, key->remote,
						   key->rport), node) {
		if (nat64_syn_is(syn, key)) {
			found = syn;
			nat64_syn_unlink(store, syn);
			break;
		}
	}
	spin_unlock_bh(&store->lock);

	if (!found)
		return;
	nat64_count(store->nat64, NAT64_DROP_SYN_CROSSED);
	nat64_syn_free(found);
}
