// SPDX-License-Identifier: GPL-2.0
/*
 * nat64(8) - the statements of a file for "restore": the words of "ip link" and
 * of this command.
 */
#include <linux/nat64_netlink.h>
#include <stdio.h>
#include <string.h>

#include "conf.h"
#include "entry.h"
#include "flow.h"
#include "nl.h"
#include "tool.h"

static const char help[] = "nat64 restore help";

/* Configuration of a device that an earlier line added. */
static struct conf *known(struct confs *confs, const char *name)
{
	struct conf *conf = conf_find(confs, name);

	if (!conf)
		wrong("\"dev %s\": \"link add\" of this device is missing before it",
		      name);
	return conf;
}

static bool valid_name(const char *name)
{
	if (*name && strlen(name) < IFNAMSIZ)
		return true;

	wrong("\"%s\" is not a valid device name", name);
	return false;
}

static bool parse_mtu(struct conf *conf, char **words)
{
	if (!words_once(*words, conf->mtu_line) ||
	    !words_value(words, "number"))
		return false;

	conf->mtu_line = place.line;
	if (number_parse(&conf->mtu, words[1], CONF_MTU) &&
	    conf->mtu >= NAT64_LOWEST_IPV6_MTU_MIN)
		return true;

	wrong("\"mtu\": \"%s\" is not a number from %u to %u", words[1],
	      NAT64_LOWEST_IPV6_MTU_MIN, CONF_MTU);
	return false;
}

static bool parse_state(struct conf *conf, const char *word)
{
	if (conf->state_line) {
		wrong("\"%s\": the state of the device is on line %u already",
		      word, conf->state_line);
		return false;
	}

	conf->state_line = place.line;
	conf->state = *word == 'u' ? CONF_STATE_UP : CONF_STATE_DOWN;
	return true;
}

/* "type nat64" and keys, which are all the words that are left. */
static bool parse_type(struct conf *conf, char **words)
{
	int used;

	if (!words_value(words, "kind of device"))
		return false;
	if (strcmp(words[1], "nat64")) {
		wrong("\"type\": \"%s\" is not nat64", words[1]);
		return false;
	}
	for (words += 2; *words; words += used) {
		used = keys_parse(conf, words);
		if (used < 0)
			return false;
	}

	return true;
}

/* [ mtu MTU ] [ up | down ] [ type nat64 KEY VALUE ... ] */
static bool parse_link(struct conf *conf, char **words)
{
	for (; *words; words++) {
		if (!strcmp(*words, "type"))
			return parse_type(conf, words);
		if (!strcmp(*words, "mtu")) {
			if (!parse_mtu(conf, words++))
				return false;
		} else if (!strcmp(*words, "up") || !strcmp(*words, "down")) {
			if (!parse_state(conf, *words))
				return false;
		} else {
			words_unexpected(*words, help);
			return false;
		}
	}

	return true;
}

static bool has_type(char **words)
{
	for (; *words; words++)
		if (!strcmp(*words, "type"))
			return true;

	wrong("\"type nat64\" is missing");
	return false;
}

/* link { add | set } [ dev ] DEV ... */
static bool read_link(struct confs *confs, char **words)
{
	bool add = *words && !strcmp(*words, "add");
	struct conf *conf;

	if (!add && (!*words || strcmp(*words, "set"))) {
		wrong("\"link\": \"add\" or \"set\" is missing");
		return false;
	}
	words++;
	if (*words && (!strcmp(*words, "dev") || !strcmp(*words, "name"))) {
		if (!words_value(words, "device name"))
			return false;
		words++;
	}
	if (!words_given(*words, "dev DEV") || !valid_name(*words))
		return false;
	if (!add) {
		conf = known(confs, *words);
		return conf && parse_link(conf, words + 1);
	}

	conf = conf_find(confs, *words);
	if (conf) {
		wrong("\"%s\": line %u has added this device already", *words,
		      conf->line);
		return false;
	}
	return has_type(words + 1) &&
	       parse_link(conf_add(confs, *words), words + 1);
}

/* "add" and rows with a device. */
static bool read_rows(struct confs *confs, char **words, bool stateless,
		      const struct row_kind *kind)
{
	struct conf *conf;
	const char *dev;

	if (!rows_parse(&dev, words, kind))
		return false;
	conf = known(confs, dev);
	if (!conf)
		return false;

	rows_take(stateless ? &conf->eam : &conf->pool4, kind);
	return true;
}

static bool is_add(const char *object, char **words)
{
	if (*words && !strcmp(*words, "add"))
		return true;

	wrong("\"%s\": \"add\" is missing", object);
	return false;
}

/* A static binding, or a session in the format of "session show". */
static bool read_flow(struct confs *confs, char **words,
		      const struct flow_kind *kind)
{
	char buf[NL_ENTRY_SIZE] __attribute__((aligned(8)));
	bool binding = kind == &bib_kind;
	char text[FLOW_TEXT];
	struct nlmsghdr *nlh;
	struct conf *conf;
	struct flow flow;
	const char *dev;

	if (!change_parse(&flow, &dev, words, kind))
		return false;
	/* Otherwise a second restore might choose another port. */
	if (binding && (!words_given(flow.is_static, "static") ||
			!words_given(flow.has_pool, "ADDR4#PORT")))
		return false;
	conf = known(confs, dev);
	if (!conf)
		return false;

	nlh = mnl_nlmsg_put_header(buf);
	flow_put(nlh, &flow, kind);
	rows_add(binding ? &conf->statics : &conf->sessions, nlh,
		 flow_text(&flow, text, kind));
	return true;
}

/* Refuse a table of the other mode; the error of the kernel has no line. */
static bool check_mode(const struct conf *conf)
{
	const struct rows *rows = keys_stateless(conf) ? &conf->statics :
							 &conf->eam;

	if (keys_stateless(conf) && conf->pool4.count)
		rows = &conf->pool4;
	if (keys_stateless(conf) && conf->sessions.count)
		rows = &conf->sessions;
	if (!rows->count)
		return true;

	place.line = rows->row[0].line;
	wrong("\"%s\": dev %s is %s", row_text(&rows->row[0]), conf->name,
	      keys_stateless(conf) ? "stateless" : "stateful");
	return false;
}

static bool check_count(const struct rows *rows, const char *name, size_t max)
{
	if (rows->count <= max)
		return true;

	place.line = rows->row[max].line;
	wrong("\"%s\": more than %zu", name, max);
	return false;
}

static bool check(struct conf *conf)
{
	if (!check_count(&conf->pool4, "pool4", NAT64_POOL4_MAX) ||
	    !check_count(&conf->rfc6791, "rfc6791-pool",
			 NAT64_RFC6791_POOL_MAX))
		return false;
	if (!conf->pool6_line) {
		place.line = conf->line;
		wrong("\"pool6\" of dev %s is missing", conf->name);
		return false;
	}
	if (!check_mode(conf))
		return false;
	if (!conf->pool4.count)
		return true;

	if (conf->pool4_line) {
		place.line = conf->pool4_line;
		wrong("\"pool4\": \"%s\" cannot be combined with entries",
		      conf->pool4_source == NAT64_POOL4_HOST ? "host" : "none");
		return false;
	}
	conf->pool4_source = NAT64_POOL4_ENTRIES;
	return true;
}

static bool read_statement(struct confs *confs, char **words)
{
	if (!strcmp(*words, "link"))
		return read_link(confs, words + 1);
	if (!strcmp(*words, "pool4"))
		return is_add(*words, words + 1) &&
		       read_rows(confs, words + 2, false, &entry_rows);
	if (!strcmp(*words, "eam"))
		return is_add(*words, words + 1) &&
		       read_rows(confs, words + 2, true, &eam_rows);
	if (!strcmp(*words, "bib"))
		return is_add(*words, words + 1) &&
		       read_flow(confs, words + 2, &bib_kind);
	if (!strcmp(*words, "session"))
		return is_add(*words, words + 1) &&
		       read_flow(confs, words + 2, &session_kind);

	wrong("unknown statement \"%s\", see \"%s\"", *words, help);
	return false;
}

/* "end" is the last statement. */
static bool read_end(struct lines *lines, char **words)
{
	if (words[1]) {
		words_unexpected(words[1], help);
		return false;
	}
	words = lines_next(lines);
	if (words)
		wrong("\"%s\" is behind \"end\"", *words);
	return !words;
}

/**
 * statements_read - read the statements of a file
 * @confs: the configurations that they make
 * @lines: file
 *
 * Return: false on error, which has been reported.
 */
bool statements_read(struct confs *confs, struct lines *lines)
{
	char **words;
	size_t i;

	while ((words = lines_next(lines))) {
		if (!strcmp(*words, "end"))
			break;
		if (!read_statement(confs, words))
			return false;
	}
	if (ferror(lines->file))
		return false;
	if (!words) {
		place.line = lines->number;
		wrong("\"end\" is missing: the file is not complete");
		return false;
	}
	if (!read_end(lines, words))
		return false;

	for (i = 0; i < confs->count; i++)
		if (!check(&confs->conf[i]))
			return false;
	return true;
}
