/* SPDX-License-Identifier: MIT */
/*
 * program_files.h: the files that a traced program maps, and how many of their pages it uses.
 *
 *	struct bel_program_files files = {0};
 *
 *	bel_program_files_read(&files, source, &err);      reads the whole source
 *	bel_program_files_choose(&files, &copies, &err);   adds those that can be copied
 *	... files.pages ...
 *	bel_program_files_release(&files);
 *
 * A page of a file is counted once, wherever and however often it is mapped: the kernel has one page
 * for all mappings and processes.
 */
#ifndef BEL_PROGRAM_FILES_H
#define BEL_PROGRAM_FILES_H

#include "file_copies.h"
#include "names.h"
#include "source.h"

struct bel_program_file {
	uint64_t pages; /* distinct pages of the file that the trace references */
	bool shared;    /* it is mapped so that the program's writes go to the file */
};

/* A zero-initialised structure is empty. */
struct bel_program_files {
	struct bel_names names;        /* paths */
	struct bel_program_file *file; /* by the number of the path */
	uint32_t capacity;
	uint64_t pages; /* after choose(): of the files that were added */
};

int bel_program_files_read(
	struct bel_program_files *files, struct bel_source *source, struct bel_err *err);

/*
 * Adds the files to the copies, but for those that the program writes through a mapping, and those
 * that are no regular files on this machine. BEL_FAIL if none is left.
 */
int bel_program_files_choose(
	struct bel_program_files *files, struct bel_copies *copies, struct bel_err *err);

void bel_program_files_release(struct bel_program_files *files);

#endif
