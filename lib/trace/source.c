/* SPDX-License-Identifier: MIT */
/* source.c: gives any trace as runs or references: reader, folding, larger pages, digest. */
#include "source.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <xxhash.h>

#include "coarsen.h"
#include "encoding.h"
#include "fold.h"
#include "native.h"
#include "source_join.h"
#include "source_name.h"

enum {
	BATCH = 2048, /* references per batch, which stays in the first-level cache */
	PAGE_4K = 12,
};

struct bel_source {
	struct bel_input *input;
	struct bel_trace_info info;
	struct bel_source_options options;
	unsigned page_bits;

	struct bel_native_reader *native; /* NULL: a foreign format */
	const struct bel_format *format;
	struct bel_guess guess; /* how the format was found */
	void *reader;

	struct bel_access *access;
	struct bel_accesses batch;
	struct bel_chunk chunk; /* folded input, not completely taken */
	bool pending;           /* pass the same batch or chunk again */
	bool at_end;
	bool any; /* a reference was seen */

	struct bel_fold *fold;       /* exact input */
	struct bel_coarsen *coarsen; /* folded input, where pages are not its granules */

	XXH3_state_t *digest;
	char *title, *file;
	char *damage;
};

const struct bel_trace_info *bel_source_info(const struct bel_source *s)
{
	return &s->info;
}

unsigned bel_source_page_bits(const struct bel_source *s)
{
	return s->page_bits;
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
	const struct bel_native_totals *totals = s->native ? bel_native_totals(s->native) : NULL;

	return s->damage || !totals ? s->damage : totals->reason;
}

double bel_source_fraction(const struct bel_source *s)
{
	return s->input->size ? (double)s->input->consumed / (double)s->input->size : -1;
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

struct bel_granules bel_source_pages(const struct bel_source *s)
{
	if (s->fold)
		return bel_fold_granules(s->fold);
	return s->coarsen ? bel_coarsen_granules(s->coarsen) : bel_native_granules(s->native);
}

void bel_source_digest(const struct bel_source *s, char text[17])
{
	snprintf(text, 17, "%016llx", (unsigned long long)XXH3_64bits_digest(s->digest));
}

void bel_source_close(struct bel_source *s)
{
	if (!s)
		return;
	if (s->reader)
		s->format->close(s->reader);
	bel_native_reader_free(s->native);
	bel_fold_free(s->fold);
	bel_coarsen_free(s->coarsen);
	bel_events_release(&s->batch.events);
	XXH3_freeState(s->digest);
	bel_input_close(s->input);
	free(s->access);
	free(s->title);
	free(s->file);
	free(s->damage);
	free(s);
}

static int name_source(struct bel_source *s)
{
	const char *path = s->options.path;
	const char *given = s->options.name ? s->options.name : s->info.name;
	const bool has_file = path && strcmp(path, "-") != 0;

	s->file = has_file ? strdup(path) : NULL;
	s->title = bel_source_name(given ? given : s->info.command, path);
	return s->title && (s->file || !has_file) ? BEL_OK : BEL_FAIL;
}

static int open_native(struct bel_source *s, struct bel_err *err)
{
	if (bel_native_reader_open(&s->native, s->input, err) < 0)
		return err ? err->code : BEL_FAIL;
	if (bel_source_join(&s->options, NULL, NULL, err) < 0)
		return BEL_USAGE;
	s->info = *bel_native_info(s->native);
	if (s->info.valid_policies && !s->options.reduced)
		return bel_fail(err,
			"%s: the trace is reduced and valid only for %s at %llu frames or more; "
			"use bel-sim or bel-curve",
			s->input->name, s->info.valid_policies,
			(unsigned long long)s->info.min_frames);
	/* A reduction at another page size would remove other references, which is not known here.
	 */
	if (s->info.valid_policies &&
		((s->options.page_bits && s->options.page_bits != s->info.granule_bits) ||
			(s->options.first_byte && !s->info.first_byte)))
		return bel_usage(err,
			"%s: the trace is reduced and valid only for pages of %llu bytes, with the "
			"same --first-byte",
			s->input->name, 1ULL << s->info.granule_bits);
	return BEL_OK;
}

static int open_foreign(struct bel_source *s, struct bel_err *err)
{
	const char *name = s->options.format;
	unsigned unit = s->options.foreign.unit_bits;
	bool pages;
	int r;

	if (name)
		s->guess.format = bel_format_find(name, err);
	else
		bel_format_guess(&s->guess, s->input, s->options.page_bits, unit, err);
	s->format = s->guess.format;
	if (!s->format)
		return err ? err->code : BEL_FAIL;
	if (!s->format->open)
		return bel_usage(
			err, "%s: format %s can only be written", s->input->name, s->format->name);
	if (!(s->format->caps & BEL_FORMAT_BINARY) && bel_encoding_begin(s->input, err) < 0)
		return err ? err->code : BEL_FAIL;
	if (!unit)
		s->options.foreign.unit_bits = unit = PAGE_4K;
	s->reader = s->format->open(s->input, &s->options.foreign, err);
	if (!s->reader)
		return err ? err->code : BEL_FAIL;
	r = bel_source_join(&s->options, s->format, s->reader, err);
	if (r < 0)
		return r;
	pages = s->format->page_numbers ? s->format->page_numbers(s->reader)
					: s->format->caps & BEL_FORMAT_PAGE_NUMBERS;
	s->info = (struct bel_trace_info){
		.unit_bits = pages ? unit : 0,
		.address_bits = 64,
		.format = s->format->name,
	};
	return BEL_OK;
}

/* Chooses the page size, and folding or coarsening to get it. */
static int open_view(struct bel_source *s, struct bel_err *err)
{
	const bool exact = s->info.granule_bits == 0;
	const unsigned finest = exact ? s->info.unit_bits : s->info.granule_bits;

	s->page_bits = s->options.page_bits ? s->options.page_bits
		       : finest > PAGE_4K   ? finest
					    : PAGE_4K;
	if (s->page_bits < finest)
		return bel_usage(err,
			"%s: pages of %llu bytes are smaller than the trace's units of %llu",
			s->input->name, 1ULL << s->page_bits, 1ULL << finest);
	if (exact) {
		s->access = malloc(BATCH * sizeof(*s->access));
		if (!s->access)
			return bel_err_memory(err, "references");
		s->batch = (struct bel_accesses){.access = s->access, .capacity = BATCH};
		s->fold = bel_fold_new(s->page_bits, s->info.unit_bits, s->options.first_byte, err);
		return s->fold ? BEL_OK : BEL_FAIL;
	}
	if (s->page_bits > finest || (s->options.first_byte && !s->info.first_byte)) {
		s->coarsen = bel_coarsen_new(s->page_bits - finest, s->options.first_byte, err);
		return s->coarsen ? BEL_OK : BEL_FAIL;
	}
	return BEL_OK;
}

static int open_all(struct bel_source *s, struct bel_err *err)
{
	const char *name = s->options.format;
	int r = bel_input_fill(s->input, 65536, err);

	/* Options that only csv has imply csv. */
	if (!name && (s->options.foreign.columns || s->options.foreign.separator ||
			     s->options.foreign.kinds))
		s->options.format = name = "csv";

	if (r < 0)
		return r;
	if (r == 0)
		return bel_fail(err, "%s: empty: no trace", s->input->name);
	r = (name ? strcmp(name, "bel") == 0 : bel_native_probe(s->input->data, s->input->have))
		    ? open_native(s, err)
		    : open_foreign(s, err);
	if (r == BEL_OK)
		r = open_view(s, err);
	if (r < 0)
		return r;
	r = name_source(s);
	s->digest = XXH3_createState();
	if (r < 0 || !s->digest || XXH3_64bits_reset(s->digest) == XXH_ERROR)
		return bel_err_memory(err, "the trace");
	return BEL_OK;
}

int bel_source_open_input(struct bel_source **source, struct bel_input *input,
	const struct bel_source_options *options, struct bel_err *err)
{
	struct bel_source *s = calloc(1, sizeof(*s));
	int r;

	*source = NULL;
	if (!s) {
		bel_input_close(input);
		return bel_err_memory(err, "the trace");
	}
	s->input = input;
	s->options = *options;
	r = open_all(s, err);
	if (r < 0) {
		bel_source_close(s);
		return r;
	}
	*source = s;
	return BEL_OK;
}

int bel_source_open(
	struct bel_source **source, const struct bel_source_options *options, struct bel_err *err)
{
	struct bel_input *input;
	int r = bel_input_open(&input, options->path ? options->path : "-", err);

	*source = NULL;
	return r < 0 ? r : bel_source_open_input(source, input, options, err);
}

int bel_source_footprint(struct bel_source *s, uint64_t *pages, struct bel_err *err)
{
	struct bel_native_totals totals;
	int r;

	if (!s->native || s->fold || s->coarsen)
		return 0;
	r = bel_native_peek_totals(s->native, &totals, err);
	if (r > 0)
		*pages = totals.granules;
	return r;
}

/* With salvage, an error becomes an early end of the trace. */
static int end_or_fail(struct bel_source *s, int r, struct bel_err *err)
{
	if (r >= 0 || !s->options.salvage)
		return r;
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
	r = s->native ? bel_native_read_accesses(s->native, &s->batch, err)
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

	if (s->any || (s->native && s->options.allow_empty))
		return 0;
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
	int r;

	if (!s->pending) {
		r = s->at_end ? 0 : bel_native_read_chunk(s->native, &s->chunk, err);
		r = end_or_fail(s, r, err);
		s->at_end = r == 0;
		if (r < 0)
			return r;
		if (r == 0) {
			if (!s->coarsen)
				return 0;
			bel_coarsen_end(s->coarsen, chunk);
			return chunk->count > 0;
		}
	}
	if (!s->coarsen) {
		*chunk = s->chunk;
		return 1;
	}
	r = bel_coarsen_add(s->coarsen, &s->chunk, bel_native_granules(s->native), chunk, err);
	s->pending = r > 0;
	return r < 0 ? r : 1;
}

int bel_source_next(struct bel_source *s, struct bel_chunk *chunk, struct bel_err *err)
{
	const int r = s->fold ? next_folded(s, chunk, err) : next_runs(s, chunk, err);

	if (r <= 0)
		return r < 0 ? r : check_empty(s, err);
	s->any = s->any || chunk->count > 0;
	XXH3_64bits_update(s->digest, chunk->runs, chunk->count * sizeof(*chunk->runs));
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
