/* SPDX-License-Identifier: MIT */
/*
 * library.h: what the functions of belady.h have in common.
 *
 * They may be given no struct bel_err; the rest of lib/ is always given one.
 */
#ifndef BEL_LIBRARY_H
#define BEL_LIBRARY_H

#include <belady/belady.h>

#include "emit.h"
#include "pass.h"
#include "spec.h"

#define LIBRARY_NAME "libbelady" /* the records' "tool" */

struct bel_trace {
	struct bel_source_options options; /* its texts are the trace's */
	void *bytes;                       /* of a trace in memory; owned */
	size_t count;
	bool once;                 /* no regular file: it is read once */
	struct bel_source *source; /* open; NULL: it is to be opened, or was read and is no more */
	bool started;              /* bel_trace_next() reads it */
	char *warning;             /* owned */
};

/*
 * A source of which nothing was read, at pages of 1 << page_bits bytes (0: the trace's own), the
 * caller's until bel_library_give_back(). NULL with err.
 */
struct bel_source *bel_library_take(
	struct bel_trace *trace, unsigned page_bits, bool allow_empty, struct bel_err *err);

/* Closes it, and keeps what there is to warn of. `read`: to its end. */
void bel_library_give_back(struct bel_trace *trace, struct bel_source *source, bool read);

/*
 * Copies what the caller's structure has of ours, whose further members stay 0; *full has its size
 * set. BEL_USAGE: it is too small to be one, or sets what only a later library knows.
 */
int bel_library_copy(void *full, size_t size, size_t smallest, const void *given, const char *what,
	struct bel_err *err);

/* The settings with defaults in place of zeros. */
int bel_library_settings(
	struct bel_settings *full, const struct bel_settings *given, struct bel_err *err);

/* The part of them that passes take. */
struct bel_pass_setup bel_library_pass(const struct bel_settings *settings);

/* Fills the members of the caller's structure that it has, as it says in its first member. */
void bel_library_answer(void *caller, const void *full, size_t size);

#endif
