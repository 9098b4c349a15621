/* SPDX-License-Identifier: MIT */
/*
 * token_stack.c: captures with call stacks: follows calls and returns between cached blocks, and
 * writes the stack where a far page is referenced.
 */
#include <stdlib.h>

#include "token_read.h"

#define TOKEN_BYTES 4 /* of a call */

/* The place of the code that makes the present reference. */
static uint32_t present_place(const struct bel_codebook *code)
{
	return code->entry == BEL_TOKEN_CACHE_ENTRIES
		       ? code->place
		       : code->block[code->operands[code->entry].block].place;
}

static struct bel_call_sink sink_at(const struct bel_codebook *code, uint64_t at)
{
	return (struct bel_call_sink){
		.events = code->granule_bits ? &code->builder->events : &code->batch->events,
		.name_bytes = &code->builder->name_bytes,
		.at = at,
		.space = code->space,
	};
}

static uint64_t position(const struct bel_codebook *code)
{
	return code->granule_bits ? bel_run_builder_position(code->builder) : code->batch->count;
}

/* For events that may stand before the open run, which may go to the next block. */
static uint64_t before_open_run(const struct bel_codebook *code)
{
	if (code->granule_bits == 0)
		return code->batch->count;
	bel_run_builder_close(code->builder);
	return code->builder->records - (code->builder->open_page != BEL_GRANULE_NONE);
}

int bel_code_near(struct bel_codebook *code, uint32_t page, struct bel_err *err)
{
	const int near = bel_near_take(&code->calls.tree->near, page, err);
	struct bel_call_sink sink;

	if (near)
		return near < 0 ? near : 0;
	sink = sink_at(code, position(code));
	return bel_call_stack_tell(&code->calls, present_place(code), &sink, err);
}

int bel_code_near_exact(
	struct bel_codebook *code, uint64_t address, uint32_t bytes, struct bel_err *err)
{
	const uint64_t last = (address + bytes - 1) >> BEL_EXACT_PAGE_BITS;

	for (uint64_t number = address >> BEL_EXACT_PAGE_BITS; number <= last; number++) {
		const uint32_t page =
			bel_granule_number(&code->calls.tree->pages, code->space, number, err);

		if (page == BEL_GRANULE_NONE || bel_code_near(code, page, err) < 0)
			return BEL_FAIL;
	}
	return 0;
}

/* The index of a page among the first n, or n. */
static uint32_t find_page(const struct bel_cached_pages *pages, uint32_t n, uint32_t page)
{
	uint32_t at = 0;

	while (at < n && pages->page[at] != page)
		at++;
	return at;
}

int bel_code_near_define(struct bel_codebook *code, uint32_t entry, struct bel_err *err)
{
	const struct bel_run *const run = code->cached_runs[entry].run;
	struct bel_cached_pages *pages;
	uint32_t n = 0, i = code->cached[entry].runs;

	if (!code->cached_pages)
		code->cached_pages = aligned_alloc(sizeof(*code->cached_pages),
			BEL_TOKEN_CACHE_ENTRIES * sizeof(*code->cached_pages));
	if (!code->cached_pages)
		return bel_err_memory(err, "cached blocks");
	pages = &code->cached_pages[entry];
	*pages = (struct bel_cached_pages){
		.place = code->block[code->operands[entry].block].place, .fit = true};
	/* From the last run on: the page found first was referenced last. */
	while (i-- > 0) {
		const uint32_t page = run[i].page;

		if (find_page(pages, n, page) < n)
			continue;
		pages->fit = n < BEL_CACHED_PAGES;
		if (!pages->fit)
			break;
		pages->page[n] = page;
		pages->ranks |= (BEL_CACHED_PAGES - n) << 8 * n;
		n++;
	}
	for (; n < BEL_CACHED_PAGES; n++) {
		pages->page[n] = pages->page[0];
		pages->ranks |= BEL_CACHED_PAGES << 8 * n;
	}
	return 0;
}

/* References to all pages of a cached block, behind `now`, if none of them needs a stack. */
static inline bool passes(
	uint64_t *time, uint64_t least, uint64_t now, const struct bel_cached_pages *pages)
{
	uint64_t *const a = &time[pages->page[0]], *const b = &time[pages->page[1]];
	uint64_t *const c = &time[pages->page[2]], *const d = &time[pages->page[3]];
	const uint32_t rank = pages->ranks;

	if ((*a < least) | (*b < least) | (*c < least) | (*d < least) | !pages->fit)
		return false;
	*a = now + (rank & 0xff);
	*b = now + (rank >> 8 & 0xff);
	*c = now + (rank >> 16 & 0xff);
	*d = now + (rank >> 24);
	return true;
}

int bel_code_near_cached(struct bel_codebook *code, uint32_t entry, struct bel_err *err)
{
	const struct bel_cached_block *const cached = &code->cached[entry];
	const struct bel_run *const run = code->cached_runs[entry].run;
	struct bel_near *const near = &code->calls.tree->near;
	const uint64_t at = bel_run_builder_before(code->builder, cached);

	for (uint32_t i = 0; i < cached->runs; i++) {
		const int r = bel_near_take(near, run[i].page, err);
		struct bel_call_sink sink;

		if (r < 0)
			return BEL_FAIL;
		if (r > 0)
			continue;
		sink = sink_at(code, at + i);
		if (bel_call_stack_tell(&code->calls, code->cached_pages[entry].place, &sink, err) <
			0)
			return BEL_FAIL;
	}
	return 0;
}

static int read_place(struct bel_token_log *log, struct bel_cursor *c, struct bel_err *err)
{
	const uint64_t number = bel_cursor_number(c), address = bel_cursor_number(c);

	bel_cursor_text(c, log->text);
	c->bad |= number == 0 || number >= BEL_CALL_PLACES;
	if (c->over || c->bad)
		return 0;
	return bel_call_stack_place(&log->code.calls, number, address, log->text, err);
}

static int read_enter(struct bel_token_log *log, struct bel_cursor *c, struct bel_err *err)
{
	struct bel_call_stack *const calls = &log->code.calls;
	const uint64_t number = bel_cursor_number(c);
	struct bel_call_sink sink;

	if (c->over)
		return 0;
	c->bad |= !bel_call_stack_has(calls, number) || calls->depth == BEL_CALL_DEPTH;
	if (c->bad)
		return 0;
	if (calls->depth == calls->capacity && bel_call_stack_grow(calls, err) < 0)
		return BEL_FAIL;
	bel_call_stack_enter(calls, number);
	if (calls->depth - calls->known < BEL_CALL_LATER)
		return 0;
	sink = sink_at(&log->code, before_open_run(&log->code));
	return bel_call_stack_settle(calls, &sink, err);
}

static int read_returns(struct bel_token_log *log, struct bel_cursor *c, uint64_t n)
{
	if (c->over)
		return 0;
	c->bad |= n > log->code.calls.depth;
	if (!c->bad)
		bel_call_stack_return(&log->code.calls, (uint32_t)n);
	return 0;
}

int bel_token_stack(
	struct bel_token_log *log, uint8_t token, struct bel_cursor *c, struct bel_err *err)
{
	if (!log->code.calls.tree) {
		c->bad = true;
		return 0;
	}
	switch (token) {
	case BEL_TOKEN_PLACE:
		return read_place(log, c, err);
	case BEL_TOKEN_ENTER:
		return read_enter(log, c, err);
	case BEL_TOKEN_RETURN:
		return read_returns(log, c, 1);
	default:
		return read_returns(log, c, bel_cursor_number(c));
	}
}

/* Follows a call or a return that needs nothing else. Returns what is behind it, or p. */
static const uint8_t *follow(struct bel_call_stack *calls, const uint8_t *p)
{
	const uint64_t number = (p[1] & 0x7fu) | (p[2] & 0x7fu) << 7 | (uint64_t)p[3] << 14;

	if (*p == BEL_TOKEN_RETURN && calls->depth) {
		bel_call_stack_return(calls, 1);
		return p + 1;
	}
	if (*p != BEL_TOKEN_ENTER || !(p[1] & p[2] & 0x80) || p[3] & 0x80 ||
		calls->depth == calls->capacity || calls->depth == BEL_CALL_DEPTH ||
		calls->depth - calls->known >= BEL_CALL_LATER - 1 ||
		!bel_call_stack_has(calls, number))
		return p;
	bel_call_stack_enter(calls, number);
	return p + 4;
}

/* Up to where tokens are complete, and the cached blocks among them fit into the builder. */
static const uint8_t *stop_before(
	const struct bel_run_builder *builder, const uint8_t *p, const uint8_t *end)
{
	const size_t room = 2 * bel_run_builder_room(builder);
	const size_t have = end - p >= TOKEN_BYTES ? (size_t)(end - p) - TOKEN_BYTES + 1 : 0;

	return p + (have < room ? have : room);
}

/*
 * Executes cached blocks, calls and returns while they need nothing else: the blocks are phrases of
 * the open block, and their pages are near. This runs for each block of the program.
 */
static const uint8_t *execute_near(struct bel_token_log *log, const uint8_t *p, const uint8_t *end)
{
	struct bel_codebook *const code = &log->code;
	struct bel_run_builder *const builder = log->join.builder;
	struct bel_run_builder_end to = bel_run_builder_end(builder);
	/* Copies: the compiler must assume that a store of a time changes what is not local. */
	struct bel_near *const near = &code->calls.tree->near;
	uint64_t *const time = near->time;
	const uint64_t least = near->least;
	uint64_t now = near->now;
	const struct bel_cached_block *const cached = code->cached;
	const struct bel_cached_pages *const pages = code->cached_pages;
	const uint8_t *const stop = stop_before(builder, p, end);
	uint32_t entry = code->entry;

	while (p < stop) {
		const uint32_t next = bel_token_entry(p);
		const uint8_t *const from = p;

		if (*p & 1) {
			p = follow(&code->calls, p);
			if (p == from)
				break;
			continue;
		}
		__builtin_prefetch(&cached[bel_token_entry(p + BEL_TOKEN_AHEAD)]);
		__builtin_prefetch(&pages[bel_token_entry(p + BEL_TOKEN_AHEAD)]);
		if (__builtin_expect(cached[next].block != to.block, 0)) {
			if (!cached[next].empty)
				break;
		} else {
			if (!passes(time, least, now, &pages[next]) ||
				!bel_run_builder_extend(&to, &cached[next]))
				break;
			now += BEL_CACHED_PAGES;
		}
		entry = next;
		p += 2;
	}
	near->now = now;
	code->entry = entry;
	bel_run_builder_set_end(builder, &to);
	return p;
}

/* Executes a cached block that needs something else: 1; 0: it is not cached; or negative. */
static int execute_one(struct bel_codebook *code, uint32_t entry, struct bel_err *err)
{
	struct bel_cached_block *const cached = &code->cached[entry];

	/* An event and the run behind it go to one block. */
	if (!cached->runs || bel_run_builder_full(code->builder))
		return 0;
	if (bel_code_near_cached(code, entry, err) < 0)
		return BEL_FAIL;
	if (!bel_run_builder_again(code->builder, cached) &&
		bel_run_builder_cached(code->builder, cached, &code->cached_runs[entry], err) < 0)
		return BEL_FAIL;
	code->entry = entry;
	return 1;
}

int bel_token_execute(
	struct bel_token_log *log, const uint8_t **data, const uint8_t *end, struct bel_err *err)
{
	int r = 1;

	/* The first cached block was not yet described, though damaged bytes may execute one. */
	if (!bel_run_builder_ready(log->join.builder) || !log->code.cached_pages)
		return 0;
	while (r > 0) {
		*data = execute_near(log, *data, end);
		if (end - *data < TOKEN_BYTES || **data & 1)
			return 0;
		r = execute_one(&log->code, bel_token_entry(*data), err);
		*data += r > 0 ? 2 : 0;
	}
	return r;
}
