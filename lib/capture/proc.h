/* SPDX-License-Identifier: MIT */
/*
 * proc.h: information about a process from /proc and ptrace(2). If the process is gone, every
 * answer is false or 0.
 */
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

/* Whether a traced thread is stopped because it made a single step. */
bool bel_proc_stepped(pid_t thread);

/* The user and group as which it opens files. */
bool bel_proc_owner(pid_t pid, uid_t *user, gid_t *group);

/* The program that Valgrind runs in the process: the first argument that is not an option. */
bool bel_proc_program(pid_t pid, char *path, size_t size);

/* The file that is mapped at an address. */
bool bel_proc_object(pid_t pid, uint64_t address, char *path, size_t size);

/* Reads memory of a process. Returns the number of bytes read. */
size_t bel_proc_read(pid_t pid, uint64_t address, void *to, size_t bytes);

/*
 * Gives fixed values to the 16 random bytes that exec gives to a program (AT_RANDOM). Call it
 * before the program runs. Valgrind passes them to the program on its stack, after the text of the
 * environment. Some string functions read past the end of that text, so their references depend on
 * these bytes and two captures would differ.
 */
void bel_proc_fix_random(pid_t pid);

#endif
