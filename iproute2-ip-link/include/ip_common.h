/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The part of iproute2's ip/ip_common.h that iplink_nat64.c uses: how a link
 * type describes itself to ip. The same in iproute2 5.10 to 7.1.
 */
#ifndef NAT64_IP_COMMON_H
#define NAT64_IP_COMMON_H

#include <stdio.h>
#include <linux/rtnetlink.h>

struct link_util {
	struct link_util	*next;
	const char		*id;
	int			maxattr;
	int			(*parse_opt)(struct link_util *lu, int argc,
					     char **argv, struct nlmsghdr *n);
	void			(*print_opt)(struct link_util *lu, FILE *f,
					     struct rtattr *tb[]);
	void			(*print_xstats)(struct link_util *lu, FILE *f,
						struct rtattr *xstats);
	void			(*print_help)(struct link_util *lu, int argc,
					      char **argv, FILE *f);
	int			(*parse_ifla_xstats)(struct link_util *lu,
						     int argc, char **argv);
	int			(*print_ifla_xstats)(struct nlmsghdr *n,
						     void *arg);
};

#endif /* NAT64_IP_COMMON_H */
