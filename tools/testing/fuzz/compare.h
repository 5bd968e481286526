/* SPDX-License-Identifier: GPL-2.0 */
/*
 * compare - shared declarations of the comparison: two processes, the twins,
 * have equal namespaces with equal devices, except for fast-path, and get the
 * same packets.
 */
#ifndef COMPARE_H
#define COMPARE_H

#include "fuzz.h"

#define BATCH		64
#define OUTPUTS_MAX	4096
#define OUTPUT_BYTES	(16u << 20)
#define NUMBERS_MAX	2048
#define ROWS_MAX	512

/**
 * struct config - settings of the devices of a comparison
 * @world: settings that other tests have, too
 * @port4: IPv4 port of the first binding of each protocol; the next ones have
 *	the next ports
 */
struct config {
	struct world world;
	int port4;
};

/* ---- twin.c ---- */

/**
 * struct output - a packet that came out of a namespace
 * @side: where
 * @offload: its offloads
 * @at: index in outcome.bytes
 * @len: bytes
 */
struct output {
	enum side side;
	struct offload offload;
	size_t at;
	size_t len;
};

/**
 * struct number - growth of a counter
 * @name: file, section and name
 * @value: growth, modulo 2^64
 */
struct number {
	char name[56];
	uint64_t value;
};

/**
 * struct row - a binding or session
 * @len: bytes
 * @data: attributes, without the lifetime
 * @expires: lifetime in seconds
 */
struct row {
	unsigned int len;
	unsigned char data[112];
	uint32_t expires;
};

/* Values of outcome.delivered, as NAT64_A_DELIVERY_*. */
enum { HANDED_OVER = 2, RECEIVED, QUEUED, DELIVERIES };

/**
 * struct outcome - what a twin has seen since the request
 * @ok: it did what it had to
 * @why: reason if not
 * @outputs: number of @output
 * @bytes_used: of @bytes
 * @numbers: number of @number
 * @rows: number of @row
 * @delivered: packets of the device, by enum
 * @took: seconds since the sessions were set
 * @violations: reported by the twin itself
 * @output: packets, in order on each side
 * @number: counters that have grown, sorted
 * @row: bindings and sessions, sorted
 * @bytes: contents of packets
 */
struct outcome {
	bool ok;
	char why[512];
	int outputs;
	size_t bytes_used;
	int numbers;
	int rows;
	uint64_t delivered[DELIVERIES];
	double took;
	unsigned long violations;
	struct output output[OUTPUTS_MAX];
	struct number number[NUMBERS_MAX];
	struct row row[ROWS_MAX];
	unsigned char bytes[OUTPUT_BYTES];
};

/**
 * struct stage - memory that the twins share with their parent
 * @shot: packets to send
 * @state: enum nat64_tcp_state of each session of known[], 0 if not TCP
 * @expires: remaining lifetimes of these sessions
 * @outcome: of each twin
 */
struct stage {
	struct shot shot[BATCH];
	uint32_t state[KNOWN_MAX];
	uint32_t expires[KNOWN_MAX];
	struct outcome outcome[2];
};

/**
 * struct order - request to a twin
 * @config: create this device first, unless NULL
 * @reset: set the sessions first
 * @first: first packet to send
 * @count: number of packets to send
 */
struct order {
	struct config *config;
	bool reset;
	int first;
	int count;
};

/* Start the twins. */
struct stage *twins_start(void);
/* Let one do something, and wait until it is done; the result is in its
 * outcome.
 */
void twin_do(int twin, const struct order *o);
void twins_stop(void);

/* ---- counters.c: all counters of a namespace ---- */

/* Remember their values. */
void counters_begin(void);
/* Store their growth. Returns NULL or an error message. */
const char *counters_end(struct outcome *o);

/* ---- genl.c: tables of the device ---- */

/* Use this namespace. */
bool genl_open(void);
/* Replace all sessions by those of known[]. */
bool genl_reset(const struct config *c, const struct stage *s);
/* Store bindings and sessions. */
bool genl_rows(struct outcome *o);
/* Store the numbers of delivered packets. */
bool genl_delivered(struct outcome *o);

/* ---- near.c: packets that the fast path takes, and almost such packets ---- */

/* The bindings of known[], with the ports of @c. */
void near_bind(const struct config *c);
void near_batch(const struct config *c, struct stage *s);

/* ---- compare.c ---- */

struct compare_options {
	uint64_t seed;
	double seconds;
	unsigned long start;
	unsigned long count;
	const char *world;
	bool ci;
	bool verbose;
};

int compare_run(const struct compare_options *o);

#endif
