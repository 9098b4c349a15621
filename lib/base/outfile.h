/* SPDX-License-Identifier: MIT */
/*
 * outfile.h: an output that is either whole or not there.
 *
 * A named regular file is written beside its place under no name (O_TMPFILE,
 * or a hidden temporary name where the file system lacks it) and takes its name in
 * bel_outfile_commit() alone: whoever dies before leaves the old file as it
 * was. A symbolic link stays, and what it leads to is replaced, or made where it leads nowhere
 * yet. "-" is standard output; devices, pipes and sockets are written directly. A folder is
 * refused.
 *
 * While `temp` is set, that file exists or is about to: a signal handler may unlink() it.
 *
 *	struct bel_outfile out;
 *	if (bel_outfile_open(&out, path, &err) < 0) ...
 *	fprintf(out.file, ...);
 *	if (bel_outfile_commit(&out, &err) < 0) ...     every write error surfaces here
 *
 * After a failed commit, and instead of a commit, bel_outfile_abandon() frees
 * all and leaves nothing behind; it may be called twice and after a commit.
 */
#ifndef BEL_OUTFILE_H
#define BEL_OUTFILE_H

#include <stdio.h>

#include "err.h"

struct bel_outfile {
	FILE *file; /* owned; NULL when closed */
	char *path; /* owned; NULL for standard output */
	char *temp; /* owned; hidden temporary name, NULL if unnamed or direct */
	int direct; /* written in place: standard output or no regular file */
	int fresh;  /* never takes the place of another file */
};

int bel_outfile_open(struct bel_outfile *out, const char *path, struct bel_err *err);
/* The same for a file that must not exist yet; its commit fails if it does by then. */
int bel_outfile_create(struct bel_outfile *out, const char *path, struct bel_err *err);
int bel_outfile_commit(struct bel_outfile *out, struct bel_err *err);
void bel_outfile_abandon(struct bel_outfile *out);

/* The name for messages: the path, or "standard output". */
const char *bel_outfile_name(const struct bel_outfile *out);

#endif
