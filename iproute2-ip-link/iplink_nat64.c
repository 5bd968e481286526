// SPDX-License-Identifier: GPL-2.0
/*
 * iplink_nat64.c	IPv6/IPv4 translation device support
 */

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <linux/if_link.h>
#include <linux/nat64.h>

#include "utils.h"
#include "ip_common.h"

struct nat64_prefix4 {
	__u32	addr;
	__u8	len;
	__u8	proto;
	__u32	mark;
	bool	has_ports;
	__u16	port_min;
	__u16	port_max;
};

/* The entries given for pool4 or rfc6791-pool, which may be repeated. */
struct nat64_list {
	/* "host" or "none" instead of entries */
	const char		*word;
	int			count;
	struct nat64_prefix4	entry[NAT64_POOL4_MAX];
};

/* A keyword of the command line, and the attribute that it sets. */
struct nat64_key {
	/* type of the nest that has the attribute, or 0 */
	int			nest;
	int			type;
	const char		*name;
	/* NULL for lists, which nat64_parse_opt() adds last */
	void			(*parse)(const struct nat64_key *key,
					 char *arg, struct nlmsghdr *n);
	void			(*print)(const struct nat64_key *key,
					 const struct rtattr *attr);
	/* instead of print(), if it reads more than one attribute */
	void			(*print_all)(const struct nat64_key *key,
					     struct rtattr *tb[]);
	/* argument in the usage text, unless there are words */
	const char		*usage;
	/* valid values, for the error message */
	const char		*rule;
	/* valid words, indexed by the value of the attribute */
	const char * const	*words;
	__u8			words_count;
	/* bounds of a number */
	__u32			min;
	__u32			max;
	/* omit the default value in text output */
	bool			quiet;
	__u32			initial;
	/* type of the entries of a list */
	int			entry_type;
	void			(*print_entry)(const struct rtattr *attr);
};

static const char * const nat64_mode_words[] = {
	[NAT64_MODE_STATEFUL]	= "stateful",
	[NAT64_MODE_STATELESS]	= "stateless",
};

static const char * const nat64_hairpin_words[] = {
	[NAT64_HAIRPIN_OFF]		= "off",
	[NAT64_HAIRPIN_SIMPLE]		= "simple",
	[NAT64_HAIRPIN_INTRINSIC]	= "intrinsic",
};

static const char * const nat64_amend_words[] = {
	[NAT64_AMEND_OFF]	= "off",
	[NAT64_AMEND_ON]	= "on",
	[NAT64_AMEND_FORWARD]	= "forward",
};

static const char * const nat64_pooling_words[] = {
	[NAT64_POOLING_HARD]	= "hard",
	[NAT64_POOLING_SOFT]	= "soft",
};

static const char * const nat64_fast_path_words[] = {
	[NAT64_FAST_PATH_AUTO]	= "auto",
	[NAT64_FAST_PATH_OFF]	= "off",
};

static const struct {
	const char	*name;
	__u8		proto;
} nat64_protos[] = {
	{ "tcp", IPPROTO_TCP },
	{ "udp", IPPROTO_UDP },
	{ "icmp", IPPROTO_ICMP },
};

static const char * const nat64_pool4_sources[] = {
	[NAT64_POOL4_HOST]	= "host",
	[NAT64_POOL4_NONE]	= "none",
	[NAT64_POOL4_ENTRIES]	= "entries",
};

static const char * const nat64_switch_words[] = { "off", "on" };

/* RFC 1191 section 7 */
static const __u16 nat64_initial_plateaus[] = {
	65535, 32000, 17914, 8166, 4352, 2002, 1492, 1006, 508, 296, 68,
};

static void __attribute__((noreturn))
badarg(const char *key, const char *rule, const char *arg)
{
	char msg[80];

	snprintf(msg, sizeof(msg), "%s %s", key, rule);
	invarg(msg, arg);
}

static bool has_host_bits(const inet_prefix *p)
{
	const __u8 *addr = (const __u8 *)p->data;
	int i;

	for (i = p->bitlen; i < p->bytelen * 8; i++)
		if (addr[i / 8] & (0x80 >> i % 8))
			return true;
	return false;
}

static void parse_words(const struct nat64_key *key, char *arg,
			struct nlmsghdr *n)
{
	__u8 i;

	for (i = 0; i < key->words_count; i++) {
		if (strcmp(arg, key->words[i]) == 0) {
			addattr32(n, 1024, key->type, i);
			return;
		}
	}

	badarg(key->name, key->rule, arg);
}

static void parse_number(const struct nat64_key *key, char *arg,
			 struct nlmsghdr *n)
{
	__u32 number;

	if (get_u32(&number, arg, 10) || number < key->min ||
	    number > key->max)
		badarg(key->name, key->rule, arg);
	addattr32(n, 1024, key->type, number);
}

static void parse_tos(const struct nat64_key *key, char *arg,
		      struct nlmsghdr *n)
{
	bool hex = arg[0] == '0' && (arg[1] == 'x' || arg[1] == 'X');
	__u8 tos;

	/* Base 0 would read 010 as octal. */
	if (get_u8(&tos, arg, hex ? 16 : 10))
		badarg(key->name, key->rule, arg);
	addattr32(n, 1024, key->type, tos);
}

static void parse_plateaus(const struct nat64_key *key, char *arg,
			   struct nlmsghdr *n)
{
	__u16 mtu[NAT64_MTU_PLATEAUS_MAX];
	char *next, *comma;
	int count = 0;
	int err;

	for (next = arg; next; next = comma) {
		if (count == NAT64_MTU_PLATEAUS_MAX)
			badarg(key->name, "has too many numbers", arg);

		comma = strchr(next, ',');
		if (comma)
			*comma = '\0';
		err = get_u16(&mtu[count], next, 10);
		if (comma)
			*comma++ = ',';

		if (err || !mtu[count])
			badarg(key->name, key->rule, arg);
		if (count && mtu[count] >= mtu[count - 1])
			badarg(key->name, "must be strictly descending", arg);
		count++;
	}

	addattr_l(n, 1024, key->type, mtu, count * sizeof(mtu[0]));
}

static void parse_pool6(const struct nat64_key *key, char *arg,
			struct nlmsghdr *n)
{
	struct rtattr *nest;
	inet_prefix p;

	if (get_prefix_1(&p, arg, AF_INET6))
		badarg(key->name, key->rule, arg);

	switch (p.bitlen) {
	case 32: case 40: case 48: case 56: case 64: case 96:
		break;
	default:
		badarg(key->name, "length must be 32, 40, 48, 56, 64 or 96",
		       arg);
	}

	if (has_host_bits(&p))
		badarg(key->name, "has bits set beyond its length", arg);

	nest = addattr_nest(n, 1024, key->type | NLA_F_NESTED);
	addattr_l(n, 1024, IFLA_NAT64_POOL6_PREFIX, p.data, 16);
	addattr8(n, 1024, IFLA_NAT64_POOL6_LEN, p.bitlen);
	addattr_nest_end(n, nest);
}

static void parse_ports(struct nat64_prefix4 *pool4, char *arg)
{
	char *dash = strchr(arg, '-');
	int err;

	if (dash)
		*dash = '\0';
	err = get_u16(&pool4->port_min, arg, 10);
	pool4->port_max = pool4->port_min;
	if (dash) {
		*dash = '-';
		err |= get_u16(&pool4->port_max, dash + 1, 10);
	}

	if (err)
		invarg("ports must be MIN-MAX or one number, up to 65535", arg);
	if (!pool4->port_min)
		invarg("ports must not be 0", arg);
	if (pool4->port_min > pool4->port_max)
		invarg("ports MIN must not be greater than MAX", arg);

	pool4->has_ports = true;
}

static void parse_proto(struct nat64_prefix4 *pool4, char *arg)
{
	size_t i;

	for (i = 0; i < ARRAY_SIZE(nat64_protos); i++)
		if (strcmp(arg, nat64_protos[i].name) == 0)
			pool4->proto = nat64_protos[i].proto;
	if (!pool4->proto)
		invarg("proto must be tcp, udp or icmp", arg);
}

static void parse_mark(struct nat64_prefix4 *pool4, char *arg)
{
	if (get_u32(&pool4->mark, arg, 0) || !pool4->mark)
		invarg("mark must be 1 to 0xffffffff", arg);
}

/* Options of a pool4 prefix, each at most once. */
static const struct {
	const char	*name;
	void		(*parse)(struct nat64_prefix4 *pool4, char *arg);
} nat64_pool4_words[] = {
	{ "ports", parse_ports },
	{ "proto", parse_proto },
	{ "mark", parse_mark },
};

/* Index into nat64_pool4_words, or -1. */
static int find_pool4_word(const char *word)
{
	size_t i;

	for (i = 0; i < ARRAY_SIZE(nat64_pool4_words); i++)
		if (strcmp(word, nat64_pool4_words[i].name) == 0)
			return i;
	return -1;
}

/* Unless NULL, host is valid instead of prefixes, like "none". */
static void parse_list(const char *key, struct nat64_list *list, int max,
		       const char *host, char *arg)
{
	struct nat64_prefix4 *entry = &list->entry[list->count];
	bool word = strcmp(arg, "none") == 0 ||
		    (host && strcmp(arg, host) == 0);
	inet_prefix p;

	if (list->word || (word && list->count)) {
		char msg[80];

		snprintf(msg, sizeof(msg), "%s \"%s\" cannot be combined with entries",
			 key, list->word ? list->word : arg);
		invarg(msg, arg);
	}
	if (word) {
		list->word = arg;
		return;
	}

	if (list->count == max)
		badarg(key, "has too many entries", arg);

	if (get_prefix_1(&p, arg, AF_INET))
		badarg(key, host ? "must be an IPv4 prefix, \"host\" or \"none\"" :
				   "must be an IPv4 prefix or \"none\"", arg);

	if (p.bitlen < 8)
		badarg(key, "length must be 8 to 32", arg);

	if (has_host_bits(&p))
		badarg(key, "has bits set beyond its length", arg);

	memset(entry, 0, sizeof(*entry));
	entry->addr = p.data[0];
	entry->len = p.bitlen;
	list->count++;
}

static void add_pool4_entry(struct nlmsghdr *n,
			    const struct nat64_prefix4 *entry)
{
	struct rtattr *nest;

	nest = addattr_nest(n, 1024, IFLA_NAT64_POOL4_ENTRY | NLA_F_NESTED);
	addattr32(n, 1024, IFLA_NAT64_POOL4_PREFIX, entry->addr);
	addattr8(n, 1024, IFLA_NAT64_POOL4_LEN, entry->len);
	/* Omit the kernel's defaults, ip's request buffer is small. */
	if (entry->has_ports) {
		addattr16(n, 1024, IFLA_NAT64_POOL4_PORT_MIN, entry->port_min);
		addattr16(n, 1024, IFLA_NAT64_POOL4_PORT_MAX, entry->port_max);
	}
	if (entry->proto)
		addattr8(n, 1024, IFLA_NAT64_POOL4_PROTO, entry->proto);
	if (entry->mark)
		addattr32(n, 1024, IFLA_NAT64_POOL4_MARK, entry->mark);
	addattr_nest_end(n, nest);
}

static void add_rfc6791_entry(struct nlmsghdr *n,
			      const struct nat64_prefix4 *entry)
{
	struct rtattr *nest;

	nest = addattr_nest(n, 1024, IFLA_NAT64_RFC6791_ENTRY | NLA_F_NESTED);
	addattr32(n, 1024, IFLA_NAT64_RFC6791_PREFIX, entry->addr);
	addattr8(n, 1024, IFLA_NAT64_RFC6791_LEN, entry->len);
	addattr_nest_end(n, nest);
}

/* Size of the attribute that either function appends. */
static size_t entry_size(const struct nat64_prefix4 *entry)
{
	size_t size = RTA_SPACE(0) + RTA_SPACE(sizeof(entry->addr)) +
		      RTA_SPACE(sizeof(entry->len));

	if (entry->has_ports)
		size += 2 * RTA_SPACE(sizeof(entry->port_min));
	if (entry->proto)
		size += RTA_SPACE(sizeof(entry->proto));
	if (entry->mark)
		size += RTA_SPACE(sizeof(entry->mark));
	return size;
}

static int add_list(struct nlmsghdr *n, int type, const char *key,
		    const struct nat64_list *list,
		    void (*add_entry)(struct nlmsghdr *n,
				      const struct nat64_prefix4 *entry))
{
	struct rtattr *nest;
	int i;

	if (!list->word && !list->count)
		return 0;

	nest = addattr_nest(n, 1024, type | NLA_F_NESTED);
	for (i = 0; i < list->count; i++) {
		if (n->nlmsg_len + entry_size(&list->entry[i]) > 1024) {
			fprintf(stderr,
				"Error: too many \"%s\" entries: entry %d does not fit into the request.\n",
				key, i + 1);
			return -1;
		}
		add_entry(n, &list->entry[i]);
	}
	addattr_nest_end(n, nest);
	return 0;
}

static void format_prefix(int family, const struct rtattr *addr,
			  const struct rtattr *len, char *buf, size_t size)
{
	SPRINT_BUF(b1);

	snprintf(buf, size, "%s/%u",
		 rt_addr_n2a_r(family, RTA_PAYLOAD(addr), RTA_DATA(addr),
			       b1, sizeof(b1)),
		 rta_getattr_u8(len));
}

static void print_key(const struct nat64_key *key)
{
	print_string(PRINT_FP, NULL, "%s ", key->name);
}

/* JSON names have underscores instead of hyphens. */
static const char *json_name(const struct nat64_key *key)
{
	static char name[64];
	char *p;

	snprintf(name, sizeof(name), "%s", key->name);
	for (p = name; *p; p++)
		if (*p == '-')
			*p = '_';
	return name;
}

static void print_words(const struct nat64_key *key,
			const struct rtattr *attr)
{
	__u32 value = rta_getattr_u32(attr);
	const char *word = "UNKNOWN";

	if (value < key->words_count)
		word = key->words[value];
	print_string(PRINT_JSON, json_name(key), NULL, word);
	if (key->quiet && value == key->initial)
		return;
	print_key(key);
	print_string(PRINT_FP, NULL, "%s ", word);
}

static void print_switch(const struct nat64_key *key,
			 const struct rtattr *attr)
{
	bool on = rta_getattr_u32(attr);

	print_bool(PRINT_JSON, json_name(key), NULL, on);
	if (on == key->initial)
		return;
	print_key(key);
	print_string(PRINT_FP, NULL, "%s ", nat64_switch_words[on]);
}

static void print_number(const struct nat64_key *key,
			 const struct rtattr *attr)
{
	__u32 number = rta_getattr_u32(attr);

	print_uint(PRINT_JSON, json_name(key), NULL, number);
	if (key->quiet && number == key->initial)
		return;
	print_key(key);
	print_uint(PRINT_FP, NULL, "%u ", number);
}

static void print_plateaus(const struct nat64_key *key,
			   const struct rtattr *attr)
{
	int i, count = RTA_PAYLOAD(attr) / sizeof(__u16);
	const __u16 *mtu = RTA_DATA(attr);

	open_json_array(PRINT_JSON, json_name(key));
	for (i = 0; i < count; i++)
		print_uint(PRINT_JSON, NULL, NULL, mtu[i]);
	close_json_array(PRINT_JSON, NULL);

	if (RTA_PAYLOAD(attr) == sizeof(nat64_initial_plateaus) &&
	    !memcmp(mtu, nat64_initial_plateaus, RTA_PAYLOAD(attr)))
		return;
	print_key(key);
	for (i = 0; i < count; i++)
		print_uint(PRINT_FP, NULL, i < count - 1 ? "%u," : "%u ",
			   mtu[i]);
}

static void print_pool6(const struct nat64_key *key,
			const struct rtattr *attr)
{
	struct rtattr *tb[IFLA_NAT64_POOL6_MAX + 1];
	SPRINT_BUF(b1);

	parse_rtattr_nested(tb, IFLA_NAT64_POOL6_MAX, attr);
	if (!tb[IFLA_NAT64_POOL6_PREFIX] || !tb[IFLA_NAT64_POOL6_LEN])
		return;

	format_prefix(AF_INET6, tb[IFLA_NAT64_POOL6_PREFIX],
		      tb[IFLA_NAT64_POOL6_LEN], b1, sizeof(b1));
	print_key(key);
	print_string(PRINT_ANY, json_name(key), "%s ", b1);
}

static void print_pool4_entry(const struct rtattr *attr)
{
	struct rtattr *tb[IFLA_NAT64_POOL4_MAX + 1];
	unsigned int min = 1, max = 65535;
	SPRINT_BUF(b1);
	__u8 proto = 0;
	size_t i;

	parse_rtattr_nested(tb, IFLA_NAT64_POOL4_MAX, attr);
	if (!tb[IFLA_NAT64_POOL4_PREFIX] || !tb[IFLA_NAT64_POOL4_LEN])
		return;

	if (tb[IFLA_NAT64_POOL4_PORT_MIN])
		min = rta_getattr_u16(tb[IFLA_NAT64_POOL4_PORT_MIN]);
	if (tb[IFLA_NAT64_POOL4_PORT_MAX])
		max = rta_getattr_u16(tb[IFLA_NAT64_POOL4_PORT_MAX]);

	format_prefix(AF_INET, tb[IFLA_NAT64_POOL4_PREFIX],
		      tb[IFLA_NAT64_POOL4_LEN], b1, sizeof(b1));
	open_json_object(NULL);
	print_string(PRINT_ANY, "prefix", "pool4 %s ", b1);
	print_uint(PRINT_ANY, "port_min", "ports %u", min);
	print_uint(PRINT_ANY, "port_max", "-%u ", max);
	if (tb[IFLA_NAT64_POOL4_PROTO])
		proto = rta_getattr_u8(tb[IFLA_NAT64_POOL4_PROTO]);
	for (i = 0; i < ARRAY_SIZE(nat64_protos); i++)
		if (proto == nat64_protos[i].proto)
			print_string(PRINT_ANY, "proto", "proto %s ",
				     nat64_protos[i].name);
	if (tb[IFLA_NAT64_POOL4_MARK])
		print_uint(PRINT_ANY, "mark", "mark %u ",
			   rta_getattr_u32(tb[IFLA_NAT64_POOL4_MARK]));
	close_json_object();
}

/* The kernel reports the first entries and the number of all. The number of the
 * others follows pool4-more, which "ip link set" rejects: it would remove them.
 */
static void print_pool4_summary(const struct rtattr *summary)
{
	int rem = RTA_PAYLOAD(summary);
	unsigned int count = 0, shown = 0;
	const struct rtattr *i;

	for (i = RTA_DATA(summary); RTA_OK(i, rem); i = RTA_NEXT(i, rem))
		if ((i->rta_type & NLA_TYPE_MASK) ==
		    IFLA_NAT64_POOL4_SUMMARY_COUNT)
			count = rta_getattr_u32(i);
	print_uint(PRINT_JSON, "pool4_count", NULL, count);

	open_json_array(PRINT_JSON, "pool4");
	rem = RTA_PAYLOAD(summary);
	for (i = RTA_DATA(summary); RTA_OK(i, rem); i = RTA_NEXT(i, rem)) {
		if ((i->rta_type & NLA_TYPE_MASK) !=
		    IFLA_NAT64_POOL4_SUMMARY_ENTRY)
			continue;
		print_pool4_entry(i);
		shown++;
	}
	close_json_array(PRINT_JSON, NULL);

	if (count > shown)
		print_uint(PRINT_FP, NULL, "pool4-more %u ", count - shown);
}

static void print_pool4(const struct nat64_key *key, struct rtattr *tb[])
{
	const char *word = "UNKNOWN";
	__u32 source;

	if (!tb[IFLA_NAT64_POOL4_SOURCE])
		return;
	source = rta_getattr_u32(tb[IFLA_NAT64_POOL4_SOURCE]);
	if (source < ARRAY_SIZE(nat64_pool4_sources))
		word = nat64_pool4_sources[source];

	print_string(PRINT_JSON, "pool4_source", NULL, word);
	if (source != NAT64_POOL4_ENTRIES) {
		print_key(key);
		print_string(PRINT_FP, NULL, "%s ", word);
	}
	if (tb[IFLA_NAT64_POOL4_SUMMARY])
		print_pool4_summary(tb[IFLA_NAT64_POOL4_SUMMARY]);
}

static void print_rfc6791_entry(const struct rtattr *attr)
{
	struct rtattr *tb[IFLA_NAT64_RFC6791_MAX + 1];
	SPRINT_BUF(b1);

	parse_rtattr_nested(tb, IFLA_NAT64_RFC6791_MAX, attr);
	if (!tb[IFLA_NAT64_RFC6791_PREFIX] || !tb[IFLA_NAT64_RFC6791_LEN])
		return;

	format_prefix(AF_INET, tb[IFLA_NAT64_RFC6791_PREFIX],
		      tb[IFLA_NAT64_RFC6791_LEN], b1, sizeof(b1));
	print_string(PRINT_ANY, NULL, "rfc6791-pool %s ", b1);
}

static void print_list(const struct nat64_key *key, const struct rtattr *attr)
{
	int rem = RTA_PAYLOAD(attr);
	const struct rtattr *i;

	open_json_array(PRINT_JSON, json_name(key));
	if (!RTA_OK((struct rtattr *)RTA_DATA(attr), rem)) {
		print_key(key);
		print_string(PRINT_FP, NULL, "%s ", "none");
	}
	for (i = RTA_DATA(attr); RTA_OK(i, rem); i = RTA_NEXT(i, rem))
		if ((i->rta_type & NLA_TYPE_MASK) == key->entry_type)
			key->print_entry(i);
	close_json_array(PRINT_JSON, NULL);
}

#define NAT64_WORDS(attr_, name_, words_, rule_, ...)			\
	{ .type = IFLA_NAT64_##attr_, .name = name_,			\
	  .parse = parse_words, .print = print_words,			\
	  .words = words_, .words_count = ARRAY_SIZE(words_),		\
	  .rule = rule_, __VA_ARGS__ }

#define NAT64_SWITCH(attr_, name_, initial_)				\
	{ .type = IFLA_NAT64_##attr_, .name = name_,			\
	  .parse = parse_words, .print = print_switch,			\
	  .words = nat64_switch_words,					\
	  .words_count = ARRAY_SIZE(nat64_switch_words),		\
	  .rule = "must be on or off", .initial = initial_ }

/* Stringify the bounds, which are macros, for the error message. */
#define NAT64_TEXT(value) NAT64_TEXT_(value)
#define NAT64_TEXT_(value) #value

#define NAT64_NUMBER(attr_, name_, usage_, min_, max_, unit_, ...)	\
	{ .type = IFLA_NAT64_##attr_, .name = name_,			\
	  .parse = parse_number, .print = print_number,			\
	  .usage = usage_, .min = min_, .max = max_,			\
	  .rule = "must be " NAT64_TEXT(min_) " to " NAT64_TEXT(max_)	\
		  unit_, __VA_ARGS__ }

#define NAT64_TIMEOUT(attr_, name_, min_, max_, ...)			\
	NAT64_NUMBER(TIMEOUT_##attr_, name_, "SECONDS", min_, max_,	\
		     " seconds", .nest = IFLA_NAT64_TIMEOUTS,		\
		     __VA_ARGS__)

/* A number that text output omits while it has its default value. */
#define NAT64_LIMIT(attr_, name_, usage_, min_, max_, initial_)		\
	NAT64_NUMBER(LIMIT_##attr_, name_, usage_, min_, max_, "",	\
		     .nest = IFLA_NAT64_LIMITS, .quiet = true,		\
		     .initial = initial_)

/* In the order in which they are printed. */
static const struct nat64_key nat64_keys[] = {
	NAT64_WORDS(MODE, "mode", nat64_mode_words,
		    "must be stateful or stateless"),
	{ .type = IFLA_NAT64_POOL6, .name = "pool6",
	  .parse = parse_pool6, .print = print_pool6,
	  .rule = "must be an IPv6 prefix" },
	{ .type = IFLA_NAT64_POOL4, .name = "pool4", .print_all = print_pool4,
	  .usage = "{ PREFIX4 [ ports PORTS ] [ proto PROTO ] [ mark MARK ] |\n"
		   "			host | none } ]..." },
	NAT64_TIMEOUT(UDP, "udp-timeout", NAT64_UDP_TIMEOUT_MIN,
		      NAT64_TIMEOUT_MAX),
	NAT64_TIMEOUT(TCP_EST, "tcp-est-timeout", NAT64_TCP_EST_TIMEOUT_MIN,
		      NAT64_TIMEOUT_MAX),
	NAT64_TIMEOUT(TCP_TRANS, "tcp-trans-timeout",
		      NAT64_TCP_TRANS_TIMEOUT_MIN, NAT64_TIMEOUT_MAX),
	NAT64_TIMEOUT(TCP_OPEN, "tcp-open-timeout", NAT64_TCP_OPEN_TIMEOUT_MIN,
		      NAT64_TIMEOUT_MAX, .quiet = true, .initial = 240),
	NAT64_TIMEOUT(ICMP, "icmp-timeout", NAT64_ICMP_TIMEOUT_MIN,
		      NAT64_TIMEOUT_MAX),
	NAT64_TIMEOUT(DNS, "dns-timeout", NAT64_DNS_TIMEOUT_MIN,
		      NAT64_TIMEOUT_MAX, .quiet = true, .initial = 10),
	NAT64_NUMBER(LOWEST_IPV6_MTU, "lowest-ipv6-mtu", "BYTES",
		     NAT64_LOWEST_IPV6_MTU_MIN, NAT64_LOWEST_IPV6_MTU_MAX,
		     " bytes"),
	{ .type = IFLA_NAT64_MTU_PLATEAUS, .name = "mtu-plateaus",
	  .parse = parse_plateaus, .print = print_plateaus,
	  .usage = "BYTES[,BYTES]...",
	  .rule = "must be comma-separated numbers from 1 to 65535" },
	NAT64_SWITCH(ZEROIZE_TRAFFIC_CLASS, "zeroize-traffic-class", false),
	NAT64_SWITCH(OVERRIDE_TOS, "override-tos", false),
	{ .type = IFLA_NAT64_TOS, .name = "tos",
	  .parse = parse_tos, .print = print_number,
	  .usage = "TOS", .rule = "must be 0 to 255, or 0x0 to 0xff" },
	NAT64_WORDS(AMEND_UDP_CHECKSUM_ZERO, "amend-udp-checksum-zero",
		    nat64_amend_words, "must be off, on or forward",
		    .quiet = true),
	NAT64_SWITCH(RANDOMIZE_RFC6791, "randomize-rfc6791-addresses", true),
	NAT64_SWITCH(WKP_STRICT, "wkp-strict", true),
	NAT64_WORDS(EAM_HAIRPIN_MODE, "eam-hairpin-mode", nat64_hairpin_words,
		    "must be off, simple or intrinsic"),
	{ .type = IFLA_NAT64_RFC6791_POOL, .name = "rfc6791-pool",
	  .print = print_list, .usage = "{ PREFIX4 | none } ]...",
	  .entry_type = IFLA_NAT64_RFC6791_ENTRY,
	  .print_entry = print_rfc6791_entry },
	NAT64_SWITCH(ADDRESS_DEPENDENT_FILTERING,
		     "address-dependent-filtering", false),
	NAT64_SWITCH(DROP_ICMPV6_INFO, "drop-icmpv6-info", false),
	NAT64_SWITCH(DROP_EXTERNALLY_INITIATED_TCP,
		     "drop-externally-initiated-tcp", false),
	NAT64_SWITCH(HANDLE_RST_DURING_FIN_RCV, "handle-rst-during-fin-rcv",
		     true),
	NAT64_SWITCH(SOURCE_ICMPV6_ERRORS_BETTER,
		     "source-icmpv6-errors-better", true),
	NAT64_SWITCH(INBOUND_REFRESH, "inbound-refresh", true),
	NAT64_SWITCH(LOGGING_BIB, "logging-bib", false),
	NAT64_SWITCH(LOGGING_SESSION, "logging-session", false),
	NAT64_WORDS(PAIRED_POOLING, "paired-pooling", nat64_pooling_words,
		    "must be hard or soft", .quiet = true),
	NAT64_SWITCH(HOST_LOW_PORTS, "host-low-ports", false),
	NAT64_WORDS(FAST_PATH, "fast-path", nat64_fast_path_words,
		    "must be auto or off", .quiet = true),
	NAT64_LIMIT(SIMULTANEOUS_OPENS, "maximum-simultaneous-opens",
		    "PACKETS", 0, NAT64_SIMULTANEOUS_OPENS_MAX, 64),
	NAT64_LIMIT(SUBSCRIBER_PREFIX, "subscriber-prefix", "LENGTH",
		    NAT64_SUBSCRIBER_PREFIX_MIN, NAT64_SUBSCRIBER_PREFIX_MAX,
		    128),
	NAT64_LIMIT(MAX_BINDINGS, "max-bindings", "LIMIT", 0, 4294967295,
		    16384),
	NAT64_LIMIT(MAX_SESSIONS, "max-sessions", "LIMIT", 0, 4294967295,
		    65536),
	NAT64_LIMIT(MAX_TOTAL_SESSIONS, "max-total-sessions", "LIMIT", 0,
		    4294967295, 1048576),
	NAT64_TIMEOUT(HOLD_DOWN, "hold-down-timeout", 0,
		      NAT64_HOLD_DOWN_TIMEOUT_MAX, .quiet = true,
		      .initial = 120),
	NAT64_LIMIT(HOLD_DOWN_PERCENT, "hold-down-percent", "PERCENT", 0,
		    NAT64_HOLD_DOWN_PERCENT_MAX, 12),
	NAT64_LIMIT(POOL4_HIGH, "pool4-high-threshold", "PERCENT", 0,
		    NAT64_POOL4_THRESHOLD_MAX, 90),
	NAT64_LIMIT(POOL4_LOW, "pool4-low-threshold", "PERCENT", 0,
		    NAT64_POOL4_THRESHOLD_MAX, 80),
};

/* Highest attribute type of IFLA_NAT64_TIMEOUTS and IFLA_NAT64_LIMITS. */
#define NAT64_NEST_MAX 15

static void explain_key(FILE *f, const struct nat64_key *key)
{
	int i;

	fprintf(f, "		[ %s ", key->name);
	if (!key->words) {
		/* the usage text of a list ends with "]..." */
		fprintf(f, key->parse ? "%s ]\n" : "%s\n", key->usage);
		return;
	}
	for (i = 0; i < key->words_count; i++)
		fprintf(f, "%s %s", i ? " |" : "{", key->words[i]);
	fprintf(f, " } ]\n");
}

static void print_explain(FILE *f)
{
	size_t i;

	fprintf(f, "Usage: ... nat64 pool6 PREFIX6\n");
	for (i = 0; i < ARRAY_SIZE(nat64_keys); i++)
		if (nat64_keys[i].parse != parse_pool6)
			explain_key(f, &nat64_keys[i]);
	fprintf(f,
		"\n"
		"Where:	PREFIX6	:= IPV6_ADDRESS/{ 32 | 40 | 48 | 56 | 64 | 96 }\n"
		"	PREFIX4	:= IPV4_ADDRESS[/{ 8..32 }]\n"
		"	PORTS	:= { MIN-MAX | PORT }, within 1-65535\n"
		"	PROTO	:= { tcp | udp | icmp }\n"
		"	MARK	:= 1..0xffffffff\n"
		"	TOS	:= 0..255 | 0x0..0xff\n"
		"	LIMIT	:= a number, 0 for no limit\n"
		"\n"
		"Note: pool4 and rfc6791-pool may be repeated. On \"set\" the new list\n"
		"      replaces the old one. pool4 host, the default, uses the addresses\n"
		"      of this host.\n"
	);
}

/* Find a key that is not a list. */
static const struct nat64_key *find_key(const char *name)
{
	const struct nat64_key *key = nat64_keys;
	size_t i;

	for (i = 0; i < ARRAY_SIZE(nat64_keys); i++, key++)
		if (key->parse && strcmp(name, key->name) == 0)
			return key;
	return NULL;
}

/* Parse the options that follow a pool4 prefix. */
static void parse_pool4_words(struct nat64_list *pool4, int *argcp,
			      char ***argvp)
{
	unsigned int seen = 0;
	char **argv = *argvp;
	int argc = *argcp;
	int word;

	while (!pool4->word && NEXT_ARG_OK() &&
	       (word = find_pool4_word(argv[1])) >= 0) {
		NEXT_ARG();
		if (seen & 1U << word)
			duparg(nat64_pool4_words[word].name, *argv);
		seen |= 1U << word;
		NEXT_ARG();
		nat64_pool4_words[word].parse(&pool4->entry[pool4->count - 1],
					      *argv);
	}

	*argcp = argc;
	*argvp = argv;
}

/* Add a nest with the keys that were given, if there are any. */
static void add_nest(struct nlmsghdr *n, int type, char * const *args)
{
	const struct nat64_key *key = nat64_keys;
	struct rtattr *nest = NULL;
	size_t i;

	for (i = 0; i < ARRAY_SIZE(nat64_keys); i++, key++) {
		if (key->nest != type || !args[i])
			continue;
		if (!nest)
			nest = addattr_nest(n, 1024, type | NLA_F_NESTED);
		key->parse(key, args[i], n);
	}
	if (nest)
		addattr_nest_end(n, nest);
}

static int nat64_parse_opt(struct link_util *lu, int argc, char **argv,
			   struct nlmsghdr *n)
{
	char *args[ARRAY_SIZE(nat64_keys)] = {};
	struct nat64_list rfc6791_pool = {};
	struct nat64_list pool4 = {};
	const struct nat64_key *key;
	char msg[64];

	while (argc > 0) {
		if ((key = find_key(*argv))) {
			NEXT_ARG();
			if (args[key - nat64_keys])
				duparg(key->name, *argv);
			args[key - nat64_keys] = *argv;
			if (!key->nest)
				key->parse(key, *argv, n);
		} else if (strcmp(*argv, "pool4") == 0) {
			NEXT_ARG();
			parse_list("pool4", &pool4, NAT64_POOL4_MAX, "host",
				   *argv);
			parse_pool4_words(&pool4, &argc, &argv);
		} else if (find_pool4_word(*argv) >= 0) {
			snprintf(msg, sizeof(msg),
				 "%s must follow a pool4 prefix",
				 *argv);
			invarg(msg, *argv);
		} else if (strcmp(*argv, "rfc6791-pool") == 0) {
			NEXT_ARG();
			parse_list("rfc6791-pool", &rfc6791_pool,
				   NAT64_RFC6791_POOL_MAX, NULL, *argv);
		} else if (strcmp(*argv, "pool4-more") == 0) {
			/* The new list would remove the entries not shown. */
			NEXT_ARG();
			invarg("pool4-more: \"ip link show\" omits entries, use \"nat64 pool4 list\"",
			       *argv);
		} else if (strcmp(*argv, "help") == 0) {
			print_explain(stderr);
			return -1;
		} else {
			fprintf(stderr, "nat64: unknown command \"%s\"?\n",
				*argv);
			print_explain(stderr);
			return -1;
		}
		argc--, argv++;
	}

	add_nest(n, IFLA_NAT64_TIMEOUTS, args);
	add_nest(n, IFLA_NAT64_LIMITS, args);

	/* Lists are last: pool4 alone can exceed the request buffer. */
	if (add_list(n, IFLA_NAT64_RFC6791_POOL, "rfc6791-pool",
		     &rfc6791_pool, add_rfc6791_entry))
		return -1;
	if (pool4.word) {
		addattr32(n, 1024, IFLA_NAT64_POOL4_SOURCE,
			  strcmp(pool4.word, "host") == 0 ? NAT64_POOL4_HOST :
							    NAT64_POOL4_NONE);
		return 0;
	}
	return add_list(n, IFLA_NAT64_POOL4, "pool4", &pool4,
			add_pool4_entry);
}

static const struct rtattr *find_attr(struct rtattr *tb[],
				      const struct nat64_key *key)
{
	struct rtattr *nested[NAT64_NEST_MAX + 1];

	if (!key->nest)
		return tb[key->type];
	if (!tb[key->nest])
		return NULL;
	parse_rtattr_nested(nested, NAT64_NEST_MAX, tb[key->nest]);
	return nested[key->type];
}

/* The text output is valid as arguments of "ip link set". */
static void nat64_print_opt(struct link_util *lu, FILE *f, struct rtattr *tb[])
{
	const struct nat64_key *key = nat64_keys;
	const struct rtattr *attr;
	size_t i;

	if (!tb)
		return;

	for (i = 0; i < ARRAY_SIZE(nat64_keys); i++, key++) {
		attr = find_attr(tb, key);
		if (key->print_all)
			key->print_all(key, tb);
		else if (attr)
			key->print(key, attr);
	}
}

/* --- ip link xstats ----------------------------------------------------- */

#define NAT64_COUNTER_NAME(name_, text_)				\
	[NAT64_COUNTER_##name_] = text_,

static const char * const nat64_counter_names[NAT64_COUNTER_MAX + 1] = {
	NAT64_COUNTERS(NAT64_COUNTER_NAME)
};

/* Interface indexes of the devices to print. */
static struct {
	int	*index;
	size_t	count;
	int	only;
} nat64_devices;

static const char *counter_name(int number, char *buf, size_t size)
{
	if (number <= NAT64_COUNTER_MAX && nat64_counter_names[number])
		return nat64_counter_names[number];
	/* a counter of a newer kernel */
	snprintf(buf, size, "counter-%d", number);
	return buf;
}

static bool is_counter(const struct rtattr *attr)
{
	return (attr->rta_type & NLA_TYPE_MASK) > NAT64_COUNTER_PAD &&
	       RTA_PAYLOAD(attr) == sizeof(__u64);
}

static int ask_for_nat64(struct nlmsghdr *nlh, int reqlen)
{
	struct rtattr *info;

	addattr32(nlh, reqlen, IFLA_EXT_MASK, RTEXT_FILTER_SKIP_STATS);
	info = addattr_nest(nlh, reqlen, IFLA_LINKINFO);
	addattr_l(nlh, reqlen, IFLA_INFO_KIND, "nat64", strlen("nat64"));
	addattr_nest_end(nlh, info);
	return 0;
}

/* Older kernels do not filter the dump by kind. */
static int keep_if_nat64(struct nlmsghdr *n, void *arg)
{
	int len = n->nlmsg_len - NLMSG_LENGTH(sizeof(struct ifinfomsg));
	struct ifinfomsg *ifi = NLMSG_DATA(n);
	struct rtattr *info[IFLA_INFO_MAX + 1];
	struct rtattr *tb[IFLA_MAX + 1];
	int *index;

	if (n->nlmsg_type != RTM_NEWLINK || len < 0)
		return 0;
	parse_rtattr_flags(tb, IFLA_MAX, IFLA_RTA(ifi), len, NLA_F_NESTED);
	if (!tb[IFLA_LINKINFO])
		return 0;
	parse_rtattr_nested(info, IFLA_INFO_MAX, tb[IFLA_LINKINFO]);
	if (!info[IFLA_INFO_KIND] ||
	    strcmp(rta_getattr_str(info[IFLA_INFO_KIND]), "nat64"))
		return 0;
	if (nat64_devices.only && nat64_devices.only != ifi->ifi_index)
		return 0;

	index = realloc(nat64_devices.index,
			(nat64_devices.count + 1) * sizeof(*index));
	if (!index) {
		perror("realloc");
		return -1;
	}
	index[nat64_devices.count++] = ifi->ifi_index;
	nat64_devices.index = index;
	return 0;
}

static int nat64_parse_ifla_xstats(struct link_util *lu, int argc, char **argv)
{
	const char *dev = NULL;

	while (argc > 0) {
		if (strcmp(*argv, "dev") == 0) {
			NEXT_ARG();
			if (dev)
				duparg("dev", *argv);
			dev = *argv;
			nat64_devices.only = ll_name_to_index(dev);
			if (!nat64_devices.only)
				return nodev(dev);
		} else if (strcmp(*argv, "help") == 0) {
			fprintf(stdout, "Usage: ... nat64 [ dev DEVICE ]\n");
			exit(0);
		} else {
			invarg("xstats: unknown argument", *argv);
		}
		argc--, argv++;
	}

	/* Another kind of link may use the same attribute type for its xstats. */
	if (rtnl_linkdump_req_filter_fn(&rth, AF_UNSPEC, ask_for_nat64) < 0) {
		perror("Cannot send dump request");
		return -1;
	}
	if (rtnl_dump_filter_nc(&rth, keep_if_nat64, NULL, 0) < 0) {
		fprintf(stderr, "Dump terminated\n");
		return -1;
	}
	if (dev && !nat64_devices.count) {
		fprintf(stderr, "Error: \"%s\" is not a nat64 device.\n", dev);
		return -1;
	}
	return 0;
}

/* As many columns as fit into 80 characters; each value takes 12. */
static void print_counters(const struct rtattr *counters)
{
	int rem, width = 0, columns, column = 0;
	const struct rtattr *i;
	const char *name;
	SPRINT_BUF(b1);
	SPRINT_BUF(b2);

	rem = RTA_PAYLOAD(counters);
	for (i = RTA_DATA(counters); RTA_OK(i, rem); i = RTA_NEXT(i, rem)) {
		name = counter_name(i->rta_type & NLA_TYPE_MASK, b1,
				    sizeof(b1));
		if (is_counter(i) && (int)strlen(name) > width)
			width = strlen(name);
	}
	columns = 76 / (width + 12);
	if (columns < 1)
		columns = 1;

	rem = RTA_PAYLOAD(counters);
	for (i = RTA_DATA(counters); RTA_OK(i, rem); i = RTA_NEXT(i, rem)) {
		if (!is_counter(i))
			continue;
		if (column++ % columns == 0) {
			print_nl();
			print_string(PRINT_FP, NULL, "%s", "    ");
		}
		name = counter_name(i->rta_type & NLA_TYPE_MASK, b1,
				    sizeof(b1));
		snprintf(b2, sizeof(b2), "%-*s", width, name);
		print_string(PRINT_FP, NULL, "%s ", b2);
		print_u64(PRINT_ANY, name, "%-10" PRIu64 " ",
			  rta_getattr_u64(i));
	}
}

static int nat64_print_ifla_xstats(struct nlmsghdr *n, void *arg)
{
	int len = n->nlmsg_len - NLMSG_LENGTH(sizeof(struct if_stats_msg));
	struct rtattr *xstats[LINK_XSTATS_TYPE_NAT64 + 1];
	struct if_stats_msg *ifsm = NLMSG_DATA(n);
	struct rtattr *tb[IFLA_STATS_MAX + 1];
	size_t i;

	if (n->nlmsg_type != RTM_NEWSTATS || len < 0) {
		fprintf(stderr, "Not an RTM_NEWSTATS message\n");
		return -1;
	}
	for (i = 0; i < nat64_devices.count; i++)
		if (nat64_devices.index[i] == (int)ifsm->ifindex)
			break;
	if (i == nat64_devices.count)
		return 0;

	parse_rtattr_flags(tb, IFLA_STATS_MAX, IFLA_STATS_RTA(ifsm), len,
			   NLA_F_NESTED);
	if (!tb[IFLA_STATS_LINK_XSTATS])
		return 0;
	parse_rtattr_nested(xstats, LINK_XSTATS_TYPE_NAT64,
			    tb[IFLA_STATS_LINK_XSTATS]);
	if (!xstats[LINK_XSTATS_TYPE_NAT64])
		return 0;

	open_json_object(NULL);
	print_string(PRINT_ANY, "ifname", "%s:",
		     ll_index_to_name(ifsm->ifindex));
	open_json_object("counters");
	print_counters(xstats[LINK_XSTATS_TYPE_NAT64]);
	close_json_object();
	print_nl();
	close_json_object();
	return 0;
}

static void nat64_print_help(struct link_util *lu, int argc, char **argv,
			     FILE *f)
{
	print_explain(f);
}

struct link_util nat64_link_util = {
	.id		= "nat64",
	.maxattr	= IFLA_NAT64_MAX,
	.parse_opt	= nat64_parse_opt,
	.print_opt	= nat64_print_opt,
	.print_help	= nat64_print_help,
	.parse_ifla_xstats = nat64_parse_ifla_xstats,
	.print_ifla_xstats = nat64_print_ifla_xstats,
};
