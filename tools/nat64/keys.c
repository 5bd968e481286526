// SPDX-License-Identifier: GPL-2.0
/*
 * nat64(8) - the keys of "ip link ... type nat64", and their values as text.
 */
#include <ctype.h>
#include <linux/nat64_netlink.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "conf.h"
#include "entry.h"
#include "nl.h"
#include "tool.h"

static const char *const mode_words[] = { "stateful", "stateless", NULL };
static const char *const switch_words[] = { "off", "on", NULL };
static const char *const amend_words[] = { "off", "on", "forward", NULL };
static const char *const pooling_words[] = { "hard", "soft", NULL };
static const char *const fast_path_words[] = { "auto", "off", NULL };
static const char *const hairpin_words[] = {
	"off", "simple", "intrinsic", NULL
};

#define WORDS(attr_, name_, modes_, words_, initial_)			\
	{ .attr = IFLA_NAT64_##attr_, .name = name_, .modes = modes_,	\
	  .words = words_, .initial = initial_ }

#define SWITCH(attr_, name_, modes_, initial_)				\
	WORDS(attr_, name_, modes_, switch_words, initial_)

#define NUMBER(attr_, name_, min_, max_, initial_)			\
	{ .attr = IFLA_NAT64_##attr_, .name = name_, .modes = KEY_BOTH,	\
	  .min = min_, .max = max_, .initial = initial_ }

#define TIMEOUT(attr_, name_, min_, max_, initial_)			\
	{ .nest = IFLA_NAT64_TIMEOUTS, .attr = IFLA_NAT64_TIMEOUT_##attr_,\
	  .name = name_, .modes = KEY_STATEFUL, .min = min_,		\
	  .max = max_, .initial = initial_ }

#define LIMIT(attr_, name_, min_, max_, initial_)			\
	{ .nest = IFLA_NAT64_LIMITS, .attr = IFLA_NAT64_LIMIT_##attr_,	\
	  .name = name_, .modes = KEY_STATEFUL, .min = min_,		\
	  .max = max_, .initial = initial_ }

/* The first key is the mode. The others are in the order of the plugin for ip,
 * but keys of a nest are adjacent: link_send() opens each nest once.
 */
const struct link_key link_keys[] = {
	WORDS(MODE, "mode", KEY_BOTH, mode_words, NAT64_MODE_STATEFUL),
	NUMBER(LOWEST_IPV6_MTU, "lowest-ipv6-mtu", NAT64_LOWEST_IPV6_MTU_MIN,
	       NAT64_LOWEST_IPV6_MTU_MAX, NAT64_LOWEST_IPV6_MTU_MIN),
	SWITCH(ZEROIZE_TRAFFIC_CLASS, "zeroize-traffic-class", KEY_BOTH, 0),
	SWITCH(OVERRIDE_TOS, "override-tos", KEY_BOTH, 0),
	NUMBER(TOS, "tos", 0, NAT64_TOS_MAX, 0),
	WORDS(AMEND_UDP_CHECKSUM_ZERO, "amend-udp-checksum-zero",
	      KEY_STATELESS, amend_words, NAT64_AMEND_OFF),
	SWITCH(RANDOMIZE_RFC6791, "randomize-rfc6791-addresses",
	       KEY_STATELESS, 1),
	SWITCH(WKP_STRICT, "wkp-strict", KEY_BOTH, 1),
	WORDS(EAM_HAIRPIN_MODE, "eam-hairpin-mode", KEY_STATELESS,
	      hairpin_words, NAT64_HAIRPIN_INTRINSIC),
	SWITCH(ADDRESS_DEPENDENT_FILTERING, "address-dependent-filtering",
	       KEY_STATEFUL, 0),
	SWITCH(DROP_ICMPV6_INFO, "drop-icmpv6-info", KEY_STATEFUL, 0),
	SWITCH(DROP_EXTERNALLY_INITIATED_TCP, "drop-externally-initiated-tcp",
	       KEY_STATEFUL, 0),
	SWITCH(HANDLE_RST_DURING_FIN_RCV, "handle-rst-during-fin-rcv",
	       KEY_STATEFUL, 1),
	SWITCH(SOURCE_ICMPV6_ERRORS_BETTER, "source-icmpv6-errors-better",
	       KEY_STATEFUL, 1),
	SWITCH(INBOUND_REFRESH, "inbound-refresh", KEY_STATEFUL, 1),
	SWITCH(LOGGING_BIB, "logging-bib", KEY_STATEFUL, 0),
	SWITCH(LOGGING_SESSION, "logging-session", KEY_STATEFUL, 0),
	WORDS(PAIRED_POOLING, "paired-pooling", KEY_STATEFUL, pooling_words,
	      NAT64_POOLING_HARD),
	SWITCH(HOST_LOW_PORTS, "host-low-ports", KEY_STATEFUL, 0),
	WORDS(FAST_PATH, "fast-path", KEY_BOTH, fast_path_words,
	      NAT64_FAST_PATH_AUTO),
	TIMEOUT(UDP, "udp-timeout", NAT64_UDP_TIMEOUT_MIN, NAT64_TIMEOUT_MAX,
		300),
	TIMEOUT(TCP_EST, "tcp-est-timeout", NAT64_TCP_EST_TIMEOUT_MIN,
		NAT64_TIMEOUT_MAX, 7200),
	TIMEOUT(TCP_TRANS, "tcp-trans-timeout", NAT64_TCP_TRANS_TIMEOUT_MIN,
		NAT64_TIMEOUT_MAX, 240),
	TIMEOUT(TCP_OPEN, "tcp-open-timeout", NAT64_TCP_OPEN_TIMEOUT_MIN,
		NAT64_TIMEOUT_MAX, 240),
	TIMEOUT(ICMP, "icmp-timeout", NAT64_ICMP_TIMEOUT_MIN,
		NAT64_TIMEOUT_MAX, 60),
	TIMEOUT(DNS, "dns-timeout", NAT64_DNS_TIMEOUT_MIN, NAT64_TIMEOUT_MAX,
		10),
	TIMEOUT(HOLD_DOWN, "hold-down-timeout", 0, NAT64_HOLD_DOWN_TIMEOUT_MAX,
		120),
	LIMIT(SIMULTANEOUS_OPENS, "maximum-simultaneous-opens", 0,
	      NAT64_SIMULTANEOUS_OPENS_MAX, 64),
	LIMIT(SUBSCRIBER_PREFIX, "subscriber-prefix",
	      NAT64_SUBSCRIBER_PREFIX_MIN, NAT64_SUBSCRIBER_PREFIX_MAX, 128),
	LIMIT(MAX_BINDINGS, "max-bindings", 0, UINT32_MAX, 16384),
	LIMIT(MAX_SESSIONS, "max-sessions", 0, UINT32_MAX, 65536),
	LIMIT(MAX_TOTAL_SESSIONS, "max-total-sessions", 0, UINT32_MAX,
	      1048576),
	LIMIT(HOLD_DOWN_PERCENT, "hold-down-percent", 0,
	      NAT64_HOLD_DOWN_PERCENT_MAX, 12),
	LIMIT(POOL4_HIGH, "pool4-high-threshold", 0,
	      NAT64_POOL4_THRESHOLD_MAX, 90),
	LIMIT(POOL4_LOW, "pool4-low-threshold", 0, NAT64_POOL4_THRESHOLD_MAX,
	      80),
};

const size_t link_keys_count = ARRAY_SIZE(link_keys);

_Static_assert(ARRAY_SIZE(link_keys) <= CONF_KEYS, "CONF_KEYS");

/* RFC 1191 section 7 */
static const uint16_t plateaus[] = {
	65535, 32000, 17914, 8166, 4352, 2002, 1492, 1006, 508, 296, 68,
};

/* What a new device has without any keys. */
void keys_defaults(struct conf *conf)
{
	size_t i;

	for (i = 0; i < ARRAY_SIZE(link_keys); i++)
		conf->value[i] = link_keys[i].initial;
	memcpy(conf->plateau, plateaus, sizeof(plateaus));
	conf->plateaus = ARRAY_SIZE(plateaus);
	conf->pool4_source = NAT64_POOL4_HOST;
	conf->mtu = CONF_MTU;
}

bool keys_stateless(const struct conf *conf)
{
	return conf->value[0] == NAT64_MODE_STATELESS;
}

/* The mode of the device has the key. */
bool keys_have(const struct conf *conf, const struct link_key *key)
{
	return key->modes & 1U << conf->value[0];
}

/* "is not a, b or c" */
static void wrong_word(const struct link_key *key, const char *word)
{
	char list[128];
	size_t i, at = 0;

	for (i = 0; key->words[i]; i++)
		at += snprintf(list + at, sizeof(list) - at, "%s%s",
			       !i ? "" : key->words[i + 1] ? ", " : " or ",
			       key->words[i]);
	wrong("\"%s\": \"%s\" is not %s", key->name, word, list);
}

static bool parse_word(uint32_t *value, const struct link_key *key,
		       const char *word)
{
	uint32_t i;

	for (i = 0; key->words[i]; i++) {
		if (!strcmp(key->words[i], word)) {
			*value = i;
			return true;
		}
	}

	wrong_word(key, word);
	return false;
}

/* As in ip, a TOS may be hexadecimal. */
static bool parse_tos(uint32_t *value, const struct link_key *key,
		      const char *word)
{
	char *end;

	if (key->nest || key->attr != IFLA_NAT64_TOS ||
	    strncasecmp(word, "0x", 2) || !isxdigit((unsigned char)word[2]))
		return false;

	*value = strtoul(word, &end, 16);
	return !*end && strlen(word) <= 4;
}

static bool parse_number(uint32_t *value, const struct link_key *key,
			 const char *word)
{
	if (number_parse(value, word, key->max) && *value >= key->min)
		return true;
	if (parse_tos(value, key, word))
		return true;

	wrong("\"%s\": \"%s\" is not a number from %u to %u", key->name, word,
	      key->min, key->max);
	return false;
}

static bool parse_value(struct conf *conf, size_t i, char **words)
{
	const struct link_key *key = &link_keys[i];

	if (!words_once(key->name, conf->value_line[i]) ||
	    !words_value(words, "value"))
		return false;

	conf->value_line[i] = place.line;
	return key->words ? parse_word(&conf->value[i], key, words[1]) :
			    parse_number(&conf->value[i], key, words[1]);
}

static bool parse_pool6(struct conf *conf, char **words)
{
	if (!words_once(*words, conf->pool6_line) ||
	    !words_value(words, "IPv6 prefix"))
		return false;

	conf->pool6_line = place.line;
	return prefix6_parse(&conf->pool6, words[1]);
}

static bool parse_plateaus(struct conf *conf, char **words)
{
	char *number, *next;
	uint32_t mtu;

	if (!words_once(*words, conf->plateau_line) ||
	    !words_value(words, "list of numbers"))
		return false;

	conf->plateau_line = place.line;
	conf->plateaus = 0;
	for (next = words[1]; (number = strsep(&next, ","));) {
		if (!number_parse(&mtu, number, UINT16_MAX) || !mtu) {
			wrong("\"%s\": \"%s\" is not a number from 1 to 65535",
			      *words, number);
			return false;
		}
		if (conf->plateaus == NAT64_MTU_PLATEAUS_MAX) {
			wrong("\"%s\": \"%s\" is one number too many, there may be %u",
			      *words, number, NAT64_MTU_PLATEAUS_MAX);
			return false;
		}
		conf->plateau[conf->plateaus++] = mtu;
	}

	return true;
}

static bool parse_rfc6791(struct conf *conf, char **words)
{
	char buf[NL_ENTRY_SIZE] __attribute__((aligned(8)));
	char text[PREFIX4_TEXT];
	struct prefix4 prefix;
	struct nlmsghdr *nlh;
	struct nlattr *nest;

	if (!words_value(words, "IPv4 prefix"))
		return false;
	if (!strcmp(words[1], "none")) {
		if (!conf->rfc6791.count)
			return true;
		wrong("\"%s\": \"none\" cannot be combined with prefixes",
		      *words);
		return false;
	}
	if (!prefix4_parse(&prefix, words[1]))
		return false;

	nlh = mnl_nlmsg_put_header(buf);
	nest = mnl_attr_nest_start(nlh, IFLA_NAT64_RFC6791_ENTRY);
	mnl_attr_put_u32(nlh, IFLA_NAT64_RFC6791_PREFIX, prefix.addr.s_addr);
	mnl_attr_put_u8(nlh, IFLA_NAT64_RFC6791_LEN, prefix.len);
	mnl_attr_nest_end(nlh, nest);
	rows_add(&conf->rfc6791, nlh, prefix4_text(&prefix, text));
	return true;
}

/* "pool4 host", "pool4 none", or an entry and what follows it. */
static int parse_pool4(struct conf *conf, char **words)
{
	int got, used = 1;

	if (!words_value(words, "IPv4 prefix"))
		return -1;
	if (!strcmp(words[1], "host") || !strcmp(words[1], "none")) {
		if (!words_once(*words, conf->pool4_line))
			return -1;
		conf->pool4_line = place.line;
		conf->pool4_source = *words[1] == 'h' ? NAT64_POOL4_HOST :
							NAT64_POOL4_NONE;
		return 2;
	}

	entry_rows.clear();
	do {
		got = entry_rows.parse(words + used, used == 1);
		if (got < 0)
			return -1;
		used += got;
	} while (words[used] && entry_is_word(words[used]));
	rows_take(&conf->pool4, &entry_rows);
	return used;
}

/**
 * keys_parse - parse a key and its value
 * @conf: configuration
 * @words: key and value
 *
 * Return: number of words, -1 if they are wrong.
 */
int keys_parse(struct conf *conf, char **words)
{
	size_t i;

	for (i = 0; i < ARRAY_SIZE(link_keys); i++)
		if (!strcmp(link_keys[i].name, *words))
			return parse_value(conf, i, words) ? 2 : -1;
	if (!strcmp(*words, "pool6"))
		return parse_pool6(conf, words) ? 2 : -1;
	if (!strcmp(*words, "mtu-plateaus"))
		return parse_plateaus(conf, words) ? 2 : -1;
	if (!strcmp(*words, "rfc6791-pool"))
		return parse_rfc6791(conf, words) ? 2 : -1;
	if (!strcmp(*words, "pool4"))
		return parse_pool4(conf, words);

	wrong("\"%s\" is not a key, see \"ip link help nat64\"", *words);
	return -1;
}

static void read_values(struct conf *conf, const struct nlattr *data)
{
	const struct nlattr *nest;
	size_t i;

	for (i = 0; i < ARRAY_SIZE(link_keys); i++) {
		nest = link_keys[i].nest ?
		       nl_nested_attr(data, link_keys[i].nest) : data;
		if (nest)
			nl_nested_u32(nest, link_keys[i].attr,
				      &conf->value[i]);
	}
}

static void read_pool6(struct conf *conf, const struct nlattr *nest)
{
	const struct nlattr *prefix, *len;

	prefix = nl_nested_attr(nest, IFLA_NAT64_POOL6_PREFIX);
	len = nl_nested_attr(nest, IFLA_NAT64_POOL6_LEN);
	if (!prefix || !len ||
	    mnl_attr_get_payload_len(prefix) != sizeof(conf->pool6.addr))
		return;

	memcpy(&conf->pool6.addr, mnl_attr_get_payload(prefix),
	       sizeof(conf->pool6.addr));
	conf->pool6.len = mnl_attr_get_u8(len);
}

static void read_plateaus(struct conf *conf, const struct nlattr *attr)
{
	size_t size = mnl_attr_get_payload_len(attr);

	if (size > sizeof(conf->plateau))
		return;

	memcpy(conf->plateau, mnl_attr_get_payload(attr), size);
	conf->plateaus = size / sizeof(conf->plateau[0]);
}

static void read_rfc6791(struct conf *conf, const struct nlattr *list)
{
	char text[PREFIX4_TEXT], *words[] = { "rfc6791-pool", text, NULL };
	const struct nlattr *nest, *len;
	struct prefix4 prefix;

	mnl_attr_for_each_nested(nest, list) {
		len = nl_nested_attr(nest, IFLA_NAT64_RFC6791_LEN);
		if (!len || !nl_nested_u32(nest, IFLA_NAT64_RFC6791_PREFIX,
					   &prefix.addr.s_addr))
			continue;
		prefix.len = mnl_attr_get_u8(len);
		prefix4_text(&prefix, text);
		parse_rfc6791(conf, words);
	}
}

/**
 * keys_read - read the keys of a device
 * @conf: configuration with the defaults
 * @data: IFLA_INFO_DATA
 */
void keys_read(struct conf *conf, const struct nlattr *data)
{
	const struct nlattr *attr;

	read_values(conf, data);
	attr = nl_nested_attr(data, IFLA_NAT64_POOL6);
	if (attr)
		read_pool6(conf, attr);
	attr = nl_nested_attr(data, IFLA_NAT64_MTU_PLATEAUS);
	if (attr)
		read_plateaus(conf, attr);
	attr = nl_nested_attr(data, IFLA_NAT64_RFC6791_POOL);
	if (attr)
		read_rfc6791(conf, attr);
	nl_nested_u32(data, IFLA_NAT64_POOL4_SOURCE, &conf->pool4_source);
}

static void print_set(const struct conf *conf, const char *key)
{
	printf("link set dev %s type nat64 %s ", conf->name, key);
}

static void print_value(const struct conf *conf, size_t i)
{
	uint32_t value = conf->value[i], word;

	print_set(conf, link_keys[i].name);
	if (!link_keys[i].words) {
		printf("%u\n", value);
		return;
	}
	for (word = 0; link_keys[i].words[word] && word < value; word++)
		;
	/* A newer module may have more words. */
	puts(link_keys[i].words[word] ?: "unknown");
}

static void print_plateaus(const struct conf *conf)
{
	unsigned int i;

	print_set(conf, "mtu-plateaus");
	for (i = 0; i < conf->plateaus; i++)
		printf("%s%u", i ? "," : "", conf->plateau[i]);
	puts("");
}

/**
 * keys_print - print the statements for the keys that have no default value
 * @conf: configuration
 */
void keys_print(const struct conf *conf)
{
	char text[PREFIX6_TEXT];
	size_t i;

	printf("link add dev %s type nat64 mode %s pool6 %s\n", conf->name,
	       keys_stateless(conf) ? "stateless" : "stateful",
	       prefix6_text(&conf->pool6, text));
	for (i = 1; i < ARRAY_SIZE(link_keys); i++)
		if (keys_have(conf, &link_keys[i]) &&
		    conf->value[i] != link_keys[i].initial)
			print_value(conf, i);
	if (conf->plateaus != ARRAY_SIZE(plateaus) ||
	    memcmp(conf->plateau, plateaus, sizeof(plateaus)))
		print_plateaus(conf);
	for (i = 0; i < conf->rfc6791.count; i++) {
		print_set(conf, "rfc6791-pool");
		puts(row_text(&conf->rfc6791.row[i]));
	}
	if (!keys_stateless(conf) && conf->pool4_source == NAT64_POOL4_NONE) {
		print_set(conf, "pool4");
		puts("none");
	}
}
