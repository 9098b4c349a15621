/* SPDX-License-Identifier: MIT */
/* run_builder.c: builds phrases from single references and cached blocks. */
#include "run_builder.h"

#include <stdlib.h>
#include <string.h>

#include "native_layout.h"

/* Not a granule, and not BEL_GRANULE_NONE: a run that may not join the one before it. */
#define NOT_JOINED (BEL_GRANULE_NONE - 1)

_Static_assert(BEL_CACHED_RUNS <= UINT8_MAX, "the runs of a cached block fit into their member");

/* The run flags that a reference of each kind sets. */
static const uint8_t kind_flags[BEL_KINDS] = {
	[BEL_FETCH] = BEL_RUN_FETCH,
	[BEL_LOAD] = BEL_RUN_DATA,
	[BEL_STORE] = BEL_RUN_DATA | BEL_RUN_WRITE,
	[BEL_MODIFY] = BEL_RUN_DATA | BEL_RUN_WRITE,
	[BEL_KERNEL_LOAD] = BEL_RUN_DATA,
	[BEL_KERNEL_STORE] = BEL_RUN_DATA | BEL_RUN_WRITE,
};

static void clear(struct bel_run_builder *builder)
{
	builder->block++;
	builder->runs = builder->phrases = builder->codes = builder->records = 0;
	builder->open_page = builder->barred_page = builder->literal_page = BEL_GRANULE_NONE;
	builder->literal = builder->name_bytes = 0;
	builder->literal_counts = (struct bel_run_builder_counts){0};
	bel_events_clear(&builder->events);
}

int bel_run_builder_init(struct bel_run_builder *builder, struct bel_err *err)
{
	memset(builder, 0, sizeof(*builder));
	clear(builder);
	builder->most = BEL_RUN_BUILDER_RUNS;
	builder->head = malloc(BEL_NATIVE_PHRASES * sizeof(*builder->head));
	builder->phrase = malloc(BEL_NATIVE_PHRASES * sizeof(*builder->phrase));
	builder->uses = malloc(BEL_NATIVE_PHRASES * sizeof(*builder->uses));
	builder->code = malloc(2 * BEL_NATIVE_PHRASED);
	if (!builder->head || !builder->phrase || !builder->uses || !builder->code)
		return bel_err_memory(err, "phrases");
	if (bel_granule_map_init(&builder->map, err) < 0)
		return BEL_FAIL;
	return bel_run_builder_reserve(builder, BEL_RUN_BUILDER_LITERAL, err);
}

int bel_run_builder_reserve(struct bel_run_builder *builder, size_t runs, struct bel_err *err)
{
	/* hold_back() may need a cached block's runs; the element after the last may be read. */
	const size_t wanted = builder->runs + runs + BEL_CACHED_RUNS + 1;
	struct bel_run *grown;

	if (wanted <= builder->run_capacity)
		return 0;
	grown = realloc(builder->run, 2 * wanted * sizeof(*grown));
	if (!grown)
		return bel_err_memory(err, "runs");
	memset(grown + builder->run_capacity, 0,
		(2 * wanted - builder->run_capacity) * sizeof(*grown));
	builder->run = grown;
	builder->run_capacity = 2 * wanted;
	return 0;
}

void bel_run_builder_release(struct bel_run_builder *builder)
{
	bel_granule_map_release(&builder->map);
	bel_events_release(&builder->events);
	free(builder->run);
	free(builder->head);
	free(builder->phrase);
	free(builder->uses);
	free(builder->code);
	memset(builder, 0, sizeof(*builder));
}

static uint32_t joining_page(struct bel_run run)
{
	return run.info & BEL_RUN_SPLIT ? NOT_JOINED : run.page;
}

static uint32_t growing_page(struct bel_run run)
{
	return run.info & BEL_RUN_SPLIT ? BEL_GRANULE_NONE : run.page;
}

static void put_code(struct bel_run_builder *builder, size_t phrase)
{
	const bool is_new = builder->uses[phrase]++ == 0;

	put_le(builder->code + 2 * builder->codes++, is_new ? 0 : phrase + 1, 2);
}

/* Takes the last code back; the number of its phrase. A new phrase is the newest. */
static size_t take_code(struct bel_run_builder *builder)
{
	const uint64_t code = get_le(builder->code + 2 * --builder->codes, 2);
	const size_t phrase = code ? code - 1 : builder->phrases - 1;

	builder->uses[phrase]--;
	return phrase;
}

/* The last n runs of the list become a phrase, which occurs here. */
static uint32_t add_phrase(
	struct bel_run_builder *builder, size_t n, const struct bel_run_builder_counts *counts)
{
	const size_t at = builder->runs - n;
	const struct bel_run first = builder->run[at], last = builder->run[builder->runs - 1];
	bool joins = joining_page(first) == builder->open_page;
	uint32_t count = bel_run_count(first) + (joins ? builder->open_count : 0), apart = 0;

	if (joining_page(first) == builder->barred_page || count > BEL_RUN_COUNT_MAX) {
		apart = BEL_PHRASE_APART;
		joins = false;
		count = bel_run_count(first);
	}
	builder->open_count = n == 1 ? count : bel_run_count(last);
	builder->open_page = growing_page(last);
	builder->barred_page = BEL_GRANULE_NONE;
	builder->records += n - joins;
	builder->head[builder->phrases] = (uint32_t)n << 1 | apart;
	builder->phrase[builder->phrases] = (struct bel_built_phrase){at, *counts};
	builder->uses[builder->phrases] = 0;
	put_code(builder, builder->phrases++);
	return apart;
}

void bel_run_builder_close(struct bel_run_builder *builder)
{
	if (builder->literal < builder->runs)
		add_phrase(builder, builder->runs - builder->literal, &builder->literal_counts);
	builder->literal = builder->runs;
	builder->literal_page = BEL_GRANULE_NONE;
	builder->literal_counts = (struct bel_run_builder_counts){0};
}

/* Begins another phrase when this one is long enough. */
static void limit_literal(struct bel_run_builder *builder)
{
	if (builder->runs - builder->literal >= BEL_RUN_BUILDER_LITERAL)
		bel_run_builder_close(builder);
}

void bel_run_builder_touch(
	struct bel_run_builder *builder, uint32_t page, enum bel_kind kind, uint32_t n)
{
	struct bel_run last = {0};

	limit_literal(builder);
	if (page == builder->literal_page)
		last = builder->run[--builder->runs];
	if (bel_run_count(last) > BEL_RUN_COUNT_MAX - n) {
		builder->runs++;
		last.info = 0;
	}
	builder->run[builder->runs++] = bel_run_make(
		page, bel_run_count(last) + n, (last.info & BEL_RUN_FLAGS) | kind_flags[kind]);
	builder->literal_page = page;
	builder->literal_counts.references += n;
	builder->literal_counts.kinds[kind] += n;
}

void bel_run_builder_further(struct bel_run_builder *builder, uint32_t page, enum bel_kind kind)
{
	limit_literal(builder);
	builder->run[builder->runs++] = bel_run_make(page, 1, kind_flags[kind] | BEL_RUN_SPLIT);
	builder->literal_page = BEL_GRANULE_NONE;
	builder->literal_counts.references++;
	builder->literal_counts.crossings++;
}

bool bel_run_builder_cache(struct bel_run_builder *builder, struct bel_cached_block *cached,
	struct bel_cached_runs *runs)
{
	const struct bel_run *const run = builder->run + builder->literal;
	const size_t n = builder->runs - builder->literal;

	if (n > BEL_CACHED_RUNS)
		return false;
	*cached = (struct bel_cached_block){.empty = n == 0, .runs = (uint8_t)n};
	runs->counts = builder->literal_counts;
	memcpy(runs->run, run, n * sizeof(*run));
	if (n > 0) {
		cached->first = joining_page(run[0]);
		cached->first_count = bel_run_count(run[0]);
		cached->open = growing_page(run[n - 1]);
		cached->last_count = bel_run_count(run[n - 1]);
		cached->code = (uint16_t)(builder->phrases + 1);
		cached->block = add_phrase(builder, n, &runs->counts) ? 0 : builder->block;
		builder->literal = builder->runs;
		bel_run_builder_close(builder);
	}
	return true;
}

int bel_run_builder_cached(struct bel_run_builder *builder, struct bel_cached_block *cached,
	const struct bel_cached_runs *runs, struct bel_err *err)
{
	bel_run_builder_close(builder);
	if (cached->first != builder->barred_page && bel_run_builder_again(builder, cached)) {
		builder->barred_page = BEL_GRANULE_NONE;
		return 0;
	}
	if (bel_run_builder_reserve(builder, cached->runs, err) < 0)
		return BEL_FAIL;
	memcpy(builder->run + builder->runs, runs->run, cached->runs * sizeof(*runs->run));
	builder->runs += cached->runs;
	cached->code = (uint16_t)(builder->phrases + 1);
	cached->block = add_phrase(builder, cached->runs, &runs->counts) ? 0 : builder->block;
	builder->literal = builder->runs;
	return 0;
}

int bel_run_builder_event(
	struct bel_run_builder *builder, const struct bel_event *event, struct bel_err *err)
{
	struct bel_event copy = *event;

	bel_run_builder_close(builder);
	if (builder->open_page != BEL_GRANULE_NONE)
		builder->barred_page = builder->open_page;
	builder->open_page = BEL_GRANULE_NONE;
	builder->name_bytes += event->name ? strlen(event->name) : 0;
	copy.at = builder->records;
	return bel_events_add(&builder->events, &copy, err);
}

/* Sums up what the codes stand for. */
static void count_all(const struct bel_run_builder *builder, struct bel_chunk *all)
{
	for (size_t i = 0; i < builder->phrases; i++) {
		const struct bel_built_phrase *const p = &builder->phrase[i];
		const uint64_t uses = builder->uses[i];

		all->references += uses * p->counts.references;
		all->crossings += uses * p->counts.crossings;
		for (unsigned k = 0; k < BEL_KINDS; k++)
			all->kinds[k] += uses * p->counts.kinds[k];
	}
}

/*
 * Takes the open run off the end. It may extend over several codes: all but the first of them
 * stand for nothing else.
 */
static void hold_back(struct bel_run_builder *builder)
{
	uint32_t left = builder->open_count, flags = 0;

	while (left > 0) {
		const size_t phrase = take_code(builder);
		struct bel_built_phrase *const p = &builder->phrase[phrase];
		const size_t n = (builder->head[phrase] >> 1) - 1;
		const struct bel_run last = builder->run[p->first + n];

		flags |= last.info & BEL_RUN_FLAGS;
		left -= bel_run_count(last);
		if (builder->uses[phrase] == 0) {
			builder->phrases--;
			builder->runs = p->first;
		}
		if (n == 0)
			continue;
		/* What stands before the run in its phrase is a phrase of its own. */
		memmove(builder->run + builder->runs, builder->run + p->first,
			n * sizeof(*builder->run));
		builder->head[builder->phrases] =
			(uint32_t)n << 1 | (builder->head[phrase] & BEL_PHRASE_APART);
		builder->phrase[builder->phrases] =
			(struct bel_built_phrase){.first = builder->runs};
		builder->uses[builder->phrases] = 0;
		builder->runs += n;
		put_code(builder, builder->phrases++);
	}
	builder->records--;
	builder->held = bel_run_make(builder->open_page, builder->open_count, flags);
}

void bel_run_builder_give(struct bel_run_builder *builder, bool all, struct bel_phrase_block *block)
{
	bel_run_builder_close(builder);
	*block = (struct bel_phrase_block){0};
	count_all(builder, &block->all);
	builder->held = (struct bel_run){0};
	if (!all && builder->open_page != BEL_GRANULE_NONE)
		hold_back(builder);
	block->run = builder->run;
	block->runs = builder->runs;
	block->head = builder->head;
	block->phrases = builder->phrases;
	block->code = builder->code;
	block->codes = builder->codes;
	block->all.count = builder->records;
	block->all.events = builder->events.event;
	block->all.event_count = builder->events.count;
	block->all.now = builder->now;
	block->all.space = builder->space;
	block->all.references -= bel_run_count(builder->held);
	builder->given = block->all.references;
}

void bel_run_builder_taken(struct bel_run_builder *builder)
{
	builder->now += builder->given;
	clear(builder);
	if (builder->held.info) {
		builder->run[builder->runs++] = builder->held;
		builder->literal_page = builder->held.page;
		builder->literal_counts.references = bel_run_count(builder->held);
	}
	builder->held = (struct bel_run){0};
}
