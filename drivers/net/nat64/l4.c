// SPDX-License-Identifier: GPL-2.0-only
/*
 * nat64 - ports, identifiers and checksums of transport headers.
 */
#include <linux/icmp.h>
#include <linux/tcp.h>
#include <linux/udp.h>

#include "csum.h"
#include "l4.h"

/* Update a checksum if the available bytes include it. */
static void nat64_l4_csum(u8 *l4, unsigned int offset, unsigned int avail,
			  const struct nat64_l4_change *change, __wsum from,
			  __wsum to)
{
	__sum16 *check = (__sum16 *)(l4 + offset);

	if (avail < offset + sizeof(*check))
		return;

	if (change->partial) {
		/* Ports are summed up with the payload later. */
		nat64_csum_replace_seed(check, change->from, change->to);
		return;
	}

	/* No checksum: an IPv6 tunnel (RFC 6936) or a quoted packet. */
	if (change->proto == IPPROTO_UDP && !*check)
		return;

	nat64_csum_replace(check, from, to);
	if (!*check && (change->proto == IPPROTO_UDP ||
			change->proto == IPPROTO_UDPLITE))
		*check = CSUM_MANGLED_0;
}

/**
 * nat64_l4_rewrite - write new ports and update the checksum
 * @l4: transport header, writable
 * @avail: number of available bytes; a quoted header may be truncated
 * @change: changes to make
 *
 * Headers of unknown protocols are left unchanged.
 */
void nat64_l4_rewrite(u8 *l4, unsigned int avail,
		      const struct nat64_l4_change *change)
{
	struct icmphdr *icmp = (struct icmphdr *)l4;
	__be16 *ports = (__be16 *)l4;
	__wsum from = change->from;
	__wsum to = change->to;

	switch (change->proto) {
	case IPPROTO_TCP:
	case IPPROTO_UDP:
		if (avail < 4)
			return;
		from = csum_add(from, (__force __wsum)*(__be32 *)ports);
		ports[0] = change->sport;
		ports[1] = change->dport;
		to = csum_add(to, (__force __wsum)*(__be32 *)ports);
		nat64_l4_csum(l4, change->proto == IPPROTO_TCP ?
			      offsetof(struct tcphdr, check) :
			      offsetof(struct udphdr, check),
			      avail, change, from, to);
		break;
	case IPPROTO_UDPLITE:
		nat64_l4_csum(l4, offsetof(struct udphdr, check), avail,
			      change, from, to);
		break;
	case IPPROTO_ICMP:
	case IPPROTO_ICMPV6:
		if (!avail)
			return;
		from = csum_add(from, (__force __wsum)htons(icmp->type << 8));
		icmp->type = change->icmp_type;
		to = csum_add(to, (__force __wsum)htons(icmp->type << 8));
		if (avail >= offsetofend(struct icmphdr, un.echo.id)) {
			from = csum_add(from,
					(__force __wsum)icmp->un.echo.id);
			icmp->un.echo.id = change->sport;
			to = csum_add(to, (__force __wsum)icmp->un.echo.id);
		}
		nat64_l4_csum(l4, offsetof(struct icmphdr, checksum), avail,
			      change, from, to);
		break;
	}
}
