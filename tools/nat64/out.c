// SPDX-License-Identifier: GPL-2.0
/*
 * nat64(8) - output. The same calls print a list of entries as lines of text
 * or as a JSON array of objects.
 */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "tool.h"

/* Maximum depth of nested objects. */
#define DEPTH_MAX	4

static unsigned int entries;
static unsigned int fields;

/* Number of fields of the enclosing objects. */
static unsigned int outer[DEPTH_MAX];
static unsigned int depth;

/* Size of the UTF-8 character at @text, 0 if it is not valid. */
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
	/* overlong encodings, surrogates, beyond Unicode */
	if ((text[0] == 0xe0 && text[1] < 0xa0) ||
	    (text[0] == 0xed && text[1] >= 0xa0) ||
	    (text[0] == 0xf0 && text[1] < 0x90) ||
	    (text[0] == 0xf4 && text[1] >= 0x90))
		return 0;

	return size;
}

/* Device names may contain any bytes. */
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

/* A line break and indentation, with -pretty. */
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

/* An entry outside of a list, on a line of its own. */
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

/* A nested object in JSON; text has no nesting. */
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

/* @format: format of the field in text. */
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

/* @format: format of the field in text, for an unsigned long long. */
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

/* Text has @word if @value is true. */
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

/* Report write errors. */
void out_finish(void)
{
	if (fflush(stdout) || ferror(stdout))
		complain(STATUS_USAGE, "cannot write: %s", strerror(errno));
}
