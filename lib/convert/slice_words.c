/* SPDX-License-Identifier: MIT */
/*
 * slice_words.c: slices as text: lists of kinds and regions, and the command that makes a slice.
 */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "slice.h"

static const char *kind_name(int value)
{
	return bel_kind_name((enum bel_kind)value);
}

static const char *region_name(int value)
{
	return bel_region_name((enum bel_region_kind)value);
}

/* Parses a list of names into a set of bits. `what` begins the message. */
static int parse(const char *text, const char *what, const char *(*name)(int), int names,
	uint32_t *set, struct bel_err *err)
{
	uint32_t found = 0;
	char known[200] = "";

	for (int i = 0; i < names; i++) {
		strcat(known, i ? ", " : "");
		strcat(known, name(i));
	}
	for (;;) {
		const size_t length = strcspn(text, ",");
		int i = 0;

		while (i < names && (strlen(name(i)) != length || memcmp(name(i), text, length)))
			i++;
		if (i == names)
			return bel_usage(err, "%s: '%.*s' is not one of %s", what,
				length > 60 ? 60 : (int)length, text, known);
		found |= UINT32_C(1) << i;
		if (!text[length])
			break;
		text += length + 1;
	}
	*set = found;
	return 0;
}

int bel_slice_parse_kinds(const char *text, uint32_t *kinds, struct bel_err *err)
{
	static const char both[] = "kernel";

	/* "kernel" means both kernel kinds. */
	if (!strcmp(text, both)) {
		*kinds = BEL_KERNEL_KINDS;
		return 0;
	}
	return parse(text, "--only", kind_name, BEL_KINDS, kinds, err);
}

int bel_slice_parse_regions(
	const char *text, const char *option, uint32_t *regions, struct bel_err *err)
{
	return parse(text, option, region_name, BEL_REGIONS, regions, err);
}

static void print_number(FILE *stream, const char *option, uint64_t value, uint64_t none)
{
	if (value != none)
		fprintf(stream, " %s %" PRIu64, option, value);
}

static void print_text(FILE *stream, const char *option, const char *text)
{
	if (text)
		fprintf(stream, " %s '%s'", option, text);
}

static void print_set(
	FILE *stream, const char *option, uint32_t set, const char *(*name)(int), int names)
{
	const char *before = " ";

	if (set == UINT32_MAX)
		return;
	fprintf(stream, " %s", option);
	for (int i = 0; i < names; i++) {
		if (!(set >> i & 1))
			continue;
		fprintf(stream, "%s%s", before, name(i));
		before = ",";
	}
}

char *bel_slice_command(const struct bel_slice_options *options, const char *whole)
{
	const struct bel_slice_options all = BEL_SLICE_ALL;
	size_t size;
	char *text = NULL;
	FILE *stream;

	if (!memcmp(options, &all, sizeof(all)))
		return NULL;
	stream = open_memstream(&text, &size);
	if (!stream)
		return NULL;
	fprintf(stream, "%s | bel-convert", whole);
	print_text(stream, "--from-mark", options->from_mark);
	print_text(stream, "--to-mark", options->to_mark);
	print_number(stream, "--skip", options->skip, 0);
	print_number(stream, "--limit", options->limit, BEL_SLICE_ANY);
	print_number(stream, "--process", options->process, BEL_SLICE_ANY);
	print_number(stream, "--thread", options->thread, BEL_SLICE_ANY);
	print_set(stream, "--only", options->kinds, kind_name, BEL_KINDS);
	print_set(stream, "--only-region", options->regions, region_name, BEL_REGIONS);
	fclose(stream);
	return text;
}

bool bel_slice_keeps_stacks(const struct bel_slice_options *options)
{
	return !options->skip && !options->from_mark && options->thread == BEL_SLICE_ANY &&
	       options->kinds == UINT32_MAX && options->regions == UINT32_MAX;
}
