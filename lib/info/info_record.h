/* SPDX-License-Identifier: MIT */
/*
 * info_record.h: makes a record belady.info/1 about the contents of a trace (members
 * and their order: lib/emit/schema).
 */
#ifndef BEL_INFO_RECORD_H
#define BEL_INFO_RECORD_H

#include "emit.h"
#include "source.h"
#include "summary.h"
#include "trace_record.h"

enum { BEL_INFO_MAX = 65536 }; /* processes and mappings listed; the record counts all */

/* Fills the identity of a source that was read to its end; it points at `digest`. */
void bel_info_identify(struct bel_trace_identity *identity, char digest[17],
	const struct bel_source *source, const struct bel_summary *summary);

/*
 * Makes the record after the source was read to its end. stored_bytes: size of the file; 0: not a
 * file. NULL on errors.
 */
struct bel_record *bel_info_record(const char *tool, struct bel_source *source,
	const struct bel_summary *summary, uint64_t stored_bytes, struct bel_err *err);

/* Adds the last part of the record: mappings, pages outside any region, marks. */
int bel_info_add_regions(struct bel_record *record, struct bel_granules pages,
	const struct bel_summary *summary, struct bel_err *err);

/* Adds the end of the record: the numbers of processes, mappings and marks, listed or not. */
void bel_info_add_totals(struct bel_record *record, const struct bel_summary *summary);

#endif
