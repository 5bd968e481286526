/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The part of iproute2's include/utils.h, and of the headers it includes, that
 * iplink_nat64.c uses. Distributions do not ship those headers. Everything
 * here is the same in iproute2 5.10 to 7.1, and ip exports the functions.
 */
#ifndef NAT64_UTILS_H
#define NAT64_UTILS_H

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <linux/netlink.h>
#include <linux/rtnetlink.h>

/* Arguments */

typedef struct {
	__u16 flags;
	__u16 bytelen;
	__s16 bitlen;
	__u16 family;
	__u32 data[64];
} inet_prefix;

int get_prefix_1(inet_prefix *dst, char *arg, int family);
int get_u8(__u8 *val, const char *arg, int base);
int get_u16(__u16 *val, const char *arg, int base);
int get_u32(__u32 *val, const char *arg, int base);

void incomplete_command(void) __attribute__((noreturn));
void invarg(const char *msg, const char *arg) __attribute__((noreturn));
void duparg(const char *key, const char *arg) __attribute__((noreturn));

#define NEXT_ARG() \
	do { argv++; if (--argc <= 0) incomplete_command(); } while (0)
#define NEXT_ARG_OK() (argc - 1 > 0)

#define ARRAY_SIZE(x) (sizeof(x) / sizeof((x)[0]))

/* Attributes */

int addattr_l(struct nlmsghdr *n, int maxlen, int type, const void *data,
	      int alen);
int addattr8(struct nlmsghdr *n, int maxlen, int type, __u8 data);
int addattr16(struct nlmsghdr *n, int maxlen, int type, __u16 data);
int addattr32(struct nlmsghdr *n, int maxlen, int type, __u32 data);
struct rtattr *addattr_nest(struct nlmsghdr *n, int maxlen, int type);
int addattr_nest_end(struct nlmsghdr *n, struct rtattr *nest);

int parse_rtattr_flags(struct rtattr *tb[], int max, struct rtattr *rta,
		       int len, unsigned short flags);

#define parse_rtattr_nested(tb, max, rta) \
	(parse_rtattr_flags((tb), (max), RTA_DATA(rta), RTA_PAYLOAD(rta), \
			    NLA_F_NESTED))

static inline __u8 rta_getattr_u8(const struct rtattr *rta)
{
	return *(__u8 *)RTA_DATA(rta);
}

static inline __u16 rta_getattr_u16(const struct rtattr *rta)
{
	return *(__u16 *)RTA_DATA(rta);
}

static inline __u32 rta_getattr_u32(const struct rtattr *rta)
{
	return *(__u32 *)RTA_DATA(rta);
}

static inline __u64 rta_getattr_u64(const struct rtattr *rta)
{
	__u64 val;

	memcpy(&val, RTA_DATA(rta), sizeof(val));
	return val;
}

static inline const char *rta_getattr_str(const struct rtattr *rta)
{
	return (const char *)RTA_DATA(rta);
}

/* Messages; of the socket, only its address is used here. */

struct rtnl_handle;
extern struct rtnl_handle rth;

typedef int (*req_filter_fn_t)(struct nlmsghdr *nlh, int reqlen);
typedef int (*rtnl_filter_t)(struct nlmsghdr *n, void *arg);

int rtnl_linkdump_req_filter_fn(struct rtnl_handle *handle, int fam,
				req_filter_fn_t fn);
int rtnl_dump_filter_nc(struct rtnl_handle *handle, rtnl_filter_t filter,
			void *arg, __u16 nc_flags);

unsigned int ll_name_to_index(const char *name);
const char *ll_index_to_name(unsigned int index);
int nodev(const char *dev);

#ifndef IFLA_STATS_RTA
#define IFLA_STATS_RTA(r) \
	((struct rtattr *)(((char *)(r)) + \
			   NLMSG_ALIGN(sizeof(struct if_stats_msg))))
#endif

/* Output: text or JSON */

#define SPRINT_BSIZE 64
#define SPRINT_BUF(x) char x[SPRINT_BSIZE]

enum output_type {
	PRINT_FP = 1,
	PRINT_JSON = 2,
	PRINT_ANY = 4,
};

enum color_attr {
	COLOR_IFNAME,
	COLOR_MAC,
	COLOR_INET,
	COLOR_INET6,
	COLOR_OPERSTATE_UP,
	COLOR_OPERSTATE_DOWN,
	COLOR_NONE
};

const char *rt_addr_n2a_r(int af, int len, const void *addr, char *buf,
			  int buflen);

void open_json_object(const char *str);
void close_json_object(void);
void open_json_array(enum output_type type, const char *delim);
void close_json_array(enum output_type type, const char *delim);
void print_nl(void);

#define PRINT_FUNC(type_name, type)					\
	int print_color_##type_name(enum output_type t,			\
				    enum color_attr color,		\
				    const char *key, const char *fmt,	\
				    type value);			\
									\
	static inline int print_##type_name(enum output_type t,		\
					    const char *key,		\
					    const char *fmt,		\
					    type value)			\
	{								\
		return print_color_##type_name(t, COLOR_NONE, key, fmt,	\
					       value);			\
	}

PRINT_FUNC(bool, bool)
PRINT_FUNC(string, const char *)
PRINT_FUNC(uint, unsigned int)
PRINT_FUNC(u64, uint64_t)
#undef PRINT_FUNC

#endif /* NAT64_UTILS_H */
