/* SPDX-License-Identifier: MIT */
/*
 * token_stack.c: captures with call stacks: follows calls and returns between cached blocks, and
 * writes the stack where a far page is referenced.
 */
#include <stdlib.h>

#include "token_read.h"

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

int bel_code_near_define(struct bel_codebook *code, uint32_t entry, struct bel_err *err)
{
	const struct bel_cached_runs *const runs = &code->cached_runs[entry];
	struct bel_cached_pages *pages;

	if (!code->cached_pages)
		code->cached_pages = calloc(BEL_TOKEN_CACHE_ENTRIES, sizeof(*code->cached_pages));
	if (!code->cached_pages)
		return bel_err_memory(err, "cached blocks");
	pages = &code->cached_pages[entry];
	pages->count = 0;
	for (uint32_t i = 0; i < code->cached[entry].runs; i++) {
		const uint32_t page = runs->run[i].page;
		uint8_t at = 0;

		while (at < pages->count && pages->page[at] != page)
			at++;
		if (at == BEL_CACHED_PAGES) {
			pages->count = 0;
			return 0;
		}
		if (at < pages->count)
			continue;
		pages->page[at] = page;
		pages->run[at] = (uint8_t)i;
		pages->count++;
	}
	return 0;
}

/*
 * Whether the first run to each page is enough. Where an epoch may end between two runs to one page,
 * or a turn may begin, both runs count.
 */
static bool takes_once(const struct bel_near *near, const struct bel_cached_pages *pages)
{
	if (!near->renewed || pages->count < 2)
		return pages->count && near->count + pages->count <= near->most;
	for (uint8_t i = 0; i < pages->count; i++)
		if (bel_near_far(near, pages->page[i]))
			return false;
	return true;
}

int bel_code_near_cached(struct bel_codebook *code, uint32_t entry, struct bel_err *err)
{
	struct bel_cached_block *const cached = &code->cached[entry];
	const struct bel_cached_runs *const runs = &code->cached_runs[entry];
	const struct bel_cached_pages *const pages = &code->cached_pages[entry];
	struct bel_near *const near = &code->calls.tree->near;
	const uint64_t at = bel_run_builder_before(code->builder, cached);
	const bool once = takes_once(near, pages);
	const uint32_t turn = near->turn, n = once ? pages->count : cached->runs;

	for (uint32_t i = 0; i < n; i++) {
		const uint32_t page = once ? pages->page[i] : runs->run[i].page;
		const int r = bel_near_take(near, page, err);
		struct bel_call_sink sink;

		if (r < 0)
			return BEL_FAIL;
		if (r > 0)
			continue;
		sink = sink_at(code, at + (once ? pages->run[i] : i));
		if (bel_call_stack_tell(&code->calls,
			    code->block[code->operands[entry].block].place, &sink, err) < 0)
			return BEL_FAIL;
	}
	/* If the turn has changed, pages of the block may be of the one before. */
	cached->turn = turn == near->turn && turn != UINT32_MAX ? turn : 0;
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

int bel_token_execute(
	struct bel_token_log *log, const uint8_t **data, const uint8_t *end, struct bel_err *err)
{
	struct bel_codebook *const code = &log->code;
	struct bel_run_builder *const builder = log->join.builder;
	const uint8_t *p = *data;

	if (!bel_run_builder_ready(builder))
		return 0;
	while (end - p >= 4 && builder->records <= builder->most &&
		builder->codes <= builder->most) {
		const uint32_t entry = (uint32_t)(p[0] | p[1] << 8) >> 1;
		struct bel_cached_block *const next = &code->cached[entry];

		*data = p;
		if (*p & 1) {
			p = follow(&code->calls, p);
			if (p == *data)
				break;
			continue;
		}
		__builtin_prefetch(
			&code->cached[(p[BEL_TOKEN_AHEAD] | p[BEL_TOKEN_AHEAD + 1] << 8) >> 1]);
		if (__builtin_expect(!next->runs, 0)) {
			if (!next->empty)
				break;
		} else {
			const bool far = next->turn != code->calls.tree->near.turn;

			/* An event and the run behind it go to one block. */
			if (__builtin_expect(far || next->block != builder->block, 0) &&
				bel_run_builder_full(builder))
				break;
			if (__builtin_expect(far, 0) && bel_code_near_cached(code, entry, err) < 0)
				return BEL_FAIL;
			if (!bel_run_builder_again(builder, next) &&
				bel_run_builder_cached(
					builder, next, &code->cached_runs[entry], err) < 0)
				return BEL_FAIL;
		}
		code->entry = entry;
		p += 2;
	}
	*data = p;
	return 0;
}
