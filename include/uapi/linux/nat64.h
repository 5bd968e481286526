/* SPDX-License-Identifier: GPL-2.0-only WITH Linux-syscall-note */
/*
 * nat64 - IPv6/IPv4 translation device: the interface to user space.
 *
 * A device is made and changed over rtnetlink: IFLA_INFO_KIND is "nat64" and
 * IFLA_INFO_DATA holds the attributes below. IPv4 addresses, IPv6 addresses
 * and nothing else are in network byte order.
 */
#ifndef _UAPI_LINUX_NAT64_H
#define _UAPI_LINUX_NAT64_H

/**
 * enum nat64_mode - what kind of translator a device is
 * @NAT64_MODE_STATEFUL: many IPv6 hosts share the addresses of pool4; the
 *	device keeps bindings and sessions (RFC 6146)
 * @NAT64_MODE_STATELESS: every address maps to exactly one address of the
 *	other family, by algorithm (RFC 7915, RFC 6052)
 */
enum nat64_mode {
	NAT64_MODE_STATEFUL,
	NAT64_MODE_STATELESS,
};

/**
 * enum nat64_hairpin - what a packet between two hosts with explicit mappings
 *	goes through (RFC 7757 section 4)
 * @NAT64_HAIRPIN_OFF: translated by the mappings, both ways
 * @NAT64_HAIRPIN_SIMPLE: translated so that answers take the same way, if the
 *	IPv4 network sends it back
 * @NAT64_HAIRPIN_INTRINSIC: translated to IPv6 again at once
 */
enum nat64_hairpin {
	NAT64_HAIRPIN_OFF,
	NAT64_HAIRPIN_SIMPLE,
	NAT64_HAIRPIN_INTRINSIC,
};

/**
 * enum nat64_amend - what a stateless device does with IPv4 UDP packets without
 *	checksum
 * @NAT64_AMEND_OFF: drop them
 * @NAT64_AMEND_ON: compute the checksum; drop first fragments, of which none
 *	can be computed (RFC 7915 section 4.5)
 * @NAT64_AMEND_FORWARD: compute the checksum; translate first fragments without
 *	one (RFC 7915 section 1.2)
 */
enum nat64_amend {
	NAT64_AMEND_OFF,
	NAT64_AMEND_ON,
	NAT64_AMEND_FORWARD,
};

/**
 * enum nat64_pooling - what a subscriber gets when its IPv4 address is full
 * @NAT64_POOLING_HARD: no more mappings (RFC 7857 section 4)
 * @NAT64_POOLING_SOFT: mappings on another address of pool4
 */
enum nat64_pooling {
	NAT64_POOLING_HARD,
	NAT64_POOLING_SOFT,
};

/**
 * enum nat64_pool4_source - where a stateful device has IPv4 addresses from
 * @NAT64_POOL4_HOST: those of the host, ports 61001 to 65535 (default of a new
 *	device); see IFLA_NAT64_HOST_LOW_PORTS, too
 * @NAT64_POOL4_NONE: it has none, and translates no new flows
 * @NAT64_POOL4_ENTRIES: the entries of pool4. Never without one: when the last
 *	one is removed, it is NAT64_POOL4_NONE.
 */
enum nat64_pool4_source {
	NAT64_POOL4_HOST,
	NAT64_POOL4_NONE,
	NAT64_POOL4_ENTRIES,
};

/* Bounds of the timeouts, in seconds. The lower ones are of RFC 6146 section
 * 4 and RFC 5508 section 3.2; RFC 7857 section 2.1 frees the transitory one.
 */
#define NAT64_UDP_TIMEOUT_MIN		120
#define NAT64_TCP_EST_TIMEOUT_MIN	7200
#define NAT64_TCP_TRANS_TIMEOUT_MIN	1
#define NAT64_TCP_OPEN_TIMEOUT_MIN	1
#define NAT64_ICMP_TIMEOUT_MIN		60
#define NAT64_DNS_TIMEOUT_MIN		1
#define NAT64_TIMEOUT_MAX		31536000
#define NAT64_HOLD_DOWN_TIMEOUT_MAX	86400

/* Bounds of other numbers. */
#define NAT64_LOWEST_IPV6_MTU_MIN	1280
#define NAT64_LOWEST_IPV6_MTU_MAX	65535
#define NAT64_TOS_MAX			255
#define NAT64_SIMULTANEOUS_OPENS_MAX	65535
#define NAT64_SUBSCRIBER_PREFIX_MIN	1
#define NAT64_SUBSCRIBER_PREFIX_MAX	128
#define NAT64_HOLD_DOWN_PERCENT_MAX	100
#define NAT64_POOL4_THRESHOLD_MAX	100

/* Most entries of pool4, and of IFLA_NAT64_RFC6791_POOL. */
#define NAT64_POOL4_MAX			256
/* Most entries that IFLA_NAT64_POOL4_SUMMARY has. */
#define NAT64_POOL4_SHOWN		8
#define NAT64_RFC6791_POOL_MAX		16

/* Most entries of IFLA_NAT64_MTU_PLATEAUS. */
#define NAT64_MTU_PLATEAUS_MAX		16

/**
 * enum - attributes of IFLA_INFO_DATA
 * @IFLA_NAT64_UNSPEC: unused
 * @IFLA_NAT64_MODE: u32, &enum nat64_mode. Stateful when absent; fixed once
 *	the device exists.
 * @IFLA_NAT64_POOL6: nest of IFLA_NAT64_POOL6_*, the prefix in which IPv4
 *	addresses are embedded (RFC 6052). Required to make a device.
 * @IFLA_NAT64_POOL4_SOURCE: u32, &enum nat64_pool4_source. In requests,
 *	NAT64_POOL4_HOST and NAT64_POOL4_NONE remove all entries, and exclude
 *	IFLA_NAT64_POOL4; NAT64_POOL4_ENTRIES changes nothing.
 * @IFLA_NAT64_POOL4: nest of one or more IFLA_NAT64_POOL4_ENTRY, the IPv4
 *	addresses that a stateful device translates to; in requests only.
 *	Replaces the whole list; entries that stay keep their bindings.
 *	NAT64_CMD_POOL4_ADD and NAT64_CMD_POOL4_DEL change single entries.
 * @IFLA_NAT64_POOL4_SUMMARY: nest of IFLA_NAT64_POOL4_SUMMARY_*, in answers
 *	only, so that what is read and sent back cannot remove entries.
 * @IFLA_NAT64_TIMEOUTS: nest of IFLA_NAT64_TIMEOUT_*, for stateful devices
 * @IFLA_NAT64_LIMITS: nest of IFLA_NAT64_LIMIT_*, for stateful devices
 * @IFLA_NAT64_LOWEST_IPV6_MTU: u32, 1280 to 65535: IPv4 packets without DF are
 *	fragmented so that none is larger in IPv6 (default 1280)
 * @IFLA_NAT64_MTU_PLATEAUS: array of u16, descending: path MTUs to guess from
 *	when an ICMPv4 error tells none (RFC 1191 section 7 when absent)
 * @IFLA_NAT64_ZEROIZE_TRAFFIC_CLASS: u32, 1: the traffic class of translated
 *	IPv4 packets is 0, instead of the TOS (default 0)
 * @IFLA_NAT64_OVERRIDE_TOS: u32, 1: the TOS of translated IPv6 packets is
 *	IFLA_NAT64_TOS, instead of the traffic class (default 0)
 * @IFLA_NAT64_TOS: u32, 0 to 255 (default 0)
 * @IFLA_NAT64_AMEND_UDP_CHECKSUM_ZERO: u32, &enum nat64_amend, for stateless
 *	devices (default off)
 * @IFLA_NAT64_WKP_STRICT: u32, 1: with pool6 64:ff9b::/96, IPv4 addresses that
 *	are not global are refused (RFC 6052 section 3.1; default 1)
 * @IFLA_NAT64_EAM_HAIRPIN_MODE: u32, &enum nat64_hairpin (default intrinsic)
 * @IFLA_NAT64_RFC6791_POOL: nest of IFLA_NAT64_RFC6791_ENTRY, IPv4 addresses
 *	that stand for nodes without one as the sources of ICMP errors
 *	(RFC 6791); replaces the whole list. 192.0.0.8 when empty.
 * @IFLA_NAT64_RANDOMIZE_RFC6791: u32, 0: a node without IPv4 address is always
 *	shown by the same address of IFLA_NAT64_RFC6791_POOL (default 1)
 * @IFLA_NAT64_ADDRESS_DEPENDENT_FILTERING: u32, 1: only IPv4 addresses that an
 *	IPv6 host has sent to may send to it (default 0)
 * @IFLA_NAT64_DROP_ICMPV6_INFO: u32, 1: pings are not translated (default 0)
 * @IFLA_NAT64_DROP_EXTERNALLY_INITIATED_TCP: u32, 1: no TCP connection may
 *	begin on the IPv4 side (default 0)
 * @IFLA_NAT64_HANDLE_RST_DURING_FIN_RCV: u32, 1: a reset of a half-closed TCP
 *	session shortens its life to the transitory timeout (RFC 7857 section
 *	2.2), 0: it does not (RFC 6146 section 3.5.2.2; default 1)
 * @IFLA_NAT64_SOURCE_ICMPV6_ERRORS_BETTER: u32, 1: an ICMP error from IPv4
 *	comes from the IPv6 form of its sender's address, 0: from that of the
 *	address that the packet was sent to (default 1)
 * @IFLA_NAT64_INBOUND_REFRESH: u32, 0: only packets from IPv6 prolong the life
 *	of a session (RFC 4787 section 4.3; default 1)
 * @IFLA_NAT64_LOGGING_BIB: u32, 1: the kernel's log tells of each binding that
 *	comes or goes (default 0)
 * @IFLA_NAT64_LOGGING_SESSION: u32, 1: and of each session (default 0)
 * @IFLA_NAT64_PAIRED_POOLING: u32, &enum nat64_pooling (default hard)
 * @IFLA_NAT64_HOST_LOW_PORTS: u32, 1: with NAT64_POOL4_HOST, IPv6 hosts that
 *	send from a TCP or UDP port below 1024 get ports 600 to 1023 of the
 *	host's addresses while there are some (default 0)
 *
 * A request that has an attribute of another type or length, an attribute more
 * than once, or a nest without NLA_F_NESTED, is refused. What a request to
 * change a device does not have, stays.
 */
enum {
	IFLA_NAT64_UNSPEC,
	IFLA_NAT64_MODE,
	IFLA_NAT64_POOL6,
	IFLA_NAT64_POOL4_SOURCE,
	IFLA_NAT64_POOL4,
	IFLA_NAT64_POOL4_SUMMARY,
	IFLA_NAT64_TIMEOUTS,
	IFLA_NAT64_LIMITS,
	IFLA_NAT64_LOWEST_IPV6_MTU,
	IFLA_NAT64_MTU_PLATEAUS,
	IFLA_NAT64_ZEROIZE_TRAFFIC_CLASS,
	IFLA_NAT64_OVERRIDE_TOS,
	IFLA_NAT64_TOS,
	IFLA_NAT64_AMEND_UDP_CHECKSUM_ZERO,
	IFLA_NAT64_WKP_STRICT,
	IFLA_NAT64_EAM_HAIRPIN_MODE,
	IFLA_NAT64_RFC6791_POOL,
	IFLA_NAT64_RANDOMIZE_RFC6791,
	IFLA_NAT64_ADDRESS_DEPENDENT_FILTERING,
	IFLA_NAT64_DROP_ICMPV6_INFO,
	IFLA_NAT64_DROP_EXTERNALLY_INITIATED_TCP,
	IFLA_NAT64_HANDLE_RST_DURING_FIN_RCV,
	IFLA_NAT64_SOURCE_ICMPV6_ERRORS_BETTER,
	IFLA_NAT64_INBOUND_REFRESH,
	IFLA_NAT64_LOGGING_BIB,
	IFLA_NAT64_LOGGING_SESSION,
	IFLA_NAT64_PAIRED_POOLING,
	IFLA_NAT64_HOST_LOW_PORTS,

	__IFLA_NAT64_MAX,
};

#define IFLA_NAT64_MAX (__IFLA_NAT64_MAX - 1)

/**
 * enum - attributes of IFLA_NAT64_TIMEOUTS, all u32 seconds
 * @IFLA_NAT64_TIMEOUT_UNSPEC: unused
 * @IFLA_NAT64_TIMEOUT_UDP: that a UDP session lives unused (default 300)
 * @IFLA_NAT64_TIMEOUT_TCP_EST: that an established TCP session lives unused
 *	(default 7200)
 * @IFLA_NAT64_TIMEOUT_TCP_TRANS: that a TCP session lives while it closes,
 *	after a reset, and while it is probed (default 240)
 * @IFLA_NAT64_TIMEOUT_TCP_OPEN: that a TCP session lives while it opens
 *	(RFC 7857 section 2.1; default 240)
 * @IFLA_NAT64_TIMEOUT_ICMP: that an ICMP query session lives unused (default
 *	60)
 * @IFLA_NAT64_TIMEOUT_HOLD_DOWN: that a UDP port or query identifier rests
 *	before another binding gets it (RFC 6888 section 3, REQ-8; default 120)
 * @IFLA_NAT64_TIMEOUT_DNS: that a UDP session to port 53 lives once it is
 *	answered, until the next packet from IPv6 (RFC 4787 section 4.3, REQ-5;
 *	default 10). No longer than IFLA_NAT64_TIMEOUT_UDP.
 */
enum {
	IFLA_NAT64_TIMEOUT_UNSPEC,
	IFLA_NAT64_TIMEOUT_UDP,
	IFLA_NAT64_TIMEOUT_TCP_EST,
	IFLA_NAT64_TIMEOUT_TCP_TRANS,
	IFLA_NAT64_TIMEOUT_TCP_OPEN,
	IFLA_NAT64_TIMEOUT_ICMP,
	IFLA_NAT64_TIMEOUT_HOLD_DOWN,
	IFLA_NAT64_TIMEOUT_DNS,

	__IFLA_NAT64_TIMEOUT_MAX,
};

#define IFLA_NAT64_TIMEOUT_MAX (__IFLA_NAT64_TIMEOUT_MAX - 1)

/**
 * enum - attributes of IFLA_NAT64_LIMITS, all u32
 * @IFLA_NAT64_LIMIT_UNSPEC: unused
 * @IFLA_NAT64_LIMIT_SUBSCRIBER_PREFIX: 1 to 128: IPv6 addresses that share so
 *	many leading bits count as one subscriber, for the limits and for the
 *	choice of the IPv4 address (default 128)
 * @IFLA_NAT64_LIMIT_MAX_BINDINGS: bindings that a subscriber may have, for
 *	each protocol; 0 for any number (default 16384). With the addresses of
 *	the host, half of the ports that one of them has for it is the most
 * @IFLA_NAT64_LIMIT_MAX_SESSIONS: sessions that a subscriber may have; 0 for
 *	any number (default 65536)
 * @IFLA_NAT64_LIMIT_MAX_TOTAL_SESSIONS: sessions that the device may have; 0
 *	for any number (default 1048576)
 * @IFLA_NAT64_LIMIT_SIMULTANEOUS_OPENS: 0 to 65535: TCP SYN packets from IPv4
 *	that wait at one time for the IPv6 host to open as well; 0 for none
 *	(default 64)
 * @IFLA_NAT64_LIMIT_HOLD_DOWN_PERCENT: 0 to 100: of the ports of an address,
 *	so many may rest at most; the one that rests longest goes first, also
 *	when nothing else is free (default 12)
 * @IFLA_NAT64_LIMIT_POOL4_HIGH: 0 to 100: when so many percent of an entry of
 *	pool4 are in use by a protocol, listeners are told (RFC 8158 section
 *	4.5); 0: they are not (default 90)
 * @IFLA_NAT64_LIMIT_POOL4_LOW: 0 to 100, at most the high one unless that is
 *	0: and again when fewer are; before that, they are not told of more
 *	(default 80)
 */
enum {
	IFLA_NAT64_LIMIT_UNSPEC,
	IFLA_NAT64_LIMIT_SUBSCRIBER_PREFIX,
	IFLA_NAT64_LIMIT_MAX_BINDINGS,
	IFLA_NAT64_LIMIT_MAX_SESSIONS,
	IFLA_NAT64_LIMIT_MAX_TOTAL_SESSIONS,
	IFLA_NAT64_LIMIT_SIMULTANEOUS_OPENS,
	IFLA_NAT64_LIMIT_HOLD_DOWN_PERCENT,
	IFLA_NAT64_LIMIT_POOL4_HIGH,
	IFLA_NAT64_LIMIT_POOL4_LOW,

	__IFLA_NAT64_LIMIT_MAX,
};

#define IFLA_NAT64_LIMIT_MAX (__IFLA_NAT64_LIMIT_MAX - 1)

/**
 * enum - attributes of IFLA_NAT64_POOL6
 * @IFLA_NAT64_POOL6_UNSPEC: unused
 * @IFLA_NAT64_POOL6_PREFIX: 16 bytes, struct in6_addr; no bit may be set
 *	beyond the length, nor bits 64 to 71
 * @IFLA_NAT64_POOL6_LEN: u8, one of 32, 40, 48, 56, 64, 96
 */
enum {
	IFLA_NAT64_POOL6_UNSPEC,
	IFLA_NAT64_POOL6_PREFIX,
	IFLA_NAT64_POOL6_LEN,

	__IFLA_NAT64_POOL6_MAX,
};

#define IFLA_NAT64_POOL6_MAX (__IFLA_NAT64_POOL6_MAX - 1)

/* IFLA_NAT64_POOL4 holds any number of these, each a nest of
 * IFLA_NAT64_POOL4_* below.
 */
#define IFLA_NAT64_POOL4_ENTRY 1

/**
 * enum - attributes of IFLA_NAT64_POOL4_ENTRY
 * @IFLA_NAT64_POOL4_UNSPEC: unused
 * @IFLA_NAT64_POOL4_PREFIX: be32, first address; no bit may be set beyond
 *	the length. Every address of the prefix is used, its first and last
 *	too.
 * @IFLA_NAT64_POOL4_LEN: u8, 8 to 32
 * @IFLA_NAT64_POOL4_PORT_MIN: u16, least port or ICMP identifier to use
 *	(default 1, never 0)
 * @IFLA_NAT64_POOL4_PORT_MAX: u16, greatest one (default 65535)
 * @IFLA_NAT64_POOL4_PROTO: u8, IPPROTO_TCP, IPPROTO_UDP or IPPROTO_ICMP: the
 *	entry is for this protocol only (default: for all)
 * @IFLA_NAT64_POOL4_MARK: u32, the entry is for IPv6 packets with this mark;
 *	entries without it, or 0, are for packets whose mark no entry for their
 *	protocol has
 */
enum {
	IFLA_NAT64_POOL4_UNSPEC,
	IFLA_NAT64_POOL4_PREFIX,
	IFLA_NAT64_POOL4_LEN,
	IFLA_NAT64_POOL4_PORT_MIN,
	IFLA_NAT64_POOL4_PORT_MAX,
	IFLA_NAT64_POOL4_PROTO,
	IFLA_NAT64_POOL4_MARK,

	__IFLA_NAT64_POOL4_MAX,
};

#define IFLA_NAT64_POOL4_MAX (__IFLA_NAT64_POOL4_MAX - 1)

/**
 * enum - attributes of IFLA_NAT64_POOL4_SUMMARY
 * @IFLA_NAT64_POOL4_SUMMARY_UNSPEC: unused
 * @IFLA_NAT64_POOL4_SUMMARY_COUNT: u32, number of entries that pool4 has
 * @IFLA_NAT64_POOL4_SUMMARY_ENTRY: nest of IFLA_NAT64_POOL4_*; repeated, the
 *	first NAT64_POOL4_SHOWN entries at most
 */
enum {
	IFLA_NAT64_POOL4_SUMMARY_UNSPEC,
	IFLA_NAT64_POOL4_SUMMARY_COUNT,
	IFLA_NAT64_POOL4_SUMMARY_ENTRY,

	__IFLA_NAT64_POOL4_SUMMARY_MAX,
};

#define IFLA_NAT64_POOL4_SUMMARY_MAX (__IFLA_NAT64_POOL4_SUMMARY_MAX - 1)

/* IFLA_NAT64_RFC6791_POOL holds any number of these, each a nest of
 * IFLA_NAT64_RFC6791_* below.
 */
#define IFLA_NAT64_RFC6791_ENTRY 1

/**
 * enum - attributes of IFLA_NAT64_RFC6791_ENTRY
 * @IFLA_NAT64_RFC6791_UNSPEC: unused
 * @IFLA_NAT64_RFC6791_PREFIX: be32, first address; no bit may be set beyond
 *	the length. Every address of the prefix is used.
 * @IFLA_NAT64_RFC6791_LEN: u8, 8 to 32
 */
enum {
	IFLA_NAT64_RFC6791_UNSPEC,
	IFLA_NAT64_RFC6791_PREFIX,
	IFLA_NAT64_RFC6791_LEN,

	__IFLA_NAT64_RFC6791_MAX,
};

#define IFLA_NAT64_RFC6791_MAX (__IFLA_NAT64_RFC6791_MAX - 1)

/* The counters: packets that were not translated, by the reason. In the order of
 * their numbers, which are never used for anything else; new ones come last.
 * Documentation/networking/nat64-counters.rst explains the names.
 */
#define NAT64_COUNTERS(FN)					\
	FN(MALFORMED, "malformed")				\
	FN(NO_MEMORY, "no-memory")				\
	FN(BACKLOG, "backlog-full")				\
	FN(SEGMENT, "segmentation-failed")			\
	FN(REASSEMBLY, "reassembly-failed")			\
	FN(ILLEGAL_SRC, "illegal-source")			\
	FN(ILLEGAL_DST, "illegal-destination")			\
	FN(SRC_IN_POOL6, "source-in-pool6")			\
	FN(UNTRANSLATABLE, "untranslatable-address")		\
	FN(WKP_NONGLOBAL, "wkp-not-global")			\
	FN(SOURCE_ROUTE, "source-route")			\
	FN(ROUTING_HEADER, "routing-header")			\
	FN(FRAGMENT_CHAIN, "header-after-fragment")		\
	FN(PROTOCOL, "unsupported-protocol")			\
	FN(IGMP, "igmp")					\
	FN(TOO_BIG, "too-big")					\
	FN(UDP_ZERO, "udp-zero-checksum")			\
	FN(ICMP_TYPE, "icmp-type")				\
	FN(ICMP_FRAGMENT, "icmp-fragment")			\
	FN(ICMP_CHECKSUM, "icmp-checksum")			\
	FN(ICMP_QUOTE, "icmp-quote")				\
	FN(ICMP_SESSION, "icmp-error-no-session")		\
	FN(POOL4_EMPTY, "pool4-empty")				\
	FN(POOL4_FULL, "pool4-exhausted")			\
	FN(ADDRESS_FULL, "address-exhausted")			\
	FN(MAX_BINDINGS, "max-bindings")			\
	FN(MAX_SESSIONS, "max-sessions")			\
	FN(MAX_TOTAL, "max-total-sessions")			\
	FN(NO_BINDING_UDP, "no-binding-udp")			\
	FN(NO_BINDING_TCP, "no-binding-tcp")			\
	FN(NO_BINDING_ICMP, "no-binding-icmp")			\
	FN(TCP_FLAGS, "tcp-flags")				\
	FN(TCP_NO_SESSION, "tcp-no-session")			\
	FN(SYN_UNANSWERED, "tcp-syn-unanswered")		\
	FN(SYN_CROSSED, "tcp-syn-crossed")			\
	FN(SYN_AGAIN, "tcp-syn-again")				\
	FN(SYN_FULL, "tcp-syn-store-full")			\
	FN(TCP_EXTERNAL, "tcp-external")			\
	FN(TCP_FILTERED, "tcp-filtered")			\
	FN(FILTERED, "filtered")				\
	FN(ICMPV6_INFO, "icmpv6-info")				\
	FN(EXT_HDR, "ipv6-extension-protocol")			\
	FN(LOOP, "loop")

/**
 * enum nat64_counter - numbers of the counters
 * @NAT64_COUNTER_UNSPEC: unused
 * @NAT64_COUNTER_PAD: padding for 64-bit alignment
 *
 * Programs show a counter that they do not know as "counter-" and its number.
 */
enum nat64_counter {
	NAT64_COUNTER_UNSPEC,
	NAT64_COUNTER_PAD,

#define NAT64_COUNTER_NUMBER(name, text) NAT64_COUNTER_##name,
	NAT64_COUNTERS(NAT64_COUNTER_NUMBER)
#undef NAT64_COUNTER_NUMBER

	__NAT64_COUNTER_MAX,
};

#define NAT64_COUNTER_MAX (__NAT64_COUNTER_MAX - 1)

/* Attribute of IFLA_STATS_LINK_XSTATS (RTM_GETSTATS): a nest of the counters, u64
 * each, their numbers as attribute types. This number is provisional: the driver
 * is not part of the kernel, where enum LINK_XSTATS_TYPE may give it to another
 * kind of link. So look at the kind of a device before this.
 */
#define LINK_XSTATS_TYPE_NAT64 64

#endif /* _UAPI_LINUX_NAT64_H */
