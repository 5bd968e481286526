// SPDX-License-Identifier: GPL-2.0
/*
 * nat64(8) - prefixes as text.
 */
#include <arpa/inet.h>
#include <stdio.h>
#include <string.h>

#include "tool.h"

/* Parse ADDRESS[/LENGTH]. */
static bool prefix_parse(int family, void *addr, uint8_t *len,
			 const char *word)
{
	unsigned int max = family == AF_INET ? 32 : 128;
	const char *name = family == AF_INET ? "IPv4" : "IPv6";
	const char *slash = strchrnul(word, '/');
	char text[INET6_ADDRSTRLEN];
	size_t size = slash - word;
	uint32_t length = max;

	if (*slash && !number_parse(&length, slash + 1, max)) {
		wrong("\"%s\": the length of an %s prefix must be from 0 to %u",
		      word, name, max);
		return false;
	}
	*len = length;
	if (size >= sizeof(text))
		goto no_address;

	memcpy(text, word, size);
	text[size] = '\0';
	if (inet_pton(family, text, addr) == 1)
		return true;

no_address:
	wrong("\"%s\" is not a valid %s prefix", word, name);
	return false;
}

bool prefix4_parse(struct prefix4 *prefix, const char *word)
{
	return prefix_parse(AF_INET, &prefix->addr, &prefix->len, word);
}

bool prefix6_parse(struct prefix6 *prefix, const char *word)
{
	return prefix_parse(AF_INET6, &prefix->addr, &prefix->len, word);
}

/* Format a prefix into @text, of size PREFIX4_TEXT. */
const char *prefix4_text(const struct prefix4 *prefix, char *text)
{
	inet_ntop(AF_INET, &prefix->addr, text, INET_ADDRSTRLEN);
	sprintf(text + strlen(text), "/%u", prefix->len);
	return text;
}

/* Format a prefix into @text, of size PREFIX6_TEXT. */
const char *prefix6_text(const struct prefix6 *prefix, char *text)
{
	inet_ntop(AF_INET6, &prefix->addr, text, INET6_ADDRSTRLEN);
	sprintf(text + strlen(text), "/%u", prefix->len);
	return text;
}
