/* SPDX-License-Identifier: MIT */
/*
 * library.h: helpers for the functions of belady.h.
 *
 * In belady.h `err` may be NULL; everywhere else in lib/ it may not.
 */
#ifndef BEL_LIBRARY_H
#define BEL_LIBRARY_H

#include <belady/belady.h>

#include "emit.h"
#include "pass.h"
#include "spec.h"

#define LIBRARY_NAME "libbelady" /* the records' "tool" */

struct bel_trace {
	struct bel_source_options options; /* owns its texts */
	void *bytes;                       /* of a trace in memory; owned */
	size_t count;
	bool once;                 /* not a regular file: it can be read only once */
	struct bel_source *source; /* NULL: not open now */
	bool started;              /* bel_trace_next() is reading it */
	char *warning;             /* owned */
};

/*
 * Returns a source from which nothing was read, with pages of 1 << page_bits bytes (0: the trace's
 * own size). The caller owns it until bel_library_give_back(). NULL with err.
 */
struct bel_source *bel_library_take(
	struct bel_trace *trace, unsigned page_bits, bool allow_empty, struct bel_err *err);

/* Closes the source and keeps its warning. `read`: it was read to its end. */
void bel_library_give_back(struct bel_trace *trace, struct bel_source *source, bool read);

/*
 * Copies the caller's structure into *full, which may have more members: they stay 0. Sets the size
 * of *full. BEL_USAGE: the caller's structure is too small, or sets members that this library does
 * not have.
 */
int bel_library_copy(void *full, size_t size, size_t smallest, const void *given, const char *what,
	struct bel_err *err);

/* Copies the settings, with defaults in place of zeros. NULL: all defaults. */
int bel_library_settings(
	struct bel_settings *full, const struct bel_settings *given, struct bel_err *err);

/* The settings of a pass. */
struct bel_pass_setup bel_library_pass(const struct bel_settings *settings);

/* Copies *full into the caller's structure, as far as the size in its first member allows. */
void bel_library_answer(void *caller, const void *full, size_t size);

#endif
