/* SPDX-License-Identifier: MIT */
/*
 * fail_close.c: the nth fclose() closes its stream and fails with ENOSPC (fault.h), as where a file
 * system learns only then that the disk is full. Standard output does not count.
 */
#include <dlfcn.h>

#include "fault.h"

int fclose(FILE *file)
{
	int (*real)(FILE *);
	const bool counts = file != stdout;
	int r;

	*(void **)&real = dlsym(RTLD_NEXT, "fclose");
	r = real(file);
	if (!counts || !fault_now())
		return r;
	errno = ENOSPC;
	return EOF;
}
