// SPDX-License-Identifier: GPL-2.0
/*
 * nat64(8) - pool4: its entries, and how much of it is in use.
 */
#include <arpa/inet.h>
#include <errno.h>
#include <linux/genetlink.h>
#include <linux/nat64_netlink.h>
#include <stdio.h>
#include <stdlib.h>

#include "entry.h"
#include "flow.h"
#include "nl.h"
#include "tool.h"

static const char help[] = "nat64 pool4 help";

static void print_number(const struct nlattr *nest, uint16_t type,
			 const char *key, const char *format)
{
	const struct nlattr *attr = nl_nested_attr(nest, type);

	if (attr && mnl_attr_validate(attr, MNL_TYPE_U32) >= 0)
		out_uint(key, format, mnl_attr_get_u32(attr));
}

static void print_address(const struct nlmsghdr *nlh, void *data)
{
	const struct nlattr *nest = nl_attr(nlh, GENL_HDRLEN, NAT64_A_POOL4);
	const struct nlattr *addr, *proto;
	char text[INET_ADDRSTRLEN];
	struct in_addr addr4;

	if (!nest)
		return;
	addr = nl_nested_attr(nest, NAT64_A_POOL4_ADDR4);
	proto = nl_nested_attr(nest, NAT64_A_POOL4_PROTO);
	if (!addr || mnl_attr_validate(addr, MNL_TYPE_U32) < 0 || !proto)
		return;

	addr4.s_addr = mnl_attr_get_u32(addr);
	inet_ntop(AF_INET, &addr4, text, sizeof(text));
	out_entry_begin();
	out_string("dev", "dev %s", data);
	out_string("addr4", "%s", text);
	out_string("proto", "%s", proto_text(mnl_attr_get_u8(proto)));
	print_number(nest, NAT64_A_POOL4_USED, "used", "used %llu");
	print_number(nest, NAT64_A_POOL4_RESTING, "resting", "resting %llu");
	print_number(nest, NAT64_A_POOL4_TOTAL, "total", "total %llu");
	out_entry_end();
}

/* @listed: the device was in a list, and may have gone since. */
static bool address_show(const char *dev, bool listed)
{
	char buf[512] __attribute__((aligned(8)));
	struct nl_answer answer;
	struct nlmsghdr *nlh;

	nlh = genl_request(buf, NAT64_CMD_ADDRESS_GET, NLM_F_DUMP);
	mnl_attr_put_strz(nlh, NAT64_A_IFNAME, dev);
	if (!genl_talk(nlh, &answer, print_address, (char *)dev))
		return false;
	if (!answer.error || (listed && answer.error == ENODEV))
		return true;

	complain(STATUS_KERNEL, "dev %s: %s", dev, nl_reason(&answer));
	return false;
}

/* See use_list(). */
typedef bool print_dev(const char *dev, bool listed);

static bool print_all(print_dev *print)
{
	struct device *devices;
	size_t i, count;
	bool ok = true;

	if (!link_list(&devices, &count))
		return false;

	for (i = 0; i < count; i++)
		if (!devices[i].stateless)
			ok &= print(devices[i].name, true);
	free(devices);
	return ok;
}

/* A command that prints something of a device, or of all that are stateful. */
static bool print_run(char **words, print_dev *print)
{
	const char *dev;
	bool ok;

	if (!words_only_dev(&dev, words, help) || !queue_ready())
		return false;

	out_list_begin();
	ok = dev ? print(dev, false) : print_all(print);
	out_list_end();
	return ok;
}

static bool pool4_add(char **words)
{
	return entry_change(NAT64_CMD_POOL4_ADD, NLM_F_CREATE, words);
}

static bool pool4_del(char **words)
{
	return entry_change(NAT64_CMD_POOL4_DEL, 0, words);
}

static bool pool4_flush(char **words)
{
	return genl_flush(NAT64_CMD_POOL4_FLUSH, words, help);
}

static bool pool4_list(char **words)
{
	return print_run(words, use_list);
}

static bool pool4_show(char **words)
{
	return print_run(words, use_show);
}

static bool pool4_addresses(char **words)
{
	return print_run(words, address_show);
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
		{ "replace", entry_replace },
		{ "list", pool4_list },
		{ "show", pool4_show },
		{ "flush", pool4_flush },
		{ "help", pool4_help },
	};

	return choose(commands, ARRAY_SIZE(commands), "command", help, words);
}
