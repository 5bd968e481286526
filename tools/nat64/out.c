// SPDX-License-Identifier: GPL-2.0
/*
 * nat64(8) - output. A list of entries is lines of text, or a JSON array of
 * objects; the same calls make either.
 */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "tool.h"

/* Objects within one another. */
#define DEPTH_MAX	4

static unsigned int entries;
static unsigned int fields;

/* Fields of the objects around the one that is open. */
static unsigned int outer[DEPTH_MAX];
static unsigned int depth;

/* Bytes of the UTF-8 character at @text, 0 if there is none. */
static size_t utf8_size(const unsigned char *text)
{
	size_t size = *text < 0x80 ? 1 :
		      *text >= 0xc2 && *text < 0xe0 ? 2 :
		      *text >= 0xe0 && *text < 0xf0 ? 3 :
		      *text >= 0xf0 && *text < 0xf5 ? 4 : 0;
	size_t i;

	for (i = 1; i < size; i++)
		if ((text[i] & 0xc0) != 0x80)
			return 0;
	/* longer than need be, surrogates, beyond Unicode */
	if ((text[0] == 0xe0 && text[1] < 0xa0) ||
	    (text[0] == 0xed && text[1] >= 0xa0) ||
	    (text[0] == 0xf0 && text[1] < 0x90) ||
	    (text[0] == 0xf4 && text[1] >= 0x90))
		return 0;

	return size;
}

/* Names of devices may be any bytes. */
static void json_string(const char *value)
{
	const unsigned char *text = (const unsigned char *)value;
	size_t size;

	putchar('"');
	while (*text) {
		size = utf8_size(text);
		if (!size)
			fputs("\\ufffd", stdout);
		else if (*text == '"' || *text == '\\')
			printf("\\%c", *text);
		else if (*text < 0x20)
			printf("\\u%04x", *text);
		else
			fwrite(text, 1, size, stdout);
		text += size ?: 1;
	}
	putchar('"');
}

/* A new line, @deep, if it is for people. */
static void json_line(unsigned int deep)
{
	if (options.pretty)
		printf("\n%*s", 4 * deep, "");
}

void out_list_begin(void)
{
	entries = 0;
	if (options.json)
		putchar('[');
}

void out_list_end(void)
{
	if (!options.json)
		return;
	if (entries)
		json_line(0);
	puts("]");
}

void out_entry_begin(void)
{
	fields = 0;
	if (options.json) {
		if (entries)
			putchar(',');
		json_line(1);
		putchar('{');
	}
	entries++;
}

void out_entry_end(void)
{
	if (options.json) {
		json_line(1);
		putchar('}');
	} else {
		putchar('\n');
	}
}

/* An entry of no list, on a line of its own. */
void out_record_begin(void)
{
	fields = 0;
	if (options.json)
		putchar('{');
}

void out_record_end(void)
{
	if (options.json) {
		json_line(0);
		putchar('}');
	}
	putchar('\n');
}

static void text_blank(void)
{
	if (fields++)
		putchar(' ');
}

static void json_key(const char *key)
{
	if (fields++)
		putchar(',');
	json_line(2 + depth);
	json_string(key);
	fputs(options.pretty ? ": " : ":", stdout);
}

/* An object within an entry; in text, its fields are those of the entry. */
void out_object_begin(const char *key)
{
	if (!options.json)
		return;

	json_key(key);
	putchar('{');
	outer[depth++] = fields;
	fields = 0;
}

void out_object_end(void)
{
	if (!options.json)
		return;

	fields = outer[--depth];
	json_line(2 + depth);
	putchar('}');
}

/* @format: for text, a blank goes between two fields. */
void out_string(const char *key, const char *format, const char *value)
{
	if (options.json) {
		json_key(key);
		json_string(value);
	} else {
		text_blank();
		printf(format, value);
	}
}

/* @format: for text, of an unsigned long long */
void out_uint(const char *key, const char *format, unsigned long long value)
{
	if (options.json) {
		json_key(key);
		printf("%llu", value);
	} else {
		text_blank();
		printf(format, value);
	}
}

/* In text, @word or nothing. */
void out_bool(const char *key, const char *word, bool value)
{
	if (options.json) {
		json_key(key);
		fputs(value ? "true" : "false", stdout);
	} else if (value) {
		text_blank();
		fputs(word, stdout);
	}
}

/* ADDRESS#PORT in text, two keys in JSON. */
void out_endpoint(const char *key, const char *port_key, const char *addr,
		  unsigned int port)
{
	if (options.json) {
		out_string(key, "%s", addr);
		out_uint(port_key, "%llu", port);
	} else {
		text_blank();
		printf("%s#%u", addr, port);
	}
}

/* "ports MIN-MAX" in text, two keys in JSON. */
void out_ports(const char *min_key, const char *max_key, unsigned int min,
	       unsigned int max)
{
	if (options.json) {
		out_uint(min_key, "%llu", min);
		out_uint(max_key, "%llu", max);
	} else {
		text_blank();
		printf("ports %u-%u", min, max);
	}
}

/* Output that got lost is an error. */
void out_finish(void)
{
	if (fflush(stdout) || ferror(stdout))
		complain(STATUS_USAGE, "cannot write: %s", strerror(errno));
}
