/* SPDX-License-Identifier: GPL-2.0 */
/*
 * nat64(8) - netlink.
 */
#ifndef _NL_H
#define _NL_H

#include <libmnl/libmnl.h>
#include <stdbool.h>
#include <stdint.h>

/* Size of a request, and of a datagram of an answer. */
#define NL_REQUEST_SIZE	65536
#define NL_ANSWER_SIZE	65536

/* Size of an entry of a request. */
#define NL_ENTRY_SIZE	256

/**
 * struct nl_answer - answer of the kernel to a request
 * @error: 0 or a positive errno
 * @torn: the table changed during the dump
 * @offset: offset of the invalid attribute in the request, 0 if unknown
 * @text: extended acknowledgment, empty if there is none
 */
struct nl_answer {
	int error;
	bool torn;
	uint32_t offset;
	char text[256];
};

/* Called for the messages of an answer. */
typedef void nl_entry(const struct nlmsghdr *nlh, void *data);

/* nl.c */
struct mnl_socket *nl_open(int protocol);
void nl_room(struct mnl_socket *sock, int size);
struct nlmsghdr *nl_request(void *buf, uint16_t type, uint16_t flags,
			    const void *header, size_t size);
bool nl_talk(struct mnl_socket *sock, struct nlmsghdr *nlh,
	     struct nl_answer *answer, nl_entry *entry, void *data);
bool nl_dump(struct mnl_socket *sock, struct nlmsghdr *nlh,
	     struct nl_answer *answer, nl_entry *entry, void *data,
	     size_t *count);
const struct nlattr *nl_attr(const struct nlmsghdr *nlh, size_t size,
			     uint16_t type);
const struct nlattr *nl_nested_attr(const struct nlattr *nest, uint16_t type);
bool nl_nested_u32(const struct nlattr *nest, uint16_t type, uint32_t *value);
const char *nl_reason(const struct nl_answer *answer);

/* genl.c */
struct nlmsghdr *genl_request(void *buf, uint8_t cmd, uint16_t flags,
			      const char *dev);
bool genl_open(void);
struct mnl_socket *genl_swap(struct mnl_socket *other);
int genl_group(const char *name);
bool genl_same(void);
bool genl_talk(struct nlmsghdr *nlh, struct nl_answer *answer,
	       nl_entry *entry, void *data);
bool genl_dump(struct nlmsghdr *nlh, struct nl_answer *answer,
	       nl_entry *entry, void *data, size_t *count);
bool genl_ok(const struct nl_answer *answer, const char *dev,
	     const char *text);

/* link.c */

/**
 * struct device - a nat64 device
 * @ifindex: its index
 * @stateless: its mode
 * @name: its name
 */
struct device {
	uint32_t ifindex;
	bool stateless;
	char name[16];
};

const struct nlattr *link_settings(const struct nlmsghdr *nlh);
bool link_list(struct device **devices, size_t *count);

/* show.c */

/**
 * struct show - how a table is shown
 * @what: what it holds, for error messages
 * @stateless: mode of the devices that have it
 * @partial: print what was read of a table that kept changing
 * @read: reads the table of a device; false if the kernel cannot be reached,
 *	which has been reported
 * @print: prints what @read has stored, NULL if @read prints
 */
struct show {
	const char *what;
	bool stateless;
	bool partial;
	bool (*read)(struct nl_answer *answer, const char *dev, void *data);
	void (*print)(const char *dev, void *data);
};

bool show_run(const struct show *show, const char *dev, void *data);
bool show_words(const struct show *show, char **words, void *data,
		const char *help);
void show_u32(const struct nlattr *nest, uint16_t type, const char *key,
	      const char *format);

/* rows.c */
struct rows;

bool rows_ask(const struct rows *rows, size_t *i, struct nlmsghdr *nlh,
	      struct nl_answer *answer, nl_entry *entry, void *data);

/* flush.c */
bool flush_send(struct nlmsghdr *nlh, const char *dev);
bool flush_run(uint8_t cmd, char **words, const char *help);

#endif /* _NL_H */
