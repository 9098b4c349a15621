/* SPDX-License-Identifier: MIT */
/* launch.c: finds a program and valgrind, and starts the program under valgrind. */
#include "launch.h"

#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

static bool is_program(const char *path)
{
	struct stat st;

	return stat(path, &st) == 0 && S_ISREG(st.st_mode) && access(path, X_OK) == 0;
}

static int judge(const char *path, struct bel_err *err)
{
	struct stat st;

	if (stat(path, &st) < 0)
		return bel_fail_errno(err, errno, "%s", path);
	if (S_ISDIR(st.st_mode))
		return bel_fail(err, "%s: is a directory", path);
	if (!is_program(path))
		return bel_fail(err, "%s: is not executable", path);
	if ((st.st_mode & S_ISUID && st.st_uid != geteuid()) ||
		(st.st_mode & S_ISGID && st.st_gid != getegid()))
		return bel_fail(err,
			"%s: is set-user-ID or set-group-ID: valgrind cannot give it those rights",
			path);
	return 0;
}

int bel_launch_find(
	const char *name, const char *search, char *path, size_t size, struct bel_err *err)
{
	if (name[0] == '\0')
		return bel_fail(err, "the program's name is empty");
	if (strchr(name, '/')) {
		snprintf(path, size, "%s", name);
		return judge(path, err);
	}
	for (const char *p = search; p; p = strchr(p, ':') ? strchr(p, ':') + 1 : NULL) {
		const int length = (int)strcspn(p, ":");

		/* An empty entry means the working directory. */
		snprintf(path, size, "%.*s%s%s", length, p, length ? "/" : "./", name);
		if (is_program(path))
			return judge(path, err);
	}
	if (is_program(name))
		return bel_fail(
			err, "%s: not found in PATH; in this folder it is ./%s", name, name);
	return bel_fail(err, "%s: not found in PATH", name);
}

static size_t count_words(char *const *words)
{
	size_t count = 0;

	while (words[count])
		count++;
	return count;
}

/* Valgrind's arguments, followed by the program's; owned by the caller. */
static char **arguments(const struct bel_launch *launch)
{
	const size_t options = count_words(launch->options), given = count_words(launch->argv);
	char **argv = calloc(1 + options + given + 1, sizeof(*argv));

	if (!argv)
		return NULL;
	argv[0] = (char *)"valgrind";
	memcpy(argv + 1, launch->options, options * sizeof(*argv));
	memcpy(argv + 1 + options, launch->argv, given * sizeof(*argv));
	return argv;
}

/* In the child: waits for the go, then executes valgrind. Sends errno back if that fails. */
static void run_child(const struct bel_launch *launch, char **argv, pid_t parent, int wait)
{
	ssize_t n;
	char go;
	int error;

	/* Without tracing, the child still dies with us. */
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	if (getppid() != parent)
		_exit(0);
	while ((n = read(wait, &go, 1)) < 0 && errno == EINTR)
		;
	if (n == 0) /* cancelled */
		_exit(0);
	if (n < 0)
		goto fail;
	if (launch->output >= 0 && dup2(launch->output, STDOUT_FILENO) < 0)
		goto fail;
	sigprocmask(SIG_SETMASK, &launch->mask, NULL);
	execv(launch->valgrind, argv);
fail:
	error = errno;
	while (write(wait, &error, sizeof(error)) < 0 && errno == EINTR)
		;
	_exit(127);
}

int bel_launch_start(const struct bel_launch *launch, pid_t *pid, int *go, struct bel_err *err)
{
	const pid_t self = getpid();
	char program[PATH_MAX];
	int ends[2];
	char **argv;

	if (bel_launch_find(launch->argv[0], launch->search, program, sizeof(program), err) < 0)
		return BEL_FAIL;
	if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends) < 0)
		return bel_fail_errno(err, errno, "cannot start %s", program);
	argv = arguments(launch);
	if (!argv) {
		close(ends[0]);
		close(ends[1]);
		return bel_err_memory(err, "arguments");
	}
	*pid = fork();
	if (*pid == 0) {
		/* Otherwise it would wait for itself when the start is cancelled. */
		close(ends[0]);
		run_child(launch, argv, self, ends[1]);
	}
	free(argv);
	close(ends[1]);
	if (*pid < 0) {
		close(ends[0]);
		return bel_fail_errno(err, errno, "cannot start %s", program);
	}
	*go = ends[0];
	return 0;
}

int bel_launch_go(int go, struct bel_err *err)
{
	int error = 0;
	ssize_t n;

	n = send(go, "", 1, MSG_NOSIGNAL);
	/* End of file means success: execve closed the other end. */
	while (n == 1 && (n = recv(go, &error, sizeof(error), 0)) < 0 && errno == EINTR)
		n = 1;
	close(go);
	if (n == 0)
		return 0;
	if (!error)
		/* Elsewhere EPIPE means that the reader of our output has gone. */
		error = errno == EPIPE ? ESRCH : errno;
	return bel_fail_errno(err, error, "cannot start valgrind");
}

void bel_launch_cancel(pid_t pid, int go)
{
	close(go);
	kill(pid, SIGKILL);
	while (waitpid(pid, NULL, __WALL) < 0 && errno == EINTR)
		;
}
