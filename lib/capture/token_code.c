/* SPDX-License-Identifier: MIT */
/* token_code.c: executes blocks with their operand pages: makes runs or exact references. */
#include "token_code.h"

#include <stdlib.h>
#include <string.h>

#define PAGE 4096ull
#define STACK_MOST (16ull << 20) /* the largest main stack that Valgrind gives */
#define SEGMENTS_MOST (1u << 24)

int bel_code_init(struct bel_codebook *code, unsigned granule_bits, struct bel_run_builder *builder,
	struct bel_accesses *batch, struct bel_err *err)
{
	memset(code, 0, sizeof(*code));
	code->granule_bits = granule_bits;
	code->entry = BEL_TOKEN_CACHE_ENTRIES;
	code->builder = builder;
	code->batch = batch;
	code->operands = calloc(BEL_TOKEN_CACHE_ENTRIES, sizeof(*code->operands));
	code->cached = calloc(BEL_TOKEN_CACHE_ENTRIES, sizeof(*code->cached));
	code->cached_runs = calloc(BEL_TOKEN_CACHE_ENTRIES, sizeof(*code->cached_runs));
	return code->operands && code->cached && code->cached_runs
		       ? 0
		       : bel_err_memory(err, "cached blocks");
}

void bel_code_release(struct bel_codebook *code)
{
	free(code->item);
	free(code->block);
	free(code->operands);
	free(code->cached);
	free(code->cached_runs);
	free(code->cached_pages);
	bel_call_stack_release(&code->calls);
	memset(code, 0, sizeof(*code));
}

void bel_code_forget(struct bel_codebook *code)
{
	const bool untouched = code->blocks == 0;

	code->items = code->blocks = 0;
	code->stack_low = code->stack_high = 0;
	code->entry = BEL_TOKEN_CACHE_ENTRIES;
	code->place = 0;
	bel_call_stack_forget(&code->calls);
	/* The tables are large. Untouched memory costs nothing, so unused tables are left alone. */
	for (size_t i = 0; i < BEL_TOKEN_CACHE_ENTRIES && !untouched; i++) {
		code->cached[i] = (struct bel_cached_block){0};
		code->operands[i].block = 0;
	}
}

struct bel_code_item *bel_code_items(struct bel_codebook *code, uint32_t items, struct bel_err *err)
{
	if (code->items + items > code->item_capacity) {
		const size_t capacity = 2 * (code->items + items);
		struct bel_code_item *grown = realloc(code->item, capacity * sizeof(*grown));

		if (!grown) {
			bel_err_memory(err, "descriptions of code");
			return NULL;
		}
		code->item = grown;
		code->item_capacity = capacity;
	}
	return code->item + code->items;
}

static int make_room(struct bel_codebook *code, uint32_t number, struct bel_err *err)
{
	struct bel_code_segment *grown;
	size_t wanted = code->blocks ? code->blocks : 1024;

	if (number >= SEGMENTS_MOST)
		return bel_fail(err, "block %u: too many blocks", number);
	while (wanted <= number)
		wanted *= 2;
	if (wanted == code->blocks)
		return 0;
	grown = realloc(code->block, wanted * sizeof(*grown));
	if (!grown)
		return bel_err_memory(err, "descriptions of code");
	memset(grown + code->blocks, 0, (wanted - code->blocks) * sizeof(*grown));
	code->block = grown;
	code->blocks = wanted;
	return 0;
}

/* The number of references of an item. */
static uint32_t references_of(const struct bel_codebook *code, const struct bel_code_item *item)
{
	switch (item->type) {
	case BEL_TOKEN_FETCH:
		return code->granule_bits ? item->number : 1;
	case BEL_TOKEN_FURTHER:
		return 0;
	default:
		return 1;
	}
}

int bel_code_segment(struct bel_codebook *code, uint32_t number, uint32_t place, uint32_t items,
	struct bel_err *err)
{
	struct bel_code_segment s = {.first = code->items, .items = items, .place = place};

	for (uint32_t i = 0; i < items; i++) {
		s.references += references_of(code, &code->item[s.first + i]);
		s.places += code->item[s.first + i].type >= BEL_TOKEN_LOAD;
	}
	if (s.places > BEL_TOKEN_OPERANDS)
		return bel_fail(err, "block %u: too many places: %u", number, s.places);
	if (make_room(code, number, err) < 0)
		return BEL_FAIL;
	code->block[number] = s;
	code->items += items;
	return 0;
}

/* Makes the stack grow before the first touch of an address below it. */
static int grow_stack(struct bel_codebook *code, uint64_t address, struct bel_err *err)
{
	const uint64_t below = code->stack_low - address - 1;
	const uint64_t extent = code->stack_high - code->stack_low;
	struct bel_event event = {
		.type = BEL_EVENT_GROW, .region = BEL_REGION_STACK, .space = code->space};

	/* Above the stack the difference wraps around and is huge. */
	if (extent == 0 || extent >= STACK_MOST || below >= STACK_MOST - extent)
		return 0;
	code->stack_low = address & ~(PAGE - 1);
	event.start = code->stack_low;
	event.length = code->stack_high - code->stack_low;
	if (code->regions && bel_region_tracker_event(code->regions, &event, err) < 0)
		return BEL_FAIL;
	if (code->granule_bits)
		return bel_run_builder_event(code->builder, &event, err);
	event.at = code->batch->count;
	return bel_events_add(&code->batch->events, &event, err);
}

/* 1: references to this address are recorded; 0: not; or negative. */
static int is_wanted(struct bel_codebook *code, uint64_t address, struct bel_err *err)
{
	if (!code->regions)
		return 1;
	/* The stack's region is known only after it has grown. */
	if (grow_stack(code, address, err) < 0)
		return BEL_FAIL;
	return code->wanted >> bel_region_tracker_find(code->regions, code->space, address, 1) & 1;
}

static uint32_t page_of(struct bel_codebook *code, uint64_t granule, struct bel_err *err)
{
	struct bel_granule_map *const map = &code->builder->map;
	const uint32_t page = bel_granule_find(map, code->space, granule);

	if (page != BEL_GRANULE_NONE)
		return page;
	if (grow_stack(code, granule << code->granule_bits, err) < 0)
		return BEL_GRANULE_NONE;
	return bel_granule_add(map, code->space, granule, err);
}

int bel_code_further(struct bel_codebook *code, enum bel_kind kind, uint64_t granule, uint64_t n,
	struct bel_err *err)
{
	for (uint64_t i = 0; i < n; i++) {
		const uint32_t page = page_of(code, granule + i, err);

		if (page == BEL_GRANULE_NONE)
			return BEL_FAIL;
		if (code->calls.tree && bel_code_near(code, page, err) < 0)
			return BEL_FAIL;
		bel_run_builder_further(code->builder, page, kind);
	}
	return 1;
}

/* Makes n references to a granule and its further granules. Returns as bel_code_touch(). */
static int touch(struct bel_codebook *code, enum bel_kind kind, uint64_t granule, uint32_t n,
	uint64_t further, struct bel_err *err)
{
	const int wanted = is_wanted(code, granule << code->granule_bits, err);
	uint32_t page;

	/* Its further granules are left out with it. */
	if (wanted <= 0)
		return wanted;
	page = page_of(code, granule, err);
	if (page == BEL_GRANULE_NONE)
		return BEL_FAIL;
	if (code->calls.tree && bel_code_near(code, page, err) < 0)
		return BEL_FAIL;
	bel_run_builder_touch(code->builder, page, kind, n);
	return bel_code_further(code, kind, granule + 1, further, err);
}

static const uint8_t kind_of[BEL_TOKEN_ITEMS] = {
	[BEL_TOKEN_FETCH] = BEL_FETCH,
	[BEL_TOKEN_LOAD] = BEL_LOAD,
	[BEL_TOKEN_STORE] = BEL_STORE,
	[BEL_TOKEN_MODIFY] = BEL_MODIFY,
};

static int add_exact(struct bel_codebook *code, enum bel_kind kind, uint64_t address,
	uint32_t bytes, struct bel_err *err)
{
	const int wanted = is_wanted(code, address, err);
	const int r = grow_stack(code, address, err);

	if (wanted <= 0)
		return wanted;
	if (code->batch->count == code->batch->capacity)
		return bel_fail(err, "a batch is full");
	if (code->calls.tree && bel_code_near_exact(code, address, bytes, err) < 0)
		return BEL_FAIL;
	code->batch->access[code->batch->count++] =
		(struct bel_access){.address = address, .size = bytes, .kind = kind};
	return r;
}

int bel_code_piece(struct bel_codebook *code, const struct bel_block_operands *operands,
	uint32_t from, uint32_t to, struct bel_err *err)
{
	const struct bel_code_segment *const s = &code->block[operands->block];
	const struct bel_code_item *const item = &code->item[s->first];
	uint32_t at = 0, operand = 0;
	int r = 0;

	code->entry = BEL_TOKEN_CACHE_ENTRIES;
	code->place = s->place;
	if (code->granule_bits && bel_run_builder_reserve(code->builder, 32 * s->items, err) < 0)
		return BEL_FAIL;
	for (uint32_t i = 0; i < s->items && r >= 0; i++) {
		const uint32_t n = references_of(code, &item[i]);
		const uint32_t first = at > from ? at : from, last = at + n < to ? at + n : to;
		const bool fetch = item[i].type == BEL_TOKEN_FETCH;
		const uint64_t where = fetch ? item[i].granule : operands->operand[operand & 7];
		uint64_t further = where & 15;

		if (item[i].type == BEL_TOKEN_FURTHER)
			continue;
		at += n;
		operand += !fetch;
		if (first >= last || (!fetch && where == BEL_TOKEN_ABSENT))
			continue;
		if (code->granule_bits == 0) {
			r = add_exact(code, kind_of[item[i].type], where, item[i].number, err);
			continue;
		}
		/* Only the last fetch of an item can cross. */
		if (fetch)
			further = last == at && i + 1 < s->items &&
						  item[i + 1].type == BEL_TOKEN_FURTHER
					  ? item[i + 1].number
					  : 0;
		r = touch(code, kind_of[item[i].type], fetch ? where : where >> 4, last - first,
			further, err);
	}
	return r < 0 ? r : 0;
}

int bel_code_define(struct bel_codebook *code, uint32_t entry,
	const struct bel_block_operands *operands, struct bel_err *err)
{
	struct bel_run_builder *const builder = code->builder;
	size_t codes;

	code->operands[entry] = *operands;
	code->cached[entry] = (struct bel_cached_block){0};
	if (code->granule_bits == 0)
		return bel_code_piece(code, operands, 0, UINT32_MAX, err);
	bel_run_builder_close(builder);
	codes = builder->codes;
	if (bel_code_piece(code, operands, 0, UINT32_MAX, err) < 0)
		return BEL_FAIL;
	/* An event between its references, or too many of them: then it is not cached. */
	if (builder->codes != codes ||
		!bel_run_builder_cache(builder, &code->cached[entry], &code->cached_runs[entry]))
		return 0;
	return code->calls.tree ? bel_code_near_define(code, entry, err) : 0;
}

bool bel_code_defined(const struct bel_codebook *code, uint32_t entry)
{
	/* What is folded was defined. Its operands are rarely in the processor's cache. */
	if (code->cached[entry].runs)
		return true;
	return code->operands[entry].block < code->blocks &&
	       code->block[code->operands[entry].block].references > 0;
}

int bel_code_again(struct bel_codebook *code, uint32_t entry, struct bel_err *err)
{
	struct bel_cached_block *const cached = &code->cached[entry];
	struct bel_block_operands operands;

	if (cached->empty)
		return 0;
	if (cached->runs) {
		bel_run_builder_close(code->builder);
		if (code->calls.tree && bel_code_near_cached(code, entry, err) < 0)
			return BEL_FAIL;
		code->entry = entry;
		return bel_run_builder_cached(
			code->builder, cached, &code->cached_runs[entry], err);
	}
	operands = code->operands[entry];
	return bel_code_define(code, entry, &operands, err);
}

void bel_code_look_at_regions(struct bel_codebook *code)
{
	if (!code->regions || code->change == code->regions->change)
		return;
	code->change = code->regions->change;
	for (size_t i = 0; i < BEL_TOKEN_CACHE_ENTRIES; i++) {
		code->cached[i] = (struct bel_cached_block){0};
	}
}

int bel_code_touch(struct bel_codebook *code, enum bel_kind kind, const struct bel_access *access,
	bool first_byte, uint64_t *further, struct bel_err *err)
{
	const unsigned bits = code->granule_bits;
	const uint64_t first = access->address, last = first + access->size - 1;

	*further = 0;
	if (bits == 0)
		return add_exact(code, kind, first, access->size, err);
	if (!first_byte)
		*further = (last >> bits) - (first >> bits);
	if (bel_run_builder_reserve(code->builder, BEL_CODE_FURTHER + 1, err) < 0)
		return BEL_FAIL;
	return touch(code, kind, first >> bits, 1,
		*further < BEL_CODE_FURTHER ? *further : BEL_CODE_FURTHER, err);
}
