// SPDX-License-Identifier: GPL-2.0
/*
 * nat64(8) - bindings of stateful devices.
 */
#include <linux/nat64_netlink.h>
#include <stdio.h>

#include "flow.h"
#include "tool.h"

/* Bytes of a binding in a message: the nest and its attributes. */
#define BINDING_SIZE	(4 + 8 + 20 + 8 + 8 + 8 + 4)

const struct flow_kind bib_kind = {
	.attr = NAT64_A_BINDING,
	.get = NAT64_CMD_BINDING_GET,
	.flush = NAT64_CMD_BINDING_FLUSH,
	.size = BINDING_SIZE,
	.many = "bindings",
	.help = "nat64 bib help",
};

static bool bib_add(char **words)
{
	return change_run(NAT64_CMD_BINDING_ADD, NLM_F_CREATE, words, &bib_kind);
}

static bool bib_replace(char **words)
{
	return change_run(NAT64_CMD_BINDING_ADD, NLM_F_CREATE | NLM_F_REPLACE,
			  words, &bib_kind);
}

static bool bib_del(char **words)
{
	return change_run(NAT64_CMD_BINDING_DEL, 0, words, &bib_kind);
}

static bool bib_get(char **words)
{
	return get_run(words, &bib_kind);
}

static bool bib_show(char **words)
{
	return table_show(words, &bib_kind);
}

static bool bib_flush(char **words)
{
	return table_flush(words, &bib_kind);
}

static bool bib_help(char **words)
{
	puts("Usage: nat64 bib { add | replace } dev DEV static PROTO ADDR6#PORT\n"
	     "                 [ ADDR4#PORT ]\n"
	     "       nat64 bib del dev DEV PROTO ADDR6#PORT [ ADDR4#PORT ]\n"
	     "       nat64 bib get dev DEV PROTO { ADDR6#PORT | ADDR4#PORT }\n"
	     "       nat64 bib show [ dev DEV ] [ FILTER ]\n"
	     "       nat64 bib flush dev DEV [ FILTER ]\n"
	     "FILTER := [ proto PROTO ] [ addr6 PREFIX6[#PORT] ] [ addr4 PREFIX4[#PORT] ]\n"
	     "          [ { static | dynamic } ]\n"
	     "PROTO  := { tcp | udp | icmp }");
	return true;
}

/* The object "bib". */
bool bib_run(char **words)
{
	static const struct command commands[] = {
		{ "add", bib_add },
		{ "replace", bib_replace },
		{ "del", bib_del },
		{ "get", bib_get },
		{ "show", bib_show },
		{ "flush", bib_flush },
		{ "help", bib_help },
	};

	return choose(commands, ARRAY_SIZE(commands), "command",
		      bib_kind.help, words);
}
