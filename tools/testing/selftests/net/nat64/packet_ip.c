// SPDX-License-Identifier: GPL-2.0
/*
 * packet_ip - runs other programs: ip, and commands of vectors.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "packet.h"

static void shorten(char *text)
{
	char *p;

	for (p = text; *p; p++)
		if (*p == '\n')
			*p = p[1] ? '|' : 0;
}

/* Run a shell command with a text as input; its output goes to @out. */
static bool command(const char *shell, const char *input, char *out,
		    size_t out_len)
{
	FILE *tmp = tmpfile();
	size_t have = 0;
	char extra[512];
	int status = -1;
	int pipes[2];
	ssize_t n;
	pid_t pid;

	out[0] = 0;
	if (!tmp || pipe(pipes))
		return false;
	fputs(input, tmp);
	fflush(tmp);
	rewind(tmp);
	fflush(stdout);
	pid = fork();
	if (!pid) {
		dup2(fileno(tmp), 0);
		dup2(pipes[1], 1);
		dup2(pipes[1], 2);
		close(pipes[0]);
		close(pipes[1]);
		execl("/bin/sh", "sh", "-c", shell, NULL);
		_exit(127);
	}
	close(pipes[1]);
	fclose(tmp);
	while (have < out_len - 1 &&
	       (n = read(pipes[0], out + have, out_len - 1 - have)) > 0)
		have += n;
	out[have] = 0;
	while (read(pipes[0], extra, sizeof(extra)) > 0)
		;
	close(pipes[0]);
	return pid > 0 && waitpid(pid, &status, 0) == pid && !status;
}

/* One ip process per namespace, because starting a program takes longer than
 * most tests. An invalid line makes it print an error after all previous lines
 * have been executed; lines that succeed print nothing.
 */
static struct {
	pid_t pid;
	int in;
	int out;
} ip;

#define NO_COMMAND "that-was-all"

void ip_stop(void)
{
	if (!ip.pid)
		return;
	close(ip.in);
	close(ip.out);
	waitpid(ip.pid, NULL, 0);
	ip.pid = 0;
}

static bool ip_start(void)
{
	int in[2], out[2];

	if (pipe2(in, O_CLOEXEC) || pipe2(out, O_CLOEXEC))
		return false;
	fflush(stdout);
	ip.pid = fork();
	if (!ip.pid) {
		dup2(in[0], 0);
		dup2(out[1], 1);
		dup2(out[1], 2);
		execlp("ip", "ip", "-force", "-batch", "-", NULL);
		_exit(127);
	}
	close(in[0]);
	close(out[1]);
	ip.in = in[1];
	ip.out = out[0];
	return ip.pid > 0;
}

/* Warnings of the kernel about requests that succeeded. */
static void drop_warnings(char *line)
{
	char *next;

	while (*line) {
		next = line + strcspn(line, "\n");
		next += *next == '\n';
		if (strncmp(line, "Warning: ", 9))
			line = next;
		else
			memmove(line, next, strlen(next) + 1);
	}
}

bool ip_batch(const char *script, char *why, size_t why_len)
{
	static char said[16 * 1024];
	char *end = NULL, *start;
	size_t have = 0;
	ssize_t n;

	said[0] = 0;
	if ((!ip.pid && !ip_start()) ||
	    dprintf(ip.in, "%s%s\n", script, NO_COMMAND) < 0) {
		snprintf(why, why_len, "ip: %s", strerror(errno));
		return false;
	}
	/* Object "..." is unknown, and the line after it */
	while (!end && have < sizeof(said) - 1) {
		n = read(ip.out, said + have, sizeof(said) - 1 - have);
		if (n <= 0)
			break;
		have += n;
		said[have] = 0;
		end = strstr(said, NO_COMMAND);
		end = end ? strchr(end, '\n') : NULL;
		end = end ? strchr(end + 1, '\n') : NULL;
	}
	if (!end) {
		/* it exits at an invalid argument */
		ip_stop();
	} else {
		start = strstr(said, NO_COMMAND);
		while (start > said && start[-1] != '\n')
			start--;
		*start = 0;
	}
	drop_warnings(said);
	snprintf(why, why_len, "%s", said);
	shorten(why);
	return end && !*why;
}

bool world_exec(const char *shell, char *why, size_t why_len)
{
	bool ok = command(shell, "", why, why_len);

	shorten(why);
	return ok;
}

bool device_change(const char *args, char *why, size_t why_len)
{
	char script[1024];

	snprintf(script, sizeof(script), "link set nat64 type nat64 %s\n",
		 args);
	return ip_batch(script, why, why_len);
}

bool world_counter(const char *name, uint64_t *value)
{
	static char out[64 * 1024];
	char quoted[128];
	char *p;

	if (!command("ip -j link xstats type nat64 dev nat64", "", out,
		     sizeof(out)))
		return false;
	snprintf(quoted, sizeof(quoted), "\"%s\":", name);
	p = strstr(out, quoted);
	if (!p)
		return false;
	*value = strtoull(p + strlen(quoted), NULL, 10);
	return true;
}

bool help_knows(const char *word)
{
	static char help[16 * 1024];
	size_t n = strlen(word);
	char *p;

	if (!help[0])
		command("ip link help nat64", "", help, sizeof(help));
	for (p = help; (p = strstr(p, word)); p += n)
		if ((p == help || strchr(" \t\n[{|", p[-1])) &&
		    strchr(" \t\n]}|", p[n]))
			return true;
	return false;
}

bool in_path(const char *program)
{
	char copy[4096], path[4096 + 64];
	char *dir, *save;

	snprintf(copy, sizeof(copy), "%s", getenv("PATH") ?: "/usr/bin:/bin");
	for (dir = strtok_r(copy, ":", &save); dir;
	     dir = strtok_r(NULL, ":", &save)) {
		snprintf(path, sizeof(path), "%s/%s", dir, program);
		if (!access(path, X_OK))
			return true;
	}
	return false;
}
