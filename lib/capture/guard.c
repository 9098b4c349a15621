/* SPDX-License-Identifier: MIT */
/* guard.c: waits for the end of a pipe, then removes a directory of pipes. */
#include "guard.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

/* Removes only pipes and links: the directory was made for these. */
static void remove_directory(const char *path)
{
	DIR *const directory = opendir(path);
	const struct dirent *entry;

	while (directory && (entry = readdir(directory)) != NULL)
		unlinkat(dirfd(directory), entry->d_name, 0);
	if (directory)
		closedir(directory);
	rmdir(path);
}

/* The guard keeps nothing open that others wait for, and ignores the terminal's signals. */
static void watch(int fd, const char *directory)
{
	sigset_t all;
	char byte;

	sigfillset(&all);
	sigprocmask(SIG_SETMASK, &all, NULL);
	setsid();
	if (dup2(fd, STDIN_FILENO) == STDIN_FILENO)
		close_range(STDIN_FILENO + 1, ~0u, 0);
	while (read(STDIN_FILENO, &byte, 1) < 0 && errno == EINTR)
		;
	remove_directory(directory);
	_exit(0);
}

int bel_guard_start(struct bel_guard *guard, const char *directory, struct bel_err *err)
{
	int ends[2];

	guard->pid = 0;
	if (pipe2(ends, O_CLOEXEC) < 0)
		return bel_fail_errno(err, errno, "cannot make a pipe");
	guard->pid = fork();
	if (guard->pid == 0) {
		close(ends[1]);
		watch(ends[0], directory);
	}
	close(ends[0]);
	guard->fd = ends[1];
	if (guard->pid > 0)
		return 0;
	guard->pid = 0;
	close(ends[1]);
	return bel_fail_errno(err, errno, "cannot start a process");
}

void bel_guard_end(struct bel_guard *guard)
{
	if (!guard->pid)
		return;
	close(guard->fd);
	while (waitpid(guard->pid, NULL, 0) < 0 && errno == EINTR)
		;
	guard->pid = 0;
}
