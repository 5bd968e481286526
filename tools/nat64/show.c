// SPDX-License-Identifier: GPL-2.0
/*
 * nat64(8) - show the table of one device, or of all devices that have it.
 */
#include <errno.h>
#include <stdlib.h>

#include "nl.h"
#include "tool.h"

/* @listed: the device is from a list, and may have been deleted since then. */
static bool show_dev(const struct show *show, const char *dev, bool listed,
		     void *data)
{
	struct nl_answer answer;

	if (!show->read(&answer, dev, data))
		return false;
	if (listed && answer.error == ENODEV)
		return true;
	if (!genl_ok(&answer, dev, NULL))
		return false;

	if (show->print && (show->partial || !answer.torn))
		show->print(dev, data);
	if (answer.torn)
		complain(STATUS_KERNEL, "dev %s: %s kept changing during the dump%s",
			 dev, show->what,
			 show->partial ? ", some may be missing" : "");
	return !answer.torn;
}

static bool show_all(const struct show *show, void *data)
{
	struct device *devices;
	size_t i, count;
	bool ok = true;

	if (!link_list(&devices, &count))
		return false;

	for (i = 0; i < count; i++)
		if (devices[i].stateless == show->stateless)
			ok &= show_dev(show, devices[i].name, true, data);
	free(devices);
	return ok;
}

/**
 * show_run - show a table
 * @show: how it is shown
 * @dev: name of the device, NULL for all devices
 * @data: for @show
 */
bool show_run(const struct show *show, const char *dev, void *data)
{
	bool ok;

	if (!queue_ready())
		return false;

	out_list_begin();
	ok = dev ? show_dev(show, dev, false, data) : show_all(show, data);
	out_list_end();
	return ok;
}

/**
 * show_words - the command "show" of a table without filters
 * @show: how it is shown
 * @words: arguments
 * @data: for @show
 * @help: help command that explains the arguments
 */
bool show_words(const struct show *show, char **words, void *data,
		const char *help)
{
	const char *dev;

	return words_only_dev(&dev, words, help) && show_run(show, dev, data);
}

/* Print a nested u32, if it is there. */
void show_u32(const struct nlattr *nest, uint16_t type, const char *key,
	      const char *format)
{
	uint32_t value;

	if (nl_nested_u32(nest, type, &value))
		out_uint(key, format, value);
}
