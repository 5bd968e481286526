// SPDX-License-Identifier: GPL-2.0
/*
 * nat64(8) - error messages, the exit status and memory. Every other file may
 * call this one; it calls none of them.
 */
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include "tool.h"

struct options options;
struct place place;

/* The highest status reported so far. */
static enum status exit_status;

/**
 * vcomplain - print an error message
 * @status: exit status that it implies
 * @format: printf() format of the message
 * @args: its arguments
 *
 * In a batch, the message begins with the file name and line number.
 */
void vcomplain(enum status status, const char *format, va_list args)
{
	if (status > exit_status)
		exit_status = status;

	fflush(stdout);
	fputs("nat64: ", stderr);
	if (place.file)
		fprintf(stderr, "%s:%u: ", place.file, place.line);
	vfprintf(stderr, format, args);
	fputc('\n', stderr);
}

/**
 * complain - print an error message
 * @status: exit status that it implies
 * @format: printf() format of the message
 */
void complain(enum status status, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	vcomplain(status, format, args);
	va_end(args);
}

/**
 * report_status - get the exit status
 *
 * Return: the highest status passed to complain().
 */
enum status report_status(void)
{
	return exit_status;
}

/* Resize an array; exit if there is no memory. */
void *allocate(void *old, size_t count, size_t size)
{
	void *new = reallocarray(old, count, size);

	if (!new) {
		complain(STATUS_USAGE, "out of memory");
		exit(STATUS_USAGE);
	}
	return new;
}

/**
 * grow - make room for one more element of an array
 * @array: array, NULL if it has no room yet
 * @count: number of elements in use
 * @room: number of elements that fit, updated
 * @size: size of an element
 *
 * Return: the array, which may have moved.
 */
void *grow(void *array, size_t count, size_t *room, size_t size)
{
	if (count < *room)
		return array;

	*room = 2 * count + 64;
	return allocate(array, *room, size);
}
