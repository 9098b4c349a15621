/* SPDX-License-Identifier: MIT */
/*
 * family.c: forks a child that writes and exits, then one that executes
 * another program, waiting for each.
 *
 *	family PROGRAM [ARGUMENT...]     exits with PROGRAM's status
 */
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

enum { BYTES = 256 * 1024 };

static char memory[BYTES];

static int status_of(pid_t child)
{
	int status;

	if (child < 0 || waitpid(child, &status, 0) != child)
		exit(1);
	return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

int main(int argc, char **argv)
{
	pid_t child;

	if (argc < 2)
		return 2;
	memset(memory, 1, BYTES / 2);
	child = fork();
	if (child == 0) {
		memset(memory, 2, BYTES);
		_exit(0);
	}
	if (status_of(child) != 0)
		return 1;
	child = fork();
	if (child == 0) {
		execv(argv[1], argv + 1);
		_exit(127);
	}
	return status_of(child);
}
