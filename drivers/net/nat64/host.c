// SPDX-License-Identifier: GPL-2.0-only
/*
 * nat64 - the host's own addresses, and whose a port of them is: a binding never
 * gets one that a socket of the host is bound to, or that another device has.
 */
#include <linux/bitmap.h>
#include <linux/in.h>
#include <linux/slab.h>
#include <net/inet_hashtables.h>
#include <net/inet_sock.h>
#include <net/ip.h>
#include <net/ipv6.h>
#include <net/netns/generic.h>
#include <net/udp.h>

#include "config.h"
#include "host.h"
#include "nat64.h"
#include "ports.h"
#include "table.h"

/**
 * struct nat64_claimed - ports of one address, for one protocol
 * @count: number of bits set
 * @used: bitmap of those that a device of the namespace has given away; not
 *	within, it would take twice its 8 KiB
 */
struct nat64_claimed {
	unsigned int count;
	unsigned long *used;
};

static unsigned int nat64_claims_id __read_mostly;

static void nat64_claimed_free(struct nat64_claimed *claimed)
{
	bitmap_free(claimed->used);
	kfree(claimed);
}

/**
 * nat64_claims_init - nothing is given away
 * @claims: of a namespace
 * @charged: what they take counts for the active control group
 */
void nat64_claims_init(struct nat64_claims *claims, bool charged)
{
	int i;

	spin_lock_init(&claims->lock);
	claims->gfp = charged ? GFP_NOWAIT | __GFP_NOWARN | __GFP_ACCOUNT :
				GFP_ATOMIC | __GFP_NOWARN;
	for (i = 0; i < NAT64_L4_COUNT; i++)
		xa_init_flags(&claims->addrs[i],
			      charged ? XA_FLAGS_ACCOUNT : 0);
}

/**
 * nat64_claims_destroy - free all
 * @claims: of a namespace without devices
 */
void nat64_claims_destroy(struct nat64_claims *claims)
{
	struct nat64_claimed *claimed;
	unsigned long addr;
	int i;

	for (i = 0; i < NAT64_L4_COUNT; i++) {
		xa_for_each(&claims->addrs[i], addr, claimed)
			nat64_claimed_free(claimed);
		xa_destroy(&claims->addrs[i]);
	}
}

static int __net_init nat64_claims_net_init(struct net *net)
{
	nat64_claims_init(nat64_claims_of(net),
			  net->user_ns != &init_user_ns);
	return 0;
}

static void __net_exit nat64_claims_net_exit(struct net *net)
{
	nat64_claims_destroy(nat64_claims_of(net));
}

static struct pernet_operations nat64_claims_ops = {
	.init = nat64_claims_net_init,
	.exit = nat64_claims_net_exit,
	.id = &nat64_claims_id,
	.size = sizeof(struct nat64_claims),
};

/**
 * nat64_claims_of - what the devices of a namespace have given away
 * @net: namespace
 */
struct nat64_claims *nat64_claims_of(struct net *net)
{
	return net_generic(net, nat64_claims_id);
}

int __init nat64_claims_register(void)
{
	return register_pernet_subsys(&nat64_claims_ops);
}

void nat64_claims_unregister(void)
{
	unregister_pernet_subsys(&nat64_claims_ops);
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
static struct nat64_claimed *nat64_claimed_get(struct xarray *array, u32 addr,
					       gfp_t gfp)
{
	struct nat64_claimed *claimed = xa_load(array, addr);

	if (claimed)
		return claimed;

	claimed = kzalloc(sizeof(*claimed), gfp);
	if (!claimed)
		return NULL;
	claimed->used = bitmap_zalloc(NAT64_PORTS, gfp);
	if (claimed->used &&
	    !xa_err(xa_store(array, addr, claimed, gfp)))
		return claimed;

	nat64_claimed_free(claimed);
	return NULL;
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
	claimed = nat64_claimed_get(array, ntohl(addr), claims->gfp);
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
		nat64_claimed_free(claimed);
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

/**
 * nat64_host_is_local - is this an address of the host?
 * @nat64: device, whose VRF counts
 * @addr: address, network byte order
 *
 * What comes to it from IPv4 then belongs to the host, unless it is for a
 * binding.
 *
 * Context: RCU read-side section or RTNL held.
 */
bool nat64_host_is_local(const struct nat64_dev *nat64, __be32 addr)
{
	const struct net_device *dev = nat64->dev;

	return inet_addr_type_dev_table(dev_net(dev), dev, addr) == RTN_LOCAL;
}

static bool nat64_host_is_low(u16 port)
{
	return port >= NAT64_HOST_LOW_MIN && port <= NAT64_HOST_LOW_MAX;
}

/**
 * nat64_host_ports - number of ports of an address of the host that are shared
 * @config: of a device that uses them
 * @proto: IPPROTO_TCP, IPPROTO_UDP or IPPROTO_ICMP
 */
u32 nat64_host_ports(const struct nat64_config *config, u8 proto)
{
	return NAT64_HOST_PORTS +
	       (config->host_low_ports && proto != IPPROTO_ICMP ?
		NAT64_HOST_LOW_PORTS : 0);
}

/**
 * nat64_host_port - is this one of the ports that are shared?
 * @config: of a device that uses them
 * @port: port, network byte order
 */
bool nat64_host_port(const struct nat64_config *config, __be16 port)
{
	return ntohs(port) >= NAT64_HOST_PORT_MIN ||
	       (config->host_low_ports && nat64_host_is_low(ntohs(port)));
}

/**
 * nat64_host_is_reserved - is this a low port that the administrator keeps?
 * @table: of the device
 * @port: port
 *
 * For those from NAT64_HOST_PORT_MIN on, net.ipv4.ip_local_reserved_ports means
 * the opposite: the host's own sockets leave them to the device.
 */
bool nat64_host_is_reserved(const struct nat64_table *table, u16 port)
{
	return nat64_host_is_low(port) &&
	       inet_is_local_reserved_port(dev_net(table->nat64->dev), port);
}

/**
 * nat64_host_has - is this among the host's addresses that a device uses?
 * @nat64: device
 * @config: of the device
 * @addr: address, network byte order
 * @port: port, network byte order
 */
bool nat64_host_has(const struct nat64_dev *nat64,
		    const struct nat64_config *config, __be32 addr,
		    __be16 port)
{
	return config->pool4_host &&
	       nat64_host_port(config, port) &&
	       nat64_host_is_local(nat64, addr);
}

/**
 * nat64_host_claim - see to it that no other device takes a port
 * @table: of the device
 * @ports: ports of the address, locked
 * @key: the transport address
 *
 * Return: false if another device has it, or memory is short.
 */
bool nat64_host_claim(const struct nat64_table *table,
		      struct nat64_ports *ports, const struct nat64_key4 *key)
{
	u16 port = ntohs(key->port);

	if (!ports->claimed)
		ports->claimed = bitmap_zalloc(NAT64_PORTS,
					       table->gfp | __GFP_NOWARN);
	if (!ports->claimed)
		return false;
	if (test_bit(port, ports->claimed))
		return true;
	if (!nat64_claim(table->claims, key->proto, key->addr, key->port))
		return false;

	__set_bit(port, ports->claimed);
	return true;
}

/**
 * nat64_host_take - take a port that nobody else in the host uses
 * @table: of the device
 * @ports: ports of the address, which is the host's; locked
 * @key: the transport address
 *
 * Return: false if it is in use.
 */
bool nat64_host_take(const struct nat64_table *table,
		     struct nat64_ports *ports,
		     const struct nat64_key4 *key)
{
	return !nat64_host_uses(dev_net(table->nat64->dev), key->proto,
				key->addr, key->port) &&
	       nat64_host_claim(table, ports, key);
}

/**
 * nat64_host_release - give a port back, if it was claimed
 * @table: of the device
 * @ports: ports of the address, locked
 * @key: the transport address
 */
void nat64_host_release(const struct nat64_table *table,
			struct nat64_ports *ports,
			const struct nat64_key4 *key)
{
	if (ports->claimed &&
	    __test_and_clear_bit(ntohs(key->port), ports->claimed))
		nat64_unclaim(table->claims, key->proto, key->addr, key->port);
}
