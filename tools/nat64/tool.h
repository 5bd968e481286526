/* SPDX-License-Identifier: GPL-2.0 */
/*
 * nat64(8) - common declarations.
 */
#ifndef _TOOL_H
#define _TOOL_H

#include <netinet/in.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#define ARRAY_SIZE(a)	(sizeof(a) / sizeof((a)[0]))

/* Exit statuses. Functions that can fail return false after reporting the
 * error.
 */
enum status {
	STATUS_OK,
	STATUS_USAGE,	/* usage or system error */
	STATUS_KERNEL,	/* the kernel refused a request */
};

/**
 * struct options - global options
 * @json: print JSON
 * @pretty: indent JSON
 * @force: continue a batch after an error
 */
struct options {
	bool json;
	bool pretty;
	bool force;
};

extern struct options options;

/**
 * struct place - origin of a command, for error messages
 * @file: name of the file, NULL for the command line
 * @line: line number
 */
struct place {
	const char *file;
	unsigned int line;
};

extern struct place place;

/**
 * struct command - subcommand
 * @word: its name
 * @run: runs it with its arguments, which are terminated by NULL
 */
struct command {
	const char *word;
	bool (*run)(char **words);
};

/* report.c */
void vcomplain(enum status status, const char *format, va_list args)
	__attribute__((format(printf, 2, 0)));
void complain(enum status status, const char *format, ...)
	__attribute__((format(printf, 2, 3)));
enum status report_status(void);
void *allocate(void *old, size_t count, size_t size);
void *grow(void *array, size_t count, size_t *room, size_t size);

/* batch.c */
void run_batch(const char *name, bool (*run)(char **words));

/* lines.c */

/**
 * struct lines - file that is read line by line
 * @file: file
 * @number: number of the last line
 * @line: last line, joined with continuation lines
 * @size: size of @line
 * @part: line of the file
 * @part_size: size of @part
 * @words: words of @line
 * @room: number of words that fit
 * @before: place of the command that reads the file
 */
struct lines {
	FILE *file;
	unsigned int number;
	char *line;
	size_t size;
	char *part;
	size_t part_size;
	char **words;
	size_t room;
	struct place before;
};

bool lines_open(struct lines *lines, const char *name);
char **lines_next(struct lines *lines);
bool lines_close(struct lines *lines);

/* queue.c */

/* Maximum size of a device name, including alternative names. */
#define NAME_SIZE	128

struct nl_answer;
struct nlmsghdr;

bool queue_finish(void);
bool queue_ready(void);
bool queue_begin(uint8_t cmd, uint16_t flags, const char *dev, size_t count,
		 size_t size);
struct nlmsghdr *queue_entry(void *buf);
void queue_add(const struct nlmsghdr *nlh, const char *text);
bool queue_end(void);

/* words.c */
void wrong(const char *format, ...) __attribute__((format(printf, 1, 2)));
bool choose(const struct command *commands, size_t count, const char *what,
	    const char *help, char **words);
const char *words_value(char **words, const char *what);
bool words_once(const char *word, bool before);
bool words_given(bool given, const char *what);
bool number_parse(uint32_t *value, const char *text, uint32_t max);
bool words_number(uint32_t *value, char **words, uint32_t max);
bool words_dev(const char **dev, char **words);
bool words_only_dev(const char **dev, char **words, const char *help);
bool words_dev_and(const char **dev, const char **word, char **words,
		   const char *help);
void words_unexpected(const char *word, const char *help);

/* eam.c, bib.c, session.c, pool4.c, monitor.c, numbers.c, subscriber.c,
 * version.c
 */
bool eam_run(char **words);
bool bib_run(char **words);
bool session_run(char **words);
bool pool4_run(char **words);
bool monitor_run(char **words);
bool stats_run(char **words);
bool table_run(char **words);
bool subscriber_run(char **words);
bool version_run(char **words);

/* save.c, restore.c */
bool save_run(char **words);
bool restore_run(char **words);

/* rows.c */

/**
 * struct row_kind - a table whose rows are listed in a command or a file
 * @table: flag of the table, of enum nat64_tables
 * @size: maximum size of a row in a message
 * @form: how a row is written, for error messages
 * @help: help command that explains it
 * @clear: forgets the rows parsed so far
 * @parse: parses words of a row, or of the row before unless this is the first
 *	on its line; returns their number, -1 if they are wrong
 * @count: returns the number of rows parsed so far
 * @put: adds a row to a message
 * @text: returns a row as text
 * @load: reads the rows of a device instead of parsing words; returns false if
 *	the kernel cannot be reached, which has been reported
 */
struct row_kind {
	uint32_t table;
	size_t size;
	const char *form;
	const char *help;
	void (*clear)(void);
	int (*parse)(char **words, bool first);
	size_t (*count)(void);
	void (*put)(struct nlmsghdr *nlh, size_t i);
	const char *(*text)(size_t i);
	bool (*load)(struct nl_answer *answer, const char *dev);
};

/**
 * struct row - a row that is kept
 * @line: line of the file that it is from
 * @size: size of its attribute
 * @data: its attribute, followed by the row as text
 */
struct row {
	unsigned int line;
	size_t size;
	char *data;
};

/**
 * struct rows - array of rows
 * @row: rows
 * @count: number of rows
 * @room: number of rows that fit
 */
struct rows {
	struct row *row;
	size_t count;
	size_t room;
};

void rows_add(struct rows *rows, const struct nlmsghdr *nlh, const char *text);
void rows_take(struct rows *rows, const struct row_kind *kind);
const char *row_text(const struct row *row);
void row_put(struct nlmsghdr *nlh, const struct row *row);
bool rows_send(const struct rows *rows, size_t *i, uint8_t cmd, uint16_t flags,
	       const char *dev, struct nl_answer *answer);
void rows_free(struct rows *rows);

bool rows_parse(const char **dev, char **words, const struct row_kind *kind);
bool rows_change(uint8_t cmd, uint16_t flags, char **words,
		 const struct row_kind *kind);

extern const struct row_kind eam_rows;

/* replace.c */
bool replace_file(const char *file);
bool replace_ask(uint8_t cmd, const char *dev, uint32_t table,
		 struct nl_answer *answer);
bool replace_run(char **words, const struct row_kind *kind);

/* prefix.c */

/**
 * struct prefix4 - an IPv4 prefix
 * @addr: its address
 * @len: its length
 */
struct prefix4 {
	struct in_addr addr;
	uint8_t len;
};

/**
 * struct prefix6 - an IPv6 prefix
 * @addr: its address
 * @len: its length
 */
struct prefix6 {
	struct in6_addr addr;
	uint8_t len;
};

#define PREFIX4_TEXT	(INET_ADDRSTRLEN + 3)
#define PREFIX6_TEXT	(INET6_ADDRSTRLEN + 4)

bool prefix4_parse(struct prefix4 *prefix, const char *word);
bool prefix6_parse(struct prefix6 *prefix, const char *word);
const char *prefix4_text(const struct prefix4 *prefix, char *text);
const char *prefix6_text(const struct prefix6 *prefix, char *text);

/* out.c */
void out_list_begin(void);
void out_list_end(void);
void out_entry_begin(void);
void out_entry_end(void);
void out_record_begin(void);
void out_record_end(void);
void out_object_begin(const char *key);
void out_object_end(void);
void out_string(const char *key, const char *format, const char *value);
void out_uint(const char *key, const char *format, unsigned long long value);
void out_bool(const char *key, const char *word, bool value);
void out_endpoint(const char *key, const char *port_key, const char *addr,
		  unsigned int port);
void out_ports(const char *min_key, const char *max_key, unsigned int min,
	       unsigned int max);
void out_finish(void);

#endif /* _TOOL_H */
