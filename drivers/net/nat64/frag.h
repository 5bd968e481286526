/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * nat64 - reassembly and fragmentation.
 */
#ifndef _NAT64_FRAG_H
#define _NAT64_FRAG_H

#include "packet.h"

struct nat64_dev;

int nat64_reassemble4(struct nat64_dev *nat64, struct sk_buff *skb,
		      struct nat64_pkt *pkt);
int nat64_reassemble6(struct nat64_dev *nat64, struct sk_buff *skb,
		      struct nat64_pkt *pkt);
enum nat64_reason nat64_fragment46(struct nat64_dev *nat64, struct sk_buff *skb,
				   const struct nat64_pkt *pkt,
				   const struct nat64_tuple6 *t, u16 size);
enum nat64_reason nat64_fragment64(struct nat64_dev *nat64, struct sk_buff *skb,
				   const struct nat64_pkt *pkt, u16 size);

#endif /* _NAT64_FRAG_H */
