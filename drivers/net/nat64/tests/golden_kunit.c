// SPDX-License-Identifier: GPL-2.0-only
/*
 * nat64 - KUnit: packets in hexadecimal, made and verified independently of
 * this code. The host 198.51.100.2 talks to the host 2001:db8:1c0:2:21::, pool6
 * is 2001:db8:100::/40.
 */
#include <linux/ip.h>
#include <net/ipv6.h>

#include "../xlat.h"
#include "helpers.h"

/* A router has decremented the hop count. */
struct golden_packet {
	const char *name;
	bool v6;
	const char *in;
	const char *out;
};

static const struct golden_packet golden_packets[] = {
	{
		"UDP, TOS", false,
		"45b900201234400040113b89c6336402c000022103e807d0000c430061626364",
		"6b900000000c113f20010db801c63364000200000000000020010db801c00002002100000000000003e807d0000c9cd661626364",
	},
	{
		"UDP, checksum computes to 0", false,
		"4500001e0000000040118e78c6336402c000022103e807d0000aa62961a1",
		"60000000000a113f20010db801c63364000200000000000020010db801c00002002100000000000003e807d0000affff61a1",
	},
	{
		"echo request", false,
		"450000200000000040018e86c6336402c0000221080021041234000161626364",
		"60000000000c3a3f20010db801c63364000200000000000020010db801c0000200210000000000008000163c1234000161626364",
	},
	{
		"fragmentation needed", false,
		"450000380000000040018e6ec6336402c00002210304272800000578450005c800074000051183c7c0000221c633640207d003e805b4beef",
		"6000000000383a3f20010db801c63364000200000000000020010db801c000020021000000000000020032130000058c6000000005b4110520010db801c00002002100000000000020010db801c63364000200000000000007d003e805b418c6",
	},
	{
		"non-first fragment to IPv6", false,
		"4500002404d2209a40116906c6336402c0000221000102030405060708090a0b0c0d0e0f",
		"6000000000182c3f20010db801c63364000200000000000020010db801c000020021000000000000110004d1000004d2000102030405060708090a0b0c0d0e0f",
	},
	{
		"fragment to IPv4", true,
		"6000000000182c4020010db801c00002002100000000000020010db801c6336400020000000000000600028101020408000102030405060708090a0b0c0d0e0f",
		"45000024040820503f066b25c0000221c6336402000102030405060708090a0b0c0d0e0f",
	},
};

static void golden_desc(const struct golden_packet *packet, char *desc)
{
	strscpy(desc, packet->name, KUNIT_PARAM_DESC_SIZE);
}

KUNIT_ARRAY_PARAM(golden, golden_packets, golden_desc);

static u8 golden_digit(char c)
{
	return c <= '9' ? c - '0' : c - 'a' + 10;
}

static void golden_bytes(const char *hex, u8 *bytes, u32 len)
{
	u32 i;

	for (i = 0; i < len; i++)
		bytes[i] = golden_digit(hex[2 * i]) << 4 |
			   golden_digit(hex[2 * i + 1]);
}

static void golden_forward(u8 *packet)
{
	if (packet[0] >> 4 == 6) {
		packet[7]--;
		return;
	}
	packet[8]--;
	nat64_test_put16(0, packet + 10);
	nat64_test_put16(~nat64_test_fold(nat64_test_sum(packet, 20)),
			 packet + 10);
}

/* Addresses of the hosts, and the ports and identifier of all packets. */
static void golden_hosts(struct nat64_test_packet *p, bool from4)
{
	struct nat64_test_packet h4 = {
		.src4 = nat64_test_addr4("198.51.100.2"),
		.dst4 = nat64_test_addr4("192.0.2.33"),
		.src6 = nat64_test_addr6("2001:db8:1c6:3364:2::"),
		.dst6 = nat64_test_addr6("2001:db8:1c0:2:21::"),
		.sport4 = 1000,
		.dport4 = 2000,
	};

	*p = h4;
	if (!from4) {
		p->src4 = h4.dst4;
		p->dst4 = h4.src4;
		p->src6 = h4.dst6;
		p->dst6 = h4.src6;
		p->sport4 = h4.dport4;
		p->dport4 = h4.sport4;
	}
	p->sport6 = p->sport4;
	p->dport6 = p->dport4;
}

static void golden_vector(struct kunit *test)
{
	const struct golden_packet *packet = test->param_value;
	u32 in_len = strlen(packet->in) / 2;
	u32 out_len = strlen(packet->out) / 2;
	struct nat64_test_packet outer, quoted;
	struct sk_buff *skb;
	u8 in[96], out[128];

	KUNIT_ASSERT_LE(test, in_len, sizeof(in));
	KUNIT_ASSERT_LE(test, out_len, sizeof(out));
	golden_bytes(packet->in, in, in_len);
	golden_bytes(packet->out, out, out_len);

	golden_hosts(&outer, !packet->v6);
	golden_hosts(&quoted, packet->v6);
	if (in[9] == IPPROTO_ICMP && !packet->v6)
		outer.sport6 = 0x1234;
	golden_forward(in);
	skb = nat64_test_skb(test, in, in_len, NAT64_HEADROOM_ERROR, in_len);
	skb = nat64_test_xlat(test, skb, &outer, &quoted, packet->v6);
	nat64_test_same(test, skb, out, out_len, packet->name);
}

static struct kunit_case golden_cases[] = {
	KUNIT_CASE_PARAM(golden_vector, golden_gen_params),
	{}
};

static struct kunit_suite golden_suite = {
	.name = "nat64_golden",
	.test_cases = golden_cases,
};

kunit_test_suite(golden_suite);
