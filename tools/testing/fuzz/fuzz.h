/* SPDX-License-Identifier: GPL-2.0 */
/*
 * fuzz - shared declarations: unusual packets for a nat64 device, and a model
 * of its valid output. The vectors, their builder and the namespace are those
 * of the packet test.
 */
#ifndef FUZZ_H
#define FUZZ_H

#include <linux/virtio_net.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "packet.h"

enum {
	ICMP4 = 1, IGMP = 2, TCP = 6, UDP = 17, ICMP6 = 58, UDPLITE = 136,
	HOPOPT = 0, ROUTING = 43, FRAGMENT = 44, ESP = 50, AH = 51,
	NONXT = 59, DSTOPT = 60, MOBILITY = 135, HIP = 139, SHIM6 = 140,
};

/* ---- random numbers: a function of seed, world and iteration ---- */

extern uint64_t rng_state;

/* splitmix64 */
static inline uint64_t rng(void)
{
	uint64_t z = rng_state += 0x9e3779b97f4a7c15ull;

	z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9ull;
	z = (z ^ z >> 27) * 0x94d049bb133111ebull;
	return z ^ z >> 31;
}

/* 0 to @n - 1 */
static inline int rnd(uint32_t n)
{
	return n ? (rng() >> 32) % n : 0;
}

static inline bool chance(unsigned int percent)
{
	return (unsigned int)rnd(100) < percent;
}

/* ---- bytes ---- */

static inline unsigned int get16(const unsigned char *p)
{
	return p[0] << 8 | p[1];
}

static inline uint32_t get32(const unsigned char *p)
{
	return (uint32_t)get16(p) << 16 | get16(p + 2);
}

static inline void put16(unsigned char *p, unsigned int v)
{
	p[0] = v >> 8;
	p[1] = v;
}

static inline void put32(unsigned char *p, uint32_t v)
{
	put16(p, v >> 16);
	put16(p + 2, v);
}

/* One's complement: 0 and 0xffff are the same number. */
static inline bool same_sum(uint32_t a, uint32_t b)
{
	return a % 65535 == b % 65535;
}

/* ---- world.c: configurations of the device ---- */

struct eam {
	unsigned char v4[4];
	unsigned char v6[16];
	int len4;
	int len6;
};

#define EAMS_MAX 8

/**
 * struct world - a device and the router around it
 * @name: name for --world
 * @pool6_text: pool6 as text
 * @pool4_text: pool4 as text, NULL for a stateless device
 * @pool4_entries: argument of pool4 if it is not @pool4_text
 * @dns_timeout: dns-timeout, NULL for that of all sessions
 * @keys: other arguments of ip
 * @eam_text: argument of `nat64 eam add`, NULL for none
 * @amend: amend-udp-checksum-zero is on, or forward
 * @forward: amend-udp-checksum-zero is forward
 * @lowest: lowest-ipv6-mtu
 * @zeroize: zeroize-traffic-class
 * @tos: override-tos and tos, -1 for off
 * @hairpin: eam-hairpin-mode
 * @pool6: @pool6_text as an address
 * @pool6_len: prefix length of @pool6
 * @pool4: @pool4_text as an address
 * @pool4_len: prefix length of @pool4
 * @eam: explicit mappings of @eam_text
 * @eams: number of @eam
 * @wkp: pool6 is the well-known prefix
 */
struct world {
	const char *name;
	const char *pool6_text;
	const char *pool4_text;
	const char *pool4_entries;
	const char *dns_timeout;
	const char *keys;
	const char *eam_text;
	bool amend;
	bool forward;
	int lowest;
	bool zeroize;
	int tos;
	enum { INTRINSIC, SIMPLE, OFF } hairpin;
	unsigned char pool6[16];
	int pool6_len;
	unsigned char pool4[4];
	int pool4_len;
	struct eam eam[EAMS_MAX];
	int eams;
	bool wkp;
};

extern struct world worlds[];
extern const int world_count;

void worlds_init(void);
/* Set the fields that follow from the texts. */
void world_parse(struct world *w);
/* Create the device; the first call also sets up the router. */
bool world_start(struct world *w, char *why, size_t why_len);
/* Set the variables of the vectors. */
void world_vars(const struct world *w);

/* ---- addr.c: addresses, independently of the driver ---- */

void embed(const struct world *w, const unsigned char *a4, unsigned char *a6);
void extract(const struct world *w, const unsigned char *a6,
	     unsigned char *a4);
bool in_pool6(const struct world *w, const unsigned char *a6);
bool in_pool4(const struct world *w, const unsigned char *a4);
bool eam46(const struct world *w, const unsigned char *a4, unsigned char *a6);
bool eam64(const struct world *w, const unsigned char *a6, unsigned char *a4);
bool illegal4(const unsigned char *a4);
bool illegal6(const unsigned char *a6);
bool global4(const unsigned char *a4);

/* ---- view.c: parsed packets ---- */

/**
 * struct view - a parsed packet, or a packet quoted in an ICMP error
 * @family: 4 or 6
 * @len: length according to the header
 * @have: bytes available
 * @l4: offset of the transport header
 * @fh: offset of the Fragment Header, 0 for none
 * @proto: protocol of @l4
 * @frag: it has a Fragment Header, or MF or an offset
 * @mf: more fragments follow
 * @df: Don't Fragment
 * @off: offset of the fragment in bytes
 * @id: identification
 * @tos: TOS or traffic class
 * @ttl: TTL or hop limit
 * @src: source address in the packet
 * @dst: destination
 * @bad: row of rfc.md that forbids translation, or NULL
 * @odd: why the model cannot predict whether it is translated, or NULL
 */
struct view {
	int family;
	size_t len;
	size_t have;
	size_t l4;
	size_t fh;
	int proto;
	bool frag;
	bool mf;
	bool df;
	unsigned int off;
	uint32_t id;
	uint8_t tos;
	uint8_t ttl;
	const unsigned char *src;
	const unsigned char *dst;
	const char *bad;
	const char *odd;
};

void view_packet(struct view *v, const unsigned char *p, size_t len);
void view_quote(struct view *v, const unsigned char *p, size_t len, int family);
/* Parse the transport header as well. */
void view_l4(struct view *v, const unsigned char *p, bool stateful);
bool is_echo(int family, int type);
bool is_error(int family, int type);
bool is_whole(const struct view *v);
bool is_extension(int nh);
bool is_icmp(const struct view *v);
/* Offset of the checksum in the transport header, -1 if it has none. */
int csum_offset(int proto);
uint32_t pseudo_sum(const struct view *v, size_t len, int proto);
/* Is the checksum of a whole packet right? */
bool l4_sum_ok(const struct view *v, const unsigned char *p);

/* Fix lengths or checksums as far as the packet can be parsed, including those
 * of a quoted packet.
 */
void fix_lengths(unsigned char *p, size_t len);
void fix_checksums(unsigned char *p, size_t len);

/* ---- corpus.c: the inputs of the vectors ---- */

struct item {
	size_t len;
	const unsigned char *data;
};

void corpus_read(int files, char **path);
void corpus_build(const struct world *w);
const struct item *corpus_pick(void);
const struct item *corpus_item(size_t n);
size_t corpus_size(void);

/* ---- make.c, mutate.c: packets ---- */

struct pkt {
	size_t len;
	unsigned char data[PACKET_MAX];
};

/* A plausible source or destination address in this world. */
void make_addr(const struct world *w, int family, bool src, unsigned char *a);
int make_value(void);
void make_packet(const struct world *w, struct pkt *k, int family);
void make_plain(const struct world *w, struct pkt *k, int family, int proto,
		size_t payload);
void make_fill(struct pkt *k, size_t len);
void mutate(const struct world *w, struct pkt *k);

/* ---- lengths.c: truncated packets and wrong lengths ---- */

/* Try only one in @n packets, always the same ones. */
void lengths_share(unsigned int n);
/* Call @try for each packet. @all: do not skip similar ones. */
void lengths_of(const struct item *i, bool all,
		void (*try)(const struct pkt *k));

/* ---- reason.c: the device's counters ---- */

void reason_read(void);
/* Growth of all counters between the last two readings, and the name of a
 * counter that grew.
 */
uint64_t reason_counted(const char **name);
/* The last reading of counter @n, whose name is NULL if there is no such one.
 * Returns false beyond the last.
 */
bool reason_nth(int n, const char **name, uint64_t *value);
/* May a packet that @why forbids to translate be counted under this name? */
bool reason_fits(const char *why, const char *counter);

/* ---- scene.c: packets of an iteration ---- */

/**
 * enum gate - how a packet gets to the device
 * @RAW: packet socket on the device
 * @RING: packet socket with a ring, whose pages become part of the packet
 * @SOFT: tun with NAPI: forwarded in softirq
 * @PROCESS: tun "four" or "six": forwarded in process context
 */
enum gate { RAW, RING, SOFT, PROCESS };

struct shot {
	enum gate gate;
	int ethertype;
	bool offload;
	struct virtio_net_hdr vnet;
	struct pkt pkt;
};

#define SHOTS_MAX 16

extern struct shot shot[SHOTS_MAX];
/* Returns the number of packets. @gso allows offloads. */
int scene(const struct world *w, bool gso);

/* ---- net.c: sending and capturing ---- */

enum where { NAT64, SIDE, ELSEWHERE };

/**
 * struct record - a captured packet
 * @where: device
 * @out: sent, not received
 * @cut: truncated
 * @vnet: its offloads
 * @len: bytes
 * @data: packet, valid until the next record is read
 */
struct record {
	enum where where;
	bool out;
	bool cut;
	struct virtio_net_hdr vnet;
	size_t len;
	const unsigned char *data;
};

/* Capture packets if @listen. */
bool net_open(bool listen, char *why, size_t why_len);
/* The device has been created. */
void net_device(void);
/* Returns whether the kernel accepted the packet. */
bool net_send(const struct shot *s);
bool net_next(struct record *r);
/* Number of packets missed since the last call of each function. */
unsigned int net_lost(void);
unsigned int net_overrun(void);
/* A second listener holds a clone of each input of the device. */
void net_hold(bool on);
/* Read the next clone; -1 if there is none. */
ssize_t net_held(unsigned char *data, size_t size, bool *out);
/* Discard the output of the tun devices. */
void net_drain(void);
uint64_t net_dropped(void);

/* ---- held.c: clones that a listener holds ---- */

void held_begin(void);
void held_end(void);
/* Record an input of the device. */
void held_expect(const struct record *r);
/* Check the clones that have arrived. */
void held_check(void);
/* Number of clones checked. */
unsigned long held_checked(void);

/* ---- state.c: observed bindings and sessions ---- */

struct binding {
	unsigned char a6[16];
	unsigned char a4[4];
	uint16_t port6;
	uint16_t port4;
	uint8_t proto;		/* ICMP4 for both */
};

/* Initial sessions of every world. */
#define KNOWN_MAX 24

struct known {
	int proto;
	unsigned char a6[16];
	unsigned char z4[4];
	uint16_t port6;
	uint16_t zport;
};

extern struct known known[KNOWN_MAX];

void state_reset(void);
void known_init(void);
const struct binding *binding6(int proto, const unsigned char *a6, int port);
const struct binding *binding4(int proto, const unsigned char *a4, int port);
/* Returns NULL or an error message. */
const char *binding_add(int proto, const unsigned char *a6, int port6,
			const unsigned char *a4, int port4);
void session_add(const struct binding *b, const unsigned char *z4, int port);
bool session_seen(const struct binding *b, const unsigned char *z4, int port);

/*
 * Bindings that are only partly known: their packet was not output, or the
 * output did not show which binding it belongs to.
 */
void maybe6_add(int proto, const unsigned char *a6, int port);
void maybe4_add(int proto, const unsigned char *a4, int port);
bool maybe_bound(int proto, const unsigned char *a6, int port6,
		 const unsigned char *a4, int port4);

/**
 * struct whole - a reassembled datagram
 * @len: length with the header of an unfragmented packet; 0 if incomplete
 * @largest: size of the largest fragment
 * @odd: fragments overlap, are duplicates, or differ in their headers
 * @old: some are from an earlier iteration and may have timed out
 * @data: the packet
 */
struct whole {
	size_t len;
	size_t largest;
	bool odd;
	bool old;
	unsigned char data[PACKET_MAX];
};

/* ---- pieces.c ---- */

void pieces_reset(void);
/* Add a fragment received in iteration @now. */
void pieces_add(const struct view *v, const unsigned char *p,
		unsigned long now, struct whole *whole);

/* ---- model.c, model_icmp.c: expected output ---- */

enum fate { DROP, PASS, EITHER };

/**
 * struct expect - expected output for a packet
 * @fate: whether the packet has to be translated
 * @why: row of rfc.md, or rule, for @fate
 * @ignored: the device neither translates nor counts it
 * @loose: the contents of the output are unknown
 * @error: ICMP error; @data begins with the ICMP header
 * @hairpin: the output has the address family of the input
 * @partial: the checksum was offloaded
 * @gso: segmentation was offloaded
 * @id_open: the translator may choose the IPv4 identification
 * @new_binding: the translator may choose the IPv4 source and its port
 * @unbound: must not be translated, because no binding is known
 * @csum: offset of the transport checksum in @data, 0 for none
 * @limit: maximum packet size, larger ones are fragmented; 0 if it has to stay
 *	whole
 * @largest: size of the largest fragment, 0 if it was not fragmented
 * @vnet: offloads
 * @v: the parsed packet
 * @q: the parsed quoted packet
 * @sum_ok: the transport checksum is correct
 * @src: source of a translated ICMP error
 * @dst: destination of a translated ICMP error
 * @hdr: length of the IP headers in @data
 * @len: bytes of @data
 * @quote_l4: offset in @data of the quoted transport header
 * @quote_len: length of the quoted transport header and payload
 * @quote_more: bytes in the message behind the quoted packet
 * @ext: offset in @in of an RFC 4884 extension
 * @ext_len: length of the extension
 * @ext_ok: the translated message may have an extension
 * @mtu_max: largest valid MTU in the message
 * @in_len: bytes of @in
 * @in: the packet, with complete checksum, after reassembly
 * @data: the translated packet
 */
struct expect {
	enum fate fate;
	const char *why;
	bool ignored;
	bool loose;
	bool error;
	bool hairpin;
	bool partial;
	bool gso;
	bool id_open;
	bool new_binding;
	bool unbound;
	size_t csum;
	size_t limit;
	size_t largest;
	struct virtio_net_hdr vnet;
	struct view v;
	struct view q;
	bool sum_ok;
	unsigned char src[16];
	unsigned char dst[16];
	size_t hdr;
	size_t len;
	size_t quote_l4;
	size_t quote_len;
	size_t quote_more;
	size_t ext;
	size_t ext_len;
	bool ext_ok;
	uint32_t mtu_max;
	size_t in_len;
	unsigned char in[PACKET_MAX];
	unsigned char data[PACKET_MAX + 64];
};

/* Set the iteration for reassembly. */
extern unsigned long model_now;
/* The device has output the packet. */
extern bool model_returns;

void model(const struct world *w, struct expect *e, const unsigned char *p,
	   size_t len, const struct virtio_net_hdr *vnet);

/* Parse the packet quoted in an ICMP error. */
void view_error(const struct world *w, struct expect *e);
/* Fill in the translation of an ICMP error. */
void model_error(const struct world *w, struct expect *e);
/* Compare with the expected output. Returns NULL or an error message. */
const char *check_error(const struct world *w, const struct expect *e,
			const unsigned char *p, size_t len);

/* Functions of model.c for model_icmp.c. */
void never(struct expect *e, const char *why);
void unknown(struct expect *e, const char *why);
size_t put_header(const struct world *w, unsigned char *to,
		  const struct view *v, const unsigned char *src,
		  const unsigned char *dst, size_t payload);
void rewrite_l4(unsigned char *l4, size_t have, const struct view *v,
		const struct view *to, int sport, int dport);
bool hairpin_eam(const struct world *w);

/* ---- check.c ---- */

/* Check an output packet on its own. Returns NULL or an error message. */
const char *check_alone(const unsigned char *p, size_t len,
			const struct virtio_net_hdr *vnet);
void check_begin(const struct world *w);
/* Also test that the checker detects every changed bit. */
void check_deep(bool on);
void check_record(const struct record *r);
/* Is any output still outstanding? */
bool check_waiting(void);
/* No more output follows. Returns the number of packets without output. */
uint64_t check_end(void);
/* The input before check_end(), if it was a single packet, and whether the
 * device translated it.
 */
const struct expect *check_only(bool *came);
/* An input of the device for which there is no record. */
void check_given(const unsigned char *p, size_t len,
		 const struct virtio_net_hdr *vnet);

struct tally {
	uint64_t given;		/* input of the device */
	uint64_t came;		/* output of the device */
	uint64_t silent;	/* inputs without output */
	uint64_t pass, drop;	/* fate predicted by the model */
	uint64_t quoted;	/* translated ICMP errors */
	uint64_t answers;	/* ICMP errors of the router */
	uint64_t pieces;
	uint64_t flips;		/* changed bits to test the checker */
	uint64_t overflows;	/* too many inputs to track */
	uint64_t unsure;	/* of the link itself, counted or not */
};

extern struct tally tally;

/* fuzz.c: report a violation; both packets may be NULL. */
void violation(const char *what, const char *row, const unsigned char *in,
	       size_t in_len, const unsigned char *out, size_t out_len);
/* Number of violations of this process. */
unsigned long violations(void);

#endif
