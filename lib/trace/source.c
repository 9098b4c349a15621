/* SPDX-License-Identifier: MIT */
/* source.c: gives any trace as runs or references: reader, folding, larger pages, digest. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "source_state.h"

const struct bel_trace_info *bel_source_info(const struct bel_source *s)
{
	return &s->info;
}

unsigned bel_source_page_bits(const struct bel_source *s)
{
	return s->page_bits;
}

bool bel_source_has_addresses(const struct bel_source *s)
{
	return s->options.addresses && s->fold && !s->info.unit_bits;
}

const char *bel_source_title(const struct bel_source *s)
{
	return s->title;
}

const char *bel_source_file(const struct bel_source *s)
{
	return s->file;
}

const char *bel_source_damage(const struct bel_source *s)
{
	const struct bel_native_totals *totals = s->parts    ? bel_parts_totals(s->parts)
						 : s->native ? bel_native_totals(s->native)
							     : NULL;

	return s->damage || !totals ? s->damage : totals->reason;
}

double bel_source_fraction(const struct bel_source *s)
{
	return s->input->size && !s->parts ? (double)s->input->consumed / (double)s->input->size
					   : -1;
}

struct bel_source_format bel_source_format(const struct bel_source *s)
{
	return (struct bel_source_format){
		.name = s->info.format,
		.given = s->options.format != NULL,
		.verdict = s->options.format || s->native ? BEL_PROBE_CERTAIN : s->guess.verdict,
		.reason = s->options.format ? "chosen by the options"
			  : s->native       ? "its magic number"
					    : s->guess.reason,
	};
}

struct bel_format_tally bel_source_tally(const struct bel_source *s)
{
	struct bel_format_tally tally = {0};

	if (s->format && s->format->tally && s->reader)
		s->format->tally(s->reader, &tally);
	return tally;
}

/* The pages of what was folded, or the granules of the trace. */
static struct bel_granules granules(const struct bel_source *s)
{
	return s->fold    ? bel_fold_granules(s->fold)
	       : s->parts ? bel_parts_granules(s->parts)
			  : bel_native_granules(s->native);
}

struct bel_granules bel_source_pages(const struct bel_source *s)
{
	return s->coarsen ? bel_coarsen_granules(s->coarsen) : granules(s);
}

struct bel_source_range bel_source_range(const struct bel_source *s)
{
	const bool whole = !s->sliced || (!s->slice.from && s->slice.to == UINT64_MAX);
	const bool beyond = s->at_end && !s->slice.ended && s->slice.seen < s->slice.to;

	if (s->is_slice && whole)
		return s->whole;
	return (struct bel_source_range){
		.from = beyond && s->slice.from > s->slice.seen ? UINT64_MAX : s->slice.from,
		.to = whole || beyond ? UINT64_MAX : s->slice.to,
		.checksum = s->checksum,
	};
}

bool bel_source_is_slice(const struct bel_source *s)
{
	return s->is_slice;
}

struct bel_run_digest bel_source_run_digest(const struct bel_source *s)
{
	return s->digest;
}

void bel_source_digest(const struct bel_source *s, char text[17])
{
	bel_run_digest_text(&s->digest, text);
}

void bel_source_close(struct bel_source *s)
{
	if (!s)
		return;
	if (s->reader)
		s->format->close(s->reader);
	bel_parts_free(s->parts);
	bel_native_reader_free(s->native);
	bel_fold_free(s->fold);
	bel_coarsen_free(s->coarsen);
	bel_source_slice_release(&s->slice);
	bel_events_release(&s->batch.events);
	bel_input_close(s->input);
	free(s->access);
	free(s->title);
	free(s->file);
	free(s->damage);
	free(s);
}

int bel_source_footprint(struct bel_source *s, uint64_t *pages, struct bel_err *err)
{
	struct bel_native_totals totals;
	int r;

	if (!s->native || s->parts || s->fold || s->coarsen || s->sliced)
		return 0;
	r = bel_native_peek_totals(s->native, &totals, err);
	if (r > 0)
		*pages = totals.granules;
	return r;
}

/*
 * With salvage, an error becomes an early end of the trace. Without it, damage of a native trace
 * that has references before the damage gets the remedy. Of several files, it may be that they do not
 * belong together, which is no damage.
 */
static int end_or_fail(struct bel_source *s, int r, struct bel_err *err)
{
	static const char remedy[] = "; --salvage reads what is before";

	if (r >= 0)
		return r;
	if (!s->options.salvage) {
		if (r == BEL_FAIL && err && !err->error && s->native && !s->parts && s->any &&
			strlen(err->text) + sizeof(remedy) <= sizeof(err->text))
			strcat(err->text, remedy);
		return r;
	}
	s->damage = strdup(err ? err->text : "damaged");
	return s->damage ? 0 : bel_err_memory(err, "the damage");
}

static int read_batch(struct bel_source *s, struct bel_err *err)
{
	int r;

	bel_events_clear(&s->batch.events);
	s->batch.count = 0;
	if (s->at_end)
		return 0;
	r = s->parts    ? bel_parts_read_accesses(s->parts, &s->batch, err)
	    : s->native ? bel_native_read_accesses(s->native, &s->batch, err)
			: s->format->read(s->reader, &s->batch, err);
	r = end_or_fail(s, r, err);
	s->at_end = r == 0;
	return r;
}

/* At the end: refuses a trace without references. */
static int check_empty(const struct bel_source *s, struct bel_err *err)
{
	const char *const damage = bel_source_damage(s);
	const struct bel_format_tally tally = bel_source_tally(s);

	if (s->any || (s->native && s->options.allow_empty) || s->options.slice_numbers)
		return 0;
	if (s->sliced)
		return bel_fail(err,
			"%s: --slice '%s': no run begins there; bel-info counts the references",
			s->input->name, s->options.slice);
	if (damage)
		return bel_fail(
			err, "%s: no references before the damage: %s", s->input->name, damage);
	if (tally.bad)
		return bel_fail(err, "%s: no references: all lines were skipped as bad (%llu)",
			s->input->name, (unsigned long long)tally.bad);
	return bel_fail(err, "%s: no references%s", s->input->name,
		s->native ? " in the trace" : ": only blank lines and comments");
}

/* Adds the trace's name to an error of folding, which does not know it. */
static int name_trace(const struct bel_source *s, struct bel_err *err)
{
	struct bel_err copy;

	if (err && err->error != ENOMEM) {
		copy = *err;
		bel_err_set(err, copy.code, "%.200s: %.390s", s->input->name, copy.text);
		err->error = copy.error;
	}
	return BEL_FAIL;
}

static int next_folded(struct bel_source *s, struct bel_chunk *chunk, struct bel_err *err)
{
	int r;

	if (!s->pending) {
		r = read_batch(s, err);
		if (r < 0)
			return r;
		if (r == 0) {
			r = bel_fold_end(s->fold, chunk, err);
			return r < 0 ? r : chunk->count > 0;
		}
	}
	r = bel_fold_add(s->fold, &s->batch, chunk, err);
	s->pending = r > 0;
	return r < 0 ? name_trace(s, err) : 1;
}

static int next_runs(struct bel_source *s, struct bel_chunk *chunk, struct bel_err *err)
{
	const int r = s->at_end  ? 0
		      : s->parts ? bel_parts_read_chunk(s->parts, chunk, err)
				 : bel_native_read_chunk(s->native, chunk, err);
	const int got = end_or_fail(s, r, err);

	s->at_end = got == 0;
	return got;
}

/* The next chunk of the slice, or of the trace; in its granules, or folded. */
static int next_part(struct bel_source *s, struct bel_chunk *chunk, struct bel_err *err)
{
	int r = 0, in = 0;

	while (!in && !s->slice.ended) {
		r = s->fold ? next_folded(s, chunk, err) : next_runs(s, chunk, err);
		if (r <= 0 || !s->sliced)
			return r;
		in = bel_source_slice_cut(&s->slice, chunk, granules(s), err);
		if (in > 0 && s->coarsen && s->options.slice_numbers &&
			bel_coarsen_know(s->coarsen, granules(s), err) < 0)
			return BEL_FAIL;
	}
	return in;
}

static int next_coarse(struct bel_source *s, struct bel_chunk *chunk, struct bel_err *err)
{
	int r = s->again ? 1 : next_part(s, &s->chunk, err);

	if (r < 0)
		return r;
	if (r == 0) {
		bel_coarsen_end(s->coarsen, chunk);
		return chunk->count > 0;
	}
	r = bel_coarsen_add(s->coarsen, &s->chunk, granules(s), chunk, err);
	s->again = r > 0;
	return r < 0 ? r : 1;
}

int bel_source_next(struct bel_source *s, struct bel_chunk *chunk, struct bel_err *err)
{
	const int r = s->coarsen ? next_coarse(s, chunk, err) : next_part(s, chunk, err);

	if (r <= 0)
		return r < 0 ? r : check_empty(s, err);
	s->any = s->any || chunk->count > 0;
	bel_run_digest_add(&s->digest, chunk->runs, chunk->count);
	return r;
}

int bel_source_next_exact(
	struct bel_source *s, const struct bel_accesses **batch, struct bel_err *err)
{
	int r;

	if (!s->fold)
		return bel_usage(err,
			"%s: the trace is folded to granules of %llu bytes; addresses and sizes "
			"are gone",
			s->input->name, 1ULL << s->info.granule_bits);
	*batch = &s->batch;
	r = read_batch(s, err);
	s->any = s->any || s->batch.count > 0;
	return r ? r : check_empty(s, err);
}
