// SPDX-License-Identifier: GPL-2.0-only
/*
 * nat64 - KUnit: state of the transmit path is cleared from a packet.
 */
#include <linux/if_vlan.h>
#include <net/dst.h>

#include "../scrub.h"
#include "helpers.h"

#define MARK		0x1234
#define PRIORITY	5

static void scrub_destructor(struct sk_buff *skb)
{
	skb->sk = NULL;
}

/* Set all fields that sockets, qdiscs, tc and tunnels may leave in a packet. */
static void scrub_fill(struct sk_buff *skb)
{
	skb->mark = MARK;
	skb->priority = PRIORITY;
	skb->destructor = scrub_destructor;
	skb_shinfo(skb)->tx_flags = 0xff;
	skb->pkt_type = PACKET_OTHERHOST;
	skb->skb_iif = 7;
	skb->ignore_df = 1;
	skb->tstamp = 1;
	skb_set_queue_mapping(skb, 7);
	__skb_set_hash(skb, 0x1234, false, true);
#if defined(CONFIG_NET_RX_BUSY_POLL) || defined(CONFIG_XPS)
	skb->sender_cpu = 3;
#endif
	skb->ooo_okay = 1;
	skb_set_dst_pending_confirm(skb, 1);
	skb->no_fcs = 1;
	skb->csum_valid = 1;
	skb->csum_complete_sw = 1;
	skb->encapsulation = 1;
	skb->encap_hdr_csum = 1;
	skb->remcsum_offload = 1;
	skb->inner_protocol_type = ENCAP_TYPE_IPPROTO;
	skb->inner_protocol = htons(ETH_P_TEB);
#if IS_ENABLED(CONFIG_IP_VS)
	skb->ipvs_property = 1;
#endif
	skb->redirected = 1;
#ifdef CONFIG_NET_REDIRECT
	skb->from_ingress = 1;
#endif
#ifdef CONFIG_NET_SCHED
	skb->tc_index = 9;
#endif
	__vlan_hwaccel_put_tag(skb, htons(ETH_P_8021Q), 5);
}

static void scrub_all(struct kunit *test)
{
	static const u8 data[64] = { 0x45 };
	struct sk_buff *skb;

	skb = nat64_test_skb(test, data, sizeof(data), 64, sizeof(data));
	skb->network_header = 0;
	scrub_fill(skb);
	nat64_scrub(skb);

	KUNIT_EXPECT_PTR_EQ(test, skb_mac_header(skb), skb->data);
	KUNIT_EXPECT_PTR_EQ(test, skb_network_header(skb), skb->data);
	KUNIT_EXPECT_EQ(test, skb->mac_len, 0);
	KUNIT_EXPECT_FALSE(test, skb_vlan_tag_present(skb));
	KUNIT_EXPECT_NULL(test, skb->destructor);
	KUNIT_EXPECT_EQ(test, skb_shinfo(skb)->tx_flags, 0);
	KUNIT_EXPECT_TRUE(test, skb->pkt_type == PACKET_HOST);
	KUNIT_EXPECT_EQ(test, skb->skb_iif, 0);
	KUNIT_EXPECT_FALSE(test, skb->ignore_df);
	KUNIT_EXPECT_EQ(test, skb->tstamp, 0);
	KUNIT_EXPECT_FALSE(test, skb_rx_queue_recorded(skb));
	KUNIT_EXPECT_EQ(test, skb->hash, 0);
	KUNIT_EXPECT_FALSE(test, skb->l4_hash);
#if defined(CONFIG_NET_RX_BUSY_POLL) || defined(CONFIG_XPS)
	KUNIT_EXPECT_EQ(test, skb->sender_cpu, 0);
#endif
	KUNIT_EXPECT_FALSE(test, skb->ooo_okay);
	KUNIT_EXPECT_EQ(test, skb_get_dst_pending_confirm(skb), 0);
	KUNIT_EXPECT_FALSE(test, skb->no_fcs);
	KUNIT_EXPECT_FALSE(test, skb->csum_valid);
	KUNIT_EXPECT_FALSE(test, skb->csum_complete_sw);
	KUNIT_EXPECT_FALSE(test, skb->encapsulation);
	KUNIT_EXPECT_FALSE(test, skb->encap_hdr_csum);
	KUNIT_EXPECT_FALSE(test, skb->remcsum_offload);
	KUNIT_EXPECT_FALSE(test, skb->inner_protocol_type);
	KUNIT_EXPECT_FALSE(test, skb->inner_protocol);
#if IS_ENABLED(CONFIG_IP_VS)
	KUNIT_EXPECT_FALSE(test, skb->ipvs_property);
#endif
	KUNIT_EXPECT_FALSE(test, skb_is_redirected(skb));
#ifdef CONFIG_NET_REDIRECT
	KUNIT_EXPECT_FALSE(test, skb->from_ingress);
#endif
#ifdef CONFIG_NET_SCHED
	KUNIT_EXPECT_EQ(test, skb->tc_index, 0);
#endif
	/* set by the user: kept */
	KUNIT_EXPECT_EQ(test, skb->mark, MARK);
	KUNIT_EXPECT_EQ(test, skb->priority, PRIORITY);
	KUNIT_EXPECT_EQ(test, skb->len, sizeof(data));
	kfree_skb(skb);
}

static struct kunit_case scrub_cases[] = {
	KUNIT_CASE(scrub_all),
	{}
};

static struct kunit_suite scrub_suite = {
	.name = "nat64_scrub",
	.test_cases = scrub_cases,
};

kunit_test_suite(scrub_suite);
