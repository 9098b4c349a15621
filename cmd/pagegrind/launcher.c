/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * launcher.c: executes pagegrind, which is in the same directory.
 *
 * Valgrind starts its tools through a launcher, also for each program that a followed program
 * executes. Its own launcher finds only Valgrind's own tools. This one leaves VALGRIND_LIB
 * unchanged. So the preloaded library and the environment, and with them every address, are those
 * of Valgrind's own tools. It also knows which program /proc/self/exe means; Valgrind would take
 * it for itself.
 */
#include <elf.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#if defined(__x86_64__)
#define TOOL "pagegrind-amd64-linux"
#elif defined(__aarch64__)
#define TOOL "pagegrind-arm64-linux"
#endif

#define PROGRAM "--program="

/* A 32-bit program, which needs another tool. */
static bool is_foreign(const char *path)
{
	const int fd = open(path, O_RDONLY | O_CLOEXEC);
	unsigned char head[EI_NIDENT];
	const bool is_elf = fd >= 0 && read(fd, head, sizeof(head)) == sizeof(head) &&
			    memcmp(head, ELFMAG, SELFMAG) == 0;

	if (fd >= 0)
		close(fd);
	return is_elf && head[EI_CLASS] != ELFCLASS64;
}

/* Runs an executed program that cannot be recorded, without Valgrind. */
static void run_alone(char **program)
{
	fprintf(stderr, "pagegrind: %s: a 32-bit program runs unrecorded\n", program[0]);
	unsetenv("VALGRIND_LIB");
	execv(program[0], program);
}

/* Whether the path means the asking process's own program; here that would be this launcher. */
static bool is_own(const char *path)
{
	char numbered[40];

	snprintf(numbered, sizeof(numbered), "/proc/%d/exe", (int)getpid());
	return strcmp(path, "/proc/self/exe") == 0 || strcmp(path, "/proc/thread-self/exe") == 0 ||
	       strcmp(path, numbered) == 0;
}

/* The program's file, or its interpreter's if it is a script, as in /proc/PID/exe. */
static void find_file(const char *program, char path[PATH_MAX])
{
	char line[PATH_MAX] = "", interpreter[PATH_MAX];
	const int fd = open(program, O_RDONLY | O_CLOEXEC);
	const ssize_t n = fd >= 0 ? read(fd, line, sizeof(line) - 1) : 0;

	if (fd >= 0)
		close(fd);
	if (n > 2 && strncmp(line, "#!", 2) == 0) {
		line[strcspn(line, "\n")] = '\0';
		if (sscanf(line + 2, "%4095s", interpreter) == 1 && realpath(interpreter, path))
			return;
	}
	if (!realpath(program, path))
		path[0] = '\0';
}

/*
 * Passes the program's file on in an option. Valgrind gives this option to the launcher of the
 * next program, which resolves /proc/self/exe with it. Valgrind searches PATH for a name without a
 * slash; bel-capture gives a path.
 */
static void know_program(char **options, char **program)
{
	static char option[sizeof(PROGRAM) + PATH_MAX], path[PATH_MAX];
	char **known = options;

	while (known < program && strncmp(*known, PROGRAM, sizeof(PROGRAM) - 1) != 0)
		known++;
	if (known == program || !*program)
		return;
	if (is_own(*program))
		*program = *known + sizeof(PROGRAM) - 1;
	if (!strchr(*program, '/'))
		return;
	find_file(*program, path);
	snprintf(option, sizeof(option), PROGRAM "%s", path);
	/* `program` may point into the old option. */
	*known = option;
}

int main(int argc, char **argv)
{
	char **program = argv + 1;
	char self[4096], tool[4096 + sizeof(TOOL)];
	const ssize_t n = readlink("/proc/self/exe", self, sizeof(self) - 1);

	(void)argc;
	while (*program && **program == '-')
		program++;
	know_program(argv + 1, program);
	if (*program && is_foreign(*program))
		run_alone(program);
	if (n < 0) {
		fprintf(stderr, "pagegrind: /proc/self/exe: %s\n", strerror(errno));
		return 127;
	}
	self[n] = '\0';
	snprintf(tool, sizeof(tool), "%.*s" TOOL, (int)(strrchr(self, '/') + 1 - self), self);
	setenv("VALGRIND_LAUNCHER", self, 1);
	execv(tool, argv);
	fprintf(stderr, "pagegrind: %s: %s\n", tool, strerror(errno));
	return 127;
}
