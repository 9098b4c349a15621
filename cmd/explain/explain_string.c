/* SPDX-License-Identifier: MIT */
/* explain_string.c: gathers the references of an operand, and names their pages. */
#include "explain_string.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "operand.h"

#define PAGE_4K 12
#define NAMES_DECIMAL 100000 /* with larger page numbers, all are shown in hexadecimal */

/* The references read so far. One more than allowed fits, so that too many are noticed. */
struct gathered {
	struct bel_string_reference reference[BEL_STRING_MAX + 1];
	size_t count;
	struct bel_granule page[BEL_STRING_MAX + 1];
	uint32_t pages;
	bool letters; /* page numbers are character codes */
};

static bool full(const struct gathered *all)
{
	return all->count > BEL_STRING_MAX;
}

static void gather(struct gathered *all, uint64_t number, uint32_t space, bool writes)
{
	uint32_t page = 0;

	if (full(all))
		return;
	while (page < all->pages &&
		(all->page[page].number != number || all->page[page].space != space))
		page++;
	if (page == all->pages)
		all->page[all->pages++] = (struct bel_granule){.number = number, .space = space};
	all->reference[all->count++] =
		(struct bel_string_reference){.page = page, .writes = writes};
}

static void gather_accesses(
	struct gathered *all, const struct bel_accesses *batch, unsigned shift, bool first_byte)
{
	for (size_t i = 0; i < batch->count && !full(all); i++) {
		const struct bel_access *access = &batch->access[i];
		const uint64_t first = access->address >> shift;
		const uint64_t end = access->address + (first_byte ? 0 : access->size - 1);
		const uint64_t last = end < access->address ? first : end >> shift;
		const bool writes = bel_kind_writes(access->kind);

		/* Counts from 0, since no number is greater than `last` if that is UINT64_MAX. */
		for (uint64_t n = 0; n <= last - first && !full(all); n++)
			gather(all, first + n, batch->space, writes);
	}
}

static void gather_chunk(
	struct gathered *all, const struct bel_chunk *chunk, const struct bel_granule *granule)
{
	for (size_t i = 0; i < chunk->count; i++) {
		const struct bel_run run = chunk->runs[i];
		const struct bel_granule *page = &granule[run.page];

		for (uint32_t n = 0; n < bel_run_count(run) && !full(all); n++)
			gather(all, page->number, page->space, !n && run.info & BEL_RUN_WRITE);
	}
}

static void gather_trace(struct tool *tool, const struct bel_source_options *options,
	struct bel_source *source, struct gathered *all)
{
	const struct bel_trace_info *info = bel_source_info(source);
	const unsigned page_bits = bel_source_page_bits(source);
	const bool exact = !info->granule_bits && info->unit_bits <= page_bits;
	const struct bel_accesses *batch;
	struct bel_chunk chunk;
	int r = 1;

	all->letters = !strcmp(info->format, "letters") && info->unit_bits == page_bits;
	while (r > 0 && !full(all)) {
		r = exact ? bel_source_next_exact(source, &batch, &tool->err)
			  : bel_source_next(source, &chunk, &tool->err);
		if (r > 0 && exact)
			gather_accesses(all, batch, page_bits - info->unit_bits,
				options->first_byte || info->first_byte);
		else if (r > 0)
			gather_chunk(all, &chunk, bel_source_pages(source).granule);
	}
	tool_check(tool, r);
}

static void make_names(const struct gathered *all, char (*name)[BEL_EXPLAIN_NAME])
{
	bool decimal = true, spaces = false;

	for (uint32_t i = 0; i < all->pages; i++) {
		decimal = decimal && all->page[i].number < NAMES_DECIMAL;
		spaces = spaces || all->page[i].space != all->page[0].space;
	}
	for (uint32_t i = 0; i < all->pages; i++) {
		char space[12] = "";

		if (all->letters) {
			snprintf(name[i], sizeof(name[i]), "%c", (char)all->page[i].number);
			continue;
		}
		if (spaces)
			snprintf(space, sizeof(space), "%" PRIu32 ":", all->page[i].space);
		snprintf(name[i], sizeof(name[i]), decimal ? "%s%" PRIu64 : "%s%#" PRIx64, space,
			all->page[i].number);
	}
}

static void gather_generated(struct gathered *all, struct bel_gen *gen)
{
	struct bel_access access[64];
	struct bel_accesses batch = {.access = access, .capacity = 64};

	while (!full(all) && (batch.count = bel_gen_next(gen, access, batch.capacity)))
		gather_accesses(all, &batch, 0, true);
}

unsigned explain_string_open(struct tool *tool, const char *operand,
	const struct bel_gen_setup *model, const struct bel_source_options *options,
	struct bel_string *string)
{
	struct bel_gen *gen = operand_generator(tool, operand, model);
	unsigned page_bits = options->page_bits == TRACE_UNSET ? PAGE_4K : options->page_bits;
	struct gathered *all = calloc(1, sizeof(*all));
	char(*name)[BEL_EXPLAIN_NAME] = calloc(BEL_STRING_MAX + 1, sizeof(*name));

	if (!all || !name)
		tool_no_memory(tool, "the references");
	if (gen) {
		gather_generated(all, gen);
		bel_gen_free(gen);
	} else {
		struct bel_source *source = operand_trace(tool, options, operand, model);

		page_bits = bel_source_page_bits(source);
		gather_trace(tool, options, source, all);
		trace_close(tool, source);
	}
	make_names(all, name);
	tool_check(tool,
		bel_string_init(string, all->reference, all->count, name, all->pages, &tool->err));
	free(name);
	free(all);
	return page_bits;
}
