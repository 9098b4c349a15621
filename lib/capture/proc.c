/* SPDX-License-Identifier: MIT */
/* proc.c: reads /proc/PID. */
#include "proc.h"

#include <elf.h>
#include <fcntl.h>
#include <limits.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ptrace.h>
#include <unistd.h>

static FILE *open_file(pid_t pid, const char *name)
{
	char path[48];

	snprintf(path, sizeof(path), "/proc/%d/%s", (int)pid, name);
	return fopen(path, "re");
}

/* The rest of the line of /proc/PID/status that begins with `name`. */
static bool status_line(pid_t pid, const char *name, char *line, size_t size)
{
	FILE *const file = open_file(pid, "status");
	const size_t length = strlen(name);
	bool found = false;

	while (file && !found && fgets(line, (int)size, file))
		found = strncmp(line, name, length) == 0;
	if (file)
		fclose(file);
	if (found)
		memmove(line, line + length, strlen(line + length) + 1);
	return found;
}

pid_t bel_proc_leader(pid_t thread)
{
	char line[256];

	return status_line(thread, "Tgid:", line, sizeof(line)) ? (pid_t)strtol(line, NULL, 10) : 0;
}

bool bel_proc_ignores(pid_t pid, int signal)
{
	char line[256];

	return status_line(pid, "SigIgn:", line, sizeof(line)) &&
	       (strtoull(line, NULL, 16) >> (signal - 1) & 1) != 0;
}

bool bel_proc_stepped(pid_t thread)
{
	siginfo_t info;

	return ptrace(PTRACE_GETSIGINFO, thread, NULL, &info) == 0 &&
	       (info.si_code == TRAP_TRACE || info.si_code == SIGTRAP);
}

bool bel_proc_owner(pid_t pid, uid_t *user, gid_t *group)
{
	char line[256];
	unsigned id[4];

	/* Real, effective, saved, and file system user. */
	if (!status_line(pid, "Uid:", line, sizeof(line)) ||
		sscanf(line, "%u %u %u %u", &id[0], &id[1], &id[2], &id[3]) != 4)
		return false;
	*user = id[3];
	if (!status_line(pid, "Gid:", line, sizeof(line)) ||
		sscanf(line, "%u %u %u %u", &id[0], &id[1], &id[2], &id[3]) != 4)
		return false;
	*group = id[3];
	return true;
}

bool bel_proc_program(pid_t pid, char *path, size_t size)
{
	FILE *const file = open_file(pid, "cmdline");
	char *word = NULL;
	size_t capacity = 0;
	bool found = false, first = true;

	while (file && !found && getdelim(&word, &capacity, '\0', file) > 0) {
		found = !first && word[0] != '-' && strlen(word) < size;
		first = false;
	}
	if (found)
		memcpy(path, word, strlen(word) + 1);
	free(word);
	if (file)
		fclose(file);
	return found;
}

bool bel_proc_object(pid_t pid, uint64_t address, char *path, size_t size)
{
	FILE *const file = open_file(pid, "maps");
	char line[PATH_MAX + 128];
	bool found = false;

	while (file && !found && fgets(line, sizeof(line), file)) {
		unsigned long start, end;
		int name = 0;

		line[strcspn(line, "\n")] = '\0';
		found = sscanf(line, "%lx-%lx %*s %*s %*s %*s %n", &start, &end, &name) >= 2 &&
			start <= address && address < end && name > 0 && line[name] == '/';
		if (found)
			snprintf(path, size, "%s", line + name);
	}
	if (file)
		fclose(file);
	return found;
}

static int open_memory(pid_t pid, int flags)
{
	char path[48];

	snprintf(path, sizeof(path), "/proc/%d/mem", (int)pid);
	return open(path, flags | O_CLOEXEC);
}

size_t bel_proc_read(pid_t pid, uint64_t address, void *to, size_t bytes)
{
	const int fd = open_memory(pid, O_RDONLY);
	const ssize_t n = fd >= 0 ? pread(fd, to, bytes, (off_t)address) : -1;

	if (fd >= 0)
		close(fd);
	return n > 0 ? (size_t)n : 0;
}

void bel_proc_fix_random(pid_t pid)
{
	static const uint8_t bytes[16] = {0, 0x13, 0x27, 0x3b, 0x4f, 0x53, 0x67, 0x7b, 0x8f, 0x93,
		0xa7, 0xbb, 0xcf, 0xd3, 0xe7, 0xfb};
	FILE *const file = open_file(pid, "auxv");
	unsigned long pair[2], at = 0;
	int fd;

	while (file && !at && fread(pair, sizeof(pair), 1, file) == 1 && pair[0] != AT_NULL) {
		if (pair[0] == AT_RANDOM)
			at = pair[1];
	}
	if (file)
		fclose(file);
	if (!at)
		return;
	fd = open_memory(pid, O_WRONLY);
	if (fd < 0)
		return;
	/* If it cannot be written, the program keeps its own bytes, which is also correct. */
	(void)!pwrite(fd, bytes, sizeof(bytes), (off_t)at);
	close(fd);
}
