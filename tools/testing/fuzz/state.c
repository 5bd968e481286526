// SPDX-License-Identifier: GPL-2.0
/*
 * state - observed bindings and sessions of a stateful device. No world runs
 * long enough for one to time out.
 */
#include <stdlib.h>

#include "fuzz.h"

#define BINDINGS_MAX	65536
#define SESSIONS_SIZE	(1 << 18)	/* a power of two */

static struct {
	struct binding b;
	int next6;
	int next4;
} store[BINDINGS_MAX];
static int bindings;
static int head6[BINDINGS_MAX], head4[BINDINGS_MAX];

/* Hashes of observed bindings and sessions. */
struct set {
	uint64_t keys[SESSIONS_SIZE];
	int count;
};

static struct set sessions, maybe;

struct known known[KNOWN_MAX];

void state_reset(void)
{
	bindings = 0;
	memset(head6, 0xff, sizeof(head6));
	memset(head4, 0xff, sizeof(head4));
	memset(&sessions, 0, sizeof(sessions));
	memset(&maybe, 0, sizeof(maybe));
}

/* Four hosts, each with two sessions of a protocol. */
void known_init(void)
{
	static const unsigned char host6[16] = {
		0x20, 1, 0x0d, 0xb8, 0, 1, [15] = 0x10
	};
	static const unsigned char host4[2][4] = {
		{ 198, 51, 100, 2 }, { 198, 51, 100, 77 }
	};
	static const int protos[] = { UDP, TCP, ICMP4 };
	struct known *k;
	int i;

	for (i = 0; i < KNOWN_MAX; i++) {
		k = &known[i];
		k->proto = protos[i / 8];
		memcpy(k->a6, host6, 16);
		k->a6[15] += 16 * (i % 4);
		memcpy(k->z4, host4[i % 2], 4);
		k->port6 = k->proto == ICMP4 ? 7 + i / 4 : 5000 + i % 8 / 4;
		k->zport = k->proto == TCP ? 80 : 53;
		if (k->proto == ICMP4)
			k->zport = 0;
	}
}

static uint64_t hash(const void *data, size_t len, uint64_t h)
{
	const unsigned char *p = data;

	h = (h + 1) * 0x9e3779b97f4a7c15ull;
	while (len--) {
		h = (h ^ *p++) * 0xbf58476d1ce4e5b9ull;
		h ^= h >> 31;
	}
	return h;
}

static uint32_t key6(int proto, const unsigned char *a6, int port)
{
	return hash(a6, 16, proto * 65537 + port) % BINDINGS_MAX;
}

static uint32_t key4(int proto, const unsigned char *a4, int port)
{
	return hash(a4, 4, proto * 65537 + port) % BINDINGS_MAX;
}

static int table_proto(int proto)
{
	return proto == ICMP6 ? ICMP4 : proto;
}

const struct binding *binding6(int proto, const unsigned char *a6, int port)
{
	int i;

	proto = table_proto(proto);
	for (i = head6[key6(proto, a6, port)]; i >= 0; i = store[i].next6)
		if (store[i].b.proto == proto && store[i].b.port6 == port &&
		    !memcmp(store[i].b.a6, a6, 16))
			return &store[i].b;
	return NULL;
}

const struct binding *binding4(int proto, const unsigned char *a4, int port)
{
	int i;

	proto = table_proto(proto);
	for (i = head4[key4(proto, a4, port)]; i >= 0; i = store[i].next4)
		if (store[i].b.proto == proto && store[i].b.port4 == port &&
		    !memcmp(store[i].b.a4, a4, 4))
			return &store[i].b;
	return NULL;
}

const char *binding_add(int proto, const unsigned char *a6, int port6,
			const unsigned char *a4, int port4)
{
	const struct binding *b = binding4(proto, a4, port4);
	uint32_t k6, k4;

	proto = table_proto(proto);
	if (b)
		return "R6146-3.1-a: two hosts share an IPv4 port";
	if (bindings == BINDINGS_MAX)
		exit(1);
	store[bindings].b = (struct binding) {
		.proto = proto, .port6 = port6, .port4 = port4,
	};
	memcpy(store[bindings].b.a6, a6, 16);
	memcpy(store[bindings].b.a4, a4, 4);
	k6 = key6(proto, a6, port6);
	k4 = key4(proto, a4, port4);
	store[bindings].next6 = head6[k6];
	store[bindings].next4 = head4[k4];
	head6[k6] = bindings;
	head4[k4] = bindings;
	bindings++;
	return NULL;
}

static uint64_t session_key(const struct binding *b, const unsigned char *z4,
			    int port)
{
	uint64_t h = hash(b->a4, 4, (uint64_t)b->proto << 32 |
			  (uint64_t)b->port4 << 16 | port);

	return hash(z4, 4, h) ?: 1;
}

static bool set_has(const struct set *set, uint64_t key)
{
	size_t i;

	for (i = key % SESSIONS_SIZE; set->keys[i]; i = (i + 1) % SESSIONS_SIZE)
		if (set->keys[i] == key)
			return true;
	return false;
}

static void set_add(struct set *set, uint64_t key)
{
	size_t i;

	if (set_has(set, key))
		return;
	if (++set->count > SESSIONS_SIZE * 3 / 4)
		exit(1);
	for (i = key % SESSIONS_SIZE; set->keys[i];)
		i = (i + 1) % SESSIONS_SIZE;
	set->keys[i] = key;
}

bool session_seen(const struct binding *b, const unsigned char *z4, int port)
{
	return set_has(&sessions,
		       session_key(b, z4, b->proto == ICMP4 ? 0 : port));
}

void session_add(const struct binding *b, const unsigned char *z4, int port)
{
	set_add(&sessions,
		session_key(b, z4, b->proto == ICMP4 ? 0 : port));
}

static uint64_t maybe_key(int proto, const unsigned char *addr, size_t len,
			  int port)
{
	return hash(addr, len, table_proto(proto) * 65537 + port) ?: 1;
}

void maybe6_add(int proto, const unsigned char *a6, int port)
{
	set_add(&maybe, maybe_key(proto, a6, 16, port));
}

void maybe4_add(int proto, const unsigned char *a4, int port)
{
	set_add(&maybe, maybe_key(proto, a4, 4, port));
}

bool maybe_bound(int proto, const unsigned char *a6, int port6,
		 const unsigned char *a4, int port4)
{
	return set_has(&maybe, maybe_key(proto, a6, 16, port6)) ||
	       set_has(&maybe, maybe_key(proto, a4, 4, port4));
}
