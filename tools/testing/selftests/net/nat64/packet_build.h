/* SPDX-License-Identifier: GPL-2.0 */
/*
 * packet_build - shared by the parser of descriptions (packet_field.c) and the
 * builder of layers (packet_build.c).
 */
#ifndef PACKET_BUILD_H
#define PACKET_BUILD_H

#include "packet.h"

#define TOKENS_MAX 512

/* The IP header for pseudo-headers of upper layers. */
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
	int depth;		/* of quoted packets */
	int hole;		/* index of the next one */
};

void bad(struct ctx *c, const char *fmt, ...);
void put16(unsigned char *p, unsigned int v);
void put32(unsigned char *p, uint32_t v);
/* Append zeros to the packet and return their offset. */
unsigned char *append(struct ctx *c, size_t len);

/* Record an open field, and return its value: 0 in the first pass, the received
 * value in the second.
 */
const unsigned char *hole(struct ctx *c, const char *name, size_t off,
			  int size);
/* A number, or ?NAME for the field at @off. */
uint32_t number(struct ctx *c, const char *text, size_t off, int size);
/* A number in a field that cannot be open. */
uint32_t plain(struct ctx *c, const char *text);

/* Words: look ahead, test for the end of the layer, and read a positional
 * argument, or KEY=VALUE, or a flag, whose value is "1".
 */
char *token(struct ctx *c);
bool at_end(struct ctx *c);
const char *arg(struct ctx *c, const char *what);
bool option(struct ctx *c, char **key, const char **value);
/* The next word as an address at offset @off of the packet. */
void address(struct ctx *c, int family, unsigned char *out, size_t off);
/* Appends bytes. */
void hex(struct ctx *c, const char *text);

#endif
