/* SPDX-License-Identifier: MIT */
/* source_open.c: opens a trace: its format, its page size, its slice, its name. */
#include <stdlib.h>
#include <string.h>

#include "encoding.h"
#include "source_join.h"
#include "source_name.h"
#include "source_state.h"

enum {
	BATCH = 2048, /* references per batch, which stays in the first-level cache */
	PAGE_4K = 12,
};

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
	if (s->options.check_index && bel_native_check_index(s->native, err) < 0)
		return BEL_FAIL;
	if (s->options.more_count) {
		s->parts = bel_parts_new(
			s->native, s->input, s->options.more, s->options.more_count, err);
		if (!s->parts)
			return err ? err->code : BEL_FAIL;
	}
	s->info = *bel_native_info(s->native);
	s->info.part = 0; /* what is made of a part, or of all, is no part */
	s->info.part_events = s->info.part_after = 0;
	/* So is what is made of a slice; bel_source_range() says what it is a slice of. */
	if (s->info.slice && !s->parts) {
		s->is_slice = true;
		s->whole = (struct bel_source_range){
			s->info.slice_from, s->info.slice_to, s->info.slice_of};
	}
	s->info.slice = 0;
	s->info.slice_from = s->info.slice_to = s->info.slice_of = 0;
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

	/* Without the further pages of references, near pages may be far. */
	if (s->options.first_byte && !s->info.first_byte)
		s->info.near_pages = s->info.near_bits = 0;

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
		if (s->fold && bel_source_has_addresses(s))
			bel_fold_keep_addresses(s->fold);
		return s->fold ? BEL_OK : BEL_FAIL;
	}
	/* The runs that the end of a part has cut are joined, too. */
	if (s->page_bits > finest || (s->options.first_byte && !s->info.first_byte) || s->parts) {
		s->coarsen = bel_coarsen_new(s->page_bits - finest, s->options.first_byte, err);
		return s->coarsen ? BEL_OK : BEL_FAIL;
	}
	return BEL_OK;
}

/* The slice by its references, now that the trace can say how many it has. */
static int place_slice(struct bel_source *s, struct bel_err *err)
{
	struct bel_native_totals totals;
	const int r = s->native && !s->parts ? bel_native_peek_totals(s->native, &totals, err) : 0;

	if (r > 0) {
		bel_source_slice_place(&s->slice, totals.references);
		s->checksum = totals.checksum;
		/* With other pages, references that cross a boundary count otherwise. */
		if (s->slice.to >= totals.references && !s->fold &&
			s->page_bits == s->info.granule_bits && !s->options.first_byte) {
			s->slice.to = UINT64_MAX;
			if (s->slice.from && s->slice.from >= totals.references)
				s->slice.from = UINT64_MAX;
		}
	}
	return r || !s->slice.parts
		       ? r
		       : bel_usage(err,
				 "%s: --slice %s: only a whole file in belady's own format says "
				 "how many references it has; give references, such as 1M:2M",
				 s->input->name, s->options.slice);
}

/*
 * Goes to the block with the last reference before the slice. There its page is known, so it is
 * known where the next run begins. The trace must be read from its front if it is no file, is not
 * folded, or has too many granules for its index.
 */
static int seek_slice(struct bel_source *s, struct bel_err *err)
{
	int r;

	if (!s->native || s->parts || s->fold || !s->slice.from)
		return BEL_OK;
	r = bel_native_seek(s->native, s->slice.from - 1, err);
	return r < 0 ? r : BEL_OK;
}

/* A slice in a file of its own cannot be cut once more, or read with pages that divide otherwise. */
static int check_slice_again(const struct bel_source *s, struct bel_err *err)
{
	if (s->slice.from || s->slice.to != UINT64_MAX)
		return bel_usage(err,
			"%s: --slice %s: the file is a slice already; cut the whole trace into "
			"more slices",
			s->input->name, s->options.slice);
	if (s->page_bits != s->info.granule_bits || (s->options.first_byte && !s->info.first_byte))
		return bel_usage(err,
			"%s: the file is a slice for pages of %llu bytes; with others, or with "
			"--first-byte, slices begin elsewhere: cut the whole trace anew",
			s->input->name, 1ULL << s->info.granule_bits);
	return BEL_OK;
}

static int open_slice(struct bel_source *s, struct bel_err *err)
{
	int r = bel_source_slice_parse(&s->slice, s->options.slice, err);

	if (r == BEL_OK)
		r = place_slice(s, err);
	if (r < 0)
		return r;
	s->sliced = true;
	if (s->is_slice && s->options.slice_numbers)
		r = check_slice_again(s, err);
	if (r < 0)
		return r;
	s->slice.shift = s->fold ? 0 : s->page_bits - s->info.granule_bits;
	s->slice.first_byte = !s->fold && s->options.first_byte && !s->info.first_byte;
	/* The granules do not say which pages only further parts of references have named. */
	if (s->slice.first_byte && s->options.slice_numbers)
		return bel_usage(err,
			"%s: slices of a folded trace cannot be joined with --first-byte; make the "
			"trace anew with bel-convert --first-byte",
			s->input->name);
	if (!s->coarsen && !s->options.slice_numbers)
		s->coarsen = bel_coarsen_new(0, false, err);
	if (!s->coarsen && !s->options.slice_numbers)
		return BEL_FAIL;
	return seek_slice(s, err);
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
	if (r == BEL_OK && s->options.slice)
		r = open_slice(s, err);
	if (r < 0)
		return r;
	r = name_source(s);
	if (r < 0)
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
