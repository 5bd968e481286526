// SPDX-License-Identifier: GPL-2.0-only
/*
 * nat64 - reset sk_buff fields when a packet moves from the transmit to the
 * receive path.
 */
#include <linux/if_vlan.h>
#include <linux/netfilter_netdev.h>
#include <linux/skbuff.h>
#include <net/dst.h>
#include <net/sch_generic.h>

#include "scrub.h"

/**
 * nat64_scrub - reset fields that the receive path sets or expects to be clear
 * @skb: translated packet, skb->data at its IP header
 *
 * Fields of struct sk_buff that the transmit path or an earlier receive may
 * have set, in the order of the code:
 *
 * - mac_header, mac_len, network_header: the device has no link header.
 *   transport_header was set with the new IP header.
 * - vlan_tci, vlan_proto: hardware-accelerated VLAN tag left by mirred.
 * - XDP metadata: the new IP header may overlap it.
 * - sk, destructor: the sending socket is no longer charged, and gets no
 *   transmit status from later devices.
 * - tx_flags: without a socket there is no receiver of a timestamp, but a NIC
 *   would use one of its few hardware timestamps.
 * - pkt_type, skb_iif, ignore_df, dst, extensions (IPsec, bridge, tc),
 *   conntrack entry, nf_trace, ipvs_property, offload_fwd_mark,
 *   offload_l3_fwd_mark: skb_scrub_packet(). Conntrack and IPVS start over in
 *   the new family.
 * - tstamp and its type: a departure time would delay the packet in a qdisc
 *   that uses another clock.
 * - queue_mapping: a transmit queue. RPS would take it as a receive queue and
 *   warn if it does not exist, and drivers would use it as transmit queue.
 * - hash: computed before translation, or chosen by a socket. RPS and multipath
 *   routing recompute it if needed.
 * - sender_cpu: XPS selects queues by it, but another CPU may forward the
 *   packet. Shares storage with napi_id, which belongs to another device.
 * - ooo_okay: allows the socket to change its transmit queue.
 * - dst_pending_confirm: confirms the next hop of the socket, not of the
 *   translated packet.
 * - no_fcs: a packet socket supplied the Ethernet FCS.
 * - csum_valid, csum_complete_sw: a checksum computed before translation.
 *   ip_summed, csum_start, csum_offset and csum_level are kept: checksums that
 *   were offloaded or verified still are.
 * - encapsulation, encap_hdr_csum, remcsum_offload, inner_protocol and its
 *   type: a tunnel whose outer header was translated. GSO packets of tunnels
 *   have already been segmented.
 * - redirected, from_ingress, tc_skip_classify: set by mirred and ifb; generic
 *   XDP and tc would skip the packet.
 * - nf_skip_egress: set by tc redirects; the egress hook of the next device
 *   must run.
 * - tc_index: classification for the qdisc of this device.
 * - protocol, dev: set by the caller.
 *
 * Kept on purpose: mark, priority and secmark, which users expect to persist
 * across the device; hwtstamps, the time of arrival at this host; pfmemalloc,
 * pp_recycle, head_frag and fclone, which describe the memory; decrypted, which
 * describes the payload. IPv4 and IPv6 input clear cb.
 *
 * Context: any.
 */
void nat64_scrub(struct sk_buff *skb)
{
	skb_reset_mac_header(skb);
	skb_reset_network_header(skb);
	skb_reset_mac_len(skb);
	__vlan_hwaccel_clear_tag(skb);
	skb_metadata_clear(skb);
	skb_orphan(skb);
	skb_shinfo(skb)->tx_flags = 0;
	skb_scrub_packet(skb, false);
	skb_set_delivery_time(skb, 0, 0);
	skb_set_queue_mapping(skb, 0);
	skb_clear_hash(skb);
#if defined(CONFIG_NET_RX_BUSY_POLL) || defined(CONFIG_XPS)
	skb->sender_cpu = 0;
#endif
	skb->ooo_okay = 0;
	skb_set_dst_pending_confirm(skb, 0);
	skb->no_fcs = 0;
	skb->csum_valid = 0;
	skb->csum_complete_sw = 0;
	skb->encapsulation = 0;
	skb->encap_hdr_csum = 0;
	skb->remcsum_offload = 0;
	skb->inner_protocol_type = 0;
	skb->inner_protocol = 0;
	skb_reset_redirect(skb);
#ifdef CONFIG_NET_REDIRECT
	skb->from_ingress = 0;
#endif
	skb_skip_tc_classify(skb);
	nf_skip_egress(skb, false);
#ifdef CONFIG_NET_SCHED
	skb->tc_index = 0;
#endif
}
