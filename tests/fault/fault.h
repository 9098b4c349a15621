/* SPDX-License-Identifier: MIT */
/*
 * fault.h: what the preloaded libraries share: which call is to fail.
 *
 *	LD_PRELOAD=fail_alloc.so BEL_FAULT_TOOL=bel-sim BEL_FAULT_AT=7 bel-sim ...
 *
 * BEL_FAULT_TOOL   the program it is about: its children are left alone
 * BEL_FAULT_AT     number of the call that fails, from 1; unset: none
 * BEL_FAULT_EVER   if set, all later ones fail as well
 * BEL_FAULT_COUNT  a file that receives the number of calls when the program ends
 */
#ifndef BEL_FAULT_H
#define BEL_FAULT_H

#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static unsigned long fault_calls, fault_at;
static bool fault_ever, fault_armed;

/* Before main, so that only the program's own calls are numbered. */
__attribute__((constructor)) static void fault_start(void)
{
	const char *tool = getenv("BEL_FAULT_TOOL");
	const char *at = getenv("BEL_FAULT_AT");

	fault_at = at ? strtoul(at, NULL, 10) : 0;
	fault_ever = getenv("BEL_FAULT_EVER") != NULL;
	fault_armed = tool && strcmp(tool, program_invocation_short_name) == 0;
}

__attribute__((destructor)) static void fault_end(void)
{
	const char *path = getenv("BEL_FAULT_COUNT");
	int fd;

	if (!fault_armed || !path)
		return;
	fault_armed = false;
	fd = open(path, O_WRONLY | O_CREAT | O_TRUNC, 0666);
	if (fd >= 0) {
		dprintf(fd, "%lu\n", fault_calls);
		close(fd);
	}
}

/* Numbers this call; whether it is the one. */
static bool fault_now(void)
{
	unsigned long call;

	if (!fault_armed)
		return false;
	call = __atomic_add_fetch(&fault_calls, 1, __ATOMIC_RELAXED);
	return fault_at && (call == fault_at || (fault_ever && call > fault_at));
}

#endif
