/* SPDX-License-Identifier: GPL-2.0-only WITH Linux-syscall-note */
/*
 * nat64 - IPv6/IPv4 translation device: user-space API.
 *
 * Devices are created and changed over rtnetlink: IFLA_INFO_KIND is "nat64" and
 * IFLA_INFO_DATA holds the attributes below. IPv4 and IPv6 addresses are in
 * network byte order, all other values in host byte order.
 */
#ifndef _UAPI_LINUX_NAT64_H
#define _UAPI_LINUX_NAT64_H

/**
 * enum nat64_mode - translation mode of a device
 * @NAT64_MODE_STATEFUL: many IPv6 hosts share the addresses of pool4; the
 *	device keeps bindings and sessions (RFC 6146)
 * @NAT64_MODE_STATELESS: each address maps to exactly one address of the
 *	other family, algorithmically (RFC 7915, RFC 6052)
 */
enum nat64_mode {
	NAT64_MODE_STATEFUL,
	NAT64_MODE_STATELESS,
};

/**
 * enum nat64_hairpin - translation of packets between two hosts with explicit
 *	mappings (RFC 7757 section 4)
 * @NAT64_HAIRPIN_OFF: translate by the mappings in both directions
 * @NAT64_HAIRPIN_SIMPLE: the IPv4 network sends the packet back to the device,
 *	which translates it such that replies take the same path
 * @NAT64_HAIRPIN_INTRINSIC: the device translates the packet back to IPv6
 *	immediately
 */
enum nat64_hairpin {
	NAT64_HAIRPIN_OFF,
	NAT64_HAIRPIN_SIMPLE,
	NAT64_HAIRPIN_INTRINSIC,
};

/**
 * enum nat64_amend - handling of IPv4 UDP packets without checksum in a
 *	stateless device
 * @NAT64_AMEND_OFF: drop them
 * @NAT64_AMEND_ON: compute the checksum; drop first fragments, for which it
 *	cannot be computed (RFC 7915 section 4.5)
 * @NAT64_AMEND_FORWARD: compute the checksum; translate first fragments without
 *	one (RFC 7915 section 1.2)
 */
enum nat64_amend {
	NAT64_AMEND_OFF,
	NAT64_AMEND_ON,
	NAT64_AMEND_FORWARD,
};

/**
 * enum nat64_pooling - what to do when a subscriber's IPv4 address has no free
 *	ports
 * @NAT64_POOLING_HARD: refuse new bindings (RFC 7857 section 4)
 * @NAT64_POOLING_SOFT: use another address of pool4
 */
enum nat64_pooling {
	NAT64_POOLING_HARD,
	NAT64_POOLING_SOFT,
};

/**
 * enum nat64_fast_path - may translated packets skip parts of the receive path?
 * @NAT64_FAST_PATH_AUTO: yes, while nothing looks at packets that are received
 *	on the device
 * @NAT64_FAST_PATH_OFF: no
 */
enum nat64_fast_path {
	NAT64_FAST_PATH_AUTO,
	NAT64_FAST_PATH_OFF,
};

/**
 * enum nat64_pool4_source - source of the IPv4 addresses of a stateful device
 * @NAT64_POOL4_HOST: addresses of the host, ports 61001 to 65535 (default of a
 *	new device); see also IFLA_NAT64_HOST_LOW_PORTS
 * @NAT64_POOL4_NONE: no addresses; new flows are not translated
 * @NAT64_POOL4_ENTRIES: the entries of pool4. Becomes NAT64_POOL4_NONE when the
 *	last entry is removed.
 */
enum nat64_pool4_source {
	NAT64_POOL4_HOST,
	NAT64_POOL4_NONE,
	NAT64_POOL4_ENTRIES,
};

/* Bounds of the timeouts, in seconds. The minimums are those of RFC 6146
 * section 4 and RFC 5508 section 3.2; RFC 7857 section 2.1 removes that of the
 * transitory timeout.
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

/* Maximum number of entries in pool4, IFLA_NAT64_POOL4_SUMMARY and
 * IFLA_NAT64_RFC6791_POOL.
 */
#define NAT64_POOL4_MAX			256
#define NAT64_POOL4_SHOWN		8
#define NAT64_RFC6791_POOL_MAX		16

/* Maximum number of entries in IFLA_NAT64_MTU_PLATEAUS. */
#define NAT64_MTU_PLATEAUS_MAX		16

/**
 * enum - attributes of IFLA_INFO_DATA
 * @IFLA_NAT64_UNSPEC: unused
 * @IFLA_NAT64_MODE: u32, &enum nat64_mode. Stateful when absent; fixed once
 *	the device exists.
 * @IFLA_NAT64_POOL6: nest of IFLA_NAT64_POOL6_*, the prefix in which IPv4
 *	addresses are embedded (RFC 6052). Required for a new device.
 * @IFLA_NAT64_POOL4_SOURCE: u32, &enum nat64_pool4_source. In requests,
 *	NAT64_POOL4_HOST and NAT64_POOL4_NONE remove all entries and must not
 *	be combined with IFLA_NAT64_POOL4; NAT64_POOL4_ENTRIES changes nothing.
 * @IFLA_NAT64_POOL4: nest of one or more IFLA_NAT64_POOL4_ENTRY, the IPv4
 *	addresses that a stateful device translates to; in requests only.
 *	Replaces the whole list; bindings on unchanged entries are kept.
 *	NAT64_CMD_POOL4_ADD and NAT64_CMD_POOL4_DEL change single entries.
 * @IFLA_NAT64_POOL4_SUMMARY: nest of IFLA_NAT64_POOL4_SUMMARY_*, in replies
 *	only, so that sending a reply back cannot remove entries.
 * @IFLA_NAT64_TIMEOUTS: nest of IFLA_NAT64_TIMEOUT_*, for stateful devices
 * @IFLA_NAT64_LIMITS: nest of IFLA_NAT64_LIMIT_*, for stateful devices
 * @IFLA_NAT64_LOWEST_IPV6_MTU: u32, 1280 to 65535: IPv4 packets without DF are
 *	fragmented such that the IPv6 packets are no larger (default 1280)
 * @IFLA_NAT64_MTU_PLATEAUS: array of u16, descending: path MTU estimates for
 *	ICMPv4 errors that report none (default: RFC 1191 section 7)
 * @IFLA_NAT64_ZEROIZE_TRAFFIC_CLASS: u32, 1: set the traffic class of
 *	translated IPv4 packets to 0 instead of copying the TOS (default 0)
 * @IFLA_NAT64_OVERRIDE_TOS: u32, 1: set the TOS of translated IPv6 packets to
 *	IFLA_NAT64_TOS instead of copying the traffic class (default 0)
 * @IFLA_NAT64_TOS: u32, 0 to 255 (default 0)
 * @IFLA_NAT64_AMEND_UDP_CHECKSUM_ZERO: u32, &enum nat64_amend, for stateless
 *	devices (default off)
 * @IFLA_NAT64_WKP_STRICT: u32, 1: with pool6 64:ff9b::/96, drop packets with
 *	non-global IPv4 addresses (RFC 6052 section 3.1; default 1)
 * @IFLA_NAT64_EAM_HAIRPIN_MODE: u32, &enum nat64_hairpin (default intrinsic)
 * @IFLA_NAT64_RFC6791_POOL: nest of IFLA_NAT64_RFC6791_ENTRY, IPv4 addresses
 *	used as sources of ICMP errors from nodes without an IPv4 address
 *	(RFC 6791); replaces the whole list. If empty, 192.0.0.8 is used.
 * @IFLA_NAT64_RANDOMIZE_RFC6791: u32, 0: a node without an IPv4 address always
 *	gets the same address of IFLA_NAT64_RFC6791_POOL (default 1)
 * @IFLA_NAT64_ADDRESS_DEPENDENT_FILTERING: u32, 1: an IPv4 address may only
 *	send to an IPv6 host that has sent to it (default 0)
 * @IFLA_NAT64_DROP_ICMPV6_INFO: u32, 1: do not translate pings (default 0)
 * @IFLA_NAT64_DROP_EXTERNALLY_INITIATED_TCP: u32, 1: drop TCP connections that
 *	are initiated from IPv4 (default 0)
 * @IFLA_NAT64_HANDLE_RST_DURING_FIN_RCV: u32, 1: a RST in a half-closed TCP
 *	session shortens its lifetime to the transitory timeout (RFC 7857
 *	section 2.2), 0: it does not (RFC 6146 section 3.5.2.2; default 1)
 * @IFLA_NAT64_SOURCE_ICMPV6_ERRORS_BETTER: u32, 1: the source of an ICMP error
 *	from IPv4 is the translated address of its sender, 0: that of the
 *	destination of the quoted packet (default 1)
 * @IFLA_NAT64_INBOUND_REFRESH: u32, 0: only packets from IPv6 refresh sessions
 *	(RFC 4787 section 4.3; default 1)
 * @IFLA_NAT64_LOGGING_BIB: u32, 1: log each added and removed binding in the
 *	kernel log (default 0)
 * @IFLA_NAT64_LOGGING_SESSION: u32, 1: log each added and removed session in
 *	the kernel log (default 0)
 * @IFLA_NAT64_PAIRED_POOLING: u32, &enum nat64_pooling (default hard)
 * @IFLA_NAT64_HOST_LOW_PORTS: u32, 1: with NAT64_POOL4_HOST, map TCP and UDP
 *	source ports below 1024 to ports 600 to 1023 of the host's addresses,
 *	as long as any are free (default 0)
 * @IFLA_NAT64_FAST_PATH: u32, &enum nat64_fast_path (default auto)
 *
 * Requests with an attribute of an unknown type or a wrong length, with
 * duplicate attributes or with a nest without NLA_F_NESTED are rejected. A
 * request to change a device leaves settings without attribute unchanged.
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
	IFLA_NAT64_FAST_PATH,

	/* private: */
	__IFLA_NAT64_MAX,
};

#define IFLA_NAT64_MAX (__IFLA_NAT64_MAX - 1)

/**
 * enum - attributes of IFLA_NAT64_TIMEOUTS, all u32 seconds
 * @IFLA_NAT64_TIMEOUT_UNSPEC: unused
 * @IFLA_NAT64_TIMEOUT_UDP: idle timeout of UDP sessions (default 300)
 * @IFLA_NAT64_TIMEOUT_TCP_EST: idle timeout of established TCP sessions
 *	(default 7200)
 * @IFLA_NAT64_TIMEOUT_TCP_TRANS: transitory timeout: of TCP sessions that are
 *	closing, have been reset or are being probed (default 240)
 * @IFLA_NAT64_TIMEOUT_TCP_OPEN: timeout of TCP sessions that are being opened
 *	(RFC 7857 section 2.1; default 240)
 * @IFLA_NAT64_TIMEOUT_ICMP: idle timeout of ICMP query sessions (default 60)
 * @IFLA_NAT64_TIMEOUT_HOLD_DOWN: hold-down of a UDP port or query identifier
 *	before another binding can use it (RFC 6888 section 3, REQ-8; default
 *	120)
 * @IFLA_NAT64_TIMEOUT_DNS: timeout of UDP sessions to port 53 from the reply
 *	to the next packet from IPv6 (RFC 4787 section 4.3, REQ-5; default 10).
 *	IFLA_NAT64_TIMEOUT_UDP applies if it is shorter.
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

	/* private: */
	__IFLA_NAT64_TIMEOUT_MAX,
};

#define IFLA_NAT64_TIMEOUT_MAX (__IFLA_NAT64_TIMEOUT_MAX - 1)

/**
 * enum - attributes of IFLA_NAT64_LIMITS, all u32
 * @IFLA_NAT64_LIMIT_UNSPEC: unused
 * @IFLA_NAT64_LIMIT_SUBSCRIBER_PREFIX: 1 to 128: prefix length of a subscriber,
 *	for the limits and for the choice of the IPv4 address (default 128)
 * @IFLA_NAT64_LIMIT_MAX_BINDINGS: maximum number of bindings per subscriber
 *	and protocol; 0 for no limit (default 16384). With NAT64_POOL4_HOST, a
 *	limit is at most half of the ports 61001 to 65535.
 * @IFLA_NAT64_LIMIT_MAX_SESSIONS: maximum number of sessions per subscriber;
 *	0 for no limit (default 65536)
 * @IFLA_NAT64_LIMIT_MAX_TOTAL_SESSIONS: maximum number of sessions of the
 *	device; 0 for no limit (default 1048576)
 * @IFLA_NAT64_LIMIT_SIMULTANEOUS_OPENS: 0 to 65535: maximum number of TCP SYN
 *	packets from IPv4 that are stored until the IPv6 host opens as well;
 *	0 stores none (default 64)
 * @IFLA_NAT64_LIMIT_HOLD_DOWN_PERCENT: 0 to 100: maximum percentage of an
 *	address's ports in hold-down. Beyond it, or when no other port is free,
 *	the hold-down of the oldest one ends early (default 12).
 * @IFLA_NAT64_LIMIT_POOL4_HIGH: 0 to 100: notify listeners when a protocol uses
 *	this percentage of a pool4 entry (RFC 8158 section 4.5); 0 for no
 *	notifications (default 90)
 * @IFLA_NAT64_LIMIT_POOL4_LOW: 0 to 100, not above the high threshold unless
 *	that is 0: notify listeners again when usage falls below it; until
 *	then, the high threshold is not notified again (default 80)
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

	/* private: */
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

	/* private: */
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
 *	the length. All addresses of the prefix are used, including the first
 *	and last.
 * @IFLA_NAT64_POOL4_LEN: u8, 8 to 32
 * @IFLA_NAT64_POOL4_PORT_MIN: u16, lowest port or ICMP identifier to use
 *	(default 1, never 0)
 * @IFLA_NAT64_POOL4_PORT_MAX: u16, highest port or ICMP identifier to use
 *	(default 65535)
 * @IFLA_NAT64_POOL4_PROTO: u8, IPPROTO_TCP, IPPROTO_UDP or IPPROTO_ICMP: the
 *	entry is for this protocol only (default: all)
 * @IFLA_NAT64_POOL4_MARK: u32, the entry is for IPv6 packets with this mark;
 *	without it or with 0, the entry is for packets whose mark matches no
 *	entry for their protocol
 */
enum {
	IFLA_NAT64_POOL4_UNSPEC,
	IFLA_NAT64_POOL4_PREFIX,
	IFLA_NAT64_POOL4_LEN,
	IFLA_NAT64_POOL4_PORT_MIN,
	IFLA_NAT64_POOL4_PORT_MAX,
	IFLA_NAT64_POOL4_PROTO,
	IFLA_NAT64_POOL4_MARK,

	/* private: */
	__IFLA_NAT64_POOL4_MAX,
};

#define IFLA_NAT64_POOL4_MAX (__IFLA_NAT64_POOL4_MAX - 1)

/**
 * enum - attributes of IFLA_NAT64_POOL4_SUMMARY
 * @IFLA_NAT64_POOL4_SUMMARY_UNSPEC: unused
 * @IFLA_NAT64_POOL4_SUMMARY_COUNT: u32, number of entries in pool4
 * @IFLA_NAT64_POOL4_SUMMARY_ENTRY: nest of IFLA_NAT64_POOL4_*; repeated for at
 *	most the first NAT64_POOL4_SHOWN entries
 */
enum {
	IFLA_NAT64_POOL4_SUMMARY_UNSPEC,
	IFLA_NAT64_POOL4_SUMMARY_COUNT,
	IFLA_NAT64_POOL4_SUMMARY_ENTRY,

	/* private: */
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

	/* private: */
	__IFLA_NAT64_RFC6791_MAX,
};

#define IFLA_NAT64_RFC6791_MAX (__IFLA_NAT64_RFC6791_MAX - 1)

/* Counters of packets that were not translated, by reason, in the order of
 * their numbers. Numbers are never reused; new counters are appended.
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
 * Programs show an unknown counter as "counter-" and its number.
 */
enum nat64_counter {
	NAT64_COUNTER_UNSPEC,
	NAT64_COUNTER_PAD,
	/* private: */

#define NAT64_COUNTER_NUMBER(name, text) NAT64_COUNTER_##name,
	NAT64_COUNTERS(NAT64_COUNTER_NUMBER)
#undef NAT64_COUNTER_NUMBER

	__NAT64_COUNTER_MAX,
};

#define NAT64_COUNTER_MAX (__NAT64_COUNTER_MAX - 1)

/* Attribute of IFLA_STATS_LINK_XSTATS (RTM_GETSTATS): a nest of the counters,
 * each a u64 with its number as attribute type. The value is provisional: the
 * driver is not part of the kernel, where enum LINK_XSTATS_TYPE may assign it
 * to another kind of link. Check the kind of a device before using it.
 */
#define LINK_XSTATS_TYPE_NAT64 64

#endif /* _UAPI_LINUX_NAT64_H */
