// SPDX-License-Identifier: GPL-2.0
/*
 * nat64(8) - create, change and delete devices. One request has all keys and the
 * whole pool4, so that it succeeds or fails as a whole.
 */
#include <linux/if_link.h>
#include <linux/rtnetlink.h>
#include <stdio.h>
#include <string.h>

#include "conf.h"
#include "nl.h"
#include "tool.h"

/**
 * struct span - the part of a request that a line made
 * @end: offset of its end
 * @line: line
 */
struct span {
	uint32_t end;
	unsigned int line;
};

/* The parts of the last request. */
static struct {
	struct span *span;
	size_t count;
	size_t room;
} spans;

static void end_span(const struct nlmsghdr *nlh, unsigned int line)
{
	spans.span = grow(spans.span, spans.count, &spans.room,
			  sizeof(*spans.span));
	spans.span[spans.count].end = nlh->nlmsg_len;
	spans.span[spans.count++].line = line;
}

/* Set the place to the line that the kernel refused, if it is known. */
static void find_line(const struct nl_answer *answer, unsigned int line)
{
	size_t i;

	place.line = line;
	if (!answer->offset)
		return;
	for (i = 0; i < spans.count; i++) {
		if (answer->offset < spans.span[i].end) {
			if (spans.span[i].line)
				place.line = spans.span[i].line;
			return;
		}
	}
}

/* Keys that the mode has, and those of the file, which the kernel may refuse. */
static bool is_wanted(const struct conf *conf, size_t i)
{
	return conf->value_line[i] || keys_have(conf, &link_keys[i]);
}

/* A rehearsal does not log. */
static uint32_t value_of(const struct conf *conf, size_t i, bool rehearsal)
{
	if (rehearsal && !link_keys[i].nest &&
	    (link_keys[i].attr == IFLA_NAT64_LOGGING_BIB ||
	     link_keys[i].attr == IFLA_NAT64_LOGGING_SESSION))
		return 0;
	return conf->value[i];
}

static void put_values(struct nlmsghdr *nlh, const struct conf *conf,
		       bool rehearsal)
{
	struct nlattr *nest = NULL;
	uint16_t in = 0;
	size_t i;

	for (i = 0; i < link_keys_count; i++) {
		if (!is_wanted(conf, i))
			continue;
		if (link_keys[i].nest != in) {
			if (nest)
				mnl_attr_nest_end(nlh, nest);
			in = link_keys[i].nest;
			nest = mnl_attr_nest_start(nlh, in);
		}
		mnl_attr_put_u32(nlh, link_keys[i].attr,
				 value_of(conf, i, rehearsal));
		end_span(nlh, conf->value_line[i]);
	}
	if (nest)
		mnl_attr_nest_end(nlh, nest);
}

static void put_pool6(struct nlmsghdr *nlh, const struct conf *conf)
{
	struct nlattr *nest = mnl_attr_nest_start(nlh, IFLA_NAT64_POOL6);

	mnl_attr_put(nlh, IFLA_NAT64_POOL6_PREFIX, sizeof(conf->pool6.addr),
		     &conf->pool6.addr);
	mnl_attr_put_u8(nlh, IFLA_NAT64_POOL6_LEN, conf->pool6.len);
	mnl_attr_nest_end(nlh, nest);
	end_span(nlh, conf->pool6_line);
}

/* @type: of the rows, which have the contents of these attributes already */
static void put_list(struct nlmsghdr *nlh, uint16_t list, uint16_t type,
		     const struct rows *rows)
{
	struct nlattr *nest = mnl_attr_nest_start(nlh, list), *attr;
	size_t i;

	for (i = 0; i < rows->count; i++) {
		attr = mnl_nlmsg_get_payload_tail(nlh);
		row_put(nlh, &rows->row[i]);
		attr->nla_type = NLA_F_NESTED | type;
		end_span(nlh, rows->row[i].line);
	}
	mnl_attr_nest_end(nlh, nest);
}

static void put_pool4(struct nlmsghdr *nlh, const struct conf *conf)
{
	if (conf->pool4_source == NAT64_POOL4_ENTRIES)
		put_list(nlh, IFLA_NAT64_POOL4, IFLA_NAT64_POOL4_ENTRY,
			 &conf->pool4);
	else
		mnl_attr_put_u32(nlh, IFLA_NAT64_POOL4_SOURCE,
				 conf->pool4_source);
	end_span(nlh, conf->pool4_line);
}

static void put_data(struct nlmsghdr *nlh, const struct conf *conf,
		     bool rehearsal)
{
	struct nlattr *info, *data;

	info = mnl_attr_nest_start(nlh, IFLA_LINKINFO);
	mnl_attr_put_strz(nlh, IFLA_INFO_KIND, "nat64");
	data = mnl_attr_nest_start(nlh, IFLA_INFO_DATA);
	put_values(nlh, conf, rehearsal);
	put_pool6(nlh, conf);
	mnl_attr_put(nlh, IFLA_NAT64_MTU_PLATEAUS,
		     conf->plateaus * sizeof(conf->plateau[0]), conf->plateau);
	end_span(nlh, conf->plateau_line);
	if (keys_stateless(conf) || conf->rfc6791.count)
		put_list(nlh, IFLA_NAT64_RFC6791_POOL, IFLA_NAT64_RFC6791_ENTRY,
			 &conf->rfc6791);
	if (!keys_stateless(conf) || conf->pool4_line)
		put_pool4(nlh, conf);
	mnl_attr_nest_end(nlh, data);
	mnl_attr_nest_end(nlh, info);
}

static bool talk(struct nlmsghdr *nlh, struct nl_answer *answer)
{
	struct mnl_socket *sock = nl_open(NETLINK_ROUTE);
	bool ok;

	if (!sock)
		return false;

	ok = nl_talk(sock, nlh, answer, NULL, NULL);
	mnl_socket_close(sock);
	return ok;
}

/**
 * link_send - create or change a device
 * @conf: configuration
 * @create: the device does not exist
 * @quiet: no warnings, as for a rehearsal, which creates devices, or an undo,
 *	which changes them
 *
 * Return: false on error, which has been reported.
 */
bool link_send(const struct conf *conf, bool create, bool quiet)
{
	static char buf[NL_REQUEST_SIZE] __attribute__((aligned(8)));
	struct ifinfomsg header = { .ifi_family = AF_UNSPEC };
	struct nl_answer answer;
	struct nlmsghdr *nlh;

	spans.count = 0;
	nlh = nl_request(buf, RTM_NEWLINK, NLM_F_ACK |
			 (create ? NLM_F_CREATE | NLM_F_EXCL : 0), &header,
			 sizeof(header));
	mnl_attr_put_strz(nlh, IFLA_IFNAME, conf->name);
	end_span(nlh, conf->line);
	mnl_attr_put_u32(nlh, IFLA_MTU, conf->mtu);
	end_span(nlh, conf->mtu_line);
	put_data(nlh, conf, create && quiet);
	if (!talk(nlh, &answer))
		return false;

	find_line(&answer, conf->line);
	if (!answer.error && answer.text[0] && !quiet)
		complain(STATUS_OK, "warning: %s", answer.text);
	return genl_ok(&answer, conf->name, NULL);
}

/**
 * link_set_state - set a device up or down, if the configuration says which
 * @conf: configuration
 *
 * Return: false on error, which has been reported.
 */
bool link_set_state(const struct conf *conf)
{
	struct ifinfomsg header = {
		.ifi_family = AF_UNSPEC,
		.ifi_flags = conf->state == CONF_STATE_UP ? IFF_UP : 0,
		.ifi_change = IFF_UP,
	};
	char buf[256] __attribute__((aligned(8)));
	struct nl_answer answer;
	struct nlmsghdr *nlh;

	if (conf->state == CONF_STATE_ANY)
		return true;

	nlh = nl_request(buf, RTM_NEWLINK, NLM_F_ACK, &header, sizeof(header));
	mnl_attr_put_strz(nlh, IFLA_IFNAME, conf->name);
	if (!talk(nlh, &answer))
		return false;

	place.line = conf->state_line ?: conf->line;
	return genl_ok(&answer, conf->name, NULL);
}

/* Delete a device. Return false on error, which has been reported. */
bool link_delete(const char *name)
{
	struct ifinfomsg header = { .ifi_family = AF_UNSPEC };
	char buf[256] __attribute__((aligned(8)));
	struct nl_answer answer;
	struct nlmsghdr *nlh;

	nlh = nl_request(buf, RTM_DELLINK, NLM_F_ACK, &header, sizeof(header));
	mnl_attr_put_strz(nlh, IFLA_IFNAME, name);
	return talk(nlh, &answer) && genl_ok(&answer, name, NULL);
}
