/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * nat64 - tracepoint for dropped packets.
 */
#undef TRACE_SYSTEM
#define TRACE_SYSTEM nat64

#if !defined(_NAT64_TRACE_H) || defined(TRACE_HEADER_MULTI_READ)
#define _NAT64_TRACE_H

#include <linux/ip.h>
#include <linux/netdevice.h>
#include <linux/skbuff.h>
#include <linux/tracepoint.h>
#include <net/ipv6.h>

#include "reason.h"

/**
 * nat64_drop - packet dropped
 * @skb: untranslated packet with its network header set
 * @dev: device
 * @reason: drop reason
 */
TRACE_EVENT(nat64_drop,
	TP_PROTO(const struct sk_buff *skb, const struct net_device *dev,
		 enum nat64_reason reason),
	TP_ARGS(skb, dev, reason),

	TP_STRUCT__entry(
		__field(const void *, skbaddr)
		__field(unsigned int, len)
		__field(int, ifindex)
		__field(unsigned int, reason)
		__array(unsigned char, saddr, 16)
		__array(unsigned char, daddr, 16)
		__array(char, name, IFNAMSIZ)
		__array(char, why, 28)
	),

	TP_fast_assign(
		const struct ipv6hdr *ip6h = ipv6_hdr(skb);
		const struct iphdr *iph = ip_hdr(skb);

		__entry->skbaddr = skb;
		__entry->len = skb->len;
		__entry->ifindex = dev->ifindex;
		__entry->reason = reason;
		memset(__entry->saddr, 0, sizeof(struct in6_addr));
		memset(__entry->daddr, 0, sizeof(struct in6_addr));
		if (iph->version == 4) {
			/* %pI6c prints these as ::ffff:192.0.2.1 */
			ipv6_addr_set_v4mapped(iph->saddr, (struct in6_addr *)
					       __entry->saddr);
			ipv6_addr_set_v4mapped(iph->daddr, (struct in6_addr *)
					       __entry->daddr);
		} else if (skb_headlen(skb) >= sizeof(*ip6h)) {
			memcpy(__entry->saddr, &ip6h->saddr, sizeof(ip6h->saddr));
			memcpy(__entry->daddr, &ip6h->daddr, sizeof(ip6h->daddr));
		}
		/* Pad with zeros: bpftrace compares the whole array as map key.
		 */
		strscpy_pad(__entry->name, dev->name, sizeof(__entry->name));
		strscpy_pad(__entry->why, nat64_reason_names[reason],
			    sizeof(__entry->why));
	),

	TP_printk("dev=%s skbaddr=%p len=%u reason=%s src=%pI6c dst=%pI6c",
		  __entry->name, __entry->skbaddr, __entry->len, __entry->why,
		  __entry->saddr, __entry->daddr)
);

#endif /* _NAT64_TRACE_H */

#undef TRACE_INCLUDE_PATH
#define TRACE_INCLUDE_PATH .
#undef TRACE_INCLUDE_FILE
#define TRACE_INCLUDE_FILE trace
#include <trace/define_trace.h>
