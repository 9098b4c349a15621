/* SPDX-License-Identifier: MIT */
/*
 * lackey_files.h: reads several lackey logs, one per process, as one trace.
 *
 *	valgrind --tool=lackey --trace-mem=yes --trace-children=yes --log-file=log.%p ...
 *
 * Each log belongs to one process: its ==PID== lines give the process id, or else the
 * number at the end of the file's name. Logs are read one after the other in the given
 * order, but a parent (==PID== Parent PID:) before its children. If the parent's log
 * has system calls (--trace-syscalls=yes), a child's log is read where the fork happens.
 *
 * Private to format_lackey.c, which also reads single logs through it. A file is opened
 * when it is read; the number of open files is the depth of nested forks.
 */
#ifndef BEL_LACKEY_FILES_H
#define BEL_LACKEY_FILES_H

#include "format.h"

struct bel_lackey_files;

/* `input` is the first log; the caller keeps ownership. */
struct bel_lackey_files *bel_lackey_files_new(
	struct bel_input *input, const struct bel_format_options *options, struct bel_err *err);

/* Adds further logs, before the first read. The start of each is read to find its process. */
int bel_lackey_files_join(struct bel_lackey_files *files, const char *const *paths, size_t count,
	struct bel_err *err);

/* Like a format's read() and tally(). */
int bel_lackey_files_read(
	struct bel_lackey_files *files, struct bel_accesses *out, struct bel_err *err);
void bel_lackey_files_tally(const struct bel_lackey_files *files, struct bel_format_tally *tally);

void bel_lackey_files_free(struct bel_lackey_files *files);

#endif
