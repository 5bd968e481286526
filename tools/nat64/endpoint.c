// SPDX-License-Identifier: GPL-2.0
/*
 * nat64(8) - transport addresses as text: ADDRESS#PORT, which is not ambiguous
 * for IPv6.
 */
#include <arpa/inet.h>
#include <stdio.h>
#include <string.h>

#include "flow.h"
#include "tool.h"

static const struct {
	const char *name;
	uint8_t proto;
} protos[] = {
	{ "tcp", IPPROTO_TCP },
	{ "udp", IPPROTO_UDP },
	{ "icmp", IPPROTO_ICMP },
};

const char *proto_text(uint8_t proto)
{
	size_t i;

	for (i = 0; i < ARRAY_SIZE(protos); i++)
		if (protos[i].proto == proto)
			return protos[i].name;

	return "unknown";
}

bool proto_parse(uint8_t *proto, const char *word)
{
	size_t i;

	for (i = 0; i < ARRAY_SIZE(protos); i++) {
		if (!strcmp(protos[i].name, word)) {
			*proto = protos[i].proto;
			return true;
		}
	}

	wrong("\"%s\" is not a protocol, expected tcp, udp or icmp", word);
	return false;
}

/* Split a word into @addr, of size PREFIX6_TEXT, and "#PORT". @has is true if
 * there is a port. Return false if the port is not valid.
 */
static bool cut_port(char *addr, const char *word, uint16_t *port, bool *has)
{
	const char *hash = strchrnul(word, '#');
	size_t size = hash - word;
	uint32_t value;

	*has = *hash;
	if (*has) {
		if (!number_parse(&value, hash + 1, 65535)) {
			wrong("\"%s\": the port must be from 0 to 65535",
			      word);
			return false;
		}
		*port = htons(value);
	}

	/* Too long for an address, and still not valid after truncation. */
	if (size > PREFIX6_TEXT - 1)
		size = PREFIX6_TEXT - 1;
	memcpy(addr, word, size);
	addr[size] = '\0';
	return true;
}

static bool endpoint_parse(int family, void *addr, uint16_t *port,
			   const char *word, bool with_port)
{
	char text[PREFIX6_TEXT];
	bool has;

	if (!cut_port(text, word, port, &has))
		return false;
	/* The kernel log shows port 0 for ICMP remotes. */
	if (!with_port && !*port)
		has = false;
	if (has != with_port || inet_pton(family, text, addr) != 1) {
		wrong("\"%s\" is not a valid %s", word,
		      !with_port ? "IPv4 address" :
		      family == AF_INET ? "IPV4_ADDRESS#PORT" :
					  "IPV6_ADDRESS#PORT");
		return false;
	}

	return true;
}

bool endpoint6_parse(struct in6_addr *addr, uint16_t *port, const char *word)
{
	return endpoint_parse(AF_INET6, addr, port, word, true);
}

/* @with_port: a port is required; otherwise only port 0 is accepted. */
bool endpoint4_parse(struct in_addr *addr, uint16_t *port, const char *word,
		     bool with_port)
{
	return endpoint_parse(AF_INET, addr, port, word, with_port);
}

/* PREFIX[#PORT] */
bool target6_parse(struct prefix6 *prefix, uint16_t *port, bool *has_port,
		   const char *word)
{
	char text[PREFIX6_TEXT];

	return cut_port(text, word, port, has_port) &&
	       prefix6_parse(prefix, text);
}

bool target4_parse(struct prefix4 *prefix, uint16_t *port, bool *has_port,
		   const char *word)
{
	char text[PREFIX6_TEXT];

	return cut_port(text, word, port, has_port) &&
	       prefix4_parse(prefix, text);
}
