/* SPDX-License-Identifier: MIT */
/*
 * outfile.h: an output file that is either complete or absent.
 *
 * A regular file is written in its folder without a name (O_TMPFILE), or under a hidden temporary
 * name if the file system does not support that. It gets its name only in bel_outfile_commit(),
 * after it was closed without an error: a program that dies earlier, or a full disk, leaves the old
 * file unchanged. It is not flushed to the disk (fsync): if the machine stops, it may be lost.
 *
 * A symbolic link is kept; its target is replaced, or created if it does not exist. "-" is standard
 * output. Devices, pipes and sockets are written directly. A folder is refused.
 *
 * While `temp` is set, that file exists or will soon exist: a signal handler may unlink() it.
 *
 *	struct bel_outfile out;
 *	if (bel_outfile_open(&out, path, &err) < 0) ...
 *	fprintf(out.file, ...);
 *	if (bel_outfile_commit(&out, &err) < 0) ...     reports every write error
 *
 * After a failed commit, or instead of a commit, call bel_outfile_abandon(): it
 * frees everything and leaves no file. It may be called twice and after a commit.
 */
#ifndef BEL_OUTFILE_H
#define BEL_OUTFILE_H

#include <stdio.h>

#include "err.h"

struct bel_outfile {
	FILE *file; /* owned; NULL when closed */
	char *path; /* owned; NULL for standard output */
	char *temp; /* owned; hidden temporary name, NULL if unnamed or direct */
	int direct; /* written in place: standard output, or not a regular file */
	int fresh;  /* never replaces another file */
};

int bel_outfile_open(struct bel_outfile *out, const char *path, struct bel_err *err);
/* The same for a file that must not exist yet; its commit fails if it does by then. */
int bel_outfile_create(struct bel_outfile *out, const char *path, struct bel_err *err);
int bel_outfile_commit(struct bel_outfile *out, struct bel_err *err);
void bel_outfile_abandon(struct bel_outfile *out);

/* The name for messages: the path, or "standard output". */
const char *bel_outfile_name(const struct bel_outfile *out);

#endif
