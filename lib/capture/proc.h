/* SPDX-License-Identifier: MIT */
/* proc.h: what /proc and ptrace(2) say of a process; all answers are "no" if it is gone. */
#ifndef BEL_PROC_H
#define BEL_PROC_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

/* The process that a thread belongs to; 0: it is gone. */
pid_t bel_proc_leader(pid_t thread);

/* Whether it ignores the signal. */
bool bel_proc_ignores(pid_t pid, int signal);

/* Whether a traced thread stands still because one step was made. */
bool bel_proc_stepped(pid_t thread);

/* The user and group that it opens files as. */
bool bel_proc_owner(pid_t pid, uid_t *user, gid_t *group);

/* The program that Valgrind runs in it: the first word of its command line that is no option. */
bool bel_proc_program(pid_t pid, char *path, size_t size);

/* The file that is mapped at an address. */
bool bel_proc_object(pid_t pid, uint64_t address, char *path, size_t size);

/* Memory of a process: how many bytes could be read. */
size_t bel_proc_read(pid_t pid, uint64_t address, void *to, size_t bytes);

/*
 * Makes the 16 random bytes that exec gives to a program (AT_RANDOM) always the same. To be
 * called when it has not run yet. Valgrind hands them on to the program, where they
 * lie on the stack, behind the environment's text, and decide what some
 * string functions read behind its end: two captures would differ.
 */
void bel_proc_fix_random(pid_t pid);

#endif
