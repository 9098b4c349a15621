/* SPDX-License-Identifier: MIT */
/* cleanup_process.c: waits for the end of a pipe, then removes a directory of pipes. */
#include "cleanup_process.h"

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

/* The process keeps nothing open that others wait for, and ignores the terminal's signals. */
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

int bel_cleanup_process_start(
	struct bel_cleanup_process *cleanup, const char *directory, struct bel_err *err)
{
	int ends[2];

	cleanup->pid = 0;
	if (pipe2(ends, O_CLOEXEC) < 0)
		return bel_fail_errno(err, errno, "cannot make a pipe");
	cleanup->pid = fork();
	if (cleanup->pid == 0) {
		close(ends[1]);
		watch(ends[0], directory);
	}
	close(ends[0]);
	cleanup->fd = ends[1];
	if (cleanup->pid > 0)
		return 0;
	cleanup->pid = 0;
	close(ends[1]);
	return bel_fail_errno(err, errno, "cannot start a process");
}

void bel_cleanup_process_end(struct bel_cleanup_process *cleanup)
{
	if (!cleanup->pid)
		return;
	close(cleanup->fd);
	while (waitpid(cleanup->pid, NULL, 0) < 0 && errno == EINTR)
		;
	cleanup->pid = 0;
}
