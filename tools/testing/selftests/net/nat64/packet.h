/* SPDX-License-Identifier: GPL-2.0 */
/*
 * packet - shared declarations of the packet test. vectors/README documents the
 * language of the vectors.
 */
#ifndef PACKET_H
#define PACKET_H

#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

/* An IPv6 packet with an extension header in front of 64 KiB still fits. */
#define PACKET_MAX	(70 * 1024)
#define HOLES_MAX	24
#define PREFIX_MAX	32

#define ARRAY_SIZE(a)	(sizeof(a) / sizeof((a)[0]))

/* ---- packet_dsl.c: text to tests ---- */

/**
 * enum setting_kind - kind of a line in a fixture or in the head of a test
 * @SET: a key of `ip link add ... type nat64`, replaces an earlier value
 * @ADD: a key in addition to earlier values
 * @UNSET: removes a key
 * @WORLD: route, addr, sysctl, mtu6, mtu4: setup of the namespace
 * @RUN: a command to run in the namespace when the device is up
 * @LET: a variable
 * @STEPS: forwarding steps between sending a packet and receiving its result
 * @NEED: a word that `ip link help nat64` must contain
 */
enum setting_kind { SET, ADD, UNSET, WORLD, RUN, LET, STEPS, NEED };

struct setting {
	enum setting_kind kind;
	char *key;
	char *value;
};

struct fixture {
	char *name;
	struct setting *setting;
	int count;
};

/**
 * enum step_kind - kind of a line in the body of a test
 * @IN: send a packet
 * @OUT: the next received packet must be this one
 * @NONE: no (more) packets may be received
 * @WAIT: wait for seconds
 * @COUNTER: growth of a counter of the device since the start
 * @CHECK: a relation between variables
 * @BUILD: expected bytes of the builder (tests the test)
 * @REFUSED: creating the device fails with this text
 * @CHANGE: `ip link set` on the existing device
 */
enum step_kind {
	IN, OUT, NONE, WAIT, COUNTER, CHECK, BUILD, REFUSED, CHANGE, EXEC
};

struct step {
	enum step_kind kind;
	bool dev;		/* on the nat64 device itself, not outside */
	char *text;
	int line;
};

struct test {
	char *rows;
	char *title;
	const char *file;
	int line;
	struct fixture settings;	/* of the fixture and of the test */
	struct step *step;
	int steps;
};

struct suite {
	struct test *test;
	int count;
};

int suite_read(struct suite *s, const char *path);

/* ---- packet_vars.c: variables of a running test ---- */

void vars_reset(void);
void vars_set(const char *name, const char *value);
const char *vars_get(const char *name, size_t len);
/* Replace $name; the result is static. NULL and a message if it is unknown. */
const char *vars_expand(const char *text, char *err, size_t err_len);
/* Evaluate "A OP B", "A odd" and similar expressions. */
bool vars_check(const char *text, char *err, size_t err_len);

/* ---- packet_build.c: text to bytes ---- */

/**
 * struct hole - a field with an open value
 * @off: offset in the packet
 * @size: bytes
 * @name: variable for the value, or ""
 */
struct hole {
	size_t off;
	int size;
	char name[32];
};

/**
 * struct offload - offloads of a packet, as in struct virtio_net_hdr
 * @partial: the checksum at @csum_start + @csum_offset is incomplete
 * @gso_type: VIRTIO_NET_HDR_GSO_*, 0 for none
 * @gso_size: payload of a segment
 * @head: length of the headers
 */
struct offload {
	bool partial;
	uint8_t gso_type;
	uint16_t gso_size;
	uint16_t head;
	uint16_t csum_start;
	uint16_t csum_offset;
};

/**
 * struct build - a packet being built
 * @data: bytes of the packet
 * @len: length of @data
 * @hole: open fields, in the order of the text
 * @holes: number of @hole
 * @fill: values for open fields, from a received packet, or NULL
 * @ttl: default TTL or hop limit
 * @result: expected result; the outermost IPv4 identification is open by
 *	default
 * @offload: offloads of the packet
 * @hops: forwarding steps, for a "golden" result, which is after one step
 * @err: error message
 */
struct build {
	unsigned char data[PACKET_MAX];
	size_t len;
	struct hole hole[HOLES_MAX];
	int holes;
	const unsigned char (*fill)[16];
	int ttl;
	bool result;
	struct offload offload;
	int hops;
	char err[256];
};

/* The prefix for P(a.b.c.d). */
void build_pool6(const char *prefix);
bool build_packet(struct build *b, const char *text);
uint32_t sum_add(uint32_t sum, const void *data, size_t len);
uint16_t sum_fold(uint32_t sum);

/* ---- packet_diff.c: bytes to text ---- */

void print_hex(const char *head, const void *data, size_t len);
void print_decoded(const char *head, const void *data, size_t len);
void print_difference(const void *want, size_t want_len, const void *got,
		      size_t got_len);
/* Check that a packet is well-formed. Returns NULL or an error message. */
const char *packet_fault(const void *data, size_t len);

/* ---- packet_ip.c: other programs, in the namespace ---- */

/* Run lines of ip. Returns false, and the error in *why, if one fails. */
bool ip_batch(const char *script, char *why, size_t why_len);
/* Call it before leaving the namespace. */
void ip_stop(void);
bool device_change(const char *args, char *why, size_t why_len);
bool world_counter(const char *name, uint64_t *value);
bool world_exec(const char *command, char *why, size_t why_len);
bool help_knows(const char *word);
bool in_path(const char *program);

/* ---- packet_net.c: the namespace and its devices ---- */

enum side { FOUR, SIX, DEV, SIDES };

struct packet {
	struct packet *next;
	struct offload offload;
	size_t len;
	unsigned char data[];
};

extern const char *const side_name[SIDES];
extern bool general;		/* turn the fast path off */
extern double slow;		/* how much slower than a real machine */

/* Apply the settings. Returns false, and the error in *why, on failure. */
bool world_open(const struct fixture *f, bool fresh, bool tap, char *why,
		size_t why_len);
void world_close(void);
/* The configuration of the device has been changed. */
void device_spoilt(void);
/* Wait until all sent packets have been processed, if none of them is queued in
 * the backlog more than @rounds times.
 */
#define ROUNDS 6
void world_flush(int rounds);
bool world_write(enum side side, const void *data, size_t len,
		 const struct offload *offload);
/* The tun devices of this kernel support UDP segmentation. */
bool world_knows_uso(void);
/* The oldest packet received on a side; the caller frees it. Waits for one if
 * @wait.
 */
struct packet *world_read(enum side side, bool wait);
void world_drain(void);

#endif
