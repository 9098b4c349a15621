/* SPDX-License-Identifier: MIT */
/* trace_record.h: the member "trace" of a record, which identifies its trace. */
#ifndef BEL_TRACE_RECORD_H
#define BEL_TRACE_RECORD_H

#include "emit.h"

struct bel_trace_identity {
	const char *name;   /* bel_source_title() */
	const char *file;   /* bel_source_file(); NULL: a pipe, or several files */
	const char *digest; /* 16 digits; those of several traces are joined with "+" */
	uint64_t references, pages, page_bytes;
};

void bel_trace_record(struct bel_record *r, const struct bel_trace_identity *trace);

#endif
