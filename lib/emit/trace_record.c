/* SPDX-License-Identifier: MIT */
/* trace_record.c: the member "trace" of a record. */
#include "trace_record.h"

void bel_trace_record(struct bel_record *r, const struct bel_trace_identity *trace)
{
	bel_record_open(r, "trace");
	bel_record_text(r, "name", trace->name);
	bel_record_text(r, "digest", trace->digest);
	bel_record_count(r, "references", trace->references);
	bel_record_count(r, "pages", trace->pages);
	bel_record_count(r, "page_bytes", trace->page_bytes);
	bel_record_text(r, "file", trace->file);
	bel_record_close(r);
}
