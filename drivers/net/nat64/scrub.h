/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * nat64 - reset sk_buff fields for the receive path.
 */
#ifndef _NAT64_SCRUB_H
#define _NAT64_SCRUB_H

struct sk_buff;

void nat64_scrub(struct sk_buff *skb);

#endif /* _NAT64_SCRUB_H */
