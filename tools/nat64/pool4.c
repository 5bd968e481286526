// SPDX-License-Identifier: GPL-2.0
/*
 * nat64(8) - pool4: its entries and their usage.
 */
#include <arpa/inet.h>
#include <linux/genetlink.h>
#include <linux/nat64_netlink.h>
#include <stdio.h>

#include "entry.h"
#include "flow.h"
#include "nl.h"
#include "tool.h"

static const char help[] = "nat64 pool4 help";

static void print_address(const struct nlmsghdr *nlh, void *data)
{
	const struct nlattr *nest = nl_attr(nlh, GENL_HDRLEN, NAT64_A_POOL4);
	char text[INET_ADDRSTRLEN];
	const struct nlattr *proto;
	struct in_addr addr4;

	if (!nest)
		return;
	proto = nl_nested_attr(nest, NAT64_A_POOL4_PROTO);
	if (!proto ||
	    !nl_nested_u32(nest, NAT64_A_POOL4_ADDR4, &addr4.s_addr))
		return;

	inet_ntop(AF_INET, &addr4, text, sizeof(text));
	out_entry_begin();
	out_string("dev", "dev %s", data);
	out_string("addr4", "%s", text);
	out_string("proto", "%s", proto_text(mnl_attr_get_u8(proto)));
	show_u32(nest, NAT64_A_POOL4_USED, "used", "used %llu");
	show_u32(nest, NAT64_A_POOL4_HELD_DOWN, "held_down", "held-down %llu");
	show_u32(nest, NAT64_A_POOL4_TOTAL, "total", "total %llu");
	out_entry_end();
}

static bool read_addresses(struct nl_answer *answer, const char *dev,
			   void *data)
{
	char buf[512] __attribute__((aligned(8)));

	return genl_talk(genl_request(buf, NAT64_CMD_ADDRESS_GET, NLM_F_DUMP,
				      dev), answer, print_address, (char *)dev);
}

static bool pool4_add(char **words)
{
	return rows_change(NAT64_CMD_POOL4_ADD, NLM_F_CREATE, words,
			   &entry_rows);
}

static bool pool4_del(char **words)
{
	return rows_change(NAT64_CMD_POOL4_DEL, 0, words, &entry_rows);
}

static bool pool4_flush(char **words)
{
	return flush_run(NAT64_CMD_POOL4_FLUSH, words, help);
}

static bool pool4_replace(char **words)
{
	return replace_run(words, &entry_rows);
}

static bool pool4_addresses(char **words)
{
	static const struct show show = {
		.what = "addresses",
		.read = read_addresses,
	};

	return show_words(&show, words, NULL, help);
}

static bool pool4_help(char **words)
{
	puts("Usage: nat64 pool4 { add | del } dev DEV ENTRY [ ENTRY ]...\n"
	     "       nat64 pool4 replace dev DEV { FILE | - }\n"
	     "       nat64 pool4 flush dev DEV\n"
	     "       nat64 pool4 { addresses | list | show } [ dev DEV ]\n"
	     "       nat64 pool4 get dev DEV ENTRY [ ENTRY ]...\n"
	     "ENTRY := PREFIX4 [ ports { MIN-MAX | PORT } ] [ proto PROTO ] [ mark MARK ]\n"
	     "PROTO := { tcp | udp | icmp }");
	return true;
}

/* The object "pool4". */
bool pool4_run(char **words)
{
	static const struct command commands[] = {
		{ "add", pool4_add },
		{ "addresses", pool4_addresses },
		{ "del", pool4_del },
		{ "get", use_get },
		{ "replace", pool4_replace },
		{ "list", use_list },
		{ "show", use_show },
		{ "flush", pool4_flush },
		{ "help", pool4_help },
	};

	return choose(commands, ARRAY_SIZE(commands), "command", help, words);
}
