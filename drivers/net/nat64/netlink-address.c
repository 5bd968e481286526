// SPDX-License-Identifier: GPL-2.0-only
/*
 * nat64 - generic netlink: use of pool4 by address.
 */
#include <net/sock.h>

#include "config.h"
#include "host.h"
#include "nat64.h"
#include "netlink-gen.h"
#include "netlink.h"
#include "pool4.h"

/**
 * struct nat64_nl_address_ctx - dump state between two messages
 * @from: address to continue at, host byte order
 * @proto: index into nat64_nl_protos to continue with; past its end when done
 */
struct nat64_nl_address_ctx {
	u32 from;
	u32 proto;
};

static const u8 nat64_nl_protos[] = { IPPROTO_TCP, IPPROTO_UDP, IPPROTO_ICMP };

/* Number of pool4 ports on an address; pool4 may be the host's own addresses.
 */
static u32 nat64_nl_address_total(const struct nat64_dev *nat64,
				  const struct nat64_config *config, u8 proto,
				  u32 addr)
{
	const struct nat64_pool4_entry *entry;
	u32 total = 0;
	unsigned int i;

	if (config->pool4_host)
		return nat64_host_is_local(nat64, htonl(addr)) ?
		       nat64_host_ports(config, proto) : 0;

	for (i = 0; i < config->pool4_count; i++) {
		entry = &config->pool4[i];
		if (nat64_entry_proto(entry, proto) &&
		    nat64_entry_addr(entry, addr))
			total += entry->port_max - entry->port_min + 1;
	}

	return total;
}

static int nat64_nl_put_address(struct sk_buff *skb,
				struct netlink_callback *cb,
				const struct nat64_dev *nat64, u8 proto,
				const struct nat64_pool4_use *use, u32 total)
{
	struct nlattr *nest;
	void *hdr;

	hdr = nat64_nl_dump_put(skb, cb, nat64, NAT64_CMD_ADDRESS_GET);
	if (!hdr)
		return -EMSGSIZE;

	nest = nla_nest_start(skb, NAT64_A_POOL4);
	if (!nest ||
	    nla_put_in_addr(skb, NAT64_A_POOL4_ADDR4, use->addr) ||
	    nla_put_u8(skb, NAT64_A_POOL4_PROTO, proto) ||
	    nla_put_u32(skb, NAT64_A_POOL4_TOTAL, total) ||
	    nla_put_u32(skb, NAT64_A_POOL4_USED, use->used) ||
	    nla_put_u32(skb, NAT64_A_POOL4_HELD_DOWN, use->held_down)) {
		genlmsg_cancel(skb, hdr);
		return -EMSGSIZE;
	}
	nla_nest_end(skb, nest);

	genlmsg_end(skb, hdr);
	return 0;
}

/* Dump the addresses of a protocol, starting at *@from. */
static int nat64_nl_dump_proto(struct sk_buff *skb, struct netlink_callback *cb,
			       const struct nat64_dev *nat64, u8 proto,
			       u32 *from)
{
	const struct nat64_config *config = nat64_locked_config(nat64);
	struct nat64_pool4_use use;
	bool found;
	u32 addr;
	int err;

	for (;;) {
		rcu_read_lock();
		found = nat64_pool4_next(nat64->table, config, proto, *from,
					 &use);
		rcu_read_unlock();
		if (!found)
			return 0;

		addr = ntohl(use.addr);
		err = nat64_nl_put_address(skb, cb, nat64, proto, &use,
					   nat64_nl_address_total(nat64,
								  config,
								  proto,
								  addr));
		if (err)
			return err;
		*from = addr + 1;
		cond_resched();
	}
}

static int nat64_nl_dump_addresses(struct sk_buff *skb,
				   struct netlink_callback *cb,
				   const struct nat64_dev *nat64)
{
	struct nat64_nl_address_ctx *ctx = (struct nat64_nl_address_ctx *)cb->ctx;
	int err;

	for (; ctx->proto < ARRAY_SIZE(nat64_nl_protos); ctx->proto++) {
		err = nat64_nl_dump_proto(skb, cb, nat64,
					  nat64_nl_protos[ctx->proto],
					  &ctx->from);
		if (err)
			return err;
		ctx->from = 0;
	}

	return 0;
}

int nat64_nl_address_get_dumpit(struct sk_buff *skb,
				struct netlink_callback *cb)
{
	BUILD_BUG_ON(sizeof(struct nat64_nl_address_ctx) > sizeof(cb->ctx));

	return nat64_nl_dump_pool4(skb, cb, nat64_nl_dump_addresses);
}
