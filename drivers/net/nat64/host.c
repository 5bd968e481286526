// SPDX-License-Identifier: GPL-2.0-only
/*
 * nat64 - ports of the host's own addresses: a binding never gets a port that a
 * socket of the host is bound to, or that another device has claimed.
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
 * struct nat64_claimed - claimed ports of one address, for one protocol
 * @count: number of bits set in @used
 * @used: bitmap of the ports that the devices of the namespace have claimed;
 *	8 KiB, allocated separately so that the slab does not round up to 16 KiB
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
 * nat64_claims_init - initialize without claimed ports
 * @claims: claims of a namespace
 * @charged: charge their memory to the active memcg
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
 * nat64_claims_destroy - free all claims
 * @claims: claims of a namespace without devices
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
 * nat64_claims_of - ports that the devices of a namespace have claimed
 * @net: namespace
 *
 * Return: the ports
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

/* Find the claimed ports of an address, or allocate them for the first one. */
static struct nat64_claimed *nat64_claimed_get(struct xarray *array, u32 addr,
					       gfp_t gfp)
{
	struct nat64_claimed *claimed = xa_load(array, addr);

	if (claimed)
		return claimed;

	claimed = kzalloc_obj(*claimed, gfp);
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
 * nat64_claim - claim a port of an address of the host
 * @claims: claims of the namespace
 * @proto: IPPROTO_TCP, IPPROTO_UDP or IPPROTO_ICMP
 * @addr: address, network byte order
 * @port: port or identifier, network byte order
 *
 * Context: BH disabled.
 * Return: false if another device has claimed it, or memory is short.
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
 * nat64_unclaim - release a port if it is claimed
 * @claims: claims of the namespace
 * @proto: IPPROTO_TCP, IPPROTO_UDP or IPPROTO_ICMP
 * @addr: address, network byte order
 * @port: port or identifier, network byte order
 */
void nat64_unclaim(struct nat64_claims *claims, u8 proto, __be32 addr,
		   __be16 port)
{
	struct xarray *array = nat64_claims_array(claims, proto);
	struct nat64_claimed *claimed;

	/* Most namespaces have no claims. */
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

/* The bind hash has listening, connected and closing sockets of any address. */
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
	struct udp_hslot *slot = udp_hashslot(net->ipv4.udp_table, net, port);
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
 * ICMP identifiers are not checked: each ping chooses a new one, and the host
 * can use the same one for another destination.
 *
 * Return: true if one is
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
 * @nat64: device, whose VRF is searched
 * @addr: address, network byte order
 *
 * Packets from IPv4 to such an address are for the host, unless they match a
 * binding.
 *
 * Context: RCU read-side section or RTNL held.
 * Return: true if it is
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
 * nat64_host_ports - number of ports of a host address that devices may use
 * @config: configuration of a device that uses the host's addresses
 * @proto: IPPROTO_TCP, IPPROTO_UDP or IPPROTO_ICMP
 *
 * Return: the number of ports
 */
u32 nat64_host_ports(const struct nat64_config *config, u8 proto)
{
	return NAT64_HOST_PORTS +
	       (config->host_low_ports && proto != IPPROTO_ICMP ?
		NAT64_HOST_LOW_PORTS : 0);
}

/**
 * nat64_host_port - is this a port of a host address that devices may use?
 * @config: configuration of a device that uses the host's addresses
 * @port: port, network byte order
 *
 * Return: true if it is
 */
bool nat64_host_port(const struct nat64_config *config, __be16 port)
{
	return ntohs(port) >= NAT64_HOST_PORT_MIN ||
	       (config->host_low_ports && nat64_host_is_low(ntohs(port)));
}

/**
 * nat64_host_is_reserved - is this a low port that the administrator reserves?
 * @table: tables of the device
 * @port: port
 *
 * From NAT64_HOST_PORT_MIN on, net.ipv4.ip_local_reserved_ports has the
 * opposite effect: it keeps the host's own sockets off ports of the device.
 *
 * Return: true if it is
 */
bool nat64_host_is_reserved(const struct nat64_table *table, u16 port)
{
	return nat64_host_is_low(port) &&
	       inet_is_local_reserved_port(dev_net(table->nat64->dev), port);
}

/**
 * nat64_host_has - does a device use this transport address of the host?
 * @nat64: device
 * @config: configuration of the device
 * @addr: address, network byte order
 * @port: port, network byte order
 *
 * Return: true if one does
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
 * nat64_host_claim - claim a port, so that no other device uses it
 * @table: tables of the device
 * @ports: ports of the address, locked
 * @key: the transport address
 *
 * Return: false if another device has claimed it, or memory is short.
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
 * nat64_host_take - claim a port unless a socket of the host is bound to it
 * @table: tables of the device
 * @ports: ports of the address, which is the host's; locked
 * @key: the transport address
 *
 * Return: false if it is in use, or memory is short.
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
 * nat64_host_release - release a port if the device has claimed it
 * @table: tables of the device
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
