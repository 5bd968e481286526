// SPDX-License-Identifier: GPL-2.0
/*
 * nat64(8) - explicit address mappings of stateless devices.
 */
#include <errno.h>
#include <linux/genetlink.h>
#include <linux/nat64_netlink.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "nl.h"
#include "tool.h"

/* Bytes that a name may have, alternative ones included. */
#define NAME_SIZE	128

/* Bytes of a mapping in a message: the nest and its four attributes. */
#define EAM_SIZE	(4 + 8 + 8 + 20 + 8)

/* Mappings in a message, with room for its headers and the device. */
#define EAMS_MAX	((NL_REQUEST_SIZE - 256) / EAM_SIZE)

/* Times that a table is read again when it changed meanwhile. */
#define SHOW_TRIES	10

/**
 * struct eam - a mapping
 * @prefix4: IPv4 prefix
 * @prefix6: IPv6 prefix
 * @line: where in the batch it was asked for
 * @end: where in the message it ends
 */
struct eam {
	struct prefix4 prefix4;
	struct prefix6 prefix6;
	unsigned int line;
	uint32_t end;
};

/**
 * struct eams - mappings
 * @eam: each of them
 * @count: how many there are
 * @room: how many there is room for
 */
struct eams {
	struct eam *eam;
	size_t count;
	size_t room;
};

/* Changes that wait for more of their kind. In a batch of many a message for
 * each would take ten times as long. A message is all or nothing; so that
 * nothing is done of what follows a line that fails, there is only one at a
 * time on its way.
 */
static struct {
	uint8_t cmd;
	char dev[NAME_SIZE];
	struct eams eams;
} queue;

static struct eam *eams_add(struct eams *eams)
{
	if (eams->count == eams->room) {
		eams->room = 2 * eams->room + 64;
		eams->eam = allocate(eams->eam, eams->room,
				     sizeof(*eams->eam));
	}
	return &eams->eam[eams->count++];
}

static void put_eam(struct nlmsghdr *nlh, struct eam *eam)
{
	struct nlattr *nest = mnl_attr_nest_start(nlh, NAT64_A_EAM);

	mnl_attr_put_u32(nlh, NAT64_A_EAM_PREFIX4, eam->prefix4.addr.s_addr);
	mnl_attr_put_u8(nlh, NAT64_A_EAM_LEN4, eam->prefix4.len);
	mnl_attr_put(nlh, NAT64_A_EAM_PREFIX6, sizeof(eam->prefix6.addr),
		     &eam->prefix6.addr);
	mnl_attr_put_u8(nlh, NAT64_A_EAM_LEN6, eam->prefix6.len);
	mnl_attr_nest_end(nlh, nest);
	eam->end = nlh->nlmsg_len;
}

/* Where the line of mapping @i begins in the queue, and where it ends. */
static size_t line_begin(size_t i)
{
	const struct eam *eam = queue.eams.eam;

	while (i && eam[i - 1].line == eam[i].line)
		i--;
	return i;
}

static size_t line_end(size_t i)
{
	const struct eam *eam = queue.eams.eam;
	unsigned int line = eam[i].line;

	while (i < queue.eams.count && eam[i].line == line)
		i++;
	return i;
}

/* Where a message ends that begins with mapping @begin and should hold @count:
 * with whole lines, unless one is too long for a message.
 */
static size_t message_end(size_t begin, size_t count)
{
	size_t end = begin + count;

	if (end >= queue.eams.count)
		return queue.eams.count;
	if (line_begin(end) > begin)
		return line_begin(end);

	end = line_end(begin);
	return end - begin > EAMS_MAX ? begin + EAMS_MAX : end;
}

static void complain_of_line(size_t i, const struct nl_answer *answer,
			     bool of_eam)
{
	const struct eam *eam = &queue.eams.eam[i];
	unsigned int line = place.line;
	char text4[PREFIX4_TEXT];
	char text6[PREFIX6_TEXT];

	place.line = eam->line;
	if (of_eam)
		complain(STATUS_KERNEL, "%s %s: %s",
			 prefix4_text(&eam->prefix4, text4),
			 prefix6_text(&eam->prefix6, text6),
			 nl_reason(answer));
	else
		complain(STATUS_KERNEL, "dev %s: %s", queue.dev,
			 nl_reason(answer));
	place.line = line;
}

/* The mapping that the kernel refuses a message for, or @end. */
static size_t refused_eam(const struct nl_answer *answer, size_t begin,
			  size_t end)
{
	const struct eam *eam = queue.eams.eam;
	size_t i;

	if (answer->offset < eam[begin].end - EAM_SIZE)
		return end;
	for (i = begin; i < end; i++)
		if (answer->offset < eam[i].end)
			return i;

	return end;
}

/**
 * send_queue - one message of what is in the queue
 * @begin: mapping it begins with; becomes that of the next message
 * @count: mappings that should be in a message; adapts
 *
 * A refused message is sent again without the line that is to blame and what
 * follows that; then that line is the first, and skipped.
 *
 * Return: false if it was skipped, or nothing can be sent at all.
 */
static bool send_queue(size_t *begin, size_t *count)
{
	static char buf[NL_REQUEST_SIZE] __attribute__((aligned(8)));
	size_t i, bad, end = message_end(*begin, *count);
	struct nl_answer answer;
	struct nlmsghdr *nlh;

	nlh = genl_request(buf, queue.cmd, NLM_F_ACK);
	mnl_attr_put_strz(nlh, NAT64_A_IFNAME, queue.dev);
	for (i = *begin; i < end; i++)
		put_eam(nlh, &queue.eams.eam[i]);

	if (!genl_talk(nlh, &answer, NULL, NULL)) {
		*begin = queue.eams.count;
		return false;
	}

	if (!answer.error) {
		if (answer.text[0])
			complain(STATUS_OK, "warning: %s", answer.text);
		*begin = end;
		*count = *count > EAMS_MAX / 2 ? EAMS_MAX : 2 * *count;
		return true;
	}

	bad = refused_eam(&answer, *begin, end);
	if (bad == end && line_end(*begin) < end) {
		/* Not told which; ask for the first line alone. */
		*count = 1;
		return true;
	}
	if (bad < end && line_begin(bad) > *begin) {
		*count = line_begin(bad) - *begin;
		return true;
	}

	complain_of_line(bad < end ? bad : *begin, &answer, bad < end);
	*begin = line_end(*begin);
	*count = 1;
	return false;
}

/**
 * eam_finish - carry out the changes that wait
 *
 * Return: false if one failed; without -force nothing that comes after it is
 * done.
 */
bool eam_finish(void)
{
	size_t begin = 0, count = EAMS_MAX;
	bool ok = true;

	if (queue.eams.count && !genl_open()) {
		queue.eams.count = 0;
		return false;
	}

	while (begin < queue.eams.count && (ok || options.force))
		ok &= send_queue(&begin, &count);
	queue.eams.count = 0;
	return ok;
}

/* The name behind "dev". */
static bool parse_dev(const char **dev, char **words)
{
	if (*dev) {
		wrong("\"dev\" is there twice");
		return false;
	}
	if (!words[1]) {
		wrong("\"dev\": the name of a device is missing");
		return false;
	}
	if (!*words[1] || strlen(words[1]) >= NAME_SIZE) {
		wrong("\"%s\" is no name of a device", words[1]);
		return false;
	}

	*dev = words[1];
	return true;
}

/* Only "dev DEV". */
static bool parse_only_dev(const char **dev, char **words)
{
	for (*dev = NULL; *words; words += 2) {
		if (strcmp(*words, "dev")) {
			wrong("\"%s\" is not expected here, see \"nat64 eam help\"",
			      *words);
			return false;
		}
		if (!parse_dev(dev, words))
			return false;
	}

	return true;
}

/* DEV and mappings, at least one. */
static bool parse_eams(struct eams *eams, const char **dev, char **words)
{
	struct eam *eam;

	eams->count = 0;
	for (*dev = NULL; *words; words += 2) {
		if (!strcmp(*words, "dev")) {
			if (!parse_dev(dev, words))
				return false;
			continue;
		}
		if (!words[1]) {
			wrong("\"%s\": the IPv6 prefix to go with it is missing",
			      *words);
			return false;
		}
		eam = eams_add(eams);
		eam->line = place.line;
		if (!prefix4_parse(&eam->prefix4, words[0]) ||
		    !prefix6_parse(&eam->prefix6, words[1]))
			return false;
	}

	if (!*dev)
		wrong("\"dev DEV\" is missing");
	else if (!eams->count)
		wrong("\"PREFIX4 PREFIX6\" is missing");
	return *dev && eams->count;
}

/* A command that changes mappings. In a batch it waits for more. */
static bool eam_change(uint8_t cmd, char **words)
{
	static struct eams eams;
	const char *dev;
	bool ok = true;
	size_t i;

	if (!parse_eams(&eams, &dev, words))
		return false;

	if (queue.cmd != cmd || strcmp(queue.dev, dev) ||
	    queue.eams.count + eams.count > EAMS_MAX) {
		ok = eam_finish();
		if (!ok && !options.force)
			return false;
		queue.cmd = cmd;
		strcpy(queue.dev, dev);
	}
	for (i = 0; i < eams.count; i++)
		*eams_add(&queue.eams) = eams.eam[i];

	return place.file ? ok : eam_finish();
}

static bool eam_add(char **words)
{
	return eam_change(NAT64_CMD_EAM_ADD, words);
}

static bool eam_del(char **words)
{
	return eam_change(NAT64_CMD_EAM_DEL, words);
}

/* What waits comes before any other command. */
static bool ready(void)
{
	return (eam_finish() || options.force) && genl_open();
}

static bool eam_flush(char **words)
{
	char buf[512] __attribute__((aligned(8)));
	struct nl_answer answer;
	struct nlmsghdr *nlh;
	const char *dev;

	if (!parse_only_dev(&dev, words))
		return false;
	if (!dev) {
		wrong("\"dev DEV\" is missing");
		return false;
	}
	if (!ready())
		return false;

	nlh = genl_request(buf, NAT64_CMD_EAM_FLUSH, NLM_F_ACK);
	mnl_attr_put_strz(nlh, NAT64_A_IFNAME, dev);
	if (!genl_talk(nlh, &answer, NULL, NULL))
		return false;
	if (answer.error)
		complain(STATUS_KERNEL, "dev %s: %s", dev, nl_reason(&answer));

	return !answer.error;
}

static void parse_eam(const struct nlmsghdr *nlh, void *data)
{
	const struct nlattr *nest = nl_attr(nlh, GENL_HDRLEN, NAT64_A_EAM);
	const struct nlattr *addr4, *addr6, *len4, *len6;
	struct eam *eam;

	if (!nest)
		return;
	addr4 = nl_nested_attr(nest, NAT64_A_EAM_PREFIX4);
	addr6 = nl_nested_attr(nest, NAT64_A_EAM_PREFIX6);
	len4 = nl_nested_attr(nest, NAT64_A_EAM_LEN4);
	len6 = nl_nested_attr(nest, NAT64_A_EAM_LEN6);
	if (!addr4 || !addr6 || !len4 || !len6 ||
	    mnl_attr_get_payload_len(addr6) != sizeof(eam->prefix6.addr))
		return;

	eam = eams_add(data);
	eam->prefix4.addr.s_addr = mnl_attr_get_u32(addr4);
	eam->prefix4.len = mnl_attr_get_u8(len4);
	memcpy(&eam->prefix6.addr, mnl_attr_get_payload(addr6),
	       sizeof(eam->prefix6.addr));
	eam->prefix6.len = mnl_attr_get_u8(len6);
}

/* All mappings of a device. */
static bool read_eams(struct eams *eams, const char *dev,
		      struct nl_answer *answer)
{
	char buf[512] __attribute__((aligned(8)));
	struct nlmsghdr *nlh;
	int i;

	for (i = 0; i < SHOW_TRIES; i++) {
		eams->count = 0;
		nlh = genl_request(buf, NAT64_CMD_EAM_GET, NLM_F_DUMP);
		mnl_attr_put_strz(nlh, NAT64_A_IFNAME, dev);
		if (!genl_talk(nlh, answer, parse_eam, eams))
			return false;
		if (answer->error || !answer->torn)
			break;
	}

	return true;
}

static int compare(const void *a, const void *b)
{
	const struct prefix4 *p = &((const struct eam *)a)->prefix4;
	const struct prefix4 *q = &((const struct eam *)b)->prefix4;
	uint32_t x = ntohl(p->addr.s_addr), y = ntohl(q->addr.s_addr);

	return x < y ? -1 : x > y ? 1 : p->len - q->len;
}

/* Sorted, which the kernel's table is not. */
static void print_eams(struct eams *eams, const char *dev)
{
	char text[PREFIX6_TEXT];
	size_t i;

	qsort(eams->eam, eams->count, sizeof(*eams->eam), compare);
	for (i = 0; i < eams->count; i++) {
		out_entry_begin();
		out_string("dev", "dev %s", dev);
		out_string("prefix4", "%s",
			   prefix4_text(&eams->eam[i].prefix4, text));
		out_string("prefix6", "%s",
			   prefix6_text(&eams->eam[i].prefix6, text));
		out_entry_end();
	}
}

/* @listed: the device was in a list, and may have gone since. */
static bool show_dev(const char *dev, bool listed)
{
	static struct eams eams;
	struct nl_answer answer;

	if (!read_eams(&eams, dev, &answer))
		return false;
	if (listed && answer.error == ENODEV)
		return true;
	if (answer.error) {
		complain(STATUS_KERNEL, "dev %s: %s", dev, nl_reason(&answer));
		return false;
	}
	if (answer.torn) {
		complain(STATUS_KERNEL,
			 "dev %s: the mappings keep changing while they are read",
			 dev);
		return false;
	}

	print_eams(&eams, dev);
	return true;
}

static bool show_all(void)
{
	struct device *devices;
	size_t i, count;
	bool ok = true;

	if (!link_list(&devices, &count))
		return false;

	for (i = 0; i < count; i++)
		if (devices[i].stateless)
			ok &= show_dev(devices[i].name, true);
	free(devices);
	return ok;
}

static bool eam_show(char **words)
{
	const char *dev;
	bool ok;

	if (!parse_only_dev(&dev, words) || !ready())
		return false;

	out_list_begin();
	ok = dev ? show_dev(dev, false) : show_all();
	out_list_end();
	return ok;
}

static bool eam_help(char **words)
{
	puts("Usage: nat64 eam { add | del } dev DEV PREFIX4 PREFIX6 [ PREFIX4 PREFIX6 ]...\n"
	     "       nat64 eam show [ dev DEV ]\n"
	     "       nat64 eam flush dev DEV\n"
	     "PREFIX4 := IPV4_ADDRESS[/LENGTH]\n"
	     "PREFIX6 := IPV6_ADDRESS[/LENGTH]");
	return true;
}

/* The object "eam". */
bool eam_run(char **words)
{
	static const struct command commands[] = {
		{ "add", eam_add },
		{ "del", eam_del },
		{ "show", eam_show },
		{ "flush", eam_flush },
		{ "help", eam_help },
	};

	return choose(commands, ARRAY_SIZE(commands), "command",
		      "nat64 eam help", words);
}
