// SPDX-License-Identifier: GPL-2.0-only
/*
 * nat64 - KUnit: writable packets are not shared and have the required
 * headroom.
 */
#include <linux/tcp.h>

#include "../packet.h"
#include "../xlat.h"
#include "helpers.h"

#define L4_OFF		20

/**
 * struct writable_kind - layout of a packet
 * @name: name of the layout
 * @cloned: the packet has a clone
 * @linear: number of linear bytes
 */
struct writable_kind {
	const char *name;
	bool cloned;
	u32 linear;
};

static const struct writable_kind writable_kinds[] = {
	{ "plain", false, NAT64_TEST_BUF },
	{ "cloned", true, NAT64_TEST_BUF },
	{ "headers linear", false, L4_OFF + 8 },
	{ "headers linear, cloned", true, L4_OFF + 8 },
	{ "not linear", false, 1 },
	{ "not linear, cloned", true, 1 },
};

static void writable_kind_desc(const struct writable_kind *k, char *desc)
{
	strscpy(desc, k->name, KUNIT_PARAM_DESC_SIZE);
}

KUNIT_ARRAY_PARAM(writable_kind, writable_kinds, writable_kind_desc);

/* Does @skb have its original data from @from on? */
static bool writable_same(struct kunit *test, const struct sk_buff *skb,
			  u32 from)
{
	const u8 *in = test->priv;
	u8 byte;
	u32 i;

	for (i = from; i < skb->len; i++)
		if (skb_copy_bits(skb, i, &byte, 1) || byte != in[i])
			return false;
	return true;
}

static const char *writable_judge(struct kunit *test, struct sk_buff *skb,
				  const struct sk_buff *clone, u32 own,
				  u32 need)
{
	if (skb_headroom(skb) < need)
		return "too little room in front";
	if (skb_headlen(skb) < own)
		return "headers not linear";
	if (!writable_same(test, skb, 0))
		return "it differs";

	/* the most that a translation writes */
	memset(skb->data, 0xee, own);
	memset(skb_push(skb, need), 0xee, need);
	skb_pull(skb, need);
	if (!writable_same(test, skb, own))
		return "the rest differs";
	if (clone && !writable_same(test, clone, 0))
		return "the clone was written to";
	return NULL;
}

static bool writable_one(struct kunit *test, u32 len, bool error, u32 headroom,
			 u32 need)
{
	const struct writable_kind *k = test->param_value;
	struct nat64_pkt pkt = { .icmp_error = error };
	struct sk_buff *skb, *clone = NULL;
	const char *complaint = NULL;
	u32 own;

	pkt.h.l4_off = L4_OFF;
	own = error ? len : min_t(u32, len, L4_OFF + sizeof(struct tcphdr));
	skb = nat64_test_skb(test, test->priv, len, headroom, k->linear);
	if (!skb)
		return false;
	if (k->cloned)
		clone = skb_clone(skb, GFP_KERNEL);

	if (k->cloned && !clone)
		complaint = "no memory for a clone";
	else if (nat64_make_writable(skb, &pkt, need))
		complaint = "refused";
	else
		complaint = writable_judge(test, skb, clone, own, need);
	if (complaint)
		KUNIT_FAIL(test, "%u bytes, %u in front, %u needed, error %d: %s",
			   len, headroom, need, error, complaint);
	kfree_skb(clone);
	kfree_skb(skb);
	return !complaint;
}

static void writable_all(struct kunit *test)
{
	static const u32 lens[] = { L4_OFF + 8, L4_OFF + 20, L4_OFF + 21, 600 };
	static const u32 needs[] = {
		0, NAT64_GROWTH_HDR, NAT64_HEADROOM, NAT64_HEADROOM_ERROR,
	};
	u32 headroom, i, j;

	for (i = 0; i < ARRAY_SIZE(lens); i++)
		for (j = 0; j < ARRAY_SIZE(needs); j++)
			for (headroom = 0; headroom <= NAT64_HEADROOM_ERROR + 8;
			     headroom++)
				if (!writable_one(test, lens[i], false,
						  headroom, needs[j]) ||
				    !writable_one(test, lens[i], true,
						  headroom, needs[j]))
					return;
}

static int writable_init(struct kunit *test)
{
	u8 *buf;
	u32 i;

	buf = kunit_kzalloc(test, NAT64_TEST_BUF, GFP_KERNEL);
	if (!buf)
		return -ENOMEM;
	buf[0] = 0x45;
	for (i = 1; i < NAT64_TEST_BUF; i++)
		buf[i] = i % 199;
	test->priv = buf;
	return 0;
}

static struct kunit_case writable_cases[] = {
	KUNIT_CASE_PARAM(writable_all, writable_kind_gen_params),
	{}
};

static struct kunit_suite writable_suite = {
	.name = "nat64_writable",
	.init = writable_init,
	.test_cases = writable_cases,
};

kunit_test_suite(writable_suite);
