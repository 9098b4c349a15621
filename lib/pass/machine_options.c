/* SPDX-License-Identifier: MIT */
/* machine_options.c: the options of virtual-memory machines, checked. */
#include "machine_options.h"

#include <stdlib.h>
#include <string.h>

#include "number.h"

enum { PAGE_SIZES = 24 };

static int by_value(const void *left, const void *right)
{
	const unsigned *a = left, *b = right;

	return *a < *b ? -1 : *a > *b;
}

static int parse_page(const char *text, unsigned *bits, size_t count, struct bel_err *err)
{
	if (count == PAGE_SIZES)
		return bel_usage(err, "--page-size: give at most %d sizes", PAGE_SIZES);
	if (bel_parse_page_size(text, "--page-size", &bits[count], err) < 0)
		return BEL_USAGE;
	if (bits[count] < 10 || bits[count] > 30)
		return bel_usage(err, "--page-size: must be 1 KiB to 1 GiB");
	return BEL_OK;
}

/* "2M,4k" as ascending logarithms, without doubles. */
static int parse_pages(struct bel_machines_setup *setup, const char *text, struct bel_err *err)
{
	unsigned *const bits = calloc(PAGE_SIZES, sizeof(*bits));
	char *copy = strdup(text), *at = copy, *item;
	size_t count = 0;
	int r = BEL_OK;

	setup->page_bits = bits;
	if (!bits || !copy)
		r = bel_err_memory(err, "--page-size");
	for (; r == BEL_OK && (item = strsep(&at, ",")); count++)
		r = parse_page(item, bits, count, err);
	free(copy);
	if (r < 0)
		return r;
	qsort(bits, count, sizeof(*bits), by_value);
	for (size_t i = 0; i < count; i++)
		if (!i || bits[i] != bits[setup->page_count - 1])
			bits[setup->page_count++] = bits[i];
	return BEL_OK;
}

static int parse_frames(
	struct bel_machines_setup *setup, const struct vm_options *options, struct bel_err *err)
{
	const char *const text = options->frames ? options->frames : "256";
	uint64_t *frames = NULL;
	int r = BEL_OK;

	setup->in_bytes = options->ram != NULL;
	if (options->ram) {
		r = bel_parse_counts(options->ram, "--ram", &frames, &setup->frame_count, err);
	} else if (!strcmp(text, "unlimited")) {
		frames = calloc(1, sizeof(*frames));
		setup->frame_count = 1;
		if (!frames)
			r = bel_err_memory(err, "--frames");
	} else if (bel_frames_need_footprint(text)) {
		r = bel_usage(err, "--frames: give numbers or 'unlimited': a machine has its "
				   "frames before it reads the trace");
	} else {
		r = bel_parse_frames(text, 0, &frames, &setup->frame_count, err);
	}
	setup->frames = r == BEL_OK ? frames : NULL;
	return r;
}

/* A number of frames that changes nothing is a mistake. */
static int check_frames(const struct bel_machines_setup *setup, const struct vm_options *options,
	struct bel_err *err)
{
	if (options->ram && options->frames)
		return bel_usage(err, "--ram and --frames exclude each other");
	if ((options->ram || options->frames) &&
		bel_specs_variable(setup->specs, setup->spec_count))
		return bel_usage(err, "--frames and --ram do not apply to variable-space policies");
	return BEL_OK;
}

int bel_machines_setup_fill(
	struct bel_machines_setup *setup, const struct vm_options *options, struct bel_err *err)
{
	int r = check_frames(setup, options, err);

	setup->machine = options->machine;
	setup->seed = options->seed;
	setup->quantum = options->quantum;
	setup->generic = options->generic;
	if (r == BEL_OK)
		r = parse_frames(setup, options, err);
	if (r == BEL_OK && options->pages)
		r = parse_pages(setup, options->pages, err);
	return r;
}

void bel_machines_setup_release(struct bel_machines_setup *setup)
{
	bel_specs_free((struct bel_policy_spec *)setup->specs, setup->spec_count);
	free((uint64_t *)setup->frames);
	free((unsigned *)setup->page_bits);
}
