/* SPDX-License-Identifier: MIT */
/*
 * info_record.h: what is in a trace, as a record belady.info/1 (its members and
 * order: lib/emit/schema).
 */
#ifndef BEL_INFO_RECORD_H
#define BEL_INFO_RECORD_H

#include "emit.h"
#include "source.h"
#include "summary.h"
#include "trace_record.h"

enum { BEL_INFO_MAX = 65536 }; /* processes and mappings listed; the record counts all */

/* Which trace a source was that was read to its end; *identity points at the digest. */
void bel_info_identify(struct bel_trace_identity *identity, char digest[17],
	const struct bel_source *source, const struct bel_summary *summary);

/* After the source was read to its end. stored_bytes: of the file, 0 if it is none. NULL: *err. */
struct bel_record *bel_info_record(const char *tool, struct bel_source *source,
	const struct bel_summary *summary, uint64_t stored_bytes, struct bel_err *err);

/* Its last part: mappings, what is in none, marks. */
int bel_info_add_regions(struct bel_record *record, struct bel_granules pages,
	const struct bel_summary *summary, struct bel_err *err);

/* Its end: how many processes, mappings and marks there are, listed or not. */
void bel_info_add_totals(struct bel_record *record, const struct bel_summary *summary);

#endif
