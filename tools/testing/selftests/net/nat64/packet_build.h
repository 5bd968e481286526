/* SPDX-License-Identifier: GPL-2.0 */
/*
 * packet_build - what its two halves share: reading the words of a
 * description (packet_field.c) and making layers of them (packet_build.c).
 */
#ifndef PACKET_BUILD_H
#define PACKET_BUILD_H

#include "packet.h"

#define TOKENS_MAX 512

/* The IP header that checksums of the layers above cover. */
struct ip {
	int family;
	unsigned char src[16];
	unsigned char dst[16];
};

struct ctx {
	struct build *b;
	char *tok[TOKENS_MAX];
	int tokens;
	int i;
	int depth;		/* of quotes */
	int hole;		/* index of the next one */
};

void bad(struct ctx *c, const char *fmt, ...);
void put16(unsigned char *p, unsigned int v);
void put32(unsigned char *p, uint32_t v);
/* Adds zeros to the end of the packet and returns where they start. */
unsigned char *append(struct ctx *c, size_t len);

/* Notes that the test leaves a field open, and returns what is known of it
 * by now: nothing at first, the received value the second time.
 */
const unsigned char *hole(struct ctx *c, const char *name, size_t off,
			  int size);
/* A number, or ?NAME for the field at @off. */
uint32_t number(struct ctx *c, const char *text, size_t off, int size);
/* A number in a field that cannot be left open. */
uint32_t plain(struct ctx *c, const char *text);

/* The words: the one to come, whether the layer ends here, the next one as
 * a positional argument, or as KEY=VALUE or a flag, whose value is "1".
 */
char *token(struct ctx *c);
bool at_end(struct ctx *c);
const char *arg(struct ctx *c, const char *what);
bool option(struct ctx *c, char **key, const char **value);
/* The next word as an address, whose place in the packet is @off. */
void address(struct ctx *c, int family, unsigned char *out, size_t off);
/* Appends bytes. */
void hex(struct ctx *c, const char *text);

#endif
