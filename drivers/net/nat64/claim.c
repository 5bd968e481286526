// SPDX-License-Identifier: GPL-2.0-only
/*
 * nat64 - ports of the host's own addresses: never one that a socket of the
 * host is bound to, nor one that another device has given away.
 */
#include <linux/bitmap.h>
#include <linux/in.h>
#include <linux/list.h>
#include <linux/refcount.h>
#include <linux/rtnetlink.h>
#include <linux/slab.h>
#include <linux/xarray.h>
#include <net/inet_hashtables.h>
#include <net/inet_sock.h>
#include <net/ipv6.h>
#include <net/udp.h>

#include "claim.h"
#include "nat64.h"
#include "ports.h"

/**
 * struct nat64_claimed - ports of one address, for one protocol
 * @count: number of bits set
 * @used: bitmap of those that a device of the namespace has given away
 */
struct nat64_claimed {
	unsigned int count;
	DECLARE_BITMAP(used, NAT64_PORTS);
};

/**
 * struct nat64_claims - what the devices of a namespace have given away
 * @list: in nat64_claims_list
 * @net: namespace; only compared, as it may be gone before a device that was
 *	moved out of it
 * @refs: the devices
 * @lock: covers @addrs; taken with BH off, nothing is locked inside
 * @addrs: struct nat64_claimed by address in host byte order, one array a
 *	protocol
 */
struct nat64_claims {
	struct list_head list;
	const struct net *net;
	refcount_t refs;
	spinlock_t lock;
	struct xarray addrs[NAT64_L4_COUNT];
};

/* Under RTNL. */
static LIST_HEAD(nat64_claims_list);

/**
 * nat64_claims_get - what is shared by the devices of a namespace
 * @net: namespace
 *
 * Context: RTNL held.
 * Return: to be given back with nat64_claims_put(), NULL without memory.
 */
struct nat64_claims *nat64_claims_get(struct net *net)
{
	struct nat64_claims *claims;
	int i;

	ASSERT_RTNL();

	list_for_each_entry(claims, &nat64_claims_list, list) {
		if (claims->net == net) {
			refcount_inc(&claims->refs);
			return claims;
		}
	}

	claims = kzalloc(sizeof(*claims), GFP_KERNEL);
	if (!claims)
		return NULL;

	claims->net = net;
	refcount_set(&claims->refs, 1);
	spin_lock_init(&claims->lock);
	for (i = 0; i < NAT64_L4_COUNT; i++)
		xa_init(&claims->addrs[i]);
	list_add(&claims->list, &nat64_claims_list);
	return claims;
}

/**
 * nat64_claims_put - a device is gone, or to another namespace
 * @claims: of the device, which has none left in it; may be NULL
 *
 * Context: RTNL held.
 */
void nat64_claims_put(struct nat64_claims *claims)
{
	struct nat64_claimed *claimed;
	unsigned long addr;
	int i;

	if (!claims)
		return;

	ASSERT_RTNL();
	if (!refcount_dec_and_test(&claims->refs))
		return;

	list_del(&claims->list);
	for (i = 0; i < NAT64_L4_COUNT; i++) {
		xa_for_each(&claims->addrs[i], addr, claimed)
			kfree(claimed);
		xa_destroy(&claims->addrs[i]);
	}
	kfree(claims);
}

static struct xarray *nat64_claims_array(struct nat64_claims *claims, u8 proto)
{
	switch (proto) {
	case IPPROTO_TCP:
		return &claims->addrs[NAT64_L4_TCP];
	case IPPROTO_UDP:
		return &claims->addrs[NAT64_L4_UDP];
	default:
		return &claims->addrs[NAT64_L4_ICMP];
	}
}

/* The ports of an address, made when the first is claimed. */
static struct nat64_claimed *nat64_claimed_get(struct xarray *array, u32 addr)
{
	struct nat64_claimed *claimed = xa_load(array, addr);

	if (claimed)
		return claimed;

	claimed = kzalloc(sizeof(*claimed), GFP_ATOMIC | __GFP_NOWARN);
	if (claimed && xa_err(xa_store(array, addr, claimed, GFP_ATOMIC))) {
		kfree(claimed);
		return NULL;
	}

	return claimed;
}

/**
 * nat64_claim - take a port of an address of the host
 * @claims: of the device
 * @proto: IPPROTO_TCP, IPPROTO_UDP or IPPROTO_ICMP
 * @addr: address, network byte order
 * @port: port or identifier, network byte order
 *
 * Context: BH disabled.
 * Return: false if another device has it, or memory is short.
 */
bool nat64_claim(struct nat64_claims *claims, u8 proto, __be32 addr,
		 __be16 port)
{
	struct xarray *array = nat64_claims_array(claims, proto);
	struct nat64_claimed *claimed;
	bool free = false;

	spin_lock(&claims->lock);
	claimed = nat64_claimed_get(array, ntohl(addr));
	if (claimed && !__test_and_set_bit(ntohs(port), claimed->used)) {
		claimed->count++;
		free = true;
	}
	spin_unlock(&claims->lock);

	return free;
}

/**
 * nat64_unclaim - give a port back, if it was claimed
 * @claims: of the device
 * @proto: IPPROTO_TCP, IPPROTO_UDP or IPPROTO_ICMP
 * @addr: address, network byte order
 * @port: port or identifier, network byte order
 */
void nat64_unclaim(struct nat64_claims *claims, u8 proto, __be32 addr,
		   __be16 port)
{
	struct xarray *array = nat64_claims_array(claims, proto);
	struct nat64_claimed *claimed;

	/* Most devices never claim anything. */
	if (xa_empty(array))
		return;

	spin_lock_bh(&claims->lock);
	claimed = xa_load(array, ntohl(addr));
	if (claimed && __test_and_clear_bit(ntohs(port), claimed->used) &&
	    !--claimed->count) {
		xa_erase(array, ntohl(addr));
		kfree(claimed);
	}
	spin_unlock_bh(&claims->lock);
}

/* Listening, connected or closing, on any address: all have it bound. */
static bool nat64_host_uses_tcp(struct net *net, u16 port)
{
	struct inet_hashinfo *hashinfo = net->ipv4.tcp_death_row.hashinfo;
	struct inet_bind_hashbucket *head;
	struct inet_bind_bucket *bucket;
	bool used = false;

	head = &hashinfo->bhash[inet_bhashfn(net, port, hashinfo->bhash_size)];
	spin_lock_bh(&head->lock);
	inet_bind_bucket_for_each(bucket, &head->chain) {
		if (bucket->port == port && net_eq(ib_net(bucket), net)) {
			used = true;
			break;
		}
	}
	spin_unlock_bh(&head->lock);

	return used;
}

static bool nat64_host_uses_udp(struct net *net, __be32 addr, u16 port)
{
	struct udp_hslot *slot = udp_hashslot(nat64_udp_table(net), net, port);
	bool used = false;
	struct sock *sk;

	spin_lock_bh(&slot->lock);
	sk_for_each(sk, &slot->head) {
		if (net_eq(sock_net(sk), net) &&
		    udp_sk(sk)->udp_port_hash == port && !ipv6_only_sock(sk) &&
		    (!inet_sk(sk)->inet_rcv_saddr ||
		     inet_sk(sk)->inet_rcv_saddr == addr)) {
			used = true;
			break;
		}
	}
	spin_unlock_bh(&slot->lock);

	return used;
}

/**
 * nat64_host_uses - is a socket of the host bound to this port?
 * @net: namespace
 * @proto: IPPROTO_TCP, IPPROTO_UDP or IPPROTO_ICMP
 * @addr: address of the host, network byte order
 * @port: port, network byte order
 *
 * Identifiers of pings are chosen anew for each, and the host may have the
 * same to another destination.
 */
bool nat64_host_uses(struct net *net, u8 proto, __be32 addr, __be16 port)
{
	switch (proto) {
	case IPPROTO_TCP:
		return nat64_host_uses_tcp(net, ntohs(port));
	case IPPROTO_UDP:
		return nat64_host_uses_udp(net, addr, ntohs(port));
	default:
		return false;
	}
}
