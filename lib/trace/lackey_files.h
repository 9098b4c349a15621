/* SPDX-License-Identifier: MIT */
/*
 * lackey_files.h: several lackey logs, one of each process, as one trace.
 *
 *	valgrind --tool=lackey --trace-mem=yes --trace-children=yes --log-file=log.%p ...
 *
 * Each log is of one process: the one of its ==PID== lines, or else the number that
 * ends the file's name. Logs are read one after the other, as they are given, but
 * parents (==PID== Parent PID:) before their children. Where a parent's log has its
 * system calls (--trace-syscalls=yes), a child's log is read at the point of its fork.
 *
 * Private to format_lackey.c, which reads single logs through it, too. Opens a file
 * when its turn comes: as many are open as forks are nested.
 */
#ifndef BEL_LACKEY_FILES_H
#define BEL_LACKEY_FILES_H

#include "format.h"

struct bel_lackey_files;

/* `input` is the first log, and stays the caller's. */
struct bel_lackey_files *bel_lackey_files_new(
	struct bel_input *input, const struct bel_format_options *options, struct bel_err *err);

/* Further logs, before the first read: each is looked into for its process. */
int bel_lackey_files_join(struct bel_lackey_files *files, const char *const *paths, size_t count,
	struct bel_err *err);

/* As a format's read() and tally(). */
int bel_lackey_files_read(
	struct bel_lackey_files *files, struct bel_accesses *out, struct bel_err *err);
void bel_lackey_files_tally(const struct bel_lackey_files *files, struct bel_format_tally *tally);

void bel_lackey_files_free(struct bel_lackey_files *files);

#endif
