/* SPDX-License-Identifier: MIT */
/*
 * number_list.c: lists of frame counts: "8,16", "4:256:*2", "10%", "all"; or of bytes of memory.
 */
#include <errno.h>
#include <math.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "number.h"

#define COUNTS_MAX ((size_t)1 << 24) /* a typing error must not use up the memory */

struct list {
	const char *what; /* for messages */
	bool plain;       /* counts of something other than frames: no % and no "all" */
	uint64_t *frames;
	size_t count, capacity;
};

static int add(struct list *list, uint64_t frames, struct bel_err *err)
{
	if (!frames)
		return bel_usage(err,
			list->plain ? "%s: 0 is too few; at least 1 is needed"
				    : "%s: 0 frames cannot hold a page; at least 1 is needed",
			list->what);
	if (frames > INT64_MAX)
		return bel_usage(err, "%s: must be at most 2^63 - 1", list->what);
	if (list->count == list->capacity) {
		const size_t capacity = list->capacity ? list->capacity * 2 : 64;
		uint64_t *grown;

		if (list->count >= COUNTS_MAX)
			return bel_usage(err, "%s: more than %zu counts", list->what, COUNTS_MAX);
		grown = realloc(list->frames, capacity * sizeof(*grown));
		if (!grown)
			return bel_err_memory(err, "frame counts");
		list->frames = grown;
		list->capacity = capacity;
	}
	list->frames[list->count++] = frames;
	return 0;
}

static int need(const struct list *list, const char *item, uint64_t footprint, struct bel_err *err)
{
	if (footprint)
		return 0;
	return bel_usage(err,
		"%s: '%s' needs the trace's number of pages, which is known only at its end; "
		"give a file or plain counts",
		list->what, item);
}

static int add_share(struct list *list, const char *item, uint64_t footprint, struct bel_err *err)
{
	char *end;
	double share;
	const int r = need(list, item, footprint, err);

	if (r < 0)
		return r;
	share = strtod(item, &end);
	if (end == item || strcmp(end, "%") || !(share > 0) || share > 1e6)
		return bel_usage(err, "%s: '%s' is not a percentage above 0", list->what, item);
	/* The small term corrects a rounding error: 10% of 70 is 7 frames, not 8. */
	share = ceil(share * (double)footprint / 100 - 1e-9);
	return add(list, share < 1 ? 1 : (uint64_t)share, err);
}

/* The step of FIRST:LAST:STEP: a number to add, or *FACTOR. */
struct step {
	uint64_t add;
	double factor; /* 0: none */
};

static int parse_step(const struct list *list, const char *item, const char *text,
	struct step *step, struct bel_err *err)
{
	char *end;
	int r;

	*step = (struct step){.add = 1};
	if (!text)
		return 0;
	if (*text != '*') {
		r = bel_parse_number(text, list->what, &step->add, err);
		if (!r && !step->add)
			r = bel_usage(err, "%s: '%s' never ends: its step is 0", list->what, item);
		return r;
	}
	step->factor = strtod(text + 1, &end);
	if (end == text + 1 || *end || !(step->factor > 1) || step->factor > 1e18)
		return bel_usage(
			err, "%s: '%s' needs a factor above 1 after '*'", list->what, item);
	return 0;
}

/* The count after `at`; 0 if it would be above `last`. */
static uint64_t after(uint64_t at, uint64_t last, const struct step *step)
{
	if (step->factor > 0) {
		const double next = nearbyint((double)at * step->factor);

		if (next > (double)last)
			return 0;
		/* A small count times a factor near 1 rounds to itself: add 1 instead. */
		if (next > (double)at)
			return (uint64_t)next;
		return at < last ? at + 1 : 0;
	}
	return last - at >= step->add ? at + step->add : 0;
}

static int add_range(struct list *list, const char *item, struct bel_err *err)
{
	char text[128];
	char *last_text, *step_text;
	struct step step;
	uint64_t first, last;
	int r;

	if (snprintf(text, sizeof(text), "%s", item) >= (int)sizeof(text))
		return bel_usage(err, "%s: '%.40s...' is not a range", list->what, item);
	last_text = strchr(text, ':');
	*last_text++ = 0;
	step_text = strchr(last_text, ':');
	if (step_text)
		*step_text++ = 0;
	r = bel_parse_number(text, list->what, &first, err);
	if (!r)
		r = bel_parse_number(last_text, list->what, &last, err);
	if (!r)
		r = parse_step(list, item, step_text, &step, err);
	if (!r && first > last)
		r = bel_usage(err, "%s: '%s' is empty: it ends before it starts", list->what, item);
	if (!r)
		r = add(list, first, err);
	while (!r && (first = after(first, last, &step)))
		r = add(list, first, err);
	return r;
}

/* A part of 1, such as 0.1, where a share is written with %; 0: the text is none. */
static double part_of_one(const struct list *list, const char *item)
{
	char *end;
	const double part = strtod(item, &end);

	return !list->plain && strchr(item, '.') && !*end && part > 0 && part < 1 ? part : 0;
}

static int add_item(struct list *list, const char *item, uint64_t footprint, struct bel_err *err)
{
	uint64_t frames;
	size_t digits;
	double part;
	int r;

	if (!list->plain && !strcmp(item, "all")) {
		r = need(list, item, footprint, err);
		for (frames = 1; !r && frames <= footprint; frames++)
			r = add(list, frames, err);
		return r;
	}
	if (!list->plain && strchr(item, '%'))
		return add_share(list, item, footprint, err);
	if (strchr(item, ':'))
		return add_range(list, item, err);
	digits = strspn(item, "0123456789");
	if (digits && item[digits] == '-' && strspn(item + digits + 1, "0123456789"))
		return bel_usage(err, "%s: '%s' is not a whole number; a range is written %.*s:%s",
			list->what, item, (int)digits, item, item + digits + 1);
	part = part_of_one(list, item);
	if (part > 0)
		return bel_usage(err,
			"%s: '%s' is not a whole number; a share of the trace's pages is written "
			"%g%%",
			list->what, item, 100 * part);
	r = bel_parse_number(item, list->what, &frames, err);
	return r < 0 ? r : add(list, frames, err);
}

static int ascending(const void *a, const void *b)
{
	const uint64_t x = *(const uint64_t *)a, y = *(const uint64_t *)b;

	return x < y ? -1 : x > y;
}

/* Sorts and removes duplicates; returns how many are left. */
static size_t unique(uint64_t *frames, size_t count)
{
	size_t kept = 0;

	if (!count)
		return 0;
	qsort(frames, count, sizeof(*frames), ascending);
	for (size_t i = 0; i < count; i++) {
		if (!i || frames[i] != frames[kept - 1])
			frames[kept++] = frames[i];
	}
	return kept;
}

static int parse(struct list *list, const char *text, uint64_t footprint, uint64_t **frames,
	size_t *count, struct bel_err *err)
{
	char *const copy = strdup(text);
	char *rest = copy, *item;
	int r = 0;

	if (!copy)
		return bel_err_memory(err, "frame counts");
	while (!r && (item = strsep(&rest, ",")))
		r = add_item(list, item + strspn(item, " "), footprint, err);
	free(copy);
	if (r < 0) {
		free(list->frames);
		return r;
	}
	*count = unique(list->frames, list->count);
	*frames = list->frames;
	return 0;
}

int bel_parse_frames(
	const char *text, uint64_t footprint, uint64_t **frames, size_t *count, struct bel_err *err)
{
	struct list list = {.what = "--frames"};

	return parse(&list, text, footprint, frames, count, err);
}

int bel_parse_counts(
	const char *text, const char *what, uint64_t **counts, size_t *count, struct bel_err *err)
{
	struct list list = {.what = what, .plain = true};

	return parse(&list, text, 0, counts, count, err);
}

int bel_parse_memory(
	const char *text, unsigned page_bits, uint64_t **frames, size_t *count, struct bel_err *err)
{
	uint64_t *bytes;
	int r = bel_parse_counts(text, "--ram", &bytes, count, err);

	if (r < 0)
		return r;
	if (bytes[0] >> page_bits == 0) {
		r = bel_usage(err, "--ram: %llu bytes are less than one page of %llu bytes",
			(unsigned long long)bytes[0], 1ULL << page_bits);
		free(bytes);
		return r;
	}
	for (size_t i = 0; i < *count; i++)
		bytes[i] >>= page_bits;
	*count = unique(bytes, *count);
	*frames = bytes;
	return 0;
}

int bel_frames_need_footprint(const char *text)
{
	return strchr(text, '%') || strstr(text, "all");
}
