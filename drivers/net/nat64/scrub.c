// SPDX-License-Identifier: GPL-2.0-only
/*
 * nat64 - from the transmit side of the stack to the receive side: nothing that
 * the first has written into a packet's sk_buff may be taken for the second's.
 */
#include <linux/if_vlan.h>
#include <linux/netfilter_netdev.h>
#include <linux/skbuff.h>
#include <net/dst.h>
#include <net/sch_generic.h>

#include "scrub.h"

/**
 * nat64_scrub - reset what a receiving device sets or expects clean
 * @skb: packet that leaves the device, skb->data at its IP header
 *
 * Every field of struct sk_buff that the transmit side or an earlier receive
 * may have set, in the order of the code:
 *
 * - mac_header, mac_len, network_header: the device has no link header.
 *   transport_header was set with the new IP header.
 * - vlan_tci, vlan_proto: a tag that mirred has left beside the packet.
 * - metadata of XDP: the new IP header may overlap it.
 * - sk, destructor: whoever has sent it is not charged for what follows, and
 *   gets no transmit status from devices further on.
 * - tx_flags: without a socket nobody waits for a timestamp, but a NIC would
 *   spend one of its few hardware timestamps.
 * - pkt_type, skb_iif, ignore_df, dst, extensions (IPsec, bridge, tc), conntrack
 *   entry, nf_trace, ipvs_property, offload_fwd_mark, offload_l3_fwd_mark:
 *   skb_scrub_packet(). Conntrack and IPVS start over in the new family.
 * - tstamp and its type: a departure time would hold the packet up in a queue
 *   that has another clock.
 * - queue_mapping: a transmit queue; RPS takes it for a receive queue, warns
 *   if there is no such, and drivers would send it on the queue of that number.
 * - hash: of the addresses and ports before translation, or a socket's choice
 *   of path. RPS and multipath routes compute it anew if they need it.
 * - sender_cpu: whose transmit queues XPS uses; the packet may go on elsewhere.
 *   The same field is napi_id, which is of another device.
 * - ooo_okay: permits a new queue, as far as the socket knows.
 * - dst_pending_confirm: a socket confirms its own next hop, not the one of
 *   the translated packet.
 * - no_fcs: the last bytes are a checksum of Ethernet, by a packet socket.
 * - csum_valid, csum_complete_sw: somebody has computed the sum of the packet
 *   before translation. ip_summed, csum_start, csum_offset and csum_level are
 *   kept: what was left to offload, or has been found right, still is.
 * - encapsulation, encap_hdr_csum, remcsum_offload, inner_protocol and its type:
 *   a tunnel whose outer header has been translated. Segmentation offload of
 *   tunnels has been done by now.
 * - redirected, from_ingress, tc_skip_classify: mirred and ifb; generic XDP and tc
 *   would let the packet pass unseen.
 * - nf_skip_egress: tc has redirected; the egress hook of the next device runs.
 * - tc_index: classified for the queue of this device.
 * - protocol, dev: by the caller.
 *
 * Kept on purpose: mark, priority and secmark, which the user sets to be found
 * behind the device; hwtstamps, when the packet came to this host; pfmemalloc,
 * pp_recycle, head_frag and fclone, which are about the memory; decrypted,
 * which says how the payload is. cb belongs to whoever has the packet, IPv4 and
 * IPv6 input clear it.
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
