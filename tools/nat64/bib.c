// SPDX-License-Identifier: GPL-2.0
/*
 * nat64(8) - bindings of stateful devices.
 */
#include <linux/nat64_netlink.h>
#include <stdio.h>

#include "flow.h"
#include "tool.h"

static const struct flow_kind bindings = {
	.attr = NAT64_A_BINDING,
	.get = NAT64_CMD_BINDING_GET,
	.many = "bindings",
	.help = "nat64 bib help",
};

static bool bib_show(char **words)
{
	return table_show(words, &bindings);
}

static bool bib_help(char **words)
{
	puts("Usage: nat64 bib show [ dev DEV ] [ FILTER ]\n"
	     "FILTER := [ proto PROTO ] [ addr6 PREFIX6[#PORT] ] [ addr4 PREFIX4[#PORT] ]\n"
	     "          [ { static | dynamic } ]\n"
	     "PROTO  := { tcp | udp | icmp }");
	return true;
}

/* The object "bib". */
bool bib_run(char **words)
{
	static const struct command commands[] = {
		{ "show", bib_show },
		{ "help", bib_help },
	};

	return choose(commands, ARRAY_SIZE(commands), "command",
		      bindings.help, words);
}
