/* SPDX-License-Identifier: MIT */
/* elide.c: shortens texts in their middle, and keeps what differs between them. */
#include "elide.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "visible.h"

#define GAP "..."

enum {
	GAP_WIDTH = 3,
	LEAST_SHOWN = 3, /* of what differs */
	ROUNDS = 16,     /* each one separates texts that were still equal */
};

/* A text that is too wide, once for all its places. */
struct wide {
	const char *full;
	char *shown; /* owned until it has a place */
};

static int by_full(const void *a, const void *b)
{
	return strcmp(((const struct wide *)a)->full, ((const struct wide *)b)->full);
}

static int by_shown(const void *a, const void *b)
{
	const struct wide *const x = a, *const y = b;
	const int order = strcmp(x->shown, y->shown);

	return order ? order : strcmp(x->full, y->full);
}

/* Bytes of the longest beginning that is at most so wide. */
static size_t head_bytes(const char *text, size_t width)
{
	size_t bytes = 0, n;

	while (text[bytes] && (n = bel_utf8_length(text + bytes)) > 0) {
		const size_t next = bel_visible_columns(text + bytes, n);

		if (next > width)
			break;
		width -= next;
		bytes += n;
	}
	return bytes;
}

/* The longest end that is at most so wide. */
static const char *tail(const char *text, size_t width)
{
	size_t all = bel_visible_width(text);

	while (all > width) {
		const size_t n = bel_utf8_length(text);

		all -= bel_visible_columns(text, n);
		text += n;
	}
	return text;
}

/* "head...tail" */
static char *one_gap(const char *text, size_t width)
{
	const size_t end = (width - GAP_WIDTH + 1) / 2;
	char *shown;

	if (asprintf(&shown, "%.*s" GAP "%s", (int)head_bytes(text, width - GAP_WIDTH - end), text,
		    tail(text, end)) < 0)
		return NULL;
	return shown;
}

/* "he...what differs...il": a window that begins a little before byte `at`. */
static char *two_gaps(const char *text, size_t at, size_t width)
{
	const size_t end = (width - 2 * GAP_WIDTH) / 4;
	const size_t window = width - 2 * (GAP_WIDTH + end);
	const char *const from = text + at;
	char *shown;

	if (bel_visible_columns(text, at) + LEAST_SHOWN <= width - GAP_WIDTH - end) { /* near */
		if (asprintf(&shown, "%.*s" GAP "%s",
			    (int)head_bytes(text, width - GAP_WIDTH - end), text,
			    tail(text, end)) < 0)
			return NULL;
		return shown;
	}
	if (bel_visible_width(from) <= window + GAP_WIDTH + end) { /* it reaches the end */
		if (asprintf(&shown, "%.*s" GAP "%s", (int)head_bytes(text, end), text,
			    tail(text, width - GAP_WIDTH - end)) < 0)
			return NULL;
		return shown;
	}
	if (asprintf(&shown, "%.*s" GAP "%.*s" GAP "%s", (int)head_bytes(text, end), text,
		    (int)head_bytes(from, window), from, tail(text, end)) < 0)
		return NULL;
	return shown;
}

/* Bytes of the whole characters with which two texts begin. */
static size_t common(const char *a, const char *b)
{
	size_t bytes = 0, n;

	while (a[bytes] && (n = bel_utf8_length(a + bytes)) > 0 &&
		!strncmp(a + bytes, b + bytes, n))
		bytes += n;
	return bytes;
}

/* Gives texts that are shown alike a window on what differs. Returns how many; -1: no memory. */
static int separate(struct wide *wide, size_t count, size_t width)
{
	size_t next;
	int alike = 0;

	qsort(wide, count, sizeof(*wide), by_shown);
	for (size_t from = 0; from < count; from = next) {
		size_t at;

		for (next = from + 1; next < count && !strcmp(wide[next].shown, wide[from].shown);)
			next++;
		if (next == from + 1)
			continue;
		/* They are in order, so what the first and the last share, all share. */
		at = common(wide[from].full, wide[next - 1].full);
		for (size_t i = from; i < next; i++) {
			char *const shown = two_gaps(wide[i].full, at, width);

			if (!shown)
				return -1;
			free(wide[i].shown);
			wide[i].shown = shown;
			alike++;
		}
	}
	return alike;
}

static int elide_all(struct wide *wide, size_t count, size_t width)
{
	int alike = 1;

	for (size_t i = 0; i < count; i++) {
		wide[i].shown = one_gap(wide[i].full, width);
		if (!wide[i].shown)
			return -1;
	}
	for (int round = 0; round < ROUNDS && alike > 0; round++)
		alike = separate(wide, count, width);
	qsort(wide, count, sizeof(*wide), by_full);
	return alike < 0 ? -1 : 0;
}

/* Collects the different texts that are too wide, in order. */
static size_t collect(struct wide *wide, char **text, size_t count, size_t width)
{
	size_t found = 0, different = 0;

	for (size_t i = 0; i < count; i++)
		if (bel_visible_width(text[i]) > width)
			wide[found++].full = text[i];
	qsort(wide, found, sizeof(*wide), by_full);
	for (size_t i = 0; i < found; i++)
		if (!different || strcmp(wide[different - 1].full, wide[i].full) != 0)
			wide[different++].full = wide[i].full;
	return different;
}

static int make_visible(char **text, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		char *const visible = bel_visible_dup(text[i]);

		if (!visible)
			return -1;
		free(text[i]);
		text[i] = visible;
	}
	return 0;
}

/* The texts become what is shown for them. The full texts are needed until all have it. */
static int replace(char **text, size_t count, const struct wide *wide, size_t different)
{
	char **const shown = calloc(count + 1, sizeof(*shown));
	int status = shown ? 0 : -1;

	for (size_t i = 0; status == 0 && i < count; i++) {
		const struct wide key = {.full = text[i]};
		const struct wide *const found =
			bsearch(&key, wide, different, sizeof(*wide), by_full);

		shown[i] = strdup(found ? found->shown : text[i]);
		if (!shown[i])
			status = -1;
	}
	for (size_t i = 0; shown && i < count; i++) {
		if (status == 0) {
			free(text[i]);
			text[i] = shown[i];
		} else {
			free(shown[i]);
		}
	}
	free(shown);
	return status;
}

int bel_elide(char **text, size_t count, size_t width)
{
	struct wide *const wide = calloc(count + 1, sizeof(*wide));
	size_t different = 0;
	int status = -1;

	if (width < BEL_ELIDE_LEAST)
		width = BEL_ELIDE_LEAST;
	if (wide && make_visible(text, count) == 0) {
		different = collect(wide, text, count, width);
		status = elide_all(wide, different, width);
	}
	if (status == 0)
		status = replace(text, count, wide, different);
	for (size_t i = 0; i < different; i++)
		free(wide[i].shown);
	free(wide);
	return status;
}
