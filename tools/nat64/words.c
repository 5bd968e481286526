// SPDX-License-Identifier: GPL-2.0
/*
 * nat64(8) - words that several commands have.
 */
#include <string.h>

#include "tool.h"

/**
 * words_value - the word behind another
 * @words: both
 * @what: what is missing if there is none
 */
const char *words_value(char **words, const char *what)
{
	if (!words[1])
		wrong("\"%s\": the %s is missing", words[0], what);
	return words[1];
}

/**
 * words_once - refuse a word that was there before
 * @word: the word
 * @before: it was
 */
bool words_once(const char *word, bool before)
{
	if (before)
		wrong("\"%s\" is there twice", word);
	return !before;
}

/**
 * words_dev - the name behind "dev"
 * @dev: NULL so far, becomes the name
 * @words: "dev" and what follows
 */
bool words_dev(const char **dev, char **words)
{
	if (!words_once("dev", *dev) ||
	    !words_value(words, "name of a device"))
		return false;
	if (!*words[1] || strlen(words[1]) >= NAME_SIZE) {
		wrong("\"%s\" is no name of a device", words[1]);
		return false;
	}

	*dev = words[1];
	return true;
}

/* A word that has no place in a command that @help explains. */
void words_unexpected(const char *word, const char *help)
{
	wrong("\"%s\" is not expected here, see \"%s\"", word, help);
}

/**
 * words_only_dev - only "dev DEV", or nothing
 * @dev: the name or NULL
 * @words: all there are
 * @help: where they are explained
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
