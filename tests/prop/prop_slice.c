/* SPDX-License-Identifier: MIT */
/*
 * prop_slice.c: slices of a trace, put together again, are the trace: its runs, events and digest;
 * from files, where slices are sought, and from pipes, at the trace's page size and larger ones.
 */
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "flat.h"
#include "prop.h"
#include "run_digest.h"

enum { MOST = 9 };

static char complaint[1000];

static bool complain(const char *slice, const char *how)
{
	snprintf(complaint, sizeof(complaint), "--slice %s: %s", slice, how);
	return false;
}

/* Opens a copy of the trace as a file that can be sought, or as one that cannot. */
static struct bel_source *open_copy(const char *data, size_t size, bool seekable,
	const struct bel_source_options *options, struct bel_err *err)
{
	struct bel_source *source = NULL;
	struct bel_input *input;
	int fd[2] = {-1, -1};

	if (seekable) {
		fd[0] = fd[1] = memfd_create("trace", 0);
	} else if (pipe(fd)) {
		abort();
	}
	if (!seekable && size > 60000) {
		close(fd[0]);
		close(fd[1]);
		return open_copy(data, size, true, options, err);
	}
	if (write(fd[1], data, size) != (ssize_t)size)
		abort();
	if (!seekable)
		close(fd[1]);
	else if (lseek(fd[0], 0, SEEK_SET))
		abort();
	if (bel_input_open_fd(&input, fd[0], "t", err) < 0 ||
		bel_source_open_input(&source, input, options, err) < 0)
		return NULL;
	return source;
}

/* Numbers of pages become those of a trace that has only these items. */
static bool renumbered(const struct flat *f)
{
	uint32_t pages = 0;

	for (size_t i = 0; i < f->count; i++) {
		const struct flat_item *const item = &f->item[i];
		size_t k = 0;

		if (item->what != 'r')
			continue;
		while (f->item[k].what != 'r' || f->item[k].start != item->start ||
			f->item[k].space != item->space)
			k++;
		if (k == i ? item->page != pages++ : item->page != f->item[k].page)
			return false;
	}
	return true;
}

static void add_items(struct flat *to, const struct flat *from)
{
	if (!from->count)
		return;
	to->item = realloc(to->item, (to->count + from->count) * sizeof(*to->item));
	if (!to->item)
		abort();
	memcpy(to->item + to->count, from->item, from->count * sizeof(*to->item));
	to->count += from->count;
	to->references += from->references;
}

/* Appends a slice; its digest is joined to the one before. */
static bool append(struct flat *f, struct bel_run_digest *digest, const char *data, size_t size,
	bool seekable, const struct bel_source_options *options)
{
	struct bel_err err = {0};
	struct bel_source *const source = open_copy(data, size, seekable, options, &err);
	struct flat part = {0};
	bool fine = source && flat_source(&part, source, &err) == 0;

	if (!fine && source && !options->slice_numbers && strstr(err.text, "no run begins there"))
		fine = true;
	else if (!fine)
		complain(options->slice, err.text);
	if (source && fine) {
		const struct bel_run_digest own = bel_source_run_digest(source);

		bel_run_digest_join(digest, &own);
	}
	if (fine && part.wrong)
		fine = complain(options->slice, part.wrong);
	if (fine && !options->slice_numbers && !renumbered(&part))
		fine = complain(options->slice, "pages are not numbered from the slice's first");
	add_items(f, &part);
	flat_clear(&part);
	bel_source_close(source);
	return fine;
}

static int ascending(const void *a, const void *b)
{
	const uint64_t *const x = a, *const y = b;

	return (*x > *y) - (*x < *y);
}

/* Where the slices begin, and the texts of them. */
static unsigned draw_slices(
	struct bel_rng *rng, uint64_t references, bool parts, char text[MOST][64])
{
	const unsigned count = 1 + (unsigned)bel_rng_below(rng, MOST);
	uint64_t cut[MOST] = {0};

	for (unsigned i = 1; i < count; i++)
		cut[i] = 1 + bel_rng_below(rng, references + 3);
	qsort(cut, count, sizeof(*cut), ascending);
	for (unsigned i = 0; i < count; i++) {
		if (parts)
			snprintf(text[i], sizeof(text[i]), "%u/%u", i + 1, count);
		else if (i + 1 == count)
			snprintf(text[i], sizeof(text[i]), "%llu:", (unsigned long long)cut[i]);
		else
			snprintf(text[i], sizeof(text[i]), "%llu:%llu", (unsigned long long)cut[i],
				(unsigned long long)cut[i + 1]);
		if (!parts && i + 1 < count && cut[i] == cut[i + 1])
			text[i][0] = '\0'; /* nothing lies between */
	}
	return count;
}

/* What the whole has, and slices have not. */
static void forget(struct flat *f, bool pages)
{
	memset(f->kinds, 0, sizeof(f->kinds));
	f->crossings = 0;
	for (size_t i = 0; !pages && i < f->count; i++)
		f->item[i].page = 0;
}

static bool holds(
	const char *data, size_t size, struct bel_rng *rng, const struct bel_source_options *plain)
{
	struct bel_source_options options = *plain;
	struct bel_source_options all = *plain;
	struct flat whole = {0}, sliced = {0};
	struct bel_run_digest digest = {0}, sum = {0};
	const bool seekable = bel_rng_below(rng, 4);
	char text[MOST][64], one[17], other[17];
	const char *difference;
	unsigned count;
	bool fine;

	all.slice = NULL;
	all.slice_numbers = true;
	fine = append(&whole, &digest, data, size, true, &all);
	count = draw_slices(rng, whole.references, seekable && bel_rng_below(rng, 2), text);
	options.slice_numbers = !options.first_byte && bel_rng_below(rng, 3);
	for (unsigned i = 0; fine && i < count; i++) {
		options.slice = text[i];
		if (*text[i])
			fine = append(&sliced, &sum, data, size, seekable, &options);
	}
	forget(&whole, options.slice_numbers);
	forget(&sliced, options.slice_numbers);
	difference = fine ? flat_difference(&sliced, &whole) : NULL;
	if (difference)
		fine = complain(options.slice_numbers ? "with numbers" : "plain", difference);
	bel_run_digest_text(&digest, one);
	bel_run_digest_text(&sum, other);
	if (fine && options.slice_numbers && strcmp(one, other) != 0)
		fine = complain("all", "the digests do not add up");
	flat_clear(&whole);
	flat_clear(&sliced);
	return fine;
}

int main(int argc, char **argv)
{
	struct prop p;

	prop_start(&p, argc, argv, 2000, 40000);
	while (prop_round(&p)) {
		struct random_stream s;
		struct bel_source_options options = {.allow_empty = true};
		const int level = (int)bel_rng_below(&p.rng, 4);
		unsigned bits;
		char *data;
		size_t size;
		bool fine, first_byte = !bel_rng_below(&p.rng, 4);

		random_stream_make(&s, &p.rng, p.seed % 4 ? 300 : 2500);
		bits = (s.info.unit_bits ? s.info.unit_bits : 6) +
		       (unsigned)bel_rng_below(&p.rng, 10);
		switch (bel_rng_below(&p.rng, 3)) {
		case 0:
			native_of_exact(&s, level, &data, &size);
			first_byte = false;
			break;
		case 1:
			native_of_folded(&s, bits, first_byte, level, &data, &size);
			break;
		default:
			native_of_phrases(&s, bits, first_byte, level, bel_rng_below(&p.rng, 1000),
				&data, &size);
		}
		options.page_bits = bits + (unsigned)bel_rng_below(&p.rng, 8) *
						   (unsigned)bel_rng_below(&p.rng, 2);
		options.first_byte = first_byte || !bel_rng_below(&p.rng, 3);
		fine = holds(data, size, &p.rng, &options);
		free(data);
		random_stream_release(&s);
		if (!fine) {
			printf("%s\n", complaint);
			return prop_failed(&p);
		}
	}
	return prop_passed(&p);
}
