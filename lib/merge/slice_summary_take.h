/* SPDX-License-Identifier: MIT */
/*
 * slice_summary_take.h: the contents of a summary's file, as slice_summary_file.c describes them.
 * Private to lib/merge.
 */
#ifndef BEL_SLICE_SUMMARY_TAKE_H
#define BEL_SLICE_SUMMARY_TAKE_H

#include "native_layout.h"
#include "slice_summary.h"

/* BEL_FAIL, with "NAME: what". */
static inline int bel_slice_summary_damaged(const char *name, const char *what, struct bel_err *err)
{
	return bel_fail(err, "%s: %s", name, what);
}

/* After an error, *summary is NULL or can only be freed. `name` is for messages. */
int bel_slice_summary_take(struct bel_view *view, struct bel_slice_summary **summary,
	const char *name, struct bel_err *err);

#endif
