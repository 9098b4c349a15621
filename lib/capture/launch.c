/* SPDX-License-Identifier: MIT */
/* launch.c: finding a program and valgrind, starting the one under the other. */
#include "launch.h"

#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
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
		return bel_fail(err, "%s: %s", path, strerror(errno));
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

		/* An empty entry is the working directory. */
		snprintf(path, size, "%.*s%s%s", length, p, length ? "/" : "./", name);
		if (is_program(path))
			return judge(path, err);
	}
	return bel_fail(err, "%s: not found in PATH", name);
}

/* Valgrind's arguments and the program's behind them; owned by the caller, as is the log's option.
 */
static char **arguments(const struct bel_launch *launch, const char *program, char *log)
{
	static const char *const fixed[] = {"valgrind", "--tool=lackey", "--trace-mem=yes",
		"--basic-counts=no", "--trace-syscalls=yes", "--trace-sched=yes", "--vgdb=no"};
	const size_t fixed_count = sizeof(fixed) / sizeof(*fixed);
	size_t count = 0, given = 0;
	char **argv;

	while (launch->argv[given])
		given++;
	argv = calloc(fixed_count + 4 + given + 1, sizeof(*argv));
	if (!argv)
		return NULL;
	for (; count < fixed_count; count++)
		argv[count] = (char *)fixed[count];
	argv[count++] = log;
	if (launch->children) {
		argv[count++] = (char *)"--trace-children=yes";
	} else {
		argv[count++] = (char *)"--trace-children=no";
		argv[count++] = (char *)"--child-silent-after-fork=yes";
	}
	argv[count++] = (char *)program;
	for (size_t i = 1; i < given; i++)
		argv[count++] = launch->argv[i];
	return argv;
}

/* In the child: waits for the go, then is valgrind; errno goes back if it cannot be. */
static void run_child(const struct bel_launch *launch, const char *valgrind, char **argv, int wait)
{
	ssize_t n;
	char go;
	int error;

	n = read(wait, &go, 1);
	if (n == 0) /* cancelled */
		_exit(0);
	if (n < 0)
		goto fail;
	if (launch->output >= 0 && dup2(launch->output, STDOUT_FILENO) < 0)
		goto fail;
	sigprocmask(SIG_SETMASK, &launch->mask, NULL);
	execv(valgrind, argv);
fail:
	error = errno;
	while (write(wait, &error, sizeof(error)) < 0 && errno == EINTR)
		;
	_exit(127);
}

int bel_launch_start(const struct bel_launch *launch, pid_t *pid, int *go, struct bel_err *err)
{
	char program[PATH_MAX], valgrind[PATH_MAX], log[PATH_MAX];
	int ends[2];
	char **argv;

	if (bel_launch_find(launch->argv[0], launch->search, program, sizeof(program), err) < 0)
		return BEL_FAIL;
	if (bel_launch_find("valgrind", launch->search, valgrind, sizeof(valgrind), NULL) < 0)
		return bel_fail(err, "valgrind: not found in PATH: bel-capture needs it "
				     "(Debian: apt-get install valgrind)");
	snprintf(log, sizeof(log), "--log-file=%s/%%p", launch->directory);
	if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends) < 0)
		return bel_fail(err, "cannot start %s: %s", program, strerror(errno));
	argv = arguments(launch, launch->argv[0], log);
	if (!argv) {
		close(ends[0]);
		close(ends[1]);
		return bel_err_memory(err, "arguments");
	}
	*pid = fork();
	if (*pid == 0)
		run_child(launch, valgrind, argv, ends[1]);
	free(argv);
	close(ends[1]);
	if (*pid < 0) {
		close(ends[0]);
		return bel_fail(err, "cannot start %s: %s", program, strerror(errno));
	}
	*go = ends[0];
	return 0;
}

int bel_launch_go(int go, struct bel_err *err)
{
	int error = 0;
	ssize_t n;

	n = send(go, "", 1, MSG_NOSIGNAL);
	/* End of file: execve has closed the other end. */
	while (n == 1 && (n = recv(go, &error, sizeof(error), 0)) < 0 && errno == EINTR)
		n = 1;
	close(go);
	return n == 0 ? 0
		      : bel_fail(err, "cannot start valgrind: %s", strerror(error ? error : errno));
}

void bel_launch_cancel(pid_t pid, int go)
{
	close(go);
	waitpid(pid, NULL, 0);
}
