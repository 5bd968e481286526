/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * nat64 - probes of idle TCP connections, RFC 6146 section 3.5.2.2.
 */
#ifndef _NAT64_PROBE_H
#define _NAT64_PROBE_H

struct nat64_config;
struct nat64_dev;
struct nat64_session;
struct sk_buff;
struct sk_buff_head;

struct sk_buff *nat64_probe_create(const struct nat64_config *config,
				   const struct nat64_session *s);
void nat64_probe_send(struct nat64_dev *nat64, struct sk_buff_head *probes);

#endif /* _NAT64_PROBE_H */
