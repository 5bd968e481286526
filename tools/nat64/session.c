// SPDX-License-Identifier: GPL-2.0
/*
 * nat64(8) - sessions of stateful devices.
 */
#include <linux/nat64_netlink.h>
#include <stdio.h>

#include "flow.h"
#include "tool.h"

/* Bytes of a session in a message: the nest and its attributes. */
#define SESSION_SIZE	(4 + 8 + 20 + 8 + 8 + 8 + 8 + 8 + 8 + 8)

const struct flow_kind session_kind = {
	.attr = NAT64_A_SESSION,
	.get = NAT64_CMD_SESSION_GET,
	.flush = NAT64_CMD_SESSION_FLUSH,
	.size = SESSION_SIZE,
	.sessions = true,
	.many = "sessions",
	.help = "nat64 session help",
};

static bool session_add(char **words)
{
	return change_run(NAT64_CMD_SESSION_ADD, NLM_F_CREATE, words, &session_kind);
}

static bool session_replace(char **words)
{
	return change_run(NAT64_CMD_SESSION_ADD, NLM_F_CREATE | NLM_F_REPLACE,
			  words, &session_kind);
}

static bool session_del(char **words)
{
	return change_run(NAT64_CMD_SESSION_DEL, 0, words, &session_kind);
}

static bool session_get(char **words)
{
	return get_run(words, &session_kind);
}

static bool session_show(char **words)
{
	return table_show(words, &session_kind);
}

static bool session_flush(char **words)
{
	return table_flush(words, &session_kind);
}

static bool session_help(char **words)
{
	puts("Usage: nat64 session { add | replace } dev DEV { tcp | udp } ADDR6#PORT\n"
	     "                         ADDR4#PORT REMOTE4#PORT [ STATE ] [ expires SECONDS ]\n"
	     "       nat64 session { add | replace } dev DEV icmp ADDR6#ID ADDR4#ID REMOTE4\n"
	     "                         [ expires SECONDS ]\n"
	     "       nat64 session del dev DEV { tcp | udp } ADDR6#PORT ADDR4#PORT\n"
	     "                         REMOTE4#PORT\n"
	     "       nat64 session del dev DEV icmp ADDR6#ID ADDR4#ID REMOTE4\n"
	     "       nat64 session get dev DEV { tcp | udp } { ADDR6#PORT | ADDR4#PORT }\n"
	     "                         REMOTE4#PORT\n"
	     "       nat64 session get dev DEV icmp { ADDR6#ID | ADDR4#ID } REMOTE4\n"
	     "       nat64 session show [ dev DEV ] [ FILTER ]\n"
	     "       nat64 session flush dev DEV [ FILTER ]\n"
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
		{ "add", session_add },
		{ "replace", session_replace },
		{ "del", session_del },
		{ "get", session_get },
		{ "show", session_show },
		{ "flush", session_flush },
		{ "help", session_help },
	};

	return choose(commands, ARRAY_SIZE(commands), "command",
		      session_kind.help, words);
}
