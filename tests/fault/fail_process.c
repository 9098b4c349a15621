/* SPDX-License-Identifier: MIT */
/*
 * fail_process.c: the nth call that makes a process, or a way to talk to one, fails
 * (fault.h): fork, pipe2, socketpair, mkfifo, mkdtemp, and ptrace where it begins to follow.
 */
#include <dlfcn.h>
#include <stdarg.h>
#include <sys/ptrace.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/types.h>

#include "fault.h"

#define REAL(NAME) ((__typeof__(&NAME))dlsym(RTLD_NEXT, #NAME))

static bool fails(int error)
{
	if (!fault_now())
		return false;
	errno = error;
	return true;
}

pid_t fork(void)
{
	return fails(EAGAIN) ? -1 : REAL(fork)();
}

int pipe2(int ends[2], int flags)
{
	return fails(EMFILE) ? -1 : REAL(pipe2)(ends, flags);
}

int socketpair(int domain, int type, int protocol, int ends[2])
{
	return fails(EMFILE) ? -1 : REAL(socketpair)(domain, type, protocol, ends);
}

int mkfifo(const char *path, mode_t mode)
{
	return fails(ENOSPC) ? -1 : REAL(mkfifo)(path, mode);
}

char *mkdtemp(char *template)
{
	return fails(ENOSPC) ? NULL : REAL(mkdtemp)(template);
}

long ptrace(enum __ptrace_request request, ...)
{
	va_list list;
	pid_t pid;
	void *address, *data;

	va_start(list, request);
	pid = va_arg(list, pid_t);
	address = va_arg(list, void *);
	data = va_arg(list, void *);
	va_end(list);
	if (request == PTRACE_SEIZE && fails(EPERM))
		return -1;
	return REAL(ptrace)(request, pid, address, data);
}
