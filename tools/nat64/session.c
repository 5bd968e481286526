// SPDX-License-Identifier: GPL-2.0
/*
 * nat64(8) - sessions of stateful devices.
 */
#include <linux/nat64_netlink.h>
#include <stdio.h>

#include "flow.h"
#include "tool.h"

static const struct flow_kind sessions = {
	.attr = NAT64_A_SESSION,
	.get = NAT64_CMD_SESSION_GET,
	.sessions = true,
	.many = "sessions",
	.help = "nat64 session help",
};

static bool session_show(char **words)
{
	return table_show(words, &sessions);
}

static bool session_help(char **words)
{
	puts("Usage: nat64 session show [ dev DEV ] [ FILTER ]\n"
	     "FILTER := [ proto PROTO ] [ addr6 PREFIX6[#PORT] ] [ addr4 PREFIX4[#PORT] ]\n"
	     "          [ remote4 PREFIX4[#PORT] ] [ state STATE ] [ { static | dynamic } ]\n"
	     "PROTO  := { tcp | udp | icmp }\n"
	     "STATE  := { v4-init | v6-init | established | v4-fin-rcv | v6-fin-rcv |\n"
	     "            v4-v6-fin-rcv | trans }");
	return true;
}

/* The object "session". */
bool session_run(char **words)
{
	static const struct command commands[] = {
		{ "show", session_show },
		{ "help", session_help },
	};

	return choose(commands, ARRAY_SIZE(commands), "command",
		      sessions.help, words);
}
