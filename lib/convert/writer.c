/* SPDX-License-Identifier: MIT */
/*
 * writer.c: writes either view of a trace in any format that can hold it.
 */
#include "writer.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "coarsen.h"
#include "crossing.h"
#include "fold.h"
#include "format.h"
#include "native.h"
#include "next_access.h"
#include "writer_spaces.h"

enum {
	BATCH = 2048,
	PAGE_4K = 12,
};

struct bel_writer {
	const struct bel_outfile *out;
	struct bel_trace_info info; /* of the input */
	unsigned granule_bits;
	bool first_byte;

	struct bel_native_writer *native; /* NULL: a foreign format */
	const struct bel_format *format;

	struct bel_fold *fold;       /* for accesses to a folded native trace */
	struct bel_coarsen *coarsen; /* for chunks to larger granules */

	struct bel_spool_budget keep; /* if the caller has none */
	struct bel_next_access *next; /* foreign: references that wait for their next accesses */

	struct bel_access *access; /* foreign: references in the format's units */
	size_t count;
	struct bel_spaces spaces; /* foreign: the spaces so far */
	uint64_t lost;

	/* Formats of page numbers: references so far, and the further pages that they reach. */
	uint64_t references;
	struct bel_crossing crossing;
};

static int check_granule(const struct bel_writer *w, struct bel_err *err)
{
	const unsigned stored = w->info.granule_bits;
	const unsigned finest = stored ? stored : w->info.unit_bits;

	if (!w->granule_bits && w->first_byte)
		return bel_usage(err, "--first-byte has no effect at page size 1; use it when the "
				      "trace is folded");
	if (stored && !w->granule_bits)
		return bel_usage(err,
			"the trace is folded to granules of %llu bytes: exact addresses are gone",
			1ULL << stored);
	if (w->granule_bits && w->granule_bits < finest)
		return bel_usage(err,
			"granules of %llu bytes are smaller than the trace's, which have %llu",
			1ULL << w->granule_bits, 1ULL << finest);
	return 0;
}

static int open_native(struct bel_writer *w, int level, struct bel_err *err)
{
	struct bel_trace_info info = w->info;
	const unsigned stored = w->info.granule_bits;
	int r = check_granule(w, err);

	if (r < 0)
		return r;
	info.granule_bits = w->granule_bits;
	if (w->granule_bits)
		info.unit_bits = 0;
	info.first_byte = w->first_byte || w->info.first_byte;
	/* Without the further pages of references, near pages may be far (event.h). */
	if (w->first_byte && !w->info.first_byte)
		info.near_pages = info.near_bits = 0;
	if (w->granule_bits && !stored) {
		w->fold = bel_fold_new(w->granule_bits, w->info.unit_bits, w->first_byte, err);
		if (!w->fold)
			return BEL_FAIL;
	} else if (stored) {
		/* Also at the same size: a part that was left out leaves gaps in the numbers. */
		w->coarsen = bel_coarsen_new(w->granule_bits - stored, w->first_byte, err);
		if (!w->coarsen)
			return BEL_FAIL;
	}
	return bel_native_writer_open(&w->native, w->out->file, &info, level, err);
}

static int open_foreign(
	struct bel_writer *w, const struct bel_writer_options *options, struct bel_err *err)
{
	const char *const name = options->format;
	int r = 0;

	w->format = bel_format_find(name, err);
	if (!w->format)
		return BEL_USAGE;
	if (!w->format->write)
		return bel_usage(err, "format %s can only be read", name);
	if (w->format->caps & BEL_FORMAT_PAGE_NUMBERS) {
		if (!w->granule_bits)
			return bel_usage(err, "%s holds page numbers: it needs a page size", name);
		r = check_granule(w, err);
	} else if (w->info.granule_bits) {
		r = bel_usage(err,
			"%s holds addresses, but the trace is folded to granules of %llu bytes; "
			"convert a trace captured with --page-size 1",
			name, 1ULL << w->info.granule_bits);
	}
	if (r < 0)
		return r;
	if (w->info.granule_bits && w->granule_bits != w->info.granule_bits) {
		w->coarsen =
			bel_coarsen_new(w->granule_bits - w->info.granule_bits, w->first_byte, err);
		if (!w->coarsen)
			return BEL_FAIL;
	}
	w->access = malloc(BATCH * sizeof(*w->access));
	if (!w->access)
		return bel_err_memory(err, "references");
	if (w->format->caps & BEL_FORMAT_NEXT) {
		w->keep = (struct bel_spool_budget){.memory = (uint64_t)1 << 30, .dir = "/var/tmp"};
		w->next = bel_next_access_new(options->keep ? options->keep : &w->keep, err);
		if (!w->next)
			return BEL_FAIL;
	}
	return w->format->write_head ? w->format->write_head(w->out->file, &w->info, err) : 0;
}

int bel_writer_open(struct bel_writer **writer, const struct bel_writer_options *options,
	const struct bel_trace_info *info, struct bel_err *err)
{
	const bool native = !options->format || !strcmp(options->format, "bel");
	struct bel_writer *const w = calloc(1, sizeof(*w));
	int r;

	*writer = NULL;
	if (!w)
		return bel_err_memory(err, "the output");
	w->info = *info;
	w->granule_bits = options->granule_bits;
	w->first_byte = options->first_byte;
	w->out = options->out;
	r = native ? open_native(w, options->level, err) : open_foreign(w, options, err);
	if (r < 0)
		bel_writer_free(w);
	else
		*writer = w;
	return r;
}

static int write_out(struct bel_writer *w, const struct bel_accesses *batch, struct bel_err *err)
{
	int r;

	errno = 0;
	r = w->format->write(w->out->file, batch, err);
	if (r || !ferror(w->out->file))
		return r;
	return bel_fail_errno(err, errno, "%s: cannot write", bel_outfile_name(w->out));
}

/* Gives the references in `access` to the format, with their events. */
static int give(struct bel_writer *w, const struct bel_accesses *from, struct bel_err *err)
{
	struct bel_accesses batch = {
		.access = w->access, .count = w->count, .capacity = BATCH, .space = from->space};

	if (w->format->caps & BEL_FORMAT_EVENTS)
		batch.events = from->events;
	w->count = 0;
	if (w->next)
		return bel_next_access_add(w->next, batch.access, batch.count, err);
	return write_out(w, &batch, err);
}

/* Writes the references that waited; their next accesses are known now. */
static int give_kept(struct bel_writer *w, struct bel_err *err)
{
	struct bel_accesses batch;
	int r = bel_next_access_turn(w->next, err);

	while (!r && (r = bel_next_access_read(w->next, &batch, err)) > 0)
		r = write_out(w, &batch, err);
	return r;
}

static int put(struct bel_writer *w, struct bel_access access, struct bel_err *err)
{
	const struct bel_accesses none = {.space = w->spaces.space};

	w->access[w->count++] = access;
	return w->count == BATCH ? give(w, &none, err) : 0;
}

/* Writes each page that a reference touches as a separate reference. */
static int put_pages(struct bel_writer *w, const struct bel_accesses *batch, struct bel_err *err)
{
	const unsigned shift = w->granule_bits - w->info.unit_bits;

	for (size_t i = 0; i < batch->count; i++) {
		const struct bel_access *const a = &batch->access[i];
		const uint64_t first = a->address >> shift;
		const uint64_t end = a->address + (w->first_byte ? 0 : a->size - 1);
		const uint64_t last = end < a->address ? first : end >> shift;
		int r = bel_crossing_take(
			&w->crossing, w->references++, last - first, a->size, err);

		/* The last page may be the largest 64-bit number. */
		for (uint64_t n = last - first + 1; !r && n; n--)
			r = put(w, (struct bel_access){last - (n - 1), 1, a->kind}, err);
		if (r < 0)
			return r;
	}
	return 0;
}

/* Writes references in bytes, with events if the format has them; a batch stays one batch. */
static int put_bytes(struct bel_writer *w, const struct bel_accesses *batch, struct bel_err *err)
{
	const unsigned shift = w->info.unit_bits;
	const bool sized = w->format->caps & BEL_FORMAT_SIZES || w->first_byte;
	struct bel_access *access;

	if (batch->count > BATCH) {
		access = realloc(w->access, batch->count * sizeof(*access));
		if (!access)
			return bel_err_memory(err, "references");
		w->access = access;
	}
	for (size_t i = 0; i < batch->count; i++) {
		const struct bel_access *const a = &batch->access[i];
		const uint64_t address = a->address << shift;
		/* The smallest size that touches the same units. */
		const uint64_t size = ((uint64_t)(a->size - 1) << shift) + 1;

		if (address >> shift != a->address || size > UINT32_MAX)
			return bel_usage(err,
				"0x%llx in units of %llu bytes is too large for an address",
				(unsigned long long)a->address, 1ULL << shift);
		w->access[i] =
			(struct bel_access){address, w->first_byte ? 1 : (uint32_t)size, a->kind};
		w->lost += !sized && (address + size - 1) >> PAGE_4K != address >> PAGE_4K;
	}
	w->count = batch->count;
	return give(w, batch, err);
}

/* Only the native format can hold kernel references. */
static int check_kinds(
	const struct bel_writer *w, const struct bel_accesses *batch, struct bel_err *err)
{
	if (!w->info.kernel || !(w->format->caps & BEL_FORMAT_KINDS))
		return 0;
	for (size_t i = 0; i < batch->count; i++) {
		if (BEL_KERNEL_KINDS >> batch->access[i].kind & 1)
			return bel_usage(err,
				"%s cannot hold kernel references; leave them out with "
				"--only fetch,load,store,modify",
				w->format->name);
	}
	return 0;
}

int bel_writer_accesses(struct bel_writer *w, const struct bel_accesses *batch, struct bel_err *err)
{
	struct bel_chunk chunk;
	int r;

	if (w->format) {
		r = w->format->caps & BEL_FORMAT_EVENTS
			    ? bel_spaces_check_begun(&w->spaces, w->format->name, batch, err)
		    : batch->count
			    ? bel_spaces_check(&w->spaces, w->format->name, batch->space, err)
			    : 0;
		if (!r)
			r = check_kinds(w, batch, err);
		if (r < 0)
			return r;
		return w->format->caps & BEL_FORMAT_PAGE_NUMBERS ? put_pages(w, batch, err)
								 : put_bytes(w, batch, err);
	}
	if (!w->fold)
		return bel_native_write_accesses(w->native, batch, err);
	do {
		r = bel_fold_add(w->fold, batch, &chunk, err);
		if (r >= 0 && bel_native_write_chunk(
				      w->native, &chunk, bel_fold_granules(w->fold), err) < 0)
			return err ? err->code : BEL_FAIL;
	} while (r > 0);
	return r;
}

/* The kind of a run's references, as exact as the format needs it; BEL_KINDS: not known. */
static enum bel_kind kind_of(const struct bel_writer *w, struct bel_run run)
{
	const bool writes = run.info & BEL_RUN_WRITE;

	if (!(w->format->caps & (BEL_FORMAT_KINDS | BEL_FORMAT_WRITES)))
		return BEL_LOAD;
	if (w->format->caps & BEL_FORMAT_KINDS && (writes || run.info & BEL_RUN_FETCH))
		return run.info & BEL_RUN_DATA ? BEL_KINDS : BEL_FETCH;
	if (writes)
		return bel_run_count(run) == 1 ? BEL_STORE : BEL_KINDS;
	return BEL_LOAD;
}

static int put_runs(struct bel_writer *w, const struct bel_chunk *chunk,
	struct bel_granules granules, struct bel_err *err)
{
	int r = chunk->count ? bel_spaces_check(&w->spaces, w->format->name, chunk->space, err) : 0;

	for (size_t i = 0; !r && i < chunk->count; i++) {
		const struct bel_run run = chunk->runs[i];
		const enum bel_kind kind = kind_of(w, run);
		const uint64_t page = granules.granule[run.page].number;

		if (kind == BEL_KINDS)
			return bel_usage(err,
				"the trace is folded: it is not known which of the %u references "
				"of a run write, and %s needs that",
				bel_run_count(run), w->format->name);
		for (uint32_t n = bel_run_count(run); !r && n; n--)
			r = put(w, (struct bel_access){page, 1, (uint8_t)kind}, err);
	}
	return r;
}

static int put_chunk(struct bel_writer *w, const struct bel_chunk *chunk,
	struct bel_granules granules, struct bel_err *err)
{
	return w->format ? put_runs(w, chunk, granules, err)
			 : bel_native_write_chunk(w->native, chunk, granules, err);
}

int bel_writer_chunk(struct bel_writer *w, const struct bel_chunk *chunk,
	struct bel_granules granules, struct bel_err *err)
{
	struct bel_chunk larger;
	int again, r;

	if (!w->coarsen)
		return put_chunk(w, chunk, granules, err);
	do {
		again = bel_coarsen_add(w->coarsen, chunk, granules, &larger, err);
		if (again < 0)
			return again;
		r = put_chunk(w, &larger, bel_coarsen_granules(w->coarsen), err);
	} while (!r && again);
	return r;
}

/* Writes the run that folding still holds. */
static int drain(struct bel_writer *w, struct bel_err *err)
{
	struct bel_chunk chunk;
	int r = 0;

	if (w->fold) {
		r = bel_fold_end(w->fold, &chunk, err);
		return r < 0 ? r : put_chunk(w, &chunk, bel_fold_granules(w->fold), err);
	}
	if (w->coarsen) {
		bel_coarsen_end(w->coarsen, &chunk);
		r = put_chunk(w, &chunk, bel_coarsen_granules(w->coarsen), err);
	}
	return r;
}

int bel_writer_end(struct bel_writer *w, const char *reason, struct bel_err *err)
{
	const struct bel_accesses none = {.space = w->spaces.space};
	int r = drain(w, err);

	if (!r && w->count)
		r = give(w, &none, err);
	if (!r && w->next)
		r = give_kept(w, err);
	if (!r && w->native)
		r = bel_native_writer_end(w->native, reason, err);
	return r;
}

uint64_t bel_writer_lost(const struct bel_writer *w)
{
	return w->lost;
}

void bel_writer_free(struct bel_writer *w)
{
	if (!w)
		return;
	bel_native_writer_free(w->native);
	bel_fold_free(w->fold);
	bel_coarsen_free(w->coarsen);
	bel_next_access_free(w->next);
	free(w->access);
	free(w);
}
