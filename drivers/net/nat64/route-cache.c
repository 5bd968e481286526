// SPDX-License-Identifier: GPL-2.0-only
/*
 * nat64 - routes of translated packets that are used again, per CPU, as long as
 * a lookup must have the same result.
 *
 * The stack invalidates routes for its sockets: a generation for all of IPv4, a
 * generation for additions and a cookie of the route for IPv6. Whatever else a
 * lookup reads is part of the key, or the route is not stored. A route is
 * stored when a flow needs it again, and only used for a while.
 *
 * Only routes that the stack shares are stored. It detaches them from devices
 * that are unregistered, so a reference to a route delays no device. It must
 * not outlive the namespace, so all are released when the device leaves it.
 */
#include <linux/hash.h>
#include <linux/inetdevice.h>
#include <linux/local_lock.h>
#include <linux/netdevice.h>
#include <linux/percpu.h>
#include <linux/slab.h>
#include <net/dst.h>
#include <net/ip.h>
#include <net/ip6_fib.h>
#include <net/ip6_route.h>
#include <net/ipv6.h>
#include <net/route.h>

#include "nat64.h"
#include "route-cache.h"
#include "route.h"

#define NAT64_ROUTE_BITS	7

/* Limits the use of a route in case the stack changes its mind without telling
 * sockets, as for sysctls that change the choice among existing routes.
 */
#define NAT64_ROUTE_JIFFIES	(HZ / 10)

/**
 * struct nat64_route4 - route of IPv4 packets
 * @dst: route with a reference, or NULL
 * @saddr: source address
 * @daddr: destination address
 * @mark: mark of the packets
 * @conf: settings of the device, see nat64_conf4()
 * @flags: IPCB(skb)->flags that the lookup sets
 * @tos: TOS of the packets
 * @generation: of the cache
 * @missed: hash of the last packet without a stored route
 * @since: jiffies of the lookup
 */
struct nat64_route4 {
	struct dst_entry *dst;
	__be32 saddr;
	__be32 daddr;
	u32 mark;
	u32 conf;
	u16 flags;
	u8 tos;
	u32 generation;
	u32 missed;
	u32 since;
};

/**
 * struct nat64_route6 - route of IPv6 packets
 * @dst: route with a reference, or NULL
 * @saddr: source address
 * @daddr: destination address
 * @cookie: of the route
 * @genid: generation of the routing tables
 * @missed: hash of the last packet without a stored route
 * @since: jiffies of the lookup
 *
 * There are no rules that read anything else.
 */
struct nat64_route6 {
	struct dst_entry *dst;
	struct in6_addr saddr;
	struct in6_addr daddr;
	u32 cookie;
	int genid;
	u32 missed;
	u32 since;
};

/**
 * struct nat64_routes_cpu - routes of a CPU
 * @lock: against other packets on the CPU, with BH disabled
 * @v4: by hash of the addresses
 * @v6: by hash of the addresses
 */
struct nat64_routes_cpu {
	local_lock_t lock;
	struct nat64_route4 v4[1 << NAT64_ROUTE_BITS];
	struct nat64_route6 v6[1 << NAT64_ROUTE_BITS];
};

/**
 * struct nat64_routes - cached routes of a device
 * @cpu: entries
 * @generation: changes when no route may be used again
 */
struct nat64_routes {
	struct nat64_routes_cpu __percpu *cpu;
	u32 generation;
};

/* What else ip_route_input_noref() reads and nothing flushes for. */
static u32 nat64_conf4(struct in_device *in_dev, bool exempt)
{
	return IN_DEV_RPFILTER(in_dev) << 2 |
	       !!IN_DEV_SRC_VMARK(in_dev) << 1 | exempt;
}

static u32 nat64_hash4(const struct iphdr *iph)
{
	return hash_32((__force u32)iph->saddr ^
		       rol32((__force u32)iph->daddr, 15), 32);
}

static u32 nat64_hash6(const struct ipv6hdr *ip6h)
{
	const struct in6_addr *s = &ip6h->saddr, *d = &ip6h->daddr;

	return hash_32((__force u32)(s->s6_addr32[0] ^ s->s6_addr32[1] ^
				     s->s6_addr32[2] ^ s->s6_addr32[3]) ^
		       rol32((__force u32)(d->s6_addr32[0] ^ d->s6_addr32[1] ^
					   d->s6_addr32[2] ^ d->s6_addr32[3]),
			     15), 32);
}

static bool nat64_is_recent(u32 since)
{
	return (u32)jiffies - since <= NAT64_ROUTE_JIFFIES;
}

/* Does a rule match ports? Changes of rules flush IPv4 routes. */
static bool nat64_rules_match_ports(const struct net *net)
{
#ifdef CONFIG_IP_MULTIPLE_TABLES
	return net->ipv4.fib_rules_require_fldissect;
#else
	return false;
#endif
}

/* Would each packet like this one get its route until the generation changes?
 * The stack marks a route that it shares when an exception appears.
 */
static bool nat64_may_store4(const struct sk_buff *skb, int genid)
{
	const struct rtable *rt = skb_rtable(skb);

	return skb_dst_is_noref(skb) && rt->rt_type == RTN_UNICAST &&
	       !rt->dst.error && rt->dst.dev != skb->dev &&
	       !(IPCB(skb)->flags & ~IPSKB_NOPOLICY) &&
	       rt->rt_genid == genid &&
	       !nat64_rules_match_ports(dev_net(skb->dev));
}

/* Use the stored route of the packet. Otherwise, *@wanted tells whether to
 * store the route.
 */
static bool nat64_find4(const struct nat64_routes *routes, struct sk_buff *skb,
			u32 conf, u32 hash, bool *wanted)
{
	const struct iphdr *iph = ip_hdr(skb);
	struct nat64_routes_cpu *cpu;
	struct nat64_route4 *r;
	bool found;

	local_lock_nested_bh(&routes->cpu->lock);
	cpu = this_cpu_ptr(routes->cpu);
	r = &cpu->v4[hash >> (32 - NAT64_ROUTE_BITS)];
	found = r->dst && r->daddr == iph->daddr && r->saddr == iph->saddr &&
		r->mark == skb->mark && r->tos == iph->tos &&
		r->conf == conf && r->generation == READ_ONCE(routes->generation) &&
		nat64_is_recent(r->since) && dst_check(r->dst, 0);
	if (likely(found)) {
		skb_dst_set_noref(skb, r->dst);
		IPCB(skb)->flags |= r->flags;
	} else {
		*wanted = r->missed == hash;
		r->missed = hash;
	}
	local_unlock_nested_bh(&routes->cpu->lock);

	return found;
}

static void nat64_store4(const struct nat64_routes *routes,
			 const struct sk_buff *skb, u32 generation, u32 conf,
			 u32 hash)
{
	const struct iphdr *iph = ip_hdr(skb);
	struct dst_entry *dst = skb_dst(skb);
	struct nat64_routes_cpu *cpu;
	struct nat64_route4 *r;

	if (!dst_hold_safe(dst))
		return;

	local_lock_nested_bh(&routes->cpu->lock);
	cpu = this_cpu_ptr(routes->cpu);
	r = &cpu->v4[hash >> (32 - NAT64_ROUTE_BITS)];
	swap(r->dst, dst);
	r->saddr = iph->saddr;
	r->daddr = iph->daddr;
	r->mark = skb->mark;
	r->tos = iph->tos;
	r->conf = conf;
	r->generation = generation;
	r->flags = IPCB(skb)->flags;
	r->since = jiffies;
	local_unlock_nested_bh(&routes->cpu->lock);

	dst_release(dst);
}

/**
 * nat64_route4_cached - find the route of an IPv4 packet, maybe a stored one
 * @nat64: device
 * @skb: packet, as if received on the device, without a route and with a clear
 *	IPCB(skb)->flags
 * @exempt: from rp_filter
 *
 * Context: RCU read-side section, BH disabled.
 * Return: false if the stack rejects the packet, which has no route then.
 */
bool nat64_route4_cached(const struct nat64_dev *nat64, struct sk_buff *skb,
			 bool exempt)
{
	const struct nat64_routes *routes = nat64->routes;
	struct in_device *in_dev = __in_dev_get_rcu(skb->dev);
	u32 hash = nat64_hash4(ip_hdr(skb));
	u32 generation, conf;
	bool wanted = false;
	int genid;

	if (unlikely(!routes || !in_dev))
		return nat64_route4(skb, exempt);

	conf = nat64_conf4(in_dev, exempt);
	if (likely(nat64_find4(routes, skb, conf, hash, &wanted)))
		return true;

	genid = rt_genid_ipv4(dev_net(skb->dev));
	generation = READ_ONCE(routes->generation);
	/* A change during the lookup makes the generation of the route newer
	 * than this one, or older than the next.
	 */
	smp_rmb();
	if (!nat64_route4(skb, exempt))
		return false;
	if (wanted && nat64_may_store4(skb, genid))
		nat64_store4(routes, skb, generation, conf, hash);
	return true;
}

/* Would each packet like this one get its route until routes are added, or this
 * one is changed or removed?
 */
static bool nat64_may_store6(const struct sk_buff *skb)
{
	const struct net *net = dev_net(skb->dev);
	const struct fib6_info *from;
	const struct rt6_info *rt;

	rt = container_of(skb_dst(skb), struct rt6_info, dst);
	from = rcu_dereference(rt->from);
	/* Several paths: hashes select one. Without forwarding, the state of
	 * neighbours selects routes.
	 */
	return from && !from->nh && !READ_ONCE(from->fib6_nsiblings) &&
	       !rt->dst.error && rt->dst.dev != skb->dev &&
	       !(rt->rt6i_flags & (RTF_LOCAL | RTF_ANYCAST | RTF_REJECT)) &&
	       READ_ONCE(net->ipv6.devconf_all->forwarding);
}

/* Same as nat64_find4(). Routes over a device without carrier may be ignored.
 */
static bool nat64_find6(const struct nat64_routes *routes, struct sk_buff *skb,
			int genid, u32 hash, bool *wanted)
{
	const struct ipv6hdr *ip6h = ipv6_hdr(skb);
	struct nat64_routes_cpu *cpu;
	struct nat64_route6 *r;
	bool found;

	local_lock_nested_bh(&routes->cpu->lock);
	cpu = this_cpu_ptr(routes->cpu);
	r = &cpu->v6[hash >> (32 - NAT64_ROUTE_BITS)];
	found = r->dst && ipv6_addr_equal(&r->daddr, &ip6h->daddr) &&
		ipv6_addr_equal(&r->saddr, &ip6h->saddr) &&
		r->genid == genid && nat64_is_recent(r->since) &&
		dst_check(r->dst, r->cookie) &&
		netif_carrier_ok(READ_ONCE(r->dst->dev));
	if (likely(found)) {
		skb_dst_set_noref(skb, r->dst);
	} else {
		*wanted = r->missed == hash;
		r->missed = hash;
	}
	local_unlock_nested_bh(&routes->cpu->lock);

	return found;
}

static void nat64_store6(const struct nat64_routes *routes,
			 const struct sk_buff *skb, int genid, u32 hash)
{
	const struct ipv6hdr *ip6h = ipv6_hdr(skb);
	struct dst_entry *dst = skb_dst(skb);
	struct nat64_routes_cpu *cpu;
	struct nat64_route6 *r;

	if (!dst_hold_safe(dst))
		return;

	local_lock_nested_bh(&routes->cpu->lock);
	cpu = this_cpu_ptr(routes->cpu);
	r = &cpu->v6[hash >> (32 - NAT64_ROUTE_BITS)];
	r->cookie = rt6_get_cookie(container_of(dst, struct rt6_info, dst));
	swap(r->dst, dst);
	r->saddr = ip6h->saddr;
	r->daddr = ip6h->daddr;
	r->genid = genid;
	r->since = jiffies;
	local_unlock_nested_bh(&routes->cpu->lock);

	dst_release(dst);
}

/**
 * nat64_route6_cached - find the route of an IPv6 packet, maybe a stored one
 * @nat64: device
 * @skb: packet, as if received on the device, without a route
 *
 * Context: RCU read-side section, BH disabled.
 */
void nat64_route6_cached(const struct nat64_dev *nat64, struct sk_buff *skb)
{
	const struct nat64_routes *routes = nat64->routes;
	struct net *net = dev_net(skb->dev);
	u32 hash = nat64_hash6(ipv6_hdr(skb));
	int genid = rt_genid_ipv6(net);
	bool wanted = false;

	if (unlikely(!routes || fib6_has_custom_rules(net))) {
		nat64_route6(skb);
		return;
	}
	if (likely(nat64_find6(routes, skb, genid, hash, &wanted)))
		return;

	/* Pairs with the change of the generation after that of a table. */
	smp_rmb();
	nat64_route6(skb);
	if (wanted && nat64_may_store6(skb))
		nat64_store6(routes, skb, genid, hash);
}

static void nat64_routes_release(struct nat64_routes_cpu *cpu)
{
	int i;

	for (i = 0; i < ARRAY_SIZE(cpu->v4); i++)
		dst_release(cpu->v4[i].dst);
	for (i = 0; i < ARRAY_SIZE(cpu->v6); i++)
		dst_release(cpu->v6[i].dst);
}

/**
 * nat64_routes_create - store routes from now on, if there is memory for them
 * @nat64: device that enters a namespace
 *
 * Context: RTNL held, before the device is up.
 */
void nat64_routes_create(struct nat64_dev *nat64)
{
	struct nat64_routes *routes;
	int cpu;

	routes = kzalloc_obj(*routes, GFP_KERNEL_ACCOUNT);
	if (!routes)
		return;
	routes->cpu = alloc_percpu_gfp(struct nat64_routes_cpu,
				       GFP_KERNEL_ACCOUNT);
	if (!routes->cpu) {
		kfree(routes);
		return;
	}

	for_each_possible_cpu(cpu)
		local_lock_init(&per_cpu_ptr(routes->cpu, cpu)->lock);
	nat64->routes = routes;
}

/**
 * nat64_routes_destroy - release all routes
 * @nat64: device that leaves its namespace and no longer handles packets
 *
 * Context: RTNL held.
 */
void nat64_routes_destroy(struct nat64_dev *nat64)
{
	struct nat64_routes *routes = nat64->routes;
	int cpu;

	if (!routes)
		return;

	nat64->routes = NULL;
	for_each_possible_cpu(cpu)
		nat64_routes_release(per_cpu_ptr(routes->cpu, cpu));
	free_percpu(routes->cpu);
	kfree(routes);
}

/**
 * nat64_routes_reset - do not use any stored route again
 * @nat64: device
 *
 * Context: RTNL held.
 */
void nat64_routes_reset(struct nat64_dev *nat64)
{
	if (nat64->routes)
		WRITE_ONCE(nat64->routes->generation,
			   nat64->routes->generation + 1);
}
