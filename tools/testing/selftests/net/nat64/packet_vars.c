// SPDX-License-Identifier: GPL-2.0
/*
 * packet_vars - variables of a running test: from its fixture and captured from
 * packets.
 */
#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "packet.h"

#define VARS_MAX 64

static struct {
	char name[32];
	char value[64];
} vars[VARS_MAX];
static int count;

void vars_reset(void)
{
	count = 0;
}

const char *vars_get(const char *name, size_t len)
{
	int i;

	for (i = 0; i < count; i++)
		if (strlen(vars[i].name) == len &&
		    !strncmp(vars[i].name, name, len))
			return vars[i].value;
	return NULL;
}

void vars_set(const char *name, const char *value)
{
	int i;

	for (i = 0; i < count; i++)
		if (!strcmp(vars[i].name, name))
			break;
	if (i == VARS_MAX)
		return;
	if (i == count)
		count++;
	snprintf(vars[i].name, sizeof(vars[i].name), "%s", name);
	snprintf(vars[i].value, sizeof(vars[i].value), "%s", value);
}

const char *vars_expand(const char *text, char *err, size_t err_len)
{
	static char out[PACKET_MAX * 2];
	const char *value;
	size_t at = 0, n;
	bool brace;

	while (*text && at < sizeof(out) - 64) {
		if (*text != '$') {
			out[at++] = *text++;
			continue;
		}
		brace = *++text == '{';
		text += brace;
		n = 0;
		while (isalnum((unsigned char)text[n]) || text[n] == '_')
			n++;
		value = vars_get(text, n);
		if (!value) {
			snprintf(err, err_len, "$%.*s is not set", (int)n,
				 text);
			return NULL;
		}
		at += sprintf(out + at, "%s", value);
		text += n + (brace && text[n] == '}');
	}
	out[at] = 0;
	return out;
}

bool vars_check(const char *text, char *err, size_t err_len)
{
	char a[64], op[16], b[64] = "";
	long x, y;
	bool ok;
	int n;

	text = vars_expand(text, err, err_len);
	if (!text)
		return false;
	n = sscanf(text, "%63s %15s %63s", a, op, b);
	x = strtol(a, NULL, 0);
	y = strtol(b, NULL, 0);
	if (n == 2 && !strcmp(op, "odd")) {
		ok = x & 1;
	} else if (n == 2 && !strcmp(op, "even")) {
		ok = !(x & 1);
	} else if (n == 3 && !strcmp(op, "==")) {
		ok = !strcmp(a, b);
	} else if (n == 3 && !strcmp(op, "!=")) {
		ok = strcmp(a, b);
	} else if (n == 3 && !strcmp(op, "<=")) {
		ok = x <= y;
	} else if (n == 3 && !strcmp(op, ">=")) {
		ok = x >= y;
	} else {
		snprintf(err, err_len, "check does not understand '%s'", text);
		return false;
	}
	if (!ok)
		snprintf(err, err_len, "it is not so that %s", text);
	return ok;
}
