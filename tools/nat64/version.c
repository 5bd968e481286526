// SPDX-License-Identifier: GPL-2.0
/*
 * nat64(8) - the versions of the command, the plugin for ip and the module. They
 * are installed together, but a module stays loaded when its package is upgraded.
 */
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/utsname.h>
#include <unistd.h>

#include "../../drivers/net/nat64/version.h"
#include "tool.h"

#define VERSION_SIZE	64

/* Of the module; there is no such folder when none is loaded. */
#define SYSFS_DIR	"/sys/module/nat64"

/* What precedes the version in the file of the plugin. */
#define PLUGIN_MARK	"nat64-plugin-version="

/* A line without its end. False if there is none. */
static bool read_line(char *version, FILE *file)
{
	bool ok = file && fgets(version, VERSION_SIZE, file);

	if (ok)
		version[strcspn(version, "\n")] = '\0';
	return ok && *version;
}

static void find_mark(char *version, const char *data, size_t size)
{
	const char *mark = memmem(data, size, PLUGIN_MARK,
				  strlen(PLUGIN_MARK));

	strcpy(version, "unknown");
	if (!mark)
		return;

	mark += strlen(PLUGIN_MARK);
	size = data + size - mark;
	if (memchr(mark, '\0', size))
		snprintf(version, VERSION_SIZE, "%s", mark);
}

/* Of the plugin in @dir, without loading it: only ip has what it needs. */
static bool plugin_version(char *version, const char *dir)
{
	struct stat st;
	char *path;
	void *data;
	int fd;

	if (asprintf(&path, "%s/link_nat64.so", dir) < 0)
		return false;
	fd = open(path, O_RDONLY | O_CLOEXEC);
	free(path);
	if (fd < 0)
		return false;

	data = MAP_FAILED;
	if (!fstat(fd, &st) && st.st_size > 0)
		data = mmap(NULL, st.st_size, PROT_READ, MAP_PRIVATE, fd, 0);
	close(fd);
	if (data == MAP_FAILED)
		return false;

	find_mark(version, data, st.st_size);
	munmap(data, st.st_size);
	return true;
}

static bool loaded_version(char *version)
{
	FILE *file;

	if (access(SYSFS_DIR, F_OK))
		return false;

	file = fopen(SYSFS_DIR "/version", "re");
	if (!read_line(version, file))
		strcpy(version, "unknown");
	if (file)
		fclose(file);
	return true;
}

/* Of the module that modprobe would load. */
static bool installed_version(char *version)
{
	FILE *file;
	bool ok;

	fflush(stdout);
	file = popen("PATH=$PATH:/usr/sbin:/sbin; "
		     "name=$(modinfo -F name nat64 2>/dev/null) || exit; "
		     "version=$(modinfo -F version nat64); "
		     "echo ${name:+${version:-unknown}}", "re");
	ok = read_line(version, file);
	if (file)
		pclose(file);
	return ok;
}

/* A name as in JSON; text has "-" for "_". NULL if there is no such part. */
static void print_version(const char *name, const char *version)
{
	if (!version)
		return;
	if (options.json) {
		out_string(name, "%s", version);
		return;
	}

	for (; *name; name++)
		putchar(*name == '_' ? '-' : *name);
	printf(" %s\n", version);
}

static void compare(const char *what, const char *version)
{
	if (version && strcmp(version, NAT64_VERSION))
		complain(STATUS_OK,
			 "warning: %s has version %s, this command " NAT64_VERSION,
			 what, version);
}

static void warn(const char *dir, const char *plugin, const char *loaded,
		 const char *installed)
{
	struct utsname kernel;

	uname(&kernel);
	if (!plugin)
		complain(STATUS_OK,
			 "warning: no link_nat64.so in %s: ip link needs it, package nat64-tools has it",
			 dir);
	compare("the plugin for ip", plugin);
	compare("the loaded module", loaded);
	compare("the installed module", installed);
	if (!loaded && !installed)
		complain(STATUS_OK,
			 "warning: no module nat64 for kernel %s: install nat64-dkms and linux-headers-%s",
			 kernel.release, kernel.release);
	else if (!installed)
		complain(STATUS_OK,
			 "warning: the module is loaded, but not installed for kernel %s",
			 kernel.release);
	else if (loaded && strcmp(loaded, installed))
		complain(STATUS_OK,
			 "warning: the installed module is loaded by \"nat64-quick upgrade\" or a reboot");
}

/* The object "version". */
bool version_run(char **words)
{
	char plugin[VERSION_SIZE], loaded[VERSION_SIZE];
	char installed[VERSION_SIZE];
	const char *dir = getenv("IP_LIB_DIR");
	bool has_plugin, is_loaded, is_installed;

	if (*words && !strcmp(*words, "help")) {
		puts("Usage: nat64 version");
		return true;
	}
	if (*words) {
		words_unexpected(*words, "nat64 version help");
		return false;
	}

	/* as ip does */
	if (!dir)
		dir = IPLIBDIR;
	has_plugin = plugin_version(plugin, dir);
	is_loaded = loaded_version(loaded);
	is_installed = installed_version(installed);

	if (options.json)
		out_record_begin();
	print_version("command", NAT64_VERSION);
	print_version("plugin", has_plugin ? plugin : NULL);
	print_version("module_loaded", is_loaded ? loaded : NULL);
	print_version("module_installed", is_installed ? installed : NULL);
	if (options.json)
		out_record_end();
	warn(dir, has_plugin ? plugin : NULL, is_loaded ? loaded : NULL,
	     is_installed ? installed : NULL);
	return true;
}
