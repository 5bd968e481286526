// SPDX-License-Identifier: GPL-2.0
/*
 * nat64(8) - command line arguments that several commands have.
 */
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include "tool.h"

/**
 * wrong - report a usage error
 * @format: printf() format of the message
 *
 * Send the changes that earlier lines of the batch queued first, so that their
 * errors are reported before this one. If one of them fails, exit with its
 * status, unless -force is given.
 */
void wrong(const char *format, ...)
{
	va_list args;

	if (!queue_finish() && !options.force)
		exit(report_status());

	va_start(args, format);
	vcomplain(STATUS_USAGE, format, args);
	va_end(args);
}

/**
 * choose - run a subcommand
 * @commands: table of subcommands
 * @count: number of them
 * @what: "object" or "command", for error messages
 * @help: help command that lists them
 * @words: name of the subcommand and its arguments
 *
 * Return: what the subcommand returns, false if there is no such subcommand.
 */
bool choose(const struct command *commands, size_t count, const char *what,
	    const char *help, char **words)
{
	size_t i;

	if (!words[0]) {
		wrong("the %s is missing, see \"%s\"", what, help);
		return false;
	}
	for (i = 0; i < count; i++)
		if (!strcmp(words[0], commands[i].word))
			return commands[i].run(words + 1);

	wrong("unknown %s \"%s\", see \"%s\"", what, words[0], help);
	return false;
}

/**
 * words_value - get the value of a keyword
 * @words: keyword and value
 * @what: name of the value, for error messages
 */
const char *words_value(char **words, const char *what)
{
	if (!words[1])
		wrong("\"%s\": the %s is missing", words[0], what);
	return words[1];
}

/**
 * words_once - refuse a duplicate keyword
 * @word: keyword
 * @before: the keyword was given before
 */
bool words_once(const char *word, bool before)
{
	if (before)
		wrong("duplicate \"%s\"", word);
	return !before;
}

/**
 * words_given - require an argument
 * @given: the argument was given
 * @what: name of the argument
 */
bool words_given(bool given, const char *what)
{
	if (!given)
		wrong("\"%s\" is missing", what);
	return given;
}

/* Parse decimal digits and nothing else, 0 to @max. */
bool number_parse(uint32_t *value, const char *text, uint32_t max)
{
	uint64_t number = 0;

	if (!*text)
		return false;
	for (; *text; text++) {
		if (*text < '0' || *text > '9')
			return false;
		number = 10 * number + (*text - '0');
		if (number > max)
			return false;
	}

	*value = number;
	return true;
}

/**
 * words_number - parse the number after a keyword
 * @value: number
 * @words: keyword and number
 * @max: maximum
 */
bool words_number(uint32_t *value, char **words, uint32_t max)
{
	if (!words_value(words, "number"))
		return false;
	if (number_parse(value, words[1], max))
		return true;

	wrong("\"%s\": \"%s\" is not a number from 0 to %u", words[0], words[1],
	      max);
	return false;
}

/**
 * words_dev - parse "dev DEV"
 * @dev: name of the device, NULL before the first "dev"
 * @words: "dev" and the name
 */
bool words_dev(const char **dev, char **words)
{
	if (!words_once("dev", *dev) ||
	    !words_value(words, "device name"))
		return false;
	if (!*words[1] || strlen(words[1]) >= NAME_SIZE) {
		wrong("\"%s\" is not a valid device name", words[1]);
		return false;
	}

	*dev = words[1];
	return true;
}

/* Report an unexpected argument of a command that @help explains. */
void words_unexpected(const char *word, const char *help)
{
	wrong("\"%s\" is not expected here, see \"%s\"", word, help);
}

/**
 * words_only_dev - parse the arguments of a command that takes only "dev DEV"
 * @dev: name of the device or NULL
 * @words: arguments
 * @help: help command that explains them
 */
bool words_only_dev(const char **dev, char **words, const char *help)
{
	for (*dev = NULL; *words; words += 2) {
		if (strcmp(*words, "dev")) {
			words_unexpected(*words, help);
			return false;
		}
		if (!words_dev(dev, words))
			return false;
	}

	return true;
}

/**
 * words_dev_and - parse "dev DEV" and one other word, in any order
 * @dev: name of the device, NULL if it is missing
 * @word: the other word, NULL if it is missing
 * @words: arguments
 * @help: help command that explains them
 */
bool words_dev_and(const char **dev, const char **word, char **words,
		   const char *help)
{
	*dev = NULL;
	*word = NULL;
	for (; *words; words++) {
		if (!strcmp(*words, "dev")) {
			if (!words_dev(dev, words))
				return false;
			words++;
		} else if (*word) {
			words_unexpected(*words, help);
			return false;
		} else {
			*word = *words;
		}
	}

	return words_given(*dev, "dev DEV");
}
