/* SPDX-License-Identifier: GPL-2.0 */
/*
 * packet - what the parts of the packet test share. The language of the
 * vectors is explained in vectors/README.
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
 * enum setting_kind - what a line of a fixture or the head of a test says
 * @SET: one key of `ip link add ... type nat64`, replacing an earlier one
 * @ADD: the same, beside an earlier one
 * @UNSET: takes a key back
 * @WORLD: route, addr, sysctl, mtu6, mtu4: how the namespace is built
 * @RUN: a command for the namespace, once the device is up
 * @LET: a variable
 * @STEPS: forwarding steps between writing a packet and reading its result
 * @NEED: a word that `ip link help nat64` must know
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
 * enum step_kind - one line of a test's body
 * @IN: write a packet
 * @OUT: the next packet that comes back must be this one
 * @NONE: nothing (more) may come back
 * @WAIT: let seconds pass
 * @COUNTER: a counter of the device has grown by this much, from the start
 * @CHECK: a relation between variables
 * @BUILD: the builder's output is these bytes (tests the test)
 * @REFUSED: making the device fails with this text
 * @CHANGE: `ip link set` on the living device
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
	struct fixture settings;	/* fixture's and own, flattened */
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
/* Replaces $name; the result is static. NULL and a message when unknown. */
const char *vars_expand(const char *text, char *err, size_t err_len);
/* Evaluates "A OP B", "A odd" and their like. */
bool vars_check(const char *text, char *err, size_t err_len);

/* ---- packet_build.c: text to bytes ---- */

/**
 * struct hole - a field whose value the test leaves open
 * @off: where it is in the packet
 * @size: bytes
 * @name: variable that takes the value, or ""
 */
struct hole {
	size_t off;
	int size;
	char name[32];
};

/**
 * struct offload - work on a packet that is left to others, as a tun device
 * tells of it
 * @partial: a checksum is to be put at @csum_start + @csum_offset
 * @gso_type: VIRTIO_NET_HDR_GSO_*, 0 for none
 * @gso_size: payload of a segment
 * @head: bytes of the headers
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
 * struct build - a packet as it is being built
 * @data: the bytes
 * @len: how many
 * @hole: fields left open, in the order of the text
 * @holes: how many
 * @fill: what to put into them (filled from a received packet), or NULL
 * @ttl: value of a TTL or hop limit that the text does not name
 * @result: it is expected to come out; an outermost IPv4 identification that
 *	the text does not name is left open then
 * @offload: work that is left to others
 * @hops: forwarding steps on its way, for a "golden" result, which shows one
 * @err: why building failed
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

/* The prefix that P(a.b.c.d) embeds into. */
void build_pool6(const char *prefix);
bool build_packet(struct build *b, const char *text);
uint32_t sum_add(uint32_t sum, const void *data, size_t len);
uint16_t sum_fold(uint32_t sum);

/* ---- packet_diff.c: bytes to text ---- */

void print_hex(const char *head, const void *data, size_t len);
void print_decoded(const char *head, const void *data, size_t len);
void print_difference(const void *want, size_t want_len, const void *got,
		      size_t got_len);
/* Finds what is wrong with a packet by itself; NULL when nothing is. */
const char *packet_fault(const void *data, size_t len);

/* ---- packet_ip.c: other programs, in the namespace ---- */

/* Lines for ip; false, and what it said in *why, when one did not work. */
bool ip_batch(const char *script, char *why, size_t why_len);
/* Before the namespace is left. */
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
extern double slow;		/* how much slower than a real machine */

/* Makes what the settings ask for; false with *why when that failed. */
bool world_open(const struct fixture *f, bool fresh, bool tap, char *why,
		size_t why_len);
void world_close(void);
/* The device is no longer as it was made. */
void device_spoilt(void);
/* Everything that was written has been dealt with when it returns, if it went
 * through a backlog no more often than @rounds.
 */
#define ROUNDS 6
void world_flush(int rounds);
bool world_write(enum side side, const void *data, size_t len,
		 const struct offload *offload);
/* The tuns of this kernel know UDP segmentation. */
bool world_knows_uso(void);
/* The oldest packet that came out on a side and was not fetched; the caller
 * frees it. Waits for one if @wait.
 */
struct packet *world_read(enum side side, bool wait);
void world_drain(void);

#endif
