// SPDX-License-Identifier: GPL-2.0
/*
 * scene - the packets of one iteration: usually one packet, or the fragments of
 * a datagram.
 */
#include <linux/if_ether.h>

#include "fuzz.h"

struct shot shot[SHOTS_MAX];

static void aim(struct shot *s, bool ring)
{
	int kind = rnd(100);

	s->offload = false;
	memset(&s->vnet, 0, sizeof(s->vnet));
	if (kind < 40)
		s->gate = RAW;
	else if (kind < 60)
		s->gate = ring ? RING : RAW;
	else if (kind < 85)
		s->gate = SOFT;
	else
		s->gate = PROCESS;
	s->ethertype = s->pkt.len && s->pkt.data[0] >> 4 == 6 ? ETH_P_IPV6 :
							       ETH_P_IP;
	if (chance(1))
		s->ethertype = chance(50) ? ETH_P_ARP :
			       s->ethertype ^ ETH_P_IPV6 ^ ETH_P_IP;
	/* Size of the linear part of a large packet. */
	if (chance(40))
		s->vnet.hdr_len = rnd(s->pkt.len < 120 ? s->pkt.len + 1 : 120);
}

static int family(void)
{
	return chance(50) ? 4 : 6;
}

/* A random packet of the vectors. */
static bool from_corpus(struct pkt *k)
{
	const struct item *i = corpus_pick();

	if (!i)
		return false;
	memcpy(k->data, i->data, i->len);
	k->len = i->len;
	return true;
}

/* ---- fragments ---- */

/* Fragment @n of @whole, from byte @off on. */
static void piece(struct pkt *k, const struct pkt *whole, size_t off,
		  size_t len, bool more, uint32_t id)
{
	bool six = whole->data[0] >> 4 == 6;
	size_t hdr = six ? 40 : (whole->data[0] & 15) * 4;

	memcpy(k->data, whole->data, hdr);
	k->len = hdr;
	if (six) {
		unsigned char *fh = k->data + 40;

		fh[0] = k->data[6];
		k->data[6] = FRAGMENT;
		fh[1] = 0;
		put16(fh + 2, off | more);
		put32(fh + 4, id);
		k->len += 8;
	} else {
		put16(k->data + 4, id);
		put16(k->data + 6, (get16(k->data + 6) & 0x4000) |
				   (more ? 0x2000 : 0) | off / 8);
	}
	if (off + len > whole->len - hdr)
		len = whole->len - hdr - off;
	memcpy(k->data + k->len, whole->data + hdr + off, len);
	k->len += len;
	fix_lengths(k->data, k->len);
	fix_checksums(k->data, k->len);
}

static void shuffle(size_t *off, size_t *len, int n)
{
	size_t tmp;
	int i, j;

	for (i = n - 1; i > 0; i--) {
		j = chance(40) ? i : (int)rnd(i + 1);
		tmp = off[i];
		off[i] = off[j];
		off[j] = tmp;
		tmp = len[i];
		len[i] = len[j];
		len[j] = tmp;
	}
}

/* A fragmented datagram: in any order, with missing, duplicate or overlapping
 * fragments, or with another packet in between.
 */
static int fragments(const struct world *w)
{
	static const int protos[] = { UDP, UDP, TCP, ICMP4 };
	int fam = family(), proto = protos[rnd(ARRAY_SIZE(protos))], n, i;
	size_t off[SHOTS_MAX], len[SHOTS_MAX], total, step, at = 0;
	static struct pkt whole;
	uint32_t id = rng();

	if (proto == ICMP4 && fam == 6)
		proto = ICMP6;
	make_plain(w, &whole, fam, proto,
		   chance(90) ? 40 + rnd(3000) : rnd(60000));
	if (chance(20))
		whole.data[fam == 4 ? 1 : 0] |= rnd(16);
	if (fam == 4 && chance(30))
		whole.data[6] = 0x40;
	if (proto == UDP && chance(10))
		put16(whole.data + (fam == 4 ? 26 : 46), 0);
	total = whole.len - (fam == 4 ? 20 : 40);
	step = (total / (2 + rnd(6)) + 7) / 8 * 8;
	if (chance(30))
		step = (8 + rnd(total)) / 8 * 8;
	for (n = 0; at < total && n < SHOTS_MAX - 2; n++) {
		off[n] = at;
		len[n] = total - at < step ? total - at : step;
		at += len[n];
		if (chance(20) && step > 8)
			step -= 8;
	}
	if (chance(8)) {
		off[n] = rnd(total) & ~7u;
		len[n++] = step;
	}
	if (chance(8) && n > 1)
		n--;
	if (chance(90))
		shuffle(off, len, n);
	for (i = 0; i < n; i++)
		piece(&shot[i].pkt, &whole, off[i], len[i],
		      off[i] + len[i] < total, id);
	if (chance(8) && from_corpus(&shot[n].pkt))
		n++;
	if (chance(5))
		mutate(w, &shot[rnd(n)].pkt);
	for (i = 0; i < n; i++)
		aim(&shot[i], false);
	return n;
}

/* ---- offloads ---- */

static void random_offload(struct virtio_net_hdr *v)
{
	static const int types[] = {
		VIRTIO_NET_HDR_GSO_NONE, VIRTIO_NET_HDR_GSO_TCPV4,
		VIRTIO_NET_HDR_GSO_TCPV6, VIRTIO_NET_HDR_GSO_UDP, 5, 0x81,
	};

	v->flags = chance(80) ? VIRTIO_NET_HDR_F_NEEDS_CSUM : rnd(8);
	v->gso_type = types[rnd(ARRAY_SIZE(types))];
	v->gso_size = make_value();
	v->hdr_len = chance(50) ? rnd(128) : make_value();
	v->csum_start = chance(70) ? rnd(100) : make_value();
	v->csum_offset = chance(70) ? rnd(20) : make_value();
}

/* A packet with offloads as of a driver or socket: valid, or almost. */
static int offload(const struct world *w)
{
	struct shot *s = &shot[0];
	struct virtio_net_hdr *v = &s->vnet;
	struct pkt *k = &s->pkt;
	int fam = family(), proto = chance(70) ? TCP : UDP;
	struct view view;
	uint32_t sum;
	size_t len;

	make_plain(w, k, fam, proto, chance(70) ? rnd(9000) : rnd(64000));
	if (fam == 4 && chance(70))
		k->data[6] = 0x40;
	if (chance(10))
		mutate(w, k);
	fix_checksums(k->data, k->len);
	aim(s, true);
	s->offload = true;
	view_packet(&view, k->data, k->len);
	len = view.len - view.l4;
	if (!view.src || view.l4 < 20 || len < 20 ||
	    (view.proto != TCP && view.proto != UDP)) {
		random_offload(v);
		return 1;
	}
	v->flags = VIRTIO_NET_HDR_F_NEEDS_CSUM;
	v->csum_start = view.l4;
	v->csum_offset = csum_offset(view.proto);
	/* the pseudo-header, not complemented */
	sum = (uint16_t)~sum_fold(pseudo_sum(&view, len, view.proto));
	put16(k->data + view.l4 + v->csum_offset, sum);
	v->hdr_len = view.l4 + (view.proto == TCP ?
				(k->data[view.l4 + 12] >> 4) * 4 : 8);
	if (view.proto == TCP && chance(80)) {
		v->gso_type = fam == 4 ? VIRTIO_NET_HDR_GSO_TCPV4 :
					 VIRTIO_NET_HDR_GSO_TCPV6;
		if (chance(10))
			v->gso_type |= VIRTIO_NET_HDR_GSO_ECN;
		v->gso_size = chance(70) ? 1000 + rnd(460) : 1 + rnd(9000);
		if (k->len / v->gso_size > 80)
			v->gso_size = k->len / 80 + 1;
	} else if (view.proto == UDP && chance(30)) {
		v->gso_type = VIRTIO_NET_HDR_GSO_UDP;
		v->gso_size = (500 + rnd(1000)) & ~7u;
	}
	if (chance(15))
		random_offload(v);
	return 1;
}

int scene(const struct world *w, bool gso)
{
	struct shot *s = &shot[0];
	int kind = rnd(100);

	if (gso && kind < 50)
		return offload(w);
	if (kind < 8)
		return fragments(w);
	if (kind < 55 && from_corpus(&s->pkt)) {
		if (chance(92))
			mutate(w, &s->pkt);
	} else {
		make_packet(w, &s->pkt, family());
		if (chance(30))
			mutate(w, &s->pkt);
	}
	aim(s, true);
	return 1;
}
