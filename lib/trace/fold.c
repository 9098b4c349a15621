/* SPDX-License-Identifier: MIT */
/* fold.c: exact references in, runs with dense page numbers out. */
#include "fold.h"

#include <stdlib.h>

#include "granule_map.h"

enum { MOST_SPLITS = 1 << 24 }; /* pages of one reference; more is nonsense or an attack */

/* Counts by kind ride in one word of the hot loop, so many bits each. */
enum { PACKED_BITS = 64 / BEL_KINDS, PIECE = (1 << PACKED_BITS) - 1 };

struct bel_fold {
	struct bel_granule_map map;
	unsigned shift;
	bool first_byte;

	/* The open run; count 0: none. */
	uint64_t open_number;
	uint32_t open_page, open_count, open_flags;
	uint32_t space;
	size_t access_next, event_next; /* of a batch that was taken up to a mark */

	struct bel_run *run;
	size_t count, capacity;
	struct bel_events events;
	uint64_t now;              /* of the first run in the buffer */
	uint64_t references;       /* closed and in the buffer */
	uint64_t kinds[BEL_KINDS]; /* the open run's too */
	uint64_t splits;
};

/* What one reference of each kind makes of its run. */
static const uint8_t kind_flags[BEL_KINDS] = {
	[BEL_FETCH] = BEL_RUN_FETCH,
	[BEL_LOAD] = BEL_RUN_DATA,
	[BEL_STORE] = BEL_RUN_DATA | BEL_RUN_WRITE,
	[BEL_MODIFY] = BEL_RUN_DATA | BEL_RUN_WRITE,
	[BEL_KERNEL_LOAD] = BEL_RUN_DATA,
	[BEL_KERNEL_STORE] = BEL_RUN_DATA | BEL_RUN_WRITE,
};

struct bel_fold *bel_fold_new(
	unsigned page_bits, unsigned unit_bits, bool first_byte, struct bel_err *err)
{
	struct bel_fold *fold;

	if (page_bits < unit_bits) {
		bel_usage(err, "pages of %llu bytes are finer than the trace, which counts in %llu",
			1ULL << page_bits, 1ULL << unit_bits);
		return NULL;
	}
	fold = calloc(1, sizeof(*fold));
	if (!fold || bel_granule_map_init(&fold->map, err) < 0) {
		free(fold);
		bel_err_memory(err, "folding");
		return NULL;
	}
	fold->shift = page_bits - unit_bits;
	fold->first_byte = first_byte;
	return fold;
}

void bel_fold_free(struct bel_fold *fold)
{
	if (!fold)
		return;
	bel_granule_map_release(&fold->map);
	bel_events_release(&fold->events);
	free(fold->run);
	free(fold);
}

struct bel_granules bel_fold_granules(const struct bel_fold *fold)
{
	return (struct bel_granules){fold->map.granule, fold->map.count};
}

static int reserve(struct bel_fold *fold, size_t more, struct bel_err *err)
{
	size_t capacity = fold->capacity ? fold->capacity : 4096;
	struct bel_run *grown;

	while (capacity < fold->count + more)
		capacity *= 2;
	if (capacity == fold->capacity)
		return BEL_OK;
	grown = realloc(fold->run, capacity * sizeof(*grown));
	if (!grown)
		return bel_err_memory(err, "runs");
	fold->run = grown;
	fold->capacity = capacity;
	return BEL_OK;
}

/* Moves the open run to the buffer, which has room. */
static void close_run(struct bel_fold *fold)
{
	if (!fold->open_count)
		return;
	fold->run[fold->count++] =
		bel_run_make(fold->open_page, fold->open_count, fold->open_flags);
	fold->references += fold->open_count;
	fold->open_count = 0;
}

/* The further pages of a reference from page `first` (exclusive) to `last`. */
static int add_splits(
	struct bel_fold *fold, uint64_t first, uint64_t last, uint32_t flags, struct bel_err *err)
{
	if (last - first > MOST_SPLITS || reserve(fold, last - first + 2, err) < 0)
		return bel_err_memory(err, "a reference across that many pages");
	close_run(fold);
	for (uint64_t number = first; number != last;) { /* last may be the largest there is */
		uint32_t page = bel_granule_number(&fold->map, fold->space, ++number, err);

		if (page == BEL_GRANULE_NONE)
			return BEL_FAIL;
		fold->run[fold->count++] = bel_run_make(page, 1, flags | BEL_RUN_SPLIT);
		fold->references++;
		fold->splits++;
	}
	return BEL_OK;
}

/* The hot loop's registers: the open run, and the packed counts by kind. */
struct span {
	uint64_t number, packed;
	uint32_t page, n, flags;
};

static void save(struct bel_fold *fold, const struct span *s)
{
	for (int k = 0; k < BEL_KINDS; k++)
		fold->kinds[k] += s->packed >> (PACKED_BITS * k) & PIECE;
	fold->open_number = s->number;
	fold->open_page = s->page;
	fold->open_count = s->n;
	fold->open_flags = s->flags;
}

static struct span load(const struct bel_fold *fold)
{
	return (struct span){.number = fold->open_number,
		.page = fold->open_page,
		.n = fold->open_count,
		.flags = fold->open_flags};
}

/*
 * The hot loop: at most PIECE references, without events between them, so that the
 * packed counts cannot overflow.
 */
static int add_span(
	struct bel_fold *fold, const struct bel_access *access, size_t count, struct bel_err *err)
{
	const unsigned shift = fold->shift;
	const uint64_t whole = fold->first_byte ? 0 : UINT64_MAX;
	struct span s = load(fold);

	if (reserve(fold, count + 1, err) < 0)
		return BEL_FAIL;
	for (size_t i = 0; i < count; i++) {
		const uint64_t address = access[i].address, at = address >> shift;
		const uint64_t end = address + ((access[i].size - 1) & whole);
		const uint64_t last = (end < address ? UINT64_MAX : end) >> shift;
		const uint32_t flags = kind_flags[access[i].kind];

		if (at != s.number || !s.n || s.n == BEL_RUN_COUNT_MAX) {
			if (s.n) {
				fold->run[fold->count++] = bel_run_make(s.page, s.n, s.flags);
				fold->references += s.n;
			}
			s.page = bel_granule_number(&fold->map, fold->space, at, err);
			if (s.page == BEL_GRANULE_NONE)
				return BEL_FAIL;
			s.number = at;
			s.n = 0;
			s.flags = 0;
		}
		s.n++;
		s.flags |= flags;
		s.packed += UINT64_C(1) << (PACKED_BITS * access[i].kind);
		if (__builtin_expect(last != at, 0)) {
			save(fold, &s);
			if (add_splits(fold, at, last, flags, err) < 0 ||
				reserve(fold, count - i + 1, err) < 0)
				return BEL_FAIL;
			s = load(fold);
		}
	}
	save(fold, &s);
	return BEL_OK;
}

/* Long spans in pieces that the packed counters can hold. */
static int add_pieces(
	struct bel_fold *fold, const struct bel_access *access, size_t count, struct bel_err *err)
{
	while (count > PIECE) {
		if (add_span(fold, access, PIECE, err) < 0)
			return BEL_FAIL;
		access += PIECE;
		count -= PIECE;
	}
	return add_span(fold, access, count, err);
}

static void give(struct bel_fold *fold, struct bel_chunk *chunk)
{
	*chunk = (struct bel_chunk){
		.runs = fold->run,
		.count = fold->count,
		.events = fold->events.event,
		.event_count = fold->events.count,
		.now = fold->now,
		.references = fold->references,
		.splits = fold->splits,
		.space = fold->space,
	};
	for (int k = 0; k < BEL_KINDS; k++)
		chunk->kinds[k] = fold->kinds[k];
}

/* Forgets what the last chunk gave. */
static void restart(struct bel_fold *fold)
{
	fold->now += fold->references;
	fold->count = 0;
	fold->references = 0;
	fold->splits = 0;
	for (int k = 0; k < BEL_KINDS; k++)
		fold->kinds[k] = 0;
	bel_events_clear(&fold->events);
}

static int add_event(struct bel_fold *fold, const struct bel_event *event, struct bel_err *err)
{
	struct bel_event copy = *event;

	if (reserve(fold, 1, err) < 0)
		return BEL_FAIL;
	close_run(fold);
	copy.at = fold->count;
	return bel_events_add(&fold->events, &copy, err);
}

int bel_fold_add(struct bel_fold *fold, const struct bel_accesses *batch, struct bel_chunk *chunk,
	struct bel_err *err)
{
	size_t done = fold->access_next;

	restart(fold);
	if (batch->space != fold->space && fold->open_count) {
		if (reserve(fold, 1, err) < 0)
			return BEL_FAIL;
		close_run(fold);
		give(fold, chunk);
		return 1;
	}
	fold->space = batch->space;
	for (size_t e = fold->event_next; e < batch->events.count; e++) {
		const struct bel_event *event = &batch->events.event[e];
		size_t to = event->at < batch->count ? event->at : batch->count;

		if (to > done) {
			if (add_pieces(fold, batch->access + done, to - done, err) < 0)
				return BEL_FAIL;
			done = to;
		}
		if (event->type == BEL_EVENT_MARK && (fold->count || fold->open_count)) {
			if (reserve(fold, 1, err) < 0)
				return BEL_FAIL;
			close_run(fold);
			fold->access_next = done;
			fold->event_next = e;
			give(fold, chunk);
			return 1;
		}
		if (add_event(fold, event, err) < 0)
			return BEL_FAIL;
	}
	if (add_pieces(fold, batch->access + done, batch->count - done, err) < 0)
		return BEL_FAIL;
	fold->access_next = fold->event_next = 0;
	give(fold, chunk);
	return 0;
}

int bel_fold_end(struct bel_fold *fold, struct bel_chunk *chunk, struct bel_err *err)
{
	restart(fold);
	if (reserve(fold, 1, err) < 0)
		return BEL_FAIL;
	close_run(fold);
	give(fold, chunk);
	return BEL_OK;
}
