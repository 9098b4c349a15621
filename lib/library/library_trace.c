/* SPDX-License-Identifier: MIT */
/* library_trace.c: trace handles. Each function reads a trace from its beginning. */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "info_record.h"
#include "input.h"
#include "library.h"

/* The logarithm of a power of two. 0 stays 0, the default. */
static int size_bits(uint64_t bytes, const char *what, unsigned *bits, struct bel_err *err)
{
	*bits = 0;
	if (!bytes)
		return BEL_OK;
	if (bytes & (bytes - 1) || bytes < 2 || bytes > (uint64_t)1 << 40)
		return bel_usage(err,
			"bel_trace_settings: %s: %" PRIu64 " is not a power of two from 2 to 2^40",
			what, bytes);
	*bits = (unsigned)__builtin_ctzll(bytes);
	return BEL_OK;
}

/* Copies a text; NULL stays NULL. False: out of memory. */
static bool copy_text(const char **copy, const char *text)
{
	*copy = text ? strdup(text) : NULL;
	return *copy || !text;
}

static int fill_options(struct bel_trace *trace, const char *path,
	const struct bel_trace_settings *given, struct bel_err *err)
{
	struct bel_source_options *const o = &trace->options;
	struct bel_trace_settings s;

	if (bel_library_copy(&s, sizeof(s), sizeof(s), given, "bel_trace_settings", err) < 0 ||
		size_bits(s.page_bytes, "page_bytes", &o->page_bits, err) < 0 ||
		size_bits(s.unit_bytes, "unit_bytes", &o->foreign.unit_bits, err) < 0)
		return BEL_USAGE;
	if (s.format && strcmp(s.format, "bel") != 0 && !bel_format_find(s.format, err))
		return BEL_USAGE;
	if (s.flags & ~(uint32_t)(BEL_TRACE_FIRST_BYTE | BEL_TRACE_SALVAGE))
		return bel_usage(err, "bel_trace_settings: unknown flags %#x", s.flags);
	o->reduced = true; /* sweeps and curves check what a reduced trace allows */
	o->first_byte = s.flags & BEL_TRACE_FIRST_BYTE;
	o->salvage = s.flags & BEL_TRACE_SALVAGE;
	o->foreign.max_bad = s.max_bad;
	if (!copy_text(&o->path, path) ||
		!copy_text(&o->name, s.name || path ? s.name : "memory") ||
		!copy_text(&o->format, s.format) || !copy_text(&o->foreign.columns, s.columns) ||
		!copy_text(&o->foreign.separator, s.separator) ||
		!copy_text(&o->foreign.kinds, s.kinds))
		return bel_err_memory(err, "a trace");
	return BEL_OK;
}

static int open_source(struct bel_trace *trace, const struct bel_source_options *options,
	struct bel_source **source, struct bel_err *err)
{
	struct bel_input *input;

	if (options->path)
		return bel_source_open(source, options, err);
	if (bel_input_open_memory(&input, "memory", trace->bytes, trace->count, err) < 0)
		return BEL_FAIL;
	return bel_source_open_input(source, input, options, err);
}

/* Takes over the bytes. */
static int open_trace(struct bel_trace **made, const char *path, void *bytes, size_t count,
	const struct bel_trace_settings *settings, struct bel_err *err)
{
	struct bel_trace *const trace = calloc(1, sizeof(*trace));
	int r;

	*made = NULL;
	if (!trace) {
		free(bytes);
		return bel_err_memory(err, "a trace");
	}
	trace->bytes = bytes;
	trace->count = count;
	trace->once = path && !bel_input_is_file(path, NULL);
	r = fill_options(trace, path, settings, err);
	if (r == BEL_OK)
		r = open_source(trace, &trace->options, &trace->source, err);
	if (r < 0) {
		trace->source = NULL;
		bel_trace_close(trace);
		return r;
	}
	*made = trace;
	return BEL_OK;
}

int bel_trace_open(struct bel_trace **trace, const char *path,
	const struct bel_trace_settings *settings, struct bel_err *err)
{
	struct bel_err ignored;

	return open_trace(trace, path ? path : "-", NULL, 0, settings, err ? err : &ignored);
}

int bel_trace_open_memory(struct bel_trace **trace, const void *bytes, size_t count,
	const struct bel_trace_settings *settings, struct bel_err *err)
{
	struct bel_err ignored;
	char *const copy = malloc(count + 1);

	err = err ? err : &ignored;
	*trace = NULL;
	if (!copy)
		return bel_err_memory(err, "a trace");
	if (count)
		memcpy(copy, bytes, count);
	return open_trace(trace, NULL, copy, count, settings, err);
}

void bel_trace_close(struct bel_trace *trace)
{
	if (!trace)
		return;
	bel_source_close(trace->source);
	free(trace->bytes);
	free(trace->warning);
	free((char *)trace->options.path);
	free((char *)trace->options.name);
	free((char *)trace->options.format);
	free((char *)trace->options.foreign.columns);
	free((char *)trace->options.foreign.separator);
	free((char *)trace->options.foreign.kinds);
	free(trace);
}

struct bel_source *bel_library_take(
	struct bel_trace *trace, unsigned page_bits, bool allow_empty, struct bel_err *err)
{
	struct bel_source_options options = trace->options;
	struct bel_source *source = trace->started ? NULL : trace->source;
	const bool fits = source && (!page_bits || page_bits == bel_source_page_bits(source));

	if (fits && (!allow_empty || trace->once)) {
		trace->source = NULL;
		return source;
	}
	if (trace->once) {
		if (source)
			bel_usage(err, "%s: can be read only once: set page_bytes when opening it",
				options.path);
		else
			bel_usage(err, "%s: is not a regular file, and was read already",
				options.path);
		return NULL;
	}
	bel_trace_rewind(trace);
	bel_source_close(trace->source);
	trace->source = NULL;
	if (page_bits)
		options.page_bits = page_bits;
	options.allow_empty = allow_empty;
	return open_source(trace, &options, &source, err) < 0 ? NULL : source;
}

static void keep_warning(struct bel_trace *trace, const struct bel_source *source, bool read)
{
	const struct bel_source_format format = bel_source_format(source);
	const struct bel_format_tally tally = bel_source_tally(source);
	const char *const damage = bel_source_damage(source);
	char *text = NULL;
	int n = 0;

	if (read && damage)
		n = asprintf(&text, "the trace is not whole: %s", damage);
	else if (read && tally.mixed)
		n = asprintf(&text, "several processes wrote to one log: all references are "
				    "counted as those of the last process");
	else if (read && tally.bad)
		n = asprintf(&text, "lines skipped because they are not references: %" PRIu64,
			tally.bad);
	else if (format.verdict != BEL_PROBE_CERTAIN)
		n = asprintf(&text, "taken for format %s (%s)", format.name, format.reason);
	free(trace->warning);
	trace->warning = n < 0 ? NULL : text;
}

void bel_library_give_back(struct bel_trace *trace, struct bel_source *source, bool read)
{
	keep_warning(trace, source, read);
	bel_source_close(source);
}

const char *bel_trace_warning(const struct bel_trace *trace)
{
	return trace->warning;
}

/* ---- counts and descriptions ---- */

static int add_chunk(void *summary, const struct bel_chunk *chunk, struct bel_granules pages,
	struct bel_err *err)
{
	return bel_summary_chunk(summary, chunk, pages, err);
}

static int read_summary(struct bel_source *source, struct bel_summary *summary, struct bel_err *err)
{
	static const struct bel_consumer consumer = {
		.caps = BEL_CONSUMER_EVENTS, .feed = add_chunk};
	const struct bel_pass_input input = bel_pass_source(source);
	const struct bel_pass_setup setup = {.threads = 1};
	struct bel_err own = {.code = BEL_OK};
	struct bel_pass *const pass = bel_pass_new(&setup, &input, err);
	int r = pass ? bel_pass_attach(pass, bel_pass_input(pass), &consumer, summary, &own, err)
		     : BEL_FAIL;

	if (r == 0)
		r = bel_pass_run(pass, err);
	bel_pass_free(pass);
	if (r == 0 && !own.code)
		bel_summary_end(summary, bel_source_damage(source) != NULL, &own);
	if (r == 0 && own.code) {
		*err = own;
		r = own.code;
	}
	return r;
}

/* Reads a whole trace. NULL with err; otherwise the caller owns the summary and *source. */
static struct bel_summary *summarise(
	struct bel_trace *trace, struct bel_source **source, struct bel_err *err)
{
	struct bel_summary *summary;

	*source = bel_library_take(trace, 0, true, err);
	if (!*source)
		return NULL;
	summary = bel_summary_new(bel_source_page_bits(*source), err);
	if (summary && read_summary(*source, summary, err) == 0)
		return summary;
	bel_summary_free(summary);
	bel_library_give_back(trace, *source, true);
	return NULL;
}

int bel_trace_count(struct bel_trace *trace, struct bel_trace_counts *counts, struct bel_err *err)
{
	struct bel_err ignored;
	struct bel_trace_counts all = {.size = sizeof(all)};
	struct bel_source *source;
	struct bel_summary *summary;

	err = err ? err : &ignored;
	summary = summarise(trace, &source, err);
	if (!summary)
		return err->code;
	all.page_bits = bel_source_page_bits(source);
	all.page_bytes = (uint64_t)1 << all.page_bits;
	all.references = summary->references;
	all.pages = summary->pages;
	for (int kind = 0; kind < BEL_KINDS; kind++)
		if (bel_kind_writes((enum bel_kind)kind))
			all.writes += summary->kinds[kind];
	bel_library_answer(counts, &all, sizeof(all));
	bel_summary_free(summary);
	bel_library_give_back(trace, source, true);
	return BEL_OK;
}

int bel_info_records(
	struct bel_trace *trace, bel_record_taker take, void *host, struct bel_err *err)
{
	struct bel_err ignored;
	struct bel_source *source;
	struct bel_summary *summary;
	struct bel_record *record;
	struct bel_emit *emit;
	uint64_t stored = 0;
	int r;

	err = err ? err : &ignored;
	summary = summarise(trace, &source, err);
	if (!summary)
		return err->code;
	if (trace->options.path)
		bel_input_is_file(trace->options.path, &stored);
	record = bel_info_record(LIBRARY_NAME, source, summary, stored, err);
	r = record ? bel_emit_open_taker(&emit, take, host, err) : BEL_FAIL;
	if (r == 0) {
		r = bel_emit(emit, record, err);
		bel_emit_close(emit, NULL);
	} else {
		bel_record_free(record);
	}
	bel_summary_free(summary);
	bel_library_give_back(trace, source, true);
	return r;
}

/* ---- reading a trace in parts ---- */

int bel_trace_next(
	struct bel_trace *trace, const struct bel_run **runs, size_t *count, struct bel_err *err)
{
	struct bel_err ignored;
	struct bel_chunk chunk = {.count = 0};
	int r = 1;

	err = err ? err : &ignored;
	if (!trace->started) {
		trace->source = bel_library_take(trace, 0, false, err);
		if (!trace->source)
			return err->code;
		trace->started = true;
	}
	/* Skips chunks that have only events. */
	while (r > 0 && !chunk.count)
		r = bel_source_next(trace->source, &chunk, err);
	*runs = r > 0 ? chunk.runs : NULL;
	*count = r > 0 ? chunk.count : 0;
	if (r == 0)
		keep_warning(trace, trace->source, true);
	return r;
}

void bel_trace_rewind(struct bel_trace *trace)
{
	if (!trace->started)
		return;
	bel_source_close(trace->source);
	trace->source = NULL;
	trace->started = false;
}

int bel_trace_page(const struct bel_trace *trace, uint32_t page, uint64_t *address, uint32_t *space)
{
	struct bel_granules pages;

	if (!trace->started)
		return 0;
	pages = bel_source_pages(trace->source);
	if (page >= pages.count)
		return 0;
	if (address)
		*address = pages.granule[page].number << bel_source_page_bits(trace->source);
	if (space)
		*space = pages.granule[page].space;
	return 1;
}
