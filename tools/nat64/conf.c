// SPDX-License-Identifier: GPL-2.0
/*
 * nat64(8) - the configuration that a device has.
 */
#include <errno.h>
#include <linux/if_link.h>
#include <linux/nat64_netlink.h>
#include <linux/rtnetlink.h>
#include <stdlib.h>
#include <string.h>

#include "conf.h"
#include "entry.h"
#include "flow.h"
#include "nl.h"
#include "tool.h"

struct conf *conf_find(struct confs *confs, const char *name)
{
	size_t i;

	for (i = 0; i < confs->count; i++)
		if (!strcmp(confs->conf[i].name, name))
			return &confs->conf[i];

	return NULL;
}

/* Add a device with the defaults. @name fits, the caller has checked it. */
struct conf *conf_add(struct confs *confs, const char *name)
{
	struct conf *conf;

	confs->conf = grow(confs->conf, confs->count, &confs->room,
			   sizeof(*conf));
	conf = &confs->conf[confs->count++];
	memset(conf, 0, sizeof(*conf));
	strcpy(conf->name, name);
	conf->line = place.line;
	keys_defaults(conf);
	return conf;
}

void conf_free(struct confs *confs)
{
	struct conf *conf;

	while (confs->count) {
		conf = &confs->conf[--confs->count];
		rows_free(&conf->pool4);
		rows_free(&conf->rfc6791);
		rows_free(&conf->eam);
		rows_free(&conf->statics);
		rows_free(&conf->sessions);
	}
	free(confs->conf);
	memset(confs, 0, sizeof(*confs));
}

static void parse_link(const struct nlmsghdr *nlh, void *data)
{
	const struct ifinfomsg *header = mnl_nlmsg_get_payload(nlh);
	const struct nlattr *settings = link_settings(nlh);
	const struct nlattr *mtu;
	struct conf *conf = data;

	conf->ifindex = header->ifi_index;
	if (!settings) {
		conf->name[0] = '\0';
		return;
	}
	conf->state = header->ifi_flags & IFF_UP ? CONF_STATE_UP :
						   CONF_STATE_DOWN;
	mtu = nl_attr(nlh, sizeof(*header), IFLA_MTU);
	if (mtu)
		conf->mtu = mnl_attr_get_u32(mtu);
	keys_read(conf, settings);
}

static bool read_link(struct conf *conf, struct nl_answer *answer)
{
	struct ifinfomsg header = { .ifi_family = AF_UNSPEC };
	char buf[256] __attribute__((aligned(8)));
	struct mnl_socket *sock;
	struct nlmsghdr *nlh;
	bool ok;

	sock = nl_open(NETLINK_ROUTE);
	if (!sock)
		return false;

	nlh = nl_request(buf, RTM_GETLINK, NLM_F_ACK, &header, sizeof(header));
	mnl_attr_put_strz(nlh, IFLA_IFNAME, conf->name);
	mnl_attr_put_u32(nlh, IFLA_EXT_MASK, RTEXT_FILTER_SKIP_STATS);
	ok = nl_talk(sock, nlh, answer, parse_link, conf);
	mnl_socket_close(sock);
	return ok;
}

/**
 * conf_read - read the link of a device
 * @confs: configurations, to which it is added if it exists
 * @name: name of the device
 *
 * Return: false on error, which has been reported; another kind of device is
 *	one, a missing device is not.
 */
bool conf_read(struct confs *confs, const char *name)
{
	struct conf *conf = conf_add(confs, name);
	struct nl_answer answer;

	if (!read_link(conf, &answer))
		return false;
	if (answer.error == ENODEV) {
		confs->count--;
		return true;
	}
	if (!genl_ok(&answer, name, NULL))
		return false;
	if (!conf->name[0]) {
		complain(STATUS_KERNEL, "dev %s: not a nat64 device", name);
		return false;
	}

	return true;
}

static bool whole(const struct nl_answer *answer, const struct conf *conf,
		  const char *what)
{
	if (!genl_ok(answer, conf->name, NULL))
		return false;
	if (answer->torn)
		complain(STATUS_KERNEL,
			 "dev %s: %s kept changing during the dump",
			 conf->name, what);
	return !answer->torn;
}

static bool read_rows(struct rows *rows, const struct conf *conf,
		      const struct row_kind *kind, const char *what)
{
	struct nl_answer answer;

	kind->clear();
	if (!kind->load(&answer, conf->name) || !whole(&answer, conf, what))
		return false;

	rows_take(rows, kind);
	return true;
}

static void take_static(struct rows *rows, struct flow *flow)
{
	char buf[NL_ENTRY_SIZE] __attribute__((aligned(8)));
	struct nlmsghdr *nlh = mnl_nlmsg_put_header(buf);
	char text[FLOW_TEXT];

	flow->has_host = true;
	flow->has_pool = true;
	flow_put(nlh, flow, &bib_kind);
	rows_add(rows, nlh, flow_text(flow, text, &bib_kind));
}

static bool read_statics(struct conf *conf)
{
	struct flows flows = {
		.kind = &bib_kind,
		.filter.by_static = true,
		.filter.is_static = true,
	};
	struct nl_answer answer;
	bool ok;
	size_t i;

	ok = table_read(&answer, conf->name, &flows) &&
	     whole(&answer, conf, "bindings");
	if (ok) {
		table_sort(&flows);
		for (i = 0; i < flows.count; i++)
			take_static(&conf->statics, &flows.flow[i]);
	}
	free(flows.flow);
	return ok;
}

/**
 * conf_read_tables - read the tables of a device
 * @conf: configuration with the keys
 *
 * Return: false on error, which has been reported.
 */
bool conf_read_tables(struct conf *conf)
{
	if (keys_stateless(conf))
		return read_rows(&conf->eam, conf, &eam_rows, "mappings");

	return read_rows(&conf->pool4, conf, &entry_rows, "pool4") &&
	       read_statics(conf);
}
