/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * launcher.c: starts pagegrind, which lies beside it, in place of itself.
 *
 * Valgrind starts its tools through a launcher, and again each program that a followed
 * program executes; its own looks for tools among Valgrind's alone. This one
 * leaves VALGRIND_LIB as it is, so that preloaded library and environment, and with
 * them every address, are those of Valgrind's own tools.
 */
#include <elf.h>
#include <errno.h>
#include <fcntl.h>
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

/* A program of 32 bits, which another tool would have to run. */
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

/* A program that another has executed and that cannot be recorded runs by itself. */
static void run_alone(char **program)
{
	fprintf(stderr, "pagegrind: %s: a 32-bit program runs unrecorded\n", program[0]);
	unsetenv("VALGRIND_LIB");
	execv(program[0], program);
}

int main(int argc, char **argv)
{
	char **program = argv + 1;
	char self[4096], tool[4096 + sizeof(TOOL)];
	const ssize_t n = readlink("/proc/self/exe", self, sizeof(self) - 1);

	(void)argc;
	while (*program && **program == '-')
		program++;
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
